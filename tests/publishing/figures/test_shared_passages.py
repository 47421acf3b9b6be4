"""The figures of notebook 03: what is on them, for few reports and for many."""

from __future__ import annotations

from itertools import combinations, permutations

import pandas as pd
import pytest
from drawn import at, colliding_words, cut_words
from making import make_report, make_reports
from matplotlib.collections import PathCollection, QuadMesh
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.text import Text

import corpus
from corpus.analysis.comparison.report_pairs import tabulate_directions
from corpus.analysis.comparison.sentence_edits import align_sentences
from corpus.analysis.comparison.shared_passages import locate_reuse, tabulate_lengths
from corpus.publishing.figures import look, style
from corpus.publishing.figures.style import FAMILY, mark_missing_glyphs
from corpus.publishing.figures.texts.pairs_of_reports import draw_alignment, draw_similarity_matrix
from corpus.publishing.figures.texts.passage_bands import (
    KIND_COLOURS,
    draw_passage_lengths,
    draw_shared_passages,
    draw_thresholds,
)
from corpus.report.reports import Reports


@pytest.fixture(scope="module")
def passages(bundled: Reports) -> pd.DataFrame:
    return corpus.find_reuse(bundled)


@pytest.fixture(scope="module")
def directions(bundled: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    return tabulate_directions(bundled, corpus.compare_reports(bundled), passages=passages)


@pytest.fixture(scope="module")
def matrix_figure(directions: pd.DataFrame) -> Figure:
    """All three measures of the five."""
    return draw_similarity_matrix(directions)


@pytest.fixture(scope="module")
def law(bundled: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """The longest passage of two reports, laid side by side."""
    own = passages.query("report_a == 'zaozhuang-2019' and report_b == 'yiyuan-2022'")
    return align_sentences(bundled, own.nlargest(1, "matched_chars"))


@pytest.fixture(scope="module")
def law_figure(law: pd.DataFrame) -> Figure:
    return draw_alignment(law)


def words(figure: Figure) -> list[str]:
    """Return the visible words of a figure, after a look at its fonts, sizes and edges."""
    assert mark_missing_glyphs(figure) == ""
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    assert {name for text in texts for name in text.get_fontfamily()} <= {FAMILY}
    assert all(6 <= text.get_fontsize() <= 8 for text in texts)
    width, height = figure.get_size_inches() * style.MM_PER_INCH
    assert (width <= look.DOUBLE_MM + 0.01, height <= style.TALLEST_MM + 0.01) == (True, True)
    for text in set(texts) - unseen_ticks(figure):
        box = text.get_window_extent()
        assert figure.bbox.x0 - 1 <= box.x0 <= box.x1 <= figure.bbox.x1 + 1, text.get_text()
        assert figure.bbox.y0 - 1 <= box.y0 <= box.y1 <= figure.bbox.y1 + 1, text.get_text()
    return [text.get_text() for text in texts]


def unseen_ticks(figure: Figure) -> set[Text]:
    """Return the labels of ticks that lie beyond the end of their axis, which are not drawn."""
    unseen = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            ticks = [tick for tick in axis.get_major_ticks() if not min(limits) <= tick.get_loc() <= max(limits)]
            unseen |= {label for tick in ticks for label in (tick.label1, tick.label2)}
    return unseen


def many_directions(n: int) -> pd.DataFrame:
    pairs = permutations(range(n), 2)
    rows = [(f"r{a}", f"某{a} 2020", f"r{b}", f"某{b} 2020", a / n, 0.0, min(a, b)) for a, b in pairs]
    return pd.DataFrame(
        rows,
        columns=[
            *("report_id", "report_label", "other_id", "other_label"),
            *("containment", "resemblance", "longest_chars"),
        ],
    )


def meshes(figure: Figure) -> list[QuadMesh]:
    """Return the matrices, without the bars that explain their shades."""
    found = [mesh for axes in figure.axes for mesh in axes.collections if isinstance(mesh, QuadMesh)]
    return [mesh for mesh in found if 1 not in mesh.get_array().shape]


def numbers(mesh: QuadMesh) -> list[str]:
    return [text.get_text() for text in mesh.axes.texts if text.get_text().replace(".", "").isdigit()]


def test_matrix_has_a_number_for_each_cell_and_heads(matrix_figure: Figure) -> None:
    shown = words(matrix_figure)
    assert [len(numbers(mesh)) for mesh in meshes(matrix_figure)] == [20, 0, 0] or len(shown) > 60
    assert {"2.5", "沂源 2022", "沂源\n2022"} <= set(shown)


def test_shade_follows_the_value_up_to_the_highest_or_nearly(directions: pd.DataFrame, matrix_figure: Figure) -> None:
    values = 100 * directions["containment"]
    assert meshes(matrix_figure)[0].norm.vmax == pytest.approx(values.quantile(0.99))
    copies = draw_similarity_matrix(directions.assign(containment=1.0))
    assert meshes(copies)[0].norm.vmax == 100


def test_matrix_leaves_out_a_measure_without_values(bundled: Reports) -> None:
    two = bundled[:2]
    table = tabulate_directions(two, corpus.compare_reports(two), passages=corpus.find_reuse(two))
    figure = draw_similarity_matrix(table)
    assert len(meshes(figure)) == 2
    assert {"Containment of row in column, %", "Longest shared passage"} <= set(words(figure))


@pytest.mark.parametrize(("n", "width_mm"), [(2, 89), (6, 89), (11, 89), (20, 89), (9, 183), (13, 183), (40, 183)])
def test_cells_have_numbers_as_long_as_these_have_room(n: int, width_mm: float) -> None:
    directions = many_directions(n)
    figure = at(width_mm, draw_similarity_matrix, directions)
    assert colliding_words(figure) == []
    assert cut_words(figure) == []
    assert len(figure.axes) == 4, "shades are explained"
    first = meshes(figure)[0]
    assert len(numbers(first)) == (n * (n - 1) if n not in (20, 40) else 0)
    cell = first.axes.get_window_extent().width / n
    numbered = [text for text in first.axes.texts if text.get_text() in numbers(first)]
    assert all(text.get_window_extent().width < cell for text in numbered)


@pytest.mark.parametrize("width_mm", [look.SINGLE_MM, look.DOUBLE_MM])
@pytest.mark.parametrize("n", [4, 30])
def test_matrices_fill_the_width(n: int, width_mm: float) -> None:
    figure = at(width_mm, draw_similarity_matrix, many_directions(n))
    right = max(axes.get_position().x1 for axes in figure.axes)
    assert right == pytest.approx(1 - 0.8 / width_mm, abs=0.1)


def test_many_reports_stand_beside_those_that_are_like_them() -> None:
    directions = many_directions(24)
    # Every fourth report is like the others of its kind, and like no other.
    kinds = (
        [int(name[1:]) % 4 for name in directions["report_id"]],
        [int(name[1:]) % 4 for name in directions["other_id"]],
    )
    directions["resemblance"] = [0.5 if one == other else 0.01 for one, other in zip(*kinds, strict=True)]
    figure = draw_similarity_matrix(directions)
    large = figure.axes[0]
    names = [int(label.get_text().split()[0][1:]) % 4 for label in large.get_yticklabels()]
    assert len(names) == 24 and sorted(names, key=names.index) == names
    assert "某23 2020" in words(figure)
    assert colliding_words(figure) == []


@pytest.mark.parametrize("width_mm", [look.SINGLE_MM, look.DOUBLE_MM])
def test_of_more_names_than_fit_those_with_most_in_common_are_written_at_their_rows(width_mm: float) -> None:
    figure = at(width_mm, draw_similarity_matrix, many_directions(90))
    large = figure.axes[0]
    named = [text.get_text() for text in large.texts if getattr(text, "arrow_patch", None) is not None]
    assert 5 < len(named) < 90
    assert {"某89 2020", "某88 2020", "某87 2020"} <= set(named)
    assert colliding_words(figure) == cut_words(figure) == []


@pytest.mark.parametrize("width_mm", [look.SINGLE_MM, look.DOUBLE_MM])
def test_of_more_reports_than_fit_those_most_alike_are_drawn(width_mm: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.publishing.figures.texts.pairs_of_reports.MOST_REPORTS", 20)
    directions = many_directions(30)
    directions.loc[(directions["report_id"] == "r3") & (directions["other_id"] == "r7"), "resemblance"] = 0.4
    directions.loc[(directions["report_id"] == "r7") & (directions["other_id"] == "r3"), "resemblance"] = 0.4
    shown = words(at(width_mm, draw_similarity_matrix, directions))
    assert {"20 of 30 reports", "某3 2020"} <= set(shown)
    assert "某25 2020" not in shown


def test_shared_passages_have_a_band_and_two_marks_each(bundled: Reports, passages: pd.DataFrame) -> None:
    places = locate_reuse(bundled, passages)
    figure = draw_shared_passages(places)
    (axes,) = figure.axes
    bands = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    marks = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    n_pairs = 7
    longest = places.groupby(["report_a", "report_b"])["matched_chars"].max().nlargest(n_pairs)
    places = places[pd.MultiIndex.from_frame(places[["report_a", "report_b"]]).isin(longest.index)]
    assert len(bands) == len(places) == 20
    assert len(marks) == 2 * (len(places) + n_pairs)
    drawn = sorted(to_hex(band.get_facecolor()) for band in bands)
    assert drawn == sorted(to_hex(KIND_COLOURS[kind]) for kind in places["kind"])
    shown = words(figure)
    assert any(line.startswith("34 characters: 学习宣传宪法") for line in shown)
    assert [label.get_text() for label in axes.get_yticklabels()][:4] == [
        "龙岗 2020",
        "沂源 2022",
        "枣庄 2019",
        "沂源 2022",
    ]


def test_marks_stand_where_the_passages_stand(bundled: Reports, passages: pd.DataFrame) -> None:
    places = locate_reuse(bundled, passages.nlargest(1, "matched_chars"))
    (axes,) = draw_shared_passages(places).axes
    place = places.iloc[0]
    lengths = [len(place["text_a"]), len(place["text_b"])]
    marks = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_width() in lengths]
    assert [mark.get_x() for mark in marks] == [place["begins_chars_a"], place["begins_chars_b"]]


def test_shared_passages_of_many_pairs_fit_on_a_page(bundled: Reports, passages: pd.DataFrame) -> None:
    place = locate_reuse(bundled, passages).iloc[[3]]
    pairs = list(combinations(range(20), 2))
    places = pd.concat(
        [place.assign(report_a=f"r{a}", report_b=f"r{b}", label_a=f"很长的名字 {a}" * 5) for a, b in pairs]
    )
    figure = draw_shared_passages(places)
    words(figure)
    assert len(figure.axes[0].get_yticks()) == 14


def test_lengths_have_a_dot_for_each_length_of_a_pair(bundled: Reports) -> None:
    lengths = tabulate_lengths(bundled)
    figure = draw_passage_lengths(lengths, threshold=12)
    (axes,) = figure.axes
    (dots,) = [artist for artist in axes.collections if isinstance(artist, PathCollection)]
    places, colours = [tuple(place) for place in dots.get_offsets().tolist()], map(to_hex, dots.get_facecolor())
    assert len(set(places)) == len(places) == len(lengths)
    is_long = [length >= 12 for length, _ in places]
    assert [colour == style.COLOURS["shared"] for colour in colours] == is_long
    assert len({int(1000 * size) for size in dots.get_sizes()}) == lengths["n_wordings"].nunique()
    shown = words(figure)
    assert shown.index("枣庄 2019 – 沂源 2022") < shown.index("秦安 2020 – 沂源 2022")
    assert {"12", "30", "18"} <= set(shown)


def test_lengths_of_many_pairs_show_the_longest(bundled: Reports) -> None:
    length = tabulate_lengths(bundled).iloc[[0]]
    rows = [
        length.assign(report_a=f"r{a}", report_b=f"r{b}", label_a=f"r{a}", label_b=f"r{b}", length_chars=6 + a * b)
        for a, b in combinations(range(40), 2)
    ]
    figure = draw_passage_lengths(pd.concat(rows).assign(n_wordings=5000))
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(names) == 16
    assert names[0] == "r38 – r39"
    words(figure)


@pytest.mark.parametrize("width_mm", [look.SINGLE_MM, look.DOUBLE_MM])
def test_dots_and_their_numbers_keep_clear_of_the_ends_and_of_each_other(bundled: Reports, width_mm: float) -> None:
    length = tabulate_lengths(bundled).iloc[[0]]
    rows = [length.assign(length_chars=chars, n_wordings=1 + 97 % chars) for chars in [*range(6, 40), 258]]
    figure = at(width_mm, draw_passage_lengths, pd.concat(rows))
    (axes,) = figure.axes
    assert colliding_words(figure) == []
    assert cut_words(figure) == []
    dots = axes.collections[0]
    radii = dots.get_sizes() ** 0.5 / 2 / 72 * figure.dpi
    xs = axes.transData.transform(dots.get_offsets())[:, 0]
    assert axes.bbox.x0 <= min(xs - radii) and max(xs + radii) <= axes.bbox.x1
    assert {"12", "200"} <= {label.get_text() for label in axes.get_xticklabels()}


def test_the_quoted_passage_has_an_edge(bundled: Reports, passages: pd.DataFrame) -> None:
    place = locate_reuse(bundled, passages.nlargest(1, "matched_chars"))
    (axes,) = draw_shared_passages(place).axes
    (edge,) = axes.lines
    begin = place["begins_chars_a"].iloc[0]
    assert list(edge.get_xdata()) == [begin, begin + len(place["text_a"].iloc[0])]


def test_alignment_sets_every_character_and_tints_what_is_the_same(law: pd.DataFrame, law_figure: Figure) -> None:
    stretches, figure = law, law_figure
    shown = words(figure)
    characters = "".join(stretches["text_a"]) + "".join(stretches["text_b"])
    assert sorted(text for text in shown if len(text) == 1) == sorted(characters)
    assert {"枣庄 2019", "沂源 2022", "1551", "394"} <= set(shown)
    (axes,) = figure.axes
    same = stretches.loc[stretches["agreement"] == "same", "text_a"]
    assert len(axes.patches) == same.str.len().sum()
    # The comma behind 法律 has half width in one file and full width in the other: underlined in both.
    assert len(axes.lines) == 2


def test_alignment_gives_the_place_of_each_line(bundled: Reports, law_figure: Figure) -> None:
    figure = law_figure
    numbers = [text for text in figure.axes[0].texts if text.get_text().isdigit()]
    lines = {round(number.get_position()[1], 3): int(number.get_text()) for number in numbers}
    zaozhuang, yiyuan = bundled["zaozhuang-2019"].raw, bundled["yiyuan-2022"].raw
    for height, start in lines.items():
        line = [text for text in figure.axes[0].texts if len(text.get_text()) == 1]
        first = min(
            (text for text in line if round(text.get_position()[1], 3) == height), key=lambda t: t.get_position()
        )
        assert first.get_text() in (zaozhuang[start], yiyuan[start])
    assert len(lines) == 6


def test_long_names_leave_room_for_the_place_of_the_line(bundled: Reports, passages: pd.DataFrame) -> None:
    stretches = align_sentences(bundled, passages.nlargest(1, "matched_chars"))
    stretches = stretches.assign(label_b="黔西南布依族苗族自治州 2023", start_b=stretches["start_b"] + 10_000)
    figure = draw_alignment(stretches)
    figure.draw_without_rendering()
    boxes = {text.get_text(): text.get_window_extent() for text in figure.axes[0].texts}
    assert boxes["黔西南… 2023"].x1 < boxes["11411"].x0


def test_long_alignments_are_cut_at_the_page() -> None:
    reports = make_reports("统筹推进" * 420, "统筹推进" * 420)
    stretches = align_sentences(reports, corpus.find_reuse(reports).nlargest(1, "matched_chars"), margin_chars=0)
    figure = draw_alignment(stretches)
    words(figure)
    assert figure.get_size_inches()[1] * style.MM_PER_INCH > 150


def test_long_names_keep_their_year_and_the_words_beside_them_their_place(
    bundled: Reports, passages: pd.DataFrame, directions: pd.DataFrame
) -> None:
    long = {"沂源 2022": "双江拉祜族佤族布朗族傣族自治县 2022", "枣庄 2019": "黔西南布依族苗族自治州 2019"}
    for figure in (
        at(89, draw_similarity_matrix, directions.replace(long)),
        at(89, draw_shared_passages, locate_reuse(bundled, passages).replace(long)),
        at(89, draw_passage_lengths, tabulate_lengths(bundled).replace(long)),
    ):
        assert any("双江" in line and "… 2022" in line for line in words(figure))
        assert colliding_words(figure) == []


THRESHOLDS = pd.DataFrame(
    [(6, 0.8, 1.0, 0.99), (12, 0.96, 1.0, 0.98), (40, 1.0, 0.8, float("nan"))],
    columns=["min_chars", "share_one_origin", "coverage_verbatim", "coverage_edited"],
)


@pytest.mark.parametrize("width_mm", [look.SINGLE_MM, look.DOUBLE_MM])
def test_curves_of_the_least_length_leave_room_for_their_names(width_mm: float) -> None:
    figure = at(width_mm, draw_thresholds, THRESHOLDS, marked=12)
    assert colliding_words(figure) == cut_words(figure) == []


def test_thresholds_name_their_lines_at_the_last_value_known() -> None:
    figure = draw_thresholds(THRESHOLDS, marked=12)
    said = words(figure)
    assert {"of one origin", "12, the default", "coverage, the same\nword for word"} <= set(said)
    edited = next(text for text in figure.axes[0].texts if text.get_text().startswith("coverage, one"))
    assert edited.xy == (12, 0.98)  # type: ignore[attr-defined]


def test_the_longest_stretch_without_an_edit_may_lie_within_a_passage_with_edits() -> None:
    same = "在全市推行行政执法公示制度执法全过程记录制度和重大执法决定法制审核制度"
    whole = "组织干部职工认真学习宪法和民法典相关知识"
    one = make_reports(
        f"{same}并加强监督检查确保落实到位。另外{whole}。", f"{same}并强化监督检查确保落实到位。此外还{whole}。"
    )
    assert f"agree in {len(same) + 1} characters in a row" in repr(corpus.figures.longest_passage(one))


def test_of_several_years_of_an_issuer_the_longest_passage_between_two_issuers_is_told_too() -> None:
    own, common = "本局全年开展执法检查一百二十次办结案件三十六件", "深入学习贯彻习近平法治思想和中央决策部署"
    texts = {"甲": f"{own}。{common}。", "乙": f"{own}。现在{common}。", "丙": f"我们{common}。"}
    issuers = ("甲局", "甲局", "乙局")
    pairs = zip(texts.items(), issuers, strict=True)
    reports = Reports(tuple(make_report(name, text, issuer=issuer) for (name, text), issuer in pairs))
    told = repr(corpus.figures.shared_passages(reports))
    assert (
        f"agrees in {len(own + common)} characters" in told
        and f"Between two issuers the longest has {len(common)}" in told
    )
