"""Whatever a reader raises, turned into one problem: the file, the place, what the reader said, and a remedy."""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib

from corpus.errors import CorpusError
from corpus.loading.files.decoding import UndecodableError
from corpus.report.values import Problem

_AGAIN = "obtain the file again"
_MAX_WORDS = 160
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def problem_of(error: Exception, file: str, place: str = "") -> Problem:
    """Return the one problem that stands for an error raised while ``file`` was read; no error is without words.

    Parameters
    ----------
    error : Exception
    file : str
    place : str
        Where in the file; the place that the error itself knows goes behind it.

    Examples
    --------
    >>> str(problem_of(MemoryError(), "a.docx"))
    'a.docx: reading it takes more memory than a report may; split the file, or save its text alone'
    """
    if isinstance(error, UndecodableError):
        places = ", ".join(filter(None, (place, error.place)))
        return Problem(file, places, error.code, error.message, error.remedy)
    code, message, remedy = _told(error, file)
    return Problem(file, place, code, message, remedy)


def _told(error: Exception, file: str) -> tuple[str, str, str]:
    said = _words(error)
    if isinstance(error, CorpusError):
        return "no-text-column", said.removeprefix(f"{file}: "), "or move it out of the folder"
    if isinstance(error, MemoryError):
        return "too-large", "reading it takes more memory than a report may", "split the file, or save its text alone"
    if isinstance(error, RecursionError):
        return "too-deep", "it nests deeper than its reader goes", "save its text alone"
    if isinstance(error, zipfile.BadZipFile | zlib.error | lzma.LZMAError | EOFError):
        return "damaged-archive", f"its packed data are damaged ({said})", _AGAIN
    if isinstance(error, NotImplementedError):
        return "unread-packing", f"it is packed in a way that is not read ({said})", "unpack it and pack it as .zip"
    if isinstance(error, UnicodeError):
        return "damaged-encoding", f"its characters are damaged ({said})", f"{_AGAIN}, or save it as UTF-8"
    if isinstance(error, OSError):
        return "unreadable", error.strerror or said, "check the file and its permissions"
    return (
        "unreadable",
        f"its reader gave up ({type(error).__name__}: {said})",
        f"{_AGAIN}, or save it in another format",
    )


def _words(error: Exception) -> str:
    """Return what an error says, on one line that a terminal can show."""
    said = _UNSHOWN.sub(" ", str(error)).strip() or type(error).__name__
    return said if len(said) <= _MAX_WORDS or isinstance(error, CorpusError) else f"{said[:_MAX_WORDS]}…"
