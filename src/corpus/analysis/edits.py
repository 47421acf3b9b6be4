"""The edits inside shared passages: what was replaced, inserted or left out where two reports say nearly the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.report import Report, Reports

EditKind = Literal["replaced", "inserted", "deleted"]

_COLUMNS = {
    "passage": "",
    "kind": "",
    "start_a": "int64",
    "end_a": "int64",
    "start_b": "int64",
    "end_b": "int64",
    "text_a": "",
    "text_b": "",
}
_MOST_POINTS = 1 << 18


class Block(NamedTuple):
    """A stretch that two texts have in common: where it begins in either, and its characters."""

    start_a: int
    start_b: int
    length: int


class _Edit(NamedTuple):
    """A stretch of either text that the other does not have; one of the two may be empty."""

    start_a: int
    end_a: int
    start_b: int
    end_b: int


def find_edits(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return what differs inside shared passages, as few and as short edits as possible.

    The ``key`` characters of the two spans are aligned by `match_blocks`, so that what differs in punctuation, width,
    spaces or script alone is no edit. A stretch that could stand in several places, as 落实 between 抓好落实 and
    抓好落实落实, stands where it begins or ends at a mark of punctuation, else as late as possible.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        With report_a, start_a, end_a, report_b, start_b, end_b, as `corpus.find_reuse` gives them.

    Returns
    -------
    DataFrame
        One row an edit, by passage, then in reading order. passage: the row's name in the index of ``passages``;
        kind: ``replaced``, ``inserted`` (stands in b only) or ``deleted`` (in a only); start, end: code points of
        ``raw``, end exclusive; text: the words as printed. Where a report has nothing, start equals end and text is
        empty. What is taken out of both spans leaves the same key characters. With a and b exchanged the rows are the
        same, exchanged.
    """
    spans = passages[["report_a", "start_a", "end_a", "report_b", "start_b", "end_b"]].itertuples(index=False)
    rows: list[tuple[Any, ...]] = []
    for name, (report_a, start_a, end_a, report_b, start_b, end_b) in zip(passages.index, spans, strict=True):
        sides = _Side(reports[report_a], start_a, end_a), _Side(reports[report_b], start_b, end_b)
        rows.extend((name, *row) for row in _edit_rows(*sides))
    return build_table(rows, _COLUMNS)


class _Side:
    """One report's part of a passage, by places in its key characters."""

    def __init__(self, report: Report, start: int, end: int) -> None:
        self.report = report
        self.span = (int(start), int(end))
        self._first, last = report.key_span(*self.span)
        self.key = report.key[self._first : last]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        return self.report.raw_span(self._first + start, self._first + end)

    def locate_nothing(self, place: int, *, before_signs: bool) -> tuple[int, int]:
        """Return the empty span before a character, or behind the one before it: on either side of the signs between."""
        behind = self.locate(place - 1, place)[1] if place else self.span[0]
        before = self.locate(place, place + 1)[0] if place < len(self.key) else self.span[1]
        return (behind, behind) if before_signs else (before, before)

    def is_bound(self, place: int) -> bool:
        """Tell whether signs or spaces stand before a character, or the passage begins or ends there."""
        if not 0 < place < len(self.key):
            return True
        return self.locate(place - 1, place)[1] < self.locate(place, place + 1)[0]


def _edit_rows(a: _Side, b: _Side) -> Iterator[tuple[Any, ...]]:
    edits = list(_gaps(match_blocks(a.key, b.key), len(a.key), len(b.key)))
    for start_a, end_a, start_b, end_b in _settle(edits, a, b):
        span_a, span_b = a.locate(start_a, end_a), b.locate(start_b, end_b)
        kind: EditKind = "replaced"
        if start_a == end_a:
            kind = "inserted"
            span_a = a.locate_nothing(start_a, before_signs=not b.is_bound(start_b))
        elif start_b == end_b:
            kind = "deleted"
            span_b = b.locate_nothing(start_b, before_signs=not a.is_bound(start_a))
        yield kind, *span_a, *span_b, a.report.quote(*span_a), b.report.quote(*span_b)


def _settle(edits: Sequence[_Edit], a: _Side, b: _Side) -> Iterator[_Edit]:
    """Move what was inserted or left out to where signs stand beside it, as far as its wording leaves the choice."""
    done = 0
    for edit, following in zip_longest(edits, edits[1:]):
        settled = edit
        if edit.start_a == edit.end_a or edit.start_b == edit.end_b:
            side, start, end = (a, edit.start_a, edit.end_a) if edit.start_a < edit.end_a else (b, *edit[2:])
            # One common character at least stays between two edits.
            left = edit.start_a - done - (done > 0)
            right = following.start_a - edit.end_a - 1 if following else len(a.key) - edit.end_a
            shift = _best_shift(side, start, end, room=(left, right))
            settled = _Edit(*(place + shift for place in edit))
        done = settled.end_a
        yield settled


def _best_shift(side: _Side, start: int, end: int, *, room: tuple[int, int]) -> int:
    key, (left, right) = side.key, room
    lowest = highest = 0
    while lowest > -left and key[start + lowest - 1] == key[end + lowest - 1]:
        lowest -= 1
    while highest < right and key[start + highest] == key[end + highest]:
        highest += 1
    if lowest == highest:
        return 0

    def bounds(shift: int) -> tuple[int, int]:
        return side.is_bound(start + shift) + side.is_bound(end + shift), shift

    return max(range(lowest, highest + 1), key=bounds)


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
    shorter = min(len(a), len(b))
    head = next((step for step in range(shorter) if a[step] != b[step]), shorter)
    tail = next((step for step in range(shorter - head) if a[-1 - step] != b[-1 - step]), shorter - head)
    inner = _chain(a[head : len(a) - tail], b[head : len(b) - tail])
    blocks = [
        Block(0, 0, head),
        *(Block(head + start_a, head + start_b, length) for start_a, start_b, length in inner),
        Block(len(a) - tail, len(b) - tail, tail),
    ]
    blocks = [block for block in blocks if block.length]
    return sorted([*blocks, *_same_places(_gaps(blocks, len(a), len(b)), a, b)])


def _gaps(blocks: Sequence[Block], length_a: int, length_b: int) -> Iterator[_Edit]:
    place_a = place_b = 0
    for start_a, start_b, length in (*blocks, Block(length_a, length_b, 0)):
        if start_a > place_a or start_b > place_b:
            yield _Edit(place_a, start_a, place_b, start_b)
        place_a, place_b = start_a + length, start_b + length


def _same_places(gaps: Iterable[_Edit], a: str, b: str) -> Iterator[Block]:
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
