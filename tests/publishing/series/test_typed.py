"""Numbers typed by hand are found in prose, and what is none is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.publishing.series.proofreading import RULES, find_typed, label_rule

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "typed_numbers.jsonl").read_text(encoding="utf-8").splitlines()
]
LABELS = label_rule([("枣庄", "2019"), ("zaozhuang", "2019"), ("qinan", "2020")])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_what_is_typed_is_found_and_nothing_else(case: dict[str, object]) -> None:
    assert [number for _, number in find_typed(str(case["text"]), labels=LABELS)] == case["numbers"]


def test_every_rule_has_a_case_that_it_leaves_alone_and_one_that_it_does_not() -> None:
    for name, pattern in {**RULES, "label of a report": LABELS}.items():
        own = [case for case in CASES if case["rule"] == name]
        assert any(pattern.search(case["text"]) for case in own), name
        assert any(case["numbers"] for case in own), name


def test_each_number_has_its_place_and_line() -> None:
    text = "none\n5 reports\n```\n6\n```\nand 7"
    assert list(find_typed(text)) == [(5, "5"), (29, "7")]


def test_without_labels_the_year_of_a_report_is_a_number() -> None:
    assert [number for _, number in find_typed("枣庄 2019")] == ["2019"]
    assert [number for _, number in find_typed("枣庄 2019", labels=label_rule([]))] == ["2019"]


@pytest.mark.parametrize("sign", ["“", "《", "x`", "<!--", "{", "](", "「", "A", "1.", "a-", "<!--a-->", "\n1."])
def test_signs_that_are_opened_and_never_closed_do_not_hide_a_number(sign: str) -> None:
    text = sign * 3_000 + " ■ and 17 pages"
    assert "17" in [number for _, number in find_typed(text)]
