"""How wide words are on a screen, where a Chinese character takes two columns, and what a screen would obey."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

_NARROWEST = 60
_NARROWEST_APART = 12


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


def fit_apart(texts: Sequence[str], width: int) -> list[str]:
    """Return texts as `fit` does, those that would look the same cut where they agree, so that they still differ."""
    shown = {text: fit(text, width) for text in texts}
    for group in _alike(shown):
        shown.update(_told_apart(group, width))
    for number, text in enumerate([text for group in _alike(shown) for text in group], 1):
        mark = f"#{number}"
        shown[text] = fit(text, max(width - len(mark), 1)) + mark
    return [shown[text] for text in texts]


def _alike(shown: Mapping[str, str]) -> list[list[str]]:
    """Return the groups of texts that look the same."""
    groups: dict[str, list[str]] = {}
    for text, short in shown.items():
        groups.setdefault(short, []).append(text)
    return [group for group in groups.values() if len(group) > 1]


def _told_apart(texts: Sequence[str], width: int) -> dict[str, str]:
    """Return for each of some texts its own part, with as much of what all begin and end with as has room."""
    before = _common_start(texts)
    after = _common_start([text[len(before) :][::-1] for text in texts])[::-1]
    middles = [text[len(before) : len(text) - len(after)] for text in texts]
    if (not before and not after) or width < _NARROWEST_APART:
        return {text: fit(text, width) for text in texts}
    room = width - 2 - max(map(columns, middles))
    if room < 0:
        cut_off = fit_apart(middles, width - 2)
        return {text: f"…{middle}…" for text, middle in zip(texts, cut_off, strict=True)}
    opening = _shown_end(before, room // 2)
    closing = _shown_end(after, room - columns(opening) + 1)
    return {text: f"{opening}{middle}{closing}" for text, middle in zip(texts, middles, strict=True)}


def _common_start(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    length = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[: min(length, len(last))]


def _shown_end(text: str, width: int) -> str:
    return text if columns(text) <= width else f"…{cut(text, width, keep='end')}"


def wrap(opening: str, words: str, *, indent: int | None = None) -> list[str]:
    """Return words behind an opening, broken at spaces where the screen ends.

    Later lines begin below the first word, or at ``indent`` columns where that is given.
    """
    lines: list[str] = []
    line, width = opening, columns(opening)
    later = width if indent is None else indent
    for word in words.split():
        if columns(line) + columns(word) > screen_columns() and columns(line) > (width if not lines else later):
            lines.append(line.rstrip())
            line = " " * later
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
