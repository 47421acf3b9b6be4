"""Dated terms in time and the reports that name them, and laws by report with whether they were in force."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import blended_transform_factory

from corpus.analysis.words.dated_terms import tabulate_mentions, trace_chronology
from corpus.field.data_files import load_divisions
from corpus.publishing.evidence.marks import write_value
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import INK, MUTED, RULE, SIZES, TALLEST_MM, new_figure
from corpus.publishing.figures.wording.words_in_reports import describe_panel, short_term
from corpus.report.reports import Reports

_NAMES_MM = 42.0
_LINE_MM = 2.3  # rows closer than this cannot all be named
_MOST_TERMS = 48
_YEARS_BEFORE = 5  # the first report
_MIN_DAYS_APART = 30
_HEAD_MM = 33.0  # the flags of the reports, the axis and the key
_DAY_MM = 15.0  # beside the terms
_YEAR_MM = 7.0  # on the axis
_MOST_LEVELS = 5  # of flags, one above the other
_LONGEST_FLAG = 8.0  # Chinese characters, where there is no room for more
_RING_MM = 1.9
_LEAST_RING_MM = 1.1  # of marks on days that lie close
_LIFE = "#a9afb6"
_GUIDE = "#bcc1c7"
_DASHED = (0, (4, 3))
_MARGIN = 0.015  # of the time from the first report to the last, at each end; three months at least
_EPOCH = pd.Timestamp(1970, 1, 1)


def chronology(reports: Reports, traced: pd.DataFrame | None = None) -> FigureToCite | NoFigure:
    """Draw dated terms as lines that begin on the day they came, with the reports that name them and those that do not.

    Drawn are terms whose day was checked, that came within five years before the first report or later, and that a
    report names. Where two reports lie fewer than 30 days apart, those on a year are one column.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_chronology` returns it; made here if not given.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no report that can be placed in time names such a term.
    """
    table = trace_chronology(reports) if traced is None else traced
    dated = table[(table["checked"] == "search") & table["from_day"].notna()]
    recent = dated[dated["from_day"] >= table["report_day"].min() - pd.DateOffset(years=_YEARS_BEFORE)]
    marks = tabulate_mentions(recent, min_days_apart=_MIN_DAYS_APART)
    if marks.empty:
        return no_figure("chronology", "no-term")
    named = dated.loc[dated["n_mentions"] > 0, "term"]
    unchecked = table.loc[~table["term"].isin(dated["term"]) & (table["n_mentions"] > 0), "term"]
    return series_figure(
        "chronology",
        reports,
        draw_chronology,
        marks,
        finding=_tell_terms(recent),
        parameters={"years_before": _YEARS_BEFORE, "min_days_apart": _MIN_DAYS_APART},
        panel=describe_panel(reports),
        n_drawn=marks["term"].nunique(),
        n_older=named.nunique() - marks["term"].nunique(),
        n_unchecked=unchecked.nunique(),
    )


def _tell_terms(recent: pd.DataFrame) -> Bilingual:
    named = recent[recent["n_mentions"] > 0]
    holders = named.groupby("term", sort=False)["report_id"].nunique()
    most = str(holders.idxmax())
    day = str(named.loc[named["term"] == most, "from"].iloc[0])
    n_as_wide = int((holders == holders.max()).sum()) - 1
    return tell(
        "chronology",
        "finding",
        n=len(holders),
        n_single=int((holders == 1).sum()),
        most=most,
        day=Bilingual(day, write_value(day, "", "年月日")),
        n_most=int(holders.max()),
        n_reports=recent["report_id"].nunique(),
        others=tell("chronology", "others", n=n_as_wide) if n_as_wide else "",
    )


def _arrange_mentions(marks: pd.DataFrame, *, longest: float = fitting.LONGEST_NAME) -> tuple[pd.DataFrame, ...]:
    """Return the last terms in their rows, the reports or years in their places, the marks with row and place."""
    terms = marks.drop_duplicates(["term", "from"]).tail(_MOST_TERMS).reset_index(drop=True)
    columns = marks.drop_duplicates(["column", "day"]).sort_values(["day", "column"]).reset_index(drop=True)
    days = columns["day"].dt.strftime("%Y-%m-%d").where(columns["day_basis"] != "year end", both("undated", "日期不详"))
    below = "n=" + columns["n_reports"].astype(str) if (columns["n_reports"] > 1).any() else days
    columns["heading"] = columns["column"].map(lambda name: fitting.shorten_name(name, longest)) + "\n" + below
    rows = terms.reset_index(names="row")[["term", "from", "row"]]
    places = columns.reset_index(names="place")[["column", "day", "place"]]
    return terms, columns, marks.merge(rows, on=["term", "from"]).merge(places, on=["column", "day"])


def _write_terms(axes: Axes, terms: pd.DataFrame, pitch_mm: float, *, columns: Mapping[float, Sequence[str]]) -> None:
    """Write terms beside their rows, or every second or third one, and columns so many points from the panel."""
    for row in range(0, len(terms), math.ceil(_LINE_MM / pitch_mm)):
        left = min(-5, *columns) - 38 if columns and min(columns) < 0 else -5
        fitting.write_beside(axes, row, {left: short_term(terms["term"].iloc[row])}, size="tick")
        fitting.write_beside(axes, row, {points: words[row] for points, words in columns.items()}, colour=MUTED)


def _days_they_came(terms: pd.DataFrame) -> list[str]:
    """Return the days on which terms came, in brackets where they are from memory."""
    return ("(" + terms["from"] + ")").where(terms["checked"] == "memory", terms["from"]).tolist()


def draw_chronology(marks: pd.DataFrame) -> Figure:
    """Draw dated terms in time, and which reports name them: one row a term, one mark a term and report.

    A line runs from the day on which a term came; it is dotted after its end. Marks are filled where a report names
    the term (for a year: by the share of its reports) and hollow where it does not though the term was there. Nothing
    joins one report with another.
    """
    width_mm = figure_width()
    marks = marks[marks["from_day"].notna()]
    n_terms = marks.groupby(["term", "from"]).ngroups
    narrow = width_mm < fitting.NARROW_MM
    terms, columns, marks = _arrange_mentions(marks, longest=_LONGEST_FLAG if narrow else fitting.LONGEST_NAME)
    first_day, last_day = columns["day"].min(), columns["day"].max()
    margin = max((last_day - first_day) * _MARGIN, pd.Timedelta(days=91))
    earliest = min(terms["from_day"].min(), first_day) - margin
    begin = _days(max(first_day - pd.DateOffset(years=_YEARS_BEFORE), earliest))
    end = _days(max(last_day, terms["from_day"].max()) + margin)
    pitch_mm = min(3.5, (TALLEST_MM - _HEAD_MM) / len(terms))
    mm_per_day = (width_mm - (_NAMES_MM if narrow else _NAMES_MM + _DAY_MM)) / (end - begin)
    apart_mm = mm_per_day * columns["day"].diff().dt.days.min() if len(columns) > 1 else _RING_MM
    ring = min(_RING_MM, 0.7 * pitch_mm, max(_LEAST_RING_MM, apart_mm)) * fitting.POINTS_PER_MM
    with new_figure(width_mm=width_mm, height_mm=pitch_mm * len(terms) + _HEAD_MM) as figure:
        axes = figure.subplots()
        axes.set(xlim=(begin, end), ylim=(len(terms) - 0.3, -0.7), yticks=[])
        axes.spines["left"].set_visible(False)
        _draw_lives(axes, terms)
        _write_terms(axes, terms, pitch_mm, columns={} if narrow else {-5: _days_they_came(terms)})
        _draw_columns(axes, columns, mm_per_day=mm_per_day)
        expected = (marks["from_day"] <= marks["day"]) & ~marks["term"].map(_is_local)
        look: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 0.5, "zorder": 3}
        naming, there = marks[marks["n_naming"] > 0], marks[(marks["n_naming"] > 0) | expected]
        axes.scatter(there["day"].map(_days), there["row"], s=ring**2, **look)
        share = naming["n_naming"] / naming["n_reports"]
        axes.scatter(naming["day"].map(_days), naming["row"], s=ring**2 * share, color=INK, linewidth=0, zorder=4)
        years = [day.year for day in pd.to_datetime([begin + 365, end], unit="D")]
        step = math.ceil((years[1] - years[0] + 1) * _YEAR_MM / (mm_per_day * (end - begin)))
        ticks = range(years[0], years[1] + 1, step)
        axes.set_xticks([_days(pd.Timestamp(year, 1, 1)) for year in ticks], [str(year) for year in ticks])
        told = both("day on which terms came and\nreports were signed or published", "用语出现、报告落款或发布的日期")
        last = both(f"; the last {len(terms)} of {n_terms} terms", f"；{n_terms} 个用语中最晚的 {len(terms)} 个")
        told = (told if narrow else told.replace("\n", " ")) + (last if len(terms) < n_terms else "")
        axes.set_xlabel(told)
        figure.legend(handles=_key_of_marks(columns, ring), loc="outside lower left", ncols=1 if narrow else 2)
    return figure


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
    above = blended_transform_factory(axes.transData, axes.transAxes)
    flags: list[tuple[float, int]] = []
    for _, column in columns.iloc[::-1].iterrows():
        x, words = _days(column["day"]), column["heading"]
        width_mm = fitting.widest_ems([words]) * fitting.em_mm("note") + 0.6
        level = max((level + 1 for start, level in flags if start < x + width_mm / mm_per_day), default=0)
        unknown = column["day_basis"] == "year end"
        look: dict[str, Any] = {"color": _GUIDE, "linewidth": 0.6, "linestyle": _DASHED if unknown else "-"}
        axes.axvline(x, zorder=0, **look)
        if level >= _MOST_LEVELS:
            continue
        flags.append((x, level))
        foot = 17 * level + 2
        pole = {"arrowstyle": "-", "shrinkA": 0, "shrinkB": 0, **look}
        fitting.note(axes, "", (x, 1), (0, foot + 15), on=above, arrowprops=pole)
        fitting.note(axes, words, (x, 1), (2, foot), on=above, va="bottom", linespacing=1.25)


def _key_of_marks(columns: pd.DataFrame, ring: float) -> list[Line2D]:
    named, undated = both("named in the report", "报告中提到"), both("undated: end of the year", "日期不详：置于年末")
    if (columns["n_reports"] > 1).any():
        named = both("named, filled by the share of the reports on the year", "提到；涂黑面积为该年度提到的报告占比")
        undated = both("reports on a year, at its end", "某一年度的报告：置于年末")
    absent = both("not named, though it was there", "当时已有而未提到")
    life = both("term, from its day on; dotted after its end", "用语自出现之日起；终止后为点线")
    look: dict[str, Any] = {"marker": "o", "linestyle": "", "markeredgewidth": 0.5, "markeredgecolor": INK}
    marks = [
        Line2D([], [], markersize=ring, markerfacecolor=colour, label=words, **look)
        for colour, words in ((INK, named), ("white", absent))
    ]
    lines = [Line2D([], [], color=_LIFE, linewidth=0.9, label=life)]
    if (columns["day_basis"] == "year end").any():
        lines.append(Line2D([], [], color=_GUIDE, linewidth=0.8, linestyle=_DASHED, label=undated))
    return marks + lines


def _days(day: pd.Timestamp) -> int:
    return (day - _EPOCH).days


_DAYS_MM = 45.0  # beside the laws
_BESIDE = (40.0, 78.0, 114.0)  # where its columns end, in points


def laws_by_year(reports: Reports, traced: pd.DataFrame | None = None) -> FigureToCite | NoFigure:
    """Draw how often each report, or the reports on each year, name each law and rule of the chronology.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_chronology` returns it; made here if not given.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no report that can be placed in time names a law of the chronology.
    """
    table = trace_chronology(reports) if traced is None else traced
    marks = tabulate_mentions(table[table["kind"].isin(["law", "regulation"])])
    if marks.empty:
        return no_figure("laws-by-year", "no-law")
    panel, n_laws = describe_panel(reports), marks["term"].nunique()
    return series_figure("laws-by-year", reports, draw_laws, marks, panel=panel, n_laws=n_laws)


def draw_laws(marks: pd.DataFrame) -> Figure:
    """Draw how often each report names each law: one row a law, one column a report or year.

    Beside each row stand the days from which and until which it was in force (where one has ended), in brackets where
    they are from memory, and the first and last year on which a report names it.
    """
    width_mm = figure_width()
    laws, columns, marks = _arrange_mentions(marks)
    narrow = width_mm < fitting.NARROW_MM
    heading_mm = fitting.widest_ems(columns["heading"]) * fitting.em_mm("tick") + 1.5
    crowded = (width_mm - (_NAMES_MM if narrow else _NAMES_MM + _DAYS_MM)) / len(columns) < heading_mm
    rest_mm = 18.0 + heading_mm if crowded else 23.0
    pitch_mm = min(4.4, (TALLEST_MM - rest_mm) / len(laws))
    with new_figure(width_mm=width_mm, height_mm=pitch_mm * len(laws) + rest_mm) as figure:
        axes = figure.subplots()
        axes.set(xlim=(-0.6, len(columns) - 0.4), ylim=(len(laws) - 0.4, -0.6), yticks=[])
        axes.spines[:].set_visible(False)
        axes.set_xticks(range(len(columns)), columns["heading"], fontsize=SIZES["tick"], linespacing=1.25)
        axes.tick_params(axis="x", length=0, labeltop=True, labelbottom=False, labelrotation=90 if crowded else 0)
        axes.hlines(range(len(laws)), -0.6, len(columns) - 0.4, color=RULE, linewidth=0.4, zorder=0)
        first, last = laws["first_year"].astype(str), laws["last_year"].astype(str)
        years = (first + "-" + last).where(first != last, first)
        shown: list[tuple[str, Sequence[str]]] = [
            (both("from", "施行"), _days_they_came(laws)),
            (both("until", "废止"), laws["until"].tolist()),
            (both("first-last", "首次—末次"), years.tolist()),
        ]
        # Where no law has ended, a column of ends is empty.
        shown = [(heading, values) for heading, values in shown if any(values)]
        places = () if narrow else _BESIDE[: len(shown)]
        beside = dict(zip(places, shown, strict=False))
        fitting.write_beside(axes, -1.1, {at: heading for at, (heading, _) in beside.items()}, colour=MUTED)
        _write_terms(axes, laws, pitch_mm, columns={at: values for at, (_, values) in beside.items()})
        _draw_counts(axes, marks, widest=0.92 * pitch_mm * fitting.POINTS_PER_MM)
        figure.legend(handles=_key_of_counts(), loc="outside lower left", ncols=1 if narrow else 3)
    return figure


def _draw_counts(axes: Axes, marks: pd.DataFrame, *, widest: float) -> None:
    named = marks["n_mentions"] > 0
    ended = (marks["until_day"] < marks["day"]) & (marks["checked"] != "memory")
    absent = marks[~named & ~ended & ~(marks["from_day"] > marks["day"]) & ~marks["term"].map(_is_local)]
    axes.scatter(absent["place"], absent["row"], s=1.6**2, color=MUTED, linewidth=0)
    most = marks["n_mentions"].max()
    for chosen, colour in ((marks[named & ~ended], INK), (marks[named & ended], "white")):
        areas = widest**2 * chosen["n_mentions"] / most
        axes.scatter(chosen["place"], chosen["row"], s=areas, facecolor=colour, edgecolor=INK, linewidth=0.7)
    for place, row, count in marks.loc[named, ["place", "row", "n_mentions"]].to_numpy():
        fitting.note(axes, f"{count}", (place, row), (widest / 2 + 2.5, 0), bbox=fitting.white_ground())


def _is_local(term: str) -> bool:
    """Tell whether an act begins with the name of a place, outside of which it is not in force."""
    names = load_divisions().names
    return any(term[:length] in names for length in range(2, len(term)))


def _key_of_counts() -> list[Line2D]:
    look: dict[str, Any] = {"linestyle": "", "marker": "o", "markeredgecolor": INK, "markeredgewidth": 0.7}
    named = both("times named, by area and number", "提到的次数（面积和数字）")
    ended = both("named after it had ended", "废止之后仍提到")
    absent = both("not named, though in force", "施行中而未提到")
    return [
        Line2D([], [], markersize=6, markerfacecolor=INK, label=named, **look),
        Line2D([], [], markersize=6, markerfacecolor="white", label=ended, **look),
        Line2D([], [], linestyle="", marker="o", markersize=1.6, color=MUTED, label=absent),
    ]
