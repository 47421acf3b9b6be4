"""The sentences around shared passages, laid side by side: what is the same, and what stands in one report only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import pandas as pd

from corpus.analysis.blocks import Block, match_blocks
from corpus.analysis.tables import build_table
from corpus.report import Report, Reports
from corpus.terms import fold_character
from corpus.values import CorpusError

Agreement = Literal["same", "different"]

_COLUMNS = {
    "agreement": "",
    "report_a": "",
    "label_a": "",
    "start_a": "int64",
    "end_a": "int64",
    "text_a": "",
    "report_b": "",
    "label_b": "",
    "start_b": "int64",
    "end_b": "int64",
    "text_b": "",
}
LEAST_SAME = 2
"""From how many characters on a stretch that both sentences have counts as the same."""


def align_sentences(reports: Reports, passages: pd.DataFrame, *, margin_chars: int = 100) -> pd.DataFrame:
    """Lay the sentences that hold some shared passages of one pair of reports side by side.

    The sentences of each report from the first passage to the last are taken whole, as printed, and aligned by
    `corpus.analysis.blocks.match_blocks`; a stretch that they have in common counts if it holds at least two Han
    characters, letters or digits. Characters that differ in width only, as , and ， do, or in script, as 習 and 习 do,
    count as the same; other signs count as they are (`corpus.analysis.edits.find_edits` passes over them).

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
        One row a stretch, in reading order. agreement: ``same`` or ``different``; start, end, text: where the stretch
        stands in either report and its words; the text is empty, and start equals end, where a report has nothing.

    Raises
    ------
    CorpusError
        If the passages are of more than one pair.
    """
    if passages.empty:
        return build_table([], _COLUMNS)
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
    return build_table(rows, _COLUMNS)


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
