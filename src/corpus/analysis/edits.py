"""The edits inside shared passages: what was replaced, inserted or left out where two reports say nearly the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, Literal

import pandas as pd

from corpus.analysis.blocks import Gap, find_gaps
from corpus.analysis.tables import build_table
from corpus.report import Report, Reports

EditKind = Literal["replaced", "inserted", "deleted"]

_COLUMNS = {
    "passage": "",
    "kind": "",
    "start_a": "int64",
    "end_a": "int64",
    "start_b": "int64",
    "end_b": "int64",
    "text_a": "",
    "text_b": "",
}


def find_edits(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return what differs inside shared passages, as few and as short edits as possible.

    The ``key`` characters of the two spans are aligned by `corpus.analysis.blocks.find_gaps`, so that what differs in
    punctuation, width, spaces or script alone is no edit. What could stand in several places stands where it begins
    or ends at a mark of punctuation, else as late as possible.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        With report_a, start_a, end_a, report_b, start_b, end_b, as `corpus.find_reuse` gives them.

    Returns
    -------
    DataFrame
        One row an edit, by passage, then in reading order. passage: the row's name in the index of ``passages``;
        kind: ``replaced``, ``inserted`` (stands in b only) or ``deleted`` (in a only); start, end: code points of
        ``raw``, end exclusive; text: the words as printed. Where a report has nothing, start equals end and text is
        empty. What is taken out of both spans leaves the same key characters. With a and b exchanged the rows are the
        same, exchanged.
    """
    spans = passages[["report_a", "start_a", "end_a", "report_b", "start_b", "end_b"]].itertuples(index=False)
    rows: list[tuple[Any, ...]] = []
    for name, (report_a, start_a, end_a, report_b, start_b, end_b) in zip(passages.index, spans, strict=True):
        sides = _Side(reports[report_a], start_a, end_a), _Side(reports[report_b], start_b, end_b)
        rows.extend((name, *row) for row in _edit_rows(*sides))
    return build_table(rows, _COLUMNS)


class _Side:
    """One report's part of a passage, by places in its key characters."""

    def __init__(self, report: Report, start: int, end: int) -> None:
        self.report = report
        self.span = (int(start), int(end))
        self._first, last = report.key_span(*self.span)
        self.key = report.key[self._first : last]

    def locate(self, start: int, end: int) -> tuple[int, int]:
        return self.report.raw_span(self._first + start, self._first + end)

    def locate_nothing(self, place: int, *, before_signs: bool) -> tuple[int, int]:
        """Return an empty span beside a character, before or behind the signs that stand in front of it."""
        behind = self.locate(place - 1, place)[1] if place else self.span[0]
        before = self.locate(place, place + 1)[0] if place < len(self.key) else self.span[1]
        return (behind, behind) if before_signs else (before, before)

    def is_bound(self, place: int) -> bool:
        """Tell whether signs or spaces stand before a character, or the passage begins or ends there."""
        if not 0 < place < len(self.key):
            return True
        return self.locate(place - 1, place)[1] < self.locate(place, place + 1)[0]


def _edit_rows(a: _Side, b: _Side) -> Iterator[tuple[Any, ...]]:
    edits = find_gaps(a.key, b.key)
    for start_a, end_a, start_b, end_b in _settle(edits, a, b):
        span_a, span_b = a.locate(start_a, end_a), b.locate(start_b, end_b)
        kind: EditKind = "replaced"
        if start_a == end_a:
            kind = "inserted"
            span_a = a.locate_nothing(start_a, before_signs=not b.is_bound(start_b))
        elif start_b == end_b:
            kind = "deleted"
            span_b = b.locate_nothing(start_b, before_signs=not a.is_bound(start_a))
        yield kind, *span_a, *span_b, a.report.quote(*span_a), b.report.quote(*span_b)


def _settle(edits: Sequence[Gap], a: _Side, b: _Side) -> Iterator[Gap]:
    """Move what was inserted or left out to where signs stand beside it, as far as its wording leaves the choice."""
    done = 0
    for edit, following in zip_longest(edits, edits[1:]):
        settled = edit
        if edit.start_a == edit.end_a or edit.start_b == edit.end_b:
            side, start, end = (a, edit.start_a, edit.end_a) if edit.start_a < edit.end_a else (b, *edit[2:])
            # One common character at least stays between two edits.
            left = edit.start_a - done - (done > 0)
            right = following.start_a - edit.end_a - 1 if following else len(a.key) - edit.end_a
            shift = _best_shift(side, start, end, room=(left, right))
            settled = Gap(*(place + shift for place in edit))
        done = settled.end_a
        yield settled


def _best_shift(side: _Side, start: int, end: int, *, room: tuple[int, int]) -> int:
    key, (left, right) = side.key, room
    lowest = highest = 0
    while lowest > -left and key[start + lowest - 1] == key[end + lowest - 1]:
        lowest -= 1
    while highest < right and key[start + highest] == key[end + highest]:
        highest += 1
    if lowest == highest:
        return 0

    def bounds(shift: int) -> tuple[int, int]:
        return side.is_bound(start + shift) + side.is_bound(end + shift), shift

    return max(range(lowest, highest + 1), key=bounds)
