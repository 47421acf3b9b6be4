"""Which reports belong together: measures in both directions, and reports joined by how alike they are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated


@tabulated
def tabulate_directions(reports: Reports, pairs: pd.DataFrame, *, passages: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of each pair in both directions.

    Parameters
    ----------
    reports : Reports
    pairs : DataFrame
        From `corpus.compare_reports` of these reports.
    passages : DataFrame
        From `corpus.find_reuse` of these reports.

    Returns
    -------
    DataFrame
        Two rows a pair, ordered by the two reports as in ``reports``.

        {columns of tabulate_directions}
    """
    places = {report.report_id: place for place, report in enumerate(reports)}
    longest = passages.groupby(["report_a", "report_b"])["matched_chars"].max().to_dict()
    rows = []
    for a_id, b_id, a_in_b, b_in_a, alike, near in pairs.iloc[:, :6].itertuples(index=False):
        symmetric = (alike, near, longest.get((a_id, b_id), 0))
        for one, other, contained in ((a_id, b_id, a_in_b), (b_id, a_id, b_in_a)):
            labels = (one, reports[places[one]].label, other, reports[places[other]].label)
            rows.append((*labels, contained, *symmetric))
    rows.sort(key=lambda row: (places[row[0]], places[row[2]]))
    return build_table(rows, "tabulate_directions")


class Join(NamedTuple):
    """Two groups that become one. Places count along the order of the reports, from 0.

    Attributes
    ----------
    left_place, right_place : float
        Place of either group: of its report, or midway between the two groups that it was joined from.
    left, right : float
        Similarity at which either group was joined itself; NaN for a single report.
    similarity : float
        Mean similarity of the reports of the one group with those of the other.
    """

    left_place: float
    right_place: float
    left: float
    right: float
    similarity: float


@dataclass(frozen=True, slots=True)
class Dendrogram:
    """Reports in an order in which those that are alike stand side by side, and how they were joined.

    Attributes
    ----------
    order : tuple of str
        The report_ids.
    joins : tuple of Join
        One fewer than reports, similarity falling.
    """

    order: tuple[str, ...]
    joins: tuple[Join, ...]


class _Group(NamedTuple):
    members: list[int]
    number: int


def join_reports(directions: pd.DataFrame, *, measure: str = "resemblance") -> Dendrogram:
    """Join the reports that are most alike, then the groups, until all are one (average linkage).

    UPGMA (Sokal & Michener 1958): the similarity of two groups is the mean over the pairs of their reports. Where two
    groups meet, each is turned so that the reports at the seam are as alike as can be. Of equal similarities the first
    in the order of the table is taken, so that the result is always the same. The work grows with the cube of the
    reports: a hundred take 20 ms, a thousand some seconds.

    Parameters
    ----------
    directions : DataFrame
        From `tabulate_directions`. Pairs that are not in it, or have no value, count as 0.
    measure : str
        A symmetric measure of the table.
    """
    ids = list(dict.fromkeys(directions["report_id"]))
    table = directions.pivot(index="report_id", columns="other_id", values=measure).reindex(index=ids, columns=ids)
    alike = np.nan_to_num(table.to_numpy(dtype=np.float64, copy=True))
    means = alike.copy()
    np.fill_diagonal(means, -1.0)
    groups = {place: _Group([place], place) for place in range(len(ids))}
    joined: list[tuple[int, int, float]] = []
    while len(groups) > 1:
        one, other = sorted(divmod(int(np.argmax(means)), len(ids)))
        left, right = groups[one], groups.pop(other)
        joined.append((left.number, right.number, float(means[one, other])))
        weight = len(left.members) / (len(left.members) + len(right.members))
        mean = weight * means[one] + (1 - weight) * means[other]
        mean[(means[one] < 0) | (means[other] < 0)] = -1.0
        means[one], means[:, one] = mean, mean
        means[other], means[:, other] = -1.0, -1.0
        groups[one] = _Group(_turn(left.members, right.members, alike), len(ids) + len(joined) - 1)
    order = next(iter(groups.values())).members if groups else []
    return Dendrogram(tuple(ids[member] for member in order), tuple(_locate(order, joined)))


def _turn(left: list[int], right: list[int], alike: npt.NDArray[np.float64]) -> list[int]:
    """Return the members of both groups, each in its order or backwards, as alike as can be where they meet."""
    turns = [(one, other) for one in (left, left[::-1]) for other in (right, right[::-1])]
    one, other = max(turns, key=lambda turn: alike[turn[0][-1], turn[1][0]])
    return one + other


def _locate(order: Sequence[int], joined: Sequence[tuple[int, int, float]]) -> Iterator[Join]:
    places = {member: float(place) for place, member in enumerate(order)}
    similarities: dict[int, float] = {}
    for number, (one, other, similarity) in enumerate(joined, start=len(order)):
        left, right = sorted((one, other), key=lambda group: places[group])
        heights = (similarities.get(left, math.nan), similarities.get(right, math.nan))
        yield Join(places[left], places[right], *heights, similarity)
        places[number], similarities[number] = (places[left] + places[right]) / 2, similarity
