"""The index of character n-grams (shingles) of a collection: which stand in several reports, and where.

A gram becomes one 64-bit word, some bits of a hash and its place; sorting the words brings equal grams together, and
their places into order. Hashes only bring together what is then compared character by character, so that no result
depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, IntArray, UnitRow

_WORDS_AT_ONCE = 1 << 26
_HASHED_AT_ONCE = 1 << 16
_GROUPED_AT_ONCE = 1 << 20
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_WORD = 4  # characters in 64 bits
_FEW = 8  # where one place in so many is looked at, each is hashed by itself
_LEAST_TABLE = 20  # bits of a table that fits the cache
_SPARE = 4  # bits of the hash beyond those that number the grams


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
    """Return a 64-bit hash of the n characters from each place on, in a row or in each of several rows."""
    hashes = chars.astype(np.uint64)
    length = 1
    while length < n:
        step = min(length, n - length)
        power = np.uint64(pow(int(MULTIPLIER), step, 1 << 64))
        # Two grams of the same length that overlap or touch make a longer one.
        hashes = hashes[..., :-step] * power + hashes[..., step:]
        length += step
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIXER
    hashes ^= hashes >> np.uint64(32)
    return hashes


def hash_windows(row: UnitRow, places: IntArray, n: int) -> Array:
    """Return the hash of the n characters from each of some places of a row on."""
    hashes = np.zeros(len(places), dtype=np.uint64)
    for start in range(0, len(places), _HASHED_AT_ONCE):
        some = slice(start, start + _HASHED_AT_ONCE)
        hashes[some] = hash_grams(row.windows(places[some], n), n)[:, 0]
    return hashes


class WordBits(NamedTuple):
    """How many bits of a word the place of a gram takes, and by how many bits of its hash the words are parted."""

    place: int
    part: int

    @classmethod
    def of(cls, row: UnitRow, n_grams: int) -> WordBits:
        """Return those with which so many grams of a row come in parts small enough, and few share a hash by chance."""
        place = len(row.units).bit_length()
        return cls(place, max(0, (n_grams // _WORDS_AT_ONCE).bit_length(), place + n_grams.bit_length() + _SPARE - 64))

    @property
    def places_below(self) -> np.uint64:
        return np.uint64((1 << self.place) - 1)


def find_grams(
    row: UnitRow, n: int, *, exact_above: int, among: BoolArray | None = None, like: BoolArray | None = None
) -> Iterator[GramGroups]:
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
    like : array of bool, optional
        Places of the grams that are wanted: these, wherever they stand, and by chance some others.

    Yields
    ------
    GramGroups
        Each gram in one of them.
    """
    bits = WordBits.of(row, len(row.units) if among is None else int(np.count_nonzero(among)))
    wanted = None if like is None else _note_hashes(row, n, like)
    for part in range(1 << bits.part):
        # Room that is not written to takes no memory.
        words, end = np.empty(len(row.units), dtype=np.uint64), 0
        for start in range(0, len(row.units) - n + 1, _HASHED_AT_ONCE):
            block = slice(start, start + _HASHED_AT_ONCE)
            numbers, own = hash_block(row, n, block, bits, among=among, wanted=wanted)
            own = own if numbers is None else own[numbers == part]
            words[end : end + len(own)] = own
            end += len(own)
        yield from group_words(row, n, words[:end], bits, exact_above)


def _note_hashes(row: UnitRow, n: int, marked: BoolArray) -> BoolArray:
    """Return a table that tells which hashes the grams at the marked places have, by the last bits of a hash."""
    places = np.flatnonzero(marked[: len(row.units) - n + 1])
    table = np.zeros(1 << max(len(places).bit_length() + _SPARE, _LEAST_TABLE), dtype=bool)
    table[_slots(hash_windows(row, places, n), table)] = True
    return table


def _slots(hashes: Array, table: BoolArray) -> IntArray:
    return (hashes & np.uint64(len(table) - 1)).astype(np.int64)


def hash_block(
    row: UnitRow,
    n: int,
    block: slice,
    bits: WordBits,
    *,
    among: BoolArray | None = None,
    wanted: BoolArray | None = None,
) -> tuple[Array | None, Array]:
    """Return a word for each whole gram that begins in a block of the row, and the part that each word is of.

    The parts are None where there is one only. All words of one part, from every block, go to `group_words`.
    """
    chars = row.units[block.start : block.stop + n - 1]
    some = None if among is None else np.flatnonzero(among[block.start : block.start + len(chars) - n + 1])
    if some is not None and _FEW * len(some) < len(chars):
        windows = row.windows(some + block.start, n)
        some = some[(windows != BOUNDARY).all(axis=1)]
        hashes, places = hash_windows(row, some + block.start, n), some
        if wanted is not None:
            likely = wanted.take(_slots(hashes, wanted))
            hashes, places = hashes[likely], places[likely]
    else:
        whole = whole_grams(chars, n)
        if among is not None:
            whole &= among[block.start : block.start + len(whole)]
        hashes = hash_grams(chars, n)
        if wanted is not None:
            whole &= wanted.take(_slots(hashes, wanted))
        places = np.flatnonzero(whole)
        hashes = hashes[places]
    parts = None
    if bits.part:
        parts = hashes >> np.uint64(64 - bits.part)
        hashes <<= np.uint64(bits.part)
    hashes &= ~bits.places_below
    hashes |= (places + block.start).astype(np.uint64)
    return parts, hashes


def words_like(words: Array, wanted: BoolArray, bits: WordBits) -> Array:
    """Return the words of one part whose grams begin at some place that is wanted too, and by chance some others."""
    place = np.uint64(bits.place)
    marked = words[wanted.take((words & bits.places_below).astype(np.int64))]
    table = np.zeros(1 << max(len(marked).bit_length() + _SPARE, _LEAST_TABLE), dtype=bool)
    table[_slots(marked >> place, table)] = True
    return words[table.take(_slots(words >> place, table))]


def whole_grams(chars: Array, n: int) -> BoolArray:
    """Return at which places a gram of n characters begins that no boundary cuts."""
    whole: BoolArray = chars != BOUNDARY
    length = 1
    while length < n:
        step = min(length, n - length)
        whole = whole[:-step] & whole[step:]
        length += step
    return whole


def group_words(row: UnitRow, n: int, words: Array, bits: WordBits, exact_above: int) -> Iterator[GramGroups]:
    """Group all words of one part, which are sorted in place; see `find_grams`."""
    words.sort()
    start = 0
    while start < len(words):
        end = min(len(words), start + _GROUPED_AT_ONCE)
        if end < len(words):
            # A group stays whole.
            end = int(np.searchsorted(words, words[end - 1] | bits.places_below, side="right"))
        piece = words[start:end]
        start = end
        same = (piece[1:] ^ piece[:-1]) <= bits.places_below
        repeated = np.append(same, False)
        repeated[1:] |= same
        piece = piece[repeated]
        places = (piece & bits.places_below).astype(np.int64)
        piece >>= np.uint64(bits.place)
        first = np.append(True, piece[1:] != piece[:-1])[: len(piece)]
        yield from _split_unequal(row, _grouped(row, places, first), n, exact_above=exact_above)


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


def _split_unequal(row: UnitRow, groups: GramGroups, n: int, *, exact_above: int) -> Iterator[GramGroups]:
    """Yield the groups, of which those that stand in more than ``exact_above`` reports hold equal grams only."""
    large = groups.n_reports > exact_above
    doubtful = groups.choose(large)
    codes = _pack_grams(row, doubtful.places, n)
    differ = np.zeros(len(doubtful.places), dtype=bool)
    for code in codes:
        differ[1:] |= code[1:] != code[:-1]
    differ[doubtful.firsts] = False
    if not differ.any():
        yield groups
        return
    number = np.repeat(np.arange(len(doubtful.firsts)), doubtful.sizes)
    mixed = np.unique(number[differ])
    whole = np.ones(len(large), dtype=bool)
    whole[np.flatnonzero(large)[mixed]] = False
    yield groups.choose(whole)
    inside = np.flatnonzero(np.isin(number, mixed))
    keys = [number[inside], *(code[inside] for code in codes)]
    order = np.lexsort((doubtful.places[inside], *keys))
    new = np.append(True, np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0))
    yield _grouped(row, doubtful.places[inside[order]], new)


def _pack_grams(row: UnitRow, places: IntArray, n: int) -> list[Array]:
    """Return the n characters from each place on as a few 64-bit numbers."""
    width = -(-n // _WORD) * _WORD
    chars = row.windows(places, width)
    chars[:, n:] = BOUNDARY
    return list(chars.view("<u8").T)
