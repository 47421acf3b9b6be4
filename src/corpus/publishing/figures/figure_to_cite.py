"""A figure that a notebook shows and an article can cite: drawing, data, caption and finding, and a folder for them.

>>> import corpus
>>> figure = corpus.figures.shared_passages(corpus.load_reports())  # doctest: +SKIP
>>> figure.save("figures")  # doctest: +SKIP
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from corpus.errors import CorpusError
from corpus.publishing.evidence.provenance import (
    CITATION,
    DATA,
    FIGURES,
    check_name,
    link_files,
    running_notebook,
    save_result,
)
from corpus.publishing.figures.look import Bilingual, Look, both, current_look, tell
from corpus.publishing.figures.style import MM_PER_INCH, cutting_quickly, figure_style, mark_missing_glyphs
from corpus.report.reports import Reports

NO_WORDS: Final = Bilingual("", "")

_SHORTEST_ALT = 40
# A line of 183 mm is 865 pixels of a screen: 7 points of print are then as large as the text of a notebook's tables.
_PIXELS_PER_INCH = 120
# Below this a caption is a column of a few words.
_CAPTION_PIXELS = 600
# Without the time, the program and its version; what is left says which figure of the series the file holds.
_METADATA: dict[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Creator": None, "Date": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}
# A fifth larger than what Pillow packs by itself, in half the time.
_PACKING: dict[str, Any] = {"pil_kwargs": {"compress_level": 1}}


@dataclass(slots=True, eq=False)
class FigureToCite:
    """A figure that shows itself in a notebook, with its name, caption, finding and description.

    Attributes
    ----------
    name : str
        What it is called in files and citations: small letters and digits, joined by hyphens. Where two of a kind
        are saved in one folder, give one another name.
    drawing : matplotlib Figure
    table : DataFrame
        What is plotted, one row a mark.
    caption : Bilingual
        n, unit, threshold, denominator, and what was left out, in English and Chinese.
    alt : Bilingual
        What is seen, in 40 characters or more; shown and saved in the language of the labels.
    finding : Bilingual
        What the table shows, in one to three sentences; empty where nobody wrote any.
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
    alt: Bilingual
    finding: Bilingual = NO_WORDS
    by: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    look: Look = field(default_factory=current_look)
    _pictures: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False)
    _is_finished: bool = False

    def __post_init__(self) -> None:
        check_name(self.name, "figure")
        if len(self.alt.en.strip()) < _SHORTEST_ALT:
            raise CorpusError(
                f"figure {self.name}: say in {_SHORTEST_ALT} characters or more what is seen; alt is {self.alt.en!r}"
            )

    def finish(self) -> Self:
        """See to it that it can be printed, settle its layout, and save it where a run of the series asks.

        Characters that the font lacks are drawn as [U+9F98] and the like, and counted in the caption.
        """
        if marked := mark_missing_glyphs(self.drawing):
            which = "".join(sorted(set(marked)))
            self.caption = Bilingual(
                f"{self.caption.en} Characters that the font does not have, drawn as [U+…]: {len(marked)} ({which}).",
                f"{self.caption.zh}字体所缺而写作 [U+…] 的字符：{len(marked)} 个（{which}）。",
            )
        settle_layout(self.drawing)
        self._is_finished = True
        if running_notebook():
            kind, number = self.name, 2
            while Path(FIGURES, self.name).exists():
                self.name, number = f"{kind}-{number}", number + 1
            self.save(FIGURES)
        return self

    def subplots(self, *args: Any, **kwargs: Any) -> Any:
        """Return axes to draw on, as matplotlib's ``Figure.subplots`` makes them."""
        return self.drawing.subplots(*args, **kwargs)

    def __repr__(self) -> str:
        return " ".join(filter(None, (f"{both('Figure', '图')} {self.name}.", str(self.finding) or str(self.caption))))

    @property
    def width_mm(self) -> float:
        """How wide it is in print."""
        return float(self.drawing.get_figwidth() * MM_PER_INCH)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        # HTML carries the description everywhere; of the bare picture JupyterLab 4.6 drops it, as does the template
        # lab of nbconvert 7.17.
        self._picture("png")
        picture = b64encode(in_few_colours(self.drawing)).decode("ascii")
        width = round(self.width_mm / MM_PER_INCH * _PIXELS_PER_INCH)
        style = f"max-width: {max(width, _CAPTION_PIXELS)}px"
        language = ' lang="zh-Hans"' if current_look().labels == "zh" else ""
        caption = escape(f"{both('Figure', '图')} {self.name}. {self.caption}")
        files = {kind.upper(): f"{self.name}.{kind}" for kind in _METADATA} | {"data": DATA, "cite": CITATION}
        links = link_files(FIGURES, self.name, files)
        told = f'<p style="{style}"{language}>{escape(str(self.finding))}</p>' if str(self.finding) else ""
        html = (
            f'<figure style="margin: 0">'
            f'<img src="data:image/png;base64,{picture}" alt="{escape(str(self.alt))}" width="{width}"'
            f' style="max-width: 100%; height: auto">'
            f'<figcaption style="{style}"{language}>{caption}{links}</figcaption></figure>{told}'
        )
        plain = f"<Figure {self.name}: {FIGURES}/{self.name}/>" if links else f"<Figure {self.name}>"
        shown = {"text/html": html, "image/png": picture, "text/plain": plain}
        return shown, {"image/png": {"alt": str(self.alt), "width": width}}

    def _picture(self, kind: str) -> bytes:
        if not self._is_finished:
            raise CorpusError(f"figure {self.name} is not finished; it can be shown and saved behind its with block")
        if (kind, self.name) not in self._pictures:
            stream = BytesIO()
            # Where no layout is left to be made, matplotlib does not draw a figure twice for each file.
            with figure_style(), cutting_quickly(), mpl.rc_context({"figure.constrained_layout.use": False}):
                metadata = {**_METADATA[kind], "Title": self.name}
                self.drawing.savefig(stream, format=kind, metadata=metadata, **(_PACKING if kind == "png" else {}))
            self._pictures[kind, self.name] = stream.getvalue()
        return self._pictures[kind, self.name]

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
        files = {
            **{f"{self.name}.{kind}": self._picture(kind) for kind in _METADATA},
            "alt.txt": f"{self.alt.zh if self.look.labels == 'zh' else self.alt.en}\n".encode(),
        }
        drawn = {"labels": self.look.labels, "dpi": round(self.drawing.dpi), "width_mm": round(self.width_mm, 1)}
        parameters = {key: [value] for key, value in sorted(self.parameters.items())}
        told = {"look": drawn, "parameters": parameters}
        return save_result(
            folder, self.name, "figure", table=self.table, captions=self.caption, files=files, told=told, by=self.by
        )


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


def series_figure(
    name: str,
    reports: Reports,
    draw: Callable[[pd.DataFrame], Figure],
    table: pd.DataFrame,
    *,
    finding: Bilingual = NO_WORDS,
    parameters: Mapping[str, Any] | None = None,
    **fields: object,
) -> FigureToCite:
    """Draw a figure of the series, and give it its words.

    Parameters
    ----------
    name : str
        Also its section in ``data/captions.toml``, where caption and description are.
    reports : Reports
        What was loaded, for the caption.
    draw : callable
        Draws the table in the width of the look.
    table : DataFrame
        What is plotted, one row a mark. The index is written where it has a name.
    **fields : object
        What the caption has to be told besides the parameters; see `corpus.publishing.figures.look.tell`.
    """
    told = {"loaded": count_loaded(reports), **(parameters or {}), **fields}
    caption, alt = tell(name, "caption", **told), tell(name, "alt")
    drawn = FigureToCite(name, draw(table), table, caption, alt, finding, parameters=parameters or {})
    return drawn.finish()


def no_figure(name: str, why: str, **fields: object) -> NoFigure:
    """Return what stands in the place of a figure where there is nothing to draw."""
    return NoFigure(name, tell("nothing", why, **fields))


def count_loaded(reports: Reports) -> Bilingual:
    """Return what the caption of a figure says first of its reports: how many, and how many files were left out."""
    return tell("loaded", "reports", n=len(reports), n_left_out=len(reports.problems))


def settle_layout(figure: Figure) -> None:
    """Keep the places of the axes as they were laid out, to a millionth of the figure, for all three files.

    The solver of the layout ends with rounding errors that differ from process to process, and the SVG names the
    rectangles to which it clips by their exact corners.
    """
    places = [axes.get_position().bounds for axes in figure.axes]
    with mpl.rc_context({"figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)
    for axes, (left, bottom, width, height) in zip(figure.axes, places, strict=True):
        axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))


def in_few_colours(drawing: Figure) -> bytes:
    """Return what was drawn last with a palette, so that notebooks stay light: figures have a dozen colours."""
    canvas, stream = cast(Any, drawing.canvas), BytesIO()
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    # The colours of every third pixel of every third line are those of all; to divide all takes five times as long.
    some = picture.resize((-(-picture.width // 3), -(-picture.height // 3)), Image.Resampling.NEAREST)
    colours = some.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few = picture.quantize(palette=colours, dither=Image.Dither.NONE)
    few.save(stream, "PNG", compress_level=4)
    return stream.getvalue()
