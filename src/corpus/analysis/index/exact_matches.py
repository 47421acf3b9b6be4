"""Exact matches of two reports: pairs of places of the same gram, extended as far as the reports agree.

Places are paired only where a match begins, and a gram in more reports than a cap allows is never paired at all: the
work grows with the characters and with what is found, not with the pairs of reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.repetitions import inside_repetitions, mark_often
from corpus.analysis.index.shared_grams import GramGroups, find_grams
from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, IntArray, UnitRow, place_type

_PAIRS_AT_ONCE = 1 << 20
_MATCHED_AT_ONCE = 1 << 19
_WORD = 4  # characters in 64 bits
_WINDOW = 16
_BITS = 64
_IS_COMMON, IS_REPEATED = 1, 2


@dataclass(frozen=True, slots=True)
class PairChoice:
    """Which pairs of reports are compared: those of different groups, or those that are listed.

    Attributes
    ----------
    group : array of int
        For each report: its group, or its number among those that are listed; -1 where it is in no pair.
    listed : array of bool, optional
        Which of these numbers make a pair.
    """

    group: IntArray
    listed: BoolArray | None = None

    @classmethod
    def between(cls, in_second: BoolArray) -> PairChoice:
        """Choose the pairs of a report of the first group with one of the second."""
        return cls(in_second.astype(np.int64))

    @classmethod
    def of_pairs(cls, pairs: Sequence[tuple[int, int]], n_reports: int) -> PairChoice:
        """Choose pairs by the positions of their reports."""
        first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        involved = distinct(np.concatenate([first, second]))
        number = np.full(n_reports, -1, dtype=np.int64)
        number[involved] = np.arange(len(involved))
        listed = np.zeros((len(involved), len(involved)), dtype=bool)
        listed[number[first], number[second]] = listed[number[second], number[first]] = True
        return cls(number, listed)

    def involves(self, row: UnitRow) -> BoolArray:
        """Return which places of a row are of a report in one of the pairs."""
        involved: BoolArray = row.spread(self.group.take(row.owners) >= 0)
        return involved

    def involves_few(self, row: UnitRow) -> BoolArray | None:
        """Return which places are of the group of fewer characters: what stands in it alone can be in a pair."""
        if self.listed is not None:
            return None
        in_second = row.spread(self.group.take(row.owners) > 0)
        return in_second if 2 * np.count_nonzero(in_second) < len(in_second) else ~in_second

    def holds(self, one: IntArray, other: IntArray) -> BoolArray:
        """Return which pairs of reports are chosen."""
        first, second = self.group.take(one), self.group.take(other)
        return first != second if self.listed is None else self.listed[first, second]


def find_seeds(
    row: UnitRow, groups: GramGroups, unpaired: BoolArray, choice: PairChoice | None = None
) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair the places of each gram that stand in two reports, where the gram begins a match of paired grams.

    Two places are left out where the grams one character earlier are equal and are paired themselves: the match then
    began earlier. Pairs may by chance hold different grams with one hash.

    Parameters
    ----------
    row : UnitRow
    groups : GramGroups
        Any whole groups of the grams that are paired.
    unpaired : array of bool
        The places whose gram several reports have, and which is paired with none.
    choice : PairChoice, optional
        Which pairs of reports; by default all.

    Yields
    ------
    first, second : array of int
        Places in an earlier and a later report.
    """
    places = groups.places.astype(np.int64)
    before = row.units.take(places - 1)
    # Where the characters before are equal, so are the grams that begin with them, and both are paired or none is.
    before *= ~unpaired.take(places - 1)
    least = np.minimum.reduceat(before, groups.firsts) if len(groups.firsts) else before
    most = np.maximum.reduceat(before, groups.firsts) if len(groups.firsts) else before
    begins = (least != most) | (least == BOUNDARY)
    if not begins.any():
        return
    sizes = groups.sizes
    inside = np.repeat(begins, sizes)
    places, before, sizes = places[inside], before[inside], sizes[begins]
    owners = row.owners.take(row.stretch_of(places))
    if choice is not None and choice.listed is None:
        for one, other in _pair_sides(before, choice.group.take(owners), np.repeat(np.arange(len(sizes)), sizes)):
            yield places[np.minimum(one, other)], places[np.maximum(one, other)]
        return
    firsts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes).tolist():
        for one, other in _pair_members(before, owners, firsts[sizes == size], size):
            kept = slice(None) if choice is None else choice.holds(owners[one], owners[other])
            yield places[one[kept]], places[other[kept]]


def _pair_sides(before: Array, side: IntArray, gram: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair the members of each gram on one side with those on the other, by their positions among the places."""
    ours, theirs = np.flatnonzero(side == 0), np.flatnonzero(side > 0)
    if len(theirs) < len(ours):
        ours, theirs = theirs, ours
    first = np.searchsorted(gram[theirs], gram[ours])
    counts = np.searchsorted(gram[theirs], gram[ours], side="right") - first
    ours, first, counts = (each[counts > 0] for each in (ours, first, counts))
    ends = np.cumsum(counts)
    start = 0
    while start < len(ours):
        done = int(ends[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, side="right")))
        some = slice(start, end)
        one = np.repeat(ours[some], counts[some])
        other = theirs[np.arange(len(one)) + np.repeat(first[some] - (ends[some] - counts[some] - done), counts[some])]
        left = before[one]
        begins = (left != before[other]) | (left == BOUNDARY)
        yield one[begins], other[begins]
        start = end


def _pair_members(before: Array, owners: IntArray, firsts: IntArray, size: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair the members of the groups of one size, by their positions among the places."""
    if size * size // 2 > _PAIRS_AT_ONCE:
        for first in firsts.tolist():
            for one in range(first, first + size - 1):
                yield _choose_pairs(before, owners, np.array(one), np.arange(one + 1, first + size))
        return
    ones, others = np.triu_indices(size, 1)
    at_once = max(1, _PAIRS_AT_ONCE // len(ones))
    for start in range(0, len(firsts), at_once):
        some = firsts[start : start + at_once, None]
        yield _choose_pairs(before, owners, (some + ones).ravel(), (some + others).ravel())


def _choose_pairs(before: Array, owners: IntArray, one: IntArray, other: IntArray) -> tuple[IntArray, IntArray]:
    left, right = before[one], before[other]
    chosen = (owners[one] != owners[other]) & ((left != right) | (left == BOUNDARY))
    one = np.broadcast_to(one, chosen.shape)
    return one[chosen], other[chosen]


def match_lengths(row: UnitRow, p: IntArray, q: IntArray, most: IntArray, *, step: int) -> IntArray:
    """Return how many characters from p and q on (``step`` 1) or back (-1) are equal, at most ``most``."""
    lengths = np.zeros(len(p), dtype=np.int64)
    open_ = np.flatnonzero(most > 0)
    back = _WINDOW - 1 if step < 0 else 0
    while len(open_):
        at = step * lengths[open_] - back
        differ = row.windows(p[open_] + at, _WINDOW) ^ row.windows(q[open_] + at, _WINDOW)
        if step < 0:
            differ = np.ascontiguousarray(differ[:, ::-1])
        equal = np.zeros(len(open_), dtype=np.int64)
        for word in differ.view("<u8").T[::-1]:
            # The bits below the lowest one that differs.
            same = (np.bitwise_count((word & (~word + np.uint64(1))) - np.uint64(1)) >> 4).astype(np.int64)
            equal = same + np.where(same == _WORD, equal, 0)
        lengths[open_] += equal
        open_ = open_[(equal == _WINDOW) & (lengths[open_] < most[open_])]
    return np.minimum(lengths, most)


class Matches(NamedTuple):
    """Maximal exact matches, ordered by pair, place in the later report and place in the earlier one.

    ``pair`` is the number of the earlier stretch times the number of stretches, plus that of the later one.
    """

    pair: IntArray
    p: IntArray
    q: IntArray
    lengths: IntArray


def find_matches(
    row: UnitRow,
    n: int,
    *,
    cap: int,
    min_chars: int | None = None,
    choice: PairChoice | None = None,
    seen: Callable[[GramGroups], None] | None = None,
    unknown: Array | None = None,
) -> Iterator[Matches]:
    """Find the maximal exact matches between stretches of different reports.

    A match is found if it holds an n-gram that stands in ``cap`` reports or fewer, or, where ``min_chars`` is given,
    ``min_chars`` characters that stand in ``cap`` reports or fewer, though each n-gram of them stands in more. With a
    choice of pairs only the reports in them are counted. ``seen`` is shown the n-grams that were found, and in
    ``unknown`` the places are marked where a stretch of the least length begins of which not all matches are found.

    Where a text repeats itself over 256 characters or more (each n-gram there stands more than 16 times in the report,
    or it has a handful of different characters), a match is found if it begins where the repetition begins, or if it
    holds an n-gram from outside.

    Yields
    ------
    Matches
        All matches of some pairs; pairs ascend.
    """
    among = None if choice is None else choice.involves(row)
    rare, common, often = [], np.zeros(len(row.units), dtype=bool), np.zeros(len(row.units), dtype=bool)
    like = None if choice is None else choice.involves_few(row)
    for found in find_grams(row, n, exact_above=cap, among=among, like=like):
        if seen is not None:
            seen(found)
        rare.append(_keep_rare(found, cap, common))
        mark_often(row, found, often)
    repeated = inside_repetitions(row.units, often)
    tiles = tile_stretches(row)
    seeds: list[list[Array]] = [[] for _ in tiles]
    _sow(row, rare, common, repeated, seeds=seeds, tiles=tiles, choice=choice)
    if min_chars is not None and min_chars > n and common.any():
        among = common & ~repeated
        for _ in range(min_chars - n):
            among[:-1] &= among[1:]
        common[:] = False
        groups = find_grams(row, min_chars, exact_above=cap, among=among)
        rare = [_keep_rare(found, cap, common) for found in groups]
        _sow(row, rare, common, repeated, seeds=seeds, tiles=tiles, choice=choice)
    if unknown is not None:
        unknown[common], unknown[repeated] = _IS_COMMON, IS_REPEATED
    del rare, common, often, repeated, among
    for tile in tiles:
        yield from extend_seeds(row, tile, np.concatenate([np.zeros(0, dtype=np.uint64), *seeds.pop(0)]), n)


def _keep_rare(groups: GramGroups, cap: int, common: BoolArray) -> GramGroups:
    """Mark the places of grams that more reports have, and return the others in less room."""
    rare = groups.n_reports <= cap
    common[groups.places[np.repeat(~rare, groups.sizes)]] = True
    groups = groups.choose(rare)
    return groups._replace(places=groups.places.astype(place_type(len(common))))


def _sow(
    row: UnitRow,
    groups: Sequence[GramGroups],
    common: BoolArray,
    repeated: BoolArray,
    *,
    seeds: Sequence[list[Array]],
    tiles: Sequence[Tile],
    choice: PairChoice | None,
) -> None:
    """Add the seeds of some groups to those of each tile."""
    unpaired = common | repeated if repeated.any() else common
    for group in groups:
        for p, q in find_seeds(row, without_places(group, repeated), unpaired, choice):
            for tile, own in zip(tiles, seeds, strict=True):
                inside = slice(None) if len(tiles) == 1 else (tile.start <= p) & (p < tile.end)
                own.append(tile.pack(row, p[inside], q[inside]))


def without_places(groups: GramGroups, left_out: BoolArray) -> GramGroups:
    """Return what is left of groups without some places, where two places are left."""
    kept = ~left_out.take(groups.places)
    if kept.all():
        return groups
    counts = np.add.reduceat(kept, groups.firsts, dtype=np.int64)
    rest = GramGroups(groups.places[kept], np.cumsum(counts) - counts, groups.n_reports)
    # An empty group has no place to begin at.
    rest = rest._replace(firsts=rest.firsts[counts > 0], n_reports=rest.n_reports[counts > 0])
    return rest.choose(rest.sizes > 1)


class Tile(NamedTuple):
    """Some stretches that follow each other, so few and short that a seed whose earlier place lies in them is a word.

    ``first`` is the number of the first stretch, ``start`` and ``end`` say where in the row they lie; a seed sorts by
    stretch of the earlier place, later place and earlier place.
    """

    first: int
    start: int
    end: int
    q_bits: int
    offset_bits: int

    def pack(self, row: UnitRow, p: IntArray, q: IntArray) -> Array:
        stretch = row.stretch_of(p)
        packed = (stretch - self.first).astype(np.uint64) << np.uint64(self.q_bits)
        packed |= q.astype(np.uint64)
        packed <<= np.uint64(self.offset_bits)
        packed |= (p - row.starts.take(stretch)).astype(np.uint64)
        return packed

    def unpack(self, row: UnitRow, packed: Array) -> tuple[IntArray, IntArray, IntArray]:
        """Return the pair of stretches, as in `Matches`, and both places."""
        offset = (packed & np.uint64((1 << self.offset_bits) - 1)).astype(np.int64)
        rest = packed >> np.uint64(self.offset_bits)
        q = (rest & np.uint64((1 << self.q_bits) - 1)).astype(np.int64)
        stretch = (rest >> np.uint64(self.q_bits)).astype(np.int64) + self.first
        return stretch * len(row.starts) + row.stretch_of(q), row.starts.take(stretch) + offset, q


def tile_stretches(row: UnitRow) -> list[Tile]:
    """Return all stretches in as few tiles as 64 bits allow: one, but for many reports of which one is very long."""
    q_bits = len(row.units).bit_length()
    lengths = (row.ends - row.starts).tolist()
    tiles: list[Tile] = []
    first, longest = 0, 0
    for number, length in enumerate([*lengths, 0]):
        bits = max(longest, length.bit_length())
        if number == len(lengths) or q_bits + bits + (number - first).bit_length() > _BITS:
            if number > first:
                tiles.append(Tile(first, int(row.starts[first]), int(row.ends[number - 1]), q_bits, longest))
            first, bits = number, length.bit_length()
        longest = bits
    return tiles


def extend_seeds(row: UnitRow, tile: Tile, seeds: Array, n: int) -> Iterator[Matches]:
    """Yield the maximal matches around all seeds of a tile, which are sorted in place, pair by pair."""
    seeds.sort()
    start = 0
    while start < len(seeds):
        size = _MATCHED_AT_ONCE
        while True:
            packed = seeds[start : start + size]
            pair, p, q = tile.unpack(row, packed)
            if start + size >= len(seeds):
                break
            whole = int(np.searchsorted(pair, pair[-1]))
            if whole:
                packed, pair, p, q = packed[:whole], pair[:whole], p[:whole], q[:whole]
                break
            size *= 2
        start += len(packed)
        yield _extend_some(row, tile, packed, Matches(pair, p, q, p), n)


def _extend_some(row: UnitRow, tile: Tile, packed: Array, seeds: Matches, n: int) -> Matches:
    """Return the maximal matches around pairs of places, each once, without those shorter than ``n``."""
    pair, p, q, _ = seeds
    one = pair // len(row.starts)
    other = pair - one * len(row.starts)
    room = np.minimum(row.ends.take(one) - p, row.ends.take(other) - q)
    lengths = match_lengths(row, p, q, room, step=1)
    inner = np.flatnonzero((row.units.take(p - 1) == row.units.take(q - 1)) & (lengths >= n))
    room = np.minimum(p[inner] - row.starts.take(one[inner]), q[inner] - row.starts.take(other[inner]))
    back = match_lengths(row, p[inner] - 1, q[inner] - 1, room, step=-1)
    p[inner] -= back
    q[inner] -= back
    lengths[inner] += back
    kept = np.flatnonzero(lengths >= n)
    if back.any():
        packed[inner] -= (back + (back << tile.offset_bits)).astype(np.uint64)
        kept = kept[np.argsort(packed[kept], kind="stable")]
        ordered = packed[kept]
        kept = kept[np.append(True, ordered[1:] != ordered[:-1])[: len(kept)]]
    return Matches(pair[kept], p[kept], q[kept], lengths[kept])
