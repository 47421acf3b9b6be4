"""What became of each passage of last year's report, on small panels whose answer can be read off."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from time import process_time

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import make_report

from corpus.analysis.alignment.common_text import common_length
from corpus.analysis.alignment.passage_pairs import heaviest_rise
from corpus.analysis.years.changes import align_years, share_revisions
from corpus.errors import CorpusError
from corpus.loading.load_reports import load_reports
from corpus.report.reports import Report, Reports
from corpus.report.succession import find_successions

STUDY = "组织干部职工学习宪法和科学技术进步法。"
TRAIN = "举办执法人员培训班2期，培训执法人员36人次。"
AUDIT = "对全部规范性文件进行了合法性审核。"
FUNDS = "兑现企业研发补助资金1200万元，惠及企业85家。"
OTHER = "全年未发生行政复议和行政诉讼案件。"


def _panel(*texts: tuple[str, int, str]) -> Reports:
    reports = [make_report(f"{issuer}-{year}", text, issuer=issuer, year_reviewed=year) for issuer, year, text in texts]
    return Reports(tuple(sorted(reports, key=lambda report: (report.year_reviewed or 0, report.report_id))))


def _changes(table: pd.DataFrame) -> list[tuple[str, bool]]:
    return list(zip(table["change"], table["moved"], strict=True))


def test_every_label_in_one_pair() -> None:
    renumbered = TRAIN.replace("2期", "3期").replace("36", "41")
    reworded = AUDIT.replace("全部规范性文件", "全部行政规范性文件")
    panel = _panel(("甲局", 2020, STUDY + TRAIN + AUDIT + OTHER), ("甲局", 2021, STUDY + renumbered + reworded + FUNDS))
    table = align_years(panel, edits=True)
    assert table["change"].tolist() == ["kept", "renumbered", "reworded", "new", "dropped"]
    assert not table["moved"].any()
    assert table["similarity"].tolist()[0] == 1
    assert table["similarity"].isna().tolist() == [False, False, False, True, True]
    later, earlier = panel["甲局-2021"], panel["甲局-2020"]
    kept, changed, edited, new, dropped = table.itertuples()
    assert later.quote(kept.start_later, kept.end_later) == earlier.quote(kept.start_earlier, kept.end_earlier) == STUDY
    assert changed.edits == [("2", "3"), ("36", "41")]
    assert edited.edits == [("", "行政")]
    assert later.quote(new.start_later, new.end_later) == FUNDS
    assert earlier.quote(dropped.start_earlier, dropped.end_earlier) == OTHER
    assert pd.isna(new.start_earlier) and pd.isna(dropped.end_later)


def test_punctuation_and_width_are_no_change() -> None:
    panel = _panel(("甲局", 2020, TRAIN), ("甲局", 2021, TRAIN.replace("，", " ,")))
    assert align_years(panel)["change"].tolist() == ["kept"]


def test_shares_are_of_the_characters_of_either_report() -> None:
    panel = _panel(("甲局", 2020, STUDY + OTHER), ("甲局", 2021, FUNDS + STUDY))
    shares = share_revisions(panel, align_years(panel)).iloc[0]
    kept, new, dropped = (sum(map(str.isalnum, words)) for words in (STUDY, FUNDS, OTHER))
    assert shares["share_kept"] == pytest.approx(kept / (kept + new))
    assert shares["share_new"] == pytest.approx(new / (kept + new))
    assert shares["share_dropped"] == pytest.approx(dropped / (kept + dropped))
    assert (shares["share_moved"], shares["year_earlier"], shares["year_later"]) == (0, 2020, 2021)


def test_of_passages_that_changed_places_the_shorter_moved() -> None:
    panel = _panel(("甲局", 2020, STUDY + TRAIN + AUDIT), ("甲局", 2021, AUDIT + STUDY + TRAIN))
    assert _changes(align_years(panel)) == [("kept", True), ("kept", False), ("kept", False)]


def test_a_passage_that_stands_twice_was_kept_twice_and_counts_once_in_the_earlier_report() -> None:
    panel = _panel(("甲局", 2020, STUDY), ("甲局", 2021, STUDY + STUDY))
    table = align_years(panel)
    assert table["change"].tolist() == ["kept", "kept"]
    shares = share_revisions(panel, table).iloc[0]
    assert shares["length_key_chars_later"] == 2 * shares["length_key_chars_earlier"]


def test_a_passage_inside_a_longer_one_was_kept() -> None:
    panel = _panel(("甲局", 2020, f"进一步提高认识，{STUDY}"), ("甲局", 2021, STUDY))
    table = align_years(panel)
    assert table["change"].tolist() == ["kept"] and table["similarity"].iloc[0] < 1


def test_what_cuts_a_clause_was_not_kept() -> None:
    panel = _panel(
        ("甲局", 2020, "兑现研发补助资金，惠及企业2000家。"), ("甲局", 2021, "兑现研发补助资金，惠及企业20。")
    )
    assert align_years(panel)["change"].tolist() == ["reworded"]


def test_a_long_sentence_of_which_a_clause_came_back_is_reworded() -> None:
    before = "深化流域综合治理，建设沿河生态廊道60公里，推行河湖长制，保护饮用水水源。"
    after = "加强湿地、草原、山林的分区管护，建成沿河生态廊道85公里，完善环境监测网络。"
    table = align_years(_panel(("甲局", 2020, before + OTHER), ("甲局", 2021, after + FUNDS)))
    assert table["change"].tolist() == ["reworded", "new", "dropped"]
    assert align_years(_panel(("甲局", 2020, before), ("甲局", 2021, FUNDS)))["change"].tolist() == ["new", "dropped"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("城镇化率达到58%左右。", "城镇化率达59%。"),
        ("收入和支出分别增长5%左右、7%左右。", "收入和支出分别增长3%和5%。"),
    ],
)
def test_what_hedges_a_figure_changes_with_it(before: str, after: str) -> None:
    panel = _panel(("甲局", 2020, before), ("甲局", 2021, after))
    assert align_years(panel)["change"].tolist() == ["renumbered"]


def test_addresses_are_marked_and_not_counted() -> None:
    panel = _panel(("甲局", 2020, f"各位代表！{STUDY}"), ("甲局", 2021, f"各位代表！{FUNDS}"))
    table = align_years(panel)
    assert table["kind"].tolist() == ["address", "text", "text"]
    assert share_revisions(panel, table)["share_kept"].tolist() == [0]


def test_headings_are_marked_and_not_counted() -> None:
    texts = (f"一、主要举措和成效\n{words}\n二、下一步工作计划\n{OTHER}" for words in (STUDY, FUNDS))
    frame = pd.DataFrame({"text": list(texts), "issuer": "甲市科技局", "year_reviewed": [2020, 2021]})
    reports = load_reports(frame)
    table = align_years(reports)
    assert table.loc[table["kind"] == "heading", "change"].tolist() == ["kept", "kept"]
    assert share_revisions(reports, table)["n_passages_later"].tolist() == [2]


def test_repetitive_text_ends_in_ordinary_time() -> None:
    began = process_time()
    align_years(_panel(*(("甲局", 2000 + year, ("的。" + 2 * chr(0x4E00 + year)) * 750) for year in range(10))))
    assert process_time() - began < 5


def test_new_for_everybody_and_new_for_one() -> None:
    campaign = "深入开展党史学习教育，推动学史明理、学史增信。"
    texts = [(issuer, 2020, STUDY + AUDIT) for issuer in "甲乙丙"]
    texts += [("甲", 2021, STUDY + campaign + FUNDS), ("乙", 2021, STUDY + campaign), ("丙", 2021, campaign + STUDY)]
    table = align_years(_panel(*texts))
    new = table[table["change"] == "new"]
    assert sorted(new["new_for"]) == ["everybody", "everybody", "everybody", "issuer"]
    assert table.loc[table["change"] != "new", "new_for"].isna().all()


def test_without_peers_nothing_is_said_of_them() -> None:
    table = align_years(_panel(("甲", 2020, STUDY), ("甲", 2021, STUDY + FUNDS)))
    assert table.loc[table["change"] == "new", "new_for"].tolist() == [None]


def test_reports_without_a_predecessor_are_listed_with_the_reason() -> None:
    panel = _panel(
        *(("甲", year, STUDY) for year in (2015, 2016, 2019)),
        ("乙", 2018, STUDY),
        ("丙", 2018, STUDY),
    )
    twice = make_report("丙-2019-a", STUDY, issuer="丙", year_reviewed=2019)
    again = make_report("丙-2019-b", STUDY, issuer="丙", year_reviewed=2019)
    nameless = make_report("nameless", STUDY, year_reviewed=2019)
    panel = Reports((*panel, twice, again, nameless))
    listed = align_years(panel, by="report").set_index("report_id")
    assert listed.loc["甲-2016", "predecessor"] == "甲-2015"
    assert "gap" in listed.loc["甲-2019", "note"] and "2016" in listed.loc["甲-2019", "note"]
    assert "first report" in listed.loc["乙-2018", "note"]
    assert "2 reports on 2019" in listed.loc["丙-2019-a", "note"]
    assert listed.loc["nameless", "note"] == "its issuer is not known"
    assert len(listed) == len(panel)
    assert [found.later.report_id for found in find_successions(panel)] == ["甲-2016"]


def test_an_issuer_under_two_spellings_is_one() -> None:
    place = {"province": "广东省", "prefecture": "深圳市", "county": "坪山区", "adcode": "440310"}
    names = ((2019, "坪山区财政局"), (2020, "深圳市坪山区财政局"), (2021, "坪山区教育局"))
    panel = Reports(
        tuple(make_report(str(year), STUDY, issuer=name, year_reviewed=year, **place) for year, name in names)
    )
    assert [(found.issuer, found.later.report_id) for found in find_successions(panel)] == [
        ("深圳市坪山区财政局", "2020")
    ]


def test_a_gap_is_bridged_on_request_only() -> None:
    panel = _panel(("甲", 2015, STUDY), ("甲", 2018, STUDY))
    assert align_years(panel).empty
    bridged = align_years(panel, by="report", max_gap=3).set_index("report_id").loc["甲-2018"]
    assert bridged["gap_years"] == 3 and bridged["note"].startswith("across a gap")
    assert align_years(panel, max_gap=3)["change"].tolist() == ["kept"]


def test_five_issuers_without_a_second_year_give_an_empty_table() -> None:
    table = align_years(_panel(*((issuer, 2020, STUDY) for issuer in "甲乙")), edits=True)
    assert table.empty and table.columns[-1] == "edits"


@pytest.mark.parametrize("wrong", [{"unit": "section"}, {"max_gap": 0}, {"min_similarity": 0}])
def test_what_cannot_be_met_is_said(wrong: dict[str, object]) -> None:
    with pytest.raises(CorpusError):
        align_years(_panel(("甲", 2020, STUDY)), **wrong)  # type: ignore[arg-type]


SHORT = st.text(alphabet="甲乙丙", max_size=12)


@given(SHORT, SHORT)
def test_common_length_is_that_of_the_longest_common_subsequence(a: str, b: str) -> None:
    assert common_length(a, b) == common_length(b, a) == _longest(a, b)


def _longest(a: str, b: str) -> int:
    lengths = [0] * (len(b) + 1)
    for one in a:
        row = [0]
        for place, other in enumerate(b):
            row.append(lengths[place] + 1 if one == other else max(lengths[place + 1], row[-1]))
        lengths = row
    return lengths[-1]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(1, 5)), max_size=7))
def test_the_heaviest_rise_is_the_heaviest(items: list[tuple[int, int]]) -> None:
    values, weights = [value for value, _ in items], [weight for _, weight in items]

    def rises(places: Sequence[int]) -> bool:
        return all(values[one] < values[other] for one, other in pairwise(places))

    chosen = heaviest_rise(values, weights)
    assert chosen == sorted(chosen) and rises(chosen)
    choices = (places for size in range(len(items) + 1) for places in combinations(range(len(items)), size))
    assert sum(weights[p] for p in chosen) == max(sum(weights[p] for p in places) for places in filter(rises, choices))


SENTENCES = st.lists(st.sampled_from([STUDY, TRAIN, AUDIT, FUNDS, OTHER]), max_size=5).map("".join)


@settings(max_examples=40)
@given(SENTENCES, SENTENCES)
def test_each_passage_of_either_report_is_in_one_row(before: str, after: str) -> None:
    panel = _panel(("甲", 2020, before), ("甲", 2021, after))
    table = align_years(panel)
    for side, report in (("earlier", panel[0]), ("later", panel[1])):
        spans = table[[f"start_{side}", f"end_{side}"]].dropna()
        spans = spans.drop_duplicates() if side == "earlier" else spans
        assert sorted(map(tuple, spans.to_numpy().tolist())) == [(p.start, p.end) for p in _passages(report)]


def _passages(report: Report) -> list:  # type: ignore[type-arg]
    return report.passages("sentence")
