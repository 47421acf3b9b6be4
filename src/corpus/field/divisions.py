"""The administrative divisions of China (行政区划), each name with the years it was valid, and those a text names.

`Divisions` is read from data/places/divisions.csv, whose README says where it comes from and what its years mean; the
analyses take it from ``reports.lexicon.divisions``. `Mention` is a name in a text, with the divisions it can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from corpus.errors import CorpusError

Level = Literal["province", "prefecture", "county"]


class Division(NamedTuple):
    """One row of the table: a name that a code had for some years.

    Attributes
    ----------
    code : str
        Six digits of GB/T 2260.
    name : str
        Official name: 沂源县, 恩施土家族苗族自治州.
    level : {"province", "prefecture", "county"}
    parent_code : str
        Code of the prefecture, or of the province where nothing stands between; empty for provinces.
    valid_from, valid_until : int or None
        First and last year in some part of which the name was in force; None: before 2006, and still.
    successor_codes : tuple of str
        What took its place.
    short_names : tuple of str
        Shortened, with the unit: 恩施州.
    stem : str
        Without unit: 恩施; empty where that is a word or could mislead: 朝阳, 和.
    """

    code: str
    name: str
    level: Level
    parent_code: str
    valid_from: int | None
    valid_until: int | None
    successor_codes: tuple[str, ...]
    short_names: tuple[str, ...]
    stem: str

    def years_away(self, year: int) -> int:
        """Return how many years lie between ``year`` and the years in which the name was in force, 0 within them."""
        if self.valid_from is not None and year < self.valid_from:
            return self.valid_from - year
        if self.valid_until is not None and year > self.valid_until:
            return year - self.valid_until
        return 0

    def lies_in(self, other: Division) -> bool:
        """Tell whether ``other`` is the prefecture or the province of this division."""
        return other.code == self.parent_code or other.code == self.code[:2] + "0000" != self.code


class Divisions:
    """The table with its indexes.

    Attributes
    ----------
    rows : tuple of Division
        In the order of their codes.
    names : dict of str to tuple of Division
        By official name and by short name with unit.
    stems : dict of str to tuple of Division
        By name without unit.
    endings : dict of str to tuple of int
        By the last two characters of a name in ``names``: the lengths such names have, longest first.
    stem_lengths : tuple of int
        The lengths of all stems, longest first.
    by_code : dict of str to tuple of Division
        What each code stood for, in the order of the table.
    longer_words : mapping of str to str
        Characters after which a name is the end of a longer word: 赣江源|区, 其中山区, 隆重庆|祝, 贺兰山东|麓.
    opening : pattern
        Finds where the first two characters of a name may stand.
    stem_starts, stem_ends : dict of str to tuple of int
        By the first and by the last two characters of a stem: the lengths such stems have, longest first.
    """

    def __init__(self, rows: Iterable[Division], longer_words: Mapping[str, str] = MappingProxyType({})) -> None:
        self.rows = tuple(rows)
        self.longer_words = longer_words
        self.names: dict[str, tuple[Division, ...]] = {}
        self.stems: dict[str, tuple[Division, ...]] = {}
        self.by_code: dict[str, tuple[Division, ...]] = {}
        for row in self.rows:
            self.by_code[row.code] = (*self.by_code.get(row.code, ()), row)
            for name in (row.name, *row.short_names):
                self.names[name] = (*self.names.get(name, ()), row)
            if row.stem:
                self.stems[row.stem] = (*self.stems.get(row.stem, ()), row)
        for stem, rows in self.stems.items():  # nobody calls a district by the bare name of a city: 西安, 黄山
            if any(row.level == "prefecture" for row in rows):
                self.stems[stem] = tuple(row for row in rows if row.level == "prefecture" or row.name[-1] != "区")
        self.endings = _lengths((name[-2:], name) for name in self.names)
        self.stem_starts = _lengths((stem[:2], stem) for stem in self.stems)
        self.stem_ends = _lengths((stem[-2:], stem) for stem in self.stems)
        first, second = ("".join(map(re.escape, {name[at] for name in self.names})) for at in (0, 1))
        self.opening = re.compile(f"[\\0{first}](?=[\\0{second}])")
        self.stem_lengths = tuple(sorted({len(stem) for stem in self.stems}, reverse=True))

    def named(self, name: str) -> tuple[Division, ...]:
        """Return the divisions that ever had this name: official or short with unit; failing that, without unit."""
        return self.names.get(name) or self.stems.get(name, ())

    def coded(self, code: str, *, year: int) -> Division:
        """Return what a code stood for in a year, at its end where it changed; else what is nearest in time.

        Raises
        ------
        CorpusError
            If no division ever had the code.
        """
        if code not in self.by_code:
            raise CorpusError(f"no division of China has had the code {code!r} since 2006")
        return min(self.by_code[code], key=lambda row: (row.years_away(year), -(row.valid_from or 0)))


def _lengths(names: Iterable[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    """Return, by the given part of a name, the lengths that such names have, longest first."""
    found: dict[str, tuple[int, ...]] = {}
    for part, name in names:
        known = found.get(part, ())
        if len(name) not in known:
            found[part] = tuple(sorted((*known, len(name)), reverse=True))
    return found


Form = Literal["full", "short", "stem"]

_UNIT = re.compile("[省市县区州盟旗]")
_ORGANISATION = re.compile("[㐀-鿿]{0,10}?(?:局|委|办|厅|院|会|政府)")

# Names that are also words of administrative prose.
_WORDS = re.compile(
    "(?:城|郊|矿|东|西|新城|老城|新市|港口|解放|友好|新建|平安)区|合作市|"
    "(?:新建|南部|资源|互助|通道|比如|会同|公安|平安|延长|中方)县"
)
# 运城市, 江城区 are read as names after these characters; after others they may end 亚运城市, 镇江城区.
_BEFORE_CITY_NAMES = frozenset("省市县区州盟旗在到对由为与和及于从向赴任共是")
_OPENING = frozenset("\n\r\t 　:：《〈“‘\"'(（[【|>")
_NOT_AFTER_COUNTY = frozenset("级域直乡区市镇属内外管处长城（(")
_ANCHOR = re.compile("法治|平安|数字|数智|美丽|智慧|信用|幸福|和谐|健康|创新|中共")
_ZONE = re.compile("高新区|经开区|高新技术产业|经济技术开发|经济开发区|新区")
_TOWNSHIP_NEXT = re.compile("[镇乡村]|街道")
_PROVINCE = re.compile(
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|"
    "四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|台湾|香港|澳门"
)
_NOT_AFTER_PROVINCE = frozenset("路街岸麓")


class Mention(NamedTuple):
    """A place that a text names at ``start:end``, with every division that ever had that name.

    ``form`` is ``full`` for an official name, ``short`` for a shortened one with its unit (恩施州), ``stem`` for one
    without (恩施).
    """

    start: int
    end: int
    text: str
    form: Form
    divisions: tuple[Division, ...]


def find_places(text: str, table: Divisions, *, short: bool = False) -> list[Mention]:
    """Find the divisions that a text names, from left to right, none overlapping another.

    Official names (沂源县) and short names with a unit (恩施州, 积石山县) are always looked for; where one name lies in
    another the longer counts. The time is linear in the length of the text.

    Left alone: names that also are words (城区, 新建区, 公安县) and names of two characters (和县, 任县), unless they
    follow the place they lie in or stand by themselves; 运城市 in 亚运城市, 昌都市 in 南昌都市圈, 东方市 in 东方市场,
    渝北区 in 渝北区域. Development zones, townships and streets are not in the table.

    Parameters
    ----------
    text : str
    table : Divisions
    short : bool
        Also find names without unit: of provinces anywhere; of prefectures and counties only beside a place above or
        below them (湖北恩施州, 山东省沂源), after words such as 法治 or 平安, and before 高新区 and the like. Names
        that are words without their unit (朝阳, 日照, 资源) are never read so.

    Returns
    -------
    list of Mention
        Offsets count code points of ``text``, end exclusive.
    """
    mentions: list[Mention] = []
    for unit in _UNIT.finditer(text):
        end = unit.end()
        found = _name_ending_at(text, end, table, mentions) if text[end - 2 : end] in table.endings else None
        if found is not None:
            _append(found, mentions, table)
    return _with_stems(text, table, mentions) if short else mentions


def _contains(outer: Sequence[Division], inner: Sequence[Division]) -> bool:
    return any(row.lies_in(other) for row in inner for other in outer)


def _name_ending_at(text: str, end: int, table: Divisions, mentions: Sequence[Mention]) -> Mention | None:
    """Return the longest name that ends there and is no part of another word."""
    for length in table.endings[text[end - 2 : end]]:
        start = end - length
        name = text[start:end] if start >= 0 else ""
        divisions = table.names.get(name)
        if not divisions or _cut_out(text, end, name):
            continue
        if _stands_alone(text, start, name, table) or _follows_superior(text, start, table, mentions, divisions):
            return Mention(start, end, name, "full" if divisions[0].name == name else "short", divisions)
    return None


def _stands_alone(text: str, start: int, name: str, table: Divisions) -> bool:
    """Tell whether the characters around a name let it be one, with nothing before it to say where it lies."""
    end = start + len(name)
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    opens = not before or before in _OPENING
    if _WORDS.fullmatch(name):
        return opens and _ORGANISATION.match(text, end) is not None
    if len(name) == 2 or name.endswith("和县"):
        return opens or not (_is_han(before) or _is_han(after))
    if len(name) == 3 and name[1] == "城":
        return opens or before in _BEFORE_CITY_NAMES or not _is_han(before)
    return not _swallowed(text, start, name, table)


def _swallowed(text: str, start: int, name: str, table: Divisions) -> bool:
    return start > 0 and text[start - 1] in table.longer_words.get(name, "")


def _cut_out(text: str, end: int, name: str) -> bool:
    """Tell whether the last character of a name rather begins the next word: 东方|市场."""
    after = text[end : end + 1]
    if name[-1] == "市":
        return after == "场" or (after == "圈" and name[-2] == "都")
    if _WORDS.fullmatch(name) or len(name) == 2 or name.endswith("和县"):
        return after != "" and after in _NOT_AFTER_COUNTY
    return name[-1] == "区" and after != "" and after in "域块间"


def _follows_superior(
    text: str, start: int, table: Divisions, mentions: Sequence[Mention], divisions: tuple[Division, ...]
) -> bool:
    if mentions and mentions[-1].end == start:
        return _contains(mentions[-1].divisions, divisions)
    stems = (text[start - length : start] for length in table.stem_lengths if length <= start)
    return any(_contains(table.stems.get(stem, ()), divisions) for stem in stems)


def _append(found: Mention, mentions: list[Mention], table: Divisions) -> None:
    """Append a mention in place of those that lie in it; the earlier counts where one runs into the next."""
    kept = len(mentions)
    while kept and mentions[kept - 1].start >= found.start:
        kept -= 1
    if kept and mentions[kept - 1].end > found.start:
        last = mentions[kept - 1]
        if last.end - 1 > found.start or not _contains(last.divisions, found.divisions):
            return
        stem = last.text[:-1]  # 青岛市南区 is 青岛 and 市南区
        mentions[kept - 1] = Mention(last.start, last.end - 1, stem, "stem", table.stems.get(stem, last.divisions))
    mentions[kept:] = [found]


def _with_stems(text: str, table: Divisions, full: Sequence[Mention]) -> list[Mention]:
    """Add the names without unit that something beside them vouches for."""
    taken = bytearray(len(text))
    found = list(full)
    for mention in full:
        taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)

    def add(start: int, end: int, beside: tuple[Division, ...] | None = None) -> bool:
        divisions = table.stems.get(text[start:end], ()) if 0 <= start < end <= len(text) else ()
        if beside is not None:
            divisions = tuple(row for row in divisions if _contains(beside, (row,)) or _contains((row,), beside))
        if not divisions or any(taken[start:end]) or _TOWNSHIP_NEXT.match(text, end):
            return False
        taken[start:end] = b"\1" * (end - start)
        found.append(Mention(start, end, text[start:end], "stem", divisions))
        return True

    def add_before(end: int, beside: tuple[Division, ...] | None = None) -> bool:
        lengths = table.stem_ends.get(text[end - 2 : end], ()) if end > 1 else ()
        return any(add(end - length, end, beside) for length in lengths)

    def add_after(start: int, beside: tuple[Division, ...] | None = None) -> bool:
        return any(add(start, start + length, beside) for length in table.stem_starts.get(text[start : start + 2], ()))

    for match in _PROVINCE.finditer(text):
        start, end = match.span()
        if text[end : end + 1] not in _NOT_AFTER_PROVINCE and not _swallowed(text, start, match[0], table):
            add(start, end)
    for match in _ANCHOR.finditer(text):
        if text[match.end() : match.end() + 2] in table.stem_starts:
            add_after(match.end())
    for match in _ZONE.finditer(text):
        add_before(match.start())
    for mention in found:  # grows on the way: 广东 vouches for 深圳, 深圳 for what follows it
        add_after(mention.end, mention.divisions)
        add_before(mention.start, mention.divisions)
    return sorted(found)


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿"
