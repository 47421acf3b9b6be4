"""The figures of the series, each one call; the reader's own in the same style; two reports, or one, to read.

>>> import corpus
>>> corpus.figures.shared_passages(corpus.load_reports())  # doctest: +SKIP

The names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from corpus.publishing.figures.figure_to_cite import FigureToCite

# Matplotlib speaks of its cache on standard error, and so in a notebook: where a machine has many fonts to list, and
# where the home folder cannot be written. Neither touches a figure, for the font is the project's own.
_CACHE_NEWS = ("building the font cache", "temporary cache directory", "not a writable directory", "mkdir -p failed")
for _name in ("matplotlib", "matplotlib.font_manager"):
    logging.getLogger(_name).addFilter(lambda record: not any(words in str(record.msg) for words in _CACHE_NEWS))

_ROOMS = {
    "publishing.figures.texts.parts_of_reports": ("parts_of_reports", "shares_of_parts", "file_to_body"),
    "publishing.figures.texts.passage_bands": ("shared_passages", "passage_lengths", "least_length"),
    "publishing.figures.texts.pairs_of_reports": ("similarity_matrix", "longest_passage"),
    "publishing.figures.wording.origin_strips": ("origins",),
    "publishing.figures.wording.formula_places": ("boilerplate_in_place", "formulas"),
    "publishing.figures.wording.words_in_reports": ("term_places", "keyness"),
    "publishing.figures.wording.word_clouds": ("word_clouds",),
    "publishing.figures.wording.boilerplate_settings": ("boilerplate_settings", "boilerplate_by_peers"),
    "publishing.figures.over_years.chronology": ("chronology", "laws_by_year"),
    "publishing.figures.over_years.share_kept": ("share_kept", "change_places"),
    "publishing.figures.over_years.uptake_arcs": ("borrowing",),
    "publishing.figures.look": ("set_look",),
    "publishing.readers.side_by_side": ("side_by_side",),
    "publishing.readers.read_through": ("read_through",),
}
_HOMES = {name: f"corpus.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = sorted([*_HOMES, "new_figure"])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus.figures' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__


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
) -> Iterator[FigureToCite]:
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
    FigureToCite
        With ``subplots`` to draw on; behind the block it shows itself, and has ``save``.

    Raises
    ------
    CorpusError
        If the name, the description or the size cannot be used.

    Examples
    --------
    >>> import corpus
    >>> alt = "Two bars, the longer one for 枣庄, the shorter for 龙岗."
    >>> with corpus.figures.new_figure("lengths", caption="Characters.", by="Li Wei", alt=alt, height_mm=40) as mine:
    ...     bars = mine.subplots().barh(["枣庄 2019", "龙岗 2020"], [2776, 1988])
    >>> mine
    Figure lengths. Characters.
    """
    import pandas as pd

    from corpus.errors import CorpusError
    from corpus.publishing.figures import style
    from corpus.publishing.figures.figure_to_cite import FigureToCite
    from corpus.publishing.figures.look import Bilingual

    if not by.strip():
        raise CorpusError(f"figure {name}: say with by= who made it; cite.bib names nobody else")
    words = Bilingual(caption.strip(), caption_zh.strip() or caption.strip())
    with style.new_figure(width_mm=width_mm, height_mm=height_mm) as drawing:
        data = pd.DataFrame() if table is None else table
        mine = FigureToCite(name, drawing, data, words, Bilingual(alt.strip(), alt.strip()), by=by)
        yield mine
    mine.finish()
