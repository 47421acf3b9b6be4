"""Public collections of real reports, where the folder ``CORPUS_COLLECTIONS`` holds them; skipped where it does not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bench.pairs import differences

import corpus
from corpus.report.reports import Reports

COLLECTIONS = Path(os.environ.get("CORPUS_COLLECTIONS", "no such folder"))
needs_collections = pytest.mark.skipif(not COLLECTIONS.is_dir(), reason="CORPUS_COLLECTIONS is not set")


@needs_collections
def test_word_text_gbk_and_web_page_agree() -> None:
    assert list(differences(COLLECTIONS / "cities-2024", 12)) == []


@needs_collections
def test_the_same_report_under_other_names_is_named() -> None:
    reports = corpus.load_reports(COLLECTIONS / "cities-2024" / "txt")
    said = {
        report.report_id: notice.message
        for report in reports
        for notice in report.warnings
        if notice.code == "same-text"
    }
    named = " ".join([*said, *said.values(), *(str(problem) for problem in reports.problems)])
    assert all(name in named for name in ("台州", "贵阳", "襄阳"))


@needs_collections
def test_one_text_under_three_names_is_one_passage_a_pair() -> None:
    folder = COLLECTIONS / "cities-2024"
    (one,), (two,) = (corpus.load_reports(folder / "txt" / f"{name}.txt") for name in ("台州", "贵阳"))
    (three,) = corpus.load_reports(folder / "docx" / "襄阳.docx")
    passages = corpus.find_reuse(Reports((one, two, three)), quotes=False)
    longest = passages.groupby(["report_a", "report_b"])["matched_chars"].max()
    assert len(longest) == 3 and (longest > 0.99 * len(one.key)).all()


@needs_collections
def test_archive_of_provinces_has_its_names() -> None:
    reports = corpus.load_reports(next((COLLECTIONS / "provinces-2025").glob("*.zip")))
    assert (len(reports), reports.problems) == (31, ())
    assert any("新疆" in report.report_id for report in reports)


@needs_collections
def test_the_national_series_is_of_one_issuer() -> None:
    reports = corpus.load_reports(COLLECTIONS / "national-1954-2022" / "reports.tsv")
    assert (len(reports), {report.issuer for report in reports}) == (53, {"国务院"})
    years = [report.year_reviewed for report in reports]
    assert years[-4:] == [None] * 4 and years[:-4] == sorted(set(years) - {None})
    open_ones = [report.facts["year_reviewed"] for report in reports if report.year_reviewed is None]
    assert {fact.basis for fact in open_ones} == {"ambiguous"}  # delivered in 1964, 1975, 1978 and 1979
    assert (years[0], years[-5]) == (1953, 2021)
    codes = {notice.code for report in reports for notice in report.warnings}
    assert {"spaced-digits", "private-use"} <= codes
    assert all(len(report.passages("paragraph")) > 20 for report in reports)


@needs_collections
@pytest.mark.parametrize(
    ("folder", "reviewed", "with_both"),
    [("provinces-2025", 2024, 30), ("provinces-2026", 2025, 14), ("cities-2024/txt", 2023, 97)],
)
def test_work_reports_review_the_year_before_and_plan_the_next(folder: str, reviewed: int, with_both: int) -> None:
    path = COLLECTIONS / folder
    reports = corpus.load_reports(next(path.glob("*.zip"), path))
    assert {report.year_reviewed for report in reports} == {reviewed}
    roles = [{part.role for part in report.parts} for report in reports]
    assert sum({"measures", "plan"} <= found for found in roles) >= with_both
