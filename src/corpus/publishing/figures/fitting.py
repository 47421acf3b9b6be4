"""Words and rows that fit into a figure: reports as rows, names with the room there is, notes at marks, keys above."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.typing import ColorType

from corpus.publishing.figures import style
from corpus.publishing.figures.look import both, figure_width

NAME_MM: Final = 2.8
"""Rows closer than this cannot all be named in the size of an axis' numbers."""

NARROW_MM: Final = 130.0
"""Figures narrower than this stand in one column of a page, and fold what others have side by side."""

THIN_STRIP: Final = 0.8
"""How much of a row a strip takes that has no room for anything else."""

LONGEST_NAME: Final = 13.2
"""How wide the name of a row becomes, in Chinese characters."""

POINTS_PER_MM: Final = 72 / style.MM_PER_INCH

POINTER: Final = {"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0}
"""The line from words to what they name."""

_BESIDE_NAME_MM = 2.4
_USUAL_NAME_MM = 11.0
_LETTER_EM = 0.55
_LEADER_POINTS = 12.0
_KEY_LINE_MM = 4.5
_KEY_GAP_EM = 1.6
_KEY_LETTER_EM = 0.48
_KEY_HANDLE_EM = 1.4


def count_ems(words: str, *, letter: float = _LETTER_EM) -> float:
    """Return about how many Chinese characters the words are wide; a letter or a digit is half as wide as one."""
    return sum(1.0 if ord(character) > 0x2E7F or character in "…“”‘’—" else letter for character in words)


def widest_ems(names: Iterable[str]) -> float:
    """Return how many ems the widest line of some names is wide."""
    return max((count_ems(line) for name in names for line in name.split("\n")), default=0.0)


def em_mm(size: str) -> float:
    """Return how many millimetres a Chinese character is wide in a size of `corpus.publishing.figures.style.SIZES`."""
    return style.SIZES[size] / POINTS_PER_MM


def shorten(words: str, room: float) -> str:
    """Return words that are at most so many Chinese characters wide, with … for what is left out."""
    if count_ems(words) <= room:
        return words
    kept = words
    while kept and count_ems(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"


def shorten_name(label: str, room: float = LONGEST_NAME) -> str:
    """Return the label of a report in so many ems; what is left out is left out of the place, not of the year."""
    place, _, year = label.rpartition(" ")
    if not (place and year.isdigit()):
        return shorten(label, room)
    return f"{shorten(place, max(2.0, room - count_ems(f' {year}')))} {year}"


def note(
    axes: Axes,
    words: str,
    at: tuple[float, float],
    shift: tuple[float, float] = (0, 0),
    *,
    on: Any = "data",
    size: str = "note",
    **look: Any,
) -> Annotation:
    """Write words so many points right of a place and above it.

    Parameters
    ----------
    at : (float, float)
        The place, in the coordinates that ``on`` names as ``xycoords`` of matplotlib's ``Axes.annotate`` does.
    shift : (float, float)
        In points.
    size : str
        A name in `corpus.publishing.figures.style.SIZES`.
    **look : object
        As ``Axes.annotate`` takes it; ``va`` is the middle if not given.
    """
    look = {"va": "center", "fontsize": style.SIZES[size], "annotation_clip": False, **look}
    return axes.annotate(words, at, shift, xycoords=on, textcoords="offset points", **look)


def write_beside(
    axes: Axes,
    row: float,
    words: Mapping[float, str],
    *,
    size: str = "note",
    colour: str = style.INK,
) -> None:
    """Write words at a row, each so many points to the right of the panel, or to its left where below 0."""
    across = axes.get_yaxis_transform()
    for points, word in words.items():
        note(axes, word, (float(points > 0), row), (points, 0), on=across, size=size, color=colour, ha="right")


def place_axes(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes without frame and ticks whose upper left corner is so many millimetres from that of the figure."""
    wide, high = style.MM_PER_INCH * figure.get_size_inches()
    axes = figure.add_axes((left / wide, 1 - (top + height) / high, width / wide, height / high))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    return axes


def spread_places(
    places: Sequence[float], *, least: float, within: tuple[float, float] = (-math.inf, math.inf)
) -> list[float]:
    """Return ascending places moved as little as need be for them to lie ``least`` apart (pooling of neighbours)."""
    pools: list[tuple[float, int]] = []
    low, high = within[0], within[1] - (len(places) - 1) * least
    for number, place in enumerate(places):
        mean, size = place - number * least, 1
        while pools and pools[-1][0] >= mean:
            other, more = pools.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        pools.append((mean, size))
    level = [min(max(mean, low), max(low, high)) for mean, size in pools for _ in range(size)]
    return [place + number * least for number, place in enumerate(level)]


def white_ground(pad: float = 0.6) -> dict[str, Any]:
    """Return the box of words that cover what lies under them."""
    return {"facecolor": "white", "edgecolor": "none", "pad": pad}


def write_cells(
    axes: Axes, grid: npt.NDArray[np.float64], shade: Callable[[float], ColorType], number: str, *, size: str = "note"
) -> None:
    """Write the values of a matrix into its cells, in an ink that can be read on their shade; NaN has none."""
    for (row, column), value in np.ndenumerate(grid):
        if not np.isnan(value):
            look: dict[str, Any] = {"ha": "center", "va": "center_baseline", "color": style.ink_on(shade(value))}
            note(axes, format(value, number), (column + 0.5, row + 0.5), size=size, **look)


def explain_shades(axes: Axes, scale: Normalize, number: str, *, extend: str = "neither") -> None:
    """Draw into axes of their own which shade of `corpus.publishing.figures.style.SIMILARITY` stands for what."""
    shades = ScalarMappable(scale, style.SIMILARITY)
    bar = axes.figure.colorbar(shades, cax=axes, orientation="horizontal", extend=extend)
    bar.outline.set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format(value, number)))


def fits(words: str, room_mm: float) -> bool:
    """Tell whether words are no wider than a mark they stand on, with a little room at both ends."""
    return em_mm("note") * count_ems(words) + 0.8 <= room_mm


@dataclass(frozen=True, slots=True)
class Rows:
    """The reports of a figure from top to bottom, one row each.

    Attributes
    ----------
    places : mapping of str to int
        The row of each report_id, 0 at the top.
    names : tuple of str
    pitch_mm : float
        From one row to the next.
    height_mm : float
        Of the whole figure.
    """

    places: dict[str, int]
    names: tuple[str, ...]
    pitch_mm: float
    height_mm: float

    @property
    def has_room(self) -> bool:
        """Whether words and small marks can stand in a row and between two."""
        return self.pitch_mm >= 2 * NAME_MM

    @property
    def names_mm(self) -> float:
        """About how much of the figure's width the names take."""
        return widest_ems(self.names) * em_mm("tick") + _BESIDE_NAME_MM


def arrange_rows(table: pd.DataFrame, *, pitch_mm: float, rest_mm: float, n_bands: int = 1) -> Rows:
    """Give each report of a table a row, in the order of the table.

    Parameters
    ----------
    table : DataFrame
        With report_id and report_label.
    pitch_mm : float
        From one row to the next; less where the figure would become higher than a page allows.
    rest_mm : float
        What the figure needs besides its rows.
    n_bands : int
        How many times all rows stand below each other.
    """
    labels = table.drop_duplicates("report_id").set_index("report_id")["report_label"]
    n_rows = n_bands * len(labels)
    pitch_mm = min(pitch_mm, (style.TALLEST_MM - rest_mm) / n_rows)
    places = {str(report_id): place for place, report_id in enumerate(labels.index)}
    return Rows(places, tuple(map(shorten_name, labels)), pitch_mm, rest_mm + pitch_mm * n_rows)


@contextmanager
def strip_figure(
    table: pd.DataFrame,
    key: Callable[[bool], Iterable[Iterable[Artist]]],
    *,
    pitch_mm: float,
    rest_mm: float = 12.0,
    widths: Sequence[float] = (1,),
) -> Iterator[tuple[Figure, Rows, list[Axes]]]:
    """Give the axes of a figure with a strip for each report below each other, and its key above them.

    Parameters
    ----------
    table : DataFrame
        As for `arrange_rows`.
    key : callable
        Gives the groups of entries, each from a new line on, of a figure whose rows have room, and of another.
    pitch_mm, rest_mm : float
        See `arrange_rows`; the rest without the key.
    widths : sequence of float
        Of axes side by side, in proportion.
    """
    width_mm = figure_width()
    # Names longer than usual move the key to the right.
    names_mm = widest_ems(map(shorten_name, table["report_label"].unique())) * em_mm("tick")
    key_mm = width_mm - max(0.0, names_mm - _USUAL_NAME_MM)
    for has_room in (True, False):
        lines = [line for group in key(has_room) for line in fold_key(group, width_mm=key_mm)]
        head_mm = _KEY_LINE_MM * len(lines)
        rows = arrange_rows(table, pitch_mm=pitch_mm, rest_mm=rest_mm + head_mm)
        if rows.has_room:
            break
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm) as figure:
        grid = figure.add_gridspec(
            2, len(widths), height_ratios=(head_mm, rows.height_mm - head_mm), width_ratios=widths
        )
        _write_key(figure.add_subplot(grid[0, :]), lines)
        yield figure, rows, [figure.add_subplot(grid[1, column]) for column in range(len(widths))]


def count_along(axes: Axes, begin: float, end: float, words: str = "") -> None:
    """Count characters along an axis, by default those of the body."""
    axes.set_xlim(begin, end)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(words or both("characters from the beginning of the body", "自正文开头起的字符数"))


def name_rows(axes: Axes, rows: Rows, first: Iterable[str] = (), *, is_named: bool = True) -> None:
    """Write the names of the reports beside their rows.

    Where rows are too close for all of them, so many are written as there is room for, each with a line to its row:
    those of reports that come ``first``, and of others that stand clear of them. Where ``is_named`` is False the axes
    beside them have the names.
    """
    axes.set_ylim(len(rows.names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)
    if not is_named:
        axes.set_yticks([])
        return
    named = choose_rows(len(rows.names), rows.pitch_mm, (rows.places[report_id] for report_id in first))
    point_out(axes, rows.names, named, pitch_mm=rows.pitch_mm)


def add_bars(axes: Axes, marks: pd.DataFrame, rows: Rows, *, above: float, height: float, **look: Any) -> None:
    """Add bars from start to end in the rows of their reports, as one mark: thousands would take seconds to draw.

    They begin so much ``above`` the middle of a row (below 0) or below it, in rows, and are so high.
    """
    corners = []
    tops = marks["report_id"].map(rows.places) + above
    for low, high, top in zip(marks["start"], marks["end"], tops, strict=True):
        bottom = top + height
        corners += [(low, top), (high, top), (high, bottom), (low, bottom), (low, top)]
    if corners:
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * (len(corners) // 5)
        axes.add_patch(PathPatch(Path(corners, codes), **{"edgecolor": "none", "linewidth": 0, **look}))


def choose_rows(n_rows: int, pitch_mm: float, first: Iterable[int]) -> list[int]:
    """Return the rows that are named: all, or those that come first and others that stand clear of them.

    Of the first there are fewer than have room, for the lines to them to stay short.
    """
    if pitch_mm >= 0.9 * NAME_MM:
        return list(range(n_rows))
    room = n_rows * pitch_mm / NAME_MM
    named = list(dict.fromkeys(first))[: int(0.4 * room)]
    for row in range(0, n_rows, math.ceil(NAME_MM / pitch_mm)):
        if all(abs(row - other) * pitch_mm >= NAME_MM for other in named):
            named.append(row)
    return sorted(named[: int(room)])


def point_out(axes: Axes, names: Sequence[str], rows: Sequence[int], *, pitch_mm: float) -> None:
    """Write the names of some rows left of the axes: of close ones, no two on each other and each with a line to it."""
    if pitch_mm >= 0.9 * NAME_MM:
        axes.set_yticks([min(axes.get_ylim()) + 0.5 + row for row in rows], [names[row] for row in rows])
        return
    axes.set_yticks([])
    middles = [(row + 0.5) * pitch_mm for row in rows]
    places = spread_places(middles, least=NAME_MM, within=(0, len(names) * pitch_mm))
    line = POINTER | {"linewidth": 0.3, "relpos": (1, 0.5)}
    low = min(axes.get_ylim())
    for row, middle, place in zip(rows, middles, places, strict=True):
        at, shift = (0, low + 0.5 + row), (-_LEADER_POINTS, (middle - place) * POINTS_PER_MM)
        across = axes.get_yaxis_transform()
        note(axes, names[row], at, shift, on=across, size="tick", ha="right", va="center_baseline", arrowprops=line)


def write_row(axes: Axes, x: float, y: float, words: str) -> None:
    """Write words that begin at ``x`` in a row, over the grid, and are not cut off at the axis."""
    axes.text(
        x, y, words, fontsize=style.SIZES["tick"], color=style.INK, va="center", bbox=white_ground(), clip_on=False
    )


def fold_key(handles: Iterable[Artist], *, width_mm: float) -> list[list[Artist]]:
    """Divide the entries of a key into lines that are no wider than a figure, leaving room for the rows' names."""
    lines: list[list[Artist]] = [[]]
    used = 0.0
    for handle in handles:
        words = count_ems(str(handle.get_label()), letter=_KEY_LETTER_EM)
        entry = (words + _KEY_HANDLE_EM + _KEY_GAP_EM) * em_mm("tick")
        if lines[-1] and used + entry > width_mm - 12:
            lines.append([])
            used = 0.0
        lines[-1].append(handle)
        used += entry
    return lines


def _write_key(axes: Axes, lines: Sequence[Sequence[Artist]]) -> None:
    """Write a key into axes of its own, line by line: matplotlib's legends have columns, not lines."""
    axes.set_axis_off()
    for number, handles in enumerate(lines):
        line = axes.legend(
            handles=handles,
            loc="upper left",
            bbox_to_anchor=(0, 1 - number / len(lines)),
            ncols=len(handles),
            borderpad=0,
            borderaxespad=0,
            handlelength=0.9,
            handletextpad=_KEY_HANDLE_EM - 0.9,
            columnspacing=_KEY_GAP_EM,
        )
        # The layout would make room below the axes for the last line.
        line.set_in_layout(False)
        if number < len(lines) - 1:
            axes.add_artist(line)
