"""Keyness by hand, and what rose and fell between years."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from making import BUNDLED, make_report

import corpus
from corpus.analysis.words.word_tables import log_odds, log_ratio, signed_g2
from corpus.analysis.years import terms_by_year
from corpus.analysis.years.terms_by_year import compare_years, deal_out_years, false_discovery_rates
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports

COUNTS = st.tuples(st.integers(0, 50), st.integers(50, 500), st.integers(0, 50), st.integers(50, 500))


def test_g2_by_hand() -> None:
    # 10 of 100 words against 10 of 300; expected 5 and 15, and 95 and 285 other words.
    expected = 2 * (10 * math.log(2) + 10 * math.log(10 / 15) + 90 * math.log(90 / 95) + 290 * math.log(290 / 285))
    assert float(signed_g2(10, 100, other_count=10, other_n_words=300)) == pytest.approx(expected)
    assert expected == pytest.approx(6.10875, abs=1e-5)
    assert float(signed_g2(10, 300, other_count=10, other_n_words=100)) == pytest.approx(-expected)


def test_g2_of_a_term_that_one_text_lacks() -> None:
    # Only the cells with an occurrence count: 5 ln 2 + 95 ln(95/97.5) + 100 ln(100/97.5).
    expected = 2 * (5 * math.log(2) + 95 * math.log(95 / 97.5) + 100 * math.log(100 / 97.5))
    assert float(signed_g2(5, 100, other_count=0, other_n_words=100)) == pytest.approx(expected)
    assert float(signed_g2(0, 100, other_count=0, other_n_words=100)) == 0


def test_log_ratio_by_hand() -> None:
    assert float(log_ratio(9.5, 99, other_count=2, other_n_words=99)) == pytest.approx(2)
    assert float(log_ratio(1, 199, other_count=0, other_n_words=99)) == pytest.approx(math.log2(1.5))
    assert float(log_ratio(3, 100, other_count=3, other_n_words=100)) == 0


def test_log_odds_by_hand() -> None:
    # With the prior 10 of 108 words against 3 of 208: ln(10 / 98) - ln(3 / 205), 1/10 + 1/3.
    found = log_odds(8, 98, other_count=1, other_n_words=198, prior=2, prior_words=10)
    assert float(found.delta) == pytest.approx(math.log(10 / 98) - math.log(3 / 205))
    assert float(found.variance) == pytest.approx(1 / 10 + 1 / 3)
    assert float(found.z) == pytest.approx(float(found.delta) / math.sqrt(1 / 10 + 1 / 3))


def test_log_odds_draw_what_is_rare_to_nothing() -> None:
    rare, common = (
        log_odds(n, 1000, other_count=0, other_n_words=1000, prior=1, prior_words=1000).z.item() for n in (1, 20)
    )
    assert 0 < rare < 1 < common


def _chances(rates: list[float], years: list[int], issuers: list[int]) -> tuple[list[float], list[float]]:
    n = len(rates)
    z, chance = deal_out_years(
        np.zeros(n, dtype=np.int64), np.arange(n), np.array(rates), np.array(years), np.array(issuers)
    )
    return z[0].tolist(), chance[0].tolist()


def test_years_dealt_out_by_hand() -> None:
    # Of four reports of one year each, two have the word: the sum of two of 1, 1, 0, 0 is 1 on average, with the
    # variance 2 * 2 / 4 * (1 / 3) = 1/3; there are six ways.
    z, chance = _chances([1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 2, 3])
    assert z == pytest.approx([math.sqrt(3), -math.sqrt(3)])
    assert chance == pytest.approx([1 / 6] * 2)
    # Of an issuer with two years either may have the word: 0 or 1, with the variance 1/4; ten issuers, 1024 ways.
    z, chance = _chances([1, 0] * 10, [0, 1] * 10, sorted([*range(10)] * 2))
    assert z[0] == pytest.approx(5 / math.sqrt(10 / 4)) and chance[0] == pytest.approx(math.erfc(math.sqrt(5)))


def test_a_word_that_one_report_repeats_is_one_observation() -> None:
    one = _chances([50, 0, 0, 0, 0, 0, 0, 0], [0, 1] * 4, [*range(8)])
    assert one[0][0] == pytest.approx(1) and one[1][0] == pytest.approx(0.3173, abs=1e-4)
    assert _chances([3] * 8, [0, 1] * 4, [*range(8)]) == ([0, 0], [1, 1])


def test_false_discoveries_by_hand() -> None:
    # Sorted: .01, .02, .03, .5 times 4/1, 4/2, 4/3, 4/4 is .04, .04, .04, .5.
    assert false_discovery_rates([0.5, 0.01, 0.03, 0.02]).tolist() == pytest.approx([0.5, 0.04, 0.04, 0.04])
    assert false_discovery_rates([]).tolist() == []


@given(COUNTS)
def test_keyness_turns_its_sign_with_the_sides(counts: tuple[int, int, int, int]) -> None:
    count, n_words, other_count, other_n_words = counts
    for measure in (signed_g2, log_ratio):
        there = float(measure(count, n_words, other_count=other_count, other_n_words=other_n_words))
        back = float(measure(other_count, other_n_words, other_count=count, other_n_words=n_words))
        assert there == pytest.approx(-back) and math.isfinite(there)
    g2 = float(signed_g2(count, n_words, other_count=other_count, other_n_words=other_n_words))
    assert np.sign(g2) in (0, np.sign(count / n_words - other_count / other_n_words))


def test_keyness_of_many_terms_at_once() -> None:
    many = signed_g2([10, 10], 100, other_count=[10, 3], other_n_words=[300, 100])
    one = [signed_g2(10, 100, other_count=10, other_n_words=300), signed_g2(10, 100, other_count=3, other_n_words=100)]
    assert many.tolist() == [float(value) for value in one]


def panel() -> Reports:
    return Reports(
        (
            make_report("a", "推进普法。学习《科技进步法》(修订)和《监督条例》。", year_reviewed=2019, issuer="甲局"),
            make_report("b", "推进疫情防控。《工作办法》", year_reviewed=2020, issuer="甲局"),
            make_report("c", "推进疫情防控，疫情防控。", year_reviewed=2020, issuer="乙局"),
            make_report("e", "推进。", year_reviewed=2020, issuer="乙局"),
            make_report("d", "学习《科技，进步法》。", issuer="丙局"),
        ),
        lexicon=Lexicon(words=("疫情防控",), stop_words=("和",)),
    )


def test_years_by_hand() -> None:
    table = compare_years(panel())
    assert table.attrs["excluded"] == ["d"]
    by_term = table.set_index(["term", "year_reviewed"])
    row = by_term.loc[("疫情防控", 2020)]
    assert row[["count", "n_words", "n_reports", "n_issuers"]].tolist() == [3, 8, 2, 2]
    assert row["rate_per_1000"] == pytest.approx(3000 / 8)
    assert by_term.loc[("推进", 2020), ["count", "n_reports", "n_issuers"]].tolist() == [3, 3, 2]
    assert row[["first_year", "last_year"]].tolist() == [2020, 2020]
    n_words = by_term.loc[("疫情防控", 2019), "n_words"]
    assert row["g2"] == float(signed_g2(3, 8, other_count=0, other_n_words=n_words)) > 0
    assert row["log_ratio"] == float(log_ratio(3, 8, other_count=0, other_n_words=n_words))
    absent = by_term.loc[("疫情防控", 2019)]
    assert (absent["count"], absent["n_reports"], absent["n_issuers"]) == (0, 0, 0) and absent["g2"] < 0
    assert by_term.loc[("推进", 2019), ["first_year", "last_year"]].tolist() == [2019, 2020]


def test_in_long_tables_rare_words_have_no_rows_for_years_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = compare_years(panel())
    monkeypatch.setattr(terms_by_year, "_MOST_ROWS", 0)
    few = compare_years(panel())
    total = whole.groupby(["kind", "term"])["count"].transform("sum")
    kept = whole[(whole["count"] > 0) | (whole["kind"] != "word") | (total >= 5)]
    assert len(few) < len(whole)
    pd.testing.assert_frame_equal(few, kept.reset_index(drop=True))


def test_n_words_are_all_words_of_the_year_and_stop_words_no_terms() -> None:
    table = compare_years(panel())
    words = corpus.tabulate_words(panel())
    assert table.loc[table["year_reviewed"] == 2019, "n_words"].unique().tolist() == [(words["report_id"] == "a").sum()]
    assert "和" in set(words["word"]) and "和" not in set(table["term"])
    assert not any(term.isdigit() for term in compare_years(BUNDLED)["term"])


def test_what_depends_on_the_cut_is_a_table() -> None:
    table = compare_years(panel(), by="segmentation").set_index(["year_reviewed", "term"])
    whole, piece = table.loc[(2020, "疫情防控")], table.loc[(2020, "疫情")]
    assert (whole["cut_into"], whole["rank"]) == ("疫情 防控", 1) and pd.isna(whole["rank_plain"])
    assert pd.isna(piece["rank"]) and piece["g2_plain"] > 0
    with pytest.raises(CorpusError, match="none of year, segmentation"):
        compare_years(panel(), by="rise")  # type: ignore[arg-type]


def test_a_dictionary_and_stop_words_of_ones_own_are_taken() -> None:
    words = set(compare_years(panel(), dictionary=["推进普法"], stop_words=["学习"])["term"])
    assert "推进普法" in words and "学习" not in words and "疫情防控" in words


def test_laws_and_documents_are_told_apart_as_printed() -> None:
    kinds = compare_years(panel()).drop_duplicates("term").set_index("term")["kind"]
    assert kinds[["科技进步法", "监督条例", "工作办法"]].tolist() == ["law", "law", "document"]
    bundled = compare_years(BUNDLED)
    laws = set(bundled.loc[bundled["kind"] == "law", "term"])
    assert {"促进科技成果转化法", "民法典", "长春市科技创新条例"} <= laws
    assert not any(term.endswith(("办法", "规则", "计划")) for term in laws)


def test_titles_that_differ_in_width_are_one() -> None:
    reports = Reports(
        (
            make_report("a", "《实施纲要(2015-2020年)》法治", year_reviewed=2019),
            make_report("b", "《实施纲要（2015—2020年）》法治", year_reviewed=2020),
        )
    )
    table = compare_years(reports)
    titles = table[table["kind"] == "document"]
    assert titles["term"].tolist() == ["实施纲要(2015-2020年)"] * 2 and titles["count"].tolist() == [1, 1]


def test_every_term_has_a_row_for_every_year_in_order() -> None:
    table = compare_years(BUNDLED)
    assert not table.duplicated(["kind", "term", "year_reviewed"]).any()
    assert table["year_reviewed"].tolist() == [2019, 2020, 2021, 2022] * (len(table) // 4)
    assert (table.groupby(["kind", "term"])["count"].sum() > 0).all()
    seen = table[table["count"] > 0].groupby(["kind", "term"])["year_reviewed"]
    spans = table.drop_duplicates(["kind", "term"]).set_index(["kind", "term"])
    assert (seen.min() == spans["first_year"].sort_index()).all()
    assert (seen.max() == spans["last_year"].sort_index()).all()
    pd.testing.assert_frame_equal(table, compare_years(BUNDLED))


def test_one_role_alone_names_the_reports_that_lack_it() -> None:
    table = compare_years(BUNDLED, role="plan")
    assert table.attrs["excluded"] == [report.report_id for report in BUNDLED if not report.regions("plan")]
    assert len(table) < len(compare_years(BUNDLED))


def test_fewer_than_two_years_are_refused_by_name() -> None:
    with pytest.raises(CorpusError, match=r"these are on 2019; without a year or without words: d$"):
        compare_years(replace(panel(), items=(panel()["a"], panel()["d"])))
    with pytest.raises(CorpusError, match="these are on none"):
        compare_years(Reports(()))
