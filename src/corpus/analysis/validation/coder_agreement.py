"""The form that people code, how far coders agree with each other, and a score with what they agree on.

Intervals come from drawing the sentences of each report again, with replacement, from the same report. They say how
far a figure depends on which sentences of these reports happen to stand there, and nothing of other reports: for that
there are the figures of each report by itself, whose lowest and highest are given beside. Sentences of one report are
more alike than sentences of several, so that with three reports no honest interval for reports at large exists.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import combinations
from math import nan

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.unit_row import BoolArray
from corpus.analysis.particulars.specificity import score_specificity
from corpus.analysis.resampling import largest_remainders
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import LABELS, Label

FloatArray = npt.NDArray[np.float64]

SEED = 20261123
N_DRAWS = 2000
_LEVEL = (2.5, 97.5)
LENGTH = "length_chars"
FORM_SEED = 20261123


@tabulated
def compare_coders(labels: Iterable[Label]) -> pd.DataFrame:
    """Return how far each two coders agree.

    Two sentences are the same if more than half of the shorter one lies in the longer: a person's form and the labels
    need not cut at the same semicolons.

    Parameters
    ----------
    labels : iterable of Label
        Of two or more coders: `corpus.validation.load_labels`, and of a filled form after it.

    Returns
    -------
    DataFrame
        One row a pair of coders, in the order of the labels; with three coders or more a last row, ``all``, with their
        alpha over every sentence that two of them have. For what the intervals mean see this module.

        {columns of compare_coders}

    Raises
    ------
    CorpusError
        If the labels are those of one coder.

    Examples
    --------
    >>> import corpus
    >>> corpus.validation.compare_coders(corpus.validation.load_labels())[["coder_1", "kappa", "alpha"]].round(2)
         coder_1  kappa  alpha
    0  reading 1   0.95   0.95
    """
    by_coder: dict[str, list[Label]] = defaultdict(list)
    for label in labels:
        by_coder[label.coder].append(label)
    if len(by_coder) < 2:
        raise CorpusError(
            "these are the labels of one coder; add those of another: (*load_labels(), *load_labels(FORM))"
        )
    groups = list(combinations(by_coder, 2)) + [tuple(by_coder)] * (len(by_coder) > 2)
    rows = []
    for names in groups:
        coded = _gather([by_coder[name] for name in names])
        both = [own for own in coded if len(own) > 1]
        if len(names) == 2:
            alone = [len(by_coder[name]) - len(both) for name in names]
            same = sum(one.label == other.label for one, other in both) / len(both) if both else nan
            told = (*names, len(both), *alone, same, _cohen_kappa([(one.label, other.label) for one, other in both]))
        else:
            told = ("all", "", len(both), len(coded) - len(both), None, nan, nan)
        rows.append((*told, *_alpha_with_interval(both)))
    return build_table(rows, "compare_coders")


def nominal_alpha(counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Return Krippendorff's alpha of nominal labels for each row of weights; NaN where there is one label or none.

    1 less the disagreement within units over the one expected of all labels together, for any number of coders and
    with labels missing (Krippendorff 2019, Content Analysis, 4th ed., ch. 12): 1 for full agreement, 0 for chance.

    Parameters
    ----------
    counts : array of float, shape (units, labels)
        How many coders gave each unit each label; units of one coder say nothing and are left out.
    weights : array of float, shape (draws, units)
        How often each unit counts.
    """
    several = counts.sum(axis=1) > 1
    counts, weights = counts[several], weights[:, several]
    n_coders = counts.sum(axis=1)
    agreeing = (counts * (counts - 1)).sum(axis=1) / (n_coders - 1)
    total = weights @ n_coders
    observed = (total - weights @ agreeing) * (total - 1)
    expected = total**2 - ((weights @ counts) ** 2).sum(axis=1)
    alphas: FloatArray = np.full(len(total), nan)
    known = expected > 0
    alphas[known] = 1 - observed[known] / expected[known]
    return alphas


def _cohen_kappa(coded: Sequence[tuple[str, str]]) -> float:
    """Return Cohen's kappa of two coders' labels (Cohen 1960); NaN where chance alone agrees in full."""
    if not coded:
        return nan
    ours, theirs = (Counter(labels) for labels in zip(*coded, strict=True))
    same = sum(one == other for one, other in coded) / len(coded)
    chance = sum(ours[label] * theirs[label] for label in ours) / len(coded) ** 2
    return (same - chance) / (1 - chance) if chance < 1 else nan


def _alpha_with_interval(coded: Sequence[Sequence[Label]]) -> tuple[float, float, float]:
    """Return alpha, and the ends of its interval, of sentences with the labels they have."""
    counts = np.array([[[own.label for own in labels].count(name) for name in LABELS] for labels in coded], dtype=float)
    counts = counts.reshape(-1, len(LABELS))
    whole = nominal_alpha(counts, np.ones((1, len(coded))))
    return float(whole[0]), *_interval(nominal_alpha(counts, _draw([labels[0].report_id for labels in coded])))


def _gather(coders: Iterable[Sequence[Label]]) -> list[list[Label]]:
    """Return of each sentence the labels that coders gave it, the first coder to have it first."""
    coded: list[list[Label]] = []
    for labels in coders:
        pairs = _pair([own[0] for own in coded], labels)
        known = {id(own[0]): own for own in coded}
        for first, label in pairs:
            known[id(first)].append(label)
        paired = {id(label) for _, label in pairs}
        coded += [[label] for label in labels if id(label) not in paired]
    return coded


@tabulated
def compare_with_labels(
    scores: pd.DataFrame, labels: Iterable[Label], *, columns: Sequence[str] = ("specificity",)
) -> pd.DataFrame:
    """Return how well scores of passages tell specific sentences from formulas and practices.

    Sentences count that all their coders call ``specific``, or ``formula`` or ``practice``; headings and chrome do
    not. A sentence has the highest score of the passages that overlap with it. The bundled labels are two readings of
    a language model, not human coding.

    Parameters
    ----------
    scores : DataFrame
        One row a passage with report_id, start, end and the columns to judge: `corpus.find_particulars` by sentence, or
        `corpus.measure_boilerplate` by passage, whose shares are to be turned round (1 - share_covered).
    labels : iterable of Label
    columns : sequence of str
        Each is a measure; more is to mean more specific.

    Returns
    -------
    DataFrame
        One row a measure, in the order of ``columns``, and one for ``length_chars``. A score that was not fitted needs
        no other way of leaving reports out than each taken by itself. Intervals: 2,000 draws with a fixed seed; see
        this module for what they mean.

        {columns of compare_with_labels}

    Raises
    ------
    CorpusError
        If a column is not there, or the labels hold no sentence of either sort in these reports.

    Examples
    --------
    >>> import corpus
    >>> scores = corpus.find_particulars(corpus.load_reports(), by="sentence")
    >>> judged = corpus.validation.compare_with_labels(scores, corpus.validation.load_labels())
    >>> judged[["measure", "n_sentences", "beats_length"]]
            measure  n_sentences  beats_length
    0   specificity           89          True
    1  length_chars           89         False
    """
    lacking = [name for name in columns if name not in scores]
    if lacking:
        raise CorpusError(f"the table of scores has no column {lacking[0]!r}; it has {', '.join(scores.columns)}")
    known = set(scores["report_id"])
    sentences = [label for label in agreed_labels(labels) if label.report_id in known]
    specific = np.array([label.label == "specific" for label in sentences], dtype=bool)
    if not specific.any() or specific.all():
        raise CorpusError("the labels hold no sentence of one sort, specific or not, in these reports; load others")
    owners = [label.report_id for label in sentences]
    values = {LENGTH: np.array([label.end - label.start for label in sentences], dtype=np.float64)}
    found = _scores_of(sentences, scores, columns)
    values = {**{name: found[:, number] for number, name in enumerate(columns)}, **values}
    weights = _draw(owners)
    areas = {name: area_under_curve(specific, value, weights=weights) for name, value in values.items()}
    lengths = np.maximum(areas[LENGTH], 1 - areas[LENGTH])
    whole = np.ones((1, len(sentences)))
    rows = []
    for name, value in values.items():
        area = float(area_under_curve(specific, value, weights=whole)[0])
        by_report = [
            float(area_under_curve(specific, value, weights=whole * (np.array(owners) == owner))[0])
            for owner in dict.fromkeys(owners)
        ]
        own = [one for one in by_report if not np.isnan(one)]
        length = float(area_under_curve(specific, values[LENGTH], weights=whole)[0])
        gain = _interval(np.maximum(areas[name], 1 - areas[name]) - lengths)
        rows.append(
            (
                *(name, len(sentences), int(specific.sum()), len(set(owners))),
                *(area, *_interval(areas[name]), min(own, default=nan), max(own, default=nan)),
                *(max(area, 1 - area) - max(length, 1 - length), *gain, gain[0] > 0),
            )
        )
    return build_table(rows, "compare_with_labels")


def agreed_labels(labels: Iterable[Label]) -> list[Label]:
    """Return the first label of each sentence that all its coders call the same: specific, formula or practice."""
    by_sentence: dict[tuple[str, int, int], list[Label]] = defaultdict(list)
    for label in labels:
        by_sentence[label.report_id, label.start, label.end].append(label)
    return [
        group[0]
        for group in by_sentence.values()
        if len({label.label for label in group}) == 1 and group[0].label in ("specific", "formula", "practice")
    ]


def area_under_curve(positive: BoolArray, values: FloatArray, *, weights: FloatArray) -> FloatArray:
    """Return for each row of weights the chance that a positive has the higher value, ties half; NaN without either.

    Parameters
    ----------
    positive : array of bool, shape (n,)
    values : array of float, shape (n,)
    weights : array of float, shape (draws, n)
        How often each case counts.
    """
    distinct, number = np.unique(values, return_inverse=True)
    sums = np.zeros((len(values), len(distinct)))
    sums[np.arange(len(values)), number] = 1
    hits, misses = (weights * positive) @ sums, (weights * ~positive) @ sums
    below = np.cumsum(misses, axis=1) - misses
    pairs = hits.sum(axis=1) * misses.sum(axis=1)
    areas: FloatArray = np.full(len(pairs), nan)
    np.divide((hits * (below + misses / 2)).sum(axis=1), pairs, out=areas, where=pairs > 0)
    return areas


def _scores_of(sentences: Sequence[Label], scores: pd.DataFrame, columns: Sequence[str]) -> FloatArray:
    """Return for each sentence and column the highest score of the passages that overlap with it, 0 without any."""
    by_report = dict(tuple(scores.groupby("report_id", sort=False)))
    found = np.zeros((len(sentences), len(columns)))
    for number, sentence in enumerate(sentences):
        own = by_report[sentence.report_id]
        inside = own[(own["start"] < sentence.end) & (own["end"] > sentence.start)]
        if len(inside):
            found[number] = inside[list(columns)].to_numpy(dtype=np.float64, na_value=0.0).max(axis=0)
    return found


def _pair(ours: Sequence[Label], theirs: Sequence[Label]) -> list[tuple[Label, Label]]:
    by_report: dict[str, list[Label]] = defaultdict(list)
    for label in theirs:
        by_report[label.report_id].append(label)
    pairs = []
    for label in ours:
        most = max(by_report[label.report_id], key=lambda other: _overlap(label, other), default=None)
        if most is not None and 2 * _overlap(label, most) > min(label.end - label.start, most.end - most.start):
            pairs.append((label, most))
            by_report[label.report_id].remove(most)
    return pairs


def _overlap(first: Label, second: Label) -> int:
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def _draw(owners: Sequence[str]) -> FloatArray:
    """Return how often each case comes in each of many samples in which the cases of each report are drawn anew."""
    random = np.random.default_rng(SEED)
    weights = np.zeros((N_DRAWS, len(owners)))
    draws = np.arange(N_DRAWS)[:, None]
    for owner in dict.fromkeys(owners):
        group = np.flatnonzero(np.array(owners) == owner)
        np.add.at(weights, (draws, group[random.integers(0, len(group), size=(N_DRAWS, len(group)))]), 1.0)
    return weights


def _interval(values: FloatArray) -> tuple[float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return nan, nan
    low, high = np.percentile(known, _LEVEL)
    return float(low), float(high)


@tabulated
def tabulate_coding_form(reports: Reports, *, n: int = 100, seed: int = FORM_SEED) -> pd.DataFrame:
    """Return an empty form on which a person codes a sample of sentences.

    The sentences that are no headings are divided by report, by part and by whether they have a fact; of each stratum
    the same share is drawn (largest remainders), so that the sample stands for all sentences as it is, without
    weights. Neither the part nor the facts are on the form, since they would tell the coder what to find. Within a
    stratum those sentences are drawn whose SHA-256 of seed, report and place comes first: the same on every machine
    and with every version of Python.

    Parameters
    ----------
    reports : Reports
    n : int
        Sentences to draw, 1 or more; all, if there are fewer.
    seed : int

    Returns
    -------
    DataFrame
        One row a sentence, in the order of the reports.

        {columns of tabulate_coding_form}

    Raises
    ------
    CorpusError
        If n is below 1.

    Examples
    --------
    >>> import corpus
    >>> form = corpus.validation.tabulate_coding_form(corpus.load_reports(), n=5)
    >>> list(form["report_id"])
    ['zaozhuang-2019', 'longgang-2020', 'qinan-2020', 'changchun-2021', 'yiyuan-2022']
    """
    if n < 1:
        raise CorpusError(f"n={n}: a form holds 1 sentence or more")
    scores = score_specificity(reports)
    scores = scores[~scores["is_heading"]]
    has_fact = scores["n_firm"] + scores["n_loose"] > 0
    strata: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for number, stratum in enumerate(zip(scores["report_id"], scores["role"].astype(str), has_fact, strict=True)):
        strata[stratum].append(number)
    places = list(zip(scores["report_id"], scores["start"], scores["end"], scores["text"], strict=True))
    quotas = largest_remainders([len(members) for members in strata.values()], min(n, len(scores)))
    chosen = []
    for members, quota in zip(strata.values(), quotas, strict=True):
        ordered = sorted(members, key=lambda number: _lot(seed, *places[number][:2]))
        chosen += ordered[:quota]
    return build_table(((*places[number], "", "", "") for number in sorted(chosen)), "tabulate_coding_form")


def _lot(seed: int, report_id: str, start: int) -> bytes:
    return sha256(f"{seed}:{report_id}:{start}".encode()).digest()
