"""How alike the reports of a collection are: tables of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.alignment.common_text import common_length, count_edits
from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.comparison.similarity import scale_simple
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.words.segmentation import split_words, tokenizer_for
from corpus.analysis.words.term_bags import (
    FloatArray,
    bag_grams,
    bag_words,
    cosine_pairs,
    count_shared,
    lay_bags,
    weigh_terms,
)
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table
from corpus.report.values import Role

MIN_REFERENCE = 5
"""Fewer reports cannot say which words are common: TF-IDF is not computed."""
MOST_FOR_ALL = 500
"""With more reports than these, only the pairs that share a passage are compared if nothing else is asked for."""

Pairs = Literal["all", "sharing"] | Iterable[tuple[str, str]] | None

_COLUMNS = {
    "report_a": "",
    "report_b": "",
    "containment_a_in_b": "float64",
    "containment_b_in_a": "float64",
    "resemblance": "float64",
    "cosine_tfidf": "float64",
    "cosine_words": "float64",
    "jaccard_words": "float64",
    "n_grams_a": "int64",
    "n_grams_b": "int64",
    "n_shared_grams": "int64",
}
_EDIT_COLUMNS = {
    "report_a": "",
    "report_b": "",
    "minimum_edit": "float64",
    "simple": "float64",
    "relative_change": "float64",
    "n_edits": "int64",
    "n_common": "int64",
    "length_a": "int64",
    "length_b": "int64",
}


def compare_reports(
    reports: Reports, *, pairs: Pairs = None, n: int = 8, role: Role | None = None, reference: Reports | None = None
) -> pd.DataFrame:
    """Return how alike reports are, pair by pair.

    Containment and resemblance (Broder 1997) are over the sets of character n-grams of ``key``; the other three are
    over words. What each measure means stands in `corpus.analysis.comparison.similarity`. Edits are counted by
    `corpus.compare_edits`, which costs more.

    Parameters
    ----------
    reports : Reports
    pairs : {"all", "sharing"} or iterable of (str, str), optional
        Which pairs: all; those that share a passage (`corpus.find_reuse` with its defaults); or pairs of ids, in this
        order. By default all up to 500 reports, and from there on those that share a passage.
    n : int
        Characters of a gram. The default, 8, is about four words, the length of phrase in the literature on
        boilerplate (Lang & Stice-Lawrence 2015): grams of 4 characters are mostly words that everybody uses.
    role : str, optional
        Only the parts with this role, in the reference collection too.
    reference : Reports, optional
        The collection that says how common a word is (df). Reports compared that are not in it are counted with
        it, so that each word has a df; reports without a part of the role are not. By default it is the reports
        compared.

    Returns
    -------
    DataFrame
        One row a pair, report_a before report_b as in ``reports``, or as the pairs were given. containment_a_in_b:
        share of a's grams that b has, 0 to 1, and the other way round; all others are symmetric and run from 0 to 1.
        resemblance: of n-grams; cosine_tfidf: of words weighted as in Loughran & McDonald (2011), NaN if the reference
        collection is the reports compared and has fewer than 5; cosine_words: of counts of words; jaccard_words: of
        sets of words; n_grams_a, n_grams_b, n_shared_grams: distinct grams. All measures are NaN where neither report
        has a gram. ``attrs`` hold ``n``, ``pairs`` (all, sharing or listed), ``reference`` (the ids of the reference
        collection) and ``note`` (why the cosine is missing, or "").

    Raises
    ------
    CorpusError
        If n is below 1, the role is none of the roles, a listed report is not there, or a reference collection that
        was asked for has fewer than 5 reports: with two texts alone every word they share has df = N and the cosine
        would be 0.
    """
    collection = _collection(reports, reference, role)
    note = ""
    if len(collection) < MIN_REFERENCE:
        names = ", ".join(report.report_id for report in collection) or "none"
        note = f"TF-IDF needs a reference collection of {MIN_REFERENCE} reports or more, not {len(collection)}: {names}"
        if reference is not None:
            raise CorpusError(f"{note}; give a larger one as reference, or none")
    first, second, chosen = choose_pairs(reports, pairs, role=role)
    sizes, grams = bag_grams(reports, n, role=role)
    n_a, n_b = sizes[first], sizes[second]
    # Grams that only one report has are not in the bags: a report shares them with itself.
    shared = np.where(first == second, n_a, count_shared(grams, first, second))
    tfidf, cosine, jaccard = _measure_words(reports, collection, (first, second), role=role)
    measures = [
        _share_of(shared, n_a, n_b),
        _share_of(shared, n_b, n_a),
        _share_of(shared, n_a + n_b - shared, n_a + n_b),
        np.full(len(first), np.nan) if note else tfidf,
        cosine,
        jaccard,
    ]
    for values in measures:
        values[(n_a == 0) & (n_b == 0)] = np.nan
    table = _pair_table(reports, (first, second), (*measures, n_a, n_b, shared), _COLUMNS)
    table.attrs.update(n=n, pairs=chosen, reference=[report.report_id for report in collection], note=note)
    return table


def compare_edits(
    reports: Reports, *, pairs: Pairs = None, unit: Literal["word", "character"] = "word", role: Role | None = None
) -> pd.DataFrame:
    """Return how much must be edited to make one report of another, pair by pair.

    The counts are exact. Two reports of 4,000 words or characters take about 20 ms, two of 16,000 about 0.2 s, so
    that all pairs of a hundred long reports take minutes.

    Parameters
    ----------
    reports : Reports
    pairs : {"all", "sharing"} or iterable of (str, str), optional
        Which pairs, as in `corpus.compare_reports`. The column ``simple`` is scaled within them.
    unit : {"word", "character"}
        What is inserted, deleted or replaced: words, or characters of ``key``.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        One row a pair, as in `corpus.compare_reports`; all measures are symmetric. minimum_edit: 0 to 1, 1 for equal
        reports; simple: 0 for the pair that changed most of this table, 1 for the one that changed least, NaN if all
        changed alike; relative_change: what simple is scaled from, 0 (equal) to 2; n_edits: least number of insertions,
        deletions and substitutions; n_common: length of the longest common subsequence; length_a, length_b; the last
        four in units. The measures are NaN where neither report has a unit. ``attrs`` hold ``unit`` and ``pairs``.

    Raises
    ------
    CorpusError
        If the unit or the role is none of these, or a listed report is not there.
    """
    texts = _sequences(reports, unit, role)
    first, second, chosen = choose_pairs(reports, pairs, role=role)
    places = list(zip(first.tolist(), second.tolist(), strict=True))
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    n_a, n_b = lengths[first], lengths[second]
    n_edits = np.array([count_edits(texts[a], texts[b]) for a, b in places], dtype=np.int64)
    n_common = np.array([common_length(texts[a], texts[b]) for a, b in places], dtype=np.int64)
    longest, total = np.maximum(n_a, n_b), n_a + n_b
    known = total > 0
    minimum_edit, change, simple = np.full((3, len(places)), np.nan)
    minimum_edit[known] = 1 - n_edits[known] / longest[known]
    change[known] = 2 * (total - 2 * n_common)[known] / total[known]
    simple[known] = scale_simple(change[known].tolist())
    columns = (minimum_edit, simple, change, n_edits, n_common, n_a, n_b)
    table = _pair_table(reports, (first, second), columns, _EDIT_COLUMNS)
    table.attrs.update(unit=unit, pairs=chosen)
    return table


def choose_pairs(reports: Reports, pairs: Pairs, *, role: Role | None = None) -> tuple[IntArray, IntArray, str]:
    """Return the positions of the reports of each pair asked for, and how they were chosen: all, sharing or listed.

    Raises
    ------
    CorpusError
        If a listed report is not there, or ``pairs`` is another word.
    """
    if pairs is None:
        pairs = "all" if len(reports) <= MOST_FOR_ALL else "sharing"
    if pairs == "all":
        first, second = np.triu_indices(len(reports), k=1)
        return first, second, "all"
    if isinstance(pairs, str) and pairs != "sharing":
        raise CorpusError(f'pairs={pairs!r} is none of "all", "sharing" or a list of pairs of report_ids')
    chosen = "sharing" if isinstance(pairs, str) else "listed"
    if isinstance(pairs, str):
        sharing = find_reuse(reports, role=role)[["report_a", "report_b"]].drop_duplicates()
        pairs = sharing.itertuples(index=False, name=None)
    places = {report.report_id: place for place, report in enumerate(reports)}
    listed = [tuple(pair) for pair in pairs]
    wrong = next((pair for pair in listed if len(pair) != 2 or not places.keys() >= set(pair)), None)
    if wrong is not None:
        known = ", ".join(list(places)[:12])
        raise CorpusError(f"{wrong!r} is no pair of the reports compared; their ids are {known or 'none'}")
    found = np.array([[places[one], places[other]] for one, other in listed], dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1], chosen


def _pair_table(
    reports: Reports,
    pairs: tuple[IntArray, IntArray],
    values: Iterable[npt.NDArray[Any]],
    columns: Mapping[str, str],
) -> pd.DataFrame:
    ids = [report.report_id for report in reports]
    names = ([ids[place] for place in side.tolist()] for side in pairs)
    return build_table(zip(*names, *(column.tolist() for column in values), strict=True), columns)


def _collection(reports: Reports, reference: Reports | None, role: Role | None) -> list[Report]:
    # The same file under another name is the same report: it must not count twice.
    distinct = {report.raw: report for report in chain(reports, reference or ())}
    return [report for report in distinct.values() if report.regions(role)]


def _measure_words(
    reports: Reports, collection: Sequence[Report], pairs: tuple[IntArray, IntArray], *, role: Role | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the cosine of weighted words, the cosine of counted words and the Jaccard similarity of each pair."""
    counts = lay_bags([*bag_words(reports, collection, role=role), {}])
    # A report without a part of the role is not in the collection: its bag is the empty one at the end.
    known = {report.raw: place for place, report in enumerate(collection)}
    places = np.array([known.get(report.raw, len(collection)) for report in reports], dtype=np.int64)
    first, second = places[pairs[0]], places[pairs[1]]
    n_holders = np.bincount(counts.terms, minlength=counts.n_terms)
    weighted = weigh_terms(counts, n_holders, n_reports=len(collection))
    sizes = np.diff(counts.firsts)
    shared, n_both = count_shared(counts, first, second), sizes[first] + sizes[second]
    return (
        cosine_pairs(weighted, first, second),
        cosine_pairs(counts, first, second),
        _share_of(shared, n_both - shared, n_both),
    )


def _share_of(shared: IntArray, n_whole: Any, n_other: Any) -> FloatArray:
    """Return shared / n_whole; without a whole 0, or 1 if there is no other either: two empty texts are equal."""
    shares: FloatArray = np.divide(shared, n_whole, out=(n_other == 0).astype(np.float64), where=n_whole > 0)
    return shares


def _sequences(reports: Reports, unit: str, role: Role | None) -> list[Sequence[str]]:
    if unit == "character":
        return [
            "".join(report.key[slice(*report.key_span(*span))] for span in report.regions(role)) for report in reports
        ]
    if unit != "word":
        raise CorpusError(f"no such unit: {unit!r}; reports are edited by word or by character")
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    return [tuple(word.word for word in split_words(report, tokenizer, role=role)) for report in reports]
