"""Clauses that say one thing in other words."""

from __future__ import annotations

import pandas as pd
import pytest
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.comparison import clause_wordings, rewordings
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports

PADDING = (
    "持续优化营商环境，深化放管服改革。大力推进政务公开，提升服务效能。完善科技创新政策体系，加大研发投入力度。"
    "严格落实安全生产责任制，防范化解重大风险。加强干部队伍建设，提高履职本领。做好疫情防控，保障群众健康。"
)


def find_rewordings(reports: Reports, pairs: list[tuple[str, str]] | None = None) -> pd.DataFrame:
    table = corpus.find_reuse(reports, rewordings=True, pairs=pairs)
    return table[table["match"] != "exact"].reset_index(drop=True)


def matches(*texts: str) -> list[tuple[str, str, str]]:
    """Return match and words of what two texts have, in a collection that has other clauses too."""
    reports = make_reports(*texts, PADDING, PADDING[::-1], lexicon=BUNDLED.lexicon)
    return [
        (row.match, reports["a"].quote(row.start_a, row.end_a), reports["b"].quote(row.start_b, row.end_b))
        for row in find_rewordings(reports, pairs=[("b", "a")]).itertuples()
    ]


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        ("为加强我局依法行政工作开展，", "为了加强我局依法行政工作，", "reworded"),
        ("坚决整治形式主义、官僚主义作风，", "坚决纠治形式主义、官僚主义作风，", "reworded"),
        ("七是全面推行行政执法公示。", "五、全面深入推行行政执法公示。", "reworded"),
        ("加快国企改革深化提升行动，", "加快国有企业改革深化提升行动，", "reworded"),
        ("城镇新增就业人数达到41万人，", "城镇新增就业人数达到53.1万人，", "figures"),
        ("城镇新增就业人数增长5%左右，", "城镇新增就业人数增长5%以上，", "figures"),
        ("按照市委五届六次全会部署要求，", "按照市委五届七次全会部署要求，", "figures"),
        ("加强国防动员和后备力量建设，", "国防动员和后备力量建设不断加强，", "figures"),
        ("守住了不发生系统性风险的底线。", "牢牢守住不发生系统性风险底线。", "figures"),
        ("全面加强政府自身建设，", "加强政府自身建设不够有力，", "figures"),
        ("完善重大基础设施建设，", "完善公共服务基础设施建设，", None),
        ("有效防范地方债务风险，", "有效防范化解各类风险隐患，", None),
        ("大力发展现代服务业集聚区，", "大力发展现代金融业集聚区，", None),
        ("全面推行行政执法公示制度。", "全面推行行政执法公示制度。", None),
        ("全面推行行政执法公示制度改革工作。", "全面推行行政执法公示制度改革试点。", None),
        ("加强组织领导，", "加强组织引导，", None),
    ],
)
def test_a_pair_of_clauses(one: str, other: str, match: str | None) -> None:
    found = matches(one + PADDING, other)
    assert [row[0] for row in found] == ([match] if match else [])
    if match:
        assert found[0][1].strip("。，") in one and found[0][2].strip("。，") in other


def test_the_reports_own_place_is_one_whatever_it_is_called() -> None:
    def report(name: str, place: str, text: str) -> Report:
        return make_report(name, text, county=place)

    reports = Reports(
        (
            report("a", "沂源县", "奋力开创沂源县法治建设新篇章。"),
            report("b", "秦安县", "奋力开创秦安县法治建设新篇章。"),
            report("c", "泸县", PADDING),
        )
    )
    assert find_rewordings(reports)["match"].tolist() == ["reworded"]


def test_named_pairs_of_the_bundled_reports_are_found() -> None:
    table = find_rewordings(BUNDLED)
    quotes = {
        (BUNDLED[row.report_a].quote(row.start_a, row.end_a), BUNDLED[row.report_b].quote(row.start_b, row.end_b))
        for row in table.itertuples()
    }
    assert ("为加强我局依法行政工作开展", "为了加强我局依法行政工作") in quotes
    assert ("坚持把法治政府建设列入重要议事日程", "把法治建设工作列入重要日程") in quotes
    assert table["similarity"].between(0.5, 1, inclusive="left").all()
    assert (table["n_reports"] >= 2).all() and (table["n_issuers"] <= table["n_reports"]).all()


def test_rewordings_stand_beside_the_passages_and_not_inside_them() -> None:
    exact = corpus.find_reuse(BUNDLED)
    both = corpus.find_reuse(BUNDLED, rewordings=True)
    assert both.attrs["table"].endswith("+match")
    kept = both[both["match"] == "exact"].drop(columns="match").reset_index(drop=True)
    places = ["report_a", "start_a", "end_a", "report_b", "start_b", "end_b", "matched_chars", "text_a", "text_b"]
    assert kept[places].equals(exact[places])
    for row in both[both["match"] != "exact"].itertuples():
        assert BUNDLED[row.report_a].quote(row.start_a, row.end_a) == row.text_a
        pair = exact[(exact["report_a"] == row.report_a) & (exact["report_b"] == row.report_b)]
        around = (pair["start_a"] <= row.start_a) & (row.end_a <= pair["end_a"])
        assert not (around & (pair["start_b"] <= row.start_b) & (row.end_b <= pair["end_b"])).any()


def test_rewordings_are_of_the_kinds_of_passages() -> None:
    words = "按照法治政府建设实施纲要的要求推进工作"
    clauses = [f"{words[:9]}{'各'}{words[9:-2]}{chr(0x3400 + n)}{PADDING}" for n in range(6)]
    reports = make_reports(*clauses, words + "。", lexicon=BUNDLED.lexicon)
    table = corpus.find_reuse(reports, rewordings=True)
    own = table[(table["match"] == "reworded") & (table["report_b"] == "g")]
    assert len(own) and set(own["kind"]) == {"set phrase"} and (own["share_common"] > 0.5).all()
    asked = corpus.find_reuse(reports, rewordings=True, pairs=[("a", "g")])
    of_pair = table[(table["report_a"] == "a") & (table["report_b"] == "g")]
    columns = ["match", "kind", "share_common"]
    assert asked[columns].to_numpy().tolist() == of_pair[columns].to_numpy().tolist()


def test_what_is_asked_of_one_pair_is_what_all_have_of_it() -> None:
    everything = find_rewordings(BUNDLED)
    pair = ("changchun-2021", "zaozhuang-2019")
    chosen = everything[everything["report_a"].isin(pair) & everything["report_b"].isin(pair)].reset_index(drop=True)
    asked = find_rewordings(BUNDLED, pairs=[pair])
    assert len(chosen) and asked.drop(columns="inside").equals(chosen.drop(columns="inside"))


def test_no_reports_have_no_rewordings() -> None:
    none = Reports(())
    assert find_rewordings(none).empty and corpus.find_reuse(none, rewordings=True).empty
    assert find_rewordings(make_reports("。", "甲")).empty


def test_what_everybody_rewords_is_not_listed_pair_by_pair_in_a_large_collection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    verbs = "推进加强深化优化完善健全落实强化提升抓好"
    texts = [
        f"{verbs[n % 10 * 2 :][:2]}基层矛盾纠纷排查{chr(0x4E00 + n)}化解。"
        + "".join(chr(0x5000 + 60 * n + place) + "，" * (place % 12 == 11) for place in range(60))
        for n in range(40)
    ]
    reports = make_reports(*texts)
    everything = find_rewordings(reports)

    def most_rows(table: pd.DataFrame) -> int:
        return int(pd.concat([table["report_a"], table["report_b"]]).value_counts().max())

    assert most_rows(everything) > 5
    for module in (clause_wordings, rewordings):
        monkeypatch.setattr(module, "MOST_CLAUSES", 5)
    monkeypatch.setattr(clause_wordings, "MOST_PAIRS", 100)
    few = find_rewordings(reports[:])  # the same reports would be given the table that is kept
    assert len(few) < len(everything) and (few.empty or most_rows(few) <= 5)


def test_what_is_asked_for_with_them() -> None:
    with pytest.raises(CorpusError, match="leave out sources, background and by"):
        corpus.find_reuse(BUNDLED, rewordings=True, background=BUNDLED)


def test_a_clause_in_several_rows_of_a_pair_lies_inside_the_best_of_them() -> None:
    reports = make_reports(
        f"加强基层矛盾纠纷化解工作。{PADDING}", "深化基层矛盾纠纷化解工作。加强基层矛盾和纠纷化解。", PADDING
    )
    table = find_rewordings(reports)
    assert table["inside"].tolist() == [-1, 0]
