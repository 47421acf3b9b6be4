"""PDFs: what is stamped over a page, printed twice, spaced out or set in fonts without names of characters."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from making_files import FONT, LEFT, REPORT, SIZE, bare_pdf, make_pdf, print_pdf

from corpus.loading.files.decoding import Fault
from corpus.loading.files.pdf import read_pdf

LINES = [line[:34] for line in REPORT.split("\n")]
Page = list[tuple[int, float, str, int]]


def printed(lines: Sequence[str], top: float = 760.0) -> Page:
    return [(LEFT, top - 20 * number, line, SIZE) for number, line in enumerate(lines)]


def words(pages: Sequence[Page]) -> str:
    return "".join(paragraph for _, paragraph in read_pdf(print_pdf(pages)).paragraphs)


@pytest.mark.parametrize("n_pages", [2, 3])
def test_what_every_page_has_on_one_place_is_no_text(n_pages: int) -> None:
    pages = [
        [(200, 400.0, "内部资料注意保存", 30), *printed([f"第{number}页的话各不相同。" * 2, *LINES[:number]])]
        for number in range(n_pages)
    ]
    assert "内部资料" not in words(pages)
    heads = [[(200, 810.0, "某某县人民政府公报 2021年第2期", 9), *page[1:]] for page in pages]
    assert "公报" not in words(heads)
    assert words([page[1:] for page in pages]) == words(pages) == words(heads)


def test_what_stands_at_a_slant_is_no_text() -> None:

    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    stream = io.BytesIO()
    with rc_context({"pdf.fonttype": 42}), PdfPages(stream) as pdf:
        figure = Figure(figsize=(8, 11))
        face = FontProperties(fname=FONT)
        for number, line in enumerate(LINES):
            figure.text(0.1, 0.9 - 0.03 * number, line, fontsize=SIZE, font=face)
        figure.text(0.3, 0.3, "内部资料", fontsize=40, rotation=45, font=face)
        pdf.savefig(figure)
    told = "".join(paragraph for _, paragraph in read_pdf(stream.getvalue()).paragraphs)
    assert "内部资料" not in told
    assert LINES[0] in told


def test_what_is_printed_twice_to_look_bold_is_read_once() -> None:
    page = printed(LINES)
    bold = [each for x, y, line, size in page for each in ((x, y, line, size), (x, y + 0.3, line, size))]
    assert words([bold]) == words([page])
    assert words([printed(["2022年办理2200件，共1100件。"])]) == "2022年办理2200件，共1100件。"


def test_a_title_whose_characters_are_spaced_is_closed_up() -> None:
    page = printed([" ".join("某某县司法局"), " ".join("2020年法治政府建设情况报告"), *LINES[1:]])
    told = [paragraph for _, paragraph in read_pdf(print_pdf([page])).paragraphs]
    assert told[:2] == ["某某县司法局", "2020年法治政府建设情况报告"]


@pytest.mark.parametrize("pages", [[[(280, 40.0, "- 1 -", 9)]], [[(200, 400.0, "扫描件", 20)]] * 3])
def test_page_numbers_and_stamps_alone_are_pictures(pages: list[Page]) -> None:
    with pytest.raises(Fault, match="pictures") as caught:
        read_pdf(print_pdf(pages))
    assert caught.value.code == "no-text-layer"


def test_single_characters_load() -> None:
    assert words([printed(["甲"])]) == "甲"


def test_fonts_that_name_no_characters_are_named(tmp_path: Path) -> None:
    content = make_pdf(REPORT.split("\n") * 2, lines_a_page=40)
    assert b"/ToUnicode" in content
    with pytest.raises(Fault) as caught:
        read_pdf(content.replace(b"/ToUnicode", b"/ToNothing"))
    assert (caught.value.code, "optical character recognition" in caught.value.remedy) == ("no-characters", True)


def test_an_empty_page_is_a_picture() -> None:
    with pytest.raises(Fault, match="no text layer"):
        read_pdf(bare_pdf())


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_lies_on_its_side_keeps_the_order_of_its_lines(turned: int) -> None:
    upright = make_pdf(REPORT.split("\n"), lines_a_page=40)
    lying = upright.replace(b"/MediaBox", b"/Rotate %d/MediaBox" % turned)
    assert read_pdf(lying).paragraphs == read_pdf(upright).paragraphs
