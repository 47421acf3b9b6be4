"""Whether two reports share more than two reports of their length and genre share by chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corpus.analysis.index.gram_numbers import holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.resampling import SEED, FloatArray
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Role

LEAST_ISSUERS = 20
"""Issuers among whom passages change places. With 5 there are 10 pairs, of which one in twenty is none at all: five
reports are five points.
"""
_N = 8
_AS_MUCH = 0.98
_AT_ONCE = 1 << 14


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

    ``n_shared``: distinct 8-grams within sentences that both reports of a pair have; ``expected``: how many they would
    share by chance; ``share_at_least``: share of the permutations, the reports as they are being one of them, in which
    the pair shares as many or more.
    """

    n_shared: FloatArray
    expected: FloatArray
    share_at_least: FloatArray


def deal_out(
    reports: Reports, first: IntArray, second: IntArray, *, setting: ChanceSetting, role: Role | None = None
) -> Dealt:
    """Return for pairs of positions of reports how often chance alone makes them share as much as they do.

    The null: which of these reports has which of these passages is chance. The passages of all reports are dealt out
    anew, to each report as many as it has, and it is counted how many distinct 8-grams each pair then shares, against
    what both share with all reports: x_ij · x / (x_i · x_j), with x_ij what the pair shares, x_i its sum over the
    pairs of a report, x over all. So a formula of the genre is chance, and so is it that reports that are long, or full
    of formulas, share more than others; a text that these two have and the others have not is none. Since each report
    is held against what it shares itself, it makes no odds that a formula which real reports have once each is dealt to
    some of them twice.

    ``share_at_least`` is (1 + n) / (1 + N), where in n of N permutations the pair shares .98 of what it does or more
    (Phipson & Smyth 2010, Statistical Applications in Genetics and Molecular Biology 9:39): reports that were dealt out
    have a share up to x in at most x of the pairs. What all pairs together share says nothing here: it is asked of a
    pair, not of a collection.

    A small share says "more than chance makes two reports share that have as many of these passages", and not why: they
    may have one superior, one subject or one year, or the one may have been written from the other. A passage is as
    many whole sentences on end as make ``passage_chars``, wherever lines end: sentences that were copied together and
    are dealt out one by one make a pair that has them look rarer than it is. N-grams do not cross the ends of
    sentences.

    Take reports that could have been written from each other alike, of one level and year. Many pairs are tested at
    once: of 1,000 pairs that share by chance alone, 10 have a share below .01.

    Measured on government work reports of 103 cities whose sentences, or paragraphs, were dealt out at random
    (tests/bench/intervals.py FOLDER), three heaps each, of the 5,253 pairs of each heap: .038 to .041 have a share up
    to .05 (.007 to .009 up to .01, .078 to .085 up to .10), and .037 to .048 with single sentences. Of the reports as
    they are, of the 439 pairs of one province .46 have one, of the 4,814 others .004. A permutation of a hundred
    reports of 14,000 characters takes about 12 ms.

    Swaps of the table of 8-grams by reports that keep both its margins (the curveball of Strona et al. 2014, Nature
    Communications 5:4114; Carstens 2015, Physical Review E 91:042812) are no null for texts: they take apart what
    stands together, 40 grams of one clause, so that chance looks steadier than it is. Of the same pairs .20 to .24
    had a share up to .05 by them, whether single grams or all grams that stand in the same passages changed places.
    """
    sentences = [[(place.start, place.end) for place in report.passages(role=role)] for report in reports]
    row = lay_keys(reports, sentences)
    owners, passage_of = _join_sentences(reports, sentences, setting.passage_chars)
    grams, passages = holders(row, number_grams(row.units, _N), passage_of)
    passages, blocks, sizes = _join_grams(grams, passages, len(owners))
    n_reports = len(reports)
    observed, usual = _count_shared(owners[passages], blocks, sizes, n_reports)
    n_as_much, expected = np.zeros_like(observed), np.zeros_like(observed)
    chance = np.random.default_rng(SEED)
    for _ in range(setting.n_permutations):
        shared, by_all = _count_shared(chance.permutation(owners)[passages], blocks, sizes, n_reports)
        shared *= np.divide(usual, by_all, out=np.zeros_like(usual), where=by_all > 0)
        n_as_much += shared >= _AS_MUCH * observed
        expected += shared / setting.n_permutations
    pairs = first, second
    return Dealt(observed[pairs], expected[pairs], (1 + n_as_much[pairs]) / (1 + setting.n_permutations))


def _count_shared(owners: IntArray, blocks: IntArray, sizes: IntArray, n_reports: int) -> tuple[FloatArray, FloatArray]:
    """Return how many grams every two reports share whose blocks, ascending, have these owners, and how many they
    would share if it went by what each shares with all.
    """
    shared = np.zeros((n_reports, n_reports))
    for start in range(0, len(sizes), _AT_ONCE):
        weights = sizes[start : start + _AT_ONCE].astype(np.float32)
        here = slice(*np.searchsorted(blocks, [start, start + _AT_ONCE]))
        held = np.zeros((n_reports, len(weights)), dtype=np.float32)
        held[owners[here], blocks[here] - start] = 1
        shared += held * weights @ held.T
    np.fill_diagonal(shared, 0)
    sums = shared.sum(axis=1)
    return shared, np.outer(sums, sums) / max(sums.sum(), 1)


def _join_grams(grams: IntArray, passages: IntArray, n_passages: int) -> tuple[IntArray, IntArray, IntArray]:
    """Join the grams of several reports that the same passages have to blocks.

    Returns each passage with each of its blocks, by block, and how many grams a block has.
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
    order = np.argsort(blocks, kind="stable")
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
    issuers = {report.issuer_key: report.issuer for report in reports}
    [(key, most)] = Counter(report.issuer_key for report in reports).most_common(1)
    if most > 1:
        raise CorpusError(
            f"{issuers[key]} has {most} of these reports: what an issuer carries over from year to year is not chance; "
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
