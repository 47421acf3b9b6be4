"""The way back from a derived text to the text it was made from."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType


def offset_type(length: int) -> str:
    """Return the type code of the smallest array that holds places in a text of this length: two bytes mostly do."""
    return "H" if length < 1 << 16 else "I"


class OffsetMap:
    """Monotone map from the characters of a derived text to the characters of its source.

    The map is kept as runs, not as one integer a character. In a run, derived character ``d + i``
    came from source character ``s + i``. A derived character that replaced several source characters
    (a line feed for CR LF) is a run of its own with a width above 1.

    Parameters
    ----------
    runs : iterable of (int, int, int)
        ``(derived start, source start, width)`` of each run, in ascending order. A run lasts until the
        next one begins; a width above 1 is allowed only for a run of one derived character.
    length : int
        Length of the derived text in code points.
    source_length : int
        Length of the source in code points.

    Attributes
    ----------
    is_identity : bool
        Whether every character stands where it stood.
    """

    __slots__ = ("_derived", "_source", "_width", "is_identity", "length", "source_length")

    def __init__(self, runs: Iterable[tuple[int, int, int]], *, length: int, source_length: int) -> None:
        rows = list(runs)
        code = offset_type(source_length)
        self._derived = array(code, [row[0] for row in rows])
        self._source = array(code, [row[1] for row in rows])
        self._width = {index: row[2] for index, row in enumerate(rows) if row[2] != 1}
        self.is_identity = length == source_length and (not rows or rows == [(0, 0, 1)])
        self.length = length
        self.source_length = source_length

    @classmethod
    def identity(cls, length: int) -> OffsetMap:
        """Return the map of a text onto itself."""
        return cls([(0, 0, 1)] if length else [], length=length, source_length=length)

    @classmethod
    def of_stretches(
        cls,
        derived: array[int],
        source: array[int],
        *,
        length: int,
        source_length: int,
        widths: Mapping[int, int] = MappingProxyType({}),
    ) -> OffsetMap:
        """Return the map of a text that keeps stretches of its source as they are and drops what is between them.

        Parameters
        ----------
        derived, source : array of `offset_type`
            Where each stretch begins in the derived text and in the source; two ascending sequences, which the map
            keeps.
        length, source_length : int
            As for the class.
        widths : mapping of int to int
            Source characters of the stretches that stand for several, by their position.
        """
        made = cls((), length=length, source_length=source_length)
        made._derived, made._source, made._width = derived, source, dict(widths)
        made.is_identity = length == source_length
        return made

    @property
    def runs(self) -> tuple[Sequence[int], Sequence[int]]:
        """Derived starts and source starts of the runs, two ascending sequences of equal length."""
        return self._derived, self._source

    @property
    def widths(self) -> Mapping[int, int]:
        """Source characters of each run that stands for several, by the run's position in `runs`."""
        return self._width

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source span that the derived characters ``start`` to ``end`` (exclusive) came from.

        Source characters that were dropped before the first or after the last of them are not in it. An
        empty span gives the empty span before the next derived character.

        Raises
        ------
        IndexError
            If the span does not lie in the derived text.
        """
        if not 0 <= start <= end <= self.length:
            raise IndexError(f"span {start}:{end} lies outside a text of {self.length} characters")
        if self.is_identity:
            return start, end
        if start == end:
            place = self._begin(start) if start < self.length else self.source_length
            return place, place
        last = end - 1
        run = bisect_right(self._derived, last) - 1
        return self._begin(start), self._source[run] + (last - self._derived[run]) + self._width.get(run, 1)

    def derived_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the derived characters whose source begins within ``start`` to ``end`` (exclusive).

        Raises
        ------
        IndexError
            If the span does not lie in the source.
        """
        if not 0 <= start <= end <= self.source_length:
            raise IndexError(f"span {start}:{end} lies outside a source of {self.source_length} characters")
        if self.is_identity:
            return start, end
        return self._first_at_or_after(start), self._first_at_or_after(end)

    def _begin(self, place: int) -> int:
        run = bisect_right(self._derived, place) - 1
        return self._source[run] + place - self._derived[run]

    def _first_at_or_after(self, source: int) -> int:
        run = bisect_left(self._source, source)
        if run < len(self._source) and self._source[run] == source:
            return self._derived[run]
        limit = self._derived[run] if run < len(self._derived) else self.length
        if run == 0:
            return 0
        return min(self._derived[run - 1] + source - self._source[run - 1], limit)
