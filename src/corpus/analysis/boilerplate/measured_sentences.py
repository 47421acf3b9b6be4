"""What the published measures of boilerplate count: sentences as rows of units, and the published parameters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Literal

import numpy as np

from corpus.analysis.index.gram_numbers import number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow, lay_keys, lay_words, number_words
from corpus.analysis.words.segmentation import split_words, tokenizer_for
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import FACTS, Passage

TextUnit = Literal["word", "character"]


@dataclass(frozen=True, eq=False)
class Wording:
    """The sentences of some reports, cut once for several measures.

    Attributes
    ----------
    reports : Reports
    unit : {"word", "character"}
        Words of jieba with the lexicon of the reports, without tokens that have no letter, digit or Han character;
        or characters of ``key``.
    row : UnitRow
        A stretch a sentence.
    words : tuple of str
        The word with each number; empty for characters.
    sentences : tuple of Passage
        In the order of the stretches.
    issuers, years : array of int
        Of each report a number for its issuer (one of its own where it is unknown), and the year reviewed (0: unknown).
    """

    reports: Reports
    unit: TextUnit
    row: UnitRow
    words: tuple[str, ...]
    sentences: tuple[Passage, ...]
    issuers: IntArray
    years: IntArray

    @cached_property
    def sizes(self) -> IntArray:
        """How many units each sentence has."""
        return self.row.ends - self.row.starts

    @cached_property
    def report_sizes(self) -> IntArray:
        """How many units each report has: the denominator of every share."""
        return self.sum_by_report(self.sizes)

    def number_grams(self, n: int) -> IntArray:
        """Return the number of the n-gram that begins at each place of the row and ends in the same sentence, or -1."""
        return number_grams(self.row.units, n)

    def holding(self, starts: BoolArray) -> BoolArray:
        """Return which sentences hold one of the n-grams that begin at the marked places."""
        held = np.zeros(len(self.sentences), dtype=np.bool_)
        held[self.row.stretch_of(np.flatnonzero(starts))] = True
        return held

    def share_by_report(self, flagged: BoolArray) -> list[float]:
        """Return for each report the share of its units in the sentences that are flagged; NaN without a unit."""
        flagged_units = self.sum_by_report(self.sizes * flagged)
        empty = np.full(len(self.reports), np.nan)
        shares: list[float] = np.divide(
            flagged_units, self.report_sizes, out=empty, where=self.report_sizes > 0
        ).tolist()
        return shares

    def sum_by_report(self, values: IntArray) -> IntArray:
        """Return the sum of a value of each sentence over the sentences of each report."""
        return np.bincount(self.row.owners, weights=values, minlength=len(self.reports)).astype(np.int64)


def cut_sentences(reports: Reports, unit: TextUnit = "word") -> Wording:
    """Cut the sentences of the bodies into words or characters.

    Raises
    ------
    CorpusError
        If the unit is neither.
    """
    if unit not in ("word", "character"):
        raise CorpusError(f"unit={unit!r} is none of word, character")
    passages = [report.passages("sentence") for report in reports]
    spans = [[(passage.start, passage.end) for passage in own] for own in passages]
    words: tuple[str, ...] = ()
    if unit == "word":
        tokenizer = tokenizer_for(reports, (report.text for report in reports))
        numbered = number_words(split_words(report, tokenizer) for report in reports)
        row, words = lay_words(numbered, spans), numbered.names
    else:
        row = lay_keys(reports, spans)
    issuers: dict[str, int] = {}
    return Wording(
        reports=reports,
        unit=unit,
        row=row,
        words=words,
        sentences=tuple(passage for own in passages for passage in own),
        issuers=np.array(
            [issuers.setdefault(report.issuer or f"report {report.report_id}", len(issuers)) for report in reports],
            dtype=np.int64,
        ),
        years=np.array([report.year_reviewed or 0 for report in reports], dtype=np.int64),
    )


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise CorpusError(message)


@dataclass(frozen=True, slots=True)
class LangSetting:
    """Which phrases are boilerplate after Lang & Stice-Lawrence (2015).

    Attributes
    ----------
    unit : {"word", "character"}
    n : int
        Units of a phrase within a sentence.
    min_share : float
        A phrase is boilerplate if at least this share of the issuers has it …
    min_mean_count : float
        … or if it stands at least so often in a report on average,
    max_share : float
        unless at least this share of the issuers has it: those are prescribed, or the language itself.
    """

    unit: TextUnit = "word"
    n: int = 4
    min_share: float = 0.30
    min_mean_count: float = 5.0
    max_share: float = 0.75

    least_reports: ClassVar[int] = 10

    def __post_init__(self) -> None:
        _check(self.n >= 1, f"n={self.n}: a phrase has 1 unit or more")
        _check(0 <= self.min_share <= 1, f"min_share={self.min_share} is no share")
        _check(self.max_share >= 0, f"max_share={self.max_share} is below 0")


@dataclass(frozen=True, slots=True)
class DyerSetting:
    """Which phrases are boilerplate, and which are sticky, after Dyer, Lang & Stice-Lawrence (2017).

    Attributes
    ----------
    unit : {"word", "character"}
    n : int
        Units of a phrase within a sentence, for boilerplate.
    min_share : float
        A phrase is boilerplate if at least this share of the issuers has it in reports on the same year.
    sticky_n : int
        Units of a phrase that is sticky if the issuer's report of the year before has it too.
    pool_years : bool
        Whether issuers are counted over all years, which the paper does not do.
    """

    unit: TextUnit = "word"
    n: int = 4
    min_share: float = 0.75
    sticky_n: int = 8
    pool_years: bool = False

    least_issuers: ClassVar[int] = 5

    def __post_init__(self) -> None:
        _check(self.n >= 1 and self.sticky_n >= 1, f"n={self.n}, sticky_n={self.sticky_n}: a phrase has 1 unit or more")
        _check(0 < self.min_share <= 1, f"min_share={self.min_share} is no share above 0")


@dataclass(frozen=True, slots=True)
class ContentSetting:
    """Which reports are peers for standard and informative content.

    Attributes
    ----------
    group : str
        Name of the fact that near peers share, in place of the industry.
    pool_years : bool
        Whether reports on any year are peers, not only those on the same year.
    """

    group: str = "level"
    pool_years: bool = False

    least_issuers: ClassVar[int] = 5

    def __post_init__(self) -> None:
        _check(self.group in FACTS, f"group={self.group!r} is no fact of a report; the facts are {', '.join(FACTS)}")


@dataclass(frozen=True, slots=True)
class PublishedSettings:
    """The parameters of all published measures; by default those that were published."""

    lang: LangSetting = LangSetting()
    dyer: DyerSetting = DyerSetting()
    content: ContentSetting = ContentSetting()


PUBLISHED = PublishedSettings()
