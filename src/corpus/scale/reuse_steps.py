"""The steps of `find_reuse` in parts: what each takes from disk, does for one part, and leaves there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
import pandas as pd

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.comparison.shared_passages import tell_passages
from corpus.analysis.index.exact_matches import (
    extend_seeds,
    find_seeds,
    without_places,
)
from corpus.analysis.index.gram_numbers import mark_spans
from corpus.analysis.index.repetitions import inside_repetitions, mark_often
from corpus.analysis.index.shared_grams import GramGroups, group_words, hash_block, words_like
from corpus.analysis.index.unit_row import (
    Array,
    IntArray,
    RawPlaces,
)
from corpus.analysis.reuse.base_rates import (
    BaseRates,
    GramCounts,
    count_grams,
    enter_rates,
    have_many,
    rated_stretches,
    share_common,
)
from corpus.analysis.reuse.borrowing import tell_first
from corpus.analysis.reuse.passage_kinds import Printed
from corpus.analysis.reuse.passage_search import Found, by_report, collect_passages, end_passages
from corpus.analysis.words.word_edges import Joints
from corpus.report.table_columns import as_table
from corpus.scale.reuse_ground import Plan, ground_of, reports_of

_HASHED_AT_ONCE = 1 << 16
_PLACES_AT_ONCE = 1 << 20
_FLAGS = ("common", "often", "many")


def hash_text(plan: Plan, n: int, number: int) -> None:
    """Hash the grams of a block, by the part that each is of."""
    reports_of.cache_clear()  # no text is asked for any more
    ground = ground_of(plan)
    first, last = ground.edges[number : number + 2]
    parts, words = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for start in range(first, last, _HASHED_AT_ONCE):
        part, own = hash_block(ground.row, n, slice(start, min(start + _HASHED_AT_ONCE, last)), ground.bits)
        words.append(own)
        parts.append(np.zeros(len(own), np.uint64) if part is None else part)
    _save_sorted(plan, np.concatenate(words), np.concatenate(parts), 1 << ground.bits.part, "words", n, number)


def _save_sorted(plan: Plan, values: Array, keys: Array, n_keys: int, *name: object) -> None:
    """Save values by their keys, with where those of each key begin and end."""
    keys = keys.astype(np.min_scalar_type(n_keys))  # numbers of 16 bits are sorted ten times as fast
    plan.save(values[np.argsort(keys, kind="stable")], *name)
    plan.save(np.cumsum(np.bincount(keys, minlength=n_keys + 1)[:n_keys]), *name, "ends")


def _load_sorted(plan: Plan, key: int, name: str, *others: object) -> Array:
    """Return the values of a key from one of the files of `_save_sorted`."""
    ends = plan.load(name, *others, "ends")
    return plan.load(name, *others)[ends[key - 1] if key else 0 : ends[key]]


def _words(plan: Plan, n: int, part: int) -> Array:
    blocks = range(len(ground_of(plan).blocks))
    return np.concatenate([_load_sorted(plan, part, "words", n, number) for number in blocks])


class _Noted(list[Array]):
    """Places that are marked, noted one after the other."""

    def __setitem__(self, places: Any, _: Any) -> None:
        self.append(places)


def group(plan: Plan, n: int, part: int) -> None:
    """Group the grams of a part: those that are paired, and the places of those that are not."""
    ground = ground_of(plan)
    words = _words(plan, n, part)
    if n != plan.n:  # the shorter ones are in too many reports
        words = words[plan.load("among").take((words & ground.bits.places_below).astype(np.int64))]
    rare: list[GramGroups] = []
    noted = {flag: _Noted([np.zeros(0, np.int64)]) for flag in _FLAGS}
    for groups in group_words(ground.row, n, words, ground.bits, ground.seeded):
        is_rare = groups.n_reports <= ground.seeded
        rare.append(groups.choose(is_rare))
        noted["common"].append(groups.places[np.repeat(~is_rare, groups.sizes)])
        if n == plan.n:
            mark_often(ground.row, groups, cast(Any, noted["often"]))
            held = have_many(ground.row, groups, ground.issuers, ground.many)
            noted["many"].append(groups.choose(held).places)
    for flag, places in noted.items():
        plan.save(np.sort(np.concatenate(places)), flag, n, part)
    none = [np.zeros(0, np.int64)]
    plan.save(np.concatenate([*none, *(groups.places for groups in rare)]), "rare", n, part)
    counts = [np.stack([groups.sizes, groups.n_reports]) for groups in rare]
    plan.save(np.concatenate([np.zeros((2, 0), np.int64), *counts], axis=1), "sizes", n, part)


def mark(plan: Plan, n: int, number: int) -> None:
    """Mark in a block what is in too many reports to be paired, what repeats itself, and what many issuers have."""
    ground = ground_of(plan)
    start, end = ground.edges[number : number + 2]
    flags = {flag: np.zeros(end - start, dtype=bool) for flag in _FLAGS}
    for flag, marked in flags.items():
        for part in range(1 << ground.bits.part):
            marked[_between(plan.load(flag, n, part), start, end) - start] = True
    common, repeated = flags["common"], plan.load("repeated")[start:end]
    if n == plan.n:
        repeated = inside_repetitions(ground.row.units[start:end], flags["often"])
        among = common & ~repeated
        for _ in range(plan.min_chars - n):
            among[:-1] &= among[1:]
        for name, values in {"repeated": repeated, "among": among, "many": flags["many"]}.items():
            plan.put(values, start, name)
    plan.put(common | repeated, start, "unpaired")


def _between(places: Array, start: int, end: int) -> Array:
    first, last = np.searchsorted(places, [start, end])
    return places[first:last]


def sow(plan: Plan, n: int, part: int) -> None:
    """Pair the places of the grams of a part, by the tile of the earlier place."""
    ground = ground_of(plan)
    repeated, unpaired = plan.load("repeated"), plan.load("unpaired")
    starts = np.array([tile.start for tile in ground.tiles])
    numbers, seeds = [np.zeros(0, np.int64)], [np.zeros(0, np.uint64)]
    for groups in _rare_groups(plan, n, part):
        for p, q in find_seeds(ground.row, without_places(groups, repeated), unpaired):
            of_tile = np.searchsorted(starts, p, side="right") - 1
            for number in np.unique(of_tile).tolist():
                own = of_tile == number
                seeds.append(ground.tiles[number].pack(ground.row, p[own], q[own]))
                numbers.append(of_tile[own])
    _save_sorted(plan, np.concatenate(seeds), np.concatenate(numbers), len(ground.tiles), "seeds", n, part)


def _rare_groups(plan: Plan, n: int, part: int) -> Iterator[GramGroups]:
    """Yield the groups of a part, so many at once that there is room for what they become."""
    places, (sizes, n_reports) = plan.load("rare", n, part), plan.load("sizes", n, part)
    ends = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        start = int(ends[first] - sizes[first])
        last = max(first + 1, int(np.searchsorted(ends, start + _PLACES_AT_ONCE)))
        own = sizes[first:last]
        yield GramGroups(places[start : int(ends[last - 1])], np.cumsum(own) - own, n_reports[first:last])
        first = last


def align(plan: Plan, number: int) -> None:
    """Make passages of the seeds of a tile, and note by which stretches they are told."""
    ground = ground_of(plan)
    row, tile = ground.row, ground.tiles[number]
    parts = [(n, part) for n in dict.fromkeys((plan.n, plan.min_chars)) for part in range(1 << ground.bits.part)]
    seeds = np.concatenate([_load_sorted(plan, number, "seeds", n, part) for n, part in parts])
    found, matches = collect_passages(row, extend_seeds(row, tile, seeds, plan.n), n=plan.n, min_chars=plan.min_chars)
    joints = Joints(row.units, plan.load("touching"), plan.load("numeral"))
    found = end_passages(row, joints, found, min_chars=plan.min_chars)
    plan.save(_stack(found), "found", number)
    told = rated_stretches(row, found, matches, plan.min_chars, plan.load("unpaired"))
    for n, stretches in told.items():
        some, starts, ends = stretches
        plan.put(mark_spans(starts - tile.start, ends - tile.start, tile.end - tile.start), tile.start, f"wanted{n}")
        plan.save(np.stack([some, starts, ends]), "stretches", n, number)


def _stack(found: Alignments) -> Array:
    return np.stack([getattr(found, name).astype(np.int64) for name in Alignments.__slots__])


def count(plan: Plan, n: int, part: int) -> None:
    """Count in how many reports and issuers the wanted grams of a part stand."""
    ground = ground_of(plan)
    wanted = plan.load(f"wanted{n}")
    groups = group_words(ground.row, n, words_like(_words(plan, n, part), wanted, ground.bits), ground.bits, 1)
    counts = count_grams(ground.row, groups, wanted, ground.issuers)
    plan.save(np.stack(counts[:3]), "counts", n, part)


def rate(plan: Plan, number: int) -> int:
    """Rate the passages of a tile, leave out those that too many have, and return how many are left."""
    ground = ground_of(plan)
    tile = ground.tiles[number]
    found = Alignments(*plan.load("found", number))
    rates = BaseRates.unknown(len(found))
    for n in dict.fromkeys((plan.min_chars, plan.n)):
        every = []
        for part in range(1 << ground.bits.part):
            counted = plan.load("counts", n, part)
            every.append(counted[:, slice(*np.searchsorted(counted[0], [tile.start, tile.end]))])
        counts = np.concatenate(every, axis=1)
        counts = counts[:, np.argsort(counts[0])]
        some, starts, ends = plan.load("stretches", n, number)
        enter_rates(rates, GramCounts(*counts), (some, starts, ends))
    rates = rates._replace(share_common=share_common(found, plan.load("many")))
    found, order = by_report(ground.row, found)
    rates = rates.choose(order)
    kept = np.flatnonzero(rates.n_reports <= (ground.cap or len(ground.told)))
    plan.save(_stack(found.choose(kept)), "rated", number)
    plan.save(np.stack([column.astype(np.float64) for column in rates.choose(kept)]), "rates", number)
    return len(kept)


def tell(plan: Plan, part: tuple[int, int]) -> None:
    """Write the rows of a tile, before which so many rows stand."""
    number, first = part
    ground = ground_of(plan)
    passages = Alignments(*plan.load("rated", number))
    n_reports, n_issuers, n_background, share = plan.load("rates", number)
    rates = BaseRates(n_reports.astype(np.int64), n_issuers.astype(np.int64), n_background.astype(np.int64), share)
    found = Found(ground.row, passages, rates, ground.issuers, ground.many, ground.cap, ground.provinces)
    ends = [passages.p_start, passages.p_end - 1, passages.q_start, passages.q_end - 1]
    # What is looked at of a file stays in memory while it is open, so one is open at a time.
    columns = ([column.take(at) for at in ends] for column in map(plan.load, ("begins", "ends", "closed")))
    places = [RawPlaces(*values) for values in zip(*columns, strict=True)]
    names = [report.report_id for report in ground.told]
    printed = Printed(*(_spans(plan, name) for name in Printed._fields))
    told = tell_passages(found, names, places, printed, tell_first(ground.told, *found.owners()))
    told["inside"] = np.where(told["inside"] < 0, -1, told["inside"] + first)
    as_table(pd.DataFrame(told), "find_reuse").to_parquet(plan.out / f"part-{number:05}.parquet", index=False)


def _spans(plan: Plan, name: str) -> tuple[IntArray, IntArray]:
    starts, ends = np.concatenate([plan.load(name, at) for at in range(len(ground_of(plan).blocks))], axis=1)
    return starts, ends
