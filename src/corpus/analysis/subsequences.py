"""The longest common subsequence of two texts: how long it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence


def common_length(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence of two strings, or of two sequences of words.

    The columns of the table of lengths are bits of one integer (Hyyrö 2004, Bit-parallel LCS-length computation
    revisited), so that the work is len(b) operations on integers of len(a) bits.
    """
    head, tail = common_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    row = (1 << len(a)) - 1
    for following in _columns(a, b):
        row = following
    return head + tail + _zeros(row, len(a))


def common_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """Return how many elements of the beginning, and of what is left of the end, are the same."""
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


def _columns(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[int]:
    """Yield for each beginning of b a row of bits: bit i is 0 where a[: i + 1] has one element more in common."""
    where = places_of(a)
    full = (1 << len(a)) - 1
    row = full
    for element in b:
        hits = row & where.get(element, 0)
        row = ((row + hits) | (row - hits)) & full
        yield row


def places_of(a: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return for each element the places at which it stands, as the bits of an integer."""
    bits: dict[Hashable, bytearray] = {}
    for place, element in enumerate(a):
        if element not in bits:
            bits[element] = bytearray(len(a) // 8 + 1)
        bits[element][place // 8] |= 1 << place % 8
    return {element: int.from_bytes(own, "little") for element, own in bits.items()}


def _zeros(row: int, length: int) -> int:
    return length - row.bit_count()
