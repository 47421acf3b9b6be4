"""The figures of appendix A2 as calls: how far the share of boilerplate depends on its definition, and on the peers."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.boilerplate.boilerplate_measures import OF_SETTING, measure_boilerplate, tabulate_shares
from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, cite_figure, count_loaded
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.wording.boilerplate_shares import draw_peers, draw_settings
from corpus.publishing.figures.wording.figures_of_origins import NO_OTHER
from corpus.report.reports import Reports


def boilerplate_settings(
    reports: Reports,
    shares: pd.DataFrame | None = None,
    *,
    marked: BoilerplateSetting | None = None,
    name: str = "boilerplate-settings",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw the share of each report that is boilerplate under every setting, so that a report can be followed.

    Parameters
    ----------
    reports : Reports
    shares : DataFrame, optional
        From `corpus.analysis.boilerplate.boilerplate_measures.tabulate_shares`; made here if not given.
    marked : BoilerplateSetting, optional
        The setting that is pointed at; by default 8 characters, 2 reports, clauses of the body.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    table = tabulate_shares(reports) if shares is None else shares
    n, n_settings = count_loaded(reports), len(table[OF_SETTING].drop_duplicates())
    caption = Bilingual(
        f"Share of each report that is boilerplate under {n_settings} settings. {n.en}; bodies only. Across: what is "
        "flagged with a shared phrase. Rows: the unit of the phrase. Along each axis: its length n. Colour: in how "
        "many reports it must stand. At the lowest number a line and a sign follow each report; at the others a bar "
        "runs from the smallest share to the largest (more than eight reports: bars for all, dots for quartiles). "
        "Denominator: the characters or words of the report's body. Words by jieba with the field lexicon. The "
        "settings measure the same texts, and most contain one another: they are no independent trials.",
        f"{n_settings} 种设定下各报告的套话占比。{n.zh}，只计正文。列：连同共有 n 元串一起计入的文段；"
        "行：n 元串的单位；横轴：长度 n；颜色：至少见于几份报告。"
        "份数最低者以折线和符号标出每份报告，其余以竖线表示最小至最大（报告超"
        "过八份时均为竖线，点为四分位数）。分母：正文字数或词数。词由 jieba 加专业词表切分。各设定所量为同一文本，"
        "且多互相包含，不是独立的检验。",
    )
    alt = (
        "Panels of falling lines, one a report, "
        "by the length of the shared phrase; they fall steeply from left to right."
    )
    return cite_figure(
        draw_settings(table, marked=marked or BoilerplateSetting(), width_mm=width_mm),
        table,
        name=name,
        caption=caption,
        alt=alt,
    )


def boilerplate_by_peers(
    reports: Reports,
    peers: pd.DataFrame | None = None,
    *,
    setting: BoilerplateSetting | None = None,
    name: str = "boilerplate-by-peers",
    width_mm: float | None = None,
) -> FigureToCite | NoFigure:
    """Draw how the share of each report grows with the number of other reports at hand.

    Parameters
    ----------
    reports : Reports
    peers : DataFrame, optional
        As `corpus.measure_boilerplate` returns it by others with ``setting``; made here if not given.
    setting : BoilerplateSetting, optional
        By default 8 characters, 2 reports, clauses of the body.
    name : str
    width_mm : float, optional
        See `corpus.figures.set_look`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return NoFigure(name, NO_OTHER)
    chosen = setting or BoilerplateSetting()
    table = measure_boilerplate(reports, by="others", setting=setting) if peers is None else peers
    n = count_loaded(reports)
    caption = Bilingual(
        f"Expected share of each report in clauses that hold {chosen.n} characters in a row which another report has, "
        f"if only so many of the other reports were at hand: the mean over all choices of them. {n.en}; denominator: "
        "characters of the body. At the right end all others are.",
        f"手头只有若干份其他报告时，各报告中含有与其他报告相同的 {chosen.n} 元字串的分句占比的期望值（对所有取法取平"
        f"均）。{n.zh}；分母：正文字数。最右端为全部其他报告。",
    )
    alt = "Lines, one a report, that rise with the number of other reports at hand, up to the right end."
    return cite_figure(draw_peers(table, width_mm=width_mm), table, name=name, caption=caption, alt=alt)
