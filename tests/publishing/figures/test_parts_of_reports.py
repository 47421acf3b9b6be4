"""The map of parts and the shares of parts: marks and words are those of the table."""

from __future__ import annotations

import pytest
from drawn import Drawn, at, colliding_words, cut_words, drawn_texts, rectangles, repeated
from making import BUNDLED as REPORTS
from making import make_reports
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from corpus.analysis.report_tables import tabulate_outline, tabulate_roles
from corpus.publishing.figures import style
from corpus.publishing.figures.look import SINGLE_MM
from corpus.publishing.figures.texts.parts_of_reports import draw_outline, draw_roles

OUTLINE = tabulate_outline(REPORTS)
ROLES = tabulate_roles(REPORTS)


@pytest.fixture
def outline_figure(drawn: Drawn) -> Figure:
    return drawn("parts_of_reports").drawing


@pytest.fixture
def roles_figure(drawn: Drawn) -> Figure:
    return drawn("shares_of_parts").drawing


def n_ticks(axes: Axes) -> int:
    return sum(len(lines.get_segments()) for lines in axes.collections if isinstance(lines, LineCollection))


def words(figure: Figure) -> list[str]:
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def height_mm(figure: Figure) -> float:
    return float(figure.get_figheight()) * style.MM_PER_INCH


def test_each_part_is_a_rectangle_of_its_length(outline_figure: Figure) -> None:
    axes = outline_figure.axes[1]
    parts = OUTLINE[OUTLINE["mark"] == "part"]
    drawn = [(patch.get_x(), patch.get_width()) for patch in rectangles(axes)]
    assert drawn == list(zip(parts["begins_chars"], parts["length_chars"], strict=True))


def test_each_heading_and_number_is_a_tick(outline_figure: Figure) -> None:
    assert n_ticks(outline_figure.axes[1]) == OUTLINE["mark"].isin(["heading", "number"]).sum() == 144


def test_headed_parts_are_full_and_others_pale(outline_figure: Figure) -> None:
    axes = outline_figure.axes[1]
    parts = OUTLINE[OUTLINE["mark"] == "part"].to_dict("records")
    for patch, part in zip(rectangles(axes), parts, strict=True):
        colour = style.role_colour(part["role"])
        assert to_hex(patch.get_edgecolor()) == colour
        assert (to_hex(patch.get_facecolor()) == colour) == part["is_headed"]


def test_rows_are_named_by_place_and_year(outline_figure: Figure, roles_figure: Figure) -> None:
    for axes in (outline_figure.axes[1], roles_figure.axes[0]):
        names = [label.get_text() for label in axes.get_yticklabels()]
        assert names == ["枣庄 2019", "龙岗 2020", "秦安 2020", "长春 2021", "沂源 2022"]


def test_parts_carry_their_role_where_it_fits_and_else_their_length(outline_figure: Figure) -> None:
    written = words(outline_figure)
    assert {"measures 1,987", "first-responsible 722", "152", "259", "2,776"} <= set(written)
    assert "shortcomings 152" not in written


def test_every_share_is_a_bar_and_a_number(roles_figure: Figure) -> None:
    figure = roles_figure
    widths = [patch.get_width() for axes in figure.axes for patch in rectangles(axes)]
    assert sorted(widths) == pytest.approx(sorted(share for share in ROLES["share_of_body"] if share))
    written = words(figure)
    assert written.count("none") == ROLES["n_parts"].eq(0).sum() == 5
    assert {"71.6%", "4.7%", "25.3%"} <= set(written)


def test_a_percent_is_as_long_in_every_panel(roles_figure: Figure) -> None:
    figure = roles_figure
    figure.draw_without_rendering()
    scales = [axes.bbox.width / axes.get_xlim()[1] for axes in figure.axes]
    assert scales == pytest.approx([scales[0]] * 4, rel=0.02)


def test_one_report_and_one_without_parts() -> None:
    for reports in (REPORTS.select(report_id="qinan-2020"), make_reports("没有标题的一段。")):
        figure = draw_outline(tabulate_outline(reports))
        assert len(rectangles(figure.axes[1])) == sum(len(report.parts) for report in reports)
        assert len(draw_roles(tabulate_roles(reports)).axes) == 4


def test_many_reports_fit_on_a_page_with_fewer_names() -> None:
    many = repeated(OUTLINE, 20)
    figure = draw_outline(many)
    axes = figure.axes[1]
    assert height_mm(figure) == pytest.approx(style.TALLEST_MM)
    assert len(rectangles(axes)) == (many["mark"] == "part").sum()
    assert n_ticks(axes) == 0
    names = [text.get_text() for text in axes.texts]
    assert 20 < len(names) < 80
    unheaded = OUTLINE[(OUTLINE["mark"] == "part") & ~OUTLINE["is_headed"].astype(bool)]
    most = unheaded.groupby("report_label")["length_chars"].sum().idxmax()
    assert most in names and colliding_words(figure) == []
    shares = draw_roles(repeated(ROLES, 16))
    assert height_mm(shares) == pytest.approx(style.TALLEST_MM)
    assert not any("%" in word for word in words(shares))


def test_words_have_room_beside_a_long_name() -> None:
    long = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县 2022"
    named = OUTLINE.assign(report_label=OUTLINE["report_label"].replace("沂源 2022", long))
    figure = at(SINGLE_MM, draw_outline, named)
    assert colliding_words(figure) == cut_words(figure) == []
    texts = drawn_texts(figure)
    assert "新疆维吾尔自治区伊… 2022" in [text.get_text() for text in texts]


def test_of_many_reports_those_with_most_text_without_a_heading_are_named() -> None:
    many = repeated(OUTLINE, 24)
    many["report_label"] = many["report_id"]
    odd = "yiyuan-2022-17"
    many["is_headed"] = many["report_id"] != odd
    figure = draw_outline(many)
    names = [text for text in figure.axes[1].texts if getattr(text, "arrow_patch", None) is not None]
    assert odd in [text.get_text() for text in names] and len(names) > 30
    # None is far from its strip.
    assert max(abs(text.get_position()[1]) for text in names) < 40
    assert colliding_words(figure) == []
