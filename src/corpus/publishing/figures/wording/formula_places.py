"""Figures of notebook 04: where in the reports the common phrases stand, and which phrases they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter
from matplotlib.transforms import blended_transform_factory

from corpus.publishing.figures import style
from corpus.publishing.figures.fitting import count_ems, em_mm, fold_key, fold_words, key_height, shorten, widest_ems
from corpus.publishing.figures.look import Bilingual, Profile, both, figure_width
from corpus.publishing.figures.report_rows import arrange_rows, name_rows
from corpus.publishing.figures.style import INK, MM_PER_INCH, MUTED, RULE, SIZES, TALLEST_MM
from corpus.publishing.figures.texts.parts_of_reports import ROLE_NAMES
from corpus.publishing.figures.wording.boilerplate_shares import df_colour, draw_sentence

MOST_FORMULAS = 36

_ENDS = ",，、:：;；。"
_PLAIN = "#e9ebed"
_STRIP = 0.3  # of a row
_THIN_STRIP = 0.8  # of a row without room for anything else
_ROLE_TRACK = 0.1  # of a row
_QUOTE_EMS = 14.0
_HANDLE_EM = 0.9
_HANDLE_PAD_EM = 0.5
_ROW_MM = 3.6
_PHRASE_EMS = 36.0
_PHRASE_SHARE = 0.5  # of the width, where there are many reports
_LEAST_PHRASE_MM = 36.0
_LEAST_COLUMN_MM = 8.0
_MOST_NAMED = 12
_LEAST_MOST = 6  # places that the largest disc stands for, if not more


def draw_in_place(scores: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw one strip a report in reading order, its passages coloured by how many reports have a phrase of them.

    Where rows have room, a thin track under each strip shows the roles of the parts, and the beginnings of the longest
    common stretches are quoted above it.

    Parameters
    ----------
    scores : DataFrame
        As `corpus.measure_boilerplate` returns it by passage, with a column report_label.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    strips, parts = _key_of_strips(scores, width_mm), _key_of_parts(scores, width_mm)
    rows = arrange_rows(scores, pitch_mm=18.0, rest_mm=14.0 + key_height([*strips, *parts]))
    if not rows.has_room:
        parts = []
        rows = arrange_rows(scores, pitch_mm=18.0, rest_mm=14.0 + key_height(strips))
    key_mm = key_height([*strips, *parts])
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        key, axes = figure.subplots(2, 1, height_ratios=(key_mm, rows.height_mm - key_mm))
        _write_key(figure, key, [*strips, *parts])
        name_rows(axes, rows)
        strip = _STRIP if rows.has_room else _THIN_STRIP
        room_mm = width_mm - em_mm(SIZES["tick"]) * widest_ems(rows.names) - 5
        for report_id, own in scores.groupby("report_id", sort=False):
            y = rows.places[str(report_id)]
            _draw_strip(axes, own, y - strip / 2, strip)
            if rows.has_room:
                _draw_roles(axes, own, y + strip / 2 + 0.02)
                for quote in _choose_quotes(own, int(scores["end"].max()), width_mm=room_mm):
                    _write_quote(axes, quote, bottom=y - strip / 2)
        axes.set_xlim(0, scores["end"].max())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel(both("character of the file", "文件中的字符位置"))
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
    wide = em_mm(SIZES["note"]) * right / width_mm
    chosen: list[_Quote] = []
    for start, end, text in zip(flagged["start"], flagged["end"], flagged["text"], strict=True):
        words = shorten(text.rstrip(_ENDS), _QUOTE_EMS)
        n_ems = count_ems(words)
        begin = max(0.0, min(float(start), right - wide * n_ems))
        for level in (0, 1):
            quote = _Quote(begin, begin + wide * (n_ems + 1), (start + end) / 2, level, words)
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


def _key_of_strips(scores: pd.DataFrame, width_mm: float) -> list[list[Artist]]:
    """Return the lines that say what the colours of the passages mean."""
    counts = sorted(set(scores.loc[scores["is_boilerplate"], "n_reports"].clip(upper=5).tolist()))
    has_more = scores["report_id"].nunique() > 5
    keys = []
    for k in counts:
        english, chinese = (" or more", "或更多") if has_more and k == 5 else ("", "")
        label = both(f"in {k} reports{english}", f"{k} 份{chinese}报告")
        keys.append(Patch(facecolor=df_colour(k), label=label))
    keys.append(Patch(facecolor=_PLAIN, label=both("no such phrase", "无共有字串")))
    title = both("strip: passages with a phrase that stands", "长条：文段所含的共有字串见于")
    return _fold_titled(title, keys, width_mm)


def _key_of_parts(scores: pd.DataFrame, width_mm: float) -> list[list[Artist]]:
    """Return the lines that say what the colours of the parts mean."""
    roles = set(scores["role"].fillna("none"))
    named = [(role, str(name)) for role, name in ROLE_NAMES.items() if role in roles]
    parts = [Patch(facecolor=style.ROLE_COLOURS[role], label=name) for role, name in named]
    return _fold_titled(both("line below: parts", "下方细线：部分"), parts, width_mm)


def _fold_titled(title: str, keys: Sequence[Artist], width_mm: float) -> list[list[Artist]]:
    """Return the lines of a key behind its title, which is an entry without a sign; above it where one is too short."""
    head = Patch(facecolor="none", label=title)
    # These keys begin at the edge of the figure, so that they need no room for the names of the rows.
    room_mm = width_mm + 8
    lines = fold_key([head, *keys], width_mm=room_mm)
    return lines if len(lines) == 1 else [[head], *fold_key(keys, width_mm=room_mm)]


def _write_key(figure: Figure, axes: Axes, lines: Sequence[Sequence[Artist]]) -> None:
    """Put a key above the figure, from its left edge on."""
    axes.set_axis_off()
    # A title has no sign: its words begin where the signs of other lines do.
    empty = (_HANDLE_EM + _HANDLE_PAD_EM) * SIZES["tick"] / 72 / figure.get_figwidth()
    for number, keys in enumerate(lines):
        is_titled = to_rgba(keys[0].get_facecolor())[3] == 0 if isinstance(keys[0], Patch) else False
        legend = Legend(
            axes,
            keys,
            [str(key.get_label()) for key in keys],
            loc="upper left",
            bbox_to_anchor=(0.005 - is_titled * empty, 1 - number / len(lines)),
            bbox_transform=blended_transform_factory(figure.transFigure, axes.transAxes),
            ncols=len(keys),
            borderpad=0,
            borderaxespad=0,
            handlelength=_HANDLE_EM,
            handletextpad=_HANDLE_PAD_EM,
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
        As `corpus.analysis.boilerplate.formulas.spread_formulas` returns it. Without a row the figure says so.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if formulas.empty:
        sentence = both("No phrase of this length stands in so many reports.", "没有这样长的字串见于这么多份报告。")
        return draw_sentence(sentence, width_mm=width_mm, profile=profile)
    labels = formulas.drop_duplicates("report_id")["report_label"].tolist()
    few = len(labels) <= min(_MOST_NAMED, (width_mm - _LEAST_PHRASE_MM) / _LEAST_COLUMN_MM)
    phrases = formulas.iloc[:: len(labels)]
    room_mm = width_mm - _LEAST_COLUMN_MM * len(labels) if few else _PHRASE_SHARE * width_mm
    lines = list(_list_lines(phrases, min(_PHRASE_EMS, room_mm / em_mm(SIZES["tick"])), with_headings=few))
    columns_mm = width_mm - em_mm(SIZES["tick"]) * widest_ems([words for words, _ in lines]) - 3
    heads = _head_columns(labels, columns_mm / len(labels)) if few else []
    above = "" if few else _explain_columns(len(labels), columns_mm)
    head_mm = 10 + 3 * max(head.count("\n") for head in [*heads, above])
    pitch_mm = min(_ROW_MM, (TALLEST_MM - head_mm) / len(lines))
    with style.new_figure(width_mm=width_mm, height_mm=head_mm + pitch_mm * len(lines), profile=profile) as figure:
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
        axes.set_xticks(range(len(labels)) if few else [], heads)
        axes.set_xlabel(above)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        return figure


def _head_columns(labels: Sequence[str], column_mm: float) -> list[str]:
    """Return the names of the reports as they fit over columns: in one line, or with the year below the place."""
    room = (column_mm - 0.6) / em_mm(SIZES["tick"])
    if widest_ems(labels) <= room:
        return list(labels)
    return ["\n".join(shorten(line, room) for line in label.rsplit(" ", 1)) for label in labels]


def _explain_columns(n_reports: int, columns_mm: float) -> str:
    """Return what stands over the columns of many reports, in two lines where one is too long."""
    clauses = (
        Bilingual(f"{n_reports} reports, a column each", f"共 {n_reports} 份报告，每列一份"),
        Bilingual("number of reports behind the phrase", "字串后的数字为报告数"),
    )
    between = both("; ", "；")
    room = columns_mm / em_mm(SIZES["label"])
    return "\n".join(fold_words([str(clause) for clause in clauses], room, between=between))


def _list_lines(phrases: pd.DataFrame, room: float, *, with_headings: bool) -> Iterator[tuple[str, bool]]:
    """Yield the lines from top to bottom, and whether each is a phrase or a heading for a document frequency."""
    before = None
    for template, n_reports in zip(phrases["template"], phrases["n_reports"], strict=True):
        if with_headings and n_reports != before:
            yield both(f"in {n_reports} reports", f"见于 {n_reports} 份报告"), False
            before = n_reports
        number = "" if with_headings else f"  {n_reports}"
        yield shorten(template, room - count_ems(number)) + number, True


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
