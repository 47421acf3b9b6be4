"""The figures of notebook 05, read back from what was drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from drawn import Drawn, at, colliding_words, cut_words, drawn_texts
from making import make_report
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

import corpus
from corpus.analysis.words.dated_terms import tabulate_mentions, trace_chronology
from corpus.analysis.years.terms_by_year import tabulate_markers
from corpus.publishing.figures import look, style
from corpus.publishing.figures.over_years.chronology import draw_chronology, draw_laws
from corpus.publishing.figures.wording.words_in_reports import describe_panel, draw_keyness, short_term
from corpus.report.reports import Reports

BUNDLED = corpus.load_reports()
TRACED = trace_chronology(BUNDLED)
MARKS = tabulate_mentions(TRACED[(TRACED["from_day"] >= "2015-07") & (TRACED["checked"] == "search")])
LAWS = tabulate_mentions(TRACED[TRACED["kind"] == "law"])
MARKERS = tabulate_markers(BUNDLED)


@pytest.fixture(scope="module")
def laws_figure() -> Figure:
    return draw_laws(LAWS)


def words_in(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


def discs(axes: Axes) -> dict[str, PathCollection]:
    """Return what was scattered, by the colour of its face."""
    found = [artist for artist in axes.collections if isinstance(artist, PathCollection)]
    return {to_hex(artist.get_facecolor()[0]): artist for artist in found if len(artist.get_offsets())}


def many_marks(n_terms: int, n_columns: int, *, n_reports: int = 20) -> pd.DataFrame:
    rows = []
    for term in range(n_terms):
        for column in range(n_columns):
            rows.append(
                {
                    **MARKS.iloc[0].to_dict(),
                    "term": f"用语{term}",
                    "from": f"{1990 + term // 12}-{term % 12 + 1:02}",
                    "from_day": pd.Timestamp(1990 + term // 12, term % 12 + 1, 1),
                    "column": f"{2000 + column}",
                    "day": pd.Timestamp(2000 + column, 12, 31),
                    "day_basis": "year end",
                    "n_reports": n_reports,
                    "n_naming": (term + column) % (n_reports + 1),
                    "n_mentions": (term + column) % (n_reports + 1),
                }
            )
    return pd.DataFrame(rows)


def many_markers(n_years: int) -> pd.DataFrame:
    return pd.concat(
        [MARKERS[MARKERS["year_reviewed"] == 2020].assign(year_reviewed=2000 + year) for year in range(n_years)]
    )


@pytest.mark.parametrize(
    ("panel", "counts", "is_mixed"),
    [
        ([("甲", 2020)], [1, 1, 1, 0, 0], False),
        ([("甲", 2019), ("乙", 2020)], [2, 2, 2, 0, 0], True),
        ([("甲", 2019), ("甲", 2020), ("乙", 2020), ("乙", None)], [4, 2, 2, 0, 1], True),
        ([("甲", 2019), ("甲", 2020)], [2, 1, 2, 0, 1], False),
        ([(None, 2019), (None, 2020)], [2, 2, 2, 0, 0], True),
    ],
)
def test_panel_is_described_as_it_is(
    panel: list[tuple[str | None, int | None]], counts: list[int], is_mixed: bool
) -> None:
    facts = [
        {name: value for name, value in (("issuer", issuer), ("year_reviewed", year)) if value is not None}
        for issuer, year in panel
    ]
    reports = Reports(tuple(make_report(f"r{number}", "文", **values) for number, values in enumerate(facts)))
    described = describe_panel(reports)
    for words in described:
        assert list(map(int, re.findall(r"\d+", words))) == counts
    assert ("is one of issuers too" in described.en) == ("也是机关的差别" in described.zh) == is_mixed


def test_keyness_says_where_words_are_left_out_for_want_of_room(drawn: Drawn) -> None:
    narrow, wide = (drawn("keyness", width_mm=width).drawing.axes[-1] for width in (look.SINGLE_MM, look.DOUBLE_MM))
    assert narrow.get_xlabel().endswith("years: 10 words") and wide.get_xlabel().endswith("years")


def test_keyness_names_reports_only_where_their_names_fit() -> None:
    long = MARKERS.assign(reports_in_year=MARKERS["reports_in_year"].str.replace("长春", "长春市" * 12))
    titles = [axes.get_title(loc="left") for axes in draw_keyness(long).axes]
    assert titles[2:] == ["2021 – 1 report", "2022 – 1 report: 沂源 2022"]


def test_keyness_has_a_panel_a_year_with_its_reports_and_a_bar_a_word(drawn: Drawn) -> None:
    figure = drawn("keyness").drawing
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles == [
        "2019 – 1 report: 枣庄 2019",
        "2020 – 2 reports: 龙岗 2020, 秦安 2020",
        "2021 – 1 report: 长春 2021",
        "2022 – 1 report: 沂源 2022",
    ]
    for axes, (_, words) in zip(figure.axes, MARKERS.groupby("year_reviewed"), strict=True):
        assert [bar.get_width() for bar in axes.patches] == list(words["g2"])
        assert [label.get_text() for label in axes.get_yticklabels()] == list(words["term"])
        own = [to_hex(bar.get_facecolor()) == style.COLOURS["own"] for bar in axes.patches]
        assert own == [n_issuers == 1 for n_issuers in words["n_issuers_in_all"]]
        beside = [note.get_text() for note in axes.texts]
        assert beside[:3] == ["n", "reports", "log ratio"]
        first = words.iloc[0]
        in_reports = f"{first['n_reports']} of {first['n_reports_in_year']}"
        assert beside[3:6] == [f"{first['count']}", in_reports, f"{first['log_ratio']:+.1f}"]
        assert len(beside) == 3 + 3 * len(words)


@pytest.mark.parametrize("n_years", [1, 2, 5, 11])
def test_keyness_of_few_and_many_years(n_years: int) -> None:
    figure = draw_keyness(many_markers(n_years))
    assert len(figure.axes) == n_years
    shown = [axes.xaxis.get_tick_params()["labelbottom"] for axes in figure.axes]
    assert shown == [False] * (n_years - min(2, n_years)) + [True] * min(2, n_years)


def test_keyness_of_more_than_twelve_years_keeps_the_last_and_the_strongest_words() -> None:
    figure = draw_keyness(many_markers(30))
    assert [axes.get_title(loc="left")[:4] for axes in figure.axes] == [f"{year}" for year in range(2018, 2030)]
    kept = [bar.get_width() for bar in figure.axes[0].patches]
    strengths = MARKERS.loc[MARKERS["year_reviewed"] == 2020, "g2"].abs()
    assert 3 <= len(kept) < len(strengths)
    assert sorted(map(abs, kept), reverse=True) == list(strengths.nlargest(len(kept)))


def flags(axes: Axes) -> Iterator[Annotation]:
    return (note for note in axes.texts if isinstance(note, Annotation) and "\n" in note.get_text())


def test_chronology_has_a_mark_where_a_term_is_named_or_could_have_been(drawn: Drawn) -> None:
    axes = drawn("chronology").drawing.axes[0]
    there = MARKS[(MARKS["n_naming"] > 0) | (MARKS["from_day"] <= MARKS["day"])]
    # An act of Changchun that was in force when another place wrote is not missing there.
    elsewhere = there[(there["term"] == "长春市科技创新条例") & (there["n_naming"] == 0)]
    named = MARKS[MARKS["n_naming"] > 0]
    found = discs(axes)
    assert len(found["#ffffff"].get_offsets()) == len(there) - len(elsewhere) and len(elsewhere) == 1
    rows = {term: row for row, term in enumerate(MARKS["term"].unique())}
    expected = [
        ((day - pd.Timestamp(0)).days, rows[term]) for day, term in zip(named["day"], named["term"], strict=True)
    ]
    assert sorted(map(tuple, found[style.INK].get_offsets().tolist())) == sorted(expected)


def test_chronology_begins_each_line_on_its_day_and_dots_it_after_its_end(drawn: Drawn) -> None:
    axes = drawn("chronology").drawing.axes[0]
    terms = MARKS.drop_duplicates("term").reset_index(drop=True)
    for row, term in terms.iterrows():
        solid, dotted = [line for line in axes.lines if list(line.get_ydata()) == [row, row]]
        assert solid.get_xdata()[0] == (term["from_day"] - pd.Timestamp(0)).days
        ends = axes.get_xlim()[1] if pd.isna(term["until_day"]) else (term["until_day"] - pd.Timestamp(0)).days
        assert solid.get_xdata()[1] == dotted.get_xdata()[0] == ends
        assert solid.get_linestyle() == "-" and dotted.get_linestyle() != "-"


def test_chronology_names_each_report_with_its_day_and_joins_none_with_another(drawn: Drawn) -> None:
    axes = drawn("chronology").drawing.axes[0]
    assert sorted(note.get_text() for note in flags(axes)) == sorted(
        [
            "枣庄 2019\n2020-03-12",
            "龙岗 2020\n2020-12-17",
            "秦安 2020\n2021-02-23",
            "长春 2021\nundated",
            "沂源 2022\nundated",
        ]
    )
    guides = [line for line in axes.lines if list(line.get_ydata()) == [0, 1]]
    assert [line.get_linestyle() for line in guides] == ["--", "--", "-", "-", "-"]
    rows = [line for line in axes.lines if line not in guides and line.get_ydata()[0] == line.get_ydata()[1]]
    assert len(rows) == 2 * MARKS["term"].nunique()


def test_flags_of_reports_lie_on_no_other_flag(drawn: Drawn) -> None:
    figure = drawn("chronology").drawing
    figure.draw_without_rendering()
    boxes = [note.get_window_extent() for note in flags(figure.axes[0])]
    assert len(boxes) == 5
    assert not any(a.overlaps(b) for place, a in enumerate(boxes) for b in boxes[:place])
    assert all(box.x0 >= 0 and box.x1 <= figure.bbox.width and box.y1 <= figure.bbox.height for box in boxes)


@pytest.mark.parametrize(("draw", "table"), [(draw_chronology, MARKS), (draw_laws, LAWS)], ids=["terms", "laws"])
def test_long_names_of_reports_have_room_and_keep_their_year(draw: Callable[..., Figure], table: pd.DataFrame) -> None:
    long = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县 2022"
    named = table.assign(column=table["column"].replace("沂源 2022", long))
    figure = at(look.SINGLE_MM, draw, named)
    assert colliding_words(figure) == cut_words(figure) == []
    texts = drawn_texts(figure)
    names = {text.get_text().split("\n")[0] for text in texts if text.get_text().startswith("新疆")}
    assert len(names) == 1 and names.pop().endswith("… 2022")


def test_marks_on_days_that_lie_close_are_smaller(drawn: Drawn) -> None:
    wide, narrow = (drawn("chronology", width_mm=width_mm).drawing for width_mm in (look.DOUBLE_MM, look.SINGLE_MM))
    sizes = [discs(figure.axes[0])["#ffffff"].get_sizes()[0] for figure in (narrow, wide)]
    assert sizes[0] < 0.5 * sizes[1]


def test_chronology_of_many_reports_fills_marks_by_share() -> None:
    figure = draw_chronology(many_marks(6, 10))
    sizes = discs(figure.axes[0])[style.INK].get_sizes()
    whole = discs(figure.axes[0])["#ffffff"].get_sizes()[0]
    shares = [(term + column) / 20 for term in range(6) for column in range(10) if term + column]
    assert sorted(sizes / whole) == pytest.approx(sorted(shares))
    assert "2009\nn=20" in words_in(figure)


def test_chronology_of_many_terms_keeps_those_that_came_last_and_says_so() -> None:
    figure = draw_chronology(many_marks(120, 3))
    words = words_in(figure)
    assert "用语119" in words and "用语72" in words and "用语71" not in words
    assert any(text.endswith("the last 48 of 120 terms") for text in words)


def test_laws_have_a_circle_a_count_hollow_where_the_law_had_ended(laws_figure: Figure) -> None:
    axes = laws_figure.axes[0]
    found = discs(axes)
    named = LAWS[LAWS["n_mentions"] > 0]
    ended = named[named["term"] == "技术合同法"]
    assert len(ended) == 2
    assert len(found["#ffffff"].get_offsets()) == len(ended)
    assert len(found[style.INK].get_offsets()) == len(named) - len(ended)
    assert len(found[style.MUTED].get_offsets()) == len(LAWS) - len(named) - 3 - 2  # three ended, two not yet in force
    numbers = sorted(note.get_text() for note in axes.texts if note.get_text().isdigit() and len(note.get_text()) == 1)
    assert numbers == sorted(map(str, named["n_mentions"]))
    sizes = {round(float(size), 6) for size in found["#ffffff"].get_sizes()}
    assert max(sizes) == pytest.approx(2 * min(sizes))


def test_a_law_that_ended_by_memory_alone_is_not_called_ended() -> None:
    axes = draw_laws(LAWS.assign(checked="memory")).axes[0]
    assert "#ffffff" not in discs(axes)


def test_laws_name_their_days_their_years_and_what_is_from_memory(laws_figure: Figure) -> None:
    words = words_in(laws_figure)
    assert {"1987-11-01", "1999-10-01", "(1996-10-01)", "2019-2022", "长春 2021\nundated"} <= set(words)


def test_a_column_of_ends_is_there_where_a_law_has_ended(laws_figure: Figure) -> None:
    assert any(word.startswith("until") for word in words_in(laws_figure))
    living = LAWS[LAWS["until"] == ""]
    assert not any(word.startswith("until") for word in words_in(draw_laws(living)))


def test_a_year_with_one_report_among_years_with_more_shows_its_number() -> None:
    by_year = tabulate_mentions(TRACED[TRACED["kind"] == "law"], max_reports=1)
    words = words_in(draw_laws(by_year))
    assert {"2019\nn=1", "2020\nn=2", "2021\nn=1", "2022\nn=1"} <= set(words)


def test_laws_of_one_report_and_of_many_years() -> None:
    one = tabulate_mentions(TRACED[(TRACED["report_id"] == "zaozhuang-2019") & (TRACED["kind"] == "law")])
    assert len(draw_laws(one).axes[0].get_xticks()) == 1
    figure = draw_laws(many_marks(60, 24))
    assert {label.get_rotation() for label in figure.axes[0].get_xticklabels()} == {90}
    assert figure.get_figheight() * style.MM_PER_INCH == pytest.approx(style.TALLEST_MM)


@pytest.mark.parametrize(
    ("term", "short"),
    [
        ("六保", "六保"),
        ("宪法(1982)", "宪法(1982)"),
        ("三项制度(行政执法公示、全过程记录、重大执法决定法制审核)", "三项制度"),
        ("知情权、参与权、表达权、监督权", "知情权、参与权、表达权、监督权"),
        ("党政主要负责人履行推进法治建设第一责任人职责规定", "党政主要负责人履行推进法治建设第一…"),
    ],
)
def test_long_terms_lose_their_remark_then_their_end(term: str, short: str) -> None:
    assert short_term(term) == short
