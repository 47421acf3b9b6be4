"""Tables as a notebook shows them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from corpus.errors import CorpusError
from corpus.publishing.readers import shown_table
from corpus.publishing.readers.shown_table import ShownTable

TABLE = pd.DataFrame(
    {
        "report_id": ["a", "b"],
        "start": pd.array([3, None], dtype="Int64"),
        "end": pd.array([1200, None], dtype="Int64"),
        "share_of_body": [0.125, float("nan")],
        "length_chars": [1234, 5],
        "published": pd.to_datetime(["2020-03-24", None]),
        "is_headed": [True, False],
        "quote": ["甲\n乙 <b>", None],
    }
)


def show_table(table: pd.DataFrame, heads: dict[str, str] | None = None, max_rows: int = 30) -> ShownTable:
    shares = [name for name in table if name.startswith("share_")]
    return shown_table.show_table(table, heads or {name: name for name in table}, shares=shares, max_rows=max_rows)


def test_values_are_written_for_people() -> None:
    shown = show_table(TABLE)
    assert shown.rows[0] == ("a", "3", "1,200", "12.5%", "1,234", "2020-03-24", "yes", "甲⏎乙 <b>")
    assert shown.rows[1] == ("b", "–", "–", "–", "5", "–", "no", "–")


def test_chosen_columns_and_spans() -> None:
    shown = show_table(TABLE, {"start:end": "at", "report_id": "report"})
    assert shown.heads == ("at", "report")
    assert shown.rows == (("3:1200", "a"), ("–", "b"))


def test_numbers_and_what_stands_before_a_hit_end_at_the_right() -> None:
    assert show_table(TABLE, {"report_id": "", "length_chars": "", "is_headed": ""}).to_right == (False, True, False)
    hits = pd.DataFrame({"before": ["甲"], "hit": ["乙"], "after": ["丙"]})
    assert show_table(hits).to_right == (True, False, False)
    assert show_table(hits[["before", "after"]]).to_right == (False, False)


def test_years_have_no_thousands() -> None:
    table = pd.DataFrame({"year_reviewed": [2019], "n_reports": [2019], "containment": [0.12345]})
    assert show_table(table).rows == (("2019", "2,019", "0.123"),)


@pytest.mark.parametrize(
    ("values", "written"),
    [
        ([0.2, 0.341, 1.0], ["0.200", "0.341", "1.000"]),
        ([0.0252, 0.000754, 0.0], ["0.02520", "0.00075", "0.00000"]),
        ([-0.5, 0.002], ["−0.5000", "0.0020"]),
        ([12.5, 1442.25], ["12", "1,442"]),
        ([57.0, 0.0108], ["57", "0.0108"]),
        ([0.5, 1e-9, -1e-9], ["0.50000", "<0.00001", ">−0.00001"]),
        ([0.0, 0.0], ["0", "0"]),
        ([float("inf"), 0.5], ["inf", "0.500"]),
    ],
)
def test_numbers_of_a_column_have_their_points_below_each_other(values: list[float], written: list[str]) -> None:
    assert [row[0] for row in show_table(pd.DataFrame({"n": values})).rows] == written


def test_words_that_are_numbers_end_at_the_right() -> None:
    table = pd.DataFrame({"seed": ["1", "2"], "recall": ["0.9934", None], "at": ["3:12", "12:40"], "no": ["1.", "2."]})
    assert show_table(table).to_right == (True, True, False, False)


def test_a_crowded_table_breaks_its_lines_and_a_head_of_no_words_heads_nothing() -> None:
    words = "in the report of the year before"
    roomy = show_table(pd.DataFrame({"a": [words]}), {"a": ""})._repr_html_()
    assert "pre-wrap" not in roomy and "<th scope" not in roomy.split("<tbody>")[0]
    assert "pre-wrap" in show_table(pd.DataFrame({name: [words] for name in "abcd"}))._repr_html_()


def test_a_first_column_names_its_rows_only_where_each_is_named_apart() -> None:
    twice = pd.DataFrame({"report": ["a", "a"], "words": ["甲", "乙"]})
    assert 'scope="row"' not in show_table(twice)._repr_html_()
    assert 'scope="row"' in show_table(twice.assign(report=["a", "b"]))._repr_html_()


def test_html_escapes_words_and_has_no_style_element() -> None:
    html = show_table(TABLE)._repr_html_()
    assert "乙 &lt;b&gt;" in html
    assert "<b>" not in html
    assert "<style" not in html
    assert len(re.findall("<tr ", html)) == 3
    assert len(re.findall("<td ", html)) == 14
    assert len(re.findall('<th scope="row"', html)) == 2
    assert len(re.findall('<th scope="col"', html)) == 8


def test_short_words_stay_on_one_line_and_long_ones_are_cut() -> None:
    table = pd.DataFrame({"report_id": ["zaozhuang-2019"], "text": ["长" * 200]})
    shown = show_table(table)
    assert shown.rows[0][1] == "长" * 89 + "…"
    first, second = re.findall(r'<t[hd][^>]* style="([^"]*)">(?:zao|长)', shown._repr_html_())
    assert "white-space:pre;" in first
    assert "white-space:pre-wrap" in second
    assert '<td lang="zh-Hans"' in shown._repr_html_()


def test_rows_that_are_left_out_are_counted() -> None:
    shown = show_table(pd.DataFrame({"n": range(1234)}), max_rows=10)
    assert len(shown.rows) == 10
    assert shown.note == "… and 1,224 more rows"
    assert shown.note in shown._repr_html_()
    assert repr(shown).endswith(shown.note)
    assert show_table(pd.DataFrame({"n": range(10)}), max_rows=10).note == ""


def test_no_rows_are_said_to_be_none() -> None:
    shown = show_table(TABLE.head(0), {"report_id": "report", "start:end": "at"})
    assert shown.rows == ()
    assert "no rows" in shown._repr_html_()
    assert "report" in shown._repr_html_()


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(CorpusError, match=r"no column 'year'; it has report_id"):
        show_table(TABLE, {"year": "year"})
    with pytest.raises(CorpusError, match=r"no column 'start:end'"):
        show_table(pd.DataFrame({"start": [1]}), {"start:end": "at"})
