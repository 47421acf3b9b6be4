"""Which pairs of a collection are compared: all, those that share a passage, or those that are listed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np

from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.unit_row import IntArray
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Role

MOST_FOR_ALL = 500
"""With more reports than these, only the pairs that share a passage are compared if nothing else is asked for."""

Pairs = Literal["all", "sharing"] | Iterable[tuple[str, str]] | None


def choose_pairs(reports: Reports, pairs: Pairs, *, role: Role | None = None) -> tuple[IntArray, IntArray, str]:
    """Return the positions of the reports of each pair asked for, and how they were chosen: all, sharing or listed.

    Raises
    ------
    CorpusError
        If a listed report is not there, or ``pairs`` is another word.
    """
    if pairs is None:
        pairs = "all" if len(reports) <= MOST_FOR_ALL else "sharing"
    if pairs == "all":
        first, second = np.triu_indices(len(reports), k=1)
        return first, second, "all"
    if isinstance(pairs, str) and pairs != "sharing":
        raise CorpusError(f'pairs={pairs!r} is none of "all", "sharing" or a list of pairs of report_ids')
    chosen = "sharing" if isinstance(pairs, str) else "listed"
    if isinstance(pairs, str):
        sharing = find_reuse(reports, role=role)[["report_a", "report_b"]].drop_duplicates()
        pairs = sharing.itertuples(index=False, name=None)
    places = {report.report_id: place for place, report in enumerate(reports)}
    listed = [tuple(pair) for pair in pairs]
    wrong = next((pair for pair in listed if len(pair) != 2 or not places.keys() >= set(pair)), None)
    if wrong is not None:
        known = ", ".join(list(places)[:12])
        raise CorpusError(f"{wrong!r} is no pair of the reports compared; their ids are {known or 'none'}")
    found = np.array([[places[one], places[other]] for one, other in listed], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1], chosen
