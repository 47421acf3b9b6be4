"""How much a passage says that only this report can say, from the facts in it and from how rare its words are."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from math import isnan, log, nan
from typing import Any, Literal

import numpy as np
import pandas as pd

from corpus.analysis.index.gram_numbers import count_holders, number_grams
from corpus.analysis.index.unit_row import IntArray, lay_keys
from corpus.analysis.particulars.particulars import FIRM_WEIGHT, LOOSE_WEIGHT, find_facts
from corpus.errors import CorpusError
from corpus.field.data_files import FACT_KINDS
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import UNITS, Passage, Role, Unit

# How much of the doubt each faint signal takes away: the three together less than one loose fact, so that they order
# passages of like facts.
FAINT_WEIGHT = 0.1
RARE_CHARS = 4
_SPECIFIC = 0.5

_SUMS = ["n_chars", *(f"n_{kind}" for kind in FACT_KINDS), "n_firm", "n_loose"]


@tabulated
def find_particulars(
    reports: Reports,
    *,
    by: Literal["span", "report"] | Unit = "span",
    role: Role | None = None,
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
        If ``by`` or the role is unknown, or the lexicon has no counting units.

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
        return tabulate_specificity(score_specificity(reports, role=role))
    if by not in UNITS:
        raise CorpusError(f"by={by!r} is none of span, report, {', '.join(UNITS)}")
    return score_specificity(reports, unit=by, role=role)


@tabulated
def score_specificity(reports: Reports, *, unit: Unit = "sentence", role: Role | None = None) -> pd.DataFrame:
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

    Returns
    -------
    DataFrame
        One row a passage, in reading order.

        {columns of find_particulars.sentence}

    Raises
    ------
    CorpusError
        If the unit or the role is unknown, or the lexicon of the reports has no counting units.
    """
    passages = [report.passages(unit, role=role) for report in reports]
    facts = {name: own for name, own in find_facts(reports, role=role).groupby("report_id", sort=False)}
    words = _measure_words(reports, passages, role)
    rows = (
        row
        for report, own in zip(reports, passages, strict=True)
        for row in _rows(report.report_id, own, facts.get(report.report_id), words)
    )
    return build_table(rows, "find_particulars.sentence")


def _rows(
    report_id: str, passages: Sequence[Passage], facts: pd.DataFrame | None, words: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a report, each with the facts that begin in the passage."""
    counts = np.zeros((len(passages), len(FACT_KINDS) + 2), dtype=np.int64)
    starts = [passage.start for passage in passages]
    if facts is not None and passages:
        for start, kind, is_firm in zip(facts["start"], facts["kind"], facts["is_firm"], strict=True):
            at = max(0, bisect_right(starts, start) - 1)
            counts[at, [FACT_KINDS.index(kind), -2 if is_firm else -1]] += 1
    for passage, counted in zip(passages, counts.tolist(), strict=True):
        n_chars, *said = next(words)
        rarity, _, share_exhortation, is_done = said
        doubt = (1 - FIRM_WEIGHT) ** counted[-2] * (1 - LOOSE_WEIGHT) ** counted[-1]
        for strength in (0 if isnan(rarity) else rarity, 1 - share_exhortation, is_done):
            doubt *= 1 - FAINT_WEIGHT * strength
        where = (passage.start, passage.end, passage.text, passage.section, passage.role, passage.is_heading)
        yield report_id, *where, n_chars, *counted, *said, 1 - doubt


@tabulated
def tabulate_specificity(scores: pd.DataFrame) -> pd.DataFrame:
    """Return how particular each report is, from its passages: ``find_particulars(by="report")``.

    A passage is called specific from 0.5 on: one with a firm fact or two loose ones.

    Parameters
    ----------
    scores : DataFrame

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
        specific = own["specificity"] >= _SPECIFIC
        n_facts = int(sums["n_firm"] + sums["n_loose"])
        parts = (own.loc[specific, "n_chars"].sum(), 1000 * n_facts, (own["specificity"] * own["n_chars"]).sum())
        shares = (part / n_chars if n_chars else nan for part in parts)
        rows.append((report_id, len(own), *sums, int(specific.sum()), *shares))
    return build_table(rows, "find_particulars.report")


def _measure_words(
    reports: Reports, passages: Sequence[Sequence[Passage]], role: Role | None
) -> Iterator[tuple[Any, ...]]:
    """Yield for each passage its length, how rare its words are, how much it urges, and whether it tells of a deed."""
    row = lay_keys(reports, role=role)
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
            share_exhortation = n_urging / (last - first) if last > first else 0.0
            n_others = max(0, int(grams.max(initial=0)) - 1)
            yield last - first, rarity, n_others, share_exhortation, done.search(passage.text) is not None


def _mean_rarity(n_issuers_of_grams: IntArray, n_issuers: int) -> float:
    if n_issuers < 2 or not len(n_issuers_of_grams):
        return nan
    return 1 - float(np.log(n_issuers_of_grams).mean() / log(n_issuers))


def _any_of(terms: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(term) for term in sorted(terms, key=len, reverse=True)) or "(?!)")
