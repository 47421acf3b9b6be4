"""Numbers of n-grams are exact and stay inside their stretch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_report, make_reports

from corpus.analysis.index.unit_row import (
    count_reports,
    distinct,
    holders,
    lay_in_row,
    mark_covered,
    number_grams,
    row_of_keys,
)
from corpus.errors import CorpusError

TOKENS = st.lists(st.lists(st.integers(1, 3), max_size=12), min_size=1, max_size=5)


def lay(stretches: list[list[int]]):  # type: ignore[no-untyped-def]
    arrays = [np.array(stretch, dtype=np.int64) for stretch in stretches]
    return lay_in_row(arrays, list(range(len(arrays))), [np.arange(len(array)) for array in arrays])


@given(TOKENS, st.integers(1, 9))
def test_equal_numbers_mean_equal_grams_and_their_order(stretches: list[list[int]], n: int) -> None:
    row = lay(stretches)
    codes = number_grams(row.tokens, n).tolist()
    grams = [tuple(row.tokens[place : place + n].tolist()) for place in range(len(row.tokens))]
    whole = {place for place, gram in enumerate(grams) if len(gram) == n and 0 not in gram}
    assert {place for place, code in enumerate(codes) if code >= 0} == whole
    ordered = sorted({grams[place] for place in whole})
    assert all(ordered[codes[place]] == grams[place] for place in whole)


def test_numbers_stay_exact_with_a_large_alphabet() -> None:
    # Two codes of 13 bits fill 26, two of those 52, and two of those no longer fit into an integer.
    rng = np.random.default_rng(1)
    tokens = rng.integers(1, 8000, 5000)
    tokens[4000:] = tokens[:1000]
    codes = number_grams(np.append(tokens, 0), 11)[:-11]
    assert len(set(codes.tolist())) == len({tuple(tokens[place : place + 11]) for place in range(len(tokens) - 10)})
    assert codes[4000] == codes[0] and codes[4001] != codes[0]


@given(TOKENS, st.integers(1, 4))
def test_reports_are_counted_once_each(stretches: list[list[int]], n: int) -> None:
    row = lay(stretches)
    counts = count_reports(number_grams(row.tokens, n), row.owners)
    for place, count in enumerate(counts.tolist()):
        gram = row.tokens[place : place + n].tolist()
        whole = len(gram) == n and 0 not in gram
        having = sum(
            any(stretch[start : start + n] == gram for start in range(len(stretch) - n + 1)) for stretch in stretches
        )
        assert count == (having if whole else 0)


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 6))
def test_covered_tokens_are_those_of_the_marked_grams(starts: list[bool], n: int) -> None:
    covered = mark_covered(np.array(starts), n)
    expected = [any(starts[max(0, place - n + 1) : place + 1]) for place in range(len(starts))]
    assert covered.tolist() == expected


def test_key_characters_lie_in_the_row_with_their_places() -> None:
    reports = make_reports("甲,乙。丙", "乙")
    row = row_of_keys(reports, [[(0, 4), (4, 5)], [(0, 1)]])
    assert row.owners.tolist() == [-1, 0, 0, 0, 0, 0, 1, 1]
    assert row.stretches.tolist() == [-1, 0, 0, 0, 1, 1, 2, 2]
    assert (row.tokens > 0).tolist() == [False, True, True, False, True, False, True, False]
    assert row.places[row.tokens > 0].tolist() == [0, 1, 2, 0]
    assert row.tokens[2] == row.tokens[6] != row.tokens[1]


def test_nothing_in_the_row_is_no_gram() -> None:
    for reports in ([], [make_report("a", "")]):
        row = row_of_keys(reports, [report.regions() for report in reports])
        codes = number_grams(row.tokens, 3)
        assert (codes == -1).all() and (count_reports(codes, row.owners) == 0).all()
        assert all(len(column) == 0 for column in holders(codes, row.owners))
    assert len(distinct(np.zeros(0, dtype=np.int64))) == 0


def test_a_gram_of_no_token_is_refused() -> None:
    with pytest.raises(CorpusError, match="n is 1 or more"):
        number_grams(np.zeros(3, dtype=np.int64), 0)
