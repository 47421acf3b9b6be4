"""How much of a report others have too, had fewer of them been at hand: rarefaction (Hurlbert 1971, Ecology 52:577)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.definitions import BoilerplateSetting, MeasuredTexts
from corpus.analysis.index.gram_numbers import distinct, holders, number_grams
from corpus.analysis.index.unit_row import IntArray, UnitRow
from corpus.errors import CorpusError
from corpus.report.table_columns import build_table

MOST_OTHERS = 1_000
"""Up to how many reports each is held against every other."""


def refuse_many(n_reports: int, by: str) -> None:
    """Refuse to hold each of very many reports against every other."""
    if n_reports > MOST_OTHERS:
        raise CorpusError(
            f"by={by!r} holds every report against every other, and there are {n_reports:,}: ask it of {MOST_OTHERS:,} "
            "reports at most, by reports.select(...) or a sample of them; by='report' answers for any number"
        )


def tabulate_others(texts: MeasuredTexts, setting: BoilerplateSetting) -> pd.DataFrame:
    """Return how much of each report others have too, had fewer been at hand: ``measure_boilerplate(by="others")``.

    Raises
    ------
    CorpusError
        If the setting is not of characters, bodies and two reports, or there are more than 1,000 reports.
    """
    if (setting.unit, setting.min_reports, setting.scope) != ("character", 2, "body"):
        raise CorpusError(f"by='others' counts characters of bodies that 2 reports have, not {setting}")
    n_reports = len(texts.reports)
    refuse_many(n_reports, "others")
    row = texts.row("character", setting.segment)
    chars_by_sharers = np.zeros((n_reports, n_reports), dtype=np.int64)
    np.add.at(chars_by_sharers, (row.owners, _count_sharers(row, setting.n)), row.ends - row.starts)
    # The share of the choices of k others in which none of the m is that share something: C(N-1-m, k) / C(N-1, k).
    missed = np.ones((n_reports, max(n_reports, 1)))
    for k in range(1, n_reports):
        missed[:, k] = missed[:, k - 1] * np.maximum(n_reports - k - np.arange(n_reports), 0) / (n_reports - k)
    n_chars = chars_by_sharers.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        shares = (1 - chars_by_sharers @ missed / n_chars).tolist()
    return build_table(
        (
            (report.report_id, report.label, k, own[k])
            for report, own in zip(texts.reports, shares, strict=True)
            for k in range(1, n_reports)
        ),
        "measure_boilerplate.others",
    )


def _count_sharers(row: UnitRow, n: int) -> IntArray:
    """Return for each passage how many other reports have an n-gram of it."""
    n_passages, n_reports = len(row.starts), int(row.owners.max(initial=0)) + 1
    grams = number_grams(row.units, n)
    holding_grams, holding_reports = holders(row, grams)
    n_holders = np.bincount(holding_grams)
    firsts = np.cumsum(n_holders) - n_holders
    gram, passage = holders(row, grams, np.arange(n_passages))
    # Each pair of gram and passage is met by all holders of the gram, which lie side by side.
    met = n_holders[gram]
    steps = np.arange(met.sum()) - np.repeat(np.cumsum(met) - met, met)
    meetings = np.repeat(passage, met) * n_reports + holding_reports[np.repeat(firsts[gram], met) + steps]
    # A passage meets its own report too, which is none of the others.
    n_sharers = np.bincount(distinct(meetings) // n_reports, minlength=n_passages) - 1
    return np.maximum(n_sharers, 0)
