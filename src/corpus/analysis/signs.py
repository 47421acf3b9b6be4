"""A sign of an older or a borrowed text, and the words by which a sentence shows that it looks back on purpose."""

from __future__ import annotations

import re
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


LOOKS_BACK = re.compile(
    "原(?!则|因|本|有|先|来|创|料|始|告|件)|曾|旧|前身|更名|改名|改称|撤销|撤并|合并|并入|划入|转隶|整合|不再|修订前|修改前|"
    "废止|失效|清理|取代|替代|同时停止|历史|回顾|以来|期间|时期|总结|收官|验收|圆满|完成了|成果|过去|当时|当年|机构改革"
)
"""Words by which a sentence says that what it names is past."""
