"""What came of plans and shortcomings, in the words of the next report."""

from __future__ import annotations

import pandas as pd
from making import make_report

from corpus.analysis.years.plans import follow_plans
from corpus.report.reports import Reports

KEPT_PLAN = "举办两期行政执法人员法律知识培训班。"
REPEATED_PLAN = "建立健全重大行政决策专家论证制度。"
LOST_PLAN = "探索开展科技领域信用修复试点。"
SHORTCOMING = "法治宣传的形式还比较单一，针对性不强。"
CURED = "规范性文件清理不够及时。"


def _outcomes() -> tuple[Reports, pd.DataFrame]:
    earlier = make_report(
        "甲-2020",
        "2020年工作如下。",
        parts=[("shortcomings", SHORTCOMING + CURED), ("plan", KEPT_PLAN + REPEATED_PLAN + LOST_PLAN)],
        issuer="甲",
        year_reviewed=2020,
    )
    later = make_report(
        "甲-2021",
        "2021年工作如下。",
        parts=[
            ("measures", "举办了三期行政执法人员法律知识培训班。"),
            ("shortcomings", SHORTCOMING),
            ("plan", REPEATED_PLAN),
        ],
        issuer="甲",
        year_reviewed=2021,
    )
    reports = Reports((earlier, later))
    return reports, follow_plans(reports)


def test_each_plan_and_shortcoming_has_its_outcome() -> None:
    reports, table = _outcomes()
    words = [reports[0].quote(row.start_earlier, row.end_earlier) for row in table.itertuples()]
    assert words == [SHORTCOMING, CURED, KEPT_PLAN, REPEATED_PLAN, LOST_PLAN]
    assert table["outcome"].tolist() == ["named again", "not taken up", "reported", "planned again", "not taken up"]
    assert table["part"].tolist() == ["shortcomings"] * 2 + ["plan"] * 3


def test_what_was_taken_up_has_its_place_in_the_next_report() -> None:
    reports, table = _outcomes()
    reported = table[table["outcome"] == "reported"].iloc[0]
    assert reports[1].quote(reported["start_later"], reported["end_later"]).startswith("举办了三期")
    assert table.loc[table["outcome"] == "not taken up", ["start_later", "similarity"]].isna().all(axis=None)


def test_without_a_successor_there_is_nothing_to_follow() -> None:
    reports, _ = _outcomes()
    assert follow_plans(reports[:1]).empty
