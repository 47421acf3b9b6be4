"""Where the passages that reports share stand in each of them, and how long they are."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from operator import itemgetter
from typing import Any, Final, Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import NullLocator, StrMethodFormatter

from corpus.analysis.comparison.shared_passages import find_reuse, locate_reuse, tabulate_lengths
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, INK, MUTED, SIZES, ink_on, new_figure
from corpus.report.reports import Reports

KIND_COLOURS: Final[Mapping[str, str]] = {
    "running text": COLOURS["shared"],
    "set phrase": COLOURS["formula"],
    "heading": COLOURS["skeleton"],
    "title": "#33383f",
}
"""Where a shared passage stands, by the names in ``corpus.analysis.reuse.passage_kinds.KINDS``."""

# Around a passage: the colour of the skeleton alone is too pale for a thin mark on white.
_KIND_EDGES: Final[Mapping[str, str]] = {**KIND_COLOURS, "heading": "#8f976b"}
_KIND_WORDS: Final[Mapping[str, Bilingual]] = {
    "running text": Bilingual("in running text", "在行文中"),
    "set phrase": Bilingual("a set phrase that many issuers have", "多家机关共有的套话"),
    "heading": Bilingual("in a heading of one of the two, or of both", "在一方或双方的标题中"),
    "title": Bilingual("in the names of laws and plans, inside 《》", "在法律法规和规划的名称中（《》内）"),
}
_QUOTED_EMS = 24.0
_MOST_PAIRS = 7
_PAIR_MM = 18.0
_STRIP = 0.1
_NAME_EMS = 10.0
_QUOTE_EMS = 46.0


def shared_passages(
    reports: Reports, passages: pd.DataFrame | None = None, *, min_chars: int = 12, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw the pairs of reports with the longest shared passages, as two strips with bands between them.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame, optional
        As `corpus.find_reuse` returns it with ``min_chars``; made here if not given.
    min_chars : int
        Key characters in a row from which a passage counts, or twice as many across small edits.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a passage.
    """
    if len(reports) < 2:
        return no_figure("shared-passages", "no-pair", **shown)
    found = find_reuse(reports, min_chars=min_chars) if passages is None else passages
    if found.empty:
        return no_figure("shared-passages", "nothing-shared", min_chars=min_chars, **shown)
    places = locate_reuse(reports, found)
    n_pairs = len(reports) * (len(reports) - 1) // 2
    counts = {"n_pairs": n_pairs, "n_sharing": len(places[["report_a", "report_b"]].drop_duplicates())}
    return series_figure(
        "shared-passages",
        reports,
        draw_shared_passages,
        places,
        **shown,
        finding=_tell_shared(places, counts),
        parameters={"min_chars": min_chars},
        n_passages=len(places),
        twice_min_chars=2 * min_chars,
        **counts,
    )


def _tell_shared(places: pd.DataFrame, counts: Mapping[str, int]) -> Bilingual:
    longest = places.nlargest(1, "matched_chars").iloc[0]
    by_pair = places.groupby(["report_a", "report_b", "label_a", "label_b"], sort=False).size()
    most = by_pair[by_pair == by_pair.max()]
    has_most = len(most) == 1 and len(by_pair) > 1
    (*_, a, b), n = most.index[0], most.iloc[0]
    return tell(
        "shared-passages",
        "finding",
        a=longest["label_a"],
        b=longest["label_b"],
        chars=longest["matched_chars"],
        quoted=fitting.shorten("".join(longest["text_a"].split()), _QUOTED_EMS),
        most=tell("shared-passages", "most", a=a, b=b, n=n) if has_most else "",
        **counts,
    )


def draw_shared_passages(places: pd.DataFrame) -> Figure:
    """Draw pairs of reports as two strips in reading order, with a band from each shared passage to its counterpart.

    All strips have one scale, in characters. Bands that cross join passages that stand in another order. The longest
    passage of each pair is quoted with its length in key characters. The pairs with the longest passages are drawn, at
    most seven.
    """
    width_mm = figure_width()
    is_narrow = width_mm < fitting.NARROW_MM
    longest = places.groupby(["report_a", "report_b"], sort=False)["matched_chars"].max()
    pairs = longest.sort_values(ascending=False, kind="stable").index[:_MOST_PAIRS]
    height_mm = (27 if is_narrow else 19) + _PAIR_MM * len(pairs)
    with new_figure(width_mm=width_mm, height_mm=height_mm) as figure:
        axes = figure.subplots()
        end = int(places[["body_chars_a", "body_chars_b"]].to_numpy().max())
        names = {label: fitting.shorten_name(label, _NAME_EMS) for label in {*places["label_a"], *places["label_b"]}}
        # Beside the names stand the pads of the axis, and what it is longer than the longest body.
        room_mm = width_mm - fitting.em_mm("label") * fitting.widest_ems(names.values()) - 6.2
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
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        keys = [
            Patch(facecolor=colour, edgecolor=_KIND_EDGES[kind], label=str(_KIND_WORDS[kind]))
            for kind, colour in KIND_COLOURS.items()
            if kind in set(places["kind"])
        ]
        n_columns = 1 if is_narrow else len(keys)
        figure.legend(handles=keys, loc="outside upper left", ncols=n_columns, columnspacing=1.6, handleheight=0.7)
    return figure


def _draw_pair(axes: Axes, passages: list[dict[Any, Any]], upper: float, lower: float) -> None:
    for side, place in (("a", upper), ("b", lower)):
        length = passages[0][f"body_chars_{side}"]
        axes.add_patch(Rectangle((0, place - _STRIP / 2), length, _STRIP, facecolor="#eceef0"))
    for passage in sorted(passages, key=itemgetter("matched_chars")):
        colour, edge = KIND_COLOURS[passage["kind"]], _KIND_EDGES[passage["kind"]]
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
    n_ems = room_mm / fitting.em_mm("note")
    head = both(f"{number} characters: ", f"{number} 字：")
    quoted = fitting.shorten(" ".join(passage["text_a"].split()), min(_QUOTE_EMS, n_ems - fitting.count_ems(head) - 1))
    has_room = fitting.count_ems(head + quoted) < n_ems * (1 - begin / end)
    at = (begin if has_room else end, place)
    fitting.note(axes, head + quoted, at, (0, 2.5), ha="left" if has_room else "right", va="baseline")
    axes.plot([begin, begin + len(passage["text_a"])], [place, place], color=INK, linewidth=1.2, solid_capstyle="butt")


def _label_rows(axes: Axes) -> None:
    axes.tick_params(axis="y", length=0, labelsize=SIZES["label"])
    axes.spines["left"].set_visible(False)


_TICK_LENGTHS = (4, 5, 6, 7, 8, 10, 12, 16, 20, 25, 30, 40, 60, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10000)
_MOST_ROWS = 16
_ROW_MM = 6.6
_DOT_MM = 1.6
_PAIR_EMS = 20.0
_PAIR_SHARE = 0.4  # of a narrow figure
_TOO_SHORT = "#c3c8cf"


def passage_lengths(
    reports: Reports,
    lengths: pd.DataFrame | None = None,
    *,
    min_chars: int = 12,
    least_chars: int = 6,
    **shown: Unpack[Shown],
) -> FigureToCite | NoFigure:
    """Draw the stretches that each pair shares without an edit, by length: what another threshold would find.

    Parameters
    ----------
    reports : Reports
    lengths : DataFrame, optional
        From `corpus.analysis.comparison.shared_passages.tabulate_lengths` with ``least_chars``; made here if not given.
    min_chars : int
        The threshold that is marked.
    least_chars : int
        Shorter stretches are not counted.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a stretch.
    """
    if len(reports) < 2:
        return no_figure("passage-lengths", "no-pair", **shown)
    table = tabulate_lengths(reports, min_chars=least_chars) if lengths is None else lengths
    if table.empty:
        return no_figure("passage-lengths", "nothing-shared", min_chars=least_chars, **shown)
    return series_figure(
        "passage-lengths",
        reports,
        partial(draw_passage_lengths, threshold=min_chars),
        table,
        **shown,
        parameters={"min_chars": min_chars, "least_chars": least_chars},
        n_pairs=len(reports) * (len(reports) - 1) // 2,
    )


def draw_passage_lengths(lengths: pd.DataFrame, *, threshold: int = 12) -> Figure:
    """Draw the different passages that each pair shares as dots by length; a dot's area is how many have that length.

    The pairs with the longest passages are drawn, at most sixteen. The scale of length is logarithmic; a line stands
    before the threshold.
    """
    width_mm = figure_width()
    pairs = lengths.groupby(["report_a", "report_b"], sort=False).agg(
        longest=("length_chars", "max"), n=("n_wordings", "sum"), a=("label_a", "first"), b=("label_b", "first")
    )
    pairs = pairs.sort_values(["longest", "n"], ascending=False, kind="stable").iloc[:_MOST_ROWS]
    rows = {pair: number for number, pair in enumerate(pairs.index)}
    dots = [dot for dot in lengths.to_dict("records") if (dot["report_a"], dot["report_b"]) in rows]
    most = max(dot["n_wordings"] for dot in dots)
    n_ems = min(_PAIR_EMS, _PAIR_SHARE * width_mm / fitting.em_mm("label"))
    halves = [[fitting.shorten_name(label, (n_ems - 2) / 2) for label in pairs[side]] for side in "ab"]
    names = [f"{a} – {b}" for a, b in zip(*halves, strict=True)]
    # The largest dot has room at the ends of the axis.
    unit_mm, room_mm = (
        min(_DOT_MM, _ROW_MM / most**0.5),
        width_mm - fitting.em_mm("label") * fitting.widest_ems(names) - 4,
    )
    lengths_drawn = [int(dot["length_chars"]) for dot in dots]
    lowest, highest, margin_mm = min(lengths_drawn), max(threshold, *lengths_drawn), unit_mm * most**0.5 / 2 + 0.8
    margin = math.exp(max(math.log(highest / lowest), 0.1) * margin_mm / (room_mm - 2 * margin_mm))
    limits = lowest / margin, highest * margin

    def place_mm(length: int) -> float:
        """Return how far from the left end a length stands."""
        return room_mm * math.log(length / limits[0]) / math.log(limits[1] / limits[0])

    with new_figure(width_mm=width_mm, height_mm=14 + _ROW_MM * len(rows)) as figure:
        axes = figure.subplots()
        axes.axvline(threshold - 0.5, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        words = both(f"{threshold} characters and more", f"{threshold} 字及以上")
        # Where all are longer the line is not to be seen, nor these words.
        fitting.note(axes, words, (threshold - 0.5, -0.6), (3, 0), va="bottom", color=MUTED, annotation_clip=None)
        for (report_a, report_b), row in rows.items():
            of_pair = lengths[(lengths["report_a"] == report_a) & (lengths["report_b"] == report_b)]
            numbers = dict(zip(of_pair["length_chars"].tolist(), of_pair["n_wordings"].tolist(), strict=True))
            _draw_dots(axes, row, numbers, place_mm, threshold=threshold, unit_mm=unit_mm)
        axes.set_xscale("log")
        axes.set_xlim(limits)
        axes.set_xticks(_choose_ticks(place_mm, lowest, highest, threshold))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        clauses = (
            both("length of the passage,", "文段长度，"),
            both("key characters (logarithmic)", "匹配字符数（对数刻度）"),
        )
        lines = fitting.fold_words(clauses, room_mm / fitting.em_mm("label"), between=both(" ", ""))
        axes.set_xlabel("\n".join(lines))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_yticks(range(len(rows)), names)
        _label_rows(axes)
        axes.grid(axis="y")
    return figure


def _choose_ticks(place_mm: Callable[[int], float], lowest: int, highest: int, threshold: int) -> list[int]:
    """Return the threshold, the highest length, and of round lengths those that stand clear of the ones before."""
    named: dict[int, float] = {}
    for length in (threshold, highest, *_TICK_LENGTHS):
        half_mm = fitting.em_mm("tick") / 2 * fitting.count_ems(f"{length:,}")
        clear = (abs(place_mm(length) - place_mm(other)) > half_mm + half + 0.8 for other, half in named.items())
        if lowest <= length <= highest and all(clear):
            named[length] = half_mm
    return sorted(named)


def _draw_dots(
    axes: Axes,
    row: int,
    numbers: Mapping[int, int],
    place_mm: Callable[[int], float],
    *,
    threshold: int,
    unit_mm: float,
) -> None:
    """Draw the lengths of a pair, the largest dot first, with its number where this has room and is not covered."""
    for length, number in sorted(numbers.items(), key=lambda dot: (-dot[1], dot[0])):
        colour = COLOURS["shared"] if length >= threshold else _TOO_SHORT
        points = unit_mm * math.sqrt(number) * fitting.POINTS_PER_MM
        axes.scatter(length, row, s=points**2, color=colour, edgecolors="white", linewidths=0.3, zorder=2)
        words = str(number)
        fits = points > SIZES["note"] * math.hypot(0.55 * len(words), 0.73) + 0.5
        reach_mm = fitting.em_mm("note") * 0.28 * len(words)
        gaps = (
            abs(place_mm(length) - place_mm(other)) - unit_mm * math.sqrt(n) / 2
            for other, n in numbers.items()
            if other != length
        )
        if number > 1 and fits and all(gap > reach_mm for gap in gaps):
            fitting.note(axes, words, (length, row), ha="center", va="center_baseline", color=ink_on(colour))
