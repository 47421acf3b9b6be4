"""Which reports a command is asked of, and how it answers: in lines or JSON, in a file, by its exit status."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError
from corpus.publishing.writing import text_width
from corpus.publishing.writing.language import say

if TYPE_CHECKING:
    import pandas as pd

    from corpus.report.reports import Report, Reports


def load_asked(path: str | Path | None, options: argparse.Namespace) -> Reports:
    """Load the reports of a path, or the bundled ones, as the options say."""
    from corpus.loading.load_reports import load_reports

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        reports = load_reports(path, **reading_of(options), jobs=getattr(options, "jobs", None))
    for warning in said:
        if issubclass(warning.category, UserWarning):  # others are none of the reader's business
            complain(str(warning.message))
    return reports


def reading_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return what `load_reports` is told besides the path."""
    reading: dict[str, Any] = {}
    if options.encoding is not None:
        reading["encoding"] = options.encoding
    if options.columns is not None:
        pairs = [pair.partition("=") for pair in options.columns.split(",")]
        if not all(ours and theirs for ours, _, theirs in pairs):
            raise CorpusError(
                f"--columns {options.columns}: write our name and the table's, as text=body,issuer=series"
            )
        reading["columns"] = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    if options.join is not None:
        reading["join"] = tuple(name.strip() for name in options.join.split(",") if name.strip())
    return reading


def find_report(name: str, bundled: Reports, options: argparse.Namespace) -> Report:
    """Return the bundled report with this id, or the one in this file: as the catalogue has it if it is in there."""
    from corpus.field.data_files import data_path

    path = Path(name)
    report_id: str = getattr(options, "id", None) or ""
    if report_id:
        return load_asked(path, options)[report_id]
    for report in bundled:
        if report.report_id == name or data_path(report.source.file).resolve() == path.resolve():
            return report
    if path.is_dir():
        remedy = ", or name one of its reports with --id" if hasattr(options, "id") else ""
        raise CorpusError(f"{path}: a folder; give one of its files{remedy}")
    if not path.exists():
        ids = ", ".join(report.report_id for report in bundled)
        raise CorpusError(f"{name}: neither a file nor the id of a bundled report; the ids are {ids}")
    loaded = load_asked(path, options)
    if not loaded and loaded.problems:
        raise CorpusError(str(loaded.problems[0]))
    if len(loaded) != 1 or loaded.problems:
        remedy = (
            "name one with --id, as in corpus check"
            if hasattr(options, "id")
            else "give a file with one, or compare them in Python with corpus.compare_reports"
        )
        raise CorpusError(f"{path}: holds {text_width.count(len(loaded), 'report')}; {remedy}")
    return loaded[0]


FINE, INCOMPLETE, IMPOSSIBLE = 0, 1, 2


def answer(options: argparse.Namespace, facts: dict[str, Any] | list[dict[str, Any]], lines: Iterable[str]) -> None:
    """Print the facts as JSON if that is asked for, else the lines."""
    if options.json:
        from corpus.cli import json_answers

        print(json_answers.as_json(facts))
    else:
        print_lines(lines)


def print_lines(lines: Iterable[str], stream: Any = None) -> None:
    """Print lines to a stream, or to what is ``sys.stdout`` by then; what a screen would obey is written as escapes."""
    for line in lines:
        print("\n".join(map(text_width.printable, line.split("\n"))), file=stream)


def complain(message: str) -> None:
    """Name on stderr what is wrong."""
    print_lines([f"corpus: {text_width.printable(message)}"], sys.stderr)


def name_problems(reports: Reports) -> None:
    """Name on stderr what was left out, and why, many of one kind in one line, and that the others are answered for."""
    from corpus.cli.checking import tell_problems

    for place, told in tell_problems(reports.problems):
        complain(say("left out: {problem}", problem=f"{place}: {told}"))
    if reports.problems and reports:
        told = "{n} left out, hence exit status {status}; the answer is from {answered}"
        answered = text_width.count(len(reports), "report")
        complain(say(told, n=f"{len(reports.problems):,}", status=INCOMPLETE, answered=answered))


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def write_csv(table: pd.DataFrame, options: argparse.Namespace, *parts: pd.DataFrame) -> None:
    """Write a table to a file that is not there yet, with the mark by which Excel knows UTF-8.

    What stands above its columns is declared for the table, or for the tables that it was put together from. Two heads
    that are the same carry the names of their columns.
    """
    from corpus.publishing.writing.whole_files import write_new

    heads = heads_of(options, *(parts or (table,)))
    shown = [heads.get(name, name) for name in table.columns]
    unlike = [
        head if shown.count(head) == 1 else f"{head} ({name})" for head, name in zip(shown, table.columns, strict=True)
    ]
    written = table.to_csv(index=False, header=unlike, lineterminator="\n")
    write_new(Path(options.csv), written.encode("utf-8-sig", "backslashreplace"))


def heads_of(options: argparse.Namespace, *tables: pd.DataFrame) -> Mapping[str, str]:
    """Return what stands above the columns of tables in the language that was asked for.

    In English these are the names by which a program finds them, and nothing is returned; a Chinese head that is not
    declared is left out too.
    """
    from corpus.report.table_columns import EVERY, columns_of

    if options.labels != "zh":
        return {}
    names = (EVERY, *(table.attrs["table"] for table in tables if "table" in table.attrs))
    columns = [column for name in names for column in columns_of(name)]
    return {column.name: column.head_zh for column in columns if column.head_zh}
