"""How alike reports are, and where the passages that they share stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import FuncFormatter, NullLocator

from corpus.publishing.figures.fitting import count_ems, em_mm, fold_words, shorten, shorten_name, widest_ems
from corpus.publishing.figures.look import Bilingual, Profile, both, figure_width
from corpus.publishing.figures.style import COLOURS, INK, MM_PER_INCH, MUTED, SIZES, ink_on, new_figure
from corpus.publishing.figures.texts.matrices import Matrix, draw_numbered_matrices, draw_ordered_matrices

_UNIT = Bilingual("key characters (logarithmic)", "匹配字符数（对数刻度）")
_LENGTHS = (4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 60, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000)


class LengthScale(NamedTuple):
    """An axis of lengths: the shortest and the longest, its ends, how wide it and the dot of one passage are."""

    lowest: int
    highest: int
    left: float
    right: float
    width_mm: float
    unit_mm: float

    def place_mm(self, length: float) -> float:
        """Return how far from the left end a length stands."""
        return self.width_mm * (math.log(length / self.left) / math.log(self.right / self.left))

    def radius_mm(self, number: int) -> float:
        """Return the radius of the dot of so many passages."""
        return self.unit_mm * math.sqrt(number) / 2


def scale_lengths(dots: Sequence[Mapping[Any, Any]], threshold: int, unit_mm: float, *, room_mm: float) -> LengthScale:
    """Return an axis that has room for the largest dot at its ends."""
    lowest = min(int(dot["length_chars"]) for dot in dots)
    highest = max(threshold, *(int(dot["length_chars"]) for dot in dots))
    margin_mm = unit_mm * max(dot["n_wordings"] for dot in dots) ** 0.5 / 2 + 0.8
    margin = math.exp(max(math.log(highest / lowest), 0.1) * margin_mm / (room_mm - 2 * margin_mm))
    return LengthScale(lowest, highest, lowest / margin, highest * margin, room_mm, unit_mm)


def label_lengths(axes: Axes, threshold: int, scale: LengthScale) -> None:
    """Name the threshold, the highest length, and of round lengths those that stand clear of the ones before."""
    named: list[int] = []
    for length in (threshold, scale.highest, *_LENGTHS):
        half_mm = em_mm(SIZES["tick"]) * count_ems(f"{length:,}") / 2
        if scale.lowest <= length <= scale.highest and all(
            abs(scale.place_mm(length) - scale.place_mm(other))
            > half_mm + em_mm(SIZES["tick"]) * count_ems(f"{other:,}") / 2 + 0.8
            for other in named
        ):
            named.append(length)
    axes.set_xscale("log")
    axes.set_xlim(scale.left, scale.right)
    axes.set_xticks(sorted(named))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    clauses = (Bilingual("length of the passage,", "文段长度，"), _UNIT)
    room = scale.width_mm / em_mm(SIZES["label"])
    axes.set_xlabel("\n".join(fold_words([str(clause) for clause in clauses], room, between=both(" ", ""))))


KIND_COLOURS: Final[Mapping[str, str]] = {
    "running text": COLOURS["shared"],
    "set phrase": COLOURS["formula"],
    "heading": COLOURS["skeleton"],
    "title": "#33383f",
}
"""Where a shared passage stands, by the names in ``corpus.analysis.reuse.base_rates.KINDS``."""

KIND_EDGES: Final[Mapping[str, str]] = {**KIND_COLOURS, "heading": "#8f976b"}
"""What is drawn around a passage: the colour of the skeleton alone is too pale for a thin mark on white."""

NO_PAIR: Final = Bilingual("There is no pair of reports to compare.", "没有两份可以比较的报告。")
NOTHING_SHARED: Final = Bilingual("No two of these reports share a passage.", "这些报告中没有两份有共享文段。")
_MATRICES: Final[Mapping[Matrix, str]] = {
    Matrix(
        "containment",
        100,
        100,
        Bilingual("Containment, %", "包含度（%）"),
        Bilingual("of the row's n-grams, % that the column has", "行报告的字串中，列报告也有的占比"),
    ): ".1f",
    Matrix(
        "cosine_tfidf",
        1,
        1,
        Bilingual("Cosine of words, TF-IDF", "词的余弦（TF-IDF）"),
        Bilingual("0 to 1, the same in both directions", "0 至 1，两个方向相同"),
    ): ".2f",
    Matrix(
        "longest_chars",
        1,
        math.inf,
        Bilingual("Longest shared passage", "最长共享文段"),
        Bilingual("key characters; 0: none was found", "匹配字符数；0 为没有"),
    ): ".0f",
}
_NARROW_MM = 120

_MOST_PAIRS = 7
_PAIR_MM = 18.0
_STRIP = 0.1
_NAME_EMS = 10.0
_QUOTE_EMS = 46.0
KIND_WORDS: Final[Mapping[str, Bilingual]] = {
    "running text": Bilingual("in running text", "在行文中"),
    "set phrase": Bilingual("a set phrase that many issuers have", "多家机关共有的套话"),
    "heading": Bilingual("in a heading of one of the two, or of both", "在一方或双方的标题中"),
    "title": Bilingual("in the names of laws and plans, inside 《》", "在法律法规和规划的名称中（《》内）"),
}

_MOST_ROWS = 16
_ROW_MM = 6.6
_DOT_MM = 1.6
_PAIR_EMS = 20.0
_PAIR_SHARE = 0.4  # of a narrow figure
_TOO_SHORT = "#c3c8cf"


def draw_similarity_matrix(
    directions: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw three measures of all pairs as matrices.

    Few reports stand in the order of the table, with the values in the cells and the highest framed: up to nine in
    183 mm, up to six in 89, fewer where their names are long. Containment has a direction and fills its matrix: the
    report of the row is held against that of the column. The symmetric measures fill the half below the diagonal.
    Shades are for comparison inside one matrix: they run up to twice its highest value, or to the end of the measure's
    range if that is less.

    More reports stand in the order of a dendrogram, which is drawn over the matrix of containment; see
    `corpus.publishing.figures.texts.matrices.draw_ordered_matrices`. At most 200 are drawn, those most like some other.

    Parameters
    ----------
    directions : DataFrame
        From `corpus.analysis.comparison.clustering.tabulate_directions`. A measure without values is left out.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    matrices = [matrix for matrix in _MATRICES if directions[matrix.measure].notna().any()]
    if not matrices:
        return say_so(NO_PAIR, width_mm=width_mm, profile=profile)
    numbers = {matrix: _MATRICES[matrix] for matrix in matrices}
    numbered = draw_numbered_matrices(directions, numbers, width_mm=width_mm, profile=profile)
    return numbered or draw_ordered_matrices(directions, matrices, width_mm=width_mm, profile=profile)


def draw_shared_passages(
    places: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw pairs of reports as two strips in reading order, with a band from each shared passage to its counterpart.

    All strips have one scale, in characters. Bands that cross join passages that stand in another order. The longest
    passage of each pair is quoted with its length in key characters. The pairs with the longest passages are drawn, at
    most seven.

    Parameters
    ----------
    places : DataFrame
        From `corpus.analysis.comparison.shared_passages.locate_reuse`.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if places.empty:
        return say_so(NOTHING_SHARED, width_mm=width_mm, profile=profile)
    longest = places.groupby(["report_a", "report_b"], sort=False)["matched_chars"].max()
    pairs = longest.sort_values(ascending=False, kind="stable").index[:_MOST_PAIRS]
    height_mm = (27 if width_mm < _NARROW_MM else 19) + _PAIR_MM * len(pairs)
    with new_figure(width_mm=width_mm, height_mm=height_mm, profile=profile) as figure:
        axes = figure.subplots()
        end = int(places[["body_chars_a", "body_chars_b"]].to_numpy().max())
        names = {label: shorten_name(label, _NAME_EMS) for label in {*places["label_a"], *places["label_b"]}}
        # Beside the names stand the pads of the axis, and what it is longer than the longest body.
        room_mm = width_mm - em_mm(SIZES["label"]) * widest_ems(list(names.values())) - 6.2
        ticks: dict[float, str] = {}
        for number, (report_a, report_b) in enumerate(pairs):
            of_pair = places[(places["report_a"] == report_a) & (places["report_b"] == report_b)]
            upper, lower = number + 0.28, number + 0.78
            _draw_pair(axes, of_pair.to_dict("records"), upper, lower)
            longest_of_pair = of_pair.loc[of_pair["matched_chars"].idxmax()].to_dict()
            _quote(axes, longest_of_pair, upper - _STRIP / 2, end=end, room_mm=room_mm)
            ticks |= {upper: of_pair["label_a"].iloc[0], lower: of_pair["label_b"].iloc[0]}
        axes.set(xlim=(0, 1.01 * end), ylim=(len(pairs) - 0.1, 0))
        axes.set_xlabel(both("characters from the beginning of the body", "自正文开头起的字符数"))
        axes.set_yticks(list(ticks), [names[label] for label in ticks.values()])
        _label_rows(axes)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        kinds = [kind for kind in KIND_COLOURS if kind in set(places["kind"])]
        keys = [
            Patch(facecolor=KIND_COLOURS[kind], edgecolor=KIND_EDGES[kind], label=str(KIND_WORDS[kind]))
            for kind in kinds
        ]
        n_columns = 1 if width_mm < _NARROW_MM else len(keys)
        figure.legend(handles=keys, loc="outside upper left", ncols=n_columns, columnspacing=1.6, handleheight=0.7)
    return figure


def _draw_pair(axes: Axes, passages: list[dict[Any, Any]], upper: float, lower: float) -> None:
    for side, place in (("a", upper), ("b", lower)):
        length = passages[0][f"body_chars_{side}"]
        axes.add_patch(Rectangle((0, place - _STRIP / 2), length, _STRIP, facecolor="#eceef0"))
    for passage in sorted(passages, key=itemgetter("matched_chars")):
        colour, edge = KIND_COLOURS[passage["kind"]], KIND_EDGES[passage["kind"]]
        ends = []
        for side, place in (("a", upper), ("b", lower)):
            begin, length = passage[f"begins_chars_{side}"], len(passage[f"text_{side}"])
            mark = Rectangle((begin, place - _STRIP / 2), length, _STRIP, facecolor=colour, edgecolor=edge)
            axes.add_patch(mark)
            ends.append((begin, begin + length))
        band = _band(*ends, top=upper + _STRIP / 2, bottom=lower - _STRIP / 2)
        axes.add_patch(PathPatch(band, facecolor=colour, edgecolor=edge, linewidth=0.4, alpha=0.55))


def _band(one: tuple[float, float], other: tuple[float, float], *, top: float, bottom: float) -> Path:
    middle = (top + bottom) / 2
    (a, b), (c, d) = one, other
    down = [(a, top), (a, middle), (c, middle), (c, bottom)]
    up = [(d, bottom), (d, middle), (b, middle), (b, top)]
    curve = [Path.CURVE4] * 3
    return Path([*down, *up, (a, top)], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _quote(axes: Axes, passage: Mapping[Any, Any], place: float, *, end: int, room_mm: float) -> None:
    """Quote a passage over the upper strip, beginning above its mark where there is room, and give the mark an edge."""
    begin, number = passage["begins_chars_a"], passage["matched_chars"]
    n_ems = room_mm / em_mm(SIZES["note"])
    head = both(f"{number} characters: ", f"{number} 字：")
    quoted = shorten(" ".join(passage["text_a"].split()), min(_QUOTE_EMS, n_ems - count_ems(head) - 1))
    has_room = count_ems(head + quoted) < n_ems * (1 - begin / end)
    axes.annotate(
        head + quoted,
        (begin if has_room else end, place),
        xytext=(0, 2.5),
        textcoords="offset points",
        ha="left" if has_room else "right",
        fontsize=SIZES["note"],
    )
    axes.plot([begin, begin + len(passage["text_a"])], [place, place], color=INK, linewidth=1.2, solid_capstyle="butt")


def draw_passage_lengths(
    lengths: pd.DataFrame, *, threshold: int = 12, width_mm: float | None = None, profile: Profile | None = None
) -> Figure:
    """Draw the different passages that each pair shares as dots by length; a dot's area is how many have that length.

    The pairs with the longest passages are drawn, at most sixteen. The scale of length is logarithmic.

    Parameters
    ----------
    lengths : DataFrame
        From `corpus.analysis.comparison.shared_passages.tabulate_lengths`.
    threshold : int
        Key characters from which a passage counts in the other figures; a line stands before it.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    if lengths.empty:
        return say_so(NOTHING_SHARED, width_mm=width_mm, profile=profile)
    pairs = lengths.groupby(["report_a", "report_b"], sort=False).agg(
        longest=("length_chars", "max"), n=("n_wordings", "sum"), a=("label_a", "first"), b=("label_b", "first")
    )
    pairs = pairs.sort_values(["longest", "n"], ascending=False, kind="stable").iloc[:_MOST_ROWS]
    rows = {pair: number for number, pair in enumerate(pairs.index)}
    dots = [dot for dot in lengths.to_dict("records") if (dot["report_a"], dot["report_b"]) in rows]
    unit_mm = min(_DOT_MM, _ROW_MM / max(dot["n_wordings"] for dot in dots) ** 0.5)
    n_ems = min(_PAIR_EMS, _PAIR_SHARE * width_mm / em_mm(SIZES["label"]))
    halves = [[shorten_name(label, (n_ems - 2) / 2) for label in pairs[side]] for side in "ab"]
    names = [f"{a} – {b}" for a, b in zip(*halves, strict=True)]
    room_mm = width_mm - em_mm(SIZES["label"]) * widest_ems(names) - 4
    scale = scale_lengths(dots, threshold, unit_mm, room_mm=room_mm)
    with new_figure(width_mm=width_mm, height_mm=14 + _ROW_MM * len(rows), profile=profile) as figure:
        axes = figure.subplots()
        axes.axvline(threshold - 0.5, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        axes.annotate(
            both(f"{threshold} characters and more", f"{threshold} 字及以上"),
            (threshold - 0.5, -0.6),
            xytext=(3, 0),
            textcoords="offset points",
            va="bottom",
            fontsize=SIZES["note"],
            color=MUTED,
        )
        for pair, row in rows.items():
            of_pair = [dot for dot in dots if (dot["report_a"], dot["report_b"]) == pair]
            _draw_dots(axes, row, of_pair, threshold=threshold, scale=scale)
        label_lengths(axes, threshold, scale)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), names)
        _label_rows(axes)
        axes.grid(axis="y")
    return figure


def _draw_dots(axes: Axes, row: int, dots: list[dict[Any, Any]], *, threshold: int, scale: LengthScale) -> None:
    """Draw the lengths of a pair, the largest dot first, with its number where this has room and is not covered."""
    numbers = {int(dot["length_chars"]): int(dot["n_wordings"]) for dot in dots}
    for length, number in sorted(numbers.items(), key=lambda dot: (-dot[1], dot[0])):
        colour = COLOURS["shared"] if length >= threshold else _TOO_SHORT
        points = 2 * scale.radius_mm(number) / MM_PER_INCH * 72
        axes.scatter(length, row, s=points**2, color=colour, edgecolors="white", linewidths=0.3, zorder=2)
        words = str(number)
        fits = points > SIZES["note"] * math.hypot(0.55 * len(words), 0.73) + 0.5
        reach_mm = em_mm(SIZES["note"]) * 0.28 * len(words)
        is_clear = all(
            abs(scale.place_mm(length) - scale.place_mm(other)) > scale.radius_mm(numbers[other]) + reach_mm
            for other in numbers
            if other != length
        )
        if number > 1 and fits and is_clear:
            ink = ink_on(colour)
            axes.text(length, row, words, ha="center", va="center_baseline", fontsize=SIZES["note"], color=ink)


def say_so(sentence: Bilingual, *, width_mm: float, profile: Profile | None) -> Figure:
    """Draw a sentence in the place of a figure that would be empty."""
    with new_figure(width_mm=width_mm, height_mm=15, profile=profile) as figure:
        figure.text(0.5, 0.5, str(sentence), ha="center", va="center")
    return figure


def _label_rows(axes: Axes) -> None:
    axes.tick_params(axis="y", length=0, labelsize=SIZES["label"])
    axes.spines["left"].set_visible(False)
