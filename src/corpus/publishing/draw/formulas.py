"""Figures of notebook 04: where in the reports the common phrases stand, and which phrases they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter
from matplotlib.transforms import blended_transform_factory

from corpus.publishing import style
from corpus.publishing.draw.boilerplate import df_colour, draw_sentence
from corpus.publishing.draw.reports import ROLE_NAMES
from corpus.publishing.draw.rows import arrange_rows, name_rows
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import INK, MM_PER_INCH, MUTED, RULE, SIZES, TALLEST_MM

MOST_FORMULAS = 36

_ENDS = ",，、:：;；。"
_PLAIN = "#e9ebed"
_STRIP = 0.3  # of a row
_THIN_STRIP = 0.8  # of a row without room for anything else
_ROLE_TRACK = 0.1  # of a row
_QUOTE_CHARS = 14
_KEY_MM = 8.0
_ROW_MM = 3.6
_PHRASE_CHARS = 36
_MOST_NAMED = 12
_LEAST_MOST = 6  # places that the largest disc stands for, if not more


def draw_in_place(scores: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw one strip a report in reading order, its passages coloured by how many reports have a phrase of them.

    Where rows have room, a thin track under each strip shows the roles of the parts, and the beginnings of the longest
    common stretches are quoted above it.

    Parameters
    ----------
    scores : DataFrame
        As `corpus.score_boilerplate` returns it, with a column report_label.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    rows = arrange_rows(scores, pitch_mm=18.0, rest_mm=14.0 + _KEY_MM)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        key, axes = figure.subplots(2, 1, height_ratios=(_KEY_MM, rows.height_mm - _KEY_MM))
        name_rows(axes, rows)
        strip = _STRIP if rows.has_room else _THIN_STRIP
        for report_id, own in scores.groupby("report_id", sort=False):
            y = rows.places[str(report_id)]
            _draw_strip(axes, own, y - strip / 2, strip)
            if rows.has_room:
                _draw_roles(axes, own, y + strip / 2 + 0.02)
                for quote in _choose_quotes(own, int(scores["end"].max()), width_mm=0.86 * width_mm):
                    _write_quote(axes, quote, bottom=y - strip / 2)
        axes.set_xlim(0, scores["end"].max())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel("character of the file")
        _explain(figure, key, scores, has_roles=rows.has_room)
        return figure


def _draw_strip(axes: Axes, scores: pd.DataFrame, top: float, height: float) -> None:
    start, end = scores["start"].min(), scores["end"].max()
    axes.broken_barh([(start, end - start)], (top, height), color=_PLAIN, linewidth=0)
    flagged = scores[scores["is_boilerplate"]]
    widths = list(zip(flagged["start"], flagged["end"] - flagged["start"], strict=True))
    axes.broken_barh(widths, (top, height), color=flagged["n_reports"].map(df_colour).tolist(), linewidth=0)


def _draw_roles(axes: Axes, scores: pd.DataFrame, top: float) -> None:
    roles = scores["role"].fillna("none")
    for _, part in scores.groupby((roles != roles.shift()).cumsum()):
        start, end = part["start"].min(), part["end"].max()
        colour = style.role_colour(part["role"].iloc[0])
        axes.broken_barh([(start, end - start)], (top, _ROLE_TRACK), color=colour, linewidth=0)


def _choose_quotes(scores: pd.DataFrame, right: int, *, width_mm: float) -> Iterator[_Quote]:
    """Yield the flagged passages with most in common, on two levels, as far as there is room beside those before."""
    flagged = scores[scores["is_boilerplate"]].sort_values("n_units_covered", ascending=False, kind="stable")
    wide = SIZES["note"] / 72 * MM_PER_INCH * right / width_mm
    chosen: list[_Quote] = []
    for start, end, text in zip(flagged["start"], flagged["end"], flagged["text"], strict=True):
        words = trim_words(text.rstrip(_ENDS), _QUOTE_CHARS)
        begin = max(0.0, min(float(start), right - wide * len(words)))
        for level in (0, 1):
            quote = _Quote(begin, begin + wide * (len(words) + 1), (start + end) / 2, level, words)
            if not any(quote.meets(other) or other.meets(quote) for other in chosen):
                chosen.append(quote)
                yield quote
                break


class _Quote(NamedTuple):
    """Words above a strip, from ``begin`` to ``end``, with a line down to ``middle``; level 1 is the higher one."""

    begin: float
    end: float
    middle: float
    level: int
    words: str

    def meets(self, other: _Quote) -> bool:
        """Tell whether these words stand on the other's words, or on its line."""
        overlaps = self.begin < other.end and other.begin < self.end
        return overlaps if self.level == other.level else self.level == 0 and self.begin - 5 < other.middle < self.end


def _write_quote(axes: Axes, quote: _Quote, *, bottom: float) -> None:
    top = bottom - 0.07 - 0.17 * quote.level
    axes.plot([quote.middle, quote.middle], [bottom, top], color=MUTED, linewidth=0.4)
    axes.text(quote.begin, top - 0.01, quote.words, fontsize=SIZES["note"], ha="left", va="bottom")


def _explain(figure: Figure, axes: Axes, scores: pd.DataFrame, *, has_roles: bool) -> None:
    """Put the keys above the figure: the colours of the passages, then those of the parts."""
    axes.set_axis_off()
    counts = sorted(set(scores.loc[scores["is_boilerplate"], "n_reports"].clip(upper=5).tolist()))
    more = " or more" if scores["report_id"].nunique() > 5 else ""
    keys = [Patch(facecolor=df_colour(k), label=f"in {k} reports{more if k == 5 else ''}") for k in counts]
    keys.append(Patch(facecolor=_PLAIN, label="no phrase that another report has"))
    _write_key(figure, axes, "strip: passages with a phrase that stands", keys, height=1.0)
    if has_roles:
        roles = set(scores["role"].fillna("none"))
        named = [(role, name) for role, name in ROLE_NAMES.items() if role in roles]
        parts = [Patch(facecolor=style.ROLE_COLOURS[role], label=name) for role, name in named]
        _write_key(figure, axes, "line below: parts", parts, height=0.5)


def _write_key(figure: Figure, axes: Axes, title: str, keys: list[Patch], *, height: float) -> None:
    keys = [Patch(facecolor="none", label=title), *keys]
    legend = Legend(
        axes,
        keys,
        [str(key.get_label()) for key in keys],
        loc="upper left",
        bbox_to_anchor=(0.005, height),
        bbox_transform=blended_transform_factory(figure.transFigure, axes.transAxes),
        ncols=len(keys),
        borderpad=0,
        borderaxespad=0,
        handlelength=0.9,
        handletextpad=0.5,
        columnspacing=1.2,
    )
    legend.set_in_layout(False)
    axes.add_artist(legend)


def draw_formulas(formulas: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw which report has which phrase, and how often: a row a phrase, a column a report, a disc where it stands.

    Phrases are in the order of the table, under a heading for each document frequency; a page holds about
    ``MOST_FORMULAS`` of them.

    Parameters
    ----------
    formulas : DataFrame
        As `corpus.analysis.inventory.spread_formulas` returns it. Without a row the figure says so.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if formulas.empty:
        return draw_sentence("No phrase of this length stands in so many reports.", width_mm=width_mm, profile=profile)
    labels = formulas.drop_duplicates("report_id")["report_label"].tolist()
    few = len(labels) <= _MOST_NAMED
    phrases = formulas.iloc[:: len(labels)]
    lines = list(_list_lines(phrases, with_headings=few))
    pitch_mm = min(_ROW_MM, (TALLEST_MM - 10) / len(lines))
    with style.new_figure(width_mm=width_mm, height_mm=10 + pitch_mm * len(lines), profile=profile) as figure:
        axes = figure.subplots()
        heights = [y for y, (_, is_phrase) in enumerate(lines) if is_phrase]
        axes.hlines(heights, -0.5, len(labels) - 0.5, color=RULE, linewidth=0.4, zorder=0)
        cells = formulas.assign(y=np.repeat(heights, len(labels)), x=[*range(len(labels))] * len(phrases))
        _draw_discs(axes, cells[cells["n_places"] > 0], pitch_mm, few=few)
        axes.set_xlim(-0.5, len(labels) - 0.5)
        axes.set_ylim(len(lines) - 0.5, -0.5)
        axes.set_yticks(range(len(lines)), [words for words, _ in lines])
        for tick, (_, is_phrase) in zip(axes.get_yticklabels(), lines, strict=True):
            tick.set_color(INK if is_phrase else MUTED)
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xticks(range(len(labels)) if few else [], labels if few else [])
        axes.set_xlabel("" if few else f"{len(labels)} reports, a column each; number of reports behind the phrase")
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return figure


def _list_lines(phrases: pd.DataFrame, *, with_headings: bool) -> Iterator[tuple[str, bool]]:
    """Yield the lines from top to bottom, and whether each is a phrase or a heading for a document frequency."""
    before = None
    for template, n_reports in zip(phrases["template"], phrases["n_reports"], strict=True):
        if with_headings and n_reports != before:
            yield f"in {n_reports} reports", False
            before = n_reports
        words = trim_words(template, _PHRASE_CHARS)
        yield words if with_headings else f"{words}  {n_reports}", True


def _draw_discs(axes: Axes, cells: pd.DataFrame, pitch_mm: float, *, few: bool) -> None:
    """Draw a disc for each phrase and report; its area grows with the number of places, written beside it from 2 on.

    Where there are many reports a tick of one size stands for it.
    """
    colours = cells["n_reports"].map(df_colour)
    if not few:
        axes.scatter(cells["x"], cells["y"], s=5, marker="|", color=colours, linewidths=0.6)
        return
    # Where nothing stands more than once the discs are small, not all as large as they can be.
    most = max(cells["n_places"].max(), _LEAST_MOST)
    areas = (pitch_mm * 1.15 / MM_PER_INCH * 72) ** 2 * (cells["n_places"] / most).clip(lower=0.12)
    axes.scatter(cells["x"], cells["y"], s=areas, color=colours, linewidths=0)
    for x, y, n_places, area in zip(cells["x"], cells["y"], cells["n_places"], areas, strict=True):
        if n_places > 1:
            offset = (math.sqrt(area) / 2 + 1.2, 0)
            axes.annotate(
                str(n_places), (x, y), offset, textcoords="offset points", va="center_baseline", fontsize=SIZES["note"]
            )


def trim_words(words: str, most: int) -> str:
    """Return words in at most so many characters, the last of them … where some are left out."""
    return words if len(words) <= most else f"{words[: most - 1]}…"
