"""Intervals and nulls: the one place where something is drawn at random, always with a seed that is stated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray

FloatArray = npt.NDArray[np.float64]

SEED = 1997
"""The seed of every draw, so that the same reports give the same interval and the same null."""
N_DRAWS = 1000
LEVEL = 0.95


def interval_of_ratio(
    parts: IntArray, wholes: IntArray, *, level: float = LEVEL, n_draws: int = N_DRAWS, seed: int = SEED
) -> tuple[float, float]:
    """Return an interval for sum(parts) / sum(wholes) over passages that follow each other in one text.

    The passages are resampled in stretches of S^(1/3) neighbours (S passages; rounded up), the text closed to a circle
    (circular block bootstrap, Politis & Romano 1992), because what was copied often runs on into the next passage; the
    interval lies between the percentiles. No report is ever drawn twice: it is the passages of one text that are.

    Parameters
    ----------
    parts, wholes : array of int
        For each passage in order how much of it counts, and how much it is; one whole at least is above 0.
    level : float
        Share of the draws that lie in the interval, 0 to 1.
    n_draws, seed : int
    """
    n_passages = len(parts)
    length = int(np.ceil(round(n_passages ** (1 / 3), 9)))
    chance = np.random.default_rng(seed)
    starts = chance.integers(0, n_passages, (n_draws, -(-n_passages // length)))
    sums = []
    for values in (parts, wholes):
        upto = np.concatenate([[0], np.cumsum(np.concatenate([values, values[:length]]))])
        stretches = upto[length : length + n_passages] - upto[:n_passages]
        sums.append(stretches[starts].sum(axis=1))
    drawn = sums[0][sums[1] > 0] / sums[1][sums[1] > 0]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


_TOGETHER = 6


def deal_with_margins(
    holders: IntArray, tokens: IntArray, marks: IntArray, *, n_draws: int, seed: int = SEED
) -> Iterator[IntArray]:
    """Yield who holds what after tokens were dealt out anew, with both margins of the table of marks by holders kept.

    Everybody gets as many tokens as there were. Where a mark is then held by fewer than before, since some got it
    twice, as many of the second ones change to holders drawn at random who have not got it: those of one token together
    if they can, in up to 6 trials, else one by one. Where it is held by more, some change to holders who have it. So
    every mark is held by as many as before, as in swap randomisation (the curveball of Strona et al. 2014), but what
    stands in one token stays together as a rule, which swaps of single marks tear apart.

    Parameters
    ----------
    holders : array of int
        Who holds each token, from 0.
    tokens, marks : array of int
        Each mark of each token, ascending by token.
    n_draws, seed : int

    Yields
    ------
    array of int
        The holder of each of ``marks``.
    """
    chance = np.random.default_rng(seed)
    n_holders, n_marks = int(holders.max(initial=0)) + 1, int(marks.max(initial=-1)) + 1
    wanted = np.bincount(distinct(holders[tokens] * n_marks + marks) % max(n_marks, 1), minlength=n_marks)
    firsts = np.searchsorted(tokens, np.arange(len(holders) + 1))
    last = np.zeros(n_holders * n_marks, dtype=np.int32)
    for _ in range(n_draws):
        now = chance.permutation(holders)[tokens]
        # Tokens come in another random order for every draw, so that which of equal ones is the second is chance.
        shuffled = chance.permutation(len(holders))
        sizes = np.diff(firsts)[shuffled]
        order = np.arange(len(marks)) + np.repeat(firsts[shuffled] - np.cumsum(sizes) + sizes, sizes)
        codes = now[order] * n_marks + marks[order]
        numbers = np.arange(len(order), dtype=np.int32)
        last[codes] = numbers
        again = last[codes] != numbers
        held = np.zeros((n_holders, n_marks), dtype=np.bool_)
        held.ravel()[codes] = True
        lacking = wanted - np.bincount(marks[order[~again]], minlength=n_marks)
        left = np.sort(_first_of_each(order[again], marks, np.maximum(lacking, 0)))
        given = _first_of_each(order[~again], marks, np.maximum(-lacking, 0))
        held[now[given], marks[given]] = False
        takers = np.where(held[:, marks[given]], chance.random((n_holders, len(given))), 2.0).argmin(axis=0)
        # Who gives a mark gives it as often as it is there.
        taker_of = np.full(len(marks), -1)
        taker_of[given] = takers
        taken = taker_of[order[last[codes]]]
        now[order[taken >= 0]] = taken[taken >= 0]
        for _ in range(_TOGETHER):
            left = _change_together(left, tokens, marks, now=now, held=held, chance=chance)
        while len(left):
            _, some = np.unique(marks[left], return_index=True)
            chosen = left[some]
            lots = np.where(held[:, marks[chosen]], 2.0, chance.random((n_holders, len(chosen))))
            now[chosen] = lots.argmin(axis=0)
            held[now[chosen], marks[chosen]] = True
            left = np.delete(left, some)
        yield now


def _first_of_each(places: IntArray, marks: IntArray, n_each: IntArray) -> IntArray:
    """Return as many places of each mark as asked for, the first ones."""
    places = places[n_each[marks[places]] > 0]
    places = places[np.argsort(marks[places], kind="stable")]
    own = marks[places]
    number = np.arange(len(places)) - np.searchsorted(own, own)
    chosen: IntArray = places[number < n_each[own]]
    return chosen


def _change_together(
    left: IntArray, tokens: IntArray, marks: IntArray, *, now: IntArray, held: BoolArray, chance: np.random.Generator
) -> IntArray:
    """Give the marks of each token to one holder who has none of them; return those for which there was none."""
    if not len(left):
        return left
    firsts = np.flatnonzero(np.append(True, np.diff(tokens[left]) > 0))
    sizes = np.diff(np.append(firsts, len(left)))
    taker = np.repeat(chance.integers(0, len(held), len(firsts)), sizes)
    codes = taker * held.shape[1] + marks[left]
    _, first = np.unique(codes, return_index=True)
    can = np.zeros(len(left), dtype=np.bool_)
    can[first] = True
    can &= ~held[taker, marks[left]]
    whole = np.repeat(np.logical_and.reduceat(can, firsts), sizes)
    now[left[whole]] = taker[whole]
    held[taker[whole], marks[left[whole]]] = True
    rest: IntArray = left[~whole]
    return rest


def share_at_least(n_as_much: IntArray, n_permutations: int) -> FloatArray:
    """Return the share of permutations that give as much as was observed, what was observed counted as one of them.

    (1 + n) / (1 + N), never 0 (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39).
    Under the null it is at most x in at most a share x of cases.
    """
    shares: FloatArray = (1.0 + n_as_much.astype(np.float64)) / (1.0 + n_permutations)
    return shares
