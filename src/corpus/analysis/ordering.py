"""In which order two reports have the passages that they share: which follow each other in both, and which moved."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.values import CorpusError

Order = Literal["in order", "moved", "repeated", "within"]

_IntArray = npt.NDArray[np.int64]


def tell_order(passages: pd.DataFrame) -> pd.Series:
    """Return for each passage of one pair of reports whether it stands in the same order in both.

    Of all passages that follow each other in both reports without overlap, those with the most matched characters in
    all are ``in order``. Of the others, ``within`` are those that lie in both reports in passages that are in order, so
    that they add no words; ``repeated`` are those that do so by half or more in one report: words that the other report
    has twice. What is left has ``moved``.

    Parameters
    ----------
    passages : DataFrame
        From `corpus.find_reuse`, rows of one pair. Rows with a true ``moved``, where it is there, are not in order.

    Returns
    -------
    Series of str
        ``in order``, ``moved``, ``repeated`` or ``within``, with the index of ``passages``.

    Raises
    ------
    CorpusError
        If the passages are of more than one pair.
    """
    if len(passages[["report_a", "report_b"]].drop_duplicates()) > 1:
        raise CorpusError("the order of passages can be told for one pair of reports; choose one pair")
    spans = passages[["start_a", "end_a", "start_b", "end_b"]].to_numpy(dtype=np.int64)
    weights = passages["matched_chars"].to_numpy(dtype=np.int64)
    free = ~passages["moved"].to_numpy(dtype=bool) if "moved" in passages else np.ones(len(spans), dtype=bool)
    in_order = _heaviest_chain(spans, weights, np.flatnonzero(free))
    ordered = spans[sorted(in_order)]
    orders: list[Order] = ["in order" if row in in_order else _place(spans[row], ordered) for row in range(len(spans))]
    return pd.Series(orders, index=passages.index, dtype=object)


def _place(span: _IntArray, ordered: _IntArray) -> Order:
    """Tell how much of a passage that is not in order lies in those that are."""
    shares = []
    for first, last in ((0, 1), (2, 3)):
        common = np.minimum(span[last], ordered[:, last]) - np.maximum(span[first], ordered[:, first])
        shares.append(int(common.max(initial=0)) / int(span[last] - span[first]))
    if min(shares) >= 1:
        return "within"
    return "repeated" if max(shares) >= 0.5 else "moved"


def _heaviest_chain(spans: _IntArray, weights: _IntArray, candidates: _IntArray) -> set[int]:
    rows = candidates[np.lexsort((spans[candidates, 2], spans[candidates, 0]))]
    start_a, end_a, start_b, end_b = spans[rows].T
    total = weights[rows].copy()
    before = np.full(len(rows), -1)
    for place in range(1, len(rows)):
        # Ends ascend no more than starts do, so all earlier rows are asked.
        fits = (end_a[:place] <= start_a[place]) & (end_b[:place] <= start_b[place])
        best = int(np.where(fits, total[:place], -1).argmax())
        if fits[best]:
            total[place] += total[best]
            before[place] = best
    chain = set()
    place = int(total.argmax()) if len(rows) else -1
    while place >= 0:
        chain.add(int(rows[place]))
        place = int(before[place])
    return chain
