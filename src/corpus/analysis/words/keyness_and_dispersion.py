"""How strongly a term belongs to one body of text rather than another, and how evenly it is spread over issuers.

Evidence, size of effect and false discoveries are told apart. Dispersion is the deviation of proportions (DP): a phrase
is a formula if it is common and spread evenly; a phrase that one issuer repeats is neither. DP is half the sum of
|v - s| over the parts of a collection, v being the share of the phrase's occurrences in a part and s the share of the
text in it (Gries 2008, International Journal of Corpus Linguistics 13:403-437); the normalised one divides it by its
largest possible value 1 - min s (Lijffijt & Gries 2012, International Journal of Corpus Linguistics 17:147-149). Both
papers are cited from the formulas as they are commonly given. The parts are issuers, all reports of one together: parts
are not to depend on how many years of an issuer are at hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.unit_row import IntArray
from corpus.errors import CorpusError

FloatArray = npt.NDArray[np.float64]


def signed_g2(
    count: npt.ArrayLike, n_words: npt.ArrayLike, *, other_count: npt.ArrayLike, other_n_words: npt.ArrayLike
) -> FloatArray:
    """Return the log-likelihood ratio G2 with the sign of the difference (Dunning 1993, Comp. Linguistics 19:61-74).

    G2 = 2 * sum O ln(O / E) over all four cells of the table of term and other words by the two texts, where
    E = row sum * column sum / all words and 0 ln 0 = 0. It is 0 where the two rates are equal, above 0 where the
    term is more frequent in the first text, below 0 where it is rarer; no upper bound. It measures evidence and grows
    with the size of the texts, so that `log_ratio` belongs beside it. 3.84 is the 5 % point of a single test; among
    thousands of words many pass it by chance.

    Parameters
    ----------
    count, n_words : array_like
        Occurrences of the term, and of all words, in the first text.
    other_count, other_n_words : array_like
        The same in the second.

    Raises
    ------
    CorpusError
        If a text has no words, or a term more occurrences than its text has words.
    """
    in_first, first, in_second, second = _checked(count, n_words, other_count, other_n_words)
    total = first + second
    share = (in_first + in_second) / total
    cells = (
        (in_first, first * share),
        (in_second, second * share),
        (first - in_first, first * (1 - share)),
        (second - in_second, second * (1 - share)),
    )
    g2 = 2 * sum(_o_ln_o_by_e(observed, expected) for observed, expected in cells)
    return np.sign(in_first / first - in_second / second) * np.maximum(g2, 0)


def log_ratio(
    count: npt.ArrayLike, n_words: npt.ArrayLike, *, other_count: npt.ArrayLike, other_n_words: npt.ArrayLike
) -> FloatArray:
    """Return the binary logarithm of how many times more frequent a term is in the first text (Hardie 2014).

    log2( ((count + 0.5) / (n_words + 1)) / ((other_count + 0.5) / (other_n_words + 1)) ). Half an occurrence is
    added to each count and one word to each text, so that a term missing from one of them has a value too. 0: equally
    frequent; 1: twice as frequent in the first text; -1: half as frequent; no bounds. It measures size and says
    nothing of evidence: with counts of one or two it is large and means little.

    Parameters and errors are those of `signed_g2`.
    """
    in_first, first, in_second, second = _checked(count, n_words, other_count, other_n_words)
    return np.log2((in_first + 0.5) / (first + 1)) - np.log2((in_second + 0.5) / (second + 1))


class Prior(NamedTuple):
    """What is known of the frequency of terms before two texts are looked at.

    ``counts``: pseudo-occurrences of each term, above 0; ``n_words``: their sum over the whole vocabulary. It is the
    count of a background collection, scaled to as many words as it is to weigh.
    """

    counts: npt.ArrayLike
    n_words: float


class LogOdds(NamedTuple):
    """Difference of two log-odds (``delta``), its variance, and ``z``, the one by the root of the other."""

    delta: FloatArray
    variance: FloatArray
    z: FloatArray


def log_odds(
    count: npt.ArrayLike,
    n_words: npt.ArrayLike,
    *,
    other_count: npt.ArrayLike,
    other_n_words: npt.ArrayLike,
    prior: Prior,
) -> LogOdds:
    """Return the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008).

    With y and n the count and the words of a text, and a and A those of the prior (Political Analysis 16:372-403,
    equations 16, 20 and 22): delta = ln((y1 + a) / (n1 + A - y1 - a)) - ln((y2 + a) / (n2 + A - y2 - a)), variance
    = 1 / (y1 + a) + 1 / (y2 + a), z = delta / sqrt(variance). 0: equally frequent; above 0: more frequent in the first
    text; no bounds. Unlike `log_ratio` it draws what was seen once or twice towards 0, and unlike `signed_g2` z does
    not favour what is common in both.

    Parameters
    ----------
    count, n_words, other_count, other_n_words : array_like
        As in `signed_g2`.
    prior : Prior

    Raises
    ------
    CorpusError
        As in `signed_g2`, and if the prior of a term is not above 0 and below that of all words.
    """
    in_first, first, in_second, second = _checked(count, n_words, other_count, other_n_words)
    expected = np.asarray(prior.counts, dtype=np.float64)
    if not np.all((expected > 0) & (expected < prior.n_words)):
        raise CorpusError("the prior of a term must lie above 0 and below the prior of all words")
    one, other = in_first + expected, in_second + expected
    delta = np.log(one / (first + prior.n_words - one)) - np.log(other / (second + prior.n_words - other))
    variance = 1 / one + 1 / other
    return LogOdds(delta, variance, delta / np.sqrt(variance))


def chance_of_g2(g2: npt.ArrayLike) -> FloatArray:
    """Return how often G2 is this far from 0 or farther where the rates are equal: chi squared, 1 degree of freedom.

    0 to 1. An approximation that is poor where fewer than about five occurrences are expected in either text, and
    that takes words for independent draws, which words of one report are not: a measure of order, no proof.
    """
    found = np.abs(np.asarray(g2, dtype=np.float64))
    values, places = np.unique(found, return_inverse=True)
    chances = np.array([math.erfc(math.sqrt(value / 2)) for value in values.tolist()], dtype=np.float64)
    return chances[places].reshape(found.shape)


def false_discovery_rates(p_values: npt.ArrayLike) -> FloatArray:
    """Return for each of many tests the rate of false discoveries if it is the weakest that is believed.

    Benjamini & Hochberg 1995 (J. Royal Stat. Soc. B 57:289-300): with the p-values in ascending order, the least of
    m * p(j) / j over all j from the own rank on. 0 to 1; valid where the tests do not depend on each other or depend
    positively.

    Raises
    ------
    CorpusError
        If a p-value is not between 0 and 1.
    """
    found = np.asarray(p_values, dtype=np.float64)
    if np.any(~((found >= 0) & (found <= 1))):
        raise CorpusError("p-values lie between 0 and 1")
    order = np.argsort(found, kind="stable")
    scaled = found[order] * len(found) / np.arange(1, len(found) + 1)
    rates = np.empty(len(found))
    rates[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(rates, 1)


def _checked(*values: npt.ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    in_first, first, in_second, second = (np.asarray(value, dtype=np.float64) for value in values)
    if not (np.all(first > 0) and np.all(second > 0)):
        raise CorpusError("keyness compares two texts, and one of them has no words")
    if np.any(in_first > first) or np.any(in_second > second):
        raise CorpusError("a term cannot stand in a text more often than the text has words")
    return in_first, first, in_second, second


def _o_ln_o_by_e(observed: FloatArray, expected: FloatArray) -> FloatArray:
    present = observed > 0
    ratio = np.divide(observed, expected, out=np.ones(np.shape(observed)), where=present)
    return np.where(present, observed * np.log(ratio), 0.0)


def score_dispersions(
    phrases: IntArray, parts: IntArray, sizes: Sequence[float], *, times: IntArray | None = None
) -> tuple[IntArray, FloatArray]:
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
    return n_parts, (present + absent) / 2 / largest if largest > 0 else np.full(len(n_parts), math.nan)
