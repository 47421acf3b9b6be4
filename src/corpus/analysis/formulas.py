"""The inventory of formulas: passages that several reports have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.dispersion import score_dispersions
from corpus.analysis.families import Families, find_families, merge_overlapping
from corpus.analysis.keyrow import KeyRow, lay_keys, locate_places, mark_sentence_ends
from corpus.analysis.ngrams import IntArray
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import CorpusError, Role

_COLUMNS = {
    "template": "",
    "key": "",
    "length_chars": "int64",
    "n_reports": "int64",
    "n_issuers": "int64",
    "n_places": "int64",
    "n_wordings": "int64",
    "dispersion": "float64",
    "reports": "object",
    "places": "object",
}
_SHORTEST = 2


def find_formulas(
    reports: Reports, *, min_reports: int = 3, min_chars: int = 6, role: Role | None = None
) -> pd.DataFrame:
    """Return the passages that stand in several reports, as families: the same words and edits of them.

    A passage is a stretch of ``key``, so that punctuation, its width and quotes do not count. It does not go on beyond
    the end of a sentence, unless the same characters stand in one sentence elsewhere.
    It is as long as nineteen in twenty of its places allow: 法治政府建 is no formula where 设 follows nearly each time,
    and 法治政府建设 is one beside 法治政府建设工作 where 工作 follows less often. Places where a few characters were
    changed, put in or left out belong to the family of the passage. A family is left out where one longer family
    stands around all its places.

    Guarantee: where ``min_chars`` characters of ``key`` stand in ``min_reports`` reports or more, and anywhere in one
    sentence, each of their places lies in a place of a family. There is no upper bound on the number of reports: what
    `find_reuse` leaves out because more than ``cap`` reports have it is found here.

    Parameters
    ----------
    reports : Reports
    min_reports : int
        Least number of reports, 2 or more. Three distinguishes what is common from what two reports share.
    min_chars : int
        Least number of key characters that stand in so many reports unchanged, 2 or more. The default, 6, is about
        three words: shorter ones are mostly terms.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        By n_reports and length_chars, both falling, then key. template: the commonest wording, as printed in the first
        report that has it; key, length_chars: its key characters; n_reports: how many reports have the passage
        (document frequency); n_issuers: how many issuers, a report without one counting for itself; n_places: how
        often it stands in all; n_wordings: different wordings of ``key`` among the places, which `align_variants` lays
        beside the template; dispersion: DP over the issuers, 0 where the passage is spread as the issuers' text is, 1
        where one issuer with the least text has all of it (Gries 2008, Int. J. Corpus Linguistics 13:403-437;
        normalised as in Lijffijt & Gries 2012, ibid. 17:147-149), missing where there is one issuer; reports: list of
        their ids; places: list of (report_id, start, end), each a span of code points of ``raw``, end exclusive, in
        the order of the reports.

    Raises
    ------
    CorpusError
        If ``min_reports`` or ``min_chars`` is below 2, or the role is none of the roles.
    """
    if min_reports < 2:
        raise CorpusError(f"min_reports={min_reports}: a formula stands in 2 reports or more")
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would list single characters; it must be {_SHORTEST} or more")
    row = lay_keys(reports, [report.regions(role) for report in reports])
    last_chars = mark_sentence_ends(reports, row)
    found = find_families(row, min_chars, min_reports=min_reports, last_chars=last_chars)
    wordings = _wordings(reports, row, found)
    # Two families may have been completed to one wording.
    _, keys = _templates(found, wordings)
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    if len(numbers) < len(keys):
        family = np.array([numbers[key] for key in keys])[np.cumsum(np.diff(found.family, prepend=-1) != 0) - 1]
        found = merge_overlapping(found._replace(family=family))
        wordings = _wordings(reports, row, found)
    return build_table(_rows(reports, row, found, wordings), _COLUMNS)


def _wordings(reports: Reports, row: KeyRow, found: Families) -> list[str]:
    """Return the key characters of each place."""
    stretches = row.stretch_of(found.starts)
    starts = found.starts - row.starts.take(stretches) + row.key_starts.take(stretches)
    spans = zip(row.owners.take(stretches).tolist(), starts.tolist(), (found.ends - found.starts).tolist(), strict=True)
    return [reports[owner].key[start : start + length] for owner, start, length in spans]


def _templates(found: Families, wordings: list[str]) -> tuple[list[tuple[int, int]], list[str]]:
    """Return for each family where its places begin and end in the list, and their commonest wording."""
    firsts = np.flatnonzero(np.diff(found.family, prepend=-1)).tolist()
    spans = list(pairwise([*firsts, len(wordings)]))
    counted = (Counter(wordings[begin:end]) for begin, end in spans)
    return spans, [max(counts, key=counts.__getitem__) for counts in counted]


def _rows(reports: Reports, row: KeyRow, found: Families, wordings: list[str]) -> list[tuple[Any, ...]]:
    first, last = locate_places(reports, row, [found.starts, found.ends - 1])
    owners = row.owners.take(row.stretch_of(found.starts))
    names = [reports[owner].report_id for owner in owners.tolist()]
    places = list(zip(names, first.starts.tolist(), last.ends.tolist(), strict=True))
    rows = []
    for (begin, end), key, spread in zip(
        *_templates(found, wordings), _spread(reports, row, found, owners), strict=True
    ):
        model = wordings.index(key, begin, end)
        template = reports[int(owners[model])].quote(*places[model][1:])
        holders = list(dict.fromkeys(names[begin:end]))
        n_issuers, dispersion = spread
        n_wordings = len(set(wordings[begin:end]))
        counts = (len(key), len(holders), n_issuers, end - begin, n_wordings)
        rows.append((template, key, *counts, dispersion, holders, places[begin:end]))
    rows.sort(key=lambda row: (-row[3], -row[2], row[1]))
    return rows


def _spread(reports: Reports, row: KeyRow, found: Families, owners: IntArray) -> Iterator[tuple[int, float]]:
    """Yield for each family how many issuers have it, and its dispersion over the issuers."""
    issuers = [("issuer", report.issuer) if report.issuer else ("report", report.report_id) for report in reports]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(issuers))}
    issuer_of = np.array([numbers[name] for name in issuers], dtype=np.int64)
    lengths = np.bincount(issuer_of[row.owners], weights=row.ends - row.starts, minlength=len(numbers))
    family = np.cumsum(np.diff(found.family, prepend=-1) != 0) - 1
    n_issuers, dispersion = score_dispersions(family, issuer_of[owners], lengths.tolist())
    return zip(n_issuers.tolist(), dispersion.tolist(), strict=True)
