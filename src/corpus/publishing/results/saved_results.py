"""The figures and tables beside the notebooks as their folders tell them: what they show, rest on, how to cite them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image

from corpus.errors import CorpusError
from corpus.publishing.evidence.cited_tables import COLUMNS, PLACES, TABLES, CitedTable, read_table
from corpus.publishing.evidence.provenance import (
    CAPTION,
    CITATION,
    DATA,
    PROVENANCE,
    Kind,
    gbt_7714_reference,
    reference,
)
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.publishing.writing.screen import count, printable, wrap
from corpus.report.values import IN_MEMORY

_MM_PER_INCH = 25.4
_INDENT = "  "
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Saved:
    """A figure or a table in a folder of its own.

    Attributes
    ----------
    folder : Path
    kind : str
        ``figure`` or ``table``.
    caption, citation : str
        Paragraphs of the caption in English, then Chinese; the BibTeX.
    told : dict
        What ``provenance.json`` says.
    """

    folder: Path
    kind: Kind
    caption: str
    citation: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def notebook(self) -> str:
        """The notebook that makes it; empty where none does."""
        return str(self.told["notebook"])

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that a reader may want."""
        pictures = [f"{self.name}.{form}" for form in ("png", "svg", "pdf")]
        known = (*pictures, DATA, COLUMNS, PLACES, PROVENANCE, CITATION)
        return tuple(path for file in known if (path := self.folder / file).is_file())

    @property
    def question(self) -> str:
        """The heading of the notebook that makes it; empty where the notebook is not at hand."""
        path = self.folder.parent.parent / f"{self.notebook}.ipynb"
        if not self.notebook or not path.exists():
            return ""
        titles = (_TITLE.search(source) for source in read_notebook(path).sources)
        return next((title[1].strip() for title in titles if title), "")

    @property
    def first_sentence(self) -> str:
        """What the caption says first."""
        return self.caption.split("\n\n")[0].split(". ")[0].rstrip(".") + "."

    @property
    def references(self) -> tuple[str, str]:
        """References to it: for a note, and by GB/T 7714."""
        told = (self.notebook, self.told["files"][DATA], self.told["versions"]["fazhi-workbook"])
        named = dict(zip(("notebook", "data_sha256", "made_with"), told, strict=True))
        return reference(self.name, self.kind, **named), gbt_7714_reference(self.name, self.kind, **named)

    @cached_property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The rows of data.csv, the names of the columns first."""
        with (self.folder / DATA).open(encoding="utf-8-sig", newline="") as stream:
            return tuple(map(tuple, csv.reader(stream)))

    @cached_property
    def table(self) -> CitedTable:
        """The rows and columns of a table to cite."""
        return read_table(self.folder)

    @cached_property
    def size_mm(self) -> tuple[float, float]:
        """Width and height of a figure in print."""
        with Image.open(self.folder / f"{self.name}.png") as picture:
            across, down = picture.info["dpi"]
            return picture.width / across * _MM_PER_INCH, picture.height / down * _MM_PER_INCH

    @property
    def size(self) -> str:
        """How large it is: a figure in print, in whole millimetres; a table in rows and columns."""
        if self.kind == "figure":
            return "{:.0f} × {:.0f} mm".format(*self.size_mm)
        return f"{count(len(self.rows) - 1, 'row')}, {count(len(self.rows[0]), 'column')}"

    @property
    def _collection(self) -> dict[str, Any]:
        """The largest collection that was loaded from files."""
        files = (each for each in self.told["inputs"]["collections"] if each["origin"] != IN_MEMORY)
        return max(files, key=lambda each: int(each["n_reports"]), default={})

    @property
    def reports(self) -> list[str]:
        """The reports that it rests on, as far as they are listed."""
        return [report["report_id"] for report in self._collection.get("reports", ())]

    @property
    def n_reports(self) -> int:
        return int(self._collection.get("n_reports", 0))

    def answer(self) -> dict[str, Any]:
        """Return what belongs to it, for a program."""
        sentence, gbt_7714 = self.references
        told = {
            "name": self.name,
            "notebook": self.notebook,
            "question": self.question,
            "caption": self.caption.split("\n\n"),
            "files": list(map(str, self.files)),
            "n_rows": len(self.rows) - 1,
            "sentence": sentence,
            "gbt_7714": gbt_7714,
            "bibtex": self.citation,
        }
        if self.kind == "table":
            columns = [dict(column) for column in self.table.columns.values()]
            return {**told, "columns": columns, "row_names": list(self.table.row_names)}
        width, height = (round(length, 1) for length in self.size_mm)
        return {
            **told,
            "alt": (self.folder / "alt.txt").read_text(encoding="utf-8").strip(),
            "width_mm": width,
            "height_mm": height,
            "columns": list(self.rows[0]),
            "reports": self.reports,
            "n_reports": self.n_reports,
            "parameters": self.told["parameters"],
        }


def read_figures(folder: Path) -> list[Saved]:
    """Return the figures beside the notebooks of a folder, by notebook and name.

    Raises
    ------
    CorpusError
        If there is none, or one cannot be read.
    """
    figures = _read_all(folder / FIGURES)
    if not figures:
        raise CorpusError(f"{folder}: holds no figures; corpus reproduce makes them")
    return figures


def read_tables(folder: Path) -> list[Saved]:
    """Return the tables beside the notebooks of a folder, by notebook and name.

    Raises
    ------
    CorpusError
        If one cannot be read.
    """
    return _read_all(folder / TABLES)


def read_result(folder: Path, name: str) -> Saved:
    """Return the figure or table of this name beside the notebooks of a folder.

    Raises
    ------
    CorpusError
        If there is none, and the message names the nearest; or it cannot be read.
    """
    known = {path.parent.name: path.parent for kind in (TABLES, FIGURES) for path in _told_in(folder / kind)}
    if name in known:
        return _read(known[name])
    near = get_close_matches(name, known, n=5, cutoff=0.5) or known
    raise CorpusError(f"{folder}: no figure or table is called {name!r}; there are: {', '.join(near) or 'none'}")


def _told_in(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*/{PROVENANCE}"))


def _read_all(folder: Path) -> list[Saved]:
    return sorted((_read(path.parent) for path in _told_in(folder)), key=lambda result: (result.notebook, result.name))


def _read(place: Path) -> Saved:
    kind: Kind = "figure" if place.parent.name == FIGURES else "table"
    try:
        caption, citation = ((place / file).read_text(encoding="utf-8").strip() for file in (CAPTION, CITATION))
        result = Saved(place, kind, caption, citation, json.loads((place / PROVENANCE).read_text(encoding="utf-8")))
        _ = result.answer(), result.told["code"]["functions"]
    except (OSError, ValueError, KeyError, TypeError, IndexError, CorpusError) as error:
        raise CorpusError(f"{place}: no complete {kind} ({error}); corpus reproduce makes it again") from None
    return result


def list_lines(results: Sequence[Saved], kind: Kind) -> Iterator[str]:
    """Tell of each notebook its question, and of what it makes the name, the size and what it shows."""
    for notebook, group in groupby(results, key=lambda result: result.notebook):
        made = list(group)
        yield from wrap(f"{printable(notebook or 'in no notebook')}  ", printable(made[0].question))
        for result in made:
            yield f"{_INDENT}{result.name}  {result.size}"
            yield from wrap(_INDENT * 3, printable(result.first_sentence))
        yield ""
    yield f"{count(len(results), kind)}; one of them with all that belongs to it: corpus {kind}s NAME"


def result_lines(result: Saved) -> Iterator[str]:
    """Tell of a figure or a table its captions, what it rests on, its columns and files, and how it is cited."""
    told = result.answer()
    yield f"{result.name}: {result.size}{f', notebook {result.notebook}' if result.notebook else ''}"
    yield ""
    for paragraph in told["caption"]:
        yield from wrap("", printable(paragraph))
    yield ""
    if result.kind == "figure":
        yield from wrap("seen   ", printable(told["alt"]))
        for name, values in told["parameters"].items():
            yield from wrap("       ", f"{printable(name)} = {printable(', '.join(map(str, values)))}")
    else:
        for held in told["columns"]:
            bounds = ", ".join(filter(None, (held["unit"], held["range"])))
            named = f"{printable(held['name'])}{f' ({bounds})' if bounds else ''}"
            yield from wrap(f"{_INDENT}{named}: ", printable(held["meaning"]))
        names, column = told["row_names"], told["columns"][-1]["name"]
        yield f"a cell in prose: {result.name}.{f'{names[0]}.{column}' if names else f'{column}.max'}"
    yield ""
    for number, path in enumerate(told["files"]):
        yield f"{'files' if number == 0 else '':7}{path}"
    yield from ("", *wrap("cite   ", told["sentence"]), *wrap("       ", told["gbt_7714"]), "")
    yield from (*result.citation.splitlines(), "", f"what stands behind it: corpus explain {result.name}")
