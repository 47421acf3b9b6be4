"""How alike the reports of a collection are, pair by pair."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.alignment.common_text import count_edits
from corpus.analysis.comparison import report_pairs
from corpus.analysis.comparison.report_pairs import order_alike, tabulate_directions
from corpus.errors import CorpusError
from corpus.report.reports import Reports

MEASURES = [
    *("containment_a_in_b", "containment_b_in_a", "resemblance"),
    *("cosine_tfidf", "cosine_words", "jaccard_words"),
]


@pytest.mark.parametrize("n", [2, 8])
def test_table_gives_the_measures_of_the_sets(n: int) -> None:
    table = corpus.compare_reports(BUNDLED, n=n)
    bodies = {report.report_id: report.key[slice(*report.key_span(*report.layout.body))] for report in BUNDLED}
    assert list(zip(table["report_a"], table["report_b"], strict=True)) == list(combinations(bodies, 2))
    for row in table.itertuples():
        keys = bodies[row.report_a], bodies[row.report_b]
        a, b = ({key[start : start + n] for start in range(len(key) - n + 1)} for key in keys)
        assert (row.n_grams_a, row.n_grams_b, row.n_shared_grams) == (len(a), len(b), len(a & b))
        assert (row.containment_a_in_b, row.containment_b_in_a) == (len(a & b) / len(a), len(a & b) / len(b))
        assert row.resemblance == len(a & b) / len(a | b)


def test_measures_of_words_by_hand_from_the_table_of_words() -> None:
    counts = {
        report_id: own["word"].value_counts().to_dict()
        for report_id, own in corpus.tabulate_words(BUNDLED).groupby("report_id")
    }
    n_holders = Counter(word for own in counts.values() for word in own)

    def weigh(own: dict[str, int]) -> dict[str, float]:
        scale = 1 + math.log(sum(own.values()) / len(own))
        return {word: (1 + math.log(n)) / scale * math.log(5 / n_holders[word]) for word, n in own.items()}

    def cosine(a: dict[str, float], b: dict[str, float]) -> float:
        lengths = [math.sqrt(math.fsum(weight * weight for weight in own.values())) for own in (a, b)]
        return math.fsum(a[word] * b[word] for word in a.keys() & b.keys()) / math.prod(lengths)

    for row in corpus.compare_reports(BUNDLED).itertuples():
        a, b = counts[row.report_a], counts[row.report_b]
        assert row.cosine_tfidf == pytest.approx(cosine(weigh(a), weigh(b)))
        assert row.cosine_words == pytest.approx(cosine(a, b))
        assert row.jaccard_words == pytest.approx(len(a.keys() & b.keys()) / len(a.keys() | b.keys()))


def test_cosine_of_reports_without_weight() -> None:
    everywhere = "推进依法行政工作"
    table = corpus.compare_reports(
        make_reports(everywhere, everywhere + "。", everywhere + "！", everywhere + "科技", "法治建设"), n=2
    )
    cosines = table.set_index(["report_a", "report_b"])["cosine_tfidf"]
    plain = corpus.compare_reports(make_reports(*(everywhere + mark for mark in "。！？；，")), n=2)
    assert plain["cosine_tfidf"].tolist() == [1] * 10
    assert cosines[("d", "e")] == 0 and cosines[("a", "b")] == pytest.approx(1)
    nothing = corpus.compare_reports(make_reports("", "。", "，", "、", "甲乙丙")).loc[0]
    assert list(nothing[nothing.isna()].index) == MEASURES


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


def test_listed_pairs_have_the_values_that_they_have_among_all() -> None:
    everything = corpus.compare_reports(BUNDLED).set_index(["report_a", "report_b"])
    listed = corpus.compare_reports(BUNDLED, pairs=[("qinan-2020", "zaozhuang-2019"), ("yiyuan-2022", "yiyuan-2022")])
    assert (everything.attrs["pairs"], listed.attrs["pairs"]) == ("all", "listed")
    there, same = everything.loc[("zaozhuang-2019", "qinan-2020")], listed.iloc[1]
    assert listed.loc[0, "containment_a_in_b"] == there["containment_b_in_a"]
    assert listed.loc[0, "cosine_tfidf"] == pytest.approx(there["cosine_tfidf"])
    assert same[MEASURES].tolist() == pytest.approx([1] * len(MEASURES))
    with pytest.raises(CorpusError, match=r"\('qinan-2020', 'jinan-2019'\) is no pair .* zaozhuang-2019"):
        corpus.compare_reports(BUNDLED, pairs=[("qinan-2020", "jinan-2019")])
    with pytest.raises(CorpusError, match="'some' is none of"):
        corpus.compare_reports(BUNDLED, pairs="some")  # type: ignore[arg-type]
    assert corpus.compare_reports(BUNDLED, pairs=[]).empty


def test_pairs_that_share_a_passage_are_the_default_of_a_large_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    sharing = corpus.find_reuse(BUNDLED)[["report_a", "report_b"]].drop_duplicates()
    asked = corpus.compare_reports(BUNDLED, pairs="sharing")
    assert list(zip(asked["report_a"], asked["report_b"], strict=True)) == list(sharing.itertuples(index=False))
    monkeypatch.setattr(report_pairs, "MOST_FOR_ALL", 4)
    default = corpus.compare_reports(BUNDLED[:])  # reports of which no table is kept yet
    assert default.attrs["pairs"] == "sharing" and len(default) == len(asked) < 10
    pd.testing.assert_frame_equal(default, asked)


@pytest.mark.parametrize("unit", ["word", "character"])
def test_edits_of_the_bundled_reports(unit: str) -> None:
    table = corpus.compare_reports(BUNDLED, edits=unit)  # type: ignore[arg-type]
    assert (table.attrs["unit"], len(table)) == (unit, 10)
    texts = {
        report.report_id: (
            list(corpus.tabulate_words(Reports((report,), lexicon=BUNDLED.lexicon))["word"])
            if unit == "word"
            else report.key[slice(*report.key_span(*report.layout.body))]
        )
        for report in BUNDLED
    }
    for row in table.head(2).itertuples():
        a, b = texts[row.report_a], texts[row.report_b]
        assert row.n_edits == count_edits(a, b)
        assert row.minimum_edit == 1 - row.n_edits / max(len(a), len(b))
    assert (table["simple"].min(), table["simple"].max()) == (0, 1)
    assert table["simple"].idxmax() == table["relative_change"].idxmin()


def test_simple_has_no_scale_where_all_pairs_changed_as_much() -> None:
    same, other = (
        corpus.compare_reports(make_reports(*texts), edits="character")["simple"]
        for texts in (("甲乙", "甲乙"), ("甲乙", "甲丙"))
    )
    assert same.tolist() == [1] and other.isna().all()


def test_edits_of_nothing() -> None:
    table = corpus.compare_reports(make_reports("", "。", "甲乙"), edits="character").set_index(
        ["report_a", "report_b"]
    )
    assert table.loc[("a", "b"), ["minimum_edit", "simple", "relative_change"]].isna().all()
    assert table.loc[("a", "c"), "minimum_edit"] == 0 and table.loc[("a", "c"), "relative_change"] == 2
    assert corpus.compare_reports(make_reports("甲"), edits="word").empty
    with pytest.raises(CorpusError, match="no such unit: 'phrase'"):
        corpus.compare_reports(BUNDLED, edits="phrase")  # type: ignore[arg-type]


def test_all_pairs_of_very_many_reports_are_refused_with_what_to_ask_instead() -> None:
    many = Reports(tuple(make_report(f"r{number}", "") for number in range(2_001)))
    with pytest.raises(CorpusError, match=r'every two of 2,001 reports.*pairs="sharing"'):
        corpus.compare_reports(many, pairs="all")


def directions_of(alike: dict[tuple[str, str], float]) -> pd.DataFrame:
    ids = sorted({name for pair in alike for name in pair})
    rows = [(a, b, alike.get((a, b), alike.get((b, a), math.nan))) for a, b in permutations(ids, 2)]
    return pd.DataFrame(rows, columns=["report_id", "other_id", "resemblance"])


def test_groups_are_joined_by_the_mean_of_their_pairs() -> None:
    alike = {("a", "c"): 0.9, ("b", "d"): 0.7, ("a", "b"): 0.1, ("a", "d"): 0.2, ("c", "b"): 0.3, ("c", "d"): 0.6}
    # c and d are the most alike of the two groups and meet.
    assert order_alike(directions_of(alike)) == ["a", "c", "d", "b"]


def test_every_report_stands_once_and_pairs_that_are_missing_count_as_unlike() -> None:
    chance = np.random.default_rng(1)
    ids = [f"r{number:02}" for number in range(30)]
    directions = directions_of({(a, b): float(chance.random()) for a in ids for b in ids if a < b})
    order = order_alike(directions)
    assert sorted(order) == ids
    assert order == order_alike(directions.sample(frac=1, random_state=2).sort_values("report_id", kind="stable"))
    order = order_alike(directions_of({("a", "d"): 0.5, ("b", "c"): 0.4}))
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset("ad"), frozenset("bc")}
    assert order_alike(directions_of({})) == []


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
