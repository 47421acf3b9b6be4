"""What pages say of themselves: openings of the forms that government sites and their copies print."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from corpus.loading.assembling import assemble_report
from corpus.loading.documents import Document
from corpus.loading.normalise import make_key
from corpus.report import Report
from corpus.values import Source

PAGES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
]
NOT_FACTS = ("name", "text", "body", "place", "salutation", "signed_readings")


def read(page: dict[str, Any]) -> Report:
    document = Document("page", page["text"], Source("page.txt", "0", "utf-8"))
    return assemble_report("page", document, catalogue_facts={})


def without_spaces(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_page(page: dict[str, Any]) -> None:
    report = read(page)
    expected = {name: value for name, value in page.items() if name not in NOT_FACTS}
    assert {name: report.value(name) for name in expected} == expected
    assert report.place == page["place"]
    assert without_spaces(report.quote(*report.layout.body)).startswith(without_spaces(page["body"]))
    assert not [notice for notice in report.warnings if notice.code == "near-neighbour"]
    if "salutation" in page:
        assert report.layout.salutation and report.quote(*report.layout.salutation) == page["salutation"]
    if "signed_readings" in page:
        assert report.facts["signed"].basis == "ambiguous"
        assert list(report.facts["signed"].readings) == page["signed_readings"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_stated_facts_are_where_they_are_said_to_be(page: dict[str, Any]) -> None:
    report = read(page)
    for name, fact in report.facts.items():
        if fact.basis == "stated" and name not in ("published", "signed") and fact.evidence:
            assert make_key(str(fact.value))[0] in make_key(report.quote(*fact.evidence))[0], name


def test_two_places_named_as_often_leave_the_issuer_open() -> None:
    text = "市科技局2021年法治政府建设工作报告\n2021年，市科技局推进依法行政。\n一、主要做法\n长春市与四平市签订协议。"
    report = read({"text": text})
    assert report.facts["issuer"].readings == ("长春市科学技术局", "四平市科学技术局")
    assert (report.issuer, report.place, report.value("province")) == (None, "吉林省", "吉林省")
    assert report.facts["prefecture"].basis == "ambiguous"


def test_there_are_many_pages_and_no_two_alike() -> None:
    assert len(PAGES) >= 60
    assert len({page["text"] for page in PAGES}) == len({page["name"] for page in PAGES}) == len(PAGES)
