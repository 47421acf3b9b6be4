"""What this process has loaded, for whoever must state on what a result rests: each collection by its files' hashes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from corpus.report.reports import Report, Reports
from corpus.report.values import Problem

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


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded from one place.

    Attributes
    ----------
    origin : str
        ``data`` or a path below it for what the project carries, else `ELSEWHERE` or `IN_MEMORY`.
    reports : tuple of Member
    problems : tuple of Problem
        What was left out.
    """

    origin: str
    reports: tuple[Member, ...]
    problems: tuple[Problem, ...]

    @property
    def digest(self) -> str:
        """One sha256 for all of it: of a line for each report, then one for each thing left out."""
        lines = [f"{member.sha256} {member.settled}  {member.report_id}\n" for member in self.reports]
        lines += [f"{problem.code}  {problem.file} {problem.place}\n" for problem in self.problems]
        return sha256("".join(lines).encode("utf-8")).hexdigest()


_reports: dict[str, dict[Member, None]] = {}
_problems: dict[str, dict[Problem, None]] = {}


def remember(reports: Reports, *, origin: str, members: Iterable[Member] | None = None) -> Reports:
    """Take down what was loaded, each report and problem of a place once, and return it."""
    _reports.setdefault(origin, {}).update(dict.fromkeys(map(member_of, reports) if members is None else members))
    _problems.setdefault(origin, {}).update(dict.fromkeys(reports.problems))
    return reports


def recall() -> tuple[Loaded, ...]:
    """Return what was loaded, in the order in which a place was first loaded from."""
    return tuple(Loaded(origin, tuple(_reports[origin]), tuple(_problems[origin])) for origin in _reports)


def member_of(report: Report) -> Member:
    """Return what is taken down of a report."""
    settled = {name: fact.value for name, fact in report.facts.items() if fact.basis == "catalogue"}
    told = json.dumps(settled, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
    source = report.source
    return Member(report.report_id, source.file, source.sha256, sha256(told).hexdigest() if settled else "")
