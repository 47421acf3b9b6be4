"""The inventory of formulas: families of passages, their reports, their places and what was swapped in them."""

from __future__ import annotations

import random
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.boilerplate.formulas import align_variants, keep_longest, spread_formulas
from corpus.errors import CorpusError
from corpus.report.reports import Reports

SENTENCE = "全面落实行政执法责任制切实规范行政执法行为"


@settings(max_examples=30)
@given(
    st.lists(st.text(alphabet="甲乙丙，。", max_size=30), min_size=2, max_size=5), st.integers(2, 3), st.integers(2, 5)
)
@example(["甲" * 16, "甲" * 13, "甲" * 9], 2, 3)
@example(["甲乙" * 8, "乙甲" * 8, "甲乙" * 5], 3, 2)
@example(["甲乙丙甲乙丙甲", "乙丙甲乙丙甲乙", "丙甲乙丙甲乙"], 3, 4)
def test_what_enough_reports_have_lies_in_a_place(texts: list[str], min_reports: int, min_chars: int) -> None:
    reports = make_reports(*texts)
    table = corpus.find_formulas(reports, min_reports=min_reports, min_chars=min_chars)
    assert (table["n_reports"] >= min_reports).all() and (table["length_chars"] >= min_chars).all()
    places: dict[str, list[tuple[int, int]]] = {report.report_id: [] for report in reports}
    for own in table["places"]:
        for report_id, start, end in own:
            places[report_id].append(reports[report_id].key_span(start, end))
    keys = {report.report_id: report.key for report in reports}
    sentences = [sentence.replace("，", "") for text in texts for sentence in text.split("。")]
    grams = {sentence[at : at + min_chars] for sentence in sentences for at in range(len(sentence) - min_chars + 1)}
    for gram in grams:
        holders = [report_id for report_id, key in keys.items() if gram in key]
        if len(holders) < min_reports:
            continue
        for report_id in holders:
            for at in range(len(keys[report_id])):
                if keys[report_id].startswith(gram, at):
                    assert any(first <= at and at + len(gram) <= last for first, last in places[report_id])


@settings(max_examples=40)
@given(st.lists(st.text(alphabet="甲乙丙，。", max_size=30), min_size=2, max_size=5), st.integers(2, 4))
def test_places_of_a_family_are_apart_and_counted(texts: list[str], min_chars: int) -> None:
    reports = make_reports(*texts)
    table = corpus.find_formulas(reports, min_reports=2, min_chars=min_chars)
    assert table["key"].is_unique
    for row in table.itertuples():
        assert list(dict.fromkeys(report_id for report_id, _, _ in row.places)) == row.reports
        assert len(row.reports) == row.n_reports == row.n_issuers and len(row.places) == row.n_places
        assert len(row.key) == row.length_chars
        assert 0 <= row.dispersion <= 1 + 1e-9
        for (one, _, end), (other, start, _) in pairwise(row.places):
            assert one != other or end <= start
        spans = [(report_id, *reports[report_id].key_span(start, end)) for report_id, start, end in row.places]
        wordings = [reports[report_id].key[first:last] for report_id, first, last in spans]
        assert row.key in wordings and len(set(wordings)) == row.n_wordings
        assert wordings.count(row.key) == max(wordings.count(wording) for wording in wordings)


def test_formulas_of_the_five() -> None:
    table = corpus.find_formulas(BUNDLED).set_index("key")
    assert table.loc["法治政府建设工作", ["n_reports", "n_places"]].tolist() == [5, 10]
    assert table.loc["科技进步法促进科技成果转化法", "template"] == "科技进步法》、《促进科技成果转化法》"
    assert table.loc["法治政府建设", ["n_reports", "n_places"]].tolist() == [5, 45]
    assert "法治政府建设工" not in table.index


@pytest.mark.parametrize(
    ("texts", "template"),
    [
        (["落实法治政府建设实施纲要（2015年）。", "落实法治政府建设实施纲要（2016年）。"], "落实法治政府建设实施纲要"),
        (["甲地区生产总值增长5.2%", "乙地区生产总值增长5.7%"], "地区生产总值增长"),
        (["学习法律法规。学习纪律规定", "学习法律法规，学习纪律规定"], "学习法律法规，学习纪律规定"),
        (["宣传《科技进步法》。", "宣传《科技进步法》和条例。"], "宣传《科技进步法》"),
        (["宣传《科技进步法实施办法》", "宣传《科技进步法实施细则》"], "宣传"),
    ],
)
def test_a_template_ends_in_no_numeral_bracket_title_or_second_sentence(texts: list[str], template: str) -> None:
    found = corpus.find_formulas(make_reports(*texts), min_reports=2, min_chars=6)
    assert found["template"].tolist() == [template]


def edited(words: str, chance: random.Random) -> str:
    at = chance.randrange(len(words))
    return words[:at] + chance.choice(["", "改", words[at] + "增"]) + words[at + 1 :]


def test_edited_members_belong_to_the_family() -> None:
    chance = random.Random(4)
    filler = [chr(code) for code in range(0x4E00, 0x9000)]
    texts = []
    for number in range(60):
        words = edited(SENTENCE, chance) if number % 5 == 0 else SENTENCE
        own = ["".join(chance.choices(filler, k=20)) for _ in range(2)]
        texts.append(f"{own[0]}。{words}。{own[1]}。")
    reports = Reports(tuple(make_report(f"r{number}", text) for number, text in enumerate(texts)))
    table = corpus.find_formulas(reports)
    assert table["key"].tolist() == [SENTENCE]
    assert table.loc[0, ["n_reports", "n_places"]].tolist() == [60, 60]
    for report_id, start, end in table.loc[0, "places"]:
        # Of an edit at the outermost characters what is beyond it may be left out.
        assert 21 <= start <= 23 and 0 <= len(reports[report_id].raw) - 22 - end <= 2
    variants = corpus.find_formulas(reports, variants=True)
    assert 5 <= len(variants) <= 12 and set(variants["swapped"]) == {"words"}
    assert set(variants["instead"].str[-1:]) <= {"", "改", "增"}


def test_a_formula_does_not_cross_the_end_of_a_sentence() -> None:
    one, two = "坚持党对法治工作的领导", "完善重大行政决策程序"
    table = corpus.find_formulas(make_reports(*(f"{one}。{two}；" for _ in range(3))))
    assert table["template"].tolist() == [one, two]
    joined = corpus.find_formulas(make_reports(*(f"{one}{sign}{two}；" for sign in "，，。")))
    assert joined["template"].tolist() == [f"{one}，{two}"] and joined["n_places"].tolist() == [3]


def test_what_was_swapped_is_named() -> None:
    def text(year: str, place: str, law: str, count: str) -> str:
        return f"根据{year}年度安排和{place}部署要求学习宣传《{law}》等法律法规并组织培训{count}人次取得良好效果。"

    usual = ("2020", "枣庄市", "宪法", "300")
    swaps = [("2021", "枣庄市", "宪法", "300"), ("2020", "沂源县", "宪法", "300"), ("2020", "枣庄市", "民法典", "300")]
    texts = [text(*usual)] * 40 + [text(*swap) for swap in (*swaps, ("2020", "枣庄市", "宪法", "45"))]
    reports = Reports(tuple(make_report(f"r{number}", words) for number, words in enumerate(texts)))
    table = corpus.find_formulas(reports)
    assert table.loc[0, ["n_reports", "n_wordings"]].tolist() == [44, 5]
    variants = align_variants(reports, table.head(1))
    assert variants["swapped"].tolist() == ["year", "place", "title", "number"]
    assert [places[0][0] for places in variants["places"]] == ["r40", "r41", "r42", "r43"]


def test_dispersion_is_even_or_at_one_issuer() -> None:
    words = "全面推进依法行政工作"
    even = Reports(tuple(make_report(f"r{n}", f"{words}。", issuer=f"局{n}") for n in range(4)))
    assert corpus.find_formulas(even).loc[0, ["n_issuers", "dispersion"]].tolist() == [4, 0]
    texts = [f"{words}。", f"{words}。", "".join(chr(0x4E00 + n) for n in range(30))]
    one = Reports(tuple(make_report(f"r{n}", text, issuer="甲" if n < 2 else "乙") for n, text in enumerate(texts)))
    table = corpus.find_formulas(one, min_reports=2)
    # Issuer 甲 has 20 of 50 characters, and all places.
    assert table.loc[0, ["n_issuers", "dispersion"]].tolist() == [1, pytest.approx(0.6 / (1 - 0.4))]
    same = Reports(tuple(make_report(f"r{n}", f"{words}。", issuer="甲") for n in range(3)))
    assert corpus.find_formulas(same)["dispersion"].isna().all()


def test_what_two_reports_share_is_a_formula_on_request() -> None:
    pairs = corpus.find_formulas(BUNDLED, min_reports=2)
    assert "学习宣传宪法和国家基本法律学习科技进步法促进科技成果转化法技术合同法" in set(pairs["key"])
    assert set(pairs["n_reports"]) == {2, 3, 4, 5}


def test_a_phrase_repeated_in_one_report_is_no_formula() -> None:
    assert corpus.find_formulas(make_reports("加强组织领导。" * 5, "法治")).empty


def test_one_role_alone() -> None:
    words = "加强法治宣传教育"
    reports = Reports(tuple(make_report(name, words, parts=[("plan", "下一步" + words)]) for name in "abc"))
    assert corpus.find_formulas(reports, role="plan")[["key", "n_places"]].to_numpy().tolist() == [
        ["下一步" + words, 3]
    ]


def test_nothing_to_find() -> None:
    columns = list(corpus.find_formulas(BUNDLED).columns)
    for reports in (Reports(()), make_reports(""), make_reports("法治", "科技", "甲")):
        table = corpus.find_formulas(reports)
        assert list(table.columns) == columns and table.empty


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CorpusError, match="min_reports=1"):
        corpus.find_formulas(BUNDLED, min_reports=1)
    with pytest.raises(CorpusError, match="min_chars=1"):
        corpus.find_formulas(BUNDLED, min_chars=1)


def test_twice_is_the_same() -> None:
    pd.testing.assert_frame_equal(corpus.find_formulas(BUNDLED), corpus.find_formulas(BUNDLED))


def test_the_longest_of_nested_formulas_is_kept() -> None:
    long, short = "推进法治政府建设工作", "法治政府建设"
    reports = make_reports(f"{long}。甲{short}。", f"乙{short}。{long}。", f"丙{short}丁")
    found = corpus.find_formulas(reports[:2], min_reports=2, min_chars=6)
    assert found["key"].tolist() == [long, short]
    assert keep_longest(found)["key"].tolist() == [long]
    # A third report has the short one only: then it is a formula of its own.
    assert keep_longest(corpus.find_formulas(reports, min_reports=2, min_chars=6))["key"].tolist() == [short, long]


def test_each_formula_has_a_row_for_each_report() -> None:
    reports = make_reports("依法行政工作，依法行政　工作。", "依法行政工作。", "别的。")
    formulas = corpus.find_formulas(reports, min_reports=2, min_chars=6)
    table = spread_formulas(reports, formulas)
    assert table["report_id"].tolist() == ["a", "b", "c"]
    assert table["n_places"].tolist() == [2, 1, 0]
    assert table["template"].unique().tolist() == ["依法行政工作"]
    assert table["places"].tolist() == [[("a", 0, 6), ("a", 7, 14)], [("b", 0, 6)], []]


def test_an_issuer_under_two_spellings_is_counted_once() -> None:
    words = "认真贯彻落实法治政府建设各项部署。"
    own = {"adcode": "440304", "prefecture": "深圳市", "county": "福田区", "level": "county"}
    reports = Reports(
        (
            make_report("a", words, issuer="深圳市福田区科技局", year_reviewed=2020, **own),
            make_report("b", words, issuer="福田区科技局", year_reviewed=2021, **own),
            make_report("c", words, issuer="枣庄市科技局", year_reviewed=2021),
        )
    )
    assert corpus.find_formulas(reports)["n_issuers"].tolist() == [2]
    (held,) = corpus.trace_origins(reports[:2], min_issuers=2)["n_issuers"].unique()
    assert held == 1
