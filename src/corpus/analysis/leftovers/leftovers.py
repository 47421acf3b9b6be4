"""Leftovers: what a report seems to have kept from an older or a borrowed text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from corpus.analysis.leftovers.foreign_places import foreign_places, unplaced
from corpus.analysis.leftovers.outdated_terms import outdated_terms
from corpus.analysis.leftovers.signs import Sign, early_publication, lost_characters, typos, word_debris
from corpus.analysis.leftovers.stale_years import stale_years, year_under_review
from corpus.analysis.words.dated_terms import DatedTerms, read_terms
from corpus.field.divisions import Divisions
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated


@tabulated
def find_leftovers(
    reports: Reports, *, typos: bool = False, chronology: Sequence[Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Return what does not belong in each report: years, places, organs, laws, campaigns, days, damage.

    Each row is a place to look at. A sign of an older or a borrowed text is not a proof of one: a chapter set under
    last year may be a slip of the pen, a repealed law may be taught as history.

    - ``stale-year``: a title, heading or sentence set under a year before the one reviewed, or a plan for a year that
      is not after it. Periods, titles of documents, comparisons, history, and the years that projects, prizes and
      checks have of their own are left alone.
    - ``foreign-place``: a place that is neither the report's own, nor in it, nor above it, named as if it were its own.
      Partners, visits, models and lists are left alone. Only places of the table of divisions are known.
    - ``old-organ``, ``repealed-law``, ``stale-campaign``: dissolved, repealed or ended before the year reviewed began,
      and named in a sentence that does not look back.
    - ``late-event``: named or told as past before it was there.
    - ``early-publication``: published, or else signed, before the year reviewed had ended.
    - ``lost-characters``, ``word-debris``: flagged when the report was loaded.
    - ``typo``: on request.

    Parameters
    ----------
    reports : Reports
    typos : bool
        Also report a few kinds of slips: words or characters doubled by mistake, well-known wrong spellings.
    chronology : sequence of mapping, optional
        Dated terms in the form of ``reports.lexicon.chronology``, taken by default. Only rows checked by search
        count, by the bounds that they name.

    Returns
    -------
    DataFrame
        One row a place, by report, start, end and kind. ``attrs["excluded"]`` lists the ids of reports without a year
        or a place, in which no year or no place can be out of place.

        {columns of find_leftovers}

    Raises
    ------
    CorpusError
        If the chronology given lacks a column or has a day that is none.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.find_leftovers(reports)[["report_id", "kind", "quote"]].head(2)
            report_id             kind    quote
    0  zaozhuang-2019     repealed-law  《技术合同法》
    1  zaozhuang-2019  lost-characters  2020312
    """
    rows = reports.lexicon.chronology if chronology is None else chronology
    terms = read_terms(rows, reports.lexicon.simplified) if rows else None
    table = build_table(
        (
            (report.report_id, *row)
            for report in reports
            for row in _rows(report, _signs(report, terms, reports.lexicon.divisions, with_typos=typos))
        ),
        "find_leftovers",
    )
    undated = [report.report_id for report in reports if report.year_reviewed is None]
    table.attrs["excluded"] = list(dict.fromkeys([*undated, *unplaced(reports, reports.lexicon.divisions)]))
    return table


def _signs(report: Report, terms: DatedTerms | None, table: Divisions, *, with_typos: bool) -> Iterator[Sign]:
    reviewed = year_under_review(report)
    if reviewed is not None:
        yield from stale_years(report, reviewed)
    yield from foreign_places(report, table)
    if terms is not None:
        yield from outdated_terms(report, terms, reviewed=reviewed)
    if reviewed == report.year_reviewed:
        yield from early_publication(report)
    yield from lost_characters(report)
    yield from word_debris(report)
    if with_typos:
        yield from typos(report)


def _rows(report: Report, signs: Iterator[Sign]) -> Iterator[tuple[object, ...]]:
    sentences = report.passages("sentence", scope="file")
    starts = [sentence.start for sentence in sentences]
    for sign in sorted(set(signs), key=lambda sign: (sign.start, sign.end, sign.kind)):
        index = bisect_right(starts, sign.start) - 1
        if index < 0 or sentences[index].end <= sign.start:  # between two sentences: the next one
            index = min(index + 1, len(sentences) - 1)
        around = sentences[index]
        quote = report.quote(sign.start, sign.end) or report.raw[sign.start : sign.end]
        yield sign.start, sign.end, sign.kind, sign.strength, quote, sign.why, around.start, around.end
