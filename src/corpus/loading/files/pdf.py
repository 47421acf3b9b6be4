"""The paragraphs of a PDF with a text layer: lines joined, running heads, stamps and page numbers left out."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import degrees
from statistics import median
from time import monotonic
from typing import Any

from corpus.loading.files.decoding import LEAST_SCORE, Extraction, Fault, score_characters
from corpus.loading.files.limits import MAX_FILE_SECONDS, MAX_PAGES

_PAGE_NUMBER = re.compile(r"[\s\-—–·.~第]*(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:/|of|共)\s*\d{1,4})?[\s\-—–·.~页]*")
_LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}\s?、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}\s?[.、．](?!\d)|[(（]\d{1,2}[)）]"
)
_ENDS = "。！？!?：:"
_EDGE_LINES = 2
_SHORT = 0.9
_PARTED_SHARE = 0.5
_FEWEST_PARTED = 2
_WIDER = 1.2
_NEARLY_FULL = 0.75
_REPEATED_SHARE = 0.5
_FEWEST_REPEATS = 2
_SAME_PLACE = 2.0
_MAX_STAMP_CHARS = 40
# What PDFium puts for a hyphen at a line's end, and characters without a meaning.
_DEBRIS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SPACED = re.compile(r"\S(?:[ \u3000]\S){3,}")
_SPACE = re.compile(r"[ \u3000]")
_MAX_SPACED_CHARS = 80
_SLANT = 5.0
"""Degrees from upright or level: text at another angle is stamped over the page."""
_OVERPRINT = 0.1
"""Of a character's height: what stands no further from its like is printed over it."""
_Printed = dict[tuple[str, int, int], tuple[float, float]]
_ODD_SHARE = 0.2
_FEWEST_CHARACTERS = 20
_FEWEST_HAN = 100
_OCR = "run optical character recognition first (ocrmypdf --force-ocr -l chi_sim, or WPS)"


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its words, its page, and its box in points from the page's lower left corner."""

    words: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    open: tuple[bool, bool]
    """Whether a space stands at its beginning and at its end, which parts words where lines are joined."""

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


def read_pdf(content: bytes, *, alive: Callable[[], None] = lambda: None) -> Extraction:
    """Return page and words of each paragraph.

    A paragraph goes on where a line reaches the right margin and the next one is neither indented nor parted from it by
    a wider space, over the end of a page too. Lines at the edge of the page that stand on half of the pages, what is
    stamped on one place of them, and page numbers are left out. ``alive`` is called after each page.

    Raises
    ------
    Fault
        If the file is encrypted or damaged, has no text layer, or too many pages, or takes too long.
    """
    lines = _printed_lines(content, alive=alive)
    kept = _without_running_heads(lines) if lines else []
    if not kept:
        what = "only page numbers, stamps or running heads are text" if lines else "no text layer"
        raise Fault("no-text-layer", f"{what}: the pages are pictures", _OCR)
    return Extraction("pypdfium2", [(f"page {page}", words) for page, words in _join(kept)])


def _printed_lines(content: bytes, *, alive: Callable[[], None] = lambda: None) -> list[_Line]:
    """Return the lines of a PDF in the order in which the file draws them: in what word processors write, of reading.

    What is stamped over a page at a slant is left out, and what is printed twice on one place, to look bold, is read
    once. A title whose characters are parted by spaces loses these.

    Parameters
    ----------
    content : bytes
    alive : callable
        Called after each page.

    Raises
    ------
    Fault
        If the file is encrypted or damaged, has no text layer or fonts that do not say which characters they print, or
        too many pages, or takes too long.
    """
    import pypdfium2

    began = monotonic()
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            message = "the file is encrypted"
            raise Fault("encrypted", message, "save a copy without a password") from error
        raise Fault("damaged-pdf", f"no readable PDF ({error})", "obtain the file again") from error
    with document:
        if len(document) > MAX_PAGES:
            message = f"{len(document):,} pages, more than {MAX_PAGES:,}"
            raise Fault("too-many-pages", message, "split the file")
        lines: list[_Line] = []
        unknown = [0, 0]
        for number in range(len(document)):
            try:
                lines += _lines_of_page(document[number], number + 1, unknown)
            except pypdfium2.PdfiumError as error:
                place = f"page {number + 1}"
                raise Fault("damaged-pdf", f"unreadable ({error})", "obtain it again", place) from error
            if monotonic() - began > MAX_FILE_SECONDS:
                message = f"reading took more than {MAX_FILE_SECONDS:g} seconds"
                raise Fault("too-slow", message, "save it anew, or as text", f"page {number + 1}")
            alive()
    _refuse_gibberish(lines, *unknown)
    return lines


def _lines_of_page(page: Any, number: int, unknown: list[int]) -> list[_Line]:
    """Return the lines of a page; ``unknown`` counts its characters, and those that no table of the font names."""
    from pypdfium2.raw import FPDFText_GetCharAngle, FPDFText_GetUnicode, FPDFText_HasUnicodeMapError

    textpage = page.get_textpage()
    if page.get_rotation() and FPDFText_GetCharAngle(textpage, textpage.count_chars() // 2) == 0:
        page.set_rotation(0)  # lines that a reader would turn the page for: PDFium mixes them
        textpage = page.get_textpage()
    # One by one: the text of a whole page leaves some characters out, so that places and boxes would not agree.
    characters = "".join(chr(FPDFText_GetUnicode(textpage, place)) for place in range(textpage.count_chars()))
    lines = []
    printed: _Printed = {}
    for match in re.finditer(r"[^\r\n]+", characters):
        places = [place for place in range(*match.span()) if not characters[place].isspace()]
        if not places:
            continue
        if _is_slanted(FPDFText_GetCharAngle(textpage, places[len(places) // 2])):
            continue
        boxes = {place: textpage.get_charbox(place, loose=True) for place in places}
        again = {place for place in places if _is_printed_again(characters[place], boxes[place], printed)}
        kept = [place for place in places if place not in again]
        if not kept:
            continue
        unknown[0] += len(kept)
        unknown[1] += sum(FPDFText_HasUnicodeMapError(textpage, place) == 1 for place in kept)
        first, last = (kept[0], kept[-1] + 1) if again else match.span()
        shown = "".join(characters[place] for place in range(first, last) if place not in again)
        # Characters beyond the basic plane are two places each.
        whole = shown.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        words = _without_spacing(_DEBRIS.sub("", whole).strip())
        if words:
            left, bottom, right, top = (list(edge) for edge in zip(*(boxes[place] for place in kept), strict=True))
            at_edges = (whole[0].isspace(), whole[-1].isspace())
            lines.append(_Line(words, number, min(left), max(right), min(bottom), max(top), at_edges))
    return lines


def _is_slanted(angle: float) -> bool:
    return angle >= 0 and min(degrees(angle) % 90, 90 - degrees(angle) % 90) > _SLANT


def _is_printed_again(character: str, box: tuple[float, float, float, float], printed: _Printed) -> bool:
    """Tell whether the same character stands on the same place already, and remember it."""
    near = _OVERPRINT * (box[3] - box[1])
    step = max(near, 0.1)
    column, row = round(box[0] / step), round(box[1] / step)
    around = [printed.get((character, column + x, row + y)) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    if any(at is not None and abs(at[0] - box[0]) <= near and abs(at[1] - box[1]) <= near for at in around):
        return True
    printed[character, column, row] = box[:2]
    return False


def _without_spacing(words: str) -> str:
    """Return a line whose characters are all parted by a space, as a title's, without these spaces."""
    if len(words) <= _MAX_SPACED_CHARS and _SPACED.fullmatch(words) and any(map(_is_han, words)):
        return _SPACE.sub("", words)
    return words


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _refuse_gibberish(lines: list[_Line], number: int, unknown: int) -> None:
    """Refuse what only the font can show: its text layer holds other characters than are printed."""
    words = "".join(line.words for line in lines)
    odd = sum(unicodedata.category(character) in ("Co", "Cn", "Cc", "So", "Sk", "Lm") for character in words)
    strange = sum("\x80" <= character < "\u0250" or character == "\ufffd" for character in words)
    han = sum(map(_is_han, words))
    if number < _FEWEST_CHARACTERS:
        return
    wrong = unknown > _ODD_SHARE * number or odd + strange > _ODD_SHARE * max(len(words), 1)
    if wrong or (han >= _FEWEST_HAN and score_characters(words) < LEAST_SCORE - 0.2):
        message = "its fonts do not say which characters they print, so that its text layer is gibberish"
        raise Fault("no-characters", message, _OCR)


def _without_running_heads(lines: list[_Line]) -> list[_Line]:
    """Leave out page numbers, and lines that most pages repeat, among the outermost lines of each page."""
    pages: dict[int, list[_Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges: list[_Line] = []
    outermost: set[int] = set()
    for own in pages.values():
        ordered = sorted(own, key=lambda line: line.top)
        edges += {id(line): line for line in (*ordered[:_EDGE_LINES], *ordered[-_EDGE_LINES:])}.values()
        low, high = ordered[0].top + ordered[0].height / 2, ordered[-1].top - ordered[-1].height / 2
        outermost |= {id(line) for line in own if line.top <= low or line.top >= high}
    repeated = Counter(_without_digits(line.words) for line in edges)
    least = max(_FEWEST_REPEATS, _REPEATED_SHARE * len(pages))
    stamped = Counter(_stamp(line) for line in lines)
    dropped = {id(line) for line in edges if repeated[_without_digits(line.words)] >= least}
    dropped |= {id(line) for line in edges if id(line) in outermost and _PAGE_NUMBER.fullmatch(line.words)}
    dropped |= {id(line) for line in lines if stamped[_stamp(line)] >= least and len(line.words) <= _MAX_STAMP_CHARS}
    return [line for line in lines if id(line) not in dropped]


def _stamp(line: _Line) -> tuple[str, int, int]:
    """Return a line's words with its place on the page, which a watermark has on every page."""
    return line.words, round(line.left / _SAME_PLACE), round(line.bottom / _SAME_PLACE)


def _without_digits(words: str) -> str:
    return re.sub(r"\d+", "#", words)


def _join(lines: list[_Line]) -> list[tuple[int, str]]:
    page = _Measure(lines)
    paragraphs: list[tuple[int, str]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is not None and page.goes_on(before, line):
            number, words = paragraphs[-1]
            latin = words[-1].isascii() and words[-1].isalnum() and line.words[0].isascii()
            glue = " " if before.open[1] or line.open[0] or latin else ""
            paragraphs[-1] = (number, words + glue + line.words)
        else:
            paragraphs.append((line.page, line.words))
    return paragraphs


class _Measure:
    """The measure of a document's lines: where they begin and end, how many characters fill one, how wide one is."""

    def __init__(self, lines: list[_Line]) -> None:
        self._left = _common_edge([line.left for line in lines], leftmost=True)
        self._right = _common_edge([line.right for line in lines], leftmost=False)
        lengths = Counter(len(line.words) for line in lines if len(line.words) > 1)
        self._full_chars = lengths.most_common(1)[0][0] if lengths else 1
        self._size = median((line.right - line.left) / len(line.words) for line in lines)
        # About as many lines are indented, or parted from the line before, as are short, where that begins paragraphs.
        n_short = sum(line.right < self._left + _SHORT * (self._right - self._left) for line in lines)
        least = max(_FEWEST_PARTED, _PARTED_SHARE * n_short)
        self._indents = sum(self._is_indented(line) for line in lines) >= least
        steps = [step for before, line in pairwise(lines) if (step := _step(before, line)) is not None]
        self._leading = Counter(round(step) for step in steps).most_common(1)[0][0] if steps else 0
        self._parts = sum(self._is_parted(before, line) for before, line in pairwise(lines)) >= least

    def _is_indented(self, line: _Line) -> bool:
        return 1.2 * self._size < line.left - self._left < 3.5 * self._size

    def _is_parted(self, before: _Line, line: _Line) -> bool:
        step = _step(before, line)
        return step is not None and step > _WIDER * self._leading

    def goes_on(self, before: _Line, line: _Line) -> bool:
        """Tell whether a line belongs to the paragraph of the line before it.

        Where paragraphs are indented, whatever is not goes on, unless the line before is short; where wider spaces
        part them, whatever is not parted; elsewhere it goes on where the line before is full.
        """
        if line.left > self._left + 1.2 * self._size:
            return False
        if self._parts and _step(before, line) is not None:
            return not self._is_parted(before, line)
        if not self._indents and before.words[-1] in _ENDS and _LABEL.match(line.words):
            return False
        nearly = _NEARLY_FULL if self._indents else 1.0
        wide = before.right >= self._left + nearly * (self._right - self._left) - 2.2 * self._size
        return wide or len(before.words) >= self._full_chars - 1


def _step(before: _Line, line: _Line) -> float | None:
    """Return how far below the line before a line stands; None on another page or beside it."""
    down = before.bottom - line.bottom
    return down if before.page == line.page and down > 0.5 * line.height else None


def _common_edge(places: list[float], *, leftmost: bool) -> float:
    """Return where most lines begin or end: the outermost edge that a tenth of the lines share."""
    counts = Counter(round(place / 2) * 2 for place in places)
    least = max(1.0, 0.1 * len(places))
    shared = [place for place, count in counts.items() if count >= least] or list(counts)
    return float(min(shared) if leftmost else max(shared))
