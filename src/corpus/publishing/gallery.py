"""All figures on one page: each with its caption, its data, what stands behind it and how to cite it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from corpus.publishing.markup import attribute, document, table
from corpus.publishing.notebooks import FIGURES
from corpus.publishing.provenance import PROVENANCE
from corpus.values import CorpusError


@dataclass(frozen=True, slots=True)
class Figure:
    """A saved figure as its folder tells it.

    Attributes
    ----------
    name : str
    folder : Path
    caption, alt, citation : str
    notebook : str
        The notebook that draws it; empty where none does.
    parameters : dict
        What the numbers of its caption depend on, each with all its values.
    n_reports : int
        How many reports the largest collection had that was loaded when it was drawn.
    """

    name: str
    folder: Path
    caption: str
    alt: str
    citation: str
    notebook: str
    parameters: dict[str, list[Any]]
    n_reports: int

    @property
    def first_sentence(self) -> str:
        """What the caption says first."""
        paragraph = self.caption.split("\n\n")[0]
        return paragraph.split(". ")[0].rstrip(".") + "."


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


def gallery(figures: list[Figure], *, files_at: str) -> str:
    """Return a page with all figures that stands alone.

    Parameters
    ----------
    figures : list of Figure
    files_at : str
        Where the folder of figures lies, seen from the page; the links to data and pictures lead there.
    """
    listed = "".join(
        f'<li><a href="#{figure.name}">{figure.name}</a>: {escape(figure.first_sentence)}</li>' for figure in figures
    )
    sections = "".join(_section(figure, files_at) for figure in figures)
    content = f'<h1>Figures</h1><ul id="figures">{listed}</ul>{sections}'
    return document(
        "Figures of the fazhi workbook", content, skip_to="figures", skip_label="To the list of figures", pictures=True
    )


def _read(folder: Path) -> Figure:
    try:
        told = json.loads((folder / PROVENANCE).read_text(encoding="utf-8"))
        caption, alt, citation = (
            (folder / file).read_text(encoding="utf-8").strip() for file in ("caption.md", "alt.txt", "cite.bib")
        )
        n_reports = max((collection["n_reports"] for collection in told["inputs"]["collections"]), default=0)
        return Figure(folder.name, folder, caption, alt, citation, told["notebook"], told["parameters"], n_reports)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CorpusError(f"{folder}: no complete figure ({error}); corpus reproduce makes it again") from None


def _section(figure: Figure, files_at: str) -> str:
    try:
        picture = b64encode((figure.folder / f"{figure.name}.png").read_bytes()).decode("ascii")
    except OSError as error:
        raise CorpusError(f"{figure.folder}: its picture cannot be read ({error.strerror})") from None
    paragraphs = figure.caption.split("\n\n")
    languages = ["", *(' lang="zh-Hans"' for _ in paragraphs[1:])]
    words = "".join(
        f"<p{language}>{escape(paragraph)}</p>" for language, paragraph in zip(languages, paragraphs, strict=True)
    )
    return (
        f'<section class="whole" id="{figure.name}"><h2>{figure.name}</h2>'
        f'<img src="data:image/png;base64,{picture}" alt="{attribute(figure.alt)}"'
        ' style="max-width:100%;background:#fff">'
        f"{words}{table(('', ''), _facts(figure, files_at), label=f'About {figure.name}')}"
        f"<pre>{escape(figure.citation)}</pre></section>"
    )


def _facts(figure: Figure, files_at: str) -> Iterator[tuple[str, str]]:
    files = (f"{figure.name}.png", f"{figure.name}.svg", f"{figure.name}.pdf", "data.csv", PROVENANCE, "cite.bib")
    yield "Files", " · ".join(f'<a href="{files_at}/{figure.name}/{file}">{file}</a>' for file in files)
    if figure.notebook:
        yield "Notebook", escape(figure.notebook)
    yield "Reports loaded", f"{figure.n_reports:,}"
    for name, values in figure.parameters.items():
        yield escape(name), escape(", ".join(map(str, values)))
    yield "What stands behind it", f"<code>corpus explain {figure.name}</code>"
