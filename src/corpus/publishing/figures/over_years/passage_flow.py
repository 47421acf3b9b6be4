"""Two reports of one issuer as two strips in reading order, with a band from each passage to what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Unpack

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.years.change_measures import locate_changes
from corpus.analysis.years.changes import CHANGES, align_years
from corpus.errors import CorpusError
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, Shown, no_figure, series_figure
from corpus.publishing.figures.fitting import fold_key, key_height, note, shorten_name, write_key
from corpus.publishing.figures.look import figure_width
from corpus.publishing.figures.over_years.share_kept import CHANGE_COLOURS, CHANGE_NAMES, name_part
from corpus.publishing.figures.style import INK, MUTED, SIZES, new_figure
from corpus.report.reports import Reports

_HEIGHT_MM = 105.0
_STRIP = 0.07
_STEPS = 24
_NAMES_MM = 18.0
_NAMES_POINTS = 4
_MOST_EDGED = 150
_MOST_EDGED_BANDS = 40
_LEAST_NAMED = 0.03


class _Side(NamedTuple):
    """A strip: its side of the table, where it stands from left to right, and which way the names of its parts go."""

    name: str
    left: float
    right: float
    outwards: int


_SIDES = (_Side("earlier", 0.0, _STRIP, -1), _Side("later", 1 - _STRIP, 1.0, 1))


def passage_flow(
    reports: Reports, revisions: pd.DataFrame | None = None, *, later: str | None = None, **shown: Unpack[Shown]
) -> FigureToCite | NoFigure:
    """Draw one pair of adjacent years as two strips: what was kept, renumbered, reworded, moved, dropped and new.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        As `corpus.align_years` returns it; made here if not given.
    later : str, optional
        The report_id of the later report; by default the last of the issuer with most pairs.
    **shown : Shown
        Its ``name`` and ``width_mm``.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no issuer has reports on adjacent years.

    Raises
    ------
    CorpusError
        If the report named has no report of the year before.
    """
    found = align_years(reports) if revisions is None else revisions
    if found.empty:
        return no_figure("passage-flow", "no-panel", **shown)
    pairs = found[["issuer", "earlier", "later"]].drop_duplicates()
    if later is None:
        own = pairs[pairs["issuer"] == pairs["issuer"].value_counts().index[0]]
        years = {report.report_id: report.year_reviewed or 0 for report in reports}
        later = str(own.loc[own["later"].map(years).idxmax(), "later"])
    elif later not in set(pairs["later"]):
        raise CorpusError(f"{reports[later].report_id} follows no report of its issuer on the year before")
    located = locate_changes(reports, found[found["later"] == later])
    return series_figure(
        "passage-flow",
        reports,
        draw_flow,
        located,
        **shown,
        parameters={"later": later},
        earlier=located["label_earlier"].iloc[0],
        later_label=located["label_later"].iloc[0],
        n_passages=len(located),
        n_left_out=len(reports.problems),
    )


def draw_flow(located: pd.DataFrame) -> Figure:
    """Draw what became of the passages of one report in the next: kept, renumbered, reworded, new, dropped.

    Each report is a strip from its beginning (above) to its end, each passage as high as its share of the characters. A
    band leads from a passage to where it stands in the later report; what moved crosses the others. Passages without
    a band were dropped (left) or are new (right). The parts of either report are named beside it.
    """
    width_mm = figure_width()
    labels = [f"{CHANGE_NAMES[change]} {_share(located, change):.0%}" for change in CHANGES]
    patches = [
        Patch(facecolor=CHANGE_COLOURS[change], label=label) for change, label in zip(CHANGES, labels, strict=True)
    ]
    key = fold_key(patches, width_mm=width_mm - _NAMES_MM)
    with new_figure(width_mm=width_mm, height_mm=_HEIGHT_MM + key_height(key)) as figure:
        head, axes = figure.subplots(2, 1, height_ratios=(key_height(key), _HEIGHT_MM))
        write_key(head, key)
        for change in CHANGES:
            rows = located[located["change"] == change]
            _draw_bands(axes, rows, change)
        for side in _SIDES:
            _draw_strip(axes, located, side)
        axes.set(xlim=(0, 1), ylim=(1.005, -0.005))
        axes.set_axis_off()
    return figure


def _share(located: pd.DataFrame, change: str) -> float:
    """Return the share of the later report's characters, for what was dropped of the earlier one's."""
    n_chars = located["n_key_chars_earlier" if change == "dropped" else "n_key_chars_later"]
    return float(n_chars[located["change"] == change].sum() / max(1, n_chars.sum()))


def _draw_bands(axes: Axes, rows: pd.DataFrame, change: str) -> None:
    placed = rows[rows["begins_earlier"].notna() & rows["begins_later"].notna()]
    for moved, zorder in ((False, 1), (True, 2)):
        bands = [_band(*edges) for edges in _edges(placed[placed["moved"] == moved])]
        # Bands that moved lie over the others: their edge keeps them apart, and hides no colour where they are many.
        edge, width = (INK, 0.3 if len(bands) <= _MOST_EDGED_BANDS else 0.1) if moved else ("white", 0.15)
        collection = PolyCollection(bands, facecolor=CHANGE_COLOURS[change], edgecolor=edge, linewidth=width)
        collection.set(alpha=0.75, zorder=zorder)
        axes.add_collection(collection, autolim=False)


def _edges(rows: pd.DataFrame) -> Iterator[tuple[float, float, float, float]]:
    columns = (rows[name].tolist() for name in ("begins_earlier", "ends_earlier", "begins_later", "ends_later"))
    return zip(*columns, strict=True)


def _band(top: float, bottom: float, top_later: float, bottom_later: float) -> list[tuple[float, float]]:
    """Return the outline of a band whose edges leave and arrive level."""
    steps = [step / _STEPS for step in range(_STEPS + 1)]
    across = [_STRIP + (1 - 2 * _STRIP) * step for step in steps]
    eased = [step * step * (3 - 2 * step) for step in steps]
    upper = [(x, top + (top_later - top) * ease) for x, ease in zip(across, eased, strict=True)]
    lower = [(x, bottom + (bottom_later - bottom) * ease) for x, ease in zip(across, eased, strict=True)]
    return [*upper, *reversed(lower)]


def _draw_strip(axes: Axes, located: pd.DataFrame, side: _Side) -> None:
    here = located[located[f"begins_{side.name}"].notna()].sort_values(f"begins_{side.name}")
    tops, ends = here[f"begins_{side.name}"].tolist(), here[f"ends_{side.name}"].tolist()
    # White edges tell passages apart, but would hide those that are thinner than they are.
    edge = 0.2 if len(here) <= _MOST_EDGED else 0.0
    for change, top, end in zip(here["change"], tops, ends, strict=True):
        colour = CHANGE_COLOURS[change]
        axes.fill_between([side.left, side.right], top, end, facecolor=colour, edgecolor="white", linewidth=edge)
    align = "right" if side.outwards < 0 else "left"
    middle = (side.left + side.right) / 2
    label = shorten_name(located[f"label_{side.name}"].iloc[0])
    axes.text(middle, -0.015, label, ha="center", va="bottom", fontsize=SIZES["label"])
    roles = here[f"role_{side.name}"]
    for _, part in here.groupby((roles != roles.shift()).cumsum()):
        begins, finishes = part[f"begins_{side.name}"].min(), part[f"ends_{side.name}"].max()
        axes.plot([side.left, side.right], [finishes, finishes], color=INK, linewidth=0.5, zorder=3)
        role = part[f"role_{side.name}"].iloc[0]
        if role != "none" and finishes - begins >= _LEAST_NAMED:
            at = side.left if side.outwards < 0 else side.right, (begins + finishes) / 2
            note(axes, name_part(role), at, (_NAMES_POINTS * side.outwards, 0), ha=align, color=MUTED)
