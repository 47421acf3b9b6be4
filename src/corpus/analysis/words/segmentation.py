"""The words of the reports, by jieba with a pinned dictionary and the lexicon of the field."""

from __future__ import annotations

import re
import warnings
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from string import whitespace
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.words.keyness_and_dispersion import score_dispersions
from corpus.analysis.words.term_candidates import propose_terms
from corpus.errors import CorpusError
from corpus.field.data_files import Words, read_words
from corpus.field.lexicon import Lexicon
from corpus.report.passages import Scope
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role

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


By = Literal["place", "word", "candidate"]


class Word(NamedTuple):
    """A word of a report; ``start`` and ``end`` count code points of ``raw``."""

    start: int
    end: int
    word: str


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
        (`corpus.analysis.words.keyness_and_dispersion` says how it is measured and who proposed it); or words that
        stand together so often that they may be one term (`corpus.analysis.words.term_candidates`), to be read,
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
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    found = (list(split_words(report, tokenizer, role=role)) for report in reports)
    if by == "candidate":
        return build_table(propose_terms(reports, found, is_number), "tabulate_words.candidate")
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
    counts = TermCounts()
    lengths = [counts.add(Counter(word.word for word in words)) for words in found]
    if not counts.numbers:
        return []
    owners = np.array([parts[issuer] for issuer in issuers])
    named, reports_of, times = counts.laid()
    n_issuers, dispersion = score_dispersions(
        named, owners[reports_of], np.bincount(owners, weights=lengths).tolist(), times=times
    )
    columns = (np.bincount(named, times).astype(np.int64), np.bincount(named), n_issuers, dispersion)
    rows = zip(counts.numbers, *(column.tolist() for column in columns), strict=True)
    return sorted(rows, key=lambda row: (-row[1], row[0]))


class TermCounts:
    """How often each report has each term, as numbers: a few bytes a term and report.

    ``numbers`` gives each term a number, in the order in which they were met.
    """

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}
        self._named: list[IntArray] = []
        self._times: list[IntArray] = []

    def add(self, counts: Mapping[Any, int]) -> int:
        """Add the terms of the next report, and return how many there are in all."""
        numbers = self.numbers
        named = (numbers.setdefault(term, len(numbers)) for term in counts)
        self._named.append(np.fromiter(named, dtype=np.int32, count=len(counts)))
        self._times.append(np.fromiter(counts.values(), dtype=np.int32, count=len(counts)))
        return int(self._times[-1].sum())

    def laid(self) -> tuple[IntArray, IntArray, IntArray]:
        """Return for each term of each report its number, which report it is, and how often it stands there."""
        reports = np.repeat(np.arange(len(self._named)), list(map(len, self._named)))
        return np.concatenate(self._named).astype(np.int64), reports, np.concatenate(self._times).astype(np.int64)


def split_words(report: Report, tokenizer: Any, *, role: Role | None = None, scope: Scope = "body") -> Iterator[Word]:
    """Yield the words of a report in reading order; see `tabulate_words`."""
    for sentence in report.passages("sentence", role=role, scope=scope):
        first, _ = report.text_map.derived_span(sentence.start, sentence.end)
        faithful = sentence.end - sentence.start == len(sentence.text)
        place = 0
        for length in _cut(sentence.text, tokenizer, True):
            start, place = place, place + length
            word = sentence.text[start:place]
            if any(character.isalnum() for character in word):
                # Where nothing was changed inside the sentence the places need no looking up.
                span = (
                    (sentence.start + start, sentence.start + place)
                    if faithful
                    else report.text_map.source_span(first + start, first + place)
                )
                yield Word(*span, word)


@lru_cache(maxsize=100_000)
def _cut(sentence: str, tokenizer: Any, hmm: bool) -> tuple[int, ...]:
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
    for word in sorted(set(lexicon), key=lambda word: (len(word), word)):
        if _ONE_BLOCK.fullmatch(word):
            tokenizer.add_word(word)
    return tokenizer


def mark_nouns(text: str, tokenizer: Any, *, terms: Collection[str] = ()) -> tuple[tuple[int, int], ...]:
    """Return where the nouns of a text stand: words of two characters or more that the dictionary tags as such.

    Places and organisations are nouns; ``terms``, words of the lexicon, which are not tagged, are if their last two
    or three characters are one (营商环境, 现代服务业).
    """
    nouns = _nouns()
    found = []
    place = 0
    for length in _cut(text, tokenizer, False):
        word = text[place : place + length]
        if length > 1 and (word in nouns or (word in terms and not nouns.isdisjoint((word[-2:], word[-3:])))):
            found.append((place, place + length))
        place += length
    return tuple(found)


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
def _nouns() -> frozenset[str]:
    """Return the words that the dictionary tags as nouns (n and what begins with it)."""
    return frozenset(re.findall(r"\n(\S+) \d+ n", "\n" + check_dictionary().decode("utf-8")))


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        # Its patterns have invalid escapes, and it opens its files through the outdated pkg_resources.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        return import_module("jieba")
