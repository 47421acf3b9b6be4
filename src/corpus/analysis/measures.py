"""Every measure of boilerplate at once, one row a measure and report: the curve, the published ones, specificity."""

from __future__ import annotations

from math import nan

import pandas as pd

from corpus.analysis.published import MEASURE_COLUMNS, measure_boilerplate
from corpus.analysis.robustness import tabulate_shares
from corpus.analysis.specificity import tabulate_specificity
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import Unit


def tabulate_measures(reports: Reports, scores: pd.DataFrame, *, unit: Unit) -> pd.DataFrame:
    """Return every measure of how much of a report is everybody's, and how much is particular.

    Parameters
    ----------
    reports : Reports
    scores : DataFrame
        From `corpus.score_specificity` of these reports.
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        Of the passages in ``scores``.

    Returns
    -------
    DataFrame
        One row a measure and report, with the columns of `corpus.measure_boilerplate`. name: ``boilerplate`` for the
        settings of `corpus.analysis.robustness.tabulate_shares`, the published measures by their names, computed below
        their least sizes too (the note then says so), and ``specificity``, the mean of `corpus.score_specificity`;
        low, high: for the settings the interval over the passages of the report (`corpus.estimate_boilerplate`), NaN
        where what counts lies in fewer than 10 separate stretches, and for all other measures.
    """
    shares = tabulate_shares(reports, intervals=True)
    of_curve = ("report_id", "unit", "n", "min_reports", "segment", "share_common", "low", "high", "n_units")
    curve = zip(*(shares[name] for name in of_curve), strict=True)
    rows = [
        (report_id, "boilerplate", kind, n, f"df >= {least}", segment, value, low, high, n_units, "")
        for report_id, kind, n, least, segment, value, low, high, n_units in curve
    ]
    specificity = tabulate_specificity(scores)
    rows += [
        (report_id, "specificity", "character", None, "", unit, value, nan, nan, n_chars, "")
        for report_id, value, n_chars in specificity[["report_id", "specificity", "n_chars"]].itertuples(index=False)
    ]
    published = measure_boilerplate(reports, allow_small=True)
    return pd.concat([build_table(rows, MEASURE_COLUMNS), published[list(MEASURE_COLUMNS)]], ignore_index=True)
