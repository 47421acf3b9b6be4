"""What stands in a figure: its words, whether any collide or leave it, and which are left in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import combinations
from weakref import WeakKeyDictionary

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from corpus.publishing.figures.figure_to_cite import FigureToCite
from corpus.publishing.figures.look import Look, current_look, set_look

OF_A_PANEL = ("share_kept", "change_places")
OF_TRUTH = ("least_length",)

Drawn = Callable[..., FigureToCite]
"""Gives a figure of the series by name, language and width; the fixture ``drawn`` of tests/publishing/figures."""

SYMBOLS = {"TF", "IDF"}
"""What stays in letters in Chinese figures too: the names of measures."""
_LAID_OUT: WeakKeyDictionary[Figure, list[Text]] = WeakKeyDictionary()
"""What can be read in figures that were laid out: laying out costs more than all that is asked of one afterwards."""


@contextmanager
def use_look(look: Look) -> Iterator[None]:
    """Draw what is drawn in the ``with`` block in this look."""
    before = current_look()
    set_look(**asdict(look))
    try:
        yield
    finally:
        set_look(**asdict(before))


def at(width_mm: float, draw: Callable[..., Figure], *tables: object, **options: object) -> Figure:
    """Return what a function draws in a width, otherwise in the current look."""
    with use_look(replace(current_look(), width_mm=width_mm)):
        return draw(*tables, **options)


def drawn_texts(figure: Figure) -> list[Text]:
    """Return what can be read in a figure after its layout, without the labels of ticks beyond the end of an axis.

    A figure is laid out once, and one that can be cited was when it was made: whoever changes one afterwards asks of
    its texts, not of the figure.
    """
    if figure in _LAID_OUT:
        return _LAID_OUT[figure]
    if figure.get_layout_engine() is not None:
        figure.draw_without_rendering()
    unseen = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            shown = (min(limits), max(limits)) if axes.axison else (0, -1)
            ticks = [tick for tick in axis.get_major_ticks() if not shown[0] <= tick.get_loc() <= shown[1]]
            unseen |= {label for tick in ticks for label in (tick.label1, tick.label2)}
    texts = figure.findobj(lambda artist: isinstance(artist, Text) and artist not in unseen)
    _LAID_OUT[figure] = [
        text for text in texts if isinstance(text, Text) and text.get_visible() and text.get_text().strip()
    ]
    return _LAID_OUT[figure]


def cut_words(figure: Figure) -> list[str]:
    """Return the words that leave the figure, by more than a pixel."""
    boxes = [(text.get_text(), text.get_window_extent()) for text in drawn_texts(figure)]
    whole = figure.bbox.padded(1)
    return [words for words, box in boxes if not (whole.x0 <= box.x0 <= box.x1 <= whole.x1)] + [
        words for words, box in boxes if not (whole.y0 <= box.y0 <= box.y1 <= whole.y1)
    ]


def colliding_words(drawn: Figure | Sequence[Text], *, slack: float = 0.2) -> list[tuple[str, str]]:
    """Return the pairs of words that stand on each other; lines may overlap by that share of the lower one's height."""
    # The extent of an annotation is that of its line too.
    boxes = [(text.get_text(), *Text.get_window_extent(text).extents) for text in _texts(drawn)]
    return [
        (one, other)
        for (one, left, low, right, high), (other, left2, low2, right2, high2) in combinations(boxes, 2)
        if min(right, right2) - max(left, left2) > 1
        and min(high, high2) - max(low, low2) > slack * min(high - low, high2 - low2)
    ]


def english_left(drawn: Figure | Sequence[Text], quoted: Iterable[str] = ()) -> list[str]:
    """Return the words of two letters and more that are neither quoted nor symbols."""
    left = []
    for text in _texts(drawn):
        words = text.get_text()
        for quotation in sorted(quoted, key=len, reverse=True):
            words = words.replace(quotation, "")
        left += [word for word in re.findall("[A-Za-z]{2,}", words) if word not in SYMBOLS]
    return left


def repeated(table: pd.DataFrame, times: int) -> pd.DataFrame:
    """The reports of a table again and again, under other names."""
    return pd.concat([table.assign(report_id=table["report_id"] + f"-{time}") for time in range(times)])


def rectangles(axes: Axes) -> list[Rectangle]:
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def _texts(drawn: Figure | Sequence[Text]) -> Sequence[Text]:
    return drawn_texts(drawn) if isinstance(drawn, Figure) else drawn
