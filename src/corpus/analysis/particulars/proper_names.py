"""Names that tie a sentence to one place: other places, works and sites, events, bodies, honours, people in office.

Most are found by what they end in, where the words before are no general ones (通达大桥, not 跨江大桥), or by the table
of divisions.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.unit_row import BoolArray
from corpus.field.data_files import FactKind, rule_words
from corpus.field.divisions import Division, Divisions, find_places
from corpus.report.reports import Report

HAN = "㐀-鿿"


class Fact(NamedTuple):
    """A fact at ``start:end`` of a text; without a kind it only hides what stands inside."""

    start: int
    end: int
    kind: FactKind | None
    is_firm: bool


# What a name ends in, by what it names; the first characters tell most places at once.
_WORK, _EVENT, _BODY = map(rule_words, ("work", "event", "body"))
_ENDS = re.compile(
    f"(?=[{''.join(sorted({word[0] for word in f'{_WORK}|{_EVENT}|{_BODY}'.split('|')}))}])"
    rf"(?:(?P<place>{_WORK})(?![长者豚鲜鱼豹]|(?<=江)[西苏]|(?<=[河湖])[南北])|(?P<project>{_EVENT})|"
    rf"(?P<organisation>{_BODY})(?![生法章制化业员长级教站岗区龄城村]))"
)
_LONGEST_NAME = 16
_LONGEST: dict[str, int] = {"place": 8, "project": 14, "organisation": 12}
# Whatever stands up to one of these is no part of the name behind it.
_LEADING = re.compile(
    rf"(?s:.*)(?:[^{HAN}·][家名所个座条]?|[的和与同及在至到赴将给从由于为是有被向等]|对(?!外)|把(?!握)|{rule_words('leading')})"
)
# Words that may stand before a work or a body without naming it.
_GENERAL = re.compile(f"(?:{rule_words('general')})+")
_GENERAL_BEFORE = re.compile(f"(?:{'|'.join(word for word in rule_words('general').split('|') if len(word) > 1)})+")
_NUMBERED = re.compile(r"(?:首|第[一二三四五六七八九十百\d]+)届")
_NATIONAL_STREAMS = re.compile("(?:长江|黄河|江河|大运河|[银山大]河|大江|渤海湾|北部湾|大湾|黄渤海|南水北调)$")

_TOWNSHIP = "(?:镇(?!村|域)|乡(?!村|镇|土|贤)|街道|村(?![民干级委居])|社区)"
_TOWNSHIPS = re.compile(
    rf"(?![在到赴往于和与])[{HAN}]{{2,3}}(?:、[{HAN}]{{2,4}})+等\d*个?{_TOWNSHIP}"
    rf"|[{HAN}]{{2,3}}(?:镇|乡|街道)(?:、[{HAN}]{{2,4}}(?:镇|乡|街道))+"
    rf"|(?<=[在到赴往于])(?![各全本我该所农贫基乡村社下])[{HAN}]{{2,3}}{_TOWNSHIP}"
)
# 黔滇川交界, 武林、湖滨、吴山三大商圈
_NEIGHBOURS = re.compile(
    "[京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀黔滇藏陕甘青宁新蒙]{2,4}(?:[省边]际|边界|边区|交界|毗邻|接壤|结合部)"
    rf"|[{HAN}]{{2,4}}(?:、[{HAN}]{{2,4}})+等?[两三四五六七八九十\d]+[大个](?:商圈|景区|片区|新城|组团|古城|古镇)"
)
_KINDS_OF_PLACES = re.compile(rule_words("kind-of-place"))

_QUOTED = re.compile(rf"[“「『](?P<name>[{HAN}A-Za-z0-9·+\-、]{{3,40}})[”」』]")
_NAME_ENDS = re.compile(
    "(?:平台|系统|联盟|共同体|工作室|工作法|小程序|公众号|APP|讲堂|课堂|大赛|基地|中心|实验室|在线|发布)$"
)
_NAMED_BEHIND = re.compile(f"[\u4e00-\u9fff]{{0,6}}?(?:{rule_words('named-thing')})")
_NATIONWIDE = frozenset(("雪亮工程", "雨露计划", "天网工程", "头雁工程", "枫桥式", "枫桥式工作法", "菜篮子", "米袋子"))
# “五大中心”, “1+5+N” and “两高一低” are mottoes.
_NUMERAL = re.compile("[0-9+＋一二三四五六七八九十百千万两双]")
_NUMBERED_NAME = re.compile(
    "[“「]\\d{3,}[”」][^”，,。；;、\n]{0,10}?(?:行动(?:计划)?|计划|工程)|"  # “869”行动计划
    r"(?:地铁|轨道交通|轻轨)?(?:S?\d{1,2}|[一二三四五六七八九十]{1,2})号线|"
    r"[“「]?\d{1,2}[·.．]\d{1,2}[”」]?[^，,。；;、\n]{0,8}?(?:暴雨|洪|地震|事故|火灾|泥石流|滑坡|疫情|案)|"
    r"台风[“「][^”」\n]{1,6}[”」]|[“「][^”」\n]{1,6}[”」](?:等|多轮|多个|系列|超强|强)*台风"
)
_AWARDED = "奖|称号|荣誉|先进集体|先进单位|示范单位|优秀单位|名单|表彰"
_AWARDING = (
    "(?:全国|国家|全省|全区(?=[^，,。；;、\n]{2,30}试点)|省级|国家级|世界|国际|全球|中国|联合国|亚洲|首批|第[一二三四五六七八九十]批|"
    "中央|住建部|工信部|财政部|省)"
)
_WHERE = "全国|全省|全区|全市|全球|世界|亚洲|国内|西南|西北|华东|华中|华南|华北|东北|西部|中部|长三角|粤东|沿江"
_HONOUR = re.compile(
    rf"(?:{rule_words('conferring')})(?:成为|为)?[^，,。；;、\n]{{0,6}}?"
    rf"(?:[“「][^”」\n]{{2,40}}[”」]|{_AWARDING}[^，,。；;、\n]{{2,40}}|[^，,。；;、\n]{{0,34}}?(?:{_AWARDED}))"
    r"|(?:位列|位居|排名|名列|并列|居|(?<!系)列(?=第))[^，,。；;、\n]{0,8}?第[一二三四五六七八九十\d]+(?:位|名)?(?!责任|时间|线|届|轮|次|批)"
    rf"|(?:{_WHERE})(?:地级市|同类城市|城市|各市|设区市|市州|地级以上城市)?"
    r"(?:首[个批家创例座条张次位款部届台艘]|第[一二三四五六七八九十\d]+|唯一|之首|率先)(?!责任|时间|线|阵营|要务|方阵|梯队|书记)"
    r"|第[一二三四五六七八九十\d]+名|[特一二三]等奖"
)
_OFFICES = "主席|局长|书记|主任|院长|校长|处长|科长|会长|董事长|总经理|省长|州长|镇长|县长|市长|区长"
# What stands behind the name of whoever does or is something.
_DOES = "主持|带队|参加|出席|率|作|同志|任|担任|讲|赴|到|为|带领|强调|指出|要求|分管|荣?获|受到|入选|当选|事迹|精神|夺"
# Whoever is honoured is named behind the honour: 劳动模范王伟, “最美奋斗者”黄文秀, 运动员邹敬园.
_HONOURED = "(?:劳动模范|道德模范|楷模|奋斗者|运动员|传承人|民警|冠军)[”」]?"
_SCHOLARS = "院士|教授|研究员|博士|律师|同志|老师|先生|女士|烈士|将军"
_NO_PERSON = re.compile(
    "习近平|毛泽东|邓小平|江泽民|胡锦涛|总书记|毛主席|硕博士|名博士|有些|查处|高校|高级|高度|高水平|常年|任课|任组|任副|方面|江苏|万名|金融|龙头|程院院士|各位|老"
)
# A name without unit stands for the place where nothing behind makes it a part of another word.
_NO_PLACE_AFTER = re.compile("[式话货路街巷镇乡村]|大街|大道|时间|会议精神|精神|共识|宣言")


def home_of(report: Report, table: Divisions) -> tuple[Division, ...]:
    """Return the divisions that a report may be of, by its code, else by the name of its place."""
    code = report.value("adcode")
    rows = tuple(row for row in table.rows if row.code == code)
    return rows or (table.named(report.place) if report.place else ())


def find_proper_names(
    text: str, table: Divisions, *, own: Sequence[Division], surnames: Sequence[str], known: Collection[str]
) -> Iterator[Fact]:
    """Yield the names in a text that only one or a few places can have; of two that overlap the first one counts.

    Parameters
    ----------
    text : str
    table : Divisions
    own : sequence of Division
        The divisions that the report is of: they and what they lie in are no particulars of it.
    surnames : sequence of str
    known : collection of str
        Terms of the field and the nation (放管服, 一带一路) that name nothing here.
    """
    names = {row.name for row in own} | {row.stem for row in own if row.stem}
    for match in _HONOUR.finditer(text):
        yield Fact(*match.span(), "honour", True)
    for match in _QUOTED.finditer(text):
        name = match["name"]
        if _NUMERAL.search(name) or name in _NATIONWIDE or name in known:
            continue
        of_own_place = any(own_name in name for own_name in names)
        if of_own_place or _NAME_ENDS.search(name) or _NAMED_BEHIND.match(text, match.end()):
            yield Fact(*match.span(), "project", of_own_place or len(name) >= 4)
    for match in _TOWNSHIPS.finditer(text):
        if not _KINDS_OF_PLACES.search(match[0]):
            yield Fact(*match.span(), "place", True)
    for match in _NEIGHBOURS.finditer(text):
        yield Fact(*match.span(), "place", True)
    for match in _people_pattern(tuple(surnames)).finditer(text):
        if not _NO_PERSON.search(match[0]):
            yield Fact(*match.span(), "person", True)
    yield from _by_their_ends(text, names)
    yield from _places(text, table, own)
    for match in _NUMBERED_NAME.finditer(text):
        yield Fact(*match.span(), "project", True)


def _by_their_ends(text: str, own: Collection[str]) -> Iterator[Fact]:
    """Yield works, events and bodies, from where the name begins behind the general words before it."""
    for match in _ENDS.finditer(text):
        kind: FactKind = "place" if match["place"] else "project" if match["project"] else "organisation"
        low = max(0, match.start() - _LONGEST_NAME)
        window = text[low : match.start()]
        leading = _LEADING.match(window)
        if leading is None and low:
            continue
        skipped = leading.end() if leading else 0
        numbered = _NUMBERED.search(window, skipped) if kind == "project" else None
        if numbered is not None:
            yield Fact(low + numbered.start(), match.end(), kind, True)
            continue
        general = _GENERAL_BEFORE.match(window, skipped)
        skipped = general.end() if general else skipped
        rest, end = window[skipped:], match[0]
        shortest = 1 if len(end) == 1 else 2
        if (
            not shortest <= len(rest) <= _LONGEST[kind]
            or rest in own
            or _GENERAL.fullmatch(rest)
            or _GENERAL.fullmatch(rest + end)
        ):
            continue
        if not _NATIONAL_STREAMS.search(rest + end):
            yield Fact(low + skipped, match.end(), kind, True)


@lru_cache(maxsize=8)
def _people_pattern(surnames: tuple[str, ...]) -> re.Pattern[str]:
    name = f"[{''.join(surnames)}][{HAN}]{{1,2}}?" if surnames else "(?!)"
    # Behind an office a name is set off by a space, and one of two characters drawn apart: 市长　王　军.
    set_off = rf"[ \u3000]*(?:{name}|{name[: name.index(']') + 1]}[ \u3000]+[{HAN}])" if surnames else name
    after = rf"(?=[^{HAN}]|{_DOES}|$)"
    return re.compile(
        f"(?:{_OFFICES}|{_HONOURED}){set_off}{after}|{name}(?:{_SCHOLARS})|(?:(?<![{HAN}])|(?<=[由请聘])){name}(?:{_OFFICES})"
    )


def find_stems(text: str, table: Divisions) -> Iterator[tuple[int, str, tuple[Division, ...]]]:
    """Yield where the name of a division without its unit may stand, the longest at each place, with the divisions."""
    first, second = _stem_letters(table)
    letters = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32), len(first) - 1)
    for start in np.flatnonzero(first[letters[:-1]] & second[letters[1:]]).tolist():
        for length in table.stem_starts.get(text[start : start + 2], ()):
            stem = text[start : start + length]
            if stem in table.stems:
                yield start, stem, table.stems[stem]
                break


@lru_cache(maxsize=2)
def _stem_letters(table: Divisions) -> tuple[BoolArray, BoolArray]:
    """Return for each character whether a stem begins with it, and whether it stands second in one."""
    found = np.zeros((2, 1 << 16), dtype=bool)
    for stem in table.stem_starts:
        found[[0, 1], [ord(character) for character in stem]] = True
    return found[0], found[1]


def _places(text: str, table: Divisions, own: Sequence[Division]) -> Iterator[Fact]:
    """Yield the divisions that a text names, but for the own ones and those above; what lies in the own one counts."""
    for mention in find_places(text, table, short=True):
        if not _is_own(mention.divisions, own):
            yield Fact(mention.start, mention.end, "place", True)
    for start, stem, rows in find_stems(text, table):
        end = start + len(stem)
        near = any(row.level != "county" or _near(row, one) for row in rows for one in own)
        if near and not _is_own(rows, own) and not _NO_PLACE_AFTER.match(text, end):
            yield Fact(start, end, "place", True)


def _near(row: Division, own: Division) -> bool:
    return row.lies_in(own) or (row.code[:4] == own.code[:4] and own.level != "province")


def _is_own(rows: Sequence[Division], own: Sequence[Division]) -> bool:
    return any(row.code == one.code or row.name == one.name or one.lies_in(row) for row in rows for one in own)
