"""What a table's other columns tell of a report: its title is read like one, its places are given their full names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus.field.data_files import data_path
from corpus.loading.facts.deciding import infer_facts
from corpus.loading.facts.places import Place, load_divisions, resolve
from corpus.loading.facts.titles import find_title
from corpus.loading.page.headings import FoundHeading, locate_headings
from corpus.loading.page.layout import PageLayout, locate_layout
from corpus.report.values import Fact, Notice, Span

_PLACES = ("county", "prefecture", "province")


def infer_with_title(
    text: str, layout: PageLayout, headings: Sequence[FoundHeading], title: str
) -> tuple[dict[str, Fact], list[Notice]]:
    """Return what `infer_facts` returns, as if a title that stands in a column of its own stood above the text.

    What the title alone shows is ``inferred`` and has no evidence, which counts code points of ``text``. A title that
    the text opens with is not put there twice.
    """
    if _bare(text[: 4 * len(title)]).startswith(_bare(title)):
        return infer_facts(text, layout, headings)
    head = f"{' '.join(title.split())}\n"
    page = locate_layout(head + text)
    facts, notices = infer_facts(head + text, page, locate_headings(page.lines))
    moved = {name: _moved(fact, len(head)) for name, fact in facts.items()}
    own = find_title(text, layout)
    if isinstance(own.value, str) and not _alike(own.value, title):
        moved["title"] = own
    return moved, [replace(notice, evidence=_span(notice.evidence, len(head))) for notice in notices]


def _bare(words: str) -> str:
    return "".join(character for character in words if character.isalnum())


def _alike(one: str, other: str) -> bool:
    return _bare(one) in _bare(other) or _bare(other) in _bare(one)


def _moved(fact: Fact, by: int) -> Fact:
    evidence = _span(fact.evidence, by)
    basis = "inferred" if evidence is None and fact.basis == "stated" else fact.basis
    return Fact(fact.value, basis, evidence, fact.readings)


def _span(span: Span | None, by: int) -> Span | None:
    return None if span is None or span.start < by else Span(span.start - by, span.end - by)


def fit_to_table(given: Mapping[str, str | int], inferred: Mapping[str, Fact]) -> dict[str, str | int]:
    """Return the values of a table's columns as the facts of a report are written.

    A place gets its official name where its name, with the places above it in the same row, means one division (烟台
    in 山东 is 烟台市); the lowest also gives the code. An issuer without its place (教育局) is left to the text where
    the text names it in full.
    """
    facts = dict(given)
    issuer, named = facts.get("issuer"), inferred["issuer"].value
    if isinstance(issuer, str) and isinstance(named, str) and named != issuer and named.endswith(issuer):
        del facts["issuer"]
    year = facts.get("year_reviewed", inferred["year_reviewed"].value)
    names = [str(facts[name]).strip() for name in reversed(_PLACES) if name in facts]
    meant = _meant(names, year if isinstance(year, int) else None)
    if meant is None:
        return facts
    for name in _PLACES:
        full = getattr(meant, name)
        if full is None:
            facts.pop(name, None)  # 北京市 in a column of cities, 市辖区 in one of counties
        elif name in facts or inferred[name].value is None:
            facts[name] = full
    if meant.county is not None:
        facts.setdefault("adcode", meant.code)
    return facts


def _meant(names: Sequence[str], year: int | None) -> Place | None:
    """Return the one division that the last of some names means, which the names before it lie above."""
    if not names:
        return None
    table = load_divisions(data_path("places", "divisions.csv"))
    above = {row.code for name in names[:-1] for row in table.named(name)}
    found = resolve(names[-1], table, year=year)
    within = [place for place in found if {f"{place.code[:2]}0000", f"{place.code[:4]}00"} & above]
    meant = within if above and names[-1] not in names[:-1] else found
    return meant[0] if len(meant) == 1 else None
