"""How alike reports are, all pairs in matrices; and one passage of a pair, sentence over sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from corpus.analysis.comparison.report_pairs import compare_reports, order_alike, tabulate_directions
from corpus.analysis.comparison.sentence_edits import LEAST_SAME, align_sentences
from corpus.analysis.comparison.shared_passages import find_reuse, quote_reuse
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import count_ems, em_mm, shorten_name, widest_ems
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import INK, MUTED, SIMILARITY, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Reports

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
    """Draw how alike all pairs of reports are: containment, and the longest shared passage.

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
    passages = find_reuse(reports, min_chars=min_chars)
    table = tabulate_directions(reports, compare_reports(reports, n=n), passages=passages).drop(columns="cosine_tfidf")
    return series_figure(
        "similarity-matrix",
        reports,
        draw_similarity_matrix,
        table,
        finding=_tell_alike(table, n),
        parameters={"n": n, "min_chars": min_chars},
        n_pairs=len(table) // 2,
        twice_min_chars=2 * min_chars,
    )


def _tell_alike(table: pd.DataFrame, n: int) -> Bilingual:
    if table["containment"].isna().all():
        return NO_WORDS
    most = table.nlargest(1, "containment").iloc[0]
    return tell(
        "similarity-matrix",
        "finding",
        most=most,
        median=table["containment"].median(),
        n=n,
        n_none=int((table["longest_chars"] == 0).sum()) // 2,
        n_pairs=len(table) // 2,
    )


def draw_similarity_matrix(directions: pd.DataFrame) -> Figure:
    """Draw the measures of all pairs as matrices: the first with the names of the reports, the other beside or below.

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
    places, side, height_mm = _arrange(len(matrices), names_mm, width_mm)
    # Where not all have room, those are named that have most in common with another.
    most = directions.groupby("report_id")["containment"].max()[list(order)].fillna(0).to_numpy()
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        for matrix, (left, top) in zip(matrices, places, strict=True):
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


def _arrange(n_matrices: int, names_mm: float, width_mm: float) -> tuple[list[tuple[float, float]], float, float]:
    """Return left and top of each matrix in millimetres, the side of all, and the height of the figure.

    They stand side by side, in a narrow figure one below the other.
    """
    n_across = n_matrices if width_mm >= fitting.NARROW_MM else 1
    n_down = n_matrices // n_across
    left, rest = _EDGE_MM + names_mm, _TITLE_MM + _HEADS_MM + _BAR_MM
    side = (width_mm - left - _EDGE_MM - (n_across - 1) * _GAP_MM) / n_across
    side = min(side, (TALLEST_MM - _EDGE_MM) / n_down - rest)
    places = [
        (left + column * (side + _GAP_MM), _EDGE_MM + _TITLE_MM + _HEADS_MM + row * (side + rest))
        for row in range(n_down)
        for column in range(n_across)
    ]
    return places, side, _EDGE_MM + n_down * (side + rest)


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


MARGIN_CHARS = 100
"""Most characters that are shown on either side of an aligned passage."""

_MARGIN_MM = 0.8
_NAME_EMS = 6.8
_BETWEEN_MM = 1.5
_CELL_MM = 2.75
_LINE_MM = 3.7
_BLOCK_MM = 11.0
_SAME = "#d5dff4"


def longest_passage(
    reports: Reports, passages: pd.DataFrame | None = None, *, min_chars: int = 12
) -> FigureToCite | NoFigure:
    """Set the sentences of two reports around a shared passage one above the other, character over character.

    Without ``passages`` it is the longest that two reports share without an edit, perhaps within a passage with edits;
    given more rows than one, it is the one in which most characters agree.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame, optional
        Rows of `corpus.find_reuse`.
    min_chars : int
        As in `corpus.find_reuse`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is no such passage.
    """
    if len(reports) < 2:
        return no_figure("longest-passage", "no-pair")
    if passages is None:
        row = _longest_unbroken(reports, find_reuse(reports, min_chars=min_chars))
    else:
        row = passages.nlargest(1, "matched_chars")
    if row.empty:
        return no_figure("longest-passage", "nothing-shared", min_chars=min_chars)
    table = align_sentences(reports, row, margin_chars=MARGIN_CHARS)
    quoted = quote_reuse(reports, row).iloc[0]
    of_pair = {"a": reports[quoted["report_a"]].label, "b": reports[quoted["report_b"]].label}
    has_edits = quoted["similarity"] < 1
    return series_figure(
        "longest-passage",
        reports,
        draw_alignment,
        table,
        finding=tell(
            "longest-passage", "finding_edited" if has_edits else "finding", chars=quoted["matched_chars"], **of_pair
        ),
        parameters={"margin_chars": MARGIN_CHARS} | ({"min_chars": min_chars} if passages is None else {}),
        head=tell("longest-passage", "chosen" if has_edits or passages is not None else "longest", **of_pair),
        least_same=LEAST_SAME,
    )


def _longest_unbroken(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return the longest stretch that is the same in both reports of a passage, as the only row of such a table."""
    best = passages.head(0)
    length = 0
    ordered = passages.sort_values("matched_chars", ascending=False, kind="stable")
    for place, matched in enumerate(ordered["matched_chars"]):
        if matched <= length:
            break
        row = ordered.iloc[[place]]
        sides = [(reports[row[f"report_{side}"].item()], f"start_{side}", f"end_{side}") for side in "ab"]
        spans = [report.key_span(row[start].item(), row[end].item()) for report, start, end in sides]
        a, b = (report.key[slice(*span)] for (report, _, _), span in zip(sides, spans, strict=True))
        block = SequenceMatcher(None, a, b, autojunk=False).find_longest_match()
        if block.size <= length:
            continue
        best, length = row.assign(matched_chars=block.size, similarity=1.0), block.size
        for (report, start, end), (first, _), offset in zip(sides, spans, (block.a, block.b), strict=True):
            narrowed = report.raw_span(first + offset, first + offset + block.size)
            best = best.assign(**{start: narrowed.start, end: narrowed.end})
    return best


def draw_alignment(stretches: pd.DataFrame) -> Figure:
    """Set the sentences around shared passages one above the other, each character over its counterpart.

    What both reports have stands on colour. Characters that differ in width only, as , and ， do, are underlined. The
    number before a line is the place of its first character in the file.
    """
    width_mm, cells = figure_width(), _cells(stretches)
    names = [shorten_name(stretches[f"label_{side}"].iloc[0], _NAME_EMS) for side in "ab"]
    last = cells[["place_a", "place_b"]].max().max()
    names_mm, places_mm = em_mm("label") * widest_ems(names), em_mm("note") * count_ems(str(last))
    left_mm = _MARGIN_MM + names_mm + _BETWEEN_MM + places_mm + _BETWEEN_MM
    per_line = int((width_mm - left_mm - _MARGIN_MM) / _CELL_MM)
    cells = cells.iloc[: per_line * int(TALLEST_MM / _BLOCK_MM)]
    cells["left"] = left_mm + _CELL_MM * (cells.index % per_line)
    height_mm = _BLOCK_MM * math.ceil(len(cells) / per_line) - 2
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width_mm), ylim=(height_mm, 0))
        axes.set_axis_off()
        for number, block in cells.groupby(cells.index // per_line):
            top = _BLOCK_MM * number + 0.4
            for left in block.loc[block["is_same"], "left"]:
                axes.add_patch(Rectangle((left, top), _CELL_MM, 2 * _LINE_MM, facecolor=_SAME, edgecolor=_SAME))
            for side, name in zip("ab", names, strict=True):
                middle = top + _LINE_MM * (0.5 if side == "a" else 1.5)
                _draw_line(axes, block, side, middle, right=left_mm - _BETWEEN_MM)
                axes.text(_MARGIN_MM, middle, name, va="center_baseline")
    return figure


def _cells(stretches: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each character over its counterpart, with their places in the files; empty if it has none."""
    cells = []
    for stretch in stretches.to_dict("records"):
        pairs = zip_longest(stretch["text_a"], stretch["text_b"], fillvalue="")
        for place, (a, b) in enumerate(pairs):
            cells.append((a, b, stretch["start_a"] + place, stretch["start_b"] + place, stretch["agreement"] == "same"))
    return pd.DataFrame(cells, columns=["a", "b", "place_a", "place_b", "is_same"])


def _draw_line(axes: Axes, block: pd.DataFrame, side: str, middle: float, *, right: float) -> None:
    """Write the characters of a report, with the place of the first one before them."""
    first = block.loc[block[side] != "", f"place_{side}"].head(1)
    for place in first:
        axes.text(right, middle, str(place), ha="right", va="center_baseline", fontsize=SIZES["note"], color=MUTED)
    is_width_only = block["is_same"] & (block["a"] != block["b"])
    for character, left, is_underlined in zip(block[side], block["left"], is_width_only, strict=True):
        if character.strip():
            axes.text(left + _CELL_MM / 2, middle, character, ha="center", va="center_baseline")
        if is_underlined:
            axes.plot([left + 0.4, left + _CELL_MM - 0.4], [middle + 1.6] * 2, color=INK, linewidth=0.6)
