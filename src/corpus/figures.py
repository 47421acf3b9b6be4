"""The figures of the series, each one call; the reader's own in the same style; two reports, or one, to read.

>>> import corpus
>>> corpus.figures.shared_passages(corpus.load_reports())  # doctest: +SKIP

The names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_ROOMS = {
    "publishing.figures.texts.parts_of_reports": ("parts_of_reports", "shares_of_parts"),
    "publishing.figures.texts.file_to_body": ("file_to_body",),
    "publishing.figures.texts.passage_bands": ("shared_passages", "passage_lengths", "least_length"),
    "publishing.figures.texts.similarity_matrix": ("similarity_matrix",),
    "publishing.figures.texts.aligned_sentences": ("longest_passage",),
    "publishing.figures.wording.origin_strips": ("origins",),
    "publishing.figures.wording.formula_places": ("boilerplate_in_place", "formulas"),
    "publishing.figures.wording.word_clouds": ("word_clouds",),
    "publishing.figures.wording.boilerplate_settings": ("boilerplate_settings", "boilerplate_by_peers"),
    "publishing.figures.over_years.chronology": ("chronology", "laws_by_year"),
    "publishing.figures.over_years.words_over_years": ("keyness",),
    "publishing.figures.over_years.share_kept": ("share_kept", "change_places"),
    "publishing.figures.own_figure": ("new_figure",),
    "publishing.figures.look": ("set_look",),
    "publishing.readers.side_by_side": ("side_by_side",),
    "publishing.readers.read_through": ("read_through",),
}
_HOMES = {name: f"corpus.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus.figures' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
