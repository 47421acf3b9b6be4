"""The clauses of a collection by their wordings, and which wordings say one thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from corpus.analysis.alignment.exact_chains import add_common, match_bits, no_common
from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.shared_grams import MULTIPLIER
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, code_points
from corpus.analysis.resampling import FloatArray
from corpus.analysis.words.segmentation import check_dictionary, cut_sentence, tokenizer_for
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

MOST_CHARS = 64
"""Characters of the longest text that is held against others: as many as a machine word has bits."""

MOST_PAIRS = 20_000
"""Pairs of reports up to which all rewordings are listed."""

LEAST_CHARS = 12  # of the longer clause, as printed
_LEAST_KEY = 6  # of the shorter one
_LEAST_COMMON = 0.7
_LEAST_DICE = 0.45
_VERY_COMMON, _LEAST_DICE_THEN = 0.8, 0.4
_LEAST_RARE = 6
MOST_CLAUSES = 50  # that a pair of characters stands in, or a clause is listed with, beyond MOST_PAIRS
_PAIRS_AT_ONCE = 1 << 21

_FIGURE, _OWN = "0", "□"
_LABEL = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}(?:、|是(?!否))"
    r"|[(（]?\d{1,2}[)）]|\d{1,2}[、．.](?!\d)|[①-⑳])\s*"
)
_ARABIC = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?:[.．,，]\d+)*[%％‰]?|左右|以上|以下|以内|超过|突破|不低于|不少于|高于|低于|[超约近]")
# What was done, beside the words of the lexicon: 守住了, 成效显著, 有序推进 at the end.
_DONE = (
    r"已|(?<=[一-龥])(?<![为除])了(?![解然])|取得|成效|显著|丰硕|圆满|顺利|成功|荣获|获[批评得]|入选"
    r"|(?:深入|扎实|有序|稳步|全面|加快|持续|不断|基本|有效|明显)(?:推进|实施|开展|建成|形成|提升|改善|增强|加强|优化|巩固|深化)$"
)
_WANTING = re.compile(r"不够|不足|不强|不高|不优|不充分|不平衡|不到位|[还仍]需|亟[待需]|有待|滞后|偏[低弱小]|压力较?大")
_ENDING = re.compile(r"(?:[省市县区州盟旗]|(?:壮族|回族|维吾尔|特别行政|[一-龥]{2,8}族)?自治[区州县旗])$")
_AT_ONCE = 1 << 15
_PRIVATE = 0xE000
_PLACE_BITS = 6
_RUN = 12
_WIDTHS = (16, 32, 64)


@dataclass(frozen=True, slots=True, eq=False)
class ShortTexts:
    """Texts of up to 64 characters, one a row, filled up with 0.

    Attributes
    ----------
    chars : array of uint16, (texts, 64)
        Code points; those beyond 16 bits are numbered among those for private use.
    lengths : array of int
        Characters of each text; 0 for one that is longer than 64.
    """

    chars: Array
    lengths: IntArray

    def chunks(self, first: IntArray, second: IntArray) -> Iterator[tuple[IntArray, int]]:
        """Yield the pairs in parts of like length, with the width that holds both texts of each."""
        longest = np.maximum(self.lengths[first], self.lengths[second])
        narrower = -1
        for width in _WIDTHS:
            chosen = np.flatnonzero((longest > narrower) & (longest <= width))
            narrower = width
            for start in range(0, len(chosen), _AT_ONCE):
                yield chosen[start : start + _AT_ONCE], width

    def stand_in(self, values: Array, first: IntArray, second: IntArray) -> Iterator[tuple[IntArray, BoolArray]]:
        """Yield which values at the places of the first text of a pair stand anywhere in the second, in parts."""
        for part, width in self.chunks(first, second):
            one, other = values[first[part], :width], values[second[part], :width]
            found = np.zeros(one.shape, dtype=bool)
            for column in other.T:
                found |= one == column[:, None]
            yield part, found


def lay_short_texts(texts: Sequence[str]) -> ShortTexts:
    """Lay texts in rows; those without characters, or with more than 64, are empty."""
    lengths = np.array([len(text) if len(text) <= MOST_CHARS else 0 for text in texts], dtype=np.int64)
    codes = code_points("".join(text for text in texts if len(text) <= MOST_CHARS)).copy()
    long = codes >= 1 << 16
    codes[long] = _PRIVATE + np.unique(codes[long], return_inverse=True)[1]
    chars = np.zeros((len(texts), MOST_CHARS), dtype="<u2")
    chars[np.arange(MOST_CHARS) < lengths[:, None]] = codes
    return ShortTexts(chars, lengths)


def count_common(texts: ShortTexts, first: IntArray, second: IntArray) -> IntArray:
    """Return the length of the longest common subsequence of pairs of texts, given by their rows."""
    n_common = np.zeros(len(first), dtype=np.int64)
    for part, width in texts.chunks(first, second):
        one, other = texts.chars[first[part], :width], texts.chars[second[part], :width]
        state = no_common(one)
        for same in match_bits(one, other):
            state = add_common(state, same)
        n_common[part] = width - np.bitwise_count(state)
    return n_common


def share_run(texts: ShortTexts, first: IntArray, second: IntArray, *, never: str = "\0") -> BoolArray:
    """Tell which pairs of texts have 12 characters on end in common, none of which is ``never``, as for a figure."""
    chars = np.where(texts.chars == ord(never), 0, texts.chars)
    numbers = np.zeros((len(chars), MOST_CHARS - _RUN + 1), dtype=np.uint64)
    whole = np.ones(numbers.shape, dtype=bool)
    for step in range(_RUN):
        column = chars[:, step : step + numbers.shape[1]]
        numbers = numbers * MULTIPLIER + column
        whole &= column > 0
    # What is no run of one text equals none of another.
    numbers = np.where(whole, numbers, 0)
    found = np.zeros(len(first), dtype=bool)
    for part, stands in texts.stand_in(numbers, first, second):
        found[part] = (stands & whole[first[part], : stands.shape[1]]).any(axis=1)
    return found


def weigh_common(
    numbers: Array, weights: FloatArray, first: IntArray, second: IntArray, texts: ShortTexts
) -> FloatArray:
    """Return the weighted Dice similarity of pairs of texts over their distinct pairs of characters, 0 to 1.

    Parameters
    ----------
    numbers : array of int32, (texts, 64)
        The number of the pair of characters that begins at each place; -1 where there is none, or it stood before.
    weights : array of float
        By number.
    first, second : array of int
    texts : ShortTexts
    """
    own = np.where(numbers >= 0, weights[numbers], 0.0).astype(np.float32)
    totals = own.sum(axis=1, dtype=np.float64)
    shared = np.zeros(len(first))
    for part, stands in texts.stand_in(numbers, first, second):
        shared[part] = (own[first[part], : stands.shape[1]] * stands).sum(axis=1)
    similar: FloatArray = 2 * shared / np.maximum(totals[first] + totals[second], 1e-9)
    return similar


def most_lacking(texts: ShortTexts, marks: Array, first: IntArray, second: IntArray) -> Array:
    """Return the highest mark, 0 or more, of a character of the first text of each pair that the second has not."""
    most = np.zeros(len(first), dtype=marks.dtype)
    for part, stands in texts.stand_in(texts.chars, first, second):
        most[part] = np.where(stands, 0, marks[first[part], : stands.shape[1]]).max(axis=1)
    return most


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """The clauses of several reports, and their distinct wordings.

    A wording is the key without label, each figure one sign, the report's own place another. ``spans`` holds for each
    clause its report, where it begins and ends in ``key``, and its length as printed; ``wording`` its wording;
    ``figures`` a number that is equal where the figures and what hedges them are, and whether the clause tells of
    something done, or wanting.
    """

    spans: IntArray
    keys: list[str]
    wording: IntArray
    figures: IntArray
    wordings: list[str]
    texts: ShortTexts


def collect_clauses(reports: Reports, role: Role | None) -> Clauses:
    spans: list[tuple[int, int, int, int]] = []
    keys: list[str] = []
    numbers: dict[str, int] = {}
    figures: dict[tuple[bool, bool, tuple[str, ...]], int] = {}
    done = re.compile("|".join([_DONE, *map(re.escape, reports.lexicon.accomplishments)]))
    wording, hedged = [], []
    for owner, report in enumerate(reports):
        own = _own_names(report)
        for clause in report.passages("clause", role=role):
            label = _LABEL.match(clause.text)
            start = clause.start + (label.end() if label and not label.end() >= len(clause.text) else 0)
            key_start, key_end = report.key_span(start, clause.end)
            key = report.key[key_start:key_end]
            if not len(key) >= _LEAST_KEY:
                continue
            words = _ARABIC.sub(_FIGURE, key)
            if own is not None:
                words = own.sub(_OWN, words)
            found = tuple(_FIGURES.findall(clause.text[start - clause.start :])) if words != key else ()
            if not any(map(str.isdigit, "".join(found))):
                found = ()
            spans.append((owner, key_start, key_end, clause.end - start))
            keys.append(key)
            wording.append(numbers.setdefault(words, len(numbers)))
            state = done.search(key) is not None, _WANTING.search(key) is not None
            hedged.append(figures.setdefault((*state, found), len(figures)))
    wordings = list(numbers)
    places = np.array(spans, dtype=np.int64).reshape(-1, 4)
    numbered, hedges = (np.array(values, dtype=np.int64) for values in (wording, hedged))
    return Clauses(places, keys, numbered, hedges, wordings, lay_short_texts(wordings))


def _own_names(report: Report) -> re.Pattern[str] | None:
    """Return a pattern of the names of the places that a report is of, with and without what they are."""
    names = {report.value(level) for level in ("province", "prefecture", "county", "township")} - {None}
    stems = {_ENDING.sub("", name) for name in names}
    known = sorted((name for name in names | stems if len(name) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None


def find_similar(reports: Reports, clauses: Clauses) -> tuple[IntArray, IntArray]:
    """Return the pairs of wordings that are one statement, the lower number first; a wording is one with itself."""
    grams, weights = _number_pairs(clauses)
    most = len(clauses.wordings) if lists_all(reports) else MOST_CLAUSES
    codes = _candidates(clauses, grams, weights, most=most)
    first, second = np.divmod(codes, max(len(clauses.wordings), 1))
    lengths, texts = clauses.texts.lengths, clauses.texts
    n_common = count_common(texts, first, second)
    kept = 2 * n_common >= _LEAST_COMMON * (lengths[first] + lengths[second])
    kept[kept] = ~share_run(texts, first[kept], second[kept], never=_FIGURE)
    first, second = first[kept], second[kept]
    very = 2 * n_common[kept] >= _VERY_COMMON * (lengths[first] + lengths[second])
    alike = weigh_common(grams, weights, first, second, texts) >= np.where(very, _LEAST_DICE_THEN, _LEAST_DICE)
    first, second = first[alike], second[alike]
    marks = _mark_words(reports, clauses, distinct(np.concatenate([first, second])))
    one, other = (most_lacking(texts, marks, *sides) for sides in ((first, second), (second, first)))
    kept = (np.minimum(one, other) == 0) | (np.maximum(one, other) < _NOUN)
    first, second = first[kept], second[kept]
    same = np.arange(len(clauses.wordings))[lengths >= _LEAST_KEY]
    return np.concatenate([first, same]), np.concatenate([second, same])


def lists_all(reports: Reports) -> bool:
    """Tell whether all rewordings are listed, or only those of what few clauses have."""
    return len(reports) * (len(reports) - 1) // 2 <= MOST_PAIRS


def _number_pairs(clauses: Clauses) -> tuple[Array, FloatArray]:
    """Return the pair of characters that begins at each place of a wording, once each, and what each weighs.

    Pairs are numbered from the rarest to the commonest.
    """
    chars = clauses.texts.chars
    rows, places = np.nonzero((chars[:, 1:] > 0) & (chars[:, :-1] > 0))
    pairs = (chars[rows, places].astype(np.int64) << 16) | chars[rows, places + 1]
    values, numbers = np.unique(pairs, return_inverse=True)
    _, once = np.unique(rows * len(values) + numbers, return_index=True)
    n_clauses = np.bincount(numbers[once], minlength=len(values))
    order = np.argsort(n_clauses, kind="stable")
    grams = np.full(chars.shape, -1, dtype=np.int32)
    grams[rows[once], places[once]] = np.argsort(order)[numbers[once]]
    return grams, np.log(max(len(clauses.wordings), 1) / np.maximum(n_clauses[order], 1)) + 1e-6


def _candidates(clauses: Clauses, grams: Array, weights: FloatArray, *, most: int) -> IntArray:
    """Return pairs of wordings with two rare pairs of characters in common, as numbers, ascending."""
    rows, places = np.nonzero(grams >= 0)
    # Of pairs that are as rare the first counts as rarer.
    rarity = np.cumsum(np.diff(weights, prepend=weights[:1]) != 0)[grams[rows, places]]
    rows, places = _sort_pairs(rows, (rarity << _PLACE_BITS) | places)
    numbers = grams[rows, places & (MOST_CHARS - 1)].astype(np.int64)
    sizes = np.bincount(rows, minlength=len(grams))
    rank = np.arange(len(rows)) - (np.cumsum(sizes) - sizes)[rows]
    rare = rank < np.maximum(_LEAST_RARE, (sizes[rows] + 1) // 2)
    numbers, rows = _sort_pairs(numbers[rare], rows[rare])
    lengths = clauses.texts.lengths
    found = [np.zeros(0, dtype=np.int64)]
    for left, right in _within_groups(numbers, most=most):
        first, second = rows[left], rows[right]
        short, long = np.minimum(lengths[first], lengths[second]), np.maximum(lengths[first], lengths[second])
        enough = 2 * short >= _LEAST_COMMON * (short + long)
        found.append((first * len(grams) + second)[enough])
    codes = np.sort(np.concatenate(found))
    again = codes[1:][codes[1:] == codes[:-1]]
    return distinct(again)


def _sort_pairs(first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs of numbers in order."""
    pairs = np.sort((first << 32) | second)
    return pairs >> 32, pairs & 0xFFFFFFFF


def _within_groups(numbers: IntArray, *, most: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield all pairs of places with one number, in parts; ``numbers`` ascend. Larger groups than ``most`` are left."""
    sizes = np.bincount(numbers)
    lasts = np.cumsum(sizes)[numbers]
    n_after = lasts - np.arange(len(numbers)) - 1
    n_after[sizes[numbers] > most] = 0
    upto = np.cumsum(n_after)
    start = 0
    while start < len(numbers):
        done = int(upto[start - 1]) if start else 0
        stop = max(int(np.searchsorted(upto, done + _PAIRS_AT_ONCE, side="right")), start + 1)
        own = np.arange(start, stop)
        left, right = expand(own + 1, own + 1 + n_after[start:stop])
        yield own[left], right
        start = stop


def _mark_words(reports: Reports, clauses: Clauses, chosen: IntArray) -> Array:
    """Mark what some wordings are about; what stands for figures and the own place is not."""
    marks = np.zeros((len(clauses.wordings), MOST_CHARS), dtype=np.int8)
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    urging, terms = frozenset(reports.lexicon.exhortations), frozenset(reports.lexicon.words)
    for row in chosen.tolist():
        words = clauses.wordings[row]
        for start, end, kind in _mark_content(words, tokenizer, terms=terms):
            marks[row, start:end] = 0 if words[start:end] in urging else kind
    return marks


_NOUN, _ATTRIBUTE = 2, 1
_ANY_KIND = ("各类", "各种", "各项")


def _mark_content(text: str, tokenizer: Any, *, terms: Collection[str] = ()) -> list[tuple[int, int, int]]:
    """Return where words of two characters or more stand that say what a text is about, and what they are.

    ``_NOUN``: the dictionary tags it as one, places and organisations among them, or it is one of the ``terms`` of the
    field. ``_ATTRIBUTE``: an adjective (重大, 新型), or 各类 and the like, before a noun or a sign.
    """
    kinds = _content_words()
    found: list[tuple[int, int, int]] = []
    place = len(text)
    before_noun = False
    for length in reversed(cut_sentence(text, tokenizer, False)):
        start, place, end = place - length, place - length, place
        word = text[start:end]
        kind = 0 if length < 2 else _NOUN if word in terms else kinds.get(word, 0)
        if kind == _NOUN or (kind == _ATTRIBUTE and before_noun):
            found.append((start, end, kind))
        before_noun = kind == _NOUN or not word.isalpha()
    return found


@lru_cache(maxsize=1)
def _content_words() -> dict[str, int]:
    """Return the words that the dictionary tags as nouns (n and what begins with it) or adjectives (a, an, b)."""
    tagged = re.findall(r"\n(\S+) \d+ (n|(?:an?|b)(?=\s))", "\n" + check_dictionary().decode("utf-8"))
    attributes = dict.fromkeys(_ANY_KIND, _ATTRIBUTE)
    return attributes | {word: _NOUN if tag == "n" else _ATTRIBUTE for word, tag in tagged}
