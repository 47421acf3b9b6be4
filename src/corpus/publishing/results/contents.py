"""What results hold, for who opens them: README.md, inputs by hash, CODECHECK, and pages for any browser."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import __version__
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.evidence.provenance import AUTHORS, DATA, DRAWN_BY, FIGURES, TABLES, TITLE
from corpus.publishing.evidence.saved_results import read_all
from corpus.publishing.series.bundled_series import Series, read_notebook
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.html_view import document

if TYPE_CHECKING:
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
    yield from ("# Notebooks, figures and tables", "")
    yield "Written by `corpus reproduce`. Each figure and table has a folder of its own: data, caption, how to cite it,"
    yield "and what it was made from. `corpus explain NAME` leads from it to the sentences of the reports."
    yield from ("", "| what | notebook | cell | data |", "| --- | --- | --- | --- |")
    for result in read_all(folder, FIGURES, TABLES):
        place = f"{result.kind}s/{result.name}"
        shown = f"{place}/{result.name}.png" if result.kind == "figure" else f"{place}/{DATA}"
        made = f"[{result.notebook}]({result.notebook}.ipynb) | `{result.told['cell']}`"
        rows = f"{len(result.rows):,} rows"
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
    for result in read_all(root / "notebooks", FIGURES, TABLES):
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


_TAGS = re.compile(r"<[^<>]*>")


def export_html(folder: Path, out: Path) -> list[Path]:
    """Write a page for each notebook of a folder, and the files of figures and tables, and return the pages.

    The pages load nothing from elsewhere.

    Raises
    ------
    CorpusError
        If there is no notebook, the place cannot be written, or another run writes there.
    """
    notebooks = sorted(folder.glob("*.ipynb"))
    if not notebooks:
        raise CorpusError(f"{folder}: holds no notebook")
    if out.resolve() == folder.resolve():
        raise CorpusError(f"{out}: holds the notebooks themselves; choose another folder with --out")
    names = [path.stem for path in notebooks]
    with hold_folder(out):
        pages = {f"{path.stem}.html": _page(path, names) for path in notebooks}
        saved = (path for kind in (FIGURES, TABLES) for path in (folder / kind).glob("*/*"))
        for source in sorted(path for path in saved if path.is_file()):
            write_whole(out / source.relative_to(folder), source.read_bytes())
        for file, page in pages.items():
            write_whole(out / file, page.encode("utf-8"))
    return [out / file for file in pages]


def _page(path: Path, names: list[str]) -> str:
    from nbconvert.exporters import HTMLExporter
    from nbformat import reads

    notebook = reads(json.dumps(read_notebook(path).content), as_version=4)  # type: ignore[no-untyped-call]
    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True, exclude_anchor_links=True
    )
    body, _ = exporter.from_notebook_node(notebook)
    others = " · ".join(
        f"<b>{name}</b>" if name == path.stem else f'<a href="{name}.html">{name}</a>' for name in names
    )
    links = f'<nav class="only-screen" aria-label="Notebooks">{others}</nav>'
    content = f'{links}<div id="text">{body}</div>'
    title = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.DOTALL)
    named = f"{unescape(_TAGS.sub('', title[1])).strip()} ({path.stem})" if title else path.stem
    return document(named, content, skip_to="text", skip_label="To the text", pictures=True)
