"""How evenly a phrase is spread over issuers: the deviation of proportions (DP).

A phrase is a formula if it is common and spread evenly; a phrase that one issuer repeats is neither. DP is half the sum
of |v - s| over the parts of a collection, v being the share of the phrase's occurrences in a part and s the share of
the text in it (Gries 2008, International Journal of Corpus Linguistics 13:403-437); the normalised one divides it by
its largest possible value 1 - min s (Lijffijt & Gries 2012, International Journal of Corpus Linguistics 17:147-149).
Both papers are cited from the formulas as they are commonly given. The parts are issuers, all reports of one together:
parts are not to depend on how many years of an issuer are at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.unit_row import IntArray


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
        One number a phrase. DP is 0 where a phrase is spread as evenly as the text, and 1 where all of it stands in the
        smallest part; NaN with one part. Two values are not to be compared across collections with other numbers of
        parts: with few, even a phrase in all of them is uneven by their lengths alone.

    Examples
    --------
    >>> n_parts, dp = score_dispersions(np.array([0, 0, 1]), np.array([0, 1, 1]), [50, 50])
    >>> n_parts.tolist(), dp.tolist()
    ([2, 1], [0.0, 1.0])
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
