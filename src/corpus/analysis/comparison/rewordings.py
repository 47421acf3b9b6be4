"""Clauses of two reports that say one thing in other words, which no common stretch of text shows.

`corpus.find_reuse` adds them with ``rewordings=True``: clauses that have no 12 characters on end in common. Two clauses
are candidates if two of the rarest pairs of neighbouring characters of the one are among the rarest of the other (the
rarer half of its pairs, 6 at least). A candidate is a rewording if

- twice the longest common subsequence is 0.7 of the characters of both, figures counted as one character each;
- the weighted Dice similarity of their pairs of characters, each weighed by log(clauses / clauses that have it), is
  0.45 or more, or 0.4 where the first share is 0.8;
- no noun of the one, places and terms of the field among them, was replaced by another one or by an adjective (服务业,
  金融业; 重大, 公共服务): replaced is one of which a character stands nowhere in the other clause, so that 国企 and
  国有企业 are one. The report's own place counts as one sign, whatever it is called.

Labels (五、 七是) do not count. The longer clause has 12 characters or more as printed, the shorter one 6 of ``key``,
and both have 64 at most: longer ones that were reworded have 12 on end in common. What is rare depends on the
collection, and so does what is listed; what stands in a row, but for how common it is, rests on two clauses. In more
than 20,000 pairs of reports, what stands in more than 50 different clauses brings no clauses together, and a clause
that would stand in more than 50 rows is left out: it is everybody's, and `corpus.find_formulas` has it.

Labelled ``figures`` is what has other figures, hedges (左右, 以上) or ordinals, and what is done (守住了, 成效显著) or
wanting (不够有力) in the one report and not in the other (坚决守住, 不断深化).

Of 200 reworded rows drawn at random after the rules were written (50 each of provinces of 2026 with cities, of national
years with provinces, of provinces, and of cities of different provinces) a reader (a model) called 188 one statement;
another emphasis (全面, 深入), a longer list, part of a list and another superior (省委, 市委) counted as the same. Most
others name a narrower thing (居民, 城镇居民), which shows in no word that was replaced.
Of 60 candidates just below the thresholds, read among 200 rows without knowing which they were, 40 were the same
too: the thresholds lose two good pairs for each bad one that they keep out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS
from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.comparison.clause_wordings import (
    LEAST_CHARS,
    MOST_CLAUSES,
    Clauses,
    collect_clauses,
    count_common,
    find_similar,
    lay_short_texts,
    lists_all,
    share_run,
)
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray, UnitRow
from corpus.analysis.reuse.base_rates import BaseRates, share_common
from corpus.analysis.reuse.passage_search import Found
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table
from corpus.report.values import Role


def find_rewordings(
    reports: Reports, found: Found, *, pairs: IntArray | None = None, role: Role | None = None
) -> tuple[Found, BoolArray]:
    """Return the rewordings as passages of whole pairs, and which of them differ in figures.

    One of which half and more, in both reports, lies in one of the passages found is left out: that passage has it.

    Parameters
    ----------
    reports : Reports
        Those that were compared.
    found : Found
        Their passages, with ``common`` everywhere.
    pairs : array of int, optional
        Positions of the reports of the pairs wanted, a row a pair.
    role : str, optional
    """
    assert found.common is not None
    clauses = collect_clauses(reports, role)
    one, other = _pair_clauses(reports, clauses, *find_similar(reports, clauses))
    owners, starts, ends, _ = clauses.spans.T
    holders = [_count_holders(clauses.wording, one, other, held) for held in (owners, found.issuers[owners])]
    if pairs is not None:
        low, high = np.sort(pairs, axis=1).T
        asked = np.isin(owners[one] * len(reports) + owners[other], low * len(reports) + high)
        one, other = one[asked], other[asked]
    places = _place_clauses(found.row, owners, starts)
    texts, lengths = lay_short_texts(clauses.keys), ends - starts
    n_common = count_common(texts, one, other)
    kept = (n_common > 0) & (2 * n_common < lengths[one] + lengths[other]) & ~share_run(texts, one, other)
    one, other, n_common = one[kept], other[kept], n_common[kept]
    passages = Alignments(
        owners[one] * max(len(found.row.starts), 1) + owners[other],
        places[one],
        places[one] + lengths[one],
        places[other],
        places[other] + lengths[other],
        n_common,
        n_common,
    )
    listed = passages.order()
    listed = listed[~_lie_inside(passages.choose(listed), found.passages)]
    passages, one, other = passages.choose(listed), one[listed], other[listed]
    n_reports, n_issuers = (np.minimum(n[clauses.wording[one]], n[clauses.wording[other]]) for n in holders)
    rates = BaseRates(n_reports, n_issuers, np.zeros_like(n_reports), share_common(passages, found.common))
    figures = (clauses.figures[one] != clauses.figures[other]) | _renumbered(clauses, one, other)
    return found._replace(passages=passages, rates=rates), figures


def add_rewordings(passages: pd.DataFrame, reworded: pd.DataFrame, order: IntArray, figures: BoolArray) -> pd.DataFrame:
    """Return rows of `corpus.find_reuse` and rewordings in one table, told by match.

    Parameters
    ----------
    passages, reworded : DataFrame
        Both with the columns of `corpus.find_reuse`.
    order : array of int
        The numbers of the rows of both, one behind the other, in the order of reports and places.
    figures : array of bool
        Which rewordings differ in figures.
    """
    inside = [passages["inside"], reworded["inside"].where(reworded["inside"] < 0, reworded["inside"] + len(passages))]
    match = ["exact"] * len(passages), np.where(figures, "figures", "reworded")
    both = pd.concat([passages, reworded], ignore_index=True)
    both["match"] = np.concatenate(match)
    both["inside"] = np.append(np.argsort(order), -1)[np.concatenate(inside)]
    table = as_table(both.take(order).reset_index(drop=True), f"{passages.attrs['table']}+match")
    table.attrs = {**passages.attrs, **table.attrs}
    return table


def _pair_clauses(reports: Reports, clauses: Clauses, first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
    """Return the pairs of clauses that have similar wordings, the earlier report first."""
    by_wording = np.argsort(clauses.wording, kind="stable")
    firsts = np.searchsorted(clauses.wording[by_wording], np.arange(len(clauses.wordings) + 1))
    sizes = np.diff(firsts)
    n_rows = sizes[first] * sizes[second]
    pair, step = expand(np.zeros_like(n_rows), n_rows)
    one = by_wording[firsts[first[pair]] + step // sizes[second[pair]]]
    other = by_wording[firsts[second[pair]] + step % sizes[second[pair]]]
    owners, printed = clauses.spans[:, 0], clauses.spans[:, 3]
    kept = (owners[one] != owners[other]) & (np.maximum(printed[one], printed[other]) >= LEAST_CHARS)
    kept &= (first != second)[pair] | (one < other)
    one, other = one[kept], other[kept]
    if not lists_all(reports):
        n_partners = np.bincount(np.concatenate([one, other]), minlength=len(owners))
        few = np.maximum(n_partners[one], n_partners[other]) <= MOST_CLAUSES
        one, other = one[few], other[few]
    swapped = owners[one] > owners[other]
    return np.where(swapped, other, one), np.where(swapped, one, other)


def _place_clauses(row: UnitRow, owners: IntArray, starts: IntArray) -> IntArray:
    """Return where in the row characters of reports stand, given by their places in ``key``."""
    stride = int(max(starts.max(initial=0), row.origins.max(initial=0))) + 1
    stretch = np.searchsorted(row.owners * stride + row.origins, owners * stride + starts, side="right") - 1
    return row.starts[stretch] + starts - row.origins[stretch]


def _lie_inside(clauses: Alignments, passages: Alignments) -> BoolArray:
    """Tell which pairs of clauses lie, with half of both or more, in one of the passages of their pair."""
    lies = np.zeros(len(clauses), dtype=bool)
    low, high = (np.searchsorted(passages.pair, clauses.pair, side) for side in ("left", "right"))
    middles = (clauses.p_start + clauses.p_end) // 2
    # Passages of a pair are ordered by where they begin: most clauses are passed by all that begin before them.
    stride = int(passages.p_end.max(initial=0)) + 2
    pairs = np.cumsum(np.diff(passages.pair, prepend=-1) != 0)
    reach = np.append(-1, np.maximum.accumulate(pairs * stride + passages.p_end))
    number = np.append(pairs, 0)[low]
    high = np.minimum(high, np.searchsorted(pairs * stride + passages.p_start, number * stride + middles + 1, "right"))
    met = np.flatnonzero((low < high) & (reach[high] >= number * stride + middles))
    at, passage = expand(low[met], high[met])
    clause = met[at]
    for side in "pq":
        start, end = (getattr(clauses, f"{side}_{edge}")[clause] for edge in ("start", "end"))
        first, last = (getattr(passages, f"{side}_{edge}")[passage].astype(np.int64) for edge in ("start", "end"))
        halves = 2 * (np.minimum(end, last) - np.maximum(start, first)) >= end - start
        clause, passage = clause[halves], passage[halves]
    lies[clause] = True
    return lies


def _count_holders(wording: IntArray, one: IntArray, other: IntArray, holders: IntArray) -> IntArray:
    """Return for each wording how many have it, or a clause that is paired with it."""
    n_holders = int(holders.max(initial=0)) + 1
    everybody = np.arange(len(wording))
    clause = np.concatenate([one, other, everybody])
    partner = np.concatenate([other, one, everybody])
    held = distinct(wording[clause] * n_holders + holders[partner])
    return np.bincount(held // n_holders)


def _renumbered(clauses: Clauses, one: IntArray, other: IntArray) -> BoolArray:
    """Tell which pairs of clauses have Chinese numerals of which either lacks one (八次, 九次)."""
    counts = np.zeros((len(clauses.wordings), len(CHINESE_NUMERALS)), dtype=np.int8)
    for place, words in enumerate(clauses.wordings):
        for sign in filter(CHINESE_NUMERALS.__contains__, words):
            counts[place, CHINESE_NUMERALS.index(sign)] += 1
    differences = counts[clauses.wording[one]] - counts[clauses.wording[other]]
    more, fewer = ((sign * differences > 0).any(axis=1) for sign in (1, -1))
    return np.asarray(more & fewer, dtype=np.bool_)
