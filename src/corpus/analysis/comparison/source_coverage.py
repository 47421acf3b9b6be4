"""How much of each report stands in its sources, and which of what reports share with each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.reuse.passage_ends import mark_spans
from corpus.analysis.reuse.passage_search import Found
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table
from corpus.report.values import Role


def cover_by_sources(reports: Reports, sources: Sequence[Report], found: Found, *, role: Role | None) -> pd.DataFrame:
    """Return the share of each report that stands in each source: ``corpus.find_reuse(by="report")``.

    Parameters
    ----------
    reports : Reports
    sources : sequence of Report
    found : Found
        The passages between them.
    role : str, optional
    """
    owner_a, owner_b = found.owners()
    row, passages = found.row, found.passages
    sizes = np.bincount(row.owners, weights=row.ends - row.starts, minlength=len(reports)).astype(np.int64)
    rows = []
    for place, report in enumerate(reports):
        own = slice(*np.searchsorted(owner_a, [place, place + 1]).tolist())
        own_place = row.of_report(place)
        n_chars = int(sizes[place])
        of_source = owner_b[own]
        held = np.zeros((len(sources) + 1, own_place.stop - own_place.start + 1), dtype=np.int32)
        for source, start, end in zip(
            (of_source - len(reports)).tolist(),
            (passages.p_start[own].astype(np.int64) - own_place.start).tolist(),
            (passages.p_end[own].astype(np.int64) - own_place.start).tolist(),
            strict=True,
        ):
            held[source, start] += 1
            held[source, end] -= 1
            held[-1, start] += 1
            held[-1, end] -= 1
        covered = (np.cumsum(held, axis=1) > 0).sum(axis=1).tolist()
        counts = np.bincount(of_source - len(reports), minlength=len(sources)).tolist()
        names = [source.report_id for source in sources]
        for name, chars, n_passages in zip((*names, ""), covered, (*counts, sum(counts)), strict=True):
            share = chars / n_chars if n_chars else np.nan
            rows.append((report.report_id, report.label, name, share, chars, n_chars, n_passages))
    table = build_table(rows, "find_reuse.report")
    table.attrs |= {"role": role}
    return table


def cover_shared(table: pd.DataFrame, reports: Sequence[Report], shared: Found, found: Found) -> pd.DataFrame:
    """Add to passages that reports share how much of each stands in a source: ``corpus.find_reuse(by="shared")``.

    Parameters
    ----------
    table : DataFrame
        Of the passages.
    reports : sequence of Report
        Reports and sources.
    shared, found : Found
        The passages of the table, and those between a report and a source, as places of one row.
    """
    covered = mark_spans(found.passages.p_start, found.passages.p_end, len(found.row.units))
    before = np.append(0, np.cumsum(covered))
    starts, ends = shared.passages.p_start.astype(np.int64), shared.passages.p_end.astype(np.int64)
    share = (before[ends] - before[starts]) / np.maximum(ends - starts, 1)
    _, source = found.owners()
    names = [report.report_id for report in reports]
    held = _most_of(
        starts, ends, found.passages.p_start.astype(np.int64), found.passages.p_end.astype(np.int64), source
    )
    named = [names[place] if place >= 0 else "" for place in held.tolist()]
    whole = as_table(table.assign(share_in_sources=share, source_id=named), f"{table.attrs['table']}+sources")
    return whole


def _most_of(starts: IntArray, ends: IntArray, first: IntArray, last: IntArray, of: IntArray) -> IntArray:
    """Return for each span whose stretch overlaps most of it, or -1."""
    order = np.argsort(first, kind="stable")
    first, last, of = first[order], last[order], of[order]
    longest = int((last - first).max(initial=0))
    low = np.searchsorted(first, starts - longest)
    high = np.searchsorted(first, ends)
    best = np.full(len(starts), -1, dtype=np.int64)
    for at in np.flatnonzero(low < high).tolist():
        near = slice(int(low[at]), int(high[at]))
        overlap = np.minimum(last[near], ends[at]) - np.maximum(first[near], starts[at])
        most = int(np.argmax(overlap))
        if overlap[most] > 0:
            best[at] = of[near][most]
    return best
