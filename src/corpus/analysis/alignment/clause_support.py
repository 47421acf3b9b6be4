"""How much of a passage another report says too, clause by clause, rare words weighing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS
from corpus.analysis.alignment.passage_pairs import BITS, LOW, MASK, Passages, expand
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray, code_points, text_places
from corpus.analysis.resampling import FloatArray
from corpus.report.passages import CLAUSE_ENDS
from corpus.report.reports import Report

LEAST_SUPPORT = 0.42
"""From here on a clause has a counterpart, see `support_passages`."""

LEAST_SHARE = 0.3
"""Of the key characters of a passage, those in clauses with a counterpart, from which on it is reworded."""

# The share of the weight of a clause that two alike ones need not share: at best the earlier clause has nothing else.
_AVOIDABLE = 1 + (1.5 - LEAST_SUPPORT) - ((1.5 - LEAST_SUPPORT) ** 2 + 2 * LEAST_SUPPORT) ** 0.5 + 1e-9
_LEAST_CHARS = 5  # 一年来 and 过去一年 stand in every report
_MOST_CELLS = 1 << 21


def _table_of(characters: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    table = np.zeros(0x110000, dtype=bool)
    table[[ord(character) for character in characters]] = True
    return table


_ENDS_CLAUSE = _table_of(CLAUSE_ENDS + "\n")
_IS_NUMERAL = _table_of("0123456789" + CHINESE_NUMERALS)


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """The clauses of a report's passages.

    ``grams`` holds each distinct (pair of neighbouring characters, clause) once, ascending, a numeral counting as one
    character; ``starts`` says where a clause begins in ``report.key``, ``n_chars`` how many key characters it has,
    ``passages`` in which passage it is.
    """

    grams: IntArray
    starts: IntArray
    n_chars: IntArray
    passages: IntArray


class Support(NamedTuple):
    """For each passage: the share of its characters that is supported, and the passage that supports most of them."""

    shares: FloatArray
    partners: IntArray


def divide_passages(report: Report, passages: Passages) -> Clauses:
    """Return the clauses of the passages of a report."""
    if not passages.keys:
        empty = np.zeros(0, dtype=np.int64)
        return Clauses(empty, empty, empty, empty)
    starts = passages.key_starts
    first, last = int(starts[0]), int(starts[-1]) + len(passages.keys[-1])
    characters = code_points(report.key[first:last]).astype(np.int64)
    places = np.arange(first, last)
    behind = np.cumsum(_ENDS_CLAUSE[code_points(report.text)])[text_places(report, places)[0]]
    opens = np.ones(len(places), dtype=bool)
    opens[1:] = behind[1:] != behind[:-1]
    opens[starts - first] = True
    clauses = np.cumsum(opens) - 1
    numeral = _IS_NUMERAL[characters]
    stays = opens.copy()
    stays[1:] |= ~(numeral[1:] & numeral[:-1])
    masked, owners = np.where(numeral, ord(MASK), characters)[stays], clauses[stays]
    whole = owners[1:] == owners[:-1]
    grams = distinct(((masked[:-1] << BITS | masked[1:]) << BITS | owners[:-1])[whole])
    clause_starts = places[opens]
    owner = np.searchsorted(starts, clause_starts, "right") - 1
    return Clauses(grams, clause_starts, np.bincount(clauses), owner)


def holds_clauses(clauses: Clauses, start: int, end: int) -> bool:
    """Return whether a stretch of ``report.key`` inside a passage is one clause, or several that follow each other."""
    first, last = (int(np.searchsorted(clauses.starts, place)) for place in (start, end))
    begins = first < last and int(clauses.starts[first]) == start
    return begins and int(clauses.starts[last - 1] + clauses.n_chars[last - 1]) == end


def support_passages(later: Clauses, earlier: Clauses, n_passages: int, places: IntArray) -> Support:
    """Return how much of some passages of a later report is supported by clauses of the earlier one.

    Two clauses are alike by the mean of the containment of the later in the earlier and of their Dice coefficient,
    both over pairs of characters, each weighing log(1 + n / df): n clauses of the two reports, df of which have it. A
    clause is supported where the likest clause of the earlier report reaches `LEAST_SUPPORT` and it has 5 key
    characters or more. A clause of the earlier report may support several.

    Parameters
    ----------
    later, earlier : Clauses
    n_passages : int
        Passages of the later report.
    places : array of int
        Positions of those that are asked for; others get a share of 0.
    """
    shares, partners = np.zeros(n_passages), np.full(n_passages, -1)
    asked = np.zeros(n_passages, dtype=bool)
    asked[places] = True
    n_clauses = len(later.n_chars) + len(earlier.n_chars)
    own_weights, other_weights = _weigh(later.grams >> BITS, earlier.grams >> BITS, n_clauses)
    sums = _sum_weights(later, own_weights)
    other_sums = _sum_weights(earlier, other_weights)
    open_clauses = np.flatnonzero(asked[later.passages] & (later.n_chars >= _LEAST_CHARS) & (sums > 0))
    if not len(open_clauses) or not len(earlier.grams):
        return Support(shares, partners)
    best, scores = _find_best(later, earlier, open_clauses, own_weights, sums=sums, other_sums=other_sums)
    found = scores >= LEAST_SUPPORT
    passages, chars = later.passages[open_clauses[found]], later.n_chars[open_clauses[found]]
    wholes = np.bincount(later.passages, later.n_chars, minlength=n_passages)
    shares = np.bincount(passages, chars, minlength=n_passages) / np.maximum(wholes, 1)
    # Of the passages that support one, that with most characters; of equals the first.
    pairs, inverse = np.unique(passages << BITS | earlier.passages[best[found]], return_inverse=True)
    weights = np.bincount(inverse, chars, minlength=len(pairs))
    for at in np.lexsort((-pairs, weights)):
        partners[pairs[at] >> BITS] = pairs[at] & LOW
    return Support(shares, partners)


def _weigh(own: IntArray, other: IntArray, n_clauses: int) -> tuple[FloatArray, FloatArray]:
    """Return the weight of each pair of characters of two reports, both ascending."""
    joined = np.concatenate([own, other])
    # Two ascending runs are merged, not sorted.
    order = np.argsort(joined, kind="stable")
    merged = joined[order]
    opens = np.flatnonzero(np.concatenate([[True], merged[1:] != merged[:-1]])[: len(merged)])
    counts = np.diff(opens, append=len(merged))
    weights = np.zeros(len(joined))
    weights[order] = np.repeat(np.log1p(n_clauses / np.maximum(counts, 1)), counts)
    return weights[: len(own)], weights[len(own) :]


def _sum_weights(clauses: Clauses, weights: FloatArray) -> FloatArray:
    sums: FloatArray = np.bincount(clauses.grams & LOW, weights, minlength=len(clauses.n_chars)).astype(np.float64)
    return sums


def _find_best(
    later: Clauses,
    earlier: Clauses,
    open_clauses: IntArray,
    weights: FloatArray,
    *,
    sums: FloatArray,
    other_sums: FloatArray,
) -> tuple[IntArray, FloatArray]:
    """Return for each open clause the likest clause of the earlier report, and how alike they are; 0 where too little.

    To be as alike as `LEAST_SUPPORT` two clauses must share a third of the weight of the later one, and so one of its
    rarest pairs of characters at least, those that make up two thirds: only clauses that do are looked at.
    """
    n_other = len(other_sums)
    best, scores = np.zeros(len(open_clauses), dtype=np.int64), np.zeros(len(open_clauses))
    owners = later.grams & LOW
    positions = np.full(len(later.n_chars), -1)
    positions[open_clauses] = np.arange(len(open_clauses))
    here = positions[owners] >= 0
    rows, own = positions[owners[here]], weights[here]
    other, held_by = earlier.grams >> BITS, earlier.grams & LOW
    first, last = (np.searchsorted(other, later.grams[here] >> BITS, side) for side in ("left", "right"))
    is_rare = _rarest(rows, own, _AVOIDABLE * sums[open_clauses])
    rows_at_once = max(1, _MOST_CELLS // n_other)

    def holders(chosen: IntArray) -> tuple[IntArray, IntArray]:
        at, equal = expand(first[chosen], last[chosen])
        return chosen[at], held_by[equal]

    for begin in range(0, len(open_clauses), rows_at_once):
        block = (rows >= begin) & (rows < begin + rows_at_once)
        of, clauses = holders(np.flatnonzero(block & is_rare))
        likely = distinct((rows[of] - begin) * n_other + clauses)
        if not len(likely):
            continue
        # 0 for cells that are not looked at.
        numbers = np.zeros(min(rows_at_once, len(open_clauses) - begin) * n_other, dtype=np.int32)
        numbers[likely] = np.arange(1, len(likely) + 1)
        looked_at = np.zeros(len(open_clauses), dtype=bool)
        looked_at[begin + likely // n_other] = True
        of, clauses = holders(np.flatnonzero(looked_at[rows]))
        at = numbers[(rows[of] - begin) * n_other + clauses]
        shared = np.bincount(at, own[of], minlength=len(likely) + 1)[1:]
        row, column = begin + likely // n_other, likely % n_other
        size = sums[open_clauses[row]]
        alike = shared * (0.5 / size + 1 / (size + other_sums[column]))
        opens = np.flatnonzero(np.diff(row, prepend=-1))
        most = np.maximum.reduceat(alike, opens)
        is_best = np.flatnonzero(alike == np.repeat(most, np.diff(opens, append=len(row))))
        # Of equals the first.
        kept = is_best[np.flatnonzero(np.diff(row[is_best], prepend=-1))]
        best[row[kept]], scores[row[kept]] = column[kept], alike[kept]
    return best, scores


def _rarest(rows: IntArray, weights: FloatArray, limits: FloatArray) -> BoolArray:
    """Return which pairs of characters of each row are its rarest, as many as weigh more than its limit together."""
    # One sort of rows, and within them from the heaviest on: no weight reaches 64.
    order = np.argsort(rows * 64.0 - weights)
    before = np.cumsum(weights[order]) - weights[order]
    row = rows[order]
    before -= before[np.searchsorted(row, row)]
    rare = np.zeros(len(rows), dtype=bool)
    rare[order[before <= limits[row]]] = True
    return rare
