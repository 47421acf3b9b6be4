"""Under which definition a phrase counts as boilerplate, and the passages and units that it is looked for in.

The default asks for eight characters, which are about four words, the published length, and need no segmentation into
words; and for clauses, since a clause is short enough that one shared phrase does not turn a sentence of a hundred
characters into boilerplate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import count_holders, mark_covered, number_grams
from corpus.analysis.index.shared_grams import find_grams
from corpus.analysis.index.unit_row import Array, IntArray, UnitRow, WordNumbers, lay_keys, lay_words, number_words
from corpus.analysis.reuse.base_rates import number_issuers
from corpus.analysis.words.segmentation import Word, words_of
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Passage, Role

TextUnit = Literal["character", "word"]
Segment = Literal["sentence", "clause", "phrase"]

TEXT_UNITS: tuple[TextUnit, ...] = ("word", "character")
SEGMENTS: tuple[Segment, ...] = ("sentence", "clause", "phrase")


@dataclass(frozen=True, slots=True)
class BoilerplateSetting:
    """What counts as boilerplate.

    Attributes
    ----------
    unit : {"character", "word"}
        Characters of ``key``, or jieba's words with the lexicon of the reports; punctuation is in neither.
    n : int
        Units of a phrase, 1 or more.
    min_reports : int
        A phrase is boilerplate if it stands in at least this many reports, 2 or more.
    segment : {"sentence", "clause", "phrase"}
        The passages that are flagged as a whole. No phrase is counted across the end of one.

    Examples
    --------
    >>> import corpus
    >>> corpus.BoilerplateSetting(unit="word", n=4, segment="sentence")
    BoilerplateSetting(unit='word', n=4, min_reports=2, segment='sentence')
    """

    unit: TextUnit = "character"
    n: int = 8
    min_reports: int = 2
    segment: Segment = "clause"

    def __post_init__(self) -> None:
        for name, allowed in (("unit", TEXT_UNITS), ("segment", SEGMENTS)):
            if getattr(self, name) not in allowed:
                raise CorpusError(f"{name}={getattr(self, name)!r} is none of {', '.join(allowed)}")
        if self.n < 1 or self.min_reports < 2:
            raise CorpusError(f"n={self.n} must be 1 or more and min_reports={self.min_reports} must be 2 or more")


def every_setting(n_reports: int) -> list[BoilerplateSetting]:
    """Return the settings of the specification curve.

    They are 2 to 5 words and 4 to 16 characters, each with every segment and every threshold from 2 reports to
    ``n_reports``, at most 5.
    """
    lengths: dict[TextUnit, tuple[int, ...]] = {"word": (2, 3, 4, 5), "character": (4, 6, 8, 12, 16)}
    return [
        BoilerplateSetting(unit, n, min_reports, segment)
        for unit in TEXT_UNITS
        for n, min_reports, segment in product(lengths[unit], range(2, min(n_reports, 5) + 1), SEGMENTS)
    ]


class MeasuredTexts:
    """The passages of some reports and their units, each found and laid out once for many measures.

    Parameters
    ----------
    reports : Reports
    role : str, optional
        Only the passages of parts with this role.
    """

    def __init__(self, reports: Reports, role: Role | None = None) -> None:
        self.reports = reports
        self._role = role
        self._spans: dict[Segment, list[IntArray]] = {}
        self._rows: dict[tuple[TextUnit, Segment], UnitRow] = {}

    @cached_property
    def issuers(self) -> IntArray:
        """Of each report a number for its issuer, one of its own where it is unknown."""
        return number_issuers(self.reports)

    @cached_property
    def years(self) -> IntArray:
        """The year that each report reviews; 0 where it is unknown."""
        return np.array([report.year_reviewed or 0 for report in self.reports], dtype=np.int64)

    def passages(self, segment: Segment) -> Iterator[list[Passage]]:
        """Yield the passages of each report; they are found again each time, since with their words they are large."""
        return (report.passages(segment, role=self._role) for report in self.reports)

    def row(self, unit: TextUnit, segment: Segment) -> UnitRow:
        """Return the units in one row, a stretch a passage."""
        if (unit, segment) not in self._rows:
            if segment not in self._spans:
                spans = ([(passage.start, passage.end) for passage in own] for own in self.passages(segment))
                self._spans[segment] = [np.array(own, dtype=np.int64).reshape(-1, 2) for own in spans]
            stretches = (own.tolist() for own in self._spans[segment])
            laid = lay_words(self.words, stretches) if unit == "word" else lay_keys(self.reports, stretches)
            self._rows[unit, segment] = laid
        return self._rows[unit, segment]

    @property
    def words(self) -> WordNumbers:
        """The words of the reports: jieba's with the lexicon, those left out that hold punctuation alone."""
        return self._cut[0]

    def span(self, unit: TextUnit, owner: int, first: int, last: int) -> tuple[int, int]:
        """Return the span of ``raw`` of some units of a report, by their places in its key or among its words."""
        if unit == "character":
            return self.reports[owner].raw_span(first, last)
        numbers, ends = self._cut
        return int(numbers.starts[owner][first]), int(ends[owner][last - 1])

    @cached_property
    def _cut(self) -> tuple[WordNumbers, list[IntArray]]:
        ends: list[IntArray] = []

        def cut() -> Iterator[list[Word]]:
            for words in words_of(self.reports):
                ends.append(np.array([word.end for word in words], dtype=np.int64))
                yield words

        return number_words(cut()), ends


class PhraseCounts(NamedTuple):
    """Of each passage its report, its units, those in common phrases, and in how many reports its commonest stands."""

    owners: IntArray
    units: IntArray
    covered: IntArray
    most: IntArray


class CommonPhrases:
    """In how many reports the phrases of some texts stand; the length counted last is kept for other thresholds."""

    def __init__(self, texts: MeasuredTexts) -> None:
        self.texts = texts
        self._counted: tuple[tuple[TextUnit, Segment, int], Array] | None = None

    def row(self, setting: BoilerplateSetting) -> UnitRow:
        return self.texts.row(setting.unit, setting.segment)

    def n_reports(self, setting: BoilerplateSetting) -> Array:
        """Return in how many reports the phrase stands that begins at each place of the row."""
        key = (setting.unit, setting.segment, setting.n)
        if self._counted is None or self._counted[0] != key:
            self._counted = None
            self._counted = key, _count_reports(self.row(setting), setting.n, setting.unit)
        return self._counted[1]

    def count(self, setting: BoilerplateSetting) -> PhraseCounts:
        row, n_reports = self.row(setting), self.n_reports(setting)
        if not len(row.starts):
            return PhraseCounts(row.owners, row.starts, row.starts, row.starts)
        # Stretches lie side by side, each with the boundary behind it.
        covered = mark_covered(n_reports >= setting.min_reports, setting.n)
        n_covered = np.add.reduceat(covered, row.starts, dtype=np.int64)
        return PhraseCounts(row.owners, row.ends - row.starts, n_covered, np.maximum.reduceat(n_reports, row.starts))


def _count_reports(row: UnitRow, n: int, unit: TextUnit) -> Array:
    """Return in how many reports the n-gram of each place stands; 0 where the stretch ends before."""
    if unit == "word":
        return count_holders(row, number_grams(row.units, n))
    steps = np.zeros(len(row.units) + 1, dtype=np.int8)
    long_enough = row.ends - row.starts >= n
    steps[row.starts[long_enough]] = 1
    steps[row.ends[long_enough] - n + 1] -= 1
    counts = np.cumsum(steps[:-1], dtype=np.int32)
    for grams in find_grams(row, n, exact_above=1):
        counts[grams.places] = np.repeat(grams.n_reports, grams.sizes)
    return counts
