"""Pages that look like reports on law-based government and are something else, and reports that are none of these."""

from __future__ import annotations

import pytest

import corpus
from corpus.loading.assembling import assemble_report
from corpus.loading.files.decoding import Document
from corpus.report.values import Fact, Notice, Source

LEAD = "2021年，我局在县委、县政府的领导下，认真落实法治政府建设各项任务，现将有关情况报告如下："
BODY = f"{LEAD}\n一、主要举措和成效\n（一）加强组织领导。落实第一责任人职责，推进依法行政。\n二、存在的不足"


def neighbour(text: str) -> Notice | None:
    report = assemble_report("a", Document("a", text, Source("a.txt", "0", "utf-8")), catalogue_facts={})
    found = [notice for notice in report.warnings if notice.code == "near-neighbour"]
    assert len(found) <= 1
    if found and found[0].evidence:
        assert report.quote(*found[0].evidence).strip()
    return found[0] if found else None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"沅陵县水利局2021年政府信息公开工作年度报告\n{LEAD}", "信息公开"),
        ("根据《政府信息公开条例》要求，编制2021年政府信息公开年度报告。全文包括主动公开情况。", "信息公开"),
        (f"沅陵县水利局2021年法治政府建设工作要点\n{BODY}", "要点"),
        (f"关于印发沅陵县2021年法治政府建设工作方案的通知\n各乡镇人民政府：\n{BODY}", "通知"),
        (f"沅陵县召开法治政府建设推进会\n5月6日，{BODY}", "新闻"),
        ("本报讯 近日，沅陵县法治政府建设示范创建工作通过验收。法治政府建设取得成效。", "新闻"),
        (f"《沅陵县法治政府建设实施方案》政策解读\n{BODY}", "政策解读"),
        (f"2021年法治政府建设工作总结范文\n篇一：\n{BODY}", "范文"),
        (f"XX县水利局2021年法治政府建设工作总结\n{BODY.replace('我局', 'XX县水利局')}", "blanks"),
        (f"法治政府建设工作总结(精选8篇)\n{BODY}\n立即下载 加入VIP", "范文"),
        (f"2021年法治政府建设工作总结_百度文库\n{BODY}\n下载积分：10", "范文"),
        ("在全县法治政府建设工作会议上的讲话\n同志们：\n今天召开法治政府建设会议。", "讲话"),
        ("同志们：今天，我们召开法治政府建设工作会议，主要任务是推进依法行政。法治政府建设十分重要。", "讲话"),
        (f"沅陵县2021年上半年法治政府建设工作总结\n{BODY}", "上半年"),
        (f"沅陵县法治政府建设指标体系\n{BODY}", "plan"),
        (f"县人大代表分组讨论《政府工作报告》\n{BODY}", "新闻"),
        (f"□沅陵县司法局\n{BODY}", "article"),
        ("2021年上半年法治政府建设情况\n上半年，我局推进依法行政，情况报告如下：", "上半年"),
        (f"沅陵县2021年度法治政府建设考核结果\n{BODY}", "assessment"),
        (
            "沅陵县人民政府\n按照要求，现将2021年度法治政府建设考核结果予以通报，法治政府建设优秀单位如下。",
            "assessment",
        ),
        ("2021年法治政府建设实证研究\n摘要：本文以法治政府建设年度报告为样本。\n关键词：法治政府", "论文"),
        (f"2021年沅陵县政府工作报告\n{BODY}", "政府工作报告"),
        (
            "各位代表：现在，我代表县人民政府，向大会报告工作，请予审议。一、过去一年，法治政府建设扎实推进。",
            "政府工作报告",
        ),
        ("2021年，我坚持以身作则，切实履行第一责任人职责，现将本人推进法治建设情况报告如下：", "述法"),
        ("湖南年鉴\n【法治政府建设】 县委将法治政府建设摆在重要位置。依法行政，法治建设。", "年鉴"),
        ("2021年、法治政府建設の状況を以下に報告する。これは翻訳である。", "translation"),
        ("\n".join(f"沅陵县水利局法治政府建设年度报告 2021-01-{day:02}" for day in range(10, 18)), "list"),
        ("2022年3月，沅陵县政府新闻发布会发布2021年度法治政府建设白皮书。法治政府建设成效明显。", "新闻"),
        ("沅陵县的法治政府建设\n——以河长制为例\n法治政府建设是依法行政的基础。", "论文"),
        (
            "2021年，沅陵县法治建设开创新局。\n" + "In the year of 2021, the rule of law had opened a new stage. " * 3,
            "English",
        ),
        ("以沅陵县的实践为视角，梳理法治政府建设的路径。依法行政、法治政府建设意义重大。", "论文"),
        (
            "为落实法治建设责任，2022年3月1日，沅陵县法治政府建设述法会召开。\n会上，五个部门述法，推进依法行政。",
            "新闻",
        ),
        ("沅陵县领导干部述法，收集意见。王小明摄\n2021年，法治政府建设和依法行政扎实推进。", "新闻"),
        ("内容简介 本书梳理了全县法治政府建设的进展，评述依法行政与法治建设。", "book"),
        ("沅陵县法治政府建设重点工作进展情况表\n序号 | 任务 | 结果\n1 | 推进依法行政 | 完成", "table"),
        ("沅陵县法治政府建设\n第一章 总则\n第一条 为了推进依法行政，建设法治政府，制定本规则。", "regulation"),
        ("一、指导思想\n以习近平法治思想为指导，推进依法行政，建设法治政府。\n二、活动内容\n开展法治宣传。", "plan"),
        ("书名：沅陵年鉴\n三级目：法治政府\n【概况】 2021年，法治政府建设和依法行政工作扎实推进。", "年鉴"),
        ("材料：沅陵县法治政府建设成效明显，依法行政。结合材料，运用依法治国的知识，谈谈启示。", "试题"),
        (
            "2021年，我局落实法治要求，现将政务公开工作情况总结如下：\n一、主动公开\n公开信息三百条，解读政策五件。",
            "neither",
        ),
        ("2021年，全县粮食总产量再创新高，畜牧业稳步发展，农民收入持续增长，乡村建设取得进展。", "neither"),
    ],
)
def test_each_kind_is_named(text: str, kind: str) -> None:
    notice = neighbour(text)
    assert notice is not None
    assert kind in notice.message


@pytest.mark.parametrize(
    "text",
    [
        f"沅陵县水利局2021年法治政府建设工作报告\n{BODY}",
        f"沅陵县水利局2021年度法治政府建设情况总结\n{BODY}",
        f"2021年度法治政府建设自查报告\n{BODY}",
        f"沅陵县人民政府关于2021年度依法行政工作情况的报告\n县委：\n{BODY}",
        BODY,
        f"{BODY}\n办理政府信息公开申请三件，编制信息公开年度报告。召开会议，部署工作，听取述法。",
        f"沅陵县水利局2021年法治政府建设工作报告\n{BODY}\n领导干部述法，县领导作专题讲话，印发工作要点和方案。",
        "2021年，水利厅贯彻党中央决策部署，扎实推进法治政府建设，取得新的成效。\n一、依法履职\n清理规章三件。",
        f"2021年，我局法治政府建设取得成效。\n--成功创建示范县\n--工作经验获评最佳实践\n{BODY}",
        f"{BODY}\n一、加强部署\n召开推进会，审议方案，推动工作。",
        f"沅陵县水利局落实法治政府建设实施纲要情况报告\n{BODY}\n分享到：\n下载打印",
        f"沅陵县水利局2021年法治政府建设工作报告\n{BODY}\n清理规范文件，严格规范文明执法，使用规范文书和合同示范文本。",
        f"沅陵县水利局2021年法治政府建设工作报告\n{BODY}\n建立公文库和法规文库，推行普法积分制，耕地面积分别增加，缩小编制差距。",
        f"沅陵县水利局2021年法治政府建设工作报告\n{BODY}\n提供合同文本免费下载服务，电子书在线阅读室开放，文秘人员参加培训。",
        "2021年，我局按照全县法治政府建设会议要求，认真贯彻执行。印发依法行政基本书目，情况报告如下：\n一、做法",
        f"关键词：法治政府\n沅陵县水利局2021年法治政府建设工作报告\n{BODY}\n——以制度建设为引领，推进依法行政实践，成效明显。",
        f"沅陵县水利局贯彻落实决策部署推动法治政府建设情况报告\n{BODY}",
        f"沅陵县水利局学习贯彻重要讲话精神推进法治政府建设情况报告\n{BODY}\n建立二级目录，运用法律知识分析研判风险。",
    ],
)
def test_reports_are_not_called_one(text: str) -> None:
    assert neighbour(text) is None


def test_none_of_the_bundled_reports_is_called_one() -> None:
    assert all("near-neighbour" not in {notice.code for notice in report.warnings} for report in corpus.load_reports())


def year_of(text: str) -> Fact:
    return assemble_report("a", Document("a", text, Source("a.txt", "0", "utf-8")), catalogue_facts={}).facts[
        "year_reviewed"
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"沅陵县2022年度法治政府建设工作安排\n{BODY.replace('2021', '2022')}",
        "沅陵县召开2022年法治政府建设推进会\n5月6日，沅陵县召开2022年法治政府建设推进会，部署依法行政工作。",
        "沅陵县2022年法治政府建设的历程\n摘要：本文讨论2022年的法治政府建设。\n关键词：法治政府\n正文。",
    ],
)
def test_a_page_that_reviews_no_year_has_its_year_as_a_reading(text: str) -> None:
    fact = year_of(text)
    assert (fact.value, fact.basis, fact.readings) == (None, "ambiguous", (2022,))


def test_a_report_of_a_government_reviews_its_year_whatever_else_it_looks_like() -> None:
    speech = "同志们：现在，我代表县人民政府，向大会报告工作。\n一、2021年工作回顾\n推进依法行政。\n二、2022年重点工作"
    assert year_of(speech).value == 2021


@pytest.mark.parametrize(
    ("title", "value", "readings"),
    [
        ("沅陵县水利局2022年法治政府建设工作总结及2023年工作谋划", 2022, ()),
        ("2023年沅陵县五年法治政府建设工作情况报告", None, ("五年法治政府建设工作情况",)),
        ("沅陵县水利局二〇一五年依法行政工作情况报告", 2015, ()),
    ],
)
def test_titles_with_another_year_or_several(title: str, value: int | None, readings: tuple[str, ...]) -> None:
    fact = year_of(f"{title}\n沅陵县水利局推进依法行政，建设法治政府，现将情况报告如下：\n一、主要举措")
    assert (fact.value, fact.readings) == (value, readings)
