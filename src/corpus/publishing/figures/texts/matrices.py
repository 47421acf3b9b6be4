"""Matrices of pairs: of few reports with the values in the cells, of many in the order of a dendrogram."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from corpus.analysis.comparison.clustering import Dendrogram, join_reports
from corpus.publishing.figures.fitting import count_ems, em_mm, fold_words, shorten, shorten_name, widest_ems
from corpus.publishing.figures.look import Bilingual, Profile, both
from corpus.publishing.figures.style import INK, MM_PER_INCH, MUTED, SIMILARITY, SIZES, TALLEST_MM, ink_on, new_figure

MOST_REPORTS: Final = 200
"""So many rows fit on a page; of more reports those are drawn that are most like some other."""

_NARROW_MM: Final = 120
_NAME_MM: Final = 2.4
_LONGEST_NAME: Final = 11.0
_LARGEST_MM: Final = 112
_SMALL_MM: Final = 54
_TREE: Final = 0.16
# What stands above and below the large matrix: title, dendrogram, key.
_REST_MM: Final = 38


class Matrix(NamedTuple):
    """A measure as a matrix shows it: its column, what it is multiplied with, the largest value, title and unit."""

    measure: str
    scale: float
    largest: float
    title: Bilingual
    unit: Bilingual


def draw_ordered_matrices(
    directions: pd.DataFrame, matrices: Sequence[Matrix], *, width_mm: float, profile: Profile | None
) -> Figure:
    """Draw the first measure large, with the names and the dendrogram of the reports, the others small beside it.

    The reports stand in one order in all of them, that of `join_reports`. Shades end at the
    99th percentile of a matrix, so that a few copies do not make all others pale.

    Parameters
    ----------
    directions : DataFrame
        From `corpus.analysis.comparison.clustering.tabulate_directions`.
    matrices : sequence of Matrix
        One at least, each of a measure with values.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    directions, n_left_out = _most_alike(directions)
    dendrogram = join_reports(directions)
    names, year = _name_reports(directions, dendrogram)
    n_all = len(names) + n_left_out
    notes = [both(f"{len(names)} of {n_all:,} reports", f"{n_all:,} 份报告中的 {len(names)} 份")] if n_left_out else []
    notes += [both(f"all {year}", f"均为 {year}")] if year else []
    notes.append(both("tree: mean resemblance", "聚类树：平均相似度"))
    is_narrow = width_mm < _NARROW_MM
    n_small = len(matrices) - 1
    names_mm = 3.0 + SIZES["note"] * 0.36 * max(count_ems(name) for name in names)
    below_mm = width_mm / 2 + 12 if is_narrow and n_small else 0
    side_mm = min(_LARGEST_MM, width_mm - names_mm - (2 if is_narrow or not n_small else _SMALL_MM))
    side_mm = min(side_mm, TALLEST_MM - _REST_MM - below_mm)
    main_mm = side_mm + _REST_MM
    height_mm = main_mm + below_mm
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        panels: list[Axes] = []
        main: Figure | SubFigure = figure
        if n_small and is_narrow:
            (main,), (rest,) = figure.subfigures(2, 1, squeeze=False, height_ratios=(main_mm, below_mm))
            panels += np.ravel(rest.subplots(1, n_small)).tolist()
        elif n_small:
            widths = side_mm + names_mm, width_mm - side_mm - names_mm
            ((main, rest),) = figure.subfigures(1, 2, squeeze=False, width_ratios=widths)
            panels += np.ravel(rest.subplots(n_small, 1)).tolist()
        # The width that would make the matrix too high stays empty.
        spare_mm = width_mm - names_mm - side_mm if is_narrow else 0.0
        columns = [names_mm + side_mm, *([spare_mm] if spare_mm > 3 else [])]
        axes = main.add_subplot(main.add_gridspec(1, len(columns), width_ratios=columns)[0])
        _draw_matrix(axes, directions, dendrogram, matrices[0])
        _label_rows(axes, names, side_mm)
        tree = axes.inset_axes((0, 1.02, 1, _TREE))
        _draw_tree(tree, dendrogram)
        tree.set_title(str(matrices[0].title), pad=5)
        tree.set_title(both(", ", "，").join(notes), loc="right", fontsize=SIZES["note"], color=MUTED)
        for panel, matrix in zip(panels, matrices[1:], strict=True):
            _draw_matrix(panel, directions, dendrogram, matrix)
            panel.set_yticks([])
            panel.set_title(str(matrix.title), pad=4)
    return figure


def _name_reports(directions: pd.DataFrame, dendrogram: Dendrogram) -> tuple[list[str], str]:
    """Return the names in order, without the year if it is that of all, and that year."""
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    parted = [labels[report_id].rpartition(" ") for report_id in dendrogram.order]
    years = {year for _, _, year in parted}
    if len(years) == 1 and all(place for place, _, _ in parted):
        return [shorten(place, _LONGEST_NAME) for place, _, _ in parted], years.pop()
    return [shorten_name(labels[report_id], _LONGEST_NAME) for report_id in dendrogram.order], ""


def _most_alike(directions: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the rows of the reports that are most like some other, as many as fit, and how many are left out."""
    best = directions.groupby("report_id", sort=False)["resemblance"].max().fillna(0)
    kept = set(best.sort_values(ascending=False, kind="stable").index[:MOST_REPORTS])
    rows = directions["report_id"].isin(kept) & directions["other_id"].isin(kept)
    return directions[rows], len(best) - len(kept)


def fill_grid(directions: pd.DataFrame, order: Sequence[str], matrix: Matrix) -> npt.NDArray[np.float64]:
    """Return the values of a measure with a row and a column for each report, in this order."""
    values = directions.pivot(index="report_id", columns="other_id", values=matrix.measure)
    grid: npt.NDArray[np.float64] = values.reindex(index=list(order), columns=list(order)).to_numpy(dtype=np.float64)
    return grid * matrix.scale


def _draw_matrix(axes: Axes, directions: pd.DataFrame, dendrogram: Dendrogram, matrix: Matrix) -> None:
    grid = fill_grid(directions, dendrogram.order, matrix)
    top = min(matrix.largest, float(np.nanquantile(grid, 0.99))) or 1.0
    scale = Normalize(0, top)
    mesh = axes.pcolormesh(np.ma.masked_invalid(grid), cmap=SIMILARITY, norm=scale)
    mesh.set_rasterized(True)
    axes.set(aspect="equal", anchor="N", xlim=(0, len(grid)), ylim=(len(grid), 0), xticks=[])
    axes.spines[:].set_visible(False)
    extend = "max" if np.nanmax(grid) > top else "neither"
    bar = axes.figure.colorbar(
        ScalarMappable(scale, SIMILARITY),
        ax=axes,
        orientation="horizontal",
        shrink=0.6,
        aspect=30,
        pad=0.02,
        extend=extend,
    )
    bar.outline.set_visible(False)
    bar.locator = MaxNLocator(4)
    bar.formatter = FuncFormatter(lambda value, _: f"{value:g}")
    bar.update_ticks()
    bar.set_label(str(matrix.unit))


def _label_rows(axes: Axes, names: Sequence[str], side_mm: float) -> None:
    step = math.ceil(_NAME_MM * len(names) / side_mm)
    axes.set_yticks([place + 0.5 for place in range(0, len(names), step)], names[::step], fontsize=SIZES["note"])
    axes.tick_params(length=0, pad=2)


def _draw_tree(axes: Axes, dendrogram: Dendrogram) -> None:
    similarities = [join.similarity for join in dendrogram.joins]
    lowest, highest = min(similarities), max(similarities)
    # Reports hang down a little further than the two that are most alike.
    low_end, high_end = lowest - 0.08 * (highest - lowest or 1.0), highest + 0.1 * (highest or 1.0)
    lines = []
    for join in dendrogram.joins:
        left, right = join.left_place + 0.5, join.right_place + 0.5
        left_end, right_end = (high_end if math.isnan(end) else end for end in (join.left, join.right))
        lines.append([(left, left_end), (left, join.similarity), (right, join.similarity), (right, right_end)])
    axes.add_collection(LineCollection(lines, colors=MUTED, linewidths=0.5))
    axes.set(xlim=(0, len(dendrogram.order)), ylim=(high_end, low_end))
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    # Between equal similarities, as of reports that share nothing, the locator finds ticks that are none.
    located = MaxNLocator(3).tick_values(lowest, highest) if highest - lowest > 1e-9 else np.array([lowest])
    ticks = [tick for tick in located if low_end <= tick <= high_end]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([])


_LEAST_CELL_MM: Final = 5.2
_LARGEST_CELL_MM: Final = 12.0
_TIGHT_CELL_MM: Final = 6.4
_LONGEST_NUMBERED_NAME: Final = 9.0
_GAP_MM: Final = 4.0
_EDGE_MM: Final = 0.8
_TITLE_MM: Final = 4.6
_UNIT_MM: Final = 3.1
_LINE_MM: Final = 2.9


class _Panel(NamedTuple):
    """A matrix with its values; of a symmetric one the half below the diagonal, from the second row on."""

    matrix: Matrix
    grid: npt.NDArray[np.float64]
    first: int

    @property
    def n_columns(self) -> int:
        return len(self.grid) - self.first


class _Sheet(NamedTuple):
    """What all matrices of a figure have in common, in millimetres, and the names of the reports."""

    cell_mm: float
    names_mm: float
    names: list[str]
    heads: list[str]
    is_upright: bool

    @property
    def heads_mm(self) -> float:
        """How high the names over the columns are."""
        lines = max(head.count("\n") + 1 for head in self.heads)
        return _LINE_MM * lines + 1.0 if self.is_upright else self.names_mm

    def width_of(self, panel: _Panel) -> float:
        title_mm = em_mm(SIZES["title"]) * count_ems(str(panel.matrix.title))
        return max(self.names_mm + self.cell_mm * panel.n_columns, title_mm)


def draw_numbered_matrices(
    directions: pd.DataFrame, numbers: Mapping[Matrix, str], *, width_mm: float, profile: Profile | None
) -> Figure | None:
    """Draw matrices with the value of each pair in its cell and the highest framed; None where cells have no room.

    Containment, which has a direction, fills its matrix; the other measures fill the half below the diagonal. Wide
    figures have all matrices side by side, so that a report has one row in all of them; narrow ones have the first
    above the others.

    Parameters
    ----------
    directions : DataFrame
        From `corpus.analysis.comparison.clustering.tabulate_directions`.
    numbers : mapping of Matrix to str
        The measures, each of which has values, and how these are written.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    panels = [_make_panel(directions, list(labels), matrix) for matrix in numbers]
    bands = [panels] if width_mm >= _NARROW_MM else [band for band in (panels[:1], panels[1:]) if band]
    sheets = [_lay_out(band, list(labels.values()), width_mm) for band in bands]
    folded = [_fold_units(band, sheet, width_mm) for band, sheet in zip(bands, sheets, strict=True)]
    head_mm = [_TITLE_MM + _UNIT_MM * max(map(len, units)) for units in folded]
    heights = [
        head + sheet.heads_mm + sheet.cell_mm * (len(labels) - min(panel.first for panel in band)) + _GAP_MM
        for head, sheet, band in zip(head_mm, sheets, bands, strict=True)
    ]
    height_mm = sum(heights) - _GAP_MM + 2 * _EDGE_MM
    if min(sheet.cell_mm for sheet in sheets) < _LEAST_CELL_MM or height_mm > TALLEST_MM:
        return None
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        figure.set_layout_engine("none")
        top = _EDGE_MM
        for band, sheet, units, head, height in zip(bands, sheets, folded, head_mm, heights, strict=True):
            left = _EDGE_MM
            for panel, lines in zip(band, units, strict=True):
                lowered = panel.first - min(panel.first for panel in band)
                corner = left + sheet.names_mm, top + head + sheet.heads_mm + sheet.cell_mm * lowered
                axes = _add_axes(figure, corner, panel, sheet)
                _fill_matrix(axes, panel, numbers[panel.matrix], cell_mm=sheet.cell_mm)
                _label_matrix(axes, panel, sheet)
                _head(figure, (left, top), str(panel.matrix.title), lines)
                left += sheet.width_of(panel) + _GAP_MM
            top += height
    return figure


def _make_panel(directions: pd.DataFrame, order: Sequence[str], matrix: Matrix) -> _Panel:
    grid = fill_grid(directions, order, matrix)
    if matrix.measure == "containment":
        return _Panel(matrix, grid, 0)
    grid[np.triu_indices(len(grid))] = np.nan
    return _Panel(matrix, grid, 1)


def _lay_out(band: Sequence[_Panel], labels: Sequence[str], width_mm: float) -> _Sheet:
    """Make the cells of a row of matrices as large as its width allows."""
    names = [shorten_name(label, _LONGEST_NUMBERED_NAME) for label in labels]
    names_mm = em_mm(SIZES["tick"]) * widest_ems(names) + 1.5
    n_columns = sum(panel.n_columns for panel in band)
    room_mm = width_mm - 2 * _EDGE_MM - names_mm * len(band) - _GAP_MM * (len(band) - 1)
    cell_mm = min(_LARGEST_CELL_MM, room_mm / n_columns)
    heads = ["\n".join(name.rsplit(" ", 1)) for name in names]
    is_upright = em_mm(SIZES["tick"]) * widest_ems(heads) + 0.6 <= cell_mm
    return _Sheet(cell_mm, names_mm, names, heads if is_upright else names, is_upright)


def _fold_units(band: Sequence[_Panel], sheet: _Sheet, width_mm: float) -> list[list[str]]:
    """Return the lines of what each matrix counts, which end before those of the next begin."""
    folded = []
    right = _EDGE_MM
    for number, panel in enumerate(band, 1):
        left = right
        right += sheet.width_of(panel) + _GAP_MM
        end = width_mm - _EDGE_MM if number == len(band) else right - 1.5
        clauses = re.split("(?<=[,;，；]) ?", str(panel.matrix.unit))
        folded.append(fold_words(clauses, (end - left) / em_mm(SIZES["note"]), between=both(" ", "")))
    return folded


def _add_axes(figure: Figure, corner: tuple[float, float], panel: _Panel, sheet: _Sheet) -> Axes:
    """Add axes whose upper left corner is so many millimetres from that of the figure."""
    width_mm, height_mm = (MM_PER_INCH * inches for inches in figure.get_size_inches())
    side = sheet.cell_mm * panel.n_columns
    left, top = corner
    axes = figure.add_axes((left / width_mm, 1 - (top + side) / height_mm, side / width_mm, side / height_mm))
    size = len(panel.grid)
    axes.set(xlim=(0, panel.n_columns), ylim=(size, panel.first))
    return axes


def _fill_matrix(axes: Axes, panel: _Panel, number: str, *, cell_mm: float) -> None:
    grid = panel.grid
    scale = Normalize(0, min(panel.matrix.largest, 2 * float(np.nanmax(grid))) or 1)
    axes.pcolormesh(np.ma.masked_invalid(grid), cmap=SIMILARITY, norm=scale, edgecolor="white", linewidth=1.2)
    size = SIZES["note"] if cell_mm < _TIGHT_CELL_MM else SIZES["label"]
    for (row, column), value in np.ndenumerate(grid):
        if not np.isnan(value):
            ink = ink_on(SIMILARITY(scale(value)))
            words = format(value, number)
            axes.text(column + 0.5, row + 0.5, words, ha="center", va="center", color=ink, fontsize=size)
    highest = np.unravel_index(np.nanargmax(grid), grid.shape)
    corner = int(highest[1]), int(highest[0])
    axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=INK, linewidth=1.2, clip_on=False))


def _label_matrix(axes: Axes, panel: _Panel, sheet: _Sheet) -> None:
    columns, rows = range(panel.n_columns), range(panel.first, len(panel.grid))
    axes.set_yticks([row + 0.5 for row in rows], [sheet.names[row] for row in rows])
    heads = [sheet.heads[column] for column in columns]
    axes.set_xticks([column + 0.5 for column in columns], heads, rotation=0 if sheet.is_upright else 90)
    axes.tick_params(length=0, labeltop=True, labelbottom=False, pad=3)
    axes.spines[:].set_visible(False)


def _head(figure: Figure, corner: tuple[float, float], title: str, unit: Sequence[str]) -> None:
    """Write what a matrix shows, so many millimetres from the upper left corner of the figure."""
    width_mm, height_mm = (MM_PER_INCH * inches for inches in figure.get_size_inches())
    left, top = corner
    figure.text(left / width_mm, 1 - top / height_mm, title, va="top", fontsize=SIZES["title"])
    for number, line in enumerate(unit):
        place = top + _TITLE_MM + _UNIT_MM * number
        figure.text(left / width_mm, 1 - place / height_mm, line, va="top", fontsize=SIZES["note"], color=MUTED)
