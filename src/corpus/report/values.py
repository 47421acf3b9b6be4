"""The frozen values that a report is made of: spans, facts, headings, parts, passages, notices, problems."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

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
FACTS: tuple[str, ...] = (
    "title",
    "issuer",
    "province",
    "prefecture",
    "county",
    "township",
    "adcode",
    "level",
    "year_reviewed",
    "published",
    "signed",
    "delivered",
    "source",
    "document_number",
)
CATALOGUE_FACTS: tuple[str, ...] = ("publisher", "url", "rights")


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
