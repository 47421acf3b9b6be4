"""What files and reports are made of: their characters by what they are, their parts by what these do."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MultipleLocator

from corpus.analysis.report_tables import tabulate_outline, tabulate_pages, tabulate_roles
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width
from corpus.report.reports import Reports
from corpus.report.values import ROLES

ROLE_NAMES = {
    "preamble": Bilingual("preamble 引言", "引言"),
    "measures": Bilingual("measures 举措和成效", "举措和成效"),
    "shortcomings": Bilingual("shortcomings 不足和原因", "不足和原因"),
    "first-responsible": Bilingual("first-responsible 第一责任人", "第一责任人职责"),
    "plan": Bilingual("plan 下年安排", "下年安排"),
    "closing": Bilingual("closing 结语", "结语"),
    "none": Bilingual("no known role", "作用不明"),
}
"""What the parts of a report do; in English with the Chinese terms of the rule that asks for them."""

_TICK = 0.6
_STRIP = 0.36  # of a row
_FEW = 12  # reports
_PALE = 0.3  # how much of its colour a part without a heading keeps


def parts_of_reports(reports: Reports) -> FigureToCite | NoFigure:
    """Draw each report as a strip in reading order, divided by what its parts do, with its headings and numbers.

    Parameters
    ----------
    reports : Reports
    """
    if not reports:
        return no_figure("parts-of-reports", "no-report")
    return series_figure("parts-of-reports", reports, draw_outline, tabulate_outline(reports))


def draw_outline(outline: pd.DataFrame) -> Figure:
    """Draw each report's body as a strip in reading order, to the scale of its length, coloured by role.

    Parts that a heading names are full in colour, others pale with an outline. Above the strip a tick for each
    heading, longer for the top level; below it a tick for each number. Where there are so many reports that rows come
    closer than 5.6 mm, only the parts are drawn.
    """
    parts, bodies = (outline[outline["mark"] == mark] for mark in ("part", "body"))

    def key(has_room: bool) -> list[list[Artist]]:
        return [key_of_roles(parts["role"]), _explain_strips(has_ticks=has_room)]

    with fitting.strip_figure(outline, key, pitch_mm=12.0) as (figure, rows, (axes,)):
        unheaded = parts[~parts["is_headed"].astype(bool)].groupby("report_id")["length_chars"].sum()
        fitting.name_rows(axes, rows, unheaded.sort_values(ascending=False, kind="stable").index)
        width_mm, longest = figure_width(), max(1, (outline["begins_chars"] + outline["length_chars"]).max())
        end = longest * (1 + (12 / width_mm if rows.has_room else 0))
        _draw_parts(axes, parts, rows, mm_per_char=(width_mm - rows.names_mm - 3) / end)
        if rows.has_room:
            _draw_ticks(axes, outline, rows)
            gap = 0.008 * bodies["length_chars"].max()
            for report_id, length in zip(bodies["report_id"], bodies["length_chars"], strict=True):
                fitting.write_row(axes, length + gap, rows.places[report_id], f"{length:,}")
        fitting.count_along(axes, 0, end)
    return figure


def _draw_parts(axes: Axes, parts: pd.DataFrame, rows: fitting.Rows, *, mm_per_char: float) -> None:
    """Draw the strips; on each part stand its role and its length, or the length alone, as far as there is room."""
    height = _STRIP if rows.has_room else fitting.THIN_STRIP
    for part in parts.to_dict("records"):
        role, begin, length = part["role"], part["begins_chars"], part["length_chars"]
        fill = _fill(role, is_headed=part["is_headed"])
        place = rows.places[part["report_id"]]
        axes.add_patch(Rectangle((begin, place - height / 2), length, height, **fill))
        named = both(role, ROLE_NAMES[role].zh) if isinstance(role, str) else ""
        wordings = [f"{named} {length:,}".strip(), f"{length:,}"] if rows.has_room else []
        for words in [words for words in wordings if fitting.fits(words, mm_per_char * length)][:1]:
            look: dict[str, Any] = {"ha": "center", "va": "center_baseline", "color": style.ink_on(fill["facecolor"])}
            axes.text(begin + length / 2, place, words, fontsize=style.SIZES["note"], **look)


def _draw_ticks(axes: Axes, outline: pd.DataFrame, rows: fitting.Rows) -> None:
    depth = outline["depth"].fillna(0)
    for chosen, reach, colour in (
        (depth == 1, -0.20, style.INK),
        (depth > 1, -0.10, style.MUTED),
        (outline["mark"] == "number", 0.12, style.MUTED),
    ):
        edge = math.copysign(_STRIP / 2 + 0.04, reach)
        marks = outline[chosen]
        places = [rows.places[report_id] + edge for report_id in marks["report_id"]]
        ends = [place + reach for place in places]
        axes.vlines(marks["begins_chars"], places, ends, colors=colour, linewidths=_TICK)


def _explain_strips(*, has_ticks: bool) -> list[Artist]:
    """Return the entries of the key that say how the strips are to be read."""
    signs: list[Artist] = [
        Patch(**_fill("measures", is_headed=True), label=both("a heading names the part", "有标题点明")),
        Patch(**_fill("measures", is_headed=False), label=both("no heading names it", "无标题点明")),
    ]
    tick: dict[str, Any] = {"marker": "|", "linestyle": "none", "markeredgewidth": _TICK, "markersize": 5}
    above = both("above: headings, of the top level longer", "上方：标题，一级较长")
    below = both("below: numbers in digits, years left out", "下方：阿拉伯数字，年份除外")
    ticks = [Line2D([], [], color=c, label=words, **tick) for c, words in ((style.INK, above), (style.MUTED, below))]
    return [*signs, *ticks] if has_ticks else signs


def key_of_roles(roles: pd.Series[str]) -> list[Artist]:
    """Return the entries of a key for the roles that occur."""
    present = set(roles.fillna("none"))
    return [
        Patch(**_fill(role, is_headed=True), label=str(words)) for role, words in ROLE_NAMES.items() if role in present
    ]


def shares_of_parts(reports: Reports) -> FigureToCite | NoFigure:
    """Draw the share of each report that goes to each of the parts that the rule on supervision names.

    Parameters
    ----------
    reports : Reports
    """
    if not reports:
        return no_figure("shares-of-parts", "no-report")
    return series_figure("shares-of-parts", reports, draw_roles, tabulate_roles(reports))


def draw_roles(roles: pd.DataFrame) -> Figure:
    """Draw the share of each body that goes to each role, one panel a role; of many reports, one that some have.

    All panels side by side have the same scale: a percent is as long in each.
    """
    width_mm = figure_width()
    # Where there are few reports, a row of "none" is a finding.
    told = set(roles.loc[(roles["n_parts"] > 0) | (roles["report_id"].nunique() <= _FEW), "role"])
    shares = {role: roles[roles["role"] == role] for role in ROLES if role in told}
    n_columns = max(1, len(shares)) if width_mm >= fitting.NARROW_MM else 2
    n_bands = math.ceil(len(shares) / n_columns)
    titles = {role: "\n".join(reversed(str(ROLE_NAMES[role]).split(" "))).replace("-", "-\n") for role in shares}
    n_lines = max((title.count("\n") + 1 for title in titles.values()), default=1)
    rows = fitting.arrange_rows(roles, pitch_mm=6.0, rest_mm=(14.0 + 3.0 * n_lines) * n_bands, n_bands=n_bands)
    # A panel reaches beyond its largest share and the words behind it, to 30% at least.
    limits = [max(0.3, table["share_of_body"].max() + 0.16) for table in shares.values()]
    limits = [max(limits[column::n_columns]) for column in range(n_columns)]
    lacking = roles.loc[~roles["is_headed"].astype(bool) & (roles["share_of_body"] > 0), "report_id"]
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm) as figure:
        panels = figure.subplots(n_bands, n_columns, sharex="col", squeeze=False, width_ratios=limits)
        for place, (role, table) in enumerate(shares.items()):
            axes = panels.flat[place]
            fitting.name_rows(axes, rows, lacking, is_named=place % n_columns == 0)
            axes.tick_params(axis="x", labelbottom=True)
            axes.set_xlim(0, limits[place % n_columns])
            _draw_shares(axes, table, rows)
            axes.set_title(titles[role], fontsize=style.SIZES["label"])
        for axes in panels.flat[len(shares) :]:
            axes.set_axis_off()
        figure.supxlabel(both("share of the characters of the body", "占正文字符的比例"), fontsize=style.SIZES["label"])
        return figure


def _draw_shares(axes: Axes, shares: pd.DataFrame, rows: fitting.Rows) -> None:
    axes.xaxis.set_major_locator(MultipleLocator(0.25))
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.grid(axis="x")
    told = shares[shares["n_parts"] > 0]
    fills = [_fill(role, is_headed=headed) for role, headed in zip(told["role"], told["is_headed"], strict=True)]
    look: dict[str, Any] = {name: [fill[name] for fill in fills] for name in ("facecolor", "edgecolor", "linewidth")}
    axes.barh(told["report_id"].map(rows.places), told["share_of_body"], height=0.56, **look)
    if rows.pitch_mm >= fitting.NAME_MM:
        for row in shares.to_dict("records"):
            words = f"{row['share_of_body']:.1%}" if row["n_parts"] else both("none", "无")
            fitting.write_row(axes, row["share_of_body"] + 0.012, rows.places[row["report_id"]], words)


def _fill(role: object, *, is_headed: bool) -> dict[str, Any]:
    colour = edge = style.role_colour(role)
    if colour == style.ROLE_COLOURS["none"]:
        edge = style.RULE
    elif not is_headed:
        red, green, blue = (1 - _PALE * (1 - part) for part in to_rgb(colour))
        colour = to_hex((red, green, blue))
    return {"facecolor": colour, "edgecolor": edge, "linewidth": 0.6}


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
_FILE_STRIP = 0.34  # of a row
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
    height = _FILE_STRIP if rows.has_room else fitting.THIN_STRIP
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
        below = row + _FILE_STRIP / 2 + 0.07
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
