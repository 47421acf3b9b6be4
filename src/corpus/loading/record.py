"""What this process has loaded, and where in the reader's program, for whoever must state on what a result rests."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from types import CodeType
from typing import NamedTuple

from corpus.report.reports import Report, Reports
from corpus.report.values import Problem

Place = tuple[str, int]
"""A line of the reader's program: the name of its file, or of the cell as Python calls it, and the number from 1."""

IN_MEMORY = "memory"
"""Where a table comes from that no file holds."""

ELSEWHERE = "elsewhere"
"""Where reports of one's own come from; their path is nobody else's business."""


class Member(NamedTuple):
    """A report of a collection: its file with the sha256, and that of the facts that a catalogue settles, if any."""

    report_id: str
    file: str
    sha256: str
    settled: str

    def digest(self) -> str:
        """Return one sha256 for the file and what the catalogue says of it: that of the file where it says nothing."""
        return sha256(f"{self.sha256} {self.settled}".encode()).hexdigest() if self.settled else self.sha256


@dataclass(frozen=True)
class Loaded:
    """What one place of the program loaded; a loop that loads file after file gives one of these.

    Attributes
    ----------
    places : tuple of Place
        The lines that were running, from the outermost in.
    origin : str
        ``data`` or a path below it for what the project carries, else `ELSEWHERE` or `IN_MEMORY`.
    reports : tuple of Member
    problems : tuple of Problem
        What was left out.
    """

    places: tuple[Place, ...]
    origin: str
    reports: tuple[Member, ...]
    problems: tuple[Problem, ...] = ()

    @cached_property
    def digest(self) -> str:
        """One sha256 for all of it: of a line for each report, then one for each thing left out."""
        lines = [f"{member.digest()}  {member.report_id}\n" for member in self.reports]
        lines += [f"{problem.code}  {problem.file} {problem.place}\n" for problem in self.problems]
        return sha256("".join(lines).encode("utf-8")).hexdigest()


@dataclass(slots=True)
class _Entry:
    """What a place has loaded in one run of its code, by keys so that nothing is in it twice."""

    code: CodeType | None
    reports: dict[Member, None] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    told: Loaded | None = None


_entries: dict[tuple[tuple[Place, ...], str], _Entry] = {}


def remember(reports: Reports, *, origin: str) -> Reports:
    """Take down what was loaded, with where, and return it.

    What a cell of a notebook loaded when it ran before is forgotten, since it was compiled anew.
    """
    places, code = _running()
    entry = _entries.get((places, origin))
    if entry is None or entry.code is not code:
        entry = _entries[places, origin] = _Entry(code)
    entry.reports.update(dict.fromkeys(map(_member, reports)))
    entry.problems.update(dict.fromkeys(reports.problems))
    entry.told = None
    return reports


def take_down(reports: Reports, *, origin: str) -> Loaded:
    """Return what a collection consists of, without remembering it."""
    return Loaded((), origin, tuple(map(_member, reports)), reports.problems)


def recall() -> tuple[Loaded, ...]:
    """Return what was loaded, in the order in which it was."""
    return tuple(_tell(places, origin, entry) for (places, origin), entry in _entries.items())


def _tell(places: tuple[Place, ...], origin: str, entry: _Entry) -> Loaded:
    if entry.told is None:
        entry.told = Loaded(places, origin, tuple(entry.reports), tuple(entry.problems))
    return entry.told


def _member(report: Report) -> Member:
    settled = {name: fact.value for name, fact in report.facts.items() if fact.basis == "catalogue"}
    told = json.dumps(settled, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
    source = report.source
    return Member(report.report_id, source.file, source.sha256, sha256(told).hexdigest() if settled else "")


def _running() -> tuple[tuple[Place, ...], CodeType | None]:
    """Return the lines of the program that run, from the outermost in, and the code of the outermost."""
    frame = sys._getframe(1)
    places: list[Place] = []
    code = None
    while frame is not None:
        if frame.f_globals.get("__name__") == "__main__":
            places.append((frame.f_code.co_filename, frame.f_lineno))
            code = frame.f_code
        frame = frame.f_back  # type: ignore[assignment]
    return tuple(reversed(places)), code
