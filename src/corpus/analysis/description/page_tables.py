"""What happened to the pages that the reports were found on: their stretches, forms, fixes and punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pandas as pd

from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Role, Span

STRETCHES = ("title", "salutation", "body", "signature", "date", "clutter", "removed", "other", "white space")
"""Kinds of stretches of a file. ``removed``: cut out of the text by a faithful fix; ``other``: outside the body and not
recognised."""

WIDTHS = (("，", ","), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"))
"""Punctuation that Chinese text prints in full or in half width."""

_EVIDENT = ("issuer", "year_reviewed", "published", "signed", "source", "document_number")
_DAYS = ("published", "signed")
# Between ASCII letters or digits a half-width mark is no Chinese punctuation: 1,442, 16:40, a name(2).
_WIDE_OR_NARROW = re.compile(r"(?<![0-9A-Za-z])[,:;()]|[,:;()](?![0-9A-Za-z])|[，：；（）]")


@tabulated
def tabulate_pages(reports: Reports) -> pd.DataFrame:
    """Return what each stretch of each file is, and where outside and inside the body the facts are shown.

    Returns
    -------
    DataFrame
        One row a mark, in the order of the reports: the stretches of its file, then the evidence of its facts.

        {columns of tabulate_pages}
    """
    return build_table((row for report in reports for row in _page_rows(report)), "tabulate_pages")


def _page_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    reasons = {stretch.start: stretch.reason for stretch in report.layout.set_aside}
    for mark, kind, start, end in (*_stretches(report), *_evidence(report)):
        reason = reasons.get(start, "") if kind == "clutter" else ""
        yield report.report_id, report.label, mark, kind, reason, start, end, end - start, report.raw[start:end]


def _stretches(report: Report) -> Iterator[tuple[str, str, int, int]]:
    layout = report.layout
    kinds = ["white space" if character.isspace() else "other" for character in report.raw]
    days = [report.facts[name].evidence for name in _DAYS]
    spans: list[tuple[str, Span | None]] = [
        *(("date", day) for day in days),
        *(("clutter", span) for span in layout.clutter),
        ("title", layout.title),
        ("salutation", layout.salutation),
        ("signature", layout.signature),
        ("body", layout.body),
        *(("removed", Span(change.start, change.end)) for change in report.changes if not change.after),
    ]
    for kind, span in spans:
        if span is not None:
            kinds[span.start : span.end] = [kind] * (span.end - span.start)
    start = 0
    for kind, run in groupby(kinds):
        end = start + len(list(run))
        yield "stretch", kind, start, end
        start = end


def _evidence(report: Report) -> Iterator[tuple[str, str, int, int]]:
    for name in _EVIDENT:
        span = report.facts[name].evidence
        if span is not None:
            yield "evidence", name, span.start, span.end


@tabulated
def tabulate_forms(reports: Reports) -> pd.DataFrame:
    """Return the length of each form of each report.

    Returns
    -------
    DataFrame
        One row a report, in the order of the reports.

        {columns of tabulate_forms}
    """
    return build_table(
        (
            (
                report.report_id,
                report.label,
                len(report.raw_bytes),
                len(report.raw),
                len(report.text),
                len(report.quote(*report.layout.body)),
                len(report.key),
                len(report.changes),
            )
            for report in reports
        ),
        "tabulate_forms",
    )


@tabulated
def tabulate_fixes(reports: Reports) -> pd.DataFrame:
    """Return one row a faithful fix: everything by which ``text`` differs from ``raw``.

    Returns
    -------
    DataFrame
        One row a fix, in the order of the reports and of reading.

        {columns of tabulate_fixes}
    """
    return build_table(
        (
            (report.report_id, report.label, change.name, change.start, change.end, change.before, change.after)
            for report in reports
            for change in report.changes
        ),
        "tabulate_fixes",
    )


@tabulated
def tabulate_widths(reports: Reports, *, role: Role | None = None) -> pd.DataFrame:
    """Return how often each body prints each of the marks in ``WIDTHS`` in half and in full width.

    Parameters
    ----------
    reports : Reports
    role : str, optional
        Only what stands in parts with this role.

    Returns
    -------
    DataFrame
        One row a report and mark of ``WIDTHS``, in the order of both.

        {columns of tabulate_widths}
    """
    return build_table((row for report in reports for row in _width_rows(report, role)), "tabulate_widths")


def _width_rows(report: Report, role: Role | None) -> Iterator[tuple[Any, ...]]:
    words = "\n".join(report.quote(*span) for span in report.regions(role))
    found = _WIDE_OR_NARROW.findall(words)
    for full, half in WIDTHS:
        yield report.report_id, report.label, full, found.count(half), found.count(full)
