"""How much of last year's report is left, by the published measures, on panels whose answer is known."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from making import make_report

import corpus
from corpus.analysis.simulation.panel import Panel, simulate_panel
from corpus.analysis.simulation.planning import PanelSetting
from corpus.analysis.years.change_measures import LEAST_PAIRS, measure_years
from corpus.analysis.years.terms_by_year import compare_years
from corpus.report.reports import Reports


@cache
def panel() -> Panel:
    return simulate_panel(11, 6, setting=PanelSetting(length_chars=2_000), seed=3)


@cache
def panel_reports() -> Reports:
    return corpus.load_reports(panel().texts)


@cache
def panel_measured() -> pd.DataFrame:
    return measure_years(panel_reports())


def _pair(before: str, after: str) -> Reports:
    made = [
        make_report(f"甲-{year}", text, issuer="甲", year_reviewed=year) for year, text in enumerate((before, after))
    ]
    return Reports(tuple(made))


def test_share_kept_is_that_of_the_truth_within_two_hundredths() -> None:
    true = panel().changes[panel().changes["start_later"].notna() & (panel().changes["form"] != "heading")]
    length = (true["end_later"] - true["start_later"]).astype(int)
    kept = length.where(true["change"] == "kept", 0).groupby(true["later"].astype(str)).sum()
    whole = length.groupby(true["later"].astype(str)).sum()
    found = panel_measured().set_index("later")["share_kept"]
    assert len(found) == 11 * 5
    # Characters with and without punctuation differ a little in what they weigh a sentence.
    assert (found - (kept / whole)[found.index]).abs().max() < 0.02


def test_what_everyone_keeps_is_not_a_bureaus_own() -> None:
    formula = "坚持以人民为中心的发展思想，全面推进依法行政。"
    texts = {
        issuer: [f"{formula}{first}", f"{formula}{second}"]
        for issuer, first, second in (
            ("甲市科技局", "春季开展水库巡查三次。", "冬天组织山地马拉松比赛。"),
            ("乙市科技局", "修缮古城墙十二段。", "修缮古城墙十二段。"),
            ("丙市科技局", "种植胡杨树两千株。", "引进候鸟观测仪器。"),
        )
    }
    made = [
        make_report(f"{issuer}-{year}", text, issuer=issuer, year_reviewed=year)
        for year in (0, 1)
        for issuer, both in texts.items()
        for text in (both[year],)
    ]
    table = measure_years(Reports(tuple(made))).set_index("issuer")
    assert (table["share_kept"] > 0.5).all()
    assert table["share_kept_own"].to_dict() == {"甲市科技局": 0, "乙市科技局": 1, "丙市科技局": 0}
    two = Reports(tuple(report for report in made if report.issuer != "丙市科技局"))
    assert measure_years(two)["share_kept_own"].isna().all()


def test_each_interval_holds_its_share() -> None:
    given = panel_measured().dropna(subset=["low"])
    assert len(given) > 40 and (given["n_stretches"] >= 5).all()
    assert ((given["low"] < given["share_kept"]) & (given["share_kept"] < given["high"])).all()


def test_adjusted_scores_have_lost_what_length_explains() -> None:
    assert len(panel_measured()) >= LEAST_PAIRS
    lengths = panel_measured()["n_words_later"]
    adjusted = panel_measured()["modification_adjusted"]
    assert adjusted.mean() == pytest.approx(0, abs=1e-9)
    assert np.corrcoef(lengths, adjusted)[0, 1] == pytest.approx(0, abs=1e-6)
    assert adjusted.std() < panel_measured()["modification_raw"].std()


def test_with_few_pairs_the_raw_score_stands_alone_and_the_note_says_so() -> None:
    few = measure_years(panel_reports().select(issuer=panel_reports()[0].issuer))
    assert few["modification_adjusted"].isna().all() and few["modification_raw"].notna().all()
    assert few["note"].str.contains(rf"not adjusted: 5 pairs of [345] lengths, of {LEAST_PAIRS} needed").all()


def test_a_report_that_was_handed_in_again_is_alike_by_every_measure() -> None:
    text = "组织干部职工学习宪法和科学技术进步法并开展执法培训。对全部规范性文件进行了合法性审核。"
    same = measure_years(_pair(text, text)).iloc[0]
    alike = ["share_kept", "cosine_words", "jaccard_words", "minimum_edit", "simple", "stickiness"]
    assert same[alike].tolist() == pytest.approx([1.0] * len(alike))
    assert math.isnan(same["modification_raw"]) and "TF-IDF needs" in same["note"]
    assert math.isnan(same["low"]) and "no interval" in same["note"]


def test_reports_without_a_year_before_give_no_row() -> None:
    table = measure_years(panel_reports().select(year_reviewed=2015))
    assert table.empty and table.columns.tolist() == panel_measured().columns.tolist()


def test_across_a_gap_stickiness_is_not_told() -> None:
    gapped = panel_reports().select(year_reviewed=[2015, 2017])
    table = measure_years(gapped, revisions=corpus.align_years(gapped, max_gap=2))
    assert len(table) == 11 and table["stickiness"].isna().all() and table["note"].str.contains("across a gap").all()


def test_a_term_of_everybody_is_spread_and_a_term_of_one_is_not() -> None:
    texts = {"甲": "法律 培训 慈善", "乙": "法律 培训", "丙": "法律 培训"}
    reports = Reports(
        tuple(
            make_report(f"{issuer}-{year}", words.replace(" ", "，") + "。", issuer=issuer, year_reviewed=year)
            for issuer, words in texts.items()
            for year in (2020, 2021)
        )
    )
    rows = compare_years(reports).set_index(["term", "year_reviewed"])
    assert rows.loc[("慈善", 2020), "dp_norm"] > 0.7 > 0.2 > rows.loc[("法律", 2020), "dp_norm"]


def test_equal_years_have_no_difference_and_chance_alone() -> None:
    rows = compare_years(_pair("学习宪法，开展培训。", "学习宪法，开展培训。"))
    assert rows["z"].abs().max() == pytest.approx(0)
    assert rows["chance"].min() == rows["false_discovery_rate"].min() == pytest.approx(1)


def test_few_terms_of_a_panel_without_a_trend_pass_as_found() -> None:
    rows = compare_years(panel_reports())
    assert (rows["chance"] < 0.05).mean() > (rows["false_discovery_rate"] < 0.05).mean()
    assert (rows["false_discovery_rate"] < 0.05).mean() < 0.01
    assert (np.sign(rows["z"]) == np.sign(rows["log_odds"])).all()
