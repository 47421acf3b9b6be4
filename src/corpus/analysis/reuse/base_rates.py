"""How common a shared passage is in its collection, and what kind of words it is: a name, a heading, a set phrase.

Two reports that share 推动经济实现质的有效提升 share what all have. So a passage says in how many reports and
issuers its rarest stretch of ``min_chars`` characters stands, of the stretches that both reports have in it; a passage
without such a stretch is told by stretches of 6. Without a base rate a shared passage is no evidence of borrowing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.shared_grams import find_grams, mark_equal_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow
from corpus.report.reports import Report
from corpus.report.succession import issuer_key

Kind = Literal["running text", "set phrase", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "set phrase", "heading", "title")
"""What a shared passage may be, see `name_kinds`."""

MANY_ISSUERS = 6
MANY_OF_ISSUERS = 0.05
"""What stands with six issuers and with one in twenty is a set phrase of the collection."""
MOSTLY = 0.5

_AT_ONCE = 1 << 22
_TITLE = re.compile(r"《[^《》]*》")


class Stretches(NamedTuple):
    """The stretches of ``width`` characters that several reports have, by the place in the row where each begins.

    Attributes
    ----------
    width : int
    gram : array of int32
        A number for each stretch, equal ones with equal numbers; -1 where one report alone has it.
    n_reports, n_issuers, n_background : array of int32
        In how many reports and issuers of the collection, and reports of the background, it stands.
    """

    width: int
    gram: npt.NDArray[np.int32]
    n_reports: npt.NDArray[np.int32]
    n_issuers: npt.NDArray[np.int32]
    n_background: npt.NDArray[np.int32]


class BaseRates(NamedTuple):
    """For each passage: what its rarest stretch is found in, and how much of it many issuers have."""

    n_reports: IntArray
    n_issuers: IntArray
    n_background: IntArray
    share_common: npt.NDArray[np.float64]


def number_issuers(reports: Sequence[Report]) -> IntArray:
    """Return a number for the issuer of each report, as `corpus.report.succession` tells issuers from each other.

    Each report of an unknown issuer is one of its own.
    """
    numbers: dict[tuple[str, ...], int] = {}
    keys = (
        issuer_key(report) if report.issuer is not None else ("", "report", str(place))
        for place, report in enumerate(reports)
    )
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)


def log_weights(n_reports: IntArray, n_all: int) -> npt.NDArray[np.float64]:
    """Return minus the natural logarithm of the share of all reports: 0 for what all have."""
    weights: npt.NDArray[np.float64] = np.log(max(n_all, 1) / np.maximum(n_reports, 1))
    return weights


def least_of_many(n_issuers: int) -> int:
    """Return with how many issuers of a collection words are a set phrase."""
    return max(MANY_ISSUERS, int(np.ceil(MANY_OF_ISSUERS * n_issuers)))


def count_stretches(row: UnitRow, width: int, issuers: IntArray, passages: Alignments) -> Stretches:
    """Count in how many reports and issuers each stretch of some passages stands.

    Parameters
    ----------
    row : UnitRow
        Of the collection, with a background behind it.
    width : int
    issuers : array of int
        The issuer of each report of the collection; reports behind these are the background.
    passages : Alignments
        Places of the row.
    """
    inside = _mark_spans(passages.p_start, passages.p_end.astype(np.int64) - width + 1, len(row.units))
    among = mark_equal_grams(row, width, np.flatnonzero(inside))
    gram = np.full(len(row.units), -1, dtype=np.int32)
    counts = np.zeros((3, len(row.units)), dtype=np.int32)
    n_own, n_grams = len(issuers), 0
    stride = int(issuers.max(initial=0)) + 1
    for found in find_grams(row, width, exact_above=1, among=among):
        sizes = found.sizes
        number = np.repeat(np.arange(len(sizes)), sizes)
        owner = row.owners.take(row.stretch_of(found.places))
        gram[found.places] = number + n_grams
        n_grams += len(sizes)
        new = np.append(True, (number[1:] != number[:-1]) | (owner[1:] != owner[:-1]))[: len(number)]
        own = owner < n_own
        n_reports = np.bincount(number[new & own], minlength=len(sizes))
        pairs = distinct(number[new & own] * stride + issuers[owner[new & own]])
        n_issuers = np.bincount(pairs // stride, minlength=len(sizes))
        n_background = np.bincount(number[new & ~own], minlength=len(sizes))
        for column, per_gram in zip(counts, (n_reports, n_issuers, n_background), strict=True):
            column[found.places] = per_gram[number]
    return Stretches(width, gram, *counts)


def _mark_spans(starts: IntArray, ends: IntArray, length: int) -> BoolArray:
    """Return which of so many places lie in one of the spans; what ends before it begins is none."""
    some = ends > starts
    edges = np.bincount(starts[some], minlength=length) - np.bincount(ends[some], minlength=length)
    marked: BoolArray = np.cumsum(edges) > 0
    return marked


def rate(row: UnitRow, passages: Alignments, widths: Iterable[int], *, issuers: IntArray, many: int) -> BaseRates:
    """Return how common the passages are.

    Parameters
    ----------
    row : UnitRow
        See `count_stretches`.
    passages : Alignments
    widths : iterable of int
        Lengths of the stretches that tell a passage; the later ones, shorter, tell a passage without the earlier.
    issuers : array of int
        See `count_stretches`.
    many : int
        What so many issuers have is common.
    """
    total = len(passages)
    counts = [np.zeros(total, dtype=np.int64) for _ in range(3)]
    rates = BaseRates(counts[0], counts[1], counts[2], np.zeros(total, dtype=np.float64))
    missing = np.arange(total)
    for width in widths:
        if len(missing):
            known = count_stretches(row, width, issuers, passages.choose(missing))
            missing = _rate_by(passages, missing, known, rates, many)
    rates.n_reports[missing], rates.n_issuers[missing] = 2, 1
    return rates


def _rate_by(passages: Alignments, chosen: IntArray, known: Stretches, rates: BaseRates, many: int) -> IntArray:
    """Fill in the rates of the chosen passages, and return those in which no such stretch is."""
    left = []
    lengths = np.maximum(passages.p_end[chosen].astype(np.int64) - passages.p_start[chosen], 0)
    parts = np.searchsorted(np.cumsum(lengths), np.arange(0, int(lengths.sum()) + _AT_ONCE, _AT_ONCE))
    for first, last in zip(parts[:-1].tolist(), (*parts[1:-1].tolist(), len(chosen)), strict=True):
        some = chosen[first:last]
        if len(some):
            left.append(_rate_some(passages, some, known, rates, many))
    return np.concatenate([np.zeros(0, dtype=np.int64), *left])


def _rate_some(passages: Alignments, some: IntArray, known: Stretches, rates: BaseRates, many: int) -> IntArray:
    number, places = _unroll(passages.p_start[some], passages.p_end[some], known.width)
    held = known.gram.take(places)
    both = held >= 0
    exact = (passages.matched == passages.p_end - passages.p_start) & (
        passages.matched == passages.q_end - passages.q_start
    )
    loose = ~exact[some]
    if loose.any():
        # Where the two texts differ inside, only what both have there counts.
        at = np.flatnonzero(loose)
        other_number, other_places = _unroll(passages.q_start[some[at]], passages.q_end[some[at]], known.width)
        stride = int(known.gram.max(initial=0)) + 2
        other_gram = known.gram.take(other_places)
        held_too = other_gram >= 0
        theirs = distinct(at[other_number[held_too]] * stride + other_gram[held_too] + 1)
        mine = np.flatnonzero(loose[number] & both)
        codes = number[mine] * stride + held[mine] + 1
        slot = np.minimum(np.searchsorted(theirs, codes), max(len(theirs) - 1, 0))
        both[mine] = theirs[slot] == codes if len(theirs) else False
    number, places = number[both], places[both]
    first = np.flatnonzero(np.append(True, number[1:] != number[:-1])[: len(number)])
    told = number[first]
    n_reports, n_issuers = known.n_reports.take(places).astype(np.int64), known.n_issuers.take(places)
    if len(first):
        rarest = np.minimum.reduceat((n_reports << 32) | n_issuers, first)
        rates.n_reports[some[told]], rates.n_issuers[some[told]] = rarest >> 32, rarest & 0xFFFFFFFF
        rates.n_background[some[told]] = np.minimum.reduceat(known.n_background.take(places), first)
        rates.share_common[some[told]] = _share_covered(passages, some, known.width, number, places, n_issuers >= many)[
            told
        ]
    missing = np.ones(len(some), dtype=bool)
    missing[told] = False
    return some[missing]


def _unroll(starts: IntArray, ends: IntArray, width: int) -> tuple[IntArray, IntArray]:
    """Return every place at which a stretch of the width lies inside a span, with the number of the span."""
    starts = starts.astype(np.int64)
    counts = np.maximum(ends.astype(np.int64) - starts - width + 1, 0)
    number = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(number)) - np.repeat(np.cumsum(counts) - counts, counts)
    return number, starts[number] + within


def _share_covered(
    passages: Alignments, some: IntArray, width: int, number: IntArray, places: IntArray, common: BoolArray
) -> npt.NDArray[np.float64]:
    """Return which share of each passage lies in common stretches."""
    number, places = number[common], places[common]
    new = np.append(True, number[1:] != number[:-1])[: len(number)]
    step = np.diff(places, prepend=places[:1] - width)
    fresh = np.where(new, width, np.minimum(step, width))
    covered = np.bincount(number, weights=fresh, minlength=len(some))
    lengths = (passages.p_end[some] - passages.p_start[some]).astype(np.float64)
    shares: npt.NDArray[np.float64] = covered / np.maximum(lengths, 1)
    return shares


def name_kinds(
    reports: Sequence[Report], row: UnitRow, passages: Alignments, share_common: npt.NDArray[np.float64]
) -> npt.NDArray[np.object_]:
    """Return what kind of words each passage is.

    ``title`` where all of them stand between 《 and 》 in both reports, as names of laws and plans do; ``heading``
    where they stand in a heading of one of the reports at least; ``set phrase`` where half of them lie in stretches
    that many issuers have (`least_of_many`); else ``running text``.
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
