"""Which clauses of a report commit it to something that can be checked, and what a clause of the next says of one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Literal

from corpus.analysis.years.changes import is_address, is_heading_at
from corpus.field.data_files import rule_words
from corpus.report.passages import Outline, locate_units
from corpus.report.reports import Report
from corpus.report.values import Span

Side = Literal["review", "plan", "shortcomings"]

_FIVE_YEARS = re.compile(r"十[一二三四五六七]五|五年规划|今后五年|未来五年")
_GONE_BY = re.compile("成就|成效|回顾|取得")
_OPENING_CHARS, _HEADING_CHARS = 60, 24
_LEAST_CHARS, _MOST_CHARS = 6, 150
# Each of these says by itself what will be there; the weaker ones need a thing that has a name.
_OUTCOME = re.compile(
    f"{rule_words('outcome')}|"
    "提高[^，]*(?:补助|补贴|保障|养老金|工资|救助|待遇|奖励)[^，]*标准|(?<!健全)建立(?!健全)[^，]{2,}制度$|[公卫学疗]中心建设$|规划论证|(?:增速|增幅|占比|比重)[^，]*(?:以上|高于|快于|同步)"
)
_ACTION = re.compile(rule_words("action"))
# What makes a thing of words in quotes, which are mottoes else (“五篇大文章”, “二次创业”).
_MADE = re.compile("实施|打造|开展|建设|启动|推出|举办|创建|承办|办好|建立|建好|搭建")
_QUOTED = re.compile("[“「](?!十[一二三四五六]五)[^”」]{2,}[”」]")
_NAMED = re.compile(
    r"《[^》]+》|[A-Za-z]{1,4}\d|(?:工程|行动|计划|项目|活动)[”」]|(?:铁路|公路|高速|航道|机场|港)[^，]{0,6}(?:改造|扩能)|[”」](?:专项|百日|三年|提升|试点)*(?:行动|工程|计划|项目|活动)|"
    "(?:工程|项目|行动|计划|铁路|高铁|高速|公路|大桥|隧道|机场|航空港|航线|水库|枢纽|灌区|码头|港区|港站|口岸|电站|核电|"
    "学校|校区|大学|实验室|基地|园区|工厂|产业园|示范区|试验区|先行区|自贸区|新区|特区|博物馆|场馆|条例|办法|方案|清单|目录|试点|平台|"
    "活动|培训班|竞赛|大会|博览会|论坛|运动会|普查|景区|国家公园|植物园|管网|线路|攻坚战|基金|综合改革|试点扩面|"
    "(?:集结|集散|物流|结算|交易|数据|会展|保税|医疗|算力|创新|研究|服务|救援|调度|文化|体育|活动)中心|走廊|(?:建设|创建|设立|布局)[^，]{2,20}中心)(?:建设|改造|扩建|申报|创建)?$"
)
_NO_PLAN = re.compile(
    "去年|过去|以来|五年来|^(?:鼓励|引导|广泛|有效利用|用好|我们|各位|让我们|坚持|牢记|牢牢|聚焦|围绕|紧扣|立足|锚定|始终|坚定|坚决|全面贯彻|深入贯彻|认真落实|按照|根据|以[^，]*为|"
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
    plan, which are neither and left out, as are headings and addresses.
    """
    outline, clauses = Outline(report), list(locate_units(report, "clause"))
    paragraphs = list(locate_units(report, "paragraph"))
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
        part = outline.part_at(span.start)
        if part is None or neither[part.start] or is_heading_at(report, outline, span):
            continue
        start, stop = report.key_map.derived_span(first, last)
        key = report.key[start:stop]
        if key and not is_address(key):
            side: Side = "plan" if part.role == "plan" or part in late else "review"
            side = "shortcomings" if part.role == "shortcomings" else side
            opening = report.text[paragraphs[at][0] : first]
            found.append(Clause(span, report.text[first:last], key, side, at, bool(_OTHER_BASE.search(opening[:30]))))
    return found


def is_plan(text: str) -> bool:
    """Return whether a clause of a plan commits the issuer to something that can be checked.

    It has a figure that is no date, or says what will be there (建成, 开工, 出台, …), or has a verb and a thing by
    name. Slogans, resolutions and what is said of the year gone by are none. Read by a model, not by a person.

    Examples
    --------
    >>> is_plan("建成3座水库"), is_plan("加快建设甲乙铁路"), is_plan("坚持稳中求进"), is_plan("不断开创新局面")
    (True, True, False, False)
    """
    words = _LABEL.sub("", text).rstrip("，。；;,.：:！!、 ")
    if not _LEAST_CHARS <= len(words) <= _MOST_CHARS or _NO_PLAN.search(words):
        return False
    if any(figure.unit for figure in list_figures(words)):
        return True
    if _IN_LIGHT_OF.search(words):
        return False
    named = _NAMED.search(words) is not None or (_QUOTED.search(words) is not None and _MADE.search(words) is not None)
    return bool(_OUTCOME.search(words) or (_ACTION.search(words) and named))


# A number in quotes (“3个70%”) is a name.
_NO_FIGURE = re.compile(
    r"[“「](?=[^”」]*\d[^\d”」])[^”」，。；]{1,30}[”」]|第\s?\d+(?=[届次批期号代季])|(?:19|20)\d\d(?:—|-|至|～)?(?:(?:19|20)?\d\d)?年|(?<!\d)(?:19|20)\d\d(?!\d)|\d{1,2}月|\d{1,2}日"
)
_LABEL = re.compile(
    r"^\s*(?:[(（]?[0-9一二三四五六七八九十]{1,3}[)）.、．]|[一二三四五六七八九十]{1,3}是|——|首先|其次|同时)\s*"
)
_UNITS = rule_words("figure-unit")
_WORTH = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_SCALE = "万亿|[百千]?[万亿]|[百千]"
# 突破万亿元 states a figure without digits.
_FIGURE = re.compile(
    rf"(?<![A-Za-z0-9.\-+＋])(?:(\d[\d,]*(?:[.．]\d+)?)\s*|(?:(?<=突破)|(?<=[超跨过达上]))(?=(?:{_SCALE})(?:{_UNITS})))"
    rf"(%|％|‰|(?:{_SCALE})?(?:{_UNITS})?)(?![A-Za-z+＋])"
)
# What has no unit of its own, and what is counted by 个, 家, 人 and their like, are things.
_QUANTITIES = (
    "%|‰",
    "个百分点|百分点",
    "元|美元",
    "公里|千米|米",
    "亩|公顷|平方公里|平方千米|平方米",
    "吨|斤",
    "千瓦|千瓦时|度",
    "立方米",
    "倍",
    "天",
)
_BELOW = re.compile("以内|(?<!岁)以下|不超过|不高于|控制在|低于|失业率")
_LESS = re.compile("压减|压降|下降|降低|减少|降至|价格|涨幅|能耗|赤字|死亡|事故")
_ABOUT = 0.01
"""What 左右 leaves open, of a figure."""
_LEAST_TIMES = 2.5
"""From so many times the figure promised on, a count is taken for one of several years."""
_PER_YEAR = re.compile("年均|年平均|平均每年")
_OTHER_BASE = re.compile("累计|年均|年平均|平均每年|五年|“?十[一二三四五六]五”?时期|“?十[一二三四五六]五”?以来")
_ALL_THERE_IS = re.compile("达到|增至|增加到|总数|总量")
_ADDED = re.compile("新增|新建|净增|新培育|新改|改造|完成|实施|培育|建设|建成|推广")
_LEVEL = re.compile("率|占比|比重|稳定在|保持在|城镇化|每[百千万]|人均")
_HOPED = re.compile("、?(?:并?力争|争取)")
_DONE = re.compile(
    "建成|投产|投运|投用|通车|完工|竣工|贯通|开通|落成|完成|运营|运行|投入使用|启用|通水|蓄水|开园|开馆|开业|并网|交付|验收|首飞|通航"
)
_BEGUN = re.compile("开工|开建|动工|启动|建设|实施|推进|获批|成立|组建|设立")
_UNDER_WAY = re.compile("加快|推进|有序|进展|正在|抓紧|开工|在建|建设")
_BEFORE_START = re.compile("具备[^，。；]{0,6}条件|前期|可研|报批|审批|核准|谋划|选址")
_ROUTE = re.compile("([\u4e00-\u9fff])[\u4e00-\u9fff]至([\u4e00-\u9fff])[\u4e00-\u9fff]")
_TITLE = re.compile("《[^》]+》")
# What may stand before the thing that a promise is about.
_LEADING = re.compile(f"(?:[“、]|{rule_words('before-subject')})*")
_ECONOMY = "经济"  # is measured by 生产总值
_CLAUSE_END, _ITEM_END = re.compile("[，。；;！]"), re.compile("[、，。；;！]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit as printed, its value, how exact it is, and the words before it."""

    printed: str
    value: float
    unit: str
    before: str
    item: str
    step: float
    about: bool


def list_figures(text: str) -> list[Figure]:
    """Return the figures of a clause; years, days and ordinals (第30届, not 第5位) are none.

    ``before`` are the words from the last comma on, ``item`` those from one 、 to the next; ``step`` is the worth of
    the last decimal, 0 without any, ``about`` whether 左右 follows.

    Examples
    --------
    >>> [(figure.printed, figure.value, figure.unit) for figure in list_figures("2025年新增1.2万个，增长5%")]
    [('1.2万个', 12000.0, '个'), ('5%', 5.0, '%')]
    """
    bare = _NO_FIGURE.sub(lambda match: "\0" * len(match[0]), _LABEL.sub("", text))
    found = []
    for match in _FIGURE.finditer(bare):
        scale = "".join(re.findall(f"^(?:{_SCALE})", match[2]))
        # 千 of 千瓦 and 千米 is no scale: their values are compared with each other only.
        digits = (match[1] or "1").replace(",", "").replace("．", ".")
        worth = prod(map(_WORTH.__getitem__, scale))
        begins = max((stop.end() for stop in _CLAUSE_END.finditer(bare, 0, match.start())), default=0)
        items = max(begins, bare.rfind("、", 0, match.start()) + 1)
        found.append(
            Figure(
                match[0].strip(),
                float(digits) * worth,
                match[2].removeprefix(scale).replace("％", "%"),
                bare[begins : match.start()],
                bare[items : match.end()] + _ITEM_END.split(bare[match.end() :], maxsplit=1)[0],
                worth * 10.0 ** -len(digits.partition(".")[2]) if "." in digits else 0.0,
                bare.startswith("左右", match.end()),
            )
        )
    return found


def join_figures(text: str) -> str:
    """Return the figures of a clause as printed, with 、 between them."""
    return "、".join(figure.printed for figure in list_figures(text))


def quantities_of(text: str) -> int:
    """Return what the figures of a clause measure, as bits: shares, money, lengths, areas, weights, power, things, …

    Two clauses without a bit in common state different quantities: 4500亿元 is not answered by 11.9个百分点.
    """
    bits = 0
    for figure in list_figures(text):
        place = next((place for place, units in enumerate(_QUANTITIES) if figure.unit in units.split("|")), None)
        bits |= 1 << (len(_QUANTITIES) if place is None else place)
    return bits


def pair_figures(promised: str, reported: str) -> list[tuple[Figure, Figure]]:
    """Return the figures promised, each with the one that answers it, where there is one.

    They go together by their unit, by the words before them and by those of their item between two 、; what something
    was before (从1795亿元增加到5260亿元) answers nothing.
    """
    left = [figure for figure in list_figures(reported) if not re.search("[从由][^至到]*$", figure.before)]
    pairs = []
    for figure in list_figures(promised):
        alike = [other for other in left if other.unit == figure.unit]
        if alike:
            other = max(
                alike, key=lambda item: _n_common(item.item, figure.item) + _n_common(item.before, figure.before)
            )
            left.remove(other)
            pairs.append((figure, other))
    return pairs


def firm_promise(promised: str) -> str:
    """Return a promise without what is hoped for on top of it.

    Examples
    --------
    >>> firm_promise("投资增长7%以上、力争达到8%，"), firm_promise("力争投资增长8%")
    ('投资增长7%以上', '力争投资增长8%')
    """
    firm = _HOPED.split(promised, maxsplit=1)[0].rstrip("、，")
    return firm if list_figures(firm) else promised


def falls_short(promised: str, reported: str) -> bool:
    """Return whether a figure that was reported misses the one promised, of those that go together.

    Figures are held against each other as exactly as the promise is printed (58.08% is 58.1%), and 左右 leaves one in a
    hundred open. Above a bound (以内, 失业率) the higher figure misses; where less is promised (下降3%) neither does.

    Examples
    --------
    >>> falls_short("增长6%左右", "增长3.9%"), falls_short("城镇化率达到58.1%", "城镇化率提高到58.08%")
    (True, False)
    """
    if _BELOW.search(promised):
        return any(other.value > figure.value * (1 + _ABOUT) for figure, other in pair_figures(promised, reported))
    if _LESS.search(promised):
        return False
    return any(
        other.value + figure.step / 2 < figure.value * (1 - _ABOUT * figure.about)
        for figure, other in pair_figures(promised, reported)
    )


def has_other_base(promised: str, reported: str, *, of_five_years: bool = False) -> bool:
    """Return whether what was reported counts on another base: over years (累计, 年均, 五年), or all there is (达到).

    A level (占比, 率, 稳定在) is one whatever the years, and so is the very figure that was promised.

    Examples
    --------
    >>> has_other_base("新建5G基站2万个", "5G基站增至18万个"), has_other_base("新建5G基站2万个", "新建5G基站3万个")
    (True, False)
    """
    over_years = (of_five_years or _OTHER_BASE.search(reported) is not None) and _OTHER_BASE.search(promised) is None
    pairs = pair_figures(promised, reported)
    if not pairs:
        return over_years
    if all(other.value == figure.value for figure, other in pairs):
        return False
    if _PER_YEAR.search(reported) and not _PER_YEAR.search(promised):
        return True
    if _LEVEL.search(promised):
        return False
    if not _ADDED.search(promised):
        return over_years
    many = any(other.value >= _LEAST_TIMES * figure.value and figure.unit != "%" for figure, other in pairs)
    return over_years or many or (_ALL_THERE_IS.search(reported) is not None and _ALL_THERE_IS.search(promised) is None)


def lacks_items(promised: str, reported: str) -> bool:
    """Return whether of several things that were promised some, and not all, are named in what was reported."""
    items = [item for item in re.split("[、和及]", _FIGURE.sub("", promised)) if len(item) >= 4]
    if len(items) < 2:
        return False
    named = [_n_common(item, reported) >= max(1, (len(item) - 1) / 3) for item in items]
    return any(named) and not all(named)


def speaks_of_other(promised: str, reported: str) -> bool:
    """Return whether what was reported is about another thing, though most of the words are the same.

    None of the routes (南宁至百色) or titles in 《》 that were promised is named, or neither of the first two
    characters of what a promised figure measures (财政科技支出占比 and 民生支出占比).

    Examples
    --------
    >>> speaks_of_other("财政科技支出占预算比重达到1.5%", "民生支出占预算比例稳定在80%")
    True
    """
    # A route goes by the first characters of its ends too: 崇凭铁路.
    routes = [form for match in _ROUTE.finditer(promised) for form in (match[0], match[1] + match[2])]
    titles = [title.strip("《》") for title in _TITLE.findall(promised)]
    for names in (routes, titles):
        if names and not any(name in reported for name in names):
            return True
    subjects = [_subject(figure) for figure in list_figures(promised)]
    told = bool(subjects) and all(subjects) and bool(list_figures(reported))
    return told and not any(set(subject) & set(reported) or subject == _ECONOMY for subject in subjects)


def _subject(figure: Figure) -> str:
    """Return the first two characters of what a figure measures."""
    words = figure.before.rpartition("、")[2]
    leading = _LEADING.match(words)
    return words[leading.end() if leading else 0 :][:2]


def is_behind(promised: str, reported: str) -> bool:
    """Return whether what was promised to be there is under way only, or what was promised to begin is prepared only.

    Judged by the clause that names the thing.

    Examples
    --------
    >>> is_behind("建成甲乙铁路", "甲乙铁路加快建设"), is_behind("开工甲乙铁路", "丙铁路开工，甲乙铁路具备核准条件")
    (True, True)
    """
    thing = _BEGUN.sub("", _DONE.sub("", promised))
    own = max(_CLAUSE_END.split(reported), key=lambda clause: _n_common(thing, clause))
    if _DONE.search(promised):
        return _DONE.search(own) is None and _UNDER_WAY.search(own) is not None
    begun = re.search("开工|开建|动工|启动", promised)
    return begun is not None and _BEFORE_START.search(own) is not None and not _BEGUN.search(own)


def _n_common(a: str, b: str) -> int:
    return len({"".join(pair) for pair in pairwise(a)} & {"".join(pair) for pair in pairwise(b)})
