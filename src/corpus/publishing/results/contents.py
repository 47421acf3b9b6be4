"""What a folder of results holds, for who opens it: README.md, the inputs by hash, and the list for a CODECHECK."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from corpus import __version__
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.evidence.provenance import AUTHORS, DATA, DRAWN_BY, PROVENANCE, TITLE
from corpus.publishing.results.saved_results import AnyResult, read_figures, read_tables
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.writing.whole_files import write_whole
from corpus.report.reports import Reports

CONTENTS, INPUTS, CODECHECK = "README.md", "inputs.json", "codecheck.yml"
_SPECIFICATION = "https://codecheck.org.uk/spec/config/2.0/"


def write_contents(folder: Path) -> bool:
    """Write README.md, which leads from each figure and table to its notebook, cell and data; tell if that changed it.

    Parameters
    ----------
    folder : Path
        That a run wrote to.
    """
    return write_whole(folder / CONTENTS, "\n".join(_contents(folder)).encode("utf-8"))


def _contents(folder: Path) -> Iterator[str]:
    results = _results(folder)
    yield from ("# Notebooks, figures and tables", "")
    yield "Written by `corpus reproduce`. Each figure and table has a folder of its own: data, caption, how to cite it,"
    yield "and what it was made from. `corpus explain NAME` leads from it to the sentences of the reports."
    yield from ("", "| what | notebook | cell | data |", "| --- | --- | --- | --- |")
    for result in results:
        place = f"{result.kind}s/{result.name}"
        shown = f"{place}/{result.name}.png" if result.kind == "figure" else f"{place}/{DATA}"
        made = f"[{result.notebook}]({result.notebook}.ipynb) | `{result.told['cell']}`"
        rows = f"{len(result.rows) - 1:,} rows"
        yield f"| {result.kind} [{result.name}]({shown}) | {made} | [{DATA}]({place}/{DATA}), {rows} |"
    yield from _costs()
    yield ""


def _costs() -> Iterator[str]:
    """Tell how long each notebook of the series takes on the bundled reports, as it was measured last."""
    measured = sorted(data_path("validation").glob("notebooks-*.csv"))
    rows = list(read_rows(measured[-1])) if measured else []
    if rows:
        told = rows[0]
        yield from (
            "",
            f"On the bundled reports, measured on {told['date']} ({told['machine']}; {told['versions']}):",
            "",
        )
        yield from ("| notebook | CPU seconds | memory, MB |", "| --- | --- | --- |")
        yield from (f"| {row['notebook']} | {row['cpu_seconds']} | {row['memory_mb']} |" for row in rows)


def _results(folder: Path) -> list[AnyResult]:
    figures = read_figures(folder) if any((folder / "figures").glob(f"*/{PROVENANCE}")) else []
    return sorted(chain(figures, read_tables(folder)), key=lambda result: (result.notebook, result.kind, result.name))


def write_codecheck(root: Path) -> bool:
    """Write the list of what a CODECHECK makes again, by version 2.0 of its specification; tell if that changed it.

    Who checks adds the fields of the check (codechecker, summary, certificate, report); ORCID and the reference to an
    article come with the release.

    Parameters
    ----------
    root : Path
        Of a checkout.
    """
    lines = ["---", f"version: {_SPECIFICATION}", "paper:", f"  title: {_quoted(TITLE)}", "  authors:"]
    lines += [f"    - name: {_quoted(author)}" for author in AUTHORS]
    lines += ["manifest:"]
    for result in _results(root / "notebooks"):
        file = f"{result.name}.png" if result.kind == "figure" else DATA
        lines.append(f"  - file: notebooks/{result.kind}s/{result.name}/{file}")
        lines.append(f"    comment: {_quoted(f'{result.notebook}: {result.first_sentence}')}")
    return write_whole(root / CODECHECK, ("\n".join(lines) + "\n").encode("utf-8"))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def write_inputs(folder: Path, series: Series, reports: Reports, *, command: Sequence[str]) -> bool:
    """Write what results on reports of one's own were made from: command, options, each report by hash, versions.

    Parameters
    ----------
    folder : Path
        That the run wrote to.
    series : Series
    reports : Reports
        Those that it ran on.
    command : sequence of str
        As it was typed, in the folder that is told beside it.
    """
    told: dict[str, Any] = {
        "command": list(command),
        "in_folder": os.getcwd(),
        "reading": dict(series.reading),
        "reports": [
            {"report_id": report.report_id, "file": report.source.file, "sha256": report.source.sha256}
            for report in reports
        ],
        "excluded": [
            {"file": problem.file, "place": problem.place, "code": problem.code} for problem in reports.problems
        ],
        "versions": {
            "fazhi-workbook": __version__,
            "python": ".".join(map(str, sys.version_info[:3])),
            **{package: version(package) for package in DRAWN_BY},
        },
    }
    return write_whole(folder / INPUTS, f"{json.dumps(told, ensure_ascii=False, indent=1)}\n".encode())
