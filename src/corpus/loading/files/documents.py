"""Whatever holds reports, read one report at a time: text, web page, Word file, PDF, archive, table."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import stat
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path, PurePosixPath
from typing import IO

from corpus.loading.files.decoding import (
    Document,
    Extraction,
    Fault,
    check_characters,
    name_reader,
    problem_of,
    read_text,
)
from corpus.loading.files.extraction import extract
from corpus.loading.files.file_kinds import (
    ARCHIVE_SUFFIXES,
    SNIFFED_BYTES,
    TABLE_SUFFIXES,
    WORD_SUFFIXES,
    kind_of,
    refusal_by_name,
    suffix_of,
)
from corpus.loading.files.limits import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_TOTAL_RATIO,
    MAX_UNPACKED_ARCHIVE_BYTES,
    MIB,
    bursts,
)
from corpus.loading.files.table_rows import read_table
from corpus.report.values import Notice, Problem, Source

_UTF8_FLAG = 0x800
_HAN = "[\u3400-\u9fff]"
_NOT_TEXT = ("damaged-encoding", "control-characters")


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
    if suffix_of(file) in ARCHIVE_SUFFIXES:
        for name, member in read_archive(path, file):
            if isinstance(member, Problem):
                yield member
                continue
            member_id = PurePosixPath(name.replace("\\", "/")).with_suffix("").as_posix()
            known = f"{report_id}/{member_id}" if report_id else member_id
            try:
                yield from _read_stream(io.BytesIO(member), f"{file}/{name}", known, reading)
            except Exception as error:
                yield problem_of(error, f"{file}/{name}")
        return
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, file, report_id or path.stem, reading)
    except OSError as error:
        yield problem_of(error, file)


def _read_stream(stream: IO[bytes], file: str, report_id: str, reading: Reading) -> Iterator[Document | Problem]:
    is_table = False
    if suffix_of(file) in TABLE_SUFFIXES:
        with suppress(Fault):
            is_table = kind_of(stream.read(SNIFFED_BYTES), file) in ("table", "gzip")
        stream.seek(0)
    if is_table:
        yield from read_table(stream, file, report_id, reading.columns, reading.join)
        return
    try:
        yield _read(stream.read(), file, report_id, reading)
    except Exception as error:
        by_name = refusal_by_name(file) if isinstance(error, Fault) and error.code in _NOT_TEXT else None
        yield problem_of(by_name if by_name is not None and by_name.code == "unread-format" else error, file)


def _read(content: bytes, file: str, report_id: str, reading: Reading) -> Document:
    """Return the report that a file holds, told by its bytes."""
    kind = kind_of(content, file)
    if kind == "gzip":
        content = _bounded(gzip.GzipFile(fileobj=io.BytesIO(content)))
        kind = kind_of(content, file)
    if kind in ("page", "word", "pdf"):
        return _extracted(content, file, report_id, extract(kind, content, encoding=reading.encoding))
    document = _read_plain(content, file, report_id, reading)
    if suffix_of(file) in WORD_SUFFIXES and not re.search(_HAN, document.raw):
        message = "neither a Word file nor a text in Chinese, whatever its name says"
        raise Fault("renamed", message, "open it in a word processor and save it as .docx")
    return document


def _bounded(stream: IO[bytes] | gzip.GzipFile) -> bytes:
    with stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        message = f"it unpacks to more than {MAX_FILE_BYTES / MIB:,.0f} MiB"
        raise Fault("too-large", message, "unpack it by hand, if you trust it")
    return content


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
        reader=name_reader(extraction.library),
        text_sha256=hashlib.sha256(raw.encode("utf-8")).hexdigest(),
        landmarks=tuple(starts),
    )
    notes = starts[-extraction.n_notes][0] if extraction.n_notes else None
    return Document(report_id, raw, source, extraction.notices, notes=notes)


def read_archive(path: Path, file: str) -> Iterator[tuple[str, bytes | Problem]]:
    """Yield name and bytes of the members of an archive, in the order of their names; a problem for what is not read.

    A name without the UTF-8 flag is read as UTF-8 where it is that, else as GB18030, else by the old code page 437.
    Members that would unpack to more than one report may hold, encrypted ones, links, and names that lead out of the
    archive are problems; archives in the archive are not opened. An archive that would unpack to more than all its
    reports may hold is refused as a whole. What programs leave for themselves (``__MACOSX``, ``~$``) is passed over.
    """
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:
        message = f"no readable zip archive ({problem_of(error, file).message})"
        yield "", Problem(file, "", "damaged-archive", message, "obtain it again")
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        try:
            _check_all(path, entries)
        except Fault as fault:
            yield "", problem_of(fault, file)
            return
        names: set[str] = set()
        for name, entry in sorted(((_decoded_name(entry), entry) for entry in entries), key=itemgetter(0)):
            if _is_left_by_a_program(name):
                continue
            try:
                _check_member(name, entry)
                if (refusal := refusal_by_name(name)) is not None:
                    raise refusal
                if name in names:
                    raise Fault(
                        "same-name", "another member has the same name", "unpack it and give each a name of its own"
                    )
                yield name, _unpacked_member(archive, entry)
            except Exception as error:
                yield name, problem_of(error, f"{file}/{name}")
            names.add(name)


def _check_all(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if not entries:
        raise Fault("empty", "the archive holds no file", "obtain it again")
    if len(entries) > MAX_FILES:
        message = f"{len(entries):,} members, more than {MAX_FILES:,}"
        raise Fault("too-many-files", message, "unpack it and load its folders one by one")
    total = sum(entry.file_size for entry in entries)
    too_dense = total > 64 * MIB and total > MAX_TOTAL_RATIO * path.stat().st_size
    if total > MAX_UNPACKED_ARCHIVE_BYTES or too_dense:
        message = f"it would unpack to {total / MIB:,.0f} MiB in {len(entries):,} members"
        raise Fault("bomb", message, "unpack it by hand, if you trust it")


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    for codec in ("utf-8", "gb18030"):
        with suppress(UnicodeError):
            return entry.filename.encode("cp437").decode(codec)
    return entry.filename


def _is_left_by_a_program(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return (path.name.startswith(("._", "~$", ".")) and path.name != "..") or "__MACOSX" in path.parts


def _check_member(name: str, entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.name or any(character < " " or "\ud800" <= character < "\ue000" for character in name):
        raise Fault("bad-name", "its name is none that a file may have", "unpack it by hand and rename it")
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise Fault("outside", "its name leads out of the archive", "unpack it by hand, if you trust it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Fault("link", "it is a link, not a file", "put a copy of the file into the archive")
    if path.suffix.lower() == ".zip":
        raise Fault("nested-archive", "an archive in an archive is not opened", "unpack the outer one")
    if entry.flag_bits & 0x1:
        raise Fault("encrypted", "the member is encrypted", "unpack it with its password")
    if entry.file_size > MAX_FILE_BYTES or bursts(entry):
        message = f"it would unpack to {entry.file_size / MIB:,.0f} MiB"
        raise Fault("too-large", message, "unpack it by hand, if you trust it")


def _unpacked_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        return _bounded(archive.open(entry))
    except OSError as error:  # the archive names a place where it has nothing
        raise zipfile.BadZipFile(error.strerror or str(error)) from error
