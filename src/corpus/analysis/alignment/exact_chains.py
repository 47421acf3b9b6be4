"""Aligned passages of many pairs of reports at once: exact matches are chained, and their ends extended.

Characters that agree count 2, a character that stands in one of the two reports only costs 1, and so one that was
replaced by another costs 2 (Myers 1986, Algorithmica 1:251-266, as a score). What an alignment scores is therefore
four times its matched characters less the lengths of both sides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.analysis.index.exact_matches import Matches
from corpus.analysis.index.unit_row import BOUNDARY, Array, BoolArray, IntArray, UnitRow, place_type

_NEAR = 10  # characters looked at beside a chain; of these must agree:
_PROMISING = 4  # so that a weak chain is looked at closer
_WORTH = 2  # so that an end is extended
_STRONG = 12  # characters that agree in a chain which is not weak
_GAP = 24  # most characters between two matches of a chain, in either report
_DRIFT = 10  # most characters by which the two sides of such a gap differ
_LOOKBACK = 4
_JOINED_GAP = 64
_BITS_OF: dict[int, str] = {8: "u1", 16: "<u2", 32: "<u4", 64: "<u8"}

_BAND = 4
_DROP = 10
_FARTHEST = 400
_FLOOR = -200
_ROUNDS = (8, 24)
_EXTENDED_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True, eq=False)
class Alignments:
    """Aligned stretches of the row: ``p`` in the earlier report, ``q`` in the later; ends exclusive.

    ``matched`` counts the characters that agree; ``longest`` the longest exact match inside.
    """

    pair: IntArray
    p_start: IntArray
    p_end: IntArray
    q_start: IntArray
    q_end: IntArray
    matched: IntArray
    longest: IntArray

    def __len__(self) -> int:
        return len(self.pair)

    def choose(self, chosen: Array) -> Alignments:
        return Alignments(*(getattr(self, name)[chosen] for name in self.__slots__))

    @classmethod
    def join(cls, parts: Sequence[Alignments]) -> Alignments:
        """Return the alignments of all parts; there is one part at least."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__))

    def order(self) -> IntArray:
        """Return their positions by pair, place in the earlier report and place in the later one."""
        columns = self.pair, self.p_start, self.q_start
        falls, same = np.zeros(max(len(self) - 1, 0), dtype=bool), np.ones(max(len(self) - 1, 0), dtype=bool)
        for column in columns:
            falls |= same & (column[1:] < column[:-1])
            same &= column[1:] == column[:-1]
        order = np.arange(len(self))
        some = np.flatnonzero(falls)
        if (self.pair[some + 1] == self.pair[some]).all():
            # Pairs ascend: only those are sorted in which something stands out of order.
            number = np.cumsum(np.diff(self.pair, prepend=-1) != 0)
            disordered = np.zeros(len(self) + 1, dtype=bool)
            disordered[number[some]] = True
            some = np.flatnonzero(disordered.take(number))
        else:
            some = order
        order[some] = some[np.lexsort([column[some] for column in columns[::-1]])]
        return order

    def compact(self, row: UnitRow) -> Alignments:
        """Return them in half the room, where the row is not too long for that."""
        kind = place_type(len(row.units))
        return Alignments(self.pair, *(getattr(self, name).astype(kind) for name in self.__slots__[1:]))

    @property
    def similarity(self) -> Array:
        """Twice the characters that agree, by the characters of both sides; 0 where nothing is left of these."""
        similarity: Array = 2 * self.matched / np.maximum(self.p_end - self.p_start + self.q_end - self.q_start, 1)
        return similarity


def align_matches(row: UnitRow, matches: Matches, *, n: int, min_chars: int) -> Alignments:
    """Align the passages around exact matches, as `find_matches` gives them for grams of ``n`` characters.

    Every match of ``min_chars`` characters or more lies in an alignment. Chains of shorter ones are left out where
    neither their own characters nor their neighbours promise a passage.
    """
    chains = chain_matches(row, matches, n=n)
    ahead = count_neighbours(row, chains.p_end, chains.q_end, step=1)
    behind = count_neighbours(row, chains.p_start - 1, chains.q_start - 1, step=-1)
    strong = chains.longest >= min_chars
    strong |= (chains.matched >= _STRONG) | (np.maximum(ahead, behind) >= _PROMISING)
    ahead, behind = np.flatnonzero(ahead[strong] >= _WORTH), np.flatnonzero(behind[strong] >= _WORTH)
    return extend(row, chains.choose(strong), ahead, behind)


def chain_matches(row: UnitRow, matches: Matches, *, n: int) -> Alignments:
    """Chain exact matches that follow each other in both reports.

    Each match continues the nearest of the four before it that it can continue: at most 24 characters further on in
    either report, and without more than 10 characters of difference.
    """
    pair, p, q, lengths = matches
    total = len(p)
    before = np.full(total, -1, dtype=np.int64)
    taken = np.zeros(total, dtype=bool)
    p_end, q_end = p + lengths, q + lengths
    overlap = np.zeros(total, dtype=np.int64)
    gap_p, gap_q = overlap.copy(), overlap.copy()
    for lag in range(1, _LOOKBACK + 1):
        new_p, new_q = p[lag:] - p_end[:-lag], q[lag:] - q_end[:-lag]
        least = np.minimum(new_p, new_q)
        link = (
            (pair[lag:] == pair[:-lag])
            & (np.maximum(new_p, new_q) <= _GAP)
            & (least > -n)
            & (least > -lengths[lag:])
            & (np.abs(new_p - new_q) <= _DRIFT)
            & (p[lag:] > p[:-lag])
            & (q[lag:] > q[:-lag])
            & (before[lag:] < 0)
            & ~taken[:-lag]
        )
        later = np.flatnonzero(link)
        before[later + lag] = later
        taken[later] = True
        overlap[later + lag] = np.minimum(least[later], 0)
        gap_p[later + lag], gap_q[later + lag] = new_p[later], new_q[later]
    inside = before >= 0
    matched = lengths + overlap
    # What overlaps on one side is left out on both, so that the gap begins that much later.
    matched[inside] += count_common(row, p_end[before[inside]], q_end[before[inside]], gap_p[inside], gap_q[inside])
    roots = _follow(before)
    order = np.argsort(roots, kind="stable")
    firsts = np.flatnonzero(np.append(True, roots[order][1:] != roots[order][:-1])[:total])
    lasts = order[np.append(firsts[1:], total)[: len(firsts)] - 1]
    leading = order[firsts]
    if not total:
        return Alignments(pair, p, p, q, q, lengths, lengths)
    return Alignments(
        pair[leading],
        p[leading],
        p_end[lasts],
        q[leading],
        q_end[lasts],
        np.add.reduceat(matched[order], firsts),
        np.maximum.reduceat(lengths[order], firsts),
    )


def _follow(before: IntArray) -> IntArray:
    """Return the first element of the chain that each element stands in."""
    roots = np.where(before < 0, np.arange(len(before)), before)
    while True:
        farther = roots[roots]
        if (farther == roots).all():
            return roots
        roots = farther


def count_common(row: UnitRow, p: IntArray, q: IntArray, len_p: IntArray, len_q: IntArray) -> IntArray:
    """Return the length of the longest common subsequence of stretches of at most 64 characters."""
    counts = np.zeros(len(p), dtype=np.int64)
    # Between two maximal matches a single character on each side differs.
    some = np.flatnonzero((len_p > 0) & (len_q > 0) & (len_p + len_q > 2))
    longest = np.maximum(len_p[some], len_q[some])
    for low, width in pairwise((0, *_BITS_OF)):
        chosen = some[(longest > low) & (longest <= width)]
        for start in range(0, len(chosen), _EXTENDED_AT_ONCE):
            part = chosen[start : start + _EXTENDED_AT_ONCE]
            one, other = (
                np.where(np.arange(width) < lengths[part, None], row.windows(places[part], width), BOUNDARY)
                for places, lengths in ((p, len_p), (q, len_q))
            )
            state = no_common(one)
            for same in match_bits(one, other):
                state = add_common(state, same)
            counts[part] = width - np.bitwise_count(state)
    return counts


def match_bits(one: Array, other: Array) -> Iterator[Array]:
    """Yield for each column of other which characters of one are equal to it, as the bits of a number a row.

    Parameters
    ----------
    one, other : array of int, (pairs, 8, 16, 32 or 64)
        Texts, one a row, filled up with 0, which equals nothing.
    """
    kind = _BITS_OF[one.shape[1]]
    for char in other.T[: int((other != BOUNDARY).any(axis=0).sum())]:
        same = np.packbits(one == char[:, None], axis=1, bitorder="little").view(kind)[:, 0]
        same[char == BOUNDARY] = 0
        yield same


def no_common(one: Array) -> Array:
    """Return the state from which `add_common` counts, with as many bits as texts have columns: a bit that is 0
    stands for a character that the two texts have in common, in order.
    """
    kind = _BITS_OF[one.shape[1]]
    return np.full(len(one), np.iinfo(kind).max, dtype=kind)


def add_common(state: Array, same: Array) -> Array:
    """Go on with the longest common subsequence by a character (Hyyrö 2004, Proc. AWOCA, pp. 16-27)."""
    both = state & same
    state = (state + both) | (state - both)
    return state


def count_neighbours(row: UnitRow, p: IntArray, q: IntArray, *, step: int) -> Array:
    """Return how many of the next 10 characters agree, from p and q on or back, on the best of three diagonals."""
    most = np.zeros(len(p), dtype=np.int8)
    for start in range(0, len(p), _EXTENDED_AT_ONCE):
        part = slice(start, start + _EXTENDED_AT_ONCE)
        left = _window(row, p[part] - 1 if step > 0 else p[part] - _NEAR, _NEAR + 2, step)
        right = _window(row, q[part] if step > 0 else q[part] - _NEAR + 1, _NEAR, step)
        inside = right != BOUNDARY
        for shift in range(3):
            agree = left[shift : shift + _NEAR] == right
            agree &= inside
            np.maximum(most[part], agree.sum(axis=0, dtype=np.int8), out=most[part])
    return most


def _window(row: UnitRow, starts: IntArray, width: int, step: int) -> Array:
    """Return the characters from each place on, an array of places for each step; backwards if ``step`` is -1."""
    rows = row.windows(starts, width).T
    return np.ascontiguousarray(rows if step > 0 else rows[::-1])


def extend(row: UnitRow, chains: Alignments, ahead_of: IntArray, behind: IntArray) -> Alignments:
    """Extend alignments at both ends, as far as the score rises before it drops by 10 (X-drop), and join what meets.

    Zhang, Z., Schwartz, S., Wagner, L. & Miller, W. (2000), J. Computational Biology 7:203-214. The two sides may be
    out of step by up to 4 characters. Those of the alignments that ``ahead_of`` lists are extended forwards, those
    that ``behind`` lists backwards.
    """
    ahead_p, ahead_q, ahead = _extend_all(row, chains.p_end, chains.q_end, ahead_of, 1)
    back_p, back_q, back = _extend_all(row, chains.p_start - 1, chains.q_start - 1, behind, -1)
    extended = Alignments(
        chains.pair,
        chains.p_start - back_p,
        chains.p_end + ahead_p,
        chains.q_start - back_q,
        chains.q_end + ahead_q,
        chains.matched + ahead + back,
        chains.longest,
    )
    keep = ~_lie_inside(extended)
    return _join(row, chains.choose(keep), extended.choose(keep), ahead[keep], back[keep])


def _extend_all(
    row: UnitRow, p: IntArray, q: IntArray, chosen: IntArray, step: int
) -> tuple[IntArray, IntArray, IntArray]:
    far_p, far_q, matched = (np.zeros(len(p), dtype=np.int64) for _ in range(3))
    for start in range(0, len(chosen), _EXTENDED_AT_ONCE):
        part = chosen[start : start + _EXTENDED_AT_ONCE]
        far_p[part], far_q[part], score = _extend_some(row, p[part], q[part], step)
        matched[part] = (score + far_p[part] + far_q[part]) // 4
    return far_p, far_q, matched


def _extend_some(row: UnitRow, p: IntArray, q: IntArray, step: int) -> tuple[Array, Array, Array]:
    """Return how far both sides extend from the first characters outside, and the best score.

    Row i of the matrix stands for i characters of q, cell d of it for i + d - 4 characters of p.
    """
    n_cells = 2 * _BAND + 1
    best = np.zeros(len(p), dtype=np.int16)
    far_p, far_q = np.zeros(len(p), dtype=np.int32), np.zeros(len(p), dtype=np.int32)
    live = np.arange(len(p))
    cells = np.full((n_cells, len(p)), _FLOOR, dtype=np.int16)
    cells[_BAND] = 0
    done = 0
    while len(live) and done < _FARTHEST:
        n_rows = _ROUNDS[min(done, 1)]
        width = n_rows + 2 * _BAND
        first_p = p[live] + step * (done - _BAND)
        first_q = q[live] + step * done
        left = _window(row, first_p if step > 0 else first_p - width + 1, width, step)
        right = _window(row, first_q if step > 0 else first_q - n_rows + 1, n_rows, step)
        if not done:
            left[:_BAND] = BOUNDARY
        wall = (left == BOUNDARY).astype(np.int16) * np.int16(_FLOOR)
        if not done:
            for cell in range(_BAND + 1, n_cells):
                cells[cell] = cells[cell - 1] - 1 + wall[cell - 1]
        top = best[live]
        going = np.ones(len(live), dtype=bool)
        for i in range(n_rows):
            beside = slice(i, i + n_cells)
            new = (left[beside] == right[i]).view(np.int8) * np.int16(4)
            new += cells
            new += wall[beside]
            new -= 2
            cells -= 1
            np.maximum(new[:-1], cells[1:], out=new[:-1])
            for cell in range(1, n_cells):
                # The character of p that is passed over must not be a boundary.
                np.maximum(new[cell], new[cell - 1] + (wall[i + cell] - 1), out=new[cell])
            cells = new
            highest = cells.max(axis=0)
            going &= right[i] != BOUNDARY
            rising = np.flatnonzero(going & (highest > top))
            if len(rising):
                top[rising] = highest[rising]
                far_q[live[rising]] = done + i + 1
                far_p[live[rising]] = done + i + 1 - _BAND + cells[:, rising].argmax(axis=0)
            going &= highest >= top - _DROP
            if not going.any():
                break
        best[live] = top
        done += n_rows
        live = live[going]
        cells = np.maximum(cells[:, going], np.int16(2 * _FLOOR))
    return far_p, far_q, best


def _lie_inside(alignments: Alignments) -> BoolArray:
    """Tell which alignments lie on both sides in one of the four before or behind them."""
    inside = np.zeros(len(alignments), dtype=bool)
    for lag in range(1, _LOOKBACK + 1):
        earlier, later = slice(None, -lag), slice(lag, None)
        for inner, outer in ((later, earlier), (earlier, later)):
            inside[inner] |= (
                (alignments.pair[inner] == alignments.pair[outer])
                & (alignments.p_start[inner] >= alignments.p_start[outer])
                & (alignments.p_end[inner] <= alignments.p_end[outer])
                & (alignments.q_start[inner] >= alignments.q_start[outer])
                & (alignments.q_end[inner] <= alignments.q_end[outer])
                & (alignments.longest[inner] <= alignments.longest[outer])
                & ~inside[outer]
            )
    return inside


def _join(row: UnitRow, cores: Alignments, extended: Alignments, ahead: IntArray, back: IntArray) -> Alignments:
    """Join alignments that meet once they are extended.

    Between two cores that meet, the alignment of the whole gap takes the place of the two extensions.
    """
    if not len(cores):
        return extended
    gap_p = cores.p_start[1:] - cores.p_end[:-1]
    gap_q = cores.q_start[1:] - cores.q_end[:-1]
    meet = (
        (extended.pair[1:] == extended.pair[:-1])
        & (extended.q_start[1:] <= extended.q_end[:-1] + _BAND)
        & (extended.p_start[1:] <= extended.p_end[:-1] + _BAND)
        & (np.minimum(gap_p, gap_q) >= 0)
        & (np.maximum(gap_p, gap_q) <= _JOINED_GAP)
    )
    at = np.flatnonzero(meet)
    matched = cores.matched.copy()
    matched[at + 1] += count_common(row, cores.p_end[at], cores.q_end[at], gap_p[at], gap_q[at])
    firsts = np.flatnonzero(np.append(True, ~meet))
    lasts = np.append(firsts[1:], len(extended)) - 1
    return Alignments(
        extended.pair[firsts],
        np.minimum.reduceat(extended.p_start, firsts),
        np.maximum.reduceat(extended.p_end, firsts),
        np.minimum.reduceat(extended.q_start, firsts),
        np.maximum.reduceat(extended.q_end, firsts),
        np.add.reduceat(matched, firsts) + back[firsts] + ahead[lasts],
        np.maximum.reduceat(extended.longest, firsts),
    )
