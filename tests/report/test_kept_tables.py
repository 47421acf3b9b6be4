"""Tables that are kept with their reports: made once, and nobody's change reaches another."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import corpus
from corpus.report.reports import Reports
from corpus.report.table_columns import keeping_tables

CALLS: list[dict[str, Any]] = []


@keeping_tables
def count_chars(reports: Reports, *, least: float = 1, others: Any = ()) -> pd.DataFrame:
    CALLS.append({"least": least, "others": others})
    rows = [(report.report_id, len(report.raw)) for report in reports if len(report.raw) >= least]
    table = pd.DataFrame(rows, columns=["report_id", "n"])
    table.attrs["told"] = ["once"]
    return table


@pytest.fixture
def reports() -> Reports:
    CALLS.clear()
    return corpus.load_reports()[:]


def test_the_same_call_is_made_once_however_it_is_written(reports: Reports) -> None:
    tables = [count_chars(reports), count_chars(reports, least=1), count_chars(reports=reports, others=())]
    assert len(CALLS) == 1
    assert all(table.equals(tables[0]) and table.attrs == tables[0].attrs for table in tables)


@pytest.mark.parametrize("how", [{"least": 1.0}, {"least": True}, {"least": 10_000}, {"others": (1,)}])
def test_another_call_is_another_table(reports: Reports, how: dict[str, Any]) -> None:
    count_chars(reports)
    count_chars(reports, **how)
    assert len(CALLS) == 2


def test_other_reports_have_other_tables(reports: Reports) -> None:
    count_chars(reports)
    assert len(count_chars(reports[:2])) == 2 and len(count_chars(reports.select(level="county"))) < len(reports)
    assert len(CALLS) == 3


@pytest.mark.parametrize("others", [[1], pd.DataFrame(), {"a": 1}])
def test_what_may_change_is_not_kept(reports: Reports, others: Any) -> None:
    count_chars(reports, others=others)
    count_chars(reports, others=others)
    assert len(CALLS) == 2


def test_a_change_to_a_table_stays_with_whoever_made_it(reports: Reports) -> None:
    sound = count_chars(reports).copy(deep=True)
    for _ in range(2):
        mine = count_chars(reports)
        mine.loc[0, "n"] = -1
        mine["more"] = 1
        mine.index.name = "row"
        mine.columns.name = "column"
        mine.attrs["told"].append("twice")
        mine.columns = ["a", "b", "c"]
        mine.index = mine.index[::-1]
    again = count_chars(reports)
    pd.testing.assert_frame_equal(again, sound)
    assert (again.attrs, again.index.name, again.columns.name) == ({"told": ["once"]}, None, None)


def test_a_wrong_call_says_so_itself(reports: Reports) -> None:
    with pytest.raises(TypeError, match="nothing"):
        count_chars(reports, nothing=1)  # type: ignore[call-arg]
