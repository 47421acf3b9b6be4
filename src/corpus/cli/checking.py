"""What loading a folder gave, as a table that a person can act on: loaded, to check, left out.

Some things show only when the reports of a collection are seen together: two of one year, gaps, two spellings, genre.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from posixpath import commonpath, dirname
from typing import Any

from corpus.cli.asking import FINE, INCOMPLETE, answer, load_asked, name_lack, remedy_of, tell_problems
from corpus.loading.files.table_rows import CELL
from corpus.publishing.writing import screen
from corpus.publishing.writing.screen import count, fit_apart, printable, say, speaks_chinese, wrap
from corpus.report.reports import Report, Reports
from corpus.report.values import Problem

NEIGHBOUR = "near-neighbour"
OF_TABLES = ("unused-columns", "year-column", "year-column-open")
"""Notices that speak of a whole table, and stand with its first report."""

_OWN_GENRE = "a report on law-based government (法治政府建设年度报告)"
_UNKNOWN_GENRE = "neither title nor opening speak of law-based government (法治政府建设)"
_LEAST_OF_A_GENRE = 3
_CORRECTED = re.compile(r"更正|订正|勘误|修订|修正|修改|重新(?:发布|印发)|corrected|revised|v2", re.IGNORECASE)
_MOSTLY_THE_SAME = 0.7
_MOST_NAMED, _WIDEST_NAME = 2, 32
_MOST_VERSIONS = 50


def run_check(options: argparse.Namespace) -> int:
    reports = load_asked(options.path, options)
    findings = find_in_collection(reports)
    doubtful = options.strict and n_to_check(findings) > 0
    status = INCOMPLETE if reports.problems or not reports or doubtful else FINE
    answer(options, lambda: _facts(reports, findings), lambda: check_lines(reports, findings, status=status))
    name_lack(reports, options.path)
    return status


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
    of_issuers: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        if report.issuer is not None:
            of_issuers[report.issuer_key].append(report)
    for own in of_issuers.values():
        _name_years(own, findings)
        names = dict.fromkeys(report.issuer or "" for report in own)
        for report in own:
            others = (("two-spellings", name) for name in names if name != report.issuer)
            findings.by_report[report.report_id] += others
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


def _name_years(own: Sequence[Report], findings: Findings) -> None:
    """Name an issuer's reports on one year, corrected issues among them, and years that are missing between others."""
    by_year: dict[int, list[Report]] = defaultdict(list)
    for report in own:
        if report.year_reviewed is not None:
            by_year[report.year_reviewed].append(report)
    for same_year in by_year.values():
        texts = [hash(report.key) for report in same_year] if len(same_year) > 1 else []
        counts = Counter(texts)
        # More are no versions of one report.
        versions = list(map(_version, same_year)) if 1 < len(same_year) <= _MOST_VERSIONS else []
        for place, (report, text) in enumerate(zip(same_year, texts, strict=False)):
            n_others = len(texts) - counts[text]
            if n_others:
                others = (other.report_id for other, its in zip(same_year, texts, strict=True) if its != text)
                apart = (version for version, its in zip(versions, texts, strict=False) if its != text)
                corrected = any(_is_corrected(versions[place], version) for version in apart)
                code = "corrected-issue" if corrected else "same-issuer-year"
                findings.by_report[report.report_id].append((code, _some(others, n_others)))
    for before, after in pairwise(sorted(by_year)):
        if after - before > 1:
            missing = f"{before + 1}" if after - before == 2 else f"{before + 1}-{after - 1}"
            for report in by_year[after]:
                findings.by_report[report.report_id].append(("missing-years", missing))


def _version(report: Report) -> tuple[bool, frozenset[str]]:
    """Return whether a report says that it corrects another, and its lines."""
    named = f"{report.title or ''} {report.source.file.rsplit('/', 1)[-1]}"
    return _CORRECTED.search(named) is not None, frozenset(line for line in report.text.split("\n") if len(line) > 8)


def _is_corrected(one: tuple[bool, frozenset[str]], other: tuple[bool, frozenset[str]]) -> bool:
    """Tell whether one of two reports says that it corrects the other, or most lines of them are the same."""
    if one[0] != other[0]:
        return True
    lines, others = one[1], other[1]
    return len(lines & others) >= _MOSTLY_THE_SAME * max(len(lines), len(others), 1)


def _some(names: Iterable[str], total: int) -> str:
    shown = ", ".join(screen.fit(name, _WIDEST_NAME) for name in islice(names, _MOST_NAMED))
    return f"{shown} and {total - _MOST_NAMED:,} more" if total > _MOST_NAMED else shown


def _named(genre: str) -> str:
    """Return what a page is; in Chinese what stands in brackets behind the English."""
    chinese = re.search(r"\(([^()]*[\u4e00-\u9fff][^()]*)\)\Z", genre) if speaks_chinese() else None
    return chinese[1] if chinese else say(genre)


_INDENT = "  "


def check_lines(reports: Reports, findings: Findings, *, status: int = 0) -> list[str]:
    """Tell what loaded, what should be looked at and why, and what was left out.

    Every loaded report has one line, whatever its genre: file, year reviewed, issuer, and a code for each thing to look
    at; long names are cut so that they differ. Behind them stands what to do about each code. Where most are of another
    genre than reports on law-based government, that is said once at the head. The last line says what was loaded.
    """
    checks = findings.by_report
    lines = []
    if findings.genre:
        told = "genre: {n} of {all} look like {genre}; where a file is something else, its line says so"
        numbers = {"n": f"{findings.n_of_genre:,}", "all": f"{len(reports):,}"}
        lines += [*wrap("", say(told, **numbers, genre=printable(_named(findings.genre)))), ""]
    lines += [
        *_loaded(reports, checks),
        *_tables(reports),
        *_remedies([code for found in checks.values() for code, _ in found], reports),
        *_left_out(reports.problems),
    ]
    if reports:
        lines += ["", say("corpus show FILE tells of one file what was found, and where")]
    counts = {"reports": count(len(reports), "report"), "to_check": f"{n_to_check(findings):,}"}
    exits = say(" (exit status {status})", status=status) if status else ""
    told = say("{reports} loaded, {to_check} to check, {left_out} left out", **counts, left_out=len(reports.problems))
    return [*lines, f"{told}{exits}"]


def _facts(reports: Reports, findings: Findings) -> dict[str, Any]:
    """Return which reports load, with what should be known of each, and which do not, and why.

    ``genre`` is what the collection consists of where that is no reports on law-based government, else empty;
    ``to_check`` has the codes that are printed, with what stands in brackets behind them.
    """
    return {
        "genre": findings.genre,
        "reports": [
            {
                "report_id": report.report_id,
                "file": report.source.file,
                "sha256": report.source.sha256,
                "encoding": report.source.encoding,
                "reader": report.source.reader,
                "characters": len(report.raw),
                **{name: getattr(report, name) for name in ("title", "issuer", "place", "level", "year_reviewed")},
                "published": report.value("published"),
                "body": report.layout.body,
                "warnings": report.warnings,
                "to_check": [{"code": code, "about": about} for code, about in findings.by_report[report.report_id]],
            }
            for report in reports
        ],
        "problems": reports.problems,
    }


def n_to_check(findings: Findings) -> int:
    """Return how many reports have something that a person should look at."""
    return sum(map(bool, findings.by_report.values()))


def _loaded(reports: Reports, checks: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    if not reports:
        return
    width = screen.screen_columns() * 2 // 5
    folder = commonpath(dirname(printable(report.source.file)) for report in reports)
    folder = folder and f"{folder}/"
    if max(screen.columns(_name(report)) for report in reports) <= width:
        folder = ""
    names = [_name(report, folder) for report in reports]
    issuers = [printable(report.issuer or "?") for report in reports]
    cells = zip(fit_apart(names, width), map(_year, reports), fit_apart(issuers, width * 3 // 4), strict=True)
    lines = screen.table_lines(cells)
    width_told = max(map(screen.columns, lines))
    told = say("loaded: {n}", n=f"{len(reports):,}")
    yield from wrap(told, say(", all in {folder}", folder=folder) if folder else "")
    for report, line in zip(reports, lines, strict=True):
        told_of = ((code, _named(about) if code == "genre" else about) for code, about in checks[report.report_id])
        words = ", ".join(f"{code} ({printable(about)})" if about else code for code, about in told_of)
        yield from wrap(f"{_INDENT}{screen.pad(line, width_told)}{_INDENT}", words, indent=3 * len(_INDENT))


def _year(report: Report) -> str:
    fact = report.facts["year_reviewed"]
    years = [str(reading) for reading in fact.readings if isinstance(reading, int)]
    return str(fact.value) if fact.value is not None else "/".join(years[:2]) or "?"


def _name(report: Report, folder: str = "") -> str:
    """Return the file of a report below a folder, with the report's id where the file does not say it."""
    file, report_id = printable(report.source.file), printable(report.report_id)
    stem = file.rsplit(".", 1)[0].replace(".zip/", "/")
    shown = file.removeprefix(folder)
    return shown if stem == report_id or stem.endswith(f"/{report_id}") else f"{report_id} ({shown})"


def _tables(reports: Reports) -> Iterator[str]:
    """Tell once what holds of whole tables: columns that are not used, what a column of years means."""
    files: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        for notice in report.warnings:
            if notice.code in OF_TABLES:
                files[notice.message].append(printable(report.source.file))
    if files:
        yield from ("", say("tables"))
    for message, names in files.items():
        more = say(" and {n} more", n=f"{len(names) - 1:,}") if len(names) > 1 else ""
        yield from wrap(_INDENT, f"{names[0]}{more}: {printable(message)}")
    if files:
        yield from wrap(_INDENT, say("which column holds what can be said by --columns OURS=THEIRS,…"))


def _remedies(codes: Sequence[str], reports: Reports) -> Iterator[str]:
    found = Counter(codes)
    if not found:
        return
    yield from ("", say("to check"))
    width = max(map(len, found))
    for code, number in sorted(found.items()):
        yield from wrap(f"{_INDENT}{code:{width}}{_INDENT}{number:>3,}{_INDENT}", remedy_of(code))
    in_catalogue = any("catalogue.csv" in remedy_of(code) for code in found)
    if in_catalogue and any(report.source.reader.endswith(CELL) for report in reports):
        told = "where the report is a row of a table, correct the table instead of catalogue.csv"
        yield from wrap(_INDENT, say(told))


def _left_out(problems: Sequence[Problem]) -> Iterator[str]:
    if not problems:
        return
    yield from ("", say("left out: {n}", n=f"{len(problems):,}"))
    named, told = zip(*tell_problems(problems), strict=True)
    places = fit_apart(named, screen.screen_columns() * 2 // 5)
    width = max(map(screen.columns, places))
    for place, words in zip(places, told, strict=True):
        yield from wrap(f"{_INDENT}{screen.pad(place, width)}{_INDENT}", words)
