"""A sign of an older or a borrowed text, and where in a sentence it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from corpus.report import Report
from corpus.values import Passage

Kind = Literal[
    "stale-year",
    "foreign-place",
    "old-organ",
    "repealed-law",
    "stale-campaign",
    "late-event",
    "early-publication",
    "lost-characters",
    "word-debris",
    "typo",
]
Strength = Literal["impossible", "sign"]

CLAUSE_BREAKS = "，,；;。：:！!？?\n"
_OPENERS = {"《": "》", "“": "”", "〔": "〕", "(": ")", "（": "）", "[": "]", "［": "］", "「": "」", "〈": "〉"}


class Sign(NamedTuple):
    """What does not belong, at ``start:end`` of ``raw``, and why."""

    kind: Kind
    start: int
    end: int
    strength: Strength
    why: str


class Stretch(NamedTuple):
    """A sentence or heading of a report, with the place of its first character in ``report.text``."""

    text_start: int
    passage: Passage

    def sign(self, report: Report, kind: Kind, span: tuple[int, int], why: str) -> Sign:
        """Return the sign at ``span`` of the passage's text."""
        start, end = report.text_map.source_span(self.text_start + span[0], self.text_start + span[1])
        return Sign(kind, start, end, "sign", why)


def stretches(report: Report) -> Iterator[Stretch]:
    """Yield the sentences of the body."""
    for passage in report.passages("sentence"):
        yield Stretch(report.text_map.derived_span(passage.start, passage.end)[0], passage)


def enclosed_by(text: str, place: int) -> str:
    """Return the bracket or quote that is open at a place of a sentence, the innermost; empty where none is."""
    open_: list[str] = []
    for character in text[:place]:
        if character in _OPENERS:
            open_.append(character)
        elif open_ and character == _OPENERS[open_[-1]]:
            open_.pop()
    return open_[-1] if open_ else ""


def clause_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the clause of a sentence in which ``start:end`` lies."""
    first = max((text.rfind(character, 0, start) for character in CLAUSE_BREAKS), default=-1) + 1
    stops = [stop for character in CLAUSE_BREAKS if (stop := text.find(character, end)) >= 0]
    return first, min(stops, default=len(text))
