"""Where the passages that reports share stand in each of them, how long they are, and what another length finds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import MultipleLocator, NullLocator, PercentFormatter, StrMethodFormatter

from corpus.analysis.comparison.shared_passages import find_reuse, locate_reuse, tabulate_lengths
from corpus.analysis.simulation.panel import Panel
from corpus.analysis.validation.passage_scores import score_thresholds
from corpus.publishing.figures import fitting
from corpus.publishing.figures.figure_to_cite import NO_WORDS, FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, INK, MUTED, SIMILARITY, SIZES, ink_on, new_figure
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
    reports: Reports, passages: pd.DataFrame | None = None, *, min_chars: int = 12
) -> FigureToCite | NoFigure:
    """Draw the pairs of reports with the longest shared passages, as two strips with bands between them.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame, optional
        As `corpus.find_reuse` returns it with ``min_chars``; made here if not given.
    min_chars : int
        Key characters in a row from which a passage counts, or twice as many across small edits.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a passage.
    """
    if len(reports) < 2:
        return no_figure("shared-passages", "no-pair")
    found = find_reuse(reports, min_chars=min_chars) if passages is None else passages
    if found.empty:
        return no_figure("shared-passages", "nothing-shared", min_chars=min_chars)
    places = locate_reuse(reports, found)
    n_pairs = len(reports) * (len(reports) - 1) // 2
    counts = {"n_pairs": n_pairs, "n_sharing": len(places[["report_a", "report_b"]].drop_duplicates())}
    return series_figure(
        "shared-passages",
        reports,
        draw_shared_passages,
        places,
        finding=_tell_shared(reports, places, counts),
        parameters={"min_chars": min_chars},
        n_passages=len(places),
        twice_min_chars=2 * min_chars,
        **counts,
    )


def _tell_shared(reports: Reports, places: pd.DataFrame, counts: Mapping[str, int]) -> Bilingual:
    by_pair = places.groupby(["report_a", "report_b", "label_a", "label_b"], sort=False).size()
    most = by_pair[by_pair == by_pair.max()]
    has_most = len(most) == 1 and len(by_pair) > 1
    (*_, a, b), n = most.index[0], most.iloc[0]
    longest = _tell_longest(places)
    issuers = [places[f"report_{side}"].map(lambda report_id: reports[report_id].issuer) for side in "ab"]
    of_others = places[issuers[0] != issuers[1]]
    across = _tell_longest(of_others) if len(of_others) else longest
    return tell(
        "shared-passages",
        "finding",
        **longest,
        most=tell("shared-passages", "most", a=a, b=b, n=n) if has_most else "",
        across=tell("shared-passages", "across", **across) if across != longest else "",
        **counts,
    )


def _tell_longest(places: pd.DataFrame) -> dict[str, Any]:
    longest = places.nlargest(1, "matched_chars").iloc[0]
    quoted = fitting.shorten("".join(longest["text_a"].split()), _QUOTED_EMS)
    return {"a": longest["label_a"], "b": longest["label_b"], "chars": longest["matched_chars"], "quoted": quoted}


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


_MOST_ROWS = 16
_ROW_MM = 6.6
_DOT_MM = 1.6
_LEAST_DOT_MM = 0.7  # smaller ones would not be seen
_PAIR_EMS = 20.0
_PAIR_SHARE = 0.4  # of a narrow figure
_TOO_SHORT = "#c3c8cf"
_TICKS = (10, 20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000)


def passage_lengths(reports: Reports, *, min_chars: int = 12, least_chars: int = 6) -> FigureToCite | NoFigure:
    """Draw the stretches that each pair shares without an edit, by length: what another threshold would find.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        The threshold that is marked.
    least_chars : int
        Shorter stretches are not counted.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no two reports share a stretch.
    """
    if len(reports) < 2:
        return no_figure("passage-lengths", "no-pair")
    table = tabulate_lengths(reports, min_chars=least_chars)
    if table.empty:
        return no_figure("passage-lengths", "nothing-shared", min_chars=least_chars)
    return series_figure(
        "passage-lengths",
        reports,
        partial(draw_passage_lengths, threshold=min_chars),
        table,
        parameters={"min_chars": min_chars, "least_chars": least_chars},
        n_pairs=len(reports) * (len(reports) - 1) // 2,
    )


def draw_passage_lengths(lengths: pd.DataFrame, *, threshold: int = 12) -> Figure:
    """Draw the different passages that each pair shares as dots by length; a dot's area is how many have that length.

    The pairs with the longest passages are drawn, at most sixteen. The scale of length is logarithmic; a line stands
    before the threshold.
    """
    width_mm = figure_width()
    of_pair = lengths.groupby(["report_a", "report_b"], sort=False)
    pairs = of_pair.agg(
        longest=("length_chars", "max"), n=("n_wordings", "sum"), a=("label_a", "first"), b=("label_b", "first")
    )
    pairs = pairs.sort_values(["longest", "n"], ascending=False, kind="stable").head(_MOST_ROWS).reset_index()
    # The largest first, so that none is covered by one.
    dots = lengths.merge(pairs.reset_index(names="row")[["report_a", "report_b", "row"]], on=["report_a", "report_b"])
    unit_mm = min(_DOT_MM, _ROW_MM / dots["n_wordings"].max() ** 0.5)
    dots["wide_mm"] = (unit_mm * dots["n_wordings"] ** 0.5).clip(lower=_LEAST_DOT_MM)
    dots = dots.sort_values(["n_wordings", "length_chars"], ascending=[False, True])
    n_ems = min(_PAIR_EMS, _PAIR_SHARE * width_mm / fitting.em_mm("label"))
    halves = [[fitting.shorten_name(label, (n_ems - 2) / 2) for label in pairs[side]] for side in "ab"]
    names = [f"{a} – {b}" for a, b in zip(*halves, strict=True)]
    room_mm = width_mm - fitting.em_mm("label") * fitting.widest_ems(names) - 4
    lowest, highest = dots["length_chars"].min(), max(threshold, dots["length_chars"].max())
    # The largest dot has room at the ends of the axis.
    margin_mm = dots["wide_mm"].max() / 2 + 0.8
    margin = math.exp(max(math.log(highest / lowest), 0.1) * margin_mm / (room_mm - 2 * margin_mm))
    dots["place_mm"] = room_mm * np.log(dots["length_chars"]) / math.log(highest / lowest * margin**2)
    with new_figure(width_mm=width_mm, height_mm=14 + _ROW_MM * len(pairs)) as figure:
        axes = figure.subplots()
        axes.axvline(threshold - 0.5, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        words = both(f"{threshold} characters and more", f"{threshold} 字及以上")
        # Where all are longer the line is not to be seen, nor these words.
        fitting.note(axes, words, (threshold - 0.5, -0.6), (3, 0), va="bottom", color=MUTED, annotation_clip=None)
        colours = [COLOURS["shared"] if length >= threshold else _TOO_SHORT for length in dots["length_chars"]]
        sizes = (fitting.POINTS_PER_MM * dots["wide_mm"]) ** 2
        look: dict[str, Any] = {"c": colours, "edgecolors": "white", "linewidths": 0.3, "zorder": 2}
        axes.scatter(dots["length_chars"], dots["row"], s=sizes, **look)
        for dot, colour in zip(dots.to_dict("records"), colours, strict=True):
            if dot["n_wordings"] > 1 and _is_free(dot, dots):
                at = dot["length_chars"], dot["row"]
                fitting.note(axes, str(dot["n_wordings"]), at, ha="center", va="center_baseline", color=ink_on(colour))
        axes.set_xscale("log")
        round_ones = [length for length in _TICKS if length > 1.4 * threshold]
        axes.set_xticks([lowest, threshold, *round_ones])
        axes.set_xlim(lowest / margin, highest * margin)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        length_words = both("length of the passage,\nkey characters (logarithmic)", "文段长度，匹配字符数（对数刻度）")
        axes.set_xlabel(length_words if width_mm < fitting.NARROW_MM else length_words.replace("\n", " "))
        axes.set_ylim(len(pairs) - 0.4, -0.6)
        axes.set_yticks(range(len(pairs)), names)
        _label_rows(axes)
        axes.grid(axis="y")
    return figure


def _is_free(dot: Mapping[Any, Any], dots: pd.DataFrame) -> bool:
    """Tell whether the number of a dot has room in it, and is not covered by the dots beside it."""
    em_mm, letters = fitting.em_mm("note"), len(str(dot["n_wordings"]))
    others = dots[(dots["row"] == dot["row"]) & (dots["length_chars"] != dot["length_chars"])]
    gaps = (others["place_mm"] - dot["place_mm"]).abs() - others["wide_mm"] / 2
    has_room = dot["wide_mm"] > em_mm * math.hypot(0.55 * letters, 0.73) + 0.2
    return bool(has_room and (gaps > em_mm * 0.28 * letters).all())


THRESHOLDS = (6, 8, 10, 12, 16, 20, 30, 40)
_CURVES: Final = {
    "share_one_origin": (Bilingual("of one origin", "同源率"), INK, (0, (4, 1.5))),
    "coverage_verbatim": (Bilingual("coverage, the same\nword for word", "覆盖率，\n逐字相同"), SIMILARITY(0.85), "-"),
    "coverage_edited": (
        Bilingual("coverage, one in\nten edited\nor more", "覆盖率，\n改动一成以上"),
        SIMILARITY(0.5),
        "-",
    ),
}


def least_length(reports: Reports, panel: Panel, *, min_chars: int = 12, seed: int | None = None) -> FigureToCite:
    """Draw coverage, and what is of one origin, of the search for shared passages by the length that it asks for.

    Parameters
    ----------
    reports : Reports
        ``load_reports(panel.texts)``.
    panel : Panel
    min_chars : int
        The length that is marked.
    seed : int, optional
        That of the panel, for the caption.
    """
    table = score_thresholds(reports, panel, THRESHOLDS)
    return series_figure(
        "least-length",
        reports,
        partial(draw_thresholds, marked=min_chars),
        table,
        parameters={"min_chars": min_chars} | ({} if seed is None else {"seed": seed}),
        seeded=NO_WORDS if seed is None else tell("least-length", "seeded", seed=seed),
    )


def draw_thresholds(thresholds: pd.DataFrame, *, marked: int) -> Figure:
    """Draw coverage, and what is of one origin, by the least length of a passage."""
    width_mm = figure_width(SINGLE_MM)
    with new_figure(width_mm=width_mm, height_mm=62) as figure:
        axes = figure.subplots()
        axes.axvline(marked, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        for name, (words, colour, dashes) in _CURVES.items():
            known = thresholds.dropna(subset=name)
            axes.plot(
                known["min_chars"], known[name], color=colour, linestyle=dashes, marker="o", markersize=3, clip_on=False
            )
            end = known["min_chars"].iloc[-1], known[name].iloc[-1]
            fitting.note(axes, str(words), end, (6, 0), size="tick")
        lowest = thresholds[list(_CURVES)].min().min()
        lowest = min(0.9, max(0.0, math.floor(10 * lowest - 0.2) / 10))
        axes.set_ylim(lowest, 1)
        default = both(f"{marked}, the default", f"{marked}（默认值）")
        fitting.note(axes, default, (marked, lowest), (3, 3), va="baseline", color=MUTED)
        axes.set_xlim(thresholds["min_chars"].min() - 0.5, thresholds["min_chars"].max())
        axes.set_xticks(thresholds["min_chars"])
        axes.yaxis.set_major_locator(MultipleLocator(0.1))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y")
        axes.set_xlabel(both("least length of an exact match, key characters", "逐字匹配的最小长度（匹配字符数）"))
    return figure
