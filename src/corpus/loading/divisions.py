"""Reading the table of administrative divisions of data/places."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import cast

from corpus.divisions import Division, Divisions, Level
from corpus.values import CorpusError

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
