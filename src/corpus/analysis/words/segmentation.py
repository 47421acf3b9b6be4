"""The words of reports, by jieba with a pinned dictionary and the lexicon of the field, and bags of them to compare."""

from __future__ import annotations

import re
import warnings
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from itertools import chain, pairwise
from string import whitespace
from typing import Any, NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.resampling import FloatArray
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.processes import share_out
from corpus.report.reports import Report, Reports
from corpus.report.values import Passage, Role

# The dictionary of jieba 0.42.1; another one would segment differently without a word.
DICTIONARY_SHA256 = "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8"
DICTIONARY_TOTAL = 60101967
"""The sum of the frequencies of all its words."""

# Between characters of other kinds jieba always cuts, so that a lexicon word with one of them can never be kept whole.
_ONE_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")
# One for one, so that no place is moved: 互联网＋ is 互联网+, and １９９８ one figure.
_NARROW = {
    code: code - 0xFEE0 for code in (0xFF0B, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_NUMBER = re.compile(r"[\d.,%-]*\d[\d.,%-]*")


class Word(NamedTuple):
    """A word of a report; ``start`` and ``end`` count code points of ``raw``."""

    start: int
    end: int
    word: str


def split_words(report: Report, tokenizer: Any, *, role: Role | None = None) -> Iterator[Word]:
    """Yield the words of a report in reading order; see `tabulate_words`."""
    sentences = report.passages("sentence", role=role)
    lengths = iter(_lengths_of(report, sentences, tokenizer, role))
    for sentence in sentences:
        first, _ = report.text_map.derived_span(sentence.start, sentence.end)
        faithful = sentence.end - sentence.start == len(sentence.text)
        place = 0
        while place < len(sentence.text):
            start, place = place, place + next(lengths)
            word = sentence.text[start:place]
            if word.isalnum() or any(map(str.isalnum, word)):
                # Where nothing was changed inside the sentence the places need no looking up.
                span = (
                    (sentence.start + start, sentence.start + place)
                    if faithful
                    else report.text_map.source_span(first + start, first + place)
                )
                yield Word(*span, word)


def words_of(
    reports: Reports, chosen: Iterable[Report] | None = None, *, role: Role | None = None
) -> Iterator[list[Word]]:
    """Yield the words of each report, or of the chosen ones, in reading order, cut with the lexicon of ``reports``.

    Many are cut by all cores. See `corpus.analysis.words.word_tables.tabulate_words`.
    """
    held = tuple(reports if chosen is None else chosen)
    tokenizer = tokenizer_for(reports, (report.text for report in held))
    if sum(_key(report, tokenizer, role) not in _LENGTHS for report in held) < _LEAST_SHARED:
        yield from (list(split_words(report, tokenizer, role=role)) for report in held)
        return
    batches = [held[first : first + _AT_ONCE] for first in range(0, len(held), _AT_ONCE)]
    waiting: deque[list[Any]] = deque()

    def portions() -> Iterator[tuple[Any, list[list[str]]]]:
        for batch in batches:
            open_ = [report for report in batch if _key(report, tokenizer, role) not in _LENGTHS]
            waiting.append([_key(report, tokenizer, role) for report in open_])
            yield tokenizer.made_of, [[one.text for one in report.passages("sentence", role=role)] for report in open_]

    for batch, lengths in zip(batches, share_out(_cut_texts, portions()), strict=True):
        _LENGTHS.update(zip(waiting.popleft(), lengths, strict=True))
        yield from (list(split_words(report, tokenizer, role=role)) for report in batch)


def _cut_texts(asked: tuple[Any, list[list[str]]]) -> list[array[int]]:
    """Return the lengths of the words of some texts, which are given by their sentences."""
    made_of, texts = asked
    tokenizer = tokenizer_with(*made_of)
    return [
        array("I", chain.from_iterable(cut_sentence(sentence, tokenizer, True) for sentence in text)) for text in texts
    ]


def _key(report: Report, tokenizer: Any, role: Role | None) -> Any:
    return tokenizer, role, report.layout.body, report.text


_LEAST_SHARED = 256
"""From so many reports on other processes pay."""
_AT_ONCE = 32
_MOST_CUT = 10_000
_LENGTHS: dict[Any, array[int]] = {}
"""The lengths of the words of the last reports, which several analyses of one table ask for, some 80 MB."""


def _lengths_of(report: Report, sentences: Iterable[Passage], tokenizer: Any, role: Role | None) -> array[int]:
    key = _key(report, tokenizer, role)
    found = _LENGTHS.get(key)
    if found is None:
        found = array("I", chain.from_iterable(cut_sentence(sentence.text, tokenizer, True) for sentence in sentences))
        _LENGTHS[key] = found
    while len(_LENGTHS) > _MOST_CUT:
        del _LENGTHS[next(iter(_LENGTHS))]
    return found


@lru_cache(maxsize=100_000)
def cut_sentence(sentence: str, tokenizer: Any, hmm: bool) -> tuple[int, ...]:
    """Return the lengths of the words of a sentence, which the analyses ask for again and again.

    As many sentences as a thousand reports have are kept, some 60 MB.
    """
    return tuple(map(len, tokenizer.cut(sentence.translate(_NARROW), HMM=hmm)))


def is_number(word: str) -> bool:
    """Tell whether a word is a figure: digits with their point, comma, percent or minus sign."""
    return _NUMBER.fullmatch(word) is not None


def tokenizer_for(reports: Reports, texts: Iterable[str]) -> Any:
    """Return a tokenizer that cuts these texts as `tokenizer_with` does, with the lexicon of ``reports``.

    It holds the part of the dictionary that the characters of the texts can make up, for a few reports a fifth of it:
    a word with another character cannot stand in them. Stop words of three characters and more (我街道) are kept whole
    too, or their halves would be counted. So the first few reports need not wait for all of it, and texts
    without a character that was not met before are cut by the tokenizer that is there.
    """
    characters = frozenset("".join(frozenset[str]().union(*texts)).translate(_NARROW))
    lexicon = words_kept_whole(reports.lexicon)
    known = (met for words, met in reversed(_MET) if words == lexicon and characters <= met)
    enough = next(known, characters)
    if enough is characters:
        _MET.append((lexicon, characters))
    return tokenizer_with(lexicon, enough)


_SHORTEST_KEPT = 3


def words_kept_whole(lexicon: Lexicon) -> tuple[str, ...]:
    """Return the terms of the field, and the stop words of three characters and more that the dictionary would cut."""
    known = frozenset(lexicon.words)
    return lexicon.words + tuple(
        word for word in lexicon.stop_words if len(word) >= _SHORTEST_KEPT and word not in known
    )


_KEPT = 8
_MET: deque[tuple[tuple[str, ...], frozenset[str]]] = deque(maxlen=_KEPT)
"""The lexicons and characters of the last tokenizers."""


@lru_cache(maxsize=_KEPT)
def tokenizer_with(lexicon: tuple[str, ...], characters: frozenset[str] | None = None) -> Any:
    """Return jieba's tokenizer with its own dictionary and the words of a lexicon.

    jieba's cache file is neither read nor written. Words are added in one fixed order, whatever the order of the
    lexicon, each with the frequency that keeps it whole. A word with a sign at which jieba always cuts
    (双随机、一公开) is left to `corpus.find_terms`.

    Parameters
    ----------
    lexicon : tuple of str
    characters : frozenset of str, optional
        The characters of the texts to be cut; by default any.
    """
    tokenizer = _jieba().Tokenizer()
    # The frequency of a lexicon word is reckoned from the words that it would be cut into.
    needed = None if characters is None else characters.union(*lexicon)
    frequencies = _dictionary(needed).copy()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, DICTIONARY_TOTAL, True
    tokenizer.made_of = (lexicon, characters)
    for word in sorted(set(lexicon), key=lambda word: (len(word), word)):
        if _ONE_BLOCK.fullmatch(word):
            tokenizer.add_word(word)
    return tokenizer


def check_dictionary() -> bytes:
    """Return the dictionary that words are cut by.

    Raises
    ------
    CorpusError
        If it is not that of jieba 0.42.1.
    """
    with _jieba().Tokenizer().get_dict_file() as file:
        content: bytes = file.read()
    found = sha256(content).hexdigest()
    if found != DICTIONARY_SHA256:
        raise CorpusError(
            f"jieba's dictionary dict.txt has the SHA-256 {found}, not {DICTIONARY_SHA256}: words would be cut "
            "differently; install jieba 0.42.1 again"
        )
    return content


@lru_cache(maxsize=2)
def _dictionary(characters: frozenset[str] | None = None) -> dict[str, int]:
    """Return the frequency of every word of the dictionary made of these characters, 0 for what only begins one."""
    # Words hold no white space, and an empty set is no pattern.
    allowed = None if characters is None else "".join(sorted(characters - set(whitespace))) or "\0"
    character = r"\S" if allowed is None else f"[{re.escape(allowed)}]"
    # A line is a word, its frequency and its part of speech. The end of the line before is searched faster than a
    # beginning; jieba's own reader needs three times as long.
    lines = re.findall(rf"\n({character}+) (\d+) ", "\n" + check_dictionary().decode("utf-8"))
    frequencies = {word: int(count) for word, count in lines}
    for word, _ in lines:
        beginning = word[:-1]
        while beginning and beginning not in frequencies:
            frequencies[beginning] = 0
            beginning = beginning[:-1]
    return frequencies


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        # Its patterns have invalid escapes, and it opens its files through the outdated pkg_resources.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        return import_module("jieba")


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """The terms of several reports, each with a weight.

    Attributes
    ----------
    firsts : array of int
        Where the terms of each report begin in the two arrays below, and, at the end, how many terms there are.
    terms : array of int
        Numbers of the terms from 0, ascending within a report.
    weights : array of float
        The weight of each term in its report; not negative.
    n_terms : int
        How many numbers of terms there are.
    """

    firsts: IntArray
    terms: IntArray
    weights: FloatArray
    n_terms: int

    @property
    def owners(self) -> IntArray:
        """Position of the report that each term stands in."""
        return np.repeat(np.arange(len(self.firsts) - 1), np.diff(self.firsts))

    def sums(self, weights: FloatArray) -> FloatArray:
        """Return the sum over the terms of each report."""
        return np.bincount(self.owners, weights=weights, minlength=len(self.firsts) - 1).astype(np.float64)


def bag_words(reports: Reports, chosen: Sequence[Report], *, role: Role | None = None) -> Iterator[Counter[str]]:
    """Yield how often each word stands in each of the chosen reports, cut with the lexicon of ``reports``."""
    return (Counter(word.word for word in words) for words in words_of(reports, chosen, role=role))


def lay_bags(bags: Iterable[Mapping[Any, float]]) -> tuple[list[Any], Bags]:
    """Lay bags of terms, given by their names, beside each other; return the names by number too."""
    numbers: dict[Any, int] = {}
    rows = []
    for bag in bags:
        terms = np.array([numbers.setdefault(term, len(numbers)) for term in bag], dtype=np.int64)
        order = np.argsort(terms)
        rows.append((terms[order], np.array(list(bag.values()), dtype=np.float64)[order]))
    firsts = np.cumsum([0, *(len(terms) for terms, _ in rows)])
    terms, weights = (np.concatenate([np.zeros(0), *(row[side] for row in rows)]) for side in (0, 1))
    return list(numbers), Bags(firsts, terms.astype(np.int64), weights, len(numbers))


def bag_grams(reports: Reports, n: int, *, role: Role | None = None) -> tuple[IntArray, Bags]:
    """Return how many distinct n-grams of ``key`` each report has, and which of those that stand in two or more.

    Grams that stand in one report alone are counted and then left out: no other report can share them.
    """
    row = lay_keys(reports, role=role)
    grams, owners = holders(row, number_grams(row.units, n))
    sizes = np.bincount(owners, minlength=len(reports))
    is_common = np.bincount(grams) > 1
    common = is_common[grams]
    grams, owners = np.cumsum(is_common)[grams[common]] - 1, owners[common]
    order = np.argsort(owners, kind="stable")
    firsts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(reports)))])
    return sizes, Bags(firsts, grams[order], np.broadcast_to(np.float64(1), grams.shape), int(is_common.sum()))


def weigh_terms(counts: Bags, n_holders: IntArray, *, n_reports: int) -> Bags:
    """Return the bags weighted by TF-IDF as Loughran & McDonald (2011, Journal of Finance 66:35-65) do.

    w = (1 + ln tf) / (1 + ln mean tf of the report) * ln(N / df); 0 for a term that every report has.

    Parameters
    ----------
    counts : Bags
        How often each term stands in each report.
    n_holders : array of int
        In how many reports of the reference collection each term stands, 1 or more.
    n_reports : int
        Reports of the reference collection.
    """
    sizes = np.maximum(np.diff(counts.firsts), 1)
    means = counts.sums(counts.weights) / sizes
    scales = 1 + np.log(np.where(means > 0, means, 1))
    rarity = np.log(n_reports / n_holders)
    return replace(counts, weights=(1 + np.log(counts.weights)) / scales[counts.owners] * rarity[counts.terms])


def count_shared(bags: Bags, first: IntArray, second: IntArray) -> IntArray:
    """Return how many terms both reports have, for pairs of positions of reports.

    The work of a pair grows with the terms of its second report.
    """
    counts = np.zeros(len(first), dtype=np.int64)
    marked = np.zeros(bags.n_terms, dtype=np.bool_)
    for own, others in _by_first(bags, first, second):
        marked[bags.terms[own]] = True
        for place, other in others:
            counts[place] = np.count_nonzero(marked.take(bags.terms[other]))
        marked[bags.terms[own]] = False
    return counts


def multiply_pairs(bags: Bags, first: IntArray, second: IntArray) -> FloatArray:
    """Return the sum, over the terms that both reports have, of the product of their weights."""
    products = np.zeros(len(first))
    spread = np.zeros(bags.n_terms)
    for own, others in _by_first(bags, first, second):
        spread[bags.terms[own]] = bags.weights[own]
        for place, other in others:
            products[place] = spread.take(bags.terms[other]) @ bags.weights[other]
        spread[bags.terms[own]] = 0
    return products


def _by_first(bags: Bags, first: IntArray, second: IntArray) -> Iterator[tuple[slice, list[tuple[int, slice]]]]:
    """Yield the terms of each first report with the place of each of its pairs and the terms of the second."""
    rows = [slice(start, end) for start, end in pairwise(bags.firsts.tolist())]
    order = np.argsort(first, kind="stable")
    bounds = np.flatnonzero(np.diff(first[order], prepend=-1, append=-1)).tolist()
    for start, end in pairwise(bounds):
        places = order[start:end]
        others = [rows[other] for other in second[places].tolist()]
        yield rows[first[places[0]]], list(zip(places.tolist(), others, strict=True))


def cosine_pairs(bags: Bags, first: IntArray, second: IntArray) -> FloatArray:
    """Return the cosine of each pair: 0 where one has no weight, 1 where neither has."""
    lengths = np.sqrt(bags.sums(bags.weights * bags.weights))
    scales = lengths[first] * lengths[second]
    both_without_weight = (lengths[first] == lengths[second]).astype(np.float64)
    cosines = np.divide(multiply_pairs(bags, first, second), scales, out=both_without_weight, where=scales > 0)
    capped: FloatArray = np.minimum(cosines, 1)
    return capped
