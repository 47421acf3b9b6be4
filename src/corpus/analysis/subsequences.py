"""The longest common subsequence of two texts: how long it is, and one way to lay it into both."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence


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


def common_blocks(a: str, b: str) -> list[tuple[int, int, int]]:
    """Return a longest common subsequence as blocks ``(start in a, start in b, length)``, in order, each above 0.

    Of the longest ones it is one that begins with the common beginning of both and ends with the common end.
    """
    head, tail = common_ends(a, b)
    inner_a, inner_b = a[head : len(a) - tail], b[head : len(b) - tail]
    blocks = [(0, 0, head)] if head else []
    if inner_a and inner_b:
        blocks += [(head + i, head + j, n) for i, j, n in _trace(list(_columns(inner_a, inner_b)), len(inner_a))]
    if tail:
        blocks.append((len(a) - tail, len(b) - tail, tail))
    return _joined(blocks)


def _joined(blocks: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    joined: list[tuple[int, int, int]] = []
    for i, j, length in blocks:
        if joined and (joined[-1][0] + joined[-1][2], joined[-1][1] + joined[-1][2]) == (i, j):
            joined[-1] = (joined[-1][0], joined[-1][1], joined[-1][2] + length)
        else:
            joined.append((i, j, length))
    return joined


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


def _trace(rows: list[int], length: int) -> list[tuple[int, int, int]]:
    """Return the blocks of the subsequence that the rows of bits hold, found from the end."""
    blocks: list[tuple[int, int, int]] = []
    i, j, run = length, len(rows), 0
    while i and j:
        bit = 1 << (i - 1)
        if not rows[j - 1] & bit and (j == 1 or rows[j - 2] & bit):
            i, j, run = i - 1, j - 1, run + 1
            continue
        if run:
            blocks.append((i, j, run))
            run = 0
        if rows[j - 1] & bit:
            i -= 1
        else:
            j -= 1
    if run:
        blocks.append((i, j, run))
    return blocks[::-1]
