"""A sign of an older or a borrowed text, where in a sentence it stands, and the plainest ones: damage and slips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from corpus.report.reports import Report
from corpus.report.values import Passage

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


# Written so by slip, never words.
_WRONG = re.compile(
    "布署|按排|贯策|惯彻|贯切|再接再励|一如继往|按步就班|松驰|己经|巳经|自已(?!经)|既将|即然|帮抚|依法形政|行政执罚|"
    "积积|落落实|推推进|法治治政府|(?<!目)的的(?!士|确)|和和(?!美|睦|气|谐)"
)
# 工工作 and 组组织 are no slips behind 职工 and 小组; a whole word said twice hardly ever has sense.
_TWICE = re.compile(
    r"(工作|建设|推进|加强|开展|落实|进一步|法治|执法|管理|制度|组织|提高|情况|依法|认真|切实|深入|全面|不断)\1"
)
_THRICE = re.compile(r"([\u4e00-\u9fff])\1\1")


def early_publication(report: Report) -> Iterator[Sign]:
    """Yield the day before the end of the year reviewed on which a report was published, else signed."""
    found = [notice for notice in report.warnings if notice.code == "early-date" and notice.evidence is not None]
    for notice in found[:1]:
        if notice.evidence is not None:
            yield Sign("early-publication", *notice.evidence, "sign", notice.message)


def lost_characters(report: Report) -> Iterator[Sign]:
    """Yield dates and periods that lost characters, the first place of each kind."""
    for notice in report.warnings:
        if notice.code == "lost-characters" and notice.evidence is not None:
            yield Sign("lost-characters", *notice.evidence, "sign", notice.message)


def word_debris(report: Report) -> Iterator[Sign]:
    """Yield what a word processor left behind and the loader cut out of ``text``."""
    for change in report.changes:
        if change.name == "word-debris":
            yield Sign("word-debris", change.start, change.end, "sign", "left behind by a word processor")


def typos(report: Report) -> Iterator[Sign]:
    """Yield slips: characters or words doubled by mistake, and a few well-known wrong spellings. Not complete."""
    for stretch in stretches(report):
        text = stretch.passage.text
        for pattern in (_WRONG, _TWICE, _THRICE):
            for match in pattern.finditer(text):
                yield stretch.sign(report, "typo", match.span(), "a slip of writing, as printed")
