"""Words that rose and fell between two years of the same issuers, each with its interval."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from corpus.publishing.draw.panel import CHANGE_COLOURS
from corpus.publishing.draw.years import count_of, short_term, write_beside
from corpus.publishing.look import Profile, figure_width
from corpus.publishing.style import MUTED, SIZES, TALLEST_MM, new_figure
from corpus.values import CorpusError

_ROW_MM = 3.6
_REST_MM = 20.0


def draw_risers(risers: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw the words that rose and fell most between two years of the same issuers, with the interval of each.

    A mark is the log-odds ratio with an informative prior, its line plus and minus 1.96 standard errors; filled where
    the rate of false discoveries is below 5 %. Beside it: occurrences in both years, and issuers that have the word.

    Parameters
    ----------
    risers : DataFrame
        From `corpus.analysis.risers.find_risers`. Of more words than there is room for, those with z farthest from 0.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.

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
        axes.set_title(f"{after} against {before}: {count_of(n_issuers, 'issuer')} with reports on both", pad=11)
        for row, word in enumerate(shown.to_dict("records")):
            colour = CHANGE_COLOURS["new"] if word["z"] > 0 else CHANGE_COLOURS["dropped"]
            fill = colour if word["false_discovery_rate"] < 0.05 else "white"
            axes.plot([word["low"], word["high"]], [row, row], color=colour, linewidth=0.9)
            axes.plot(
                word["log_odds"], row, "o", color=colour, markerfacecolor=fill, markersize=3.6, markeredgewidth=0.8
            )
            counts = f"{word['count_earlier']}–{word['count_later']}"
            columns = {
                24: counts,
                54: f"{word['n_issuers_earlier']}–{word['n_issuers_later']}",
                76: f"{word['z']:+.1f}",
            }
            write_beside(axes, row, columns)
        axes.axvline(0, color=MUTED, linewidth=0.5)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_yticks(range(len(shown)), [short_term(term) for term in shown["term"]], fontsize=SIZES["label"])
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
        write_beside(axes, -1.0, {24: "n", 46: "z", 76: "issuers" if n_issuers > 1 else ""}, colour=MUTED)
        axes.set_xlabel("log-odds ratio, 95 % interval")
    return figure
