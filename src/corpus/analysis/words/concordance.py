"""Every place where a term stands, with its context."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    tree = _tree_of([terms] if isinstance(terms, str) else terms, reports.lexicon.simplified)
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
        for term, start, end, sentence in _places(report, tree, role)
    ]


class _Node:
    """A place in the tree of the terms' characters, and the terms that end there."""

    __slots__ = ("branches", "terms")

    def __init__(self) -> None:
        self.branches: dict[str, _Node] = {}
        self.terms: list[str] = []


def _tree_of(terms: Iterable[str], simplified: Mapping[str, str]) -> _Node:
    root = _Node()
    for term in sorted(set(terms)):
        node = root
        for character in key_of(term, simplified):
            node = node.branches.setdefault(character, _Node())
        if node is root:
            raise CorpusError(f"the term {term!r} has no letter, digit or Han character, and nothing else is searched")
        node.terms.append(term)
    if not root.branches:
        raise CorpusError("no term was given; give at least one")
    return root


def _places(report: Report, tree: _Node, role: Role | None) -> Iterator[tuple[str, int, int, Passage]]:
    """Yield terms with start and end in ``raw`` and their sentence, in the order of start, then end, then term."""
    for sentence in report.passages("sentence", role=role):
        first, last = report.key_span(sentence.start, sentence.end)
        key = report.key[first:last]
        for start in range(len(key)):
            node, end = tree, start
            while end < len(key) and (branch := node.branches.get(key[end])) is not None:
                node, end = branch, end + 1
                if node.terms:
                    span = report.raw_span(first + start, first + end)
                    yield from ((term, *span, sentence) for term in node.terms)


def _in_context(report: Report, start: int, end: int, context_chars: int) -> tuple[str, str, str]:
    body_start, body_end = report.text_map.derived_span(*report.layout.body)
    start, end = report.text_map.derived_span(start, end)
    before = report.text[max(body_start, start - context_chars) : start]
    after = report.text[end : min(body_end, end + context_chars)]
    return before.rpartition("\n")[2], report.text[start:end], after.partition("\n")[0]
