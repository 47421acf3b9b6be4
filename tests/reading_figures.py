"""What can be read in a figure: its words, those that lie on others or leave it, and those left in another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from corpus.publishing.style import MM_PER_INCH

LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


def texts_in(figure: Figure) -> list[Text]:
    """Every text that is seen, once the figure is laid out."""
    figure.draw_without_rendering()
    unseen = {id(text) for axes in figure.axes for text in _not_drawn(axes)}
    texts = figure.findobj(Text)
    return [text for text in texts if text.get_text().strip() and text.get_visible() and id(text) not in unseen]


def left_in_english(figure: Figure, quoted: Iterable[str] = ()) -> set[str]:
    """The Latin words of a figure that are not part of what it quotes."""
    words = (text.get_text() for text in texts_in(figure))
    longest_first = sorted(set(quoted), key=len, reverse=True)
    return {found for word in words for found in LATIN_WORD.findall(_without(word, longest_first))}


def on_others(figure: Figure, *, least_mm: float = 0.3) -> list[tuple[str, str]]:
    """Pairs of texts that lie on each other by more than so much both ways."""
    least = least_mm / MM_PER_INCH * figure.dpi
    boxes = [(text.get_text(), text.get_window_extent()) for text in texts_in(figure)]
    return [(one, other) for (one, a), (other, b) in combinations(boxes, 2) if _depth(a, b) > least]


def outside(figure: Figure) -> list[str]:
    """Texts that are cut off at the edge of the figure."""
    frame = figure.bbox
    return [
        text.get_text()
        for text in texts_in(figure)
        if (box := text.get_window_extent()).x0 < frame.x0 - 1
        or box.x1 > frame.x1 + 1
        or box.y0 < frame.y0 - 1
        or box.y1 > frame.y1 + 1
    ]


def _without(word: str, quoted: Iterable[str]) -> str:
    for quote in quoted:
        word = word.replace(quote, " ")
    return word


def _depth(one: Bbox, other: Bbox) -> float:
    return min(min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0))


def _not_drawn(axes: Axes) -> Iterator[Text]:
    """The labels of an axis that is switched off, and of ticks beyond the ends of one."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not axes.axison or not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)
