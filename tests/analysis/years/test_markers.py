"""The words that set each year apart."""

from __future__ import annotations

import pytest
from making import BUNDLED, make_report

import corpus
from corpus.analysis.years.terms_by_year import tabulate_markers
from corpus.errors import CorpusError
from corpus.report.reports import Reports

MARKERS = tabulate_markers(BUNDLED)


def panel() -> Reports:
    texts = {
        ("a", "甲局", 2020): "苹果苹果苹果苹果。香蕉。",
        ("b", "乙局", 2020): "苹果。香蕉香蕉。",
        ("c", "甲局", 2021): "香蕉香蕉香蕉。苹果。",
        ("d", "丙局", 2022): "葡萄葡萄。",
        ("e", "丙局", 0): "葡萄葡萄葡萄葡萄葡萄葡萄。",
    }
    reports = [
        make_report(name, text, issuer=issuer, **({"year_reviewed": year} if year else {}))
        for (name, issuer, year), text in texts.items()
    ]
    return Reports(tuple(reports))


def test_words_are_those_with_the_strongest_g2_of_their_year() -> None:
    compared = corpus.compare_years(BUNDLED)
    words = compared[compared["kind"] == "word"]
    for year, chosen in MARKERS.groupby("year_reviewed"):
        g2 = words.loc[words["year_reviewed"] == year, "g2"]
        above, below = chosen.loc[chosen["g2"] > 0, "g2"], chosen.loc[chosen["g2"] < 0, "g2"]
        assert list(above) == list(g2.nlargest(8))
        assert list(below) == list(g2.nsmallest(3))[::-1]
        assert chosen["g2"].is_monotonic_decreasing


def test_each_word_tells_which_reports_and_issuers_it_comes_from() -> None:
    markers = tabulate_markers(panel()).set_index(["year_reviewed", "term"])
    apple = markers.loc[(2020, "苹果")]
    assert apple[["count", "n_reports", "n_issuers_in_all", "n_reports_in_year"]].to_list() == [5, 2, 2, 2]
    assert apple["reports_in_year"] == "a, b"
    assert apple["g2"] > 0 and apple["log_ratio"] > 0
    grape = markers.loc[(2022, "葡萄")]
    assert grape[["count", "n_words", "n_issuers_in_all"]].to_list() == [2, 2, 1]  # the report without a year is out


def test_span_is_the_first_occurrence_in_the_year_and_missing_where_there_is_none() -> None:
    present, absent = MARKERS[MARKERS["count"] > 0], MARKERS[MARKERS["count"] == 0]
    words = corpus.tabulate_words(BUNDLED)
    for marker in present.itertuples():
        report = BUNDLED[marker.report_id]
        assert report.year_reviewed == marker.year_reviewed
        assert report.quote(marker.start, marker.end) == marker.term
        places = words[(words["report_id"] == marker.report_id) & (words["word"] == marker.term)]
        assert places["start"].min() == marker.start
    assert len(absent) and absent[["report_id", "start", "end"]].isna().all(axis=None)


def test_numbers_of_words_are_kept() -> None:
    assert (tabulate_markers(BUNDLED, n_above=2, n_below=0).groupby("year_reviewed").size() == 2).all()
    only_below = tabulate_markers(BUNDLED, n_above=0, n_below=1)
    assert (only_below["g2"] < 0).all() and len(only_below) == 4


def test_years_that_do_not_differ_have_no_words() -> None:
    same = Reports(tuple(make_report(f"r{year}", "苹果香蕉。", year_reviewed=year) for year in (2020, 2021)))
    assert tabulate_markers(same).empty


def test_requests_that_cannot_be_met_are_refused() -> None:
    with pytest.raises(CorpusError, match="two years"):
        tabulate_markers(BUNDLED.select(year_reviewed=2020))
    with pytest.raises(CorpusError, match="n_below=-1"):
        tabulate_markers(BUNDLED, n_below=-1)
