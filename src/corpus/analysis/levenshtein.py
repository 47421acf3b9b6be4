"""How many edits lead from one text to another: the distance of Levenshtein, exact."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from corpus.analysis.subsequences import common_ends, places_of


def count_edits(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """Return the least number of insertions, deletions and substitutions that turn one sequence into the other.

    The distance of Levenshtein (1966). Range 0 (equal sequences) to the length of the longer one, in elements:
    characters of two strings, words of two sequences of words. Symmetric.

    A column of the table of distances is held in three integers, with a bit for each element of the first sequence, so
    that an element of the second costs a few operations on integers (Myers 1999, Journal of the ACM 46:395-415, with
    the simpler steps of Hyyrö 2003, Nordic Journal of Computing 10:29-39).
    """
    head, tail = common_ends(a, b)
    a, b = a[head : len(a) - tail], b[head : len(b) - tail]
    if not a or not b:
        return max(len(a), len(b))
    where = places_of(a)
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    distance, rises, falls = len(a), full, 0
    for element in b:
        equal = where.get(element, 0)
        diagonal = equal | falls
        across = (((equal & rises) + rises) ^ rises) | equal
        rises_across = falls | (full & ~(across | rises))
        falls_across = rises & across
        if rises_across & last:
            distance += 1
        elif falls_across & last:
            distance -= 1
        rises_across = rises_across << 1 | 1
        rises = (falls_across << 1 | ~(diagonal | rises_across)) & full
        falls = rises_across & diagonal & full
    return distance
