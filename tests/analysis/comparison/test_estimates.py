"""Intervals for shares of one report that another has."""

from __future__ import annotations

import numpy as np
import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.intervals import LEAST_STRETCHES, estimate_containment, estimate_coverage
from corpus.analysis.resampling import SEED, interval_of_ratio

HAN = [chr(code) for code in range(0x4E00, 0x5600)]


def make_panel(n_shared: int, n_sentences: int, *, seed: int) -> list[str]:
    """Return two texts of sentences, of which so many, spread evenly, stand in both."""
    chance = np.random.default_rng(seed)
    sentences = ["".join(chance.choice(HAN, 20)) + "。" for _ in range(2 * n_sentences)]
    own, other = sentences[:n_sentences], sentences[n_sentences:]
    for place in np.linspace(0, n_sentences - 1, n_shared).round().astype(int):
        other[place] = own[place]
    return ["".join(own), "".join(other)]


def test_share_is_the_containment_and_lies_in_its_interval() -> None:
    reports = make_reports(*make_panel(15, 60, seed=1))
    table = estimate_containment(reports, n=8)
    pair = corpus.compare_reports(reports, n=8).iloc[0]
    assert table["share"].tolist() == pytest.approx([pair["containment_a_in_b"], pair["containment_b_in_a"]])
    assert (table["low"] < table["share"]).all() and (table["share"] < table["high"]).all()
    assert (table["n_sentences"].tolist(), table["n_stretches"].tolist()) == ([60, 60], [15, 15])
    assert {name: value for name, value in table.attrs.items() if name != "table"} == {
        "n": 8,
        "level": 0.95,
        "n_draws": 1000,
        "seed": SEED,
    }


def test_same_interval_every_time_and_whatever_else_is_asked() -> None:
    one, other = make_panel(20, 60, seed=2)
    alone = estimate_containment(make_reports(one, other))
    among = estimate_containment(make_reports(one, other, "甲乙丙丁戊己庚辛。" * 9))
    assert alone.equals(among.iloc[:2])


def test_no_interval_where_few_places_count() -> None:
    table = estimate_containment(make_reports(*make_panel(LEAST_STRETCHES - 1, 60, seed=3)))
    assert table[["low", "high"]].isna().all(axis=None) and table["share"].notna().all()
    assert estimate_containment(corpus.load_reports())["low"].isna().all()
    nothing = estimate_containment(make_reports("甲乙", "甲乙丙丁戊己庚辛"))
    assert nothing["share"].isna().tolist() == [True, False] and nothing["n_sentences"].tolist() == [0, 1]


def test_coverage_is_the_share_of_characters_in_passages() -> None:
    reports = make_reports(*make_panel(12, 48, seed=4))
    table = estimate_coverage(reports, corpus.find_reuse(reports))
    assert table["share"].tolist() == pytest.approx([12 / 48] * 2)
    assert table["low"].between(0.05, 0.25).all() and table["high"].between(0.25, 0.5).all()
    assert estimate_coverage(reports, corpus.find_reuse(make_reports("甲"))).empty


def test_intervals_hold_the_share_they_were_drawn_from() -> None:
    chance = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        wholes = chance.integers(10, 50, 100)
        parts = wholes * (chance.random(100) < 0.3)
        low, high = interval_of_ratio(parts, wholes, n_draws=200)
        held += low <= 0.3 <= high
    assert 175 <= held <= 198


def test_share_of_flagged_passages_has_an_interval_only_where_enough_stretches_are_flagged() -> None:
    reports = make_reports(*make_panel(15, 60, seed=1), make_panel(3, 60, seed=4)[0])
    scores = corpus.score_boilerplate(reports)
    table = corpus.estimate_boilerplate(scores)
    assert table["share_flagged"].tolist() == corpus.share_boilerplate(scores)["share_flagged"].tolist()
    assert table["n_stretches"].tolist() == [15, 15, 0]
    assert (table["low"] < table["share_flagged"]).tolist() == [True, True, False]
    assert table["high"].isna().tolist() == [False, False, True]
