"""Which reports a command is asked of, and how it answers: in lines or JSON, in a file, by its exit status."""

from __future__ import annotations

import argparse
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from corpus.errors import CorpusError
from corpus.publishing.writing import screen
from corpus.publishing.writing.screen import say, speaks_chinese
from corpus.report.values import Problem, group_problems

if TYPE_CHECKING:
    import pandas as pd

    from corpus.report.reports import Report, Reports

FINE, INCOMPLETE = 0, 1
_SIGNIFICANT = 10
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


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


def load_and_name_problems(path: str | Path | None, options: argparse.Namespace) -> Reports:
    """Load reports, and name on stderr each file that was left out, why, and that the others are answered for."""
    reports = load_asked(path, options)
    name_problems(reports)
    name_lack(reports, path)
    return reports


def name_lack(reports: Reports, path: str | Path | None) -> None:
    """Say on stderr that there is no report, where there is none."""
    if not reports:
        told = "{path}: there is no report here; put text files, web pages, Word files or PDFs there"
        complain(say(told, path=path or "data/raw"))


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


def find_report(name: str, bundled: Reports, options: argparse.Namespace, held: Reports | None = None) -> Report:
    """Return the report with this id, of the PATH that was named or of the bundled ones, or the one in this file.

    A bundled one is as the catalogue has it.
    """
    from corpus.field.data_files import data_path

    path = Path(name)
    if held is not None and (own := _named_in(name, held)) is not None:
        return own
    for report in bundled:
        if report.report_id == name or data_path(report.source.file).resolve() == path.resolve():
            return report
    if held is not None and not path.exists():
        return held[name]  # which names those there are
    if not path.exists():
        ids = ", ".join(report.report_id for report in bundled)
        raise CorpusError(f"{name}: neither a file nor the id of a bundled report; the ids are {ids}")
    loaded = load_asked(path, options)
    if not loaded and loaded.problems:
        raise CorpusError(str(loaded.problems[0]))
    if len(loaded) != 1 or loaded.problems:
        remedy = f"write the id of one, as in corpus check, and {name} behind it"
        raise CorpusError(f"{path}: holds {screen.count(len(loaded), 'report')}; {remedy}")
    return loaded[0]


def _named_in(name: str, held: Reports) -> Report | None:
    """Return the report with this id, or the only one in a file of this name, as `corpus check` prints it."""
    found = [report for report in held if report.report_id == name]
    if not found:
        files = [(report, report.source.file.rsplit("/", 1)[-1]) for report in held]
        found = [report for report, file in files if name in (file, file.rsplit(".", 1)[0], report.source.file)]
    return found[0] if len(found) == 1 else None


class Answer(NamedTuple):
    """What a command answers of the reports that it was asked of.

    Attributes
    ----------
    lines : callable
        Gives what is printed.
    table : DataFrame or None
        What ``--csv`` writes; made where that is asked for.
    facts : callable, optional
        Gives what ``--json`` prints; the rows of the table if not told.
    parts : tuple of DataFrame
        The tables that it was put together from.
    is_whole : bool
        Whether nothing was left out of what it rests on besides the reports.
    """

    lines: Callable[[], Iterable[str]]
    table: Any
    facts: Callable[[], Any] | None = None
    parts: tuple[pd.DataFrame, ...] = ()
    is_whole: bool = True


def question(ask: Callable[[Reports, argparse.Namespace], Answer]) -> Callable[[argparse.Namespace], int]:
    """Return the command that asks something of reports: it loads them, and prints and writes the answer."""

    def run(options: argparse.Namespace) -> int:
        reports = load_and_name_problems(options.path, options)
        told = ask(reports, options)
        return give(told._replace(is_whole=told.is_whole and bool(reports) and not reports.problems), options)

    return run


def give(told: Answer, options: argparse.Namespace) -> int:
    """Write and print an answer as the options say, and return the exit status."""
    if options.csv is not None and told.table is not None:
        write_csv(told.table, options, *told.parts)
    answer(options, told.facts or (lambda: records(told.table)), told.lines)
    return FINE if told.is_whole else INCOMPLETE


def answer(options: argparse.Namespace, facts: Callable[[], Any], lines: Callable[[], Iterable[str]]) -> None:
    """Print the facts as JSON if that is asked for, else the lines."""
    if options.json:
        print(as_json(facts()))
    else:
        print_lines(lines())


def as_json(facts: Any) -> str:
    """Return an answer as JSON, in which characters that a screen obeys or cannot show are written as escapes."""
    written = json.dumps(_plain(facts), ensure_ascii=False, indent=1)
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is missing as None, values of ours by the names of their fields."""
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return list(map(_plain, value))
    return None if isinstance(value, float) and value != value else value


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table by the names of its columns, with ten significant digits of a fraction."""
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    return [
        {
            str(name): float(f"{value:.{_SIGNIFICANT}g}") if isinstance(value, float) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def print_lines(lines: Iterable[str], stream: Any = None) -> None:
    """Print lines to a stream, or to what is ``sys.stdout`` by then; what a screen would obey is written as escapes."""
    for line in lines:
        print("\n".join(map(screen.printable, line.split("\n"))), file=stream)


def complain(message: str) -> None:
    """Name on stderr what is wrong."""
    print_lines([f"corpus: {screen.printable(message)}"], sys.stderr)


def name_problems(reports: Reports) -> None:
    """Name on stderr what was left out, and why, many of one kind in one line, and that the others are answered for."""
    for line in left_out_lines(reports.problems):
        complain(line)
    if reports.problems and reports:
        told = "{n} left out, hence exit status {status}; the answer is from {answered}"
        answered = screen.count(len(reports), "report")
        complain(say(told, n=f"{len(reports.problems):,}", status=INCOMPLETE, answered=answered))


def left_out_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield a line for each thing left out, or for many that are alike."""
    for place, told in tell_problems(problems):
        yield say("left out: {problem}", problem=f"{place}: {told}")


_WIDEST_NAMED = 40
_LEAST_NAME, _WIDEST_NAME, _OF_NUMBERS = 14, 28, 60
_MOST_NAMED = 4
"""Files left out for one reason that are named."""


def tell_problems(problems: Sequence[Problem]) -> Iterator[tuple[str, str]]:
    """Yield the place of each thing left out with why, and what to do; many that are alike once, with how many."""
    for group in group_problems(problems):
        first = group[0]
        files = list(dict.fromkeys(problem.file for problem in group))
        more = say(" (and {n} more of this kind in the file)", n=f"{len(group) - 1:,}") if len(group) > 1 else ""
        if len(files) > 1:
            named = [screen.fit(screen.printable(file), _WIDEST_NAMED) for file in files[1:_MOST_NAMED]]
            names = ", ".join([*named, "…"] if len(files) > _MOST_NAMED else named)
            more = say(" (so are {n} more: {names})", n=f"{len(files) - 1:,}", names=names)
        place = f"{first.file}, {first.place}" if first.place else first.file
        # In Chinese by its code, where that is known.
        told = remedy_of(first.code) if speaks_chinese() else ""
        told = f"{told}{more}" if told else f"{first.message}{more}; {first.remedy}"
        yield screen.printable(place), screen.printable(told)


@cache
def remedies() -> dict[str, dict[str, str]]:
    """Return what to do about each code, by the code: rows of ``data/messages/check_codes.csv``."""
    from corpus.field.data_files import data_path, read_rows

    return {row["code"]: row for row in read_rows(data_path("messages", "check_codes.csv"))}


def remedy_of(code: str) -> str:
    """Return what to do about a code, in the language that is spoken; empty for one that is not known."""
    return remedies().get(code, {}).get("remedy_zh" if speaks_chinese() else "remedy", "")


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


def told_rows(
    options: argparse.Namespace, table: pd.DataFrame, shown: Mapping[str, tuple[str, str]]
) -> list[list[str]]:
    """Return a table as its rows are printed, what stands above them first.

    Parameters
    ----------
    options : Namespace
    table : DataFrame
    shown : mapping of str to (str, str)
        What stands above each of the columns in English, and the form in which its values are written.
    """
    heads = heads_of(options, table)
    rows = table[list(shown)].itertuples(index=False)
    forms = [form for _, form in shown.values()]
    told = (
        ["-" if value is None or value != value else form.format(value) for form, value in zip(forms, row, strict=True)]
        for row in rows
    )
    return [[heads.get(column, head) for column, (head, _) in shown.items()], *told]


def name_apart(report_ids: Sequence[str]) -> dict[str, str]:
    """Return names for a table of several numbers a report: all different, and without folders that do not tell."""
    width = min(_WIDEST_NAME, max(_LEAST_NAME, screen.screen_columns() - _OF_NUMBERS))
    short = [report_id.rsplit("/", 1)[-1] for report_id in report_ids]
    names = short if len(set(short)) == len(set(report_ids)) else report_ids
    return dict(zip(report_ids, screen.fit_apart(names, width), strict=True))


def results_folder(options: argparse.Namespace) -> Path:
    """Return the folder of notebooks, figures and tables that was named, or that of the workbook."""
    from corpus.field.data_files import notebooks_path

    folder = notebooks_path() if options.results is None else Path(options.results)
    if not folder.is_dir():
        raise CorpusError(f"{folder}: there is no such folder; corpus reproduce PATH --out {folder} makes it")
    return folder
