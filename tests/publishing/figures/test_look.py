"""How the figures of a run look: set in one place, taken by every drawing that does not say otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from drawn import use_look

import corpus
from corpus.errors import CorpusError
from corpus.publishing.figures.look import (
    DOUBLE_MM,
    SINGLE_MM,
    Bilingual,
    Look,
    both,
    current_look,
    figure_width,
)
from corpus.publishing.figures.style import MM_PER_INCH, new_figure


@pytest.fixture(autouse=True)
def _as_at_the_beginning() -> Iterator[None]:
    yield
    corpus.figures.set_look()


def test_words_are_those_of_the_look() -> None:
    words = Bilingual("passages", "文段")
    assert (str(words), f"{words}", both("passages", "文段")) == ("passages",) * 3
    assert corpus.figures.set_look(labels="zh") == Look(labels="zh") == current_look()
    assert (str(words), f"{words}", both("passages", "文段")) == ("文段",) * 3


def test_the_look_comes_before_a_figures_own_width() -> None:
    assert (figure_width(), figure_width(SINGLE_MM)) == (DOUBLE_MM, SINGLE_MM)
    corpus.figures.set_look(width_mm=100)
    assert (figure_width(), figure_width(SINGLE_MM)) == (100, 100)


def test_a_new_figure_has_the_width_and_the_profile_of_the_look() -> None:
    with use_look(Look(profile="screen", width_mm=SINGLE_MM)), new_figure(height_mm=40) as figure:
        assert figure.get_figwidth() * MM_PER_INCH == pytest.approx(SINGLE_MM)
        assert figure.dpi == 144
    with new_figure(height_mm=40) as figure:
        assert (figure.get_figwidth() * MM_PER_INCH, figure.dpi) == (pytest.approx(DOUBLE_MM), 300)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"labels": "de"}, r"no such labels: 'de'; there are en and zh"),
        ({"profile": "poster"}, r"no such profile: 'poster'; there are print and screen"),
        ({"width_mm": 40}, r"width_mm is 40; a figure is 80 to 183 mm wide"),
        ({"width_mm": float("nan")}, r"width_mm is nan"),
    ],
)
def test_what_no_figure_can_look_like_is_refused(wish: dict[str, Any], told: str) -> None:
    with pytest.raises(CorpusError, match=told):
        corpus.figures.set_look(**wish)
    assert current_look() == Look()
