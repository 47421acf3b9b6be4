"""Where a word or a numeral would be cut: told by the few characters on both sides, without cutting a text into words.

To cut every text costs more than to find what they share. So a place is told to be inside a word where a common word of
jieba's dictionary, of two to four characters, lies across it (发|展), unless one ends there and another begins
(促进|发展, though 进发 is a word). Where two readings overlap (建设和|平安) that says more than a segmentation would.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import Array, BoolArray, IntArray, UnitRow, code_points
from corpus.analysis.words.segmentation import check_dictionary
from corpus.report.reports import Report

_LONGEST = 4
_SIXTEEN_BITS = 0xFFFF
_TABLE_BITS = 22
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_ACROSS = ((1, 1), (2, 1), (1, 2), (3, 1), (2, 2), (1, 3))
_BEFORE, _BEHIND = ((2, 0), (3, 0)), ((0, 2), (0, 3))
_DIGITS = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_IS_POINT = np.isin(np.arange(_SIXTEEN_BITS + 1), [ord(sign) for sign in ".．,"])


class Joints(NamedTuple):
    """What holds neighbouring characters of a row together.

    Attributes
    ----------
    letters : array of uint16
        The code points of the row; one beyond 16 bits is another number that no letter has.
    touching : array of bool
        Whether the character behind each place follows without a sign between.
    numeral : array of bool
        Whether one numeral or Latin word goes on behind each place: 20|24, 8|.5, 三|十.
    """

    letters: Array
    touching: BoolArray
    numeral: BoolArray


def find_joints(reports: Sequence[Report], row: UnitRow, wanted: IntArray) -> Joints:
    """Return what holds the characters of some reports in a row of ``key`` together.

    Parameters
    ----------
    reports : sequence of Report
        Those that the row was laid of.
    row : UnitRow
    wanted : array of int
        Positions of the reports that are asked for.
    """
    touching, numeral = np.zeros(len(row.units), dtype=bool), np.zeros(len(row.units), dtype=bool)
    for owner in distinct(wanted).tolist():
        places, gaps, behind = _gaps_of(reports[owner])
        first, last = np.searchsorted(row.owners, [owner, owner + 1]).tolist()
        for origin, start, end in zip(
            *(c[first:last].tolist() for c in (row.origins, row.starts, row.ends)), strict=True
        ):
            own = slice(*np.searchsorted(places, [origin, origin + end - start - 1]).tolist())
            at = places[own] - origin
            touches = np.ones(end - start, dtype=bool)
            touches[-1:], touches[at] = False, gaps[own] == 0
            joined = touches.copy()
            joined[at] |= (gaps[own] == 1) & _IS_POINT.take(behind[own], mode="clip")
            kinds = _kinds().take(row.units[start : end + 1])
            both = kinds[1:] & kinds[:-1]
            touching[start:end] = touches
            numeral[start:end] = (joined & (both & 1 > 0)) | (touches & (both & 2 > 0))
    return Joints(row.units, touching, numeral)


def _gaps_of(report: Report) -> tuple[IntArray, IntArray, Array]:
    """Return which characters of ``key`` may not touch the next, the characters between, and the first of these."""
    derived, source = (np.array(column, dtype=np.int64) for column in report.key_map.runs)
    widths = np.ones(len(derived), dtype=np.int64)
    for run, width in report.key_map.widths.items():
        widths[run] = width
    # A run of another width is of one character.
    ends = source[:-1] + np.diff(derived) + widths[:-1] - 1
    return derived[1:] - 1, source[1:] - ends, code_points(report.text).take(ends, mode="clip")


def lie_in_words(joints: Joints, places: IntArray) -> BoolArray:
    """Return whether a common word lies across the end of the character at each place; see above."""
    found = np.zeros(len(places), dtype=bool)
    some = np.flatnonzero(joints.touching.take(places))
    at = places[some]
    # Characters on both sides, as far as no sign stands between.
    around: dict[int, Array] = {}
    for side in (-1, 1):
        open_ = np.ones(len(at), dtype=bool)
        for step in range(_LONGEST - 1):
            place = at + 1 + step if side > 0 else at - step
            if step:
                open_ = open_ & joints.touching.take(place - 1 if side > 0 else place)
            around[side * (step + 1)] = np.where(open_, joints.letters.take(place), 0).astype(np.uint64)
    inside = _any_word(around, _ACROSS)
    at_cut = np.flatnonzero(inside)
    beside = {position: letters[at_cut] for position, letters in around.items()}
    inside[at_cut] = ~(_any_word(beside, _BEFORE) & _any_word(beside, _BEHIND))
    found[some] = inside
    return found


def _any_word(around: Mapping[int, Array], spans: Sequence[tuple[int, int]]) -> BoolArray:
    """Return where one of some stretches, so many characters before the cut and behind it, is a common word."""
    words, table = _common_words()
    found = np.zeros(len(around[1]), dtype=bool)
    for left, right in spans:
        code, whole = np.zeros(len(found), dtype=np.uint64), ~found
        for position in (*range(-left, 0), *range(1, right + 1)):
            whole &= around[position] > 0
            code = (code << np.uint64(16)) | around[position]
        code <<= np.uint64(16 * (_LONGEST - left - right))
        likely = np.flatnonzero(whole & table.take(_slot(code)))
        nearest = np.minimum(np.searchsorted(words, code[likely]), len(words) - 1)
        found[likely[words[nearest] == code[likely]]] = True
    return found


@lru_cache(maxsize=1)
def _common_words() -> tuple[Array, BoolArray]:
    """Return the common words, each packed into a number, ascending, and a table that tells most others at once.

    A common word stands 100 times or more in the 60 million words that jieba's dictionary was counted on.
    """
    lines = re.findall(rf"\n([\u4e00-\u9fff]{{2,{_LONGEST}}}) [1-9]\d\d+ ", "\n" + check_dictionary().decode("utf-8"))
    chosen = [word.ljust(_LONGEST, "\0") for word in lines]
    letters = code_points("".join(chosen)).reshape(-1, _LONGEST).astype(np.uint64)
    codes = np.zeros(len(letters), dtype=np.uint64)
    for place in range(_LONGEST):
        codes = (codes << np.uint64(16)) | letters[:, place]
    codes.sort()
    table = np.zeros(1 << _TABLE_BITS, dtype=bool)
    table[_slot(codes)] = True
    return codes, table


def _slot(codes: Array) -> IntArray:
    return ((codes * _MULTIPLIER) >> np.uint64(64 - _TABLE_BITS)).astype(np.int64)


@lru_cache(maxsize=1)
def _kinds() -> Array:
    """Return for each character 1 if it is a digit or Latin letter, 2 if it may stand in a numeral, 3 if both."""
    kinds = np.zeros(_SIXTEEN_BITS + 1, dtype=np.uint8)
    kinds[[ord(char) for char in _DIGITS]] |= 1
    kinds[[ord(char) for char in "0123456789" + CHINESE_NUMERALS]] |= 2
    return kinds
