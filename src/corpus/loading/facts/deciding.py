"""Everything a page says of itself, each fact with its basis and evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from corpus.loading.facts.genre import tell_genre
from corpus.loading.facts.issuers import find_issuer
from corpus.loading.facts.labelled import (
    date_fact,
    find_delivered,
    find_document_number,
    find_labelled,
    find_published,
    labelled_values,
    opens_with_date,
)
from corpus.loading.facts.standing import PLACE_FACTS
from corpus.loading.facts.year_reviewed import find_year_reviewed
from corpus.loading.page.layout import PageLayout, TextSpan, locate_layout
from corpus.loading.page.lines import is_title, name_reason
from corpus.report.values import Basis, Fact, Heading, Notice, Span

_KIND_OF_PAGE = re.compile(r"[【\[][^】\]\n]{1,12}[】\]]\s*|附\s?件\s?\d{0,2}\s?[:：]\s*|标题(?=[\u4e00-\u9fff])")
_ANNOUNCED = re.compile(r"现将[^《\n]{0,40}《([^》\n]{2,60})》")


def find_title(text: str, layout: PageLayout) -> Fact:
    """Return the first title before the body; a title on two lines is joined with a space.

    A title that is repeated is given once. Inner spaces stay as printed; 【工作总结】 and the like before it are not in
    it. Where no line is a title, the page's label 标题 counts, then the document that a note before it announces
    (现将《…》予以公布).
    """
    if not layout.titles:
        labelled = find_labelled(text, labelled_values(text, layout.clutter), "title")
        if isinstance(labelled.value, str) and is_title(labelled.value):
            return labelled
        announced = (_ANNOUNCED.search(text, *span) for span in layout.clutter)
        found = next((match for match in announced if match and is_title(match[1])), None)
        return Fact(found[1], "stated", Span(*found.span(1))) if found else Fact()
    halves: list[TextSpan] = []
    for start, end in layout.titles:
        if halves and start - halves[-1][1] > 8:
            break
        halves.append((start, end))
        if is_title(text[start:end]):
            break
    kind_of_page = _KIND_OF_PAGE.match(text, *halves[0])
    if kind_of_page:
        halves[0] = (kind_of_page.end(), halves[0][1])
    value = " ".join(text[start:end] for start, end in halves)
    return Fact(value, "stated", Span(halves[0][0], halves[-1][1]))


_LATEST_ZONE = timedelta(hours=14)
_RELEASED = "2026-11-01"


def infer_facts(text: str, layout: PageLayout, headings: Sequence[Heading]) -> tuple[dict[str, Fact], list[Notice]]:
    """Return the facts of a page by the names in ``corpus.report.values.FACTS``, and what a reader should know of them.

    Evidence spans count code points of ``text``.
    """
    body_start, body_end = layout.body
    before = [span for span in layout.dates if span[0] < body_start]
    around = [stretch for stretch in layout.set_aside if stretch.reason != name_reason("cover", "")]
    before += [(start, end) for start, end, _ in around if start < body_start and opens_with_date(text, (start, end))]
    after = [span for span in layout.dates if span[0] >= body_end]
    # A day in brackets below the title is the document's own.
    own = [span for span in layout.dates if span[0] < body_start and text[span[0]] in "(（" and layout.titles]
    values = list(labelled_values(text, layout.clutter))
    title = find_title(text, layout)
    dates = {
        "published": find_published(text, values, [span for span in before if span not in own]),
        "signed": date_fact(text, [*own, *after][-1]) if own or after else Fact(),
        "delivered": find_delivered(text, body_start),
    }
    future = _take_out_future(dates)
    genre = tell_genre(text, layout, title)
    dates["year_reviewed"], notices = find_year_reviewed(text, layout, title, headings, dates, sure=genre.is_report)
    future += _take_out_future(dates)
    year_reviewed = dates["year_reviewed"]
    year = year_reviewed.value if isinstance(year_reviewed.value, int) else None
    if year is not None and not genre.reviews_a_year:  # a plan is for its year, news tell of a day in it
        dates["year_reviewed"] = Fact(None, "ambiguous", year_reviewed.evidence, (year,))
    facts = {
        "title": title,
        **find_issuer(text, layout, title, values, year=year, reports=genre.is_report),
        **dates,
        "source": find_labelled(text, values, "source"),
        "document_number": find_document_number(text, values, body_start),
    }
    return facts, [*notices, *future, *_date_notices(facts, future), *([genre.notice] if genre.notice else [])]


def add_from_name(name: str, facts: dict[str, Fact]) -> list[Notice]:
    """Fill in year, issuer and place from the name of a file that reads as a title, where the text shows none.

    What comes from there is ``inferred`` and has no evidence in the text; a notice says so.
    """
    lacking = [fact for fact in ("year_reviewed", "issuer") if facts[fact].basis == "absent"]
    if not lacking or not is_title(name):
        return []
    found = _told_by_title(name)
    taken = [name for name in lacking if found[name].basis != "absent"]
    if not taken:
        return []
    for each in (*taken, *(PLACE_FACTS if "issuer" in taken else ())):
        if facts[each].basis == "absent" and found[each].basis != "absent":
            basis: Basis = "inferred" if found[each].value is not None else "ambiguous"
            facts[each] = Fact(found[each].value, basis, None, found[each].readings)
    return [
        Notice("from-file-name", f"{' and '.join(taken)} taken from the name of the file, {name}; the text has none")
    ]


@lru_cache(maxsize=1024)
def _told_by_title(title: str) -> Mapping[str, Fact]:
    text = f"{title}\n。"
    return infer_facts(text, locate_layout(text), ())[0]


def place_by_issuer(issuer: str, facts: dict[str, Fact]) -> None:
    """Let the place be that in the name of an issuer that a person gave, where the text is of another or of none.

    What the text says of a place then belongs to somebody else.
    """
    found = _told_by_title(f"{issuer}关于法治政府建设情况的报告")
    own = facts["issuer"].value
    if own is None or own not in (issuer, found["issuer"].value):
        for name in PLACE_FACTS:
            fact = found[name]
            readings = fact.readings if fact.value is None else ()
            facts[name] = Fact(
                fact.value, fact.basis if fact.basis in ("absent", "ambiguous") else "inferred", None, readings
            )


def _take_out_future(dates: dict[str, Fact]) -> list[Notice]:
    """Leave days and years that lie in the future without a value, with their reading kept, and say so.

    Today is where the day is furthest on, so that the time zone does not matter. No day before the release is the
    future, whatever the clock of a machine says.
    """
    latest = max(_RELEASED, (datetime.now(UTC) + _LATEST_ZONE).date().isoformat())
    notices = []
    for name, fact in dates.items():
        if fact.value is not None and str(fact.value) > latest:
            dates[name] = Fact(None, "ambiguous", fact.evidence, (fact.value,))
            notices.append(Notice("future-date", f"{name} reads {fact.value}, which lies in the future", fact.evidence))
    return notices


def _date_notices(facts: dict[str, Fact], future: list[Notice]) -> list[Notice]:
    notices = []
    for name in ("published", "signed"):
        fact = facts[name]
        if fact.basis == "ambiguous" and all(notice.evidence != fact.evidence for notice in future):
            readings = " or ".join(str(reading) for reading in fact.readings)
            notices.append(Notice("ambiguous-date", f"{name} may be read as {readings}", fact.evidence))
        elif fact.basis == "inferred":
            message = f"a date that lost characters; {name} is read as {fact.value}"
            notices.append(Notice("lost-characters", message, fact.evidence))
    return notices


def early_date_notices(facts: Mapping[str, Fact], year: object) -> list[Notice]:
    """Return a notice for each day that lies before the end of the year reviewed, whoever says the year."""
    notices = []
    for name in ("published", "signed"):
        fact = facts[name]
        if isinstance(fact.value, str) and isinstance(year, int) and fact.value < f"{year}-12-31":
            message = f"{name} on {fact.value}, before the year under review, {year}, had ended"
            notices.append(Notice("early-date", message, fact.evidence))
    return notices
