"""A temporary folder for one run, gone when the run ends; what a run that was killed left is removed by a later one."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from corpus.publishing.files import lock_folder
from corpus.values import CorpusError

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
