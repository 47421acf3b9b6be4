"""The words that reports use in common phrases, and the words that one report alone uses."""

from __future__ import annotations

from bisect import bisect_right

import pandas as pd

from corpus.analysis.boilerplate.formulas import find_formulas
from corpus.analysis.words.word_tables import tabulate_words
from corpus.report.reports import Reports
from corpus.report.table_columns import as_table, build_table, tabulated
from corpus.report.values import Role

FORMULAIC = "formulaic"
PARTICULAR = "particular"

_PLACE_FACTS = ("province", "prefecture", "county", "township")
# A single character is mostly a piece of a word that the dictionary does not know.
_SHORTEST = 2
_MOST_CLOUDS = 10


@tabulated
def tabulate_vocabulary(
    reports: Reports, *, min_reports: int = 2, min_chars: int = 8, role: Role | None = None
) -> pd.DataFrame:
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
    role : str, optional
        Only the parts with this role, in all reports.

    Returns
    -------
    DataFrame
        One row a word: formulaic before particular, then by report in the order of the reports, by n_places, falling,
        and word.

        {columns of tabulate_vocabulary}

    Raises
    ------
    CorpusError
        If a threshold is below 2, or the role is none of the roles.
    """
    formulas = find_formulas(reports, min_reports=min_reports, min_chars=min_chars, role=role)
    if len(reports) < 2:
        return build_table([], "tabulate_vocabulary")
    words = _content_words(reports, role)
    words["in_phrase"] = _lie_in_phrases(words, formulas)
    n_users = words.groupby("word")["report_id"].nunique()
    in_phrases = _list_places(words[words["in_phrase"]])
    elsewhere = words[~words["word"].isin(list(in_phrases))]
    alone = _list_places(elsewhere[elsewhere["word"].map(n_users) == 1])
    order = {report.report_id: number for number, report in enumerate(reports)}
    labels = {report.report_id: report.label for report in reports}
    rows = [
        *(
            (FORMULAIC, None, None, word, len(places), int(n_users[word]), places)
            for word, places in in_phrases.items()
        ),
        *(
            (PARTICULAR, places[0][0], labels[places[0][0]], word, len(places), 1, places)
            for word, places in alone.items()
        ),
    ]
    rows.sort(key=lambda row: (row[0], order.get(row[1] or "", 0), -row[4], row[3]))
    return build_table(rows, "tabulate_vocabulary")


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


def _content_words(reports: Reports, role: Role | None) -> pd.DataFrame:
    words = tabulate_words(reports, role=role)
    kept = ~words["is_stop_word"] & ~words["is_number"] & (words["word"].str.len() >= _SHORTEST)
    return words[kept & ~words["word"].isin(_names_of_places(reports))].copy()


def _names_of_places(reports: Reports) -> set[str]:
    """Return the places that the issuers belong to, with and without 省, 市, 县 and the like."""
    names = {name for report in reports for fact in _PLACE_FACTS if (name := report.value(fact))}
    return names | {name[:-1] for name in names if len(name) > _SHORTEST}


def _lie_in_phrases(words: pd.DataFrame, formulas: pd.DataFrame) -> list[bool]:
    """Return for each word whether it lies wholly within a place of a formula."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for report_id, start, end in (place for places in formulas["places"] for place in places):
        spans.setdefault(report_id, []).append((start, end))
    # With the farthest end so far, the last phrase that begins before a word decides.
    reaches: dict[str, tuple[list[int], list[int]]] = {}
    for report_id, own in spans.items():
        own.sort()
        farthest = pd.Series([end for _, end in own]).cummax().tolist()
        reaches[report_id] = [start for start, _ in own], farthest
    inside = []
    for report_id, start, end in zip(words["report_id"], words["start"], words["end"], strict=True):
        starts, farthest = reaches.get(report_id, ([], []))
        place = bisect_right(starts, start) - 1
        inside.append(place >= 0 and end <= farthest[place])
    return inside


def _list_places(words: pd.DataFrame) -> dict[str, list[tuple[str, int, int]]]:
    places: dict[str, list[tuple[str, int, int]]] = {}
    for report_id, start, end, word in words[["report_id", "start", "end", "word"]].itertuples(index=False):
        places.setdefault(word, []).append((report_id, start, end))
    return places
