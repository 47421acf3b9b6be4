"""A table as a reader of a notebook sees it: words to the left, numbers to the right, long quotations cut.

Numbers of one column have the same number of decimals, so that their points stand below each other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import floor, isfinite, log10

import pandas as pd

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.figures.look import both, current_look
from corpus.publishing.writing.screen import columns as width_of
from corpus.report.html_view import QUIET, as_html, ruled_table

_RIGHT = "text-align:right"
_ONE_LINE, _WRAPPED = "white-space:pre", "white-space:pre-wrap;min-width:11em"
# In columns of a terminal: words of this width are kept on one line, fewer of them where the table has no room.
_SHORT, _SHORT_IF_CROWDED, _ROOM = 32, 20, 100
_NOTHING = "–"
_NUMBER = re.compile(r"[-−+]?\d+(?:[.,]\d+)*%?")
_MOST_DECIMALS = 5
_MOST_CHARS = 90


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Rows of a table as strings, which a notebook shows as HTML.

    Attributes
    ----------
    heads : tuple of str
    rows : tuple of tuple of str
    to_right : tuple of bool
        Which columns end at the right: numbers, and what stands before a hit.
    note : str
        What is said below the table; empty for nothing.
    label : str
        What the table is, for those who do not see where it stands.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    to_right: tuple[bool, ...]
    note: str = ""
    label: str = ""

    def __repr__(self) -> str:
        lines = [" | ".join(cells) for cells in (self.heads, *self.rows)]
        return "\n".join([*lines, self.note] if self.note else lines)

    def _repr_html_(self) -> str:
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.heads)
        widths = [max(map(width_of, column), default=0) for column in columns]
        short = _SHORT if sum(widths) <= _ROOM else _SHORT_IF_CROWDED
        wraps = [_ONE_LINE if width <= short else _WRAPPED for width in widths]
        looks = [f"{_RIGHT};{wrap}" if to_right else wrap for to_right, wrap in zip(self.to_right, wraps, strict=True)]
        first = columns[0] if columns and not self.to_right[0] else ()
        shown = ruled_table(
            list(map(as_html, self.heads)),
            [list(map(as_html, row)) for row in self.rows],
            styles=dict(enumerate(looks)),
            label=self.label,
            names_rows=bool(first) and len(set(first)) == len(first),
        )
        return shown + (f'<p style="margin:2px 0;{QUIET}">{as_html(self.note)}</p>' if self.note else "")


def show_table(
    table: pd.DataFrame, heads: Mapping[str, str], *, shares: Collection[str] = (), max_rows: int = 30
) -> ShownTable:
    """Return a table in the form that a notebook shows.

    Parameters
    ----------
    table : DataFrame
        Fractions of a column have as many decimals as give the largest three significant digits and the smallest two,
        5 at most; where they lie too far apart for that, each has three significant digits. What is missing is written
        as –. A line feed in a quotation is shown as ⏎; white space around it is not shown, and long words end in ….
    heads : mapping of str to str
        The columns to show, in this order, and what stands above each. ``start:end`` shows the two columns of a span as
        one. In Chinese, codes are shown in the words of ``data/messages/codes.csv``.
    shares : collection of str
        The columns that hold shares, which are written as percentages with one decimal.
    max_rows : int
        Rows beyond these are left out, and counted in a note.

    Raises
    ------
    CorpusError
        If the table has no such column.
    """
    shown = table.head(max_rows)
    cells = {}
    for name in heads:
        if name == "start:end" and {"start", "end"} <= set(table.columns):
            pairs = zip(shown["start"], shown["end"], strict=True)
            cells[name] = [_NOTHING if pd.isna(start) else f"{start}:{end}" for start, end in pairs]
        elif name in table.columns:
            decimals = _decimals([value for value in shown[name] if isinstance(value, float) and isfinite(value)])
            written = [_written(value, name, decimals=decimals, is_share=name in shares) for value in shown[name]]
            cells[name] = _in_words(written, name) if current_look().labels == "zh" else written
        else:
            raise CorpusError(f"the table has no column {name!r}; it has {', '.join(map(str, table.columns))}")
    n_left_out = len(table) - len(shown)
    note = both(f"… and {n_left_out:,} more rows", f"……另有 {n_left_out:,} 行") if n_left_out else ""
    if table.empty:
        note = both("no rows", "无内容")
    return ShownTable(
        heads=tuple(heads.values()),
        rows=tuple(zip(*cells.values(), strict=True)),
        to_right=tuple(_ends_at_right(name, cells[name], table, heads) for name in heads),
        note=note,
    )


def _in_words(cells: list[str], name: str) -> list[str]:
    """Return the cells of a column of codes in Chinese, as far as they are known, and those of another as they are."""
    # English words among the words of a report are no codes.
    if not all(cell.isascii() for cell in cells if cell != _NOTHING):
        return cells
    return [_codes().get((name, cell)) or _codes().get(("", cell), cell) for cell in cells]


@cache
def _codes() -> dict[tuple[str, str], str]:
    """Return the words for each code, by column and code; without a column, those for a code in any other."""
    of_check = read_rows(data_path("messages", "check_codes.csv"))
    codes = {("code", row["code"]): row["remedy_zh"] for row in of_check}
    return codes | {
        (row["column"], row["code"]): row["code_zh"] for row in read_rows(data_path("messages", "codes.csv"))
    }


def _ends_at_right(name: str, cells: Sequence[str], table: pd.DataFrame, heads: Mapping[str, str]) -> bool:
    if name not in table.columns:
        return False
    if name == "before" and "hit" in heads:
        return True
    column = table[name]
    if pd.api.types.is_bool_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return False
    written = [cell for cell in cells if cell != _NOTHING]
    return pd.api.types.is_numeric_dtype(column) or (bool(written) and all(map(_NUMBER.fullmatch, written)))


def _decimals(values: Sequence[float]) -> int | None:
    """Return how many decimals the fractions of a column have; None where they lie too far apart for one number."""
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    largest, smallest = floor(log10(max(sizes))), floor(log10(min(sizes)))
    # What goes from 0 to 1 keeps its digits where the largest is 1 itself.
    wanted = max(2 - largest + (max(sizes) == 1), 1 - smallest, 0)
    if largest >= 1 and wanted > 2:
        return None
    return min(wanted, _MOST_DECIMALS)


def _written(value: object, name: str, *, decimals: int | None, is_share: bool) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return _NOTHING
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return (f"{value:.1%}" if is_share else _fraction(value, decimals)).replace("-", "−")
    if isinstance(value, int):
        return str(value) if name.startswith("year") else f"{value:,}".replace("-", "−")
    words = str(value).strip().replace("\n", "⏎")
    return words if len(words) <= _MOST_CHARS else f"{words[: _MOST_CHARS - 1]}…"


def _fraction(value: float, decimals: int | None) -> str:
    if decimals is None:
        return f"{value:,.3g}"
    least = 10.0**-decimals
    if value and abs(value) < least / 2:
        return f"<{least:.{decimals}f}" if value > 0 else f">−{least:.{decimals}f}"
    return f"{value:,.{decimals}f}"
