"""How sure a share of one report is that another has: its value with an interval over the passages of the one report.

Intervals are given for shares of one report, the other fixed, and for nothing else: a pair of reports is one pair, and
drawing reports with replacement would compare reports with themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.gram_numbers import number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow, lay_keys
from corpus.analysis.resampling import count_stretches, interval_of_ratio
from corpus.report.reports import Report, Reports
from corpus.report.values import Role


def interval_columns(
    reports: Reports, first: IntArray, second: IntArray, *, n: int, role: Role | None
) -> list[npt.NDArray[Any]]:
    """Return the columns of intervals of pairs of positions of reports, as `corpus.compare_reports` adds them."""
    pairs = list(zip(first.tolist(), second.tolist(), strict=True))
    contained = _estimate_containment(reports, pairs, n=n, role=role)
    covered = _estimate_coverage(reports, pairs, role=role)
    columns = []
    for estimates in (contained, covered):
        if estimates is covered:
            columns += [np.array([pair[side].share for pair in covered], dtype=np.float64) for side in (0, 1)]
        for side in (0, 1):
            columns += [np.array([pair[side].low for pair in estimates], dtype=np.float64)]
            columns += [np.array([pair[side].high for pair in estimates], dtype=np.float64)]
            columns += [np.array([pair[side].n_stretches for pair in estimates], dtype=np.int64)]
        columns += [np.array([pair[side].n_passages for pair in estimates], dtype=np.int64) for side in (0, 1)]
    return columns


_Sides = tuple["Estimate", "Estimate"]


def _estimate_containment(
    reports: Reports, pairs: Sequence[tuple[int, int]], *, n: int, role: Role | None
) -> list[_Sides]:
    """Return for each pair the containment of the one report in the other, and the other way round.

    The interval answers: had the issuer written as many sentences of the same kind, how much of them would the other
    report, as it stands, have? It is over the sentences of the one report
    (`corpus.analysis.resampling.interval_of_ratio`), each with the distinct n-grams that first begin in it; the other
    report is fixed. It says nothing about other issuers or years. Resemblance, Jaccard and minimum edit have none.
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    codes = number_grams(row.units, n)
    firsts = [_first_grams(row, codes, owner) for owner in range(len(reports))]
    sentences = [_sentence_starts(report, role) for report in reports]
    has_gram = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.bool_)

    def estimate(one: int, other: int) -> Estimate:
        grams, places = firsts[one]
        has_gram[firsts[other][0]] = True
        owned = np.searchsorted(sentences[one], places, side="right") - 1
        found = _estimate(owned, has_gram[grams], n_sentences=len(sentences[one]))
        has_gram[firsts[other][0]] = False
        return found

    return [(estimate(a, b), estimate(b, a)) for a, b in pairs]


def _estimate_coverage(reports: Reports, pairs: Sequence[tuple[int, int]], *, role: Role | None) -> list[_Sides]:
    """Return for each pair how much of the one report lies in passages that the other has, and the other way round.

    The interval is made, and means, the same as that of containment.
    """
    passages = find_reuse(reports, role=role, quotes=False)
    by_pair = dict(list(passages.groupby(["report_a", "report_b"], sort=False)))
    places = [_key_places(report, role) for report in reports]
    starts = [_sentence_starts(report, role) for report in reports]
    owned = [np.searchsorted(own, at, side="right") - 1 for own, at in zip(starts, places, strict=True)]

    def estimate(one: int, other: int) -> Estimate:
        report, ids = reports[one], (reports[one].report_id, reports[other].report_id)
        side = "a" if ids in by_pair else "b"
        own = by_pair.get(ids if side == "a" else ids[::-1])
        is_covered = np.zeros(len(report.key), dtype=np.bool_)
        if own is not None:
            for start, end in zip(own[f"start_{side}"].tolist(), own[f"end_{side}"].tolist(), strict=True):
                is_covered[slice(*report.key_span(start, end))] = True
        return _estimate(owned[one], is_covered[places[one]], n_sentences=len(starts[one]))

    return [(estimate(a, b), estimate(b, a)) for a, b in pairs]


class Estimate(NamedTuple):
    """A share with its interval, the passages that it was measured on, and the separate stretches that count."""

    share: float
    low: float
    high: float
    n_passages: int
    n_stretches: int


def estimate_share(parts: IntArray, wholes: IntArray) -> Estimate:
    """Return sum(parts) / sum(wholes) over the passages of a text, with an interval over them.

    Parameters
    ----------
    parts, wholes : array of int
        For each passage in reading order how much of it counts, and how much it is. Those that are nothing do not
        part a stretch.

    Returns
    -------
    Estimate
        low and high are NaN where what counts lies in fewer than 5 separate stretches; the share too, where there is
        nothing.
    """
    if not wholes.any():
        return Estimate(np.nan, np.nan, np.nan, 0, 0)
    n_passages, n_stretches = int(np.count_nonzero(wholes)), count_stretches(parts, wholes)
    return Estimate(float(parts.sum() / wholes.sum()), *interval_of_ratio(parts, wholes), n_passages, n_stretches)


def _estimate(owned: IntArray, counts: BoolArray, *, n_sentences: int) -> Estimate:
    """Return the share of the places that count, by the sentences that own them."""
    return estimate_share(np.bincount(owned[counts], minlength=n_sentences), np.bincount(owned, minlength=n_sentences))


def _first_grams(row: UnitRow, codes: IntArray, owner: int) -> tuple[IntArray, IntArray]:
    """Return the distinct grams of a report and the place in its key at which each first begins."""
    here = row.of_report(owner)
    own = here.start + np.flatnonzero(codes[here] >= 0)
    grams, first = np.unique(codes[own], return_index=True)
    return grams, row.trace(own[first])[1]


def _key_places(report: Report, role: Role | None) -> IntArray:
    """Return the places of the key characters of the parts with a role."""
    is_own = np.zeros(len(report.key), dtype=np.bool_)
    for span in report.regions(role):
        is_own[slice(*report.key_span(*span))] = True
    return np.flatnonzero(is_own)


def _sentence_starts(report: Report, role: Role | None) -> Sequence[int]:
    """Return where in the key the sentences begin; what stands before the first one belongs to it."""
    starts = [report.key_span(passage.start, passage.end)[0] for passage in report.passages("sentence", role=role)]
    return [0, *starts[1:]]
