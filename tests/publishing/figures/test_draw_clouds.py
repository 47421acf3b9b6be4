"""Word clouds in both languages and in one column of a page."""

from __future__ import annotations

from itertools import pairwise

from drawn import colliding_words, cut_words, english_left

import corpus
from corpus.analysis.boilerplate.phrase_vocabulary import choose_clouds, tabulate_vocabulary
from corpus.publishing.figures.look import SINGLE_MM, Look, use_look
from corpus.publishing.figures.wording.word_clouds import STOP_WORDS, draw_word_clouds, place_alone

CLOUDS = choose_clouds(tabulate_vocabulary(corpus.load_reports()))


def test_in_one_column_of_a_page_clouds_are_folded_and_hardly_a_word_is_left_out() -> None:
    with use_look(Look("zh", width_mm=SINGLE_MM)):
        figure = draw_word_clouds(CLOUDS)
    assert cut_words(figure) == []
    assert len({round(axes.get_position().x0, 3) for axes in figure.axes}) == 2
    assert colliding_words(figure.texts) == []
    written = [text.get_text() for text in figure.texts]
    assert {"套话词：见于多份报告共有的字串", "沂源 2022 独有", "字号只在同一词云内可比"} <= set(written)
    assert english_left(figure.texts, [STOP_WORDS]) == []
    n_drawn = [len(axes.texts) for axes in figure.axes]
    assert 0.95 * len(CLOUDS) < sum(n_drawn) < len(CLOUDS)
    assert any("个词中的" in words for words in written)


def test_without_a_word_the_figure_says_why() -> None:
    with use_look(Look("zh")):
        figure = draw_word_clouds(CLOUDS.head(0))
    assert [text.get_text() for text in figure.texts] == ["没有套话词或独有词：至少需要两份报告。"]


def test_a_full_cloud_draws_its_large_words_smaller_before_it_leaves_one_out() -> None:
    counts = {word: count for count, word in enumerate(("法治", "依法行政", "工作", "推进", "建设", "宪法"), 2)}
    counts["法治政府建设"] = 60
    roomy, full = (place_alone("词", counts, {"词": room}) for room in ((400.0, 200.0), (84.0, 44.0)))
    assert len(roomy) == len(full) == len(counts)
    spread = [placed[0].size_pt / placed[-1].size_pt for placed in (roomy, full)]
    assert spread[1] < 0.8 * spread[0]
    assert all(one.size_pt >= other.size_pt for one, other in pairwise(full))
