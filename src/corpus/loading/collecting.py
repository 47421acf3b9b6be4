"""Which files of a folder are to be loaded, and which are refused before they are opened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

from corpus.errors import CorpusError
from corpus.loading.catalogue import CATALOGUE_NAME, CORRECTIONS_NAME, Catalogue, check_file
from corpus.loading.files.decoding import Fault, problem_of
from corpus.loading.files.file_kinds import (
    ARCHIVE_SUFFIXES,
    SNIFFED_BYTES,
    SUFFIXES,
    TABLE_SUFFIXES,
    kind_of,
    refusal_by_name,
    right_name,
    suffix_of,
)
from corpus.loading.files.limits import MAX_FILES
from corpus.report.values import Problem

_ALWAYS_TRIED = frozenset((".txt", ".html", ".htm", ".docx", ".pdf", *ARCHIVE_SUFFIXES, *TABLE_SUFFIXES))
"""Formats whose files are what their names say nearly always; of others the first bytes are looked at beforehand."""
SAVED_WITH = "provenance.json"
"""What lies beside each figure and table that the workbook saved."""
_LEFT_BY_PROGRAMS = frozenset(("thumbs.db", "desktop.ini"))
_PARTS_OF_PAGES = ("_files", ".files", "_文件")
"""Ends of the names of folders in which browsers put the pictures and scripts of a page they save."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to load: its path, its name relative to the folder, and the id its report gets."""

    path: Path
    file: str
    report_id: str


def collect_files(folder: Path, catalogue: Catalogue | None) -> tuple[list[Candidate], list[Problem]]:
    """Return the files of a folder that are to be loaded, in the order of their names.

    Without a catalogue these are all files below the folder whose format is known. With one they are the files it
    lists, and those of known formats that lie in the same folders as these. All other files there are among the
    problems, each with the way to a format that is read, but for those that programs leave for themselves.

    Raises
    ------
    CorpusError
        If there are more files than `limits.MAX_FILES`.
    """
    problems: list[Problem] = []
    listed = dict(catalogue.entries) if catalogue is not None else {}
    roots = {(folder / file).parent for file in listed} or {folder}
    found = {path for root in sorted(roots) for path in _files_below(root)}
    found -= {folder / CATALOGUE_NAME, folder / CORRECTIONS_NAME}
    paths = {path.relative_to(folder).as_posix(): path for path in found} | {file: folder / file for file in listed}
    if len(paths) > MAX_FILES:
        raise CorpusError(f"{folder}: {len(paths)} files, more than {MAX_FILES}; load its folders one by one")
    candidates = []
    for stored, path in sorted(paths.items()):
        file = legible_name(stored)
        entry = listed.get(stored)
        report_id = entry.report_id if entry else file.rsplit(".", 1)[0]
        try:
            check_file(path, folder)
            _check_kind(path, file, is_listed=entry is not None)
        except (Fault, OSError) as error:
            problems.append(problem_of(error, file))
        else:
            candidates.append(Candidate(path, file, report_id))
    return candidates, problems


def _files_below(root: Path) -> Iterator[Path]:
    """Yield what lies in a folder and may be a report, folders with the name of a file too.

    Figures and tables that the workbook saved are passed over.
    """
    paths = sorted(root.rglob("*")) if root.is_dir() else []
    saved = {path.parent for path in paths if path.name == SAVED_WITH}
    for path in paths:
        if path.parent in saved:
            continue
        name, (*folders, _) = path.name, path.relative_to(root).parts
        if name.startswith((".", "~$")) or name.lower() in _LEFT_BY_PROGRAMS:
            continue
        is_part = any(folder.startswith(".") or folder.endswith(_PARTS_OF_PAGES) for folder in folders)
        if suffix_of(legible_name(name)) in SUFFIXES or not (path.is_dir() or is_part):
            yield path


def legible_name(name: str) -> str:
    """Return the name of a file as a person reads it: one that is not UTF-8 is read as GB18030, else escaped.

    Examples
    --------
    >>> legible_name("2020/" + "报告".encode("gbk").decode("utf-8", "surrogateescape"))
    '2020/报告'
    """
    if name.isprintable():
        return name
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        stored = name.encode("utf-8", "surrogateescape")
        try:
            name = stored.decode("gb18030")
        except UnicodeDecodeError:
            name = stored.decode("utf-8", "backslashreplace")
    return "".join(
        ascii(character)[1:-1] if category(character) in ("Cc", "Cf", "Cs") else character for character in name
    )


def _check_kind(path: Path, file: str, *, is_listed: bool) -> None:
    """Refuse a file whose name or whose bytes are those of a format that is not read."""
    if suffix_of(file) in _ALWAYS_TRIED:
        return
    with path.open("rb") as stream:
        beginning = stream.read(SNIFFED_BYTES)
    kind = kind_of(beginning, file)
    by_name = refusal_by_name(file)
    if by_name is not None and not is_listed:
        raise right_name(beginning, kind) or by_name
