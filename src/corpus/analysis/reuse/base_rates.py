"""How common a shared passage is in its collection.

Two reports that share 推动经济实现质的有效提升 share what all have. So a passage says in how many reports and
issuers its rarest stretch of ``min_chars`` characters stands, of the stretches that both reports have in it; a passage
without such a stretch is told by stretches of 6. Without a base rate a shared passage is no evidence of borrowing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.gram_numbers import distinct, mark_covered, mark_spans
from corpus.analysis.index.shared_grams import MULTIPLIER, GramGroups, find_grams, hash_windows
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, UnitRow
from corpus.analysis.reuse.passage_ends import stand_apart
from corpus.report.reports import Report

MANY_ISSUERS = 6
MANY_OF_ISSUERS = 0.05
"""What stands with six issuers and with one in twenty is a set phrase of the collection."""
GRAM = 6
"""Characters of a short stretch: about three words."""
MORE_THAN_ANY = 1 << 30


Stretches = tuple[IntArray, ...]
"""Numbers of passages, and in each where stretches begin: the first place and the end of these places."""


class GramCounts:
    """In how many reports and issuers the grams of one length stand that several reports have, at each place of a row.

    Parameters
    ----------
    row : UnitRow
        Of the collection, and of a background behind it.
    issuers : array of int
        The issuer of each report of the collection; reports behind these are the background.

    Attributes
    ----------
    n_reports, n_issuers, n_background : array of int32
        0 where one report alone has the gram, or it was not counted.
    """

    def __init__(self, row: UnitRow, issuers: IntArray) -> None:
        self._row, self._issuers = row, issuers
        self.n_reports = np.zeros(len(row.units), dtype=np.int32)
        self.n_issuers = self.n_reports if each_its_own(issuers) else np.zeros_like(self.n_reports)
        with_background = bool(len(row.owners)) and int(row.owners[-1]) >= len(issuers)
        self.n_background = np.zeros_like(self.n_reports) if with_background else None

    def add(self, found: GramGroups) -> None:
        """Enter grams with all their places."""
        if self.n_background is None:
            self.n_reports[found.places] = np.repeat(found.n_reports, found.sizes)
            if self.n_issuers is not self.n_reports:
                self.n_issuers[found.places] = np.repeat(count_issuers(self._row, found, self._issuers), found.sizes)
            return
        n_grams = len(found.firsts)
        number = np.repeat(np.arange(n_grams), found.sizes)
        owner = self._row.owners.take(self._row.stretch_of(found.places))
        new = np.append(True, (number[1:] != number[:-1]) | (owner[1:] != owner[:-1]))[: len(number)]
        own = owner < len(self._issuers)
        self.n_reports[found.places] = np.bincount(number[new & own], minlength=n_grams)[number]
        self.n_background[found.places] = np.bincount(number[new & ~own], minlength=n_grams)[number]
        if self.n_issuers is not self.n_reports:
            of_issuer = distinct(number[own] * len(self._issuers) + self._issuers.take(owner[own]))
            self.n_issuers[found.places] = np.bincount(of_issuer // len(self._issuers), minlength=n_grams)[number]

    def least(self, starts: IntArray, ends: IntArray, of: IntArray, total: int) -> tuple[IntArray, ...]:
        """Return for each passage the reports, issuers and background reports of the rarest gram in its spans.

        Rarest is what fewest reports have, and of these fewest issuers; in fewest reports of the background any may be.
        """
        if self.n_issuers is self.n_reports:
            reports = issuers = _least_in(self.n_reports, starts, ends, of, total)
        else:
            both = _least_in((self.n_reports.astype(np.int64) << 32) | self.n_issuers, starts, ends, of, total)
            reports, issuers = both >> 32, both & 0xFFFFFFFF
        if self.n_background is None:
            return reports, issuers, np.zeros(total, dtype=np.int64)
        return reports, issuers, _least_in(self.n_background, starts, ends, of, total)


def _least_in(values: Array, starts: IntArray, ends: IntArray, of: IntArray, total: int) -> IntArray:
    """Return for each passage the least value in its spans."""
    spans = np.stack([starts, ends], axis=1).ravel()
    own = np.minimum.reduceat(values, spans)[::2] if len(spans) else values[:0]
    least = np.full(total, np.iinfo(own.dtype).max, dtype=own.dtype)
    np.minimum.at(least, of, own)
    return least


def each_its_own(issuers: IntArray) -> bool:
    return len(np.unique(issuers)) == len(issuers)


def count_issuers(row: UnitRow, found: GramGroups, issuers: IntArray) -> IntArray:
    """Return how many issuers have each gram."""

    def issuer_at(places: IntArray) -> IntArray:
        at: IntArray = issuers.take(row.owners.take(row.stretch_of(places)))
        return at

    # Of two reports the first and the last place say whether they are of one issuer.
    sizes = found.sizes
    counts: IntArray = 1 + (issuer_at(found.places[found.firsts]) != issuer_at(found.places[found.firsts + sizes - 1]))
    more = found.n_reports > 2
    if more.any():
        some, stride = found.choose(more), len(issuers)
        pairs = distinct(np.repeat(np.arange(len(some.firsts)), some.sizes) * stride + issuer_at(some.places))
        counts[more] = np.bincount(pairs // stride, minlength=len(some.firsts))
    return counts


def count_like(row: UnitRow, n: int, places: BoolArray | None, issuers: IntArray) -> GramCounts:
    """Count the grams that begin at some places, or all, wherever they stand in the row."""
    counts = GramCounts(row, issuers)
    for found in find_grams(row, n, exact_above=1, like=places):
        counts.add(found)
    return counts


def count_by_matches(
    row: UnitRow, passages: Alignments, held: HeldMatches, width: int, issuers: IntArray, unknown: BoolArray
) -> GramCounts:
    """Count the stretches of a width by the matches that hold them: all reports that have one have a match with it.

    Parameters
    ----------
    row : UnitRow
        Of the collection.
    passages : Alignments
    held : HeldMatches
        Those of all pairs of the collection.
    width : int
    issuers : array of int
    unknown : array of bool
        Places of which not all matches are given: they count as in more reports than any.
    """
    held = held.choose(held.lengths >= width)
    stride = max(len(row.starts), 1)
    one, other = (row.owners.take(side) for side in divmod(passages.pair.take(held.passage), stride))
    own, partner = np.concatenate([one, other]), np.concatenate([other, one])
    starts = np.concatenate([held.p, held.q]).astype(np.int64)
    ends = starts + np.tile(held.lengths, 2) + 1 - width
    counts = GramCounts(row, issuers)
    _count_over(counts.n_reports, starts, ends, partner)
    if counts.n_issuers is not counts.n_reports:
        foreign = issuers.take(own) != issuers.take(partner)
        _count_over(counts.n_issuers, starts[foreign], ends[foreign], issuers.take(partner[foreign]))
    counts.n_reports[unknown] = counts.n_issuers[unknown] = MORE_THAN_ANY
    return counts


def _count_over(counts: Array, starts: IntArray, ends: IntArray, of: IntArray) -> None:
    """Set each place to one more than those of whom some span lies over it."""
    order = np.argsort(of * len(counts) + starts)
    starts, of = starts[order], of[order]
    reach = np.maximum.accumulate(of * (len(counts) + 1) + ends[order]) - of * (len(counts) + 1)
    opens = np.append(True, (of[1:] != of[:-1]) | (starts[1:] > reach[:-1]))[: len(order)]
    one = np.ones((), dtype=counts.dtype)
    np.add.at(counts, starts[opens], one)
    np.subtract.at(counts, reach[np.append(opens, True)[1:]], one)
    np.cumsum(counts, out=counts)
    counts += 1


class BaseRates(NamedTuple):
    """For each passage: what its rarest stretch is found in, and how much of it many issuers have."""

    n_reports: IntArray
    n_issuers: IntArray
    n_background: IntArray
    share_common: npt.NDArray[np.float64]

    @classmethod
    def unknown(cls, total: int) -> BaseRates:
        """Return the rates of passages of which nothing is known but that two reports have each."""
        twos = np.full(total, 2)
        return cls(twos, np.ones_like(twos), np.zeros_like(twos), np.zeros(total))

    def choose(self, chosen: Array) -> BaseRates:
        return BaseRates(
            self.n_reports[chosen], self.n_issuers[chosen], self.n_background[chosen], self.share_common[chosen]
        )


def number_issuers(reports: Sequence[Report]) -> IntArray:
    """Return a number for the issuer of each report, as `corpus.report.succession` tells issuers from each other.

    Each report of an unknown issuer is one of its own.
    """
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(report.issuer_key, len(numbers)) for report in reports], dtype=np.int64)


def number_provinces(reports: Sequence[Report]) -> IntArray:
    """Return a number for the province of each report; those of which none is known have one number."""
    provinces = [report.value("province") or "" for report in reports]
    return np.unique(provinces, return_inverse=True)[1] if provinces else np.zeros(0, dtype=np.int64)


def log_weights(n_reports: IntArray, n_all: int) -> npt.NDArray[np.float64]:
    """Return minus the natural logarithm of the share of all reports: 0 for what all have."""
    weights: npt.NDArray[np.float64] = np.log(max(n_all, 1) / np.maximum(n_reports, 1))
    return weights


def least_of_many(n_issuers: int) -> int:
    """Return with how many issuers of a collection words are a set phrase."""
    return max(MANY_ISSUERS, int(np.ceil(MANY_OF_ISSUERS * n_issuers)))


def rate(
    row: UnitRow,
    passages: Alignments,
    held: HeldMatches,
    width: int,
    issuers: IntArray,
    *,
    counts: GramCounts | None,
    cap: int | None,
) -> BaseRates:
    """Return how common passages are, share_common apart.

    Parameters
    ----------
    row : UnitRow
        Of the collection, and of a background behind it.
    passages : Alignments
    held : HeldMatches
        The exact matches in them: the stretches that both reports have.
    width : int
        Characters of the stretches that tell a passage; one without such a stretch is told by `GRAM`.
    issuers : array of int
        See `GramCounts`.
    counts : GramCounts, optional
        Of the stretches of the width, by `count_by_matches`; else they are looked up.
    cap : int, optional
        In how many reports the rarest stretch stands of those that are of interest.
    """
    rates = BaseRates.unknown(len(passages))
    for n, stretches in rated_stretches(row, passages, held, width).items():
        if n == width and counts is not None:
            enter_rates(rates, counts, stretches)
            is_open = (rates.n_reports == MORE_THAN_ANY).take(stretches[0]) & (cap is None)
            stretches = tuple(column[is_open] for column in stretches)
        some, starts, ends = stretches
        if len(some):
            enter_rates(rates, count_like(row, n, mark_spans(starts, ends, len(row.units)), issuers), stretches)
    return rates


def rated_stretches(row: UnitRow, passages: Alignments, held: HeldMatches, width: int) -> dict[int, Stretches]:
    """Return by what stretches passages are told, by the length of these: see `rate`."""
    total, gram = len(passages), min(width, GRAM)
    found = held.stretches(passages, width)
    # Of passages that overlap one may hold a match of the other, and a match of common grams alone is not found: what
    # is left is looked through place by place.
    told = stand_apart(passages)
    told[_without(np.arange(total), found)] = False
    left = np.flatnonzero(~told)
    more = _shared_stretches(row, passages, left, width)
    wide = tuple(np.concatenate(columns) for columns in zip(found, more, strict=True))
    short = _shared_stretches(row, passages, _without(left, more), gram)
    return {width: wide, gram: short} if width > gram else {width: wide}


def _without(passages: IntArray, stretches: Stretches) -> IntArray:
    """Return those of some passages, given in order, that have none of the stretches."""
    left = np.ones(int(passages.max(initial=-1)) + 1, dtype=bool)
    left[stretches[0]] = False
    return passages[left[passages]]


def enter_rates(rates: BaseRates, counts: GramCounts, stretches: Stretches) -> None:
    """Enter the rates of passages by stretches in them that were counted."""
    some, starts, ends = stretches
    told = distinct(some)
    for rate, least in zip(rates, counts.least(starts, ends, some, len(rates.n_reports)), strict=False):
        rate[told] = least[told]


def _shared_stretches(row: UnitRow, passages: Alignments, some: IntArray, width: int) -> Stretches:
    """Return the places in a of some passages at which stretches begin that stand in b too."""
    sides = (passages.p_start, passages.p_end), (passages.q_start, passages.q_end)
    number, places = _unroll(sides[0][0][some], sides[0][1][some], width)
    other_number, others = _unroll(sides[1][0][some], sides[1][1][some], width)
    codes, other_codes = (
        hash_windows(row, at, width) ^ (of.astype(np.uint64) * MULTIPLIER)
        for of, at in ((number, places), (other_number, others))
    )
    known = np.append(np.sort(other_codes), np.uint64(0))
    both = known[np.searchsorted(known[:-1], codes)] == codes
    return some[number[both]], places[both], places[both] + 1


def _unroll(starts: IntArray, ends: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """Return every place at which a stretch of the width lies inside a span, with the number of the span."""
    starts = starts.astype(np.int64)
    counts = np.maximum(ends.astype(np.int64) - starts - width + 1, 0)
    number = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    return number, starts[number] + within


def share_common(passages: Alignments, common: BoolArray) -> npt.NDArray[np.float64]:
    """Return which share of each passage's characters in a lie in stretches of 6 that begin at the marked places."""
    before = np.append(0, np.cumsum(mark_covered(common, GRAM)))
    starts, ends = passages.p_start.astype(np.int64), passages.p_end.astype(np.int64)
    shares: npt.NDArray[np.float64] = (before[ends] - before[starts]) / np.maximum(ends - starts, 1)
    return shares


class HeldMatches(NamedTuple):
    """Exact matches, each with the number of the passage that holds it."""

    passage: IntArray
    p: IntArray
    q: IntArray
    lengths: IntArray

    def choose(self, chosen: Array) -> HeldMatches:
        return HeldMatches(*(column[chosen] for column in self))

    def stretches(self, passages: Alignments, width: int) -> Stretches:
        """Return where stretches of a width begin in passages: the numbers of these, first places and ends."""
        some = np.flatnonzero(self.lengths >= width)
        number, p, q, lengths = (column[some].astype(np.int64) for column in self)
        starts = np.maximum(np.maximum(passages.p_start.take(number) - p, passages.q_start.take(number) - q), 0)
        ends = np.minimum(np.minimum(passages.p_end.take(number) - p, passages.q_end.take(number) - q), lengths)
        ends += 1 - width
        inside = starts < ends
        return number[inside], (p + starts)[inside], (p + ends)[inside]
