"""How a command answers: in lines or JSON, in a file, by its exit status."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.publishing import terminal
from corpus.report import Reports

if TYPE_CHECKING:
    import pandas as pd

FINE, INCOMPLETE, IMPOSSIBLE = 0, 1, 2


def answer(options: argparse.Namespace, facts: dict[str, Any] | list[dict[str, Any]], lines: Iterable[str]) -> None:
    """Print the facts as JSON if that is asked for, else the lines."""
    print_lines([json.dumps(facts, ensure_ascii=False, indent=1)] if options.json else lines)


def print_lines(lines: Iterable[str], stream: Any = None) -> None:
    """Print lines to a stream, or to what is ``sys.stdout`` by then."""
    for line in lines:
        print(line, file=stream)


def complain(message: str) -> None:
    """Name on stderr what is wrong."""
    print_lines([f"corpus: {terminal.printable(message)}"], sys.stderr)


def name_problems(reports: Reports) -> None:
    """Name on stderr each file that was left out, and why."""
    for problem in reports.problems:
        complain(f"left out: {problem}")


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table to a file that is not there yet."""
    from corpus.publishing.files import write_new

    write_new(path, table.to_csv(index=False, lineterminator="\n").encode("utf-8"))
