"""Figures of notebook 02: what the characters of each file are, and how wide its punctuation is printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from corpus.publishing.figures import style
from corpus.publishing.figures.fitting import LINE_MM, find_crowded, fold_key, key_height, spread_words, write_key
from corpus.publishing.figures.look import SINGLE_MM, Bilingual, Profile, both, figure_width
from corpus.publishing.figures.report_rows import NAME_MM, NARROW_MM, Rows, arrange_rows, key_width, name_rows

_EDGE: dict[str, Any] = {"edgecolor": "#9aa0a8", "linewidth": 0.4}
_FACT_LINE: dict[str, Any] = {"color": style.INK, "linewidth": 1.2, "solid_capstyle": "butt"}
_SMALL: dict[str, Any] = {"fontsize": style.SIZES["note"]}
_HALF: dict[str, Any] = {"facecolor": "#ffffff", "edgecolor": style.MUTED}
_FULL: dict[str, Any] = {"facecolor": style.MUTED, "edgecolor": "#ffffff"}
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


def draw_pages(pages: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw what each stretch of each file is, in file order: the whole file, its beginning and its end.

    The two panels on the right show beginning and end so large that a stretch of a few characters can be seen: to the
    first character of every body and from the last one, within bounds. White space outside the body is left blank.
    Below a strip a line marks where a fact is shown. Where there are so many reports that rows come closer than
    5.6 mm, there are neither words nor facts.

    Parameters
    ----------
    pages : DataFrame
        As `corpus.analysis.report_tables.tabulate_pages` returns it.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm)
    room_mm = key_width(pages, width_mm)
    key = _key_of_pages(pages, width_mm=room_mm, with_facts=True)
    rows = arrange_rows(pages, pitch_mm=11.0 if width_mm >= NARROW_MM else 14.5, rest_mm=11.0 + key_height(key))
    if not rows.has_room:
        key = _key_of_pages(pages, width_mm=room_mm, with_facts=False)
    n_chars = pages.groupby("report_id")["end"].max()
    lengths = pages["report_id"].map(n_chars)
    from_end = pages.assign(start=pages["start"] - lengths, end=pages["end"] - lengths)
    bodies = pages["kind"] == "body"
    head = _within(pages[bodies].groupby("report_id")["start"].min().max(), _HEAD_CHARS)
    tail = _within(-from_end[bodies].groupby("report_id")["end"].max().min(), _TAIL_CHARS)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        heights = (key_height(key), rows.height_mm - key_height(key))
        grid = figure.add_gridspec(2, 3, height_ratios=heights, width_ratios=(0.55 * (head + tail), head, tail))
        write_key(figure.add_subplot(grid[0, :]), key)
        whole, first, last = (figure.add_subplot(grid[1, column]) for column in range(3))
        whole.set_xlim(0, max(1, n_chars.max()))
        first.set_xlim(0, head)
        last.set_xlim(-tail, 0)
        views = ((whole, pages), (first, pages), (last, from_end))
        strips = [_draw_stretches(axes, table, rows) for axes, table in views]
        for axes in (first, last):
            axes.tick_params(axis="y", labelleft=False)
        whole.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        whole.set_xlabel(both("characters of the file", "整个文件（字）"))
        first.set_xlabel(both(f"its first {head}", f"开头 {head} 字"))
        last.set_xlabel(both(f"its last {tail}", f"末尾 {tail} 字"))
        if rows.has_room:
            facts = [text for axes, table in views[1:] for text in _mark_evidence(axes, table, rows)]
            named = [*_name_stretches(first, strips[1]), *_name_stretches(last, strips[2])]
            n_lines = _lines_between(rows)
            lifted = list(_lift(find_crowded(figure, named), has_room=n_lines > 1))
            quotes = _quote_removed(whole, pages, rows)
            spread_words(figure, [*quotes, *facts], n_levels=2 if n_lines > 2 else 1)
            spread_words(figure, lifted)
        return figure


def _within(wanted: float, bounds: tuple[int, int]) -> int:
    """Return how many characters a panel shows: some more than wanted, within bounds; NaN wants none."""
    low, high = bounds
    return low if pd.isna(wanted) else int(min(max(wanted + 8, low), high))


def _draw_stretches(axes: Axes, pages: pd.DataFrame, rows: Rows) -> list[tuple[str, Rectangle]]:
    """Draw what lies inside the axes, and return the kind of each stretch with its rectangle."""
    name_rows(axes, rows)
    if rows.has_room:
        # More words stand below a strip than above.
        axes.set_ylim(len(rows.names) - (0.3 if _lines_between(rows) > 2 else 0.4), -0.6)
    height = _STRIP if rows.has_room else _THIN_STRIP
    drawn = []
    for row in _inside(axes, pages, "stretch"):
        if row["kind"] in _FILLS:
            corner = (row["start"], rows.places[row["report_id"]] - height / 2)
            rectangle = Rectangle(corner, row["end"] - row["start"], height, **{**_EDGE, **_FILLS[row["kind"]]})
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


def _lines_between(rows: Rows) -> int:
    """Return how many lines of words there is room for between two strips."""
    return int((rows.pitch_mm * (1 - _STRIP) - 1.3) / LINE_MM)


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


def _mark_evidence(axes: Axes, pages: pd.DataFrame, rows: Rows) -> Iterator[Text]:
    for row in _inside(axes, pages, "evidence"):
        below = rows.places[row["report_id"]] + _STRIP / 2 + 0.07
        axes.plot([row["start"], row["end"]], [below, below], **_FACT_LINE)
        yield axes.text(row["start"], below + 0.04, str(_FACT_NAMES[row["kind"]]), **_SMALL, ha="left", va="top")


def _quote_removed(axes: Axes, pages: pd.DataFrame, rows: Rows) -> Iterator[Text]:
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
    return fold_key(handles, width_mm=width_mm)


def draw_widths(widths: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw how many marks of punctuation each body prints in half width, to the left, and in full width, to the right.

    The marks of one kind are one piece of a bar, commas next to the middle.

    Parameters
    ----------
    widths : DataFrame
        As `corpus.analysis.report_tables.tabulate_widths` returns it.
    width_mm, profile : optional
        See `corpus.publishing.figures.look.Look`.
    """
    width_mm = figure_width(width_mm, SINGLE_MM)
    rows = arrange_rows(widths, pitch_mm=6.0, rest_mm=17.0)
    totals = widths.groupby("report_id")[["n_half_width", "n_full_width"]].sum()
    reach = max(1, totals.max().max()) * (1.22 if rows.pitch_mm >= NAME_MM else 1.02)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        axes = figure.subplots()
        name_rows(axes, rows)
        axes.set_xlim(-reach, reach)
        axes.axvline(0, color=style.MUTED, linewidth=0.5)
        for side, column, fill in ((-1, "n_half_width", _HALF), (1, "n_full_width", _FULL)):
            _draw_side(axes, widths.assign(n=widths[column]), rows, side=side, fill=fill)
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
        axes.set_xlabel(both("marks in the body", "正文中的标点个数"))
        half, full = both("half width", "半角"), both("full width", "全角")
        for x, ha, words in ((0.48, "right", f"{half}  , : ; ( )"), (0.52, "left", f"{full}  ，：；（）")):
            axes.text(x, 1.03, words, fontsize=style.SIZES["label"], ha=ha, transform=axes.transAxes)
        return figure


def _draw_side(axes: Axes, widths: pd.DataFrame, rows: Rows, *, side: int, fill: dict[str, Any]) -> None:
    before = widths.groupby("report_id")["n"].cumsum() - widths["n"]
    places = widths["report_id"].map(rows.places)
    axes.barh(places, side * widths["n"], left=side * before, height=0.56, linewidth=0.4, **fill)
    if rows.pitch_mm < NAME_MM:
        return
    for report_id, total in widths.groupby("report_id")["n"].sum().items():
        x = side * (total + 0.02 * axes.get_xlim()[1])
        place = rows.places[str(report_id)]
        words = f"{total:,}"
        axes.text(x, place, words, fontsize=style.SIZES["tick"], ha="left" if side > 0 else "right", va="center")
