"""Which files of a folder are to be loaded, and which are refused before they are opened."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from os.path import join, realpath
from pathlib import Path

from corpus.loading.catalogue import CATALOGUE_NAME, CORRECTIONS_NAME, Catalogue
from corpus.loading.documents import ARCHIVE_SUFFIXES, SUFFIXES, TABLE_SUFFIXES
from corpus.loading.limits import MAX_ARCHIVE_BYTES, MAX_FILE_BYTES, MAX_FILES, MAX_TABLE_BYTES, MIB
from corpus.values import CorpusError, Problem

_LARGEST = dict.fromkeys(TABLE_SUFFIXES, MAX_TABLE_BYTES) | dict.fromkeys(ARCHIVE_SUFFIXES, MAX_ARCHIVE_BYTES)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to load: its path, its name relative to the folder, and the id its report gets."""

    path: Path
    file: str
    report_id: str


def collect_files(folder: Path, catalogue: Catalogue | None) -> tuple[list[Candidate], list[Problem]]:
    """Return the files of a folder that are to be loaded, in the order of their names.

    Without a catalogue these are all files below the folder whose format is known. With one they are the files it
    lists, and those of known formats that lie in the same folders as these.

    Raises
    ------
    CorpusError
        If there are more files than `limits.MAX_FILES`.
    """
    problems: list[Problem] = []
    listed = dict(catalogue.entries) if catalogue is not None else {}
    roots = {(folder / file).parent for file in listed} or {folder}
    names = {path.relative_to(folder).as_posix() for root in sorted(roots) for path in _known_files(root)}
    names -= {CATALOGUE_NAME, CORRECTIONS_NAME}
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


def _known_files(root: Path) -> Iterator[Path]:
    if root.is_dir():
        found = (path for path in sorted(root.rglob("*")) if path.suffix.lower() in SUFFIXES)
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
