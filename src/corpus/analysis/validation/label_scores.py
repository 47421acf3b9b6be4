"""How well labels of characters and passages agree with the truth, and spans of many reports laid on one ruler."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.simulation.panel import Panel
from corpus.errors import CorpusError


class Side(NamedTuple):
    """Spans of several reports on one ruler, with the number of the report of each."""

    report: IntArray
    start: IntArray
    end: IntArray


class Ruler:
    """Lays all reports of a panel one behind the other, so that a place in any of them is one number."""

    def __init__(self, panel: Panel) -> None:
        self._numbers = pd.Index(panel.texts["report_id"])
        lengths = panel.texts["text"].str.len().to_numpy(dtype=np.int64) + 1
        self._offsets = np.cumsum(lengths) - lengths
        self.n_reports = len(lengths)

    def place(self, table: pd.DataFrame, report: str = "report_id", start: str = "start", end: str = "end") -> Side:
        """Return the spans of a table, with the names of its columns, as spans of the ruler.

        Raises
        ------
        CorpusError
            If a column is missing, or a report is none of the panel's.
        """
        need_columns(table, (report, start, end))
        numbers = self._numbers.get_indexer(pd.Index(table[report].astype(object)))
        if (numbers < 0).any():
            unknown = table[report].iloc[int(np.flatnonzero(numbers < 0)[0])]
            raise CorpusError(
                f"found: the panel has no report {unknown!r}; load_reports(panel.texts) gives its reports"
            )
        ends = (self._offsets[numbers] + table[edge].to_numpy(dtype=np.int64) for edge in (start, end))
        return Side(numbers.astype(np.int64), *ends)


def need_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table of what was found that lacks a column."""
    lacking = [name for name in columns if name not in table]
    if lacking:
        raise CorpusError(f"found: there is no column {lacking[0]!r}; there are {', '.join(map(str, table))}")


def place_pairs(pairs: pd.DataFrame, ruler: Ruler) -> tuple[Side, Side]:
    """Return both sides of pairs, that of the report with the lower number first."""
    one, two = (ruler.place(pairs, f"report_{side}", f"start_{side}", f"end_{side}") for side in "ab")
    swapped = one.report > two.report
    first = Side(*(np.where(swapped, b, a) for a, b in zip(one, two, strict=True)))
    second = Side(*(np.where(swapped, a, b) for a, b in zip(one, two, strict=True)))
    return first, second


def find_overlaps(spans: Side, passages: Side) -> tuple[IntArray, IntArray, IntArray]:
    """Return which spans and passages overlap, and by how many characters; no two passages do.

    Returns
    -------
    span_at, passage_at, n_chars : arrays of int
    """
    order = np.argsort(passages.start, kind="stable")
    starts, ends = passages.start[order], passages.end[order]
    span_at, at = expand(
        np.searchsorted(ends, spans.start, side="right"), np.searchsorted(starts, spans.end, side="left")
    )
    n_chars = np.minimum(spans.end[span_at], ends[at]) - np.maximum(spans.start[span_at], starts[at])
    some = n_chars > 0
    return span_at[some], order[at[some]], n_chars[some]


def find_meetings(
    cases: tuple[Side, Side], rows: tuple[Side, Side], ruler: Ruler
) -> tuple[IntArray, IntArray, list[tuple[IntArray, IntArray]]]:
    """Return which planted pairs and rows overlap on both sides.

    Returns
    -------
    case_at, row_at : arrays of int
    stretches : list of two (start, length)
        For either side what of the case lies in the row; start counts from the beginning of the case.
    """
    case_pair, row_pair = (one.report * ruler.n_reports + two.report for one, two in (cases, rows))
    order = np.argsort(row_pair, kind="stable")
    row_pair = row_pair[order]
    edges = (np.searchsorted(row_pair, case_pair, side="left"), np.searchsorted(row_pair, case_pair, side="right"))
    case_at, at = expand(*edges)
    row_at = order[at]
    stretches = []
    for case, row in zip(cases, rows, strict=True):
        start = np.maximum(case.start[case_at], row.start[row_at])
        stretches.append((start - case.start[case_at], np.minimum(case.end[case_at], row.end[row_at]) - start))
    both = (stretches[0][1] > 0) & (stretches[1][1] > 0)
    return case_at[both], row_at[both], [(start[both], length[both]) for start, length in stretches]


def count_covered(owners: IntArray, starts: IntArray, lengths: IntArray, n_owners: int) -> IntArray:
    """Return how many places of each owner lie in any of its stretches, which may overlap."""
    stride = int((starts + lengths).max(initial=0)) + 1
    begin = owners * stride + starts
    order = np.argsort(begin, kind="stable")
    begin, end = begin[order], (begin + lengths)[order]
    # Stretches of an owner before do not reach into those of the next.
    reached = np.maximum.accumulate(np.append(0, end))[:-1]
    new = np.maximum(end - np.maximum(begin, reached), 0)
    return np.bincount(owners[order], weights=new, minlength=n_owners).astype(np.int64)


def ratio(part: float, whole: float) -> float:
    """Return a share, 0 of nothing."""
    return float(part / whole) if whole else 0.0


def harmonic_mean(one: float, other: float) -> float:
    """Return the harmonic mean of two shares, 0 if both are."""
    return 2 * one * other / (one + other) if one + other else 0.0


NOT_FOUND = "(not found)"
MISALIGNED = "(misaligned)"
_BODY_FORMS = ("lead", "heading", "sentence")


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well labels agree with the truth. Made by `score_origins` and `score_changes`.

    Attributes
    ----------
    macro_f1 : float
        Mean of f1 over the labels that the truth has: 0 to 1.
    labels : DataFrame
        One row a label of the truth: label; precision, recall and f1, their harmonic mean, all 0 to 1, and 0 where
        nothing was labelled so; n_true, n_found: characters or passages.
    confusion : DataFrame
        True labels in the rows, labels found in the columns.
    """

    macro_f1: float
    labels: pd.DataFrame = field(repr=False)
    confusion: pd.DataFrame = field(repr=False)


def score_origins(found: pd.DataFrame, panel: Panel) -> LabelScore:
    """Score the origin of every character of the bodies against the layers of a panel.

    Parameters
    ----------
    found : DataFrame
        report_id, start, end, origin: spans of ``raw`` that do not overlap.
    panel : Panel

    Returns
    -------
    LabelScore
        Over the characters of all passages of the bodies; those without a span found count as not found, and
        characters between passages are left out.

    Raises
    ------
    CorpusError
        If a column is missing, a report is none of the panel's, or spans overlap.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(3, 2, seed=1)
    >>> origins = corpus.trace_origins(corpus.load_reports(panel.texts))
    >>> round(corpus.validation.score_origins(origins, panel).macro_f1, 2)
    0.97
    """
    ruler = Ruler(panel)
    need_columns(found, ("origin",))
    span = ruler.place(found)
    order = np.argsort(span.start, kind="stable")
    if (span.start[order][1:] < span.end[order][:-1]).any():
        raise CorpusError("found: two spans of one report overlap; a character has one origin")
    layers = panel.layers[panel.layers["form"].isin(_BODY_FORMS)]
    place = ruler.place(layers)
    span_at, layer_at, n_chars = find_overlaps(span, place)
    labels = pd.DataFrame(
        {
            "true": layers["layer"].astype(object).to_numpy()[layer_at],
            "found": found["origin"].astype(object).to_numpy()[span_at],
            "n": n_chars,
        }
    )
    missed = (place.end - place.start) - np.bincount(layer_at, weights=n_chars, minlength=len(layers)).astype(np.int64)
    unlabelled = pd.DataFrame({"true": layers["layer"].astype(object).to_numpy(), "found": NOT_FOUND, "n": missed})
    return _score_labels(pd.concat([labels, unlabelled[unlabelled["n"] > 0]]))


def score_changes(found: pd.DataFrame, panel: Panel) -> LabelScore:
    """Score what became of every passage from year to year against the truth of a panel.

    A passage has the label of the row that covers most of it: in its later report, or in its earlier one if it was
    dropped. Where the row gives it another partner than it has, it counts as misaligned, whatever the label.

    Parameters
    ----------
    found : DataFrame
        As `corpus.align_years` returns it: earlier, later, start_earlier, end_earlier, start_later, end_later, change.
    panel : Panel

    Returns
    -------
    LabelScore
        Over passages, headings and the lead among them.

    Raises
    ------
    CorpusError
        If a column is missing or a report is none of the panel's.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(3, 2, seed=1)
    >>> changes = corpus.align_years(corpus.load_reports(panel.texts))
    >>> round(corpus.validation.score_changes(changes, panel).macro_f1, 2)
    1.0
    """
    columns = ("earlier", "later", "start_earlier", "end_earlier", "start_later", "end_later")
    need_columns(found, (*columns, "change"))
    ruler = Ruler(panel)
    true = panel.changes
    parts = []
    for side, other in (("later", "earlier"), ("earlier", "later")):
        stands = true[f"start_{side}"].notna() & (true[f"start_{other}"].isna() if side == "earlier" else True)
        passages = true[stands]
        rows = found[found[f"start_{side}"].notna()]
        labels = np.full(len(passages), NOT_FOUND, dtype=object)
        row_at = _covering(*(ruler.place(one, side, f"start_{side}", f"end_{side}") for one in (rows, passages)))
        covered = row_at >= 0
        matched = rows.iloc[row_at[covered]]
        parted = _parted(matched, passages[covered], other)
        labels[covered] = np.where(parted, MISALIGNED, matched["change"].astype(object))
        parts.append(pd.DataFrame({"true": passages["change"].astype(object).to_numpy(), "found": labels, "n": 1}))
    return _score_labels(pd.concat(parts))


def _covering(rows: Side, passages: Side) -> IntArray:
    """Return for each passage the row that covers most of it, the first of equals; -1 where none does."""
    row_at, passage_at, n_chars = find_overlaps(rows, passages)
    order = np.lexsort((row_at, -n_chars, passage_at))
    covering = np.full(len(passages.start), -1, dtype=np.int64)
    once, first = np.unique(passage_at[order], return_index=True)
    covering[once] = row_at[order][first]
    return covering


def _parted(rows: pd.DataFrame, passages: pd.DataFrame, other: str) -> npt.NDArray[np.bool_]:
    """Tell where a row and its passage both have a partner in the other year, but not the same."""
    row_start, row_end, true_start, true_end = (
        table[f"{edge}_{other}"].astype("Float64").to_numpy(np.float64, na_value=np.nan)
        for table in (rows, passages)
        for edge in ("start", "end")
    )
    # Comparisons with a missing partner are false, so that only pairs are parted.
    apart = (row_end <= true_start) | (row_start >= true_end)
    elsewhere = rows[other].astype(object).to_numpy() != passages[other].astype(object).to_numpy()
    parted: npt.NDArray[np.bool_] = apart | (elsewhere & (row_start >= 0) & (true_start >= 0))
    return parted


def _score_labels(labels: pd.DataFrame) -> LabelScore:
    confusion = labels.pivot_table(index="true", columns="found", values="n", aggfunc="sum", fill_value=0)
    rows = []
    for label in confusion.index:
        n_true = int(confusion.loc[label].sum())
        n_found = int(confusion[label].sum()) if label in confusion else 0
        n_right = int(confusion.loc[label, label]) if label in confusion else 0
        precision, recall = ratio(n_right, n_found), ratio(n_right, n_true)
        rows.append((label, precision, recall, harmonic_mean(precision, recall), n_true, n_found))
    table = pd.DataFrame(rows, columns=["label", "precision", "recall", "f1", "n_true", "n_found"])
    return LabelScore(float(table["f1"].mean()), table, confusion)
