"""Which of two reports was first, by how many days, and on what dates that rests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.unit_row import IntArray
from corpus.report.reports import Report

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
    years = _numbers([report.year_reviewed for report in reports])
    open_ = np.ones(len(a), dtype=bool)
    for name in (*DATES, YEARS):
        values = years if name == YEARS else _numbers([_day(report.value(name)) for report in reports])
        one, other = values.take(a), values.take(b)
        known = open_ & (one != _UNKNOWN) & (other != _UNKNOWN)
        if name == YEARS:
            known &= one != other
        dated_by[known] = name
        first[known & (one < other)], first[known & (one > other)] = "a", "b"
        if name != YEARS:
            days_apart[known] = np.abs(one - other)[known]
        open_ &= ~known
    return Order(first, days_apart, dated_by)


def _numbers(values: Sequence[int | None]) -> IntArray:
    return np.array([_UNKNOWN if value is None else value for value in values], dtype=np.int64)


def _day(value: Any) -> int | None:
    """Return the number of a day; None where a day is not known."""
    try:
        return date.fromisoformat(str(value)).toordinal()
    except ValueError:
        return None
