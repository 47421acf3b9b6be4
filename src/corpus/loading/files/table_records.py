"""The records of a table (.csv, .tsv, .jsonl, .json), one at a time: its cells by column, or what is wrong with it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import IO

from corpus.loading.files import limits
from corpus.loading.files.decoding import BOMS, Fault, find_surrogate, read_text
from corpus.loading.files.file_kinds import suffix_of
from corpus.loading.files.limits import MIB

Record = dict[str, str]
Records = Iterator[tuple[int, Record | Fault]]
"""Numbers of rows from 1, each with the row's cells by column, or with what is wrong with it; 0 is the head."""

_YEAR_FIRST = re.compile(r"\s*(?:19|20)\d\d(?:\D.*)?", re.DOTALL)
_YEAR_AND_TEXT = ["year", "text"]
_SAMPLE_BYTES = 256 * 1024
_CHUNK = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|", "，")
_FEWEST_CHARS_AHEAD = 64 * 1024
_LINE_END = re.compile(r"\r?\n\Z|\r\Z")
_ARRAY = re.compile(r"\s*\[?\s*\]?\s*")
_BETWEEN = re.compile(r"[\s,]*\]?\s*")
_SHOWN_CHARS = 80
_LONGEST_NAME = 60
_TITLE = re.compile(r"[^，。；\n]{4,60}(?:报告|总结|汇报|情况)")
_SHEET_TITLE = re.compile(r"附\s?[件表].{0,4}|[^，。；]*[\u4e00-\u9fff][^，。；]{6,}")
"""What stands over a sheet, in the first of its cells, where people put no names of columns."""
_RUNNING = re.compile("[，。；]")
csv.field_size_limit(limits.MAX_FILE_BYTES)


def read_records(source: IO[bytes], file: str) -> Records:
    """Yield the records of a table in a file, packed with gzip or not.

    A table (.csv, .tsv) names its columns in the first line; one whose first line begins with a year has no such line:
    the year, then the text, in one or more cells. Nor has one whose first line holds running text: its longest cell is
    the text, one that reads as a title the title. Cells in quotes may hold line ends and delimiters. A quote that is
    never closed costs its own row alone. Objects of JSON stand one a line, or in an array over any number of lines.
    """
    most = _bytes_of(source) * limits.MAX_RATIO if file.lower().endswith(".gz") else None
    stream: IO[bytes] = gzip.GzipFile(fileobj=source) if most is not None else source  # type: ignore[assignment]
    suffix = suffix_of(file)
    if suffix == ".json" or (suffix in (".jsonl", ".ndjson") and not _has_object_a_line(stream)):
        records = _objects_in(stream)
    elif suffix in (".jsonl", ".ndjson"):
        records = _objects(_lines(stream, most))
    else:
        records = _cells(_lines(stream, most), "\t" if suffix == ".tsv" else None)
    nothing = True
    for number, record in records:
        nothing = False
        yield number, record
    if nothing:
        yield 0, Fault("empty", "the table holds no rows", "obtain it again")


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


def _lines(stream: IO[bytes], most: int | None = None) -> Iterator[str | Fault]:
    """Yield the lines of a file, decoded; one that is damaged or longer than a report may be is a fault.

    A packed table that unpacks to more than ``most`` characters ends with a fault.
    """
    codec, mark, end = _codec_of(stream)
    stream.seek(mark)
    text = io.TextIOWrapper(stream, encoding=codec, errors="surrogateescape", newline=end)
    read = 0
    try:
        while line := text.readline(limits.MAX_FILE_BYTES + 1):
            read += len(line)
            if most is not None and read > most:
                yield Fault("bomb", "it unpacks to far more than it is", "unpack it by hand, if you trust it")
                return
            if len(line) <= limits.MAX_FILE_BYTES:
                yield line if find_surrogate(line) < 0 else _damaged(codec)
                continue
            while line and not line.endswith(end):
                line = text.readline(limits.MAX_FILE_BYTES)
            yield too_long("the row is")
    except UnicodeDecodeError:  # what follows cannot be told apart
        yield _damaged(codec)
    finally:
        with suppress(ValueError):  # whoever broke off has closed it
            text.detach()


def too_long(what: str, remedy: str = "split it") -> Fault:
    """Return what is said of a row, or of several, that are longer than a report may be."""
    return Fault("too-large", f"{what} longer than {limits.MAX_FILE_BYTES / MIB:,.0f} Mi characters", remedy)


def _damaged(codec: str) -> Fault:
    return Fault("damaged-encoding", f"the row holds bytes that are not valid {codec}", "save the table as UTF-8")


def _codec_of(stream: IO[bytes]) -> tuple[str, int, str]:
    """Return the encoding of a table from its beginning, the bytes of its mark, and what ends its lines."""
    sample = stream.read(_SAMPLE_BYTES)
    for mark, codec in BOMS:
        if sample.startswith(mark):
            return codec, len(mark), "\n"
    end = "\r" if b"\r" in sample and b"\n" not in sample else "\n"
    complete = sample[: sample.rfind(end.encode()) + 1] or sample
    for part in (complete, sample[: len(sample) // 2 * 2]):
        try:
            return read_text(part).encoding, 0, end
        except Fault:
            continue
    return "utf-8", 0, end


def _has_object_a_line(stream: IO[bytes]) -> bool:
    """Tell whether the first line with anything in it is an object of JSON, or no beginning of one."""
    first = next((line.strip() for line in _lines(stream) if isinstance(line, str) and line.strip()), "")
    stream.seek(0)
    try:
        return not first or isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return first[0] not in "[{" or not set(first) <= set("[{ ")


def _objects(lines: Iterator[str | Fault]) -> Records:
    for number, line in enumerate(lines, 1):
        if isinstance(line, Fault):
            yield number, line
        elif line.strip():
            try:
                record = json.loads(line.strip().removesuffix(","))
            except (ValueError, RecursionError) as error:
                yield number, Fault("damaged-row", f"no JSON object ({error})", "correct the row")
                continue
            yield number, _cells_of(record)


def _cells_of(record: object) -> Record | Fault:
    if isinstance(record, dict):
        return {str(name): as_text(value) for name, value in record.items()}
    return Fault("damaged-row", "no JSON object", "write one object a line")


def _objects_in(stream: IO[bytes]) -> Records:
    """Yield the objects of an array, or of a file that holds one after the other, over any number of lines."""
    held = _whole(stream)
    if isinstance(held, Fault):
        yield 0, held
        return
    decoder = json.JSONDecoder()
    place, number, length = 0, 0, _CHUNK
    between = _ARRAY
    while (place := between.match(held, place).end()) < len(held):  # type: ignore[union-attr]
        try:
            record, end = decoder.raw_decode(held[place : place + length])
        except (ValueError, RecursionError) as error:
            most = min(len(held) - place, limits.MAX_FILE_BYTES)
            if length < most and not isinstance(error, RecursionError):
                length = min(2 * length, most)
                continue
            if between is _ARRAY and held[place] not in "[{":
                yield 0, Fault("misnamed", "it holds no JSON, whatever its name says", "if it is a text, call it .txt")
                return
            message = f"no JSON object ({str(error)[:_SHOWN_CHARS]}); what follows is not read"
            yield number + 1, Fault("damaged-row", message, "correct the file")
            return
        rows = _rows_within(record) if between is _ARRAY and isinstance(record, dict) else [record]
        place, length, between = place + end, _CHUNK, _BETWEEN
        for row in rows:
            number += 1
            yield number, _cells_of(row)
        if not isinstance(record, dict):
            return


def _whole(stream: IO[bytes]) -> str | Fault:
    codec, mark, _ = _codec_of(stream)
    stream.seek(mark)
    text = io.TextIOWrapper(stream, encoding=codec, errors="surrogateescape", newline="")
    try:
        held = text.read(limits.MAX_JSON_CHARS + 1)
    except UnicodeDecodeError:
        return _damaged(codec)
    finally:
        text.detach()
    if len(held) > limits.MAX_JSON_CHARS:
        message = f"longer than {limits.MAX_JSON_CHARS / MIB:,.0f} Mi characters"
        return Fault("too-large", message, "save it as .jsonl, an object a line")
    return held


def _rows_within(record: dict[str, object]) -> list[object]:
    """Return the objects of the one list that an object holds, as {"data": {"list": [...]}}; else the object itself."""
    holders: list[object] = [record]
    while holders:
        values = [value for holder in holders if isinstance(holder, dict) for value in holder.values()]
        lists = [value for value in values if isinstance(value, list) and value and isinstance(value[0], dict)]
        if lists:
            return list(lists[0]) if len(lists) == 1 else [record]
        holders = [value for value in values if isinstance(value, dict)]
    return [record]


def _cells(lines: Iterator[str | Fault], delimiter: str | None) -> Records:
    names: list[str] = []
    number = 0
    for cells in _split_rows(lines, delimiter):
        if isinstance(cells, Fault):
            number += 1
            yield number, cells
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if not names:
            if len(cells) > 1 and not any(cells[1:]) and _SHEET_TITLE.fullmatch(cells[0]):
                continue
            names = _names_by_content(cells)
            if not names:
                names, doubled = _names(cells)
                if doubled:
                    message = f"two columns are called {doubled!r}; only the first of them is read"
                    yield 0, Fault("repeated-column", message, "give each column a name of its own")
                continue
        elif len(cells) > 1 and _names(cells)[0] == names:
            continue  # the head again, where tables were put one behind the other
        number += 1
        if names is _YEAR_AND_TEXT:
            cells = [cells[0], "\n".join(cells[1:])]
        while len(cells) > len(names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(names):
            message = f"it has {len(cells)} cells, the first line names {len(names)}"
            yield number, Fault("damaged-row", message, "put cells that hold the delimiter into quotes")
        else:
            yield number, dict(zip(names, [*cells, *[""] * len(names)], strict=False))
    if names and not number:
        yield 0, Fault("empty", "the table has a line of names and no row", "obtain it again")


def _names_by_content(cells: Sequence[str]) -> list[str]:
    """Return names for the columns of a table whose first line is a report, not names; none where it is names."""
    if _YEAR_FIRST.fullmatch(cells[0]):
        return _YEAR_AND_TEXT
    longest = max(cells, key=len)
    if len(longest) < _LONGEST_NAME or _RUNNING.search(longest) is None:
        return []
    title = next((cell for cell in cells if _TITLE.fullmatch(cell.strip())), None)
    known = {id(longest): "text", id(title): "title"}
    return [known.get(id(cell), f"column {place}") for place, cell in enumerate(cells, 1)]


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


def _split_rows(lines: Iterator[str | Fault], delimiter: str | None) -> Iterator[list[str] | Fault]:
    """Yield the cells of each row; a row goes on over line ends while a quote is open."""
    waiting: deque[str | Fault] = deque()
    ahead = limits.MAX_FILE_BYTES
    is_tabbed = delimiter == "\t"

    def following() -> str | Fault | None:
        return waiting.popleft() if waiting else next(lines, None)

    while (line := following()) is not None:
        if isinstance(line, Fault):
            yield line
            continue
        if delimiter is None:
            said = re.fullmatch(r"\s*sep=(.)\s*", line)
            if said is not None:
                delimiter = said[1]
                continue
            if line.strip():
                delimiter = next((each for each in _DELIMITERS if each in line), ",")
        parts = delimiter or ","
        if '"' not in line:
            yield _LINE_END.sub("", line).split(parts)
            continue
        taken, length, quotes = [line], len(line), line.count('"')
        while quotes % 2 and length <= ahead and (more := following()) is not None:
            if isinstance(more, Fault):
                waiting.appendleft(more)
                break
            taken.append(more)
            length, quotes = length + len(more), quotes + more.count('"')
        try:
            yield from list(csv.reader(taken, delimiter=parts, strict=True))
            continue
        except csv.Error:
            # The lines that a quote takes in which is never closed are rows of their own again.
            waiting.extendleft(reversed(taken[1:]))
        # What is looked through in vain is bounded, however many quotes are never closed.
        ahead = max(ahead // 2, _FEWEST_CHARS_AHEAD) if length > _FEWEST_CHARS_AHEAD else ahead
        if is_tabbed or (quotes % 2 == 0 and len(taken) == 1):
            yield _with_stray_quotes(_LINE_END.sub("", line), parts)
        else:
            yield Fault(
                "damaged-row", "a quote is opened and never closed", "close it, or double the quotes in the text"
            )


def _with_stray_quotes(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line with quotes that close before the end of a cell: these are text, if that can be."""
    literal = line.split(delimiter)
    told = next(csv.reader([line], delimiter=delimiter), [])
    return literal if delimiter == "\t" or len(told) == len(literal) else told
