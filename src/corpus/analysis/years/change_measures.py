"""How much an issuer's report was changed since the year before, and where in the report."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.polynomial import Polynomial

from corpus.analysis.boilerplate.origins import MIN_ISSUERS, trace_origins
from corpus.analysis.boilerplate.published_measures import measure_published
from corpus.analysis.comparison.report_pairs import compare_reports
from corpus.analysis.resampling import LEAST_STRETCHES, LEVEL, FloatArray, estimate_share
from corpus.analysis.years.changes import CHANGES, align_years, share_revisions
from corpus.report.passages import Outline
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, columns_of, join_columns, tabulated
from corpus.report.values import ROLES

LEAST_PAIRS = 50
"""With fewer pairs a curve of six coefficients follows single reports: no modification score is adjusted by it."""

_DEGREE = 5
_FEW_STRETCHES = f"no interval: kept in {{}} separate stretches, of {LEAST_STRETCHES} needed"
_FORMULAS = ("skeleton", "formula")


@tabulated
def measure_years(reports: Reports, *, revisions: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how much each report was changed since the same issuer's report before it, by the published measures.

    - ``share_kept``: of the key characters of the later report's passages, headings and addresses left out, those in
      passages that stand word for word in the earlier one, by `corpus.align_years`. ``low`` and ``high`` are the ends
      of an interval of 95 % over the passages of the later report, the earlier one fixed
      (`corpus.analysis.resampling.estimate_share`). It says how much the share hangs on single passages, not what
      other issuers or years would show. NaN where what was kept lies in fewer than 5 separate stretches.
    - ``share_kept_own``: the same over the characters that are no formula: neither prescribed by the genre nor in a
      stretch that 3 issuers or more have, by `corpus.trace_origins`. What everyone keeps says nothing of a bureau. NaN
      with fewer than 3 issuers.
    - ``cosine_words``, ``jaccard_words``, ``minimum_edit``, ``simple``: the four similarities of Cohen, Malloy & Nguyen
      (2020, Journal of Finance 75:1371-1415; definitions seen second-hand) over words, as `corpus.compare_reports` has
      them. ``simple`` is scaled within this table: 1 the pair that changed least, 0 the one
      that changed most. No interval is known for any of them.
    - ``modification_raw``: 1 less the cosine of words weighted by TF-IDF (Brown & Tucker 2011, J. Accounting Research
      49:309-346), the reports given being the reference collection. NaN with fewer than 5 reports.
    - ``modification_adjusted``: the raw score less what a polynomial of degree 5 in the words of the later report lets
      one expect, fitted over the pairs of this table. NaN with fewer than 50 pairs (``LEAST_PAIRS``).
    - ``stickiness``: words in sentences with a phrase of 8 words that the report of the year before has (Dyer, Lang &
      Stice-Lawrence 2017), ``sticky_dyer_2017_adapted`` of `corpus.measure_boilerplate`. NaN across a gap.

    Similarities, shares and the raw score run from 0 to 1; the higher the raw score, the more was changed, for all
    others the less. A report that says the same in other words counts as changed.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame, optional
        From `corpus.align_years` of these reports, which says which reports are a pair; by default that of adjacent
        years, sentence by sentence.

    Returns
    -------
    DataFrame
        One row a pair, by issuer and year. ``attrs["level"]`` is that of the interval.

        {columns of measure_years}

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports(corpus.validation.simulate_panel(2, 3, seed=1).texts)
    >>> corpus.measure_years(reports)[["earlier", "later", "share_kept"]].round(2)
           earlier        later  share_kept
    0  s00001-2015  s00001-2016        0.37
    1  s00001-2016  s00001-2017        0.46
    2  s00002-2015  s00002-2016        0.28
    3  s00002-2016  s00002-2017        0.20
    """
    if revisions is None:
        revisions = align_years(reports)
    shares = share_revisions(reports, revisions)
    if shares.empty:
        return _table({column.name: () for column in columns_of("measure_years")})
    pairs = list(zip(shares["earlier"], shares["later"], strict=True))
    alike = compare_reports(reports, pairs=pairs, edits="word")
    sticky = measure_published(reports, names=["sticky_dyer_2017_adapted"]).set_index("report_id")["value"]
    is_adjacent = (shares["year_later"] - shares["year_earlier"] == 1).tolist()
    raw = 1 - alike["cosine_tfidf"].to_numpy(dtype=np.float64)
    adjusted, refused = _adjust(raw, alike["length_b"].to_numpy(dtype=np.float64))
    kept_own, low, high, n_stretches = zip(*_measure_kept(reports, revisions, shares["later"]), strict=True)
    return _table(
        {
            **{name: shares[name] for name in shares.columns},
            **{name: alike[name] for name in ("cosine_words", "jaccard_words", "minimum_edit", "simple")},
            "share_kept_own": kept_own,
            "low": low,
            "high": high,
            "modification_raw": raw,
            "modification_adjusted": adjusted,
            "stickiness": [
                sticky[later] if adjacent else math.nan
                for later, adjacent in zip(shares["later"], is_adjacent, strict=True)
            ],
            "n_words_earlier": alike["length_a"],
            "n_words_later": alike["length_b"],
            "n_stretches": n_stretches,
            "note": [
                "; ".join(
                    filter(
                        None,
                        (
                            _FEW_STRETCHES.format(number) if number < LEAST_STRETCHES else "",
                            *(alike.attrs["note"], refused),
                            "" if adjacent else "across a gap: stickiness is of adjacent years",
                        ),
                    )
                )
                for number, adjacent in zip(n_stretches, is_adjacent, strict=True)
            ],
        }
    )


def _table(columns: Mapping[str, Any]) -> pd.DataFrame:
    table = join_columns([columns[column.name] for column in columns_of("measure_years")], "measure_years")
    table.attrs["level"] = LEVEL
    return table


def _measure_kept(
    reports: Reports, revisions: pd.DataFrame, names: Iterable[str]
) -> Iterator[tuple[float, float, float, int]]:
    """Yield how much of each report was kept of what is no formula, the interval of what was, and its stretches."""
    formulas: dict[str, pd.DataFrame] = {}
    of_several = len({report.issuer_key for report in reports if report.issuer}) >= MIN_ISSUERS
    if of_several:
        runs = trace_origins(reports)
        formulas = {str(name): found for name, found in runs[runs["origin"].isin(_FORMULAS)].groupby("report_id")}
    counted = revisions[revisions["start_later"].notna() & (revisions["kind"] == "text")]
    passages = {str(name): found for name, found in counted.groupby("later")}
    for name in names:
        report, found = reports[name], passages[name]
        ends = np.array([report.key_span(*span) for span in _spans(found, "later")], dtype=np.int64)
        is_kept = (found["change"] == "kept").to_numpy()
        own = np.ones(len(report.key) + 1, dtype=np.int64)
        for span in _spans(formulas[name]) if name in formulas else ():
            own[slice(*report.key_span(*span))] = 0
        before = np.concatenate([[0], np.cumsum(own)])
        sizes = before[ends[:, 1]] - before[ends[:, 0]]
        wholes = ends[:, 1] - ends[:, 0]
        estimate = estimate_share(wholes * is_kept, wholes)
        kept_own = sizes[is_kept].sum() / sizes.sum() if of_several and sizes.sum() else math.nan
        yield kept_own, estimate.low, estimate.high, estimate.n_stretches


def _spans(found: pd.DataFrame, side: str = "") -> Iterator[tuple[int, int]]:
    edges = (found[f"{edge}_{side}".rstrip("_")].astype("int64").tolist() for edge in ("start", "end"))
    return zip(*edges, strict=True)


def _adjust(raw: FloatArray, n_words: FloatArray) -> tuple[FloatArray, str]:
    """Return the raw scores less what the length lets one expect, or why that cannot be told."""
    known = ~np.isnan(raw)
    adjusted = np.full(len(raw), np.nan)
    n_known, n_lengths = int(known.sum()), len(np.unique(n_words[known]))
    if n_known < LEAST_PAIRS or n_lengths <= _DEGREE:
        return adjusted, f"modification not adjusted: {n_known} pairs of {n_lengths} lengths, of {LEAST_PAIRS} needed"
    # Polynomial.fit scales the lengths to -1 to 1 first: fifth powers of thousands of words would drown the rest.
    fitted = Polynomial.fit(n_words[known], raw[known], _DEGREE)
    adjusted[known] = raw[known] - fitted(n_words[known])
    return adjusted, ""


Place = Literal["part", "tenth"]

NO_ROLE = "none"
"""What stands for the role of a part that has none."""

_PLACED = ("n_key_chars", "begins", "ends", "role")


@tabulated
def locate_changes(reports: Reports, revisions: pd.DataFrame) -> pd.DataFrame:
    """Return where each passage of a revision stands in either report.

    Parameters
    ----------
    reports : Reports
    revisions : DataFrame
        From `corpus.align_years` of these reports.

    Returns
    -------
    DataFrame
        One row a passage, in the order of ``revisions``.

        {columns of locate_changes}
    """
    names = [column.name for column in columns_of("locate_changes")]
    columns: dict[str, Any] = {name: revisions[name] for name in names if name in revisions.columns}
    for side in ("earlier", "later"):
        labels = {name: _label(reports[name]) for name in revisions[side].unique()}
        columns[f"label_{side}"] = revisions[side].map(labels)
        columns |= {f"{name}_{side}": values for name, values in _place_side(reports, revisions, side).items()}
    return join_columns([columns[name] for name in names], "locate_changes")


def _label(report: Report) -> str:
    return report.label if report.place else f"{report.issuer} {report.year_reviewed}"


def _place_side(reports: Reports, revisions: pd.DataFrame, side: str) -> Mapping[str, Any]:
    n_rows = len(revisions)
    n_chars, roles = np.zeros(n_rows, dtype=np.int64), np.full(n_rows, "", dtype=object)
    begins, ends = np.full(n_rows, np.nan), np.full(n_rows, np.nan)
    starts, stops = (
        revisions[f"{edge}_{side}"].to_numpy(dtype=np.float64, na_value=np.nan) for edge in ("start", "end")
    )
    for pair, rows in revisions.groupby(["earlier", "later"], sort=False).indices.items():
        report = reports[cast(tuple[str, str], pair)[side == "later"]]
        outline = Outline(report)
        here = rows[~np.isnan(starts[rows])]
        spans = [report.key_span(int(starts[row]), int(stops[row])) for row in here]
        n_chars[here] = [last - first for first, last in spans]
        roles[here] = [outline.role_at(int(starts[row])) or NO_ROLE for row in here]
        in_order = here[np.argsort(starts[here], kind="stable")]
        once = np.diff(starts[in_order], prepend=-1) > 0
        upto = np.cumsum(n_chars[in_order] * once)
        whole = max(1, int(upto[-1])) if len(upto) else 1
        begins[in_order], ends[in_order] = (upto - n_chars[in_order]) / whole, upto / whole
    return dict(zip(_PLACED, (n_chars, begins, ends, roles), strict=True))


@tabulated
def tabulate_changes(located: pd.DataFrame, by: Place = "part") -> pd.DataFrame:
    """Return how much of each part, or of each tenth, was kept, renumbered, reworded, new and dropped.

    Parameters
    ----------
    located : DataFrame
        From `locate_changes`, or some of its rows; all pairs in it are taken together, character by character.
        Headings and addresses are not counted.
    by : {"part", "tenth"}
        The part that a passage begins in, by its role; or the tenth of the report that holds its middle.

    Returns
    -------
    DataFrame
        One row a place and change, in reading order. Places where neither report has anything are left out.

        {columns of tabulate_changes}
    """
    rows = []
    wholes: dict[str, dict[str, int]] = {}
    sides = {side: _with_place(located, side, by) for side in ("later", "earlier")}
    for side, found in sides.items():
        counted = found.groupby("place")[f"n_key_chars_{side}"].sum()
        wholes[side] = {str(place): int(n_chars) for place, n_chars in counted.items()}
    for place in (*ROLES, NO_ROLE) if by == "part" else map(str, range(1, 11)):
        if not any(place in counted for counted in wholes.values()):
            continue
        for change in CHANGES:
            side = "earlier" if change == "dropped" else "later"
            found = sides[side][(sides[side]["place"] == place)]
            of_change = found[found["change"] == change]
            n_chars, whole = int(of_change[f"n_key_chars_{side}"].sum()), wholes[side].get(place, 0)
            share = n_chars / whole if whole else np.nan
            rows.append((place, change, n_chars, share, len(of_change), found["later"].nunique()))
    return build_table(rows, "tabulate_changes")


def _with_place(located: pd.DataFrame, side: str, by: Place) -> pd.DataFrame:
    """Return the passages that stand on a side, each with its place there."""
    here = located[located[f"start_{side}"].notna() & (located["kind"] == "text")]
    # Several passages may come from one.
    here = here.drop_duplicates(["earlier", "later", f"start_{side}"])
    if by == "part":
        return here.assign(place=here[f"role_{side}"])
    middle = (here[f"begins_{side}"] + here[f"ends_{side}"]) / 2
    return here.assign(place=(np.minimum(middle * 10, 9).astype("int64") + 1).astype(str))
