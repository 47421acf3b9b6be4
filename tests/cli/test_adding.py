"""``corpus add``, ``corpus show --raw`` and how files are to be read: nothing twice, nothing torn, nothing lost."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest
from making_files import REPORT, make_docx

import corpus
from corpus import cli
from corpus.loading.catalogue import COLUMNS

PRINTED = REPORT.replace("某某县", "沂源县")


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Two files of the same name in two folders, and a Word file whose name has a space."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "report.txt").write_text(PRINTED, encoding="utf-8")
    (tmp_path / "b" / "report.txt").write_bytes(PRINTED.replace("2020", "2019").encode("gbk"))
    (tmp_path / "b" / "word file.docx").write_bytes(make_docx(PRINTED.replace("2020", "2018").split("\n")))
    return [str(tmp_path / name) for name in ("a/report.txt", "b/report.txt", "b/word file.docx")]


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "catalogue.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_add_copies_files_and_writes_what_was_inferred(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: list[str]
) -> None:
    folder = tmp_path / "data"
    assert cli.main(["add", *files, "--into", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "added: report.txt as report (沂源县科学技术局, 2020)" in out
    assert "inferred, to be checked: province 山东省, prefecture 淄博市, adcode 370323, level county" in out
    rows = rows_of(folder)
    assert list(rows[0]) == list(COLUMNS)
    assert [row["year_reviewed"] for row in rows] == ["2020", "2019", "2018"]
    assert [row["issuer"] for row in rows] == ["沂源县科学技术局"] * 3
    assert rows[2]["report_id"] == "word-file"
    for row, file in zip(rows, files, strict=True):
        content = Path(file).read_bytes()
        assert (folder / row["file"]).read_bytes() == content
        assert row["sha256"] == sha256(content).hexdigest()
    reports = corpus.load_reports(folder)
    assert not reports.problems
    assert {report.report_id for report in reports} == {row["report_id"] for row in rows}


def test_adding_twice_adds_nothing_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path, files: list[str]) -> None:
    folder = tmp_path / "data"
    cli.main(["add", *files, "--into", str(folder)])
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    capsys.readouterr()
    assert cli.main(["add", *files, files[0], "--into", str(folder)]) == 0
    assert capsys.readouterr().out.count("there already: ") == 4
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_add_keeps_the_rows_and_columns_that_are_there(tmp_path: Path, files: list[str]) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "old.txt").write_text(PRINTED.replace("2020", "2017"), encoding="utf-8")
    before = b'\xef\xbb\xbffile,mine,report_id,year_reviewed\r\nold.txt,"a, b",old,2017'
    (folder / "catalogue.csv").write_bytes(before)
    assert cli.main(["add", files[0], "--into", str(folder)]) == 0
    assert (folder / "catalogue.csv").read_bytes() == before + b"\nreport.txt,,report,2020\n"
    assert [report.report_id for report in corpus.load_reports(folder)] == ["old", "report"]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.txt", "there is no such file"),
        (".", "this is a folder"),
        ("a.csv", "one row a file"),
        ("a.rtf", "a file of the format .rtf, which is not read"),
        ("empty.txt", "holds no text"),
    ],
)
def test_what_cannot_be_added_is_named_and_the_rest_is_added(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: list[str], name: str, words: str
) -> None:
    for made in ("a.csv", "a.rtf", "empty.txt"):
        (tmp_path / made).write_bytes(b"")
    folder = tmp_path / "data"
    assert cli.main(["add", str(tmp_path / name), files[0], "--into", str(folder)]) == 1
    assert words in capsys.readouterr().out
    assert [row["report_id"] for row in rows_of(folder)] == ["report"]


def test_an_add_that_is_interrupted_is_finished_by_the_next(
    tmp_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    with monkeypatch.context() as patch:
        patch.setattr("corpus.cli.adding._with_rows", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert cli.main(["add", files[0], "--into", str(folder)]) == 130
    assert not (folder / "catalogue.csv").exists()
    assert cli.main(["add", files[0], "--into", str(folder)]) == 0
    assert [row["file"] for row in rows_of(folder)] == ["report.txt"]


def test_add_goes_into_the_folder_reports_by_default(
    tmp_path: Path, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["add", files[0]]) == 0
    assert (tmp_path / "reports" / "catalogue.csv").is_file()


def test_show_raw_writes_the_text_that_offsets_count_in(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: list[str]
) -> None:
    out = tmp_path / "raw.txt"
    assert cli.main(["show", files[2], "--raw", str(out)]) == 0
    report = corpus.load_reports(files[2])[0]
    assert out.read_bytes().decode("utf-8") == report.raw
    assert report.source.text_sha256 in capsys.readouterr().out
    evidence = report.facts["issuer"].evidence
    assert evidence is not None and out.read_text(encoding="utf-8")[slice(*evidence)] == "沂源县科学技术局"
    assert cli.main(["show", files[2], "--raw", files[0]]) == 2
    assert Path(files[0]).read_text(encoding="utf-8") == PRINTED


def test_a_report_of_a_table_or_folder_is_shown_by_its_id(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "crawl.csv"
    table.write_text(f'no,body\nx,"{PRINTED}"\ny,2019年的报告\n', encoding="utf-8")
    columns = ["--columns", "report_id=no,text=body"]
    assert cli.main(["show", str(table), *columns]) == 2
    assert "holds 2 reports; write the id of one, as in corpus check" in capsys.readouterr().err
    assert cli.main(["show", "x", str(table), *columns, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["issuer"]["value"] == "沂源县科学技术局"
    assert cli.main(["check", str(table), *columns, "--json"]) == 0
    (_, answer) = json.loads(capsys.readouterr().out)["reports"]
    assert (answer["report_id"], answer["place"], answer["reader"]) == ("x", "沂源县", "cell of a table")
    assert cli.main(["check", str(table), "--columns", "text"]) == 2
    assert "write our name and the table's" in capsys.readouterr().err


def test_encoding_is_taken_from_the_caller(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("2020年，我局落實法治政府建設任務。".encode("big5"))
    assert cli.main(["check", str(path), "--encoding", "big5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["reports"][0]["encoding"] == "big5"
