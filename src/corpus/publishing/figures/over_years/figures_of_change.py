"""The figures of a panel as calls: what issuers kept from the year before, what changed where, one pair as a flow."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from corpus.analysis.resampling import LEVEL
from corpus.analysis.years.change_measures import locate_changes, measure_years, tabulate_changes
from corpus.analysis.years.changes import align_years
from corpus.errors import CorpusError
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.over_years.change_over_years import draw_change_places, draw_share_kept
from corpus.publishing.figures.over_years.passage_flow import draw_flow
from corpus.report.reports import Reports

_NO_PANEL = Bilingual(
    "no issuer has reports on adjacent years here; load two reports of one issuer on years that follow each other.",
    "没有一个机关有相邻年度的报告；请载入同一机关相邻两个年度的报告。",
)


def share_kept(
    reports: Reports,
    measured: pd.DataFrame | None = None,
    *,
    name: str = "share-kept",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the share of each report that was kept word for word from the issuer's report of the year before.

    Parameters
    ----------
    reports : Reports
    measured : DataFrame, optional
        As `corpus.measure_years` returns it; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    table = measure_years(reports) if measured is None else measured
    if table.empty:
        return NoFigure(name, _NO_PANEL)
    n = _count_pairs(reports, len(table))
    caption = Bilingual(
        f"Share of each report kept word for word from the issuer's report of the year before. {n.en}; unit: the "
        "characters (Han, letters, digits) in sentences and headings that stand in the earlier report; punctuation "
        f"is no change. Lines, where shown: {LEVEL:.0%} interval over the passages of the later report. Modification "
        "score, where shown: 1 less the cosine of TF-IDF weights (Brown & Tucker 2011), the reports loaded being the "
        "reference collection.",
        f"各机关报告中与上年度逐字相同的部分所占比例。{n.zh}；单位：句子和标题中的汉字、字母、数字，标点不计。线段（如"
        f"有）为对当年度报告各段重抽样的 {LEVEL:.0%} 区间。修改度（如有）：1 减去 TF-IDF 余弦（Brown & Tucker 2011），"
        "以所载入的报告为参照。",
    )
    alt = (
        "The share of each report that was kept word for word from the year before, by issuer and year; the darker "
        "or higher, the more was kept."
    )
    return cite_figure(
        draw_share_kept(table, width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
        finding=_tell_kept(table),
        parameters={key: table.attrs[key] for key in ("level", "n_draws", "seed") if key in table.attrs},
    )


def _tell_kept(table: pd.DataFrame) -> Bilingual:
    shares = table["share_kept"].dropna()
    if shares.empty:
        return Bilingual("", "")
    most, least = (chosen.iloc[0] for chosen in (table.nlargest(1, "share_kept"), table.nsmallest(1, "share_kept")))
    if len(shares) == 1:
        return Bilingual(
            f"{most['issuer']} kept {most['share_kept']:.0%} of its report on {most['year_later']} from the year "
            "before.",
            f"{most['issuer']}{most['year_later']} 年度报告有 {most['share_kept']:.0%} 沿用上年度。",
        )
    means = table.groupby("issuer")["share_kept"].mean()
    by_issuer = Bilingual("", "")
    if len(means) > 2:
        by_issuer = Bilingual(
            f" On average {means.idxmax()} kept most ({means.max():.0%}), {means.idxmin()} least ({means.min():.0%}).",
            f"平均而言，{means.idxmax()}沿用最多（{means.max():.0%}），{means.idxmin()}最少（{means.min():.0%}）。",
        )
    return Bilingual(
        f"In {len(shares):,} pairs of years reports kept {least['share_kept']:.0%} ({least['issuer']} "
        f"{least['year_later']}) to {most['share_kept']:.0%} ({most['issuer']} {most['year_later']}) of their "
        f"characters, in the median {shares.median():.0%}.{by_issuer.en}",
        f"{len(shares):,} 对相邻年度中，逐字沿用的比例为 {least['share_kept']:.0%}（{least['issuer']} "
        f"{least['year_later']}）至 {most['share_kept']:.0%}（{most['issuer']} {most['year_later']}），中位数 "
        f"{shares.median():.0%}。{by_issuer.zh}",
    )


def change_places(
    reports: Reports,
    revisions: pd.DataFrame | None = None,
    *,
    name: str = "change-places",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw what changed where: by part of the report and by tenth, all pairs of adjacent years together.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        As `corpus.align_years` returns it; made here if not given.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    found = align_years(reports) if revisions is None else revisions
    if found.empty:
        return NoFigure(name, _NO_PANEL)
    located = locate_changes(reports, found)
    parts, tenths = tabulate_changes(located), tabulate_changes(located, "tenth")
    table = pd.concat([parts.assign(by="part"), tenths.assign(by="tenth")], ignore_index=True)
    n = _count_pairs(reports, len(found[["earlier", "later"]].drop_duplicates()))
    caption = Bilingual(
        f"What changed where in the report. {n.en}; unit: characters, all pairs taken together. Kept, renumbered, "
        "reworded and new are shares of the later reports' characters in a part or tenth and together 1; dropped is "
        "a share of the earlier reports' characters there. Parts are told by their headings; none: no known part.",
        f"报告各部分（左）和各十分之一（右）的变化。{n.zh}；单位：字，各对合计。保留、仅数字变化、改写、新增占当年度报"
        "告该处字数的比例，合计为 1；删去占上年度报告该处字数的比例。部分据标题判定；none：部分不明。",
    )
    alt = (
        "Two tables of shaded cells, rows the parts of a report and its tenths, columns kept, renumbered, reworded, "
        "new and dropped, each cell with its percentage."
    )
    return cite_figure(draw_change_places(parts, tenths, width_mm=width_mm), table, name=name, caption=caption, alt=alt)


def passage_flow(
    reports: Reports,
    revisions: pd.DataFrame | None = None,
    *,
    later: str | None = None,
    name: str = "passage-flow",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw one pair of adjacent years as two strips: what was kept, renumbered, reworded, moved, dropped and new.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        As `corpus.align_years` returns it; made here if not given.
    later : str, optional
        The report_id of the later report; by default the last of the issuer with most pairs.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.

    Raises
    ------
    CorpusError
        If the report named has no report of the year before.
    """
    found = align_years(reports) if revisions is None else revisions
    if found.empty:
        return NoFigure(name, _NO_PANEL)
    pairs = found[["issuer", "earlier", "later"]].drop_duplicates()
    if later is None:
        own = pairs[pairs["issuer"] == pairs["issuer"].value_counts().index[0]]
        years = {report.report_id: report.year_reviewed or 0 for report in reports}
        later = str(own.loc[own["later"].map(years).idxmax(), "later"])
    elif later not in set(pairs["later"]):
        raise CorpusError(f"{reports[later].report_id} follows no report of its issuer on the year before")
    located = locate_changes(reports, found[found["later"] == later])
    ends = _Ends(located["label_earlier"].iloc[0], located["label_later"].iloc[0])
    n = len(located)
    caption = Bilingual(
        f"From {ends.earlier} to {ends.later}. Each strip is a report from its beginning (top) to its end; a passage "
        "is as high as its share of the characters. Bands: kept, renumbered, reworded; with a dark edge where a "
        "passage moved. Without a band: dropped (left), new (right). Percentages are of the later report's "
        f"characters, dropped of the earlier one's. n = {n:,} passages, files left out: {len(reports.problems)}; "
        "unit: sentence.",
        f"{ends.earlier} 至{ends.later} 的段落流向：左为上年度，右为当年度，自上而下为阅读顺序，高度为所占字数比例。"
        "带：保留、仅数字变化、改写（移位者有深色边）；无带者左为删去、右为新增。百分比以当年度报告字数为分母，删去以"
        f"上年度报告字数为分母。n = {n:,} 个段落，未载入文件 {len(reports.problems)} 份；单位：句。",
    )
    alt = (
        "Two vertical strips, the reports of two years, joined by bands from each passage to its place a year later; "
        "passages without a band were dropped on the left or are new on the right."
    )
    return cite_figure(
        draw_flow(located, width_mm=width_mm),
        located,
        name=name,
        caption=caption,
        alt=alt,
        parameters={"later": later},
    )


class _Ends(NamedTuple):
    earlier: str
    later: str


def _count_pairs(reports: Reports, n_pairs: int) -> Bilingual:
    followed = align_years(reports, by="report")
    n_without = int((followed["predecessor"] == "").sum())
    return Bilingual(
        f"n = {n_pairs:,} pair{'s' if n_pairs != 1 else ''} of adjacent years, reports without the one before: "
        f"{n_without:,}, files left out: {len(reports.problems)}",
        f"n = {n_pairs:,} 对相邻年度，无上年度报告者 {n_without:,} 份，未载入文件 {len(reports.problems)} 份",
    )
