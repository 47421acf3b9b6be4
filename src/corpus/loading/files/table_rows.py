"""The rows of a table (.csv, .tsv, .jsonl), each a report or a piece of one: which column holds what.

Columns are told by the caller, or guessed from the names that people give to them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.field.data_files import lexicon_rows
from corpus.loading.files import limits
from corpus.loading.files.decoding import Document, Fault, check_characters, name_reader, problem_of
from corpus.loading.files.table_records import Record, Records, as_text, read_records, too_long
from corpus.report.values import CATALOGUE_FACTS, FACTS, Notice, Problem, Source

if TYPE_CHECKING:
    import pandas as pd

CELL = "cell of a table"
"""What `Source.reader` ends with for a report that is a row of a table."""

TEXT = "text"
YEAR = "year"
"""A year of which the table does not say whether it is the one reviewed or the one of delivery; the texts decide."""

KNOWN_COLUMNS = ("report_id", TEXT, YEAR, *FACTS, *CATALOGUE_FACTS)
_LEFT_OUT_OF_NAMES = re.compile(r"[\s_\-./·:：\ufeff]+|\([^()]*\)\Z")
_INDEX = re.compile(r"(?:unnamed\d+|index|level\d+)?")
_ALWAYS_SAID = 12
_NO_TEXT = Fault("empty", "the row holds no text", "fill it in, or leave it out")


@dataclass(frozen=True, slots=True)
class Columns:
    """The table's column for each of our names, and those that nothing is read from."""

    by_name: Mapping[str, str]
    unused: tuple[str, ...]

    def cell(self, record: Record, ours: str) -> str:
        """Return what a record says under one of our names."""
        return record.get(self.by_name[ours], "") if ours in self.by_name else ""

    def unused_notice(self, *, but: Sequence[str] = ()) -> list[Notice]:
        """Return a notice of what is not used, where there is anything, with what is read from which column."""
        left = [name for name in self.unused if name not in but]
        if not left:
            return []
        read = ", ".join(f"{ours} from {theirs!r}" for ours, theirs in self.by_name.items())
        more = len(left) - _ALWAYS_SAID
        unused = ", ".join(map(repr, left[:_ALWAYS_SAID])) + (f" and {more} more" if more > 0 else "")
        return [Notice("unused-columns", f"columns of the table that are not used: {unused}; read were {read}")]


def choose_columns(names: Iterable[str], columns: Mapping[str, str] | None, file: str) -> Columns:
    """Return which column holds what.

    A name is known by what people call such columns in Chinese and English, whatever its case, spaces and
    underscores, and a remark in brackets behind it; of several the more telling counts (正文 before 内容), then the
    first. A column without a name, as spreadsheets and pandas write the numbers of rows, holds nothing.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` names one that is not there, or none of our names.
    """
    there = list(names)
    for ours, theirs in (columns or {}).items():
        if ours not in KNOWN_COLUMNS:
            raise CorpusError(f"columns: {ours!r} is none of {', '.join(KNOWN_COLUMNS)}")
        if theirs not in there:
            raise CorpusError(f"{file}: there is no column {theirs!r}; there are {', '.join(there)}")
    chosen = dict(columns or {})
    free = {name: _plain(name) for name in there if name not in chosen.values()}
    for ours, patterns in _patterns().items():
        found = (name for pattern in patterns for name, plain in free.items() if pattern.fullmatch(plain))
        theirs = next(found, "") if ours not in chosen else ""
        if theirs:
            chosen[ours] = theirs
            del free[theirs]
    if TEXT not in chosen:
        raise CorpusError(
            f"{file}: no column is called text; say which holds it, by columns={{'text': …}} or --columns text=…; "
            f"there are {', '.join(there)}"
        )
    unused = tuple(name for name, plain in free.items() if not _INDEX.fullmatch(plain))
    return Columns({ours: chosen[ours] for ours in KNOWN_COLUMNS if ours in chosen}, unused)


@cache
def _patterns() -> dict[str, list[re.Pattern[str]]]:
    """Return the patterns of the names that people give to each column, the more telling first."""
    found: dict[str, list[re.Pattern[str]]] = {}
    for row in lexicon_rows("column_names"):
        found.setdefault(row["column"], []).append(re.compile(row["pattern"]))
    return found


def _plain(name: str) -> str:
    return _LEFT_OUT_OF_NAMES.sub("", unicodedata.normalize("NFKC", name).strip().lower())


_YEAR_DIGITS = re.compile(r"((?:19|20)\d\d)(?:\D.*)?", re.DOTALL)
_SEPARATED_DAY = re.compile(r"((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})(?!\d)")
_JOINED_DAY = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:\.0)?(?!\d)")
_SECONDS = re.compile(r"(1\d{9})(?:\d{3})?(?:\.0)?")
_SHEET_DAY = re.compile(r"([3-5]\d{4})(?:\.\d+)?")
_SHEET_BEGAN = date(1899, 12, 30)
_BEIJING = timedelta(hours=8)
_CODE = re.compile(r"([1-9]\d{5})(?:0{6}|\.0)?")
WANTED = {
    **dict.fromkeys(("year_reviewed", YEAR), "year such as 2020"),
    **dict.fromkeys(("published", "signed"), "day such as 2020-03-24"),
    "adcode": "code of six digits",
}
"""What the values of some columns are, in words."""


def read_value(name: str, value: str) -> str | int | None:
    """Return a cell as a year, a day (YYYY-MM-DD), a code or as it stands; None where it is none of what it should be.

    Days are read as people and programs write them: 2020-03-24, 2020/3/24 9:30, 2020年3月24日, 20200324, the number of
    a day in Excel, and seconds since 1970, in Beijing's time.
    """
    if name not in WANTED:
        return value
    plain = unicodedata.normalize("NFKC", value).strip()
    if name in ("published", "signed"):
        return _day(plain)
    found = (_CODE if name == "adcode" else _YEAR_DIGITS).fullmatch(plain)
    return None if found is None else found[1] if name == "adcode" else int(found[1])


def _day(value: str) -> str | None:
    written = _SEPARATED_DAY.match(value) or _JOINED_DAY.match(value)
    try:
        if written is not None:
            return date(int(written[1]), int(written[2]), int(written[3])).isoformat()
        if seconds := _SECONDS.fullmatch(value):
            return (datetime.fromtimestamp(int(seconds[1]), UTC) + _BEIJING).date().isoformat()
        if number := _SHEET_DAY.fullmatch(value):
            return (_SHEET_BEGAN + timedelta(days=int(number[1]))).isoformat()
    except ValueError:
        return None
    return None


_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
# What no name of a report holds: controls, marks of direction, the beginning of a path, tags.
_NO_ID_CHARACTER = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NO_ID = re.compile(rf"{_NO_ID_CHARACTER.pattern}|\A[/\\~]|\A[A-Za-z]:[/\\]|[/\\]\Z")


def read_table(
    source: IO[bytes], file: str, name: str, columns: Mapping[str, str] | None, join: Sequence[str] = ()
) -> Iterator[Document | Problem]:
    """Yield the reports in the rows of a table, one at a time, or the problem of a row that holds none.

    Which column holds what is said by ``columns`` (our name: the table's name) or guessed from the table's names;
    `read_records` says how tables are written. Rows that agree in the columns of ``join`` are one report. One without
    an id is called after ``name`` and its row. A cell that holds HTML gives the text of it.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` or ``join`` names one that is not there.
    """
    yield from _read_rows(read_records(source, file), file, name, columns, join)


def read_frame(
    frame: pd.DataFrame, name: str, columns: Mapping[str, str] | None, join: Sequence[str] = ()
) -> Iterator[Document | Problem]:
    """Yield the reports in a table in memory as `read_table` does those of a file; what is missing (NaN) is empty.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` or ``join`` names one that is not there.
    """
    if not len(frame):
        choose_columns(map(str, frame.columns), columns, name)
    yield from _read_rows(_frame_records(frame), name, name, columns, join)


def _frame_records(frame: pd.DataFrame) -> Records:
    names = [str(name) for name in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), 1):
        record = {name: as_text(value) for name, value in zip(names, values, strict=True)}
        is_long = sum(map(len, record.values())) > limits.MAX_FILE_BYTES
        yield number, too_long("the row is") if is_long else record


def _read_rows(
    records: Records, file: str, name: str, columns: Mapping[str, str] | None, join: Sequence[str]
) -> Iterator[Document | Problem]:
    chosen: Columns | None = None
    shared: tuple[str, ...] = ()
    notices: list[Notice] = []
    groups: dict[tuple[str, ...], list[tuple[int, Record]]] = {}

    def documents(rows: Sequence[tuple[int, Record]], *said: Notice) -> Iterator[Document | Problem]:
        assert chosen is not None
        try:
            yield _read_row(rows, chosen, file, name, (*notices, *said))
            notices.clear()
        except Exception as error:
            yield problem_of(error, file, f"row {rows[0][0]}")

    for number, record in records:
        if isinstance(record, Fault):
            yield problem_of(record, file, f"row {number}" if number else "")
            continue
        if chosen is None:
            chosen = choose_columns(record, columns, file)
            shared = _joining_columns(join, chosen, record, file)
            notices += chosen.unused_notice(but=shared)
        values = tuple(record.get(column, "").strip() for column in shared)
        if not shared:
            yield from documents([(number, record)])
        elif not all(values):
            message = f"row {number} has no value in a column that rows are joined by"
            yield from documents([(number, record)], Notice("not-joined", message))
        elif chosen.cell(record, TEXT).strip():
            groups.setdefault(values, []).append((number, record))
        else:
            yield problem_of(_NO_TEXT, file, f"row {number}")
    for rows in groups.values():
        yield from documents(rows)


def _read_row(
    rows: Sequence[tuple[int, Record]], columns: Columns, file: str, name: str, said: Sequence[Notice]
) -> Document:
    """Return the report in a row, or in several, whose texts stand under each other in the order of the table.

    What the other columns say counts where no two rows differ, and is left out and named where they do; a value that
    cannot be read is named.

    Raises
    ------
    Fault
        If there is no text, or its cells cannot be told, or its id can name no report.
    """
    for _, record in rows:
        _check(record, columns)
    text = "\n".join(columns.cell(record, TEXT) for _, record in rows)
    if len(text) > limits.MAX_FILE_BYTES:
        raise too_long(f"its {len(rows)} rows together are", "join fewer rows") if rows[1:] else too_long("the row is")
    if not text.strip():
        raise _NO_TEXT
    check_characters(text)
    markup = None
    if "<" in text or "&" in text:
        from corpus.loading.files.webpages import read_markup

        markup = read_markup(text)
    raw = text if markup is None else markup
    if markup is not None:
        check_characters(raw)
    facts, notices = _facts(rows, columns)
    number = rows[0][0]
    report_id = columns.cell(rows[0][1], "report_id").strip() or f"{name}-{number}"
    year = facts.pop(YEAR, None)
    landmarks = [(0, f"row {number}")]
    for (_, before), (number, _) in pairwise(rows if markup is None else ()):
        landmarks.append((landmarks[-1][0] + len(columns.cell(before, TEXT)) + 1, f"row {number}"))
    source = Source(
        file,
        sha256(text.encode("utf-8")).hexdigest(),
        "utf-8",
        reader=CELL if markup is None else f"{name_reader('lxml')}, from a {CELL}",
        text_sha256=sha256(raw.encode("utf-8")).hexdigest(),
        landmarks=tuple(landmarks),
    )
    told = (columns.by_name[YEAR], year) if isinstance(year, int) else None
    return Document(report_id, raw, source, (*said, *notices), facts=facts, year=told)


def _facts(rows: Sequence[tuple[int, Record]], columns: Columns) -> tuple[dict[str, str | int], list[Notice]]:
    facts: dict[str, str | int] = {}
    notices = []
    differing = []
    for ours, theirs in columns.by_name.items():
        given = dict.fromkeys(record.get(theirs, "").strip() for _, record in rows if ours not in ("report_id", TEXT))
        read = {value: read_value(ours, value) for value in given if value}
        for value in (value for value, typed in read.items() if typed is None):
            shown = value if len(value) <= 40 else f"{value[:40]}…"
            notices.append(Notice("unread-value", f"{ours}: {shown!r} in the column {theirs!r} is no {WANTED[ours]}"))
        typed = {value for value in read.values() if value is not None}
        if len(typed) == 1:
            facts[ours] = typed.pop()
        elif typed:
            differing.append(ours)
    if differing:
        message = f"the {len(rows)} rows of this report differ in {', '.join(differing)}, which is left out"
        notices.append(Notice("rows-differ", message))
    return facts, notices


def _check(record: Record, columns: Columns) -> None:
    """Refuse a row whose cells cannot be told, or whose id can name no report."""
    for ours, theirs in columns.by_name.items():
        if ours != TEXT and _NO_CHARACTER.search(record.get(theirs, "")):
            message = f"column {theirs!r} holds NUL characters or halves of characters (lone surrogates)"
            raise Fault("control-characters", message, "export the table as text again")
    name = columns.cell(record, "report_id").strip()
    if len(name) > limits.MAX_ID_CHARS:
        message = f"its id has {len(name):,} characters, more than {limits.MAX_ID_CHARS}"
        raise Fault("bad-id", message, "give it a short one")
    if _NO_ID.search(name) or name in (".", "..") or ".." in name.replace("\\", "/").split("/"):
        shown = _NO_ID_CHARACTER.sub("?", name)
        message = f"its id is {shown!r}: a path, or with characters that cannot be shown"
        raise Fault("bad-id", message, "give it a plain name")


def _joining_columns(join: Sequence[str], columns: Columns, names: Iterable[str], file: str) -> tuple[str, ...]:
    """Return the table's columns in which the rows of one report agree; ``join`` has our names or the table's.

    Raises
    ------
    CorpusError
        If there is no such column.
    """
    there = list(names)
    found = []
    for name in join:
        theirs = columns.by_name.get(name) or columns.by_name.get("year_reviewed" if name == YEAR else name) or name
        if theirs not in there:
            raise CorpusError(f"{file}: no column holds {name!r} to join rows by; there are {', '.join(there)}")
        found.append(theirs)
    return tuple(found)
