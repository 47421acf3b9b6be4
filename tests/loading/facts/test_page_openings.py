"""What pages say of themselves: openings of the forms that government sites and their copies print."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.loading.page.fixes import make_key
from corpus.report.reports import Report
from corpus.report.values import Source

PAGES = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
]
NOT_FACTS = ("name", "text", "body", "place", "salutation", "signed_readings")


def read(page: dict[str, Any]) -> Report:
    document = Document("page", page["text"], Source("page.txt", "0", "utf-8"))
    return assemble_report("page", document, catalogue_facts={})


def without_spaces(words: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["name"])
def test_page(page: dict[str, Any]) -> None:
    report = read(page)
    expected = {name: value for name, value in page.items() if name not in NOT_FACTS}
    assert {name: report.value(name) for name in expected} == expected
    assert report.place == page["place"]
    assert without_spaces(report.quote(*report.layout.body)).startswith(without_spaces(page["body"]))
    assert not [notice for notice in report.warnings if notice.code == "near-neighbour"]
    if "salutation" in page:
        assert report.layout.salutation and report.quote(*report.layout.salutation) == page["salutation"]
    if "signed_readings" in page:
        assert report.facts["signed"].basis == "ambiguous"
        assert list(report.facts["signed"].readings) == page["signed_readings"]
    for name, fact in report.facts.items():
        if fact.basis == "stated" and name not in ("published", "signed") and fact.evidence:
            assert make_key(str(fact.value))[0] in make_key(report.quote(*fact.evidence))[0], name


def test_two_places_named_as_often_leave_the_issuer_open() -> None:
    text = "市科技局2021年法治政府建设工作报告\n2021年，市科技局推进依法行政。\n一、主要做法\n长春市与四平市签订协议。"
    report = read({"text": text})
    assert report.facts["issuer"].readings == ("长春市科学技术局", "四平市科学技术局")
    assert (report.issuer, report.place, report.value("province")) == (None, "吉林省", "吉林省")
    assert report.facts["prefecture"].basis == "ambiguous"


def test_there_are_many_pages_and_no_two_alike() -> None:
    assert len(PAGES) >= 60
    assert len({page["text"] for page in PAGES}) == len({page["name"] for page in PAGES}) == len(PAGES)


def government_report(*body: str, speaker: str = "我代表市人民政府，向大会报告工作，请予审议。") -> dict[str, Any]:
    return {"text": "\n".join(["各位代表：", f"现在，{speaker}", "一、2023年工作回顾", *body])}


@pytest.mark.parametrize(
    ("page", "issuer"),
    [
        # The speaker's unit and the place named most; the province stands in comparisons only.
        (
            government_report(
                "厦门科学城启用，经济增长全省第一。翔安区开工。", "开放的厦门迎来台胞，台湾青年在厦门就业。我市前进。"
            ),
            "厦门市人民政府",
        ),
        # Districts and counties speak for their city, even where its name is a word as well.
        (
            government_report(
                "全市实施平顺县、武乡县、壶关县项目，落实山西省部署。",
                "走进长治，长治机场动工，推动长治发展，居全省前列。",
            ),
            "长治市人民政府",
        ),
        # A partner is no issuer, and nobody under a province speaks for a municipality.
        (
            government_report(
                "落实省委部署，上海援建项目落地，与上海市签约，上海客商到来。",
                "六安号列车开行，在六安投资，裕安区、金寨县受益。",
            ),
            "六安市人民政府",
        ),
        # A county in a city that is named more.
        (
            government_report(
                "黄石获批试点，阳新县、下陆区、铁山区跟进。", "大冶市和黄石港合作，大冶市增长，推动黄石发展。"
            ),
            "黄石市人民政府",
        ),
        (
            government_report("全市向前，扬州大学更名。", speaker="我代表扬州市人民政府，向大会报告工作。"),
            "扬州市人民政府",
        ),
        (
            government_report("我盟发展，锡林郭勒羊上市，锡林郭勒机场。", speaker="我代表行署作报告。"),
            "锡林郭勒盟行政公署",
        ),
        (
            {
                "text": "政府工作报告\n——2024年1月16日在亳州市第五届人民代表大会第三次会议上\n各位代表：\n"
                "我代表市人民政府，向大会报告工作。\n涡阳县、利辛县与上海市签约。"
            },
            "亳州市人民政府",
        ),
        # Where nothing is said of the own place, no superior and no partner takes its place.
        (government_report("浙江经验推广，居全省第一，四川省委肯定，市委部署。"), None),
        (government_report("重大安全隐患整治，均衡水平提高，重大安全责任落实，均衡水平领先。我市向前。"), None),
        ({"text": "2021年，市委、市政府部署，工作居全省前列，获全省先进。学习浙江省经验，浙江省肯定。"}, None),
    ],
    ids=map(str, range(10)),
)
def test_a_place_that_is_only_mentioned_is_no_issuer(page: dict[str, Any], issuer: str | None) -> None:
    assert read(page).issuer == issuer


@pytest.mark.parametrize(
    ("text", "issuer", "level"),
    [
        ("广州市政府办公厅关于2020年度法治政府建设情况的报告\n推进依法行政。", "广州市人民政府办公厅", "prefecture"),
        (
            "2020年，我办推进依法行政。吉林市人民政府网站公开了报告，吉林市人民政府印发办法。",
            None,
            "prefecture",
        ),
        ("乡镇法治政府建设\n作者单位：中共山东省委党校\n法治政府建设是依法行政的基础。", None, None),
        (
            "各区人民政府，市政府各委办局：\n北京市法治政府建设报告如下。市委、市政府推进依法行政。",
            "北京市人民政府",
            "province",
        ),
        ("2020年，在市委、市政府领导下，北京市朝阳区与枣庄市推进依法行政。市政府印发办法。", None, None),
    ],
)
def test_who_speaks_is_not_the_first_government_that_is_named(text: str, issuer: str | None, level: str | None) -> None:
    report = read({"text": text})
    assert (report.issuer, report.level) == (issuer, level)


@pytest.mark.parametrize(
    ("below", "signed", "published"),
    [("（2023年1月18日）", "2023-01-18", None), ("2023年1月18日", None, "2023-01-18")],
)
def test_a_day_in_brackets_below_the_title_is_that_of_the_document(
    below: str, signed: str | None, published: str | None
) -> None:
    report = read({"text": f"沂源县司法局2022年法治政府建设情况报告\n{below}\n2022年，我局推进依法行政，报告如下："})
    assert (report.value("signed"), report.value("published")) == (signed, published)


@pytest.mark.parametrize(
    ("speaker", "issuer"),
    [
        ("沂源县审计局局长  甲某某", "沂源县审计局"),
        ("沂源县财政局", "沂源县财政局"),
        ("县财政局局长 甲某", "沂源县财政局"),
        ("沂源县人民政府", "沂源县人民政府"),
        ("县长 甲某", "沂源县人民政府"),
    ],
)
def test_who_speaks_to_a_congress_is_the_issuer_not_the_place_in_the_title(speaker: str, issuer: str) -> None:
    opening = "——2021年7月29日在沂源县第十八届人民代表大会\n\n常务委员会第四十一次会议上\n\n"
    body = "主任、各位副主任：\n我受县人民政府委托，报告2020年度预算执行和其他财政收支的审计情况，请审议。"
    report = read({"text": f"关于沂源县2020年度县级预算执行的工作报告\n{opening}{speaker}\n\n{body}"})
    assert (report.issuer, report.value("county")) == (issuer, "沂源县")


@pytest.mark.parametrize(
    "text",
    [
        "2022年卫健委围绕市委、市政府决策部署和枣庄市卫健委的任务清单，推进各项工作。现将2022年度工作情况报告如下：",
        "2022年，沂源县教育系统法治建设工作坚持依法治校，贯彻落实县委、县政府要求。现将2022年度工作情况报告如下：",
        "2022年，沂源县教育系统工作坚持落实县委、县政府法治政府建设的要求，依法治校。现将2022年度工作情况报告如下：",
    ],
)
def test_a_bureau_without_a_place_is_not_the_government_of_a_place_that_it_tells_of(text: str) -> None:
    assert read({"text": text}).issuer is None


@pytest.mark.parametrize(("day", "year"), [("2007年12月 日", 2007), ("2016年1月××日", 2015)])
def test_a_draft_tells_its_year_by_the_month_of_the_session_not_by_the_day_it_was_put_online(
    day: str, year: int
) -> None:
    session = f"——{day}在沂源县第十五届人民代表大会第一次会议上"
    text = (
        f"政府工作报告\n发表时间：2019/1/9\n{session}\n各位代表：\n现在，我代表县人民政府，向大会报告工作，请予审议。"
    )
    assert read({"text": text}).year_reviewed == year


def test_a_day_of_delivery_is_read_over_a_line_that_was_broken() -> None:
    session = "——2026年1月26日在沂源县第十九届\n人民代表大会第五次会议上"
    report = read({"text": f"政府工作报告\n{session}\n沂源县县长 甲某\n各位代表：\n现在，我向大会报告工作。"})
    assert (report.value("delivered"), report.year_reviewed) == ("2026-01-26", 2025)


def test_news_of_a_solemn_opening_review_no_year() -> None:
    opening = "沂源县第十五届人民代表大会第二次会议在县剧院隆重开幕。"
    text = f"大会现场\n{opening}\n县长甲某在报告中对2007年的政府工作进行了回顾和总结。"
    assert read({"text": text}).year_reviewed is None


@pytest.mark.parametrize(
    ("text", "issuer", "township"),
    [
        ("2023年，在区委、区政府领导下，新市街道办事处坚持依法行政，现报告如下：", "新市街道办事处", "新市街道"),
        ("2022年，市中街道在区委领导下推进依法行政，现将有关情况报告如下：", "市中街道办事处", "市中街道"),
        (
            "德清县新市镇人民政府2022年法治政府建设年度报告\n2022年，我镇推进依法行政。",
            "德清县新市镇人民政府",
            "新市镇",
        ),
        ("2022年，我市街道坚持依法行政。", None, None),
    ],
)
def test_a_township_may_have_the_unit_of_a_city_in_its_name(
    text: str, issuer: str | None, township: str | None
) -> None:
    report = read({"text": text})
    assert (report.issuer, report.value("township")) == (issuer, township)


@pytest.mark.parametrize(
    ("unit", "superior", "name", "place"),
    [
        ("市", "州委、州政府和市委", "恩施市", "恩施市"),
        ("州", "省委、省政府和州委", "恩施州", "恩施土家族苗族自治州"),
        ("州", "省委、省政府和州委", "恩施", "恩施土家族苗族自治州"),
        ("市", "州委、州政府和市委", "恩施", None),
    ],
)
def test_a_bare_name_of_a_prefecture_and_of_a_city_in_it_goes_by_who_speaks(
    unit: str, superior: str, name: str, place: str | None
) -> None:
    page = government_report(
        f"2023年是建州40周年。在{superior}的坚强领导下，全{unit}上下真抓实干。恩施玉露获奖，恩施机场开工。",
        f"{name}被评为平安建设示范单位。全{unit}生产总值增长7.5%。",
        speaker=f"我代表{unit}人民政府，向大会报告工作。",
    )
    assert read(page).place == place
