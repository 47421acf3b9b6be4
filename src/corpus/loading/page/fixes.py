"""The named faithful fixes that lead from ``raw`` to ``text``, and the matching form ``key``.

Each fix is a pattern and a replacement, applied in one pass; what it did is recorded as a `Change`. Nothing here
corrects what an author wrote: typos, old names, half-width punctuation and unusual characters stay in ``text``.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.field.data_files import fold_character, radical_table, simplified_table
from corpus.report.values import Change, OffsetMap, offset_type


@dataclass(frozen=True, slots=True)
class Fix:
    """A faithful fix: its name, what it looks for, and what it writes instead (at most one character)."""

    name: str
    pattern: str
    write: Callable[[str], str]


FIXES: tuple[Fix, ...] = (
    # CR LF, CR, form feed and Unicode's separators become a line feed; spaces of any width stay.
    Fix("line-end", r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", lambda _: "\n"),
    # Characters without width or meaning; joiners and marks of direction are left, since they can carry meaning.
    Fix("zero-width", r"[\u00ad\u200b\u200c\u2060\ufeff]+", lambda _: ""),
    # Control characters that no text format uses; tab and line ends are left.
    Fix("control-character", r"[\x01-\x08\x0e-\x1f\x7f]+", lambda _: ""),
    # Radicals that PDF writers put for ideographs; U+2E80 and U+2E9A have no ideograph and stay.
    Fix("radical", r"[\u2e81-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5]", lambda found: radical_table()[found]),
    # What word processors leave in exported text; brackets with any other content stay.
    Fix(
        "word-debris",
        r"\[bookmark:[^\]\n]{0,80}\]|\[if ![^\]\n]{0,80}\]|\[endif\]|<!--\[(?:if|endif)[^>\n]{0,80}-->"
        r'|HYPERLINK "[^"\n]{0,300}"|PAGEREF _Toc\d{1,12}(?: \\h)?|(?:PAGE|SEQ|TOC) [^\n]{0,40}\\\* ?MERGEFORMAT',
        lambda _: "",
    ),
)
# The first characters of all patterns, looked at before any pattern is: most characters begin none.
_FIRST = re.compile(
    r"[\r\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u00ad\u200b\u200c\u2028\u2029\u2060\u2e81-\u2fd5\ufeff\[<HPST]"
)
_ANY_FIX = re.compile("|".join(f"({fix.pattern})" for fix in FIXES))
_DROPPED = re.compile(r"[\W_]+")
# Full-width letters and digits, and the two blocks of compatibility ideographs.
_VARIANTS = ((0xFF10, 0xFF5B), (0xF900, 0xFB00), (0x2F800, sys.maxunicode + 1))
_CODES = "utf-32-le"


def normalise(raw: str) -> tuple[str, tuple[Change, ...], OffsetMap]:
    """Apply the faithful fixes to a decoded file.

    Returns
    -------
    text : str
        What may be quoted.
    changes : tuple of Change
        Every fix that was applied, in order, with its span in ``raw``.
    text_map : OffsetMap
        From ``text`` to ``raw``.
    """
    changes = [Change("hard-wrap", start, end, raw[start:end], after) for start, end, after in find_wrapped_ends(raw)]
    joined = {place for change in changes for place in range(change.start, change.end)}
    first = _FIRST.search(raw)
    while first is not None:
        match = _ANY_FIX.match(raw, first.start())
        if match is not None and joined.isdisjoint(range(*match.span())):
            fix = FIXES[(match.lastindex or 1) - 1]
            changes.append(Change(fix.name, *match.span(), match[0], fix.write(match[0])))
        first = _FIRST.search(raw, (match or first).end())
    changes.sort(key=lambda change: change.start)
    text, text_map = rewrite(raw, [(change.start, change.end, change.after) for change in changes])
    return text, tuple(changes), text_map


def rewrite(text: str, changes: Iterable[tuple[int, int, str]]) -> tuple[str, OffsetMap]:
    """Return a text with something else, at most one character, in some places, and the way back."""
    changes = list(changes)
    if not changes:
        return text, OffsetMap.identity(len(text))
    pieces: list[str] = []
    derived: list[int] = []
    source: list[int] = []
    widths: dict[int, int] = {}
    written = read = 0
    for start, end, after in (*changes, (len(text), len(text), "")):
        for piece, place, width in ((text[read:start], read, 1), (after, start, end - start)):
            if piece:
                if width > 1:
                    widths[len(derived)] = width
                derived.append(written)
                source.append(place)
                pieces.append(piece)
                written += len(piece)
        read = end
    return "".join(pieces), OffsetMap(derived, source, length=written, source_length=len(text), widths=widths)


@lru_cache(maxsize=1)
def codes_of(text: str) -> npt.NDArray[np.uint32]:
    """Return the code points of a text; asked for one text several times, they are looked up once."""
    return np.frombuffer(text.encode(_CODES, "surrogatepass"), dtype="<u4")


def make_key(text: str) -> tuple[str, OffsetMap]:
    """Return the matching form of a text and its way back.

    The key holds the letters, digits and Han characters of the text; full-width letters and digits are narrowed,
    compatibility ideographs and traditional characters become the simplified ones, always one character for one.
    Case is kept. Punctuation, symbols and spaces are not in it.
    """
    codes = codes_of(text)
    written = _key_characters(table_size(codes))[codes]
    kept = written != 0
    framed = np.zeros(len(kept) + 2, dtype=bool)
    framed[1:-1] = kept
    edges = np.flatnonzero(framed[1:] != framed[:-1])
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    places = np.cumsum(lengths) - lengths
    key = written[kept].tobytes().decode(_CODES)
    code = offset_type(len(text))
    runs = (array(code, column.astype(code).tobytes()) for column in (places, starts))
    return key, OffsetMap(*runs, length=len(key), source_length=len(text))


def table_size(codes: npt.NDArray[np.uint32]) -> int:
    """Return how many code points a table must have to look these up: few texts need those beyond U+FFFF."""
    return 0x10000 if codes.max(initial=0) < 0x10000 else sys.maxunicode + 1


@cache
def _key_characters(size: int) -> npt.NDArray[np.uint32]:
    """Return for so many code points those that stand for them in the key; 0 for those that are not in it."""
    table = np.arange(size, dtype="<u4")
    table[0xD800:0xE000] = 0  # surrogates are no characters
    for match in _DROPPED.finditer(table.tobytes().decode(_CODES)):
        table[match.start() : match.end()] = 0
    simplified = simplified_table()
    for traditional, character in simplified.items():
        if ord(traditional) < size:
            table[ord(traditional)] = ord(character)
    for first, last in _VARIANTS:
        for code in first + np.flatnonzero(table[first:last]):
            table[code] = ord(fold_character(chr(code), simplified))
    return table


_LINE = re.compile(r"([^\r\n]*)(?:\r\n|\n|\r|\Z)")
_LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[部章]"
)
_PAGE_NUMBER = re.compile(r"[-—–－]{1,2}\s?\d{1,3}\s?[-—–－]{1,2}")
_WIDE = "[\u2e80-\U0010ffff“”‘’—…·]"
_PROSE = re.compile("[，。、；：]")
_PROSE_SHARE = 0.6
_SPACED_SHARE = 0.9
_ENDS = "。！？!?：:；;"
_FEWEST_LINES = 6
_FEWEST_FULL = 4
_NARROWEST, _WIDEST = 24, 120
"""Columns of a broken line: a character of Chinese takes two. Where characters are counted, half as many."""
_SLACK = 4
_INDENT_COLUMNS = 4
_FULL_SHARE = 0.5
_OPEN_SHARE = 0.5
_LONGER_SHARE = 0.05


class _Line(NamedTuple):
    """The words of a line, where they begin and end, and the line's length and indent.

    Lengths are in columns, and in characters.
    """

    start: int
    end: int
    words: str
    sizes: tuple[int, int]
    indent: int


def find_wrapped_ends(text: str) -> list[tuple[int, int, str]]:
    """Return the line ends that only a width has made: start and end of each, and what is written in its place.

    Lines are taken to be broken at a width, in columns or in characters, where nearly none is longer, half of those
    that could go on are about as long, and most of these end in the midst of a sentence. A line end stays where the
    line is short, the next one is empty, indented further or opens with the label of a section. The number of a page in
    the midst of a sentence goes with the line ends around it.

    Examples
    --------
    >>> line = "全年召开会议三次，研究依法行政工作，落实各项任务，"
    >>> text = f"{line}\\n" * 8 + "取得成效。"
    >>> find_wrapped_ends(text)[0]
    (25, 26, '')
    """
    # Hardly any report has no paragraph that is longer than a broken line.
    if any(len(line.rstrip()) > _WIDEST + _SLACK for line in text.splitlines()):
        return []
    lines = [line for line in _lines(text) if not _PAGE_NUMBER.fullmatch(line.words)]
    filled = [line for line in lines if line.words]
    # Where an empty line stands behind every line, it parts no paragraphs.
    gaps = sum(not line.words for line in lines[: lines.index(filled[-1])]) if filled else 0
    if gaps >= _SPACED_SHARE * (len(filled) - 1):
        lines = filled
    if len(filled) < _FEWEST_LINES or max(line.sizes[0] for line in filled) > _WIDEST + _SLACK:
        return []
    least = min(line.indent for line in filled)
    open_ends = [(line, following) for line, following in pairwise(lines) if _could_go_on(line, following, least)]
    full = _full_lines(filled, [line for line, _ in open_ends])
    joined = []
    for line, following in open_ends:
        if line.start not in full:
            continue
        parted = all(character.isascii() and character.isalpha() for character in (line.words[-1], following.words[0]))
        joined.append((line.end, following.start, " " if parted else ""))
    return joined


def _could_go_on(line: _Line, following: _Line, least: int) -> bool:
    """Tell whether a line may go on in the next: both hold words, and the next begins no paragraph."""
    if not line.words or not following.words:
        return False
    if following.indent - least >= 2 and following.indent >= line.indent:
        return False
    if line.words[-1] not in _ENDS:
        return True
    # Behind the end of a sentence a heading or a signature stands for itself.
    is_prose = following.words[-1] in _ENDS or _PROSE.search(following.words) is not None
    return is_prose and not _LABEL.match(following.words)


def _lines(text: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(text):
        if match.start() == len(text) and match.start() > 0:
            break
        shown = match[1].rstrip()
        words = shown.lstrip()
        indent = shown.removesuffix(words)
        start = match.start() + len(indent)
        lines.append(_Line(start, start + len(words), words, (_columns(shown), len(shown)), _columns(indent)))
    return lines


def _columns(words: str) -> int:
    return len(words) + len(re.findall(_WIDE, words))


def _full_lines(filled: list[_Line], open_lines: list[_Line]) -> set[int]:
    """Return the places of the lines that fill the width; none where lines end where the report ends them."""
    best: set[int] = set()
    for at, part in ((0, 1), (1, 2)):
        sizes = sorted(line.sizes[at] for line in filled)
        width, slack = sizes[-1 - int(_LONGER_SHARE * len(sizes))], _SLACK // part
        if not _NARROWEST // part <= width <= _WIDEST // part or sizes[-1] > width + slack:
            continue
        full = [line for line in open_lines if line.sizes[at] >= width - slack]
        inside = [line for line in full if line.words[-1] not in _ENDS]
        # Lists of titles are of one width too, but hardly hold a comma.
        if sum(_PROSE.search(line.words) is not None for line in full) < _PROSE_SHARE * len(full):
            continue
        if len(full) >= max(_FEWEST_FULL, _FULL_SHARE * len(open_lines)) and len(inside) >= _OPEN_SHARE * len(full):
            # The first line of a paragraph may have lost its indent.
            nearly = [line for line in open_lines if line.sizes[at] >= width - slack - _INDENT_COLUMNS // part]
            inside = [line for line in nearly if line.words[-1] not in _ENDS and _PROSE.search(line.words)]
            best = max(best, {line.start for line in (*full, *inside)}, key=len)
    return best
