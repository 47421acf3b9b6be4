"""Whether a table's column of bare years (年份) names the year reviewed or that of delivery: its texts decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from corpus.report.reports import Report
from corpus.report.values import Fact, Notice

_READINGS = {0: "the year reviewed", 1: "the year of delivery, that after the year reviewed"}
_LEAST_SHARE = 2 / 3
_LAST_MONTHS = "11"


def settle_years(reports: Mapping[str, Report], years: Mapping[str, tuple[str, int]]) -> dict[str, Report]:
    """Return the reports that a column of bare years tells more of, by their ids.

    Parameters
    ----------
    reports : mapping of str to Report
        All that were loaded, by their ids.
    years : mapping of str to (str, int)
        By the id of a report: the name of the column, and what it says.

    Where at least two thirds of the texts that name their year review the column's year, that is what the column
    means; where as many review the year before, it is the year of delivery. A report that was published in the
    column's year cannot review the whole of it. All tables with a column of that name vote together. A report whose
    text is silent then gets the year (``inferred``); one whose text says another is ambiguous, with both readings.
    Where the texts decide nothing, neither does the column.
    """
    settled: dict[str, Report] = {}
    for column in dict.fromkeys(name for name, _ in years.values()):
        told = {report_id: year for report_id, (name, year) in years.items() if name == column}
        meaning, notice = _meaning(column, [(reports[report_id], year) for report_id, year in told.items()])
        for at, (report_id, year) in enumerate(told.items()):
            report = _settled(reports[report_id], column, year, meaning)
            settled[report_id] = report if at else report.revise(warnings=(notice, *report.warnings))
    return settled


def _meaning(column: str, told: list[tuple[Report, int]]) -> tuple[int | None, Notice]:
    """Return how many years the column lies after the year reviewed, None where nobody knows."""
    counts: Counter[int] = Counter()
    for report, year in told:
        lag = _lag(report, year)
        if lag in _READINGS:
            counts[lag] += 1
    total = sum(counts.values())
    for lag, number in counts.most_common(1):
        if number >= _LEAST_SHARE * total:
            message = f"the column {column!r} is read as {_READINGS[lag]}: {number} of {total} texts say so"
            return lag, Notice("year-column", message)
    message = f"whether the column {column!r} is {_READINGS[0]} or {_READINGS[1]} is open: {_votes(counts)}"
    return None, Notice("year-column-open", message)


def _lag(report: Report, year: int) -> int | None:
    """Return how many years a column's year lies after the one that a text reviews, None where it does not say."""
    published, reviewed = report.value("published"), report.facts["year_reviewed"]
    if isinstance(published, str) and f"{year}" < published < f"{year}-{_LAST_MONTHS}":
        return 1
    if isinstance(reviewed.value, int) and reviewed.basis != "catalogue":
        return year - reviewed.value
    return None


def _votes(counts: Counter[int]) -> str:
    return f"{counts[0]} texts say the one, {counts[1]} the other" if counts else "no text names its year"


def _settled(report: Report, column: str, year: int, lag: int | None) -> Report:
    fact = report.facts["year_reviewed"]
    if fact.basis == "catalogue" or any(isinstance(reading, str) for reading in fact.readings):  # a period: 三年来
        return report
    said = [value for value in (fact.value, *fact.readings) if isinstance(value, int)]
    if lag is None:
        if said:
            return report
        return _with_year(report, Fact(None, "ambiguous", None, (year - 1, year)))
    if fact.value == year - lag:
        return report
    if not said or year - lag in said:
        return _with_year(report, Fact(year - lag, "inferred", fact.evidence))
    readings = tuple(sorted({*said, year - lag}))
    told = " or ".join(map(str, said))
    message = f"year_reviewed: the column {column!r} says {year}, which makes it {year - lag}, the text {told}"
    notice = Notice("disagrees-with-table", message, fact.evidence)
    report = _with_year(report, Fact(None, "ambiguous", fact.evidence, readings))
    return report.revise(warnings=(*report.warnings, notice))


def _with_year(report: Report, fact: Fact) -> Report:
    return report.revise(facts=MappingProxyType({**report.facts, "year_reviewed": fact}))
