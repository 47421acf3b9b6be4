"""The members of a zip archive, by their right names and within bounds."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.loading.files.decoding import problem_of
from corpus.loading.files.limits import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_RATIO,
    MAX_TOTAL_RATIO,
    MAX_UNPACKED_ARCHIVE_BYTES,
    MIB,
)
from corpus.report.values import Problem

_UTF8_FLAG = 0x800
_Fault = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name, decoded, and its bytes."""

    name: str
    content: bytes


def read_archive(path: Path, file: str, refusal: Callable[[str], _Fault | None]) -> Iterator[Member | Problem]:
    """Yield the members of an archive in the order of their names, or the problem of one that cannot be read.

    A name without the UTF-8 flag is read as UTF-8 where it is that, else as GB18030, else by the old code page 437.
    Members that would unpack to more than one report may hold, encrypted ones, links, and names that lead out of the
    archive are problems; archives in the archive are not opened. An archive that would unpack to more than all its
    reports may hold is refused as a whole. What programs leave for themselves (``__MACOSX``, ``~$``) is passed over.

    Parameters
    ----------
    path, file
        The archive, and what it is called.
    refusal : callable
        Returns code, message and remedy for a name whose format is not read; None for one that is.
    """
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:
        said = problem_of(error, file)
        message = f"no readable zip archive ({said.message})"
        yield Problem(file, "", "damaged-archive", message, "obtain it again")
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        fault = _fault_of_all(path, entries)
        if fault is not None:
            yield Problem(file, "", *fault)
            return
        named = sorted(((_decoded_name(entry), entry) for entry in entries), key=lambda pair: pair[0])
        names: set[str] = set()
        for name, entry in named:
            if _is_left_by_a_program(name):
                continue
            known = f"{file}/{name}"
            found = _fault(name, entry) or refusal(name)
            if found is None and name in names:
                found = ("same-name", "another member has the same name", "unpack it and give each a name of its own")
            names.add(name)
            if found is not None:
                yield Problem(known, "", *found)
                continue
            try:
                yield _read_member(archive, entry, name)
            except Exception as error:
                yield problem_of(error, known)


def _fault_of_all(path: Path, entries: list[zipfile.ZipInfo]) -> _Fault | None:
    if not entries:
        return "empty", "the archive holds no file", "obtain it again"
    if len(entries) > MAX_FILES:
        message = f"{len(entries):,} members, more than {MAX_FILES:,}"
        return "too-many-files", message, "unpack it and load its folders one by one"
    total = sum(entry.file_size for entry in entries)
    bursts = total > 64 * MIB and total > MAX_TOTAL_RATIO * path.stat().st_size
    if total > MAX_UNPACKED_ARCHIVE_BYTES or bursts:
        message = f"it would unpack to {total / MIB:,.0f} MiB in {len(entries):,} members"
        return "bomb", message, "unpack it by hand, if you trust it"
    return None


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    name = entry.filename
    if entry.flag_bits & _UTF8_FLAG:
        return name
    try:
        stored = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for codec in ("utf-8", "gb18030"):
        try:
            return stored.decode(codec)
        except UnicodeDecodeError:
            continue
    return name


def _is_left_by_a_program(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return (path.name.startswith(("._", "~$", ".")) and path.name != "..") or "__MACOSX" in path.parts


def _fault(name: str, entry: zipfile.ZipInfo) -> _Fault | None:
    path = PurePosixPath(name.replace("\\", "/"))
    if not path.name or any(character < " " or "\ud800" <= character < "\ue000" for character in name):
        return "bad-name", "its name is none that a file may have", "unpack it by hand and rename it"
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "outside", "its name leads out of the archive", "unpack it by hand, if you trust it"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "link", "it is a link, not a file", "put a copy of the file into the archive"
    if path.suffix.lower() == ".zip":
        return "nested-archive", "an archive in an archive is not opened", "unpack the outer one"
    if entry.flag_bits & 0x1:
        return "encrypted", "the member is encrypted", "unpack it with its password"
    if entry.file_size > MAX_FILE_BYTES or bursts(entry):
        size = entry.file_size / MIB
        return "too-large", f"it would unpack to {size:,.0f} MiB", "unpack it by hand, if you trust it"
    return None


def bursts(entry: zipfile.ZipInfo) -> bool:
    """Tell whether a member of an archive unpacks to so much more than it is that it was made to."""
    return entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Member:
    try:
        with archive.open(entry) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:  # the archive names a place where it has nothing
        raise zipfile.BadZipFile(error.strerror or str(error)) from error
    if len(content) > MAX_FILE_BYTES:
        raise zipfile.BadZipFile("it unpacks to more than it says")
    return Member(name, content)
