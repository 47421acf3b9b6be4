"""Layout, headings and parts on pages of the forms that government sites print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.loading.page.layout import locate_layout
from corpus.loading.page.lines import split_lines
from corpus.loading.page.sections import locate_headings, locate_parts

BODY = (
    "2020年，某某县科学技术局在县委、县政府的正确领导下，认真落实法治政府建设各项任务，现将有关情况报告如下：\n"
    "一、主要举措和成效\n"
    "（一）加强组织领导。成立领导小组，局长任组长，全年召开会议三次，研究依法行政工作。\n"
    "二、存在的问题\n"
    "法治宣传的深度还不够，执法人员的业务水平有待提高。"
)
TITLE = "某某县科学技术局2020年法治政府建设工作报告"


def locate(page: str) -> tuple[str, list[str], list[str]]:
    layout = locate_layout(page)
    body = page[slice(*layout.body)]
    return body, [page[slice(*span)] for span in layout.titles], [page[slice(*span)] for span in layout.clutter]


@pytest.mark.parametrize(
    ("before", "titles", "clutter"),
    [
        ("", [], []),
        (f"{TITLE}\n", [TITLE], []),
        (f"\n   {TITLE}   \n\n", [TITLE], []),
        (f"{TITLE}\n{TITLE}\n", [TITLE, TITLE], []),
        ("某某县科学技术局\n2020年度法治政府建设情况报告\n", ["某某县科学技术局", "2020年度法治政府建设情况报告"], []),
        (f"首页 > 政务公开 > 正文\n{TITLE}\n", [TITLE], ["首页 > 政务公开 > 正文"]),
        (f"您现在的位置：首页>>信息公开\n{TITLE}\n", [TITLE], ["您现在的位置：首页>>信息公开"]),
        (
            f"索 引 号： 0123/2021-0001\n发布机构：县科技局\n{TITLE}\n",
            [TITLE],
            ["索 引 号： 0123/2021-0001", "发布机构：县科技局"],
        ),
        (
            f"{TITLE}\n发布时间：2021-01-20 10:33 来源： 浏览次数：12\n",
            [TITLE],
            ["发布时间：2021-01-20 10:33 来源： 浏览次数：12"],
        ),
        (f"{TITLE}\n【字体：大 中 小\n打印 关闭\n", [TITLE], ["【字体：大 中 小", "打印 关闭"]),
        (
            f"某某县人民政府\n今天是2019年5月1日 星期三\n{TITLE}\n",
            [TITLE],
            ["某某县人民政府", "今天是2019年5月1日 星期三"],
        ),
    ],
)
def test_what_stands_before_the_body(before: str, titles: list[str], clutter: list[str]) -> None:
    assert locate(before + BODY) == (BODY, titles, clutter)


@pytest.mark.parametrize(
    ("after", "signature", "date", "clutter"),
    [
        ("", None, None, []),
        ("\n某某县科学技术局\n2021年1月20日\n", "某某县科学技术局", "2021年1月20日", []),
        ("\n某某县科学技术局 2021年1月20日", "某某县科学技术局", "2021年1月20日", []),
        ("某某县科学技术局2021年1月20日", "某某县科学技术局", "2021年1月20日", []),
        ("\n某某县科学技术局\n2021120", "某某县科学技术局", "2021120", []),
        ("\n二〇二一年一月二十日", None, "二〇二一年一月二十日", []),
        (
            "\n扫一扫在手机打开当前页\n分享到：\n上一篇：通知",
            None,
            None,
            ["扫一扫在手机打开当前页", "分享到：", "上一篇：通知"],
        ),
        (
            "\n某某县科学技术局\n2021年1月20日\n版权所有：某某县人民政府",
            "某某县科学技术局",
            "2021年1月20日",
            ["版权所有：某某县人民政府"],
        ),
    ],
)
def test_what_stands_after_the_body(after: str, signature: str | None, date: str | None, clutter: list[str]) -> None:
    page = BODY + after
    layout = locate_layout(page)
    assert page[slice(*layout.body)] == BODY
    assert (page[slice(*layout.signature)] if layout.signature else None) == signature
    assert [page[slice(*span)] for span in layout.dates] == ([date] if date else [])
    assert [page[slice(*span)] for span in layout.clutter] == clutter


def test_salutation_ends_the_head() -> None:
    layout = locate_layout(f"{TITLE}\n县委、县政府：\n{BODY}")
    assert layout.salutation == (len(TITLE) + 1, len(TITLE) + 8)


def headings(body: str) -> list[tuple[int, str, str, bool]]:
    found = locate_headings(split_lines(body))
    assert all(body[heading.start : heading.end] == heading.text for heading in found)
    return [(heading.depth, heading.label, heading.text, heading.run_in) for heading in found]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("一、主要举措\n1.加强领导。成立小组。", [(1, "一、", "主要举措", False), (2, "1.", "加强领导", True)]),
        ("（一）加强领导。\n1、成立小组", [(1, "（一）", "加强领导", False), (2, "1、", "成立小组", False)]),
        (
            "一、甲乙\n（一）丙丁\n1.戊己\n（二）庚辛\n二、壬癸",
            [
                (1, "一、", "甲乙", False),
                (2, "（一）", "丙丁", False),
                (3, "1.", "戊己", False),
                (2, "（二）", "庚辛", False),
                (1, "二、", "壬癸", False),
            ],
        ),
        ("一是加强领导。二是加强宣传。", []),
        ("首先，加强领导。", []),
        ("12.4国家宪法日活动", []),
        ("2020年，我局认真落实。", []),
        ("1." + "很长的一句话" * 12 + "。", []),
        (
            "二、存在的问题和不足对照要求，还有差距：一是宣传，二是力量。",
            [(1, "二、", "存在的问题和不足", True)],
        ),
        ("三、2023年工作安排2023年，我局将继续努力。", [(1, "三、", "2023年工作安排", True)]),
        (
            "三、存在的不足的整改，已经完成",
            [(1, "三、", "存在的不足的整改，已经完成", False)],
        ),
        ("壹、主要举措\n贰、不足之处", [(1, "壹、", "主要举措", False), (1, "贰、", "不足之处", False)]),
    ],
)
def test_headings_by_label(body: str, expected: list[tuple[int, str, str, bool]]) -> None:
    assert headings(body) == expected


def roles(body: str, year_reviewed: int | None = 2020) -> list[tuple[str | None, bool]]:
    lines = list(split_lines(body))
    found = locate_headings(lines)
    parts = locate_parts(lines, (0, len(body)), found, year_reviewed=year_reviewed)
    assert all(part.start < part.end for part in parts)
    return [(part.role, part.headed) for part in parts]


LEAD = "2020年，我局认真落实法治政府建设任务，现将情况报告如下：\n"
DONE = "全年组织学法四次，开展执法检查，办理行政许可，" * 6 + "。\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            LEAD + "一、主要举措和成效\n" + DONE + "二、存在的不足和原因\n不足。\n三、下一年度工作安排\n安排。",
            [("preamble", False), ("measures", True), ("shortcomings", True), ("plan", True)],
        ),
        (
            LEAD
            + "一、加强领导\n"
            + DONE
            + "二、加强宣传\n"
            + DONE
            + "虽然取得成绩，但仍存在一些问题，主要表现在执法。",
            [("preamble", False), ("measures", False), ("shortcomings", False)],
        ),
        (
            LEAD + DONE + "我局工作还存在不足之处。\n2021年，我局将继续加强学习。",
            [("preamble", False), ("measures", False), ("shortcomings", False), ("plan", False)],
        ),
        (
            LEAD + "一、工作开展情况\n" + DONE + "二、存在问题及下一步打算\n存在差距。\n下一步，我局将改进。",
            [("preamble", False), ("measures", True), ("shortcomings", True), ("plan", False)],
        ),
        (LEAD + "一、加强领导\n" + DONE + "特此报告。", [("preamble", False), ("measures", False), ("closing", False)]),
        (LEAD + "一、着力解决突出环境问题\n" + DONE, [("preamble", False), ("measures", False)]),
    ],
)
def test_parts_with_and_without_headings(body: str, expected: list[tuple[str | None, bool]]) -> None:
    assert roles(body) == expected


ASKED = "今年经济社会发展的主要预期目标是：收入增长5%。\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("一、一年接着一年干\n" + DONE + "二、一鼓作气开新局\n" + DONE + ASKED + DONE, ["measures", "plan"]),
        (
            "一、工作回顾\n"
            + DONE
            + "（一）办好民生\n"
            + DONE * 12
            + "今年工作的总体要求是稳中求进。\n"
            + ASKED
            + DONE,
            ["measures", "plan"],
        ),
        (
            "“十四五”时期工作回顾\n" + DONE + "“十五五”时期的目标\n" + DONE + "2021年重点工作\n" + DONE,
            ["measures", None, "plan"],
        ),
    ],
)
def test_parts_of_a_government_report(body: str, expected: list[str | None]) -> None:
    assert [role for role, _ in roles("各位代表，我向大会报告工作。\n" + body)] == ["preamble", *expected]


def test_what_a_government_still_lacks_stands_before_its_plan() -> None:
    aware = "在肯定成绩的同时，我们也清醒认识到，经济社会发展仍面临不少困难和挑战。\n对此，我们将采取措施加以解决。\n"
    body = "一、2020年工作回顾\n" + DONE * 4 + aware + "二、2021年工作安排\n" + DONE
    assert roles(body) == [("measures", True), ("shortcomings", False), ("plan", True)]
    # What is far from the plan is part of what was done.
    early = "一、2020年工作回顾\n" + DONE + aware + DONE * 40 + "二、2021年工作安排\n" + DONE
    assert roles(early) == [("measures", True), ("plan", True)]


def test_targets_in_a_text_of_one_line_open_no_plan() -> None:
    assert "plan" not in [role for role, _ in roles(ASKED.strip() + DONE)]


@pytest.mark.parametrize("annex", ["附件1", "附件\n《政府工作报告》有关内容名词注释", "名词解释", "注释"])
def test_an_annex_and_a_list_of_terms_are_no_body(annex: str) -> None:
    terms = "\n".join(f"{number}.“四新”：新技术、新产业、新业态和新模式的统称，见有关文件。" for number in range(20))
    body, _, clutter = locate(f"{TITLE}\n{BODY}\n{DONE * 12}\n{annex}\n{terms}\n打印本页")
    assert body.endswith(DONE.strip()) and clutter[0] == annex.split("\n")[0]
    # A list of attachments stands before the signature.
    signed = f"{TITLE}\n{BODY}\n{DONE}附件\n1.统计表\n某某县科学技术局\n2021年1月5日"
    assert "2021年1月5日" not in locate(signed)[2]


def test_a_plan_early_in_the_text_is_no_plan_part() -> None:
    assert roles(LEAD + "下一步工作按计划进行，年初制定计划要点。\n" + DONE * 3) == [
        ("preamble", False),
        ("measures", False),
    ]


_PIECES = (
    *(
        TITLE,
        "发布日期：2021-01-05",
        "县委、县政府：",
        "一、",
        "（一）",
        "（二）",
        "二、",
        "加强学习。",
        "　　",
        " ",
        "\n",
        "\n\n",
    ),
    *("2020年，我局落实各项任务。" * 12, "某某县科学技术局", "2021年1月5日", "? ", "打印本页"),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=14).map("".join))
def test_the_lines_of_a_body_are_those_of_the_body_alone(page: str) -> None:
    layout = locate_layout(page)
    assert layout.lines == list(split_lines(page, *layout.body))
