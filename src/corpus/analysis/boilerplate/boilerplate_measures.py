"""How much of a report is boilerplate: by passage, phrase, report, setting, published measure and number of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from corpus.analysis.boilerplate.definitions import (
    DEFAULT_SETTING,
    BoilerplateSetting,
    locate_phrases,
    score_boilerplate,
    share_boilerplate,
    tabulate_boilerplate,
)
from corpus.analysis.boilerplate.measured_sentences import PublishedSettings
from corpus.analysis.boilerplate.published_measures import measure_published
from corpus.analysis.boilerplate.robustness import tabulate_peers
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import tabulated
from corpus.report.values import Role

By = Literal["report", "passage", "phrase", "setting", "others", "measure"]

_TAKES = {
    "report": {"setting", "role", "intervals"},
    "passage": {"setting", "role"},
    "phrase": {"setting", "role"},
    "setting": {"setting", "role", "intervals"},
    "others": {"setting", "role"},
    "measure": {"names", "published", "allow_small"},
}


@tabulated
def measure_boilerplate(
    reports: Reports,
    *,
    by: By = "report",
    setting: BoilerplateSetting | Sequence[BoilerplateSetting] | None = None,
    role: Role | None = None,
    intervals: bool = False,
    names: Sequence[str] | None = None,
    published: PublishedSettings | None = None,
    allow_small: bool = False,
) -> pd.DataFrame:
    """Return how much of the reports is boilerplate, under a definition that is named.

    A passage is boilerplate when it holds a phrase of n units that stands in at least so many of the reports given,
    after Lang & Stice-Lawrence (2015, J. Accounting & Economics 60:110-135; taken from replications, not from the
    paper). Shares are 0 to 1, higher is more boilerplate. They depend on the setting more than on the report, and on
    how many others are at hand: none is given without both.

    Parameters
    ----------
    reports : Reports
        Document frequencies count the reports given, each once.
    by : {"report", "passage", "phrase", "setting", "others", "measure"}
        What a row is: a report, a passage, or a stretch of common phrases, under one setting; a report and setting, for
        every setting; a report and number of others, had fewer been at hand (rarefaction, Hurlbert 1971, Ecology
        52:577-586; characters and a threshold of two reports); or a published measure and report, see
        `corpus.analysis.boilerplate.published_measures.measure_published` for each.
    setting : BoilerplateSetting or sequence of BoilerplateSetting, optional
        What counts. By default 8 characters, 2 reports, clauses of the body. Several only by setting; there the
        default is 2 to 5 words and 4 to 16 characters, each with every segment and every threshold up to 5 reports.
    role : str, optional
        Only the passages of parts with this role, in all reports.
    intervals : bool
        By report and by setting: whether shares get their 95% interval over the passages of the report, the other
        reports being fixed. It says nothing of other issuers or years. A tenth of a second to a report, by setting.
    names : sequence of str, optional
        By measure: which of the measures; by default all.
    published : PublishedSettings, optional
        By measure: the parameters of each, see `corpus.analysis.boilerplate.measured_sentences`; by default as
        published.
    allow_small : bool
        By measure: whether to measure below the least number of reports or issuers; the note then says so.

    Returns
    -------
    DataFrame
        By report, one row a report:

        {columns of measure_boilerplate.report}

        By passage, in reading order:

        {columns of measure_boilerplate.passage}

        By phrase, in reading order. The units of the phrases in a passage add up to its n_units_covered:

        {columns of measure_boilerplate.phrase}

        By setting, one row a setting and report, in the order of both:

        {columns of measure_boilerplate.setting}

        By others, one row a report and number of others, from 1 to all:

        {columns of measure_boilerplate.others}

        By measure, one row a measure and report, in the order of both:

        {columns of measure_boilerplate.measure}

    Raises
    ------
    CorpusError
        If ``by``, the role or a name is unknown, an option is given that this ``by`` does not take, or there are fewer
        reports or issuers than a published measure needs and ``allow_small`` is false.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.measure_boilerplate(reports)[["report_id", "share_flagged"]].round(3).head(2)
            report_id  share_flagged
    0  zaozhuang-2019          0.185
    1   longgang-2020          0.184
    """
    given = {"setting": setting, "role": role, "names": names, "published": published}
    chosen = {name for name, value in given.items() if value is not None}
    _check(by, chosen | {name for name, value in (("intervals", intervals), ("allow_small", allow_small)) if value})
    if by == "measure":
        return measure_published(
            reports, names=names, settings=published or PublishedSettings(), allow_small=allow_small
        )
    if by == "setting":
        settings = [setting] if isinstance(setting, BoilerplateSetting) else setting
        return tabulate_boilerplate(reports, settings=settings, role=role, intervals=intervals)
    if setting is not None and not isinstance(setting, BoilerplateSetting):
        raise CorpusError(f'by={by!r} takes one setting; by="setting" takes several')
    one = setting or DEFAULT_SETTING
    if by == "others":
        if (one.unit, one.min_reports, one.scope) != ("character", 2, "body"):
            raise CorpusError(f"by='others' counts characters of bodies that 2 reports have, not {one}")
        return tabulate_peers(reports, n=one.n, segment=one.segment, role=role)
    if by == "phrase":
        return locate_phrases(reports, setting=one, role=role)
    scores = score_boilerplate(reports, setting=one, role=role)
    return scores if by == "passage" else share_boilerplate(scores, intervals=intervals)


def _check(by: str, given: set[str]) -> None:
    if by not in _TAKES:
        raise CorpusError(f"by={by!r} is none of {', '.join(_TAKES)}")
    if odd := sorted(given - _TAKES[by]):
        raise CorpusError(f"by={by!r} does not take {odd[0]}; it takes {', '.join(sorted(_TAKES[by]))}")
