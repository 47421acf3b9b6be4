"""The project's data: where they lie, in a checkout and in a wheel, and how each table is read."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
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


@lru_cache(maxsize=1)
def radical_table() -> dict[str, str]:
    """Return the radicals that look like ideographs, with the ideograph (Unicode's Equivalent_Unified_Ideograph)."""
    return {row["radical"]: row["ideograph"] for row in read_rows(data_path("lexicons", "radicals.csv"))}


@lru_cache(maxsize=1)
def simplified_table() -> dict[str, str]:
    """Return the simplified character of each traditional one, where it is one for one."""
    return {row["traditional"]: row["simplified"] for row in read_rows(data_path("lexicons", "traditional.csv"))}


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def load_chronology() -> tuple[Mapping[str, str], ...]:
    """Return the chronology of the field, one row a term, by the day from which it is there.

    Returns
    -------
    tuple of mapping
        Each row as it stands in ``data/lexicons/chronology.csv``, read-only, by column: term; kind; from, until: ISO
        days, months or years, empty where not known or without end; act; checked: ``search`` or ``memory``;
        source_url; forms: the forms in which it stands in texts, separated by ``|``, empty where it has none;
        successor; note.
        What each column can prove and what not is said in ``data/lexicons/README.md``.

    Raises
    ------
    CorpusError
        If the table is not there.

    Examples
    --------
    >>> row = next(row for row in load_chronology() if row["term"] == "习近平法治思想")
    >>> row["from"], row["checked"]
    ('2020-11-16', 'search')
    """
    return tuple(MappingProxyType(row) for row in read_rows(data_path("lexicons", "chronology.csv")))


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


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return what data/lexicons and data/places know of words, units, names, script, dated terms and divisions."""
    terms = list(read_rows(data_path("lexicons", "field_terms.csv")))
    dated = load_chronology()
    cues = list(read_rows(data_path("lexicons", "cues.csv")))
    kinds = {str(kind): kind for kind in FACT_KINDS}
    return Lexicon(
        words=tuple(row["term"] for row in terms),
        stop_words=tuple(row["term"] for row in read_rows(data_path("lexicons", "stop_words.csv"))),
        units=tuple(
            CountingUnit(row["unit"], kinds[row["kind"]], row["not_before"])
            for row in read_rows(data_path("lexicons", "counting_units.csv"))
        ),
        set_numbers=tuple(row["term"] for row in read_rows(data_path("lexicons", "set_numbers.csv"))),
        acts=tuple(
            dict.fromkeys(
                [
                    *(row["term"] for row in terms if row["kind"] in _ACTS),
                    *(form for row in dated if row["kind"] in _ACTS for form in row["forms"].split("|") if form),
                ]
            )
        ),
        kinds=MappingProxyType(
            {form: row["kind"] for row in dated for form in row["forms"].split("|") if form}
            | {row["term"]: row["kind"] for row in terms}
        ),
        surnames=tuple(row["surname"] for row in read_rows(data_path("lexicons", "surnames.csv"))),
        exhortations=tuple(row["term"] for row in cues if row["kind"] == "exhortation"),
        accomplishments=tuple(row["term"] for row in cues if row["kind"] == "accomplishment"),
        simplified=MappingProxyType(simplified_table()),
        chronology=dated,
        divisions=load_divisions(data_path("places", "divisions.csv")),
        renamed_organs=tuple(map(MappingProxyType, read_rows(data_path("lexicons", "renamed_organs.csv")))),
    )


@cache
def simulated_words(kind: str) -> tuple[str, ...]:
    """Return the words or patterns of a kind that simulated reports are made of: ``noun``, ``law``, ``title`` …"""
    return tuple(row["words"] for row in read_rows(data_path("simulation", "prose.csv")) if row["class"] == kind)


def load_measurements(name: str) -> list[dict[str, str]]:
    """Return the newest measurement of this name in data/validation, a row a line of its table.

    Times and memory depend on the machine and are never measured again in a notebook; each row tells the date, the
    machine and the versions. ``tests/bench`` makes the tables.

    Parameters
    ----------
    name : str
        ``reuse``: cost and quality of `corpus.find_reuse` beside other libraries, on simulated panels.

    Raises
    ------
    CorpusError
        If nothing of this name was measured.
    """
    tables = sorted(data_path("validation").glob(f"{name}-????-??-??.csv"))
    if not tables:
        raise CorpusError(f"data/validation: no measurement is called {name!r}")
    return list(read_rows(tables[-1]))
