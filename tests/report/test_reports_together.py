"""Reports that are put together, and reports of a table in memory."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from making import make_report, make_reports

import corpus
from corpus.errors import CorpusError
from corpus.field.lexicon import Lexicon
from corpus.report.reports import Reports
from corpus.report.values import Problem

BUNDLED = corpus.load_reports()


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
