"""Boilerplate: the table of the five, each setting, and the shares of reports."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.boilerplate.definitions import BoilerplateSetting, every_setting
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports
from corpus.report.values import Layout, Span

IDS = [report.report_id for report in BUNDLED]


def published_shares() -> Iterator[dict[str, str]]:
    path = Path(__file__).parents[2] / "cases" / "boilerplate_shares.csv"
    with path.open(encoding="utf-8", newline="\n") as file:
        yield from csv.DictReader(file)


def test_table_of_the_five_is_reproduced() -> None:
    # Measured on whole files, with jieba's own dictionary.
    layouts = (Layout(Span(0, len(report.raw))) for report in BUNDLED)
    whole = (
        replace(report, layout=layout, headings=(), parts=()) for report, layout in zip(BUNDLED, layouts, strict=True)
    )
    plain = Reports(tuple(whole), lexicon=Lexicon())
    rows = list(published_shares())
    settings = [BoilerplateSetting(row["unit"], int(row["n"]), 2, row["segment"]) for row in rows[::2]]  # type: ignore[arg-type]
    table = corpus.measure_boilerplate(plain, by="setting", setting=settings).set_index(
        ["unit", "n", "segment", "report_id"]
    )
    assert len(rows) == 10
    for row in rows:
        for report_id in IDS:
            measured = table.loc[(row["unit"], int(row["n"]), row["segment"], report_id), row["measure"]]
            assert measured == pytest.approx(float(row[report_id]), abs=0.01), (row, report_id)


def test_passages_by_hand() -> None:
    reports = make_reports("加强法治宣传教育。科技。", "加强法治宣传教育，完。", "加强法治工作。")
    setting = BoilerplateSetting(n=4, segment="sentence")
    table = corpus.measure_boilerplate(reports, setting=setting, by="passage")
    columns = ["report_id", "text", "n_units", "n_units_covered", "n_reports", "is_boilerplate"]
    assert table[columns].to_numpy().tolist() == [
        ["a", "加强法治宣传教育。", 8, 8, 3, True],
        ["a", "科技。", 2, 0, 0, False],
        ["b", "加强法治宣传教育，完。", 9, 8, 3, True],
        ["c", "加强法治工作。", 6, 4, 3, True],
    ]
    shares = corpus.measure_boilerplate(reports, setting=setting)
    assert shares["share_flagged"].tolist() == [0.8, 1, 1]
    assert shares["share_covered"].tolist() == [0.8, 8 / 9, 4 / 6]
    stricter = corpus.measure_boilerplate(reports, setting=replace(setting, n=5, min_reports=3), by="passage")
    assert not stricter["is_boilerplate"].any() and stricter["n_reports"].tolist() == [2, 0, 2, 1]


def test_words_by_hand() -> None:
    reports = make_reports("全面推进依法行政。", "全面推进，依法行政！")
    two = BoilerplateSetting("word", 2, 2, "clause")
    table = corpus.measure_boilerplate(reports, setting=two, by="passage")
    assert table[["text", "n_units", "n_units_covered"]].to_numpy().tolist() == [
        ["全面推进依法行政。", 3, 2],
        ["全面推进，", 2, 2],
        ["依法行政！", 1, 0],
    ]


def test_no_phrase_is_counted_across_the_end_of_a_segment() -> None:
    reports = make_reports("加强法治，宣传教育", "加强法治宣传教育")
    clause = BoilerplateSetting(n=8, segment="clause")
    assert not corpus.measure_boilerplate(reports, setting=clause, by="passage")["is_boilerplate"].any()
    sentence = BoilerplateSetting(n=8, segment="sentence")
    assert corpus.measure_boilerplate(reports, setting=sentence, by="passage")["is_boilerplate"].all()


@pytest.mark.parametrize("unit", ["character", "word"])
def test_a_line_without_letters_has_no_units(unit: str) -> None:
    setting = BoilerplateSetting(unit, 2, segment="sentence")  # type: ignore[arg-type]
    reports = make_reports("推进依法行政。\n——\n", "推进依法行政。", "——")
    table = corpus.measure_boilerplate(reports, setting=setting, by="passage")
    assert (
        table.loc[table["text"] == "——", ["n_units", "share_covered", "is_boilerplate"]].to_numpy().tolist()
        == [[0, 0, False]] * 2
    )
    shares = corpus.measure_boilerplate(reports, setting=setting)
    assert shares["share_flagged"].tolist()[:2] == [1, 1] and math.isnan(shares["share_flagged"][2])


def test_a_phrase_repeated_in_one_report_is_not_boilerplate() -> None:
    table = corpus.measure_boilerplate(make_reports("加强法治宣传教育。" * 3, "甲。"), by="passage")
    assert table["n_reports"].tolist() == [1, 1, 1, 0] and not table["is_boilerplate"].any()


def test_passages_of_the_five_quote_their_places() -> None:
    table = corpus.measure_boilerplate(BUNDLED, by="passage")
    passages = corpus.tabulate_passages(BUNDLED, "clause")
    columns = ["report_id", "start", "end", "text", "section", "role", "is_heading"]
    pd.testing.assert_frame_equal(table[columns], passages[columns])
    assert (table["n_units_covered"] <= table["n_units"]).all()
    assert table["share_covered"].between(0, 1).all()
    assert table.attrs["setting"] == {
        "unit": "character",
        "n": 8,
        "min_reports": 2,
        "segment": "clause",
    }


@pytest.mark.parametrize("unit", ["character", "word"])
def test_shares_of_reports_are_the_same_on_both_ways(unit: str) -> None:
    setting = BoilerplateSetting(unit, 4, 2, "sentence")  # type: ignore[arg-type]
    scores = corpus.measure_boilerplate(BUNDLED, setting=setting, by="passage")
    shares = corpus.measure_boilerplate(BUNDLED, setting=setting)
    flagged = scores["n_units"].where(scores["is_boilerplate"], 0).groupby(scores["report_id"], sort=False).sum()
    assert (flagged / shares.set_index("report_id")["n_units"]).tolist() == shares["share_flagged"].tolist()
    table = corpus.measure_boilerplate(BUNDLED, by="setting", setting=[setting])
    columns = ["report_id", "n_units", "share_flagged", "share_covered"]
    pd.testing.assert_frame_equal(table[columns], shares[columns])


def test_every_setting_has_a_row_for_every_report_and_they_are_in_order() -> None:
    table = corpus.measure_boilerplate(BUNDLED, by="setting")
    settings = every_setting(5)
    assert len(settings) == (4 + 5) * 4 * 3 and len(table) == 5 * len(settings)
    assert table["report_id"].tolist() == IDS * len(settings)
    assert (table["share_covered"] <= table["share_flagged"]).all()
    by_threshold = table.pivot_table(
        index=["report_id", "unit", "n", "segment"], columns="min_reports", values="share_flagged"
    )
    assert (by_threshold.diff(axis=1).iloc[:, 1:] <= 0).all(axis=None), "a higher threshold flags less"
    by_segment = table.pivot_table(
        index=["report_id", "unit", "n", "min_reports"], columns="segment", values="share_flagged"
    )
    assert (by_segment["phrase"] <= by_segment["sentence"]).all()


def test_one_role_is_held_against_the_same_role_of_the_others() -> None:
    words = "加强法治宣传教育。"
    reports = Reports(
        (
            make_report("a", words, parts=[("plan", "下一步抓好落实。")]),
            make_report("b", "甲。", parts=[("plan", words)]),
        )
    )
    assert corpus.measure_boilerplate(reports, by="passage")["is_boilerplate"].tolist() == [True, False, False, True]
    assert not corpus.measure_boilerplate(reports, role="plan", by="passage")["is_boilerplate"].any()
    nothing = corpus.measure_boilerplate(reports, by="setting", setting=[BoilerplateSetting()], role="closing")
    assert nothing["n_units"].tolist() == [0, 0] and nothing["share_flagged"].isna().all()


def test_no_reports_give_empty_tables() -> None:
    scores = corpus.measure_boilerplate(Reports(()), by="passage")
    assert list(scores.columns) == list(corpus.measure_boilerplate(BUNDLED, by="passage").columns) and scores.empty
    for setting in (BoilerplateSetting(), BoilerplateSetting("word")):
        assert corpus.measure_boilerplate(Reports(()), by="setting", setting=[setting]).empty
        assert corpus.measure_boilerplate(make_reports("", ""), setting=setting, by="passage").empty


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"unit": "letter"}, "unit='letter'"), ({"segment": "page"}, "segment='page'"), ({"n": 0}, "n=0"),
     ({"min_reports": 1}, "min_reports=1")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, str | int], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        BoilerplateSetting(**wrong)  # type: ignore[arg-type]
