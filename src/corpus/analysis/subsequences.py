"""The longest common subsequence of two strings: how long it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable


def common_length(a: str, b: str) -> int:
    """Return the length of the longest common subsequence of two strings.

    The columns of the table of lengths are bits of one integer (Hyyrö 2004, Bit-parallel LCS-length computation
    revisited), so that the work is len(b) operations on integers of len(a) bits.
    """
    head, tail = _common_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    return head + tail + (_zeros(_columns(a, b)[-1], len(a)) if a and b else 0)


def _common_ends(a: str, b: str) -> tuple[int, int]:
    """Return how many characters of the beginning and of what is left of the end are the same."""
    most = min(len(a), len(b))
    head = _longest(most, lambda length: a[:length] == b[:length])
    tail = _longest(most - head, lambda length: a[len(a) - length :] == b[len(b) - length :])
    return head, tail


def _longest(most: int, agrees: Callable[[int], bool]) -> int:
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if agrees(middle) else (least, middle - 1)
    return least


def _columns(a: str, b: str) -> list[int]:
    """Return for each beginning of b a row of bits: bit i is 0 where a[: i + 1] has one character more in common."""
    where: defaultdict[str, int] = defaultdict(int)
    for place, character in enumerate(a):
        where[character] |= 1 << place
    full = (1 << len(a)) - 1
    row, rows = full, []
    for character in b:
        hits = row & where.get(character, 0)
        row = ((row + hits) | (row - hits)) & full
        rows.append(row)
    return rows


def _zeros(row: int, length: int) -> int:
    return length - row.bit_count()
