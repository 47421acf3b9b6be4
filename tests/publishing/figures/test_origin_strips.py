"""The strips of origins: what is in the table is in the figure, for one report and for many."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from drawn import Drawn, at, colliding_words, cut_words, english_left, use_look
from making import make_reports
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.patches import PathPatch

from corpus.analysis.boilerplate.origins import tabulate_strips, trace_origins
from corpus.publishing.figures import look, style
from corpus.publishing.figures.wording.origin_strips import ORIGIN_COLOURS, draw_origins
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def origins(bundled: Reports) -> pd.DataFrame:
    return trace_origins(bundled)


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def _area(figure: Figure, colour: str) -> float:
    """Return how many characters long the marks of a colour are together, and by the height of a strip."""
    total = 0.0
    for axes in figure.axes:
        for patch in axes.patches:
            if isinstance(patch, PathPatch) and to_hex(patch.get_facecolor()) == colour:
                corners = patch.get_path().vertices.reshape(-1, 5, 2)
                total += float((corners[:, 2] - corners[:, 0]).prod(axis=1).sum())
    return total


def test_strips_hold_every_run_and_part_by_year_and_place(bundled: Reports, origins: pd.DataFrame) -> None:
    strips = tabulate_strips(bundled, origins)
    assert strips["report_label"].drop_duplicates().tolist() == [
        "枣庄 2019",
        "秦安 2020",
        "龙岗 2020",
        "长春 2021",
        "沂源 2022",
    ]
    for report in bundled:
        own = strips[(strips["report_id"] == report.report_id) & (strips["mark"] == "run")]
        ends = own["begins_chars"] + own["length_chars"]
        assert own["begins_chars"].tolist() == [0, *ends[:-1]]
        assert ends.iloc[-1] == len(report.quote(*report.layout.body))


def test_a_mark_is_as_long_as_its_run_and_the_shares_stand_beside(
    bundled: Reports, origins: pd.DataFrame, drawn: Drawn
) -> None:
    strips, figure = drawn("origins").table, drawn("origins").drawing
    lengths = strips.groupby("origin")["length_chars"].sum()
    for origin in ("skeleton", "formula", "shared"):
        assert _area(figure, ORIGIN_COLOURS[origin]) == pytest.approx(0.5 * lengths[origin])
    assert _area(figure, style.ROLE_COLOURS["plan"]) == pytest.approx(
        0.1 * strips.loc[strips["role"] == "plan", "length_chars"].sum()
    )
    words = _words(figure)
    shares = trace_origins(bundled, by="report", runs=origins)
    assert {f"{share:.1%}" for share in shares["share_formula"]} <= set(words)
    assert "own or\ncarried\nover" in words
    assert "own" not in words, "no report has its year before at hand"


def test_a_narrow_figure_has_strips_and_a_key_and_no_shares(drawn: Drawn) -> None:
    narrow = drawn("origins", width_mm=look.SINGLE_MM).drawing
    assert not [word for word in _words(narrow) if word.endswith("%")]
    assert "own or carried over" in {text.get_text() for key in narrow.findobj(Legend) for text in key.get_texts()}


@pytest.mark.parametrize(("labels", "width_mm"), [("zh", look.SINGLE_MM), ("en", look.DOUBLE_MM)])
def test_all_origins_at_once_have_room(
    bundled: Reports, origins: pd.DataFrame, labels: look.Language, width_mm: float
) -> None:
    strips = tabulate_strips(bundled, origins)
    kinds = ["own", "carried_over", "own_or_carried", "shared"]
    all_kinds = strips.assign(origin=strips["origin"].mask(strips["mark"] == "run", pd.Series(kinds * len(strips))))
    with use_look(look.Look(labels, "screen", width_mm)):
        figure = draw_origins(all_kinds)
        assert colliding_words(figure) == cut_words(figure) == []
        assert bool(english_left(figure)) == (labels == "en")


def test_many_reports_have_a_key_and_no_shares(bundled: Reports, origins: pd.DataFrame) -> None:
    copies = [replace(report, report_id=f"{report.report_id}-{n}") for n in range(24) for report in bundled]
    many = pd.concat(
        [origins.assign(report_id=origins["report_id"] + f"-{number}") for number in range(24)], ignore_index=True
    )
    figure = draw_origins(tabulate_strips(replace(bundled, items=tuple(copies)), many))
    assert not any("%" in words for words in _words(figure))
    assert round(figure.get_size_inches()[1] * style.MM_PER_INCH) == style.TALLEST_MM
    many = many[many["report_id"].str.contains(r"-[0-5]$")]
    some = replace(bundled, items=tuple(copies[:30]))
    assert not any("%" in words for words in _words(at(look.SINGLE_MM, draw_origins, tabulate_strips(some, many))))


def test_reports_that_have_nothing_alone_or_nothing_in_common_are_drawn() -> None:
    words = "认真贯彻落实上级关于法治建设的各项决策部署。"
    for reports in (make_reports(words, words), make_reports(words), make_reports("——\n", words)):
        draw_origins(tabulate_strips(reports, trace_origins(reports))).draw_without_rendering()
