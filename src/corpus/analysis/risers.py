"""What the same issuers came to write more of, and less of, from one year to another."""

from __future__ import annotations

import pandas as pd

from corpus.analysis.succession import find_successions
from corpus.analysis.tables import build_table
from corpus.analysis.years import compare_years
from corpus.report import Reports
from corpus.values import CorpusError

_COLUMNS = {
    "term": "",
    "kind": "",
    "year_earlier": "int64",
    "year_later": "int64",
    "count_earlier": "int64",
    "count_later": "int64",
    "n_issuers_earlier": "int64",
    "n_issuers_later": "int64",
    "n_issuers": "int64",
    "log_ratio": "float64",
    "g2": "float64",
    "log_odds": "float64",
    "low": "float64",
    "high": "float64",
    "z": "float64",
    "false_discovery_rate": "float64",
}
_Z_95 = 1.959963984540054


def find_risers(
    reports: Reports, year_later: int | None = None, *, n_terms: int = 15, min_count: int = 5
) -> pd.DataFrame:
    """Return the words that rose and fell most from one year to the next, in the reports of the same issuers.

    Only issuers with a report on both years count, so that no difference is one between issuers. Words are ordered by z
    of the log-odds with an informative prior (`corpus.compare_years`), which takes words for independent draws: beside
    it stands how many of the issuers have the word, and a word that one issuer wrote often is one observation.

    Parameters
    ----------
    reports : Reports
    year_later : int, optional
        The later of the two years, which are adjacent; by default the last that most issuers have with the year before.
    n_terms : int
        At most so many words that rose, and so many that fell.
    min_count : int
        Least occurrences in both years together.

    Returns
    -------
    DataFrame
        One row a word, from the highest z to the lowest: term; kind (word, law or document); year_earlier, year_later;
        count_earlier, count_later; n_issuers_earlier, n_issuers_later: issuers that have it; n_issuers: all of them;
        log_ratio, g2, log_odds, z, false_discovery_rate: as in `corpus.compare_years`, above 0 what rose; low, high:
        log_odds less and plus 1.96 standard errors. ``attrs["report_ids"]`` lists the reports compared.

    Raises
    ------
    CorpusError
        If no issuer has reports on two adjacent years, or none on the year and the one before.
    """
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
    compared = compare_years(reports.select(report_id=ids))
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
    table = build_table(table[list(_COLUMNS)].to_numpy(dtype=object), _COLUMNS)
    table.attrs["report_ids"] = ids
    return table
