"""The units of a collection, characters of ``key`` or words, in one row, and the way back from the row to ``raw``."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.errors import CorpusError
from corpus.report.reports import Report
from corpus.report.values import OffsetMap, Role

Array = npt.NDArray[Any]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

BOUNDARY = 0
PADDING = 512
"""Boundaries before the first and behind the last stretch, so that a window around a character never leaves the row."""

_BLOCK_BITS = 6
_LOCATED_AT_ONCE = 1 << 22
_NO_LETTERS = range(0xD800, 0xF900)
"""Surrogates and characters for private use: none is in a key."""
_ENDS_SENTENCE = np.isin(np.arange(1 << 16), [ord(sign) for sign in "。！？；!?;"])


def place_type(length: int) -> npt.DTypeLike:
    """Return the type in which the places of a row of this length take least room."""
    return np.uint32 if length < 1 << 32 else np.int64


@dataclass(frozen=True, slots=True, eq=False)
class UnitRow:
    """The units of several reports in one row, with boundaries (0) between stretches and at both ends.

    Attributes
    ----------
    units : array of uint16 or uint32
        Characters (two bytes each) or words, 1 and above; equal ones have equal numbers.
    starts, ends : array of int
        Where each stretch begins and ends in ``units``.
    owners : array of int
        Position of the report that each stretch is of, ascending.
    origins : array of int
        Place in that report's ``key``, or among its words, where each stretch begins.
    blocks : array of int
        For each block of 64 places the last stretch that begins at or before it, or the first.
    """

    units: Array
    starts: IntArray
    ends: IntArray
    owners: IntArray
    origins: IntArray
    blocks: Array

    def stretch_of(self, places: IntArray) -> IntArray:
        """Return the number of the stretch that each place lies in."""
        found = self.blocks.take(places >> _BLOCK_BITS)
        following = np.append(self.starts, len(self.units))
        later = np.flatnonzero(following.take(found + 1) <= places)
        while len(later):
            found[later] += 1
            later = later[following.take(found[later] + 1) <= places[later]]
        return found

    def trace(self, places: IntArray) -> tuple[IntArray, IntArray]:
        """Return for each place the report that it is of, and the place in its ``key`` or among its words."""
        stretches = self.stretch_of(places)
        return self.owners.take(stretches), places - self.starts.take(stretches) + self.origins.take(stretches)

    def spread(self, values: Array) -> Array:
        """Return at each place the value of its stretch; the boundaries behind a stretch have its value too."""
        before = np.zeros(1, dtype=values.dtype)
        return np.repeat(np.concatenate([before, values]), np.diff(self.starts, prepend=0, append=len(self.units)))

    def of_report(self, owner: int) -> slice:
        """Return where the stretches of a report lie, with the boundaries between them."""
        first, last = np.searchsorted(self.owners, [owner, owner + 1])
        return slice(int(self.starts[first]), int(self.ends[last - 1])) if first < last else slice(0, 0)

    def windows(self, places: IntArray, width: int) -> Array:
        """Return the characters from each place on, a row a place."""
        # Numpy copies a record of any width as fast as one number.
        records = np.ndarray((len(self.units) - width + 1,), f"V{2 * width}", buffer=self.units.data, strides=(2,))
        return records[places].view("<u2").reshape(-1, width)


def lay_keys(
    reports: Sequence[Report],
    stretches: Iterable[Iterable[tuple[int, int]]] | None = None,
    *,
    role: Role | None = None,
    beyond: Array | None = None,
) -> UnitRow:
    """Lay the key characters of some stretches of reports in a row.

    Parameters
    ----------
    reports : sequence of Report
    stretches : iterable of iterable of (int, int), optional
        For each report spans of ``raw``; no gram or match crosses their ends. By default the bodies.
    role : str, optional
        In place of the bodies their parts with this role.
    beyond : array of int, optional
        The characters of more than 16 bits that a whole collection has (`beyond_16_bits`), where this is a part of it.
    """
    if stretches is None:
        regions: Iterable[Iterable[tuple[int, int]]] = (report.key_regions(role) for report in reports)
    else:
        pairs = zip(reports, stretches, strict=True)
        regions = ([report.key_span(start, end) for start, end in own] for report, own in pairs)
    # Spans are many, and as numbers in a row a tenth of what they are as tuples.
    spans = array("q")
    pieces: list[bytes] = []
    long = []
    for owner, (report, own) in enumerate(zip(reports, regions, strict=True)):
        for first, last in own:
            spans.extend((owner, first, last))
            piece = report.key_utf16(first, last)
            if len(piece) > 2 * (last - first):
                long.append(len(pieces))
            pieces.append(piece)
    for at, piece in zip(long, _one_each([pieces[at] for at in long], beyond), strict=True):
        pieces[at] = piece
    boundary = bytes(2)
    padding = boundary * PADDING
    units = np.frombuffer(padding + boundary.join(pieces) + padding, dtype="<u2")
    return lay_spans(units, np.array(spans, dtype=np.int64).reshape(-1, 3))


def beyond_16_bits(report: Report) -> Array:
    """Return which code points of a report's ``key`` take more than 16 bits, in order."""
    return np.unique(_long_points(np.frombuffer(report.key_utf16(), dtype="<u2"))[1])


def _long_points(units: Array) -> tuple[IntArray, Array]:
    """Return where characters begin that take two numbers of UTF-16, and their code points."""
    leads = np.flatnonzero((units & 0xFC00) == 0xD800)
    high, low = (units[leads + step].astype(np.uint32) & 0x3FF for step in (0, 1))
    return leads, 0x10000 + (high << 10) + low


def _one_each(pieces: Sequence[bytes], beyond: Array | None) -> Iterator[bytes]:
    """Yield UTF-16 with one number a character: its code point, or for one beyond 16 bits a number no letter has."""
    found = [_long_points(np.frombuffer(piece, dtype="<u2")) for piece in pieces]
    known = np.unique([point for _, points in found for point in points]) if beyond is None else beyond
    if len(known) > len(_NO_LETTERS):
        raise CorpusError(f"{len(known):,} different characters beyond 16 bits are too many; ask for fewer reports")
    for piece, (leads, points) in zip(pieces, found, strict=True):
        single = np.frombuffer(piece, dtype="<u2").copy()
        single[leads] = _NO_LETTERS.start + np.searchsorted(known, points)
        yield np.delete(single, leads + 1).tobytes()


def code_points(text: str) -> Array:
    """Return the characters of a text as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


class WordNumbers(NamedTuple):
    """The words of several reports as numbers from 1, equal words with equal ones.

    ``starts`` says for each report where in ``raw`` its words begin, ``numbers`` which they are, and ``names`` which
    word each number stands for.
    """

    starts: list[IntArray]
    numbers: list[Array]
    names: tuple[str, ...]


def number_words(words: Iterable[Iterable[tuple[int, int, str]]]) -> WordNumbers:
    """Number the words of several reports, given with their spans in reading order."""
    names: dict[str, int] = {}
    starts, numbers = [], []
    for own in words:
        numbered = [(start, names.setdefault(word, len(names) + 1)) for start, _, word in own]
        columns = np.array(numbered, dtype=np.int64).reshape(-1, 2)
        starts.append(columns[:, 0].copy())
        numbers.append(columns[:, 1].astype(np.uint32))
    return WordNumbers(starts, numbers, tuple(names))


def lay_words(words: WordNumbers, stretches: Iterable[Iterable[tuple[int, int]]]) -> UnitRow:
    """Lay the words that begin in some stretches of reports, given as spans of ``raw``, in a row."""
    spans = [
        (owner, first, last)
        for owner, (starts, own) in enumerate(zip(words.starts, stretches, strict=True))
        for first, last in np.searchsorted(starts, np.array([*own], dtype=np.int64).reshape(-1, 2)).tolist()
    ]
    boundary, padding = np.zeros(1, dtype=np.uint32), np.zeros(PADDING, dtype=np.uint32)
    pieces = chain.from_iterable((words.numbers[owner][first:last], boundary) for owner, first, last in spans)
    return lay_spans(np.concatenate([padding, *pieces, padding]), np.array(spans, dtype=np.int64).reshape(-1, 3))


def lay_spans(units: Array, spans: IntArray) -> UnitRow:
    """Return the row of these units; ``spans`` are for each stretch its report, and first and last unit in it."""
    owners, origins, lasts = np.ascontiguousarray(spans.T)
    lengths = lasts - origins
    starts = PADDING + np.cumsum(lengths + 1) - lengths - 1
    edges = np.arange(0, len(units) + 1, 1 << _BLOCK_BITS)
    blocks = np.maximum(np.searchsorted(starts, edges, side="right") - 1, 0)
    return UnitRow(units, starts, starts + lengths, owners, origins, blocks)


class RawPlaces(NamedTuple):
    """Where characters begin and end in ``raw``, and whether the sign behind each ends a sentence."""

    starts: IntArray
    ends: IntArray
    closed: BoolArray


def locate_places(reports: Sequence[Report], row: UnitRow, places: Sequence[IntArray]) -> list[RawPlaces]:
    """Return where in ``raw`` the characters at some places of the row stand.

    Parameters
    ----------
    reports : sequence of Report
        Those the row was laid of.
    row : UnitRow
    places : sequence of array of int

    Returns
    -------
    list of RawPlaces
        One for each array of places.
    """
    located = [
        RawPlaces(np.zeros(len(p), np.int64), np.zeros(len(p), np.int64), np.zeros(len(p), bool)) for p in places
    ]
    for low in range(0, len(row.units), _LOCATED_AT_ONCE):
        chosen = [np.flatnonzero((some >= low) & (some < low + _LOCATED_AT_ONCE)) for some in places]
        asked = np.zeros(_LOCATED_AT_ONCE, dtype=bool)
        for some, at in zip(places, chosen, strict=True):
            asked[some[at] - low] = True
        once = np.flatnonzero(asked)
        owners, own = row.trace(once + low)
        begins, ends, closed = np.zeros(len(asked), np.int64), np.zeros(len(asked), np.int64), asked
        edges = [*np.flatnonzero(np.diff(owners, prepend=-1)).tolist(), len(owners)]
        for first, last in pairwise(edges):
            report, here = reports[int(owners[first])], once[first:last]
            begins[here], ends[here] = raw_places(report, own[first:last])
            signs = code_points(report.raw + "\0").take(ends[here])
            closed[here] = _ENDS_SENTENCE.take(signs, mode="clip")
        for some, at, found in zip(places, chosen, located, strict=True):
            for column, values in zip(found, (begins, ends, closed), strict=True):
                column[at] = values.take(some[at] - low)
    return located


def mark_sentence_ends(reports: Sequence[Report], row: UnitRow) -> BoolArray:
    """Return which characters of the row are the last of a sentence, a line or a stretch."""
    last = np.zeros(len(row.units), dtype=bool)
    last[row.ends - 1] = True
    origins, starts, ends = row.origins.tolist(), row.starts.tolist(), row.ends.tolist()
    for stretch, owner in enumerate(row.owners.tolist()):
        report = reports[owner]
        begins, _ = text_places(report)
        signs = code_points(report.text)
        closing = np.flatnonzero(_ENDS_SENTENCE.take(signs, mode="clip") | (signs == ord("\n")))
        before = np.searchsorted(begins, closing) - 1 - origins[stretch]
        last[starts[stretch] + before[(before >= 0) & (before < ends[stretch] - starts[stretch])]] = True
    return last


def text_places(report: Report, places: IntArray | None = None) -> tuple[IntArray, IntArray]:
    """Return where in ``text`` some characters of ``key``, given by ascending places, begin and end, or each does."""
    return _source_places(report.key_map, np.arange(report.key_map.length) if places is None else places)


def raw_places(report: Report, places: IntArray | None = None) -> tuple[IntArray, IntArray]:
    """Return where in ``raw`` some characters of ``key``, given by ascending places, begin and end, or each does."""
    begins, ends = text_places(report, places)
    if report.text_map.is_identity:
        return begins, ends
    return _source_places(report.text_map, begins)[0], _source_places(report.text_map, ends - 1)[1]


def _source_places(offsets: OffsetMap, places: IntArray) -> tuple[IntArray, IntArray]:
    """Return where the characters at some places of the derived text begin and end in the source."""
    derived, source = (np.asarray(column, dtype=np.int64) for column in offsets.runs)
    # A run of another width is of one character.
    widths = np.ones(len(derived), dtype=np.int64)
    widths[[*offsets.widths]] = [*offsets.widths.values()]
    runs = np.searchsorted(derived, places, side="right") - 1
    begins = places + (source - derived).take(runs)
    return begins, begins + widths.take(runs)
