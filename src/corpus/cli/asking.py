"""Which reports a command is asked of, and how they are to be read."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from corpus.loading import load_reports
from corpus.loading.resources import data_path
from corpus.publishing import terminal
from corpus.report import Report, Reports
from corpus.values import CorpusError


def load_asked(path: str | Path | None, options: argparse.Namespace) -> Reports:
    """Load the reports of a path, or the bundled ones, as the options say."""
    return load_reports(path, **reading_of(options))


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
    return reading


def find_report(name: str, bundled: Reports, options: argparse.Namespace) -> Report:
    """Return the bundled report with this id, or the one in this file: as the catalogue has it if it is in there."""
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
        raise CorpusError(f"{path}: holds {terminal.count(len(loaded), 'report')}; {remedy}")
    return loaded[0]
