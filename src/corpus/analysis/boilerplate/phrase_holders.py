"""Who else has each character and each word of a report: how many issuers and reports, the report before, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from corpus.analysis.alignment.passage_pairs import expand
from corpus.analysis.boilerplate.formulas import find_formulas
from corpus.analysis.comparison.shared_passages import find_reuse
from corpus.analysis.index.unit_row import BoolArray, IntArray, raw_places
from corpus.analysis.reuse.base_rates import number_issuers
from corpus.analysis.words.word_tables import tabulate_words
from corpus.report.reports import Reports
from corpus.report.succession import find_successions
from corpus.report.table_columns import as_table, build_table, tabulated

_CAP = 50
_LEAST_HEADING = 4


class _Stretches(NamedTuple):
    """Stretches of reports, by report: spans of ``raw``, and what each is of (another report, or a family)."""

    report: IntArray
    start: IntArray
    end: IntArray
    what: IntArray

    @classmethod
    def of(cls, columns: Iterable[Any]) -> _Stretches:
        arrays = [np.asarray(column, dtype=np.int64) for column in columns]
        order = np.argsort(arrays[0], kind="stable")
        return cls(*(column[order] for column in arrays))

    def within(self, report: int, begins: IntArray) -> tuple[IntArray, IntArray, slice]:
        """Return the stretches of a report as places among the characters that begin there, and which they are."""
        here = slice(*np.searchsorted(self.report, [report, report + 1]).tolist())
        return np.searchsorted(begins, self.start[here]), np.searchsorted(begins, self.end[here]), here


class Held(NamedTuple):
    """Who has each key character of a body.

    Attributes
    ----------
    places : (array of int, array of int)
        Where in ``raw`` each character begins and ends.
    n_issuers, n_reports : array of int
        How many issuers and reports have it, these ones included.
    in_before : array of bool
        Whether the issuer's report of the year before has it.
    has_before : bool
        Whether that report is at hand.
    """

    places: tuple[IntArray, IntArray]
    n_issuers: IntArray
    n_reports: IntArray
    in_before: BoolArray
    has_before: bool


class Holdings:
    """Which stretches of which reports stand elsewhere too.

    These are the aligned passages of `corpus.find_reuse`; the places of `corpus.find_formulas`, for what more reports
    have than are paired with each other; and whole headings. Where several of them lie over a character, the issuers of
    the passages are counted together, and the largest of the counts holds.

    Parameters
    ----------
    reports : Reports
    min_chars : int
        Least number of key characters of an exact match.
    min_reports : int
        From how many reports on it matters how many there are.
    """

    def __init__(self, reports: Reports, *, min_chars: int, min_reports: int) -> None:
        self._reports = reports
        self._numbers = {report.report_id: number for number, report in enumerate(reports)}
        self._issuer = number_issuers(reports)
        self._before = np.full(len(reports), -1, dtype=np.int64)
        for succession in find_successions(reports):
            self._before[self._numbers[succession.later.report_id]] = self._numbers[succession.earlier.report_id]
        found = find_reuse(reports, min_chars=min_chars, cap=_CAP, quotes=False)
        a, b = (found[f"report_{side}"].map(self._numbers).to_numpy() for side in "ab")
        spans = (np.concatenate([found[f"{edge}_a"], found[f"{edge}_b"]]) for edge in ("start", "end"))
        self._passages = _Stretches.of([np.concatenate([a, b]), *spans, np.concatenate([b, a])])
        formulas = find_formulas(reports, min_reports=min(min_reports, _CAP + 1), min_chars=min_chars)
        families = [*formulas["places"], *self._headings()]
        listed = [(self._numbers[name], *span, at) for at, own in enumerate(families) for name, *span in own]
        places = self._places = _Stretches.of(np.array(listed, dtype=np.int64).reshape(-1, 4).T)
        self._n_issuers = _count_kinds(places.what, self._issuer[places.report])
        self._n_reports = _count_kinds(places.what, places.report)
        before = self._before[places.report]
        known = np.isin(places.what * len(reports) + before, places.what * len(reports) + places.report)
        self._in_before = known & (before >= 0)

    def _headings(self) -> Iterator[list[tuple[str, int, int]]]:
        """Yield the places of each heading that stands in several reports: it is compared whole, however short."""
        places: defaultdict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for report in self._reports:
            for heading in report.headings:
                key = report.key[slice(*report.key_span(heading.start, heading.end))]
                if len(key) >= _LEAST_HEADING:
                    places[key].append((report.report_id, heading.start, heading.end))
        return (own for own in places.values() if len(own) > 1)

    def within(self, number: int) -> Held:
        """Return who has each character of one report."""
        report = self._reports[number]
        begins, ends = raw_places(report, np.arange(*report.key_span(*report.layout.body)))

        def count(chosen: BoolArray, kinds: IntArray) -> IntArray:
            return _count_over(first[chosen], last[chosen], kinds[chosen], len(begins))

        first, last, here = self._passages.within(number, begins)
        others = self._passages.what[here]
        issuers = self._issuer[others]
        n_issuers = 1 + count(issuers != self._issuer[number], issuers)
        n_reports = 1 + count(np.ones(len(others), dtype=bool), others)
        in_before = count(others == self._before[number], others) > 0
        first, last, here = self._places.within(number, begins)
        families = self._places.what[here]
        row, at = expand(first, last)
        np.maximum.at(n_issuers, at, self._n_issuers[families[row]])
        np.maximum.at(n_reports, at, self._n_reports[families[row]])
        in_before |= count(self._in_before[here], families) > 0
        return Held((begins, ends), n_issuers, n_reports, in_before, bool(self._before[number] >= 0))


def _count_over(first: IntArray, last: IntArray, kinds: IntArray, n_chars: int) -> IntArray:
    """Return how many kinds of stretches lie over each of so many characters."""
    stride = n_chars + 1
    order = np.argsort(kinds * stride + first, kind="stable")
    begin, stop = ((kinds * stride + edge)[order] for edge in (first, last))
    # Stretches of one kind that overlap are one.
    begin = np.maximum(begin, np.maximum.accumulate(np.append(0, stop))[:-1])
    some = begin < stop
    up, down = (np.bincount(edge[some] % stride, minlength=stride) for edge in (begin, stop))
    counts: IntArray = np.cumsum(up - down)[:n_chars]
    return counts


def _count_kinds(groups: IntArray, kinds: IntArray) -> IntArray:
    """Return how many distinct kinds each group has, by the number of the group."""
    stride = int(kinds.max(initial=0)) + 1
    return np.bincount(np.unique(groups * stride + kinds) // stride)


FORMULAIC = "formulaic"
PARTICULAR = "particular"

_PLACE_FACTS = ("province", "prefecture", "county", "township")
# A single character is mostly a piece of a word that the dictionary does not know.
_SHORTEST = 2
_MOST_CLOUDS = 10


@tabulated
def tabulate_vocabulary(reports: Reports, *, min_reports: int = 2, min_chars: int = 8) -> pd.DataFrame:
    """Return the formulaic and the particular words of the reports, with their places.

    A word is formulaic as often as it lies wholly within a phrase of `corpus.find_formulas`. It is particular if one
    report alone uses it and never in such a phrase. No word is both; most words are neither. Left out are stop words
    (``reports.lexicon.stop_words``), figures, single characters and the names of the places that the reports come
    from, which tell them apart without saying anything of their vocabulary.

    Parameters
    ----------
    reports : Reports
        With a single report no word can be called either, and the table is empty.
    min_reports, min_chars : int
        What counts as a phrase: see `corpus.find_formulas`. The defaults are those of `corpus.measure_boilerplate`.

    Returns
    -------
    DataFrame
        One row a word: formulaic before particular, then by report in the order of the reports, by n_places, falling,
        and word.

        {columns of tabulate_vocabulary}

    Raises
    ------
    CorpusError
        If a threshold is below 2.
    """
    formulas = find_formulas(reports, min_reports=min_reports, min_chars=min_chars)
    if len(reports) < 2:
        return build_table([], "tabulate_vocabulary")
    words = tabulate_words(reports)
    kept = ~words["is_stop_word"] & ~words["is_number"] & (words["word"].str.len() >= _SHORTEST)
    words = words[kept & ~words["word"].isin(_names_of_places(reports))]
    places = words[["report_id", "start", "end"]].itertuples(index=False, name=None)
    words = words.assign(places=pd.Series(list(places), index=words.index, dtype=object))
    n_users = words.groupby("word")["report_id"].nunique()
    in_phrases = words[_lie_in_phrases(words, formulas)]
    elsewhere = words[~words["word"].isin(in_phrases["word"])]
    alone = elsewhere[elsewhere["word"].map(n_users) == 1]
    table = pd.concat([in_phrases.assign(vocabulary=FORMULAIC, report_id=None), alone.assign(vocabulary=PARTICULAR)])
    table = table.groupby(["vocabulary", "word"], as_index=False).agg({"report_id": "first", "places": list})
    ids = [report.report_id for report in reports]
    table["report_label"] = table["report_id"].map({report.report_id: report.label for report in reports})
    table["n_places"], table["n_reports"] = table["places"].str.len(), table["word"].map(n_users)
    ranks = table["report_id"].map({report_id: rank for rank, report_id in enumerate(ids)})
    order = table.assign(rank=ranks.fillna(0), fewer=-table["n_places"])
    table = table.loc[order.sort_values(["vocabulary", "rank", "fewer", "word"]).index].reset_index(drop=True)
    return as_table(table, "tabulate_vocabulary")


@tabulated
def choose_clouds(vocabulary: pd.DataFrame, *, most_words: int = 100) -> pd.DataFrame:
    """Return the words that are worth drawing: the most frequent of each cloud.

    There is a cloud of the formulaic words, and one of the particular words of each report, or of all together where
    there are more than ten reports. A cloud holds the words that stand at c places or more, with c at least 2 and as
    low as ``most_words`` allows, so that no word is left out while another with as many places is in. Where even the
    highest number is reached by too many words, or is 1, the first of them are taken.

    Parameters
    ----------
    vocabulary : DataFrame
        As `tabulate_vocabulary` returns it.
    most_words : int
        Words of a cloud.

    Returns
    -------
    DataFrame
        One row a word that is drawn, by cloud, falling n_places and word.

        {columns of choose_clouds}
    """
    few = vocabulary["report_id"].nunique() <= _MOST_CLOUDS
    names = vocabulary["report_label"].fillna(FORMULAIC) if few else vocabulary["vocabulary"]
    clouds = vocabulary.assign(cloud=names)
    kept = [_most_frequent(words, most_words) for _, words in clouds.groupby("cloud", sort=False)]
    return as_table(pd.concat(kept, ignore_index=True) if kept else clouds, "choose_clouds")


def _most_frequent(words: pd.DataFrame, most: int) -> pd.DataFrame:
    ordered = words.sort_values(["n_places", "word"], ascending=[False, True])
    n_as_frequent = ordered["n_places"].map(lambda least: (ordered["n_places"] >= least).sum())
    kept = ordered[(n_as_frequent <= most) & (ordered["n_places"] > 1)]
    return kept if len(kept) else ordered.head(most)


def _names_of_places(reports: Reports) -> set[str]:
    """Return the places that the issuers belong to, with and without 省, 市, 县 and the like."""
    names = {name for report in reports for fact in _PLACE_FACTS if (name := report.value(fact))}
    return names | {name[:-1] for name in names if len(name) > _SHORTEST}


def _lie_in_phrases(words: pd.DataFrame, formulas: pd.DataFrame) -> BoolArray:
    """Return for each word whether it lies wholly within a place of a formula."""
    types = {"report_id": "str", "start": "int64", "reach": "int64"}
    listed = [place for places in formulas["places"] for place in places]
    phrases = pd.DataFrame(listed, columns=list(types)).astype(types).sort_values("start", kind="stable")
    # With the farthest end so far, the last phrase that begins before a word decides.
    phrases["reach"] = phrases.groupby("report_id")["reach"].cummax()
    ordered = words[["report_id", "start", "end"]].reset_index(drop=True).reset_index()
    met = pd.merge_asof(ordered.sort_values("start"), phrases, on="start", by="report_id")
    inside: BoolArray = (met["end"] <= met["reach"])[np.argsort(met["index"].to_numpy())].to_numpy()
    return inside
