"""A figure that a notebook shows and an article can cite: drawing, data, caption and finding, and a folder for them.

>>> import corpus
>>> figure = corpus.figures.shared_passages(corpus.load_reports())  # doctest: +SKIP
>>> figure.save("figures")  # doctest: +SKIP
"""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
from matplotlib.figure import Figure

from corpus.errors import CorpusError
from corpus.publishing.evidence.provenance import PROVENANCE, bibtex_entry, running_notebook, tell_provenance
from corpus.publishing.figures.glyphs import check_glyphs
from corpus.publishing.figures.look import Bilingual, Look, both, current_look
from corpus.publishing.figures.picture_files import draw_files, draw_png, in_few_colours, settle_layout
from corpus.publishing.figures.style import MM_PER_INCH
from corpus.publishing.writing.csv_tables import csv_text
from corpus.publishing.writing.whole_files import write_whole
from corpus.report.reports import Reports

FOLDER: Final = Path("figures")
MISSING_GLYPHS: Final = "CORPUS_MISSING_GLYPHS"
"""The environment variable by which a run says what becomes of characters that the font lacks: error or mark."""

NO_WORDS: Final = Bilingual("", "")

OnMissing = Literal["error", "mark"]

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTEST_ALT = 40
# A line of 183 mm is 865 pixels of a screen: 7 points of print are then as large as the text of a notebook's tables.
_PIXELS_PER_INCH = 120
# Below this a caption is a column of a few words.
_CAPTION_PIXELS = 600


@dataclass(frozen=True, slots=True, eq=False)
class FigureToCite:
    """A figure that shows itself in a notebook, with its name, caption, finding and description.

    Attributes
    ----------
    name : str
        What it is called in files and citations.
    drawing : matplotlib Figure
    table : DataFrame
        What is plotted, one row a mark.
    caption : Bilingual
        n, unit, threshold, denominator, and what was left out, in English and Chinese.
    finding : Bilingual
        What the table shows, in one to three sentences; empty where nobody wrote any.
    alt : str
        What is seen.
    by : str
        Who made it; empty for a figure of the series.
    parameters : mapping of str to object
        What its numbers depend on.
    look : Look
        How it was drawn.
    """

    name: str
    drawing: Figure
    table: pd.DataFrame
    caption: Bilingual
    finding: Bilingual
    alt: str
    by: str
    parameters: Mapping[str, Any]
    look: Look
    _pictures: dict[str, bytes] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return " ".join(filter(None, (f"{both('Figure', '图')} {self.name}.", str(self.finding) or str(self.caption))))

    @property
    def width_mm(self) -> float:
        """How wide it is in print."""
        return float(self.drawing.get_figwidth() * MM_PER_INCH)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        # Outside a run of the series nothing is saved that links could lead to.
        folder = f"{FOLDER.as_posix()}/{self.name}" if running_notebook() else ""
        words = f"{both('Figure', '图')} {self.name}. {self.caption}"
        return show_picture(
            self.name,
            in_few_colours(self._png()),
            words,
            str(self.finding),
            alt=self.alt,
            width_mm=self.width_mm,
            folder=folder,
        )

    def _png(self) -> bytes:
        if not self._pictures:
            self._pictures[f"{self.name}.png"] = draw_png(self.drawing, self.name)
        return self._pictures[f"{self.name}.png"]

    def save(self, folder: str | Path) -> Path:
        """Write the figure to a folder of its own, ``FOLDER/NAME/``, and return that.

        NAME.png, NAME.svg and NAME.pdf hold the same drawing; data.csv what is plotted (UTF-8 with a byte order mark;
        floats with ten significant digits); caption.md and alt.txt the words; cite.bib how to cite it; provenance.json
        what stands behind it. Each file is written whole or not at all, and none where the drawing fails.

        Raises
        ------
        CorpusError
            If a file cannot be written, or the table not as one.
        """
        self._png()
        if len(self._pictures) == 1:
            self._pictures.update(draw_files(self.drawing, self.name, but_png=True))
        notebook = running_notebook()
        files = {
            **self._pictures,
            "data.csv": csv_text(self.table, named=f"figure {self.name}").encode("utf-8-sig"),
            "caption.md": ("\n\n".join(dict.fromkeys(filter(None, self.caption))) + "\n").encode(),
            "alt.txt": f"{self.alt.strip()}\n".encode(),
        }
        digest = sha256(files["data.csv"]).hexdigest()
        entry = bibtex_entry(self.name, "figure", notebook=notebook, data_sha256=digest, by=self.by)
        files["cite.bib"] = entry.encode()
        drawn = {
            "labels": self.look.labels,
            "dpi": round(self.drawing.dpi),
            "width_mm": round(self.width_mm, 1),
        }
        parameters = {key: [value] for key, value in sorted(self.parameters.items())}
        told: dict[str, Any] = {"look": drawn, "parameters": parameters}
        files[PROVENANCE] = tell_provenance(self.name, "figure", notebook=notebook, told=told, files=files)
        place = Path(folder) / self.name
        for file, content in files.items():
            write_whole(place / file, content)
        return place


@dataclass(frozen=True, slots=True)
class NoFigure:
    """Says in a notebook why there is nothing to draw, and what would be needed.

    Attributes
    ----------
    name : str
        Of the figure that there is not.
    told : Bilingual
    """

    name: str
    told: Bilingual

    def __repr__(self) -> str:
        return f"{both('Figure', '图')} {self.name}: {self.told}"

    def _repr_html_(self) -> str:
        language = ' lang="zh-Hans"' if current_look().labels == "zh" else ""
        return f"<p{language}>{escape(repr(self))}</p>"

    def save(self, folder: str | Path) -> Path:
        """Refuse to write what there is not.

        Raises
        ------
        CorpusError
            Always; it says why.
        """
        raise CorpusError(f"figure {self.name} cannot be saved to {folder}: {self.told.en}")


def cite_figure(
    drawing: Figure,
    table: pd.DataFrame,
    *,
    name: str,
    caption: Bilingual,
    alt: str,
    finding: Bilingual = NO_WORDS,
    by: str = "",
    parameters: Mapping[str, Any] | None = None,
    missing: OnMissing | None = None,
) -> FigureToCite:
    """Return a drawing as a figure that can be cited; a run of the series saves it beside the notebook.

    Parameters
    ----------
    drawing : Figure
        Made with `corpus.publishing.figures.style.new_figure`.
    table : DataFrame
        What is plotted, one row a mark. The index is written where it has a name.
    name : str
        Words in small letters and digits, joined by hyphens: ``shared-passages``.
    caption, finding : Bilingual
    alt : str
        What is seen, in 40 characters or more.
    by : str
        Who made it; empty for a figure of the series.
    parameters : mapping of str to object, optional
        What its numbers depend on, as JSON knows it.
    missing : {"error", "mark"}, optional
        Characters that the font lacks are an error, or are drawn as [U+9F98] and the like and counted in the caption.
        By default as a run says; outside a run they are marked.

    Raises
    ------
    CorpusError
        If the name or the description cannot be used, the font lacks a character, or a run has a figure of this name.
    """
    check_words(name, alt)
    n_marked = check_glyphs(drawing, missing=missing or _on_missing())
    if n_marked:
        caption = Bilingual(*tell_marks(list(caption), n_marked))
    figure = FigureToCite(
        name, drawing, table, caption, finding, alt.strip(), by.strip(), dict(parameters or {}), current_look()
    )
    settle_layout(drawing)
    if running_notebook():
        if (FOLDER / name).exists():
            raise CorpusError(f"two figures are called {name!r}; give one another name with name=")
        figure.save(FOLDER)
    return figure


def count_loaded(reports: Reports) -> Bilingual:
    """Return what the caption of a figure says first of its reports: how many, and how many files were left out."""
    n, left_out = len(reports), len(reports.problems)
    return Bilingual(
        f"n = {n} report{'s' if n != 1 else ''}, files left out: {left_out}",
        f"n = {n} 份报告，未载入文件 {left_out} 份",
    )


def check_words(name: str, alt: str) -> None:
    """Refuse a name that makes no folder, and a description that says nothing.

    Raises
    ------
    CorpusError
        If it is so.
    """
    if not _NAME.fullmatch(name):
        raise CorpusError(f"no name for a figure: {name!r}; write small letters, digits and hyphens: shared-passages")
    if len(alt.strip()) < _SHORTEST_ALT:
        raise CorpusError(f"figure {name}: say in {_SHORTEST_ALT} characters or more what is seen; alt is {alt!r}")


def tell_marks(paragraphs: list[str], n_marked: int) -> list[str]:
    """Add to each paragraph of a caption, in its language, how many characters are drawn as marks."""
    english, *others = paragraphs
    told = (f"{paragraph}字体所缺而写作 [U+…] 的字符：{n_marked} 个。" for paragraph in others)
    return [f"{english} Characters that the font does not have, drawn as [U+…]: {n_marked}.", *told]


def on_missing(usual: OnMissing) -> OnMissing:
    """Return what becomes of characters that the font lacks, as the environment says or as usual.

    Raises
    ------
    CorpusError
        If the environment says something else.
    """
    wanted = os.environ.get(MISSING_GLYPHS, usual)
    if wanted not in ("error", "mark"):
        raise CorpusError(f"{MISSING_GLYPHS} is {wanted!r}; it can be error or mark")
    return "mark" if wanted == "mark" else "error"


def _on_missing() -> OnMissing:
    return on_missing("error" if running_notebook() else "mark")


def show_picture(
    name: str, png: bytes, caption: str, finding: str, *, alt: str, width_mm: float, folder: str
) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return a picture as a notebook shows it: HTML, which carries the description everywhere, and the bare picture.

    JupyterLab 4.6 drops the description of a bare picture, as does the template ``lab`` of nbconvert 7.17.

    Parameters
    ----------
    name : str
    png : bytes
    caption, finding : str
    alt : str
    width_mm : float
    folder : str
        Where its files are, relative to the notebook; empty where there are none.
    """
    picture = b64encode(png).decode("ascii")
    width = round(width_mm / MM_PER_INCH * _PIXELS_PER_INCH)
    style = f"max-width: {max(width, _CAPTION_PIXELS)}px"
    language = ' lang="zh-Hans"' if current_look().labels == "zh" else ""
    links = f" {_links(name, folder)}" if folder else ""
    told = f'<p style="{style}"{language}>{escape(finding)}</p>' if finding else ""
    html = (
        f'<figure style="margin: 0">'
        f'<img src="data:image/png;base64,{picture}" alt="{escape(alt)}" width="{width}"'
        f' style="max-width: 100%; height: auto">'
        f'<figcaption style="{style}"{language}>{escape(caption)}{links}</figcaption>'
        f"</figure>{told}"
    )
    plain = f"<Figure {name}: {folder}/>" if folder else f"<Figure {name}>"
    shown = {"text/html": html, "image/png": picture, "text/plain": plain}
    return shown, {"image/png": {"alt": alt, "width": width}}


def _links(name: str, folder: str) -> str:
    files = {"PNG": f"{name}.png", "SVG": f"{name}.svg", "PDF": f"{name}.pdf", "data": "data.csv"}
    return " · ".join(f'<a href="{folder}/{file}" title="{name}: {file}">{label}</a>' for label, file in files.items())
