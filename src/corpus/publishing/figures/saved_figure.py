"""A figure with everything that travels with it: pictures, data, words, a citation and what stands behind it.

>>> from corpus.publishing.figures.saved_figure import save_figure
>>> save_figure(draw_shared_passages(table), table, name="shared-passages", caption=..., alt=...)  # doctest: +SKIP

writes ``figures/shared-passages/`` under the current folder and shows the figure where the call ends a cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from corpus.publishing.evidence.provenance import (
    PROVENANCE,
    bibtex_entry,
    running_notebook,
    tell_provenance,
)
from corpus.publishing.figures.figure_to_cite import FOLDER, check_words, on_missing, show_picture, tell_marks
from corpus.publishing.figures.glyphs import check_glyphs
from corpus.publishing.figures.look import current_look
from corpus.publishing.figures.picture_files import draw_files, in_few_colours, settle_layout
from corpus.publishing.figures.style import MM_PER_INCH
from corpus.publishing.writing.csv_tables import csv_text
from corpus.publishing.writing.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Bundle:
    """A saved figure; it shows itself in a notebook, with its description for those who do not see it.

    Attributes
    ----------
    name : str
        What the figure is called in files, captions and citations.
    folder : Path
        Where its files are, relative to the folder that was current.
    caption, alt : str
    width_mm : float
    n_marked : int
        How many characters are drawn as [U+9F98] and the like because the font does not have them.
    png : bytes
        The picture as a notebook shows it: that of the folder in 256 colours, a third of its size.
    """

    name: str
    folder: Path
    caption: str
    alt: str
    width_mm: float
    n_marked: int
    png: bytes

    def __repr__(self) -> str:
        return f"<Figure {self.name}: {self.folder.as_posix()}/>"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        return show_picture(
            self.name,
            self.png,
            self._shown_caption(),
            "",
            alt=self.alt,
            width_mm=self.width_mm,
            folder=self.folder.as_posix(),
        )

    def _shown_caption(self) -> str:
        """Return the paragraph of the caption in the language of the look."""
        paragraphs = self.caption.split("\n\n")
        return paragraphs[1] if current_look().labels == "zh" and len(paragraphs) > 1 else paragraphs[0]


def save_figure(figure: Figure, table: pd.DataFrame, *, name: str, caption: str, alt: str) -> Bundle:
    """Write a figure and its data to ``figures/NAME/`` under the current folder, and return it for a notebook to show.

    NAME.png, NAME.svg and NAME.pdf hold the same drawing; data.csv what is plotted; caption.md and alt.txt the words;
    cite.bib how to cite it; provenance.json what stands behind it. The bytes of all depend on the arguments, the cell,
    what was loaded, the project's data and the versions of the libraries only. Each file is written
    whole or not at all, and nothing is written where the drawing fails.

    Parameters
    ----------
    figure : Figure
        Made with `corpus.publishing.figures.style.new_figure`.
    table : DataFrame
        What is plotted, one row a mark. Floats are written with 10 significant digits, dates as 2020-03-12. The
        index is written where it has a name.
    name : str
        Words in small letters and digits, joined by hyphens: ``shared-passages``.
    caption : str
        Plain text: a paragraph in English, then one in Chinese; the notebook shows that of the look. Where the
        environment variable ``CORPUS_MISSING_GLYPHS`` is ``mark``, as for reports of one's own, characters that the
        font does not have are drawn as [U+9F98] and the like, and their number is added; otherwise they are an error.
    alt : str
        What is seen, in 40 characters or more.

    Returns
    -------
    Bundle
        As the last value of a cell it shows the picture with its caption and description.

    Raises
    ------
    CorpusError
        If the name, the description or the table's index cannot be used, the font lacks a character, or a file
        cannot be written.
    """
    check_words(name, alt)
    notebook = running_notebook()
    n_marked = check_glyphs(figure, missing=on_missing("error"))
    if n_marked:
        caption = "\n\n".join(tell_marks(caption.strip().split("\n\n"), n_marked))
    settle_layout(figure)
    files = {
        **draw_files(figure, name),
        "data.csv": csv_text(table, named=f"figure {name}").encode("utf-8-sig"),
        "caption.md": f"{caption.strip()}\n".encode(),
        "alt.txt": f"{alt.strip()}\n".encode(),
    }
    entry = bibtex_entry(name, "figure", notebook=notebook, data_sha256=sha256(files["data.csv"]).hexdigest())
    files["cite.bib"] = entry.encode("utf-8")
    width_mm = figure.get_figwidth() * MM_PER_INCH
    look = {"labels": current_look().labels, "dpi": round(figure.dpi), "width_mm": round(width_mm, 1)}
    told = {"look": look, "parameters": {}}
    files[PROVENANCE] = tell_provenance(name, "figure", notebook=notebook, told=told, files=files)
    folder = FOLDER / name
    for file, content in files.items():
        write_whole(folder / file, content)
    return Bundle(
        name=name,
        folder=folder,
        caption=caption.strip(),
        alt=alt.strip(),
        width_mm=width_mm,
        n_marked=n_marked,
        png=in_few_colours(files[f"{name}.png"]),
    )
