"""What stands behind a figure, a table or a number: parameters, rows, sentences, and how to rebuild it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.field.data_files import read_rows
from corpus.publishing.evidence.cited_tables import Place, places_of
from corpus.publishing.evidence.provenance import DATA
from corpus.publishing.results.saved_results import read_result
from corpus.publishing.series.bundled_series import read_notebook

if TYPE_CHECKING:
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
    result = read_result(folder, first)
    told, kind, facts = result.told, str(result.kind), dict[str, Any]()
    rows = tuple(read_rows(result.folder / DATA))
    if result.kind == "table":
        chosen: Sequence[int] = range(len(rows))
        if rest:
            number = result.table.number(rest)
            held = result.table.columns.get(number.column, {})
            facts = {"value": number.value, "unit": number.unit}
            facts |= {field: held[field] for field in ("range", "meaning", "meaning_zh") if held.get(field)}
            kind, chosen, rows = "cell", number.rows, tuple(rows[row] for row in number.rows)
        places = result.table.places(chosen)
    else:
        places = [place for row in rows for place in places_of(row)]
    facts |= {"caption": result.caption, "functions": told["code"]["functions"], "parameters": told["parameters"]}
    if kind != "cell":
        facts |= {"inputs": told["inputs"], "versions": told["versions"]}
    code, notes = _code(folder, result.notebook, told["cell"], told["code"]["sha256"])
    changed = [
        f"{first}/{file}: not the file that was saved (its sha256 differs)"
        for file, digest in told["files"].items()
        if not (path := result.folder / file).is_file() or sha256(path.read_bytes()).hexdigest() != digest
    ]
    evidence, missing = _evidence(places, reports)
    rebuild = f"corpus reproduce --only {result.notebook}" if result.notebook else "corpus reproduce"
    found = (*notes, *changed, *missing)
    return Explanation(name, kind, result.notebook, told["cell"], code, facts, rows, evidence, found, rebuild)


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
