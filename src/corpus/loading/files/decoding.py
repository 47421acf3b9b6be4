"""From bytes to a decoded string, with the codec recorded; and what is said where a reader gives up."""

from __future__ import annotations

import codecs
import lzma
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter

from corpus.errors import CorpusError
from corpus.report.values import Notice, Problem, Source

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_NO_TEXT = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0x3000, 0xFEFF, 0x200B)))
LEAST_SCORE = 0.7
_AGAIN = "obtain the file again"
_MAX_WORDS = 160
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Fault(Exception):
    """Why something gives no text: a code, a message, what to do about it, and where it lies if that is known."""

    def __init__(self, code: str, message: str, remedy: str, place: str = "") -> None:
        super().__init__(code, message, remedy, place)
        self.code, self.message, self.remedy, self.place = code, message, remedy, place

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file: the characters, the codec, the byte order mark, and whether the codec was guessed."""

    raw: str
    encoding: str
    bom: bytes = b""
    inferred: bool = False


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
        What reading it has shown.
    n_notes : int
        How many of the last paragraphs are notes at the foot of the pages or the end, and no part of the body.
    """

    library: str
    paragraphs: list[tuple[str, str]]
    encoding: str = "utf-8"
    notices: tuple[Notice, ...] = ()
    n_notes: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A report's worth of text, before anything is known of it.

    Attributes
    ----------
    report_id : str
        What it is called without a catalogue.
    raw : str
    source : Source
    notices : tuple of Notice
        What reading it has shown.
    facts : mapping
        What the other columns of a table say.
    year : (str, int) or None
        What a column of bare years says, with its name: the year reviewed, or that of delivery.
    notes : int or None
        Where in ``raw`` the notes at the foot or the end begin, which are no part of the page.
    """

    report_id: str
    raw: str
    source: Source
    notices: tuple[Notice, ...] = ()
    facts: Mapping[str, str | int] = field(default_factory=dict)
    year: tuple[str, int] | None = None
    notes: int | None = None


def read_text(content: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode the bytes of a plain-text file.

    The order is: a byte order mark; the caller's ``encoding``; strict UTF-8; then the best scored of GB18030, Big5
    (HKSCS) and UTF-16. UTF-8 comes before GB18030 because many UTF-8 texts also decode as GB18030, into nonsense.
    Nothing is ever replaced: bytes that fit no codec are an error that names the first of them.

    Raises
    ------
    Fault
        If the file is empty, holds NUL characters, or fits no codec.
    """
    bom, codec = next((pair for pair in BOMS if content.startswith(pair[0])), (b"", encoding))
    if codec is not None:
        raw = _strictly(content[len(bom) :], codec, len(bom))
        decoded = Decoded(raw, codecs.lookup(codec).name if not bom else codec, bom)
    else:
        try:
            decoded = Decoded(content.decode("utf-8"), "utf-8")
            start = content.find(b"\0")
        except UnicodeDecodeError as error:
            start = error.start
        if start >= 0:
            decoded = _best_guess(content, start)
    check_characters(decoded.raw)
    return decoded


def _strictly(content: bytes, codec: str, offset: int) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        start = offset + error.start
        message = f"the bytes from {start} on are not valid {codec}"
        remedy = "obtain the file again, or save it as UTF-8"
        raise Fault("damaged-encoding", message, remedy, f"byte {start}") from error
    except (LookupError, UnicodeError) as error:
        remedy = "name one such as utf-8 or gb18030"
        raise Fault("unknown-encoding", f"Python knows no encoding {codec!r}", remedy) from error


def _best_guess(content: bytes, failed: int) -> Decoded:
    """Return what reads best of the codecs for Chinese, where the byte at ``failed`` fits no text in UTF-8."""
    guesses = []
    for codec in CANDIDATES:
        with suppress(UnicodeDecodeError):
            text = content.decode(codec)
            guesses.append((score_characters(text), Decoded(text, codec, inferred=True)))
    score, best = max(guesses, key=itemgetter(0), default=(0.0, None))
    if best is not None and score >= LEAST_SCORE:
        return best
    if content[failed : failed + 1] == b"\0":
        message = "NUL bytes: this is not a text file"
        raise Fault("control-characters", message, "export it as text", f"byte {failed}")
    start = max(failed, _first_unreadable(content))
    message = f"the bytes from {start} on are not valid UTF-8, nor does the file read as GB18030, Big5 or UTF-16"
    raise Fault("damaged-encoding", message, "obtain the file again, or name its encoding", f"byte {start}")


def _first_unreadable(content: bytes) -> int:
    """Return where the bytes end to be GB18030, if what stands before is Chinese text in it; else 0."""
    try:
        content.decode("gb18030")
    except UnicodeDecodeError as error:
        return error.start if score_characters(content[: error.start].decode("gb18030")) >= LEAST_SCORE else 0
    return 0


def fits_better(content: bytes, codec: str) -> bool:
    """Tell whether a codec that a page declares reads its bytes as Chinese text, and no worse than UTF-8 does."""
    try:
        score = score_characters(content.decode(codec))
        return codec in ("utf-8", "utf8", "utf_8") or score >= max(LEAST_SCORE, _score_as_utf8(content))
    except (UnicodeError, LookupError):
        return False


def _score_as_utf8(content: bytes) -> float:
    try:
        return score_characters(content.decode("utf-8"))
    except UnicodeDecodeError:
        return 0.0


def check_characters(raw: str) -> None:
    """Refuse what no text holds: nothing at all, NUL characters, lone surrogates.

    Raises
    ------
    Fault
        With the place of the first.
    """
    if not raw.strip(_NO_TEXT):
        raise Fault("empty", "the file holds no text", "obtain the file again")
    nul, half = raw.find("\0"), find_surrogate(raw)
    if nul >= 0 or half >= 0:
        place, what = (
            (nul, "NUL characters") if half < 0 or 0 <= nul < half else (half, "halves of characters (lone surrogates)")
        )
        raise Fault("control-characters", f"{what}: this is not text", "export it as text again", f"character {place}")


def find_surrogate(text: str) -> int:
    """Return the place of the first half of a character, which no text holds; -1 without one."""
    try:
        text.encode("utf-8")  # far faster than a search by a pattern
    except UnicodeEncodeError as error:
        return error.start
    return -1


def score_characters(text: str) -> float:
    """Share of the characters, ASCII aside, that are common in Chinese print; 1 for pure ASCII."""
    foreign = {character: times for character, times in Counter(text).items() if character >= "\x80"}
    if not foreign:
        return 1.0 if "\0" not in text else 0.0
    common = _common_characters()
    return sum(times for character, times in foreign.items() if character in common) / sum(foreign.values())


@cache
def _common_characters() -> frozenset[str]:
    """Level 1 of GB 2312 and of Big5, which hold 99 percent of running text, and the punctuation of both."""
    level_1 = {bytes((row, cell)).decode("gb2312", "ignore") for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)}
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    frequent = {bytes((lead, trail)).decode("big5", "ignore") for lead in range(0xA4, 0xC7) for trail in trails}
    wide = {chr(code) for code in (*range(0x3000, 0x3018), *range(0xFF01, 0xFF5F), *range(0x2460, 0x2474))}
    return frozenset((level_1 | frequent | wide | set("“”‘’—…·℃")) - {""})


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
    fault = fault_of(error)
    message = fault.message.removeprefix(f"{file}: ")
    return Problem(file, ", ".join(filter(None, (place, fault.place))), fault.code, message, fault.remedy)


def fault_of(error: Exception) -> Fault:
    """Return what is said of an error that a reader raises."""
    said = _words(error)
    if isinstance(error, Fault):
        return error
    if isinstance(error, CorpusError):
        return Fault("no-text-column", said, "or move it out of the folder")
    if isinstance(error, MemoryError):
        message = "reading it takes more memory than a report may"
        return Fault("too-large", message, "split the file, or save its text alone")
    if isinstance(error, RecursionError):
        return Fault("too-deep", "it nests deeper than its reader goes", "save its text alone")
    if isinstance(error, zipfile.BadZipFile | zlib.error | lzma.LZMAError | EOFError):
        return Fault("damaged-archive", f"its packed data are damaged ({said})", _AGAIN)
    if isinstance(error, NotImplementedError):
        message = f"it is packed in a way that is not read ({said})"
        return Fault("unread-packing", message, "unpack it and pack it as .zip")
    if isinstance(error, UnicodeError):
        message = f"its characters are damaged ({said})"
        return Fault("damaged-encoding", message, f"{_AGAIN}, or save it as UTF-8")
    if isinstance(error, OSError):
        return Fault("unreadable", error.strerror or said, "check the file and its permissions")
    message = f"its reader gave up ({type(error).__name__}: {said})"
    return Fault("unreadable", message, f"{_AGAIN}, or save it in another format")


@cache
def name_reader(library: str) -> str:
    """Return the name and the version of what read a text."""
    from importlib.metadata import version  # only for what is no plain text

    return f"{library} {version(library)}"


def _words(error: Exception) -> str:
    """Return what an error says, on one line that a terminal can show."""
    said = _UNSHOWN.sub(" ", str(error)).strip() or type(error).__name__
    return said if len(said) <= _MAX_WORDS or isinstance(error, CorpusError) else f"{said[:_MAX_WORDS]}…"
