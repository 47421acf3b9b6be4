"""The figures on specificity and agreement: what is in the table is in the figure, for one report and for many."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from drawn import colliding_words, cut_words, english_left
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure

import corpus
from corpus.analysis.validation.coder_agreement import compare_with_labels
from corpus.analysis.validation.coding_form import compare_measures
from corpus.publishing.figures import look, style
from corpus.publishing.figures.wording.specificity_scores import draw_agreement, draw_specificity
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def bundled() -> Reports:
    return corpus.load_reports()


@pytest.fixture(scope="module")
def measured(bundled: Reports) -> pd.DataFrame:
    return compare_measures(bundled, corpus.validation.load_labels())


@cache
def _scores(reports: Reports) -> pd.DataFrame:
    names = {report.report_id: report.label for report in reports}
    return corpus.find_particulars(reports, by="sentence").assign(
        report_label=lambda table: table["report_id"].map(names)
    )


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for axes in figure.axes for text in (*axes.texts, *axes.get_yticklabels())]


def test_each_firm_fact_has_a_tick_and_each_report_its_numbers(bundled: Reports) -> None:
    facts = corpus.find_particulars(bundled)
    figure = draw_specificity(_scores(bundled), facts)
    ticks = [lines for axes in figure.axes for lines in axes.collections if isinstance(lines, LineCollection)]
    assert [len(lines.get_segments()) for lines in ticks] == [facts["is_firm"].sum()]
    shares = corpus.find_particulars(bundled, by="report")["share_specific"]
    assert {f"{share:.1%}" for share in shares} <= set(_words(figure))


@pytest.mark.parametrize(
    ("labels", "width_mm"), [("en", look.SINGLE_MM), ("zh", look.SINGLE_MM), ("zh", look.DOUBLE_MM)]
)
def test_nothing_collides_and_chinese_labels_are_chinese(
    bundled: Reports, measured: pd.DataFrame, labels: look.Language, width_mm: float
) -> None:
    facts = corpus.find_particulars(bundled)
    with look.use_look(look.Look(labels, "screen", width_mm)):
        for figure in (draw_specificity(_scores(bundled), facts), draw_agreement(measured)):
            assert colliding_words(figure) == cut_words(figure) == []
            assert bool(english_left(figure, ["AUROC"])) == (labels == "en")


def test_every_tick_and_number_has_room_in_one_column(bundled: Reports) -> None:
    facts = corpus.find_particulars(bundled)
    figure = draw_specificity(_scores(bundled), facts, width_mm=look.SINGLE_MM)
    ticks = [lines for axes in figure.axes for lines in axes.collections if isinstance(lines, LineCollection)]
    assert [len(lines.get_segments()) for lines in ticks] == [facts["is_firm"].sum()]
    shares = corpus.find_particulars(bundled, by="report")["share_specific"]
    assert {f"{share:.1%}" for share in shares} <= set(_words(figure))


def test_a_measure_of_ones_own_has_the_name_of_its_column(measured: pd.DataFrame) -> None:
    names = [label.get_text() for label in draw_agreement(measured).axes[0].get_yticklabels()]
    assert names == [*measured["measure"][:-1], "length of the sentence"]
    own = measured.assign(measure=measured["measure"].replace("rare words", "my_column"))
    assert "my_column" in [label.get_text() for label in draw_agreement(own).axes[0].get_yticklabels()]


def test_a_hundred_reports_fit_on_a_page_without_ticks(bundled: Reports) -> None:
    copies = tuple(replace(one, report_id=f"{one.report_id}-{n}") for n in range(20) for one in bundled)
    many = replace(bundled, items=copies)
    names = {report.report_id: report.label for report in many}
    one = _scores(bundled)
    scores = pd.concat([one.assign(report_id=one["report_id"] + f"-{n}") for n in range(20)])
    figure = draw_specificity(
        scores.assign(report_label=scores["report_id"].map(names)), corpus.find_particulars(bundled)
    )
    assert figure.get_size_inches()[1] * style.MM_PER_INCH <= style.TALLEST_MM + 1e-6
    assert not any(isinstance(lines, LineCollection) for axes in figure.axes for lines in axes.collections)


def test_measures_no_better_than_the_length_have_hollow_dots(bundled: Reports) -> None:
    scores = corpus.find_particulars(bundled, by="sentence")
    scores["noise"] = (scores["start"] * 7919) % 101
    agreement = compare_with_labels(scores, corpus.validation.load_labels(), columns=("specificity", "noise"))
    dots = [dots for dots in draw_agreement(agreement).axes[0].collections if isinstance(dots, PathCollection)]
    fills = [tuple(colour) for colour in dots[0].get_facecolors()]
    assert agreement["beats_length"].tolist() == [True, False, False]
    assert fills[1] == fills[2] == (1, 1, 1, 1) != fills[0]
