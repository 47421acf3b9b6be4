"""Sentences around shared passages, side by side."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.sentence_edits import align_sentences
from corpus.errors import CorpusError
from corpus.report.reports import Reports


def longest(reports: Reports, a: str, b: str) -> pd.DataFrame:
    passages = corpus.find_reuse(reports)
    return passages[(passages["report_a"] == a) & (passages["report_b"] == b)].nlargest(1, "matched_chars")


@pytest.mark.parametrize(
    ("a", "b", "opening"),
    [
        ("zaozhuang-2019", "yiyuan-2022", ("学习宣传宪法", "进一步加强")),
        ("longgang-2020", "yiyuan-2022", ("一是严格", "一是严格")),
    ],
)
def test_stretches_follow_each_other_and_quote_both_files(
    bundled: Reports, a: str, b: str, opening: tuple[str, str]
) -> None:
    stretches = align_sentences(bundled, longest(bundled, a, b))
    for side, begins in zip("ab", opening, strict=True):
        report = bundled[stretches[f"report_{side}"].iloc[0]]
        for start, end, text in stretches[[f"start_{side}", f"end_{side}", f"text_{side}"]].itertuples(index=False):
            assert report.raw[start:end] == text
        assert list(stretches[f"start_{side}"][1:]) == list(stretches[f"end_{side}"][:-1])
        assert "".join(stretches[f"text_{side}"]).startswith(begins)
    same = stretches[stretches["agreement"] == "same"]
    keys = [same[f"text_{side}"].str.replace(r"\W", "", regex=True) for side in "ab"]
    assert list(keys[0]) == list(keys[1])
    assert keys[0].str.len().max() >= 20


def test_width_of_signs_is_no_difference_and_other_signs_are() -> None:
    reports = make_reports("统筹推进法治政府建设,各项工作。", "统筹推进法治政府建设，各项工作！")
    stretches = align_sentences(reports, corpus.find_reuse(reports))
    assert list(stretches["agreement"]) == ["same", "different"]
    assert list(stretches["text_a"]) == ["统筹推进法治政府建设,各项工作", "。"]
    assert list(stretches["text_b"]) == ["统筹推进法治政府建设，各项工作", "！"]


def test_script_is_no_difference_and_a_circled_number_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("學習宣傳貫徹憲法精神，各項工作①。", encoding="utf-8")
    (tmp_path / "b.txt").write_text("学习宣传贯彻宪法精神，各项工作1。", encoding="utf-8")
    reports = corpus.load_reports(tmp_path)
    stretches = align_sentences(reports, corpus.find_reuse(reports))
    assert list(stretches["text_a"]) == ["學習宣傳貫徹憲法精神，各項工作", "①。"]
    assert list(stretches["text_b"]) == ["学习宣传贯彻宪法精神，各项工作", "1。"]


def test_a_single_character_in_common_is_chance() -> None:
    reports = make_reports("统筹推进法治政府建设各项工作甲丙乙。", "统筹推进法治政府建设各项工作丁丙戊己。")
    stretches = align_sentences(reports, corpus.find_reuse(reports))
    assert list(stretches["text_a"]) == ["统筹推进法治政府建设各项工作", "甲丙乙。"]
    assert list(stretches["text_b"]) == ["统筹推进法治政府建设各项工作", "丁丙戊己。"]


def test_a_sentence_of_a_page_is_cut_at_the_margin() -> None:
    words = "统筹推进法治政府建设各项工作"
    reports = make_reports(f"{'甲' * 300}{words}{'乙' * 300}。", f"{'丙' * 5}{words}。")
    stretches = align_sentences(reports, corpus.find_reuse(reports), margin_chars=20)
    assert "".join(stretches["text_a"]) == f"{'甲' * 20}{words}{'乙' * 20}"
    assert "".join(stretches["text_b"]) == f"{'丙' * 5}{words}。"


def test_several_passages_take_the_sentences_between_them_too() -> None:
    one, other = "统筹推进法治政府建设各项工作", "完善重大行政决策程序规定制度"
    reports = make_reports(f"{one}。甲乙。{other}。丙丁。", f"{one}。戊。{other}。己。")
    stretches = align_sentences(reports, corpus.find_reuse(reports))
    assert "".join(stretches["text_a"]) == f"{one}。甲乙。{other}。"
    assert "".join(stretches["text_b"]) == f"{one}。戊。{other}。"


def test_no_passage_gives_an_empty_table_and_two_pairs_are_refused(bundled: Reports) -> None:
    passages = corpus.find_reuse(bundled)
    assert align_sentences(bundled, passages.iloc[:0]).empty
    with pytest.raises(CorpusError, match="8 pairs"):
        align_sentences(bundled, passages)
