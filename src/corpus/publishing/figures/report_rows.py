"""Reports, or terms, as the rows of a figure: how high it becomes, and which of the rows are named."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Text

from corpus.errors import CorpusError
from corpus.publishing.figures.fitting import short_name, width_of
from corpus.publishing.figures.look import both
from corpus.publishing.figures.style import INK, MM_PER_INCH, SIZES, TALLEST_MM

NAME_MM = 2.8
"""Rows closer than this cannot all be named in the size of an axis' numbers."""

NARROW_MM = 130.0
"""Figures narrower than this stand in one column of a page, and fold what others have side by side."""

_BESIDE_NAME_MM = 2.4
_USUAL_NAME_MM = 11.0

LONGEST_NAME = 13.2
"""How wide the name of a row becomes, in Chinese characters."""


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
        return _longest_mm(self.names) + _BESIDE_NAME_MM


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

    Raises
    ------
    CorpusError
        If the table holds no report.
    """
    labels = table.drop_duplicates("report_id").set_index("report_id")["report_label"]
    if labels.empty:
        raise CorpusError("there is nothing to draw: the table holds no report; load some first")
    n_rows = n_bands * len(labels)
    pitch_mm = min(pitch_mm, (TALLEST_MM - rest_mm) / n_rows)
    places = {str(report_id): place for place, report_id in enumerate(labels.index)}
    return Rows(
        places, tuple(short_name(label, LONGEST_NAME) for label in labels), pitch_mm, rest_mm + pitch_mm * n_rows
    )


def key_width(table: pd.DataFrame, width_mm: float) -> float:
    """Return how wide a figure is for `fold_key`: less than it is where names longer than usual move its key."""
    names = (short_name(label, LONGEST_NAME) for label in table["report_label"].unique())
    return width_mm - max(0.0, _longest_mm(names) - _USUAL_NAME_MM)


def _longest_mm(names: Iterable[str]) -> float:
    return max(map(width_of, names), default=0.0) * SIZES["tick"] / 72 * MM_PER_INCH


def name_rows(axes: Axes, rows: Rows) -> None:
    """Write the names of the reports beside their rows: all of them, or every so many where rows are close."""
    step = math.ceil(NAME_MM / rows.pitch_mm)
    axes.set_ylim(len(rows.names) - 0.5, -0.5)
    axes.set_yticks(range(0, len(rows.names), step), rows.names[::step])
    axes.tick_params(axis="y", length=0, pad=4)
    axes.spines["left"].set_visible(False)


def write_row(axes: Axes, x: float, y: float, words: str, *, size: float) -> Text:
    """Write words that begin at ``x`` in a row, over the grid, and are not cut off at the axis."""
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    return axes.text(x, y, words, fontsize=size, color=INK, va="center", ha="left", bbox=box, clip_on=False)


POINTS_PER_MM: Final = 72 / MM_PER_INCH
NAMES_MM: Final = 42.0
LINE_MM: Final = 2.3  # rows closer than this cannot all be named
MOST_TERMS: Final = 48
NARROW_TERMS_MM: Final = 120.0  # below this there is no room for words on both sides


def arrange_mentions(
    marks: pd.DataFrame, *, last: int, longest: float = LONGEST_NAME
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the last terms in their rows, the reports or years in their places, the marks with row and place."""
    terms = marks.drop_duplicates(["term", "from"]).tail(last).reset_index(drop=True)
    columns = marks.drop_duplicates(["column", "day"]).sort_values(["day", "column"]).reset_index(drop=True)
    days = columns["day"].dt.strftime("%Y-%m-%d").where(columns["day_basis"] != "year end", both("undated", "日期不详"))
    n_reports = "n=" + columns["n_reports"].astype(str)
    below = n_reports if (columns["n_reports"] > 1).any() else days
    columns = columns.assign(
        heading=[f"{short_name(name, longest)}\n{end}" for name, end in zip(columns["column"], below, strict=True)]
    )
    rows = terms.reset_index(names="row")[["term", "from", "row"]]
    places = columns.reset_index(names="place")[["column", "day", "place"]]
    return terms, columns, marks.merge(rows, on=["term", "from"]).merge(places, on=["column", "day"])


def day_it_came(term: pd.Series) -> str:
    """Return the day a term came, in brackets where it is from memory."""
    return f"({term['from']})" if term["checked"] == "memory" else str(term["from"])


def wide_mm(heading: str, size: str) -> float:
    """Return about how wide the lines of a heading become, in millimetres."""
    return max(map(width_of, heading.split("\n"))) * SIZES[size] / POINTS_PER_MM
