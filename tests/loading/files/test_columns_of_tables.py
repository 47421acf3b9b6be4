"""Columns as people name them, bare years that the texts decide, titles in a column, rows that are one report."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.loading.files.table_rows import choose_columns, read_value

CASES = Path(__file__).parents[2] / "cases"
BODY = (
    "在市委、市政府的坚强领导下，我局全面推进法治政府建设，现将有关情况报告如下：\n一、主要举措和成效\n"
    "（一）加强党的领导。全年召开专题会议{n}次，研究法治建设重点事项11项。\n二、存在的不足和原因\n有的干部学法不够。\n"
)


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def body(number: int, opening: str = "一年来，") -> str:
    return opening + BODY.format(n=number)


def write_table(path: Path, *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


@pytest.mark.parametrize("case", cases("table_columns.jsonl"), ids=lambda case: "-".join(case["columns"]))
def test_columns_are_known_by_the_names_that_people_give(case: dict[str, Any]) -> None:
    chosen = choose_columns(case["columns"], None, "table.csv")
    assert dict(chosen.by_name) == case["read"]
    assert list(chosen.unused) == case["unused"]


@pytest.mark.parametrize("case", cases("table_cells.jsonl"), ids=lambda case: f"{case['name']}-{case['cell']}")
def test_days_years_and_codes_are_read_as_spreadsheets_write_them(case: dict[str, Any]) -> None:
    assert read_value(case["name"], case["cell"]) == case["value"]


def test_what_is_not_used_and_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    rows = (("标题", "点击量", "发布日期", "正文"), ("龙口市司法局2021年法治政府建设情况报告", "12", "昨天", body(1)))
    (report,) = corpus.load_reports(write_table(tmp_path / "t.csv", *rows))
    told = {notice.code: notice.message for notice in report.warnings}
    assert "'点击量'" in told["unused-columns"]
    assert "text from '正文'" in told["unused-columns"]
    assert "'昨天'" in told["unread-value"]
    assert report.value("published") is None


def test_a_column_without_a_name_fills_nothing(tmp_path: Path) -> None:
    rows = (("", "标题", "正文"), ("0", "龙口市司法局2021年法治政府建设情况报告", body(1)))
    (report,) = corpus.load_reports(write_table(tmp_path / "t.csv", *rows))
    assert "0" not in {str(fact.value) for fact in report.facts.values()}


def test_a_title_in_a_column_is_read_like_a_title(tmp_path: Path) -> None:
    title = "宁阳县教育局2022年法治政府建设情况报告"
    path = write_table(tmp_path / "t.csv", ("标题", "正文"), (title, body(1)), (title, f"{title}\n{body(2)}"))
    alone, printed = corpus.load_reports(path)
    for report in (alone, printed):
        assert (report.title, report.issuer, report.year_reviewed) == (title, "宁阳县教育局", 2022)
        assert (report.value("county"), report.value("adcode")) == ("宁阳县", "370921")
    assert alone.facts["issuer"].basis == "inferred"
    assert alone.facts["issuer"].evidence is None
    assert alone.raw == body(1)
    assert printed.facts["issuer"].basis == "stated"
    assert printed.facts["issuer"].evidence is not None


def test_a_title_of_another_report_is_named(tmp_path: Path) -> None:
    title, other = "宁阳县教育局2022年法治政府建设情况报告", "龙口市司法局2022年法治政府建设情况报告"
    (report,) = corpus.load_reports(write_table(tmp_path / "t.csv", ("标题", "正文"), (title, f"{other}\n{body(1)}")))
    assert "disagrees-with-table" in {notice.code for notice in report.warnings}


@pytest.mark.parametrize(("lag", "said"), [(0, "the year reviewed"), (1, "the year of delivery")])
def test_the_texts_decide_what_a_bare_year_is(tmp_path: Path, lag: int, said: str) -> None:
    rows = [(f"{year + lag}", body(year, f"{year}年，")) for year in (2018, 2019, 2021)]
    path = write_table(
        tmp_path / "t.csv", ("年份", "正文"), *rows, (f"{2020 + lag}", body(1)), ("2015", body(2, "2021年，"))
    )
    reports = corpus.load_reports(path)
    years = {report.report_id: report for report in reports}
    assert [years[f"t-{row}"].year_reviewed for row in (1, 2, 3, 4)] == [2018, 2019, 2021, 2020]
    assert years["t-1"].facts["year_reviewed"].basis == "stated"
    assert years["t-4"].facts["year_reviewed"].basis == "inferred"
    split = years["t-5"].facts["year_reviewed"]
    assert (split.value, split.basis, split.readings) == (None, "ambiguous", (2015 - lag, 2021))
    assert "disagrees-with-table" in {notice.code for notice in years["t-5"].warnings}
    (meaning,) = [notice.message for notice in years["t-1"].warnings if notice.code == "year-column"]
    assert said in meaning
    assert "3 of 3" in meaning


def test_a_bare_year_that_no_text_explains_stays_open(tmp_path: Path) -> None:
    (report,) = corpus.load_reports(write_table(tmp_path / "t.csv", ("年份", "正文"), ("2022", body(1))))
    fact = report.facts["year_reviewed"]
    assert (fact.value, fact.readings) == (None, (2021, 2022))
    assert "year-column-open" in {notice.code for notice in report.warnings}


def test_a_day_of_publication_shows_that_a_year_is_that_of_delivery(tmp_path: Path) -> None:
    rows = (("年份", "发布日期", "正文"), ("2022", "2022/2/20", body(1)))
    (report,) = corpus.load_reports(write_table(tmp_path / "t.csv", *rows))
    assert (report.year_reviewed, report.facts["year_reviewed"].basis) == (2021, "inferred")


def test_places_get_their_official_names(tmp_path: Path) -> None:
    rows = (("省份", "城市", "区县", "正文"), ("山东", "烟台", "龙口", body(1)), ("北京", "北京", "朝阳区", body(2)))
    first, second = corpus.load_reports(write_table(tmp_path / "t.csv", *rows))
    places = ("province", "prefecture", "county", "adcode")
    assert [first.value(name) for name in places] == ["山东省", "烟台市", "龙口市", "370681"]
    assert [second.value(name) for name in places] == ["北京市", None, "朝阳区", "110105"]


def test_an_issuer_without_its_place_is_left_to_the_text(tmp_path: Path) -> None:
    title = "宁阳县教育局2022年法治政府建设情况报告"
    rows = (("标题", "发布机构", "正文"), (title, "教育局", body(1)), (title, "宁阳县教育体育局", body(2)))
    first, second = corpus.load_reports(write_table(tmp_path / "t.csv", *rows))
    assert first.issuer == "宁阳县教育局"
    assert not first.warnings
    assert second.issuer == "宁阳县教育体育局"
    assert "disagrees-with-table" in {notice.code for notice in second.warnings}


PIECES = (
    ("issuer", "year", "section", "text"),
    ("甲县教育局", "2021", "1", "2021年，我局推进法治政府建设，现将有关情况报告如下："),
    ("乙县教育局", "2021", "1", body(3, "2021年，")),
    ("甲县教育局", "2021", "2", "一、主要举措和成效"),
    ("甲县教育局", "2021", "3", "全年召开专题会议6次。"),
)


def test_rows_of_one_report_are_joined_in_the_order_of_the_table(tmp_path: Path) -> None:
    path = write_table(tmp_path / "t.csv", *PIECES)
    assert len(corpus.load_reports(path)) == 4
    reports = corpus.load_reports(path, join=["issuer", "year"])
    by_issuer = {report.issuer: report for report in reports}
    joined = by_issuer["甲县教育局"]
    assert joined.raw.split("\n") == [PIECES[row][3] for row in (1, 3, 4)]
    assert joined.landmark(joined.raw.index("全年")) == "row 4"
    assert [report.year_reviewed for report in reports] == [2021, 2021]
    in_memory = corpus.load_reports(pd.DataFrame(list(PIECES[1:]), columns=list(PIECES[0])), join=("issuer", "year"))
    assert [report.raw for report in in_memory] == [report.raw for report in reports]


def test_joining_by_what_is_not_there_is_refused_and_rows_that_differ_are_named(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "t.csv", ("issuer", "title", "text"), ("甲县教育局", "一", "甲。"), ("甲县教育局", "二", "乙。")
    )
    with pytest.raises(CorpusError, match="no column holds 'year' to join rows by"):
        corpus.load_reports(path, join=["year"])
    (report,) = corpus.load_reports(path, join=["issuer"])
    assert "title, which is left out" in {notice.code: notice.message for notice in report.warnings}["rows-differ"]


@pytest.mark.parametrize("report_id", ["../../etc/x", "/abs", "a\nb", "\x1b]0;x\x07", "x" * 500, "..", "\u202e.gpj"])
def test_ids_that_no_screen_and_no_folder_should_get_are_refused_by_name(tmp_path: Path, report_id: str) -> None:
    path = write_table(tmp_path / "t.csv", ("report_id", "text"), (report_id, body(1)), ("good", body(2)))
    reports = corpus.load_reports(path)
    assert [report.report_id for report in reports] == ["good"]
    (problem,) = reports.problems
    assert (problem.code, problem.place) == ("bad-id", "row 1")
