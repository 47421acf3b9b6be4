"""Who was first, from whom words were taken up at the latest, and how much of a report stands in its sources.

Where three reports have a passage one after the other, the third may have it from the first or the second, or all from
a fourth that is not at hand; what the dates show is that it took it up from the second at the latest. So each character
of a report goes to the last of the reports before it that share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.gram_numbers import join_spans
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.reuse.base_rates import log_weights
from corpus.analysis.reuse.passage_search import Found
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table
from corpus.report.values import Role

DATES = ("delivered", "signed", "published")
"""The dates that are compared, each with its like: the first of these that both reports have decides."""
YEARS = "year_reviewed"

_UNKNOWN = np.iinfo(np.int64).min


class Order(NamedTuple):
    """For each pair: ``a``, ``b`` or empty; days between (missing: NaN); what that rests on, or empty."""

    first: npt.NDArray[np.object_]
    days_apart: npt.NDArray[np.float64]
    dated_by: npt.NDArray[np.object_]


def tell_first(reports: Sequence[Report], a: IntArray, b: IntArray) -> Order:
    """Return which report of each pair was first.

    Dates of one kind are compared: a report that was signed and one that was published a week later may be of one day.
    Where two reports have none in common the years that they review tell which was first, and no days. Two of one day,
    or of one year without dates, are not told apart.

    Parameters
    ----------
    reports : sequence of Report
    a, b : array of int
        Positions of the reports of each pair.
    """
    first = np.full(len(a), "", dtype=object)
    days_apart = np.full(len(a), np.nan)
    dated_by = np.full(len(a), "", dtype=object)
    # All of a report's facts at once: an archive reads them where they lie.
    told = [[*map(_day, map(report.value, DATES)), report.year_reviewed] for report in reports]
    days = np.array([[_UNKNOWN if value is None else value for value in own] for own in told], dtype=np.int64)
    open_ = np.ones(len(a), dtype=bool)
    for name, numbers in zip((*DATES, YEARS), days.reshape(-1, len(DATES) + 1).T, strict=True):
        one, other = numbers.take(a), numbers.take(b)
        known = open_ & (one != _UNKNOWN) & (other != _UNKNOWN)
        if name == YEARS:
            known &= one != other
        dated_by[known] = name
        first[known & (one < other)], first[known & (one > other)] = "a", "b"
        if name != YEARS:
            days_apart[known] = np.abs(one - other)[known]
        open_ &= ~known
    return Order(first, days_apart, dated_by)


def _day(value: Any) -> int | None:
    """Return the number of a day; None where a day is not known."""
    try:
        return date.fromisoformat(str(value)).toordinal()
    except ValueError:
        return None


LEVEL = "level"
LEVELS = ("national", "province", "prefecture", "county", "township")
"""From the centre down: where no dates tell, a report of a higher level is taken to be the earlier one."""

_DAYS_A_YEAR = 365
_NEVER = 1 << 40


def trace_uptake(reports: Sequence[Report], found: Found) -> pd.DataFrame:
    """Return who took up how much from whom at the latest: ``corpus.find_reuse(by="uptake")``.

    Parameters
    ----------
    reports : sequence of Report
    found : Found
        The passages that they share.
    """
    owner_a, owner_b = found.owners()
    row, passages = found.row, found.passages
    order = tell_first(reports, owner_a, owner_b)
    ranks = np.array([_rank(report) for report in reports], dtype=np.int64)
    years = np.array([report.year_reviewed or 0 for report in reports], dtype=np.int64)
    first, decided_by = order.first.copy(), order.dated_by.copy()
    open_ = first == ""
    by_level = open_ & (ranks[owner_a] != ranks[owner_b]) & (ranks[owner_a] >= 0) & (ranks[owner_b] >= 0)
    first[by_level] = np.where(ranks[owner_a] < ranks[owner_b], "a", "b")[by_level]
    decided_by[open_] = ""
    decided_by[by_level] = LEVEL
    # How long before: years count 365 days; what levels alone tell comes behind all dates, what nothing tells last.
    apart = np.where(
        decided_by == YEARS, np.abs(years[owner_a] - years[owner_b]) * _DAYS_A_YEAR, np.nan_to_num(order.days_apart)
    ).astype(np.int64)
    apart[by_level] = _NEVER
    apart[first == ""] = 2 * _NEVER
    # Undecided passages stand with the later report of the collection.
    taken_by_a = first == "b"
    taker, giver = np.where(taken_by_a, owner_a, owner_b), np.where(taken_by_a, owner_b, owner_a)
    starts = np.where(taken_by_a, passages.p_start, passages.q_start).astype(np.int64)
    ends = np.where(taken_by_a, passages.p_end, passages.q_end).astype(np.int64)
    weights = log_weights(found.rates.n_reports, len(reports))
    free = np.ones(len(row.units), dtype=bool)
    edges: dict[tuple[int, int], list[Any]] = {}
    by_time = np.lexsort((starts, -passages.matched.astype(np.int64), giver, apart, taker))
    columns = (column[by_time].tolist() for column in (taker, giver, starts, ends, weights))
    for at, (to, of, start, end, weight) in zip(by_time.tolist(), zip(*columns, strict=True), strict=True):
        n_new = int(np.count_nonzero(free[start:end]))
        if n_new:
            free[start:end] = False
            edge = edges.setdefault((to, of), [0, 0.0, 0, at])
            edge[0], edge[1], edge[2] = edge[0] + n_new, edge[1] + n_new * weight, edge[2] + 1
    rows = []
    for (to, of), (n_chars, weighted, n_passages, at) in sorted(edges.items()):
        days = order.days_apart[at] if decided_by[at] not in ("", LEVEL) else np.nan
        names = (reports[to].report_id, reports[to].label, reports[of].report_id, reports[of].label)
        rows.append((*names, n_chars, weighted, n_passages, decided_by[at], days))
    return build_table(rows, "find_reuse.uptake")


def _rank(report: Report) -> int:
    return LEVELS.index(report.level) if report.level in LEVELS else -1


def cover_by_sources(reports: Reports, sources: Sequence[Report], found: Found, *, role: Role | None) -> pd.DataFrame:
    """Return the share of each report that stands in each source: ``corpus.find_reuse(by="report")``.

    Parameters
    ----------
    reports : Reports
    sources : sequence of Report
    found : Found
        The passages between them.
    role : str, optional
    """
    owner_a, owner_b = found.owners()
    row, passages = found.row, found.passages
    sizes = np.bincount(row.owners, weights=row.ends - row.starts, minlength=len(reports)).astype(np.int64)
    spans = passages.p_start.astype(np.int64), passages.p_end.astype(np.int64)
    shape = len(reports), len(sources)
    of = owner_a * len(sources) + owner_b - len(reports)

    def count(of: IntArray, minlength: int) -> IntArray:
        of, starts, ends = join_spans(of, *spans)
        return np.bincount(of, ends - starts, minlength=minlength).astype(np.int64)

    counts = np.bincount(of, minlength=len(reports) * len(sources)).reshape(shape)
    covered, by_any = count(of, counts.size).reshape(shape), count(owner_a, len(reports))
    pairs = np.indices(shape).reshape(2, -1)
    order = tell_first([*reports, *sources], pairs[0], pairs[1] + len(reports))
    first = np.array([{"a": "report", "b": "source"}.get(one, "") for one in order.first]).reshape(shape)
    rows = []
    names = [*(source.report_id for source in sources), ""]
    for place, report in enumerate(reports):
        n_chars = int(sizes[place])
        own = (*covered[place].tolist(), int(by_any[place])), (*counts[place].tolist(), int(counts[place].sum()))
        for name, chars, n_passages, earlier in zip(names, *own, [*first[place].tolist(), ""], strict=True):
            share = chars / n_chars if n_chars else np.nan
            rows.append((report.report_id, report.label, name, share, chars, n_chars, n_passages, earlier))
    table = build_table(rows, "find_reuse.report")
    table.attrs |= {"role": role}
    return table


def cover_shared(table: pd.DataFrame, reports: Sequence[Report], shared: Found, found: Found) -> pd.DataFrame:
    """Add to passages that reports share how much of each stands in a source: ``corpus.find_reuse(by="shared")``.

    Parameters
    ----------
    table : DataFrame
        Of the passages.
    reports : sequence of Report
        Reports and sources.
    shared, found : Found
        The passages of the table, and those between a report and a source, as places of one row.
    """
    starts, ends = shared.passages.p_start.astype(np.int64), shared.passages.p_end.astype(np.int64)
    first, last = found.passages.p_start.astype(np.int64), found.passages.p_end.astype(np.int64)
    _, covered_from, covered_to = join_spans(np.zeros_like(first), first, last)
    n_covered = _count_before(covered_from, covered_to, ends) - _count_before(covered_from, covered_to, starts)
    share = n_covered / np.maximum(ends - starts, 1)
    _, source = found.owners()
    names = [report.report_id for report in reports]
    held = _most_of(starts, ends, first, last, source)
    named = [names[place] if place >= 0 else "" for place in held.tolist()]
    whole = as_table(table.assign(share_in_sources=share, source_id=named), f"{table.attrs['table']}+sources")
    return whole


def _count_before(starts: IntArray, ends: IntArray, places: IntArray) -> IntArray:
    """Return how many places before each of these some spans cover, none of which overlap."""
    number = np.searchsorted(starts, places, side="right")
    reach: IntArray = np.append(0, np.cumsum(ends - starts)).take(number)
    return reach - np.maximum(np.append(0, ends).take(number) - places, 0)


def _most_of(starts: IntArray, ends: IntArray, first: IntArray, last: IntArray, of: IntArray) -> IntArray:
    """Return for each span whose stretch overlaps most of it, or -1."""
    order = np.argsort(first, kind="stable")
    first, last, of = first[order], last[order], of[order]
    longest = int((last - first).max(initial=0))
    low = np.searchsorted(first, starts - longest)
    high = np.searchsorted(first, ends)
    best = np.full(len(starts), -1, dtype=np.int64)
    for at in np.flatnonzero(low < high).tolist():
        near = slice(int(low[at]), int(high[at]))
        overlap = np.minimum(last[near], ends[at]) - np.maximum(first[near], starts[at])
        most = int(np.argmax(overlap))
        if overlap[most] > 0:
            best[at] = of[near][most]
    return best
