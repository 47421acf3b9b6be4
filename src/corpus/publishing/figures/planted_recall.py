"""The figures of notebook A1: what is found of what was planted in a simulated panel, and what else is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator, MultipleLocator, PercentFormatter

from corpus.publishing.figures.fitting import fold_key, key_height, write_key
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, Profile, both, figure_width
from corpus.publishing.figures.report_rows import NARROW_MM
from corpus.publishing.figures.style import COLOURS, INK, MUTED, SIMILARITY, SIZES, new_figure

_KINDS: Final = {
    "copied": (Bilingual("copied from a peer", "取自其他机关"), COLOURS["shared"]),
    "kept": (Bilingual("kept word for word", "逐字沿用"), COLOURS["carried over"]),
    "renumbered": (Bilingual("figures changed", "改数字"), COLOURS["carried over"]),
    "reworded": (Bilingual("reworded", "改写"), COLOURS["carried over"]),
}
_ORIGINS: Final = {
    "formula": (Bilingual("formula", "套话"), COLOURS["formula"]),
    "skeleton": (Bilingual("heading, title, address", "标题、报告名称、称呼"), COLOURS["skeleton"]),
    "carried": (Bilingual("issuer's own, carried over", "本机关沿用上年"), COLOURS["carried over"]),
    "copied": (Bilingual("copied from a peer", "取自其他机关"), COLOURS["shared"]),
    "own": (Bilingual("own sentences that share words by chance", "独有句，字词偶合"), COLOURS["own"]),
}
_EDITED: Final = {
    "copied": (Bilingual("copied from a peer,\nseveral sentences", "取自其他机关，\n多句相连"), "shared"),
    "reworded": (Bilingual("carried over, mostly\nsingle sentences", "沿用上年，\n多为单句"), "carried over"),
}
_CURVES: Final = {
    "precision": (Bilingual("precision", "查准率"), INK, (0, (4, 1.5))),
    "recall_verbatim": (Bilingual("recall, the same\nword for word", "查全率，\n逐字相同"), SIMILARITY(0.85), "-"),
    "recall_edited": (
        Bilingual("recall, one in\nten edited\nor more", "查全率，\n改动一成以上"),
        SIMILARITY(0.5),
        "-",
    ),
}
_DODGE = 0.14


def draw_recall(
    by_kind: pd.DataFrame,
    by_rate: pd.DataFrame,
    *,
    most_edited: float,
    width_mm: float | None = None,
    profile: Profile | None = None,
) -> Figure:
    """Draw how much of the planted pairs was found: by kind, moved ones apart, and by the share of characters edited.

    Parameters
    ----------
    by_kind : DataFrame
        From `corpus.analysis.validation.passage_scores.tabulate_recall`, by kind and moved.
    by_rate : DataFrame
        The same by kind and edit_rate, of kinds that are edited; what was kept word for word begins the line of what
        was reworded.
    most_edited : float
        The highest edit rate of the pairs in ``by_kind``; higher ones in ``by_rate`` are told apart.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    is_narrow = width_mm < NARROW_MM
    with new_figure(width_mm=width_mm, height_mm=98 if is_narrow else 58, profile=profile) as figure:
        kinds, rates = (
            figure.subplots(2, 1, height_ratios=(4, 5)) if is_narrow else figure.subplots(1, 2, width_ratios=(9, 10))
        )
        _draw_kinds(kinds, by_kind)
        kinds.set_xlabel(
            both(
                f"characters found, up to {most_edited:.0%} of them edited",
                f"找到的字符占比（改动不超过 {most_edited:.0%}）",
            )
        )
        _draw_rates(rates, by_rate, most_edited)
    return figure


def _draw_kinds(axes: Axes, by_kind: pd.DataFrame) -> None:
    present = [kind for kind in _KINDS if kind in set(by_kind["kind"])]
    lowest = _floor(by_kind["share_found"].min(), step=0.05, highest=0.9)
    for row, kind in enumerate(present):
        colour = _KINDS[kind][1]
        own = by_kind[by_kind["kind"] == kind].sort_values("moved")
        for share, moved in zip(own["share_found"], own["moved"], strict=True):
            axes.plot(
                share,
                row + _DODGE * (1 if moved else -1),
                marker="o",
                markersize=5,
                color=colour,
                markerfacecolor="white" if moved else colour,
                markeredgewidth=1.1,
                zorder=3,
                clip_on=False,
            )
        counts = [f"{n_pairs:,}" for n_pairs in own["n_pairs"]]
        axes.annotate(
            " + ".join(counts),
            (1, row),
            xytext=(8, 0),
            textcoords="offset points",
            va="center_baseline",
            fontsize=SIZES["tick"],
            color=MUTED,
            annotation_clip=False,
        )
    axes.annotate(
        both("pairs: in place\n+ moved", "文段对：\n原位 + 移位"),
        (1, -0.5),
        xytext=(8, 0),
        textcoords="offset points",
        va="bottom",
        fontsize=SIZES["note"],
        color=MUTED,
        annotation_clip=False,
    )
    _name_marks(axes, by_kind, present)
    axes.set_yticks(range(len(present)), [str(_KINDS[kind][0]) for kind in present])
    axes.set_ylim(len(present) - 0.5, -0.9)
    axes.set_xlim(lowest, 1)
    axes.xaxis.set_major_locator(MultipleLocator(0.02 if lowest >= 0.9 else 0.05 if lowest >= 0.75 else 0.1))
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.tick_params(axis="y", length=0, labelsize=SIZES["label"])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def _name_marks(axes: Axes, by_kind: pd.DataFrame, present: list[str]) -> None:
    """Say beside the marks that lie farthest apart which of them is which."""
    spread = by_kind.pivot(index="kind", columns="moved", values="share_found").reindex(present).dropna()
    if spread.shape[1] < 2 or spread.empty:
        return
    apart = (spread[True] - spread[False]).abs().to_numpy()
    widest = int(apart.argmax())
    row = present.index(str(spread.index[widest]))
    for moved, words in ((False, both("in place", "原位")), (True, both("moved", "移位"))):
        axes.annotate(
            words,
            (spread[moved].iloc[widest], row + _DODGE * (1 if moved else -1)),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center_baseline",
            fontsize=SIZES["note"],
            color=INK,
        )


def _draw_rates(axes: Axes, by_rate: pd.DataFrame, most_edited: float) -> None:
    lowest = _floor(by_rate["share_found"].min(), step=0.1, highest=0.9)
    for kind, (words, meaning) in _EDITED.items():
        own = by_rate[by_rate["kind"].isin([kind, "kept"] if kind == "reworded" else [kind])].sort_values("edit_rate")
        if own.empty:
            continue
        axes.plot(
            own["edit_rate"],
            own["share_found"],
            color=COLOURS[meaning],
            marker="o",
            markersize=3.5,
            clip_on=False,
        )
        last = own.iloc[-1]
        axes.annotate(
            str(words),
            (last["edit_rate"], last["share_found"]),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            fontsize=SIZES["tick"],
            annotation_clip=False,
        )
    axes.set_ylim(lowest, 1)
    axes.yaxis.set_major_locator(MultipleLocator(0.1))
    axes.set_xlim(0, by_rate["edit_rate"].max())
    harder = by_rate.loc[by_rate["edit_rate"] > most_edited, "edit_rate"]
    if len(harder):
        border = (most_edited + harder.min()) / 2
        axes.axvline(border, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        panels = Bilingual("the panel", "本面板"), Bilingual("a harder panel", "更难的面板")
        for words, side, shift in zip(panels, ("right", "left"), (-3, 3), strict=True):
            axes.annotate(
                str(words),
                (border, 1),
                xytext=(shift, 4),
                textcoords="offset points",
                ha=side,
                annotation_clip=False,
                fontsize=SIZES["note"],
                color=MUTED,
            )
    axes.set_xticks(sorted(by_rate["edit_rate"].unique()))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=""))
    axes.set_xlabel(both("Chinese characters edited, %", "改动的汉字，%"))
    axes.set_ylabel(both("characters found, %", "找到的字符，%"))
    axes.grid(axis="y")


def draw_lengths(
    rows: pd.DataFrame, *, longest_bar: str = "", width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw how many passages of each length were found: upwards what has one origin, downwards what only looks alike.

    Parameters
    ----------
    rows : DataFrame
        From `corpus.analysis.validation.passage_scores.tabulate_found_lengths`.
    longest_bar : str
        Words to be written at the longest of the downward bars.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    origins = [origin for origin in _ORIGINS if origin in set(rows["origin"])]
    patches = [Patch(color=_ORIGINS[origin][1], label=str(_ORIGINS[origin][0])) for origin in origins]
    key = fold_key(patches, width_mm=width_mm)
    with new_figure(width_mm=width_mm, height_mm=60 + key_height(key), profile=profile) as figure:
        top, axes = figure.subplots(2, height_ratios=(key_height(key), 60))
        write_key(top, key)
        _stack(axes, rows[rows["is_right"]], origins, sign=1)
        down = _stack(axes, rows[~rows["is_right"]], origins, sign=-1)
        if longest_bar and len(down):
            axes.annotate(
                longest_bar,
                (float(down.index[int(down.argmin())]), float(down.min())),
                xytext=(6, 0),
                textcoords="offset points",
                va="bottom",
                fontsize=SIZES["note"],
            )
        axes.axhline(0, color=INK, linewidth=0.6)
        _label_halves(axes)
        _label_lengths(axes, rows["length_chars"])
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True, steps=[1, 2, 5, 10]))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{abs(value):,.0f}"))
        axes.grid(axis="y")
        axes.set_xlabel(both("length of the passage found, key characters that agree", "文段长度（一致的匹配字符数）"))
        axes.set_ylabel(both("passages found", "找到的文段数"))
    return figure


def _stack(axes: Axes, rows: pd.DataFrame, origins: Sequence[str], *, sign: int) -> pd.Series[float]:
    """Draw the bars of one half, and return where each ends."""
    table = rows.pivot(index="length_chars", columns="origin", values="n_rows").reindex(columns=list(origins)).fillna(0)
    ends = pd.Series(0.0, index=table.index)
    for origin in origins:
        height = sign * table[origin]
        axes.bar(table.index, height, 0.8, bottom=ends, color=_ORIGINS[origin][1], linewidth=0)
        ends += height
    return ends


def _label_lengths(axes: Axes, lengths: pd.Series[int]) -> None:
    first, last = int(lengths.min()), int(lengths.max())
    ticks = [first, *(tick for tick in range(first + 2, last - 1) if tick % 5 == 0), last]
    axes.set_xticks(ticks, [*(str(tick) for tick in ticks[:-1]), f"{last}+"])
    axes.set_xlim(first - 0.8, last + 0.8)
    axes.tick_params(axis="x", length=0)
    axes.spines["bottom"].set_visible(False)


def _label_halves(axes: Axes) -> None:
    right, wrong = both("one origin: right", "同源：正确"), both("different origins: wrong", "不同源：错误")
    for height, words, va, shift in ((1.0, right, "top", -6), (0.0, wrong, "bottom", 0)):
        axes.annotate(
            words,
            (0.965, height),
            xycoords="axes fraction",
            xytext=(0, shift),
            textcoords="offset points",
            ha="right",
            va=va,
            fontsize=SIZES["label"],
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )


def draw_thresholds(
    thresholds: pd.DataFrame, *, marked: int, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw recall and precision by the least length of a passage.

    Parameters
    ----------
    thresholds : DataFrame
        From `corpus.analysis.validation.passage_scores.score_thresholds`.
    marked : int
        The least length to be pointed at.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm, SINGLE_MM)
    with new_figure(width_mm=width_mm, height_mm=62, profile=profile) as figure:
        axes = figure.subplots()
        axes.axvline(marked, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        for name, (words, colour, dashes) in _CURVES.items():
            known = thresholds.dropna(subset=name)
            axes.plot(
                known["min_chars"], known[name], color=colour, linestyle=dashes, marker="o", markersize=3, clip_on=False
            )
            axes.annotate(
                str(words),
                (known["min_chars"].iloc[-1], known[name].iloc[-1]),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=SIZES["tick"],
                annotation_clip=False,
            )
        lowest = _floor(thresholds[list(_CURVES)].min().min(), step=0.1, highest=0.9)
        axes.set_ylim(lowest, 1)
        axes.annotate(
            both(f"{marked}, the default", f"{marked}（默认值）"),
            (marked, lowest),
            xytext=(3, 3),
            textcoords="offset points",
            fontsize=SIZES["note"],
            color=MUTED,
        )
        axes.set_xlim(thresholds["min_chars"].min() - 0.5, thresholds["min_chars"].max())
        axes.set_xticks(thresholds["min_chars"])
        axes.yaxis.set_major_locator(MultipleLocator(0.1))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y")
        axes.set_xlabel(both("least length of an exact match, key characters", "逐字匹配的最小长度（匹配字符数）"))
    return figure


def _floor(value: float, *, step: float, highest: float) -> float:
    """Return where an axis up to 1 begins: below the value, at a multiple of the step, and at ``highest`` at most."""
    return float(min(highest, max(0.0, round(np.floor((value - step / 5) / step) * step, 6))))
