"""What a table of pairs says beside measures: passages shared, raw and weighted, and what a dyadic regression needs.

A pair is no independent observation, since each report is in many pairs: regressions on pairs need standard errors that
allow for it (Aronow, Samii & Assenova 2015, Political Analysis 23:564-577; Krackhardt's QAP by permutation).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.reuse.base_rates import log_weights, number_issuers
from corpus.analysis.reuse.borrowing import tell_first
from corpus.analysis.reuse.passage_ends import find_larger
from corpus.analysis.reuse.passage_search import MOST_PAIRS, Found, search
from corpus.analysis.words.term_bags import bag_grams, count_shared
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
    row = lay_keys(reports, [report.regions(role) for report in reports])
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
