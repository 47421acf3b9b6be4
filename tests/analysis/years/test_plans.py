"""What came of plans and shortcomings, in the words of the next report."""

from __future__ import annotations

import pandas as pd
import pytest
from making import make_report

from corpus.analysis.years.plan_clauses import (
    falls_short,
    has_other_base,
    is_behind,
    is_plan,
    join_figures,
    lacks_items,
    speaks_of_other,
)
from corpus.analysis.years.plans import follow_plans
from corpus.errors import CorpusError
from corpus.loading.load_reports import load_reports
from corpus.report.reports import Reports

PLANS = {
    "举办两期行政执法人员法律知识培训班。": "reported",
    "新建乡镇卫生院12家。": "reported-partly",
    "建成青石水库、云岭隧道、白滩互通立交枢纽、黄泥桥。": "reported-partly",
    "制造业投资增长9%左右。": "unmet",
    "出台重大行政决策专家论证办法。": "planned-again",
    "开工松溪至白滩铁路。": "reported",
    "建成黄柳铁路。": "reported",
    "每千人口拥有3岁以下婴幼儿托位数达到4.5个。": "reported",
    "旅游总收入增长7%以上、力争达到8%。": "reported",
    "建成甲乙产业园。": "not-found",
}
SLOGANS = "各位代表！坚持稳中求进工作总基调。不断开创新局面。2021年是关键的一年。"
SHORTCOMING = "法治宣传的形式还比较单一，"
CURED = "规范性文件清理不够及时。"
REVIEW = (
    "过去一年，我们成功举办了行政执法人员法律知识培训班，成效明显。新建乡镇卫生院9家。青石水库、云岭隧道、白滩互通立交枢纽建成。"
    "制造业投资、外贸进出口增速未达年初预期。全市生产总值增长5%。"
    "经过多年努力，松溪至白滩铁路顺利开工建设，实现零的突破。黄泥至柳湾铁路建成通车。"
    "每千人口拥有3岁以下婴幼儿托位数达4.59个。旅游总收入增长7.2%。"
)


def _follow(*, review: str = REVIEW) -> tuple[Reports, pd.DataFrame]:
    earlier = make_report(
        "甲-2020",
        "2020年工作如下。",
        parts=[("shortcomings", SHORTCOMING + CURED), ("plan", SLOGANS + "".join(PLANS))],
        issuer="甲",
        year_reviewed=2020,
    )
    later = make_report(
        "甲-2021",
        "2021年工作如下。",
        parts=[
            ("measures", review),
            ("shortcomings", SHORTCOMING),
            ("plan", "研究出台重大行政决策专家论证办法。"),
        ],
        issuer="甲",
        year_reviewed=2021,
    )
    reports = Reports((earlier, later))
    return reports, follow_plans(reports)


def test_each_plan_has_its_outcome_and_slogans_have_none() -> None:
    _, table = _follow()
    plans = table[table["part"] == "plan"]
    assert dict(zip(plans["text"], plans["outcome"], strict=True)) == PLANS


def test_shortcomings_are_looked_for_among_shortcomings() -> None:
    _, table = _follow()
    found = table[table["part"] == "shortcomings"]
    assert found["outcome"].tolist() == ["named-again", "not-found"]
    assert found["part_later"].tolist() == ["shortcomings", ""]


def test_both_places_and_figures_stand_beside_each_other() -> None:
    reports, table = _follow()
    for row in table[table["start_later"].notna()].itertuples():
        assert reports[0].quote(row.start_earlier, row.end_earlier) == row.text
        assert reports[1].quote(int(row.start_later), int(row.end_later)) == row.text_later
    partly = table[table["text"].str.contains("卫生院")].iloc[0]
    assert (partly["promised"], partly["reported"]) == ("12家", "9家")
    lost = table[(table["outcome"] == "not-found") & (table["part"] == "plan")].iloc[0]
    assert lost[["start_later", "similarity"]].isna().all() and lost["certainty"] == ""


def test_a_plan_with_a_figure_is_not_reported_by_words_without_one() -> None:
    _, table = _follow(review="新建乡镇卫生院进展顺利。")
    assert table.loc[table["text"].str.contains("卫生院"), "outcome"].tolist() == ["not-found"]


def test_a_plan_with_a_figure_is_not_reported_by_a_figure_of_another_quantity() -> None:
    _, table = _follow(review="新建乡镇卫生院进度提高12个百分点。")
    assert table.loc[table["text"].str.contains("卫生院"), "outcome"].tolist() == ["not-found"]


def test_another_base_is_told() -> None:
    _, table = _follow(review="五年累计新建乡镇卫生院46家。")
    found = table[table["text"].str.contains("卫生院")].iloc[0]
    assert found["other_base"] and found["outcome"] == "reported-partly"


def test_a_section_on_a_coming_five_year_plan_is_neither_report_nor_plan() -> None:
    plan = "三、2026年工作安排\n建成甲乙产业园。"
    texts = [
        "一、2024年工作回顾\n全市稳定。\n二、2025年主要目标任务\n开工松溪至白滩铁路。建成甲乙产业园。",
        f"一、2025年工作回顾\n全市稳定。\n二、“十五五”时期主要目标任务\n开工松溪至白滩铁路。\n{plan}",
    ]
    frame = pd.DataFrame({"text": texts, "issuer": "甲市人民政府", "year_reviewed": [2024, 2025]})
    assert follow_plans(load_reports(frame))["outcome"].tolist() == ["not-found", "planned-again"]


def test_tasks_of_the_year_without_a_year_in_their_heading_are_plans() -> None:
    tasks = "今年经济社会发展的主要预期目标是：生产总值增长5%。\n（一）壮大产业\n建成甲乙产业园。"
    texts = [
        f"一、牢记嘱托，新建设取得新成效\n2024年，全市稳定。\n二、牢记使命，在现代化建设中奋勇争先\n{tasks}",
        "一、2025年工作回顾\n生产总值增长5.1%。甲乙产业园建成投产。",
    ]
    frame = pd.DataFrame({"text": texts, "issuer": "甲市人民政府", "year_reviewed": [2024, 2025]})
    assert follow_plans(load_reports(frame))["outcome"].tolist() == ["reported", "reported"]


def test_one_thing_of_a_list_is_planned_again_and_general_words_of_one_are_not() -> None:
    plan = "推进来宾下六甲灌区、沙南高速、交通重点领域等项目。实施生态渔业倍增计划。"
    later = "加快白石水电站、沙南高速、北仑电厂建设。防范房地产重点领域风险。实施粮食倍增计划。"
    texts = [
        f"一、2024年工作回顾\n全市稳定。\n二、2025年工作安排\n{plan}",
        f"一、2025年工作回顾\n全市稳定。\n二、2026年工作安排\n{later}",
    ]
    frame = pd.DataFrame({"text": texts, "issuer": "甲市人民政府", "year_reviewed": [2024, 2025]})
    table = follow_plans(load_reports(frame))
    assert table["outcome"].tolist() == ["planned-again", "not-found"]
    assert "沙南高速" in table["text_later"][0]


def test_one_thing_of_a_list_that_was_reported_counts_in_part() -> None:
    frame = pd.DataFrame(
        {
            "text": [
                "一、2024年工作回顾\n全市稳定。\n二、2025年工作安排\n推进白龙江引水、榆安大型灌区、讨赖峡水库、景电泵站等项目。",
                "一、2025年工作回顾\n阿克塞供水、榆安大型灌区、河道防洪治理开工建设。",
            ],
            "issuer": "甲市人民政府",
            "year_reviewed": [2024, 2025],
        }
    )
    found = follow_plans(load_reports(frame)).iloc[0]
    assert found["outcome"] == "reported-partly" and "榆安大型灌区" in found["text_later"]


@pytest.mark.parametrize(
    ("text", "checkable"),
    [
        ("加快推进省级重大专项“先锋工程”，", True),
        ("实施“头雁”行动，", True),
        ("做好金融“五篇大文章”，", False),
        ("加快甲乙“二次创业”步伐。", False),
        ("提高城乡居民医保财政补助标准，", True),
        ("鼓励骨干企业设立驻外机构，", False),
        ("推进甲乙要素市场化配置综合改革。", True),
        ("申建甲乙保税物流中心（B型）。", True),
        ("深化国资国企改革，", False),
    ],
)
def test_what_can_be_checked_is_a_plan(text: str, checkable: bool) -> None:
    assert is_plan(text) is checkable


@pytest.mark.parametrize(
    ("promised", "reported", "short"),
    [
        ("增长5%左右", "增长4.8%", True),
        ("增长5%左右", "增长5%", False),
        ("新增1.2万个", "新增9800个", True),
        ("能耗下降3%", "能耗下降2%", False),
        ("城镇调查失业率5.5%左右", "城镇调查失业率5.1%", False),
        ("生产总值增长８．５％", "生产总值增长8.4%", True),
        ("成交额5000亿元", "成交额从1795亿元增加到5260亿元", False),
        ("收入、支出分别增长5%、7%", "收入、支出分别增长6%、6%", True),
        ("增长6％左右", "增长3.9%", True),
        ("地区生产总值增长5.5%左右", "地区生产总值达到5万亿元、增长4.8%，其中工业增加值增长6.2%", True),
        ("产业投资占比超过50%", "产业投资比重提升至55.7%、提高4.7个百分点，民间投资占比34%", False),
        ("城镇化率达到58.1%", "城镇化率提高到58.08%", False),
        ("粮食产量282亿斤左右", "粮食产量280.9亿斤", False),
        ("粮食产量282亿斤", "粮食产量280.9亿斤", True),
        ("城镇调查失业率控制在5.5%以内", "城镇调查失业率5.8%", True),
    ],
)
def test_a_figure_falls_short_of_the_one_it_goes_with(promised: str, reported: str, short: bool) -> None:
    assert falls_short(promised, reported) is short


@pytest.mark.parametrize(
    ("promised", "reported", "other"),
    [
        ("新建5G基站8000个", "建成5G基站8.99万个", True),
        ("新建5G基站8000个", "新建5G基站9000个", False),
        ("居民人均可支配收入增长5%", "居民人均可支配收入年均增长6.8%", True),
        ("水质优良率稳定在90%以上", "五年来水质优良率提高到94.6%", False),
        ("推进39个县托底性帮扶", "累计推进50个县振兴、39个县托底性帮扶", False),
    ],
)
def test_a_base_is_another_for_counts_and_not_for_levels(promised: str, reported: str, other: bool) -> None:
    assert has_other_base(promised, reported) is other


@pytest.mark.parametrize(
    ("promised", "reported", "other"),
    [
        ("县域工业产值增长6%", "规模以上工业增加值增长7.3%", True),
        ("规模以上工业增加值增长6%", "规上工业增加值增长7.7%", False),
        ("经济增长5.5%左右", "全省生产总值增长5.6%", False),
        ("加快建设南宁至百色改扩建项目", "南宁至贵港一级航道、黄桶至百色铁路加快建设", True),
        ("落实《全国统一大市场建设指引》", "深度参与全国统一大市场建设", True),
        ("办好20件民生实事", "20项民生实事全面完成", False),
    ],
)
def test_words_in_common_do_not_make_it_the_same_thing(promised: str, reported: str, other: bool) -> None:
    assert speaks_of_other(promised, reported) is other


def test_what_is_under_way_was_not_done() -> None:
    assert is_behind("建成4个医疗中心", "4个医疗中心建设进展顺利，两所医院建成投运")
    assert not is_behind("建成4个医疗中心", "4个医疗中心建成投运")
    assert not is_behind("加快建设甲乙铁路", "甲乙铁路建设进展顺利")


def test_of_several_things_some_are_named() -> None:
    assert lacks_items("建成青石水库、云岭隧道", "青石水库建成蓄水")
    assert not lacks_items("建成青石水库、云岭隧道", "青石水库、云岭隧道建成")
    assert not lacks_items("建成青石水库", "云岭隧道建成")


def test_years_dates_and_labels_are_no_figures() -> None:
    assert join_figures("（3）2025年6月底前建成G318线20公里") == "20公里"
    assert not is_plan("2025年是收官之年") and is_plan("加快G318线建设")


def test_without_a_successor_there_is_nothing_to_follow() -> None:
    reports, _ = _follow()
    assert follow_plans(reports[:1]).empty


@pytest.mark.parametrize("wrong", [{"min_similarity": 0}, {"max_gap": 0}])
def test_what_cannot_be_met_is_said(wrong: dict[str, float]) -> None:
    with pytest.raises(CorpusError):
        follow_plans(Reports(()), **wrong)  # type: ignore[arg-type]


def test_what_is_blamed_for_a_figure_is_not_what_was_missed() -> None:
    _, plans = _follow(review="受制造业投资增长放缓等因素影响，外贸进出口增速没有达到预期。全市生产总值增长5%。")
    assert "unmet" not in set(plans["outcome"])


def _two_years(plan: str, review: str) -> pd.DataFrame:
    texts = [f"一、2024年工作回顾\n全市稳定。\n二、2025年工作安排\n{plan}", f"一、2025年工作回顾\n{review}"]
    frame = pd.DataFrame({"text": texts, "issuer": "甲市人民政府", "year_reviewed": [2024, 2025]})
    return follow_plans(load_reports(frame))


def test_a_figure_in_words_is_one() -> None:
    assert join_figures("进出口总额突破万亿元、居全国第5位") == "万亿元、5位"
    assert not falls_short("进出口总额9000亿元以上", "进出口总额突破万亿元")
    assert join_figures("走过百年") == ""
    assert join_figures("办好第30届大会和第2批试点，达到3个") == "3个"
    plans = _two_years("进出口总额达到9000亿元以上。", "全市稳定。进出口总额突破万亿元。")
    assert plans["outcome"].tolist() == ["reported"]


def test_a_clause_on_another_thing_does_not_hide_the_one_on_this() -> None:
    review = "工业对全市经济增长的贡献率达到36.1%。扎实做好工作，地区生产总值增长5.8%。"
    found = _two_years("地区生产总值增长5.5%左右。", review).iloc[0]
    assert found["outcome"] == "reported" and "5.8%" in found["text_later"]


def test_what_a_clause_is_about_tells_more_than_its_beginning() -> None:
    fields = ["教育", "卫生", "交通", "水利", "林业", "商务", "民政", "信访"]
    other = "".join(f"{field}工作取得新的成绩，群众满意度稳步提高。" for field in fields)
    done = _two_years("支持松溪申报建设中欧班列国家集结中心。", f"{other}松溪获批中欧班列国家集结中心。")
    assert done["outcome"].tolist() == ["reported"]
    elsewhere = _two_years("支持松溪申报建设国家现代农业示范区。", f"{other}支持松溪申报建设国家级科技创新中心。")
    assert elsewhere["outcome"].tolist() == ["not-found"]


def test_one_of_several_targets_counts_in_part() -> None:
    review = "推动出台就业条例，城镇新增就业54.6万人，保持稳定。"
    found = _two_years("城镇新增就业50万人、失业人员实现再就业10万人。", review).iloc[0]
    assert found["outcome"] == "reported-partly" and "54.6万人" in found["text_later"]
    other = _two_years("城镇新增就业50万人、失业人员实现再就业10万人。", "城镇新增就业增长5%。")
    assert other["outcome"].tolist() == ["not-found"]
