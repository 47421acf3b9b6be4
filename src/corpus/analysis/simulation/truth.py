"""The truth on a simulated panel as tables: layers, planted pairs, changes from year to year, formulas, leftovers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.simulation.drafting import N_SKELETON_UNITS
from corpus.analysis.simulation.planning import Formula
from corpus.analysis.simulation.planted import (
    CARRIED_OVER,
    CHANGES,
    FORMS,
    FORMULA,
    HEADING,
    LAYERS,
    LEAD,
    NEW,
    NO_ROW,
    OWN,
    OWN_OR_CARRIED,
    SENTENCE,
    SHARED,
    SKELETON,
    Truth,
)
from corpus.report.table_columns import as_table, build_table

_IntArray = npt.NDArray[np.int32]
_Rows = dict[str, _IntArray]
_KINDS = ("copied", "kept", "renumbered", "reworded")
_ALL_CHANGES = (*CHANGES, "dropped")
_BODY_FORMS = (LEAD, HEADING, SENTENCE)


class PanelTables:
    """Makes the tables of a panel out of what was written down while it was drafted.

    Parameters
    ----------
    truth : Truth
    report_ids, issuers : sequence of str
        Of each report, in the order of their numbers: those of an issuer follow each other, year by year.
    """

    def __init__(self, truth: Truth, report_ids: Sequence[str], issuers: Sequence[str]) -> None:
        flat = np.frombuffer(truth.rows, dtype=np.int32).reshape(-1, len(truth.columns))
        self._rows: _Rows = {name: flat[:, number].copy() for number, name in enumerate(truth.columns)}
        self._leftovers = truth.leftovers
        self._report_ids = pd.Index(report_ids)
        codes, names = pd.factorize(np.array(issuers, dtype=object))
        self._issuers = pd.Index(names)
        self._issuer_of_report = codes.astype(np.int32)
        source = self._rows["source"]
        self._issuer = self._issuer_of_report[self._rows["report"]]
        # Row 0 stands in for what is not there, and is masked.
        self._is_carried = (source != NO_ROW) & (self._issuer[np.maximum(source, 0)] == self._issuer)

    def _report(self, reports: _IntArray) -> pd.Categorical[Any]:
        return pd.Categorical.from_codes(reports, categories=self._report_ids)

    def layers(self, min_issuers: int) -> pd.DataFrame:
        """Return one row a passage, in the order of the reports and their text."""
        rows, source = self._rows, self._rows["source"]
        known = source != NO_ROW
        at = np.maximum(source, 0)
        table = pd.DataFrame(
            {
                "report_id": self._report(rows["report"]),
                "start": rows["start"],
                "end": rows["end"],
                "layer": _named(rows["layer"], LAYERS),
                "realised": _named(self._realised(min_issuers), LAYERS),
                "form": _named(rows["form"], FORMS),
                "unit": rows["unit"],
                "source_report": self._report(np.where(known, rows["report"][at], NO_ROW)),
                "source_start": pd.arrays.IntegerArray(rows["start"][at], ~known),
                "source_end": pd.arrays.IntegerArray(rows["end"][at], ~known),
                "n_edits": rows["n_edits"].astype(np.int16),
            }
        )
        return as_table(table, "simulate_panel.layers")

    def _realised(self, min_issuers: int) -> _IntArray:
        """Return the layer of each row by counting the issuers and years that its unit stands in."""
        rows = self._rows
        n_issuers = len(self._issuers)
        pairs = np.unique(rows["unit"].astype(np.int64) * n_issuers + self._issuer)
        by_unit = np.bincount(pairs // n_issuers)[rows["unit"]]
        first_report = np.flatnonzero(np.append(True, self._issuer_of_report[1:] != self._issuer_of_report[:-1]))
        alone = np.where(self._is_carried, CARRIED_OVER, OWN)
        alone = np.where(np.isin(rows["report"], first_report), OWN_OR_CARRIED, alone)
        realised = np.where(by_unit >= min_issuers, FORMULA, np.where(by_unit >= 2, SHARED, alone))
        return np.where(rows["layer"] == SKELETON, SKELETON, realised).astype(np.int32)

    def cases(self) -> pd.DataFrame:
        """Return the planted pairs: neighbouring passages of one kind, made from neighbours, are one pair."""
        rows, source = self._rows, self._rows["source"]
        of_kind = np.isin(rows["layer"], (CARRIED_OVER, SHARED)) & (source != NO_ROW)
        kind = np.where(self._is_carried, rows["change"] + 1, 0)
        at = np.flatnonzero(of_kind)
        same = np.ones(max(len(at) - 1, 0), dtype=np.bool_)
        for values in (rows["report"], rows["report"][np.maximum(source, 0)], kind, rows["permille"], rows["moved"]):
            same &= values[at[1:]] == values[at[:-1]]
        same &= (np.diff(at) == 1) & (np.diff(source[at]) == 1)
        first = at[np.append(True, ~same)[: len(at)]]
        last = at[np.append(~same, True)[: len(at)]]
        run = np.cumsum(np.append(True, ~same)[: len(at)]) - 1
        table = pd.DataFrame(
            {
                "report_a": self._report(rows["report"][source[first]]),
                "start_a": rows["start"][source[first]],
                "end_a": rows["end"][source[last]],
                "report_b": self._report(rows["report"][first]),
                "start_b": rows["start"][first],
                "end_b": rows["end"][last],
                "kind": _named(kind[first], _KINDS),
                "edit_rate": rows["permille"][first] / 1000,
                "n_edits": np.bincount(run, weights=rows["n_edits"][at], minlength=len(first)).astype(np.int64),
                "moved": rows["moved"][first].astype(np.bool_),
            }
        )
        return as_table(table, "simulate_panel.cases")

    def changes(self) -> pd.DataFrame:
        """Return what became of every passage of a body from one year to the next."""
        rows, source = self._rows, self._rows["source"]
        body = np.isin(rows["form"], _BODY_FORMS)
        n_reports = len(self._issuer_of_report)
        is_first = np.append(True, self._issuer_of_report[1:] != self._issuer_of_report[:-1])[:n_reports]
        is_last = np.append(is_first[1:], True)[:n_reports]
        later = np.flatnonzero(body & ~is_first[rows["report"]])
        goes_on = np.zeros(len(source), dtype=np.bool_)
        goes_on[source[self._is_carried]] = True
        dropped = np.flatnonzero(body & ~is_last[rows["report"]] & ~goes_on)
        carried = self._is_carried[later]
        earlier_row = np.append(np.where(carried, source[later], NO_ROW), dropped)
        later_row = np.append(later, np.full(len(dropped), NO_ROW))
        later_report = np.append(rows["report"][later], rows["report"][dropped] + 1)
        change = np.append(np.where(carried, rows["change"][later], NEW), np.full(len(dropped), NEW + 1))
        order = np.lexsort((np.append(rows["start"][later], rows["start"][dropped]), later_row == NO_ROW, later_report))
        earlier_row, later_row, later_report = earlier_row[order], later_row[order], later_report[order]
        change = change[order]
        no_earlier, no_later = earlier_row == NO_ROW, later_row == NO_ROW
        earlier_at, later_at = np.maximum(earlier_row, 0), np.maximum(later_row, 0)
        table = pd.DataFrame(
            {
                "issuer": pd.Categorical.from_codes(self._issuer_of_report[later_report], categories=self._issuers),
                "earlier": self._report(later_report - 1),
                "later": self._report(later_report),
                "start_earlier": pd.arrays.IntegerArray(rows["start"][earlier_at], no_earlier),
                "end_earlier": pd.arrays.IntegerArray(rows["end"][earlier_at], no_earlier),
                "start_later": pd.arrays.IntegerArray(rows["start"][later_at], no_later),
                "end_later": pd.arrays.IntegerArray(rows["end"][later_at], no_later),
                "change": _named(change, _ALL_CHANGES),
                "moved": (rows["moved"][later_at] > 0) & ~no_later & ~no_earlier,
                "edit_rate": np.where(no_earlier | no_later, 0, rows["permille"][later_at]) / 1000,
                "form": _named(rows["form"][np.where(no_later, earlier_at, later_at)], FORMS),
            }
        )
        return as_table(table, "simulate_panel.changes")

    def formulas(self, formulas: Sequence[Formula]) -> pd.DataFrame:
        """Return one row a formula, the commonest first."""
        in_formula = self._rows["layer"] == FORMULA
        n_reports = np.bincount(self._rows["unit"][in_formula], minlength=N_SKELETON_UNITS + len(formulas))
        table = build_table(
            (
                (
                    N_SKELETON_UNITS + formula.number,
                    formula.template,
                    "heading" if formula.is_heading else "sentence",
                    len(formula.issuers),
                    int(n_reports[N_SKELETON_UNITS + formula.number]),
                )
                for formula in formulas
                if formula.issuers
            ),
            "simulate_panel.formulas",
        )
        return table.sort_values(["n_issuers", "unit"], ascending=[False, True], ignore_index=True)

    def leftovers(self) -> pd.DataFrame:
        """Return one row a planted leftover, or sentence that looks like one."""
        rows = ((self._report_ids[report], *rest) for report, *rest in self._leftovers)
        return build_table(rows, "simulate_panel.leftovers")


def _named(codes: npt.NDArray[np.integer[Any]], names: Sequence[str]) -> pd.Categorical[Any]:
    return pd.Categorical.from_codes(codes, categories=pd.Index(names))
