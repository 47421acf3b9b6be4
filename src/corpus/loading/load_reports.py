"""From files to reports: reading, normalising, layout, headings, parts, facts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, load_lexicon
from corpus.loading.assembling import assemble_report
from corpus.loading.catalogue import Entry, read_catalogue, refusal
from corpus.loading.collecting import Candidate, collect_files, legible_name
from corpus.loading.facts.told_by_tables import settle_years
from corpus.loading.files.decoding import problem_of
from corpus.loading.files.documents import Document, Reading, read_documents, read_rows
from corpus.loading.files.file_kinds import ARCHIVE_SUFFIXES, suffix_of
from corpus.loading.files.table_rows import read_frame
from corpus.report.reports import Report, Reports, in_order
from corpus.report.values import Notice, Problem, Source

if TYPE_CHECKING:
    import pandas as pd

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


def remember(reports: Reports, *, origin: str) -> Reports:
    """Take down what was loaded, each report and problem of a place once, and return it."""
    _reports.setdefault(origin, {}).update(dict.fromkeys(map(_member, reports)))
    _problems.setdefault(origin, {}).update(dict.fromkeys(reports.problems))
    return reports


def recall() -> tuple[Loaded, ...]:
    """Return what was loaded, in the order in which a place was first loaded from."""
    return tuple(Loaded(origin, tuple(_reports[origin]), tuple(_problems[origin])) for origin in _reports)


def _member(report: Report) -> Member:
    settled = {name: fact.value for name, fact in report.facts.items() if fact.basis == "catalogue"}
    told = json.dumps(settled, ensure_ascii=False, sort_keys=True, default=str).encode("utf-8")
    source = report.source
    return Member(report.report_id, source.file, source.sha256, sha256(told).hexdigest() if settled else "")


__all__ = ["Reports", "load_reports"]

_IN_MEMORY = "table"
_NOTHING_LEFT = (
    "empty",
    "the file holds no text, only spaces, controls or traces of a word processor",
    "obtain the file again",
)


def load_reports(
    path: str | PathLike[str] | pd.DataFrame | None = None,
    *,
    encoding: str | None = None,
    columns: Mapping[str, str] | None = None,
    join: Sequence[str] = (),
) -> Reports:
    """Load the reports of a file, a folder, an archive or a table.

    Parameters
    ----------
    path : path or DataFrame, optional
        A folder, with or without a ``catalogue.csv``; a text file, saved web page (.html), Word file (.docx) or PDF
        with a text layer; a zip archive of such files; or a table with a report in each row, as a file (.csv, .tsv,
        .jsonl, .json, packed with gzip or not) or in memory, where the name of its file is ``table``. Without it the
        bundled reports are loaded. Facts of a catalogue or a table win over what the text says; a disagreement is one
        of the report's warnings.
    encoding : str, optional
        Python's name of the encoding of text files and web pages without a byte order mark. By default the page's own
        declaration and strict UTF-8 are tried first, then GB18030, Big5 and UTF-16 are compared.
    columns : mapping of str to str, optional
        For a table: our name (``report_id``, ``text``, ``year``, or that of a fact) and the table's. What is not given
        is guessed from the table's names. ``year`` is a year of which the table does not say whether it is the one
        reviewed or that of delivery: what the texts of the table say decides.
    join : sequence of str, optional
        For a table in which a report is spread over several rows: the columns in which these agree, by our names or
        the table's, as ``["issuer", "year"]``. Their texts are put under each other in the order of the table.

    Returns
    -------
    Reports
        Ordered by year reviewed, then report_id; reports of an unknown year come last. What could not be loaded is
        listed in ``problems``.

    Raises
    ------
    CorpusError
        If there is nothing at ``path``, its catalogue cannot be read at all, or a table has no column of text or
        none that ``join`` names.

    Examples
    --------
    >>> import corpus
    >>> corpus.load_reports()[0]
    <Report zaozhuang-2019: 枣庄市科学技术局, 2019>
    """
    joined = (join,) if isinstance(join, str) else tuple(join)
    if path is not None and not isinstance(path, str | PathLike):
        return Reports.from_table(path, columns=columns, join=joined)
    root = data_path() if path is None else Path(path)
    return remember(_load(root, Reading(encoding, columns, joined)), origin=_origin(root))


def _load_frame(frame: pd.DataFrame, columns: Mapping[str, str] | None, join: Sequence[str]) -> Reports:
    rows = read_rows(read_frame(frame, _IN_MEMORY, columns, join), _IN_MEMORY, _IN_MEMORY)
    return remember(_assemble(rows, {}, []), origin=IN_MEMORY)


Reports.read_table = _load_frame


def _load(root: Path, reading: Reading) -> Reports:
    if not root.exists():
        raise CorpusError(f"{root}: there is no such file or folder; check the path")
    if not root.is_dir():
        fault = refusal(root, root.parent)
        file = legible_name(root.name)
        if fault is not None:
            return Reports((), (Problem(file, "", *fault),), load_lexicon())
        report_id = "" if suffix_of(file) in ARCHIVE_SUFFIXES else legible_name(root.stem)
        return _assemble(_read(Candidate(root, file, report_id), reading), {}, [])
    catalogue = read_catalogue(root)
    candidates, problems = collect_files(root, catalogue)
    entries = catalogue.entries if catalogue is not None else {}
    known = [*(catalogue.problems if catalogue else ()), *problems]
    return _assemble(_read_all(candidates, reading), entries, known)


def _read_all(candidates: Iterable[Candidate], reading: Reading) -> Iterator[Document | Problem]:
    for candidate in candidates:
        try:
            yield from _read(candidate, reading)
        except CorpusError as error:
            yield problem_of(error, candidate.file)


def _read(candidate: Candidate, reading: Reading) -> Iterator[Document | Problem]:
    """Yield what a file holds; whatever its reader raises is one problem, but for a table without a column of text."""
    try:
        yield from read_documents(candidate.path, candidate.file, candidate.report_id, reading)
    except CorpusError:
        raise
    except Exception as error:
        yield problem_of(error, candidate.file)


def _assemble(
    documents: Iterable[Document | Problem], entries: Mapping[str, Entry], problems: list[Problem]
) -> Reports:
    reports: dict[str, Report] = {}
    by_sha256: dict[str, str] = {}
    by_key: dict[str, str] = {}
    years: dict[str, tuple[str, int]] = {}
    for document in documents:
        if isinstance(document, Problem):
            problems.append(document)
            continue
        name = _name(document.source)
        entry = entries.get(document.source.file)
        fault = _fault(document, entry, by_sha256, reports)
        if fault is not None:
            problems.append(Problem(document.source.file, "", *fault))
            continue
        by_sha256[document.source.sha256] = name
        report_id, facts = (entry.report_id, entry.facts) if entry else (document.report_id, {})
        try:
            report = assemble_report(report_id, document, catalogue_facts=facts)
        except Exception as error:
            problems.append(problem_of(error, _name(document.source)))
            continue
        if not report.text.strip():
            problems.append(Problem(document.source.file, "", *_NOTHING_LEFT))
            continue
        first = by_key.setdefault(report.key, report.report_id)
        if first != report.report_id and report.key:
            same = Notice("same-text", f"the same text as {first}, in other bytes; analyses count both")
            report = replace(report, warnings=(*report.warnings, same))
        reports[report.report_id] = report
        if document.year is not None:
            years[report.report_id] = document.year
    reports |= settle_years(reports, years)
    return Reports(in_order(reports.values()), tuple(problems), load_lexicon())


def _name(source: Source) -> str:
    """Return the file of a document, with its row in a table."""
    row = next((mark for _, mark in source.landmarks[:1] if mark.startswith("row ")), "")
    return f"{source.file} {row}".rstrip()


def _origin(root: Path) -> str:
    """Return where reports come from in words that are the same on any machine."""
    project = data_path().resolve()
    place = root.resolve()
    if not place.is_relative_to(project):
        return ELSEWHERE
    return (PurePosixPath(project.name) / place.relative_to(project).as_posix()).as_posix()


def _fault(
    document: Document, entry: Entry | None, by_sha256: Mapping[str, str], reports: Mapping[str, Report]
) -> tuple[str, str, str] | None:
    """Return code, message and remedy where a document contradicts the catalogue or one loaded before."""
    sha256 = document.source.sha256
    report_id = entry.report_id if entry else document.report_id
    if entry is not None and entry.sha256 and entry.sha256 != sha256:
        message = f"its sha256 begins with {sha256[:12]}, the catalogue says {entry.sha256[:12]}"
        return "hash-mismatch", message, "obtain the file again, or correct the catalogue"
    if sha256 in by_sha256:
        return "duplicate", f"the same bytes as {by_sha256[sha256]}, which is counted once", "remove one of the two"
    if report_id in reports:
        one, other = _name(document.source), _name(reports[report_id].source)
        return "same-id", f"{one} and {other} would both be called {report_id!r}", "rename one of them"
    return None
