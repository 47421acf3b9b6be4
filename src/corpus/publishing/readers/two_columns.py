"""Two reports in two columns: the whole of both, with what they share marked, linked and side by side."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, NamedTuple

import pandas as pd

from corpus.publishing.writing.screen import count
from corpus.report.html_view import QUIET, as_html, attribute
from corpus.report.reports import Report
from corpus.report.values import Span

Look = Literal["formula", "heading", "title", "shared"]
Row = Mapping[str, Any]

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


@dataclass(frozen=True, slots=True, repr=False)
class ComparedPair:
    """Two reports, what they share, and where it stands in each.

    Attributes
    ----------
    a, b : Report
    passages : DataFrame
        One row a shared passage, by its place in a; those that lie in both reports in passages in order are left out.
        number; start_a, end_a, start_b, end_b; matched_chars; similarity;
        kind (``shared``, ``heading`` or ``title``); formula_chars: key characters that are a formula in both texts;
        order (``in order``, ``moved`` or ``repeated``); n_edits; text_a, text_b.
    n_within : int
        How many passages were left out.
    edits : DataFrame
        From `corpus.analysis.comparison.sentence_edits.find_edits`; passage is the number.
    measures : mapping of str to number
        A row of `corpus.compare_reports`.
    formulas : mapping of str to tuple of Span
        By ``a`` and ``b``: what of the report's ``text`` is a formula.
    reference : tuple of str
        The reports that say what is a formula, and how much a word weighs.
    """

    a: Report
    b: Report
    passages: pd.DataFrame
    n_within: int
    edits: pd.DataFrame
    measures: Mapping[str, Any]
    formulas: Mapping[str, tuple[Span, ...]]
    reference: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, str]:
        """What the two are called: place and year, or their ids where these are the same."""
        a, b = self.a, self.b
        return (a.label, b.label) if a.label != b.label else (a.report_id, b.report_id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.a.report_id} – {self.b.report_id}: {len(self.passages)} shared passages>"


class _Block(NamedTuple):
    """A paragraph, or a piece of a long one, as a stretch of ``text``; ``opens`` where a paragraph begins."""

    start: int
    end: int
    opens: bool


class _Edit(NamedTuple):
    """An edit as one report shows it: its own words, or an empty span where the other report has more."""

    span: Span
    kind: str
    title: str


class _Mark(NamedTuple):
    """A shared passage as one report shows it; ``title`` is said where a reader points at it."""

    span: Span
    look: Look
    title: str
    opening: str
    closing: str
    edits: tuple[_Edit, ...]


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a table, one mapping each."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def places(row: Row, side: str) -> str:
    """Return where a passage or an edit stands in one of the reports, ``start:end``."""
    return f"{row[f'start_{side}']}:{row[f'end_{side}']}"


def id_prefix(comparison: ComparedPair) -> str:
    """Return what the ids begin with: the same for the same comparison, and another for every other."""
    spans = comparison.passages[["start_a", "end_a", "start_b", "end_b"]].to_numpy().tolist()
    content = f"{comparison.a.source.sha256} {comparison.b.source.sha256} {spans}"
    return f"pair-{sha256(content.encode()).hexdigest()[:8]}"


class _Column:
    """One of the two reports, in blocks that can be laid beside those of the other."""

    def __init__(self, comparison: ComparedPair, side: str) -> None:
        self.report: Report = getattr(comparison, side)
        self._text_span = self.report.text_map.derived_span
        self.blocks = list(_blocks(self.report.text))
        self._starts = [block.start for block in self.blocks]
        self._marks = self._passages(comparison, side)
        self._formulas = comparison.formulas[side]
        self._body = Span(*self._text_span(*self.report.layout.body))
        bold = [(heading.label_start, heading.end) for heading in self.report.headings]
        if self.report.layout.title is not None:
            bold.append((self.report.layout.title.start, self.report.layout.title.end))
        self._bold = [Span(*self._text_span(*span)) for span in bold]

    def block_at(self, place: int) -> int:
        """Return the number of the block that holds a character of ``text``."""
        return max(0, bisect_right(self._starts, place) - 1)

    def lead(self, first: int, last: int) -> int:
        """Return how many characters of ``text`` lie between the beginnings of two blocks."""
        return self.blocks[last].start - self.blocks[first].start

    def cell(self, first: int, last: int) -> str:
        """Return the blocks from ``first`` to before ``last`` as HTML."""
        return "".join(self._paragraph(block) for block in self.blocks[first:last])

    def span(self, row: Row, side: str) -> Span:
        """Return where a passage or an edit stands in ``text``."""
        return Span(*self._text_span(int(row[f"start_{side}"]), int(row[f"end_{side}"])))

    def _passages(self, comparison: ComparedPair, side: str) -> list[_Mark]:
        """Return the passages; what is in order, and what is longer, comes first and gives characters their look."""
        other, labels = ("b", comparison.labels) if side == "a" else ("a", comparison.labels[::-1])
        prefix = id_prefix(comparison)
        edits: dict[int, list[_Edit]] = {}
        for row in rows_of(comparison.edits):
            span, place, there = self.span(row, side), places(row, side), f"{labels[1]} {places(row, other)}"
            if row["kind"] == "replaced":
                title = f"{labels[0]} {place}; {there} has: {row[f'text_{other}']}"
            elif span.start < span.end:
                title = f"only in {labels[0]} {place}"
            else:
                title = f"{there} has more here: {row[f'text_{other}']}"
            edits.setdefault(row["passage"], []).append(_Edit(span, row["kind"], attribute(title)))
        marks = []
        for row in sorted(
            rows_of(comparison.passages), key=lambda row: (row["order"] != "in order", -row["matched_chars"])
        ):
            number, span = row["number"], self.span(row, side)
            order = "" if row["order"] == "in order" else row["order"]
            title = attribute(
                f"Passage {number}: {count(int(row['matched_chars']), 'character')}, "
                f"{count(int(row['n_edits']), 'edit')}{order and f', {order}'}; {labels[0]} {places(row, side)}; "
                f"counterpart in {labels[1]} {places(row, other)}"
            )
            anchor, target = f"{prefix}-{side}{number}", f"{prefix}-{other}{number}"
            opening = (
                f'<a class="sign" lang="en" id="{anchor}" href="#{target}" title="{title}" aria-label="{title}" '
                'style="font-size:72%;border:1px solid #808080;border-radius:6px;padding:0 4px;margin:0 2px;'
                f'text-decoration:none;white-space:nowrap"><b>{number}</b> ↔{order and f" {order}"} '
                f"{places(row, side)}</a><wbr>"
            )
            closing = (
                f'<a class="sign" lang="en" href="#{anchor}" title="end of passage {number}" '
                f'style="font-size:72%;text-decoration:none;margin:0 2px">]{number}</a>'
            )
            crosses = self.block_at(span.start) != self.block_at(span.end - 1)
            shown = closing if crosses or span.end - span.start > _LONG_PASSAGE else ""
            marks.append(_Mark(span, row["kind"], title, opening, shown, tuple(edits.get(number, ()))))
        return marks

    def _paragraph(self, block: _Block) -> str:
        place = self.report.text_map.source_span(block.start, block.start + 1)[0]
        inside = block.start < self._body.end and block.end > self._body.start
        look = "margin:0 0 8px 0;line-height:1.9" if inside else f"margin:0 0 4px 0;font-size:85%;{QUIET}"
        # Twice thinned would be too faint.
        sign = f"font-size:70%;{QUIET}" if inside else "font-size:70%"
        number = f'<span class="sign" style="{sign}">{place} </span>' if block.opens else ""
        return f'<p style="{look}">{number}{"".join(self._pieces(block))}</p>'

    def _pieces(self, block: _Block) -> Iterator[str]:
        """Yield the block cut wherever a passage, an edit, a formula or a heading begins or ends."""
        here = [mark for mark in self._marks if _touches(mark.span, block)]
        formulas = [span for span in self._formulas if here and _touches(span, block)]
        bold = [span for span in self._bold if _touches(span, block)]
        spans = [*(mark.span for mark in here), *(edit.span for mark in here for edit in mark.edits), *formulas, *bold]
        inner = {place for span in spans for place in span if block.start < place < block.end}
        edges = [block.start, *sorted(inner), block.end]
        for start, end in zip(edges, [*edges[1:], block.end], strict=True):
            # What ends with the block is shown by the next one where that goes on from here.
            goes_on = start == end and self.blocks[self.block_at(start)].start == start
            top = next((mark for mark in here if mark.span.start <= start <= mark.span.end), None)
            for edit in top.edits if top and not goes_on else ():
                if edit.span == (start, start):
                    look = f"{ABSENCE};font-weight:bold"
                    yield f'<span class="sign" title="{edit.title}" style="{look}">^</span>'
            yield from (mark.closing for mark in here if mark.span.end == start)
            if start < end:
                yield from (mark.opening for mark in here if mark.span.start == start)
                yield self._piece(start, end, here, formulas=formulas, bold=bold)

    def _piece(
        self, start: int, end: int, here: Sequence[_Mark], *, formulas: Sequence[Span], bold: Sequence[Span]
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
            shown = f'<{tag} title="{edit.title}" style="{EDIT_STYLES[edit.kind]}">{shown}</{tag}>'
        look = "formula" if mark.look == "shared" and _holds(formulas, start) else mark.look
        return f'<span title="{mark.title}" style="{mark_style(look)}">{shown}</span>'


def mark_style(look: Look) -> str:
    """Return how words of a kind look: a ground that text of any colour can be read on, and a line of its own."""
    from corpus.publishing.figures.style import COLOURS
    from corpus.publishing.figures.texts.passage_bands import KIND_COLOURS

    colours = {
        "shared": KIND_COLOURS["running text"],
        "heading": KIND_COLOURS["heading"],
        "title": KIND_COLOURS["title"],
        "formula": COLOURS["formula"],
    }
    line = {"shared": "solid", "heading": "dashed", "title": "dotted", "formula": "double"}[look]
    width = 3 if look == "formula" else 2
    return f"background-color:{colours[look]}2b;border-bottom:{width}px {line} {colours[look]}"


def _blocks(text: str) -> Iterator[_Block]:
    """Yield the paragraphs of a text; those longer than a paragraph should be are cut where sentences end."""
    for line in re.finditer(r"[^\n]*\S[^\n]*", text):
        cuts = [line.start()]
        if line.end() - line.start() > _LONGEST_BLOCK:
            for sentence in _SENTENCE_END.finditer(text, *line.span()):
                if sentence.end() - cuts[-1] >= _LEAST_BLOCK <= line.end() - sentence.end():
                    cuts.append(sentence.end())
        for start, end in zip(cuts, [*cuts[1:], line.end()], strict=True):
            yield _Block(start, end, start == line.start())


def _touches(span: tuple[int, int], block: _Block) -> bool:
    return span[0] < block.end and span[1] > block.start


def _holds(spans: Sequence[Span], place: int) -> bool:
    return any(span.start <= place < span.end for span in spans)


def texts_html(comparison: ComparedPair) -> str:
    """Return both reports in full, in two columns in which passages in the same order begin beside each other."""
    a, b = columns = [_Column(comparison, side) for side in "ab"]
    cuts = [(0, 0)]
    busy = (-1, -1)
    for row in (row for row in rows_of(comparison.passages) if row["order"] == "in order"):
        for number, cut in enumerate(_beside(comparison, row, a, b)):
            # A block in which an earlier passage ends stays beside that passage.
            free = cuts[-1] if number else busy
            leads = [column.lead(begun, end) for column, begun, end in zip(columns, cuts[-1], cut, strict=True)]
            is_near = abs(leads[0] - leads[1]) <= _BLANK_A_CHARACTER * row["matched_chars"]
            if cut[0] > free[0] and cut[1] > free[1] and is_near:
                cuts.append(cut)
        ends = (column.block_at(column.span(row, side).end - 1) for column, side in zip(columns, "ab", strict=True))
        busy = (max(busy[0], next(ends)), max(busy[1], next(ends)))
    lasts = [*cuts[1:], (len(a.blocks), len(b.blocks))]
    cell = "width:50%;text-align:left;vertical-align:top;white-space:normal;border:none"
    sides = (f"{cell};padding:8px 18px 0 0", f"{cell};padding:8px 0 0 18px;border-left:1px solid #b0b0b0")
    rows = []
    for first, last in zip(cuts, lasts, strict=True):
        cells = (
            f'<td lang="zh-Hans" data-report="{attribute(column.report.label)}" style="{side}">'
            f"{column.cell(*span)}</td>"
            for column, side, span in zip(columns, sides, zip(first, last, strict=True), strict=True)
        )
        rows.append(f'<tr style="background-color:transparent">{"".join(cells)}</tr>')
    heads = "".join(
        f'<th scope="col" style="{side};border-bottom:2px solid #808080">{as_html(column.report.label)}</th>'
        for column, side in zip(columns, sides, strict=True)
    )
    return (
        '<table class="texts" style="width:100%;table-layout:fixed;border-collapse:collapse;font-size:100%;margin:0">'
        f'<thead><tr style="background-color:transparent">{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _beside(comparison: ComparedPair, row: Row, a: _Column, b: _Column) -> Iterator[tuple[int, int]]:
    """Yield the blocks that belong beside each other: where a passage begins, and where paragraphs go on in it."""
    spans = a.span(row, "a"), b.span(row, "b")
    yield a.block_at(spans[0].start), b.block_at(spans[1].start)
    keys = a.report.key_map, b.report.key_map
    (first_a, last_a), (first_b, _) = (key.derived_span(*span) for key, span in zip(keys, spans, strict=True))
    edits = comparison.edits[comparison.edits["passage"] == row["number"]]
    places = edits[["start_a", "end_a", "start_b", "end_b"]].to_numpy().tolist()
    edited = [(a.report.key_span(*place[:2]), b.report.key_span(*place[2:])) for place in places]
    begins = [(first_a, first_b), *((in_a[1], in_b[1]) for in_a, in_b in edited)]
    ends = [*(in_a[0] for in_a, _ in edited), last_a]
    for number in range(a.block_at(spans[0].start) + 1, a.block_at(spans[0].end - 1) + 1):
        place = keys[0].derived_span(a.blocks[number].start, a.blocks[number].start)[0]
        for (begin_a, begin_b), end in zip(begins, ends, strict=True):
            if begin_a <= place < end:
                there = place - begin_a + begin_b
                yield number, b.block_at(keys[1].source_span(there, there + 1)[0])
