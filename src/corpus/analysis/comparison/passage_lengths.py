"""How many passages of each length two reports share, and what is found at each least length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from corpus.analysis.index.exact_matches import find_matches
from corpus.analysis.index.unit_row import lay_keys
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role


@tabulated
def tabulate_lengths(reports: Reports, *, min_chars: int = 6, cap: int = 50, role: Role | None = None) -> pd.DataFrame:
    """Return how many different passages of each length every pair of reports shares.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters. The default, 6, is about three words, as in `corpus.find_formulas`.
    cap : int
        What stands in more reports than these is not counted, as in `corpus.find_reuse`.
    role : str, optional
        Only the parts with this role, in both reports.

    Returns
    -------
    DataFrame
        One row a pair and length that occurs, in the order of the reports.

        {columns of tabulate_lengths}
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    wordings = set()
    for matches in find_matches(row, min_chars, cap=cap):
        one, places = row.trace(matches.p)
        other, _ = row.trace(matches.q)
        columns = one, other, places, matches.lengths
        for a, b, place, length in zip(*(column.tolist() for column in columns), strict=True):
            wordings.add((a, b, reports[a].key[place : place + length]))
    counts = Counter((a, b, len(words)) for a, b, words in wordings)
    names = [(report.report_id, report.label) for report in reports]
    return build_table(
        ((*names[a], *names[b], length, counts[a, b, length]) for a, b, length in sorted(counts)), "tabulate_lengths"
    )


@tabulated
def tabulate_thresholds(lengths: pd.DataFrame, thresholds: Sequence[int], *, n_pairs: int) -> pd.DataFrame:
    """Return what is found at each threshold of length.

    Parameters
    ----------
    lengths : DataFrame
        From `tabulate_lengths`.
    thresholds : sequence of int
        Least numbers of key characters; those below the shortest that was counted find no more than that one.
    n_pairs : int
        All pairs of the reports, also those that share nothing.

    Returns
    -------
    DataFrame
        One row a threshold, in the order given.

        {columns of tabulate_thresholds}
    """
    rows = []
    for threshold in thresholds:
        long_enough = lengths[lengths["length_chars"] >= threshold]
        n_sharing = len(long_enough[["report_a", "report_b"]].drop_duplicates())
        share = n_sharing / n_pairs if n_pairs else 0.0
        rows.append((threshold, int(long_enough["n_wordings"].sum()), n_sharing, share))
    return build_table(rows, "tabulate_thresholds")
