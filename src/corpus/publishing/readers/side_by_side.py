"""Two reports side by side, for a notebook and as a page of its own: the whole of both, and every word they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from corpus import __version__
from corpus.analysis.alignment.passage_pairs import tell_order
from corpus.analysis.boilerplate.formulas import find_formulas
from corpus.analysis.comparison.report_pairs import MIN_REFERENCE, compare_reports
from corpus.analysis.comparison.sentence_edits import find_edits
from corpus.analysis.comparison.shared_passages import find_reuse, locate_reuse, quote_reuse
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.publishing.readers.two_columns import (
    ABSENCE,
    EDIT_STYLES,
    EDIT_TAGS,
    ComparedPair,
    Look,
    Row,
    id_prefix,
    mark_style,
    places,
    rows_of,
    texts_html,
)
from corpus.publishing.writing.screen import count
from corpus.report.html_view import QUIET, as_html, document, ruled_table
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import columns_of
from corpus.report.values import FACT_LABELS, Span

FORMULA_REPORTS = 3
FORMULA_CHARS = 12

_KINDS: dict[Look, str] = {
    "shared": "words that these two share",
    "formula": "of these, a formula (套话): 12 characters or more that three reports of the reference have",
    "heading": "shared words in a heading of one of the two, or of both",
    "title": "shared words in the names of laws and plans, inside 《》",
}
_FACTS = ("title", "issuer", "year_reviewed", "published", "signed", "url")
_SHOWN_CHARS = 36
_SCROLL = "max-height:26em;overflow:auto"


def show_comparison(
    a: Report, b: Report, *, reference: Reports | None = None, passages: pd.DataFrame | None = None
) -> Comparison:
    """Show two reports side by side: the whole of both, with the passages that they share marked and linked.

    Where a call ends a cell the notebook shows it; ``show_comparison(a, b).page()`` is a file of its own, as
    ``corpus compare A B --html FILE`` writes it.

    Parameters
    ----------
    a, b : Report
    reference : Reports, optional
        The collection that says what is a formula (12 characters in a row that stand in three of its reports or more,
        a and b counted) and how much a word weighs in the cosine (from 5 reports on). Without it nothing is a formula.
    passages : DataFrame, optional
        Rows of `corpus.find_reuse` for a and b, in this order. By default they are found here.

    Returns
    -------
    Comparison

    Raises
    ------
    CorpusError
        If a and b have the same report_id.
    """
    if a.report_id == b.report_id:
        raise CorpusError(f"both reports are called {a.report_id}; load them together, so that each has a name")
    pair = Reports((a, b), lexicon=reference.lexicon if reference is not None else Lexicon())
    found = quote_reuse(pair, find_reuse(pair, quotes=False) if passages is None else passages)
    collection = _collection(a, b, reference)
    formulas: dict[str, tuple[Span, ...]] = _formulas(collection) if reference is not None else {"a": (), "b": ()}
    enough = reference is not None and len(collection) >= MIN_REFERENCE
    first = compare_reports(pair, reference=reference if enough else None).iloc[0]
    measures = {str(name): value for name, value in first.items() if name not in ("report_a", "report_b")}
    numbered = _number(pair, found, formulas)
    edits = find_edits(pair, numbered.set_index("number"))
    numbered["n_edits"] = [int((edits["passage"] == number).sum()) for number in numbered["number"]]
    names = tuple(report.report_id for report in (reference or ()))
    return Comparison(a, b, numbered, len(found) - len(numbered), edits, measures, formulas, names)


def side_by_side(reports: Reports, a: str, b: str) -> Comparison:
    """Show two of some reports side by side, with the passages that they share marked and linked.

    All reports say what is a formula, and how much a word weighs; see `show_comparison`.

    Parameters
    ----------
    reports : Reports
    a, b : str
        Their report_id.

    Raises
    ------
    CorpusError
        If there is no such report, or both are one.
    """
    return show_comparison(reports[a], reports[b], reference=reports)


def _number(pair: Reports, passages: pd.DataFrame, formulas: dict[str, tuple[Span, ...]]) -> pd.DataFrame:
    ordered = passages.assign(order=tell_order(passages))
    table = ordered[ordered["order"] != "within"]
    table = table.sort_values(["start_a", "end_a", "start_b", "end_b"], kind="stable", ignore_index=True)
    kinds = locate_reuse(pair, table)["kind"].replace(["running text", "set phrase"], "shared")
    in_formulas = [
        [
            _count_inside(report, start, end, formulas[side])
            for start, end in zip(table[f"start_{side}"], table[f"end_{side}"], strict=True)
        ]
        for side, report in zip("ab", pair, strict=True)
    ]
    # Of words that differ in the two texts one may be a formula and the other not.
    return table.assign(number=range(1, len(table) + 1), kind=kinds, formula_chars=list(map(min, *in_formulas)))


def _count_inside(report: Report, start: int, end: int, formulas: tuple[Span, ...]) -> int:
    """Return how many key characters of a span of ``raw`` lie in formulas, given as spans of ``text``."""
    first, last = report.text_map.derived_span(int(start), int(end))
    inside = (
        report.key_map.derived_span(max(low, first), min(high, last))
        for low, high in formulas
        if low < last and high > first
    )
    return sum(high - low for low, high in inside)


def _collection(a: Report, b: Report, reference: Reports | None) -> Reports:
    """Return the reference collection with a and b in front, each text once, under numbers for names."""
    others = {report.raw: report for report in reference or () if report.raw not in (a.raw, b.raw)}
    together = enumerate((a, b, *others.values()))
    return Reports(tuple(replace(report, report_id=str(number)) for number, report in together))


def _formulas(collection: Reports) -> dict[str, tuple[Span, ...]]:
    found = find_formulas(collection, min_reports=FORMULA_REPORTS, min_chars=FORMULA_CHARS)
    places = list(chain.from_iterable(found["places"]))
    return {
        side: _join(report.text_map.derived_span(start, end) for name, start, end in places if name == number)
        for side, number, report in (("a", "0", collection[0]), ("b", "1", collection[1]))
    }


def _join(spans: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Return overlapping spans as one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, end))
        else:
            joined.append(Span(start, end))
    return tuple(joined)


class Comparison(ComparedPair):
    """A comparison that shows itself in a notebook, and makes a page of its own."""

    __slots__ = ()

    def page(self) -> str:
        """Return the comparison as an HTML document that needs nothing but itself."""
        content = comparison_html(self, level=1)
        return document(" – ".join(self.labels), content, skip_to=texts_id(self), skip_label="Skip to the two texts")

    def _repr_html_(self) -> str:
        return comparison_html(self, level=3)


def comparison_html(comparison: ComparedPair, *, level: int) -> str:
    """Return a comparison as HTML with inline styles.

    Parameters
    ----------
    comparison : Comparison
    level : int
        Of its own heading, 1 to 5; those of its parts are one lower.
    """
    head, below = f"h{level}", f"h{level + 1}"
    names = [as_html(label) for label in comparison.labels]
    parts = {
        "The two reports": _facts(comparison),
        "How alike they are": _measures(comparison),
        "How to read this page": _key(comparison),
        "Passages": _list(comparison),
        "The two texts": texts_html(comparison),
        "How to cite": _citation(comparison),
    }
    sections = []
    for title, content in parts.items():
        short = ' class="whole"' if title not in ("Passages", "The two texts") else ""
        place = f' id="{texts_id(comparison)}"' if title == "The two texts" else ""
        sections.append(f"<section{short}><{below}{place}>{title}</{below}>{content}</section>")
    return (
        f'<article style="line-height:1.6"><{head}><span lang="zh-Hans">{names[0]}</span> and '
        f'<span lang="zh-Hans">{names[1]}</span>, side by side</{head}>'
        f"{_summary(comparison)}{''.join(sections)}</article>"
    )


def _summary(comparison: ComparedPair) -> str:
    n_passages = len(comparison.passages)
    if not n_passages:
        return (
            "<p>These two reports share no passage: nowhere do they have as many characters on end in common as one "
            "needs, by default 12. Both stand below in full.</p>"
        )
    shares = list(_shares(comparison))
    n_moved = int((comparison.passages["order"] == "moved").sum())
    moved = f" Of these, {n_moved} stand in another order." if n_moved else ""
    return (
        f"<p><b>{count(n_passages, 'shared passage')}</b>.{moved} In them lie {shares[0]} and {shares[1]}. "
        "Counted are Chinese characters, letters and digits of the bodies; punctuation, its width and spaces are not "
        "compared.</p>"
    )


def _shares(comparison: ComparedPair) -> Iterator[str]:
    for label, side in zip(comparison.labels, "ab", strict=True):
        report: Report = getattr(comparison, side)
        starts_and_ends = zip(comparison.passages[f"start_{side}"], comparison.passages[f"end_{side}"], strict=True)
        spans = (report.key_span(int(start), int(end)) for start, end in starts_and_ends)
        held = len(set(chain.from_iterable(range(*span) for span in spans)))
        start, end = report.key_span(*report.layout.body)
        yield f"{held:,} of the {end - start:,} characters of {as_html(label)} ({held / max(end - start, 1):.1%})"


def texts_id(comparison: ComparedPair) -> str:
    """Return the id of the place where the two texts begin."""
    return f"{id_prefix(comparison)}-texts"


def _facts(comparison: ComparedPair) -> str:
    a, b = comparison.a, comparison.b
    sources = (a.source, b.source)
    read = [(source.file, source.reader if source.text_sha256 else source.encoding) for source in sources]
    rows = [
        (FACT_LABELS[name], *(_fact(report.value(name)) for report in (a, b)))
        for name in _FACTS
        if any(report.value(name) is not None for report in (a, b))
    ]
    rows += [
        ("Report", *(f"<code>{as_html(report.report_id)}</code>" for report in (a, b))),
        ("File", *(f"<code>{as_html(file)}</code>, {as_html(reader)}" for file, reader in read)),
        ("Characters", *(f"{len(report.raw):,}" for report in (a, b))),
        ("sha256", *(f'<code style="word-break:break-all">{report.source.sha256}</code>' for report in (a, b))),
    ]
    head = [f"{side}: {as_html(label)}" for side, label in zip("AB", comparison.labels, strict=True)]
    return ruled_table(["", *head], rows, label="Facts of the two reports")


def _fact(value: object) -> str:
    return "–" if value is None else f'<span lang="zh-Hans" style="word-break:break-all">{as_html(str(value))}</span>'


def _measures(comparison: ComparedPair) -> str:
    told = {column.name: as_html(column.meaning) for column in columns_of("compare_reports")}
    rows = [(as_html(name), _measure(value), told.get(name, "")) for name, value in comparison.measures.items()]
    reference = comparison.reference
    note = "No reference collection was given: no words are told to be formulas, and the cosine has no weights."
    if reference:
        listed = ", ".join(map(as_html, reference[:12]))
        more = f" and {len(reference) - 12} more" if len(reference) > 12 else ""
        note = f"Reference collection: {count(len(reference), 'report')} ({listed}{more})."
    shown = ruled_table(
        ["measure", "value", "what it says (n-grams: 8 characters in a row)"],
        rows,
        styles={1: "text-align:right"},
        label="Measures",
    )
    return f'{shown}<p style="{QUIET};margin:4px 0">{note}</p>'


def _measure(value: Any) -> str:
    if value != value:
        return "–"
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}"


def _key(comparison: ComparedPair) -> str:
    looks = [f'<li><span style="{mark_style(kind)}">文字</span> {meaning}</li>' for kind, meaning in _KINDS.items()]
    sample = "border:1px solid #808080;border-radius:6px;padding:0 4px;font-size:72%"
    a, b = (as_html(label) for label in comparison.labels)
    for row in rows_of(comparison.passages.head(1)):
        number, place = row["number"], f"{row['start_a']}:{row['end_a']}"
        looks.append(
            f'<li><span style="{sample}"><b>{number}</b> ↔ {place}</span> passage {number} begins: its place in the '
            f"file, and the way to its counterpart; ]{number}: it ends. “moved”: it stands in another order; "
            "“repeated”: words that the other report has twice</li>"
        )
    begins = comparison.a.layout.body.start
    looks += [
        f"<li>{_sample('replaced')} other words in the other report; {_sample('deleted')} only in {a}; "
        f"{_sample('inserted')} only in {b}; "
        f'<b style="{ABSENCE}">^</b> the other report has more here</li>',
        f'<li><span style="font-size:70%;{QUIET}">{begins}</span> where a paragraph begins. All places count the '
        "characters of the decoded file from 0, the end not included</li>",
        f'<li><span style="font-size:85%;{QUIET}">文字</span> outside the body of the report: the page around it</li>',
    ]
    return f'<ul style="margin:4px 0;padding-left:1.4em">{"".join(looks)}</ul>'


def _sample(kind: str) -> str:
    return f'<{EDIT_TAGS[kind]} style="{EDIT_STYLES[kind]}">文字</{EDIT_TAGS[kind]}>'


def _list(comparison: ComparedPair) -> str:
    rows = rows_of(comparison.passages)
    if not rows:
        return "<p>None.</p>"
    prefix = id_prefix(comparison)
    cells = [
        (
            str(row["number"]),
            *(f'<a href="#{prefix}-{side}{row["number"]}">{places(row, side)}</a>' for side in "ab"),
            f"{row['matched_chars']:,}",
            f"{row['similarity']:.2f}",
            str(row["n_edits"]),
            "" if row["order"] == "in order" else row["order"],
            _kind(row),
            f'<span lang="zh-Hans">{as_html(_cut(row["text_a"]))}</span>',
        )
        for row in rows
    ]
    a, b = (as_html(label) for label in comparison.labels)
    head = ["No.", f"in {a}", f"in {b}", "chars", "similarity", "edits", "order", "kind", "words"]
    right = dict.fromkeys((3, 4, 5), "text-align:right") | {8: "width:45%"}
    scroll = f' class="scroll" tabindex="0" style="{_SCROLL}"' if len(rows) > 12 else ""
    note = ""
    if comparison.n_within:
        left_out = f"Left out: {count(comparison.n_within, 'passage')} inside those listed in order, in both reports"
        note = f'<p style="{QUIET};margin:4px 0">{left_out}: the same words once more.</p>'
    return f"<div{scroll}>{ruled_table(head, cells, styles=right, label='Shared passages')}</div>{note}"


def _kind(row: Row) -> str:
    matched, formula = int(row["matched_chars"]), int(row["formula_chars"])
    kind: Look = "formula" if row["kind"] == "shared" and formula >= matched else row["kind"]
    part = f", {formula} of it formula" if row["kind"] == "shared" and 0 < formula < matched else ""
    return f'<span style="{mark_style(kind)}">{kind}</span>{part}'


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"


def _citation(comparison: ComparedPair) -> str:
    a, b = comparison.a, comparison.b
    rows = rows_of(comparison.passages)
    pair = f"{as_html(a.report_id)} and {as_html(b.report_id)}"
    if rows:
        row = max(rows, key=lambda row: row["matched_chars"])
        places = [
            f"{as_html(report.report_id)}:{row[f'start_{side}']}-{row[f'end_{side}']}"
            for side, report in zip("ab", (a, b), strict=True)
        ]
        sample = " = ".join(places)
        pair = f"the longest passage is <code>{sample}</code>"
    return (
        "<p>Cite a passage by report and place, each with issuer, title and year; "
        f"{pair}. A place counts the characters of the file, decoded as said above, from 0 and without the end; with "
        "the sha256 anybody can tell whether a file is the same. "
        f"Made with fazhi-workbook {as_html(__version__)}.</p>"
    )
