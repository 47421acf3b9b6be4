"""What issuers kept of their report of the year before, by issuer and year, and what changed where in the report."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from corpus.analysis.resampling import LEVEL
from corpus.analysis.years.change_measures import locate_changes, measure_years, tabulate_changes
from corpus.analysis.years.changes import CHANGES, align_years
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import note, shorten_name, widest_ems
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, MUTED, RULE, SIMILARITY, SIZES, TALLEST_MM, new_figure
from corpus.publishing.figures.texts.parts_of_reports import ROLE_NAMES
from corpus.report.reports import Reports

CHANGE_NAMES: Final[Mapping[str, Bilingual]] = {
    "kept": Bilingual("kept", "保留"),
    "renumbered": Bilingual("renumbered", "改数字"),
    "reworded": Bilingual("reworded", "改写"),
    "new": Bilingual("new", "新增"),
    "dropped": Bilingual("dropped", "删去"),
}

FEW_ISSUERS: Final = 3
"""So many issuers have a panel each, with their points and intervals; more are rows."""

_SERIES_MM = 52.0
_ROW_MM = 4.6
_LONGEST_NAME = 11.0  # in Chinese characters
_LEAST_BESIDE_MM = 165.0


def share_kept(reports: Reports, measured: pd.DataFrame | None = None) -> FigureToCite | NoFigure:
    """Draw the share of each report that was kept word for word from the issuer's report of the year before.

    Parameters
    ----------
    reports : Reports
    measured : DataFrame, optional
        As `corpus.measure_years` returns it; made here if not given.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    table = measure_years(reports) if measured is None else measured
    if table.empty:
        return no_figure("share-kept", "no-panel")
    return series_figure(
        "share-kept",
        reports,
        draw_share_kept,
        table,
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
        return tell("share-kept", "finding_one", most=most)
    means = known.groupby("issuer")["share_kept"].mean()
    by_issuer = {"most_issuer": means.idxmax(), "most": means.max()}
    by_issuer |= {"least_issuer": means.idxmin(), "least": means.min()}
    return tell(
        "share-kept",
        "finding",
        n=len(known),
        least=least,
        most=most,
        median=known["share_kept"].median(),
        by_issuer=tell("share-kept", "by_issuer", **by_issuer) if 2 < len(means) < len(known) else "",
    )


def draw_share_kept(measured: pd.DataFrame) -> Figure:
    """Draw how much each report kept of the issuer's report before it.

    Up to three issuers have a panel each: points for the share kept, with its interval where there is one, and for the
    raw modification score, joined where the years are adjacent. More issuers are rows, from the one that kept most on
    average to the one that kept least: points with their intervals where there is one year, else a matrix with a
    column a year; a cell is empty where there is no report of the year before.
    """
    width_mm = figure_width()
    issuers = list(dict.fromkeys(measured["issuer"]))
    if len(issuers) > FEW_ISSUERS:
        return _draw_rows(measured, width_mm=width_mm)
    with new_figure(width_mm=width_mm, height_mm=_SERIES_MM * len(issuers) + 4) as figure:
        panels = figure.subplots(len(issuers), 1, squeeze=False, sharex=True)[:, 0]
        for axes, issuer in zip(panels, issuers, strict=True):
            _draw_series(axes, measured[measured["issuer"] == issuer])
        panels[-1].xaxis.set_major_locator(MaxNLocator("auto", integer=True))
        panels[-1].set_xlabel(both("year under review, held against the year before", "报告年度（与上年相比）"))
    return figure


def _draw_series(axes: Axes, pairs: pd.DataFrame) -> None:
    issuer, n, years = pairs["issuer"].iloc[0], len(pairs), pairs["year_later"]
    axes.set_title(both(f"{issuer}, pairs of reports: {n}", f"{issuer}：{n} 对报告"), pad=9)
    known = pairs[pairs["low"].notna()]
    axes.vlines(known["year_later"], known["low"], known["high"], color=COLOURS["carried over"], linewidth=1.2)
    # A year without a report breaks the line.
    whole = pairs.set_index("year_later").reindex(range(years.min(), years.max() + 1))
    ends = []
    for name, words, colour, marker in (
        ("share_kept", both("share kept", "保留占比"), COLOURS["carried over"], "o"),
        ("modification_raw", both("modification score", "修改度"), COLOURS["own"], "D"),
    ):
        if pairs[name].notna().any():
            axes.plot(whole.index, whole[name], color=colour, linewidth=0.7, marker=marker, markersize=3)
            ends.append((pairs[name].dropna().iloc[-1], words))
    ends.sort()
    places = fitting.spread_places([value for value, _ in ends], least=0.08)
    for (_, words), place in zip(ends, places, strict=True):
        note(axes, words, (1, place), (3, 0), on=axes.get_yaxis_transform(), size="label")
    axes.set(ylim=(-0.02, 1.02), xlim=(years.min() - 0.6, years.max() + 0.6), ylabel=both("0 to 1", "0 至 1"))
    axes.grid(axis="y")


def _draw_rows(measured: pd.DataFrame, *, width_mm: float) -> Figure:
    grid = measured.pivot(index="issuer", columns="year_later", values="share_kept")
    grid = grid.reindex(columns=range(int(grid.columns.min()), int(grid.columns.max()) + 1))
    means = grid.mean(axis=1).sort_values(ascending=False, kind="stable")
    grid = grid.loc[means.index]
    names = [shorten_name(str(issuer), _LONGEST_NAME) for issuer in means.index]
    row_mm = min(_ROW_MM, (TALLEST_MM - 26) / len(names))
    told = both("kept word for word from the year before", "与上年逐字相同的部分占比")
    with new_figure(width_mm=width_mm, height_mm=row_mm * len(names) + 26) as figure:
        axes = figure.subplots()
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        if grid.shape[1] == 1:
            own = measured.set_index("issuer").loc[means.index]
            rows = np.arange(len(names)) + 0.5
            axes.hlines(rows, own["low"], own["high"], color=COLOURS["carried over"], linewidth=1.2)
            axes.plot(own["share_kept"], rows, linestyle="", marker="o", color=COLOURS["carried over"])
            axes.xaxis.set_major_formatter(lambda share, _: f"{100 * share:.3g}%")
            axes.set(xlim=(0, None), xlabel=f"{told}, {grid.columns[0]}")
            axes.grid(axis="both")
        else:
            _shade_years(axes, grid, means, row_mm, cell_mm=(width_mm - 8 - 2.4 * widest_ems(names)) / grid.shape[1])
            axes.set_xlabel(told)
        axes.set_ylim(len(names), 0)
        fitting.point_out(axes, names, fitting.choose_rows(len(names), row_mm, [0, len(names) - 1]), pitch_mm=row_mm)
    return figure


def _shade_years(axes: Axes, grid: pd.DataFrame, means: pd.Series[float], row_mm: float, *, cell_mm: float) -> None:
    """Shade a cell for each issuer and year, with the number where it has room, and the means of the issuers beside."""
    values = grid.to_numpy(dtype=np.float64)
    scale = Normalize(0, max(0.1, float(np.nanmax(values))))
    axes.pcolormesh(np.ma.masked_invalid(values), cmap=SIMILARITY, norm=scale).set_rasterized(True)
    axes.spines[:].set_visible(False)
    every = math.ceil(8.0 / cell_mm)
    columns = range(0, grid.shape[1], every)
    axes.set_xticks([place + 0.5 for place in columns], [str(grid.columns[place]) for place in columns])
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    if row_mm < fitting.NAME_MM:
        return
    if cell_mm >= 5.5:
        fitting.write_cells(axes, values, lambda value: SIMILARITY(scale(value)), ".0%")
    note(axes, both("mean", "平均"), (1, 1), (22, 3.5), on="axes fraction", ha="right", va="bottom", color=MUTED)
    for row, mean in enumerate(means):
        fitting.write_beside(axes, row + 0.5, {22: "–" if math.isnan(mean) else f"{mean:.0%}"})


def change_places(reports: Reports) -> FigureToCite | NoFigure:
    """Draw what changed where: by part of the report and by tenth, all pairs of adjacent years together.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.
    """
    found = align_years(reports)
    if found.empty:
        return no_figure("change-places", "no-panel")
    located = locate_changes(reports, found)
    parts, tenths = tabulate_changes(located), tabulate_changes(located, "tenth")
    table = pd.concat([parts.assign(by="part"), tenths.assign(by="tenth")], ignore_index=True)
    loaded = count_pairs(reports, len(found[["earlier", "later"]].drop_duplicates()))
    return series_figure("change-places", reports, lambda _: draw_change_places(parts, tenths), table, loaded=loaded)


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
        roles = [both(role, ROLE_NAMES[role].zh) for role in dict.fromkeys(parts["place"])]
        numbers = [both(f"tenth {tenth}", f"第 {tenth} 等份") for tenth in dict.fromkeys(tenths["place"])]
        _draw_places(panels[0], parts, roles, both("by part", "按部分"))
        _draw_places(panels[1], tenths, numbers, both("by tenth of the report", "按全文十等分（自开头起）"))
    return figure


def _draw_places(axes: Axes, table: pd.DataFrame, names: Sequence[str], title: str) -> None:
    grid = table.pivot(index="place", columns="change", values="share")
    grid = grid.reindex(index=list(dict.fromkeys(table["place"])), columns=list(CHANGES))
    values = grid.to_numpy(dtype=np.float64)
    axes.pcolormesh(np.ma.masked_invalid(values), cmap=SIMILARITY, vmin=0, vmax=1, edgecolor="white", linewidth=1.2)
    fitting.write_cells(axes, values, SIMILARITY, ".0%", size="tick")
    axes.set(xlim=(0, len(CHANGES)), ylim=(len(names), 0))
    axes.spines[:].set_visible(False)
    axes.set_yticks([row + 0.5 for row in range(len(names))], names)
    changes = [str(CHANGE_NAMES[change]) for change in CHANGES]
    axes.set_xticks([column + 0.5 for column in range(len(CHANGES))], changes, fontsize=SIZES["note"])
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    axes.axvline(len(CHANGES) - 1, color=RULE, linewidth=0.8)
    axes.set_title(title)
    head = both("passages", "文段数")
    note(axes, head, (1, 1), (28, 3.5), on="axes fraction", ha="right", va="bottom", color=MUTED)
    for row, n_passages in enumerate(table.groupby("place", sort=False)["n_passages"].sum()):
        fitting.write_beside(axes, row + 0.5, {28: f"{n_passages:,}"})
