"""Where shared passages end, and that each is told once."""

from __future__ import annotations

import numpy as np

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.reuse.passage_ends import drop_repeated


def test_passages_that_end_as_one_are_told_once() -> None:
    places = np.array([(5, 20, 40, 55), (5, 20, 40, 56), (5, 20, 40, 55), (6, 20, 40, 55), (5, 20, 40, 56)])
    ones = np.ones(len(places), dtype=np.int64)
    found = Alignments(ones, *places.T, matched=15 * ones, longest=15 * ones)
    kept = drop_repeated(found)
    assert list(zip(kept.p_start, kept.p_end, kept.q_start, kept.q_end, strict=True)) == [
        (5, 20, 40, 55),
        (5, 20, 40, 56),
        (6, 20, 40, 55),
    ]
    assert len(drop_repeated(found.choose(np.zeros(len(places), dtype=bool)))) == 0
