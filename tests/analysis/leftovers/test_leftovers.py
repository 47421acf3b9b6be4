"""Leftovers: what is reported and, beside it, what looks like it and is not; the five; and where it stands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report

from corpus.analysis.leftovers.leftovers import find_leftovers
from corpus.analysis.leftovers.stale_years import year_under_review
from corpus.errors import CorpusError
from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.report.reports import Reports
from corpus.report.values import Source

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "leftovers.jsonl").read_text(encoding="utf-8").splitlines()
]
FOUND = find_leftovers(BUNDLED, typos=True)
COUNTY = {"county": "沂源县", "prefecture": "淄博市", "province": "山东省", "adcode": "370323", "level": "county"}


def one(text: str, **facts: Any) -> Reports:
    return replace(BUNDLED, items=(make_report("a", text, **{**COUNTY, "issuer": "沂源县科学技术局", **facts}),))


def test_what_belongs_is_told_from_what_does_not() -> None:
    for case in CASES:
        _is_told(case)


def _is_told(case: dict[str, Any]) -> None:
    facts = {"year_reviewed": case.get("year", 2022), **({"signed": case["signed"]} if "signed" in case else {})}
    frame = f"{facts['year_reviewed']}年，我局认真履职。\n现将{facts['year_reviewed']}年工作情况报告如下：\n"
    found = find_leftovers(one(frame + case["text"], **facts), typos=case["kind"] == "typo")
    rows = found[found["kind"] == case["kind"]]
    assert list(rows["quote"]) == ([case["words"]] if case["words"] else []), case
    assert list(rows["strength"]) == ([case.get("strength", "sign")] if case["words"] else []), case
    assert set(found["kind"]) <= {case["kind"]}, case


@pytest.mark.parametrize(
    ("report_id", "kind", "words"),
    [
        ("yiyuan-2022", "stale-year", "2021年党政主要负责人履行推进法治建设第一责任人职责"),
        ("yiyuan-2022", "stale-year", "2021年度推进法治政府建设的不足"),
        ("yiyuan-2022", "foreign-place", "张店科技"),
        ("yiyuan-2022", "word-debris", "[bookmark: _GoBack]"),
        ("yiyuan-2022", "repealed-law", "《技术合同法》"),
        ("zaozhuang-2019", "repealed-law", "《技术合同法》"),
        ("zaozhuang-2019", "lost-characters", "2020312"),
        ("changchun-2021", "late-event", "2022年2月1日起施行"),
        ("longgang-2020", "early-publication", "2020年12月17日"),
        ("longgang-2020", "old-organ", "法制办"),
        ("qinan-2020", "typo", "积积"),
    ],
)
def test_the_leftovers_of_the_five_are_found(report_id: str, kind: str, words: str) -> None:
    rows = FOUND[(FOUND["report_id"] == report_id) & (FOUND["kind"] == kind)]
    assert words in set(rows["quote"])


def test_nothing_else_is_reported_in_the_five() -> None:
    assert len(FOUND) == 12
    assert set(FOUND["strength"]) == {"sign"}
    assert "typo" not in set(find_leftovers(BUNDLED)["kind"])
    assert FOUND.attrs["excluded"] == []


def test_each_place_lies_in_its_sentence_and_is_quoted() -> None:
    for row in FOUND.itertuples():
        report = BUNDLED[row.report_id]
        assert row.quote in (report.quote(row.start, row.end), report.raw[row.start : row.end])
        if row.kind != "word-debris":
            assert row.sentence_start <= row.start < row.end <= row.sentence_end


def test_reports_without_year_or_place_are_listed_and_not_judged() -> None:
    text = "二、2021年工作情况\n在桓台县委的领导下开展工作。"
    bare = replace(BUNDLED, items=(make_report("a", text),))
    found = find_leftovers(bare)
    assert found.empty and found.attrs["excluded"] == ["a"]
    assert list(found.columns) == list(FOUND.columns)


def test_a_row_from_memory_never_calls_a_sentence_out_of_date() -> None:
    row = next(row for row in BUNDLED.lexicon.chronology if row["term"] == "技术合同法")
    reports = one("学习《技术合同法》。", year_reviewed=2022)
    assert list(find_leftovers(reports, chronology=[row])["kind"]) == ["repealed-law"]
    assert find_leftovers(reports, chronology=[{**row, "checked": "memory"}]).empty
    assert find_leftovers(reports, chronology=[{**row, "bounds": ""}]).empty
    with pytest.raises(CorpusError, match="has no column 'until'"):
        find_leftovers(reports, chronology=[{name: row[name] for name in ("term", "kind", "from", "checked", "forms")}])


def test_the_year_is_that_of_the_facts_and_a_disputed_one_is_not_judged() -> None:
    text = "一、2021年工作情况\n2021年，我局办理案件三件。\n二、2022年工作计划\n继续加强学习。"
    document = Document("a", text, Source("a.txt", "0", "utf-8"))
    found, told = (assemble_report("a", document, catalogue_facts=facts) for facts in ({}, {"year_reviewed": 2022}))
    assert (year_under_review(found), year_under_review(told)) == (2021, None)
    assert find_leftovers(replace(BUNDLED, items=(told,))).empty
    assert year_under_review(one(text, year_reviewed=2022)[0]) == 2022


def test_one_heading_left_from_the_year_before_is_no_dispute() -> None:
    text = "一、2021年工作情况\n办理案件三件。\n2022年，我局加强学习。\n二、2023年工作计划\n2023年，我局将继续学习。"
    document = Document("a", text, Source("a.txt", "0", "utf-8"))
    told = assemble_report("a", document, catalogue_facts={**COUNTY, "year_reviewed": 2022})
    assert year_under_review(told) == 2022
    assert "2021年工作情况" in set(find_leftovers(replace(BUNDLED, items=(told,)))["quote"])


def test_the_years_of_a_term_that_is_looked_back_on_belong() -> None:
    told = "2021年，我局又撤销了两个机构。"
    assert find_leftovers(one("现将本届政府五年来的工作报告如下：\n" + told, year_reviewed=2022)).empty
    assert find_leftovers(one("现将2022年工作报告如下：\n2021年，我局撤销两个机构。", year_reviewed=2022)).shape[0] == 1


def test_what_was_there_when_a_report_was_delivered_is_not_late() -> None:
    text = "有效应对新冠肺炎疫情。"
    assert find_leftovers(one(text, year_reviewed=2019, delivered="2020-05-22")).empty
    assert list(find_leftovers(one(text, year_reviewed=2019))["kind"]) == ["late-event"]
    early = find_leftovers(one(text, year_reviewed=2019, delivered="2020-01-10"))
    assert list(early["strength"]) == ["impossible"]


def test_a_name_inside_a_longer_one_is_no_place() -> None:
    facts = {"county": None, "prefecture": "马鞍山市", "province": "安徽省", "adcode": "340500", "level": "prefecture"}
    assert find_leftovers(one("新时代马鞍山高质量发展迈出步伐。", year_reviewed=2022, **facts)).empty


def test_a_place_named_more_often_than_the_own_one_is_not_called_foreign() -> None:
    sentence = "桓台县委高度重视。桓台县政府多次部署。桓台县科技局积极落实。"
    assert find_leftovers(one(sentence * 3, year_reviewed=2022)).empty
    assert not find_leftovers(one("桓台县委高度重视。", year_reviewed=2022)).empty


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="年月日20219一二、，。《》（）\n“”沂源张店区县委科技局法制办我", max_size=60))
def test_any_text_gives_places_inside_it(text: str) -> None:
    report = one(text, year_reviewed=2022)
    for row in find_leftovers(report, typos=True).itertuples():
        assert 0 <= row.start < row.end <= len(text)
        assert row.quote == text[row.start : row.end]
