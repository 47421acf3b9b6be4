"""The project's data, what the library knows of the field's words by them, and how a term is written for matching.

Where the data lie, in a checkout and in a wheel, and how each table is read. The same folding makes the ``key`` of a
report and what is looked for in it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import zip_longest
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, cast, get_args

from corpus.errors import CorpusError
from corpus.field.divisions import Division, Divisions, Level

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


NOTEBOOK = "CORPUS_NOTEBOOK"
"""The environment variable by which a run of the series tells a notebook its name."""

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def is_checkout() -> bool:
    """Tell whether the library runs from a checkout of the project rather than from a wheel."""
    return not (_PACKAGE / "data").is_dir()


def data_path(*parts: str) -> Path:
    """Return the path of a file or folder of the project's data.

    Raises
    ------
    CorpusError
        If it is not there.
    """
    return _present((_CHECKOUT if is_checkout() else _PACKAGE) / "data", *parts)


def notebooks_path(*parts: str) -> Path:
    """Return the path of the committed notebooks, or of a file among them.

    Raises
    ------
    CorpusError
        If it is not there.
    """
    return _present((_CHECKOUT if is_checkout() else _PACKAGE) / "notebooks", *parts)


def _present(root: Path, *parts: str) -> Path:
    path = root.joinpath(*parts)
    if not path.exists():
        raise CorpusError(f"{path}: a file of the project is missing; install fazhi-workbook again")
    return path


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file as dictionaries; a byte order mark, as Excel writes it, is no part of them."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        names = next(rows, [])
        yield from (dict(zip_longest(names, row)) for row in rows if row)


@cache
def lexicon_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a table of data/lexicons, read-only; its README says what each column holds."""
    return tuple(map(MappingProxyType, read_rows(data_path("lexicons", f"{name}.csv"))))


@cache
def page_labels(fact: str | None = None) -> tuple[str, ...]:
    """Return the labels that pages of governments print before what they say of themselves; of one fact, by trust."""
    return tuple(row["label"] for row in lexicon_rows("page_labels") if fact is None or row["fact"] == fact)


@cache
def radical_table() -> dict[str, str]:
    """Return the radicals that look like ideographs, with the ideograph (Unicode's Equivalent_Unified_Ideograph)."""
    return {row["radical"]: row["ideograph"] for row in lexicon_rows("radicals")}


@cache
def simplified_table() -> dict[str, str]:
    """Return the simplified character of each traditional one, where it is one for one."""
    return {row["traditional"]: row["simplified"] for row in lexicon_rows("traditional")}


@cache
def load_divisions() -> Divisions:
    """Return the table of administrative divisions; a second call gives the same object."""
    longer = {row["name"]: row["after"] for row in read_rows(data_path("places", "longer_words.csv"))}
    return Divisions(map(_division, read_rows(data_path("places", "divisions.csv"))), longer)


def _division(row: Mapping[str, str]) -> Division:
    return Division(
        row["code"],
        row["name"],
        cast(Level, row["level"]),
        row["parent_code"],
        int(row["valid_from"]) if row["valid_from"] else None,
        int(row["valid_until"]) if row["valid_until"] else None,
        tuple(row["successor_code"].split()),
        tuple(row["short_name"].split()),
        row["stem"],
    )


Chronology = str | PathLike[str] | Sequence[Mapping[str, str]]
"""A file with dated terms, or its rows."""


def read_chronology(chronology: Chronology | Sequence[str]) -> Sequence[Mapping[str, str] | str]:
    """Return the rows of a chronology of one's own.

    Raises
    ------
    CorpusError
        If the file is not there, or is no CSV file in UTF-8.
    """
    if not isinstance(chronology, str | PathLike):
        return chronology
    try:
        return list(read_rows(Path(chronology)))
    except OSError as error:
        raise CorpusError(f"{chronology}: {error.strerror}; give the path of a CSV file of dated terms") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"{chronology}: {error}; save it as CSV in UTF-8") from error


Words = str | PathLike[str] | Iterable[str]
"""A file with words, or words; a single word is given in a list."""


def read_words(words: Words) -> tuple[str, ...]:
    """Return the words of a list of one's own: one a line, or the column ``term`` of a table.

    Of a table with the column ``accept`` the rows count where it is filled, if any is. What stands behind a space on a
    line without a table (the frequencies of a dictionary of jieba) is left out.

    Raises
    ------
    CorpusError
        If the file is not there, is not UTF-8, or has no words.
    """
    if not isinstance(words, str | PathLike):
        return tuple(dict.fromkeys(words))
    try:
        lines = Path(words).read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise CorpusError(f"{words}: {error.strerror}; give the path of a file with one word a line") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{words}: {error}; save it as UTF-8") from error
    if "term" in next(csv.reader(lines[:1]), []):
        rows = list(csv.DictReader(lines))
        accepted = [row for row in rows if (row.get("accept") or "").strip()]
        found = [row["term"].strip() for row in accepted or rows]
    else:
        found = [line.split()[0] for line in lines if line.strip()]
    if not found:
        raise CorpusError(f"{words}: there are no words; write one a line")
    return tuple(dict.fromkeys(found))


_ACTS = frozenset({"law", "regulation", "plan"})


@cache
def load_lexicon() -> Lexicon:
    """Return what data/lexicons and data/places know of words, units, names, script, dated terms and divisions."""
    terms, dated, cues = map(lexicon_rows, ("field_terms", "chronology", "cues"))
    kinds = {str(kind): kind for kind in FACT_KINDS}
    forms = [(form, row["kind"]) for row in dated for form in row["forms"].split("|") if form]
    named = [(row["term"], row["kind"]) for row in terms]
    return Lexicon(
        words=tuple(row["term"] for row in terms),
        stop_words=tuple(row["term"] for row in lexicon_rows("stop_words")),
        units=tuple(
            CountingUnit(row["unit"], kinds[row["kind"]], row["not_before"]) for row in lexicon_rows("counting_units")
        ),
        set_numbers=tuple(row["term"] for row in lexicon_rows("set_numbers")),
        acts=tuple(dict.fromkeys(name for name, kind in (*named, *forms) if kind in _ACTS)),
        kinds=MappingProxyType(dict(forms + named)),
        surnames=tuple(row["surname"] for row in lexicon_rows("surnames")),
        exhortations=tuple(row["term"] for row in cues if row["kind"] == "exhortation"),
        accomplishments=tuple(row["term"] for row in cues if row["kind"] == "accomplishment"),
        simplified=MappingProxyType(simplified_table()),
        chronology=dated,
        divisions=load_divisions(),
        renamed_organs=lexicon_rows("renamed_organs"),
    )


def rule_words(use: str) -> str:
    """Return a pattern for any one of the words of a use, of those that begin alike the longest first.

    The uses are told in ``data/lexicons/README.md``: words that rules on text go by.

    Examples
    --------
    >>> rule_words("conferring").split("|")[-1]
    '跻身'
    """
    words = (row["term"] for row in lexicon_rows("rule_words") if row["use"] == use)
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def simulated_words(kind: str) -> tuple[str, ...]:
    """Return the words or patterns of a kind that simulated reports are made of: ``noun``, ``law``, ``title`` …"""
    return tuple(row["words"] for row in read_rows(data_path("simulation", "prose.csv")) if row["class"] == kind)
