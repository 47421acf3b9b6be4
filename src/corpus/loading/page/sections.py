"""Headings of a body: labels, depth, run-in headings, and the role that a heading's own words name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from corpus.loading.page.layout import TextSpan
from corpus.loading.page.lines import GENRE, Line
from corpus.report.values import Heading, Part, Role

MAX_HEADING_CHARS = 60

# Styles of labels from the coarsest to the finest; which of them a report uses is its own choice.
_STYLES = (
    r"[一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3}\s{0,2}[、.．]|第[一二三四五六七八九十]{1,2}部分\s?[、:：]?",
    r"[(（]?\s?[一二三四五六七八九十]{1,3}\s?[)）]、?",
    r"\d{1,2}\s?[.．、](?!\d)",
    r"[(（]\s?\d{1,2}\s?[)）]、?",
    r"[①-⑳]",
)
_LABEL = re.compile("|".join(f"({style})" for style in _STYLES))
# A space that stands for a lost line end: 一、主要工作 一年来，我局…
_LOST_BREAK = re.compile(r"([^\s，,；;]{2,30})\s[^，,：:]{1,30}[，,：:]")
# A heading that lost its line end before text that goes on without a stop: 二、存在的问题和不足对照上级要求…
_GLUED = re.compile(
    r"(?>主要(?:举措|做法)(?:和|及|与)成效|存在的?(?:主要)?(?:问题|不足)(?:(?:和|及|与|及其)(?:不足|问题|原因))?"
    r"|下一步(?:工作)?(?:安排|打算|计划|思路)|(?:19|20)\d\d年度?(?:主要|重点)?工作(?:安排|打算|计划|思路|重点))(?![的中方上，。、])"
)
# 1、装备落后；2、人才缺乏；3、… is a list in one line.
_NEXT_LABEL = re.compile(r"[;；,，]\s?(?:\d{1,2}\s?[、.．](?!\d)|[(（][一二三四五六七八九十\d]{1,3}[)）]|[二三]是)")
_STOPS = "。．.：:；;"

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


def locate_headings(lines: Iterable[Line]) -> list[Heading]:
    """Find the headings among the lines of a body, with their places in ``text``.

    A heading opens a line with a label (一、 （一） 1. （1） ①) and is the whole line, or, where more follows (run-in),
    the line's first sentence, or what stands before a space behind which a sentence begins; at most 60 characters.
    一是 and 首先 open items, not headings, and a decimal (12.4) is no label. Depth counts the coarser styles that are
    open at that place, so that ``1.`` is of depth 2 right under 一、 and of depth 1 where nothing coarser is.
    """
    found: list[Heading] = []
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
        label = match[0].strip()
        found.append(Heading(len(open_styles), label, words, place + start, place + end, run_in, role, place))
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
    glued = _GLUED.match(line.words, start)
    if glued is not None and "，" in line.words[glued.end() : stop if stop >= 0 else None]:
        return start, glued.end(), True
    if _NEXT_LABEL.search(line.words, start, stop if stop >= 0 else len(line.words)):
        return None
    run_in = 0 <= stop < len(line.words) - 1
    end = stop if run_in else len(line.words)
    lost_break = _LOST_BREAK.match(line.words, start, end)
    if lost_break:
        run_in, end = True, lost_break.end(1)
    while end > start and (line.words[end - 1] in _STOPS or line.words[end - 1].isspace()):
        end -= 1
    return (start, end, run_in) if 1 < end - start <= MAX_HEADING_CHARS else None


_LEAD = re.compile(r"(?:报告|汇报|总结|通报|说明|情况)如下")
_SHORTCOMINGS = re.compile(
    r"(?:存在|还有|仍有|尚有).{0,20}?(?:问题|不足|差距|短板|薄弱|困难)|(?:不足|问题|差距)(?:之处)?(?:主要)?(?:表现|体现)|主要表现在"
)
_AWARE = re.compile(
    r"清醒地?(?:看到|认识|知道|意识)|[也还仍](?:必须)?(?:看到|认识到|面临|存在).{0,24}?(?:问题|不足|困难|短板|差距|挑战)"
)
_PLAN = re.compile(r"下一?步|下一?(?:年度|阶段)|今后|接下来|新的一年|来年|明年")
_INTENT = re.compile(r"将|要|继续|重点|打算|计划|进一步")
_CLOSING = re.compile(r"(?:特此|专此|此)(?:报告|汇报)|以上(?:报告|汇报|情况)|妥否|请予?审阅")
# What a heading says of the year reviewed and of the next; sections on a coming five-year plan are neither.
_OF_A_REVIEW = re.compile("回顾|总结|成就|成效|成绩|工作|情况|发展|举措")
_OF_A_PLAN = re.compile("目标|任务|安排|重点|工作|思路|要求|建议|打算|计划|部署|举措")
_DONE = re.compile("回顾|总结|完成|落实情况|进展|成就|成效")
_LOOKS_BACK = re.compile("回顾|成就|成效")
_TARGETS = re.compile("(?:今年|全[省市区县州])[^，。]{0,16}预期目标")
_ASKED = re.compile("今年[^，。]{0,12}总体(?:要求|思路)")
_NEAR_CHARS = 1_500
_PAST_YEAR = re.compile(r"过去一年|过去的一年|一年来|去年|(?:19|20)\d\d\s?年")
_FIVE_YEAR_PLAN = re.compile("十[一二三四五六]五")
_OWN_AFFAIRS = re.compile("自身建设|政府建设|政府治理|治理能力|治理效能|治理水平|人民满意|服务型政府|效能型政府")
_MAX_SECTION_LINE = 45
_UNHEADED_ROLES: tuple[Role, ...] = ("shortcomings", "plan")
OPENING_CHARS = 140
"""How far into a paragraph its role is looked for: two ordinary sentences."""


def locate_parts(
    lines: list[Line], body: TextSpan, headings: list[Heading], *, year_reviewed: int | None
) -> list[Part]:
    """Divide a body into parts by role, with their places in ``text``.

    A heading of depth 1 opens a part; its role is what its words say, by the year they name: 2024年主要工作 is what was
    done in a report on 2024 and a plan in one on 2023; a section on a coming five-year plan is neither. Short lines
    without a label that name such a year (2025年工作安排) open parts as well, and numbered headings below them do not.
    What stands before the first one is the
    preamble. Sections that name no role and stand before any shortcomings or plans tell what was done: measures, not
    headed. A paragraph without a heading opens shortcomings or plans where no heading does and its first words say so
    (主要表现在…; 下一步…; the year after the one reviewed with an intent). Without any heading the first paragraph is
    the preamble if it announces the report (…报告如下).
    """
    if not lines:
        return []
    openings = _openings(lines, {heading.label_start: heading for heading in headings}, year_reviewed)
    if not any(opening.role == "plan" for opening in openings):
        openings = _with_targets(openings, lines, [head.label_start for head in headings if head.depth == 1])
    openings = _with_shortcomings(openings, lines)
    starts = [line.start for line in lines]
    stops = [*(after.start for after in openings[1:]), body[1]]
    ends = [min(lines[bisect_left(starts, stop) - 1].end, stop) for stop in stops]
    return [replace(opening, end=end) for opening, end in zip(openings, ends, strict=True)]


def _openings(lines: list[Line], labelled: Mapping[int, Heading], year_reviewed: int | None) -> list[Part]:
    """Return the parts with where they begin; each lasts until the next one."""
    headed = {start: heading for start, heading in labelled.items() if heading.depth == 1}
    roles = {start: _role_by_year(heading.text, year_reviewed, heading.role) for start, heading in headed.items()}
    sections = _sections_without_label(lines, labelled, year_reviewed)
    missing: set[Role] = set(_UNHEADED_ROLES) - {role for role in (*roles.values(), *sections.values()) if role}
    openings: list[Part] = []
    first_heading = min((*roles, *sections), default=None)
    in_double = in_section = False
    for index, line in enumerate(lines):
        current = openings[-1].role if openings else None
        if line.start in sections:
            in_section = True
            role = sections[line.start]
            openings.append(Part(role, line.start, line.end, role is not None))
            continue
        heading = headed.get(line.start)
        if heading is not None:
            in_double = heading.role == "shortcomings" and _PLAN.search(heading.text) is not None
            role = roles[line.start]
            if in_section and role != "shortcomings":
                continue
            if role is None and current == "plan" and _OWN_AFFAIRS.search(heading.text):
                continue
            opened = role or _role_without_words(openings)
            if not (openings and not role and not openings[-1].headed and openings[-1].role == opened):
                openings.append(Part(opened, line.start, line.end, role is not None))
            continue
        below = labelled.get(line.start)
        late = _late(line, lines)
        role = None
        if late or current in ("preamble", None):
            role = _paragraph_role(line.words, year_reviewed) if below is None else name_role(below.text)
        if not openings:
            openings.append(Part(_first_role(line, role, first_heading), line.start, line.end, False))
        elif _CLOSING.match(line.words) and index == len(lines) - 1:
            openings.append(Part("closing", line.start, line.end, False))
        elif role in _UNHEADED_ROLES and role != current and (below is None or in_double):
            if role in missing and (first_heading is None or line.start > first_heading) and late:
                openings.append(Part(role, line.start, line.end, False))
        elif current == "preamble" and first_heading is None and index > 0:
            openings.append(Part("measures", line.start, line.end, False))
    return openings


def _with_targets(openings: list[Part], lines: list[Line], heads: list[int]) -> list[Part]:
    """Return parts of which none is a plan with one from where the targets of the year are told.

    It begins with the section that they open, else with what the year asks for in general, else with the targets.
    """
    told = next((line.start for line in lines if _TARGETS.search(line.words)), None)
    if told is None:
        return openings
    asked = (line.start for line in lines if told - _NEAR_CHARS < line.start <= told and _ASKED.search(line.words))
    start = next(asked, told)
    start = next((head for head in reversed(heads) if told - _NEAR_CHARS < head <= told), start)
    within = [opening for opening in openings if opening.start <= start]
    if len(within) < 2 or (within[-1].start == start and (within[-1].headed or within[-1].role == "shortcomings")):
        return openings
    kept = [opening for opening in openings if opening.start < start or opening.role not in (None, "measures")]
    return sorted([*kept, Part("plan", start, start, False)], key=_start)


def _with_shortcomings(openings: list[Part], lines: list[Line]) -> list[Part]:
    """Return parts of which none tells shortcomings with one at the end of what was done, where a plan follows."""
    if any(opening.role == "shortcomings" for opening in openings):
        return openings
    for opening, after in pairwise(openings):
        if opening.role == "measures" and after.role in ("plan", None):
            own = [line for line in lines if opening.start < line.start < after.start]
            told = [line.start for line in own[len(own) // 2 :] if _AWARE.search(line.words[:OPENING_CHARS])]
            if told and after.start - told[-1] <= _NEAR_CHARS:
                return sorted([*openings, Part("shortcomings", told[-1], told[-1], False)], key=_start)
    return openings


def _start(part: Part) -> int:
    return part.start


def _role_by_year(words: str, year_reviewed: int | None, role: Role | None) -> Role | None:
    """Return the role of a heading by the year it names, else what its words say."""
    if year_reviewed is None:
        return role
    named = "".join(words.split())
    if f"{year_reviewed + 1}年" in named and not _DONE.search(named) and _OF_A_PLAN.search(named):
        return "plan"
    if f"{year_reviewed}年" in named and _OF_A_REVIEW.search(named):
        return role if role == "shortcomings" else "measures"
    if _FIVE_YEAR_PLAN.search(named) and not _PAST_YEAR.search(named) and role in ("plan", "measures", None):
        return None
    return role


def _sections_without_label(
    lines: list[Line], labelled: Collection[int], year_reviewed: int | None
) -> dict[int, Role | None]:
    """Return the places of short lines without a label that name the year reviewed or the next, and their roles."""
    found: dict[int, Role | None] = {}
    if year_reviewed is None:
        return found
    names_year = False
    for line in lines:
        words = line.words
        if len(words) > _MAX_SECTION_LINE or line.start in labelled or words[-1] in "。，,；;：:！!":
            continue
        if "，" in words or "。" in words or GENRE.search(words):
            continue
        if words.startswith((f"{year_reviewed}年", f"{year_reviewed + 1}年")):
            role = _role_by_year(words, year_reviewed, None)
            if role is not None:
                found[line.start], names_year = role, True
        elif _FIVE_YEAR_PLAN.match(words.lstrip('“"')) and (found or _LOOKS_BACK.search(words)):
            found[line.start] = "measures" if _LOOKS_BACK.search(words) else None
    return found if names_year else {}


def _first_role(line: Line, role: Role | None, first_heading: int | None) -> Role | None:
    if first_heading is not None or _LEAD.search(line.words):
        return "preamble"
    return role or "measures"


def _role_without_words(openings: list[Part]) -> Role | None:
    said = (opening for opening in openings if opening.role not in ("preamble", None))
    if any(opening.headed or opening.role != "measures" for opening in said):
        return None
    return "measures"


def _paragraph_role(words: str, year_reviewed: int | None) -> Role | None:
    opening = words[:OPENING_CHARS]
    next_year = f"{year_reviewed + 1}年" if year_reviewed is not None else None
    if next_year and opening.startswith(next_year) and _INTENT.search(opening):
        return "plan"
    if _PLAN.match(words) and _INTENT.search(opening):
        return "plan"
    if _SHORTCOMINGS.search(opening):
        return "shortcomings"
    later = _PLAN.search(opening)
    return "plan" if later and _INTENT.search(opening[later.end() :]) else None


def _late(line: Line, lines: list[Line]) -> bool:
    """Tell whether a line stands in the second half of the body, where shortcomings and plans are."""
    return 2 * (line.start - lines[0].start) >= lines[-1].end - lines[0].start
