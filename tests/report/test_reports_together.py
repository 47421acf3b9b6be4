"""Reports that are put together, and reports of a table in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports
from making_files import make_docx

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports
from corpus.report.values import Problem


def test_reports_stand_in_their_order_and_each_counts_once() -> None:
    both = BUNDLED[3:] + BUNDLED[:4]
    assert [report.report_id for report in both] == [report.report_id for report in BUNDLED]
    assert both.lexicon is BUNDLED.lexicon and both.problems == BUNDLED.problems
    unknown, later = make_report("x", "甲。"), make_report("a", "乙。", year_reviewed=2030)
    assert [report.report_id for report in Reports((unknown,)) + Reports((later,))] == ["a", "x"]


def test_problems_are_joined_and_told_once() -> None:
    one, two = Problem("1.txt", "", "empty", "nothing", "look"), Problem("2.txt", "", "empty", "nothing", "look")
    both = replace(BUNDLED[:1], problems=(one,)) + replace(BUNDLED[1:2], problems=(two, one))
    assert both.problems == (one, two)


def test_the_same_name_for_two_reports_is_refused() -> None:
    with pytest.raises(CorpusError, match=r"'a' is the name of two different reports, a\.txt and a\.txt; give one"):
        make_reports("甲乙丙。") + make_reports("丁戊己。")


def test_the_same_file_under_another_name_is_left_out_and_named() -> None:
    both = make_reports("甲乙丙。", "丁戊己。") + Reports((make_report("c", "丁戊己。"), make_report("d", "庚。")))
    assert [report.report_id for report in both] == ["a", "b", "d"]
    (problem,) = both.problems
    assert (problem.file, problem.code, problem.message) == (
        "c.txt",
        "duplicate",
        "the same bytes as b, which is counted once",
    )


def test_no_reports_bring_no_vocabulary() -> None:
    assert (Reports(()) + BUNDLED).lexicon is BUNDLED.lexicon
    assert (BUNDLED + Reports(())).lexicon is BUNDLED.lexicon != Lexicon()
    assert sum((BUNDLED[place : place + 1] for place in range(5)), Reports(())).items == BUNDLED.items
    with pytest.raises(TypeError):
        BUNDLED + list(BUNDLED)  # type: ignore[operator]


def test_reports_of_a_table_are_those_that_are_loaded_from_it() -> None:
    rows = pd.DataFrame({"name": ["one", "two"], "words": ["某县科技局 2021 年法治政府建设情况报告。", "甲乙丙。"]})
    columns = {"report_id": "name", "text": "words"}
    made = corpus.load_reports(rows, columns=columns)
    assert [(report.report_id, report.raw) for report in made] == list(rows.itertuples(index=False, name=None))
    assert {report.source.file for report in made} == {"table"}
    with pytest.raises(CorpusError):
        corpus.load_reports(pd.DataFrame({"n": [1]}))


REPORT = (
    "沂源县科技局2021年法治政府建设情况报告\n2021年，我局推进依法行政，现报告如下：\n一、主要举措\n学习四次，办理12件。"
)


def test_one_report_in_several_formats_counts_once_as_the_plainest(tmp_path: Path) -> None:
    lines = REPORT.split("\n")
    (tmp_path / "a.docx").write_bytes(make_docx(lines))
    (tmp_path / "b.html").write_text(f"<nav>首页 &gt; 公开</nav>{''.join(f'<p>{line}</p>' for line in lines)}", "utf-8")
    (tmp_path / "c.txt").write_text(REPORT.replace("我局", "我局 "), encoding="utf-8")
    (tmp_path / "corrected.txt").write_text(REPORT.replace("12件", "13件"), encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    assert [report.report_id for report in reports] == ["c", "corrected"]
    assert [(problem.file, problem.code) for problem in reports.problems] == [
        ("a.docx", "same-report"), ("b.html", "same-report")
    ]  # fmt: skip
    assert "c.txt" in reports.problems[0].message
    apart = [corpus.load_reports(tmp_path / name) for name in ("a.docx", "c.txt")]
    assert [report.report_id for report in apart[0] + apart[1]] == ["c"]


def test_what_is_signed_on_two_days_is_two_versions(tmp_path: Path) -> None:
    for day in (1, 5):
        (tmp_path / f"{day}.txt").write_text(f"{REPORT}\n沂源县科技局\n2022年1月{day}日", encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    assert (len(reports), reports.problems) == (2, ())


def test_the_same_text_under_two_issuers_is_two_reports(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(REPORT + "\n" * (name == "b"), encoding="utf-8")
    rows = "report_id,file,issuer\na,a.txt,沂源县科学技术局\nb,b.txt,沂水县科学技术局\n"
    (tmp_path / "catalogue.csv").write_text(rows, encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    assert (len(reports), reports.problems) == (2, ())
    assert [notice.code for notice in reports["b"].warnings if notice.code == "same-text"] == ["same-text"]


def test_an_issuer_whose_place_one_report_shows_is_one_issuer() -> None:
    texts = [
        "朝阳区司法局2020年法治政府建设情况报告\n2020年，我局推进依法行政。",
        "朝阳区司法局2021年法治政府建设情况报告\n2021年，我局在长春市的领导下推进依法行政。长春市人民政府印发办法。",
    ]
    open_one, shown = corpus.load_reports(pd.DataFrame({"text": texts}))
    assert (open_one.value("adcode"), shown.value("adcode")) == (None, "220104")
    assert open_one.issuer_key == shown.issuer_key == "220104 司法局"
    (alone,) = corpus.load_reports(pd.DataFrame({"text": texts[:1]}))
    assert alone.issuer_key == "朝阳区司法局"


def test_places_in_the_text_of_another_give_no_issuer_its_code() -> None:
    text = "2021年，枣庄市科学技术局推进依法行政，现报告如下：\n一、主要举措\n学习四次。"
    rows = pd.DataFrame({"text": [text, text + "好。"], "issuer": ["s0001", "沂源县科技局"]})
    first, second = corpus.load_reports(rows)
    assert (first.value("adcode"), first.issuer_key) == (None, "s0001")
    assert (second.value("adcode"), second.value("county"), second.value("prefecture")) == (
        "370323",
        "沂源县",
        "淄博市",
    )
