"""The published measures of boilerplate, each by its name and with its own parameters.

All were made for English company reports. Here words are those of jieba, entities and numbers are those that
`corpus.find_particulars` finds, a report of a company is one of an issuer: hence ``_adapted`` in every name. The
definitions of Lang & Stice-Lawrence (2015, J. Accounting & Economics 60:110-135) and of Dyer, Lang & Stice-Lawrence
(2017, J. Accounting & Economics 64:221-245) are taken from replications, not from the papers; so are those of
`corpus.analysis.boilerplate.standard_content`. Document frequencies count distinct issuers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from math import nan
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.measured_sentences import (
    PUBLISHED,
    ContentSetting,
    DyerSetting,
    PublishedSettings,
    TextUnit,
    Wording,
    cut_sentences,
)
from corpus.analysis.boilerplate.standard_content import Content, measure_content
from corpus.analysis.index.gram_numbers import count_holders
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.particulars.particulars import find_facts
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated

_ENTITIES = frozenset(
    {"amount", "share", "time", "date", "document", "project", "place", "organisation", "person", "honour"}
)
_NUMBERS = frozenset({"amount", "count", "share", "measure"})


class _Column(NamedTuple):
    """One measure of all reports: how it was set, and the value, the denominator and a note for each."""

    name: str
    unit: str
    n: int | None
    threshold: str
    segment: str
    values: Sequence[float]
    denominators: Sequence[int]
    notes: Sequence[str]


@tabulated
def measure_published(
    reports: Reports,
    *,
    names: Sequence[str] | None = None,
    settings: PublishedSettings = PUBLISHED,
    allow_small: bool = False,
) -> pd.DataFrame:
    """Return the published measures of boilerplate for each report: ``measure_boilerplate(by="measure")``.

    - ``boilerplate_lang_2015_adapted``: share of the words in sentences that hold a phrase of 4 words which 30% of the
      issuers have, or which stands 5 times in a report on average, but which fewer than 75% of the issuers have.
      0 to 1, higher is more boilerplate. At least 10 reports.
    - ``boilerplate_dyer_2017_adapted``: share of the words in sentences that hold a phrase of 4 words which 75% of the
      issuers have in their reports on the same year. 0 to 1, higher is more. At least 5 issuers in the year.
    - ``sticky_dyer_2017_adapted``: share of the words in sentences that hold a phrase of 8 words which the report of
      the same issuer on the year before has too. 0 to 1. NaN where that report is not at hand.
    - ``redundancy_dyer_2017_adapted``: share of the words in sentences that stand word for word elsewhere in the
      report, all places counted. 0 to 1.
    - ``specificity_dyer_2017_adapted``: entities per word: amounts of money, shares, terms, dates, documents, projects,
      places, organisations, people and honours of `corpus.find_particulars`. 0 upwards, higher is more specific.
    - ``hard_information_dyer_2017_adapted``: numbers that inform per word: amounts, counts, shares and measures, not
      dates, ordinals, terms or names. 0 upwards.
    - ``standard_content_…`` and ``informative_content_…`` of ``hanley_2010_adapted`` (without a constant) and
      ``meng_2017_adapted`` (with one): see `measure_content`. At least 5 issuers in the year.

    Parameters
    ----------
    reports : Reports
    names : sequence of str, optional
        Which of the measures; by default all, in this order.
    settings : PublishedSettings
        The parameters of each, by default as published.
    allow_small : bool
        Whether to measure below the least number of reports or issuers; the note then says so.

    Returns
    -------
    DataFrame
        One row a measure and report, in the order of both. No interval is given: low and high are missing.

        {columns of measure_boilerplate.measure}

    Raises
    ------
    CorpusError
        If a name is unknown, or there are fewer reports or issuers than a measure needs and ``allow_small`` is false.
    """
    chosen = list(_MEASURES) if names is None else list(names)
    unknown = [name for name in chosen if name not in _MEASURES]
    if unknown:
        raise CorpusError(f"no published measure is called {unknown[0]!r}; there are {', '.join(_MEASURES)}")
    desk = _Desk(reports, settings, allow_small)
    n_issuers = len({report.issuer or report.report_id for report in reports})
    no_interval = "no interval: fewer than 20 issuers" if n_issuers < 20 else "no interval computed"
    rows = []
    for name in chosen:
        column = _MEASURES[name](name, desk)
        for report, value, denominator, note in zip(
            reports, column.values, column.denominators, column.notes, strict=True
        ):
            rows.append((report.report_id, *column[:5], value, nan, nan, denominator, _join(note, no_interval)))
    return build_table(rows, "measure_boilerplate.measure")


class _Desk:
    """What several measures need of the same reports, each thing made once."""

    def __init__(self, reports: Reports, settings: PublishedSettings, allow_small: bool) -> None:
        self.reports, self.settings, self.allow_small = reports, settings, allow_small
        self._cut: dict[TextUnit, Wording] = {}
        self._contents: dict[bool, list[Content]] = {}

    def cut(self, unit: TextUnit) -> Wording:
        if unit not in self._cut:
            self._cut[unit] = cut_sentences(self.reports, unit)
        return self._cut[unit]

    @cached_property
    def facts(self) -> pd.DataFrame:
        return find_facts(self.reports)

    def contents(self, intercept: bool) -> list[Content]:
        if intercept not in self._contents:
            setting = self.settings.content
            self._contents[intercept] = measure_content(
                self.cut("word"), group=setting.group, intercept=intercept, pool_years=setting.pool_years
            )
        return self._contents[intercept]


def _lang(name: str, desk: _Desk) -> _Column:
    setting = desk.settings.lang
    texts = desk.cut(setting.unit)
    n_reports, n_issuers = len(texts.reports), len(set(texts.issuers.tolist()))
    note = _small(name, f"{setting.least_reports} reports", n_reports, setting.least_reports, desk.allow_small)
    grams = texts.number_grams(setting.n)
    shares = count_holders(texts.row, grams, texts.issuers[texts.row.owners]) / max(n_issuers, 1)
    counts = np.zeros(len(grams))
    counts[grams >= 0] = np.bincount(grams[grams >= 0])[grams[grams >= 0]]
    common = (shares >= setting.min_share) | (counts / max(n_reports, 1) >= setting.min_mean_count)
    values = texts.share_by_report(texts.holding((grams >= 0) & common & (shares < setting.max_share)))
    if n_issuers < 2:
        note, values = _ALONE, [nan] * n_reports
    threshold = f"{setting.min_share:g} <= df/N < {setting.max_share:g} or tf/N >= {setting.min_mean_count:g}"
    return _of_texts(name, texts, setting.n, threshold, values, [note] * n_reports)


def _dyer_boilerplate(name: str, desk: _Desk) -> _Column:
    setting = desk.settings.dyer
    texts = desk.cut(setting.unit)
    notes = _year_notes(name, texts, setting, desk.allow_small)
    grams = texts.number_grams(setting.n)
    starts = np.zeros(len(grams), dtype=np.bool_)
    for members in _years(texts, setting.pool_years):
        issuers = np.full(len(texts.reports), -1, dtype=np.int64)
        issuers[members] = texts.issuers[members]
        least = setting.min_share * len(set(texts.issuers[members].tolist()))
        starts |= count_holders(texts.row, grams, issuers[texts.row.owners]) >= max(least, 1)
    shares = texts.share_by_report(texts.holding(starts))
    values = [nan if note in _IMPOSSIBLE else share for share, note in zip(shares, notes, strict=True)]
    where = "any year" if setting.pool_years else "the year"
    return _of_texts(name, texts, setting.n, f"df/N >= {setting.min_share:g} of {where}", values, notes)


def _sticky(name: str, desk: _Desk) -> _Column:
    setting = desk.settings.dyer
    texts = desk.cut(setting.unit)
    grams = texts.number_grams(setting.sticky_n)
    here = [texts.row.of_report(owner) for owner in range(len(texts.reports))]
    starts = np.zeros(len(grams), dtype=np.bool_)
    notes = []
    for owner, (issuer, year) in enumerate(zip(texts.issuers, texts.years, strict=True)):
        before = np.flatnonzero((texts.issuers == issuer) & (texts.years == year - 1) & (year > 0))
        for other in before:
            starts[here[owner]] |= np.isin(grams[here[owner]], grams[here[other]])
        notes.append("" if len(before) else "no report of the issuer on the year before")
    shares = texts.share_by_report(texts.holding(starts & (grams >= 0)))
    values = [nan if note else share for share, note in zip(shares, notes, strict=True)]
    return _of_texts(name, texts, setting.sticky_n, "in the report of the year before", values, notes)


def _redundancy(name: str, desk: _Desk) -> _Column:
    texts = desk.cut(desk.settings.dyer.unit)
    keys = []
    for owner, sentence in zip(texts.row.owners.tolist(), texts.sentences, strict=True):
        report = texts.reports[owner]
        keys.append((owner, report.key[slice(*report.key_span(sentence.start, sentence.end))]))
    often = Counter(keys)
    repeated = np.array([often[key] > 1 for key in keys], dtype=np.bool_)
    return _of_texts(
        name, texts, None, "2 places in the report", texts.share_by_report(repeated), [""] * len(texts.reports)
    )


def _facts_per_word(kinds: frozenset[str]) -> _Measure:
    def measure(name: str, desk: _Desk) -> _Column:
        texts = desk.cut("word")
        counts = Counter(desk.facts.loc[desk.facts["kind"].isin(kinds), "report_id"])
        sizes = texts.report_sizes.tolist()
        values = [
            counts[report.report_id] / size if size else nan for report, size in zip(texts.reports, sizes, strict=True)
        ]
        return _Column(name, "word", None, "", "none", values, sizes, [""] * len(values))

    return measure


def _content(part: Literal["standard", "informative"], *, intercept: bool) -> _Measure:
    def measure(name: str, desk: _Desk) -> _Column:
        setting = desk.settings.content
        small = _year_notes(name, desk.cut("word"), setting, desk.allow_small)
        contents = desk.contents(intercept)
        notes = [
            content.note if note in _IMPOSSIBLE else _join(note, content.note)
            for note, content in zip(small, contents, strict=True)
        ]
        threshold = f"near peers: same {setting.group}"
        values = [getattr(content, part) for content in contents]
        return _Column(name, "word", None, threshold, "none", values, [content.n_words for content in contents], notes)

    return measure


_Measure = Callable[[str, _Desk], _Column]

_MEASURES: dict[str, _Measure] = {
    "boilerplate_lang_2015_adapted": _lang,
    "boilerplate_dyer_2017_adapted": _dyer_boilerplate,
    "sticky_dyer_2017_adapted": _sticky,
    "redundancy_dyer_2017_adapted": _redundancy,
    "specificity_dyer_2017_adapted": _facts_per_word(_ENTITIES),
    "hard_information_dyer_2017_adapted": _facts_per_word(_NUMBERS),
    "standard_content_hanley_2010_adapted": _content("standard", intercept=False),
    "informative_content_hanley_2010_adapted": _content("informative", intercept=False),
    "standard_content_meng_2017_adapted": _content("standard", intercept=True),
    "informative_content_meng_2017_adapted": _content("informative", intercept=True),
}
_UNKNOWN_YEAR = "year unknown"
_ALONE = "no other issuer to compare with"
_IMPOSSIBLE = (_UNKNOWN_YEAR, _ALONE)


def _of_texts(
    name: str, texts: Wording, n: int | None, threshold: str, values: Sequence[float], notes: Sequence[str]
) -> _Column:
    return _Column(name, texts.unit, n, threshold, "sentence", values, texts.report_sizes.tolist(), notes)


def _years(texts: Wording, pool: bool) -> Iterator[IntArray]:
    """Yield the positions of the reports on each year, or of all of them."""
    if pool:
        yield np.arange(len(texts.reports))
    else:
        for year in dict.fromkeys(texts.years[texts.years > 0].tolist()):
            yield np.flatnonzero(texts.years == year)


def _year_notes(name: str, texts: Wording, setting: DyerSetting | ContentSetting, allow_small: bool) -> list[str]:
    """Return for each report what its year wants in issuers."""
    least, pool = setting.least_issuers, setting.pool_years
    notes = [_UNKNOWN_YEAR] * len(texts.reports)
    for members in _years(texts, pool):
        n_issuers = len(set(texts.issuers[members].tolist()))
        where = "" if pool else f" on {texts.years[members[0]]}"
        note = _small(name, f"{least} issuers{where}", n_issuers, least, allow_small)
        for member in members.tolist():
            notes[member] = _ALONE if n_issuers < 2 else note
    return notes


def _small(name: str, needed: str, found: int, least: int, allow_small: bool) -> str:
    """Return the note of a measure that has less than it needs, if that is allowed."""
    if found >= least:
        return ""
    if not allow_small:
        raise CorpusError(
            f"{name} needs {needed} and there are {found}; load more, or pass allow_small=True to measure all the same"
        )
    return f"below the least size: {found} of {needed}"


def _join(*notes: str) -> str:
    return "; ".join(filter(None, notes))
