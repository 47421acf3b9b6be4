"""Word clouds of notebook 04: formulaic against particular vocabulary.

The package wordcloud finds the places only. The words are drawn as text of the figure, so that they stay text in the
PDF, and one size stands for one count: in all clouds of a figure where there is room, else within a cloud.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from corpus.analysis.vocabulary import FORMULAIC
from corpus.publishing import style
from corpus.publishing.draw.boilerplate import draw_sentence
from corpus.publishing.draw.fitting import short_name, width_of
from corpus.publishing.draw.packing import POWER, PlacedWord, place_alone, place_on_one_scale
from corpus.publishing.look import DOUBLE_MM, Bilingual, Profile, both, figure_width
from corpus.publishing.style import COLOURS, INK, MM_PER_INCH, MUTED, SIZES

STOP_WORDS = "fazhi stop words, 2026-11"
"""Name and version of the list behind ``reports.lexicon.stop_words``; see data/lexicons/README.md."""

_EDGE_MM, _TITLE_MM, _NOTE_MM, _GAP_MM = 1.0, 5.0, 6.0, 4.0
_WIDE_MM, _NARROW_MM = 34.0, 56.0  # heights of a cloud alone in its row, and of one beside others
_COLUMN_MM = 33.0  # the note below a cloud is as wide
_TITLES = {
    "formulaic": Bilingual(
        "formulaic: words in phrases that several reports have (套话)", "套话词：见于多份报告共有的词串"
    ),
    "particular": Bilingual("particular: words of one report alone (独有词)", "独有词：只见于一份报告"),
}


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
        sentence = both(
            "No word is formulaic or particular: that takes two reports.", "没有套话词或独有词：至少需要两份报告。"
        )
        return draw_sentence(sentence, width_mm=width_mm, profile=profile)
    words_of = {str(name): words for name, words in clouds.groupby("cloud", sort=False)}
    frames = _arrange(words_of, width_mm)
    lowest_mm = max(frame.top_mm + frame.height_mm for frame in frames.values()) + _NOTE_MM
    height_mm = min(lowest_mm, style.TALLEST_MM)  # the heights of rows that fill a page may add up to a hair more
    with style.new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        figure.set_layout_engine("none")
        placed, is_one_scale = _place_all(words_of, frames)
        for name, words in words_of.items():
            _draw_cloud(figure, words, placed[name], frames[name])
            if name in _TITLES and not is_one_scale:
                bottom = 1 - (frames[name].top_mm + frames[name].height_mm + 0.8) / height_mm
                remark = both("sizes compare within a cloud only", "字号只在同一词云内可比")
                right: dict[str, Any] = {"ha": "right", "va": "top"}
                figure.text(1 - _EDGE_MM / width_mm, bottom, remark, fontsize=SIZES["note"], color=MUTED, **right)
        return figure


class _Frame(NamedTuple):
    """The room of a cloud, in millimetres from the figure's upper left; the title stands above, a note below."""

    title: str
    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


def _arrange(words_of: Mapping[str, pd.DataFrame], width_mm: float) -> dict[str, _Frame]:
    """Give each cloud its room: the whole width for one that all reports feed, else as many side by side as go."""
    narrow = [name for name in words_of if name not in _TITLES]
    most = max(1, int((width_mm - 2 * _EDGE_MM + _GAP_MM) / (_COLUMN_MM + _GAP_MM)))
    rows = [[name] for name in words_of if name in _TITLES]
    rows += [narrow[first : first + most] for first in range(0, len(narrow), most)]
    n_columns = [1 if row[0] in _TITLES else min(most, len(narrow)) for row in rows]
    rest_mm = _TITLE_MM + _NOTE_MM + _GAP_MM
    heights_mm = [_WIDE_MM * DOUBLE_MM / width_mm if row[0] in _TITLES else _NARROW_MM for row in rows]
    room_mm = style.TALLEST_MM + _GAP_MM - len(rows) * rest_mm
    if sum(heights_mm) > room_mm:
        takes = [
            columns * max(_take(words_of[name]) for name in row) for row, columns in zip(rows, n_columns, strict=True)
        ]
        heights_mm = [room_mm * take / sum(takes) for take in takes]
    frames = {}
    top_mm = _TITLE_MM
    for row, columns, height_mm in zip(rows, n_columns, heights_mm, strict=True):
        each_mm = (width_mm - 2 * _EDGE_MM - (columns - 1) * _GAP_MM) / columns
        for column, name in enumerate(row):
            title = str(_TITLES[name]) if name in _TITLES else _tell_owner(name, each_mm)
            frames[name] = _Frame(title, _EDGE_MM + column * (each_mm + _GAP_MM), top_mm, each_mm, height_mm)
        top_mm += height_mm + rest_mm
    return frames


def _tell_owner(name: str, width_mm: float) -> str:
    """Return the title of the cloud of one report, no wider than the cloud."""
    alone = both(" alone", " 独有")
    return short_name(name, _points(width_mm) / SIZES["label"] - width_of(alone)) + alone


def _take(words: pd.DataFrame) -> float:
    """Return how much room the words of a cloud take beside those of others."""
    return float((words["word"].str.len() * words["n_places"] ** POWER).sum())


def _place_all(
    words_of: Mapping[str, pd.DataFrame], frames: Mapping[str, _Frame]
) -> tuple[dict[str, list[PlacedWord]], bool]:
    """Place the words of all clouds on one scale, or, where they do not find room so, each cloud on its own.

    Returns the words of each cloud, and whether they are on one scale.
    """
    rooms = {name: (_points(frames[name].width_mm), _points(frames[name].height_mm)) for name in words_of}
    counts_of = {name: dict(zip(words["word"], words["n_places"], strict=True)) for name, words in words_of.items()}
    if placed := place_on_one_scale(counts_of, rooms):
        return placed, True
    return {name: place_alone(name, counts, rooms) for name, counts in counts_of.items()}, len(counts_of) == 1


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
    figure.text(
        left,
        bottom - 0.8 / height_mm,
        _tell_words(words, len(placed)),
        fontsize=SIZES["note"],
        color=MUTED,
        ha="left",
        va="top",
    )


def _tell_words(words: pd.DataFrame, n_placed: int) -> str:
    """Return what stands below a cloud: how many words it has, what they have in common, and what was left out."""
    count = Bilingual(f"{len(words)} words", f"{len(words)} 个词")
    if n_placed < len(words):
        count = Bilingual(f"{n_placed} of {count.en}", f"{count.zh}中的 {n_placed} 个")
    least = words["n_places"].min()
    return both(
        f"{count.en}, at {least} places or more\nwithout {STOP_WORDS}",
        f"{count.zh}，见于 {least} 处以上\n未计 {STOP_WORDS}",
    )


def _points(length_mm: float) -> float:
    return length_mm / MM_PER_INCH * 72


def _ink(word: str, size_pt: float) -> tuple[float, float]:
    """Return how far right of its origin and how far above its baseline a word's ink begins, in points."""
    outline = TextPath((0, 0), word, size=size_pt, prop=FontProperties(fname=style.font_path())).vertices
    return float(outline[:, 0].min()), float(outline[:, 1].max())
