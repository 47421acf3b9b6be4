"""What is said on a screen: in English or Chinese, how wide it is there, and what a screen would obey."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

LANGUAGES = ("en", "zh")
_ASKED_BY = ("LC_ALL", "LC_MESSAGES", "LANG")

_spoken = "en"


def speak(language: str | None) -> None:
    """Have what is said from now on be in a language; in that of the reader's locale if none is named."""
    global _spoken
    _spoken = language or _language_of_the_locale()


def speaks_chinese() -> bool:
    """Tell whether Chinese is spoken."""
    return _spoken == "zh"


def say(phrase: str, **values: object) -> str:
    """Return a phrase in the language that is spoken, with these values at the places in braces.

    ``data/messages/phrases.csv`` has the Chinese of each.

    Examples
    --------
    >>> say("left out: {n}", n=2)
    'left out: 2'
    """
    spoken = _chinese().get(phrase, phrase) if speaks_chinese() else phrase
    return spoken.format(**values) if values else spoken


@cache
def _chinese() -> dict[str, str]:
    from corpus.field.data_files import data_path, read_rows

    return {row["phrase"]: row["phrase_zh"] for row in read_rows(data_path("messages", "phrases.csv"))}


def _language_of_the_locale() -> str:
    named = next(filter(None, map(os.environ.get, _ASKED_BY)), None)
    if named is None and os.name == "nt":
        import locale

        named = locale.getlocale()[0]
    return "zh" if (named or "").lower().startswith(("zh", "chinese")) else "en"


_NARROWEST = 60
_WIDE = "\u2e80-\ua4cf\uf900-\ufaff\uff01-\uff60"
_WORD = rf"[{_WIDE}][，。；：！？、）》”」]*\s*|[^\s{_WIDE}]+\s*"


def table_lines(rows: Iterable[Sequence[str]], *, right: bool = False) -> list[str]:
    """Return rows as lines whose cells stand below each other; columns that are empty in all rows are left out.

    With ``right`` cells end below each other, but for those of the first column.
    """
    cells = [list(row) for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        numbered = enumerate(zip(row, widths, strict=True))
        shown = [pad(cell, width, right=right and at > 0) for at, (cell, width) in numbered if width]
        lines.append("  ".join(shown).rstrip())
    return lines


def block(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table with a title and an empty line before it; none where there are no rows."""
    return ["", say(title), *(f"  {line}" for line in table_lines(rows))] if rows else []


def one_line(text: str) -> str:
    """Return a text on one line, printable, each space of it one."""
    return printable(" ".join(text.split()))


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    return len(text) if text.isascii() else sum(map(_columns, text))


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


def shorten(text: str, width: int, *, keep: str = "start") -> str:
    """Return a text, or as much of its ``start`` or ``end`` as has room, with … where the rest was cut off."""
    if columns(text) <= width:
        return text
    kept = cut(text, max(width - 1, 0), keep=keep)
    return f"{kept}…" if keep == "start" else f"…{kept}"


def fit(text: str, width: int) -> str:
    """Return a text, or its beginning and its end around … where it is wider than a width in columns."""
    if columns(text) <= width:
        return text
    return f"{cut(text, width // 2, keep='start')}…{cut(text, width - 1 - width // 2, keep='end')}"


def fit_apart(texts: Sequence[str], width: int) -> list[str]:
    """Return texts as `fit` does; of those that would look the same the ends, else a number, so that they differ."""
    shown = {text: fit(text, width) for text in texts}
    n_alike = Counter(shown.values())
    alike = [text for text, short in shown.items() if n_alike[short] > 1]
    ends = {text: shorten(text, width, keep="end") for text in alike}
    n_alike = Counter([*ends.values(), *(short for text, short in shown.items() if text not in ends)])
    for number, text in enumerate(alike, 1):
        mark = f"#{number}"
        shown[text] = ends[text] if n_alike[ends[text]] == 1 else fit(text, max(width - len(mark), 1)) + mark
    return [shown[text] for text in texts]


def wrap(opening: str, words: str, *, indent: int | None = None) -> list[str]:
    """Return words behind an opening, broken where the screen ends: at spaces, and anywhere in Chinese.

    Later lines begin below the first word, or at ``indent`` columns where that is given.
    """
    lines: list[str] = []
    line, width = opening, columns(opening)
    later = width if indent is None else indent
    for word in re.findall(_WORD, " ".join(words.split())):
        room = columns(line) + columns(word.rstrip())
        if room > screen_columns() and columns(line) > (width if not lines else later):
            lines.append(line.rstrip())
            line = " " * later
        line += word
    return [*lines, line.rstrip()]


def count(number: int, noun: str) -> str:
    """Return a number with what is counted, in the plural where it is not one."""
    if speaks_chinese():
        return f"{number:,} {say(noun)}"
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    """Return a text in which the characters that a screen obeys, or cannot show, are written as escapes."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if unicodedata.category(character)[0] == "C" else character
        for character in text
    )


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def screen_columns() -> int:
    """Return how many columns the screen has: 100 where nobody knows, never fewer than 60."""
    return max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns)
