"""The figures of the series, each one call; the reader's own in the same style; two reports, or one, to read.

>>> import corpus
>>> corpus.figures.shared_passages(corpus.load_reports())  # doctest: +SKIP

The names are listed in ``__all__``; heavy packages load when a name is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_REPORTS = "corpus.publishing.figures.texts.figures_of_reports"
_PAIRS = "corpus.publishing.figures.texts.figures_of_pairs"
_ORIGINS = "corpus.publishing.figures.wording.figures_of_origins"
_DEFINITIONS = "corpus.publishing.figures.wording.figures_of_definitions"
_YEARS = "corpus.publishing.figures.over_years.figures_of_years"
_CHANGE = "corpus.publishing.figures.over_years.figures_of_change"
_VALIDATION = "corpus.publishing.figures.figures_of_validation"

_HOMES = {
    "parts_of_reports": _REPORTS,
    "shares_of_parts": _REPORTS,
    "file_to_body": _REPORTS,
    "shared_passages": _PAIRS,
    "similarity_matrix": _PAIRS,
    "passage_lengths": _PAIRS,
    "longest_passage": _PAIRS,
    "origins": _ORIGINS,
    "boilerplate_in_place": _ORIGINS,
    "formulas": _ORIGINS,
    "word_clouds": _ORIGINS,
    "boilerplate_settings": _DEFINITIONS,
    "boilerplate_by_peers": _DEFINITIONS,
    "chronology": _YEARS,
    "laws_by_year": _YEARS,
    "keyness": _YEARS,
    "share_kept": _CHANGE,
    "change_places": _CHANGE,
    "passage_flow": _CHANGE,
    "planted_recall": _VALIDATION,
    "least_length": _VALIDATION,
    "new_figure": "corpus.publishing.figures.own_figure",
    "set_look": "corpus.publishing.figures.look",
    "side_by_side": "corpus.publishing.readers.side_by_side",
    "read_through": "corpus.publishing.readers.read_through",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'corpus.figures' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
