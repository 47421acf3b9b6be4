"""Spans of many reports laid on one ruler, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.simulation import Panel
from corpus.values import CorpusError

IntArray = npt.NDArray[np.int64]

_AT_ONCE = 1 << 18


class Side(NamedTuple):
    """Spans of several reports on one ruler, with the number of the report of each."""

    report: IntArray
    start: IntArray
    end: IntArray


class Ruler:
    """Lays all reports of a panel one behind the other, so that a place in any of them is one number."""

    def __init__(self, panel: Panel) -> None:
        self._numbers = pd.Index(panel.texts["report_id"])
        lengths = panel.texts["text"].str.len().to_numpy(dtype=np.int64) + 1
        self._offsets = np.cumsum(lengths) - lengths
        self.n_reports = len(lengths)

    def place(self, reports: pd.Series[Any], starts: pd.Series[Any], ends: pd.Series[Any]) -> Side:
        """Return spans of reports as spans of the ruler.

        Raises
        ------
        CorpusError
            If a report is none of the panel's.
        """
        numbers = self._numbers.get_indexer(pd.Index(reports.astype(object)))
        if (numbers < 0).any():
            unknown = reports.iloc[int(np.flatnonzero(numbers < 0)[0])]
            raise CorpusError(
                f"found: the panel has no report {unknown!r}; load_reports(panel.texts) gives its reports"
            )
        offsets = self._offsets[numbers]
        return Side(
            numbers.astype(np.int64), offsets + starts.to_numpy(dtype=np.int64), offsets + ends.to_numpy(dtype=np.int64)
        )


def need_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table of what was found that lacks a column."""
    lacking = [name for name in columns if name not in table]
    if lacking:
        raise CorpusError(f"found: there is no column {lacking[0]!r}; there are {', '.join(map(str, table))}")


def place_spans(table: pd.DataFrame, ruler: Ruler, *columns: str) -> Side:
    """Return the spans of a table; ``columns`` are those of the report's id, of start and of end."""
    report, start, end = columns
    return ruler.place(table[report], table[start], table[end])


def place_pairs(pairs: pd.DataFrame, ruler: Ruler) -> tuple[Side, Side]:
    """Return both sides of pairs, that of the report with the lower number first."""
    one = place_spans(pairs, ruler, "report_a", "start_a", "end_a")
    two = place_spans(pairs, ruler, "report_b", "start_b", "end_b")
    swapped = one.report > two.report
    first = Side(*(np.where(swapped, b, a) for a, b in zip(one, two, strict=True)))
    second = Side(*(np.where(swapped, a, b) for a, b in zip(one, two, strict=True)))
    return first, second


def cut_in_parts(n: int) -> Iterator[slice]:
    """Yield slices that cover ``n`` rows, each few enough to be held with all that overlaps them."""
    return (slice(start, min(start + _AT_ONCE, n)) for start in range(0, n, _AT_ONCE))


def expand(first: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """Return for every pair of ``first`` and ``stop`` the numbers between, each behind the number of its pair."""
    counts = np.maximum(stop - first, 0)
    pair = np.repeat(np.arange(len(counts)), counts)
    steps = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, np.repeat(first, counts) + steps


def find_overlaps(spans: Side, passages: Side) -> tuple[IntArray, IntArray, IntArray]:
    """Return which spans and passages overlap, and by how many characters; no two passages do.

    Returns
    -------
    span_at, passage_at, n_chars : arrays of int
    """
    order = np.argsort(passages.start, kind="stable")
    starts, ends = passages.start[order], passages.end[order]
    span_at, at = expand(
        np.searchsorted(ends, spans.start, side="right"), np.searchsorted(starts, spans.end, side="left")
    )
    n_chars = np.minimum(spans.end[span_at], ends[at]) - np.maximum(spans.start[span_at], starts[at])
    some = n_chars > 0
    return span_at[some], order[at[some]], n_chars[some]


def find_meetings(
    cases: tuple[Side, Side], rows: tuple[Side, Side], ruler: Ruler
) -> Iterator[tuple[IntArray, IntArray, list[tuple[IntArray, IntArray]]]]:
    """Yield which planted pairs and rows overlap on both sides, some pairs at a time.

    Yields
    ------
    case_at, row_at : arrays of int
    stretches : list of two (start, length)
        For either side what of the case lies in the row; start counts from the beginning of the case.
    """
    case_pair, row_pair = (one.report * ruler.n_reports + two.report for one, two in (cases, rows))
    order = np.argsort(row_pair, kind="stable")
    row_pair = row_pair[order]
    for part in cut_in_parts(len(case_pair)):
        case_at, at = expand(
            np.searchsorted(row_pair, case_pair[part], side="left"),
            np.searchsorted(row_pair, case_pair[part], side="right"),
        )
        case_at, row_at = case_at + part.start, order[at]
        stretches = []
        for case, row in zip(cases, rows, strict=True):
            start = np.maximum(case.start[case_at], row.start[row_at])
            stretches.append((start - case.start[case_at], np.minimum(case.end[case_at], row.end[row_at]) - start))
        both = (stretches[0][1] > 0) & (stretches[1][1] > 0)
        yield case_at[both], row_at[both], [(start[both], length[both]) for start, length in stretches]


def count_covered(owners: IntArray, starts: IntArray, lengths: IntArray, n_owners: int) -> IntArray:
    """Return how many places of each owner lie in any of its stretches, which may overlap."""
    stride = int((starts + lengths).max(initial=0)) + 1
    begin = owners * stride + starts
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], (begin + lengths)[order]
    # Stretches of an owner before do not reach into those of the next.
    reached = np.maximum.accumulate(np.append(0, end))[:-1]
    new = np.maximum(end - np.maximum(begin, reached), 0)
    return np.bincount(owners[order], weights=new, minlength=n_owners).astype(np.int64)


def ratio(part: float, whole: float) -> float:
    """Return a share, 0 of nothing."""
    return float(part / whole) if whole else 0.0


def harmonic_mean(one: float, other: float) -> float:
    """Return the harmonic mean of two shares, 0 if both are."""
    return 2 * one * other / (one + other) if one + other else 0.0
