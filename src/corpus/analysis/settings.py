"""The parameters of the published measures of boilerplate, with the published values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from corpus.analysis.wording import TextUnit
from corpus.values import FACTS, CorpusError


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise CorpusError(message)


@dataclass(frozen=True, slots=True)
class LangSetting:
    """Which phrases are boilerplate after Lang & Stice-Lawrence (2015).

    Attributes
    ----------
    unit : {"word", "character"}
    n : int
        Units of a phrase within a sentence.
    min_share : float
        A phrase is boilerplate if at least this share of the issuers has it …
    min_mean_count : float
        … or if it stands at least so often in a report on average,
    max_share : float
        unless at least this share of the issuers has it: those are prescribed, or the language itself.
    """

    unit: TextUnit = "word"
    n: int = 4
    min_share: float = 0.30
    min_mean_count: float = 5.0
    max_share: float = 0.75

    least_reports: ClassVar[int] = 10

    def __post_init__(self) -> None:
        _check(self.n >= 1, f"n={self.n}: a phrase has 1 unit or more")
        _check(0 <= self.min_share <= 1, f"min_share={self.min_share} is no share")
        _check(self.max_share >= 0, f"max_share={self.max_share} is below 0")


@dataclass(frozen=True, slots=True)
class DyerSetting:
    """Which phrases are boilerplate, and which are sticky, after Dyer, Lang & Stice-Lawrence (2017).

    Attributes
    ----------
    unit : {"word", "character"}
    n : int
        Units of a phrase within a sentence, for boilerplate.
    min_share : float
        A phrase is boilerplate if at least this share of the issuers has it in reports on the same year.
    sticky_n : int
        Units of a phrase that is sticky if the issuer's report of the year before has it too.
    pool_years : bool
        Whether issuers are counted over all years, which the paper does not do.
    """

    unit: TextUnit = "word"
    n: int = 4
    min_share: float = 0.75
    sticky_n: int = 8
    pool_years: bool = False

    least_issuers: ClassVar[int] = 5

    def __post_init__(self) -> None:
        _check(self.n >= 1 and self.sticky_n >= 1, f"n={self.n}, sticky_n={self.sticky_n}: a phrase has 1 unit or more")
        _check(0 < self.min_share <= 1, f"min_share={self.min_share} is no share above 0")


@dataclass(frozen=True, slots=True)
class ContentSetting:
    """Which reports are peers for standard and informative content.

    Attributes
    ----------
    group : str
        Name of the fact that near peers share, in place of the industry.
    pool_years : bool
        Whether reports on any year are peers, not only those on the same year.
    """

    group: str = "level"
    pool_years: bool = False

    least_issuers: ClassVar[int] = 5

    def __post_init__(self) -> None:
        _check(self.group in FACTS, f"group={self.group!r} is no fact of a report; the facts are {', '.join(FACTS)}")


@dataclass(frozen=True, slots=True)
class PublishedSettings:
    """The parameters of all published measures; by default those that were published."""

    lang: LangSetting = LangSetting()
    dyer: DyerSetting = DyerSetting()
    content: ContentSetting = ContentSetting()


PUBLISHED = PublishedSettings()
