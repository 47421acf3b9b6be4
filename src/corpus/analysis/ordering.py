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
    """Return for each passage of one pair of reports how it stands to the others.

    Parameters
    ----------
    passages : DataFrame
        From `corpus.find_reuse`, rows of one pair.

    Returns
    -------
    Series of str
        With the index of ``passages``. ``within``: all of it lies, in both reports, in longer passages that have not
        moved, so that it adds no words; ``repeated``: half of it or more does so in one report only, so that these are
        words that the other report has twice; ``moved``: of the others, those that have; ``in order``: what is left.

    Raises
    ------
    CorpusError
        If the passages are of more than one pair.
    """
    if len(passages[["report_a", "report_b"]].drop_duplicates()) > 1:
        raise CorpusError("the order of passages can be told for one pair of reports; choose one pair")
    spans = passages[["start_a", "end_a", "start_b", "end_b"]].to_numpy(dtype=np.int64)
    weights = passages["matched_chars"].to_numpy(dtype=np.int64)
    moved = passages["moved"].to_numpy(dtype=bool)
    stays = np.flatnonzero(~moved)
    stays = stays[np.argsort(-weights[stays], kind="stable")]
    orders: list[Order] = []
    for row, span in enumerate(spans):
        rank = np.flatnonzero(stays == row)
        n_before = int(rank[0]) if len(rank) else int((weights[stays] >= weights[row]).sum())
        shares = _shares_in(span, spans[stays[:n_before]])
        left: Order = "moved" if moved[row] else "in order"
        repeated = max(shares) >= 0.5 > min(shares)
        orders.append("within" if min(shares) >= 1 else "repeated" if repeated else left)
    return pd.Series(orders, index=passages.index, dtype=object)


def _shares_in(span: _IntArray, longer: _IntArray) -> tuple[float, float]:
    """Return how much of a passage lies in one of some longer ones, in a and in b."""
    shares = []
    for first, last in ((0, 1), (2, 3)):
        common = np.minimum(span[last], longer[:, last]) - np.maximum(span[first], longer[:, first])
        shares.append(max(0, int(common.max(initial=0))) / max(1, int(span[last] - span[first])))
    return shares[0], shares[1]
