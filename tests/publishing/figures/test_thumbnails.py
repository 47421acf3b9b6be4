"""All pairs at a glance: one square a pair, strokes where the passages stand, and what was left out is said."""

from __future__ import annotations

from itertools import combinations

import pandas as pd
import pytest
from drawn import colliding_words, cut_words, english_left
from matplotlib.colors import same_color
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

import corpus
from corpus.analysis.comparison.shared_passages import locate_reuse
from corpus.publishing.figures.glyphs import check_glyphs
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language, Look, use_look
from corpus.publishing.figures.style import MM_PER_INCH, TALLEST_MM
from corpus.publishing.figures.texts.similarity_figures import KIND_COLOURS
from corpus.publishing.figures.texts.thumbnails import draw_pair_thumbnails


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    reports = corpus.load_reports()
    return locate_reuse(reports, corpus.find_reuse(reports))


def many_places(n_reports: int) -> pd.DataFrame:
    rows = [
        {"report_a": f"r{a}", "label_a": f"甲{a} 2020", "start_a": 10, "end_a": 30 + b, "body_chars_a": 1000}
        | {"report_b": f"r{b}", "label_b": f"甲{b} 2020", "start_b": 500, "end_b": 520 + b, "body_chars_b": 2000}
        | {"begins_chars_a": 10, "begins_chars_b": 500, "text_a": "甲" * 20, "text_b": "甲" * 20}
        | {"matched_chars": 20, "kind": "running text"}
        for a, b in combinations(range(n_reports), 2)
    ]
    return pd.DataFrame(rows)


def strokes(figure: Figure) -> list[Line2D]:
    return [line for line in figure.axes[1].lines if line.get_linewidth() > 1]


def squares(figure: Figure) -> list[Rectangle]:
    return [patch for patch in figure.axes[1].patches if isinstance(patch, Rectangle)]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[1].texts]


@pytest.mark.parametrize("width_mm", [SINGLE_MM, DOUBLE_MM])
def test_five_reports_make_a_triangle_of_all_ten_pairs(places: pd.DataFrame, width_mm: float) -> None:
    figure = draw_pair_thumbnails(places, width_mm=width_mm)
    assert len(squares(figure)) == 10
    assert len(strokes(figure)) == len(places)
    assert {"枣庄 2019", "龙岗 2020", "秦安 2020", "长春 2021", "沂源 2022"} <= set(words(figure))
    assert check_glyphs(figure, missing="error") == 0


def test_a_stroke_stands_where_the_passage_does_in_the_colour_of_its_kind(places: pd.DataFrame) -> None:
    row = places.iloc[[0]]
    figure = draw_pair_thumbnails(row)
    (stroke,), (square,), first = strokes(figure), squares(figure), row.iloc[0]
    begins = [first[f"begins_chars_{side}"] / first[f"body_chars_{side}"] * square.get_width() for side in "ab"]
    assert stroke.get_xydata()[0] - square.get_xy() == pytest.approx(begins)  # type: ignore[index]
    assert same_color(stroke.get_color(), KIND_COLOURS[first["kind"]])


def test_characters_in_several_passages_count_once() -> None:
    once = many_places(2)
    twice = pd.concat([once, once.assign(start_a=20, end_a=40, start_b=900, end_b=920)], ignore_index=True)
    assert "21" in words(draw_pair_thumbnails(once))
    assert "30" in words(draw_pair_thumbnails(twice))


@pytest.mark.parametrize("width_mm", [SINGLE_MM, DOUBLE_MM])
def test_of_many_pairs_the_most_alike_are_drawn_and_the_rest_is_counted(width_mm: float) -> None:
    figure = draw_pair_thumbnails(many_places(40), width_mm=width_mm)
    n_drawn = len(squares(figure))
    assert 10 <= n_drawn < 780
    assert any(f"the {n_drawn} pairs with the most shared characters, of 780" in line for line in words(figure))
    assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(width_mm)
    assert figure.get_figheight() * MM_PER_INCH <= TALLEST_MM + 1e-6
    assert f"{20 + 39}" in words(figure)


@pytest.mark.parametrize("n_reports", [5, 40])
@pytest.mark.parametrize("labels", ["en", "zh"])
@pytest.mark.parametrize("width_mm", [SINGLE_MM, DOUBLE_MM])
def test_long_names_keep_clear_of_the_numbers(n_reports: int, labels: Language, width_mm: float) -> None:
    places = many_places(n_reports)
    places = places.assign(label_a="黔西南布依族苗族自治州 " + places["label_a"].str[-4:], end_a=places["end_a"] + 4000)
    with use_look(Look(labels, "screen", width_mm)):
        figure = draw_pair_thumbnails(places)
        assert colliding_words(figure) == []
        assert cut_words(figure) == []
        assert bool(english_left(figure)) == (labels == "en")


def test_nothing_shared_is_said() -> None:
    assert "No two" in draw_pair_thumbnails(many_places(2).iloc[:0]).texts[0].get_text()
