"""What the library knows of the field's words, and how a term is written for matching.

The same folding makes the ``key`` of a report and what is looked for in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from corpus.field.divisions import Divisions

FactKind = Literal[
    "amount", "count", "share", "measure", "time", "document", "project", "place", "organisation", "person", "date",
    "honour",
]  # fmt: skip
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
"""What a particular fact in a sentence can be; see `corpus.find_particulars`."""


class CountingUnit(NamedTuple):
    """A unit that numbers stand before (项, 万元, 平方米), unless one of the characters ``not_before`` follows it."""

    unit: str
    kind: FactKind
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the field knows of its words; the loader fills it, the analyses take it from ``reports.lexicon``.

    Attributes
    ----------
    words : tuple of str
        Terms of the field that the segmentation of words must keep whole.
    stop_words : tuple of str
        Words without content that word clouds and keyness leave out.
    units : tuple of CountingUnit
        What numbers count or measure.
    set_numbers : tuple of str
        Names with numbers in them that count nothing (三重一大, 五位一体, 12.4).
    acts : tuple of str
        Laws, regulations, plans and meetings that are known, by the forms in which texts name them.
    kinds : mapping of str to str
        What each term that is known is: law, regulation, plan, organ, meeting, slogan, campaign, practice, genre …
    surnames : tuple of str
    exhortations : tuple of str
        Words with which the genre urges and praises (加强, 深入, 进一步).
    accomplishments : tuple of str
        Words that say that something was done (已, 完成, 召开).
    simplified : mapping of str to str
        The simplified character of each traditional one, where it is one for one.
    chronology : tuple of mapping
        Dated laws, plans, slogans, campaigns and organs, a row a term as in ``data/lexicons/chronology.csv``.
    divisions : Divisions
        The table of administrative divisions.
    renamed_organs : tuple of mapping
        Names of offices before and after a reform, as in ``data/lexicons/renamed_organs.csv``.
    """

    words: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()
    units: tuple[CountingUnit, ...] = ()
    set_numbers: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    exhortations: tuple[str, ...] = ()
    accomplishments: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    simplified: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    chronology: tuple[Mapping[str, str], ...] = field(default=(), repr=False, hash=False)
    divisions: Divisions = field(default_factory=lambda: Divisions(()), repr=False, hash=False)
    renamed_organs: tuple[Mapping[str, str], ...] = field(default=(), repr=False, hash=False)


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
