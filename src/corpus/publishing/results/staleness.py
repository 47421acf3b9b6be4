"""Which figures and numbers no longer show the reports at hand, by what they rest on; nothing is run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.loading.load_reports import load_reports
from corpus.loading.record import ELSEWHERE, IN_MEMORY, Loaded, Member, take_down
from corpus.publishing.evidence.claims import CLAIMS_FILE, Claim, read_claims
from corpus.publishing.evidence.provenance import PROVENANCE, code_sha256, data_hashes
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.publishing.writing.dependence import WHOLE
from corpus.report.reports import Reports


@dataclass(frozen=True, slots=True)
class Stale:
    """A figure or a claim that something has changed under since it was made.

    Attributes
    ----------
    kind : {"figure", "claim"}
    name, notebook : str
    reasons : tuple of str
        Reports that were added, removed or changed; files of the project's data that differ; its cell, if that was
        edited.
    """

    kind: str
    name: str
    notebook: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staleness:
    """What `find_stale` found.

    Attributes
    ----------
    stale : tuple of Stale
        Figures first, each in the order of the names.
    n_figures, n_claims : int
        How many there are in all.
    unknown : tuple of str
        Collections that could not be looked at, so that what rests on them could not be judged.
    """

    stale: tuple[Stale, ...]
    n_figures: int
    n_claims: int
    unknown: tuple[str, ...]


def find_stale(folder: Path, *, reports: Reports | None = None) -> Staleness:
    """Return the figures and claims of a folder that do not rest on the reports, data and cells as they are now.

    What flows into a result counts, whether or not its value would change: whoever makes it again may find it the
    same, but nothing that would change is missed.

    Parameters
    ----------
    folder : Path
        Holds the notebooks, their figures and ``claims.json``.
    reports : Reports, optional
        Reports of one's own, as they are now, that the notebooks ran on.

    Raises
    ------
    CorpusError
        If a figure's provenance or the register cannot be read.
    """
    now = _Now(reports)
    figures = [_read_provenance(path) for path in sorted((folder / FIGURES).glob(f"*/{PROVENANCE}"))]
    claims = read_claims(folder / CLAIMS_FILE)
    listed = {
        (each["origin"], each["sha256"]): _members(each)
        for figure in figures
        for each in figure["inputs"]["collections"]
        if "sha256" in each and "reports" in each
    }
    cells = _Cells(folder)
    stale = []
    for figure in figures:
        edited = cells.reasons(figure["notebook"], figure["cell"], figure["code"]["sha256"])
        reasons = [*_figure_reasons(figure, now), *edited]
        if reasons:
            stale.append(Stale("figure", figure["figure"], figure["notebook"], tuple(reasons)))
    for name, claim in claims.items():
        reasons = [*_claim_reasons(claim, now, listed), *cells.reasons(claim.notebook, claim.cell, claim.code)]
        if reasons:
            stale.append(Stale("claim", name, claim.notebook, tuple(reasons)))
    return Staleness(tuple(stale), len(figures), len(claims), tuple(sorted(now.unknown)))


class _Now:
    """The collections as they are now, each looked at once."""

    def __init__(self, reports: Reports | None) -> None:
        self.unknown: set[str] = set()
        self._own = reports
        self._known: dict[str, Loaded | None] = {}

    def collection(self, origin: str) -> Loaded | None:
        """Return the collection, None where it cannot be looked at: a table that a notebook makes is its code's."""
        if origin not in self._known:
            self._known[origin] = self._look(origin)
        return self._known[origin]

    def _look(self, origin: str) -> Loaded | None:
        if origin == IN_MEMORY:
            return None
        if origin == ELSEWHERE:
            if self._own is None:
                self.unknown.add("reports of your own: name them with --reports")
                return None
            return take_down(self._own, origin=origin)
        path = data_path().parent / origin
        if not path.exists():
            return Loaded((), origin, ())
        return take_down(load_reports(path), origin=origin)


class _Cells:
    """The sources of the notebooks' cells as they are now."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, dict[str, str | None]] = {}

    def reasons(self, notebook: str, cell: str | None, digest: str | None) -> Iterator[str]:
        if not notebook or cell is None or digest is None:
            return
        if notebook not in self._known:
            path = self._folder / f"{notebook}.ipynb"
            cells = read_notebook(path).cells if path.is_file() else []
            self._known[notebook] = {each["id"]: code_sha256("".join(each["source"])) for each in cells}
        found = self._known[notebook]
        if cell not in found:
            yield f"cell {cell} of {notebook} is not there any more"
        elif found[cell] != digest:
            yield f"cell {cell} of {notebook} was edited"


def _read_provenance(path: Path) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        _ = told["figure"], told["notebook"], told["cell"], told["code"]["sha256"], told["inputs"]["data"]
        for collection in told["inputs"]["collections"]:
            _ = collection["origin"], collection["rests_on"], _members(collection)
        return told
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: cannot be read as provenance ({error}); corpus reproduce makes it again") from None


def _members(collection: Mapping[str, Any]) -> tuple[Member, ...]:
    return tuple(
        Member(each["report_id"], each["file"], each["sha256"], each.get("catalogue_sha256", ""))
        for each in collection.get("reports", ())
    )


def _figure_reasons(figure: Mapping[str, Any], now: _Now) -> Iterator[str]:
    for collection in figure["inputs"]["collections"]:
        current = now.collection(collection["origin"])
        if current is None:
            continue
        then = _members(collection)
        if "sha256" not in collection:
            yield from _differences(then, _chosen(current, [member.report_id for member in then]), current.origin)
        elif collection["sha256"] != current.digest:
            yield from _changes(then, current)
    before, after = figure["inputs"]["data"], data_hashes()
    for file in sorted(before.keys() | after.keys()):
        if before.get(file) != after.get(file):
            yield f"data/{file} {'is new' if file not in before else 'is gone' if file not in after else 'changed'}"


def _claim_reasons(claim: Claim, now: _Now, listed: Mapping[tuple[str, str], tuple[Member, ...]]) -> Iterator[str]:
    for origin, report_id, digest in claim.rests_on:
        current = now.collection(origin)
        if current is None:
            continue
        if report_id == WHOLE:
            if digest != current.digest:
                yield from _changes(listed.get((origin, digest), ()), current)
            continue
        found = _chosen(current, [report_id])
        if not found:
            yield f"{origin}: {report_id} was removed"
        elif found[0].digest() != digest:
            yield f"{origin}: {report_id} changed"


def _chosen(current: Loaded, report_ids: Sequence[str]) -> tuple[Member, ...]:
    return tuple(member for member in current.reports if member.report_id in report_ids)


def _changes(then: tuple[Member, ...], current: Loaded) -> Iterator[str]:
    """Yield how a collection differs from what it was; if nothing else does, in what was left out."""
    told = list(_differences(then, current.reports, current.origin)) if then else []
    yield from told or [f"{current.origin}: not the reports, or not the files left out, that it was made from"]


def _differences(then: Sequence[Member], now: Sequence[Member], origin: str) -> Iterator[str]:
    before, after = ({member.report_id: member.digest() for member in members} for members in (then, now))
    for report_id in sorted(before.keys() | after.keys()):
        if report_id not in after:
            yield f"{origin}: {report_id} was removed"
        elif report_id not in before:
            yield f"{origin}: {report_id} was added"
        elif before[report_id] != after[report_id]:
            yield f"{origin}: {report_id} changed"
