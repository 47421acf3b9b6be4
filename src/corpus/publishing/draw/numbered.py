"""The matrices of few reports: with the values in the cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from corpus.publishing.draw.names import count_ems, em_mm, fold_words, shorten_name, widest_ems
from corpus.publishing.draw.ordered import Matrix, fill_grid
from corpus.publishing.look import Profile, both
from corpus.publishing.style import INK, MM_PER_INCH, MUTED, SIMILARITY, SIZES, TALLEST_MM, ink_on, new_figure

_NARROW_MM: Final = 120
_LEAST_CELL_MM: Final = 5.2
_LARGEST_CELL_MM: Final = 12.0
_TIGHT_CELL_MM: Final = 6.4
_LONGEST_NAME: Final = 9.0
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
        From `corpus.analysis.pairs.tabulate_directions`.
    numbers : mapping of Matrix to str
        The measures, each of which has values, and how these are written.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
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
    names = [shorten_name(label, _LONGEST_NAME) for label in labels]
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
