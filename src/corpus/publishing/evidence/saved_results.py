"""Figures and tables to cite, as their folders hold them: the names of cells, what stands there, the words behind.

``closest.longgang-2020/yiyuan-2022.longest_chars`` is a cell: table, row, column. A row is called by the values of the
table's key, joined by ``/``. ``closest.longest_chars.max`` (``min``, ``sum``, ``median``) is over the
values that a column has; ``closest.n`` is the number of rows.
"""

from __future__ import annotations

import ast
import csv
import json
import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.errors import CorpusError
from corpus.field.data_files import read_rows
from corpus.publishing.evidence.marks import QUOTED, LookUp, Value, write_value
from corpus.publishing.evidence.provenance import CAPTION, COLUMNS, DATA, PLACES, PROVENANCE, TABLES, Kind

if TYPE_CHECKING:
    from corpus.report.reports import Report

MM_PER_INCH = 25.4
_SEPARATOR = "/"
_OVER_ALL: Mapping[str, Callable[[list[int | float]], int | float]] = {
    "min": min,
    "max": max,
    "sum": lambda values: sum(values) if all(isinstance(value, int) for value in values) else math.fsum(values),
    "median": statistics.median,
}

Place = tuple[str, int, int]
"""A report_id with the start and the end of words in ``report.raw``, end exclusive."""


class Number(NamedTuple):
    """What a name of a table leads to.

    Attributes
    ----------
    value : int, float or str
    unit : str
    column : str
        Empty for the number of rows.
    rows : tuple of int
        The rows that it rests on, from 0.
    """

    value: Value
    unit: str
    column: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Saved:
    """A figure or a table to cite, as its folder holds it.

    Attributes
    ----------
    folder : Path
    told : dict
        What ``provenance.json`` says.
    rows : tuple of mapping
        Those of data.csv, each cell as it is written.
    columns : mapping of str to mapping
        Of a table a row of columns.csv for each column: name, dtype, unit, range, meaning, meaning_zh.
    """

    folder: Path
    told: dict[str, Any]
    rows: tuple[Mapping[str, str], ...]
    columns: Mapping[str, Mapping[str, str]]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def kind(self) -> Kind:
        return "table" if "table" in self.told else "figure"

    @property
    def notebook(self) -> str:
        """The notebook that makes it; empty where none does."""
        return str(self.told["notebook"])

    def read(self, file: str) -> str:
        """Return what a text file of the folder says."""
        return (self.folder / file).read_text(encoding="utf-8").strip()

    @property
    def first_sentence(self) -> str:
        """What the caption says first."""
        return self.read(CAPTION).split("\n\n")[0].split(". ")[0].rstrip(".") + "."

    @cached_property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a figure in print."""
        from PIL import Image

        with Image.open(self.folder / f"{self.name}.png") as picture:
            across, down = picture.info["dpi"]
            return picture.width / across * MM_PER_INCH, picture.height / down * MM_PER_INCH

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """What each row is called; empty where they have no names."""
        return name_rows(self.rows, self.told["key"], table=self.name)

    def number(self, rest: str) -> Number:
        """Return what stands behind a name, without the table's own: ``ROW.COLUMN``, ``COLUMN.max``, ``n``.

        Raises
        ------
        CorpusError
            If the table has no such row or column, or nothing stands there.
        """
        if rest == "n":
            return Number(len(self.rows), "rows", "", tuple(range(len(self.rows))))
        first, _, last = rest.rpartition(".")
        if last in self.columns and first in self.row_names:
            row = self.row_names.index(first)
            value = self._value(row, last)
            if value is None:
                raise CorpusError(f"table {self.name!r}: nothing stands in column {last!r} of row {first!r}")
            return Number(value, self.columns[last]["unit"], last, (row,))
        if last in _OVER_ALL and first in self.columns:
            return self._over_all(first, last)
        if last in self.columns or last in _OVER_ALL:
            known, kind = (self.row_names, "row") if last in self.columns else (tuple(self.columns), "column")
            raise CorpusError(f"table {self.name!r} has no {kind} {first!r}; {_near(first, known)}")
        raise CorpusError(f"table {self.name!r} has no column {last!r}; {_near(last, tuple(self.columns))}")

    def places(self, rows: Iterable[int]) -> list[Place]:
        """Return where the words stand that some rows rest on: the rows they were counted from, or their own spans."""
        path = self.folder / PLACES
        wanted = list(rows)
        if not path.is_file():
            return [place for row in wanted for place in places_of(self.rows[row])]
        chosen = {str(row + 1) for row in wanted}
        return [
            (row["report_id"], int(row["start"]), int(row["end"])) for row in read_rows(path) if row["row"] in chosen
        ]

    def _over_all(self, column: str, wanted: str) -> Number:
        values = {row: value for row in range(len(self.rows)) if (value := self._value(row, column)) is not None}
        numbers = [value for value in values.values() if isinstance(value, int | float)]
        if not numbers or len(numbers) < len(values):
            raise CorpusError(f"table {self.name!r}: column {column!r} has no {wanted}; it holds no numbers")
        value = _OVER_ALL[wanted](numbers)
        rows = tuple(row for row in values if values[row] == value) if wanted in ("min", "max") else tuple(values)
        return Number(value, self.columns[column]["unit"], column, rows)

    def _value(self, row: int, column: str) -> Value | None:
        written, dtype = self.rows[row][column], self.columns[column]["dtype"]
        if not written:
            return None
        if dtype.startswith("bool"):
            return {"True": "yes", "False": "no"}.get(written, written)
        if dtype == "object" or dtype.lower().startswith(("int", "uint", "float")):
            for kind in (int, float):
                try:
                    return kind(written)
                except ValueError:
                    continue
        return written


def name_rows(rows: Iterable[Mapping[str, str]], key: Sequence[str], *, table: str) -> tuple[str, ...]:
    """Return what the rows of a table are called, in their order; nothing where there is no key.

    Raises
    ------
    CorpusError
        If two rows have the same name.
    """
    if not key:
        return ()
    found = [_SEPARATOR.join(row[column] for column in key) for row in rows]
    twice = [name for name, n in Counter(found).items() if n > 1]
    if twice:
        raise CorpusError(f"table {table!r}: two rows are called {twice[0]!r}; name more columns as its key")
    return tuple(found)


def places_of(row: Mapping[str, str]) -> Iterator[Place]:
    """Yield the stretches of reports that a row of a table names.

    They stand in columns start and end beside report_id, in start_a and end_a beside report_a, in start_later and
    end_later beside later, or in a list of (report_id, start, end) called places.
    """
    for column in row:
        if not column.startswith("start"):
            continue
        suffix = column.removeprefix("start")
        named = (f"report{suffix}", f"report_id{suffix}", suffix.removeprefix("_"), "report_id")
        report_id = next(filter(None, map(row.get, named)), "")
        start, end = row[column], row.get(f"end{suffix}") or ""
        if report_id and start and end and float(start) < float(end):
            yield report_id, int(float(start)), int(float(end))
    if row.get("places", "").startswith("["):
        for report_id, start, end in ast.literal_eval(row["places"]):
            yield str(report_id), int(start), int(end)


def table_folders(folder: Path) -> dict[str, Path]:
    """Return the folders of the tables beside the notebooks of a folder, by name."""
    return {path.parent.name: path.parent for path in sorted((folder / TABLES).glob(f"*/{COLUMNS}"))}


def read_saved(folder: Path) -> Saved:
    """Return the figure or the table that a folder holds.

    Raises
    ------
    CorpusError
        If it cannot be read.
    """
    try:
        told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        rows = tuple(read_rows(folder / DATA))
        columns = {row["name"]: row for row in read_rows(folder / COLUMNS)} if "table" in told else {}
        if "table" in told and any(row.keys() != columns.keys() or None in row.values() for row in rows):
            raise ValueError(f"{DATA} has other columns than {COLUMNS}")
        _ = told["notebook"], told["code"]["functions"], told["versions"]["fazhi-workbook"], told["files"][DATA]
        return Saved(folder, told, rows, columns)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        raise CorpusError(f"{folder}: no figure or table to cite ({error}); corpus reproduce makes it again") from None


def saved_folders(folder: Path, *kinds: str) -> dict[str, Path]:
    """Return the folders of figures or tables (`FIGURES`, `TABLES`) beside the notebooks of a folder, by name."""
    found = sorted(path.parent for kind in kinds for path in (folder / kind).glob(f"*/{PROVENANCE}"))
    return {place.name: place for place in found}


def read_all(folder: Path, *kinds: str) -> list[Saved]:
    """Return the figures or tables beside the notebooks of a folder, by notebook, kind and name.

    Raises
    ------
    CorpusError
        If one cannot be read.
    """
    results = map(read_saved, saved_folders(folder, *kinds).values())
    return sorted(results, key=lambda result: (result.notebook, result.kind, result.name))


def look_up_in(tables: Mapping[str, Path]) -> LookUp:
    """Return what says for a mark what stands there: of tables to cite, and of the bundled reports.

    Parameters
    ----------
    tables : mapping of str to Path
        Folders of tables by name.
    """
    read = cache(lambda name: read_saved(tables[name]))
    bundled = cache(_bundled)

    def look_up(name: str, form: str | None) -> str:
        if form is not None and (span := QUOTED.fullmatch(form)):
            return _quote(name, int(span[1]), int(span[2]), bundled())
        table, _, rest = name.partition(".")
        if table not in tables:
            raise CorpusError(f"{name}: no table is called {table!r}; {_near(table, tuple(tables))}")
        number = read(table).number(rest)
        try:
            return write_value(number.value, number.unit, form)
        except ValueError as error:
            raise CorpusError(f"{name} cannot be written as {form!r} ({error})") from None

    return look_up


def _bundled() -> dict[str, Report]:
    from corpus.loading.load_reports import load_reports

    return {report.report_id: report for report in load_reports()}


def _quote(report_id: str, start: int, end: int, reports: Mapping[str, Report]) -> str:
    if report_id not in reports:
        raise CorpusError(f"{report_id}:{start}-{end} is to be a quotation; {_near(report_id, tuple(reports))}")
    if not start < end <= len(reports[report_id].raw):
        raise CorpusError(f"{report_id}:{start}-{end} is no stretch of {report_id}")
    return reports[report_id].quote(start, end)


def _near(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3) or list(known[:8])
    return f"there are {', '.join(near)}" if near else "there are none"
