"""The tables that commands answer with, print and write: their JSON, their heads, and files that Excel opens."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from test_cli import ask, ask_json

import corpus
from corpus.publishing.writing import screen
from corpus.report.table_columns import Column, declared_tables
from corpus.report.values import ORIGINS


def test_find_takes_several_terms_by_an_option_and_the_path_last(
    capsys: pytest.CaptureFixture[str], copy: Path, tmp_path: Path
) -> None:
    last = ask(capsys, "find", "-e", "三重一大", "-e", "放管服", str(copy.parent))
    assert last == ask(capsys, "find", str(copy.parent), "-e", "放管服", "--columns", "text=body", "-e", "三重一大")
    assert last[0] == 0 and all(line.startswith("another name 报告 ") for line in last[1].splitlines()[:-1])
    table = tmp_path / "places.csv"
    rows = ask_json(capsys, "find", "法治", "--csv", str(table), "--role", "measures", str(copy.parent))
    assert list(rows[0]) == ["term", "report_id", "start", "end", "before", "hit", "after", "section", "role"]
    found = corpus.find_terms(corpus.load_reports(copy), "法治", role="measures")
    assert [row["start"] for row in rows] == list(found["start"]) and len(rows) == len(read_table(table)) - 1 > 0
    assert ask(capsys, "find", "三重一大", "--role", "measures", str(copy))[1] == "0 hits\n"


def read_table(path: Path) -> list[list[str]]:
    """Return the rows of a table as Excel sees them: it takes a file for UTF-8 if that begins with the mark."""
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


STOCK = "认真贯彻落实上级关于法治建设的各项决策部署。"


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    """A table of four reports by three issuers, who have one sentence in common."""
    texts = {
        ("甲", 2020): f"{STOCK}组织科技特派员驻村蹲点帮助果农防治病虫害。",
        ("甲", 2021): f"{STOCK}组织科技特派员驻村蹲点帮助果农防治病虫害。新建院士工作站3个，拨付经费120万元。",
        ("乙", 2021): f"{STOCK}按时公布权责清单。",
        ("丙", 2021): f"清理规范性文件。{STOCK}",
    }
    rows = [
        {"report_id": f"{name}-{year}", "issuer": f"{name}县科学技术局", "year_reviewed": year, "text": text}
        for (name, year), text in texts.items()
    ]
    path = tmp_path / "panel.jsonl"
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def test_boilerplate_tells_a_program_every_measure_and_the_origin_of_each_passage(
    panel: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = ask_json(capsys, "boilerplate", str(panel), "--csv", str(tmp_path / "passages.csv"))
    assert list(answer) == ["reports", "passages", "formulas"]
    for row in answer["reports"]:
        assert list(row["origins"]) == list(ORIGINS)
        assert sum(row["origins"].values()) == 1
        names = {measure["name"] for measure in row["measures"]}
        assert {"boilerplate", "specificity", "boilerplate_lang_2015_adapted"} <= names
        keys = ["name", "unit", "n", "threshold", "segment", "value", "denominator"]
        assert all(list(measure)[:7] == keys for measure in row["measures"])
    passages = [row for row in answer["passages"] if row["report_id"] == "甲-2021"]
    assert [(row["origin"], row["df"]) for row in passages] == [("formula", 3), ("carried_over", 1), ("own", 1)]
    assert passages[2]["specificity"] > 0.8 > passages[0]["specificity"]
    (formula,) = answer["formulas"]
    assert (formula["template"], formula["df"], len(formula["places"])) == (STOCK[:-1], 3, 4)
    assert len(read_table(tmp_path / "passages.csv")) == 1 + len(answer["passages"])


def test_heads_are_chinese_where_that_is_asked_for(
    panel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A head that is not declared is the name of its column; two that are the same are told apart by it."""
    named = ("later", "share_kept", "year_later", "start", "kind", "sentence_start", "share_own")
    heads_zh = dict(zip(named, "报例年起类起独", strict=True))
    declared = {
        table: tuple(column._replace(head_zh=heads_zh.get(column.name, "")) for column in columns)
        for table, columns in declared_tables().items()
    }
    every = tuple(Column(name, "", "", "", "", "", "", head_zh) for name, head_zh in heads_zh.items())
    monkeypatch.setattr("corpus.report.table_columns.declared_tables", lambda: {**declared, "*": every})
    asked = [str(panel), "--labels", "zh"]
    assert ask(capsys, "years", *asked)[1].splitlines()[1].split()[:5] == ["issuer", "年", "after", "报", "例"]
    (head,) = (line for line in ask(capsys, "boilerplate", *asked)[1].splitlines() if line.endswith(" 独"))
    assert head.split()[0] == "report"
    ask(capsys, "leftovers", *asked, "--csv", str(tmp_path / "zh.csv"))
    ask(capsys, "leftovers", str(panel), "--csv", str(tmp_path / "en.csv"))
    (heads, *rows), (names, *same) = (read_table(tmp_path / f"{language}.csv") for language in ("zh", "en"))
    assert names == ["report_id", "start", "end", "kind", "strength", "quote", "why", "sentence_start", "sentence_end"]
    told = {"start": "起 (start)", "kind": "类", "sentence_start": "起 (sentence_start)"}
    assert heads == [told.get(name, name) for name in names] and rows == same


def test_boilerplate_is_readable_on_eighty_columns(
    panel: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, told, _ = ask(capsys, "boilerplate", str(panel), "--unit", "paragraph")
    assert status == 0
    assert max(screen.columns(line) for line in told.splitlines()) <= 80
    status, told, _ = ask(capsys, "boilerplate", str(panel))
    (row,) = (line.split() for line in told.splitlines() if line.startswith("甲-2021"))
    assert row[1:] == ["59", "35.6", "33.9", "0.0", "30.5"]
    assert "Of 9 passages besides headings, 4 share no such stretch with another issuer." in told
    assert "新建院士工作站3个，拨付经费120万元。" in told


def test_years_tells_a_program_and_a_table_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {
            "report_id": f"a-{year}",
            "issuer": "甲县科学技术局",
            "year_reviewed": year,
            "text": f"开展培训{year}次。{words}",
        }
        for year, words in ((2020, "组织学习宪法。"), (2021, "清理规范性文件。组织学习宪法。"))
    ]
    table = tmp_path / "panel.jsonl"
    table.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    answer = ask_json(capsys, "years", str(table), "--csv", str(tmp_path / "changes.csv"))
    assert [row["change"] for row in answer["passages"]] == ["renumbered", "new", "kept"]
    assert answer["passages"][0]["edits"] == [["2020", "2021"]]
    assert [row["predecessor"] for row in answer["reports"]] == ["", "a-2020"]
    assert len(read_table(tmp_path / "changes.csv")) == 4
