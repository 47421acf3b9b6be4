"""The strips of the files: marks and words are those of the table."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from drawn import Drawn, at, colliding_words, cut_words, drawn_texts
from making import make_reports
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import corpus
from corpus.analysis.report_tables import tabulate_pages
from corpus.publishing.figures import style
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM
from corpus.publishing.figures.texts.parts_of_reports import draw_pages

PAGES = tabulate_pages(corpus.load_reports())


@pytest.fixture
def pages_figure(drawn: Drawn) -> Figure:
    return drawn("file_to_body").drawing


def repeated(table: pd.DataFrame, times: int) -> pd.DataFrame:
    """The reports of a table again and again, under other names."""
    return pd.concat([table.assign(report_id=table["report_id"] + f"-{time}") for time in range(times)])


def stretches(axes: Axes) -> list[tuple[float, float]]:
    """Return where the bars of the axes begin and end, those of one kind after those of another."""
    outlines = [patch.get_path().vertices[:, 0] for patch in axes.patches]
    return [(outline[place], outline[place + 1]) for outline in outlines for place in range(0, len(outline), 5)]


def words(axes: Axes) -> list[str]:
    return [text.get_text() for text in axes.texts]


def panels(figure: Figure) -> list[Axes]:
    """The whole file, its beginning, its end; the first axes hold the key."""
    return figure.axes[1:]


def test_every_stretch_but_white_space_is_drawn_to_its_length(pages_figure: Figure) -> None:
    whole = panels(pages_figure)[0]
    drawn = PAGES[(PAGES["mark"] == "stretch") & (PAGES["kind"] != "white space")]
    assert sorted(stretches(whole)) == sorted(zip(drawn["start"], drawn["end"], strict=True))


def test_the_enlarged_ends_reach_every_body(pages_figure: Figure) -> None:
    _, first, last = panels(pages_figure)
    assert first.get_xlim() == (0, 97)
    assert last.get_xlim() == (-45, 0)
    assert max(end for _, end in stretches(first)) == 97


def test_stretches_are_named_where_the_name_has_room(pages_figure: Figure) -> None:
    _, first, last = panels(pages_figure)
    assert words(first).count("title") == 4
    assert words(first).count("clutter") == 3
    assert words(first).count("salutation") == words(last).count("signature") == 0


def test_facts_are_underlined_where_they_stand(pages_figure: Figure) -> None:
    _, first, last = panels(pages_figure)
    lines = {tuple(line.get_xdata()) for line in first.lines}
    assert {(21, 29), (54, 64), (32, 43), (47, 55)} <= lines
    assert {tuple(line.get_xdata()) for line in last.lines} == {(-7, 0), (-13, -3)}
    assert [words(first).count(name) for name in ("issuer", "year", "published", "source")] == [5, 5, 2, 1]


def test_words_of_one_row_do_not_overlap(pages_figure: Figure) -> None:
    figure = pages_figure
    figure.draw_without_rendering()
    for axes in panels(figure):
        rows: dict[float, list[tuple[float, float]]] = {}
        for text in axes.texts:
            box = text.get_window_extent()
            rows.setdefault(round(text.get_position()[1], 6), []).append((box.x0, box.x1))
        for boxes in rows.values():
            ends = sorted(boxes)
            assert all(one[1] <= other[0] for one, other in pairwise(ends))


def test_what_was_cut_out_is_quoted(pages_figure: Figure) -> None:
    assert words(panels(pages_figure)[0]) == ["[bookmark: _GoBack]"]


def test_cut_out_characters_that_cannot_be_seen_are_not_quoted() -> None:
    pages = PAGES.assign(quote=PAGES["quote"].where(PAGES["kind"] != "removed", "\u200b"))
    assert words(panels(draw_pages(pages))[0]) == []


def test_pages_of_one_report_and_of_many() -> None:
    one = draw_pages(tabulate_pages(make_reports("一份没有标题的报告。")))
    assert panels(one)[1].get_xlim() == (0, 40)
    assert len(stretches(panels(one)[0])) == 1
    many = draw_pages(repeated(PAGES, 16))
    assert many.get_figheight() * style.MM_PER_INCH == pytest.approx(style.TALLEST_MM)
    whole, *ends = panels(many)
    assert 0 < len(words(whole)) < 80 and all(words(axes) == [] for axes in ends)


def test_an_empty_body_is_no_error() -> None:
    figure = draw_pages(tabulate_pages(make_reports("报告。", "")))
    assert len(stretches(panels(figure)[0])) == 1


def test_words_have_room_beside_a_long_name() -> None:
    long = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县 2022"
    named = PAGES.assign(report_label=PAGES["report_label"].replace("长春 2021", long))
    figure = at(SINGLE_MM, draw_pages, named)
    assert colliding_words(figure) == cut_words(figure) == []
    texts = drawn_texts(figure)
    assert "新疆维吾尔自治区伊… 2022" in [text.get_text() for text in texts]


@pytest.mark.parametrize("width_mm", [SINGLE_MM, DOUBLE_MM])
def test_words_stand_at_the_marks_they_name(width_mm: float, drawn: Drawn) -> None:
    figure = drawn("file_to_body", width_mm=width_mm).drawing
    figure.draw_without_rendering()
    axes = panels(figure)[1]
    names = {"issuer": "issuer", "year_reviewed": "year", "published": "published", "source": "source"}
    facts = PAGES[(PAGES["mark"] == "evidence") & PAGES["kind"].isin(names) & (PAGES["start"] < 97)]
    marks = {(name, start) for name, start in zip(facts["kind"].map(names), facts["start"], strict=True)}
    for text in axes.texts:
        if text.get_text() in names.values():
            left = text.get_window_extent().x0
            begins = [axes.transData.transform((start, 0))[0] for name, start in marks if name == text.get_text()]
            assert min(abs(left - begin) for begin in begins) <= 3.6 / style.MM_PER_INCH * figure.dpi
    assert "issuer" in words(axes) and "published" in words(axes)
