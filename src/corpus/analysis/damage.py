"""What a text lost or was left with on its way, as the loader flagged it, and slips of the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.analysis.signs import Sign, stretches
from corpus.report import Report

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
