"""The lexicon that reports are loaded with: every table of data/lexicons and data/places that the analyses need."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from corpus.lexicon import Lexicon
from corpus.loading.chronology import load_chronology
from corpus.loading.divisions import load_divisions
from corpus.loading.resources import data_path, read_rows, simplified_table


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return field terms, stop words, traditional characters, chronology and table of divisions."""
    return Lexicon(
        words=tuple(row["term"] for row in read_rows(data_path("lexicons", "field_terms.csv"))),
        stop_words=tuple(row["term"] for row in read_rows(data_path("lexicons", "stop_words.csv"))),
        simplified=MappingProxyType(simplified_table()),
        chronology=load_chronology(),
        divisions=load_divisions(data_path("places", "divisions.csv")),
    )
