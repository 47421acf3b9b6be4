"""Whether two reports share more than chance."""

from __future__ import annotations

import numpy as np
import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.comparison.chance import ChanceSetting, deal_out
from corpus.analysis.resampling import deal_with_margins, share_at_least
from corpus.errors import CorpusError
from corpus.report.reports import Reports

HAN = [chr(code) for code in range(0x4E00, 0x5600)]


def make_panel(n_reports: int, *, seed: int, n_common: int = 60) -> list[list[str]]:
    """Return the sentences of reports dealt out of one heap, in which each of ``n_common`` sentences lies twice."""
    chance = np.random.default_rng(seed)
    sentences = ["".join(chance.choice(HAN, chance.integers(12, 40))) + "。" for _ in range(n_reports * 12)]
    sentences[:n_common] = sentences[n_common : 2 * n_common]
    order = chance.permutation(len(sentences))
    return [[sentences[place] for place in order[start::n_reports]] for start in range(n_reports)]


def as_reports(panel: list[list[str]]) -> Reports:
    return Reports(tuple(make_report(f"r{number:02}", "".join(own)) for number, own in enumerate(panel)))


def shares_of(reports: Reports, setting: ChanceSetting) -> np.ndarray:
    return deal_out(reports, *np.triu_indices(len(reports), k=1), setting=setting).share_at_least


def test_shares_are_uniform_where_reports_were_dealt_out() -> None:
    shares = np.concatenate(
        [
            shares_of(as_reports(make_panel(20, seed=seed)), ChanceSetting(passage_chars=1, n_permutations=39))
            for seed in range(6)
        ]
    )
    # Most pairs share nothing, and have a share of 1: what must hold is that small shares are as rare as they say.
    for level in (0.05, 0.1, 0.2):
        assert 0.3 * level < (shares <= level).mean() < 1.3 * level


def test_a_pair_that_shares_much_is_rare_and_a_formula_of_all_is_not() -> None:
    panel = make_panel(21, seed=3, n_common=0)
    formula = "坚持党对法治政府建设的全面领导。"
    panel = [[formula, *own] for own in panel]
    panel[4] += panel[9][3:8]
    setting = ChanceSetting(n_permutations=99, passage_chars=60)
    table = corpus.compare_reports(as_reports(panel), chance=setting)
    by_pair = table.set_index(["report_a", "report_b"])
    assert by_pair["share_at_least"].idxmin() == ("r04", "r09")
    assert by_pair.loc[("r04", "r09"), "share_at_least"] <= 0.02
    assert (by_pair.drop(index=("r04", "r09"))["share_at_least"] > 0.05).all()
    assert table.attrs["n_permutations"] == 99 and "seed" in table.attrs
    again = corpus.compare_reports(as_reports(panel), chance=setting, pairs=[("r04", "r09")])
    columns = ["n_shared_in_sentences", "expected_in_sentences", "share_at_least"]
    assert again.loc[0, columns].tolist() == by_pair.loc[("r04", "r09"), columns].tolist()


def test_nothing_shared_is_no_finding() -> None:
    reports = make_reports(*(chr(0x4E00 + 9 * n) * 9 + "。" for n in range(20)))
    table = corpus.compare_reports(reports, chance=ChanceSetting(n_permutations=3))
    assert (table["share_at_least"] == 1).all() and (table["expected_in_sentences"] == 0).all()


def test_too_few_reports_and_issuers_with_two_are_refused() -> None:
    with pytest.raises(CorpusError, match="5 reports are too few to say what is chance: 20 issuers"):
        corpus.compare_reports(corpus.load_reports(), chance=True)
    items = [make_report(f"r{n}", "甲乙丙。", issuer=f"某{n % 20}县科技局") for n in range(21)]
    with pytest.raises(CorpusError, match="某0县科技局 has 2 of these reports"):
        corpus.compare_reports(Reports(tuple(items)), chance=True)
    for wrong in ({"passage_chars": 0}, {"n_permutations": 0}):
        with pytest.raises(CorpusError, match="must be 1 or more"):
            ChanceSetting(**wrong)


def test_both_margins_are_kept() -> None:
    chance = np.random.default_rng(4)
    holders = np.sort(chance.integers(0, 6, 60))
    held = np.unique(np.stack([np.arange(60).repeat(3), chance.integers(0, 25, 180)], axis=1), axis=0)
    tokens, marks = held.T

    def n_holders(of_marks: np.ndarray) -> list[int]:
        return [len(set(of_marks[marks == mark].tolist())) for mark in range(25)]

    draws = list(deal_with_margins(holders, tokens, marks, n_draws=20))
    assert all(n_holders(now) == n_holders(holders[tokens]) for now in draws)
    assert len({tuple(now.tolist()) for now in draws}) == 20
    again = list(deal_with_margins(holders, tokens, marks, n_draws=20))
    assert all((one == other).all() for one, other in zip(draws, again, strict=True))
    assert not len(next(deal_with_margins(holders, tokens[:0], marks[:0], n_draws=1)))


def test_the_share_counts_the_reports_as_they_are() -> None:
    assert share_at_least(np.array([0, 9]), 9).tolist() == [0.1, 1]
