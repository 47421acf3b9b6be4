"""Origins laid out as strips: each report in reading order, with its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from math import nan
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from corpus.analysis.boilerplate.phrase_holders import Held, Holdings
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.resampling import largest_remainders
from corpus.errors import CorpusError
from corpus.report.passages import CLAUSE_ENDS, SENTENCE_ENDS, locate_units
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import ORIGINS, Role, Unit

_ANNOUNCEMENTS: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = (
    ("preamble", re.compile(r"(?:报告|汇报|总结|通报|说明|情况)如下")),
    ("closing", re.compile(r"(?:特此|专此)(?:报告|汇报)")),
)
_MAX_CHARS = 60  # of key: as long as a heading may be


def locate_skeleton(report: Report) -> Iterator[tuple[int, int]]:
    """Yield the stretches of ``key`` that are prescribed, in no particular order.

    They are the headings that name the role of a part, with their labels, and the sentence that announces or closes the
    report. Of a sentence of more than 60 key characters, which says other things as well, only the clause that
    announces is taken.
    """
    for heading in report.headings:
        if heading.role is not None:
            yield report.key_span(heading.label_start, heading.end)
    for role, pattern in _ANNOUNCEMENTS:
        for region in report.regions(role):
            low, high = report.text_map.derived_span(*region)
            for match in pattern.finditer(report.text, low, high):
                span = _from_last(SENTENCE_ENDS, report, low, match)
                if span[1] - span[0] > _MAX_CHARS:
                    span = _from_last(CLAUSE_ENDS, report, low, match)
                yield span


def _from_last(signs: str, report: Report, low: int, match: re.Match[str]) -> tuple[int, int]:
    """Return the stretch of ``key`` from behind the last of some signs, or a line end, to the end of the words."""
    start = max(report.text.rfind(sign, low, match.start()) + 1 for sign in f"{signs}\n")
    return report.key_map.derived_span(max(low, start), match.end())


MIN_ISSUERS: Final = 3
"""From how many issuers on a stretch is a formula, by default: 2 may have copied from each other."""

_SKELETON, _FORMULA, _SHARED, _CARRIED_OVER, _OWN_OR_CARRIED, _OWN = range(len(ORIGINS))

_OPENING = "“‘「『（(《〈【［[〔"
_EXACT = 1 << 40


@tabulated
def trace_origins(
    reports: Reports,
    *,
    by: Literal["character", "passage", "report"] = "character",
    unit: Unit = "sentence",
    min_issuers: int = MIN_ISSUERS,
    min_chars: int = 12,
    runs: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return where each character of the bodies comes from, or most of each passage, or how much of each report.

    The first of these that holds is a character's origin:

    - ``skeleton``: the genre prescribes it, see `locate_skeleton`;
    - ``formula``: it lies in a stretch that ``min_issuers`` issuers or more have, in whatever years;
    - ``shared``: that 2 issuers or more have, in whatever years;
    - ``carried_over``: that this issuer alone has, in its report of the year before too;
    - ``own``: none of these, and the report of the year before is at hand;
    - ``own_or_carried``: none of these, and it is not at hand, so that nobody can tell.

    A stretch is an aligned passage of `corpus.find_reuse`, a place of `corpus.find_formulas`, or a whole heading of 4
    key characters or more. It counts whole: a character that was changed inside a passage taken over comes from where
    the passage comes from, so that a slot filled in (a year, a place, a figure) is a formula's. What is left of a
    sentence with fewer than half of ``min_chars`` characters shows nothing by itself and goes with the longer of the
    stretches beside it. A heading's label goes with the heading.

    Issuers are told by the code of their place and their office, else by name. Several reports of one issuer count
    once, and a report without an issuer is one of its own. Document frequencies are of the reports at hand: in a larger
    collection less is own. What an issuer had in an earlier year but not in the year before is own.

    On panels of `corpus.validation.simulate_panel` with 5 issuers or more, `corpus.validation.score_origins` gives a
    macro-F1 of .988 to .993, at 50 and at 500 reports (tests/bench/origins.py).

    Parameters
    ----------
    reports : Reports
    by : {"character", "passage", "report"}
        What a row is: a run of characters of one origin, a passage, or a report.
    unit : {"section", "paragraph", "item", "sentence", "clause", "phrase"}
        Of the passages, by passage.
    min_issuers : int
        From how many issuers on a stretch is a formula, 2 or more; with 2, nothing is ``shared``.
    min_chars : int
        Least number of key characters of an exact match, 4 or more, as for `corpus.find_reuse`. The default, 12, is
        about six words: names of laws count, terms such as 法治政府建设 do not.
    runs : DataFrame, optional
        What this function returned for these reports by character, so that passages and reports are told from it
        without tracing again; ``min_issuers`` and ``min_chars`` are then not used.

    Returns
    -------
    DataFrame
        By character, one row a run of one origin, in reading order; the runs of a report follow each other without gap
        or overlap from the first character of its body to the last. Characters that are not in ``key`` go with the one
        before them, opening quotes and brackets with the one behind:

        {columns of trace_origins.character}

        By passage, one row a passage that has a key character, in reading order:

        {columns of trace_origins.passage}

        By report, one row a report; the shares are multiples of 2^-40, by largest remainders, so that they add up to 1
        exactly in whatever order:

        {columns of trace_origins.report}

    Raises
    ------
    CorpusError
        If ``by`` or the unit is unknown, ``min_issuers`` is below 2 or ``min_chars`` below 4.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> corpus.trace_origins(reports, by="report")[["report_id", "share_skeleton", "share_shared"]].round(2).head(2)
            report_id  share_skeleton  share_shared
    0  zaozhuang-2019            0.00          0.03
    1   longgang-2020            0.01          0.05
    """
    if by not in ("character", "passage", "report"):
        raise CorpusError(f"by={by!r} is none of character, passage, report")
    if runs is None:
        runs = _trace_all(reports, min_issuers=min_issuers, min_chars=min_chars)
    if by == "passage":
        by_report = dict(tuple(runs.groupby("report_id", sort=False)))
        rows = (row for report in reports for row in _judge(report, by_report, unit))
        return build_table(rows, "trace_origins.passage")
    return share_origins(runs) if by == "report" else runs


def _trace_all(reports: Reports, *, min_issuers: int, min_chars: int) -> pd.DataFrame:
    if min_issuers < 2:
        raise CorpusError(f"min_issuers={min_issuers}: a formula is what 2 issuers or more have")
    holdings = Holdings(reports, min_chars=min_chars, min_reports=min_issuers)
    return build_table(
        (
            row
            for number, report in enumerate(reports)
            for row in _trace(report, holdings.within(number), min_issuers=min_issuers, least=min_chars // 2)
        ),
        "trace_origins.character",
    )


@tabulated
def share_origins(origins: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each report comes from where: ``trace_origins(by="report")`` of runs at hand.

    Parameters
    ----------
    origins : DataFrame
        From `corpus.trace_origins`.

    Returns
    -------
    DataFrame
        One row a report, in the order of ``origins``.

        {columns of trace_origins.report}
    """
    counts = origins.pivot_table(
        index="report_id", columns="origin", values="n_key_chars", aggfunc="sum", fill_value=0, sort=False
    ).reindex(columns=list(ORIGINS), fill_value=0)
    rows = ((report_id, sum(own), *_exact_shares(own)) for report_id, *own in counts.itertuples(name=None))
    return build_table(rows, "trace_origins.report")


def _exact_shares(counts: list[int]) -> list[float]:
    if not sum(counts):
        return [nan] * len(counts)
    return [part / _EXACT for part in largest_remainders(counts, _EXACT)]


def _judge(report: Report, by_report: dict[Any, pd.DataFrame], unit: Unit) -> Iterator[tuple[Any, ...]]:
    runs = by_report.get(report.report_id)
    if runs is None:
        return
    body_start, _ = report.key_span(*report.layout.body)
    stops = body_start + np.cumsum(runs["n_key_chars"].to_numpy())
    columns = (runs["n_key_chars"].to_numpy(), runs["origin"].map(ORIGINS.index).to_numpy(), runs["n_issuers"])
    lengths, codes, n_issuers = (np.asarray(column, dtype=np.int64) for column in columns)
    for passage in report.passages(unit):
        first, last = report.key_span(passage.start, passage.end)
        if first == last:
            continue
        here = slice(np.searchsorted(stops, first, side="right"), np.searchsorted(stops, last) + 1)
        chars = np.minimum(stops[here], last) - np.maximum(stops[here] - lengths[here], first)
        by_origin = np.bincount(codes[here], weights=chars, minlength=len(ORIGINS))
        origin = int(by_origin.argmax())
        counts = np.repeat(n_issuers[here], np.where(codes[here] == origin, chars, 0))
        share = float(by_origin[origin]) / (last - first)
        yield report.report_id, passage.start, passage.end, ORIGINS[origin], share, _median(counts), last - first


def _trace(report: Report, held: Held, *, min_issuers: int, least: int) -> Iterator[tuple[Any, ...]]:
    """Yield the runs of one report."""
    body = report.layout.body
    first, last = report.key_span(*body)
    alone = _OWN if held.has_before else _OWN_OR_CARRIED
    if first == last:
        yield report.report_id, *body, ORIGINS[alone], 1, 1, 0
        return
    shown = np.where(held.in_before, _CARRIED_OVER, alone)
    shown[held.n_issuers >= 2] = _SHARED
    shown[held.n_issuers >= min_issuers] = _FORMULA
    for start, end in locate_skeleton(report):
        shown[max(start - first, 0) : end - first] = _SKELETON
    origin = _settle_rests(shown, _sentence_starts(report), least)
    for heading in report.headings:
        start, end = (place - first for place in report.key_span(heading.label_start, heading.start))
        origin[start:end] = origin[end : end + 1]
    firsts = np.flatnonzero(np.diff(origin, prepend=-1))
    edges = [body.start, *_edges(report, held.places, firsts[1:]), body.end]
    for (start, end), (low, high) in zip(pairwise(edges), pairwise([*firsts.tolist(), len(origin)]), strict=True):
        # A rest that goes with its neighbour says nothing on who has that.
        counted = low + np.flatnonzero(shown[low:high] == origin[low])
        if not len(counted):  # prescribed words part it from that neighbour
            counted = np.arange(low, high)
        medians = _median(held.n_issuers[counted]), _median(held.n_reports[counted])
        yield report.report_id, start, end, ORIGINS[origin[low]], *medians, high - low


def _median(values: IntArray) -> int:
    middle = (len(values) - 1) // 2
    return int(np.partition(values, middle)[middle])


def _sentence_starts(report: Report) -> IntArray:
    """Return the key characters of the body, from 0, that begin a sentence, or what follows a heading."""
    first, last = report.key_span(*report.layout.body)
    opening = [report.key_map.derived_span(start, start)[0] for start, _ in locate_units(report, "sentence")]
    for heading in report.headings:
        opening += report.key_span(heading.label_start, heading.end)
    return np.unique([place - first for place in opening if place < last])


def _settle_rests(origin: IntArray, sentence_starts: IntArray, least: int) -> IntArray:
    """Give runs of fewer than ``least`` characters the origin of the longer of the next longer runs in the sentence."""
    sentence = np.zeros(len(origin), dtype=np.int64)
    sentence[sentence_starts] = 1
    sentence = np.cumsum(sentence)
    fixed = origin == _SKELETON
    firsts = np.flatnonzero(np.append(True, (np.diff(origin) != 0) | (np.diff(sentence) != 0))[: len(origin)])
    lengths = np.diff(np.append(firsts, len(origin)))
    is_long = (lengths >= least) & ~fixed[firsts]
    numbers = np.arange(len(firsts))
    before = np.maximum.accumulate(np.where(is_long, numbers, -1))
    after = np.minimum.accumulate(np.where(is_long, numbers, len(firsts))[::-1])[::-1]
    reach = []
    for nearest in (before, after):
        at = np.clip(nearest, 0, len(firsts) - 1)
        same = (nearest == at) & (sentence[firsts[at]] == sentence[firsts])
        reach.append((at, np.where(same, lengths[at], 0)))
    (left, left_chars), (right, right_chars) = reach
    settled = origin[firsts]
    rests = (lengths < least) & ~fixed[firsts] & (np.maximum(left_chars, right_chars) > 0)
    nearest = np.where(left_chars >= right_chars, left, right)
    settled[rests] = origin[firsts[nearest]][rests]
    return np.repeat(settled, lengths)


def _edges(report: Report, places: tuple[IntArray, IntArray], firsts: IntArray) -> Iterator[int]:
    """Yield where in ``raw`` the runs begin that begin with these key characters of the body."""
    begins, ends = places
    for low, high in zip(ends[firsts - 1].tolist(), begins[firsts].tolist(), strict=True):
        yield low + len(report.raw[low:high].rstrip(_OPENING))


@tabulated
def tabulate_strips(reports: Reports, origins: pd.DataFrame) -> pd.DataFrame:
    """Return what a map of the origins shows, reports by the year that they are about and their place.

    Parameters
    ----------
    reports : Reports
    origins : DataFrame
        From `corpus.trace_origins` of these reports.

    Returns
    -------
    DataFrame
        One row a mark: the runs of a report in reading order, then its parts.

        {columns of tabulate_strips}
    """
    runs = {str(report_id): own for report_id, own in origins.groupby("report_id", sort=False)}
    ordered = sorted(reports, key=lambda report: (report.year_reviewed or 0, report.place or "", report.report_id))
    return build_table((row for report in ordered for row in _marks(report, runs[report.report_id])), "tabulate_strips")


def _marks(report: Report, runs: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    names = (report.report_id, report.label)
    begin, _ = report.text_map.derived_span(*report.layout.body)
    columns = ("origin", "start", "end", "n_key_chars", "n_issuers")
    for origin, start, end, n_key_chars, n_issuers in zip(*(runs[name].tolist() for name in columns), strict=True):
        first, last = report.text_map.derived_span(start, end)
        yield *names, "run", origin, None, start, end, first - begin, last - first, n_key_chars, n_issuers
    for part in report.parts:
        first, last = report.text_map.derived_span(part.start, part.end)
        key_first, key_last = report.key_map.derived_span(first, last)
        place = (part.start, part.end, first - begin, last - first, key_last - key_first)
        yield *names, "part", None, part.role, *place, None
