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


def left_in_english(texts: Iterable[Text], quoted: str = "") -> set[str]:
    """The Latin words of texts that are not part of what they quote."""
    words = (text.get_text().replace(quoted, " ") if quoted else text.get_text() for text in texts)
    return {found for word in words for found in LATIN_WORD.findall(word)}


def on_others(texts: Iterable[Text], *, least_mm: float = 0.3) -> list[tuple[str, str]]:
    """Pairs of texts that lie on each other by more than so much both ways."""
    boxes = [(text.get_text(), text.get_window_extent(), text.get_figure(root=True)) for text in texts]
    return [
        (one, other)
        for (one, a, figure), (other, b, _) in combinations(boxes, 2)
        if figure is not None and _depth(a, b) > least_mm / MM_PER_INCH * figure.dpi
    ]


def outside(texts: Iterable[Text]) -> list[str]:
    """Texts that are cut off at the edge of their figure."""
    return [
        text.get_text()
        for text in texts
        if (figure := text.get_figure(root=True)) is not None
        and not _holds(figure.bbox.padded(1), text.get_window_extent())
    ]


def _holds(frame: Bbox, box: Bbox) -> bool:
    return frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1


def _depth(one: Bbox, other: Bbox) -> float:
    return min(min(one.x1, other.x1) - max(one.x0, other.x0), min(one.y1, other.y1) - max(one.y0, other.y0))


def _not_drawn(axes: Axes) -> Iterator[Text]:
    """The labels of an axis that is switched off, and of ticks beyond the ends of one."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if not axes.axison or not low <= tick.get_loc() <= high:
                yield from (tick.label1, tick.label2)
