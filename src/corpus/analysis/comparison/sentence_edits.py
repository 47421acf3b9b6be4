"""The edits inside shared passages, and the sentences around them laid side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal

import pandas as pd

from corpus.analysis.alignment.common_text import Block, Gap, find_gaps, match_blocks
from corpus.errors import CorpusError
from corpus.field.data_files import fold_character
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated

EditKind = Literal["replaced", "inserted", "deleted"]


@tabulated
def find_edits(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return what differs inside shared passages, as few and as short edits as possible.

    The ``key`` characters of the two spans are aligned by `find_gaps`, so that what differs in
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
        One row an edit, by passage, then in reading order. Where a report has nothing, start equals end. What is taken
        out of both spans leaves the same key characters. With a and b exchanged the rows are the same, exchanged.

        {columns of find_edits}
    """
    spans = passages[["report_a", "start_a", "end_a", "report_b", "start_b", "end_b"]].itertuples(index=False)
    rows: list[tuple[Any, ...]] = []
    for name, (report_a, start_a, end_a, report_b, start_b, end_b) in zip(passages.index, spans, strict=True):
        sides = _Side(reports[report_a], start_a, end_a), _Side(reports[report_b], start_b, end_b)
        rows.extend((name, *row) for row in _edit_rows(*sides))
    return build_table(rows, "find_edits")


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


Agreement = Literal["same", "different"]

LEAST_SAME = 2
"""From how many characters on a stretch that both sentences have counts as the same."""


@tabulated
def align_sentences(reports: Reports, passages: pd.DataFrame, *, margin_chars: int = 100) -> pd.DataFrame:
    """Lay the sentences that hold some shared passages of one pair of reports side by side.

    The sentences of each report from the first passage to the last are taken whole, as printed, and aligned by
    `match_blocks`; a stretch that they have in common counts if it holds at least two Han
    characters, letters or digits. Characters that differ in width only, as , and ， do, or in script, as 習 and 习 do,
    count as the same; other signs count as they are (`find_edits` passes over them).

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        Rows of `corpus.find_reuse`, all of one pair of reports. No rows give a table without rows.
    margin_chars : int
        Most characters that are taken before the first passage and behind the last: in some reports a sentence is a
        page long.

    Returns
    -------
    DataFrame
        One row a stretch, in reading order. Where a report has nothing, start equals end and text is empty.

        {columns of align_sentences}

    Raises
    ------
    CorpusError
        If the passages are of more than one pair.
    """
    if passages.empty:
        return build_table([], "align_sentences")
    pairs = passages[["report_a", "report_b"]].drop_duplicates()
    if len(pairs) > 1:
        raise CorpusError(f"passages of {len(pairs)} pairs of reports cannot be laid side by side; choose one pair")
    a, b = (reports[str(report_id)] for report_id in pairs.iloc[0])
    window_a = _window(a, int(passages["start_a"].min()), int(passages["end_a"].max()), margin_chars)
    window_b = _window(b, int(passages["start_b"].min()), int(passages["end_b"].max()), margin_chars)
    texts = a.text[slice(*window_a)], b.text[slice(*window_b)]
    rows = []
    for agreement, (first_a, last_a), (first_b, last_b) in _stretches(*texts, reports.lexicon.simplified):
        side_a = _side(a, window_a[0] + first_a, window_a[0] + last_a)
        side_b = _side(b, window_b[0] + first_b, window_b[0] + last_b)
        rows.append((agreement, *side_a, *side_b))
    return build_table(rows, "align_sentences")


def _window(report: Report, start: int, end: int, margin: int) -> tuple[int, int]:
    """Return the sentences that hold a span of ``raw``, as a span of ``text``."""
    first, last = report.text_map.derived_span(start, end)
    sentences = [p for p in report.passages("sentence") if p.start < end and p.end > start]
    if not sentences:
        return first, last
    outer_first, outer_last = report.text_map.derived_span(sentences[0].start, sentences[-1].end)
    return min(first, max(outer_first, first - margin)), max(last, min(outer_last, last + margin))


def _stretches(
    text_a: str, text_b: str, simplified: Mapping[str, str]
) -> Iterator[tuple[Agreement, tuple[int, int], tuple[int, int]]]:
    folded = ("".join(fold_character(char, simplified) for char in text) for text in (text_a, text_b))
    place_a = place_b = 0
    for first_a, first_b, length in (*match_blocks(*folded), Block(len(text_a), len(text_b), 0)):
        words = sum(char.isalnum() for char in text_a[first_a : first_a + length])
        if words < LEAST_SAME and first_a < len(text_a):
            continue
        if first_a > place_a or first_b > place_b:
            yield "different", (place_a, first_a), (place_b, first_b)
        place_a, place_b = first_a + length, first_b + length
        if length:
            yield "same", (first_a, place_a), (first_b, place_b)


def _side(report: Report, first: int, last: int) -> tuple[Any, ...]:
    start, end = report.text_map.source_span(first, last)
    return report.report_id, report.label, start, end, report.text[first:last]
