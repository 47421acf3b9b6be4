"""Which administrative division a printed name means in a year."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from corpus.field.data_files import load_divisions
from corpus.field.divisions import Division, Divisions, Level, Mention, find_places

__all__ = ["Division", "Divisions", "Evidence", "Mention", "Place", "find_places", "load_divisions", "place", "resolve"]


class Evidence(NamedTuple):
    """How often a text names the places above a division.

    ``adjacent``: directly before the division's name; ``parent``: anywhere, the place directly above it;
    ``province``: anywhere, its province, where that is not the parent.
    """

    adjacent: int = 0
    parent: int = 0
    province: int = 0


class Place(NamedTuple):
    """A division and the places above it, by the names they had in the year asked for.

    ``prefecture`` is None for provinces, for what lies in the four municipalities, and for counties directly under a
    province; ``county`` is None for provinces and prefectures. ``in_year`` is False where the name was not in force
    in that year.
    """

    code: str
    name: str
    level: Level
    province: str
    prefecture: str | None
    county: str | None
    in_year: bool
    evidence: Evidence


def resolve(
    name: str, table: Divisions, *, year: int | None = None, mentions: Sequence[Mention] = ()
) -> tuple[Place, ...]:
    """Return what a printed name can mean in a year, narrowed by the other places that the text names.

    Parameters
    ----------
    name : str
        As printed: 龙岗区, 恩施州, 沂源, or with places above it, 深圳市龙岗区.
    table : Divisions
    year : int, optional
        Year the text is about. Names in force at some time in that year come first; failing those, the nearest in
        time, with ``in_year`` False. Where a place kept its name and changed its code in that year, the new code is
        given. Without a year each name counts with its latest code.
    mentions : sequence of Mention
        What `find_places` found in the text.

    Returns
    -------
    tuple of Place
        One where the name is unique or the text decides, all that remain where it does not, none where the name is
        unknown; in the order of their codes. A text decides by a place above the division directly before its name;
        else by the parent, then the province, if named at least twice as often as that of every other candidate.
    """
    inner: list[Mention] = []
    candidates = table.named(name)
    if not candidates:
        inner = find_places(name, table, short=True)
        if not inner or inner[-1].end != len(name):
            return ()
        name, candidates = inner[-1].text, inner[-1].divisions
    above = [
        before.divisions
        for before, after in (*pairwise(inner), *pairwise(mentions))
        if before.end == after.start and after.text == name
    ]
    elsewhere = [{other.code for other in mention.divisions} for mention in (*inner, *mentions) if mention.text != name]
    weighed = {row: _weigh(row, above, elsewhere) for row in candidates}
    spoken_for = [row for row in candidates if weighed[row].adjacent]
    chosen = _in_force(spoken_for or candidates, year)
    for kind in range(len(Evidence._fields)):
        chosen = _most_named(chosen, [weighed[row][kind] for row in chosen])
    return tuple(_place(row, table, year, weighed[row]) for row in chosen)


def place(division: Division, table: Divisions, *, year: int | None = None) -> Place:
    """Return a division and the places above it, by the names they had in ``year``, or have now."""
    return _place(division, table, year, Evidence())


def _place(division: Division, table: Divisions, year: int | None, evidence: Evidence) -> Place:
    last = division.valid_until or 9999
    moment = last if year is None else min(max(year, division.valid_from or 0), last)
    names: dict[str, str] = {division.level: division.name}
    code = division.parent_code
    while code:
        above = table.coded(code, year=moment)
        names[above.level] = above.name
        code = above.parent_code
    return Place(
        division.code,
        division.name,
        division.level,
        names["province"],
        names.get("prefecture"),
        names.get("county"),
        year is None or division.years_away(year) == 0,
        evidence,
    )


def _in_force(candidates: Sequence[Division], year: int | None) -> list[Division]:
    """Return the candidates nearest to the year, without those whose name passed to another code by its end."""
    nearest = min(row.years_away(year) for row in candidates) if year is not None else 0
    near = [row for row in candidates if year is None or row.years_away(year) == nearest]
    begun = {(row.name, row.code[:2], row.valid_from) for row in near}
    return [row for row in near if row.valid_until is None or (row.name, row.code[:2], row.valid_until) not in begun]


def _weigh(row: Division, above: Sequence[tuple[Division, ...]], elsewhere: Sequence[set[str]]) -> Evidence:
    province = row.code[:2] + "0000"
    return Evidence(
        sum(any(row.lies_in(other) for other in divisions) for divisions in above),
        sum(row.parent_code in codes for codes in elsewhere),
        sum(province in codes for codes in elsewhere) if province != row.parent_code else 0,
    )


def _most_named(candidates: list[Division], counts: Sequence[int]) -> list[Division]:
    """Keep the one named twice as often as any other, else all that are named at all, else all."""
    ordered = sorted(counts, reverse=True)
    if len(ordered) < 2 or not ordered[0]:
        return candidates
    least = ordered[0] if ordered[0] >= 2 * ordered[1] else 1
    return [row for row, count in zip(candidates, counts, strict=True) if count >= least]
