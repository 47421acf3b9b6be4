"""Every place where a term stands, with its context."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from corpus.errors import CorpusError
from corpus.field.data_files import key_of
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


By = Literal["place", "term", "year"]

_MOST_BETWEEN = 12
"""How many key characters * stands for at most."""
_PER = 10_000


@tabulated
def find_terms(
    reports: Reports,
    terms: str | Iterable[str],
    *,
    by: By = "place",
    role: Role | None = None,
    regex: bool = False,
    context_chars: int = _CONTEXT_CHARS,
) -> pd.DataFrame:
    """Return every place where one of the terms stands, or how often and how evenly each term, or when.

    Terms are matched on ``key``, so that quotes, punctuation, its width and spaces do not count: 三重一大 is found
    in “三重一大”, and 双随机、一公开 with its 、 and without. Only the body is searched, and no term is found across
    the end of a sentence. Terms inside other terms are found too. ``*`` stands for up to 12 key characters, whatever
    signs are between them; of two places that end together the shorter counts: 推进*建设.

    Parameters
    ----------
    reports : Reports
    terms : str or iterable of str
        Each is searched once, however often it is given. Traditional characters are searched as simplified ones.
    by : {"place", "term", "year"}
        What a row is: a place; a term; or a term in a year reviewed.
    role : str, optional
        Only the sentences that begin in a part with this role.
    regex : bool
        Whether terms are regular expressions, searched in each sentence as it is printed; their hits do not overlap.
    context_chars : int
        By place: characters of context on each side, 0 or more; context ends with the paragraph.

    Returns
    -------
    DataFrame
        By place, one row a hit, by report, start, end and term:

        {columns of find_terms}

        By term, in their order, terms that stand nowhere included (`corpus.analysis.words.word_tables` says
        how dispersion is measured):

        {columns of find_terms.term}

        By year, by term and year, years without a hit included. ``attrs["excluded"]`` lists the reports without a year:

        {columns of find_terms.year}

    Raises
    ------
    CorpusError
        If there is no term, or one without a letter, digit or Han character, a regular expression is none, ``by`` is
        another word, or ``context_chars`` is below 0.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> hits = corpus.find_terms(reports, "双随机、一公开", context_chars=4)
    >>> hits.loc[0, ["report_id", "before", "hit", "after"]].tolist()
    ['changchun-2021', '管”、“', '双随机、一公开', '”执法督']
    >>> corpus.find_terms(reports, "法治*建设", by="term")[["n_places", "n_issuers"]].to_numpy().tolist()
    [[76, 5]]
    """
    if by not in get_args(By):
        raise CorpusError(f"by={by!r}: terms are found by {', '.join(get_args(By))}")
    hits = find_hits(reports, terms, role=role, regex=regex, context_chars=context_chars)
    if by == "place":
        return build_table(hits, "find_terms")
    names = dict.fromkeys([terms] if isinstance(terms, str) else terms)
    if by == "term":
        return build_table(_count_by_term(reports, hits, list(names), role), "find_terms.term")
    table = build_table(_count_by_year(reports, hits, list(names), role), "find_terms.year")
    table.attrs["excluded"] = [report.report_id for report in reports if report.year_reviewed is None]
    return table


def _count_by_term(
    reports: Reports, hits: Sequence[Hit], terms: Sequence[str], role: Role | None
) -> Iterator[tuple[Any, ...]]:
    import numpy as np

    from corpus.analysis.words.word_tables import score_dispersions

    sizes: Counter[str] = Counter()
    for report in reports:
        sizes[report.issuer_key] += _key_chars(report, role)
    parts = {issuer: number for number, issuer in enumerate(sizes)}
    for term in terms:
        held = [reports[hit.report_id] for hit in hits if hit.term == term]
        places = np.array([parts[report.issuer_key] for report in held], dtype=np.int64)
        n_issuers, dispersion = score_dispersions(np.zeros_like(places), places, list(sizes.values()))
        n_reports = len({report.report_id for report in held})
        yield term, len(held), n_reports, *((int(n_issuers[0]), float(dispersion[0])) if held else (0, math.nan))


def _count_by_year(
    reports: Reports, hits: Sequence[Hit], terms: Sequence[str], role: Role | None
) -> Iterator[tuple[Any, ...]]:
    by_year: defaultdict[int, list[Report]] = defaultdict(list)
    for report in reports:
        if report.year_reviewed is not None:
            by_year[report.year_reviewed].append(report)
    n_chars = {year: sum(_key_chars(report, role) for report in own) for year, own in by_year.items()}
    counts = Counter((hit.term, hit.report_id) for hit in hits)
    for term in terms:
        for year, own in sorted(by_year.items()):
            naming = [report for report in own if counts[term, report.report_id]]
            n_places = sum(counts[term, report.report_id] for report in naming)
            rate = _PER * n_places / n_chars[year] if n_chars[year] else math.nan
            n_issuers = len({report.issuer_key for report in naming})
            yield term, year, n_places, rate, len(naming), len(own), n_issuers


def _key_chars(report: Report, role: Role | None) -> int:
    return sum(last - first for first, last in (report.key_span(*region) for region in report.regions(role)))


def find_hits(
    reports: Reports,
    terms: str | Iterable[str],
    *,
    role: Role | None = None,
    regex: bool = False,
    context_chars: int = _CONTEXT_CHARS,
) -> list[Hit]:
    """Return what `find_terms` does without making a table of it, for which pandas must be loaded.

    Raises
    ------
    CorpusError
        As `find_terms`.
    """
    if context_chars < 0:
        raise CorpusError(f"context_chars={context_chars} must be 0 or more")
    asked = dict.fromkeys([terms] if isinstance(terms, str) else terms)
    if not asked:
        raise CorpusError("no term was given; give at least one")
    find: Callable[[Report], Iterator[_Place]]
    if regex:
        find = partial(_printed_places, forms=_compile(asked), role=role)
    else:
        find = partial(_places, forms=_forms_of(asked, reports.lexicon.simplified), role=role)
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
        for start, end, term, sentence in sorted(find(report), key=itemgetter(0, 1, 2))
    ]


def _forms_of(terms: Iterable[str], simplified: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return each term with the keys of what stands before, between and behind its stars."""
    forms = {term: tuple(key for part in term.split("*") if (key := key_of(part, simplified))) for term in terms}
    for term, keys in forms.items():
        if not keys:
            raise CorpusError(f"the term {term!r} has no letter, digit or Han character, and nothing else is searched")
    return forms


def _compile(terms: Iterable[str]) -> dict[str, re.Pattern[str]]:
    forms = {}
    for term in terms:
        try:
            forms[term] = re.compile(term)
        except re.error as error:
            raise CorpusError(f"{term!r} is no regular expression: {error}") from None
    return forms


_Place = tuple[int, int, str, Passage]


def _places(report: Report, *, forms: Mapping[str, Sequence[str]], role: Role | None) -> Iterator[_Place]:
    """Yield start and end in ``raw`` of each place, with its term and its sentence."""
    forms = {term: keys for term, keys in forms.items() if keys[0] in report.key}
    if not forms:  # most reports of a large collection
        return
    sentences = report.passages("sentence", role=role)
    spans = [report.key_span(sentence.start, sentence.end) for sentence in sentences]
    starts = [start for start, _ in spans]
    for term, keys in forms.items():
        between = re.compile(f".{{0,{_MOST_BETWEEN}}}?".join(map(re.escape, keys))) if len(keys) > 1 else None
        start = report.key.find(keys[0])
        found: list[tuple[int, int, Passage]] = []
        while start >= 0:
            match = between.match(report.key, start) if between else None
            end = match.end() if match else start + len(keys[0])
            place = bisect_right(starts, start) - 1
            if (match or not between) and place >= 0 and end <= spans[place][1]:
                if found and end == found[-1][1]:
                    found.pop()
                found.append((start, end, sentences[place]))
            start = report.key.find(keys[0], start + 1)
        yield from ((*report.raw_span(start, end), term, sentence) for start, end, sentence in found)


def _printed_places(report: Report, *, forms: Mapping[str, re.Pattern[str]], role: Role | None) -> Iterator[_Place]:
    for sentence in report.passages("sentence", role=role):
        first, last = report.text_map.derived_span(sentence.start, sentence.end)
        for term, form in forms.items():
            for match in form.finditer(report.text, first, last):
                if match[0]:
                    yield *report.text_map.source_span(*match.span()), term, sentence


def _in_context(report: Report, start: int, end: int, context_chars: int) -> tuple[str, str, str]:
    body_start, body_end = report.text_map.derived_span(*report.layout.body)
    start, end = report.text_map.derived_span(start, end)
    before = report.text[max(body_start, start - context_chars) : start]
    after = report.text[end : min(body_end, end + context_chars)]
    return before.rpartition("\n")[2], report.text[start:end], after.partition("\n")[0]
