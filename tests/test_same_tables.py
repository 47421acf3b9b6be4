"""The bench that compares all tables of two states: what it takes for the same, and what it must see.

The tables themselves are compared by ``python tests/bench/same_tables.py``.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bench.column_hashes import canonical, columns_of
from bench.same_tables import MAP, call_of, compare, read_map, tell_listed, unasked

OLD = {"a on five": {"x": "2 aa", "y": "2 bb", "p.[].q": "1 cc"}}
QUESTIONS: dict[str, Any] = {"a": {"on": ["five"], "old": "a()"}}


@pytest.mark.parametrize(
    "same",
    [
        (3, 3.0, np.int32(3), np.float32(3)),
        (0.1 + 0.2, 0.3, np.float64(0.3)),
        (None, float("nan"), pd.NA, pd.NaT, np.datetime64("NaT")),
        (date(2020, 3, 12), datetime(2020, 3, 12), pd.Timestamp("2020-03-12"), np.datetime64("2020-03-12")),
        ((1, "a"), [1, "a"], [1.0, "a"]),
        (True, np.True_),
    ],
)
def test_types_that_say_the_same_are_the_same(same: tuple[Any, ...]) -> None:
    assert len(set(map(canonical, same))) == 1


def test_values_that_differ_stay_apart() -> None:
    values = (
        3,
        "3",
        3.00000000001,
        True,
        "True",
        None,
        "",
        "missing",
        "nan",
        [3],
        0,
        False,
        date(2020, 3, 12),
        "2020-03-12",
    )
    assert len(set(map(canonical, values))) == len(values)


def test_an_object_without_a_canonical_form_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        canonical(object())


def test_tables_are_laid_out_by_column_and_json_by_path() -> None:
    table = pd.DataFrame({"x": [1, 2], "y": pd.Categorical(["a", None])})
    table.attrs["n"] = 8
    assert columns_of(table) == {"x": ["1", "2"], "y": ['"a"', "missing"], "attrs.n": ["8"]}
    assert columns_of(table.iloc[:0]) == {"x": [], "y": [], "attrs.n": ["8"]}
    answer = {"p": [{"q": 1, "span": [2, 3]}, {"q": None, "span": [4, 5]}], "none": []}
    laid = {"p.[]": ["2"], "p.[].q": ["1", "missing"], "p.[].span": ["[2, 3]", "[4, 5]"], "none.[]": ["0"]}
    assert columns_of(answer) == laid


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"x": "2 aa", "y": "2 bb", "p.[].q": "1 cc", "z": "2 dd"}, []),
        ({"x": "2 aa", "y": "2 b0", "p.[].q": "1 cc"}, ["a on five: y: 2 bb is now 2 b0"]),
        ({"x": "2 aa", "p.[].q": "1 cc"}, ["a on five: y: gone"]),
        ("no answer: KeyError: 'x'", ["a on five: no answer: KeyError: 'x'"]),
        (None, ["a on five: no answer"]),
        ("skipped", []),
    ],
)
def test_every_difference_is_told(new: Any, told: list[str]) -> None:
    assert list(compare(OLD, {} if new is None else {"a on five": new}, QUESTIONS)) == told


def test_the_map_says_what_became_of_a_column() -> None:
    listed = {"a": {**QUESTIONS["a"], "columns": {"x": "w", "y": "dropped", "p": "rows"}}}
    new = {"a on five": {"w": "2 aa", "rows.[].q": "1 cc", "z": "1 dd"}}
    assert list(compare(OLD, new, listed)) == []
    assert list(tell_listed(OLD, new, listed)) == ["a on five: dropped: y", "a on five: more: z"]
    new["a on five"]["w"] = "2 a0"
    assert list(compare(OLD, new, listed)) == ["a on five: x (w): 2 aa is now 2 a0"]


def test_a_question_may_be_dropped_but_not_lost() -> None:
    dropped = {"a": {**QUESTIONS["a"], "new": "dropped"}}
    assert list(compare(OLD, {}, dropped)) == []
    assert list(compare(OLD, {}, {})) == ["a on five: the map does not have this question"]


def test_every_public_function_is_asked_and_every_question_has_its_hashes() -> None:
    questions = read_map()
    assert unasked("\n".join(call_of(question, before=False) for question in questions.values())) == []
    hashes = json.loads(MAP.with_suffix(".json").read_text(encoding="utf-8"))
    assert set(hashes) == {f"{name} on {collection}" for name, one in questions.items() for collection in one["on"]}
    assert all(isinstance(columns, dict) and columns for columns in hashes.values())
