"""Which dated things reports name, and where: laws, plans, slogans, campaigns and organs against their days."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import pandas as pd

from corpus.errors import CorpusError
from corpus.field.data_files import Chronology, key_with_breaks, read_chronology
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, build_table, columns_of, tabulated
from corpus.report.values import Role, Span

_NEEDED = ("term", "kind", "from", "until", "checked", "forms")
_VERSION = re.compile(r"\((?:19|20)\d\d\)$")
_PARTIAL_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

Day = pd.Timestamp | None


class _Form(NamedTuple):
    """A form of the term in row ``row``: its key, and after how many of its characters punctuation stands."""

    row: int
    key: str
    breaks: frozenset[int]


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
    found = sorted(
        (start, start + len(form.key), form.row)
        for region in report.regions(role)
        for form in terms.forms
        for start in _places(report, form, region, terms.simplified)
    )
    starts = [start for start, _, _ in found]
    longest = max(len(form.key) for form in terms.forms)
    is_meeting = [row["kind"] == "meeting" for row in terms.rows]
    groups: list[list[Span]] = [[] for _ in terms.rows]
    for start, end, row in found:
        nearby = found[bisect_left(starts, end - longest) : bisect_right(starts, start)]
        if not any(
            last >= end and last - first > end - start and other != row and not (is_meeting[other] and is_meeting[row])
            for first, last, other in nearby
        ):
            groups[row].append(report.raw_span(start, end))
    return groups


def report_day(report: Report) -> tuple[Day, str]:
    """Return the day on which a report was signed, else delivered, else published, else the end of its year.

    Beside it stands which of these it is.
    """
    for basis in ("signed", "delivered", "published"):
        if (day := report.value(basis)) is not None:
            return pd.Timestamp(day), basis
    if report.year_reviewed is None:
        return None, ""
    return pd.Timestamp(report.year_reviewed, 12, 31), "year end"


def _forms_of(row: Mapping[str, str]) -> list[str]:
    return [form for form in row["forms"].split("|") if any(character.isalnum() for character in form)]


def _day(row: Mapping[str, str], name: str, *, last: bool) -> Day:
    if not row[name]:
        return None
    try:
        return _bounds(row[name])[last]
    except ValueError:
        message = f"chronology: {name} of {row['term']!r} is {row[name]!r}; write 2020-11-16, 2020-11 or 2020"
        raise CorpusError(message) from None


@lru_cache(maxsize=1024)
def _bounds(value: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day of a day, month or year."""
    if not _PARTIAL_DAY.fullmatch(value):
        raise ValueError("another form")
    period = pd.Period(value)
    return period.start_time.normalize(), period.end_time.normalize()


def _places(report: Report, form: _Form, region: Span, simplified: Mapping[str, str]) -> Iterable[int]:
    first, last = report.key_span(*region)
    start = report.key.find(form.key, first, last)
    while start >= 0:
        words = report.text[slice(*report.key_map.source_span(start, start + len(form.key)))]
        if key_with_breaks(words, simplified)[1] <= form.breaks:
            yield start
        start = report.key.find(form.key, start + 1, last)


@tabulated
def trace_chronology(
    reports: Reports,
    *,
    by: Literal["report", "term"] = "report",
    chronology: Chronology | Sequence[str] | None = None,
    role: Role | None = None,
) -> pd.DataFrame:
    """Return which terms of a chronology each report names, or where and when each was named first.

    The forms of a term are matched on ``key``, so that width, quotes, brackets and spaces do not count. Other
    punctuation and line ends do: where the text has some inside the match, the form must have some at the same place
    (六、保障措施 is not 六保). A form inside a longer form of another term is not counted (合同法 inside 技术合同法),
    except that of several meetings in one list (十九届二中、三中、四中全会) each is. A report does not name
    a term that has its year, as 宪法(1982), and is younger than the report.

    What the days can show: ``from`` is a lower bound for the day on which a text was written, not for the year it
    reviews; ``until`` is no bound, since what has ended is looked back on; a row that was ``checked`` from memory
    proves nothing.

    Parameters
    ----------
    reports : Reports
    by : {"report", "term"}
        What a row is: a term in a report; or a term, with the report of the earliest day that names it.
    chronology : path, or sequence of mapping or of str, optional
        Terms of one's own, of which no day is known; or a CSV file in UTF-8, or its rows, with the columns term, kind,
        from, until (days as 2020-11-16, 2020-11, 2020, or empty), checked and forms (separated by ``|``). By default
        the one that reports bring with them, ``reports.lexicon.chronology``; ``data/lexicons/README.md`` says what its
        columns can prove and what not.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        By report, one row a term and report, terms never named included, in the order of both. ``attrs["excluded"]``
        lists the terms without a form, which cannot be found:

        {columns of trace_chronology}

        By term, terms never named included, in the order of the chronology. Of reports of one day the first counts;
        what no report with a day names has no first one. The first naming at hand is no first use:

        {columns of trace_chronology.term}

    Raises
    ------
    CorpusError
        If ``by`` is unknown, the chronology is not there, lacks one of these columns or has no term with a form, or a
        day is none.

    Examples
    --------
    >>> import corpus
    >>> traced = corpus.trace_chronology(corpus.load_reports())
    >>> traced.nlargest(1, "n_mentions")[["term", "from", "report_id", "n_mentions"]].to_numpy().tolist()
    [['宪法(1982)', '1982-12-04', 'longgang-2020', 4]]
    """
    if by not in ("report", "term"):
        raise CorpusError(f"by={by!r} is none of report, term")
    terms = read_terms(list(_rows_of(reports, chronology)), reports.lexicon.simplified)
    rows, days = terms.rows, terms.days
    mentions = [locate_mentions(report, terms, role=role) for report in reports]
    for report, found in zip(reports, mentions, strict=True):
        day = report_day(report)[0]
        for number, row in enumerate(rows):
            begins = days[number][0]
            # 宪法 in a text older than 宪法(1982) is one before it.
            if day is not None and begins is not None and day < begins and _VERSION.search(row["term"]):
                found[number] = []
    table = build_table(
        (
            (
                *(row[name] for name in ("term", "kind", "from", "until", "checked")),
                *days[number],
                report.report_id,
                report.label,
                report.year_reviewed,
                *report_day(report),
                len(found[number]),
                *(found[number][0] if found[number] else (None, None)),
            )
            for number, row in enumerate(rows)
            for report, found in zip(reports, mentions, strict=True)
        ),
        "trace_chronology",
    )
    if by == "term":
        table = build_table(_first_named(reports, table), "trace_chronology.term")
    table.attrs["excluded"] = list(terms.excluded)
    return table


def _rows_of(reports: Reports, chronology: Chronology | Sequence[str] | None) -> Iterator[Mapping[str, str]]:
    for row in reports.lexicon.chronology if chronology is None else read_chronology(chronology):
        yield dict.fromkeys(_NEEDED, "") | {"term": row, "forms": row} if isinstance(row, str) else row


def _first_named(reports: Reports, traced: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Yield the rows by term of those by report."""
    for (term, kind, start), own in traced.groupby(["term", "kind", "from"], sort=False):
        naming = own[own["n_mentions"] > 0]
        issuers = {reports[name].issuer_key for name in naming["report_id"]}
        counts = (term, kind, start, len(naming), len(issuers), int(naming["n_mentions"].sum()))
        dated = naming.sort_values("report_day", kind="stable").dropna(subset="report_day")
        if dated.empty:
            yield (*counts, None, "", None, None, None, None, None, None)
            continue
        first, last = dated.iloc[0], dated.iloc[-1]["report_day"]
        report = reports[first["report_id"]]
        days = None if pd.isna(first["from_day"]) else (first["report_day"] - first["from_day"]).days
        place = (first["start"], first["end"])
        yield (
            *counts,
            first["report_day"],
            first["report_day_basis"],
            last,
            days,
            report.report_id,
            report.level,
            *place,
        )


@tabulated
def tabulate_mentions(traced: pd.DataFrame, *, max_reports: int = 12, min_days_apart: int = 0) -> pd.DataFrame:
    """Return the marks of a drawing of terms against reports, terms that no report names left out.

    Each report is a column of its own, placed at its day, where the reports are few and their days lie far enough
    apart to be told from each other. Otherwise the reports on one year are one column, placed at the end of that
    year.

    Parameters
    ----------
    traced : DataFrame
        As from `trace_chronology`, or some of its rows.
    max_reports : int
        With more reports than these, a column is a year.
    min_days_apart : int
        Where two reports lie fewer days apart, a column is a year.

    Returns
    -------
    DataFrame
        One row a term and column, by from_day and term, then by day and column. ``attrs["excluded"]`` lists the terms
        that no report names and the ids of reports without a day.

        {columns of tabulate_mentions}
    """
    dated = traced[traced["report_day"].notna() & traced["year_reviewed"].notna()]
    named = dated.groupby(["term", "from"])["n_mentions"].transform("sum") > 0
    excluded = [*traced["term"].drop_duplicates(), *traced["report_id"].drop_duplicates()]
    marks = dated[named].sort_values("from_day", kind="stable", na_position="first").reset_index(drop=True)
    by_report = _are_few(dated, max_reports=max_reports, min_days_apart=min_days_apart)
    naming = marks["n_mentions"] > 0
    marks = marks.assign(
        order=marks.groupby(["term", "from"], sort=False).ngroup(),
        column=marks["report_label"] if by_report else marks["year_reviewed"].astype(str),
        column_id=marks["report_id"] if by_report else marks["year_reviewed"].astype(str),
        day=marks["report_day"] if by_report else pd.to_datetime(marks["year_reviewed"].astype(str) + "-12-31"),
        day_basis=marks["report_day_basis"] if by_report else "year end",
        n_reports=1,
        n_naming=naming.astype("int64"),
        report_id=marks["report_id"].where(naming),
        year_named=marks["year_reviewed"].where(naming),
    )
    by_term = marks.groupby("order")["year_named"]
    marks = marks.assign(first_year=by_term.transform("min"), last_year=by_term.transform("max"))
    summed = ("n_reports", "n_naming", "n_mentions")
    columns = [column.name for column in columns_of("tabulate_mentions")]
    rules = {name: "sum" if name in summed else "first" for name in columns if name != "day"}
    table = marks.groupby(["order", "day", "column_id"], as_index=False).agg(rules)
    table = table.sort_values(["order", "day", "column"], kind="stable", ignore_index=True)
    table = as_table(table[columns], "tabulate_mentions")
    kept = {*table["term"], *dated["report_id"]}
    table.attrs["excluded"] = [name for name in excluded if name not in kept]
    return table


def _are_few(dated: pd.DataFrame, *, max_reports: int, min_days_apart: int) -> bool:
    days = dated.drop_duplicates("report_id")["report_day"].sort_values()
    return len(days) <= max_reports and not (days.diff().dt.days < min_days_apart).any()
