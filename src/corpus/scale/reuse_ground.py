"""The ground of `find_reuse` in parts: the row of all reports on disk, what is kept of each place, and its parts.

Texts are parted into blocks of whole reports, grams by their hash, pairs by the earlier of the two reports (tiles).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.comparison.shared_passages import told_of
from corpus.analysis.index.exact_matches import (
    Tile,
)
from corpus.analysis.index.shared_grams import WordBits
from corpus.analysis.index.unit_row import (
    PADDING,
    Array,
    IntArray,
    UnitRow,
    beyond_16_bits,
    lay_keys,
    lay_spans,
    locate_places,
)
from corpus.analysis.reuse.base_rates import (
    GRAM,
    BaseRates,
    least_of_many,
    number_issuers,
)
from corpus.analysis.reuse.borrowing import DATES
from corpus.analysis.reuse.passage_kinds import find_printed, number_provinces
from corpus.analysis.reuse.passage_search import Found, caps
from corpus.analysis.words.word_edges import find_joints
from corpus.loading.archived_reports import load_archive
from corpus.report.reports import Report, Reports
from corpus.report.values import Role

_MOST_PART_BITS = 12
_FACTS = ("province", "level", "year_reviewed", *DATES)
_OF_PLACES = {
    "units": "<u2",
    **dict.fromkeys(("begins", "ends"), "<i4"),
    **dict.fromkeys(("touching", "numeral", "closed", "unpaired", "repeated", "many", "among"), "?"),
}
"""What is kept of each place of the row."""


@dataclass(frozen=True)
class Plan:
    """What is asked for, and in which parts it is done.

    Attributes
    ----------
    source : Path or Reports
        An archive; reports in memory, where all is done in one process.
    scratch, out : Path
    min_chars : int
    cap : int, optional
    role : str, optional
    chars_at_once : int
        Key characters of a part.
    """

    source: Path | Reports
    scratch: Path
    out: Path
    min_chars: int
    cap: int | None
    role: Role | None
    chars_at_once: int

    @property
    def n(self) -> int:
        """Characters of the grams that are paired first."""
        return min(GRAM, self.min_chars)

    def file(self, *name: object) -> Path:
        return self.scratch / ".".join(map(str, name))

    def save(self, array: Array, *name: object) -> None:
        """Write an array, which is there whole or not at all: a start that was stopped goes on by what is there."""
        part = self.file(*name, "part.npy")
        np.save(part, array, allow_pickle=False)
        part.replace(self.file(*name, "npy"))

    def load(self, *name: object) -> Array:
        """Return an array that is read in place."""
        loaded = np.load(self.file(*name, "npy"), mmap_mode="r")
        return cast(Array, loaded.view(np.ndarray))

    def put(self, values: Array, start: int, *name: object) -> None:
        """Put the values of some places into those of the row."""
        kept = np.load(self.file(*name, "npy"), mmap_mode="r+")
        kept[start : start + len(values)] = values
        kept.flush()


class _Told(NamedTuple):
    """What is known of a report where its text is not at hand."""

    report_id: str
    issuer_key: str
    facts: dict[str, Any]

    @property
    def year_reviewed(self) -> Any:
        return self.facts["year_reviewed"]

    def value(self, name: str) -> Any:
        return self.facts[name]


class Ground(NamedTuple):
    """The row of all reports and how it is parted; ``edges`` are where the blocks begin, and where the last ends."""

    row: UnitRow
    told: Sequence[Report]
    issuers: IntArray
    blocks: list[tuple[int, int]]
    edges: list[int]
    tiles: list[Tile]
    bits: WordBits
    cap: int | None
    seeded: int
    many: int
    provinces: IntArray
    beyond: Array

    @property
    def about(self) -> dict[str, Any]:
        """What the attributes of the table would say."""
        none = np.zeros(0, dtype=np.int64)
        passages = Alignments(*[none] * len(Alignments.__slots__))
        return told_of(Found(self.row, passages, BaseRates.unknown(0), self.issuers, self.many, self.cap))


@lru_cache(maxsize=1)
def reports_of(plan: Plan) -> Reports:
    """Return the reports that are compared."""
    return plan.source if isinstance(plan.source, Reports) else load_archive(plan.source, jobs=1)[0]


@lru_cache(maxsize=1)
def ground_of(plan: Plan) -> Ground:
    """Return the row and its parts, by what was told of the reports."""
    entries = json.loads(plan.file("told.json").read_bytes())
    told = cast(Sequence[Report], [_Told(*entry[:3]) for entry in entries])
    spans = [(owner, *span) for owner, entry in enumerate(entries) for span in entry[3]]
    beyond = np.array(sorted({point for entry in entries for point in entry[4]}), dtype=np.uint32)
    columns = np.array(spans, dtype=np.int64).reshape(-1, 3)
    length = 2 * PADDING + int((columns[:, 2] - columns[:, 1] + 1).sum())
    is_laid = plan.file("units", "npy").is_file()
    row = lay_spans(plan.load("units") if is_laid else np.broadcast_to(np.uint16(0), length), columns)
    blocks = list(_part_reports(row, plan.chars_at_once))
    edges = [int(row.starts[first]) for first, _ in blocks] + [int(row.ends[-1]) + 1] * bool(blocks)
    q_bits = length.bit_length()
    tiles = [
        Tile(
            first, edges[number], edges[number + 1], q_bits, int((row.ends - row.starts)[first:last].max()).bit_length()
        )
        for number, (first, last) in enumerate(blocks)
    ]
    least = WordBits.of(row, length)
    bits = WordBits(least.place, max(least.part, min((length // plan.chars_at_once).bit_length(), _MOST_PART_BITS)))
    issuers = number_issuers(told)
    cap, seeded = caps(len(told), plan.cap)
    many = least_of_many(len(np.unique(issuers)))
    return Ground(
        row, told, issuers, blocks, edges, tiles, bits, cap, seeded, many, number_provinces(told, issuers), beyond
    )


def _part_reports(row: UnitRow, chars: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of stretches, those of whole reports, of so many characters each, or of one report."""
    bounds = np.flatnonzero(np.diff(row.owners, prepend=-1, append=-1)).tolist()
    first = 0
    for last, following in zip(bounds[1:], [*bounds[2:], None], strict=False):
        if following is None or row.ends[following - 1] - row.starts[first] > chars:
            yield first, last
            first = last


def make_room(plan: Plan, ground: Ground) -> None:
    """Make the files of what is kept of each place, where they are not there."""
    for name, dtype in {**_OF_PLACES, f"wanted{plan.n}": "?", f"wanted{plan.min_chars}": "?"}.items():
        if not plan.file(name, "npy").is_file():
            np.lib.format.open_memmap(plan.file(name, "npy"), "w+", dtype, shape=(len(ground.row.units),))
    ground_of.cache_clear()


def survey(plan: Plan, size: int, first: int) -> list[Any]:
    """Return the name, the facts and the stretches of some reports, and their characters of more than 16 bits."""
    return [
        (
            report.report_id,
            report.issuer_key,
            {name: report.value(name) for name in _FACTS},
            report.key_regions(plan.role),
            beyond_16_bits(report).tolist(),
        )
        for report in reports_of(plan)[first : first + size]
    ]


def lay(plan: Plan, number: int) -> None:
    """Lay a block of texts, and all that is asked of them later."""
    ground = ground_of(plan)
    first, last = ground.blocks[number]
    start, length = ground.edges[number], ground.edges[number + 1] - ground.edges[number]
    own = reports_of(plan)[int(ground.row.owners[first]) : int(ground.row.owners[last - 1]) + 1]
    row = lay_keys(own, role=plan.role, beyond=ground.beyond)
    here = slice(PADDING, PADDING + length)
    joints, printed = find_joints(own, row, row.owners), find_printed(own, row, row.owners)
    values = {"units": row.units[here], "touching": joints.touching[here], "numeral": joints.numeral[here]}
    letters = here.start + np.flatnonzero(values["units"])  # behind a text's last character there is no place of it
    for name, column in zip(("begins", "ends", "closed"), locate_places(own, row, [letters])[0], strict=True):
        values[name] = np.zeros(length, dtype=column.dtype)
        values[name][letters - here.start] = column
    for name, column in values.items():
        plan.put(column, start, name)
    for name, spans in printed._asdict().items():
        plan.save(np.stack(spans) - PADDING + start, name, number)
