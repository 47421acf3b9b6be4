"""The key characters of a collection in one row, and the way back from the row to ``raw``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.ngrams import BoolArray, IntArray
from corpus.offsets import OffsetMap
from corpus.report import Report

Array = npt.NDArray[Any]

PADDING = 512
"""Boundaries before the first and behind the last stretch, so that a window around a character never leaves the row."""

_BLOCK_BITS = 6
_LOCATED_AT_ONCE = 1 << 22
_ENDS_SENTENCE = np.isin(np.arange(1 << 16), [ord(sign) for sign in "。！？；!?;"])


@dataclass(frozen=True, slots=True, eq=False)
class KeyRow:
    """The key characters of several reports in one row, with boundaries (0) between stretches and at both ends.

    Attributes
    ----------
    chars : array of uint16
        Characters; equal ones have equal numbers.
    starts, ends : array of int
        Where each stretch begins and ends in ``chars``.
    owners : array of int
        Position of the report that each stretch is of.
    key_starts : array of int
        Place in that report's ``key`` where each stretch begins.
    blocks : array of int
        For each block of 64 characters the last stretch that begins at or before it, or the first.
    """

    chars: Array
    starts: IntArray
    ends: IntArray
    owners: IntArray
    key_starts: IntArray
    blocks: Array

    def stretch_of(self, places: IntArray) -> IntArray:
        """Return the number of the stretch that each place lies in."""
        found = self.blocks.take(places >> _BLOCK_BITS)
        following = np.append(self.starts, len(self.chars))
        later = np.flatnonzero(following.take(found + 1) <= places)
        while len(later):
            found[later] += 1
            later = later[following.take(found[later] + 1) <= places[later]]
        return found

    def windows(self, places: IntArray, width: int) -> Array:
        """Return the characters from each place on, a row a place."""
        # Numpy copies a record of any width as fast as one number.
        records = np.ndarray((len(self.chars) - width + 1,), f"V{2 * width}", buffer=self.chars.data, strides=(2,))
        return records[places].view("<u2").reshape(-1, width)


def lay_keys(reports: Sequence[Report], stretches: Sequence[Sequence[tuple[int, int]]]) -> KeyRow:
    """Lay the key characters of some stretches of reports in a row.

    Parameters
    ----------
    reports : sequence of Report
    stretches : sequence of sequence of (int, int)
        For each report spans of ``raw``; no match crosses their ends.
    """
    spans = [
        (owner, *report.key_span(start, end))
        for owner, (report, places) in enumerate(zip(reports, stretches, strict=True))
        for start, end in places
    ]
    pieces = [reports[owner].key[first:last] for owner, first, last in spans]
    table = np.array(spans, dtype=np.int64).reshape(-1, 3)
    lengths = table[:, 2] - table[:, 1]
    starts = PADDING + np.cumsum(lengths + 1) - lengths - 1
    chars = _encode(pieces)
    edges = np.arange(0, len(chars) + 1, 1 << _BLOCK_BITS)
    blocks = np.maximum(np.searchsorted(starts, edges, side="right") - 1, 0)
    return KeyRow(chars, starts, starts + lengths, table[:, 0], table[:, 1], blocks)


def _encode(pieces: Sequence[str]) -> Array:
    text = "\0" * PADDING + "\0".join(pieces) + "\0" * PADDING
    chars = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    if len(chars) == len(text):
        return chars
    # Characters beyond 16 bits: number those that occur. There are far fewer than 65,536 in any collection.
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    used = np.flatnonzero(np.bincount(points))
    if len(used) > 1 << 16:
        raise AssertionError("more than 65,536 different characters")
    return np.searchsorted(used, points).astype("<u2")


class RawPlaces(NamedTuple):
    """Where characters begin and end in ``raw``, and whether the sign behind each ends a sentence."""

    starts: IntArray
    ends: IntArray
    closed: BoolArray


def locate_places(reports: Sequence[Report], row: KeyRow, places: Sequence[IntArray]) -> list[RawPlaces]:
    """Return where in ``raw`` the characters at some places of the row stand.

    Parameters
    ----------
    reports : sequence of Report
        Those the row was laid of.
    row : KeyRow
    places : sequence of array of int

    Returns
    -------
    list of RawPlaces
        One for each array of places.
    """
    located = [
        RawPlaces(np.zeros(len(p), np.int64), np.zeros(len(p), np.int64), np.zeros(len(p), bool)) for p in places
    ]
    first = 0
    while first < len(row.starts):
        last = first + 1
        while last < len(row.starts) and row.ends[last] - row.starts[first] <= _LOCATED_AT_ONCE:
            last += 1
        low, high = row.starts[first], row.ends[last - 1]
        begins = np.zeros(high - low, dtype=np.int64)
        ends, closed = np.zeros_like(begins), np.zeros(len(begins), dtype=bool)
        columns = (column[first:last].tolist() for column in (row.owners, row.key_starts, row.starts, row.ends))
        for owner, key_start, start, end in zip(*columns, strict=True):
            report = reports[owner]
            part = slice(key_start, key_start + end - start)
            here = slice(start - low, end - low)
            begins[here], ends[here] = (column[part] for column in key_places(report))
            signs = np.frombuffer((report.raw + "\0").encode("utf-32-le", "surrogatepass"), dtype="<u4")
            closed[here] = _ENDS_SENTENCE.take(np.minimum(signs.take(ends[here]), len(_ENDS_SENTENCE) - 1))
        for some, found in zip(places, located, strict=True):
            chosen = np.flatnonzero((some >= low) & (some < high))
            at = some[chosen] - low
            found.starts[chosen], found.ends[chosen] = begins.take(at), ends.take(at)
            found.closed[chosen] = closed.take(at)
        first = last
    return located


def mark_sentence_ends(reports: Sequence[Report], row: KeyRow) -> BoolArray:
    """Return which characters of the row are the last of a sentence, a line or a stretch."""
    last = np.zeros(len(row.chars), dtype=bool)
    last[row.ends - 1] = True
    key_starts, starts, ends = row.key_starts.tolist(), row.starts.tolist(), row.ends.tolist()
    for stretch, owner in enumerate(row.owners.tolist()):
        report = reports[owner]
        begins, _ = _source_places(report.key_map)
        signs = np.frombuffer(report.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        closing = np.flatnonzero(_ENDS_SENTENCE.take(np.minimum(signs, len(_ENDS_SENTENCE) - 1)) | (signs == ord("\n")))
        before = np.searchsorted(begins, closing) - 1 - key_starts[stretch]
        last[starts[stretch] + before[(before >= 0) & (before < ends[stretch] - starts[stretch])]] = True
    return last


def key_places(report: Report) -> tuple[IntArray, IntArray]:
    """Return where in ``raw`` each character of ``key`` begins and ends."""
    begins, ends = _source_places(report.key_map)
    if report.text_map.is_identity:
        return begins, ends
    text_begins, text_ends = _source_places(report.text_map)
    return text_begins.take(begins), text_ends.take(ends - 1)


def _source_places(offsets: OffsetMap) -> tuple[IntArray, IntArray]:
    derived, source = (np.array(column, dtype=np.int64) for column in offsets.runs)
    begins = np.repeat(source - derived, np.diff(derived, append=offsets.length)) + np.arange(offsets.length)
    ends = begins + 1
    for run, width in offsets.widths.items():
        ends[derived[run]] += width - 1
    return begins, ends
