"""The index of character n-grams (shingles) of a collection: which stand in several reports, and where.

A gram becomes one 64-bit word, some bits of a hash and its place; sorting the words brings equal grams together, and
their places into order. Hashes only bring together what is then compared character by character, so that no result
depends on them. Places of the same gram are paired only where a match begins, and a gram in more reports than a cap
allows is never paired at all: the work grows with the characters and with what is found, not with the pairs of reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from corpus.analysis.index.unit_row import BOUNDARY, PADDING, Array, BoolArray, IntArray, UnitRow
from corpus.errors import CorpusError

_WORDS_AT_ONCE = 1 << 26
_HASHED_AT_ONCE = 1 << 16
_GROUPED_AT_ONCE = 1 << 20
_PAIRS_AT_ONCE = 1 << 20
_MATCHED_AT_ONCE = 1 << 19
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_WORD = 4  # characters in 64 bits
_WINDOW = 16


class GramGroups(NamedTuple):
    """Places of grams, those of equal grams one after the other and in ascending order.

    ``firsts`` says where in ``places`` each gram begins; ``n_reports`` in how many distinct reports it stands.
    """

    places: IntArray
    firsts: IntArray
    n_reports: IntArray

    @property
    def sizes(self) -> IntArray:
        return np.diff(np.append(self.firsts, len(self.places)))

    def choose(self, chosen: BoolArray) -> GramGroups:
        """Return some of the groups."""
        sizes = self.sizes
        kept = sizes[chosen]
        return GramGroups(self.places[np.repeat(chosen, sizes)], np.cumsum(kept) - kept, self.n_reports[chosen])


def hash_grams(chars: Array, n: int) -> Array:
    """Return a 64-bit hash of the n characters from each place on."""
    hashes = chars.astype(np.uint64)
    length = 1
    while length < n:
        step = min(length, n - length)
        power = np.uint64(pow(int(_MULTIPLIER), step, 1 << 64))
        # Two grams of the same length that overlap or touch make a longer one.
        hashes = hashes[:-step] * power + hashes[step:]
        length += step
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIXER
    hashes ^= hashes >> np.uint64(32)
    return hashes


def find_grams(row: UnitRow, n: int, *, exact_above: int, among: BoolArray | None = None) -> Iterator[GramGroups]:
    """Find the n-grams that stand in two reports or more.

    Parameters
    ----------
    row : UnitRow
    n : int
    exact_above : int
        Groups in more reports than this hold equal grams only; the smaller ones may by chance hold two grams with
        one hash, which whoever pairs the places must tell apart.
    among : array of bool, optional
        The places to look at.

    Yields
    ------
    GramGroups
        Each gram in one of them.
    """
    n_chars = len(row.units)
    bits = np.uint64(n_chars.bit_length())
    places_below = (np.uint64(1) << bits) - np.uint64(1)
    whole = np.ones(n_chars, dtype=bool) if among is None else among.copy()
    for step in range(n):
        whole[np.maximum(row.ends - step, 0)] = False
    whole[: min(PADDING, n_chars)] = False
    whole[max(n_chars - PADDING, 0) :] = False
    n_grams = int(np.count_nonzero(whole))
    part_bits = max(0, (n_grams // _WORDS_AT_ONCE).bit_length())
    for part in range(1 << part_bits):
        words = _sorted_words(row, n, whole, n_grams >> part_bits, (part, part_bits, bits))
        start = 0
        while start < len(words):
            end = min(len(words), start + _GROUPED_AT_ONCE)
            if end < len(words):
                # A group stays whole.
                end = int(np.searchsorted(words, words[end - 1] | places_below, side="right"))
            piece = words[start:end]
            start = end
            same = (piece[1:] ^ piece[:-1]) <= places_below
            repeated = np.append(same, False)
            repeated[1:] |= same
            piece = piece[repeated]
            places = (piece & places_below).astype(np.int64)
            piece >>= bits
            first = np.append(True, piece[1:] != piece[:-1])[: len(piece)]
            groups = _grouped(row, places, first)
            yield _split_unequal(row, groups, n, exact_above=exact_above)


def _sorted_words(row: UnitRow, n: int, whole: BoolArray, expected: int, part: tuple[int, int, Any]) -> Array:
    number, part_bits, bits = part
    keep = ~((np.uint64(1) << bits) - np.uint64(1))
    words = np.empty(expected + expected // 8 + _HASHED_AT_ONCE, dtype=np.uint64)
    filled = 0
    for start in range(0, len(row.units) - n + 1, _HASHED_AT_ONCE):
        end = min(start + _HASHED_AT_ONCE, len(row.units) - n + 1)
        chosen = whole[start:end]
        hashes = hash_grams(row.units[start : end + n - 1], n)
        if part_bits:
            chosen = chosen & ((hashes >> np.uint64(64 - part_bits)) == number)
            hashes <<= np.uint64(part_bits)
        hashes &= keep
        hashes |= np.arange(start, end, dtype=np.uint64)
        kept = hashes[chosen]
        if filled + len(kept) > len(words):
            words = np.concatenate([words[:filled], np.empty(len(words) // 2 + len(kept), dtype=np.uint64)])
        words[filled : filled + len(kept)] = kept
        filled += len(kept)
    words = words[:filled]
    words.sort()
    return words


def _grouped(row: UnitRow, places: IntArray, first: BoolArray) -> GramGroups:
    """Return groups with the distinct reports of each; those of one report alone are left out."""
    owners = row.owners.take(row.stretch_of(places))
    new = first.copy()
    new[1:] |= owners[1:] != owners[:-1]
    firsts = np.flatnonzero(first)
    n_reports = np.add.reduceat(new, firsts, dtype=np.int64) if len(firsts) else firsts
    groups = GramGroups(places, firsts, n_reports)
    several = n_reports >= 2
    return groups if several.all() else groups.choose(several)


def _split_unequal(row: UnitRow, groups: GramGroups, n: int, *, exact_above: int) -> GramGroups:
    """Part the groups that hold different grams, where they stand in more than ``exact_above`` reports."""
    large = groups.n_reports > exact_above
    if not large.any():
        return groups
    doubtful = groups.choose(large)
    codes = _pack_grams(row, doubtful.places, n)
    first = np.zeros(len(doubtful.places), dtype=bool)
    first[doubtful.firsts] = True
    differ = np.zeros(len(first), dtype=bool)
    for code in codes:
        differ[1:] |= code[1:] != code[:-1]
    differ &= ~first
    if not differ.any():
        return groups
    number = np.cumsum(first) - 1
    mixed = np.zeros(len(doubtful.firsts), dtype=bool)
    mixed[number[differ]] = True
    inside = np.flatnonzero(mixed[number])
    order = inside[np.lexsort((doubtful.places[inside], *(code[inside] for code in codes), number[inside]))]
    new = np.append(True, number[order][1:] != number[order][:-1])
    for code in codes:
        new[1:] |= code[order][1:] != code[order][:-1]
    parted = _grouped(row, doubtful.places[order], new)
    whole = ~large
    whole[np.flatnonzero(large)[~mixed]] = True
    rest = groups.choose(whole)
    return GramGroups(
        np.concatenate([rest.places, parted.places]),
        np.concatenate([rest.firsts, parted.firsts + len(rest.places)]),
        np.concatenate([rest.n_reports, parted.n_reports]),
    )


def _pack_grams(row: UnitRow, places: IntArray, n: int) -> list[Array]:
    """Return the n characters from each place on as a few 64-bit numbers."""
    width = -(-n // _WORD) * _WORD
    chars = row.windows(places, width)
    chars[:, n:] = BOUNDARY
    return list(chars.view("<u8").T)


def find_seeds(row: UnitRow, groups: Sequence[GramGroups], paired: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair the places of each gram that stand in two reports, where the gram begins a match of paired grams.

    Two places are left out where the grams one character earlier are equal and are paired themselves: the match then
    began earlier. Pairs may by chance hold different grams with one hash.

    Parameters
    ----------
    row : UnitRow
    groups : sequence of GramGroups
    paired : array of bool
        At each place, whether the gram there is in one of the groups.

    Yields
    ------
    first, second : array of int
        Places in an earlier and a later report.
    """
    for group in groups:
        places = group.places.astype(np.int64)
        before = row.units.take(places - 1)
        before *= paired.take(places - 1)
        least = np.minimum.reduceat(before, group.firsts) if len(group.firsts) else before
        most = np.maximum.reduceat(before, group.firsts) if len(group.firsts) else before
        begins = (least != most) | (least == BOUNDARY)
        if not begins.any():
            continue
        sizes = group.sizes
        inside = np.repeat(begins, sizes)
        places, before, sizes = places[inside], before[inside], sizes[begins]
        owners = row.owners.take(row.stretch_of(places))
        firsts = np.cumsum(sizes) - sizes
        for size in np.unique(sizes).tolist():
            yield from _pair_members(places, before, owners, firsts[sizes == size], size)


def _pair_members(
    places: IntArray, before: Array, owners: IntArray, firsts: IntArray, size: int
) -> Iterator[tuple[IntArray, IntArray]]:
    """Pair the members of the groups of one size."""
    if size * size // 2 > _PAIRS_AT_ONCE:
        for first in firsts.tolist():
            for one in range(first, first + size - 1):
                yield _choose_pairs(places, before, owners, np.array(one), np.arange(one + 1, first + size))
        return
    ones, others = np.triu_indices(size, 1)
    at_once = max(1, _PAIRS_AT_ONCE // len(ones))
    for start in range(0, len(firsts), at_once):
        some = firsts[start : start + at_once, None]
        yield _choose_pairs(places, before, owners, (some + ones).ravel(), (some + others).ravel())


def _choose_pairs(
    places: IntArray, before: Array, owners: IntArray, one: IntArray, other: IntArray
) -> tuple[IntArray, IntArray]:
    left, right = before[one], before[other]
    chosen = (owners[one] != owners[other]) & ((left != right) | (left == BOUNDARY))
    one = np.broadcast_to(one, chosen.shape)
    return places[one[chosen]], places[other[chosen]]


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


def find_matches(row: UnitRow, n: int, *, cap: int, min_chars: int | None = None) -> Iterator[Matches]:
    """Find the maximal exact matches between stretches of different reports.

    A match is found if it holds an n-gram that stands in ``cap`` reports or fewer, or, where ``min_chars`` is given,
    ``min_chars`` characters that stand in ``cap`` reports or fewer, though each n-gram of them stands in more.

    Yields
    ------
    Matches
        All matches of some pairs; pairs ascend.
    """
    paired = np.zeros(len(row.units), dtype=bool)
    common = np.zeros(len(row.units), dtype=bool)
    groups = []
    for found in find_grams(row, n, exact_above=cap):
        rare = found.n_reports <= cap
        groups.append(_mark_paired(found.choose(rare), paired))
        common[found.places[np.repeat(~rare, found.sizes)]] = True
    packing = _Packing.of(row)
    seeds = [packing.pack(row, *pair) for pair in find_seeds(row, groups, paired)]
    if min_chars is not None and min_chars > n and common.any():
        groups, paired[:] = [], False
        for _ in range(min_chars - n):
            common[:-1] &= common[1:]
        for found in find_grams(row, min_chars, exact_above=cap, among=common):
            groups.append(_mark_paired(found.choose(found.n_reports <= cap), paired))
        seeds += [packing.pack(row, *pair) for pair in find_seeds(row, groups, paired)]
    del groups, paired, common
    ordered = np.concatenate([np.zeros(0, dtype=np.uint64), *seeds])
    del seeds
    ordered.sort()
    start = 0
    while start < len(ordered):
        size = _MATCHED_AT_ONCE
        while True:
            packed = ordered[start : start + size]
            pair, p, q = packing.unpack(row, packed)
            if start + size >= len(ordered):
                break
            whole = int(np.searchsorted(pair, pair[-1]))
            if whole:
                packed, pair, p, q = packed[:whole], pair[:whole], p[:whole], q[:whole]
                break
            size *= 2
        start += len(packed)
        yield _extend_seeds(row, packing, packed, Matches(pair, p, q, p), n)


def _mark_paired(groups: GramGroups, paired: BoolArray) -> GramGroups:
    """Mark the places of some groups, and return the groups in less room."""
    paired[groups.places] = True
    return groups._replace(places=groups.places.astype(np.uint32))


class _Packing(NamedTuple):
    """How a pair of places becomes one number that sorts by stretch of the earlier place, later and earlier place."""

    q_bits: int
    offset_bits: int

    @classmethod
    def of(cls, row: UnitRow) -> _Packing:
        longest = int((row.ends - row.starts).max(initial=0))
        packing = cls(len(row.units).bit_length(), longest.bit_length())
        if len(row.starts).bit_length() + packing.q_bits + packing.offset_bits > 64:
            raise CorpusError("the reports are too many and too long to be compared at once; compare fewer")
        return packing

    def pack(self, row: UnitRow, p: IntArray, q: IntArray) -> Array:
        stretch = row.stretch_of(p)
        packed = stretch.astype(np.uint64) << np.uint64(self.q_bits)
        packed |= q.astype(np.uint64)
        packed <<= np.uint64(self.offset_bits)
        packed |= (p - row.starts.take(stretch)).astype(np.uint64)
        return packed

    def unpack(self, row: UnitRow, packed: Array) -> tuple[IntArray, IntArray, IntArray]:
        offset = (packed & np.uint64((1 << self.offset_bits) - 1)).astype(np.int64)
        rest = packed >> np.uint64(self.offset_bits)
        q = (rest & np.uint64((1 << self.q_bits) - 1)).astype(np.int64)
        stretch = (rest >> np.uint64(self.q_bits)).astype(np.int64)
        return stretch * len(row.starts) + row.stretch_of(q), row.starts.take(stretch) + offset, q


def _extend_seeds(row: UnitRow, packing: _Packing, packed: Array, seeds: Matches, n: int) -> Matches:
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
        packed[inner] -= (back + (back << packing.offset_bits)).astype(np.uint64)
        kept = kept[np.argsort(packed[kept], kind="stable")]
        ordered = packed[kept]
        kept = kept[np.append(True, ordered[1:] != ordered[:-1])[: len(kept)]]
    return Matches(pair[kept], p[kept], q[kept], lengths[kept])
