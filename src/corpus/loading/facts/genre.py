"""Whether a page is a report on law-based government at all, or one of its near neighbours."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from corpus.field.data_files import lexicon_rows
from corpus.loading.page.layout import PageLayout
from corpus.loading.page.lines import OPENS_SECTION, head_kind, split_lines
from corpus.report.values import Fact, Notice, Span

_OPENING_CHARS = 420
_PAGE_CHARS = 3000
_SUBJECT = re.compile(r"法\s*[治制]|依法行政|依法治|第一责任人")
_ABOUT_GOVERNMENT = re.compile(
    r"法\s*[治制](?:政府|部门|建设|工作|[\u4e00-\u9fff]{2,4}建设)|依法行政|依法治|第一责任人"
)
_ACHIEVED = re.compile(
    r"\A\s*(?:19|20)\d\d年[\s\S]{0,400}?法治政府(?:部门)?建设[^。；]{0,40}(?:成效|成绩|进展|进步|任务)"
)
# What a report announces to report on, where that is something: 现将政务公开工作情况总结如下.
_OBJECT = re.compile(r"(?:现将|现就)([^。；;]{0,80}?)(?:报告|汇报|总结|通报|报送|说明|公布)?如下")
_ANY_OBJECT = re.compile(
    r"(?:19|20)\d\d年?|年度|本|全年|今年|一年来|以来|上年|我[局委厅县市区镇乡街道省部办]|[的度一下后来]"
    r"|(?:有关|相关|主要|具体|贯彻|落实|开展|推进|工作|完成|建设|总体|各项|情况|报告|总结|汇报|重点|任务|进展)"
)
# A body whose title and lead are lost: 一、2024年推进法治政府建设的主要举措和成效.
_FIRST_HEADING = re.compile(
    r"\s*(?:一、|[(（]一[)）])[^\n。]{0,24}(?:法治政府建设|依法行政)[^\n。]{0,16}(?:举措|成效|情况|做法|进展|工作)"
)
# What it announces, its first words (2022年，我局…) or its first heading (一、2023年工作回顾).
_SAYS_THAT_IT_REPORTS = re.compile(
    r"(?:报告|汇报|总结)如下|编制了?[本此]报告|[本该]年?度?报告(?:是|根据|中?所列|使用|数据|全文|信息)"
    r"|现公[布开][^。\n]{0,40}年度报告|\A\s*(?:一、[^\n。]{2,10}\s)?\s*(?:19|20)\d\d年(?:度?[,，]|是)"
    r"|(?:一、|\A\s*)(?:19|20)\d\d年[^\n。]{0,16}(?:回顾|总结|情况|成效|成绩)"
)
_ANNOUNCED = re.compile(r"(?:报告|汇报|总结|通报|报送|说明)如下|如下[:：。]|予以公(?:布|开|示)")
# 2024年工作总结及2025年工作计划 is a report with a plan behind it.
_AND_PLAN = (
    r"(?:报\s*告|总\s*结|情\s*况)\s?(?:以?及|和|与|暨|、)\s?(?:(?:19|20)\d\d年度?|下一?(?:年度?|步|阶段)|明年|今后)?"
    r"(?:的|法治政府建设|法治建设|重点)?(?:工作)?(?:计划|安排|打算|思路|要点|任务|谋划)(?:的?报告)?\Z"
)
_WITH_PLAN = re.compile(_AND_PLAN)
_REPORT_TITLE = re.compile(
    rf"{_AND_PLAN}|"
    r"(?:报\s*告|总\s*结|汇\s*报|情\s*况|小\s*结|自查)(?:\s*[\[(（【][^\])）】\n]{1,20}[\])）】])?\Z"
)


# The turns of phrase by which near neighbours are known stand in data/lexicons; most pages ask for few of them.
_compiled = cache(re.compile)
_GOVERNMENT_REPORT = re.compile(r"我代表.{0,16}(?:政府|国务院).{0,8}(?:大会|会议)?.{0,6}(?:报告|作)")
_DATED_LINE = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\]?\Z|\A\[?(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
)
_DAY = re.compile(r"[12]\d{3}[-/.年]\d{1,2}[-/.月]\d")
_LEAST_LISTED = 5


class Genre(NamedTuple):
    """What a page is: a notice where it looks like no report on law-based government, and what can be asked of it.

    ``reviews_a_year`` is false of plans, speeches, news and the like; ``is_report`` is true where the page says of
    itself that it reports on something, on whatever subject.
    """

    notice: Notice | None
    reviews_a_year: bool
    is_report: bool


def tell_genre(text: str, layout: PageLayout, title: Fact) -> Genre:
    """Tell a report on law-based government from its near neighbours.

    Titles count most: a page whose title ends in 报告, 总结 or 情况 and names 法治 or 依法行政 is taken for a report
    unless the title itself says otherwise, or blanks and download buttons show a model essay. A page without a title
    is taken for one if its opening names the subject and announces a report (…报告如下) or its headings do.
    """
    body = text[layout.body[0] : layout.body[1]]
    name = title.value if isinstance(title.value, str) else ""
    scopes = {"title": _title_line(text, layout, name), "opening": body[:_OPENING_CHARS], "page": text[:_PAGE_CHARS]}
    reports = _REPORT_TITLE.search(name) is not None
    proper = reports and _SUBJECT.search(name) is not None
    of_a_government = _GOVERNMENT_REPORT.search(scopes["opening"]) is not None
    reports = reports or of_a_government or _SAYS_THAT_IT_REPORTS.search(body[: 2 * _OPENING_CHARS]) is not None
    with_plan = _WITH_PLAN.search(scopes["title"]) is not None
    found = []
    for sign in lexicon_rows("near_neighbours"):
        # Of the signs in the opening only those that count ``always`` do so under the title of a report; those that
        # count ``unless a plan`` follows a report (工作总结及2025年工作计划) are those of a plan.
        excused = (proper and sign["where"] == "opening" and sign["counts"] != "always") or (
            with_plan and sign["counts"] == "unless a plan"
        )
        # Whoever says 现在，我代表政府向大会报告 is no news about it.
        excused |= of_a_government and sign["where"] != "title"
        match = None if excused else _compiled(sign["pattern"]).search(scopes[sign["where"]])
        if match is not None:
            found.append((sign, match[match.lastindex or 0].strip()))
    if found:
        sign, words = found[0]
        start = text.find(words) if words else -1
        evidence = Span(start, start + len(words)) if start >= 0 else None
        reviews_a_year = of_a_government or all(sign["year"] != "none" for sign, _ in found)
        return Genre(
            _neighbour(f"this looks like {sign['meaning']}", evidence), reviews_a_year, reports and reviews_a_year
        )
    if _is_list(text):
        return Genre(_neighbour("this looks like a list of pages, not a report"), False, False)
    if of_a_government:
        return Genre(_neighbour("this looks like a report on the work of the government (政府工作报告)"), True, True)
    if not proper and not _is_about_law(body):
        message = "neither title nor opening speak of law-based government (法治政府建设)"
        return Genre(_neighbour(message), True, reports)
    return Genre(None, True, True)


def _neighbour(message: str, evidence: Span | None = None) -> Notice:
    return Notice("near-neighbour", message, evidence)


def _title_line(text: str, layout: PageLayout, name: str) -> str:
    """Return the title, or, where none was recognised, the first short line of the page."""
    if name:
        return name
    plain = []
    for line in split_lines(text[: layout.body[0] + _OPENING_CHARS]):
        if line.start >= layout.body[0] and not _may_be_title(line.words):
            break
        if _may_be_title(line.words) and head_kind(line.words) in ("unknown", "title"):
            plain.append(line.words)
    return max(plain, key=lambda words: bool(_SUBJECT.search(words)), default="")


def _may_be_title(words: str) -> bool:
    closed = "。" in words or words[-1] in "，,；;：:"
    return 8 <= len(words) <= 80 and not closed and not OPENS_SECTION.match(words) and not words.startswith("-")


def _is_about_law(body: str) -> bool:
    """Tell whether a body without a title reports on the subject: what it announces, or what it mostly speaks of."""
    opening = body[:_OPENING_CHARS]
    if _FIRST_HEADING.match(body):
        return True
    announced = _OBJECT.search(body[: 2 * _OPENING_CHARS])
    if announced is not None and _ABOUT_GOVERNMENT.search(announced[1]):
        return True
    if announced is not None and len(_ANY_OBJECT.sub("", announced[1])) > 6:
        return len(_ABOUT_GOVERNMENT.findall(body[:1000])) >= 3
    if not _ABOUT_GOVERNMENT.search(opening):
        return False
    if _ACHIEVED.match(opening):
        return True
    return bool(_ANNOUNCED.search(body[: 2 * _OPENING_CHARS]) or len(_SUBJECT.findall(body[:1000])) >= 3)


def _is_list(text: str) -> bool:
    if len(_DAY.findall(text, 0, _PAGE_CHARS)) < _LEAST_LISTED:
        return False
    lines = [line.words for line in split_lines(text, 0, _PAGE_CHARS)]
    dated = sum(bool(_DATED_LINE.search(words)) for words in lines if len(words) <= 90 and "。" not in words)
    return dated >= _LEAST_LISTED and dated >= 0.3 * len(lines)
