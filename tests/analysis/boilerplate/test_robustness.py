"""What of a finding on boilerplate survives other settings and other numbers of reports, and the inventory to read."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from statistics import mean

import numpy as np
import pandas as pd
import pytest
from corpus.analysis.boilerplate.robustness import (
    OF_SETTING,
    rank_shares,
    summarise_shares,
    tabulate_shares,
    tabulate_variants,
)
from making import make_report, make_reports

import corpus
from corpus.analysis.boilerplate.definitions import (
    DEFAULT_SETTING,
    BoilerplateSetting,
)
from corpus.analysis.boilerplate.formulas import keep_longest, spread_formulas
from corpus.errors import CorpusError
from corpus.field.lexicon import Lexicon
from corpus.report.reports import Reports

SHORT = [BoilerplateSetting(n=n, min_reports=2, segment=segment) for n in (4, 8) for segment in ("sentence", "clause")]


@pytest.fixture(scope="module")
def bundled() -> Reports:
    return corpus.load_reports()


def test_each_share_of_the_curve_lies_in_its_interval(bundled: Reports) -> None:
    plain = tabulate_shares(bundled, settings=SHORT)
    shares = tabulate_shares(bundled, settings=SHORT, intervals=True)
    assert plain["low"].isna().all() and shares.assign(low=plain["low"], high=plain["high"]).equals(plain)
    known = shares.dropna(subset=["low"])
    assert len(known)
    assert ((known["low"] <= known["share_common"]) & (known["share_common"] <= known["high"])).all()
    assert ((known["low"] >= 0) & (known["high"] <= 1)).all()
    one = DEFAULT_SETTING
    again = tabulate_shares(bundled, settings=[one], intervals=True).query("segment == @one.segment")
    alone = corpus.measure_boilerplate(bundled, setting=one, intervals=True)
    assert again["low"].fillna(-1).tolist() == alone["low"].fillna(-1).tolist()


def test_the_phrases_alone_are_one_more_segment(bundled: Reports) -> None:
    shares = tabulate_shares(bundled, settings=SHORT)
    plain = corpus.measure_boilerplate(bundled, by="setting", setting=SHORT)
    alone = shares[shares["segment"] == "none"]
    covered = plain[plain["segment"] == "sentence"]["share_covered"]
    assert alone["share_common"].tolist() == covered.tolist()
    assert shares[shares["segment"] != "none"]["share_common"].tolist() == plain["share_flagged"].tolist()
    assert shares["report_label"].unique().tolist() == [report.label for report in bundled]


def test_one_report_has_no_share() -> None:
    one = make_reports("坚持依法行政，推进法治政府建设。")
    shares = tabulate_shares(one)
    assert shares.empty
    assert rank_shares(shares).empty
    assert summarise_shares(shares, DEFAULT_SETTING).empty
    assert corpus.measure_boilerplate(one, by="others").empty


def _shares(*values: float, n: int = 4) -> pd.DataFrame:
    names = [chr(ord("a") + place) for place in range(len(values))]
    table = pd.DataFrame({"report_id": names, "report_label": names, "share_common": values})
    return table.assign(
        unit="character", n=n, min_reports=2, segment="clause", scope="body", n_units=10, low=np.nan, high=np.nan
    )


def test_ranks_run_from_the_largest_share() -> None:
    ranks = rank_shares(_shares(0.2, 0.5, 0.1))
    assert dict(zip(ranks["report_id"], ranks["rank"], strict=True)) == {"a": 2, "b": 1, "c": 3}
    assert ranks["is_highest"].tolist() == [False, True, False]
    assert ranks["is_lowest"].tolist() == [False, False, True]


def test_equal_shares_have_the_mean_of_their_ranks_and_a_setting_without_difference_has_none() -> None:
    ranks = rank_shares(pd.concat([_shares(0.2, 0.2, 0.5), _shares(0.0, 0.0, 0.0, n=8)]))
    assert ranks["n"].unique().tolist() == [4]
    assert ranks["rank"].tolist() == [2.5, 2.5, 1]
    assert ranks["is_lowest"].tolist() == [True, True, False]


def test_a_summary_stands_beside_the_range() -> None:
    setting = BoilerplateSetting(n=8)
    summary = summarise_shares(pd.concat([_shares(0.2, 0.6), _shares(0.1, 0.3, n=8)]), setting)
    assert summary["share_common"].tolist() == [0.1, 0.3]
    assert summary[["share_lowest", "share_highest"]].to_numpy().tolist() == [[0.1, 0.2], [0.3, 0.6]]
    assert summary["share_median"].tolist() == pytest.approx([0.15, 0.45])


def test_peers_are_the_mean_over_all_choices(bundled: Reports) -> None:
    peers = corpus.measure_boilerplate(bundled, by="others").set_index(["report_id", "n_others"])["share_flagged"]
    report, *others = bundled[-1], *bundled[:-1]
    for k in (1, 2, 4):
        chosen = [replace(bundled, items=(report, *some)) for some in combinations(others, k)]
        shares = [corpus.measure_boilerplate(reports)["share_flagged"].iloc[0] for reports in chosen]
        assert peers[report.report_id, k] == pytest.approx(mean(shares))


def test_peers_never_fall_and_count_a_passage_once() -> None:
    # The clause of a is shared with both others, by different phrases.
    reports = make_reports("甲乙丙丁戊己庚辛，子丑寅卯。", "甲乙丙丁也在这里。", "戊己庚辛也在那里。")
    peers = corpus.measure_boilerplate(reports, by="others", setting=BoilerplateSetting(n=4)).set_index(
        ["report_id", "n_others"]
    )["share_flagged"]
    assert peers["a"].tolist() == [pytest.approx(8 / 12)] * 2
    assert peers["b"].tolist() == pytest.approx([0.5, 1.0])


def test_peers_leave_an_empty_report_open() -> None:
    reports = Reports(
        (make_report("a", "法治政府建设。"), make_report("b", "法治政府建设。"), make_report("c", "。。"))
    )
    peers = corpus.measure_boilerplate(reports, by="others", setting=BoilerplateSetting(n=4)).set_index(
        ["report_id", "n_others"]
    )["share_flagged"]
    assert np.isnan(peers["c", 2])
    assert peers["a"].tolist() == pytest.approx([0.5, 1.0])


def test_peers_need_a_phrase() -> None:
    with pytest.raises(CorpusError, match="n=0"):
        corpus.measure_boilerplate(make_reports("一", "二"), by="others", setting=BoilerplateSetting(n=0))


def test_a_lexicon_makes_words_longer_and_shares_smaller() -> None:
    lexicon = Lexicon(words=("法治政府建设工作",))
    reports = make_reports("推进法治政府建设工作有成效。", "加强法治政府建设工作的领导。", lexicon=lexicon)
    setting = BoilerplateSetting("word", 2, 2, "sentence")
    variants = tabulate_variants(reports, [setting]).set_index("variant")
    assert variants.at["body, field lexicon", "share_highest"] == 0
    assert variants.at["body, dictionary alone", "share_lowest"] == 1
    assert variants.at["body, dictionary alone", "share_change"] == 1
    assert variants.at["body, field lexicon", "share_change"] == 0


def test_variants_keep_the_order_of_the_settings(bundled: Reports) -> None:
    variants = tabulate_variants(bundled, SHORT)
    assert variants[OF_SETTING].drop_duplicates().to_numpy().tolist() == [
        ["character", s.n, s.min_reports, s.segment] for s in SHORT
    ]
    # Characters need no dictionary.
    same = variants[variants["variant"] == "body, dictionary alone"]
    assert (same["share_change"] == 0).all()
    assert (variants[variants["variant"].str.startswith("whole")]["share_change"] > 0).any()


def test_the_longest_of_nested_formulas_is_kept() -> None:
    long, short = "推进法治政府建设工作", "法治政府建设"
    reports = make_reports(f"{long}。甲{short}。", f"乙{short}。{long}。", f"丙{short}丁")
    found = corpus.find_formulas(reports[:2], min_reports=2, min_chars=6)
    assert found["key"].tolist() == [long, short]
    assert keep_longest(found)["key"].tolist() == [long]
    # A third report has the short one only: then it is a formula of its own.
    assert keep_longest(corpus.find_formulas(reports, min_reports=2, min_chars=6))["key"].tolist() == [short, long]


def test_each_formula_has_a_row_for_each_report() -> None:
    reports = make_reports("依法行政工作，依法行政　工作。", "依法行政工作。", "别的。")
    formulas = corpus.find_formulas(reports, min_reports=2, min_chars=6)
    table = spread_formulas(reports, formulas)
    assert table["report_id"].tolist() == ["a", "b", "c"]
    assert table["n_places"].tolist() == [2, 1, 0]
    assert table["template"].unique().tolist() == ["依法行政工作"]
    assert table["places"].tolist() == [[("a", 0, 6), ("a", 7, 14)], [("b", 0, 6)], []]
