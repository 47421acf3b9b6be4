"""Figures of a panel: what stands in them, for one pair of reports, for a few issuers and for many."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from drawn import at, colliding_words, cut_words, english_left
from matplotlib.figure import Figure
from matplotlib.text import Text
from test_style import VISION, closest, lightness_step

import corpus
from corpus.analysis.simulation.panel import simulate_panel
from corpus.analysis.years.change_measures import (
    break_heights,
    find_breaks,
    locate_changes,
    measure_years,
    tabulate_changes,
)
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language, Look, use_look
from corpus.publishing.figures.over_years.passage_flow import draw_flow
from corpus.publishing.figures.over_years.share_kept import CHANGE_COLOURS, draw_change_places, draw_share_kept
from corpus.report.reports import Reports


@cache
def reports() -> Reports:
    texts = simulate_panel(4, 3, seed=2).texts
    return corpus.load_reports(texts.assign(issuer=[f"第{row // 3 + 1}局" for row in range(12)]))


@cache
def by_year() -> pd.DataFrame:
    return measure_years(reports(), revisions=corpus.align_years(reports()))


@cache
def places() -> pd.DataFrame:
    return locate_changes(reports(), corpus.align_years(reports()))


@cache
def one_pair() -> pd.DataFrame:
    return places()[places()["later"] == places()["later"].iloc[0]]


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


@pytest.mark.parametrize(("labels", "width_mm"), [("en", SINGLE_MM), ("zh", SINGLE_MM), ("zh", DOUBLE_MM)])
def test_nothing_collides_and_chinese_labels_are_chinese(labels: Language, width_mm: float) -> None:
    long_names = by_year().assign(issuer="深圳市龙岗区科技创新局" + by_year()["issuer"])
    with use_look(Look(labels, "screen", width_mm)):
        figures = (
            draw_share_kept(by_year().head(2)),
            draw_share_kept(long_names),
            draw_flow(one_pair()),
            draw_change_places(tabulate_changes(places()), tabulate_changes(places(), "tenth")),
        )
        for figure in figures:
            assert colliding_words(figure) == cut_words(figure) == []
            assert bool(english_left(figure)) == (labels == "en")


@pytest.mark.parametrize("vision", VISION)
def test_changes_are_told_apart_in_colour_and_in_grey(vision: str) -> None:
    assert closest(CHANGE_COLOURS.values(), vision) > 14
    assert lightness_step(CHANGE_COLOURS.values()) > 12


def test_heads_of_columns_are_on_one_line() -> None:
    parts, tenths = tabulate_changes(places()), tabulate_changes(places(), "tenth")
    for figure in (draw_share_kept(by_year()), draw_change_places(parts, tenths)):
        axes = figure.axes[0]
        heads = [*axes.get_xticklabels(), *(text for text in axes.texts if text.get_text() in ("mean", "passages"))]
        assert {head.get_verticalalignment() for head in heads} == {"baseline"}
        figure.draw_without_rendering()
        feet = [head.get_transform().transform(head.get_position())[1] for head in heads]
        assert len(feet) > 2 and max(feet) - min(feet) < 0.5


def test_every_year_of_a_series_has_a_tick() -> None:
    years = range(2005, 2025)
    one = pd.concat([by_year().iloc[:1].assign(year_later=year) for year in years])
    (wide,), (narrow,) = (at(width, draw_share_kept, one).axes for width in (DOUBLE_MM, SINGLE_MM))
    for axes in (wide, narrow):
        assert set(years) <= {*axes.get_xticks(), *axes.get_xticks(minor=True)}
    assert list(wide.get_xticks()) == list(range(2006, 2025, 2))
    assert list(narrow.get_xticks()) == [2005, 2010, 2015, 2020]


def test_matrix_has_a_row_an_issuer_from_most_kept_to_least() -> None:
    axes = draw_share_kept(by_year()).axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    means = by_year().groupby("issuer")["share_kept"].mean()
    assert rows == means.sort_values(ascending=False).index.tolist()
    values = {text.get_text() for text in axes.texts}
    assert {f"{share:.0%}" for share in by_year()["share_kept"]} <= values


def test_a_year_without_the_one_before_is_an_empty_cell() -> None:
    gapped = by_year().drop(by_year().index[0])
    cells = draw_share_kept(gapped).axes[0].collections[0].get_array()
    assert np.ma.count_masked(cells) == 1


def test_few_issuers_have_points_with_their_intervals() -> None:
    one = by_year()[by_year()["issuer"] == "第1局"]
    axes = draw_share_kept(one).axes[0]
    assert list(axes.lines[0].get_ydata()) == pytest.approx(one["share_kept"].tolist())
    ends = [tuple(line[:, 1]) for line in axes.collections[0].get_segments()]
    assert ends == [pytest.approx(pair) for pair in zip(one["low"], one["high"], strict=True)]


def test_breaks_are_the_years_above_both_their_neighbours() -> None:
    scores = [0.5, 0.9, 0.5, 0.6, 0.7, 0.4, 0.45]
    heights = break_heights(["甲"] * 7, range(2001, 2008), scores)
    assert {2001 + place: height for place, height in enumerate(heights) if height == height} == pytest.approx(
        {2002: 0.4, 2005: 0.2}
    )
    measured = by_year().assign(break_height=[0.1, None, 0.3, 0.2, *[None] * (len(by_year()) - 4)])
    assert set(find_breaks(measured, 2)["break_height"]) == {0.3, 0.2}


def test_places_of_a_report_are_whole_and_in_order() -> None:
    for side in ("earlier", "later"):
        here = one_pair().dropna(subset=[f"begins_{side}"]).sort_values(f"begins_{side}")
        here = here.drop_duplicates(f"begins_{side}")  # a passage that was taken up in two places has two rows
        assert here[f"begins_{side}"].iloc[0] == 0 and here[f"ends_{side}"].iloc[-1] == pytest.approx(1)
        assert here[f"begins_{side}"].tolist()[1:] == pytest.approx(here[f"ends_{side}"].tolist()[:-1])


def test_shares_of_a_place_are_whole() -> None:
    for by in ("part", "tenth"):
        table = tabulate_changes(places(), by)  # type: ignore[arg-type]
        together = table[table["change"] != "dropped"].groupby("place")["share"].sum()
        assert together.tolist() == pytest.approx([1.0] * len(together))
    assert set(tabulate_changes(places(), "tenth")["place"]) == set(map(str, range(1, 11)))


def test_a_flow_has_a_band_for_each_passage_in_both_years_and_names_the_shares() -> None:
    figure = draw_flow(one_pair())
    axes = figure.axes[1]
    n_bands = sum(len(found.get_paths()) for found in axes.collections if found.get_alpha() == 0.75)
    assert n_bands == (~one_pair()["change"].isin(["new", "dropped"])).sum()
    words = " ".join(_words(figure))
    assert all(change in words for change in CHANGE_COLOURS)
    key = figure.axes[0].get_legend()
    assert key is not None
    strip = axes.transData.transform((0, 0))[0]
    assert abs(key.get_window_extent().x0 - strip) < 1
