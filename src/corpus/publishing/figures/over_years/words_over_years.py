"""Words that set a year apart, and what the captions of figures over years say first: what the reports can show."""

from __future__ import annotations

import math
import re

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.years.terms_by_year import compare_years, tabulate_markers
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import POINTS_PER_MM, count_ems, shorten, widest_ems
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, MUTED, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Reports

_LONGEST_TERM = 18.0
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_MOST_PANELS = 12
_REST_MM = 13.0  # the axis below, the key
_PANEL_MM = 90.0
_PANEL_REST_MM = 11.5
_BESIDE_TERM_POINTS = 8.0
_BAR_MM = 4.1
_LEAST_BAR_MM = 2.7


def describe_panel(reports: Reports) -> Bilingual:
    """Return how many reports, issuers and years there are, and what a difference between years may come from."""
    years_of: dict[str, set[int | None]] = {}
    for report in reports:
        years_of.setdefault(report.issuer or report.report_id, set()).add(report.year_reviewed)
    n_returning = sum(len(years - {None}) > 1 for years in years_of.values())
    n_years = len(set().union(*years_of.values()) - {None})
    return tell(
        "loaded",
        "panel",
        n=len(reports),
        n_issuers=len(years_of),
        n_years=n_years,
        n_left_out=len(reports.problems),
        n_returning=n_returning,
        only_some=tell("loaded", "only_some") if n_years > 1 and n_returning < len(years_of) else "",
    )


def keyness(reports: Reports, *, n_above: int = 8, n_below: int = 3) -> FigureToCite | NoFigure:
    """Draw the words that set each year apart from all others.

    Parameters
    ----------
    reports : Reports
    n_above, n_below : int
        At most so many words a year with signed G² above 0, and below.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there are no two years to compare.
    """
    if len({report.year_reviewed for report in reports} - {None}) < 2:
        return no_figure("keyness", "no-years")
    table = tabulate_markers(reports, n_above=n_above, n_below=n_below)
    if table.empty:
        return no_figure("keyness", "no-years")
    compared = compare_years(reports)
    return series_figure(
        "keyness",
        reports,
        draw_keyness,
        table,
        parameters={"n_above": n_above, "n_below": n_below},
        panel=describe_panel(reports),
        n_words=compared.loc[compared["kind"] == "word", "term"].nunique(),
        n_high=int((table["g2"] > 0).sum()),
        n_low=int((table["g2"] < 0).sum()),
        n_undated=len(compared.attrs["excluded"]),
    )


def draw_keyness(markers: pd.DataFrame) -> Figure:
    """Draw the words that set each year apart: one panel a year, one bar a word.

    Beside each bar stand its count in the year, how many of the year's reports have the word, and the log ratio. Where
    there is no room for all words of a year, those with the strongest G² are drawn.
    """
    width_mm = figure_width()
    years = sorted(markers["year_reviewed"].unique())[-_MOST_PANELS:]
    n_columns = min(max(1, round(width_mm / _PANEL_MM)), len(years))
    n_rows = math.ceil(len(years) / n_columns)
    room_mm = (TALLEST_MM - _REST_MM) / n_rows - _PANEL_REST_MM
    most = int(markers[markers["year_reviewed"].isin(years)].groupby("year_reviewed").size().max())
    n_bars = min(most, int(room_mm / _LEAST_BAR_MM))
    panel_mm = min(room_mm, _BAR_MM * n_bars + 1)
    with new_figure(width_mm=width_mm, height_mm=n_rows * (panel_mm + _PANEL_REST_MM) + _REST_MM) as figure:
        panels = figure.subplots(n_rows, n_columns, sharex=True, squeeze=False)
        for year, axes in zip(years, panels.flat, strict=False):
            words = markers[markers["year_reviewed"] == year]
            strongest = words[words["g2"].abs().rank(method="first", ascending=False) <= n_bars]
            _draw_panel(axes, strongest, width_mm=width_mm / n_columns)
        told = both("signed G² against all other years", "与其余各年度相比的带符号对数似然值")
        chosen = both(f": {n_bars} words", f"：{n_bars} 个词")
        for axes in panels.flat[len(years) :]:
            axes.remove()
        for axes in panels.flat[len(years) - n_columns : len(years)]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel(told + (chosen if n_bars < most else ""))
        own = Patch(color=COLOURS["own"], label=both("word of one issuer only", "只有一个机关使用的词"))
        shared = Patch(color=COLOURS["shared"], label=both("word that two or more issuers use", "两个以上机关使用的词"))
        figure.legend(handles=[own, shared], loc="outside lower left", ncols=2)
    return figure


def _draw_panel(axes: Axes, words: pd.DataFrame, *, width_mm: float) -> None:
    year, n_reports, labels = words[["year_reviewed", "n_reports_in_year", "reports_in_year"]].iloc[0]
    terms = [short_term(term) for term in words["term"]]
    title = both(f"{year} – {n_reports} report{'s' if n_reports != 1 else ''}", f"{year}：{n_reports} 份报告")
    named = title + both(f": {labels}", f"（{labels.replace(', ', '、')}）")
    points = width_mm * POINTS_PER_MM - widest_ems(terms) * SIZES["label"] - _BESIDE_TERM_POINTS
    axes.set_title(named if n_reports <= 3 and count_ems(named) * SIZES["title"] <= points else title, pad=11)
    colours = [COLOURS["own"] if n_issuers == 1 else COLOURS["shared"] for n_issuers in words["n_issuers_in_all"]]
    axes.barh(range(len(words)), words["g2"], height=0.62, color=colours)
    axes.axvline(0, color=MUTED, linewidth=0.5)
    axes.set_ylim(len(words) - 0.4, -0.6)
    axes.set_yticks(range(len(words)), terms, fontsize=SIZES["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    fitting.write_beside(
        axes, -0.95, {9: "n", 36: both("reports", "报告"), 65: both("log ratio", "对数比")}, colour=MUTED
    )
    columns = zip(words["count"], words["n_reports"], words["log_ratio"], strict=True)
    for row, (count, n_naming, ratio) in enumerate(columns):
        fitting.write_beside(
            axes,
            row,
            {9: f"{count}", 36: both(f"{n_naming} of {n_reports}", f"{n_naming}/{n_reports}"), 65: f"{ratio:+.1f}"},
        )


def short_term(term: str) -> str:
    """Return a term that fits beside a row: without its remark in brackets if it is long, then cut."""
    return shorten(_REMARK.sub("", term) if count_ems(term) > _LONGEST_TERM else term, _LONGEST_TERM)
