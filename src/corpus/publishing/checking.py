"""What loading a folder gave, as a table that a person can act on: loaded, perhaps no report, left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.publishing.terminal import columns, count, fit, pad, printable, screen_columns, wrap
from corpus.report import Report, Reports
from corpus.values import Notice, Problem

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
