"""What a text lost or was left with on its way, as the loader flagged it, and slips of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.analysis.signs import Sign, stretches
from corpus.report import Report

# Written so by slip, never a word.
_SLIPS = (
    "积积|布署|按排|即使如此|贯策|惯彻|贯切|再接再励|一如继往|按步就班|松驰|己经|巳经|自已|既将|即然|帮抚|依法形政|行政执罚|"
    "法治治政府|党党组|工工作|人人大|政政府|部部门|落落实|推推进|加加强|开开展|组组织|(?<!目)的的(?!士|确)|和和(?!美|睦|气|谐)|进进一步"
)
_SLIP = re.compile(_SLIPS)
_TWICE = re.compile(r"([\u4e00-\u9fff])(?!\1)([\u4e00-\u9fff])\1\2(?!\1)")
_THRICE = re.compile(r"([\u4e00-\u9fff])\1\1")
_SAID_TWICE = frozenset(
    {"研究", "讨论", "一项", "一个", "一件", "一步", "一户", "一企", "一事", "一村", "一镇", "一年", "一条"}
)


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
        for pattern in (_SLIP, _TWICE, _THRICE):
            for match in pattern.finditer(text):
                if match[0][:2] not in _SAID_TWICE:
                    yield stretch.sign(report, "typo", match.span(), "a slip of writing, as printed")
