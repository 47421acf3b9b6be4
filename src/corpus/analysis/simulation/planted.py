"""Who reports in a simulated panel, what is planted in the reports, and what is written down of every passage."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.analysis.simulation.prose import NAME_CHARACTERS, OFFICES
from corpus.analysis.simulation.randomness import Stream
from corpus.errors import CorpusError

_COUNTIES_IN_A_PREFECTURE = 9
_PREFECTURES_IN_A_PROVINCE = 8
_SECOND_CHARACTERS = "川岭塬浦坪塘湾陂垣陉滩畈洲垟峪坳墩圩埠堰屿岗岱峡崮渡溪泉潭涧滘寨坊"
"""No division of China has a name of one of `NAME_CHARACTERS` and one of these; a test keeps it so."""


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


def appoint_issuers(n: int, divisions: Iterable[tuple[str, str, str]] | None, stream: Stream) -> list[Issuer]:
    """Return n issuers, in random order: one bureau a place, a second one only where the places do not suffice.

    Raises
    ------
    CorpusError
        If there are not as many bureaus, or a division has no name.
    """
    places = invent_places(n) if divisions is None else [Place(*map(_name, names)) for names in divisions]
    if any(not place.name for place in places):
        raise CorpusError("divisions: one of them has no name; give province, prefecture and county, '' for none")
    by_name = {issuer.name: issuer for office in OFFICES for place in places for issuer in (Issuer(place, office),)}
    if n > len(by_name):
        raise CorpusError(
            f"n_issuers={n}: the places and their bureaus make {len(by_name)} at most; name more divisions"
        )
    chosen = list(by_name.values())
    return [chosen[number] for number in stream.order(n).tolist()]


def _name(value: object) -> str:
    """Return a name; what a table has for a missing one (None, NaN) is none."""
    return value if isinstance(value, str) else ""


def invent_places(n: int) -> list[Place]:
    """Return n invented places, fewer where the names run out: prefectures, each before its counties and districts."""
    names = [first + second for first in NAME_CHARACTERS for second in _SECOND_CHARACTERS]
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


# Each kind with ways to say it; {quote} is what is looked at, {year} the year reviewed.
_LEFTOVERS = {
    "stale-year": ("{quote}，我局认真履行职责，", "{quote}以来，全局上下共同努力，", "{quote}度各项任务全面完成，"),
    "foreign-place": (
        "{quote}各部门密切配合，",
        "在“{quote}发布”公众号刊发信息，",
        "全力打造{quote}改革样板，",
        "结合{quote}实际制定方案，",
    ),
}
_LOOK_ALIKES = {
    "plan-year": ("{quote}，我局将继续努力，", "提前谋划{quote}工作，"),
    "look-back": ("与{quote}相比明显改善，", "比{quote}有较大增长，"),
    "law-period": ("对照法治宣传规划（{quote}）要求，", "落实法治宣传规划（{quote}）任务，"),
    "superior-place": ("按照{quote}统一部署，", "认真落实{quote}有关要求，"),
    "lower-place": ("在{quote}开展试点，", "组织{quote}现场观摩，"),
    "partner-place": ("与{quote}签订合作协议，", "赴{quote}学习考察，", "同{quote}开展对口协作，"),
}


def draw_leftover(
    issuer: Issuer, year: int, issuers: Sequence[Issuer], stream: Stream, *, genuine: bool
) -> Leftover | None:
    """Return a leftover for a report of this issuer and year, or what looks like one.

    ``None`` where the panel has no place to name: no foreign one, or none above the issuer's own.
    """
    ways = _LEFTOVERS if genuine else _LOOK_ALIKES
    kind = stream.pick(tuple(ways))
    quote = _quote(kind, issuer.place, year, issuers, stream)
    if quote is None:
        return None
    return Leftover(kind, quote, stream.pick(ways[kind]).format(quote=quote), genuine, kind == "plan-year")


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
        return stream.pick(NAME_CHARACTERS) + stream.pick(NAME_CHARACTERS) + "镇"
    for _ in range(20):
        other = stream.pick(issuers).place
        if other.name != place.name and not other.is_related(place):
            return other.name
    return None


LAYERS = ("skeleton", "formula", "shared", "carried_over", "own", "own_or_carried")
SKELETON, FORMULA, SHARED, CARRIED_OVER, OWN, OWN_OR_CARRIED = range(6)
FORMS = ("title", "salutation", "lead", "heading", "sentence", "signature", "date")
TITLE, SALUTATION, LEAD, HEADING, SENTENCE, SIGNATURE, DATE = range(7)
CHANGES = ("kept", "renumbered", "reworded", "new")
KEPT, RENUMBERED, REWORDED, NEW = range(4)
NO_ROW = -1


@dataclass(slots=True)
class Standing:
    """A passage as it stands in one report, with what it was made of."""

    text: str
    unit: int
    form: int
    layer: int
    source: int = NO_ROW
    change: int = NEW
    moved: bool = False
    n_edits: int = 0
    rate: float = 0.0
    formula: int | None = None
    leftover: Leftover | None = None
    row: int = NO_ROW


class Truth:
    """What is written down of every passage while the reports of a panel are drafted."""

    columns = ("report", "start", "end", "layer", "form", "unit", "source", "change", "moved", "n_edits", "permille")

    def __init__(self, first_unit: int) -> None:
        self.rows = array("i")
        self.leftovers: list[tuple[int, int, int, str, str, bool]] = []
        self._next_unit = first_unit

    def new_unit(self) -> int:
        """Return the number of a sentence that stands nowhere yet."""
        self._next_unit += 1
        return self._next_unit - 1

    def note(self, report: int, start: int, standing: Standing, layer: int) -> None:
        """Write down where a passage stands, and that it is the row to lead back to."""
        standing.row = len(self.rows) // len(self.columns)
        end = start + len(standing.text)
        kind = (layer, standing.form, standing.unit, standing.source, standing.change, int(standing.moved))
        self.rows.extend((report, start, end, *kind, standing.n_edits, round(1000 * standing.rate)))
        if standing.leftover is not None:
            leftover = standing.leftover
            at = start + standing.text.index(leftover.quote)
            place = (at, at + len(leftover.quote))
            self.leftovers.append((report, *place, leftover.kind, leftover.quote, leftover.is_leftover))

    def lead_back(self, row: int, source: int) -> None:
        """Say of a row that its passage was made from that of another row."""
        self.rows[row * len(self.columns) + self.columns.index("source")] = source
