"""Whether two reports share more than two reports of their length and genre share by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import distinct, holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.resampling import deal_within, share_at_least
from corpus.analysis.words.term_bags import Bags, FloatArray, count_shared
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Role

LEAST_ISSUERS = 20
"""Issuers of a like length among whom passages are dealt out.

A report hardly ever says a thing twice, but passages dealt at random among k reports bring two copies into one report
once in k times, where they are shared with nobody. So chance is understated by about 1/k: with 5 issuers by a fifth,
with 20 by a twentieth. And with 5 there are 10 pairs, of which one in twenty is none at all: five reports are five
points.
"""
_N = 8


@dataclass(frozen=True, slots=True)
class ChanceSetting:
    """How chance is made.

    Attributes
    ----------
    passage_chars : int
        Least key characters of the passages that are dealt out, 1 or more; 1 deals single sentences. It has to be more
        than what is copied at once, better three times as much.
    n_permutations : int
        How often, 1 or more. The smallest share that can come out is 1 / (n_permutations + 1).

    Raises
    ------
    CorpusError
        If one of them is below 1.
    """

    passage_chars: int = 400
    n_permutations: int = 999

    def __post_init__(self) -> None:
        if self.passage_chars < 1:
            raise CorpusError(f"passage_chars={self.passage_chars} is no length of a passage; it must be 1 or more")
        if self.n_permutations < 1:
            raise CorpusError(f"n_permutations={self.n_permutations} deals nothing out; it must be 1 or more")


class Dealt(NamedTuple):
    """What pairs share and what chance makes them share.

    ``n_shared``: distinct 8-grams within sentences that both reports of a pair have; ``expected``: their mean over the
    permutations; ``share_at_least``: share of the permutations, the reports as they are being one of them, in which the
    pair shares as many or more; ``n_groups``: groups of reports of a like length.
    """

    n_shared: IntArray
    expected: FloatArray
    share_at_least: FloatArray
    n_groups: int


def deal_out(
    reports: Reports, first: IntArray, second: IntArray, *, setting: ChanceSetting, role: Role | None = None
) -> Dealt:
    """Return for pairs of positions of reports how often chance alone makes them share as much as they do.

    The null: what is written in these reports could stand in any of them. All their passages are dealt out again at
    random, among reports of a like length (groups of 20 or more by length of ``key``), each report getting as many
    passages as it has; then it is counted how many distinct 8-grams each pair shares. So a formula of the genre, which
    any two reports share, is chance, and a text that these two have and the others have not is none. A small share
    says "more than two reports of this length and genre share by chance", and not why: they may have one superior, one
    subject or one year, or the one may have been written from the other.

    A passage is as many whole sentences on end as make ``passage_chars``, wherever lines end: paragraphs are too
    unequal to change places. It has to be longer than what is copied at once, better three times as long: sentences
    that were copied together and are dealt out one by one make a pair that has them look rarer than it is. N-grams do
    not cross the ends of sentences.

    Take reports that could have been written from each other alike, of one level and year. Many pairs are tested at
    once: of 1,000 pairs that share by chance alone, 10 have a share below .01.

    Measured (``tests/bench/intervals.py``, 20 panels of 24 reports): where passages were dealt out at random,
    .008, .043 and .09 of the pairs have a share up to .01, .05 and .10. Where four sentences of some 130 characters are
    copied at once it is .091, .146 and .216 if single sentences are dealt, .015, .064 and .110 with passages of 400
    characters. Where, as people write, nothing stands twice in a report, it is .001, .02 and .055: small shares are
    then rarer than they say. A permutation of a hundred reports of 14,000 characters takes about 45 ms.
    """
    n_permutations = setting.n_permutations
    sentences = [[(place.start, place.end) for place in report.passages(role=role)] for report in reports]
    row = lay_keys(reports, sentences)
    owners, passage_of = _join_sentences(reports, sentences, setting.passage_chars)
    grams, passages = holders(row, number_grams(row.units, _N), passage_of)
    is_common = np.bincount(grams) > 1
    common = is_common[grams]
    grams, passages = np.cumsum(is_common)[grams[common]] - 1, passages[common]
    observed, all_observed = _count(grams, owners[passages], (first, second), n_reports=len(reports))
    n_as_much, expected = np.zeros_like(observed), np.zeros(len(observed))
    groups = _groups_of_like_length(reports)
    for order in deal_within(groups[owners], n_permutations):
        dealt, all_dealt = _count(grams, owners[order][passages], (first, second), n_reports=len(reports))
        n_as_much += dealt * all_observed >= observed * all_dealt
        expected += dealt * (all_observed / max(all_dealt, 1)) / n_permutations
    return Dealt(observed, expected, share_at_least(n_as_much, n_permutations), int(groups.max()) + 1)


def check_issuers(reports: Reports) -> None:
    """Refuse reports that are too few, or of which two are of one issuer.

    Raises
    ------
    CorpusError
    """
    if len(reports) < LEAST_ISSUERS:
        raise CorpusError(
            f"{len(reports)} reports are too few to say what is chance: {LEAST_ISSUERS} issuers or more are needed; "
            "show what the reports share as it is, or load more of the same level and year"
        )
    (issuer, most), *_ = Counter(report.issuer for report in reports if report.issuer).most_common(1) or [("", 1)]
    if most > 1:
        raise CorpusError(
            f"{issuer} has {most} of these reports: what an issuer carries over from year to year is not chance; "
            "choose one year, as in reports.select(year_reviewed=2021)"
        )


def _groups_of_like_length(reports: Reports) -> IntArray:
    """Return the group of each report: as many groups of equal size as have 20 reports each, by length of key."""
    n_groups = len(reports) // LEAST_ISSUERS
    ranks = np.empty(len(reports), dtype=np.int64)
    ranks[np.argsort([len(report.key) for report in reports], kind="stable")] = np.arange(len(reports))
    return ranks * n_groups // len(reports)


def _join_sentences(
    reports: Reports, sentences: Sequence[Sequence[tuple[int, int]]], least_chars: int
) -> tuple[IntArray, IntArray]:
    """Return the report of each passage, and the passage of each sentence; a short rest belongs to the last passage."""
    owners: list[int] = []
    passage_of: list[int] = []
    for owner, (report, spans) in enumerate(zip(reports, sentences, strict=True)):
        lengths = np.array([np.diff(report.key_span(*span))[0] for span in spans], dtype=np.int64)
        left = int(lengths.sum())
        held = least_chars
        for length in lengths.tolist():
            if held >= least_chars and (left >= least_chars or not owners or owners[-1] != owner):
                owners.append(owner)
                held = 0
            passage_of.append(len(owners) - 1)
            held += length
            left -= length
    return np.array(owners, dtype=np.int64), np.array(passage_of, dtype=np.int64)


def _count(
    grams: IntArray, owners: IntArray, pairs: tuple[IntArray, IntArray], *, n_reports: int
) -> tuple[IntArray, int]:
    """Return how many distinct grams each pair shares, if its grams have these owners, and all pairs share."""
    n_grams = int(grams.max(initial=0)) + 1
    held = distinct(owners * n_grams + grams)
    owners, terms = held // n_grams, held % n_grams
    n_holders = np.bincount(terms)
    firsts = np.searchsorted(owners, np.arange(n_reports + 1))
    bags = Bags(firsts, terms, np.broadcast_to(np.float64(1), terms.shape), n_grams)
    return count_shared(bags, *pairs), int((n_holders * (n_holders - 1) // 2).sum())
