"""The title of a report, and the year it reviews."""

from __future__ import annotations

import re

from corpus.loading.facts.labelled import find_labelled
from corpus.loading.page.layout import PageLayout, TextSpan
from corpus.loading.page.lines import is_title
from corpus.report.values import Fact, Notice, Span

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?度?")
_OPENING_YEAR = re.compile(r"[\s\u3000]*((?:19|20)\d\d)\s*年")
_KIND_OF_PAGE = re.compile(r"[【\[][^】\]\n]{1,12}[】\]]\s*|标题(?=[\u4e00-\u9fff])")
_ANNOUNCED = re.compile(r"现将[^《\n]{0,40}《([^》\n]{2,60})》")
TITLE_LABELS = "标题|信息标题|信息名称|名称|ArticleTitle"
_LEAD_CHARS = 200
_QUOTED = re.compile(r"《[^》\n]*》|[(（][^)）\n]*[)）]|[〔\[]\d{4}[〕\]]")


def find_title(text: str, layout: PageLayout) -> Fact:
    """Return the first title before the body; a title on two lines is joined with a space.

    A title that is repeated is given once. Inner spaces stay as printed; 【工作总结】 and the like before it are not in
    it. Where no line is a title, the page's label 标题 counts, then the document that a note before it announces
    (现将《…》予以公布).
    """
    if not layout.titles:
        labelled = find_labelled(text, layout.clutter, TITLE_LABELS)
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


def find_year_reviewed(text: str, layout: PageLayout, title: Fact) -> tuple[Fact, list[Notice]]:
    """Return the year a report is about, and a notice where title and opening name different years.

    Where the body opens with 20XX年, that is the year reviewed: it was in every one of 106 public pages looked at. Then
    the title's year, then the first year of the lead outside titles of documents and brackets. A title with two
    years, and no such opening, is ambiguous. Without any of these, the year before the signature's date is inferred.
    """
    opening = _OPENING_YEAR.match(text, layout.body[0])
    in_title = _years(text, title.evidence) if title.evidence else []
    if opening is not None:
        year = int(opening[1])
        same = next((span for found, span in in_title if found == year), None)
        fact = Fact(year, "stated", same or Span(opening.start(1), opening.end(1)))
        if in_title and same is None:
            message = f"the title speaks of {in_title[0][0]}, the body opens with {year}"
            return fact, [Notice("years-disagree", message, in_title[0][1])]
        return fact, []
    if len({year for year, _ in in_title}) == 1:
        return Fact(in_title[0][0], "stated", in_title[0][1]), []
    if in_title:
        readings = tuple(sorted({year for year, _ in in_title}))
        return Fact(None, "ambiguous", title.evidence, readings), []
    lead = _years(text, Span(layout.body[0], min(layout.body[1], layout.body[0] + _LEAD_CHARS)))
    if lead:
        return Fact(lead[0][0], "stated", lead[0][1]), []
    return Fact(), []


def _years(text: str, span: Span) -> list[tuple[int, Span]]:
    """Return the years named in a span outside 《》 and brackets, which hold the periods of laws and plans."""
    stretch = _QUOTED.sub(lambda match: " " * len(match[0]), text[span.start : span.end])
    return [
        (int(match[1]), Span(span.start + match.start(1), span.start + match.end(1)))
        for match in _YEAR.finditer(stretch)
        if match[0] != match[1] or not stretch[match.end() : match.end() + 1].isdigit()
    ]
