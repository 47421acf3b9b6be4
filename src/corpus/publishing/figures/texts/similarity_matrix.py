"""How alike reports are: matrices of all pairs, with the values in the cells where these have room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from corpus.analysis.comparison.report_pairs import MIN_REFERENCE, compare_reports, order_alike, tabulate_directions
from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import SIMILARITY, SIZES, TALLEST_MM, new_figure
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

_FEW = 3  # reports that fit into one column of a page
_MOST_DRAWN = 50  # reports whose cells are drawn one by one
_LONGEST_NAME = 11.0  # ems
_LEADER_MM = 4.0
_LEAST_CELL_MM, _TIGHT_CELL_MM = 5.2, 6.4  # with a number, with a large one
_GAP_MM, _EDGE_MM = 4.0, 0.8
_TITLE_MM, _HEADS_MM, _BAR_MM = 4.6, 6.8, 9.0  # above and below a matrix


def similarity_matrix(reports: Reports, *, n: int = 8, min_chars: int = 12) -> FigureToCite | NoFigure:
    """Draw how alike all pairs of reports are: containment, cosine, the longest shared passage.

    The matrix of cosines is drawn from 10 reports on.

    Parameters
    ----------
    reports : Reports
    n : int
        Length of the n-grams of key characters.
    min_chars : int
        As in `corpus.find_reuse`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is no pair.
    """
    if len(reports) < 2:
        return no_figure("similarity-matrix", "no-pair")
    compared = compare_reports(reports, n=n)
    table = tabulate_directions(reports, compared, passages=find_reuse(reports, min_chars=min_chars))
    finding = _tell_alike(table, n)
    if len(reports) < LEAST_FOR_COSINE or not table["cosine_tfidf"].notna().any():
        table = table.drop(columns="cosine_tfidf")
    return series_figure(
        "similarity-matrix",
        reports,
        draw_similarity_matrix,
        table,
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
    """Draw the measures of all pairs as matrices: the first with the names of the reports, the others beside or below.

    The reports, at most 200, those most like some other, stand in an order in which those that are alike are side by
    side (`order_alike`). Where cells have room for them the values are in the cells; where not all reports can be
    named, those are that have most in common with another. Containment has a direction: the report of the row is held
    against that of the column. Shades end at the 99th percentile of a matrix, so that a few copies do not make all
    others pale.
    """
    matrices = [matrix for matrix in _MATRICES if directions.get(matrix.measure, pd.Series()).notna().any()]
    best = directions.groupby("report_id", sort=False)["resemblance"].max().fillna(0)
    kept = best.sort_values(ascending=False, kind="stable").index[:MOST_REPORTS]
    directions = directions[directions["report_id"].isin(kept) & directions["other_id"].isin(kept)]
    order = order_alike(directions)
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    names = [fitting.shorten_name(labels[report_id], _LONGEST_NAME) for report_id in order]
    names_mm = fitting.em_mm("tick") * fitting.widest_ems(names) + _LEADER_MM + 1.5
    width_mm = figure_width(SINGLE_MM if len(labels) <= _FEW else DOUBLE_MM)
    places, height_mm = _arrange(len(matrices) - 1, names_mm, width_mm)
    # Where not all have room, those are named that have most in common with another.
    most = directions.groupby("report_id")["containment"].max()[list(order)].fillna(0).to_numpy()
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        for matrix, (left, top, side) in zip(matrices, places, strict=True):
            axes = _shade(figure, (left, top, side), fill_grid(directions, order, matrix), matrix, names)
            if left == places[0][0]:
                unit_mm = side / len(names)
                rows = fitting.choose_rows(len(names), unit_mm, np.argsort(-most, kind="stable").tolist())
                axes.tick_params(axis="y", pad=3)
                fitting.point_out(axes, names, rows, pitch_mm=unit_mm)
        if len(best) > len(kept):
            told = both(f"{len(kept)} of {len(best):,} reports", f"{len(best):,} 份报告中的 {len(kept)} 份")
            figure.text(_EDGE_MM / width_mm, 0.01, told, fontsize=SIZES["note"])
    return figure


def fill_grid(directions: pd.DataFrame, order: Sequence[str], matrix: Matrix) -> npt.NDArray[np.float64]:
    """Return the values of a measure with a row and a column for each report, in this order."""
    values = directions.pivot(index="report_id", columns="other_id", values=matrix.measure)
    grid: npt.NDArray[np.float64] = values.reindex(index=list(order), columns=list(order)).to_numpy(dtype=np.float64)
    return grid * matrix.scale


def _arrange(n_others: int, names_mm: float, width_mm: float) -> tuple[list[tuple[float, float, float]], float]:
    """Return left, top and side of each matrix in millimetres, and the height of the figure.

    One other is as large as the first, two are small: they fill the column beside it, or the line below.
    """
    above, left = _EDGE_MM + _TITLE_MM + _HEADS_MM, _EDGE_MM + names_mm
    room = width_mm - left - _EDGE_MM
    rest = above + _BAR_MM - _EDGE_MM
    if width_mm >= fitting.NARROW_MM:
        side = {0: room, 1: (room - _GAP_MM) / 2, 2: (2 * (room - _GAP_MM) + rest) / 3}[n_others]
        side = min(side, TALLEST_MM - above - _BAR_MM)
        small = side if n_others == 1 else (side - rest) / 2
        others = [(left + side + _GAP_MM, above + number * (small + rest), small) for number in range(n_others)]
        return [(left, above, side), *others], above + side + _BAR_MM
    if n_others == 1:
        side = min(room, (TALLEST_MM - _EDGE_MM) / 2 - rest)
        return [(left, above, side), (left, above + side + rest, side)], _EDGE_MM + 2 * (side + rest)
    small = (width_mm - 2 * _EDGE_MM - _GAP_MM) / 2 if n_others else -rest
    others = [(_EDGE_MM + number * (small + _GAP_MM), above + room + rest, small) for number in range(n_others)]
    return [(left, above, room), *others], above + room + rest + small + _BAR_MM


def _shade(
    figure: Figure,
    place: tuple[float, float, float],
    grid: npt.NDArray[np.float64],
    matrix: Matrix,
    names: Sequence[str],
) -> Axes:
    """Shade the cells of a matrix so many millimetres from the figure's corner, and explain the shades below it."""
    left, top, side = place
    axes = fitting.place_axes(figure, left, top, side, side)
    highest = min(matrix.largest, float(np.nanquantile(grid, 0.99))) or 1.0
    scale = Normalize(0, highest)
    shades = np.ma.masked_invalid(grid)
    if len(grid) <= _MOST_DRAWN:
        axes.pcolormesh(shades, cmap=SIMILARITY, norm=scale)
    else:  # a picture of one pixel a cell: thousands of squares, or their pixels in print, would be megabytes
        axes.imshow(
            shades,
            cmap=SIMILARITY,
            norm=scale,
            interpolation="none",
            aspect="auto",
            extent=(0, len(grid), len(grid), 0),
        )
    axes.set(xlim=(0, len(grid)), ylim=(len(grid), 0), xticks=[], yticks=[])
    cell_mm = side / len(grid)
    heads = ["\n".join(name.rsplit(" ", 1)) for name in names]
    has_heads = fitting.em_mm("tick") * fitting.widest_ems(heads) + 0.6 <= cell_mm
    if has_heads:
        axes.set_xticks([column + 0.5 for column in range(len(heads))], heads)
        axes.tick_params(axis="x", labeltop=True, labelbottom=False, pad=2)
    if cell_mm >= _LEAST_CELL_MM:
        size = "note" if cell_mm < _TIGHT_CELL_MM else "label"
        fitting.write_cells(axes, grid, lambda value: SIMILARITY(scale(value)), matrix.number, size=size)
    title_points = 4 + (_HEADS_MM * fitting.POINTS_PER_MM if has_heads else 0)
    fitting.note(axes, str(matrix.title), (0, 1), (0, title_points), on="axes fraction", size="title", va="baseline")
    below = fitting.place_axes(figure, left + 0.2 * side, top + side + 1.5, 0.6 * side, 1.6)
    extend = "max" if np.nanmax(grid) > highest else "neither"
    fitting.explain_shades(below, scale, "g", extend=extend)
    return axes
