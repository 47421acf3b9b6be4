"""From files to reports: reading, normalising, layout, headings, parts, facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from os import PathLike
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, load_lexicon
from corpus.loading.assembling import assemble_report
from corpus.loading.catalogue import Entry, read_catalogue
from corpus.loading.collecting import Candidate, collect_files, refusal
from corpus.loading.files.documents import ARCHIVE_SUFFIXES, Document, Reading, read_documents, read_rows
from corpus.loading.files.table_rows import read_frame
from corpus.loading.loaded import ELSEWHERE, IN_MEMORY, remember
from corpus.report.reports import Report, Reports, in_order
from corpus.report.values import Notice, Problem

if TYPE_CHECKING:
    import pandas as pd

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
) -> Reports:
    """Load the reports of a file, a folder, an archive or a table.

    Parameters
    ----------
    path : path or DataFrame, optional
        A folder, with or without a ``catalogue.csv``; a text file, saved web page (.html), Word file (.docx) or PDF
        with a text layer; a zip archive of such files; or a table with a report in each row, as a file (.csv, .tsv,
        .jsonl) or in memory, where the name of its file is ``table``. Without it the bundled reports are loaded. Facts
        of a catalogue or a table win over what the text says; a disagreement is one of the report's warnings.
    encoding : str, optional
        Python's name of the encoding of text files and web pages without a byte order mark. By default the page's own
        declaration and strict UTF-8 are tried first, then GB18030, Big5 and UTF-16 are compared.
    columns : mapping of str to str, optional
        For a table: our name (``report_id``, ``text``, or that of a fact) and the table's. What is not given is
        guessed from the table's names.

    Returns
    -------
    Reports
        Ordered by year reviewed, then report_id; reports of an unknown year come last. What could not be loaded is
        listed in ``problems``.

    Raises
    ------
    CorpusError
        If there is nothing at ``path``, its catalogue cannot be read at all, or a table has no column of text.

    Examples
    --------
    >>> import corpus
    >>> corpus.load_reports()[0]
    <Report zaozhuang-2019: 枣庄市科学技术局, 2019>
    """
    if path is not None and not isinstance(path, str | PathLike):
        return Reports.from_table(path, columns=columns)
    root = data_path() if path is None else Path(path)
    return remember(_load(root, Reading(encoding, columns)), origin=_origin(root))


def _load_frame(frame: pd.DataFrame, columns: Mapping[str, str] | None) -> Reports:
    rows = read_rows(read_frame(frame, _IN_MEMORY, columns), _IN_MEMORY, _IN_MEMORY)
    return remember(_assemble(rows, {}, []), origin=IN_MEMORY)


Reports.read_table = _load_frame


def _load(root: Path, reading: Reading) -> Reports:
    if not root.exists():
        raise CorpusError(f"{root}: there is no such file or folder; check the path")
    if not root.is_dir():
        fault = refusal(root, root.parent)
        if fault is not None:
            return Reports((), (Problem(root.name, "", *fault),), load_lexicon())
        report_id = "" if root.suffix.lower() in ARCHIVE_SUFFIXES else root.stem
        return _assemble(read_documents(root, root.name, report_id, reading), {}, [])
    catalogue = read_catalogue(root)
    candidates, problems = collect_files(root, catalogue)
    entries = catalogue.entries if catalogue is not None else {}
    known = [*(catalogue.problems if catalogue else ()), *problems]
    return _assemble(_read_all(candidates, reading), entries, known)


def _read_all(candidates: Iterable[Candidate], reading: Reading) -> Iterator[Document | Problem]:
    for candidate in candidates:
        try:
            yield from read_documents(candidate.path, candidate.file, candidate.report_id, reading)
        except CorpusError as error:
            message = str(error).removeprefix(f"{candidate.file}: ")
            yield Problem(candidate.file, "", "no-text-column", message, "or move it out of the folder")


def _assemble(
    documents: Iterable[Document | Problem], entries: Mapping[str, Entry], problems: list[Problem]
) -> Reports:
    reports: dict[str, Report] = {}
    by_sha256: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for document in documents:
        if isinstance(document, Problem):
            problems.append(document)
            continue
        name = " ".join(filter(None, (document.source.file, *(mark for _, mark in document.source.landmarks[:1]))))
        entry = entries.get(document.source.file)
        fault = _fault(document, entry, by_sha256, reports)
        if fault is not None:
            problems.append(Problem(document.source.file, "", *fault))
            continue
        by_sha256[document.source.sha256] = name
        report_id, facts = (entry.report_id, entry.facts) if entry else (document.report_id, {})
        report = assemble_report(report_id, document, catalogue_facts=facts)
        if not report.text.strip():
            problems.append(Problem(document.source.file, "", *_NOTHING_LEFT))
            continue
        first = by_key.setdefault(report.key, report.report_id)
        if first != report.report_id and report.key:
            same = Notice("same-text", f"the same text as {first}, in other bytes; analyses count both")
            report = replace(report, warnings=(*report.warnings, same))
        reports[report.report_id] = report
    return Reports(in_order(reports.values()), tuple(problems), load_lexicon())


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
        other = reports[report_id].source.file
        return "same-id", f"{document.source.file} and {other} would both be called {report_id!r}", "rename one of them"
    return None
