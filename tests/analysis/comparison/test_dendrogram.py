"""Reports joined by how alike they are."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from corpus.analysis.comparison.clustering import join_reports


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
