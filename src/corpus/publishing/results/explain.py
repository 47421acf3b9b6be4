"""What stands behind a figure, a table or a number: parameters, rows, sentences, and how to rebuild it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.field.data_files import read_rows
from corpus.publishing.evidence.cited_tables import (
    CAPTION,
    DATA,
    CitedTable,
    Place,
    find_number,
    places_of,
    read_table,
    table_folders,
)
from corpus.publishing.evidence.provenance import PROVENANCE
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.report.reports import Report, Reports


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
        Of a cell of a table: value, unit, what its column holds. Of
        a figure or a table: caption, functions, parameters, inputs, versions.
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

    def answer(self) -> dict[str, Any]:
        """Return it in the form of JSON."""
        return {**asdict(self), "facts": dict(self.facts), "rows": [dict(row) for row in self.rows]}


def explain(name: str, folder: Path, *, reports: Reports) -> Explanation:
    """Return what stands behind a figure, a table or one of its cells.

    Parameters
    ----------
    name : str
        Of a figure (``shared-passages``), a table (``closest``) or a cell
        (``closest.longgang-yiyuan.longest_chars``).
    folder : Path
        Holds the notebooks, their figures and tables.
    reports : Reports
        Those that the notebooks ran on.

    Raises
    ------
    CorpusError
        If there is no such figure, table or cell.
    """
    tables = table_folders(folder)
    if name in tables:
        return _explain_table(read_table(tables[name]), folder, reports)
    if name.partition(".")[0] in tables:
        return _explain_cell(name, folder, reports, tables)
    if (folder / FIGURES / name / PROVENANCE).is_file():
        return _explain_figure(name, folder, reports)
    figures = sorted(path.parent.name for path in (folder / FIGURES).glob(f"*/{PROVENANCE}"))
    near = get_close_matches(name, [*figures, *tables], n=5, cutoff=0.5) or [*figures, *tables]
    raise CorpusError(f"{folder}: no figure or table is called {name!r}; there are: {', '.join(near) or 'none'}")


def _explain_figure(name: str, folder: Path, reports: Reports) -> Explanation:
    bundle = folder / FIGURES / name
    try:
        rows = tuple(read_rows(bundle / DATA))
    except (OSError, ValueError) as error:
        raise _damaged(bundle, error) from None
    places = [place for row in rows for place in places_of(row)]
    return _explain_folder(bundle, "figure", folder, places=places, rows=rows, reports=reports)


def _explain_table(table: CitedTable, folder: Path, reports: Reports) -> Explanation:
    places = table.places(range(len(table.rows)))
    return _explain_folder(table.folder, "table", folder, places=places, rows=table.rows, reports=reports)


def _explain_cell(name: str, folder: Path, reports: Reports, tables: Mapping[str, Path]) -> Explanation:
    table, number = find_number(name, tables)
    rows = tuple(table.rows[row] for row in number.rows)
    told = _explain_folder(
        table.folder, "cell", folder, places=table.places(number.rows), rows=rows, reports=reports, all_inputs=False
    )
    held = table.columns.get(number.column, {})
    told_of_column = {field: held[field] for field in ("range", "meaning", "meaning_zh") if held.get(field)}
    facts = {"value": number.value, "unit": number.unit, **told_of_column, **told.facts}
    return replace(told, name=name, facts=facts)


def _explain_folder(
    place: Path,
    kind: str,
    folder: Path,
    *,
    places: list[Place],
    rows: tuple[Mapping[str, str], ...],
    reports: Reports,
    all_inputs: bool = True,
) -> Explanation:
    """Return what the folder of a figure or a table tells, with the words at these places."""
    try:
        told = json.loads((place / PROVENANCE).read_text(encoding="utf-8"))
        caption = (place / CAPTION).read_text(encoding="utf-8").strip()
        notebook, cell, recorded, made_by = told["notebook"], told["cell"], told["files"], told["code"]
        facts = {"caption": caption, "functions": made_by["functions"], "parameters": told["parameters"]}
        if all_inputs:
            facts |= {"inputs": told["inputs"], "versions": told["versions"]}
        code, notes = _code(folder, notebook, cell, made_by["sha256"])
        changed = [
            f"{place.name}/{file}: not the file that was saved (its sha256 differs)"
            for file, digest in recorded.items()
            if not (place / file).is_file() or sha256((place / file).read_bytes()).hexdigest() != digest
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(place, error) from None
    evidence, missing = _evidence(places, reports)
    found = (*notes, *changed, *missing)
    return Explanation(place.name, kind, notebook, cell, code, facts, rows, evidence, found, _rebuild(notebook))


def _damaged(place: Path, error: Exception) -> CorpusError:
    return CorpusError(f"{place}: cannot be explained ({error}); corpus reproduce makes it again")


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


def _rebuild(notebook: str) -> str:
    return f"corpus reproduce --only {notebook}" if notebook else "corpus reproduce"


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
