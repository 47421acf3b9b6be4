"""Who issued a report, and where it stands in the administrative order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.field.data_files import load_divisions
from corpus.field.divisions import Divisions, Mention, find_places
from corpus.loading.facts.labelled import Labelled
from corpus.loading.facts.offices import (
    GENERIC_PLACES,
    LEAD_CHARS,
    WITH_A_UNIT,
    ZONE,
    NamedOffice,
    find_offices,
    find_offices_after,
    find_state_council,
    national_organs,
    write_out,
)
from corpus.loading.facts.standing import (
    OWN_OFFICE,
    ZONE_NEXT,
    Page,
    Place,
    below_counties,
    find_own_places,
    find_own_unit,
    find_township,
    in_a_zone,
    level_by_superiors,
    level_by_unit,
    no_place,
    only_place,
    place,
    values_of,
)
from corpus.loading.page.layout import PageLayout
from corpus.report.values import Basis, Fact, Span

_BELOW_COUNTIES = re.compile(rf"[镇乡](?:人民政府|政府|司法所)|街道|{ZONE}|(?<=[区城园港湖山岛])(?:管理委员会|管委会)")
_TOWNSHIP = re.compile(
    rf"(?:[^省市县区州旗盟]{{2,10}}?|{WITH_A_UNIT})(?:街道|[镇乡]|(?P<zone>{ZONE}))"
    r"(?:\Z|办事处|人民政府|政府|管委会|管理委员会|执行委员会|司法所)"
)
_OF_A_ZONE = re.compile(rf"[^省市县区州旗盟的在]{{2,8}}?(?:{ZONE})[\u4e00-\u9fff]{{2,}}")
_PLACE_BEFORE_OFFICE = re.compile(r"[^省市县区州旗盟]{2,6}[市县区旗州][\u4e00-\u9fff]{2,}")
_COUNTY_BEFORE_OFFICE = re.compile(r"[^省市县区州旗盟]{2,6}[县区旗](?=[\u4e00-\u9fff]{2,})")
# Bureaus of a ministry in a place bear its name before that of the place: 国家税务总局兴化市税务局.
_OF_A_MINISTRY = re.compile(
    "国家税务总局|国家统计局|中国证券监督管理委员会|中国证监会|国家金融监督管理总局|中国银行保险监督管理委员会|中国银保监会|"
    "国家外汇管理局|中国人民银行|国家矿山安全监察局|国家能源局|国家粮食和物资储备局|国家林业和草原局|自然资源部|生态环境部|"
    "水利部|中华人民共和国"
)
_CORPS = re.compile("新疆生产建设兵团")
_BRANCH = re.compile(r"[\u4e00-\u9fff]+?(?:局|大队|支队)(?P<part>[\u4e00-\u9fff]{1,8}?)(?:区|县|市)?分局")
_NO_OFFICE_OF_A_PLACE = ("海关", "分行", "支行")
_PARTY_ORGAN = re.compile(r"[\u4e00-\u9fff]{2,}[省市县区州旗盟]委(?:员会)?[\u4e00-\u9fff]{2,}")
_NOT_A_COUNTY = re.compile("[镇乡村]|街道|社区")
_IS_A_PLACE = re.compile(rf"(?:[{GENERIC_PLACES}镇乡]|街道|{ZONE})\Z")
_BUREAU = re.compile(r"(?:[局厅委]|委员会)\Z")
# 全市司法行政系统在市委领导下: a bureau with those below it.
_OF_A_SYSTEM = re.compile(
    r"(?:\A|[,，\s])[\u4e00-\u9fff]{2,10}(?<!政府)系统(?:[\u4e00-\u9fff]{0,8}工作)?(?:坚持|始终|以|在|深入|认真|全面|紧紧|围绕)"
)
_NATIONAL = re.compile(r"国家[\u4e00-\u9fff]{2,12}[局委会]|国务院|中华人民共和国")


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An office with the place in its name, or the place that the text gives it."""

    office: NamedOffice
    name: str
    mention: Mention | None
    places: tuple[Place, ...]
    has_level: bool = True


def find_issuer(
    text: str, layout: PageLayout, title: Fact, values: Sequence[Labelled], *, year: int | None, reports: bool
) -> dict[str, Fact]:
    """Return issuer, province, prefecture, county, adcode and level of a page.

    The first office with a place in its name counts, as printed, with short names of offices written out; ``stated``
    where the page prints the full name, else ``inferred``. A place that reports on itself stands for its government.
    An office without a place (市科技局, 我局) is the one of that kind that the body names in full, or else has the
    place of its level that the text names most; where two are named about as often, the issuer is ambiguous. What
    lies above the place comes from the table of divisions as it was in ``year``. Townships, streets and development
    zones have the level ``other``, their own name as ``township``, and the place they lie in. Of news, speeches and
    whatever else does not say that it ``reports``, only an office in title, signature or label is the issuer: they tell
    of others.
    """
    table = load_divisions()
    page = Page(text, layout, find_places(text, table, short=True), table, year)
    council = find_state_council(text, layout)
    offices = [council] if council else list(find_offices(text, layout, title, values))
    for office in offices:
        if not reports and office is not council and (office.where == "lead" or _IS_A_PLACE.search(office.name)):
            continue
        if _CORPS.match(office.name):
            return _facts(_of_the_corps(office, page), page)
        branch = _of_a_ministry(office, page)
        if branch is not None:
            return _facts(branch, page)
        if office.name in national_organs() or (_NATIONAL.match(office.name) and not _names_a_place(office, page)):
            return _national(office, text)
        placed = _below_counties(office, page) or _placed(office, page) or _unlisted(office)
        if placed is None and office.where == "speaker":  # 县财政局, whose place stands in the title
            placed = next(iter(_inferred(office, page)), None)
        if placed is not None:
            return _facts(placed, page)
    below = below_counties(page)
    if below.basis != "absent":
        return {"issuer": Fact(), **no_place(), "level": below}
    inferred: list[_Issuer] = []
    for office in offices:
        inferred = inferred or _inferred(office, page)
    # A bureau whose place is not told is not the government of a place that it tells of.
    of_a_bureau = any(office.where == "lead" and _BUREAU.search(office.name) for office in offices)
    of_a_bureau |= _OF_A_SYSTEM.search(text, layout.body[0], layout.body[0] + LEAD_CHARS) is not None
    inferred = inferred or (_speaking_of_itself(page) if reports and not of_a_bureau else [])
    if not inferred:
        level = level_by_superiors(page) if reports else Fact()
        if level.basis == "absent":
            level = next(filter(None, map(level_by_unit, offices)), level)
        place = only_place(page, level) if reports else no_place()
        return {"issuer": Fact(), **place, "level": place["level"] if level.basis == "absent" else level}
    return _facts(inferred[0], page) if len(inferred) == 1 else _undecided(inferred)


def _names_a_place(office: NamedOffice, page: Page) -> bool:
    """Tell whether a place stands inside an office's name, as in 国家税务总局广东省税务局."""
    return any(office.start < mention.start and mention.end <= office.end for mention in page.mentions)


def _national(office: NamedOffice, text: str) -> dict[str, Fact]:
    evidence = Span(office.start, office.end)
    basis: Basis = "stated" if text[office.start : office.end] == office.name else "inferred"
    return {**no_place(), "issuer": Fact(office.name, basis, evidence), "level": Fact("national", "inferred", evidence)}


def _of_a_ministry(office: NamedOffice, page: Page) -> _Issuer | None:
    """Return a ministry's bureau in a place, by its name as printed: 国家税务总局兴化市税务局."""
    ministry = _OF_A_MINISTRY.match(office.name)
    if ministry is None:
        return None
    inner = NamedOffice(office.name[ministry.end() :], office.start + ministry.end(), office.end, office.where)
    mention = _own_mention(inner, page)
    if mention is None:
        return None
    places = page.meant(mention.text)
    return _Issuer(office, office.name, mention, places, not office.name.endswith(_NO_OFFICE_OF_A_PLACE))


def _of_the_corps(office: NamedOffice, page: Page) -> _Issuer:
    """Return an organ of the Xinjiang Production and Construction Corps, which is none of the autonomous region."""
    inside = [found for found in page.mentions if office.start < found.start and found.end <= office.end]
    counties = [found for found in inside if found.divisions[0].level == "county"]
    if not counties:
        return _Issuer(office, write_out(office.name), None, (), has_level=False)
    places = page.meant(counties[-1].text)
    return _Issuer(office, write_out(office.name), counties[-1], places, has_level=False)


def _own_mention(office: NamedOffice, page: Page) -> Mention | None:
    """Return the last of the places that an office's name begins with."""
    place, mention = office.start, None
    for found in page.mentions:
        if found.start == place and found.end <= office.end:
            place, mention = found.end, found
    return _name_before(office, page.table) if mention is None else mention


def _placed(office: NamedOffice, page: Page) -> _Issuer | None:
    """Return the issuer that an office's own name gives: the places its name begins with, the last of them its own."""
    mention = _own_mention(office, page)
    if mention is None:
        return None
    places = page.meant(mention.text)
    if mention.form == "stem" and ZONE_NEXT.match(page.text, mention.end):
        places = tuple(found for found in places if not found.name.endswith("区")) or places
    if office.name.endswith("厅"):
        places = tuple(found for found in places if found.level == "province") or places
    name = write_out(office.name)
    bare = mention.form == "stem" and not in_a_zone(mention, office, page.text)
    if bare and not name.endswith(_NO_OFFICE_OF_A_PLACE) and len({found.name for found in places}) == 1:
        name = name[: mention.start - office.start] + places[0].name + name[mention.end - office.start :]
    branch = _BRANCH.fullmatch(office.name)
    if branch is not None:
        return _branch(office, name, mention, places, branch, page)
    return _Issuer(office, name, mention, places, not name.endswith(_NO_OFFICE_OF_A_PLACE))


def _branch(
    office: NamedOffice, name: str, mention: Mention, places: tuple[Place, ...], found: re.Match[str], page: Page
) -> _Issuer:
    """Return a branch of a city's bureau, in the county that it is named for: 泰安市生态环境局宁阳分局."""
    part = found["part"]
    codes = {above.adcode for above in places}
    rows = [row for row in page.table.rows if row.parent_code in codes and row.name[:-1] == part]
    rows = [row for row in rows if page.year is None or row.years_away(page.year) == 0]
    if len({row.name for row in rows}) != 1:
        return _Issuer(office, name, mention, places, has_level=False)
    start = office.start + found.start("part")
    own = Mention(start, start + len(part), rows[-1].name, "full", (rows[-1],))
    return _Issuer(office, name, own, (place(rows[-1], page.table, year=page.year),))


def _name_before(office: NamedOffice, table: Divisions) -> Mention | None:
    """Return a place at the beginning of an office's name that only the office behind it shows to be one.

    Such are names of two characters (沁县|林业局) and names without their unit (烟台|人力资源和社会保障局).
    """
    for length in range(min(12, len(office.name) - 2), 1, -1):
        if office.name[:length] in table.names and not _NOT_A_COUNTY.match(office.name, length):
            divisions = table.names[office.name[:length]]
            return Mention(office.start, office.start + length, office.name[:length], "full", divisions)
    for length in table.stem_lengths:
        stem = office.name[:length]
        if length < len(office.name) - 1 and stem in table.stems and not _NOT_A_COUNTY.match(office.name, length):
            return Mention(office.start, office.start + length, stem, "stem", table.stems[stem])
    return None


def _unlisted(office: NamedOffice) -> _Issuer | None:
    """Return the office of a place that no table has, such as the districts of 大兴安岭地区."""
    if _OF_A_ZONE.fullmatch(office.name):
        return _Issuer(office, write_out(office.name), None, ())
    match = _PLACE_BEFORE_OFFICE.match(office.name)
    return None if match is None or office.where == "lead" else _Issuer(office, write_out(office.name), None, ())


def _below_counties(office: NamedOffice, page: Page) -> _Issuer | None:
    """Return a township, street or zone, which no table holds, with the county that the text names, if it names one."""
    match = _TOWNSHIP.match(office.name)
    if match is None:
        return None
    name = write_out(office.name)
    if match["zone"] and (placed := _placed(office, page)):
        return placed
    county = page.only("county")
    return _Issuer(office, name, county[1], page.meant(county[0])) if county else _Issuer(office, name, None, ())


def _inferred(office: NamedOffice, page: Page) -> list[_Issuer]:
    """Return the issuers that an office without a place may be, by the places of its level that the text names."""
    unit = office.name[0]
    if office.name.endswith("厅") and unit not in GENERIC_PLACES:
        return _of_the_province(office, page)
    if unit not in GENERIC_PLACES:
        return []
    named = _named_in_full(page, write_out(office.name)[1:], unit)
    return [named] if named else _by_place(office, unit, write_out(office.name[1:]) or "人民政府", page)


def _of_the_province(office: NamedOffice, page: Page) -> list[_Issuer]:
    """Return the issuer that 农业农村厅 or 自治区财政厅 is where the text names a single province."""
    only = page.only("province")
    if only is None:
        return []
    name, first = only
    return [_Issuer(office, name + office.name.removeprefix("自治区"), first, page.meant(name))]


def _speaking_of_itself(page: Page) -> list[_Issuer]:
    """Return the issuer of a body that says 我局 or 我县 only."""
    match = OWN_OFFICE.search(page.text, *page.layout.body)
    if match is not None:
        named = _named_in_full(page, match[1], "")
        return [named] if named else []
    office = find_own_unit(page)
    unit = office.name[-1] if office else ""
    if office is None or unit not in GENERIC_PLACES:
        return []
    return _by_place(office, unit, "行政公署" if unit == "盟" else "人民政府", page)


def _named_in_full(page: Page, ending: str, unit: str) -> _Issuer | None:
    """Return the office with a place that the body names most, if its name ends so and no other is named as often."""
    found: dict[str, tuple[NamedOffice, Mention]] = {}
    counts: Counter[str] = Counter()
    starts = {mention.start for mention in page.mentions}
    before = {mention.end: mention for mention in page.mentions}
    for mention in page.mentions:
        if mention.end in starts or not mention.text.endswith(unit) or mention.form == "stem":
            continue
        rest = find_offices_after(page.text, page.layout, mention.end)
        if rest is None:
            continue
        start = before[mention.start].start if mention.start in before else mention.start
        office = NamedOffice(page.text[start : rest.end], start, rest.end, "body")
        name = write_out(office.name)
        if name.endswith(ending) and not name.endswith(("人民政府", "分局")):
            found.setdefault(name, (office, mention))
            counts[name] += 1
    most = counts.most_common(2)
    if not most or (len(most) == 2 and most[0][1] == most[1][1]):
        return None
    office, mention = found[most[0][0]]
    places = page.meant(mention.text)
    return _Issuer(office, most[0][0], mention, places)


def _by_place(office: NamedOffice, unit: str, rest: str, page: Page) -> list[_Issuer]:
    """Return the issuers that an office may be by the places of its unit that the text names most."""
    return [
        _Issuer(office, name + rest, mention, page.meant(name))
        for name, mention in find_own_places(unit, page, apart_from=office)
    ]


def _facts(issuer: _Issuer, page: Page) -> dict[str, Fact]:
    office = issuer.office
    evidence = Span(office.start, office.end)
    name = issuer.name
    if _PARTY_ORGAN.fullmatch(name) and page.text[office.start - 2 : office.start] == "中共":
        name, evidence = "中共" + name, Span(office.start - 2, office.end)
    basis: Basis = "stated" if name == page.text[evidence.start : evidence.end] else "inferred"
    facts = {"issuer": Fact(name, basis, evidence), **no_place()}
    for fact, values in values_of(issuer.places).items():
        facts[fact] = _place_fact(values, issuer, page.mentions)
    if not issuer.has_level:
        facts |= {"level": Fact(), "adcode": Fact()}
    elif _BELOW_COUNTIES.search(_own_words(issuer, page)):
        facts["level"] = Fact("other", "inferred", evidence)
        facts["township"] = find_township(office, page, issuer.mention)
    elif not issuer.places and (county := _COUNTY_BEFORE_OFFICE.match(office.name)):
        facts["county"] = Fact(county[0], "stated", Span(office.start, office.start + county.end()))
        facts["level"] = Fact("county", "inferred", evidence)
    elif facts["level"].basis == "absent":
        facts["level"] = level_by_superiors(page)
    return facts


def _own_words(issuer: _Issuer, page: Page) -> str:
    """Return an issuer's name without the place it lies in; 西安高新区 stays whole."""
    office, mention = issuer.office, issuer.mention
    within = mention is not None and office.start <= mention.start and mention.end <= office.end
    if mention is None or not within or in_a_zone(mention, office, page.text):
        return issuer.name
    return write_out(office.name[mention.end - office.start :] or office.name[-1])


def _place_fact(values: list[str], issuer: _Issuer, mentions: Sequence[Mention]) -> Fact:
    if not values or issuer.mention is None:
        return Fact()
    own = Span(issuer.mention.start, issuer.mention.end)
    if len(values) > 1:
        return Fact(None, "ambiguous", own, tuple(values))
    said = [mention for mention in mentions if mention.text == values[0]]
    if issuer.mention.text == values[0]:
        return Fact(values[0], "stated", own)
    return Fact(values[0], "inferred", Span(said[0].start, said[0].end) if said else own)


def _undecided(issuers: Sequence[_Issuer]) -> dict[str, Fact]:
    office = issuers[0].office
    evidence = Span(office.start, office.end)
    facts = {"issuer": Fact(None, "ambiguous", evidence, tuple(issuer.name for issuer in issuers)), **no_place()}
    for name, values in values_of([found for issuer in issuers for found in issuer.places]).items():
        if len(values) == 1:
            facts[name] = Fact(values[0], "inferred", evidence)
        elif values:
            facts[name] = Fact(None, "ambiguous", evidence, tuple(values))
    return facts
