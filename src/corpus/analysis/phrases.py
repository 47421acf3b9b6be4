"""Maximal phrases that stand in several reports, from the sorted ends of their texts.

All places where a shared phrase begins are sorted by the text that follows, by doubling (Larsson & Sadakane 2007,
Theoretical Computer Science 387:258-272). Phrases are then the stretches of that order whose members agree in enough
tokens (Abouelhoda, Kurtz & Ohlebusch 2004, J. Discrete Algorithms 2:53-86), and the distinct reports of each are
counted in the same pass (Hui 1992, Combinatorial Pattern Matching, LNCS 644:230-243). Nothing is compared pair by
pair: a phrase in a thousand reports costs a thousand steps, not a million.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from corpus.analysis.ngrams import BOUNDARY, IntArray, TokenRow, count_reports, number_grams
from corpus.values import CorpusError

MOST_PLACES = 10_000_000


class Phrase(NamedTuple):
    """A phrase of ``length`` tokens that begins at each of ``places`` of the row and stands in ``n_reports``."""

    length: int
    n_reports: int
    places: IntArray


class _Block(NamedTuple):
    """Consecutive sorted ends, ``first`` to ``last`` (exclusive), that agree in ``length`` tokens."""

    first: int
    last: int
    length: int
    n_reports: int


def find_phrases(row: TokenRow, min_tokens: int, *, min_reports: int) -> list[Phrase]:
    """Find the phrases of at least ``min_tokens`` in at least ``min_reports`` reports that cannot be made longer.

    A phrase can be made longer where the same token stands before it, or behind it, at every place. No phrase
    crosses a boundary.

    Returns
    -------
    list of Phrase
        In the order of their tokens; the places of each ascend.

    Raises
    ------
    CorpusError
        If the phrases stand at more places in all than a table can list, as where a text repeats one word endlessly.
    """
    # A gram at the very end needs tokens to look at behind it.
    tokens = np.append(row.tokens, np.full(min_tokens, BOUNDARY))
    levels, ends = _sort_ends(tokens, row.owners, min_tokens, min_reports=min_reports)
    lengths = _common_lengths(tokens, levels, ends)
    before = tokens[ends - 1]
    # Two boundaries are not the same token: nothing stands before either.
    changes = np.cumsum(np.append(False, (before[1:] != before[:-1]) | (before[1:] == BOUNDARY))).tolist()
    blocks = [
        block
        for block in _blocks(lengths.tolist(), row.owners[ends].tolist(), min_tokens, min_reports=min_reports)
        if changes[block.last - 1] > changes[block.first]
    ]
    n_places = sum(block.last - block.first for block in blocks)
    if n_places > MOST_PLACES:
        raise CorpusError(
            f"{len(blocks)} phrases stand at {n_places} places, more than the {MOST_PLACES} that a table can list; "
            "ask for longer phrases or for phrases in more reports"
        )
    return [Phrase(block.length, block.n_reports, np.sort(ends[block.first : block.last])) for block in sorted(blocks)]


def _sort_ends(
    tokens: IntArray, owners: IntArray, n: int, *, min_reports: int
) -> tuple[list[tuple[int, IntArray]], IntArray]:
    """Sort the places whose n-gram stands in enough reports by all that follows, as far as that stands in enough.

    Returns
    -------
    levels : list of (int, array)
        For n, 2n, 4n, … a number for the gram of that length at each place, or -1 where too few reports have it.
    ends : array
        The sorted places.
    """
    room = _room(tokens)[: len(owners)]
    numbers = number_grams(tokens + 1, n)[: len(owners)]
    # The number of a gram is how many places have a smaller one: so that it can be refined without renumbering.
    sizes = np.bincount(numbers)
    ranks = (np.cumsum(sizes) - sizes)[numbers]
    enough = count_reports(np.where(room >= n, ranks, -1), owners) >= min_reports
    active = candidates = np.flatnonzero(enough)
    levels = []
    while len(active):
        level = np.full(len(ranks), -1)
        level[active] = ranks[active]
        levels.append((n, level))
        order = np.lexsort((ranks[active + n], ranks[active]))
        active = active[order]
        following = ranks[active + n]
        old = np.append(True, np.diff(ranks[active]) != 0)
        new = old | np.append(True, np.diff(following) != 0)
        steps = np.arange(len(active))
        behind = np.maximum.accumulate(np.where(new, steps, 0)) - np.maximum.accumulate(np.where(old, steps, 0))
        ranks[active] += behind
        # The second half must have a number of its own: else the two agree in less than 2n tokens.
        whole = level[active + n] >= 0
        codes = np.where(whole, np.cumsum(new) - 1, -1)
        active = active[count_reports(codes, owners[active]) >= min_reports]
        n *= 2
    return levels, candidates[np.lexsort((candidates, ranks[candidates]))]


def _room(tokens: IntArray) -> IntArray:
    """Return how many tokens stand at each place before the next boundary."""
    boundaries = np.flatnonzero(tokens == BOUNDARY)
    places = np.arange(len(tokens))
    return boundaries[np.searchsorted(boundaries, places)] - places


def _common_lengths(tokens: IntArray, levels: list[tuple[int, IntArray]], ends: IntArray) -> IntArray:
    """Return in how many tokens each sorted end agrees with the one before it, as far as enough reports do."""
    if not len(ends):
        return np.zeros(0, dtype=np.int64)
    before, after = ends[:-1], ends[1:]
    common = np.zeros(len(before), dtype=np.int64)
    for n, level in reversed(levels):
        first, second = level[before + common], level[after + common]
        common += np.where((first >= 0) & (first == second), n, 0)
    shortest = levels[0][0]
    agree = np.ones(len(before), dtype=bool)
    for _ in range(shortest - 1):
        token = tokens[before + common]
        agree &= (token == tokens[after + common]) & (token != BOUNDARY)
        common += agree
    return np.append(0, np.where(common >= shortest, common, 0))


def _blocks(lengths: list[int], owners: list[int], min_tokens: int, *, min_reports: int) -> Iterator[_Block]:
    """Yield the blocks of sorted ends that agree in more tokens than any larger block around them.

    The open blocks lie on a stack, each inside the one below. A report that comes again is counted once too often
    in the innermost open block that holds both its places, and in those around it.
    """
    open_lengths: list[int] = []
    firsts: list[int] = []
    repeats: list[int] = []
    last_place: dict[int, int] = {}
    for place, length in enumerate([*lengths, 0]):
        first, again = place - 1, 0
        while open_lengths and open_lengths[-1] > length:
            closed, first, again = open_lengths.pop(), firsts.pop(), repeats.pop()
            n_reports = place - first - again
            if n_reports >= min_reports:
                yield _Block(first, place, closed, n_reports)
            if open_lengths and open_lengths[-1] >= length:
                repeats[-1] += again
        if length >= min_tokens and (not open_lengths or open_lengths[-1] < length):
            open_lengths.append(length)
            firsts.append(first)
            repeats.append(again)
        if place < len(owners):
            owner = owners[place]
            block = bisect_right(firsts, last_place.get(owner, -1)) - 1
            if block >= 0:
                repeats[block] += 1
            last_place[owner] = place
