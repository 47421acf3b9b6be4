"""An archive gives the reports of its folder, to the value, after whatever happened to either."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from making_files import make_docx

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading import archived_reports, gathering
from corpus.loading.archive_segments import ArchivedReport
from corpus.loading.archived_reports import NOT_RULES
from corpus.loading.files.documents import Reading
from corpus.report.reports import Report, Reports
from corpus.report.values import OffsetMap
from corpus.scale import packing
from corpus.scale.packing import pack

COLLECTIONS = Path(os.environ.get("CORPUS_COLLECTIONS", "no such folder"))


def plain(value: Any) -> Any:
    if isinstance(value, OffsetMap):
        return [*map(list, value.runs), dict(value.widths), value.length, value.source_length, value.is_identity]
    return dict(value) if hasattr(value, "keys") else value


def assert_same(one: Reports, other: Reports) -> None:
    assert [report.report_id for report in one] == [report.report_id for report in other]
    assert one.problems == other.problems
    for a, b in zip(one, other, strict=True):
        for field in fields(Report):
            if field.name != "source":
                assert plain(getattr(a, field.name)) == plain(getattr(b, field.name)), (a.report_id, field.name)
        for field in fields(a.source):
            assert getattr(a.source, field.name) == getattr(b.source, field.name), (a.report_id, field.name)
        assert a.raw_bytes == b.raw_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One of each kind: text with CR LF, Word, zip, a table with bare years, twins, and what cannot be read."""
    made = tmp_path / "folder"
    made.mkdir()
    texts = sorted(data_path("raw").glob("*.txt"))[:3]
    for number, path in enumerate(texts):
        shutil.copyfile(path, made / f"report-{number}.txt")
    text = texts[0].read_text(encoding="utf-8")
    (made / "crlf.txt").write_bytes(f"{text}\n另有说明。".replace("\n", "\r\n").encode("gb18030"))
    (made / "twin.txt").write_bytes(texts[1].read_bytes())
    (made / "astral.txt").write_text(f"某县\U00020bb7科技局2021年法治政府建设情况报告\n{text[:300]}", encoding="utf-8")
    (made / "empty.txt").write_text(" \n", encoding="utf-8")
    (made / "word.docx").write_bytes(make_docx(["某市司法局2020年法治政府建设情况报告", "落实重大决策程序。"]))
    with zipfile.ZipFile(made / "some.zip", "w") as archive:
        archive.writestr("a/in-zip.txt", f"乙县司法局2019年法治政府建设情况报告\n{text[:200]}")
        archive.writestr("word-in-zip.docx", make_docx(["丙县2018年法治政府建设情况报告", "推进依法行政。"]))
    rows = [
        {"id": f"row-{n}", "text": f"{place}县{n}年法治政府建设工作报告\n一、主要工作\n{text[n % 9 : 150]}", "year": n}
        for n, place in zip(range(2011, 2015), "甲乙丙丁", strict=True)
    ]
    rows.append({"id": "silent", "text": text[100:160], "year": 2015})
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (made / "table.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return made


def test_an_archive_gives_the_reports_of_its_folder(folder: Path, tmp_path: Path) -> None:
    packed = pack(folder, tmp_path / "archive", jobs=1)
    loaded, archived = corpus.load_reports(folder), corpus.load_reports(tmp_path / "archive")
    assert len(loaded) == 13 and loaded.problems and all(isinstance(report, ArchivedReport) for report in archived)
    assert_same(loaded, archived)
    assert_same(loaded, packed.reports)
    assert {notice.code for report in archived for notice in report.warnings} >= {"year-column"}
    assert_same(loaded.join_renamed(), archived.join_renamed())
    assert_same(loaded[:3] + loaded[2:5], archived[:3] + archived[2:5])


def test_tables_are_those_of_the_bundled_reports(tmp_path: Path) -> None:
    pack(data_path(), tmp_path / "archive", jobs=1)
    loaded, archived = corpus.load_reports(), corpus.load_reports(tmp_path / "archive")
    assert_same(loaded, archived)
    for ask in (
        corpus.tabulate_reports,
        corpus.tabulate_passages,
        corpus.find_reuse,
        corpus.find_formulas,
        corpus.compare_reports,
        corpus.measure_boilerplate,
        corpus.trace_origins,
        corpus.align_years,
        corpus.find_leftovers,
        corpus.tabulate_words,
    ):
        one, other = ask(loaded), ask(archived)
        assert one.equals(other) and one.attrs == other.attrs, ask.__name__


def test_only_what_is_new_or_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert pack(folder, archive, jobs=1)[1:4] == (10, 0, 0)
    assert pack(folder, archive, jobs=1)[1:4] == (0, 10, 0)
    (folder / "twin.txt").unlink()
    (folder / "new.txt").write_text("丁县司法局2022年法治政府建设情况报告\n坚持依法行政。", encoding="utf-8")
    with (folder / "crlf.txt").open("ab") as stream:
        stream.write(b"\r\n")
    assert pack(folder, archive, jobs=1)[1:4] == (2, 8, 1)
    assert_same(corpus.load_reports(folder), corpus.load_reports(archive))
    (folder / "catalogue.csv").write_text("report_id,file,issuer\nsettled,report-0.txt,某局\n", encoding="utf-8")
    assert pack(folder, archive, jobs=1)[1] == 1
    assert_same(corpus.load_reports(folder), corpus.load_reports(archive))
    settled = corpus.load_reports(archive)["settled"]
    assert (settled.issuer, settled.facts["issuer"].basis) == ("某局", "catalogue")


def test_a_killed_run_is_gone_on_with(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "archive"
    monkeypatch.setattr(packing, "_AT_ONCE", 2)
    written: list[str] = []

    def killed(*given: Any) -> Any:
        if len(written) == 4:
            raise KeyboardInterrupt
        written.append(given[2].candidates[0].file)
        return real(*given)

    real = packing._pack_portion
    with monkeypatch.context() as patch:
        patch.setattr(packing, "_pack_portion", killed)
        with pytest.raises(KeyboardInterrupt):
            pack(folder, archive, jobs=1)
    with pytest.raises(CorpusError, match="packing was not finished"):
        corpus.load_reports(archive)
    resumed = pack(folder, archive, jobs=1)
    assert 0 < resumed.n_kept < 10 and resumed.n_read + resumed.n_kept == 10
    assert_same(corpus.load_reports(folder), corpus.load_reports(archive))


@pytest.mark.parametrize(
    "file", ["archive.json", "collection-*.jsonl", "segments/*/texts.npy", "segments/*/facts.jsonl"]
)
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_a_damaged_archive_is_named_by_file(tmp_path: Path, file: str, how: str) -> None:
    archive = tmp_path / "archive"
    pack(data_path(), archive, jobs=1)
    (path,) = archive.glob(file)
    content = path.read_bytes()
    if how == "flipped":
        path.write_bytes(content[:20].replace(b"{", b"[") + bytes([content[20] ^ 1]) + content[21:])
    elif how == "cut":
        path.write_bytes(content[:-30])
    elif file != "archive.json":
        path.unlink()
    else:
        path.write_bytes(b"")
    with pytest.raises(CorpusError, match=re.escape(path.name)):
        _ = [(report.raw, report.facts) for report in corpus.load_reports(archive)]


def test_what_other_rules_made_is_made_anew_and_said(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    with monkeypatch.context() as patch:
        for module in (packing, archived_reports):
            patch.setattr(module, "rules_of_today", lambda: "other rules")
        made = gathering.assemble_report
        patch.setattr(gathering, "assemble_report", lambda *given, **more: made(*given, **more).revise(headings=()))
        pack(folder, archive, jobs=1)
    with pytest.warns(UserWarning, match="made anew"):
        archived = corpus.load_reports(archive)
    assert not any(isinstance(report, ArchivedReport) for report in archived)
    assert_same(corpus.load_reports(folder), archived)
    packed = pack(folder, archive, jobs=1)
    assert packed.n_kept == 0 and "made anew" in packed.note
    assert_same(corpus.load_reports(folder), corpus.load_reports(archive))


def test_a_file_that_was_moved_is_named_when_its_bytes_are_asked_for(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "archive", jobs=1)
    (folder / "word.docx").unlink()
    word = corpus.load_reports(tmp_path / "archive")["word"]
    assert "落实重大决策程序" in word.text
    with pytest.raises(CorpusError, match=r"word\.docx is not there as it was"):
        _ = word.raw_bytes


def test_an_archive_keeps_how_its_files_are_read(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    reading = Reading(columns={"report_id": "year"})
    pack(folder / "table.jsonl.gz", archive, reading=reading, jobs=1)
    assert "2012" in [report.report_id for report in corpus.load_reports(archive)]
    assert pack(folder / "table.jsonl.gz", archive, jobs=1)[1:3] == (0, 1)
    with pytest.raises(CorpusError, match="said when they are packed"):
        corpus.load_reports(archive, encoding="utf-8")


def test_an_archive_stands_in_no_other_folder(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot lie in the folder"):
        pack(folder, folder / "archive")
    with pytest.raises(CorpusError, match="something else here"):
        pack(data_path(), folder)


def test_processes_pack_the_same_archive(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_AT_ONCE", 3)
    for jobs in (1, 2):
        pack(folder, tmp_path / f"by-{jobs}", jobs=jobs)
    one, other = (
        {path.name: path.read_bytes() for path in (tmp_path / f"by-{jobs}").rglob("*.np*")} for jobs in (1, 2)
    )
    assert one == other
    assert_same(corpus.load_reports(folder, jobs=1), corpus.load_reports(tmp_path / "by-2"))


def test_the_command_packs_and_other_commands_read(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-P", "-m", "corpus"]
    done = subprocess.run(
        [*command, "pack", str(folder), str(tmp_path / "archive")], capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 1 and "left out: empty.txt" in done.stderr
    assert "13 reports; 10 files read, 0 as before, 0 gone" in done.stdout
    told = [
        subprocess.run([*command, "check", str(path)], capture_output=True, text=True, encoding="utf-8").stdout
        for path in (folder, tmp_path / "archive")
    ]
    assert told[0].replace(str(folder), "") == told[1].replace(str(tmp_path / "archive"), "")


@pytest.mark.skipif(not COLLECTIONS.is_dir(), reason="CORPUS_COLLECTIONS is not set")
def test_an_archive_of_real_files_gives_their_reports(tmp_path: Path) -> None:
    pack(COLLECTIONS / "cities-2024", tmp_path / "archive")
    loaded, archived = (corpus.load_reports(path) for path in (COLLECTIONS / "cities-2024", tmp_path / "archive"))
    assert_same(loaded, archived)
    assert corpus.find_reuse(loaded).equals(corpus.find_reuse(archived))


def test_what_makes_a_report_is_among_the_rules_that_an_archive_names() -> None:
    told = "import sys, corpus.loading.gathering; print(*(name for name in sys.modules if name.startswith('corpus.')))"
    used = subprocess.run([sys.executable, "-P", "-c", told], check=True, capture_output=True, text=True).stdout.split()
    assert "corpus.loading.assembling" in used
    files = {name.removeprefix("corpus.").replace(".", "/") + ".py" for name in used}
    assert not files & NOT_RULES
    package = Path(corpus.__file__).parent
    assert all((package / file).is_file() for file in NOT_RULES)
