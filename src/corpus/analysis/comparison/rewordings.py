"""Clauses of two reports that say one thing in other words, which no common stretch of text shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.alignment.common_text import CHINESE_NUMERALS
from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.alignment.passage_pairs import expand, heaviest_rise
from corpus.analysis.comparison.clause_wordings import (
    LEAST_CHARS,
    MOST_CLAUSES,
    Clauses,
    collect_clauses,
    count_common,
    find_similar,
    lay_short_texts,
    lists_all,
)
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray
from corpus.analysis.reuse.base_rates import share_common
from corpus.analysis.reuse.passage_kinds import find_printed, name_kinds
from corpus.analysis.reuse.passage_search import Found
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, tabulated
from corpus.report.values import Role

_PLACE_BITS = 32


@tabulated
def find_rewordings(
    reports: Reports, *, pairs: Iterable[tuple[str, str]] | None = None, role: Role | None = None
) -> pd.DataFrame:
    """Return the clauses of two reports that say one thing in other words, or with other figures.

    A second pass, over what `corpus.find_reuse` cannot see: clauses that have no 12 characters on end in common. Two
    clauses are candidates if two of the rarest pairs of neighbouring characters of the one are among the rarest of the
    other (the rarer half of its pairs, 6 at least). A candidate is a rewording if

    - twice the longest common subsequence is 0.7 of the characters of both, figures counted as one character each;
    - the weighted Dice similarity of their pairs of characters, each weighed by log(clauses / clauses that have it), is
      0.45 or more, or 0.4 where the first share is 0.8;
    - no noun of the one, places among them, was replaced by another noun (服务业, 金融业): replaced is one of which a
      character stands nowhere in the other clause, so that 国企 and 国有企业 are one. The report's own place counts as
      one sign, whatever it is called.

    Labels (五、 七是) do not count. The longer clause has 12 characters or more as printed, the shorter one 6 of
    ``key``, and both have 64 at most: longer ones that were reworded have 12 on end in common. What is rare depends on
    the collection, and so does what is listed; what stands in a row, but for how common it is, rests on two clauses.

    Labelled ``figures`` is what has other figures, hedges (左右, 以上) or ordinals, and what is done in the one report
    and to be done in the other (成效显著, 不断深化).

    Of 100 reworded rows drawn at random from government work reports of 103 cities and 47 of provinces in two
    years, after the rules were written (two words of them were changed since), a reader (a model) called 93 one
    statement; another emphasis (全面, 深入), a longer list, part of a list and another superior (省委, 市委) counted as
    the same. Most others name a narrower thing.
    Of 60 candidates just below the thresholds, read among 200 rows without knowing which they were, 40 were the same
    too: the thresholds lose two good pairs for each bad one that they keep out.

    Parameters
    ----------
    reports : Reports
    pairs : iterable of (str, str), optional
        Pairs of ids that are listed; by default all. In more than 20,000 pairs of reports, what stands in more than 50
        different clauses brings no clauses together, and a clause that would stand in more than 50 rows is left out: it
        is everybody's, and `corpus.find_formulas` has it.
    role : str, optional
        Only the parts with this role, in both reports.

    Returns
    -------
    DataFrame
        One row a pair of clauses, by report a, report b, start_a, start_b; report a stands before report b in
        ``reports``. A clause may stand in several rows.

        {columns of find_rewordings}

    Raises
    ------
    CorpusError
        If the role is none of the roles.

    Examples
    --------
    >>> import corpus
    >>> from corpus.analysis.comparison.rewordings import find_rewordings
    >>> found = find_rewordings(corpus.load_reports())
    >>> row = found[found["report_b"] == "changchun-2021"].iloc[0]
    >>> print(row["report_a"], row["match"], row["matched_chars"], round(row["similarity"], 2))
    zaozhuang-2019 reworded 11 0.88
    """
    clauses = collect_clauses(reports, role)
    one, other = _place_pairs(reports, clauses, *find_similar(reports, clauses))
    issuers = np.unique([report.issuer_key for report in reports], return_inverse=True)[1]
    owners = clauses.spans[:, 0]
    rates = [_count_holders(clauses.wording, one, other, holders) for holders in (owners, issuers[owners])]
    if pairs is not None:
        places = {report.report_id: place for place, report in enumerate(reports)}
        wanted = [sorted((places[a], places[b])) for a, b in pairs if a in places and b in places]
        codes = np.array([a * len(reports) + b for a, b in wanted], dtype=np.int64)
        listed = np.isin(owners[one] * len(reports) + owners[other], codes)
        one, other = one[listed], other[listed]
    return _tabulate(reports, clauses, one, other, rates)


def add_rewordings(
    reports: Reports,
    passages: pd.DataFrame,
    searched: Found,
    *,
    pairs: Iterable[tuple[str, str]] | None = None,
    role: Role | None = None,
) -> pd.DataFrame:
    """Return rows of `corpus.find_reuse` and the rewordings besides them, with a column more: match.

    A rewording of which half and more, in both reports, lies in one passage is left out: that passage has it. Rows stay
    in the order of the reports and their places. What a passage says of its two reports alone, as which was first, is
    what the pair's other rows say.

    Parameters
    ----------
    reports : Reports
        Those that were compared.
    passages : DataFrame
    searched : Found
        What the table of passages was made of.
    pairs, role
        As in `find_rewordings`.
    """
    found = find_rewordings(reports, pairs=pairs, role=role)
    found = found[~_lie_inside(reports, found, passages)].reset_index(drop=True)
    kinds, share = _tell_kinds(reports, found, searched)
    own: dict[str, Any] = {"inside": -1, "kind": kinds, "share_common": share}
    for side in "ab" if "text_a" in passages else "":
        own[f"text_{side}"] = pd.Series(_of_clauses(found, side, Report.quote, reports), dtype="str")
    of_pair = passages.drop_duplicates(["report_a", "report_b"]).set_index(["report_a", "report_b"])
    keys = pd.MultiIndex.from_frame(found[["report_a", "report_b"]])
    for name in passages.columns:
        if name in own:
            found[name] = own[name]
        elif name not in found.columns:
            found[name] = of_pair[name].reindex(keys).to_numpy()
            if passages[name].dtype.kind not in "fi":
                found[name] = found[name].fillna("")
    both = pd.concat([passages.assign(match="exact"), found[[*passages.columns, "match"]]], ignore_index=True)
    order = {report.report_id: place for place, report in enumerate(reports)}
    ranks = [both[f"report_{side}"].map(order).to_numpy() for side in "ab"]
    rows = np.lexsort((both["start_b"].to_numpy(), both["start_a"].to_numpy(), ranks[1], ranks[0]))
    if "inside" in both:
        moved = np.append(np.argsort(rows), -1)
        both["inside"] = moved[both["inside"].to_numpy()]
    table = as_table(both.take(rows).reset_index(drop=True), f"{passages.attrs['table']}+match")
    table.attrs = {**passages.attrs, **table.attrs}
    return table


def _tell_kinds(reports: Reports, found: pd.DataFrame, searched: Found) -> tuple[Any, Any]:
    """Return the kind of each row, as `corpus.find_reuse` tells it, and how much of it many issuers have."""
    row = searched.row
    order = {report.report_id: place for place, report in enumerate(reports)}
    stretches = row.owners * (1 << _PLACE_BITS) + row.origins
    owners, edges = [], []
    for side in "ab":
        owner = np.asarray(found[f"report_{side}"].map(order), dtype=np.int64)
        start, end = np.array(_of_clauses(found, side, Report.key_span, reports), dtype=np.int64).reshape(-1, 2).T
        stretch = np.searchsorted(stretches, owner * (1 << _PLACE_BITS) + start, side="right") - 1
        shift = row.starts[stretch] - row.origins[stretch]
        owners.append(owner)
        edges += [start + shift, end + shift]
    matched = found["matched_chars"].to_numpy(dtype=np.int64)
    clauses = Alignments(owners[0], edges[0], edges[1], edges[2], edges[3], matched, matched)
    assert searched.common is not None
    share = share_common(clauses, searched.common)
    distant = searched.are_distant(owners[0], owners[1])
    return name_kinds(find_printed(reports, row, np.concatenate(owners)), clauses, share, distant), share


def _of_clauses(found: pd.DataFrame, side: str, ask: Callable[[Report, int, int], Any], reports: Reports) -> list[Any]:
    """Return what is asked of the clause of each row on a side; each clause stands in many rows and is asked once."""
    known = {report.report_id: report for report in reports}
    answers: dict[tuple[str, int, int], Any] = {}
    told = []
    for clause in zip(*(found[f"{name}_{side}"].tolist() for name in ("report", "start", "end")), strict=True):
        if clause not in answers:
            answers[clause] = ask(known[clause[0]], clause[1], clause[2])
        told.append(answers[clause])
    return told


def _lie_inside(reports: Reports, found: pd.DataFrame, passages: pd.DataFrame) -> BoolArray:
    """Tell which rows lie, with half of both their clauses or more, in one of the passages of their pair."""
    order = {report.report_id: place for place, report in enumerate(reports)}
    pairs = [
        (table["report_a"].map(order) * len(reports) + table["report_b"].map(order)).to_numpy(dtype=np.int64)
        for table in (found, passages)
    ]
    by_pair = np.argsort(pairs[1], kind="stable")
    low, high = (np.searchsorted(pairs[1][by_pair], pairs[0], side) for side in ("left", "right"))
    row, place = expand(low, high)
    passage = by_pair[place]
    for side in "ab":
        start, end = (found[f"{name}_{side}"].to_numpy(dtype=np.int64)[row] for name in ("start", "end"))
        first, last = (passages[f"{name}_{side}"].to_numpy(dtype=np.int64)[passage] for name in ("start", "end"))
        halves = 2 * (np.minimum(end, last) - np.maximum(start, first)) >= end - start
        row, passage = row[halves], passage[halves]
    lies = np.zeros(len(found), dtype=bool)
    lies[row] = True
    return lies


def _count_holders(wording: IntArray, one: IntArray, other: IntArray, holders: IntArray) -> IntArray:
    """Return for each wording how many have it, or a clause that is paired with it; of two in a row the fewer."""
    n_holders = int(holders.max(initial=0)) + 1
    everybody = np.arange(len(wording))
    clause = np.concatenate([one, other, everybody])
    partner = np.concatenate([other, one, everybody])
    held = distinct(wording[clause] * n_holders + holders[partner])
    return np.bincount(held // n_holders)


def _place_pairs(reports: Reports, clauses: Clauses, first: IntArray, second: IntArray) -> tuple[IntArray, IntArray]:
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
    one, other = np.where(swapped, other, one), np.where(swapped, one, other)
    return one, other


def _tabulate(
    reports: Reports, clauses: Clauses, one: IntArray, other: IntArray, rates: Sequence[IntArray]
) -> pd.DataFrame:
    _, number = np.unique(clauses.keys, return_inverse=True) if clauses.keys else (None, np.zeros(0, dtype=np.int64))
    differ = number[one] != number[other]
    one, other = one[differ], other[differ]
    texts = lay_short_texts(clauses.keys)
    n_common, has_run = count_common(texts, one, other)
    kept = ~has_run & (n_common > 0)
    one, other, n_common = one[kept], other[kept], n_common[kept]
    starts = clauses.spans[:, 1]
    order = np.lexsort((starts[other], starts[one], clauses.spans[other, 0], clauses.spans[one, 0]))
    one, other, n_common = one[order], other[order], n_common[order]
    same_figures = (clauses.figures[one] == clauses.figures[other]) & ~_renumbered(clauses, one, other)
    n_reports, n_issuers = (np.minimum(n[clauses.wording[one]], n[clauses.wording[other]]) for n in rates)
    names = pd.array([report.report_id for report in reports], dtype="str")
    lengths = texts.lengths
    columns = {
        "report_a": names.take(clauses.spans[one, 0]),
        "start_a": clauses.spans[one, 1],
        "end_a": clauses.spans[one, 2],
        "report_b": names.take(clauses.spans[other, 0]),
        "start_b": clauses.spans[other, 1],
        "end_b": clauses.spans[other, 2],
        "matched_chars": n_common,
        "similarity": 2 * n_common / (lengths[one] + lengths[other]),
        "moved": _are_moved(clauses, one, other, n_common),
        "n_reports": n_reports,
        "n_issuers": n_issuers,
        "weight": np.log(max(len(reports), 1) / np.maximum(n_reports, 1)),
        "match": np.where(same_figures, "reworded", "figures"),
    }
    return as_table(pd.DataFrame(columns), "find_rewordings")


def _renumbered(clauses: Clauses, one: IntArray, other: IntArray) -> BoolArray:
    """Tell which pairs of clauses have Chinese numerals of which either lacks one (八次, 九次)."""
    counts = np.zeros((len(clauses.wordings), len(CHINESE_NUMERALS)), dtype=np.int8)
    for place, words in enumerate(clauses.wordings):
        for sign in filter(CHINESE_NUMERALS.__contains__, words):
            counts[place, CHINESE_NUMERALS.index(sign)] += 1
    differences = counts[clauses.wording[one]] - counts[clauses.wording[other]]
    more, fewer = ((sign * differences > 0).any(axis=1) for sign in (1, -1))
    return np.asarray(more & fewer, dtype=np.bool_)


def _are_moved(clauses: Clauses, one: IntArray, other: IntArray, weights: IntArray) -> BoolArray:
    """Tell which rows stand in another order than most of their pair, as in `corpus.find_reuse`; rows are ordered."""
    spans = clauses.spans
    pair = spans[one, 0] * (int(spans[:, 0].max(initial=0)) + 1) + spans[other, 0]
    edges = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])) if len(pair) else pair
    moved = np.ones(len(one), dtype=bool)
    for low, high in pairwise([*edges.tolist(), len(one)]):
        order = low + np.lexsort((-spans[other[low:high], 1], spans[one[low:high], 1]))
        chosen = heaviest_rise(spans[other[order], 1].tolist(), weights[order].tolist())
        moved[order[chosen]] = False
    return moved
