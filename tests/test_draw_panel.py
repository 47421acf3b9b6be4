"""Figures of a panel: what stands in them, for one pair of reports, for a few issuers and for many."""

from __future__ import annotations

from itertools import chain

import numpy as np
import pandas as pd
import pytest
from making import make_report
from matplotlib.figure import Figure
from matplotlib.text import Text

import corpus
from corpus.analysis.modification import find_breaks, measure_years
from corpus.analysis.places_of_change import locate_changes, tabulate_changes
from corpus.analysis.risers import find_risers
from corpus.analysis.simulation import simulate_panel
from corpus.publishing.draw.flow import draw_flow
from corpus.publishing.draw.panel import CHANGE_COLOURS, draw_change_places, draw_share_kept
from corpus.publishing.draw.risers import draw_risers
from corpus.publishing.look import SINGLE_MM
from corpus.report import Reports
from corpus.values import CorpusError

PANEL = simulate_panel(4, 3, seed=2)
REPORTS = corpus.load_reports(PANEL.texts.assign(issuer=[f"第{row // 3 + 1}局" for row in range(12)]))
REVISIONS = corpus.align_years(REPORTS)
MEASURED = measure_years(REPORTS, revisions=REVISIONS)
LOCATED = locate_changes(REPORTS, REVISIONS)
ONE_PAIR = LOCATED[LOCATED["later"] == LOCATED["later"].iloc[0]]


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for text in figure.findobj(Text) if text.get_text() and text.get_visible()]


def _cut(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    shown = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible() and text.axes]
    boxes = [(text.get_text(), text.get_window_extent()) for text in shown]
    return [words for words, box in boxes if box.x0 < -1 or box.x1 > figure.bbox.width + 1]


def test_no_words_are_cut_off_in_one_column() -> None:
    width_mm = SINGLE_MM
    figures = (
        draw_share_kept(MEASURED, width_mm=width_mm),
        draw_share_kept(MEASURED.head(2), width_mm=width_mm),
        draw_flow(ONE_PAIR, width_mm=width_mm),
        draw_change_places(tabulate_changes(LOCATED), tabulate_changes(LOCATED, "tenth"), width_mm=width_mm),
        draw_risers(find_risers(REPORTS, n_terms=4), width_mm=width_mm),
    )
    assert list(chain.from_iterable(map(_cut, figures))) == []


def test_matrix_has_a_row_an_issuer_from_most_kept_to_least() -> None:
    axes = draw_share_kept(MEASURED).axes[0]
    rows = [label.get_text() for label in axes.get_yticklabels()]
    means = MEASURED.groupby("issuer")["share_kept"].mean()
    assert rows == means.sort_values(ascending=False).index.tolist()
    values = {text.get_text() for text in axes.texts}
    assert {f"{share:.0%}" for share in MEASURED["share_kept"]} <= values


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


def test_breaks_are_the_years_above_both_their_neighbours() -> None:
    scores = [0.5, 0.9, 0.5, 0.6, 0.7, 0.4, 0.45]
    pairs = pd.DataFrame({"issuer": "甲", "year_later": range(2001, 2008), "modification_raw": scores})
    assert find_breaks(pairs)["year_later"].tolist() == [2002, 2005]


def test_places_of_a_report_are_whole_and_in_order() -> None:
    for side in ("earlier", "later"):
        here = ONE_PAIR.dropna(subset=[f"begins_{side}"]).sort_values(f"begins_{side}")
        assert here[f"begins_{side}"].iloc[0] == 0 and here[f"ends_{side}"].iloc[-1] == pytest.approx(1)
        assert here[f"begins_{side}"].tolist()[1:] == pytest.approx(here[f"ends_{side}"].tolist()[:-1])


def test_shares_of_a_place_are_whole() -> None:
    for by in ("part", "tenth"):
        table = tabulate_changes(LOCATED, by)  # type: ignore[arg-type]
        together = table[table["change"] != "dropped"].groupby("place")["share"].sum()
        assert together.tolist() == pytest.approx([1.0] * len(together))
    assert set(tabulate_changes(LOCATED, "tenth")["place"]) == set(map(str, range(1, 11)))


def test_a_flow_has_a_band_for_each_passage_in_both_years_and_names_the_shares() -> None:
    figure = draw_flow(ONE_PAIR)
    axes = figure.axes[1]
    n_bands = sum(len(found.get_paths()) for found in axes.collections if found.get_alpha() == 0.75)
    assert n_bands == (~ONE_PAIR["change"].isin(["new", "dropped"])).sum()
    words = " ".join(_words(figure))
    assert all(change in words for change in CHANGE_COLOURS)
    with pytest.raises(CorpusError, match="one pair"):
        draw_flow(LOCATED)


def test_risers_are_words_of_the_issuers_of_both_years() -> None:
    texts = {("甲", 2020): "慈善，法律。" * 9, ("甲", 2021): "疫情，法律。" * 9, ("乙", 2021): "温室，法律。" * 30}
    reports = Reports(
        tuple(
            make_report(f"{name}-{year}", text, issuer=name, year_reviewed=year) for (name, year), text in texts.items()
        )
    )
    risers = find_risers(reports)
    assert risers["term"].tolist() == ["疫情", "慈善"] and risers["n_issuers"].tolist() == [1, 1]
    assert (risers["low"] < risers["log_odds"]).all() and (risers["log_odds"] < risers["high"]).all()
    assert risers.attrs["report_ids"] == ["甲-2020", "甲-2021"]
    assert {"疫情", "慈善"} <= set(_words(draw_risers(risers)))


def test_where_no_issuer_returns_nothing_rises() -> None:
    with pytest.raises(CorpusError, match="two adjacent years"):
        find_risers(REPORTS.select(year_reviewed=2015))
    with pytest.raises(CorpusError, match="pairs that end in 2016, 2017"):
        find_risers(REPORTS, 1999)
    with pytest.raises(CorpusError, match="nothing to draw"):
        draw_share_kept(MEASURED.head(0))
