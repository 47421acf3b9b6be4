"""The rows of a table (.csv, .tsv, .jsonl), each a report: which column holds what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.loading.files import limits
from corpus.loading.files.limits import MIB
from corpus.loading.files.table_records import Records, as_text, read_records
from corpus.report.values import CATALOGUE_FACTS, FACTS, Problem

if TYPE_CHECKING:
    import pandas as pd

TEXT = "text"
KNOWN_COLUMNS = ("report_id", TEXT, *FACTS, *CATALOGUE_FACTS)
_GUESSES: Mapping[str, tuple[str, ...]] = {
    **{name: (name,) for name in KNOWN_COLUMNS},
    "report_id": ("report_id", "id", "doc_id", "编号", "序号"),
    TEXT: ("text", "content", "body", "fulltext", "full_text", "正文", "内容", "全文", "文本"),
    "title": ("title", "标题", "题目"),
    "issuer": ("issuer", "发布机构", "发文机关", "发布机关", "单位", "机关"),
    "year_reviewed": ("year_reviewed", "报告年度", "年度"),
    "published": ("published", "pubdate", "publish_date", "发布日期", "发布时间"),
    "url": ("url", "link", "网址", "链接"),
    "source": ("source", "来源"),
}
_YEAR = re.compile(r"\s*((?:19|20)\d\d)(?:\D.*)?", re.DOTALL)
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
# What no name of a report holds: controls, marks of direction, the beginning of a path, tags.
_NO_ID_CHARACTER = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_NO_ID = re.compile(rf"{_NO_ID_CHARACTER.pattern}|\A[/\\~]|\A[A-Za-z]:[/\\]|[/\\]\Z")
_DAY = re.compile(r"\s*((?:19|20)\d\d)[-/年.](\d{1,2})[-/月.](\d{1,2})")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number from 1, its text and the facts in its other columns."""

    number: int
    report_id: str
    text: str
    facts: dict[str, str | int]


def read_table(source: Path | IO[bytes], file: str, columns: Mapping[str, str] | None) -> Iterator[Row | Problem]:
    """Yield the rows of a table, one at a time, or the problem of a row that holds no report.

    Which column holds what is said by ``columns`` (our name: the table's name) or guessed from the table's names;
    `read_records` says how tables are written.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` names one that is not there.
    """
    yield from _rows(read_records(source, file), file, columns)


def read_frame(frame: pd.DataFrame, file: str, columns: Mapping[str, str] | None) -> Iterator[Row | Problem]:
    """Yield the rows of a table in memory as `read_table` does those of a file; what is missing (NaN) is empty.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` names one that is not there.
    """
    if not len(frame):
        _choose(dict.fromkeys(map(str, frame.columns), ""), columns, file)
    yield from _rows(_frame_records(frame), file, columns)


def _rows(records: Records, file: str, columns: Mapping[str, str] | None) -> Iterator[Row | Problem]:
    chosen: Mapping[str, str] | None = None
    for number, record in records:
        place = f"row {number}" if number else ""
        if isinstance(record, tuple):
            yield Problem(file, place, *record)
            continue
        chosen = chosen or _choose(record, columns, file)
        fault = _fault(record, chosen)
        if fault is not None:
            yield Problem(file, place, *fault)
            continue
        yield _row(number, record, chosen) or Problem(
            file, place, "empty", "the row holds no text", "fill it in, or leave it out"
        )


def _fault(record: Mapping[str, str], chosen: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Return code, message and remedy for a row whose cells cannot be told, or whose id can name no report."""
    for ours, theirs in chosen.items():
        if ours != TEXT and _NO_CHARACTER.search(record.get(theirs, "")):
            message = f"column {theirs!r} holds NUL characters or halves of characters (lone surrogates)"
            return "control-characters", message, "export the table as text again"
    name = record.get(chosen.get("report_id", ""), "").strip()
    if not name:
        return None
    if len(name) > limits.MAX_ID_CHARS:
        return "bad-id", f"its id has {len(name):,} characters, more than {limits.MAX_ID_CHARS}", "give it a short one"
    if _NO_ID.search(name) or name in (".", "..") or ".." in name.replace("\\", "/").split("/"):
        shown = _NO_ID_CHARACTER.sub("?", name)
        return "bad-id", f"its id is {shown!r}: a path, or with characters that cannot be shown", "give it a plain name"
    return None


def _frame_records(frame: pd.DataFrame) -> Records:
    names = [str(name) for name in frame.columns]
    for number, values in enumerate(frame.itertuples(index=False, name=None), 1):
        record = {name: as_text(value) for name, value in zip(names, values, strict=True)}
        if sum(map(len, record.values())) > limits.MAX_FILE_BYTES:
            message = f"the row is longer than {limits.MAX_FILE_BYTES / MIB:,.0f} Mi characters"
            yield number, ("too-large", message, "split it")
        else:
            yield number, record


def _choose(record: Mapping[str, str], columns: Mapping[str, str] | None, file: str) -> dict[str, str]:
    """Return the table's column for each of our names."""
    if columns is not None:
        for ours, theirs in columns.items():
            if ours not in KNOWN_COLUMNS:
                raise CorpusError(f"columns: {ours!r} is none of {', '.join(KNOWN_COLUMNS)}")
            if theirs not in record:
                raise CorpusError(f"{file}: there is no column {theirs!r}; there are {', '.join(record)}")
    by_name = {name.strip().lower(): name for name in record}
    guessed = {ours: by_name[guess] for ours, guesses in _GUESSES.items() for guess in guesses if guess in by_name}
    chosen = {**guessed, **(columns or {})}
    if TEXT not in chosen:
        raise CorpusError(
            f"{file}: no column is called text; name it: load_reports({file!r}, columns={{'text': …}}); "
            f"there are {', '.join(record)}"
        )
    return chosen


def _row(number: int, record: Mapping[str, str], chosen: Mapping[str, str]) -> Row | None:
    text = record.get(chosen[TEXT], "")
    if not text.strip():
        return None
    facts: dict[str, str | int] = {}
    for name in (*FACTS, *CATALOGUE_FACTS):
        value = record.get(chosen.get(name, ""), "").strip()
        if value and (typed := _typed(name, value)) is not None:
            facts[name] = typed
    return Row(number, record.get(chosen.get("report_id", ""), "").strip(), text, facts)


def _typed(name: str, value: str) -> str | int | None:
    if name == "year_reviewed":
        year = _YEAR.fullmatch(value)
        return int(year[1]) if year else None
    if name in ("published", "signed"):
        day = _DAY.match(value)
        return f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" if day else None
    return value
