"""A drawing that fits: words wider than their mark, and loose words beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from corpus.publishing.style import MM_PER_INCH


def find_crowded(
    figure: Figure, labelled: Iterable[tuple[Text, Rectangle]], *, margin_mm: float = 0.4
) -> list[tuple[Text, Rectangle]]:
    """Return the words that are wider than the mark they stand on, as the figure is laid out now."""
    figure.draw_without_rendering()
    margin = margin_mm / MM_PER_INCH * figure.dpi
    return [
        (text, rectangle)
        for text, rectangle in labelled
        if text.get_window_extent().width + 2 * margin > rectangle.get_window_extent().width
    ]


def spread_words(figure: Figure, words: Iterable[Text], *, gap_mm: float = 0.7) -> None:
    """Move words of the same height apart, to the right, and remove those that have no room inside their axes."""
    figure.draw_without_rendering()
    gap = gap_mm / MM_PER_INCH * figure.dpi
    reached: dict[tuple[int, float], float] = {}
    for text in sorted(words, key=lambda text: text.get_window_extent().x0):
        axes = text.axes
        assert axes is not None  # words on the figure itself are not spread
        box, row = text.get_window_extent(), (id(axes), text.get_position()[1])
        free = reached.get(row, axes.bbox.x0 - gap) + gap
        left = min(max(box.x0, free), max(box.x0, axes.bbox.x1) - box.width)
        if left < free:
            text.remove()
            continue
        reached[row] = left + box.width
        text.set_horizontalalignment("left")
        text.set_x(round(axes.transData.inverted().transform((left, 0))[0], 6))
