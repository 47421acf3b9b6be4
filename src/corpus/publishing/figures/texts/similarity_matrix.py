"""How alike reports are: matrices of all pairs, of few reports with the values in the cells."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Unpack

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from corpus.analysis.comparison.report_pairs import MIN_REFERENCE, compare_reports, order_alike, tabulate_directions
from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import INK, MM_PER_INCH, SIMILARITY, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Reports

LEAST_FOR_COSINE = 10
"""Reports from which the matrix of cosines is drawn: with fewer a word's weight rests on the others' silence."""

MOST_REPORTS: Final = 200
"""So many rows fit on a page; of more reports those are drawn that are most like some other."""


class Matrix(NamedTuple):
    """A measure as a matrix shows it: its column, factor and largest value, its title, how it is written."""

    measure: str
    scale: float
    largest: float
    title: Bilingual
    number: str


_MATRICES: Final = (
    Matrix("containment", 100, 100, Bilingual("Containment of row in column, %", "行在列中的包含度（%）"), ".1f"),
    Matrix("cosine_tfidf", 1, 1, Bilingual("Cosine of words, TF-IDF", "词的余弦（TF-IDF）"), ".2f"),
    Matrix("longest_chars", 1, math.inf, Bilingual("Longest shared passage", "最长共享文段（字）"), ".0f"),
)

_FEW = 3  # reports of which the matrices fit into one column of a page
_LONGEST_NUMBERED = 9.0  # ems of a name
_LONGEST_NAME = 11.0
_LEADER_MM = 4.0
_LEAST_CELL_MM, _LARGEST_CELL_MM, _HIGHEST_CELL_MM = 5.2, 20.0, 9.0
_TIGHT_CELL_MM = 6.4
_LARGEST_MM, _SMALL_MM = 112.0, 50.0  # sides of matrices without numbers
_GAP_MM, _EDGE_MM = 4.0, 0.8
_TITLE_MM, _LINE_MM, _BAR_MM = 4.6, 2.9, 9.0


def similarity_matrix(
    reports: Reports, pairs: pd.DataFrame | None = None, *, n: int = 8, min_chars: int = 12, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw how alike all pairs of reports are: containment, cosine, the longest shared passage.

    The matrix of cosines is drawn from 10 reports on.

    Parameters
    ----------
    reports : Reports
    pairs : DataFrame, optional
        As `corpus.compare_reports` returns it with ``n``, of all pairs; made here if not given.
    n : int
        Length of the n-grams of key characters.
    min_chars : int
        As in `corpus.find_reuse`.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is no pair.
    """
    if len(reports) < 2:
        return no_figure("similarity-matrix", "no-pair", **shown)
    compared = compare_reports(reports, n=n) if pairs is None else pairs
    table = tabulate_directions(reports, compared, passages=find_reuse(reports, min_chars=min_chars))
    finding = _tell_alike(table, n)
    if len(reports) < LEAST_FOR_COSINE or not table["cosine_tfidf"].notna().any():
        table = table.drop(columns="cosine_tfidf")
    return series_figure(
        "similarity-matrix",
        reports,
        draw_similarity_matrix,
        table,
        **shown,
        finding=finding,
        parameters={"n": n, "min_chars": min_chars},
        n_pairs=len(table) // 2,
        twice_min_chars=2 * min_chars,
        cosine=tell("similarity-matrix", "cosine", least=MIN_REFERENCE) if "cosine_tfidf" in table else "",
    )


def _tell_alike(table: pd.DataFrame, n: int) -> Bilingual:
    if table["containment"].isna().all():
        return NO_WORDS
    most = table.nlargest(1, "containment").iloc[0]
    return tell(
        "similarity-matrix",
        "finding",
        a=most["report_label"],
        b=most["other_label"],
        highest=most["containment"],
        median=table["containment"].median(),
        n=n,
        n_none=int((table["longest_chars"] == 0).sum()) // 2,
        n_pairs=len(table) // 2,
    )


def draw_similarity_matrix(directions: pd.DataFrame) -> Figure:
    """Draw the measures of all pairs as matrices.

    Few reports stand in the order of the table, with the values in the cells and the highest framed, as long as cells
    have room for them. Containment has a direction and fills its matrix: the report of the row is held against that of
    the column. The symmetric measures fill the half below the diagonal. Shades run up to twice the highest value of a
    matrix, or to the end of the measure's range if that is less.

    More reports, at most 200, those most like some other, stand in an order in which those that are alike are side by
    side (`order_alike`). Where not all can be named, those are that have most in common with another. Shades end at
    the 99th percentile of a matrix, so that a few copies do not make all others pale.
    """
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    width_mm = figure_width(SINGLE_MM if len(labels) <= _FEW else DOUBLE_MM)
    matrices = [matrix for matrix in _MATRICES if directions.get(matrix.measure, pd.Series()).notna().any()]
    numbered = _draw_numbered(directions, labels, matrices, width_mm=width_mm)
    return numbered or _draw_ordered(directions, matrices, width_mm=width_mm)


def fill_grid(directions: pd.DataFrame, order: Sequence[str], matrix: Matrix) -> npt.NDArray[np.float64]:
    """Return the values of a measure with a row and a column for each report, in this order."""
    values = directions.pivot(index="report_id", columns="other_id", values=matrix.measure)
    grid: npt.NDArray[np.float64] = values.reindex(index=list(order), columns=list(order)).to_numpy(dtype=np.float64)
    return grid * matrix.scale


def _place_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes without frame and ticks whose upper left corner is so many millimetres from that of the figure."""
    width_mm, height_mm = (MM_PER_INCH * inches for inches in figure.get_size_inches())
    axes = figure.add_axes((left / width_mm, 1 - (top + height) / height_mm, width / width_mm, height / height_mm))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes


def _head(figure: Figure, left: float, top: float, words: str, *, size: str = "title") -> None:
    """Write what a matrix shows, so many millimetres from the upper left corner of the figure."""
    width_mm, height_mm = (MM_PER_INCH * inches for inches in figure.get_size_inches())
    figure.text(left / width_mm, 1 - top / height_mm, words, va="top", fontsize=SIZES[size])


class _Panel(NamedTuple):
    """A matrix with its values; of a symmetric one the half below the diagonal, from the second row on."""

    matrix: Matrix
    grid: npt.NDArray[np.float64]
    first: int

    @property
    def n_columns(self) -> int:
        return len(self.grid) - self.first


class _Sheet(NamedTuple):
    """What matrices side by side have in common, in millimetres, and the names of the reports."""

    wide_mm: float
    names_mm: float
    names: list[str]
    heads: list[str]
    is_upright: bool

    @property
    def high_mm(self) -> float:
        """How high a cell is."""
        return min(self.wide_mm, _HIGHEST_CELL_MM)

    @property
    def heads_mm(self) -> float:
        """How high the names over the columns are."""
        lines = max(head.count("\n") + 1 for head in self.heads)
        return _LINE_MM * lines + 1.0 if self.is_upright else self.names_mm

    def width_of(self, panel: _Panel) -> float:
        title_mm = fitting.em_mm("title") * fitting.count_ems(str(panel.matrix.title))
        return max(self.names_mm + self.wide_mm * panel.n_columns, title_mm)


def _draw_numbered(
    directions: pd.DataFrame, labels: Mapping[str, str], matrices: Sequence[Matrix], *, width_mm: float
) -> Figure | None:
    """Draw matrices with the value of each pair in its cell and the highest framed; None where cells have no room.

    Wide figures have all matrices side by side, so that a report has one row in all of them; narrow ones have the first
    above the others.
    """
    panels = []
    for matrix in matrices:
        grid = fill_grid(directions, list(labels), matrix)
        is_symmetric = matrix.measure != "containment"
        if is_symmetric:
            grid[np.triu_indices(len(grid))] = np.nan
        panels.append(_Panel(matrix, grid, int(is_symmetric)))
    bands = [panels] if width_mm >= fitting.NARROW_MM else [band for band in (panels[:1], panels[1:]) if band]
    sheets = [_lay_out(band, list(labels.values()), width_mm) for band in bands]
    heights = [
        _TITLE_MM + sheet.heads_mm + sheet.high_mm * (len(labels) - min(panel.first for panel in band)) + _GAP_MM
        for sheet, band in zip(sheets, bands, strict=True)
    ]
    height_mm = sum(heights) - _GAP_MM + 2 * _EDGE_MM
    if min(sheet.wide_mm for sheet in sheets) < _LEAST_CELL_MM or height_mm > TALLEST_MM:
        return None
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        top = _EDGE_MM
        for band, sheet, height in zip(bands, sheets, heights, strict=True):
            left = _EDGE_MM
            for panel in band:
                lowered = panel.first - min(other.first for other in band)
                down = top + _TITLE_MM + sheet.heads_mm + sheet.high_mm * lowered
                sides = sheet.wide_mm * panel.n_columns, sheet.high_mm * panel.n_columns
                _fill_matrix(_place_axes(figure, left + sheet.names_mm, down, *sides), panel, sheet)
                _head(figure, left, down - sheet.heads_mm - _TITLE_MM, str(panel.matrix.title))
                left += sheet.width_of(panel) + _GAP_MM
            top += height
    return figure


def _lay_out(band: Sequence[_Panel], labels: Sequence[str], width_mm: float) -> _Sheet:
    """Make the cells of a row of matrices as wide as the figure allows."""
    names = [fitting.shorten_name(label, _LONGEST_NUMBERED) for label in labels]
    names_mm = fitting.em_mm("tick") * fitting.widest_ems(names) + 1.5
    n_columns = sum(panel.n_columns for panel in band)
    room_mm = width_mm - 2 * _EDGE_MM - names_mm * len(band) - _GAP_MM * (len(band) - 1)
    wide_mm = min(_LARGEST_CELL_MM, room_mm / n_columns)
    heads = ["\n".join(name.rsplit(" ", 1)) for name in names]
    is_upright = fitting.em_mm("tick") * fitting.widest_ems(heads) + 0.6 <= wide_mm
    return _Sheet(wide_mm, names_mm, names, heads if is_upright else names, is_upright)


def _fill_matrix(axes: Axes, panel: _Panel, sheet: _Sheet) -> None:
    grid = panel.grid
    scale = Normalize(0, min(panel.matrix.largest, 2 * float(np.nanmax(grid))) or 1)
    axes.pcolormesh(np.ma.masked_invalid(grid), cmap=SIMILARITY, norm=scale, edgecolor="white", linewidth=1.2)
    size = "note" if sheet.wide_mm < _TIGHT_CELL_MM else "label"
    fitting.write_cells(axes, grid, lambda value: SIMILARITY(scale(value)), panel.matrix.number, size=size)
    row, column = (int(place) for place in np.unravel_index(np.nanargmax(grid), grid.shape))
    axes.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=INK, linewidth=1.2, clip_on=False))
    columns, rows = range(panel.n_columns), range(panel.first, len(grid))
    axes.set(xlim=(0, panel.n_columns), ylim=(len(grid), panel.first))
    axes.set_yticks([row + 0.5 for row in rows], [sheet.names[row] for row in rows])
    heads = [sheet.heads[column] for column in columns]
    axes.set_xticks([column + 0.5 for column in columns], heads, rotation=0 if sheet.is_upright else 90)
    axes.tick_params(labeltop=True, labelbottom=False, pad=3)


def _draw_ordered(directions: pd.DataFrame, matrices: Sequence[Matrix], *, width_mm: float) -> Figure:
    """Draw the first measure large, with the names of the reports, the others small beside it or below."""
    best = directions.groupby("report_id", sort=False)["resemblance"].max().fillna(0)
    kept = best.sort_values(ascending=False, kind="stable").index[:MOST_REPORTS]
    directions = directions[directions["report_id"].isin(kept) & directions["other_id"].isin(kept)]
    order = order_alike(directions)
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    names = [fitting.shorten_name(labels[report_id], _LONGEST_NAME) for report_id in order]
    names_mm = fitting.em_mm("tick") * fitting.widest_ems(names) + _LEADER_MM + 1.5
    is_narrow, n_small = width_mm < fitting.NARROW_MM, len(matrices) - 1
    small_mm = (width_mm - 2 * _EDGE_MM - _GAP_MM) / 2 if is_narrow else _SMALL_MM
    beside_mm = small_mm + _GAP_MM if n_small and not is_narrow else 0.0
    below_mm = small_mm + _TITLE_MM + _BAR_MM if n_small and is_narrow else 0.0
    rest_mm = _EDGE_MM + _TITLE_MM + _BAR_MM + below_mm
    side_mm = min(_LARGEST_MM, width_mm - 2 * _EDGE_MM - names_mm - beside_mm, TALLEST_MM - rest_mm)
    if not is_narrow:
        small_mm = min(small_mm, (side_mm - _TITLE_MM - _BAR_MM) / 2)
    with new_figure(width_mm=width_mm, height_mm=side_mm + rest_mm) as figure:
        figure.set_layout_engine("none")
        left, top = _EDGE_MM + names_mm, _EDGE_MM + _TITLE_MM
        axes = _shade(figure, (left, top, side_mm), fill_grid(directions, order, matrices[0]), matrices[0])
        # Where not all have room, those are named that have most in common with another.
        most = directions.groupby("report_id")["containment"].max()[list(order)].fillna(0).to_numpy()
        unit_mm = side_mm / len(names)
        rows = fitting.choose_rows(len(names), unit_mm, np.argsort(-most, kind="stable").tolist())
        axes.tick_params(pad=3)
        fitting.point_out(axes, names, rows, pitch_mm=unit_mm)
        if len(best) > len(kept):
            told = both(f"{len(kept)} of {len(best):,} reports", f"{len(best):,} 份报告中的 {len(kept)} 份")
            _head(figure, _EDGE_MM, top + side_mm + 2, told, size="note")
        for number, matrix in enumerate(matrices[1:]):
            place = left + side_mm + _GAP_MM, top + number * (small_mm + _TITLE_MM + _BAR_MM)
            if is_narrow:
                place = _EDGE_MM + number * (small_mm + _GAP_MM), top + side_mm + _BAR_MM + _TITLE_MM
            _shade(figure, (*place, small_mm), fill_grid(directions, order, matrix), matrix)
    return figure


def _shade(figure: Figure, place: tuple[float, float, float], grid: npt.NDArray[np.float64], matrix: Matrix) -> Axes:
    """Shade the cells of a matrix so many millimetres from the figure's corner, and explain the shades below it."""
    left, top, side = place
    _head(figure, left, top - _TITLE_MM, str(matrix.title))
    axes = _place_axes(figure, left, top, side, side)
    highest = min(matrix.largest, float(np.nanquantile(grid, 0.99))) or 1.0
    scale = Normalize(0, highest)
    axes.pcolormesh(np.ma.masked_invalid(grid), cmap=SIMILARITY, norm=scale).set_rasterized(True)
    axes.set(xlim=(0, len(grid)), ylim=(len(grid), 0), xticks=[], yticks=[])
    if side / len(grid) >= _LEAST_CELL_MM:
        fitting.write_cells(axes, grid, lambda value: SIMILARITY(scale(value)), matrix.number)
    below = _place_axes(figure, left + 0.2 * side, top + side + 1.5, 0.6 * side, 1.6)
    extend = "max" if np.nanmax(grid) > highest else "neither"
    fitting.explain_shades(below, scale, "g", extend=extend)
    return axes
