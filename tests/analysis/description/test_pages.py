"""What each stretch of a file is, what was changed, and how wide the punctuation is."""

from __future__ import annotations

from pathlib import Path

import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.report_tables import (
    STRETCHES,
    WIDTHS,
    tabulate_fixes,
    tabulate_forms,
    tabulate_pages,
    tabulate_widths,
)
from corpus.report.reports import Reports

REPORTS = corpus.load_reports()


def stretches(reports: Reports, report_id: str) -> list[tuple[str, int, int]]:
    pages = tabulate_pages(reports)
    rows = pages[(pages["report_id"] == report_id) & (pages["mark"] == "stretch")]
    return list(zip(rows["kind"], rows["start"], rows["end"], strict=True))


def test_the_stretches_of_a_file_are_the_whole_file() -> None:
    pages = tabulate_pages(REPORTS)
    for report in REPORTS:
        rows = pages[(pages["report_id"] == report.report_id) & (pages["mark"] == "stretch")]
        assert "".join(rows["quote"]) == report.raw
        assert rows["start"].to_list() == [0, *rows["end"].to_list()[:-1]]
        assert set(rows["kind"]) <= set(STRETCHES)
        assert (rows["length_chars"] == rows["end"] - rows["start"]).all()


def test_a_page_from_its_breadcrumb_to_its_date() -> None:
    assert [row for row in stretches(REPORTS, "zaozhuang-2019") if row[0] != "white space"] == [
        ("clutter", 0, 20),
        ("title", 21, 47),
        ("clutter", 48, 87),
        ("body", 89, 2865),
        ("signature", 2885, 2893),
        ("date", 2895, 2902),
    ]


def test_a_salutation_is_neither_title_nor_body() -> None:
    assert ("salutation", 24, 28) in stretches(REPORTS, "qinan-2020")


def test_what_was_cut_out_of_the_body_is_no_body() -> None:
    assert stretches(REPORTS, "yiyuan-2022")[3:6] == [("body", 25, 613), ("removed", 613, 632), ("body", 632, 2783)]


def test_white_space_inside_the_body_belongs_to_it() -> None:
    assert stretches(make_reports("第一段。\n\n第二段。"), "a") == [("body", 0, 10)]


def test_a_replaced_character_stays_part_of_its_stretch(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("第一段⼀。\r\n第二段。".encode())
    reports = corpus.load_reports(tmp_path)
    assert stretches(reports, "a") == [("body", 0, 11)]
    assert tabulate_fixes(reports)[["name", "start", "end", "before", "after"]].to_numpy().tolist() == [
        ["radical", 3, 4, "⼀", "一"],
        ["line-end", 5, 7, "\r\n", "\n"],
    ]


def test_facts_are_shown_where_the_page_has_them() -> None:
    pages = tabulate_pages(REPORTS)
    evidence = pages[(pages["mark"] == "evidence") & (pages["report_id"] == "longgang-2020")]
    shown = dict(zip(evidence["kind"], evidence["quote"], strict=True))
    assert shown == {
        "issuer": "龙岗区科技创新局",
        "year_reviewed": "2020",
        "published": "2020年12月17日",
        "source": "龙岗区科技创新局",
    }


def test_the_only_change_in_the_five_files() -> None:
    changes = tabulate_fixes(REPORTS)
    assert changes[["report_id", "name", "start", "end", "before", "after"]].to_numpy().tolist() == [
        ["yiyuan-2022", "word-debris", 613, 632, "[bookmark: _GoBack]", ""]
    ]


def test_lengths_of_the_forms() -> None:
    forms = tabulate_forms(REPORTS).set_index("report_id")
    assert forms.loc["yiyuan-2022"].to_list() == ["沂源 2022", 8205, 2785, 2766, 2739, 2455, 1]
    assert forms.loc["changchun-2021", "n_changes"] == 0


def test_each_of_the_five_has_one_width() -> None:
    widths = tabulate_widths(REPORTS).groupby("report_id")[["n_half_width", "n_full_width"]].sum()
    assert widths.loc["yiyuan-2022"].to_list() == [0, 119]
    assert widths.drop("yiyuan-2022")["n_full_width"].eq(0).all()
    assert widths["n_half_width"].to_dict()["qinan-2020"] == 149


@pytest.mark.parametrize(
    ("words", "mark", "half", "full"),
    [
        ("一,二，三,", "，", 2, 1),
        ("金额1,442万元", "，", 0, 0),
        ("时间16:40开始", "：", 0, 0),
        ("时间:十点", "：", 1, 0),
        ("第1,第2", "，", 1, 0),
        ("说明(一)与（二）", "（", 1, 1),
        ("甲;乙；丙", "；", 1, 1),
        ("甲。乙、丙", "，", 0, 0),
    ],
)
def test_marks_by_width(words: str, mark: str, half: int, full: int) -> None:
    row = tabulate_widths(make_reports(words)).set_index("punctuation").loc[mark]
    assert (row["n_half_width"], row["n_full_width"]) == (half, full)


def test_marks_of_one_role() -> None:
    report = make_report("a", "甲,乙,", parts=[("plan", "丙，丁,")])
    rows = tabulate_widths(Reports((report,)), role="plan").set_index("punctuation")
    assert rows.loc["，", ["n_half_width", "n_full_width"]].to_list() == [1, 1]
    assert len(rows) == len(WIDTHS)
    assert tabulate_widths(Reports((report,)), role="closing")["n_half_width"].sum() == 0
