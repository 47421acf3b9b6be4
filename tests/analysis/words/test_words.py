"""Words: jieba's, with the pinned dictionary and the lexicon of the field."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import deque
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.words import segmentation
from corpus.analysis.words.segmentation import is_number, tokenizer_for, tokenizer_with, words_kept_whole
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports
from corpus.report.values import OffsetMap


def words_of(text: str, *lexicon: str) -> list[str]:
    reports = make_reports(text, lexicon=Lexicon(words=lexicon))
    return list(corpus.tabulate_words(reports)["word"])


def test_words_stand_where_the_table_says() -> None:
    table = corpus.tabulate_words(BUNDLED)
    for row in table.itertuples():
        assert BUNDLED[row.report_id].quote(row.start, row.end) == row.word
    for _, own in table.groupby("report_id"):
        assert (own["start"].iloc[1:].to_numpy() >= own["end"].iloc[:-1].to_numpy()).all()


def test_words_are_found_where_debris_was_cut_out() -> None:
    yiyuan = BUNDLED["yiyuan-2022"]
    (change,) = yiyuan.changes
    table = corpus.tabulate_words(BUNDLED[-1:])
    behind = table[table["start"] >= change.end].iloc[0]
    assert yiyuan.raw[behind["start"] : behind["end"]] == behind["word"]
    assert not ((table["start"] < change.end) & (table["end"] > change.start)).any()


def test_words_are_found_where_something_was_cut_out_inside_a_sentence() -> None:
    cut = make_report("a", "推进[x]法治建设。")
    report = replace(
        cut,
        text="推进法治建设。",
        key="推进法治建设",
        text_map=OffsetMap([0, 2], [0, 5], length=7, source_length=10),
        key_map=OffsetMap([0], [0], length=6, source_length=7),
    )
    table = corpus.tabulate_words(Reports((report,)))
    assert [cut.raw[row.start : row.end] for row in table.itertuples()] == ["推进", "法治", "建设"]


def test_every_letter_and_digit_of_the_body_is_in_one_word() -> None:
    for report in BUNDLED:
        table = corpus.tabulate_words(Reports((report,), lexicon=BUNDLED.lexicon))
        first, last = report.key_span(*report.layout.body)
        assert "".join(c for word in table["word"] for c in word if c.isalnum()) == report.key[first:last]


def test_lexicon_keeps_terms_whole_and_changes_nothing_else() -> None:
    text = "严格执行三重一大集体决策制度。"
    assert "三重一大" not in words_of(text)
    assert "三重一大" in words_of(text, "三重一大")
    assert words_of("全面加强科技管理。", "三重一大") == words_of("全面加强科技管理。")


def test_order_of_the_lexicon_does_not_matter() -> None:
    terms = ("法治政府", "建设工作", "法治政府建设工作", *BUNDLED.lexicon.words)
    one, other = (tokenizer_with(order, frozenset("法")) for order in (terms, terms[::-1]))
    assert one.FREQ == other.FREQ and one.total == other.total


def test_every_bundled_term_of_the_field_is_one_word_by_itself() -> None:
    tokenizer = tokenizer_with(words_kept_whole(BUNDLED.lexicon))  # as other tests have it, all of the dictionary
    split = [term for term in BUNDLED.lexicon.words if term.isalnum() and len(list(tokenizer.cut(term))) > 1]
    assert split == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("防止不作为、乱作为。", ["不作为", "乱作为"]),
        ("做好依申请公开和决策后评估。", ["依申请公开", "决策后评估"]),
        ("落实一规划两纲要。", ["一规划两纲要"]),
        ("在市委全面依法治市委员会和派驻纪检监察组的指导下", ["全面依法治市委员会", "派驻纪检监察组"]),
        ("推进供给侧结构性改革，扶持小微企业，参与一带一路。", ["供给侧", "小微企业", "一带一路"]),
        ("推行互联网＋监管。", ["互联网＋监管"]),
        ("到１９９８年，我街道开展普法。", ["１９９８", "我街道"]),
    ],
)
def test_terms_of_the_field_are_words_of_the_table(text: str, words: list[str]) -> None:
    table = corpus.tabulate_words(make_reports(text, lexicon=BUNDLED.lexicon))
    assert set(words) <= set(table["word"])


def test_no_word_crosses_the_end_of_a_sentence_or_a_punctuation_mark() -> None:
    assert words_of("行政处罚") == ["行政处罚"]
    assert words_of("行政。处罚") == words_of("行政，处罚") == words_of("行政\n处罚") == ["行政", "处罚"]


def test_tokens_without_letter_or_digit_are_left_out_and_figures_marked() -> None:
    reports = make_reports("2020年，完成率98.5%——“法治”的成效…")
    table = corpus.tabulate_words(reports)
    assert list(table.loc[table["is_number"], "word"]) == ["2020", "98.5%"]
    assert not {"，", "——", "“", "…"} & set(table["word"])
    assert [is_number(word) for word in ("2020", "3.5", "十", "A1", "5G", "-")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


def test_stop_words_are_marked() -> None:
    reports = make_reports("法治的成效", lexicon=Lexicon(stop_words=("的",)))
    table = corpus.tabulate_words(reports)
    assert list(table.loc[table["is_stop_word"], "word"]) == ["的"]


def test_own_terms_are_kept_whole_and_own_stop_words_take_the_place_of_ours(tmp_path: Path) -> None:
    reports = make_reports("推进积积参与的法治。", lexicon=BUNDLED.lexicon)
    table = corpus.tabulate_words(reports, dictionary=["积积参与"], stop_words=["法治"])
    assert table.loc[table["is_stop_word"], "word"].tolist() == ["法治"] and "积积参与" in set(table["word"])
    lines, accepted, plain = tmp_path / "own.txt", tmp_path / "accepted.csv", tmp_path / "plain.csv"
    lines.write_text("积积参与 3 n\n\n", encoding="utf-8-sig")
    accepted.write_text("term,accept\n积积参与,x\n进积,\n", encoding="utf-8-sig")
    plain.write_text("term,n\n积积参与,3\n", encoding="utf-8")
    for file in (lines, accepted, plain):
        assert list(corpus.tabulate_words(reports, dictionary=file)["word"]) == ["推进", "积积参与", "的", "法治"]
    lines.write_bytes("积积参与".encode("gb18030"))
    for wrong, message in ((lines, "save it as UTF-8"), (tmp_path / "none.txt", "one word a line")):
        with pytest.raises(CorpusError, match=message):
            corpus.tabulate_words(reports, dictionary=wrong)


def test_words_that_stand_together_are_candidates_for_terms() -> None:
    text = "完成黑臭水体治理。治理水体。黑臭水体清零。加强黑臭水体管理。"
    reports = Reports(tuple(make_report(f"r{n}", text, issuer=f"局{n}") for n in range(3)), lexicon=BUNDLED.lexicon)
    table = corpus.tabulate_words(reports, by="candidate").set_index("term")
    assert table.loc["黑臭水体", ["cut", "n_places", "n_reports", "n_issuers"]].tolist() == ["黑臭 水体", 9, 3, 3]
    assert not any("加强" in term or "完成" in term for term in table.index)
    assert corpus.tabulate_words(reports[:2], by="candidate").empty
    kept = corpus.tabulate_words(reports, by="candidate", dictionary=["黑臭水体"])
    assert "黑臭水体" not in set(kept["term"])


def test_words_that_the_dictionary_has_not_are_guessed() -> None:
    assert "杭研" in set(corpus.tabulate_words(make_reports("积积参与杭研大厦"))["word"])


def test_words_of_one_role() -> None:
    report = make_report("a", "加强法治。", parts=[("plan", "下一步工作。"), (None, "完。")])
    assert "".join(corpus.tabulate_words(Reports((report,)), role="plan")["word"]) == "下一步工作"


def test_no_reports_and_no_words() -> None:
    columns = list(corpus.tabulate_words(BUNDLED).columns)
    for reports in (Reports(()), make_reports(""), make_reports("。。")):
        table = corpus.tabulate_words(reports)
        assert list(table.columns) == columns and table.empty


def test_the_dictionary_is_read_as_jieba_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = segmentation.check_dictionary()
    assert sum(map(int, re.findall(rb" (\d+) ", whole))) == segmentation.DICTIONARY_TOTAL
    part = b"\n".join(whole.split(b"\n")[::40])
    monkeypatch.setattr(segmentation, "check_dictionary", lambda: part)
    segmentation._dictionary.cache_clear()
    try:
        file = BytesIO(part)
        file.name = "part"
        assert segmentation._dictionary() == segmentation._jieba().Tokenizer().gen_pfdict(file)[0]
    finally:
        segmentation._dictionary.cache_clear()


def test_part_of_the_dictionary_cuts_the_texts_as_all_of_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "_MET", deque(maxlen=2))
    part = tokenizer_for(BUNDLED, (report.text for report in BUNDLED))
    whole = tokenizer_with(words_kept_whole(BUNDLED.lexicon))
    assert len(part.FREQ) < len(whole.FREQ) / 2
    assert {word: whole.FREQ[word] for word in part.FREQ} == part.FREQ
    for report in BUNDLED[::3]:
        assert list(part.cut(report.text)) == list(whole.cut(report.text))
        assert list(part.cut(report.text, HMM=False)) == list(whole.cut(report.text, HMM=False))


def test_texts_without_a_new_character_are_cut_by_the_tokenizer_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "_MET", deque(maxlen=2))
    every = tokenizer_for(BUNDLED, (report.text for report in BUNDLED))
    assert tokenizer_for(BUNDLED, [BUNDLED[2].text]) is every
    other = replace(BUNDLED, lexicon=replace(BUNDLED.lexicon, words=()))
    assert tokenizer_for(other, [BUNDLED[2].text]) is not every
    assert tokenizer_for(BUNDLED, ["龘"]) is not every


def test_another_dictionary_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "DICTIONARY_SHA256", "0" * 64)
    segmentation._dictionary.cache_clear()
    try:
        with pytest.raises(CorpusError, match=r"dict\.txt has the SHA-256 7197c3"):
            tokenizer_with(("一个没有用过的词",))
    finally:
        segmentation._dictionary.cache_clear()


def test_the_cache_file_of_jieba_is_neither_read_nor_written(tmp_path: Path) -> None:
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(b"not marshalled")
    code = "import corpus\nreports = corpus.load_reports()[:1]\nprint(len(corpus.tabulate_words(reports)))"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(corpus.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == len(corpus.tabulate_words(BUNDLED[:1])) and done.stderr == ""
    assert list(tmp_path.iterdir()) == [planted] and planted.read_bytes() == b"not marshalled"


def test_twice_is_the_same() -> None:
    pd.testing.assert_frame_equal(corpus.tabulate_words(BUNDLED), corpus.tabulate_words(BUNDLED))


def test_words_are_the_same_whoever_cuts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = corpus.load_reports()
    alone = list(segmentation.words_of(reports, role="measures"))
    monkeypatch.setattr(segmentation, "_LEAST_SHARED", 2)
    monkeypatch.setattr(segmentation, "_AT_ONCE", 2)
    monkeypatch.setattr(segmentation, "_LENGTHS", {})
    assert list(segmentation.words_of(reports, role="measures")) == alone
    segmentation._LENGTHS.popitem()
    assert [len(words) for words in segmentation.words_of(reports, reports[1:4], role="measures")] == [
        len(words) for words in alone[1:4]
    ]
