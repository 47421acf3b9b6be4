"""A passage that two reports share, in its sentences: set one above the other, character over character."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from corpus.analysis.comparison.sentence_edits import LEAST_SAME, align_sentences
from corpus.analysis.comparison.shared_passages import find_reuse, quote_reuse
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import count_ems, em_mm, shorten_name, widest_ems
from corpus.publishing.figures.look import figure_width, tell
from corpus.publishing.figures.style import INK, MUTED, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Reports

MARGIN_CHARS = 100
"""Most characters that are shown on either side of an aligned passage."""

_EDGE_MM = 0.8
_NAME_EMS = 6.8
_GAP_MM = 1.5
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
    width_mm = figure_width()
    columns = list(_columns(stretches))
    names = [shorten_name(stretches[f"label_{side}"].iloc[0], _NAME_EMS) for side in "ab"]
    left_mm = _measure_left(names, columns)
    per_line = int((width_mm - left_mm - _EDGE_MM) / _CELL_MM)
    blocks = [columns[first : first + per_line] for first in range(0, len(columns), per_line)]
    blocks = blocks[: int(TALLEST_MM / _BLOCK_MM)]
    height_mm = _BLOCK_MM * len(blocks) - 2
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width_mm), ylim=(height_mm, 0))
        axes.set_axis_off()
        for number, block in enumerate(blocks):
            _draw_same(axes, block, (left_mm, _BLOCK_MM * number + 0.4))
            for side, name in enumerate(names):
                middle = _BLOCK_MM * number + _LINE_MM * (side + 0.5) + 0.4
                _draw_line(axes, [(column.sides[side], column.is_width_only) for column in block], (left_mm, middle))
                axes.text(_EDGE_MM, middle, name, va="center_baseline")
    return figure


class _Column(NamedTuple):
    """A character of either report, one over the other, each with its place in the file; empty where it has none."""

    sides: tuple[tuple[str, int], tuple[str, int]]
    is_same: bool

    @property
    def is_width_only(self) -> bool:
        return self.is_same and self.sides[0][0] != self.sides[1][0]


def _columns(stretches: pd.DataFrame) -> Iterator[_Column]:
    for stretch in stretches.to_dict("records"):
        a, b = stretch["text_a"], stretch["text_b"]
        for place in range(max(len(a), len(b))):
            one = (a[place : place + 1], stretch["start_a"] + place)
            other = (b[place : place + 1], stretch["start_b"] + place)
            yield _Column((one, other), stretch["agreement"] == "same")


def _measure_left(names: Sequence[str], columns: Sequence[_Column]) -> float:
    """Return how many millimetres the names, and the places of the lines behind them, take."""
    last = max(place for column in columns for _, place in column.sides)
    names_mm, places_mm = em_mm("label") * widest_ems(names), em_mm("note") * count_ems(str(last))
    return _EDGE_MM + names_mm + _GAP_MM + places_mm + _GAP_MM


def _draw_same(axes: Axes, block: Sequence[_Column], corner: tuple[float, float]) -> None:
    left, top = corner
    for place, column in enumerate(block):
        if column.is_same:
            cell = left + _CELL_MM * place, top
            axes.add_patch(Rectangle(cell, _CELL_MM, 2 * _LINE_MM, facecolor=_SAME, edgecolor=_SAME))


def _draw_line(axes: Axes, characters: Sequence[tuple[tuple[str, int], bool]], begin: tuple[float, float]) -> None:
    edge, middle = begin
    first = next((start for (character, start), _ in characters if character), None)
    if first is not None:
        right = edge - _GAP_MM
        axes.text(right, middle, str(first), ha="right", va="center_baseline", fontsize=SIZES["note"], color=MUTED)
    for place, ((character, _), is_width_only) in enumerate(characters):
        left = edge + _CELL_MM * place
        if character.strip():
            axes.text(left + _CELL_MM / 2, middle, character, ha="center", va="center_baseline")
        if is_width_only:
            axes.plot([left + 0.4, left + _CELL_MM - 0.4], [middle + 1.6] * 2, color=INK, linewidth=0.6)
