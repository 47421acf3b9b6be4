"""How alike the reports of a collection are: tables of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import chain, product
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.alignment.common_text import common_length, count_edits
from corpus.analysis.comparison.pair_columns import (
    ChanceSetting,
    check_issuers,
    deal_out,
    dyad_columns,
    interval_columns,
    sum_columns,
)
from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.resampling import LEVEL, SEED, FloatArray
from corpus.analysis.reuse.passage_search import locate_pairs
from corpus.analysis.words.segmentation import (
    bag_grams,
    bag_words,
    cosine_pairs,
    count_shared,
    lay_bags,
    weigh_terms,
    words_of,
)
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, join_columns, tabulated
from corpus.report.values import Role

MIN_REFERENCE = 5
"""Fewer reports cannot say which words are common: TF-IDF is not computed."""
Unit = Literal["word", "character"]
MOST_FOR_ALL = 500
"""With more reports than these, only the pairs that share a passage are compared if nothing else is asked for."""
MOST_PAIRED = 2_000
"""With more reports than these all pairs, two million and more, are refused."""
Pairs = Literal["all", "sharing"] | Iterable[tuple[str, str]] | None


@tabulated
def compare_reports(
    reports: Reports,
    *,
    pairs: Pairs = None,
    n: int = 8,
    role: Role | None = None,
    reference: Reports | None = None,
    edits: Unit | None = None,
    chance: bool | ChanceSetting = False,
    intervals: bool = False,
    passages: bool = False,
    dyads: bool = False,
) -> pd.DataFrame:
    """Return how alike reports are, pair by pair.

    Containment, |A∩B| / |A|, and resemblance, |A∩B| / |A∪B| (Broder 1997), are over the sets of character n-grams of
    ``key``; the Jaccard similarity, |A∩B| / |A∪B|, and the cosine over words and how often they stand are those of
    Cohen, Malloy & Nguyen (2020, Journal of Finance 75:1371-1415; definitions seen second-hand). The other cosine
    weighs a word by TF-IDF as Loughran & McDonald (2011, Journal of Finance 66:35-65): (1 + ln tf) / (1 + ln mean tf of
    the report) · ln(N / df). All run from 0 to 1, 1 for equal reports; containment alone has a direction. Two texts of
    which neither has anything are equal.

    Minimum edit is 1 - d / max(|a|, |b|), d the distance of Levenshtein. Simple is (c_max - c) / (c_max - c_min) of the
    relative change c = (|a| + |b| - 2 |LCS|) / ((|a| + |b|) / 2), where LCS is the longest common subsequence, so that
    a replaced word is one deletion and one addition (both after Cohen, Malloy & Nguyen). It is scaled within the table:
    add a pair, and all values may differ; where all pairs changed as much, it is 1 if nothing changed, else NaN.

    Each of the last five options adds columns to the same pairs, and costs more: edits about 0.2 s for two reports of
    16,000 words, so that all pairs of a hundred long reports take minutes; chance some 12 ms a permutation of a
    hundred reports; intervals about 10 ms a pair; passages what `corpus.find_reuse` costs.

    Parameters
    ----------
    reports : Reports
    pairs : {"all", "sharing"} or iterable of (str, str), optional
        Which pairs: all; those that share a passage (`corpus.find_reuse` with its defaults); or pairs of ids, in this
        order. By default all up to 500 reports, and from there on those that share a passage; all are refused of more
        than 2,000 reports.
    n : int
        Characters of a gram. The default, 8, is about four words, the length of phrase in the literature on
        boilerplate (Lang & Stice-Lawrence 2015): grams of 4 characters are mostly words that everybody uses.
    role : str, optional
        Only the parts with this role, in the reference collection too.
    reference : Reports, optional
        The collection that says how common a word is (df). Reports compared that are not in it are counted with
        it, so that each word has a df; reports without a part of the role are not. By default it is the reports
        compared.
    edits : {"word", "character"}, optional
        Counts what must be inserted, deleted or replaced to make one report of the other: words, or characters of
        ``key``. The counts are exact.
    chance : bool or ChanceSetting
        Whether to say how often chance alone makes a pair share as much: of 20 reports or more, each of another
        issuer. `corpus.analysis.comparison.pair_columns` says what is dealt out, and has the setting.
    intervals : bool
        Whether to add how much of a report lies in passages of `corpus.find_reuse` that the other has (coverage), and
        to coverage and containment an interval for 95% over the sentences of the one report, the other fixed.
        `corpus.analysis.comparison.pair_columns` says what they mean and how well they hold.
    passages : bool
        Whether to add how many characters the pair shares in passages of `corpus.find_reuse`, raw and by weight. They
        are all passages of up to 20,000 pairs and of pairs that are listed by name; beyond, those whose rarest stretch
        stands in 50 reports at most, with how much that leaves out. Weights are counted in ``reports``.
    dyads : bool
        Whether to add what the two reports are to each other: same issuer, province and level, years and days apart,
        lengths, who was first. `corpus.analysis.comparison.pair_columns` says what regressions on pairs must heed.

    Returns
    -------
    DataFrame
        One row a pair, report_a before report_b as in ``reports``, or as the pairs were given. All measures are NaN
        where neither report has a gram, or, of edits, a unit. ``attrs`` hold ``n``, ``pairs`` (all, sharing or listed),
        ``reference`` (the ids of the reference collection), ``note`` (why the cosine is missing, or "") and what the
        added columns rest on.

        {columns of compare_reports}

        With edits also:

        {columns of compare_reports+edits}

        With chance also:

        {columns of compare_reports+chance}

        With intervals also:

        {columns of compare_reports+intervals}

        With passages also:

        {columns of compare_reports+passages}

        With dyads also:

        {columns of compare_reports+dyads}

    Raises
    ------
    CorpusError
        If n is below 1, the unit or the role is none of these, a listed report is not there, chance is asked of fewer
        than 20 reports or of two of one issuer, or a reference collection that was asked for has fewer than 5 reports:
        with two texts alone every word they share has df = N and the cosine would be 0.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> pair = corpus.compare_reports(reports, pairs=[("longgang-2020", "yiyuan-2022")], edits="character").iloc[0]
    >>> [round(float(pair[name]), 3) for name in ("containment_a_in_b", "containment_b_in_a", "minimum_edit")]
    [0.025, 0.018, 0.094]
    """
    if chance:
        check_issuers(reports)
    collection = _collection(reports, reference, role)
    note = ""
    if len(collection) < MIN_REFERENCE:
        names = ", ".join(report.report_id for report in collection) or "none"
        note = f"TF-IDF needs a reference collection of {MIN_REFERENCE} reports or more, not {len(collection)}: {names}"
        if reference is not None:
            raise CorpusError(f"{note}; give a larger one as reference, or none")
    first, second, chosen = _choose_pairs(reports, pairs, role=role)
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
    ids = [report.report_id for report in reports]
    columns: list[Any] = [[ids[place] for place in side.tolist()] for side in (first, second)]
    columns += [*measures, n_a, n_b, shared]
    name, attrs = "compare_reports", {"n": n, "pairs": chosen, "note": note}
    attrs["reference"] = [report.report_id for report in collection]
    if edits is not None:
        columns += _measure_edits(reports, first, second, unit=edits, role=role)
        name, attrs = f"{name}+edits", attrs | {"unit": edits}
    if chance:
        setting = chance if isinstance(chance, ChanceSetting) else ChanceSetting()
        dealt = deal_out(reports, first, second, setting=setting, role=role)
        columns += dealt.n_shared, dealt.expected, dealt.share_at_least
        name, attrs = f"{name}+chance", attrs | asdict(setting) | {"seed": SEED}
    if intervals:
        columns += interval_columns(reports, first, second, n=n, role=role)
        name, attrs = f"{name}+intervals", attrs | {"level": LEVEL}
    if passages:
        columns += sum_columns(reports, first, second, listed=chosen == "listed", role=role)
        name = f"{name}+passages"
    if dyads:
        columns += dyad_columns(reports, first, second, role=role)
        name = f"{name}+dyads"
    table = join_columns(columns, name)
    table.attrs.update(attrs)
    return table


def _measure_edits(
    reports: Reports, first: IntArray, second: IntArray, *, unit: Unit, role: Role | None
) -> tuple[npt.NDArray[Any], ...]:
    texts = _sequences(reports, unit, role)
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
    least, most = change[known].min(initial=2), change[known].max(initial=0)
    if least < most:
        simple[known] = (most - change[known]) / (most - least)
    elif not most:
        simple[known] = 1
    return minimum_edit, simple, change, n_edits, n_common, n_a, n_b


def _collection(reports: Reports, reference: Reports | None, role: Role | None) -> list[Report]:
    # The same file under another name is the same report: it must not count twice.
    distinct = {report.raw: report for report in chain(reports, reference or ())}
    return [report for report in distinct.values() if report.regions(role)]


def _measure_words(
    reports: Reports, collection: Sequence[Report], pairs: tuple[IntArray, IntArray], *, role: Role | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the cosine of weighted words, the cosine of counted words and the Jaccard similarity of each pair."""
    _, counts = lay_bags([*bag_words(reports, collection, role=role), {}])
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
    return [tuple(word.word for word in words) for words in words_of(reports, role=role)]


def _choose_pairs(reports: Reports, pairs: Pairs, *, role: Role | None) -> tuple[IntArray, IntArray, str]:
    """Return the positions of the reports of each pair asked for, and how they were chosen: all, sharing or listed."""
    if pairs is None:
        pairs = "all" if len(reports) <= MOST_FOR_ALL else "sharing"
    if pairs == "all":
        if len(reports) > MOST_PAIRED:
            raise CorpusError(
                f"pairs='all' compares every two of {len(reports):,} reports: ask it of {MOST_PAIRED:,} at most, or "
                'ask for pairs="sharing", which share a passage, for a list of pairs, or find_reuse(sources=)'
            )
        first, second = np.triu_indices(len(reports), k=1)
        return first, second, "all"
    if isinstance(pairs, str) and pairs != "sharing":
        raise CorpusError(f'pairs={pairs!r} is none of "all", "sharing" or a list of pairs of report_ids')
    chosen = "sharing" if isinstance(pairs, str) else "listed"
    if isinstance(pairs, str):
        sharing = find_reuse(reports, role=role)[["report_a", "report_b"]].drop_duplicates()
        pairs = sharing.itertuples(index=False, name=None)
    first, second = locate_pairs(reports, pairs).T
    return first, second, chosen


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


def order_alike(directions: pd.DataFrame) -> list[str]:
    """Return the ids of reports in an order in which those that are alike stand side by side.

    Those that are most alike are joined, then the groups, until all are one: the similarity of two groups is the mean
    over the pairs of their reports (UPGMA, Sokal & Michener 1958). Where two groups meet, each is turned so that the
    reports at the seam are as alike as can be. Of equal similarities the first in the order of the table is taken. The
    work grows with the cube of the reports: a hundred take 20 ms, a thousand some seconds.

    Parameters
    ----------
    directions : DataFrame
        From `tabulate_directions`. Pairs that are not in it, or have no value, count as 0.
    """
    ids = list(dict.fromkeys(directions["report_id"]))
    table = directions.pivot(index="report_id", columns="other_id", values="resemblance").reindex(
        index=ids, columns=ids
    )
    alike = np.nan_to_num(table.to_numpy(dtype=np.float64, copy=True))
    means = alike.copy()
    np.fill_diagonal(means, -1.0)
    groups = {place: [place] for place in range(len(ids))}
    while len(groups) > 1:
        one, other = sorted(divmod(int(np.argmax(means)), len(ids)))
        left, right = groups[one], groups.pop(other)
        mean = (len(left) * means[one] + len(right) * means[other]) / (len(left) + len(right))
        mean[(means[one] < 0) | (means[other] < 0)] = -1.0
        means[one], means[:, one] = mean, mean
        means[other], means[:, other] = -1.0, -1.0
        turns = product((left, left[::-1]), (right, right[::-1]))
        groups[one] = [*chain(*max(turns, key=lambda turn: alike[turn[0][-1], turn[1][0]]))]
    return [ids[member] for members in groups.values() for member in members]
