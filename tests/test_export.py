"""Pages for a browser: whole, readable without the network, each picture with its description."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from corpus.cli import main
from corpus.loading.resources import notebooks_path
from corpus.publishing.export import export_html
from corpus.publishing.figure_folders import find_figure, read_figures
from corpus.publishing.gallery import gallery
from corpus.values import CorpusError

OUTSIDE = re.compile(r"""(?:src|href)="(?:https?:)?//|@import|url\(""")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One notebook with its figures, exported."""
    source, out = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("pages")
    name = "02-from-file-to-text.ipynb"
    (source / name).write_bytes(notebooks_path(name).read_bytes())
    for path in notebooks_path("figures", "file-to-body").iterdir():
        target = source / "figures" / "file-to-body" / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    written = export_html(source, out)
    assert [path.name for path in written] == ["02-from-file-to-text.html", "figures.html"]
    return out


@pytest.mark.parametrize("file", ["02-from-file-to-text.html", "figures.html"])
def test_a_page_is_whole_and_loads_nothing(pages: Path, file: str) -> None:
    page = (pages / file).read_text(encoding="utf-8")
    assert len(re.findall("<h1", page)) == 1
    assert '<html lang="en">' in page and "<title>" in page
    loaded = [match[0] for match in OUTSIDE.finditer(page) if not match[0].startswith("href")]
    assert loaded == [] and "<script" not in page
    pictures = re.findall("<img[^>]*>", page)
    assert pictures
    assert all(re.search(r'alt="[^"]{40,}"', picture) for picture in pictures)


def test_headings_skip_no_level(pages: Path) -> None:
    page = (pages / "02-from-file-to-text.html").read_text(encoding="utf-8")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_folded_code_is_left_out_and_shown_code_is_there(pages: Path) -> None:
    page = (pages / "02-from-file-to-text.html").read_text(encoding="utf-8")
    assert "claims.say" not in page
    assert "load_reports" in page


def test_links_of_the_gallery_lead_to_the_files(pages: Path) -> None:
    page = (pages / "figures.html").read_text(encoding="utf-8")
    links = re.findall(r'href="(figures/[^"]+)"', page)
    assert len(links) == 6
    assert all((pages / link).is_file() for link in links)


def test_each_figure_is_listed_with_what_it_shows() -> None:
    figures = read_figures(notebooks_path())
    page = gallery(figures[:2], files_at="figures")
    for figure in figures[:2]:
        assert f'id="{figure.name}"' in page and f"corpus explain {figure.name}" in page
    assert {"shared-passages", "formulas"} <= {figure.name for figure in figures}


def test_what_cannot_be_exported_is_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no figures"):
        read_figures(tmp_path)
    with pytest.raises(CorpusError, match="no notebook"):
        export_html(tmp_path, tmp_path / "out")
    with pytest.raises(CorpusError, match="choose another folder"):
        export_html(notebooks_path(), notebooks_path())


def test_the_commands_write_and_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures"]) == 0
    assert "shared-passages" in capsys.readouterr().out
    assert main(["figures", "--html", str(tmp_path / "all.html")]) == 0
    assert (tmp_path / "all.html").stat().st_size > 100_000
