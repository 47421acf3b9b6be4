"""The index of character n-grams (shingles) of a collection: which stand in several reports, and where.

A gram becomes one 64-bit word, some bits of a hash and its place; sorting the words brings equal grams together, and
their places into order. Hashes only bring together what is then compared character by character, so that no result
depends on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from corpus.analysis.index.unit_row import BOUNDARY, PADDING, Array, BoolArray, IntArray, UnitRow

_WORDS_AT_ONCE = 1 << 26
_HASHED_AT_ONCE = 1 << 16
_GROUPED_AT_ONCE = 1 << 20
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_WORD = 4  # characters in 64 bits


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
