"""How sure a share of one report is that another has: its value with an interval over the passages of the one report.

Intervals are given for shares of one report, the other fixed, and for nothing else: a pair of reports is one pair, and
drawing reports with replacement would compare reports with themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.comparison.report_pairs import Pairs, choose_pairs
from corpus.analysis.index.gram_numbers import number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow, lay_keys
from corpus.analysis.resampling import LEVEL, N_DRAWS, SEED, interval_of_ratio
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table
from corpus.report.values import Role

LEAST_STRETCHES = 10
"""With fewer separate places that count, an interval over passages does not hold what it promises: none is given."""

_COLUMNS = {
    "report_id": "",
    "other_id": "",
    "share": "float64",
    "low": "float64",
    "high": "float64",
    "n_sentences": "int64",
    "n_stretches": "int64",
}


def estimate_containment(
    reports: Reports, *, pairs: Pairs = None, n: int = 8, role: Role | None = None
) -> pd.DataFrame:
    """Return the containment of each report in another, with an interval over its sentences.

    The interval answers: had the issuer written as many sentences of the same kind, how much of them would the other
    report, as it stands, have? Sentences of the one report are resampled in stretches of neighbours
    (`corpus.analysis.resampling.interval_of_ratio`), each with the distinct n-grams that first begin in it; the other
    report is fixed. It says nothing about other issuers or years. Resemblance, Jaccard and minimum edit have none.

    Measured on simulated texts of 80 to 400 sentences (``tests/bench/intervals.py``, 500 of each kind): intervals for
    95% hold the true share in .93 to .95 of the texts where copies are single sentences, in .90 to .96 where they run
    over two on average, in .88 to .93 where they run over four. They are a little too narrow, the more so the longer
    the copies.

    Parameters
    ----------
    reports : Reports
    pairs : {"all", "sharing"} or iterable of (str, str), optional
        Which pairs, as in `corpus.compare_reports`; each gives two rows.
    n : int
        Characters of a gram.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        Two rows a pair. share: containment of report_id in other_id, 0 to 1, NaN if the report has no n-gram; low,
        high: ends of the interval, NaN where the shared n-grams lie in fewer than 10 separate stretches of sentences,
        which are too few; n_sentences of report_id; n_stretches. ``attrs`` hold ``n``, ``level``, ``n_draws`` and
        ``seed``.

    Raises
    ------
    CorpusError
        As `corpus.compare_reports`.
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    codes = number_grams(row.units, n)
    firsts = [_first_grams(row, codes, owner) for owner in range(len(reports))]
    sentences = [_sentence_starts(report, role) for report in reports]
    has_gram = np.zeros(int(codes.max(initial=0)) + 1, dtype=np.bool_)
    rows = []
    for a, b in zip(*(side.tolist() for side in choose_pairs(reports, pairs, role=role)[:2]), strict=True):
        for one, other in ((a, b), (b, a)):
            grams, places = firsts[one]
            has_gram[firsts[other][0]] = True
            owned = np.searchsorted(sentences[one], places, side="right") - 1
            counts = _estimate(owned, has_gram[grams], n_sentences=len(sentences[one]))
            has_gram[firsts[other][0]] = False
            rows.append((reports[one].report_id, reports[other].report_id, *counts))
    table = build_table(rows, "estimate_containment")
    table.attrs.update(n=n, level=LEVEL, n_draws=N_DRAWS, seed=SEED)
    return table


def estimate_coverage(reports: Reports, passages: pd.DataFrame, *, role: Role | None = None) -> pd.DataFrame:
    """Return how much of each report lies in passages that another has, with an interval over its sentences.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        From `corpus.find_reuse` of these reports.
    role : str, optional
        As it was given to `corpus.find_reuse`: the share is of the parts with this role.

    Returns
    -------
    DataFrame
        Two rows for each pair that shares a passage. share: of the key characters of report_id, 0 to 1; the other
        columns, the interval and what it may mean are as in `estimate_containment`.
    """
    by_id = {report.report_id: report for report in reports}
    rows = []
    for pair, own in passages.groupby(["report_a", "report_b"], sort=False):
        a, b = map(str, pair)
        for one, other, side in ((a, b, "a"), (b, a, "b")):
            report = by_id[one]
            covered = np.zeros(len(report.key) + 1, dtype=np.int64)
            for start, end in zip(own[f"start_{side}"].tolist(), own[f"end_{side}"].tolist(), strict=True):
                first, last = report.key_span(start, end)
                covered[first] += 1
                covered[last] -= 1
            is_covered = np.cumsum(covered)[:-1] > 0
            places = np.concatenate([np.arange(*report.key_span(*span)) for span in report.regions(role)])
            starts = _sentence_starts(report, role)
            owned = np.searchsorted(starts, places, side="right") - 1
            rows.append((one, other, *_estimate(owned, is_covered[places], n_sentences=len(starts))))
    table = build_table(rows, "estimate_coverage")
    table.attrs.update(level=LEVEL, n_draws=N_DRAWS, seed=SEED)
    return table


def estimate_boilerplate(scores: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each report in passages that are boilerplate, with an interval over its passages.

    The interval answers: had the issuer written as many passages of the same kind, how much of them would be flagged
    with the other reports at hand, as they stand? It is made as in `estimate_containment` and is as narrow as that; it
    says nothing of other issuers, of years, or of what more reports would change.

    Parameters
    ----------
    scores : DataFrame
        As `corpus.score_boilerplate` returns it.

    Returns
    -------
    DataFrame
        One row a report: report_id; share_flagged: as in `corpus.share_boilerplate`; low, high: ends of the interval,
        NaN where the flagged passages lie in fewer than 10 separate stretches; n_passages that have a unit;
        n_stretches; n_units: the denominator. ``attrs`` hold ``level``, ``n_draws`` and ``seed``.
    """
    rows = []
    for report_id, own in scores.groupby("report_id", sort=False):
        wholes = own["n_units"].to_numpy()
        estimate = estimate_share(wholes * own["is_boilerplate"].to_numpy(), wholes)
        rows.append((report_id, *estimate, int(wholes.sum())))
    table = build_table(rows, "estimate_boilerplate")
    table.attrs.update(level=LEVEL, n_draws=N_DRAWS, seed=SEED)
    return table


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
        low and high are NaN where what counts lies in fewer than 10 separate stretches; the share too, where there is
        nothing.
    """
    if not wholes.any():
        return Estimate(np.nan, np.nan, np.nan, 0, 0)
    has_part = parts[wholes > 0] > 0
    n_stretches = int(has_part[:1].sum() + (has_part[1:] & ~has_part[:-1]).sum())
    low, high = interval_of_ratio(parts, wholes) if n_stretches >= LEAST_STRETCHES else (np.nan, np.nan)
    return Estimate(float(parts.sum() / wholes.sum()), low, high, len(has_part), n_stretches)


def _estimate(owned: IntArray, counts: BoolArray, *, n_sentences: int) -> Estimate:
    """Return the share of the places that count, by the sentences that own them."""
    return estimate_share(np.bincount(owned[counts], minlength=n_sentences), np.bincount(owned, minlength=n_sentences))


def _first_grams(row: UnitRow, codes: IntArray, owner: int) -> tuple[IntArray, IntArray]:
    """Return the distinct grams of a report and the place in its key at which each first begins."""
    here = row.of_report(owner)
    own = here.start + np.flatnonzero(codes[here] >= 0)
    grams, first = np.unique(codes[own], return_index=True)
    return grams, row.trace(own[first])[1]


def _sentence_starts(report: Report, role: Role | None) -> Sequence[int]:
    """Return where in the key the sentences begin; what stands before the first one belongs to it."""
    starts = [report.key_span(passage.start, passage.end)[0] for passage in report.passages("sentence", role=role)]
    return [0, *starts[1:]]
