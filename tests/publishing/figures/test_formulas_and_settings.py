"""The figures of notebook 04: what is in the table is in the figure, for one report and for many."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from drawn import Drawn, at, colliding_words, cut_words, repeated
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend

import corpus
from corpus.analysis.boilerplate.formulas import keep_longest, spread_formulas
from corpus.publishing.figures import look, style
from corpus.publishing.figures.wording.boilerplate_settings import DF_COLOURS, df_colour, draw_peers, draw_settings
from corpus.publishing.figures.wording.formula_places import MOST_FORMULAS, draw_formulas, draw_in_place
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def many(bundled: Reports) -> Reports:
    """Thirty reports: the five, each six times under another name."""
    copies = (replace(report, report_id=f"{report.report_id}-{number}") for number in range(6) for report in bundled)
    return replace(bundled, items=tuple(copies))


@pytest.fixture(scope="module")
def settings_figure(drawn: Drawn) -> Figure:
    return drawn("boilerplate_settings").drawing


@pytest.fixture(scope="module")
def shares(drawn: Drawn) -> pd.DataFrame:
    return drawn("boilerplate_settings").table


@pytest.fixture(scope="module")
def in_place_figure(drawn: Drawn) -> Figure:
    return drawn("boilerplate_in_place").drawing


@pytest.fixture(scope="module")
def scores(drawn: Drawn) -> pd.DataFrame:
    return drawn("boilerplate_in_place").table


@pytest.fixture(scope="module")
def peers(bundled: Reports) -> pd.DataFrame:
    return corpus.measure_boilerplate(bundled, by="others")


@pytest.fixture(scope="module")
def found(bundled: Reports) -> pd.DataFrame:
    return _formulas(bundled)


def _scores(reports: Reports) -> pd.DataFrame:
    scores = corpus.measure_boilerplate(reports, by="passage")
    return scores.assign(report_label=scores["report_id"].map({report.report_id: report.label for report in reports}))


def _size_mm(figure: Figure) -> tuple[int, int]:
    width, height = figure.get_size_inches() * style.MM_PER_INCH
    return round(width), round(height)


def test_a_report_can_be_followed_through_the_settings(
    bundled: Reports, shares: pd.DataFrame, settings_figure: Figure
) -> None:
    figure = settings_figure
    assert _size_mm(figure) == (183, 114)
    panels = [(u, s) for u in ("character", "word") for s in ("sentence", "clause", "phrase", "none")]
    for axes, (unit, segment) in zip(figure.axes, panels, strict=True):
        own = shares[(shares["unit"] == unit) & (shares["segment"] == segment)]
        followed = axes.lines[: len(bundled)]
        for line, report in zip(followed, bundled, strict=True):
            of_report = own[(own["report_id"] == report.report_id) & (own["min_reports"] == 2)].sort_values("n")
            assert list(line.get_ydata()) == pytest.approx(list(of_report["share_common"]))
            assert line.get_color() == DF_COLOURS[2]
        for line, (threshold, rows) in zip(
            axes.lines[len(bundled) :], own[own["min_reports"] > 2].groupby("min_reports"), strict=True
        ):
            assert list(line.get_ydata()) == pytest.approx(list(rows.groupby("n")["share_common"].max()))
            assert line.get_color() == DF_COLOURS[int(threshold)]
    thresholds, signs = figure.legends
    assert [to_hex(line.get_color()) for line in thresholds.get_lines()] == list(DF_COLOURS.values())
    assert [text.get_text() for text in signs.get_texts()] == [report.label for report in bundled]
    drawn = [(line.get_marker(), line.get_markerfacecolor()) for line in signs.get_lines()]
    assert len(set(drawn)) == len(bundled)
    assert drawn == [(line.get_marker(), line.get_markerfacecolor()) for line in figure.axes[-1].lines[: len(bundled)]]


def test_the_marked_setting_is_named_in_its_panel_only(shares: pd.DataFrame, settings_figure: Figure) -> None:
    figure = settings_figure
    named = [bool(axes.texts) for axes in figure.axes]
    assert named == [False, True, False, False, False, False, False, False]
    highest = shares.query("unit == 'character' and segment == 'clause' and n == 8 and min_reports == 2")[
        "share_common"
    ].max()
    assert figure.axes[1].texts[0].xy[1] == pytest.approx(highest + 0.02)


def test_many_reports_are_drawn_as_quartiles(shares: pd.DataFrame) -> None:
    copies = [shares.assign(report_id=shares["report_id"] + str(number)) for number in range(4)]
    figure = draw_settings(pd.concat(copies).query("unit == 'character' and segment == 'clause'"))
    assert {len(line.get_ydata()) for line in figure.axes[0].lines} == {3 * 5}


def test_the_names_of_the_curves_do_not_touch(bundled: Reports, peers: pd.DataFrame) -> None:
    figure = draw_peers(peers)
    axes = figure.axes[0]
    assert [len(line.get_xdata()) for line in axes.lines] == [4] * 5
    assert sorted(text.get_text() for text in axes.texts) == sorted(report.label for report in bundled)
    figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in axes.texts]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))


def test_every_common_passage_has_its_place_and_colour(
    bundled: Reports, scores: pd.DataFrame, in_place_figure: Figure
) -> None:
    figure = in_place_figure
    drawn = set()
    for patch in figure.axes[1].patches:
        for (low, top), _, (high, _), *_ in patch.get_path().vertices.reshape(-1, 5, 2):
            drawn.add((to_hex(patch.get_facecolor()), round(top + 0.15, 6), low, high))
    flagged = scores[scores["is_boilerplate"]]
    places = flagged["report_id"].map({report.report_id: place for place, report in enumerate(bundled)})
    wanted = zip(flagged["n_reports"].map(df_colour), places, flagged["start"], flagged["end"], strict=True)
    assert set(wanted) <= drawn


def test_quotations_are_words_of_the_reports_and_stand_clear_of_each_other(
    bundled: Reports, in_place_figure: Figure
) -> None:
    figure = in_place_figure
    figure.draw_without_rendering()
    quotes = figure.axes[1].texts
    assert len(quotes) > 2 * len(bundled)
    whole = "".join(report.text for report in bundled)
    assert all(quote.get_text().rstrip("…") in whole for quote in quotes)
    boxes = [quote.get_window_extent() for quote in quotes]
    right = figure.get_window_extent().x1
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(box.x1 <= right for box in boxes)


def test_quotations_keep_clear_of_each_other_beside_long_names(scores: pd.DataFrame) -> None:
    scores = scores.replace({"沂源 2022": "双江拉祜族佤族布朗族傣族自治县 2022"})
    figure = at(look.SINGLE_MM, draw_in_place, scores)
    assert figure.axes[1].texts
    assert colliding_words(figure) == []
    assert cut_words(figure) == []


def test_the_keys_name_what_is_in_the_figure(in_place_figure: Figure) -> None:
    figure = in_place_figure
    keys = figure.axes[0].findobj(Legend)
    words = [[text.get_text() for text in key.get_texts()] for key in keys]
    assert words[0] == ["phrase in 2 reports", "in 3", "in 4", "in 5", "no such phrase"]
    assert len(words[1]) == 5


def test_one_report_is_a_grey_strip(bundled: Reports) -> None:
    figure = draw_in_place(_scores(bundled[:1]))
    assert not figure.axes[1].texts
    assert "枣庄 2019" in [label.get_text() for label in figure.axes[1].get_yticklabels()]


def _formulas(reports: Reports) -> pd.DataFrame:
    return spread_formulas(reports, keep_longest(corpus.find_formulas(reports)).head(MOST_FORMULAS))


def test_a_disc_stands_where_a_report_has_the_phrase(bundled: Reports, found: pd.DataFrame) -> None:
    table = found
    figure = draw_formulas(table)
    axes = figure.axes[0]
    discs = next(artist for artist in axes.collections if len(artist.get_offsets()) > 1)
    held = table[table["n_places"] > 0]
    assert len(discs.get_offsets()) == len(held)
    assert sorted(text.get_text() for text in axes.texts) == sorted(str(k) for k in held["n_places"] if k > 1)
    words = [label.get_text() for label in axes.get_yticklabels()]
    assert [word.rsplit("  ", 1)[0] for word in words] == list(dict.fromkeys(table["template"]))
    assert words[0].endswith("  5")
    assert [label.get_text() for label in axes.get_xticklabels()] == [report.label for report in bundled]


@pytest.fixture(scope="module")
def formulas_of_many(many: Reports) -> pd.DataFrame:
    return _formulas(many)


def test_many_reports_keep_to_the_page(many: Reports, formulas_of_many: pd.DataFrame) -> None:
    formulas = draw_formulas(formulas_of_many)
    labels = [label.get_text() for label in formulas.axes[0].get_yticklabels()]
    assert all(label.endswith("  30") for label in labels if "法治政府建设工作" in label)
    in_place = draw_in_place(_scores(many))
    for figure in (formulas, in_place):
        assert _size_mm(figure)[1] <= 170
    assert not in_place.axes[1].texts


@pytest.fixture
def twelve(found: pd.DataFrame) -> pd.DataFrame:
    copies = [
        found.assign(report_id=found["report_id"] + letter, report_label=f"乌鲁木齐{letter} 2020")
        for letter in "甲乙丙"
    ]
    return pd.concat(copies).sort_values("template", kind="stable").groupby("template", sort=False).head(12)


def test_phrases_keep_room_for_twelve_reports_with_long_names(twelve: pd.DataFrame) -> None:
    figure = draw_formulas(twelve)
    assert len(figure.axes[0].get_xticklabels()) == 12
    assert colliding_words(figure) == []
    assert cut_words(figure) == []


def test_many_names_at_the_ends_of_lines_stay_in_the_figure_and_lead_to_their_line(peers: pd.DataFrame) -> None:
    twice = repeated(peers, 2)
    twice["report_label"] = twice["report_label"].str.replace(" 20", "市 20")
    figure = draw_peers(twice)
    assert colliding_words(figure) == cut_words(figure) == []
    lines = [text for text in figure.axes[0].texts if getattr(text, "arrow_patch", None) is not None]
    assert [line.get_position()[1] for line in lines] == sorted(twice.query("n_others == 4")["share_flagged"])


def test_reports_without_room_side_by_side_are_named_upright(twelve: pd.DataFrame) -> None:
    figure = at(look.SINGLE_MM, draw_formulas, twelve)
    heads = figure.axes[0].get_xticklabels()
    assert len(heads) == 12 and {label.get_rotation() for label in heads} == {90.0}
    assert colliding_words(figure) == cut_words(figure) == []
