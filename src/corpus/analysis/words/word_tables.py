"""The words of a collection: where each stands, how often, how evenly, what it sets apart, and what may be a term.

Dispersion is the deviation of proportions (DP): a phrase is a formula if it is common and spread evenly; a phrase that
one issuer repeats is neither. DP is half the sum of |v - s| over the parts of a collection, v being the share of the
phrase's occurrences in a part and s the share of the text in it (Gries 2008, International Journal of Corpus
Linguistics 13:403-437); the normalised one divides it by its largest possible value 1 - min s (Lijffijt & Gries 2012,
International Journal of Corpus Linguistics 17:147-149). Both papers are cited from the formulas as they are commonly
given. The parts are issuers, all reports of one together: parts are not to depend on how many years of an issuer are
at hand.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.words.segmentation import Word, is_number, lay_bags, words_of
from corpus.errors import CorpusError
from corpus.field.data_files import Words, read_words
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role

By = Literal["place", "word", "candidate"]


@tabulated
def tabulate_words(
    reports: Reports,
    *,
    by: By = "place",
    role: Role | None = None,
    dictionary: Words | None = None,
    stop_words: Words | None = None,
) -> pd.DataFrame:
    """Return the words of the bodies: every place of every word, or how often and how evenly spread each is.

    Words come from jieba's dictionary, checked by its hash, and ``reports.lexicon.words``. The text is segmented
    sentence by sentence, so that no word crosses the end of one. Tokens without a letter, digit or Han character
    are left out. What is not in the dictionary jieba guesses by its hidden Markov model.

    Parameters
    ----------
    reports : Reports
    by : {"place", "word", "candidate"}
        What a row is: a word where it stands; a word with its counts and its dispersion over the issuers
        (`corpus.analysis.words.word_tables` says how it is measured); or words that
        stand together so often that they may be one term (`propose_terms`), to be read,
        accepted and given back as ``dictionary``.
    role : str, optional
        Only the sentences that begin in a part with this role.
    dictionary, stop_words : path or iterable of str, optional
        Terms to be kept whole besides those of the lexicon, and stop words in place of its own: words, or a file with
        one a line, or a table with the column ``term``; of a table with the column ``accept`` the rows where it is
        filled, if any is.

    Returns
    -------
    DataFrame
        By place: one row a word where it stands, in the order of the reports and of reading.

        {columns of tabulate_words}

        By word: one row a word, by n_places, falling, then by word.

        {columns of tabulate_words.word}

        By candidate, the most promising first:

        {columns of tabulate_words.candidate}

    Raises
    ------
    CorpusError
        If ``by`` is another word, a list of words cannot be read, or jieba's dictionary is not the pinned one.

    Examples
    --------
    >>> import corpus
    >>> words = corpus.tabulate_words(corpus.load_reports(), by="word")
    >>> words.loc[words["word"] == "法治政府", ["n_places", "n_reports", "n_issuers"]].to_numpy().tolist()
    [[5, 3, 3]]
    """
    if by not in get_args(By):
        raise CorpusError(f"by={by!r}: words are tabulated by {', '.join(get_args(By))}")
    reports = with_own_words(reports, dictionary, stop_words)
    stop_words = frozenset(reports.lexicon.stop_words)
    found = words_of(reports, role=role)
    if by == "candidate":
        return build_table(propose_terms(reports, found), "tabulate_words.candidate")
    if by == "word":
        rows = _count_words(reports, found)
        return build_table(
            ((word, word in stop_words, is_number(word), *counted) for word, *counted in rows), "tabulate_words.word"
        )
    return build_table(
        (
            (report.report_id, *word, word.word in stop_words, is_number(word.word))
            for report, words in zip(reports, found, strict=True)
            for word in words
        ),
        "tabulate_words",
    )


def with_own_words(reports: Reports, dictionary: Words | None, stop_words: Words | None) -> Reports:
    """Return the reports with a lexicon that has terms of one's own too, and stop words of one's own instead."""
    lexicon = reports.lexicon
    if dictionary is not None:
        lexicon = replace(lexicon, words=tuple(dict.fromkeys((*lexicon.words, *read_words(dictionary)))))
    if stop_words is not None:
        lexicon = replace(lexicon, stop_words=read_words(stop_words))
    return reports if lexicon is reports.lexicon else replace(reports, lexicon=lexicon)


def _count_words(reports: Reports, found: Iterable[Sequence[Word]]) -> list[tuple[Any, ...]]:
    """Return each word with its places, reports, issuers and dispersion, the most frequent first."""
    issuers = [report.issuer_key for report in reports]
    parts = {issuer: number for number, issuer in enumerate(dict.fromkeys(issuers))}
    owners = np.array([parts[issuer] for issuer in issuers])
    names, bags = lay_bags(Counter(word.word for word in words) for words in found)
    lengths = np.bincount(owners, weights=bags.sums(bags.weights)) if names else [0]
    n_issuers, dispersion = score_dispersions(bags.terms, owners[bags.owners], lengths, times=bags.weights)
    columns = (np.bincount(bags.terms, bags.weights).astype(np.int64), np.bincount(bags.terms), n_issuers, dispersion)
    rows = zip(names, *(column.tolist() for column in columns), strict=True)
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def score_dispersions(
    phrases: IntArray, parts: IntArray, sizes: npt.ArrayLike, *, times: npt.ArrayLike | None = None
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
    shares = np.asarray(sizes, dtype=np.float64) / np.sum(sizes)
    codes, rows = np.unique(phrases * len(shares) + parts, return_inverse=True)
    counts = np.bincount(rows, weights=times)
    phrase, share = codes // len(shares), shares[codes % len(shares)]
    present = np.bincount(phrase, weights=np.abs(counts / np.bincount(phrases, weights=times)[phrase] - share))
    absent = 1 - np.bincount(phrase, weights=share)
    largest = 1 - float(shares.min())
    n_parts: IntArray = np.bincount(phrase)
    return n_parts, (present + absent) / 2 / largest if largest > 0 else np.full(len(n_parts), math.nan)


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
        The same in the second. Both texts have words.
    """
    in_first, first, in_second, second = _arrays(count, n_words, other_count, other_n_words)
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

    Parameters are those of `signed_g2`.
    """
    in_first, first, in_second, second = _arrays(count, n_words, other_count, other_n_words)
    return np.log2((in_first + 0.5) / (first + 1)) - np.log2((in_second + 0.5) / (second + 1))


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
    prior: npt.ArrayLike,
    prior_words: float,
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
    prior : array_like
        Pseudo-occurrences of each term, above 0: its count in a background collection, scaled to
    prior_words : float
        as many words as it is to weigh.
    """
    in_first, first, in_second, second = _arrays(count, n_words, other_count, other_n_words)
    expected = np.asarray(prior, dtype=np.float64)
    one, other = in_first + expected, in_second + expected
    delta = np.log(one / (first + prior_words - one)) - np.log(other / (second + prior_words - other))
    variance = 1 / one + 1 / other
    return LogOdds(delta, variance, delta / np.sqrt(variance))


def _arrays(*values: npt.ArrayLike) -> Iterator[FloatArray]:
    return (np.asarray(value, dtype=np.float64) for value in values)


def _o_ln_o_by_e(observed: FloatArray, expected: FloatArray) -> FloatArray:
    present = observed > 0
    ratio = np.divide(observed, expected, out=np.ones(np.shape(observed)), where=present)
    return np.where(present, observed * np.log(ratio), 0.0)


_MOST_WORDS = 3
_FEWEST_CHARS, _MOST_CHARS = 3, 8
_LEAST_ISSUERS = 3
_LEAST_PLACES = 5
_LEAST_ASSOCIATION = 0.5
_INSIDE = 0.9
"""A candidate that so many of its places have inside one longer candidate is no term of its own."""

_Run = tuple[str, ...]


def propose_terms(reports: Reports, found: Iterable[Sequence[Word]]) -> list[tuple[Any, ...]]:
    """Return two or three words in a row that may be one term, the most promising first.

    Association is the normalised pointwise mutual information (Bouma 2009, Proc. GSCL 31-40, from the formula as it is
    commonly given) of the last word with those before it: ln(p(ab) / p(a) p(b)) / -ln p(ab), -1 to 1, 1 where none
    stands without the other. Candidates stand five times and with three issuers at least, have 3 to 8 characters and an
    association of .5, and hold no figure, stop word, or word that urges or tells of something done. They are ordered by
    association times the logarithm of the issuers, so that what one place says often does not come first.
    """
    lexicon = reports.lexicon
    left_out = frozenset((*lexicon.stop_words, *lexicon.exhortations, *lexicon.accomplishments))
    counts: Counter[_Run] = Counter()
    issuers: defaultdict[_Run, set[str]] = defaultdict(set)
    n_reports: Counter[_Run] = Counter()
    n_words = 0
    for report, words in zip(reports, found, strict=True):
        own = Counter(_runs(words, left_out))
        counts.update(own)
        n_words += len(words)
        n_reports.update(own.keys())
        for run in own:
            if len(run) > 1:
                issuers[run].add(report.issuer_key)
    kept = {run: score for run in issuers if (score := _associate(run, counts, issuers[run], n_words)) is not None}
    inside = {
        part for run in kept for part in (run[1:], run[:-1]) if part in kept and counts[run] >= _INSIDE * counts[part]
    }
    rows = [
        ("".join(run), " ".join(run), counts[run], n_reports[run], len(issuers[run]), score)
        for run, score in kept.items()
        if run not in inside
    ]
    return sorted(rows, key=lambda row: (-row[-1] * math.log(row[-2]), row[0]))


def _runs(words: Sequence[Word], left_out: Collection[str]) -> Iterator[_Run]:
    """Yield each word, and the words in a row that begin with it, as far as they touch and may be of a term."""
    for place, (end, _, first) in enumerate(words):
        run: _Run = ()
        for start, stop, word in words[place : place + _MOST_WORDS]:
            if start != end or (run and any(one in left_out or is_number(one) for one in (word, first))):
                break
            run, end = (*run, word), stop
            yield run


def _associate(run: _Run, counts: Counter[_Run], issuers: set[str], n_words: int) -> float | None:
    """Return how strongly the last word goes with those before it, None where the run is no candidate."""
    n = counts[run]
    long_enough = _FEWEST_CHARS <= sum(map(len, run)) <= _MOST_CHARS
    if n < _LEAST_PLACES or len(issuers) < _LEAST_ISSUERS or not long_enough:
        return None
    score = math.log(n * n_words / (counts[run[:-1]] * counts[run[-1:]])) / math.log(n_words / n)
    return min(score, 1.0) if score >= _LEAST_ASSOCIATION else None
