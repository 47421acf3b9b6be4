"""Which words two reports share: all exact matches of all pairs of reports, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.ngrams import BOUNDARY, BoolArray, IntArray, TokenRow, count_reports, number_grams, row_of_keys
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import CorpusError, Role

_COLUMNS = {
    "report_a": "",
    "start_a": "int64",
    "end_a": "int64",
    "report_b": "",
    "start_b": "int64",
    "end_b": "int64",
    "matched_chars": "int64",
    "similarity": "float64",
    "text_a": "",
    "text_b": "",
}
_SHORTEST = 4
_PAIRS_AT_ONCE = 1 << 20
_COMPARED_AT_ONCE = 1 << 22


def find_reuse(
    reports: Reports, *, min_chars: int = 12, max_reports: int = 50, role: Role | None = None
) -> pd.DataFrame:
    """Return every passage that two reports share, as maximal exact matches of ``key``.

    A match is extended both ways until the characters of the two reports differ or the region searched ends.
    Punctuation, its width, quotes and spaces do not count, since ``key`` has none. Matches are found wherever
    they stand, in any order, and as often as they stand; a report is not compared with itself.

    Guarantee, in the manner of winnowing (Schleimer, Wilkerson & Aiken 2003): wherever two reports have the same
    ``min_chars`` characters, they lie in a row, unless more than ``max_reports`` reports have them; then they lie in
    a place of ``find_formulas(reports, min_reports=max_reports + 1, min_chars=min_chars)``. A longer match is left
    out only if all of it is as common as that, ``min_chars`` characters at a time.
    The work grows with the characters and with the rows found.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters, 4 or more. The default, 12, is about six words. The bundled reports have
        20 matches of that length and 148 from 8 characters on; most of those between are set phrases of the genre
        (法治政府建设工作) that any two reports have in common.
    max_reports : int
        What stands in more reports than these is everybody's: one formula, not thousands of pairs.
    role : str, optional
        Only the parts with this role, in both reports.

    Returns
    -------
    DataFrame
        One row a match, by report a, report b, start_a, start_b; report a stands before report b in ``reports``.
        start, end: code points of ``raw``, end exclusive; matched_chars: key characters that match; similarity:
        their share of the longer span's key characters, 0 to 1, here 1; text_a, text_b: the words as printed.

    Raises
    ------
    CorpusError
        If ``min_chars`` is below 4, ``max_reports`` below 2, or the role is none of the roles.
    """
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would find single words; it must be {_SHORTEST} or more")
    if max_reports < 2:
        raise CorpusError(f"max_reports={max_reports} leaves no pair of reports; it must be 2 or more")
    row = row_of_keys(reports, [report.regions(role) for report in reports])
    first, second, lengths = find_matches(row, min_chars, max_reports=max_reports)
    return build_table(_match_rows(reports, row, first, second, lengths), _COLUMNS)


def _match_rows(
    reports: Reports, row: TokenRow, first: IntArray, second: IntArray, lengths: IntArray
) -> Iterator[tuple[Any, ...]]:
    for place_a, place_b, length in zip(first.tolist(), second.tolist(), lengths.tolist(), strict=True):
        sides = []
        for place in (place_a, place_b):
            report = reports[int(row.owners[place])]
            key_start = int(row.places[place])
            sides.append((report, *report.raw_span(key_start, key_start + length)))
        (a, *span_a), (b, *span_b) = sides
        yield (a.report_id, *span_a, b.report_id, *span_b, length, 1.0, a.quote(*span_a), b.quote(*span_b))


def find_matches(row: TokenRow, min_tokens: int, *, max_reports: int) -> tuple[IntArray, IntArray, IntArray]:
    """Find the maximal exact matches between different reports.

    Returns
    -------
    first, second, lengths : arrays of int
        Places in the row where each match begins in the earlier and in the later report, and its tokens; ordered
        by the two reports, then by the two places.
    """
    codes = number_grams(row.tokens, min_tokens)
    n_reports = count_reports(codes, row.owners)
    rare = (n_reports >= 2) & (n_reports <= max_reports)
    matches = []
    for p, q in _seeds(row, codes, rare):
        lengths = _match_lengths(row.tokens, p, q, step=1)
        # A seed behind a gram that everybody has may lie inside its match.
        before = _match_lengths(row.tokens, p - 1, q - 1, step=-1)
        matches.append(np.stack([p - before, q - before, lengths + before]))
    first, second, lengths = np.concatenate([np.zeros((3, 0), dtype=np.int64), *matches], axis=1)
    order = np.lexsort((second, first, row.owners[second], row.owners[first]))
    first, second, lengths = first[order], second[order], lengths[order]
    repeated = (first[1:] == first[:-1]) & (second[1:] == second[:-1])
    once = np.append(True, ~repeated)[: len(first)]
    return first[once], second[once], lengths[once]


def _seeds(row: TokenRow, codes: IntArray, rare: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield pairs of places in two reports with one rare gram, such that every match is seeded, mostly once.

    Places with one gram are set apart by the token before them. Two places with the same token before them belong
    to a match that began earlier, so that only places of different sets are paired.
    """
    places = np.flatnonzero(rare)
    before = row.tokens[places - 1]
    alone = (before == BOUNDARY) | ~rare[places - 1]
    before = np.where(alone, -places, before)
    order = np.lexsort((places, before, codes[places]))
    places, before, grams = places[order], before[order], codes[places][order]
    gram_ends = np.searchsorted(grams, grams, side="right")
    new_set = np.append((grams[1:] != grams[:-1]) | (before[1:] != before[:-1]), True)
    set_ends = np.flatnonzero(new_set)[np.cumsum(new_set) - new_set] + 1
    n_partners = gram_ends - set_ends
    upto = np.cumsum(n_partners)
    start = 0
    while start < len(places):
        done = int(upto[start - 1]) if start else 0
        end = max(start + 1, int(np.searchsorted(upto, done + _PAIRS_AT_ONCE, side="right")))
        counts = n_partners[start:end]
        one = np.repeat(np.arange(start, end), counts)
        steps = np.arange(len(one)) - np.repeat(np.cumsum(counts) - counts, counts)
        p, q = places[one], places[set_ends[one] + steps]
        p, q = np.minimum(p, q), np.maximum(p, q)
        differ = row.owners[p] != row.owners[q]
        yield p[differ], q[differ]
        start = end


def _match_lengths(tokens: IntArray, p: IntArray, q: IntArray, *, step: int) -> IntArray:
    """Return how many tokens from p and q on (``step`` 1) or back (-1) are equal, up to a boundary."""
    lengths = np.zeros(len(p), dtype=np.int64)
    open_ = np.arange(len(p))
    width = 16
    while len(open_):
        still_open = []
        for part in np.array_split(open_, 1 + len(open_) * width // _COMPARED_AT_ONCE):
            offsets = lengths[part, None] + np.arange(width)
            left = tokens.take(p[part, None] + step * offsets, mode="clip")
            right = tokens.take(q[part, None] + step * offsets, mode="clip")
            differs = (left != right) | (left == BOUNDARY)
            # Beyond a boundary nothing counts, so the first difference ends the match.
            ended = differs.any(axis=1)
            lengths[part] += np.where(ended, differs.argmax(axis=1), width)
            still_open.append(part[~ended])
        open_ = np.concatenate(still_open)
        width *= 2
    return lengths
