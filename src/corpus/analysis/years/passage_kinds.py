"""Which passages of a report are addresses or headings, which say nothing of a year's work."""

from __future__ import annotations

import re
from typing import Literal

from corpus.analysis.alignment.passage_pairs import Passages
from corpus.report.passages import CLAUSE_ENDS, Outline
from corpus.report.reports import Report
from corpus.report.values import Span

Kind = Literal["text", "heading", "address"]

_ADDRESS = re.compile(
    "(?:尊敬的|各位|主席团|副?主任|副?主席|秘书长|政协|组成人员|列席人员|委员|代表|领导|同志|同仁|来宾|嘉宾|朋友|女士|先生|们|和|及)+"
)
_LONGEST_ADDRESS = 40
_LONGEST_HEADING = 45


def tell_kinds(report: Report, passages: Passages) -> list[Kind]:
    """Return for each passage whether it is text, a heading with all that belongs to it, or an address (各位代表)."""
    outline, headings = Outline(report), report.headings
    opening = {part.start for part in report.parts}
    kinds: list[Kind] = []
    n_opened = 0
    for span, key in zip(passages.spans, passages.keys, strict=True):
        while n_opened < len(headings) and headings[n_opened].label_start <= span.start:
            n_opened += 1
        may_be = span.start in opening or (n_opened > 0 and span.end <= headings[n_opened - 1].end + 1)
        is_heading = may_be and is_heading_at(report, outline, span)
        kinds.append("heading" if is_heading else "address" if is_address(key) else "text")
    return kinds


def is_heading_at(report: Report, outline: Outline, span: Span) -> bool:
    """Return whether a passage lies in a heading, or is a short line without a stop that opens a part."""
    heading = outline.heading_over(span.start)
    if heading is not None and heading.start < span.end <= heading.end + 1:
        return True
    part = outline.part_at(span.start)
    is_short = span.end - span.start <= _LONGEST_HEADING and report.raw[span.end - 1] not in CLAUSE_ENDS
    return part is not None and part.headed and part.start == span.start and is_short


def is_address(key: str) -> bool:
    """Return whether the key characters of a passage only address those present: 各位代表."""
    return len(key) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(key) is not None
