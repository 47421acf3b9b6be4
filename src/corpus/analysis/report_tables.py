"""Reports as plain lists: reports, passages, facts, parts by role, and what each stretch of their pages is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple
from itertools import groupby
from typing import Any, NamedTuple

import pandas as pd

from corpus.report.passages import Outline
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import CATALOGUE_FACTS, FACTS, Role, Span, Unit, group_problems


@tabulated
def tabulate_reports(reports: Reports) -> pd.DataFrame:
    """Return one row a report, in the order of the reports.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        One row a report, in the order of the reports. Facts are empty where they are absent or ambiguous.

        {columns of tabulate_reports}

    Examples
    --------
    >>> import corpus
    >>> table = corpus.tabulate_reports(corpus.load_reports())
    >>> table.nlargest(2, "length_chars")[["place", "year_reviewed"]].to_numpy().tolist()
    [['长春市', 2021], ['秦安县', 2020]]
    """
    return build_table((_report_row(report) for report in reports), "tabulate_reports")


def _report_row(report: Report) -> tuple[Any, ...]:
    facts = ("province", "prefecture", "county", "adcode", "level", "year_reviewed", "published", "signed", "title")
    body = report.layout.body
    key_start, key_end = report.key_span(*body)
    return (
        report.report_id,
        report.issuer,
        report.place,
        *(report.value(name) for name in facts),
        len(report.quote(*body)),
        key_end - key_start,
        len(report.passages("paragraph")),
        len(report.passages("sentence")),
        len(report.headings),
        len(report.changes),
        len(report.warnings),
        report.source.file,
        report.source.encoding,
    )


@tabulated
def tabulate_passages(reports: Reports, unit: Unit = "sentence", *, role: Role | None = None) -> pd.DataFrame:
    """Return one row a passage of the bodies, in reading order.

    Parameters
    ----------
    reports : Reports
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        `corpus.report.passages.split_text` says where each ends.
    role : str, optional
        Only the passages of parts with this role.

    Returns
    -------
    DataFrame
        One row a passage, in the order of the reports and of reading.

        {columns of tabulate_passages}

    Raises
    ------
    CorpusError
        If the unit or the role is none of these.

    Examples
    --------
    >>> import corpus
    >>> passages = corpus.tabulate_passages(corpus.load_reports(), role="shortcomings")
    >>> passages[["report_id", "start", "end"]].to_numpy().tolist()[0]
    ['zaozhuang-2019', 2480, 2606]
    """
    return build_table(
        (
            (report.report_id, p.start, p.end, p.text, p.section, p.role, p.is_heading, len(p.text))
            for report in reports
            for p in report.passages(unit, role=role)
        ),
        "tabulate_passages",
    )


CANONICAL_ROLES: tuple[Role, ...] = ("measures", "shortcomings", "first-responsible", "plan")
"""What an annual report has to contain, in the order of the rule that asks for it: 法治政府建设与责任落实督察工作规定,
in force since 2019-04-15 (see data/lexicons/chronology.csv)."""


_NUMBER = re.compile(r"\d+(?:[.,．，]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_AFTER_LABEL = re.compile(r"\s?[.．、)）]")
# 2019年, 2016—2020年 and [2019]9号; 发放2000份 is no year.
_AFTER_YEAR = re.compile(r"\s?(?:年|[—–~～至-]{1,2}\s?(?:19|20)\d\d|[\]］〕])")


@tabulated
def tabulate_facts(reports: Reports) -> pd.DataFrame:
    """Return one row a fact: what it is, on what ground, and where the text shows it.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        One row a report and fact, in the order of the reports.

        {columns of tabulate_facts}

    Examples
    --------
    >>> import corpus
    >>> facts = corpus.tabulate_facts(corpus.load_reports()).set_index(["report_id", "fact"])
    >>> facts.loc[("zaozhuang-2019", "signed"), ["value", "basis", "quote"]].tolist()
    ['2020-03-12', 'catalogue', '2020312']
    """
    return build_table((row for report in reports for row in _fact_rows(report)), "tabulate_facts")


def _fact_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    for name in (*FACTS, *CATALOGUE_FACTS):
        fact = report.facts[name]
        readings = fact.readings if fact.value is None else (fact.value,)
        value = " or ".join(str(reading) for reading in readings) or None
        start, end = fact.evidence or (None, None)
        quote = None if fact.evidence is None else report.quote(*fact.evidence)
        yield report.report_id, report.label, name, value, fact.basis, start, end, quote


@tabulated
def tabulate_problems(reports: Reports) -> pd.DataFrame:
    """Return what was left out when the reports were loaded, one row a reason, as `corpus check` tells it.

    Parameters
    ----------
    reports : Reports

    Returns
    -------
    DataFrame
        One row for all problems of one kind in a file, or for more than four files that have one reason and remedy.
        No row means that everything was loaded.

        {columns of tabulate_problems}

    Examples
    --------
    >>> import corpus
    >>> corpus.tabulate_problems(corpus.load_reports()).empty
    True
    """
    groups = group_problems(reports.problems)
    rows = ((*astuple(group[0]), len(group), list(dict.fromkeys(each.file for each in group))) for group in groups)
    return build_table(rows, "tabulate_problems")


@tabulated
def tabulate_roles(reports: Reports) -> pd.DataFrame:
    """Return how much of each report goes to each of the canonical four parts, also where it has none.

    Returns
    -------
    DataFrame
        One row a report and role, roles in the order of ``CANONICAL_ROLES``. Preamble, closing and parts of no known
        role are not listed, so that the shares of a report sum to less than 1.

        {columns of tabulate_roles}
    """
    return build_table((row for report in reports for row in _role_rows(report)), "tabulate_roles")


def _role_rows(report: Report) -> Iterator[tuple[Any, ...]]:
    body_chars = _length(report, *report.layout.body)
    for role in CANONICAL_ROLES:
        parts = [part for part in report.parts if part.role == role]
        length = sum(_length(report, part.start, part.end) for part in parts)
        share = length / body_chars if body_chars else 0.0
        yield report.report_id, report.label, role, len(parts), any(part.headed for part in parts), length, share


def _numbers(report: Report) -> Iterator[_Mark]:
    """Yield what is written in digits and is no label and no year; 三项 and 一些 are not counted."""
    outline = Outline(report)
    labels = [(heading.label_start, heading.start) for heading in report.headings]
    for paragraph in report.passages("paragraph"):
        first, last = report.text_map.derived_span(paragraph.start, paragraph.end)
        for match in _NUMBER.finditer(report.text, first, last):
            start, end = report.text_map.source_span(*match.span())
            opens_line = match.start() == first and len(match[0]) <= 2
            is_label = (opens_line and _AFTER_LABEL.match(report.text, match.end())) or any(
                low <= start < high for low, high in labels
            )
            is_year = _YEAR.fullmatch(match[0]) and _AFTER_YEAR.match(report.text, match.end())
            if not is_label and not is_year:
                yield _Mark("number", outline.role_at(start), False, None, start, end, match[0])


@tabulated
def tabulate_outline(reports: Reports) -> pd.DataFrame:
    """Return everything that a map of the reports shows, one row a mark.

    Returns
    -------
    DataFrame
        One row a mark, in the order of the reports: the body, its parts, headings, numbers.

        {columns of tabulate_outline}
    """
    return build_table(
        (
            (report.report_id, report.label, *mark[:-1], *_extent(report, mark.start, mark.end), mark.text)
            for report in reports
            for mark in _outline_marks(report)
        ),
        "tabulate_outline",
    )


class _Mark(NamedTuple):
    mark: str
    role: Role | None
    is_headed: bool
    depth: int | None
    start: int
    end: int
    text: str = ""


def _outline_marks(report: Report) -> Iterator[_Mark]:
    yield _Mark("body", None, False, None, *report.layout.body)
    for part in report.parts:
        yield _Mark("part", part.role, part.headed, None, part.start, part.end)
    opens = {part.start: part.role for part in report.parts if part.headed}
    for heading in report.headings:
        words = report.quote(heading.label_start, heading.end)
        # 二、2025年主要任务 opens a plan by its year, not by its words alone.
        role = heading.role or opens.get(heading.label_start)
        yield _Mark("heading", role, False, heading.depth, heading.label_start, heading.end, words)
    yield from _numbers(report)


def _extent(report: Report, start: int, end: int) -> tuple[int, int]:
    """Return how many characters of ``text`` a span begins behind the beginning of the body, and how long it is."""
    return _length(report, report.layout.body.start, start), _length(report, start, end)


def _length(report: Report, start: int, end: int) -> int:
    first, last = report.text_map.derived_span(start, end)
    return last - first


STRETCHES = ("title", "salutation", "body", "signature", "date", "clutter", "removed", "other", "white space")
"""Kinds of stretches of a file. ``removed``: cut out of the text by a faithful fix; ``other``: outside the body and not
recognised."""

_EVIDENT = ("issuer", "year_reviewed", "published", "signed", "source", "document_number")
_DAYS = ("published", "signed")


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
