"""One function for all of boilerplate: what a row is, and which options belong to it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from making import make_reports

import corpus
from corpus.errors import CorpusError
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def bundled() -> Reports:
    return corpus.load_reports()


@pytest.mark.parametrize(
    "setting",
    [
        corpus.BoilerplateSetting(),
        corpus.BoilerplateSetting("word", 2, 2, "sentence"),
        corpus.BoilerplateSetting("character", 4, 3, "phrase", "file"),
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
    one = corpus.measure_boilerplate(bundled, by="setting", setting=setting, intervals=True)
    for name, there in {"share_flagged": "share_flagged", "low": "low_flagged", "high": "high_flagged"}.items():
        pd.testing.assert_series_equal(report[name], one[there], check_names=False)
    plain = corpus.measure_boilerplate(bundled, setting=setting)
    assert plain[["low", "high", "n_stretches"]].isna().all().all()
    assert plain["share_covered"].tolist() == report["share_covered"].tolist() == one["share_covered"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "page"}, "by='page' is none of report, passage"),
        ({"by": "passage", "intervals": True}, "by='passage' does not take intervals; it takes role, setting"),
        ({"by": "measure", "role": "plan"}, "does not take role"),
        ({"by": "report", "allow_small": True}, "does not take allow_small"),
        ({"by": "report", "setting": [corpus.BoilerplateSetting()]}, "takes one setting"),
        ({"by": "others", "setting": corpus.BoilerplateSetting(min_reports=3)}, "counts characters of bodies"),
    ],
)
def test_options_that_do_not_belong_together_are_refused(bundled: Reports, options: Any, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        corpus.measure_boilerplate(bundled, **options)


def test_other_functions_name_what_a_row_can_be(bundled: Reports) -> None:
    for function in (corpus.trace_origins, corpus.find_particulars, corpus.align_years, corpus.compare_years):
        with pytest.raises(CorpusError, match="by='page' is none of"):
            function(bundled, by="page")  # type: ignore[operator]
