"""Shared passages that end at the ends of words and numerals, and what of a pair's passages lies in others.

Two texts that agree up to 增长10 and go on with .5 and .8 share 增长; two that go on with 发展 and 发放 do not share
发. So a numeral is never cut in either text, and a word only where it is not cut in both. What is looked at are the two
texts alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from corpus.analysis.alignment.common_text import common_length
from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.exact_matches import match_lengths
from corpus.analysis.index.gram_numbers import distinct, running_ends
from corpus.analysis.index.shared_grams import MULTIPLIER
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow
from corpus.analysis.words.word_edges import Joints, lie_in_words

MOST_OF_A_WORD = 3
"""Characters that are taken from an end at most, so that no word is cut."""
_MOST_OF_A_NUMERAL = 32
_BESIDE = 4
_ROUNDS = 4


def trim_ends(joints: Joints, row: UnitRow, passages: Alignments) -> Alignments:
    """Take from both ends of passages the pieces of numerals and words that one or both texts go on with.

    Parameters
    ----------
    joints : Joints
        Those of the row.
    row : UnitRow
    passages : Alignments
        Passages that begin and end with a character that agrees. Some may have no character left.
    """
    wide = Alignments(*(getattr(passages, name).astype(np.int64) for name in Alignments.__slots__))
    for step in (1, -1):
        wide = _trim(row, joints, wide, step)
    return wide


def _trim(row: UnitRow, joints: Joints, passages: Alignments, step: int) -> Alignments:
    """Trim the ends (step 1) or the beginnings (-1)."""
    p, q = (passages.p_end - 1, passages.q_end - 1) if step > 0 else (passages.p_start, passages.q_start)
    p, q, matched = p.copy(), q.copy(), passages.matched.copy()
    other_p, other_q = (passages.p_start, passages.q_start) if step > 0 else (passages.p_end - 1, passages.q_end - 1)
    longest = passages.longest.copy()
    jumped = np.zeros(len(p), dtype=bool)
    open_ = np.flatnonzero(_count_cut(joints, p, q, np.ones(len(p), dtype=np.int64), step))
    for _ in range(_ROUNDS):
        room = np.minimum(np.abs(p[open_] - other_p[open_]), np.abs(q[open_] - other_q[open_])) + 1
        runs = match_lengths(row, p[open_], q[open_], np.minimum(room, _MOST_OF_A_NUMERAL), step=-step)
        taken = _count_cut(joints, p[open_], q[open_], runs, step)
        cut = taken > 0
        open_, runs, taken, room = open_[cut], runs[cut], taken[cut], room[cut]
        p[open_] -= step * taken
        q[open_] -= step * taken
        matched[open_] -= taken
        # What is longest may have been at this end.
        shorter = np.where((longest[open_] <= runs) | (runs == _MOST_OF_A_NUMERAL), 0, longest[open_])
        longest[open_] = np.maximum(shorter, longest[open_] - taken)
        # Where a whole stretch that agrees was taken, the passage ends where the texts agree before it.
        gone = (taken == runs) & (taken < room)
        open_ = open_[gone]
        if not len(open_):
            break
        back_p, back_q = _nearest_agreement(row, p[open_], q[open_], step)
        p[open_] -= step * back_p
        q[open_] -= step * back_q
        jumped[open_] = True
    edges = {"p_end": p + 1, "q_end": q + 1} if step > 0 else {"p_start": p, "q_start": q}
    trimmed = replace(passages, **edges, matched=matched, longest=longest)
    for at in np.flatnonzero(jumped).tolist():
        one, other = (
            row.units[first:last].tolist()
            for first, last in (
                (trimmed.p_start[at], trimmed.p_end[at]),
                (trimmed.q_start[at], trimmed.q_end[at]),
            )
        )
        matched[at] = min(int(matched[at]), common_length(one, other))
    return replace(trimmed, longest=np.minimum(longest, matched))


def _count_cut(joints: Joints, p: IntArray, q: IntArray, runs: IntArray, step: int) -> IntArray:
    """Return how many characters from the edge inwards are pieces of a numeral or a word."""
    taken = np.zeros(len(p), dtype=np.int64)
    open_ = np.arange(len(p))
    while len(open_):
        # The joint at the edge is that behind the last character, or before the first.
        at_p, at_q = (
            (p[open_] - taken[open_], q[open_] - taken[open_])
            if step > 0
            else (p[open_] + taken[open_] - 1, q[open_] + taken[open_] - 1)
        )
        cut = joints.numeral.take(at_p) | joints.numeral.take(at_q)
        words = np.flatnonzero(
            ~cut & (taken[open_] < MOST_OF_A_WORD) & joints.touching.take(at_p) & joints.touching.take(at_q)
        )
        words = words[_lie_in_words(joints, at_p[words])]
        cut[words[_lie_in_words(joints, at_q[words])]] = True
        open_ = open_[cut & (taken[open_] < runs[open_])]
        taken[open_] += 1
        open_ = open_[taken[open_] < runs[open_]]
    return taken


def _lie_in_words(joints: Joints, places: IntArray) -> BoolArray:
    """Ask `lie_in_words` of each place once: many passages end where many others do."""
    asked = np.zeros(len(joints.letters), dtype=bool)
    asked[places] = True
    once = np.flatnonzero(asked)
    asked[once] = lie_in_words(joints, once)
    return asked[places]


def _nearest_agreement(row: UnitRow, p: IntArray, q: IntArray, step: int) -> tuple[IntArray, IntArray]:
    """Return how far the nearest characters inwards that agree lie from p and q."""
    best = np.full(len(p), 2 * _BESIDE + 1)
    back_p, back_q = np.zeros(len(p), dtype=np.int64), np.zeros(len(p), dtype=np.int64)
    for i in range(_BESIDE + 1):
        for j in range(_BESIDE + 1):
            agree = (row.units.take(p - step * i) == row.units.take(q - step * j)) & (i + j < best)
            best[agree], back_p[agree], back_q[agree] = i + j, i, j
    return back_p, back_q


def find_larger(passages: Alignments) -> IntArray:
    """Return for each passage the one of its pair with most matched characters whose words it has some of, or -1.

    Passages are given by pair and place; one has words of another where their spans overlap in one of the two reports.
    Of two passages with as many characters the one that stands earlier counts as larger. So those with -1 overlap
    nowhere.
    """
    total = len(passages)
    # Larger ones get higher numbers.
    rank = np.empty(total, dtype=np.int64)
    rank[np.lexsort((-np.arange(total), passages.matched))] = np.arange(total)
    best = np.full(total, -1, dtype=np.int64)
    for starts, ends in ((passages.p_start, passages.p_end), (passages.q_start, passages.q_end)):
        order = replace(passages, p_start=starts, q_start=starts).order()
        pair, start = passages.pair[order], starts[order].astype(np.int64)
        number = np.cumsum(np.diff(pair, prepend=-1) != 0)
        # As far as one that began earlier may reach.
        reach = running_ends(number, ends[order].astype(np.int64))
        for lag in range(1, total):
            near = (pair[lag:] == pair[:-lag]) & (start[lag:] < reach[:-lag])
            if not near.any():
                break
            overlap = np.flatnonzero(near & (start[lag:] < ends[order][:-lag]))
            earlier, later = order[overlap], order[overlap + lag]
            smaller = np.where(rank[earlier] < rank[later], earlier, later)
            np.maximum.at(best, smaller, np.maximum(rank[earlier], rank[later]))
    by_rank = np.empty(total, dtype=np.int64)
    by_rank[rank] = np.arange(total)
    return np.where(best < 0, -1, by_rank[best] if total else best)


def long_enough(passages: Alignments, *, min_chars: int, least_similar: float) -> BoolArray:
    """Tell which passages have ``min_chars`` characters that agree in a row, or twice as many in all."""
    long: BoolArray = (passages.matched >= 2 * min_chars) & (passages.similarity >= least_similar)
    return ((passages.longest >= min_chars) | long) & (passages.matched > 0)


def are_told_before(passages: Alignments) -> BoolArray:
    """Tell which passages hold the same stretches as an earlier one: what began apart can end as one at word ends."""
    told = np.zeros(len(passages), dtype=bool)
    # Of equal numbers few are of different places, and these are told apart by the places themselves.
    numbers = passages.p_start.astype(np.uint64) * MULTIPLIER + passages.q_start.astype(np.uint64)
    ordered = np.sort(numbers)
    twice = distinct(ordered[1:][ordered[1:] == ordered[:-1]])
    if len(twice):
        some = np.flatnonzero(twice[np.searchsorted(twice[:-1], numbers)] == numbers)
        spans = np.stack([passages.p_start, passages.q_start, passages.p_end, passages.q_end])[:, some]
        told[some] = True
        told[some[np.unique(spans, axis=1, return_index=True)[1]]] = False
    return told
