"""The passages that reports share, as places of one row: found, aligned, ended at words, and rated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from corpus.analysis.alignment.exact_chains import Alignments, align_matches
from corpus.analysis.index.exact_matches import IS_REPEATED, Matches, PairChoice, find_matches
from corpus.analysis.index.gram_numbers import mark_spans
from corpus.analysis.index.shared_grams import GramGroups
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, UnitRow, lay_keys, place_type
from corpus.analysis.reuse.base_rates import (
    GRAM,
    BaseRates,
    count_like,
    have_many,
    least_of_many,
    number_issuers,
    rate,
    share_common,
)
from corpus.analysis.reuse.passage_ends import are_told_before, long_enough, trim_ends
from corpus.analysis.reuse.passage_kinds import number_provinces
from corpus.analysis.words.word_edges import Joints, find_joints
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
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
    ``provinces`` has the number of the province of each report, ``common`` marks the places at which stretches of 6
    characters begin that many issuers have, at least in passages.
    """

    row: UnitRow
    passages: Alignments
    rates: BaseRates
    issuers: IntArray
    many: int
    cap: int | None
    provinces: IntArray | None = None
    common: BoolArray | None = None

    def owners(self) -> tuple[IntArray, IntArray]:
        """Return the positions of both reports of each passage."""
        stride = max(len(self.row.starts), 1)
        return self.passages.pair // stride, self.passages.pair % stride

    def are_distant(self, one: IntArray, other: IntArray) -> BoolArray:
        """Tell which pairs of reports are of different provinces; of few issuers, which are of two provinces."""
        if self.provinces is None:
            return np.zeros(len(one), dtype=np.bool_)
        first, second = self.provinces.take(one), self.provinces.take(other)
        distant: BoolArray = (first != second) & (np.minimum(first, second) >= 0)
        return distant

    def choose(self, chosen: npt.NDArray[np.bool_]) -> Found:
        return self._replace(passages=self.passages.choose(chosen), rates=self.rates.choose(chosen))


def leave_out(others: Iterable[Report], reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the others whose texts are none of those of the reports."""
    texts = {report.sha256 for report in reports}
    return tuple(other for other in others if other.sha256 not in texts)


def sources_apart(reports: Reports, sources: Reports | None) -> tuple[Report, ...]:
    """Return the sources that are none of the reports; one that is called like a report is called ``ID (source)``."""
    own = {report.report_id for report in reports}
    others = leave_out(sources or (), reports)
    return tuple(
        other.revise(report_id=f"{other.report_id} (source)") if other.report_id in own else other for other in others
    )


def locate_pairs(reports: Sequence[Report], pairs: Iterable[tuple[str, str]]) -> IntArray:
    """Return the positions of the reports of listed pairs of ids, a row a pair.

    Raises
    ------
    CorpusError
        If one is no pair of these reports.
    """
    places = {report.report_id: place for place, report in enumerate(reports)}
    listed = [tuple(pair) for pair in pairs]
    wrong = next((pair for pair in listed if len(pair) != 2 or not places.keys() >= set(pair)), None)
    if wrong is not None:
        raise CorpusError(
            f"{wrong!r} is no pair of the reports compared; their ids are {', '.join(list(places)[:12]) or 'none'}"
        )
    return np.array([[places[one], places[other]] for one, other in listed], dtype=np.int64).reshape(-1, 2)


def search(
    reports: Sequence[Report],
    *,
    min_chars: int,
    cap: int | None,
    role: Role | None,
    pairs: npt.NDArray[np.int64] | None = None,
    n_searched: int | None = None,
    background: Sequence[Report] = (),
    common_everywhere: bool = False,
    row: UnitRow | None = None,
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
    common_everywhere : bool
        Whether ``common`` is asked for outside passages too.
    row : UnitRow, optional
        The keys of the reports, where they were laid before.
    """
    row = lay_keys(reports, role=role) if row is None else row
    total = len(reports)
    choices: list[PairChoice | None] = [None]
    n_pairs = total * (total - 1) // 2
    if pairs is not None:
        choices, n_pairs = [*_listed(pairs, total)], 0
    elif n_searched is not None:
        choices = [PairChoice.between(np.arange(total) >= n_searched)]
        n_pairs = n_searched * (total - n_searched)
    cap, seeded = caps(total, cap, n_pairs)
    issuers = number_issuers(reports)
    many = least_of_many(len(np.unique(issuers)))
    common = np.zeros(len(row.units), dtype=bool)

    def mark_common(groups: GramGroups) -> None:
        common[groups.choose(have_many(row, groups, issuers, many)).places] = True

    # Where few are searched, all places of what they have are seen on the way.
    few = n_searched is not None and not background and 4 * _count_chars(row, n_searched) < len(row.units)
    seen = np.zeros(len(row.units), dtype=bool) if few else None

    def note(groups: GramGroups) -> None:
        if seen is not None:
            seen[groups.places] = True

    # Of a source only what the report has of it is looked at.
    in_both = n_searched is None
    # Others than those that are searched may have what a passage has.
    apart = choices != [None] or bool(background)
    unknown = np.zeros(len(row.units), dtype=np.int8)
    found, matches = _align(row, min_chars, seeded, choices, note if apart else mark_common, unknown)
    if not len(found) and not common_everywhere:
        rates = BaseRates.unknown(0)
        return Found(row, found, rates, issuers, many, cap, number_provinces(reports, issuers), common)
    wanted = row.owners.take(np.concatenate(np.divmod(found.pair, max(len(row.starts), 1))))
    found = end_passages(row, find_joints(reports, row, wanted), found, min_chars=min_chars)
    everybody = [*reports, *background]
    wide = lay_keys(everybody, role=role) if background else row
    if apart:
        # A stretch that many have may begin before the passage, or end behind it.
        sides = [(found.p_start, found.p_end), (found.q_start, found.q_end)][: 1 + in_both]
        starts, ends = (np.concatenate(column).astype(np.int64) for column in zip(*sides, strict=True))
        inside = mark_spans(starts - (GRAM - 1), ends, len(wide.units)) | common_everywhere
        counts = count_like(wide, GRAM, inside, issuers, among=seen)
        common = np.zeros(len(wide.units), dtype=bool)
        common[counts.places[counts.n_issuers >= many]] = True
    all_pairs = not (apart or (unknown == IS_REPEATED).any())
    rates = rate(wide, found, matches, min_chars, issuers, unknown=unknown, all_pairs=all_pairs, among=seen, cap=cap)
    rates = rates._replace(share_common=share_common(found, common, in_both=in_both))
    found, order = by_report(row, found)
    result = Found(row, found, rates.choose(order), issuers, many, cap, number_provinces(reports, issuers), common)
    return result if cap is None else result.choose(result.rates.n_reports <= cap)


def _count_chars(row: UnitRow, n_reports: int) -> int:
    """Return how many characters the first so many reports have."""
    return int((row.ends - row.starts)[row.owners < n_reports].sum())


def caps(total: int, cap: int | None, n_pairs: int | None = None) -> tuple[int | None, int]:
    """Return in how many of so many reports the rarest stretch of a row may stand, and a gram that is paired.

    A seed that many reports have may begin a passage that few have. By default all pairs are compared.
    """
    n_pairs = total * (total - 1) // 2 if n_pairs is None else n_pairs
    if cap is None and n_pairs > MOST_PAIRS:
        cap = CAP
    return cap, max(total if n_pairs <= MOST_PAIRS else min(cap or total, total), 2)


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
    row: UnitRow,
    min_chars: int,
    cap: int,
    choices: Sequence[PairChoice | None],
    seen: Callable[[GramGroups], None] | None,
    unknown: Array,
) -> tuple[Alignments, Matches]:
    """Return the passages of all pairs chosen, before their ends are trimmed, and their exact matches.

    The places are marked of whose matches not all are found.
    """
    n = min(GRAM, min_chars)
    found = (
        find_matches(row, n, cap=cap, min_chars=min_chars, choice=choice, seen=seen, unknown=unknown)
        for choice in choices
    )
    return collect_passages(row, chain.from_iterable(found), n=n, min_chars=min_chars)


def collect_passages(row: UnitRow, matches: Iterable[Matches], *, n: int, min_chars: int) -> tuple[Alignments, Matches]:
    """Return the passages around the exact matches of all pairs, in order, and the matches of the least length."""
    none = np.zeros(0, dtype=np.int64)
    found, held = [Alignments(*[none] * len(Alignments.__slots__))], [Matches(none, none, none, none)]
    sums = np.full(len(row.starts), -1, dtype=np.int64)
    for some in matches:
        turned = _are_turned(row, some.pair, sums)
        aligned = align_matches(row, _turn(some, turned), n=n, min_chars=min_chars)
        aligned = _turn_back(aligned, np.isin(aligned.pair, some.pair[turned]))
        aligned = aligned.choose(long_enough(aligned, min_chars=min_chars, least_similar=LEAST_SIMILAR))
        found.append(aligned.choose(aligned.order()).compact(row))
        long = some.lengths >= min_chars
        places = (column[long].astype(place_type(len(row.units))) for column in some[1:])
        held.append(Matches(some.pair[long], *places))
    return Alignments.join(found), Matches(*(np.concatenate(column) for column in zip(*held, strict=True)))


def _are_turned(row: UnitRow, pair: IntArray, sums: IntArray) -> BoolArray:
    """Tell which matches are those of pairs that are aligned from their later text, so that it makes no odds which
    report stands first: of pairs with several matches those whose later text has the lower checksum.

    ``sums`` keeps the checksums by stretch, -1 where it is not known.
    """
    same = pair[1:] == pair[:-1]
    turned: BoolArray = (np.append(same, False) | np.append(False, same))[: len(pair)]
    one, other = np.divmod(pair[turned], max(len(row.starts), 1))
    used = np.zeros(len(sums), dtype=bool)
    used[one], used[other] = True, True
    for stretch in np.flatnonzero(used & (sums < 0)).tolist():
        sums[stretch] = crc32(row.units[row.starts[stretch] : row.ends[stretch]].data)
    turned[turned] = sums[one] > sums[other]
    return turned


def _turn(matches: Matches, turned: BoolArray) -> Matches:
    """Exchange the sides of some pairs, all their matches in order."""
    places = np.flatnonzero(turned)
    p, q = matches.q[places], matches.p[places]
    order = np.lexsort((p, q, matches.pair[places]))
    columns = matches.p.copy(), matches.q.copy(), matches.lengths.copy()
    for column, values in zip(columns, (p, q, matches.lengths[places]), strict=True):
        column[places] = values[order]
    return Matches(matches.pair, *columns)


def _turn_back(found: Alignments, turned: BoolArray) -> Alignments:
    sides = (found.p_start, found.p_end), (found.q_start, found.q_end)
    starts, ends = ([np.where(turned, q, p), np.where(turned, p, q)] for p, q in zip(*sides, strict=True))
    return replace(found, p_start=starts[0], p_end=ends[0], q_start=starts[1], q_end=ends[1])


def end_passages(row: UnitRow, joints: Joints, found: Alignments, *, min_chars: int) -> Alignments:
    """Return the passages of whole pairs with their ends trimmed, but for those then too short or told twice."""
    found = trim_ends(joints, row, found)
    found = found.choose(long_enough(found, min_chars=min_chars, least_similar=LEAST_SIMILAR))
    return found.choose(~are_told_before(found))


def by_report(row: UnitRow, found: Alignments) -> tuple[Alignments, IntArray]:
    """Make pairs of stretches pairs of reports, and return them in order, with the position that each had."""
    stride = max(len(row.starts), 1)
    one, other = row.owners.take(found.pair // stride), row.owners.take(found.pair % stride)
    found = replace(found, pair=one * stride + other)
    order = found.order()
    return found.choose(order), order
