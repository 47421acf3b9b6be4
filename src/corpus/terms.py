"""How a term is written for matching: the same folding for the ``key`` of a report and for what is looked for in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Brackets, quotes, spaces and characters without width never count; dashes, commas, stops and line ends do.
_SILENT = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Cf"})
_STRAIGHT_QUOTES = "\"'＂＇\t"


def fold_character(character: str, simplified: Mapping[str, str]) -> str:
    """Return a character as it stands in ``key``: one for one, width narrowed, traditional characters simplified.

    Case is kept, and so is what NFKC would write as several characters (①, ㎡).

    Parameters
    ----------
    character : str
    simplified : mapping of str to str
        As in ``reports.lexicon.simplified``: the simplified character of each traditional one.
    """
    if "\uff10" <= character <= "\uff5a" or "\uf900" <= character <= "\ufaff" or character >= "\U0002f800":
        narrow = unicodedata.normalize("NFKC", character)
        character = narrow if len(narrow) == 1 else character
    return simplified.get(character, character)


def key_of(words: str, simplified: Mapping[str, str]) -> str:
    """Return words as they would stand in ``key``: letters, digits and Han characters alone, folded."""
    return "".join(fold_character(character, simplified) for character in words if character.isalnum())


def key_with_breaks(words: str, simplified: Mapping[str, str]) -> tuple[str, frozenset[int]]:
    """Return words as in ``key``, and after how many of its characters punctuation stands that separates.

    Brackets, quotes and spaces do not separate; other punctuation and line ends do.
    """
    kept: list[str] = []
    breaks = set()
    for character in words:
        if character.isalnum():
            kept.append(fold_character(character, simplified))
        elif unicodedata.category(character) not in _SILENT and character not in _STRAIGHT_QUOTES:
            breaks.add(len(kept))
    return "".join(kept), frozenset(breaks)
