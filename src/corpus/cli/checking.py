"""What loading a folder gave, as a table that a person can act on: loaded, to check, left out."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.cli.collection_findings import OF_TABLES, Findings
from corpus.loading.files.documents import CELL
from corpus.publishing.writing.text_width import (
    columns,
    count,
    fit,
    fit_apart,
    fold,
    pad,
    printable,
    screen_columns,
    table_lines,
    wrap,
)
from corpus.report.reports import Report, Reports
from corpus.report.values import Problem

_WIDEST_ID = 14
_MOST_SPECIFIC = 10
_ORIGINS = {
    "skeleton": ("skeleton", "prescribed headings, and the words that announce the report"),
    "formula": ("formula", "3 issuers or more have it"),
    "shared": ("shared", "2 issuers have it"),
    "carried_over": ("carried", "no other issuer has it, but this one in the year before"),
    "own_or_carried": ("own?", "no other issuer has it; the year before is not at hand"),
    "own": ("own", "no other issuer has it, nor the year before"),
}
"""What each origin is called in a table of a terminal, and what it means."""


def boilerplate_lines(
    shares: Sequence[Mapping[str, Any]],
    passages: Sequence[Mapping[str, Any]],
    *,
    ranges: Mapping[str, tuple[float, float]],
    heads: Mapping[str, str],
) -> list[str]:
    """Tell where the characters of each report come from, and quote what no other issuer has, the most specific.

    ``ranges`` gives for a report the lowest and the highest share that is boilerplate under any setting,
    ``heads`` what stands above columns in another language.
    """
    present = [name for name in _ORIGINS if any(row[f"share_{name}"] > 0 for row in shares)]
    above = {name: heads.get(f"share_{name}", _ORIGINS[name][0]) for name in present}
    report, chars = heads.get("report_id", "report"), heads.get("n_key_chars", "chars")
    rows = [(report, chars, *above.values(), "range")]
    for row in shares:
        low, high = ranges.get(row["report_id"], (math.nan, math.nan))
        parts = [_percent(row[f"share_{name}"]) for name in present]
        spread = "-" if math.isnan(low) else f"{100 * low:.0f}-{100 * high:.0f}"
        rows.append((fit(row["report_id"], _WIDEST_ID), f"{row['n_key_chars']:,}", *parts, spread))
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    told = [
        *((above[name], _ORIGINS[name][1]) for name in present),
        ("range", "the share that is boilerplate, lowest and highest of all definitions"),
    ]
    return [
        *wrap(
            "",
            "Where the characters of each body come from, in %. What others have counts from 12 characters on.",
        ),
        *(f"{_INDENT}{line}" for line in table_lines(told)),
        "",
        *(
            "  ".join(pad(cell, width, right=at > 0) for at, (cell, width) in enumerate(zip(row, widths, strict=True)))
            for row in rows
        ),
        *_particular_lines(passages),
    ]


def _particular_lines(passages: Sequence[Mapping[str, Any]]) -> list[str]:
    told = [row for row in passages if not row["is_heading"]]
    alone = [row for row in told if row["origin"] in ("own", "own_or_carried") and row["share_origin"] == 1]
    alone.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    best = list({row["report_id"]: row for row in reversed(alone)}.values())
    best.sort(key=lambda row: (-row["specificity"], row["n_key_chars"]))
    lines = [
        "",
        f"Of {count(len(told), 'passage')} besides headings, {len(alone):,} share no such stretch with another issuer.",
    ]
    first = f", the first {_MOST_SPECIFIC}" if len(best) > _MOST_SPECIFIC else ""
    if best:
        lines += [f"The most specific of each report{first}:"]
    for row in best[:_MOST_SPECIFIC]:
        lines.append(f"{_INDENT}{row['report_id']} {row['start']}:{row['end']}  specificity {row['specificity']:.2f}")
        lines += fold(
            _INDENT * 2, fit(printable(" ".join(row["text"].split())), 3 * (screen_columns() - 2 * len(_INDENT)))
        )
    return lines


def _percent(share: float) -> str:
    return "-" if math.isnan(share) else f"{100 * share:.1f}"


_INDENT = "  "
_LEAST_ROOM = 24
_WIDEST_FILE = 40
_WIDEST_ISSUER = 30
_REMEDIES = {
    "ambiguous-date": "a date can be read in two ways: settle it in catalogue.csv",
    "corrected-issue": "nearly the same report of one issuer and year, or one that corrects it: keep what holds",
    "direction-control": "invisible controls of writing direction stand in the text: compare with the page",
    "disagrees-with-catalogue": "the catalogue and the text differ, the catalogue counts: see which is right",
    "disagrees-with-table": "another column of the table and the text differ: see which is right",
    "early-date": "dated before the year under review had ended: see whether the year is right",
    "encoding-declared": "the page names another encoding than its bytes have: where words look wrong, use --encoding",
    "encoding-inferred": "the encoding was inferred: where the words look wrong, name it with --encoding",
    "from-file-name": "a fact was taken from the name of the file alone: see whether it is right",
    "future-date": "dated in the future: correct the date in catalogue.csv",
    "genre": "another kind of page than the others, or no report: move it out of the folder if it does not belong",
    "hidden-text": "the text stands where the page hides it: compare with the page",
    "issuer-open": "the page can be read in several ways: write the right issuer into catalogue.csv",
    "lost-characters": "a date or period lost characters: compare with the page",
    "masked-characters": "asterisks stand for digits or characters: compare with the page",
    "missing-years": "the issuer has reports before and after these years: look for them, or compare across the gap",
    "mixed-script": "traditional and simplified characters are mixed: compare with the page",
    "mojibake": "some words were decoded wrongly by an earlier program: obtain the page again",
    "no-issuer": "the page does not say who reports: fill in issuer in catalogue.csv",
    "no-year": "the page does not say which year: fill in year_reviewed in catalogue.csv",
    "not-joined": "the row has no value in a column that rows are joined by: fill it in",
    "not-shown": "words that are deleted or hidden, or a part that is not read, were left out: see whether they matter",
    "period": "it covers another time than a year: comparisons of years leave it out unless catalogue.csv names one",
    "pinyin": "pinyin stands in brackets behind characters: a copy; compare with the issuer's own page",
    "private-use": "characters stand there that only the original font can show: compare with the page",
    "rare-character": "rare characters stand there, often in place of another: compare with the page",
    "renamed": "the organ bears another name in later reports: reports.join_renamed() takes both for one",
    "replacement-character": "characters were lost by an earlier program: obtain the page again",
    "rows-differ": "rows that were joined differ in a column: see whether they are one report",
    "same-issuer-year": "several reports of one issuer on one year: remove one, correct a year, or, where the rows of "
    "a table are pieces of a report, join them (--join issuer,year)",
    "same-text": "the same text is loaded twice and counted twice: remove one of the files",
    "short-body": "the page holds hardly a word of a report: save it again, or load the file it leads to",
    "site-slogan": "slogans of another site stand in the text: a copy; compare with the issuer's own page",
    "spaced-digits": "numbers are printed with spaces: searches for them may miss",
    "spam-words": "advertising stands in the text, often for a name: compare with the issuer's own page",
    "traditional-script": "in traditional characters, perhaps a copy; matched as simplified",
    "two-spellings": "one issuer under two names: years are paired by place and office, tables and figures show both; "
    "write one of them into catalogue.csv",
    "unread-value": "a cell of the table is no day, year or code: correct it",
    "year-open": "the page can be read as reviewing several years: write the right one into catalogue.csv",
    "years-disagree": "title and opening name different years: settle it in catalogue.csv",
}
_MOST_ALONE, _MOST_NAMED = 4, 4
"""Files left out for one reason that are told one by one, and that are named where there are more."""
_NUMBERS = re.compile(r"\d[\d,.]*")
_IN_A_TABLE = "where the report is a row of a table, correct the table instead of catalogue.csv"


def check_lines(reports: Reports, findings: Findings, *, status: int = 0) -> list[str]:
    """Tell what loaded, what should be looked at and why, and what was left out.

    Every loaded report has one line, whatever its genre: file, year reviewed, issuer, and a code for each thing to look
    at; long names are cut so that they differ. Behind them stands what to do about each code. Where most are of another
    genre than reports on law-based government, that is said once at the head. The last line says what was loaded.
    """
    checks = findings.by_report
    lines = [
        *_head(reports, findings),
        *_loaded(reports, checks),
        *_tables(reports),
        *_remedies([code for found in checks.values() for code, _ in found], reports),
        *_left_out(reports.problems),
    ]
    if reports:
        lines += ["", "corpus show FILE tells of one file what was found, and where"]
    return [*lines, _summary(reports, n_to_check(findings), status)]


def n_to_check(findings: Findings) -> int:
    """Return how many reports have something that a person should look at."""
    return sum(map(bool, findings.by_report.values()))


def _summary(reports: Reports, to_check: int, status: int) -> str:
    exits = f" (exit status {status})" if status else ""
    return f"{count(len(reports), 'report')} loaded, {to_check:,} to check, {len(reports.problems):,} left out{exits}"


def _head(reports: Reports, findings: Findings) -> Iterator[str]:
    if findings.genre:
        number = "all" if findings.n_of_genre == len(reports) else f"{findings.n_of_genre:,} of {len(reports):,}"
        genre = printable(findings.genre)
        yield from wrap("", f"genre: {number} look like {genre}; where a file is something else, its line says so")
        yield ""


def _loaded(reports: Reports, checks: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[str]:
    if not reports:
        return
    years = [_year(report) for report in reports]
    issuers = [printable(report.issuer or "?") for report in reports]
    names = [_name(report) for report in reports]
    year_width = max(map(columns, years))
    room = screen_columns() - len(_INDENT) * 4 - year_width - _LEAST_ROOM
    issuer_width = min(max(map(columns, issuers)), _WIDEST_ISSUER, room // 2)
    file_width = min(max(map(columns, names)), _WIDEST_FILE, room - issuer_width)
    folder = _common_folder(names) if max(map(columns, names)) > file_width else ""
    names = [name.removeprefix(folder) for name in names]
    file_width = min(max(map(columns, names)), file_width)
    issuers, names = fit_apart(issuers, issuer_width), fit_apart(names, file_width)
    yield from wrap(f"loaded: {len(reports):,}", f", all in {folder}" if folder else "")
    for report, name, year, issuer in zip(reports, names, years, issuers, strict=True):
        cells = [pad(name, file_width), pad(year, year_width), pad(issuer, issuer_width)]
        words = ", ".join(f"{code} ({printable(about)})" if about else code for code, about in checks[report.report_id])
        yield from wrap(_INDENT + _INDENT.join(cells) + _INDENT, words, indent=3 * len(_INDENT))


def _common_folder(names: Sequence[str]) -> str:
    """Return the folder that all of some files lie in, with its slash; empty for a single file."""
    first, last = min(names), max(names)
    same = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), 0)
    return first[: first.rfind("/", 0, same) + 1]


def _year(report: Report) -> str:
    fact = report.facts["year_reviewed"]
    years = [str(reading) for reading in fact.readings if isinstance(reading, int)]
    return str(fact.value) if fact.value is not None else "/".join(years[:2]) or "?"


def _name(report: Report) -> str:
    """Return the file of a report, with the report's id where it does not say the file."""
    file, report_id = printable(report.source.file), printable(report.report_id)
    stem = file.rsplit(".", 1)[0]
    within = stem.rpartition(".zip/")
    if report_id in (stem, within[2], f"{within[0]}/{within[2]}"):
        return file
    number = report_id.removeprefix(f"{stem}-")
    return f"{file} row {number}" if number != report_id and number.isdigit() else f"{report_id} ({file})"


def _tables(reports: Reports) -> Iterator[str]:
    """Tell once what holds of whole tables: columns that are not used, what a column of years means."""
    files: dict[str, list[str]] = defaultdict(list)
    for report in reports:
        for notice in report.warnings:
            if notice.code in OF_TABLES:
                files[notice.message].append(printable(report.source.file))
    if files:
        yield from ("", "tables")
    for message, names in files.items():
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        yield from wrap(_INDENT, f"{names[0]}{more}: {printable(message)}")


def _remedies(codes: Sequence[str], reports: Reports) -> Iterator[str]:
    found = Counter(codes)
    if not found:
        return
    yield from ("", "to check")
    width = max(map(len, found))
    for code, number in sorted(found.items()):
        yield from wrap(f"{_INDENT}{code:{width}}{_INDENT}{number:>3,}{_INDENT}", _REMEDIES.get(code, ""))
    in_catalogue = any("catalogue.csv" in _REMEDIES.get(code, "") for code in found)
    if in_catalogue and any(report.source.reader.endswith(CELL) for report in reports):
        yield from wrap(_INDENT, _IN_A_TABLE)


def _left_out(problems: Sequence[Problem]) -> Iterator[str]:
    if not problems:
        return
    yield from ("", f"left out: {len(problems):,}")
    groups = _alike(problems)
    places = [_places(group) for group in groups]
    width = min(max(map(columns, places)), _WIDEST_FILE, screen_columns() // 2 - len(_INDENT))
    for place, group in zip(fit_apart(places, width), groups, strict=True):
        files = list(dict.fromkeys(problem.file for problem in group))
        more = f" (and {len(group) - 1:,} more of this kind in the file)" if len(group) > 1 else ""
        if len(files) > 1:
            first = ", ".join(fit(printable(file), _WIDEST_FILE) for file in files[1:_MOST_NAMED])
            more = f" (so are {len(files) - 1:,} more: {first}{', …' if len(files) > _MOST_NAMED else ''})"
        yield from wrap(
            f"{_INDENT}{pad(place, width)}{_INDENT}", printable(f"{group[0].message}{more}; {group[0].remedy}")
        )


def _alike(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Return problems of one kind in one file together, and those of many files that have one reason and remedy."""
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    reasons: dict[tuple[str, str], list[list[Problem]]] = {}
    for problem in problems:
        kind = _NUMBERS.sub("", problem.message.partition(" (")[0])
        kinds.setdefault((problem.file, problem.code, kind), []).append(problem)
    for (_, code, _), group in kinds.items():
        reasons.setdefault((code, group[0].remedy), []).append(group)
    together: list[list[Problem]] = []
    for groups in reasons.values():
        together += groups if len(groups) <= _MOST_ALONE else [[each for group in groups for each in group]]
    return together


def _places(problems: Sequence[Problem]) -> str:
    """Return the file of some problems, with the place of the first."""
    first = problems[0]
    return printable(f"{first.file}, {first.place}" if first.place else first.file)
