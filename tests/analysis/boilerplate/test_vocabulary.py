"""Formulaic and particular words, and which of them are drawn."""

from __future__ import annotations

import pandas as pd
import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.boilerplate.phrase_holders import choose_clouds, tabulate_vocabulary
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports

COMMON = "坚持民主集中的会议决定原则"


def _words(table: pd.DataFrame, vocabulary: str) -> dict[str, int]:
    own = table[table["vocabulary"] == vocabulary]
    return dict(zip(own["word"], own["n_places"], strict=True))


def test_words_of_common_phrases_are_formulaic_and_words_of_one_report_particular() -> None:
    reports = make_reports(
        f"{COMMON}。苹果丰收，苹果销售。会议召开。", f"{COMMON}。会议结束。", "会议讨论。", lexicon=Lexicon()
    )
    table = tabulate_vocabulary(reports)
    formulaic, particular = _words(table, "formulaic"), _words(table, "particular")
    # 会议 stands elsewhere too; only its two places in the common phrase count.
    assert formulaic["会议"] == 2
    assert set(formulaic) <= {"坚持", "民主", "集中", "民主集中", "会议", "决定", "原则"}
    assert particular["苹果"] == 2
    assert not set(formulaic) & set(particular)
    assert table.set_index("word").at["会议", "n_reports"] == 3
    assert table.set_index("word").at["苹果", "report_id"] == "a"


def test_every_place_of_a_word_reads_as_the_word() -> None:
    reports = corpus.load_reports()
    table = tabulate_vocabulary(reports)
    assert {"formulaic", "particular"} == set(table["vocabulary"])
    for word, n_places, places in zip(table["word"], table["n_places"], table["places"], strict=True):
        assert len(places) == n_places
        assert {reports[report_id].quote(start, end) for report_id, start, end in places} == {word}


def test_stop_words_figures_single_characters_and_own_places_are_left_out() -> None:
    lexicon = Lexicon(stop_words=("已经",), words=("秦安县",))
    items = (
        make_report("a", "秦安县已经验收2020年桃项目。秦安建成。", county="秦安县"),
        make_report("b", "别的报告。", county="沂源县"),
    )
    table = tabulate_vocabulary(Reports(items, lexicon=lexicon))
    words = set(table["word"])
    assert "验收" in words
    assert not words & {"已经", "秦安县", "秦安", "2020", "桃"}


def test_one_report_has_neither() -> None:
    table = tabulate_vocabulary(make_reports("坚持依法行政，坚持依法行政。"))
    assert table.empty
    assert "places" in table.columns
    assert choose_clouds(table).empty


def test_thresholds_are_those_of_the_formulas() -> None:
    with pytest.raises(CorpusError, match="min_reports=1"):
        tabulate_vocabulary(make_reports("一句话。", "一句话。"), min_reports=1)


def _vocabulary(*counts: int, vocabulary: str = "particular", report_id: str | None = "a") -> pd.DataFrame:
    words = [f"词{number}" for number in range(len(counts))]
    return pd.DataFrame({"word": words, "n_places": counts}).assign(
        vocabulary=vocabulary, report_id=report_id, report_label=report_id, n_reports=1, places=[[]] * len(words)
    )


def test_a_cloud_never_parts_words_of_one_count() -> None:
    kept = choose_clouds(_vocabulary(5, 3, 3, 2, 2, 2, 1), most_words=4)
    assert kept["n_places"].tolist() == [5, 3, 3]


def test_words_at_one_place_are_left_out_where_others_have_more() -> None:
    assert choose_clouds(_vocabulary(2, 1, 1))["n_places"].tolist() == [2]
    assert len(choose_clouds(_vocabulary(1, 1, 1), most_words=2)) == 2


def test_each_report_has_a_cloud_up_to_ten_reports() -> None:
    def clouds(n_reports: int) -> list[str]:
        own = [_vocabulary(2, report_id=f"r{number:02}") for number in range(n_reports)]
        table = pd.concat([_vocabulary(3, vocabulary="formulaic", report_id=None), *own])
        return choose_clouds(table)["cloud"].unique().tolist()

    assert clouds(2) == ["formulaic", "r00", "r01"]
    assert len(clouds(10)) == 11
    assert clouds(11) == ["formulaic", "particular"]
