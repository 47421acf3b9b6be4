"""What two texts have in common, and how many edits lie between them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from corpus.analysis.alignment.common_text import common_length, count_edits
from corpus.analysis.alignment.passage_pairs import share_common

KEYS = st.text(alphabet="甲乙丙", max_size=20)


def test_edits_by_hand() -> None:
    assert count_edits("法治政府建设", "法治社会") == 4 and common_length("法治政府建设", "法治社会") == 2
    assert share_common("法治政府建设", "法治社会") == 2 * 2 / 10
    assert count_edits(("法治", "政府"), ("政府",)) == 1


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


@given(a=KEYS, b=KEYS)
def test_the_common_share_lies_between_0_and_1_and_has_no_direction(a: str, b: str) -> None:
    assert 0 <= share_common(a, b) <= 1 and share_common(a, b) == share_common(b, a)
    assert (share_common(a, b) == 1) == (a == b)
    assert share_common(a, "") == float(not a)
