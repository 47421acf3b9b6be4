"""The table of administrative divisions (行政区划): every name that a code of GB/T 2260 had since 2006.

The loader reads it from data/places/divisions.csv; the README beside it says where it comes from and what its years
mean. The analyses take it from ``reports.lexicon.divisions``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from corpus.values import CorpusError

Level = Literal["province", "prefecture", "county"]


class Division(NamedTuple):
    """One row of the table: a name that a code had for some years.

    Attributes
    ----------
    code : str
        Six digits of GB/T 2260.
    name : str
        Official name: 沂源县, 恩施土家族苗族自治州.
    level : {"province", "prefecture", "county"}
    parent_code : str
        Code of the prefecture, or of the province where nothing stands between; empty for provinces.
    valid_from, valid_until : int or None
        First and last year in some part of which the name was in force; None: before 2006, and still.
    successor_codes : tuple of str
        What took its place.
    short_names : tuple of str
        Shortened, with the unit: 恩施州.
    stem : str
        Without unit: 恩施; empty where that is a word or could mislead: 朝阳, 和.
    """

    code: str
    name: str
    level: Level
    parent_code: str
    valid_from: int | None
    valid_until: int | None
    successor_codes: tuple[str, ...]
    short_names: tuple[str, ...]
    stem: str

    def years_away(self, year: int) -> int:
        """Return how many years lie between ``year`` and the years in which the name was in force, 0 within them."""
        if self.valid_from is not None and year < self.valid_from:
            return self.valid_from - year
        if self.valid_until is not None and year > self.valid_until:
            return year - self.valid_until
        return 0

    def lies_in(self, other: Division) -> bool:
        """Tell whether ``other`` is the prefecture or the province of this division."""
        return other.code == self.parent_code or other.code == self.code[:2] + "0000" != self.code


class Divisions:
    """The table with its indexes.

    Attributes
    ----------
    rows : tuple of Division
        In the order of their codes.
    names : dict of str to tuple of Division
        By official name and by short name with unit.
    stems : dict of str to tuple of Division
        By name without unit.
    endings : dict of str to tuple of int
        By the last two characters of a name in ``names``: the lengths such names have, longest first.
    stem_lengths : tuple of int
        The lengths of all stems, longest first.
    stem_starts, stem_ends : dict of str to tuple of int
        By the first and by the last two characters of a stem: the lengths such stems have, longest first.
    """

    def __init__(self, rows: Iterable[Division]) -> None:
        self.rows = tuple(rows)
        self.names: dict[str, tuple[Division, ...]] = {}
        self.stems: dict[str, tuple[Division, ...]] = {}
        self._codes: dict[str, tuple[Division, ...]] = {}
        for row in self.rows:
            self._codes[row.code] = (*self._codes.get(row.code, ()), row)
            for name in (row.name, *row.short_names):
                self.names[name] = (*self.names.get(name, ()), row)
            if row.stem:
                self.stems[row.stem] = (*self.stems.get(row.stem, ()), row)
        self.endings = _lengths((name[-2:], name) for name in self.names)
        self.stem_starts = _lengths((stem[:2], stem) for stem in self.stems)
        self.stem_ends = _lengths((stem[-2:], stem) for stem in self.stems)
        self.stem_lengths = tuple(sorted({len(stem) for stem in self.stems}, reverse=True))

    def named(self, name: str) -> tuple[Division, ...]:
        """Return the divisions that ever had this name: official or short with unit; failing that, without unit."""
        return self.names.get(name) or self.stems.get(name, ())

    def coded(self, code: str, *, year: int) -> Division:
        """Return what a code stood for in a year, at its end where it changed; else what is nearest in time.

        Raises
        ------
        CorpusError
            If no division ever had the code.
        """
        if code not in self._codes:
            raise CorpusError(f"no division of China has had the code {code!r} since 2006")
        return min(self._codes[code], key=lambda row: (row.years_away(year), -(row.valid_from or 0)))


def _lengths(names: Iterable[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    """Return, by the given part of a name, the lengths that such names have, longest first."""
    found: dict[str, set[int]] = defaultdict(set)
    for part, name in names:
        found[part].add(len(name))
    return {part: tuple(sorted(lengths, reverse=True)) for part, lengths in found.items()}
