"""Word clouds: formulaic against particular vocabulary.

The package wordcloud finds the places only. The words are drawn as text of the figure, so that they stay text in the
PDF, and in a cloud one size stands for one count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import takewhile
from random import Random
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pandas as pd
import wordcloud.wordcloud
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath
from PIL import ImageFont

from corpus.analysis.boilerplate.phrase_holders import FORMULAIC, choose_clouds, tabulate_vocabulary
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import DOUBLE_MM, Bilingual, both, figure_width
from corpus.report.reports import Reports

_SEED = 1
_PIXELS = 2  # of the layout, for each point of the print
_SMALLEST_PT, _LARGEST_PT = 6.0, 22.0
POWER = 0.4
"""Of the count to which the size of a word grows."""

_SCALES = ((1.6, POWER), (1.3, POWER), (1.15, POWER), (1.0, POWER), (1.0, 0.3), (1.0, 0.2), (1.0, 0.1))
"""By which the words of a cloud are larger than the smallest print, and the power: lower where large words have no
room."""

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


def place_cloud(counts: Mapping[str, int], room_pt: tuple[float, float]) -> list[PlacedWord]:
    """Place the words of a cloud on the largest scale on which all find room, or the scale on which most do."""
    lowest, ratio = min(counts.values()), max(counts.values()) / min(counts.values())
    most = math.log(_LARGEST_PT / _SMALLEST_PT) / math.log(ratio) if ratio > 1 else POWER
    placed: list[PlacedWord] = []
    for scale, power in _SCALES:
        sizes = {word: scale * _SMALLEST_PT * (count / lowest) ** min(power, most) for word, count in counts.items()}
        placed = max(placed, place_words(sizes, room_pt), key=len)
        if len(placed) == len(counts):
            break
    return placed


STOP_WORDS = "fazhi stop words, 2026-12"
"""Name and version of the list behind ``reports.lexicon.stop_words``; see data/lexicons/README.md."""

_EDGE_MM, _TITLE_MM, _NOTE_MM, _GAP_MM = 1.0, 5.0, 6.0, 4.0
_WIDE_MM, _NARROW_MM = 34.0, 56.0  # heights of a cloud alone in its row, and of one beside others
_COLUMN_MM = 33.0  # the note below a cloud is as wide
_TITLES = {
    "formulaic": Bilingual(
        "formulaic: words in phrases that several reports have (套话)", "套话词：见于多份报告共有的字串"
    ),
    "particular": Bilingual("particular: words of one report alone (独有词)", "独有词：只见于一份报告"),
}


def word_clouds(reports: Reports, *, min_reports: int = 2, min_chars: int = 8) -> FigureToCite | NoFigure:
    """Draw the formulaic and the particular words, the larger the more places they have.

    Parameters
    ----------
    reports : Reports
    min_reports, min_chars : int
        A word is formulaic in phrases of so many characters that so many reports have.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report, or no such word.
    """
    if len(reports) < 2:
        return no_figure("word-clouds", "no-other")
    table = choose_clouds(tabulate_vocabulary(reports, min_reports=min_reports, min_chars=min_chars))
    if table.empty:
        return no_figure("word-clouds", "no-word")
    return series_figure(
        "word-clouds",
        reports,
        draw_word_clouds,
        table,
        parameters={"min_reports": min_reports, "min_chars": min_chars},
        n_words=len(table),
    )


def draw_word_clouds(clouds: pd.DataFrame) -> Figure:
    """Draw a cloud of the formulaic words, and below it those of the particular words, of each report if they are few.

    A cloud that all reports feed has the whole width, others stand side by side, as many as go.
    """
    width_mm = figure_width()
    words_of = {str(name): words for name, words in clouds.groupby("cloud", sort=False)}
    narrow = [name for name in words_of if name not in _TITLES]
    most = min(len(narrow), int((width_mm - 2 * _EDGE_MM + _GAP_MM) / (_COLUMN_MM + _GAP_MM)))
    rows = [[name] for name in words_of if name in _TITLES]
    rows += [narrow[first : first + most] for first in range(0, len(narrow), most or 1)]
    rest_mm = _TITLE_MM + _NOTE_MM + _GAP_MM
    heights_mm = np.array([_WIDE_MM * DOUBLE_MM / width_mm if row[0] in _TITLES else _NARROW_MM for row in rows])
    room_mm = style.TALLEST_MM + _GAP_MM - len(rows) * rest_mm
    if heights_mm.sum() > room_mm:
        takes = np.array(
            [max(_take(words_of[name]) for name in row) * (1 if row[0] in _TITLES else most) for row in rows]
        )
        heights_mm = room_mm * takes / takes.sum()
    height_mm = min(style.TALLEST_MM, heights_mm.sum() + len(rows) * rest_mm - _GAP_MM)
    with style.new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        figure.set_layout_engine("none")
        top_mm = _TITLE_MM
        for row, each_high_mm in zip(rows, heights_mm, strict=True):
            n_columns = 1 if row[0] in _TITLES else most
            each_mm = (width_mm - 2 * _EDGE_MM - (n_columns - 1) * _GAP_MM) / n_columns
            for column, name in enumerate(row):
                place = (_EDGE_MM + column * (each_mm + _GAP_MM), top_mm, each_mm, each_high_mm)
                _draw_cloud(figure, words_of[name], _tell_owner(name, each_mm), place)
            top_mm += each_high_mm + rest_mm
        return figure


def _take(words: pd.DataFrame) -> float:
    """Return how much room the words of a cloud take beside those of others."""
    return float((words["word"].str.len() * words["n_places"] ** POWER).sum())


def _tell_owner(name: str, width_mm: float) -> str:
    """Return the title of a cloud, that of one report no wider than the cloud."""
    if name in _TITLES:
        return str(_TITLES[name])
    alone = both(" alone", " 独有")
    return fitting.shorten_name(name, width_mm / fitting.em_mm("label") - fitting.count_ems(alone)) + alone


def _draw_cloud(figure: Figure, words: pd.DataFrame, title: str, place: tuple[float, float, float, float]) -> None:
    """Draw a cloud in its room: left, top, width and height in millimetres; the title above, a note below."""
    axes = fitting.place_axes(figure, *place)
    axes.set_axis_off()
    room_pt = place[2] * fitting.POINTS_PER_MM, place[3] * fitting.POINTS_PER_MM
    axes.set(xlim=(0, room_pt[0]), ylim=(room_pt[1], 0))
    # What the font lacks is drawn as a mark, which is wider than the character.
    shown = {style.mark_text(word): word for word in words["word"]}
    placed = place_cloud(dict(zip(shown, words["n_places"], strict=True)), room_pt)
    colour = style.COLOURS["formula" if words["vocabulary"].iloc[0] == FORMULAIC else "own"]
    for word, size_pt, x_pt, y_pt in placed:
        left_pt, above_pt = _ink(word, size_pt)
        axes.text(x_pt - left_pt, y_pt + above_pt, shown[word], fontsize=size_pt, color=colour, va="baseline")
    box, mm = axes.get_position(), 1 / (style.MM_PER_INCH * figure.get_figheight())
    figure.text(box.x0, box.y1 + 1.2 * mm, title, fontsize=style.SIZES["label"], va="bottom")
    told = _tell_words(words, len(placed))
    figure.text(box.x0, box.y0 - 0.8 * mm, told, fontsize=style.SIZES["note"], color=style.MUTED, va="top")


def _tell_words(words: pd.DataFrame, n_placed: int) -> str:
    """Return what stands below a cloud: how many words it has, what they have in common, and what was left out."""
    count = Bilingual(f"{len(words)} words", f"{len(words)} 个词")
    if n_placed < len(words):
        count = Bilingual(f"{n_placed} of {count.en}", f"{count.zh}中的 {n_placed} 个")
    least = words["n_places"].min()
    return both(
        f"{count.en}, at {least} places or more\nwithout {STOP_WORDS}",
        f"{count.zh}，见于 {least} 处以上\n未计停用词表（法治，2026-12）",
    )


def _ink(word: str, size_pt: float) -> tuple[float, float]:
    """Return how far right of its origin and how far above its baseline a word's ink begins, in points."""
    outline = TextPath((0, 0), word, size=size_pt, prop=FontProperties(fname=style.font_path())).vertices
    return float(outline[:, 0].min()), float(outline[:, 1].max())
