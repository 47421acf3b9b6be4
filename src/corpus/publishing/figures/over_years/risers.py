"""Words that rose and fell between two years of the same issuers, each with its interval."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from corpus.errors import CorpusError
from corpus.publishing.figures.fitting import width_of
from corpus.publishing.figures.look import Profile, both, figure_width
from corpus.publishing.figures.over_years.change_over_years import CHANGE_COLOURS
from corpus.publishing.figures.over_years.words_over_years import count_of, short_term, write_beside
from corpus.publishing.figures.style import INK, MUTED, SIZES, TALLEST_MM, new_figure

_ROW_MM = 3.6
_REST_MM = 20.0


def draw_risers(risers: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw the words that rose and fell most between two years of the same issuers, with the interval of each.

    A mark is the log-odds ratio with an informative prior, its line plus and minus 1.96 standard errors; filled where
    the rate of false discoveries is below 5 %. Beside it: occurrences in both years, and issuers that have the word.

    Parameters
    ----------
    risers : DataFrame
        From `find_risers`. Of more words than there is room for, those with z farthest from 0.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.

    Raises
    ------
    CorpusError
        If there is no word to draw.
    """
    width_mm = figure_width(width_mm)
    if risers.empty:
        raise CorpusError("there is nothing to draw: no word rose or fell between two years")
    most = int((TALLEST_MM - _REST_MM) / _ROW_MM)
    shown = risers[risers["z"].abs().rank(method="first", ascending=False) <= most].reset_index(drop=True)
    before, after = risers[["year_earlier", "year_later"]].iloc[0]
    n_issuers = int(risers["n_issuers"].iloc[0])
    with new_figure(width_mm=width_mm, height_mm=_ROW_MM * len(shown) + _REST_MM, profile=profile) as figure:
        axes = figure.subplots()
        axes.set_title(
            both(
                f"{after} against {before}: {count_of(n_issuers, 'issuer')} with reports on both",
                f"{after} 年与 {before} 年相比：两年均有报告的发文机关 {n_issuers} 个",
            ),
            pad=17,
        )
        for row, word in enumerate(shown.to_dict("records")):
            colour = CHANGE_COLOURS["new"] if word["z"] > 0 else CHANGE_COLOURS["dropped"]
            fill = colour if word["false_discovery_rate"] < 0.05 else "white"
            axes.plot([word["low"], word["high"]], [row, row], color=colour, linewidth=0.9)
            axes.plot(
                word["log_odds"], row, "o", color=colour, markerfacecolor=fill, markersize=3.6, markeredgewidth=0.8
            )
        for side, words, sign in (("right", both("fell", "减少"), -1), ("left", both("rose", "增加"), 1)):
            axes.annotate(
                words,
                (0, 1),
                xycoords=axes.get_xaxis_transform(),
                xytext=(4 * sign, 2),
                textcoords="offset points",
                ha=side,
                fontsize=SIZES["note"],
                color=MUTED,
            )
        axes.axvline(0, color=MUTED, linewidth=0.5)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_yticks(range(len(shown)), [short_term(term) for term in shown["term"]], fontsize=SIZES["label"])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        _write_columns(axes, shown, with_issuers=n_issuers > 1)
        axes.set_xlabel(both("log-odds ratio, 95% interval", "对数优势比，95% 区间"))
    return figure


def _write_columns(axes: Axes, shown: pd.DataFrame, *, with_issuers: bool) -> None:
    """Write beside each word its occurrences in both years, the issuers that have it, and z."""
    columns = [(both("n", "次数"), _both_years(shown, "count"))]
    if with_issuers:
        columns.append((both("issuers", "机关数"), _both_years(shown, "n_issuers")))
    columns.append(("z", [f"{z:+.1f}" for z in shown["z"]]))
    end = 0.0
    for head, words in columns:
        end += 8 + SIZES["note"] * max(map(width_of, [head, *words]))
        for row, word in enumerate([head, *words], start=-1):
            write_beside(axes, row, {round(end): word}, colour=MUTED if row < 0 else INK)


def _both_years(shown: pd.DataFrame, name: str) -> list[str]:
    years = zip(shown[f"{name}_earlier"], shown[f"{name}_later"], strict=True)
    return [f"{earlier} → {later}" for earlier, later in years]
