"""The share of boilerplate under every definition of it, and with ever more other reports at hand."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, PercentFormatter

from corpus.analysis.boilerplate.boilerplate_measures import OF_SETTING, measure_boilerplate, tabulate_shares
from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, both, figure_width
from corpus.report.reports import Reports

DF_COLOURS = {2: style.COLOURS["shared"], 3: "#d9906d", 4: style.COLOURS["formula"], 5: "#67200a"}
"""By document frequency: 2, 3, 4, and 5 or more reports. What two have is blue as what is shared, what three or more
have red-brown as a formula, the darker the more have it."""

_UNITS = {"character": Bilingual("n, characters", "n（字）"), "word": Bilingual("n, words", "n（词）")}
_SEGMENTS = {
    "sentence": Bilingual("sentences\nthat hold a shared phrase", "含共有 n 元串的句子"),
    "clause": Bilingual("clauses\nthat hold a shared phrase", "含共有 n 元串的分句"),
    "phrase": Bilingual("items and clauses\nthat hold a shared phrase", "含共有 n 元串的\n并列项和分句"),
    "none": Bilingual("nothing but\nthe shared phrases", "仅共有 n 元串本身"),
}
_MOST_NAMED = 12
_MOST_ENDS = 3
_SIGNS: tuple[dict[str, Any], ...] = tuple(
    {"marker": marker, "markersize": 3.2, "markeredgewidth": 0.6, "markerfacecolor": face}
    for marker, face in product("os^D", (None, "white"))
)
"""Full and hollow signs, each for one report."""
_WIDE_ROW_MM, _NARROW_ROW_MM = 46.0, 38.0
_USUAL = BoilerplateSetting()
_STEP = 0.2  # from one threshold to the next, where 1 is from one n to the next


def df_colour(n_reports: int) -> str:
    """Return the colour of what stands in so many reports, 2 or more."""
    return DF_COLOURS[min(max(n_reports, 2), max(DF_COLOURS))]


def boilerplate_settings(reports: Reports) -> FigureToCite | NoFigure:
    """Draw the share of each report that is boilerplate under every setting, so that a report can be followed.

    The setting of the other figures (8 characters, 2 reports, clauses of the body) is pointed at.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return no_figure("boilerplate-settings", "no-other")
    table = tabulate_shares(reports)
    n_settings = len(table[OF_SETTING].drop_duplicates())
    return series_figure("boilerplate-settings", reports, draw_settings, table, n_settings=n_settings)


def draw_settings(shares: pd.DataFrame) -> Figure:
    """Draw the share of each report that is boilerplate under every setting: a panel a unit and segment.

    Under the lowest threshold each report has a sign of its own, and a line through it from length to length and the
    same sign in all panels, so that it can be followed. Under the others a bar reaches from the smallest share to the
    largest. Where there are more reports than signs, a bar for every setting, with dots for the quartiles. The setting
    that is marked is named.
    """
    width_mm = figure_width()
    units = [unit for unit in _UNITS if unit in set(shares["unit"])]
    segments = [segment for segment in _SEGMENTS if segment in set(shares["segment"])]
    is_narrow = width_mm < fitting.NARROW_MM
    n_across = min(2, len(segments)) if is_narrow else len(segments)
    n_rows = len(units) * -(-len(segments) // n_across)
    height_mm = min(style.TALLEST_MM, 22 + (_NARROW_ROW_MM if is_narrow else _WIDE_ROW_MM) * n_rows)
    with style.new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        rows = figure.subplots(n_rows, n_across, sharex="row", sharey=True, squeeze=False)
        panels = rows.reshape(len(units), -1)
        for (row, unit), (column, segment) in product(enumerate(units), enumerate(segments)):
            axes, own = panels[row, column], shares[(shares["unit"] == unit) & (shares["segment"] == segment)]
            _draw_shares(axes, own)
            axes.set_xlabel(str(_UNITS[unit]) if is_narrow or column == 0 else "")
            if is_narrow or row == 0:
                axes.set_title(str(_SEGMENTS[segment]), fontsize=style.SIZES["label"])
            if (_USUAL.unit, _USUAL.segment) == (unit, segment):
                _point_at(axes, own, _USUAL)
        for axes in panels[:, len(segments) :].flat:
            axes.remove()
        words = both("share of a body's characters, or words", "在正文字数（或词数）中的占比")
        figure.supylabel(words, fontsize=style.SIZES["label"])
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
        title_fontsize=style.SIZES["label"],
    )
    names = shares.drop_duplicates("report_id")["report_label"]
    if len(names) <= len(_SIGNS):
        signs: list[Artist] = [
            Line2D([], [], color=df_colour(thresholds[0]), linewidth=0.5, label=fitting.shorten_name(name), **sign)
            for name, sign in zip(names, _SIGNS, strict=False)
        ]
        n_across = min(map(len, fitting.fold_key(signs, width_mm=width_mm)[:-1]), default=len(signs))
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
        arrowprops=fitting.POINTER,
        bbox=fitting.white_ground(1.0),
        fontsize=style.SIZES["note"],
        va="bottom",
    )


def boilerplate_by_peers(reports: Reports, *, setting: BoilerplateSetting | None = None) -> FigureToCite | NoFigure:
    """Draw how the share of each report grows with the number of other reports at hand.

    Parameters
    ----------
    reports : Reports
    setting : BoilerplateSetting, optional
        By default 8 characters, 2 reports, clauses of the body.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return no_figure("boilerplate-by-peers", "no-other")
    table = measure_boilerplate(reports, by="others", setting=setting)
    n = (setting or BoilerplateSetting()).n
    return series_figure("boilerplate-by-peers", reports, draw_peers, table, n=n)


def draw_peers(peers: pd.DataFrame) -> Figure:
    """Draw how the share of each report grows with the number of other reports at hand, a line a report."""
    with style.new_figure(width_mm=figure_width(SINGLE_MM), height_mm=62) as figure:
        axes = figure.subplots()
        table = peers.pivot(index="n_others", columns="report_id", values="share_flagged")
        ends = table.iloc[-1].dropna().sort_values()
        if table.shape[1] > _MOST_NAMED:
            # Of many those are named that end highest and lowest.
            ends = pd.concat([ends.iloc[:_MOST_ENDS], ends.iloc[-_MOST_ENDS:]])
            axes.plot(table.index, table.drop(columns=ends.index), color=style.MUTED, linewidth=0.3)
            axes.plot(table.index, table[ends.index], color=style.INK, linewidth=0.8)
        else:
            axes.plot(table.index, table, color=style.INK, linewidth=0.8, marker="o", markersize=3)
            axes.set_xticks(table.index)
        names = dict(zip(peers["report_id"], peers["report_label"], strict=True))
        axes.set_ylim(0, None)
        top, last = axes.get_ylim()[1], table.index[-1]
        line = 0.06 * table.max().max()
        places = fitting.spread_places(ends.tolist(), least=line, within=(0.02 * top, 0.98 * top))
        are_moved = np.abs(places - ends).max() > line
        for (report_id, end), y in zip(ends.items(), places, strict=True):
            name = fitting.shorten_name(names[report_id])
            if are_moved:
                beside = axes.get_yaxis_transform()
                axes.annotate(
                    "", (1.05, y), (last, end), xycoords=beside, textcoords="data", arrowprops=fitting.POINTER
                )
                fitting.note(axes, name, (1.05, y), (2, 0), on=beside, size="label", va="center_baseline")
            else:
                fitting.note(axes, name, (last, y), (5, 0), size="label", va="center_baseline")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y")
        axes.set_xlabel(both("number of other reports at hand", "可供比对的其他报告数"))
        axes.set_ylabel(both("expected share flagged, of characters", "计为套话的字数占比（期望值）"))
        return figure
