"""The figures of notebook 03: how alike reports are, and where the passages that they share stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, NullLocator

from corpus.publishing.draw.ordered import Matrix, draw_ordered_matrices, fill_grid
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import (
    COLOURS,
    INK,
    MM_PER_INCH,
    MUTED,
    SIMILARITY,
    SIZES,
    TALLEST_MM,
    ink_on,
    new_figure,
)

KIND_COLOURS: Final[Mapping[str, str]] = {
    "running text": COLOURS["shared"],
    "heading": COLOURS["skeleton"],
    "title": "#7f868f",
}
"""Where a shared passage stands, by the names in ``corpus.analysis.sharing.KINDS``."""

NOTHING_SHARED = "No two of these reports share a passage."
_MATRICES = {
    Matrix("containment", 100, 100, "Containment, %", "of the row's n-grams, % that the column has"): ".1f",
    Matrix("cosine_tfidf", 1, 1, "Cosine of words, TF-IDF", "0 to 1, the same in both directions"): ".2f",
    Matrix("longest_chars", 1, math.inf, "Longest shared passage", "key characters; 0: none was found"): ".0f",
}
_NARROW_MM = 120
_MOST_NUMBERS = 12

_MOST_PAIRS = 7
_PAIR_MM = 18.0
_STRIP = 0.1
_NAMES_MM = 18.0
KIND_WORDS: Final[Mapping[str, str]] = {
    "running text": "in running text",
    "heading": "in a heading of one of the two, or of both",
    "title": "in the names of laws and plans, inside 《》",
}

_MOST_ROWS = 16
_ROW_MM = 5.8
_DOT_MM = 1.5
_TOO_SHORT = "#c3c8cf"
_LENGTHS = (4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 60, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000)


def draw_similarity_matrix(
    directions: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw three measures of all pairs as matrices.

    Up to 12 reports stand in the order of the table, with the values in the cells and the highest framed. Containment
    has a direction and fills its matrix: the report of the row is held against that of the column. The symmetric
    measures fill the half below the diagonal. Shades are for comparison inside one matrix: they run up to twice its
    highest value, or to the end of the measure's range if that is less.

    More reports stand in the order of a dendrogram, which is drawn over the matrix of containment; see
    `corpus.publishing.draw.ordered.draw_ordered_matrices`. At most 200 are drawn, those most like some other.

    Parameters
    ----------
    directions : DataFrame
        From `corpus.analysis.pairs.tabulate_directions`. A measure without values is left out.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    matrices = [matrix for matrix in _MATRICES if directions[matrix.measure].notna().any()]
    if not matrices:
        return say_so("There is no pair of reports to compare.", width_mm=width_mm, profile=profile)
    labels = dict(zip(directions["report_id"], directions["report_label"], strict=True))
    if len(labels) > _MOST_NUMBERS:
        return draw_ordered_matrices(directions, matrices, width_mm=width_mm, profile=profile)
    is_narrow = width_mm < _NARROW_MM
    height_mm = min(TALLEST_MM, 0.62 * width_mm * len(matrices)) if is_narrow else width_mm / 3 + 3
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        panels = figure.subplots(*((len(matrices), 1) if is_narrow else (1, len(matrices))), squeeze=False).flat
        for axes, matrix in zip(panels, matrices, strict=True):
            grid = fill_grid(directions, list(labels), matrix)
            if matrix.measure != "containment":
                grid[np.triu_indices(len(grid))] = np.nan
            _fill_matrix(axes, grid, _MATRICES[matrix], largest=matrix.largest)
            _label_matrix(axes, list(labels.values()))
            axes.set_title(matrix.title, pad=5)
            axes.set_xlabel(matrix.unit, labelpad=4)
    return figure


def _fill_matrix(axes: Axes, grid: npt.NDArray[np.float64], number: str, *, largest: float) -> None:
    size = len(grid)
    scale = Normalize(0, min(largest, 2 * float(np.nanmax(grid))) or 1)
    axes.pcolormesh(np.ma.masked_invalid(grid), cmap=SIMILARITY, norm=scale, edgecolor="white", linewidth=1.2)
    axes.set(aspect="equal", xlim=(0, size), ylim=(size, 0))
    for (row, column), value in np.ndenumerate(grid):
        if not np.isnan(value):
            ink = ink_on(SIMILARITY(scale(value)))
            axes.text(column + 0.5, row + 0.5, format(value, number), ha="center", va="center", color=ink)
    highest = np.unravel_index(np.nanargmax(grid), grid.shape)
    corner = int(highest[1]), int(highest[0])
    axes.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor=INK, linewidth=1.2, clip_on=False))


def _label_matrix(axes: Axes, labels: Sequence[str]) -> None:
    places = [place + 0.5 for place in range(len(labels))]
    shown = [shorten(label, 14) for label in labels]
    upright = len(labels) <= 6
    axes.set_yticks(places, shown)
    axes.set_xticks(
        places, [label.replace(" ", "\n") if upright else label for label in shown], rotation=0 if upright else 90
    )
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    axes.spines[:].set_visible(False)


def draw_shared_passages(
    places: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw pairs of reports as two strips in reading order, with a band from each shared passage to its counterpart.

    All strips have one scale, in characters. Bands that cross join passages that stand in another order. The longest
    passage of each pair is quoted with its length in key characters. The pairs with the longest passages are drawn, at
    most seven.

    Parameters
    ----------
    places : DataFrame
        From `corpus.analysis.sharing.locate_reuse`.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if places.empty:
        return say_so(NOTHING_SHARED, width_mm=width_mm, profile=profile)
    longest = places.groupby(["report_a", "report_b"], sort=False)["matched_chars"].max()
    pairs = longest.sort_values(ascending=False, kind="stable").index[:_MOST_PAIRS]
    height_mm = (27 if width_mm < _NARROW_MM else 19) + _PAIR_MM * len(pairs)
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        axes = figure.subplots()
        end = int(places[["body_chars_a", "body_chars_b"]].to_numpy().max())
        ticks: dict[float, str] = {}
        for number, (report_a, report_b) in enumerate(pairs):
            of_pair = places[(places["report_a"] == report_a) & (places["report_b"] == report_b)]
            upper, lower = number + 0.28, number + 0.78
            _draw_pair(axes, of_pair.to_dict("records"), upper, lower)
            longest_of_pair = of_pair.loc[of_pair["matched_chars"].idxmax()].to_dict()
            _quote(axes, longest_of_pair, upper - _STRIP / 2, end=end, room_mm=width_mm - _NAMES_MM)
            ticks |= {upper: of_pair["label_a"].iloc[0], lower: of_pair["label_b"].iloc[0]}
        axes.set(xlim=(0, 1.01 * end), ylim=(len(pairs) - 0.1, 0), xlabel="characters from the beginning of the body")
        axes.set_yticks(list(ticks), [shorten(label, 16) for label in ticks.values()])
        _label_rows(axes)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        kinds = [kind for kind in KIND_COLOURS if kind in set(places["kind"])]
        keys = [Patch(facecolor=KIND_COLOURS[kind], label=KIND_WORDS[kind]) for kind in kinds]
        n_columns = 1 if width_mm < _NARROW_MM else len(keys)
        figure.legend(handles=keys, loc="outside upper left", ncols=n_columns, columnspacing=1.6, handleheight=0.7)
    return figure


def _draw_pair(axes: Axes, passages: list[dict[Any, Any]], upper: float, lower: float) -> None:
    for side, place in (("a", upper), ("b", lower)):
        length = passages[0][f"body_chars_{side}"]
        axes.add_patch(Rectangle((0, place - _STRIP / 2), length, _STRIP, facecolor="#eceef0"))
    for passage in sorted(passages, key=itemgetter("matched_chars")):
        colour = KIND_COLOURS[passage["kind"]]
        ends = []
        for side, place in (("a", upper), ("b", lower)):
            begin, length = passage[f"begins_chars_{side}"], len(passage[f"text_{side}"])
            mark = Rectangle((begin, place - _STRIP / 2), length, _STRIP, facecolor=colour, edgecolor=colour)
            axes.add_patch(mark)
            ends.append((begin, begin + length))
        band = _band(*ends, top=upper + _STRIP / 2, bottom=lower - _STRIP / 2)
        axes.add_patch(PathPatch(band, facecolor=colour, edgecolor=colour, linewidth=0.4, alpha=0.55))


def _band(one: tuple[float, float], other: tuple[float, float], *, top: float, bottom: float) -> Path:
    middle = (top + bottom) / 2
    (a, b), (c, d) = one, other
    down = [(a, top), (a, middle), (c, middle), (c, bottom)]
    up = [(d, bottom), (d, middle), (b, middle), (b, top)]
    curve = [Path.CURVE4] * 3
    return Path([*down, *up, (a, top)], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _quote(axes: Axes, passage: Mapping[Any, Any], place: float, *, end: int, room_mm: float) -> None:
    begin = passage["begins_chars_a"]
    n_ems = room_mm / (SIZES["note"] / 72 * MM_PER_INCH)
    # The number and its unit are as wide as 8 Chinese characters.
    quoted = shorten(" ".join(passage["text_a"].split()), min(46, int(n_ems) - 8))
    has_room = len(quoted) + 8 < n_ems * (1 - begin / end)
    words = f"{passage['matched_chars']} characters: {quoted}"
    axes.annotate(
        words,
        (begin if has_room else end, place),
        xytext=(0, 2),
        textcoords="offset points",
        ha="left" if has_room else "right",
        fontsize=SIZES["note"],
    )


def draw_passage_lengths(
    lengths: pd.DataFrame, *, threshold: int = 12, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw the different passages that each pair shares as dots by length; a dot's area is how many have that length.

    The pairs with the longest passages are drawn, at most sixteen. The scale of length is logarithmic.

    Parameters
    ----------
    lengths : DataFrame
        From `corpus.analysis.sharing.tabulate_lengths`.
    threshold : int
        Key characters from which a passage counts in the other figures; a line stands before it.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if lengths.empty:
        return say_so(NOTHING_SHARED, width_mm=width_mm, profile=profile)
    pairs = lengths.groupby(["report_a", "report_b"], sort=False).agg(
        longest=("length_chars", "max"), n=("n_wordings", "sum"), a=("label_a", "first"), b=("label_b", "first")
    )
    pairs = pairs.sort_values(["longest", "n"], ascending=False, kind="stable").iloc[:_MOST_ROWS]
    rows = {pair: number for number, pair in enumerate(pairs.index)}
    dots = [dot for dot in lengths.to_dict("records") if (dot["report_a"], dot["report_b"]) in rows]
    unit_mm = min(_DOT_MM, _ROW_MM / max(dot["n_wordings"] for dot in dots) ** 0.5)
    with new_figure(width_mm=width_mm, height_mm=14 + _ROW_MM * len(rows), profile=profile) as figure:
        axes = figure.subplots()
        axes.axvline(threshold - 0.5, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        axes.annotate(
            f"{threshold} characters and more",
            (threshold - 0.5, -0.6),
            xytext=(3, 0),
            textcoords="offset points",
            va="bottom",
            fontsize=SIZES["note"],
            color=MUTED,
        )
        for dot in dots:
            colour = COLOURS["shared"] if dot["length_chars"] >= threshold else _TOO_SHORT
            place = dot["length_chars"], rows[dot["report_a"], dot["report_b"]]
            _draw_dot(axes, place, dot["n_wordings"], unit_mm, colour=colour)
        _scale_lengths(axes, threshold, dots)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        names = [f"{a} – {b}" for a, b in zip(pairs["a"], pairs["b"], strict=True)]
        axes.set_yticks(range(len(rows)), [shorten(name, 30) for name in names])
        _label_rows(axes)
        axes.grid(axis="y")
    return figure


def _draw_dot(axes: Axes, place: tuple[int, int], number: int, unit_mm: float, *, colour: str) -> None:
    points = unit_mm * number**0.5 / MM_PER_INCH * 72
    axes.scatter(*place, s=points**2, color=colour, linewidths=0, zorder=2)
    has_room = points > SIZES["note"] * (0.3 + 0.55 * len(str(number)))
    if number > 1 and has_room:
        axes.text(*place, str(number), ha="center", va="center_baseline", fontsize=SIZES["note"], color=ink_on(colour))


def _scale_lengths(axes: Axes, threshold: int, dots: list[dict[Any, Any]]) -> None:
    found = {int(dot["length_chars"]) for dot in dots}
    lowest, highest = min(found), max(*found, threshold)
    near = [tick for tick in _LENGTHS if lowest <= tick <= highest]
    apart = [tick for tick in near if all(abs(tick / end - 1) > 0.12 or tick == end for end in (threshold, highest))]
    axes.set_xscale("log")
    axes.set_xlim(lowest / 1.08, highest * 1.06)
    axes.set_xticks(sorted({*apart, threshold, highest}))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("length of the passage, key characters (logarithmic)")


def say_so(sentence: str, *, width_mm: float, profile: Profile | None) -> Figure:
    """Draw a sentence in the place of a figure that would be empty."""
    with new_figure(width_mm=width_mm, height_mm=15, profile=profile) as figure:
        figure.text(0.5, 0.5, sentence, ha="center", va="center")
    return figure


def _label_rows(axes: Axes) -> None:
    axes.tick_params(axis="y", length=0, labelsize=SIZES["label"])
    axes.spines["left"].set_visible(False)


def shorten(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
