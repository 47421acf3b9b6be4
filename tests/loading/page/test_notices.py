"""Damage is flagged once a kind, with its count and first place, and never repaired in ``text``."""

from __future__ import annotations

import pytest

import corpus
from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.loading.page.notices import text_notices
from corpus.report.reports import Report
from corpus.report.values import Source

LEAD = "2020年，我局认真落实法治政府建设任务。"


def read(text: str) -> Report:
    return assemble_report("a", Document("a", text, Source("a.txt", "0", "utf-8")), catalogue_facts={})


@pytest.mark.parametrize(
    ("damage", "code", "first", "count"),
    [
        ("领导(lǐng)班子，法制(zhì)机构", "pinyin", "(lǐng)", 2),
        ("2***年办理****件", "masked-characters", "***", 2),
        ("《纲要(20212025年)》", "lost-characters", "20212025年", 1),
        ("于2022120日印发", "lost-characters", "2022120日", 1),
        ("人民日报1 9 5 4 0 9 2 4第一版", "spaced-digits", "1 9 5 4 0 9 2 4", 1),
        ("中华\ue004人民\ue005\ue005共和国", "private-use", "\ue004", 2),
        ("甲\u202e乙\u202c丙", "direction-control", "\u202e", 2),
        ("法治\ufffd\ufffd政府", "replacement-character", "\ufffd\ufffd", 1),
        ("㵲阳河与𠮷林", "rare-character", "㵲", 2),
        ("来自é¢†å¯¼的", "mojibake", "é¢†å¯¼", 1),
        ("开头锟斤拷锟斤拷结尾", "mojibake", "锟斤拷锟斤拷", 1),
        ("开头ï¿½ï¿½结尾", "mojibake", "ï¿½ï¿½", 1),
        ("烫烫烫烫", "mojibake", "烫烫烫烫", 1),
        ("认真落实省委三升体育平台部署，省委三升体育平台", "spam-words", "三升体育平台", 2),
        ("坚持以betway必威体育思想为指导", "spam-words", "必威体育", 1),
        ("范文网—全网资源每日更新www.example.com", "site-slogan", "全网资源每日更新www.example.com", 1),
        ("領導重視，認真貫徹，學習", "mixed-script", "領", None),
    ],
)
def test_damage_is_flagged_with_its_place(damage: str, code: str, first: str, count: int | None) -> None:
    report = read(f"{LEAD}\n{damage}\n{LEAD}")
    (notice,) = [notice for notice in report.warnings if notice.code == code]
    assert notice.evidence is not None
    assert report.raw[slice(*notice.evidence)] == first
    assert notice.evidence.start >= len(LEAD)
    if count is not None:
        assert ("(once)" if count == 1 else f"(in {count} places)") in notice.message
    assert damage in report.text


@pytest.mark.parametrize("words", ["建成智慧体育平台和公共体育平台", "体育彩票公益金", "国际登记制度", "版权归口管理"])
def test_words_of_the_trade_are_no_advertising(words: str) -> None:
    assert not {"spam-words", "site-slogan"} & {notice.code for notice in text_notices(words)}


def test_a_day_or_year_in_the_future_has_no_value_but_is_kept() -> None:
    title = "沅陵县水利局2020年法治政府建设工作报告"
    report = read(f"{title}\n发布日期：2098-01-20\n{LEAD}\n落实任务。\n沅陵县水利局\n2099年1月20日")
    for name, day in (("published", "2098-01-20"), ("signed", "2099-01-20")):
        fact = report.facts[name]
        assert (fact.value, fact.basis, fact.readings) == (None, "ambiguous", (day,))
    assert [notice.code for notice in report.warnings] == ["future-date", "future-date"]
    future = read("2097年，我局落实法治政府建设任务。\n一、依法行政\n落实任务。").facts["year_reviewed"]
    assert (future.value, future.readings) == (None, (2097,))


def test_traditional_script_is_told_from_mixed() -> None:
    text = "2020年，縣政府認真貫徹黨的會議精神，開展執法檢查，現將有關情況報告如下。"
    assert [notice.code for notice in text_notices(text)] == ["traditional-script"]
    assert "mixed-script" in [notice.code for notice in text_notices(text + "国务院发布决定，动员执法队伍。")]


def test_the_place_counts_in_raw_where_text_differs() -> None:
    report = read(f"{LEAD}\r\n\u200b锟斤拷")
    (notice,) = [notice for notice in report.warnings if notice.code == "mojibake"]
    assert notice.evidence is not None and report.raw[slice(*notice.evidence)] == "锟斤拷"


@pytest.mark.parametrize(
    "text",
    [
        "《法治政府建设实施纲要（2021—2025年）》于2021年1月20日印发，共12.4万件，7*24小时服务。",
        "新区（xīn）", "一(a)二", "1 2 3", "2020 年 1 月", "**", "* * *", "—— * ——", "***** 分隔 *****",
        "2020312", "电话 0531 8690 1234", "Müller 与 café", "乾隆年间，后来，著名", "20 20 年", "12345678年", "é",
    ],
)  # fmt: skip
def test_ordinary_print_is_left_alone(text: str) -> None:
    assert {notice.code for notice in text_notices(text)} <= ({"masked-characters"} if text == "**" else {"pinyin"})


def test_the_bundled_reports_have_one_damaged_date_and_one_early_one() -> None:
    codes = {report.report_id: [notice.code for notice in report.warnings] for report in corpus.load_reports()}
    assert {report_id: found for report_id, found in codes.items() if found} == {
        "zaozhuang-2019": ["lost-characters"],
        "longgang-2020": ["early-date"],
    }
