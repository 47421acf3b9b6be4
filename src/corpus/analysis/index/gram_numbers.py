"""A number for every n-gram of a row, exact, and who has each: for shares of what several reports have."""

from __future__ import annotations

import numpy as np

from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, IntArray, UnitRow
from corpus.errors import CorpusError

# Two codes below this bound fit into one signed 64-bit integer.
_LARGEST_BOUND = 2**31
_FEW = 8  # where spans cover one place in so many, their places are marked one by one


def number_grams(units: Array, n: int) -> IntArray:
    """Number the n-gram that begins at each unit of a row.

    Numbers run from 0 without gaps, in the order of the grams. Where a gram would cross a boundary it is -1.
    Grams are joined from two shorter ones until they have n units, so that the work is a few sorts and no two
    different grams can ever get one number.

    Raises
    ------
    CorpusError
        If n is below 1.
    """
    if n < 1:
        raise CorpusError(f"an n-gram of {n} units does not exist; n is 1 or more")
    # Units become small numbers in the same order, so that grams pack into few bits.
    used = np.zeros(int(units.max(initial=0)) + 1, dtype=np.int64)
    used[units] = 1
    used[BOUNDARY] = 0
    codes = (np.cumsum(used) - 1).take(units)
    codes[units == BOUNDARY] = -1
    bound = int(used.sum())
    length = 1
    while length < n:
        step = min(length, n - length)
        if bound > _LARGEST_BOUND:
            codes = _renumber(codes)
            bound = int(codes.max(initial=0)) + 1
        codes = _join_grams(codes, step, bound=bound)
        bound *= bound
        length += step
    return _renumber(codes)


def _join_grams(codes: IntArray, step: int, *, bound: int) -> IntArray:
    """Join the gram at each place with the one ``step`` places on; -1 where either does not exist."""
    joined = np.full(len(codes), -1, dtype=np.int64)
    if step < len(codes):
        first, second = codes[:-step], codes[step:]
        joined[:-step] = np.where((first >= 0) & (second >= 0), first * bound + second, -1)
    return joined


def _renumber(codes: IntArray) -> IntArray:
    """Return the codes as numbers from 0 without gaps, in the same order; -1 stays."""
    numbers = np.full(len(codes), -1, dtype=np.int64)
    valid = codes >= 0
    numbers[valid] = np.unique(codes[valid], return_inverse=True)[1]
    return numbers


def holders(row: UnitRow, grams: IntArray, holder_of: IntArray | None = None) -> tuple[IntArray, IntArray]:
    """Return who has which gram, each once: two arrays, ascending by gram, then by holder.

    Parameters
    ----------
    row : UnitRow
    grams : array of int
        From `number_grams`.
    holder_of : array of int, optional
        Who has what stands in each stretch; nobody, if below 0. By default the report that it is of.
    """
    here, holder = _held(row, grams, holder_of)
    return _pair_once(grams[here], holder)


def count_holders(row: UnitRow, grams: IntArray, holder_of: IntArray | None = None) -> IntArray:
    """Return at each place how many have its gram, as in `holders`; 0 where there is no gram, or nobody has it."""
    counts = np.zeros(len(grams), dtype=np.int64)
    here, holder = _held(row, grams, holder_of)
    held = grams[here]
    counts[here] = np.bincount(_pair_once(held, holder)[0])[held]
    return counts


def _held(row: UnitRow, grams: IntArray, holder_of: IntArray | None) -> tuple[BoolArray, IntArray]:
    """Return the places of the grams that somebody has, and who."""
    holder = row.spread(row.owners if holder_of is None else holder_of)
    here = (grams >= 0) & (holder >= 0)
    return here, holder[here]


def _pair_once(grams: IntArray, holder: IntArray) -> tuple[IntArray, IntArray]:
    n_holders = int(holder.max(initial=0)) + 1
    pairs = distinct(grams * n_holders + holder)
    return pairs // n_holders, pairs % n_holders


def distinct(values: IntArray) -> IntArray:
    """Return the distinct values in ascending order."""
    return count_distinct(values)[0]


def count_distinct(values: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct values in ascending order, and how often each stands there.

    Sorting is several times faster than `numpy.unique`'s hashing.
    """
    ordered = np.sort(values)
    firsts = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)])
    return ordered[firsts], np.diff(firsts, append=len(ordered))


def mark_covered(starts: BoolArray, n: int) -> BoolArray:
    """Return which units lie in one of the n-grams that begin at the marked places."""
    steps = np.zeros(len(starts) + n, dtype=np.int8)
    steps[:-n] += starts
    steps[n:] -= starts
    return np.cumsum(steps[: len(starts)], dtype=np.int16) > 0


def mark_spans(starts: IntArray, ends: IntArray, length: int) -> BoolArray:
    """Return which of so many places lie in one of the spans, none of which is empty."""
    counts = ends - starts
    if _FEW * int(counts.sum()) < length:
        few = np.zeros(length, dtype=bool)
        few[np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())] = True
        return few
    marked = np.zeros(length + 1, dtype=np.int8)
    _, starts, ends = join_spans(np.zeros(len(starts), dtype=np.int64), starts, ends)
    marked[starts], marked[ends] = 1, -1
    spans: BoolArray = np.cumsum(marked[:length], dtype=np.int8).view(bool)
    return spans


def join_spans(of: IntArray, starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Return the spans of each, in order, those that overlap or touch made one: of whom, where they begin and end."""
    # They come as a rule in a few ascending runs.
    order = np.argsort(of * (int(ends.max(initial=0)) + 1) + starts, kind="stable")
    of, starts = of[order], starts[order]
    reach = running_ends(of, ends[order])
    opens = np.append(True, (of[1:] != of[:-1]) | (starts[1:] > reach[:-1]))[: len(order)]
    return of[opens], starts[opens], reach[np.append(opens, True)[1:]]


def running_ends(of: IntArray, ends: IntArray) -> IntArray:
    """Return how far the spans of one reach up to each, where the spans of one follow each other."""
    base = of * (int(ends.max(initial=0)) + 1)
    reach: IntArray = np.maximum.accumulate(base + ends) - base
    return reach
