"""The tables of reports and passages."""

from __future__ import annotations

import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.errors import CorpusError
from corpus.report.reports import Reports


def test_reports_table_says_what_the_facts_say() -> None:
    table = corpus.tabulate_reports(BUNDLED).set_index("report_id")
    yiyuan = table.loc["yiyuan-2022"]
    assert (yiyuan["place"], yiyuan["level"], yiyuan["year_reviewed"]) == ("沂源县", "county", 2022)
    assert table.loc["zaozhuang-2019", "signed"] == pd.Timestamp("2020-03-12")
    assert table["published"].dtype == table["signed"].dtype == "datetime64[s]"
    assert pd.isna(table.loc["changchun-2021", "title"]) and pd.isna(table.loc["changchun-2021", "signed"])
    assert table.loc["changchun-2021", "length_chars"] == 4218
    assert table.loc["zaozhuang-2019", "length_chars"] == 2865 - 89
    assert yiyuan["n_changes"] == 1 and table["n_changes"].sum() == 1
    assert table["n_headings"].sum() == 59


def test_reports_table_counts_the_body_alone() -> None:
    report = make_report("a", "甲,乙。\n丙，丁。", year_reviewed=2020)
    row = corpus.tabulate_reports(Reports((report,))).iloc[0]
    assert (row["length_chars"], row["length_key_chars"]) == (9, 4)
    assert (row["n_paragraphs"], row["n_sentences"]) == (2, 2)
    for report in BUNDLED:
        assert len(report.quote(*report.layout.body)) <= len(report.text)


@pytest.mark.parametrize("unit", ["section", "paragraph", "item", "sentence", "clause", "phrase"])
def test_passages_quote_their_places(unit: str) -> None:
    table = corpus.tabulate_passages(BUNDLED, unit)  # type: ignore[arg-type]
    for row in table.itertuples():
        assert BUNDLED[row.report_id].quote(row.start, row.end) == row.text
    assert (table["length_chars"] == table["text"].str.len()).all()


def test_passages_of_one_role_are_a_part_of_all() -> None:
    everything = corpus.tabulate_passages(BUNDLED)
    plans = corpus.tabulate_passages(BUNDLED, role="plan")
    assert set(plans["role"]) == {"plan"} and 0 < len(plans) < len(everything)
    expected = everything[everything["role"] == "plan"].reset_index(drop=True)
    pd.testing.assert_frame_equal(plans, expected)


def test_no_reports_give_empty_tables_with_the_same_columns() -> None:
    for table, full in (
        (corpus.tabulate_reports(Reports(())), corpus.tabulate_reports(BUNDLED)),
        (corpus.tabulate_passages(Reports(())), corpus.tabulate_passages(BUNDLED)),
    ):
        assert list(table.columns) == list(full.columns) and len(table) == 0


def test_unknown_unit_and_role_are_refused() -> None:
    with pytest.raises(CorpusError, match="no such unit: 'page'"):
        corpus.tabulate_passages(make_reports("甲。"), "page")  # type: ignore[arg-type]
    with pytest.raises(CorpusError, match="no such role: 'problems'"):
        corpus.tabulate_passages(make_reports("甲。"), role="problems")  # type: ignore[arg-type]
