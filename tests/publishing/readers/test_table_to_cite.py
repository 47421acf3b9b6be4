"""Tables to cite as a notebook shows them, outside a run: names, heads, what is refused, nothing written."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from drawn import use_look

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import NOTEBOOK, data_path, notebooks_path
from corpus.publishing.evidence.saved_results import look_up_in, read_saved, table_folders
from corpus.publishing.figures.look import Look

TABLE = pd.DataFrame(
    {
        "report_id": ["a-2019", "b-2020", "c.1-2020"],
        "n_odd_words": pd.array([1200, None, 7], dtype="Int64"),
        "share_odd": [0.1234567890123, 0.25, 1.0],
        "is_odd": [True, False, False],
        "published": pd.to_datetime(["2020-03-12", "2021-01-31", None]),
        "mixed": [3, 0.5, "none"],
    }
)
HELD: dict[str, Any] = {
    "report_id": "report",
    "n_odd_words": {
        "head": "words",
        "head_zh": "词数",
        "unit": "words",
        "meaning": "All words.",
        "meaning_zh": "全部词数。",
    },
    "share_odd": "own",
    "is_odd": "long",
    "published": "day",
    "mixed": "any",
}


@pytest.fixture
def saved(tmp_path: Path) -> dict[str, Path]:
    corpus.show(TABLE, "facts", key="report_id", columns=HELD, caption="Facts.").save(tmp_path / "tables")
    return table_folders(tmp_path)


@pytest.mark.parametrize(
    ("name", "form", "written"),
    [
        ("facts.a-2019.n_odd_words", None, "1,200"),
        ("facts.c.1-2020.n_odd_words", "Word", "Seven"),
        ("facts.a-2019.share_odd", None, "12.3%"),
        ("facts.a-2019.share_odd", ".8f", "0.12345679"),
        ("facts.b-2020.is_odd", None, "no"),
        ("facts.a-2019.published", None, "2020-03-12"),
        ("facts.a-2019.mixed", "+d", "+3"),
        ("facts.c.1-2020.mixed", None, "none"),
        ("facts.n_odd_words.sum", ",", "1,207"),
        ("facts.n_odd_words.median", None, "604"),
        ("facts.share_odd.min", ".2f", "0.12"),
        ("facts.n", "word", "three"),
    ],
)
def test_a_name_gives_what_the_table_holds(saved: dict[str, Path], name: str, form: str | None, written: str) -> None:
    assert look_up_in(saved)(name, form) == written


@pytest.mark.parametrize(
    ("name", "form", "told"),
    [
        ("facts.b-2020.n_odd_words", None, "nothing stands in column 'n_odd_words' of row 'b-2020'"),
        ("facts.absent.n_odd_words", None, "no row 'absent'"),
        ("facts.report_id.max", None, "it holds no numbers"),
        ("facts.nobody.max", None, "no column 'nobody'"),
        ("facts.a-2019.share_odd", "word", "cannot be written as 'word' (no whole number)"),
        ("facts.a-2019.report_id", ",", "cannot be written as ','"),
        ("facts", None, "no column ''"),
    ],
)
def test_a_name_that_leads_nowhere_says_where_it_ends(
    saved: dict[str, Path], name: str, form: str | None, told: str
) -> None:
    with pytest.raises(CorpusError) as raised:
        look_up_in(saved)(name, form)
    assert told in str(raised.value) and "facts" in str(raised.value)


def test_rows_rest_on_their_own_odd_words_where_they_name_them(tmp_path: Path) -> None:
    passages = corpus.tabulate_passages(corpus.load_reports(), unit="sentence").head(4)
    corpus.show(passages, "sentences", key=["report_id", "start"]).save(tmp_path)
    table = read_saved(tmp_path / "sentences")
    row = passages.iloc[2]
    number = table.number(f"{row['report_id']}/{row['start']}.end")
    assert table.places(number.rows) == [(row["report_id"], row["start"], row["end"])]
    assert table.columns["start"]["unit"] == "code points of raw" and table.columns["start"]["meaning_zh"]


def test_heads_and_caption_are_in_the_language_of_the_look() -> None:
    table = corpus.tabulate_passages(corpus.load_reports(), unit="sentence")[["report_id", "start"]].head(2)
    shown = corpus.show(table, "places", caption="Where.", caption_zh="何处。")
    assert "<th" in shown._repr_html_() and ">report<" in shown._repr_html_()
    assert repr(shown).endswith("Table places. Where.")
    with use_look(Look(labels="zh")):
        zh = corpus.show(table, "places", caption="Where.", caption_zh="何处。")
        assert ">报告<" in zh._repr_html_() and repr(zh).endswith("表 places. 何处。")
        assert ">词数<" in corpus.show(TABLE, "facts", columns=HELD)._repr_html_()


def test_columns_named_in_a_row_have_the_heads_that_are_declared() -> None:
    passages = corpus.tabulate_passages(corpus.load_reports()[:1], "sentence").head(1)
    with use_look(Look(labels="zh")):
        shown = corpus.show(passages, "sentences", columns=["start:end", "length_chars"]).shown
    assert shown.heads == ("位置", "字数")
    assert shown.rows[0][0] == f"{passages.at[0, 'start']}:{passages.at[0, 'end']}"


def test_nothing_is_written_outside_a_run_and_a_run_refuses_one_name_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = corpus.show(TABLE, "facts", columns=HELD)
    assert list(tmp_path.iterdir()) == [] and "href" not in shown._repr_html_()
    monkeypatch.setenv(NOTEBOOK, "03-mine")
    corpus.show(TABLE, "facts", columns=HELD)
    told = json.loads((tmp_path / "tables/facts/provenance.json").read_text(encoding="utf-8"))
    assert told["notebook"] == "03-mine"
    with pytest.raises(CorpusError, match="two tables are called 'facts'"):
        corpus.show(TABLE, "facts", columns=HELD)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"name": "Facts"}, "no name for a table: 'Facts'"),
        ({"name": "facts--x"}, "no name for a table"),
        ({"key": "is_odd"}, "two rows are called 'False'; name more columns"),
        ({"key": "nobody"}, "has no column 'nobody'"),
        ({"columns": {}}, "nobody says what n_odd_words, share_odd, is_odd, mixed holds"),
        ({"columns": HELD | {"mixed": {"unit": "x"}}}, "nobody says what mixed holds"),
        ({"columns": HELD | {"other": "x"}}, "no column 'other'"),
        ({"columns": HELD | {"other": {"head": "x"}}}, "no column 'other'"),
        ({"of": TABLE}, "of= needs key="),
        ({"of": TABLE[["mixed"]], "key": "report_id"}, "what it was counted from has no column 'report_id'"),
    ],
)
def test_what_cannot_be_cited_is_refused(how: dict[str, Any], told: str) -> None:
    with pytest.raises(CorpusError) as raised:
        corpus.show(TABLE, **{"name": "facts", "columns": HELD, **how})
    assert told in str(raised.value)


def test_a_named_index_is_a_column_and_an_empty_table_can_be_cited(tmp_path: Path) -> None:
    indexed = corpus.show(TABLE.set_index("report_id"), "facts", key="report_id", columns=HELD)
    assert next(iter(indexed.table.columns)) == "report_id"
    corpus.show(TABLE.head(0), "empty", key="report_id", columns=HELD).save(tmp_path)
    assert read_saved(tmp_path / "empty").number("n").value == 0
    with pytest.raises(CorpusError, match="holds no numbers"):
        read_saved(tmp_path / "empty").number("n_odd_words.max")


def test_a_table_without_rows_says_what_rows_need() -> None:
    empty = corpus.show(TABLE.head(0), "plans", columns=HELD)
    needed = "two reports of one issuer on adjacent years, the first with a plan"
    assert repr(empty) == f"Table plans: no rows; this needs {needed}."
    assert empty._repr_html_() == f"<p>{empty!r}</p>"
    with use_look(Look(labels="zh")):
        assert repr(empty) == "表 plans：无内容；需要同一机关相邻两年的报告，前一份有计划。"
    assert "needs" not in repr(corpus.show(TABLE, "plans", columns=HELD))


def test_what_was_counted_from_may_lack_a_place(tmp_path: Path) -> None:
    spans = {"start_later": pd.array([0, None], dtype="Int64"), "end_later": pd.array([5, None], dtype="Int64")}
    told = pd.DataFrame(
        {"report_id": ["yiyuan-2022", "yiyuan-2022"], "n_places": [2, 2], "later": "qinan-2020", **spans}
    )
    corpus.show(told.head(1)[["report_id", "n_places"]], "told", key="report_id", of=told).save(tmp_path)
    assert (tmp_path / "told" / "places.csv").read_text("utf-8-sig").splitlines() == [
        "row,report_id,start,end",
        "1,qinan-2020,0,5",
    ]


def test_tables_of_the_notebooks_have_their_words_in_both_languages_and_nothing_else_has() -> None:
    words = tomllib.loads(data_path("tables.toml").read_text(encoding="utf-8"))
    shown = {
        name
        for notebook in notebooks_path().glob("*.ipynb")
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        for name in re.findall(
            r'corpus\.show\(.*?"([a-z0-9-]+)"(?:, key=|, max_rows=|, of=|\))', "".join(cell["source"])
        )
    }
    assert shown == set(words)
    for told in words.values():
        assert all(told[part][language] for part in ("caption", "needs") if part in told for language in ("en", "zh"))
        assert "caption" in told and all(head["head"] and head["head_zh"] for head in told.get("heads", {}).values())


def test_a_table_takes_the_words_told_for_its_name_and_what_is_given_counts_instead() -> None:
    reports = corpus.tabulate_reports(corpus.load_reports())
    assert repr(corpus.show(reports, "files")).endswith("Table files. The files, and what was changed in them.")
    assert repr(corpus.show(reports, "files", caption="Mine.")).endswith("Table files. Mine.")
    assert repr(corpus.show(reports, "files")).splitlines()[0].split(" | ")[3] == "characters of the body"
    fewer = corpus.show(reports[["report_id", "file"]], "files")
    assert repr(fewer).splitlines()[0] == "report | file"


def test_shares_that_need_another_report_are_not_shown_of_one() -> None:
    both = corpus.trace_origins(corpus.load_reports(), by="report")
    assert len(corpus.show(both, "by-origin").table) == len(both)
    assert repr(corpus.show(both.head(1), "by-origin")) == "Table by-origin: no rows; this needs two reports or more."


def test_codes_are_shown_in_chinese_words_and_words_of_reports_as_they_are() -> None:
    reports = corpus.load_reports()
    with use_look(Look(labels="zh")):
        shown = repr(corpus.show(corpus.tabulate_facts(reports), "facts"))
        assert "| 目录 |" in shown and "catalogue" not in shown
        table = pd.DataFrame({"report_id": ["a", "b"], "text": ["plan", "计划"], "role": ["plan", "measures"]})
        rows = repr(corpus.show(table, "mine")).splitlines()[1:3]
    assert rows == ["a | plan | 下年安排", "b | 计划 | 举措和成效"]
