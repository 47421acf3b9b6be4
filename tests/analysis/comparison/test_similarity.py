"""How alike two texts are."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.alignment.common_text import common_length, count_edits
from corpus.analysis.alignment.passage_pairs import share_common
from corpus.analysis.comparison.similarity import (
    containment,
    cosine,
    grams,
    minimum_edit,
    resemblance,
    scale_simple,
    tfidf_weights,
)

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


def test_edits_by_hand() -> None:
    assert count_edits("法治政府建设", "法治社会") == 4 and common_length("法治政府建设", "法治社会") == 2
    assert minimum_edit("法治政府建设", "法治社会") == pytest.approx(1 - 4 / 6)
    assert share_common("法治政府建设", "法治社会") == 2 * 2 / 10
    assert count_edits(("法治", "政府"), ("政府",)) == 1
    assert scale_simple([0.5, 1.5, 1.0]) == [1, 0, 0.5]


def plain_distance(a: Sequence[str], b: Sequence[str], *, exchange: int) -> int:
    """Return the distance by the table of all beginnings, where an exchange costs as much as given."""
    above = list(range(len(b) + 1))
    for row, one in enumerate(a, 1):
        line = [row]
        for column, other in enumerate(b, 1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (one != other) * exchange))
        above = line
    return above[-1]


@given(st.text("甲乙丙", max_size=80), st.text("甲乙丙", max_size=80))
def test_edits_are_those_of_the_whole_table(a: str, b: str) -> None:
    assert count_edits(a, b) == count_edits(list(a), list(b)) == plain_distance(a, b, exchange=1)
    assert len(a) + len(b) - 2 * common_length(a, b) == plain_distance(a, b, exchange=2)


@pytest.mark.parametrize("measure", [minimum_edit, share_common])
@given(a=KEYS, b=KEYS)
def test_edit_measures_lie_between_0_and_1_and_have_no_direction(
    measure: Callable[[str, str], float], a: str, b: str
) -> None:
    assert 0 <= measure(a, b) <= 1 and measure(a, b) == measure(b, a)
    assert (measure(a, b) == 1) == (a == b)
    assert measure(a, "") == float(not a)


@given(st.lists(st.floats(0, 2), max_size=6))
def test_simple_is_scaled_within_its_table(changes: list[float]) -> None:
    simple = scale_simple(changes)
    if len(set(changes)) > 1:
        assert (simple[changes.index(min(changes))], simple[changes.index(max(changes))]) == (1, 0)
        assert all(0 <= value <= 1 for value in simple)
    elif changes and changes[0]:
        assert all(math.isnan(value) for value in simple)
    else:
        assert simple == [1] * len(changes)
