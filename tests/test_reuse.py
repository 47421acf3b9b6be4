"""Shared passages: every exact match, its places, and what it leaves alone."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import make_report, make_reports

import corpus
from corpus.report import Report, Reports
from corpus.values import CorpusError

BUNDLED = corpus.load_reports()
GOLDEN = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "shared_passages.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = st.lists(st.text(alphabet="甲乙，", max_size=40), min_size=2, max_size=4)


def naive_matches(a: Report, b: Report, min_chars: int) -> set[tuple[int, int, int]]:
    """Return (key start in a, key start in b, length) of all maximal matches, by comparing each place with each."""
    found = set()
    for p in range(len(a.key)):
        for q in range(len(b.key)):
            if p and q and a.key[p - 1] == b.key[q - 1]:
                continue
            length = 0
            while p + length < len(a.key) and q + length < len(b.key) and a.key[p + length] == b.key[q + length]:
                length += 1
            if length >= min_chars:
                found.add((p, q, length))
    return found


@settings(max_examples=60)
@given(TEXTS)
@example(["甲乙" * 20, "甲乙" * 15])
@example(["甲" * 40, "甲" * 40, "乙" + "甲" * 9 + "乙"])
def test_every_maximal_match_is_found_once_and_nothing_else(texts: list[str]) -> None:
    reports = make_reports(*texts)
    table = corpus.find_reuse(reports, min_chars=4)
    for a, b in combinations(reports, 2):
        own = table[(table["report_a"] == a.report_id) & (table["report_b"] == b.report_id)]
        rows = [
            (a.key_span(row.start_a, row.end_a)[0], b.key_span(row.start_b, row.end_b)[0], row.matched_chars)
            for row in own.itertuples()
        ]
        assert len(rows) == len(set(rows))
        assert set(rows) == naive_matches(a, b, 4)


@settings(max_examples=60)
@given(TEXTS)
def test_spans_lead_to_the_matched_characters(texts: list[str]) -> None:
    reports = make_reports(*texts)
    for row in corpus.find_reuse(reports, min_chars=4).itertuples():
        a, b = reports[row.report_a], reports[row.report_b]
        matched = a.key[slice(*a.key_span(row.start_a, row.end_a))]
        assert matched == b.key[slice(*b.key_span(row.start_b, row.end_b))]
        assert len(matched) == row.matched_chars and row.similarity == 1
        assert row.text_a == a.raw[row.start_a : row.end_a] and row.text_b == b.raw[row.start_b : row.end_b]
        assert row.text_a[0].isalnum() and row.text_a[-1].isalnum()


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="甲乙", min_size=4, max_size=10), min_size=3, max_size=4))
@example(["甲甲乙乙甲", "甲甲乙乙甲", "甲甲乙乙乙乙乙甲"])
@example(["甲乙乙甲甲", "乙乙甲甲乙乙甲甲", "甲乙乙甲甲"])
def test_what_too_many_reports_have_is_a_formula(texts: list[str]) -> None:
    reports = make_reports(*texts)
    formulas = corpus.find_formulas(reports, min_reports=3, min_chars=4)
    in_formulas = {
        (report_id, place)
        for places in formulas["places"]
        for report_id, start, end in places
        for place in range(start, end - 3)
    }
    in_rows = {
        (row.report_a, row.start_a + step, row.report_b, row.start_b + step)
        for row in corpus.find_reuse(reports, min_chars=4, max_reports=2).itertuples()
        for step in range(row.matched_chars - 3)
    }
    for a, b in combinations(reports, 2):
        for p, q in product(range(len(a.raw) - 3), range(len(b.raw) - 3)):
            gram = a.raw[p : p + 4]
            if gram == b.raw[q : q + 4] and (a.report_id, p, b.report_id, q) not in in_rows:
                assert sum(gram in report.raw for report in reports) > 2
                assert {(a.report_id, p), (b.report_id, q)} <= in_formulas


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"{golden['a']}-{golden['b']}")
def test_golden_passages_come_out(golden: dict[str, str]) -> None:
    table = corpus.find_reuse(BUNDLED)
    own = table[(table["report_a"] == golden["a"]) & (table["report_b"] == golden["b"])]
    longest = own.loc[own["matched_chars"].idxmax()]
    report = BUNDLED[golden["a"]]
    assert report.key[slice(*report.key_span(longest["start_a"], longest["end_a"]))] == golden["key"]
    assert longest["matched_chars"] == golden["length_chars"]
    assert longest["text_a"] != longest["text_b"], "the two print punctuation of different width"


def test_moved_and_repeated_passages_are_all_found() -> None:
    one, two = "加强组织领导落实工作责任", "深入开展法治宣传教育活动"
    table = corpus.find_reuse(make_reports(f"{one}。甲{two}。", f"{two}；乙{one}，丙{one}！"))
    assert list(table["text_a"]) == [one, one, two]
    assert list(table["start_b"]) == [14, 28, 0]


def test_a_match_does_not_cross_the_end_of_the_region() -> None:
    words = "加强组织领导落实工作责任"
    reports = Reports(
        (
            make_report("a", "", parts=[("measures", words), ("plan", words)]),
            make_report("b", "", parts=[("measures", words), ("plan", words)]),
        )
    )
    assert corpus.find_reuse(reports)["matched_chars"].tolist() == [24, 12, 12]
    plans = corpus.find_reuse(reports, role="plan")
    assert plans["matched_chars"].tolist() == [12] and plans["start_a"].tolist() == [12]


def test_a_report_is_not_compared_with_itself_and_short_matches_are_left() -> None:
    assert corpus.find_reuse(make_reports("加强组织领导落实工作责任" * 3, "甲")).empty
    words = "加强组织领导落实工作责任"
    assert corpus.find_reuse(make_reports(words[:11] + "甲", words[:11] + "乙")).empty
    assert len(corpus.find_reuse(make_reports(words + "甲", words + "乙"))) == 1


def test_later_report_stands_on_the_right_and_rows_are_in_order() -> None:
    table = corpus.find_reuse(BUNDLED, min_chars=8)
    number = {report.report_id: place for place, report in enumerate(BUNDLED)}
    keys = [(number[row.report_a], number[row.report_b], row.start_a, row.start_b) for row in table.itertuples()]
    assert keys == sorted(keys) and all(a < b for a, b, *_ in keys)
    backwards = corpus.find_reuse(replace(BUNDLED, items=BUNDLED.items[::-1]), min_chars=8)
    assert len(backwards) == len(table)
    assert sorted(backwards["text_b"]) == sorted(table["text_a"])


def test_work_in_small_portions_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = corpus.find_reuse(BUNDLED, min_chars=6)
    monkeypatch.setattr("corpus.analysis.reuse._PAIRS_AT_ONCE", 5)
    monkeypatch.setattr("corpus.analysis.reuse._COMPARED_AT_ONCE", 64)
    pd.testing.assert_frame_equal(corpus.find_reuse(BUNDLED, min_chars=6), whole)


def test_nothing_to_find() -> None:
    columns = list(corpus.find_reuse(BUNDLED).columns)
    for reports in (Reports(()), BUNDLED[:1], make_reports("", ""), make_reports("法治", "科技")):
        table = corpus.find_reuse(reports)
        assert list(table.columns) == columns and table.empty


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CorpusError, match="min_chars=3"):
        corpus.find_reuse(BUNDLED, min_chars=3)
    with pytest.raises(CorpusError, match="max_reports=1"):
        corpus.find_reuse(BUNDLED, max_reports=1)
