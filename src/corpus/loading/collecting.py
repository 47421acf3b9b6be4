"""Which files of a folder are to be loaded, and which are refused before they are opened."""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from os.path import join, realpath
from pathlib import Path

from corpus.errors import CorpusError
from corpus.loading.catalogue import CATALOGUE_NAME, CORRECTIONS_NAME, Catalogue
from corpus.loading.files.documents import ARCHIVE_SUFFIXES, SUFFIXES, TABLE_SUFFIXES
from corpus.loading.files.limits import MAX_ARCHIVE_BYTES, MAX_FILE_BYTES, MAX_FILES, MAX_TABLE_BYTES, MIB
from corpus.report.values import Problem

_LARGEST = dict.fromkeys(TABLE_SUFFIXES, MAX_TABLE_BYTES) | dict.fromkeys(ARCHIVE_SUFFIXES, MAX_ARCHIVE_BYTES)
_UNREAD = {
    **dict.fromkeys((".doc", ".wps", ".rtf", ".odt"), "save it as .docx"),
    **dict.fromkeys((".xls", ".xlsx", ".et"), "save the sheet as .csv"),
    **dict.fromkeys((".mht", ".mhtml"), "save the page as .html"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz"), "unpack it, or pack its files as .zip"),
    **dict.fromkeys((".ofd", ".caj", ".ppt", ".pptx"), "save it as PDF or text"),
}
"""Formats in which reports are handed on and which are not read, with the way to one that is."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to load: its path, its name relative to the folder, and the id its report gets."""

    path: Path
    file: str
    report_id: str


def collect_files(folder: Path, catalogue: Catalogue | None) -> tuple[list[Candidate], list[Problem]]:
    """Return the files of a folder that are to be loaded, in the order of their names.

    Without a catalogue these are all files below the folder whose format is known. With one they are the files it
    lists, and those of known formats that lie in the same folders as these. Files of other formats in which reports
    are handed on (.doc, .xlsx) are among the problems.

    Raises
    ------
    CorpusError
        If there are more files than `limits.MAX_FILES`.
    """
    problems: list[Problem] = []
    listed = dict(catalogue.entries) if catalogue is not None else {}
    roots = {(folder / file).parent for file in listed} or {folder}
    names = {path.relative_to(folder).as_posix() for root in sorted(roots) for path in _files_below(root, SUFFIXES)}
    names -= {CATALOGUE_NAME, CORRECTIONS_NAME}
    for path in sorted({path for root in roots for path in _files_below(root, _UNREAD)}):
        suffix = path.suffix.lower()
        message, file = f"files of the format {suffix} are not read", path.relative_to(folder).as_posix()
        problems.append(Problem(file, "", "unread-format", message, _UNREAD[suffix]))
    if len(names) > MAX_FILES:
        raise CorpusError(f"{folder}: {len(names)} files, more than {MAX_FILES}; load its folders one by one")
    candidates: dict[str, Candidate] = {}
    for file in sorted(names | set(listed)):
        path = folder / file
        entry = listed.get(file)
        report_id = entry.report_id if entry else file.rsplit(".", 1)[0]
        fault = refusal(path, folder) or _collision(report_id, file, candidates)
        if fault is not None:
            problems.append(Problem(file, "", *fault))
        else:
            candidates[report_id] = Candidate(path, file, report_id)
    return list(candidates.values()), problems


def _files_below(root: Path, suffixes: Collection[str]) -> Iterator[Path]:
    if root.is_dir():
        found = (path for path in sorted(root.rglob("*")) if path.suffix.lower() in suffixes)
        yield from (path for path in found if not path.name.startswith((".", "~$")))


def refusal(path: Path, folder: Path) -> tuple[str, str, str] | None:
    """Return code, message and remedy for a file that must not be opened; None for one that may be."""
    try:
        status = path.stat()
        inside = realpath(path).startswith(join(realpath(folder), ""))
    except OSError as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error.strerror)
        return "missing-file", reason, "correct the catalogue or put the file there"
    if not inside:
        return "outside", "the file lies outside the folder (a link?)", "put a copy into the folder"
    if stat.S_ISDIR(status.st_mode):
        return "directory", "this is a directory, not a file", "rename it, or give its files names of their own"
    if not stat.S_ISREG(status.st_mode):
        return "not-a-file", "this is a pipe or a device, not a file", "put a regular file there"
    most = _LARGEST.get(path.suffix.lower(), MAX_FILE_BYTES)
    if status.st_size > most:
        return "too-large", f"{status.st_size / MIB:,.0f} MiB, more than {most / MIB:,.0f} MiB", "split the file"
    return None


def _collision(report_id: str, file: str, candidates: dict[str, Candidate]) -> tuple[str, str, str] | None:
    other = candidates.get(report_id)
    if other is None:
        return None
    return "same-id", f"{file} and {other.file} would both be called {report_id!r}", "rename one of them"
