"""The published measures of boilerplate, each by its name and with its published parameters.

All were made for English company reports. Here words are those of jieba, entities and numbers are those that
`corpus.find_particulars` finds, a report of a company is one of an issuer: hence ``_adapted`` in every name. The
definitions are taken from replications, not from the papers: Lang & Stice-Lawrence (2015, J. Accounting & Economics
60:110-135), Dyer, Lang & Stice-Lawrence (2017, J. Accounting & Economics 64:221-245), Hanley & Hoberg (2010, Review of
Financial Studies 23:2821-2864) and 孟庆斌, 杨俊华 & 鲁冰 (2017, 中国工业经济 12:132-150). Document frequencies count
distinct issuers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import chain
from math import nan
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.definitions import MeasuredTexts
from corpus.analysis.index.gram_numbers import count_distinct, count_holders, number_grams
from corpus.analysis.index.unit_row import BOUNDARY, BoolArray, IntArray
from corpus.analysis.particulars.particulars import find_facts
from corpus.analysis.resampling import FloatArray
from corpus.analysis.words.segmentation import Bags, is_number
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated

_ENTITIES = frozenset(
    {"amount", "share", "time", "date", "document", "project", "place", "organisation", "person", "honour"}
)
_NUMBERS = frozenset({"amount", "count", "share", "measure"})

_N, _STICKY_N = 4, 8
"""Words of a phrase within a sentence."""
_LANG_REPORTS, _LANG_SHARE, _LANG_MEAN_COUNT, _LANG_MOST = 10, 0.30, 5.0, 0.75
_YEAR_ISSUERS, _DYER_SHARE = 5, 0.75
_GROUP = "level"
"""The fact that near peers share, in place of the industry."""


@tabulated
def measure_published(
    reports: Reports, *, names: Sequence[str] | None = None, allow_small: bool = False
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
      ``meng_2017_adapted`` (with one): see `measure_content`. Near peers have the same ``level``. At least 5 issuers in
      the year.

    Parameters
    ----------
    reports : Reports
    names : sequence of str, optional
        Which of the measures; by default all, in this order.
    allow_small : bool
        Whether to measure below the least number of reports or issuers; the note then says so.

    Returns
    -------
    DataFrame
        One row a measure and report, in the order of both. No interval is given.

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
    desk = _Desk(reports, allow_small)
    no_interval = "no interval: fewer than 20 issuers" if desk.n_issuers < 20 else "no interval computed"
    rows = []
    for name in chosen:
        n, threshold, segment, measure = _MEASURES[name]
        values, notes = measure(name, desk)
        sizes = (desk.content_words[1] if "content" in name else desk.report_sizes).tolist()
        for report, value, size, note in zip(reports, values, sizes, notes, strict=True):
            note = _join(note, no_interval)
            rows.append((report.report_id, name, "word", n, threshold, segment, value, size, note))
    return build_table(rows, "measure_boilerplate.measure")


class _Desk:
    """What several measures need of the same reports, each thing made once."""

    def __init__(self, reports: Reports, allow_small: bool) -> None:
        self.reports, self.allow_small = reports, allow_small
        self.texts = MeasuredTexts(reports)
        self.row = self.texts.row("word", "sentence")
        self.n_issuers = len(set(self.texts.issuers.tolist()))
        self.report_sizes = self._sum_by_report(self.row.ends - self.row.starts)

    @cached_property
    def phrases(self) -> IntArray:
        """The number of the phrase that begins at each word and ends in the same sentence, or -1."""
        return number_grams(self.row.units, _N)

    def share_holding(self, starts: BoolArray) -> FloatArray:
        """Return for each report the share of its words in sentences with a phrase that begins at a marked place."""
        held = np.zeros(len(self.row.starts), dtype=np.bool_)
        held[self.row.stretch_of(np.flatnonzero(starts))] = True
        return self.share_of_words(held)

    def share_of_words(self, flagged: BoolArray) -> FloatArray:
        """Return for each report the share of its words in the sentences that are flagged; NaN without a word."""
        n_flagged = self._sum_by_report((self.row.ends - self.row.starts) * flagged)
        empty = np.full(len(self.reports), nan)
        np.divide(n_flagged, self.report_sizes, out=empty, where=self.report_sizes > 0)
        return empty

    def _sum_by_report(self, values: IntArray) -> IntArray:
        return np.bincount(self.row.owners, weights=values, minlength=len(self.reports)).astype(np.int64)

    @cached_property
    def facts(self) -> pd.DataFrame:
        return find_facts(self.reports)

    @cached_property
    def content_words(self) -> tuple[Bags, IntArray]:
        return _bag_shares(self.texts)

    @cached_property
    def contents(self) -> dict[bool, list[Content]]:
        return {intercept: measure_content(self, intercept=intercept) for intercept in (False, True)}

    def of_years(self) -> list[IntArray]:
        """Return the positions of the reports on each year that is known."""
        years = self.texts.years
        return [np.flatnonzero(years == year) for year in dict.fromkeys(years[years > 0].tolist())]

    def note_years(self, name: str) -> list[str]:
        """Return for each report what its year wants in issuers."""
        notes = [_UNKNOWN_YEAR] * len(self.reports)
        for members in self.of_years():
            n_issuers = len(set(self.texts.issuers[members].tolist()))
            note = self.note_size(name, f"{_YEAR_ISSUERS} issuers on {self.texts.years[members[0]]}", n_issuers)
            for member in members.tolist():
                notes[member] = _ALONE if n_issuers < 2 else note
        return notes

    def note_size(self, name: str, needed: str, found: int) -> str:
        """Return the note of a measure that has less than it needs, if that is allowed."""
        least = int(needed.partition(" ")[0])
        if found >= least:
            return ""
        if not self.allow_small:
            raise CorpusError(
                f"{name} needs {needed} and there are {found}; "
                "load more, or pass allow_small=True to measure all the same"
            )
        return f"below the least size: {found} of {needed}"


_Column = tuple[Iterable[float], Sequence[str]]
"""The values of one measure of all reports, and a note on each."""


def _lang(name: str, desk: _Desk) -> _Column:
    n_reports, grams = len(desk.reports), desk.phrases
    notes = [desk.note_size(name, f"{_LANG_REPORTS} reports", n_reports)] * n_reports
    if desk.n_issuers < 2:
        return [nan] * n_reports, [_ALONE] * n_reports
    shares = count_holders(desk.row, grams, desk.texts.issuers[desk.row.owners]) / desk.n_issuers
    counts = np.append(np.bincount(grams[grams >= 0]), 0)[grams]
    common = (shares >= _LANG_SHARE) | (counts / n_reports >= _LANG_MEAN_COUNT)
    return desk.share_holding((grams >= 0) & common & (shares < _LANG_MOST)), notes


def _dyer_boilerplate(name: str, desk: _Desk) -> _Column:
    notes = desk.note_years(name)
    starts = np.zeros(len(desk.phrases), dtype=np.bool_)
    for members in desk.of_years():
        issuers = np.full(len(desk.reports), -1, dtype=np.int64)
        issuers[members] = desk.texts.issuers[members]
        least = _DYER_SHARE * len(set(desk.texts.issuers[members].tolist()))
        starts |= count_holders(desk.row, desk.phrases, issuers[desk.row.owners]) >= max(least, 1)
    return np.where([note in _IMPOSSIBLE for note in notes], nan, desk.share_holding(starts)), notes


def _sticky(name: str, desk: _Desk) -> _Column:
    grams = number_grams(desk.row.units, _STICKY_N)
    issuers, years = desk.texts.issuers, desk.texts.years
    starts = np.zeros(len(grams), dtype=np.bool_)
    notes = []
    for owner, (issuer, year) in enumerate(zip(issuers.tolist(), years.tolist(), strict=True)):
        before = np.flatnonzero((issuers == issuer) & (years == year - 1) & (year > 0)).tolist()
        here = desk.row.of_report(owner)
        for other in before:
            starts[here] |= np.isin(grams[here], grams[desk.row.of_report(other)])
        notes.append("" if before else "no report of the issuer on the year before")
    shares = desk.share_holding(starts & (grams >= 0))
    return np.where([bool(note) for note in notes], nan, shares), notes


def _redundancy(name: str, desk: _Desk) -> _Column:
    sentences = chain.from_iterable(desk.texts.passages("sentence"))
    keys = []
    for owner, sentence in zip(desk.row.owners.tolist(), sentences, strict=True):
        report = desk.reports[owner]
        keys.append((owner, report.key[slice(*report.key_span(sentence.start, sentence.end))]))
    often = Counter(keys)
    repeated = np.array([often[key] > 1 for key in keys], dtype=np.bool_)
    return desk.share_of_words(repeated), [""] * len(desk.reports)


def _facts_per_word(kinds: frozenset[str]) -> _Measure:
    def measure(name: str, desk: _Desk) -> _Column:
        counts = Counter(desk.facts.loc[desk.facts["kind"].isin(kinds), "report_id"])
        sizes = zip(desk.reports, desk.report_sizes.tolist(), strict=True)
        return [counts[report.report_id] / size if size else nan for report, size in sizes], [""] * len(desk.reports)

    return None, "", "none", measure


def _content(part: Literal["standard", "informative"], *, intercept: bool) -> _Measure:
    def measure(name: str, desk: _Desk) -> _Column:
        contents = desk.contents[intercept]
        notes = [
            content.note if note in _IMPOSSIBLE else _join(note, content.note)
            for note, content in zip(desk.note_years(name), contents, strict=True)
        ]
        return [getattr(content, part) for content in contents], notes

    return None, f"near peers: same {_GROUP}", "none", measure


_Measure = tuple[int | None, str, str, Callable[[str, _Desk], _Column]]
"""Words of a phrase, threshold and segment of a measure, and what measures."""

_LANG_THRESHOLD = f"{_LANG_SHARE:g} <= df/N < {_LANG_MOST:g} or tf/N >= {_LANG_MEAN_COUNT:g}"
_MEASURES: dict[str, _Measure] = {
    "boilerplate_lang_2015_adapted": (_N, _LANG_THRESHOLD, "sentence", _lang),
    "boilerplate_dyer_2017_adapted": (_N, f"df/N >= {_DYER_SHARE:g} of the year", "sentence", _dyer_boilerplate),
    "sticky_dyer_2017_adapted": (_STICKY_N, "in the report of the year before", "sentence", _sticky),
    "redundancy_dyer_2017_adapted": (None, "2 places in the report", "sentence", _redundancy),
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


def _join(*notes: str) -> str:
    return "; ".join(filter(None, notes))


# What is left of a mean from which all was taken away again.
_ROUNDING = 1e-12


class Content(NamedTuple):
    """Standard and informative content of a report, or NaN and why not."""

    standard: float
    informative: float
    note: str


def measure_content(desk: _Desk, *, intercept: bool) -> list[Content]:
    """Return the standard and the informative content of each report.

    The normalised word vector of a report is regressed on the mean vectors of two groups of peers: the sum of the
    coefficients is its standard content, the sum of the absolute residuals its informative content. The vector is the
    share of each word among its words, without stop words and figures. The near peers, in place of the same industry,
    are reports of other issuers on the same year of the same level, the far ones all others of the year;
    where one of the two is empty the other stands alone. The regression is over the words of the report and its peers.

    Parameters
    ----------
    desk : _Desk
    intercept : bool
        Whether the regression has a constant: not in Hanley & Hoberg, in 孟庆斌 et al.

    Returns
    -------
    list of Content
        standard: about 1 for a report that is like its peers; informative: 0 for one that its peers explain in full, 2
        at most for one that shares no word with them.
    """
    shares, n_words = desk.content_words
    groups = np.array([str(report.value(_GROUP)) for report in desk.reports])
    issuers = desk.texts.issuers
    contents = [Content(nan, nan, _UNKNOWN_YEAR)] * len(desk.reports)
    for members in desk.of_years():
        of_year = members[n_words[members] > 0]
        sums = {name: _add_up(shares, of_year[groups[of_year] == name]) for name in set(groups[members].tolist())}
        total = _add_up(shares, of_year)
        for number in members.tolist():
            is_peer, is_near = issuers[of_year] != issuers[number], groups[of_year] == groups[number]
            # The sums less what the issuer itself has in them: nobody is his own peer.
            near = sums[str(groups[number])] - _add_up(shares, of_year[~is_peer & is_near])
            far = total - _add_up(shares, of_year[~is_peer]) - near
            sizes = (is_peer & is_near).sum(), (is_peer & ~is_near).sum()
            means = [side / n for side, n in zip((near, far), sizes, strict=True) if n]
            contents[number] = _regress(_add_up(shares, [number]), means, intercept)
    return contents


def _regress(vector: FloatArray, means: list[FloatArray], intercept: bool) -> Content:
    if not means or not vector.any():
        return Content(nan, nan, _ALONE if vector.any() else "no words")
    used = (vector > 0) | np.any([mean > _ROUNDING for mean in means], axis=0)
    columns = [mean[used] for mean in means] + ([np.ones(int(used.sum()))] if intercept else [])
    design = np.stack(columns, axis=1)
    coefficients = np.linalg.lstsq(design, vector[used], rcond=None)[0]
    residuals = vector[used] - design @ coefficients
    note = "" if len(means) == 2 else "one group of peers only"
    return Content(float(coefficients[: len(means)].sum()), float(np.abs(residuals).sum()), note)


def _add_up(bags: Bags, chosen: IntArray | list[int]) -> FloatArray:
    """Return for every word the sum of its weights in some reports."""
    own = [slice(bags.firsts[place], bags.firsts[place + 1]) for place in chosen]
    terms, weights = (np.concatenate([side[:0], *(side[part] for part in own)]) for side in (bags.terms, bags.weights))
    return np.bincount(terms, weights=weights, minlength=bags.n_terms).astype(np.float64)


def _bag_shares(texts: MeasuredTexts) -> tuple[Bags, IntArray]:
    """Return the words of each report that count, with their shares, and how many they are."""
    stop_words = frozenset(texts.reports.lexicon.stop_words)
    row, words = texts.row("word", "sentence"), texts.words.names
    counts: BoolArray = np.array([word not in stop_words and not is_number(word) for word in words], dtype=bool)
    n_reports, n_words = len(texts.reports), len(words)
    real = row.units != BOUNDARY
    real[real] = counts[row.units[real] - 1]
    pairs, times = count_distinct(row.spread(row.owners)[real] * n_words + row.units[real] - 1)
    owners, terms = np.divmod(pairs, max(n_words, 1))
    sums = np.bincount(owners, weights=times, minlength=n_reports).astype(np.int64)
    firsts = np.searchsorted(owners, np.arange(n_reports + 1))
    return Bags(firsts, terms, times / sums[owners], n_words), sums
