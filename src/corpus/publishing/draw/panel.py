"""A panel of issuers over several years: how much each kept of its report, and what changed where."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from corpus.analysis.modification import find_breaks
from corpus.analysis.revisions import CHANGES
from corpus.publishing.draw.years import count_of, write_beside
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import (
    COLOURS,
    INK,
    MUTED,
    RULE,
    SIMILARITY,
    SIZES,
    TALLEST_MM,
    ink_on,
    new_figure,
)
from corpus.values import CorpusError

CHANGE_COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "kept": COLOURS["carried over"],
        "renumbered": "#e9d894",
        "reworded": "#7d8a4c",
        "new": COLOURS["own"],
        "dropped": "#a3a9b1",
    }
)
"""What became of a passage; kept and new have the colours of carried over and own."""

FEW_ISSUERS: Final = 3
"""So many issuers have a panel each, with their points and intervals; more make a matrix."""

_LEAST_FOR_BREAKS = 10
_SERIES_MM = 52.0
_ROW_MM = 4.6
_NAME_MM = 2.7
_LONGEST_NAME = 11
_NARROW_MM = 120.0


def draw_share_kept(measured: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw how much each report kept of the issuer's report before it.

    Up to three issuers have a panel each: points for the share kept, with its interval where there is one, and for the
    raw modification score, joined where the years are adjacent; of ten or more those that stand out are named
    (`corpus.analysis.modification.find_breaks`). More issuers are the rows of a matrix, from the one that kept most on
    average to the one that kept least, with a column a year; a cell is empty where there is no report of the year
    before.

    Parameters
    ----------
    measured : DataFrame
        From `corpus.measure_years`.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.

    Raises
    ------
    CorpusError
        If there is no pair of reports.
    """
    width_mm = figure_width(width_mm)
    if measured.empty:
        raise CorpusError("there is nothing to draw: no issuer has a report and the one before it")
    issuers = list(dict.fromkeys(measured["issuer"]))
    if len(issuers) > FEW_ISSUERS:
        return _draw_shares(measured, width_mm=width_mm, profile=profile)
    height_mm = _SERIES_MM * len(issuers) + 4
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        panels = figure.subplots(len(issuers), 1, squeeze=False, sharex=True)[:, 0]
        for axes, issuer in zip(panels, issuers, strict=True):
            _draw_series(axes, measured[measured["issuer"] == issuer], is_narrow=width_mm < _NARROW_MM)
        panels[-1].set_xlabel("year under review, held against the year before")
    return figure


def _draw_series(axes: Axes, pairs: pd.DataFrame, *, is_narrow: bool) -> None:
    years = pairs["year_later"].to_numpy()
    axes.set_title(f"{pairs['issuer'].iloc[0]}: {count_of(len(pairs), 'pair')} of reports", pad=9)
    known = pairs[pairs["low"].notna()]
    axes.vlines(known["year_later"], known["low"], known["high"], color=CHANGE_COLOURS["kept"], linewidth=1.2)
    series = {
        "share_kept": ("share kept", CHANGE_COLOURS["kept"], "o"),
        "modification_raw": ("modification score", CHANGE_COLOURS["new"], "D"),
    }
    written = []
    for name, (words, colour, marker) in series.items():
        values = pairs[name].to_numpy(dtype=np.float64)
        if np.isnan(values).all():
            continue
        runs = np.split(np.arange(len(years)), np.flatnonzero(np.diff(years) > 1) + 1)
        for run in runs:
            axes.plot(years[run], values[run], color=colour, linewidth=0.7, marker=marker, markersize=3)
        written.append((float(values[~np.isnan(values)][-1]), words, colour))
    for place, (value, words, colour) in enumerate(sorted(written)):
        nearer = len(written) == 2 and abs(written[0][0] - written[1][0]) < 0.1
        shift = (place - 0.5) * 9 if nearer else 0
        axes.annotate(
            words,
            (1, value),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, shift),
            textcoords="offset points",
            va="center",
            fontsize=SIZES["label"],
            color=colour if colour != CHANGE_COLOURS["kept"] else INK,
        )
    if len(pairs) >= _LEAST_FOR_BREAKS:
        breaks = find_breaks(pairs)
        for year, score in zip(breaks["year_later"].tolist(), breaks["modification_raw"].tolist(), strict=True):
            axes.annotate(
                str(year),
                (year, score),
                xytext=(0, 3.5),
                textcoords="offset points",
                ha="center",
                fontsize=SIZES["note"],
                color=INK,
            )
    axes.set(ylim=(-0.02, 1.02), xlim=(years.min() - 0.6, years.max() + 0.6), ylabel="0 to 1")
    most = 6 if is_narrow else 12
    axes.set_xticks(years if len(years) <= most else [year for year in years if year % (10 if is_narrow else 5) == 0])
    axes.grid(axis="y")


def _draw_shares(measured: pd.DataFrame, *, width_mm: float, profile: Profile | None) -> Figure:
    grid = measured.pivot(index="issuer", columns="year_later", values="share_kept")
    grid = grid.reindex(columns=range(int(grid.columns.min()), int(grid.columns.max()) + 1))
    means = grid.mean(axis=1).sort_values(ascending=False, kind="stable")
    grid = grid.loc[means.index]
    row_mm = min(_ROW_MM, (TALLEST_MM - 26) / len(grid))
    height_mm = row_mm * len(grid) + 26
    names = [_short_name(str(issuer)) for issuer in grid.index]
    cell_mm = (width_mm - 8 - 2.4 * max(map(len, names))) / (len(grid.columns) + 2)
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
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
        axes.tick_params(length=0, pad=2, bottom=False, labelbottom=False, top=False, labeltop=True)
        if cell_mm >= 5.5 and row_mm >= _NAME_MM:
            _write_values(axes, grid.to_numpy(), scale)
        if row_mm >= _NAME_MM:
            write_beside(axes, -0.1 - 1.6 / row_mm, {22: "mean"}, colour=MUTED)
            for row, mean in enumerate(means):
                write_beside(axes, row + 0.5, {22: f"{mean:.0%}"})
        bar = figure.colorbar(
            ScalarMappable(scale, SIMILARITY), ax=axes, orientation="horizontal", shrink=0.5, aspect=40, pad=0.02
        )
        bar.outline.set_visible(False)
        bar.ax.xaxis.set_major_locator(MaxNLocator(4))
        bar.ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0%}"))
        bar.set_label("kept word for word from the year before")
    return figure


def _write_values(axes: Axes, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], scale: Normalize) -> None:
    for (row, column), value in np.ndenumerate(values):
        if math.isnan(value):
            continue
        axes.text(
            column + 0.5,
            row + 0.5,
            f"{value:.0%}",
            ha="center",
            va="center_baseline",
            fontsize=SIZES["note"],
            color=ink_on(SIMILARITY(scale(value))),
        )


def _short_name(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def draw_change_places(
    parts: pd.DataFrame, tenths: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw what changed where in the report: a row for each part, and for each tenth, a column for each change.

    The darker a cell, the more of the characters of that place; kept, renumbered, reworded and new are shares of the
    later report and together 1, dropped is a share of the earlier one.

    Parameters
    ----------
    parts, tenths : DataFrame
        From `corpus.analysis.places_of_change.tabulate_changes`, by part and by tenth.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.

    Raises
    ------
    CorpusError
        If a table holds no place.
    """
    width_mm = figure_width(width_mm)
    if parts.empty or tenths.empty:
        raise CorpusError("there is nothing to draw: no passage has a place in two adjacent reports")
    is_narrow = width_mm < _NARROW_MM
    n_rows = [table["place"].nunique() for table in (parts, tenths)]
    rows_mm = _ROW_MM * (sum(n_rows) + 2 if is_narrow else max(n_rows))
    with new_figure(width_mm=width_mm, height_mm=rows_mm + (34 if is_narrow else 18), profile=profile) as figure:
        panels = figure.subplots(2, 1, height_ratios=n_rows) if is_narrow else figure.subplots(1, 2)
        _draw_places(panels[0], parts, "by part", "{}")
        _draw_places(panels[1], tenths, "by tenth of the report, from its beginning", "tenth {}")
    return figure


def _draw_places(axes: Axes, table: pd.DataFrame, title: str, name: str) -> None:
    places = list(dict.fromkeys(table["place"]))
    axes.set_title(title, pad=14)
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
    axes.set_yticks([row + 0.5 for row in range(len(places))], [name.format(place) for place in places])
    axes.set_xticks([column + 0.5 for column in range(len(CHANGES))], CHANGES, fontsize=SIZES["note"])
    axes.tick_params(length=0, pad=2, bottom=False, labelbottom=False, top=False, labeltop=True)
    axes.axvline(len(CHANGES) - 1, color=RULE, linewidth=0.8)
    n_passages = table.groupby("place")["n_passages"].sum()
    write_beside(axes, -0.3 * len(places) / 10, {26: "passages"}, colour=MUTED)
    for row, place in enumerate(places):
        write_beside(axes, row + 0.5, {26: f"{n_passages[place]:,}"})
