"""The inventory of formulas as tables to read and to draw: only the longest phrases, a row for each report."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.report import Reports

_COLUMNS = {
    "template": "",
    "length_chars": "int64",
    "n_reports": "int64",
    "report_id": "",
    "report_label": "",
    "n_places": "int64",
    "places": "object",
}


def keep_longest(formulas: pd.DataFrame) -> pd.DataFrame:
    """Return the formulas that lie in no longer formula of the same reports, in their order.

    法治政府建设 is left out where 法治政府建设工作 stands in the same reports, though not at all the same places.

    Parameters
    ----------
    formulas : DataFrame
        As `corpus.find_formulas` returns it.
    """
    longer: dict[tuple[str, ...], list[str]] = {}
    kept = []
    by_length = formulas.sort_values("length_chars", ascending=False, kind="stable")
    for index, key, reports in zip(by_length.index, by_length["key"], by_length["reports"], strict=True):
        known = longer.setdefault(tuple(reports), [])
        if not any(key in other for other in known):
            known.append(key)
            kept.append(index)
    return formulas.loc[sorted(kept)].reset_index(drop=True)


def spread_formulas(reports: Reports, formulas: pd.DataFrame) -> pd.DataFrame:
    """Return one row a formula and report, whether the report has it or not.

    Parameters
    ----------
    reports : Reports
    formulas : DataFrame
        As `corpus.find_formulas` returns it, from the same reports.

    Returns
    -------
    DataFrame
        In the order of the formulas, then of the reports: template, in one line; length_chars; n_reports: how many
        reports have it; report_id; report_label; n_places: how often it stands in this report, 0 or more; places:
        list of (report_id, start, end), code points of ``raw``.
    """
    rows = []
    columns = (formulas[name] for name in ("template", "length_chars", "n_reports", "places"))
    for template, length, n_reports, places in zip(*columns, strict=True):
        words = "".join(template.split())
        for report in reports:
            own = [place for place in places if place[0] == report.report_id]
            rows.append((words, length, n_reports, report.report_id, report.label, len(own), own))
    return build_table(rows, _COLUMNS)
