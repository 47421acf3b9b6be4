"""The passages that reports share, as places of one row: found, aligned, ended at words, and rated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments, align_matches
from corpus.analysis.index.exact_matches import PairChoice, find_matches
from corpus.analysis.index.shared_grams import find_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow, lay_keys
from corpus.analysis.reuse.base_rates import (
    GRAM,
    BaseRates,
    PlaceCounts,
    least_of_many,
    number_issuers,
    rate,
)
from corpus.analysis.reuse.passage_ends import drop_repeated, drop_short, mark_spans, trim_ends
from corpus.report.reports import Report
from corpus.report.values import Role

MOST_PAIRS = 20_000
"""Up to so many pairs of reports every passage is listed."""
CAP = 50
"""Beyond, those whose rarest stretch stands in no more reports than these."""
LEAST_SIMILAR = 0.5
_MOST_AT_ONCE = 200


class Found(NamedTuple):
    """Passages by report a, report b, place in a and place in b, with the row that they are places of.

    ``pair`` of a passage is the position of report a times the number of stretches of the row, plus that of report b.
    """

    row: UnitRow
    passages: Alignments
    rates: BaseRates
    issuers: IntArray
    many: int
    cap: int | None

    def owners(self) -> tuple[IntArray, IntArray]:
        """Return the positions of both reports of each passage."""
        stride = max(len(self.row.starts), 1)
        return self.passages.pair // stride, self.passages.pair % stride

    def choose(self, chosen: npt.NDArray[np.bool_]) -> Found:
        return self._replace(passages=self.passages.choose(chosen), rates=self.rates.choose(chosen))


def search(
    reports: Sequence[Report],
    *,
    min_chars: int,
    cap: int | None,
    role: Role | None,
    pairs: npt.NDArray[np.int64] | None = None,
    n_searched: int | None = None,
    background: Sequence[Report] = (),
) -> Found:
    """Find the passages that pairs of reports share.

    Parameters
    ----------
    reports : sequence of Report
        The collection.
    min_chars : int
    cap : int, optional
        Only passages whose rarest stretch stands in so many reports. By default all, or `CAP` beyond `MOST_PAIRS`.
    role : str, optional
    pairs : array of int, optional
        Positions of the reports of the pairs wanted, a row a pair.
    n_searched : int, optional
        Only pairs of one of the first so many reports with one of the others.
    background : sequence of Report
        Counted in base rates, and not compared.
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    total = len(reports)
    choices: list[PairChoice | None] = [None]
    n_pairs = total * (total - 1) // 2
    if pairs is not None:
        choices, n_pairs = [*_listed(pairs, total)], 0
    elif n_searched is not None:
        choices = [PairChoice.between(np.arange(total) >= n_searched)]
        n_pairs = n_searched * (total - n_searched)
    if cap is None and n_pairs > MOST_PAIRS:
        cap = CAP
    # A seed that many reports have may begin a passage that few have.
    seeded = total if n_pairs <= MOST_PAIRS else min(cap or total, total)
    n = min(GRAM, min_chars)
    issuers = number_issuers(reports)
    short = PlaceCounts(row, issuers)
    found = _align(row, min_chars, max(seeded, 2), choices, short if choices == [None] else None)
    spans = [(found.p_start, found.p_end), (found.q_start, found.q_end)]
    found = drop_short(trim_ends(reports, row, found), min_chars=min_chars, least_similar=LEAST_SIMILAR)
    found = _by_report(row, drop_repeated(found))
    wide, everywhere = row, np.zeros(len(row.units), dtype=bool)
    for starts, ends in spans:
        everywhere |= mark_spans(starts, ends, len(row.units))
    if choices != [None] or background:
        # Others than those that were searched may have what a passage has.
        both = [*reports, *background]
        wide = lay_keys(both, [report.regions(role) for report in both]) if background else row
        everywhere, short = np.ones(len(wide.units), dtype=bool), PlaceCounts(wide, issuers)
        for grams in find_grams(wide, n, exact_above=1):
            short.add(grams)
    elif seeded < total:
        # What more reports have than are paired is in no passage of theirs.
        common = short.n_reports > seeded
        for _ in range(min_chars - n):
            common[:-1] &= common[1:]
        everywhere |= common
    many = least_of_many(len(np.unique(issuers)))
    rates = rate(wide, found, min_chars, issuers=issuers, short=short, many=many, among=everywhere)
    result = Found(row, found, rates, issuers, many, cap)
    return result if cap is None else result.choose(rates.n_reports <= cap)


def _listed(pairs: npt.NDArray[np.int64], total: int) -> Iterator[PairChoice]:
    """Yield the pairs wanted in portions of few reports, so that each is searched without regard to the rest."""
    ordered = np.unique(np.sort(pairs, axis=1), axis=0)
    ordered = ordered[ordered[:, 0] != ordered[:, 1]]
    some: list[tuple[int, int]] = []
    involved: set[int] = set()
    for one, other in ordered.tolist():
        if len(involved | {one, other}) > _MOST_AT_ONCE:
            yield PairChoice.of_pairs(some, total)
            some, involved = [], set()
        some.append((one, other))
        involved |= {one, other}
    if some:
        yield PairChoice.of_pairs(some, total)


def _align(
    row: UnitRow, min_chars: int, cap: int, choices: Sequence[PairChoice | None], counts: PlaceCounts | None
) -> Alignments:
    n = min(GRAM, min_chars)
    seen = None if counts is None else counts.add
    none = np.zeros(0, dtype=np.int64)
    parts = [Alignments(*[none] * len(Alignments.__slots__)).compact()]
    for choice in choices:
        for matches in find_matches(row, n, cap=cap, min_chars=min_chars, choice=choice, seen=seen):
            aligned = align_matches(row, matches, n=n, min_chars=min_chars)
            parts.append(drop_short(aligned, min_chars=min_chars, least_similar=LEAST_SIMILAR).ordered().compact())
    return Alignments.join(parts)


def _by_report(row: UnitRow, found: Alignments) -> Alignments:
    """Make pairs of stretches pairs of reports."""
    stride = max(len(row.starts), 1)
    one, other = row.owners.take(found.pair // stride), row.owners.take(found.pair % stride)
    return replace(found, pair=one * stride + other).ordered() if len(found) else found
