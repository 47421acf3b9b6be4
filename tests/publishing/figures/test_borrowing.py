"""Who took up what from whom, drawn: the rows of the table, what nothing decides, one report and many."""

from __future__ import annotations

import pytest
from drawn import colliding_words, cut_words, english_left, use_look
from making import make_report
from matplotlib.patches import PathPatch

import corpus
from corpus.analysis.simulation.panel import simulate_panel
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language, Look
from corpus.publishing.figures.style import MM_PER_INCH, TALLEST_MM
from corpus.report.reports import Reports

WORDS = "把法治政府建设工作纳入年度目标责任考核"
PANEL = corpus.load_reports(simulate_panel(30, 2, seed=3).texts)


def _draw(*reports: object, **options: object) -> FigureToCite:
    figure = corpus.figures.borrowing(Reports(reports), **options)  # type: ignore[arg-type]
    assert isinstance(figure, FigureToCite), repr(figure)
    return figure


def _arcs(figure: FigureToCite) -> list[PathPatch]:
    return [arc for arc in figure.drawing.axes[0].patches if isinstance(arc, PathPatch)]


def _heads(figure: FigureToCite) -> int:
    return sum(line.get_marker() == "<" for line in figure.drawing.axes[0].lines)


def test_its_rows_are_the_heaviest_of_the_table_and_the_rest_is_counted() -> None:
    uptake = corpus.find_reuse(PANEL, by="uptake")
    figure = corpus.figures.borrowing(PANEL, most=5)
    assert isinstance(figure, FigureToCite)
    heaviest = uptake.nlargest(5, "weighted_chars").reset_index(drop=True)
    assert figure.table[uptake.columns].equals(heaviest)
    assert len(_arcs(figure)) == 5 and f"the 5 of {len(uptake):,} with most" in figure.caption.en


def test_widths_are_weighted_characters_and_arcs_lead_to_the_later_report() -> None:
    figure = _draw(
        make_report("a", f"{WORDS}。{WORDS}确保落实到位", signed="2021-03-01"),
        make_report("c", f"{WORDS}确保落实到位", signed="2021-05-01"),
        make_report("b", WORDS, signed="2021-04-01"),
        *(make_report(name, f"无关{name}", signed="2021-06-01") for name in "de"),
    )
    names = [label.get_text() for label in figure.drawing.axes[0].get_yticklabels()]
    rows = {report_id: row for row, report_id in enumerate("abc")}
    assert len(names) == 3
    for arc, row in zip(_arcs(figure), figure.table.itertuples(), strict=True):
        assert row.decided_by == "signed" and row.kind == "dates"
        begin, *_, end = arc.get_path().vertices[:, 1]
        assert (round(begin), round(end)) == (rows[row.other_id], rows[row.report_id])
        assert arc.get_linestyle() == "-"
    widths = [arc.get_linewidth() for arc in _arcs(figure)]
    weights = figure.table["weighted_chars"]
    assert [width / widths[0] for width in widths] == pytest.approx((weights / weights[0]).tolist())


def test_what_dates_leave_open_is_broken_and_what_nothing_decides_has_no_head() -> None:
    province = make_report("province", WORDS, level="province")
    figure = _draw(province, *(make_report(name, WORDS, level="county") for name in "ab"))
    kinds = figure.table.set_index(["report_id", "other_id"])["kind"].to_dict()
    assert set(kinds.values()) <= {"level", "open"} and kinds["b", "a" if ("b", "a") in kinds else "province"]
    lines = {arc.get_gid(): arc.get_linestyle() for arc in _arcs(figure)}
    assert "-" not in lines.values() and len(set(lines.values())) == len(lines)
    assert _heads(figure) == (figure.table["kind"] != "open").sum()


def test_of_two_reports_the_widths_are_characters() -> None:
    figure = _draw(
        *(make_report(name, f"{WORDS}{'。' * day}", signed=f"2021-0{day}-01") for day, name in enumerate("ab", 1))
    )
    assert len(_arcs(figure)) == 1 and "unweighted" in figure.caption.en and "(100% of all)" in figure.caption.en


def test_sources_do_not_borrow_from_each_other() -> None:
    sources = Reports(tuple(make_report(name, WORDS, signed=f"2021-0{day}-01") for day, name in enumerate("xyz", 1)))
    figure = _draw(make_report("mine", f"要{WORDS}", signed="2021-09-01"), sources=sources)
    assert figure.table[["report_id", "other_id"]].to_numpy().tolist() == [["mine", "z"]]
    assert "and 3 more as sources" in figure.caption.en


def test_words_of_ones_own_earlier_report_are_told_from_others() -> None:
    uptake = corpus.figures.borrowing(PANEL).table  # type: ignore[union-attr]
    issuers = {report.report_id: report.issuer for report in PANEL}
    own = uptake["report_id"].map(issuers) == uptake["other_id"].map(issuers)
    assert own.any() and ((uptake["kind"] == "own") == (own & ~uptake["decided_by"].isin(["", "level"]))).all()


def test_where_nothing_is_shared_or_nothing_tells_who_was_first_there_is_no_figure() -> None:
    alone = corpus.figures.borrowing(Reports((make_report("a", WORDS),)))
    assert isinstance(alone, NoFigure) and "share a passage" in repr(alone)
    undated = corpus.figures.borrowing(Reports(tuple(make_report(name, WORDS) for name in "ab")))
    assert isinstance(undated, NoFigure) and "which was first" in repr(undated)


@pytest.mark.parametrize(("labels", "width_mm"), [("en", SINGLE_MM), ("zh", SINGLE_MM), ("en", DOUBLE_MM)])
def test_of_many_reports_all_names_are_read(labels: Language, width_mm: float) -> None:
    with use_look(Look(labels, "screen", width_mm)):
        figure = corpus.figures.borrowing(PANEL, most=400)
    assert isinstance(figure, FigureToCite) and 20 < len(figure.table) < 400
    assert figure.drawing.get_figheight() * MM_PER_INCH <= TALLEST_MM + 0.01
    assert colliding_words(figure.drawing) == cut_words(figure.drawing) == []
    names = [label.get_text() for label in figure.drawing.axes[0].get_yticklabels()]
    assert len(names) == len(set(figure.table["report_id"]) | set(figure.table["other_id"])) <= 46
    assert labels == "en" or english_left(figure.drawing, names) == []
