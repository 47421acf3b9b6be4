"""A figure of a reader's own, in the style of the series: its font, sizes in millimetres, a folder, her name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from corpus.errors import CorpusError
from corpus.publishing.figures.figure_to_cite import FigureToCite, check_words, cite_figure
from corpus.publishing.figures.look import Bilingual
from corpus.publishing.figures.style import new_figure as new_drawing


@dataclass(slots=True, eq=False)
class OwnFigure:
    """What a ``with new_figure(...)`` block draws on, and afterwards the figure. Made by `new_figure`.

    Attributes
    ----------
    name : str
    drawing : matplotlib Figure
    table : DataFrame
        What is plotted; ``data.csv`` holds it. Set it inside the block, or give it to `new_figure`.
    """

    name: str
    drawing: Figure
    table: pd.DataFrame
    _figure: FigureToCite | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        return repr(self._figure) if self._figure else f"Figure {self.name}, being drawn"

    def subplots(self, *args: Any, **kwargs: Any) -> Any:
        """Return axes as matplotlib's ``Figure.subplots`` makes them."""
        return self.drawing.subplots(*args, **kwargs)

    @property
    def figure(self) -> FigureToCite:
        """The finished figure.

        Raises
        ------
        CorpusError
            If the block has not ended.
        """
        if self._figure is None:
            raise CorpusError(f"figure {self.name} is still being drawn; ask behind its with block")
        return self._figure

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        return self.figure._repr_mimebundle_(**kwargs)

    def save(self, folder: str | Path) -> Path:
        """Write the figure to a folder of its own; see `FigureToCite.save`."""
        return self.figure.save(folder)


@contextmanager
def new_figure(
    name: str,
    *,
    caption: str,
    by: str,
    alt: str,
    caption_zh: str = "",
    table: pd.DataFrame | None = None,
    width_mm: float | None = None,
    height_mm: float = 90.0,
) -> Iterator[OwnFigure]:
    """Draw a figure of your own in the style of the series, with Chinese in its font and your name in its citation.

    Parameters
    ----------
    name : str
        Small letters, digits and hyphens: ``my-counties``. Its folder is called so.
    caption : str
        What is counted, with unit, threshold and denominator.
    by : str
        Who is cited for it.
    alt : str
        What is seen, in 40 characters or more, for those who do not see it.
    caption_zh : str
        The caption in Chinese.
    table : DataFrame, optional
        What is plotted, for ``data.csv``.
    width_mm, height_mm : float
        At most 183 and 170; the width is that of the look, or 183, if not given.

    Yields
    ------
    OwnFigure
        With ``subplots`` to draw on; behind the block it shows itself, and has ``save``.

    Raises
    ------
    CorpusError
        If a character is not in the font: the message names it, where matplotlib would print a box. If the name, the
        description or the size cannot be used.

    Examples
    --------
    >>> import corpus
    >>> alt = "Two bars, the longer one for 枣庄, the shorter for 龙岗."
    >>> with corpus.figures.new_figure("lengths", caption="Characters.", by="Li Wei", alt=alt, height_mm=40) as mine:
    ...     bars = mine.subplots().barh(["枣庄 2019", "龙岗 2020"], [2776, 1988])
    >>> mine
    Figure lengths. Characters.
    """
    check_words(name, alt)
    if not by.strip():
        raise CorpusError(f"figure {name}: say with by= who made it; cite.bib names nobody else")
    with new_drawing(width_mm=width_mm, height_mm=height_mm) as drawing:
        own = OwnFigure(name, drawing, pd.DataFrame() if table is None else table)
        yield own
    words = Bilingual(caption.strip(), caption_zh.strip() or caption.strip())
    seen = Bilingual(alt.strip(), alt.strip())
    own._figure = cite_figure(drawing, own.table, name=name, caption=words, alt=seen, by=by, missing="error")
