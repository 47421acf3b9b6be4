"""How a report falls into sections, paragraphs, items, sentences, clauses and phrases."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from corpus.report.record import Record
from corpus.report.values import Heading, Part, Role, Unit

Scope = Literal["body", "file"]

SENTENCE_ENDS = "。！？!?；;"
CLAUSE_ENDS = SENTENCE_ENDS + "，,：:"
PHRASE_ENDS = CLAUSE_ENDS + "、"
_CLOSERS = "”’\"'」』）)】》〉］]"

_PIECES = {
    unit: re.compile(f"[^{re.escape(ends)}]*(?:[{re.escape(ends)}]+[{re.escape(_CLOSERS)}]*|$)")
    for unit, ends in (("sentence", SENTENCE_ENDS), ("clause", CLAUSE_ENDS), ("phrase", PHRASE_ENDS))
}
_SAYS = re.compile(r"[^\W_]")
_LINE = re.compile(r"[^\n]+")
_SURELY_ONE_CHARS = 120
"""A line up to this length is one paragraph whatever it holds: titles and names are printed with wide spaces too."""
_INDENT = re.compile(r"(?<=\S)[^\S\n]{2,}+")
_ORDINAL = r"([一二三四五六七八九十]{1,3})"
_LABEL = re.compile(rf"{_ORDINAL}、|[(（]{_ORDINAL}[)）]")
_BEFORE_LABEL = re.compile(rf"[{re.escape(SENTENCE_ENDS + '：:' + _CLOSERS)}\s]")
_LEAST_LABELS = 2
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
# A marker opens an item only at the start of a clause: 统一是 and 这一方面 are not markers.
_ITEM = re.compile(
    rf"(?:^|(?<=[{re.escape(CLAUSE_ENDS)}\s]))"
    r"(?:[一二三四五六七八九十]{1,3}是(?!否)|首先|其次|再次|最后|一方面|另一方面|(?:其|第)[一二三四五六七八九十](?=[，,、]))"
)


def locate_paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs of a text, without the white space around them.

    A line is a paragraph. A line longer than any title may hold several, as in texts that lost their line ends: one
    begins behind an indent of wide spaces, and at each label of sections that the line itself numbers (一、 （一） …
    二、), if it has at least two in their order.

    Yields
    ------
    (int, int)
        Code points of ``text``, end exclusive.
    """
    for line in _LINE.finditer(text):
        start, stop = line.span()
        cuts = _cuts(text, start, stop) if stop - start > _SURELY_ONE_CHARS else ()
        for low, high in pairwise((start, *cuts, stop)):
            first, last = _trim(text, low, high)
            if first < last:
                yield first, last


def _cuts(text: str, start: int, stop: int) -> list[int]:
    indents: list[int] = []
    if text.find("\u3000", start, stop) >= 0:
        indents = [match.end() for match in _INDENT.finditer(text, start, stop) if "\u3000" in match[0]]
    if text.find("一、", start, stop) < 0:
        return indents
    return sorted({*indents, *_section_labels(text, start, stop)})


def _section_labels(text: str, start: int, stop: int) -> list[int]:
    """Return where the labels of sections stand in a line that numbers them one after the other."""
    found: list[int] = []
    coarse = fine = 0
    for match in _LABEL.finditer(text, start, stop):
        place = match.start()
        opens = place == start or _BEFORE_LABEL.match(text, place - 1) is not None
        if match[1] is not None and opens and _number(match[1]) == coarse + 1:
            coarse, fine = coarse + 1, 0
        elif (
            match[2] is not None
            and coarse
            and _number(match[2]) == fine + 1
            and (opens or (fine == 0 and text.find("。", found[-1], place) < 0))
        ):
            fine += 1
        else:
            continue
        found.append(place)
    return found if len(found) >= _LEAST_LABELS else []


def _number(ordinal: str) -> int:
    tens, ten, units = ordinal.rpartition("十")
    return 10 * (_DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(units, 0)


def split_text(text: str, unit: Unit) -> Iterator[tuple[int, int]]:
    """Yield the spans of the units of a text, without the white space around them.

    Parameters
    ----------
    text : str
        Its paragraphs are those of `locate_paragraphs`.
    unit : {"paragraph", "item", "sentence", "clause", "phrase"}
        A sentence ends at one of 。！？!?；; with the quotes and brackets that close behind it, and at the
        paragraph's end; a clause also at ，,：: and a phrase also at 、. Items are what 一是, 二是, 首先, 一方面 and
        their like open inside a paragraph: only these, each up to the next.

    Yields
    ------
    (int, int)
        Code points of ``text``, end exclusive. Within a paragraph, a piece without a letter, digit or Han character
        is joined to the one before it; a paragraph of such characters alone is a passage.
    """
    for first, last in locate_paragraphs(text):
        if unit == "paragraph":
            yield first, last
        elif unit == "item":
            yield from _items(text, first, last)
        else:
            yield from _pieces(text, first, last, unit)


def _pieces(text: str, first: int, last: int, unit: Unit) -> Iterator[tuple[int, int]]:
    pending: tuple[int, int] | None = None
    for match in _PIECES[unit].finditer(text, first, last):
        start, end = match.span()
        if start == end:
            continue
        if text[start].isspace() or text[end - 1].isspace():
            start, end = _trim(text, start, end)
            if start == end:
                continue
        if not text[start].isalnum() and _SAYS.search(text, start, end) is None:
            pending = (pending[0] if pending else start, end)
            continue
        if pending is not None:
            yield pending
        pending = (start, end)
    if pending is not None:
        yield pending


def _items(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    openings = [match.start() for match in _ITEM.finditer(text[first:last])]
    for opening, following in pairwise([*openings, last - first]):
        yield _trim(text, first + opening, first + following)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def locate_units(report: Record, unit: Unit, *, scope: Scope = "body") -> Iterator[tuple[int, int]]:
    """Yield the units of a report as spans of ``report.text``.

    Sections partition the body: what stands before the first heading, then one for each heading of depth 1 and each
    part without one. ``scope="file"`` takes the whole file, page clutter included; it knows no sections.
    """
    if scope == "file":
        start, end = 0, len(report.text)
    else:
        start, end = report.text_map.derived_span(*report.layout.body)
    if unit == "section":
        opening = {heading.label_start for heading in report.headings if heading.depth == 1}
        opening |= {part.start for part in report.parts if not part.headed}
        bounds = [start, *(report.text_map.derived_span(place, place)[0] for place in sorted(opening)), end]
        spans = (_trim(report.text, low, high) for low, high in pairwise(bounds))
        yield from ((low, high) for low, high in spans if low < high)
    else:
        yield from ((start + low, start + high) for low, high in split_text(report.text[start:end], unit))


class Outline:
    """Answers for any place of a report under which heading and in which part it lies."""

    def __init__(self, report: Record) -> None:
        self._headings = report.headings
        self._opens = [heading.label_start for heading in report.headings]
        self._parts = report.parts
        self._part_starts = [part.start for part in report.parts]

    def heading_over(self, place: int) -> Heading | None:
        """Return the innermost heading that opens at or before a place of ``raw``, inside the same part."""
        index = bisect_right(self._opens, place) - 1
        if index < 0:
            return None
        part = bisect_right(self._part_starts, place) - 1
        if part >= 0 and not self._parts[part].headed and self._opens[index] < self._parts[part].start:
            return None
        return self._headings[index]

    def part_at(self, place: int) -> Part | None:
        """Return the part that holds a place of ``raw``."""
        index = bisect_right(self._part_starts, place) - 1
        return self._parts[index] if index >= 0 and place < self._parts[index].end else None

    def role_at(self, place: int) -> Role | None:
        """Return the role of the part that holds a place of ``raw``."""
        part = self.part_at(place)
        return part.role if part else None
