"""Figures of notebook 04: where in the reports the particular sentences stand, and how far scores agree with labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator, StrMethodFormatter

from corpus.analysis.particulars.specificity import tabulate_specificity
from corpus.analysis.validation.coder_agreement import LENGTH
from corpus.publishing.figures import style
from corpus.publishing.figures.fitting import fold_key, key_height, write_key
from corpus.publishing.figures.look import Bilingual, Profile, both, figure_width
from corpus.publishing.figures.report_rows import NARROW_MM, Rows, arrange_rows, key_width, name_rows
from corpus.publishing.figures.style import COLOURS, INK, MUTED, RULE, SIZES

_STEPS = ((0.0, "#e9ebed"), (0.3, "#a9c9cc"), (0.5, "#4d8c94"), (0.9, COLOURS["own"]))
"""From which specificity on a sentence has which colour: the paler the less, up to that of what is a report's own."""

_NAMES = (
    Bilingual("below 0.3: no fact", "0.3 以下：无事实"),
    Bilingual("0.3 to 0.5: loose facts", "0.3 至 0.5：不确定的事实"),
    Bilingual("0.5 to 0.9: specific", "0.5 至 0.9：具体"),
    Bilingual("0.9 and more", "0.9 及以上"),
)
_MEASURES: Final[Mapping[str, Bilingual]] = {
    "specificity": Bilingual("specificity", "具体性"),
    "number of facts": Bilingual("number of facts", "具体事实数"),
    "counted number or long title": Bilingual("counted number or long title", "有带单位的数字或长标题"),
    "entities to a character": Bilingual("entities to a character", "每字实体数"),
    "figures to a character": Bilingual("figures to a character", "每字数值数"),
    "rare words": Bilingual("rare words", "少见词"),
    "little exhortation": Bilingual("little exhortation", "号召语少"),
    "not in phrases of 4 characters": Bilingual("not in phrases of 4 characters", "不在共有四字串中"),
    "not in phrases of 8 characters": Bilingual("not in phrases of 8 characters", "不在共有八字串中"),
    "not in phrases of 4 words": Bilingual("not in phrases of 4 words", "不在共有四元词串中"),
    LENGTH: Bilingual("length of the sentence", "句长"),
}
"""What `corpus.validation.compare_measures` compares; any other measure has the name of its column."""

_PITCH_MM = 9.0
_REST_MM = 12.0
_HEADS_MM = 8.0
_COLUMNS_MM = 40.0
_NARROW_COLUMNS_MM = 29.0
_STRIP = 0.46  # of a row
_THIN_STRIP = 0.8
_TICK = 0.16
_ROW_MM = 4.2


def draw_specificity(
    scores: pd.DataFrame, facts: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw one strip a report in reading order, its sentences coloured by specificity, with a tick for each firm fact.

    Beside each strip stand the share of its characters in specific sentences and its facts to 1,000 characters. Where
    there are so many reports that rows would come closer than 5.6 mm there are neither ticks nor numbers.

    Parameters
    ----------
    scores : DataFrame
        As `corpus.find_particulars` returns it by sentence, with a column report_label.
    facts : DataFrame
        As `corpus.find_particulars` returns it, from the same reports.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    is_narrow = width_mm < NARROW_MM
    bounds = [low for low, _ in _STEPS]
    handles: list[Artist] = [
        Patch(facecolor=colour, label=str(name)) for (_, colour), name in zip(_STEPS, _NAMES, strict=True)
    ]
    has_room = arrange_rows(scores, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + 3 * _HEADS_MM).has_room
    key_mm = key_width(scores, width_mm)
    if has_room:
        words = both("a firm fact", "确定的事实")
        handles.append(
            Line2D([], [], color=INK, marker="|", linestyle="", markersize=5, markeredgewidth=0.5, label=words)
        )
    columns_mm = (_NARROW_COLUMNS_MM if is_narrow else _COLUMNS_MM) if has_room else 0.0
    key = fold_key(handles, width_mm=key_mm if is_narrow else key_mm - columns_mm)
    # In one column of a page the key takes the whole width, and the heads of the numbers stand below it.
    heads_mm = [_HEADS_MM] if has_room else []
    above_mm = [key_height(key), *heads_mm] if is_narrow else [max(key_height(key), *heads_mm, 0.0)]
    rows = arrange_rows(scores, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + sum(above_mm))
    heights = (*above_mm, rows.height_mm - sum(above_mm))
    widths = (width_mm - rows.names_mm - columns_mm, columns_mm) if has_room else (1.0,)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        panels = figure.subplots(len(heights), len(widths), height_ratios=heights, width_ratios=widths, squeeze=False)
        for empty in panels[:-1].flat:
            empty.set_axis_off()
        write_key(panels[0, 0], key)
        axes = panels[-1, 0]
        name_rows(axes, rows)
        steps = np.searchsorted(bounds, scores["specificity"], side="right") - 1
        _draw_sentences(axes, scores.assign(step=steps), rows, height=_STRIP if has_room else _THIN_STRIP)
        if has_room:
            places = facts.loc[facts["is_firm"], ["report_id", "start"]]
            tops = places["report_id"].map(rows.places) - _STRIP / 2
            axes.vlines(places["start"], tops - _TICK, tops, color=INK, linewidth=0.5)
            _write_columns(panels[-2, 1], panels[-1, 1], scores, rows)
        axes.set_xlim(0, scores["end"].max())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel(both("character of the file", "文件中的字符位置"))
        return figure


def _draw_sentences(axes: Axes, scores: pd.DataFrame, rows: Rows, *, height: float) -> None:
    for report_id, whole in scores.groupby("report_id", sort=False):
        top = rows.places[str(report_id)] - height / 2
        for step, (_, colour) in enumerate(_STEPS):
            own = whole[whole["step"] == step]
            widths = list(zip(own["start"], own["end"] - own["start"], strict=True))
            axes.broken_barh(widths, (top, height), facecolor=colour, linewidth=0)


def _write_columns(head: Axes, axes: Axes, scores: pd.DataFrame, rows: Rows) -> None:
    for own in (head, axes):
        own.set_axis_off()
        own.set_xlim(0, 2)
    axes.set_ylim(len(rows.names) - 0.5, -0.5)
    heads = both("in specific\nsentences", "具体句\n占比"), both("facts to 1,000\ncharacters", "每千字\n事实数")
    for x, words in zip((0.5, 1.5), heads, strict=True):
        head.text(x, 0, words, ha="center", va="bottom", fontsize=SIZES["note"])
    table = tabulate_specificity(scores)
    columns = ("report_id", "share_specific", "facts_per_1000_chars")
    for report_id, share, facts in zip(*(table[name] for name in columns), strict=True):
        for x, words in ((0.5, f"{share:.1%}"), (1.5, f"{facts:.1f}")):
            axes.text(x, rows.places[report_id], words, ha="center", va="center", fontsize=SIZES["tick"])


def draw_agreement(agreement: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw how well each measure tells specific sentences from others: AUROC and average precision with intervals.

    The grey band is the interval of the length of the sentence, the dotted line what a coin would give. A measure that
    beats the length has a full dot, any other a hollow one.

    Parameters
    ----------
    agreement : DataFrame
        As `corpus.validation.compare_with_labels` returns it.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    is_narrow = width_mm < NARROW_MM
    height_mm = (23 if is_narrow else 20) + _ROW_MM * len(agreement)
    with style.new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        left, right = figure.subplots(1, 2, sharey=True)
        by_chance = float((agreement["n_specific"] / agreement["n_sentences"]).iloc[0])
        _draw_dots(left, agreement, ("auroc", "auroc_low", "auroc_high"), by_chance=0.5)
        _draw_dots(right, agreement, ("average_precision", "ap_low", "ap_high"), by_chance=by_chance)
        names = [str(_MEASURES.get(measure, measure)) for measure in agreement["measure"]]
        left.set_yticks(range(len(agreement)), names)
        left.set_ylim(len(agreement) - 0.5, -0.5)
        between = "\n" if is_narrow else both(", ", "，")
        left.set_xlabel(f"AUROC{between}{both('0 to 1', '0 至 1')}")
        right.set_xlabel(f"{both('average precision', '平均查准率')}{between}{both('0 to 1', '0 至 1')}")
        if is_narrow:
            for axes in (left, right):
                axes.xaxis.set_major_locator(MultipleLocator(0.5))
        return figure


def _draw_dots(axes: Axes, agreement: pd.DataFrame, columns: tuple[str, str, str], *, by_chance: float) -> None:
    middle, low, high = (agreement[name].to_numpy() for name in columns)
    places = np.arange(len(agreement))
    length = agreement["measure"] == LENGTH
    for start, end in zip(low[length], high[length], strict=True):
        axes.axvspan(start, end, color=RULE, alpha=0.5, linewidth=0)
    axes.axvline(by_chance, color=MUTED, linewidth=0.6, linestyle=":")
    axes.annotate(
        both("chance", "随机"),
        (by_chance, 1),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 2),
        textcoords="offset points",
        ha="center",
        fontsize=SIZES["note"],
        color=MUTED,
    )
    axes.hlines(places, low, high, color=INK, linewidth=0.8)
    fills = np.where(agreement["beats_length"], INK, "white")
    axes.scatter(middle, places, s=14, c=fills, edgecolors=INK, linewidths=0.7, zorder=3, clip_on=False)
    axes.set_xlim(0, 1.02)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
