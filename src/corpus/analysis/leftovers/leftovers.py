"""Leftovers: what a report seems to have kept from an older or a borrowed text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from corpus.analysis.leftovers.foreign_places import foreign_places, unplaced
from corpus.analysis.leftovers.stale_years import (
    Kind,
    Sign,
    clause_around,
    reviews_several_years,
    sign_in,
    stale_years,
    text_start,
    year_under_review,
)
from corpus.analysis.words.dated_terms import DatedTerms, locate_mentions, read_terms, report_day
from corpus.field.data_files import key_of
from corpus.field.divisions import Divisions
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Passage, Span


@tabulated
def find_leftovers(
    reports: Reports, *, typos: bool = False, chronology: Sequence[Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Return what does not belong in each report: years, places, organs, laws, campaigns, days, damage.

    Each row is a place to look at. A sign of an older or a borrowed text is not a proof of one: a chapter set under
    last year may be a slip of the pen, a repealed law may be taught as history.

    - ``stale-year``: a title, heading or sentence set under a year before the one reviewed, or a plan for a year that
      is not after it. Periods, titles of documents, comparisons, history, and the years that projects, prizes and
      checks have of their own are left alone.
    - ``foreign-place``: a place that is neither the report's own, nor in it, nor above it, named as if it were its own.
      Partners, visits, models and lists are left alone. Only places of the table of divisions are known.
    - ``old-organ``, ``repealed-law``, ``stale-campaign``: dissolved, repealed or ended before the year reviewed began,
      and named in a sentence that does not look back.
    - ``late-event``: named or told as past before it was there.
    - ``early-publication``: published, or else signed, before the year reviewed had ended.
    - ``lost-characters``, ``word-debris``: flagged when the report was loaded.
    - ``typo``: on request.

    Parameters
    ----------
    reports : Reports
    typos : bool
        Also report a few kinds of slips: words or characters doubled by mistake, well-known wrong spellings.
    chronology : sequence of mapping, optional
        Dated terms in the form of ``reports.lexicon.chronology``, taken by default. Only rows checked by search
        count, by the bounds that they name.

    Returns
    -------
    DataFrame
        One row a place, by report, start, end and kind. ``attrs["excluded"]`` lists the ids of reports without a year
        or a place, in which no year or no place can be out of place.

        {columns of find_leftovers}

    Raises
    ------
    CorpusError
        If the chronology given lacks a column or has a day that is none.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.find_leftovers(reports)[["report_id", "kind", "quote"]].head(2)
            report_id             kind    quote
    0  zaozhuang-2019     repealed-law  《技术合同法》
    1  zaozhuang-2019  lost-characters  2020312
    """
    rows = reports.lexicon.chronology if chronology is None else chronology
    terms = read_terms(rows, reports.lexicon.simplified) if rows else None
    table = build_table(
        (
            (report.report_id, *row)
            for report in reports
            for row in _rows(report, _signs(report, terms, reports.lexicon.divisions, with_typos=typos))
        ),
        "find_leftovers",
    )
    undated = [report.report_id for report in reports if report.year_reviewed is None]
    table.attrs["excluded"] = list(dict.fromkeys([*undated, *unplaced(reports, reports.lexicon.divisions)]))
    return table


def _signs(report: Report, terms: DatedTerms | None, table: Divisions, *, with_typos: bool) -> Iterator[Sign]:
    reviewed = year_under_review(report)
    if reviewed is not None:
        yield from stale_years(report, reviewed)
    yield from foreign_places(report, table)
    if terms is not None:
        yield from outdated_terms(report, terms, reviewed=reviewed)
    for notice in report.warnings:
        kind = _NOTICED.get(notice.code)
        if kind and notice.evidence and (kind == "lost-characters" or reviewed == report.year_reviewed):
            yield Sign(kind, *notice.evidence, "sign", notice.message)
    for change in report.changes:
        if change.name == "word-debris":
            yield Sign("word-debris", change.start, change.end, "sign", "left behind by a word processor")
    for passage in report.passages("sentence") if with_typos else ():
        for match in _SLIP.finditer(passage.text):
            yield sign_in(report, passage, "typo", match.span(), "a slip of writing, as printed")


def _rows(report: Report, signs: Iterator[Sign]) -> Iterator[tuple[object, ...]]:
    sentences = report.passages("sentence", scope="file")
    starts = [sentence.start for sentence in sentences]
    for sign in sorted(set(signs), key=lambda sign: (sign.start, sign.end, sign.kind)):
        index = bisect_right(starts, sign.start) - 1
        if index < 0 or sentences[index].end <= sign.start:  # between two sentences: the next one
            index = min(index + 1, len(sentences) - 1)
        around = sentences[index]
        quote = report.quote(sign.start, sign.end) or report.raw[sign.start : sign.end]
        yield sign.start, sign.end, sign.kind, sign.strength, quote, sign.why, around.start, around.end


# Written so by slip, never words. 工工作 and 组组织 are no slips behind 职工 and 小组; a whole word said twice hardly
# ever has sense.
_SLIP = re.compile(
    "布署|按排|贯策|惯彻|贯切|再接再励|一如继往|按步就班|松驰|己经|巳经|自已(?!经)|既将|即然|帮抚|依法形政|行政执罚|"
    "积积|落落实|推推进|法治治政府|(?<!目)的的(?!士|确)|和和(?!美|睦|气|谐)|"
    r"(工作|建设|推进|加强|开展|落实|进一步|法治|执法|管理|制度|组织|提高|情况|依法|认真|切实|深入|全面|不断)\1|"
    r"([\u4e00-\u9fff])\2\2"
)
_NOTICED: dict[str, Kind] = {"early-date": "early-publication", "lost-characters": "lost-characters"}
_KINDS: dict[str, Kind] = {
    "organ": "old-organ",
    "law": "repealed-law",
    "regulation": "repealed-law",
    "campaign": "stale-campaign",
    "plan": "stale-campaign",
}
_ENDED = {"old-organ": "dissolved or renamed", "repealed-law": "repealed", "stale-campaign": "ended"}
# Words by which a sentence says itself that what it names is past.
_LOOKS_BACK = {
    "old-organ": re.compile(
        "原(?!则|因|本|有|先|来|创|料|始)|曾|前身|更名|改名|改称|改组|撤销|撤并|合并|并入|划入|划转|转隶|整合|不再|机构改革|历任|时任"
    ),
    "repealed-law": re.compile(
        "原(?!则|因|本|有|先|来|创|料|始)|曾|旧|修订前|修改前|废止|失效|清理|取代|替代|替换|代替|被[^，。]{0,8}吸收|不再适用|同时停止|历史|当时|溯及|施行前"
    ),
    "stale-campaign": re.compile(
        "曾|以来|期间|时期|成果|成效|总结|收官|收尾|验收|圆满|胜利|巩固|常态化|长效|历史|回顾|衔接|评估|先进|表彰|荣获|获|经验|完成|"
        '之后|以后|继|衔接|[“"]?十四五|接续|后半篇|回头看|结束|中期|末期'
    ),
}
# A sentence that tells of several years, and whatever was won or gone through in them.
_TELLS_OF_YEARS = re.compile(
    '以来|[三四五]年来|(?:过去|近|这)[三四五几]年|先后|历年|十[一二三四五]五[”"]?(?:时期|期间|规划|收官|圆满)|打赢|夺取|战胜|胜利|如期|决战|决胜|历程'
)
_ITEM_BREAK = re.compile("、|(?<=[教活行专工])[育动项程]?[和及与]")
_CAMPAIGN = re.compile('(?:教育|活动|行动|整治|斗争|攻坚战?|运动|普法|检查|督察|巡视|整改)[”"]?(?:等|工作)?$')
_UNDER_WAY = re.compile(
    "落实|贯彻|推进|开展|深化|实施|按照|根据|扎实|深入|启动|抓好|加强|做好|围绕|结合|依据|制定|组织|参加|对照|以|持续|全面|大力"
)
_LOOKS_AHEAD = re.compile("即将|将于|将要|迎接|喜迎|筹备|草案|征求意见|起草|拟|编制|谋划|研究制定|预备|酝酿")
_SPIRIT = re.compile("精神|贯彻|学习|落实|部署|宣讲")
# A generic name is an organ of government where the place or government it belongs to stands before it.
_GENERIC_BEFORE = re.compile("(?:[省市县区州旗盟]|政府|国家|国务院|各级|地方|原)$")
_INTERNAL_BEFORE = re.compile("(?:局|厅|委|队|院|科|处|会|机关|单位|我|本|公安|部门|公司|中心|生态|建设)$")
_LAW_BEFORE = re.compile(
    "(?:中华人民共和国|[^\u4e00-\u9fff]|^|学习|宣传|贯彻|落实|及|和|与|如|对照|依据|根据|按照|执行|以)$"
)
_TOLD_AS_PAST = re.compile(
    r"(?:已经?|均已|业已)(?:于|在|经|自)?\s{0,2}(?P<date>((?:19|20)\d\d)年(\d{1,2})月(?:(\d{1,2})日)?[^，,。；;：:！\n]{0,24})"
)


def outdated_terms(report: Report, terms: DatedTerms, *, reviewed: int | None) -> Iterator[Sign]:
    """Yield what was over before the year reviewed and is named as if it were not, and what was not there yet.

    Only rows that were checked by search count, and only by the bounds that the row names: ``from``, held against the
    day on which the report was signed or published, or against the end of the year reviewed where neither is known;
    ``until``, held against the beginning of the year reviewed. A sentence that looks back (原, 废止, 期间), or ahead
    (即将, 草案), is left alone.

    Parameters
    ----------
    report : Report
    terms : DatedTerms
    reviewed : int or None
        The year under review.
    """
    day, basis = report_day(report)
    dated = day if basis in ("signed", "delivered", "published") else None
    year_ends = None if reviewed is None else pd.Timestamp(reviewed, 12, 31)
    term = reviews_several_years(report)
    sentences = report.passages("sentence")
    for row, (first, last), spans in zip(terms.rows, terms.days, locate_mentions(report, terms), strict=True):
        if row["checked"] != "search" or not spans:
            continue
        bounds = row.get("bounds", "").split("|")
        kind = _KINDS.get(row["kind"])
        for span in spans:
            passage = next((item for item in sentences if item.start <= span.start < item.end), None)
            if passage is None:
                continue
            if "from" in bounds and first is not None:
                yield from _late(passage, span, row, (first, dated, year_ends))
            if "until" not in bounds or last is None or kind is None or reviewed is None:
                continue
            if last > pd.Timestamp(reviewed, 1, 1) or (kind == "stale-campaign" and term):
                continue
            if kind == "stale-campaign" and _recaps(report, passage, span, terms, reviewed):
                continue
            if _as_standing(report, passage, span, kind):
                why = f"{row['term']}: {_ENDED[kind]} {row['until']}, named as standing in a report on {reviewed}"
                yield Sign(kind, *_with_brackets(report, *span), "sign", why)
    for passage in sentences:
        if year_ends is not None and passage.role != "plan":
            yield from _told_as_past(report, passage, dated, year_ends)


def _late(
    passage: Passage,
    span: Span,
    row: Mapping[str, str],
    days: tuple[pd.Timestamp, pd.Timestamp | None, pd.Timestamp | None],
) -> Iterator[Sign]:
    first, dated, year_ends = days
    text, term = passage.text, row["term"]
    if _LOOKS_AHEAD.search(text) or (row["kind"] == "meeting" and not _SPIRIT.search(text)):
        return
    if dated is not None:
        if first > dated:
            why = f"{term}: there from {first:%Y-%m-%d}, named in a report of {dated:%Y-%m-%d}"
            yield Sign("late-event", *span, "impossible", why)
    elif year_ends is not None and first > year_ends and passage.role != "plan":
        why = f"{term}: there from {first:%Y-%m-%d}, after the year reviewed; the text was written later"
        yield Sign("late-event", *span, "sign", why)


def _as_standing(report: Report, passage: Passage, span: Span, kind: Kind) -> bool:
    text = passage.text
    first = report.text_map.derived_span(*span)[0] - text_start(report, passage)
    last = report.text_map.derived_span(*span)[1] - text_start(report, passage)
    low, high = clause_around(text, first, last)
    clause, before = text[low:high], text[low:first]
    if kind == "old-organ":
        if _LOOKS_BACK[kind].search(clause) or _INTERNAL_BEFORE.search(before):
            return False
        return _GENERIC_BEFORE.search(before) is not None or before == "" or text[first - 1] in "、与向报经由和及同"
    if kind == "repealed-law":
        return not _LOOKS_BACK[kind].search(text) and _LAW_BEFORE.search(text[:first]) is not None
    return not _LOOKS_BACK[kind].search(clause) and _UNDER_WAY.search(clause) is not None


def _recaps(report: Report, passage: Passage, span: Span, terms: DatedTerms, reviewed: int) -> bool:
    """Tell whether a sentence tells of several years, or lists campaigns up to one of the year reviewed or later.

    Of a campaign in the list that no dated term names it is not known that it had ended.
    """
    text = passage.text
    if _TELLS_OF_YEARS.search(text) or _TELLS_OF_YEARS.search(passage.section):
        return True
    first, last = (place - text_start(report, passage) for place in report.text_map.derived_span(*span))
    low, high = clause_around(text, first, last)
    own = text[first:last]
    for item in _ITEM_BREAK.split(text[low:high]):
        if own not in item and _CAMPAIGN.search(item.strip()) and not _has_ended(item, terms, reviewed):
            return True
    return False


def _has_ended(item: str, terms: DatedTerms, reviewed: int) -> bool:
    """Tell whether a dated term that an item names was over before the year reviewed."""
    named = {form.row for form in terms.forms if form.key in key_of(item, terms.simplified)}
    ends = [terms.days[row][1] for row in named]
    return bool(ends) and all(end is not None and end <= pd.Timestamp(reviewed, 1, 1) for end in ends)


def _with_brackets(report: Report, start: int, end: int) -> tuple[int, int]:
    """Return the span with the 《》 around it."""
    last = end + (report.raw[end : end + 1] in (")", "）"))
    if report.raw[start - 1 : start] == "《" and report.raw[last : last + 1] == "》":
        return start - 1, last + 1
    return start, end


def _told_as_past(
    report: Report, passage: Passage, dated: pd.Timestamp | None, year_ends: pd.Timestamp
) -> Iterator[Sign]:
    """Yield days after the year reviewed that are told as past, unless the report bears a later day itself."""
    for match in _TOLD_AS_PAST.finditer(passage.text):
        try:
            told = pd.Timestamp(int(match[2]), int(match[3]), int(match[4] or 1))
        except ValueError:
            continue
        if told <= year_ends or (dated is not None and told <= dated):
            continue
        start, end = report.text_map.source_span(*(text_start(report, passage) + place for place in match.span("date")))
        if dated is None:
            why = f"told as past in a report on {year_ends.year}: written after {told:%Y-%m-%d}"
            yield Sign("late-event", start, end, "sign", why)
        else:
            why = f"told as past in a report of {dated:%Y-%m-%d}"
            yield Sign("late-event", start, end, "impossible", why)
