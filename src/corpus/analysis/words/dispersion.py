"""How evenly a phrase is spread over issuers: the deviation of proportions (DP).

A phrase is a formula if it is common and spread evenly; a phrase that one issuer repeats is neither. DP is half the sum
of |v - s| over the parts of a collection, v being the share of the phrase's occurrences in a part and s the share of
the text in it (Gries 2008, International Journal of Corpus Linguistics 13:403-437); the normalised one divides it by
its largest possible value 1 - min s (Lijffijt & Gries 2012, International Journal of Corpus Linguistics 17:147-149).
Both papers are cited from the formulas as they are commonly given. The parts are issuers, all reports of one together:
parts are not to depend on how many years of an issuer are at hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import nan

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.unit_row import IntArray
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table


def score_dispersion(counts: Sequence[int], sizes: Sequence[int]) -> tuple[float, float]:
    """Return DP and normalised DP of a phrase.

    Parameters
    ----------
    counts : sequence of int
        Occurrences of the phrase in each part of the collection.
    sizes : sequence of int
        Length of each part, in any unit; a part may be empty, not all.

    Returns
    -------
    (float, float)
        Both 0 where the phrase is spread as evenly as the text. DP goes up to 1 - min s, the normalised one to 1,
        where all stands in the smallest part. Both NaN without an occurrence; the normalised one also with one part.

    Raises
    ------
    CorpusError
        If the two differ in length, a number is negative, or all sizes are 0.
    """
    occurrences, lengths = np.array(counts, dtype=np.float64), np.array(sizes, dtype=np.float64)
    if len(occurrences) != len(lengths) or (occurrences < 0).any() or (lengths < 0).any() or not lengths.any():
        raise CorpusError(f"counts {list(counts)} and sizes {list(sizes)}: one of each for every part, none negative")
    if not occurrences.any():
        return nan, nan
    shares = lengths / lengths.sum()
    dp = float(np.abs(occurrences / occurrences.sum() - shares).sum() / 2)
    largest = 1 - float(shares.min())
    return dp, dp / largest if largest > 0 else nan


def score_dispersions(
    phrases: IntArray, parts: IntArray, sizes: Sequence[float], *, times: IntArray | None = None
) -> tuple[IntArray, npt.NDArray[np.float64]]:
    """Return for many phrases at once how many parts have each, and its normalised DP.

    Parameters
    ----------
    phrases, parts : array of int
        For each occurrence the number of its phrase and of the part it stands in, both from 0 without gaps.
    sizes : sequence of float
        Length of each part.
    times : array of int, optional
        How many occurrences each row of the two stands for, 1 or more; by default one.

    Returns
    -------
    array of int, array of float
        One number a phrase; the second as `score_dispersion` gives it.
    """
    if not len(phrases):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    shares = np.array(sizes, dtype=np.float64) / sum(sizes)
    codes, rows = np.unique(phrases * len(shares) + parts, return_inverse=True)
    counts = np.bincount(rows, weights=times)
    phrase, share = codes // len(shares), shares[codes % len(shares)]
    present = np.bincount(phrase, weights=np.abs(counts / np.bincount(phrases, weights=times)[phrase] - share))
    absent = 1 - np.bincount(phrase, weights=share)
    largest = 1 - float(shares.min())
    n_parts: IntArray = np.bincount(phrase)
    return n_parts, (present + absent) / 2 / largest if largest > 0 else np.full(len(n_parts), nan)


def tabulate_dispersion(formulas: pd.DataFrame, reports: Reports) -> pd.DataFrame:
    """Return how evenly each formula is spread over the issuers.

    Parameters
    ----------
    formulas : DataFrame
        As from `corpus.find_formulas`, with template, key and places.
    reports : Reports
        Those in which the formulas were found. A report without an issuer is taken for one of its own. The length of
        an issuer is that of the bodies of its reports, in key characters.

    Returns
    -------
    DataFrame
        One row a formula, in the same order: template; key; n_issuers: distinct issuers that have it; n_places; dp and
        dp_norm: see `score_dispersion`, lower is more even. Two figures are not to be compared across collections with
        other numbers of issuers: with few, even a phrase in all of them is uneven by their lengths alone.
    """
    issuers = {report.report_id: report.issuer or f"report {report.report_id}" for report in reports}
    sizes: Counter[str] = Counter()
    for report in reports:
        first, last = report.key_span(*report.layout.body)
        sizes[issuers[report.report_id]] += last - first
    rows = []
    for template, key, places in zip(formulas["template"], formulas["key"], formulas["places"], strict=True):
        counts = Counter(issuers[report_id] for report_id, _, _ in places)
        spread = score_dispersion([counts[issuer] for issuer in sizes], list(sizes.values()))
        rows.append((template, key, len(counts), counts.total(), *spread))
    return build_table(rows, "tabulate_dispersion")
