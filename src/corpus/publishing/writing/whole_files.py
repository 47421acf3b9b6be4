"""Files that are always old or new, one writer at a time in a folder, and the list of all files with their hashes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from glob import escape
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from corpus.errors import CorpusError

_PART = ".part"


def write_whole(path: Path, content: bytes) -> bool:
    """Put ``content`` into a file in one step and return whether that changed anything.

    The bytes are written beside the file, forced to the disk, and renamed over it: whoever is interrupted at any
    moment leaves the old file or the new one. A file that holds these bytes already is not touched. What others that
    were killed left half written of the same file is removed.

    Raises
    ------
    CorpusError
        If the place cannot be written, with the path and the system's reason.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        for left in path.parent.glob(f".{escape(path.name)}.*{_PART}"):
            left.unlink(missing_ok=True)
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error
    return True


def write_new(path: Path, content: bytes) -> None:
    """Put ``content`` into a file of a name that is free, or that holds the same bytes already.

    Raises
    ------
    CorpusError
        If there is something else of this name, or the place cannot be written.
    """
    if path.exists() and (not path.is_file() or path.read_bytes() != content):
        raise CorpusError(f"{path}: there is something of this name already; choose another name")
    write_whole(path, content)


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Keep other runs out of a folder until the block ends; the folder is made if it is not there.

    The lock is the system's on the folder itself, so nothing is left behind, whatever ends the run. Where the system
    has none (Windows, some network drives) two runs may both write: each file is then of one of them, and whole.

    Raises
    ------
    CorpusError
        If another run holds the folder, or nothing can be written in it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    if not os.access(folder, os.W_OK):
        raise CorpusError(f"{folder}: this folder cannot be written; give leave to write, or choose another")
    lock = lock_path(folder)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def lock_path(path: Path) -> int | None:
    """Lock a folder or file until the number that is returned is closed by ``os.close``; None where there are no locks.

    Raises
    ------
    CorpusError
        If another run has locked it.
    """
    try:
        import fcntl
    except ImportError:
        return None
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise CorpusError(f"{path}: another run is writing here; wait, or choose another folder") from None
    except OSError:
        os.close(lock)
        return None
    return lock


def _cannot_write(path: Path, error: OSError) -> CorpusError:
    reason = error.strerror or type(error).__name__
    return CorpusError(f"{path}: cannot be written ({reason}); make room or leave to write, or choose another folder")


_BEGUN, _OURS = "fazhi-new-", "fazhi-run-"
_NAME = re.compile(rf"{_OURS}[a-z0-9_]{{8}}")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder in the system's place for temporary files, and remove it when the block ends.

    Folders that a run left when it was killed are removed first: see `sweep_scratch`.

    Raises
    ------
    CorpusError
        If there is no such place, or nothing can be written in it.
    """
    try:
        sweep_scratch()
        begun = Path(mkdtemp(prefix=_BEGUN))
        # Nobody sweeps it before it has its name, and then it is locked.
        lock = lock_path(begun)
        folder = begun.rename(begun.with_name(begun.name.replace(_BEGUN, _OURS)))
    except OSError as error:
        raise no_room(error) from error
    try:
        yield folder
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:  # free for who sweeps, where the first request to stop comes just now
            if lock is not None:
                os.close(lock)


def sweep_scratch() -> None:
    """Remove the temporary folders of runs that were killed: of the same user, and locked by no run.

    Where the system has no lock (Windows), they stay.
    """
    with suppress(OSError):
        for folder in Path(gettempdir()).glob(f"{_OURS}*"):
            with suppress(OSError, CorpusError):
                is_ours = _NAME.fullmatch(folder.name) and hasattr(os, "getuid") and not folder.is_symlink()
                if is_ours and folder.stat().st_uid == os.getuid() and (lock := lock_path(folder)) is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)


def no_room(error: OSError) -> CorpusError:
    """Return what to say where nothing can be written among the temporary files."""
    where = error.filename or os.environ.get("TMPDIR") or "the folder for temporary files"
    reason = error.strerror or type(error).__name__
    return CorpusError(
        f"{where}: no temporary files can be written here ({reason}); make room, or set TMPDIR to another folder"
    )


MANIFEST = "MANIFEST.sha256"
LISTED = ("data", "notebooks", "src")
"""The folders of the project whose files are listed."""
LISTED_FILES = (
    *("CITATION.cff", "README.md", "codecheck.yml", "environment.yml", "pyproject.toml", "requirements.txt"),
    "workbook.py",
)
"""The files beside them that are listed: what sets the workbook up, in which versions, and how it is cited."""

# What Python, Jupyter and a run that was killed leave behind.
_PASSING = re.compile(r"(?:^|/)(?:__pycache__|\.[^/]*)(?:/|$)")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


@dataclass(frozen=True, slots=True)
class Difference:
    """A file, by its path, and how it differs from what was expected of it."""

    file: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


def write_manifest(root: Path) -> bool:
    """Write the manifest of a checkout and return whether that changed it.

    Raises
    ------
    CorpusError
        If it cannot be written, or another run writes it at the same time.
    """
    with hold_folder(root):
        return write_whole(root / MANIFEST, _written(_hashes(root)))


def check_manifest(root: Path) -> tuple[list[Difference], int]:
    """Return how the files of a checkout differ from its manifest, and how many are listed.

    Raises
    ------
    CorpusError
        If there is no manifest, or it cannot be read.
    """
    path = root / MANIFEST
    try:
        content = path.read_bytes()
        lines = content.decode("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); corpus manifest writes it anew in a checkout") from None
    expected = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise CorpusError(f"{path}, line {number}: not of the form HASH, two spaces, PATH; restore the file")
        expected[match[2]] = match[1]
    found = _hashes(root)
    differences = list(_compare(expected, found))
    if not differences and content != _written(found):
        differences.append(Difference(MANIFEST, "lists the same in other bytes; corpus manifest writes it anew"))
    return differences, len(expected)


def _written(hashes: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {file}\n" for file, digest in sorted(hashes.items())).encode("utf-8")


def _compare(expected: dict[str, str], found: dict[str, str]) -> Iterator[Difference]:
    for file in sorted(expected.keys() | found.keys()):
        if file not in found:
            yield Difference(file, "is listed, and is not there")
        elif file not in expected:
            yield Difference(file, "is there, and is not listed")
        elif expected[file] != found[file]:
            yield Difference(file, "is not the file that is listed: its sha256 differs")


def _hashes(root: Path) -> dict[str, str]:
    hashes = {}
    inside = (path for folder in LISTED for path in (root / folder).rglob("*"))
    for path in (*(root / file for file in LISTED_FILES), *inside):
        file = path.relative_to(root).as_posix()
        if path.is_file() and not _PASSING.search(file):
            hashes[file] = sha256(path.read_bytes()).hexdigest()
    return hashes
