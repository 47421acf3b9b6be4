"""Which clauses of a report commit it to something that can be checked, and what the others tell of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from corpus.analysis.years.changes import is_address, is_heading_at
from corpus.analysis.years.plan_outcomes import LABEL, OTHER_BASE, list_figures
from corpus.field.data_files import rule_words
from corpus.report.passages import Outline, locate_units
from corpus.report.reports import Report
from corpus.report.values import Span

Side = Literal["review", "plan", "shortcomings"]

_FIVE_YEARS = re.compile(r"十[一二三四五六七]五|五年规划|今后五年|未来五年")
_GONE_BY = re.compile("成就|成效|回顾|取得")
_OPENING_CHARS, _HEADING_CHARS = 60, 24
_GLOSSARY = re.compile(
    r"\n[ \t\u3000]*(?:附件|附[:：]|名词[解注]释|注释|[相有]关(?:用语|名词)|《?政府工作报告》?[有相]关)[^\n]{0,30}\n"
)
_GLOSSARY_FROM = 0.6
"""A list of terms explained stands behind this share of a report."""

_LEAST_CHARS, _MOST_CHARS = 6, 150
# Each of these says by itself what will be there; the weaker ones need a thing that has a name.
_OUTCOME = re.compile(rule_words("outcome"))
_ACTION = re.compile(rule_words("action"))
_NAMED = re.compile(
    r"[“《「](?!十[一二三四五六]五)[^”》」]{2,}[”》」]|[A-Za-z]{1,4}\d|(?:工程|项目|行动|计划|铁路|高铁|高速|公路|大桥|隧道|机场|航线|水库|枢纽|灌区|码头|港区|电站|核电|"
    "医院|学校|校区|大学|实验室|基地|园区|产业园|示范区|试验区|自贸区|新区|博物馆|场馆|条例|办法|方案|清单|目录|试点|平台|"
    "活动|培训班|竞赛|大会|博览会|论坛|运动会|普查|景区|国家公园|管网|线路|专项|基金)(?:建设)?$"
)
_NO_PLAN = re.compile(
    "去年|过去|以来|五年来|^(?:我们|各位|让我们|坚持|牢记|牢牢|聚焦|围绕|紧扣|立足|锚定|始终|坚定|坚决|全面贯彻|深入贯彻|认真落实|按照|根据|以[^，]*为|"
    "今年是|综合考虑|做好今年|总体要求|总的要求|主要预期目标|主要目标是)|是[^，]{0,20}(?:之年|关键一年|收官)|^为(?:实现|决胜|夺取|全面)|小康社会|伟大胜利|中国梦|面临|形势|意见建议|谢谢|感谢"
)
_IN_LIGHT_OF = re.compile("聚焦|围绕|锚定|统揽|目标任务|规划编制")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its place in ``raw``, its words, its key characters, and where in the report it stands."""

    span: Span
    text: str
    key: str
    side: Side
    paragraph: int
    of_five_years: bool


def divide_sides(report: Report) -> list[Clause]:
    """Return the clauses of a report by what they are: plans, shortcomings, or what is said of the time gone by.

    Whatever is not a plan tells of the time gone by, sections without a role too, but for those on a coming five-year
    plan, which are neither and left out, as are headings, addresses and a list of terms explained at the end.
    """
    outline, clauses = Outline(report), list(locate_units(report, "clause"))
    paragraphs = list(locate_units(report, "paragraph"))
    end = _end_of_report(report)
    neither = {
        part.start: part.role is None
        and _FIVE_YEARS.search(report.raw, part.start, part.start + _OPENING_CHARS)
        and not _GONE_BY.search(report.raw, part.start, part.start + _HEADING_CHARS)
        for part in report.parts
    }
    # A list that stands behind the plan without a heading of its own belongs to it.
    planned = [part.start for part in report.parts if part.role == "plan"]
    late = [part for part in report.parts if part.role is None and planned and part.start > planned[0]]
    found: list[Clause] = []
    at = 0
    for first, last in clauses:
        while at + 1 < len(paragraphs) and paragraphs[at + 1][0] <= first:
            at += 1
        span = Span(*report.text_map.source_span(first, last))
        if span.start >= end:
            break
        part = outline.part_at(span.start)
        if part is None or neither[part.start] or is_heading_at(report, outline, span):
            continue
        start, stop = report.key_map.derived_span(first, last)
        key = report.key[start:stop]
        if key and not is_address(key):
            side: Side = part.role if part.role in ("plan", "shortcomings") else "plan" if part in late else "review"
            opening = report.text[paragraphs[at][0] : first]
            found.append(Clause(span, report.text[first:last], key, side, at, bool(OTHER_BASE.search(opening[:30]))))
    return found


def _end_of_report(report: Report) -> int:
    found = [match.start() for match in _GLOSSARY.finditer(report.raw, int(len(report.raw) * _GLOSSARY_FROM))]
    return found[0] if found else len(report.raw)


def is_plan(text: str) -> bool:
    """Return whether a clause of a plan commits the issuer to something that can be checked.

    It has a figure that is no date, or says what will be there (建成, 开工, 出台, …), or has a verb and a thing by
    name. Slogans, resolutions and what is said of the year gone by are none. Read by a model, not by a person.

    Examples
    --------
    >>> is_plan("建成3座水库"), is_plan("加快建设甲乙铁路"), is_plan("坚持稳中求进"), is_plan("不断开创新局面")
    (True, True, False, False)
    """
    words = LABEL.sub("", text).rstrip("，。；;,.：:！!、 ")
    if not _LEAST_CHARS <= len(words) <= _MOST_CHARS or _NO_PLAN.search(words):
        return False
    if any(figure.unit for figure in list_figures(words)):
        return True
    if _IN_LIGHT_OF.search(words):
        return False
    return bool(_OUTCOME.search(words) or (_ACTION.search(words) and _NAMED.search(words)))


def iterate_windows(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Yield each clause, then each two that follow each other in a paragraph, as first and last position."""
    yield from ((place, place) for place in range(len(clauses)))
    for place, (clause, after) in enumerate(pairwise(clauses)):
        if (after.paragraph, after.side) == (clause.paragraph, clause.side):
            yield place, place + 1
