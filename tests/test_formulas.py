"""The inventory of formulas: maximal phrases, their reports and their places."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import make_report, make_reports

import corpus
from corpus.report import Reports
from corpus.values import CorpusError

BUNDLED = corpus.load_reports()


def naive_formulas(texts: list[str], min_reports: int, min_chars: int) -> dict[str, tuple[int, int]]:
    """Return every maximal phrase with its reports and places, by looking at each stretch of each text."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, text in enumerate(texts):
        for start, end in combinations(range(len(text) + 1), 2):
            places.setdefault(text[start:end], []).append((number, start))
    shorter = {
        part
        for phrase, own in places.items()
        for part in (phrase[1:], phrase[:-1])
        if part and len(places[part]) == len(own)
    }
    return {
        phrase: (len({number for number, _ in own}), len(own))
        for phrase, own in places.items()
        if len(phrase) >= min_chars and phrase not in shorter and len({number for number, _ in own}) >= min_reports
    }


@settings(max_examples=80)
@given(st.lists(st.text(alphabet="甲乙", max_size=16), min_size=2, max_size=5), st.integers(2, 3), st.integers(2, 4))
@example(["甲" * 16, "甲" * 13, "甲" * 9], 2, 3)
@example(["甲乙" * 8, "乙甲" * 8, "甲乙" * 5], 3, 2)
@example(["甲乙甲乙乙甲", "乙甲乙乙甲甲", "甲乙乙甲"], 2, 2)
def test_maximal_phrases_are_found_and_nothing_else(texts: list[str], min_reports: int, min_chars: int) -> None:
    table = corpus.find_formulas(make_reports(*texts), min_reports=min_reports, min_chars=min_chars)
    found = {row.key: (row.n_reports, row.n_places) for row in table.itertuples()}
    assert len(found) == len(table)
    assert found == naive_formulas(texts, min_reports, min_chars)


def test_places_of_the_bundled_formulas_lead_back() -> None:
    table = corpus.find_formulas(BUNDLED, min_reports=2)
    for row in table.itertuples():
        report_ids = [report_id for report_id, _, _ in row.places]
        assert list(dict.fromkeys(report_ids)) == row.reports
        assert len(row.reports) == row.n_reports and len(row.places) == row.n_places
        assert len(row.key) == row.length_chars
        for report_id, start, end in row.places:
            report = BUNDLED[report_id]
            assert report.key[slice(*report.key_span(start, end))] == row.key
        report_id, start, end = row.places[0]
        assert row.template == BUNDLED[report_id].quote(start, end)
    assert (table["n_reports"].diff().dropna() <= 0).all()


def test_formulas_of_the_five() -> None:
    table = corpus.find_formulas(BUNDLED).set_index("key")
    assert table.loc["法治政府建设工作", ["n_reports", "n_places"]].tolist() == [5, 10]
    assert table.loc["科技进步法促进科技成果转化法", "template"] == "科技进步法》、《促进科技成果转化法"
    assert table.loc["法治政府建设", ["n_reports", "n_places"]].tolist() == [5, 45]
    assert "法治政府建设工" not in table.index


def test_what_two_reports_share_is_a_formula_on_request() -> None:
    pairs = corpus.find_formulas(BUNDLED, min_reports=2)
    assert "学习宣传宪法和国家基本法律学习科技进步法促进科技成果转化法技术合同法" in set(pairs["key"])
    assert set(corpus.find_formulas(BUNDLED)["key"]) < set(pairs["key"])


def test_a_phrase_repeated_in_one_report_is_no_formula() -> None:
    assert corpus.find_formulas(make_reports("加强组织领导。" * 5, "法治")).empty


def test_one_role_alone() -> None:
    words = "加强法治宣传教育"
    reports = Reports(tuple(make_report(name, words, parts=[("plan", "下一步" + words)]) for name in "abc"))
    assert corpus.find_formulas(reports, role="plan")[["key", "n_places"]].to_numpy().tolist() == [
        ["下一步" + words, 3]
    ]


def test_more_places_than_a_table_can_list_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.analysis.phrases.MOST_PLACES", 100)
    with pytest.raises(CorpusError, match="more than the 100 that a table can list"):
        corpus.find_formulas(make_reports("法治" * 30, "法治" * 30), min_reports=2)


def test_nothing_to_find() -> None:
    columns = list(corpus.find_formulas(BUNDLED).columns)
    for reports in (Reports(()), make_reports(""), make_reports("法治", "科技", "甲")):
        table = corpus.find_formulas(reports)
        assert list(table.columns) == columns and table.empty


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CorpusError, match="min_reports=1"):
        corpus.find_formulas(BUNDLED, min_reports=1)
    with pytest.raises(CorpusError, match="min_chars=1"):
        corpus.find_formulas(BUNDLED, min_chars=1)


def test_twice_is_the_same() -> None:
    pd.testing.assert_frame_equal(corpus.find_formulas(BUNDLED), corpus.find_formulas(BUNDLED))
