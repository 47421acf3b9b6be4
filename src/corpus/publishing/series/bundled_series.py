"""The series of notebooks as it is to be run: as written on the bundled reports, or on reports of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.field.data_files import is_checkout, notebooks_path
from corpus.publishing.evidence.marks import LookUp, empty_marks, fill_marks
from corpus.publishing.figures.look import Look
from corpus.publishing.writing.whole_files import write_whole

DEFAULT_OUT = "fazhi-workbook"
INJECTED = "injected-parameters"
_REPORTS_PATH = "reports_path = "
_USUAL = Look()


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook of the series: its name without suffix, and what its file says."""

    name: str
    content: dict[str, Any]

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = self.content["cells"]
        return cells

    @property
    def sources(self) -> list[str]:
        """What is written in the cells, leaving out the one that `Series` puts in."""
        return ["".join(cell["source"]) for cell in self.cells if INJECTED not in _tags(cell)]

    def cell_name(self, index: int) -> str:
        """Return how people find the cell at this place, counted from 0: its number from 1, and its id."""
        return f"cell {index + 1} ({self.cells[index]['id']})"

    @property
    def prose(self) -> Iterator[tuple[int, str, bool]]:
        """The places and texts of the Markdown cells, and whether they speak of the bundled reports."""
        for index, cell in enumerate(self.cells):
            if cell["cell_type"] == "markdown":
                yield index, "".join(cell["source"]), "bundled" in _tags(cell)

    def filled(self, look_up: LookUp) -> Notebook:
        """Return the notebook with the current values between the marks of its prose on the bundled reports.

        Raises
        ------
        CorpusError
            If a mark names nothing that there is; the message begins with the cell.
        """
        cells = list(self.cells)
        for index, text, is_bundled in self.prose:
            if is_bundled and "<!--" in text:
                try:
                    new = fill_marks(text, look_up)
                except CorpusError as error:
                    raise CorpusError(f"{self.cell_name(index)}: {error}") from None
                cells[index] = {**cells[index], "source": new.splitlines(keepends=True)}
        return Notebook(self.name, {**self.content, "cells": cells})

    def written(self) -> str:
        """Return the text of its file, as JupyterLab writes it."""
        text = json.dumps(self.content, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
        return f"{text}\n"


@dataclass(frozen=True, slots=True)
class Series:
    """Which notebooks to run, and on which reports.

    Attributes
    ----------
    folder : Path
        Where the notebooks are; they are taken in the order of their names.
    reports : Path or None
        Reports of one's own. Cells that are tagged ``bundled`` are left out then, and the cell tagged ``parameters``
        is followed by one that sets ``reports_path`` and ``reading``.
    only : str
        Beginning of the names of the notebooks that are wanted; empty for all.
    reading : mapping
        What `corpus.load_reports` is told besides the path: ``encoding`` and ``columns``. The notebooks have it as
        ``reading``.
    look : Look
        How the figures look. Where it is not the usual look, the cell put in sets it.
    """

    folder: Path
    reports: Path | None = None
    only: str = ""
    reading: Mapping[str, Any] = field(default_factory=dict)
    look: Look = _USUAL

    @property
    def wishes(self) -> dict[str, Any]:
        """What of the look is not as usual."""
        return {name: value for name, value in asdict(self.look).items() if value != getattr(_USUAL, name)}

    @property
    def is_as_committed(self) -> bool:
        """Whether it makes what is kept beside the notebooks: from the bundled reports, in the usual look."""
        return self.reports is None and self.look == _USUAL

    def notebooks(self) -> list[Notebook]:
        """Return the notebooks as they are to be run.

        Raises
        ------
        CorpusError
            If none has such a name, or one of them cannot be run.
        """
        paths = sorted(self.folder.glob("*.ipynb"))
        chosen = [path for path in paths if path.stem.startswith(self.only)]
        if not paths:
            remedy = "restore the files of the series, or name a folder that corpus reproduce made"
            raise CorpusError(f"{self.folder}: holds no notebook; {remedy}")
        if not chosen:
            names = ", ".join(path.stem for path in paths)
            raise CorpusError(f"{self.folder}: no notebook's name begins with {self.only!r}; there are: {names}")
        return [self._prepare(path) for path in chosen]

    def _prepare(self, path: Path) -> Notebook:
        notebook = read_notebook(path)
        for number, cell in enumerate(notebook.cells, 1):
            if not cell.get("id"):
                raise CorpusError(f"{path}: cell {number} has no id; open the notebook in JupyterLab and save it")
        if self.is_as_committed:
            return notebook
        kept = [cell for cell in notebook.cells if self.reports is None or "bundled" not in _tags(cell)]
        places = [place for place, cell in enumerate(kept) if "parameters" in _tags(cell)]
        if len(places) != 1:
            raise CorpusError(f"{path}: one cell tagged parameters must set reports_path; there are {len(places)}")
        kept.insert(places[0] + 1, self._parameters())
        return Notebook(notebook.name, {**notebook.content, "cells": kept})

    def _parameters(self) -> dict[str, Any]:
        """Return the cell that sets what differs from the notebook as it is written."""
        lines = []
        if self.reports is not None:
            lines += [f"{_REPORTS_PATH}{str(self.reports.resolve())!r}", f"reading = {dict(self.reading)!r}"]
        if self.wishes:
            asked = ", ".join(f"{name}={value!r}" for name, value in self.wishes.items())
            # It stands before the cell that imports corpus.
            lines += ["import corpus", f"look = corpus.figures.set_look({asked})"]
        return {
            "cell_type": "code",
            "execution_count": None,
            "id": INJECTED,
            "metadata": {"tags": [INJECTED]},
            "outputs": [],
            "source": "\n".join(lines),
        }


def default_out(series: Series) -> Path:
    """Return the folder that a run writes to if nobody says which: in a checkout, that of the notebooks.

    What is not as committed, for its reports or its look, has a folder of its own in the current one.
    """
    if series.is_as_committed and is_checkout():
        return notebooks_path()
    reports = [] if series.reports is None else [series.reports.resolve().stem]
    wishes = [f"{value:g}mm" if name == "width_mm" else value for name, value in series.wishes.items()]
    return Path("-".join([DEFAULT_OUT, *reports, *wishes]))


def read_notebook(path: Path) -> Notebook:
    """Read a notebook's file.

    Raises
    ------
    CorpusError
        If it cannot be read, or holds no notebook of format 4.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["nbformat"] != 4 or not all("source" in cell for cell in content["cells"]):
            raise ValueError("not of format 4")
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{path}: no notebook of format 4 ({error}); restore the file, or remove it") from None
    return Notebook(path.stem, content)


def check_out(series: Series, out: Path) -> None:
    """Refuse a folder in which a run of the series would overwrite what it did not write, or be taken for reports.

    Raises
    ------
    CorpusError
        If ``out`` lies in the folder of the reports; if it is the folder of the notebooks themselves and the reports
        are one's own or the look is not the usual one; or if a notebook in it has other cells than the series.
    """
    if series.reports is not None and out.resolve().is_relative_to(series.reports.resolve()):
        raise CorpusError(f"{out}: lies among the reports themselves; choose another folder with --out")
    if out.resolve() == series.folder.resolve():
        if not series.is_as_committed:
            raise CorpusError(
                f"{out}: holds the notebooks on the bundled reports in their usual look;"
                " choose another folder with --out"
            )
        return
    for notebook in series.notebooks():
        there = out / f"{notebook.name}.ipynb"
        # What stands between marks is no edit: a run writes it.
        if there.exists() and _as_typed(read_notebook(there)) != _as_typed(notebook):
            raise CorpusError(
                f"{there}: would be overwritten, but it was edited, or made by another version or for other reports;"
                " move it away, or choose another folder with --out"
            )


def lay_out_notebooks(series: Series, out: Path) -> tuple[str, ...]:
    """Put the notebooks of a series, not run yet, into a folder, and return the files that were there: they stay."""
    there = []
    for notebook in series.notebooks():
        path = out / f"{notebook.name}.ipynb"
        if path.exists():
            there.append(path.name)
            continue
        cells = [
            {**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
            for cell in notebook.cells
        ]
        write_whole(path, Notebook(notebook.name, {**notebook.content, "cells": cells}).written().encode("utf-8"))
    return tuple(there)


def _as_typed(notebook: Notebook) -> list[str]:
    return list(map(empty_marks, notebook.sources))


def _tags(cell: dict[str, Any]) -> list[str]:
    tags: list[str] = cell.get("metadata", {}).get("tags", [])
    return tags
