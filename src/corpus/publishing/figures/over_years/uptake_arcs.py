"""Who took up words from whom at the latest: reports from the earliest down, an arc for each uptake."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.reuse.borrowing import DATES, LEVEL, LEVELS
from corpus.analysis.reuse.passage_search import sources_apart
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import em_mm, note, shorten_name, widest_ems
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, INK, MUTED, RULE, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Report, Reports

_LEVEL_NAMES: Final = (
    *(Bilingual("centre", "中央"), Bilingual("province", "省"), Bilingual("city", "市"), Bilingual("county", "县")),
    *(Bilingual("township", "乡镇"), Bilingual("not known", "不详")),
)
_ARCS: Final[dict[str, tuple[str, Any, Bilingual]]] = {
    "dates": (COLOURS["shared"], "-", Bilingual("taken up at the latest, by dates or years", "最晚沿用，据日期或年度")),
    "own": (COLOURS["carried over"], "-", Bilingual("from the issuer's own earlier report", "沿用本机关此前的报告")),
    "level": (COLOURS["shared"], (0, (4, 1.5)), Bilingual("taken up by the level alone", "沿用，仅据层级")),
    "open": (MUTED, (0, (1, 1.2)), Bilingual("shared, nothing tells which was first", "共有，先后无从判定")),
}
"""How uptakes are drawn by what tells which report was first; words of one's own earlier report are not borrowed."""

_MOST_ROWS = 46
_ROW_MM = 5.5
_REST_MM = 12.0
_KEY_LINE_MM = 3.6
_LEVEL_MM = 8.5
_THINNEST = 0.4
# In rows: what the arcs that end or begin in one may take together, the heaviest arc, the room between two.
_FULL, _WIDEST, _GAP = 0.85, 0.3, 0.12

Floats = npt.NDArray[np.float64]


def borrowing(
    reports: Reports, *, sources: Reports | None = None, min_chars: int = 12, most: int = 40
) -> FigureToCite | NoFigure:
    """Draw who took up words from whom at the latest: the uptakes with most weighted characters.

    Reports stand below each other from the earliest to the latest, each in the column of its level; an arc leads from
    the report that had the words to the one that took them up, as wide as there are weighted characters. Where the
    level alone tells which was first it is dashed; where nothing does it is dotted and has no head. The latest report
    that had the words before is not always the one from which they were taken (`corpus.analysis.reuse.borrowing`).

    Parameters
    ----------
    reports : Reports
    sources : Reports, optional
        Other reports from which words may come; what one of these took up from another is not drawn.
    min_chars : int
        See `corpus.find_reuse`.
    most : int
        At most so many arcs; fewer where the reports that they join would have no room.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where nothing is shared, or nothing tells of any uptake which report was first.

    Examples
    --------
    >>> import corpus
    >>> drawn = corpus.figures.borrowing(corpus.load_reports())
    >>> drawn.table[["report_label", "other_label", "taken_chars", "decided_by"]].head(3)
      report_label other_label  taken_chars     decided_by
    0      沂源 2022     秦安 2020           83  year_reviewed
    1      沂源 2022     长春 2021           95  year_reviewed
    2      沂源 2022     龙岗 2020           73  year_reviewed
    """
    table = find_reuse(reports, sources=sources, min_chars=min_chars, by="uptake")
    own = {report.report_id for report in reports}
    table = table[table["report_id"].isin(own) | table["other_id"].isin(own)]
    by = _measure(table)
    if table.empty:
        return no_figure("borrowing", "nothing-shared", min_chars=min_chars)
    if not table["decided_by"].any():
        return no_figure("borrowing", "nothing-first")
    known = {report.report_id: report for report in (*sources_apart(reports, sources), *reports)}
    drawn = _choose_uptakes(table, known, most)
    (leading,) = table[table["decided_by"] != ""].nlargest(1, by).to_dict("records")
    n_open = int((table["decided_by"] == "").sum())
    return series_figure(
        "borrowing",
        reports,
        draw_borrowing,
        drawn,
        finding=tell("borrowing", "finding", leading=leading, n_open=n_open, n_all=len(table)),
        parameters={"min_chars": min_chars, "most": most},
        n_drawn=len(drawn),
        n_all=len(table),
        share=drawn[by].sum() / table[by].sum(),
        n_level=int((table["decided_by"] == LEVEL).sum()),
        n_open=n_open,
        unweighted=tell("borrowing", "unweighted") if by == "taken_chars" else "",
        of_sources=tell("borrowing", "of_sources", n=len(sources)) if sources else "",
    )


def _measure(table: pd.DataFrame) -> str:
    """Return what the widths show: where all reports have all that is shared, as of two, no weight tells anything."""
    return "weighted_chars" if table["weighted_chars"].any() else "taken_chars"


def _choose_uptakes(table: pd.DataFrame, known: dict[str, Report], most: int) -> pd.DataFrame:
    """Return the uptakes with most weight that there is room for, with time and level of their reports."""
    drawn = table.sort_values(_measure(table), ascending=False, kind="stable").head(most).reset_index(drop=True)
    ids = drawn[["report_id", "other_id"]].stack()
    drawn = drawn[(~ids.duplicated()).groupby(level=0).sum().cumsum() <= _MOST_ROWS]
    to, of = (drawn[name].map(known) for name in ("report_id", "other_id"))
    is_own = [bool(a.issuer) and a.issuer_key == b.issuer_key for a, b in zip(to, of, strict=True)]
    drawn["kind"] = drawn["decided_by"].where(drawn["decided_by"].isin(["", LEVEL]), np.where(is_own, "own", "dates"))
    drawn["kind"] = drawn["kind"].replace("", "open")
    for side, reports in (("report", to), ("other", of)):
        drawn[f"{side}_time"] = reports.map(_time)
        drawn[f"{side}_level"] = reports.map(lambda report: report.level or "")
    return drawn


def _time(report: Report) -> str:
    days = (str(report.value(name)) for name in DATES if report.value(name))
    return next(days, "" if report.year_reviewed is None else str(report.year_reviewed))


def draw_borrowing(uptake: pd.DataFrame) -> Figure:
    """Draw an arc for each uptake: rows are reports from the earliest down, columns their levels.

    A report of which only the year that it reviews is known stands at the end of that year; of one day, the higher
    level comes first. Arcs are as wide as there are weighted characters, as far as those of one row fit into it.
    """
    width_mm = figure_width()
    n_columns = 1 if width_mm < fitting.NARROW_MM else 2
    rows = _arrange_reports(uptake)
    to, of = (rows.index.get_indexer(pd.Index(uptake[name])) for name in ("report_id", "other_id"))
    widths = (uptake[_measure(uptake)] / uptake[_measure(uptake)].max()).to_numpy(dtype=np.float64)
    widths = widths * min(_WIDEST, _FULL / np.bincount(np.append(to, of), np.tile(widths, 2)).max())
    key = _key_of_arcs(uptake)
    rest_mm = _REST_MM + _KEY_LINE_MM * math.ceil(len(key) / n_columns)
    row_mm = min(_ROW_MM, (TALLEST_MM - rest_mm) / len(rows))
    row_points = row_mm * fitting.POINTS_PER_MM
    key[0].set_linewidth(widths.max() * row_points)
    names = [shorten_name(label) for label in rows["label"]]
    times = [time or both("no date", "无日期") for time in rows["time"]]
    outer = width_mm - widest_ems(names) * em_mm("tick") - (widest_ems(times) + 1) * em_mm("note") - 6
    with new_figure(width_mm=width_mm, height_mm=row_mm * len(rows) + rest_mm) as figure:
        axes = figure.subplots()
        axes.set(xlim=(0, outer), ylim=(len(rows) - 0.5, -0.7), xticks=[])
        axes.spines[:].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.set_yticks(range(len(rows)), names)
        for row, time in enumerate(times):
            if not row or time != times[row - 1]:
                points = -(widest_ems(names) + 1.2) * SIZES["tick"]
                fitting.write_beside(axes, row, {points: time}, colour=MUTED)
                axes.axhline(row - 0.5, color=RULE, linewidth=0.4, zorder=0)
        for rank, x in sorted(set(zip(rows["rank"], rows["x"], strict=True))):
            note(axes, str(_LEVEL_NAMES[rank]), (x, -0.7), (0, 2), ha="center", va="bottom", color=MUTED)
            axes.axvline(x, color=RULE, linewidth=0.4, zorder=0)
        ends = _stack_ends(to, of, widths)
        inner = rows["x"].max() + _LEVEL_MM / 2
        reach = inner + (outer - inner) * (0.12 + 0.85 * (np.abs(to - of) / np.abs(to - of).max()) ** 0.7)
        xs = rows["x"].to_numpy()
        # The lighter ones come last, over the heavier.
        for kind, width, far, x, y in zip(
            uptake["kind"], widths * row_points, reach, zip(xs[of], xs[to], strict=True), ends, strict=True
        ):
            _draw_arc(axes, kind, max(_THINNEST, width), far, x, y)
        axes.plot(xs, range(len(rows)), linestyle="", marker="o", color=INK, zorder=3)
        figure.legend(handles=key, loc="outside lower left", ncols=n_columns, handlelength=2.6)
    return figure


def _arrange_reports(uptake: pd.DataFrame) -> pd.DataFrame:
    """Return the reports in the order of their rows, with the rank of their level and the place of its column."""
    names = ["id", "label", "time", "level"]
    sides = (uptake[[f"{side}_{name}" for name in names]].set_axis(names, axis=1) for side in ("other", "report"))
    rows = pd.concat(list(sides)).drop_duplicates("id").set_index("id")
    rows["rank"] = [LEVELS.index(level) if level in LEVELS else len(LEVELS) for level in rows["level"]]
    rows["x"] = (rows["rank"].rank(method="dense") - 0.5) * _LEVEL_MM
    rows["day"] = [f"{time}-12-31" if len(time) == 4 else time or "no day" for time in rows["time"]]
    return rows.sort_values(["day", "rank", "label"], kind="stable")


def _draw_arc(axes: Axes, kind: str, width: float, reach: float, x: tuple[float, float], y: Floats) -> None:
    colour, line, _ = _ARCS[kind]
    begin, end = x[0] + 1.2, x[1] + (1.2 if kind == "open" else 2.2)
    # A curve with both handles at one distance comes three quarters as far.
    far = (reach - (begin + end) / 8) / 0.75
    path = Path([(begin, y[0]), (far, y[0]), (far, y[1]), (end, y[1])], [Path.MOVETO, *[Path.CURVE4] * 3])
    axes.add_patch(
        PathPatch(path, fill=False, edgecolor=colour, linestyle=line, linewidth=width, alpha=0.8, gid=kind, zorder=2)
    )
    if kind != "open":
        axes.plot(end - 0.4, y[1], marker="<", color=colour, markersize=2.2 + width, markeredgewidth=0, zorder=2.5)


def _stack_ends(to: npt.NDArray[np.int64], of: npt.NDArray[np.int64], widths: Floats) -> Floats:
    """Return the heights at which arcs begin and end: beside each other in a row, in an order in which none crosses."""
    rows = np.stack([of, to], axis=1)
    away = 1 / (rows[:, ::-1] - rows)
    ends = rows.astype(np.float64)
    for row in np.unique(rows):
        arcs, sides = np.nonzero(rows == row)
        order = np.argsort(away[arcs, sides], kind="stable")
        arcs, sides = arcs[order], sides[order]
        slots = widths[arcs] + min(_GAP, max(0.0, _FULL - widths[arcs].sum()) / len(arcs))
        ends[arcs, sides] += np.cumsum(slots) - slots / 2 - slots.sum() / 2
    return ends


def _key_of_arcs(uptake: pd.DataFrame) -> list[Line2D]:
    heaviest = f"{uptake[_measure(uptake)].max():,.0f}"
    weighted = _measure(uptake) == "weighted_chars"
    weight = both(f"{heaviest} {'weighted ' * weighted}characters", f"{'加权 ' * weighted}{heaviest} 字")
    present = set(uptake["kind"])
    return [
        Line2D([], [], color=MUTED, label=weight),
        *(
            Line2D([], [], color=colour, linestyle=line, label=str(words))
            for kind, (colour, line, words) in _ARCS.items()
            if kind in present
        ),
    ]
