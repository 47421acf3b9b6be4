"""How common a shared passage is in its collection.

Two reports that share 推动经济实现质的有效提升 share what all have. So a passage says in how many reports and
issuers its rarest stretch of ``min_chars`` characters stands, of the stretches that both reports have in it; a passage
without such a stretch is told by stretches of 6. Without a base rate a shared passage is no evidence of borrowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.index.exact_matches import Matches
from corpus.analysis.index.gram_numbers import distinct, join_spans, mark_spans
from corpus.analysis.index.shared_grams import MULTIPLIER, GramGroups, find_grams, hash_windows
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, UnitRow
from corpus.report.reports import Report

MANY_ISSUERS = 6
MANY_OF_ISSUERS = 0.05
"""What stands with six issuers and with one in twenty is a set phrase of the collection."""
GRAM = 6
"""Characters of a short stretch: about three words."""
MORE_THAN_ANY = 1 << 30
_ISSUER_BITS = 31
_NONE = np.iinfo(np.int64).max
_COUNTED_AT_ONCE = 1 << 22


Stretches = tuple[IntArray, ...]
"""Numbers of passages, and in each where stretches begin: the first place and the end of these places."""


class GramCounts(NamedTuple):
    """At some places, in order: in how many reports and issuers the gram stands, and in how many of a background."""

    places: IntArray
    n_reports: IntArray
    n_issuers: IntArray
    n_background: IntArray | None = None


def count_grams(row: UnitRow, groups: Iterable[GramGroups], wanted: BoolArray, issuers: IntArray) -> GramCounts:
    """Count grams that several reports have, where they stand at the places that are wanted.

    Parameters
    ----------
    row : UnitRow
        Of the collection, and of a background behind it.
    groups : iterable of GramGroups
        With all places of their grams.
    wanted : array of bool
    issuers : array of int
        The issuer of each report of the collection; reports behind these are the background.
    """
    with_background = bool(len(row.owners)) and int(row.owners[-1]) >= len(issuers)
    columns: list[list[Array]] = [[np.zeros(0, np.int64)] for _ in range(3 + with_background)]
    for found in groups:
        if not wanted.take(found.places).any():
            continue
        found = found.choose(np.logical_or.reduceat(wanted.take(found.places), found.firsts))
        chosen = np.flatnonzero(wanted.take(found.places))
        number = np.repeat(np.arange(len(found.firsts)), found.sizes)[chosen]
        if with_background:
            counts: tuple[IntArray, ...] = _count_both(row, found, issuers)
        else:
            counts = found.n_reports, count_issuers(row, found, issuers)
        for column, values in zip(columns, (found.places[chosen], *(one[number] for one in counts)), strict=True):
            column.append(values)
    order = np.argsort(np.concatenate(columns[0]))
    return GramCounts(*(np.concatenate(column)[order] for column in columns))


def _count_both(row: UnitRow, found: GramGroups, issuers: IntArray) -> tuple[IntArray, ...]:
    """Return in how many reports and issuers of the collection each gram stands, and in how many of the background."""
    total, number = len(found.firsts), np.repeat(np.arange(len(found.firsts)), found.sizes)
    owner = row.owners.take(row.stretch_of(found.places))
    new = np.append(True, (number[1:] != number[:-1]) | (owner[1:] != owner[:-1]))[: len(number)]
    own = owner < len(issuers)
    of_issuer = distinct(number[own] * len(issuers) + issuers.take(owner[own]))
    counts = (number[new & own], of_issuer // len(issuers), number[new & ~own])
    return tuple(np.bincount(count, minlength=total) for count in counts)


def _rarest(n_reports: Array, n_issuers: Array, starts: IntArray, ends: IntArray) -> tuple[IntArray, IntArray]:
    """Return in each span the counts of what fewest reports have, and of these fewest issuers; see `_least_in`."""
    return _parted(_least_in((n_reports.astype(np.int64) << _ISSUER_BITS) | n_issuers, starts, ends))


def _least_in(values: Array, starts: IntArray, ends: IntArray) -> IntArray:
    """Return the least value in each span, none of which is empty; they are given by where they start."""
    # From the last start to the first, nothing is looked at between two spans.
    spans = np.stack([starts[::-1], ends[::-1]], axis=1).ravel()
    least: IntArray = np.minimum.reduceat(np.append(values, values[-1:]), spans)[::2] if len(spans) else values[:0]
    return least[::-1]


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


def have_many(row: UnitRow, found: GramGroups, issuers: IntArray, many: int) -> BoolArray:
    """Tell which grams so many issuers have."""
    known: BoolArray = found.n_reports >= many * np.bincount(issuers, minlength=1).max()
    open_ = (found.n_reports >= many) & ~known
    if open_.any():
        known[open_] = count_issuers(row, found.choose(open_), issuers) >= many
    return known


def count_like(
    row: UnitRow, n: int, wanted: BoolArray, issuers: IntArray, *, among: BoolArray | None = None
) -> GramCounts:
    """Count the grams that begin at some places, wherever they stand in the row, or where it is known that they do."""
    groups = find_grams(row, n, exact_above=1, among=among, like=wanted) if wanted.any() else ()
    return count_grams(row, groups, wanted, issuers)


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


def rate(
    row: UnitRow,
    passages: Alignments,
    matches: Matches,
    width: int,
    issuers: IntArray,
    *,
    unknown: Array,
    all_pairs: bool,
    among: BoolArray | None = None,
    cap: int | None,
) -> BaseRates:
    """Return how common passages are, share_common apart.

    Parameters
    ----------
    row : UnitRow
        Of the collection, and of a background behind it.
    passages : Alignments
    matches : Matches
        The exact matches of their pairs: the stretches that both reports have.
    width : int
        Characters of the stretches that tell a passage; one without such a stretch is told by `GRAM`.
    issuers : array of int
        See `count_grams`.
    unknown : array
        The places of which not all matches are given, see `find_matches`.
    all_pairs : bool
        Whether the matches are those of all pairs of the collection: stretches elsewhere need not be looked up.
    among : array of bool, optional
        The places where the stretches that are looked up can begin.
    cap : int, optional
        In how many reports the rarest stretch stands of those that are of interest.
    """
    rates = BaseRates.unknown(len(passages))
    for n, stretches in rated_stretches(row, passages, matches, width, unknown).items():
        if n == width and all_pairs:
            _rate_by_matches(rates, row, matches, width, issuers, unknown=unknown, stretches=stretches)
            is_open = (rates.n_reports >= MORE_THAN_ANY).take(stretches[0]) & (cap is None)
            stretches = tuple(column[is_open] for column in stretches)
        some, starts, ends = stretches
        if len(some):
            wanted = mark_spans(starts, ends, len(row.units))
            enter_rates(rates, count_like(row, n, wanted, issuers, among=among), stretches)
    return rates


def enter_rates(rates: BaseRates, counts: GramCounts, stretches: Stretches) -> None:
    """Enter the rates of passages by stretches in them that were counted."""
    some, starts, ends = _in_order(stretches)
    firsts, lasts = (np.searchsorted(counts.places, edges) for edges in (starts, ends))
    _enter(rates, some, *_rarest(counts.n_reports, counts.n_issuers, firsts, lasts))
    if counts.n_background is not None:
        rates.n_background[distinct(some)] = MORE_THAN_ANY
        np.minimum.at(rates.n_background, some, _least_in(counts.n_background, firsts, lasts))


def _in_order(stretches: Stretches) -> Stretches:
    order = np.argsort(stretches[1])
    return tuple(column[order] for column in stretches)


def _enter(rates: BaseRates, some: IntArray, n_reports: IntArray, n_issuers: IntArray) -> None:
    """Enter for passages the counts of the rarest of their stretches."""
    least = np.full(len(rates.n_reports), _NONE)
    np.minimum.at(least, some, (n_reports << _ISSUER_BITS) | n_issuers)
    told = np.flatnonzero(least != _NONE)
    rates.n_reports[told], rates.n_issuers[told] = _parted(least[told])


def _parted(both: IntArray) -> tuple[IntArray, IntArray]:
    return both >> _ISSUER_BITS, both & ((1 << _ISSUER_BITS) - 1)


def _rate_by_matches(
    rates: BaseRates,
    row: UnitRow,
    matches: Matches,
    width: int,
    issuers: IntArray,
    *,
    unknown: Array,
    stretches: Stretches,
) -> None:
    """Enter rates by the matches that hold a stretch: all reports that have one have a match with it."""
    stride = max(len(row.starts), 1)
    one, other = (row.owners.take(side) for side in divmod(matches.pair, stride))
    own, partner = np.concatenate([one, other]), np.concatenate([other, one])
    starts = np.concatenate([matches.p, matches.q]).astype(np.int64)
    ends = starts + np.tile(matches.lengths, 2) + 1 - width
    foreign = np.flatnonzero(issuers.take(own) != issuers.take(partner))
    covered = (
        join_spans(partner, starts, ends),
        join_spans(issuers.take(partner[foreign]), starts[foreign], ends[foreign]),
    )
    spans = [(np.sort(starts), np.sort(ends)) for _, starts, ends in covered]
    some, starts, ends = _in_order(stretches)
    rarest = [(starts[:0], starts[:0])]
    first = 0
    while first < len(some):
        # Whole reports, so that no stretch is cut.
        stretch = int(row.stretch_of(starts[first : first + 1])[0])
        low = int(row.starts[stretch])
        high = int(row.ends[max(stretch, int(np.searchsorted(row.ends, low + _COUNTED_AT_ONCE)) - 1)])
        last = int(np.searchsorted(starts, high))
        counts = [1 + _cover(*edges, low, high) for edges in spans]
        for count in counts:
            count[unknown[low:high] > 0] = MORE_THAN_ANY
        rarest.append(_rarest(counts[0], counts[1], starts[first:last] - low, ends[first:last] - low))
        first = last
    _enter(rates, some, *(np.concatenate(column) for column in zip(*rarest, strict=True)))


def _cover(starts: IntArray, ends: IntArray, low: int, high: int) -> Array:
    """Return how many spans lie over each place from ``low`` to ``high``; none reaches out of these."""
    counts = np.zeros(high - low + 1, dtype=np.int32)
    for edges, sign in ((starts, 1), (ends, -1)):
        first, last = np.searchsorted(edges, [low, high + 1])
        counts += sign * np.bincount(edges[first:last] - low, minlength=len(counts)).astype(np.int32)
    return np.cumsum(counts, out=counts)[:-1]


def rated_stretches(
    row: UnitRow, passages: Alignments, matches: Matches, width: int, unknown: Array
) -> dict[int, Stretches]:
    """Return by what stretches passages are told, by the length of these: see `rate`."""
    gram = min(width, GRAM)
    found = _matched_stretches(row, passages, matches, width)
    left = _without(np.arange(len(passages)), found)
    # Where not all matches are known, a passage is looked through place by place.
    marks = np.flatnonzero(unknown)
    doubtful = np.searchsorted(marks, passages.p_end[left]) > np.searchsorted(marks, passages.p_start[left])
    more = _shared_stretches(row, passages, left[doubtful], width)
    wide = tuple(np.concatenate(columns) for columns in zip(found, more, strict=True))
    short = _shared_stretches(row, passages, _without(left, more), gram)
    return {width: wide, gram: short} if width > gram else {width: wide}


def _without(passages: IntArray, stretches: Stretches) -> IntArray:
    """Return those of some passages, given in order, that have none of the stretches."""
    left = np.ones(int(passages.max(initial=-1)) + 1, dtype=bool)
    left[stretches[0]] = False
    return passages[left[passages]]


def _matched_stretches(row: UnitRow, passages: Alignments, matches: Matches, width: int) -> Stretches:
    """Return where in a the stretches of a width begin that lie in passages and in matches of their pairs."""
    pairs = distinct(matches.pair)
    if not len(pairs):
        return (pairs, pairs, pairs)
    stride = int((row.ends - row.starts).max()) + 1
    base = np.searchsorted(pairs, matches.pair) * stride - row.starts.take(matches.pair // len(row.starts))
    firsts = base + matches.p
    order = np.argsort(firsts, kind="stable")
    firsts, reach = firsts[order], np.maximum.accumulate((firsts + matches.lengths + 1 - width)[order])
    number = np.minimum(np.searchsorted(pairs, passages.pair), len(pairs) - 1)
    base = number * stride - row.starts.take(passages.pair // len(row.starts))
    low = np.searchsorted(reach, base + passages.p_start, side="right")
    high = np.searchsorted(firsts, base + passages.p_end + 1 - width)
    counts = np.where(pairs[number] == passages.pair, np.maximum(high - low, 0), 0)
    some, at = expand(low, low + counts)
    held = order[at]
    p, q, lengths = (column[held].astype(np.int64) for column in matches[1:])
    starts = np.maximum(np.maximum(passages.p_start.take(some) - p, passages.q_start.take(some) - q), 0)
    ends = np.minimum(np.minimum(passages.p_end.take(some) - p, passages.q_end.take(some) - q), lengths)
    ends += 1 - width
    inside = starts < ends
    return some[inside], (p + starts)[inside], (p + ends)[inside]


def _shared_stretches(row: UnitRow, passages: Alignments, some: IntArray, width: int) -> Stretches:
    """Return the places in a of some passages at which stretches begin that stand in b too."""
    chosen = passages.choose(some)
    sides = (chosen.p_start, chosen.p_end), (chosen.q_start, chosen.q_end)
    (number, places), others = (
        expand(starts.astype(np.int64), ends.astype(np.int64) - (width - 1)) for starts, ends in sides
    )
    codes, other_codes = (
        hash_windows(row, at, width) ^ (of.astype(np.uint64) * MULTIPLIER) for of, at in ((number, places), others)
    )
    known = np.append(np.sort(other_codes), np.uint64(0))
    both = known[np.searchsorted(known[:-1], codes)] == codes
    return some[number[both]], places[both], places[both] + 1


def share_common(passages: Alignments, common: BoolArray, *, in_both: bool = True) -> npt.NDArray[np.float64]:
    """Return which share of each passage's characters lie in stretches of 6 that begin at the marked places.

    Those of both reports count, or those of report a alone.
    """
    sides = [(passages.p_start, passages.p_end), (passages.q_start, passages.q_end)][: 1 + in_both]
    spans = [(starts.astype(np.int64), ends.astype(np.int64)) for starts, ends in sides]
    covered = sum(_count_covered(common, starts, ends) for starts, ends in spans)
    shares: npt.NDArray[np.float64] = covered / np.maximum(sum(ends - starts for starts, ends in spans), 1)
    return shares


def _count_covered(common: BoolArray, starts: IntArray, ends: IntArray) -> IntArray:
    """Return how many places of each span lie in stretches of 6 that begin at the marked places."""
    counts = np.zeros(len(starts), dtype=np.int64)
    longest = int((ends - starts).max(initial=0))
    for low in range(0, len(common), _COUNTED_AT_ONCE):
        some = np.flatnonzero((starts >= low) & (starts < low + _COUNTED_AT_ONCE))
        # A stretch may begin before the span.
        first = max(low - GRAM, 0)
        marks = first + np.flatnonzero(common[first : low + _COUNTED_AT_ONCE + longest])
        if not len(some) or not len(marks):
            continue
        sums = np.append(0, np.cumsum(np.minimum(np.diff(marks), GRAM)))
        before = []
        for places in (starts[some], ends[some]):
            last = np.searchsorted(marks, places) - 1
            reach = np.minimum(places - marks.take(np.maximum(last, 0)), GRAM)
            before.append(np.where(last >= 0, sums.take(np.maximum(last, 0)) + reach, 0))
        counts[some] = before[1] - before[0]
    return counts
