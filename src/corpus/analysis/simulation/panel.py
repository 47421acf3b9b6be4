"""Simulated panels of reports whose truth is known character by character."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from corpus.analysis.simulation.drafting import ROW, Drafts
from corpus.analysis.simulation.planning import FIRST_YEAR, NO_ROW, PanelSetting, Plan, Stock
from corpus.errors import CorpusError
from corpus.report.table_columns import as_table, build_table, telling_columns

__all__ = ["Panel", "PanelSetting", "simulate_panel"]

_MOST_YEARS = 50
_CHANGES = ["kept", "renumbered", "reworded", "new", "dropped"]


@telling_columns
@dataclass(frozen=True, slots=True)
class Panel:
    """Simulated reports with the truth on them. Made by `simulate_panel`.

    Every start and end counts code points of a row's ``text``, end exclusive; so it does in ``raw`` after
    ``load_reports(panel.texts)``. A passage is a sentence or a heading (without its label), a title, a signature. What
    stands between passages (line ends, indents, labels) belongs to none. Passages that were made from each other have
    the same ``unit``, through all years and issuers, and so have all occurrences of a formula.

    Attributes
    ----------
    texts : DataFrame
        One row a report, those of an issuer together. `corpus.load_reports` takes it as it is, or
        ``texts[["report_id", "text"]]`` where the facts shall be inferred from the text.

        {columns of simulate_panel.texts}

    layers : DataFrame
        One row a passage, in reading order.

        {columns of simulate_panel.layers}

    cases : DataFrame
        One row a planted pair that a search for shared passages should find. Neighbouring passages of the same kind and
        rate that were neighbours before are one pair. Formulas and skeleton are no pairs.

        {columns of simulate_panel.cases}

    changes : DataFrame
        One row a passage of the body (lead, headings, sentences) and pair of adjacent years.

        {columns of simulate_panel.changes}

    formulas : DataFrame
        One row a formula, the commonest first.

        {columns of simulate_panel.formulas}

    setting : PanelSetting
    """

    texts: pd.DataFrame = field(repr=False)
    layers: pd.DataFrame = field(repr=False)
    cases: pd.DataFrame = field(repr=False)
    changes: pd.DataFrame = field(repr=False)
    formulas: pd.DataFrame = field(repr=False)
    setting: PanelSetting


def simulate_panel(
    n_issuers: int,
    n_years: int,
    *,
    setting: PanelSetting | None = None,
    seed: int = 1,
) -> Panel:
    """Return simulated reports of some issuers over some years, with the truth on every passage.

    The reports have the form of the genre: title, salutation, four prescribed sections with sub-headings, signature and
    date; some are printed with half-width punctuation, some with indents. Their sentences are made of common words at
    random and mean nothing, their places are invented, so that none can be taken for a real one. What they are made for
    is their history: who took which passage from whom, what was carried over from the year before, and how it was
    changed on the way.

    The same arguments give the same panel on any machine, whatever the version of numpy and the order of hashes: of
    numpy's random numbers only the raw output of PCG64 is used, which is promised to stay.

    Parameters
    ----------
    n_issuers, n_years : int
        Every issuer has a report on each of the years.
    setting : PanelSetting, optional
        How the reports are composed.
    seed : int
        0 or more.

    Returns
    -------
    Panel

    Raises
    ------
    CorpusError
        If there are no issuers or years, more than 50 years, or more issuers than places and bureaus.

    Examples
    --------
    >>> import corpus
    >>> panel = corpus.validation.simulate_panel(2, 3, seed=1)
    >>> len(panel.texts), panel.changes["change"].value_counts().to_dict()
    (6, {'kept': 125, 'dropped': 93, 'new': 89, 'renumbered': 64, 'reworded': 37})
    """
    if n_issuers < 1 or not 1 <= n_years <= _MOST_YEARS or seed < 0:
        raise CorpusError(
            f"simulate_panel({n_issuers}, {n_years}, seed={seed}): give one issuer or more, 1 to {_MOST_YEARS} years, "
            "and a seed of 0 or more"
        )
    plan = Plan(n_issuers, n_years, setting or PanelSetting(), seed)
    used: list[list[Stock]] = [[] for _ in range(n_issuers)]
    for formula in plan.formulas:
        for issuer in formula.issuers:
            used[issuer].append(formula)
    rows: list[tuple[Any, ...]] = []
    texts: list[str] = []
    for number in range(n_issuers):
        texts += Drafts(number, used[number], plan).write(number * n_years, rows)
    facts = [
        (f"s{number:05}-{year}", issuer.name, issuer.province, issuer.prefecture, issuer.county, year)
        for number, issuer in enumerate(plan.issuers, 1)
        for year in range(FIRST_YEAR, FIRST_YEAR + n_years)
    ]
    table = build_table(((*own, text) for own, text in zip(facts, texts, strict=True)), "simulate_panel.texts")
    passages = _Passages(pd.DataFrame(rows, columns=list(ROW)), table, plan)
    return Panel(
        texts=table,
        layers=passages.layers(),
        cases=passages.cases(),
        changes=passages.changes(),
        formulas=passages.formulas(plan.formulas),
        setting=plan.setting,
    )


class _Passages:
    """The passages of a panel, a row each in reading order, and the tables that are made of them."""

    def __init__(self, rows: pd.DataFrame, texts: pd.DataFrame, plan: Plan) -> None:
        self._texts = texts
        self._rows = rows
        copied = pd.DataFrame([(copy.row, source.row) for source, copy in plan.copies], columns=["row", "source"])
        rows.loc[copied["row"], "source"] = copied["source"].to_numpy()
        rows["issuer"] = texts["issuer"].to_numpy()[rows["report"]]
        rows["is_carried"] = rows["issuer"].reindex(rows["source"]).to_numpy() == rows["issuer"]

    def _reports(self, numbers: pd.Series[Any]) -> pd.Categorical[Any]:
        return pd.Categorical.from_codes(numbers.astype(int), categories=pd.Index(self._texts["report_id"].tolist()))

    def layers(self) -> pd.DataFrame:
        """Return one row a passage."""
        rows = self._rows[["start", "end", "layer", "form", "unit"]]
        return as_table(rows.assign(report_id=self._reports(self._rows["report"])), "simulate_panel.layers")

    def cases(self) -> pd.DataFrame:
        """Return the planted pairs: neighbouring passages of one kind, made from neighbours, are one pair."""
        rows = self._rows.assign(kind=self._rows["change"].where(self._rows["is_carried"], "copied"))
        made = rows[rows["layer"].isin(("carried_over", "shared")) & (rows["source"] != NO_ROW)].copy()
        made["before"] = rows["report"].reindex(made["source"]).to_numpy()
        alike = ["report", "before", "kind", "rate", "moved"]
        goes_on = (made[alike] == made[alike].shift()).all(axis=1) & (made["source"].diff() == 1)
        goes_on &= np.diff(made.index, prepend=-2) == 1
        runs = made.groupby((~goes_on).cumsum().to_numpy())
        first, last = runs.first(), runs.last()
        table = pd.DataFrame(
            {
                "report_a": self._reports(first["before"]),
                "start_a": rows["start"].reindex(first["source"]).to_numpy(),
                "end_a": rows["end"].reindex(last["source"]).to_numpy(),
                "report_b": self._reports(first["report"]),
                "start_b": first["start"].to_numpy(),
                "end_b": last["end"].to_numpy(),
                "kind": pd.Categorical(first["kind"], categories=["copied", *_CHANGES[:3]]),
                "edit_rate": first["rate"].to_numpy(),
                "n_edits": runs["n_edits"].sum().to_numpy(),
                "moved": first["moved"].to_numpy(),
            }
        )
        return as_table(table, "simulate_panel.cases")

    def changes(self) -> pd.DataFrame:
        """Return what became of every passage of a body from one year to the next."""
        rows, issuers = self._rows, self._texts["issuer"]
        body = rows["form"].isin(("lead", "heading", "sentence"))
        opens, closes = issuers != issuers.shift(), issuers != issuers.shift(-1)
        stands = rows[body & ~opens[rows["report"]].to_numpy()]
        goes_on = rows.index.isin(rows.loc[rows["is_carried"], "source"])
        dropped = rows[body & ~closes[rows["report"]].to_numpy() & ~goes_on]
        pairs = pd.concat(
            [
                stands.assign(later=stands.index, earlier=stands["source"].where(stands["is_carried"], NO_ROW)),
                dropped.assign(later=NO_ROW, earlier=dropped.index, report=dropped["report"] + 1, change="dropped"),
            ]
        )
        pairs["is_dropped"] = pairs["later"] == NO_ROW
        pairs = pairs.sort_values(["report", "is_dropped", "start"], kind="stable", ignore_index=True)
        both = (pairs["earlier"] != NO_ROW) & ~pairs["is_dropped"]
        new = (pairs["earlier"] == NO_ROW) & ~pairs["is_dropped"]
        table = pd.DataFrame(
            {
                "earlier": self._reports(pairs["report"] - 1),
                "later": self._reports(pairs["report"]),
                **{
                    f"{edge}_{side}": rows[edge].reindex(pairs[side]).astype("Int64").to_numpy()
                    for side in ("earlier", "later")
                    for edge in ("start", "end")
                },
                "change": pd.Categorical(pairs["change"].mask(new, "new"), categories=_CHANGES),
                "moved": both & pairs["moved"],
                "form": pairs["form"],
            }
        )
        return as_table(table, "simulate_panel.changes")

    def formulas(self, formulas: Sequence[Stock]) -> pd.DataFrame:
        """Return one row a formula, the commonest first."""
        n_reports = self._rows.loc[self._rows["layer"] == "formula", "unit"].value_counts()
        rows = ((one.unit, one.template, one.form, len(one.issuers), n_reports.get(one.unit, 0)) for one in formulas)
        table = build_table(rows, "simulate_panel.formulas")
        return table.sort_values(["n_issuers", "unit"], ascending=[False, True], ignore_index=True)
