"""Origins laid out as strips: each report in reading order, with its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.report import Report, Reports

_COLUMNS = {
    "report_id": "",
    "report_label": "",
    "mark": "",
    "origin": "",
    "role": "",
    "start": "int64",
    "end": "int64",
    "begins_chars": "int64",
    "length_chars": "int64",
    "n_key_chars": "int64",
    "n_issuers": "Int64",
}


def tabulate_strips(reports: Reports, origins: pd.DataFrame) -> pd.DataFrame:
    """Return what a map of the origins shows, one row a mark, reports by the year that they are about and their place.

    Parameters
    ----------
    reports : Reports
    origins : DataFrame
        From `corpus.trace_origins` of these reports.

    Returns
    -------
    DataFrame
        report_id; report_label; mark: ``run`` of one origin, or ``part`` of the body; origin: of a run; role: of a
        part; start, end: code points of ``raw``, end exclusive; begins_chars: characters of ``text`` from the beginning
        of the body; length_chars: characters of ``text``; n_key_chars: key characters; n_issuers: of a run, as
        `corpus.trace_origins` has it.
    """
    runs = {str(report_id): own for report_id, own in origins.groupby("report_id", sort=False)}
    ordered = sorted(reports, key=lambda report: (report.year_reviewed or 0, report.place or "", report.report_id))
    return build_table((row for report in ordered for row in _marks(report, runs[report.report_id])), _COLUMNS)


def _marks(report: Report, runs: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    names = (report.report_id, report.label)
    begin, _ = report.text_map.derived_span(*report.layout.body)
    columns = ("origin", "start", "end", "n_key_chars", "n_issuers")
    for origin, start, end, n_key_chars, n_issuers in zip(*(runs[name].tolist() for name in columns), strict=True):
        first, last = report.text_map.derived_span(start, end)
        yield *names, "run", origin, None, start, end, first - begin, last - first, n_key_chars, n_issuers
    for part in report.parts:
        first, last = report.text_map.derived_span(part.start, part.end)
        key_first, key_last = report.key_map.derived_span(first, last)
        place = (part.start, part.end, first - begin, last - first, key_last - key_first)
        yield *names, "part", None, part.role, *place, None
