"""`find_reuse` in parts that are kept on disk: by text, by hash, and by earlier report, with the rows of one part.

Every step is done for one part at a time, by whichever process or machine is free, and leaves what it found in a folder
that all share. What was done is not done again: a run that was stopped goes on where it was. The rows do not depend on
how many parts there are, since grams are equal or not whatever part they are in, and all that is looked at in a
passage lies in its two reports.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, cast

import numpy as np
import pandas as pd

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.comparison.shared_passages import told_of, tell_passages
from corpus.analysis.index.exact_matches import (
    Tile,
    extend_seeds,
    find_seeds,
    inside_repetitions,
    mark_often,
    without_places,
)
from corpus.analysis.index.shared_grams import GramGroups, WordBits, group_words, hash_block
from corpus.analysis.index.unit_row import PADDING, Array, IntArray, RawPlaces, UnitRow, lay_keys, lay_spans, locate_places
from corpus.analysis.reuse.base_rates import (
    GRAM,
    BaseRates,
    GramCounts,
    HeldMatches,
    Printed,
    count_issuers,
    each_its_own,
    enter_rates,
    find_printed,
    least_of_many,
    number_issuers,
    rated_stretches,
    share_common,
)
from corpus.analysis.reuse.borrowing import DATES, tell_first
from corpus.analysis.reuse.passage_search import CAP, MOST_PAIRS, Found, align_pairs, by_report, end_passages
from corpus.analysis.words.word_edges import Joints, find_joints
from corpus.errors import CorpusError
from corpus.loading.archived_reports import load_archive, read_list
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, codebook
from corpus.report.values import Role

Engine = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""What has a function done for each of some parts, and gives the answers in their order."""

_BYTES_A_CHAR = 128
_HASHED_AT_ONCE = 1 << 16
_PLACES_AT_ONCE = 1 << 20
_ASTRAL = 0xD800
_MOST_ASTRAL = 2048
_FACTS = ("issuer", "adcode", "province", "prefecture", "county", "year_reviewed", *DATES)
_OF_PLACES = {
    "units": "<u2",
    "letters": "<u2",
    "touching": "?",
    "numeral": "?",
    "begins": "<u4",
    "ends": "<u4",
    "closed": "?",
    "heading": "<i4",
    "outside": "<i4",
    "unpaired": "?",
    "repeated": "?",
    "many": "?",
    "among": "?",
    "wanted": "?",
    "wanted_short": "?",
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
        return min(GRAM, self.min_chars)

    def file(self, *name: object) -> Path:
        return self.scratch / ".".join(map(str, name))

    def save(self, array: Array, *name: object) -> None:
        np.save(self.file(*name, "npy"), array, allow_pickle=False)

    def load(self, *name: object) -> Array:
        array: Array = np.load(self.file(*name, "npy"), mmap_mode="r").view(np.ndarray)
        return array

    def change(self, *name: object) -> Array:
        """Return an array on disk, to be written in place."""
        return np.load(self.file(*name, "npy"), mmap_mode="r+")


class _Told(NamedTuple):
    """What is known of a report where its text is not at hand."""

    report_id: str
    facts: dict[str, Any]

    @property
    def issuer(self) -> Any:
        return self.facts["issuer"]

    @property
    def year_reviewed(self) -> Any:
        return self.facts["year_reviewed"]

    def value(self, name: str) -> Any:
        return self.facts[name]


class _Geometry(NamedTuple):
    """The row of all reports, and how it is parted; ``edges`` are the places at which parts of texts begin and end."""

    row: UnitRow
    told: list[_Told]
    issuers: IntArray
    first_reports: list[int]
    edges: list[int]
    tiles: list[Tile]
    bits: WordBits
    cap: int | None
    seeded: int
    many: int
