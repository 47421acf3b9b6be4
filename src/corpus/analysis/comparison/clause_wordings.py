"""The clauses of a collection by their wordings, and which wordings say one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.analysis.alignment.short_texts import (
    MOST_CHARS,
    FloatArray,
    ShortTexts,
    count_common,
    lacks_marked,
    lay_short_texts,
    weigh_common,
)
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray
from corpus.analysis.words.segmentation import mark_nouns, tokenizer_for
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

MOST_PAIRS = 20_000
"""Pairs of reports up to which all rewordings are listed."""

LEAST_CHARS = 12  # of the longer clause, as printed
_LEAST_KEY = 6  # of the shorter one
_LEAST_COMMON = 0.7
_LEAST_DICE = 0.45
_VERY_COMMON, _LEAST_DICE_THEN = 0.8, 0.4
_LEAST_RARE = 6
MOST_CLAUSES = 50  # that a pair of characters stands in, or a clause is listed with, beyond MOST_PAIRS
_AT_ONCE = 1 << 21

_FIGURE, _OWN = "0", "□"
_LABEL = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}(?:、|是(?!否))"
    r"|[(（]?\d{1,2}[)）]|\d{1,2}[、．.](?!\d)|[①-⑳])\s*"
)
_ARABIC = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?:[.．,，]\d+)*[%％‰]?|左右|以上|以下|以内|超过|突破|不低于|不少于|高于|低于|[超约近]")
_ENDING = re.compile(r"(?:[省市县区州盟旗]|(?:壮族|回族|维吾尔|特别行政|[一-龥]{2,8}族)?自治[区州县旗])$")


@dataclass(frozen=True, slots=True, eq=False)
class Clauses:
    """The clauses of several reports, and their distinct wordings.

    A wording is the key without label, each figure one sign, the report's own place another. ``spans`` holds for each
    clause report, start and end in ``raw``, and the length as printed; ``wording`` its wording; ``figures`` a number
    that is equal where the figures and what hedges them are.
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
    figures: dict[tuple[str, ...], int] = {}
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
            spans.append((owner, start, clause.end, clause.end - start))
            keys.append(key)
            wording.append(numbers.setdefault(words, len(numbers)))
            hedged.append(figures.setdefault(found, len(figures)))
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
    n_common, has_run = count_common(texts, first, second, never=int(_number_of(texts, clauses.wordings, _FIGURE)))
    kept = (2 * n_common >= _LEAST_COMMON * (lengths[first] + lengths[second])) & ~has_run
    first, second = first[kept], second[kept]
    very = 2 * n_common[kept] >= _VERY_COMMON * (lengths[first] + lengths[second])
    alike = weigh_common(grams, weights, first, second, texts) >= np.where(very, _LEAST_DICE_THEN, _LEAST_DICE)
    first, second = first[alike], second[alike]
    nouns = _mark_nouns(reports, clauses, distinct(np.concatenate([first, second])))
    replaced = lacks_marked(texts, nouns, first, second) & lacks_marked(texts, nouns, second, first)
    first, second = first[~replaced], second[~replaced]
    same = np.arange(len(clauses.wordings))[lengths >= _LEAST_KEY]
    return np.concatenate([first, same]), np.concatenate([second, same])


def lists_all(reports: Reports) -> bool:
    """Tell whether all rewordings are listed, or only those of what few clauses have."""
    return len(reports) * (len(reports) - 1) // 2 <= MOST_PAIRS


def _number_of(texts: ShortTexts, wordings: Sequence[str], sign: str) -> int:
    """Return the number of a character among the texts, 0 if it stands in none."""
    for row, words in enumerate(wordings):
        if sign in words and texts.lengths[row]:
            return int(texts.chars[row, words.index(sign)])
    return 0


def _number_pairs(clauses: Clauses) -> tuple[Array, FloatArray]:
    """Return the pair of characters that begins at each place of a wording, once each, and what each weighs."""
    chars = clauses.texts.chars
    rows, places = np.nonzero((chars[:, 1:] > 0) & (chars[:, :-1] > 0))
    pairs = (chars[rows, places].astype(np.int64) << 16) | chars[rows, places + 1]
    values, numbers = np.unique(pairs, return_inverse=True)
    _, once = np.unique(rows * len(values) + numbers, return_index=True)
    grams = np.full(chars.shape, -1, dtype=np.int32)
    grams[rows[once], places[once]] = numbers[once]
    n_clauses = np.bincount(numbers[once], minlength=len(values))
    return grams, np.log(max(len(clauses.wordings), 1) / np.maximum(n_clauses, 1)) + 1e-6


def _candidates(clauses: Clauses, grams: Array, weights: FloatArray, *, most: int) -> IntArray:
    """Return pairs of wordings with two rare pairs of characters in common, as numbers, ascending."""
    rows, places = np.nonzero(grams >= 0)
    numbers = grams[rows, places].astype(np.int64)
    order = np.lexsort((-weights[numbers], rows))
    rows, numbers = rows[order], numbers[order]
    firsts = np.searchsorted(rows, np.arange(len(grams) + 1))
    rank = np.arange(len(rows)) - firsts[rows]
    rare = rank < np.maximum(_LEAST_RARE, (np.diff(firsts)[rows] + 1) // 2)
    rows, numbers = rows[rare], numbers[rare]
    order = np.lexsort((rows, numbers))
    rows, numbers = rows[order], numbers[order]
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
        stop = max(int(np.searchsorted(upto, done + _AT_ONCE, side="right")), start + 1)
        n_own = n_after[start:stop]
        left = np.repeat(np.arange(start, stop), n_own)
        steps = np.arange(len(left)) - np.repeat(np.cumsum(n_own) - n_own, n_own)
        yield left, left + 1 + steps
        start = stop


def _mark_nouns(reports: Reports, clauses: Clauses, chosen: IntArray) -> BoolArray:
    """Mark the characters of nouns in some wordings; what stands for figures and the own place is none."""
    marked = np.zeros((len(clauses.wordings), MOST_CHARS), dtype=bool)
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    urging, terms = frozenset(reports.lexicon.exhortations), frozenset(reports.lexicon.words)
    for row in chosen.tolist():
        words = clauses.wordings[row]
        for start, end in mark_nouns(words, tokenizer, terms=terms):
            marked[row, start:end] = words[start:end] not in urging
    return marked
