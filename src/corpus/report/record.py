"""A report as it was read: bytes, three forms of text, the ways between them, layout, facts, and its organ's names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from corpus.errors import CorpusError
from corpus.field.divisions import Divisions
from corpus.report.values import ROLES, Change, Fact, Heading, Layout, Notice, OffsetMap, Part, Role, Source, Span

_NATIONALITY = re.compile("(?:壮族|回族|维吾尔)?自治区$")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Record:
    """A report as it was read: its bytes, its three forms of text with the ways between them, and its facts."""

    report_id: str
    source: Source
    raw: str
    text: str
    key: str
    text_map: OffsetMap
    key_map: OffsetMap
    changes: tuple[Change, ...]
    layout: Layout
    headings: tuple[Heading, ...]
    parts: tuple[Part, ...]
    facts: Mapping[str, Fact]
    warnings: tuple[Notice, ...] = ()

    def revise(self, **changes: Any) -> Self:
        """Return the report with some fields changed."""
        return replace(self, **changes)

    @property
    def sha256(self) -> str:
        """The digest of the file, or of the row of a table."""
        return self.source.sha256

    @property
    def raw_bytes(self) -> bytes:
        """The file, byte for byte."""
        if self.source.kept_bytes is not None:
            return self.source.kept_bytes
        return self.source.bom + self.raw.encode(self.source.encoding)

    def byte_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the bytes of the file that hold characters ``start`` to ``end`` of ``raw``.

        Raises
        ------
        CorpusError
            If the text was extracted from another format, whose bytes do not hold its characters.
        """
        if self.source.text_sha256:
            raise CorpusError(
                f"{self.source.file}: its text was extracted by {self.source.reader}; cite the place in the extraction"
                f" ({self.landmark(start)}), which `corpus show {self.report_id} --raw FILE` writes"
            )
        codec = self.source.encoding
        first = len(self.source.bom) + len(self.raw[:start].encode(codec))
        return first, first + len(self.raw[start:end].encode(codec))

    def landmark(self, start: int) -> str:
        """Return the page or paragraph of the file in which a character of ``raw`` stands; empty for plain text."""
        index = bisect_right(self.source.landmarks, start, key=lambda landmark: landmark[0]) - 1
        return self.source.landmarks[index][1] if index >= 0 else ""

    def quote(self, start: int, end: int) -> str:
        """Return the words of ``text`` that stand at ``start:end`` of ``raw``."""
        first, last = self.text_map.derived_span(start, end)
        return self.text[first:last]

    def key_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of ``key`` whose characters stand at ``start:end`` of ``raw``."""
        return self.key_map.derived_span(*self.text_map.derived_span(start, end))

    def raw_span(self, key_start: int, key_end: int) -> Span:
        """Return the place in ``raw`` of characters ``key_start`` to ``key_end`` of ``key``."""
        return Span(*self.text_map.source_span(*self.key_map.source_span(key_start, key_end)))

    def regions(self, role: Role | None = None) -> tuple[Span, ...]:
        """Return the spans of the body, or of its parts with this role, in reading order."""
        if role is None:
            return (self.layout.body,)
        if role not in ROLES:
            raise CorpusError(f"no such role: {role!r}; the roles are {', '.join(ROLES)}")
        return tuple(Span(part.start, part.end) for part in self.parts if part.role == role)

    def key_regions(self, role: Role | None = None) -> list[tuple[int, int]]:
        """Return the stretches of ``key`` whose characters stand in the body, or in its parts with this role."""
        return [self.key_span(*region) for region in self.regions(role)]

    def key_utf16(self, start: int = 0, end: int | None = None) -> bytes:
        """Return characters ``start`` to ``end`` of ``key`` in UTF-16."""
        return self.key[start:end].encode("utf-16-le", "surrogatepass")

    def value(self, name: str) -> Any:
        """Return the value of a fact, or None where it is absent or ambiguous."""
        return self.facts[name].value

    def _likely(self, name: str) -> Any:
        """Return the value of a fact, or its only reading."""
        fact = self.facts[name]
        return fact.readings[0] if fact.value is None and len(fact.readings) == 1 else fact.value

    @property
    def title(self) -> str | None:
        found: str | None = self.value("title")
        return found

    @property
    def issuer(self) -> str | None:
        found: str | None = self.value("issuer")
        return found

    @property
    def office(self) -> str:
        """The issuer's name without the places that its facts name above it; empty where the issuer is unknown."""
        office = self.issuer or ""
        for name in ("province", "prefecture", "county"):
            office = office.removeprefix(self._likely(name) or "\n")
        return office

    @property
    def issuer_key(self) -> str:
        """What tells the issuer from others: the code of its place with its office, so that two spellings are one.

        Where the code is open and another report of the same printed issuer shows it, that one; where it is not known,
        the issuer's name; where the issuer is not known, the report, which then counts as one of an issuer of its own.
        """
        if self.issuer is None:
            return f"report {self.report_id}"
        adcode, office = self._likely("adcode"), self.office
        return f"{adcode} {office}" if adcode is not None and office else self.issuer

    @property
    def place(self) -> str | None:
        """The lowest place known: township, street or zone, else county, else prefecture, else province."""
        names = ("township", "county", "prefecture", "province")
        found: str | None = next(filter(None, map(self.value, names)), None)
        return found

    @property
    def level(self) -> str | None:
        found: str | None = self.value("level")
        return found

    @property
    def year_reviewed(self) -> int | None:
        found: int | None = self.value("year_reviewed")
        return found

    @property
    def label(self) -> str:
        """Short name for figures: place and year reviewed, else the report_id."""
        if not self.place or self.year_reviewed is None:
            return self.report_id
        short = _NATIONALITY.sub("", self.place)
        short = short[:-1] if len(short) > 2 and short[-1] in "省市县区" and short[-3:-1] != "自治" else short
        return f"{short} {self.year_reviewed}"


_PLACE_FACTS = ("province", "prefecture", "county", "township", "adcode", "level")
_MOST_CHANGES = 5
_Organ = tuple[str, str]


def join_names(
    records: Sequence[Record], organs: Iterable[Mapping[str, str]], divisions: Divisions
) -> dict[str, tuple[dict[str, Fact], Notice]]:
    """Return, for each report of an organ that bears another name later, its facts under that name, and a notice.

    Two names are of one organ where they stand in a row of the table, in one place, and every report under the old name
    is on an earlier year than any under the new one; where several organs became one, none is chosen. A place keeps its
    organs when it gets a new code: a county that became a district.

    Parameters
    ----------
    records : sequence of Record
    organs : iterable of mapping
        Rows with the columns ``old``, ``new`` (several names separated by ``|``), ``from_year`` and ``act``.
    divisions : Divisions

    Returns
    -------
    dict
        By report_id. The issuer is ``inferred``, with the printed name as its evidence.
    """
    held: dict[_Organ, list[Record]] = defaultdict(list)
    for record in records:
        if record.issuer and record.year_reviewed is not None and record.value("adcode"):
            place = _present_code(str(record.value("adcode")), divisions)
            held[place, f"{record.value('township') or ''}{record.office}"].append(record)
    later, acts = _successors(held, list(organs))
    joined: dict[_Organ, list[_Organ]] = defaultdict(list)
    for organ in held:
        last = organ
        while last in later:
            last = later[last]
        joined[last].append(organ)
    found = {}
    for last, members in joined.items():
        newest = max(held[last], key=_year)
        for organ in members:
            for record in held[organ]:
                if record.issuer != newest.issuer:
                    why = acts.get(organ, "the same office of the same place")
                    message = f"printed as {record.issuer}; joined with {newest.issuer}: {why}"
                    found[record.report_id] = (_under(record, newest), Notice("renamed", message, _printed(record)))
    return found


def _year(record: Record) -> int:
    return record.year_reviewed or 0


def _printed(record: Record) -> Span | None:
    return record.facts["issuer"].evidence


def _under(record: Record, newest: Record) -> dict[str, Fact]:
    facts = dict(record.facts)
    facts["issuer"] = Fact(newest.issuer, "inferred", record.facts["issuer"].evidence)
    for name in _PLACE_FACTS:
        value = newest.facts[name].value
        if value != facts[name].value:
            facts[name] = Fact(value, "inferred" if value is not None else "absent")
    return facts


def _successors(
    held: Mapping[_Organ, Sequence[Record]], organs: Sequence[Mapping[str, str]]
) -> tuple[dict[_Organ, _Organ], dict[_Organ, str]]:
    """Return the one organ that each old one became, and the act, where no other organ at hand became it too."""
    found: dict[_Organ, dict[_Organ, str]] = defaultdict(dict)
    by_old = {row["old"]: row for row in organs}
    for place, office in held:
        row = by_old.get(office)
        for new in row["new"].split("|") if row else ():
            if row is None or (place, new) not in held:
                continue
            first = min(map(_year, held[place, new]))
            if max(map(_year, held[place, office])) < first and first >= int(row["from_year"]):
                found[place, office][place, new] = row["act"]
    single = {old: next(iter(news)) for old, news in found.items() if len(news) == 1}
    became = Counter(single.values())
    later = {old: one for old, one in single.items() if became[one] == 1}
    return later, {old: found[old][one] for old, one in later.items()}


def _present_code(code: str, divisions: Divisions) -> str:
    """Return the code that a place has now: that of the only place that took its place, and so on."""
    for _ in range(_MOST_CHANGES):
        rows = [row for row in divisions.rows if row.code == code]
        if not rows or any(row.valid_until is None for row in rows) or len(rows[-1].successor_codes) != 1:
            return code
        code = rows[-1].successor_codes[0]
    return code
