"""Who issued a report, and where it stands in the administrative order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.loading.layout import PageLayout
from corpus.loading.offices import GENERIC_PLACES, NamedOffice, find_offices, write_out
from corpus.loading.places import Divisions, Mention, Place, find_places, load_divisions, resolve
from corpus.loading.resources import data_path
from corpus.report import Basis, Fact, Span

_BELOW_COUNTIES = re.compile(r"[镇乡](?:人民政府|政府)|街道|开发区|高新区|示范区|度假区|园区|管理委员会|管委会")
_NATIONAL = re.compile(r"国家|国务院|中华人民共和国|科学技术部")
PLACE_FACTS = ("province", "prefecture", "county", "adcode", "level")


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An office with the place in its name, or the place that the text gives it."""

    office: NamedOffice
    name: str
    mention: Mention | None
    places: tuple[Place, ...]


def find_issuer(text: str, layout: PageLayout, title: Fact, *, year: int | None) -> dict[str, Fact]:
    """Return issuer, province, prefecture, county, adcode and level of a page.

    The first office with a place in its name counts, as printed, with 科技局 written out; ``stated`` where the page
    prints the full name, else ``inferred``. An office without a place (市科技局) is given the place of its level that
    the text names most; where two are named about as often, the issuer is ambiguous. What lies above the place comes
    from the table of divisions as it was in ``year``. Townships, streets and development zones have the level
    ``other`` and the place they lie in.
    """
    table = load_divisions(data_path("places", "divisions.csv"))
    mentions = find_places(text, table, short=True)
    offices = list(find_offices(text, layout, title))
    candidates = [_placed(office, mentions, table, year) for office in offices]
    chosen = next((found for found in candidates if found is not None), None)
    if chosen is not None:
        return _facts(text, chosen, mentions)
    for office in offices:
        if _NATIONAL.match(office.name):
            fact = Fact(office.name, "stated", Span(office.start, office.end))
            return {"issuer": fact, **dict.fromkeys(PLACE_FACTS, Fact()), "level": Fact("national", "inferred")}
        inferred = _inferred(office, mentions, table, year)
        if inferred:
            return _facts(text, inferred[0], mentions) if len(inferred) == 1 else _undecided(inferred)
    return dict.fromkeys(("issuer", *PLACE_FACTS), Fact())


def _placed(office: NamedOffice, mentions: Sequence[Mention], table: Divisions, year: int | None) -> _Issuer | None:
    """Return the issuer that an office's own name gives: the places its name begins with, the last of them its own."""
    place, mention = office.start, None
    for found in mentions:
        if found.start == place and found.end < office.end:
            place, mention = found.end, found
    if mention is None:
        return None
    places = resolve(mention.text, table, year=year, mentions=mentions)
    name = write_out(office.name)
    if mention.form == "stem" and len({found.name for found in places}) == 1:
        name = places[0].name + name[mention.end - office.start :]
    return _Issuer(office, name, mention, places)


def _inferred(office: NamedOffice, mentions: Sequence[Mention], table: Divisions, year: int | None) -> list[_Issuer]:
    """Return the issuers that an office without a place may be, by the places of its level that the text names."""
    unit = office.name[0]
    if unit not in GENERIC_PLACES:
        return []
    fitting = [
        (mention, row)
        for mention in mentions
        for row in mention.divisions
        if row.name.endswith(unit)
        and (row.level == "province") == (unit == "省")
        and not _part_of_office(office, mention)
    ]
    counts = Counter(row.name for _, row in fitting)
    most = counts.most_common(2)
    if not most:
        return []
    names = [most[0][0]] if len(most) == 1 or most[0][1] >= 2 * most[1][1] else [name for name, _ in most]
    found = []
    for name in names:
        first = next(mention for mention, row in fitting if row.name == name)
        places = resolve(name, table, year=year, mentions=mentions)
        found.append(_Issuer(office, name + write_out(office.name[1:]), first, places))
    return found


def _part_of_office(office: NamedOffice, mention: Mention) -> bool:
    return office.start <= mention.start < office.end


def _facts(text: str, issuer: _Issuer, mentions: Sequence[Mention]) -> dict[str, Fact]:
    office = issuer.office
    printed = text[office.start : office.end]
    basis: Basis = "stated" if issuer.name == printed else "inferred"
    facts = {"issuer": Fact(issuer.name, basis, Span(office.start, office.end))}
    for name in PLACE_FACTS:
        attribute = "code" if name == "adcode" else name
        values = sorted({value for place in issuer.places if (value := getattr(place, attribute)) is not None})
        facts[name] = _place_fact(values, issuer, mentions)
    if _BELOW_COUNTIES.search(issuer.name):
        facts["level"] = Fact("other", "inferred", Span(office.start, office.end))
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
    facts = {"issuer": Fact(None, "ambiguous", evidence, tuple(issuer.name for issuer in issuers))}
    for name in PLACE_FACTS:
        attribute = "code" if name == "adcode" else name
        values = sorted({getattr(place, attribute) for issuer in issuers for place in issuer.places} - {None})
        if len(values) == 1:
            facts[name] = Fact(values[0], "inferred", evidence)
        else:
            facts[name] = Fact(None, "ambiguous", evidence, tuple(values)) if values else Fact()
    return facts
