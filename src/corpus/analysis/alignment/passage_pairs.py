"""Which passage of one report comes from which of another, and which of them moved."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS, common_length, find_gaps
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import IntArray, code_points
from corpus.errors import CorpusError
from corpus.report.passages import locate_units
from corpus.report.reports import Report
from corpus.report.values import Span, Unit

Order = Literal["in order", "moved", "repeated", "within"]


def heaviest_rise(values: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the positions, ascending, of the heaviest choice of values that rises: of what has kept its order.

    The values are places in one report, in the order in which the other has them; the weights, all above 0, say how
    much stands there. Of two equal values one at most is chosen; of choices of one weight, one that ends in the least
    value (Fredman 1975, Discrete Mathematics 11:29-35, with weights).
    """
    # The choices worth going on with: the last value of each and its weight, both rising.
    lasts: list[int] = []
    totals: list[int] = []
    members: list[int] = []
    before: list[int] = []
    for position, (value, weight) in enumerate(zip(values, weights, strict=True)):
        at = bisect_left(lasts, value)
        total = weight + (totals[at - 1] if at else 0)
        before.append(members[at - 1] if at else -1)
        if at < len(lasts) and lasts[at] == value and totals[at] >= total:
            continue
        worse = at
        while worse < len(lasts) and totals[worse] <= total:
            worse += 1
        lasts[at:worse], totals[at:worse], members[at:worse] = [value], [total], [position]
    chosen: list[int] = []
    position = members[-1] if members else -1
    while position >= 0:
        chosen.append(position)
        position = before[position]
    return chosen[::-1]


def tell_order(passages: pd.DataFrame) -> pd.Series:
    """Return for each passage of one pair of reports how it stands to the others.

    Parameters
    ----------
    passages : DataFrame
        From `corpus.find_reuse`, rows of one pair.

    Returns
    -------
    Series of str
        With the index of ``passages``. ``within``: all of it lies, in both reports, in longer passages that have not
        moved, so that it adds no words; ``repeated``: half of it or more does so in one report only, so that these are
        words that the other report has twice; ``moved``: of the others, those that have; ``in order``: what is left.

    Raises
    ------
    CorpusError
        If the passages are of more than one pair.
    """
    if len(passages[["report_a", "report_b"]].drop_duplicates()) > 1:
        raise CorpusError("the order of passages can be told for one pair of reports; choose one pair")
    spans = passages[["start_a", "end_a", "start_b", "end_b"]].to_numpy(dtype=np.int64)
    weights = passages["matched_chars"].to_numpy(dtype=np.int64)
    moved = passages["moved"].to_numpy(dtype=bool)
    stays = np.flatnonzero(~moved)
    stays = stays[np.argsort(-weights[stays], kind="stable")]
    orders: list[Order] = []
    for row, span in enumerate(spans):
        rank = np.flatnonzero(stays == row)
        n_before = int(rank[0]) if len(rank) else int((weights[stays] >= weights[row]).sum())
        shares = _shares_in(span, spans[stays[:n_before]])
        left: Order = "moved" if moved[row] else "in order"
        repeated = max(shares) >= 0.5 > min(shares)
        orders.append("within" if min(shares) >= 1 else "repeated" if repeated else left)
    return pd.Series(orders, index=passages.index, dtype=object)


def _shares_in(span: IntArray, longer: IntArray) -> tuple[float, float]:
    """Return how much of a passage lies in one of some longer ones, in a and in b."""
    shares = []
    for first, last in ((0, 1), (2, 3)):
        common = np.minimum(span[last], longer[:, last]) - np.maximum(span[first], longer[:, first])
        shares.append(max(0, int(common.max(initial=0))) / max(1, int(span[last] - span[first])))
    return shares[0], shares[1]


Sameness = Literal["kept", "renumbered", "reworded"]

MASK = "#"
"""What stands for a numeral where passages are compared without their figures."""

_NUMERALS = re.compile(rf"[0-9]+|[{CHINESE_NUMERALS}]+")
# What goes with a figure and changes with it: 达5%左右 and 达到6%, 3%和5% and 3%、5%.
_HEDGES = (("左右", ""), ("达到", "达"), (f"{MASK}和{MASK}", MASK + MASK), (f"{MASK}和{MASK}", MASK + MASK))
BITS = 21
LOW = (1 << BITS) - 1
"""Numbers are packed in pairs: code points end at 0x10FFFF, and no report has two million passages or clauses."""


class Match(NamedTuple):
    """Positions of two passages in their reports, and what became of the one."""

    earlier: int
    later: int
    change: Sameness


@dataclass(frozen=True, slots=True, eq=False)
class Passages:
    """The passages of one report, ready to be held against another's.

    ``key_starts`` says where each begins in ``report.key``; ``masks`` are the keys with every numeral written as #.
    ``grams`` holds each distinct (pair of neighbouring
    characters, passage) of the masks once, ascending; ``n_grams`` how many a passage has.
    """

    spans: list[Span]
    keys: list[str]
    key_starts: IntArray
    masks: list[str]
    grams: IntArray
    n_grams: IntArray


def prepare_passages(report: Report, unit: Unit) -> Passages:
    """Return the passages of a report that hold a key character."""
    spans, keys, key_starts = [], [], []
    units = list(locate_units(report, unit))
    bounds = _places_in_key(report, [place for span in units for place in span])
    for (first, last), start, end in zip(units, bounds[::2], bounds[1::2], strict=True):
        if start < end:
            spans.append(Span(*report.text_map.source_span(first, last)))
            keys.append(report.key[start:end])
            key_starts.append(start)
    masks = _NUMERALS.sub(MASK, "\0".join(keys)).split("\0") if keys else []
    return Passages(spans, keys, np.array(key_starts, dtype=np.int64), masks, *number_grams(masks))


def _places_in_key(report: Report, places: list[int]) -> list[int]:
    """Return for places of ``text`` the first character of ``key`` that stands there or behind, all at once."""
    derived, source = (np.asarray(runs, dtype=np.int64) for runs in report.key_map.runs)
    if not len(source):
        return [0] * len(places)
    runs = np.searchsorted(source, places, "right") - 1
    limits = np.append(derived[1:], report.key_map.length)
    found = np.where(runs < 0, 0, np.minimum(derived[runs] + np.asarray(places) - source[runs], limits[runs]))
    known: list[int] = found.tolist()
    return known


def number_grams(masks: Sequence[str]) -> tuple[IntArray, IntArray]:
    """Return each distinct (gram of two characters, passage) as one number, ascending, and the grams of a passage."""
    row = code_points("\0".join(masks)).astype(np.int64)
    passages = np.cumsum(row == 0)
    whole = (row[:-1] != 0) & (row[1:] != 0)
    codes = distinct(((row[:-1] << BITS | row[1:]) << BITS | passages[:-1])[whole])
    return codes, np.bincount(codes & LOW, minlength=len(masks))


def match_passages(earlier: Passages, later: Passages, min_similarity: float) -> list[Match]:
    """Return which passage of the later report comes from which of the earlier one, in the order of the later."""
    matches: dict[int, Match] = {}
    left = dict.fromkeys(range(len(earlier.keys)))
    equal: tuple[tuple[Sameness, list[str], list[str]], ...] = (
        ("kept", earlier.keys, later.keys),
        ("renumbered", earlier.masks, later.masks),
        ("renumbered", _without_hedges(earlier.masks), _without_hedges(later.masks)),
    )
    for change, before, after in equal:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place in reversed(left):
            places[before[place]].append(place)
        for place, words in enumerate(after):
            if place not in matches and places.get(words):
                partner = places[words].pop()
                matches[place] = Match(partner, place, change)
                del left[partner]
    open_later = [place for place in range(len(later.keys)) if place not in matches]
    for one, other in _pair_similar(earlier, list(left), later=later, places_later=open_later, least=min_similarity):
        matches[other] = Match(one, other, "reworded")
    return [matches[place] for place in sorted(matches)]


def _without_hedges(masks: Sequence[str]) -> list[str]:
    if not masks:
        return []
    row = "\0".join(masks)
    for words, instead in _HEDGES:
        row = row.replace(words, instead)
    return row.split("\0")


def _pair_similar(
    earlier: Passages, places_earlier: Sequence[int], *, later: Passages, places_later: Sequence[int], least: float
) -> Iterator[tuple[int, int]]:
    """Pair passages from the most similar pair down; of equally similar ones those at like places come first."""
    if not places_earlier or not places_later:
        return
    shared = _count_shared(earlier, places_earlier, later=later, places_later=places_later).ravel()
    cells = np.flatnonzero(shared)
    at, other_at = (
        np.asarray(places_earlier)[cells // len(places_later)],
        np.asarray(places_later)[cells % len(places_later)],
    )
    scores = 2 * shared[cells] / (earlier.n_grams[at] + later.n_grams[other_at])
    enough = scores >= least
    at, other_at, scores = at[enough], other_at[enough], scores[enough]
    distances = np.abs(at / len(earlier.keys) - other_at / len(later.keys))
    taken: set[int] = set()
    other_taken: set[int] = set()
    for index in np.lexsort((other_at, at, distances, -scores)):
        one, other = int(at[index]), int(other_at[index])
        if one not in taken and other not in other_taken:
            taken.add(one)
            other_taken.add(other)
            yield one, other


def _count_shared(
    earlier: Passages, places_earlier: Sequence[int], *, later: Passages, places_later: Sequence[int]
) -> IntArray:
    """Return how many distinct grams each passage of one report has in common with each of the other."""
    codes, ones = _grams_of(earlier, places_earlier)
    other_codes, others = _grams_of(later, places_later)
    at, equal = expand(*(np.searchsorted(codes, other_codes, side) for side in ("left", "right")))
    pairs = ones[equal] * len(places_later) + others[at]
    counts = np.bincount(pairs, minlength=len(places_earlier) * len(places_later))
    return counts.reshape(len(places_earlier), len(places_later))


def _grams_of(text: Passages, places: Sequence[int]) -> tuple[IntArray, IntArray]:
    """Return the grams of some passages, ascending, and for each the position of its passage in ``places``."""
    positions = np.full(len(text.keys), -1)
    positions[list(places)] = np.arange(len(places))
    found = positions[text.grams & LOW]
    return text.grams[found >= 0] >> BITS, found[found >= 0]


def expand(first: IntArray, stop: IntArray) -> tuple[IntArray, IntArray]:
    """Return for every pair of ``first`` and ``stop`` the numbers between, each behind the number of its pair."""
    counts = np.maximum(stop - first, 0)
    pair = np.repeat(np.arange(len(counts)), counts)
    return pair, np.arange(len(pair)) + np.repeat(first - np.cumsum(counts) + counts, counts)


def share_common(before: str, after: str) -> float:
    """Return the similarity of two keys: twice what they have in common by what they have, 0 to 1."""
    return 2 * common_length(before, after) / (len(before) + len(after)) if before != after else 1.0


def list_edits(before: str, after: str) -> list[tuple[str, str]]:
    """Return what differs between two keys, as pairs of words."""
    if before == after:
        return []
    return [(before[start:end], after[first:last]) for start, end, first, last in find_gaps(before, after)]
