"""Where the terms of a chronology stand in a report, and from and until which day each of them was there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from corpus.report import Report
from corpus.terms import key_with_breaks
from corpus.values import CorpusError, Role, Span

_NEEDED = ("term", "kind", "from", "until", "checked", "forms")
_PARTIAL_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

Day = pd.Timestamp | None


class _Form(NamedTuple):
    """A form of the term in row ``row``: its key, and after how many of its characters punctuation stands."""

    row: int
    key: str
    breaks: frozenset[int]


class _Mention(NamedTuple):
    """The term in row ``row``, at ``start:end`` of a report's key."""

    start: int
    end: int
    row: int


class DatedTerms(NamedTuple):
    """The terms of a chronology that have a form, ready to be looked for.

    ``days`` holds the first day of ``from`` and the last of ``until`` of each row; ``excluded`` the terms without a
    form; ``simplified`` the table that forms and texts are folded with.
    """

    rows: tuple[Mapping[str, str], ...]
    days: tuple[tuple[Day, Day], ...]
    forms: tuple[_Form, ...]
    excluded: tuple[str, ...]
    simplified: Mapping[str, str]


def read_terms(chronology: Sequence[Mapping[str, str]], simplified: Mapping[str, str]) -> DatedTerms:
    """Return the terms of a chronology with their days.

    Raises
    ------
    CorpusError
        If a row lacks a column, no term has a form, or a day is none.
    """
    for row in chronology:
        lacking = [name for name in _NEEDED if name not in row]
        if lacking:
            raise CorpusError(f"chronology: the row {row.get('term', '?')!r} has no column {lacking[0]!r}; add it")
    rows = tuple(row for row in chronology if _forms_of(row))
    if not rows:
        raise CorpusError("chronology: no term has a form that can be found; fill the column 'forms'")
    return DatedTerms(
        rows,
        tuple((_day(row, "from", last=False), _day(row, "until", last=True)) for row in rows),
        tuple(
            _Form(number, *key_with_breaks(form, simplified))
            for number, row in enumerate(rows)
            for form in _forms_of(row)
        ),
        tuple(row["term"] for row in chronology if not _forms_of(row)),
        simplified,
    )


def locate_mentions(report: Report, terms: DatedTerms, *, role: Role | None = None) -> list[list[Span]]:
    """Return for each row of the terms where a report names it, in reading order.

    The forms are matched on ``key``. Where the text has punctuation that separates inside a match, the form must have
    some at the same place. A form inside a longer form of another term is no mention, except among meetings.
    """
    groups: list[list[Span]] = [[] for _ in terms.rows]
    for mention in _mentions(report, terms, role=role):
        groups[mention.row].append(report.raw_span(mention.start, mention.end))
    return groups


def report_day(report: Report) -> tuple[Day, str]:
    """Return the day on which a report was signed, else published, else the end of its year, and which of these."""
    for basis in ("signed", "published"):
        if (day := report.value(basis)) is not None:
            return pd.Timestamp(day), basis
    if report.year_reviewed is None:
        return None, ""
    return pd.Timestamp(report.year_reviewed, 12, 31), "year end"


def _forms_of(row: Mapping[str, str]) -> list[str]:
    return [form for form in row["forms"].split("|") if any(character.isalnum() for character in form)]


def _day(row: Mapping[str, str], name: str, *, last: bool) -> Day:
    value = row[name]
    if not value:
        return None
    try:
        return _bounds(value)[last]
    except ValueError:
        message = f"chronology: {name} of {row['term']!r} is {value!r}; write 2020-11-16, 2020-11 or 2020"
        raise CorpusError(message) from None


@lru_cache(maxsize=1024)
def _bounds(value: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a day, month or year."""
    if not _PARTIAL_DAY.fullmatch(value):
        raise ValueError("another form")
    period = pd.Period(value)
    return period.start_time.normalize(), period.end_time.normalize()


def _mentions(report: Report, terms: DatedTerms, *, role: Role | None) -> Iterator[_Mention]:
    """Yield what counts as a mention, in reading order."""
    found = sorted(
        _Mention(start, start + len(form.key), form.row)
        for region in report.regions(role)
        for form in terms.forms
        for start in _places(report, form, region, terms.simplified)
    )
    starts = [mention.start for mention in found]
    longest = max(len(form.key) for form in terms.forms)
    for mention in found:
        nearby = found[bisect_left(starts, mention.end - longest) : bisect_right(starts, mention.start)]
        if not any(_hides(other, mention, terms.rows) for other in nearby):
            yield mention


def _places(report: Report, form: _Form, region: Span, simplified: Mapping[str, str]) -> Iterable[int]:
    first, last = report.key_span(*region)
    start = report.key.find(form.key, first, last)
    while start >= 0:
        words = report.text[slice(*report.key_map.source_span(start, start + len(form.key)))]
        if key_with_breaks(words, simplified)[1] <= form.breaks:
            yield start
        start = report.key.find(form.key, start + 1, last)


def _hides(other: _Mention, mention: _Mention, rows: Sequence[Mapping[str, str]]) -> bool:
    longer = other.end - other.start > mention.end - mention.start
    if not longer or other.end < mention.end or other.row == mention.row:
        return False
    return not rows[other.row]["kind"] == rows[mention.row]["kind"] == "meeting"
