"""The concordance: every hit, its place and its context."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import Layout, Span


def hits(text: str, *terms: str) -> list[tuple[str, str]]:
    table = corpus.find_terms(make_reports(text), terms)
    return list(zip(table["term"], table["hit"], strict=True))


def test_the_three_important_and_one_large_of_the_five() -> None:
    table = corpus.find_terms(BUNDLED, ["三重一大"])
    assert table["report_id"].tolist() == ["longgang-2020"] * 2 + ["yiyuan-2022"] * 2
    for row in table.itertuples():
        assert BUNDLED[row.report_id].raw[row.start : row.end] == row.hit == "三重一大"
    first = table.iloc[0]
    assert (first["before"][-5:], first["after"][:7], first["role"]) == ("严格执行“", "”集体决策制度", "measures")
    assert set(table.loc[2:, "role"]) == {"first-responsible"}


@pytest.mark.parametrize(
    ("text", "term", "hit"),
    [
        ("严格执行“三重一大”制度", "三重一大", "三重一大"),
        ("严格执行三重一大制度", "“三重一大”", "三重一大"),
        ("推行“双随机、一公开”监管", "双随机一公开", "双随机、一公开"),
        ("推行双随机一公开监管", "双随机、一公开", "双随机一公开"),
        ("学习《科技进步法》、《技术合同法》", "科技进步法技术合同法", "科技进步法》、《技术合同法"),
        ("2016-2020年", "２０１６—２０２０", "2016-2020"),
    ],
)
def test_punctuation_and_width_do_not_count(text: str, term: str, hit: str) -> None:
    assert hits(text, term) == [(term, hit)]


def test_no_hit_across_the_end_of_a_sentence() -> None:
    assert hits("推进法治。政府建设", "法治政府") == []
    assert hits("推进法治\n政府建设", "法治政府") == []
    assert hits("推进法治，政府建设", "法治政府") == [("法治政府", "法治，政府")]


def test_overlapping_and_inner_terms_are_all_reported() -> None:
    assert hits("法治政府建设", "法治政府", "法治", "政府建设", "法治政府建设") == [
        ("法治", "法治"),
        ("法治政府", "法治政府"),
        ("法治政府建设", "法治政府建设"),
        ("政府建设", "政府建设"),
    ]
    assert hits("法法法", "法法") == [("法法", "法法")] * 2


@settings(max_examples=60)
@given(
    st.text(alphabet="甲乙丙，", max_size=30), st.lists(st.text(alphabet="甲乙丙", min_size=1, max_size=4), min_size=1)
)
def test_as_many_hits_as_a_plain_search_finds(text: str, terms: list[str]) -> None:
    reports = make_reports(text)
    table = corpus.find_terms(reports, terms)
    (report,) = reports
    expected = sorted(
        (start, len(term), term)
        for term in set(terms)
        for start in range(len(report.key))
        if report.key.startswith(term, start)
    )
    found = [(report.key_span(row.start, row.end)[0], len(row.term), row.term) for row in table.itertuples()]
    assert found == expected


def test_context_ends_with_the_paragraph_and_has_its_length() -> None:
    table = corpus.find_terms(make_reports("前言。\n一二三四五法治六七八九十\n后"), "法治", context_chars=3)
    assert table[["before", "hit", "after"]].to_numpy().tolist() == [["三四五", "法治", "六七八"]]
    wide = corpus.find_terms(make_reports("前言。\n一二三四五法治六七八九十\n后"), "法治")
    assert wide[["before", "after"]].to_numpy().tolist() == [["一二三四五", "六七八九十"]]
    bare = corpus.find_terms(make_reports("甲法治乙"), "法治", context_chars=0)
    assert bare[["before", "after"]].to_numpy().tolist() == [["", ""]]


def test_page_clutter_is_not_searched() -> None:
    assert "发布时间" in BUNDLED["longgang-2020"].text
    assert corpus.find_terms(BUNDLED, ["发布时间", "编辑日期"]).empty
    report = make_report("a", "首页>推进法治工作>关闭")
    inside = replace(report, layout=Layout(Span(3, 9)))
    table = corpus.find_terms(Reports((inside,)), ["法治", "关闭"])
    assert table[["before", "hit", "after"]].to_numpy().tolist() == [["推进", "法治", "工作"]]


def test_one_role_alone() -> None:
    report = make_report("a", "推进法治。", parts=[("plan", "推进法治工作。")])
    table = corpus.find_terms(Reports((report,)), "法治", role="plan")
    assert table[["start", "role"]].to_numpy().tolist() == [[7, "plan"]]


def test_the_order_and_repetition_of_terms_does_not_matter() -> None:
    one = corpus.find_terms(BUNDLED, ["法治", "依法行政"])
    pd.testing.assert_frame_equal(one, corpus.find_terms(BUNDLED, ["依法行政", "法治", "法治"]))


def test_nothing_to_search_or_to_find() -> None:
    columns = list(corpus.find_terms(BUNDLED, "法治").columns)
    for reports in (Reports(()), make_reports("科技")):
        table = corpus.find_terms(reports, "法治")
        assert list(table.columns) == columns and table.empty
    for terms, message in (([], "no term was given"), ("、", "'、' has no letter"), (["法治", ""], "'' has no letter")):
        with pytest.raises(CorpusError, match=message):
            corpus.find_terms(BUNDLED, terms)
    with pytest.raises(CorpusError, match="context_chars=-1"):
        corpus.find_terms(BUNDLED, "法治", context_chars=-1)


def test_one_term_is_found_among_many() -> None:
    terms = [f"法{chr(0x4E00 + number)}{chr(0x5E00 + number % 97)}" for number in range(20_000)]
    assert corpus.find_terms(BUNDLED, [*terms, "三重一大"])["term"].unique().tolist() == ["三重一大"]


def test_terms_in_traditional_script_and_full_width_are_found_in_any_script() -> None:
    for term in ("習近平法治思想", "习近平法治思想"):
        assert set(corpus.find_terms(BUNDLED, term)["report_id"]) == {"qinan-2020", "changchun-2021", "yiyuan-2022"}
    assert len(corpus.find_terms(BUNDLED, "２０２１年度")) == len(corpus.find_terms(BUNDLED, "2021年度")) > 0


def test_a_star_stands_for_some_characters_of_the_sentence() -> None:
    assert hits("推进法治、政府建设。推进建设", "推进*建设", "推*设") == [
        ("推*设", "推进法治、政府建设"),
        ("推进*建设", "推进法治、政府建设"),
        ("推*设", "推进建设"),
        ("推进*建设", "推进建设"),
    ]
    assert hits(f"推进{'某' * 13}建设", "推进*建设") == []


def test_a_regular_expression_is_searched_in_what_is_printed() -> None:
    table = corpus.find_terms(make_reports("学习《甲条例》，《乙办法》。\n《丙条例》"), "《[^》]+条例》", regex=True)
    assert table["hit"].tolist() == ["《甲条例》", "《丙条例》"]
    assert corpus.find_terms(BUNDLED, "无*", regex=True)["hit"].str.fullmatch("无+").all()
    with pytest.raises(CorpusError, match="no regular expression"):
        corpus.find_terms(BUNDLED, "(", regex=True)


def panel() -> Reports:
    texts = {
        ("甲局", 2020): "法治，法治。",
        ("甲局", 2021): "改革。",
        ("乙局", 2021): "法治改革开放。",
        ("丙局", 0): "法治。",
    }
    return Reports(
        tuple(
            make_report(f"{issuer}-{year}", text, issuer=issuer, **({"year_reviewed": year} if year else {}))
            for (issuer, year), text in texts.items()
        )
    )


def test_how_often_and_how_evenly_each_term_stands() -> None:
    table = corpus.find_terms(panel(), ["法治", "开放", "无"], by="term").set_index("term")
    assert table[["n_places", "n_reports", "n_issuers"]].to_numpy().tolist() == [[4, 3, 3], [1, 1, 1], [0, 0, 0]]
    # All issuers have 2 or 6 of 14 key characters: 丙局 has least, 乙局 most.
    assert table.loc["法治", "dispersion"] == pytest.approx(
        (2 / 4 - 6 / 14 + 6 / 14 - 1 / 4 + 1 / 4 - 2 / 14) / 2 / (12 / 14)
    )
    assert pd.isna(table.loc["无", "dispersion"])


def test_when_each_term_stands() -> None:
    table = corpus.find_terms(panel(), ["法治", "改革"], by="year")
    assert table[["term", "year_reviewed", "n_places", "n_reports", "n_reports_in_year"]].to_numpy().tolist() == [
        ["法治", 2020, 2, 1, 1],
        ["法治", 2021, 1, 1, 2],
        ["改革", 2020, 0, 0, 1],
        ["改革", 2021, 2, 2, 2],
    ]
    assert table["per_10000_chars"].tolist() == pytest.approx([5000, 1250, 0, 2500])
    assert table.attrs["excluded"] == ["丙局-0"]
    with pytest.raises(CorpusError, match="by='day'"):
        corpus.find_terms(panel(), "法治", by="day")  # type: ignore[arg-type]
