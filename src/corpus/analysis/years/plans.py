"""What became of what a report announced, and which shortcomings came back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.index.unit_row import BoolArray, IntArray
from corpus.analysis.years.plan_clauses import (
    Clause,
    divide_sides,
    falls_short,
    has_other_base,
    is_plan,
    iterate_windows,
    join_figures,
    lacks_items,
    quantities_of,
)
from corpus.analysis.years.plan_matches import Best, Rarity, count_clauses, find_best, gram_clauses, gram_windows
from corpus.errors import CorpusError
from corpus.report.passages import SENTENCE_ENDS
from corpus.report.reports import Report, Reports
from corpus.report.succession import Succession, find_successions
from corpus.report.table_columns import build_table, tabulated

_UNMET = re.compile("未达|未完成|未能完成|未实现|没有完成|没有实现|没有达到|未能实现|低于预期|不及预期|未如期")
_SURE = 0.7
_LEAST_SHORTCOMING = 6  # 主要表现在 introduces one and is none


class _Text(NamedTuple):
    """The clauses of a report, their pairs of characters, and its windows of one clause or two."""

    clauses: list[Clause]
    codes: IntArray
    windows: list[tuple[int, int]]
    words: list[str]

    @classmethod
    def of(cls, report: Report) -> _Text:
        clauses = divide_sides(report)
        windows = list(iterate_windows(clauses))
        spans = ((clauses[first].span.start, clauses[last].span.end) for first, last in windows)
        words = [report.quote(start, end) for start, end in spans]
        return cls(clauses, gram_clauses([clause.key for clause in clauses]), windows, words)


@tabulated
def follow_plans(
    reports: Reports, *, max_gap: int = 1, min_similarity: float = 0.5, min_repeated: float = 0.3
) -> pd.DataFrame:
    """Return what the next report of an issuer says of each plan and each shortcoming of a report.

    A plan is a clause of a part on plans that commits the issuer to something that can be checked: see
    `corpus.analysis.years.plan_clauses.is_plan`. It is looked for in every clause of the next report and in every two
    that follow each other, first in what tells of the time gone by, then in the plans. A score is .67 times the weight
    of its pairs of characters that stand there, by that of all, and .33 times the same over the rarest third of its
    pairs; a pair weighs log(1 + n / df), df of the n clauses of all reports given having it. Figures that stand free
    are no words; a plan with a figure is found only where a figure measures the same (%, 元, 公里, things, …). A
    shortcoming is looked for among the shortcomings.

    The table says which words came back and where, not what was done: read both sides. Of 70 plans of five provincial
    reports, whose outcomes a model read, not a person, it tells reported (in part too), planned again and not found
    with a macro-F1 of .85; .93 of what it calls reported is. The thresholds lie in the middle of a plateau (.4 to .55
    and .25 to .35: .83 to .86); chosen on four provinces and scored on the fifth they give .78. Of 60 rows of ten
    other provinces that it called reported, in part too, 51 were right to the same kind of reader; after rules were
    mended by what was read, 55 of another 60 of the same provinces. About half of real commitments are not found again.

    Parameters
    ----------
    reports : Reports
    max_gap : int
        Most years from one report to the next, 1 or more.
    min_similarity : float
        0 to 1, above 0: from this score on a plan counts as reported, a shortcoming as named again.
    min_repeated : float
        0 to 1, above 0: from this score on a plan that was not reported counts as planned again.

    Returns
    -------
    DataFrame
        One row a plan and a clause on shortcomings of each report that has a successor, in reading order, by issuer
        and year. `corpus.align_years` says by report which have none.

        {columns of follow_plans}

    Raises
    ------
    CorpusError
        If max_gap, min_similarity or min_repeated cannot be met.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports(corpus.validation.simulate_panel(2, 3, seed=1).texts)
    >>> corpus.follow_plans(reports)["outcome"].value_counts().to_dict()
    {'planned-again': 48, 'not-found': 41, 'named-again': 36, 'reported': 9}
    """
    for name, least in (("min_similarity", min_similarity), ("min_repeated", min_repeated)):
        if not 0 < least <= 1:
            raise CorpusError(f"{name} is {least}; a share above 0 and up to 1 is needed")
    successions = find_successions(reports, max_gap=max_gap)
    pairs = [(found.earlier, found.later) for found in successions]
    texts = {report.report_id: _Text.of(report) for pair in pairs for report in pair}
    rows: list[tuple[Any, ...]] = []
    if texts:
        n_clauses = sum(len(text.clauses) for text in texts.values())
        rarity = count_clauses([text.codes for text in texts.values()], n_clauses)
        for succession in successions:
            both = (texts[succession.earlier.report_id], texts[succession.later.report_id])
            rows += _follow(succession, *both, rarity, reported=min_similarity, repeated=min_repeated)
    return build_table(rows, "follow_plans")


def _follow(
    succession: Succession, earlier: _Text, later: _Text, rarity: Rarity, *, reported: float, repeated: float
) -> Iterator[tuple[Any, ...]]:
    places = [place for place, clause in enumerate(earlier.clauses) if _is_followed(clause)]
    if not places:
        return
    sides = np.array([later.clauses[first].side for first, _ in later.windows], dtype=object)
    quantities = np.array([quantities_of(words) for words in later.words], dtype=np.int64)
    unmet = np.array([_UNMET.search(words) is not None for words in later.words], dtype=bool)
    in_one_sentence = np.array(
        [first == last or later.clauses[first].text[-1] not in SENTENCE_ENDS for first, last in later.windows],
        dtype=bool,
    )
    plans = gram_clauses([earlier.clauses[place].key for place in places])
    needs = np.array([quantities_of(earlier.clauses[place].text) for place in places], dtype=np.int64)
    windows = gram_windows(later.codes, later.windows, len(later.clauses))

    def look(allowed: BoolArray, needs_figure: IntArray) -> Best:
        return find_best(
            plans, len(places), windows, rarity, allowed=allowed, quantities=quantities, needs=needs_figure
        )

    no_need = np.zeros(len(places), dtype=np.int64)
    gone_by = sides != "plan"
    review, plan = look(gone_by & ~unmet, needs), look(sides == "plan", needs)
    missed, named = look(gone_by & unmet & in_one_sentence, no_need), look(sides == "shortcomings", no_need)
    names = (succession.issuer, succession.earlier.report_id, succession.later.report_id)
    for row, place in enumerate(places):
        clause = earlier.clauses[place]
        tried: tuple[tuple[str, Best, float], ...]
        if clause.side == "shortcomings":
            tried = (("named-again", named, reported),)
        else:
            tried = (("unmet", missed, reported), ("reported", review, reported), ("planned-again", plan, repeated))
        outcome, best = next(((name, best) for name, best, least in tried if best.scores[row] >= least), ("", None))
        yield (*names, *_describe(clause, outcome, best, row, later))


def _is_followed(clause: Clause) -> bool:
    if clause.side == "shortcomings":
        return len(clause.key) >= _LEAST_SHORTCOMING
    return clause.side == "plan" and is_plan(clause.text)


def _describe(clause: Clause, outcome: str, best: Best | None, row: int, later: _Text) -> Sequence[Any]:
    """Return the columns from ``part`` on."""
    part = "shortcomings" if clause.side == "shortcomings" else "plan"
    promised = join_figures(clause.text)
    own = (part, *clause.span, clause.text)
    if best is None:
        return (*own, "not-found", None, None, "", float("nan"), promised, "", "", False, "")
    window = int(best.windows[row])
    first, last = (later.clauses[place] for place in later.windows[window])
    words, score = later.words[window], float(best.scores[row])
    other_base = has_other_base(clause.text, words) or first.of_five_years
    short = falls_short(clause.text, words) or lacks_items(clause.text, words) or (other_base and bool(promised))
    if outcome == "reported" and short:
        outcome = "reported-partly"
    span = (first.span.start, last.span.end)
    figures = join_figures(words)
    sure = "high" if score >= _SURE else "fair"
    return (*own, outcome, *span, words, score, promised, figures, first.side, other_base, sure)
