"""What the measures of pairs say and miss: by direction, extremes and words, and on changed copies of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.comparison.pair_choice import choose_pairs
from corpus.analysis.comparison.report_pairs import MIN_REFERENCE
from corpus.analysis.comparison.similarity import containment, cosine, grams, minimum_edit, resemblance, tfidf_weights
from corpus.analysis.words.segmentation import tokenizer_for
from corpus.analysis.words.term_bags import bag_grams, bag_words, count_shared
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role


@tabulated
def tabulate_directions(reports: Reports, pairs: pd.DataFrame, *, passages: pd.DataFrame) -> pd.DataFrame:
    """Return the measures of each pair in both directions.

    Parameters
    ----------
    reports : Reports
    pairs : DataFrame
        From `corpus.compare_reports` of these reports.
    passages : DataFrame
        From `corpus.find_reuse` of these reports.

    Returns
    -------
    DataFrame
        Two rows a pair, ordered by the two reports as in ``reports``.

        {columns of tabulate_directions}
    """
    places = {report.report_id: place for place, report in enumerate(reports)}
    longest = passages.groupby(["report_a", "report_b"])["matched_chars"].max().to_dict()
    rows = []
    for a_id, b_id, a_in_b, b_in_a, alike, near in pairs.iloc[:, :6].itertuples(index=False):
        symmetric = (alike, near, longest.get((a_id, b_id), 0))
        for one, other, contained in ((a_id, b_id, a_in_b), (b_id, a_id, b_in_a)):
            labels = (one, reports[places[one]].label, other, reports[places[other]].label)
            rows.append((*labels, contained, *symmetric))
    rows.sort(key=lambda row: (places[row[0]], places[row[2]]))
    return build_table(rows, "tabulate_directions")


@tabulated
def find_extremes(directions: pd.DataFrame) -> pd.DataFrame:
    """Return between which reports each measure is highest and lowest.

    Parameters
    ----------
    directions : DataFrame
        From `tabulate_directions`.

    Returns
    -------
    DataFrame
        One row a measure that has values. Reports are told as ``枣庄 2019 in 沂源 2022`` for containment, which has a
        direction, and as ``枣庄 2019 and 沂源 2022`` for the others, with how many others have the same value.

        {columns of find_extremes}
    """
    rows = []
    for measure in ("containment", "resemblance", "cosine_tfidf", "longest_chars"):
        known = directions[directions[measure].notna()].to_dict("records")
        if not known:
            continue
        joint = "in" if measure == "containment" else "and"
        cells: list[object] = [measure]
        for extreme in (max(known, key=itemgetter(measure)), min(known, key=itemgetter(measure))):
            n_equal = sum(row[measure] == extreme[measure] for row in known)
            n_others = n_equal - 1 if measure == "containment" else n_equal // 2 - 1
            names = f"{extreme['report_label']} {joint} {extreme['other_label']}"
            cells += [extreme[measure], f"{names}, {n_others} more" if n_others else names]
        rows.append(cells)
    return build_table(rows, "find_extremes")


@tabulated
def compare_gram_lengths(reports: Reports, lengths: Iterable[int], *, role: Role | None = None) -> pd.DataFrame:
    """Return between which reports containment is highest and lowest, for n-grams of several lengths.

    Parameters
    ----------
    reports : Reports
    lengths : iterable of int
        Characters of a gram, each 1 or more.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        One row a length, in the order given; none where there is no pair. Reports are told as in `find_extremes`.

        {columns of compare_gram_lengths}

    Raises
    ------
    CorpusError
        If a length is below 1.
    """
    first, second, _ = choose_pairs(reports, "all")
    rows = []
    for n in lengths:
        sizes, grams = bag_grams(reports, n, role=role)
        shares = np.full((len(reports), len(reports)), np.nan)
        shared = count_shared(grams, first, second)
        for one, other in ((first, second), (second, first)):
            known = sizes[one] > 0
            shares[one[known], other[known]] = shared[known] / sizes[one[known]]
        if np.isnan(shares).all():
            continue
        cells: list[object] = [n]
        for place in (np.nanargmax(shares), np.nanargmin(shares)):
            row, column = np.unravel_index(place, shares.shape)
            cells += [shares[row, column], f"{reports[int(row)].label} in {reports[int(column)].label}"]
        rows.append(cells)
    return build_table(rows, "compare_gram_lengths")


@tabulated
def split_cosine(reports: Reports, report_a: str, *, report_b: str, role: Role | None = None) -> pd.DataFrame:
    """Return what each word adds to the TF-IDF cosine of two reports, with all of ``reports`` as the reference.

    Parameters
    ----------
    reports : Reports
        The reference collection, 5 or more.
    report_a, report_b : str
        Ids of two of them.
    role : str, optional
        Only the parts with this role, as in `corpus.compare_reports`.

    Returns
    -------
    DataFrame
        One row a word that stands in both and has a weight (what stands in every report has none), by share_of_cosine,
        falling.

        {columns of split_cosine}

    Raises
    ------
    CorpusError
        If there are fewer than 5 reports, or one of the two is not among them.
    """
    # The same file under another name is the same report, as in compare_reports.
    held = {report.raw: report for report in reports if report.regions(role)}
    counts = {reports[report_id].raw: Counter[str]() for report_id in (report_a, report_b)}
    counts |= zip(held, bag_words(reports, list(held.values()), role=role), strict=True)
    if len(counts) < MIN_REFERENCE:
        raise CorpusError(f"TF-IDF needs a reference collection of {MIN_REFERENCE} reports or more, not {len(counts)}")
    n_holders = Counter(chain.from_iterable(counts.values()))
    a, b = (counts[reports[report_id].raw] for report_id in (report_a, report_b))
    weights_a, weights_b = (tfidf_weights(words, n_holders, n_reports=len(counts)) for words in (a, b))
    products = {word: weight * weights_b[word] for word, weight in weights_a.items() if word in weights_b}
    total = sum(products.values())
    rows = [(word, a[word], b[word], n_holders[word], product / total) for word, product in products.items() if product]
    rows.sort(key=lambda row: (-round(row[4], 12), row[0]))  # the last digits hang on which report comes first
    return build_table(rows, "split_cosine")


WEATHER = "今天上午多云转晴，气温比昨天高了三度，傍晚可能有小雨，出门的人最好带一把伞。"
"""A text that has nothing to do with any report."""
_EVERY = 10
_STRANGE = "某"


class _Probe(NamedTuple):
    name: str
    key: str
    sentences: list[str]


@tabulated
def tabulate_probes(reports: Reports, report_id: str, *, other_id: str, n: int = 8) -> pd.DataFrame:
    """Return every measure of a report held against texts whose likeness to it is known.

    Parameters
    ----------
    reports : Reports
        Also the reference collection of TF-IDF.
    report_id, other_id : str
        Ids of two of them.
    n : int
        Characters of a gram, for containment and resemblance.

    Returns
    -------
    DataFrame
        One row a text: the report itself; its sentences in reverse order; every tenth character exchanged for another
        (某); its first half and the other report's second half; its characters sorted, so that no word is left; the
        other report; a sentence about the weather. All measures are of the report and this text, over the body.

        {columns of tabulate_probes}

    Raises
    ------
    CorpusError
        If n is below 1, or one of the two is not there.
    """
    if n < 1:
        raise CorpusError(f"an n-gram of {n} characters does not exist; n is 1 or more")
    report, other = reports[report_id], reports[other_id]
    held = list({item.raw: item for item in reports}.values())
    n_holders = Counter(chain.from_iterable(bag_words(reports, held)))
    probes = list(_probes(report, other))
    tokenizer = tokenizer_for(reports, chain.from_iterable(probe.sentences for probe in probes))
    words = [_count_words(tokenizer, probe.sentences) for probe in probes]
    weights = [tfidf_weights(own, {word: n_holders[word] or 1 for word in own}, n_reports=len(held)) for own in words]
    first = probes[0]
    known = len(held) >= MIN_REFERENCE
    return build_table(
        (
            (
                probe.name,
                containment(grams(first.key, n), grams(probe.key, n)),
                resemblance(grams(first.key, n), grams(probe.key, n)),
                minimum_edit(first.key, probe.key),
                cosine(Counter(first.key), Counter(probe.key)),
                cosine(words[0], own),
                resemblance(words[0].keys(), own.keys()),
                cosine(weights[0], weighted) if known else float("nan"),
            )
            for probe, own, weighted in zip(probes, words, weights, strict=True)
        ),
        "tabulate_probes",
    )


def _probes(report: Report, other: Report) -> Iterator[_Probe]:
    keys, sentences = _pieces(report)
    other_keys, other_sentences = _pieces(other)
    half, other_half = len(keys) // 2, len(other_keys) // 2
    yield _Probe("the report itself", "".join(keys), sentences)
    yield _Probe("its sentences in reverse order", "".join(keys[::-1]), sentences[::-1])
    yield _Probe("every tenth character another", _exchange("".join(keys)), [_exchange("".join(sentences))])
    mixed = sentences[:half] + other_sentences[other_half:]
    yield _Probe("its first half, the other's second", "".join(keys[:half] + other_keys[other_half:]), mixed)
    in_order = "".join(sorted("".join(keys)))
    yield _Probe("its characters sorted", in_order, [in_order])
    yield _Probe("the other report", "".join(other_keys), other_sentences)
    yield _Probe("a sentence about the weather", "".join(filter(str.isalnum, WEATHER)), [WEATHER])


def _pieces(report: Report) -> tuple[list[str], list[str]]:
    """Return the sentences of the body, for matching and for cutting into words."""
    passages = report.passages("sentence")
    keys = [report.key[slice(*report.key_span(passage.start, passage.end))] for passage in passages]
    return keys, [passage.text for passage in passages]


def _exchange(text: str) -> str:
    n_seen = 0
    characters = []
    for character in text:
        n_seen += character.isalnum()
        characters.append(_STRANGE if character.isalnum() and n_seen % _EVERY == 0 else character)
    return "".join(characters)


def _count_words(tokenizer: Any, sentences: Sequence[str]) -> Counter[str]:
    cut = chain.from_iterable(tokenizer.cut(sentence) for sentence in sentences)
    return Counter(word for word in cut if any(map(str.isalnum, word)))
