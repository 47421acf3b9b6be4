"""Which report is an issuer's report of the year before, and which reports have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Succession:
    """Two reports of one issuer of which one follows the other; ``gap_years`` is 1 for adjacent years."""

    issuer: str
    earlier: Report
    later: Report
    gap_years: int


def find_successions(reports: Reports, *, max_gap: int = 1) -> list[Succession]:
    """Return each report with the report of the same issuer that it follows, by issuer, then by year.

    An issuer is told by the code of its place and its office, so that 坪山区科技局 and 深圳市坪山区科技局 are one,
    named as in its latest report; where the code is not known, by its name. One that was renamed is two; see
    `Reports.join_renamed`. See `tabulate_successions` for what is left out.

    Parameters
    ----------
    reports : Reports
    max_gap : int
        Most years between the years reviewed, 1 or more. With 1, a report follows that of the year before only.

    Raises
    ------
    CorpusError
        If max_gap is below 1.
    """
    return [found for found, _ in _examine(reports, max_gap) if isinstance(found, Succession)]


@tabulated
def tabulate_successions(reports: Reports, *, max_gap: int = 1) -> pd.DataFrame:
    """Return for each report which one it follows, or why it follows none: ``corpus.align_years(by="report")``.

    Parameters
    ----------
    reports : Reports
    max_gap : int
        See `find_successions`.

    Returns
    -------
    DataFrame
        One row a report, by issuer, then by year; those of an unknown issuer or year come last.

        {columns of align_years.report}

    Raises
    ------
    CorpusError
        If max_gap is below 1.
    """
    rows: list[tuple[Any, ...]] = []
    for found, note in _examine(reports, max_gap):
        if isinstance(found, Succession):
            later, gap = found.later, found.gap_years
            rows.append((later.issuer, later.report_id, later.year_reviewed, found.earlier.report_id, gap, note))
        else:
            rows.append((found.issuer, found.report_id, found.year_reviewed, "", None, note))
    return build_table(rows, "align_years.report")


def _examine(reports: Reports, max_gap: int) -> Iterator[tuple[Succession | Report, str]]:
    if max_gap < 1:
        raise CorpusError(f"max_gap is {max_gap}; the least gap between two reports of an issuer is 1 year")
    series: dict[str, dict[int, list[Report]]] = defaultdict(lambda: defaultdict(list))
    unplaced = []
    for report in reports:
        if report.issuer is None or report.year_reviewed is None:
            unplaced.append(report)
        else:
            series[report.issuer_key][report.year_reviewed].append(report)
    named = [(by_year[max(by_year)][-1].issuer or "", key) for key, by_year in series.items()]
    for issuer, key in sorted(named):
        yield from _examine_series(issuer, series[key], max_gap)
    for report in unplaced:
        yield report, "its issuer is not known" if report.issuer is None else "the year it reviews is not known"


def _examine_series(
    issuer: str, by_year: dict[int, list[Report]], max_gap: int
) -> Iterator[tuple[Succession | Report, str]]:
    before: int | None = None
    for year in sorted(by_year):
        same_year = by_year[year]
        for report in same_year:
            if len(same_year) > 1:
                names = ", ".join(other.report_id for other in same_year)
                yield report, f"{len(same_year)} reports on {year}, none of which is chosen: {names}"
            elif before is None:
                yield report, "the first report of this issuer at hand"
            elif len(by_year[before]) > 1:
                yield report, f"{len(by_year[before])} reports on {before}, none of which is chosen"
            elif year - before > max_gap:
                yield report, f"a gap: the report before is on {before} (max_gap={max_gap})"
            else:
                note = f"across a gap: the report before is on {before}" if year - before > 1 else ""
                yield Succession(issuer, by_year[before][0], report, year - before), note
        before = year
