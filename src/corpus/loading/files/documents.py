"""Whatever holds reports, read one report at a time: text, web page, Word file, PDF, archive, table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

from corpus.loading.files.archives import read_archive
from corpus.loading.files.decoding import UndecodableError, check_characters, read_text
from corpus.loading.files.guessed_columns import Row
from corpus.loading.files.limits import id_fault
from corpus.loading.files.table_rows import read_table
from corpus.report.values import Notice, Problem, Source

TABLE_SUFFIXES = (".csv", ".tsv", ".jsonl")
ARCHIVE_SUFFIXES = (".zip",)
CELL = "cell of a table"
"""What `Source.reader` says of a report that is a row of a table."""


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
    """

    report_id: str
    raw: str
    source: Source
    notices: tuple[Notice, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)
    year: tuple[str, int] | None = None


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
    suffix = path.suffix.lower()
    if suffix in ARCHIVE_SUFFIXES:
        for member in read_archive(path, file, tuple(_READERS)):
            if isinstance(member, Problem):
                yield member
            else:
                member_id = PurePosixPath(member.name).with_suffix("").as_posix()
                name = f"{file}/{member.name}"
                yield _read(member.content, name, member_id if report_id == "" else f"{report_id}/{member_id}", reading)
    elif suffix in TABLE_SUFFIXES:
        yield from read_rows(read_table(path, file, reading.columns, reading.join), file, report_id or path.stem)
    else:
        try:
            content = path.read_bytes()
        except OSError as error:
            yield Problem(file, "", "unreadable", str(error.strerror), "check the file and its permissions")
            return
        yield _read(content, file, report_id, reading)


def _read(content: bytes, file: str, report_id: str, reading: Reading) -> Document | Problem:
    reader = _READERS.get(PurePosixPath(file).suffix.lower(), _read_plain)
    try:
        return reader(content, file, report_id, reading)
    except UndecodableError as error:
        return Problem(file, error.place, error.code, error.message, error.remedy)


def _read_plain(content: bytes, file: str, report_id: str, reading: Reading) -> Document:
    decoded = read_text(content, encoding=reading.encoding)
    faithful = decoded.bom + decoded.raw.encode(decoded.encoding) == content
    sha256 = hashlib.sha256(content).hexdigest()
    source = Source(file, sha256, decoded.encoding, decoded.bom, None if faithful else content)
    notices = (_inferred_encoding(decoded.encoding),) if decoded.inferred else ()
    return Document(report_id, decoded.raw, source, notices)


def _inferred_encoding(encoding: str) -> Notice:
    return Notice("encoding-inferred", f"the encoding {encoding} was inferred from the bytes")


def _read_webpage(content: bytes, file: str, report_id: str, reading: Reading) -> Document:
    from corpus.loading.files.webpages import read_webpage

    decoded, blocks = read_webpage(content, encoding=reading.encoding)
    notices = (_inferred_encoding(decoded.encoding),) if decoded.inferred else ()
    paragraphs = [(f"paragraph {number}", block) for number, block in enumerate(blocks, 1)]
    return _extracted(content, file, report_id, decoded.encoding, _Extraction("lxml", paragraphs, notices))


def _read_word(content: bytes, file: str, report_id: str, _: Reading) -> Document:
    from corpus.loading.files.word import read_word

    paragraphs = [(f"paragraph {number}", words) for number, words in enumerate(read_word(content), 1)]
    return _extracted(content, file, report_id, "utf-8", _Extraction("python-docx", paragraphs))


def _read_pdf(content: bytes, file: str, report_id: str, _: Reading) -> Document:
    from corpus.loading.files.pdf import read_pdf

    paragraphs = [(f"page {page}", words) for page, words in read_pdf(content)]
    return _extracted(content, file, report_id, "utf-8", _Extraction("pypdfium2", paragraphs))


_READERS: Mapping[str, Callable[[bytes, str, str, Reading], Document]] = {
    ".txt": _read_plain,
    ".html": _read_webpage,
    ".htm": _read_webpage,
    ".docx": _read_word,
    ".pdf": _read_pdf,
}
SUFFIXES = (*_READERS, *ARCHIVE_SUFFIXES, *TABLE_SUFFIXES)


@dataclass(frozen=True, slots=True)
class _Extraction:
    """What a library took out of a file: paragraphs, each with its place in the file."""

    library: str
    paragraphs: Sequence[tuple[str, str]]
    notices: tuple[Notice, ...] = ()


def _extracted(content: bytes, file: str, report_id: str, encoding: str, extraction: _Extraction) -> Document:
    starts, place = [], 0
    for landmark, words in extraction.paragraphs:
        starts.append((place, landmark))
        place += len(words) + 1
    raw = "\n".join(words for _, words in extraction.paragraphs)
    check_characters(raw)
    source = Source(
        file,
        hashlib.sha256(content).hexdigest(),
        encoding,
        kept_bytes=content,
        reader=f"{extraction.library} {_version(extraction.library)}",
        text_sha256=hashlib.sha256(raw.encode("utf-8")).hexdigest(),
        landmarks=tuple(starts),
    )
    return Document(report_id, raw, source, extraction.notices)


@cache
def _version(library: str) -> str:
    return version(library)


def read_rows(rows: Iterable[Row | Problem], file: str, report_id: str) -> Iterator[Document | Problem]:
    """Yield the report in each row of a table; one without an id is called after the table and its row."""
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        fault = id_fault(row.report_id) if row.report_id else None
        if fault is not None:
            yield Problem(file, f"row {row.number}", "unfit-id", fault, "give the row another id, or none")
            continue
        try:
            check_characters(row.text)
        except UndecodableError as error:
            yield Problem(file, f"row {row.number}, {error.place}", error.code, error.message, error.remedy)
            continue
        sha256 = hashlib.sha256(row.text.encode("utf-8")).hexdigest()
        landmarks = row.starts or ((0, f"row {row.number}"),)
        source = Source(file, sha256, "utf-8", reader=CELL, text_sha256=sha256, landmarks=landmarks)
        name = row.report_id or f"{report_id}-{row.number}"
        yield Document(name, row.text, source, row.notices, facts=row.facts, year=row.year)
