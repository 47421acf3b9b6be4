"""The rows of a table (.csv, .tsv, .jsonl), each a report or a piece of one: which column holds what.

Columns are told by the caller, or guessed from the names that people give to them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import IO, TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.field.data_files import lexicon_rows
from corpus.loading.files import limits
from corpus.loading.files.decoding import Fault, problem_of
from corpus.loading.files.table_records import Records, as_text, read_records, too_long
from corpus.report.values import CATALOGUE_FACTS, FACTS, Notice, Problem

if TYPE_CHECKING:
    import pandas as pd

TEXT = "text"
YEAR = "year"
"""A year of which the table does not say whether it is the one reviewed or the one of delivery; the texts decide."""

KNOWN_COLUMNS = ("report_id", TEXT, YEAR, *FACTS, *CATALOGUE_FACTS)
_LEFT_OUT_OF_NAMES = re.compile(r"[\s_\-./·:：\ufeff]+|\([^()]*\)\Z")
_INDEX = re.compile(r"(?:unnamed\d+|index|level\d+)?")
_ALWAYS_SAID = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """The table's column for each of our names, and those that nothing is read from."""

    by_name: Mapping[str, str]
    unused: tuple[str, ...]

    def notice(self, *, but: Sequence[str] = ()) -> Notice | None:
        """Return a notice of what is not used, where there is anything, with what is read from which column."""
        left = [name for name in self.unused if name not in but]
        if not left:
            return None
        read = ", ".join(f"{ours} from {theirs!r}" for ours, theirs in self.by_name.items())
        more = len(left) - _ALWAYS_SAID
        unused = ", ".join(map(repr, left[:_ALWAYS_SAID])) + (f" and {more} more" if more > 0 else "")
        return Notice("unused-columns", f"columns of the table that are not used: {unused}; read were {read}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number from 1, its text and what its other columns say.

    ``year`` is what a column of bare years says, with the name of the column; ``starts`` where in the text of a report
    of several rows each begins.
    """

    number: int
    report_id: str
    text: str
    facts: dict[str, str | int]
    year: tuple[str, int] | None = None
    notices: tuple[Notice, ...] = ()
    starts: tuple[tuple[int, str], ...] = field(default=(), repr=False)


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
            f"{file}: no column is called text; name it: load_reports({file!r}, columns={{'text': …}}); "
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


def read_row(number: int, record: Mapping[str, str], columns: Columns) -> Row:
    """Return what a row says; a value that cannot be read is named in a notice.

    Raises
    ------
    Fault
        If it holds no text.
    """
    values = {ours: record.get(theirs, "") for ours, theirs in columns.by_name.items()}
    text = values.pop(TEXT)
    if not text.strip():
        raise Fault("empty", "the row holds no text", "fill it in, or leave it out")
    report_id = values.pop("report_id", "").strip()
    facts: dict[str, str | int] = {}
    notices = []
    for name, given in values.items():
        value = given.strip()
        typed = read_value(name, value) if value else None
        if typed is not None:
            facts[name] = typed
        elif value:
            shown = value if len(value) <= 40 else f"{value[:40]}…"
            message = f"{name}: {shown!r} in the column {columns.by_name[name]!r} is no {WANTED[name]}"
            notices.append(Notice("unread-value", message))
    year = facts.pop(YEAR, None)
    told = (columns.by_name[YEAR], year) if isinstance(year, int) else None
    return Row(number, report_id, text, facts, told, tuple(notices))


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
    source: IO[bytes], file: str, columns: Mapping[str, str] | None, join: Sequence[str] = ()
) -> Iterator[Row | Problem]:
    """Yield the rows of a table, one at a time, or the problem of a row that holds no report.

    Which column holds what is said by ``columns`` (our name: the table's name) or guessed from the table's names;
    `read_records` says how tables are written. Rows that agree in the columns of ``join`` are one report.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` or ``join`` names one that is not there.
    """
    yield from _read_rows(read_records(source, file), file, columns, join)


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
    yield from _read_rows(_frame_records(frame), file, columns, join)


def _read_rows(
    records: Records, file: str, columns: Mapping[str, str] | None, join: Sequence[str]
) -> Iterator[Row | Problem]:
    chosen: Columns | None = None
    said: Notice | None = None
    shared: tuple[str, ...] = ()
    groups: dict[tuple[str, ...], list[Row]] = {}
    for number, record in records:
        place = f"row {number}" if number else ""
        if isinstance(record, Fault):
            yield problem_of(record, file, place)
            continue
        if chosen is None:
            chosen = choose_columns(record, columns, file)
            shared = _joining_columns(join, chosen, record, file)
            said = chosen.notice(but=shared)
        try:
            _check(record, chosen.by_name)
            row = read_row(number, record, chosen)
        except Fault as fault:
            yield problem_of(fault, file, place)
            continue
        if said is not None:
            row, said = replace(row, notices=(said, *row.notices)), None
        values = tuple(record.get(name, "").strip() for name in shared)
        if not shared:
            yield row
        elif all(values):
            groups.setdefault(values, []).append(row)
        else:
            lone = Notice("not-joined", f"{place} has no value in a column that rows are joined by")
            groups["row", str(number)] = [replace(row, notices=(*row.notices, lone))]
    yield from (_joined(rows, file) for rows in groups.values())


def _check(record: Mapping[str, str], chosen: Mapping[str, str]) -> None:
    """Refuse a row whose cells cannot be told, or whose id can name no report."""
    for ours, theirs in chosen.items():
        if ours != TEXT and _NO_CHARACTER.search(record.get(theirs, "")):
            message = f"column {theirs!r} holds NUL characters or halves of characters (lone surrogates)"
            raise Fault("control-characters", message, "export the table as text again")
    name = record.get(chosen.get("report_id", ""), "").strip()
    if len(name) > limits.MAX_ID_CHARS:
        message = f"its id has {len(name):,} characters, more than {limits.MAX_ID_CHARS}"
        raise Fault("bad-id", message, "give it a short one")
    if _NO_ID.search(name) or name in (".", "..") or ".." in name.replace("\\", "/").split("/"):
        shown = _NO_ID_CHARACTER.sub("?", name)
        message = f"its id is {shown!r}: a path, or with characters that cannot be shown"
        raise Fault("bad-id", message, "give it a plain name")


def _frame_records(frame: pd.DataFrame) -> Records:
    names = [str(name) for name in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), 1):
        record = {name: as_text(value) for name, value in zip(names, values, strict=True)}
        is_long = sum(map(len, record.values())) > limits.MAX_FILE_BYTES
        yield number, too_long("the row is") if is_long else record


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


def _joined(rows: Sequence[Row], file: str) -> Row | Problem:
    """Return one row for all of a report, their texts under each other in the order of the table.

    What the other columns say counts where no two of them differ, and is left out and named where they do.
    """
    if sum(len(row.text) + 1 for row in rows) > limits.MAX_FILE_BYTES:
        fault = too_long(f"its {len(rows)} rows together are", "join fewer rows")
        return problem_of(fault, file, f"row {rows[0].number}")
    if len(rows) == 1:
        return rows[0]
    starts, place = [], 0
    for row in rows:
        starts.append((place, f"row {row.number}"))
        place += len(row.text) + 1
    said: dict[str, set[str | int]] = {}
    for name, value in (pair for row in rows for pair in row.facts.items()):
        said.setdefault(name, set()).add(value)
    facts = {name: values.pop() for name, values in said.items() if len(values) == 1}
    years = {row.year for row in rows if row.year is not None}
    notices = [notice for row in rows for notice in row.notices]
    if differing := ", ".join(name for name in said if name not in facts):
        message = f"the {len(rows)} rows of this report differ in {differing}, which is left out"
        notices.append(Notice("rows-differ", message))
    text = "\n".join(row.text for row in rows)
    year = years.pop() if len(years) == 1 else None
    return Row(rows[0].number, rows[0].report_id, text, facts, year, tuple(dict.fromkeys(notices)), tuple(starts))
