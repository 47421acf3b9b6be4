"""What stands behind a figure or a number: parameters, rows, sentences with their place, and how to rebuild it."""

from __future__ import annotations

import ast
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.publishing.evidence.claims import CLAIMS_FILE, Claim, read_claims
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
        ``figure`` or ``claim``.
    notebook : str
    cell : str or None
    code : str
        The source of the cell, as it stands in the notebook.
    facts : mapping
        Of a claim: value, unit, denominator, parameters. Of a figure: caption,
        functions, parameters, claims that its caption prints, inputs, versions.
    rows : tuple of mapping
        What the figure plots.
    evidence : tuple of Evidence
        In the order of the rows or of the claim's spans, each span once.
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
    """Return what stands behind a figure or a claim.

    Parameters
    ----------
    name : str
        Of a figure (``shared-passages``) or a claim (``zaozhuang-yiyuan.longest``).
    folder : Path
        Holds the notebooks, their figures and ``claims.json``.
    reports : Reports
        Those that the notebooks ran on.

    Raises
    ------
    CorpusError
        If there is no such figure or claim.
    """
    claims = read_claims(folder / CLAIMS_FILE)
    if (folder / FIGURES / name / PROVENANCE).is_file():
        return _explain_figure(name, folder, reports, claims)
    if name in claims:
        return _explain_claim(name, folder, reports, claims[name])
    figures = sorted(path.parent.name for path in (folder / FIGURES).glob(f"*/{PROVENANCE}"))
    near = get_close_matches(name, [*figures, *claims], n=5, cutoff=0.5) or figures
    raise CorpusError(f"{folder}: no figure and no claim is called {name!r}; there are: {', '.join(near) or 'none'}")


def _explain_figure(name: str, folder: Path, reports: Reports, claims: Mapping[str, Claim]) -> Explanation:
    bundle = folder / FIGURES / name
    try:
        told = json.loads((bundle / PROVENANCE).read_text(encoding="utf-8"))
        caption = (bundle / "caption.md").read_text(encoding="utf-8").strip()
        with (bundle / "data.csv").open(encoding="utf-8-sig", newline="") as stream:
            rows = tuple(csv.DictReader(stream))
        notebook, cell, recorded = told["notebook"], told["cell"], told["files"]
        functions, parameters, printed = told["code"]["functions"], told["parameters"], told["claims"]
        inputs, versions = told["inputs"], told["versions"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{bundle}: cannot be explained ({error}); corpus reproduce makes it again") from None
    code, notes = _code(folder, notebook, cell, told["code"]["sha256"])
    notes += [
        f"{bundle.name}/{file}: not the file that was drawn (its sha256 differs)"
        for file, digest in recorded.items()
        if not (bundle / file).is_file() or sha256((bundle / file).read_bytes()).hexdigest() != digest
    ]
    facts = {
        "caption": caption,
        "functions": functions,
        "parameters": parameters,
        "claims": {claim: str(claims[claim]) for claim in printed if claim in claims},
        "inputs": inputs,
        "versions": versions,
    }
    spans = [span for row in rows for span in _spans(row)]
    evidence, missing = _evidence(spans, reports)
    rebuild = _rebuild(notebook)
    return Explanation(name, "figure", notebook, cell, code, facts, rows, evidence, (*notes, *missing), rebuild)


def _explain_claim(name: str, folder: Path, reports: Reports, claim: Claim) -> Explanation:
    code, notes = _code(folder, claim.notebook, claim.cell, claim.code)
    facts = {
        "value": claim.value,
        "unit": claim.unit,
        "denominator": claim.denominator,
        "parameters": dict(claim.parameters),
    }
    evidence, missing = _evidence(list(claim.spans), reports)
    rebuild = _rebuild(claim.notebook)
    return Explanation(
        name, "claim", claim.notebook, claim.cell, code, facts, (), evidence, (*notes, *missing), rebuild
    )


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


def _spans(row: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Yield the spans that a row of a figure's data names.

    They stand in columns start and end beside report_id, in start_a and end_a beside report_a, or in a list of
    (report_id, start, end) called places.
    """
    for column in row:
        if not column.startswith("start"):
            continue
        suffix = column.removeprefix("start")
        report_id = row.get(f"report{suffix}") or row.get(f"report_id{suffix}") or row.get("report_id") or ""
        start, end = row[column], row.get(f"end{suffix}") or ""
        if report_id and start and end and float(start) < float(end):
            yield report_id, int(float(start)), int(float(end))
    if row.get("places", "").startswith("["):
        for report_id, start, end in ast.literal_eval(row["places"]):
            yield str(report_id), int(start), int(end)


def _evidence(spans: list[tuple[str, int, int]], reports: Reports) -> tuple[tuple[Evidence, ...], list[str]]:
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
