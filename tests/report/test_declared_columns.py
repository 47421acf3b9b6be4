"""What data/columns declares: every column says what it holds, and no function returns another one."""

from __future__ import annotations

import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.report.reports import Reports
from corpus.report.table_columns import EVERY, Column, as_table, build_table, columns_of, declared_tables, tabulated

FILES = ("every_table", "boilerplate", "particulars", "years", "leftovers", "validation")
TABLES = sorted({row["table"] for name in FILES for row in read_rows(data_path("columns", f"{name}.csv"))})
NO_REPORTS = Reports(())


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_holds_in_both_languages(table: str) -> None:
    for column in declared_tables()[table]:
        assert column.meaning.endswith((".", ":")) and column.meaning_zh.endswith("。"), column
        assert column.head and column.head_zh, column
        assert table == EVERY or not column.dtype.startswith("float") or column.unit, f"{table}: {column.name}"
    assert len({column.name for column in declared_tables()[table]}) == len(declared_tables()[table])


@pytest.mark.parametrize("name", FILES)
def test_no_column_is_declared_twice(name: str) -> None:
    rows = [(row["table"], row["column"]) for row in read_rows(data_path("columns", f"{name}.csv"))]
    assert len(rows) == len(set(rows))


def test_a_docstring_tells_the_columns_of_each_of_its_tables() -> None:
    doc = corpus.find_particulars.__doc__ or ""
    assert "{columns of" not in doc
    for table in ("find_particulars.span", "find_particulars.sentence", "find_particulars.report"):
        assert all(str(column) in doc for column in columns_of(table))
    assert str(columns_of("simulate_panel.cases")[0]) in (corpus.validation.simulate_panel(1, 1).__doc__ or "")


def test_a_column_that_is_not_declared_is_refused() -> None:
    table = build_table([], "follow_plans")
    assert as_table(table, "follow_plans").dtypes.equals(table.dtypes)
    with pytest.raises(CorpusError, match="follow_plans: its columns are not those that data/columns declares: more"):
        as_table(table.assign(more=1), "follow_plans")

    @tabulated
    def give_more() -> pd.DataFrame:
        """Return a table.

        {columns of follow_plans}
        """
        return table.assign(more=1)

    @tabulated
    def give_other() -> pd.DataFrame:
        """Return another table.

        {columns of find_leftovers}
        """
        return table

    with pytest.raises(CorpusError, match="follow_plans: its columns are not"):
        give_more()
    with pytest.raises(CorpusError, match="give_other: returns the table 'follow_plans'"):
        give_other()


def test_no_reports_give_empty_tables_with_their_columns() -> None:
    bare = Reports((), lexicon=corpus.load_reports().lexicon)
    for table, frame in {
        "measure_boilerplate.passage": corpus.measure_boilerplate(NO_REPORTS, by="passage"),
        "measure_boilerplate.phrase": corpus.measure_boilerplate(NO_REPORTS, by="phrase"),
        "measure_boilerplate.report": corpus.measure_boilerplate(NO_REPORTS, intervals=True),
        "measure_boilerplate.setting": corpus.measure_boilerplate(NO_REPORTS, by="setting"),
        "measure_boilerplate.others": corpus.measure_boilerplate(NO_REPORTS, by="others"),
        "measure_boilerplate.measure": corpus.measure_boilerplate(bare, by="measure", allow_small=True),
        "find_formulas": corpus.find_formulas(NO_REPORTS),
        "find_formulas.variants": corpus.find_formulas(NO_REPORTS, variants=True),
        "trace_origins.character": corpus.trace_origins(NO_REPORTS),
        "trace_origins.passage": corpus.trace_origins(NO_REPORTS, by="passage"),
        "trace_origins.report": corpus.trace_origins(NO_REPORTS, by="report"),
        "find_particulars.span": corpus.find_particulars(bare),
        "find_particulars.sentence": corpus.find_particulars(bare, by="sentence"),
        "find_particulars.report": corpus.find_particulars(bare, by="report"),
        "align_years.passage": corpus.align_years(NO_REPORTS),
        "align_years.report": corpus.align_years(NO_REPORTS, by="report"),
        "measure_years": corpus.measure_years(NO_REPORTS),
        "follow_plans": corpus.follow_plans(NO_REPORTS),
        "find_leftovers": corpus.find_leftovers(NO_REPORTS),
    }.items():
        assert list(frame.columns) == [column.name for column in columns_of(table)] and frame.empty
        typed = {column.name: column.dtype for column in columns_of(table) if column.dtype}
        assert {name: str(frame[name].dtype) for name in typed} == typed


def test_a_column_tells_itself_in_a_line() -> None:
    column = Column("share", "float64", "share", "0 to 1", "How much.", "多少。", "share", "占比")
    assert str(column) == "share : float64 (share, 0 to 1). How much."
    assert str(column._replace(dtype="", unit="", range="")) == "share : object. How much."
