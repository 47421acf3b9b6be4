"""Tables as programs write them: quotes, delimiters, encodings, line ends, arrays, packing, ids."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from making_files import REPORT, make_zip

import corpus
from corpus.loading.files import limits
from corpus.report.reports import Reports

TEXTS = [REPORT.replace("2020", str(year)) for year in (2018, 2019, 2020)]


def load(path: Path, content: bytes) -> Reports:
    path.write_bytes(content)
    return corpus.load_reports(path)


def texts_of(reports: Reports) -> list[str]:
    return [report.raw for report in reports]


def table(delimiter: str = ",", end: str = "\n", texts: list[str] = TEXTS) -> str:
    rows = (f'r{number}{delimiter}"{text}"' for number, text in enumerate(texts))
    return end.join((f"id{delimiter}正文", *rows)) + end


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", table().encode()),
        ("a.csv", table(end="\r\n").encode("utf-8-sig")),
        ("a.csv", table().encode("gb18030")),
        ("a.csv", table().encode("utf-16")),
        ("a.csv", table(";").encode()),
        ("a.csv", table("\t").encode()),
        ("a.csv", table("，").encode()),
        ("a.csv", f"sep=;\n{table(';')}".encode()),
        ("a.csv", f"{table()}\n\n,\n{table().split(chr(10))[0]}\n".encode()),
        ("a.tsv", table("\t").encode()),
        ("a.tsv", table("\t", end="\r\n").encode("utf-16")),
        ("a.csv.gz", gzip.compress(table().encode())),
        ("a.jsonl.gz", gzip.compress("\n".join(json.dumps({"text": text}) for text in TEXTS).encode())),
        ("a.json", json.dumps([{"text": text} for text in TEXTS]).encode()),
        ("a.jsonl", json.dumps([{"text": text} for text in TEXTS], indent=1, ensure_ascii=False).encode()),
        ("a.jsonl", "\n".join(json.dumps({"text": text}, indent=2) for text in TEXTS).encode()),
        ("a.ndjson", "\r\n".join(json.dumps({"text": text}) for text in TEXTS).encode()),
        ("a.json", json.dumps({"total": 3, "data": [{"text": text} for text in TEXTS]}).encode("utf-8-sig")),
        ("a.csv", "\n".join(("text", *(f"<p>{text.replace(chr(10), '<p>')}" for text in TEXTS))).encode()),
    ],
)  # fmt: skip
def test_the_same_rows_however_they_are_written(tmp_path: Path, name: str, content: bytes) -> None:
    reports = load(tmp_path / name, content)
    assert reports.problems == ()
    assert texts_of(reports) == TEXTS


def test_lines_that_end_as_on_a_mac_of_old(tmp_path: Path) -> None:
    reports = load(
        tmp_path / "a.csv", b"id,text\r" + "\r".join(f"{year},{year}年，报告如下。" for year in (2019, 2020)).encode()
    )
    assert texts_of(reports) == ["2019年，报告如下。", "2020年，报告如下。"]  # fmt: skip


def test_quotes_in_text_stay(tmp_path: Path) -> None:
    rows = ('a,推进"放管服"改革。', 'b,"推进""放管服""改革，取得成效。"', 'c,"放管服"改革推进。')
    reports = load(tmp_path / "a.csv", "\n".join(("id,text", *rows)).encode())
    assert {report.report_id: report.raw for report in reports} == {
        "a": '推进"放管服"改革。',
        "b": '推进"放管服"改革，取得成效。',
        "c": '"放管服"改革推进。',
    }


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    rows = [f"r{number},2020年，第{number}号报告如下。" for number in range(40)]
    rows[5] = rows[5].replace(",", ',"', 1)
    rows[20] = 'r20,"2020年，\n第20号报告如下。"'
    reports = load(tmp_path / "a.csv", "\n".join(("id,text", *rows)).encode())
    assert {report.report_id for report in reports} == {f"r{number}" for number in range(40)} - {"r5"}
    assert [(problem.place, problem.code) for problem in reports.problems] == [("row 6", "damaged-row")]


def test_many_quotes_that_are_never_closed_end_soon(tmp_path: Path) -> None:
    content = "id,text\n" + 'a,"2020年的报告""如下\n' * 20_000
    reports = load(tmp_path / "a.csv", content.encode())
    assert {problem.code for problem in reports.problems} == {"damaged-row"}
    assert len(reports) == 0


@pytest.mark.parametrize(
    ("name", "content", "place", "code"),
    [
        ("a.csv", "id,text\na,2020年,报告如下\n", "row 1", "damaged-row"),
        ("a.csv", "id,text,text\na,2020年报告。,\n", "", "repeated-column"),
        ("a.csv", "id,text\n", "", "empty"),
        ("a.csv", "", "", "empty"),
        ("a.jsonl", '{"text": "2020年报告", "title": "\\ud800"}', "row 1", "control-characters"),
        ("a.jsonl", '{"text": "2020年报告", "id": "a\\u0000"}', "row 1", "control-characters"),
        ("a.json", "[]", "", "empty"),
        ("a.json", '[{"text": "2020年报告"}, {"text": ', "row 2", "damaged-row"),
        ("a.json", "2020年的报告", "row 1", "damaged-row"),
        ("a.csv.gz", "id,text", "", "damaged-archive"),
    ],
)
def test_what_is_wrong_is_named_with_its_row(tmp_path: Path, name: str, content: str, place: str, code: str) -> None:
    content_bytes = b"\x1f\x8b\x08\0" + content.encode() if name.endswith(".gz") else content.encode()
    (problem,) = load(tmp_path / name, content_bytes).problems
    assert (problem.file, problem.place, problem.code) == (name, place, code)


@pytest.mark.parametrize(
    "name", ["../../etc/x", "/abs", "C:\\x", "a\nb", "\x1b[31m", "\u202egpj", ".", "..", "x" * 121, "a/../b", "~/x"]
)  # fmt: skip
def test_an_id_that_can_name_no_report_is_refused_with_its_row(tmp_path: Path, name: str) -> None:
    rows = [{"id": "good", "text": "2020年，报告如下。"}, {"id": name, "text": "2021年，报告如下。"}]
    reports = load(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)).encode())
    assert [report.report_id for report in reports] == ["good"]
    assert [(problem.place, problem.code) for problem in reports.problems] == [("row 2", "bad-id")]
    assert all(character.isprintable() for character in str(reports.problems[0]))


def test_a_table_in_an_archive_and_one_that_is_a_sheet(tmp_path: Path) -> None:
    reports = load(tmp_path / "a.zip", make_zip({"2020/t.csv": table().encode(), "x.csv": b"PK\x03\x04 xl/workbook"}))
    assert texts_of(reports) == TEXTS
    assert [(problem.file, problem.code) for problem in reports.problems] == [("a.zip/x.csv", "unread-format")]


def test_a_packed_table_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_RATIO", 1)
    content = gzip.compress(b"id,text\n" + (b"a," + b"b" * 4000 + b"\n") * 400)
    assert "bomb" in {problem.code for problem in load(tmp_path / "a.csv.gz", content).problems}


def test_a_table_without_a_line_of_names_is_known_by_its_cells(tmp_path: Path) -> None:
    texts = [REPORT, REPORT.replace("2020", "2021")]
    rows = [
        f'沂源县司法局{year}年法治政府建设情况报告,{year + 1}-01-20,"{text}"' for year, text in enumerate(texts, 2020)
    ]
    reports = load(tmp_path / "a.csv", "\n".join(rows).encode())
    assert [(report.issuer, report.year_reviewed) for report in reports] == [
        ("沂源县司法局", 2020),
        ("沂源县司法局", 2021),
    ]
    assert texts_of(reports) == texts
    assert "'column 2'" in reports[0].warnings[0].message


def test_a_text_that_is_called_json_is_told_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("甲县司法局2022年法治政府建设情况报告", encoding="utf-8")
    (problem,) = corpus.load_reports(tmp_path / "a.json").problems
    assert (problem.code, problem.remedy) == ("misnamed", "if it is a text, call it .txt")


def test_a_title_over_a_sheet_and_a_list_deep_in_an_object_are_passed_through(tmp_path: Path) -> None:
    rows = [
        {"标题": f"甲县{year}年法治政府建设情况报告", "正文": f"{year}年，我局推进法治政府建设。"}
        for year in (2020, 2021)
    ]
    lines = ["附件1,", "法治政府建设年度报告汇总表,", "标题,正文", *(f"{row['标题']},{row['正文']}" for row in rows)]
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "b.json").write_text(
        json.dumps({"code": 0, "data": {"page": {"n": 2}, "list": rows}}), encoding="utf-8"
    )
    for name in ("a.csv", "b.json"):
        reports = corpus.load_reports(tmp_path / name)
        assert [report.raw for report in reports] == [row["正文"] for row in rows]


def test_lines_of_json_that_end_in_a_comma_and_a_head_behind_a_mark_are_read(tmp_path: Path) -> None:
    rows = [
        {"标题": f"甲县{year}年法治政府建设情况报告", "正文": f"{year}年，我局推进法治政府建设。"}
        for year in (2020, 2021)
    ]
    (tmp_path / "a.jsonl").write_text(",\n".join(json.dumps(row) for row in rows) + ",\n", encoding="utf-8")
    tables = [f"\ufeff标题,正文\n{row['标题']},{row['正文']}\n" for row in rows]
    (tmp_path / "b.csv").write_text("".join(tables), encoding="utf-8")
    for name in ("a.jsonl", "b.csv"):
        reports = corpus.load_reports(tmp_path / name)
        assert [report.raw for report in reports] == [row["正文"] for row in rows]
        assert not reports.problems
