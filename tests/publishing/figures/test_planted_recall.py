"""The figures of notebook A1: what is on them."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn import at, colliding_words, cut_words, english_left
from test_shared_passages import words

from corpus.publishing.figures import look
from corpus.publishing.figures.planted_recall import draw_recall, draw_thresholds

WIDTHS = [look.SINGLE_MM, look.DOUBLE_MM]
BY_KIND = pd.DataFrame(
    [("copied", False, 50, 0.99), ("copied", True, 7, 1.0), ("kept", False, 1_000, 0.999), ("reworded", True, 4, 0.62)],
    columns=["kind", "moved", "n_pairs", "share_found"],
)
BY_RATE = pd.DataFrame(
    [("copied", 0.0, 1.0), ("copied", 0.3, 0.9), ("kept", 0.0, 1.0), ("reworded", 0.1, 0.98), ("reworded", 0.3, 0.55)],
    columns=["kind", "edit_rate", "share_found"],
)
THRESHOLDS = pd.DataFrame(
    [(6, 0.8, 1.0, 0.99), (12, 0.96, 1.0, 0.98), (40, 1.0, 0.8, float("nan"))],
    columns=["min_chars", "share_one_origin", "coverage_verbatim", "coverage_edited"],
)


@pytest.mark.parametrize("width_mm", WIDTHS)
def test_recall_shows_each_kind_once_and_moved_ones_hollow(width_mm: float) -> None:
    figure = at(width_mm, draw_recall, BY_KIND, BY_RATE, most_edited=0.15)
    said = words(figure)
    assert {"copied from a peer", "kept word for word", "reworded", "50 + 7", "1,000", "4"} <= set(said)
    assert "figures changed" not in said
    assert {"in place", "moved", "the panel", "a harder panel"} <= set(said)
    assert "characters found, up to 15% of them edited" in said
    kinds, rates = figure.axes
    dots = {(line.get_xdata()[0], line.get_markerfacecolor() == "white") for line in kinds.lines}  # type: ignore[index]
    assert dots == {(0.99, False), (1.0, True), (0.999, False), (0.62, True)}
    assert kinds.get_xlim()[0] < 0.62 and rates.get_ylim()[0] < 0.55
    curves = [list(line.get_xdata()) for line in rates.lines if len(line.get_xdata()) > 2]  # type: ignore[arg-type]
    assert curves == [[0.0, 0.1, 0.3]]


@pytest.mark.parametrize("width_mm", WIDTHS)
@pytest.mark.parametrize("labels", ["en", "zh"])
def test_nothing_collides_and_chinese_labels_are_chinese(labels: look.Language, width_mm: float) -> None:
    kinds = pd.concat([BY_KIND, pd.DataFrame([("renumbered", False, 9, 0.9)], columns=BY_KIND.columns)])
    with look.use_look(look.Look(labels, "screen", width_mm)):
        figures = (
            draw_recall(kinds, BY_RATE, most_edited=0.15),
            draw_thresholds(THRESHOLDS, marked=12),
        )
        for figure in figures:
            assert colliding_words(figure) == cut_words(figure) == []
            assert bool(english_left(figure)) == (labels == "en")


def test_thresholds_name_their_lines_at_the_last_value_known() -> None:
    figure = draw_thresholds(THRESHOLDS, marked=12)
    said = words(figure)
    assert {"of one origin", "12, the default", "coverage, the same\nword for word"} <= set(said)
    edited = next(text for text in figure.axes[0].texts if text.get_text().startswith("coverage, one"))
    assert edited.xy == (12, 0.98)  # type: ignore[attr-defined]
