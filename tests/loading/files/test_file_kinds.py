"""Every file of a folder or an archive: read by its bytes, or named with the way to a format that is read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from making_files import REPORT, make_docx, make_pdf, make_zip

import corpus
from corpus import cli
from corpus.loading.collecting import legible_name

LINES = REPORT.split("\n")
PAGE = f"<html><body>{''.join(f'<p>{line}</p>' for line in LINES)}</body></html>".encode()
PAGE_SUFFIXES = ("shtml", "xhtml", "jsp", "php", "aspx", "asp", "HTM", "doc", "docx", "txt")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((f"a.{suffix}", PAGE) for suffix in PAGE_SUFFIXES),
        ("a.jsp", b'<%@ page language="java" contentType="text/html;charset=UTF-8" %>\n' + PAGE),
        ("a.xhtml", b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- saved -->\n' + PAGE),
        ("a.doc", REPORT.encode("gb18030")),
        ("a.doc", b"\xff\xfe" + PAGE.decode().encode("utf-16-le")),
        ("a.wps", REPORT.encode()),
        ("a.doc", make_docx(LINES)),
        ("a.wps", make_docx(LINES)),
        ("a.txt", make_docx(LINES)),
        ("a.doc", make_pdf(LINES, lines_a_page=40)),
    ],
)  # fmt: skip
def test_what_the_bytes_say_is_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    for path in (tmp_path, tmp_path / name):
        reports = corpus.load_reports(path)
        assert reports.problems == ()
        assert reports[0].raw.split("\n") == LINES
    (tmp_path / "b.zip").write_bytes(make_zip({name: content}))
    assert corpus.load_reports(tmp_path / "b.zip")[0].raw.split("\n") == LINES


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("a.doc", OLE, "old-word", "soffice --headless --convert-to docx *.doc"),
        ("a.wps", OLE, "old-word", "*.wps"),
        ("a.wps", b"x" * 50, "renamed", ".docx"),
        ("a.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", "password"),
        ("a.xls", OLE, "unread-format", ".csv"),
        ("a.doc", OLE + "Workbook".encode("utf-16-le"), "unread-format", "Excel"),
        ("a.rtf", b"{\\rtf1\\ansi", "unread-format", "convert-to docx *.rtf"),
        ("a.docx", b"{\\rtf1\\ansi", "unread-format", "Rich Text"),
        ("a.xlsx", make_zip({"xl/workbook.xml": b"<a/>"}), "unread-format", "CSV UTF-8"),
        ("a.csv", make_zip({"xl/workbook.xml": b"<a/>"}), "unread-format", "Excel"),
        ("a.ofd", make_zip({"OFD.xml": b"<a/>"}), "unread-format", "OFD"),
        ("a.odt", make_zip({"content.xml": b"<a/>"}), "unread-format", ".docx"),
        ("a.caj", b"CAJ\0\1\2", "unread-format", "CAJ"),
        ("a.dta", b"<stata_dta><header>", "unread-format", "Stata"),
        ("a.dta", b"\x72\x02\x01\x00\xff\xfe", "unread-format", "DataFrame.to_csv"),
        ("a.parquet", b"PAR1\x15\x04\xff", "unread-format", "Parquet"),
        ("a.sav", b"$FL2@(#) SPSS", "unread-format", "SPSS"),
        ("a.png", b"\x89PNG\r\n\x1a\n\xff", "unread-format", "optical character recognition"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "unread-format", "JPEG"),
        ("a.rar", b"Rar!\x1a\x07\0", "unread-format", ".zip"),
        ("a.tar.gz", b"\x1f\x8b\x08\0", "unread-format", "unpack"),
        ("a.doc", b"From: <saved>\nMIME-Version: 1.0\nContent-Type: multipart/related\n", "no-text", ".docx"),
        ("a.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><a/>', "unread-format", ".docx"),
        ("a.csv", PAGE, "misnamed", ".html"),
        ("a.mht", b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "no-text", "save the page as .html"),
    ],
)
def test_what_is_not_read_is_named_with_the_way(
    tmp_path: Path, name: str, content: bytes, code: str, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(REPORT, encoding="utf-8")
    for path, file in ((tmp_path, name), (tmp_path / name, name)):
        (problem,) = corpus.load_reports(path).problems
        assert (problem.file, problem.code) == (file, code)
        assert words in f"{problem.message} {problem.remedy}"
    (tmp_path / "b.zip").write_bytes(make_zip({name: content}))
    (problem,) = corpus.load_reports(tmp_path / "b.zip").problems
    assert (problem.file, problem.code in (code, "unread-format")) == (f"b.zip/{name}", True)


@pytest.mark.parametrize("name", ["report", "a.bak", "a.log", "README.md", "a.xml", "a.caj", "a.jpg"])
def test_a_text_under_a_wrong_name_is_named_in_a_folder_and_read_where_it_is_asked_for(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_text(REPORT, encoding="utf-8")
    (problem,) = corpus.load_reports(tmp_path).problems
    assert (problem.file, problem.code, ".txt" in problem.remedy) == (name, "misnamed", True)
    assert corpus.load_reports(tmp_path / name)[0].raw == REPORT


def test_markdown_is_a_text_whose_emphasis_hides_nothing(tmp_path: Path) -> None:
    text = (
        "# 秦安县科学技术局2020年法治政府建设工作报告\n\n2020年，**我局**落实责任。\n\n## 一、主要做法\n\n办案**3**件。"
    )
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "b.md").write_text(text.replace("办案**3**件", "张**办案"), encoding="utf-8")
    whole, masked = corpus.load_reports(tmp_path)
    assert (whole.year_reviewed, whole.raw, [heading.text for heading in whole.headings]) == (2020, text, ["主要做法"])
    assert [notice.code for notice in whole.warnings] == []
    assert [(notice.code, notice.evidence and notice.evidence.start) for notice in masked.warnings] == [
        ("masked-characters", text.index("案**3"))
    ]


def test_what_programs_leave_for_themselves_is_no_file_of_reports(tmp_path: Path) -> None:
    for name in (
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "~$a.docx",
        "page_files/a.css",
        "page_files/b.png",
        "tables/a/provenance.json",
        "tables/a/data.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"\xff\xd8")
    (tmp_path / "page.html").write_bytes(PAGE)
    reports = corpus.load_reports(tmp_path)
    assert (len(reports), reports.problems) == (1, ())


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("报告".encode(), "报告"),
        ("报告".encode("gbk"), "报告"),
        (b"a\xff\xffb", "a\\xff\\xffb"),
        (b"a\x1b[31m", "a\\x1b[31m"),
    ],
)
def test_a_name_of_any_bytes_passes_every_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, stored: bytes, shown: str
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = os.fsdecode(os.fsencode(folder) + b"/" + stored + b".txt")
    try:
        Path(path).write_text(REPORT, encoding="utf-8")
    except (OSError, ValueError):
        pytest.skip("this file system takes no such name")
    (folder / "b.txt").write_text(REPORT.replace("2020", "2021"), encoding="utf-8")
    assert legible_name(Path(path).name) == f"{shown}.txt"
    (report,) = corpus.load_reports(path)
    assert (report.report_id, report.source.file) == (shown, f"{shown}.txt")
    assert {report.source.file for report in corpus.load_reports(folder)} == {f"{shown}.txt", "b.txt"}
    page = str(tmp_path / "page.html")
    for asked in (
        ["check", str(folder)],
        ["check", str(folder), "--json"],
        ["show", path],
        ["compare", path, str(folder / "b.txt"), "--html", page],
        ["add", path, "--into", str(tmp_path / "data")],
        ["add", path, "--into", str(tmp_path / "data")],
        ["check", str(tmp_path / "data")],
    ):
        assert cli.main(asked) == 0, asked
        capsys.readouterr().out.encode("utf-8")
    assert Path(page).read_text(encoding="utf-8")
