"""How a simulated panel is composed, and what its issuers share, dealt out before any report is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from math import sqrt

from corpus.analysis.simulation.prose import Prose, count_han, edit_characters
from corpus.analysis.simulation.randomness import Stream
from corpus.errors import CorpusError


@dataclass(frozen=True, slots=True)
class PanelSetting:
    """The composition of a simulated panel.

    Attributes
    ----------
    first_year : int
        The year that the first report of each issuer reviews.
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
    leftovers_per_report : float
        Mean number of planted leftovers in a report, and of sentences that only look like one.

    Examples
    --------
    >>> import corpus
    >>> corpus.validation.PanelSetting(edit_rates=(0.2, 0.3)).edit_rates
    (0.2, 0.3)
    """

    first_year: int = 2015
    length_chars: int = 4_000
    formulas_per_report: float = 14.0
    copies_per_report: float = 0.6
    edit_rates: tuple[float, ...] = (0.0, 0.02, 0.05, 0.10, 0.15)
    carried: tuple[float, float] = (0.2, 0.8)
    leftovers_per_report: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no panel can be made of."""
        low, high = self.carried
        if not 0 <= low <= high <= 1:
            raise CorpusError(f"PanelSetting: carried={self.carried} are no two shares from 0 to 1, the lower first")
        if not self.edit_rates or not all(0 <= rate <= 0.5 for rate in self.edit_rates):
            raise CorpusError(f"PanelSetting: edit_rates={self.edit_rates}: give one or more rates from 0 to 0.5")
        if not 1950 <= self.first_year <= 2050:
            raise CorpusError(f"PanelSetting: first_year={self.first_year} is no year from 1950 to 2050")
        if self.length_chars < 1_000:
            raise CorpusError("PanelSetting: length_chars is 1,000 or more")
        for setting in fields(self):
            if setting.name.endswith("per_report") and not 0 <= getattr(self, setting.name) <= self.length_chars / 100:
                value = getattr(self, setting.name)
                raise CorpusError(f"PanelSetting: {setting.name}={value} is not from 0 to a hundredth of length_chars")


MIN_ISSUERS = 3
"""From how many issuers on a passage is a formula; what stands in fewer, but in two at least, is shared."""
VARIANTS = 0.3
"""Share of issuers that use a stock sentence with one or two characters edited."""
KEPT, RENUMBERED = 0.5, 0.25
"""Shares of the sentences used again that stay word for word or differ in figures only; the others are reworded. A
sentence that names the year is never kept, and one without figures never renumbered."""
MOVED = 0.1
"""Share of the passages used again, and of those taken over, that stand in another part or in another order."""
N_SECTIONS = 4
MEASURES = 0
"""The section with sub-headings. The others are shortcomings, the first person responsible, and the plan."""
_SECTION_WEIGHTS = (0, 0, 0, 0, 0, 0, 1, 2, 3, 3)

_COMMONEST = 0.8
_ZIPF_SHARE = 0.7
_MOST_REGIONAL = 40
_HEADINGS_A_REPORT = (4, 6)


@dataclass(frozen=True, slots=True)
class Formula:
    """A stock sentence, or a stock heading of the first section, and the issuers that use it."""

    number: int
    template: str
    is_heading: bool
    section: int
    issuers: tuple[int, ...]


@dataclass(slots=True)
class Copy:
    """A shared passage as one issuer has it.

    ``order`` are the numbers of its sentences in the source, ``rows`` their rows in the truth, once written.
    """

    sentences: list[str]
    order: list[int]
    section: int
    rate: float
    n_edits: list[int]
    moved: bool
    rows: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage in two or more issuers: the source, and a copy in each of the others, by (issuer, year)."""

    source: tuple[int, int]
    original: Copy
    copies: dict[tuple[int, int], Copy]

    def standing(self) -> Iterator[tuple[tuple[int, int], Copy]]:
        """Yield (issuer, year) of the source and of each copy, with the sentences there."""
        yield self.source, self.original
        yield from self.copies.items()

    def lead_back(self, note: Callable[[int, int], None]) -> None:
        """Note of every row of a copy from which row of the source it was made."""
        for copy in self.copies.values():
            for row, number in zip(copy.rows, copy.order, strict=True):
                note(row, self.original.rows[number])


def draw_section(stream: Stream) -> int:
    """Return a section; six of ten times it is the first."""
    return stream.pick(_SECTION_WEIGHTS)


def deal_formulas(n_issuers: int, setting: PanelSetting, prose: Prose, stream: Stream) -> list[Formula]:
    """Return the stock of a panel with the issuers that use each.

    Seven of ten uses come from sentences whose document frequency over issuers falls from 0.8 of all by the power 3/4
    of their rank, in the manner of Zipf; the others from regional sentences with ``MIN_ISSUERS`` to 40 issuers.
    Headings are drawn from a small bank, the first ones most often.
    """
    least = min(MIN_ISSUERS, n_issuers)
    wanted = setting.formulas_per_report * n_issuers
    formulas: list[Formula] = []

    def add(n: int) -> int:
        number = len(formulas)
        issuers = tuple(stream.sample(n_issuers, n))
        formulas.append(Formula(number, prose.sentence("stock"), False, draw_section(stream), issuers))
        return n

    used = 0
    while used < _ZIPF_SHARE * wanted:
        # Roots are exact on every machine, other powers are not.
        rank = len(formulas) + 1
        used += add(max(least, round(_COMMONEST * n_issuers / (sqrt(rank) * sqrt(sqrt(rank))))))
    while used < wanted:
        used += add(stream.between(least, max(least, min(_MOST_REGIONAL, n_issuers))))
    return [*formulas, *_deal_headings(n_issuers, len(formulas), least, prose, stream)]


def _deal_headings(n_issuers: int, first: int, least: int, prose: Prose, stream: Stream) -> list[Formula]:
    n_headings = max(_HEADINGS_A_REPORT[1], min(40, n_issuers // 3))
    users: list[list[int]] = [[] for _ in range(n_headings)]
    for issuer in range(n_issuers):
        chosen: set[int] = set()
        wanted = stream.between(*_HEADINGS_A_REPORT)
        while len(chosen) < wanted:
            number = stream.draw()
            chosen.add(int(number * number * n_headings))
        for number in sorted(chosen):
            users[number].append(issuer)
    for issuers in users:
        lacking = [issuer for issuer in range(n_issuers) if issuer not in set(issuers)] if len(issuers) < least else []
        issuers += [lacking[at] for at in stream.sample(len(lacking), least - len(issuers))] if lacking else []
    return [
        Formula(first + number, prose.heading(), True, MEASURES, tuple(sorted(issuers)))
        for number, issuers in enumerate(users)
    ]


def deal_passages(size: tuple[int, int], setting: PanelSetting, prose: Prose, stream: Stream) -> list[SharedPassage]:
    """Return the passages that stand in two issuers, or in up to ``MIN_ISSUERS - 1``, with every copy of each.

    A copy is made in the year of its source or later. It has 0 to 15% of its Han characters edited (``edit_rates``),
    and where it is moved it stands in another section or has its sentences in another order.
    """
    n_issuers, n_years = size
    if n_issuers < 2:
        return []
    wanted = round(setting.copies_per_report * n_issuers * n_years)
    passages = []
    while wanted > 0:
        n_copies = min(wanted, stream.between(1, MIN_ISSUERS - 2), n_issuers - 1)
        wanted -= n_copies
        source, *takers = _different(n_issuers, n_copies + 1, stream)
        year = stream.below(n_years)
        sentences = [prose.sentence("timeless") for _ in range(stream.between(2, 6))]
        order = list(range(len(sentences)))
        original = Copy(sentences, order, draw_section(stream), 0.0, [0] * len(order), False)
        copies = {
            (taker, stream.between(year, n_years - 1)): _copy(original, stream.pick(setting.edit_rates), stream)
            for taker in takers
        }
        passages.append(SharedPassage((source, year), original, copies))
    return passages


def _different(n: int, k: int, stream: Stream) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < k:
        number = stream.below(n)
        if number not in chosen:
            chosen.append(number)
    return chosen


def _copy(original: Copy, rate: float, stream: Stream) -> Copy:
    section, order = original.section, original.order
    moved = stream.chance(MOVED)
    if moved and stream.chance(0.5):
        while section == original.section:
            section = stream.below(N_SECTIONS)
    elif moved:
        while order == original.order:
            order = stream.order(len(order)).tolist()
    lengths = [count_han(sentence) for sentence in original.sentences]
    n_edits = [0] * len(lengths)
    for _ in range(round(rate * sum(lengths))):
        place = stream.below(sum(lengths))
        number = 0
        while place >= lengths[number]:
            place -= lengths[number]
            number += 1
        n_edits[number] += 1
    sentences = [
        edit_characters(sentence, edits, stream) for sentence, edits in zip(original.sentences, n_edits, strict=True)
    ]
    return Copy(
        [sentences[number] for number in order], order, section, rate, [n_edits[number] for number in order], moved
    )
