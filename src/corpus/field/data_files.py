"""The project's data: where they lie, in a checkout and in a wheel, and how each table is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import cast

from corpus.errors import CorpusError
from corpus.field.divisions import Division, Divisions, Level
from corpus.field.lexicon import FACT_KINDS, CountingUnit, Lexicon

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
        yield from csv.DictReader(stream)


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
