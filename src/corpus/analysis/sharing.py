"""Where the passages that two reports share stand, and how many there are of each length."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

import pandas as pd

from corpus.analysis.keyrow import lay_keys
from corpus.analysis.shingles import find_matches
from corpus.analysis.tables import build_table
from corpus.report import Report, Reports
from corpus.values import Role

Kind = Literal["running text", "heading", "title"]

KINDS: tuple[Kind, ...] = ("running text", "heading", "title")
"""Where a shared passage stands, see `locate_reuse`."""

_PLACE_COLUMNS = {
    "report_a": "",
    "label_a": "",
    "start_a": "int64",
    "end_a": "int64",
    "report_b": "",
    "label_b": "",
    "start_b": "int64",
    "end_b": "int64",
    "matched_chars": "int64",
    "similarity": "float64",
    "moved": "bool",
    "kind": "",
    "begins_chars_a": "int64",
    "begins_chars_b": "int64",
    "body_chars_a": "int64",
    "body_chars_b": "int64",
    "text_a": "",
    "text_b": "",
}
_LENGTH_COLUMNS = {
    "report_a": "",
    "label_a": "",
    "report_b": "",
    "label_b": "",
    "length_chars": "int64",
    "n_wordings": "int64",
}
_THRESHOLD_COLUMNS = {
    "min_chars": "int64",
    "n_wordings": "int64",
    "n_sharing_pairs": "int64",
    "share_of_pairs": "float64",
}
_TITLE = re.compile(r"《[^《》]*》")


def locate_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return shared passages with the place that each has in its two reports.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        From `corpus.find_reuse` of these reports.

    Returns
    -------
    DataFrame
        The rows of ``passages``, in their order, with: label_a, label_b: place and year; kind: ``heading`` where the
        words stand in a heading of one of the reports at least, ``title`` where all of them stand between 《 and 》 in
        both, as names of laws and plans do, else ``running text``; begins_chars: characters of ``text`` from the
        beginning of the body to the passage; body_chars: characters of the body.
    """
    readers = {report.report_id: _Places(report) for report in reports}
    rows = []
    for passage in passages.to_dict("records"):
        a, b = readers[passage["report_a"]], readers[passage["report_b"]]
        span_a, span_b = (passage["start_a"], passage["end_a"]), (passage["start_b"], passage["end_b"])
        kind: Kind = "running text"
        if a.in_heading(*span_a) or b.in_heading(*span_b):
            kind = "heading"
        elif a.in_titles(*span_a) and b.in_titles(*span_b):
            kind = "title"
        rows.append(
            (
                *(a.report.report_id, a.report.label, *span_a),
                *(b.report.report_id, b.report.label, *span_b),
                *(passage["matched_chars"], passage["similarity"], passage["moved"], kind),
                *(a.begins(span_a[0]), b.begins(span_b[0])),
                *(a.body_chars, b.body_chars, passage["text_a"], passage["text_b"]),
            )
        )
    return build_table(rows, _PLACE_COLUMNS)


class _Places:
    """Answers for spans of one report where they stand."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self._body_start, body_end = report.text_map.derived_span(*report.layout.body)
        self.body_chars = body_end - self._body_start
        self._headings = [(heading.label_start, heading.end + 1) for heading in report.headings]
        outside = [1] * len(report.text)
        for title in _TITLE.finditer(report.text):
            outside[title.start() : title.end()] = [0] * len(title[0])
        words = (out if char.isalnum() else 0 for out, char in zip(outside, report.text, strict=True))
        self._n_outside = [0, *accumulate(words)]

    def begins(self, start: int) -> int:
        return self.report.text_map.derived_span(start, start)[0] - self._body_start

    def in_heading(self, start: int, end: int) -> bool:
        before = bisect_right(self._headings, (start, len(self.report.raw) + 1)) - 1
        return before >= 0 and end <= self._headings[before][1]

    def in_titles(self, start: int, end: int) -> bool:
        first, last = self.report.text_map.derived_span(start, end)
        return self._n_outside[first] == self._n_outside[last]


def both_places(passages: pd.DataFrame) -> list[tuple[str, int, int]]:
    """Return the spans of shared passages in both reports, as `Claims.add` takes them."""
    sides = (passages[[f"report_{side}", f"start_{side}", f"end_{side}"]] for side in "ab")
    return [(str(row[0]), int(row[1]), int(row[2])) for side in sides for row in side.to_numpy()]


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
        One row a pair and length that occurs, in the order of the reports. n_wordings: different stretches of ``key``
        of exactly length_chars that are maximal matches of the pair, each counted once however often it stands.
    """
    row = lay_keys(reports, [report.regions(role) for report in reports])
    wordings = set()
    for matches in find_matches(row, min_chars, cap=cap):
        one, other = matches.pair // len(row.starts), matches.pair % len(row.starts)
        places = matches.p - row.starts.take(one) + row.key_starts.take(one)
        columns = row.owners.take(one), row.owners.take(other), places, matches.lengths
        for a, b, place, length in zip(*(column.tolist() for column in columns), strict=True):
            wordings.add((a, b, reports[a].key[place : place + length]))
    counts = Counter((a, b, len(words)) for a, b, words in wordings)
    names = [(report.report_id, report.label) for report in reports]
    return build_table(
        ((*names[a], *names[b], length, counts[a, b, length]) for a, b, length in sorted(counts)), _LENGTH_COLUMNS
    )


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
        One row a threshold: min_chars; n_wordings: different passages of a pair, added up over the pairs;
        n_sharing_pairs: pairs that share one at least; share_of_pairs: of all pairs, 0 to 1.
    """
    rows = []
    for threshold in thresholds:
        long_enough = lengths[lengths["length_chars"] >= threshold]
        n_sharing = len(long_enough[["report_a", "report_b"]].drop_duplicates())
        share = n_sharing / n_pairs if n_pairs else 0.0
        rows.append((threshold, int(long_enough["n_wordings"].sum()), n_sharing, share))
    return build_table(rows, _THRESHOLD_COLUMNS)
