"""Word clouds of notebook 04: formulaic against particular vocabulary.

The package wordcloud finds the places only. The words are drawn as text of the figure, so that they stay text in the
PDF, and one size stands for one count: in all clouds of a figure where there is room, else within a cloud.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from random import Random
from types import SimpleNamespace
from typing import NamedTuple

import pandas as pd
import wordcloud.wordcloud
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import ImageFont

from corpus.analysis.vocabulary import FORMULAIC
from corpus.publishing import style
from corpus.publishing.draw.boilerplate import draw_sentence
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import COLOURS, INK, MM_PER_INCH, MUTED, SIZES

STOP_WORDS = "fazhi stop words, 2026-11"
"""Name and version of the list behind ``reports.lexicon.stop_words``; see data/lexicons/README.md."""

_SEED = 1
_PIXELS = 2  # of the layout, for each point of the print
_SMALLEST_PT, _LARGEST_PT = 6.0, 22.0
_POWER = 0.4  # of the count to which the size of a word grows
_SCALES = (1.6, 1.3, 1.15, 1.0)
_TIGHTER = (0.92, 0.84, 0.76, 0.68, 0.6, 0.52, 0.44)
_MARGIN_PT = 2.5
_EDGE_MM, _TITLE_MM, _NOTE_MM, _GAP_MM = 1.0, 5.0, 6.0, 4.0
_WIDE_MM, _NARROW_MM = 34.0, 56.0  # heights of a cloud alone in its row, and of one beside others
_COLUMNS = 5
_TITLES = {
    "formulaic": "formulaic: words in phrases that several reports have  套话",
    "particular": "particular: words of one report alone  独有词",
}


class PlacedWord(NamedTuple):
    """A word of a cloud: its size, and the upper left corner of its ink, in points from the cloud's upper left."""

    word: str
    size_pt: float
    x_pt: float
    y_pt: float


def draw_word_clouds(clouds: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw a cloud of the formulaic words, and below it one of the particular words of each report.

    Parameters
    ----------
    clouds : DataFrame
        As `corpus.analysis.vocabulary.choose_clouds` returns it. Without a row the figure says so.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if clouds.empty:
        return draw_sentence(
            "No word is formulaic or particular: that takes two reports.", width_mm=width_mm, profile=profile
        )
    frames = _arrange([str(name) for name in clouds["cloud"].unique()], width_mm)
    height_mm = max(frame.top_mm + frame.height_mm for frame in frames.values()) + _NOTE_MM
    with style.new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        figure.set_layout_engine("none")
        words_of = {str(name): words for name, words in clouds.groupby("cloud", sort=False)}
        placed = _place_all(words_of, frames)
        for name, words in words_of.items():
            _draw_cloud(figure, words, placed[name], frames[name])
        return figure


class _Frame(NamedTuple):
    """The room of a cloud, in millimetres from the figure's upper left; the title stands above, a note below."""

    title: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


def _arrange(names: Sequence[str], width_mm: float) -> dict[str, _Frame]:
    """Give each cloud its room: the whole width for one that all reports feed, else five beside each other."""
    narrow = [name for name in names if name not in _TITLES]
    rows = [[name] for name in names if name in _TITLES]
    rows += [narrow[first : first + _COLUMNS] for first in range(0, len(narrow), _COLUMNS)]
    heights_mm = [_WIDE_MM if row[0] in _TITLES else _NARROW_MM for row in rows]
    rest_mm = _TITLE_MM + _NOTE_MM + _GAP_MM
    fit = min(1.0, (style.TALLEST_MM + _GAP_MM - len(rows) * rest_mm) / sum(heights_mm))
    frames = {}
    top_mm = _TITLE_MM
    for row, height_mm in zip(rows, heights_mm, strict=True):
        n_columns = 1 if row[0] in _TITLES else min(_COLUMNS, len(narrow))
        each_mm = (width_mm - 2 * _EDGE_MM - (n_columns - 1) * _GAP_MM) / n_columns
        for column, name in enumerate(row):
            title = _TITLES.get(name, f"{name} alone")
            frames[name] = _Frame(title, _EDGE_MM + column * (each_mm + _GAP_MM), top_mm, each_mm, fit * height_mm)
        top_mm += fit * height_mm + rest_mm
    return frames


def _place_all(words_of: Mapping[str, pd.DataFrame], frames: Mapping[str, _Frame]) -> dict[str, list[PlacedWord]]:
    """Place the words of all clouds on one scale, or, where they do not find room so, each cloud on its own."""
    rooms = {name: (_points(frames[name].width_mm), _points(frames[name].height_mm)) for name in words_of}
    counts_of = {name: dict(zip(words["word"], words["n_places"], strict=True)) for name, words in words_of.items()}
    return _place_on_one_scale(counts_of, rooms) or {
        name: _place_on_one_scale({name: counts}, rooms, must_fit=False)[name] for name, counts in counts_of.items()
    }


def _place_on_one_scale(
    counts_of: Mapping[str, Mapping[str, int]], rooms: Mapping[str, tuple[float, float]], *, must_fit: bool = True
) -> dict[str, list[PlacedWord]]:
    """Place the words of some clouds on the largest scale on which all find room, each cloud as close as it goes.

    Returns nothing where there is no such scale, or, if they need not fit, what finds room on the smallest.
    """
    every = [count for counts in counts_of.values() for count in counts.values()]
    lowest, highest = min(every), max(every)
    power = min(_POWER, math.log(_LARGEST_PT / _SMALLEST_PT) / math.log(highest / lowest)) if highest > lowest else 1.0
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


def _draw_cloud(figure: Figure, words: pd.DataFrame, placed: Sequence[PlacedWord], frame: _Frame) -> None:
    width_mm, height_mm = (size * MM_PER_INCH for size in figure.get_size_inches())
    left, right = frame.left_mm / width_mm, (frame.left_mm + frame.width_mm) / width_mm
    top, bottom = 1 - frame.top_mm / height_mm, 1 - (frame.top_mm + frame.height_mm) / height_mm
    axes = figure.add_axes((left, bottom, right - left, top - bottom))
    axes.set_axis_off()
    axes.set_xlim(0, _points(frame.width_mm))
    axes.set_ylim(_points(frame.height_mm), 0)
    colour = COLOURS["formula" if words["vocabulary"].iloc[0] == FORMULAIC else "own"]
    for word, size_pt, x_pt, y_pt in placed:
        left_pt, above_pt = _ink(word, size_pt)
        axes.text(x_pt - left_pt, y_pt + above_pt, word, fontsize=size_pt, color=colour, ha="left", va="baseline")
    figure.text(left, top + 1.2 / height_mm, frame.title, fontsize=SIZES["label"], color=INK, ha="left", va="bottom")
    count = f"{len(placed)}" if len(placed) == len(words) else f"{len(placed)} of {len(words)}"
    note = f"{count} words, at {words['n_places'].min()} places or more\nwithout {STOP_WORDS}"
    figure.text(left, bottom - 0.8 / height_mm, note, fontsize=SIZES["note"], color=MUTED, ha="left", va="top")


def _points(length_mm: float) -> float:
    return length_mm / MM_PER_INCH * 72


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
        font_path=str(style.font_path()),
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


def _ink(word: str, size_pt: float) -> tuple[float, float]:
    """Return how far right of its origin and how far above its baseline a word's ink begins, in points."""
    outline = TextPath((0, 0), word, size=size_pt, prop=FontProperties(fname=style.font_path())).vertices
    return float(outline[:, 0].min()), float(outline[:, 1].max())
