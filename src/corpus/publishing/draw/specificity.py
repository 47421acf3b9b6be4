"""Figures of notebook 04: where in the reports the particular sentences stand, and how far scores agree with labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from corpus.analysis.agreement import LENGTH
from corpus.analysis.specificity import tabulate_specificity
from corpus.publishing import style
from corpus.publishing.draw.key import fold_key, key_height, write_key
from corpus.publishing.draw.rows import NARROW_MM, Rows, arrange_rows, name_rows
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import COLOURS, INK, MUTED, RULE, SIZES

_STEPS = ((0.0, "#e9ebed"), (0.3, "#a9c9cc"), (0.5, "#4d8c94"), (0.9, COLOURS["own"]))
"""From which specificity on a sentence has which colour: the paler the less, up to that of what is a report's own."""

_PITCH_MM = 9.0
_REST_MM = 12.0
_HEADS_MM = 8.0
_COLUMNS_MM = 44.0
_STRIP = 0.46  # of a row
_THIN_STRIP = 0.8
_TICK = 0.16
_ROW_MM = 4.2


def draw_specificity(
    scores: pd.DataFrame, facts: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw one strip a report in reading order, its sentences coloured by specificity, with a tick for each firm fact.

    Beside each strip stand the share of its characters in specific sentences and its facts to 1,000 characters. Where
    there are so many reports that rows come closer than 5.6 mm there are neither ticks nor numbers.

    Parameters
    ----------
    scores : DataFrame
        As `corpus.score_specificity` returns it, with a column report_label.
    facts : DataFrame
        As `corpus.find_particulars` returns it, from the same reports.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    bounds = [low for low, _ in _STEPS]
    names = ["below 0.3: no fact", "0.3 to 0.5: loose facts", "0.5 to 0.9: specific", "0.9 and more"]
    handles: list[Artist] = [
        Patch(facecolor=colour, label=name) for (_, colour), name in zip(_STEPS, names, strict=True)
    ]
    rows = arrange_rows(scores, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + _HEADS_MM)
    has_room = rows.has_room and width_mm >= NARROW_MM
    if has_room:
        handles.append(Line2D([], [], color=INK, marker="|", linestyle="", markersize=4, label="a firm fact"))
    columns_mm = _COLUMNS_MM if has_room else 0.0
    key = fold_key(handles, width_mm=width_mm - columns_mm)
    head_mm = max(key_height(key), _HEADS_MM if has_room else 0.0)
    rows = arrange_rows(scores, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + head_mm)
    widths = (width_mm - columns_mm, columns_mm) if has_room else (1.0,)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        heights = (head_mm, rows.height_mm - head_mm)
        panels = figure.subplots(2, len(widths), height_ratios=heights, width_ratios=widths, squeeze=False)
        write_key(panels[0, 0], key)
        axes = panels[1, 0]
        name_rows(axes, rows)
        steps = np.searchsorted(bounds, scores["specificity"], side="right") - 1
        _draw_sentences(axes, scores.assign(step=steps), rows, height=_STRIP if has_room else _THIN_STRIP)
        if has_room:
            places = facts.loc[facts["is_firm"], ["report_id", "start"]]
            tops = places["report_id"].map(rows.places) - _STRIP / 2
            axes.vlines(places["start"], tops - _TICK, tops, color=INK, linewidth=0.5)
            _write_columns(panels[0, 1], panels[1, 1], scores, rows)
        axes.set_xlim(0, scores["end"].max())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel("character of the file")
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
    for x, words in ((0.5, "in specific\nsentences"), (1.5, "facts to 1,000\ncharacters")):
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
        As `corpus.compare_with_labels` returns it.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    height_mm = 18 + _ROW_MM * len(agreement)
    with style.new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        left, right = figure.subplots(1, 2, sharey=True)
        by_chance = float((agreement["n_specific"] / agreement["n_sentences"]).iloc[0])
        _draw_dots(left, agreement, ("auroc", "auroc_low", "auroc_high"), by_chance=0.5)
        _draw_dots(right, agreement, ("average_precision", "ap_low", "ap_high"), by_chance=by_chance)
        left.set_yticks(range(len(agreement)), agreement["measure"])
        left.set_ylim(len(agreement) - 0.5, -0.5)
        left.set_xlabel("AUROC, 0 to 1")
        right.set_xlabel("average precision, 0 to 1")
        return figure


def _draw_dots(axes: Axes, agreement: pd.DataFrame, columns: tuple[str, str, str], *, by_chance: float) -> None:
    middle, low, high = (agreement[name].to_numpy() for name in columns)
    places = np.arange(len(agreement))
    length = agreement["measure"] == LENGTH
    for start, end in zip(low[length], high[length], strict=True):
        axes.axvspan(start, end, color=RULE, alpha=0.5, linewidth=0)
    axes.axvline(by_chance, color=MUTED, linewidth=0.6, linestyle=":")
    axes.hlines(places, low, high, color=INK, linewidth=0.8)
    fills = np.where(agreement["beats_length"], INK, "white")
    axes.scatter(middle, places, s=14, c=fills, edgecolors=INK, linewidths=0.7, zorder=3)
    axes.set_xlim(0, 1.02)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
