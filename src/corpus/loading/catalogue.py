"""The catalogue of a folder of reports: its rows, its corrections, and what is wrong with them."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from os import PathLike
from os.path import join, realpath
from pathlib import Path, PurePosixPath

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading.files.decoding import Fault, read_text
from corpus.loading.files.file_kinds import ARCHIVE_SUFFIXES, TABLE_SUFFIXES, suffix_of
from corpus.loading.files.limits import MAX_ARCHIVE_BYTES, MAX_FILE_BYTES, MAX_TABLE_BYTES, MIB
from corpus.loading.files.table_rows import WANTED, read_value
from corpus.report.values import CATALOGUE_FACTS, FACTS, LABELS, Label, Problem

_LARGEST = dict.fromkeys(TABLE_SUFFIXES, MAX_TABLE_BYTES) | dict.fromkeys(ARCHIVE_SUFFIXES, MAX_ARCHIVE_BYTES)
CATALOGUE_NAME = "catalogue.csv"
CORRECTIONS_NAME = "corrections.csv"
_NOT_IN_A_CATALOGUE = ("township", "delivered", "source", "document_number")
COLUMNS = (
    *("report_id", "file", "sha256"),
    *(name for name in FACTS if name not in _NOT_IN_A_CATALOGUE),
    *CATALOGUE_FACTS,
    "note",
)
LEVELS = ("national", "province", "prefecture", "county", "other")
_ID = re.compile(r"(?!\.{1,2}\Z)[^\s/\\\x00-\x1f\x7f-\x9f\u202a-\u202e]{1,120}")
_SHA256 = re.compile(r"(?:[0-9a-f]{64})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a catalogue that may be loaded: the file it names and the facts it gives."""

    report_id: str
    file: str
    sha256: str
    facts: dict[str, str | int]


@dataclass(slots=True)
class Catalogue:
    """The rows of a catalogue that can be used, by file, and the problems of the others."""

    entries: dict[str, Entry] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_catalogue(folder: Path) -> Catalogue | None:
    """Read catalogue.csv and corrections.csv of a folder; None where there is no catalogue.

    A row that names a path outside the folder, an id or file that an earlier row has, or a value that is no date,
    year or code, is left out with a problem that names its line. Empty cells give no fact.

    Raises
    ------
    CorpusError
        If the file is a link out of the folder, a pipe, a device or too large, cannot be decoded, or lacks the columns
        ``report_id`` and ``file``.
    """
    path = folder / CATALOGUE_NAME
    if not _is_there(path):
        return None
    catalogue = Catalogue()
    ids: dict[str, int] = {}
    for line, row in _rows(path, ("report_id", "file")):
        try:
            entry = _entry(row)
            if entry.report_id in ids:
                raise ValueError(f"report_id {entry.report_id!r} stands in line {ids[entry.report_id]} already")
            if entry.file in catalogue.entries:
                raise ValueError(f"{entry.file} is listed twice")
        except ValueError as error:
            problem = Problem(CATALOGUE_NAME, f"line {line}", "catalogue-row", str(error), "correct the row")
            catalogue.problems.append(problem)
        else:
            ids[entry.report_id] = line
            catalogue.entries[entry.file] = entry
    _apply_corrections(folder, catalogue)
    return catalogue


def _is_there(path: Path) -> bool:
    """Tell whether there is such a file; one that must not be opened is an error, not a file that is missing."""
    if not path.exists() and not path.is_symlink():
        return False
    try:
        check_file(path, path.parent, most=MAX_FILE_BYTES)
    except Fault as fault:
        raise CorpusError(f"{path.name}: {fault.message}; {fault.remedy}") from fault
    return True


def check_file(path: Path, folder: Path, *, most: int | None = None) -> None:
    """Refuse a file that must not be opened.

    Parameters
    ----------
    path, folder : Path
    most : int, optional
        How many bytes it may have, by default those that its format may.

    Raises
    ------
    Fault
        If it is none, lies outside of the folder or is too large.
    """
    try:
        status = path.lstat()
        # A plain file in the folder itself needs no look at where links lead.
        inside = path.parent == folder and not stat.S_ISLNK(status.st_mode)
        if not inside:
            status = path.stat()
            inside = realpath(path).startswith(join(realpath(folder), ""))
    except (OSError, ValueError) as error:
        reason = "there is no such file"
        if not isinstance(error, FileNotFoundError):
            reason = str(getattr(error, "strerror", None) or error)
        raise Fault("missing-file", reason, "correct the catalogue or put the file there") from error
    if not inside:
        raise Fault("outside", "the file lies outside the folder (a link?)", "put a copy into the folder")
    if stat.S_ISDIR(status.st_mode):
        raise Fault("directory", "this is a directory, not a file", "rename it, or give its files names of their own")
    if not stat.S_ISREG(status.st_mode):
        raise Fault("not-a-file", "this is a pipe or a device, not a file", "put a regular file there")
    most = most or _LARGEST.get(suffix_of(path.name), MAX_FILE_BYTES)
    if status.st_size > most:
        message = f"{status.st_size / MIB:,.0f} MiB, more than {most / MIB:,.0f} MiB"
        raise Fault("too-large", message, "split the file")


def _rows(path: Path, required: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a table as spreadsheets save it: in UTF-8 or GB18030."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"{path.name}: {error.strerror}; check the file and its permissions") from error
    text, _, delimiter = read_table_text(content, path)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    lacking = [name for name in required if name not in (reader.fieldnames or ())]
    if lacking:
        raise CorpusError(f"{path.name}: the column {lacking[0]!r} is missing; its first line must name the columns")
    try:
        for row in reader:
            cells = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
            if any(cells.values()):
                yield reader.line_num, cells
    except csv.Error as error:
        raise CorpusError(f"{path.name}, line {reader.line_num}: {error}; check the quotes") from error


def read_table_text(content: bytes, path: Path) -> tuple[str, str, str]:
    """Return the text of a catalogue without its byte order mark, its encoding, and what separates its cells.

    Raises
    ------
    CorpusError
        If it is neither UTF-8 nor anything else that Chinese spreadsheets write.
    """
    try:
        text, encoding = content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        try:
            decoded = read_text(content)
        except Fault as error:
            raise CorpusError(f"{path.name}: {error.message}; save the file as UTF-8") from error
        text, encoding = decoded.raw, decoded.encoding
    return text, encoding, max(",\t;", key=text.partition("\n")[0].count)


def _entry(row: dict[str, str]) -> Entry:
    """Return what a row says.

    Raises
    ------
    ValueError
        With what is wrong with it.
    """
    report_id, file, sha256 = row["report_id"], row["file"], row.get("sha256", "")
    if not report_id or not file:
        raise ValueError("the row names no report_id or no file")
    if "\0" in file:
        raise ValueError("the name of its file holds NUL characters")
    path = PurePosixPath(file.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or re.match(r"[A-Za-z]:", file):
        raise ValueError(f"{file} lies outside the folder")
    if not _ID.fullmatch(report_id):
        raise ValueError(f"report_id is {report_id!r}, no name without spaces and slashes")
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"sha256 is {sha256!r}, no 64 hexadecimal digits")
    facts = {name: _fact(name, row[name]) for name in (*FACTS, *CATALOGUE_FACTS) if row.get(name)}
    return Entry(report_id, file, sha256, facts)


def _fact(name: str, value: str) -> str | int:
    found = read_value(name, value) if value else ""
    if name == "level" and value not in ("", *LEVELS):
        raise ValueError(f"level is {value!r}, none of {', '.join(LEVELS)}")
    if found is None:
        raise ValueError(f"{name} is {value!r}, no {WANTED[name]}")
    return found


def _apply_corrections(folder: Path, catalogue: Catalogue) -> None:
    path = folder / CORRECTIONS_NAME
    if not _is_there(path):
        return
    by_id = {entry.report_id: entry for entry in catalogue.entries.values()}
    for line, row in _rows(path, ("report_id", "fact", "value")):
        report_id, name = row["report_id"], row["fact"]
        try:
            if report_id not in by_id or name not in (*FACTS, *CATALOGUE_FACTS):
                raise ValueError(f"no report {report_id!r} or no fact {name!r}")
            by_id[report_id].facts[name] = _fact(name, row["value"])
        except ValueError as error:
            problem = Problem(CORRECTIONS_NAME, f"line {line}", "correction", str(error), "correct the row")
            catalogue.problems.append(problem)


_NEEDED = ("report_id", "start", "end", "coder", "label")


def load_labels(path: str | PathLike[str] | None = None) -> tuple[Label, ...]:
    """Return labels of sentences, in the order of the file.

    Parameters
    ----------
    path : path, optional
        A table (.csv) with the columns report_id, start, end, coder and label, as the filled form
        ``data/labels/coding_form.csv``. Without it: the labels of three of the five reports in
        ``data/labels/sentence_labels.csv``. These are two readings of a language model that followed one guide, not
        human coding, and whoever uses them says so.

    Returns
    -------
    tuple of Label
        Rows whose label is empty are not yet coded and are left out.

    Raises
    ------
    CorpusError
        If the table lacks a column or holds no label, or a row has another label, no coder or no span.

    Examples
    --------
    >>> import corpus
    >>> labels = corpus.validation.load_labels()
    >>> len(labels), labels[9].coder, labels[9].label
    (274, 'reading 2', 'specific')
    """
    file = data_path("labels", "sentence_labels.csv") if path is None else Path(path)
    if not file.is_file():
        raise CorpusError(f"{file}: there is no such file; check the path")
    rows = list(_rows(file, _NEEDED))
    labels = tuple(_label(row, f"{file}, row {line}") for line, row in rows if row["label"])
    if not labels:
        raise CorpusError(f"{file}: no row has a label; fill in the column 'label'")
    return labels


def _label(row: dict[str, str], place: str) -> Label:
    label, coder = row["label"].strip().lower(), (row["coder"] or "").strip()
    known = {str(name): name for name in LABELS}
    if label not in known:
        raise CorpusError(f"{place}: {label!r} is no label; the labels are {', '.join(LABELS)}")
    if not coder:
        raise CorpusError(f"{place}: the column 'coder' is empty; write who coded it")
    try:
        start, end = int(row["start"]), int(row["end"])
    except ValueError:
        raise CorpusError(f"{place}: start and end are {row['start']!r} and {row['end']!r}, no whole numbers") from None
    return Label(row["report_id"].strip(), start, end, coder, known[label])
