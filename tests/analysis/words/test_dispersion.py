"""How evenly words and phrases are spread over parts of a collection."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import BUNDLED, make_report

import corpus
from corpus.analysis.words.word_tables import score_dispersions
from corpus.errors import CorpusError
from corpus.report.reports import Reports


def dp_of(counts: list[int], sizes: list[int]) -> float:
    """Return normalised DP by its formula."""
    shares = np.array(sizes) / sum(sizes)
    return float(np.abs(np.array(counts) / sum(counts) - shares).sum() / 2 / (1 - shares.min()))


def test_dispersion_by_hand() -> None:
    # Gries 2008: five parts of one size, all occurrences of the first phrase in one of them, of the second in each.
    phrases, parts = np.array([0] * 5 + [1] * 5), np.array([0] * 5 + [0, 1, 2, 3, 4])
    n_parts, dispersion = score_dispersions(phrases, parts, [1] * 5)
    assert n_parts.tolist() == [1, 5] and dispersion.tolist() == pytest.approx([1, 0])
    assert np.isnan(score_dispersions(np.array([0]), np.array([0]), [7])[1]).all()
    assert len(score_dispersions(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), [1, 2])[1]) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=2, max_size=8))
def test_dispersion_follows_its_formula_and_lies_between_0_and_1(parts: list[tuple[int, int]]) -> None:
    counts, sizes = ([part[side] for part in parts] for side in (0, 1))
    present = [number for number, count in enumerate(counts) if count]
    if present:
        times = np.array([counts[number] for number in present])
        places = np.array(present)
        n_parts, (found,) = score_dispersions(np.zeros_like(places), places, sizes, times=times)
        assert n_parts.tolist() == [len(present)] and -1e-12 <= found <= 1 + 1e-12
        assert found == pytest.approx(dp_of(counts, sizes))
        scaled = score_dispersions(np.zeros_like(places), places, [7 * size for size in sizes], times=3 * times)[1]
        assert scaled.tolist() == pytest.approx([found])


def test_words_are_counted_over_reports_and_issuers() -> None:
    reports = Reports(
        tuple(
            make_report(f"r{number}", text, issuer=issuer)
            for number, (issuer, text) in enumerate(
                (("甲局", "法治，法治。"), ("甲局", "法治。"), ("乙局", "法治，改革。"))
            )
        ),
        lexicon=BUNDLED.lexicon,
    )
    table = corpus.tabulate_words(reports, by="word").set_index("word")
    assert list(table.index) == ["法治", "改革"]
    assert table.loc["法治", ["n_places", "n_reports", "n_issuers"]].tolist() == [4, 3, 2]
    assert table.loc["法治", "dispersion"] == pytest.approx(dp_of([3, 1], [3, 2]))
    # All of it stands with the issuer that has the least text.
    assert table.loc["改革", ["n_issuers", "dispersion"]].tolist() == [1, pytest.approx(1)]


def test_words_by_word_sum_up_the_words_by_place() -> None:
    places, words = (
        corpus.tabulate_words(BUNDLED, role="measures"),
        corpus.tabulate_words(BUNDLED, role="measures", by="word"),
    )
    counted = places.groupby("word").agg(n_places=("start", "size"), n_reports=("report_id", "nunique"))
    pd.testing.assert_frame_equal(words.set_index("word")[["n_places", "n_reports"]].sort_index(), counted.sort_index())
    assert words["n_places"].is_monotonic_decreasing
    assert list(corpus.tabulate_words(BUNDLED[:0], by="word").columns) == list(words.columns)
    assert corpus.tabulate_words(BUNDLED[:1], by="word")["dispersion"].isna().all()
    with pytest.raises(CorpusError, match="by='report': words are tabulated by place, word, candidate"):
        corpus.tabulate_words(BUNDLED, by="report")  # type: ignore[arg-type]


def test_dispersion_of_formulas_counts_the_reports_of_an_issuer_together() -> None:
    texts = (("局1", "甲乙丙丁戊己"), ("局1", "甲乙丙丁戊己"), ("局2", "甲乙丙丁戊己天地玄黄宇宙"))
    reports = Reports(tuple(make_report(f"r{n}", text, issuer=issuer) for n, (issuer, text) in enumerate(texts)))
    table = corpus.find_formulas(reports)
    assert table[["key", "n_issuers", "n_places"]].to_numpy().tolist() == [["甲乙丙丁戊己", 2, 3]]
    assert table["dispersion"].item() == pytest.approx(dp_of([2, 1], [12, 12]))
