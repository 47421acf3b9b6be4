"""Who reports in a simulated panel, what is planted in the reports, and what is written down of every passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from corpus.analysis.simulation.randomness import Stream
from corpus.errors import CorpusError
from corpus.field.data_files import simulated_words

_COUNTIES_IN_A_PREFECTURE = 9
_PREFECTURES_IN_A_PROVINCE = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A division with those above it; ``county`` is empty for a prefecture."""

    province: str
    prefecture: str
    county: str

    @property
    def name(self) -> str:
        """The lowest of the names."""
        return self.county or self.prefecture or self.province

    @property
    def unit(self) -> str:
        """The character that its name ends with: 县, 区, 市."""
        return self.name[-1]

    def is_related(self, other: Place) -> bool:
        """Tell whether one of the two lies in the other."""
        own, others = self._path(), other._path()
        return own[: len(others)] == others or others[: len(own)] == own

    def _path(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.province, self.prefecture, self.county)))


@dataclass(frozen=True, slots=True)
class Issuer:
    """A bureau of a place. A district is named with its city, as names of districts are not unique."""

    place: Place
    office: str

    @property
    def name(self) -> str:
        above = self.place.prefecture if self.place.county and self.place.unit == "区" else ""
        return above + self.place.name + self.office


def appoint_issuers(n: int, stream: Stream) -> list[Issuer]:
    """Return n issuers, in random order: one bureau a place, a second one only where the places do not suffice.

    Raises
    ------
    CorpusError
        If there are not as many bureaus.
    """
    issuers = (Issuer(place, office) for office in simulated_words("office") for place in invent_places(n))
    by_name = {issuer.name: issuer for issuer in issuers}
    if n > len(by_name):
        raise CorpusError(f"n_issuers={n}: the places and their bureaus make {len(by_name)} at most")
    chosen = list(by_name.values())
    return [chosen[number] for number in stream.order(n).tolist()]


def invent_places(n: int) -> list[Place]:
    """Return n invented places, fewer where the names run out: prefectures, each before its counties and districts.

    No division of China has a name of a first and a second of these characters; a test keeps it so.
    """
    names = [
        first + second for first in simulated_words("name character") for second in simulated_words("second character")
    ]
    stems = [names[number] for number in Stream(0).order(len(names)).tolist()]
    places: list[Place] = []
    province = prefecture = ""
    n_prefectures = 0
    while stems and len(places) < n:
        if n_prefectures % _PREFECTURES_IN_A_PROVINCE == 0:
            province = stems.pop() + "省"
        prefecture = stems.pop() + "市"
        n_prefectures += 1
        counties = [stems.pop() for _ in range(min(_COUNTIES_IN_A_PREFECTURE, len(stems)))]
        places.append(Place(province, prefecture, ""))
        places += [Place(province, prefecture, stem + "区县县"[number % 3]) for number, stem in enumerate(counties)]
    return places[:n]


_PLAN_YEARS = 5


@dataclass(frozen=True, slots=True)
class Leftover:
    """An opening clause to be put before a sentence; ``quote`` is the part of it that gives it away."""

    kind: str
    quote: str
    clause: str
    is_leftover: bool
    in_plan: bool = False


_LEFTOVERS = ("stale-year", "foreign-place")
_LOOK_ALIKES = ("plan-year", "look-back", "law-period", "superior-place", "lower-place", "partner-place")


def draw_leftover(
    issuer: Issuer, year: int, issuers: Sequence[Issuer], stream: Stream, *, genuine: bool
) -> Leftover | None:
    """Return a leftover for a report of this issuer and year, or what looks like one.

    ``None`` where the panel has no place to name: no foreign one, or none above the issuer's own.
    """
    kind = stream.pick(_LEFTOVERS if genuine else _LOOK_ALIKES)
    quote = _quote(kind, issuer.place, year, issuers, stream)
    if quote is None:
        return None
    clause = stream.pick(simulated_words(f"{'leftover' if genuine else 'look-alike'}: {kind}")).format(quote=quote)
    return Leftover(kind, quote, clause, genuine, kind == "plan-year")


def _quote(kind: str, place: Place, year: int, issuers: Sequence[Issuer], stream: Stream) -> str | None:
    if kind in ("stale-year", "look-back"):
        return f"{year - 1}年"
    if kind == "plan-year":
        return f"{year + 1}年"
    if kind == "law-period":
        first = year - (year - 1) % _PLAN_YEARS
        return f"{first}—{first + _PLAN_YEARS - 1}年"
    if kind == "superior-place":
        above = [name for name in (place.province, place.prefecture) if name and name != place.name]
        return stream.pick(above) if above else None
    if kind == "lower-place":
        characters = simulated_words("name character")
        return stream.pick(characters) + stream.pick(characters) + "镇"
    for _ in range(20):
        other = stream.pick(issuers).place
        if other.name != place.name and not other.is_related(place):
            return other.name
    return None


Layer = Literal["skeleton", "formula", "shared", "carried_over", "own", "own_or_carried"]
Form = Literal["title", "salutation", "lead", "heading", "sentence", "signature", "date"]
Change = Literal["kept", "renumbered", "reworded", "new"]
NO_ROW = -1


@dataclass(slots=True)
class Standing:
    """A passage as it stands in one report, with what it was made of."""

    text: str
    unit: int
    form: Form
    layer: Layer
    source: int = NO_ROW
    change: Change = "new"
    moved: bool = False
    n_edits: int = 0
    rate: float = 0.0
    formula: int | None = None
    leftover: Leftover | None = None
    row: int = NO_ROW


class PassageRow(NamedTuple):
    """Where a passage stands and what it is; ``source`` is the row of the passage that it was made from."""

    report: int
    start: int
    end: int
    layer: Layer
    form: Form
    unit: int
    source: int
    change: Change
    moved: bool
    n_edits: int
    rate: float


class Truth:
    """What is written down of every passage while the reports of a panel are drafted."""

    def __init__(self, first_unit: int) -> None:
        self.rows: list[PassageRow] = []
        self.leftovers: list[tuple[int, int, int, str, str, bool]] = []
        self._next_unit = first_unit

    def new_unit(self) -> int:
        """Return the number of a sentence that stands nowhere yet."""
        self._next_unit += 1
        return self._next_unit - 1

    def note(self, report: int, start: int, one: Standing, layer: Layer) -> None:
        """Write down where a passage stands, and that it is the row to lead back to."""
        one.row = len(self.rows)
        end = start + len(one.text)
        made = (one.unit, one.source, one.change, one.moved, one.n_edits, one.rate)
        self.rows.append(PassageRow(report, start, end, layer, one.form, *made))
        if one.leftover is not None:
            leftover = one.leftover
            at = start + one.text.index(leftover.quote)
            span = (at, at + len(leftover.quote))
            self.leftovers.append((report, *span, leftover.kind, leftover.quote, leftover.is_leftover))

    def lead_back(self, row: int, source: int) -> None:
        """Say of a row that its passage was made from that of another row."""
        self.rows[row] = self.rows[row]._replace(source=source)
