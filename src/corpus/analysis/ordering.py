"""In which order two reports have what they share: which passages follow each other in both, and which moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.values import CorpusError

Order = Literal["in order", "moved", "repeated", "within"]

_IntArray = npt.NDArray[np.int64]


def heaviest_rise(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the positions, ascending, of the heaviest choice of values that rises: of what has kept its order.

    The values are places in one report, in the order in which the other has them; the weights, all above 0, say how
    much stands there. Of two equal values one at most is chosen; of choices of one weight, one that ends in the least
    value (Fredman 1975, Discrete Mathematics 11:29-35, with weights).
    """
    # The choices worth going on with: the last value of each and its weight, both rising.
    lasts: list[int] = []
    totals: list[int] = []
    members: list[int] = []
    before: list[int] = []
    for position, (value, weight) in enumerate(zip(values, weights, strict=True)):
        at = bisect_left(lasts, value)
        total = weight + (totals[at - 1] if at else 0)
        before.append(members[at - 1] if at else -1)
        if at < len(lasts) and lasts[at] == value and totals[at] >= total:
            continue
        worse = at
        while worse < len(lasts) and totals[worse] <= total:
            worse += 1
        lasts[at:worse], totals[at:worse], members[at:worse] = [value], [total], [position]
    chosen: list[int] = []
    position = members[-1] if members else -1
    while position >= 0:
        chosen.append(position)
        position = before[position]
    return chosen[::-1]


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
