"""Which terms rose and fell over the years, which set a year apart, and which the same issuers took up or dropped."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.words.keyness_and_dispersion import (
    Prior,
    chance_of_g2,
    false_discovery_rates,
    log_odds,
    log_ratio,
    score_dispersions,
    signed_g2,
)
from corpus.analysis.words.segmentation import TermCounts, is_number, split_words, tabulate_words, tokenizer_for
from corpus.errors import CorpusError
from corpus.field.lexicon import Lexicon, key_of
from corpus.report.reports import Report, Reports
from corpus.report.succession import find_successions
from corpus.report.table_columns import as_table, columns_of, join_columns, tabulated
from corpus.report.values import Role

PRIOR_WORDS = 1000
"""How many words the prior of the log-odds weighs: enough to draw what was seen twice to 0, and no more."""

_MOST_ROWS, _LEAST_OF_NONE = 500_000, 5
"""In longer tables a word has a row for a year without it only from so many occurrences on."""

_TITLE = re.compile(r"《([^《》\n]{1,100})》")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_LAW = re.compile(r"(?<![办方])法$|法典$|条例$")


class _Term(NamedTuple):
    kind: str
    form: str


class _Counted(NamedTuple):
    """The reports that are compared, their words, the terms of each, and each title as it is printed first."""

    reports: list[Report]
    n_words: list[int]
    terms: TermCounts
    printed: dict[_Term, str]


@tabulated
def compare_years(
    reports: Reports,
    *,
    by: Literal["year", "rise"] = "year",
    role: Role | None = None,
    year_later: int | None = None,
    n_terms: int = 15,
    min_count: int = 5,
) -> pd.DataFrame:
    """Return how often each word, law and document is named in each year, or which rose and fell from one to the next.

    Words are those of `corpus.tabulate_words` without stop words and figures. Laws and documents are the titles
    printed in 《》, the inner one where two are nested; titles that differ in punctuation or width alone are one.
    A title that ends in 法, 法典 or 条例, but not in 办法 or 方法, a remark in brackets aside, is a law by its name.
    All others are documents: plans, notices, and the rules (规定, 办法, 规则, 细则) that any office may give itself.

    By year, a year is held against all other years. Where each issuer stands in one year only, year and issuer are
    confounded: a row then says what sets the reports of one year apart, not what changed. By rise, two adjacent years
    are held against each other in the reports of the issuers that have both, so that no difference is one between
    issuers. Terms are ordered by z of the log-odds with an informative prior, which takes words for independent draws:
    beside it stands how many of the issuers have the word, and a word that one issuer wrote often is one observation.
    G², the ratios and their sources are those of `corpus.analysis.words.keyness_and_dispersion`.

    Parameters
    ----------
    reports : Reports
    by : {"year", "rise"}
        What a row is: a term in a year, or a term that rose or fell most from one year to the next.
    role : str, optional
        Only the parts with this role. Reports without one are left out.
    year_later : int, optional
        By rise: the later of the two years; by default the last that most issuers have with the year before.
    n_terms : int
        By rise: at most so many terms that rose, and so many that fell.
    min_count : int
        By rise: least occurrences in both years together.

    Returns
    -------
    DataFrame
        By year, one row a term and year, by kind, term and year, rows with count 0 included; above 500,000 rows, for
        words that stand five times at least. ``attrs["excluded"]`` lists the ids of reports left out:

        {columns of compare_years.year}

        By rise, one row a term, from the highest z to the lowest. ``attrs["report_ids"]`` lists the reports compared:

        {columns of compare_years.rise}

    Raises
    ------
    CorpusError
        If ``by`` is unknown; by year, if the reports left are on fewer than two years; by rise, if no issuer has
        reports on two adjacent years, or none on ``year_later`` and the one before.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> words = corpus.compare_years(reports).nlargest(2, "g2")
    >>> list(zip(words["term"], words["year_reviewed"], strict=True))
    [('法治建设', 2022), ('权力', 2019)]
    """
    if by == "rise":
        return _compare_pairs(reports, year_later, role=role, n_terms=n_terms, min_count=min_count)
    if by != "year":
        raise CorpusError(f"by={by!r} is none of year, rise")
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    counted = _Counted([], [], TermCounts(), {})
    for report in reports:
        if report.year_reviewed is not None:
            _count_report(report, tokenizer, reports.lexicon, role=role, counted=counted)
    kept_ids = {report.report_id for report in counted.reports}
    excluded = [report.report_id for report in reports if report.report_id not in kept_ids]
    years = sorted({_year_of(report) for report in counted.reports})
    if len(years) < 2:
        left_out = f"; without a year or without words: {', '.join(excluded)}" if excluded else ""
        raise CorpusError(
            "years are compared where reports are on two years or more; these are on "
            f"{', '.join(map(str, years)) or 'none'}{left_out}"
        )
    table = join_columns(_year_columns(counted, years), "compare_years.year")
    table.attrs["excluded"] = excluded
    return table


def _year_of(report: Report) -> int:
    return int(report.value("year_reviewed"))


def _count_report(report: Report, tokenizer: Any, lexicon: Lexicon, *, role: Role | None, counted: _Counted) -> None:
    """Add what a report names to what was counted, where it has words."""
    words = Counter(word.word for word in split_words(report, tokenizer, role=role))
    if not words:
        return
    stop_words = frozenset(lexicon.stop_words)
    terms = Counter(
        {_Term("word", word): n for word, n in words.items() if word not in stop_words and not is_number(word)}
    )
    for region in report.regions(role):
        for match in _TITLE.finditer(report.quote(*region)):
            title = match[1]
            kind = "law" if _LAW.search(_REMARK.sub("", title)) else "document"
            term = _Term(kind, key_of(title, lexicon.simplified))
            terms[term] += 1
            counted.printed.setdefault(term, title)
    counted.reports.append(report)
    counted.n_words.append(words.total())
    counted.terms.add(terms)


def _year_columns(counted: _Counted, years: Sequence[int]) -> Iterator[Any]:
    """Yield the columns of the table, each as long as there are terms times years."""
    printed = counted.printed
    terms = sorted(counted.terms.numbers)
    tally = _count_by_year(counted, terms, years)
    n_words, counts = tally.n_words, tally.counts
    totals = counts.sum(axis=1, keepdims=True)
    others = {"other_count": totals - counts, "other_n_words": n_words.sum() - n_words}
    g2 = signed_g2(counts, n_words, **others)
    # One word more, so that a term that is all there is does not fill its prior.
    prior = Prior(totals * (PRIOR_WORDS / (n_words.sum() + 1)), PRIOR_WORDS)
    odds = log_odds(counts, n_words, **others, prior=prior)
    chance = chance_of_g2(g2)
    kinds = np.array([term.kind for term in terms], dtype=object)
    rates = np.empty_like(chance)
    for kind in sorted(set(kinds)):
        for place in range(len(years)):
            rates[kinds == kind, place] = false_discovery_rates(chance[kinds == kind, place])
    evidence = (g2, log_ratio(counts, n_words, **others), odds.delta, np.sqrt(odds.variance), odds.z, chance, rates)
    first = np.asarray(years)[(counts > 0).argmax(axis=1)]
    last = np.asarray(years)[::-1][(counts > 0)[:, ::-1].argmax(axis=1)]
    told = (counts > 0) | (totals >= _LEAST_OF_NONE) | (kinds != "word")[:, None] | (counts.size <= _MOST_ROWS)
    of_term = np.repeat(np.arange(len(terms)), told.sum(axis=1))
    yield np.array([printed.get(term, term.form) for term in terms], dtype=object)[of_term]
    yield kinds[of_term]
    rest = (tally.n_reports, tally.n_issuers, tally.dp_norm, first[:, None], last[:, None])
    for column in (years, counts, n_words, 1000 * counts / n_words, *evidence, *rest):
        yield np.broadcast_to(column, counts.shape)[told]


class _Tally(NamedTuple):
    """All words of each year; of each term and year occurrences, reports, issuers, and the spread over issuers."""

    n_words: IntArray
    counts: IntArray
    n_reports: IntArray
    n_issuers: IntArray
    dp_norm: FloatArray


def _count_by_year(counted: _Counted, terms: Sequence[_Term], years: Sequence[int]) -> _Tally:
    ranks = np.empty(len(terms), dtype=np.int64)
    ranks[[counted.terms.numbers[term] for term in terms]] = np.arange(len(terms))
    named, reports_of, times = counted.terms.laid()
    named = ranks[named]
    year_of = np.searchsorted(years, [_year_of(report) for report in counted.reports])
    names = [report.issuer_key for report in counted.reports]
    issuers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    issuer_of = np.array([issuers[name] for name in names])
    words = np.array(counted.n_words)
    shape, n_cells = (len(terms), len(years)), len(terms) * len(years)
    cells = named * len(years) + year_of[reports_of]
    n_issuers, dp_norm = np.zeros(shape, dtype=np.int64), np.full(shape, np.nan)
    for number in range(len(years)):
        reports_of_year = year_of == number
        of_year = reports_of_year[reports_of]
        here, lengths = np.unique(issuer_of[reports_of_year], return_inverse=True)
        present, phrases = np.unique(named[of_year], return_inverse=True)
        n_issuers[present, number], dp_norm[present, number] = score_dispersions(
            phrases,
            np.searchsorted(here, issuer_of[reports_of[of_year]]),
            np.bincount(lengths, weights=words[reports_of_year]).tolist(),
            times=times[of_year],
        )
    return _Tally(
        n_words=np.bincount(year_of, weights=words, minlength=len(years)).astype(np.int64),
        counts=np.bincount(cells, weights=times, minlength=n_cells).astype(np.int64).reshape(shape),
        n_reports=np.bincount(cells, minlength=n_cells).reshape(shape),
        n_issuers=n_issuers,
        dp_norm=dp_norm,
    )


@tabulated
def tabulate_markers(reports: Reports, *, n_above: int = 8, n_below: int = 3, role: Role | None = None) -> pd.DataFrame:
    """Return the words that each year has most above, and most below, what all other years let one expect.

    They are the words of `corpus.compare_years` with the highest and the lowest signed G2. They were found by
    looking at all words of the reports: G2 orders them here and tests nothing.

    Parameters
    ----------
    reports : Reports
    n_above, n_below : int
        At most so many words a year with G2 above 0, and below 0; of equal ones the first in the order of characters.
    role : str, optional
        Only the parts with this role.

    Returns
    -------
    DataFrame
        One row a year and word, by year, then G2 falling.

        {columns of tabulate_markers}

    Raises
    ------
    CorpusError
        If the reports are on fewer than two years, or a number of words is below 0.
    """
    if n_above < 0 or n_below < 0:
        raise CorpusError(f"n_above={n_above} and n_below={n_below} must be 0 or more")
    compared = compare_years(reports, role=role)
    dated = reports.select(report_id=lambda name: name not in compared.attrs["excluded"])
    words = compared[compared["kind"] == "word"].sort_values(["year_reviewed", "g2", "term"])
    above = words[words["g2"] > 0].sort_values(["g2", "term"], ascending=[False, True])
    below = words[words["g2"] < 0]
    chosen = pd.concat([above.groupby("year_reviewed").head(n_above), below.groupby("year_reviewed").head(n_below)])
    chosen = chosen.sort_values(["year_reviewed", "g2", "term"], ascending=[True, False, True])
    issuers = {report.report_id: report.issuer_key for report in dated}
    years = pd.DataFrame(
        [(report.report_id, report.year_reviewed, report.label) for report in dated],
        columns=["report_id", "year_reviewed", "report_label"],
    )
    by_year = years.groupby("year_reviewed").agg(
        n_reports_in_year=("report_id", "size"), reports_in_year=("report_label", ", ".join)
    )
    found = tabulate_words(dated, role=role).rename(columns={"word": "term"})
    found = found[found["term"].isin(set(chosen["term"]))].merge(years, on="report_id")
    n_issuers = found.groupby("term")["report_id"].agg(lambda names: len({issuers[name] for name in names}))
    first = found.drop_duplicates(["year_reviewed", "term"])[["year_reviewed", "term", "report_id", "start", "end"]]
    table = (
        chosen.merge(first, how="left", on=["year_reviewed", "term"])
        .merge(n_issuers.rename("n_issuers_in_all"), left_on="term", right_index=True)
        .merge(by_year, left_on="year_reviewed", right_index=True)
    )
    names = [column.name for column in columns_of("tabulate_markers")]
    return as_table(table[names].reset_index(drop=True), "tabulate_markers")


_Z_95 = 1.959963984540054


def _compare_pairs(
    reports: Reports, year_later: int | None, *, role: Role | None, n_terms: int, min_count: int
) -> pd.DataFrame:
    """Return the terms that rose and fell most from one year to the next in the issuers that have both."""
    successions = find_successions(reports)
    years = pd.Series([int(found.later.year_reviewed or 0) for found in successions], dtype="int64")
    if years.empty:
        raise CorpusError("no issuer has reports on two adjacent years: nothing rises or falls between them")
    if year_later is None:
        counts = years.value_counts()
        year_later = int(counts[counts == counts.max()].index.max())
    pairs = [found for found in successions if found.later.year_reviewed == year_later]
    if not pairs:
        known = ", ".join(map(str, sorted(set(years))))
        raise CorpusError(
            f"no issuer has reports on {year_later - 1} and {year_later}; there are pairs that end in {known}"
        )
    ids = [report.report_id for found in pairs for report in (found.earlier, found.later)]
    compared = compare_years(reports.select(report_id=ids), role=role)
    before = compared.loc[compared["year_reviewed"] == year_later - 1, ["kind", "term", "count", "n_issuers"]]
    after = compared[compared["year_reviewed"] == year_later]
    both = after.merge(before, on=["kind", "term"], suffixes=("_later", "_earlier"))
    common = both[both["count_later"] + both["count_earlier"] >= min_count]
    common = common.sort_values(["z", "term"], ascending=[False, True], kind="stable")
    chosen = pd.concat([common[common["z"] > 0].head(n_terms), common[common["z"] < 0].tail(n_terms)])
    margin = _Z_95 * chosen["log_odds_error"]
    table = chosen.assign(
        year_earlier=year_later - 1,
        year_later=year_later,
        n_issuers=len(pairs),
        low=chosen["log_odds"] - margin,
        high=chosen["log_odds"] + margin,
    )
    names = [column.name for column in columns_of("compare_years.rise")]
    table = as_table(table[names].reset_index(drop=True), "compare_years.rise")
    table.attrs["report_ids"] = ids
    return table
