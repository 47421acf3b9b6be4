"""Two texts laid onto each other, and the edits that this shows inside shared passages."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import make_reports

import corpus
from corpus.analysis.alignment import common_text
from corpus.analysis.alignment.common_text import Block, find_gaps, match_blocks
from corpus.analysis.comparison.sentence_edits import find_edits
from corpus.report.reports import Report, Reports

SHORT = st.text(alphabet="甲乙丙", max_size=9)
PROSE = st.lists(
    st.sampled_from(
        ["加强", "领导", "落实", "责任", "，", "。", "\n", "2021", "3", "年", "（", "依法", "依法行政", " "]
    ),
    max_size=14,
).map("".join)


def best_score(a: str, b: str) -> int:
    """Return the most common characters, less one for each gap, by trying every alignment."""

    @cache
    def best(i: int, j: int, is_common: bool) -> int:
        if i == len(a) and j == len(b):
            return 0
        scores = [1 + best(i + 1, j + 1, True)] if i < len(a) and j < len(b) and a[i] == b[j] else []
        for k, m in ((i + 1, j), (i, j + 1)):
            if k <= len(a) and m <= len(b):
                scores.append(best(k, m, False) - is_common)
        return max(scores)

    return best(0, 0, True)


@given(SHORT, SHORT)
def test_no_alignment_has_more_in_common_for_its_gaps(a: str, b: str) -> None:
    found = match_blocks(a, b)
    assert all(a[i : i + n] == b[j : j + n] and n > 0 for i, j, n in found)
    for one, other in pairwise(found):
        assert other.start_a >= one.start_a + one.length and other.start_b >= one.start_b + one.length
    ends = [Block(0, 0, 0), *found, Block(len(a), len(b), 0)]
    n_gaps = sum((i + n, j + n) != (k, m) for (i, j, n), (k, m, _) in pairwise(ends))
    assert sum(block.length for block in found) - n_gaps == best_score(a, b)


@given(SHORT, SHORT)
def test_the_alignment_does_not_depend_on_which_text_comes_first(a: str, b: str) -> None:
    assert [(j, i, n) for i, j, n in match_blocks(a, b)] == [tuple(block) for block in match_blocks(b, a)]


def test_a_single_character_is_chance_unless_it_stands_in_its_place() -> None:
    assert match_blocks("甲丙乙", "丁丙戊己") == []
    assert match_blocks("3月5日", "4月6日") == [Block(1, 1, 1), Block(3, 3, 1)]


def test_texts_that_repeat_themselves_are_aligned_near_the_diagonal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_text, "_MOST_POINTS", 200)
    a, b = "甲乙" * 60, "丙" + "甲乙" * 58 + "丁"
    found = match_blocks(a, b)
    assert all(a[i : i + n] == b[j : j + n] for i, j, n in found)
    assert sum(block.length for block in found) >= 100


def test_a_numeral_that_changed_is_in_the_gap_whole() -> None:
    assert find_gaps("投入2020年", "投入2021年") == [(2, 6, 2, 6)]


def edits_of(*texts: str) -> pd.DataFrame:
    reports = make_reports(*texts)
    return find_edits(reports, whole(*reports))


def whole(a: Report, b: Report) -> pd.DataFrame:
    row: dict[str, Any] = {"report_a": a.report_id, "start_a": 0, "end_a": len(a.raw)}
    row |= {"report_b": b.report_id, "start_b": 0, "end_b": len(b.raw)}
    return pd.DataFrame([row])


def test_each_kind_of_edit_has_its_place_and_words() -> None:
    table = edits_of("2021年3月，我局加强领导，切实落实责任。", "2022年3月，我局加强组织领导，落实责任。")
    assert table.drop(columns="passage").values.tolist() == [
        ["replaced", 0, 4, 0, 4, "2021", "2022"],
        ["inserted", 12, 12, 12, 14, "", "组织"],
        ["deleted", 15, 17, 17, 17, "切实", ""],
    ]


def test_punctuation_width_and_spaces_are_no_edit() -> None:
    assert edits_of("加强领导,落实 责任。", "加强领导，落实责任；").empty


def test_an_insertion_that_could_stand_in_two_places_stands_at_a_sign() -> None:
    table = edits_of("甲是组织学习；乙是加强检查。", "甲是组织学习；丙是组织培训；乙是加强检查。")
    assert table["text_b"].tolist() == ["丙是组织培训"]
    assert table[["start_a", "end_a"]].values.tolist() == [[7, 7]]


@settings(max_examples=40)
@given(PROSE, PROSE)
@example("依法依法行政", "依法行政")
def test_what_is_left_without_the_edits_is_the_same_in_both(a: str, b: str) -> None:
    reports = make_reports(a, b)
    table = find_edits(reports, whole(*reports))
    left = []
    for side, report in zip("ab", reports, strict=True):
        cut = [report.key_span(*span) for span in table[[f"start_{side}", f"end_{side}"]].values.tolist()]
        left.append("".join(c for place, c in enumerate(report.key) if not any(s <= place < e for s, e in cut)))
        for start, end, text in table[[f"start_{side}", f"end_{side}", f"text_{side}"]].values.tolist():
            assert report.quote(start, end) == text
    assert left[0] == left[1]
    for kind, text_a, text_b in table[["kind", "text_a", "text_b"]].values.tolist():
        assert (not text_a, not text_b) == (kind == "inserted", kind == "deleted")


@settings(max_examples=40)
@given(PROSE, PROSE)
def test_exchanging_the_reports_exchanges_the_edits(a: str, b: str) -> None:
    one, other = edits_of(a, b), edits_of(b, a)
    mirrored = other.rename(
        columns={f"{name}_{x}": f"{name}_{y}" for name in ("start", "end", "text") for x, y in ("ab", "ba")}
    )
    mirrored["kind"] = mirrored["kind"].replace({"inserted": "deleted", "deleted": "inserted"})
    pd.testing.assert_frame_equal(one, mirrored[list(one.columns)], check_dtype=False)


def test_exact_passages_of_the_bundled_reports_have_no_edit() -> None:
    reports = corpus.load_reports()
    passages = corpus.find_reuse(reports)
    exact = passages[passages["similarity"] == 1]
    assert len(exact) and find_edits(reports, exact).empty


def test_edits_are_named_by_the_index_of_the_passages() -> None:
    reports = Reports(tuple(make_reports("加强领导落实责任", "加强组织领导落实责任")))
    table = find_edits(reports, whole(*reports).set_axis([17]))
    assert table["passage"].tolist() == [17]
