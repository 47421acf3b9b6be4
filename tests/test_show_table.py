"""Tables as a notebook shows them."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from corpus.publishing.tables import show_table
from corpus.values import CorpusError

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


def test_html_escapes_words_and_has_no_style_element() -> None:
    html = show_table(TABLE)._repr_html_()
    assert "乙 &lt;b&gt;" in html
    assert "<b>" not in html
    assert "<style" not in html
    assert len(re.findall("<tr>", html)) == 3
    assert len(re.findall("<td ", html)) == 16


def test_short_words_stay_on_one_line_and_long_ones_are_cut() -> None:
    table = pd.DataFrame({"report_id": ["zaozhuang-2019"], "text": ["长" * 200]})
    shown = show_table(table, max_chars=50)
    assert shown.rows[0][1] == "长" * 49 + "…"
    first, second = re.findall(r'<td style="([^"]*)"', shown._repr_html_())
    assert first.endswith("white-space:pre")
    assert second.endswith("white-space:pre-wrap")


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
