"""From files to reports: reading, normalising, layout, headings, parts, facts."""

from __future__ import annotations

import hashlib
from os import PathLike
from pathlib import Path

from corpus.loading.assembling import assemble_report
from corpus.loading.catalogue import Entry, read_catalogue
from corpus.loading.collecting import Candidate, collect_files, refusal
from corpus.loading.reading import UndecodableError, read_text
from corpus.loading.resources import data_path, load_lexicon
from corpus.report import CorpusError, Problem, Report, Reports, Source

__all__ = ["load_reports"]


def load_reports(path: str | PathLike[str] | None = None, *, encoding: str | None = None) -> Reports:
    """Load the reports of a file or folder.

    Parameters
    ----------
    path : path, optional
        A folder of text files, with or without a ``catalogue.csv``, or one text file. Without it the bundled reports
        are loaded. Facts of a catalogue win over what the text says; a disagreement is one of the report's warnings.
    encoding : str, optional
        Python's name of the encoding of files without a byte order mark. By default strict UTF-8 is tried first, then
        GB18030, Big5 and UTF-16 are compared.

    Returns
    -------
    Reports
        Ordered by year reviewed, then report_id; reports of an unknown year come last. What could not be loaded is
        listed in ``problems``.

    Raises
    ------
    CorpusError
        If there is nothing at ``path``, or its catalogue cannot be read at all.
    """
    root = data_path() if path is None else Path(path)
    if not root.exists():
        raise CorpusError(f"{root}: there is no such file or folder; check the path")
    if not root.is_dir():
        fault = refusal(root, root.parent)
        if fault is not None:
            return Reports((), (Problem(root.name, "", *fault),), load_lexicon())
        return _load([Candidate(root, root.name, root.stem)], {}, [], encoding)
    catalogue = read_catalogue(root)
    candidates, problems = collect_files(root, catalogue)
    entries = catalogue.entries if catalogue is not None else {}
    return _load(candidates, entries, [*(catalogue.problems if catalogue else ()), *problems], encoding)


def _load(
    candidates: list[Candidate], entries: dict[str, Entry], problems: list[Problem], encoding: str | None
) -> Reports:
    reports: list[Report] = []
    seen: dict[str, str] = {}
    for candidate in candidates:
        loaded = _load_one(candidate, entries.get(candidate.file), seen, encoding)
        if isinstance(loaded, Report):
            reports.append(loaded)
        else:
            problems.append(loaded)
    reports.sort(key=lambda report: (report.year_reviewed or 9999, report.report_id))
    return Reports(tuple(reports), tuple(problems), load_lexicon())


def _load_one(
    candidate: Candidate, entry: Entry | None, seen: dict[str, str], encoding: str | None
) -> Report | Problem:
    try:
        content = candidate.path.read_bytes()
        decoded = read_text(content, encoding=encoding)
    except UndecodableError as error:
        return Problem(candidate.file, error.place, error.code, error.message, error.remedy)
    except OSError as error:
        return Problem(candidate.file, "", "unreadable", str(error.strerror), "check the file and its permissions")
    sha256 = hashlib.sha256(content).hexdigest()
    if entry is not None and entry.sha256 and entry.sha256 != sha256:
        message = f"its sha256 begins with {sha256[:12]}, the catalogue says {entry.sha256[:12]}"
        return Problem(candidate.file, "", "hash-mismatch", message, "obtain the file again, or correct the catalogue")
    if sha256 in seen:
        message = f"the same bytes as {seen[sha256]}, which is counted once"
        return Problem(candidate.file, "", "duplicate", message, "remove one of the two files")
    seen[sha256] = candidate.file
    faithful = decoded.bom + decoded.raw.encode(decoded.encoding) == content
    source = Source(candidate.file, sha256, decoded.encoding, decoded.bom, None if faithful else content)
    return assemble_report(candidate.report_id, source, decoded, catalogue_facts=entry.facts if entry else {})
