"""What rose and fell from year to year, what came and went."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.dispersion import score_dispersions
from corpus.analysis.keyness import Prior, chance_of_g2, false_discovery_rates, log_odds, log_ratio, signed_g2
from corpus.analysis.ngrams import IntArray
from corpus.analysis.resampling import FloatArray
from corpus.analysis.tables import join_columns
from corpus.analysis.words import is_number, split_words, tokenizer_for
from corpus.lexicon import Lexicon
from corpus.report import Report, Reports
from corpus.terms import key_of
from corpus.values import CorpusError, Role

_COLUMNS = {
    "term": "",
    "kind": "",
    "year_reviewed": "int64",
    "count": "int64",
    "n_words": "int64",
    "rate_per_1000": "float64",
    "g2": "float64",
    "log_ratio": "float64",
    "log_odds": "float64",
    "log_odds_error": "float64",
    "z": "float64",
    "chance": "float64",
    "false_discovery_rate": "float64",
    "n_reports": "int64",
    "n_issuers": "int64",
    "dp_norm": "float64",
    "first_year": "int64",
    "last_year": "int64",
}

PRIOR_WORDS = 1000
"""How many words the prior of the log-odds weighs: enough to draw what was seen twice to 0, and no more."""

_TITLE = re.compile(r"《([^《》\n]{1,100})》")
_REMARK = re.compile(r"[(（][^()（）]*[)）]$")
_LAW = re.compile(r"(?<![办方])法$|法典$|条例$")


class _Term(NamedTuple):
    kind: str
    form: str


class _Counts(NamedTuple):
    """What a report names how often, and each title as it is printed there first."""

    report: Report
    n_words: int
    terms: Counter[_Term]
    printed: dict[_Term, str]

    @property
    def year(self) -> int:
        return int(self.report.value("year_reviewed"))


def compare_years(reports: Reports, *, role: Role | None = None) -> pd.DataFrame:
    """Return how often each word, law and document is named in each year, against all other years.

    Words are those of `corpus.tabulate_words` without stop words and figures. Laws and documents are the titles
    printed in 《》, the inner one where two are nested; titles that differ in punctuation or width alone are one.
    A title that ends in 法, 法典 or 条例, but not in 办法 or 方法, a remark in brackets aside, is a law by its name.
    All others are documents: plans, notices, and the rules (规定, 办法, 规则, 细则) that any office may give itself.

    Where each issuer stands in one year only, year and issuer are confounded: a row then says what sets the reports
    of one year apart, not what changed.

    Parameters
    ----------
    reports : Reports
    role : str, optional
        Only the parts with this role. Reports without one are left out.

    Returns
    -------
    DataFrame
        One row a term and year, by kind, term and year, rows with count 0 included. kind: word, law or document;
        count: occurrences in the reports on that year; n_words: all words of these reports, stop words and figures
        included; rate_per_1000: occurrences in 1,000 words; g2 (evidence, signed) and log_ratio (size), both above
        0 where the term is more frequent than in all other years together: see `corpus.analysis.keyness`;
        n_reports, n_issuers: how many reports and issuers of the year name it; first_year, last_year: of the years
        loaded, those in which it is first and last seen. ``attrs["excluded"]`` lists the ids of reports left out.

    Raises
    ------
    CorpusError
        If the reports left are on fewer than two years.
    """
    tokenizer = tokenizer_for(reports, (report.text for report in reports))
    counted = [_count_report(report, tokenizer, reports.lexicon, role=role) for report in reports]
    kept = [counts for counts in counted if counts.report.year_reviewed is not None and counts.n_words]
    kept_ids = {counts.report.report_id for counts in kept}
    excluded = [report.report_id for report in reports if report.report_id not in kept_ids]
    years = sorted({counts.year for counts in kept})
    if len(years) < 2:
        left_out = f"; without a year or without words: {', '.join(excluded)}" if excluded else ""
        raise CorpusError(
            "years are compared where reports are on two years or more; these are on "
            f"{', '.join(map(str, years)) or 'none'}{left_out}"
        )
    table = join_columns(_year_columns(kept, years), _COLUMNS)
    table.attrs["excluded"] = excluded
    return table


def _count_report(report: Report, tokenizer: Any, lexicon: Lexicon, *, role: Role | None) -> _Counts:
    stop_words = frozenset(lexicon.stop_words)
    words = Counter(word.word for word in split_words(report, tokenizer, role=role))
    terms = Counter(
        {_Term("word", word): n for word, n in words.items() if word not in stop_words and not is_number(word)}
    )
    printed: dict[_Term, str] = {}
    for region in report.regions(role):
        for match in _TITLE.finditer(report.quote(*region)):
            title = match[1]
            kind = "law" if _LAW.search(_REMARK.sub("", title)) else "document"
            term = _Term(kind, key_of(title, lexicon.simplified))
            terms[term] += 1
            printed.setdefault(term, title)
    return _Counts(report, words.total(), terms, printed)


def _year_columns(counted: Sequence[_Counts], years: Sequence[int]) -> Iterator[Any]:
    """Yield the columns of the table, each as long as there are terms times years."""
    printed: dict[_Term, str] = {}
    for report_counts in reversed(counted):
        printed |= report_counts.printed
    terms = sorted({term for report_counts in counted for term in report_counts.terms})
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
    yield [name for term in terms for name in repeat(printed.get(term, term.form), len(years))]
    yield np.repeat(kinds, len(years))
    rest = (tally.n_reports, tally.n_issuers, tally.dp_norm, first[:, None], last[:, None])
    for column in (years, counts, n_words, 1000 * counts / n_words, *evidence, *rest):
        yield np.broadcast_to(column, counts.shape).ravel()


class _Tally(NamedTuple):
    """All words of each year; of each term and year occurrences, reports, issuers, and the spread over issuers."""

    n_words: IntArray
    counts: IntArray
    n_reports: IntArray
    n_issuers: IntArray
    dp_norm: FloatArray


def _count_by_year(counted: Sequence[_Counts], terms: Sequence[_Term], years: Sequence[int]) -> _Tally:
    numbers = {term: number for number, term in enumerate(terms)}
    sizes = [len(report_counts.terms) for report_counts in counted]
    named = np.fromiter((numbers[term] for own in counted for term in own.terms), dtype=np.int64, count=sum(sizes))
    times = np.fromiter((count for own in counted for count in own.terms.values()), dtype=np.int64, count=sum(sizes))
    year_of = np.array([years.index(report_counts.year) for report_counts in counted])
    names = [report_counts.report.issuer or report_counts.report.report_id for report_counts in counted]
    issuers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    issuer_of = np.array([issuers[name] for name in names])
    words = np.array([report_counts.n_words for report_counts in counted])
    shape, n_cells = (len(terms), len(years)), len(terms) * len(years)
    cells = named * len(years) + np.repeat(year_of, sizes)
    n_issuers, dp_norm = np.zeros(shape, dtype=np.int64), np.full(shape, np.nan)
    for number in range(len(years)):
        reports_of_year = year_of == number
        of_year, parts = np.repeat(reports_of_year, sizes), np.repeat(issuer_of, sizes)
        here, lengths = np.unique(issuer_of[reports_of_year], return_inverse=True)
        present, phrases = np.unique(named[of_year], return_inverse=True)
        n_issuers[present, number], dp_norm[present, number] = score_dispersions(
            phrases,
            np.searchsorted(here, parts[of_year]),
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
