"""A drawing that fits: words wider than their mark, and loose words beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from corpus.publishing.style import MM_PER_INCH

LINE_MM = 2.3
"""From one line of notes to the next."""

_GAP_MM = 0.7  # between two words
_DRIFT_MM = 2.2


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


def spread_words(figure: Figure, words: Iterable[Text], *, n_levels: int = 1) -> None:
    """Move words of the same height apart, to the right, and remove those that have no room.

    A word goes no farther than 2.2 mm from its place: beyond, it would seem to belong to something else. Before that
    it takes the next of ``n_levels`` lines: further down if its top is at its place, else further up.
    """
    words = list(words)
    for text in words:
        # The layout would make room for words that then move elsewhere, and with it move what they stand at.
        text.set_in_layout(False)
    figure.draw_without_rendering()
    gap, drift, line = (length_mm / MM_PER_INCH * figure.dpi for length_mm in (_GAP_MM, _DRIFT_MM, LINE_MM))
    reached: dict[tuple[int, float, int], float] = {}
    for text in sorted(words, key=lambda text: text.get_window_extent().x0):
        axes = text.axes
        assert axes is not None  # words on the figure itself are not spread
        box, (_, y) = text.get_window_extent(), text.get_position()
        last = max(box.x0, axes.bbox.x1) - box.width
        for level in range(n_levels):
            free = reached.get((id(axes), y, level), axes.bbox.x0 - gap) + gap
            left = min(max(box.x0, free), last)
            if free <= left <= box.x0 + drift:
                break
        else:
            text.remove()
            continue
        reached[id(axes), y, level] = left + box.width
        away = level * line * (-1 if text.get_verticalalignment() == "top" else 1)
        place = axes.transData.inverted().transform((left, axes.transData.transform((0, y))[1] + away))
        text.set(x=round(place[0], 6), y=round(place[1], 6) if level else y, ha="left")


def width_of(words: str) -> float:
    """Return about how many Chinese characters the words are wide."""
    return sum(0.55 if character.isascii() else 1.0 for character in words)


def short_name(name: str, width: float) -> str:
    """Return a report's name no wider than so many Chinese characters: cut in its place, so that its year stays."""
    if width_of(name) <= width:
        return name
    place, space, year = name.rpartition(" ")
    if not year.isdecimal():
        place, space, year = name, "", ""
    end = f"...{space}{year}"
    while place and width_of(place + end) > width:
        place = place[:-1]
    return place + end
