"""What stands behind a figure, a table or a number: parameters, rows, sentences, and how to rebuild it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError
from corpus.publishing.evidence.provenance import (
    CAPTION,
    CITATION,
    COLUMNS,
    DATA,
    FIGURES,
    PLACES,
    PROVENANCE,
    TABLES,
    gbt_7714_reference,
)
from corpus.publishing.evidence.saved_results import Place, Saved, read_saved, saved_folders
from corpus.publishing.series.bundled_series import read_notebook

if TYPE_CHECKING:
    from corpus.report.reports import Report, Reports


_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that a mark or a number rests on, with the sentences that hold it.

    Attributes
    ----------
    report_id : str
    start, end : int
        Code points of ``report.raw``, end exclusive.
    quote : str
    sentence : str
        The sentences of ``text`` that the span touches; the quotation again where it lies outside of the body.
    file : str
    bytes : tuple of (int, int) or None
        First byte and the one behind the last, for plain text.
    landmark : str
        Page or paragraph of the file, for other formats.
    """

    report_id: str
    start: int
    end: int
    quote: str
    sentence: str
    file: str
    bytes: tuple[int, int] | None
    landmark: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What stands behind one name.

    Attributes
    ----------
    name, kind : str
        ``figure``, ``table`` or ``cell``.
    notebook : str
    cell : str or None
    code : str
        The source of the cell, as it stands in the notebook.
    facts : mapping
        Of a cell of a table: value, unit, what its column holds. Of a figure or a table: what `describe` tells, and
        inputs and versions. Of all: caption, functions, parameters.
    rows : tuple of mapping
        What the figure plots, the rows of the table, or those that a cell rests on.
    evidence : tuple of Evidence
        In the order of the rows, each span once.
    notes : tuple of str
        What does not fit together: a file that differs from its recorded hash, a report that is not loaded.
    rebuild : str
        The command that makes it again.
    """

    name: str
    kind: str
    notebook: str
    cell: str | None
    code: str
    facts: Mapping[str, Any]
    rows: tuple[Mapping[str, str], ...]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    rebuild: str


def explain(name: str, folder: Path, *, reports: Reports) -> Explanation:
    """Return what stands behind a figure, a table or one of its cells.

    Parameters
    ----------
    name : str
        Of a figure (``shared-passages``), a table (``closest``) or a cell
        (``closest.longgang-2020/yiyuan-2022.longest_chars``).
    folder : Path
        Holds the notebooks, their figures and tables.
    reports : Reports
        Those that the notebooks ran on.

    Raises
    ------
    CorpusError
        If there is no such figure, table or cell.
    """
    first, _, rest = name.partition(".")
    known = saved_folders(folder, TABLES, FIGURES)
    if first not in known:
        near = get_close_matches(first, known, n=5, cutoff=0.5) or known
        raise CorpusError(f"{folder}: no figure or table is called {first!r}; there are: {', '.join(near) or 'none'}")
    result = read_saved(known[first])
    told, kind, rows = result.told, str(result.kind), result.rows
    chosen: tuple[int, ...] = tuple(range(len(rows)))
    if rest and kind == "table":
        number = result.number(rest)
        held = result.columns.get(number.column, {})
        facts = {"value": number.value, "unit": number.unit}
        facts |= {field: held[field] for field in ("range", "meaning", "meaning_zh") if held.get(field)}
        kind, chosen, rows = "cell", number.rows, tuple(rows[row] for row in number.rows)
    else:
        facts = {**describe(result), "inputs": told["inputs"], "versions": told["versions"]}
    facts |= {
        "caption": result.read(CAPTION),
        "functions": told["code"]["functions"],
        "parameters": told["parameters"],
    }
    code, notes = _code(folder, result.notebook, told["cell"], told["code"]["sha256"])
    changed = [
        f"{first}/{file}: not the file that was saved (its sha256 differs)"
        for file, digest in told["files"].items()
        if not (path := result.folder / file).is_file() or sha256(path.read_bytes()).hexdigest() != digest
    ]
    evidence, missing = _evidence(result.places(chosen), reports)
    rebuild = f"corpus reproduce --only {result.notebook}" if result.notebook else "corpus reproduce"
    found = (*notes, *changed, *missing)
    return Explanation(name, kind, result.notebook, told["cell"], code, facts, rows, evidence, found, rebuild)


def describe(result: Saved) -> dict[str, Any]:
    """Return what belongs to a figure or a table, for a program."""
    pictures = [f"{result.name}.{form}" for form in ("png", "svg", "pdf")]
    files = (result.folder / file for file in (*pictures, DATA, COLUMNS, PLACES, PROVENANCE, CITATION))
    told = {
        "name": result.name,
        "notebook": result.notebook,
        "question": question_of(result),
        "caption": result.read(CAPTION).split("\n\n"),
        "files": [str(path) for path in files if path.is_file()],
        "n_rows": len(result.rows),
        "gbt_7714": gbt_7714_reference(
            result.name,
            result.kind,
            notebook=result.notebook,
            data_sha256=result.told["files"][DATA],
            made_with=result.told["versions"]["fazhi-workbook"],
        ),
        "bibtex": result.read(CITATION),
    }
    if result.kind == "table":
        columns = [dict(column) for column in result.columns.values()]
        return {**told, "columns": columns, "row_names": list(result.row_names)}
    width, height = (round(length, 1) for length in result.size_mm)
    return {
        **told,
        "alt": result.read("alt.txt"),
        "width_mm": width,
        "height_mm": height,
        "columns": list(result.rows[0]) if result.rows else [],
    }


def question_of(result: Saved) -> str:
    """Return the heading of the notebook that makes a figure or table; nothing where the notebook is not at hand."""
    path = result.folder.parent.parent / f"{result.notebook}.ipynb"
    if not result.notebook or not path.exists():
        return ""
    titles = (_TITLE.search(source) for source in read_notebook(path).sources)
    return next((title[1].strip() for title in titles if title), "")


def _code(folder: Path, notebook: str, cell: str | None, digest: str | None) -> tuple[str, list[str]]:
    """Return the source of a cell, and what is wrong with it."""
    path = folder / f"{notebook}.ipynb"
    if cell is None or not path.is_file():
        return "", ["made outside of the notebooks"]
    sources = {each["id"]: "".join(each["source"]) for each in read_notebook(path).cells}
    if cell not in sources:
        return "", [f"{path.name}: has no cell {cell!r} any more"]
    changed = digest is not None and sha256(sources[cell].encode("utf-8")).hexdigest() != digest
    return sources[cell], [f"{path.name}: cell {cell!r} was edited since"] if changed else []


def _evidence(spans: list[Place], reports: Reports) -> tuple[tuple[Evidence, ...], list[str]]:
    by_id = {report.report_id: report for report in reports}
    distinct = dict.fromkeys(spans)
    missing = sorted({report_id for report_id, _, _ in distinct if report_id not in by_id})
    sentences: dict[str, list[tuple[int, int]]] = {}
    found = []
    for report_id, start, end in distinct:
        report = by_id.get(report_id)
        if report is None or end > len(report.raw):
            continue
        if report_id not in sentences:
            sentences[report_id] = [(passage.start, passage.end) for passage in report.passages("sentence")]
        found.append(_show(report, start, end, sentences[report_id]))
    notes = [f"{report_id}: not among the reports at hand, so its words cannot be shown" for report_id in missing]
    return tuple(found), notes


def _show(report: Report, start: int, end: int, sentences: list[tuple[int, int]]) -> Evidence:
    touched = [(low, high) for low, high in sentences if low < end and high > start]
    quote = report.quote(start, end)
    sentence = report.quote(touched[0][0], touched[-1][1]) if touched else quote
    plain = not report.source.text_sha256
    return Evidence(
        report_id=report.report_id,
        start=start,
        end=end,
        quote=quote,
        sentence=sentence,
        file=report.source.file,
        bytes=report.byte_span(start, end) if plain else None,
        landmark="" if plain else report.landmark(start),
    )
