"""Where the characters of each report come from, as one strip a report in reading order."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.ticker import StrMethodFormatter

from corpus.analysis.origins import share_origins
from corpus.publishing import style
from corpus.publishing.draw.key import fold_key, key_height, write_key
from corpus.publishing.draw.reports import ROLE_NAMES
from corpus.publishing.draw.rows import NARROW_MM, Rows, arrange_rows, name_rows
from corpus.publishing.look import Profile, figure_width
from corpus.values import ORIGINS

ORIGIN_COLOURS: Final[Mapping[str, str]] = {
    "skeleton": style.COLOURS["skeleton"],
    "formula": style.COLOURS["formula"],
    "shared": style.COLOURS["shared"],
    "carried_over": style.COLOURS["carried over"],
    "own_or_carried": "#dbe5e7",
    "own": style.COLOURS["own"],
}
"""The colours of the series by origin; what may be own or carried over is a pale own."""

_NAMES: Final[Mapping[str, str]] = {
    "skeleton": "skeleton 框架",
    "formula": "formula 套语",
    "shared": "shared 共有",
    "carried_over": "carried over 沿用",
    "own_or_carried": "own or carried over 自有或沿用",
    "own": "own 自有",
}
_HEADS: Final[Mapping[str, str]] = {
    "skeleton": "skeleton\n框架",
    "formula": "formula\n套语",
    "shared": "shared\n共有",
    "carried_over": "carried\nover\n沿用",
    "own_or_carried": "own or\ncarried\n未定",
    "own": "own\n自有",
}
_PITCH_MM = 9.0
_COLUMN_MM = 11.0
_HEADS_MM = 10.5
_NAMES_MM = 16.0
_REST_MM = 11.0
_STRIP, _ROLES, _GAP = 0.5, 0.1, 0.04  # of a row
_THIN_STRIP, _THIN_ROLES = 0.66, 0.2


def draw_origins(strips: pd.DataFrame, *, width_mm: float | None = None, profile: Profile | None = None) -> Figure:
    """Draw where the characters of each report come from: one strip a report, in reading order, to its length.

    The ground of a strip is what no other report has, own or not to be told from carried over; on it stand the skeleton
    and what others have. A thin line below says which role each part plays. Beside the strips stand the shares of the
    key characters, in per cent, under the colours' names. Where there are so many reports that rows come closer than
    5.6 mm, or the figure is narrow, the names are in a key above and the shares are left out.

    Parameters
    ----------
    strips : DataFrame
        As `corpus.analysis.strips.tabulate_strips` returns it.
    width_mm, profile : optional
        See `corpus.publishing.look.Look`.
    """
    width_mm = figure_width(width_mm)
    runs, parts = (strips[strips["mark"] == mark] for mark in ("run", "part"))
    present = [origin for origin in ORIGINS if origin in set(runs["origin"])]
    rows = arrange_rows(strips, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + key_height(_key(present, parts, width_mm)))
    has_shares = rows.has_room and width_mm >= NARROW_MM
    columns_mm = len(present) * _COLUMN_MM if has_shares else 0
    key = _key([] if has_shares else present, parts, width_mm - columns_mm - (_NAMES_MM if has_shares else 0))
    head_mm = max(key_height(key), _HEADS_MM if has_shares else 0)
    heights = (head_mm, rows.height_mm - head_mm)
    widths = (width_mm - columns_mm, columns_mm) if has_shares else (1,)
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm, profile=profile) as figure:
        panels = figure.subplots(2, len(widths), height_ratios=heights, width_ratios=widths, squeeze=False)
        write_key(panels[0, 0], key)
        axes = panels[1, 0]
        name_rows(axes, rows)
        _draw_strips(axes, runs, rows)
        _draw_roles(axes, parts, rows)
        axes.set_xlim(0, max(1, (runs["begins_chars"] + runs["length_chars"]).max()))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel("characters from the beginning of the body")
        if has_shares:
            _head_columns(panels[0, 1], present)
            _write_shares(panels[1, 1], runs, rows, present)
        return figure


def _draw_strips(axes: Axes, runs: pd.DataFrame, rows: Rows) -> None:
    """Draw the runs of all reports, those of one origin as one mark, over a ground of what no other report has."""
    height = _STRIP if rows.has_room else _THIN_STRIP
    top = {report_id: place - (height + _ROLES) / 2 for report_id, place in rows.places.items()}
    alone = runs[runs["origin"].isin(["own", "own_or_carried"])].drop_duplicates("report_id")
    ends = (runs["begins_chars"] + runs["length_chars"]).groupby(runs["report_id"]).max()
    ground = alone.assign(begins_chars=0, length_chars=alone["report_id"].map(ends))
    others = runs[~runs["origin"].isin(["own", "own_or_carried"])]
    # The rarest last, so that a short run is not covered by the edge of its neighbour.
    for marks in (ground, others):
        for origin in reversed(ORIGINS):
            own = marks[marks["origin"] == origin]
            _add_bars(axes, own, top, height=height, colour=ORIGIN_COLOURS[origin])


def _draw_roles(axes: Axes, parts: pd.DataFrame, rows: Rows) -> None:
    height = _STRIP if rows.has_room else _THIN_STRIP
    thin = _ROLES if rows.has_room else _THIN_ROLES
    top = {report_id: place - (height + _ROLES) / 2 + height + _GAP for report_id, place in rows.places.items()}
    for role in ROLE_NAMES:
        own = parts[parts["role"].map(lambda named: named if isinstance(named, str) else "none") == role]
        if role != "none":
            _add_bars(axes, own, top, height=thin, colour=style.role_colour(role))


def _add_bars(axes: Axes, marks: pd.DataFrame, top: Mapping[str, float], *, height: float, colour: str) -> None:
    corners = []
    for report_id, begin, length in zip(marks["report_id"], marks["begins_chars"], marks["length_chars"], strict=True):
        low, high, upper = begin, begin + length, top[report_id]
        corners += [(low, upper), (high, upper), (high, upper + height), (low, upper + height), (low, upper)]
    if corners:
        codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * (len(corners) // 5)
        axes.add_patch(PathPatch(Path(corners, codes), facecolor=colour, edgecolor="none", linewidth=0))


def _head_columns(axes: Axes, present: Sequence[str]) -> None:
    axes.set_axis_off()
    axes.set(xlim=(0, len(present)), ylim=(0, 1))
    for place, origin in enumerate(present):
        axes.add_patch(Rectangle((place + 0.2, 0.0), 0.6, 0.18, facecolor=ORIGIN_COLOURS[origin], edgecolor="none"))
        axes.text(place + 0.5, 0.26, _HEADS[origin], ha="center", va="bottom", fontsize=style.SIZES["note"])


def _write_shares(axes: Axes, runs: pd.DataFrame, rows: Rows, present: Sequence[str]) -> None:
    axes.set_axis_off()
    axes.set(xlim=(0, len(present)), ylim=(len(rows.names) - 0.5, -0.5))
    shares = share_origins(runs).set_index("report_id")
    for column, origin in enumerate(present):
        for report_id, share in shares[f"share_{origin}"].items():
            place = rows.places[str(report_id)]
            words = "-" if math.isnan(share) else f"{share:.1%}"
            axes.text(column + 0.5, place, words, ha="center", va="center", fontsize=style.SIZES["tick"])


def _key(origins: Sequence[str], parts: pd.DataFrame, width_mm: float) -> list[list[Artist]]:
    """Return the lines of the key: origins, then the roles that occur."""
    strips = [Patch(facecolor=ORIGIN_COLOURS[origin], label=_NAMES[origin]) for origin in origins]
    named = [role for role in ROLE_NAMES if role != "none" and role in set(parts["role"])]
    roles = [Patch(facecolor=style.role_colour(role), label=ROLE_NAMES[role]) for role in named]
    lines = [fold_key(handles, width_mm=width_mm) for handles in (strips, roles) if handles]
    return [line for folded in lines for line in folded]
