"""How alike two texts are: pure measures of two texts, given as sets, as bags or in their order.

Each is a similarity from 0 to 1. None depends on the order of its arguments except `containment`, which has a
direction. `corpus.compare_reports` gives them for all pairs of reports.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from corpus.analysis.alignment.common_text import count_edits


def grams(key: str, n: int) -> frozenset[str]:
    """Return the distinct n-grams of a text, usually of ``report.key``; none if it has fewer than n characters."""
    return frozenset(key[start : start + n] for start in range(len(key) - n + 1))


def containment(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return how much of one set lies in another (Broder 1997): c = |A∩B| / |A|.

    Range 0 to 1; 1 when all of ``a`` is in ``b``. It has a direction: containment(a, b) is not containment(b, a).
    Nothing is contained in an empty set, and an empty set in no other; two empty sets are equal and give 1.
    """
    return len(a & b) / len(a) if a else float(not b)


def resemblance(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return how much two sets have in common (Broder 1997): r = |A∩B| / |A∪B|.

    Range 0 to 1; 1 for equal sets, two empty ones included; 0 when nothing is shared. Symmetric. Over the sets of
    words it is the Jaccard similarity of Cohen, Malloy & Nguyen (2020, Journal of Finance 75:1371-1415; definition
    seen second-hand).
    """
    return len(a & b) / len(a | b) if a or b else 1.0


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of weights that are not negative, given by term.

    Range 0 to 1; 1 when the weights are in the same proportion, two vectors without weight included; 0 when they
    share no term, or only one of them has any weight. Symmetric. Over counts of words it is the cosine similarity of
    Cohen, Malloy & Nguyen (2020; definition seen second-hand), over `tfidf_weights` that of Loughran & McDonald (2011).
    """
    length_a, length_b = (math.sqrt(math.fsum(weight * weight for weight in vector.values())) for vector in (a, b))
    if not length_a or not length_b:
        return float(length_a == length_b)
    shared = math.fsum(weight * b[term] for term, weight in a.items() if term in b)
    return min(1.0, shared / (length_a * length_b))


def tfidf_weights(counts: Mapping[str, int], n_holders: Mapping[str, int], *, n_reports: int) -> dict[str, float]:
    """Return the weight of every term of a report (Loughran & McDonald 2011, Journal of Finance 66:35-65).

    w = (1 + ln tf) / (1 + ln mean tf of the report) * ln(N / df). Range 0 and above; 0 for a term that stands in
    every report of the reference collection.

    Parameters
    ----------
    counts : mapping of str to int
        How often each term stands in the report, 1 or more.
    n_holders : mapping of str to int
        In how many reports of the reference collection each term stands (df), 1 or more.
    n_reports : int
        Reports of the reference collection (N).
    """
    if not counts:
        return {}
    scale = 1 + math.log(sum(counts.values()) / len(counts))
    return {
        term: (1 + math.log(count)) / scale * math.log(n_reports / n_holders[term]) for term, count in counts.items()
    }


def minimum_edit(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Return how little must be edited to turn one text into the other: 1 - d / max(|a|, |b|).

    d is the least number of insertions, deletions and substitutions (`count_edits`), of
    characters if the texts are strings, of words if they are sequences of words. The latter is MinEdit of Cohen, Malloy
    & Nguyen (2020; definition seen second-hand), here divided by the longer length so that it ends in 0 and 1.

    Range 0 to 1; 1 for equal texts, two empty ones included; 0 when no element can stay, so for a text against nothing.
    Symmetric. A moved passage counts as deleted and inserted.
    """
    longest = max(len(a), len(b))
    return 1 - count_edits(a, b) / longest if longest else 1.0


def scale_simple(changes: Sequence[float]) -> list[float]:
    """Return Simple of Cohen, Malloy & Nguyen (2020; definition seen second-hand): (c_max - c) / (c_max - c_min).

    It is scaled within the set compared and so belongs to a whole table, not to two texts: the pair that changed least
    has 1, the one that changed most 0, whatever they share. Add a pair, and all values may differ.

    c is what a comparison (diff) strikes out on the one side and adds on the other, in parts of the mean length:
    c = (|a| + |b| - 2 |LCS|) / ((|a| + |b|) / 2), where LCS is the longest common subsequence (`common_length`). They
    count additions, deletions and changes, as Word or diff do; here a changed word is one deletion and one addition,
    so that the count is unique and symmetric.

    Parameters
    ----------
    changes : sequence of float
        c of each pair of the set, 0 (equal) to 2 (nothing in common).

    Returns
    -------
    list of float
        0 to 1. Where all changes are equal there is no scale: 1 if nothing changed in any pair, else NaN.
    """
    if not changes:
        return []
    least, most = min(changes), max(changes)
    if least == most:
        return [math.nan if most else 1.0] * len(changes)
    return [(most - change) / (most - least) for change in changes]
