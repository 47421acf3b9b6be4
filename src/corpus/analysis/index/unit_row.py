"""The key characters of a collection in one row, and the way back from the row to ``raw``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.errors import CorpusError
from corpus.report.offsets import OffsetMap
from corpus.report.reports import Report

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

BOUNDARY = 0
# Two codes below this bound fit into one signed 64-bit integer.
_LARGEST_BOUND = 2**31


@dataclass(frozen=True, slots=True, eq=False)
class TokenRow:
    """The tokens of several reports in one row; a boundary stands first, last and between two stretches.

    Attributes
    ----------
    tokens : array of int
        1 and above; equal tokens have equal numbers. 0 is a boundary.
    owners : array of int
        Position of the report that the token stands in.
    stretches : array of int
        Number of the stretch, counted over all reports from 0.
    places : array of int
        Place of the token in its report: for characters, the place in ``key``.
    """

    tokens: IntArray
    owners: IntArray
    stretches: IntArray
    places: IntArray


def row_of_keys(reports: Sequence[Report], stretches: Iterable[Iterable[tuple[int, int]]]) -> TokenRow:
    """Lay the key characters of some stretches of reports in a row.

    Parameters
    ----------
    reports : sequence of Report
    stretches : iterable of iterable of (int, int)
        For each report spans of ``raw``; grams do not cross their ends.
    """
    characters = [np.frombuffer(report.key.encode("utf-32-le"), dtype=np.uint32) for report in reports]
    spans = [
        (owner, *report.key_span(start, end))
        for owner, (report, places) in enumerate(zip(reports, stretches, strict=True))
        for start, end in places
    ]
    pieces = [characters[owner][first:last] for owner, first, last in spans]
    places = [np.arange(first, last) for _, first, last in spans]
    # Code points become small numbers in the same order, so that grams pack into few bits.
    used = np.zeros(2 + max((int(piece.max(initial=0)) for piece in pieces), default=0), dtype=np.int64)
    for piece in pieces:
        used[piece + 1] = 1
    small = np.cumsum(used)
    return lay_in_row([small[piece + 1] for piece in pieces], [owner for owner, _, _ in spans], places)


def lay_in_row(stretches: Sequence[IntArray], owners: Sequence[int], places: Sequence[IntArray]) -> TokenRow:
    """Lay stretches of tokens (1 and above) in a row, with the report that each stands in and the tokens' places."""
    boundary = np.zeros(1, dtype=np.int64)
    lengths = np.array([len(stretch) + 1 for stretch in stretches], dtype=np.int64)
    lengths = np.concatenate([boundary + 1, lengths])
    numbers = np.arange(-1, len(stretches))
    return TokenRow(
        tokens=np.concatenate([boundary, *chain.from_iterable((stretch, boundary) for stretch in stretches)]),
        owners=np.repeat(np.array([-1, *owners], dtype=np.int64), lengths),
        stretches=np.repeat(numbers, lengths),
        places=np.concatenate([boundary - 1, *chain.from_iterable((place, boundary - 1) for place in places)]),
    )


def number_grams(tokens: IntArray, n: int) -> IntArray:
    """Number the n-gram that begins at each token.

    Numbers run from 0 without gaps, in the order of the grams. Where a gram would cross a boundary it is -1.
    Grams are joined from two shorter ones until they have n tokens, so that the work is a few sorts and no two
    different grams can ever get one number.

    Raises
    ------
    CorpusError
        If n is below 1.
    """
    if n < 1:
        raise CorpusError(f"an n-gram of {n} tokens does not exist; n is 1 or more")
    codes = tokens - 1
    bound = int(tokens.max(initial=0))
    length = 1
    while length < n:
        step = min(length, n - length)
        if bound > _LARGEST_BOUND:
            codes = renumber(codes)
            bound = int(codes.max(initial=0)) + 1
        codes = join_grams(codes, step, bound=bound)
        bound *= bound
        length += step
    return renumber(codes)


def join_grams(codes: IntArray, step: int, *, bound: int) -> IntArray:
    """Join the gram at each place with the one ``step`` places on; -1 where either does not exist."""
    joined = np.full(len(codes), -1, dtype=np.int64)
    if step < len(codes):
        first, second = codes[:-step], codes[step:]
        joined[:-step] = np.where((first >= 0) & (second >= 0), first * bound + second, -1)
    return joined


def renumber(codes: IntArray) -> IntArray:
    """Return the codes as numbers from 0 without gaps, in the same order; -1 stays."""
    numbers = np.full(len(codes), -1, dtype=np.int64)
    valid = codes >= 0
    numbers[valid] = np.unique(codes[valid], return_inverse=True)[1]
    return numbers


def count_reports(codes: IntArray, owners: IntArray) -> IntArray:
    """Return at each place in how many distinct reports its gram stands; 0 where there is no gram."""
    counts = np.zeros(len(codes), dtype=np.int64)
    valid = codes >= 0
    counts[valid] = np.bincount(holders(codes, owners)[0])[codes[valid]]
    return counts


def holders(codes: IntArray, owners: IntArray) -> tuple[IntArray, IntArray]:
    """Return each distinct (gram, report) once: two arrays, ascending by gram, then by report."""
    valid = codes >= 0
    n_reports = int(owners.max(initial=0)) + 1
    pairs = distinct(codes[valid] * n_reports + owners[valid])
    return pairs // n_reports, pairs % n_reports


def distinct(values: IntArray) -> IntArray:
    """Return the distinct values in ascending order. Sorting is several times faster than `numpy.unique`'s hashing."""
    ordered: IntArray = np.sort(values)
    once: BoolArray = np.append(True, ordered[1:] != ordered[:-1])
    return ordered[once[: len(ordered)]]


def mark_covered(starts: BoolArray, n: int) -> BoolArray:
    """Return which tokens lie in one of the n-grams that begin at the marked places."""
    steps = np.zeros(len(starts) + n, dtype=np.int64)
    steps[:-n] += starts
    steps[n:] -= starts
    return np.cumsum(steps)[: len(starts)] > 0


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
