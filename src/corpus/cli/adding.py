"""Files put into a folder of reports, with a catalogue row each that a person checks."""

from __future__ import annotations

import csv
import io
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from corpus.cli.asking import left_out_lines
from corpus.loading.catalogue import CATALOGUE_NAME, COLUMNS, CORRECTIONS_NAME, read_catalogue, read_table_text
from corpus.loading.collecting import legible_name
from corpus.loading.files.decoding import Fault, problem_of
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


@dataclass(slots=True)
class Addition:
    """What was put into a folder.

    Attributes
    ----------
    catalogue : Path
    rows : list of dict
        The rows that were written, by column.
    present : list of str
        The files whose bytes the catalogue has already.
    problems : list of Problem
        The files that hold no report, and why.
    """

    catalogue: Path
    rows: list[dict[str, str]] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def add_files(files: Sequence[Path], folder: Path, *, encoding: str | None = None) -> Addition:
    """Copy files into a folder and write a row for each into its catalogue.csv: what was inferred, to be checked.

    A file whose bytes the catalogue has already is left alone, so that adding twice adds nothing twice. Rows that are
    there stay byte for byte. Copies and catalogue are each written in one step, the copies first: who is interrupted
    adds again and finds the rest done.

    Raises
    ------
    CorpusError
        If the folder's catalogue cannot be read, or the folder cannot be written.
    """
    made = Addition(folder / CATALOGUE_NAME)
    with hold_folder(folder):
        known = read_catalogue(folder)
        entries = tuple(known.entries.values()) if known else ()
        digests = {entry.sha256 or _digest_of(folder / entry.file) for entry in entries}
        taken = {entry.report_id for entry in entries}
        for path in files:
            name = legible_name(str(path))
            try:
                report = _read_one(path, name, encoding)
            except Fault as fault:
                made.problems.append(problem_of(fault, name))
                continue
            if report.source.sha256 in digests:
                made.present.append(name)
                continue
            row = _row(report, _unused_name(folder, report), _unused_id(report, taken))
            write_whole(folder / row["file"], report.raw_bytes)
            digests.add(report.source.sha256)
            taken.add(row["report_id"])
            made.rows.append(row)
        if made.rows:
            write_whole(made.catalogue, _with_rows(made.catalogue, made.rows))
    return made


def _read_one(path: Path, name: str, encoding: str | None) -> Report:
    if not path.exists():
        raise Fault("missing-file", "there is no such file", "check the path")
    if path.is_dir():
        raise Fault("directory", "this is a folder", "name its files")
    if suffix_of(path.name) in (*TABLE_SUFFIXES, *ARCHIVE_SUFFIXES):
        message = "an archive or a table may hold many reports, a catalogue has one row a file"
        raise Fault("many-reports", message, "unpack it, or load it as it is")
    if (by_name := refusal_by_name(name)) is not None:
        raise by_name
    reports = load_reports(path, encoding=encoding)
    for problem in reports.problems:
        raise Fault(problem.code, problem.message, problem.remedy, problem.place)
    return reports[0]


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
    facts = {name: "" if report.value(name) is None else str(report.value(name)) for name in FACTS}
    row = {"report_id": report_id, "file": file, "sha256": report.source.sha256, **facts}
    return {**dict.fromkeys(COLUMNS, ""), **{name: row[name] for name in COLUMNS if name in row}, "note": _note(report)}


def _note(report: Report) -> str:
    """Say what of a row a person should look at: whatever the text does not state in so many words."""
    inferred = [
        f"{name} {report.value(name)}" for name in COLUMNS if name in FACTS and report.facts[name].basis == "inferred"
    ]
    open_readings = [
        f"{name} is {' or '.join(map(str, report.facts[name].readings))}"
        for name in FACTS
        if report.facts[name].basis == "ambiguous"
    ]
    said = [f"inferred, to be checked: {', '.join(inferred)}"] if inferred else []
    return "; ".join([*said, *open_readings, *(notice.message for notice in report.warnings)])


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


def addition_lines(addition: Addition) -> Iterator[str]:
    """Tell what was added, what was there already and what was left out, and what to do next."""
    for row in addition.rows:
        facts = ", ".join(row[name] or say("{fact} unknown", fact=name) for name in ("issuer", "year_reviewed"))
        yield say("added: {file} as {report_id} ({facts})", file=row["file"], report_id=row["report_id"], facts=facts)
        if row["note"]:
            yield f"    {row['note']}"
    yield from (say("there already: {file}", file=file) for file in addition.present)
    yield from left_out_lines(addition.problems)
    if addition.rows:
        told = "now check the new rows of {catalogue}: each value there counts as known from then on"
        yield say(told, catalogue=addition.catalogue)
    present, n_left_out = f"{len(addition.present):,}", len(addition.problems)
    left_out = say(", {n} left out (exit status 1)", n=f"{n_left_out:,}") if n_left_out else ""
    yield (
        say("{files} added, {present} there before", files=count(len(addition.rows), "file"), present=present)
        + left_out
    )
