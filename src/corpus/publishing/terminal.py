"""What the commands answer to a person: aligned plain text, in which a Chinese character takes two columns."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from corpus.report import Report, Reports
from corpus.values import CATALOGUE_FACTS, FACTS, Fact, Heading, Span

_NARROWEST = 60
_LEAST_CONTEXT = 12
_INDENT = "  "


def check_lines(reports: Reports) -> list[str]:
    """Tell which reports load, and which do not and why."""
    rows = [
        (report.report_id, report.source.encoding, f"{len(report.raw):,} characters", report.issuer or "issuer unknown")
        for report in reports
    ]
    lines = table_lines(rows)
    for report in reports:
        lines += [f"{report.report_id}: {notice.message}{_at(notice.evidence)}" for notice in report.warnings]
    lines += [f"left out: {problem}" for problem in reports.problems]
    return [*lines, f"{count(len(reports), 'report')}, {len(reports.problems)} left out"]


def report_lines(report: Report) -> list[str]:
    """Tell what was found in a report, each fact with the words that show it."""
    source, layout = report.source, report.layout
    known = [(name, report.facts[name]) for name in FACTS if report.facts[name].basis != "absent"]
    added = [(name, report.value(name)) for name in CATALOGUE_FACTS if report.value(name) is not None]
    absent = [name for name in FACTS if report.facts[name].basis == "absent"]
    places = [("body", layout.body), ("salutation", layout.salutation), ("signature", layout.signature)]
    places += [("clutter", span) for span in layout.clutter]
    return [
        f"{report.report_id}: {source.file}, {source.encoding}, {len(report.raw):,} characters, sha256 {source.sha256}",
        *_block("facts", [(name, fact.basis, _value(fact), *_evidence(report, fact.evidence)) for name, fact in known]),
        *_block("from the catalogue alone", added),
        *_block("not stated", [(", ".join(absent),)] if absent else []),
        *_block("layout", [(name, *_evidence(report, span)) for name, span in places if span is not None]),
        *_block(
            "parts", [(_range(part), part.role or "-", "" if part.headed else "no heading") for part in report.parts]
        ),
        *_block("headings", [_heading(heading) for heading in report.headings]),
        *_block("changes", [(_range(item), item.name, f"{item.before!r} → {item.after!r}") for item in report.changes]),
        *_block("warnings", [(item.code, item.message, *_evidence(report, item.evidence)) for item in report.warnings]),
    ]


def comparison_lines(
    a: Report,
    b: Report,
    *,
    measures: Mapping[str, Any],
    reference: tuple[str, Sequence[str]],
    passages: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Tell how alike two reports are, and quote the passages that they share, the longest first."""
    lines = [f"a  {a.report_id}  {a.issuer or ''}".rstrip(), f"b  {b.report_id}  {b.issuer or ''}".rstrip()]
    lines += _block("measures", [(name, _measure(value)) for name, value in measures.items()])
    name, reports = reference
    lines += [f"{_INDENT}cosine_tfidf: how common a word is was counted in {name} and the two ({len(reports)} in all)"]
    lines += ["", f"{count(len(passages), 'shared passage')}"]
    for row in sorted(passages, key=lambda row: (-row["matched_chars"], row["start_a"], row["start_b"])):
        lines.append(f"{_INDENT}{row['matched_chars']} characters")
        lines += [
            f"{_INDENT * 2}{side} {row[f'start_{side}']}:{row[f'end_{side}']}  {_one_line(row[f'text_{side}'])}"
            for side in "ab"
        ]
    return lines


def concordance_lines(hits: Sequence[Mapping[str, Any]]) -> list[str]:
    """Show each hit of `corpus.find_terms` on a line, the terms below each other, between their contexts."""
    places = table_lines([(row["report_id"], f"{row['start']}:{row['end']}", row["role"] or "-") for row in hits])
    widest = max(map(columns, places), default=0)
    longest = max((columns(_one_line(row["hit"])) for row in hits), default=0)
    room = max(_LEAST_CONTEXT, (_screen() - widest - longest - 4) // 2)
    lines = []
    for place, row in zip(places, hits, strict=True):
        before = cut(_one_line(row["before"]), room, keep="end")
        after = cut(_one_line(row["after"]), room, keep="start")
        lines.append(f"{pad(place, widest)}  {pad(before, room, right=True)} {_one_line(row['hit'])} {after}".rstrip())
    return [*lines, count(len(hits), "hit")]


def table_lines(rows: Iterable[Sequence[str]]) -> list[str]:
    """Return rows as lines whose cells stand below each other; columns that are empty in all rows are left out."""
    cells = [list(row) for row in rows]
    widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        shown = [pad(cell, width) for cell, width in zip(row, widths, strict=True) if width]
        lines.append("  ".join(shown).rstrip())
    return lines


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: two for a wide character, none for a combining one."""
    return sum(_columns(character) for character in text)


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Fill a text up with spaces to a width in columns; with ``right`` from the left, so that it ends there."""
    spaces = " " * (width - columns(text))
    return spaces + text if right else text + spaces


def cut(text: str, width: int, *, keep: str) -> str:
    """Return the ``start`` or the ``end`` of a text, as much of it as has room in a width in columns."""
    taken = []
    for character in text if keep == "start" else reversed(text):
        width -= _columns(character)
        if width < 0:
            break
        taken.append(character)
    return "".join(taken if keep == "start" else reversed(taken))


def count(number: int, noun: str) -> str:
    """Return a number with what is counted, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def printable(text: str) -> str:
    """Return a text in which the characters that a screen obeys, or cannot show, are written as escapes."""
    return "".join(
        character.encode("unicode_escape").decode("ascii") if unicodedata.category(character)[0] == "C" else character
        for character in text
    )


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _block(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    return ["", title, *(f"{_INDENT}{line}" for line in table_lines(rows))]


def _value(fact: Fact) -> str:
    if fact.value is not None:
        return str(fact.value)
    return " or ".join(map(str, fact.readings)) or "-"


def _measure(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _heading(heading: Heading) -> tuple[str, ...]:
    text = f"{_INDENT * (heading.depth - 1)}{heading.label}{heading.text}"
    return _range(heading), heading.role or "-", "run-in" if heading.run_in else "", text


def _evidence(report: Report, span: Span | None) -> tuple[str, str]:
    """Return where a span is, and its words, shortened to what a line has room for."""
    if span is None:
        return "", ""
    words = _one_line(report.quote(*span))
    room = max(20, _screen() // 3)
    if columns(words) > room:
        words = f"{cut(words, room // 2, keep='start')} … {cut(words, room // 2 - 3, keep='end')}"
    return _range(span), words


def _at(span: Span | None) -> str:
    return "" if span is None else f" at {span.start}:{span.end}"


def _range(value: Any) -> str:
    return f"{value.start}:{value.end}"


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _screen() -> int:
    return max(_NARROWEST, shutil.get_terminal_size((100, 24)).columns)
