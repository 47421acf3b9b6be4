"""Files that are always old or new, never torn; one writer at a time in a folder; folders that go when a run ends."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

from corpus.errors import CorpusError

_PART = ".part"
_PART_NAME = re.compile(rf"\..+\.\d+{re.escape(_PART)}")


def write_whole(path: Path, content: bytes) -> bool:
    """Put ``content`` into a file in one step and return whether that changed anything.

    The bytes are written beside the file, forced to the disk, and renamed over it: whoever is interrupted at any
    moment leaves the old file or the new one. A file that holds these bytes already is not touched. What others that
    were killed left half written in the same folder is removed.

    Raises
    ------
    CorpusError
        If the place cannot be written, with the path and the system's reason.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}{_PART}")
    try:
        _sweep_parts(path.parent)
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _locked_part(part)
        try:
            with part.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
            if lock is not None:
                os.close(lock)
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


def _locked_part(part: Path) -> int | None:
    """Make a file to write in, locked so that nobody sweeps it, and return the lock."""
    while True:
        part.touch()
        with suppress(CorpusError, FileNotFoundError):  # who sweeps may have come between the two
            lock = lock_path(part)
            if lock is None or os.fstat(lock).st_nlink:
                return lock
            os.close(lock)


def _sweep_parts(folder: Path) -> None:
    """Remove what was left half written in a folder, but for what somebody still writes."""
    for part in folder.glob(f".*{_PART}"):
        if _PART_NAME.fullmatch(part.name):
            with suppress(CorpusError, FileNotFoundError, PermissionError):
                lock = lock_path(part)
                if lock is not None or os.name == "nt":  # Windows removes no file that is open
                    part.unlink(missing_ok=True)
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


_PREFIX = "fazhi-run-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
# No folder that holds anything is ever removed without this file in it, whatever it is called.
_MARK = ".temporary-folder-of-a-run"


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
        place = Path(gettempdir())
        sweep_scratch()
        folder, lock = _make(place)
    except OSError as error:
        raise no_room(error) from error
    try:
        yield folder
    finally:
        try:
            with suppress(OSError):
                _empty(folder)
        finally:  # free for who sweeps, where the first request to stop comes just now
            if lock is not None:
                os.close(lock)


def sweep_scratch() -> None:
    """Remove the temporary folders of runs that were killed: those that have the mark of this module or hold nothing.

    They are of the same user, and no run has locked them. Where the system has no lock (Windows), they stay.
    """
    with suppress(OSError):
        for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
            with suppress(OSError, CorpusError):
                _sweep(folder)


def _sweep(folder: Path) -> None:
    if not _NAME.fullmatch(folder.name) or not hasattr(os, "getuid") or folder.is_symlink():
        return
    if folder.stat().st_uid != os.getuid():
        return
    if not (folder / _MARK).is_file():  # killed before it could set the mark
        folder.rmdir()
    elif (lock := lock_path(folder)) is not None:
        _empty(folder)
        os.close(lock)


def _make(place: Path) -> tuple[Path, int | None]:
    """Make a folder and return it with its lock; it has its mark only once it is locked, so no marked one is free."""
    while True:
        folder = Path(mkdtemp(prefix=_PREFIX, dir=place))
        with suppress(FileNotFoundError):  # another run took it for one that was left behind
            lock = lock_path(folder)
            try:
                (folder / _MARK).touch()
                return folder, lock
            except BaseException:
                folder.rmdir()
                if lock is not None:
                    os.close(lock)
                raise


def _empty(folder: Path) -> None:
    """Remove a folder, the mark last: who is killed here, or a kernel that writes on, leaves it to a later run."""
    for child in folder.iterdir():
        if child.name == _MARK:
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child, ignore_errors=True)
        else:
            child.unlink(missing_ok=True)
    if {child.name for child in folder.iterdir()} <= {_MARK}:
        shutil.rmtree(folder, ignore_errors=True)


def no_room(error: OSError) -> CorpusError:
    """Return what to say where nothing can be written among the temporary files."""
    where = error.filename or os.environ.get("TMPDIR") or "the folder for temporary files"
    reason = error.strerror or type(error).__name__
    return CorpusError(
        f"{where}: no temporary files can be written here ({reason}); make room, or set TMPDIR to another folder"
    )
