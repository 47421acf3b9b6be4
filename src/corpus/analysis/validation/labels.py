"""How well labels of characters and passages agree with the truth: precision, recall and F1 of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.simulation import Panel
from corpus.analysis.validation.ruler import (
    IntArray,
    Ruler,
    Side,
    find_overlaps,
    harmonic_mean,
    need_columns,
    place_spans,
    ratio,
)
from corpus.values import CorpusError

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


def score_origins(found: pd.DataFrame, panel: Panel, *, truth: Literal["layer", "realised"] = "layer") -> LabelScore:
    """Score the origin of every character of the bodies against the layers of a panel.

    Parameters
    ----------
    found : DataFrame
        report_id, start, end, origin: spans of ``raw`` that do not overlap.
    panel : Panel
    truth : {"layer", "realised"}
        The planted layers, or those that the same rules give for the true occurrences.

    Returns
    -------
    LabelScore
        Over the characters of all passages of the bodies; those without a span found count as not found, and
        characters between passages are left out.

    Raises
    ------
    CorpusError
        If a column is missing, a report is none of the panel's, or spans overlap.
    """
    ruler = Ruler(panel)
    need_columns(found, ("report_id", "start", "end", "origin"))
    span = place_spans(found, ruler, "report_id", "start", "end")
    order = np.argsort(span.start, kind="stable")
    if (span.start[order][1:] < span.end[order][:-1]).any():
        raise CorpusError("found: two spans of one report overlap; a character has one origin")
    layers = panel.layers[panel.layers["form"].isin(_BODY_FORMS)]
    place = place_spans(layers, ruler, "report_id", "start", "end")
    span_at, layer_at, n_chars = find_overlaps(span, place)
    labels = pd.DataFrame(
        {
            "true": layers[truth].astype(object).to_numpy()[layer_at],
            "found": found["origin"].astype(object).to_numpy()[span_at],
            "n": n_chars,
        }
    )
    missed = (place.end - place.start) - np.bincount(layer_at, weights=n_chars, minlength=len(layers)).astype(np.int64)
    unlabelled = pd.DataFrame({"true": layers[truth].astype(object).to_numpy(), "found": NOT_FOUND, "n": missed})
    return _score_labels(pd.concat([labels, unlabelled[unlabelled["n"] > 0]]))


def score_changes(found: pd.DataFrame, panel: Panel, *, label: Literal["change", "moved"] = "change") -> LabelScore:
    """Score what became of every passage from year to year against the truth of a panel.

    A passage has the label of the row that covers most of it: in its later report, or in its earlier one if it was
    dropped. Where the row gives it another partner than it has, it counts as misaligned, whatever the label.

    Parameters
    ----------
    found : DataFrame
        As `corpus.align_years` returns it: earlier, later, start_earlier, end_earlier, start_later, end_later, change,
        moved.
    panel : Panel
    label : {"change", "moved"}
        ``moved`` is scored over the passages that stand in both years.

    Returns
    -------
    LabelScore
        Over passages, headings and the lead among them.

    Raises
    ------
    CorpusError
        If a column is missing or a report is none of the panel's.
    """
    columns = ("earlier", "later", "start_earlier", "end_earlier", "start_later", "end_later")
    need_columns(found, (*columns, label))
    ruler = Ruler(panel)
    true = panel.changes
    if label == "moved":
        true = true[true["start_earlier"].notna() & true["start_later"].notna()]
    parts = []
    for side, other in (("later", "earlier"), ("earlier", "later")):
        stands = true[f"start_{side}"].notna() & (true[f"start_{other}"].isna() if side == "earlier" else True)
        passages = true[stands]
        rows = found[found[f"start_{side}"].notna()]
        labels = np.full(len(passages), NOT_FOUND, dtype=object)
        row_at = _covering(_span_of(rows, side, ruler), _span_of(passages, side, ruler))
        covered = row_at >= 0
        matched = rows.iloc[row_at[covered]]
        parted = _parted(matched, passages[covered], other)
        labels[covered] = np.where(parted, MISALIGNED, matched[label].astype(object))
        parts.append(pd.DataFrame({"true": passages[label].astype(object).to_numpy(), "found": labels, "n": 1}))
    return _score_labels(pd.concat(parts))


def _span_of(changes: pd.DataFrame, side: str, ruler: Ruler) -> Side:
    return place_spans(changes, ruler, side, f"start_{side}", f"end_{side}")


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
