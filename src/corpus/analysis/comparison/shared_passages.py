"""Which passages two reports share, where they stand in both, and how many there are of each length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Literal

import numpy as np
import pandas as pd

from corpus.analysis.alignment.exact_chains import Alignments, align_matches
from corpus.analysis.alignment.passage_pairs import heaviest_rise
from corpus.analysis.comparison.rewordings import add_rewordings
from corpus.analysis.index.shared_grams import find_matches
from corpus.analysis.index.unit_row import BoolArray, UnitRow, lay_keys, locate_places
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table, tabulated
from corpus.report.values import Role

MOST_QUOTED = 500
"""Reports up to which `find_reuse` quotes the words of its passages unless it is told otherwise."""

_SHORTEST = 4
_GRAM = 6
_LEAST_SIMILAR = 0.5


@tabulated
def find_reuse(
    reports: Reports,
    *,
    min_chars: int = 12,
    cap: int = 50,
    role: Role | None = None,
    quotes: bool | None = None,
    rewordings: bool = False,
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
    quotes : bool, optional
        Whether to quote the passages. By default they are quoted where 500 reports or fewer are compared. To read some
        rows of a larger table, ask again for ``reports.select(report_id=[...])``: where a passage begins and ends
        depends on its two reports alone.
    rewordings : bool
        Whether to add the clauses that say the same in other words, or with other figures, where no passage has them:
        `corpus.analysis.comparison.rewordings` says which these are.

    Returns
    -------
    DataFrame
        One row a passage, by report a, report b, start_a, start_b; report a stands before report b in ``reports``. The
        sign behind a passage is in its span where it ends a sentence in both reports.

        {columns of find_reuse}

        With quotes also:

        {columns of find_reuse+quotes}

        With rewordings also:

        {columns of find_reuse+match}

    Raises
    ------
    CorpusError
        If ``min_chars`` is below 4, ``cap`` below 2, or the role is none of the roles.

    Examples
    --------
    >>> import corpus
    >>> passages = corpus.find_reuse(corpus.load_reports())
    >>> longest = passages.loc[passages["matched_chars"].idxmax()]
    >>> print(longest["report_a"], longest["report_b"], longest["matched_chars"], longest["text_a"][:10])
    longgang-2020 yiyuan-2022 57 严格执行“三重一大”
    """
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would find single words; it must be {_SHORTEST} or more")
    if cap < 2:
        raise CorpusError(f"cap={cap} leaves no pair of reports; it must be 2 or more")
    row = lay_keys(reports, [report.regions(role) for report in reports])
    passages = _align(row, min_chars, cap)
    table = _tabulate(reports, row, passages)
    if quotes or (quotes is None and len(reports) <= MOST_QUOTED):
        table = as_table(quote_reuse(reports, table), "find_reuse+quotes")
    return add_rewordings(reports, table, role=role) if rewordings else table


def quote_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return some rows of `find_reuse` with their words, in two columns more: text_a and text_b.

    Parameters
    ----------
    reports : Reports
        Those that were compared.
    passages : DataFrame
        Rows of `corpus.find_reuse`, whatever was added to them.
    """
    known = {report.report_id: report for report in reports}
    quoted = {}
    for side in "ab":
        spans = zip(*(passages[f"{name}_{side}"].tolist() for name in ("report", "start", "end")), strict=True)
        words = [known[report_id].quote(start, end) for report_id, start, end in spans]
        quoted[f"text_{side}"] = pd.Series(words, index=passages.index, dtype="str")
    return passages.assign(**quoted)


def _align(row: UnitRow, min_chars: int, cap: int) -> Alignments:
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


def _tabulate(reports: Reports, row: UnitRow, passages: Alignments) -> pd.DataFrame:
    places = [passages.p_start, passages.p_end - 1, passages.q_start, passages.q_end - 1]
    first_a, last_a, first_b, last_b = locate_places(reports, row, places)
    closed = last_a.closed & last_b.closed
    names = pd.array([report.report_id for report in reports], dtype="str")
    (owner_a, _), (owner_b, _) = (row.trace(some) for some in (passages.p_start, passages.q_start))
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
    return as_table(pd.DataFrame(columns, copy=False), "find_reuse")


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


Kind = Literal["running text", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "heading", "title")
"""Where a shared passage stands, see `locate_reuse`."""

_TITLE = re.compile(r"《[^《》]*》")


@tabulated
def locate_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return shared passages with the place that each has in its two reports.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        From `corpus.find_reuse` of these reports.

    Returns
    -------
    DataFrame
        One row a passage, in the order of ``passages``.

        {columns of locate_reuse}
    """
    readers = {report.report_id: _Places(report) for report in reports}
    rows = []
    for passage in passages.to_dict("records"):
        a, b = readers[passage["report_a"]], readers[passage["report_b"]]
        span_a, span_b = (passage["start_a"], passage["end_a"]), (passage["start_b"], passage["end_b"])
        kind: Kind = "running text"
        if a.in_heading(*span_a) or b.in_heading(*span_b):
            kind = "heading"
        elif a.in_titles(*span_a) and b.in_titles(*span_b):
            kind = "title"
        rows.append(
            (
                *(a.report.report_id, a.report.label, *span_a),
                *(b.report.report_id, b.report.label, *span_b),
                *(passage["matched_chars"], passage["similarity"], passage["moved"], kind),
                *(a.begins(span_a[0]), b.begins(span_b[0])),
                *(a.body_chars, b.body_chars, passage["text_a"], passage["text_b"]),
            )
        )
    return build_table(rows, "locate_reuse")


class _Places:
    """Answers for spans of one report where they stand."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._body_start, body_end = report.text_map.derived_span(*report.layout.body)
        self.body_chars = body_end - self._body_start
        self._headings = [(heading.label_start, heading.end + 1) for heading in report.headings]
        outside = [1] * len(report.text)
        for title in _TITLE.finditer(report.text):
            outside[title.start() : title.end()] = [0] * len(title[0])
        words = (out if char.isalnum() else 0 for out, char in zip(outside, report.text, strict=True))
        self._n_outside = [0, *accumulate(words)]

    def begins(self, start: int) -> int:
        return self.report.text_map.derived_span(start, start)[0] - self._body_start

    def in_heading(self, start: int, end: int) -> bool:
        before = bisect_right(self._headings, (start, len(self.report.raw) + 1)) - 1
        return before >= 0 and end <= self._headings[before][1]

    def in_titles(self, start: int, end: int) -> bool:
        first, last = self.report.text_map.derived_span(start, end)
        return self._n_outside[first] == self._n_outside[last]


def both_places(passages: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Return the spans of shared passages in both reports, as `Claims.add` takes them."""
    sides = (passages[[f"report_{side}", f"start_{side}", f"end_{side}"]] for side in "ab")
    return [(str(row[0]), int(row[1]), int(row[2])) for side in sides for row in side.to_numpy()]


@tabulated
def tabulate_lengths(reports: Reports, *, min_chars: int = 6, cap: int = 50, role: Role | None = None) -> pd.DataFrame:
    """Return how many different passages of each length every pair of reports shares.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters. The default, 6, is about three words, as in `corpus.find_formulas`.
    cap : int
        What stands in more reports than these is not counted, as in `corpus.find_reuse`.
    role : str, optional
        Only the parts with this role, in both reports.

    Returns
    -------
    DataFrame
        One row a pair and length that occurs, in the order of the reports.

        {columns of tabulate_lengths}
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    wordings = set()
    for matches in find_matches(row, min_chars, cap=cap):
        one, places = row.trace(matches.p)
        other, _ = row.trace(matches.q)
        columns = one, other, places, matches.lengths
        for a, b, place, length in zip(*(column.tolist() for column in columns), strict=True):
            wordings.add((a, b, reports[a].key[place : place + length]))
    counts = Counter((a, b, len(words)) for a, b, words in wordings)
    names = [(report.report_id, report.label) for report in reports]
    return build_table(
        ((*names[a], *names[b], length, counts[a, b, length]) for a, b, length in sorted(counts)), "tabulate_lengths"
    )


@tabulated
def tabulate_thresholds(lengths: pd.DataFrame, thresholds: Sequence[int], *, n_pairs: int) -> pd.DataFrame:
    """Return what is found at each threshold of length.

    Parameters
    ----------
    lengths : DataFrame
        From `tabulate_lengths`.
    thresholds : sequence of int
        Least numbers of key characters; those below the shortest that was counted find no more than that one.
    n_pairs : int
        All pairs of the reports, also those that share nothing.

    Returns
    -------
    DataFrame
        One row a threshold, in the order given.

        {columns of tabulate_thresholds}
    """
    rows = []
    for threshold in thresholds:
        long_enough = lengths[lengths["length_chars"] >= threshold]
        n_sharing = len(long_enough[["report_a", "report_b"]].drop_duplicates())
        share = n_sharing / n_pairs if n_pairs else 0.0
        rows.append((threshold, int(long_enough["n_wordings"].sum()), n_sharing, share))
    return build_table(rows, "tabulate_thresholds")
