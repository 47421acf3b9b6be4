"""What a sign of an older or a borrowed text is, and years that do not belong: 2021 over a chapter of that on 2022."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

from corpus.field.data_files import rule_words
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


def sign_in(report: Report, passage: Passage, kind: Kind, span: tuple[int, int], why: str) -> Sign:
    """Return the sign at ``span`` of a passage's text."""
    first = text_start(report, passage)
    return Sign(kind, *report.text_map.source_span(first + span[0], first + span[1]), "sign", why)


def text_start(report: Report, passage: Passage) -> int:
    """Return the place in ``report.text`` of the first character of a passage."""
    return report.text_map.derived_span(passage.start, passage.end)[0]


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


Where = Literal["title", "heading", "announcement", "opening", "clause"]

_YEAR = re.compile(
    r"(?<![\d０-９.．〇一二三四五六七八九十])([12１２][09０９][\d０-９]{2}|二[〇○零][〇○零一二三四五六七八九]{2})\s{0,2}年(度)?"
)
_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_OTHER_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?!\d)")
_LABEL = re.compile(
    r"\s*(?:[一二三四五六七八九十百]{1,3}(?:[、.．是]|(?=、))|第[一二三四五六七八九十]{1,3}[，,、章节部分]+|"
    r"[(（][一二三四五六七八九十\d]{1,3}[)）][、.．]?|\d{1,2}(?:[.．]\d{1,2})*[、.．]|[①-⑳]|首先|其次|再次|最后)?[，,\s]*"
)
_RANGE_BEFORE = re.compile(r"(?:[-—–－~～]|(?<=\d)[、和与及至到]|(?<=年)[、和与及至到]|(?<=度)[、和与及至到])\s*$")
_RANGE_AFTER = re.compile(r"\s*(?:[-—–－~～]|[、和与及至到]\s*(?=(?:19|20)\d\d))")
_ANNOUNCED = re.compile(
    r"(?:现将|现就|将)[^，,。；;]{0,24}$|^(?:回顾|总结|纵观|综观)(?:过去的?|即将过去的)?$|^即将过去的$|^过去的$|^在$"
)
_REVIEW = re.compile(
    "工作|情况|总结|回顾|举措|措施|成效|成绩|不足|问题|差距|职责|做法|亮点|开展|履行|履职|述职|进展|主要|取得|报告|推进|落实"
)
_PLAN = re.compile("计划|安排|打算|思路|展望|部署|规划|下一步|目标|设想|建议|重点任务")
_DONE = re.compile("完成|执行|总结|回顾|成效|落实情况|情况")
_BARE_WORK = re.compile("(?:的)?(?:主要|重点|政府)?工作$")
_OWN = re.compile(
    r"\s*(?:上半年|下半年|全年|[一二三四1-4]季度|年初|年末|年底|末|底|期间|以来|来)?[，,、]?\s*"
    r"(?:我|本|全|各)(?:局|县|市|区|省|州|旗|镇|乡|街道|委|厅|办|院|中心|单位|部门|系统|队|所|年|体|处|科|社会|会|们)"
)
_COMMA = re.compile(r"(?:上半年|下半年|全年|期间|以来|来|度|末|底)?\s*[，,]")
_WORK = re.compile(f"的?(?:，|{rule_words('work-done')})")
# A document, project, prize or check has a year of its own: 2021年度考核, 2022年度广西科学技术奖.
_OF_ITS_OWN = re.compile(f"[^，,。；;：:共我本]{{0,22}}?(?:{rule_words('has-own-year')})")
_HISTORY = re.compile(
    "以来|起[，,至]|起至|开始|至今|曾|当年|上年|去年|历年|此前|早在|同比|相比|对比|[较比](?:20|上年|去年|同期)|连续|累计至|自20|从20|首次|最早|前后|"
    "提出用|提出的|又[撤设建增]|被评|获评|荣获|获得|入选|授予|成立(?![0-9]{1,3}周年)|挂牌|颁布|施行|实施的|印发的|出台的|通过的|修订的|制定的|发布的|签订的|建成的|任职|任期"
)
_AFTERWARDS = re.compile(r"\s*(?:以前|之前|之后|以后|前|后|起|开始|至今|底前|以内|年中|版|级|届|生|人)")
_OF_A_GOVERNMENT = re.compile("(?<!法治)政府工作报告")
_LED = re.compile(r"\s*[，,]?\s*在[^，,。]{2,30}(?:领导|指导|支持)")
_WILL = re.compile(
    "(?:[^。；;]{0,16}?(?:将(?!.{0,6}情况)|(?<![重主必需])要(?!素|求|点|闻)|力争|计划|打算|拟|重点做好|着力)|"
    "[，,]?(?:我|本|全)[^。；;]{0,14}?(?:继续|进一步)|[，,]?(?:继续|进一步))"
)
_MONTH = re.compile(r"\s*\d{1,2}\s*月")
_WHOLE_YEAR = re.compile(r"\s*1月?\s*[-—–－~～至到]\s*1[0-2]\s*月")
_DONE_IN_MONTH = re.compile(r"[份，,]{0,2}\s*(?:我|本|全[局县市区]|组织|开展|举办|召开|参加)")
_YEAR_END = re.compile(r"\s*(?:年?底|末|12月底?)")
_UP_TO = re.compile("截[至止]到?$")
_LEAD_SUBJECT = re.compile(
    "(?:刚刚|即将)?过去的?|在(?:过去的?)?|(?:我|本|全)[局县市区镇乡委厅办院省州旗队所]|[县市区省]?[\u4e00-\u9fff]{2,6}局"
)
_IS = re.compile(r"\w{4}\s?年[，,]?也?是")
_SINCE = re.compile("以来|来[，,]")
_LOOKS_BACK = re.compile("回顾|总结|完成情况|成效|工作情况|建设情况")
_OTHERS_SINCE = re.compile("[，,](?:国家|中央|国务院|全国|我国|中国|世界|国际)")
# Work of several years is told year by year.
_SEVERAL_YEARS = re.compile(
    "(?:过去|近|这|回顾|回望|刚刚|即将)[^，,。；;\n]{0,6}[三四五六两]年|[三四五]年来|[三四五]年(?:任期|工作|的?主要工作)|届政府"
)
_OPENING_CHARS = 600


class _Frame(NamedTuple):
    """A year that a title, heading, sentence or clause sets itself under."""

    passage: Passage | None
    where: Where
    year: int
    start: int
    end: int
    plans: bool


def year_under_review(report: Report) -> int | None:
    """Return the year that a report reviews, by its facts; None where its text and who gave the year disagree.

    They disagree where the text names another year and the one after it (whose tasks are set) more often than those of
    the year that was given, or looks back on a later one: a single heading left from the year before is no dispute.
    """
    year = report.year_reviewed
    disputed = any(
        notice.code.startswith("disagrees-with") and notice.message.startswith("year_reviewed:")
        for notice in report.warnings
    )
    if not disputed or year is None:
        return year
    named = Counter(_value(match) for match in _YEAR.finditer(report.text))
    looks_back_later = any(
        frame.year > year and frame.passage is not None and _LOOKS_BACK.search(frame.passage.text)
        for frame in _frames(report)
        if frame.where in ("heading", "announcement")
    )
    spoken_of = {one: named[one] + named[one + 1] for one in (year, *named)}
    return year if 0 < spoken_of[year] == max(spoken_of.values()) and not looks_back_later else None


def reviews_several_years(report: Report) -> bool:
    """Tell whether a report looks back on a term of several years (过去五年, 五年来), so that their events belong."""
    start, end = report.text_map.derived_span(*report.layout.body)
    return _SEVERAL_YEARS.search(report.text, start, min(end, start + _OPENING_CHARS)) is not None or any(
        _SEVERAL_YEARS.search(heading.text) for heading in report.headings
    )


def stale_years(report: Report, reviewed: int) -> Iterator[Sign]:
    """Yield the years under which a report sets a heading or sentence, though they are over.

    Such are a chapter, an announcement or a sentence on work done under a year before the one reviewed, and a plan
    for a year that is not after it. Left alone: periods (2016—2020年), what stands in 《》, quotes or brackets, years
    that something is compared with (比2020年增长), that a document, project or prize has of its own (2021年度考核),
    history told (自2018年以来), and any later year.

    Parameters
    ----------
    report : Report
    reviewed : int
        The year under review.
    """
    term = reviews_several_years(report)
    for frame in _frames(report):
        latest_stale = reviewed if frame.plans else reviewed - 1
        if frame.where == "title" and frame.plans:
            continue
        if not latest_stale - 9 <= frame.year <= latest_stale or _tells_history(frame, reviewed):
            continue
        if term and frame.where in ("opening", "clause") and not frame.plans:
            continue
        what = "plan" if frame.plans else {"opening": "sentence"}.get(frame.where, frame.where)
        why = f"{what} set under {frame.year} in a report on {reviewed}"
        if frame.passage is None:
            title = report.layout.title
            if title is not None:
                first = report.text_map.derived_span(*title)[0]
                span = report.text_map.source_span(first + frame.start, first + frame.end)
                yield Sign("stale-year", *span, "sign", why)
        else:
            yield sign_in(report, frame.passage, "stale-year", (frame.start, frame.end), why)


def _frames(report: Report) -> Iterator[_Frame]:
    title = report.layout.title
    if title is not None:
        words = report.quote(*title)
        found = [match for match in _YEAR.finditer(words) if not enclosed_by(words, match.start())]
        if len({_value(match) for match in found}) == 1 and not _PLAN.search(words):
            # The report of a government on all its work bears the year whose tasks it sets.
            plans = _OF_A_GOVERNMENT.search(words) is not None
            yield _Frame(None, "title", _value(found[0]), found[0].start(), len(words), plans)
    for passage in report.passages("sentence"):
        frames = (_frame(passage, match) for match in _YEAR.finditer(passage.text))
        yield from (frame for frame in frames if frame is not None)


def _value(match: re.Match[str]) -> int:
    return int(match[1].translate(_NUMERALS))


def _frame(passage: Passage, match: re.Match[str]) -> _Frame | None:
    text = passage.text
    before, after = text[: match.start()], text[match.end() :]
    if enclosed_by(text, match.start()) or _RANGE_BEFORE.search(before) or _RANGE_AFTER.match(after):
        return None
    if _AFTERWARDS.match(after):
        return None
    label = _LABEL.match(before)
    lead = before[label.end() :] if label else before
    clause = re.split(f"[{CLAUSE_BREAKS}]", after, maxsplit=1)[0]
    end = match.end() + len(clause.split("、")[0])
    is_heading = passage.is_heading or (len(text) <= 40 and lead == "" and text[-1:] not in "。；;，,")
    where: Where
    if is_heading:
        if not (lead == "" or lead.endswith(("关于", "我局", "我市", "我县", "我区", "全市", "全县", "全区", "本局"))):
            return None
        if not (_REVIEW.search(clause) or _PLAN.search(clause)):
            return None
        where = "heading"
        if passage.role is None and _BARE_WORK.match(clause):
            return None
        plans = (_PLAN.search(clause) is not None or passage.role == "plan") and not _DONE.search(clause)
        return _Frame(passage, where, _value(match), match.start(), end, plans)
    if _ANNOUNCED.search(lead.strip("，, ")) and lead.strip("，, ") and (_REVIEW.search(clause) or "回顾" in lead):
        return _Frame(passage, "announcement", _value(match), match.start(), end, False)
    if _UP_TO.search(lead) and _YEAR_END.match(after):
        return _Frame(passage, "opening", _value(match), match.start(), end, False)
    opens = lead == "" or _LEAD_SUBJECT.fullmatch(lead) is not None
    if not opens and lead[-1] not in CLAUSE_BREAKS:
        return None
    where = "opening" if opens else "clause"
    if _IS.match(text, match.start()) and passage.role == "plan":
        return None
    plans = _WILL.match(after) is not None and passage.role in ("plan", None)
    if passage.role == "plan" and not plans:
        return None
    months = _WHOLE_YEAR.match(after) or _MONTH.match(after)
    if months is not None:
        after = after[months.end() :]
        if months.re is _MONTH and not _DONE_IN_MONTH.match(after):
            return None
    framed = _COMMA.match(after) or _OWN.match(after)
    if not framed and (_OF_ITS_OWN.match(after) or not _WORK.match(after)):
        return None
    if where == "clause" and not (_OWN.match(after) or re.match(r"\s*(?:全年|，|,|共)", after)):
        return None
    return _Frame(passage, where, _value(match), match.start(), end, plans)


def _tells_history(frame: _Frame, reviewed: int) -> bool:
    """Tell whether a sentence looks back: it names a later year too, or since when, or what is compared."""
    if frame.passage is None or frame.where in ("heading", "announcement"):
        return False
    text = frame.passage.text
    years = {int(year) for year in _OTHER_YEAR.findall(text)}
    if any(frame.year < year <= reviewed + 1 for year in years):
        return True
    if _SINCE.match(text[frame.end :]) or _SINCE.match(text[frame.end - 2 :]):
        if _OTHERS_SINCE.search(text, frame.end):
            return True
        return frame.year != reviewed - 1 or re.search("连续|累计|先后|历年|两年|三年", text) is not None
    if frame.year < reviewed - 1 and not frame.plans:
        after = text[frame.start :].partition("年")[2].removeprefix("度")
        is_said = _IS.match(text, frame.start) is not None and frame.year >= reviewed - 3
        if not (_OWN.match(after) or _LED.match(after) or is_said):
            return True
    return _HISTORY.search(text) is not None
