"""How a report, a sequence of reports and a table show themselves in a notebook, and the document that makes a page.

The HTML holds inline styles only, so that it looks the same in a notebook that is not trusted, and takes its text
colour from the page, so that it is readable in the light and in the dark theme. A host that drops the styles still
shows a table, with numbers at the right by an attribute that such hosts keep. JupyterLab's sanitizer keeps tables,
lists, `mark`, `del`, `ins`, `lang`, `title`, links to an id of the same page and inline styles; it drops style and
script elements, `role`, `aria-…` and colours other than hex, rgb and names. So what a reader must know stands in words
and in inline styles; `aria-…` and the document's own style sheet only add to it.
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

WRITTEN_BY = "fazhi-workbook"
"""How a page that the workbook wrote says so: it quotes reports, and is none."""

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


_HAN = "\u3007\u3400-\u9fff"
_CHINESE_RUN = re.compile(f"[{_HAN}](?:[{_HAN}\u3000-\u303f\uff01-\uff5e…—“”‘’]*[{_HAN}》）】])?")
# Words, then a tag with its name and what else stands in it, or a comment.
_TAG = re.compile(r"([^<]*)(?:<(/?[a-zA-Z][\w-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|(<!--[^<>]{0,400}-->|<|$))")
_LANG = re.compile(r"\blang=[\"']?(zh|\w+)", re.IGNORECASE)
_WITHOUT_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --ink: #22262b; --quiet: #5b626b; --link: #1d4f91; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #16181b; --ink: #e4e6e8; --quiet: #a0a6ad; --link: #9dc1f5; }
}
html { background: var(--ground); color: var(--ink); }
body { margin: 0 auto; padding: 1.5rem 2rem 4rem; max-width: 92rem; line-height: 1.6;
  font-family: system-ui, "Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.3; }
h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1.05rem; margin-top: 1.6rem; }
h4 { font-size: 1rem; margin: 1rem 0 0.3rem; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
:target { outline: 3px solid var(--link); outline-offset: 2px; scroll-margin-top: 6rem; }
pre { overflow-x: auto; padding: 0.6rem 0.8rem; border-left: 3px solid var(--quiet); font-size: 0.85rem; }
.jp-OutputArea-output pre, .output_text pre { border: none; padding: 0; }
#text { max-width: 62rem; }
figure { margin: 1rem 0; }
figcaption { color: var(--quiet); font-size: 0.9rem; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.sign { user-select: none; }
.texts thead th { position: sticky; top: 0; background: var(--ground) !important; z-index: 1; }
@media (max-width: 48rem) {
  body { padding: 1rem; }
  .texts colgroup, .texts thead { display: none; }
  .texts, .texts tbody, .texts tr, .texts td { display: block !important; width: auto !important; }
  .texts td { padding: 0.4rem 0 !important; border: none !important; }
  .texts td:not(:empty)::before { content: attr(data-report); display: block; font-size: 80%; color: var(--quiet); }
  .texts tr { border-top: 1px solid var(--quiet); }
}
@media print {
  @page { size: A4; margin: 15mm 14mm 18mm; }
  :root { color-scheme: light; --ground: #ffffff; --ink: #000000; --quiet: #555555; --link: #000000; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  html { font-size: 9pt; }
  body { padding: 0; max-width: none; line-height: 1.5; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; }
  td, th { white-space: normal !important; min-width: 0 !important; }
  figure, tr { break-inside: avoid; }
  .texts tr { break-inside: auto; }
  .skip, .only-screen { display: none !important; }
  .scroll { max-height: none !important; overflow: visible !important; }
  .texts thead { display: table-header-group; }
  .texts thead th { position: static; }
  h1, h2, h3, h4 { break-after: avoid; }
  p, li { orphans: 2; widows: 2; }
  .whole { break-inside: avoid; }
}
"""


def attribute(text: str) -> str:
    """Return text for an attribute, on one line."""
    return escape(" ".join(text.split()))


def mark_chinese(html: str) -> str:
    """Return a page's content with each run of Chinese characters told to be Chinese, where nothing says so yet.

    A reader's browser then takes Chinese shapes of the characters, not Japanese ones, and a program that reads aloud
    a Chinese voice.
    """
    written = []
    within: list[tuple[str, bool]] = [("", False)]
    for words, name, inside, other in _TAG.findall(html):
        written.append(words if within[-1][1] else _CHINESE_RUN.sub(r'<span lang="zh-Hans">\g<0></span>', words))
        written.append(f"<{name}{inside}>" if name else other)
        if name.startswith("/"):
            while len(within) > 1 and within.pop()[0] != name[1:]:
                pass
        elif name and name not in _WITHOUT_END and not inside.endswith("/"):
            lang = _LANG.search(inside)
            within.append((name, lang[1] == "zh" if lang else within[-1][1]))
    return "".join(written)


def document(title: str, content: str, *, skip_to: str, skip_label: str, pictures: bool = False) -> str:
    """Return a file of its own: light or dark as the reader's system is, for screens of any width and for paper.

    Parameters
    ----------
    title : str
    content : str
        HTML that begins with its h1.
    skip_to, skip_label : str
        The id that the first link leads to, for those who go by keyboard, and its words.
    pictures : bool
        Whether pictures that the content itself holds are shown.
    """
    policy = "default-src 'none'; style-src 'unsafe-inline'" + ("; img-src data:" if pictures else "")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f'<meta name="generator" content="{WRITTEN_BY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<a class="skip" href="#{skip_to}">{escape(skip_label)}</a>\n'
        f"<main>\n{mark_chinese(content)}\n</main>\n</body>\n</html>\n"
    )
