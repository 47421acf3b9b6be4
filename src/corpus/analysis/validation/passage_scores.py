"""How well shared passages and formulas are found: scores over characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.simulation.panel import Panel
from corpus.analysis.validation.label_scores import (
    Ruler,
    Side,
    count_covered,
    find_meetings,
    find_overlaps,
    harmonic_mean,
    need_columns,
    place_pairs,
    ratio,
)
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, tabulated

_MUCH_EDITED = 0.1


@dataclass(frozen=True, slots=True)
class ReuseScore:
    """How well shared passages were found, over characters. Made by `score_reuse`.

    Attributes
    ----------
    coverage : float
        Characters of the planted pairs, both sides, that lie in a row found for them, to all: 0 to 1. A row is found
        for a pair if it overlaps both its sides. It is the recall of Potthast et al. 2010.
    share_one_origin : float
        Characters of the rows found, both sides, whose passage stands under the other side of the row too, to all that
        lie in a passage: 0 to 1. Passages are the same if they have one ``unit``, so that formulas, headings and what
        was carried over for several years are right, planted pairs or not.
    granularity : float
        Mean number of rows found for a planted pair that was found at all: 1 at best, NaN where none was.
    precision : float
        As Potthast et al. have it: characters of the rows, both sides, that lie in a planted pair which the row was
        found for, to all of them: 0 to 1. What joins occurrences of one passage that are no planted pair is wrong here.
    plagdet : float
        As Potthast et al. have it: harmonic mean of coverage and precision, divided by log2(1 + granularity): 0 to 1.
    cases : DataFrame
        The planted pairs looked at, as in ``Panel.cases``, with n_chars (both sides), found_chars and n_found (rows):
        the coverage of any group of them is the sum of found_chars by that of n_chars.
    found : DataFrame
        The rows looked at, with n_chars (in passages, both sides) and right_chars.
    """

    coverage: float
    share_one_origin: float
    granularity: float
    precision: float
    plagdet: float
    cases: pd.DataFrame = field(repr=False)
    found: pd.DataFrame = field(repr=False)


def score_reuse(found: pd.DataFrame, panel: Panel, *, min_chars: int = 30) -> ReuseScore:
    """Score shared passages against the planted pairs of a panel.

    All counts are of characters of ``raw``, summed over pairs and rows (micro-averages): a character that stands in
    several pairs counts in each. The order of the two sides of a row does not matter. ``precision`` and ``plagdet`` are
    those of Potthast, Stein, Barrón-Cedeño & Rosso (2010), An evaluation framework for plagiarism detection, COLING,
    which ask whether a detection overlaps a planted case. In a panel most of what is found joins occurrences of one
    passage that are no planted pair (a formula, what was carried over twice): ``share_one_origin`` counts it as right.

    Parameters
    ----------
    found : DataFrame
        As `corpus.find_reuse` returns it for ``load_reports(panel.texts)``: report_a, start_a, end_a, report_b,
        start_b, end_b.
    panel : Panel
    min_chars : int
        Planted pairs and rows with a side of fewer characters are left out.

    Returns
    -------
    ReuseScore

    Raises
    ------
    CorpusError
        If a column is missing or a report is none of the panel's.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(3, 2, seed=1)
    >>> found = corpus.find_reuse(corpus.load_reports(panel.texts))
    >>> round(corpus.validation.score_reuse(found, panel).coverage, 2)
    1.0
    """
    ruler = Ruler(panel)
    rows = _long_enough(found, min_chars)
    cases = _long_enough(panel.cases, min_chars)
    row_sides, case_sides = place_pairs(rows, ruler), place_pairs(cases, ruler)
    found_chars, n_found = _recalled(case_sides, row_sides, ruler)
    n_chars, right_chars = _judged(row_sides, panel, ruler)
    cases = cases.assign(
        n_chars=sum(side.end - side.start for side in case_sides), found_chars=found_chars, n_found=n_found
    )
    coverage = ratio(found_chars.sum(), cases["n_chars"].sum())
    detected = n_found[n_found > 0]
    granularity = float(detected.mean()) if len(detected) else float("nan")
    planted_chars, _ = _recalled(row_sides, case_sides, ruler)
    precision = ratio(planted_chars.sum(), np.sum([side.end - side.start for side in row_sides]))
    pieces = float(np.log2(1 + granularity)) if len(detected) else np.inf
    return ReuseScore(
        coverage=coverage,
        share_one_origin=ratio(right_chars.sum(), n_chars.sum()),
        granularity=granularity,
        precision=precision,
        plagdet=harmonic_mean(precision, coverage) / pieces,
        cases=cases,
        found=rows.assign(n_chars=n_chars, right_chars=right_chars),
    )


@tabulated
def score_formulas(found: pd.DataFrame, panel: Panel) -> pd.DataFrame:
    """Return how well each formula of a panel was found.

    Parameters
    ----------
    found : DataFrame
        As `corpus.find_formulas` returns it: places, a list of (report_id, start, end) for each row.
    panel : Panel

    Returns
    -------
    DataFrame
        One row a formula, in the order of ``panel.formulas``.

        {columns of score_formulas}

    Raises
    ------
    CorpusError
        If a column is missing or a report is none of the panel's.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(3, 2, seed=1)
    >>> found = corpus.find_formulas(corpus.load_reports(panel.texts))
    >>> scored = corpus.validation.score_formulas(found, panel)
    >>> round(float(scored["found_chars"].sum() / scored["n_chars"].sum()), 2)
    0.94
    """
    need_columns(found, ("places",))
    ruler = Ruler(panel)
    listed = [place for places in found["places"] for place in places]
    places = pd.DataFrame(listed, columns=["report_id", "start", "end"])
    layers = panel.layers[panel.layers["layer"] == "formula"]
    span, stand = (ruler.place(table) for table in (places, layers))
    place_at, layer_at, n_chars = find_overlaps(span, stand)
    base = stand.start[layer_at]
    covered = count_covered(layer_at, np.maximum(span.start[place_at], base) - base, n_chars, len(layers))
    sums = pd.DataFrame({"unit": layers["unit"], "n_chars": stand.end - stand.start, "found_chars": covered})
    return as_table(panel.formulas.join(sums.groupby("unit").sum(), on="unit"), "score_formulas")


@tabulated
def score_thresholds(reports: Reports, panel: Panel, thresholds: Sequence[int]) -> pd.DataFrame:
    """Return the score of `corpus.find_reuse` for every least length of a passage.

    Parameters
    ----------
    reports : Reports
        ``load_reports(panel.texts)``.
    panel : Panel
    thresholds : sequence of int
        Values of ``min_chars``, 4 or more.

    Returns
    -------
    DataFrame
        One row a threshold, in their order.

        {columns of score_thresholds}
    """
    rows = []
    for threshold in thresholds:
        score = score_reuse(find_reuse(reports, min_chars=threshold, quotes=False), panel, min_chars=0)
        verbatim = (score.cases["n_edits"] == 0) & (score.cases["kind"] != "renumbered")
        parts = (score.cases[some] for some in (verbatim, score.cases["edit_rate"] >= _MUCH_EDITED))
        coverages = [part["found_chars"].sum() / part["n_chars"].sum() if len(part) else np.nan for part in parts]
        rows.append((threshold, len(score.found), score.coverage, score.share_one_origin, *coverages))
    return build_table(rows, "score_thresholds")


def _long_enough(pairs: pd.DataFrame, min_chars: int) -> pd.DataFrame:
    need_columns(pairs, ("report_a", "start_a", "end_a", "report_b", "start_b", "end_b"))
    lengths = [pairs[f"end_{side}"] - pairs[f"start_{side}"] for side in "ab"]
    return pairs[(lengths[0] >= min_chars) & (lengths[1] >= min_chars)]


def _recalled(cases: tuple[Side, Side], rows: tuple[Side, Side], ruler: Ruler) -> tuple[IntArray, IntArray]:
    """Return for each planted pair the characters found, both sides, and the rows that overlap both."""
    n_cases = len(cases[0].start)
    case_at, _, stretches = find_meetings(cases, rows, ruler)
    covered = [count_covered(case_at, start, length, n_cases) for start, length in stretches]
    return covered[0] + covered[1], np.bincount(case_at, minlength=n_cases)


def _judged(rows: tuple[Side, Side], panel: Panel, ruler: Ruler) -> tuple[IntArray, IntArray]:
    """Return for each row its characters that lie in passages, and those whose unit lies under the other side too."""
    passages = ruler.place(panel.layers)
    units = panel.layers["unit"].to_numpy(dtype=np.int64)
    n_units, n_rows = int(units.max(initial=0)) + 1, len(rows[0].start)
    sides = []
    for side in rows:
        row_at, passage_at, overlap = find_overlaps(side, passages)
        sides.append((row_at, row_at * n_units + units[passage_at], overlap))
    n_chars, right_chars = (np.zeros(n_rows, dtype=np.int64) for _ in range(2))
    for (row_at, unit, overlap), (_, other, _) in (sides, sides[::-1]):
        np.add.at(n_chars, row_at, overlap)
        np.add.at(right_chars, row_at, overlap * np.isin(unit, other))
    return n_chars, right_chars
