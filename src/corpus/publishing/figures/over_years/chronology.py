"""Dated terms in time and the reports that name them, and laws by report with whether they were in force."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from corpus.errors import CorpusError
from corpus.publishing.figures.look import Bilingual, Profile, both, figure_width
from corpus.publishing.figures.over_years.words_over_years import short_term, write_beside, write_limits
from corpus.publishing.figures.report_rows import (
    LINE_MM,
    LONGEST_NAME,
    MOST_TERMS,
    NAMES_MM,
    NARROW_TERMS_MM,
    POINTS_PER_MM,
    arrange_mentions,
    day_it_came,
    wide_mm,
)
from corpus.publishing.figures.style import INK, MUTED, RULE, SIZES, TALLEST_MM, new_figure

_YEARS_BEFORE_FIRST_REPORT = 5
_HEAD_MM = 40.0  # the sentence on top, the flags of the reports, the axis and the key
_SIDES_MM = 75.0  # the names of the terms, their days and their kinds
_YEAR_MM = 7.0  # on the axis
_AXIS_WORDS_MM = 70.0  # below this the axis is told in short
_MOST_LEVELS = 5  # of flags, one above the other
_LONGEST_FLAG = 8.0  # Chinese characters, where there is no room for more
_RING_MM = 1.9
_LEAST_RING_MM = 1.1  # of marks on days that lie close
_LIFE = "#a9afb6"
_GUIDE = "#bcc1c7"
_DASHED = (0, (4, 3))
_MARGIN = pd.DateOffset(months=3)
_EPOCH = pd.Timestamp(1970, 1, 1)
_KINDS = {
    "law": Bilingual("law", "法律"),
    "regulation": Bilingual("regulation", "法规制度"),
    "plan": Bilingual("plan", "规划"),
    "slogan": Bilingual("slogan", "提法"),
    "campaign": Bilingual("campaign", "活动"),
    "practice": Bilingual("practice", "做法"),
    "meeting": Bilingual("meeting", "会议"),
    "organ": Bilingual("organ", "机构"),
    "day": Bilingual("day", "主题日"),
}


def draw_chronology(
    marks: pd.DataFrame, *, limits: str | Bilingual, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw dated terms in time, and which reports name them: one row a term, one mark a term and report.

    A line runs from the day on which a term came; it is dotted after its end. Marks are filled where a report names
    the term (for a year: by the share of its reports) and hollow where it does not though the term was there. Nothing
    joins one report with another.

    Parameters
    ----------
    marks : DataFrame
        As from `tabulate_mentions`. Terms without a day are not drawn, and of more than 48
        terms those that came last.
    limits : str or Bilingual
        What stands at the head of the figure: see `describe_panel`.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.

    Raises
    ------
    CorpusError
        If no report names a term whose day is known.
    """
    width_mm = figure_width(width_mm)
    marks = marks[marks["from_day"].notna()]
    if marks.empty:
        raise CorpusError("there is nothing to draw: no report names a term of the chronology whose day is known")
    n_terms = marks.groupby(["term", "from"]).ngroups
    narrow = width_mm < NARROW_TERMS_MM
    longest = _LONGEST_FLAG if narrow else LONGEST_NAME
    terms, columns, marks = arrange_mentions(marks, last=MOST_TERMS, longest=longest)
    first_day, last_day = columns["day"].min(), columns["day"].max()
    oldest, newest = terms["from_day"].min(), terms["from_day"].max()
    begin = max(first_day - pd.DateOffset(years=_YEARS_BEFORE_FIRST_REPORT), min(oldest, first_day) - _MARGIN)
    end = max(last_day, newest) + _MARGIN
    pitch_mm = min(3.5, (TALLEST_MM - _HEAD_MM) / len(terms))
    with new_figure(width_mm=width_mm, height_mm=pitch_mm * len(terms) + _HEAD_MM, profile=profile) as figure:
        write_limits(figure, limits)
        axes = figure.subplots()
        axes.set_xlim(_days(begin), _days(end))
        axes.set_ylim(len(terms) - 0.3, -0.7)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        _draw_lives(axes, terms)
        for row in range(0, len(terms), math.ceil(LINE_MM / pitch_mm)):
            term = terms.iloc[row]
            write_beside(axes, row, {-5 if narrow else -43: short_term(term["term"])}, size="tick")
            if not narrow:
                write_beside(axes, row, {-5: day_it_came(term)}, colour=MUTED)
                write_beside(axes, row, {5: str(_KINDS.get(term["kind"], term["kind"]))}, colour=MUTED, align="left")
        room_mm = width_mm - (_SIDES_MM - 25 if narrow else _SIDES_MM)
        mm_per_day = room_mm / (_days(end) - _days(begin))
        _draw_columns(axes, columns, mm_per_day=mm_per_day)
        apart_mm = mm_per_day * columns["day"].diff().dt.days.min() if len(columns) > 1 else _RING_MM
        ring_mm = min(_RING_MM, 0.7 * pitch_mm, max(_LEAST_RING_MM, apart_mm))
        _draw_mentions(axes, marks, ring=ring_mm * POINTS_PER_MM)
        years = range(begin.year + 1, end.year + 1)
        years = years[:: math.ceil(len(years) * _YEAR_MM / room_mm)]
        axes.set_xticks([_days(pd.Timestamp(year, 1, 1)) for year in years], [str(year) for year in years])
        axes.set_xlabel(_tell_axis(len(terms), n_terms, is_narrow=room_mm < _AXIS_WORDS_MM))
        figure.legend(handles=_key_of_marks(columns, ring_mm), loc="outside lower left", ncols=1 if narrow else 2)
    return figure


def _tell_axis(n_drawn: int, n_terms: int, *, is_narrow: bool) -> str:
    """Return what the axis of days shows, and how many of the terms are drawn where not all are."""
    days = Bilingual("day on which terms came and reports were signed or published", "用语出现、报告落款或发布的日期")
    if is_narrow:
        days = Bilingual("day", "日期")
    shown = Bilingual("", "")
    if n_drawn < n_terms:
        end = Bilingual("\n", "\n") if is_narrow else Bilingual(" ", "")
        shown = Bilingual(
            f"the {n_drawn} of {n_terms} terms that came last;{end.en}",
            f"{n_terms} 个用语中最晚出现的 {n_drawn} 个；{end.zh}",
        )
    return both(f"{shown.en}{days.en} (ticks: 1 January)", f"{shown.zh}{days.zh}（刻度：1 月 1 日）")


def _draw_lives(axes: Axes, terms: pd.DataFrame) -> None:
    left, right = axes.get_xlim()
    for row, (born, died) in enumerate(zip(terms["from_day"], terms["until_day"], strict=True)):
        start = max(left, _days(born))
        end = right if pd.isna(died) else min(right, max(start, _days(died)))
        axes.plot([start, end], [row, row], color=_LIFE, linewidth=0.9, zorder=1)
        axes.plot([end, right], [row, row], color=_LIFE, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1)
        if _days(born) >= left:
            axes.plot([start, start], [row - 0.3, row + 0.3], color=INK, linewidth=0.8, zorder=2)


def _draw_columns(axes: Axes, columns: pd.DataFrame, *, mm_per_day: float) -> None:
    """Draw a guide at each day, with a flag to its right. Flags that would lie on later ones stand higher."""
    above: dict[str, Any] = {
        "xycoords": blended_transform_factory(axes.transData, axes.transAxes),
        "textcoords": "offset points",
        "annotation_clip": False,
    }
    flags: list[tuple[float, int]] = []
    for _, column in columns.iloc[::-1].iterrows():
        x, words = _days(column["day"]), column["heading"]
        width_mm = wide_mm(words, "note") + 0.6
        level = max((level + 1 for start, level in flags if start < x + width_mm / mm_per_day), default=0)
        unknown = column["day_basis"] == "year end"
        look: dict[str, Any] = {"color": _GUIDE, "linewidth": 0.6, "linestyle": _DASHED if unknown else "-"}
        axes.axvline(x, zorder=0, **look)
        if level >= _MOST_LEVELS:
            continue
        flags.append((x, level))
        foot = 17 * level + 2
        pole = {"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **look}
        axes.annotate("", (x, 1), xytext=(0, foot + 15), arrowprops=pole, **above)
        axes.annotate(words, (x, 1), xytext=(2, foot), fontsize=SIZES["note"], linespacing=1.25, va="bottom", **above)


def _draw_mentions(axes: Axes, marks: pd.DataFrame, *, ring: float) -> None:
    there = marks[(marks["n_naming"] > 0) | (marks["from_day"] <= marks["day"])]
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.5, "zorder": 3}
    axes.scatter([_days(day) for day in there["day"]], there["row"], s=ring**2, **look)
    naming = marks[marks["n_naming"] > 0]
    share = naming["n_naming"] / naming["n_reports"]
    days = [_days(day) for day in naming["day"]]
    axes.scatter(days, naming["row"], s=ring**2 * share, color=INK, linewidth=0, zorder=4)


def _key_of_marks(columns: pd.DataFrame, ring_mm: float) -> list[Line2D]:
    by_year = (columns["n_reports"] > 1).any()
    look: dict[str, Any] = {
        "marker": "o",
        "markersize": ring_mm * POINTS_PER_MM,
        "markeredgewidth": 0.5,
        "markeredgecolor": INK,
    }
    named = both("named in the report", "报告中提到")
    if by_year:
        named = both("named, filled by the share of the reports on the year", "提到；涂黑面积为该年度提到的报告占比")
    key = [
        Line2D([], [], linestyle="", markerfacecolor=INK, label=named, **look),
        Line2D(
            [],
            [],
            linestyle="",
            markerfacecolor="white",
            label=both("not named, though it was there", "当时已有而未提到"),
            **look,
        ),
        Line2D(
            [],
            [],
            color=_LIFE,
            linewidth=0.9,
            label=both("term, from its day on; dotted after its end", "用语自出现之日起；终止后为点线"),
        ),
    ]
    if (columns["day_basis"] == "year end").any():
        words = both("undated report: at the end of the year it reviews", "日期不详的报告：置于报告年度的年末")
        if by_year:
            words = both("reports on a year, at its end", "某一年度的报告：置于年末")
        key.append(Line2D([], [], color=_GUIDE, linewidth=0.8, linestyle=_DASHED, label=words))
    return key


def _days(day: pd.Timestamp) -> int:
    return (day - _EPOCH).days


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
        As from `corpus.analysis.words.dated_terms.tabulate_mentions`. Of more than 48 laws the last are drawn.
    limits : str or Bilingual
        What stands at the head of the figure: see `describe_panel`.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.

    Raises
    ------
    CorpusError
        If no report names a law.
    """
    width_mm = figure_width(width_mm)
    if marks.empty:
        raise CorpusError("there is nothing to draw: no report names a law of the chronology")
    laws, columns, marks = arrange_mentions(marks, last=MOST_TERMS)
    narrow = width_mm < NARROW_TERMS_MM
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
        headings = {40: both("from", "施行"), 78: both("until", "废止"), 114: both("first-last", "首次—末次")}
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
