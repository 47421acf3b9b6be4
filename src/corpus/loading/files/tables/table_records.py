"""The records of a table (.csv, .tsv, .jsonl, .json), one at a time: its cells by column, or what is wrong with it."""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Literal

from corpus.loading.files import limits
from corpus.loading.files.decoding import UndecodableError, read_text
from corpus.loading.files.file_kinds import suffix_of
from corpus.loading.files.limits import MIB

Fault = tuple[str, str, str]
Record = dict[str, str]
Records = Iterator[tuple[int, Record | Fault]]
"""Numbers of rows from 1, each with the row's cells by column, or with code, message and remedy; 0 is the head."""

TEXT_CELL = "text"
LEADING_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\D.*)?", re.DOTALL)
_SAMPLE_BYTES = 256 * 1024
_CHUNK = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|", "，")
_FEWEST_CHARS_AHEAD = 64 * 1024
_LINE_END = re.compile(r"\r?\n\Z|\r\Z")
_ARRAY = re.compile(r"\s*\[?\s*\]?\s*")
_BETWEEN = re.compile(r"[\s,]*\]?\s*")
_SHOWN_CHARS = 80


def read_records(source: Path | IO[bytes], file: str) -> Records:
    """Yield the records of a table in a file, packed with gzip or not.

    A table (.csv, .tsv) names its columns in the first line; one whose first line begins with a year has no such line:
    the year, then the text, in one or more cells. Cells in quotes may hold line ends and delimiters. A quote that is
    never closed costs its own row alone. Objects of JSON stand one a line, or in an array over any number of lines.
    """
    if isinstance(source, Path):
        with source.open("rb") as opened:
            yield from read_records(opened, file)
        return
    most = _bytes_of(source) * limits.MAX_RATIO if file.lower().endswith(".gz") else None
    stream: IO[bytes] = gzip.GzipFile(fileobj=source) if most is not None else source  # type: ignore[assignment]
    suffix = suffix_of(file)
    if suffix == ".json" or (suffix in (".jsonl", ".ndjson") and not _has_object_a_line(stream)):
        records = _objects_in(stream)
    elif suffix in (".jsonl", ".ndjson"):
        records = _objects(_bounded(_lines(stream), most))
    else:
        records = _cells(_bounded(_lines(stream), most), "\t" if suffix == ".tsv" else None)
    nothing = True
    for number, record in records:
        nothing = False
        yield number, record
    if nothing:
        yield 0, ("empty", "the table holds no rows", "obtain it again")


def as_text(value: object) -> str:
    """Return a value of JSON or of a table in memory as the text of a cell; what is missing is empty."""
    if isinstance(value, str):
        return value
    # Whole numbers become decimals in a column of pandas where one is missing; what is missing differs from itself.
    if isinstance(value, float):
        return "" if value != value else str(int(value)) if value.is_integer() else str(value)
    return "" if value is None or str(value) in ("<NA>", "NaT") else str(value)


def _bytes_of(stream: IO[bytes]) -> int:
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return max(size, MIB)


def _bounded(lines: Iterator[tuple[int, str | Fault]], most: int | None) -> Iterator[tuple[int, str | Fault]]:
    """Stop where a packed table unpacks to far more than it is."""
    read = 0
    for number, line in lines:
        read += len(line) if isinstance(line, str) else limits.MAX_FILE_BYTES
        if most is not None and read > most:
            yield number, ("bomb", "it unpacks to far more than it is", "unpack it by hand, if you trust it")
            return
        yield number, line


def _lines(stream: IO[bytes]) -> Iterator[tuple[int, str | Fault]]:
    """Yield the lines of a file, decoded; a line longer than a report may be is a fault and is not kept in memory."""
    codec, mark, end = _codec_of(stream)
    stream.seek(mark)
    number = 0
    for line in _wide_lines(stream, codec) if codec.startswith("utf-16") else _byte_lines(stream, end):
        number += 1
        if line is None:
            message = f"the row is longer than {limits.MAX_FILE_BYTES / MIB:,.0f} MiB"
            yield number, ("too-large", message, "split it")
            continue
        if isinstance(line, str):
            yield number, line
            continue
        try:
            yield number, line.decode(codec)
        except UnicodeDecodeError as error:
            message = f"byte {error.start} of the row is not valid {codec}"
            yield number, ("damaged-encoding", message, "save the table as UTF-8")


def _byte_lines(stream: IO[bytes], end: bytes) -> Iterator[bytes | None]:
    """Yield the lines of a file; None for one that is too long."""
    if end == b"\n":
        while line := stream.readline(limits.MAX_FILE_BYTES + 1):
            if len(line) <= limits.MAX_FILE_BYTES:
                yield line
                continue
            while line and not line.endswith(b"\n"):
                line = stream.readline(limits.MAX_FILE_BYTES)
            yield None
        return
    # Lines that end as on a Mac of old.
    held = b""
    while chunk := stream.read(_CHUNK):
        *whole, held = (held + chunk).split(end)
        yield from whole
        if len(held) > limits.MAX_FILE_BYTES:
            yield None
            return
    if held:
        yield held


def _wide_lines(stream: IO[bytes], codec: str) -> Iterator[str | bytes | None]:
    """Yield the lines of a file whose characters are two bytes wide, in which a byte of a line end says nothing."""
    decoder = codecs.getincrementaldecoder(codec)()
    held = ""
    while True:
        chunk = stream.read(_CHUNK)
        try:
            held += decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            yield b"\xff"
            return
        *whole, held = held.split("\n")
        yield from (f"{line}\n" for line in whole)
        if len(held) > limits.MAX_FILE_BYTES:
            yield None
            return
        if not chunk:
            break
    if held:
        yield held


def _codec_of(stream: IO[bytes]) -> tuple[str, int, bytes]:
    """Return the encoding of a table from its beginning, the bytes of its mark, and what ends its lines."""
    sample = stream.read(_SAMPLE_BYTES)
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if sample.startswith(mark):
            return codec, len(mark), b"\n"
    end = b"\r" if b"\r" in sample and b"\n" not in sample else b"\n"
    complete = sample[: sample.rfind(end) + 1] or sample
    for part in (complete, sample[: len(sample) // 2 * 2]):
        try:
            return read_text(part).encoding, 0, end
        except UndecodableError:
            continue
    return "utf-8", 0, end


def _has_object_a_line(stream: IO[bytes]) -> bool:
    """Tell whether the first line with anything in it is an object of JSON, or no beginning of one."""
    for _, line in _lines(stream):
        if isinstance(line, str) and line.strip():
            stream.seek(0)
            try:
                return isinstance(json.loads(line), dict)
            except (ValueError, RecursionError):
                return line.strip()[0] not in "[{" or not set(line.strip()) <= set("[{ ")
    stream.seek(0)
    return True


def _objects(lines: Iterator[tuple[int, str | Fault]]) -> Records:
    for number, line in lines:
        if isinstance(line, tuple):
            yield number, line
        elif line.strip():
            try:
                record = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield number, ("damaged-row", f"no JSON object ({error})", "correct the row")
                continue
            yield number, _cells_of(record)


def _cells_of(record: object) -> Record | Fault:
    if isinstance(record, dict):
        return {str(name): as_text(value) for name, value in record.items()}
    return "damaged-row", "no JSON object", "write one object a line"


def _objects_in(stream: IO[bytes]) -> Records:
    """Yield the objects of an array, or of a file that holds one after the other, over any number of lines."""
    decoder = json.JSONDecoder()
    chunks = (line for _, line in _lines(stream))
    held, place, number, wanted = "", 0, 0, _CHUNK
    more = is_start = True
    while True:
        if more and len(held) - place < wanted:
            pieces = [held[place:]]
            place, length = 0, len(held) - place
            while length < wanted and (line := next(chunks, None)) is not None:
                if isinstance(line, tuple):
                    yield number + 1, line
                    return
                pieces.append(line)
                length += len(line)
            more = length >= wanted
            held = "".join(pieces)
        between = (_ARRAY if is_start else _BETWEEN).match(held, place)
        place = between.end() if between else place
        if place == len(held) and not more:
            return
        try:
            record, end = decoder.raw_decode(held, place)
        except (ValueError, RecursionError) as error:
            if more and wanted <= limits.MAX_FILE_BYTES and not isinstance(error, RecursionError):
                wanted *= 2
                continue
            message = f"no JSON object ({str(error)[:_SHOWN_CHARS]}); what follows is not read"
            yield number + 1, ("damaged-row", message, "correct the file")
            return
        rows = _rows_within(record) if is_start and isinstance(record, dict) else [record]
        place, wanted, is_start = end, _CHUNK, False
        for row in rows:
            number += 1
            yield number, _cells_of(row)
        if not isinstance(record, dict):
            return


def _rows_within(record: dict[str, object]) -> list[object]:
    """Return the objects of the one list that an object holds, as {"data": [...]}; else the object itself."""
    lists = [value for value in record.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return list(lists[0]) if len(lists) == 1 else [record]


def _cells(lines: Iterator[tuple[int, str | Fault]], delimiter: str | None) -> Records:
    names: list[str] | None = None
    is_start, number = True, 0
    for row in _split_rows(lines, delimiter):
        if isinstance(row, tuple):
            number += 1
            yield number, row
            continue
        cells = row
        if not any(cell.strip() for cell in cells):
            continue
        if is_start and not LEADING_YEAR.fullmatch(cells[0]):
            names, doubled = _names(cells)
            is_start = False
            if doubled:
                message = f"two columns are called {doubled!r}; only the first of them is read"
                yield 0, ("repeated-column", message, "give each column a name of its own")
            continue
        is_start = False
        if names is not None and len(cells) > 1 and [cell.strip() for cell in cells] == names:
            continue  # the head again, where tables were put one behind the other
        number += 1
        if names is None:
            yield number, {"year": cells[0], TEXT_CELL: "\n".join(cells[1:])}
            continue
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(names):
            message = f"it has {len(cells)} cells, the first line names {len(names)}"
            yield number, ("damaged-row", message, "put cells that hold the delimiter into quotes")
        else:
            yield number, dict(zip(names, [*cells, *[""] * len(names)], strict=False))
    if names is not None and not number:
        yield 0, ("empty", "the table has a line of names and no row", "obtain it again")


def _names(cells: Iterable[str]) -> tuple[list[str], str]:
    """Return the names of the columns, each once, and one that two have; the later one gets a number."""
    names: list[str] = []
    doubled = ""
    for cell in cells:
        name = cell.strip().strip("\ufeff")
        if name in names:
            doubled = doubled or name
            name = f"{name} ({len(names) + 1})"
        names.append(name)
    return names, doubled


def _split_rows(lines: Iterator[tuple[int, str | Fault]], delimiter: str | None) -> Iterator[list[str] | Fault]:
    """Yield the cells of each row; a row goes on over line ends while a quote is open."""
    waiting: deque[str | Fault] = deque()
    ahead = limits.MAX_FILE_BYTES
    is_tabbed = delimiter == "\t"

    def following() -> str | Fault | None:
        if waiting:
            return waiting.popleft()
        return next((line for _, line in lines), None)

    while (line := following()) is not None:
        if isinstance(line, tuple):
            yield line
            continue
        if delimiter is None:
            said = re.fullmatch(r"\s*sep=(.)\s*", line)
            if said is not None:
                delimiter = said[1]
                continue
            if line.strip():
                delimiter = next((each for each in _DELIMITERS if each in line), ",")
        if '"' not in line:
            yield _LINE_END.sub("", line).split(delimiter or ",")
            continue
        row = _QuotedRow(delimiter or ",")
        state = row.take(line)
        # The lines that a quote takes in; where it is never closed they are rows of their own again.
        taken: list[str | Fault] = []
        length = len(line)
        while state == "open" and length <= ahead and (more := following()) is not None:
            taken.append(more)
            if isinstance(more, tuple):
                break
            length += len(more)
            state = row.take(more)
        if state == "whole":
            yield row.cells
            continue
        waiting.extendleft(reversed(taken))
        # What is looked through in vain is bounded, however many quotes are never closed.
        ahead = max(ahead // 2, _FEWEST_CHARS_AHEAD) if length > _FEWEST_CHARS_AHEAD else ahead
        if is_tabbed:
            yield _LINE_END.sub("", line).split("\t")
        else:
            yield "damaged-row", "a quote is opened and never closed", "close it, or double the quotes in the text"


class _QuotedRow:
    """The cells of a row with quotes, taken line by line.

    A quote inside a cell that did not begin with one is text; so is one that closes before more text on its first line.
    """

    def __init__(self, delimiter: str) -> None:
        self.cells: list[str] = []
        self._delimiter = delimiter
        self._open: list[str] | None = None
        """What a cell holds whose quote is open over the end of a line."""

    def take(self, line: str) -> Literal["whole", "open", "wrong"]:
        """Take the next line and return whether the row is whole, goes on, or its quotes are wrong."""
        whole = _LINE_END.sub("", line)
        place = 0
        while True:
            if self._open is not None or whole.startswith('"', place):
                begin = place if self._open is not None else place + 1
                end = whole.find('"', begin)
                while end >= 0 and whole.startswith('"', end + 1):
                    end = whole.find('"', end + 2)
                if end < 0:
                    self._open = self._open if self._open is not None else []
                    self._open.append(line[begin:])
                    return "open"
                after = end + 1
                if after == len(whole) or whole.startswith(self._delimiter, after):
                    words = "".join([*(self._open or ()), whole[begin:end]])
                    self.cells.append(words.replace('""', '"'))
                    self._open = None
                elif self._open is not None:
                    return "wrong"
                else:
                    after = self._end_of_cell(whole, after)
                    self.cells.append(whole[place:after])
            else:
                after = self._end_of_cell(whole, place)
                self.cells.append(whole[place:after])
            if after == len(whole):
                return "whole"
            place = after + len(self._delimiter)

    def _end_of_cell(self, whole: str, place: int) -> int:
        found = whole.find(self._delimiter, place)
        return len(whole) if found < 0 else found
