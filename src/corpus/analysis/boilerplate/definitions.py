"""How much of a report stands in other reports too, under every definition of what that means.

A passage is boilerplate when it holds a phrase of n units that stands in at least so many reports, after Lang &
Stice-Lawrence (2015, J. Accounting & Economics 60:110-135; taken from replications, not from the paper), who count
phrases of four words within a sentence and thresholds as shares of the reports. Here the threshold is a number of
reports, since there are few, and the unit, n and segment are open: on the bundled reports they move the share of
one report from .02 to .98, so that a share is never given without them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import chain, product
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.comparison.intervals import estimate_share
from corpus.analysis.index.gram_numbers import count_holders, mark_covered, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow, WordNumbers, lay_keys, lay_words, number_words
from corpus.analysis.resampling import LEVEL, N_DRAWS, SEED
from corpus.analysis.words.segmentation import split_words, tokenizer_with, words_kept_whole
from corpus.errors import CorpusError
from corpus.report.passages import Scope
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
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
    scope : {"body", "file"}
        ``file`` takes the page clutter too.

    Examples
    --------
    >>> import corpus
    >>> corpus.BoilerplateSetting(unit="word", n=4, segment="sentence")
    BoilerplateSetting(unit='word', n=4, min_reports=2, segment='sentence', scope='body')
    """

    unit: TextUnit = "character"
    n: int = 8
    min_reports: int = 2
    segment: Segment = "clause"
    scope: Scope = "body"

    def __post_init__(self) -> None:
        choices = (("unit", TEXT_UNITS), ("segment", SEGMENTS), ("scope", ("body", "file")))
        for name, allowed in choices:
            if getattr(self, name) not in allowed:
                raise CorpusError(f"{name}={getattr(self, name)!r} is none of {', '.join(allowed)}")
        if self.n < 1 or self.min_reports < 2:
            raise CorpusError(f"n={self.n} must be 1 or more and min_reports={self.min_reports} must be 2 or more")


# Eight characters are about four words, the published length, and need no segmentation into words; a clause is
# short enough that one shared phrase does not turn a sentence of a hundred characters into boilerplate.
DEFAULT_SETTING = BoilerplateSetting()


@tabulated
def score_boilerplate(
    reports: Reports, *, setting: BoilerplateSetting = DEFAULT_SETTING, role: Role | None = None
) -> pd.DataFrame:
    """Return how much of each passage other reports have too: ``measure_boilerplate(by="passage")``.

    Parameters
    ----------
    reports : Reports
        Document frequencies count the reports given, each once.
    setting : BoilerplateSetting
        Unit, n, threshold, segment and scope. The default is 8 characters, 2 reports, clauses of the body.
    role : str, optional
        Only the passages of parts with this role, in all reports.

    Returns
    -------
    DataFrame
        One row a passage, in reading order. ``attrs["setting"]`` holds the setting.

        {columns of measure_boilerplate.passage}
    """
    texts = _Texts(reports, role)
    passages = texts.passages(setting)
    counts = texts.count_units(setting)
    owners = (report.report_id for report, own in zip(reports, passages, strict=True) for _ in own)
    table = build_table(
        (
            (
                report_id,
                *(passage.start, passage.end, passage.text, passage.section, passage.role, passage.is_heading),
                *(units, covered, covered / units if units else 0.0, most, most >= setting.min_reports),
            )
            for report_id, passage, units, covered, most in zip(
                owners, chain.from_iterable(passages), *(column.tolist() for column in counts), strict=True
            )
        ),
        "measure_boilerplate.passage",
    )
    table.attrs["setting"] = asdict(setting)
    return table


@tabulated
def locate_phrases(
    reports: Reports, *, setting: BoilerplateSetting = DEFAULT_SETTING, role: Role | None = None
) -> pd.DataFrame:
    """Return where the phrases stand that make passages boilerplate: ``measure_boilerplate(by="phrase")``.

    Phrases that overlap, or follow each other within a passage without a unit between them, are one stretch, so that
    the units of the stretches in a passage add up to its ``n_units_covered``.

    Parameters
    ----------
    reports, setting, role
        As in `score_boilerplate`.

    Returns
    -------
    DataFrame
        One row a stretch, in reading order. ``attrs["setting"]`` holds the setting.

        {columns of measure_boilerplate.phrase}
    """
    table = build_table(_Texts(reports, role).locate_common(setting), "measure_boilerplate.phrase")
    table.attrs["setting"] = asdict(setting)
    return table


@tabulated
def share_boilerplate(scores: pd.DataFrame, *, intervals: bool = False) -> pd.DataFrame:
    """Return the share of each report that is boilerplate, from its passages: ``measure_boilerplate(by="report")``.

    Parameters
    ----------
    scores : DataFrame
        From `score_boilerplate`.
    intervals : bool
        Whether share_flagged gets its interval over the passages of the report. It answers: had the issuer written as
        many passages of the same kind, how much of them would be flagged with the other reports at hand, as they
        stand? It is made as in `corpus.analysis.comparison.intervals` and is as narrow as that; it says nothing of
        other issuers, of years, or of what more reports would change.

    Returns
    -------
    DataFrame
        One row a report, in the order of ``scores``. With intervals, ``attrs`` hold ``level``, ``n_draws`` and
        ``seed``.

        {columns of measure_boilerplate.report}
    """
    rows = []
    for report_id, passages in scores.groupby("report_id", sort=False):
        units = passages["n_units"].to_numpy()
        flagged = units * passages["is_boilerplate"].to_numpy()
        n_units, n_covered = int(units.sum()), int(passages["n_units_covered"].sum())
        found = estimate_share(flagged, units) if intervals else None
        ends = (found.low, found.high, found.n_stretches) if found else (math.nan, math.nan, None)
        rows.append((report_id, n_units, len(passages), *_shares(int(flagged.sum()), n_covered, n_units), *ends))
    table = build_table(rows, "measure_boilerplate.report")
    if intervals:
        table.attrs.update(level=LEVEL, n_draws=N_DRAWS, seed=SEED)
    return table


def _shares(n_flagged: int, n_covered: int, n_units: int) -> tuple[float, float]:
    return (n_flagged / n_units, n_covered / n_units) if n_units else (math.nan, math.nan)


def every_setting(n_reports: int, *, scope: Scope = "body") -> list[BoilerplateSetting]:
    """Return the settings of the specification curve.

    They are 2 to 5 words and 4 to 16 characters, each with every segment and every threshold from 2 reports to
    ``n_reports``, at most 5.
    """
    lengths: dict[TextUnit, tuple[int, ...]] = {"word": (2, 3, 4, 5), "character": (4, 6, 8, 12, 16)}
    return [
        BoilerplateSetting(unit, n, min_reports, segment, scope)
        for unit in TEXT_UNITS
        for n, min_reports, segment in product(lengths[unit], range(2, min(n_reports, 5) + 1), SEGMENTS)
    ]


@tabulated
def tabulate_boilerplate(
    reports: Reports,
    *,
    settings: Sequence[BoilerplateSetting] | None = None,
    role: Role | None = None,
    intervals: bool = False,
) -> pd.DataFrame:
    """Return the share of each report that is boilerplate, under every setting: ``measure_boilerplate(by="setting")``.

    Parameters
    ----------
    reports : Reports
    settings : sequence of BoilerplateSetting, optional
        By default `every_setting`.
    role : str, optional
        Only the passages of parts with this role, in all reports.
    intervals : bool
        Whether each share gets its interval over the passages of its report, see `share_boilerplate`.

    Returns
    -------
    DataFrame
        One row a setting and report, in the order of both.

        {columns of measure_boilerplate.setting}
    """
    texts = _Texts(reports, role)
    rows = []
    for setting in every_setting(len(reports)) if settings is None else settings:
        units, covered, most = texts.count_units(setting)
        flagged = units * (most >= setting.min_reports)
        owners = np.repeat(np.arange(len(reports)), [len(own) for own in texts.passages(setting)])
        n_units, n_flagged, n_covered = (
            np.bincount(owners, weights=weights, minlength=len(reports)).astype(np.int64).tolist()
            for weights in (units, flagged, covered)
        )
        for owner, report in enumerate(reports):
            ends = [math.nan] * 4
            if intervals:
                own = owners == owner
                estimates = [estimate_share(part[own], units[own]) for part in (flagged, covered)]
                ends = [end for found in estimates for end in (found.low, found.high)]
            shares = _shares(n_flagged[owner], n_covered[owner], n_units[owner])
            rows.append((report.report_id, *astuple(setting), n_units[owner], *shares, *ends))
    return build_table(rows, "measure_boilerplate.setting")


class _Common(NamedTuple):
    """In how many reports the phrase stands that begins at each place of a row, and the commonest of each passage."""

    n_reports: IntArray
    most: IntArray


class _Texts:
    """The passages of some reports and their units, each found, laid out and indexed once for many settings."""

    def __init__(self, reports: Reports, role: Role | None) -> None:
        self._reports = reports
        self._role = role
        self._words: dict[Scope, WordNumbers] = {}
        self._word_ends: dict[Scope, list[list[int]]] = {}
        self._passages: dict[tuple[Segment, Scope], list[list[Passage]]] = {}
        self._rows: dict[tuple[TextUnit, Segment, Scope], UnitRow] = {}
        self._common: dict[tuple[TextUnit, Segment, Scope, int], _Common] = {}

    def passages(self, setting: BoilerplateSetting) -> list[list[Passage]]:
        """Return the passages of each report."""
        key = (setting.segment, setting.scope)
        if key not in self._passages:
            self._passages[key] = [
                report.passages(setting.segment, role=self._role, scope=setting.scope) for report in self._reports
            ]
        return self._passages[key]

    def count_units(self, setting: BoilerplateSetting) -> tuple[IntArray, IntArray, IntArray]:
        """Return for each passage its units, those in common phrases, and in how many reports its commonest stands."""
        row, common = self._row(setting), self._find_common(setting)
        covered = np.flatnonzero(mark_covered(common.n_reports >= setting.min_reports, setting.n))
        n_covered = np.bincount(row.stretch_of(covered), minlength=len(row.starts))
        return row.ends - row.starts, n_covered, common.most

    def locate_common(self, setting: BoilerplateSetting) -> Iterator[tuple[Any, ...]]:
        """Yield each stretch of units in common phrases: report, place, words, units, and how many reports have it."""
        row, n_reports = self._row(setting), self._find_common(setting).n_reports
        covered = mark_covered(n_reports >= setting.min_reports, setting.n)
        # A boundary is never covered, so that no run goes on into another passage.
        edges = np.flatnonzero(np.diff(covered.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
        owners, firsts = row.trace(edges[:, 0])
        columns = (owners.tolist(), firsts.tolist(), edges.tolist())
        for owner, first, (begin, stop) in zip(*columns, strict=True):
            report = self._reports[owner]
            start, end = self._span(setting, owner, first, first + stop - begin)
            most = int(n_reports[begin:stop].max())
            yield report.report_id, start, end, report.quote(start, end), stop - begin, most

    def _span(self, setting: BoilerplateSetting, owner: int, first: int, last: int) -> tuple[int, int]:
        """Return the span of ``raw`` of some units of a report, by their places in its key or among its words."""
        if setting.unit == "character":
            return self._reports[owner].raw_span(first, last)
        numbers = self._number_words(setting.scope)
        return int(numbers.starts[owner][first]), self._word_ends[setting.scope][owner][last - 1]

    def _row(self, setting: BoilerplateSetting) -> UnitRow:
        """Return the units in one row, a stretch a passage."""
        key = (setting.unit, setting.segment, setting.scope)
        if key not in self._rows:
            spans = [[(passage.start, passage.end) for passage in own] for own in self.passages(setting)]
            if setting.unit == "word":
                self._rows[key] = lay_words(self._number_words(setting.scope), spans)
            else:
                self._rows[key] = lay_keys(self._reports, spans)
        return self._rows[key]

    def _find_common(self, setting: BoilerplateSetting) -> _Common:
        key = (setting.unit, setting.segment, setting.scope, setting.n)
        if key not in self._common:
            row = self._row(setting)
            n_reports = count_holders(row, number_grams(row.units, setting.n))
            # Stretches lie side by side, each with the boundary behind it.
            most = np.maximum.reduceat(n_reports, row.starts) if len(row.starts) else row.starts
            self._common[key] = _Common(n_reports, most)
        return self._common[key]

    def _number_words(self, scope: Scope) -> WordNumbers:
        if scope not in self._words:
            tokenizer = tokenizer_with(words_kept_whole(self._reports.lexicon))
            words = [list(split_words(report, tokenizer, scope=scope)) for report in self._reports]
            self._words[scope] = number_words(words)
            self._word_ends[scope] = [[word.end for word in own] for own in words]
        return self._words[scope]
