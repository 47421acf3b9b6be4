"""Places for the words of clouds, which the package wordcloud finds: one size for one count, none on another."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from random import Random
from types import SimpleNamespace
from typing import NamedTuple

import wordcloud.wordcloud
from PIL import ImageFont

from corpus.publishing.style import font_path

_SEED = 1
_PIXELS = 2  # of the layout, for each point of the print
_SMALLEST_PT, _LARGEST_PT = 6.0, 22.0
POWER = 0.4
"""Of the count to which the size of a word grows."""

_LOWER_POWERS = (0.3, 0.2, 0.1)  # where a cloud has no room for the large words beside the others
_SCALES = (1.6, 1.3, 1.15, 1.0)
_TIGHTER = (0.92, 0.84, 0.76, 0.68, 0.6, 0.52, 0.44)
_MARGIN_PT = 2.5


class PlacedWord(NamedTuple):
    """A word of a cloud: its size, and the upper left corner of its ink, in points from the cloud's upper left."""

    word: str
    size_pt: float
    x_pt: float
    y_pt: float


def place_words(sizes: Mapping[str, float], room_pt: tuple[float, float]) -> list[PlacedWord]:
    """Return places for words in a room, none on another.

    The result depends on the arguments, the font, and the versions of wordcloud and Pillow only.

    Parameters
    ----------
    sizes : mapping of str to float
        Words with their sizes in points, all above 0; none at all gives no places.
    room_pt : (float, float)
        Width and height in points.

    Returns
    -------
    list of PlacedWord
        By falling size, then word. A word that does not find room in its size is left out, with all that follow.
    """
    if not sizes:
        return []
    pixels = {word: max(1, round(size * _PIXELS)) for word, size in sizes.items()}
    ordered = dict(sorted(pixels.items(), key=lambda item: (-item[1], item[0])))
    cloud = wordcloud.wordcloud.WordCloud(
        font_path=str(font_path()),
        width=round(room_pt[0] * _PIXELS),
        height=round(room_pt[1] * _PIXELS),
        margin=round(_MARGIN_PT * _PIXELS),
        prefer_horizontal=1.0,
        # A word's size is that of the one before it times the ratio of their weights; the weights are the sizes.
        relative_scaling=1.0,
        max_font_size=max(ordered.values()),
        min_font_size=min(ordered.values()),
        max_words=len(ordered),
        random_state=Random(_SEED),
        color_func=lambda *_, **__: "",
    )
    with _basic_layout():
        cloud.generate_from_frequencies(ordered)
    # Where there is no room wordcloud makes a word smaller, and all that follow with it.
    as_asked = takewhile(lambda entry: entry[1] == ordered[entry[0][0]], cloud.layout_)
    return [
        PlacedWord(word, size / _PIXELS, column / _PIXELS, row / _PIXELS)
        for (word, _), size, (row, column), _, _ in as_asked
    ]


@contextmanager
def _basic_layout() -> Iterator[None]:
    """Let wordcloud measure words by Pillow's own layout; it takes Raqm otherwise, which not every machine has."""
    module = wordcloud.wordcloud
    before = module.ImageFont
    truetype = partial(ImageFont.truetype, layout_engine=ImageFont.Layout.BASIC)
    module.ImageFont = SimpleNamespace(truetype=truetype, TransposedFont=ImageFont.TransposedFont)
    try:
        yield
    finally:
        module.ImageFont = before


def place_alone(name: str, counts: Mapping[str, int], rooms: Mapping[str, tuple[float, float]]) -> list[PlacedWord]:
    """Place the words of one cloud on a scale of its own, and what finds room where not all do."""
    for power in (POWER, *_LOWER_POWERS):
        if placed := place_on_one_scale({name: counts}, rooms, power=power):
            return placed[name]
    return place_on_one_scale({name: counts}, rooms, power=_LOWER_POWERS[-1], must_fit=False)[name]


def place_on_one_scale(
    counts_of: Mapping[str, Mapping[str, int]],
    rooms: Mapping[str, tuple[float, float]],
    *,
    power: float = POWER,
    must_fit: bool = True,
) -> dict[str, list[PlacedWord]]:
    """Place the words of some clouds on the largest scale on which all find room, each cloud as close as it goes.

    Returns nothing where there is no such scale, or, if they need not fit, what finds room on the smallest.
    """
    every = [count for counts in counts_of.values() for count in counts.values()]
    lowest, highest = min(every), max(every)
    power = min(power, math.log(_LARGEST_PT / _SMALLEST_PT) / math.log(highest / lowest)) if highest > lowest else 1.0
    fullest_first = sorted(counts_of, key=lambda name: -len(counts_of[name]) / (rooms[name][0] * rooms[name][1]))
    for scale in _SCALES:
        sizes_of = {
            name: {word: scale * _SMALLEST_PT * (count / lowest) ** power for word, count in counts_of[name].items()}
            for name in fullest_first
        }
        placed = {}
        for name, sizes in sizes_of.items():
            placed[name] = place_words(sizes, rooms[name])
            if len(placed[name]) < len(sizes) and (must_fit or scale != _SCALES[-1]):
                break
        else:
            return {name: _tighten(placed[name], sizes, rooms[name]) for name, sizes in sizes_of.items()}
    return {}


def _tighten(placed: list[PlacedWord], sizes: Mapping[str, float], room_pt: tuple[float, float]) -> list[PlacedWord]:
    """Return places in the smallest part of the room that holds as many words, in the middle of the room."""
    for share in _TIGHTER:
        part_pt = (room_pt[0] * share, room_pt[1] * share)
        closer = place_words(sizes, part_pt)
        if len(closer) < len(placed):
            break
        right, down = (room_pt[0] - part_pt[0]) / 2, (room_pt[1] - part_pt[1]) / 2
        placed = [word._replace(x_pt=word.x_pt + right, y_pt=word.y_pt + down) for word in closer]
    return placed
