"""What only shows when the reports of a collection are seen together: two of one year, gaps, two spellings, genre."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.publishing.writing.text_width import fit
from corpus.report.reports import Report, Reports

NEIGHBOUR = "near-neighbour"
OF_TABLES = ("unused-columns", "year-column", "year-column-open")
"""Notices that speak of a whole table, and stand with its first report."""

_OWN_GENRE = "a report on law-based government (法治政府建设年度报告)"
_UNKNOWN_GENRE = "neither title nor opening speak of law-based government (法治政府建设)"
_LEAST_OF_A_GENRE = 3
_CORRECTED = re.compile(r"更正|订正|勘误|修订|修正|修改|重新(?:发布|印发)|corrected|revised|v2", re.IGNORECASE)
_MOSTLY_THE_SAME = 0.7
_MOST_NAMED, _WIDEST_NAME = 2, 32


@dataclass(slots=True)
class Findings:
    """What to look at in each report, as code and what stands in brackets behind it, and what all have in common.

    Attributes
    ----------
    genre : str
        What the collection consists of where that is no reports on law-based government; else empty.
    n_of_genre : int
        How many reports are of that genre.
    by_report : dict of str to list of (str, str)
        By the id of a report.
    """

    genre: str = ""
    n_of_genre: int = 0
    by_report: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def find_in_collection(reports: Reports) -> Findings:
    """Return what should be looked at in each report: what loading noticed, and what the others show of it."""
    findings = Findings(by_report={report.report_id: _of_itself(report) for report in reports})
    _compare_genres(reports, findings)
    series: dict[str, dict[int, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in reports:
        if report.issuer is not None and report.year_reviewed is not None:
            series[report.issuer][report.year_reviewed].append(report)
    for by_year in series.values():
        _name_years(by_year, findings)
    for report_id, other in _spellings(reports):
        findings.by_report[report_id].append(("two-spellings", other))
    for report, joined in zip(reports, reports.join_renamed(), strict=True):
        if report.issuer_key != joined.issuer_key:
            findings.by_report[report.report_id].append(("renamed", joined.issuer or ""))
    return findings


def _of_itself(report: Report) -> list[tuple[str, str]]:
    found = []
    for name, code in (("year_reviewed", "year"), ("issuer", "issuer")):
        fact = report.facts[name]
        if fact.value is None:
            readings = " or ".join(map(str, fact.readings))
            period = name == "year_reviewed" and any(isinstance(reading, str) for reading in fact.readings)
            found.append(("period" if period else f"{code}-open", readings) if readings else (f"no-{code}", ""))
    for notice in report.warnings:
        if notice.code not in (NEIGHBOUR, *OF_TABLES, *(code for code, about in found if about)):
            twin = notice.message.removeprefix("the same text as ").split(", in other")[0]
            found.append((notice.code, twin if notice.code == "same-text" else ""))
    return list(dict.fromkeys(found))


def _compare_genres(reports: Reports, findings: Findings) -> None:
    genres = {report.report_id: _genre(report) for report in reports}
    counted = Counter(genres.values()).most_common(1)
    own = _OWN_GENRE
    if counted and counted[0][1] >= max(_LEAST_OF_A_GENRE, len(genres) / 2) and counted[0][0] != own:
        own, findings.n_of_genre = counted[0]
        findings.genre = own
    for report_id, genre in genres.items():
        if genre != own:
            told = "not recognised" if findings.genre and genre == _UNKNOWN_GENRE else genre
            findings.by_report[report_id].append(("genre", told))


def _genre(report: Report) -> str:
    said = next((notice.message for notice in report.warnings if notice.code == NEIGHBOUR), None)
    return _OWN_GENRE if said is None else said.removeprefix("this looks like ")


def _name_years(by_year: Mapping[int, list[Report]], findings: Findings) -> None:
    """Name several reports on one year, corrected issues among them, and years that are missing between others."""
    for same_year in by_year.values():
        for report in same_year if len(same_year) > 1 else ():
            others = [other for other in same_year if other.key != report.key]
            if others:
                corrected = any(_is_corrected(report, other) for other in others)
                code = "corrected-issue" if corrected else "same-issuer-year"
                findings.by_report[report.report_id].append((code, _some([other.report_id for other in others])))
    for before, after in pairwise(sorted(by_year)):
        if after - before > 1:
            missing = f"{before + 1}" if after - before == 2 else f"{before + 1}-{after - 1}"
            for report in by_year[after]:
                findings.by_report[report.report_id].append(("missing-years", missing))


def _is_corrected(one: Report, other: Report) -> bool:
    """Tell whether one of two reports says that it corrects the other, or most lines of them are the same."""
    named = [f"{report.title or ''} {report.source.file.rsplit('/', 1)[-1]}" for report in (one, other)]
    if bool(_CORRECTED.search(named[0])) != bool(_CORRECTED.search(named[1])):
        return True
    lines, others = ({line for line in report.text.split("\n") if len(line) > 8} for report in (one, other))
    return len(lines & others) >= _MOSTLY_THE_SAME * max(len(lines), len(others), 1)


def _spellings(reports: Reports) -> list[tuple[str, str]]:
    """Return reports whose issuer has, elsewhere in the collection, the same name with or without a place before it."""
    codes: dict[str, set[object]] = defaultdict(set)
    of: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        if report.issuer is not None:
            codes[report.issuer].add(report.value("adcode"))
            of[report.issuer].append(report.report_id)
    by_ending: dict[str, list[str]] = defaultdict(list)
    for issuer in codes:
        for start in range(1, len(issuer) - 3):
            by_ending[issuer[start:]].append(issuer)
    found = []
    for short in codes:
        for long in by_ending.get(short, ()):
            known = (codes[short] | codes[long]) - {None}
            if len(known) == 1 and codes[short] - {None}:
                found += [(report_id, long) for report_id in of[short]] + [(report_id, short) for report_id in of[long]]
    return found


def _some(names: list[str]) -> str:
    named = names if len(names) <= _MOST_NAMED else names[:1]
    more = f" and {len(names) - 1:,} more" if len(named) < len(names) else ""
    return ", ".join(fit(name, _WIDEST_NAME) for name in named) + more
