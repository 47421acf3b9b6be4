"""Two reports side by side, for a notebook and as a page of its own: the whole of both, and every word they share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

import pandas as pd

from corpus.analysis.alignment.passage_pairs import tell_order
from corpus.analysis.boilerplate.formulas import find_formulas
from corpus.analysis.comparison.report_pairs import MIN_REFERENCE, compare_reports
from corpus.analysis.comparison.sentence_edits import find_edits
from corpus.analysis.comparison.shared_passages import find_reuse, locate_reuse, quote_reuse
from corpus.errors import CorpusError
from corpus.field.lexicon import Lexicon
from corpus.publishing.readers.pair_page import Comparison
from corpus.publishing.readers.two_columns import Span
from corpus.report.reports import Report, Reports

FORMULA_REPORTS = 3
FORMULA_CHARS = 12

_SIDED = ("report", "start", "end", "text")


def show_comparison(
    a: Report, b: Report, *, reference: Reports | None = None, passages: pd.DataFrame | None = None
) -> Comparison:
    """Show two reports side by side: the whole of both, with the passages that they share marked and linked.

    Where a call ends a cell the notebook shows it; ``show_comparison(a, b).page()`` is a file of its own, as
    ``corpus compare A B --html FILE`` writes it.

    Parameters
    ----------
    a, b : Report
    reference : Reports, optional
        The collection that says what is a formula (12 characters in a row that stand in three of its reports or more,
        a and b counted) and how much a word weighs in the cosine (from 5 reports on). Without it nothing is a formula.
    passages : DataFrame, optional
        Rows of `corpus.find_reuse`, of which those of this pair are shown. By default they are found here.

    Returns
    -------
    Comparison

    Raises
    ------
    CorpusError
        If a and b have the same report_id.
    """
    if a.report_id == b.report_id:
        raise CorpusError(f"both reports are called {a.report_id}; load them together, so that each has a name")
    pair = Reports((a, b), lexicon=reference.lexicon if reference is not None else Lexicon())
    found = find_reuse(pair, quotes=False) if passages is None else _of_pair(passages, a, b)
    found = quote_reuse(pair, found)
    collection = _collection(a, b, reference)
    formulas = _formulas(collection) if reference is not None else {"a": (), "b": ()}
    enough = reference is not None and len(collection) >= MIN_REFERENCE
    first = compare_reports(pair, reference=reference if enough else None).iloc[0]
    measures = {str(name): value for name, value in first.items() if name not in ("report_a", "report_b")}
    numbered = _number(pair, found, formulas["a"])
    edits = find_edits(pair, numbered.set_index("number"))
    numbered["n_edits"] = [int((edits["passage"] == number).sum()) for number in numbered["number"]]
    names = tuple(report.report_id for report in (reference or ()))
    return Comparison(a, b, numbered, len(found) - len(numbered), edits, measures, formulas, names)


def side_by_side(reports: Reports, a: str, b: str, *, passages: pd.DataFrame | None = None) -> Comparison:
    """Show two of some reports side by side, with the passages that they share marked and linked.

    All reports say what is a formula, and how much a word weighs; see `show_comparison`.

    Parameters
    ----------
    reports : Reports
    a, b : str
        Their report_id.
    passages : DataFrame, optional
        Rows of `corpus.find_reuse`, of which those of this pair are shown. By default they are found here.

    Raises
    ------
    CorpusError
        If there is no such report, or both are one.
    """
    return show_comparison(reports[a], reports[b], reference=reports, passages=passages)


def _of_pair(passages: pd.DataFrame, a: Report, b: Report) -> pd.DataFrame:
    """Return the rows of a pair with ``a`` as report_a, whichever of the two came first."""
    names = passages["report_a"], passages["report_b"]
    rows = passages[(names[0] == a.report_id) & (names[1] == b.report_id)]
    others = passages[(names[0] == b.report_id) & (names[1] == a.report_id)]
    exchanged = {f"{name}_{one}": f"{name}_{other}" for name in _SIDED for one, other in ("ab", "ba")}
    return pd.concat([rows, others.rename(columns=exchanged)[list(passages.columns)]], ignore_index=True)


def _number(pair: Reports, passages: pd.DataFrame, formulas: tuple[Span, ...]) -> pd.DataFrame:
    a = pair[0]
    ordered = passages.assign(order=tell_order(passages))
    table = ordered[ordered["order"] != "within"]
    table = table.sort_values(["start_a", "end_a", "start_b", "end_b"], kind="stable", ignore_index=True)
    kinds = locate_reuse(pair, table)["kind"].replace(["running text", "set phrase"], "shared")
    in_formulas = []
    for place in zip(table["start_a"], table["end_a"], strict=True):
        start, end = a.text_map.derived_span(*map(int, place))
        inside = (
            a.key_map.derived_span(max(first, start), min(last, end))
            for first, last in formulas
            if first < end and last > start
        )
        in_formulas.append(sum(last - first for first, last in inside))
    return table.assign(number=range(1, len(table) + 1), kind=kinds, formula_chars=in_formulas)


def _collection(a: Report, b: Report, reference: Reports | None) -> Reports:
    """Return the reference collection with a and b in front, each text once, under numbers for names."""
    others = {report.raw: report for report in reference or () if report.raw not in (a.raw, b.raw)}
    together = enumerate((a, b, *others.values()))
    return Reports(tuple(replace(report, report_id=str(number)) for number, report in together))


def _formulas(collection: Reports) -> dict[str, tuple[Span, ...]]:
    found = find_formulas(collection, min_reports=FORMULA_REPORTS, min_chars=FORMULA_CHARS)
    places = list(chain.from_iterable(found["places"]))
    return {
        side: _join(report.text_map.derived_span(start, end) for name, start, end in places if name == number)
        for side, number, report in (("a", "0", collection[0]), ("b", "1", collection[1]))
    }


def _join(spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Return overlapping spans as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)
