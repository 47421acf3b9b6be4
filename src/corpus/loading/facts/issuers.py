"""Who issued a report, and where it stands in the administrative order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.field.data_files import data_path, load_divisions
from corpus.field.divisions import Divisions, Mention, find_places
from corpus.loading.facts.offices import (
    GENERIC_PLACES,
    MINISTRIES,
    NamedOffice,
    find_offices,
    find_offices_after,
    find_state_council,
    write_out,
)
from corpus.loading.facts.places import Place, resolve
from corpus.loading.facts.standing import (
    OWN_OFFICE,
    ZONE,
    ZONE_NEXT,
    Page,
    below_counties,
    find_own_places,
    find_own_unit,
    find_township,
    level_by_superiors,
    level_by_unit,
    no_place,
    only_place,
    values_of,
)
from corpus.loading.page.layout import PageLayout
from corpus.report.values import Basis, Fact, Span

_BELOW_COUNTIES = re.compile(rf"[镇乡](?:人民政府|政府)|街道|{ZONE}|管理委员会|管委会")
_TOWNSHIP = re.compile(
    rf"[^省市县区州旗盟]{{2,10}}?(?:街道|[镇乡]|{ZONE})(?:\Z|办事处|人民政府|政府|管委会|管理委员会)"
)
_PLACE_BEFORE_OFFICE = re.compile(r"[^省市县区州旗盟]{2,6}[市县区旗州][\u4e00-\u9fff]{2,}")
_COUNTY_BEFORE_OFFICE = re.compile(r"[^省市县区州旗盟]{2,6}[县区旗](?=[\u4e00-\u9fff]{2,})")
_NATIONAL = re.compile(r"国家[\u4e00-\u9fff]{2,12}[局委会]|国务院|中华人民共和国")


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An office with the place in its name, or the place that the text gives it."""

    office: NamedOffice
    name: str
    mention: Mention | None
    places: tuple[Place, ...]


def find_issuer(text: str, layout: PageLayout, title: Fact, *, year: int | None) -> dict[str, Fact]:
    """Return issuer, province, prefecture, county, adcode and level of a page.

    The first office with a place in its name counts, as printed, with short names of offices written out; ``stated``
    where the page prints the full name, else ``inferred``. A place that reports on itself stands for its government.
    An office without a place (市科技局, 我局) is the one of that kind that the body names in full, or else has the
    place of its level that the text names most; where two are named about as often, the issuer is ambiguous. What
    lies above the place comes from the table of divisions as it was in ``year``. Townships, streets and development
    zones have the level ``other``, their own name as ``township``, and the place they lie in.
    """
    table = _bundled_divisions()
    page = Page(text, layout, find_places(text, table, short=True), table, year)
    council = find_state_council(text, layout)
    offices = [council] if council else list(find_offices(text, layout, title))
    for office in offices:
        if office.name in MINISTRIES or (_NATIONAL.match(office.name) and not _names_a_place(office, page)):
            return _national(office, text)
        placed = _below_counties(office, page) or _placed(office, page) or _unlisted(office)
        if placed is not None:
            return _facts(placed, page)
    below = below_counties(page)
    if below.basis != "absent":
        return {"issuer": Fact(), **no_place(), "level": below}
    inferred: list[_Issuer] = []
    for office in offices:
        inferred = inferred or _inferred(office, page)
    inferred = inferred or _speaking_of_itself(page)
    if not inferred:
        level = level_by_superiors(page)
        if level.basis == "absent":
            level = next(filter(None, map(level_by_unit, offices)), level)
        place = only_place(page, level)
        return {"issuer": Fact(), **place, "level": place["level"] if level.basis == "absent" else level}
    return _facts(inferred[0], page) if len(inferred) == 1 else _undecided(inferred)


@cache
def _bundled_divisions() -> Divisions:
    return load_divisions(data_path("places", "divisions.csv"))


def _names_a_place(office: NamedOffice, page: Page) -> bool:
    """Tell whether a place stands inside an office's name, as in 国家税务总局广东省税务局."""
    return any(office.start < mention.start and mention.end <= office.end for mention in page.mentions)


def _national(office: NamedOffice, text: str) -> dict[str, Fact]:
    evidence = Span(office.start, office.end)
    basis: Basis = "stated" if text[office.start : office.end] == office.name else "inferred"
    return {**no_place(), "issuer": Fact(office.name, basis, evidence), "level": Fact("national", "inferred", evidence)}


def _placed(office: NamedOffice, page: Page) -> _Issuer | None:
    """Return the issuer that an office's own name gives: the places its name begins with, the last of them its own."""
    place, mention = office.start, None
    for found in page.mentions:
        if found.start == place and found.end <= office.end:
            place, mention = found.end, found
    if mention is None:
        mention = _name_before(office, page.table)
    if mention is None:
        return None
    places = resolve(mention.text, page.table, year=page.year, mentions=page.mentions)
    name = write_out(office.name)
    in_a_zone = ZONE_NEXT.match(page.text, mention.end)
    if mention.form == "stem" and not in_a_zone and len({found.name for found in places}) == 1:
        name = name[: mention.start - office.start] + places[0].name + name[mention.end - office.start :]
    return _Issuer(office, name, mention, places)


def _name_before(office: NamedOffice, table: Divisions) -> Mention | None:
    """Return a place at the beginning of an office's name that only the office behind it shows to be one.

    Such are names of two characters (沁县|林业局) and names without their unit (烟台|人力资源和社会保障局).
    """
    for length in range(min(12, len(office.name) - 2), 1, -1):
        if office.name[:length] in table.names:
            divisions = table.names[office.name[:length]]
            return Mention(office.start, office.start + length, office.name[:length], "full", divisions)
    for length in table.stem_lengths:
        stem = office.name[:length]
        if length < len(office.name) - 1 and stem in table.stems:
            return Mention(office.start, office.start + length, stem, "stem", table.stems[stem])
    return None


def _unlisted(office: NamedOffice) -> _Issuer | None:
    """Return the office of a place that no table has, such as the districts of 大兴安岭地区."""
    match = _PLACE_BEFORE_OFFICE.match(office.name)
    return None if match is None or office.where == "lead" else _Issuer(office, write_out(office.name), None, ())


def _below_counties(office: NamedOffice, page: Page) -> _Issuer | None:
    """Return a township, street or zone, which no table holds, with the county that the text names, if it names one."""
    if not _TOWNSHIP.match(office.name):
        return None
    name = write_out(office.name)
    counties = Counter(row.name for mention in page.mentions for row in mention.divisions if row.level == "county")
    if len(counties) != 1:
        return _Issuer(office, name, None, ())
    county = next(iter(counties))
    first = next(mention for mention in page.mentions if any(row.name == county for row in mention.divisions))
    return _Issuer(office, name, first, resolve(county, page.table, year=page.year, mentions=page.mentions))


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
    provinces = {row.name for mention in page.mentions for row in mention.divisions if row.level == "province"}
    if len(provinces) != 1:
        return []
    name = provinces.pop()
    first = next(mention for mention in page.mentions if any(row.name == name for row in mention.divisions))
    places = resolve(name, page.table, year=page.year, mentions=page.mentions)
    return [_Issuer(office, name + office.name.removeprefix("自治区"), first, places)]


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
    places = resolve(mention.text, page.table, year=page.year, mentions=page.mentions)
    return _Issuer(office, most[0][0], mention, places)


def _by_place(office: NamedOffice, unit: str, rest: str, page: Page) -> list[_Issuer]:
    """Return the issuers that an office may be by the places of its unit that the text names most."""
    return [
        _Issuer(office, name + rest, mention, resolve(name, page.table, year=page.year, mentions=page.mentions))
        for name, mention in find_own_places(unit, page, apart_from=office)
    ]


def _facts(issuer: _Issuer, page: Page) -> dict[str, Fact]:
    office = issuer.office
    evidence = Span(office.start, office.end)
    basis: Basis = "stated" if issuer.name == page.text[office.start : office.end] else "inferred"
    facts = {"issuer": Fact(issuer.name, basis, evidence), **no_place()}
    for name, values in values_of(issuer.places).items():
        facts[name] = _place_fact(values, issuer, page.mentions)
    if _BELOW_COUNTIES.search(issuer.name):
        facts["level"] = Fact("other", "inferred", evidence)
        facts["township"] = find_township(office, page)
    elif not issuer.places and (county := _COUNTY_BEFORE_OFFICE.match(office.name)):
        facts["county"] = Fact(county[0], "stated", Span(office.start, office.start + county.end()))
        facts["level"] = Fact("county", "inferred", evidence)
    elif facts["level"].basis == "absent":
        facts["level"] = level_by_superiors(page)
    return facts


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
    for name, values in values_of([place for issuer in issuers for place in issuer.places]).items():
        if len(values) == 1:
            facts[name] = Fact(values[0], "inferred", evidence)
        elif values:
            facts[name] = Fact(None, "ambiguous", evidence, tuple(values))
    return facts
