"""A report as it was read: bytes, three forms of text, the ways between them, layout and facts."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from corpus.errors import CorpusError
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
