"""What issuers kept of their report of the year before, by issuer and year, and what changed where in the report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from corpus.analysis.resampling import LEVEL
from corpus.analysis.years.change_measures import find_breaks, locate_changes, measure_years, tabulate_changes
from corpus.analysis.years.changes import CHANGES, align_years
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.fitting import note, shorten_name, white_ground, widest_ems
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.over_years.words_over_years import write_beside
from corpus.publishing.figures.style import COLOURS, MUTED, RULE, SIMILARITY, SIZES, TALLEST_MM, ink_on, new_figure
from corpus.publishing.figures.texts.parts_of_reports import ROLE_NAMES
from corpus.report.reports import Reports

CHANGE_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kept": COLOURS["carried over"],
        "renumbered": "#e9d894",
        "reworded": "#7d8a4c",
        "new": COLOURS["own"],
        "dropped": "#68605c",
    }
)
"""What became of a passage; kept and new have the colours of carried over and own."""

CHANGE_NAMES: Final[Mapping[str, Bilingual]] = MappingProxyType(
    {
        "kept": Bilingual("kept", "保留"),
        "renumbered": Bilingual("renumbered", "改数字"),
        "reworded": Bilingual("reworded", "改写"),
        "new": Bilingual("new", "新增"),
        "dropped": Bilingual("dropped", "删去"),
    }
)

FEW_ISSUERS: Final = 3
"""So many issuers have a panel each, with their points and intervals; more make a matrix."""

_LEAST_FOR_BREAKS = 10
_SERIES_MM = 52.0
_ROW_MM = 4.6
_NAME_MM = 2.7
_LONGEST_NAME = 11.0  # in Chinese characters
_YEARS_MM = 9.0
_HEAD_POINTS = 3.5
_LEAST_BESIDE_MM = 165.0


def share_kept(
    reports: Reports, measured: pd.DataFrame | None = None, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw the share of each report that was kept word for word from the issuer's report of the year before.

    Parameters
    ----------
    reports : Reports
    measured : DataFrame, optional
        As `corpus.measure_years` returns it; made here if not given.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    table = measure_years(reports) if measured is None else measured
    if table.empty:
        return no_figure("share-kept", "no-panel", **shown)
    return series_figure(
        "share-kept",
        reports,
        draw_share_kept,
        table,
        **shown,
        finding=_tell_kept(table),
        parameters={key: table.attrs[key] for key in ("level",) if key in table.attrs},
        loaded=count_pairs(reports, len(table)),
        level=LEVEL,
    )


def count_pairs(reports: Reports, n_pairs: int) -> Bilingual:
    """Return what the caption of a figure of pairs of years says first: how many, and what was left out."""
    n_without = int((align_years(reports, by="report")["predecessor"] == "").sum())
    return tell("loaded", "pairs", n=n_pairs, n_without=n_without, n_left_out=len(reports.problems))


def _tell_kept(table: pd.DataFrame) -> Bilingual:
    known = table.dropna(subset="share_kept").sort_values("share_kept", kind="stable")
    if known.empty:
        return NO_WORDS
    least, most = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return tell("share-kept", "finding_one", a=most["issuer"], share=most["share_kept"], year=most["year_later"])
    means = known.groupby("issuer")["share_kept"].mean()
    extremes = {
        "most_issuer": means.idxmax(),
        "most": means.max(),
        "least_issuer": means.idxmin(),
        "least": means.min(),
    }
    return tell(
        "share-kept",
        "finding",
        n=len(known),
        least=least["share_kept"],
        least_issuer=least["issuer"],
        least_year=least["year_later"],
        most=most["share_kept"],
        most_issuer=most["issuer"],
        most_year=most["year_later"],
        median=known["share_kept"].median(),
        by_issuer=tell("share-kept", "by_issuer", **extremes) if len(means) > 2 else "",
    )


def draw_share_kept(measured: pd.DataFrame) -> Figure:
    """Draw how much each report kept of the issuer's report before it.

    Up to three issuers have a panel each: points for the share kept, with its interval where there is one, and for the
    raw modification score, joined where the years are adjacent; of ten or more those that stand out are named
    (`find_breaks`). More issuers are the rows of a matrix, from the one that kept most on
    average to the one that kept least, with a column a year; a cell is empty where there is no report of the year
    before.
    """
    width_mm = figure_width()
    issuers = list(dict.fromkeys(measured["issuer"]))
    if len(issuers) > FEW_ISSUERS:
        return _draw_shares(measured, width_mm=width_mm)
    height_mm = _SERIES_MM * len(issuers) + 4
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        panels = figure.subplots(len(issuers), 1, squeeze=False, sharex=True)[:, 0]
        for axes, issuer in zip(panels, issuers, strict=True):
            _draw_series(axes, measured[measured["issuer"] == issuer])
        _space_years(panels[-1], measured["year_later"], width_mm=width_mm)
        panels[-1].set_xlabel(both("year under review, held against the year before", "报告年度（与上年相比）"))
    return figure


def _draw_series(axes: Axes, pairs: pd.DataFrame) -> None:
    years = pairs["year_later"].to_numpy()
    n = len(pairs)
    axes.set_title(
        both(f"{pairs['issuer'].iloc[0]}, pairs of reports: {n}", f"{pairs['issuer'].iloc[0]}：{n} 对报告"), pad=9
    )
    known = pairs[pairs["low"].notna()]
    axes.vlines(known["year_later"], known["low"], known["high"], color=CHANGE_COLOURS["kept"], linewidth=1.2)
    series = {
        "share_kept": (both("share kept", "保留占比"), CHANGE_COLOURS["kept"], "o"),
        "modification_raw": (both("modification score", "修改度"), CHANGE_COLOURS["new"], "D"),
    }
    written = []
    for name, (words, colour, marker) in series.items():
        values = pairs[name].to_numpy(dtype=np.float64)
        if np.isnan(values).all():
            continue
        runs = np.split(np.arange(len(years)), np.flatnonzero(np.diff(years) > 1) + 1)
        for run in runs:
            axes.plot(years[run], values[run], color=colour, linewidth=0.7, marker=marker, markersize=3)
        written.append((float(values[~np.isnan(values)][-1]), words))
    for place, (value, words) in enumerate(sorted(written)):
        nearer = len(written) == 2 and abs(written[0][0] - written[1][0]) < 0.1
        shift = (place - 0.5) * 9 if nearer else 0
        note(axes, words, (1, value), (3, shift), on=axes.get_yaxis_transform(), size="label")
    if len(pairs) >= _LEAST_FOR_BREAKS:
        breaks = find_breaks(pairs)
        for year, score in zip(breaks["year_later"].tolist(), breaks["modification_raw"].tolist(), strict=True):
            note(axes, str(year), (year, score), (0, 3.5), ha="center", va="baseline", bbox=white_ground(0.3))
    axes.set(ylim=(-0.02, 1.02), xlim=(years.min() - 0.6, years.max() + 0.6), ylabel=both("0 to 1", "0 至 1"))
    axes.grid(axis="y")


def _space_years(axes: Axes, years: pd.Series[int], *, width_mm: float) -> None:
    """Mark each year, and number all of them or, where that would be too close, every second, fifth or tenth."""
    first, last = int(years.min()), int(years.max())
    axes.set_xlim(first - 0.6, last + 0.6)
    room = (width_mm - 35) / (last - first + 1)
    step = next((step for step in (1, 2, 5) if step * room >= _YEARS_MM), 10)
    whole = range(first, last + 1)
    axes.set_xticks([year for year in whole if year % step == 0 or first == last])
    axes.set_xticks(whole, minor=True)


def _draw_shares(measured: pd.DataFrame, *, width_mm: float) -> Figure:
    grid = measured.pivot(index="issuer", columns="year_later", values="share_kept")
    grid = grid.reindex(columns=range(int(grid.columns.min()), int(grid.columns.max()) + 1))
    means = grid.mean(axis=1).sort_values(ascending=False, kind="stable")
    grid = grid.loc[means.index]
    row_mm = min(_ROW_MM, (TALLEST_MM - 26) / len(grid))
    height_mm = row_mm * len(grid) + 26
    names = [shorten_name(str(issuer), _LONGEST_NAME) for issuer in grid.index]
    cell_mm = (width_mm - 8 - 2.4 * widest_ems(names)) / (len(grid.columns) + 2)
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        axes = figure.subplots()
        scale = Normalize(0, max(0.1, float(np.nanmax(grid.to_numpy()))))
        mesh = axes.pcolormesh(np.ma.masked_invalid(grid.to_numpy()), cmap=SIMILARITY, norm=scale)
        mesh.set_rasterized(True)
        axes.set(xlim=(0, len(grid.columns)), ylim=(len(grid), 0))
        axes.set_facecolor("white")
        axes.spines[:].set_visible(False)
        step = math.ceil(_NAME_MM / row_mm)
        axes.set_yticks([place + 0.5 for place in range(0, len(names), step)], names[::step])
        every = math.ceil(8.0 / max(cell_mm, 0.1))
        columns = [str(year) for year in grid.columns]
        axes.set_xticks([place + 0.5 for place in range(0, len(columns), every)], columns[::every])
        _lift_heads(axes)
        if cell_mm >= 5.5 and row_mm >= _NAME_MM:
            fitting.write_cells(axes, grid.to_numpy(), lambda value: SIMILARITY(scale(value)), ".0%")
        if row_mm >= _NAME_MM:
            _head_beside(axes, both("mean", "均值"), points=22)
            for row, mean in enumerate(means):
                write_beside(axes, row + 0.5, {22: f"{mean:.0%}"})
        bar = figure.colorbar(
            ScalarMappable(scale, SIMILARITY), ax=axes, orientation="horizontal", shrink=0.5, aspect=40, pad=0.02
        )
        bar.outline.set_visible(False)
        bar.ax.xaxis.set_major_locator(MaxNLocator(4))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
        bar.set_label(both("kept word for word from the year before", "与上年逐字相同的部分占比"))
    return figure


def _lift_heads(axes: Axes) -> None:
    """Put the labels of the columns above them, all on one line, whether or not a letter reaches below it."""
    axes.tick_params(length=0, pad=_HEAD_POINTS, bottom=False, labelbottom=False, top=False, labeltop=True)
    for label in axes.get_xticklabels():
        label.set_verticalalignment("baseline")


def _head_beside(axes: Axes, words: str, *, points: float) -> None:
    """Write the head of numbers that end so many points to the right of the columns, on the line of their labels."""
    look: dict[str, Any] = {"ha": "right", "va": "baseline", "color": MUTED}
    note(axes, words, (1, 1), (points, _HEAD_POINTS), on="axes fraction", **look)


def change_places(
    reports: Reports, revisions: pd.DataFrame | None = None, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw what changed where: by part of the report and by tenth, all pairs of adjacent years together.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        As `corpus.align_years` returns it; made here if not given.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    found = align_years(reports) if revisions is None else revisions
    if found.empty:
        return no_figure("change-places", "no-panel", **shown)
    located = locate_changes(reports, found)
    parts, tenths = tabulate_changes(located), tabulate_changes(located, "tenth")
    table = pd.concat([parts.assign(by="part"), tenths.assign(by="tenth")], ignore_index=True)
    loaded = count_pairs(reports, len(found[["earlier", "later"]].drop_duplicates()))
    return series_figure(
        "change-places", reports, lambda _: draw_change_places(parts, tenths), table, **shown, loaded=loaded
    )


def name_part(role: str) -> str:
    """Return the name of a part in one language only, for where it stands beside many others."""
    return both(role, ROLE_NAMES[role].zh)


def draw_change_places(parts: pd.DataFrame, tenths: pd.DataFrame) -> Figure:
    """Draw what changed where in the report: a row for each part, and for each tenth, a column for each change.

    The darker a cell, the more of the characters of that place; kept, renumbered, reworded and new are shares of the
    later report and together 1, dropped is a share of the earlier one.
    """
    width_mm = figure_width()
    is_narrow = width_mm < _LEAST_BESIDE_MM
    n_rows = [table["place"].nunique() for table in (parts, tenths)]
    rows_mm = _ROW_MM * (sum(n_rows) + 2 if is_narrow else max(n_rows))
    with new_figure(width_mm=width_mm, height_mm=rows_mm + (34 if is_narrow else 18)) as figure:
        # Side by side, the numbers of the one would stand close to the names of the other.
        figure.set_layout_engine("constrained", wspace=0.06)
        panels = figure.subplots(2, 1, height_ratios=n_rows) if is_narrow else figure.subplots(1, 2)
        roles = [name_part(role) for role in dict.fromkeys(parts["place"])]
        _draw_places(panels[0], parts, roles)
        panels[0].set_title(both("by part", "按部分"), pad=14)
        numbers = [both(f"tenth {tenth}", f"第 {tenth} 等份") for tenth in dict.fromkeys(tenths["place"])]
        _draw_places(panels[1], tenths, numbers)
        panels[1].set_title(both("by tenth of the report, from its beginning", "按全文十等分（自开头起）"), pad=14)
    return figure


def _draw_places(axes: Axes, table: pd.DataFrame, names: Sequence[str]) -> None:
    places = list(dict.fromkeys(table["place"]))
    axes.set(xlim=(0, len(CHANGES)), ylim=(len(places), 0))
    for column, change in enumerate(CHANGES):
        ramp = LinearSegmentedColormap.from_list(change, ["#ffffff", CHANGE_COLOURS[change]])
        shares = table[table["change"] == change].set_index("place")["share"]
        values = np.ma.masked_invalid(shares.reindex(places).to_numpy(dtype=np.float64))
        edges = [column + 0.04, column + 0.96]
        axes.pcolormesh(edges, range(len(places) + 1), values[:, None], cmap=ramp, vmin=0, vmax=1, edgecolor="white")
        for row, value in enumerate(values.filled(np.nan).tolist()):
            words = "–" if math.isnan(value) else f"{value:.0%}"
            colour = MUTED if math.isnan(value) else ink_on(ramp(value))
            centre = (column + 0.5, row + 0.5)
            axes.text(*centre, words, ha="center", va="center_baseline", fontsize=SIZES["tick"], color=colour)
    axes.spines[:].set_visible(False)
    axes.set_yticks([row + 0.5 for row in range(len(places))], names)
    changes = [str(CHANGE_NAMES[change]) for change in CHANGES]
    axes.set_xticks([column + 0.5 for column in range(len(CHANGES))], changes, fontsize=SIZES["note"])
    _lift_heads(axes)
    axes.axvline(len(CHANGES) - 1, color=RULE, linewidth=0.8)
    n_passages = table.groupby("place")["n_passages"].sum()
    _head_beside(axes, both("passages", "文段数"), points=26)
    for row, place in enumerate(places):
        write_beside(axes, row + 0.5, {26: f"{n_passages[place]:,}"})
