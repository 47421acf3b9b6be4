"""The published measures: by hand, against the boilerplate table, and below their least sizes."""

from __future__ import annotations

import numpy as np
import pytest
from making import BUNDLED, make_report

import corpus
from corpus.errors import CorpusError
from corpus.report.reports import Reports

LANG, DYER = "boilerplate_lang_2015_adapted", "boilerplate_dyer_2017_adapted"


def panel(*texts: tuple[str, int, str]) -> Reports:
    """Return reports from (issuer, year, text)."""
    items = tuple(
        make_report(f"{issuer}-{year}", text, issuer=issuer, year_reviewed=year, level="county")
        for issuer, year, text in texts
    )
    return Reports(items, lexicon=BUNDLED.lexicon)


def values_of(reports: Reports, name: str) -> list[float]:
    table = corpus.measure_boilerplate(reports, by="measure", names=[name], allow_small=True)
    return [round(value, 9) for value in table["value"]]


def test_lang_takes_phrases_that_are_common_but_not_in_all() -> None:
    everywhere, common, own = "a1 b1 c1 d1。", "a2 b2 c2 d2。", "a3 b3 c3 d3。"
    texts = [everywhere + common, everywhere + common, everywhere + "a4 b4 c4 d4。", everywhere + own * 21]
    reports = panel(*((f"局{n}", 2020, text) for n, text in enumerate(texts)))
    # a3 b3 c3 d3 stands 21 times in 4 reports, 5.25 times on average; a1 b1 c1 d1 in all of them.
    assert values_of(reports, LANG) == [0.5, 0.5, 0, round(21 / 22, 9)]
    less_often = panel(*((f"局{n}", 2020, text.replace(own * 21, own * 19)) for n, text in enumerate(texts)))
    assert values_of(less_often, LANG) == [0.5, 0.5, 0, 0]


def test_dyer_counts_issuers_of_the_year_once() -> None:
    phrase = "a1 b1 c1 d1。"
    reports = panel(
        ("局1", 2020, phrase), ("局2", 2020, phrase), ("局3", 2020, phrase + "a2 b2 c2 d2。"), ("局4", 2020, "a3 b3。"),
        ("局1", 2021, phrase), ("局2", 2021, "a4 b4 c4 d4。"), ("局3", 2021, "a5 b5 c5 d5。"),
    )  # fmt: skip
    assert values_of(reports, DYER) == [1, 1, 0.5, 0, 0, 0, 0]


def test_sticky_looks_at_the_issuer_s_report_on_the_year_before() -> None:
    long = "a1 b1 c1 d1 e1 f1 g1 h1。"
    reports = panel(("局1", 2019, long), ("局1", 2020, f"{long}a2 b2 c2 d2 e2 f2 g2 h2。"), ("局2", 2020, long))
    values = values_of(reports, "sticky_dyer_2017_adapted")
    assert values[1] == 0.5 and np.isnan([values[0], values[2]]).all()
    table = corpus.measure_boilerplate(reports, by="measure", names=["sticky_dyer_2017_adapted"])
    assert table["note"].str.contains("no report of the issuer on the year before").tolist() == [True, False, True]


def test_redundancy_counts_all_places_of_a_sentence() -> None:
    reports = panel(("局1", 2020, "a1 b1 c1。a1 b1,c1！a2 b2 c2。"), ("局2", 2020, "a1 b1 c1。"))
    assert values_of(reports, "redundancy_dyer_2017_adapted") == [round(6 / 9, 9), 0]


def test_entities_and_numbers_are_held_against_words() -> None:
    reports = panel(("局1", 2020, "召开会议3次，扶持20万元，于8月中旬公布。"))
    n_words = len(corpus.tabulate_words(reports))
    assert values_of(reports, "specificity_dyer_2017_adapted") == [round(2 / n_words, 9)]
    assert values_of(reports, "hard_information_dyer_2017_adapted") == [round(2 / n_words, 9)]


def test_content_of_a_report_like_its_peers_is_standard() -> None:
    texts = ["加强法治宣传教育。推进依法行政。"] * 3 + ["科技企业研发投入增长。"]
    reports = panel(*((f"局{n}", 2020, text) for n, text in enumerate(texts)))
    standard = values_of(reports, "standard_content_hanley_2010_adapted")
    informative = values_of(reports, "informative_content_hanley_2010_adapted")
    assert standard[3] == pytest.approx(0) and informative[3] == pytest.approx(1)
    assert informative[0] < 0.6 < standard[0]
    same = panel(*((f"局{n}", 2020, texts[0]) for n in range(3)))
    assert values_of(same, "standard_content_hanley_2010_adapted") == [1, 1, 1]
    assert values_of(same, "informative_content_hanley_2010_adapted") == pytest.approx([0, 0, 0])


def test_content_leaves_the_issuer_s_own_reports_out_of_its_peers() -> None:
    reports = panel(
        ("局1", 2020, "加强法治宣传教育。"), ("局1", 2020, "加强法治宣传教育。"), ("局2", 2020, "科技企业研发投入。")
    )
    assert values_of(reports, "standard_content_hanley_2010_adapted") == pytest.approx([0, 0, 0])


def test_five_reports_are_too_few_and_are_marked_where_it_is_allowed() -> None:
    with pytest.raises(CorpusError, match="needs 10 reports and there are 5"):
        corpus.measure_boilerplate(BUNDLED, by="measure")
    with pytest.raises(CorpusError, match="needs 5 issuers on 2019 and there are 1"):
        corpus.measure_boilerplate(BUNDLED, by="measure", names=[DYER])
    table = corpus.measure_boilerplate(BUNDLED, by="measure", allow_small=True)
    assert len(table) == 5 * 10 and table["name"].str.endswith("_adapted").all()
    notes = table.set_index(["name", "report_id"])["note"]
    assert notes[LANG, "qinan-2020"] == "below the least size: 5 of 10 reports; no interval: fewer than 20 issuers"
    assert "no other issuer" in notes[DYER, "yiyuan-2022"]
    assert (table["denominator"] > 300).all()
    explained = table[table["value"].isna()]["note"]
    assert explained.str.contains("no other issuer|no report of the issuer").all()
    shares = table[table["segment"] == "sentence"]["value"].dropna()
    assert shares.between(0, 1).all()


def test_reports_that_cannot_be_measured_say_why() -> None:
    assert corpus.measure_boilerplate(Reports((), lexicon=BUNDLED.lexicon), by="measure", allow_small=True).empty
    unknown = Reports((make_report("a", "加强法治宣传教育。"), make_report("b", "")), lexicon=BUNDLED.lexicon)
    table = corpus.measure_boilerplate(unknown, by="measure", allow_small=True)
    assert table.loc[(table["name"] == DYER) & (table["report_id"] == "a"), "note"].item().startswith("year unknown")
    assert table.loc[table["report_id"] == "b", "value"].isna().all()


def test_a_measure_that_is_not_there_is_refused() -> None:
    with pytest.raises(CorpusError, match="no published measure is called 'fog'"):
        corpus.measure_boilerplate(BUNDLED, by="measure", names=["fog"])
