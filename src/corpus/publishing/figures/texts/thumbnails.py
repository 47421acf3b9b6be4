"""All pairs of reports at a glance: where along both of them the passages stand that they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from operator import attrgetter
from typing import NamedTuple

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from corpus.publishing.figures.fitting import (
    count_ems,
    em_mm,
    fold_key,
    fold_words,
    key_height,
    shorten_name,
    write_key,
)
from corpus.publishing.figures.look import Bilingual, Profile, both, figure_width
from corpus.publishing.figures.style import INK, MUTED, RULE, SIZES, TALLEST_MM, new_figure
from corpus.publishing.figures.texts.similarity_figures import (
    KIND_COLOURS,
    KIND_EDGES,
    KIND_WORDS,
    NOTHING_SHARED,
    say_so,
)

_LEAST_CELL_MM = 12.0
_LARGEST_CELL_MM = 26.0
_TITLED_CELL_MM = 22.0
_GAP_MM = 3.6
_TITLE_MM = 7.0
_NAMES_MM = 17.0
_NOTE_LINE_MM = 3.2
_STROKE = 2.0
_EDGE_MM = 1.0
_TRIANGLE_NOTE = Bilingual(
    "from left to right: the report above the column; from top to bottom: that of the row; number: shared characters",
    "自左至右：列上方的报告；自上而下：行首的报告；数字：共享文段的字符数",
)
_GRID_NOTE = Bilingual(
    "the {:,} pairs with the most shared characters, of {:,}; from left to right: the report named first",
    "共享字符最多的 {:,} 对（共 {:,} 对）；自左至右：先列出的报告；自上而下：后列出的报告",
)

_PairId = tuple[str, str]


class _Passage(NamedTuple):
    """A row of places: in either report its span of the file and its share of the body, 0 to 1."""

    kind: str
    matched_chars: int
    spans: tuple[tuple[int, int], tuple[int, int]]
    shares: tuple[tuple[float, float], tuple[float, float]]


class _Pair(NamedTuple):
    """Two reports, their passages, and how many characters these have, each counted once."""

    label_a: str
    label_b: str
    passages: list[_Passage]
    shared_chars: int


def draw_pair_thumbnails(
    places: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw each pair of reports as a square, with a stroke for every shared passage where it stands in both.

    From left to right a square is the body of one report, from top to bottom that of the other, each from its beginning
    to its end. Passages in the same order in both fall from left to right along one line; those beside it have moved.
    The number over a square counts the characters of its passages, each once, in the report in which they are fewer.

    Where all pairs have room they make a triangle with a column and a row for each report; a square without a number
    shares nothing. Otherwise the pairs with the most shared characters are drawn, as many as a page has room for, and a
    line below says of how many.

    Parameters
    ----------
    places : DataFrame
        From `locate_reuse`. A report that shares nothing with any other is not in it.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if places.empty:
        return say_so(NOTHING_SHARED, width_mm=width_mm, profile=profile)
    pairs = _pairs(places)
    kinds = [kind for kind in KIND_COLOURS if kind in set(places["kind"])]
    key = fold_key([_stroke(kind, label=str(KIND_WORDS[kind])) for kind in kinds], width_mm=width_mm)
    names = _in_order(pairs)
    cell_mm = min(_LARGEST_CELL_MM, (width_mm - _NAMES_MM) / (len(names) - 1) - _GAP_MM)
    height_mm = key_height(key) + (cell_mm + _GAP_MM) * (len(names) - 1) + _note_height(str(_TRIANGLE_NOTE), width_mm)
    if cell_mm >= _LEAST_CELL_MM and height_mm <= TALLEST_MM:
        with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
            _draw_triangle(_Sheet(figure, width_mm, height_mm, key), pairs, names, cell_mm=cell_mm)
        return figure
    n_columns = int(width_mm / (_TITLED_CELL_MM + _GAP_MM))
    note_mm = _note_height(str(_GRID_NOTE).format(len(pairs), len(pairs)), width_mm)
    room_mm = TALLEST_MM - key_height(key) - note_mm
    n_rows = min(-(-len(pairs) // n_columns), int(room_mm / (_TITLED_CELL_MM + _TITLE_MM)))
    height_mm = key_height(key) + (_TITLED_CELL_MM + _TITLE_MM) * n_rows + note_mm
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        _draw_most_alike(_Sheet(figure, width_mm, height_mm, key), pairs, n_columns=n_columns, n_rows=n_rows)
    return figure


def _pairs(places: pd.DataFrame) -> dict[_PairId, _Pair]:
    sides = []
    for side in "ab":
        columns = (places[f"{name}_{side}"].tolist() for name in ("start", "end", "begins_chars", "text", "body_chars"))
        sides.append(
            [
                ((start, end), (begin / max(1, whole), (begin + len(text)) / max(1, whole)))
                for start, end, begin, text, whole in zip(*columns, strict=True)
            ]
        )
    found: dict[_PairId, list[_Passage]] = {}
    labels: dict[_PairId, tuple[str, str]] = {}
    names = ("report_a", "report_b", "label_a", "label_b", "kind", "matched_chars")
    rows = zip(*(places[name].tolist() for name in names), *sides, strict=True)
    for a, b, label_a, label_b, kind, matched, (span_a, share_a), (span_b, share_b) in rows:
        found.setdefault((a, b), []).append(_Passage(kind, matched, (span_a, span_b), (share_a, share_b)))
        labels[a, b] = (label_a, label_b)
    return {
        pair: _Pair(*labels[pair], passages, min(_count_chars(passages, side) for side in (0, 1)))
        for pair, passages in found.items()
    }


def _count_chars(passages: Sequence[_Passage], side: int) -> int:
    """Return how many characters lie in passages, those in several once."""
    counted = reached = 0
    for start, end in sorted(passage.spans[side] for passage in passages):
        counted += max(0, end - max(start, reached))
        reached = max(reached, end)
    return counted


def _in_order(pairs: Mapping[_PairId, _Pair]) -> dict[str, str]:
    """Return the reports with their labels, in an order in which report a of each pair comes before report b."""
    sorter = TopologicalSorter[str]()
    labels: dict[str, str] = {}
    for (a, b), pair in pairs.items():
        sorter.add(b, a)
        labels |= {a: pair.label_a, b: pair.label_b}
    return {name: labels[name] for name in sorter.static_order()}


def _stroke(kind: str, *, label: str = "", along: Sequence[float] = (), down: Sequence[float] = ()) -> Line2D:
    # A passage of twelve characters is shorter than its stroke is wide: the round ends make a dot of it.
    line = Line2D(along, down, color=KIND_COLOURS[kind], label=label, linewidth=_STROKE, solid_capstyle="round")
    line.set_clip_on(False)
    if KIND_EDGES[kind] != KIND_COLOURS[kind]:
        line.set_path_effects([withStroke(linewidth=_STROKE + 0.7, foreground=KIND_EDGES[kind])])
    return line


class _Sheet:
    """A figure laid out in millimetres from its upper left corner, with its key on top."""

    def __init__(self, figure: Figure, width_mm: float, height_mm: float, key: list[list[Artist]]) -> None:
        figure.set_layout_engine("none")
        self.width_mm = width_mm
        self.top_mm = key_height(key) + 0.5
        self._height_mm = height_mm
        above = self.top_mm / height_mm
        write_key(figure.add_axes((1 / width_mm, 1 - above, 1 - 2 / width_mm, above - 0.5 / height_mm)), key)
        self.axes = figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width_mm), ylim=(height_mm, 0))
        self.axes.set_axis_off()

    def draw_pair(self, pair: _Pair | None, corner: tuple[float, float], size: float) -> None:
        """Draw a square, and what two reports share in it; None shares nothing."""
        left, top = corner
        self.axes.add_patch(Rectangle(corner, size, size, facecolor="none", edgecolor=RULE, linewidth=0.5))
        if pair is None:
            return
        self.axes.plot([left, left + size], [top, top + size], color=RULE, linewidth=0.4)
        for passage in sorted(pair.passages, key=attrgetter("matched_chars")):
            along, down = (
                [origin + size * share for share in shares]
                for origin, shares in zip(corner, passage.shares, strict=True)
            )
            self.axes.add_line(_stroke(passage.kind, along=along, down=down))

    def write(self, left: float, top: float, words: str, *, right: bool = False, quiet: bool = False) -> None:
        self.axes.text(
            left,
            top,
            words,
            ha="right" if right else "left",
            va="center_baseline",
            fontsize=SIZES["note"] if quiet else SIZES["tick"],
            color=MUTED if quiet else INK,
        )

    def write_name(self, left: float, top: float, name: str, *, room_mm: float, right: bool = False) -> None:
        self.write(left, top, shorten_name(name, room_mm / em_mm(SIZES["tick"])), right=right)

    def note(self, words: str) -> None:
        """Write a line or two at the bottom."""
        for number, line in enumerate(reversed(_note_lines(words, self.width_mm))):
            self.write(_EDGE_MM, self._height_mm - _NOTE_LINE_MM * (number + 0.5), line, quiet=True)


def _note_lines(words: str, width_mm: float) -> list[str]:
    between = both("; ", "；")
    room = (width_mm - 2 * _EDGE_MM) / em_mm(SIZES["note"])
    return fold_words(words.split(between), room, between=between)


def _note_height(words: str, width_mm: float) -> float:
    return _NOTE_LINE_MM * len(_note_lines(words, width_mm)) + 1.5


def _number_mm(pair: _Pair) -> float:
    """Return how much of the line over a square its number takes, with the room before it."""
    return em_mm(SIZES["note"]) * count_ems(f"{pair.shared_chars:,}") + 1.0


def _draw_triangle(sheet: _Sheet, pairs: Mapping[_PairId, _Pair], names: Mapping[str, str], *, cell_mm: float) -> None:
    reports = list(names)
    pitch = cell_mm + _GAP_MM
    for row, b in enumerate(reports[1:]):
        top = sheet.top_mm + _GAP_MM + pitch * row
        sheet.write_name(_NAMES_MM - 1.5, top + cell_mm / 2, names[b], room_mm=_NAMES_MM - 2, right=True)
        above = pairs.get((reports[row], b))
        room_mm = cell_mm - _number_mm(above) if above else cell_mm
        sheet.write_name(_NAMES_MM + pitch * row, top - 1.6, names[reports[row]], room_mm=room_mm)
        for column, a in enumerate(reports[: row + 1]):
            left, pair = _NAMES_MM + pitch * column, pairs.get((a, b))
            sheet.draw_pair(pair, (left, top), cell_mm)
            if pair is not None:
                sheet.write(left + cell_mm, top - 1.6, f"{pair.shared_chars:,}", right=True, quiet=True)
    sheet.note(str(_TRIANGLE_NOTE))


def _draw_most_alike(sheet: _Sheet, pairs: Mapping[_PairId, _Pair], *, n_columns: int, n_rows: int) -> None:
    ranked = sorted(pairs.values(), key=lambda pair: -pair.shared_chars)
    drawn = ranked[: n_columns * n_rows]
    step = sheet.width_mm / n_columns
    for place, pair in enumerate(drawn):
        left = _EDGE_MM + step * (place % n_columns)
        top = sheet.top_mm + (_TITLED_CELL_MM + _TITLE_MM) * (place // n_columns)
        sheet.write_name(left, top + 1.6, pair.label_a, room_mm=_TITLED_CELL_MM - _number_mm(pair))
        sheet.write_name(left, top + 4.4, pair.label_b, room_mm=_TITLED_CELL_MM)
        sheet.write(left + _TITLED_CELL_MM, top + 1.6, f"{pair.shared_chars:,}", right=True, quiet=True)
        sheet.draw_pair(pair, (left, top + _TITLE_MM - 0.8), _TITLED_CELL_MM)
    sheet.note(str(_GRID_NOTE).format(len(drawn), len(ranked)))
