"""Where in the reports the common phrases stand, and which phrases they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.boilerplate.boilerplate_measures import measure_boilerplate
from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.analysis.boilerplate.formulas import find_formulas, keep_longest, spread_formulas
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import MUTED, RULE, SIZES, TALLEST_MM
from corpus.publishing.figures.texts.parts_of_reports import key_of_roles
from corpus.publishing.figures.wording.boilerplate_settings import DF_COLOURS, df_colour
from corpus.report.reports import Reports

MOST_FORMULAS = 36

_ENDS = ",，、:：;；。"
_PLAIN = "#e9ebed"
_QUOTE_EMS = 16.0


def boilerplate_in_place(reports: Reports, *, setting: BoilerplateSetting | None = None) -> FigureToCite | NoFigure:
    """Draw where in each report the clauses stand that hold a phrase which other reports have.

    Parameters
    ----------
    reports : Reports
    setting : BoilerplateSetting, optional
        By default 8 characters, 2 reports, clauses of the body.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there is one report.
    """
    if len(reports) < 2:
        return no_figure("boilerplate-in-place", "no-other")
    chosen = setting or BoilerplateSetting()
    table = measure_boilerplate(reports, by="passage", setting=chosen)
    table = table.assign(report_label=table["report_id"].map({report.report_id: report.label for report in reports}))
    passages = tell("boilerplate-in-place", chosen.segment)
    return series_figure(
        "boilerplate-in-place",
        reports,
        draw_in_place,
        table,
        parameters=asdict(chosen),
        Passages=passages.en.capitalize(),
        passages=passages,
        units=tell("boilerplate-in-place", chosen.unit),
    )


def draw_in_place(scores: pd.DataFrame) -> Figure:
    """Draw one strip a report in reading order, its passages coloured by how many reports have a phrase of them.

    Where rows have room, a thin track under each strip shows the roles of the parts, and the beginnings of the longest
    common stretches are quoted above it.
    """
    whole = scores.groupby("report_id", as_index=False, sort=False).agg(start=("start", "min"), end=("end", "max"))
    flagged, end = scores[scores["is_boilerplate"]], int(scores["end"].max())

    def key(has_room: bool) -> list[list[Artist]]:
        colours = _key_of_strips(scores)
        return [colours, key_of_roles(scores["role"])] if has_room else [colours]

    with fitting.strip_figure(scores, key, pitch_mm=13.0, rest_mm=14.0) as (figure, rows, (axes,)):
        strip = 0.3 if rows.has_room else fitting.THIN_STRIP
        most_first = flagged.groupby("report_id").size().sort_values(ascending=False, kind="stable")
        fitting.name_rows(axes, rows, most_first.index)
        fitting.add_bars(axes, whole, rows, above=-strip / 2, height=strip, facecolor=_PLAIN)
        for colour, own in flagged.groupby(flagged["n_reports"].map(df_colour), sort=False):
            fitting.add_bars(axes, own, rows, above=-strip / 2, height=strip, facecolor=colour)
        if rows.has_room:
            for colour, own in scores.groupby(scores["role"].map(style.role_colour), sort=False):
                fitting.add_bars(axes, own, rows, above=strip / 2 + 0.02, height=0.1, facecolor=colour)
            _quote(axes, flagged, rows, -strip / 2, chars_per_mm=end / (figure_width() - rows.names_mm - 3))
        fitting.count_along(axes, 0, end, both("character of the file", "文件中的字符位置"))
    return figure


def _quote(axes: Axes, flagged: pd.DataFrame, rows: fitting.Rows, above: float, *, chars_per_mm: float) -> None:
    """Quote over each strip the passages with most in common, as far as there is room beside those before."""
    right = flagged["end"].max()
    taken: list[tuple[int, float, float]] = []
    for passage in flagged.sort_values("n_units_covered", ascending=False, kind="stable").to_dict("records"):
        words = fitting.shorten(passage["text"].rstrip(_ENDS), _QUOTE_EMS)
        wide = chars_per_mm * fitting.em_mm("note") * (fitting.count_ems(words) + 1)
        row, begin = rows.places[passage["report_id"]], max(0, min(passage["start"], right - wide))
        if all(row != other or begin >= end or begin + wide <= start for other, start, end in taken):
            taken.append((row, begin, begin + wide))
            middle, top = (passage["start"] + passage["end"]) / 2, row + above
            axes.plot([middle, middle], [top, top - 0.08], color=MUTED, linewidth=0.4)
            axes.text(begin, top - 0.1, words, fontsize=SIZES["note"], va="bottom")


def _key_of_strips(scores: pd.DataFrame) -> list[Artist]:
    """Return the entries of the key that say what the colours of the passages mean."""
    most = max(DF_COLOURS)
    has_more = scores["report_id"].nunique() > most
    keys: list[Artist] = []
    for n in sorted(set(scores.loc[scores["is_boilerplate"], "n_reports"].clip(upper=most))):
        english, chinese = (" or more", "或更多") if has_more and n == most else ("", "")
        words = both(f"in {n}{english}", f"{n} 份{chinese}")
        if not keys:
            words = both(f"phrase in {n}{english} reports", f"所含字串见于 {n} 份{chinese}报告")
        keys.append(Patch(facecolor=df_colour(n), label=words))
    return [*keys, Patch(facecolor=_PLAIN, label=both("no such phrase", "无共有字串"))]


_QUOTED_EMS = 24.0
_ROW_MM = 3.6
_PHRASE_EMS = 36.0
_PHRASE_SHARE = 0.5  # of the width, where there are many reports
_LEAST_PHRASE_MM = 36.0
_LEAST_COLUMN_MM = 8.0
_MOST_NAMED = 12
_LEAST_MOST = 6  # places that the largest disc stands for, if not more


def formulas(
    reports: Reports, *, min_reports: int = 3, min_chars: int = 6, min_chars_of_two: int = 12
) -> FigureToCite | NoFigure:
    """Draw the most widespread phrases against the reports that have them.

    Phrases that ``min_reports`` have come first, then longer ones that two reports share; those that lie in a longer
    one of the same reports are left out.

    Parameters
    ----------
    reports : Reports
    min_reports, min_chars : int
        See `corpus.find_formulas`.
    min_chars_of_two : int
        Length from which a phrase of two reports is listed too.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where reports have no such phrase.
    """
    if len(reports) < 2:
        return no_figure("formulas", "no-other")
    asked = {"min_reports": min_reports, "min_chars": min_chars, "min_chars_of_two": min_chars_of_two}
    listed = [find_formulas(reports, min_reports=min_reports, min_chars=min_chars)]
    if min_reports > 2:
        of_two = find_formulas(reports, min_reports=2, min_chars=min_chars_of_two)
        listed.append(of_two[of_two["n_reports"] == 2])
    inventory = keep_longest(pd.concat(listed, ignore_index=True))
    if inventory.empty:
        return no_figure("formulas", "no-formula", **asked)
    table = spread_formulas(reports, inventory.head(MOST_FORMULAS))
    return series_figure(
        "formulas",
        reports,
        draw_formulas,
        table,
        finding=_tell_formulas(inventory, len(reports), min_reports),
        parameters=asked,
        n_all=len(inventory),
        n_drawn=min(len(inventory), MOST_FORMULAS),
    )


def _tell_formulas(inventory: pd.DataFrame, n_reports: int, min_reports: int) -> Bilingual:
    widest, longest = (inventory.nlargest(1, column).iloc[0] for column in ("n_reports", "length_chars"))
    return tell(
        "formulas",
        "finding",
        n=int((inventory["n_reports"] >= min_reports).sum()),
        min_reports=min_reports,
        wide=fitting.shorten(str(widest["template"]), _QUOTED_EMS),
        n_wide=widest["n_reports"],
        n_reports=n_reports,
        long=fitting.shorten(str(longest["template"]), _QUOTED_EMS),
        n_long=longest["n_reports"],
        chars=longest["length_chars"],
    )


def draw_formulas(formulas: pd.DataFrame) -> Figure:
    """Draw which report has which phrase, and how often: a row a phrase, a column a report, a disc where it stands.

    Phrases are in the order of the table, each with the number of reports that have it; a page holds about
    ``MOST_FORMULAS`` of them.
    """
    width_mm = figure_width()
    labels = formulas.drop_duplicates("report_id")["report_label"].tolist()
    few = len(labels) <= min(_MOST_NAMED, (width_mm - _LEAST_PHRASE_MM) / _LEAST_COLUMN_MM)
    phrases = formulas.iloc[:: len(labels)]
    room_mm = width_mm - _LEAST_COLUMN_MM * len(labels) if few else _PHRASE_SHARE * width_mm
    room = min(_PHRASE_EMS, room_mm / fitting.em_mm("tick")) - 2
    pairs = zip(phrases["template"], phrases["n_reports"], strict=True)
    names = [f"{fitting.shorten(template, room)}  {n_reports}" for template, n_reports in pairs]
    column_mm = (width_mm - fitting.em_mm("tick") * fitting.widest_ems(names) - 3) / len(labels)
    heads = _head_columns(labels, column_mm) if few else list(map(fitting.shorten_name, labels))
    head_mm = 10.0 + 3 * max(head.count("\n") for head in heads)
    if not few and column_mm >= fitting.NAME_MM:  # they stand upright
        head_mm = 4 + fitting.em_mm("tick") * fitting.widest_ems(heads)
    elif not few:
        heads = []
    pitch_mm = min(_ROW_MM, (TALLEST_MM - head_mm) / len(names))
    with style.new_figure(width_mm=width_mm, height_mm=head_mm + pitch_mm * len(names)) as figure:
        axes = figure.subplots()
        axes.hlines(range(len(names)), -0.5, len(labels) - 0.5, color=RULE, linewidth=0.4, zorder=0)
        cells = formulas.assign(y=np.repeat(range(len(names)), len(labels)), x=[*range(len(labels))] * len(names))
        _draw_discs(axes, cells[cells["n_places"] > 0], pitch_mm, column_mm, few=few)
        axes.set(xlim=(-0.5, len(labels) - 0.5), ylim=(len(names) - 0.5, -0.5))
        axes.set_yticks(range(len(names)), names)
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xticks(range(len(heads)), heads)
        if not heads:
            axes.set_xlabel(both(f"{len(labels)} reports, a column each", f"共 {len(labels)} 份报告，每列一份"))
        axes.tick_params(length=0)
        axes.tick_params(axis="x", labelrotation=0 if few else 90)
        axes.spines[:].set_visible(False)
        return figure


def _head_columns(labels: Sequence[str], column_mm: float) -> list[str]:
    """Return the names of the reports as they fit over columns: in one line, or with the year below the place."""
    room = (column_mm - 0.6) / fitting.em_mm("tick")
    if fitting.widest_ems(labels) <= room:
        return list(labels)
    return ["\n".join(fitting.shorten(line, room) for line in label.rsplit(" ", 1)) for label in labels]


def _draw_discs(axes: Axes, cells: pd.DataFrame, pitch_mm: float, column_mm: float, *, few: bool) -> None:
    """Draw a disc for each phrase and report; its area grows with the number of places, written beside it from 2 on.

    Where there are many reports a disc of one size stands for it.
    """
    colours = cells["n_reports"].map(df_colour)
    if not few:
        wide_mm = min(0.5 * pitch_mm, 0.7 * column_mm)
        axes.scatter(cells["x"], cells["y"], s=(wide_mm * fitting.POINTS_PER_MM) ** 2, color=colours, linewidths=0)
        return
    # Where nothing stands more than once the discs are small, not all as large as they can be.
    most = max(cells["n_places"].max(), _LEAST_MOST)
    areas = (pitch_mm * 1.15 * fitting.POINTS_PER_MM) ** 2 * (cells["n_places"] / most).clip(lower=0.12)
    axes.scatter(cells["x"], cells["y"], s=areas, color=colours, linewidths=0)
    for x, y, n_places, area in zip(cells["x"], cells["y"], cells["n_places"], areas, strict=True):
        if n_places > 1:
            fitting.note(axes, str(n_places), (x, y), (math.sqrt(area) / 2 + 1.2, 0), va="center_baseline")
