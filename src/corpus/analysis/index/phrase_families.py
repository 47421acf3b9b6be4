"""Families of passages that several reports have: what of the index stands together, and where.

Grams that follow each other at nearly all their places are one passage, as in the assembly of genomes (Kececioglu &
Myers 1995, Algorithmica 13:7-51). Nothing is compared pair by pair: a sentence in thirty thousand reports costs thirty
thousand steps.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import count_distinct, running_ends
from corpus.analysis.index.shared_grams import find_grams
from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, IntArray, UnitRow

_NEARLY_ALL = 0.95
_MOST = 0.8  # of all places, while nearly all that have been alike so far go on alike
_GAP = 24  # most characters between two pieces of one place
_DRIFT = 4  # most characters by which such a gap is longer or shorter than in the passage
_LOOKBACK = 8
_NESTED = 10


class Families(NamedTuple):
    """Places of passages in a row, by family and start; ends exclusive."""

    family: IntArray
    starts: IntArray
    ends: IntArray

    def choose(self, chosen: Array) -> Families:
        return Families(*(column[chosen] for column in self))

    def ordered(self) -> Families:
        return self.choose(np.lexsort((self.ends, self.starts, self.family)))


def find_families(row: UnitRow, n: int, *, min_reports: int, last_chars: BoolArray) -> Families:
    """Find the passages that stand in several reports, edited ones with those they were made from.

    Each stretch of ``n`` characters that stands in ``min_reports`` reports lies in a place of a family. A family is as
    long as nearly all (nineteen in twenty) of its places allow. It is left out where one longer family stands around
    all its places.

    Parameters
    ----------
    row : UnitRow
    n : int
        Least number of characters.
    min_reports : int
        2 or more.
    last_chars : array of bool
        The characters of the row that are the last of a sentence. A passage does not go on behind them, unless the same
        characters stand inside a sentence elsewhere.
    """
    grams, places = _frequent_grams(row, n, min_reports, last_chars)
    if not len(places):
        none = np.zeros(0, dtype=np.int64)
        return Families(none, none, none)
    chains, ranks = _chain_grams(grams, places)
    found, lacks_left, lacks_right = _join_pieces(chains, ranks, places, n, last_chars)
    left = _extend(row, found.starts, found.family, lacks_left == 0, last_chars, step=-1)
    right = _extend(row, found.ends, found.family, lacks_right == 0, last_chars, step=1)
    longest_left, longest_right = (_greatest(found.family, ahead) for ahead in (left, right))
    lacks_left += longest_left[found.family] - left
    lacks_right += longest_right[found.family] - right
    found = found._replace(starts=found.starts - left, ends=found.ends + right)
    found = _complete(row, found, lacks_left, lacks_right, last_chars)
    found = merge_overlapping(found)
    found = merge_overlapping(_unite(found, last_chars))
    return _without_inner(found)


def _greatest(family: IntArray, values: IntArray) -> IntArray:
    greatest = np.zeros(int(family.max()) + 1, dtype=np.int64)
    np.maximum.at(greatest, family, values)
    return greatest


def _frequent_grams(row: UnitRow, n: int, min_reports: int, last_chars: BoolArray) -> tuple[IntArray, IntArray]:
    """Return the grams of enough reports, numbered, and their places, in ascending order.

    A gram that stands across the end of a sentence wherever it stands is none.
    """
    within = np.ones(len(row.units), dtype=bool)
    for step in range(n - 1):
        within[: len(within) - step] &= ~last_chars[step:]
    places, grams = [np.zeros(0, dtype=np.uint32)], [np.zeros(0, dtype=np.int32)]
    n_grams = 0
    for found in find_grams(row, n, exact_above=1):
        in_sentence = np.logical_or.reduceat(within[found.places], found.firsts) if len(found.firsts) else found.firsts
        frequent = found.choose((found.n_reports >= min_reports) & (in_sentence > 0))
        places.append(frequent.places.astype(np.uint32))
        numbers = np.arange(n_grams, n_grams + len(frequent.firsts), dtype=np.int32)
        grams.append(np.repeat(numbers, frequent.sizes))
        n_grams += len(numbers)
    at = np.concatenate(places)
    order = np.argsort(at)
    return np.concatenate(grams)[order].astype(np.int64), at[order].astype(np.int64)


def _chain_grams(grams: IntArray, places: IntArray) -> tuple[IntArray, IntArray]:
    """Return for each place the chain that its gram is in, and the gram's rank there.

    A gram follows another in a chain if it does so at nearly all places of both.
    """
    counts = np.bincount(grams)
    adjacent = np.flatnonzero(places[1:] == places[:-1] + 1)
    pairs, n_pairs = count_distinct(grams[adjacent] * len(counts) + grams[adjacent + 1])
    first, second = np.divmod(pairs, len(counts))
    linked = (n_pairs >= _NEARLY_ALL * np.maximum(counts[first], counts[second])) & (first != second)
    before = np.arange(len(counts))
    before[second[linked]] = first[linked]
    heads, ranks, lowest = _climb(before)
    # Periodic words chain to themselves: such a ring begins at its lowest gram.
    ring = before[heads] != heads
    if ring.any():
        opened = np.flatnonzero(ring & (lowest == np.arange(len(counts))))
        before[opened] = opened
        heads, ranks, _ = _climb(before)
    return heads[grams], ranks[grams]


def _climb(before: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the first element of each chain, the steps to it, and the lowest element on the way."""
    heads = before.copy()
    ranks = (before != np.arange(len(before))).astype(np.int64)
    lowest = np.minimum(before, np.arange(len(before)))
    for _ in range(len(before).bit_length()):
        farther = heads[heads]
        if (farther == heads).all():
            break
        ranks += ranks[heads]
        lowest = np.minimum(lowest, lowest[heads])
        heads = farther
    return heads, ranks, lowest


def _join_pieces(
    chains: IntArray, ranks: IntArray, places: IntArray, n: int, last_chars: BoolArray
) -> tuple[Families, IntArray, IntArray]:
    """Return the places of the chains, and how many grams of the chain each lacks at its beginning and its end.

    Pieces of one chain are one place where they stand as far apart as in the chain, give or take an edit.
    """
    # The places ascend.
    order = np.argsort(chains, kind="stable")
    chains, ranks, places = chains[order], ranks[order], places[order]
    longest = _greatest(chains, ranks)
    step, climb = np.diff(places), np.diff(ranks)
    same = (chains[1:] == chains[:-1]) & (climb > 0) & (step <= n + _GAP) & (np.abs(step - climb) <= _DRIFT)
    sentence = _sentence_of(last_chars, places)
    same &= (step == 1) | (sentence[1:] == sentence[:-1])
    firsts = np.flatnonzero(np.append(True, ~same))
    lasts = np.append(firsts[1:], len(places)) - 1
    found = Families(chains[firsts], places[firsts], places[lasts] + n)
    return found, ranks[firsts], longest[chains[lasts]] - ranks[lasts]


def _sentence_of(last_chars: BoolArray, places: IntArray) -> IntArray:
    """Return the number of the sentence that each place lies in."""
    ended = np.cumsum(last_chars, dtype=np.int32)
    numbers: IntArray = ended.take(places).astype(np.int64) - last_chars.take(places)
    return numbers


def _extend(
    row: UnitRow, edges: IntArray, family: IntArray, whole: BoolArray, last_chars: BoolArray, *, step: int
) -> IntArray:
    """Return how far the places of each family go on, as long as nearly all have the same character."""
    edges, before = edges.copy(), edges
    n_places = np.bincount(family)
    live = np.flatnonzero(whole)
    while len(live):
        at = edges[live] + min(step, 0)
        chars = row.units.take(at).astype(np.int64)
        chars[last_chars.take(at if step < 0 else at - 1)] = BOUNDARY
        codes, counts = count_distinct((family[live] << 16) | chars)
        n_live = np.bincount(family[live], minlength=len(n_places))
        enough = (counts >= _NEARLY_ALL * n_live[codes >> 16]) & (counts >= _MOST * n_places[codes >> 16])
        agreed = codes[enough & ((codes & 0xFFFF) != BOUNDARY)]
        wanted = np.zeros(len(n_places), dtype=np.int64)
        wanted[agreed >> 16] = agreed & 0xFFFF
        live = live[(chars != BOUNDARY) & (chars == wanted[family[live]])]
        edges[live] += step
    distances: IntArray = np.abs(edges - before)
    return distances


def _complete(
    row: UnitRow, found: Families, lacks_left: IntArray, lacks_right: IntArray, last_chars: BoolArray
) -> Families:
    """Give places that lack a bit of their passage at one end that bit, where half of its characters agree."""
    whole = np.flatnonzero((lacks_left == 0) & (lacks_right == 0))
    models = np.full(int(found.family.max()) + 1, -1, dtype=np.int64)
    models[found.family[whole][::-1]] = whole[::-1]
    model = models[found.family]
    sentence_ends = np.append(np.flatnonzero(last_chars), len(row.units)) + 1
    number = np.searchsorted(sentence_ends, found.starts, side="right")
    room_left = found.starts - np.append(0, sentence_ends)[number]
    room_right = sentence_ends[number] - found.ends
    starts, ends = found.starts.copy(), found.ends.copy()
    for edges, lacks, room, step in ((starts, lacks_left, room_left, -1), (ends, lacks_right, room_right, 1)):
        some = np.flatnonzero((lacks > 0) & (lacks <= _GAP) & (model >= 0) & (room > 0))
        lacking, length = lacks[some], np.minimum(lacks[some], room[some])
        begin = min(step, 0) * _GAP
        own = row.windows(edges[some] + begin, _GAP)
        theirs = edges[model[some]] - step * lacking + begin
        inside = (np.arange(_GAP) < length[:, None])[:, ::step]
        agree = np.max(
            [((row.windows(theirs + shift, _GAP) == own) & inside).sum(axis=1) for shift in (-1, 0, 1)], axis=0
        )
        kept = 2 * agree >= length
        edges[some[kept]] += step * length[kept]
    return Families(found.family, starts, ends)


def merge_overlapping(found: Families) -> Families:
    """Join the places of one family that overlap."""
    found = found.ordered()
    reach = running_ends(found.family, found.ends)
    apart = (found.family[1:] != found.family[:-1]) | (found.starts[1:] >= reach[:-1])
    firsts = np.flatnonzero(np.append(True, apart))
    return Families(found.family[firsts], found.starts[firsts], np.maximum.reduceat(found.ends, firsts))


def _unite(found: Families, last_chars: BoolArray) -> Families:
    """Unite families that stand side by side in one sentence at nearly all places of both, and join their places."""
    found = found.choose(np.lexsort((found.family, found.starts)))
    sentence = _sentence_of(last_chars, found.starts)
    counts = np.bincount(found.family)
    votes = []
    for lag in range(1, _LOOKBACK + 1):
        near = (sentence[lag:] == sentence[:-lag]) & (found.starts[lag:] <= found.ends[:-lag] + _GAP)
        one, other = found.family[:-lag][near], found.family[lag:][near]
        votes.append((np.minimum(one, other) * len(counts) + np.maximum(one, other))[one != other])
    pairs, n_votes = count_distinct(np.concatenate(votes))
    one, other = np.divmod(pairs, len(counts))
    united = n_votes >= _NEARLY_ALL * np.maximum(counts[one], counts[other])
    one, other = one[united], other[united]
    names = np.arange(len(counts))
    while True:
        least = np.minimum(names[one], names[other])
        renamed = names.copy()
        np.minimum.at(renamed, names[one], least)
        np.minimum.at(renamed, names[other], least)
        renamed = renamed[renamed]
        if (renamed == names).all():
            break
        names = renamed
    family = names[found.family]
    order = np.lexsort((found.starts, family))
    found, sentence = Families(family, found.starts, found.ends).choose(order), sentence[order]
    changed = np.isin(found.family, np.unique(names[np.concatenate([one, other])]))
    ends = running_ends(found.family, found.ends)
    joined = (
        changed[1:]
        & (found.family[1:] == found.family[:-1])
        & (sentence[1:] == sentence[:-1])
        & (found.starts[1:] <= ends[:-1] + _GAP)
    )
    firsts = np.flatnonzero(np.append(True, ~joined))
    return Families(found.family[firsts], found.starts[firsts], np.maximum.reduceat(found.ends, firsts))


def _without_inner(found: Families) -> Families:
    """Leave out the families whose places all lie inside places of one longer family."""
    found = found.choose(np.lexsort((found.family, -found.ends, found.starts)))
    counts = np.bincount(found.family)
    votes = []
    for lag in range(1, min(_NESTED, len(found.family))):
        around = found.ends[lag:] <= found.ends[:-lag]
        inner, outer = found.family[lag:][around], found.family[:-lag][around]
        votes.append((inner * len(counts) + outer)[inner != outer])
    pairs, n_votes = count_distinct(np.concatenate([np.zeros(0, dtype=np.int64), *votes]))
    inner = pairs // len(counts)
    kept = np.ones(len(counts), dtype=bool)
    kept[inner[n_votes == counts[inner]]] = False
    return found.choose(kept[found.family]).ordered()
