"""Where an issuer stands: its level, and its place where no office is named with one (我代表市人民政府, 我市, 全县)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from corpus.field.divisions import Division, Divisions, Level, Mention, find_places
from corpus.loading.facts.offices import BODY_CHARS, GENERIC_PLACES, WITH_A_UNIT, ZONE, NamedOffice
from corpus.loading.page.layout import PageLayout
from corpus.report.values import Fact, Span


class Place(NamedTuple):
    """A division and the places above it, by the names they had in the year asked for.

    ``prefecture`` is None for provinces, for what lies in the four municipalities, and for counties directly under a
    province; ``county`` is None for provinces and prefectures.
    """

    adcode: str
    name: str
    level: Level
    province: str
    prefecture: str | None
    county: str | None


def resolve(
    name: str, table: Divisions, *, year: int | None = None, mentions: Sequence[Mention] = ()
) -> tuple[Place, ...]:
    """Return what a printed name can mean in a year, narrowed by the other places that the text names.

    Parameters
    ----------
    name : str
        As printed: 龙岗区, 恩施州, 沂源, or with places above it, 深圳市龙岗区.
    table : Divisions
    year : int, optional
        Year the text is about. Names in force at some time in that year come first; failing those, the nearest in
        time. Where a place kept its name and changed its code in that year, the new code is
        given. Without a year each name counts with its latest code.
    mentions : sequence of Mention
        What `find_places` found in the text.

    Returns
    -------
    tuple of Place
        One where the name is unique or the text decides, all that remain where it does not, none where the name is
        unknown; in the order of their codes. A text decides by a place above the division directly before its name;
        else by the parent, then the province, if named at least twice as often as that of every other candidate.
    """
    inner: list[Mention] = []
    candidates = table.named(name)
    if not candidates:
        inner = find_places(name, table, short=True)
        if not inner or inner[-1].end != len(name):
            return ()
        name, candidates = inner[-1].text, inner[-1].divisions
    above = [
        before.divisions
        for before, after in (*pairwise(inner), *pairwise(mentions))
        if before.end == after.start and after.text == name
    ]
    elsewhere = [{other.code for other in mention.divisions} for mention in (*inner, *mentions) if mention.text != name]
    weighed = {row: _weigh(row, above, elsewhere) for row in candidates}
    spoken_for = [row for row in candidates if weighed[row][0]]
    chosen = _in_force(spoken_for or candidates, year)
    for kind in range(3):
        chosen = _most_named(chosen, [weighed[row][kind] for row in chosen])
    return tuple(place(row, table, year=year) for row in chosen)


def place(division: Division, table: Divisions, *, year: int | None = None) -> Place:
    """Return a division and the places above it, by the names they had in ``year``, or have now."""
    last = division.valid_until or 9999
    moment = last if year is None else min(max(year, division.valid_from or 0), last)
    names: dict[str, str] = {division.level: division.name}
    code = division.parent_code
    while code:
        above = table.coded(code, year=moment)
        names[above.level] = above.name
        code = above.parent_code
    found = (names["province"], names.get("prefecture"), names.get("county"))
    return Place(division.code, division.name, division.level, *found)


def _in_force(candidates: Sequence[Division], year: int | None) -> list[Division]:
    """Return the candidates nearest to the year, without those whose name passed to another code by its end."""
    nearest = min(row.years_away(year) for row in candidates) if year is not None else 0
    near = [row for row in candidates if year is None or row.years_away(year) == nearest]
    begun = {(row.name, row.code[:2], row.valid_from) for row in near}
    return [row for row in near if row.valid_until is None or (row.name, row.code[:2], row.valid_until) not in begun]


def _weigh(row: Division, above: Sequence[tuple[Division, ...]], elsewhere: Sequence[set[str]]) -> tuple[int, int, int]:
    """Return how often a text names a place above a division directly before it, its parent, and its province."""
    province = row.code[:2] + "0000"
    return (
        sum(any(row.lies_in(other) for other in divisions) for divisions in above),
        sum(row.parent_code in codes for codes in elsewhere),
        sum(province in codes for codes in elsewhere) if province != row.parent_code else 0,
    )


def _most_named(candidates: list[Division], counts: Sequence[int]) -> list[Division]:
    """Keep the one named twice as often as any other, else all that are named at all, else all."""
    ordered = sorted(counts, reverse=True)
    if len(ordered) < 2 or not ordered[0]:
        return candidates
    least = ordered[0] if ordered[0] >= 2 * ordered[1] else 1
    return [row for row, count in zip(candidates, counts, strict=True) if count >= least]


ZONE_NEXT = re.compile(rf"[^省市县区州旗盟镇乡\s]{{0,10}}?(?:{ZONE})")
_TOWNSHIP_ITSELF = re.compile(rf"(?:[^省市县区州旗盟]{{0,12}}?|{WITH_A_UNIT})(?:街道|[镇乡]|{ZONE})")
# A bureau speaks of 我区 too, a district's government never of 我局.
OWN_OFFICE = re.compile(r"我([局厅委部办])(?!们|事|理|公|法)")
_OF_A_TOWNSHIP = re.compile(
    rf"(?<=[,，。\s年])(?:{ZONE}|街道)(?=坚持|以习|以党|在|始终|深入|认真|全面|按照|紧紧|党)"
    r"|我[镇乡]|我街道|(?<![省市县区各、])(?:党工委|工委)、(?:区)?(?:管委会|办事处)"
)
_SUPERIORS = (
    ("other", re.compile(r"(?:镇|乡|街道)党(?:委|工委)")),
    ("county", re.compile(r"(?<!自治)(?<![市地各])[县区旗](?:委(?!党校)|政府|人民政府)|我[县区旗]|全[县区旗]")),
    ("prefecture", re.compile(r"(?<!各)[市州盟](?:委(?!党校)|政府|人民政府)|我[市州盟]|全[市州盟]")),
    ("province", re.compile(r"省(?:委(?!党校)|政府|人民政府)|自治区(?:党委|人民政府|政府)|我省|全省")),
    ("national", re.compile(r"在党中央、国务院的?(?:坚强|正确)?领导")),
)
# What a city has below it, unless it is one of the level of counties itself.
_HAS_COUNTIES = re.compile(r"[县旗][(（、]?[市区]|区县|市县|各[县旗区](?!域)|县级|县委|[县区]政府")
_LEAD_CHARS = 400
_OF_A_PLACE = ("province", "prefecture", "county", "adcode", "level")
PLACE_FACTS = ("province", "prefecture", "county", "township", "adcode", "level")


@dataclass(frozen=True, slots=True)
class Page:
    """What the search for an issuer looks at: the text, its layout, the places it names, and the year it is about."""

    text: str
    layout: PageLayout
    mentions: Sequence[Mention]
    table: Divisions
    year: int | None

    def meant(self, name: str) -> tuple[Place, ...]:
        """Return what a name can mean in this text."""
        return resolve(name, self.table, year=self.year, mentions=self.mentions)

    def only(self, level: str, *, until: int | None = None) -> tuple[str, Mention] | None:
        """Return the one place of a level that the text names, in its body up to a place, and where it first does."""
        start = 0 if until is None else self.layout.body[0]
        named = [mention for mention in self.mentions if until is None or start <= mention.start < until]
        found = [(row.name, mention) for mention in named for row in mention.divisions if row.level == level]
        return found[0] if len({name for name, _ in found}) == 1 else None


def no_place() -> dict[str, Fact]:
    """Return the facts of a place that is not known."""
    return dict.fromkeys(PLACE_FACTS, Fact())


def values_of(places: Sequence[Place]) -> dict[str, list[str]]:
    """Return what each fact of a place may be, sorted, by the places that a name may mean."""
    found = {name: {getattr(place, name) for place in places} for name in _OF_A_PLACE}
    for name, values in found.items():
        if None in values and len(values) > 1:  # 和平区 of 天津市 lies in no prefecture, that of 沈阳市 does
            values |= {_lowest_above(place, name) for place in places if getattr(place, name) is None}
    return {name: sorted(value for value in values if value is not None) for name, values in found.items()}


def _lowest_above(place: Place, name: str) -> str:
    return place.prefecture or place.province if name == "county" else place.province


def in_a_zone(mention: Mention, office: NamedOffice, text: str) -> bool:
    """Tell whether a place's name without its unit opens the name of a zone: 西安|高新区, 兰州|新区."""
    return mention.form == "stem" and ZONE_NEXT.match(text, mention.end, office.end) is not None


def find_township(office: NamedOffice, page: Page, mention: Mention | None) -> Fact:
    """Return the township, street or zone in an office's name, without the places above it; 武汉经开区 stays whole."""
    start = first = office.start
    if mention is not None and office.start <= mention.start and mention.end <= office.end:
        start = mention.end
        first = mention.start if in_a_zone(mention, office, page.text) else start
    if page.text.startswith("人民政府", start):
        start = first = start + len("人民政府")
    match = _TOWNSHIP_ITSELF.match(page.text, start, office.end)
    return Fact(page.text[first : match.end()], "stated", Span(first, match.end())) if match else Fact()


def below_counties(page: Page) -> Fact:
    """Return the level of a township, street or zone that does not name itself: 我镇, 街道党工委、办事处."""
    start, end = page.layout.body
    match = _OF_A_TOWNSHIP.search(page.text, max(0, start - 40), min(end, start + _LEAD_CHARS))
    return Fact("other", "inferred", Span(*match.span())) if match else Fact()


def level_by_superiors(page: Page) -> Fact:
    """Return the level of a bureau by whose leadership its opening names: 在县委、县政府的领导下."""
    start, end = page.layout.body
    opening = page.text[max(0, start - 40) : min(end, start + 1200)]
    of_a_region = "自治区" in opening and not _ORGANS_OF_A_DISTRICT.search(page.text, start, end)
    ignored = ("全区", "我区") if of_a_region else ()
    for level, pattern in _SUPERIORS:
        within = opening if level != "other" else opening[:_LEAD_CHARS]
        match = next((found for found in pattern.finditer(within) if found[0] not in ignored), None)
        if match is None:
            continue
        base = max(0, start - 40)
        evidence = Span(base + match.start(), base + match.end())
        if level == "prefecture" and "市" in match[0]:
            named = [row for mention in page.mentions if mention.end <= base + 1200 for row in mention.divisions]
            cities = {row.level for row in named if row.name.endswith("市")}
            if cities - {"county"} == {"province"}:  # 市政府 is that of a municipality
                level = "province"
            elif cities != {"prefecture"} and not _HAS_COUNTIES.search(page.text):
                return Fact(None, "ambiguous", evidence, ("county", "prefecture"))
        return Fact(level, "inferred", evidence)
    return Fact()


def level_by_unit(office: NamedOffice) -> Fact | None:
    """Return the level that an office without a place names itself; 市科技局 may be of a county-level city."""
    level = {"省": "province", "县": "county", "区": "county", "旗": "county"}.get(office.name[0])
    return Fact(level, "inferred", Span(office.start, office.end)) if level else None


def only_place(page: Page, level: Fact) -> dict[str, Fact]:
    """Return the place of an office that nothing names: the only county or prefecture of its level in the opening.

    An office of unknown level that speaks of itself (我局) is taken for one of the county, if no more is named.
    """
    start, end = page.layout.body
    wanted = level.value or ("county" if not level.readings and OWN_OFFICE.search(page.text, start, end) else None)
    only = page.only(str(wanted), until=min(end, start + BODY_CHARS // 2))
    places = page.meant(only[0]) if only and wanted in ("county", "prefecture") else ()
    if only is None or len(places) != 1:
        return no_place()
    evidence = Span(only[1].start, only[1].end)
    told = {fact: Fact(found[0], "inferred", evidence) for fact, found in values_of(places).items() if found}
    return no_place() | told


_OWN = re.compile(rf"我([{GENERIC_PLACES}镇乡])")
_WHOLE = re.compile(rf"全([{GENERIC_PLACES}])(?!域)")
# 居全省第二, 走在全市前列: everybody compares itself with the place it lies in.
_BEFORE_COMPARISON = frozenset("居列占在获评选为第")
_AFTER_COMPARISON = re.compile("第|前|首|唯一|最|平均|领先|先进|率先|一流|示范|试点|十[大佳]")
_RANKS = {"镇": 0, "乡": 0, "县": 1, "区": 1, "旗": 1, "市": 2, "州": 2, "盟": 2, "省": 3}
_ORGANS_BELOW_A_PROVINCE = re.compile(r"(?<!城)[市县州盟旗](?:委|政府|人民政府|人大|政协)")
_ORGANS_OF_A_DISTRICT = re.compile(r"(?<![治社园景校县城])区(?:委|政府|人民政府)")
_UNDER_A_PROVINCE = re.compile(r"[全我]省|省委|省政府|省人民政府|自治区(?:党委|政府|人民政府)")
_OFFICE_AFTER = re.compile(r"(?:人民)?政府|[市县区省州]?委|人大|实施|条例")
_SLOGAN_BEFORE = re.compile(r"法治|平安|数字|数智|美丽|智慧|信用|幸福|和谐|健康")
_HAN = re.compile("[\u4e00-\u9fff]")
_LONG = 1000
_LEAST_BELOW = 2


def find_own_unit(page: Page) -> NamedOffice | None:
    """Return where a body first says 我市 or 全县 of the place that it speaks for, if it does.

    A city says 我省 and 全省 of its province, a province never 我市 of itself: the lowest unit that is called 我…
    counts; failing that the lowest that is called 全… at least half as often as any other. Where organs of a city or
    county are named, 全省 (走在全省前列) says nothing, and 全区 neither if the text names an autonomous region and no
    organs of a district.
    """
    return _own_unit(page, _OWN) or _own_unit(page, _WHOLE)


def _own_unit(page: Page, pattern: re.Pattern[str]) -> NamedOffice | None:
    text, (start, end) = page.text, page.layout.body
    found = list(pattern.finditer(text, start, end))
    said = Counter(match[1] for match in found)
    superior = {"省"} if pattern is _WHOLE else set()
    if "区" in said and text.find("自治区", start, end) >= 0 and not _ORGANS_OF_A_DISTRICT.search(text, start, end):
        superior.add("区")
    if superior & said.keys() and _ORGANS_BELOW_A_PROVINCE.search(text, start, end):
        said = Counter({unit: count for unit, count in said.items() if unit not in superior})
    if pattern is _WHOLE:
        said = Counter({unit: count for unit, count in said.items() if 2 * count >= max(said.values())})
    own = min(said, key=lambda unit: (_RANKS[unit], -said[unit]), default="")
    for match in found:
        if match[1] == own and not (pattern is _WHOLE and _compared(text, match)):
            return NamedOffice(match[0], match.start(), match.end(), "body")
    return None


def _compared(text: str, match: re.Match[str]) -> bool:
    return text[match.start() - 1] in _BEFORE_COMPARISON or _AFTER_COMPARISON.match(text, match.end()) is not None


def find_own_places(unit: str, page: Page, *, apart_from: NamedOffice) -> list[tuple[str, Mention]]:
    """Return the place of a unit that a text speaks for, with its first mention: two where the text leaves it open.

    Counted are the places whose names end with the unit, where the body names them in full or (厦门) without the unit.
    Twice counts a name with an office behind it or a slogan before it (法治厦门), and each mention of a district or
    county counts for its city as well. Left out are places named once, in a long text or without their unit,
    in passing; municipalities, where the text speaks of its province; and cities in another city that is named more,
    with others that lie in it. One place must weigh twice as much as the next.
    """
    named = [
        (mention, row)
        for mention in page.mentions
        for row in mention.divisions
        if row.name.endswith(unit) and not apart_from.start <= mention.start < apart_from.end
    ]
    below = _named_below(unit, page)
    in_full = {row.code for mention, row in named if mention.form != "stem"}
    vouched = in_full | {code for code, rows in below.items() if len(rows) >= _LEAST_BELOW}
    rows: dict[str, Division] = {}
    first: dict[str, Mention] = {}
    weights: Counter[str] = Counter()
    for mention, row in [*named, *_bare_names(unit, page, vouched, alone=not named)]:
        rows.setdefault(row.name, row)
        first.setdefault(row.name, mention)
        acts = _OFFICE_AFTER.match(page.text, mention.end) or _SLOGAN_BEFORE.match(page.text, mention.start - 2)
        weights[row.name] += 2 if acts else 1
    long = page.layout.body[1] - page.layout.body[0] > _LONG
    in_passing = {name for name, weight in weights.items() if weight < 2 and (long or first[name].form == "stem")}
    under_a_province = unit == "市" and _UNDER_A_PROVINCE.search(page.text, *page.layout.body)
    for name, row in rows.items():
        weights[name] += sum(below.get(row.code, Counter()).values())
        if name in in_passing or (under_a_province and row.level == "province"):
            weights.pop(name)
    for name, row in rows.items():
        above = next((other for other in weights if rows[other].code == row.parent_code), None)
        others = below.get(row.parent_code, Counter()).keys() - {name}
        if above and name in weights and weights[above] > weights[name] and len(others) >= _LEAST_BELOW:
            weights.pop(name)
    most = weights.most_common(2)
    if len(most) == 2 and most[0][1] >= 2 * most[1][1]:
        most = most[:1]
    return [(name, first[name]) for name, _ in most]


def _named_below(unit: str, page: Page) -> dict[str, Counter[str]]:
    """Return how often a text names the places in each prefecture, by its code, without those of the unit itself."""
    found: dict[str, Counter[str]] = {}
    for mention in page.mentions:
        if mention.form == "stem" or len({row.parent_code for row in mention.divisions}) != 1:
            continue
        row = mention.divisions[0]
        if row.level == "county" and not row.name.endswith(unit):
            found.setdefault(row.parent_code, Counter())[row.name] += 1
    return found


def _bare_names(unit: str, page: Page, vouched: Collection[str], *, alone: bool) -> list[tuple[Mention, Division]]:
    """Return the places of a unit where the body names them without it, beside what `find_places` found.

    Such names stand in other words too (重大安全, 均衡水平). Those always before or after the same character are none,
    unless their codes are ``vouched`` for; names that also are words (中山, 长治) need that in any case. Others count
    where the text names a place above or below them, or if they stand ``alone``, those of prefectures.
    """
    start, end = page.layout.body
    text, table = page.text, page.table
    codes = {row.code for mention in page.mentions for row in mention.divisions}
    above = {row.parent_code for mention in page.mentions for row in mention.divisions}
    taken = {place for mention in page.mentions for place in range(mention.start, mention.end)}
    words = {row.name[:-1]: row for code in vouched for row in table.by_code[code] if not row.stem}
    found: dict[Division, list[Mention]] = {}
    beginnings = words.keys() | table.stem_starts.keys() if words else table.stem_starts
    for match in table.opening.finditer(text, start, end):
        place = match.start()
        starting = text[place : place + 2]
        if starting not in beginnings:
            continue
        lengths = (2,) if starting in words else table.stem_starts[starting]
        for length in () if place in taken else lengths:
            stem = text[place : min(place + length, end)]
            known = table.stems.get(stem, (words[stem],) if stem in words else ())
            rows = [row for row in known if row.name.startswith(stem) and row.name.endswith(unit)]
            if rows:
                found.setdefault(rows[-1], []).append(Mention(place, place + length, stem, "stem", known))
                break
    names = []
    for row, mentions in found.items():
        near = {row.parent_code, row.code[:2] + "0000"} & codes or row.code in above
        if row.code in vouched or ((near or (alone and row.level == "prefecture")) and _in_many_words(text, mentions)):
            names += [(mention, row) for mention in mentions]
    return names


def _in_many_words(text: str, mentions: Sequence[Mention]) -> bool:
    """Tell whether a name ends another word before it, or begins one, but not always the same."""
    before = {text[mention.start - 1 : mention.start] for mention in mentions}
    after = {text[mention.end : mention.end + 1] for mention in mentions}
    return all(len(side) > 1 or not _HAN.match(min(side)) for side in (before, after))
