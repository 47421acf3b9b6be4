"""A table as a reader of a notebook sees it: words to the left, numbers to the right, long quotations cut.

The styles stand in the cells, so that the table looks the same in a notebook that is not trusted; colours are the
page's own, so that it is readable in the light and in the dark theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from corpus.values import CorpusError
from corpus.view import as_html

_CELL = "padding:3px 14px 3px 0;border:none;vertical-align:top"
_HEAD = f"{_CELL};border-bottom:1px solid #999999;font-weight:bold;vertical-align:bottom"
_LEFT, _RIGHT = "text-align:left", "text-align:right"
_ONE_LINE, _WRAPPED = "white-space:pre", "white-space:pre-wrap"
_SHORT = 24  # words that are kept on one line
_NOTHING = "–"


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
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    to_right: tuple[bool, ...]
    note: str = ""

    def __repr__(self) -> str:
        lines = [" | ".join(cells) for cells in (self.heads, *self.rows)]
        return "\n".join([*lines, self.note] if self.note else lines)

    def _repr_html_(self) -> str:
        sides = [_RIGHT if to_right else _LEFT for to_right in self.to_right]
        columns = list(zip(*self.rows, strict=True)) or [()] * len(self.heads)
        wraps = [_ONE_LINE if all(len(cell) <= _SHORT for cell in column) else _WRAPPED for column in columns]
        head = _cells("th", self.heads, [f"{_HEAD};{side}" for side in sides])
        looks = [f"{_CELL};{side};{wrap}" for side, wrap in zip(sides, wraps, strict=True)]
        body = "".join(_cells("td", row, looks) for row in self.rows)
        note = f'<p style="margin:2px 0;color:#808080">{as_html(self.note)}</p>' if self.note else ""
        table = '<table style="border-collapse:collapse;margin:0">'
        return f"{table}<thead>{head}</thead><tbody>{body}</tbody></table>{note}"


def _cells(tag: str, cells: Sequence[str], looks: Sequence[str]) -> str:
    pairs = zip(cells, looks, strict=True)
    return "<tr>" + "".join(f'<{tag} style="{look}">{as_html(cell)}</{tag}>' for cell, look in pairs) + "</tr>"


def show_table(
    table: pd.DataFrame, columns: Mapping[str, str] | None = None, *, max_rows: int = 30, max_chars: int = 90
) -> ShownTable:
    """Return a table in the form that a notebook shows.

    Parameters
    ----------
    table : DataFrame
        Columns called ``share_…`` are written as percentages, other fractions with three significant digits; what is
        missing as –. A line feed in a quotation is shown as ⏎; white space around it is not shown.
    columns : mapping of str to str, optional
        The columns to show, in this order, and what stands above each; all columns under their own names if not
        given. ``start:end`` shows the two columns of a span as one.
    max_rows : int
        Rows beyond these are left out, and counted in a note.
    max_chars : int
        Longer words are cut, and end in ….

    Raises
    ------
    CorpusError
        If the table has no such column.
    """
    heads = columns if columns is not None else {str(name): str(name) for name in table.columns}
    shown = table.head(max_rows)
    cells = {}
    for name in heads:
        if name == "start:end" and {"start", "end"} <= set(table.columns):
            pairs = zip(shown["start"], shown["end"], strict=True)
            cells[name] = [_NOTHING if pd.isna(start) else f"{start}:{end}" for start, end in pairs]
        elif name in table.columns:
            cells[name] = [_written(value, name, max_chars) for value in shown[name]]
        else:
            raise CorpusError(f"the table has no column {name!r}; it has {', '.join(map(str, table.columns))}")
    n_left_out = len(table) - len(shown)
    note = f"… and {n_left_out:,} more rows" if n_left_out else "" if len(table) else "no rows"
    return ShownTable(
        heads=tuple(heads.values()),
        rows=tuple(zip(*cells.values(), strict=True)),
        to_right=tuple(name in table.columns and _ends_at_right(table[name], name, heads) for name in heads),
        note=note,
    )


def _ends_at_right(column: pd.Series, name: str, heads: Mapping[str, str]) -> bool:
    if name == "before" and "hit" in heads:
        return True
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _written(value: object, name: str, max_chars: int) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return _NOTHING
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.1%}" if name.startswith("share_") else f"{value:,.3g}"
    if isinstance(value, int):
        return str(value) if name.startswith("year") else f"{value:,}"
    words = str(value).strip().replace("\n", "⏎")
    return words if len(words) <= max_chars else f"{words[: max_chars - 1]}…"
