"""Every known fact of the five reports, from the text alone and with the catalogue."""

from __future__ import annotations

import json
import shutil
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import data_path
from corpus.report.reports import Report, Reports
from corpus.report.values import FACTS, UNITS

CASES = Path(__file__).parents[1] / "cases"
KNOWN: dict[str, dict[str, Any]] = json.loads((CASES / "facts.json").read_text(encoding="utf-8"))
WAYS = ("catalogue", "text alone", "line feed added")


def read_lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session", params=WAYS)
def reports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The five reports by report_id: bundled, or copied under other names and loaded without a catalogue."""
    if request.param == "catalogue":
        return {report.report_id: report for report in corpus.load_reports()}
    folder = tmp_path_factory.mktemp("copies")
    names = {}
    for number, (report_id, known) in enumerate(KNOWN.items()):
        names[f"copy-{number}"] = report_id
        shutil.copyfile(data_path(*known["file"].split("/")), folder / f"copy-{number}.txt")
        if request.param == "line feed added":
            with (folder / f"copy-{number}.txt").open("ab") as stream:
                stream.write(b"\n")
    return {names[report.report_id]: report for report in corpus.load_reports(folder)}


@cache
def bundled() -> Reports:
    return corpus.load_reports()


@pytest.mark.parametrize("report_id", KNOWN)
def test_facts_hold(reports: dict[str, Report], report_id: str) -> None:
    report, known = reports[report_id], KNOWN[report_id]
    assert {name: report.value(name) for name in known["facts"]} == known["facts"]
    for name, span in known["evidence"].items():
        assert report.facts[name].evidence == (tuple(span) if span else None), name


@pytest.mark.parametrize("report_id", KNOWN)
def test_layout_holds(reports: dict[str, Report], report_id: str) -> None:
    report, known = reports[report_id], KNOWN[report_id]
    assert report.layout.body == tuple(known["body"]["span"])
    body = report.quote(*report.layout.body)
    assert body.startswith(known["body"]["first"])
    assert body.endswith(known["body"]["last"])
    assert [list(span) for span in report.layout.clutter] == known["clutter"]
    assert [[change.start, change.end] for change in report.changes] == known["debris"]
    for name in ("salutation", "signature"):
        span = getattr(report.layout, name)
        assert (list(span) if span else None) == known[name]


@pytest.mark.parametrize("report_id", KNOWN)
def test_headings_hold(reports: dict[str, Report], report_id: str) -> None:
    expected = [case for case in read_lines("headings.jsonl") if case["report_id"] == report_id]
    found = [
        {
            "report_id": report_id,
            "depth": heading.depth,
            "label": heading.label,
            "text": heading.text,
            "start": heading.start,
            "end": heading.end,
            "run_in": heading.run_in,
            "role": heading.role,
        }
        for heading in reports[report_id].headings
    ]
    assert found == expected


def test_all_59_headings_are_cases() -> None:
    assert len(read_lines("headings.jsonl")) == 59


@pytest.mark.parametrize("report_id", KNOWN)
def test_parts_without_a_heading_hold(reports: dict[str, Report], report_id: str) -> None:
    expected = [
        (case["role"], case["start"], case["end"])
        for case in read_lines("unheaded_parts.jsonl")
        if case["report_id"] == report_id
    ]
    found = [
        (part.role, part.start, part.end)
        for part in reports[report_id].parts
        if not part.headed and part.role in ("shortcomings", "plan")
    ]
    assert found == expected


@pytest.mark.parametrize("report_id", KNOWN)
def test_parts_follow_each_other_and_cover_the_body(reports: dict[str, Report], report_id: str) -> None:
    report = reports[report_id]
    body = report.layout.body
    assert report.parts[0].start == body.start
    assert report.parts[-1].end == body.end
    for before, after in pairwise(report.parts):
        assert before.end <= after.start
        assert not report.raw[before.end : after.start].strip()


@pytest.mark.parametrize("case", read_lines("shared_passages.jsonl"), ids=lambda case: case["key"][:4])
def test_shared_passages_stand_in_both_keys(reports: dict[str, Report], case: dict[str, Any]) -> None:
    for report_id in (case["a"], case["b"]):
        report = reports[report_id]
        start = report.key.index(case["key"])
        span = report.raw_span(start, start + case["length_chars"])
        assert report.key_span(*span) == (start, start + case["length_chars"])


@pytest.mark.parametrize("report_id", KNOWN)
def test_bytes_come_back(reports: dict[str, Report], report_id: str) -> None:
    report = reports[report_id]
    if report.report_id == report_id:
        assert report.raw_bytes == data_path(*KNOWN[report_id]["file"].split("/")).read_bytes()
        assert report.source.sha256 == KNOWN[report_id]["sha256"]
    for passage in report.passages("sentence"):
        first, last = report.byte_span(passage.start, passage.end)
        assert report.raw_bytes[first:last].decode("utf-8") == report.raw[passage.start : passage.end]


def test_sentences_are_those_that_a_reader_marked() -> None:
    """A reader's sentence may hold several of ours, since a semicolon ends a sentence here; it never cuts one."""
    for report_id in {case["report_id"] for case in read_lines("sentences.jsonl")}:
        starts = {passage.start for passage in bundled()[report_id].passages("sentence", scope="file")}
        ends = {passage.end for passage in bundled()[report_id].passages("sentence", scope="file")}
        for case in read_lines("sentences.jsonl"):
            if case["report_id"] == report_id:
                assert case["start"] in starts, case
                assert case["end"] in ends, case


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("report_id", KNOWN)
def test_passages_are_spans_in_reading_order(report_id: str, unit: Any) -> None:
    report = bundled()[report_id]
    passages = report.passages(unit)
    assert all(report.quote(passage.start, passage.end) == passage.text for passage in passages)
    assert all(before.end <= after.start for before, after in pairwise(passages))
    if unit != "item":
        held = "".join(passage.text for passage in passages)
        body = report.quote(*report.layout.body)
        assert "".join(held.split()) == "".join(body.split())


def test_units_nest() -> None:
    for report in bundled():
        counts = [len(report.passages(unit)) for unit in ("section", "paragraph", "sentence", "clause", "phrase")]
        assert counts == sorted(counts)


def test_items_are_opened_by_their_markers() -> None:
    items = [passage.text for passage in bundled()["qinan-2020"].passages("item", role="shortcomings")]
    assert [item[:2] for item in items] == ["一是", "二是"]
    assert all(not passage.is_heading for passage in bundled()["qinan-2020"].passages("item"))


def test_role_restricts_to_the_part() -> None:
    report = bundled()["yiyuan-2022"]
    plan = next(part for part in report.parts if part.role == "plan")
    passages = report.passages("sentence", role="plan")
    assert passages
    assert all(plan.start <= passage.start and passage.end <= plan.end for passage in passages)
    with pytest.raises(CorpusError, match="no such role"):
        report.passages("sentence", role="plans")  # type: ignore[arg-type]
    with pytest.raises(CorpusError, match="no such unit"):
        report.passages("word")  # type: ignore[arg-type]


def test_section_names_the_innermost_heading() -> None:
    sentence = next(passage for passage in bundled()["yiyuan-2022"].passages("sentence") if "张店科技" in passage.text)
    assert (sentence.section, sentence.role) == ("进一步加大法制宣传教育力度", "plan")
    unheaded = bundled()["zaozhuang-2019"].passages("sentence", role="plan")
    assert {passage.section for passage in unheaded} == {""}


def test_catalogue_gives_basis_and_evidence() -> None:
    facts = bundled()["zaozhuang-2019"].facts
    assert (facts["url"].basis, facts["url"].evidence) == ("catalogue", None)
    assert (facts["signed"].basis, facts["signed"].evidence) == ("catalogue", (2895, 2902))
    assert all(fact.basis != "stated" for name, fact in facts.items() if fact.value and name != "source")


def test_every_fact_is_there() -> None:
    for report in bundled():
        assert set(FACTS) < set(report.facts)
        for fact in report.facts.values():
            assert (fact.value is None) == (fact.basis in ("absent", "ambiguous"))


def test_reports_are_ordered_and_selected() -> None:
    reports = bundled()
    assert [report.report_id for report in reports] == [
        "zaozhuang-2019",
        "longgang-2020",
        "qinan-2020",
        "changchun-2021",
        "yiyuan-2022",
    ]
    assert [report.report_id for report in reports.select(level="county", year_reviewed=2020)] == [
        "longgang-2020",
        "qinan-2020",
    ]
    assert len(reports.select(year_reviewed=[2019, 2022])) == 2
    assert len(reports.select(year_reviewed=lambda year: year > 2020)) == 2
    assert len(reports.select(place="枣庄市")) == 1
    assert reports[1:3].lexicon is reports.lexicon
    with pytest.raises(CorpusError, match="argument of the analyses"):
        reports.select(role="plan")
    with pytest.raises(CorpusError, match="no report is called 'beijing'"):
        reports["beijing"]


def test_reports_and_a_report_show_themselves() -> None:
    table = bundled()._repr_html_()
    assert all(report_id in table for report_id in KNOWN)
    page = bundled()["yiyuan-2022"]._repr_html_()
    assert "“沂源县”" in page


def test_a_page_escapes_what_a_file_says() -> None:
    rows = pd.DataFrame({"text": ["2020年，我局认真工作。"], "issuer": ["<script>alert(1)</script>"]})
    report = corpus.load_reports(rows)[0]
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()
