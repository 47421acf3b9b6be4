"""How a term is written for matching: the same folding for the ``key`` of a report and for what is looked for in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

# Brackets, quotes, spaces and characters without width never count; dashes, commas, stops and line ends do.
_SILENT = frozenset({"Ps", "Pe", "Pi", "Pf", "Zs", "Cf"})
_STRAIGHT_QUOTES = "\"'＂＇\t"
_WIDE_SPACES = "\u3000\xa0"


def fold_character(character: str, simplified: Mapping[str, str]) -> str:
    """Return a character folded, one for one: width narrowed, traditional characters simplified.

    Letters, digits and Han characters are folded as they stand in ``key``; signs and spaces, which do not stand there,
    are narrowed too, so that printed texts can be held against each other. Case is kept, and so are ① and ㎡.

    Parameters
    ----------
    character : str
    simplified : mapping of str to str
        As in ``reports.lexicon.simplified``: the simplified character of each traditional one.
    """
    if character in _WIDE_SPACES:
        return " "
    if "\uff01" <= character <= "\uff5e" or "\uf900" <= character <= "\ufaff" or character >= "\U0002f800":
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
