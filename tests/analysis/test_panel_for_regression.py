"""The panel for a regression: one row an issuer and year, each value that of its verb."""

from __future__ import annotations

import pandas as pd
import pytest
from making import make_report

import corpus
from corpus.report.reports import Reports

WORDS = "一、2024年主要计划\n全年培训干部200人次。认真贯彻落实各项部署。\n"


@pytest.fixture(scope="module")
def reports() -> Reports:
    setting = corpus.validation.PanelSetting(length_chars=1_500, formulas_per_report=6)
    return corpus.load_reports(corpus.validation.simulate_panel(3, 3, setting=setting, seed=6).texts)


@pytest.fixture(scope="module")
def panel(reports: Reports) -> pd.DataFrame:
    return corpus.tabulate_panel(reports)


def test_every_issuer_has_a_row_a_year(reports: Reports, panel: pd.DataFrame) -> None:
    assert len(panel) == len(reports) == 9 and not panel.duplicated(["issuer_number", "year_reviewed"]).any()
    assert panel["issuer_number"].is_monotonic_increasing and panel["issuer_number"].nunique() == 3
    assert panel["years_since_before"].fillna(0).tolist() == [0, 1, 1] * 3
    assert panel["years_since_first"].tolist() == [0, 1, 2] * 3


def test_values_are_those_of_the_verbs(reports: Reports, panel: pd.DataFrame) -> None:
    own = panel.set_index("report_id")
    flagged = corpus.measure_boilerplate(reports).set_index("report_id")["share_flagged"]
    assert own["share_flagged"].to_dict() == flagged.to_dict()
    kept = corpus.measure_years(reports).set_index("later")["share_kept"]
    assert set(own["share_kept"].dropna().index) == set(kept.index)
    assert (own.loc[kept.index, "share_kept"] == kept).all()
    origins = own.filter(regex="^share_(skeleton|formula|shared|carried_over|own_or_carried|own)$")
    assert (origins.sum(axis=1) == 1).all()
    plans = corpus.follow_plans(reports)["later"].value_counts()
    assert own["n_plans"].sum() == plans.sum() and (own["n_plans_reported"].dropna() <= own["n_plans"].dropna()).all()
    assert own["n_plans"].isna().sum() == 3
    assert own["n_leftovers"].sum() == len(corpus.find_leftovers(reports))


def test_two_reports_on_one_year_are_one_row_and_those_without_issuer_or_year_are_listed() -> None:
    facts = {"issuer": "枣庄市科技局", "year_reviewed": 2020}
    lexicon = corpus.load_reports().lexicon
    items = (
        make_report("a", WORDS, **facts),  # type: ignore[arg-type]
        make_report("b", WORDS + "另有说明。", **facts),  # type: ignore[arg-type]
        make_report("c", WORDS, issuer="济南市科技局"),
        make_report("d", WORDS, year_reviewed=2020),
    )
    panel = corpus.tabulate_panel(Reports(items, lexicon=lexicon))
    assert panel[["report_id", "n_reports"]].to_numpy().tolist() == [["b", 2]]
    assert panel.attrs["left_out"] == ["c", "d"]


def test_nothing_to_measure_gives_no_rows_and_all_columns(panel: pd.DataFrame) -> None:
    for none in (Reports(()), Reports((make_report("x", "甲乙。"),))):
        empty = corpus.tabulate_panel(none)
        assert len(empty) == 0 and list(empty.columns) == list(panel.columns)
        assert empty.attrs["left_out"] == [report.report_id for report in none]
