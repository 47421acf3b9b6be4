"""The project's data: where they lie, in a checkout and in a wheel, and how each table is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import cast

from corpus.errors import CorpusError
from corpus.field.divisions import Division, Divisions, Level
from corpus.field.lexicon import FACT_KINDS, CountingUnit, Lexicon

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
def radical_table() -> dict[str, str]:
    """Return the radicals that look like ideographs, with the ideograph (Unicode's Equivalent_Unified_Ideograph)."""
    return {row["radical"]: row["ideograph"] for row in lexicon_rows("radicals")}


@cache
def simplified_table() -> dict[str, str]:
    """Return the simplified character of each traditional one, where it is one for one."""
    return {row["traditional"]: row["simplified"] for row in lexicon_rows("traditional")}


@cache
def traditional_pattern() -> re.Pattern[str]:
    """Return a pattern for any one of the common characters that `simplified_table` turns into others.

    With those beyond the basic plane the pattern would be a hundred times slower.
    """
    return re.compile(f"[{''.join(character for character in simplified_table() if character < chr(0x10000))}]")


_COLUMNS = (
    "code",
    "name",
    "level",
    "parent_code",
    "valid_from",
    "valid_until",
    "successor_code",
    "short_name",
    "stem",
    "note",
    "source",
)


@cache
def load_divisions(path: Path) -> Divisions:
    """Read the table; a second call with the same path gives the same object.

    Raises
    ------
    CorpusError
        If a line does not have the columns of the table.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        if tuple(next(lines, ())) != _COLUMNS:
            raise CorpusError(f"{path}: the columns must be {', '.join(_COLUMNS)}")
        try:
            return Divisions([_division(line) for line in lines])
        except ValueError as error:
            raise CorpusError(f"{path}, line {lines.line_num}: {error}; install the project again") from error


def _division(line: list[str]) -> Division:
    code, name, level, parent_code, valid_from, valid_until, successors, short_names, stem, _note, _source = line
    return Division(
        code,
        name,
        cast(Level, level),
        parent_code,
        int(valid_from) if valid_from else None,
        int(valid_until) if valid_until else None,
        tuple(successors.split()),
        tuple(short_names.split()),
        stem,
    )


Chronology = str | PathLike[str] | Sequence[Mapping[str, str]]
"""A file with dated terms, or its rows."""


def read_chronology(chronology: Chronology) -> Sequence[Mapping[str, str]]:
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
        divisions=load_divisions(data_path("places", "divisions.csv")),
        renamed_organs=lexicon_rows("renamed_organs"),
    )
