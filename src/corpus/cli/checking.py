"""What loading a folder gave, as a table that a person can act on: loaded, perhaps no report, left out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpus.publishing.writing.text_width import (
    columns,
    count,
    fit,
    fold,
    pad,
    printable,
    screen_columns,
    table_lines,
    wrap,
)
from corpus.report.reports import Report, Reports
from corpus.report.values import Notice, Problem

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
_NEIGHBOUR = "near-neighbour"
_LEAST_ROOM = 24
_WIDEST_FILE = 40
_WIDEST_ISSUER = 30
_REMEDIES = {
    "ambiguous-date": "a date can be read in two ways: settle it in catalogue.csv",
    "direction-control": "invisible controls of writing direction stand in the text: compare with the page",
    "disagrees-with-catalogue": "the catalogue and the text differ, the catalogue counts: see which is right",
    "disagrees-with-table": "another column of the table and the text differ, the column counts: see which is right",
    "early-date": "dated before the year under review had ended: see whether the year is right",
    "encoding-inferred": "the encoding was inferred: where the words look wrong, name it with --encoding",
    "future-date": "dated in the future: correct the date in catalogue.csv",
    "lost-characters": "a date or period lost characters: compare with the page",
    "masked-characters": "asterisks stand for digits or characters: compare with the page",
    "mixed-script": "traditional and simplified characters are mixed: compare with the page",
    "mojibake": "some words were decoded wrongly by an earlier program: obtain the page again",
    "no issuer": "the page does not say who reports: fill in issuer in catalogue.csv",
    "no year": "the page does not say which year: fill in year_reviewed in catalogue.csv",
    "pinyin": "pinyin stands in brackets behind characters: a copy; compare with the issuer's own page",
    "private-use": "characters stand there that only the original font can show: compare with the page",
    "rare-character": "rare characters stand there, often in place of another: compare with the page",
    "replacement-character": "characters were lost by an earlier program: obtain the page again",
    "same-text": "the same text is loaded twice and counted twice: remove one of the files",
    "site-slogan": "slogans of another site stand in the text: a copy; compare with the issuer's own page",
    "spaced-digits": "numbers are printed with spaces: searches for them may miss",
    "spam-words": "advertising stands in the text, often for a name: compare with the issuer's own page",
    "traditional-script": "in traditional characters, perhaps a copy; matched as simplified",
    "years-disagree": "title and opening name different years: settle it in catalogue.csv",
}


def check_lines(reports: Reports) -> list[str]:
    """Tell what loaded and what should be looked at, what may be no report, and what was left out and why.

    One line a file, cut to the width of the screen only where names are long; what does not fit goes on below. Behind
    the first group stands what to do about each thing to look at.
    """
    doubtful = [(report, found) for report in reports if (found := _neighbour(report)) is not None]
    sure = [report for report in reports if _neighbour(report) is None]
    checks = {report.report_id: _to_check(report) for report in sure}
    lines = [
        *_loaded(sure, checks),
        *_remedies(code for codes in checks.values() for code in codes),
        *_group(
            f"perhaps no report: {len(doubtful)}; move out of the folder what is none",
            [(_name(report), found.message.removeprefix("this looks like ")) for report, found in doubtful],
        ),
        *_group(
            f"left out: {len(reports.problems)}", [(_place(problem), _reason(problem)) for problem in reports.problems]
        ),
    ]
    n_clean = sum(not codes for codes in checks.values())
    if lines:
        to_check, none = len(sure) - n_clean, len(doubtful)
        lines += ["", f"{n_clean:,} with nothing to check, {to_check:,} to check, {none:,} perhaps no report"]
        lines.append("corpus show FILE tells of one file what was found, and where")
    return [*lines, f"{count(len(reports), 'report')}, {len(reports.problems)} left out"]


def _neighbour(report: Report) -> Notice | None:
    return next((notice for notice in report.warnings if notice.code == _NEIGHBOUR), None)


def _to_check(report: Report) -> list[str]:
    missing = [name for name, value in (("no year", report.year_reviewed), ("no issuer", report.issuer)) if not value]
    return list(dict.fromkeys([*missing, *(notice.code for notice in report.warnings)]))


def _name(report: Report) -> str:
    """Return the file of a report, with the report's id where it does not say the file."""
    file = printable(report.source.file)
    if file.rsplit(".", 1)[0] == report.report_id:
        return file
    return f"{printable(report.report_id)} ({file})"


def _loaded(reports: Sequence[Report], checks: dict[str, list[str]]) -> Iterator[str]:
    if not reports:
        return
    names = [_name(report) for report in reports]
    issuers = [report.issuer or "?" for report in reports]
    room = screen_columns() - len(_INDENT) * 4 - len("2020") - _LEAST_ROOM
    issuer_width = min(max(map(columns, issuers)), _WIDEST_ISSUER, room // 2)
    file_width = min(max(map(columns, names)), _WIDEST_FILE, room - issuer_width)
    yield f"loaded: {len(reports)}"
    for report, name, issuer in zip(reports, names, issuers, strict=True):
        year = str(report.year_reviewed or "?")
        cells = [pad(fit(name, file_width), file_width), pad(year, 4), pad(fit(issuer, issuer_width), issuer_width)]
        words = ", ".join(checks[report.report_id])
        yield from wrap(
            _INDENT + _INDENT.join(cells) + _INDENT, words.replace("same-text", f"same-text{_twin(report)}")
        )


def _twin(report: Report) -> str:
    """Return which report has the same text, in brackets."""
    said = next((notice.message for notice in report.warnings if notice.code == "same-text"), "")
    return f" ({said.removeprefix('the same text as ').split(',')[0]})" if said else ""


def _remedies(codes: Iterator[str]) -> Iterator[str]:
    found = Counter(codes)
    if not found:
        return
    yield from ("", "to check")
    width = max(map(len, found))
    for code, number in sorted(found.items()):
        yield from wrap(f"{_INDENT}{code:{width}}{_INDENT}{number:>3,}{_INDENT}", _REMEDIES.get(code, ""))


def _group(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    if not rows:
        return
    yield from ("", title)
    width = min(max(columns(name) for name, _ in rows), _WIDEST_FILE, screen_columns() // 2 - len(_INDENT))
    for name, words in rows:
        yield from wrap(f"{_INDENT}{pad(fit(name, width), width)}{_INDENT}", words)


def _place(problem: Problem) -> str:
    return printable(f"{problem.file}, {problem.place}" if problem.place else problem.file)


def _reason(problem: Problem) -> str:
    return printable(f"{problem.message}; {problem.remedy}")
