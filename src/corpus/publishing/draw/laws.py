"""Laws and rules by report: how often each is named, and whether it was in force."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from corpus.publishing.draw.mentions import (
    LINE_MM,
    MOST_TERMS,
    NAMES_MM,
    NARROW_MM,
    POINTS_PER_MM,
    arrange_mentions,
    day_it_came,
    wide_mm,
)
from corpus.publishing.draw.years import short_term, write_beside, write_limits
from corpus.publishing.look import Bilingual, Profile, both, figure_width
from corpus.publishing.style import INK, MUTED, RULE, SIZES, TALLEST_MM, new_figure
from corpus.values import CorpusError

_DAYS_MM = 45.0  # beside the laws
_HEADING_MM = 13.0  # of a column


def draw_laws(
    marks: pd.DataFrame, *, limits: str | Bilingual, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw how often each report names each law: one row a law, one column a report or year.

    Beside each row stand the days from which and until which it was in force, in brackets where they are from memory,
    and the first and last year on which a report names it.

    Parameters
    ----------
    marks : DataFrame
        As from `corpus.analysis.chronology.tabulate_mentions`. Of more than 48 laws the last are drawn.
    limits : str or Bilingual
        What stands at the head of the figure: see `corpus.publishing.draw.years.describe_panel`.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.

    Raises
    ------
    CorpusError
        If no report names a law.
    """
    width_mm = figure_width(width_mm)
    if marks.empty:
        raise CorpusError("there is nothing to draw: no report names a law of the chronology")
    laws, columns, marks = arrange_mentions(marks, last=MOST_TERMS)
    narrow = width_mm < NARROW_MM
    heading_mm = max(_HEADING_MM, *(wide_mm(heading, "tick") + 1.5 for heading in columns["heading"]))
    crowded = (width_mm - (NAMES_MM if narrow else NAMES_MM + _DAYS_MM)) / len(columns) < heading_mm
    rest_mm = 25.0 + heading_mm if crowded else 30.0
    pitch_mm = min(4.4, (TALLEST_MM - rest_mm) / len(laws))
    with new_figure(width_mm=width_mm, height_mm=pitch_mm * len(laws) + rest_mm, profile=profile) as figure:
        write_limits(figure, limits)
        axes = figure.subplots()
        axes.set_xlim(-0.6, len(columns) - 0.4)
        axes.set_ylim(len(laws) - 0.4, -0.6)
        axes.set_yticks([])
        axes.spines[:].set_visible(False)
        axes.set_xticks(range(len(columns)), columns["heading"], fontsize=SIZES["tick"], linespacing=1.25)
        axes.tick_params(axis="x", length=0, labeltop=True, labelbottom=False, labelrotation=90 if crowded else 0)
        axes.hlines(range(len(laws)), -0.6, len(columns) - 0.4, color=RULE, linewidth=0.4, zorder=0)
        headings = {40: both("from", "施行"), 78: both("until", "废止"), 114: both("first-last", "首末年度")}
        write_beside(axes, -1.1, {} if narrow else headings, colour=MUTED)
        for row in range(0, len(laws), math.ceil(LINE_MM / pitch_mm)):
            law = laws.iloc[row]
            first, last = law["first_year"], law["last_year"]
            years = f"{first}" if first == last else f"{first}-{last}"
            write_beside(axes, row, {-5: short_term(law["term"])}, size="tick")
            write_beside(axes, row, {} if narrow else {40: day_it_came(law), 78: law["until"], 114: years})
        _draw_counts(axes, marks, widest=0.92 * pitch_mm * POINTS_PER_MM)
        figure.legend(handles=_key_of_counts(), loc="outside lower left", ncols=1 if narrow else 3)
    return figure


def _draw_counts(axes: Axes, marks: pd.DataFrame, *, widest: float) -> None:
    named = marks["n_mentions"] > 0
    ended = (marks["until_day"] < marks["day"]) & (marks["checked"] != "memory")
    absent = marks[~named & ~ended & ~(marks["from_day"] > marks["day"])]
    axes.scatter(absent["place"], absent["row"], s=1.6**2, color=MUTED, linewidth=0)
    most = marks["n_mentions"].max()
    for chosen, colour in ((marks[named & ~ended], INK), (marks[named & ended], "white")):
        areas = widest**2 * chosen["n_mentions"] / most
        axes.scatter(chosen["place"], chosen["row"], s=areas, facecolor=colour, edgecolor=INK, linewidth=0.7)
    for place, row, count in marks.loc[named, ["place", "row", "n_mentions"]].to_numpy():
        right: dict[str, Any] = {"xytext": (widest / 2 + 2.5, 0), "textcoords": "offset points"}
        right["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.annotate(f"{count}", (place, row), va="center", fontsize=SIZES["note"], **right)


def _key_of_counts() -> list[Line2D]:
    look: dict[str, Any] = {"linestyle": "", "marker": "o", "markeredgecolor": INK, "markeredgewidth": 0.7}
    return [
        Line2D(
            [],
            [],
            markersize=6,
            markerfacecolor=INK,
            label=both("times named, by area and number", "提到的次数（面积和数字）"),
            **look,
        ),
        Line2D(
            [],
            [],
            markersize=6,
            markerfacecolor="white",
            label=both("named after it had ended", "废止之后仍提到"),
            **look,
        ),
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            markersize=1.6,
            color=MUTED,
            label=both("not named, though in force", "施行中而未提到"),
        ),
    ]
