"""The columns that a table of pairs has beside measures: passages shared, what a regression needs, intervals, chance.

A pair is no independent observation, since each report is in many pairs: regressions on pairs need standard errors that
allow for it (Aronow, Samii & Assenova 2015, Political Analysis 23:564-577; Krackhardt's QAP by permutation).

Intervals are given for shares of one report, the other fixed, and for nothing else: a pair of reports is one pair, and
drawing reports with replacement would compare reports with themselves. An interval answers: had the issuer written as
many sentences of the same kind, how much of them would the other report, as it stands, have? It says nothing about
other issuers or years. Resemblance, Jaccard and minimum edit have none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.gram_numbers import holders, number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, lay_keys
from corpus.analysis.resampling import SEED, Estimate, FloatArray, estimate_share
from corpus.analysis.reuse.base_rates import log_weights, number_issuers
from corpus.analysis.reuse.borrowing import tell_first
from corpus.analysis.reuse.passage_ends import find_larger
from corpus.analysis.reuse.passage_search import MOST_PAIRS, Found, search
from corpus.analysis.words.segmentation import bag_grams, count_shared
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

MIN_CHARS = 12
"""Least exact match of the passages that are summed, as by default in `corpus.find_reuse`."""


def sum_columns(
    reports: Reports, first: IntArray, second: IntArray, *, listed: bool, role: Role | None
) -> list[npt.NDArray[Any]]:
    """Return the columns of shared passages of pairs, as `corpus.compare_reports` adds them.

    Parameters
    ----------
    reports : Reports
    first, second : array of int
        Positions of the reports of each pair.
    listed : bool
        Whether the pairs were asked for by name, so that nothing is left out however many they are.
    role : str, optional
    """
    wanted = np.stack([first, second], axis=1) if listed or len(first) <= MOST_PAIRS else None
    found = search(list(reports), min_chars=MIN_CHARS, cap=None, role=role, pairs=wanted)
    one, other, matched, weighted, n_passages = _sum_pairs(found)
    total = len(reports)
    low, high = np.minimum(first, second), np.maximum(first, second)
    known, asked = one * total + other, low * total + high
    slot = np.minimum(np.searchsorted(known, asked), max(len(known) - 1, 0))
    has = known[slot] == asked if len(known) else np.zeros(len(asked), dtype=bool)
    columns: list[npt.NDArray[Any]] = []
    for values in (matched, weighted, n_passages):
        column = np.zeros(len(asked), dtype=values.dtype)
        column[has] = values[slot[has]]
        columns.append(column)
    unlisted = np.zeros(len(asked), dtype=np.int64)
    if found.cap is not None:
        _, bags = bag_grams(reports, MIN_CHARS, role=role)
        n_holders = np.bincount(bags.terms, minlength=bags.n_terms)
        common = n_holders[bags.terms] > found.cap
        sizes = np.bincount(bags.owners[common], minlength=total)
        bags = replace(
            bags, firsts=np.append(0, np.cumsum(sizes)), terms=bags.terms[common], weights=bags.weights[common]
        )
        unlisted = count_shared(bags, first, second)
    return [*columns, unlisted]


def dyad_columns(
    reports: Sequence[Report], first: IntArray, second: IntArray, *, role: Role | None
) -> list[Sequence[Any] | npt.NDArray[Any]]:
    """Return the columns of what two reports are to each other, as `corpus.compare_reports` adds them."""
    row = lay_keys(reports, role=role)
    sizes = np.bincount(row.owners, weights=row.ends - row.starts, minlength=len(reports)).astype(np.int64)
    issuers = number_issuers(reports)
    years = pd.Series([report.year_reviewed for report in reports], dtype="Int64")
    apart = years.take(second).reset_index(drop=True) - years.take(first).reset_index(drop=True)
    order = tell_first(reports, first, second)
    return [
        issuers[first] == issuers[second],
        _same([report.value("province") for report in reports], first, second),
        _same([report.level for report in reports], first, second),
        apart.array,
        (apart.abs() == 1).array,
        sizes[first],
        sizes[second],
        pd.array(order.first, dtype="str"),
        order.days_apart,
        pd.array(order.dated_by, dtype="str"),
    ]


def _same(values: Sequence[Any], first: IntArray, second: IntArray) -> Any:
    """Return whether both have the same value; missing where that of one is not known."""
    pairs = ((values[a], values[b]) for a, b in zip(first.tolist(), second.tolist(), strict=True))
    return pd.array([None if one is None or other is None else one == other for one, other in pairs], dtype="boolean")


def _sum_pairs(found: Found) -> tuple[IntArray, IntArray, IntArray, npt.NDArray[np.float64], IntArray]:
    """Return for each pair that shares a passage its reports, its matched characters, raw and weighted, and passages.

    Only passages that lie inside no larger one of the pair are counted, so that no character counts twice.
    """
    outer = find_larger(found.passages) < 0
    chosen = found.choose(outer)
    owner_a, owner_b = chosen.owners()
    n_reports = len(found.issuers)
    pairs: IntArray
    pairs, number = np.unique(owner_a * n_reports + owner_b, return_inverse=True)
    matched = chosen.passages.matched.astype(np.int64)
    weights = log_weights(chosen.rates.n_reports, n_reports)
    sums = np.bincount(number, weights=matched, minlength=len(pairs)).astype(np.int64)
    weighted = np.bincount(number, weights=matched * weights, minlength=len(pairs)).astype(np.float64)
    first, second = np.divmod(pairs, max(n_reports, 1))
    return first, second, sums, weighted, np.bincount(number, minlength=len(pairs))


_Measure = Callable[[int, int], Estimate]


def interval_columns(
    reports: Reports, first: IntArray, second: IntArray, *, n: int, role: Role | None
) -> list[npt.NDArray[Any]]:
    """Return the columns of intervals of pairs of positions of reports, as `corpus.compare_reports` adds them."""
    starts = [_sentence_starts(report, role) for report in reports]
    columns: list[npt.NDArray[Any]] = []
    for measure in (_contain(reports, starts, n=n, role=role), _cover(reports, starts, role=role)):
        pairs = list(zip(first.tolist(), second.tolist(), strict=True))
        sides = [measure(a, b) for a, b in pairs], [measure(b, a) for a, b in pairs]
        shares, lows, highs, n_passages, n_stretches = (
            np.array(sides, dtype=np.float64).reshape(2, -1, 5).transpose(2, 0, 1)
        )
        if columns:
            columns += [*shares]
        for side in (0, 1):
            columns += [lows[side], highs[side], n_stretches[side].astype(np.int64)]
        columns += [*n_passages.astype(np.int64)]
    return columns


def _contain(reports: Reports, starts: list[IntArray], *, n: int, role: Role | None) -> _Measure:
    """Return what measures the containment of a report in another: by sentences, each with the distinct n-grams that
    first begin in it.
    """
    row = lay_keys(reports, role=role)
    codes = number_grams(row.units, n)
    held = []
    for owner in range(len(reports)):
        here = row.of_report(owner)
        own = here.start + np.flatnonzero(codes[here] >= 0)
        grams, first = np.unique(codes[own], return_index=True)
        held.append((grams, row.trace(own[first])[1]))

    def measure(one: int, other: int) -> Estimate:
        grams, places = held[one]
        return _estimate(starts[one], places, np.isin(grams, held[other][0], assume_unique=True))

    return measure


def _cover(reports: Reports, starts: list[IntArray], *, role: Role | None) -> _Measure:
    """Return what measures how much of a report lies in passages that another has."""
    passages = find_reuse(reports, role=role, quotes=False)
    by_pair = dict(list(passages.groupby(["report_a", "report_b"], sort=False)))

    def measure(one: int, other: int) -> Estimate:
        report, ids = reports[one], (reports[one].report_id, reports[other].report_id)
        side = "a" if ids in by_pair else "b"
        own = by_pair.get(ids if side == "a" else ids[::-1], passages[:0])
        spans = zip(own[f"start_{side}"].tolist(), own[f"end_{side}"].tolist(), strict=True)
        covered = _mark(report, spans)
        places = np.flatnonzero(_mark(report, report.regions(role)))
        return _estimate(starts[one], places, covered[places])

    return measure


def _estimate(starts: IntArray, places: IntArray, counts: BoolArray) -> Estimate:
    """Return the share of the places that count, by the sentences that they stand in."""
    owned = np.searchsorted(starts, places, side="right") - 1
    parts, wholes = (np.bincount(own, minlength=len(starts)) for own in (owned[counts], owned))
    return estimate_share(parts, wholes)


def _mark(report: Report, spans: Iterable[tuple[int, int]]) -> BoolArray:
    """Return which characters of the key lie in some spans."""
    marked = np.zeros(len(report.key), dtype=np.bool_)
    for start, end in spans:
        marked[slice(*report.key_span(start, end))] = True
    return marked


def _sentence_starts(report: Report, role: Role | None) -> IntArray:
    """Return where in the key the sentences begin; what stands before the first one belongs to it."""
    starts = [report.key_span(passage.start, passage.end)[0] for passage in report.passages("sentence", role=role)]
    return np.array([0, *starts[1:]], dtype=np.int64)


LEAST_ISSUERS = 20
"""Issuers among whom passages change places. With 5 there are 10 pairs, of which one in twenty is none at all: five
reports are five points.
"""
_N = 8
_AS_MUCH = 0.98
_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class ChanceSetting:
    """How chance is made.

    Attributes
    ----------
    passage_chars : int
        Least key characters of the passages that are dealt out, 1 or more; 1 deals single sentences. It has to be more
        than what is copied at once, better three times as much.
    n_permutations : int
        How often, 1 or more. The smallest share that can come out is 1 / (n_permutations + 1).

    Raises
    ------
    CorpusError
        If one of them is below 1.
    """

    passage_chars: int = 400
    n_permutations: int = 999

    def __post_init__(self) -> None:
        if self.passage_chars < 1:
            raise CorpusError(f"passage_chars={self.passage_chars} is no length of a passage; it must be 1 or more")
        if self.n_permutations < 1:
            raise CorpusError(f"n_permutations={self.n_permutations} deals nothing out; it must be 1 or more")


class Dealt(NamedTuple):
    """What pairs share and what chance makes them share.

    ``n_shared``: distinct 8-grams within sentences that both reports of a pair have; ``expected``: how many they would
    share by chance; ``share_at_least``: share of the permutations, the reports as they are being one of them, in which
    the pair shares as many or more.
    """

    n_shared: FloatArray
    expected: FloatArray
    share_at_least: FloatArray


def deal_out(
    reports: Reports, first: IntArray, second: IntArray, *, setting: ChanceSetting, role: Role | None = None
) -> Dealt:
    """Return for pairs of positions of reports how often chance alone makes them share as much as they do.

    The null: which of these reports has which of these passages is chance. The passages of all reports are dealt out
    anew, to each report as many as it has, and it is counted how many distinct 8-grams each pair then shares, against
    what both share with all reports: x_ij · x / (x_i · x_j), with x_ij what the pair shares, x_i its sum over the
    pairs of a report, x over all. So a formula of the genre is chance, and so is it that reports that are long, or full
    of formulas, share more than others; a text that these two have and the others have not is none. Since each report
    is held against what it shares itself, it makes no odds that a formula which real reports have once each is dealt to
    some of them twice.

    ``share_at_least`` is (1 + n) / (1 + N), where in n of N permutations the pair shares .98 of what it does or more
    (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39): reports that were dealt out
    have a share up to x in at most x of the pairs. What all pairs together share says nothing here: it is asked of a
    pair, not of a collection.

    A small share says "more than chance makes two reports share that have as many of these passages", and not why: they
    may have one superior, one subject or one year, or the one may have been written from the other. A passage is as
    many whole sentences on end as make ``passage_chars``, wherever lines end: sentences that were copied together and
    are dealt out one by one make a pair that has them look rarer than it is. N-grams do not cross the ends of
    sentences.

    Take reports that could have been written from each other alike, of one level and year. Many pairs are tested at
    once: of 1,000 pairs that share by chance alone, 10 have a share below .01.

    Measured on government work reports of 103 cities whose sentences, or paragraphs, were dealt out at random
    (tests/bench/intervals.py FOLDER), three heaps each, of the 5,253 pairs of each heap: .038 to .041 have a share up
    to .05 (.007 to .009 up to .01, .078 to .085 up to .10), and .037 to .048 with single sentences. Of the reports as
    they are, of the 439 pairs of one province .46 have one, of the 4,814 others .004. A permutation of a hundred
    reports of 14,000 characters takes about 12 ms.

    Swaps of the table of 8-grams by reports that keep both its margins (the curveball of Strona et al. 2014, Nature
    Communications 5:4114; Carstens 2015, Physical Review E 91:042812) are no null for texts: they take apart what
    stands together, 40 grams of one clause, so that chance looks steadier than it is. Of the same pairs .20 to .24
    had a share up to .05 by them, whether single grams or all grams that stand in the same passages changed places.
    """
    sentences = [[(place.start, place.end) for place in report.passages(role=role)] for report in reports]
    row = lay_keys(reports, sentences)
    owners, passage_of = _join_sentences(reports, sentences, setting.passage_chars)
    grams, passages = holders(row, number_grams(row.units, _N), passage_of)
    passages, blocks, sizes = _join_grams(grams, passages, len(owners))
    n_reports = len(reports)
    observed, usual = _count_shared(owners[passages], blocks, sizes, n_reports)
    n_as_much, expected = np.zeros_like(observed), np.zeros_like(observed)
    chance = np.random.default_rng(SEED)
    for _ in range(setting.n_permutations):
        shared, by_all = _count_shared(chance.permutation(owners)[passages], blocks, sizes, n_reports)
        shared *= np.divide(usual, by_all, out=np.zeros_like(usual), where=by_all > 0)
        n_as_much += shared >= _AS_MUCH * observed
        expected += shared / setting.n_permutations
    pairs = first, second
    return Dealt(observed[pairs], expected[pairs], (1 + n_as_much[pairs]) / (1 + setting.n_permutations))


def _count_shared(owners: IntArray, blocks: IntArray, sizes: IntArray, n_reports: int) -> tuple[FloatArray, FloatArray]:
    """Return how many grams every two reports share whose blocks, ascending, have these owners, and how many they
    would share if it went by what each shares with all.
    """
    shared = np.zeros((n_reports, n_reports))
    for start in range(0, len(sizes), _AT_ONCE):
        weights = sizes[start : start + _AT_ONCE].astype(np.float32)
        here = slice(*np.searchsorted(blocks, [start, start + _AT_ONCE]))
        held = np.zeros((n_reports, len(weights)), dtype=np.float32)
        held[owners[here], blocks[here] - start] = 1
        shared += held * weights @ held.T
    np.fill_diagonal(shared, 0)
    sums = shared.sum(axis=1)
    return shared, np.outer(sums, sums) / max(sums.sum(), 1)


def _join_grams(grams: IntArray, passages: IntArray, n_passages: int) -> tuple[IntArray, IntArray, IntArray]:
    """Join the grams of several reports that the same passages have to blocks.

    Returns each passage with each of its blocks, by block, and how many grams a block has.
    """
    common = np.bincount(grams)[grams] > 1
    grams, passages = grams[common], passages[common]
    # Each passage has a random number of 64 bits; grams are of one block if those of their passages add up to the same.
    numbers = np.random.default_rng(SEED).integers(0, 1 << 63, n_passages, dtype=np.uint64)
    firsts = np.flatnonzero(np.append(True, grams[1:] != grams[:-1])) if len(grams) else grams
    if not len(firsts):
        return passages, grams, grams
    sums = np.add.reduceat(numbers[passages], firsts)
    _, samples, blocks, sizes = np.unique(sums, return_index=True, return_inverse=True, return_counts=True)
    kept = np.zeros(len(firsts), dtype=np.bool_)
    kept[samples] = True
    gram_at = np.cumsum(np.append(True, grams[1:] != grams[:-1])) - 1
    passages, blocks = passages[kept[gram_at]], blocks[gram_at][kept[gram_at]]
    order = np.argsort(blocks, kind="stable")
    return passages[order], blocks[order], sizes


def check_issuers(reports: Reports) -> None:
    """Refuse reports that are too few, or of which two are of one issuer.

    Raises
    ------
    CorpusError
    """
    if len(reports) < LEAST_ISSUERS:
        raise CorpusError(
            f"{len(reports)} reports are too few to say what is chance: {LEAST_ISSUERS} issuers or more are needed; "
            "show what the reports share as it is, or load more of the same level and year"
        )
    issuers = {report.issuer_key: report.issuer for report in reports}
    [(key, most)] = Counter(report.issuer_key for report in reports).most_common(1)
    if most > 1:
        raise CorpusError(
            f"{issuers[key]} has {most} of these reports: what an issuer carries over from year to year is not chance; "
            "choose one year, as in reports.select(year_reviewed=2021)"
        )


def _join_sentences(
    reports: Reports, sentences: Sequence[Sequence[tuple[int, int]]], least_chars: int
) -> tuple[IntArray, IntArray]:
    """Return the report of each passage, and the passage of each sentence; a short rest belongs to the last passage."""
    owners: list[int] = []
    passage_of: list[int] = []
    for owner, (report, spans) in enumerate(zip(reports, sentences, strict=True)):
        lengths = np.array([np.diff(report.key_span(*span))[0] for span in spans], dtype=np.int64)
        left = int(lengths.sum())
        held = least_chars
        for length in lengths.tolist():
            if held >= least_chars and (left >= least_chars or not owners or owners[-1] != owner):
                owners.append(owner)
                held = 0
            passage_of.append(len(owners) - 1)
            held += length
            left -= length
    return np.array(owners, dtype=np.int64), np.array(passage_of, dtype=np.int64)
