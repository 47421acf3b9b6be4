"""The words of the reports, by jieba with a pinned dictionary and the lexicon of the field."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any, NamedTuple

import pandas as pd

from corpus.analysis.tables import build_table
from corpus.passages import Scope
from corpus.report import Report, Reports
from corpus.values import CorpusError, Role

# The dictionary of jieba 0.42.1; another one would segment differently without a word.
DICTIONARY_SHA256 = "7197c3211ddd98962b036cdf40324d1ea2bfaa12bd028e68faa70111a88e12a8"

_COLUMNS = {
    "report_id": "",
    "start": "int64",
    "end": "int64",
    "word": "",
    "is_stop_word": "bool",
    "is_number": "bool",
}
# Between characters of other kinds jieba always cuts, so that a lexicon word with one of them can never be kept whole.
_ONE_BLOCK = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%-]+")
_NUMBER = re.compile(r"[\d.,%-]*\d[\d.,%-]*")


class Word(NamedTuple):
    """A word of a report; ``start`` and ``end`` count code points of ``raw``."""

    start: int
    end: int
    word: str


def tabulate_words(reports: Reports, *, role: Role | None = None, hmm: bool = True) -> pd.DataFrame:
    """Return one row a word of the bodies, in reading order.

    Words come from jieba's dictionary, checked by its hash, and ``reports.lexicon.words``. The text is segmented
    sentence by sentence, so that no word crosses the end of one. Tokens without a letter, digit or Han character
    are left out.

    Parameters
    ----------
    reports : Reports
    role : str, optional
        Only the sentences that begin in a part with this role.
    hmm : bool
        Whether jieba guesses words that are not in the dictionary by its hidden Markov model.

    Returns
    -------
    DataFrame
        report_id; start, end: code points of ``raw``, end exclusive; word: as in ``report.text``; is_stop_word:
        it stands in ``reports.lexicon.stop_words``; is_number: it has digits and no letter.

    Raises
    ------
    CorpusError
        If the dictionary that comes with jieba is not the pinned one.
    """
    stop_words = frozenset(reports.lexicon.stop_words)
    tokenizer = tokenizer_with(reports.lexicon.words)
    return build_table(
        (
            (report.report_id, *word, word.word in stop_words, is_number(word.word))
            for report in reports
            for word in split_words(report, tokenizer, role=role, hmm=hmm)
        ),
        _COLUMNS,
    )


def split_words(
    report: Report, tokenizer: Any, *, role: Role | None = None, scope: Scope = "body", hmm: bool = True
) -> Iterator[Word]:
    """Yield the words of a report in reading order; see `tabulate_words`."""
    for sentence in report.passages("sentence", role=role, scope=scope):
        first, _ = report.text_map.derived_span(sentence.start, sentence.end)
        faithful = sentence.end - sentence.start == len(sentence.text)
        place = 0
        for word in tokenizer.cut(sentence.text, HMM=hmm):
            start, place = place, place + len(word)
            if any(character.isalnum() for character in word):
                # Where nothing was changed inside the sentence the places need no looking up.
                span = (
                    (sentence.start + start, sentence.start + place)
                    if faithful
                    else report.text_map.source_span(first + start, first + place)
                )
                yield Word(*span, word)


def is_number(word: str) -> bool:
    """Tell whether a word is a figure: digits with their point, comma, percent or minus sign."""
    return _NUMBER.fullmatch(word) is not None


@lru_cache(maxsize=8)
def tokenizer_with(lexicon: tuple[str, ...]) -> Any:
    """Return jieba's tokenizer with its own dictionary and the words of a lexicon.

    jieba's cache file is neither read nor written. Words are added in one fixed order, whatever the order of the
    lexicon, each with the frequency that keeps it whole. A word with a sign at which jieba always cuts
    (双随机、一公开) is left to `corpus.find_terms`.
    """
    tokenizer = _jieba().Tokenizer()
    frequencies, total = _dictionary()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies.copy(), total, True
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


@lru_cache(maxsize=1)
def _dictionary() -> tuple[dict[str, int], int]:
    """Return the frequency of every word of the dictionary, 0 for what only begins one, and their sum."""
    content = check_dictionary()
    # A line is a word, its frequency and its part of speech. jieba's own reader needs twice as long.
    cells = content.decode("utf-8").split()
    words, counts = cells[::3], [int(count) for count in cells[1::3]]
    frequencies = dict(zip(words, counts, strict=True))
    for word in words:
        beginning = word[:-1]
        while beginning and beginning not in frequencies:
            frequencies[beginning] = 0
            beginning = beginning[:-1]
    return frequencies, sum(counts)


@lru_cache(maxsize=1)
def _jieba() -> Any:
    with warnings.catch_warnings():
        # Its patterns have invalid escapes, and it opens its files through the outdated pkg_resources.
        warnings.simplefilter("ignore", SyntaxWarning)
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        return import_module("jieba")
