"""How much an issuer's report was changed since its report of the year before: one row a pair of reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.polynomial import Polynomial

from corpus.analysis.comparison import compare_edits, compare_reports
from corpus.analysis.estimates import LEAST_STRETCHES, estimate_share
from corpus.analysis.published import measure_boilerplate
from corpus.analysis.resampling import LEVEL, N_DRAWS, SEED, FloatArray
from corpus.analysis.revisions import align_years, share_revisions
from corpus.analysis.tables import join_columns
from corpus.report import Report, Reports

LEAST_PAIRS = 50
"""With fewer pairs a curve of six coefficients follows single reports: no modification score is adjusted by it."""

_DEGREE = 5
_COLUMNS = {
    "issuer": "",
    "earlier": "",
    "later": "",
    "year_earlier": "int64",
    "year_later": "int64",
    "share_kept": "float64",
    "low": "float64",
    "high": "float64",
    "cosine_words": "float64",
    "jaccard_words": "float64",
    "minimum_edit": "float64",
    "simple": "float64",
    "modification_raw": "float64",
    "modification_adjusted": "float64",
    "stickiness": "float64",
    "n_words_earlier": "int64",
    "n_words_later": "int64",
    "n_passages_later": "int64",
    "n_stretches": "int64",
    "note": "",
}


def measure_years(reports: Reports, *, revisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how much each report was changed since the same issuer's report before it, by the published measures.

    - ``share_kept``: of the key characters of the later report's passages, those in passages that stand word for word
      in the earlier one, by `corpus.align_years`. ``low`` and ``high`` are the ends of an interval of 95 %: the
      passages of the later report are resampled in stretches of neighbours, the earlier report is fixed
      (`corpus.analysis.resampling.interval_of_ratio`). It says how much the share hangs on single passages, not what
      other issuers or years would show. NaN where what was kept lies in fewer than 10 separate stretches. On simulated
      issuers that all keep alike, 150 for each of three rates, the interval held their mean share for .92 to .97 of
      them (``tests/bench/intervals.py``).
    - ``cosine_words``, ``jaccard_words``, ``minimum_edit``, ``simple``: the four similarities of Cohen, Malloy & Nguyen
      (2020, Journal of Finance 75:1371-1415; definitions seen second-hand) over words, as `corpus.compare_reports` and
      `corpus.compare_edits` have them. ``simple`` is scaled within this table: 1 the pair that changed least, 0 the one
      that changed most. No interval is known for any of them.
    - ``modification_raw``: 1 less the cosine of words weighted by TF-IDF (Brown & Tucker 2011, J. Accounting Research
      49:309-346), the reports given being the reference collection. NaN with fewer than 5 reports.
    - ``modification_adjusted``: the raw score less what a polynomial of degree 5 in the words of the later report lets
      one expect, fitted over the pairs of this table. NaN with fewer than 50 pairs (``LEAST_PAIRS``).
    - ``stickiness``: words in sentences with a phrase of 8 words that the report of the year before has (Dyer, Lang &
      Stice-Lawrence 2017), ``sticky_dyer_2017_adapted`` of `corpus.measure_boilerplate`. NaN across a gap.

    Similarities, shares and the raw score run from 0 to 1; the higher the raw score, the more was changed, for all
    others the less. A report that says the same in other words counts as changed.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        From `corpus.align_years` of these reports, which says which reports are a pair; by default that of adjacent
        years, sentence by sentence.

    Returns
    -------
    DataFrame
        One row a pair, by issuer and year: issuer; earlier, later: report ids; year_earlier, year_later; the measures;
        n_words_earlier, n_words_later; n_passages_later; n_stretches: separate stretches of passages that were kept;
        note: what is missing and why, or empty. ``attrs`` hold ``level``, ``n_draws`` and ``seed`` of the interval.
    """
    if revisions is None:
        revisions = align_years(reports)
    shares = share_revisions(reports, revisions)
    if shares.empty:
        return _table({name: () for name in _COLUMNS})
    pairs = list(zip(shares["earlier"], shares["later"], strict=True))
    alike = compare_reports(reports, pairs=pairs)
    edits = compare_edits(reports, pairs=pairs)
    sticky = measure_boilerplate(reports, names=["sticky_dyer_2017_adapted"]).set_index("report_id")["value"]
    is_adjacent = (shares["year_later"] - shares["year_earlier"] == 1).tolist()
    raw = 1 - alike["cosine_tfidf"].to_numpy(dtype=np.float64)
    adjusted, refused = _adjust(raw, edits["length_b"].to_numpy(dtype=np.float64))
    by_pair = revisions[revisions["start_later"].notna()].groupby("later", sort=False)
    kept = [_estimate_kept(reports[later], by_pair.get_group(later)) for later in shares["later"]]
    low, high, n_stretches = zip(*kept, strict=True)
    return _table(
        {
            **{name: shares[name] for name in shares.columns},
            **{name: alike[name] for name in ("cosine_words", "jaccard_words")},
            **{name: edits[name] for name in ("minimum_edit", "simple")},
            "low": low,
            "high": high,
            "modification_raw": raw,
            "modification_adjusted": adjusted,
            "stickiness": [
                sticky[later] if adjacent else math.nan
                for later, adjacent in zip(shares["later"], is_adjacent, strict=True)
            ],
            "n_words_earlier": edits["length_a"],
            "n_words_later": edits["length_b"],
            "n_stretches": n_stretches,
            "note": [
                "; ".join(filter(None, (_few_stretches(number), alike.attrs["note"], refused, _far(adjacent))))
                for number, adjacent in zip(n_stretches, is_adjacent, strict=True)
            ],
        }
    )


def find_breaks(measured: pd.DataFrame, n_breaks: int = 5) -> pd.DataFrame:
    """Return the pairs that stand out by their raw modification score: where a report broke with the one before it.

    They are those with a higher score than the same issuer's pairs of the year before and of the year after, and of
    these the ones farthest above the mean of the two. They are the high points of a series, not a test: every longer
    series has some.

    Parameters
    ----------
    measured : DataFrame
        From `measure_years`.
    n_breaks : int
        At most so many.

    Returns
    -------
    DataFrame
        Rows of ``measured``, by year and issuer.
    """
    names = zip(measured["issuer"], measured["year_later"].tolist(), strict=True)
    scores = dict(zip(names, measured["modification_raw"].tolist(), strict=True))
    heights = []
    for (issuer, year), score in scores.items():
        before, after = (scores.get((issuer, near), math.nan) for near in (year - 1, year + 1))
        # A comparison with a neighbour that is missing is false.
        stands_out = score > before and score > after
        heights.append(score - (before + after) / 2 if stands_out else math.nan)
    found = measured.assign(height=heights).dropna(subset=["height"]).nlargest(n_breaks, "height")
    return found.sort_values(["year_later", "issuer"]).drop(columns="height")


def _table(columns: Mapping[str, Any]) -> pd.DataFrame:
    table = join_columns([columns[name] for name in _COLUMNS], _COLUMNS)
    table.attrs.update(level=LEVEL, n_draws=N_DRAWS, seed=SEED)
    return table


def _estimate_kept(later: Report, found: pd.DataFrame) -> tuple[float, float, int]:
    """Return the interval of the share kept, and in how many separate stretches it lies."""
    spans = zip(found["start_later"].tolist(), found["end_later"].tolist(), strict=True)
    ends = np.array([later.key_span(start, end) for start, end in spans], dtype=np.int64)
    wholes = ends[:, 1] - ends[:, 0]
    estimate = estimate_share(wholes * (found["change"] == "kept").to_numpy(), wholes)
    return estimate.low, estimate.high, estimate.n_stretches


def _adjust(raw: FloatArray, n_words: FloatArray) -> tuple[FloatArray, str]:
    """Return the raw scores less what the length lets one expect, or why that cannot be told."""
    known = ~np.isnan(raw)
    adjusted = np.full(len(raw), np.nan)
    n_known, n_lengths = int(known.sum()), len(np.unique(n_words[known]))
    if n_known < LEAST_PAIRS or n_lengths <= _DEGREE:
        return adjusted, f"modification not adjusted: {n_known} pairs of {n_lengths} lengths, of {LEAST_PAIRS} needed"
    # Polynomial.fit scales the lengths to -1 to 1 first: fifth powers of thousands of words would drown the rest.
    fitted = Polynomial.fit(n_words[known], raw[known], _DEGREE)
    adjusted[known] = raw[known] - fitted(n_words[known])
    return adjusted, ""


def _few_stretches(n_stretches: int) -> str:
    if n_stretches >= LEAST_STRETCHES:
        return ""
    return f"no interval: kept in {n_stretches} separate stretches, of {LEAST_STRETCHES} needed"


def _far(is_adjacent: bool) -> str:
    return "" if is_adjacent else "across a gap: stickiness is of adjacent years"
