"""The text of pages, Word files and PDFs; heavy ones are read by a process of its own, within bounds.

PDFs are always read there, since a page of a few bytes can keep their reader busy for hours. The process is started for
the first of them and serves those that follow.
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from corpus.loading.files import limits
from corpus.loading.files.decoding import UndecodableError
from corpus.loading.files.reader_process import NoProcessError, ask, serve
from corpus.loading.files.reading_faults import problem_of
from corpus.report.values import Notice

ReadKind = Literal["page", "word", "pdf"]
_NOT_SHOWN = "what Word does not show is left out: "


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a library took out of a file: paragraphs, each with its place in the file.

    Attributes
    ----------
    library : str
    paragraphs : list of (str, str)
        Place and words.
    encoding : str
    notices : tuple of Notice
    n_notes : int
        How many of the last paragraphs are notes at the foot of the pages or the end, and no part of the body.
    """

    library: str
    paragraphs: list[tuple[str, str]]
    encoding: str = "utf-8"
    notices: tuple[Notice, ...] = ()
    n_notes: int = 0


def extract(kind: ReadKind, content: bytes, *, encoding: str | None = None) -> Extraction:
    """Take the text out of a file, in this process if it is light, else in one of its own.

    Raises
    ------
    UndecodableError
        If it cannot be read, or not within `limits`.
    """
    if not _is_heavy(kind, content) or not sys.executable:
        return extract_here(kind, content, encoding=encoding)
    try:
        answer = ask(__name__, {"kind": kind, "encoding": encoding}, content)
    except NoProcessError:
        return extract_here(kind, content, encoding=encoding)
    if "fault" in answer:
        raise UndecodableError(*answer["fault"])
    told = answer["text"]
    notices = tuple(Notice(code, message) for code, message in told["notices"])
    paragraphs = [(place, words) for place, words in told["paragraphs"]]
    return Extraction(told["library"], paragraphs, told["encoding"], notices, told["n_notes"])


def extract_here(
    kind: ReadKind, content: bytes, *, encoding: str | None = None, alive: Callable[[], None] = lambda: None
) -> Extraction:
    """Take the text out of a file in this process; ``alive`` is called after each page of a PDF."""
    if kind == "page":
        from corpus.loading.files.webpages import read_webpage

        page = read_webpage(content, encoding=encoding)
        blocks = [(f"paragraph {number}", block) for number, block in enumerate(page.blocks, 1)]
        return Extraction("lxml", blocks, page.decoded.encoding, page.notices)
    if kind == "word":
        from corpus.loading.files.word import read_word

        word = read_word(content)
        paragraphs = [(f"paragraph {number}", words) for number, words in enumerate(word.paragraphs, 1)]
        notes = [(f"note {number}", words) for number, words in enumerate(word.notes, 1)]
        left_out = ", ".join(word.left_out)
        notices = (Notice("not-shown", f"{_NOT_SHOWN}{left_out}"),) if left_out else ()
        return Extraction("lxml", paragraphs + notes, notices=notices, n_notes=len(notes))
    from corpus.loading.files.pdf import read_pdf

    return Extraction("pypdfium2", [(f"page {page}", words) for page, words in read_pdf(content, alive=alive)])


def _is_heavy(kind: ReadKind, content: bytes) -> bool:
    if kind == "pdf":
        return True
    if kind == "page":
        return len(content) > limits.HEAVY_BYTES or content.count(b"<") > limits.HEAVY_TAGS
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = [entry.file_size for entry in package.infolist() if entry.filename.endswith(".xml")]
    except Exception:
        return False
    return sum(parts) > limits.HEAVY_BYTES


def serve_files() -> int:
    """Read the files that `extract` hands on, in a process of its own."""
    return serve(_answer)


def _answer(asked: dict[str, Any], content: bytes, alive: Callable[[], None]) -> dict[str, Any]:
    try:
        found = extract_here(asked["kind"], content, encoding=asked["encoding"], alive=alive)
    except Exception as error:
        problem = problem_of(error, "")
        return {"fault": (problem.code, problem.place, problem.message, problem.remedy)}
    notices = [(notice.code, notice.message) for notice in found.notices]
    return {
        "text": {
            "library": found.library,
            "paragraphs": found.paragraphs,
            "encoding": found.encoding,
            "notices": notices,
            "n_notes": found.n_notes,
        }
    }
