"""Reports as bags of terms: which n-grams or words each has, how often, and what two bags have in common.

A bag is a row of a sparse matrix. What two reports share is worked out pair by pair, for the pairs that are asked for,
so that neither a table of reports by reports nor one of reports by terms is ever made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.gram_numbers import holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.words.segmentation import split_words, tokenizer_for
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bags:
    """The terms of several reports, each with a weight.

    Attributes
    ----------
    firsts : array of int
        Where the terms of each report begin in the two arrays below, and, at the end, how many terms there are.
    terms : array of int
        Numbers of the terms from 0, ascending within a report.
    weights : array of float
        The weight of each term in its report; not negative.
    n_terms : int
        How many numbers of terms there are.
    """

    firsts: IntArray
    terms: IntArray
    weights: FloatArray
    n_terms: int

    @property
    def owners(self) -> IntArray:
        """Position of the report that each term stands in."""
        return np.repeat(np.arange(len(self.firsts) - 1), np.diff(self.firsts))

    def sums(self, weights: FloatArray) -> FloatArray:
        """Return the sum over the terms of each report."""
        return np.bincount(self.owners, weights=weights, minlength=len(self.firsts) - 1).astype(np.float64)


def bag_words(reports: Reports, chosen: Sequence[Report], *, role: Role | None = None) -> Iterator[Counter[str]]:
    """Yield how often each word stands in each of the chosen reports, cut with the lexicon of ``reports``."""
    tokenizer = tokenizer_for(reports, (report.text for report in chosen))
    return (Counter(word.word for word in split_words(report, tokenizer, role=role)) for report in chosen)


def lay_bags(bags: Iterable[Mapping[Any, float]]) -> tuple[list[Any], Bags]:
    """Lay bags of terms, given by their names, beside each other; return the names by number too."""
    numbers: dict[Any, int] = {}
    rows = []
    for bag in bags:
        terms = np.array([numbers.setdefault(term, len(numbers)) for term in bag], dtype=np.int64)
        order = np.argsort(terms)
        rows.append((terms[order], np.array(list(bag.values()), dtype=np.float64)[order]))
    firsts = np.cumsum([0, *(len(terms) for terms, _ in rows)])
    terms, weights = (np.concatenate([np.zeros(0), *(row[side] for row in rows)]) for side in (0, 1))
    return list(numbers), Bags(firsts, terms.astype(np.int64), weights, len(numbers))


def bag_grams(reports: Reports, n: int, *, role: Role | None = None) -> tuple[IntArray, Bags]:
    """Return how many distinct n-grams of ``key`` each report has, and which of those that stand in two or more.

    Grams that stand in one report alone are counted and then left out: no other report can share them.
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    grams, owners = holders(row, number_grams(row.units, n))
    sizes = np.bincount(owners, minlength=len(reports))
    is_common = np.bincount(grams) > 1
    common = is_common[grams]
    grams, owners = np.cumsum(is_common)[grams[common]] - 1, owners[common]
    order = np.argsort(owners, kind="stable")
    firsts = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=len(reports)))])
    return sizes, Bags(firsts, grams[order], np.broadcast_to(np.float64(1), grams.shape), int(is_common.sum()))


def weigh_terms(counts: Bags, n_holders: IntArray, *, n_reports: int) -> Bags:
    """Return the bags weighted by TF-IDF as Loughran & McDonald (2011, Journal of Finance 66:35-65) do.

    w = (1 + ln tf) / (1 + ln mean tf of the report) * ln(N / df); 0 for a term that every report has.

    Parameters
    ----------
    counts : Bags
        How often each term stands in each report.
    n_holders : array of int
        In how many reports of the reference collection each term stands, 1 or more.
    n_reports : int
        Reports of the reference collection.
    """
    sizes = np.maximum(np.diff(counts.firsts), 1)
    means = counts.sums(counts.weights) / sizes
    scales = 1 + np.log(np.where(means > 0, means, 1))
    rarity = np.log(n_reports / n_holders)
    return replace(counts, weights=(1 + np.log(counts.weights)) / scales[counts.owners] * rarity[counts.terms])


def count_shared(bags: Bags, first: IntArray, second: IntArray) -> IntArray:
    """Return how many terms both reports have, for pairs of positions of reports.

    The work of a pair grows with the terms of its second report.
    """
    counts = np.zeros(len(first), dtype=np.int64)
    marked = np.zeros(bags.n_terms, dtype=np.bool_)
    for own, others in _by_first(bags, first, second):
        marked[bags.terms[own]] = True
        for place, other in others:
            counts[place] = np.count_nonzero(marked.take(bags.terms[other]))
        marked[bags.terms[own]] = False
    return counts


def multiply_pairs(bags: Bags, first: IntArray, second: IntArray) -> FloatArray:
    """Return the sum, over the terms that both reports have, of the product of their weights."""
    products = np.zeros(len(first))
    spread = np.zeros(bags.n_terms)
    for own, others in _by_first(bags, first, second):
        spread[bags.terms[own]] = bags.weights[own]
        for place, other in others:
            products[place] = spread.take(bags.terms[other]) @ bags.weights[other]
        spread[bags.terms[own]] = 0
    return products


def _by_first(bags: Bags, first: IntArray, second: IntArray) -> Iterator[tuple[slice, list[tuple[int, slice]]]]:
    """Yield the terms of each first report with the place of each of its pairs and the terms of the second."""
    rows = [slice(start, end) for start, end in pairwise(bags.firsts.tolist())]
    order = np.argsort(first, kind="stable")
    bounds = np.flatnonzero(np.diff(first[order], prepend=-1, append=-1)).tolist()
    for start, end in pairwise(bounds):
        places = order[start:end]
        others = [rows[other] for other in second[places].tolist()]
        yield rows[first[places[0]]], list(zip(places.tolist(), others, strict=True))


def cosine_pairs(bags: Bags, first: IntArray, second: IntArray) -> FloatArray:
    """Return the cosine of each pair: 0 where one has no weight, 1 where neither has."""
    lengths = np.sqrt(bags.sums(bags.weights * bags.weights))
    scales = lengths[first] * lengths[second]
    both_without_weight = (lengths[first] == lengths[second]).astype(np.float64)
    cosines = np.divide(multiply_pairs(bags, first, second), scales, out=both_without_weight, where=scales > 0)
    capped: FloatArray = np.minimum(cosines, 1)
    return capped
