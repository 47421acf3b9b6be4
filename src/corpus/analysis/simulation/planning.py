"""Who reports in a simulated panel and what its issuers share, dealt out before any report is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from math import sqrt

from corpus.analysis.resampling import Stream
from corpus.analysis.simulation.prose import Prose, count_han, edit_characters
from corpus.errors import CorpusError
from corpus.field.data_files import simulated_words


@dataclass(frozen=True, slots=True)
class PanelSetting:
    """The composition of a simulated panel.

    Attributes
    ----------
    length_chars : int
        Mean length of a report in characters; issuers differ by up to a quarter.
    formulas_per_report : float
        Mean number of stock sentences in a report, stock headings not counted.
    copies_per_report : float
        Mean number of passages of two to six sentences that a report takes over from a peer.
    edit_rates : tuple of float
        Edited characters to Han characters of a passage that is taken over from a peer, each rate equally often, and of
        one that is reworded from year to year, where 0 is left out.
    carried : tuple of (float, float)
        Lowest and highest share of its own sentences that an issuer uses again in the next year.

    Examples
    --------
    >>> import corpus
    >>> corpus.validation.PanelSetting(edit_rates=(0.2, 0.3)).edit_rates
    (0.2, 0.3)
    """

    length_chars: int = 4_000
    formulas_per_report: float = 14.0
    copies_per_report: float = 0.6
    edit_rates: tuple[float, ...] = (0.0, 0.02, 0.05, 0.10, 0.15)
    carried: tuple[float, float] = (0.2, 0.8)

    def __post_init__(self) -> None:
        """Refuse what no panel can be made of."""
        low, high = self.carried
        if not 0 <= low <= high <= 1:
            raise CorpusError(f"PanelSetting: carried={self.carried} are no two shares from 0 to 1, the lower first")
        if not self.edit_rates or not all(0 <= rate <= 0.5 for rate in self.edit_rates):
            raise CorpusError(f"PanelSetting: edit_rates={self.edit_rates}: give one or more rates from 0 to 0.5")
        most = self.length_chars / 100
        if most < 10 or not 0 <= self.formulas_per_report <= most or not 0 <= self.copies_per_report <= most:
            raise CorpusError(
                f"PanelSetting: length_chars={self.length_chars} is 1,000 or more, and formulas_per_report and "
                "copies_per_report go from 0 to a hundredth of it"
            )


FIRST_YEAR = 2015
"""The year that the first report of each issuer reviews."""
MIN_ISSUERS = 3
"""From how many issuers on a passage is a formula; what stands in two is shared."""
MOVED = 0.1
"""Share of the passages used again that stand under another heading, and of those taken over, in another order."""
MEASURES, PLANS = 0, 3
"""The section with sub-headings and the one on what is planned; between are shortcomings, and who is responsible."""
SKELETON = ("title", "salutation", "lead", "signature", "date")
"""Form of what every report has once; their numbers are those of their units, and those of section headings follow."""
_SECTION_WEIGHTS = (0, 0, 0, 0, 0, 0, 1, 2, 3, 3)
_COMMONEST = 0.8
_ZIPF_SHARE = 0.7
_MOST_REGIONAL = 40
_PLACES_IN_A_PREFECTURE = 10
_NAMES_IN_A_PROVINCE = 1 + 8 * _PLACES_IN_A_PREFECTURE
NO_ROW = -1


@dataclass(frozen=True, slots=True)
class Issuer:
    """A bureau of a place, whose ``county`` is empty for a prefecture."""

    province: str
    prefecture: str
    county: str
    office: str

    @property
    def place(self) -> str:
        """The lowest of the names."""
        return self.county or self.prefecture

    @property
    def name(self) -> str:
        """The name of the bureau, with the city before a district, as names of districts are not unique."""
        return (self.prefecture if self.county.endswith("区") else "") + self.place + self.office


@dataclass(frozen=True, slots=True)
class Stock:
    """What is printed anew each year, its year and its figures filled in: skeleton, stock sentences, stock headings.

    ``issuers`` are the numbers of those that use it; ``last`` is the last year of one that does.
    """

    template: str
    unit: int
    form: str
    layer: str = "skeleton"
    section: int = MEASURES
    issuers: tuple[int, ...] = ()
    n_edits: int = 0
    first: int = 0
    last: int = 0


@dataclass(slots=True)
class Standing:
    """A passage as it stands in one report; ``row`` and ``source`` are rows of the truth: its own and its source's."""

    text: str
    unit: int
    form: str = "sentence"
    layer: str = "own"
    source: int = NO_ROW
    change: str = "new"
    moved: bool = False
    n_edits: int = 0
    rate: float = 0.0
    stock: Stock | None = None
    row: int = NO_ROW


class Plan:
    """What all issuers of a panel draw on.

    ``due`` holds by issuer and year what is taken over, or is taken over by others, with its section; ``copies`` holds
    each passage so taken, as it stands at its source and at its taker.
    """

    def __init__(self, n_issuers: int, n_years: int, setting: PanelSetting, seed: int) -> None:
        self.n_years = n_years
        self.setting = setting
        self.stream = Stream(seed, 1)
        self.prose = Prose(Stream(seed, 2))
        self._units = count(len(SKELETON) + len(simulated_words("section")))
        self.issuers = _appoint_issuers(n_issuers, self.stream)
        self.formulas = [*self._deal_sentences(), *self._deal_headings()]
        self.copies: list[tuple[Standing, Standing]] = []
        self.due: dict[tuple[int, int], list[tuple[int, list[Standing]]]] = defaultdict(list)
        for _ in range(round(setting.copies_per_report * n_issuers * n_years) if n_issuers > 1 else 0):
            self._deal_copy()

    def new(self, text: str, layer: str = "own") -> Standing:
        """Return a sentence that stands nowhere yet."""
        return Standing(text, next(self._units), layer=layer)

    def edit(self, text: str, rate: float) -> tuple[str, int]:
        """Return a text with this share of its Han characters edited, one at least, and how many are; none at 0."""
        n_edits = max(1, round(rate * count_han(text))) if rate else 0
        return edit_characters(text, n_edits, self.stream), n_edits

    def draw_section(self) -> int:
        """Return a section; six of ten times it is the first."""
        return self.stream.pick(_SECTION_WEIGHTS)

    def _deal_sentences(self) -> Iterator[Stock]:
        """Yield the stock sentences with the issuers that use each.

        Seven of ten uses come from sentences whose document frequency over issuers falls from 0.8 of all by the power
        3/4 of their rank, in the manner of Zipf; the others from regional sentences with ``MIN_ISSUERS`` to 40 issuers.
        """
        n_issuers, stream = len(self.issuers), self.stream
        least = min(MIN_ISSUERS, n_issuers)
        wanted = self.setting.formulas_per_report * n_issuers
        used = 0
        for rank in count(1):
            if used >= wanted:
                return
            if used < _ZIPF_SHARE * wanted:
                # Roots are exact on every machine, other powers are not.
                n = max(least, round(_COMMONEST * n_issuers / (sqrt(rank) * sqrt(sqrt(rank)))))
            else:
                n = stream.between(least, max(least, min(_MOST_REGIONAL, n_issuers)))
            used += n
            issuers = tuple(stream.sample(n_issuers, n))
            text = self.prose.sentence("stock")
            yield Stock(text, next(self._units), "sentence", "formula", self.draw_section(), issuers)

    def _deal_headings(self) -> Iterator[Stock]:
        """Yield the stock headings of the first section: four to six an issuer, the first of a bank most often."""
        n_issuers, stream = len(self.issuers), self.stream
        users: list[set[int]] = [set() for _ in range(max(6, min(40, n_issuers // 3)))]
        for issuer in range(n_issuers):
            chosen: set[int] = set()
            wanted = stream.between(4, 6)
            while len(chosen) < wanted:
                number = stream.draw()
                chosen.add(int(number * number * len(users)))
            for one in chosen:
                users[one].add(issuer)
        for issuers in users:
            while 0 < len(issuers) < min(MIN_ISSUERS, n_issuers):
                issuers.add(stream.below(n_issuers))
            if issuers:
                text = self.prose.heading()
                yield Stock(text, next(self._units), "heading", "formula", issuers=tuple(sorted(issuers)))

    def _deal_copy(self) -> None:
        """Let an issuer take over a passage of another one's report of the same year or of one before."""
        stream, n_issuers = self.stream, len(self.issuers)
        source = stream.below(n_issuers)
        taker = (source + 1 + stream.below(n_issuers - 1)) % n_issuers
        year, section = stream.below(self.n_years), self.draw_section()
        passage = [self.new(self.prose.sentence("timeless"), "shared") for _ in range(stream.between(2, 6))]
        rate = stream.pick(self.setting.edit_rates)
        moved = stream.chance(MOVED)
        copies = []
        for one in passage:
            text, n_edits = self.edit(one.text, rate)
            copies.append(replace(one, text=text, n_edits=n_edits, rate=rate, moved=moved))
        self.copies += zip(passage, copies, strict=True)
        order = list(range(len(copies)))
        while moved and order == sorted(order):
            order = stream.order(len(order)).tolist()
        self.due[source, year].append((section, passage))
        later = stream.between(year, self.n_years - 1)
        self.due[taker, later].append((section, [copies[number] for number in order]))


def _appoint_issuers(n: int, stream: Stream) -> list[Issuer]:
    """Return n issuers, in random order: one bureau a place, a second one only where the places do not suffice."""
    issuers = (Issuer(*place, office) for office in simulated_words("office") for place in invent_places(n))
    chosen = list({issuer.name: issuer for issuer in issuers}.values())
    if n > len(chosen):
        raise CorpusError(f"n_issuers={n}: the places and their bureaus make {len(chosen)} at most")
    return [chosen[number] for number in stream.order(n).tolist()]


def invent_places(n: int) -> list[tuple[str, str, str]]:
    """Return n invented places, fewer where the names run out: province, prefecture and county, empty for a prefecture.

    No division of China has a name of a first and a second of these characters; a test keeps it so.
    """
    names = [
        first + second for first in simulated_words("name character") for second in simulated_words("second character")
    ]
    places: list[tuple[str, str, str]] = []
    province = prefecture = ""
    for at, number in enumerate(Stream(0).order(len(names)).tolist()):
        within = at % _NAMES_IN_A_PROVINCE
        if within == 0:
            province = names[number] + "省"
            continue
        county = ""
        if within % _PLACES_IN_A_PREFECTURE == 1:
            prefecture = names[number] + "市"
        else:
            county = names[number] + "区县县"[within % 3]
        places.append((province, prefecture, county))
    return places[:n]
