"""One function for all of boilerplate: what a row is, and which options belong to it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from statistics import mean
from typing import Any

import numpy as np
import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.boilerplate.boilerplate_measures import tabulate_shares
from corpus.errors import CorpusError
from corpus.report.reports import Reports


@pytest.mark.parametrize(
    "setting",
    [
        corpus.BoilerplateSetting(),
        corpus.BoilerplateSetting("word", 2, 2, "sentence"),
        corpus.BoilerplateSetting("character", 4, 3, "phrase"),
    ],
)
def test_phrases_add_up_to_what_passages_and_reports_count(
    bundled: Reports, setting: corpus.BoilerplateSetting
) -> None:
    phrases = corpus.measure_boilerplate(bundled, by="phrase", setting=setting)
    passages = corpus.measure_boilerplate(bundled, by="passage", setting=setting)
    counted = passages.groupby("report_id", sort=False)["n_units_covered"].sum()
    assert phrases.groupby("report_id", sort=False)["n_units"].sum().to_dict() == counted[counted > 0].to_dict()
    assert (phrases["n_units"] >= setting.n).all() and (phrases["n_reports"] >= setting.min_reports).all()
    held = phrases.merge(passages, on="report_id", suffixes=("", "_passage"))
    held = held[(held["start"] >= held["start_passage"]) & (held["end"] <= held["end_passage"])]
    assert len(held) == len(phrases) and held["is_boilerplate"].all()
    for row in phrases.itertuples():
        assert bundled[row.report_id].quote(row.start, row.end) == row.text


def test_a_phrase_is_told_with_its_place_and_words() -> None:
    reports = make_reports("甲乙丙推进，依法行政子丑。", "推进依法行政。推进依法行政寅卯。")
    setting = corpus.BoilerplateSetting(n=6, segment="sentence")
    table = corpus.measure_boilerplate(reports, by="phrase", setting=setting)
    assert table["text"].tolist() == ["推进，依法行政", "推进依法行政", "推进依法行政"]
    assert table[["n_units", "n_reports"]].to_numpy().tolist() == [[6, 2]] * 3
    assert table["start"].tolist() == [3, 0, 7]


def test_the_table_by_report_is_that_of_one_setting(bundled: Reports) -> None:
    setting = corpus.BoilerplateSetting(n=6, min_reports=3)
    report = corpus.measure_boilerplate(bundled, setting=setting, intervals=True)
    one = corpus.measure_boilerplate(bundled, by="setting", setting=setting)
    for name in ("share_flagged", "share_covered"):
        assert report[name].tolist() == one[name].tolist()
    assert report["n_stretches"].ge(0).all()
    given = corpus.measure_boilerplate(bundled, intervals=True).dropna(subset=["low"])
    assert len(given) and given["share_flagged"].between(given["low"], given["high"]).all()
    assert given["low"].between(0, 1).all() and given["high"].between(0, 1).all()
    plain = corpus.measure_boilerplate(bundled, setting=setting)
    assert plain[["low", "high", "n_stretches"]].isna().all().all()


def test_two_reports_differ_by_an_interval_of_its_own(bundled: Reports) -> None:
    table = corpus.measure_boilerplate(bundled, by="difference")
    shares = corpus.measure_boilerplate(bundled, intervals=True).set_index("report_id")
    assert len(table) == 10
    for row in table.itertuples():
        one, two = shares.loc[row.report_a], shares.loc[row.report_b]
        assert row.difference == two["share_flagged"] - one["share_flagged"] and row.low < row.difference < row.high
        # Narrower than the sum of both, wider than either.
        widths = [side["high"] - side["low"] for side in (one, two)]
        assert max(widths) < row.high - row.low < sum(widths)


@pytest.mark.parametrize("by", ["others", "difference"])
def test_every_report_against_every_other_is_refused_of_very_many(bundled: Reports, by: Any) -> None:
    many = replace(bundled, items=tuple(replace(bundled[0], report_id=f"r{number}") for number in range(1_001)))
    with pytest.raises(CorpusError, match=f"by='{by}' holds every report against every other, and there are 1,001"):
        corpus.measure_boilerplate(many[:1_001], by=by, role="closing")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "page"}, "by='page' is none of report, difference, passage"),
        ({"by": "passage", "intervals": True}, "by='passage' does not take intervals"),
        ({"by": "setting", "intervals": True}, "by='setting' does not take intervals"),
        ({"by": "measure", "role": "plan"}, "does not take role"),
        ({"by": "report", "allow_small": True}, "does not take allow_small"),
        ({"by": "report", "setting": [corpus.BoilerplateSetting()]}, "takes one setting"),
        (
            {"by": "others", "setting": corpus.BoilerplateSetting(min_reports=3)},
            "counts characters that 2 reports have",
        ),
    ],
)
def test_options_that_do_not_belong_together_are_refused(bundled: Reports, options: Any, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        corpus.measure_boilerplate(bundled, **options)


def test_other_functions_name_what_a_row_can_be(bundled: Reports) -> None:
    for function in (corpus.trace_origins, corpus.find_particulars, corpus.align_years, corpus.trace_chronology):
        with pytest.raises(CorpusError, match="by='page' is none of"):
            function(bundled, by="page")  # type: ignore[operator]


def test_the_phrases_alone_are_one_more_segment(bundled: Reports) -> None:
    shares = tabulate_shares(bundled)
    plain = corpus.measure_boilerplate(bundled, by="setting")
    alone = shares[shares["segment"] == "none"]
    covered = plain[plain["segment"] == "sentence"]["share_covered"]
    assert alone["share_common"].tolist() == covered.tolist()
    assert shares[shares["segment"] != "none"]["share_common"].tolist() == plain["share_flagged"].tolist()
    assert shares["report_label"].unique().tolist() == [report.label for report in bundled]


def test_one_report_has_no_share() -> None:
    one = make_reports("坚持依法行政，推进法治政府建设。")
    shares = tabulate_shares(one)
    assert shares.empty
    assert corpus.measure_boilerplate(one, by="others").empty


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
    peers = corpus.measure_boilerplate(reports, by="others", setting=corpus.BoilerplateSetting(n=4)).set_index(
        ["report_id", "n_others"]
    )["share_flagged"]
    assert peers["a"].tolist() == [pytest.approx(8 / 12)] * 2
    assert peers["b"].tolist() == pytest.approx([0.5, 1.0])


def test_peers_leave_an_empty_report_open() -> None:
    reports = Reports(
        (make_report("a", "法治政府建设。"), make_report("b", "法治政府建设。"), make_report("c", "。。"))
    )
    peers = corpus.measure_boilerplate(reports, by="others", setting=corpus.BoilerplateSetting(n=4)).set_index(
        ["report_id", "n_others"]
    )["share_flagged"]
    assert np.isnan(peers["c", 2])
    assert peers["a"].tolist() == pytest.approx([0.5, 1.0])


def test_peers_need_a_phrase() -> None:
    with pytest.raises(CorpusError, match="n=0"):
        corpus.measure_boilerplate(make_reports("一", "二"), by="others", setting=corpus.BoilerplateSetting(n=0))
