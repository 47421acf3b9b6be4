"""Word clouds: every word in its place and size, in both languages and in one column of a page."""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd
import pytest
from drawn import Drawn, colliding_words, cut_words
from making import make_reports
from matplotlib.figure import Figure
from matplotlib.textpath import TextPath
from PIL import ImageFont

from corpus.analysis.boilerplate.phrase_holders import choose_clouds, tabulate_vocabulary
from corpus.field.data_files import data_path
from corpus.publishing.figures import style
from corpus.publishing.figures.look import SINGLE_MM
from corpus.publishing.figures.wording.word_clouds import STOP_WORDS, draw_word_clouds, place_cloud, place_words


@pytest.fixture(scope="module")
def clouds(drawn: Drawn) -> pd.DataFrame:
    return drawn("word_clouds").table


@pytest.fixture(scope="module")
def cloud_figure(drawn: Drawn) -> Figure:
    return drawn("word_clouds").drawing


def test_every_word_stands_in_its_cloud(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    for axes, (_, words) in zip(
        sorted(cloud_figure.axes, key=lambda a: (-round(a.get_position().y0, 3), a.get_position().x0)),
        clouds.groupby("cloud", sort=False),
        strict=True,
    ):
        assert sorted(text.get_text() for text in axes.texts) == sorted(words["word"])
        colour = style.COLOURS["formula" if words["vocabulary"].iloc[0] == "formulaic" else "own"]
        assert {text.get_color() for text in axes.texts} == {colour}


def test_in_a_cloud_one_size_stands_for_one_count(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    sizes = {
        (text.get_text(), text.get_color()): text.get_fontsize() for axes in cloud_figure.axes for text in axes.texts
    }
    for (_, vocabulary), words in clouds.groupby(["cloud", "vocabulary"]):
        colour = style.COLOURS["formula" if vocabulary == "formulaic" else "own"]
        by_count = words.groupby("n_places")["word"].agg(lambda of, c=colour: {sizes[word, c] for word in of})
        assert all(len(found) == 1 for found in by_count)
        ordered = [min(found) for found in by_count.sort_index()]
        assert ordered == sorted(ordered) and ordered[0] >= 6


def test_no_word_stands_on_another_or_leaves_its_cloud(cloud_figure: Figure) -> None:
    for axes in cloud_figure.axes:
        boxes = []
        for text in axes.texts:
            ink = TextPath(
                (0, 0), text.get_text(), size=text.get_fontsize(), prop=text.get_fontproperties()
            ).get_extents()
            x, y = text.get_position()
            boxes.append((x + ink.x0, y - ink.y1, x + ink.x1, y - ink.y0))
        # Words are laid out on a grid, so that the ink of two may touch by less than half a step of it.
        for one, other in combinations(boxes, 2):
            apart = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
            assert apart > -0.5
        assert min(box[0] for box in boxes) >= -1 and max(box[2] for box in boxes) <= axes.get_xlim()[1] + 1


def test_the_list_of_stop_words_is_named_under_each_cloud(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    notes = [text.get_text() for text in cloud_figure.texts if STOP_WORDS in text.get_text()]
    assert len(notes) == clouds["cloud"].nunique()
    assert STOP_WORDS in data_path("lexicons", "README.md").read_text(encoding="utf-8")


def test_places_do_not_depend_on_the_layout_that_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"“互联网+监管”": 14.0, "12345热线": 11.0, "AVATAR": 9.0, "依法行政": 9.0, "法治": 7.0}
    placed = []
    for has_raqm in (True, False):
        monkeypatch.setattr(ImageFont.core, "HAVE_RAQM", has_raqm)
        placed.append(place_words(sizes, (200.0, 80.0)))
    assert placed[0] == placed[1]
    assert [word.word for word in placed[0]] == ["“互联网+监管”", "12345热线", "AVATAR", "依法行政", "法治"]


def test_words_without_room_are_left_out_and_no_words_give_no_places() -> None:
    assert place_words({}, (100.0, 50.0)) == []
    placed = place_words({"很大的词": 20.0, "法治": 6.0}, (60.0, 30.0))
    assert [word.word for word in placed] == []


def test_clouds_of_many_reports_share_one_frame() -> None:
    texts = [
        f"坚持依法行政和法治政府建设。{word}项目{word}验收。"
        for word in ("苹果", "花椒", "地膜", "芯片", "汽车", "疫苗", "石墨", "稀土", "钢铁", "煤炭", "茶叶")
    ]
    clouds = choose_clouds(tabulate_vocabulary(make_reports(*texts)))
    figure = draw_word_clouds(clouds)
    assert [text.get_text().split(":")[0] for text in figure.texts if ":" in text.get_text()] == [
        "formulaic",
        "particular",
    ]
    assert figure.get_figheight() * style.MM_PER_INCH <= 170.01


def test_in_one_column_of_a_page_clouds_are_folded_and_hardly_a_word_is_left_out(
    drawn: Drawn, clouds: pd.DataFrame
) -> None:
    figure = drawn("word_clouds", "zh", SINGLE_MM).drawing
    assert cut_words(figure) == []
    assert len({round(axes.get_position().x0, 3) for axes in figure.axes}) == 2
    assert colliding_words(figure.texts) == []
    written = [text.get_text() for text in figure.texts]
    assert {"套话词：见于多份报告共有的字串", "沂源 2022 独有"} <= set(written)
    n_drawn = [len(axes.texts) for axes in figure.axes]
    assert 0.95 * len(clouds) < sum(n_drawn) < len(clouds)
    assert any("个词中的" in words for words in written)


def test_a_full_cloud_draws_its_large_words_smaller_before_it_leaves_one_out() -> None:
    counts = {word: count for count, word in enumerate(("法治", "依法行政", "工作", "推进", "建设", "宪法"), 2)}
    counts["法治政府建设"] = 60
    roomy, full = (place_cloud(counts, room) for room in ((400.0, 200.0), (84.0, 44.0)))
    assert len(roomy) == len(full) == len(counts)
    spread = [placed[0].size_pt / placed[-1].size_pt for placed in (roomy, full)]
    assert spread[1] < 0.8 * spread[0]
    assert all(one.size_pt >= other.size_pt for one, other in pairwise(full))
