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
from corpus.analysis.index.gram_numbers import distinct, mark_covered
from corpus.analysis.index.shared_grams import GramGroups, find_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow
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

_AT_ONCE = 1 << 22
_TITLE = re.compile(r"《[^《》]*》")


class PlaceCounts:
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
        0 where one report alone has the gram.
    gram : array of int32
        A number for each gram, equal ones with equal numbers; -1 where one report alone has it.
    """

    def __init__(self, row: UnitRow, issuers: IntArray) -> None:
        self._row, self._issuers = row, issuers
        self._each_its_own = len(np.unique(issuers)) == len(issuers)
        self._n_grams = 0
        self.gram = np.full(len(row.units), -1, dtype=np.int32)
        self.n_reports = np.zeros(len(row.units), dtype=np.int32)
        self.n_issuers = self.n_reports if self._each_its_own else np.zeros_like(self.n_reports)
        with_background = bool(len(row.owners)) and int(row.owners[-1]) >= len(issuers)
        self.n_background = np.zeros_like(self.n_reports) if with_background else None

    def add(self, found: GramGroups) -> None:
        """Enter grams with all their places."""
        sizes, n_grams = found.sizes, len(found.firsts)
        number = np.repeat(np.arange(n_grams), sizes)
        self.gram[found.places] = number + self._n_grams
        self._n_grams += n_grams
        if self.n_background is None:
            self.n_reports[found.places] = found.n_reports[number]
            if not self._each_its_own:
                self.n_issuers[found.places] = self._count_issuers(found)[number]
            return
        owner = self._owners(found.places)
        new = np.append(True, (number[1:] != number[:-1]) | (owner[1:] != owner[:-1]))[: len(number)]
        own = owner < len(self._issuers)
        self.n_reports[found.places] = np.bincount(number[new & own], minlength=n_grams)[number]
        self.n_background[found.places] = np.bincount(number[new & ~own], minlength=n_grams)[number]
        if not self._each_its_own:
            self.n_issuers[found.places] = self._distinct_issuers(number[new & own], owner[new & own], n_grams)[number]

    def _owners(self, places: IntArray) -> IntArray:
        owners: IntArray = self._row.owners.take(self._row.stretch_of(places))
        return owners

    def _count_issuers(self, found: GramGroups) -> IntArray:
        # Of two reports the first and the last place say whether they are of one issuer.
        sizes = found.sizes
        first, last = (
            self._issuers.take(self._owners(found.places[at])) for at in (found.firsts, found.firsts + sizes - 1)
        )
        counts: IntArray = 1 + (first != last).astype(np.int64)
        more = found.n_reports > 2
        if more.any():
            some = found.choose(more)
            number = np.repeat(np.arange(len(some.firsts)), some.sizes)
            counts[more] = self._distinct_issuers(number, self._owners(some.places), len(some.firsts))
        return counts

    def _distinct_issuers(self, number: IntArray, owner: IntArray, n_grams: int) -> IntArray:
        stride = len(self._issuers)
        pairs = distinct(number * stride + self._issuers.take(owner))
        counts: IntArray = np.bincount(pairs // stride, minlength=n_grams).astype(np.int64)
        return counts


class BaseRates(NamedTuple):
    """For each passage: what its rarest stretch is found in, and how much of it many issuers have."""

    n_reports: IntArray
    n_issuers: IntArray
    n_background: IntArray
    share_common: npt.NDArray[np.float64]

    def choose(self, chosen: BoolArray) -> BaseRates:
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


def rate(
    row: UnitRow,
    passages: Alignments,
    width: int,
    *,
    issuers: IntArray,
    short: PlaceCounts,
    many: int,
    among: BoolArray,
) -> BaseRates:
    """Return how common passages are.

    Parameters
    ----------
    row : UnitRow
        Of the collection, and of a background behind it.
    passages : Alignments
    width : int
        Characters of the stretches that tell a passage.
    issuers : array of int
        See `PlaceCounts`.
    short : PlaceCounts
        Of shorter stretches, which tell the passages that have none of the width.
    many : int
        What so many issuers have is common.
    among : array of bool
        Places of the row that hold all of the stretches that stand in passages.
    """
    total = len(passages)
    rates = BaseRates(
        np.full(total, 2, dtype=np.int64),
        np.ones(total, dtype=np.int64),
        np.zeros(total, dtype=np.int64),
        _share_common(passages, short.n_issuers >= many, GRAM),
    )
    known = PlaceCounts(row, issuers)
    for found in find_grams(row, width, exact_above=1, among=among):
        known.add(found)
    without = _rate_by(passages, np.arange(total), known, rates, width)
    if width > GRAM:
        _rate_by(passages, without, short, rates, GRAM)
    return rates


def _share_common(passages: Alignments, common: BoolArray, width: int) -> npt.NDArray[np.float64]:
    """Return which share of each passage's characters in a lie in common stretches."""
    before = np.append(0, np.cumsum(mark_covered(common, width)))
    starts, ends = passages.p_start.astype(np.int64), passages.p_end.astype(np.int64)
    shares: npt.NDArray[np.float64] = (before[ends] - before[starts]) / np.maximum(ends - starts, 1)
    return shares


def _rate_by(passages: Alignments, chosen: IntArray, known: PlaceCounts, rates: BaseRates, width: int) -> IntArray:
    """Fill in the rates of the chosen passages, and return those in which no such stretch is."""
    left = [np.zeros(0, dtype=np.int64)]
    lengths = np.cumsum(passages.p_end[chosen].astype(np.int64) - passages.p_start[chosen])
    first = 0
    while first < len(chosen):
        reached = int(lengths[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(lengths, reached + _AT_ONCE, side="right")))
        left.append(_rate_some(passages, chosen[first:last], known, rates, width))
        first = last
    return np.concatenate(left)


def _rate_some(passages: Alignments, some: IntArray, known: PlaceCounts, rates: BaseRates, width: int) -> IntArray:
    own = passages.choose(some)
    number, places = _unroll(own.p_start, own.p_end, width)
    held = known.gram.take(places)
    both = held >= 0
    loose = (own.matched != own.p_end - own.p_start) | (own.matched != own.q_end - own.q_start)
    if loose.any():
        # Where the two texts differ inside, only what both have there counts.
        at = np.flatnonzero(loose)
        other_number, other_places = _unroll(own.q_start[at], own.q_end[at], width)
        other_gram = known.gram.take(other_places)
        told = other_gram >= 0
        theirs = distinct((at[other_number[told]] << 32) | other_gram[told])
        mine = np.flatnonzero(loose[number] & both)
        codes = (number[mine] << 32) | held[mine]
        slot = np.minimum(np.searchsorted(theirs, codes), max(len(theirs) - 1, 0))
        both[mine] = theirs[slot] == codes if len(theirs) else False
    number, places = number[both], places[both]
    first = np.flatnonzero(np.append(True, number[1:] != number[:-1])[: len(number)])
    missing = np.ones(len(some), dtype=bool)
    if len(first):
        rated = number[first]
        counts = (known.n_reports.take(places).astype(np.int64) << 32) | known.n_issuers.take(places)
        rarest = np.minimum.reduceat(counts, first)
        rates.n_reports[some[rated]], rates.n_issuers[some[rated]] = rarest >> 32, rarest & 0xFFFFFFFF
        if known.n_background is not None:
            rates.n_background[some[rated]] = np.minimum.reduceat(known.n_background.take(places), first)
        missing[rated] = False
    return some[missing]


def _unroll(starts: IntArray, ends: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """Return every place at which a stretch of the width lies inside a span, with the number of the span."""
    starts = starts.astype(np.int64)
    counts = np.maximum(ends.astype(np.int64) - starts - width + 1, 0)
    number = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    return number, starts[number] + within


def name_kinds(
    reports: Sequence[Report], row: UnitRow, passages: Alignments, share_common: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Return what kind of words each passage is.

    ``title`` where all of them stand between 《 and 》 in both reports, as names of laws and plans do; ``heading``
    where they stand in a heading of one of the reports at least; ``set phrase`` where half of them lie in stretches
    of 6 characters that many issuers have (`least_of_many`); else ``running text``.
    """
    heading, outside = _mark_places(reports, row)
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


def _mark_places(reports: Sequence[Report], row: UnitRow) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Return at each place of the row the number of its heading or 0, and how many before it are in no title."""
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
    return heading, np.cumsum(outside, dtype=np.int32)
