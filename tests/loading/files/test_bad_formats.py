"""Every fault of a file that must not load: one record, all others as before, no output lost, and named in the report.

The four rules are checked for each fault by `break_folder`.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest
from bench.mutations import fingerprint
from making_files import FLOODS, REPORT, bare_pdf, change_part, flooded, make_docx, make_pdf, make_zip, set_encrypted

import corpus
from corpus import cli
from corpus.loading import catalogue
from corpus.loading.files import limits
from corpus.loading.files.decoding import Fault
from corpus.loading.files.extraction import extract_here

OTHER = REPORT.replace("2020年", "2021年").replace("三次", "五次")
WORD = make_docx(REPORT.split("\n"))
DOCUMENT = "word/document.xml"


def break_folder(
    capsys: pytest.CaptureFixture[str], folder: Path, name: str, content: bytes
) -> list[tuple[str, str, str]]:
    """Put a file into a folder of two reports and check the four rules; return file, place and code of its problems."""
    own = folder / "own"
    own.mkdir()
    (own / "good.txt").write_text(REPORT, encoding="utf-8")
    (own / "other.txt").write_text(OTHER, encoding="utf-8")
    (folder / "kept.txt").write_bytes(b"an output of before")
    assert cli.main(["add", str(own / "good.txt"), "--into", str(folder / "data")]) == 0
    catalogue = (folder / "data" / "catalogue.csv").read_bytes()
    before = {report.report_id: fingerprint(report) for report in corpus.load_reports(own)}

    (own / name).write_bytes(content)
    reports = corpus.load_reports(own)
    assert {report.report_id: fingerprint(report) for report in reports if report.report_id in before} == before
    assert all(problem.message and problem.remedy for problem in reports.problems)

    capsys.readouterr()
    assert cli.main(["check", str(own), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert [problem["code"] for problem in answer["problems"]] == [problem.code for problem in reports.problems]
    assert cli.main(["check", str(own)]) == 1
    assert f"  {name}" in capsys.readouterr().out.partition("\nleft out: ")[2]

    assert cli.main(["add", str(own / name), "--into", str(folder / "data")]) == 1
    assert cli.main(["show", str(own / name), "--raw", str(folder / "kept.txt")]) == 2
    assert (folder / "data" / "catalogue.csv").read_bytes() == catalogue
    assert (folder / "kept.txt").read_bytes() == b"an output of before"
    return [(problem.file, problem.place, problem.code) for problem in reports.problems]


def word_bomb() -> bytes:
    return change_part(WORD, "word/media/image1.bmp", bytes(2 * limits.MIB + 1) * 10)


def with_doctype(declaration: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(WORD)) as package:
        document = package.read(DOCUMENT)
    head, _, rest = document.partition(b"?>")
    return change_part(WORD, DOCUMENT, head + b"?>" + declaration + rest)


EXTERNAL = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("z.txt", b"", "empty"),
        ("z.txt", " \n　".encode(), "empty"),
        ("z.txt", b"\xef\xbb\xbf", "empty"),
        ("z.txt", REPORT.encode() + b"\xe5\xb9", "damaged-encoding"),
        ("z.txt", REPORT.encode()[:50] + b"\xff\xfe\xff" + REPORT.encode()[50:], "damaged-encoding"),
        ("z.txt", b"\x7fELF" + bytes(100), "control-characters"),
        ("z.html", b"<html><body><script>1</script></body></html>", "no-text"),
        ("z.html", ("<div>" * 3000 + REPORT).encode(), "too-deep"),
        ("z.html", b"", "empty"),
        ("z.docx", WORD[: len(WORD) // 2], "truncated"),
        ("z.docx", REPORT.encode(), "renamed"),
        ("z.docx", make_zip({"a.txt": b"a"}), "renamed"),
        ("z.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old-word"),
        ("z.docx", word_bomb(), "bomb"),
        ("z.docx", with_doctype(b"<!DOCTYPE a>"), "doctype"),
        ("z.docx", with_doctype(EXTERNAL), "doctype"),
        ("z.docx", change_part(WORD, DOCUMENT, b"<w:document"), "damaged-word"),
        ("z.docx", set_encrypted(WORD), "damaged-word"),
        ("z.docx", make_docx(["", " "]), "no-text"),
        ("z.pdf", bare_pdf(), "no-text-layer"),
        ("z.pdf", bare_pdf(encrypted=True), "encrypted"),
        ("z.pdf", b"%PDF-1.4\nbroken", "damaged-pdf"),
        ("z.pdf", REPORT.encode(), "damaged-pdf"),
        ("z.zip", make_zip({"a.txt": b"a"})[:30], "damaged-archive"),
        ("z.zip", make_zip({"../a.txt": REPORT.encode()}), "outside"),
        ("z.zip", make_zip({"/a.txt": REPORT.encode()}), "outside"),
        ("z.zip", make_zip({"C:\\a.txt": REPORT.encode()}), "outside"),
        ("z.zip", make_zip({"x\\..\\..\\a.txt": REPORT.encode()}), "outside"),
        ("z.zip", make_zip({"inner.zip": make_zip({"a.txt": b"a"})}), "nested-archive"),
        ("z.zip", set_encrypted(make_zip({"a.txt": REPORT.encode()})), "encrypted"),
        ("z.zip", make_zip({"a.txt": b" " * (2 * limits.MIB)}), "too-large"),
        ("z.zip", make_zip({"a.docx": WORD[:200]}), "truncated"),
        ("z.jsonl", b'{"text": "a\\u0000b"}', "control-characters"),
        ("z.jsonl", b'{"text": "\\ud800"}', "control-characters"),
        ("z.jsonl", b'{"text": ""}', "empty"),
        ("z.jsonl", b'{"text": ', "damaged-row"),
        ("z.jsonl", b"[" * 100_000, "damaged-row"),
        ("z.jsonl", b"[1, 2]", "damaged-row"),
        ("z.jsonl", b'{"words": "no column is called text"}', "no-text-column"),
        ("z.csv", b"name,date\na,2020\n", "no-text-column"),
    ],
)
def test_a_file_that_cannot_be_read(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    ((file, _, found),) = break_folder(capsys, tmp_path, name, content)
    assert (file.split("/")[0], found) == (name, code)


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("z.txt", REPORT.encode() + b"\xe5\xb9", f"byte {len(REPORT.encode())}"),
        ("z.docx", with_doctype(EXTERNAL), DOCUMENT),
        ("z.jsonl", b'{"text": "2020"}\n{"text": "2021 \\u0000"}', "row 2, character 5"),
    ],
)
def test_the_place_of_a_fault_is_named(tmp_path: Path, name: str, content: bytes, place: str) -> None:
    (tmp_path / name).write_bytes(content)
    (problem,) = corpus.load_reports(tmp_path).problems
    assert problem.place == place
    assert str(problem).startswith(f"{name} ({place}): ")


def test_a_row_too_long_is_refused_by_its_number_and_the_others_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.loading.files.limits.MAX_FILE_BYTES", 5000)
    for name, template in (("a.jsonl", '{{"text": "{}"}}\n'), ("a.csv", "{}\n"), ("a.tsv", "2020\t{}\n")):
        path = tmp_path / name
        head = "text\n" if name == "a.csv" else ""
        path.write_text(head + "".join(template.format("甲" * length) for length in (4, 6000, 5)), encoding="utf-8")
        reports = corpus.load_reports(path)
        assert [problem.code for problem in reports.problems] == ["too-large"], name
        assert "row " in reports.problems[0].place
        assert [len(report.raw) for report in reports] == [4, 5], name


def test_ids_that_two_tables_have_are_told_apart_by_the_names_of_the_tables(tmp_path: Path) -> None:
    for name, texts in (("a.jsonl", ("2020年甲", "2020年乙")), ("b.csv", ("2020年丙",))):
        rows = [{"id": str(number), "text": text} for number, text in enumerate(texts, 1)]
        table = "id,text\n" + "".join(f"{row['id']},{row['text']}\n" for row in rows)
        told = table if name == "b.csv" else "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / name).write_text(told, encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    assert not reports.problems
    assert {report.report_id: report.raw for report in reports} == {
        "a/1": "2020年甲",
        "a/2": "2020年乙",
        "b/1": "2020年丙",
    }


def test_ids_that_collide_are_named_and_rows_of_the_same_text_count_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    texts = [("x", "2020年甲"), ("x", "2020年乙"), ("y", "2020年甲")]
    path.write_text("\n".join(json.dumps({"id": name, "text": text}) for name, text in texts), encoding="utf-8")
    reports = corpus.load_reports(path)
    assert [problem.code for problem in reports.problems] == ["same-id", "duplicate"]
    assert "'x'" in reports.problems[0].message
    assert [report.report_id for report in reports] == ["x"]


def test_a_table_too_large_is_refused_from_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue._LARGEST, ".csv", 10)
    (tmp_path / "a.csv").write_text("text\n2020年的报告\n", encoding="utf-8")
    (problem,) = corpus.load_reports(tmp_path).problems
    assert problem.code == "too-large"


@pytest.mark.parametrize("flood", FLOODS)
def test_text_that_is_made_to_be_slow_loads(tmp_path: Path, flood: str) -> None:
    # A pattern that is not linear makes this last for minutes; tests/bench/floods.py measures.
    path = tmp_path / "a.txt"
    path.write_text(flooded(f"{REPORT}\n", flood, 40_000) + f"甲\n{OTHER}", encoding="utf-8")
    (report,) = corpus.load_reports(path)
    assert report.raw.endswith(OTHER)
    assert report.passages("phrase")


def test_two_that_add_at_once_do_not_tear_the_catalogue(tmp_path: Path) -> None:
    from corpus.publishing.writing.whole_files import hold_folder

    path = tmp_path / "a.txt"
    path.write_text(REPORT, encoding="utf-8")
    with hold_folder(tmp_path / "data"):
        assert cli.main(["add", str(path), "--into", str(tmp_path / "data")]) == 2
    assert cli.main(["add", str(path), "--into", str(tmp_path / "data")]) == 0


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "$x_1$", "=HYPERLINK(1)", "+1", "@SUM(1)", "\x1b[31m"])
def test_what_a_file_says_is_shown_and_never_obeyed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"{words}县科技局2020年法治政府建设工作报告\n{words}2020年，报告如下：\n", encoding="utf-8")
    report = corpus.load_reports(path)[0]
    assert report.raw.startswith(words)
    assert "<script>" not in report._repr_html_()
    assert cli.main(["show", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_pdf_has_limits_of_pages_and_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    content = make_pdf(["全年召开会议三次。", "办理行政许可。"], lines_a_page=1)
    for name, value, code in (("MAX_PAGES", 1, "too-many-pages"), ("MAX_FILE_SECONDS", -1.0, "too-slow")):
        with monkeypatch.context() as patch:
            patch.setattr(f"corpus.loading.files.pdf.{name}", value)
            with pytest.raises(Fault) as caught:
                extract_here("pdf", content)
            assert caught.value.code == code
