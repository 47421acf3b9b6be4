"""Every place where a term stands, with its context."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from corpus.errors import CorpusError
from corpus.field.lexicon import key_of
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Passage, Role

if TYPE_CHECKING:
    import pandas as pd

_CONTEXT_CHARS = 20


class Hit(NamedTuple):
    """A place where a term stands: a row of `find_terms`."""

    term: str
    report_id: str
    start: int
    end: int
    before: str
    hit: str
    after: str
    section: str
    role: Role | None


@tabulated
def find_terms(
    reports: Reports, terms: str | Iterable[str], *, role: Role | None = None, context_chars: int = _CONTEXT_CHARS
) -> pd.DataFrame:
    """Return every place where one of the terms stands, with what stands around it.

    Terms are matched on ``key``, so that quotes, punctuation, its width and spaces do not count: 三重一大 is found
    in “三重一大”, and 双随机、一公开 with its 、 and without. Only the body is searched, and no term is found across
    the end of a sentence. Terms inside other terms are found too.

    Parameters
    ----------
    reports : Reports
    terms : str or iterable of str
        Each is searched once, however often it is given. Traditional characters are searched as simplified ones.
    role : str, optional
        Only the sentences that begin in a part with this role.
    context_chars : int
        Characters of context on each side, 0 or more; context ends with the paragraph.

    Returns
    -------
    DataFrame
        One row a hit, by report, start, end and term.

        {columns of find_terms}

    Raises
    ------
    CorpusError
        If there is no term, or one without a letter, digit or Han character, or ``context_chars`` is below 0.

    Examples
    --------
    >>> import corpus
    >>> hits = corpus.find_terms(corpus.load_reports(), "双随机、一公开", context_chars=4)
    >>> hits.loc[0, ["report_id", "before", "hit", "after"]].tolist()
    ['changchun-2021', '管”、“', '双随机、一公开', '”执法督']
    """
    return build_table(find_hits(reports, terms, role=role, context_chars=context_chars), "find_terms")


def find_hits(
    reports: Reports, terms: str | Iterable[str], *, role: Role | None = None, context_chars: int = _CONTEXT_CHARS
) -> list[Hit]:
    """Return what `find_terms` does without making a table of it, for which pandas must be loaded.

    Raises
    ------
    CorpusError
        As `find_terms`.
    """
    if context_chars < 0:
        raise CorpusError(f"context_chars={context_chars} must be 0 or more")
    forms = _forms_of([terms] if isinstance(terms, str) else terms, reports.lexicon.simplified)
    return [
        Hit(
            term,
            report.report_id,
            start,
            end,
            *_in_context(report, start, end, context_chars),
            sentence.section,
            sentence.role,
        )
        for report in reports
        for start, end, term, sentence in sorted(_places(report, forms, role), key=itemgetter(0, 1, 2))
    ]


def _forms_of(terms: Iterable[str], simplified: Mapping[str, str]) -> dict[str, str]:
    """Return each term with its key."""
    forms = {term: key_of(term, simplified) for term in terms}
    if not forms:
        raise CorpusError("no term was given; give at least one")
    for term, key in forms.items():
        if not key:
            raise CorpusError(f"the term {term!r} has no letter, digit or Han character, and nothing else is searched")
    return forms


def _places(report: Report, forms: Mapping[str, str], role: Role | None) -> Iterator[tuple[int, int, str, Passage]]:
    """Yield start and end in ``raw`` of each place, with its term and its sentence."""
    sentences = report.passages("sentence", role=role)
    spans = [report.key_span(sentence.start, sentence.end) for sentence in sentences]
    starts = [start for start, _ in spans]
    for term, key in forms.items():
        for start in find_all(report.key, key):
            place = bisect_right(starts, start) - 1
            if place >= 0 and start + len(key) <= spans[place][1]:
                yield *report.raw_span(start, start + len(key)), term, sentences[place]


def find_all(text: str, words: str, first: int = 0, last: int | None = None) -> Iterator[int]:
    """Yield where words begin in ``text[first:last]``, also where two of these places overlap."""
    start = text.find(words, first, last)
    while start >= 0:
        yield start
        start = text.find(words, start + 1, last)


def _in_context(report: Report, start: int, end: int, context_chars: int) -> tuple[str, str, str]:
    body_start, body_end = report.text_map.derived_span(*report.layout.body)
    start, end = report.text_map.derived_span(start, end)
    before = report.text[max(body_start, start - context_chars) : start]
    after = report.text[end : min(body_end, end + context_chars)]
    return before.rpartition("\n")[2], report.text[start:end], after.partition("\n")[0]
