"""What the font of the figures has, and what becomes of a character that it lacks."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any, Literal

from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from corpus.errors import CorpusError
from corpus.publishing.figures.style import figure_style, font_path


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text`` that the font does not have, each once, in the order of their code points."""
    return "".join(sorted({char for char in text if char != "\n" and ord(char) not in _characters()}))


def mark_text(text: str) -> str:
    """Return ``text`` with [U+9F98] and the like in the place of characters that the font does not have."""
    return "".join(f"[U+{ord(char):04X}]" if missing_glyphs(char) else char for char in text)


def check_glyphs(figure: Figure, *, missing: Literal["error", "mark"] = "error") -> int:
    """See to it that the font has every character of a figure, in titles, labels, ticks and legends.

    Parameters
    ----------
    figure : Figure
        Made with `new_figure`. It is changed only where ``missing`` is ``"mark"`` and the
        font lacks a character.
    missing : {"error", "mark"}
        ``"mark"``: the character is drawn as [U+9F98] and the like.

    Returns
    -------
    int
        How many characters, counted with repetition, are drawn as marks; 0 where nothing is missing.

    Raises
    ------
    CorpusError
        If ``missing`` is ``"error"`` and the font lacks a character.
    """
    words = "".join(text.get_text() for text in _texts(figure))
    lacking = missing_glyphs(words)
    if not lacking:
        return 0
    if missing == "error":
        names = ", ".join(f"{char} (U+{ord(char):04X})" for char in lacking)
        raise CorpusError(
            f"the font of the figures does not have {names}; "
            "draw them as marks with missing='mark', or add them to data/fonts/build_font.py and build the font again"
        )
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(_MarkedTicks(axis.get_major_formatter()))
            axis.set_minor_formatter(_MarkedTicks(axis.get_minor_formatter()))
    for text in _texts(figure):
        text.set_text(mark_text(text.get_text()))
    return sum(words.count(char) for char in lacking)


def _texts(figure: Figure) -> list[Text]:
    """Return the visible texts of a figure, those of the ticks too, which are written when it is drawn."""
    with warnings.catch_warnings(), figure_style():
        # Of the same characters our error speaks, with a remedy.
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        figure.draw_without_rendering()
    found = (artist for artist in figure.findobj(Text) if artist.get_visible())
    return [text for text in found if isinstance(text, Text)]


class _MarkedTicks(Formatter):
    """Ticks as another formatter writes them, with marks for what the font lacks."""

    def __init__(self, inner: Formatter) -> None:
        self._inner = inner

    def set_axis(self, axis: Any) -> None:
        super().set_axis(axis)
        self._inner.set_axis(axis)

    def __call__(self, x: float, pos: int | None = None) -> str:
        return mark_text(self._inner(x, pos))

    def format_ticks(self, values: Any) -> list[str]:
        return [mark_text(label) for label in self._inner.format_ticks(values)]


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset(FT2Font(font_path()).get_charmap())
