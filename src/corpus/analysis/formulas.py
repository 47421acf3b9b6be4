"""The inventory of formulas: passages that several reports have, with what was swapped in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from corpus.analysis.dispersion import score_dispersions
from corpus.analysis.families import Families, find_families
from corpus.analysis.ngrams import IntArray
from corpus.analysis.shingles import KeyRow, lay_keys, locate_places, mark_sentence_ends
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import CorpusError, Role

Swapped = Literal["year", "number", "title", "place", "words"]

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
_VARIANT_COLUMNS = {
    "key": "",
    "start_chars": "int64",
    "swapped": "",
    "in_template": "",
    "instead": "",
    "n_places": "int64",
    "places": "object",
}
_SHORTEST = 2
_LEAST_SAME = 2
_TOKEN = re.compile(r"\d+|\D")
_YEAR = re.compile(r"(19|20)\d\d年?(度)?")
_NUMBER = re.compile(r"[\d一二三四五六七八九十百千万亿零两]+[个件次人名条项份期场起元年月日]?")
_PLACE = re.compile(r"[一-龥]{1,8}[省市区县州盟旗乡镇]")


def find_formulas(
    reports: Reports, *, min_reports: int = 3, min_chars: int = 6, role: Role | None = None
) -> pd.DataFrame:
    """Return the passages that stand in several reports, as families: the same words and edits of them.

    A passage is a stretch of ``key`` within one sentence, so that punctuation, its width and quotes do not count.
    It is as long as nineteen in twenty of its places allow: 法治政府建 is no formula where 设 follows nearly each time,
    and 法治政府建设 is one beside 法治政府建设工作 where 工作 follows less often. Places where a few characters were
    changed, put in or left out belong to the family of the passage. A family is left out where one longer family
    stands around all its places.

    Guarantee: wherever ``min_chars`` characters of one sentence stand in ``min_reports`` reports or more, each of
    their places lies in a place of a family. There is no upper bound on the number of reports: what `find_reuse` leaves
    out because more than ``cap`` reports have it is found here.

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
    first, last = locate_places(reports, row, [found.starts, found.ends - 1])
    stretches = row.stretch_of(found.starts)
    owners = row.owners.take(stretches)
    key_starts = found.starts - row.starts.take(stretches) + row.key_starts.take(stretches)
    spans = zip(key_starts.tolist(), (found.ends - found.starts).tolist(), owners.tolist(), strict=True)
    wordings = [reports[owner].key[start : start + length] for start, length, owner in spans]
    names = [reports[owner].report_id for owner in owners.tolist()]
    places = list(zip(names, first.starts.tolist(), last.ends.tolist(), strict=True))
    spread = _spread(reports, row, found, owners)
    rows = []
    firsts = np.flatnonzero(np.diff(found.family, prepend=-1))
    for (begin, end), numbers in zip(pairwise([*firsts.tolist(), len(places)]), spread, strict=True):
        counts = Counter(wordings[begin:end])
        key = max(counts, key=counts.__getitem__)
        own = places[begin:end]
        report_id, *span = own[wordings.index(key, begin, end) - begin]
        holders = list(dict.fromkeys(names[begin:end]))
        template = reports[owners[begin + own.index((report_id, *span))].item()].quote(*span)
        n_issuers, dispersion = numbers
        rows.append((template, key, len(key), len(holders), n_issuers, len(own), len(counts), dispersion, holders, own))
    rows.sort(key=lambda row: (-row[3], -row[2], row[1]))
    return build_table(rows, _COLUMNS)


def _spread(reports: Reports, row: KeyRow, found: Families, owners: IntArray) -> Iterator[tuple[int, float]]:
    """Yield for each family how many issuers have it, and its dispersion over the issuers."""
    issuers = [("issuer", report.issuer) if report.issuer else ("report", report.report_id) for report in reports]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(issuers))}
    issuer_of = np.array([numbers[name] for name in issuers], dtype=np.int64)
    lengths = np.bincount(issuer_of[row.owners], weights=row.ends - row.starts, minlength=len(numbers))
    family = np.cumsum(np.diff(found.family, prepend=-1) != 0) - 1
    n_issuers, dispersion = score_dispersions(family, issuer_of[owners], lengths.tolist())
    return zip(n_issuers.tolist(), dispersion.tolist(), strict=True)


def align_variants(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return what stands in other wordings of formulas instead of the template's words.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        Rows of `corpus.find_formulas` of these reports.

    Returns
    -------
    DataFrame
        One row a difference, in the order of the formulas, then by its place in the template, by n_places, falling, and
        words. key: of the template; start_chars: characters of ``key`` before the difference; in_template, instead:
        the key characters that differ, empty where the one or the other has none; swapped: ``year``, ``number``,
        ``title`` (words between 《 and 》, as of a law, in both), ``place`` (a name of the reports' own places, or one
        that ends in 省, 市, 区, 县 or the like) or ``words``; n_places; places: list of (report_id, start, end) of the
        passages, code points of ``raw``. A place that breaks off before the template ends, or begins later, has no
        difference there.
    """
    known = {report.report_id: report for report in reports}
    names = _place_names(reports)
    rows = []
    for template, key, places in zip(formulas["template"], formulas["key"], formulas["places"], strict=True):
        found: dict[tuple[int, str, str], list[tuple[str, int, int]]] = {}
        differences: dict[str, list[tuple[int, str, str]]] = {}
        for place in places:
            report_id, start, end = place
            report = known[report_id]
            words = report.key[slice(*report.key_span(start, end))]
            if words not in differences:
                differences[words] = _differences(key, words)
            for difference in differences[words]:
                found.setdefault(difference, []).append(place)
        for (at, old, new), own in sorted(found.items(), key=lambda item: (item[0][0], -len(item[1]), item[0])):
            titles = _in_titles(template, key)
            swapped = _kind(old, new, at=at, titles=titles, names=names)
            rows.append((key, at, swapped, old, new, len(own), own))
    return build_table(rows, _VARIANT_COLUMNS)


def _differences(key: str, words: str) -> list[tuple[int, str, str]]:
    """Return where two wordings differ: numbers are whole, and one character in between does not part a difference."""
    one, other = _TOKEN.findall(key), _TOKEN.findall(words)
    spans: list[list[int]] = []
    last = len(one), len(other)
    for name, i, j, k, m in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        # What a place lacks that begins later or breaks off has nothing instead.
        if name == "equal" or (name == "delete" and (k == 0 or (j, m) == last)):
            continue
        if spans and i - spans[-1][1] < _LEAST_SAME:
            spans[-1][1], spans[-1][3] = j, m
        else:
            spans.append([i, j, k, m])
    return [(len("".join(one[:i])), "".join(one[i:j]), "".join(other[k:m])) for i, j, k, m in spans]


def _in_titles(template: str, key: str) -> list[bool]:
    """Return which key characters of a template stand between 《 and 》."""
    inside = []
    depth = 0
    for char in template:
        depth += (char == "《") - (char == "》")
        if char.isalnum():
            inside.append(depth > 0)
    return inside if len(inside) == len(key) else [False] * len(key)


def _kind(old: str, new: str, *, at: int, titles: list[bool], names: frozenset[str]) -> Swapped:
    sides = [side for side in (old, new) if side]
    if all(_YEAR.fullmatch(side) for side in sides):
        return "year"
    if all(_NUMBER.fullmatch(side) for side in sides):
        return "number"
    if old and all(titles[at : at + len(old)]):
        return "title"
    if all(side in names or _PLACE.fullmatch(side) for side in sides):
        return "place"
    return "words"


def _place_names(reports: Reports) -> frozenset[str]:
    facts = ("province", "prefecture", "county")
    full = {name for report in reports for fact in facts if (name := report.value(fact))}
    return frozenset(full | {name[:-1] for name in full if len(name) > 2})
