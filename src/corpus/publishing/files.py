"""Files that are always old or new, never torn, and one writer at a time in a folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.values import CorpusError

_PART = ".part"


def write_whole(path: Path, content: bytes) -> bool:
    """Put ``content`` into a file in one step and return whether that changed anything.

    The bytes are written beside the file, forced to the disk, and renamed over it: whoever is interrupted at any
    moment leaves the old file or the new one. A file that holds these bytes already is not touched.

    Raises
    ------
    CorpusError
        If the place cannot be written, with the path and the system's reason.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
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
    lock = lock_folder(folder)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def sweep_parts(folder: Path) -> None:
    """Remove what a run that was killed left half written in a folder. Call it while holding the folder."""
    for part in folder.glob(f".*{_PART}"):
        part.unlink(missing_ok=True)


def lock_folder(folder: Path) -> int | None:
    """Lock a folder until the number that is returned is closed by ``os.close``; None where the system has no lock.

    Raises
    ------
    CorpusError
        If another run has locked it.
    """
    try:
        import fcntl
    except ImportError:
        return None
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise CorpusError(f"{folder}: another run is writing here; wait, or choose another folder") from None
    except OSError:
        os.close(lock)
        return None
    return lock


def _cannot_write(path: Path, error: OSError) -> CorpusError:
    reason = error.strerror or type(error).__name__
    return CorpusError(f"{path}: cannot be written ({reason}); make room or leave to write, or choose another folder")
