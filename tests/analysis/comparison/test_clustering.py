"""Measures in both directions, and reports joined by how alike they are."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.clustering import join_reports, tabulate_directions


def directions_of(alike: dict[tuple[str, str], float]) -> pd.DataFrame:
    ids = sorted({name for pair in alike for name in pair})
    rows = [(a, b, alike.get((a, b), alike.get((b, a), math.nan))) for a, b in permutations(ids, 2)]
    return pd.DataFrame(rows, columns=["report_id", "other_id", "resemblance"])


def test_groups_are_joined_by_the_mean_of_their_pairs() -> None:
    alike = {("a", "c"): 0.9, ("b", "d"): 0.7, ("a", "b"): 0.1, ("a", "d"): 0.2, ("c", "b"): 0.3, ("c", "d"): 0.6}
    tree = join_reports(directions_of(alike))
    assert [join.similarity for join in tree.joins] == pytest.approx([0.9, 0.7, (0.1 + 0.2 + 0.3 + 0.6) / 4])
    # c and d are the most alike of the two groups and meet.
    assert tree.order == ("a", "c", "d", "b")
    last = tree.joins[-1]
    assert (last.left_place, last.right_place) == (0.5, 2.5) and {last.left, last.right} == {0.9, 0.7}
    assert math.isnan(tree.joins[0].left)


def test_every_report_stands_once_and_similarity_falls() -> None:
    chance = np.random.default_rng(1)
    ids = [f"r{number:02}" for number in range(30)]
    directions = directions_of({(a, b): float(chance.random()) for a in ids for b in ids if a < b})
    tree = join_reports(directions)
    assert sorted(tree.order) == ids and len(tree.joins) == 29
    heights = [join.similarity for join in tree.joins]
    assert heights == sorted(heights, reverse=True)
    assert tree == join_reports(directions.sample(frac=1, random_state=2).sort_values("report_id", kind="stable"))


def test_pairs_that_are_missing_count_as_unlike() -> None:
    tree = join_reports(directions_of({("a", "d"): 0.5, ("b", "c"): 0.4}))
    assert [join.similarity for join in tree.joins] == [0.5, 0.4, 0]
    assert join_reports(directions_of({})).order == ()


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
