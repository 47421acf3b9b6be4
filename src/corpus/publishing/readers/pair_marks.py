"""The marks that a comparison sets into its two texts: passages by number, their edits, and where they run together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Any

import pandas as pd

from corpus.publishing.readers.two_columns import Anchor, Column, EditMark, PassageMark, Span, lay_out
from corpus.publishing.writing.text_width import count
from corpus.report.reports import Report

Row = dict[str, Any]

_SPANS = ["start_a", "end_a", "start_b", "end_b"]


@dataclass(frozen=True, slots=True)
class ComparedPair:
    """Two reports, what they share, and where it stands in each."""

    a: Report
    b: Report
    passages: pd.DataFrame
    n_within: int
    edits: pd.DataFrame
    measures: Mapping[str, Any]
    formulas: Mapping[str, tuple[Span, ...]]
    reference: tuple[str, ...]

    @property
    def coverage(self) -> dict[str, tuple[int, int]]:
        """For ``a`` and ``b``: key characters of the body in shared passages, and all of them."""
        return {side: _coverage(report, self.passages, side) for side, report in (("a", self.a), ("b", self.b))}

    @property
    def labels(self) -> tuple[str, str]:
        """What the two are called: place and year, or their ids where these are the same."""
        a, b = self.a, self.b
        return (a.label, b.label) if a.label != b.label else (a.report_id, b.report_id)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.a.report_id} – {self.b.report_id}: {len(self.passages)} shared passages>"


def _coverage(report: Report, passages: pd.DataFrame, side: str) -> tuple[int, int]:
    spans = zip(passages[f"start_{side}"], passages[f"end_{side}"], strict=True)
    held = set(chain.from_iterable(range(*report.key_span(int(start), int(end))) for start, end in spans))
    start, end = report.key_span(*report.layout.body)
    return len(held), end - start


def key_chars(report: Report, first: int, last: int) -> int:
    start, end = report.key_map.derived_span(first, last)
    return end - start


def texts_id(comparison: ComparedPair) -> str:
    """Return the id of the place where the two texts begin."""
    return f"{id_prefix(comparison)}-texts"


def texts_html(comparison: ComparedPair) -> str:
    """Return both reports in full, in two columns."""
    columns = {
        side: Column(getattr(comparison, side), _marks(comparison, side), comparison.formulas[side]) for side in "ab"
    }
    return lay_out(columns["a"], columns["b"], _anchors(comparison, columns["a"]))


def _marks(comparison: ComparedPair, side: str) -> list[PassageMark]:
    other = "b" if side == "a" else "a"
    report: Report = getattr(comparison, side)
    prefix = id_prefix(comparison)
    edits = _edit_marks(comparison, side)
    marks = []
    # What is in order, and what is longer, gives shared characters their look.
    for row in sorted(passage_rows(comparison), key=lambda row: (row["order"] != "in order", -row["matched_chars"])):
        number = row["number"]
        marks.append(
            PassageMark(
                number=number,
                span=_text_span(report, row[f"start_{side}"], row[f"end_{side}"]),
                places=places(row, side),
                kind=row["kind"],
                note="" if row["order"] == "in order" else row["order"],
                title=_title(comparison, row, side),
                anchor=f"{prefix}-{side}{number}",
                target=f"{prefix}-{other}{number}",
                edits=tuple(edits.get(number, ())),
            )
        )
    return marks


def _title(comparison: ComparedPair, row: Row, side: str) -> str:
    here, there = comparison.labels if side == "a" else comparison.labels[::-1]
    other = "b" if side == "a" else "a"
    order = "" if row["order"] == "in order" else f", {row['order']}"
    return (
        f"Passage {row['number']}: {count(int(row['matched_chars']), 'character')}, "
        f"{count(int(row['n_edits']), 'edit')}{order}; {here} {places(row, side)}; "
        f"counterpart in {there} {places(row, other)}"
    )


def _edit_marks(comparison: ComparedPair, side: str) -> dict[int, list[EditMark]]:
    report: Report = getattr(comparison, side)
    other = "b" if side == "a" else "a"
    here, there = comparison.labels if side == "a" else comparison.labels[::-1]
    marks: dict[int, list[EditMark]] = {}
    for edit in comparison.edits.to_dict("records"):
        span = _text_span(report, edit[f"start_{side}"], edit[f"end_{side}"])
        place, counterpart = places(edit, side), f"{there} {places(edit, other)}"
        if edit["kind"] == "replaced":
            title = f"{here} {place}; {counterpart} has: {edit[f'text_{other}']}"
        elif span.start < span.end:
            title = f"only in {here} {place}"
        else:
            title = f"{counterpart} has more here: {edit[f'text_{other}']}"
        marks.setdefault(int(edit["passage"]), []).append(EditMark(span, edit["kind"], title))
    return marks


def _anchors(comparison: ComparedPair, column: Column) -> Iterator[Anchor]:
    """Yield where passages in order begin in both reports, and where their paragraphs do."""
    a, b = comparison.a, comparison.b
    for row in passage_rows(comparison):
        if row["order"] != "in order":
            continue
        span_a, span_b = _text_span(a, row["start_a"], row["end_a"]), _text_span(b, row["start_b"], row["end_b"])
        last, length = (span_a.end - 1, span_b.end - 1), int(row["matched_chars"])
        yield Anchor(span_a.start, span_b.start, *last, length, opens=True)
        edits = comparison.edits[comparison.edits["passage"] == row["number"]]
        inside = range(column.block_at(span_a.start) + 1, column.block_at(span_a.end - 1) + 1)
        for place in (column.blocks[number].start for number in inside):
            counterpart = _counterpart(place, (a, span_a), (b, span_b), edits=edits)
            if counterpart is not None:
                yield Anchor(place, counterpart, *last, length, opens=False)


def _counterpart(place: int, a: tuple[Report, Span], b: tuple[Report, Span], *, edits: pd.DataFrame) -> int | None:
    """Return the place in b of what begins at a place of a passage in a; None where that is part of an edit."""
    (report_a, span_a), (report_b, span_b) = a, b
    first, last = report_a.key_map.derived_span(*span_a)
    key_place = report_a.key_map.derived_span(place, place)[0]
    shift = report_b.key_map.derived_span(*span_b)[0] - first
    for start_a, end_a, start_b, end_b in edits[_SPANS].itertuples(index=False):
        begun, done = report_a.key_span(start_a, end_a)
        if begun <= key_place < done:
            return None
        if done <= key_place:
            other_begun, other_done = report_b.key_span(start_b, end_b)
            shift += (other_done - other_begun) - (done - begun)
    if key_place >= last:
        return None
    return report_b.key_map.source_span(key_place + shift, key_place + shift + 1)[0]


def passage_rows(comparison: ComparedPair) -> list[Row]:
    """Return the passages of a comparison, by number."""
    return [{str(name): value for name, value in row.items()} for row in comparison.passages.to_dict("records")]


def places(row: Mapping[Any, Any], side: str) -> str:
    """Return where a passage or an edit stands in one of the reports, ``start:end``."""
    return f"{row[f'start_{side}']}:{row[f'end_{side}']}"


def _text_span(report: Report, start: int, end: int) -> Span:
    return Span(*report.text_map.derived_span(int(start), int(end)))


def id_prefix(comparison: ComparedPair) -> str:
    """Return what the ids begin with: the same for the same comparison, and another for every other."""
    spans = comparison.passages[_SPANS].to_numpy().tolist()
    content = f"{comparison.a.source.sha256} {comparison.b.source.sha256} {spans}"
    return f"pair-{sha256(content.encode()).hexdigest()[:8]}"
