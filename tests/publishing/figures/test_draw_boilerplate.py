"""The figures of notebook 04: what is in the table is in the figure, for one report and for many."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pandas as pd
import pytest
from drawn import colliding_words, cut_words, english_left
from making import make_reports
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.textpath import TextPath
from PIL import ImageFont

import corpus
from corpus.analysis.boilerplate.boilerplate_measures import rank_shares, tabulate_shares
from corpus.analysis.boilerplate.definitions import DEFAULT_SETTING
from corpus.analysis.boilerplate.formulas import keep_longest, spread_formulas
from corpus.analysis.boilerplate.phrase_vocabulary import choose_clouds, tabulate_vocabulary
from corpus.field.data_files import data_path
from corpus.publishing.figures import look, style
from corpus.publishing.figures.texts.parts_of_reports import ROLE_NAMES
from corpus.publishing.figures.wording.boilerplate_shares import (
    DF_COLOURS,
    df_colour,
    draw_peers,
    draw_ranks,
    draw_settings,
)
from corpus.publishing.figures.wording.formula_places import MOST_FORMULAS, draw_formulas, draw_in_place
from corpus.publishing.figures.wording.word_clouds import STOP_WORDS, draw_word_clouds, place_words
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def bundled() -> Reports:
    return corpus.load_reports()


@pytest.fixture(scope="module")
def many(bundled: Reports) -> Reports:
    """Thirty reports: the five, each six times under another name."""
    copies = (replace(report, report_id=f"{report.report_id}-{number}") for number in range(6) for report in bundled)
    return replace(bundled, items=tuple(copies))


@pytest.fixture(scope="module")
def shares(bundled: Reports) -> pd.DataFrame:
    return tabulate_shares(bundled)


@pytest.fixture(scope="module")
def scores(bundled: Reports) -> pd.DataFrame:
    return _scores(bundled)


@pytest.fixture(scope="module")
def peers(bundled: Reports) -> pd.DataFrame:
    return corpus.measure_boilerplate(bundled, by="others")


@pytest.fixture(scope="module")
def found(bundled: Reports) -> pd.DataFrame:
    return _formulas(bundled)


@pytest.fixture(scope="module")
def settings_figure(shares: pd.DataFrame) -> Figure:
    return draw_settings(shares, marked=DEFAULT_SETTING)


@pytest.fixture(scope="module")
def in_place_figure(scores: pd.DataFrame) -> Figure:
    return draw_in_place(scores)


def _scores(reports: Reports) -> pd.DataFrame:
    scores = corpus.measure_boilerplate(reports, by="passage")
    return scores.assign(report_label=scores["report_id"].map({report.report_id: report.label for report in reports}))


def _words(figure: Figure) -> list[str]:
    figure.draw_without_rendering()
    own = [text for axes in figure.axes for text in (*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels())]
    return [text.get_text() for text in (*own, *figure.texts)]


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
    assert not any(axes.texts for axes in draw_settings(shares).axes)


def test_many_reports_are_drawn_as_quartiles(shares: pd.DataFrame) -> None:
    copies = [shares.assign(report_id=shares["report_id"] + str(number)) for number in range(4)]
    figure = draw_settings(pd.concat(copies).query("unit == 'character' and segment == 'clause'"))
    assert {len(line.get_ydata()) for line in figure.axes[0].lines} == {3 * 5}


@pytest.mark.parametrize(
    "draw",
    [
        lambda one: draw_settings(tabulate_shares(one)),
        lambda one: draw_ranks(rank_shares(tabulate_shares(one))),
        lambda one: draw_peers(corpus.measure_boilerplate(one, by="others")),
        lambda one: draw_formulas(spread_formulas(one, corpus.find_formulas(one))),
        lambda one: draw_word_clouds(choose_clouds(tabulate_vocabulary(one))),
    ],
    ids=["settings", "ranks", "peers", "formulas", "clouds"],
)
def test_with_one_report_the_figure_says_why_it_is_empty(bundled: Reports, draw: Callable[[Reports], Figure]) -> None:
    figure = draw(bundled[:1])
    assert not figure.axes
    assert re.fullmatch(r"[A-Z][^.]+\.", figure.texts[0].get_text())


def test_discs_count_the_settings_of_each_rank(shares: pd.DataFrame) -> None:
    ranks = rank_shares(shares)
    figure = draw_ranks(ranks)
    axes = figure.axes[0]
    counts = ranks.groupby(["report_id", "rank"]).size()
    assert sorted(int(text.get_text()) for text in axes.texts) == sorted(counts)
    discs = {(line.get_xdata()[0], line.get_ydata()[0]): line.get_markersize() for line in axes.lines}
    rows = {report_id: place for place, report_id in enumerate(ranks["report_id"].unique())}
    largest = max(discs.values())
    for (report_id, rank), number in counts.items():
        assert discs[rank, rows[report_id]] == pytest.approx(largest * (number / counts.max()) ** 0.5)
    assert [label.get_text() for label in axes.get_yticklabels()] == list(ranks["report_label"].unique())


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
    bars = [bar for bar in figure.axes[1].collections if len(bar.get_paths()) > 1]
    assert len(bars) == len(bundled)
    for bar, (_, own) in zip(bars, scores[scores["is_boilerplate"]].groupby("report_id", sort=False), strict=True):
        extents = [path.get_extents() for path in bar.get_paths()]
        assert [(box.x0, box.x1) for box in extents] == list(zip(own["start"], own["end"], strict=True))
        assert [to_hex(colour) for colour in bar.get_facecolor()] == [df_colour(k) for k in own["n_reports"]]


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
    figure = draw_in_place(scores, width_mm=look.SINGLE_MM, profile="screen")
    assert figure.axes[1].texts
    assert colliding_words(figure) == []
    assert cut_words(figure) == []


def test_the_keys_name_what_is_in_the_figure(in_place_figure: Figure) -> None:
    figure = in_place_figure
    keys = [artist for artist in figure.axes[0].artists if isinstance(artist, Legend)]
    words = [[text.get_text() for text in key.get_texts()] for key in keys]
    assert words[0][1:5] == ["in 2 reports", "in 3 reports", "in 4 reports", "in 5 reports"]
    assert len(words[1]) == 6
    boxes = [key.get_window_extent(figure.canvas.get_renderer()) for key in keys]  # type: ignore[attr-defined]
    assert not boxes[0].overlaps(boxes[1])
    assert max(box.x1 for box in boxes) <= figure.get_window_extent().x1


def test_one_report_is_a_grey_strip(bundled: Reports) -> None:
    figure = draw_in_place(_scores(bundled[:1]))
    assert not figure.axes[1].texts
    assert "枣庄 2019" in _words(figure)


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
    assert [word for word in words if not word.startswith("in ")] == list(dict.fromkeys(table["template"]))
    assert words[0] == "in 5 reports"
    assert [label.get_text() for label in axes.get_xticklabels()] == [report.label for report in bundled]


@pytest.fixture(scope="module")
def formulas_of_many(many: Reports) -> pd.DataFrame:
    return _formulas(many)


def test_many_reports_keep_to_the_page(many: Reports, formulas_of_many: pd.DataFrame) -> None:
    formulas = draw_formulas(formulas_of_many)
    labels = [label.get_text() for label in formulas.axes[0].get_yticklabels()]
    assert all(label.endswith("  30") for label in labels if "法治政府建设工作" in label)
    in_place = draw_in_place(_scores(many))
    ranks = draw_ranks(rank_shares(tabulate_shares(many, settings=[DEFAULT_SETTING])))
    for figure in (formulas, in_place, ranks):
        figure.draw_without_rendering()
        assert _size_mm(figure)[1] <= 170
    assert not in_place.axes[1].texts


@pytest.mark.parametrize(("labels", "width_mm"), [("en", 89), ("zh", 89), ("zh", 183)])
def test_all_figures_come_in_both_widths_and_languages(
    formulas_of_many: pd.DataFrame,
    shares: pd.DataFrame,
    scores: pd.DataFrame,
    peers: pd.DataFrame,
    found: pd.DataFrame,
    width_mm: float,
    labels: look.Language,
) -> None:
    # The names of the parts are those of notebook 01, where they are tested.
    quoted = [*map(str, ROLE_NAMES.values()), *(name.en for name in ROLE_NAMES.values() if not isinstance(name, str))]
    with look.use_look(look.Look(labels, "screen", width_mm)):
        figures = [
            draw_settings(shares, marked=DEFAULT_SETTING),
            draw_settings(shares.iloc[:0]),
            draw_ranks(rank_shares(shares)),
            draw_ranks(rank_shares(shares).iloc[:0]),
            draw_peers(peers),
            draw_in_place(scores),
            draw_formulas(found),
            draw_formulas(found.iloc[:0]),
            draw_formulas(formulas_of_many),
        ]
        for figure in figures:
            assert colliding_words(figure) == []
            assert cut_words(figure) == []
            assert _size_mm(figure)[0] == width_mm
            assert _size_mm(figure)[1] <= 170
            assert bool(english_left(figure, quoted)) == (labels == "en")
            # What is drawn has most of the width.
            assert all(axes.bbox.width > 0.35 * figure.bbox.width / len(figure.axes) for axes in figure.axes)


def test_phrases_keep_room_for_twelve_reports_with_long_names(found: pd.DataFrame) -> None:
    copies = [
        found.assign(report_id=found["report_id"] + letter, report_label=f"乌鲁木齐{letter} 2020")
        for letter in "甲乙丙"
    ]
    twelve = pd.concat(copies).sort_values("template", kind="stable").groupby("template", sort=False).head(12)
    figure = draw_formulas(twelve)
    assert len(figure.axes[0].get_xticklabels()) == 12
    assert colliding_words(figure) == []
    assert cut_words(figure) == []


@pytest.fixture(scope="module")
def clouds(bundled: Reports) -> pd.DataFrame:
    return choose_clouds(tabulate_vocabulary(bundled))


@pytest.fixture(scope="module")
def cloud_figure(clouds: pd.DataFrame) -> Figure:
    return draw_word_clouds(clouds)


def test_every_word_stands_in_its_cloud(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    for axes, (_, words) in zip(
        sorted(cloud_figure.axes, key=lambda a: (-round(a.get_position().y0, 3), a.get_position().x0)),
        clouds.groupby("cloud", sort=False),
        strict=True,
    ):
        assert sorted(text.get_text() for text in axes.texts) == sorted(words["word"])
        colour = style.COLOURS["formula" if words["vocabulary"].iloc[0] == "formulaic" else "own"]
        assert {text.get_color() for text in axes.texts} == {colour}


def test_one_size_stands_for_one_count(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    sizes = {text.get_text(): text.get_fontsize() for axes in cloud_figure.axes for text in axes.texts}
    by_count = clouds.groupby("n_places")["word"].agg(lambda words: {sizes[word] for word in words})
    assert all(len(found) == 1 for found in by_count)
    ordered = [min(found) for found in by_count.sort_index()]
    assert ordered == sorted(ordered)
    assert ordered[0] >= 6


def test_no_word_stands_on_another_or_leaves_its_cloud(cloud_figure: Figure) -> None:
    for axes in cloud_figure.axes:
        boxes = []
        for text in axes.texts:
            ink = TextPath(
                (0, 0), text.get_text(), size=text.get_fontsize(), prop=text.get_fontproperties()
            ).get_extents()
            x, y = text.get_position()
            boxes.append((x + ink.x0, y - ink.y1, x + ink.x1, y - ink.y0))
        # Words are laid out on a grid, so that the ink of two may touch by less than half a step of it.
        for one, other in combinations(boxes, 2):
            apart = max(other[0] - one[2], one[0] - other[2], other[1] - one[3], one[1] - other[3])
            assert apart > -0.5
        assert min(box[0] for box in boxes) >= -1 and max(box[2] for box in boxes) <= axes.get_xlim()[1] + 1


def test_the_list_of_stop_words_is_named_under_each_cloud(clouds: pd.DataFrame, cloud_figure: Figure) -> None:
    notes = [text.get_text() for text in cloud_figure.texts if STOP_WORDS in text.get_text()]
    assert len(notes) == clouds["cloud"].nunique()
    assert STOP_WORDS in data_path("lexicons", "README.md").read_text(encoding="utf-8")


def test_places_do_not_depend_on_the_layout_that_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"“互联网+监管”": 14.0, "12345热线": 11.0, "AVATAR": 9.0, "依法行政": 9.0, "法治": 7.0}
    placed = []
    for has_raqm in (True, False):
        monkeypatch.setattr(ImageFont.core, "HAVE_RAQM", has_raqm)
        placed.append(place_words(sizes, (200.0, 80.0)))
    assert placed[0] == placed[1]
    assert [word.word for word in placed[0]] == ["“互联网+监管”", "12345热线", "AVATAR", "依法行政", "法治"]


def test_words_without_room_are_left_out_and_no_words_give_no_places() -> None:
    assert place_words({}, (100.0, 50.0)) == []
    placed = place_words({"很大的词": 20.0, "法治": 6.0}, (60.0, 30.0))
    assert [word.word for word in placed] == []


def test_clouds_of_many_reports_share_one_frame() -> None:
    texts = [
        f"坚持依法行政和法治政府建设。{word}项目{word}验收。"
        for word in ("苹果", "花椒", "地膜", "芯片", "汽车", "疫苗", "石墨", "稀土", "钢铁", "煤炭", "茶叶")
    ]
    clouds = choose_clouds(tabulate_vocabulary(make_reports(*texts)))
    figure = draw_word_clouds(clouds)
    assert [text.get_text().split(":")[0] for text in figure.texts if ":" in text.get_text()] == [
        "formulaic",
        "particular",
    ]
    assert _size_mm(figure)[1] <= 170
