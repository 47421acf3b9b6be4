"""What a score of shared passages is made of: what of each kind was found, and what the rows found do join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.simulation.panel import Panel
from corpus.analysis.validation.label_scores import (
    IntArray,
    Ruler,
    Side,
    cut_in_parts,
    find_meetings,
    find_overlaps,
    place_pairs,
    place_spans,
)
from corpus.analysis.validation.passage_scores import ReuseScore, score_reuse
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, columns_of, tabulated

HANDED_ON = "handed on further"
DIFFERENT = "different passages"

_MUCH_EDITED = 0.1
_COMMON = ("skeleton", "formula")


@tabulated
def tabulate_recall(cases: pd.DataFrame, by: Sequence[str] = ("kind", "edit_rate", "moved")) -> pd.DataFrame:
    """Return how much of each group of planted pairs was found.

    Parameters
    ----------
    cases : DataFrame
        ``ReuseScore.cases``.
    by : sequence of {"kind", "edit_rate", "moved"}
        Columns that make the groups.

    Returns
    -------
    DataFrame
        One row a group that occurs, in the order of its values.

        {columns of tabulate_recall}

    Raises
    ------
    CorpusError
        If ``by`` names another column.
    """
    groups = cases.assign(missed=cases["n_found"] == 0).groupby(list(by), observed=True, sort=True)
    table = groups.agg(
        n_pairs=("n_chars", "size"),
        n_missed=("missed", "sum"),
        n_chars=("n_chars", "sum"),
        found_chars=("found_chars", "sum"),
    )
    return _as_groups(table.assign(share_found=table["found_chars"] / table["n_chars"]), "tabulate_recall")


@tabulated
def tabulate_precision(found: pd.DataFrame, by: Sequence[str] = ("matched_chars",)) -> pd.DataFrame:
    """Return how much of each group of rows found is right.

    Parameters
    ----------
    found : DataFrame
        ``ReuseScore.found``, or what `tabulate_rows` makes of it.
    by : sequence of {"matched_chars", "joins", "is_long"}
        Columns that make the groups.

    Returns
    -------
    DataFrame
        One row a group that occurs, in the order of its values.

        {columns of tabulate_precision}

    Raises
    ------
    CorpusError
        If ``by`` names another column.
    """
    groups = found.assign(wrong=found["right_chars"] == 0).groupby(list(by), observed=True, sort=True)
    table = groups.agg(
        n_rows=("n_chars", "size"),
        n_wrong=("wrong", "sum"),
        n_chars=("n_chars", "sum"),
        right_chars=("right_chars", "sum"),
    )
    return _as_groups(table.assign(share_right=table["right_chars"] / table["n_chars"]), "tabulate_precision")


def _as_groups(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return groups as a declared table, what they are not grouped by as missing."""
    lacking = [column.name for column in columns_of(name) if column.name not in (*table.index.names, *table.columns)]
    if odd := set(table.index.names) - {column.name for column in columns_of(name)}:
        raise CorpusError(f"by={sorted(map(str, odd))[0]!r} is none of {', '.join(lacking)}")
    return as_table(table.reset_index().assign(**dict.fromkeys(lacking, np.nan)), name)


@tabulated
def tabulate_rows(score: ReuseScore, panel: Panel) -> pd.DataFrame:
    """Return the rows found with what each of them joins.

    Parameters
    ----------
    score : ReuseScore
    panel : Panel
        That of the score.

    Returns
    -------
    DataFrame
        One row a passage found, in the order of ``score.found``. For either side the passage is told that most of it
        lies in, of the same origin as one under the other side if there is any.

        {columns of tabulate_rows}
    """
    ruler = Ruler(panel)
    under = _passages_under(score.found, panel, ruler)
    columns: dict[str, pd.Series[Any]] = {}
    for side, passage_at in zip("ab", under, strict=True):
        passages = panel.layers.take(np.maximum(passage_at, 0)).set_index(score.found.index)
        known = passage_at >= 0
        columns[f"layer_{side}"] = passages["layer"].astype(object).where(known, "")
        for edge in ("start", "end"):
            columns[f"passage_{edge}_{side}"] = passages[edge].astype("Int64").where(known)
    same = score.found["right_chars"].to_numpy() > 0
    layer = columns["layer_a"]
    joins = np.where(same, layer.where(layer.isin(_COMMON), HANDED_ON), DIFFERENT).astype(object)
    row_at, case_at = _largest_case(score, ruler)
    joins[row_at] = score.cases["kind"].astype(object).to_numpy()[case_at]
    rows = score.found.assign(joins=joins, **columns).reindex(columns=[one.name for one in columns_of("tabulate_rows")])
    return as_table(rows, "tabulate_rows")


@tabulated
def tabulate_found_lengths(rows: pd.DataFrame, *, longest: int = 60) -> pd.DataFrame:
    """Return how many of the rows found have each length, by what they join.

    Parameters
    ----------
    rows : DataFrame
        From `tabulate_rows`.
    longest : int
        Longer rows are counted as of this length.

    Returns
    -------
    DataFrame
        One row a length, origin and side that occur. A row that joins different passages is of a formula if one of
        them is, or of the skeleton if one of them is.

        {columns of tabulate_found_lengths}
    """
    joins = rows["joins"].astype(object).to_numpy()
    of_formula, of_skeleton = (
        (rows["layer_a"] == layer).to_numpy() | (rows["layer_b"] == layer).to_numpy() for layer in _COMMON[::-1]
    )
    different = np.where(of_formula, "formula", np.where(of_skeleton, "skeleton", "own"))
    alike = np.where(np.isin(joins, ("copied", *_COMMON)), joins, "carried")
    is_right = joins != DIFFERENT
    table = pd.DataFrame(
        {
            "length_chars": rows["matched_chars"].clip(upper=longest).to_numpy(),
            "origin": np.where(is_right, alike, different),
            "is_right": is_right,
        }
    )
    return as_table(table.groupby(list(table.columns)).size().reset_index(name="n_rows"), "tabulate_found_lengths")


@tabulated
def tabulate_moves(score: ReuseScore, panel: Panel) -> pd.DataFrame:
    """Return for how many of the planted pairs that were found a row says that the passage was moved.

    Parameters
    ----------
    score : ReuseScore
        Of rows with the column ``moved``, as `corpus.find_reuse` returns them.
    panel : Panel
        That of the score.

    Returns
    -------
    DataFrame
        One row a kind and truth that occur.

        {columns of tabulate_moves}
    """
    ruler = Ruler(panel)
    flags = score.found["moved"].to_numpy(dtype=bool)
    flagged = np.zeros(len(score.cases), dtype=bool)
    for case_at, row_at, _ in find_meetings(place_pairs(score.cases, ruler), place_pairs(score.found, ruler), ruler):
        flagged[case_at[flags[row_at]]] = True
    cases = score.cases.assign(flagged=flagged)[score.cases["n_found"] > 0]
    groups = cases.groupby(["kind", "moved"], observed=True, sort=True)
    counts = groups.agg(n_pairs=("flagged", "size"), n_flagged=("flagged", "sum")).reset_index()
    return as_table(counts, "tabulate_moves")


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
        recalls = [part["found_chars"].sum() / part["n_chars"].sum() if len(part) else np.nan for part in parts]
        rows.append((threshold, len(score.found), score.recall, score.precision, *recalls))
    return build_table(rows, "score_thresholds")


def _largest_case(score: ReuseScore, ruler: Ruler) -> tuple[IntArray, IntArray]:
    """Return the rows that were found for a planted pair, each once, and the pair that has most of it."""
    parts = []
    for case_at, row_at, stretches in find_meetings(
        place_pairs(score.cases, ruler), place_pairs(score.found, ruler), ruler
    ):
        parts.append(np.stack([row_at, case_at, stretches[0][1] + stretches[1][1]]))
    row_at, case_at, n_chars = np.concatenate(parts, axis=1) if parts else np.zeros((3, 0), dtype=np.int64)
    order = np.lexsort((case_at, -n_chars, row_at))
    once, first = np.unique(row_at[order], return_index=True)
    return once, case_at[order][first]


def _passages_under(found: pd.DataFrame, panel: Panel, ruler: Ruler) -> list[IntArray]:
    """Return for either side the passage that most of it lies in, of the same origin if there is any; -1 for none."""
    passages = place_spans(panel.layers, ruler, "report_id", "start", "end")
    units = panel.layers["unit"].to_numpy(dtype=np.int64)
    n_units = int(units.max(initial=0)) + 1
    sides = [place_spans(found, ruler, f"report_{side}", f"start_{side}", f"end_{side}") for side in "ab"]
    under = [np.full(len(found), -1, dtype=np.int64) for _ in sides]
    for part in cut_in_parts(len(found)):
        overlaps = [find_overlaps(Side(*(values[part] for values in side)), passages) for side in sides]
        keys = [row_at * n_units + units[passage_at] for row_at, passage_at, _ in overlaps]
        for chosen, (row_at, passage_at, n_chars), own, other in zip(under, overlaps, keys, keys[::-1], strict=True):
            order = np.lexsort((passage_at, -n_chars, ~np.isin(own, other), row_at))
            once, first = np.unique(row_at[order], return_index=True)
            chosen[once + part.start] = passage_at[order][first]
    return under
