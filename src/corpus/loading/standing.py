"""Where an office stands in the administrative order: its level, and the place of one that nothing names in full."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.loading.layout import PageLayout
from corpus.loading.offices import BODY_CHARS, NamedOffice
from corpus.loading.places import Divisions, Mention, Place, resolve
from corpus.values import Fact, Span

ZONE = "开发区|经开区|高新区|示范区|度假区|园区"
ZONE_NEXT = re.compile(ZONE)
_TOWNSHIP_ITSELF = re.compile(rf"[^省市县区州旗盟]{{0,12}}?(?:街道|[镇乡]|{ZONE})")
# A bureau speaks of 我区 too, a district's government never of 我局.
OWN_OFFICE = re.compile(r"我([局厅委部])(?!们)")
_OF_A_TOWNSHIP = re.compile(
    rf"(?<=[,，。\s年])(?:{ZONE}|街道)(?=坚持|以习|以党|在|始终|深入|认真|全面|按照|紧紧|党)"
    r"|我[镇乡]|我街道|(?<![省市县区各、])(?:党工委|工委)、(?:区)?(?:管委会|办事处)"
)
_SUPERIORS = (
    ("other", re.compile(r"(?:镇|乡|街道)党(?:委|工委)")),
    ("county", re.compile(r"(?<!自治)(?<![市地])[县区旗](?:委|政府|人民政府)|我[县区旗]|全[县区旗]")),
    ("prefecture", re.compile(r"[市州盟](?:委|政府|人民政府)|我[市州盟]|全[市州盟]")),
    ("province", re.compile(r"省(?:委|政府|人民政府)|自治区(?:党委|人民政府|政府)|我省|全省")),
    ("national", re.compile(r"党中央、国务院")),
)
_LEAD_CHARS = 400
_ATTRIBUTES = {
    "province": "province",
    "prefecture": "prefecture",
    "county": "county",
    "adcode": "code",
    "level": "level",
}
PLACE_FACTS = ("province", "prefecture", "county", "township", "adcode", "level")


@dataclass(frozen=True, slots=True)
class Page:
    """What the search for an issuer looks at: the text, its layout, the places it names, and the year it is about."""

    text: str
    layout: PageLayout
    mentions: Sequence[Mention]
    table: Divisions
    year: int | None


def no_place() -> dict[str, Fact]:
    """Return the facts of a place that is not known."""
    return dict.fromkeys(PLACE_FACTS, Fact())


def values_of(places: Sequence[Place]) -> dict[str, list[str]]:
    """Return what each fact of a place may be, sorted, by the places that a name may mean."""
    found = {name: {getattr(place, attribute) for place in places} for name, attribute in _ATTRIBUTES.items()}
    return {name: sorted(value for value in values if value is not None) for name, values in found.items()}


def find_township(office: NamedOffice, page: Page) -> Fact:
    """Return the township, street or zone in an office's name, without the places above it; 武汉经开区 stays whole."""
    start = office.start
    for mention in page.mentions:
        if mention.start == start and mention.end <= office.end and not ZONE_NEXT.match(page.text, mention.end):
            start = mention.end
    match = _TOWNSHIP_ITSELF.match(page.text, start, office.end)
    return Fact(match[0], "stated", Span(*match.span())) if match else Fact()


def below_counties(page: Page) -> Fact:
    """Return the level of a township, street or zone that does not name itself: 我镇, 街道党工委、办事处."""
    start, end = page.layout.body
    match = _OF_A_TOWNSHIP.search(page.text, max(0, start - 40), min(end, start + _LEAD_CHARS))
    return Fact("other", "inferred", Span(*match.span())) if match else Fact()


def level_by_superiors(page: Page) -> Fact:
    """Return the level of a bureau by whose leadership its opening names: 在县委、县政府的领导下."""
    start, end = page.layout.body
    opening = page.text[max(0, start - 40) : min(end, start + 1200)]
    for level, pattern in _SUPERIORS:
        match = pattern.search(opening if level != "other" else opening[:_LEAD_CHARS])
        if match is not None:
            base = max(0, start - 40)
            return Fact(level, "inferred", Span(base + match.start(), base + match.end()))
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
    opening = [mention for mention in page.mentions if start <= mention.start < min(end, start + BODY_CHARS // 2)]
    wanted = level.value or ("county" if OWN_OFFICE.search(page.text, start, end) else None)
    rows = {row.name for mention in opening for row in mention.divisions if row.level == wanted}
    facts = no_place()
    if wanted not in ("county", "prefecture") or len(rows) != 1:
        return facts
    name = rows.pop()
    mention = next(mention for mention in opening if any(row.name == name for row in mention.divisions))
    places = resolve(name, page.table, year=page.year, mentions=page.mentions)
    if len(places) != 1:
        return facts
    evidence = Span(mention.start, mention.end)
    return facts | {fact: Fact(found[0], "inferred", evidence) for fact, found in values_of(places).items() if found}
