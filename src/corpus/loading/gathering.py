"""From files to reports in two steps: what comes of each file by itself, and what only all of them together show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b, sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from corpus.errors import CorpusError
from corpus.field.data_files import load_lexicon
from corpus.loading.assembling import assemble_report
from corpus.loading.catalogue import Entry, check_file, read_catalogue
from corpus.loading.collecting import Candidate, collect_files, legible_name
from corpus.loading.facts.told_by_tables import settle_places, settle_years
from corpus.loading.files.decoding import Document, Fault, problem_of
from corpus.loading.files.documents import Reading, read_documents
from corpus.loading.files.file_kinds import ARCHIVE_SUFFIXES, TABLE_SUFFIXES, suffix_of
from corpus.report.reports import Report, Reports, count_copies_once, in_order
from corpus.report.values import Notice, Problem, Source

_NOTHING_LEFT = (
    "empty",
    "the file holds no text, only spaces, controls or traces of a word processor",
    "obtain the file again",
)


class Outcome(NamedTuple):
    """What came of a document by itself, with what is told of it among others.

    Attributes
    ----------
    found : Report or Problem
    report_id : str
    file, name : str
        The document's file, and with its row in a table.
    sha256 : str
        Empty where the document could not be read, or is not the one that the catalogue lists.
    year : (str, int) or None
        What a column of bare years says, with its name.
    document : Document or None
        What was read; facts that the catalogue gives are in ``given``.
    given : mapping
    """

    found: Report | Problem
    report_id: str = ""
    file: str = ""
    name: str = ""
    sha256: str = ""
    year: tuple[str, int] | None = None
    document: Document | None = None
    given: Mapping[str, str | int] = {}


class Member(NamedTuple):
    """A report of a collection: its file with the sha256, and that of the facts that a catalogue settles, if any."""

    report_id: str
    file: str
    sha256: str
    settled: str


class Listing(NamedTuple):
    """The files of a place, what its catalogue says of them, and what is refused beforehand."""

    candidates: list[Candidate]
    entries: Mapping[str, Entry]
    problems: list[Problem]
    is_folder: bool


class Portion(NamedTuple):
    """Work for one process: some files, or some documents of one file that were read already."""

    candidates: tuple[Candidate, ...]
    entries: Mapping[str, Entry]
    reading: Reading
    is_folder: bool = True
    documents: tuple[Document | Problem, ...] | None = None
    number: int = 0
    is_last: bool = True


def list_files(root: Path) -> Listing:
    """Return which files of a folder are to be loaded, or the one file that this is.

    Raises
    ------
    CorpusError
        If there is nothing, or the catalogue cannot be read.
    """
    if not root.exists():
        raise CorpusError(f"{root}: there is no such file or folder; check the path")
    if not root.is_dir():
        file = legible_name(root.name)
        try:
            check_file(root, root.parent)
        except Fault as fault:
            return Listing([], {}, [problem_of(fault, file)], False)
        report_id = "" if suffix_of(file) in ARCHIVE_SUFFIXES else legible_name(root.stem)
        return Listing([Candidate(root, file, report_id)], {}, [], False)
    catalogue = read_catalogue(root)
    candidates, problems = collect_files(root, catalogue)
    entries = catalogue.entries if catalogue is not None else {}
    return Listing(candidates, entries, [*(catalogue.problems if catalogue else ()), *problems], True)


def portion_out(listing: Listing, reading: Reading, size: int) -> Iterator[Portion]:
    """Yield the files of a place in portions, in their order; the rows of a table are portions of their own."""
    some: list[Candidate] = []
    for candidate in listing.candidates:
        is_table = suffix_of(candidate.file) in TABLE_SUFFIXES
        if some and (is_table or len(some) == size):
            yield _portion(listing, reading, some)
            some = []
        if is_table:
            yield from _table_portions(listing, reading, candidate, size)
        else:
            some.append(candidate)
    if some:
        yield _portion(listing, reading, some)


def _portion(listing: Listing, reading: Reading, some: list[Candidate]) -> Portion:
    entries = {one.file: listing.entries[one.file] for one in some if one.file in listing.entries}
    return Portion(tuple(some), entries, reading, listing.is_folder)


def _table_portions(listing: Listing, reading: Reading, candidate: Candidate, size: int) -> Iterator[Portion]:
    whole = _portion(listing, reading, [candidate])
    documents = _read(candidate, reading, is_folder=listing.is_folder)
    number, some = 0, tuple(islice(documents, size))
    while True:
        following = tuple(islice(documents, size))
        yield whole._replace(documents=some, number=number, is_last=not following)
        if not following:
            return
        number, some = number + 1, following


def assemble_portion(portion: Portion) -> list[list[Outcome]]:
    """Return what comes of each file of a portion."""
    made = []
    for candidate in portion.candidates:
        documents: Iterable[Document | Problem] | None = portion.documents
        if documents is None:
            documents = _read(candidate, portion.reading, is_folder=portion.is_folder)
        made.append([assemble_document(document, portion.entries) for document in documents])
    return made


def _read(candidate: Candidate, reading: Reading, *, is_folder: bool) -> Iterator[Document | Problem]:
    """Yield what a file holds; whatever its reader raises is one problem, but for a lone table without texts."""
    try:
        yield from read_documents(candidate.path, candidate.file, candidate.report_id, reading)
    except Exception as error:
        if isinstance(error, CorpusError) and not is_folder:
            raise
        yield problem_of(error, candidate.file)


def assemble_document(document: Document | Problem, entries: Mapping[str, Entry]) -> Outcome:
    """Return what comes of a document by itself."""
    if isinstance(document, Problem):
        return Outcome(document)
    source = document.source
    entry = entries.get(source.file)
    if entry is not None and entry.sha256 and entry.sha256 != source.sha256:
        message = f"its sha256 begins with {source.sha256[:12]}, the catalogue says {entry.sha256[:12]}"
        remedy = "obtain the file again, or correct the catalogue"
        return Outcome(Problem(source.file, "", "hash-mismatch", message, remedy))
    report_id, given = (entry.report_id, entry.facts) if entry else (document.report_id, {})
    name = _name(source)
    found: Report | Problem
    try:
        found = assemble_report(report_id, document, catalogue_facts=given)
    except Exception as error:
        found = problem_of(error, name)
    if isinstance(found, Report) and not found.text.strip():
        found = Problem(source.file, "", *_NOTHING_LEFT)
    return Outcome(found, report_id, source.file, name, source.sha256, document.year, document, given)


def gather(outcomes: Iterable[Outcome], problems: Iterable[Problem] = ()) -> Reports:
    """Return what came of the documents of a place as its reports: each report and each name once, years settled.

    Where rows of two tables have one id (1, 2, 3 …), the name of its table stands before the id of each of their rows.
    """
    problems = list(problems)
    reports: dict[str, Report] = {}
    found: dict[str, Outcome] = {}
    by_sha256: dict[str, str] = {}
    shared: set[str] = set()
    tables: set[str] = set()
    for outcome in outcomes:
        if outcome.sha256 in by_sha256:
            message = f"the same bytes as {by_sha256[outcome.sha256]}, which is counted once"
            problems.append(Problem(outcome.file, "", "duplicate", message, "remove one of the two"))
            continue
        report_id = outcome.report_id
        first = found.get(report_id)
        if first is not None and _are_rows_of_two_tables(first, outcome):
            shared.add(report_id)
            tables |= {first.file, outcome.file}
            reports[_longer_id(first)] = reports.pop(report_id)
            found[_longer_id(first)] = found.pop(report_id)
        if report_id in shared:
            report_id = _longer_id(outcome)
        if outcome.sha256 and report_id in found:
            message = f"{outcome.name} and {found[report_id].name} would both be called {report_id!r}"
            problems.append(Problem(outcome.file, "", "same-id", message, "rename one of them"))
            continue
        if outcome.sha256:
            by_sha256[outcome.sha256] = outcome.name
        if isinstance(outcome.found, Problem):
            problems.append(outcome.found)
            continue
        reports[report_id] = outcome.found
        found[report_id] = outcome._replace(document=None)
    for report_id, report in list(reports.items()):
        outcome = found[report_id]
        own_id = _longer_id(outcome) if outcome.file in tables else report_id
        if own_id != report.report_id:
            del reports[report_id]
            found[own_id] = found.pop(report_id)
            reports[own_id] = report.revise(report_id=own_id)
    years = {report_id: outcome.year for report_id, outcome in found.items() if outcome.year is not None}
    reports |= settle_years(reports, years)
    reports |= settle_places(reports)
    kept, copies = count_copies_once(reports.values())
    return Reports(in_order(_with_same_texts(kept)), (*problems, *copies), load_lexicon())


def _with_same_texts(reports: Iterable[Report]) -> Iterator[Report]:
    """Yield reports, with a notice where one has the text of another before it and does not say whose it is."""
    by_key: dict[bytes, str] = {}
    for report in reports:
        key = report.key_utf16()
        first = by_key.setdefault(blake2b(key, digest_size=16).digest(), report.report_id)
        if first != report.report_id and key:
            same = Notice("same-text", f"the same text as {first}, in other bytes; analyses count both")
            report = report.revise(warnings=(*report.warnings, same))
        yield report


def member_of(report: Report) -> Member:
    """Return what is taken down of a report."""
    settled = {name: fact.value for name, fact in report.facts.items() if fact.basis == "catalogue"}
    told = json.dumps(settled, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
    source = report.source
    return Member(report.report_id, source.file, source.sha256, sha256(told).hexdigest() if settled else "")


def _are_rows_of_two_tables(one: Outcome, other: Outcome) -> bool:
    return one.file != other.file and one.file != one.name and other.file != other.name


def _longer_id(row: Outcome) -> str:
    """Return the id of a row behind the name of its table, where several tables have it."""
    return f"{row.file.rsplit('.', 1)[0]}/{row.report_id}"


def _name(source: Source) -> str:
    """Return the file of a document, with its row in a table."""
    row = next((mark for _, mark in source.landmarks[:1] if mark.startswith("row ")), "")
    return f"{source.file} {row}".rstrip()
