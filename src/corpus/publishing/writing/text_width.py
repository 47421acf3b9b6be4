"""How wide words are on a screen, where a Chinese character takes two columns, and what a screen would obey."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Sequence

_NARROWEST = 60


def table_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows as lines whose cells stand below each other; columns that are empty in all rows are left out."""
    cells = [list(row) for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        shown = [pad(cell, width) for cell, width in zip(row, widths, strict=True) if width]
        lines.append("  ".join(shown).rstrip())
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    return sum(_columns(character) for character in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with spaces to a width in columns; with ``right`` from the left, so that it ends there."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def cut(text: str, width: int, *, keep: str) -> str:
    """Return the ``start`` or the ``end`` of a text, as much of it as has room in a width in columns."""
    taken = []
    for character in text if keep == "start" else reversed(text):
        width -= _columns(character)
        if width < 0:
            break
        taken.append(character)
    return "".join(taken if keep == "start" else reversed(taken))


def fit(text: str, width: int) -> str:
    """Return a text, or its beginning and its end around … where it is wider than a width in columns."""
    if columns(text) <= width:
        return text
    return f"{cut(text, width // 2, keep='start')}…{cut(text, width - 1 - width // 2, keep='end')}"


def wrap(opening: str, words: str) -> list[str]:
    """Return words behind an opening, broken at spaces where the screen ends, the later lines indented by it."""
    lines, line, width = [], opening, columns(opening)
    for word in words.split():
        if columns(line) + columns(word) > screen_columns() and columns(line) > width:
            lines.append(line.rstrip())
            line = " " * width
        line += f"{word} "
    return [*lines, line.rstrip()]


def fold(opening: str, words: str) -> list[str]:
    """Return words behind an opening, broken anywhere, as Chinese is, where the screen ends."""
    lines, room = [], screen_columns() - columns(opening)
    while words:
        line = cut(words, room, keep="start")
        lines.append(f"{opening}{line}")
        words = words[len(line) :].lstrip()
    return lines


def count(number: int, noun: str) -> str:
    """Return a number with what is counted, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    """Return a text in which the characters that a screen obeys, or cannot show, are written as escapes."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if unicodedata.category(character)[0] == "C" else character
        for character in text
    )


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def screen_columns() -> int:
    """Return how many columns the screen has: 100 where nobody knows, never fewer than 60."""
    return max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns)
