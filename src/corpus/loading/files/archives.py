"""The members of a zip archive, by their right names and within bounds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from corpus.loading.files.limits import MAX_FILE_BYTES, MAX_FILES, MAX_RATIO, MIB
from corpus.report.values import Problem

_UTF8_FLAG = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name, decoded, and its bytes."""

    name: str
    content: bytes


def read_archive(path: Path, file: str, suffixes: tuple[str, ...]) -> Iterator[Member | Problem]:
    """Yield the members of an archive whose names have one of the suffixes, in the order of their names.

    A name without the UTF-8 flag is read as UTF-8 where it is that, else as GB18030, else by the old code page 437.
    Members that would unpack to more than one report may hold, encrypted ones, and names that lead out of the archive
    are problems; archives in the archive are not opened.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        yield Problem(file, "", "damaged-archive", f"no readable zip archive ({error})", "obtain it again")
        return
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MAX_FILES:
            message = f"{len(entries):,} members, more than {MAX_FILES:,}"
            yield Problem(file, "", "too-many-files", message, "unpack it and load its folders one by one")
            return
        for name, entry in sorted((_decoded_name(entry), entry) for entry in entries):
            fault = _fault(name, entry, suffixes)
            if fault is None:
                yield _read_member(archive, entry, name, file)
            elif fault[0] != "other-format":
                yield Problem(f"{file}/{name}", "", *fault)


def _decoded_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    try:
        stored = entry.filename.encode("cp437")
    except UnicodeEncodeError:
        return entry.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return stored.decode(codec)
        except UnicodeDecodeError:
            continue
    return entry.filename


def _fault(name: str, entry: zipfile.ZipInfo, suffixes: tuple[str, ...]) -> tuple[str, str, str] | None:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "outside", "its name leads out of the archive", "unpack it by hand, if you trust it"
    if path.name.startswith(("._", "~$", ".")) or "__MACOSX" in path.parts:
        return "other-format", "", ""
    if path.suffix.lower() == ".zip":
        return "nested-archive", "an archive in an archive is not opened", "unpack the outer one"
    if path.suffix.lower() not in suffixes:
        return "other-format", "", ""
    if entry.flag_bits & 0x1:
        return "encrypted", "the member is encrypted", "unpack it with its password"
    if entry.file_size > MAX_FILE_BYTES or _bursts(entry):
        size = entry.file_size / MIB
        return "too-large", f"it would unpack to {size:,.0f} MiB", "unpack it by hand, if you trust it"
    return None


def _bursts(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > MIB and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)


def _read_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, file: str) -> Member | Problem:
    try:
        with archive.open(entry) as stream:
            content = stream.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        return Problem(f"{file}/{name}", "", "damaged-archive", f"the member is damaged ({error})", "obtain it again")
    if len(content) > MAX_FILE_BYTES:
        return Problem(f"{file}/{name}", "", "too-large", "it unpacks to more than it says", "obtain it again")
    return Member(name, content)
