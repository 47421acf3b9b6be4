"""Where shared passages end, and that each is told once."""

from __future__ import annotations

import numpy as np

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.reuse.passage_ends import are_told_before


def test_passages_that_end_as_one_are_told_once() -> None:
    places = np.array([(5, 20, 40, 55), (5, 20, 40, 56), (5, 20, 40, 55), (6, 20, 40, 55), (5, 20, 40, 56)])
    ones = np.ones(len(places), dtype=np.int64)
    found = Alignments(ones, *places.T, matched=15 * ones, longest=15 * ones)
    assert are_told_before(found).tolist() == [False, False, True, False, True]
    assert len(are_told_before(found.choose(np.zeros(len(places), dtype=bool)))) == 0
