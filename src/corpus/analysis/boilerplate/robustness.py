"""What of a finding on boilerplate survives other settings, other numbers of reports, and other measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb, nan

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.definitions import BoilerplateSetting, Segment, tabulate_boilerplate
from corpus.analysis.boilerplate.published_measures import measure_published
from corpus.analysis.index.gram_numbers import distinct, holders, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow, lay_keys
from corpus.analysis.particulars.specificity import tabulate_specificity
from corpus.errors import CorpusError
from corpus.report.passages import Scope
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, columns_of, tabulated
from corpus.report.values import Role, Unit

NO_SEGMENT = "none"
"""In place of a segment: only the phrases themselves count, not the passages that hold them."""

OF_SETTING = ["unit", "n", "min_reports", "segment"]
"""What names a setting in a table."""


@tabulated
def tabulate_shares(
    reports: Reports,
    *,
    settings: Sequence[BoilerplateSetting] | None = None,
    role: Role | None = None,
    intervals: bool = False,
) -> pd.DataFrame:
    """Return the share of each report that is boilerplate under every setting, with the phrases alone as a segment.

    Parameters
    ----------
    reports : Reports
    settings : sequence of BoilerplateSetting, optional
        By default `corpus.analysis.boilerplate.definitions.every_setting`.
    role : str, optional
        Only the passages of parts with this role, in all reports.
    intervals : bool
        Whether each share gets its interval over the passages of its report, as in `corpus.measure_boilerplate`.

    Returns
    -------
    DataFrame
        One row a setting and report, in the order of both; then those without a segment. No row where there is one
        report.

        {columns of tabulate_shares}
    """
    table = tabulate_boilerplate(reports, settings=settings, role=role, intervals=intervals)
    table["report_label"] = table["report_id"].map({report.report_id: report.label for report in reports})
    names = {"share": "share_common", "low": "low", "high": "high"}
    flagged, alone = (
        table.rename(columns={f"{name}_{kind}": own for name, own in names.items()})[
            [column.name for column in columns_of("tabulate_shares")]
        ]
        for kind in ("flagged", "covered")
    )
    alone = alone[alone["segment"] == "sentence"].assign(segment=NO_SEGMENT)
    return as_table(pd.concat([flagged, alone], ignore_index=True), "tabulate_shares")


@tabulated
def rank_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the rank of each report under each setting that tells reports apart.

    Parameters
    ----------
    shares : DataFrame
        As `tabulate_shares` returns it, for one scope.

    Returns
    -------
    DataFrame
        The rows of ``shares`` in their order, without the settings under which all reports have the same share.

        {columns of rank_shares}
    """
    by_setting = shares.groupby(OF_SETTING)["share_common"]
    ranks = shares.assign(
        rank=by_setting.rank(ascending=False, method="average"),
        is_highest=shares["share_common"] == by_setting.transform("max"),
        is_lowest=shares["share_common"] == by_setting.transform("min"),
    )
    return as_table(ranks[by_setting.transform("nunique") > 1].reset_index(drop=True), "rank_shares")


@tabulated
def summarise_shares(shares: pd.DataFrame, setting: BoilerplateSetting) -> pd.DataFrame:
    """Return for each report its share under one setting, beside what it is under all.

    Parameters
    ----------
    shares : DataFrame
        As `tabulate_shares` returns it, with the setting among its settings.
    setting : BoilerplateSetting

    Returns
    -------
    DataFrame
        One row a report, in the order of the reports.

        {columns of summarise_shares}
    """
    chosen = shares[
        (shares["unit"] == setting.unit)
        & (shares["n"] == setting.n)
        & (shares["min_reports"] == setting.min_reports)
        & (shares["segment"] == setting.segment)
    ]
    spread = shares.groupby("report_id")["share_common"].agg(
        share_lowest="min", share_median="median", share_highest="max"
    )
    columns = ["report_id", "report_label", "n_units", "share_common"]
    return as_table(chosen[columns].join(spread, on="report_id").reset_index(drop=True), "summarise_shares")


@tabulated
def tabulate_variants(
    reports: Reports, settings: Sequence[BoilerplateSetting], *, role: Role | None = None
) -> pd.DataFrame:
    """Return how far shares depend on two choices that are seldom stated: the dictionary, and the clutter of the page.

    Parameters
    ----------
    reports : Reports
    settings : sequence of BoilerplateSetting
        Their scope is not used.
    role : str, optional
        Only the passages of parts with this role, in all reports.

    Returns
    -------
    DataFrame
        One row a setting and variant, in the order of both.

        {columns of tabulate_variants}
    """
    plain = replace(reports, lexicon=replace(reports.lexicon, words=()))
    variants: dict[str, tuple[Reports, Scope]] = {
        "body, field lexicon": (reports, "body"),
        "body, dictionary alone": (plain, "body"),
        "whole file, dictionary alone": (plain, "file"),
    }
    tables = [
        tabulate_boilerplate(chosen, settings=[replace(setting, scope=scope) for setting in settings], role=role)
        for chosen, scope in variants.values()
    ]
    changes = [(table["share_flagged"] - tables[0]["share_flagged"]).abs() for table in tables]
    both = pd.concat(
        [
            table.assign(variant=name, change=change)
            for name, table, change in zip(variants, tables, changes, strict=True)
        ]
    )
    summary = both.groupby([*OF_SETTING, "variant"], sort=False).agg(
        share_lowest=("share_flagged", "min"),
        share_median=("share_flagged", "median"),
        share_highest=("share_flagged", "max"),
        share_change=("change", "max"),
    )
    order = pd.MultiIndex.from_tuples(
        [(s.unit, s.n, s.min_reports, s.segment, name) for s in settings for name in variants],
        names=summary.index.names,
    )
    return as_table(summary.reindex(order).reset_index(), "tabulate_variants")


@tabulated
def tabulate_peers(
    reports: Reports, *, n: int = 8, segment: Segment = "clause", role: Role | None = None
) -> pd.DataFrame:
    """Return how much of each report others have too, had fewer been at hand: ``measure_boilerplate(by="others")``.

    A passage is flagged if it holds n characters in a row that another report has. For each number of others the share
    is the mean over all choices of so many of them, which needs no drawing of lots: a passage that m of the N - 1
    others share something with is flagged by k of them in 1 - C(N-1-m, k) / C(N-1, k) of the choices (in ecology, the
    rarefaction of Hurlbert 1971, Ecology 52:577-586). A curve that still rises at its end says that the share is
    one of the collection, not of the report.

    Parameters
    ----------
    reports : Reports
    n : int
        Characters of ``key``, 1 or more.
    segment : {"sentence", "clause", "phrase"}
        The passages that are flagged as a whole.
    role : str, optional
        Only the passages of parts with this role, in all reports.

    Returns
    -------
    DataFrame
        One row a report and number of others, from 1 to all. The last is that of `score_boilerplate` with two reports
        as its threshold. No row where there is one report.

        {columns of measure_boilerplate.others}

    Raises
    ------
    CorpusError
        If n is below 1, or the segment or the role is unknown.
    """
    if n < 1:
        raise CorpusError(f"n={n}: a phrase has 1 character or more")
    passages = [report.passages(segment, role=role) for report in reports]
    row = lay_keys(reports, [[(passage.start, passage.end) for passage in own] for own in passages])
    n_sharers = _count_sharers(row, n)
    chars_by_sharers = np.zeros((len(reports), len(reports)), dtype=np.int64)
    np.add.at(chars_by_sharers, (row.owners, n_sharers), row.ends - row.starts)
    n_others = len(reports) - 1
    return build_table(
        (
            (report.report_id, report.label, k, _expected_share(chars, k, n_others=n_others))
            for report, chars in zip(reports, chars_by_sharers.tolist(), strict=True)
            for k in range(1, n_others + 1)
        ),
        "measure_boilerplate.others",
    )


def _count_sharers(row: UnitRow, n: int) -> IntArray:
    """Return for each passage how many other reports have an n-gram of it."""
    n_passages, n_reports = len(row.starts), int(row.owners.max(initial=0)) + 1
    grams = number_grams(row.units, n)
    holding_grams, holding_reports = holders(row, grams)
    n_holders = np.bincount(holding_grams)
    firsts = np.cumsum(n_holders) - n_holders
    gram, passage = holders(row, grams, np.arange(n_passages))
    # Each pair of gram and passage is met by all holders of the gram, which lie side by side.
    met = n_holders[gram]
    steps = np.arange(met.sum()) - np.repeat(np.cumsum(met) - met, met)
    meetings = np.repeat(passage, met) * n_reports + holding_reports[np.repeat(firsts[gram], met) + steps]
    # A passage meets its own report too, which is none of the others.
    n_sharers = np.bincount(distinct(meetings) // n_reports, minlength=n_passages) - 1
    return np.maximum(n_sharers, 0)


def _expected_share(chars: list[int], k: int, *, n_others: int) -> float:
    """Return the share expected with k of the others, from the characters of passages that 0, 1, 2 … of them share."""
    if not sum(chars):
        return nan
    missed = sum(count * comb(n_others - m, k) for m, count in enumerate(chars) if count)
    return 1 - missed / (comb(n_others, k) * sum(chars))


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
        the mean of ``scores``, then the published measures by their names, computed below their least sizes too. The
        settings alone have an interval.

        {columns of measure_boilerplate.measure}
    """
    shares = tabulate_shares(reports, intervals=True)
    of_curve = ("report_id", "unit", "n", "min_reports", "segment", "share_common", "low", "high", "n_units")
    curve = zip(*(shares[name] for name in of_curve), strict=True)
    rows = [
        (report_id, "boilerplate", kind, n, f"df >= {least}", segment, value, low, high, n_units, "")
        for report_id, kind, n, least, segment, value, low, high, n_units in curve
    ]
    specificity = tabulate_specificity(scores)
    rows += [
        (report_id, "specificity", "character", None, "", unit, value, nan, nan, n_chars, "")
        for report_id, value, n_chars in specificity[["report_id", "specificity", "n_chars"]].itertuples(index=False)
    ]
    published = measure_published(reports, allow_small=True)
    own = build_table(rows, "measure_boilerplate.measure")
    return as_table(pd.concat([own, published], ignore_index=True), "measure_boilerplate.measure")
