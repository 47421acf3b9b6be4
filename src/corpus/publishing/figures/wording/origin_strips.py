"""Where the characters of each report come from, as one strip a report in reading order."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Unpack

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import StrMethodFormatter

from corpus.analysis.boilerplate.origins import MIN_ISSUERS, share_origins, tabulate_strips, trace_origins
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.texts.parts_of_reports import ROLE_NAMES
from corpus.report.reports import Reports
from corpus.report.values import ORIGINS

ORIGIN_COLOURS: Final[Mapping[str, str]] = {
    "skeleton": style.COLOURS["skeleton"],
    "formula": style.COLOURS["formula"],
    "shared": style.COLOURS["shared"],
    "carried_over": style.COLOURS["carried over"],
    "own_or_carried": "#dbe5e7",
    "own": style.COLOURS["own"],
}
"""The colours of the series by origin; what may be own or carried over is a pale own."""

_NAMES: Final[Mapping[str, Bilingual]] = {
    "skeleton": Bilingual("skeleton", "规定标题"),
    "formula": Bilingual("formula", "套话"),
    "shared": Bilingual("shared", "与其他\n机关共有"),
    "carried_over": Bilingual("carried\nover", "沿用\n上年"),
    "own_or_carried": Bilingual("own or\ncarried\nover", "独有\n或沿用"),
    "own": Bilingual("own", "独有"),
}
_PITCH_MM = 9.0
_COLUMN_MM = 11.0
_HEADS_MM = 10.5
_NAMES_MM = 16.0
_REST_MM = 11.0
_FOLDED_PITCH_MM = 12.0
_LEAST_FOLDED_MM = 9.0
_GAP = 0.04  # of a row


def origins(
    reports: Reports,
    traced: pd.DataFrame | None = None,
    *,
    min_issuers: int = MIN_ISSUERS,
    min_chars: int = 12,
    **shown: Unpack[Shown],
) -> FigureToCite | NoFigure:
    """Draw where the characters of each report come from, in reading order, with the share of each origin.

    Parameters
    ----------
    reports : Reports
    traced : DataFrame, optional
        As `corpus.trace_origins` returns it with ``min_issuers`` and ``min_chars``; made here if not given.
    min_issuers, min_chars : int
        See `corpus.trace_origins`.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return no_figure("origins", "no-other", **shown)
    runs = trace_origins(reports, min_issuers=min_issuers, min_chars=min_chars) if traced is None else traced
    table = tabulate_strips(reports, runs)
    return series_figure(
        "origins",
        reports,
        draw_origins,
        table,
        **shown,
        finding=_tell_origins(reports, runs, min_chars),
        parameters={"min_issuers": min_issuers, "min_chars": min_chars},
    )


def _tell_origins(reports: Reports, runs: pd.DataFrame, min_chars: int) -> Bilingual:
    sides = trace_origins(reports, by="report", runs=runs).set_index("report_id")
    others, carried = sides["share_formula"] + sides["share_shared"], sides["share_carried_over"]
    keeper = reports[str(carried.idxmax())].label if carried.max() > 0 else ""
    return tell(
        "origins",
        "finding" if others.max() > 0 else "finding_none",
        a=reports[str(others.idxmax())].label,
        most=others.max(),
        median=others.median(),
        min_chars=min_chars,
        carried=tell("origins", "carried", a=keeper, share=carried.max()) if keeper else "",
    )


class _Form(NamedTuple):
    """How high the strip and the line of the parts are, and how far above the row's middle they begin: shares of it."""

    strip: float
    parts: float
    above: float


_BESIDE, _BELOW, _THIN = _Form(0.5, 0.1, 0.3), _Form(0.42, 0.09, 0.42), _Form(0.8, 0.0, 0.4)
"""With the shares beside the strip, with the shares below it, and without shares and parts."""


def draw_origins(strips: pd.DataFrame) -> Figure:
    """Draw where the characters of each report come from: one strip a report, in reading order, to its length.

    The ground of a strip is what no other report has, own or not to be told from carried over; on it stand the skeleton
    and what others have. A thin line below says which role each part plays. Beside the strips stand the shares of the
    key characters, in per cent, under the colours' names. In a narrow figure the names are in a key above, and the
    shares below each strip. Shares are left out where rows come closer than 5.6 mm, in a narrow figure 9 mm.
    """
    width_mm = figure_width()
    runs, parts = (strips[strips["mark"] == mark] for mark in ("run", "part"))
    present = [origin for origin in ORIGINS if origin in set(runs["origin"])]
    is_narrow = width_mm < fitting.NARROW_MM
    key_mm = fitting.key_width(strips, width_mm)
    rest_mm = _REST_MM + fitting.key_height(_key(present, parts, key_mm))
    rows = fitting.arrange_rows(strips, pitch_mm=_FOLDED_PITCH_MM if is_narrow else _PITCH_MM, rest_mm=rest_mm)
    form = _BESIDE if rows.has_room else _THIN
    if is_narrow:
        form = _BELOW if rows.pitch_mm >= _LEAST_FOLDED_MM else _THIN
    parts = parts if form != _THIN else parts.iloc[:0]
    has_columns = form == _BESIDE
    columns_mm = len(present) * _COLUMN_MM if has_columns else 0
    key = _key([] if has_columns else present, parts, key_mm - columns_mm - (_NAMES_MM if has_columns else 0))
    head_mm = max(fitting.key_height(key), _HEADS_MM if has_columns else 0)
    heights = (head_mm, rows.height_mm - head_mm)
    widths = (width_mm - rows.names_mm - columns_mm, columns_mm) if has_columns else (1,)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm) as figure:
        panels = figure.subplots(2, len(widths), height_ratios=heights, width_ratios=widths, squeeze=False)
        fitting.write_key(panels[0, 0], key)
        axes = panels[1, 0]
        others = runs[runs["origin"].isin(["formula", "shared"])].groupby("report_id")["length_chars"].sum()
        fitting.name_rows(axes, rows, others.sort_values(ascending=False, kind="stable").index)
        _draw_strips(axes, runs, parts, rows, form)
        axes.set_xlim(0, max(1, (runs["begins_chars"] + runs["length_chars"]).max()))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel(both("characters from the beginning of the body", "自正文开头起的字符数"))
        if has_columns:
            _write_beside(panels[0, 1], panels[1, 1], runs, rows, present)
        elif form == _BELOW:
            _write_below(axes, runs, rows, present)
        return figure


def _draw_strips(axes: Axes, runs: pd.DataFrame, parts: pd.DataFrame, rows: fitting.Rows, form: _Form) -> None:
    """Draw the runs of all reports, those of one origin as one mark, over a ground of what no other report has."""
    alone = runs["origin"].isin(["own", "own_or_carried"])
    ends = (runs["begins_chars"] + runs["length_chars"]).groupby(runs["report_id"]).max()
    ground = runs[alone].drop_duplicates("report_id")
    ground = ground.assign(begins_chars=0, length_chars=ground["report_id"].map(ends))
    # The rarest last, so that a short run is not covered by the edge of its neighbour.
    for marks in (ground, runs[~alone]):
        for origin in reversed(ORIGINS):
            own = marks[marks["origin"] == origin]
            _add(axes, own, rows, above=form.above, height=form.strip, colour=ORIGIN_COLOURS[origin])
    below = form.above - form.strip - _GAP
    for role, own in parts.dropna(subset="role").groupby("role"):
        if role != "none":
            _add(axes, own, rows, above=below, height=form.parts, colour=style.role_colour(role))


def _add(axes: Axes, marks: pd.DataFrame, rows: fitting.Rows, *, above: float, height: float, colour: str) -> None:
    tops = marks["report_id"].map(rows.places) - above
    fitting.add_bars(axes, marks["begins_chars"], marks["length_chars"], tops, height=height, facecolor=colour)


def _write_beside(head: Axes, axes: Axes, runs: pd.DataFrame, rows: fitting.Rows, present: Sequence[str]) -> None:
    """Write the shares of each report beside its strip, in a column for each origin under its colour and name."""
    for each, ends in ((head, (0, 1)), (axes, (len(rows.names) - 0.5, -0.5))):
        each.set_axis_off()
        each.set(xlim=(0, len(present)), ylim=ends)
    for place, origin in enumerate(present):
        head.add_patch(Rectangle((place + 0.2, 0.0), 0.6, 0.18, facecolor=ORIGIN_COLOURS[origin], edgecolor="none"))
        head.text(place + 0.5, 0.26, str(_NAMES[origin]), ha="center", va="bottom", fontsize=style.SIZES["note"])
    for column, place, words, _ in _shares(runs, rows, present):
        axes.text(column + 0.5, place, words, ha="center", va="center", fontsize=style.SIZES["tick"])


def _write_below(axes: Axes, runs: pd.DataFrame, rows: fitting.Rows, present: Sequence[str]) -> None:
    """Write the shares of each report below its strip, each beside a square in the colour of the origin."""
    for column, place, words, origin in _shares(runs, rows, present):
        at = column / max(4, len(present)), place + 0.29
        for offset, sign, colour in ((0, "■", ORIGIN_COLOURS[origin]), (7, words, style.INK)):
            fitting.note(axes, sign, at, (offset, 0), on=axes.get_yaxis_transform(), va="center_baseline", color=colour)


def _shares(runs: pd.DataFrame, rows: fitting.Rows, present: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """Give each share with its column and its row."""
    shares = share_origins(runs).set_index("report_id")
    for column, origin in enumerate(present):
        for report_id, share in shares[f"share_{origin}"].items():
            yield column, rows.places[str(report_id)], "-" if math.isnan(share) else f"{share:.1%}", origin


def _key(present: Sequence[str], parts: pd.DataFrame, width_mm: float) -> list[list[Artist]]:
    """Return the lines of the key: origins, then the roles that occur."""
    words = {
        origin: both(_NAMES[origin].en.replace("\n", " "), _NAMES[origin].zh.replace("\n", "")) for origin in present
    }
    strips = [Patch(facecolor=ORIGIN_COLOURS[origin], label=words[origin]) for origin in present]
    roles = [
        Patch(facecolor=style.role_colour(role), label=str(named))
        for role, named in ROLE_NAMES.items()
        if role != "none" and role in set(parts["role"])
    ]
    return [line for handles in (strips, roles) if handles for line in fitting.fold_key(handles, width_mm=width_mm)]
