"""Where shared passages stand, and how many there are of each length."""

from __future__ import annotations

import pandas as pd
import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.shared_passages import locate_reuse, tabulate_lengths
from corpus.analysis.reuse.passage_kinds import KINDS
from corpus.report.reports import Reports

COMMON = "统筹推进法治政府建设各项工作"


def test_passages_keep_their_rows_and_get_their_place_in_the_body(bundled: Reports) -> None:
    passages = corpus.find_reuse(bundled)
    places = locate_reuse(bundled, passages)
    common = [column for column in passages.columns if column in places.columns]
    pd.testing.assert_frame_equal(places[common], passages[common])
    assert set(places["kind"]) <= set(KINDS)
    for place in places.to_dict("records"):
        for side in "ab":
            report = bundled[place[f"report_{side}"]]
            body = report.quote(*report.layout.body)
            begins = place[f"begins_chars_{side}"]
            assert body[begins:].startswith(place[f"text_{side}"])
            assert len(body) == place[f"body_chars_{side}"]


@pytest.mark.parametrize(
    ("start_a", "start_b", "kind"),
    [
        (1551, 434, "running text"),  # names of laws, and words before them that are none
        (1568, 818, "title"),
        (198, 111, "title"),  # a plan: 法治政府建设实施纲要(201
        (2400, 1113, "heading"),
        (2407, 1186, "heading"),  # a heading in one, running text in the other
        (890, 1461, "running text"),
    ],
)
def test_kind_of_passages_of_the_bundled_reports(bundled: Reports, start_a: int, start_b: int, kind: str) -> None:
    places = locate_reuse(bundled, corpus.find_reuse(bundled))
    around_a = (places["start_a"] <= start_a) & (start_a < places["end_a"])
    around_b = (places["start_b"] <= start_b) & (start_b < places["end_b"])
    found = places[around_a & around_b]
    assert list(found["kind"]) == [kind]


def test_a_title_in_one_report_only_is_running_text() -> None:
    reports = make_reports(f"学习《{COMMON}》。", f"我们{COMMON}。", f"印发《{COMMON}》。")
    places = locate_reuse(reports, corpus.find_reuse(reports))
    assert list(places["kind"]) == ["running text", "title", "running text"]


def test_lengths_count_each_wording_once() -> None:
    reports = make_reports(f"甲{COMMON}乙{COMMON}", f"丙{COMMON}，丁{COMMON[:8]}戊", f"{COMMON[:8]}己")
    lengths = tabulate_lengths(reports)
    columns = ["report_a", "report_b", "length_chars", "n_wordings"]
    assert lengths[columns].to_numpy().tolist() == [
        ["a", "b", 8, 1],
        ["a", "b", 14, 1],
        ["a", "c", 8, 1],
        ["b", "c", 8, 1],
    ]


def test_lengths_leave_out_what_is_too_short_or_stands_in_too_many() -> None:
    reports = make_reports(f"甲{COMMON}", f"乙{COMMON}", f"丙{COMMON}", "子丑寅卯")
    assert list(tabulate_lengths(reports)["length_chars"]) == [14, 14, 14]
    assert tabulate_lengths(reports, min_chars=15).empty


def test_lengths_of_the_bundled_reports(bundled: Reports) -> None:
    lengths = tabulate_lengths(bundled)
    assert lengths["n_wordings"].sum() == 222 and lengths["length_chars"].agg(["min", "max"]).tolist() == [6, 34]
    assert len(lengths[["report_a", "report_b"]].drop_duplicates()) == 10
