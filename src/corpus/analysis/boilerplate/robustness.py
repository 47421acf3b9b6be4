"""What of a finding on boilerplate survives other settings, other numbers of reports, and other measures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import comb, nan

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.definitions import BoilerplateSetting, Segment, tabulate_boilerplate
from corpus.analysis.boilerplate.published_measures import measure_boilerplate
from corpus.analysis.index.gram_numbers import distinct, holders, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow, lay_keys
from corpus.analysis.particulars.specificity import tabulate_specificity
from corpus.errors import CorpusError
from corpus.report.passages import Scope
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table
from corpus.report.values import Role, Unit

NO_SEGMENT = "none"
"""In place of a segment: only the phrases themselves count, not the passages that hold them."""

SETTING_COLUMNS = ["unit", "n", "min_reports", "segment"]
_SHARES = ["report_id", "report_label", *SETTING_COLUMNS, "scope", "n_units", "share_common"]


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
        Whether each share gets its interval over the passages of its report, see `corpus.estimate_boilerplate`. A
        tenth of a second to a report and more, with the settings of the default.

    Returns
    -------
    DataFrame
        One row a setting and report: report_id; report_label; unit; n; min_reports; segment: as in the setting, or
        ``none``; scope; n_units: the denominator; share_common: of these in passages that are boilerplate, or, where
        the segment is ``none``, in phrases that reach the threshold and lie within a sentence; 0 to 1, NaN for a
        report without a unit. With ``intervals`` also low and high, NaN where what counts lies in fewer than 10
        separate stretches. No row where there is one report.
    """
    table = tabulate_boilerplate(reports, settings=settings, role=role, intervals=intervals)
    labels = {report.report_id: report.label for report in reports}
    table["report_label"] = table["report_id"].map(labels)
    names = {"share": "share_common"} | ({"low": "low", "high": "high"} if intervals else {})
    columns = [*_SHARES, *list(names.values())[1:]]
    flagged, alone = (
        table.rename(columns={f"{name}_{kind}": name_here for name, name_here in names.items()})
        for kind in ("flagged", "covered")
    )
    alone = alone[alone["segment"] == "sentence"].assign(segment=NO_SEGMENT)
    return pd.concat([flagged[columns], alone[columns]], ignore_index=True)


def rank_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the rank of each report under each setting that tells reports apart.

    Parameters
    ----------
    shares : DataFrame
        As `tabulate_shares` returns it, for one scope.

    Returns
    -------
    DataFrame
        The rows of ``shares`` without the settings under which all reports have the same share, and with the columns
        rank: 1 for the largest share, the mean of their ranks for reports with equal shares; is_highest, is_lowest:
        whether no report has a larger share, or a smaller one.
    """
    by_setting = shares.groupby(SETTING_COLUMNS)["share_common"]
    ranks = shares.assign(
        rank=by_setting.rank(ascending=False, method="average"),
        is_highest=shares["share_common"] == by_setting.transform("max"),
        is_lowest=shares["share_common"] == by_setting.transform("min"),
    )
    return ranks[by_setting.transform("nunique") > 1].reset_index(drop=True)


def tabulate_curve(shares: pd.DataFrame) -> pd.DataFrame:
    """Return the specification curve: one row a setting, with the share and the rank of every report.

    Parameters
    ----------
    shares : DataFrame
        As `tabulate_shares` returns it, for one scope.

    Returns
    -------
    DataFrame
        By the median share, falling, then in the order of the settings: unit; n; min_reports; segment; share_lowest,
        share_median, share_highest: of the reports; share_… for each report_id; then rank_… for each: 1 for the
        largest share, the mean of their ranks for reports with equal shares, NaN where all reports have the same.
        Where ``shares`` have intervals, low_… and high_… for each: over the passages of the report, NaN where there
        is none. No row has one over issuers: with fewer than 20 none can be stated.
    """
    report_ids = list(dict.fromkeys(shares["report_id"]))
    settings = pd.MultiIndex.from_frame(shares[SETTING_COLUMNS].drop_duplicates())

    def spread(column: str) -> pd.DataFrame:
        table = shares.pivot(index=SETTING_COLUMNS, columns="report_id", values=column)
        return table.reindex(index=settings, columns=report_ids)

    wide = spread("share_common")
    ranks = wide.rank(axis=1, ascending=False, method="average").where(wide.nunique(axis=1) > 1)
    summary = pd.DataFrame(
        {
            "share_lowest": wide.min(axis=1),
            "share_median": wide.median(axis=1),
            "share_highest": wide.max(axis=1),
        }
    )
    ends = [spread(end).add_prefix(f"{end}_") for end in ("low", "high") if end in shares]
    curve = pd.concat([summary, wide.add_prefix("share_"), ranks.add_prefix("rank_"), *ends], axis=1)
    return curve.sort_values("share_median", ascending=False, kind="stable").reset_index()


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
        One row a report, in the order of the reports: report_id; report_label; n_units: characters or words, as the
        setting says, the denominator; share_common: under the setting; share_lowest, share_median, share_highest:
        of the report's shares under all settings. All shares 0 to 1.
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
    return chosen[columns].join(spread, on="report_id").reset_index(drop=True)


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
        One row a setting and variant: unit; n; min_reports; segment; variant: the body cut into words with
        ``reports.lexicon``, the body with jieba's own dictionary alone, or the whole file with that; share_lowest,
        share_median, share_highest: of the shares of the reports in flagged passages, 0 to 1; share_change: the
        largest difference of one report's share from its share in the first variant.
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
    summary = both.groupby([*SETTING_COLUMNS, "variant"], sort=False).agg(
        share_lowest=("share_flagged", "min"),
        share_median=("share_flagged", "median"),
        share_highest=("share_flagged", "max"),
        share_change=("change", "max"),
    )
    order = pd.MultiIndex.from_tuples(
        [(s.unit, s.n, s.min_reports, s.segment, name) for s in settings for name in variants],
        names=summary.index.names,
    )
    return summary.reindex(order).reset_index()


def tabulate_peers(
    reports: Reports, *, n: int = 8, segment: Segment = "clause", role: Role | None = None
) -> pd.DataFrame:
    """Return how much of each report others have too, had fewer others been at hand.

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
        One row a report and number of others, from 1 to all: report_id; report_label; n_others; share_flagged: the
        share expected of the report's key characters in passages that are flagged, 0 to 1, NaN for a report without
        any. The last is that of `corpus.score_boilerplate` with two reports as its threshold. No row where there is
        one report.

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
        "tabulate_peers",
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


def tabulate_measures(reports: Reports, scores: pd.DataFrame, *, unit: Unit) -> pd.DataFrame:
    """Return every measure of how much of a report is everybody's, and how much is particular.

    Parameters
    ----------
    reports : Reports
    scores : DataFrame
        From `corpus.score_specificity` of these reports.
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        Of the passages in ``scores``.

    Returns
    -------
    DataFrame
        One row a measure and report, with the columns of `corpus.measure_boilerplate`. name: ``boilerplate`` for the
        settings of `tabulate_shares`, the published measures by their names, computed below
        their least sizes too (the note then says so), and ``specificity``, the mean of `corpus.score_specificity`;
        low, high: for the settings the interval over the passages of the report (`corpus.estimate_boilerplate`), NaN
        where what counts lies in fewer than 10 separate stretches, and for all other measures.
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
    published = measure_boilerplate(reports, allow_small=True)
    return pd.concat([build_table(rows, "tabulate_measures"), published], ignore_index=True)
