"""Organs under their later names: what is joined, what is left alone, and what remains of the printed name."""

from __future__ import annotations

from typing import Any

from making import make_report

from corpus.field.data_files import load_lexicon
from corpus.report.reports import Reports
from corpus.report.succession import find_successions

NINGYANG = {"province": "山东省", "prefecture": "泰安市", "county": "宁阳县", "adcode": "370921", "level": "county"}


def panel(*rows: tuple[int, str, dict[str, Any]]) -> Reports:
    items = [
        make_report(f"{year}-{name}", f"{name}依法行政。", issuer=name, year_reviewed=year, **place)
        for year, name, place in rows
    ]
    return Reports(tuple(items), lexicon=load_lexicon())


def followed(reports: Reports) -> list[tuple[str, str]]:
    return [(found.earlier.report_id, found.later.report_id) for found in find_successions(reports)]


def test_an_office_that_a_reform_renamed_is_joined_on_request() -> None:
    old, new = "宁阳县人民政府法制办公室", "宁阳县司法局"
    reports = panel((2017, old, NINGYANG), (2018, new, NINGYANG), (2019, new, NINGYANG))
    assert followed(reports) == [(f"2018-{new}", f"2019-{new}")]
    joined = reports.join_renamed()
    assert [report.issuer for report in joined] == [new] * 3
    assert followed(joined) == [(f"2017-{old}", f"2018-{new}"), (f"2018-{new}", f"2019-{new}")]
    (notice,) = (notice for notice in joined[0].warnings if notice.code == "renamed")
    assert old in notice.message and "深化党和国家机构改革方案" in notice.message
    assert reports[0].issuer == old


def test_a_county_that_became_a_district_is_joined() -> None:
    before = {"province": "山东省", "prefecture": "青岛市", "county": "即墨市", "adcode": "370282", "level": "county"}
    after = before | {"county": "即墨区", "adcode": "370215"}
    reports = panel((2016, "即墨市财政局", before), (2017, "青岛市即墨区财政局", after))
    assert followed(reports) == []
    assert followed(reports.join_renamed()) == [("2016-即墨市财政局", "2017-青岛市即墨区财政局")]


def test_organs_that_became_one_and_names_at_the_same_time_stay_alone() -> None:
    merged = panel(
        (2018, "宁阳县文化局", NINGYANG), (2018, "宁阳县旅游局", NINGYANG), (2019, "宁阳县文化和旅游局", NINGYANG)
    )
    assert followed(merged.join_renamed()) == []
    beside = panel((2018, "宁阳县法制局", NINGYANG), (2018, "宁阳县司法局", NINGYANG))
    assert [report.issuer for report in beside.join_renamed()] == ["宁阳县法制局", "宁阳县司法局"]
    elsewhere = NINGYANG | {"county": "东平县", "adcode": "370923"}
    apart = panel((2017, "宁阳县法制办", NINGYANG), (2018, "东平县司法局", elsewhere))
    assert followed(apart.join_renamed()) == []


def test_an_issuer_is_told_by_place_and_office_under_any_spelling() -> None:
    reports = panel((2018, "科学技术局", NINGYANG), (2019, "泰安市宁阳县科学技术局", NINGYANG), (2018, "县科技局", {}))
    unknown = make_report("2018-x", "依法行政。")
    keys = [report.issuer_key for report in (*reports, unknown)]
    assert keys == ["370921 科学技术局", "370921 科学技术局", "县科技局", "report 2018-x"]
    assert followed(reports) == [("2018-科学技术局", "2019-泰安市宁阳县科学技术局")]
