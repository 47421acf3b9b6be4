"""Pages for a browser: whole, readable without the network, each picture with its description."""

from __future__ import annotations

import csv
import json
import re
import sys
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.cli import main
from corpus.errors import CorpusError
from corpus.field.data_files import notebooks_path
from corpus.publishing.evidence.saved_results import read_saved, saved_folders
from corpus.publishing.results.contents import export_html
from corpus.publishing.results.explain import describe
from corpus.publishing.writing.screen import columns
from corpus.publishing.writing.whole_files import hold_folder

OUTSIDE = re.compile(r"""(?:src|href)="(?:https?:)?//|@import|url\(""")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three notebooks and all figures, as the command of the README exports them; the others are made alike."""
    out, folder = tmp_path_factory.mktemp("pages"), tmp_path_factory.mktemp("results")
    names = ["02-from-file-to-text", "04-boilerplate", "A2-definitions"]
    for name in (*(f"{name}.ipynb" for name in names), "figures", "tables"):
        (folder / name).symlink_to(notebooks_path() / name)
    assert main(["export", "html", "--in", str(folder), "--out", str(out)]) == 0
    assert sorted(path.stem for path in out.glob("*.html")) == sorted(names)
    return out


@pytest.mark.parametrize("file", ["02-from-file-to-text.html", "04-boilerplate.html"])
def test_a_page_is_whole_and_loads_nothing(pages: Path, file: str) -> None:
    page = (pages / file).read_text(encoding="utf-8")
    assert len(re.findall("<h1", page)) == 1
    assert '<html lang="en">' in page and "<title>" in page
    loaded = [match[0] for match in OUTSIDE.finditer(page) if not match[0].startswith("href")]
    assert loaded == [] and "<script" not in page
    pictures = re.findall("<img[^>]*>", page)
    assert pictures
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in pictures)


@pytest.mark.skipif(sys.platform == "win32", reason="no lock on a folder there")
def test_two_exports_do_not_write_into_one_folder(tmp_path: Path) -> None:
    with hold_folder(tmp_path), pytest.raises(CorpusError, match="another run is writing here"):
        export_html(notebooks_path(), tmp_path)


@pytest.mark.parametrize("file", ["02-from-file-to-text.html", "04-boilerplate.html"])
def test_headings_skip_no_level(pages: Path, file: str) -> None:
    page = (pages / file).read_text(encoding="utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_code_is_there(pages: Path) -> None:
    assert "load_reports" in (pages / "02-from-file-to-text.html").read_text(encoding="utf-8")


def test_links_to_figures_and_tables_lead_to_the_files(pages: Path) -> None:
    page = (pages / "04-boilerplate.html").read_text(encoding="utf-8")
    links = re.findall(r'href="((?:figures|tables)/[^"]+)"', page)
    assert len(links) > 10
    assert all((pages / link).is_file() for link in links)


def test_a_page_is_called_by_the_question_of_its_notebook(pages: Path) -> None:
    question = "What happens between the file and the words that are quoted?"
    notebook = (pages / "02-from-file-to-text.html").read_text(encoding="utf-8")
    assert f"<title>{question} (02-from-file-to-text)</title>" in notebook
    assert '<a href="04-boilerplate.html">' in notebook


def test_a_figure_tells_its_data_and_how_to_cite_it() -> None:
    figure = read_saved(notebooks_path("figures", "shared-passages"))
    assert figure.kind == "figure"
    data = (figure.folder / "data.csv").read_bytes()
    with (figure.folder / "data.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert figure.rows == tuple(csv.DictReader(stream))
    assert round(figure.size_mm[0]) == 183
    told = describe(figure)
    assert sha256(data).hexdigest()[:12] in told["gbt_7714"] and "版本 0.1.0" in told["gbt_7714"]
    assert "[CP/OL]" in told["gbt_7714"] and told["question"] == "What do two of these reports share that no other has?"


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    assert main(["figures", "--in", str(tmp_path)]) == 2
    with pytest.raises(CorpusError, match="no notebook"):
        export_html(tmp_path, tmp_path / "out")
    with pytest.raises(CorpusError, match="choose another folder"):
        export_html(notebooks_path(), notebooks_path())


def test_one_table_and_one_figure_are_told_with_all_that_belongs_to_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tables"]) == 0
    assert "of-two" in capsys.readouterr().out
    assert main(["explain", "of-two"]) == 0
    told = capsys.readouterr().out
    assert "matched_chars" in told and "[DS/OL]" in told and "a cell in prose: of-two." in told
    assert main(["explain", "of-two", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["columns"][0]["name"] == "report_a"
    assert main(["explain", "file-to-body"]) == 0
    told = capsys.readouterr().out
    assert "@misc{fazhi-workbook-file-to-body" in told and "data.csv" in told and "[CP/OL]" in told
    assert main(["figures", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {"file-to-body"} < {each["name"] for each in listed} == set(saved_folders(notebooks_path(), "figures"))


@pytest.mark.parametrize("kind", ["figures", "tables"])
def test_who_asks_a_list_for_one_is_told_what_to_write(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([kind, "file-to-body"])
    assert "write: corpus explain file-to-body" in capsys.readouterr().err


def test_the_list_of_figures_fits_a_screen_of_80_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["figures"]) == 0
    assert max(map(columns, capsys.readouterr().out.splitlines())) <= 80
