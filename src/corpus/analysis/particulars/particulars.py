"""Facts that only one report can have: amounts, counts, documents, projects, places, organisations, people, dates.

Each is found by its form: a number with a unit, a title in 《》, a name with what such names end in. Numbers that are
names (三重一大, 五位一体, 12.4), ordinals, years by themselves, articles of laws, national laws and plans, and the
agency's own name are no facts. A fact is *firm* where its form alone ties it to one agency, place or year, and *loose*
where any agency might write the same: one of something, a figure up to nine written in Chinese (the form of slogans),
a term in days, 100%, a month, a rule that is neither made here nor known to be national.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from math import exp, log

import pandas as pd

from corpus.analysis.particulars.proper_names import HAN, Fact, find_proper_names, home_of
from corpus.errors import CorpusError
from corpus.field.data_files import CountingUnit, FactKind, Lexicon, rule_words
from corpus.field.divisions import Division
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role

# How much of the doubt that a passage is particular a fact takes away.
FIRM_WEIGHT = 0.8
LOOSE_WEIGHT = 0.4

_ONE_TO_NINE = "一二三四五六七八九"
_HUNDREDS = rf"[{_ONE_TO_NINE}两][百千][{_ONE_TO_NINE}十百千零〇]*"
_CHINESE = rf"{_HUNDREDS}|[二三四五六七八九]?十[{_ONE_TO_NINE}]?|[两二三四五六七八九]"
_QUANTITY = rf"(?P<digits>(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?:\.\d+)?)|(?P<chinese>{_CHINESE})"
_MAGNITUDE = r"(?P<magnitude>[余多]?(?:万亿|[十百千]?万|[亿千百])?[余多]?)"
_BY_HEAD = r"(?:[(（](?:人|次|人次|家)[)）])?"
_HUNDRED_PERCENT = re.compile(r"百分之百|100(?:\.0+)?\s*[%％]")
_PERCENT = re.compile(r"百分之[零〇一二三四五六七八九十百点]+")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d年)?(?<!\d)(?:1[0-2]|0?[1-9])月(?P<day>[0-3]?\d[日号]|[上中下]旬)?"
    r"(?:[至到—–~～-](?:\d{1,2}月)?(?:\d{1,2}[日号])?)?(?P<part>[初底末份])?"
)
# A rule or a habit says how often or how much at least; what was done is another matter.
_NORM = re.compile(r"(?:每|不少于|不低于|不超过|不得超过|不高于|至少|最少|最多|不足|低于|超过|满)[^，,。；;、]{0,6}$")
_NUMERAL_OF_QUANTITY = re.compile("[0-9一二三四五六七八九十百千万两双零]")
_OPENING_QUOTES = '“‘「『"'
_QUANTITY_LOOK_BACK = 12


def find_quantities(text: str, units: Sequence[CountingUnit], set_numbers: Sequence[str]) -> Iterator[Fact]:
    """Yield the quantities and dates of a text; they may overlap where a date begins with a count.

    Left out: ordinals (第三次), years by themselves, one of something in Chinese (一次, which is an article), figures
    in Chinese behind an opening quote (“三项制度”) or without a magnitude before what is no counting unit (二元, 三天),
    and whatever stands inside one of ``set_numbers``.

    A quantity is not firm if it is 0 or 1, up to nine in Chinese, a term in days or months, all of something (100%),
    or set by a rule (每年2次, 不少于3场). A date is firm if it has a day.
    """
    names = [match.span() for match in _names_pattern(tuple(set_numbers)).finditer(text)] if set_numbers else []
    hidden = bytearray(len(text))
    for start, end in names:
        hidden[start:end] = b"\1" * (end - start)
    for match in _DATE.finditer(text):
        if not any(hidden[match.start() : match.end()]):
            yield Fact(*match.span(), "date", match["day"] is not None)
    for match in _quantity_pattern(tuple(units)).finditer(text):
        start, end = match.span()
        if any(hidden[start:end]) or (match["chinese"] and text[start - 1 : start] in tuple(_OPENING_QUOTES)):
            continue
        kind = _kinds(tuple(units))[match["unit"]]
        if match["chinese"] and kind != "count" and not match["magnitude"]:
            continue  # 二元, 三元, 两天: words rather than measures
        yield Fact(start, end, kind, _is_firm(text, match, kind))
    for match in _PERCENT.finditer(text):
        yield Fact(*match.span(), "share", match[0] != "百分之百")


def _is_firm(text: str, match: re.Match[str], kind: FactKind) -> bool:
    if kind == "time" or _HUNDRED_PERCENT.fullmatch(match[0]):
        return False
    if _NORM.search(text, max(0, match.start() - _QUANTITY_LOOK_BACK), match.start()):
        return False
    if match["magnitude"]:
        return True
    if match["chinese"]:
        return len(match["chinese"]) > 1 or match["chinese"] == "十"
    return kind != "count" or float(match["digits"].replace(",", "").replace("，", "")) > 1


@lru_cache(maxsize=8)
def _names_pattern(set_numbers: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for the names that have a numeral; the others hide no quantity."""
    with_numerals = [name for name in set_numbers if _NUMERAL_OF_QUANTITY.search(name)]
    return re.compile("|".join(re.escape(name) for name in sorted(with_numerals, key=len, reverse=True)) or r"(?!)")


@lru_cache(maxsize=8)
def _quantity_pattern(units: tuple[CountingUnit, ...]) -> re.Pattern[str]:
    alternatives = "|".join(
        re.escape(unit.unit) + (f"(?![{re.escape(unit.not_before)}])" if unit.not_before else "")
        for unit in sorted(units, key=lambda unit: len(unit.unit), reverse=True)
    )
    # 2021起 is a year.
    return re.compile(
        rf"(?<![第\d.．一二三四五六七八九十百千万亿零〇])(?!(?:19|20)\d\d起)(?:{_QUANTITY}){_MAGNITUDE}\s*(?P<unit>{alternatives}){_BY_HEAD}"
    )


@lru_cache(maxsize=8)
def _kinds(units: tuple[CountingUnit, ...]) -> dict[str, FactKind]:
    return {unit.unit: unit.kind for unit in units}


_TITLE = re.compile(r"《([^《》\n]{2,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,40})?)》")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s*第?\d+号")
_NUMBERED_BY = re.compile(rf"(?:(?![件和与及按照据关于的])[{HAN}]){{1,8}}$")
_NATIONAL_NUMBER = re.compile(r"[^，。]*(?:国发|国办发|国函|国办函|中发|中办发|国令)[〔\[【(（]")
_LAW = re.compile(r"(?:(?<![办方])法|法典|宪法修正案|党章)$")
_ACT = re.compile(f"(?:{rule_words('act')})$")
_REMARK = re.compile(r"(?:[(（〔\[][^()（）〔〕\[\]]*[)）〕\]])+$")
_INTRODUCTION = re.compile(r"^(?:关于|印发|修改|转发|实施|贯彻落实|的通知|[<〈])*(?:(?:19|20)\d\d年度?)?(?:中共)?")
_NATIONAL = re.compile(r"中华人民共和国|中共中央|中国|国务院|全国|国家|中央|党|习近平|宪法|最高人民")
_OF_A_PLACE = re.compile(
    rf"(?:[{HAN}]{{2,7}}?(?<![城地园社辖山灾景矿牧林新小校片库军战特各])(?<!示范)(?<!开发)(?<!高新)(?<!保税)(?<!试验))?"
    r"(?:省|自治区|自治州|自治县|市(?![场民政])|区(?![域块间分别])|县(?![级域])|镇(?!域)|街道|州|盟|旗)"
)
_OF_AN_OFFICE = re.compile(rf"[{HAN}]{{0,8}}?(?:局|委(?!员|托)|厅|党组|机关|我)")
_MAKING = re.compile(rule_words("making"))
_STUDYING = re.compile(rule_words("studying"))
_IN_A_LIST = re.compile(r"\s*(?:[、,，和及与]|以及)?\s*")
_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n]*$")
_SHORTEST_NAME = 6
_TITLE_LOOK_BACK = 40


def find_titles(text: str, *, acts: Collection[str], places: Collection[str]) -> Iterator[Fact]:
    """Yield the titles in 《》 and the numbers of documents of a text.

    A title is national if it is that of a law (it ends in 法 or 法典, which only the national legislature makes), if
    it is one of ``acts``, or begins with 中华人民共和国, 国务院, 中共中央 and the like. It is local if it names one of
    ``places`` (full names of divisions) or begins with a division or an office. Of the rest, a rule or plan counts
    if it was made here (制定, 印发, 修订 … before it, or 出台 … behind), does not if it was studied or followed, and is
    loose if neither is said; what is no rule (a project, a book) counts if it is long enough to be a name.
    """
    titles = list(_TITLE.finditer(text))
    first = 0
    for number, match in enumerate(titles):
        between = text[titles[number - 1].end() : match.start()] if number else None
        if between is None or not _IN_A_LIST.fullmatch(between):
            first = match.start()
        yield Fact(*match.span(), *_judge(text, match, first, acts=acts, places=places))
    for match in _DOCUMENT_NUMBER.finditer(text):
        issuer = _NUMBERED_BY.search(text, max(0, match.start() - 8), match.start())
        if issuer:
            name = text[issuer.start() : match.end()]
            yield Fact(issuer.start(), match.end(), None if _NATIONAL_NUMBER.match(name) else "document", True)


def _judge(
    text: str, match: re.Match[str], first: int, *, acts: Collection[str], places: Collection[str]
) -> tuple[FactKind | None, bool]:
    """Return the kind and firmness of a title that stands in a list of titles which begins at ``first``."""
    name = _REMARK.sub("", match[1].strip())
    start = _INTRODUCTION.match(name)
    core = name[start.end() :] if start else name
    # 西川市 is also 西川, but only where a title begins: 资源 inside one need not be 资源县.
    local = (
        any(place in name or (len(place) > 2 and core.startswith(place[:-1])) for place in places)
        or _OF_A_PLACE.match(core) is not None
    )
    if not local and (name in acts or core in acts or _LAW.search(name) or _NATIONAL.match(core)):
        return None, False
    is_rule = bool(_ACT.search(name) or _LAW.search(name))
    if local:
        return "document" if is_rule else "project", True
    clause = _CLAUSE.search(text, max(0, first - _TITLE_LOOK_BACK), first)
    before = clause[0] if clause else ""
    made = max((verb.end() for verb in _MAKING.finditer(before)), default=-1)
    studied = max((verb.end() for verb in _STUDYING.finditer(before)), default=-1)
    behind = text[match.end() : match.end() + 10]
    if made > studied or (studied < 0 and _MAKING.search(behind)):
        return "document" if is_rule else "project", True
    if studied >= 0:
        return None, False
    if is_rule:
        return "document", bool(_OF_AN_OFFICE.match(core))
    return ("project", True) if len(name) >= _SHORTEST_NAME else (None, False)


_CONFERRED = (
    "示范园?区|示范园|示范[县市镇村]|示范基地|示范单位|示范中心|试验区|实验区|先行区|创新型[县市]|创新型城市|实验室|"
    "工程中心|工程技术研究中心|技术研究中心|技术创新中心|研究中心|创新中心|研发中心|科技园区?|产业园区?|孵化器|加速器|"
    "众创空间|星创天地|服务平台|创新平台|院士工作站|创新共同体|创新创业共同体|创新联合体|创新战略联盟|创新示范区"
)
_STATUS = re.compile(rf"(?:国家级?|[省市]级)(?!有关|相关)[{HAN}]{{0,12}}?(?:{_CONFERRED})")


@tabulated
def find_facts(reports: Reports, *, role: Role | None = None) -> pd.DataFrame:
    """Return the facts of the bodies that only this report can have: ``find_particulars(by="span")``.

    Parameters
    ----------
    reports : Reports
        Their ``lexicon`` gives counting units, numbers that are names, acts that are national, and surnames.
    role : str, optional
        Only the facts that begin in a part with this role.

    Returns
    -------
    DataFrame
        One row a fact, in reading order. Facts do not overlap.

        {columns of find_particulars.span}

    Raises
    ------
    CorpusError
        If the lexicon has no counting units, or the role is none of the roles.
    """
    if not reports.lexicon.units:
        raise CorpusError("reports.lexicon has no counting units; take the reports from corpus.load_reports")
    return build_table(
        (row for report in reports for row in _rows(report, reports.lexicon, role)), "find_particulars.span"
    )


def _rows(report: Report, lexicon: Lexicon, role: Role | None) -> Iterator[tuple[object, ...]]:
    facts = list(_facts_of(report, lexicon, role=role))
    spans = [report.text_map.source_span(fact.start, fact.end) for fact in facts]
    starts = [sentence.start for sentence in report.passages("sentence", role=role)]
    doubts: dict[int, float] = defaultdict(float)
    sentences = [bisect_right(starts, start) for start, _ in spans]
    weights = [FIRM_WEIGHT if fact.is_firm else LOOSE_WEIGHT for fact in facts]
    for sentence, weight in zip(sentences, weights, strict=True):
        doubts[sentence] += log(1 - weight)
    for fact, span, sentence, weight in zip(facts, spans, sentences, weights, strict=True):
        added = exp(doubts[sentence]) * weight / (1 - weight)
        yield report.report_id, *span, fact.kind, fact.is_firm, added, report.text[fact.start : fact.end]


def _facts_of(report: Report, lexicon: Lexicon, *, role: Role | None) -> Iterator[Fact]:
    home = home_of(report, lexicon.divisions)
    for region in report.regions(role):
        offset, end = report.text_map.derived_span(*region)
        text = report.text[offset:end]
        own = {name for name in (report.value("province"), report.value("prefecture"), report.value("county")) if name}
        taken = bytearray(len(text))
        kept = []
        for found in _candidates(text, lexicon, own, home):
            if not any(taken[found.start : found.end]):
                taken[found.start : found.end] = b"\1" * (found.end - found.start)
                if found.kind is not None:
                    kept.append(found._replace(start=found.start + offset, end=found.end + offset))
        yield from sorted(kept)


def _candidates(text: str, lexicon: Lexicon, own_places: set[str], home: Sequence[Division]) -> Iterator[Fact]:
    """Yield what may be a fact; of two that overlap the first one counts."""
    known = frozenset((*lexicon.words, *lexicon.set_numbers))
    yield from find_titles(text, acts=frozenset(lexicon.acts), places=own_places)
    yield from find_quantities(text, lexicon.units, (*lexicon.words, *lexicon.set_numbers))
    yield from find_proper_names(text, lexicon.divisions, own=home, surnames=lexicon.surnames, known=known)
    for match in _STATUS.finditer(text):
        yield Fact(*match.span(), "project", False)
