"""The lexicon that reports are loaded with: every table of data/lexicons and data/places that the analyses need."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

from corpus.lexicon import Lexicon
from corpus.loading.chronology import load_chronology
from corpus.loading.divisions import load_divisions
from corpus.loading.resources import data_path, read_rows, simplified_table
from corpus.values import FACT_KINDS, CountingUnit

_ACTS = frozenset({"law", "regulation", "plan"})


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Return what data/lexicons and data/places know of words, units, names, script, dated terms and divisions."""
    terms = list(read_rows(data_path("lexicons", "field_terms.csv")))
    dated = load_chronology()
    cues = list(read_rows(data_path("lexicons", "cues.csv")))
    kinds = {str(kind): kind for kind in FACT_KINDS}
    return Lexicon(
        words=tuple(row["term"] for row in terms),
        stop_words=tuple(row["term"] for row in read_rows(data_path("lexicons", "stop_words.csv"))),
        units=tuple(
            CountingUnit(row["unit"], kinds[row["kind"]], row["not_before"])
            for row in read_rows(data_path("lexicons", "counting_units.csv"))
        ),
        set_numbers=tuple(row["term"] for row in read_rows(data_path("lexicons", "set_numbers.csv"))),
        acts=tuple(
            dict.fromkeys(
                [
                    *(row["term"] for row in terms if row["kind"] in _ACTS),
                    *(form for row in dated if row["kind"] in _ACTS for form in row["forms"].split("|") if form),
                ]
            )
        ),
        kinds=MappingProxyType(
            {form: row["kind"] for row in dated for form in row["forms"].split("|") if form}
            | {row["term"]: row["kind"] for row in terms}
        ),
        surnames=tuple(row["surname"] for row in read_rows(data_path("lexicons", "surnames.csv"))),
        exhortations=tuple(row["term"] for row in cues if row["kind"] == "exhortation"),
        accomplishments=tuple(row["term"] for row in cues if row["kind"] == "accomplishment"),
        simplified=MappingProxyType(simplified_table()),
        chronology=dated,
        divisions=load_divisions(data_path("places", "divisions.csv")),
    )
