"""A saved figure as its folder tells it: what it shows, what it rests on, how to cite it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from PIL import Image

from corpus.errors import CorpusError
from corpus.loading.load_reports import IN_MEMORY
from corpus.publishing.evidence.provenance import PROVENANCE, gbt_7714_reference, reference
from corpus.publishing.figures.style import MM_PER_INCH
from corpus.publishing.series.bundled_series import read_notebook
from corpus.publishing.series.running import FIGURES
from corpus.publishing.writing.text_width import count, fit, fold, printable, screen_columns, wrap

_FIRST_ROWS = 3
_MOST_NAMED = 12
_TITLE = re.compile(r"^# +(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DataGlance:
    """What data.csv holds: the names of its columns, its first rows, and how many rows there are."""

    columns: tuple[str, ...]
    first_rows: tuple[tuple[str, ...], ...]
    n_rows: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A saved figure.

    Attributes
    ----------
    name : str
    folder : Path
    caption, alt, citation : str
        As the folder has them; the paragraphs of the caption are English, then Chinese.
    notebook : str
        The notebook that draws it; empty where none does.
    parameters : dict
        What the numbers of its caption depend on, each with all its values.
    reports : tuple of str
        Those of the largest collection that was loaded from files, as far as provenance.json lists them.
    n_reports : int
        How many these were.
    n_made_up : int
        How many reports the notebook made up beside them, as simulated ones are.
    data : DataGlance
    size_mm : (float, float)
        Width and height in print.
    version, data_sha256 : str
        Of the workbook that drew it, and of data.csv as it was written.
    """

    name: str
    folder: Path
    caption: str
    alt: str
    citation: str
    notebook: str
    parameters: dict[str, list[Any]]
    reports: tuple[str, ...]
    n_reports: int
    n_made_up: int
    data: DataGlance
    size_mm: tuple[float, float]
    version: str
    data_sha256: str

    @property
    def first_sentence(self) -> str:
        """What the caption says first."""
        paragraph = self.caption.split("\n\n")[0]
        return paragraph.split(". ")[0].rstrip(".") + "."

    @property
    def question(self) -> str:
        """The heading of the notebook that draws it; empty where the notebook is not at hand."""
        path = self.folder.parent.parent / f"{self.notebook}.ipynb"
        if not self.notebook or not path.exists():
            return ""
        titles = (_TITLE.search(source) for source in read_notebook(path).sources)
        return next((title[1].strip() for title in titles if title), "")

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files that a reader may want, the pictures first."""
        return (f"{self.name}.png", f"{self.name}.svg", f"{self.name}.pdf", "data.csv", PROVENANCE, "cite.bib")

    @property
    def sentence(self) -> str:
        """A reference to the figure, for a note or a list of figures."""
        return reference(
            self.name, "figure", notebook=self.notebook, data_sha256=self.data_sha256, made_with=self.version
        )

    @property
    def reference_zh(self) -> str:
        """The reference by GB/T 7714."""
        return gbt_7714_reference(
            self.name, "figure", notebook=self.notebook, data_sha256=self.data_sha256, made_with=self.version
        )

    @property
    def rests_on(self) -> str:
        """How many reports were loaded, and which, the first of them where they are many."""
        told = []
        if self.n_reports or not self.n_made_up:
            more = ", …" if self.n_reports > _MOST_NAMED else ""
            names = f": {', '.join(self.reports[:_MOST_NAMED])}{more}" if self.reports else ""
            told.append(f"{count(self.n_reports, 'report')}{names}")
        if self.n_made_up:
            told.append(f"{count(self.n_made_up, 'report')} that the notebook makes up")
        return "; ".join(told)

    @property
    def size(self) -> str:
        """Width and height in print, in whole millimetres."""
        width, height = self.size_mm
        return f"{width:.0f} × {height:.0f} mm"


def read_figures(folder: Path) -> list[Figure]:
    """Return the figures beside the notebooks of a folder, by notebook and name.

    Raises
    ------
    CorpusError
        If there is none, or one cannot be read.
    """
    bundles = sorted(path.parent for path in (folder / FIGURES).glob(f"*/{PROVENANCE}"))
    if not bundles:
        raise CorpusError(f"{folder}: holds no figures; corpus reproduce makes them")
    return sorted(map(_read, bundles), key=lambda figure: (figure.notebook, figure.name))


def find_figure(figures: list[Figure], name: str) -> Figure:
    """Return the figure of this name.

    Raises
    ------
    CorpusError
        If there is none; the message names the nearest.
    """
    by_name = {figure.name: figure for figure in figures}
    if name in by_name:
        return by_name[name]
    near = ", ".join(get_close_matches(name, by_name, n=3))
    remedy = f"perhaps {near}" if near else "corpus figures lists them all"
    raise CorpusError(f"no figure is called {name!r}; {remedy}")


def _read(folder: Path) -> Figure:
    try:
        told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        caption, alt, citation = (
            (folder / file).read_text(encoding="utf-8").strip() for file in ("caption.md", "alt.txt", "cite.bib")
        )
        collections = told["inputs"]["collections"]
        files = [collection for collection in collections if collection["origin"] != IN_MEMORY]
        largest: dict[str, Any] = max(files, key=lambda collection: int(collection["n_reports"]), default={})
        made_up = (collection["n_reports"] for collection in collections if collection["origin"] == IN_MEMORY)
        return Figure(
            name=folder.name,
            folder=folder,
            caption=caption,
            alt=alt,
            citation=citation,
            notebook=told["notebook"],
            parameters=told["parameters"],
            reports=tuple(report["report_id"] for report in largest.get("reports", ())),
            n_reports=int(largest.get("n_reports", 0)),
            n_made_up=sum(made_up),
            data=_glance(folder / "data.csv"),
            size_mm=_size_mm(folder / f"{folder.name}.png"),
            version=told["versions"]["fazhi-workbook"],
            data_sha256=told["files"]["data.csv"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no complete figure ({error}); corpus reproduce makes it again") from None


def _glance(path: Path) -> DataGlance:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        columns = tuple(next(rows, ()))
        first = tuple(map(tuple, islice(rows, _FIRST_ROWS)))
        return DataGlance(columns, first, len(first) + sum(1 for _ in rows))


def _size_mm(path: Path) -> tuple[float, float]:
    with Image.open(path) as picture:
        across, down = picture.info["dpi"]
        return picture.width / across * MM_PER_INCH, picture.height / down * MM_PER_INCH


_INDENT = "  "


def list_lines(figures: list[Figure]) -> Iterator[str]:
    """Tell of each notebook its question, and of each of its figures the name, the size and what it shows."""
    for notebook, group in groupby(figures, key=lambda figure: figure.notebook):
        drawn = list(group)
        yield from wrap(f"{printable(notebook or 'in no notebook')}  ", printable(drawn[0].question))
        for figure in drawn:
            yield f"{_INDENT}{figure.name}  {figure.size}, {count(figure.data.n_rows, 'row')} of data"
            yield from wrap(_INDENT * 3, printable(figure.first_sentence))
        yield ""
    yield f"{count(len(figures), 'figure')}; one of them with all that belongs to it: corpus figures NAME"


def figure_lines(figure: Figure) -> Iterator[str]:
    """Tell of one figure its captions, what is seen, its files and data, what it rests on, and how it is cited."""
    english, *others = figure.caption.split("\n\n")
    made_in = f", notebook {figure.notebook}" if figure.notebook else ""
    yield f"{figure.name}: {figure.size}{made_in}"
    yield ""
    yield from wrap("", printable(english))
    for paragraph in others:
        yield from fold("", printable(paragraph))
    yield from ("", *wrap("seen   ", printable(figure.alt)), "")
    for file in figure.files:
        yield f"{'files' if file == figure.files[0] else '':7}{figure.folder / file}"
    columns = ", ".join(figure.data.columns)
    yield from wrap("data   ", f"{count(figure.data.n_rows, 'row')}, columns {printable(columns)}")
    for cells in figure.data.first_rows:
        yield fit(f"{'':7}{printable(', '.join(cells))}", screen_columns())
    yield from wrap("rests  ", f"on {printable(figure.rests_on)}")
    for name, values in figure.parameters.items():
        yield from wrap(_INDENT * 3 + " ", f"{printable(name)} = {printable(', '.join(map(str, values)))}")
    yield from (
        "",
        *wrap("cite   ", figure.sentence),
        *fold("       ", figure.reference_zh),
        "",
        *figure.citation.splitlines(),
        "",
    )
    yield f"what stands behind it: corpus explain {figure.name}"


def figure_answer(figure: Figure) -> dict[str, Any]:
    """Return the same for a program."""
    return {
        "name": figure.name,
        "notebook": figure.notebook,
        "question": figure.question,
        "caption": figure.caption.split("\n\n"),
        "alt": figure.alt,
        "width_mm": round(figure.size_mm[0], 1),
        "height_mm": round(figure.size_mm[1], 1),
        "files": [str(figure.folder / file) for file in figure.files],
        "columns": list(figure.data.columns),
        "n_rows": figure.data.n_rows,
        "reports": list(figure.reports),
        "n_reports": figure.n_reports,
        "parameters": figure.parameters,
        "sentence": figure.sentence,
        "gbt_7714": figure.reference_zh,
        "bibtex": figure.citation,
    }
