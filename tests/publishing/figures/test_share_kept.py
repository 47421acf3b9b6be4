"""Figures of a panel: what stands in them, for one pair of reports, for a few issuers and for many."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import at, colliding_words, cut_words, english_left, use_look
from matplotlib.figure import Figure
from matplotlib.text import Text

import corpus
from corpus.analysis.simulation.panel import simulate_panel
from corpus.analysis.years.change_measures import (
    locate_changes,
    measure_years,
    tabulate_changes,
)
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language, Look
from corpus.publishing.figures.over_years.share_kept import draw_change_places, draw_share_kept

PANEL = simulate_panel(4, 3, seed=2)
REPORTS = corpus.load_reports(PANEL.texts.assign(issuer=[f"第{row // 3 + 1}局" for row in range(12)]))
REVISIONS = corpus.align_years(REPORTS)
MEASURED = measure_years(REPORTS, revisions=REVISIONS)
LOCATED = locate_changes(REPORTS, REVISIONS)
ONE_PAIR = LOCATED[LOCATED["later"] == LOCATED["later"].iloc[0]]


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


@pytest.mark.parametrize(("labels", "width_mm"), [("en", SINGLE_MM), ("zh", SINGLE_MM), ("zh", DOUBLE_MM)])
def test_nothing_collides_and_chinese_labels_are_chinese(labels: Language, width_mm: float) -> None:
    long_names = MEASURED.assign(issuer="深圳市龙岗区科技创新局" + MEASURED["issuer"])
    with use_look(Look(labels, "screen", width_mm)):
        figures = (
            draw_share_kept(MEASURED.head(2)),
            draw_share_kept(long_names),
            draw_change_places(tabulate_changes(LOCATED), tabulate_changes(LOCATED, "tenth")),
        )
        for figure in figures:
            assert colliding_words(figure) == cut_words(figure) == []
            assert bool(english_left(figure)) == (labels == "en")


def test_issuers_with_one_pair_of_years_are_points_with_their_intervals() -> None:
    one = MEASURED[MEASURED["year_later"] == MEASURED["year_later"].max()]
    for width in (SINGLE_MM, DOUBLE_MM):
        figure = at(width, draw_share_kept, one)
        assert colliding_words(figure) == cut_words(figure) == []
        (axes,) = figure.axes
        assert sorted(axes.lines[0].get_xdata()) == sorted(one["share_kept"])
        assert len(axes.collections[0].get_segments()) == len(one) == 4
        figure = at(width, draw_share_kept, one.assign(share_kept=one["share_kept"] / 20, low=np.nan, high=np.nan))
        ticks = [label.get_text() for label in figure.axes[0].get_xticklabels()]
        assert "1%" in ticks and not any("0%" in tick.removeprefix("0%") and "." in tick for tick in ticks)


def test_matrix_has_a_row_an_issuer_from_most_kept_to_least() -> None:
    axes = draw_share_kept(MEASURED).axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    means = MEASURED.groupby("issuer")["share_kept"].mean()
    assert rows == means.sort_values(ascending=False).index.tolist()
    grid = MEASURED.pivot(index="issuer", columns="year_later", values="share_kept").loc[rows]
    n_cells = grid.size
    assert [text.get_text() for text in axes.texts][:n_cells] == [f"{share:.0%}" for share in grid.to_numpy().ravel()]


def test_a_year_without_the_one_before_is_an_empty_cell() -> None:
    gapped = MEASURED.drop(MEASURED.index[0])
    cells = draw_share_kept(gapped).axes[0].collections[0].get_array()
    assert np.ma.count_masked(cells) == 1


def test_few_issuers_have_points_with_their_intervals() -> None:
    one = MEASURED[MEASURED["issuer"] == "第1局"]
    axes = draw_share_kept(one).axes[0]
    assert list(axes.lines[0].get_ydata()) == pytest.approx(one["share_kept"].tolist())
    ends = [tuple(line[:, 1]) for line in axes.collections[0].get_segments()]
    assert ends == [pytest.approx(pair) for pair in zip(one["low"], one["high"], strict=True)]


def test_places_of_a_report_are_whole_and_in_order() -> None:
    for side in ("earlier", "later"):
        here = ONE_PAIR.dropna(subset=[f"begins_{side}"]).sort_values(f"begins_{side}")
        here = here.drop_duplicates(f"begins_{side}")  # a passage that was taken up in two places has two rows
        assert here[f"begins_{side}"].iloc[0] == 0 and here[f"ends_{side}"].iloc[-1] == pytest.approx(1)
        assert here[f"begins_{side}"].tolist()[1:] == pytest.approx(here[f"ends_{side}"].tolist()[:-1])


def test_shares_of_a_place_are_whole() -> None:
    for by in ("part", "tenth"):
        table = tabulate_changes(LOCATED, by)  # type: ignore[arg-type]
        together = table[table["change"] != "dropped"].groupby("place")["share"].sum()
        assert together.tolist() == pytest.approx([1.0] * len(together))
    assert set(tabulate_changes(LOCATED, "tenth")["place"]) == set(map(str, range(1, 11)))
