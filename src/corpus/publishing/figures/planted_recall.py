"""What the search for shared passages finds of passages that were planted in simulated reports."""

from __future__ import annotations

from functools import partial
from typing import Final, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator, PercentFormatter

from corpus.analysis.simulation.panel import Panel
from corpus.analysis.validation.passage_scores import ReuseScore, score_thresholds, tabulate_recall
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, Shown, series_figure
from corpus.publishing.figures.fitting import NARROW_MM, note
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, INK, MUTED, SIMILARITY, SIZES, new_figure
from corpus.report.reports import Reports

THRESHOLDS = (6, 8, 10, 12, 16, 20, 30, 40)

_KINDS: Final = {
    "copied": (Bilingual("copied from a peer", "取自其他机关"), COLOURS["shared"]),
    "kept": (Bilingual("kept word for word", "逐字沿用"), COLOURS["carried over"]),
    "renumbered": (Bilingual("figures changed", "改数字"), COLOURS["carried over"]),
    "reworded": (Bilingual("reworded", "改写"), COLOURS["carried over"]),
}
_EDITED: Final = {
    "copied": (Bilingual("copied from a peer,\nseveral sentences", "取自其他机关，\n多句相连"), "shared"),
    "reworded": (Bilingual("carried over, mostly\nsingle sentences", "沿用上年，\n多为单句"), "carried over"),
}
_CURVES: Final = {
    "share_one_origin": (Bilingual("of one origin", "同源率"), INK, (0, (4, 1.5))),
    "coverage_verbatim": (Bilingual("coverage, the same\nword for word", "覆盖率，\n逐字相同"), SIMILARITY(0.85), "-"),
    "coverage_edited": (
        Bilingual("coverage, one in\nten edited\nor more", "覆盖率，\n改动一成以上"),
        SIMILARITY(0.5),
        "-",
    ),
}
_DODGE = 0.14


def planted_recall(
    panel: Panel,
    score: ReuseScore,
    *,
    harder: tuple[Panel, ReuseScore] | None = None,
    min_chars: int = 12,
    seed: int | None = None,
    **shown: Unpack[Shown],
) -> FigureToCite:
    """Draw how much of planted pairs of passages was found, by what became of them and by how much they were edited.

    Parameters
    ----------
    panel : Panel
        From `corpus.validation.simulate_panel`.
    score : ReuseScore
        Of `corpus.find_reuse` on it, by `corpus.validation.score_reuse` with ``min_chars=0``.
    harder : (Panel, ReuseScore), optional
        A second panel with more edits, whose rates stand behind a dashed line.
    min_chars : int
        That of `corpus.find_reuse`.
    seed : int, optional
        That of the panel, for the caption.
    **shown : Shown
        Its ``name`` and ``width_mm``.
    """
    by_kind = tabulate_recall(score.cases, ["kind", "moved"])
    cases = pd.concat([score.cases, harder[1].cases]) if harder else score.cases
    by_rate = tabulate_recall(cases[cases["kind"] != "renumbered"], ["kind", "edit_rate"])
    table = pd.concat([by_kind, by_rate])
    second = NO_WORDS
    if harder:
        second = tell("planted-recall", "harder", n_reports=len(harder[0].texts), n_cases=len(harder[1].cases))
    return series_figure(
        "planted-recall",
        None,
        lambda _: draw_recall(by_kind, by_rate, most_edited=max(panel.setting.edit_rates)),
        table,
        **shown,
        parameters={"min_chars": min_chars} | ({} if seed is None else {"seed": seed}),
        harder=second,
        seeded=_tell_seed(seed),
        n_cases=len(score.cases),
        n_reports=len(panel.texts),
    )


def draw_recall(by_kind: pd.DataFrame, by_rate: pd.DataFrame, *, most_edited: float) -> Figure:
    """Draw how much of the planted pairs was found, by kind and by the share of characters edited."""
    width_mm = figure_width()
    is_narrow = width_mm < NARROW_MM
    with new_figure(width_mm=width_mm, height_mm=98 if is_narrow else 58) as figure:
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
        counts = " + ".join(f"{n_pairs:,}" for n_pairs in own["n_pairs"])
        note(axes, counts, (1, row), (8, 0), size="tick", va="center_baseline", color=MUTED)
    head = both("pairs: in place\n+ moved", "文段对：\n原位 + 移位")
    note(axes, head, (1, -0.5), (8, 0), va="bottom", color=MUTED)
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
        at = spread[moved].iloc[widest], row + _DODGE * (1 if moved else -1)
        note(axes, words, at, (-6, 0), ha="right", va="center_baseline", color=INK)


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
        note(axes, str(words), (last["edit_rate"], last["share_found"]), (6, 0), size="tick")
    axes.set_ylim(lowest, 1)
    axes.yaxis.set_major_locator(MultipleLocator(0.1))
    axes.set_xlim(0, by_rate["edit_rate"].max())
    harder = by_rate.loc[by_rate["edit_rate"] > most_edited, "edit_rate"]
    if len(harder):
        border = (most_edited + harder.min()) / 2
        axes.axvline(border, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        panels = Bilingual("the panel", "本面板"), Bilingual("a harder panel", "更难的面板")
        for words, side, shift in zip(panels, ("right", "left"), (-3, 3), strict=True):
            note(axes, str(words), (border, 1), (shift, 4), ha=side, va="baseline", color=MUTED)
    axes.set_xticks(sorted(by_rate["edit_rate"].unique()))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=""))
    axes.set_xlabel(both("Chinese characters edited, %", "改动的汉字，%"))
    axes.set_ylabel(both("characters found, %", "找到的字符，%"))
    axes.grid(axis="y")


def least_length(
    reports: Reports,
    panel: Panel,
    thresholds: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    seed: int | None = None,
    **shown: Unpack[Shown],
) -> FigureToCite:
    """Draw coverage, and what is of one origin, of the search for shared passages by the length that it asks for.

    Parameters
    ----------
    reports : Reports
        ``load_reports(panel.texts)``.
    panel : Panel
    thresholds : DataFrame, optional
        From `corpus.analysis.validation.passage_scores.score_thresholds`; made here if not given.
    min_chars : int
        The length that is marked.
    seed : int, optional
        That of the panel, for the caption.
    **shown : Shown
        Its ``name`` and ``width_mm``.
    """
    table = score_thresholds(reports, panel, THRESHOLDS) if thresholds is None else thresholds
    return series_figure(
        "least-length",
        reports,
        partial(draw_thresholds, marked=min_chars),
        table,
        **shown,
        parameters={"min_chars": min_chars} | ({} if seed is None else {"seed": seed}),
        seeded=_tell_seed(seed),
    )


def _tell_seed(seed: int | None) -> Bilingual:
    return NO_WORDS if seed is None else tell("planted-recall", "seeded", seed=seed)


def draw_thresholds(thresholds: pd.DataFrame, *, marked: int) -> Figure:
    """Draw coverage, and what is of one origin, by the least length of a passage."""
    width_mm = figure_width(SINGLE_MM)
    with new_figure(width_mm=width_mm, height_mm=62) as figure:
        axes = figure.subplots()
        axes.axvline(marked, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        for name, (words, colour, dashes) in _CURVES.items():
            known = thresholds.dropna(subset=name)
            axes.plot(
                known["min_chars"], known[name], color=colour, linestyle=dashes, marker="o", markersize=3, clip_on=False
            )
            end = known["min_chars"].iloc[-1], known[name].iloc[-1]
            note(axes, str(words), end, (6, 0), size="tick")
        lowest = _floor(thresholds[list(_CURVES)].min().min(), step=0.1, highest=0.9)
        axes.set_ylim(lowest, 1)
        default = both(f"{marked}, the default", f"{marked}（默认值）")
        note(axes, default, (marked, lowest), (3, 3), va="baseline", color=MUTED)
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
