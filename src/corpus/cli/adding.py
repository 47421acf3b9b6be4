"""Files put into a folder of reports, with a catalogue row each that a person checks."""

from __future__ import annotations

import argparse
import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from corpus.cli.asking import FINE, INCOMPLETE, left_out_lines, print_lines
from corpus.loading.catalogue import CATALOGUE_NAME, COLUMNS, CORRECTIONS_NAME, read_catalogue, read_table_text
from corpus.loading.collecting import legible_name
from corpus.loading.files.decoding import problem_of
from corpus.loading.files.file_kinds import ARCHIVE_SUFFIXES, TABLE_SUFFIXES, refusal_by_name, suffix_of
from corpus.loading.load_reports import load_reports
from corpus.publishing.writing.screen import count, say
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.reports import Report
from corpus.report.values import FACTS, Problem

_SHOWN_ESCAPED = re.compile(r"\\(?:x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_NOT_IN_A_NAME = re.compile(r"[\s/\\]+")
_MAX_ID_CHARS = 100
_DIGEST_CHARS = 8


def run_add(options: argparse.Namespace) -> int:
    folder = Path(options.into)
    rows, present, problems = add_files(list(map(Path, options.files)), folder, encoding=options.encoding)
    print_lines(_lines(rows, present, problems, folder / CATALOGUE_NAME))
    return INCOMPLETE if problems else FINE


def add_files(
    files: Sequence[Path], folder: Path, *, encoding: str | None = None
) -> tuple[list[dict[str, str]], list[str], list[Problem]]:
    """Copy files into a folder and write a row for each into its catalogue.csv: what was inferred, to be checked.

    A file whose bytes the catalogue has already is left alone, so that adding twice adds nothing twice. Rows that are
    there stay byte for byte. Copies and catalogue are each written in one step, the copies first: who is interrupted
    adds again and finds the rest done.

    Returns
    -------
    list of dict
        The rows that were written, by column.
    list of str
        The files whose bytes the catalogue has already.
    list of Problem
        The files that hold no report, and why.

    Raises
    ------
    CorpusError
        If the folder's catalogue cannot be read, or the folder cannot be written.
    """
    rows: list[dict[str, str]] = []
    present: list[str] = []
    problems: list[Problem] = []
    with hold_folder(folder):
        known = read_catalogue(folder)
        entries = tuple(known.entries.values()) if known else ()
        digests = {entry.sha256 or _digest_of(folder / entry.file) for entry in entries}
        taken = {entry.report_id for entry in entries}
        for path in files:
            name = legible_name(str(path))
            report = _read_one(path, name, encoding)
            if isinstance(report, Problem):
                problems.append(report)
            elif report.source.sha256 in digests:
                present.append(name)
            else:
                row = _row(report, _unused_name(folder, report), _unused_id(report, taken))
                write_whole(folder / row["file"], report.raw_bytes)
                digests.add(report.source.sha256)
                taken.add(row["report_id"])
                rows.append(row)
        if rows:
            write_whole(folder / CATALOGUE_NAME, _with_rows(folder / CATALOGUE_NAME, rows))
    return rows, present, problems


def _read_one(path: Path, name: str, encoding: str | None) -> Report | Problem:
    if not path.exists():
        return Problem(name, "", "missing-file", "there is no such file", "check the path")
    if path.is_dir():
        return Problem(name, "", "directory", "this is a folder", "name its files")
    if suffix_of(path.name) in (*TABLE_SUFFIXES, *ARCHIVE_SUFFIXES):
        message = "an archive or a table may hold many reports, a catalogue has one row a file"
        return Problem(name, "", "many-reports", message, "unpack it, or load it as it is")
    if (by_name := refusal_by_name(name)) is not None:
        return problem_of(by_name, name)
    reports = load_reports(path, encoding=encoding)
    return replace(reports.problems[0], file=name) if reports.problems else reports[0]


def _digest_of(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _unused_name(folder: Path, report: Report) -> str:
    """Return a name for the copy: that of the file, or, where another file has it, with a part of its digest."""
    name = _SHOWN_ESCAPED.sub("_", Path(report.source.file).name)
    path = folder / name
    reserved = name in (CATALOGUE_NAME, CORRECTIONS_NAME)
    if not reserved and (not path.exists() or _digest_of(path) == report.source.sha256):
        return name
    return f"{path.stem}-{report.source.sha256[:_DIGEST_CHARS]}{path.suffix}"


def _unused_id(report: Report, taken: Iterable[str]) -> str:
    name = _NOT_IN_A_NAME.sub("-", report.report_id.strip())[:_MAX_ID_CHARS] or "report"
    return name if name not in taken else f"{name}-{report.source.sha256[:_DIGEST_CHARS]}"


def _row(report: Report, file: str, report_id: str) -> dict[str, str]:
    """Return the row of a report; its note says what a person should look at: whatever the text does not state."""
    facts = {name: report.facts[name] for name in FACTS}
    inferred = [f"{name} {facts[name].value}" for name in COLUMNS if name in FACTS and facts[name].basis == "inferred"]
    note = [f"inferred, to be checked: {', '.join(inferred)}"] if inferred else []
    for name, fact in facts.items():
        note += [f"{name} is {' or '.join(map(str, fact.readings))}"] if fact.basis == "ambiguous" else []
    note += [notice.message for notice in report.warnings]
    values = {name: str(fact.value) for name, fact in facts.items() if fact.value is not None}
    values |= {"report_id": report_id, "file": file, "sha256": report.source.sha256, "note": "; ".join(note)}
    return {name: values.get(name, "") for name in COLUMNS}


def _with_rows(catalogue: Path, rows: Sequence[dict[str, str]]) -> bytes:
    """Return a catalogue with new rows, in the encoding and with the separator that it has.

    A new one begins with the mark by which Excel knows UTF-8.
    """
    before = catalogue.read_bytes() if catalogue.is_file() else b""
    kept, encoding, separator = read_table_text(before, catalogue) if before else ("", "utf-8", ",")
    columns = next(csv.reader(io.StringIO(kept, newline=""), delimiter=separator), None) or list(COLUMNS)
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, columns, delimiter=separator, lineterminator="\n", extrasaction="ignore")
    if not before:
        writer.writeheader()
    writer.writerows(rows)
    glue = "" if not kept or kept.endswith("\n") else "\n"
    return (before or BOM_UTF8) + f"{glue}{lines.getvalue()}".encode(encoding)


def _lines(
    rows: Sequence[dict[str, str]], present: Sequence[str], problems: Sequence[Problem], catalogue: Path
) -> Iterator[str]:
    """Tell what was added, what was there already and what was left out, and what to do next."""
    for row in rows:
        facts = ", ".join(row[name] or say("{fact} unknown", fact=name) for name in ("issuer", "year_reviewed"))
        yield say("added: {file} as {report_id} ({facts})", file=row["file"], report_id=row["report_id"], facts=facts)
        if row["note"]:
            yield f"    {row['note']}"
    yield from (say("there already: {file}", file=file) for file in present)
    yield from left_out_lines(problems)
    if rows:
        told = "now check the new rows of {catalogue}: each value there counts as known from then on"
        yield say(told, catalogue=catalogue)
    left_out = say(", {n} left out (exit status 1)", n=f"{len(problems):,}") if problems else ""
    added = say("{files} added, {present} there before", files=count(len(rows), "file"), present=f"{len(present):,}")
    yield f"{added}{left_out}"
