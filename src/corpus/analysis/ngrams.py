"""The index of n-grams that similarity, reuse, formulas and boilerplate share.

The tokens of several reports (characters of ``key``, or words) lie in one row with boundaries between the stretches
that a gram must not cross. Grams are numbered exactly: two grams have the same number if and only if they are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from corpus.report import Report
from corpus.values import CorpusError

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

BOUNDARY = 0
# Two codes below this bound fit into one signed 64-bit integer.
_LARGEST_BOUND = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class TokenRow:
    """The tokens of several reports in one row; a boundary stands first, last and between two stretches.

    Attributes
    ----------
    tokens : array of int
        1 and above; equal tokens have equal numbers. 0 is a boundary.
    owners : array of int
        Position of the report that the token stands in.
    stretches : array of int
        Number of the stretch, counted over all reports from 0.
    places : array of int
        Place of the token in its report: for characters, the place in ``key``.
    """

    tokens: IntArray
    owners: IntArray
    stretches: IntArray
    places: IntArray


def row_of_keys(reports: Sequence[Report], stretches: Iterable[Iterable[tuple[int, int]]]) -> TokenRow:
    """Lay the key characters of some stretches of reports in a row.

    Parameters
    ----------
    reports : sequence of Report
    stretches : iterable of iterable of (int, int)
        For each report spans of ``raw``; grams do not cross their ends.
    """
    characters = [np.frombuffer(report.key.encode("utf-32-le"), dtype=np.uint32) for report in reports]
    spans = [
        (owner, *report.key_span(start, end))
        for owner, (report, places) in enumerate(zip(reports, stretches, strict=True))
        for start, end in places
    ]
    pieces = [characters[owner][first:last] for owner, first, last in spans]
    places = [np.arange(first, last) for _, first, last in spans]
    # Code points become small numbers in the same order, so that grams pack into few bits.
    used = np.zeros(2 + max((int(piece.max(initial=0)) for piece in pieces), default=0), dtype=np.int64)
    for piece in pieces:
        used[piece + 1] = 1
    small = np.cumsum(used)
    return lay_in_row([small[piece + 1] for piece in pieces], [owner for owner, _, _ in spans], places)


def lay_in_row(stretches: Sequence[IntArray], owners: Sequence[int], places: Sequence[IntArray]) -> TokenRow:
    """Lay stretches of tokens (1 and above) in a row, with the report that each stands in and the tokens' places."""
    boundary = np.zeros(1, dtype=np.int64)
    lengths = np.array([len(stretch) + 1 for stretch in stretches], dtype=np.int64)
    lengths = np.concatenate([boundary + 1, lengths])
    numbers = np.arange(-1, len(stretches))
    return TokenRow(
        tokens=np.concatenate([boundary, *chain.from_iterable((stretch, boundary) for stretch in stretches)]),
        owners=np.repeat(np.array([-1, *owners], dtype=np.int64), lengths),
        stretches=np.repeat(numbers, lengths),
        places=np.concatenate([boundary - 1, *chain.from_iterable((place, boundary - 1) for place in places)]),
    )


def number_grams(tokens: IntArray, n: int) -> IntArray:
    """Number the n-gram that begins at each token.

    Numbers run from 0 without gaps, in the order of the grams. Where a gram would cross a boundary it is -1.
    Grams are joined from two shorter ones until they have n tokens, so that the work is a few sorts and no two
    different grams can ever get one number.

    Raises
    ------
    CorpusError
        If n is below 1.
    """
    if n < 1:
        raise CorpusError(f"an n-gram of {n} tokens does not exist; n is 1 or more")
    codes = tokens - 1
    bound = int(tokens.max(initial=0))
    length = 1
    while length < n:
        step = min(length, n - length)
        if bound > _LARGEST_BOUND:
            codes = renumber(codes)
            bound = int(codes.max(initial=0)) + 1
        codes = join_grams(codes, step, bound=bound)
        bound *= bound
        length += step
    return renumber(codes)


def join_grams(codes: IntArray, step: int, *, bound: int) -> IntArray:
    """Join the gram at each place with the one ``step`` places on; -1 where either does not exist."""
    joined = np.full(len(codes), -1, dtype=np.int64)
    if step < len(codes):
        first, second = codes[:-step], codes[step:]
        joined[:-step] = np.where((first >= 0) & (second >= 0), first * bound + second, -1)
    return joined


def renumber(codes: IntArray) -> IntArray:
    """Return the codes as numbers from 0 without gaps, in the same order; -1 stays."""
    numbers = np.full(len(codes), -1, dtype=np.int64)
    valid = codes >= 0
    numbers[valid] = np.unique(codes[valid], return_inverse=True)[1]
    return numbers


def count_reports(codes: IntArray, owners: IntArray) -> IntArray:
    """Return at each place in how many distinct reports its gram stands; 0 where there is no gram."""
    counts = np.zeros(len(codes), dtype=np.int64)
    valid = codes >= 0
    counts[valid] = np.bincount(holders(codes, owners)[0])[codes[valid]]
    return counts


def holders(codes: IntArray, owners: IntArray) -> tuple[IntArray, IntArray]:
    """Return each distinct (gram, report) once: two arrays, ascending by gram, then by report."""
    valid = codes >= 0
    n_reports = int(owners.max(initial=0)) + 1
    pairs = distinct(codes[valid] * n_reports + owners[valid])
    return pairs // n_reports, pairs % n_reports


def distinct(values: IntArray) -> IntArray:
    """Return the distinct values in ascending order. Sorting is several times faster than `numpy.unique`'s hashing."""
    ordered: IntArray = np.sort(values)
    once: BoolArray = np.append(True, ordered[1:] != ordered[:-1])
    return ordered[once[: len(ordered)]]


def mark_covered(starts: BoolArray, n: int) -> BoolArray:
    """Return which tokens lie in one of the n-grams that begin at the marked places."""
    steps = np.zeros(len(starts) + n, dtype=np.int64)
    steps[:-n] += starts
    steps[n:] -= starts
    return np.cumsum(steps)[: len(starts)] > 0
