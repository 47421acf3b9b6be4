"""A table as HTML that looks the same wherever it is shown: a rule below the head, hairlines between rows, no ground.

The look stands in inline styles, which a notebook that is not trusted keeps; a host that drops them still shows a
table, with numbers at the right by an attribute that such hosts keep. Colours are the page's own but for rules in
half-transparent grey, so that it is readable on light and dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

QUIET = "opacity:0.72"
"""Words of less weight. No grey has a contrast of 4.5 on white and on the black of JupyterLab's dark theme, so these
are the page's own ink, thinned."""

_CELL = "text-align:left;vertical-align:baseline;padding:3px 16px 3px 0;border:none"
_HEAD = "white-space:normal;font-weight:bold;vertical-align:bottom;border-bottom:1px solid #808080"
_ROW = "background-color:transparent;border-bottom:1px solid #80808033"
_MARKUP = re.compile(r"<[^<>]*>|&#?\w+;")
_CHINESE, _LATIN = re.compile(r"[㐀-鿿]"), re.compile(r"[A-Za-z]")


def ruled_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    styles: Mapping[int, str] | None = None,
    label: str = "",
    names_rows: bool = True,
) -> str:
    """Return a table of cells that are HTML already, in a box of its own that scrolls where the page is too narrow.

    Parameters
    ----------
    heads : sequence of str
        What stands above the columns; where all are empty there is no head.
    rows : iterable of sequence of str
    styles : mapping of int to str, optional
        Inline styles of columns, counted from 0.
    label : str
        What the table is, for those who do not see where it stands.
    names_rows : bool
        Whether the first cell of a row says what the row is about.
    """
    looks = [f"{_CELL};{(styles or {}).get(number, '')}".rstrip(";") for number in range(len(heads))]
    head = "".join(_head(name, look) for name, look in zip(heads, looks, strict=True)) if any(heads) else ""
    body = "".join(f'<tr style="{_ROW}">{"".join(_cells(row, looks, names_rows))}</tr>' for row in rows)
    named = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<div style="overflow-x:auto"><table{named} style="border-collapse:collapse;margin:4px 0;font-size:93%">'
        + (f'<thead><tr style="background-color:transparent">{head}</tr></thead>' if head else "")
        + f"<tbody>{body}</tbody></table></div>"
    )


def tongue(html: str) -> str:
    """Return the attribute that says that words are Chinese; empty where Latin letters stand among them or alone."""
    words = _MARKUP.sub("", html)
    return ' lang="zh-Hans"' if _CHINESE.search(words) and not _LATIN.search(words) else ""


def _head(name: str, look: str) -> str:
    if not name.strip():  # an empty cell heads nothing
        return f'<td style="{look};{_HEAD}"></td>'
    return f'<th scope="col"{tongue(name)} style="{look};{_HEAD}">{name}</th>'


def _cells(row: Sequence[str], looks: Sequence[str], names_rows: bool) -> Iterable[str]:
    for number, (cell, look) in enumerate(zip(row, looks, strict=True)):
        side = ' align="right"' if "text-align:right" in look else ""
        if number == 0 and names_rows:
            yield f'<th scope="row"{tongue(cell)} style="{look};font-weight:normal">{cell}</th>'
        else:
            yield f'<td{side}{tongue(cell)} style="{look}">{cell}</td>'
