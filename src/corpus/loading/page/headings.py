"""Headings of a body: labels, depth, run-in headings, and the role that a heading's own words name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from corpus.loading.page.lines import Line
from corpus.report.values import Role

MAX_HEADING_CHARS = 60

# Styles of labels from the coarsest to the finest; which of them a report uses is its own choice.
_STYLES = (
    r"[一二三四五六七八九十]{1,3}\s{0,2}[、.．]|第[一二三四五六七八九十]{1,2}部分\s?[、:：]?",
    r"[(（]?\s?[一二三四五六七八九十]{1,3}\s?[)）]、?",
    r"\d{1,2}\s?[.．、](?!\d)",
    r"[(（]\s?\d{1,2}\s?[)）]、?",
    r"[①-⑳]",
)
_LABEL = re.compile("|".join(f"({style})" for style in _STYLES))
# A space that stands for a lost line end: 一、主要工作 一年来，我局…
_LOST_BREAK = re.compile(r"([^\s，,；;]{2,30})\s[^，,：:]{1,30}[，,：:]")
# 1、装备落后；2、人才缺乏；3、… is a list in one line.
_NEXT_LABEL = re.compile(r"[;；,，]\s?(?:\d{1,2}\s?[、.．](?!\d)|[(（][一二三四五六七八九十\d]{1,3}[)）]|[二三]是)")
_CLOSING = "。．.：:；;"

_ROLE_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("first-responsible", re.compile(r"第一责任人|主要负责人履行")),
    (
        "shortcomings",
        re.compile(
            r"(?:存在|面临|尚有|仍有).{0,12}(?:问题|不足|短板|差距|困难|薄弱)|(?:问题|不足|短板|差距)(?:和|及|与|、)?(?:其)?原因"
            r"|(?:主要|突出)(?:问题|不足|短板)|的(?:不足|差距|短板)(?:之处)?\Z|\A(?:问题|不足|短板|差距)(?:和|与|及|\Z)"
        ),
    ),
    (
        "plan",
        re.compile(
            r"下一?步|下一?(?:年|阶段)|今后|努力方向|改进措施|\A(?:主要|工作)?(?:安排|打算|思路)|(?:主要|工作|重点)(?:安排|打算|思路)"
            r"|(?:19|20)\d\d年度?.{0,20}(?:安排|打算|计划|思路|重点工作|工作要点)(?!.{0,6}(?:完成|落实|进展|推进|执行)?情况)"
        ),
    ),
    (
        "measures",
        re.compile(
            r"(?:主要)?(?:举措|成效|做法|措施及成效|工作措施)|(?:开展|完成|落实|推进|工作|进展|建设|总体|基本)情况|工作(?:总结|回顾|进展|亮点)|\A主要工作"
        ),
    ),
)


class FoundHeading(NamedTuple):
    """A heading as spans of ``text``; ``label_start`` is where its label begins."""

    depth: int
    label: str
    text: str
    start: int
    end: int
    run_in: bool
    role: Role | None
    label_start: int


def locate_headings(lines: Iterable[Line]) -> list[FoundHeading]:
    """Find the headings among the lines of a body.

    A heading opens a line with a label (一、 （一） 1. （1） ①) and is the whole line, or, where more follows (run-in),
    the line's first sentence, or what stands before a space behind which a sentence begins; at most 60 characters.
    一是 and 首先 open items, not headings, and a decimal (12.4) is no label. Depth counts the coarser styles that are
    open at that place, so that ``1.`` is of depth 2 right under 一、 and of depth 1 where nothing coarser is.
    """
    found: list[FoundHeading] = []
    open_styles: list[int] = []
    for line in lines:
        match = _LABEL.match(line.words)
        if match is None:
            continue
        span = _heading_text(line, match.end())
        if span is None:
            continue
        style = (match.lastindex or 1) - 1
        open_styles = [*(style_above for style_above in open_styles if style_above < style), style]
        start, end, run_in = span
        words = line.words[start:end]
        role = name_role(words) if len(open_styles) == 1 else None
        place = line.start
        found.append(
            FoundHeading(len(open_styles), match[0].strip(), words, place + start, place + end, run_in, role, place)
        )
    return found


def name_role(words: str) -> Role | None:
    """Return the role that a heading's own words name, or None."""
    for role, pattern in _ROLE_WORDS:
        if pattern.search(words):
            return role
    return None


def _heading_text(line: Line, label_end: int) -> tuple[int, int, bool] | None:
    start = label_end
    while start < len(line.words) and line.words[start].isspace():
        start += 1
    stop = line.words.find("。", start)
    if _NEXT_LABEL.search(line.words, start, stop if stop >= 0 else len(line.words)):
        return None
    run_in = 0 <= stop < len(line.words) - 1
    end = stop if run_in else len(line.words)
    lost_break = _LOST_BREAK.match(line.words, start, end)
    if lost_break:
        run_in, end = True, lost_break.end(1)
    while end > start and (line.words[end - 1] in _CLOSING or line.words[end - 1].isspace()):
        end -= 1
    return (start, end, run_in) if 1 < end - start <= MAX_HEADING_CHARS else None
