"""What the library knows of the field beyond the reports: vocabulary, script, dated terms, places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from corpus.divisions import Divisions
from corpus.values import CountingUnit


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the field knows of its words; the loader fills it, the analyses take it from ``reports.lexicon``.

    Attributes
    ----------
    words : tuple of str
        Terms of the field that the segmentation of words must keep whole.
    stop_words : tuple of str
        Words without content that word clouds and keyness leave out.
    units : tuple of CountingUnit
        What numbers count or measure.
    set_numbers : tuple of str
        Names with numbers in them that count nothing (三重一大, 五位一体, 12.4).
    acts : tuple of str
        Laws, regulations, plans and meetings that are known, by the forms in which texts name them.
    kinds : mapping of str to str
        What each term that is known is: law, regulation, plan, organ, meeting, slogan, campaign, practice, genre …
    surnames : tuple of str
    exhortations : tuple of str
        Words with which the genre urges and praises (加强, 深入, 进一步).
    accomplishments : tuple of str
        Words that say that something was done (已, 完成, 召开).
    simplified : mapping of str to str
        The simplified character of each traditional one, where it is one for one.
    chronology : tuple of mapping
        Dated laws, plans, slogans, campaigns and organs, as `corpus.load_chronology` returns them.
    divisions : Divisions
        The table of administrative divisions.
    """

    words: tuple[str, ...] = ()
    stop_words: tuple[str, ...] = ()
    units: tuple[CountingUnit, ...] = ()
    set_numbers: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    surnames: tuple[str, ...] = ()
    exhortations: tuple[str, ...] = ()
    accomplishments: tuple[str, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    simplified: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False, hash=False)
    chronology: tuple[Mapping[str, str], ...] = field(default=(), repr=False, hash=False)
    divisions: Divisions = field(default_factory=lambda: Divisions(()), repr=False, hash=False)
