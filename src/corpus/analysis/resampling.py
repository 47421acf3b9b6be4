"""Intervals and nulls: the one place where something is drawn at random, always with a seed that is stated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.unit_row import IntArray

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


def deal_within(groups: IntArray, n_permutations: int, *, seed: int = SEED) -> Iterator[IntArray]:
    """Yield orders of the items in which those of each group have changed places among themselves, at random.

    Parameters
    ----------
    groups : array of int
        The group of each item.
    n_permutations, seed : int

    Yields
    ------
    array of int
        For each place which item stands there.
    """
    chance = np.random.default_rng(seed)
    places = np.argsort(groups, kind="stable")
    for _ in range(n_permutations):
        order = np.empty(len(groups), dtype=np.int64)
        order[places] = np.lexsort((chance.random(len(groups)), groups))
        yield order


def share_at_least(n_as_much: IntArray, n_permutations: int) -> FloatArray:
    """Return the share of permutations that give as much as was observed, what was observed counted as one of them.

    (1 + n) / (1 + N), never 0 (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39).
    Under the null it is at most x in at most a share x of cases.
    """
    shares: FloatArray = (1.0 + n_as_much.astype(np.float64)) / (1.0 + n_permutations)
    return shares
