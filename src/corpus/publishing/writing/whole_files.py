"""Files that are always old or new, never torn; one writer at a time in a folder; folders that go when a run ends."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from corpus.errors import CorpusError

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


_PREFIX = "fazhi-run-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
# No folder that holds anything is ever removed without this file in it, whatever it is called.
_MARK = ".temporary-folder-of-a-run"
# A folder that was made a moment ago may belong to a run that is about to lock it.
_YOUNG_SECONDS = 60.0


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder in the system's place for temporary files, and remove it when the block ends.

    Folders that a run left when it was killed are removed first: those with the mark of this module or with nothing in
    them, of the same user, which no run has locked. Where the system has no lock (Windows), they stay.

    Raises
    ------
    CorpusError
        If there is no such place, or nothing can be written in it.
    """
    try:
        place = Path(gettempdir())
        _sweep(place)
        temporary = TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(error) from error
    with temporary as name:
        folder = Path(name)
        try:
            (folder / _MARK).touch()
        except OSError as error:
            raise _no_room(error) from error
        lock = lock_folder(folder)
        try:
            yield folder
        finally:
            if lock is not None:
                os.close(lock)


def _sweep(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError, CorpusError):
            if not (_NAME.fullmatch(folder.name) and _is_left_behind(folder)):
                continue
            if not (folder / _MARK).is_file():  # killed before it could set the mark
                folder.rmdir()
            elif (lock := lock_folder(folder)) is not None:
                _empty(folder)
                os.close(lock)


def _empty(folder: Path) -> None:
    """Remove a folder that was left behind, the mark last: a kernel that outlives its run may still write there."""
    for child in folder.iterdir():
        if child.name == _MARK:
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
    if {child.name for child in folder.iterdir()} <= {_MARK}:
        shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    if not hasattr(os, "getuid") or folder.is_symlink():
        return False
    told = folder.stat()
    return told.st_uid == os.getuid() and time.time() - told.st_mtime > _YOUNG_SECONDS


def _no_room(error: OSError) -> CorpusError:
    where = error.filename or os.environ.get("TMPDIR") or "the folder for temporary files"
    reason = error.strerror or type(error).__name__
    return CorpusError(
        f"{where}: no temporary folder can be made ({reason}); make room, or set TMPDIR to another folder"
    )
