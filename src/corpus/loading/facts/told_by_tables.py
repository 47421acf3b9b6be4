"""What a table's other columns tell of a report: its title is read like one, its places are given their full names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from corpus.field.data_files import load_divisions
from corpus.loading.facts.deciding import find_title, infer_facts
from corpus.loading.facts.standing import PLACE_FACTS, Place, resolve
from corpus.loading.page.layout import PageLayout, locate_layout
from corpus.loading.page.sections import locate_headings
from corpus.report.reports import Report
from corpus.report.values import Fact, Heading, Notice, Span

_PLACES = ("county", "prefecture", "province")


def infer_with_title(
    text: str, layout: PageLayout, headings: Sequence[Heading], title: str
) -> tuple[dict[str, Fact], list[Notice]]:
    """Return what `infer_facts` returns, as if a title that stands in a column of its own stood above the text.

    What the title alone shows is ``inferred`` and has no evidence, which counts code points of ``text``. A title that
    the text opens with is not put there twice.
    """
    if _bare(text[: 4 * len(title)]).startswith(_bare(title)):
        return infer_facts(text, layout, headings)
    head = f"{' '.join(title.split())}\n"
    page = locate_layout(head + text)
    facts, notices = infer_facts(head + text, page, locate_headings(page.lines))
    moved = {name: _moved(fact, len(head)) for name, fact in facts.items()}
    own = find_title(text, layout)
    if isinstance(own.value, str) and not _alike(own.value, title):
        moved["title"] = own
    return moved, [replace(notice, evidence=_span(notice.evidence, len(head))) for notice in notices]


def _bare(words: str) -> str:
    return "".join(character for character in words if character.isalnum())


def _alike(one: str, other: str) -> bool:
    return _bare(one) in _bare(other) or _bare(other) in _bare(one)


def _moved(fact: Fact, by: int) -> Fact:
    evidence = _span(fact.evidence, by)
    basis = "inferred" if evidence is None and fact.basis == "stated" else fact.basis
    return Fact(fact.value, basis, evidence, fact.readings)


def _span(span: Span | None, by: int) -> Span | None:
    return None if span is None or span.start < by else Span(span.start - by, span.end - by)


def fit_to_table(given: Mapping[str, str | int], inferred: Mapping[str, Fact]) -> dict[str, str | int]:
    """Return the values of a table's columns as the facts of a report are written.

    A place gets its official name where its name, with the places above it in the same row, means one division (烟台
    in 山东 is 烟台市); the lowest also gives the code. An issuer without its place (教育局) is left to the text where
    the text names it in full.
    """
    facts = dict(given)
    issuer, named = facts.get("issuer"), inferred["issuer"].value
    if isinstance(issuer, str) and isinstance(named, str) and named != issuer and named.endswith(issuer):
        del facts["issuer"]
    year = facts.get("year_reviewed", inferred["year_reviewed"].value)
    names = [str(facts[name]).strip() for name in reversed(_PLACES) if name in facts]
    meant = _meant(names, year if isinstance(year, int) else None)
    if meant is None:
        return facts
    for name in _PLACES:
        full = getattr(meant, name)
        if full is None:
            facts.pop(name, None)  # 北京市 in a column of cities, 市辖区 in one of counties
        elif name in facts or inferred[name].value is None:
            facts[name] = full
    if meant.county is not None:
        facts.setdefault("adcode", meant.adcode)
    return facts


def _meant(names: Sequence[str], year: int | None) -> Place | None:
    """Return the one division that the last of some names means, which the names before it lie above."""
    if not names:
        return None
    table = load_divisions()
    above = {row.code for name in names[:-1] for row in table.named(name)}
    found = resolve(names[-1], table, year=year)
    within = [place for place in found if {f"{place.adcode[:2]}0000", f"{place.adcode[:4]}00"} & above]
    meant = within if above and names[-1] not in names[:-1] else found
    return meant[0] if len(meant) == 1 else None


def settle_places(reports: Mapping[str, Report]) -> dict[str, Report]:
    """Return the reports whose place others of the same printed issuer show, by their ids, with it as the only reading.

    The place stays without a value, but `Report.issuer_key` goes by it. Several codes decide nothing, and townships of
    one name are in many counties.
    """
    settled: dict[str, Report] = {}
    by_issuer: dict[str, list[Report]] = {}
    for report in reports.values():
        if report.issuer is not None and report.value("township") is None:
            by_issuer.setdefault(report.issuer, []).append(report)
    for group in by_issuer.values():
        shown = {report.value("adcode"): report for report in group if report.value("adcode") is not None}
        for report in group if len(shown) == 1 else ():
            [(code, other)] = shown.items()
            if report.value("adcode") is None and code in (report.facts["adcode"].readings or (code,)):
                told = {name: other.value(name) for name in PLACE_FACTS if report.value(name) is None}
                open_facts = {
                    name: Fact(None, "ambiguous", report.facts[name].evidence, (value,))
                    for name, value in told.items()
                    if value is not None
                }
                settled[report.report_id] = report.revise(facts=MappingProxyType({**report.facts, **open_facts}))
    return settled


_READINGS = {0: "the year reviewed", 1: "the year of delivery, that after the year reviewed"}
_LEAST_SHARE = 2 / 3
_LAST_MONTHS = "11"


def settle_years(reports: Mapping[str, Report], years: Mapping[str, tuple[str, int]]) -> dict[str, Report]:
    """Return the reports that a column of bare years tells more of, by their ids.

    Parameters
    ----------
    reports : mapping of str to Report
        All that were loaded, by their ids.
    years : mapping of str to (str, int)
        By the id of a report: the name of the column, and what it says.

    Where at least two thirds of the texts that name their year review the column's year, that is what the column
    means; where as many review the year before, it is the year of delivery. A report that was published in the
    column's year cannot review the whole of it. All tables with a column of that name vote together. A report whose
    text is silent then gets the year (``inferred``); one whose text says another is ambiguous, with both readings.
    Where the texts decide nothing, neither does the column.
    """
    settled: dict[str, Report] = {}
    for column in dict.fromkeys(name for name, _ in years.values()):
        told = {report_id: year for report_id, (name, year) in years.items() if name == column}
        meaning, notice = _meaning(column, [(reports[report_id], year) for report_id, year in told.items()])
        for at, (report_id, year) in enumerate(told.items()):
            report = _settled(reports[report_id], column, year, meaning)
            settled[report_id] = report if at else report.revise(warnings=(notice, *report.warnings))
    return settled


def _meaning(column: str, told: list[tuple[Report, int]]) -> tuple[int | None, Notice]:
    """Return how many years the column lies after the year reviewed, None where nobody knows."""
    counts: Counter[int] = Counter()
    for report, year in told:
        lag = _lag(report, year)
        if lag in _READINGS:
            counts[lag] += 1
    total = sum(counts.values())
    for lag, number in counts.most_common(1):
        if number >= _LEAST_SHARE * total:
            message = f"the column {column!r} is read as {_READINGS[lag]}: {number} of {total} texts beside it say so"
            return lag, Notice("year-column", message)
    message = f"whether the column {column!r} is {_READINGS[0]} or {_READINGS[1]} is open: {_votes(counts)}"
    return None, Notice("year-column-open", message)


def _lag(report: Report, year: int) -> int | None:
    """Return how many years a column's year lies after the one that a text reviews, None where it does not say."""
    published, reviewed = report.value("published"), report.facts["year_reviewed"]
    if isinstance(published, str) and f"{year}" < published < f"{year}-{_LAST_MONTHS}":
        return 1
    if isinstance(reviewed.value, int) and reviewed.basis != "catalogue":
        return year - reviewed.value
    return None


def _votes(counts: Counter[int]) -> str:
    return f"{counts[0]} texts say the one, {counts[1]} the other" if counts else "no text names its year"


def _settled(report: Report, column: str, year: int, lag: int | None) -> Report:
    fact = report.facts["year_reviewed"]
    if fact.basis == "catalogue" or any(isinstance(reading, str) for reading in fact.readings):  # a period: 三年来
        return report
    said = [value for value in (fact.value, *fact.readings) if isinstance(value, int)]
    if lag is None:
        if said:
            return report
        return _with_year(report, Fact(None, "ambiguous", None, (year - 1, year)))
    if fact.value == year - lag:
        return report
    if not said or year - lag in said:
        return _with_year(report, Fact(year - lag, "inferred", fact.evidence))
    readings = tuple(sorted({*said, year - lag}))
    told = " or ".join(map(str, said))
    message = f"year_reviewed: the column {column!r} says {year}, which makes it {year - lag}, the text {told}"
    notice = Notice("disagrees-with-table", message, fact.evidence)
    report = _with_year(report, Fact(None, "ambiguous", fact.evidence, readings))
    return report.revise(warnings=(*report.warnings, notice))


def _with_year(report: Report, fact: Fact) -> Report:
    return report.revise(facts=MappingProxyType({**report.facts, "year_reviewed": fact}))
