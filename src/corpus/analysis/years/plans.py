"""What became of what a report announced, and which shortcomings came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from corpus.analysis.alignment.passage_pairs import match_passages, prepare_passages, share_common
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.succession import Succession, find_successions
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role, Unit

# What a passage of the earlier report is looked for in, and what it means to find it there.
_LOOKED_FOR: dict[Role, tuple[tuple[Role, str], ...]] = {
    "plan": (("measures", "reported"), ("plan", "planned again")),
    "shortcomings": (("shortcomings", "named again"),),
}
_NOT_FOUND = "not taken up"


@tabulated
def follow_plans(
    reports: Reports, *, unit: Unit = "sentence", max_gap: int = 1, min_similarity: float = 0.5
) -> pd.DataFrame:
    """Return what the next report of an issuer says of each plan and each shortcoming of a report.

    A plan is held against the measures of the next report first, then against its plans; a shortcoming against its
    shortcomings. Passages are matched by their words as in `corpus.align_years`: the table says that words came back,
    or did not, and not what was done.

    Parameters
    ----------
    reports : Reports
    unit : {"paragraph", "item", "sentence", "clause", "phrase"}
    max_gap : int
        Most years from one report to the next, 1 or more.
    min_similarity : float
        0 to 1, above 0: see `corpus.align_years`.

    Returns
    -------
    DataFrame
        One row a passage of the plan and of the shortcomings of each report that has a successor, headings left out,
        in reading order, by issuer and year. `corpus.align_years` says by report which have none.

        {columns of follow_plans}

    Raises
    ------
    CorpusError
        If max_gap or min_similarity cannot be met.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports(corpus.validation.simulate_panel(2, 3, seed=1).texts)
    >>> corpus.follow_plans(reports)["outcome"].value_counts().to_dict()
    {'planned again': 43, 'not taken up': 22, 'named again': 8, 'reported': 3}
    """
    if not 0 < min_similarity <= 1:
        raise CorpusError(f"min_similarity is {min_similarity}; a share above 0 and up to 1 is needed")
    rows: list[tuple[Any, ...]] = []
    for succession in find_successions(reports, max_gap=max_gap):
        found = list(_follow(succession, unit, min_similarity))
        rows += sorted(found, key=lambda row: row[4])
    return build_table(rows, "follow_plans")


def _follow(succession: Succession, unit: Unit, least: float) -> Iterator[tuple[Any, ...]]:
    names = (succession.issuer, succession.earlier.report_id, succession.later.report_id)
    headings = {(passage.start, passage.end) for passage in succession.earlier.passages(unit) if passage.is_heading}
    for part, targets in _LOOKED_FOR.items():
        announced = prepare_passages(succession.earlier, unit, roles=[part])
        open_places = {place for place, span in enumerate(announced.spans) if tuple(span) not in headings}
        for role, outcome in targets:
            taken_up = prepare_passages(succession.later, unit, roles=[role])
            for match in match_passages(announced, taken_up, least):
                if match.earlier in open_places:
                    open_places.remove(match.earlier)
                    similarity = share_common(announced.keys[match.earlier], taken_up.keys[match.later])
                    spans = (*announced.spans[match.earlier], outcome, *taken_up.spans[match.later])
                    yield (*names, part, *spans, similarity)
        for place in open_places:
            yield (*names, part, *announced.spans[place], _NOT_FOUND, None, None, float("nan"))
