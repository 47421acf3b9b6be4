"""How wide words are before they are drawn, and names that keep to the room there is."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.publishing.style import MM_PER_INCH

_LETTER_EM = 0.55


def count_ems(words: str) -> float:
    """Return about how many Chinese characters the words are wide; a letter or a digit is half as wide as one."""
    return sum(1.0 if ord(character) > 0x2E7F or character in "…“”‘’—" else _LETTER_EM for character in words)


def em_mm(size: float) -> float:
    """Return how many millimetres a Chinese character of a size in points is wide."""
    return size / 72 * MM_PER_INCH


def shorten(words: str, room: float) -> str:
    """Return words that are at most so many Chinese characters wide, with … for what is left out."""
    if count_ems(words) <= room:
        return words
    kept = words
    while kept and count_ems(kept) > room - 1:
        kept = kept[:-1]
    return f"{kept}…"


def shorten_name(label: str, room: float) -> str:
    """Return the label of a report in so many ems; what is left out is left out of the place, not of the year."""
    place, _, year = label.rpartition(" ")
    if not (place and year.isdigit()):
        return shorten(label, room)
    return f"{shorten(place, max(2.0, room - count_ems(f' {year}')))} {year}"


def widest_ems(names: Sequence[str]) -> float:
    """Return how many ems the widest line of some names is wide."""
    return max((count_ems(line) for name in names for line in name.split("\n")), default=0.0)


def fold_words(clauses: Sequence[str], room: float, *, between: str) -> list[str]:
    """Join clauses into lines of at most so many ems, as many in a line as fit; none is broken."""
    lines: list[str] = []
    for clause in clauses:
        joined = f"{lines[-1]}{between}{clause}" if lines else clause
        if lines and count_ems(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(clause)
    return lines
