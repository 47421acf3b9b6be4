"""How much of a clause stands in the clauses of another report: containment of pairs of characters, by rarity."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from corpus.analysis.alignment.passage_pairs import MASK, number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray
from corpus.analysis.resampling import FloatArray

_RAREST = 0.33
"""What the rarest third of the pairs of a clause weighs; all pairs weigh the rest."""

# Codes (G318, 5G) are names; figures that stand free change from year to year.
_FREE_FIGURE = re.compile(r"(?<![A-Za-z0-9])[0-9]+(?![A-Za-z0-9])")
_FILLERS = re.compile("左右|以上|以内|以下|力争|确保|达到|不低于|不少于")
_BITS = 21
_LOW = (1 << _BITS) - 1
_MOST_CELLS = 1 << 21


class Best(NamedTuple):
    """For each clause that was looked for: the window where most of it stands, -1 for none, and its score, 0 to 1."""

    windows: IntArray
    scores: FloatArray


class Rarity(NamedTuple):
    """The pairs of characters of some clauses, ascending, and how many clauses have each."""

    grams: IntArray
    counts: IntArray
    n_clauses: int

    def weigh(self, grams: IntArray) -> FloatArray:
        """Return log(1 + n / df) of each pair of characters."""
        weights: FloatArray = np.log1p(self.n_clauses / self.counts[np.searchsorted(self.grams, grams)])
        return weights


def gram_clauses(keys: Sequence[str]) -> IntArray:
    """Return each distinct (pair of characters, clause) once, ascending, without figures and hedges."""
    bare = _FILLERS.sub("", _FREE_FIGURE.sub(MASK, "\0".join(keys)))
    codes, _ = number_grams(bare.split("\0"))
    grams = codes >> _BITS
    masked = (grams >> _BITS == ord(MASK)) | (grams & _LOW == ord(MASK))
    bare_codes: IntArray = codes[~masked]
    return bare_codes


def count_clauses(codes: Sequence[IntArray], n_clauses: int) -> Rarity:
    """Return how many clauses have each pair of characters."""
    grams, counts = np.unique(np.concatenate([found >> _BITS for found in codes]), return_counts=True)
    return Rarity(grams, counts, n_clauses)


def gram_windows(codes: IntArray, windows: Sequence[tuple[int, int]], n_clauses: int) -> IntArray:
    """Return each distinct (pair of characters, window) once, ascending; a window is one clause or two in a row."""
    alone, with_next = np.full(n_clauses, -1), np.full(n_clauses, -1)
    for place, (first, last) in enumerate(windows):
        (alone if first == last else with_next)[first] = place
    grams, owners = codes >> _BITS, codes & _LOW
    before = np.where(owners > 0, with_next[owners - 1], -1)
    joined = [(grams[here >= 0] << _BITS) | here[here >= 0] for here in (alone[owners], with_next[owners], before)]
    return np.unique(np.concatenate(joined))


def find_best(
    plans: IntArray,
    n_plans: int,
    windows: IntArray,
    rarity: Rarity,
    *,
    allowed: BoolArray,
    quantities: IntArray,
    needs: IntArray,
) -> Best:
    """Return for each clause the window that holds most of it.

    A score is .67 times the weight of the pairs of characters of the clause that the window has, by that of all, and
    .33 times the same over the rarest third of its pairs. Of windows with one score the first wins.

    Parameters
    ----------
    plans, windows : array of int
        From `gram_clauses` and `gram_windows`.
    n_plans : int
    rarity : Rarity
    allowed : array of bool
        Which windows are looked at.
    quantities : array of int
        What the figures of a window measure, as bits.
    needs : array of int
        The same of a clause; where it has bits, it is found only in windows that have one of them.
    """
    n_windows = len(allowed)
    best, scores = np.full(n_plans, -1), np.zeros(n_plans)
    if not len(plans) or not len(windows) or not allowed.any():
        return Best(best, scores)
    grams, owners = plans >> _BITS, plans & _LOW
    weights = rarity.weigh(grams)
    rare = _rarest_third(owners, weights, n_plans)
    sums = np.maximum(np.bincount(owners, weights, minlength=n_plans), 1e-9)
    rare_sums = np.maximum(np.bincount(owners[rare], weights[rare], minlength=n_plans), 1e-9)
    shares = weights * ((1 - _RAREST) / sums[owners] + rare * _RAREST / rare_sums[owners])
    windows = windows[allowed[windows & _LOW]]
    window_grams, window_owners = windows >> _BITS, windows & _LOW
    rows_at_once = max(1, _MOST_CELLS // n_windows)
    for begin in range(0, n_plans, rows_at_once):
        n_rows = min(rows_at_once, n_plans - begin)
        here = (owners >= begin) & (owners < begin + n_rows)
        first, last = (np.searchsorted(window_grams, grams[here], side) for side in ("left", "right"))
        n_equal = last - first
        steps = np.arange(n_equal.sum()) - np.repeat(np.cumsum(n_equal) - n_equal, n_equal)
        cells = np.repeat(owners[here] - begin, n_equal) * n_windows + window_owners[np.repeat(first, n_equal) + steps]
        table = np.bincount(cells, np.repeat(shares[here], n_equal), minlength=n_rows * n_windows)
        table = table.reshape(n_rows, n_windows)
        needed = needs[begin : begin + n_rows, None]
        table[(needed != 0) & (needed & quantities[None, :] == 0)] = 0
        # A window of two clauses holds what either does; the single clause stands first and wins where that is all.
        table = table.round(6)
        best[begin : begin + n_rows] = table.argmax(axis=1)
        scores[begin : begin + n_rows] = table.max(axis=1)
    best[scores == 0] = -1
    return Best(best, scores)


def _rarest_third(owners: IntArray, weights: FloatArray, n_plans: int) -> BoolArray:
    order = np.lexsort((-weights, owners))
    counts = np.bincount(owners, minlength=n_plans)
    ranks = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    rare = np.zeros(len(owners), dtype=bool)
    rare[order] = ranks < np.ceil(counts[owners[order]] / 3)
    return rare
