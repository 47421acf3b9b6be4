"""Many pairs of short texts held against each other at once: what they have in common, and what either lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.analysis.index.unit_row import Array, BoolArray, IntArray

MOST_CHARS = 64
"""Characters of the longest text that is held against others: as many as a machine word has bits."""

FloatArray = npt.NDArray[np.float64]

_AT_ONCE = 1 << 15
_RUN = 12
_ROWS: dict[int, str] = {16: "<u2", 32: "<u4", 64: "<u8"}


@dataclass(frozen=True, slots=True, eq=False)
class ShortTexts:
    """Texts of up to 64 characters, one a row, filled up with 0.

    Attributes
    ----------
    chars : array of uint16, (texts, 64)
        Equal characters have equal numbers, from 1.
    lengths : array of int
        Characters of each text; 0 for one that is longer than 64.
    """

    chars: Array
    lengths: IntArray

    def chunks(self, first: IntArray, second: IntArray) -> Iterator[tuple[IntArray, int]]:
        """Yield the pairs in parts of like length, with the width that holds both texts of each."""
        longest = np.maximum(self.lengths[first], self.lengths[second])
        narrower = -1
        for width in _ROWS:
            chosen = np.flatnonzero((longest > narrower) & (longest <= width))
            narrower = width
            for start in range(0, len(chosen), _AT_ONCE):
                yield chosen[start : start + _AT_ONCE], width


def lay_short_texts(texts: Sequence[str]) -> ShortTexts:
    """Lay texts in rows; those without characters, or with more than 64, are empty."""
    lengths = np.array([len(text) if len(text) <= MOST_CHARS else 0 for text in texts], dtype=np.int64)
    kept = "".join(text for text in texts if len(text) <= MOST_CHARS)
    codes = np.frombuffer(kept.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    if codes.max(initial=0) >= 1 << 16:
        codes = np.unique(codes, return_inverse=True)[1] + 1
    chars = np.zeros((len(texts), MOST_CHARS), dtype="<u2")
    chars[np.arange(MOST_CHARS) < lengths[:, None]] = codes
    return ShortTexts(chars, lengths)


def count_common(texts: ShortTexts, first: IntArray, second: IntArray, *, never: int = 0) -> tuple[IntArray, BoolArray]:
    """Return the length of the longest common subsequence of pairs of texts, and which have 12 characters on end.

    Bit-parallel (Hyyrö 2004, Bit-parallel LCS-length computation revisited), for many pairs at once.

    Parameters
    ----------
    texts : ShortTexts
    first, second : array of int
        The rows of each pair.
    never : int
        A character that makes no stretch of 12, as what stands for a figure.
    """
    n_common = np.zeros(len(first), dtype=np.int64)
    has_run = np.zeros(len(first), dtype=bool)
    for part, width in texts.chunks(first, second):
        one, other = texts.chars[first[part], :width], texts.chars[second[part], :width]
        kind = _ROWS[width]
        state = np.full(len(part), np.iinfo(kind).max, dtype=kind)
        run = np.zeros(len(part), dtype=bool)
        before: list[list[Array]] = []
        for place in range(int(texts.lengths[second[part]].max(initial=0))):
            char = other[:, place]
            same = np.packbits(one == char[:, None], axis=1, bitorder="little").view(kind)[:, 0]
            same[char == 0] = 0
            both = state & same
            state = (state + both) | (state - both)
            if width >= _RUN:
                run |= _ends_run(same if not never else np.where(char == never, 0, same).astype(kind), before)
        n_common[part] = width - np.bitwise_count(state)
        has_run[part] = run
    return n_common, has_run


def _ends_run(same: Array, before: list[list[Array]]) -> BoolArray:
    """Tell which pairs have 12 equal characters up to this place; ``before`` keeps runs of 1, 2, 4 and 8."""

    def shifted(size: int, back: int) -> Array:
        return before[-back][size] << back if len(before) >= back else np.zeros_like(same)

    two = same & shifted(0, 1)
    four = two & shifted(1, 2)
    eight = four & shifted(2, 4)
    ended: BoolArray = (eight & shifted(2, 8)) != 0
    before.append([same, two, four])
    del before[:-8]
    return ended


def weigh_common(
    numbers: Array, weights: FloatArray, first: IntArray, second: IntArray, texts: ShortTexts
) -> FloatArray:
    """Return the weighted Dice similarity of pairs of texts over their distinct pairs of characters, 0 to 1.

    Parameters
    ----------
    numbers : array of int32, (texts, 64)
        The number of the pair of characters that begins at each place; -1 where there is none, or it stood before.
    weights : array of float
        By number.
    first, second : array of int
    texts : ShortTexts
    """
    own = np.where(numbers >= 0, weights[numbers], 0.0).astype(np.float32)
    totals = own.sum(axis=1, dtype=np.float64)
    shared = np.zeros(len(first))
    for part, width in texts.chunks(first, second):
        one, other = numbers[first[part], :width], numbers[second[part], :width]
        found = np.zeros(one.shape, dtype=bool)
        for place in range(int(texts.lengths[second[part]].max(initial=0)) - 1):
            found |= one == other[:, place : place + 1]
        shared[part] = (own[first[part], :width] * found).sum(axis=1)
    similar: FloatArray = 2 * shared / np.maximum(totals[first] + totals[second], 1e-9)
    return similar


def lacks_marked(texts: ShortTexts, marked: BoolArray, first: IntArray, second: IntArray) -> BoolArray:
    """Tell which first texts of pairs have a marked character that stands nowhere in the second.

    Parameters
    ----------
    texts : ShortTexts
    marked : array of bool, (texts, 64)
    first, second : array of int
    """
    lacks = np.zeros(len(first), dtype=bool)
    for part, width in texts.chunks(first, second):
        one, other = texts.chars[first[part], :width], texts.chars[second[part], :width]
        found = np.zeros(one.shape, dtype=bool)
        for place in range(int(texts.lengths[second[part]].max(initial=0))):
            found |= one == other[:, place : place + 1]
        lacks[part] = (marked[first[part], :width] & ~found).any(axis=1)
    return lacks
