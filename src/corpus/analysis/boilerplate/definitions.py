"""How much of a report stands in other reports too, under every definition of what that means.

A passage is boilerplate when it holds a phrase of n units that stands in at least so many reports, after Lang &
Stice-Lawrence (2015, J. Accounting & Economics 60:110-135; taken from replications, not from the paper), who count
phrases of four words within a sentence and thresholds as shares of the reports. Here the threshold is a number of
reports, since there are few, and the unit, n and segment are open: on the bundled reports they move the share of
one report from .02 to .98, so that a share is never given without them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from itertools import chain, product
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.comparison.intervals import estimate_share
from corpus.analysis.index.gram_numbers import count_holders, mark_covered, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow, WordNumbers, lay_keys, lay_words, number_words
from corpus.analysis.words.segmentation import split_words, tokenizer_with
from corpus.errors import CorpusError
from corpus.report.passages import Scope
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table
from corpus.report.values import Passage, Role

TextUnit = Literal["character", "word"]
Segment = Literal["sentence", "clause", "phrase"]

TEXT_UNITS: tuple[TextUnit, ...] = ("word", "character")
SEGMENTS: tuple[Segment, ...] = ("sentence", "clause", "phrase")

_SETTING_COLUMNS = {
    "report_id": "",
    "unit": "",
    "n": "int64",
    "min_reports": "int64",
    "segment": "",
    "scope": "",
    "n_units": "int64",
    "share_flagged": "float64",
    "share_covered": "float64",
}


_INTERVAL_COLUMNS = {
    "low_flagged": "float64",
    "high_flagged": "float64",
    "low_covered": "float64",
    "high_covered": "float64",
}


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


def score_boilerplate(
    reports: Reports, *, setting: BoilerplateSetting = DEFAULT_SETTING, role: Role | None = None
) -> pd.DataFrame:
    """Return one row a passage: how much of it other reports have too.

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
        In reading order: report_id; start, end: code points of ``raw``; text; section; role; is_heading; n_units:
        key characters or words of the passage, as the setting says; n_units_covered: how many of them lie in a
        phrase that reaches the threshold; share_covered: their share, 0 to 1, 0 where it has no unit (a line of
        dashes); n_reports: in how many reports the
        commonest phrase of the passage stands, this one included, 0 where it is shorter than a phrase;
        is_boilerplate: whether that reaches the threshold. ``attrs["setting"]`` holds the setting.
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
        "score_boilerplate",
    )
    table.attrs["setting"] = asdict(setting)
    return table


def share_boilerplate(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row a report from the table of `score_boilerplate`, in the same order.

    Parameters
    ----------
    scores : DataFrame
        From `corpus.score_boilerplate`.

    Returns
    -------
    DataFrame
        report_id; n_units: key characters or words of all its passages, the denominator of both shares; n_passages;
        share_flagged: share of them in passages that are boilerplate; share_covered: share of them in the phrases
        themselves. Both 0 to 1, NaN for a report without a unit; share_covered is never above share_flagged.
    """
    rows = []
    for report_id, passages in scores.groupby("report_id", sort=False):
        n_units, n_covered = int(passages["n_units"].sum()), int(passages["n_units_covered"].sum())
        n_flagged = int(passages.loc[passages["is_boilerplate"], "n_units"].sum())
        rows.append((report_id, n_units, len(passages), *_shares(n_flagged, n_covered, n_units)))
    return build_table(rows, "share_boilerplate")


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


def tabulate_boilerplate(
    reports: Reports,
    *,
    settings: Sequence[BoilerplateSetting] | None = None,
    role: Role | None = None,
    intervals: bool = False,
) -> pd.DataFrame:
    """Return the share of each report that is boilerplate, under every setting.

    Parameters
    ----------
    reports : Reports
    settings : sequence of BoilerplateSetting, optional
        By default `every_setting`.
    role : str, optional
        Only the passages of parts with this role, in all reports.
    intervals : bool
        Whether each share gets its interval over the passages of its report, see `corpus.estimate_boilerplate`.

    Returns
    -------
    DataFrame
        One row a setting and report, in the order of both; the setting's five values, then n_units, share_flagged
        and share_covered as in `share_boilerplate`. Both shares are NaN for a report without a unit. With
        ``intervals`` also low_flagged, high_flagged, low_covered, high_covered: NaN where what counts lies in fewer
        than 10 separate stretches.
    """
    texts = _Texts(reports, role)
    rows = []
    ends: list[tuple[float, ...]] = []
    for setting in every_setting(len(reports)) if settings is None else settings:
        units, covered, most = texts.count_units(setting)
        owners = np.repeat(np.arange(len(reports)), [len(own) for own in texts.passages(setting)])
        n_units, n_flagged, n_covered = (
            np.bincount(owners, weights=weights, minlength=len(reports)).astype(np.int64).tolist()
            for weights in (units, units * (most >= setting.min_reports), covered)
        )
        for report, flagged, in_phrases, whole in zip(reports, n_flagged, n_covered, n_units, strict=True):
            rows.append((report.report_id, *astuple(setting), whole, *_shares(flagged, in_phrases, whole)))
        if intervals:
            parts = (units * (most >= setting.min_reports), covered)
            for owner in range(len(reports)):
                own = owners == owner
                estimates = [estimate_share(part[own], units[own]) for part in parts]
                ends.append(tuple(end for found in estimates for end in (found.low, found.high)))
    table = build_table(rows, "tabulate_boilerplate")
    return table.join(build_table(ends, _INTERVAL_COLUMNS)) if intervals else table


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
            tokenizer = tokenizer_with(self._reports.lexicon.words)
            self._words[scope] = number_words(split_words(report, tokenizer, scope=scope) for report in self._reports)
        return self._words[scope]
