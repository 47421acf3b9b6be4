"""Where in the reports a term stands: a tick for each place along each report."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from corpus.analysis.words.concordance import find_terms
from corpus.errors import CorpusError
from corpus.publishing.figures import fitting, style
from corpus.publishing.figures.figure_to_cite import FigureToCite, NoFigure, no_figure, series_figure
from corpus.publishing.figures.look import Bilingual, figure_width, tell
from corpus.report.reports import Reports

_COLOURS: Final = (style.INK, *(style.COLOURS[name] for name in ("formula", "shared", "carried over")))
_GROUND = "#e9ebed"
_PITCH_MM = 6.0
_STRIP = 0.7
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
            fitting.add_bars(axes, own, rows, above=-_STRIP / 2, height=_STRIP, facecolor=colour)
        fitting.count_along(axes, 0, longest)
    return figure
