"""Where the characters of each report come from, as one strip a report in reading order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from typing import Final, Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import StrMethodFormatter

from corpus.analysis.boilerplate.origins import MIN_ISSUERS, share_origins, tabulate_strips, trace_origins
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.texts.parts_of_reports import key_of_roles
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
_REST_MM = 12.0


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
    n_issuers = len({report.issuer_key if report.issuer else report.report_id for report in reports})
    keeper = reports[str(carried.idxmax())].label if carried.max() > 0 else ""
    return tell(
        "origins",
        "finding" if others.max() > 0 else "finding_none" if n_issuers > 1 else "finding_alone",
        a=reports[str(others.idxmax())].label,
        most=others.max(),
        median=others.median(),
        min_chars=min_chars,
        carried=tell("origins", "carried", a=keeper, share=carried.max()) if keeper else "",
    )


def draw_origins(strips: pd.DataFrame) -> Figure:
    """Draw where the characters of each report come from: one strip a report, in reading order, to its length.

    The ground of a strip is what no other report has, own or not to be told from carried over; on it stand the skeleton
    and what others have. A thin line below says which role each part plays. Beside the strips stand the shares of the
    key characters, in per cent, under the colours' names. In a narrow figure the names are in a key above. Shares and
    line are left out where rows come closer than 5.6 mm.
    """
    width_mm = figure_width()
    runs, parts = (strips[strips["mark"] == mark] for mark in ("run", "part"))
    present = [origin for origin in ORIGINS if origin in set(runs["origin"])]
    names = {origin: str(_NAMES[origin]).replace("\n", both(" ", "")) for origin in present}
    key_mm = fitting.key_width(strips, width_mm)
    key = fitting.fold_key(
        [Patch(facecolor=ORIGIN_COLOURS[each], label=names[each]) for each in present], width_mm=key_mm
    )
    roles = fitting.fold_key(key_of_roles(parts["role"]), width_mm=key_mm)
    rows = fitting.arrange_rows(strips, pitch_mm=_PITCH_MM, rest_mm=_REST_MM + fitting.key_height([*key, *roles]))
    key = [*key, *roles] if rows.has_room else key
    columns_mm = len(present) * _COLUMN_MM if rows.has_room and width_mm >= fitting.NARROW_MM else 0
    heights = (fitting.key_height(key), rows.height_mm - fitting.key_height(key))
    strip = 0.5 if rows.has_room else 0.8
    with style.new_figure(width_mm=width_mm, height_mm=rows.height_mm) as figure:
        head, axes = figure.subplots(2, 1, height_ratios=heights)
        fitting.write_key(head, key)
        others = runs[runs["origin"].isin(["formula", "shared"])].groupby("report_id")["length_chars"].sum()
        fitting.name_rows(axes, rows, others.sort_values(ascending=False, kind="stable").index)
        ends = (runs["begins_chars"] + runs["length_chars"]).groupby(runs["report_id"]).max()
        alone = runs["origin"].isin(["own", "own_or_carried"])
        ground = runs[alone].drop_duplicates("report_id").assign(begins_chars=0)
        ground = ground.assign(length_chars=ground["report_id"].map(ends))
        # The rarest last, so that a short run is not covered by the edge of its neighbour.
        for marks, origin in product((ground, runs[~alone]), reversed(ORIGINS)):
            _add(axes, marks[marks["origin"] == origin], rows, -strip / 2, strip, ORIGIN_COLOURS[origin])
        for role, own in parts[parts["role"] != "none"].groupby("role") if rows.has_room else ():
            _add(axes, own, rows, strip / 2 + 0.04, 0.1, style.role_colour(role))
        end = max(1, ends.max())
        axes.set_xlim(0, end)
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.set_xlabel(both("characters from the beginning of the body", "自正文开头起的字符数"))
        shares = share_origins(runs).set_index("report_id")
        for place, origin in enumerate(present if columns_mm else ()):
            points = fitting.POINTS_PER_MM * _COLUMN_MM * (place + 1)
            fitting.note(axes, str(_NAMES[origin]), (1, 1), (points, 2), on="axes fraction", ha="right", va="bottom")
            for report_id, share in shares[f"share_{origin}"].items():
                fitting.write_beside(
                    axes, rows.places[str(report_id)], {points: "-" if math.isnan(share) else f"{share:.1%}"}
                )
        return figure


def _add(axes: Axes, marks: pd.DataFrame, rows: fitting.Rows, above: float, height: float, colour: str) -> None:
    tops = marks["report_id"].map(rows.places) + above
    fitting.add_bars(axes, marks["begins_chars"], marks["length_chars"], tops, height=height, facecolor=colour)
