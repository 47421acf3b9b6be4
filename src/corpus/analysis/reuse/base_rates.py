"""How common a shared passage is in its collection, and what kind of words it is: a name, a heading, a set phrase.

Two reports that share 推动经济实现质的有效提升 share what all have. So a passage says in how many reports and
issuers its rarest stretch of ``min_chars`` characters stands, of the stretches that both reports have in it; a passage
without such a stretch is told by stretches of 6. Without a base rate a shared passage is no evidence of borrowing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.gram_numbers import distinct, mark_covered, mark_spans
from corpus.analysis.index.shared_grams import MULTIPLIER, GramGroups, find_grams, hash_windows
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, UnitRow
from corpus.analysis.reuse.passage_ends import stand_apart
from corpus.report.reports import Report

Kind = Literal["running text", "set phrase", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "set phrase", "heading", "title")
"""What a shared passage may be, see `name_kinds`."""

MANY_ISSUERS = 6
MANY_OF_ISSUERS = 0.05
"""What stands with six issuers and with one in twenty is a set phrase of the collection."""
MOSTLY = 0.5
GRAM = 6
"""Characters of a short stretch: about three words."""

_TITLE = re.compile(r"《[^《》]*》")


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

    @property
    def rarity(self) -> Array:
        """A number at each place that is less for what fewer reports have, and of these fewer issuers."""
        if self.n_issuers is self.n_reports:
            return self.n_reports
        both: Array = (self.n_reports.astype(np.int64) << 32) | self.n_issuers
        return both


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


def count_like(row: UnitRow, n: int, places: BoolArray, issuers: IntArray) -> GramCounts:
    """Count the grams that begin at some places, wherever they stand in the row."""
    counts = GramCounts(row, issuers)
    if places.any():
        for found in find_grams(row, n, exact_above=1, like=places):
            counts.add(found)
    return counts


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


def log_weights(n_reports: IntArray, n_all: int) -> npt.NDArray[np.float64]:
    """Return minus the natural logarithm of the share of all reports: 0 for what all have."""
    weights: npt.NDArray[np.float64] = np.log(max(n_all, 1) / np.maximum(n_reports, 1))
    return weights


def least_of_many(n_issuers: int) -> int:
    """Return with how many issuers of a collection words are a set phrase."""
    return max(MANY_ISSUERS, int(np.ceil(MANY_OF_ISSUERS * n_issuers)))


def rate(row: UnitRow, passages: Alignments, held: HeldMatches, width: int, issuers: IntArray) -> BaseRates:
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
    """
    rates = BaseRates.unknown(len(passages))
    for n, stretches in rated_stretches(row, passages, held, width).items():
        _, starts, ends = stretches
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
    rarest = _least(counts.rarity, some, starts, ends, len(rates.n_reports))[told]
    separate = counts.n_issuers is not counts.n_reports
    rates.n_reports[told] = rarest >> 32 if separate else rarest
    rates.n_issuers[told] = rarest & 0xFFFFFFFF if separate else rarest
    if counts.n_background is not None:
        rates.n_background[told] = _least(counts.n_background, some, starts, ends, len(rates.n_reports))[told]


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


def _least(values: Array, number: IntArray, starts: IntArray, ends: IntArray, total: int) -> IntArray:
    """Return for each passage the least value in its spans."""
    least = np.full(total, np.iinfo(np.int64).max)
    if len(number):
        np.minimum.at(least, number, np.minimum.reduceat(values, np.stack([starts, ends], axis=1).ravel())[::2])
    return least


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


class Printed(NamedTuple):
    """At each place of a row: the number of its heading or 0, and how many before it are in no title."""

    heading: npt.NDArray[np.int32]
    outside: npt.NDArray[np.int32]


def name_kinds(
    printed: Printed, passages: Alignments, share_common: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Return what kind of words each passage is.

    ``title`` where all of them stand between 《 and 》 in both reports, as names of laws and plans do; ``heading``
    where they stand in a heading of one of the reports at least; ``set phrase`` where half of them lie in stretches
    of 6 characters that many issuers have (`least_of_many`); else ``running text``.
    """
    heading, outside = printed
    kinds = np.full(len(passages), "running text", dtype=object)
    kinds[share_common >= MOSTLY] = "set phrase"
    in_heading = np.zeros(len(passages), dtype=bool)
    in_title = np.ones(len(passages), dtype=bool)
    for starts, ends in ((passages.p_start, passages.p_end), (passages.q_start, passages.q_end)):
        first = heading.take(starts)
        in_heading |= (first > 0) & (first == heading.take(ends.astype(np.int64) - 1))
        in_title &= outside.take(starts) == outside.take(ends)
    kinds[in_title] = "title"
    kinds[in_heading] = "heading"
    return kinds


def find_printed(reports: Sequence[Report], row: UnitRow) -> Printed:
    """Return where the headings and titles of reports stand in their row."""
    heading = np.zeros(len(row.units), dtype=np.int32)
    outside = np.ones(len(row.units) + 1, dtype=np.int32)
    outside[0] = 0
    n_headings = 0
    for owner in np.unique(row.owners).tolist():
        report = reports[owner]
        titles = [report.key_map.derived_span(*found.span()) for found in _TITLE.finditer(report.text)]
        headings = [report.key_span(one.label_start, one.end) for one in report.headings]
        first, last = np.searchsorted(row.owners, [owner, owner + 1]).tolist()
        for stretch in range(first, last):
            start, end = int(row.starts[stretch]), int(row.ends[stretch])
            shift = start - int(row.origins[stretch])
            for n, (one, other) in enumerate(headings):
                heading[max(one + shift, start) : max(min(other + shift, end), start)] = n_headings + n + 1
            for one, other in titles:
                outside[max(one + shift, start) + 1 : max(min(other + shift, end), start) + 1] = 0
        n_headings += len(headings)
    return Printed(heading, np.cumsum(outside, dtype=np.int32))
