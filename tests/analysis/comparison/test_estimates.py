"""Intervals for shares of one report that another has."""

from __future__ import annotations

import numpy as np
import pytest
from making import make_reports

import corpus
from corpus.analysis.resampling import LEAST_STRETCHES, estimate_share, interval_of_difference

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
    assert {name: table.attrs[name] for name in ("n", "level")} == {"n": 8, "level": 0.95}


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
    table = corpus.compare_reports(make_reports(*make_panel(LEAST_STRETCHES - 1, 60, seed=3)), intervals=True)
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


def draw_shares(chance: np.random.Generator, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Return passages of which this share counts, in runs of two on average."""
    leaves, enters = 0.5, 0.5 * share / (1 - share)
    counts = [bool(chance.random() < share)]
    for draw in chance.random(99).tolist():
        counts.append(draw >= leaves if counts[-1] else draw < enters)
    wholes = chance.integers(10, 50, 100)
    return wholes * np.array(counts), wholes


def test_intervals_hold_the_share_they_were_drawn_from_and_so_do_those_of_differences() -> None:
    chance = np.random.default_rng(5)
    held, held_difference = 0, 0
    for _ in range(400):
        sides = []
        for share in (0.3, 0.5):
            parts, wholes = draw_shares(chance, share)
            sides.append(estimate_share(parts, wholes)[:3])
            held += sides[-1][1] <= share <= sides[-1][2]
        low, high = interval_of_difference(*sides)
        held_difference += low <= 0.2 <= high
    assert 0.93 <= held / 800 <= 0.98 and 0.93 <= held_difference / 400 <= 0.98


def test_an_interval_is_that_of_wilson_where_passages_are_alike_and_apart() -> None:
    parts = np.array([1, 0, 0, 0] * 25)
    _, low, high, *_ = estimate_share(parts, np.ones(100, dtype=np.int64))
    # Runs of one: no more alike than chance. Wilson's interval of 25 in 100 at Student's t of 98 degrees.
    assert (low, high) == pytest.approx((0.1742, 0.3449), abs=0.002)
    together = np.repeat([1, 0], [5, 15] * 1)
    wider = estimate_share(np.tile(together, 5), np.ones(100, dtype=np.int64))[1:3]
    assert wider[0] < low and wider[1] > high
    assert np.isnan(estimate_share(np.ones(9, dtype=np.int64), np.ones(9, dtype=np.int64))[1:3]).all()


def test_share_of_flagged_passages_has_an_interval_only_where_enough_stretches_are_flagged() -> None:
    reports = make_reports(*make_panel(15, 60, seed=1), make_panel(3, 60, seed=4)[0])
    table = corpus.measure_boilerplate(reports, intervals=True)
    assert table["share_flagged"].tolist() == corpus.measure_boilerplate(reports)["share_flagged"].tolist()
    assert table["n_stretches"].tolist() == [15, 15, 0]
    assert (table["low"] < table["share_flagged"]).tolist() == [True, True, False]
    assert table["high"].isna().tolist() == [False, False, True]
