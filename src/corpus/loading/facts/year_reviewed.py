"""The year that a report reviews, by the vote of title, announcement, headings, opening, plans and dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.loading.page.layout import PageLayout
from corpus.loading.page.lines import Line
from corpus.report.values import Fact, Heading, Notice, Span

_NUMERALS = str.maketrans("〇○零O一二三四五六七八九", "0000123456789")
_CHINESE = r"[二一][〇○零O0九][〇○零O0一二三四五六七八九]{2}"
# Every branch begins with a plain character, which lets `re` skip most of a text.
_NOT_IN_A_NUMBER = r"(?<![\d.．].)"
_YEAR = re.compile(
    rf"(1{_NOT_IN_A_NUMBER}9\d\d|2{_NOT_IN_A_NUMBER}0\d\d|1{_NOT_IN_A_NUMBER}\s[09]\s\d\s\d|2{_NOT_IN_A_NUMBER}\s[09]\s\d\s\d"
    rf"|二{_NOT_IN_A_NUMBER}[〇○零O0九][〇○零O0一二三四五六七八九]{{2}}|一{_NOT_IN_A_NUMBER}[〇○零O0九][〇○零O0一二三四五六七八九]{{2}})"
    r"\s{0,2}年(?:度|(?!来|间))"
)
_BARE_YEAR = re.compile(r"(?<![\d.．\-/])((?:19|20)\d\d)\s?(?![\d.．/年]|[-—–－~～]\s?\d)")
_SHORT_YEAR = re.compile(r"(?<![\d.．\-/—～至])(\d\d)年度")
_PERIOD = re.compile(
    rf"((?:19|20)\d\d|{_CHINESE})\s?年?度?\s?(?:\d{{1,2}}月)?\s?(?:[-—–－~～―─]{{1,3}}|至|到)\s?"
    rf"((?:19|20)\d\d|{_CHINESE})\s?年?度?"
)
_FIVE_YEARS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021}
_FIVE_YEARS_OF_A_PLAN = re.compile(rf"[“\"]?({'|'.join(_FIVE_YEARS)})[”\"]?(?:期间|时期|以来|规划|法治)")
_SOME_YEARS = re.compile(
    r"(?:近|过去|最近|这)的?[两二三四五几]年|(?<![〇○零O一二三四五六七八九十\d第])[两二三四五]年(?:来|[\u4e00-\u9fff]{0,8}(?:工作|建设)(?:情况|总结|报告))"
)
_QUOTED = re.compile(r"《[^》\n]*》|[(（][^)）\n]*[)）]|〔\d{4}〕|\[\d{4}\]")
_IN_BRACKETS = re.compile(r"[(（]\s?((?:19|20)\d\d)年度?(?:\s?1月?\s?[-—–－~～至到]\s?12月)?\s?[)）]")
_OF_A_GOVERNMENT = re.compile(
    r"\s?(?<!法治)(?:国务院)?政\s{0,2}府\s{0,2}工\s{0,2}作\s{0,2}报\s{0,2}告|我代表[^。\n]{0,16}(?:政府|国务院|行署)"
)
_ANNOUNCED = re.compile(r"(?:现将|现就|[，,。]将|报告|汇报|回顾|总结)[^，,。；;:：《》\n]{0,24}\Z")
_REVIEW = re.compile("回顾|总结|成就|成效|成绩|情况|举措|做法|亮点|完成|进展|执行|落实|述职|不足|问题")
_PLAN = re.compile("安排|打算|计划|目标|任务|思路|建议|部署|展望|要求|重点|要点|设想|规划|谋划|取向|考虑|方针|下一步")
_REVIEWED_BEFORE = re.compile(r"(?:总结|情况|汇报|报告)\s?[及和与暨]\s?\Z")
_COUNTED = re.compile(r"统计[期时]限[^，。\n]{0,8}?((?:19|20)\d\d)年1月1日")
_SINCE = re.compile(r"\s?(?:以来|起|开始)")
_DAY = re.compile(r"\s?\d{1,2}\s?月\s?\d{1,2}\s?日|[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日")
_GOES_ON = re.compile(
    r"度?\s?[，,、。；的]?\s?(?:[我本全各推法依工重政主期是，,]|\Z|在|贯彻|落实|扎实|深入|认真|坚持|[\u4e00-\u9fff]{2,12}[局委厅府市县区镇乡])|度"
)
_LINKED = re.compile(r"(?:[-—–－~～至到]|(?<=[\d年度])[、和与及])\s?\Z")
_LINKS = re.compile(r"\s?(?:[-—–－~～]|[、和与及至到]\s?(?:19|20)\d\d)")
_HEADING_LEAD = re.compile(
    r"(?:关于|过去的?|刚刚|我[局市县区省州]|全[局市县区省州]|[“\"]?十[一二三四五]五[”\"]?(?:时期|期间)?[和及与暨])*\Z"
)
_INTENT = re.compile(r"[^。；;\n]{0,24}?(?:将|要|继续|力争|计划|打算|拟|重点做好|着力)")
# What a government says of its five years in office (过去五年) is given with the last of them.
_LONGER = re.compile(
    r"[两二三四五六七八九]年来|一年零(?![一二两]个月)[三四五六七八九十]{1,2}个月|从[^，,。]{2,24}以来(?![，,]?已经整整一年)"
)
# A draft: ——2007年12月 日在××县第十五届人民代表大会第一次会议上.
_DAY_LEFT_OPEN = re.compile(r"((?:19|20)\d\d)年\s?(\d{1,2})月[ \u3000xX×*]{1,4}日\s?在")
_LATE_MONTH = 11
_MAX_HEADING = 45
_LEAD_CHARS = 200
_ANNOUNCED_CHARS = 900
_CLEAR = 2.0
"""A year is taken where it has this many times the votes of any other."""

_WEIGHTS = {
    "title": 2.0,
    "title of delivery": 1.0,
    "opening": 2.0,
    "announcement": 2.0,
    "heading": 2.0,
    "plan": 1.5,
    "paragraph on plans": 1.0,
    "lead": 1.0,
    "since": 1.0,
    "delivered": 1.5,
    "signed": 1.0,
    "published": 0.5,
}
_RANKS = {kind: rank for rank, kind in enumerate(_WEIGHTS)}
_DIRECT = frozenset(("title", "opening", "announcement", "heading", "lead"))
_SURE = frozenset(("title", "title of delivery", "opening", "announcement", "heading", "delivered", "signed"))
_AT_THE_HEAD = frozenset(("title", "opening", "announcement", "lead"))
_DATES = frozenset(("delivered", "signed", "published", "title of delivery"))


class _Vote(NamedTuple):
    """A year that a place of the page speaks for, as year reviewed."""

    kind: str
    year: int
    span: Span


def find_year_reviewed(
    text: str,
    layout: PageLayout,
    title: Fact,
    headings: Sequence[Heading],
    dates: Mapping[str, Fact],
    *,
    sure: bool,
) -> tuple[Fact, list[Notice]]:
    """Return the year a report is about, and a notice where its parts name different years.

    Each kind of place votes once for a year: the title, the first words of the body, what is announced (现将2021年…
    报告如下), headings of a review (2024年工作回顾) and of plans (2025年重点工作, for the year before), paragraphs that
    open with a year and an intent, and the days of signature, delivery and publication. The title of a government's
    report on all its work names the year of delivery. A year is taken if it has twice the votes of any other, and is
    ``stated`` if no words speak against it; else the fact is ambiguous, with all years that have votes. A period
    (2016—2020年, 十三五) is ambiguous too, with its first and last year.

    Parameters
    ----------
    text : str
        With its digits in ASCII.
    layout : PageLayout
    title : Fact
    headings : sequence of Heading
    dates : mapping of str to Fact
        ``signed``, ``delivered`` and ``published``, as far as known.
    sure : bool
        Whether the page is surely a report; of others title, opening, announcement or headings must name the year.
    """
    start, end = layout.body
    of_a_government = _OF_A_GOVERNMENT.search(text, 0, min(end, start + _LEAD_CHARS)) is not None
    titled, period = _of_title(text, title, of_a_government)
    if period is not None:
        return period, [Notice("period", "the title speaks of a period of several years", period.evidence)]
    votes = [*titled, *_of_opening(text, layout), *_of_headings(text, layout, headings), *_of_plans(text, layout)]
    votes += _of_dates(dates, delivery=of_a_government)
    if (blank := _DAY_LEFT_OPEN.search(text, 0, min(end, start + _LEAD_CHARS))) is not None:
        votes = [vote for vote in votes if vote.kind != "published"]
        votes.append(_Vote("delivered", int(blank[1]) - (int(blank[2]) < _LATE_MONTH), Span(*blank.span(1))))
    longer = _LONGER.search(text, start, min(end, start + 300))
    of_a_term = longer is not None and text.find("过去五年", 0, longer.start()) >= 0
    if longer is not None and not of_a_term and not any(vote.kind in _DIRECT for vote in votes):
        fact = Fact(None, "ambiguous", Span(*longer.span()), (longer[0],))
        return fact, [Notice("period", f"it speaks of more than a year: {longer[0]}", fact.evidence)]
    return _decided(votes, sure=sure)


def _decided(votes: Sequence[_Vote], *, sure: bool) -> tuple[Fact, list[Notice]]:
    weights: dict[int, float] = defaultdict(float)
    for kind, year in dict.fromkeys((vote.kind, vote.year) for vote in votes):
        weights[year] += _WEIGHTS[kind]
    if not weights:
        return Fact(), []
    best = max(weights, key=lambda year: (weights[year], -year))
    chosen = sorted((vote for vote in votes if vote.year == best), key=lambda vote: _RANKS[vote.kind])
    kinds = {vote.kind for vote in chosen}
    against = [
        vote for vote in votes if vote.year != best and (vote.kind in _AT_THE_HEAD or vote.kind not in _DATES | kinds)
    ]
    said = ", ".join(
        dict.fromkeys(f"{vote.year} ({vote.kind})" for vote in votes if against and vote.kind not in _DATES)
    )
    if kinds == {"since"} or not (sure or kinds & _SURE):
        return Fact(None, "ambiguous", chosen[0].span, (best,)), []
    second = max((weight for year, weight in weights.items() if year != best), default=0.0)
    if weights[best] < _CLEAR * second:
        readings = tuple(sorted(year for year in weights if _CLEAR * weights[year] > weights[best]))
        fact = Fact(None, "ambiguous", against[0].span if against else votes[0].span, readings)
        return fact, [Notice("years-disagree", f"it cannot be told which year is reviewed: {said}", fact.evidence)]
    stated = bool(kinds & _DIRECT) and not against
    fact = Fact(best, "stated" if stated else "inferred", chosen[0].span)
    if not against:
        return fact, []
    return fact, [Notice("years-disagree", f"{best} is taken for the year reviewed; named are {said}", against[0].span)]


def _value(words: str) -> int:
    year = int("".join(words.split()).translate(_NUMERALS))
    return year if year > 99 else 2000 + year


def _blank(words: str) -> str:
    """Return words with what stands in 《》 and brackets, which hold the periods of laws and plans, made blank."""
    return _QUOTED.sub(lambda match: " " * len(match[0]), words)


def _of_title(text: str, title: Fact, of_a_government: bool) -> tuple[list[_Vote], Fact | None]:
    """Return the votes of a title, and the fact that it speaks of a period, if it does."""
    if title.evidence is None:
        return [], None
    start, end = title.evidence
    words = _blank(text[start:end])
    period = _PERIOD.search(words)
    if period is not None and _value(period[1]) < _value(period[2]):
        return [], Fact(None, "ambiguous", title.evidence, (_value(period[1]), _value(period[2])))
    some = _SOME_YEARS.search(words)
    if some is not None:
        return [], Fact(None, "ambiguous", title.evidence, (some[0],))
    found = (
        list(_YEAR.finditer(words)) or list(_BARE_YEAR.finditer(words)) or list(_IN_BRACKETS.finditer(text[start:end]))
    )
    plan = None if found else _FIVE_YEARS_OF_A_PLAN.search(words)
    if plan is not None:
        first = _FIVE_YEARS[plan[1]]
        return [], Fact(None, "ambiguous", title.evidence, (first, first + 4))
    found = found or list(_SHORT_YEAR.finditer(words))
    kind = "title"
    if of_a_government and _OF_A_GOVERNMENT.search(words):
        kind = "title of delivery"
    votes = []
    for match, after in _with_what_follows(found, words):
        span = Span(start + match.start(1), start + match.end(1))
        year = _value(match[1])
        if kind == "title of delivery":
            reviewed = _REVIEW.search(after) and not _OF_A_GOVERNMENT.search(after)
            votes.append(_Vote("title", year, span) if reviewed else _Vote(kind, year - 1, span))
        elif (votes or _REVIEWED_BEFORE.search(words, 0, match.start())) and _PLAN.search(after):
            votes.append(_Vote("plan", year - 1, span))
        else:
            votes.append(_Vote(kind, year, span))
    return votes, None


def _with_what_follows(found: Sequence[re.Match[str]], words: str) -> Iterator[tuple[re.Match[str], str]]:
    stops = [*(match.start() for match in found[1:]), len(words)]
    for match, stop in zip(found, stops, strict=False):
        yield match, words[match.end() : stop]


def _of_opening(text: str, layout: PageLayout) -> Iterator[_Vote]:
    """Yield the votes of the first words of a body, and of what it announces; failing both, of its first year."""
    start, end = layout.body
    head = _blank(text[start : min(end, start + _ANNOUNCED_CHARS)])
    counted = _COUNTED.search(text, start, start + len(head))
    if counted is not None:  # 所列数据的统计期限自2020年1月1日起
        yield _Vote("announcement", int(counted[1]), Span(*counted.span(1)))
    spoken = False
    for match in _YEAR.finditer(head):
        if _LINKED.search(head, max(0, match.start() - 3), match.start()) or _LINKS.match(head, match.end()):
            spoken = True
            continue
        span = Span(start + match.start(1), start + match.end(1))
        year = _value(match[1])
        if _DAY.match(head, match.end()) or _OF_A_GOVERNMENT.match(head, match.end()):
            continue
        if not head[: match.start()].strip():
            spoken = True
            yield _Vote("since" if _SINCE.match(head, match.end()) else "opening", year, span)
        elif _ANNOUNCED.search(head, max(0, match.start() - 30), match.start()):
            if _SINCE.match(head, match.end()):
                spoken = True
                yield _Vote("since", year, span)
                continue
            after = re.split("[，,。；;:：\n]", head[match.end() : match.end() + 40], maxsplit=1)[0]
            if _REVIEW.search(after) or not _PLAN.search(after):
                spoken = True
                yield _Vote("announcement", year, span)
        elif not spoken and match.start() < _LEAD_CHARS and _GOES_ON.match(head, match.end()):
            spoken = True
            yield _Vote("lead", year, span)


def _of_headings(text: str, layout: PageLayout, headings: Sequence[Heading]) -> Iterator[_Vote]:
    """Yield the votes of the headings of depth 1, and of short lines without a label, that name a year."""
    bare: list[tuple[int, Span]] = []
    found = False
    for start, words in _heading_lines(layout.lines, headings):
        if "年" not in words:
            continue
        blank = _blank(words)
        for match, after in _with_what_follows(list(_YEAR.finditer(blank)), blank):
            lead = blank[: match.start()]
            linked = _LINKED.search(lead) or _LINKS.match(blank, match.end()) or _SINCE.match(blank, match.end())
            if linked or not (_HEADING_LEAD.match(lead) or lead.endswith(("和", "及", "与", "暨"))):
                continue
            span = Span(start + match.start(1), start + match.end(1))
            year = _value(match[1])
            if _REVIEW.search(after):
                yield _Vote("heading", year, span)
            elif _PLAN.search(after):
                yield _Vote("plan", year - 1, span)
            else:
                bare.append((year, span))
                continue
            found = True
    if not found and len(bare) > 1 and bare[0][0] + 1 == bare[1][0]:
        yield _Vote("heading", *bare[0])


def _heading_lines(lines: Iterable[Line], headings: Sequence[Heading]) -> Iterator[tuple[int, str]]:
    labelled = {heading.label_start: heading for heading in headings}
    for line in lines:
        heading = labelled.get(line.start)
        if heading is not None:
            if heading.depth == 1:
                yield heading.start, heading.text
        elif len(line.words) <= _MAX_HEADING and line.words[-1] not in "。，,；;：:" and "。" not in line.words:
            yield line.start, line.words


def _of_plans(text: str, layout: PageLayout) -> Iterator[_Vote]:
    """Yield the votes of paragraphs in the second half of a body that open with a year and an intent."""
    lines = layout.lines
    for line in lines[len(lines) // 2 :]:
        match = _YEAR.match(line.words)
        if match is not None and len(line.words) > _MAX_HEADING and _INTENT.match(line.words, match.end()):
            yield _Vote("paragraph on plans", _value(match[1]) - 1, Span(line.start, line.start + match.end(1)))


def _of_dates(dates: Mapping[str, Fact], *, delivery: bool) -> Iterator[_Vote]:
    """Yield the votes of days: what is written in the first half of a year is on the year before."""
    for name, fact in dates.items():
        if not isinstance(fact.value, str) or fact.evidence is None or (name == "delivered" and not delivery):
            continue
        year, month = int(fact.value[:4]), int(fact.value[5:7])
        if name == "delivered" or month <= (3 if name == "published" else 6):
            yield _Vote(name, year - 1, fact.evidence)
