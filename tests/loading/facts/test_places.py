"""Divisions: what the table says, which names a text holds and which it does not, and what a name means in a year."""

from __future__ import annotations

import csv
import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, load_divisions
from corpus.field.divisions import _PROVINCE, Divisions, find_places
from corpus.loading.facts.standing import Place, place, resolve

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "places.jsonl").read_text(encoding="utf-8").splitlines()
]
FIND = [case for case in CASES if case["kind"] == "find"]
RESOLVE = [case for case in CASES if case["kind"] == "resolve"]
YEARS = range(2006, 2027)
TABLE = load_divisions()


@pytest.fixture
def table() -> Divisions:
    return TABLE


def read_raw() -> dict[str, str]:
    return {
        row["report_id"]: data_path("raw", row["file"].rpartition("/")[2]).read_text(encoding="utf-8")
        for row in csv.DictReader(data_path("catalogue.csv").read_text(encoding="utf-8").splitlines())
    }


def test_finds_the_names_and_nothing_else(table: Divisions) -> None:
    for case in FIND:
        mentions = find_places(case["text"], table, short=case["short"])
        assert [mention.text for mention in mentions] == case["found"], case


def test_resolves_a_name_in_its_year(table: Divisions) -> None:
    for case in RESOLVE:
        mentions = find_places(case["text"], table, short=True)
        places = resolve(case["name"], table, year=case["year"], mentions=mentions)
        assert [found.adcode for found in places] == case["codes"], case


@pytest.mark.parametrize(
    ("report_id", "name", "year", "chain"),
    [
        ("zaozhuang-2019", "枣庄市", 2019, ("370400", "prefecture", "山东省", "枣庄市", None)),
        ("changchun-2021", "长春市", 2021, ("220100", "prefecture", "吉林省", "长春市", None)),
        ("qinan-2020", "秦安县", 2020, ("620522", "county", "甘肃省", "天水市", "秦安县")),
        ("longgang-2020", "龙岗区", 2020, ("440307", "county", "广东省", "深圳市", "龙岗区")),
        ("yiyuan-2022", "沂源县", 2022, ("370323", "county", "山东省", "淄博市", "沂源县")),
    ],
)
def test_the_five_reports(
    report_id: str, name: str, year: int, chain: tuple[str | None, ...], table: Divisions
) -> None:
    mentions = find_places(read_raw()[report_id], table, short=True)
    named = [mention.text for mention in mentions]
    assert max(named, key=named.count) == name
    (found,) = resolve(name, table, year=year, mentions=mentions)
    assert (found.adcode, found.level, found.province, found.prefecture, found.county) == chain


def test_the_bundled_reports_name_no_place_by_accident(table: Divisions) -> None:
    named = {mention.text for text in read_raw().values() for mention in find_places(text, table, short=True)}
    assert " ".join(sorted(named)) == "吉林 山东省 枣庄市 沂源县 深圳市 甘肃 甘肃省 秦安 秦安县 长春 长春市 龙岗区"


def chain(found: Place) -> tuple[str, str, str | None, str | None]:
    return found.level, found.province, found.prefecture, found.county


@pytest.mark.parametrize(
    ("name", "year", "expected"),
    [
        ("北京市", 2020, ("province", "北京市", None, None)),
        ("东城区", 2020, ("county", "北京市", None, "东城区")),
        ("浦东新区", 2020, ("county", "上海市", None, "浦东新区")),
        ("彭水苗族土家族自治县", 2020, ("county", "重庆市", None, "彭水苗族土家族自治县")),
        ("深圳市", 2020, ("prefecture", "广东省", "深圳市", None)),
        ("东莞市", 2020, ("prefecture", "广东省", "东莞市", None)),
        ("仙桃市", 2020, ("county", "湖北省", None, "仙桃市")),
        ("济源市", 2020, ("county", "河南省", None, "济源市")),
        ("石河子市", 2020, ("county", "新疆维吾尔自治区", None, "石河子市")),
        ("恩施市", 2020, ("county", "湖北省", "恩施土家族苗族自治州", "恩施市")),
        ("襄州区", 2010, ("county", "湖北省", "襄阳市", "襄州区")),
        ("襄阳区", 2009, ("county", "湖北省", "襄樊市", "襄阳区")),
        ("谷城县", 2009, ("county", "湖北省", "襄樊市", "谷城县")),
        ("谷城县", 2011, ("county", "湖北省", "襄阳市", "谷城县")),
        ("无为县", 2010, ("county", "安徽省", "巢湖市", "无为县")),
        ("无为县", 2012, ("county", "安徽省", "芜湖市", "无为县")),
        ("莱城区", 2025, ("county", "山东省", "莱芜市", "莱城区")),
        ("寿县", 2014, ("county", "安徽省", "六安市", "寿县")),
        ("寿县", 2016, ("county", "安徽省", "淮南市", "寿县")),
    ],
)
def test_the_places_above(name: str, year: int, expected: tuple[str | None, ...], table: Divisions) -> None:
    (found,) = resolve(name, table, year=year)
    assert chain(found) == expected


def test_the_places_above_that_a_text_names_decide(table: Divisions) -> None:
    text = "吉林省长春市朝阳区科技局。长春市、吉林省要求，朝阳区落实。"
    (found,) = resolve("朝阳区", table, year=2021, mentions=find_places(text, table))
    assert chain(found) == ("county", "吉林省", "长春市", "朝阳区")


def test_without_a_year_the_latest_code_counts(table: Divisions) -> None:
    assert [found.adcode for found in resolve("公主岭市", table)] == ["220184"]
    assert [found.adcode for found in resolve("莱芜市", table)] == ["371200"]


def test_mentions_say_where_and_in_which_form(table: Divisions) -> None:
    mentions = find_places("在湖北恩施州，建设法治恩施。", table, short=True)
    assert [(found.start, found.end, found.form) for found in mentions] == [
        (1, 3, "stem"),
        (3, 6, "short"),
        (11, 13, "stem"),
    ]
    assert [row.level for row in mentions[2].divisions] == ["prefecture", "county"]
    assert [row.code for row in find_places("吉林长春市", table, short=True)[0].divisions] == ["220000", "220200"]


def test_table_holds_together(table: Divisions) -> None:
    rows = table.rows
    assert [row.code for row in rows] == sorted(row.code for row in rows)
    assert len({(row.code, row.name) for row in rows}) == len(rows)
    known = {row.code for row in rows}
    for row in rows:
        assert row.parent_code == "" if row.level == "province" else row.parent_code in known, row
        assert set(row.successor_codes) <= known, row
        assert (row.valid_until is None) == (not row.successor_codes), row
        assert (row.valid_from or 2006) <= (row.valid_until or 2026), row
    for earlier, later in pairwise(rows):
        if earlier.code == later.code:
            assert earlier.valid_until == later.valid_from, (earlier, later)


def test_current_divisions_are_as_many_as_in_the_current_list(table: Divisions) -> None:
    levels = [row.level for row in table.rows if row.valid_until is None]
    assert [levels.count(level) for level in ("province", "prefecture", "county")] == [34, 333, 2845]


def test_every_division_has_its_places_above_in_every_year(table: Divisions) -> None:
    for row in table.rows:
        for year in {*YEARS[::5], row.valid_from or YEARS[0], row.valid_until or YEARS[-1]}:
            found = place(row, table, year=year)
            assert getattr(found, row.level) == row.name
            if row.years_away(year) == 0 and row.level == "county" and row.parent_code[2:] != "0000":
                above = table.coded(row.parent_code, year=year)
                assert above.years_away(year) == 0, f"{row.name} outlives {above.name} in {year}"


def test_every_name_is_found_and_resolved(table: Divisions) -> None:
    for row in table.rows:
        for name in (row.name, *row.short_names):
            mentions = find_places(f"{name}科技局", table)
            assert [(found.start, found.text) for found in mentions] == [(0, name)]
            assert row in mentions[0].divisions
            year = row.valid_until or 2026
            assert resolve(name, table, year=year)


def test_provinces_without_unit_are_those_of_the_table(table: Divisions) -> None:
    stems = {row.stem for row in table.rows if row.level == "province"}
    assert set(_PROVINCE.pattern.split("|")) == stems


def test_changes_are_in_the_table(table: Divisions) -> None:
    rows = {(row.code, row.name): row for row in table.rows}
    for change in csv.DictReader(data_path("places", "changes.csv").read_text(encoding="utf-8").splitlines()):
        row = rows.get((change["code"], change["name"]))
        assert (row is None) == (change["change"] == "drop"), change
        assert row is None or change["valid_until"] in ("", str(row.valid_until))


PIECES = st.one_of(
    st.sampled_from(sorted(TABLE.names)),
    st.sampled_from(sorted(TABLE.stems)),
    st.sampled_from(["市", "区", "城市", "和", "新", "法治", "高新区", "河南", "市中区", "科技局", "\n", "，"]),
    st.text(max_size=3),
)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_mentions_are_ordered_quote_the_text_and_never_overlap(text: str, short: bool) -> None:
    mentions = find_places(text, TABLE, short=short)
    assert all(text[found.start : found.end] == found.text and found.divisions for found in mentions)
    assert all(one.start < one.end <= other.start for one, other in pairwise(mentions))


class Counting(dict[str, Any]):
    """A dictionary that counts how often it is asked."""

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__(content)
        self.asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.asked += 1
        return super().get(key, default)


@pytest.mark.parametrize(
    "unit",
    [
        "区",
        "市中区",
        "城区城市",
        "和县",
        "长春市",
        "乐山市中区",
        "法治",
        "高新区",
        "河南",
        "广东深圳",
        "公安县",
        "市" * 40 + "，",
    ],
)
def test_work_grows_with_the_length_of_the_text(unit: str, table: Divisions) -> None:
    copy = Divisions(table.rows, table.longer_words)
    copy.endings, copy.names, copy.stems = counters = Counting(copy.endings), Counting(copy.names), Counting(copy.stems)

    def lookups(repeats: int) -> int:
        before = sum(counter.asked for counter in counters)
        find_places(unit * repeats, copy, short=True)
        return sum(counter.asked for counter in counters) - before

    small, large = lookups(200), lookups(800)
    assert large <= 4 * small + 100
    assert large <= 40 * 800 * len(unit)


def test_table_is_small_and_read_once() -> None:
    assert data_path("places", "divisions.csv").stat().st_size < 300_000
    assert load_divisions() is load_divisions()


def test_a_code_that_never_was_is_refused(table: Divisions) -> None:
    with pytest.raises(CorpusError, match="999999"):
        table.coded("999999", year=2020)
