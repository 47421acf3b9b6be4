"""Reading the chronology, finding its terms in reports, and the marks of a drawing made from them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from making import BUNDLED, make_report

import corpus
from corpus.analysis.words.dated_terms import tabulate_mentions, trace_chronology
from corpus.errors import CorpusError
from corpus.report.reports import Reports

CASES = Path(__file__).parents[2] / "cases"
CHRONOLOGY = BUNDLED.lexicon.chronology
TRACED = trace_chronology(BUNDLED)


def row(term: str, forms: str, **values: str) -> dict[str, str]:
    return {"term": term, "kind": "law", "from": "", "until": "", "checked": "search", "forms": forms, **values}


def one(text: str, **facts: Any) -> Reports:
    return Reports((make_report("a", text, **facts),))


def terms_in(text: str, chronology: tuple[Mapping[str, str], ...] = CHRONOLOGY) -> list[str]:
    traced = trace_chronology(one(text), chronology=chronology)
    return sorted(traced["term"].repeat(traced["n_mentions"]))


def test_chronology_is_read_as_it_stands_and_cannot_be_changed() -> None:
    rows = {row["term"]: row for row in CHRONOLOGY}
    assert len(rows) == len(CHRONOLOGY) == 157
    assert rows["技术合同法"]["until"] == "1999-10-01"
    assert rows["两个维护"]["until"] == ""
    with pytest.raises(TypeError):
        rows["技术合同法"]["until"] = "2020"  # type: ignore[index]


@pytest.mark.parametrize("report_id", [report.report_id for report in BUNDLED])
def test_every_mention_in_the_five_is_found_as_often_as_it_stands(report_id: str) -> None:
    expected = json.loads((CASES / "mentions.json").read_text(encoding="utf-8"))[report_id]
    found = TRACED[(TRACED["report_id"] == report_id) & (TRACED["n_mentions"] > 0)]
    assert dict(zip(found["term"], found["n_mentions"], strict=True)) == expected


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("六、保障措施。五、公开透明", []),
        ("二十六\n保障措施", []),
        ("推进“双随机一公开”监管", ["双随机、一公开"]),
        ("推进“双随机”、“一公开”监管", ["双随机、一公开"]),
        ("推进双随机,一公开监管", ["双随机、一公开"]),
        ("学习《技术合同法》", ["技术合同法"]),
        ("学习《合同法》《技术合同法》", ["合同法", "技术合同法"]),
        ("十九届二中、三中、四中全会", ["十九届三中全会", "十九届二中全会", "十九届四中全会"]),
        ("《法治政府建设实施纲要（2015－2020年）》", ["法治政府建设实施纲要(2015-2020年)"]),
        ("法治政府建设实施纲要", []),
        ("松材线虫病疫情防控、新冠肺炎疫情防控", ["动植物疫情防控", "新冠肺炎(名称)", "新冠肺炎疫情防控"]),
        ("新修订的《行政处罚法》", ["新修订的行政处罚法(2021)"]),
        ("科技部门建设数字政府、巩固乡村振兴", []),
        ("互联网＋监管, 互联网 + 监管", ["互联网+监管", "互联网+监管"]),
    ],
)
def test_forms_are_neither_too_wide_nor_too_narrow(text: str, terms: list[str]) -> None:
    assert terms_in(text) == terms


def test_a_form_inside_a_longer_one_is_counted_where_it_also_stands_alone() -> None:
    chronology = (row("合同法", "合同法"), row("技术合同法", "技术合同法"))
    assert terms_in("技术合同法、合同法", chronology) == ["合同法", "技术合同法"]
    assert terms_in("技术合同法、合同法", chronology[:1]) == ["合同法", "合同法"]


def test_mentions_are_those_of_the_body_and_of_the_role_asked_for() -> None:
    report = make_report("a", "六保。", parts=[("plan", "明年落实六保、六保。")])
    by_role = {
        role: trace_chronology(Reports((report,)), chronology=CHRONOLOGY, role=role)
        for role in (None, "plan", "measures")
    }
    counts = {role: traced.set_index("term").loc["六保", "n_mentions"] for role, traced in by_role.items()}
    assert counts == {None: 3, "plan": 2, "measures": 0}
    assert by_role["plan"].set_index("term").loc["六保", "start"] == report.raw.index("六保", 3)


def test_first_mention_leads_back_to_the_words() -> None:
    places = TRACED[TRACED["n_mentions"] > 0].set_index(["term", "report_id"])
    for (term, report_id), words in {
        ("技术合同法", "yiyuan-2022"): "技术合同法",
        ("规范性文件“三统一”", "zaozhuang-2019"): "三统一",
        ("七五普法", "qinan-2020"): "七五”普法",
        ("十九届二中全会", "zaozhuang-2019"): "十九届二中",
    }.items():
        start, end = places.loc[(term, report_id), ["start", "end"]]
        assert BUNDLED[report_id].quote(start, end) == words
    absent = TRACED[TRACED["n_mentions"] == 0]
    assert absent["start"].isna().all() and absent["end"].isna().all()


def test_report_stands_at_its_signing_else_its_publication_else_the_end_of_its_year() -> None:
    days = TRACED.drop_duplicates("report_id").set_index("report_id")[["report_day", "report_day_basis"]]
    assert {name: (f"{day:%Y-%m-%d}", basis) for name, day, basis in days.itertuples()} == {
        "zaozhuang-2019": ("2020-03-12", "signed"),
        "longgang-2020": ("2020-12-17", "published"),
        "qinan-2020": ("2021-02-23", "signed"),
        "changchun-2021": ("2021-12-31", "year end"),
        "yiyuan-2022": ("2022-12-31", "year end"),
    }
    unknown = trace_chronology(one("六保"), chronology=CHRONOLOGY)
    assert unknown["report_day"].isna().all() and set(unknown["report_day_basis"]) == {""}


def test_days_known_in_part_begin_with_their_first_and_end_with_their_last_day() -> None:
    chronology = [
        row("甲", "甲", **{"from": "2021-08", "until": "2025"}),
        row("乙", "乙", **{"from": "2021", "until": "2022-02"}),
        row("丙", "丙", **{"from": "2020-11-16", "until": "2020-11-17"}),
        row("丁", "丁"),
    ]
    traced = trace_chronology(one("甲乙丙丁"), chronology=chronology)
    days = [traced[name].dt.strftime("%Y-%m-%d").fillna("none") for name in ("from_day", "until_day")]
    assert list(zip(*days, strict=True)) == [
        ("2021-08-01", "2025-12-31"),
        ("2021-01-01", "2022-02-28"),
        ("2020-11-16", "2020-11-17"),
        ("none", "none"),
    ]


def test_terms_that_no_form_finds_are_listed() -> None:
    assert TRACED.attrs["excluded"] == ["县级科学技术局(2018年机构改革撤并)"]
    assert len(TRACED) == (len(CHRONOLOGY) - 1) * len(BUNDLED)


@pytest.mark.parametrize(
    ("chronology", "message"),
    [
        ([row("甲", "")], "no term has a form"),
        ([row("甲", "《》|、")], "no term has a form"),
        ([], "no term has a form"),
        ([{"term": "甲", "forms": "甲"}], "'甲' has no column 'kind'"),
        ([row("甲", "甲", **{"from": "2021-13"})], "from of '甲' is '2021-13'"),
        ([row("甲", "甲", until="2021-02-30")], "until of '甲' is '2021-02-30'"),
        ([row("甲", "甲", until="since 2021")], "until of '甲' is 'since 2021'"),
    ],
)
def test_a_chronology_that_cannot_be_used_is_refused(chronology: list[dict[str, str]], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        trace_chronology(BUNDLED, chronology=chronology)


def test_few_reports_are_a_column_each_and_terms_nobody_names_are_left_out() -> None:
    marks = tabulate_mentions(TRACED)
    assert list(marks["column"].unique()) == ["枣庄 2019", "龙岗 2020", "秦安 2020", "长春 2021", "沂源 2022"]
    assert (marks["n_reports"] == 1).all() and set(marks["n_naming"]) == {0, 1}
    assert marks.groupby("term")["n_naming"].sum().min() == 1
    assert "新质生产力" in marks.attrs["excluded"] and "六保" not in marks.attrs["excluded"]
    assert marks["from_day"].dropna().is_monotonic_increasing
    thought = marks[marks["term"] == "习近平法治思想"]
    assert list(thought["n_mentions"]) == [0, 0, 1, 3, 1]
    assert set(thought["first_year"]) == {2020} and set(thought["last_year"]) == {2022}
    assert list(thought["report_id"].dropna()) == ["qinan-2020", "changchun-2021", "yiyuan-2022"]


@pytest.mark.parametrize("settings", [{"max_reports": 4}, {"min_days_apart": 90}])
def test_reports_that_are_many_or_close_are_a_column_by_year(settings: dict[str, int]) -> None:
    marks = tabulate_mentions(TRACED, **settings)
    virus = marks[marks["term"] == "新冠肺炎疫情防控"]
    assert list(virus["column"]) == ["2019", "2020", "2021", "2022"]
    assert list(virus["n_reports"]) == [1, 2, 1, 1]
    assert list(virus["n_naming"]) == [0, 2, 0, 0]
    assert list(virus["n_mentions"]) == [0, 5, 0, 0]
    assert f"{virus['day'].iloc[1]:%Y-%m-%d}" == "2020-12-31" and set(virus["day_basis"]) == {"year end"}
    place = virus.iloc[1]
    assert BUNDLED[place["report_id"]].quote(place["start"], place["end"]) == "疫情防控"


def test_reports_without_a_year_are_listed_and_have_no_mark() -> None:
    reports = Reports((make_report("a", "六保", year_reviewed=2020), make_report("b", "六保")))
    marks = tabulate_mentions(trace_chronology(reports, chronology=CHRONOLOGY))
    assert list(marks["report_id"]) == ["a"]
    assert "b" in marks.attrs["excluded"] and "a" not in marks.attrs["excluded"]


def test_marks_of_nothing_have_the_same_columns() -> None:
    empty = tabulate_mentions(trace_chronology(one("无"), chronology=CHRONOLOGY))
    assert empty.empty
    assert empty.dtypes.to_dict() == tabulate_mentions(TRACED).dtypes.to_dict()


def test_a_chronology_of_ones_own_is_a_file_that_excel_may_have_written(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("term,kind,from,until,checked,forms\n甲法,law,2020-01,,search,甲法|甲乙法\n", encoding="utf-8-sig")
    traced = trace_chronology(one("按照甲乙法和甲法。"), chronology=file)
    assert traced[["term", "from", "n_mentions"]].to_numpy().tolist() == [["甲法", "2020-01", 2]]
    with pytest.raises(CorpusError, match=r"other\.csv: .*give the path of a CSV file of dated terms"):
        trace_chronology(BUNDLED, chronology=tmp_path / "other.csv")
    file.write_bytes("甲法".encode("gb18030"))
    with pytest.raises(CorpusError, match="save it as CSV in UTF-8"):
        trace_chronology(BUNDLED, chronology=str(file))


def test_each_term_is_told_with_who_named_it_first_and_how_long_after() -> None:
    reports = Reports(
        (
            make_report("a", "六保。", year_reviewed=2021, issuer="甲局", level="county"),
            make_report("b", "六保，六保。", year_reviewed=2020, issuer="乙局", signed="2020-03-01"),
            make_report("c", "六保。", issuer="丙局"),
        )
    )
    table = trace_chronology(
        reports, by="term", chronology=[row("六保", "六保", **{"from": "2020-04-17"}), row("无", "无")]
    )
    first = table.iloc[0]
    assert first[["n_reports", "n_issuers", "n_mentions", "report_id", "start", "days_after"]].tolist() == [
        3,
        3,
        4,
        "b",
        0,
        -47,
    ]
    assert (first["first_named_basis"], f"{first['last_named']:%Y-%m-%d}") == ("signed", "2021-12-31")
    assert table.loc[1, "n_reports"] == 0 and table.loc[1, ["first_named", "report_id", "days_after"]].isna().all()
    own = trace_chronology(reports, by="term", chronology=["六保"])
    assert own.loc[0, "report_id"] == "b" and pd.isna(own.loc[0, "days_after"])
    with pytest.raises(CorpusError, match="by='day'"):
        trace_chronology(reports, by="day")  # type: ignore[arg-type]


def test_an_older_report_names_an_earlier_version_of_a_term_with_its_year() -> None:
    old = make_report("a", "维护宪法权威。", year_reviewed=1979, issuer="甲局", signed="1980-09-01")
    new = make_report("b", "维护宪法权威。", year_reviewed=1985, issuer="甲局", signed="1986-03-01")
    row = {"term": "宪法(1982)", "kind": "law", "from": "1982-12-04", "until": "", "checked": "search", "forms": "宪法"}
    found = corpus.trace_chronology(Reports((old, new)), chronology=[row])
    assert found["n_mentions"].tolist() == [0, 1]
