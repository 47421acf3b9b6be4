"""What two texts have in common, and which way of laying texts beside each other serves what.

All pairs of a collection at once
    `exact_chains` chains the exact matches that the index finds across edits, and extends them at both ends. What it
    needs of longest common subsequences is between two matches, at most 64 characters, and is counted for many
    gaps at a time. `corpus.find_reuse` is made of it.
Two texts, word for word
    `match_blocks` is for people to read: what both have and, by `find_gaps`, what differs, in few edits,
    none of which cuts a numeral. Edits in shared passages, sentences side by side and what was reworded from one year
    to the next are shown by it.
Two texts, in one number
    `common_length` counts what can stay where things are only put in and left out (longest common
    subsequence), `count_edits` the edits where they are replaced too (Levenshtein). Both are exact, of
    characters or of words.
Two reports, passage for passage
    `passage_pairs` says which passage of one year's report comes from which of the next, wherever it stands, and which
    passages of two reports have kept their order. `clause_support` says how much of a passage has a counterpart in the
    clauses of another report, where no passage as a whole is its partner.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple

CHINESE_NUMERALS = "零〇一二三四五六七八九十百千万亿两"
_NUMERALS = frozenset("0123456789" + CHINESE_NUMERALS)
_MOST_POINTS = 1 << 18


class Block(NamedTuple):
    """A stretch that two texts have in common: where it begins in either, and its characters."""

    start_a: int
    start_b: int
    length: int


class Gap(NamedTuple):
    """What either text has of its own between two blocks; one of the two stretches may be empty."""

    start_a: int
    end_a: int
    start_b: int
    end_b: int


def find_gaps(a: str, b: str) -> list[Gap]:
    """Return what two texts do not have in common, in order, by `match_blocks`, with numerals whole.

    A numeral of which only some figures differ is in a gap with all of them: 2020 became 2021, not 0 1.
    """
    whole = (_without_cut_numerals(a, b, block) for block in match_blocks(a, b))
    return list(_gaps([block for block in whole if block.length], len(a), len(b)))


def _without_cut_numerals(a: str, b: str, block: Block) -> Block:
    """Take from the ends of a stretch that stays the pieces of numerals that do not."""
    start_a, start_b, length = block

    def numeral(text: str, place: int) -> bool:
        return 0 <= place < len(text) and text[place] in _NUMERALS

    while length and numeral(a, start_a) and (numeral(a, start_a - 1) or numeral(b, start_b - 1)):
        start_a, start_b, length = start_a + 1, start_b + 1, length - 1
    while length and numeral(a, start_a + length - 1):
        if not (numeral(a, start_a + length) or numeral(b, start_b + length)):
            break
        length -= 1
    return Block(start_a, start_b, length)


def match_blocks(a: str, b: str) -> list[Block]:
    """Align two texts and return what they have in common, in order.

    Of all alignments it is one with the most common characters, where each edit counts against as much as one common
    character counts for: the longest common subsequence with a price for each gap (Gotoh 1982, J. Molecular Biology
    162:705-708). So a single character between two edits is chance, unless what was replaced is built like what
    replaced it (3月5日 and 4月6日). The alignment does not depend on the order of the two texts.

    The work grows with the pairs of places where the texts have the same two characters in a row, which for near
    copies are not many more than their characters. Where long texts repeat themselves so much that there are more
    than a quarter of a million such pairs, those far from the diagonal are left out, and a better alignment may exist.

    Parameters
    ----------
    a, b : str

    Returns
    -------
    list of Block
        Ascending in both texts; between two of them at least one text has something of its own.
    """
    if b < a:
        return [Block(start_a, start_b, length) for start_b, start_a, length in match_blocks(b, a)]
    head, tail = _common_ends(a, b)
    inner = _chain(a[head : len(a) - tail], b[head : len(b) - tail])
    blocks = [
        Block(0, 0, head),
        *(Block(head + start_a, head + start_b, length) for start_a, start_b, length in inner),
        Block(len(a) - tail, len(b) - tail, tail),
    ]
    blocks = [block for block in blocks if block.length]
    return sorted([*blocks, *_same_places(_gaps(blocks, len(a), len(b)), a, b)])


def _gaps(blocks: Sequence[Block], length_a: int, length_b: int) -> Iterator[Gap]:
    place_a = place_b = 0
    for start_a, start_b, length in (*blocks, Block(length_a, length_b, 0)):
        if start_a > place_a or start_b > place_b:
            yield Gap(place_a, start_a, place_b, start_b)
        place_a, place_b = start_a + length, start_b + length


def _same_places(gaps: Iterable[Gap], a: str, b: str) -> Iterator[Block]:
    """Yield the characters of replaced stretches that stand as far from the beginning of both, or from their end.

    They must be a quarter of the shorter stretch, and two at least where the stretches differ in length.
    """
    for start_a, end_a, start_b, end_b in gaps:
        length_a, length_b = end_a - start_a, end_b - start_b
        shorter = min(length_a, length_b)
        found = [
            [Block(i, j, 1) for i, j in zip(range(first_a, end_a), range(first_b, end_b), strict=False) if a[i] == b[j]]
            for first_a, first_b in ((start_a, start_b), (end_a - shorter, end_b - shorter))
        ]
        same = max(found, key=len)
        if 4 * len(same) >= shorter and len(same) > (length_a != length_b):
            yield from same


def _chain(a: str, b: str) -> list[Block]:
    """Return the blocks of two characters or more with the most characters, less one for each block.

    A point is a pair of places where both texts have the same two characters. It scores one more than the point before
    it on its diagonal, or than the best chain of points that has ended in both texts; as in Hunt & Szymanski (1977,
    CACM 20:350-353), the least place in b where a chain of each score ends is all that has to be kept.
    """
    ends, enders = [0], [-1]
    points: list[tuple[int, int]] = []
    scores: list[int] = []
    before: list[int] = []
    # Points of the last two rows: a chain that ends in them has not ended before the next row.
    running: list[tuple[int, range]] = []
    previous: dict[int, int] = {}
    previous_row = -2
    for row, places in _points(a, b):
        while running and running[0][0] <= row - 2:
            _end_chains(running.pop(0)[1], points, scores, ends=ends, enders=enders)
        diagonal = previous if previous_row == row - 1 else {}
        first = len(points)
        previous = {}
        for place in places:
            best = bisect_right(ends, place) - 1
            score, source = best + 1, enders[best]
            extended = diagonal.get(place - 1)
            if extended is not None and scores[extended] >= best:
                score, source = scores[extended] + 1, extended
            previous[place] = len(points)
            points.append((row, place))
            scores.append(score)
            before.append(source)
        previous_row = row
        running.append((row, range(first, len(points))))
    for _, rows in running:
        _end_chains(rows, points, scores, ends=ends, enders=enders)
    return _blocks_of(enders[-1], points, before)


def _end_chains(
    ended: Iterable[int],
    points: Sequence[tuple[int, int]],
    scores: Sequence[int],
    *,
    ends: list[int],
    enders: list[int],
) -> None:
    for point in ended:
        score, end = scores[point], points[point][1] + 2
        if score == len(ends):
            ends.append(end)
            enders.append(point)
        elif end < ends[score]:
            ends[score], enders[score] = end, point


def _blocks_of(point: int, points: Sequence[tuple[int, int]], before: Sequence[int]) -> list[Block]:
    blocks: list[Block] = []
    while point >= 0:
        row, place = points[point]
        if blocks and blocks[-1].start_a == row + 1 and blocks[-1].start_b == place + 1:
            blocks[-1] = Block(row, place, blocks[-1].length + 1)
        else:
            blocks.append(Block(row, place, 2))
        point = before[point]
    return blocks[::-1]


def _points(a: str, b: str) -> Iterator[tuple[int, list[int]]]:
    """Yield each place of a with the places where b has the same two characters, all near enough to the diagonal."""
    places: dict[str, list[int]] = {}
    for place in range(len(b) - 1):
        places.setdefault(b[place : place + 2], []).append(place)
    rows = [(row, places[pair]) for row in range(len(a) - 1) if (pair := a[row : row + 2]) in places]
    width = max(len(a), len(b))
    slope = len(b) / max(1, len(a))
    while width > 1 and sum(len(found) for _, found in rows) > _MOST_POINTS:
        width //= 2
        rows = [(row, _near(found, row * slope, width)) for row, found in rows]
    return ((row, found) for row, found in rows if found)


def _near(places: list[int], middle: float, width: int) -> list[int]:
    return places[bisect_left(places, middle - width) : bisect_right(places, middle + width)]


def common_length(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence of two strings, or of two sequences of words.

    The columns of the table of lengths are bits of one integer (Hyyrö 2004, Bit-parallel LCS-length computation
    revisited), so that the work is len(b) operations on integers of len(a) bits.
    """
    head, tail = _common_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    where = _places_of(a)
    # Bit i is 0 where a[: i + 1] has one element more in common with the beginning of b than a[:i].
    row = full = (1 << len(a)) - 1
    for element in b:
        hits = row & where.get(element, 0)
        row = ((row + hits) | (row - hits)) & full
    return head + tail + len(a) - row.bit_count()


def _common_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
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


def _places_of(a: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return for each element the places at which it stands, as the bits of an integer."""
    places: dict[Hashable, int] = {}
    for place, element in enumerate(a):
        places[element] = places.get(element, 0) | 1 << place
    return places


def count_edits(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the least number of insertions, deletions and substitutions that turn one sequence into the other.

    The distance of Levenshtein (1966). Range 0 (equal sequences) to the length of the longer one, in elements:
    characters of two strings, words of two sequences of words. Symmetric.

    A column of the table of distances is held in three integers, with a bit for each element of the first sequence, so
    that an element of the second costs a few operations on integers (Myers 1999, Journal of the ACM 46:395-415, with
    the simpler steps of Hyyrö 2003, Nordic Journal of Computing 10:29-39).
    """
    head, tail = _common_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not a or not b:
        return max(len(a), len(b))
    where = _places_of(a)
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    distance, rises, falls = len(a), full, 0
    for element in b:
        equal = where.get(element, 0)
        diagonal = equal | falls
        across = (((equal & rises) + rises) ^ rises) | equal
        rises_across = falls | (full & ~(across | rises))
        falls_across = rises & across
        if rises_across & last:
            distance += 1
        elif falls_across & last:
            distance -= 1
        rises_across = rises_across << 1 | 1
        rises = (falls_across << 1 | ~(diagonal | rises_across)) & full
        falls = rises_across & diagonal & full
    return distance
