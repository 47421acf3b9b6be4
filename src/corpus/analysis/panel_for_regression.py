"""All measures of a collection as a panel: one row an issuer and year, as a regression takes it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from corpus.analysis.boilerplate.boilerplate_measures import measure_boilerplate
from corpus.analysis.boilerplate.origins import trace_origins
from corpus.analysis.leftovers.leftovers import find_leftovers
from corpus.analysis.particulars.specificity import find_particulars
from corpus.analysis.report_tables import tabulate_reports
from corpus.analysis.years.change_measures import measure_years
from corpus.analysis.years.plans import follow_plans
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table, columns_of, tabulated

_PLACE = ["province", "prefecture", "county", "adcode", "level"]
_CHANGE = ["share_kept", "share_kept_own", "cosine_words", "minimum_edit", "modification_raw", "modification_adjusted"]
_REPORTED = ("reported", "reported-partly")


@tabulated
def tabulate_panel(reports: Reports) -> pd.DataFrame:
    """Return every measure of every report as a panel, with the amounts of text that they refer to.

    Shares and rates come with their exposure (key characters, words, sentences, plans), so that counts can be modelled
    with it as an offset. What holds a report against others (boilerplate, origins, published measures) depends on
    which others are loaded: a panel is measured together, never year by year. share_flagged and share_covered count
    reports, the issuer's own of other years among them; share_formula and share_shared count issuers. Change,
    stickiness and plans are measured against the issuer's report of the year before and missing without it. Measures
    are computed below the least size that their authors ask for too; `corpus.measure_boilerplate` notes where.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        One row an issuer and year, by issuer, then by year. An issuer is told by the code of its place and its office,
        else by its name, and named as in its latest report. Of several reports on one year the last loaded is
        measured, and n_reports says how many there are. ``attrs["left_out"]`` lists the reports whose issuer or year is
        not known.

        {columns of tabulate_panel}

    Examples
    --------
    >>> import corpus
    >>> from corpus.report.table_columns import codebook
    >>> reports = corpus.load_reports(corpus.validation.simulate_panel(3, 2, seed=1).texts)
    >>> panel = corpus.tabulate_panel(reports)
    >>> panel[["issuer_number", "year_reviewed", "years_since_before"]].to_numpy().tolist()[:2]
    [[1, 2015, <NA>], [1, 2016, 1]]
    >>> len(codebook("tabulate_panel")) == panel.shape[1]
    True
    """
    table = _identify(reports)
    left_out = [report.report_id for report in reports if report.issuer is None or report.year_reviewed is None]
    if table.empty:
        table = build_table([], "tabulate_panel")
        table.attrs["left_out"] = left_out
        return table
    for measures in (_describe(reports), _hold_against_others(reports), _follow(reports)):
        table = table.merge(measures, on="report_id", how="left")
    table["n_leftovers"] = table["report_id"].map(find_leftovers(reports)["report_id"].value_counts()).fillna(0)
    table = as_table(table[[column.name for column in columns_of("tabulate_panel")]], "tabulate_panel")
    table.attrs["left_out"] = left_out
    return table


def _identify(reports: Reports) -> pd.DataFrame:
    """Return the reports that are measured, by issuer and year, with the years since the issuer's others."""
    by_issuer: defaultdict[str, defaultdict[int, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        if report.issuer is not None and report.year_reviewed is not None:
            by_issuer[report.issuer_key][report.year_reviewed].append(report)
    rows: list[tuple[Any, ...]] = []
    series = sorted((by_year[max(by_year)][-1].issuer or "", key) for key, by_year in by_issuer.items())
    for number, (issuer, key) in enumerate(series, 1):
        before: int | None = None
        for year, own in sorted(by_issuer[key].items()):
            since = None if before is None else year - before
            rows.append((issuer, number, year, own[-1].report_id, len(own), since, year - min(by_issuer[key])))
            before = year
    names = ["issuer", "issuer_number", "year_reviewed", "report_id", "n_reports", "years_since_before"]
    return pd.DataFrame(rows, columns=[*names, "years_since_first"])


def _describe(reports: Reports) -> pd.DataFrame:
    """Return the measures that a report has by itself."""
    table = tabulate_reports(reports)[["report_id", *_PLACE, "length_key_chars", "n_sentences"]]
    facts = find_particulars(reports, by="report")[["report_id", "n_firm", "share_specific", "specificity"]]
    return table.merge(facts, on="report_id").rename(columns={"length_key_chars": "n_key_chars", "n_firm": "n_facts"})


def _hold_against_others(reports: Reports) -> pd.DataFrame:
    """Return the measures of what other reports at hand have too."""
    shares = measure_boilerplate(reports)[["report_id", "share_flagged", "share_covered"]]
    origins = trace_origins(reports, by="report").drop(columns="n_key_chars")
    published = measure_boilerplate(reports, by="measure", allow_small=True)
    values = published.pivot(index="report_id", columns="name", values="value")
    words = published[published["name"].str.startswith("redundancy")].set_index("report_id")["denominator"]
    every = [column.name for column in columns_of("tabulate_panel") if column.name.endswith("_adapted")]
    table = shares.merge(origins, on="report_id").merge(values.reindex(columns=every), on="report_id")
    return table.assign(n_words=table["report_id"].map(words))


def _follow(reports: Reports) -> pd.DataFrame:
    """Return what became of the report of the year before: how much was kept, and which plans were reported on."""
    change = measure_years(reports)[["later", *_CHANGE]].rename(columns={"later": "report_id"})
    plans = follow_plans(reports)
    for name, counted in (("n_plans", plans), ("n_plans_reported", plans[plans["outcome"].isin(_REPORTED)])):
        change[name] = change["report_id"].map(counted["later"].value_counts()).fillna(0)
    return change
