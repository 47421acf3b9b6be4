"""How a report, a sequence of reports and a table show themselves in a notebook.

The HTML holds inline styles only, so that it looks the same in a notebook that is not trusted, and takes its text
colour from the page, so that it is readable in the light and in the dark theme. A host that drops the styles still
shows a table, with numbers at the right by an attribute that such hosts keep.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from corpus.report.record import Record
from corpus.report.values import CATALOGUE_FACTS, FACT_LABELS, Problem

QUIET = "opacity:0.72"
"""Words of less weight. No grey has a contrast of 4.5 on white and on the black of JupyterLab's dark theme, so these
are the page's own ink, thinned."""

_CELL = "text-align:left;vertical-align:baseline;padding:3px 16px 3px 0;border:none"
_HEAD = "white-space:normal;font-weight:bold;vertical-align:bottom;border-bottom:1px solid #808080"
_ROW = "background-color:transparent;border-bottom:1px solid #80808033"
_MARKUP = re.compile(r"<[^<>]*>|&#?\w+;")
_CHINESE, _LATIN = re.compile(r"[㐀-鿿]"), re.compile(r"[A-Za-z]")


def ruled_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    styles: Mapping[int, str] | None = None,
    label: str = "",
    names_rows: bool = True,
) -> str:
    """Return a table of cells that are HTML already, in a box of its own that scrolls where the page is too narrow.

    Parameters
    ----------
    heads : sequence of str
        What stands above the columns; where all are empty there is no head.
    rows : iterable of sequence of str
    styles : mapping of int to str, optional
        Inline styles of columns, counted from 0.
    label : str
        What the table is, for those who do not see where it stands.
    names_rows : bool
        Whether the first cell of a row says what the row is about.
    """
    looks = [f"{_CELL};{(styles or {}).get(number, '')}".rstrip(";") for number in range(len(heads))]
    head = "".join(_head(name, look) for name, look in zip(heads, looks, strict=True)) if any(heads) else ""
    body = "".join(f'<tr style="{_ROW}">{"".join(_cells(row, looks, names_rows))}</tr>' for row in rows)
    named = f' aria-label="{escape(label)}"' if label else ""
    return (
        f'<div style="overflow-x:auto"><table{named} style="border-collapse:collapse;margin:4px 0;font-size:93%">'
        + (f'<thead><tr style="background-color:transparent">{head}</tr></thead>' if head else "")
        + f"<tbody>{body}</tbody></table></div>"
    )


def tongue(html: str) -> str:
    """Return the attribute that says that words are Chinese; empty where Latin letters stand among them or alone."""
    words = _MARKUP.sub("", html)
    return ' lang="zh-Hans"' if _CHINESE.search(words) and not _LATIN.search(words) else ""


def _head(name: str, look: str) -> str:
    if not name.strip():  # an empty cell heads nothing
        return f'<td style="{look};{_HEAD}"></td>'
    return f'<th scope="col"{tongue(name)} style="{look};{_HEAD}">{name}</th>'


def _cells(row: Sequence[str], looks: Sequence[str], names_rows: bool) -> Iterable[str]:
    for number, (cell, look) in enumerate(zip(row, looks, strict=True)):
        side = ' align="right"' if "text-align:right" in look else ""
        if number == 0 and names_rows:
            yield f'<th scope="row"{tongue(cell)} style="{look};font-weight:normal">{cell}</th>'
        else:
            yield f'<td{side}{tongue(cell)} style="{look}">{cell}</td>'


_MATHEMATICS = re.compile(r"\$|\\(?=[(\[]|begin)")


def report_page(report: Record) -> str:
    """Return what is known of a report: its file, its facts with their evidence, and its warnings."""
    source = report.source
    warnings = (f'<p style="margin:4px 0">⚠ {as_html(notice.message)}</p>' for notice in report.warnings)
    rows = []
    for name, label in FACT_LABELS.items():
        fact = report.facts[name]
        if fact.basis == "absent" and name in CATALOGUE_FACTS:
            continue
        value = " or ".join(map(str, (fact.value,) if fact.value is not None else fact.readings))
        words = "" if fact.evidence is None else report.quote(*fact.evidence).replace("\n", " ")
        shown = words if len(words) <= 40 else words[:38] + "…"
        place = "" if fact.evidence is None else f"“{as_html(shown)}” at {fact.evidence.start}:{fact.evidence.end}"
        rows.append((as_html(label), as_html(value) or "–", fact.basis, place))
    heads = ("fact", "value", "ground", "shown by")
    styles = {0: f"{QUIET};white-space:nowrap", 2: QUIET, 3: QUIET}
    return (
        f'<p style="font-weight:bold;font-size:115%;margin:0">{as_html(report.report_id)}</p>'
        f'<p style="{QUIET};margin:0 0 6px 0">{as_html(source.file)} · {as_html(source.encoding)} · '
        f"{len(report.raw):,} characters · sha256 {source.sha256[:12]}…</p>"
        + ruled_table(heads, rows, styles=styles, label=f"Facts about {report.report_id}")
        + "".join(warnings)
    )


def reports_table(reports: Sequence[Record], problems: Sequence[Problem]) -> str:
    """Return reports as a table of one row each, and below it what was left out."""
    columns = ("report_id", "issuer", "level", "year_reviewed", "published", "signed")
    rows = []
    for report in reports:
        values = (report.value(name) for name in columns[1:])
        cells = [as_html(report.report_id), *("–" if value is None else as_html(str(value)) for value in values)]
        rows.append((*cells, f"{len(report.quote(*report.layout.body)):,}"))
    styles = dict.fromkeys(range(len(columns)), "white-space:nowrap") | {3: "text-align:right", 6: "text-align:right"}
    shown = ruled_table((*columns, "body_chars"), rows, styles=styles, label="Reports")
    left_out = "".join(f'<p style="margin:4px 0">left out: {as_html(str(problem))}</p>' for problem in problems)
    return f"{shown}{left_out}"


def as_html(text: str) -> str:
    """Return text that HTML shows as it stands.

    A notebook would set what stands between two $, or between \\( and \\), as mathematics; it does not look for either
    across the border of an element. Characters that a screen obeys, or that turn the direction of writing, are shown as
    their numbers.
    """
    shown = escape("".join(f"[U+{ord(sign):04X}]" if _is_obeyed(sign) else sign for sign in text))
    return _MATHEMATICS.sub(lambda found: f"<span>{found[0]}</span>", shown)


def _is_obeyed(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cf") and sign not in "\n\t"
