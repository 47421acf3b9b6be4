"""How sure a share of one report is that another has: its value with an interval over the passages of the one report.

Intervals are given for shares of one report, the other fixed, and for nothing else: a pair of reports is one pair, and
drawing reports with replacement would compare reports with themselves. An interval answers: had the issuer written as
many sentences of the same kind, how much of them would the other report, as it stands, have? It says nothing about
other issuers or years. Resemblance, Jaccard and minimum edit have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.gram_numbers import number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, lay_keys
from corpus.analysis.resampling import Estimate, estimate_share
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

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
    row = lay_keys(reports, [report.regions(role) for report in reports])
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
