"""What became of what a report announced, and which shortcomings came back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.alignment.passage_pairs import MASK, number_grams
from corpus.analysis.index.unit_row import BoolArray, IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.years.plan_clauses import Clause, divide_sides, is_plan, iterate_windows
from corpus.analysis.years.plan_outcomes import (
    falls_short,
    has_other_base,
    is_behind,
    join_figures,
    lacks_items,
    quantities_of,
    speaks_of_other,
)
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

    A figure that was missed, one of several things, another base (累计, 年均, all there is), or work under way that was
    to be done makes it reported in part: `corpus.analysis.years.plan_outcomes` says how figures are paired.

    The table says which words came back and where, not what was done: read both sides. Of 70 plans of five provincial
    reports, whose outcomes a model read, not a person, it tells reported (in part too), planned again and not found
    with a macro-F1 of .88; .96 of what it calls reported is. The thresholds lie in the middle of a plateau (.4 to .55
    and .25 to .35: .85 to .88); chosen on four provinces and scored on the fifth they give .81. Of 60 rows of ten
    other provinces that it called reported, in part too, 54 were right to the same kind of reader; after rules were
    mended by what was read, 57 of another 60 of the same provinces. About half of real commitments are not found again.

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
        outcome, best = next(
            (
                (name, best)
                for name, best, least in tried
                if best.scores[row] >= least
                and not (name == "reported" and speaks_of_other(clause.text, later.words[best.windows[row]]))
            ),
            ("", None),
        )
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
    other_base = has_other_base(clause.text, words, of_five_years=first.of_five_years)
    partly = (other_base and bool(promised)) or any(
        misses(clause.text, words) for misses in (falls_short, lacks_items, is_behind)
    )
    if outcome == "reported" and partly:
        outcome = "reported-partly"
    span = (first.span.start, last.span.end)
    figures = join_figures(words)
    sure = "high" if score >= _SURE else "fair"
    return (*own, outcome, *span, words, score, promised, figures, first.side, other_base, sure)


_RAREST = 0.33
"""What the rarest third of the pairs of a clause weighs; all pairs weigh the rest."""

# Codes (G318, 5G) are names; figures that stand free change from year to year.
_FREE_FIGURE = re.compile(r"(?<![A-Za-z0-9])[0-9]+(?![A-Za-z0-9])")
_FILLERS = re.compile("左右|以上|以内|以下|力争|确保|达到|不低于|不少于|全[省市区县年州]|我[省市区县]")
_SAME = re.compile("(?:地区)?生产总值|GDP")
_BITS = 21
_LOW = (1 << _BITS) - 1
_MOST_CELLS = 1 << 21


class Best(NamedTuple):
    """For each clause that was looked for: the window where most of it stands, -1 for none, and its score, 0 to 1."""

    windows: IntArray
    scores: FloatArray


class Rarity(NamedTuple):
    """The pairs of characters of some clauses, ascending, and how many clauses have each."""

    grams: IntArray
    counts: IntArray
    n_clauses: int

    def weigh(self, grams: IntArray) -> FloatArray:
        """Return log(1 + n / df) of each pair of characters."""
        weights: FloatArray = np.log1p(self.n_clauses / self.counts[np.searchsorted(self.grams, grams)])
        return weights


def gram_clauses(keys: Sequence[str]) -> IntArray:
    """Return each distinct (pair of characters, clause) once, ascending, without figures and hedges."""
    bare = _SAME.sub("经济", _FILLERS.sub("", _FREE_FIGURE.sub(MASK, "\0".join(keys))))
    codes, _ = number_grams(bare.split("\0"))
    grams = codes >> _BITS
    masked = (grams >> _BITS == ord(MASK)) | (grams & _LOW == ord(MASK))
    bare_codes: IntArray = codes[~masked]
    return bare_codes


def count_clauses(codes: Sequence[IntArray], n_clauses: int) -> Rarity:
    """Return how many clauses have each pair of characters."""
    grams, counts = np.unique(np.concatenate([found >> _BITS for found in codes]), return_counts=True)
    return Rarity(grams, counts, n_clauses)


def gram_windows(codes: IntArray, windows: Sequence[tuple[int, int]], n_clauses: int) -> IntArray:
    """Return each distinct (pair of characters, window) once, ascending; a window is one clause or two in a row."""
    alone, with_next = np.full(n_clauses, -1), np.full(n_clauses, -1)
    for place, (first, last) in enumerate(windows):
        (alone if first == last else with_next)[first] = place
    grams, owners = codes >> _BITS, codes & _LOW
    before = np.where(owners > 0, with_next[owners - 1], -1)
    joined = [(grams[here >= 0] << _BITS) | here[here >= 0] for here in (alone[owners], with_next[owners], before)]
    return np.unique(np.concatenate(joined))


def find_best(
    plans: IntArray,
    n_plans: int,
    windows: IntArray,
    rarity: Rarity,
    *,
    allowed: BoolArray,
    quantities: IntArray,
    needs: IntArray,
) -> Best:
    """Return for each clause the window that holds most of it.

    A score is .67 times the weight of the pairs of characters of the clause that the window has, by that of all, and
    .33 times the same over the rarest third of its pairs. Of windows with one score the first wins.

    Parameters
    ----------
    plans, windows : array of int
        From `gram_clauses` and `gram_windows`.
    n_plans : int
    rarity : Rarity
    allowed : array of bool
        Which windows are looked at.
    quantities : array of int
        What the figures of a window measure, as bits.
    needs : array of int
        The same of a clause; where it has bits, it is found only in windows that have one of them.
    """
    n_windows = len(allowed)
    best, scores = np.full(n_plans, -1), np.zeros(n_plans)
    if not len(plans) or not len(windows) or not allowed.any():
        return Best(best, scores)
    grams, owners = plans >> _BITS, plans & _LOW
    weights = rarity.weigh(grams)
    rare = _rarest_third(owners, weights, n_plans)
    sums = np.maximum(np.bincount(owners, weights, minlength=n_plans), 1e-9)
    rare_sums = np.maximum(np.bincount(owners[rare], weights[rare], minlength=n_plans), 1e-9)
    shares = weights * ((1 - _RAREST) / sums[owners] + rare * _RAREST / rare_sums[owners])
    windows = windows[allowed[windows & _LOW]]
    window_grams, window_owners = windows >> _BITS, windows & _LOW
    rows_at_once = max(1, _MOST_CELLS // n_windows)
    for begin in range(0, n_plans, rows_at_once):
        n_rows = min(rows_at_once, n_plans - begin)
        here = (owners >= begin) & (owners < begin + n_rows)
        first, last = (np.searchsorted(window_grams, grams[here], side) for side in ("left", "right"))
        n_equal = last - first
        steps = np.arange(n_equal.sum()) - np.repeat(np.cumsum(n_equal) - n_equal, n_equal)
        cells = np.repeat(owners[here] - begin, n_equal) * n_windows + window_owners[np.repeat(first, n_equal) + steps]
        table = np.bincount(cells, np.repeat(shares[here], n_equal), minlength=n_rows * n_windows)
        table = table.reshape(n_rows, n_windows)
        needed = needs[begin : begin + n_rows, None]
        table[(needed != 0) & (needed & quantities[None, :] == 0)] = 0
        # A window of two clauses holds what either does; the single clause stands first and wins where that is all.
        table = table.round(6)
        best[begin : begin + n_rows] = table.argmax(axis=1)
        scores[begin : begin + n_rows] = table.max(axis=1)
    best[scores == 0] = -1
    return Best(best, scores)


def _rarest_third(owners: IntArray, weights: FloatArray, n_plans: int) -> BoolArray:
    order = np.lexsort((-weights, owners))
    counts = np.bincount(owners, minlength=n_plans)
    ranks = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    rare = np.zeros(len(owners), dtype=bool)
    rare[order] = ranks < np.ceil(counts[owners[order]] / 3)
    return rare
