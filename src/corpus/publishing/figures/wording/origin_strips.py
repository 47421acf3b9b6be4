"""Where the characters of each report come from, as one strip a report in reading order."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import product
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.boilerplate.origins import MIN_ISSUERS, share_origins, tabulate_strips, trace_origins
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
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


def origins(reports: Reports, *, min_issuers: int = MIN_ISSUERS, min_chars: int = 12) -> FigureToCite | NoFigure:
    """Draw where the characters of each report come from, in reading order, with the share of each origin.

    Parameters
    ----------
    reports : Reports
    min_issuers, min_chars : int
        See `corpus.trace_origins`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return no_figure("origins", "no-other")
    runs = trace_origins(reports, min_issuers=min_issuers, min_chars=min_chars)
    return series_figure(
        "origins",
        reports,
        draw_origins,
        tabulate_strips(reports, runs),
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
    has_names_beside = figure_width() >= fitting.NARROW_MM
    strips = strips.assign(start=strips["begins_chars"], end=strips["begins_chars"] + strips["length_chars"])
    runs, parts = (strips[strips["mark"] == mark] for mark in ("run", "part"))
    present = [origin for origin in ORIGINS if origin in set(runs["origin"])]

    def key(has_room: bool) -> list[list[Artist]]:
        names = {origin: str(_NAMES[origin]).replace("\n", both(" ", "")) for origin in present}
        colours: list[Artist] = [Patch(facecolor=ORIGIN_COLOURS[each], label=names[each]) for each in present]
        return [colours, key_of_roles(parts["role"])] if has_room else [colours]

    with fitting.strip_figure(strips, key, pitch_mm=_PITCH_MM) as (figure, rows, (axes,)):
        strip = 0.5 if rows.has_room else fitting.THIN_STRIP
        others = runs[runs["origin"].isin(["formula", "shared"])].groupby("report_id")["length_chars"].sum()
        fitting.name_rows(axes, rows, others.sort_values(ascending=False, kind="stable").index)
        ends = runs.groupby("report_id")["end"].max()
        alone = runs["origin"].isin(["own", "own_or_carried"])
        ground = runs[alone].drop_duplicates("report_id").assign(start=0)
        ground["end"] = ground["report_id"].map(ends)
        # The rarest last, so that a short run is not covered by the edge of its neighbour.
        for marks, origin in product((ground, runs[~alone]), reversed(ORIGINS)):
            colour, own = ORIGIN_COLOURS[origin], marks[marks["origin"] == origin]
            fitting.add_bars(axes, own, rows, above=-strip / 2, height=strip, facecolor=colour)
        for role, own in parts[parts["role"] != "none"].groupby("role") if rows.has_room else ():
            colour = style.role_colour(role)
            fitting.add_bars(axes, own, rows, above=strip / 2 + 0.04, height=0.1, facecolor=colour)
        fitting.count_along(axes, 0, max(1, ends.max()))
        shares = share_origins(runs).set_index("report_id")
        for place, origin in enumerate(present if rows.has_room and has_names_beside else ()):
            points = fitting.POINTS_PER_MM * _COLUMN_MM * (place + 1)
            fitting.note(axes, str(_NAMES[origin]), (1, 1), (points, 2), on="axes fraction", ha="right", va="bottom")
            for report_id, share in shares[f"share_{origin}"].items():
                told = "-" if math.isnan(share) else f"{share:.1%}"
                fitting.write_beside(axes, rows.places[str(report_id)], {points: told})
    return figure
