"""Words that set a year apart, where in each report a term stands, and what the reports can show over years."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.words.concordance import find_terms
from corpus.analysis.years.terms_by_year import compare_years, tabulate_markers
from corpus.errors import CorpusError
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.fitting import POINTS_PER_MM, count_ems, shorten, widest_ems
from corpus.publishing.figures.look import Bilingual, both, figure_width, tell
from corpus.publishing.figures.style import COLOURS, MUTED, SIZES, TALLEST_MM, new_figure
from corpus.report.reports import Reports

_LONGEST_TERM = 18.0
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_MOST_PANELS = 12
_REST_MM = 13.0  # the axis below, the key
_PANEL_MM = 90.0
_PANEL_REST_MM = 11.5
_BESIDE_TERM_POINTS = 8.0
_BETWEEN_PANELS = 0.06  # of the width of a panel
_BAR_MM = 4.1
_LEAST_BAR_MM = 2.7


def describe_panel(reports: Reports) -> Bilingual:
    """Return how many reports, issuers and years there are, and what a difference between years may come from."""
    years_of: dict[str, set[int | None]] = {}
    for report in reports:
        years_of.setdefault(report.issuer or report.report_id, set()).add(report.year_reviewed)
    n_returning = sum(len(years - {None}) > 1 for years in years_of.values())
    n_years = len(set().union(*years_of.values()) - {None})
    return tell(
        "loaded",
        "panel",
        n=len(reports),
        n_issuers=len(years_of),
        n_years=n_years,
        n_left_out=len(reports.problems),
        n_returning=n_returning,
        only_some=tell("loaded", "only_some") if n_years > 1 and n_returning < len(years_of) else "",
    )


def keyness(reports: Reports, *, n_above: int = 8, n_below: int = 3) -> FigureToCite | NoFigure:
    """Draw the words that set each year apart from all others.

    Parameters
    ----------
    reports : Reports
    n_above, n_below : int
        At most so many words a year with signed G² above 0, and below.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where there are no two years to compare.
    """
    if len({report.year_reviewed for report in reports} - {None}) < 2:
        return no_figure("keyness", "no-years")
    table = tabulate_markers(reports, n_above=n_above, n_below=n_below)
    if table.empty:
        return no_figure("keyness", "no-years")
    compared = compare_years(reports)
    return series_figure(
        "keyness",
        reports,
        draw_keyness,
        table,
        parameters={"n_above": n_above, "n_below": n_below},
        panel=describe_panel(reports),
        n_words=compared.loc[compared["kind"] == "word", "term"].nunique(),
        n_high=int((table["g2"] > 0).sum()),
        n_low=int((table["g2"] < 0).sum()),
        n_undated=len(compared.attrs["excluded"]),
    )


def draw_keyness(markers: pd.DataFrame) -> Figure:
    """Draw the words that set each year apart: one panel a year, one bar a word.

    Beside each bar stand its count in the year, how many of the year's reports have the word, and the log ratio. Where
    there is no room for all words of a year, those with the strongest G² are drawn.
    """
    width_mm = figure_width()
    years = sorted(markers["year_reviewed"].unique())[-_MOST_PANELS:]
    n_columns = min(max(1, round(width_mm / _PANEL_MM)), len(years))
    n_rows = math.ceil(len(years) / n_columns)
    room_mm = (TALLEST_MM - _REST_MM) / n_rows - _PANEL_REST_MM
    most = int(markers[markers["year_reviewed"].isin(years)].groupby("year_reviewed").size().max())
    n_bars = min(most, int(room_mm / _LEAST_BAR_MM))
    panel_mm = min(room_mm, _BAR_MM * n_bars + 1)
    with new_figure(width_mm=width_mm, height_mm=n_rows * (panel_mm + _PANEL_REST_MM) + _REST_MM) as figure:
        figure.set_layout_engine("constrained", wspace=_BETWEEN_PANELS)
        panels = figure.subplots(n_rows, n_columns, sharex=True, squeeze=False)
        for year, axes in zip(years, panels.flat, strict=False):
            words = markers[markers["year_reviewed"] == year]
            strongest = words[words["g2"].abs().rank(method="first", ascending=False) <= n_bars]
            _draw_panel(axes, strongest, width_mm=width_mm / n_columns)
        told = both("signed G² against all other years", "与其余各年度相比的带符号对数似然值")
        chosen = both(f": {n_bars} words", f"：{n_bars} 个词")
        for axes in panels.flat[len(years) :]:
            axes.remove()
        for axes in panels.flat[len(years) - n_columns : len(years)]:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel(told + (chosen if n_bars < most else ""))
        own = Patch(color=COLOURS["own"], label=both("word of one issuer only", "只有一个机关使用的词"))
        shared = Patch(color=COLOURS["shared"], label=both("word that two or more issuers use", "两个以上机关使用的词"))
        is_own = markers["n_issuers_in_all"] == 1
        keys = [*([own] if is_own.any() else []), *([shared] if not is_own.all() else [])]
        figure.legend(handles=keys, loc="outside lower left", ncols=2)
    return figure


def _draw_panel(axes: Axes, words: pd.DataFrame, *, width_mm: float) -> None:
    year, n_reports, labels = words[["year_reviewed", "n_reports_in_year", "reports_in_year"]].iloc[0]
    terms = [short_term(term) for term in words["term"]]
    title = both(f"{year} – {n_reports} report{'s' if n_reports != 1 else ''}", f"{year}：{n_reports} 份报告")
    named = title + both(f": {labels}", f"（{labels.replace(', ', '、')}）")
    points = width_mm * POINTS_PER_MM - widest_ems(terms) * SIZES["label"] - _BESIDE_TERM_POINTS
    axes.set_title(named if n_reports <= 3 and count_ems(named) * SIZES["title"] <= points else title, pad=11)
    colours = [COLOURS["own"] if n_issuers == 1 else COLOURS["shared"] for n_issuers in words["n_issuers_in_all"]]
    axes.barh(range(len(words)), words["g2"], height=0.62, color=colours)
    axes.axvline(0, color=MUTED, linewidth=0.5)
    axes.set_ylim(len(words) - 0.4, -0.6)
    axes.set_yticks(range(len(words)), terms, fontsize=SIZES["label"])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    fitting.write_beside(
        axes, -0.95, {9: "n", 36: both("reports", "报告"), 65: both("log ratio", "对数比")}, colour=MUTED
    )
    columns = zip(words["count"], words["n_reports"], words["log_ratio"], strict=True)
    for row, (count, n_naming, ratio) in enumerate(columns):
        fitting.write_beside(
            axes,
            row,
            {9: f"{count}", 36: both(f"{n_naming} of {n_reports}", f"{n_naming}/{n_reports}"), 65: f"{ratio:+.1f}"},
        )


def short_term(term: str) -> str:
    """Return a term that fits beside a row: without its remark in brackets if it is long, then cut."""
    return shorten(_REMARK.sub("", term) if count_ems(term) > _LONGEST_TERM else term, _LONGEST_TERM)


_COLOURS: Final = (style.INK, *(style.COLOURS[name] for name in ("formula", "shared", "carried over")))
_GROUND = "#e9ebed"
_PITCH_MM = 6.0
_TERM_STRIP = 0.7
_TICK_MM = 0.35


def term_places(reports: Reports, terms: str | Iterable[str], *, regex: bool = False) -> FigureToCite | NoFigure:
    """Draw where in each report the terms stand, and say how evenly they are spread.

    Parameters
    ----------
    reports : Reports
    terms : str or iterable of str
        One to four, as `corpus.find_terms` takes them: ``"推进*建设"``.
    regex : bool
        See `corpus.find_terms`.

    Returns
    -------
    FigureToCite or NoFigure
        The latter where no term stands anywhere.

    Raises
    ------
    CorpusError
        If there are more than four terms, or `corpus.find_terms` does not take them.

    Examples
    --------
    >>> import corpus
    >>> corpus.figures.term_places(corpus.load_reports(), "三重一大")
    Figure term-places. 三重一大: 4 places in 2 reports, dispersion 0.78.
    """
    names = list(dict.fromkeys([terms] if isinstance(terms, str) else terms))
    if len(names) > len(_COLOURS):
        raise CorpusError(f"{len(names)} terms cannot be told apart in one figure; draw {len(_COLOURS)} at most")
    hits = find_terms(reports, names, regex=regex)
    if hits.empty:
        return no_figure("term-places", "no-place")
    spread = find_terms(reports, names, by="term", regex=regex)
    counted = spread[spread["n_places"] > 0][["term", "n_places", "n_reports", "dispersion"]].itertuples(index=False)
    told = [
        tell("term-places", "spread", term=term, n=n_places, n_reports=n_reports, dispersion=dispersion)
        for term, n_places, n_reports, dispersion in counted
    ]
    finding = Bilingual(" ".join(one.en for one in told), "".join(one.zh for one in told))
    table = _lay_out(reports, hits)
    return series_figure("term-places", reports, draw_term_places, table, finding=finding, n_places=len(hits))


def _lay_out(reports: Reports, hits: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each report, which has no term, and for each place, in characters of the body."""
    rows = []
    of_report = dict(list(hits.groupby("report_id")[["term", "start", "end"]]))
    for report in reports:
        begin, end = report.text_map.derived_span(*report.layout.body)
        rows.append((report.report_id, report.label, "", 0, end - begin))
        for term, *span in of_report.get(report.report_id, hits.iloc[:0, :3]).itertuples(index=False):
            first, last = report.text_map.derived_span(*span)
            rows.append((report.report_id, report.label, term, first - begin, last - first))
    return pd.DataFrame(rows, columns=["report_id", "report_label", "term", "begins_chars", "length_chars"])


def draw_term_places(places: pd.DataFrame) -> Figure:
    """Draw a strip for each report, as long as its body, with a tick of the term's colour for each place."""
    terms = dict(zip(sorted(set(places["term"]) - {""}), _COLOURS, strict=False))

    def key(_: bool) -> list[list[Artist]]:
        return [[Patch(facecolor=colour, label=fitting.shorten(term, 16)) for term, colour in terms.items()]]

    with fitting.strip_figure(places, key, pitch_mm=_PITCH_MM) as (figure, rows, (axes,)):
        fitting.name_rows(axes, rows, places.loc[places["term"] != "", "report_id"].value_counts().index)
        longest = int(places["length_chars"].max())
        lengths = places["length_chars"].clip(lower=longest * _TICK_MM / (figure_width() - rows.names_mm))
        bars = places.assign(start=places["begins_chars"], end=places["begins_chars"] + lengths)
        for term, colour in {"": _GROUND, **terms}.items():
            own = bars[bars["term"] == term]
            fitting.add_bars(axes, own, rows, above=-_TERM_STRIP / 2, height=_TERM_STRIP, facecolor=colour)
        fitting.count_along(axes, 0, longest)
    return figure
