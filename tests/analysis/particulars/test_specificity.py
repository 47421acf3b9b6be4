"""Specificity of passages: by hand, against the labels, and what each signal carries."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from making import BUNDLED, make_report

import corpus
from corpus.report.reports import Reports

SCORES = corpus.find_particulars(BUNDLED, by="sentence")


def reports_of(*texts: str) -> Reports:
    items = tuple(make_report(f"r{n}", text, issuer=f"局{n}") for n, text in enumerate(texts))
    return Reports(items, lexicon=BUNDLED.lexicon)


def test_scores_by_hand() -> None:
    table = corpus.find_particulars(
        reports_of("召开会议3次,扶持20万元。甲乙丙丁戊己。", "甲乙丙丁戊庚。"), by="sentence"
    )
    assert table[["n_count", "n_amount", "n_firm", "n_loose", "tells_of_done"]].to_numpy().tolist() == [
        [1, 1, 2, 0, True],
        [0, 0, 0, 0, False],
        [0, 0, 0, 0, False],
    ]
    assert table["rarity"].tolist() == pytest.approx([1, 1 / 3, 1 / 3]) and table["n_other_issuers"].tolist() == [
        0,
        1,
        1,
    ]
    faint = 1 - 0.1
    assert table["specificity"].tolist() == pytest.approx([1 - 0.04 * faint**3, *[1 - (1 - 0.1 / 3) * faint] * 2])


def test_two_reports_of_one_issuer_count_once() -> None:
    text = "甲乙丙丁戊己。"
    two = Reports((make_report("a", text, issuer="局"), make_report("b", text, issuer="局")), lexicon=BUNDLED.lexicon)
    table = corpus.find_particulars(two, by="sentence")
    assert table["n_other_issuers"].tolist() == [0, 0] and table["rarity"].isna().all()
    assert table["specificity"].tolist() == pytest.approx([0.1, 0.1])


def test_a_score_keeps_its_order_of_signals() -> None:
    no_fact = SCORES[(SCORES["n_firm"] == 0) & (SCORES["n_loose"] == 0)]
    loose = SCORES[(SCORES["n_firm"] == 0) & (SCORES["n_loose"] == 1)]
    assert no_fact["specificity"].max() <= 1 - 0.9**3 < loose["specificity"].min()
    assert SCORES.loc[SCORES["n_firm"] > 0, "specificity"].min() >= 0.8
    assert SCORES["specificity"].between(0, 1).all()


def test_every_fact_is_counted_in_one_passage_of_any_unit() -> None:
    facts = corpus.find_particulars(BUNDLED)
    for unit in ("sentence", "clause", "paragraph"):
        table = corpus.find_particulars(BUNDLED, by=unit)  # type: ignore[arg-type]
        assert table[["n_firm", "n_loose"]].to_numpy().sum() == len(facts)
        passages = corpus.tabulate_passages(BUNDLED, unit)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(table[["report_id", "start", "end"]], passages[["report_id", "start", "end"]])


def test_the_table_of_reports_sums_that_of_passages() -> None:
    table = corpus.find_particulars(BUNDLED, by="report").set_index("report_id")
    assert list(table.index) == [report.report_id for report in BUNDLED]
    assert table["n_firm"].sum() == SCORES["n_firm"].sum()
    own = SCORES[SCORES["report_id"] == "qinan-2020"]
    specific = own[own["specificity"] >= 0.5]
    assert table.loc["qinan-2020", "share_specific"] == specific["n_chars"].sum() / own["n_chars"].sum()
    assert table["share_specific"].idxmin() == "yiyuan-2022"
    assert corpus.find_particulars(replace(BUNDLED, items=()), by="report").empty


def test_the_score_reaches_the_labels_and_sentence_length_does_not() -> None:
    table = corpus.validation.compare_with_labels(SCORES, corpus.validation.load_labels()).set_index("measure")
    ours, length = table.loc["specificity"], table.loc["length_chars"]
    assert (ours["n_sentences"], ours["n_specific"], ours["n_reports"]) == (89, 40, 3)
    assert ours["auroc"] >= 0.93 and ours["auroc_lowest_report"] >= 0.93 and ours["auroc_low"] >= 0.93
    assert ours["beats_length"]
    assert length["auroc"] == pytest.approx(0.47, abs=0.01)
