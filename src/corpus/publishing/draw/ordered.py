"""The matrix of many reports: in an order that puts those together that are alike, with the dendrogram beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure, SubFigure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from corpus.analysis.dendrogram import Dendrogram, join_reports
from corpus.publishing.look import Profile
from corpus.publishing.style import MUTED, SIMILARITY, SIZES, TALLEST_MM, new_figure

MOST_REPORTS: Final = 200
"""So many rows fit on a page; of more reports those are drawn that are most like some other."""

_NARROW_MM: Final = 120
_NAME_MM: Final = 2.4
_LONGEST_NAME: Final = 13
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
    title: str
    unit: str


def draw_ordered_matrices(
    directions: pd.DataFrame, matrices: Sequence[Matrix], *, width_mm: float, profile: Profile | None
) -> Figure:
    """Draw the first measure large, with the names and the dendrogram of the reports, the others small beside it.

    The reports stand in one order in all of them, that of `corpus.analysis.dendrogram.join_reports`. Shades end at the
    99th percentile of a matrix, so that a few copies do not make all others pale.

    Parameters
    ----------
    directions : DataFrame
        From `corpus.analysis.pairs.tabulate_directions`.
    matrices : sequence of Matrix
        One at least, each of a measure with values.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    directions, n_left_out = _most_alike(directions)
    dendrogram = join_reports(directions)
    names, year = _name_reports(directions, dendrogram)
    notes = [f"{len(names)} of {len(names) + n_left_out:,} reports"] if n_left_out else []
    notes += [f"all {year}"] if year else []
    notes.append("tree: mean resemblance")
    is_narrow = width_mm < _NARROW_MM
    n_small = len(matrices) - 1
    names_mm = 3.0 + SIZES["note"] * 0.36 * max(_ems(name) for name in names)
    side_mm = min(_LARGEST_MM, width_mm - names_mm - (2 if is_narrow or not n_small else _SMALL_MM))
    main_mm = side_mm + _REST_MM
    below_mm = width_mm / 2 + 12 if is_narrow and n_small else 0
    height_mm = min(TALLEST_MM, main_mm + below_mm)
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
        axes = main.subplots()
        _draw_matrix(axes, directions, dendrogram, matrices[0])
        _label_rows(axes, names, side_mm)
        tree = axes.inset_axes((0, 1.02, 1, _TREE))
        _draw_tree(tree, dendrogram)
        tree.set_title(matrices[0].title, pad=5)
        tree.set_title(", ".join(notes), loc="right", fontsize=SIZES["note"], color=MUTED)
        for panel, matrix in zip(panels, matrices[1:], strict=True):
            _draw_matrix(panel, directions, dendrogram, matrix)
            panel.set_yticks([])
            panel.set_title(matrix.title, pad=4)
    return figure


def _name_reports(directions: pd.DataFrame, dendrogram: Dendrogram) -> tuple[list[str], str]:
    """Return the names in order, without the year if it is that of all, and that year."""
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    parted = [labels[report_id].rpartition(" ") for report_id in dendrogram.order]
    years = {year for _, _, year in parted}
    if len(years) == 1 and all(place for place, _, _ in parted):
        return [_short(place) for place, _, _ in parted], years.pop()
    return [_short(labels[report_id]) for report_id in dendrogram.order], ""


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
    bar.set_label(matrix.unit)


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
    ticks = [tick for tick in MaxNLocator(3).tick_values(lowest, highest) if low_end <= tick <= high_end]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_xticks([])


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _ems(name: str) -> float:
    return sum(1.0 if ord(character) > 0x2E7F else 0.55 for character in name)
