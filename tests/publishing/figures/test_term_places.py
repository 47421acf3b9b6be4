"""Where terms stand, drawn: a mark for each place that find_terms finds, and a strip for each report."""

from __future__ import annotations

import pytest
from drawn import colliding_words, cut_words, english_left, use_look

import corpus
from corpus.errors import CorpusError
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language, Look
from corpus.report.reports import Reports

TERMS = ("三重一大", "法治*建设")


def test_each_place_is_a_mark_at_its_words(bundled: Reports) -> None:
    figure = corpus.figures.term_places(bundled, TERMS)
    assert isinstance(figure, FigureToCite)
    hits = corpus.find_terms(bundled, TERMS)
    marks = figure.table[figure.table["term"] != ""]
    assert len(marks) == len(hits) and len(figure.table) == len(hits) + len(bundled)
    for mark, hit in zip(marks.itertuples(), hits.itertuples(), strict=True):
        body = bundled[mark.report_id].text[
            bundled[mark.report_id].text_map.derived_span(*bundled[mark.report_id].layout.body)[0] :
        ]
        assert body[mark.begins_chars : mark.begins_chars + mark.length_chars] == hit.hit


@pytest.mark.parametrize(("labels", "width_mm"), [("en", SINGLE_MM), ("zh", SINGLE_MM), ("en", DOUBLE_MM)])
def test_nothing_collides_and_the_caption_says_what_is_counted(
    bundled: Reports, labels: Language, width_mm: float
) -> None:
    with use_look(Look(labels, "screen", width_mm)):
        figure = corpus.figures.term_places(bundled, TERMS)
    assert isinstance(figure, FigureToCite) and "n = 5 reports" in figure.caption.en
    assert colliding_words(figure.drawing) == cut_words(figure.drawing) == []
    assert labels == "en" or english_left(figure.drawing) == []


def test_a_term_that_stands_nowhere_and_too_many_terms(bundled: Reports) -> None:
    assert isinstance(corpus.figures.term_places(bundled, "没有这个词"), NoFigure)
    assert isinstance(corpus.figures.term_places(bundled[:0], "法治"), NoFigure)
    assert isinstance(corpus.figures.term_places(bundled[:1], "法治"), FigureToCite)
    with pytest.raises(CorpusError, match="draw 4 at most"):
        corpus.figures.term_places(bundled, [*"一二三四五"])
