"""Whether two reports share more than chance."""

from __future__ import annotations

import numpy as np
import pytest
from making import make_report, make_reports

import corpus
from corpus.analysis.comparison.pair_columns import ChanceSetting, deal_out
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
    names = "沂源县科学技术局", "山东省沂源县科学技术局"
    two = [
        make_report(f"s{n}", "甲乙丙。", issuer=name, adcode=370323, province="山东省", county="沂源县")
        for n, name in enumerate(names)
    ]
    with pytest.raises(CorpusError, match="沂源县科学技术局 has 2 of these reports"):
        corpus.compare_reports(Reports((*two, *items[:19])), chance=True)
    for wrong in ({"passage_chars": 0}, {"n_permutations": 0}):
        with pytest.raises(CorpusError, match="must be 1 or more"):
            ChanceSetting(**wrong)


def test_a_report_that_shares_much_with_all_shares_no_more_with_any() -> None:
    chance = np.random.default_rng(2)
    formulas = ["".join(chance.choice(HAN, 30)) + "。" for _ in range(60)]
    own = [["".join(chance.choice(HAN, 30)) + "。" for _ in range(30)] for _ in range(24)]
    # Half of the reports are full of formulas, half of words of their own.
    panel = [[*chance.choice(formulas, 30, replace=False), *rest[:5]] if n < 12 else rest for n, rest in enumerate(own)]
    panel = [[*rest, *chance.choice(formulas, 3, replace=False)] for rest in panel]
    shares = shares_of(as_reports(panel), ChanceSetting(passage_chars=1, n_permutations=99))
    assert (shares <= 0.05).mean() < 0.08
