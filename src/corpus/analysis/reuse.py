"""Which passages two reports share: all aligned passages of all pairs of reports, wherever they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from corpus.analysis.chaining import Alignments, align_matches
from corpus.analysis.keyrow import KeyRow, lay_keys, locate_places
from corpus.analysis.ngrams import BoolArray
from corpus.analysis.ordering import heaviest_rise
from corpus.analysis.shingles import find_matches
from corpus.report import Reports
from corpus.values import CorpusError, Role

MOST_QUOTED = 500
"""Reports up to which `find_reuse` quotes the words of its passages unless it is told to."""

_SHORTEST = 4
_GRAM = 6
_LEAST_SIMILAR = 0.5


def find_reuse(
    reports: Reports, *, min_chars: int = 12, cap: int = 50, role: Role | None = None, texts: bool | None = None
) -> pd.DataFrame:
    """Return the passages that two reports share, aligned, of all pairs of reports.

    Exact matches of ``key`` that follow each other in both reports are joined across edits, and extended at both ends
    as long as the words agree. Punctuation, its width, quotes and spaces do not count, since ``key`` has none. Passages
    are found wherever they stand, in any order, and as often as they stand; a report is not compared with itself, but
    two reports with the same text are. A row holds an exact match of ``min_chars`` characters, or twice as many
    characters that agree and a similarity of 0.5 at least.

    Guarantee, in the manner of winnowing (Schleimer, Wilkerson & Aiken 2003): wherever two reports have the same
    ``min_chars`` characters of ``key``, these lie in a row, unless more than ``cap`` reports have them. Then they lie
    in a place of ``find_formulas(reports, min_reports=m, min_chars=min_chars)`` for any m up to ``cap`` + 1, unless
    wherever they stand the end of a sentence is among them. Passages without such a match, as where every
    tenth character was changed, are found as a rule, not always. Where words repeat, the order of the reports may
    decide which of several equal alignments is given.
    The work grows with the characters and with what is found, not with the pairs of reports.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters of an exact match, 4 or more. The default, 12, is about six words.
    cap : int
        What stands in more reports than these is everybody's: one formula, not thousands of pairs. So a text that is
        loaded more often than that shares nothing here; `find_formulas` has it.
    role : str, optional
        Only the parts with this role, in both reports.
    texts : bool, optional
        Whether to quote the passages. By default they are quoted where 500 reports or fewer are compared;
        `quote_reuse` quotes some rows of a larger table.

    Returns
    -------
    DataFrame
        One row a passage, by report a, report b, start_a, start_b; report a stands before report b in ``reports``.
        start, end: code points of ``raw``, end exclusive, with the sign behind the passage where it ends a sentence
        in both reports; matched_chars: key characters that agree; similarity: twice matched_chars by the key
        characters of both sides, 0 to 1; moved: true for a passage that stands in another order than the rest of its
        pair, that is, outside the heaviest choice, by matched_chars, of passages that follow each other in both
        reports; text_a, text_b: the words as printed, two columns that a table without quotations does not have.

    Raises
    ------
    CorpusError
        If ``min_chars`` is below 4, ``cap`` below 2, or the role is none of the roles.
    """
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would find single words; it must be {_SHORTEST} or more")
    if cap < 2:
        raise CorpusError(f"cap={cap} leaves no pair of reports; it must be 2 or more")
    row = lay_keys(reports, [report.regions(role) for report in reports])
    passages = _align(row, min_chars, cap)
    table = _tabulate(reports, row, passages)
    if texts or (texts is None and len(reports) <= MOST_QUOTED):
        return quote_reuse(reports, table)
    return table


def quote_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return some rows of `find_reuse` with their words.

    Parameters
    ----------
    reports : Reports
        Those that were compared.
    passages : DataFrame
        Rows of `corpus.find_reuse`.

    Returns
    -------
    DataFrame
        The rows, with text_a and text_b: the words of either side as in ``text``.
    """
    known = {report.report_id: report for report in reports}
    quoted = {}
    for side in "ab":
        spans = zip(*(passages[f"{name}_{side}"].tolist() for name in ("report", "start", "end")), strict=True)
        words = [known[report_id].quote(start, end) for report_id, start, end in spans]
        quoted[f"text_{side}"] = pd.Series(words, index=passages.index, dtype="str")
    return passages.assign(**quoted)


def _align(row: KeyRow, min_chars: int, cap: int) -> Alignments:
    """Find the aligned passages of a row, by report a, report b, place in a and place in b; ``pair`` is of reports."""
    n = min(_GRAM, min_chars)
    none = np.zeros(0, dtype=np.int64)
    parts = [Alignments(*[none] * len(Alignments.__slots__)).compact()]
    for matches in find_matches(row, n, cap=cap, min_chars=min_chars):
        passages = align_matches(row, matches, n=n, min_chars=min_chars)
        long_enough = (passages.matched >= 2 * min_chars) & (passages.similarity >= _LEAST_SIMILAR)
        parts.append(passages.choose((passages.longest >= min_chars) | long_enough).ordered().compact())
    found = Alignments.join(parts)
    if len(row.starts) == len(set(row.owners.tolist())):
        return found
    # Pairs of stretches become pairs of reports.
    n_stretches = len(row.starts)
    one, other = row.owners.take(found.pair // n_stretches), row.owners.take(found.pair % n_stretches)
    return replace(found, pair=one * n_stretches + other).ordered()


def _tabulate(reports: Reports, row: KeyRow, passages: Alignments) -> pd.DataFrame:
    places = [passages.p_start, passages.p_end - 1, passages.q_start, passages.q_end - 1]
    first_a, last_a, first_b, last_b = locate_places(reports, row, places)
    closed = last_a.closed & last_b.closed
    names = pd.array([report.report_id for report in reports], dtype="str")
    owner_a, owner_b = (row.owners.take(row.stretch_of(some)) for some in (passages.p_start, passages.q_start))
    columns = {
        "report_a": names.take(owner_a),
        "start_a": first_a.starts,
        "end_a": last_a.ends + closed,
        "report_b": names.take(owner_b),
        "start_b": first_b.starts,
        "end_b": last_b.ends + closed,
        "matched_chars": passages.matched.astype(np.int64),
        "similarity": passages.similarity,
        "moved": _are_moved(passages),
    }
    return pd.DataFrame(columns, copy=False)


def _are_moved(passages: Alignments) -> BoolArray:
    moved = np.zeros(len(passages), dtype=bool)
    same = passages.pair[1:] == passages.pair[:-1]
    turned = np.flatnonzero(same & (passages.q_start[1:] <= passages.q_start[:-1]))
    firsts = np.unique(np.searchsorted(passages.pair, passages.pair[turned]))
    lasts = np.searchsorted(passages.pair, passages.pair[firsts], side="right")
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        own = slice(first, last)
        moved[own] = True
        # Of passages that begin at the same place of report a, one at most is in order: so they come from the last one.
        order = first + np.lexsort((-passages.q_start[own].astype(np.int64), passages.p_start[own]))
        moved[order[heaviest_rise(passages.q_start[order].tolist(), passages.matched[order].tolist())]] = False
    return moved
