"""What this process has loaded, for whoever must state on what a result rests."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.report import Reports
from corpus.values import Problem

# A notebook loads a few collections. Whoever loads files one by one in a loop is not to pile them up here.
_MOST = 16

_loaded: list[Loaded] = []


@dataclass(frozen=True, slots=True)
class Loaded:
    """One collection: of each report id, file and sha256, and what was left out."""

    reports: tuple[tuple[str, str, str], ...]
    problems: tuple[Problem, ...]


def remember(reports: Reports) -> Reports:
    """Take down what was loaded, once for the same reports, and return it."""
    files = tuple((report.report_id, report.source.file, report.source.sha256) for report in reports)
    loaded = Loaded(files, reports.problems)
    if loaded not in _loaded:
        _loaded.append(loaded)
        del _loaded[:-_MOST]
    return reports


def recall() -> tuple[Loaded, ...]:
    """Return what was loaded, in the order in which it was."""
    return tuple(_loaded)
