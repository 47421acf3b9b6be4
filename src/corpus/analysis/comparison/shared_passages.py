"""Which passages two reports share, where they stand in both, how common they are, and who had them first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from corpus.analysis.alignment.exact_chains import Alignments
from corpus.analysis.alignment.passage_pairs import heaviest_rise
from corpus.analysis.comparison.rewordings import add_rewordings, find_rewordings
from corpus.analysis.index.exact_matches import find_matches
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, RawPlaces, lay_keys, locate_places
from corpus.analysis.reuse.base_rates import log_weights
from corpus.analysis.reuse.borrowing import Order, cover_by_sources, cover_shared, tell_first, trace_uptake
from corpus.analysis.reuse.passage_ends import find_larger
from corpus.analysis.reuse.passage_kinds import Printed, find_printed, name_kinds
from corpus.analysis.reuse.passage_search import Found, leave_out, locate_pairs, search, sources_apart
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, tabulated
from corpus.report.values import Role

MOST_QUOTED = 500
"""Reports up to which `find_reuse` quotes the words of its passages unless it is told otherwise."""

_SHORTEST = 4

By = Literal["passage", "report", "shared", "uptake"]


@tabulated
def find_reuse(
    reports: Reports,
    *,
    min_chars: int = 12,
    cap: int | None = None,
    pairs: Iterable[tuple[str, str]] | None = None,
    role: Role | None = None,
    background: Reports | None = None,
    sources: Reports | None = None,
    by: By = "passage",
    quotes: bool | None = None,
    rewordings: bool = False,
) -> pd.DataFrame:
    """Return the passages that two reports share, aligned, each with how common it is and who had it first.

    Exact matches of ``key`` that follow each other in both reports are joined across edits, and extended at both ends
    as long as the words agree. Punctuation, its width, quotes and spaces do not count, since ``key`` has none. Passages
    are found wherever they stand, in any order, and as often as they stand; a report is not compared with itself, but
    two reports with the same text are. A row holds an exact match of ``min_chars`` characters, or twice as many
    characters that agree and a similarity of 0.5 at least. It ends at the ends of words and numerals: a numeral is cut
    in neither report, and a common word not in both (`corpus.analysis.words.word_edges`).

    Where a row begins and ends, and what is counted in it, depends on its two reports alone, whichever of them stands
    first in ``reports`` (of 226,110 rows of 103 cities 16 end elsewhere in the opposite order). Beyond 20,000 pairs,
    rows are listed whose rarest stretch stands in ``cap`` reports at most. Such a row may then end earlier, where words
    follow that more reports have (measured on 103 city reports: 15 to 20 in 100 of the rows end elsewhere); with
    ``pairs`` it is given as it is. `find_formulas` has what more reports have, with its places. n_reports, n_issuers,
    weight and set phrases depend on the collection too: they are counted in ``reports`` and ``sources`` together;
    ``attrs`` say how many these are.

    Guarantee, in the manner of winnowing (Schleimer, Wilkerson & Aiken 2003): wherever two reports have the same
    ``min_chars`` characters of ``key``, these lie in a row, but for pieces of words and numerals at its ends, unless
    more than ``cap`` reports have them, or they stand where a text repeats itself over 256 characters or more
    (`corpus.analysis.index.exact_matches.find_matches`). What more reports have lies in a place of
    ``find_formulas(reports, min_reports=m, min_chars=min_chars)`` for any m up to ``cap`` + 1, unless wherever they
    stand the end of a sentence is among them. Passages without such a match, as where every tenth character was
    changed, are found as a rule, not always.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters of an exact match, 4 or more. The default, 12, is about six words.
    cap : int, optional
        Only rows whose rarest stretch stands in so many reports. By default all rows of up to 20,000 pairs, and beyond
        those with 50: what more reports have is everybody's, one formula, not thousands of pairs.
    pairs : iterable of (str, str), optional
        The ids of pairs: only these, all their rows, however many reports there are.
    role : str, optional
        Only the parts with this role, in all reports.
    background : Reports, optional
        Another collection, in which how common a passage is is counted too; it is not compared. Texts of the reports
        and sources themselves are left out of it.
    sources : Reports, optional
        Texts that the reports may have drawn on: a superior's report, a law, a plan, last year's model. Only passages
        between a report and a source are searched, and report_b is the source; one that is called like a report has
        ``(source)`` behind its id.
    by : {"passage", "report", "shared", "uptake"}
        What a row is: a passage; with sources, a report and a source, with the share of the report that stands there,
        or a passage that two reports share, with the share of it that stands in a source; or who took up how much from
        whom at the latest, sources among them (`corpus.analysis.reuse.borrowing`).
    quotes : bool, optional
        Whether to quote the passages. By default they are quoted where 500 reports or fewer are compared. To read some
        rows of a larger table, ask again with their ``pairs``.
    rewordings : bool
        Whether to add the clauses that say the same in other words, or with other figures, where no passage has them;
        n_reports and n_issuers of such a row say who has the rarer of its clauses, in whatever words:
        `corpus.analysis.comparison.rewordings` says which these are.

    Returns
    -------
    DataFrame
        One row a passage, by report a, report b, start_a, start_b; report a stands before report b in ``reports``. The
        sign behind a passage is in its span where it ends a sentence in both reports. ``attrs`` hold
        ``n_reports``, ``n_issuers`` and ``many_issuers``: what is counted in, and with how many issuers words are a set
        phrase; ``cap``, None where all rows are listed; and ``min_chars``.

        {columns of find_reuse}

        With background also:

        {columns of find_reuse+background}

        With quotes also:

        {columns of find_reuse+quotes}

        With sources, by shared, also:

        {columns of find_reuse+sources}

        By report, one row a report and source, and one a report for all sources together, whose source_id is empty:

        {columns of find_reuse.report}

        By uptake, one row a report and one that had its words before:

        {columns of find_reuse.uptake}

        With rewordings also:

        {columns of find_reuse+match}

    Raises
    ------
    CorpusError
        If ``min_chars`` is below 4, ``cap`` below 2, a pair or the role is none of those there are, or ``by`` asks for
        sources that are not given.

    Examples
    --------
    >>> import corpus
    >>> passages = corpus.find_reuse(corpus.load_reports())
    >>> longest = passages.loc[passages["matched_chars"].idxmax()]
    >>> print(longest["report_a"], longest["report_b"], longest["matched_chars"], longest["text_a"][:10])
    longgang-2020 yiyuan-2022 57 严格执行“三重一大”
    >>> print(longest["n_issuers"], "of", passages.attrs["n_issuers"], longest["first"], longest["dated_by"])
    2 of 5 a year_reviewed
    """
    if min_chars < _SHORTEST:
        raise CorpusError(f"min_chars={min_chars} would find single words; it must be {_SHORTEST} or more")
    if cap is not None and cap < 2:
        raise CorpusError(f"cap={cap} leaves no pair of reports; it must be 2 or more")
    if by not in get_args(By):
        raise CorpusError(f"by={by!r}: passages are told by {', '.join(get_args(By))}")
    if sources is None and by in ("report", "shared"):
        raise CorpusError(f"by={by!r} says what stands in a source; give the sources")
    if rewordings and (sources is not None or background is not None or by != "passage"):
        raise CorpusError("rewordings are told of what reports share: leave out sources, background and by")
    if sources is not None and by != "uptake":
        asked: dict[str, Any] = {"min_chars": min_chars, "cap": cap, "pairs": pairs, "role": role, "quotes": quotes}
        return ask_sources(reports, sources, background, **asked)(by)
    known = Reports((*reports, *sources_apart(reports, sources)))
    options: dict[str, Any] = {"min_chars": min_chars, "cap": cap, "role": role}
    options |= {"pairs": pairs if pairs is None else locate_pairs(known, pairs)}
    options |= {"background": leave_out(background or (), known)}
    if by == "uptake":
        return trace_uptake(known, search(known, **options))
    found = search(known, common_everywhere=rewordings, **options)
    table = _tabulate(known, found, background, quotes, min_chars)
    if not rewordings:
        return table
    reworded, figures = find_rewordings(reports, found, pairs=options["pairs"], role=role)
    order = Alignments.join([found.passages, reworded.passages]).order()
    return add_rewordings(table, _tabulate(known, reworded, None, quotes, min_chars), order, figures)


def ask_sources(
    reports: Reports,
    sources: Reports,
    background: Reports | None,
    *,
    min_chars: int,
    cap: int | None = None,
    pairs: Iterable[tuple[str, str]] | None = None,
    role: Role | None = None,
    quotes: bool | None = None,
) -> Callable[[By | Literal["alone"]], pd.DataFrame]:
    """Search once, and return what makes each table of `find_reuse` with sources by what its rows are.

    ``alone`` are the passages that a report shares with one source, and nobody else has.
    """
    others = sources_apart(reports, sources)
    known = Reports((*reports, *others))
    wanted = None if pairs is None else locate_pairs(known, pairs)
    options: dict[str, Any] = {"min_chars": min_chars, "cap": cap, "role": role}
    options |= {"background": leave_out(background or (), known)}
    found = search(known, pairs=wanted, n_searched=len(reports), **options)

    def tell(by: By | Literal["alone"]) -> pd.DataFrame:
        if by == "alone":
            rare = found.choose(found.rates.n_reports <= 2)
            return _tabulate(known, rare, background, quotes, min_chars)
        if by == "passage":
            return _tabulate(known, found, background, quotes, min_chars)
        if by == "report":
            return cover_by_sources(reports, others, found, role=role)
        inner = np.stack(np.triu_indices(len(reports), k=1), axis=1) if wanted is None else wanted
        shared = search(known, pairs=inner, row=found.row, **options)
        return cover_shared(_tabulate(known, shared, background, quotes, min_chars), known, shared, found)

    return tell


def quote_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return some rows of `find_reuse` with their words, in two columns more: text_a and text_b.

    Parameters
    ----------
    reports : Reports
        Those that were compared.
    passages : DataFrame
        Rows of `corpus.find_reuse`, whatever was added to them.
    """
    known = {report.report_id: report for report in reports}
    quoted = {}
    for side in "ab":
        spans = zip(*(passages[f"{name}_{side}"].tolist() for name in ("report", "start", "end")), strict=True)
        words = [known[report_id].quote(start, end) for report_id, start, end in spans]
        quoted[f"text_{side}"] = pd.Series(words, index=passages.index, dtype="str")
    return passages.assign(**quoted)


def _tabulate(
    reports: Reports, found: Found, background: Reports | None, quotes: bool | None, min_chars: int
) -> pd.DataFrame:
    row, passages, rates = found.row, found.passages, found.rates
    places = [passages.p_start, passages.p_end - 1, passages.q_start, passages.q_end - 1]
    owners = found.owners()
    names = [report.report_id for report in reports]
    printed = find_printed(reports, row, np.concatenate(owners))
    located = locate_places(reports, row, places)
    columns = tell_passages(found, names, located, printed, tell_first(reports, *owners))
    name = "find_reuse"
    if background is not None:
        columns["n_background"], name = rates.n_background, f"{name}+background"
    table = pd.DataFrame(columns, copy=False)
    if quotes or (quotes is None and len(reports) <= MOST_QUOTED):
        table, name = quote_reuse(reports, table), f"{name}+quotes"
    table = as_table(table, name)
    table.attrs |= told_of(found) | {"min_chars": min_chars}
    return table


def told_of(found: Found) -> dict[str, Any]:
    """Return what the attributes of a table of passages say."""
    n_issuers = len(distinct(found.issuers))
    return {"n_reports": len(found.issuers), "n_issuers": n_issuers, "many_issuers": found.many, "cap": found.cap}


def tell_passages(
    found: Found, names: Sequence[str], places: Sequence[RawPlaces], printed: Printed, order: Order
) -> dict[str, Any]:
    """Return the columns of `find_reuse` of passages of whole pairs.

    Parameters
    ----------
    found : Found
    names : sequence of str
        The ids of all reports.
    places : sequence of RawPlaces
        Those of the first and last characters in a and in b.
    printed : Printed
    order : Order
        Which report of each passage was first.
    """
    passages, rates = found.passages, found.rates
    first_a, last_a, first_b, last_b = places
    closed = last_a.closed & last_b.closed
    ids = pd.array(names, dtype="str")
    owner_a, owner_b = found.owners()
    kinds = name_kinds(printed, passages, rates.share_common, found.are_distant(owner_a, owner_b))
    return {
        "report_a": ids.take(owner_a),
        "start_a": first_a.starts,
        "end_a": last_a.ends + closed,
        "report_b": ids.take(owner_b),
        "start_b": first_b.starts,
        "end_b": last_b.ends + closed,
        "matched_chars": passages.matched.astype(np.int64),
        "similarity": passages.similarity,
        "moved": _are_moved(passages),
        "inside": find_larger(passages),
        "kind": pd.array(kinds, dtype="str"),
        "share_common": rates.share_common,
        "n_reports": rates.n_reports,
        "n_issuers": rates.n_issuers,
        "weight": log_weights(rates.n_reports, len(found.issuers)),
        "first": pd.array(order.first, dtype="str"),
        "days_apart": order.days_apart,
        "dated_by": pd.array(order.dated_by, dtype="str"),
    }


def _are_moved(passages: Alignments) -> BoolArray:
    moved = np.zeros(len(passages), dtype=bool)
    same = passages.pair[1:] == passages.pair[:-1]
    turned = np.flatnonzero(same & (passages.q_start[1:] <= passages.q_start[:-1]))
    firsts = distinct(np.searchsorted(passages.pair, passages.pair[turned]))
    lasts = np.searchsorted(passages.pair, passages.pair[firsts], side="right")
    # Of two that are crossed the one with more characters has kept its place; of equals the one that b has first, and
    # where b has both at one place the one that a has first.
    two = firsts[lasts - firsts == 2]
    one_place = passages.q_start[two] == passages.q_start[two + 1]
    moved[two + (passages.matched[two] + one_place > passages.matched[two + 1])] = True
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        if last - first == 2:
            continue
        own = slice(first, last)
        moved[own] = True
        # Of passages that begin at the same place of report a, one at most is in order: so they come from the last one.
        order = first + np.lexsort((-passages.q_start[own].astype(np.int64), passages.p_start[own]))
        moved[order[heaviest_rise(passages.q_start[order].tolist(), passages.matched[order].tolist())]] = False
    return moved


@tabulated
def locate_reuse(reports: Reports, passages: pd.DataFrame) -> pd.DataFrame:
    """Return shared passages with the place that each has in its two reports.

    Parameters
    ----------
    reports : Reports
    passages : DataFrame
        From `corpus.find_reuse` of these reports, with quotes.

    Returns
    -------
    DataFrame
        One row a passage, in the order of ``passages``.

        {columns of locate_reuse}
    """
    known = {report.report_id: report for report in reports}
    bodies = {name: report.text_map.derived_span(*report.layout.body) for name, report in known.items()}
    rows = []
    for passage in passages.to_dict("records"):
        a, b = known[passage["report_a"]], known[passage["report_b"]]
        body_a, body_b = bodies[a.report_id], bodies[b.report_id]
        span_a, span_b = (passage["start_a"], passage["end_a"]), (passage["start_b"], passage["end_b"])
        rows.append(
            (
                *(a.report_id, a.label, *span_a),
                *(b.report_id, b.label, *span_b),
                *(passage["matched_chars"], passage["similarity"], passage["moved"], passage["kind"]),
                *(a.text_map.derived_span(*span_a)[0] - body_a[0], b.text_map.derived_span(*span_b)[0] - body_b[0]),
                *(body_a[1] - body_a[0], body_b[1] - body_b[0], passage["text_a"], passage["text_b"]),
            )
        )
    return build_table(rows, "locate_reuse")


@tabulated
def tabulate_lengths(reports: Reports, *, min_chars: int = 6) -> pd.DataFrame:
    """Return how many different passages of each length every pair of reports shares; what more than 50 have is left.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters. The default, 6, is about three words, as in `corpus.find_formulas`.

    Returns
    -------
    DataFrame
        One row a pair and length that occurs, in the order of the reports.

        {columns of tabulate_lengths}
    """
    row = lay_keys(reports)
    wordings = set()
    for matches in find_matches(row, min_chars, cap=50):
        one, places = row.trace(matches.p)
        other, _ = row.trace(matches.q)
        columns = one, other, places, matches.lengths
        for a, b, place, length in zip(*(column.tolist() for column in columns), strict=True):
            wordings.add((a, b, reports[a].key[place : place + length]))
    counts = Counter((a, b, len(words)) for a, b, words in wordings)
    names = [(report.report_id, report.label) for report in reports]
    return build_table(
        ((*names[a], *names[b], length, counts[a, b, length]) for a, b, length in sorted(counts)), "tabulate_lengths"
    )
