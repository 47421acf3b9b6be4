"""Bad input: one clear record for each fault, and every other report as before."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import corpus
from corpus.errors import CorpusError

GOOD = (
    "某某县科学技术局2020年法治政府建设工作报告\n2020年，我局认真落实各项任务，现将情况报告如下：\n"
    "一、主要举措\n成立领导小组。\n"
)


def folder_with(tmp_path: Path, **files: bytes) -> Path:
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    for name, content in files.items():
        (tmp_path / f"{name}.txt").write_bytes(content)
    return tmp_path


def write_catalogue(folder: Path, *rows: str) -> None:
    (folder / "catalogue.csv").write_text("\n".join(("report_id,file,sha256,year_reviewed", *rows)), encoding="utf-8")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  \n", "empty"),
        ('HYPERLINK "a"\u2028\u00ad[endif]'.encode(), "empty"),
        (GOOD.encode()[:-5], "damaged-encoding"),
        (b"PK\x03\x04\x00\x00", "unread-format"),
        (b"\x7fELF\x00\x00", "control-characters"),
        (GOOD.encode(), "duplicate"),
    ],
)
def test_a_bad_file_is_one_problem_and_the_rest_loads(tmp_path: Path, content: bytes, code: str) -> None:
    alone = corpus.load_reports(folder_with(tmp_path))["good"]
    reports = corpus.load_reports(folder_with(tmp_path, zbad=content))
    assert [(problem.file, problem.code) for problem in reports.problems] == [("zbad.txt", code)]
    assert all((problem.message, problem.remedy) for problem in reports.problems)
    assert len(reports) == 1
    assert (reports["good"].raw, reports["good"].facts) == (alone.raw, alone.facts)


def test_gbk_loads_and_says_that_it_was_inferred(tmp_path: Path) -> None:
    reports = corpus.load_reports(folder_with(tmp_path, gbk=GOOD.replace("某某", "沂源").encode("gbk")))
    assert not reports.problems
    assert reports["gbk"].source.encoding == "gb18030"
    assert "encoding-inferred" in {notice.code for notice in reports["gbk"].warnings}
    assert "encoding-inferred" not in {notice.code for notice in reports["good"].warnings}


def test_directory_named_like_a_file(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "dir.txt").mkdir()
    reports = corpus.load_reports(folder)
    assert [(problem.file, problem.code) for problem in reports.problems] == [("dir.txt", "directory")]
    assert len(reports) == 1


def test_missing_path() -> None:
    with pytest.raises(CorpusError, match=r"nowhere.*check the path"):
        corpus.load_reports("nowhere")


def test_same_id_names_both_files(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "good.TXT").write_text(GOOD + "二、其他", encoding="utf-8")
    if len(list(folder.iterdir())) < 2:
        pytest.skip("this file system does not tell capital letters from small ones")
    (problem,) = corpus.load_reports(folder).problems
    assert problem.code == "same-id"
    assert "good.txt" in problem.message
    assert "good.TXT" in problem.message


def test_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    with (folder / "large.txt").open("wb") as stream:
        stream.truncate(2**30)
    (problem,) = corpus.load_reports(folder).problems
    assert (problem.file, problem.code) == ("large.txt", "too-large")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_pipe_and_link_out_are_not_opened(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "in") if (tmp_path / "in").mkdir() is None else tmp_path
    os.mkfifo(folder / "pipe.txt")
    (tmp_path / "secret.txt").write_text(GOOD, encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    found = {problem.file: problem.code for problem in corpus.load_reports(folder).problems}
    assert found == {"pipe.txt": "not-a-file", "link.txt": "outside"}


@pytest.mark.parametrize(
    ("row", "code", "words"),
    [
        ("a,../good.txt,,2020", "catalogue-row", "outside the folder"),
        ("a,/etc/passwd,,2020", "catalogue-row", "outside the folder"),
        ("a,gone.txt,,2020", "missing-file", "no such file"),
        (f"a,good.txt,{'0' * 64},2020", "hash-mismatch", "sha256"),
        ("a,good.txt,,last year", "catalogue-row", "year_reviewed"),
        (",good.txt,,2020", "catalogue-row", "no report_id"),
        ("a b,good.txt,,2020", "catalogue-row", "report_id"),
    ],
)
def test_bad_catalogue_row(tmp_path: Path, row: str, code: str, words: str) -> None:
    folder = folder_with(tmp_path, other=GOOD.replace("某某", "沂源").encode())
    write_catalogue(folder, "other,other.txt,,2020", row)
    reports = corpus.load_reports(folder)
    problem = reports.problems[0]
    assert problem.code == code
    assert words in problem.message
    assert reports["other"].year_reviewed == 2020


def test_ids_and_files_are_listed_once(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, other=GOOD.replace("某某", "沂源").encode())
    write_catalogue(folder, "a,good.txt,,2020", "a,other.txt,,2020", "b,good.txt,,2020")
    assert [problem.place for problem in corpus.load_reports(folder).problems] == ["line 3", "line 4"]


def test_catalogue_wins_and_disagreement_is_reported(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    write_catalogue(folder, "a,good.txt,,2019")
    report = corpus.load_reports(folder)["a"]
    assert (report.year_reviewed, report.facts["year_reviewed"].basis) == (2019, "catalogue")
    assert report.facts["year_reviewed"].evidence is None
    assert [notice.code for notice in report.warnings if "catalogue" in notice.code] == ["disagrees-with-catalogue"]


def test_correction_wins_over_the_catalogue(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    write_catalogue(folder, "a,good.txt,,2019")
    (folder / "corrections.csv").write_text(
        "report_id,fact,value,reason,by,date\na,year_reviewed,2020,title,me,2026-11-22\nx,level,county,,,\n",
        encoding="utf-8",
    )
    reports = corpus.load_reports(folder)
    assert reports["a"].year_reviewed == 2020
    assert [(problem.file, problem.place) for problem in reports.problems] == [("corrections.csv", "line 3")]


def test_correction_without_a_value_takes_the_fact_away(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    write_catalogue(folder, "a,good.txt,,2019")
    (folder / "corrections.csv").write_text("report_id,fact,value\na,year_reviewed,\n", encoding="utf-8")
    assert corpus.load_reports(folder)["a"].facts["year_reviewed"].basis == "absent"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_catalogue_in_any_encoding_and_with_any_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    folder = folder_with(tmp_path)
    rows = [
        ["report_id", "file", "issuer", "adcode", "year_reviewed", "published", "signed"],
        ["a", "good.txt", "沂源县科学技术局", "370323.0", "2020年", "2021/3/4", "2021年3月5日"],
        [""] * 7,
    ]
    lines = "\r\n".join(separator.join(row) for row in rows)
    (folder / "catalogue.csv").write_bytes(lines.encode(encoding))
    report = corpus.load_reports(folder)["a"]
    told = [report.value(name) for name in ("issuer", "adcode", "year_reviewed", "published", "signed")]
    assert told == ["沂源县科学技术局", "370323", 2020, "2021-03-04", "2021-03-05"]


def test_a_catalogue_row_with_controls_is_refused_and_the_others_count(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    write_catalogue(folder, "a,go\0od.txt,,2020", "\x1b[31m,other.txt,,2020", "b,good.txt,,2020")
    reports = corpus.load_reports(folder)
    assert "b" in {report.report_id for report in reports}
    assert [problem.place for problem in reports.problems if problem.code == "catalogue-row"] == ["line 2", "line 3"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("name", ["catalogue.csv", "corrections.csv"])
@pytest.mark.parametrize("kind", ["link", "pipe", "device", "folder", "broken"])
def test_a_catalogue_that_is_no_file_of_the_folder_is_refused(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "reports").mkdir()
    folder = folder_with(tmp_path / "reports")
    write_catalogue(folder, "a,good.txt,,2020")
    path = folder / name
    path.unlink(missing_ok=True)
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text("report_id,file\na,good.txt\n", encoding="utf-8")
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to({"link": elsewhere, "device": Path("/dev/zero"), "broken": tmp_path / "gone"}[kind])
    with pytest.raises(CorpusError, match=name):
        corpus.load_reports(folder)


def test_catalogue_without_its_columns(tmp_path: Path) -> None:
    folder = folder_with(tmp_path)
    (folder / "catalogue.csv").write_text("name,path\na,b\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="column 'report_id'"):
        corpus.load_reports(folder)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("day", ["2021/1/5", "2021年1月5日", "2021.01.05", "2021-1-5", "2021/1/5 0:00"])
def test_days_of_a_catalogue_as_excel_writes_them(tmp_path: Path, encoding: str, day: str) -> None:
    folder = folder_with(tmp_path)
    rows = f"report_id,file,published,title\r\na,good.txt,{day},某县报告\r\n"
    (folder / "catalogue.csv").write_bytes(rows.encode(encoding))
    reports = corpus.load_reports(folder)
    assert not reports.problems
    assert (reports["a"].value("published"), reports["a"].title) == ("2021-01-05", "某县报告")


@pytest.mark.parametrize(
    "row", ["a,g\0od.txt,,2020", "a\0,good.txt,,2020", "..,good.txt,,2020", "\x1b[31m,good.txt,,2020"]
)
def test_a_catalogue_with_controls_or_dots_is_one_problem(tmp_path: Path, row: str) -> None:
    folder = folder_with(tmp_path, other=GOOD.replace("某某", "沂源").encode())
    write_catalogue(folder, "other,other.txt,,2020", row)
    try:
        reports = corpus.load_reports(folder)
    except CorpusError as error:
        assert "NUL" in str(error)
    else:
        assert "catalogue-row" in {problem.code for problem in reports.problems}
        assert reports["other"].year_reviewed == 2020


def test_a_pinyin_bracket_at_the_end_loads(tmp_path: Path) -> None:
    for number, text in enumerate((f"{GOOD}学习(xí)", "习(xi)", f"(xí){GOOD}")):
        path = tmp_path / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        (report,) = corpus.load_reports(path)
        assert report.raw == text
