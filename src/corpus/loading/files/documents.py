"""Whatever holds reports, read one report at a time: text, web page, Word file, PDF, archive, table."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from corpus.loading.files.archives import read_archive
from corpus.loading.files.decoding import UndecodableError, check_characters, problem_of, read_text
from corpus.loading.files.extraction import Extraction, extract
from corpus.loading.files.file_kinds import (
    ARCHIVE_SUFFIXES,
    SNIFFED_BYTES,
    TABLE_SUFFIXES,
    WORD_SUFFIXES,
    kind_of,
    refusal_by_name,
    suffix_of,
)
from corpus.loading.files.limits import MAX_FILE_BYTES, MIB
from corpus.loading.files.table_rows import Row, read_table
from corpus.loading.files.webpages import read_markup
from corpus.report.values import Notice, Problem, Source

CELL = "cell of a table"
"""What `Source.reader` ends with for a report that is a row of a table."""

_HAN = re.compile(r"[\u3400-\u9fff]")
_NOT_TEXT = ("damaged-encoding", "control-characters")


@dataclass(frozen=True, slots=True)
class Document:
    """A report's worth of text, before anything is known of it.

    Attributes
    ----------
    report_id : str
        What it is called without a catalogue.
    raw : str
    source : Source
    notices : tuple of Notice
        What reading it has shown.
    facts : mapping
        What the other columns of a table say.
    year : (str, int) or None
        What a column of bare years says, with its name: the year reviewed, or that of delivery.
    notes : int or None
        Where in ``raw`` the notes at the foot or the end begin, which are no part of the page.
    """

    report_id: str
    raw: str
    source: Source
    notices: tuple[Notice, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)
    year: tuple[str, int] | None = None
    notes: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are to be read: the caller's encoding, names of columns, and what the rows of one report share."""

    encoding: str | None = None
    columns: Mapping[str, str] | None = None
    join: Sequence[str] = ()


def read_documents(path: Path, file: str, report_id: str, reading: Reading) -> Iterator[Document | Problem]:
    """Yield every report that a file holds, or the problem of one that it cannot give.

    Raises
    ------
    CorpusError
        If a table does not say which column holds the text.
    """
    suffix = suffix_of(file)
    if suffix in ARCHIVE_SUFFIXES:
        for member in read_archive(path, file, refusal_by_name):
            if isinstance(member, Problem):
                yield member
            else:
                member_id = PurePosixPath(member.name.replace("\\", "/")).with_suffix("").as_posix()
                name = f"{file}/{member.name}"
                known = member_id if report_id == "" else f"{report_id}/{member_id}"
                yield from _read_member(member.content, name, known, reading)
        return
    try:
        if suffix in TABLE_SUFFIXES:
            with path.open("rb") as stream:
                kind = kind_of(stream.read(SNIFFED_BYTES), file)
            if kind in ("table", "gzip"):
                rows = read_table(path, file, reading.columns, reading.join)
                yield from read_rows(rows, file, report_id or path.stem)
                return
        content = path.read_bytes()
    except OSError as error:
        yield problem_of(error, file)
        return
    yield _read(content, file, report_id, reading)


def _read_member(content: bytes, file: str, report_id: str, reading: Reading) -> Iterator[Document | Problem]:
    if suffix_of(file) not in TABLE_SUFFIXES or kind_of(content[:SNIFFED_BYTES], file) != "table":
        yield _read(content, file, report_id, reading)
        return
    try:
        rows = read_table(io.BytesIO(content), file, reading.columns, reading.join)
        yield from read_rows(rows, file, report_id)
    except Exception as error:
        yield problem_of(error, file)


def _read(content: bytes, file: str, report_id: str, reading: Reading) -> Document | Problem:
    """Return the report that a file holds, told by its bytes; whatever its reader raises is one problem."""
    try:
        kind = kind_of(content, file)
        if kind == "gzip":
            unpacked = _unpacked(content)
            kind = kind_of(unpacked, file)
            content = unpacked
        if isinstance(kind, tuple):
            return Problem(file, "", *kind)
        if kind in ("page", "word", "pdf"):
            return _extracted(content, file, report_id, extract(kind, content, encoding=reading.encoding))
        document = _read_plain(content, file, report_id, reading)
        if suffix_of(file) in WORD_SUFFIXES and not _HAN.search(document.raw):
            message = "neither a Word file nor a text in Chinese, whatever its name says"
            return Problem(file, "", "renamed", message, "open it in a word processor and save it as .docx")
        return document
    except UndecodableError as error:
        by_name = refusal_by_name(file)
        if error.code in _NOT_TEXT and by_name is not None and by_name[0] == "unread-format":
            return Problem(file, "", *by_name)
        return problem_of(error, file)
    except Exception as error:
        return problem_of(error, file)


def _unpacked(content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        unpacked = stream.read(MAX_FILE_BYTES + 1)
    if len(unpacked) > MAX_FILE_BYTES:
        message = f"it unpacks to more than {MAX_FILE_BYTES / MIB:,.0f} MiB"
        raise UndecodableError("too-large", "", message, "unpack it by hand, if you trust it")
    return unpacked


def _read_plain(content: bytes, file: str, report_id: str, reading: Reading) -> Document:
    decoded = read_text(content, encoding=reading.encoding)
    faithful = decoded.bom + decoded.raw.encode(decoded.encoding) == content
    sha256 = hashlib.sha256(content).hexdigest()
    source = Source(file, sha256, decoded.encoding, decoded.bom, None if faithful else content)
    message = f"the encoding {decoded.encoding} was inferred from the bytes"
    notices = (Notice("encoding-inferred", message),) if decoded.inferred else ()
    return Document(report_id, decoded.raw, source, notices)


def _extracted(content: bytes, file: str, report_id: str, extraction: Extraction) -> Document:
    starts, place = [], 0
    for landmark, words in extraction.paragraphs:
        starts.append((place, landmark))
        place += len(words) + 1
    raw = "\n".join(words for _, words in extraction.paragraphs)
    check_characters(raw)
    source = Source(
        file,
        hashlib.sha256(content).hexdigest(),
        extraction.encoding,
        kept_bytes=content,
        reader=f"{extraction.library} {_version(extraction.library)}",
        text_sha256=hashlib.sha256(raw.encode("utf-8")).hexdigest(),
        landmarks=tuple(starts),
    )
    notes = starts[-extraction.n_notes][0] if extraction.n_notes else None
    return Document(report_id, raw, source, extraction.notices, notes=notes)


@cache
def _version(library: str) -> str:
    return version(library)


def read_rows(rows: Iterable[Row | Problem], file: str, report_id: str) -> Iterator[Document | Problem]:
    """Yield the report in each row of a table; one without an id is called after the table and its row.

    A cell that holds HTML gives the text of it.
    """
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        try:
            yield _row_document(row, file, report_id)
        except Exception as error:
            yield problem_of(error, file, f"row {row.number}")


def _row_document(row: Row, file: str, report_id: str) -> Document:
    check_characters(row.text)
    raw = read_markup(row.text) if "<" in row.text or "&" in row.text else None
    reader = CELL if raw is None else f"lxml {_version('lxml')}, from a {CELL}"
    raw = row.text if raw is None else raw
    check_characters(raw)
    sha256 = hashlib.sha256(row.text.encode("utf-8")).hexdigest()
    text_sha256 = sha256 if raw is row.text else hashlib.sha256(raw.encode("utf-8")).hexdigest()
    landmarks = row.starts if row.starts and reader == CELL else ((0, f"row {row.number}"),)
    source = Source(file, sha256, "utf-8", reader=reader, text_sha256=text_sha256, landmarks=landmarks)
    name = row.report_id or f"{report_id}-{row.number}"
    return Document(name, raw, source, row.notices, facts=row.facts, year=row.year)
