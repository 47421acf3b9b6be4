"""Standard and informative content: how much of a report's vocabulary its peers would lead one to expect.

Hanley & Hoberg (2010, Review of Financial Studies 23:2821-2864) regress the normalised word vector of a prospectus on
the mean vectors of two groups of peers: the sum of the coefficients is its standard content, the sum of the absolute
residuals its informative content. 孟庆斌, 杨俊华 & 鲁冰 (2017, 中国工业经济 12:132-150) do so with the reports of the
same industry and of all others, with a constant. Both are taken from replications, not from the papers.
"""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from corpus.analysis.boilerplate.definitions import MeasuredTexts
from corpus.analysis.index.gram_numbers import count_distinct
from corpus.analysis.index.unit_row import BOUNDARY, BoolArray, IntArray
from corpus.analysis.words.segmentation import is_number
from corpus.analysis.words.term_bags import Bags

FloatArray = npt.NDArray[np.float64]
# What is left of a mean from which all was taken away again.
_ROUNDING = 1e-12


class Content(NamedTuple):
    """Standard and informative content of a report, from how many words and peers, or NaN and why not."""

    standard: float
    informative: float
    n_words: int
    note: str


def measure_content(texts: MeasuredTexts, *, group: str, intercept: bool) -> list[Content]:
    """Return the standard and the informative content of each report.

    The vector of a report is the share of each word among its words, without stop words and figures. The near peers
    are reports of other issuers on the same year with the same value of ``group``, the far ones all others of the year;
    where one of the two is empty the other stands alone. The regression is over the words of the report and its peers.

    Parameters
    ----------
    texts : MeasuredTexts
    group : str
        Name of a fact, such as ``level`` or ``province``, in place of the industry.
    intercept : bool
        Whether the regression has a constant: not in Hanley & Hoberg, in 孟庆斌 et al.

    Returns
    -------
    list of Content
        standard: about 1 for a report that is like its peers; informative: 0 for one that its peers explain in full, 2
        at most for one that shares no word with them.
    """
    shares, n_words = _bag_shares(texts)
    groups = np.array([str(report.value(group)) for report in texts.reports])
    years, issuers = texts.years, texts.issuers
    written = n_words > 0
    contents = []
    for year in dict.fromkeys(years.tolist()):
        of_year = np.flatnonzero((years == year) & written)
        sums = {name: _add_up(shares, of_year[groups[of_year] == name]) for name in set(groups[of_year].tolist())}
        total = _add_up(shares, of_year)
        for number in np.flatnonzero(years == year).tolist():
            if not year:
                contents.append((number, Content(nan, nan, int(n_words[number]), "year unknown")))
                continue
            peers = of_year[issuers[of_year] != issuers[number]]
            own = of_year[issuers[of_year] == issuers[number]]
            is_near, own_near = groups[peers] == groups[number], own[groups[own] == groups[number]]
            # The sums less what the issuer itself has in them: nobody is his own peer.
            near = sums.get(str(groups[number]), 0) - _add_up(shares, own_near)
            far = total - _add_up(shares, own) - near
            sides = [side / n for side, n in ((near, is_near.sum()), (far, (~is_near).sum())) if n]
            content = _regress(_add_up(shares, [number]), sides, intercept)
            contents.append((number, content._replace(n_words=int(n_words[number]))))
    return [content for _, content in sorted(contents, key=lambda numbered: numbered[0])]


def _regress(vector: FloatArray, means: list[FloatArray], intercept: bool) -> Content:
    if not means or not vector.any():
        return Content(nan, nan, 0, "no other issuer to compare with" if vector.any() else "no words")
    used = (vector > 0) | np.any([mean > _ROUNDING for mean in means], axis=0)
    columns = [mean[used] for mean in means] + ([np.ones(int(used.sum()))] if intercept else [])
    design = np.stack(columns, axis=1)
    coefficients = np.linalg.lstsq(design, vector[used], rcond=None)[0]
    residuals = vector[used] - design @ coefficients
    note = "" if len(means) == 2 else "one group of peers only"
    return Content(float(coefficients[: len(means)].sum()), float(np.abs(residuals).sum()), 0, note)


def _add_up(bags: Bags, chosen: IntArray | list[int]) -> FloatArray:
    """Return for every word the sum of its weights in some reports."""
    own = [slice(bags.firsts[place], bags.firsts[place + 1]) for place in chosen]
    terms, weights = (np.concatenate([side[:0], *(side[part] for part in own)]) for side in (bags.terms, bags.weights))
    return np.bincount(terms, weights=weights, minlength=bags.n_terms).astype(np.float64)


def _bag_shares(texts: MeasuredTexts) -> tuple[Bags, IntArray]:
    """Return the words of each report that count, with their shares, and how many they are."""
    stop_words = frozenset(texts.reports.lexicon.stop_words)
    row, words = texts.row("word", "sentence"), texts.words().names
    counts: BoolArray = np.array([word not in stop_words and not is_number(word) for word in words], dtype=bool)
    n_reports, n_words = len(texts.reports), len(words)
    real = row.units != BOUNDARY
    real[real] = counts[row.units[real] - 1]
    pairs, times = count_distinct(row.spread(row.owners)[real] * n_words + row.units[real] - 1)
    owners, terms = np.divmod(pairs, max(n_words, 1))
    sums = np.bincount(owners, weights=times, minlength=n_reports).astype(np.int64)
    firsts = np.searchsorted(owners, np.arange(n_reports + 1))
    return Bags(firsts, terms, times / sums[owners], n_words), sums
