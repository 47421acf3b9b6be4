"""How many edits lead from one text to another: exact counts over characters or words, bit-parallel.

A column of the table of edits is held in one whole number of Python, with a bit for each element of the first text,
so that an element of the second costs a few operations on numbers instead of a loop (Myers 1999; Hyyrö 2003, 2004).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence


def count_edits(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the least number of insertions, deletions and substitutions that turn one sequence into the other.

    The distance of Levenshtein (1966), exact. Range 0 (equal sequences) to the length of the longer one, in elements;
    symmetric. Computed as in Myers (1999, Journal of the ACM 46:395-415) with the simpler steps of Hyyrö (2003,
    Nordic Journal of Computing 10:29-39); the work grows with the product of the lengths, divided by the bits of a
    machine word.

    Parameters
    ----------
    a, b : str or sequence of words
    """
    a, b = _without_equal_ends(a, b)
    if not a or not b:
        return max(len(a), len(b))
    places = _places(a)
    everywhere, last = (1 << len(a)) - 1, 1 << len(a) - 1
    distance, rises, falls = len(a), everywhere, 0
    for element in b:
        equal = places.get(element, 0)
        diagonal = equal | falls
        across = (((equal & rises) + rises) ^ rises) | equal
        rises_across = falls | (everywhere & ~(across | rises))
        falls_across = rises & across
        if rises_across & last:
            distance += 1
        elif falls_across & last:
            distance -= 1
        rises_across = rises_across << 1 | 1
        rises = (falls_across << 1 | ~(diagonal | rises_across)) & everywhere
        falls = rises_across & diagonal & everywhere
    return distance


def count_common(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the length of the longest sequence whose elements stand in both, in this order, with gaps.

    The longest common subsequence, exact, as in Hyyrö (2004, AWOCA). Range 0 to the length of the shorter one, in
    elements; symmetric. What a comparison line by line (diff) deletes and adds is what does not belong to it.

    Parameters
    ----------
    a, b : str or sequence of words
    """
    n_elements = len(a)
    a, b = _without_equal_ends(a, b)
    places = _places(a)
    everywhere = (1 << len(a)) - 1
    open_ = everywhere
    for element in b:
        met = open_ & places.get(element, 0)
        open_ = ((open_ + met) | (open_ - met)) & everywhere
    return n_elements - open_.bit_count()


def _places(a: Sequence[Hashable]) -> dict[Hashable, int]:
    """Return for each element the places at which it stands, as the bits of a number."""
    bits: dict[Hashable, bytearray] = {}
    for place, element in enumerate(a):
        if element not in bits:
            bits[element] = bytearray(len(a) // 8 + 1)
        bits[element][place // 8] |= 1 << place % 8
    return {element: int.from_bytes(own, "little") for element, own in bits.items()}


def _without_equal_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
    """Return the two sequences without what they begin and end with alike, which no best way of editing touches."""
    shortest = min(len(a), len(b))
    start = 0
    while start < shortest and a[start] == b[start]:
        start += 1
    end = 0
    while end < shortest - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return a[start : len(a) - end], b[start : len(b) - end]
