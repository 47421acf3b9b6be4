"""How alike two reports are: measures of two texts, and a table of all pairs."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, repeat
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.ngrams import IntArray, holders, number_grams, row_of_keys
from corpus.analysis.tables import build_table
from corpus.analysis.words import split_words, tokenizer_with
from corpus.report import Report, Reports
from corpus.values import CorpusError, Role

MIN_REFERENCE = 5

_COLUMNS = {
    "report_a": "",
    "report_b": "",
    "containment_a_in_b": "float64",
    "containment_b_in_a": "float64",
    "resemblance": "float64",
    "cosine_tfidf": "float64",
    "n_grams_a": "int64",
    "n_grams_b": "int64",
    "n_shared_grams": "int64",
}
# A block of this many grams keeps the table of reports and grams small.
_GRAMS_AT_ONCE = 4096


def grams(key: str, n: int) -> frozenset[str]:
    """Return the distinct n-grams of a text, usually of ``report.key``; none if it has fewer than n characters."""
    return frozenset(key[start : start + n] for start in range(len(key) - n + 1))


def containment(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return how much of one set lies in another (Broder 1997): c = |A∩B| / |A|.

    Range 0 to 1; 1 when all of ``a`` is in ``b``. It has a direction: containment(a, b) is not containment(b, a).
    Nothing is contained in an empty set, and an empty set in no other; two empty sets are equal and give 1.
    """
    return _containment(len(a & b), len(a), len(b))


def resemblance(a: AbstractSet[Any], b: AbstractSet[Any]) -> float:
    """Return how much two sets have in common (Broder 1997): r = |A∩B| / |A∪B|.

    Range 0 to 1; 1 for equal sets, two empty ones included; 0 when nothing is shared. Symmetric.
    """
    return _resemblance(len(a & b), len(a), len(b))


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Return the cosine of two vectors of weights that are not negative, given by term.

    Range 0 to 1; 1 when the weights are in the same proportion, two vectors without weight included; 0 when they
    share no term, or only one of them has any weight. Symmetric.
    """
    length_a, length_b = (math.sqrt(math.fsum(weight * weight for weight in vector.values())) for vector in (a, b))
    if not length_a or not length_b:
        return float(length_a == length_b)
    shared = math.fsum(weight * b[term] for term, weight in a.items() if term in b)
    return min(1.0, shared / (length_a * length_b))


def tfidf_weights(counts: Mapping[str, int], n_holders: Mapping[str, int], *, n_reports: int) -> dict[str, float]:
    """Return the weight of every term of a report (Loughran & McDonald 2011).

    w = (1 + ln tf) / (1 + ln mean tf of the report) * ln(N / df). Range 0 and above; 0 for a term that stands in
    every report of the reference collection.

    Parameters
    ----------
    counts : mapping of str to int
        How often each term stands in the report, 1 or more.
    n_holders : mapping of str to int
        In how many reports of the reference collection each term stands (df), 1 or more.
    n_reports : int
        Reports of the reference collection (N).
    """
    if not counts:
        return {}
    scale = 1 + math.log(sum(counts.values()) / len(counts))
    return {
        term: (1 + math.log(count)) / scale * math.log(n_reports / n_holders[term]) for term, count in counts.items()
    }


def compare_reports(
    reports: Reports, *, n: int = 8, role: Role | None = None, reference: Reports | None = None
) -> pd.DataFrame:
    """Return how alike each pair of reports is.

    Containment and resemblance (Broder 1997) are over the sets of character n-grams of ``key``; the cosine is
    over words, weighted by TF-IDF (Loughran & McDonald 2011).

    Parameters
    ----------
    reports : Reports
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
        One row a pair, report_a before report_b as in ``reports``. containment_a_in_b: share of a's grams that b
        has, 0 to 1, and the other way round; resemblance: 0 to 1, symmetric; cosine_tfidf: 0 to 1, symmetric,
        NaN if the reference collection is the reports compared and has fewer than 5; n_grams_a, n_grams_b,
        n_shared_grams: distinct grams. All measures are NaN where neither report has a gram. ``attrs`` hold
        ``n``, ``reference`` (the ids of the reference collection) and ``note`` (why the cosine is missing, or "").

    Raises
    ------
    CorpusError
        If n is below 1, the role is none of the roles, or a reference collection that was asked for has fewer
        than 5 reports: with two texts alone every word they share has df = N and the cosine would be 0.
    """
    collection = _collection(reports, reference, role)
    note = ""
    if len(collection) < MIN_REFERENCE:
        names = ", ".join(report.report_id for report in collection) or "none"
        note = f"TF-IDF needs a reference collection of {MIN_REFERENCE} reports or more, not {len(collection)}: {names}"
        if reference is not None:
            raise CorpusError(note)
    sizes, shared = count_grams(reports, n, role=role)
    cosines = repeat(math.nan) if note else _cosines(reports, collection, role)
    rows = []
    # Without a note there is one cosine a pair; with one, NaN for each.
    for (a, b), cosine_ab in zip(combinations(range(len(reports)), 2), cosines, strict=False):
        both, n_a, n_b = int(shared[a, b]), int(sizes[a]), int(sizes[b])
        measures = (_containment(both, n_a, n_b), _containment(both, n_b, n_a), _resemblance(both, n_a, n_b), cosine_ab)
        if not n_a and not n_b:
            measures = (math.nan,) * 4
        rows.append((reports[a].report_id, reports[b].report_id, *measures, n_a, n_b, both))
    table = build_table(rows, _COLUMNS)
    table.attrs.update(n=n, reference=[report.report_id for report in collection], note=note)
    return table


def _containment(n_shared: int, n_a: int, n_b: int) -> float:
    if not n_a:
        return float(not n_b)
    return n_shared / n_a


def _resemblance(n_shared: int, n_a: int, n_b: int) -> float:
    n_all = n_a + n_b - n_shared
    return n_shared / n_all if n_all else 1.0


def _collection(reports: Reports, reference: Reports | None, role: Role | None) -> list[Report]:
    # The same file under another name is the same report: it must not count twice.
    distinct = {report.raw: report for report in chain(reports, reference or ())}
    return [report for report in distinct.values() if report.regions(role)]


def count_grams(reports: Reports, n: int, *, role: Role | None) -> tuple[IntArray, IntArray]:
    """Return how many distinct n-grams of ``key`` each report has (one dimension), and each two of them share (two)."""
    row = row_of_keys(reports, [report.regions(role) for report in reports])
    grams, owners = holders(number_grams(row.tokens, n), row.owners)
    sizes = np.bincount(owners, minlength=len(reports))
    common = np.bincount(grams)[grams] > 1
    grams, owners = np.unique(grams[common], return_inverse=True)[1], owners[common]
    shared = np.zeros((len(reports), len(reports)), dtype=np.int64)
    for first in range(0, int(grams.max(initial=-1)) + 1, _GRAMS_AT_ONCE):
        block = slice(*np.searchsorted(grams, [first, first + _GRAMS_AT_ONCE]))
        holds = np.zeros((len(reports), _GRAMS_AT_ONCE), dtype=np.float32)
        holds[owners[block], grams[block] - first] = 1
        shared += (holds @ holds.T).astype(np.int64)
    return sizes, shared


def _cosines(reports: Reports, collection: Sequence[Report], role: Role | None) -> Iterator[float]:
    tokenizer = tokenizer_with(reports.lexicon.words)
    counts = {
        report.raw: Counter(word.word for word in split_words(report, tokenizer, role=role)) for report in collection
    }
    n_holders = Counter(chain.from_iterable(counts.values()))
    vectors = [tfidf_weights(counts.get(report.raw, {}), n_holders, n_reports=len(collection)) for report in reports]
    # The cosine of each pair, as `cosine` gives it, for all later reports at once.
    numbers = {word: number for number, word in enumerate(n_holders)}
    words = np.array([numbers[word] for vector in vectors for word in vector], dtype=np.int64)
    weights = np.array([weight for vector in vectors for weight in vector.values()], dtype=np.float64)
    owners = np.repeat(np.arange(len(vectors)), [len(vector) for vector in vectors])
    lengths = np.sqrt(np.bincount(owners, weights=weights * weights, minlength=len(vectors)))
    firsts = np.searchsorted(owners, np.arange(len(vectors) + 1))
    for a in range(len(vectors)):
        own, later = slice(firsts[a], firsts[a + 1]), slice(firsts[a + 1], None)
        spread = np.zeros(len(numbers))
        spread[words[own]] = weights[own]
        products = np.bincount(owners[later], weights=spread[words[later]] * weights[later], minlength=len(vectors))
        scales = lengths[a] * lengths
        both_without_weight = (lengths == lengths[a]).astype(np.float64)
        cosines = np.divide(products, scales, out=both_without_weight, where=scales > 0)
        yield from np.minimum(cosines, 1)[a + 1 :].tolist()
