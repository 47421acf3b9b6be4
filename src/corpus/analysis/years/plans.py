"""What became of what a report announced, and which shortcomings came back."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.alignment.passage_pairs import BITS, LOW, MASK, number_grams
from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import BoolArray, IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.years.plan_clauses import (
    Clause,
    divide_sides,
    falls_short,
    firm_promise,
    has_other_base,
    is_behind,
    is_plan,
    join_figures,
    lacks_items,
    list_figures,
    quantities_of,
    speaks_of_other,
)
from corpus.errors import CorpusError
from corpus.field.data_files import rule_words
from corpus.report.passages import SENTENCE_ENDS
from corpus.report.reports import Report, Reports
from corpus.report.succession import Succession, find_successions
from corpus.report.table_columns import build_table, tabulated

_UNMET = re.compile("未达|未完成|未能完成|未实现|没有完成|没有实现|没有达到|未能实现|低于预期|不及预期|未如期")
_CAUSE = re.compile("受|由于|因")
_SURE = 0.7
_WEAK, _WEAK_THING = 0.7, 0.9  # of min_similarity, where what a clause is about comes back
_MOST_TRIED = 12  # windows, the likest first, of which each may speak of something else
_REPEATED = 0.3  # from this score on a plan that was not reported counts as planned again
_REPEATED_BY_ITSELF = 0.4  # below it what the clause is about has to come back too
_SURE_ITEM = 0.75  # of one thing out of a list, which is shorter than a clause
_LIST = re.compile("[、和及与]")
_BEFORE_THING = re.compile(
    "^(?:加快|加力|持续|扎实|深入|大力|着重|推进|推动|建设|建成|开工|新开工|力争|实施|开展|支持|做好|抓好|办好|高水平|高标准)+"
)
_BEHIND_THING = re.compile("(?:等.{0,10})?(?:重大|重点)?(?:项目|工程)?(?:开工)?(?:建设)?$")
_LEAST_THING = 5
_WORK = re.compile(f"^..(?:{rule_words('work')})$")  # 沙南高速 is one, 重点领域 is not
# What many have, and what states a figure of its own.
_GENERAL_THING = re.compile("\\d|^(?:全国|国家|省级?)?(?:重点|企业|技术)?(?:实验室|创新中心|医学中心)$|失业率")
_LEAST_SHORTCOMING = 6  # 主要表现在 introduces one and is none


class _Text(NamedTuple):
    """The clauses of a report, its windows of one clause or two with their words, and the pairs of characters of both.

    ``grams`` and ``owners`` are the pairs of characters of the windows, ascending, and the window of each.
    """

    clauses: list[Clause]
    codes: IntArray
    windows: list[tuple[int, int]]
    words: list[str]
    grams: IntArray
    owners: IntArray

    @classmethod
    def of(cls, report: Report) -> _Text:
        clauses = divide_sides(report)
        windows = list(_iterate_windows(clauses))
        spans = ((clauses[first].span.start, clauses[last].span.end) for first, last in windows)
        words = [report.quote(start, end) for start, end in spans]
        codes = _gram_clauses([clause.key for clause in clauses])
        held = _gram_windows(codes, windows, len(clauses))
        return cls(clauses, codes, windows, words, held >> BITS, held & LOW)


@tabulated
def follow_plans(reports: Reports, *, max_gap: int = 1, min_similarity: float = 0.5) -> pd.DataFrame:
    """Return what the next report of an issuer says of each plan and each shortcoming of a report.

    A plan is a clause of a part on plans that commits the issuer to something that can be checked: see
    `corpus.analysis.years.plan_clauses.is_plan`. It is looked for in every clause of the next report and in every two
    that follow each other, first in what tells of the time gone by, then in the plans. A score is .67 times the weight
    of its pairs of characters that stand there, by that of all, and .33 times the same over the rarest third of its
    pairs; a pair weighs log(1 + n / df), df of the n clauses of all reports given having it. Figures that stand free
    are no words; a plan with a figure is found only where a figure measures the same (%, 元, 公里, things, …). A
    shortcoming is looked for among the shortcomings. From .7 times ``min_similarity`` on a plan is reported too where
    what it is about comes back: its last four characters, but for 等项目建设, weigh .2 in a second score.

    Of a clause that names several things, and that is not reported as a whole, each is looked for, among the plans too.
    Below .4 a plan is planned again only where what it is about comes back. A figure that was
    missed, one of several things, another base (累计, 年均, all there is), or work under way that was
    to be done makes it reported in part: `corpus.analysis.years.plan_clauses` says how figures are paired.

    The table says which words came back and where, not what was done: read both sides. All labels here were read by a
    model, not by a person. Of 70 plans of five provincial reports it tells reported (in part too), planned again and
    not found with a macro-F1 of .91; .94 of what it calls reported is. The thresholds lie in the middle of a plateau
    (.4 to .55 and .25 to .35), chosen on the same reports. Of 60 plans of five other provinces, whose outcomes were
    read before, it tells .78 (.74 before one kind of error in them was mended), of 40 more .77: of 26 reported ones it
    finds 16, and is right in 16 of 19; 38 of 48 that it does not find are not there; of 40 of two more provinces 36, by
    a search for their words. Of 27 clauses that commit to something, among 132 not read before, it takes 23 for plans,
    and 1 of 105 others. Of 79 more rows of eleven other provinces, drawn by outcome and read, 1 of 20 reported ones is
    wrong, 1 of 20 reported in part, 4 of 20 planned again and 2 of 19 not found.

    Parameters
    ----------
    reports : Reports
    max_gap : int
        Most years from one report to the next, 1 or more.
    min_similarity : float
        0 to 1, above 0: from this score on a plan counts as reported, a shortcoming as named again.

    Returns
    -------
    DataFrame
        One row a plan and a clause on shortcomings of each report that has a successor, in reading order, by issuer
        and year. `corpus.align_years` says by report which have none.

        {columns of follow_plans}

    Raises
    ------
    CorpusError
        If max_gap or min_similarity cannot be met.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports(corpus.validation.simulate_panel(2, 3, seed=1).texts)
    >>> corpus.follow_plans(reports)["outcome"].value_counts().to_dict()
    {'not-found': 93, 'planned-again': 44, 'named-again': 42, 'reported': 4, 'reported-partly': 3}
    """
    if not 0 < min_similarity <= 1:
        raise CorpusError(f"min_similarity is {min_similarity}; a share above 0 and up to 1 is needed")
    successions = find_successions(reports, max_gap=max_gap)
    pairs = [(found.earlier, found.later) for found in successions]
    texts = {report.report_id: _Text.of(report) for pair in pairs for report in pair}
    rows: list[tuple[Any, ...]] = []
    if texts:
        n_clauses = sum(len(text.clauses) for text in texts.values())
        rarity = _Rarity.of([text.codes for text in texts.values()], n_clauses)
        for succession in successions:
            both = (texts[succession.earlier.report_id], texts[succession.later.report_id])
            rows += _follow(succession, *both, rarity, least=min_similarity)
    return build_table(rows, "follow_plans")


def _follow(
    succession: Succession, earlier: _Text, later: _Text, rarity: _Rarity, *, least: float
) -> Iterator[tuple[Any, ...]]:
    sides = np.array([later.clauses[first].side for first, _ in later.windows], dtype=object)
    quantities = np.array([quantities_of(words) for words in later.words], dtype=np.int64)
    unmet = np.array([_UNMET.search(words) is not None for words in later.words], dtype=bool)
    in_one_sentence = np.array(
        [first == last or later.clauses[first].text[-1] not in SENTENCE_ENDS for first, last in later.windows],
        dtype=bool,
    )
    # 受经济增速放缓影响，投资没有达到预期: what is blamed is not what was missed.
    blames = np.array(
        [first < last and _CAUSE.match(later.clauses[first].text) is not None for first, last in later.windows],
        dtype=bool,
    )
    gone_by = sides != "plan"
    missed, done, again = gone_by & unmet & in_one_sentence & ~blames, gone_by & ~unmet, sides == "plan"
    names = (succession.issuer, succession.earlier.report_id, succession.later.report_id)
    firsts = np.searchsorted(earlier.codes & LOW, np.arange(len(earlier.clauses) + 1))
    for place, clause in enumerate(earlier.clauses):
        if not _is_followed(clause):
            continue
        grams = earlier.codes[firsts[place] : firsts[place + 1]] >> BITS
        scores = _score(grams, later, rarity)
        # What the clause is about stands at its end: 大湾区大学 is no 大湾区国际科技创新中心.
        thing = _BEHIND_THING.sub("", _bare(clause.key))[-_THING_CHARS:]
        by_thing = _score(grams, later, rarity, thing=_gram_clauses([thing]) >> BITS)
        needed = quantities_of(clause.text)
        measured = (needed == 0) | (quantities & needed > 0)
        likely = (scores >= least) | ((scores >= _WEAK * least) & (by_thing >= _WEAK_THING * least))
        repeated = (scores >= _REPEATED_BY_ITSELF) | (by_thing >= _REPEATED)
        tried: tuple[tuple[str, BoolArray, float], ...] = (
            ("unmet", missed, least),
            ("reported", done & measured & likely, 0),
            ("planned-again", again & repeated & (measured | ((quantities == 0) & (scores >= least))), _REPEATED),
        )
        if clause.side == "shortcomings":
            tried = (("named-again", sides == "shortcomings", least),)
        found = ("", -1, 0.0)
        for outcome, allowed, needed_score in tried:
            windows = np.flatnonzero(allowed & (scores >= needed_score))
            windows = windows[np.argsort(-scores[windows], kind="stable")[:_MOST_TRIED]].tolist()
            about = (at for at in windows if outcome != "reported" or not speaks_of_other(clause.text, later.words[at]))
            window = next(about, None)
            if window is not None:
                found = (outcome, window, float(scores[window]))
                break
        if found[0] in ("", "planned-again") and clause.side == "plan":
            sides_of_items = (
                {"reported-partly": done} if found[0] else {"reported-partly": done, "planned-again": again}
            )
            found = next(_find_items(clause.text, later, rarity, sides_of_items, quantities), found)
        yield (*names, *_describe(clause, *found, later))


def _find_items(
    text: str, later: _Text, rarity: _Rarity, sides: dict[str, BoolArray], quantities: IntArray
) -> Iterator[tuple[str, int, float]]:
    """Yield the windows that have one of several things that a clause names, though not the clause as a whole."""
    found = []
    for item in list_things(text):
        needed = quantities_of(item)
        scores = _score(_gram_clauses([item]) >> BITS, later, rarity)
        found.append(np.where((needed == 0) | (quantities & needed > 0), scores, -1))
    for outcome, allowed in sides.items():
        for scores in found:
            own = np.where(allowed, scores, -1)
            if len(own) and own.max() >= _SURE_ITEM:
                yield outcome, int(own.argmax()), float(own.max())


def list_things(text: str) -> list[str]:
    """Return the names of things that a clause lists, without the verb before and the general words behind them.

    Several targets with a figure each are things too.

    Examples
    --------
    >>> list_things("加快建设甲乙水库、丙丁铁路等重大项目建设"), list_things("新增就业50万人、再就业10万人")
    (['甲乙水库', '丙丁铁路'], ['新增就业50万人', '再就业10万人'])
    """
    plain = text.rstrip("，。；;")
    items = _LIST.split(_BEFORE_THING.sub("", plain))
    bare = [_BEHIND_THING.sub("", _BEFORE_THING.sub("", item)) for item in items if items[1:]]
    named = [item for item in bare if len(item) >= _LEAST_THING or _WORK.search(item)]
    things = [item for item in named if not _GENERAL_THING.search(item)]
    targets = [item for item in plain.split("、") if list_figures(item)]
    return [*things, *(targets if len(targets) > 1 else ())]


def _is_followed(clause: Clause) -> bool:
    if clause.side == "shortcomings":
        return len(clause.key) >= _LEAST_SHORTCOMING
    return clause.side == "plan" and is_plan(clause.text)


def _describe(clause: Clause, outcome: str, window: int, score: float, later: _Text) -> Sequence[Any]:
    """Return the columns from ``part`` on."""
    part = "shortcomings" if clause.side == "shortcomings" else "plan"
    promised = join_figures(clause.text)
    own = (part, *clause.span, clause.text)
    if not outcome:
        return (*own, "not-found", None, None, "", float("nan"), promised, "", "", False, "")
    first, last = (later.clauses[place] for place in later.windows[window])
    words = later.words[window]
    other_base = has_other_base(clause.text, words, of_five_years=first.of_five_years)
    partly = (other_base and bool(promised)) or any(
        misses(firm_promise(clause.text), words) for misses in (falls_short, lacks_items, is_behind)
    )
    if outcome == "reported" and partly:
        outcome = "reported-partly"
    span = (first.span.start, last.span.end)
    sure = "high" if score >= _SURE else "fair"
    return (*own, outcome, *span, words, score, promised, join_figures(words), first.side, other_base, sure)


def _iterate_windows(clauses: Sequence[Clause]) -> Iterator[tuple[int, int]]:
    """Yield each clause, then each two that follow each other in a paragraph, as first and last position."""
    yield from ((place, place) for place in range(len(clauses)))
    for place, (clause, after) in enumerate(pairwise(clauses)):
        if (after.paragraph, after.side) == (clause.paragraph, clause.side):
            yield place, place + 1


_RAREST = 0.33
"""What the rarest third of the pairs of a clause weighs; all pairs weigh the rest."""
_THING, _THING_CHARS = 0.2, 4
"""What the pairs of its last characters weigh, in the second score."""

# Codes (G318, 5G) are names; figures that stand free change from year to year.
_FREE_FIGURE = re.compile(r"(?<![A-Za-z0-9])[0-9]+(?![A-Za-z0-9])")
_FILLERS = re.compile("左右|以上|以内|以下|力争|确保|达到|不低于|不少于|全[省市区县年州]|我[省市区县]")
_SAME = re.compile("(?:地区)?生产总值|GDP")
_LINE = re.compile(
    r"([\u4e00-\u9fff])[\u4e00-\u9fff]至([\u4e00-\u9fff])[\u4e00-\u9fff](?=段?(?:高速|铁路|高铁|城际|公路|运河|客专))"
)


class _Rarity(NamedTuple):
    """The pairs of characters of some clauses, ascending, and how many clauses have each."""

    grams: IntArray
    counts: IntArray
    n_clauses: int

    @classmethod
    def of(cls, codes: Sequence[IntArray], n_clauses: int) -> _Rarity:
        grams, counts = np.unique(np.concatenate([found >> BITS for found in codes]), return_counts=True)
        return cls(grams, counts, n_clauses)


def _bare(key: str) -> str:
    bare = _FILLERS.sub("", _FREE_FIGURE.sub(MASK, key))
    # 崇左至凭祥铁路 is 崇凭铁路 too: one thing by two names has the same pairs of characters.
    return _SAME.sub("经济", _LINE.sub(r"\1\2", bare))


def _gram_clauses(keys: Sequence[str]) -> IntArray:
    """Return each distinct (pair of characters, clause) once, by clause, without figures and hedges."""
    codes, _ = number_grams(_bare("\0".join(keys)).split("\0"))
    grams = codes >> BITS
    masked = (grams >> BITS == ord(MASK)) | (grams & LOW == ord(MASK))
    bare_codes: IntArray = codes[~masked]
    return bare_codes[np.argsort(bare_codes & LOW, kind="stable")]


def _gram_windows(codes: IntArray, windows: Sequence[tuple[int, int]], n_clauses: int) -> IntArray:
    """Return each distinct (pair of characters, window) once, ascending; a window is one clause or two in a row."""
    alone, with_next = np.full(n_clauses, -1), np.full(n_clauses, -1)
    for place, (first, last) in enumerate(windows):
        (alone if first == last else with_next)[first] = place
    grams, owners = codes >> BITS, codes & LOW
    before = np.where(owners > 0, with_next[owners - 1], -1)
    joined = [(grams[here >= 0] << BITS) | here[here >= 0] for here in (alone[owners], with_next[owners], before)]
    return distinct(np.concatenate(joined))


def _score(grams: IntArray, later: _Text, rarity: _Rarity, *, thing: IntArray | None = None) -> FloatArray:
    """Return for each window of a report how much of a clause with these pairs of characters it holds, 0 to 1.

    The pairs of ``thing`` weigh more than the others; by default the rarest third of all do.
    """
    at = np.minimum(np.searchsorted(rarity.grams, grams), len(rarity.grams) - 1)
    grams, at = grams[rarity.grams[at] == grams], at[rarity.grams[at] == grams]
    weights = np.log1p(rarity.n_clauses / rarity.counts[at])
    if thing is None:
        more, telling = _RAREST, np.argsort(-weights, kind="stable")[: math.ceil(len(weights) / 3)]
    else:
        more, telling = _THING, np.flatnonzero(np.isin(grams, thing))
    shares = weights * ((1 - more) / max(weights.sum(), 1e-9))
    shares[telling] += weights[telling] * (more / max(weights[telling].sum(), 1e-9))
    bounds = zip(*(np.searchsorted(later.grams, grams, side).tolist() for side in ("left", "right")), strict=True)
    held = [later.owners[first:last] for first, last in bounds]
    cells = np.concatenate([np.zeros(0, dtype=np.int64), *held])
    scores = np.bincount(cells, np.repeat(shares, list(map(len, held))), minlength=len(later.windows))
    # A window of two clauses holds what either does; the single clause stands first and wins where that is all.
    rounded: FloatArray = scores.astype(np.float64).round(6)
    return rounded
