"""The frozen values that a report is made of: spans, facts, headings, parts, passages, notices, problems."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple


def offset_type(length: int) -> str:
    """Return the type code of the smallest array that holds places in a text of this length: two bytes mostly do."""
    return "H" if length < 1 << 16 else "I"


class OffsetMap:
    """Monotone map from the characters of a derived text to the characters of its source.

    The map is kept as runs, not as one integer a character. In a run, derived character ``d + i``
    came from source character ``s + i``. A derived character that replaced several source characters
    (a line feed for CR LF) is a run of its own with a width above 1.

    Parameters
    ----------
    derived, source : sequence of int
        Where each run begins in the derived text and in the source; two ascending sequences. A run lasts until the
        next one begins, and what lies between two in the source was dropped.
    length : int
        Length of the derived text in code points.
    source_length : int
        Length of the source in code points.
    widths : mapping of int to int
        Source characters of the runs of one character that stands for several, by their position.

    Attributes
    ----------
    is_identity : bool
        Whether every character stands where it stood.
    """

    __slots__ = ("_derived", "_source", "_width", "is_identity", "length", "source_length")

    def __init__(
        self,
        derived: Iterable[int],
        source: Iterable[int],
        *,
        length: int,
        source_length: int,
        widths: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        code = offset_type(source_length)
        self._derived, self._source = array(code, derived), array(code, source)
        self._width = dict(widths)
        self.is_identity = length == source_length
        self.length = length
        self.source_length = source_length

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """Return the map of a text onto itself."""
        return cls([0] if length else [], [0] if length else [], length=length, source_length=length)

    @property
    def runs(self) -> tuple[Sequence[int], Sequence[int]]:
        """Derived starts and source starts of the runs, two ascending sequences of equal length."""
        return self._derived, self._source

    @property
    def widths(self) -> Mapping[int, int]:
        """Source characters of each run that stands for several, by the run's position in `runs`."""
        return self._width

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span that the derived characters ``start`` to ``end`` (exclusive) came from.

        Source characters that were dropped before the first or after the last of them are not in it. An
        empty span gives the empty span before the next derived character.

        Raises
        ------
        IndexError
            If the span does not lie in the derived text.
        """
        if not 0 <= start <= end <= self.length:
            raise IndexError(f"span {start}:{end} lies outside a text of {self.length} characters")
        if self.is_identity:
            return start, end
        if start == end:
            place = self._begin(start) if start < self.length else self.source_length
            return place, place
        last = end - 1
        run = bisect_right(self._derived, last) - 1
        return self._begin(start), self._source[run] + (last - self._derived[run]) + self._width.get(run, 1)

    def derived_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the derived characters whose source begins within ``start`` to ``end`` (exclusive).

        Raises
        ------
        IndexError
            If the span does not lie in the source.
        """
        if not 0 <= start <= end <= self.source_length:
            raise IndexError(f"span {start}:{end} lies outside a source of {self.source_length} characters")
        if self.is_identity:
            return start, end
        return self._first_at_or_after(start), self._first_at_or_after(end)

    def _begin(self, place: int) -> int:
        run = bisect_right(self._derived, place) - 1
        return self._source[run] + place - self._derived[run]

    def _first_at_or_after(self, source: int) -> int:
        run = bisect_left(self._source, source)
        if run < len(self._source) and self._source[run] == source:
            return self._derived[run]
        limit = self._derived[run] if run < len(self._derived) else self.length
        if run == 0:
            return 0
        return min(self._derived[run - 1] + source - self._source[run - 1], limit)


Basis = Literal["stated", "inferred", "catalogue", "ambiguous", "absent"]
Role = Literal["preamble", "measures", "shortcomings", "first-responsible", "plan", "closing"]
Unit = Literal["section", "paragraph", "item", "sentence", "clause", "phrase"]

ROLES: tuple[Role, ...] = ("preamble", "measures", "shortcomings", "first-responsible", "plan", "closing")
UNITS: tuple[Unit, ...] = ("section", "paragraph", "item", "sentence", "clause", "phrase")
SentenceLabel = Literal["chrome", "heading", "formula", "practice", "specific"]
LABELS: tuple[SentenceLabel, ...] = ("chrome", "heading", "formula", "practice", "specific")
Origin = Literal["skeleton", "formula", "shared", "carried_over", "own_or_carried", "own"]
ORIGINS: tuple[Origin, ...] = ("skeleton", "formula", "shared", "carried_over", "own_or_carried", "own")
"""Where a character of a report can come from; see `corpus.trace_origins`."""
FACT_LABELS: dict[str, str] = {
    "title": "Title (标题)",
    "issuer": "Issuer (发布机关)",
    "province": "Province (省)",
    "prefecture": "Prefecture (市)",
    "county": "County (县)",
    "township": "Township (乡镇、街道、开发区)",
    "adcode": "Code (行政区划代码)",
    "level": "Level (层级)",
    "year_reviewed": "Year reviewed (报告年度)",
    "published": "Published (发布日期)",
    "signed": "Signed (成文日期)",
    "delivered": "Delivered (报告日期)",
    "source": "Source (来源)",
    "document_number": "Document number (文号)",
    "publisher": "Publisher (网站)",
    "url": "Address (网址)",
    "rights": "Rights (权利)",
}
"""What a fact is called where it is shown."""
CATALOGUE_FACTS: tuple[str, ...] = ("publisher", "url", "rights")
"""Facts that only a catalogue or a table tells."""
FACTS: tuple[str, ...] = tuple(name for name in FACT_LABELS if name not in CATALOGUE_FACTS)

IN_MEMORY = "memory"
"""Where a table comes from that no file holds."""
ELSEWHERE = "elsewhere"
"""Where reports of one's own come from; their path is nobody else's business."""


class Span(NamedTuple):
    """A stretch of ``report.raw``: code points ``start`` to ``end``, end exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Change:
    """One faithful fix: ``before`` stood at ``start:end`` of ``raw``, ``after`` stands in ``text``."""

    name: str
    start: int
    end: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What a report says of itself, with the ground for it.

    Attributes
    ----------
    value : str, int or None
        The value; None where it is absent or ambiguous.
    basis : {"stated", "inferred", "catalogue", "ambiguous", "absent"}
        ``stated``: the words stand in the text; ``inferred``: a careful reader concludes it; ``catalogue``:
        a person wrote it into the catalogue; ``ambiguous``: several readings are possible.
    evidence : Span or None
        Where the text shows it.
    readings : tuple
        All readings of an ambiguous value.
    """

    value: str | int | None = None
    basis: Basis = "absent"
    evidence: Span | None = None
    readings: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the body. The span covers its text without the label and without the closing 。

    ``label_start`` is where its label begins, or its text where it has none.
    """

    depth: int
    label: str
    text: str
    start: int
    end: int
    run_in: bool
    role: Role | None
    label_start: int


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the body that plays one role; ``headed`` where a heading names the role."""

    role: Role | None
    start: int
    end: int
    headed: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """A section, paragraph, item, sentence, clause or phrase of a body, quoted from ``report.text``."""

    start: int
    end: int
    text: str
    unit: Unit
    section: str
    role: Role | None
    is_heading: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader of a report should know: a code, a sentence, and where the text shows it."""

    code: str
    message: str
    evidence: Span | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """An input that was left out: which file, where in it, why, and what to do about it."""

    file: str
    place: str
    code: str
    message: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file} ({self.place})" if self.place else self.file
        return f"{where}: {self.message}; {self.remedy}"


_MOST_ALONE = 4
"""Files left out for one reason that are told one by one."""
_NUMBERS = re.compile(r"\d[\d,.]*")


def group_problems(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Return problems of one kind in one file together, and those of many files that have one reason and remedy."""
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    reasons: dict[tuple[str, str], list[list[Problem]]] = {}
    for problem in problems:
        kind = _NUMBERS.sub("", problem.message.partition(" (")[0])
        kinds.setdefault((problem.file, problem.code, kind), []).append(problem)
    for (_, code, _), group in kinds.items():
        reasons.setdefault((code, group[0].remedy), []).append(group)
    together: list[list[Problem]] = []
    for groups in reasons.values():
        together += groups if len(groups) <= _MOST_ALONE else [[each for group in groups for each in group]]
    return together


class Label(NamedTuple):
    """What a coder called the sentence at ``start:end`` of ``report.raw``; data/labels says what each label means."""

    report_id: str
    start: int
    end: int
    coder: str
    label: SentenceLabel


class SetAside(NamedTuple):
    """A stretch of a page that is no part of its report, ``start`` to ``end``, and what it is, as breadcrumb."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a page lie; every span counts code points of ``report.raw``.

    What is set aside stands in the order of the page, each stretch with its reason; ``clutter`` has the spans alone.
    """

    body: Span
    title: Span | None = None
    salutation: Span | None = None
    signature: Span | None = None
    set_aside: tuple[SetAside, ...] = ()

    @property
    def clutter(self) -> tuple[Span, ...]:
        """The spans of what is set aside."""
        return tuple(Span(stretch.start, stretch.end) for stretch in self.set_aside)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report's characters come from.

    Attributes
    ----------
    file : str
        Path of the file relative to the folder that was loaded, with forward slashes.
    sha256 : str
        Of the file's bytes.
    encoding : str
        Python's name of the codec that the bytes were decoded with.
    bom : bytes
        Byte order mark before the first character; not part of ``raw``.
    kept_bytes : bytes or None
        The file, where encoding ``raw`` again would not give the same bytes.
    reader : str
        ``plain text``, or the library that took the text out of the file, with its version.
    text_sha256 : str
        Of the extracted text in UTF-8; empty for plain text, whose bytes ``sha256`` stands for.
    landmarks : tuple of (int, str)
        Where in ``raw`` each paragraph of an extracted text begins, and its page or number in the file.
    """

    file: str
    sha256: str
    encoding: str
    bom: bytes = b""
    kept_bytes: bytes | None = field(default=None, repr=False)
    reader: str = "plain text"
    text_sha256: str = ""
    landmarks: tuple[tuple[int, str], ...] = field(default=(), repr=False)
