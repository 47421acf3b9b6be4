"""Kinds of titles, issuers, heads, tails and neighbours that pages have: the right values, none for what is open."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.field.data_files import load_divisions
from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.report.reports import Report
from corpus.report.values import FACTS, Source

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "openings.jsonl").read_text(encoding="utf-8").splitlines()
]
TABLE = load_divisions()
YEAR = 2024
SHARED = sorted(
    name
    for name, rows in TABLE.names.items()
    if len({row.code for row in rows if row.years_away(YEAR) == 0}) > 1 and len(name) > 2
)


def read(text: str, report_id: str = "page") -> Report:
    return assemble_report(report_id, Document(report_id, text, Source("page.txt", "0", "utf-8")), catalogue_facts={})


def what_it_shows(report: Report, name: str, wanted: Any) -> Any:
    body = report.quote(*report.layout.body)
    signature, salutation = report.layout.signature, report.layout.salutation
    shown = {
        "neighbour": any(notice.code == "near-neighbour" for notice in report.warnings),
        "headings": [heading.label + heading.text for heading in report.headings],
        "roles": [part.role for part in report.parts],
        "signature": report.quote(*signature) if signature else None,
        "salutation": report.quote(*salutation) if salutation else None,
    }
    if name in ("basis", "readings"):
        facts = {fact: report.facts[fact] for fact in wanted}
        return {fact: list(found.readings) if name == "readings" else found.basis for fact, found in facts.items()}
    if name == "body_starts":
        return body[: len(wanted)]
    if name == "body_ends":
        return body[-len(wanted) :]
    return report.value(name) if name in FACTS else shown[name]


@pytest.mark.parametrize("case", CASES, ids=[f"{number} {case['kind']}" for number, case in enumerate(CASES)])
def test_opening(case: dict[str, Any]) -> None:
    report = read(case["text"])
    assert {name: what_it_shows(report, name, wanted) for name, wanted in case["expected"].items()} == case["expected"]


@pytest.mark.parametrize("name", SHARED)
def test_a_name_that_several_places_have_stays_open_until_the_text_decides(name: str) -> None:
    rows = [row for row in TABLE.names[name] if row.years_away(YEAR) == 0]
    report = read(
        f"{name}司法局{YEAR}年度法治政府建设情况报告\n{YEAR}年，我局推进法治政府建设。\n一、主要举措\n学习三次。"
    )
    assert (report.issuer, report.value("county")) == (f"{name}司法局", name)
    assert (report.value("adcode"), report.value("prefecture")) == (None, None)
    assert set(report.facts["adcode"].readings) == {row.code for row in rows}
    for row in rows:
        above = TABLE.coded(row.parent_code, year=YEAR).name
        told = read(
            f"{above}{name}司法局{YEAR}年度法治政府建设情况报告\n{YEAR}年，我局推进法治政府建设。\n一、主要举措\n学习。"
        )
        assert (told.value("adcode"), told.facts["adcode"].basis) == (row.code, "inferred")


def test_the_name_of_a_file_counts_where_the_text_shows_nothing() -> None:
    text = "一年来，扎实推进法治政府建设。\n一、主要举措\n学习三次。"
    report = read(text, "沅陵县/沅陵县水利局2021年法治政府建设情况报告（定稿）")
    assert (report.year_reviewed, report.issuer, report.value("province")) == (2021, "沅陵县水利局", "湖南省")
    assert (report.facts["year_reviewed"].basis, report.facts["year_reviewed"].evidence) == ("inferred", None)
    assert "from-file-name" in {notice.code for notice in report.warnings}
    said = read(f"2022年，泸溪县水利局{text[4:]}", "沅陵县水利局2021年法治政府建设情况报告")
    assert (said.year_reviewed, said.issuer) == (2022, "泸溪县水利局")
    assert read(text, "2021").year_reviewed is None


def test_a_day_is_held_against_the_year_that_a_person_gave() -> None:
    text = "沅陵县水利局法治政府建设情况报告\n推进法治政府建设。\n一、主要举措\n学习三次。\n沅陵县水利局\n2021年12月8日"
    document = Document("a", text, Source("a.txt", "0", "utf-8"))
    codes = [
        [notice.code for notice in assemble_report("a", document, catalogue_facts={"year_reviewed": year}).warnings]
        for year in (2020, 2021)
    ]
    assert ["early-date" in found for found in codes] == [False, True]


def test_there_are_such_names() -> None:
    assert {"朝阳区", "和平区", "河东区", "普陀区", "宝山区", "通州区"} <= set(SHARED)
    assert len(SHARED) >= 25


def test_who_reports_for_a_government_is_no_news_about_it() -> None:
    page = read(
        "2025年松溪省政府工作报告\n来源：松溪日报\n2025年1月16日在松溪省第十四届人民代表大会第三次会议上省长甲某作政府工作报告。\n"
        "各位代表：\n现在，我代表省人民政府向大会报告工作，请予审议。\n一、2024年工作回顾\n全省稳定。"
    )
    (notice,) = (notice for notice in page.warnings if notice.code == "near-neighbour")
    assert "政府工作报告" in notice.message and page.year_reviewed == 2024
