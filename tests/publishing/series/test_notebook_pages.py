"""Notebooks and pages are good to read: headings, descriptions of pictures, contrast, words told to be Chinese."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corpus
from corpus.field.data_files import notebooks_path
from corpus.publishing.readers.read_through import read_through
from corpus.publishing.readers.shown_table import show_table
from corpus.publishing.readers.side_by_side import show_comparison
from corpus.report import html_view
from corpus.report.html_view import mark_chinese

NOTEBOOKS = sorted(notebooks_path().glob("*.ipynb"))
# The grounds that a text of ours may lie on, and the ink there.
THEMES = {
    "lab light": ("#ffffff", "#212121"),
    "lab light, every second row": ("#f5f5f5", "#212121"),
    "lab dark": ("#111111", "#ffffff"),
    "lab dark, every second row": ("#212121", "#ffffff"),
    "page light": ("#ffffff", "#22262b"),
    "page dark": ("#16181b", "#e4e6e8"),
}
ENOUGH = 4.5
NOT_KEPT = {"style", "script", "svg", "details", "summary", "iframe", "object", "link"}
Colour = tuple[float, float, float]


def colour(text: str) -> tuple[Colour, float]:
    """Return the parts of a hex colour, 0 to 1, and how much of it covers what lies below."""
    parts = [int(text[place : place + 2], 16) / 255 for place in range(1, len(text), 2)]
    return (parts[0], parts[1], parts[2]), parts[3] if len(parts) == 4 else 1.0


def lay_over(front: Colour, back: Colour, share: float) -> Colour:
    red, green, blue = (one * share + other * (1 - share) for one, other in zip(front, back, strict=True))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of WCAG 2, 1 to 21."""
    lights = []
    for parts in (one, other):
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(lights) / min(lights)


class Look(HTMLParser):
    """Tags, headings and pictures of HTML, and the least contrast of its words on a ground."""

    def __init__(self, html: str, ground: str = "#ffffff", ink: str = "#000000") -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.levels: list[int] = []
        self.alts: list[str] = []
        self.worst = (21.0, "")
        self._open = [("", colour(ground)[0], colour(ink)[0], 1.0)]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag == "img":
            self.alts.append(names.get("alt") or "")
        if tag in ("img", "br", "wbr", "col", "hr", "meta"):
            return
        _, ground, ink, share = self._open[-1]
        style = dict(part.strip().split(":", 1) for part in (names.get("style") or "").split(";") if ":" in part)
        if "background-color" in style and style["background-color"].strip().startswith("#"):
            front, covers = colour(style["background-color"].strip())
            ground = lay_over(front, ground, covers)
        if "color" in style:
            ink = colour(style["color"].strip())[0]
        self._open.append((tag, ground, ink, share * float(style.get("opacity", "1"))))

    def handle_endtag(self, tag: str) -> None:
        if any(name == tag for name, *_ in self._open[1:]):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            _, ground, ink, share = self._open[-1]
            self.worst = min(self.worst, (contrast(lay_over(ink, ground, share), ground), data.strip()[:30]))


def cells_of(path: Path) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return cells


def shown_in(cell: dict[str, Any], kind: str) -> list[str]:
    return ["".join(output.get("data", {}).get(kind, "")) for output in cell.get("outputs", [])]


def levels_of(cell: dict[str, Any]) -> list[int]:
    """Return the levels of the headings that a cell has or shows, in their order."""
    written = ["".join(cell["source"])] if cell["cell_type"] == "markdown" else shown_in(cell, "text/markdown")
    outside_code = (re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL) for text in written)
    levels = [len(marks) for text in outside_code for marks in re.findall(r"^(#{1,6}) ", text, re.MULTILINE)]
    return levels + [level for html in shown_in(cell, "text/html") for level in Look(html).levels]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_headings_begin_with_one_title_and_skip_no_level(path: Path) -> None:
    levels = [level for cell in cells_of(path) for level in levels_of(cell)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_picture_is_described_and_nothing_is_lost_where_the_notebook_is_not_trusted(path: Path) -> None:
    n_pictures = 0
    for cell in cells_of(path):
        for html in shown_in(cell, "text/html"):
            look = Look(html)
            assert not look.tags & NOT_KEPT, cell["id"]
            assert all(len(alt) >= 40 for alt in look.alts), cell["id"]
            n_pictures += len(look.alts)
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                assert len(output["metadata"]["image/png"]["alt"]) >= 40, cell["id"]
            assert "image/svg+xml" not in output.get("data", {}), cell["id"]
    assert n_pictures


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    reports = corpus.load_reports()
    table = pd.DataFrame({"report": [f"a{number}" for number in range(9)], "share_kept": 0.5, "words": "甲乙"})
    return {
        "reports": reports._repr_html_(),
        "report": reports["longgang-2020"]._repr_html_(),
        "table": show_table(table, {name: name for name in table}, max_rows=5)._repr_html_(),
        "origins": read_through(reports, "yiyuan-2022")._repr_html_(),
        "comparison": show_comparison(
            reports["longgang-2020"], reports["yiyuan-2022"], reference=reports
        )._repr_html_(),
    }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("what", ["reports", "report", "table", "origins", "comparison"])
def test_words_have_enough_contrast_in_every_theme(shown: dict[str, str], what: str, theme: str) -> None:
    worst, words = Look(shown[what], *THEMES[theme]).worst
    assert worst >= ENOUGH, words


def test_the_measure_of_contrast_finds_what_is_too_faint() -> None:
    assert Look('<p style="color:#808080">甲</p>').worst[0] == pytest.approx(3.95, abs=0.01)
    assert Look('<p style="opacity:0.5">甲</p>').worst[0] < ENOUGH
    assert Look('<p style="background-color:#00000080">甲</p>').worst[0] < 6


def test_colours_of_a_page_have_enough_contrast() -> None:
    pattern = r"--ground: (#\w{6}); --ink: (#\w{6}); --quiet: (#\w{6}); --link: (#\w{6})"
    grounds = re.findall(pattern, html_view._STYLE)
    assert len(grounds) == 3  # light, dark and paper
    for ground, *inks in grounds:
        for ink in inks:
            assert contrast(colour(ink)[0], colour(ground)[0]) >= ENOUGH, (ground, ink)


def test_chinese_words_are_told_to_be_chinese_once() -> None:
    assert mark_chinese("<p>the 枣庄 report</p>") == '<p>the <span lang="zh-Hans">枣庄</span> report</p>'
    inside = '<p lang="zh-Hans">枣庄<b>市</b></p>'
    assert mark_chinese(inside) == inside
    assert mark_chinese('<p lang="zh"><a lang="en">枣</a></p>').count("zh-Hans") == 1
    assert mark_chinese("《科技进步法》、《条例》 &amp; &#169; <br/><img alt='市'>") == (
        "《<span lang=\"zh-Hans\">科技进步法》、《条例》</span> &amp; &#169; <br/><img alt='市'>"
    )
    assert mark_chinese("<!-- 市 --><P>a</P>") == "<!-- 市 --><P>a</P>"
