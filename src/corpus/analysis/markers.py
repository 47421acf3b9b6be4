"""The words that set each year apart, and the reports that they come from."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.words import tabulate_words
from corpus.analysis.years import compare_years
from corpus.report import Reports
from corpus.values import CorpusError, Role

_COLUMNS = {
    "year_reviewed": "int64",
    "term": "str",
    "count": "int64",
    "n_words": "int64",
    "g2": "float64",
    "log_ratio": "float64",
    "n_reports": "int64",
    "n_issuers_in_all": "int64",
    "n_reports_in_year": "int64",
    "reports_in_year": "str",
    "report_id": "str",
    "start": "Int64",
    "end": "Int64",
}


def tabulate_markers(reports: Reports, *, n_above: int = 8, n_below: int = 3, role: Role | None = None) -> pd.DataFrame:
    """Return the words that each year has most above, and most below, what all other years let one expect.

    They are the words of `corpus.compare_years` with the highest and the lowest signed G2. They were found by
    looking at all words of the reports: G2 orders them here and tests nothing.

    Parameters
    ----------
    reports : Reports
    n_above, n_below : int
        At most so many words a year with G2 above 0, and below 0; of equal ones the first in the order of characters.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        One row a year and word, by year, then G2 falling. count: occurrences in the year; n_words: words of the
        year's reports; g2, log_ratio: see `corpus.analysis.keyness`; n_reports: reports of the year that have the
        word; n_issuers_in_all: issuers that have it in any year; n_reports_in_year: all reports of the year;
        reports_in_year: their labels; report_id, start, end: its first occurrence in the year, if it has one.

    Raises
    ------
    CorpusError
        If the reports are on fewer than two years, or a number of words is below 0.
    """
    if n_above < 0 or n_below < 0:
        raise CorpusError(f"n_above={n_above} and n_below={n_below} must be 0 or more")
    compared = compare_years(reports, role=role)
    dated = reports.select(report_id=lambda name: name not in compared.attrs["excluded"])
    words = compared[compared["kind"] == "word"].sort_values(["year_reviewed", "g2", "term"])
    above = words[words["g2"] > 0].sort_values(["g2", "term"], ascending=[False, True])
    below = words[words["g2"] < 0]
    chosen = pd.concat([above.groupby("year_reviewed").head(n_above), below.groupby("year_reviewed").head(n_below)])
    chosen = chosen.sort_values(["year_reviewed", "g2", "term"], ascending=[True, False, True])
    issuers = {report.report_id: report.issuer or report.report_id for report in dated}
    years = pd.DataFrame(
        [(report.report_id, report.year_reviewed, report.label) for report in dated],
        columns=["report_id", "year_reviewed", "report_label"],
    )
    by_year = years.groupby("year_reviewed").agg(
        n_reports_in_year=("report_id", "size"), reports_in_year=("report_label", ", ".join)
    )
    found = tabulate_words(dated, role=role).rename(columns={"word": "term"})
    found = found[found["term"].isin(set(chosen["term"]))].merge(years, on="report_id")
    n_issuers = found.groupby("term")["report_id"].agg(lambda names: len({issuers[name] for name in names}))
    first = found.drop_duplicates(["year_reviewed", "term"])[["year_reviewed", "term", "report_id", "start", "end"]]
    table = (
        chosen.merge(first, how="left", on=["year_reviewed", "term"])
        .merge(n_issuers.rename("n_issuers_in_all"), left_on="term", right_index=True)
        .merge(by_year, left_on="year_reviewed", right_index=True)
    )
    return table[list(_COLUMNS)].astype(_COLUMNS).reset_index(drop=True)
