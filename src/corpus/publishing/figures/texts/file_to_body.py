"""What the characters of each file are: a strip a file, from its first character to its last."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from corpus.analysis.report_tables import tabulate_pages
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width
from corpus.report.reports import Reports

_WORD_GAP_MM = 0.7
_DRIFT_MM = 3.5
_GAPS_MM = 9.0  # between the panels
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
_HEAD_CHARS = (40, 160)
_TAIL_CHARS = (24, 80)
_LONGEST_QUOTE = 24


def file_to_body(reports: Reports) -> FigureToCite | NoFigure:
    """Draw what the characters of each file are: title, clutter of the page, salutation, body, signature.

    Parameters
    ----------
    reports : Reports
    """
    if not reports:
        return no_figure("file-to-body", "no-report")
    n, n_left_out = len(reports), len(reports.problems)
    return series_figure("file-to-body", reports, draw_pages, tabulate_pages(reports), n=n, n_left_out=n_left_out)


def draw_pages(pages: pd.DataFrame) -> Figure:
    """Draw what each stretch of each file is, in file order: the whole file, its beginning and its end.

    The two panels on the right show beginning and end so large that a stretch of a few characters can be seen: to the
    first character of every body and from the last one, within bounds. White space outside the body is left blank.
    Below a strip a line marks where a fact is shown. Where there are so many reports that rows come closer than
    5.6 mm, there are neither words nor facts.
    """
    n_chars = pages.groupby("report_id")["end"].max()
    lengths = pages["report_id"].map(n_chars)
    from_end = pages.assign(start=pages["start"] - lengths, end=pages["end"] - lengths)
    bodies = pages["kind"] == "body"
    head = _within(pages[bodies].groupby("report_id")["start"].min().max(), _HEAD_CHARS)
    tail = _within(-from_end[bodies].groupby("report_id")["end"].max().min(), _TAIL_CHARS)
    widths = (0.55 * (head + tail), head, tail)
    key = partial(_key_of_pages, pages)
    with fitting.strip_figure(pages, key, pitch_mm=11.0, rest_mm=11.0, widths=widths) as (figure, rows, panels):
        odd = pages.loc[pages["kind"].isin(["clutter", "removed"]), "report_id"]
        longest = max(1, n_chars.max())
        mm_per_char = (figure_width() - rows.names_mm - _GAPS_MM) / sum(widths)
        for axes, table, begin, end, words in (
            (panels[0], pages, 0, longest, both("whole file", "整个文件（字）")),
            (panels[1], pages, 0, head, both(f"its first {head}", f"开头 {head} 字")),
            (panels[2], from_end, -tail, 0, both(f"its last {tail}", f"末尾 {tail} 字")),
        ):
            fitting.count_along(axes, begin, end, words)
            is_whole = axes is panels[0]
            fitting.name_rows(axes, rows, odd, is_named=is_whole)
            _draw_stretches(axes, table, rows, has_names=not is_whole, mm_per_char=mm_per_char)
            if rows.has_room:
                scale = widths[0] / longest if is_whole else 1.0
                _write_below(axes, table, rows, has_facts=not is_whole, mm_per_char=mm_per_char * scale)
    return figure


def _within(wanted: float, bounds: tuple[int, int]) -> int:
    """Return how many characters a panel shows: some more than wanted, within bounds; NaN wants none."""
    low, high = bounds
    return low if pd.isna(wanted) else int(min(max(wanted + 8, low), high))


def _draw_stretches(
    axes: Axes, pages: pd.DataFrame, rows: fitting.Rows, *, has_names: bool, mm_per_char: float
) -> None:
    """Draw what lies inside the axes, a kind as one mark, with its name where that has room."""
    inside = _inside(axes, pages[pages["kind"].isin(list(_FILLS)) & (pages["mark"] == "stretch")])
    height = _STRIP if rows.has_room else fitting.THIN_STRIP
    for kind, own in inside.groupby("kind", sort=False):
        look = {**_EDGE, **_FILLS[str(kind)]} | ({} if rows.has_room else {"linewidth": 0.15})
        fitting.add_bars(axes, own, rows, above=-height / 2, height=height, **look)
        words = both(str(kind), _NAMES[str(kind)].zh)
        ground = fitting.white_ground() | {"facecolor": look["facecolor"]} if "hatch" in look else None
        ink = style.ink_on(look["facecolor"])
        for report_id, start, end in zip(own["report_id"], own["start"], own["end"], strict=True):
            if has_names and rows.has_room and fitting.fits(words, mm_per_char * (end - start)):
                at = (start + end) / 2, rows.places[report_id]
                axes.text(*at, words, **_SMALL, color=ink, ha="center", va="center_baseline", bbox=ground)


def _write_below(axes: Axes, pages: pd.DataFrame, rows: fitting.Rows, *, has_facts: bool, mm_per_char: float) -> None:
    """Mark below the strips where a fact is shown, or say what was cut out; words that have no room are left out."""
    chosen = pages["mark"] == "evidence" if has_facts else pages["kind"] == "removed"
    left, right = axes.get_xlim()
    reached: dict[int, float] = {}
    for mark in _inside(axes, pages[chosen]).sort_values("start").to_dict("records"):
        row = rows.places[mark["report_id"]]
        below = row + _STRIP / 2 + 0.07
        words = str(_FACT_NAMES[mark["kind"]]) if has_facts else mark["quote"].strip()[:_LONGEST_QUOTE]
        if has_facts:
            axes.plot([mark["start"], mark["end"]], [below, below], **_FACT_LINE)
        wide = fitting.em_mm("note") * fitting.count_ems(words) / mm_per_char
        free = reached.get(row, left)
        place = min(max(mark["start"], free), right - wide)
        # Farther away, a word would seem to belong to something else.
        if free <= place <= mark["start"] + _DRIFT_MM / mm_per_char and words.isprintable():
            axes.text(place, below + 0.04, words, **_SMALL, ha="left", va="top")
            reached[row] = place + wide + _WORD_GAP_MM / mm_per_char


def _inside(axes: Axes, pages: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that lie inside the axes, cut to them."""
    low, high = axes.get_xlim()
    inside = pages[(pages["end"] > low) & (pages["start"] < high)]
    return inside.assign(start=inside["start"].clip(low, high), end=inside["end"].clip(low, high))


def _key_of_pages(pages: pd.DataFrame, has_room: bool) -> list[list[Artist]]:
    present = set(pages.loc[pages["mark"] == "stretch", "kind"])
    fills: list[Artist] = [
        Patch(**{**_EDGE, **_FILLS[kind]}, label=str(_NAMES[kind])) for kind in _FILLS if kind in present
    ]
    fact = Line2D([], [], **_FACT_LINE, label=both("shows a fact", "载有事实"))
    return [[*fills, fact] if has_room else fills]
