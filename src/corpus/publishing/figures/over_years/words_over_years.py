"""Words that set a year apart, and what stands in every figure over years: what the reports can show and what not."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.transforms import blended_transform_factory

from corpus.errors import CorpusError
from corpus.publishing.figures.fitting import width_of
from corpus.publishing.figures.look import Bilingual, Profile, both, current_look, figure_width
from corpus.publishing.figures.style import COLOURS, INK, MM_PER_INCH, MUTED, SIZES, TALLEST_MM, new_figure

_LONGEST_TERM = 18.0
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_UNBROKEN = re.compile(r"(?:[!-~]+|[^!-~])[，。：；、）]* ?")
_MOST_PANELS = 12
_HEAD_MM = 20.0  # the sentence on top, the axis below, the key
_PANEL_MM = 90.0
_PANEL_REST_MM = 11.5
_BESIDE_TERM_POINTS = 8.0
_BAR_MM = 4.1
_LEAST_BAR_MM = 2.7


def describe_panel(reports_table: pd.DataFrame) -> Bilingual:
    """Return one sentence, in both languages, on what a difference between the years of these reports may come from.

    Parameters
    ----------
    reports_table : DataFrame
        As from `corpus.tabulate_reports`. Reports without a year are counted apart.
    """
    dated = reports_table[reports_table["year_reviewed"].notna()]
    n_years = dated.groupby(dated["issuer"].fillna(dated["report_id"]))["year_reviewed"].nunique()
    n_returning = int((n_years > 1).sum())
    n_compared = dated["year_reviewed"].nunique()
    counted = Bilingual(
        f"{count_of(len(dated), 'report')} of {count_of(len(n_years), 'issuer')} on {count_of(n_compared, 'year')}",
        f"{len(dated)} 份报告，{len(n_years)} 个发文机关，{n_compared} 个报告年度",
    )
    if n_compared < 2:
        told = Bilingual(": no two years to compare.", "：没有两个年度可比。")
    elif n_returning == 0:
        told = Bilingual(
            ", no issuer in two years: what differs between years may as well differ between issuers.",
            "，没有一个机关有两个年度的报告：年度之间的差别也可能是机关之间的差别。",
        )
    elif n_returning < len(n_years):
        told = Bilingual(
            f", {count_of(n_returning, 'issuer')} in two years or more: only there can a change be told from a "
            "difference between issuers.",
            f"，其中 {n_returning} 个机关有两个以上年度的报告：只有在这些机关，变化才能同机关之间的差别分开。",
        )
    else:
        told = Bilingual(", every issuer in two years or more.", "，每个机关都有两个以上年度的报告。")
    n_undated = len(reports_table) - len(dated)
    left_out = Bilingual("", "")
    if n_undated:
        left_out = Bilingual(
            f" Left out, since no year is known: {count_of(n_undated, 'report')}.",
            f"年度不明而未列入的报告：{n_undated} 份。",
        )
    return Bilingual(*("".join(parts) for parts in zip(counted, told, left_out, strict=True)))


def draw_keyness(
    markers: pd.DataFrame, *, limits: str | Bilingual, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw the words that set each year apart: one panel a year, one bar a word.

    Beside each bar stand its count in the year, how many of the year's reports have the word, and the log ratio.

    Parameters
    ----------
    markers : DataFrame
        As from `tabulate_markers`. Of more than twelve years the last twelve are drawn, and of
        more words than there is room for those with the strongest G2.
    limits : str or Bilingual
        What stands at the head of the figure: see `describe_panel`.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.

    Raises
    ------
    CorpusError
        If there is no word to draw.
    """
    width_mm = figure_width(width_mm)
    if markers.empty:
        raise CorpusError("there is nothing to draw: the table holds no word that sets a year apart")
    years = sorted(markers["year_reviewed"].unique())[-_MOST_PANELS:]
    n_columns = min(max(1, round(width_mm / _PANEL_MM)), len(years))
    n_rows = math.ceil(len(years) / n_columns)
    room_mm = (TALLEST_MM - _HEAD_MM) / n_rows - _PANEL_REST_MM
    n_bars = min(int(markers.groupby("year_reviewed").size().max()), int(room_mm / _LEAST_BAR_MM))
    panel_mm = min(room_mm, _BAR_MM * n_bars + 1)
    height_mm = n_rows * (panel_mm + _PANEL_REST_MM) + _HEAD_MM
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        most = int(markers[markers["year_reviewed"].isin(years)].groupby("year_reviewed").size().max())
        write_limits(figure, limits if n_bars >= most else f"{limits}{_tell_strongest(n_bars)}")
        panels = figure.subplots(n_rows, n_columns, sharex=True, squeeze=False)
        for year, axes in zip(years, panels.flat, strict=False):
            words = markers[markers["year_reviewed"] == year]
            strongest = words[words["g2"].abs().rank(method="first", ascending=False) <= n_bars]
            _draw_panel(axes, strongest, width_mm=width_mm / n_columns)
        for axes in panels.flat[len(years) :]:
            axes.remove()
        for column in range(n_columns):
            lowest = panels[(len(years) - 1 - column) // n_columns, column]
            lowest.tick_params(labelbottom=True)
        for axes in panels[-1, : len(years) - (n_rows - 1) * n_columns]:
            axes.set_xlabel(both("signed G² against all other years", "与其余各年度相比的带符号对数似然值（G²）"))
        own = Patch(color=COLOURS["own"], label=both("word of one issuer only", "只有一个机关使用的词"))
        shared = Patch(color=COLOURS["shared"], label=both("word that two or more issuers use", "两个以上机关使用的词"))
        figure.legend(handles=[own, shared], loc="outside lower left", ncols=2)
    return figure


def _draw_panel(axes: Axes, words: pd.DataFrame, *, width_mm: float) -> None:
    year, n_reports, labels = words[["year_reviewed", "n_reports_in_year", "reports_in_year"]].iloc[0]
    terms = [short_term(term) for term in words["term"]]
    title = both(f"{year} – {count_of(n_reports, 'report')}", f"{year}：{n_reports} 份报告")
    named = title + both(f": {labels}", f"（{labels.replace(', ', '、')}）")
    points = width_mm / MM_PER_INCH * 72 - max(map(width_of, terms)) * SIZES["label"] - _BESIDE_TERM_POINTS
    axes.set_title(named if n_reports <= 3 and width_of(named) * SIZES["title"] <= points else title, pad=11)
    colours = [COLOURS["own"] if n_issuers == 1 else COLOURS["shared"] for n_issuers in words["n_issuers_in_all"]]
    axes.barh(range(len(words)), words["g2"], height=0.62, color=colours)
    axes.axvline(0, color=MUTED, linewidth=0.5)
    axes.set_ylim(len(words) - 0.4, -0.6)
    axes.set_yticks(range(len(words)), terms, fontsize=SIZES["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    write_beside(axes, -0.95, {9: "n", 36: both("reports", "报告"), 65: both("log ratio", "对数比")}, colour=MUTED)
    columns = zip(words["count"], words["n_reports"], words["log_ratio"], strict=True)
    for row, (count, n_naming, ratio) in enumerate(columns):
        write_beside(
            axes,
            row,
            {9: f"{count}", 36: both(f"{n_naming} of {n_reports}", f"{n_naming}/{n_reports}"), 65: f"{ratio:+.1f}"},
        )


def _tell_strongest(n_bars: int) -> str:
    """Return what stands at the head where there is no room for all words of a year."""
    return both(
        f" Drawn: the {n_bars} words of each year with the strongest G2.", f"每年度只画 G2 最强的 {n_bars} 个词。"
    )


def write_limits(figure: Figure, limits: str | Bilingual) -> None:
    """Write at the head of a figure what its reports can show and what not."""
    if current_look().labels == "zh":
        lines = list(_wrap_chinese(str(limits), figure.get_figwidth() * 72 / SIZES["label"] - 1))
    else:
        lines = wrap(str(limits), int(figure.get_figwidth() * 21))
    figure.suptitle("\n".join(lines), x=0.005, ha="left", fontsize=SIZES["label"], linespacing=1.3)


def _wrap_chinese(words: str, width: float) -> Iterator[str]:
    """Divide Chinese words into lines no wider than so many characters; none begins with a mark that ends a part."""
    line = ""
    for piece in _UNBROKEN.findall(words):
        if line and width_of(line) + width_of(piece.rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece
    yield line


def write_beside(
    axes: Axes,
    row: float,
    words: Mapping[int, str],
    *,
    size: str = "note",
    colour: str = INK,
    align: Literal["left", "right"] = "right",
) -> None:
    """Write words at a row, each so many points to the right of the panel, or to its left where below 0."""
    for points, word in words.items():
        axes.annotate(
            word,
            (1 if points > 0 else 0, row),
            xycoords=blended_transform_factory(axes.transAxes, axes.transData),
            xytext=(points, 0),
            textcoords="offset points",
            ha=align,
            va="center",
            fontsize=SIZES[size],
            color=colour,
            annotation_clip=False,
        )


def short_term(term: str) -> str:
    """Return a term that fits beside a row: without its remark in brackets if it is long, then cut."""
    if width_of(term) > _LONGEST_TERM:
        term = _REMARK.sub("", term)
    while width_of(term) > _LONGEST_TERM:
        term = f"{term.rstrip('…')[:-1]}…"
    return term


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun, as in 1 report, 2 reports."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
