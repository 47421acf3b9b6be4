"""The rows of a table (.csv, .tsv, .jsonl), each a report: which column holds what."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.loading.files.decoding import UndecodableError, read_text
from corpus.loading.files.guessed_columns import TEXT, YEAR, Columns, Row, choose_columns, read_row
from corpus.loading.files.joined_rows import join_rows, joining_columns
from corpus.loading.files.limits import MAX_FILE_BYTES, MIB
from corpus.report.values import Notice, Problem

if TYPE_CHECKING:
    import pandas as pd

_HEADLESS_YEAR = re.compile(r"\s*(?:19|20)\d\d(?:\D.*)?", re.DOTALL)
_SAMPLE_BYTES = 256 * 1024


def read_table(
    path: Path, file: str, columns: Mapping[str, str] | None, join: Sequence[str] = ()
) -> Iterator[Row | Problem]:
    """Yield the rows of a table, one at a time, or the problem of a row that holds no report.

    A .jsonl file has one object a line; .csv and .tsv files name their columns in the first line. A .tsv or .csv file
    whose first line begins with a year has no such line: the year, then the text, in one or more cells. Which column
    holds what is said by ``columns`` (our name: the table's name) or guessed from the table's names. Rows that agree
    in the columns of ``join`` are one report.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` or ``join`` names one that is not there.
    """
    with path.open("rb") as stream:
        lines = _lines(stream)
        suffix = path.suffix.lower()
        records = _objects(lines) if suffix == ".jsonl" else _cells(lines, "\t" if suffix == ".tsv" else ",")
        yield from _rows(records, file, columns, join)


def read_frame(
    frame: pd.DataFrame, file: str, columns: Mapping[str, str] | None, join: Sequence[str] = ()
) -> Iterator[Row | Problem]:
    """Yield the rows of a table in memory as `read_table` does those of a file; what is missing (NaN) is empty.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` or ``join`` names one that is not there.
    """
    if not len(frame):
        choose_columns(map(str, frame.columns), columns, file)
    yield from _rows(_frame_records(frame), file, columns, join)


_Fault = tuple[str, str, str]
_Records = Iterator[tuple[int, "dict[str, str] | _Fault"]]


def _rows(
    records: _Records, file: str, columns: Mapping[str, str] | None, join: Sequence[str]
) -> Iterator[Row | Problem]:
    rows = _read_rows(records, file, columns, join)
    return join_rows(rows, file) if join else (row if isinstance(row, Problem) else row[0] for row in rows)


def _read_rows(
    records: _Records, file: str, columns: Mapping[str, str] | None, join: Sequence[str]
) -> Iterator[tuple[Row, tuple[str, ...]] | Problem]:
    """Yield each row with its values in the columns that rows of one report have in common."""
    chosen: Columns | None = None
    said: Notice | None = None
    together: tuple[str, ...] = ()
    for number, record in records:
        if isinstance(record, tuple):
            yield Problem(file, f"row {number}", *record)
            continue
        if chosen is None:
            chosen = choose_columns(record, columns, file)
            together = joining_columns(join, chosen, record, file)
            said = chosen.notice(but=together)
        row = read_row(number, record, chosen)
        if row is None:
            yield Problem(file, f"row {number}", "empty", "the row holds no text", "fill it in, or leave it out")
            continue
        if said is not None:
            row, said = replace(row, notices=(said, *row.notices)), None
        yield row, tuple(record.get(name, "").strip() for name in together)


def _frame_records(frame: pd.DataFrame) -> _Records:
    names = [str(name) for name in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), 1):
        record = {name: _as_text(value) for name, value in zip(names, values, strict=True)}
        if sum(map(len, record.values())) > MAX_FILE_BYTES:
            yield number, ("too-large", f"the row is longer than {MAX_FILE_BYTES / MIB:,.0f} Mi characters", "split it")
        else:
            yield number, record


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str | _Fault]]:
    """Yield the lines of a file, decoded; a line longer than a report may be is a fault and is not kept in memory."""
    codec = _codec_of(stream)
    number = 0
    while line := stream.readline(MAX_FILE_BYTES + 1):
        number += 1
        if len(line) > MAX_FILE_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_FILE_BYTES)
            yield number, ("too-large", f"the row is longer than {MAX_FILE_BYTES / MIB:,.0f} MiB", "split it")
            continue
        try:
            yield number, line.decode(codec)
        except UnicodeDecodeError as error:
            message = f"byte {error.start} of the row is not valid {codec}"
            yield number, ("damaged-encoding", message, "save the table as UTF-8")


def _codec_of(stream: IO[bytes]) -> str:
    """Return the encoding of a table from its beginning, and go past its byte order mark."""
    sample = stream.read(_SAMPLE_BYTES)
    stream.seek(len(codecs.BOM_UTF8) if sample.startswith(codecs.BOM_UTF8) else 0)
    complete = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        return read_text(complete).encoding
    except UndecodableError:
        return "utf-8"


def _objects(lines: Iterator[tuple[int, str | _Fault]]) -> _Records:
    for number, line in lines:
        if isinstance(line, tuple):
            yield number, line
        elif line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, ("damaged-row", f"no JSON object ({error})", "correct the row")
                continue
            if isinstance(record, dict):
                yield number, {str(name): _as_text(value) for name, value in record.items()}
            else:
                yield number, ("damaged-row", "no JSON object", "write one object a line")


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    # Whole numbers become decimals in a column of pandas where one is missing; what is missing differs from itself.
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    return "" if value is None or str(value) in ("<NA>", "NaT") else str(value)


def _cells(lines: Iterator[tuple[int, str | _Fault]], delimiter: str) -> _Records:
    faults: list[tuple[int, _Fault]] = []

    def good() -> Iterator[str]:
        for number, line in lines:
            if isinstance(line, tuple):
                faults.append((number, line))
            else:
                yield line

    csv.field_size_limit(MAX_FILE_BYTES)
    tabbed = delimiter == "\t"
    reader = csv.reader(good(), delimiter=delimiter, quoting=csv.QUOTE_NONE if tabbed else csv.QUOTE_MINIMAL)
    names: list[str] | None = None
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            yield number, ("damaged-row", f"{error}", "check the quotes")
            continue
        yield from ((at, fault) for at, fault in faults)
        faults.clear()
        if not cells:
            continue
        if names is None and not _HEADLESS_YEAR.fullmatch(cells[0]):
            names = [cell.strip() for cell in cells]
            continue
        number += 1
        if names is None:
            yield number, {YEAR: cells[0], TEXT: "\n".join(cells[1:])}
        else:
            yield number, dict(zip(names, [*cells, *[""] * len(names)], strict=False))
    yield from ((at, fault) for at, fault in faults)
