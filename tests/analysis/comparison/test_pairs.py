"""What the measures of pairs say, on small texts and on the bundled reports."""

from __future__ import annotations

import math

import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.comparison.measures_explained import (
    compare_gram_lengths,
    find_extremes,
    split_cosine,
    tabulate_directions,
)
from corpus.errors import CorpusError
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def bundled() -> Reports:
    return corpus.load_reports()


def test_directions_hold_each_pair_twice_in_the_order_of_the_reports() -> None:
    reports = make_reports("甲乙丙丁", "甲乙丙丁戊己", "子丑寅卯")
    table = tabulate_directions(
        reports, corpus.compare_reports(reports, n=2), passages=corpus.find_reuse(reports, min_chars=4)
    )
    pairs = list(zip(table["report_id"], table["other_id"], strict=True))
    assert pairs == [("a", "b"), ("a", "c"), ("b", "a"), ("b", "c"), ("c", "a"), ("c", "b")]
    by_pair = table.set_index(["report_id", "other_id"])
    assert by_pair.loc[("a", "b"), "containment"] == 1
    assert by_pair.loc[("b", "a"), "containment"] == pytest.approx(3 / 5)
    assert by_pair.loc[("a", "b"), "longest_chars"] == by_pair.loc[("b", "a"), "longest_chars"] == 4
    assert by_pair.loc[("a", "c"), "longest_chars"] == 0
    assert table["cosine_tfidf"].isna().all()


def test_directions_of_one_report_are_an_empty_table() -> None:
    reports = make_reports("甲乙丙丁")
    table = tabulate_directions(reports, corpus.compare_reports(reports), passages=corpus.find_reuse(reports))
    assert table.empty
    assert find_extremes(table).empty
    assert compare_gram_lengths(reports, (1, 2)).empty


def test_extremes_name_the_pair_and_count_those_that_are_equal() -> None:
    reports = make_reports("甲乙丙丁", "甲乙丙丁戊己", "子丑寅卯")
    directions = tabulate_directions(
        reports, corpus.compare_reports(reports, n=2), passages=corpus.find_reuse(reports, min_chars=4)
    )
    extremes = find_extremes(directions).set_index("measure")
    assert list(extremes.index) == ["containment", "resemblance", "longest_chars"]
    assert extremes.loc["containment", "highest_in"] == "a in b"
    assert extremes.loc["containment", "lowest_in"] == "a in c, 3 more"
    assert extremes.loc["longest_chars", "highest_in"] == "a and b"
    assert extremes.loc["longest_chars", "lowest_in"] == "a and c, 1 more"


def test_containment_of_the_bundled_reports_by_length_of_gram(bundled: Reports) -> None:
    table = compare_gram_lengths(bundled, (2, 8)).set_index("n")
    assert table.loc[8, "highest"] == pytest.approx(44 / 1749)
    assert table.loc[8, "highest_in"] == "龙岗 2020 in 沂源 2022"
    pairs = corpus.compare_reports(bundled, n=2)
    both = pairs[["containment_a_in_b", "containment_b_in_a"]]
    assert table.loc[2, "highest"] == both.max(axis=None)
    assert table.loc[2, "lowest"] == both.min(axis=None)


def test_gram_lengths_leave_out_a_report_without_a_gram() -> None:
    table = compare_gram_lengths(make_reports("甲乙丙", "甲乙丙丁", "子"), (2,))
    assert table.loc[0, "highest_in"] == "a in b"
    assert table.loc[0, "lowest_in"] == "a in c"
    assert not table.isna().to_numpy().any()


def test_words_of_a_cosine_add_up_to_it(bundled: Reports) -> None:
    words = split_cosine(bundled, "changchun-2021", report_b="yiyuan-2022")
    assert math.fsum(words["share_of_cosine"]) == pytest.approx(1)
    assert words["share_of_cosine"].round(12).is_monotonic_decreasing
    assert (words["n_reports"] < len(bundled)).all()
    of_year = words[words["word"] == "2022"].iloc[0]
    assert (of_year["n_in_a"], of_year["n_in_b"], of_year["n_reports"]) == (2, 3, 2)
    turned = split_cosine(bundled, "yiyuan-2022", report_b="changchun-2021")
    assert list(turned["word"]) == list(words["word"])


def test_words_of_a_cosine_need_five_different_reports(bundled: Reports) -> None:
    with pytest.raises(CorpusError, match="5 reports or more, not 4"):
        split_cosine(bundled[:4], "zaozhuang-2019", report_b="qinan-2020")
    twice = make_report("again", bundled["qinan-2020"].raw)
    same = Reports((*bundled[:4], twice), lexicon=bundled.lexicon)
    with pytest.raises(CorpusError, match="not 4"):
        split_cosine(same, "zaozhuang-2019", report_b="again")
    with pytest.raises(CorpusError, match="no report is called 'jinan-2019'"):
        split_cosine(bundled, "jinan-2019", report_b="qinan-2020")
