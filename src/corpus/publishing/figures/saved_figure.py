"""A figure with everything that travels with it: pictures, data, words, a citation and what stands behind it.

>>> from corpus.publishing.figures.saved_figure import save_figure
>>> save_figure(draw_shared_passages(table), table, name="shared-passages", caption=..., alt=...)  # doctest: +SKIP

writes ``figures/shared-passages/`` under the current folder and shows the figure where the call ends a cell.
"""

from __future__ import annotations

import os
import re
import warnings
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.ticker import Formatter
from PIL import Image

from corpus.errors import CorpusError
from corpus.publishing.evidence.claims import current_claims
from corpus.publishing.evidence.provenance import (
    PROVENANCE,
    bibtex_entry,
    merge_parameters,
    running_notebook,
    tell_provenance,
)
from corpus.publishing.figures.look import current_look
from corpus.publishing.figures.style import MM_PER_INCH, figure_style, font_path
from corpus.publishing.writing.csv_tables import csv_text
from corpus.publishing.writing.whole_files import write_whole


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text`` that the font does not have, each once, in the order of their code points."""
    return "".join(sorted({char for char in text if char != "\n" and ord(char) not in _characters()}))


def mark_text(text: str) -> str:
    """Return ``text`` with [U+9F98] and the like in the place of characters that the font does not have."""
    return "".join(f"[U+{ord(char):04X}]" if missing_glyphs(char) else char for char in text)


def check_glyphs(figure: Figure, *, missing: Literal["error", "mark"] = "error") -> int:
    """See to it that the font has every character of a figure, in titles, labels, ticks and legends.

    Parameters
    ----------
    figure : Figure
        Made with `new_figure`. It is changed only where ``missing`` is ``"mark"`` and the
        font lacks a character.
    missing : {"error", "mark"}
        ``"mark"``: the character is drawn as [U+9F98] and the like.

    Returns
    -------
    int
        How many characters, counted with repetition, are drawn as marks; 0 where nothing is missing.

    Raises
    ------
    CorpusError
        If ``missing`` is ``"error"`` and the font lacks a character.
    """
    words = "".join(text.get_text() for text in _texts(figure))
    lacking = missing_glyphs(words)
    if not lacking:
        return 0
    if missing == "error":
        names = ", ".join(f"{char} (U+{ord(char):04X})" for char in lacking)
        raise CorpusError(
            f"the font of the figures does not have {names}; "
            "draw them as marks with missing='mark', or add them to data/fonts/build_font.py and build the font again"
        )
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(_MarkedTicks(axis.get_major_formatter()))
            axis.set_minor_formatter(_MarkedTicks(axis.get_minor_formatter()))
    for text in _texts(figure):
        text.set_text(mark_text(text.get_text()))
    return sum(words.count(char) for char in lacking)


def _texts(figure: Figure) -> list[Text]:
    """Return the visible texts of a figure, those of the ticks too, which are written when it is drawn."""
    with warnings.catch_warnings(), figure_style():
        # Of the same characters our error speaks, with a remedy.
        warnings.filterwarnings("ignore", message=r"Glyph \d+", category=UserWarning)
        figure.draw_without_rendering()
    found = (artist for artist in figure.findobj(Text) if artist.get_visible())
    return [text for text in found if isinstance(text, Text)]


class _MarkedTicks(Formatter):
    """Ticks as another formatter writes them, with marks for what the font lacks."""

    def __init__(self, inner: Formatter) -> None:
        self._inner = inner

    def set_axis(self, axis: Any) -> None:
        super().set_axis(axis)
        self._inner.set_axis(axis)

    def __call__(self, x: float, pos: int | None = None) -> str:
        return mark_text(self._inner(x, pos))

    def format_ticks(self, values: Any) -> list[str]:
        return [mark_text(label) for label in self._inner.format_ticks(values)]


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset(FT2Font(font_path()).get_charmap())


FOLDER = Path("figures")
MISSING_GLYPHS = "CORPUS_MISSING_GLYPHS"

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTEST_ALT = 40
# Without the time, the program and its version; what is left says which figure of the series the file holds.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# A line of 183 mm is 865 pixels of a screen: 7 points of print are then as large as the text of a notebook's tables.
_PIXELS_PER_INCH = 120
# Below this a caption is a column of a few words.
_CAPTION_PIXELS = 600


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
        """Give HTML, which carries the description everywhere, and the bare picture for what cannot show HTML.

        JupyterLab 4.6 drops the description of a bare picture, as does the template ``lab`` of nbconvert 7.17.
        """
        picture = b64encode(self.png).decode("ascii")
        width = round(self.width_mm / MM_PER_INCH * _PIXELS_PER_INCH)
        caption_width = max(width, _CAPTION_PIXELS)
        language, words = self._shown_caption()
        html = (
            f'<figure style="margin: 0">'
            f'<img src="data:image/png;base64,{picture}" alt="{escape(self.alt)}" width="{width}"'
            f' style="max-width: 100%; height: auto">'
            f'<figcaption style="max-width: {caption_width}px"{language}>{escape(words)} {self._links()}</figcaption>'
            "</figure>"
        )
        shown = {"text/html": html, "image/png": picture, "text/plain": repr(self)}
        return shown, {"image/png": {"alt": self.alt, "width": width}}

    def _shown_caption(self) -> tuple[str, str]:
        """Return the paragraph of the caption in the language of the look, and its attribute of language."""
        paragraphs = self.caption.split("\n\n")
        if current_look().labels == "zh" and len(paragraphs) > 1:
            return ' lang="zh-Hans"', paragraphs[1]
        return "", paragraphs[0]

    def _links(self) -> str:
        files = {"PNG": f"{self.name}.png", "SVG": f"{self.name}.svg", "PDF": f"{self.name}.pdf", "data": "data.csv"}
        folder = self.folder.as_posix()
        return " · ".join(
            f'<a href="{folder}/{file}" title="{self.name}: {file}">{label}</a>' for label, file in files.items()
        )


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
    if not _NAME.fullmatch(name):
        raise CorpusError(f"no name for a figure: {name!r}; write small letters, digits and hyphens: shared-passages")
    if len(alt.strip()) < _SHORTEST_ALT:
        raise CorpusError(f"figure {name}: say in {_SHORTEST_ALT} characters or more what is seen; alt is {alt!r}")
    register = current_claims()
    notebook = register.notebook if register else running_notebook()
    claims = register.printed_in(caption) if register else {}
    n_marked = check_glyphs(figure, missing=_on_missing())
    if n_marked:
        caption = _tell_marks(caption, n_marked)
    files = {
        **_pictures(figure, name),
        "data.csv": csv_text(table, named=f"figure {name}").encode("utf-8-sig"),
        "caption.md": f"{caption.strip()}\n".encode(),
        "alt.txt": f"{alt.strip()}\n".encode(),
    }
    entry = bibtex_entry(name, "figure", notebook=notebook, data_sha256=sha256(files["data.csv"]).hexdigest())
    files["cite.bib"] = entry.encode("utf-8")
    parameters = {claim: claims[claim].parameters for claim in claims}
    width_mm = figure.get_figwidth() * MM_PER_INCH
    look = {"labels": current_look().labels, "dpi": round(figure.dpi), "width_mm": round(width_mm, 1)}
    told = {"look": look, "claims": sorted(claims), "parameters": merge_parameters(parameters.values())}
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
        png=_in_few_colours(files[f"{name}.png"]),
    )


def _tell_marks(caption: str, n_marked: int) -> str:
    """Add to each paragraph of a caption, in its language, how many characters are drawn as marks."""
    english, *others = caption.strip().split("\n\n")
    told = (f"{paragraph}字体所缺而写作 [U+…] 的字符：{n_marked} 个。" for paragraph in others)
    marked = f"{english} Characters that the font does not have, drawn as [U+…]: {n_marked}."
    return "\n\n".join((marked, *told))


def _on_missing() -> Literal["error", "mark"]:
    wanted = os.environ.get(MISSING_GLYPHS, "error")
    if wanted not in ("error", "mark"):
        raise CorpusError(f"{MISSING_GLYPHS} is {wanted!r}; it can be error or mark")
    return "mark" if wanted == "mark" else "error"


def _pictures(figure: Figure, name: str) -> dict[str, bytes]:
    """Return the three files of one drawing."""
    pictures = {}
    # Where no layout is left to be made, matplotlib does not draw a figure twice for each file.
    with figure_style(), mpl.rc_context({"figure.constrained_layout.use": False}):
        _settle_layout(figure)
        for kind, metadata in _METADATA.items():
            stream = BytesIO()
            figure.savefig(stream, format=kind, metadata={**metadata, "Title": name})
            pictures[f"{name}.{kind}"] = stream.getvalue()
    return pictures


def _settle_layout(figure: Figure) -> None:
    """Keep the places of the axes as they were laid out, to a millionth of the figure, for all three files.

    The solver of the layout ends with rounding errors that differ from process to process, and the SVG names the
    rectangles to which it clips by their exact corners.
    """
    places = [axes.get_position().bounds for axes in figure.axes]
    figure.set_layout_engine(None)
    for axes, (left, bottom, width, height) in zip(figure.axes, places, strict=True):
        axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))


def _in_few_colours(png: bytes) -> bytes:
    """Return a picture with a palette, so that notebooks stay light; figures have a dozen colours and their edges."""
    stream = BytesIO()
    picture = Image.open(BytesIO(png)).convert("RGB")
    palette = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette.save(stream, "PNG", optimize=True)
    return stream.getvalue()
