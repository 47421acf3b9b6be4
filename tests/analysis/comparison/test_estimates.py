"""Intervals for shares of one report that another has."""

from __future__ import annotations

import numpy as np
import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.intervals import LEAST_STRETCHES
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
    table = corpus.compare_reports(reports, n=8, intervals=True)
    pair = table.iloc[0]
    for share in ("containment_a_in_b", "containment_b_in_a"):
        assert pair[f"{share}_low"] < pair[share] < pair[f"{share}_high"] and pair[f"{share}_n_stretches"] == 15
    assert pair[["n_gram_sentences_a", "n_gram_sentences_b"]].tolist() == [60, 60]
    assert {name: table.attrs[name] for name in ("n", "level", "n_draws", "seed")} == {
        "n": 8,
        "level": 0.95,
        "n_draws": 1000,
        "seed": SEED,
    }


def test_same_interval_every_time_and_whatever_else_is_asked() -> None:
    one, other = make_panel(20, 60, seed=2)
    alone = corpus.compare_reports(make_reports(one, other), intervals=True)
    among = corpus.compare_reports(
        make_reports(one, other, "甲乙丙丁戊己庚辛。" * 9), intervals=True, pairs=[("b", "a")]
    )
    for name in ("", "_low", "_high", "_n_stretches"):
        for measure in ("containment", "coverage"):
            columns = [f"{measure}_a_in_b{name}", f"{measure}_b_in_a{name}"]
            assert alone.loc[0, columns].tolist() == among.loc[0, columns[::-1]].tolist()


def test_no_interval_where_few_places_count() -> None:
    ends = [f"containment_{sides}_{end}" for sides in ("a_in_b", "b_in_a") for end in ("low", "high")]
    for reports in (make_reports(*make_panel(LEAST_STRETCHES - 1, 60, seed=3)), corpus.load_reports()):
        table = corpus.compare_reports(reports, intervals=True)
        assert table[ends].isna().all(axis=None) and table["containment_a_in_b"].notna().all()
    nothing = corpus.compare_reports(make_reports("甲乙", "甲乙丙丁戊己庚辛"), intervals=True).iloc[0]
    assert nothing[["n_gram_sentences_a", "n_gram_sentences_b"]].tolist() == [0, 1] and nothing[ends].isna().all()


def test_coverage_is_the_share_of_characters_in_passages() -> None:
    reports = make_reports(*make_panel(12, 48, seed=4))
    pair = corpus.compare_reports(reports, intervals=True).iloc[0]
    for share in ("coverage_a_in_b", "coverage_b_in_a"):
        assert pair[share] == pytest.approx(12 / 48)
        assert 0.05 < pair[f"{share}_low"] < 0.25 < pair[f"{share}_high"] < 0.5
    assert pair[["n_sentences_a", "n_sentences_b"]].tolist() == [48, 48]
    nothing = corpus.compare_reports(make_reports("甲乙丙丁戊己。", "子丑寅卯辰巳。"), intervals=True).iloc[0]
    assert nothing[["coverage_a_in_b", "coverage_b_in_a_n_stretches"]].tolist() == [0, 0]
    assert corpus.compare_reports(make_reports("甲"), intervals=True).empty


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
    table = corpus.measure_boilerplate(reports, intervals=True)
    assert table["share_flagged"].tolist() == corpus.measure_boilerplate(reports)["share_flagged"].tolist()
    assert table["n_stretches"].tolist() == [15, 15, 0]
    assert (table["low"] < table["share_flagged"]).tolist() == [True, True, False]
    assert table["high"].isna().tolist() == [False, False, True]
