"""Where a text repeats itself: of a stretch, a short period, or a handful of letters no place tells of a match."""

from __future__ import annotations

import numpy as np

from corpus.analysis.index.gram_numbers import mark_covered
from corpus.analysis.index.shared_grams import GramGroups
from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, UnitRow

_OFTEN = 16
_LONG = 256
_SAME = 0.4
_NEAR = 8


def mark_often(row: UnitRow, groups: GramGroups, often: BoolArray) -> None:
    """Mark the places of grams at which they stand more than 16 times in one report."""
    # So many more places than reports are needed for that.
    some = groups.choose(groups.sizes - groups.n_reports >= _OFTEN)
    if not len(some.places):
        return
    owners = row.owners.take(row.stretch_of(some.places))
    new = np.append(True, owners[1:] != owners[:-1])
    new[some.firsts] = True
    counts = np.diff(np.flatnonzero(new), append=len(new))
    often[some.places[np.repeat(counts > _OFTEN, counts)]] = True


def inside_repetitions(units: Array, often: BoolArray) -> BoolArray:
    """Return the places in runs of 256 and more that repeat themselves, but for the first of each run.

    That is where all grams stand often, or where, as in random letters of a handful, two in five characters are the
    same as one of the three before.
    """
    same = np.zeros(len(units), dtype=np.int8)
    for lag in (1, 2, 3):
        same[lag:] += units[lag:] == units[:-lag]
    boundaries = units == BOUNDARY
    same[boundaries] = 0
    inside = np.zeros(len(units), dtype=bool)
    edges = np.flatnonzero(np.diff(often & ~boundaries, prepend=False, append=False)).reshape(-1, 2)
    for start, end in edges[edges[:, 1] - edges[:, 0] >= _LONG].tolist():
        inside[start + 1 : end] = True
    # A dense run of 256 has half of what it needs in one of two blocks: only around such blocks is it looked for.
    padded = np.append(same, np.zeros(-len(same) % _LONG, dtype=np.int8))
    hot = np.flatnonzero(padded.reshape(-1, _LONG).sum(axis=1) >= _SAME * _LONG / 2)
    apart = np.diff(hot) > 4
    firsts, lasts = hot[np.append(True, apart)[: len(hot)]], hot[np.append(apart, True)[: len(hot)]]
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        around = slice(max(first - 1, 0) * _LONG, (last + 3) * _LONG)
        inside[around] |= _dense_runs(same[around], boundaries[around])
    return inside


def _dense_runs(same: Array, boundaries: BoolArray) -> BoolArray:
    """Return which places lie in runs of 256 of which two in five are marked, but for the first of each run."""
    if len(same) <= _LONG:
        return np.zeros(len(same), dtype=bool)
    sums, n_boundaries = (np.cumsum(values, dtype=np.int64) for values in (same, boundaries))
    starts = sums[_LONG:] - sums[:-_LONG] >= _SAME * _LONG
    starts &= n_boundaries[_LONG:] == n_boundaries[:-_LONG]
    dense = np.append(False, mark_covered(np.append(starts, np.zeros(_LONG - 1, dtype=bool)), _LONG))
    dense[1:] &= dense[:-1].copy()
    # What stands between two repetitions is none.
    dense[:-_NEAR] &= sums[_NEAR:] - sums[:-_NEAR] >= _SAME * _NEAR / 2
    return dense[: len(same)]
