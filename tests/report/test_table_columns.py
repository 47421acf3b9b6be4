"""Every table is declared once, in data/columns, and is made, checked and told from there."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.report.reports import Reports
from corpus.report.table_columns import (
    EVERY,
    as_table,
    build_table,
    codebook,
    columns_of,
    declared_tables,
    join_columns,
    tabulated,
)

TABLES = {
    name: file.stem
    for file in sorted(data_path("columns").glob("*.csv"))
    for name in dict.fromkeys(row["table"] for row in read_rows(file))
}
"""The file that declares each table."""

PACKAGE = Path(corpus.__file__).resolve().parent


def docs_of(name: str) -> list[str]:
    """Return the docstring of the function of a name that returns declared tables, or of the class that holds them."""
    docs = []
    for path in PACKAGE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if f"def {name}(" in source:
            module = import_module(".".join(("corpus", *path.relative_to(PACKAGE).with_suffix("").parts)))
            marked = [
                node.name
                for node in ast.parse(source).body
                if isinstance(node, ast.FunctionDef | ast.ClassDef)
                and (node.name == name or isinstance(node, ast.ClassDef))
                and {getattr(mark, "id", "") for mark in node.decorator_list} & {"tabulated", "telling_columns"}
            ]
            docs += [inspect.getdoc(getattr(module, own)) or "" for own in marked]
    return docs


def test_every_column_says_what_it_means_in_both_languages() -> None:
    for name, columns in declared_tables().items():
        for column in columns:
            assert column.meaning.endswith(".") and column.meaning_zh.endswith("。"), (name, column.name)
            assert column.head and column.head_zh, (name, column.name)
            assert not column.dtype or pd.api.types.pandas_dtype(column.dtype)
        assert len({column.name for column in columns}) == len(columns), name


def test_every_table_is_returned_by_a_function_of_its_name_that_tells_its_columns() -> None:
    for name in TABLES.keys() - {EVERY}:
        (doc,) = docs_of(name.partition("+")[0].partition(".")[0])
        assert [column.name for column in declared_tables()[name] if str(column) not in doc] == [], name


def test_a_panel_tells_the_columns_of_its_tables() -> None:
    panel = corpus.validation.simulate_panel(2, 2)
    told = inspect.getdoc(panel) or ""
    for name in (name for name in TABLES if name.startswith("simulate_panel.")):
        table = getattr(panel, name.partition(".")[2])
        assert list(table.columns) == [column.name for column in columns_of(name)] and table.attrs["table"] == name
        assert all(str(column) in told for column in columns_of(name))


def test_no_row_of_a_declaration_repeats_what_holds_for_every_table() -> None:
    everywhere = {row["column"]: row for row in read_rows(data_path("columns", "every_table.csv"))}
    for file in data_path("columns").glob("*.csv"):
        for row in read_rows(file):
            for field, value in row.items():
                if row["table"] != EVERY and field not in ("table", "column") and value:
                    assert value != everywhere.get(row["column"], {}).get(field), (row["table"], row["column"], field)


def test_a_table_has_its_columns_and_types_without_rows() -> None:
    for table in (build_table([], "find_terms"), join_columns([()] * 9, "find_terms")):
        assert list(table.columns) == [column.name for column in columns_of("find_terms")]
        assert table["start"].dtype == "int64" and table.attrs["table"] == "find_terms"


def test_no_reports_give_empty_tables_with_their_columns() -> None:
    none = Reports(())
    bare = Reports((), lexicon=corpus.load_reports().lexicon)
    for table, frame in {
        "measure_boilerplate.passage": corpus.measure_boilerplate(none, by="passage"),
        "measure_boilerplate.phrase": corpus.measure_boilerplate(none, by="phrase"),
        "measure_boilerplate.report": corpus.measure_boilerplate(none, intervals=True),
        "measure_boilerplate.setting": corpus.measure_boilerplate(none, by="setting"),
        "measure_boilerplate.others": corpus.measure_boilerplate(none, by="others"),
        "measure_boilerplate.measure": corpus.measure_boilerplate(bare, by="measure", allow_small=True),
        "find_formulas": corpus.find_formulas(none),
        "find_formulas.variants": corpus.find_formulas(none, variants=True),
        "trace_origins.character": corpus.trace_origins(none),
        "trace_origins.passage": corpus.trace_origins(none, by="passage"),
        "trace_origins.report": corpus.trace_origins(none, by="report"),
        "find_particulars.span": corpus.find_particulars(bare),
        "find_particulars.sentence": corpus.find_particulars(bare, by="sentence"),
        "find_particulars.report": corpus.find_particulars(bare, by="report"),
        "align_years.passage": corpus.align_years(none),
        "align_years.report": corpus.align_years(none, by="report"),
        "measure_years": corpus.measure_years(none),
        "follow_plans": corpus.follow_plans(none),
        "find_leftovers": corpus.find_leftovers(none),
    }.items():
        assert list(frame.columns) == [column.name for column in columns_of(table)] and frame.empty
        typed = {column.name: column.dtype for column in columns_of(table) if column.dtype}
        assert {name: str(frame[name].dtype) for name in typed} == typed


def test_columns_that_are_asked_for_stand_behind_those_of_the_table() -> None:
    plain, quoted = ([column.name for column in columns_of(name)] for name in ("find_reuse", "find_reuse+quotes"))
    assert quoted == [*plain, "text_a", "text_b"]
    assert corpus.find_reuse(corpus.load_reports()).attrs["table"] == "find_reuse+quotes"
    both = columns_of("compare_reports+edits+intervals")
    assert [column.name for column in both][11] == "minimum_edit" and both[-1].name == "n_sentences_b"
    with pytest.raises(CorpusError, match=r"no table is called 'find_reuse\+prose'"):
        columns_of("find_reuse+prose")


def test_columns_that_are_not_declared_are_refused() -> None:
    with pytest.raises(CorpusError, match="find_reuse: its columns are not those that data/columns declares"):
        as_table(pd.DataFrame({"report_a": [], "more": []}), "find_reuse")

    @tabulated
    def find_terms() -> pd.DataFrame:
        """Return a table.

        {columns of find_terms}
        """
        return build_table([], name).rename(columns=renamed)

    name, renamed = "find_terms", {"hit": "found"}
    with pytest.raises(CorpusError, match="find_terms: its columns are not those"):
        find_terms()
    name, renamed = "find_reuse", {}
    with pytest.raises(CorpusError, match="find_terms: returns the table 'find_reuse', which its docstring does not"):
        find_terms()


def test_a_docstring_cannot_tell_columns_of_a_table_that_is_not_there() -> None:
    def find_anything() -> pd.DataFrame:
        """{columns of find_anything}"""
        return pd.DataFrame()

    with pytest.raises(CorpusError, match="tells the columns of 'find_anything'"):
        tabulated(find_anything)


def test_the_codebook_has_a_row_for_each_column() -> None:
    table = corpus.find_terms(corpus.load_reports()[:1], "法治")
    book = codebook(table.attrs["table"])
    assert book["name"].tolist() == list(table.columns)
    assert book.set_index("name").loc["start", ["dtype", "unit", "meaning"]].tolist() == [
        "int64",
        "code points of raw",
        "Where the words begin.",
    ]
