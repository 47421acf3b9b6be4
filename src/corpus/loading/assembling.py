"""One report out of a decoded file: every room of loading in the order that a report walks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from corpus.loading.facts.deciding import add_from_name, early_date_notices, infer_facts, place_by_issuer
from corpus.loading.facts.told_by_tables import fit_to_table, infer_with_title
from corpus.loading.files.decoding import Document
from corpus.loading.page.fixes import make_key, normalise
from corpus.loading.page.layout import PageLayout, TextSpan, locate_layout
from corpus.loading.page.lines import fold_digits, name_reason
from corpus.loading.page.notices import make_legible, text_notices, without_pinyin
from corpus.loading.page.sections import locate_headings, locate_parts
from corpus.report.reports import Report
from corpus.report.values import CATALOGUE_FACTS, FACTS, Fact, Heading, Layout, Notice, OffsetMap, Part, SetAside, Span

_FEWEST_BODY_CHARS = 16
_OPENING_CHARS = 10 * _FEWEST_BODY_CHARS
_AS_PRINTED = ("title", "issuer", "township", "source", "document_number")


def assemble_report(report_id: str, document: Document, *, catalogue_facts: Mapping[str, str | int]) -> Report:
    """Make a report of a document; spans that were found in ``text`` are given in ``raw``.

    What the catalogue says of the file goes before what other columns of its table say, and both before its text.
    """
    text, changes, text_map = normalise(document.raw)
    key, key_map = make_key(text)
    legible, legible_map = make_legible(text)
    legible = fold_digits(legible)
    n_page = _end_of_page(document, text_map, legible_map)
    layout = locate_layout(legible[:n_page])
    if n_page < len(legible):
        layout.set_aside.append(SetAside(n_page, len(legible), "notes"))
    headings = locate_headings(layout.lines)
    title = str(document.facts.get("title", "")) if not catalogue_facts else ""
    inferred, notices = (
        infer_with_title(legible, layout, headings, title) if title else infer_facts(legible, layout, headings)
    )
    notices += add_from_name(report_id.rpartition("/")[2], inferred)
    given = {**fit_to_table(document.facts, inferred), **catalogue_facts}
    if given.get("issuer"):
        place_by_issuer(str(given["issuer"]), inferred)
    notices += early_date_notices(inferred, given.get("year_reviewed", inferred["year_reviewed"].value))
    year_reviewed = inferred["year_reviewed"].value or given.get("year_reviewed")  # headings go by the text's own year
    parts = locate_parts(
        layout.lines, layout.body, headings, year_reviewed=year_reviewed if isinstance(year_reviewed, int) else None
    )
    to_raw = _Placing(text, text_map, legible, legible_map)
    facts = {name: to_raw.fact(name, fact) for name, fact in inferred.items()}
    facts, disagreements = _with_given(facts, given, in_catalogue=catalogue_facts.keys())
    return Report(
        report_id=report_id,
        source=document.source,
        raw=document.raw,
        text=text,
        key=key,
        text_map=text_map,
        key_map=key_map,
        changes=changes,
        layout=to_raw.layout(layout, inferred["title"]),
        headings=tuple(to_raw.heading(heading) for heading in headings),
        parts=tuple(to_raw.part(part) for part in parts),
        facts=MappingProxyType(facts),
        warnings=(
            *document.notices,
            *_short_body(legible, layout),
            *map(to_raw.notice, notices),
            *(_in_raw(notice, text_map) for notice in text_notices(text)),
            *disagreements,
        ),
    )


def _short_body(legible: str, layout: PageLayout) -> list[Notice]:
    """Say where hardly a word of a report was found on a page that holds others."""
    start, end = layout.body
    n_body = sum(map(str.isalnum, legible[start : min(end, start + _OPENING_CHARS)]))
    if n_body >= _FEWEST_BODY_CHARS or not (layout.set_aside or layout.titles):
        return []
    message = f"the body holds {n_body} characters; the text may be in another file, or was not saved with the page"
    return [Notice("short-body", message)]


def _end_of_page(document: Document, text_map: OffsetMap, legible_map: OffsetMap) -> int:
    """Return where in the legible text the notes at the foot begin, or where it ends."""
    if document.notes is None:
        return legible_map.length
    start = text_map.derived_span(document.notes, text_map.source_length)[0]
    return legible_map.derived_span(start, legible_map.source_length)[0]


def _in_raw(notice: Notice, text_map: OffsetMap) -> Notice:
    return (
        notice if notice.evidence is None else replace(notice, evidence=Span(*text_map.source_span(*notice.evidence)))
    )


class _Placing:
    """Gives what was found in the legible form its place in ``raw`` and its words as printed."""

    def __init__(self, text: str, text_map: OffsetMap, legible: str, legible_map: OffsetMap) -> None:
        self._text = text
        self._text_map = text_map
        self._legible = legible
        self._legible_map = legible_map
        self._as_found = text_map.is_identity and legible_map.is_identity

    def span(self, span: TextSpan) -> Span:
        if self._as_found:
            return Span(*span)
        return Span(*self._text_map.source_span(*self._legible_map.source_span(*span)))

    def words(self, span: TextSpan) -> str:
        start, end = self._legible_map.source_span(*span)
        return self._text[start:end]

    def fact(self, name: str, fact: Fact) -> Fact:
        """Return a fact with its evidence in ``raw``; titles and the like are given as printed."""
        if fact.evidence is None:
            return fact
        read = "".join(self._legible[fact.evidence.start : fact.evidence.end].split())
        value = fact.value
        if name in _AS_PRINTED and isinstance(value, str) and "".join(value.split()) == read:
            printed = _one_line(self.words(fact.evidence))
            value = "".join(without_pinyin(printed).split()) if name == "issuer" else printed
        return Fact(value, fact.basis, self.span(fact.evidence), fact.readings)

    def notice(self, notice: Notice) -> Notice:
        return notice if notice.evidence is None else replace(notice, evidence=self.span(notice.evidence))

    def heading(self, heading: Heading) -> Heading:
        found = (heading.start, heading.end)
        start, end = self.span(found)
        label_start = self.span((heading.label_start, heading.end)).start
        return replace(heading, text=self.words(found), start=start, end=end, label_start=label_start)

    def part(self, part: Part) -> Part:
        start, end = self.span((part.start, part.end))
        return replace(part, start=start, end=end)

    def layout(self, layout: PageLayout, title: Fact) -> Layout:
        return Layout(
            body=self.span(layout.body),
            title=self.span(title.evidence) if title.evidence else None,
            salutation=self.span(layout.salutation) if layout.salutation else None,
            signature=self.span(layout.signature) if layout.signature else None,
            set_aside=tuple(SetAside(*self.span(span), reason) for span, reason in self._set_aside(layout, title)),
        )

    def _set_aside(self, layout: PageLayout, title: Fact) -> list[tuple[TextSpan, str]]:
        """Return the clutter of a page and its titles that stand there again, in the order of the page."""
        end = title.evidence.end if title.evidence else 0
        again = [(span, name_reason("title", "")) for span in layout.titles if span[0] >= end]
        return sorted([*(((start, end), reason) for start, end, reason in layout.set_aside), *again])


def _one_line(words: str) -> str:
    """Return words that were printed on one or several lines on one line, other spaces as they are."""
    return re.sub(r"\s*\n\s*", " ", words)


def _with_given(
    facts: Mapping[str, Fact], given: Mapping[str, str | int], *, in_catalogue: Collection[str]
) -> tuple[dict[str, Fact], list[Notice]]:
    """Let a person's values win; keep the text's evidence where it shows the same, report where it does not."""
    joined = {name: facts.get(name, Fact()) for name in (*FACTS, *CATALOGUE_FACTS)}
    disagreements = []
    for name, value in given.items():
        found = joined[name]
        agrees = found.value == value
        if not agrees and found.value is not None:
            code, giver = ("catalogue", "the catalogue") if name in in_catalogue else ("table", "the table's column")
            message = f"{name}: {giver} says {value}, the text {found.value}"
            disagreements.append(Notice(f"disagrees-with-{code}", message, found.evidence))
        shown = agrees or value in found.readings
        joined[name] = Fact(value, "catalogue", found.evidence if shown else None) if value != "" else Fact()
    return joined, disagreements
