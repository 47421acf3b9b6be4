"""Clauses of two reports that say one thing in other words, which no common stretch of text shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS
from corpus.analysis.alignment.passage_pairs import heaviest_rise
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
from corpus.report.table_columns import as_table, tabulated
from corpus.report.values import Role

MOST_PAIRS = 20_000
"""Pairs of reports up to which all rewordings are listed."""

_LEAST_CHARS = 12  # of the longer clause, as printed
_LEAST_KEY = 6  # of the shorter one
_LEAST_COMMON = 0.7
_LEAST_DICE = 0.5
_LEAST_RARE = 6
_MOST_CLAUSES = 200  # that a pair of characters stands in, beyond MOST_PAIRS
_AT_ONCE = 1 << 21

_FIGURE, _OWN = "0", "□"
_LABEL = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}(?:、|是(?!否))"
    r"|[(（]?\d{1,2}[)）]|\d{1,2}[、．.](?!\d)|[①-⑳])\s*"
)
_ARABIC = re.compile(r"\d+")
_FIGURES = re.compile(r"\d+(?:[.．,，]\d+)*[%％‰]?|左右|以上|以下|以内|超过|突破|不低于|不少于|高于|低于|[超约近]")
_ENDING = re.compile(r"(?:[省市县区州盟旗]|(?:壮族|回族|维吾尔|特别行政|[一-龥]{2,8}族)?自治[区州县旗])$")


@tabulated
def find_rewordings(
    reports: Reports, *, pairs: Iterable[tuple[str, str]] | None = None, role: Role | None = None
) -> pd.DataFrame:
    """Return the clauses of two reports that say one thing in other words, or with other figures.

    A second pass, over what `corpus.find_reuse` cannot see: clauses that have no 12 characters on end in common. Two
    clauses are candidates if two of the rarest pairs of neighbouring characters of the one are among the rarest of the
    other (the rarer half of its pairs, 6 at least). A candidate is a rewording if

    - twice the longest common subsequence is 0.7 of the characters of both, figures counted as one character each;
    - the weighted Dice similarity of their pairs of characters, each weighed by log(clauses / clauses that have it), is
      0.5 or more;
    - no noun of the one was replaced by another noun (服务业, 金融业): a noun counts as replaced where a character of it
      stands nowhere in the other clause, so that 国企 and 国有企业 are one;
    - the same places are named, the report's own place apart.

    Labels (五、 七是) do not count. Clauses have 12 characters or more, the shorter one 6, and up to 64 of ``key``: longer
    ones that were reworded have 12 characters on end in common. Which clauses are rare depends on the collection, and so
    what is listed; the row itself rests on the two clauses alone.

    Read by a model on government work reports of 103 cities and 31 provinces: see the notes on validation. Lists that
    have one more item, and another emphasis (全面, 深入), count as the same statement.

    Parameters
    ----------
    reports : Reports
    pairs : iterable of (str, str), optional
        Pairs of ids that are listed; by default all. In more than 20,000 pairs of reports, what stands in more than 200
        clauses brings no clauses together: that is everybody's, and `corpus.find_formulas` has it.
    role : str, optional
        Only the parts with this role, in both reports.

    Returns
    -------
    DataFrame
        One row a pair of clauses, by report a, report b, start_a, start_b; report a stands before report b in
        ``reports``. A clause may stand in several rows.

        {columns of find_rewordings}

    Raises
    ------
    CorpusError
        If the role is none of the roles.

    Examples
    --------
    >>> import corpus
    >>> from corpus.analysis.comparison.rewordings import find_rewordings
    >>> found = find_rewordings(corpus.load_reports())
    """
    clauses = _collect_clauses(reports, role)
    first, second = _find_similar(reports, clauses)
    one, other = _place_pairs(reports, clauses, (first, second), pairs)
    return _tabulate(reports, clauses, one, other)


@dataclass(frozen=True, slots=True, eq=False)
class _Clauses:
    """The clauses of several reports, and their distinct wordings.

    A wording is the key without label, each figure one sign, the report's own place another. ``spans`` holds for each
    clause report, start and end in ``raw``, and the length as printed; ``wording`` its wording; ``figures`` a number that
    is equal where the figures and what hedges them are.
    """

    spans: IntArray
    keys: list[str]
    wording: IntArray
    figures: IntArray
    wordings: list[str]
    texts: ShortTexts


def _collect_clauses(reports: Reports, role: Role | None) -> _Clauses:
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
            if not _LEAST_KEY <= len(key):
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
    columns = (np.array(values, dtype=np.int64) for values in (wording, hedged))
    return _Clauses(np.array(spans, dtype=np.int64).reshape(-1, 4), keys, *columns, wordings, lay_short_texts(wordings))


def _own_names(report: Report) -> re.Pattern[str] | None:
    """Return a pattern of the names of the places that a report is of, with and without what they are."""
    names = {report.value(level) for level in ("province", "prefecture", "county", "township")} - {None}
    stems = {_ENDING.sub("", name) for name in names}
    known = sorted((name for name in names | stems if len(name) > 1), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known))) if known else None


def _find_similar(reports: Reports, clauses: _Clauses) -> tuple[IntArray, IntArray]:
    """Return the pairs of wordings that are one statement, the lower number first; a wording is one with itself."""
    grams, weights = _number_pairs(clauses)
    all_listed = len(reports) * (len(reports) - 1) // 2 <= MOST_PAIRS
    codes = _candidates(clauses, grams, weights, most=len(clauses.wordings) if all_listed else _MOST_CLAUSES)
    first, second = np.divmod(codes, max(len(clauses.wordings), 1))
    lengths, texts = clauses.texts.lengths, clauses.texts
    n_common, has_run = count_common(texts, first, second, never=int(_number_of(texts, clauses.wordings, _FIGURE)))
    kept = (2 * n_common >= _LEAST_COMMON * (lengths[first] + lengths[second])) & ~has_run
    first, second = first[kept], second[kept]
    kept = weigh_common(grams, weights, first, second, texts) >= _LEAST_DICE
    first, second = first[kept], second[kept]
    nouns = _mark_nouns(reports, clauses, distinct(np.concatenate([first, second])))
    replaced = lacks_marked(texts, nouns, first, second) & lacks_marked(texts, nouns, second, first)
    first, second = first[~replaced], second[~replaced]
    same = np.arange(len(clauses.wordings))[lengths >= _LEAST_KEY]
    return np.concatenate([first, same]), np.concatenate([second, same])


def _number_of(texts: ShortTexts, wordings: Sequence[str], sign: str) -> int:
    """Return the number of a character among the texts, 0 if it stands in none."""
    for row, words in enumerate(wordings):
        if sign in words and texts.lengths[row]:
            return int(texts.chars[row, words.index(sign)])
    return 0


def _number_pairs(clauses: _Clauses) -> tuple[Array, FloatArray]:
    """Return the pair of characters that begins at each place of a wording, once each, and what each weighs."""
    chars = clauses.texts.chars.astype(np.int64)
    pairs = np.full(chars.shape, -1, dtype=np.int64)
    whole = (chars[:, 1:] > 0) & (chars[:, :-1] > 0)
    pairs[:, :-1][whole] = ((chars[:, :-1] << 16) | chars[:, 1:])[whole]
    rows, places = np.nonzero(pairs >= 0)
    values, numbers = np.unique(pairs[rows, places], return_inverse=True)
    _, once = np.unique(rows * len(values) + numbers, return_index=True)
    grams = np.full(chars.shape, -1, dtype=np.int32)
    grams[rows[once], places[once]] = numbers[once]
    n_clauses = np.bincount(numbers[once], minlength=len(values))
    return grams, np.log(max(len(clauses.wordings), 1) / np.maximum(n_clauses, 1)) + 1e-6


def _candidates(clauses: _Clauses, grams: Array, weights: FloatArray, *, most: int) -> IntArray:
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


def _mark_nouns(reports: Reports, clauses: _Clauses, chosen: IntArray) -> BoolArray:
    """Mark the characters of nouns in some wordings; what stands for figures and the own place is none."""
    marked = np.zeros((len(clauses.wordings), MOST_CHARS), dtype=bool)
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    for row in chosen.tolist():
        for start, end in mark_nouns(clauses.wordings[row], tokenizer):
            marked[row, start:end] = True
    return marked


def _place_pairs(
    reports: Reports, clauses: _Clauses, similar: tuple[IntArray, IntArray], pairs: Iterable[tuple[str, str]] | None
) -> tuple[IntArray, IntArray]:
    """Return the pairs of clauses that have similar wordings, the earlier report first."""
    first, second = similar
    by_wording = np.argsort(clauses.wording, kind="stable")
    firsts = np.searchsorted(clauses.wording[by_wording], np.arange(len(clauses.wordings) + 1))
    sizes = np.diff(firsts)
    n_rows = sizes[first] * sizes[second]
    pair = np.repeat(np.arange(len(first)), n_rows)
    step = np.arange(len(pair)) - np.repeat(np.cumsum(n_rows) - n_rows, n_rows)
    one = by_wording[firsts[first[pair]] + step // sizes[second[pair]]]
    other = by_wording[firsts[second[pair]] + step % sizes[second[pair]]]
    owners, printed = clauses.spans[:, 0], clauses.spans[:, 3]
    kept = (owners[one] != owners[other]) & (np.maximum(printed[one], printed[other]) >= _LEAST_CHARS)
    kept &= (first != second)[pair] | (one < other)
    one, other = one[kept], other[kept]
    swapped = owners[one] > owners[other]
    one, other = np.where(swapped, other, one), np.where(swapped, one, other)
    if pairs is not None:
        places = {report.report_id: place for place, report in enumerate(reports)}
        wanted = [sorted((places[a], places[b])) for a, b in pairs if a in places and b in places]
        codes = np.array([a * len(reports) + b for a, b in wanted], dtype=np.int64)
        listed = np.isin(owners[one] * len(reports) + owners[other], codes)
        one, other = one[listed], other[listed]
    return one, other


def _tabulate(reports: Reports, clauses: _Clauses, one: IntArray, other: IntArray) -> pd.DataFrame:
    _, number = np.unique(clauses.keys, return_inverse=True) if clauses.keys else (None, np.zeros(0, dtype=np.int64))
    differ = number[one] != number[other]
    one, other = one[differ], other[differ]
    texts = lay_short_texts(clauses.keys)
    n_common, has_run = count_common(texts, one, other)
    kept = ~has_run & (n_common > 0)
    one, other, n_common = one[kept], other[kept], n_common[kept]
    starts = clauses.spans[:, 1]
    order = np.lexsort((starts[other], starts[one], clauses.spans[other, 0], clauses.spans[one, 0]))
    one, other, n_common = one[order], other[order], n_common[order]
    same_figures = clauses.figures[one] == clauses.figures[other]
    same_figures &= ~_renumbered(clauses, one, other)
    names = pd.array([report.report_id for report in reports], dtype="str")
    lengths = texts.lengths
    columns = {
        "report_a": names.take(clauses.spans[one, 0]),
        "start_a": clauses.spans[one, 1],
        "end_a": clauses.spans[one, 2],
        "report_b": names.take(clauses.spans[other, 0]),
        "start_b": clauses.spans[other, 1],
        "end_b": clauses.spans[other, 2],
        "matched_chars": n_common,
        "similarity": 2 * n_common / (lengths[one] + lengths[other]),
        "moved": _are_moved(clauses, one, other, n_common),
        "match": np.where(same_figures, "reworded", "figures"),
    }
    return as_table(pd.DataFrame(columns), "find_rewordings")


def _renumbered(clauses: _Clauses, one: IntArray, other: IntArray) -> BoolArray:
    """Tell which pairs of clauses have Chinese numerals of which either lacks one (八次, 九次)."""
    counts = np.array([[words.count(sign) for sign in CHINESE_NUMERALS] for words in clauses.wordings], dtype=np.int8)
    counts = counts.reshape(-1, len(CHINESE_NUMERALS))
    differences = counts[clauses.wording[one]] - counts[clauses.wording[other]]
    renumbered: BoolArray = (differences > 0).any(axis=1) & (differences < 0).any(axis=1)
    return renumbered


def _are_moved(clauses: _Clauses, one: IntArray, other: IntArray, weights: IntArray) -> BoolArray:
    """Tell which rows stand in another order than most of their pair, as in `corpus.find_reuse`; rows are ordered."""
    spans = clauses.spans
    pair = spans[one, 0] * (int(spans[:, 0].max(initial=0)) + 1) + spans[other, 0]
    edges = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else np.zeros(0, dtype=np.int64)
    moved = np.ones(len(one), dtype=bool)
    for low, high in zip(edges.tolist(), [*edges[1:].tolist(), len(one)], strict=True):
        order = low + np.lexsort((-spans[other[low:high], 1], spans[one[low:high], 1]))
        chosen = heaviest_rise(spans[other[order], 1].tolist(), weights[order].tolist())
        moved[order[chosen]] = False
    return moved
