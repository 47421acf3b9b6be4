"""Bounds of time and memory: what breaks, stalls or fills its reader is one problem, and the next file loads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from making_files import REPORT, make_docx, make_pdf, make_zip

import corpus
from corpus import processes
from corpus.loading.files import decoding, documents, extraction, limits

LINES = REPORT.split("\n")


def pdf_of(commands: bytes) -> bytes:
    """Return a PDF of one page with packed drawing commands."""
    packed = zlib.compress(commands)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 R>>>>/Contents 5 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"


def test_a_page_that_never_ends_is_refused_within_seconds_and_others_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_STEP_SECONDS", 0.7)
    (tmp_path / "a.pdf").write_bytes(pdf_of(b"0 0 m 1 1 l S " * 3_000_000 + b"BT /F1 12 Tf 9 9 Td (x) Tj ET"))
    (tmp_path / "b.pdf").write_bytes(make_pdf(LINES, lines_a_page=40))
    began = time.monotonic()
    reports = corpus.load_reports(tmp_path)
    assert time.monotonic() - began < 15
    assert [problem.code in ("too-slow", "too-large", "unreadable") for problem in reports.problems] == [True]
    assert reports.problems[0].file == "a.pdf"
    assert [report.raw.split("\n") for report in reports] == [LINES]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("while True: pass", "too-slow"),
        ("import os; os.abort()", "unreadable"),
        ("import os; os._exit(0)", "unreadable"),
        ("held = [bytearray(1 << 20) for _ in range(4096)]; import time; time.sleep(9)", "too-large"),
    ],
)
def test_a_reader_that_breaks_stalls_or_fills_memory_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, code: str
) -> None:
    monkeypatch.setattr(limits, "MAX_STEP_SECONDS", 0.7)
    (tmp_path / "bad_reader.py").write_text(
        "import corpus.loading.files.limits as limits\n"
        "limits.MAX_READER_BYTES = 200 << 20\n"
        "from corpus.loading.files import extraction\n"
        f"def read(kind, content, **how):\n    {body}\n"
        "def serve_files(): return extraction.serve_files(read)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(processes, "_START", f"import sys; sys.path.append({str(tmp_path)!r}); " + processes._START)
    extraction._end()
    answer = extraction.ask("bad_reader", "pdf", b"x")
    assert isinstance(answer, decoding.Fault)
    assert answer.code in (code, "too-large" if code == "unreadable" else code, "unreadable")
    assert extraction._running is None
    monkeypatch.undo()
    assert extraction.extract("pdf", make_pdf(LINES, lines_a_page=40)).paragraphs[0][1] == LINES[0]


def test_a_reader_that_was_ended_from_outside_is_started_again() -> None:
    content = make_pdf(LINES, lines_a_page=40)
    extraction.extract("pdf", content)
    assert extraction._running is not None
    extraction._running.process.kill()
    assert extraction.extract("pdf", content).paragraphs[0][1] == LINES[0]


@pytest.mark.parametrize("start", ["import sys; sys.exit(3)", None])
def test_where_no_process_starts_files_are_read_here(monkeypatch: pytest.MonkeyPatch, start: str | None) -> None:
    extraction._end()
    if start is None:
        monkeypatch.setattr(sys, "executable", "/no/such/program")
    else:
        monkeypatch.setattr(processes, "_START", start)
    assert extraction.extract("pdf", make_pdf(LINES, lines_a_page=40)).paragraphs[0][1] == LINES[0]
    assert extraction._running is None


def test_no_reader_is_left_behind_and_modules_of_the_folder_are_not_imported(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf(LINES, lines_a_page=40))
    (tmp_path / "json.py").write_text("raise SystemExit('imported')", encoding="utf-8")
    program = (
        "import corpus; from corpus.loading.files import extraction as r; n = len(corpus.load_reports('a.pdf'));"
        " print(n, r._running.process.pid)"
    )
    source = str(Path(corpus.__file__).parents[1])
    told = subprocess.run(
        [sys.executable, "-P", "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": source},
        capture_output=True,
        text=True,
        check=True,
    )
    number, pid = map(int, told.stdout.split())
    assert number == 1
    if sys.platform == "linux":
        assert not Path(f"/proc/{pid}").exists()


def test_heavy_pages_and_documents_are_read_apart_with_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><body>{''.join(f'<p>{line}</p>' for line in LINES)}</body></html>".encode()
    for kind, content in (("page", page), ("word", make_docx(LINES))):
        here = extraction.extract(kind, content)  # type: ignore[arg-type]
        with monkeypatch.context() as patch:
            patch.setattr(limits, "HEAVY_BYTES", 10)
            apart = extraction.extract(kind, content)  # type: ignore[arg-type]
        assert here == apart


def test_an_archive_has_a_bound_for_all_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({f"{number}.txt": b" " * 900_000 for number in range(80)}))
    (problem,) = corpus.load_reports(path).problems
    assert (problem.file, problem.code) == ("a.zip", "bomb")
    path.write_bytes(make_zip({"a.txt": REPORT.encode(), "b.txt": REPORT.replace("2020", "2021").encode()}))
    assert len(corpus.load_reports(path)) == 2
    monkeypatch.setattr(documents, "MAX_UNPACKED_ARCHIVE_BYTES", 1000)
    assert [problem.code for problem in corpus.load_reports(path).problems] == ["bomb"]


def entry(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_are_links_have_no_name_or_one_name_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(entry("link.txt", 0o120777), "/etc/passwd")
        package.writestr(entry("."), REPORT)
        package.writestr(entry("twice.txt"), REPORT)
        package.writestr(entry("twice.txt"), REPORT.replace("2020", "2021"))
        package.writestr(entry("a\nb.txt"), REPORT.replace("2020", "2019"))
    reports = corpus.load_reports(path)
    assert [report.report_id for report in reports] == ["twice"]
    codes = {problem.file.removeprefix("a.zip/"): problem.code for problem in reports.problems}
    assert codes == {"link.txt": "link", ".": "bad-name", "twice.txt": "same-name", "a\nb.txt": "bad-name"}


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_named_and_the_others_load(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as package:
        package.writestr("a.txt", os.urandom(400).hex())
        package.writestr("b.txt", REPORT)
    content = bytearray(path.read_bytes())
    content[60:160] = bytes(100)
    path.write_bytes(content)
    reports = corpus.load_reports(path)
    assert [(problem.file, problem.code) for problem in reports.problems] == [("a.zip/a.txt", "damaged-archive")]
    assert [report.report_id for report in reports] == ["b"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (zlib.error("bad"), "damaged-archive"),
        (NotImplementedError("method"), "unread-packing"),
        (MemoryError(), "too-large"),
        (RecursionError(), "too-deep"),
        (PermissionError(13, "Permission denied"), "unreadable"),
        (UnicodeError("undefined"), "damaged-encoding"),
        (KeyError("\ud800\x1b" * 400), "unreadable"),
    ],
)
def test_whatever_a_reader_raises_is_one_problem_with_words(error: Exception, code: str) -> None:
    problem = decoding.problem_of(error, "a.x", "row 3")
    assert (problem.file, problem.place, problem.code) == ("a.x", "row 3", code)
    assert problem.message and problem.remedy and len(str(problem)) < 400
    str(problem).encode("utf-8")


def test_an_error_while_a_report_is_put_together_is_its_problem_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.loading import gathering as module

    whole = module.assemble_report

    def broken(report_id: str, *arguments: object, **named: object) -> object:
        if report_id == "a":
            raise IndexError("span 0:5 lies outside a text of 4 characters")
        return whole(report_id, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "assemble_report", broken)
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(REPORT + name, encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    assert [report.report_id for report in reports] == ["b"]
    assert [(problem.file, problem.code) for problem in reports.problems] == [("a.txt", "unreadable")]
