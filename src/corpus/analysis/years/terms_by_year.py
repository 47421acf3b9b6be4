"""Which terms set a year apart: how strongly, and whether more reports have them than chance would give a year."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from corpus.analysis.index.gram_numbers import distinct
from corpus.analysis.index.unit_row import IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.words.segmentation import Bags, Word, is_number, lay_bags, tokenizer_for, words_of
from corpus.analysis.words.word_tables import (
    log_odds,
    log_ratio,
    score_dispersions,
    signed_g2,
    tabulate_words,
    with_own_words,
)
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon, Words, key_of
from corpus.report.reports import Report, Reports
from corpus.report.table_columns import as_table, columns_of, join_columns, tabulated
from corpus.report.values import Role

PRIOR_WORDS = 1000
"""How many words the prior of the log-odds weighs: enough to draw what was seen twice to 0, and no more."""

_MOST_ROWS, _LEAST_OF_NONE = 500_000, 5
"""In longer tables a word has a row for a year without it only from so many occurrences on."""

_LEAST_TESTED = 5  # reports; what stands in fewer can hardly differ by more than chance, and would only count as a test
_SHORTEST = 2  # a single character is mostly a piece of a word that the dictionary does not know
_TITLE = re.compile(r"《([^《》\n]{1,100})》")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_LAW = re.compile(r"(?<![办方])法$|法典$|条例$")


class _Term(NamedTuple):
    kind: str
    form: str


@tabulated
def compare_years(
    reports: Reports,
    *,
    by: Literal["year", "segmentation"] = "year",
    role: Role | None = None,
    dictionary: Words | None = None,
    stop_words: Words | None = None,
) -> pd.DataFrame:
    """Return how often each word, law and document is named in each year, and how far that sets the year apart.

    Words are those of `corpus.tabulate_words` of two characters or more, without stop words and figures. Laws and
    documents are the titles printed in 《》, the inner one where two are nested; titles that differ in punctuation or
    width alone are one. A title that ends in 法, 法典 or 条例, but not in 办法 or 方法, a remark in brackets aside, is
    a law by its name. All others are documents: plans, notices, and the rules (规定, 办法, 规则, 细则) that any office
    may give itself.

    A year is held against all other years. Where each issuer stands in one year only, year and issuer are confounded:
    a row then says what sets the reports of one year apart, not what changed. What rose from one year to the next in
    the same issuers is seen where the reports given are those of two years.

    G² and the log ratio take words as they come, so that a word that one report has often is far apart. ``chance``
    counts reports: it is that of so large a difference were the years dealt out anew to the reports, among those of an
    issuer where it has several years, among the others where it has one. Reports are ranked by how often they have the
    term (`deal_out_years`), with a normal approximation, and a chance is never less than one of the ways there are.
    The rate of false discoveries is that among terms that stand in five reports or more. In 16 provinces on two years
    it is below .05 for 12 words of the later year (五年, 十五五, 三中全会 …), and for none with the years dealt out at
    random, three times.

    By segmentation the words that stand out most are held against those that do where words are cut by the general
    dictionary alone: what is a finding of the cut and not of the reports changes its G² or is no word there.

    Parameters
    ----------
    reports : Reports
    by : {"year", "segmentation"}
        What a row is: a term in a year; or one of the twenty words with the highest G² of a year, cut either way.
    role : str, optional
        Only the parts with this role. Reports without one are left out.
    dictionary, stop_words : path or iterable of str, optional
        As in `corpus.tabulate_words`.

    Returns
    -------
    DataFrame
        By year, one row a term and year, by kind, term and year, rows with count 0 included; above 500,000 rows, for
        words that stand five times at least. ``attrs["excluded"]`` lists the ids of reports left out.

        {columns of compare_years}

        By segmentation, by year, then by rank:

        {columns of compare_years.segmentation}

    Raises
    ------
    CorpusError
        If ``by`` is unknown, the reports left are on fewer than two years, or a list of words cannot be read.

    Examples
    --------
    >>> import corpus
    >>> reports = corpus.load_reports()
    >>> words = corpus.compare_years(reports).nlargest(2, "g2")
    >>> list(zip(words["term"], words["year_reviewed"], strict=True))
    [('法治建设', 2022), ('权力', 2019)]
    """
    if by not in ("year", "segmentation"):
        raise CorpusError(f"by={by!r} is none of year, segmentation")
    reports = with_own_words(reports, dictionary, stop_words)
    if by == "segmentation":
        return _compare_cuts(reports, role)
    printed: dict[_Term, str] = {}
    dated = [report for report in reports if report.year_reviewed is not None]
    counted = [
        (report, n_words, terms)
        for report, words in zip(dated, words_of(reports, dated, role=role), strict=True)
        for n_words, terms in [_count_report(report, words, reports.lexicon, role=role, printed=printed)]
        if n_words
    ]
    kept = {report.report_id: int(report.year_reviewed or 0) for report, _, _ in counted}
    excluded = [report.report_id for report in reports if report.report_id not in kept]
    years = sorted(set(kept.values()))
    if len(years) < 2:
        left_out = f"; without a year or without words: {', '.join(excluded)}" if excluded else ""
        raise CorpusError(
            "years are compared where reports are on two years or more; these are on "
            f"{', '.join(map(str, years)) or 'none'}{left_out}"
        )
    terms, bags = lay_bags(terms for _, _, terms in counted)
    issuers = [report.issuer_key for report, _, _ in counted]
    of = _Of(
        np.searchsorted(years, list(kept.values())),
        np.unique(issuers, return_inverse=True)[1],
        np.array([n_words for _, n_words, _ in counted]),
    )
    table = join_columns(_year_columns(terms, bags, of, years=np.array(years), printed=printed), "compare_years")
    table.attrs["excluded"] = excluded
    return table


_FIRST_WORDS = 20


def _compare_cuts(reports: Reports, role: Role | None) -> pd.DataFrame:
    """Return the first words of each year, with the field's terms kept whole and without."""
    plain = replace(reports, lexicon=replace(reports.lexicon, words=()))
    ranked = []
    for cut in (reports, plain):
        words = compare_years(cut, role=role).query("kind == 'word' and g2 > 0")[["term", "year_reviewed", "g2"]]
        ranked.append(words.assign(rank=words.groupby("year_reviewed")["g2"].rank(method="first", ascending=False)))
    table = ranked[0].merge(ranked[1], on=["term", "year_reviewed"], how="outer", suffixes=("", "_plain"))
    table = table[(table["rank"] <= _FIRST_WORDS) | (table["rank_plain"] <= _FIRST_WORDS)]
    tokenizer = tokenizer_for(plain, table["term"])
    table["cut_into"] = [" ".join(tokenizer.cut(term)) for term in table["term"]]
    table = table.sort_values(["year_reviewed", "rank", "rank_plain", "term"]).reset_index(drop=True)
    names = [column.name for column in columns_of("compare_years.segmentation")]
    return as_table(table[names], "compare_years.segmentation")


def _count_report(
    report: Report, found: list[Word], lexicon: Lexicon, *, role: Role | None, printed: dict[_Term, str]
) -> tuple[int, Counter[_Term]]:
    """Return how many words a report has and how often each term, and put down how each title is printed first."""
    words = Counter(word.word for word in found)
    stop_words = frozenset(lexicon.stop_words)
    terms = Counter(
        {
            _Term("word", word): n
            for word, n in words.items()
            if word not in stop_words and len(word) >= _SHORTEST and not is_number(word)
        }
    )
    for region in report.regions(role):
        for match in _TITLE.finditer(report.quote(*region)):
            kind = "law" if _LAW.search(_REMARK.sub("", match[1])) else "document"
            term = _Term(kind, key_of(match[1], lexicon.simplified))
            terms[term] += 1
            printed.setdefault(term, match[1])
    return words.total(), terms


class _Of(NamedTuple):
    """Of each report: the place of its year, the number of its issuer, and how many words it has."""

    years: IntArray
    issuers: IntArray
    n_words: IntArray


def _year_columns(
    names: Sequence[_Term], bags: Bags, of: _Of, *, years: IntArray, printed: dict[_Term, str]
) -> Iterator[Any]:
    """Yield the columns of the table, each as long as there are terms times years."""
    order = sorted(range(len(names)), key=names.__getitem__)
    terms = [names[number] for number in order]
    named, reports_of = np.argsort(order)[bags.terms], bags.owners
    shape, n_cells = (len(terms), len(years)), len(terms) * len(years)
    cells = named * len(years) + of.years[reports_of]
    counts = np.bincount(cells, bags.weights, minlength=n_cells).astype(np.int64).reshape(shape)
    n_reports = np.bincount(cells, minlength=n_cells).reshape(shape)
    n_issuers, dp_norm = np.zeros(shape, dtype=np.int64), np.full(shape, np.nan)
    for number in range(len(years)):
        here, parts = np.unique(of.issuers[of.years == number], return_inverse=True)
        of_year = of.years[reports_of] == number
        present, phrases = np.unique(named[of_year], return_inverse=True)
        n_issuers[present, number], dp_norm[present, number] = score_dispersions(
            phrases,
            np.searchsorted(here, of.issuers[reports_of[of_year]]),
            np.bincount(parts, weights=of.n_words[of.years == number]),
            times=bags.weights[of_year],
        )
    n_words = np.bincount(of.years, of.n_words, minlength=len(years)).astype(np.int64)
    totals = counts.sum(axis=1, keepdims=True)
    others = {"other_count": totals - counts, "other_n_words": n_words.sum() - n_words}
    kinds = np.array([term.kind for term in terms], dtype=object)
    _, chance = deal_out_years(named, reports_of, bags.weights / of.n_words[reports_of], of.years, of.issuers)
    rates = np.ones_like(chance)
    tested = np.bincount(named, minlength=len(terms)) >= _LEAST_TESTED
    for kind in sorted(set(kinds)):
        own = (kinds == kind) & tested
        for place in range(len(years)):
            rates[own, place] = false_discovery_rates(chance[own, place])
    first = years[(counts > 0).argmax(axis=1)]
    last = years[::-1][(counts > 0)[:, ::-1].argmax(axis=1)]
    told = (counts > 0) | (totals >= _LEAST_OF_NONE) | (kinds != "word")[:, None] | (counts.size <= _MOST_ROWS)
    of_term = np.repeat(np.arange(len(terms)), told.sum(axis=1))
    yield np.array([printed.get(term, term.form) for term in terms], dtype=object)[of_term]
    yield kinds[of_term]
    # One word more, so that a term that is all there is does not fill its prior.
    prior = totals * (PRIOR_WORDS / (n_words.sum() + 1))
    odds = log_odds(counts, n_words, **others, prior=prior, prior_words=PRIOR_WORDS)
    sizes = (signed_g2(counts, n_words, **others), log_ratio(counts, n_words, **others))
    evidence = (*sizes, odds.delta, np.sqrt(odds.variance), odds.z, chance, rates)
    for column in (years, counts, n_words, 1000 * counts / n_words, *evidence, n_reports, n_issuers, dp_norm):
        yield np.broadcast_to(column, shape)[told]
    for by_term in (first, last):
        yield by_term[of_term]


def deal_out_years(
    terms: IntArray, reports: IntArray, rates: FloatArray, years: IntArray, issuers: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return how far the ranks of each term in each year lie above what dealing out the years gives, and the chance.

    Ranked are the rates of the reports, those without the term included (Wilcoxon 1945, Biometrics Bulletin 1:80-83;
    within issuers van Elteren 1960). Years are dealt out to the reports of an issuer, and all together to those of the
    issuers that have one year alone.

    Parameters
    ----------
    terms, reports : array of int
        Which report has which term.
    rates : array of float
        How often it has it, for its length.
    years, issuers : array of int
        Of each report, from 0.

    Returns
    -------
    array of float, array of float
        A row a term and a column a year: standard deviations of the sum of ranks, 0 where nothing can differ; and the
        two-sided chance of so many, at least one in the number of ways in which the years can be dealt out.
    """
    n_years, n_terms = int(years.max()) + 1, int(terms.max(initial=-1)) + 1
    several = np.bincount(distinct(issuers * n_years + years) // n_years) > 1
    groups = np.unique(np.where(several[issuers], issuers, -1), return_inverse=True)[1]
    sizes = np.bincount(groups)
    codes, places = np.unique(terms * len(sizes) + groups[reports], return_inverse=True)
    term, size = codes // len(sizes), sizes[codes % len(sizes)]
    ranks = _rank(places, rates, size - np.bincount(places))
    sums = np.bincount(places, ranks)
    # Summed up about the mean, or rounding would leave a spread where there is none.
    spread = np.bincount(places, (ranks - (sums / size)[places]) ** 2)
    spread += (size - np.bincount(places)) * (sums / size) ** 2
    z, chance = np.zeros((n_terms, n_years)), np.ones((n_terms, n_years))
    for year in range(n_years):
        of_year = np.bincount(groups[years == year], minlength=len(sizes))
        share = of_year[codes % len(sizes)] / size
        found = np.bincount(terms, ranks * (years[reports] == year), minlength=n_terms)
        above = found - np.bincount(term, sums * share, minlength=n_terms)
        variance = np.bincount(term, spread * share * (1 - share) * size / np.maximum(size - 1, 1), minlength=n_terms)
        known = variance > _NOTHING
        z[known, year] = above[known] / np.sqrt(variance[known])
        n_ways = math.exp(min(700.0, sum(map(_log_ways, sizes.tolist(), of_year.tolist()))))
        chance[:, year] = [max(math.erfc(abs(value) / math.sqrt(2)), 1 / n_ways) for value in z[:, year].tolist()]
    return z, chance


_NOTHING = 1e-9  # what rounding leaves of a variance of ranks


def _rank(places: IntArray, rates: FloatArray, n_without: IntArray) -> FloatArray:
    """Return the rank of each rate at its place, equal ones sharing theirs, where those who have none have rank 0."""
    order = np.lexsort((rates, places))
    place, rate = places[order], rates[order]
    runs = np.cumsum(np.append(True, (place[1:] != place[:-1]) | (rate[1:] != rate[:-1]))[: len(place)]) - 1
    numbers = np.arange(len(place)) - np.searchsorted(place, place) + 1
    ranks = np.empty(len(rates))
    ranks[order] = (np.bincount(runs, numbers) / np.bincount(runs))[runs]
    return ranks + (n_without[places] - 1) / 2


def _log_ways(n: int, chosen: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(chosen + 1) - math.lgamma(n - chosen + 1)


def false_discovery_rates(p_values: npt.ArrayLike) -> FloatArray:
    """Return for each of many tests the rate of false discoveries if it is the weakest that is believed.

    Benjamini & Hochberg 1995 (J. Royal Stat. Soc. B 57:289-300): with the p-values in ascending order, the least of
    m * p(j) / j over all j from the own rank on. 0 to 1; valid where the tests do not depend on each other or depend
    positively.
    """
    found = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(found, kind="stable")
    scaled = found[order] * len(found) / np.arange(1, len(found) + 1)
    rates = np.empty(len(found))
    rates[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return np.minimum(rates, 1)


@tabulated
def tabulate_markers(reports: Reports, *, n_above: int = 8, n_below: int = 3) -> pd.DataFrame:
    """Return the words that each year has most above, and most below, what all other years let one expect.

    They are the words of `corpus.compare_years` with the highest and the lowest signed G2. They were found by
    looking at all words of the reports: G2 orders them here and tests nothing.

    Parameters
    ----------
    reports : Reports
    n_above, n_below : int
        At most so many words a year with G2 above 0, and below 0; of equal ones the first in the order of characters.

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
    compared = compare_years(reports)
    words = compared[compared["kind"] == "word"].sort_values(["g2", "term"], ascending=[False, True])
    above, below = words[words["g2"] > 0], words[words["g2"] < 0].sort_values(["g2", "term"])
    chosen = pd.concat([above.groupby("year_reviewed").head(n_above), below.groupby("year_reviewed").head(n_below)])
    chosen = chosen.sort_values(["year_reviewed", "g2", "term"], ascending=[True, False, True])
    dated = reports.select(report_id=lambda name: name not in compared.attrs["excluded"])
    years = pd.DataFrame(
        [(report.report_id, report.year_reviewed, report.label, report.issuer_key) for report in dated],
        columns=["report_id", "year_reviewed", "label", "issuer"],
    )
    by_year = years.groupby("year_reviewed")["label"].agg(n_reports_in_year="size", reports_in_year=", ".join)
    found = tabulate_words(dated).rename(columns={"word": "term"})
    found = found[found["term"].isin(chosen["term"])].merge(years, on="report_id")
    first = found.drop_duplicates(["year_reviewed", "term"])[["year_reviewed", "term", "report_id", "start", "end"]]
    table = (
        chosen.merge(first, how="left", on=["year_reviewed", "term"])
        .merge(found.groupby("term")["issuer"].nunique().rename("n_issuers_in_all"), left_on="term", right_index=True)
        .merge(by_year, left_on="year_reviewed", right_index=True)
    )
    names = [column.name for column in columns_of("tabulate_markers")]
    return as_table(table[names].reset_index(drop=True), "tabulate_markers")
