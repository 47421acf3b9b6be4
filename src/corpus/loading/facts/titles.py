"""The title of a report."""

from __future__ import annotations

import re

from corpus.loading.facts.labelled import find_labelled
from corpus.loading.page.layout import PageLayout, TextSpan
from corpus.loading.page.lines import is_title
from corpus.report.values import Fact, Span

_KIND_OF_PAGE = re.compile(r"[【\[][^】\]\n]{1,12}[】\]]\s*|附\s?件\s?\d{0,2}\s?[:：]\s*|标题(?=[\u4e00-\u9fff])")
_ANNOUNCED = re.compile(r"现将[^《\n]{0,40}《([^》\n]{2,60})》")
TITLE_LABELS = "标题|信息标题|信息名称|名称|ArticleTitle"


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
