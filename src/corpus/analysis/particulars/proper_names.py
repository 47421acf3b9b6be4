"""Names that tie a sentence to one place: other places, works and sites, events, bodies, honours, people in office.

They are found by the table of divisions, and by what such names end in where the words before are no general ones
(通达大桥 is a name, 跨江大桥 is none).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.field.data_files import rule_words
from corpus.field.divisions import Division, Divisions, find_places
from corpus.field.lexicon import FactKind
from corpus.report.reports import Report

_HAN = "㐀-鿿"


class ProperName(NamedTuple):
    """A name at ``start:end`` of a text."""

    start: int
    end: int
    kind: FactKind
    is_firm: bool


# Words that may stand before a work or a body without naming it.
_GENERAL = re.compile(f"(?:{rule_words('general')})+")
# Words of two characters and signs behind which a name begins.
_OPENS_NAME = (
    rf"(?:^|(?<={rule_words('before-work')})|(?<=[，,。；;：:、！!？?（）()“”《》—\s0-9和与及在至到对把将从于由是为的等]))"
)
_WORKS = rule_words("work")
_WORK = re.compile(rf"{_OPENS_NAME}(?P<name>[{_HAN}]{{1,8}}?)(?P<end>{_WORKS})(?![长者豚鲜鱼豹])")
_EVENTS = rule_words("event")
_EVENT = re.compile(
    rf"(?P<name>(?:(?:首|第[一二三四五六七八九十百\d]+)届)?[{_HAN}A-Za-z0-9·]{{2,16}}?)(?P<end>{_EVENTS})"
)
_NUMBERED = re.compile("(?:首|第[一二三四五六七八九十百0-9]+)届")
_BODIES = re.compile(
    rf"{_OPENS_NAME}(?P<name>[{_HAN}A-Za-z0-9]{{2,12}}?)(?P<end>集团|股份|公司|证券|实验室|研究中心|研究院|学院|大学|药业|重工|控股|酒业|乳业|"
    rf"石化|商会|基金会|银行)"
    "(?![生法章制化业员长级教站岗区龄城村])"
)
_QUOTED = re.compile(rf"[“「『](?P<name>[{_HAN}A-Za-z0-9·+\-、]{{3,24}})[”」』]")
_NAMED_BEHIND = re.compile(f"[\u4e00-\u9fff]{{0,6}}?(?:{rule_words('named-thing')})")
_DISASTER = re.compile(
    "[“「]?\\d{1,2}[·.．]\\d{1,2}[”」]?[^，,。；;、\n]{0,8}?(?:暴雨|洪|地震|事故|火灾|泥石流|滑坡|疫情|案)|"
    "台风[“「][^”」\n]{1,6}[”」]|[“「][^”」\n]{1,6}[”」](?:等|超强|强)*台风"
)
_CONFERRING = rule_words("conferring")
_CONFERRED = re.compile(
    rf"(?:{_CONFERRING})(?:成为|为)?(?:[^，,。；;、\n]{{0,6}}?)(?:[“「][^”」\n]{{2,40}}[”」]|(?:全国|国家|全省|"
    rf"全区(?=[^，,。；;、\n]{{2,30}}试点)|"
    rf"省级|国家级|世界|国际|全球|中国|联合国|亚洲|首批|第[一二三四五六七八九十]批|中央|住建部|工信部|财政部|省)[^，,。；;、\n]{{2,40}})"
)
_FIRST = re.compile(
    "(?:全国|全省|全区|全市|全球|世界|亚洲|国内|西南|西北|华东|华中|华南|华北|东北|西部|中部|长三角|粤东|沿江)(?:地级市|同类城市|城市|各市|设区市|市州|地级以上城市)?"
    "(?:首[个批家创例座条张次位款部届台艘]|第[一二三四五六七八九十\\d]+|唯一|之首|率先)(?!责任|时间|线|阵营|要务|方阵|梯队|书记)"
)
_TITLED = "书记|省长|市长|县长|区长|州长|镇长|局长|主任|院长|校长|会长|董事长|总经理|院士|教授|研究员|博士|同志"
_NATIONWIDE = frozenset(("雪亮工程", "雨露计划", "天网工程", "头雁工程", "枫桥式", "枫桥式工作法", "菜篮子", "米袋子"))
_NUMERAL = re.compile("[0-9+＋一二三四五六七八九十百千万两双]")
_LEADERS = "习近平|毛泽东|邓小平|江泽民|胡锦涛"
_NO_PERSON = re.compile(f"{_LEADERS}|高校|高级|常年|任课|任组|任副|方面|金融|龙头|万名|各位|老")
_SHORTEST = 2
# Whatever stands up to one of these is no part of the name behind it.
_LEADING = re.compile(f".*(?:[的和与及在至到对将从等]|{rule_words('leading')})")
# A name without unit stands for the place where nothing behind makes it a part of another word.
_NO_PLACE_AFTER = re.compile("[式话货路街巷镇乡村]|大街|大道|时间|会议精神|精神|共识|宣言")
_NATIONAL_STREAMS = re.compile(
    "^(?:长江|黄河|江河|长江黄河|大运河|京杭大运河|银河|山河|大江|大河|黄渤海|渤海湾|北部湾|粤港澳大湾|大湾|南水北调)$"
)


def home_of(report: Report, table: Divisions) -> tuple[Division, ...]:
    """Return the divisions that a report may be of, by its code, else by the name of its place."""
    code = report.value("adcode")
    rows = tuple(row for row in table.rows if row.code == code)
    return rows or (table.named(report.place) if report.place else ())


def find_proper_names(
    text: str, table: Divisions, *, own: Sequence[Division], surnames: Sequence[str], known: Collection[str]
) -> Iterator[ProperName]:
    """Yield the names in a text that only one or a few places can have; they may overlap.

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
    yield from _places(text, table, own)
    names = {row.name for row in own} | {row.stem for row in own if row.stem}
    for match in _CONFERRED.finditer(text):
        yield ProperName(*match.span(), "honour", True)
    for match in _FIRST.finditer(text):
        yield ProperName(*match.span(), "honour", True)
    for match in _EVENT.finditer(text):
        if (numbered := _NUMBERED.search(match["name"])) is not None:
            yield ProperName(match.start() + numbered.start(), match.end(), "project", True)
        elif (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "project", True)
    for match in _WORK.finditer(text):
        if (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "place", True)
    for match in _BODIES.finditer(text):
        if (start := _named_from(match, names)) is not None:
            yield ProperName(start, match.end(), "organisation", True)
    for match in _QUOTED.finditer(text):
        name = match["name"]
        if _NUMERAL.search(name) or name in _NATIONWIDE:  # “1+5+N” and “两高一低” are mottoes
            continue
        if name not in known and any(own_name in name for own_name in names):
            yield ProperName(*match.span(), "project", True)
        elif name not in known and _NAMED_BEHIND.match(text, match.end()):
            yield ProperName(*match.span(), "project", len(name) >= 4)
    for match in _DISASTER.finditer(text):
        yield ProperName(*match.span(), "project", True)
    for match in _titled_pattern(tuple(surnames)).finditer(text):
        if not _NO_PERSON.search(match[0]):
            yield ProperName(*match.span(), "person", True)


def _named_from(match: re.Match[str], own: Collection[str]) -> int | None:
    """Return where a name begins behind the general words before it; None where nothing names."""
    name = match["name"]
    leading = _LEADING.match(name)
    skipped = leading.end() if leading else 0
    general = _GENERAL.match(name, skipped)
    skipped = general.end() if general else skipped
    rest, end = name[skipped:], match["end"]
    shortest = 1 if len(end) == 1 else _SHORTEST
    if len(rest) < shortest or _GENERAL.fullmatch(rest) or _GENERAL.fullmatch(rest + end) or rest in own:
        return None
    return None if _NATIONAL_STREAMS.match(rest + end) else match.start() + skipped


@lru_cache(maxsize=8)
def _titled_pattern(surnames: tuple[str, ...]) -> re.Pattern[str]:
    name = f"[{''.join(surnames)}][{_HAN}]{{1,2}}" if surnames else "(?!)"
    return re.compile(rf"(?:(?<![{_HAN}])|(?<=[由请聘])){name}(?:{_TITLED})")


def _places(text: str, table: Divisions, own: Sequence[Division]) -> Iterator[ProperName]:
    """Yield the divisions that a text names, but for the own ones and those above; what lies in the own one counts."""
    found = find_places(text, table, short=True)
    taken = {place for mention in found for place in range(mention.start, mention.end)}
    for mention in found:
        if not _is_own(mention.divisions, own):
            yield ProperName(mention.start, mention.end, "place", True)
    start = 0
    while start < len(text) - 1:
        step = 1
        for length in table.stem_starts.get(text[start : start + 2], ()) if start not in taken else ():
            rows = table.stems.get(text[start : start + length])
            if rows is None:
                continue
            step = length
            near = [row for row in rows if row.level != "county" or any(_near(row, one) for one in own)]
            if near and not _is_own(rows, own) and not _NO_PLACE_AFTER.match(text, start + length):
                yield ProperName(start, start + length, "place", True)
            break
        start += step


def _near(row: Division, own: Division) -> bool:
    return row.lies_in(own) or (row.code[:4] == own.code[:4] and own.level != "province")


def _is_own(rows: Sequence[Division], own: Sequence[Division]) -> bool:
    return any(row.code == one.code or row.name == one.name or one.lies_in(row) for row in rows for one in own)
