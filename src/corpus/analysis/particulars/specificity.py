"""How much a passage says that only this report can say, from the facts in it and from how rare its words are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from math import isnan, log, nan, prod
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.index.gram_numbers import count_holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.particulars.particulars import FIRM_WEIGHT, LOOSE_WEIGHT, find_facts
from corpus.errors import CorpusError
from corpus.field.lexicon import FACT_KINDS, FactKind
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import UNITS, Passage, Role, Unit

# How much of the doubt each faint signal takes away: the three together less than one loose fact, so that they order
# passages of like facts.
FAINT_WEIGHT = 0.1
RARE_CHARS = 4
FAINT_SIGNALS = ("rare", "plain", "done")
SIGNALS = (*FACT_KINDS, "loose", *FAINT_SIGNALS)

_Counts = Counter[tuple[FactKind, bool]]
"""How many facts of a kind, firm or not, a passage has."""


class _Words(NamedTuple):
    """What the words of a passage say apart from its facts; see the columns of `score_specificity`."""

    n_chars: int
    rarity: float
    n_other_issuers: int
    share_exhortation: float
    tells_of_done: bool


class MeasuredPassage(NamedTuple):
    """A passage with the signals of its specificity: its facts by kind and firmness, and what its words say."""

    report_id: str
    passage: Passage
    facts: _Counts
    words: _Words

    def score(self, without: Collection[str] = ()) -> float:
        """Return the specificity, 0 to 1, without some signals; see `score_specificity`."""
        faint = {
            "rare": 0.0 if isnan(self.words.rarity) else self.words.rarity,
            "plain": 1 - self.words.share_exhortation,
            "done": float(self.words.tells_of_done),
        }
        doubt = prod(1 - FAINT_WEIGHT * strength for name, strength in faint.items() if name not in without)
        for (kind, is_firm), count in self.facts.items():
            if kind not in without and (is_firm or "loose" not in without):
                doubt *= (1 - (FIRM_WEIGHT if is_firm else LOOSE_WEIGHT)) ** count
        return 1 - doubt


_SUMS = ["n_chars", *(f"n_{kind}" for kind in FACT_KINDS), "n_firm", "n_loose"]


@tabulated
def find_particulars(
    reports: Reports,
    *,
    by: Literal["span", "report"] | Unit = "span",
    role: Role | None = None,
    without: Collection[str] = (),
    threshold: float = 0.5,
) -> pd.DataFrame:
    """Return the facts that only one report can have: each, or those of each sentence, or of each report.

    Facts are found by form and lexicon, not understood: a name without a word that names end in is missed, and a count
    is taken for one whatever it counts. The specificity of a sentence, 0 to 1, higher the more particular, grows with
    its facts; a sentence without a fact scores 0.27 at most, one with a firm fact 0.8 or more. See `score_specificity`
    for the formula, whose weights were set beforehand and fitted to nothing, and
    `corpus.validation.compare_with_labels` for how far it agrees with labels.

    Parameters
    ----------
    reports : Reports
        Their ``lexicon`` gives counting units, numbers that are names, acts that are national, and surnames. Other
        issuers are sought among them; a report without an issuer is taken for one of its own.
    by : {"span", "sentence", "report"}
        What a row is: a fact, a sentence, or a report. Any other unit of passages (section, paragraph, item, clause,
        phrase) stands for a sentence.
    role : str, optional
        Only what begins in a part with this role, in all reports.
    without : collection of str
        Signals to leave out of the specificity, to see what each carries: kinds of facts, ``loose`` (all loose facts),
        ``rare``, ``plain`` (little rhetoric) or ``done``. The other columns are left as they are.
    threshold : float
        By report: a sentence with this specificity or more is called specific; by default one with a firm fact or two
        loose ones.

    Returns
    -------
    DataFrame
        By span, one row a fact, in reading order. Facts do not overlap:

        {columns of find_particulars.span}

        By sentence, in reading order:

        {columns of find_particulars.sentence}

        By report, one row a report:

        {columns of find_particulars.report}

    Raises
    ------
    CorpusError
        If ``by``, a signal or the role is unknown, or the lexicon has no counting units.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.find_particulars(reports)[["report_id", "kind", "quote"]].head(2)
            report_id      kind                                    quote
    0  zaozhuang-2019  document              《枣庄市法治政府建设实施纲要(2016—2020年)》
    1  zaozhuang-2019  document  《中共枣庄市委全面依法治市委员会办公室关于做好法治政府建设情况报告工作的通知》
    >>> corpus.find_particulars(reports, by="report")[["report_id", "specificity"]].round(2).head(2)
            report_id  specificity
    0  zaozhuang-2019         0.46
    1   longgang-2020         0.40
    """
    if by == "span":
        return find_facts(reports, role=role)
    if by == "report":
        scores = score_specificity(reports, role=role, without=without)
        return tabulate_specificity(scores, threshold=threshold)
    if by not in UNITS:
        raise CorpusError(f"by={by!r} is none of span, report, {', '.join(UNITS)}")
    return score_specificity(reports, unit=by, role=role, without=without)


@tabulated
def score_specificity(
    reports: Reports, *, unit: Unit = "sentence", role: Role | None = None, without: Collection[str] = ()
) -> pd.DataFrame:
    """Return the facts of each passage, and how particular it is: ``find_particulars(by="sentence")``.

    ``specificity = 1 - 0.2^n_firm * 0.6^n_loose * (1 - 0.1 rarity) (1 - 0.1 (1 - share_exhortation)) (1 - 0.1 done)``:
    each fact of `corpus.find_particulars` takes away four fifths of the doubt that was left if it is firm, two fifths
    if it is loose. Three faint signals, a tenth each, together take less than one loose fact and order passages of
    like facts: words that few other issuers have, little of the rhetoric of the genre, and a word that tells of
    something done. The weights were set beforehand, by this order, and fitted to nothing. A passage without a fact
    scores 0.27 at most, one with a firm fact 0.8 or more, so that 0.5 divides them.

    How far it agrees with labels is said by `corpus.validation.compare_with_labels`. The patterns and lists were
    written with the guide of the labels and the three labelled reports at hand, so that the figure for these says how
    well the score was made, not how it does elsewhere.

    Parameters
    ----------
    reports : Reports
        Other issuers are sought among them. A report without an issuer is taken for one of its own.
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
    role : str, optional
        Only the passages that begin in a part with this role, in all reports.
    without : collection of str
        Signals to leave out of the score, to see what each carries: kinds of facts, ``loose`` (all loose facts),
        ``rare``, ``plain`` (little rhetoric) or ``done``. The columns are left as they are.

    Returns
    -------
    DataFrame
        One row a passage, in reading order.

        {columns of find_particulars.sentence}

    Raises
    ------
    CorpusError
        If a signal, the unit or the role is unknown, or the lexicon of the reports has no counting units.
    """
    unknown = sorted(set(without) - set(SIGNALS))
    if unknown:
        raise CorpusError(f"without: no such signal: {', '.join(unknown)}; the signals are {', '.join(SIGNALS)}")
    return build_table(
        (
            (
                *(one.report_id, one.passage.start, one.passage.end, one.passage.text, one.passage.section),
                *(one.passage.role, one.passage.is_heading, one.words.n_chars),
                *(one.facts[kind, True] + one.facts[kind, False] for kind in FACT_KINDS),
                *(sum(n for (_, is_firm), n in one.facts.items() if is_firm == wanted) for wanted in (True, False)),
                *(one.words.rarity, one.words.n_other_issuers, one.words.share_exhortation, one.words.tells_of_done),
                one.score(without),
            )
            for one in measure_passages(reports, unit=unit, role=role)
        ),
        "find_particulars.sentence",
    )


@tabulated
def tabulate_specificity(scores: pd.DataFrame, *, threshold: float = 0.5) -> pd.DataFrame:
    """Return how particular each report is, from its passages: ``find_particulars(by="report")``.

    Parameters
    ----------
    scores : DataFrame
    threshold : float
        A passage with this specificity or more is called specific: by default one with a firm fact or two loose ones.

    Returns
    -------
    DataFrame
        One row a report, in the order of ``scores``.

        {columns of find_particulars.report}
    """
    rows = []
    for report_id, own in scores.groupby("report_id", sort=False):
        sums = own[_SUMS].sum()
        n_chars = int(sums["n_chars"])
        specific = own["specificity"] >= threshold
        n_facts = int(sums["n_firm"] + sums["n_loose"])
        shares = (
            (
                own.loc[specific, "n_chars"].sum() / n_chars,
                1000 * n_facts / n_chars,
                (own["specificity"] * own["n_chars"]).sum() / n_chars,
            )
            if n_chars
            else (nan, nan, nan)
        )
        rows.append((report_id, len(own), *sums, int(specific.sum()), *shares))
    return build_table(rows, "find_particulars.report")


def measure_passages(
    reports: Reports, *, unit: Unit = "sentence", role: Role | None = None
) -> Iterator[MeasuredPassage]:
    """Yield every passage with its signals, from which it can be scored with and without some of them."""
    passages = [report.passages(unit, role=role) for report in reports]
    facts = _count_facts(find_facts(reports, role=role), reports, passages)
    words = _measure_words(reports, passages, role)
    for report, own, counts in zip(reports, passages, facts, strict=True):
        for passage, found in zip(own, counts, strict=True):
            yield MeasuredPassage(report.report_id, passage, found, next(words))


def _count_facts(
    facts: pd.DataFrame, reports: Reports, passages: Sequence[Sequence[Passage]]
) -> Iterator[list[_Counts]]:
    """Yield for each report the facts that begin in each of its passages, by kind and firmness."""
    by_report = dict(tuple(facts.groupby("report_id", sort=False)))
    for report, own in zip(reports, passages, strict=True):
        counts: list[_Counts] = [Counter() for _ in own]
        starts = [passage.start for passage in own]
        if report.report_id in by_report and own:
            found = by_report[report.report_id]
            for start, kind, is_firm in zip(found["start"], found["kind"], found["is_firm"], strict=True):
                counts[max(0, bisect_right(starts, start) - 1)][kind, bool(is_firm)] += 1
        yield counts


def _measure_words(reports: Reports, passages: Sequence[Sequence[Passage]], role: Role | None) -> Iterator[_Words]:
    """Yield for each passage how rare its words are, how much it urges and whether it tells of something done."""
    row = lay_keys(reports, [report.regions(role) for report in reports])
    issuers: dict[str, int] = {}
    numbers = [issuers.setdefault(report.issuer_key, len(issuers)) for report in reports]
    n_holders = count_holders(row, number_grams(row.units, RARE_CHARS), np.array(numbers, dtype=np.int64)[row.owners])
    urging, done = (_any_of(terms) for terms in (reports.lexicon.exhortations, reports.lexicon.accomplishments))
    for owner, (report, own) in enumerate(zip(reports, passages, strict=True)):
        counts = np.zeros(len(report.key), dtype=np.int64)
        here = row.of_report(owner)
        held = here.start + np.flatnonzero(n_holders[here])
        counts[row.trace(held)[1]] = n_holders[held]
        for passage in own:
            first, last = report.key_span(passage.start, passage.end)
            # Grams that begin in the passage and end in it.
            grams = counts[first : max(first, last - RARE_CHARS + 1)]
            rarity = _mean_rarity(grams[grams > 0], len(issuers))
            n_urging = sum(len(words) for words in urging.findall(passage.text))
            yield _Words(
                n_chars=last - first,
                rarity=rarity,
                n_other_issuers=max(0, int(grams.max(initial=0)) - 1),
                share_exhortation=n_urging / (last - first) if last > first else 0.0,
                tells_of_done=done.search(passage.text) is not None,
            )


def _mean_rarity(n_issuers_of_grams: IntArray, n_issuers: int) -> float:
    if n_issuers < 2 or not len(n_issuers_of_grams):
        return nan
    return 1 - float(np.log(n_issuers_of_grams).mean() / log(n_issuers))


def _any_of(terms: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)) or "(?!)")
