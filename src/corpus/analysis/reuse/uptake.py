"""From whom a report took up the words that others had before it, at the latest.

Where three reports have a passage one after the other, the third may have it from the first or the second, or all from
a fourth that is not at hand; what the dates show is that it took it up from the second at the latest. So each character
of a report goes to the last of the reports before it that share it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.reuse.base_rates import log_weights
from corpus.analysis.reuse.passage_search import Found
from corpus.analysis.reuse.who_was_first import YEARS, tell_first
from corpus.report.reports import Report
from corpus.report.table_columns import build_table

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
