"""From bytes to a decoded string, with the codec recorded; and what is said where a reader gives up."""

from __future__ import annotations

import codecs
import lzma
import re
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache

from corpus.errors import CorpusError
from corpus.report.values import Problem

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_NO_TEXT = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0x3000, 0xFEFF, 0x200B)))
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
LEAST_SCORE = 0.7
_AGAIN = "obtain the file again"
_MAX_WORDS = 160
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class UndecodableError(Exception):
    """Bytes that no codec reads as Chinese text; ``place`` and ``code`` say where and why."""

    def __init__(self, code: str, place: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.code, self.place, self.message, self.remedy = code, place, message, remedy


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded file: the characters, the codec, the byte order mark, and whether the codec was guessed."""

    raw: str
    encoding: str
    bom: bytes
    inferred: bool


def read_text(content: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode the bytes of a plain-text file.

    The order is: a byte order mark; the caller's ``encoding``; strict UTF-8; then the best scored of GB18030, Big5
    (HKSCS) and UTF-16. UTF-8 comes before GB18030 because many UTF-8 texts also decode as GB18030, into nonsense.
    Nothing is ever replaced: bytes that fit no codec are an error that names the first of them.

    Raises
    ------
    UndecodableError
        If the file is empty, holds NUL characters, or fits no codec.
    """
    for bom, codec in BOMS:
        if content.startswith(bom):
            return _checked(Decoded(_strictly(content[len(bom) :], codec, len(bom)), codec, bom, False))
    if encoding is not None:
        return _checked(Decoded(_strictly(content, encoding, 0), codecs.lookup(encoding).name, b"", False))
    try:
        decoded = Decoded(content.decode("utf-8"), "utf-8", b"", False)
    except UnicodeDecodeError as error:
        return _checked(_best_guess(content, error))
    if "\0" in decoded.raw:
        return _checked(_best_guess(content, UnicodeDecodeError("utf-8", content, content.index(b"\0"), 0, "NUL")))
    return _checked(decoded)


def _strictly(content: bytes, codec: str, offset: int) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise UndecodableError(
            "damaged-encoding",
            f"byte {offset + error.start}",
            f"the bytes from {offset + error.start} on are not valid {codec}",
            "obtain the file again, or save it as UTF-8",
        ) from error
    except (LookupError, UnicodeError) as error:
        raise UndecodableError(
            "unknown-encoding", "", f"Python knows no encoding {codec!r}", "name one such as utf-8 or gb18030"
        ) from error


def _best_guess(content: bytes, failure: UnicodeDecodeError) -> Decoded:
    guesses = []
    for codec in CANDIDATES:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        guesses.append((score_characters(text), text, codec))
    best = max(guesses, key=lambda guess: guess[0], default=(0.0, "", ""))
    if best[0] < LEAST_SCORE:
        start = max(failure.start, _first_unreadable(content))
        if content[failure.start : failure.start + 1] == b"\0":
            raise UndecodableError(
                "control-characters", f"byte {failure.start}", "NUL bytes: this is not a text file", "export it as text"
            )
        raise UndecodableError(
            "damaged-encoding",
            f"byte {start}",
            f"the bytes from {start} on are not valid UTF-8, nor does the file read as GB18030, Big5 or UTF-16",
            "obtain the file again, or name its encoding",
        )
    return Decoded(best[1], best[2], b"", True)


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
    except (UnicodeError, LookupError):
        return False
    try:
        return score >= max(LEAST_SCORE, score_characters(content.decode("utf-8"))) or codec in (
            "utf-8",
            "utf8",
            "utf_8",
        )
    except UnicodeDecodeError:
        return score >= LEAST_SCORE


def _checked(decoded: Decoded) -> Decoded:
    check_characters(decoded.raw)
    return decoded


def check_characters(raw: str) -> None:
    """Refuse what no text holds: nothing at all, NUL characters, lone surrogates.

    Raises
    ------
    UndecodableError
        With the place of the first.
    """
    if not raw.strip(_NO_TEXT):
        raise UndecodableError("empty", "", "the file holds no text", "obtain the file again")
    match = _NO_CHARACTER.search(raw)
    if match is not None:
        kind = "NUL characters" if match[0] == "\0" else "halves of characters (lone surrogates)"
        raise UndecodableError(
            "control-characters", f"character {match.start()}", f"{kind}: this is not text", "export it as text again"
        )


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
