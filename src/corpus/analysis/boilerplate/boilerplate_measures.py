"""How much of a report is boilerplate: by passage, phrase, report, setting, published measure and number of others.

A passage is boilerplate when it holds a phrase of n units that stands in at least so many reports, after Lang &
Stice-Lawrence (2015, J. Accounting & Economics 60:110-135; taken from replications, not from the paper), who count
phrases of four words within a sentence and thresholds as shares of the reports. Here the threshold is a number of
reports, since there are few, and the unit, n and segment are open: on the bundled reports they move the share of
one report from .02 to .98, so that a share is never given without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple
from itertools import chain, combinations
from math import nan
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.boilerplate.definitions import (
    BoilerplateSetting,
    CommonPhrases,
    MeasuredTexts,
    every_setting,
)
from corpus.analysis.boilerplate.published_measures import measure_published
from corpus.analysis.index.gram_numbers import distinct, holders, mark_covered, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow
from corpus.analysis.particulars.specificity import tabulate_specificity
from corpus.analysis.resampling import LEVEL, estimate_share, interval_of_difference
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, columns_of, tabulated
from corpus.report.values import Role, Unit

By = Literal["report", "difference", "passage", "phrase", "setting", "others", "measure"]

MOST_OTHERS = 1_000
"""Up to how many reports each is held against every other."""

NO_SEGMENT = "none"
"""In place of a segment: only the phrases themselves count, not the passages that hold them."""

OF_SETTING = ["unit", "n", "min_reports", "segment"]
"""What names a setting in a table."""

_ONLY: dict[str, tuple[By, ...]] = {
    "setting": ("report", "difference", "passage", "phrase", "setting", "others"),
    "role": ("report", "difference", "passage", "phrase", "setting", "others"),
    "intervals": ("report",),
    "names": ("measure",),
    "allow_small": ("measure",),
}


@tabulated
def measure_boilerplate(
    reports: Reports,
    *,
    by: By = "report",
    setting: BoilerplateSetting | Sequence[BoilerplateSetting] | None = None,
    role: Role | None = None,
    intervals: bool = False,
    names: Sequence[str] | None = None,
    allow_small: bool = False,
) -> pd.DataFrame:
    """Return how much of the reports is boilerplate, under a definition that is named.

    A passage is boilerplate when it holds a phrase of n units that stands in at least so many of the reports given,
    after Lang & Stice-Lawrence (2015, J. Accounting & Economics 60:110-135; taken from replications, not from the
    paper). Shares are 0 to 1, higher is more boilerplate. They depend on the setting more than on the report, and on
    how many others are at hand: none is given without both. Document frequencies count the reports given, each once.

    Parameters
    ----------
    reports : Reports
    by : {"report", "difference", "passage", "phrase", "setting", "others", "measure"}
        What a row is: a report, two reports, a passage, or a stretch of common phrases, under one setting; a report and
        setting, for every setting; a report and number of others, had fewer been at hand (rarefaction, Hurlbert 1971,
        Ecology 52:577-586; characters and a threshold of two reports); or a published measure and report, see
        `corpus.analysis.boilerplate.published_measures.measure_published` for each.
    setting : BoilerplateSetting or sequence of BoilerplateSetting, optional
        What counts. By default 8 characters, 2 reports, clauses of the body. Several only by setting; there the
        default is 2 to 5 words and 4 to 16 characters, each with every segment and every threshold up to 5 reports.
    role : str, optional
        Only the passages of parts with this role, in all reports.
    intervals : bool
        By report: whether share_flagged gets its 95% interval over the passages of the report. It answers: had the
        issuer written as many passages of the same kind, how much of them would be flagged with the other reports at
        hand, as they stand? See `corpus.analysis.resampling.estimate_share`; it says nothing of other issuers, of
        years, or of what more reports would change.
    names : sequence of str, optional
        By measure: which of the measures; by default all.
    allow_small : bool
        By measure: whether to measure below the least number of reports or issuers; the note then says so.

    Returns
    -------
    DataFrame
        By report, one row a report. With intervals, ``attrs["level"]`` is theirs:

        {columns of measure_boilerplate.report}

        By difference, one row two reports, up to 1,000 reports. That two intervals overlap is no test of a difference;
        this one is (`corpus.analysis.resampling.interval_of_difference`). Who picks the largest of many differences
        picks chance too:

        {columns of measure_boilerplate.difference}

        By passage, in reading order. Here and by phrase ``attrs["setting"]`` holds the setting:

        {columns of measure_boilerplate.passage}

        By phrase, in reading order. Phrases that overlap, or follow each other within a passage without a unit between
        them, are one stretch, so that the units of the stretches in a passage add up to its n_units_covered:

        {columns of measure_boilerplate.phrase}

        By setting, one row a setting and report, in the order of both:

        {columns of measure_boilerplate.setting}

        By others, one row a report and number of others, from 1 to all. For each number the share is the mean over all
        choices of so many others, without drawing lots: a passage that m of the N - 1 others share something with is
        flagged by k of them in 1 - C(N-1-m, k) / C(N-1, k) of the choices:

        {columns of measure_boilerplate.others}

        By measure, one row a measure and report, in the order of both:

        {columns of measure_boilerplate.measure}

    Raises
    ------
    CorpusError
        If ``by``, the role or a name is unknown, ``by`` does not take an option, there are fewer reports or issuers
        than a published measure needs and ``allow_small`` is false, or more than 1,000 by others or difference.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.measure_boilerplate(reports)[["report_id", "share_flagged"]].round(3).head(2)
            report_id  share_flagged
    0  zaozhuang-2019          0.185
    1   longgang-2020          0.184
    """
    given = {"setting": setting, "role": role, "intervals": intervals, "names": names, "allow_small": allow_small}
    if by not in get_args(By):
        raise CorpusError(f"by={by!r} is none of {', '.join(get_args(By))}")
    for name, value in given.items():
        if value not in (None, False) and by not in _ONLY[name]:
            raise CorpusError(f"by={by!r} does not take {name}")
    if by == "measure":
        return measure_published(reports, names=names, allow_small=allow_small)
    phrases = CommonPhrases(MeasuredTexts(reports, role))
    if by == "setting":
        settings = [setting] if isinstance(setting, BoilerplateSetting) else setting
        return _by_setting(phrases, every_setting(len(reports)) if settings is None else settings)
    if setting is not None and not isinstance(setting, BoilerplateSetting):
        raise CorpusError(f'by={by!r} takes one setting; by="setting" takes several')
    one = setting or BoilerplateSetting()
    if by == "others":
        return _by_others(phrases.texts, one)
    if by == "difference":
        return _by_difference(_by_report(phrases, one, True))
    if by == "report":
        return _by_report(phrases, one, intervals)
    rows = _passages(phrases, one) if by == "passage" else _phrases(phrases, one)
    table = build_table(rows, f"measure_boilerplate.{by}")
    table.attrs["setting"] = asdict(one)
    return table


def _passages(phrases: CommonPhrases, setting: BoilerplateSetting) -> Iterator[tuple[Any, ...]]:
    passages = phrases.texts.passages(setting.segment)
    counts = (column.tolist() for column in phrases.count(setting))
    for passage, owner, units, covered, most in zip(chain.from_iterable(passages), *counts, strict=True):
        yield (
            phrases.texts.reports[owner].report_id,
            *(passage.start, passage.end, passage.text, passage.section, passage.role, passage.is_heading),
            *(units, covered, covered / units if units else 0.0, most, most >= setting.min_reports),
        )


def _phrases(phrases: CommonPhrases, setting: BoilerplateSetting) -> Iterator[tuple[Any, ...]]:
    """Yield each stretch of units in common phrases: report, place, words, units, and how many reports have it."""
    texts, row, n_reports = phrases.texts, phrases.row(setting), phrases.n_reports(setting)
    covered = mark_covered(n_reports >= setting.min_reports, setting.n)
    # A boundary is never covered, so that no run goes on into another passage.
    edges = np.flatnonzero(np.diff(covered.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    owners, firsts = row.trace(edges[:, 0])
    for owner, first, (begin, stop) in zip(owners.tolist(), firsts.tolist(), edges.tolist(), strict=True):
        report = texts.reports[owner]
        start, end = texts.span(setting.unit, owner, first, first + stop - begin)
        most = int(n_reports[begin:stop].max())
        yield report.report_id, start, end, report.quote(start, end), stop - begin, most


def _by_report(phrases: CommonPhrases, setting: BoilerplateSetting, intervals: bool) -> pd.DataFrame:
    counts = phrases.count(setting)
    flagged = counts.units * (counts.most >= setting.min_reports)
    edges = np.searchsorted(counts.owners, np.arange(len(phrases.texts.reports) + 1))
    rows = []
    for owner, (sums, n_passages) in enumerate(zip(_sums(phrases, setting), np.diff(edges).tolist(), strict=True)):
        own = slice(edges[owner], edges[owner + 1])
        found = estimate_share(flagged[own], counts.units[own]) if intervals else None
        ends = (found.low, found.high, found.n_stretches) if found else (nan, nan, None)
        rows.append((phrases.texts.reports[owner].report_id, sums[0], n_passages, *sums[1:], *ends))
    table = build_table(rows, "measure_boilerplate.report")
    if intervals:
        table.attrs["level"] = LEVEL
    return table


def _by_difference(shares: pd.DataFrame) -> pd.DataFrame:
    _refuse_many(len(shares), "difference")
    sides = zip(*(shares[name].tolist() for name in ("share_flagged", "low", "high")), strict=True)
    pairs = combinations(zip(shares["report_id"], sides, strict=True), 2)
    return build_table(
        (
            (first, second, one[0], two[0], two[0] - one[0], *interval_of_difference(one, two))
            for (first, one), (second, two) in pairs
        ),
        "measure_boilerplate.difference",
    )


def _by_setting(phrases: CommonPhrases, settings: Sequence[BoilerplateSetting]) -> pd.DataFrame:
    # Thresholds of one length are counted together, so that one count at a time is held.
    ordered = sorted(settings, key=lambda one: (one.unit, one.segment, one.n))
    sums = {setting: list(_sums(phrases, setting)) for setting in ordered}
    rows = (
        (report.report_id, *astuple(setting), *own)
        for setting in settings
        for report, own in zip(phrases.texts.reports, sums[setting], strict=True)
    )
    return build_table(rows, "measure_boilerplate.setting")


def _refuse_many(n_reports: int, by: str) -> None:
    """Refuse to hold each of very many reports against every other."""
    if n_reports > MOST_OTHERS:
        raise CorpusError(
            f"by={by!r} holds every report against every other, and there are {n_reports:,}: ask it of {MOST_OTHERS:,} "
            "reports at most, by reports.select(...) or a sample of them; by='report' answers for any number"
        )


def _by_others(texts: MeasuredTexts, setting: BoilerplateSetting) -> pd.DataFrame:
    """Return how much of each report others have too, had fewer been at hand."""
    if (setting.unit, setting.min_reports) != ("character", 2):
        raise CorpusError(f"by='others' counts characters that 2 reports have, not {setting}")
    n_reports = len(texts.reports)
    _refuse_many(n_reports, "others")
    row = texts.row("character", setting.segment)
    chars_by_sharers = np.zeros((n_reports, n_reports), dtype=np.int64)
    np.add.at(chars_by_sharers, (row.owners, _count_sharers(row, setting.n)), row.ends - row.starts)
    # The share of the choices of k others in which none of the m is that share something: C(N-1-m, k) / C(N-1, k).
    missed = np.ones((n_reports, max(n_reports, 1)))
    for k in range(1, n_reports):
        missed[:, k] = missed[:, k - 1] * np.maximum(n_reports - k - np.arange(n_reports), 0) / (n_reports - k)
    n_chars = chars_by_sharers.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = (1 - chars_by_sharers @ missed / n_chars).tolist()
    return build_table(
        (
            (report.report_id, report.label, k, own[k])
            for report, own in zip(texts.reports, shares, strict=True)
            for k in range(1, n_reports)
        ),
        "measure_boilerplate.others",
    )


def _count_sharers(row: UnitRow, n: int) -> IntArray:
    """Return for each passage how many other reports have an n-gram of it."""
    n_passages, n_reports = len(row.starts), int(row.owners.max(initial=0)) + 1
    grams = number_grams(row.units, n)
    holding_grams, holding_reports = holders(row, grams)
    edges = np.append(0, np.cumsum(np.bincount(holding_grams)))
    gram, passage = holders(row, grams, np.arange(n_passages))
    # Each pair of gram and passage is met by all holders of the gram, which lie side by side.
    at, holder = expand(edges[gram], edges[gram + 1])
    meetings = passage[at] * n_reports + holding_reports[holder]
    # A passage meets its own report too, which is none of the others.
    n_sharers = np.bincount(distinct(meetings) // n_reports, minlength=n_passages) - 1
    return np.maximum(n_sharers, 0)


def _sums(phrases: CommonPhrases, setting: BoilerplateSetting) -> Iterator[tuple[int, float, float]]:
    """Yield for each report its units, and the shares of them in flagged passages and in common phrases."""
    counts = phrases.count(setting)
    flagged = counts.units * (counts.most >= setting.min_reports)
    sums = (
        np.bincount(counts.owners, weights=weights, minlength=len(phrases.texts.reports)).astype(np.int64).tolist()
        for weights in (counts.units, flagged, counts.covered)
    )
    for n_units, n_flagged, n_covered in zip(*sums, strict=True):
        yield n_units, *((n_flagged / n_units, n_covered / n_units) if n_units else (nan, nan))


@tabulated
def tabulate_shares(reports: Reports) -> pd.DataFrame:
    """Return the share of each report that is boilerplate under every setting, with the phrases alone as a segment.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        One row a setting and report, in the order of both; then those without a segment. No row where there is one
        report.

        {columns of tabulate_shares}
    """
    table = measure_boilerplate(reports, by="setting")
    table["report_label"] = table["report_id"].map({report.report_id: report.label for report in reports})
    columns = [column.name for column in columns_of("tabulate_shares")]
    flagged, alone = (
        table.rename(columns={f"share_{kind}": "share_common"})[columns] for kind in ("flagged", "covered")
    )
    alone = alone[alone["segment"] == "sentence"].assign(segment=NO_SEGMENT)
    return as_table(pd.concat([flagged, alone], ignore_index=True), "tabulate_shares")


@tabulated
def tabulate_measures(reports: Reports, scores: pd.DataFrame, *, unit: Unit) -> pd.DataFrame:
    """Return every measure of how much of a report is everybody's, and how much is particular.

    Parameters
    ----------
    reports : Reports
    scores : DataFrame
        From `corpus.find_particulars` of these reports, by passages.
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        Of the passages in ``scores``.

    Returns
    -------
    DataFrame
        One row a measure and report. name: ``boilerplate`` for the settings of `tabulate_shares`, ``specificity`` for
        the mean of ``scores``, then the published measures by their names, computed below their least sizes too.

        {columns of measure_boilerplate.measure}
    """
    rows: list[tuple[Any, ...]] = [
        (
            *(row.report_id, "boilerplate", row.unit, row.n, f"df >= {row.min_reports}", row.segment),
            *(row.share_common, row.n_units, ""),
        )
        for row in tabulate_shares(reports).itertuples()
    ]
    rows += [
        (row.report_id, "specificity", "character", None, "", unit, row.specificity, row.n_chars, "")
        for row in tabulate_specificity(scores).itertuples()
    ]
    published = measure_published(reports, allow_small=True)
    own = build_table(rows, "measure_boilerplate.measure")
    return as_table(pd.concat([own, published], ignore_index=True), "measure_boilerplate.measure")
