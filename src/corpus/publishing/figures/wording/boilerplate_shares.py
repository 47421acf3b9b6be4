"""Figures of notebook 04: the share of boilerplate under every definition, and what of it is robust.

What two reports have is blue (shared), what three or more have is red-brown (formula), the darker the more have it.
Tables with one row a report carry a column ``report_label`` beside ``report_id``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.publishing.figures import style
from corpus.publishing.figures.fitting import fold_key, short_name
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, Profile, both, figure_width
from corpus.publishing.figures.report_rows import LONGEST_NAME, NARROW_MM, Rows, arrange_rows, name_rows
from corpus.publishing.figures.style import COLOURS, INK, MM_PER_INCH, MUTED, SIZES

DF_COLOURS = {2: COLOURS["shared"], 3: "#d9906d", 4: COLOURS["formula"], 5: "#67200a"}
"""By document frequency: 2, 3, 4, and 5 or more reports."""

_UNITS = {"character": Bilingual("n, characters", "n（字）"), "word": Bilingual("n, words", "n（词）")}
_SEGMENTS = {
    "sentence": Bilingual("sentences\nthat hold a shared phrase", "含共有 n 元串的句子"),
    "clause": Bilingual("clauses\nthat hold a shared phrase", "含共有 n 元串的分句"),
    "phrase": Bilingual("items and clauses\nthat hold a shared phrase", "含共有 n 元串的\n并列项和分句"),
    "none": Bilingual("nothing but\nthe shared phrases", "仅共有 n 元串本身"),
}
_ONE_REPORT = Bilingual(
    "One report: there is no other to share a passage with.", "只有一份报告，没有可与之共享文段的其他报告。"
)
_MOST_NAMED = 12
_SIGNS: tuple[dict[str, Any], ...] = tuple(
    {"marker": marker, "markersize": 3.2, "markeredgewidth": 0.6, "markerfacecolor": face}
    for marker, face in product("os^D", (None, "white"))
)
"""Full and hollow signs, each for one report."""
_NARROW_ACROSS = 2
_WIDE_ROW_MM = 46.0
_NARROW_ROW_MM = 38.0
_STEP = 0.2  # from one threshold to the next, where 1 is from one n to the next


def draw_settings(
    shares: pd.DataFrame,
    *,
    marked: BoilerplateSetting | None = None,
    width_mm: float | None = None,
    profile: Profile | None = None,
) -> Figure:
    """Draw the share of each report that is boilerplate under every setting: a panel a unit and segment.

    Under the lowest threshold each report has a sign of its own, and a line through it from length to length and the
    same sign in all panels, so that it can be followed. Under the others a bar reaches from the smallest share to the
    largest. Where there are more reports than signs, a bar for every setting, with dots for the quartiles.

    Parameters
    ----------
    shares : DataFrame
        As `corpus.analysis.boilerplate.boilerplate_measures.tabulate_shares` returns it. Without a row the figure says
        so.
    marked : BoilerplateSetting, optional
        A setting to be pointed at.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if shares.empty:
        return draw_sentence(str(_ONE_REPORT), width_mm=width_mm, profile=profile)
    units = [unit for unit in _UNITS if unit in set(shares["unit"])]
    segments = [segment for segment in _SEGMENTS if segment in set(shares["segment"])]
    is_narrow = width_mm < NARROW_MM
    n_across = min(_NARROW_ACROSS, len(segments)) if is_narrow else len(segments)
    n_rows = len(units) * -(-len(segments) // n_across)
    height_mm = min(style.TALLEST_MM, 22 + (_NARROW_ROW_MM if is_narrow else _WIDE_ROW_MM) * n_rows)
    with style.new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        rows = figure.subplots(n_rows, n_across, sharex="row", sharey=True, squeeze=False)
        panels = rows.reshape(len(units), -1)
        for (row, unit), (column, segment) in product(enumerate(units), enumerate(segments)):
            axes, own = panels[row, column], shares[(shares["unit"] == unit) & (shares["segment"] == segment)]
            _draw_shares(axes, own)
            axes.set_xlabel(str(_UNITS[unit]) if is_narrow or column == 0 else "")
            if is_narrow or row == 0:
                axes.set_title(str(_SEGMENTS[segment]), fontsize=SIZES["label"])
            if marked is not None and (marked.unit, marked.segment) == (unit, segment):
                _point_at(axes, own, marked)
        for axes in panels[:, len(segments) :].flat:
            axes.remove()
        words = both("share of a body's characters, or words", "在正文字数（或词数）中的占比")
        figure.supylabel(words, fontsize=SIZES["label"])
        _write_keys(figure, shares, width_mm=width_mm)
        return figure


def _write_keys(figure: Figure, shares: pd.DataFrame, *, width_mm: float) -> None:
    """Say above the panels what the colours are, and which sign is which report."""
    thresholds = [int(k) for k in sorted(shares["min_reports"].unique())]
    keys = [
        Line2D([], [], color=df_colour(k), linewidth=1.6, label=both(f"{k} reports", f"{k} 份报告")) for k in thresholds
    ]
    figure.legend(
        handles=keys,
        title=both("phrases of n units that stand in at least", "n 元串至少见于"),
        loc="outside upper left",
        ncols=len(keys),
        alignment="left",
        title_fontsize=SIZES["label"],
    )
    names = shares.drop_duplicates("report_id")["report_label"]
    if len(names) <= len(_SIGNS):
        signs: list[Artist] = [
            Line2D([], [], color=df_colour(thresholds[0]), linewidth=0.5, label=short_name(name, LONGEST_NAME), **sign)
            for name, sign in zip(names, _SIGNS, strict=False)
        ]
        n_across = min(map(len, fold_key(signs, width_mm=width_mm)[:-1]), default=len(signs))
        figure.legend(handles=signs, loc="outside lower left", ncols=n_across)


def _draw_shares(axes: Axes, shares: pd.DataFrame) -> None:
    lengths, names = sorted(shares["n"].unique()), list(shares["report_id"].unique())
    can_follow = len(names) <= len(_SIGNS)
    for min_reports, own in shares.dropna(subset="share_common").groupby("min_reports"):
        table = own.pivot(index="n", columns="report_id", values="share_common").reindex(lengths)
        xs = [_place(n, min_reports, shares) for n in lengths]
        colour = df_colour(int(own["min_reports"].iloc[0]))
        if can_follow and min_reports == shares["min_reports"].min():
            for name, sign in zip(names, _SIGNS, strict=False):
                axes.plot(xs, table[name], color=colour, linewidth=0.5, **sign)
            continue
        axes.vlines(xs, table.min(axis=1), table.max(axis=1), color=colour, linewidth=1.6)
        dots = table.max(axis=1).to_frame() if can_follow else table.quantile([0.25, 0.5, 0.75], axis=1).T
        each = np.repeat(xs, dots.shape[1])
        sign = {"marker": "_", "markersize": 3.0} if can_follow else {"marker": "o", "markersize": 2.2}
        axes.plot(each, dots.to_numpy().ravel(), color=colour, linestyle="", **sign)
    axes.set_xlim(-0.5, len(lengths) - 0.5)
    axes.set_xticks(range(len(lengths)), [str(n) for n in lengths])
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(-0.02, 1.01)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.grid(axis="y")


def _place(n: object, min_reports: object, shares: pd.DataFrame) -> float:
    """Return where a setting stands along the axis: thresholds side by side around each n."""
    lengths, thresholds = (sorted(shares[name].unique()) for name in ("n", "min_reports"))
    return lengths.index(n) + _STEP * (thresholds.index(min_reports) - (len(thresholds) - 1) / 2)


def _point_at(axes: Axes, shares: pd.DataFrame, marked: BoilerplateSetting) -> None:
    """Name a setting, with a line to its dots."""
    chosen = shares[(shares["n"] == marked.n) & (shares["min_reports"] == marked.min_reports)]["share_common"].dropna()
    if chosen.empty:
        return
    x = _place(marked.n, marked.min_reports, shares)
    axes.annotate(
        both("the setting of\nother figures", "其他各图\n所用设定"),
        (x, chosen.max() + 0.02),
        (x, min(0.85, chosen.max() + 0.36)),
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        fontsize=SIZES["note"],
        ha="left",
        va="bottom",
    )


def draw_ranks(ranks: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw under how many settings each report has each rank, as discs whose area is that number.

    Where there are more than twelve reports, a line from the lowest rank to the highest stands for the discs, with the
    median.

    Parameters
    ----------
    ranks : DataFrame
        As `corpus.analysis.boilerplate.boilerplate_measures.rank_shares` returns it. Without a row the figure says so.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm, SINGLE_MM)
    if ranks.empty:
        sentence = both("No setting tells the reports apart.", "没有一种设定能区分这些报告。")
        return draw_sentence(sentence, width_mm=width_mm, profile=profile)
    rows = arrange_rows(ranks, pitch_mm=7.0, rest_mm=16.0)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        axes = figure.subplots()
        name_rows(axes, rows)
        axes.grid(axis="y")
        if len(rows.names) <= _MOST_NAMED:
            _draw_discs(axes, ranks, rows)
            axes.set_xticks(range(1, len(rows.names) + 1))
        else:
            spread = ranks.groupby("report_id")["rank"].agg(["min", "median", "max"])
            places = spread.index.map(rows.places)
            axes.hlines(places, spread["min"], spread["max"], color=MUTED, linewidth=0.6)
            axes.plot(spread["median"], places, color=INK, marker="o", markersize=1.6, linestyle="")
        axes.set_xlim(0.4, len(rows.names) + 0.6)
        axes.set_xlabel(both("rank of the report's share, 1 = largest", "报告占比的名次（1 为最大）"))
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(axis="x", length=0)
        return figure


def _draw_discs(axes: Axes, ranks: pd.DataFrame, rows: Rows) -> None:
    counts = ranks.groupby(["report_id", "rank"]).size().reset_index(name="n_settings")
    widest_pt = rows.pitch_mm / MM_PER_INCH * 72
    for report_id, rank, number in zip(counts["report_id"], counts["rank"], counts["n_settings"], strict=True):
        radius = math.sqrt(number / counts["n_settings"].max()) * widest_pt / 2
        axes.plot(rank, rows.places[report_id], color=MUTED, marker="o", markersize=2 * radius, markeredgewidth=0)
        _write_count(axes, rank, rows.places[report_id], number, radius=radius)


def _write_count(axes: Axes, x: float, y: float, number: int, *, radius: float) -> None:
    """Write a number on its disc, or beside it where the disc is too small; the radius is in points."""
    inside = radius > SIZES["note"] * math.hypot(0.28 * len(str(number)), 0.37) + 0.4
    axes.annotate(
        str(number),
        (x, y),
        (0, 0) if inside else (radius + 1, 0),
        textcoords="offset points",
        ha="center" if inside else "left",
        va="center_baseline",
        fontsize=SIZES["note"],
        color=style.ink_on(MUTED) if inside else INK,
    )


def draw_peers(peers: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw how the share of each report grows with the number of other reports at hand.

    Parameters
    ----------
    peers : DataFrame
        As `corpus.measure_boilerplate` returns it by others. Without a row the figure says so.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm, SINGLE_MM)
    if peers.empty:
        return draw_sentence(str(_ONE_REPORT), width_mm=width_mm, profile=profile)
    with style.new_figure(width_mm=width_mm, height_mm=62, profile=profile) as figure:
        axes = figure.subplots()
        table = peers.pivot(index="n_others", columns="report_id", values="share_flagged")
        few = table.shape[1] <= _MOST_NAMED
        if not few:
            axes.plot(table.index, table, color=MUTED, linewidth=0.3)
        else:
            axes.plot(table.index, table, color=INK, linewidth=0.8, marker="o", markersize=3)
            axes.set_xticks(table.index)
            names = dict(zip(peers["report_id"], peers["report_label"], strict=True))
            ends = table.iloc[-1].dropna().sort_values()
            places = _spread(ends.tolist(), least=0.06 * table.max().max())
            for report_id, y in zip(ends.index, places, strict=True):
                place = (table.index[-1], y)
                axes.annotate(names[report_id], place, (5, 0), textcoords="offset points", va="center_baseline")
        axes.set_ylim(0, None)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y")
        axes.set_xlabel(both("number of other reports at hand", "可供比对的其他报告数"))
        axes.set_ylabel(both("expected share flagged, of characters", "计为套话的字数占比（期望值）"))
        return figure


def _spread(heights: Sequence[float], *, least: float) -> list[float]:
    """Return ascending heights moved as little as need be for them to lie ``least`` apart (pooling of neighbours)."""
    pools: list[tuple[float, int]] = []
    for number, height in enumerate(heights):
        mean, size = height - number * least, 1
        while pools and pools[-1][0] >= mean:
            other, more = pools.pop()
            mean, size = (mean * size + other * more) / (size + more), size + more
        pools.append((mean, size))
    level = [mean for mean, size in pools for _ in range(size)]
    return [height + number * least for number, height in enumerate(level)]


def df_colour(n_reports: int) -> str:
    """Return the colour of what stands in so many reports, 2 or more."""
    return DF_COLOURS[min(max(n_reports, 2), max(DF_COLOURS))]


def draw_sentence(sentence: str, *, width_mm: float, profile: Profile | None = None) -> Figure:
    """Return a low figure that says in one sentence why there is nothing to draw."""
    with style.new_figure(width_mm=width_mm, height_mm=16, profile=profile) as figure:
        figure.text(0.5, 0.5, sentence, ha="center", va="center", color=MUTED)
        return figure
