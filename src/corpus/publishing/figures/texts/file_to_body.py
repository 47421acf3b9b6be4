"""What the characters of each file are: a strip a file, from its first character to its last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Unpack

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.ticker import StrMethodFormatter

from corpus.analysis.report_tables import tabulate_pages
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width
from corpus.publishing.figures.style import MM_PER_INCH
from corpus.report.reports import Reports

_LINE_MM = 2.3  # from one line of notes to the next
_WORD_GAP_MM = 0.7
_DRIFT_MM = 2.2
_EDGE: dict[str, Any] = {"edgecolor": "#9aa0a8", "linewidth": 0.4}
_FACT_LINE: dict[str, Any] = {"color": style.INK, "linewidth": 1.2, "solid_capstyle": "butt"}
_SMALL: dict[str, Any] = {"fontsize": style.SIZES["note"]}
_FILLS: dict[str, dict[str, Any]] = {
    "body": {"facecolor": "#e6ebf0"},
    "title": {"facecolor": style.INK},
    "salutation": {"facecolor": style.MUTED},
    "signature": {"facecolor": style.MUTED},
    "date": {"facecolor": "#969da5"},
    "clutter": {"facecolor": style.COLOURS["clutter"], "hatch": style.CLUTTER_HATCH},
    "removed": {"facecolor": "#ffffff", "edgecolor": style.INK, "hatch": "xxxxxxxx"},
    "other": {"facecolor": "#ffffff"},
}
_NAMES = {
    "body": Bilingual("body 正文", "正文"),
    "title": Bilingual("title 标题", "标题"),
    "salutation": Bilingual("salutation 主送机关", "主送机关"),
    "signature": Bilingual("signature 署名", "署名"),
    "date": Bilingual("date 日期", "日期"),
    "clutter": Bilingual("page clutter 网页噪声", "网页噪声"),
    "removed": Bilingual("cut out 剔除", "剔除"),
    "other": Bilingual("not recognised 未识别", "未识别"),
}
_FACT_NAMES = {
    "issuer": Bilingual("issuer", "机关"),
    "year_reviewed": Bilingual("year", "年度"),
    "published": Bilingual("published", "发布"),
    "signed": Bilingual("signed", "落款"),
    "source": Bilingual("source", "来源"),
    "document_number": Bilingual("number", "文号"),
}
_STRIP = 0.34  # of a row
_THIN_STRIP = 0.8  # of a row without room for anything else
_HEAD_CHARS = (40, 160)
_TAIL_CHARS = (24, 80)
_LONGEST_QUOTE = 24


def file_to_body(
    reports: Reports, pages: pd.DataFrame | None = None, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw what the characters of each file are: title, clutter of the page, salutation, body, signature.

    Parameters
    ----------
    reports : Reports
    pages : DataFrame, optional
        From `corpus.analysis.report_tables.tabulate_pages`; made here if not given.
    **shown : Shown
        Its ``name`` and ``width_mm``.
    """
    if not reports:
        return no_figure("file-to-body", "no-report", **shown)
    table = tabulate_pages(reports) if pages is None else pages
    n, n_left_out = len(reports), len(reports.problems)
    return series_figure("file-to-body", reports, draw_pages, table, **shown, n=n, n_left_out=n_left_out)


def draw_pages(pages: pd.DataFrame) -> Figure:
    """Draw what each stretch of each file is, in file order: the whole file, its beginning and its end.

    The two panels on the right show beginning and end so large that a stretch of a few characters can be seen: to the
    first character of every body and from the last one, within bounds. White space outside the body is left blank.
    Below a strip a line marks where a fact is shown. Where there are so many reports that rows come closer than
    5.6 mm, there are neither words nor facts.
    """
    width_mm = figure_width()
    room_mm = fitting.key_width(pages, width_mm)
    key = _key_of_pages(pages, width_mm=room_mm, with_facts=True)
    rows = fitting.arrange_rows(
        pages, pitch_mm=11.0 if width_mm >= fitting.NARROW_MM else 14.5, rest_mm=11.0 + fitting.key_height(key)
    )
    if not rows.has_room:
        key = _key_of_pages(pages, width_mm=room_mm, with_facts=False)
    n_chars = pages.groupby("report_id")["end"].max()
    lengths = pages["report_id"].map(n_chars)
    from_end = pages.assign(start=pages["start"] - lengths, end=pages["end"] - lengths)
    bodies = pages["kind"] == "body"
    head = _within(pages[bodies].groupby("report_id")["start"].min().max(), _HEAD_CHARS)
    tail = _within(-from_end[bodies].groupby("report_id")["end"].max().min(), _TAIL_CHARS)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm) as figure:
        heights = (fitting.key_height(key), rows.height_mm - fitting.key_height(key))
        grid = figure.add_gridspec(2, 3, height_ratios=heights, width_ratios=(0.55 * (head + tail), head, tail))
        fitting.write_key(figure.add_subplot(grid[0, :]), key)
        whole, first, last = (figure.add_subplot(grid[1, column]) for column in range(3))
        whole.set_xlim(0, max(1, n_chars.max()))
        first.set_xlim(0, head)
        last.set_xlim(-tail, 0)
        views = ((whole, pages), (first, pages), (last, from_end))
        odd = pages.loc[pages["kind"].isin(["clutter", "removed"]), "report_id"]
        for axes in (whole, first, last):
            fitting.name_rows(axes, rows, odd, is_named=axes is whole)
        strips = [_draw_stretches(axes, table, rows) for axes, table in views]
        whole.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        whole.set_xlabel(both("whole file", "整个文件（字）"))
        first.set_xlabel(both(f"its first {head}", f"开头 {head} 字"))
        last.set_xlabel(both(f"its last {tail}", f"末尾 {tail} 字"))
        if rows.has_room:
            facts = [text for axes, table in views[1:] for text in _mark_evidence(axes, table, rows)]
            named = [*_name_stretches(first, strips[1]), *_name_stretches(last, strips[2])]
            n_lines = _lines_between(rows)
            lifted = list(_lift(fitting.find_crowded(figure, named), has_room=n_lines > 1))
            quotes = _quote_removed(whole, pages, rows)
            _spread_words(figure, [*quotes, *facts], n_levels=2 if n_lines > 2 else 1)
            _spread_words(figure, lifted)
        return figure


def _within(wanted: float, bounds: tuple[int, int]) -> int:
    """Return how many characters a panel shows: some more than wanted, within bounds; NaN wants none."""
    low, high = bounds
    return low if pd.isna(wanted) else int(min(max(wanted + 8, low), high))


def _draw_stretches(axes: Axes, pages: pd.DataFrame, rows: fitting.Rows) -> list[tuple[str, Rectangle]]:
    """Draw what lies inside the axes, and return the kind of each stretch with its rectangle."""
    inside = [row for row in _inside(axes, pages, "stretch") if row["kind"] in _FILLS]
    if not rows.has_room:
        for kind, own in pd.DataFrame(inside).groupby("kind", sort=False) if inside else ():
            tops = own["report_id"].map(rows.places) - _THIN_STRIP / 2
            look = {**_EDGE, **_FILLS[str(kind)], "linewidth": 0.15}
            fitting.add_bars(axes, own["start"], own["end"] - own["start"], tops, height=_THIN_STRIP, **look)
        return []
    # More words stand below a strip than above.
    axes.set_ylim(len(rows.names) - (0.3 if _lines_between(rows) > 2 else 0.4), -0.6)
    drawn = []
    for row in inside:
        corner = (row["start"], rows.places[row["report_id"]] - _STRIP / 2)
        rectangle = Rectangle(corner, row["end"] - row["start"], _STRIP, **{**_EDGE, **_FILLS[row["kind"]]})
        axes.add_patch(rectangle)
        drawn.append((row["kind"], rectangle))
    return drawn


def _name_stretches(axes: Axes, strips: list[tuple[str, Rectangle]]) -> Iterator[tuple[Text, Rectangle]]:
    for kind, rectangle in strips:
        colour = style.ink_on(rectangle.get_facecolor())
        x, y = rectangle.get_center()
        text = axes.text(x, y, _name_of(kind), **_SMALL, color=colour, ha="center", va="center_baseline")
        if rectangle.get_hatch():
            text.set_bbox({"facecolor": rectangle.get_facecolor(), "edgecolor": "none", "pad": 0.6})
        yield text, rectangle


def _name_of(kind: str) -> str:
    """Return what stands on a stretch: shorter than its entry in the key."""
    return both(kind, _NAMES[kind].zh)


def _lines_between(rows: fitting.Rows) -> int:
    """Return how many lines of words there is room for between two strips."""
    return int((rows.pitch_mm * (1 - _STRIP) - 1.3) / _LINE_MM)


def _lift(names: Iterable[tuple[Text, Rectangle]], *, has_room: bool) -> Iterator[Text]:
    """Move names that are too long for their stretch above it; a body cut off by the panel needs none."""
    for text, rectangle in names:
        if not has_room or text.get_text() == _name_of("body"):
            text.remove()
            continue
        text.set_bbox(None)
        text.set_in_layout(False)
        text.set(x=rectangle.get_x(), y=rectangle.get_y() - 0.05, color=style.INK, ha="left", va="bottom")
        yield text


def _mark_evidence(axes: Axes, pages: pd.DataFrame, rows: fitting.Rows) -> Iterator[Text]:
    for row in _inside(axes, pages, "evidence"):
        below = rows.places[row["report_id"]] + _STRIP / 2 + 0.07
        axes.plot([row["start"], row["end"]], [below, below], **_FACT_LINE)
        yield axes.text(row["start"], below + 0.04, str(_FACT_NAMES[row["kind"]]), **_SMALL, ha="left", va="top")


def _quote_removed(axes: Axes, pages: pd.DataFrame, rows: fitting.Rows) -> Iterator[Text]:
    """Write below each place where something visible was cut out what it was."""
    for row in _inside(axes, pages[pages["kind"] == "removed"], "stretch"):
        quote = row["quote"].strip()
        if quote.isprintable():
            below = rows.places[row["report_id"]] + _STRIP / 2 + 0.05
            yield axes.text(row["start"], below, quote[:_LONGEST_QUOTE], **_SMALL, ha="left", va="top")


def _inside(axes: Axes, pages: pd.DataFrame, mark: str) -> list[dict[str, Any]]:
    """Return the rows of one mark that lie inside the axes, cut to them."""
    low, high = axes.get_xlim()
    inside = pages[(pages["mark"] == mark) & (pages["end"] > low) & (pages["start"] < high)]
    cut = inside.assign(start=inside["start"].clip(low, high), end=inside["end"].clip(low, high))
    return [{str(name): value for name, value in row.items()} for row in cut.to_dict("records")]


def _key_of_pages(pages: pd.DataFrame, *, width_mm: float, with_facts: bool) -> list[list[Artist]]:
    present = set(pages.loc[pages["mark"] == "stretch", "kind"])
    handles: list[Artist] = [
        Patch(**{**_EDGE, **_FILLS[kind]}, label=str(_NAMES[kind])) for kind in _FILLS if kind in present
    ]
    if with_facts:
        handles.append(Line2D([], [], **_FACT_LINE, label=both("shows a fact", "载有事实")))
    return fitting.fold_key(handles, width_mm=width_mm)


def _spread_words(figure: Figure, words: Iterable[Text], *, n_levels: int = 1) -> None:
    """Move words of the same height apart, to the right, and remove those that have no room.

    A word goes no farther than 2.2 mm from its place: beyond, it would seem to belong to something else. Before that
    it takes the next of ``n_levels`` lines: further down if its top is at its place, else further up.
    """
    words = list(words)
    for text in words:
        # The layout would make room for words that then move elsewhere, and with it move what they stand at.
        text.set_in_layout(False)
    figure.draw_without_rendering()
    gap, drift, line = (length_mm / MM_PER_INCH * figure.dpi for length_mm in (_WORD_GAP_MM, _DRIFT_MM, _LINE_MM))
    reached: dict[tuple[int, float, int], float] = {}
    for text in sorted(words, key=lambda text: text.get_window_extent().x0):
        axes = text.axes
        assert axes is not None  # words on the figure itself are not spread
        box, (_, y) = text.get_window_extent(), text.get_position()
        last = max(box.x0, axes.bbox.x1) - box.width
        for level in range(n_levels):
            free = reached.get((id(axes), y, level), axes.bbox.x0 - gap) + gap
            left = min(max(box.x0, free), last)
            if free <= left <= box.x0 + drift:
                break
        else:
            text.remove()
            continue
        reached[id(axes), y, level] = left + box.width
        away = level * line * (-1 if text.get_verticalalignment() == "top" else 1)
        place = axes.transData.inverted().transform((left, axes.transData.transform((0, y))[1] + away))
        text.set(x=round(place[0], 6), y=round(place[1], 6) if level else y, ha="left")
