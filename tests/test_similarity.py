"""How alike two reports are."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_report, make_reports

import corpus
from corpus.analysis.similarity import containment, cosine, grams, resemblance, tfidf_weights
from corpus.report import Reports
from corpus.values import CorpusError

BUNDLED = corpus.load_reports()
KEYS = st.text(alphabet="甲乙丙", max_size=20)
WEIGHTS = st.dictionaries(st.sampled_from("abcd"), st.floats(0, 5), max_size=4)


def test_measures_by_hand() -> None:
    a, b = grams("法治政府建设", 2), grams("法治政府工作报告", 2)
    assert a == {"法治", "治政", "政府", "府建", "建设"} and len(b) == 7
    assert containment(a, b) == 3 / 5 and containment(b, a) == 3 / 7
    assert resemblance(a, b) == 3 / 9
    assert cosine({"a": 3, "b": 4}, {"b": 2}) == pytest.approx(0.8)


@given(KEYS, KEYS, st.integers(1, 3))
def test_measures_lie_between_0_and_1_and_resemblance_has_no_direction(a: str, b: str, n: int) -> None:
    one, other = grams(a, n), grams(b, n)
    for measure in (containment, resemblance):
        assert 0 <= measure(one, other) <= 1
        assert measure(one, one) == 1
    assert resemblance(one, other) == resemblance(other, one)
    assert resemblance(one, other) <= min(containment(one, other), containment(other, one))


@given(WEIGHTS, WEIGHTS)
def test_cosine_lies_between_0_and_1_and_has_no_direction(a: dict[str, float], b: dict[str, float]) -> None:
    assert 0 <= cosine(a, b) <= 1
    assert cosine(a, b) == cosine(b, a)
    assert cosine(a, a) == pytest.approx(1)


def test_a_text_against_nothing() -> None:
    nothing, something = grams("", 2), grams("法治", 2)
    assert containment(something, nothing) == containment(nothing, something) == resemblance(something, nothing) == 0
    assert containment(nothing, nothing) == resemblance(nothing, nothing) == 1
    assert cosine({}, {"a": 1}) == 0 and cosine({}, {}) == 1 and cosine({"a": 0}, {"a": 1}) == 0


def test_tfidf_by_hand() -> None:
    weights = tfidf_weights({"法治": 3, "科技": 1}, {"法治": 2, "科技": 5}, n_reports=5)
    assert weights["法治"] == pytest.approx((1 + math.log(3)) / (1 + math.log(2)) * math.log(5 / 2))
    assert weights["科技"] == 0
    assert tfidf_weights({}, {}, n_reports=5) == {}


@pytest.mark.parametrize("n", [2, 8])
def test_table_gives_the_measures_of_the_sets(n: int) -> None:
    table = corpus.compare_reports(BUNDLED, n=n)
    bodies = {report.report_id: report.key[slice(*report.key_span(*report.layout.body))] for report in BUNDLED}
    assert list(zip(table["report_a"], table["report_b"], strict=True)) == list(combinations(bodies, 2))
    for row in table.itertuples():
        a, b = grams(bodies[row.report_a], n), grams(bodies[row.report_b], n)
        assert (row.n_grams_a, row.n_grams_b, row.n_shared_grams) == (len(a), len(b), len(a & b))
        assert (row.containment_a_in_b, row.containment_b_in_a) == (containment(a, b), containment(b, a))
        assert row.resemblance == resemblance(a, b)


def test_cosine_by_hand_from_the_words_of_the_table() -> None:
    counts = {
        report_id: own["word"].value_counts().to_dict()
        for report_id, own in corpus.tabulate_words(BUNDLED).groupby("report_id")
    }
    n_holders: dict[str, int] = {}
    for own in counts.values():
        for word in own:
            n_holders[word] = n_holders.get(word, 0) + 1
    weights = {report_id: tfidf_weights(own, n_holders, n_reports=5) for report_id, own in counts.items()}
    for row in corpus.compare_reports(BUNDLED).itertuples():
        a, b = weights[row.report_a], weights[row.report_b]
        assert row.cosine_tfidf == pytest.approx(cosine(a, b))


def test_cosine_of_reports_without_weight() -> None:
    everywhere = "推进依法行政工作"
    table = corpus.compare_reports(
        make_reports(everywhere, everywhere + "。", everywhere + "！", everywhere + "科技", "法治建设"), n=2
    )
    cosines = table.set_index(["report_a", "report_b"])["cosine_tfidf"]
    plain = corpus.compare_reports(make_reports(*(everywhere + mark for mark in "。！？；，")), n=2)
    assert plain["cosine_tfidf"].tolist() == [1] * 10
    assert cosines[("d", "e")] == 0 and cosines[("a", "b")] == pytest.approx(1)
    assert corpus.compare_reports(make_reports("", "。", "，", "、", "甲乙丙")).loc[0].isna().sum() == 4


def test_order_of_the_reports_changes_the_sides_and_nothing_else() -> None:
    there = corpus.compare_reports(BUNDLED)
    back = corpus.compare_reports(replace(BUNDLED, items=BUNDLED.items[::-1]))
    back = back.rename(
        columns={f"{name}_{one}": f"{name}_{other}" for name in ("report", "n_grams") for one, other in ("ab", "ba")}
        | {"containment_a_in_b": "containment_b_in_a", "containment_b_in_a": "containment_a_in_b"}
    )[list(there.columns)]
    pair = ["report_a", "report_b"]
    pd.testing.assert_frame_equal(
        there.sort_values(pair, ignore_index=True), back.sort_values(pair, ignore_index=True), rtol=0
    )


def test_a_report_and_its_copy_are_equal() -> None:
    copy = replace(BUNDLED[0], report_id="copy")
    table = corpus.compare_reports(replace(BUNDLED, items=(BUNDLED[0], copy)), reference=BUNDLED)
    row = table.iloc[0]
    assert (row["containment_a_in_b"], row["containment_b_in_a"], row["resemblance"]) == (1, 1, 1)
    assert row["cosine_tfidf"] == pytest.approx(1)
    # The copy is the same text and is not counted twice among those that say how common a word is.
    assert len(table.attrs["reference"]) == 5


def test_width_of_punctuation_does_not_count() -> None:
    a, b = make_reports("法治,政府:建设(一)二三四五", "法治，政府：建设（一）二三四五")
    assert corpus.compare_reports(Reports((a, b))).loc[0, "resemblance"] == 1


def test_reference_collection_is_named_and_large_enough() -> None:
    pair = BUNDLED[:2]
    small = corpus.compare_reports(pair)
    assert small["cosine_tfidf"].isna().all() and "5 reports or more, not 2" in small.attrs["note"]
    with pytest.raises(CorpusError, match="not 3: zaozhuang-2019, longgang-2020, qinan-2020"):
        corpus.compare_reports(pair, reference=BUNDLED[:3])
    large = corpus.compare_reports(pair, reference=BUNDLED)
    everything = corpus.compare_reports(BUNDLED)
    assert large.attrs["note"] == "" and set(large.attrs["reference"]) == {report.report_id for report in BUNDLED}
    assert large.loc[0, "cosine_tfidf"] == pytest.approx(everything.loc[0, "cosine_tfidf"])


def test_reports_without_the_part_are_not_in_the_reference_collection() -> None:
    assert not BUNDLED["longgang-2020"].regions("plan")
    table = corpus.compare_reports(BUNDLED, role="plan")
    assert "longgang-2020" not in table.attrs["reference"]
    assert "not 4" in table.attrs["note"] and table["cosine_tfidf"].isna().all()
    assert table["resemblance"].notna().any()


def test_one_role_is_compared_alone() -> None:
    shared = "加强法治宣传教育工作。"
    reports = Reports(
        (
            make_report("a", "甲。", parts=[("plan", shared), ("measures", "一二三四五六七八九")]),
            make_report("b", "乙。", parts=[("plan", shared), ("measures", "九八七六五四三二一")]),
            make_report("c", shared),
            make_report("d", shared),
        )
    )
    table = corpus.compare_reports(reports, role="plan").set_index(["report_a", "report_b"])
    assert table.loc[("a", "b"), "resemblance"] == 1
    assert table.loc[("a", "c"), "containment_a_in_b"] == 0 and table.loc[("a", "c"), "n_grams_b"] == 0
    assert math.isnan(table.loc[("c", "d"), "resemblance"])
    assert (
        corpus.compare_reports(reports, role="measures")
        .set_index(["report_a", "report_b"])
        .loc[("a", "b"), "resemblance"]
        == 0
    )


def test_fewer_than_two_reports_are_no_pair() -> None:
    columns = list(corpus.compare_reports(BUNDLED).columns)
    for reports in (Reports(()), BUNDLED[:1], make_reports("")):
        table = corpus.compare_reports(reports)
        assert list(table.columns) == columns and table.empty


def test_blocks_of_grams_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = corpus.compare_reports(BUNDLED, n=3)
    monkeypatch.setattr("corpus.analysis.similarity._GRAMS_AT_ONCE", 7)
    pd.testing.assert_frame_equal(corpus.compare_reports(BUNDLED, n=3), whole)
