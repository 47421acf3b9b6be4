"""Many pairs of short texts held against each other at once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.analysis.alignment.common_text import common_length
from corpus.analysis.comparison.clause_wordings import (
    count_common,
    lay_short_texts,
    most_lacking,
    share_run,
    weigh_common,
)

TEXTS = st.lists(st.text(alphabet="甲乙丙丁0𠀀", max_size=64), min_size=2, max_size=6)


def longest_run(one: str, other: str, *, never: str = "") -> int:
    lengths = [
        length
        for length in range(1, len(one) + 1)
        for start in range(len(one) - length + 1)
        if one[start : start + length] in other and not (never and never in one[start : start + length])
    ]
    return max(lengths, default=0)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_pairs_are_counted_as_one_by_one(words: list[str]) -> None:
    texts = lay_short_texts(words)
    first, second = (side.ravel() for side in np.indices((len(words), len(words))))
    n_common, has_run = count_common(texts, first, second), share_run(texts, first, second)
    for one, other, n, run in zip(first.tolist(), second.tolist(), n_common.tolist(), has_run.tolist(), strict=True):
        assert n == common_length(words[one], words[other])
        assert run == (longest_run(words[one], words[other]) >= 12)


def test_what_stands_for_a_figure_makes_no_stretch() -> None:
    words = ["城镇新增就业人数达到0万人", "城镇新增就业人数达到0万人以上"]
    texts = lay_short_texts(words)
    first, second = np.array([0]), np.array([1])
    assert share_run(texts, first, second).tolist() == [True]
    assert share_run(texts, first, second, never="0").tolist() == [False]


def test_too_long_a_text_is_empty() -> None:
    texts = lay_short_texts(["甲" * 64, "甲" * 65, ""])
    assert texts.lengths.tolist() == [64, 0, 0]
    n_common = count_common(texts, np.array([0, 0, 1]), np.array([0, 1, 2]))
    assert n_common.tolist() == [64, 0, 0]


def test_rare_pairs_of_characters_weigh_more() -> None:
    texts = lay_short_texts(["甲乙丙", "甲乙丁", "戊乙丙"])
    numbers = np.full((3, 64), -1, dtype=np.int32)
    numbers[:, :2] = [[0, 1], [0, 2], [3, 1]]
    weights = np.array([1.0, 3.0, 1.0, 1.0])
    first, second = np.array([0, 0, 0]), np.array([0, 1, 2])
    assert np.round(weigh_common(numbers, weights, first, second, texts), 3).tolist() == [1, 0.333, 0.75]


def test_the_highest_mark_of_what_stands_nowhere_in_the_other() -> None:
    texts = lay_short_texts(["服务业发展", "业务发展", "金融业发展"])
    marks = np.zeros((3, 64), dtype=np.int8)
    marks[:, 0], marks[:, 1:3] = 2, 1
    first, second = np.array([0, 1, 0, 2]), np.array([1, 0, 2, 0])
    assert most_lacking(texts, marks, first, second).tolist() == [2, 0, 2, 2]
