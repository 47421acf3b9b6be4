"""Facts, parts, headings and numbers as tables; what each stretch of a file is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from making import BUNDLED as REPORTS
from making import make_report, make_reports

import corpus
from corpus.analysis.report_tables import (
    CANONICAL_ROLES,
    STRETCHES,
    tabulate_facts,
    tabulate_outline,
    tabulate_pages,
    tabulate_roles,
)
from corpus.field.data_files import data_path
from corpus.report.reports import Report, Reports
from corpus.report.values import CATALOGUE_FACTS, FACTS

CASES = Path(__file__).parents[1] / "cases"


def written(tmp_path: Path, text: str) -> Reports:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8", newline="\n")
    return corpus.load_reports(tmp_path)


def test_every_fact_of_every_report_has_a_row() -> None:
    facts = tabulate_facts(REPORTS)
    names = [*FACTS, *CATALOGUE_FACTS]
    assert list(facts["report_id"]) == [report.report_id for report in REPORTS for _ in names]
    assert list(facts["fact"]) == names * len(REPORTS)


def test_a_fact_is_quoted_where_the_text_shows_it() -> None:
    facts = tabulate_facts(corpus.load_reports(data_path("raw"))).set_index(["report_label", "fact"])
    signed = facts.loc[("枣庄 2019", "signed")]
    assert (signed["value"], signed["basis"], signed["quote"]) == ("2020-03-12", "inferred", "2020312")
    assert (signed["start"], signed["end"]) == (2895, 2902)
    assert facts.loc[("长春 2021", "issuer"), ["value", "basis"]].to_list() == ["长春市科学技术局", "inferred"]
    assert facts.loc[("长春 2021", "title")].isna()[["value", "start", "quote"]].all()


def test_an_ambiguous_fact_shows_all_readings(tmp_path: Path) -> None:
    reports = written(
        tmp_path, "枣庄市科学技术局2019年法治政府建设工作报告\n2019年,做了工作。\n枣庄市科学技术局\n2020111\n"
    )
    signed = tabulate_facts(reports).set_index("fact").loc["signed"]
    assert (signed["value"], signed["basis"]) == ("2020-01-11 or 2020-11-01", "ambiguous")


def test_roles_are_listed_also_where_a_report_has_none() -> None:
    roles = tabulate_roles(REPORTS).set_index(["report_id", "role"])
    assert len(roles) == len(REPORTS) * len(CANONICAL_ROLES)
    assert (
        roles.loc[("longgang-2020", "shortcomings"), ["n_parts", "length_chars", "share_of_body"]].to_list() == [0] * 3
    )
    assert not roles.loc[("longgang-2020", "plan"), "is_headed"]


def test_lengths_of_parts_without_a_heading() -> None:
    roles = tabulate_roles(REPORTS).set_index(["report_id", "role"])
    for line in (CASES / "unheaded_parts.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        row = roles.loc[(case["report_id"], case["role"])]
        assert (row["length_chars"], row["is_headed"]) == (case["end"] - case["start"], False)


def test_a_share_is_of_the_text_and_not_of_the_file() -> None:
    roles = tabulate_roles(REPORTS).set_index(["report_id", "role"])
    measures = roles.loc[("yiyuan-2022", "measures")]
    # The part spans 954 characters of the file, 19 of which are cut out of the text.
    assert measures["length_chars"] == 935
    assert measures["share_of_body"] == pytest.approx(935 / 2739)
    assert roles.groupby("report_id")["share_of_body"].sum().lt(1).all()


def test_a_report_without_text_has_shares_of_zero() -> None:
    assert tabulate_roles(make_reports(""))["share_of_body"].eq(0).all()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("2019年完成3项。", ["3"]),
        ("(2016—2020年)要求", []),
        ("枣法办发[2019]9号", ["9"]),
        ("秦科发〔2020〕20号", ["20"]),
        ("发放2000份,培训1.36万人", ["2000", "1.36"]),
        ("金额1,442万元,占92.86%", ["1,442", "92.86"]),
        ("1.全面加强工作。另有2人。", ["2"]),
        ("2019、2020两年", ["2019", "2020"]),
        ("三项制度、一些问题", []),
    ],
)
def test_numbers_are_neither_years_nor_labels(sentence: str, expected: list[str]) -> None:
    outline = tabulate_outline(make_reports(sentence))
    assert outline.loc[outline["mark"] == "number", "text"].tolist() == expected


def test_headings_and_numbers_lead_to_their_words() -> None:
    outline = tabulate_outline(REPORTS)
    inside = {
        (report.report_id, place)
        for report in REPORTS
        for heading in report.headings
        for place in range(heading.label_start, heading.start)
    }
    for row in outline[outline["mark"].isin(("heading", "number"))].itertuples():
        assert REPORTS[str(row.report_id)].raw[row.start : row.end] == row.text
        assert row.mark == "heading" or (row.report_id, row.start) not in inside
    only = outline[(outline["report_id"] == "yiyuan-2022") & (outline["mark"] == "number")]
    assert only[["text", "start", "role"]].to_numpy().tolist() == [["12.4", 758, "measures"]]
    assert not ((outline["role"] == "plan") & (outline["mark"] == "number")).any()


def test_the_outline_holds_each_part_heading_and_number_once() -> None:
    outline = tabulate_outline(REPORTS)
    counts = outline.groupby("mark").size()
    assert counts["body"] == 5
    assert counts["part"] == sum(len(report.parts) for report in REPORTS)
    assert counts["heading"] == 59
    assert counts["number"] == 85
    bodies = outline[outline["mark"] == "body"].set_index("report_id")["length_chars"]
    assert bodies["yiyuan-2022"] == 2739
    assert (outline["begins_chars"] + outline["length_chars"] <= outline["report_id"].map(bodies)).all()


def test_the_outline_counts_text_from_the_beginning_of_the_body() -> None:
    outline = tabulate_outline(REPORTS)
    row = outline[(outline["report_id"] == "yiyuan-2022") & (outline["start"] == 632)].iloc[0]
    assert (row["text"], row["depth"], row["begins_chars"]) == ("（三）进一步加强普法宣传工作", 2, 588)


def test_tables_of_no_reports_have_their_columns() -> None:
    for tabulate in (tabulate_facts, tabulate_roles, tabulate_outline):
        table = tabulate(make_reports())
        assert table.empty
        assert {"report_id", "report_label"} <= set(table.columns)


def test_roles_that_no_rule_asks_for_are_left_out() -> None:
    report: Report = make_report("a", "", parts=[("preamble", "引言。"), ("plan", "下一步。")])
    roles = tabulate_roles(Reports((report,)))
    assert roles[roles["n_parts"] > 0]["role"].to_list() == ["plan"]
    assert roles["share_of_body"].sum() == pytest.approx(4 / 7)


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


def test_what_was_left_out_is_one_row_a_reason_where_many_are_alike(tmp_path: Path) -> None:
    for name in "abcdefg":
        (tmp_path / f"{name}.txt").write_text(
            "市科技局2020年法治政府建设情况报告\n现将情况报告如下。", encoding="utf-8"
        )
    left_out = corpus.tabulate_problems(corpus.load_reports(tmp_path))
    assert left_out[["code", "n_problems"]].to_numpy().tolist() == [["duplicate", 6]]
    assert left_out["files"][0] == ["b.txt", "c.txt", "d.txt", "e.txt", "f.txt", "g.txt"]
    assert corpus.tabulate_problems(REPORTS).empty
