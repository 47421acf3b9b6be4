"""Whether two reports share more than two reports of their length and genre share by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import distinct, holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.resampling import SEED, FloatArray, deal_with_margins, share_at_least
from corpus.analysis.words.term_bags import Bags, multiply_pairs
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Role

LEAST_ISSUERS = 20
"""Issuers among whom passages change places. With 5 there are 10 pairs, of which one in twenty is none at all: five
reports are five points.
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
    pair shares as many or more.
    """

    n_shared: IntArray
    expected: FloatArray
    share_at_least: FloatArray


def deal_out(
    reports: Reports, first: IntArray, second: IntArray, *, setting: ChanceSetting, role: Role | None = None
) -> Dealt:
    """Return for pairs of positions of reports how often chance alone makes them share as much as they do.

    The null: which of these reports has which of these passages is chance, but every report has as many passages as it
    has, and every 8-gram stands in as many reports as it does. So a formula of the genre, which any two reports share,
    is chance, and so is it that long reports share more than short ones; a text that these two have and the others have
    not is none. The passages of all reports are dealt out anew; where a report gets an 8-gram twice, the second goes to
    one that has not got it. So both margins of the table of 8-grams by reports are kept, as in swap randomisation
    (the curveball of Strona et al. 2014, Nature Communications 5:4114), an 8-gram's to the unit and a report's in
    passages; swaps of single 8-grams tear passages apart, and then a tenth to a fifth of the pairs of dealt-out text
    have a share of .05 or less. It is counted how many distinct 8-grams each pair shares. The share of the permutations
    in which it is as many or more, the reports as they are counted among them, is the p of a permutation test; nothing
    is scaled. What all pairs together share is the same in every permutation: it is asked of a pair, not of a
    collection.

    A small share says "more than chance makes two reports share that have as many of these passages", and not why: they
    may have one superior, one subject or one year, or the one may have been written from the other. A passage is as
    many whole sentences on end as make ``passage_chars``, wherever lines end: sentences that were copied together and
    are dealt out one by one make a pair that has them look rarer than it is. N-grams do not cross the ends of
    sentences.

    Take reports that could have been written from each other alike, of one level and year. Many pairs are tested at
    once: of 1,000 pairs that share by chance alone, 10 have a share below .01.

    Measured on government work reports of 100 cities whose sentences, or paragraphs, were dealt out at random within
    four groups of 25: of 1,200 pairs .066 and .070 have a share up to .05 (.013 and .017 up to .01, .123 and .118 up to
    .10); .062 of the 5,253 pairs of 103 cities; with single sentences .067 and .083. So small shares are a little more
    frequent than they say. A permutation of a hundred reports of 14,000 characters takes about 100 ms.
    """
    sentences = [[(place.start, place.end) for place in report.passages(role=role)] for report in reports]
    row = lay_keys(reports, sentences)
    owners, passage_of = _join_sentences(reports, sentences, setting.passage_chars)
    grams, passages = holders(row, number_grams(row.units, _N), passage_of)
    passages, blocks, sizes = _join_grams(grams, passages, len(owners))
    observed = _count(blocks, owners[passages], sizes, (first, second), n_reports=len(reports))
    n_as_much, expected = np.zeros_like(observed), np.zeros(len(observed))
    for dealt in deal_with_margins(owners, passages, blocks, n_draws=setting.n_permutations):
        n_shared = _count(blocks, dealt, sizes, (first, second), n_reports=len(reports))
        n_as_much += n_shared >= observed
        expected += n_shared / setting.n_permutations
    return Dealt(observed, expected, share_at_least(n_as_much, setting.n_permutations))


def _join_grams(grams: IntArray, passages: IntArray, n_passages: int) -> tuple[IntArray, IntArray, IntArray]:
    """Join the grams of several reports that the same passages have to blocks.

    Returns each passage with each of its blocks, ascending, and how many grams a block has.
    """
    common = np.bincount(grams)[grams] > 1
    grams, passages = grams[common], passages[common]
    # Each passage has a random number of 64 bits; grams are of one block if those of their passages add up to the same.
    numbers = np.random.default_rng(SEED).integers(0, 1 << 63, n_passages, dtype=np.uint64)
    firsts = np.flatnonzero(np.append(True, grams[1:] != grams[:-1])) if len(grams) else grams
    if not len(firsts):
        return passages, grams, grams
    sums = np.add.reduceat(numbers[passages], firsts)
    _, samples, blocks, sizes = np.unique(sums, return_index=True, return_inverse=True, return_counts=True)
    kept = np.zeros(len(firsts), dtype=np.bool_)
    kept[samples] = True
    gram_at = np.cumsum(np.append(True, grams[1:] != grams[:-1])) - 1
    passages, blocks = passages[kept[gram_at]], blocks[gram_at][kept[gram_at]]
    order = np.lexsort((blocks, passages))
    return passages[order], blocks[order], sizes


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
    blocks: IntArray, owners: IntArray, sizes: IntArray, pairs: tuple[IntArray, IntArray], *, n_reports: int
) -> IntArray:
    """Return how many grams each pair shares, if its blocks have these owners."""
    held = distinct(owners * len(sizes) + blocks)
    owners, terms = np.divmod(held, max(len(sizes), 1))
    firsts = np.searchsorted(owners, np.arange(n_reports + 1))
    bags = Bags(firsts, terms, np.sqrt(sizes[terms]), len(sizes))
    return np.rint(multiply_pairs(bags, *pairs)).astype(np.int64)
