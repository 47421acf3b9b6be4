"""Two reports in two columns: the whole of both, with what they share marked, linked and side by side."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from corpus.publishing.readers.html_page import attribute
from corpus.report.html_view import QUIET, as_html
from corpus.report.reports import Report

Mark = Literal["own", "formula", "heading", "title", "shared"]

_SENTENCE_END = re.compile(r"[。；！？!?;]+[”’」』）)]*")
_LONGEST_BLOCK = 360
_LEAST_BLOCK = 120
_LONG_PASSAGE = 120
# A passage is worth so many blank characters for each of its own, that it may stand beside its counterpart.
_BLANK_A_CHARACTER = 40
EDIT_TAGS = {"replaced": "mark", "deleted": "del", "inserted": "ins"}
EDIT_STYLES = {
    "replaced": "background-color:#ffe08a;color:#22262b;border:1px solid #7a5c00;border-radius:2px;padding:0 1px",
    "deleted": "background-color:#ffe08a;color:#22262b;border:1px dashed #7a5c00;text-decoration:line-through",
    "inserted": "background-color:#ffe08a;color:#22262b;border:1px dashed #7a5c00;text-decoration:underline",
}
ABSENCE = "background-color:#ffe08a;color:#22262b"


class Span(NamedTuple):
    """A stretch of a report's ``text``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class EditMark:
    """An edit as one report shows it: its own words, or an empty span where the other report has more."""

    span: Span
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class PassageMark:
    """A shared passage as one report shows it.

    Attributes
    ----------
    number : int
        The same in both reports.
    span : Span
    places : str
        Its place in the file, ``start:end``.
    kind : {"shared", "heading", "title"}
    note : str
        Short words behind the number, as ``moved``; empty for none.
    title : str
        What is said of it where a reader points at it.
    anchor, target : str
        The ids of this place and of its counterpart.
    edits : tuple of EditMark
    """

    number: int
    span: Span
    places: str
    kind: Mark
    note: str
    title: str
    anchor: str
    target: str
    edits: tuple[EditMark, ...]


class Block(NamedTuple):
    """A paragraph, or a piece of a long one, as a stretch of ``text``; ``opens`` where a paragraph begins."""

    start: int
    end: int
    opens: bool


class Anchor(NamedTuple):
    """Two places of ``text`` that belong beside each other: where a passage begins, or where it goes on in both.

    ``last_a`` and ``last_b`` are the last characters of the passage, ``length`` its characters; ``opens`` where the
    passage begins.
    """

    place_a: int
    place_b: int
    last_a: int
    last_b: int
    length: int
    opens: bool


class Column:
    """One of the two reports, in blocks that can be laid beside those of the other.

    Parameters
    ----------
    report : Report
    marks : sequence of PassageMark
        The first that holds a character gives it its look.
    formulas : sequence of Span
        Stretches of ``text``, ascending, that do not overlap.
    """

    def __init__(self, report: Report, marks: Sequence[PassageMark], formulas: Sequence[Span]) -> None:
        self.report = report
        self.blocks = list(_blocks(report.text))
        self._starts = [block.start for block in self.blocks]
        self._marks = marks
        self._formulas = formulas
        self._formula_ends = [span.end for span in formulas]
        self._body = Span(*report.text_map.derived_span(*report.layout.body))
        bold = [(heading.label_start, heading.end) for heading in report.headings]
        if report.layout.title is not None:
            bold.append((report.layout.title.start, report.layout.title.end))
        self._bold = sorted(Span(*report.text_map.derived_span(start, end)) for start, end in bold)

    def block_at(self, place: int) -> int:
        """Return the number of the block that holds a character of ``text``."""
        return max(0, bisect_right(self._starts, place) - 1)

    def lead(self, first: int, last: int) -> int:
        """Return how many characters of ``text`` lie between the beginnings of two blocks."""
        return self.blocks[last].start - self.blocks[first].start

    def cell(self, first: int, last: int) -> str:
        """Return the blocks from ``first`` to before ``last`` as HTML."""
        return "".join(self._paragraph(block) for block in self.blocks[first:last])

    def _goes_on(self, place: int) -> bool:
        number = bisect_left(self._starts, place)
        return number < len(self._starts) and self._starts[number] == place

    def _paragraph(self, block: Block) -> str:
        place = self.report.text_map.source_span(block.start, block.start + 1)[0]
        inside = block.start < self._body.end and block.end > self._body.start
        look = "margin:0 0 8px 0;line-height:1.9" if inside else f"margin:0 0 4px 0;font-size:85%;{QUIET}"
        # Twice thinned would be too faint.
        sign = f"font-size:70%;{QUIET}" if inside else "font-size:70%"
        number = f'<span class="sign" style="{sign}">{place} </span>' if block.opens else ""
        return f'<p style="{look}">{number}{"".join(self._pieces(block))}</p>'

    def _pieces(self, block: Block) -> Iterator[str]:
        """Yield the block cut wherever a passage, an edit, a formula or a heading begins or ends."""
        here = [mark for mark in self._marks if mark.span.start < block.end and mark.span.end > block.start]
        edits = [edit for mark in here for edit in mark.edits]
        formulas = self._formulas[bisect_right(self._formula_ends, block.start) :] if here else []
        formulas = formulas[: bisect_left(formulas, (block.end, 0))]
        bold = [span for span in self._bold if span.start < block.end and span.end > block.start]
        spans = [*(mark.span for mark in here), *(edit.span for edit in edits), *formulas, *bold]
        inner = {place for span in spans for place in span if block.start < place < block.end}
        places = sorted({block.start, block.end, *inner})
        for start, end in zip(places, [*places[1:], block.end], strict=True):
            if start < end or not self._goes_on(block.end):
                top = next((mark for mark in here if mark.span.start <= start <= mark.span.end), None)
                yield from (_absence(edit) for edit in (top.edits if top else ()) if edit.span == (start, start))
            yield from (_closing(mark) for mark in here if mark.span.end == start and _is_long(mark, self))
            if start < end:
                yield from (_opening(mark) for mark in here if mark.span.start == start)
                yield self._piece(start, end, here, formulas=formulas, bold=bold)

    def _piece(
        self, start: int, end: int, here: Sequence[PassageMark], *, formulas: Sequence[Span], bold: Sequence[Span]
    ) -> str:
        shown = as_html(self.report.text[start:end])
        if _holds(bold, start):
            shown = f"<b>{shown}</b>"
        mark = next((mark for mark in here if mark.span.start <= start < mark.span.end), None)
        if mark is None:
            return shown
        edit = next((edit for edit in mark.edits if edit.span.start <= start < edit.span.end), None)
        if edit is not None:
            tag = EDIT_TAGS[edit.kind]
            shown = f'<{tag} title="{attribute(edit.title)}" style="{EDIT_STYLES[edit.kind]}">{shown}</{tag}>'
        kind = "formula" if mark.kind == "shared" and _holds(formulas, start) else mark.kind
        return f'<span title="{attribute(mark.title)}" style="{mark_style(kind)}">{shown}</span>'


def mark_style(kind: Mark) -> str:
    """Return how words of a kind look: a ground that text of any colour can be read on, and a line of its own."""
    from corpus.publishing.figures.style import COLOURS
    from corpus.publishing.figures.texts.passage_bands import KIND_COLOURS

    colours = {
        "shared": KIND_COLOURS["running text"],
        "heading": KIND_COLOURS["heading"],
        "title": KIND_COLOURS["title"],
        "formula": COLOURS["formula"],
    }
    line = {"shared": "solid", "heading": "dashed", "title": "dotted", "formula": "double"}[kind]
    width = 3 if kind == "formula" else 2
    return f"background-color:{colours[kind]}2b;border-bottom:{width}px {line} {colours[kind]}"


def _blocks(text: str) -> Iterator[Block]:
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            opens = True
            for piece_end in _cuts(line, start):
                yield Block(start, piece_end, opens)
                start, opens = piece_end, False
        start = end + 1


def _cuts(line: str, start: int) -> Iterator[int]:
    """Yield where the pieces of a line end: at sentences, if the line is longer than a paragraph should be."""
    begun = 0
    if len(line) > _LONGEST_BLOCK:
        for match in _SENTENCE_END.finditer(line):
            if match.end() - begun >= _LEAST_BLOCK and len(line) - match.end() >= _LEAST_BLOCK:
                begun = match.end()
                yield start + begun
    yield start + len(line)


def _holds(spans: Sequence[Span], place: int) -> bool:
    return any(span.start <= place < span.end for span in spans)


def _is_long(mark: PassageMark, column: Column) -> bool:
    crosses = column.block_at(mark.span.start) != column.block_at(mark.span.end - 1)
    return crosses or mark.span.end - mark.span.start > _LONG_PASSAGE


def _absence(edit: EditMark) -> str:
    return f'<span class="sign" title="{attribute(edit.title)}" style="{ABSENCE};font-weight:bold">^</span>'


def _opening(mark: PassageMark) -> str:
    note = f" {mark.note}" if mark.note else ""
    return (
        f'<a class="sign" lang="en" id="{mark.anchor}" href="#{mark.target}" title="{attribute(mark.title)}" '
        f'aria-label="{attribute(mark.title)}" style="font-size:72%;border:1px solid #808080;border-radius:6px;'
        f'padding:0 4px;margin:0 2px;text-decoration:none;white-space:nowrap"><b>{mark.number}</b> ↔{note} '
        f"{mark.places}</a><wbr>"
    )


def _closing(mark: PassageMark) -> str:
    return (
        f'<a class="sign" lang="en" href="#{mark.anchor}" title="end of passage {mark.number}" style="font-size:72%;'
        f'text-decoration:none;margin:0 2px">]{mark.number}</a>'
    )


def lay_out(a: Column, b: Column, anchors: Iterable[Anchor]) -> str:
    """Return both reports as a table of two columns, in which passages in the same order begin beside each other.

    Parameters
    ----------
    a, b : Column
    anchors : iterable of Anchor
        Ascending in both reports.
    """
    cuts = [(0, 0)]
    busy = (-1, -1)
    for anchor in anchors:
        cut = (a.block_at(anchor.place_a), b.block_at(anchor.place_b))
        # A block in which an earlier passage ends stays beside that passage.
        free = busy if anchor.opens else cuts[-1]
        lead_a, lead_b = (column.lead(begun, end) for column, begun, end in zip((a, b), cuts[-1], cut, strict=True))
        if cut[0] > free[0] and cut[1] > free[1] and abs(lead_a - lead_b) <= _BLANK_A_CHARACTER * anchor.length:
            cuts.append(cut)
        busy = (max(busy[0], a.block_at(anchor.last_a)), max(busy[1], b.block_at(anchor.last_b)))
    ends = [*cuts[1:], (len(a.blocks), len(b.blocks))]
    cell = "width:50%;text-align:left;vertical-align:top;white-space:normal;border:none"
    sides = (f"{cell};padding:8px 18px 0 0", f"{cell};padding:8px 0 0 18px;border-left:1px solid #b0b0b0")
    rows = []
    for (first_a, first_b), (last_a, last_b) in zip(cuts, ends, strict=True):
        cells = zip((a, b), sides, ((first_a, last_a), (first_b, last_b)), strict=True)
        rows.append(
            '<tr style="background-color:transparent">'
            + "".join(
                f'<td lang="zh-Hans" data-report="{attribute(column.report.label)}" style="{side}">'
                f"{column.cell(*span)}</td>"
                for column, side, span in cells
            )
            + "</tr>"
        )
    heads = "".join(
        f'<th scope="col" style="{side};border-bottom:2px solid #808080">{as_html(column.report.label)}</th>'
        for column, side in zip((a, b), sides, strict=True)
    )
    return (
        '<table class="texts" style="width:100%;table-layout:fixed;border-collapse:collapse;font-size:100%;margin:0">'
        f'<thead><tr style="background-color:transparent">{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )
