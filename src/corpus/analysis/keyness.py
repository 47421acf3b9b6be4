"""How strongly a term belongs to one body of text rather than to another: evidence and size of effect."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from corpus.values import CorpusError

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
