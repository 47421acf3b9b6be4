"""How a simulated panel is composed: every share and rate that its truth depends on."""

from __future__ import annotations

from dataclasses import dataclass, fields

from corpus.values import CorpusError


@dataclass(frozen=True, slots=True)
class PanelSetting:
    """The composition of a simulated panel.

    Attributes
    ----------
    first_year : int
        The year that the first report of each issuer reviews.
    length_chars : int
        Mean length of a report in characters; issuers differ by up to a quarter.
    min_issuers : int
        From how many issuers on a passage is a formula; what stands in fewer, but in two at least, is shared.
    formulas_per_report : float
        Mean number of stock sentences in a report, stock headings not counted.
    variants : float
        Share of issuers that use a stock sentence with one or two characters edited.
    copies_per_report : float
        Mean number of passages of two to six sentences that a report takes over from a peer.
    edit_rates : tuple of float
        Edited characters to Han characters of a passage that is taken over from a peer, each rate equally often, and of
        one that is reworded from year to year, where 0 is left out.
    carried : tuple of (float, float)
        Lowest and highest share of its own sentences that an issuer uses again in the next year.
    kept, renumbered : float
        Shares of the sentences used again that stay word for word or differ in figures only; the others are reworded.
        A sentence that names the year is never kept, and one without figures never renumbered.
    moved : float
        Share of the passages used again, and of those taken over, that stand in another part or in another order.
    leftovers_per_report : float
        Mean number of planted leftovers in a report, and of sentences that only look like one.
    """

    first_year: int = 2015
    length_chars: int = 4_000
    min_issuers: int = 3
    formulas_per_report: float = 14.0
    variants: float = 0.3
    copies_per_report: float = 0.6
    edit_rates: tuple[float, ...] = (0.0, 0.02, 0.05, 0.10, 0.15)
    carried: tuple[float, float] = (0.2, 0.8)
    kept: float = 0.5
    renumbered: float = 0.25
    moved: float = 0.1
    leftovers_per_report: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what no panel can be made of."""
        shares = (self.variants, self.kept, self.renumbered, self.moved, self.kept + self.renumbered, *self.carried)
        if len(self.carried) != 2 or self.carried[0] > self.carried[1] or not all(0 <= share <= 1 for share in shares):
            raise CorpusError(
                "PanelSetting: variants, kept, renumbered, moved and both values of carried are shares from 0 to 1, "
                "kept and renumbered together at most 1"
            )
        if not self.edit_rates or not all(0 <= rate <= 0.5 for rate in self.edit_rates):
            raise CorpusError(f"PanelSetting: edit_rates={self.edit_rates}: give one or more rates from 0 to 0.5")
        if not 1950 <= self.first_year <= 2050:
            raise CorpusError(f"PanelSetting: first_year={self.first_year} is no year from 1950 to 2050")
        if self.length_chars < 1_000 or self.min_issuers < 2:
            raise CorpusError("PanelSetting: length_chars is 1,000 or more and min_issuers 2 or more")
        for field in fields(self):
            if field.name.endswith("per_report") and not 0 <= getattr(self, field.name) <= self.length_chars / 100:
                value = getattr(self, field.name)
                raise CorpusError(f"PanelSetting: {field.name}={value} is not from 0 to a hundredth of length_chars")
