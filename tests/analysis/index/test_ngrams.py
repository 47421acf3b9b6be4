"""Numbers of n-grams are exact and stay inside their stretch."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import make_report, make_reports

from corpus.analysis.index.gram_numbers import count_holders, distinct, holders, mark_covered, number_grams
from corpus.analysis.index.unit_row import UnitRow, lay_keys, lay_words, number_words
from corpus.errors import CorpusError

UNITS = st.lists(st.lists(st.integers(1, 3), max_size=12), min_size=1, max_size=5)


def lay(stretches: list[list[int]]) -> UnitRow:
    """Lay stretches of words, each of a report of its own."""
    words = [[(place, place + 1, str(word)) for place, word in enumerate(stretch)] for stretch in stretches]
    return lay_words(number_words(words), [[(0, len(stretch))] for stretch in stretches])


@given(UNITS, st.integers(1, 9))
def test_equal_numbers_mean_equal_grams_and_their_order(stretches: list[list[int]], n: int) -> None:
    row = lay(stretches)
    codes = number_grams(row.units, n).tolist()
    grams = [tuple(row.units[place : place + n].tolist()) for place in range(len(row.units))]
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


@given(UNITS, st.integers(1, 4))
def test_reports_are_counted_once_each(stretches: list[list[int]], n: int) -> None:
    row = lay(stretches)
    laid = [row.units[start:end].tolist() for start, end in zip(row.starts, row.ends, strict=True)]
    counts = count_holders(row, number_grams(row.units, n))
    for place, count in enumerate(counts.tolist()):
        gram = row.units[place : place + n].tolist()
        whole = len(gram) == n and 0 not in gram
        having = sum(any(words[start : start + n] == gram for start in range(len(words) - n + 1)) for words in laid)
        assert count == (having if whole else 0)


@given(st.lists(st.booleans(), min_size=1, max_size=20), st.integers(1, 6))
def test_covered_tokens_are_those_of_the_marked_grams(starts: list[bool], n: int) -> None:
    covered = mark_covered(np.array(starts), n)
    expected = [any(starts[max(0, place - n + 1) : place + 1]) for place in range(len(starts))]
    assert covered.tolist() == expected


def test_key_characters_lie_in_the_row_with_their_places() -> None:
    reports = make_reports("甲,乙。丙", "乙")
    row = lay_keys(reports, [[(0, 4), (4, 5)], [(0, 1)]])
    places = np.flatnonzero(row.units)
    assert [column.tolist() for column in row.trace(places)] == [[0, 0, 0, 1], [0, 1, 2, 0]]
    assert row.stretch_of(places).tolist() == row.spread(np.arange(3))[places].tolist() == [0, 0, 1, 2]
    assert [row.units[row.of_report(owner)].tolist() for owner in range(3)] == [
        [ord("甲"), ord("乙"), 0, ord("丙")],
        [ord("乙")],
        [],
    ]


def test_words_lie_in_the_row_where_their_stretches_begin() -> None:
    words = number_words([[(0, 2, "法治"), (2, 4, "政府"), (5, 7, "法治")], [(1, 3, "政府")]])
    assert words.names == ("法治", "政府")
    row = lay_words(words, [[(0, 4), (4, 4), (5, 9)], [(0, 3)]])
    assert (row.ends - row.starts).tolist() == [2, 0, 1, 1]
    places = np.flatnonzero(row.units)
    assert row.units[places].tolist() == [1, 2, 1, 2]
    assert [column.tolist() for column in row.trace(places)] == [[0, 0, 0, 1], [0, 1, 2, 0]]


def test_a_character_beyond_16_bits_is_a_unit_that_no_other_is() -> None:
    reports = make_reports("依法行政𠮷依法", "依法\ufa11𠮶法")
    row = lay_keys(reports, [report.regions() for report in reports])
    keys = "".join(report.key for report in reports)
    assert "𠮷" in keys and row.units.dtype == lay_keys(make_reports("依法"), [[(0, 2)]]).units.dtype
    units = row.units[row.units > 0].tolist()
    assert len(units) == len(keys) and len(set(zip(units, keys, strict=True))) == len(set(keys)) == len(set(units))
    assert [unit for unit, sign in zip(units, keys, strict=True) if ord(sign) < 1 << 16] == [
        ord(sign) for sign in keys if ord(sign) < 1 << 16
    ]


def test_nothing_in_the_row_is_no_gram() -> None:
    for reports in ([], [make_report("a", "")]):
        row = lay_keys(reports, [report.regions() for report in reports])
        codes = number_grams(row.units, 3)
        assert (codes == -1).all() and (count_holders(row, codes) == 0).all()
        assert all(len(column) == 0 for column in holders(row, codes))
    assert len(distinct(np.zeros(0, dtype=np.int64))) == 0


def test_a_gram_of_no_token_is_refused() -> None:
    with pytest.raises(CorpusError, match="n is 1 or more"):
        number_grams(np.zeros(3, dtype=np.int64), 0)
