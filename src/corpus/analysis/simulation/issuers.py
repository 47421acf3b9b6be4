"""Who reports in a simulated panel: bureaus of places that do not exist, or of places that the caller names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.analysis.simulation.randomness import Stream
from corpus.analysis.simulation.vocabulary import NAME_CHARACTERS, OFFICES
from corpus.values import CorpusError

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
