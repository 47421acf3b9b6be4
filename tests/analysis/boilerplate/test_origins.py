"""Where each character comes from: the rules in their order, runs that partition a body, shares that add up to 1."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import make_report

import corpus
from corpus.analysis.boilerplate.origins import trace_origins
from corpus.errors import CorpusError
from corpus.report.reports import Reports
from corpus.report.values import ORIGINS

STOCK = "认真贯彻落实上级关于法治建设的各项决策部署。"
COPIED = "建立重大项目会商机制并邀请高校专家逐项把关。"
KEPT = "本局科技特派员驻村蹲点帮助果农防治病虫害。"
NEW = "今年新建三个院士工作站和两座低温冷库车间。"


def make(*texts: tuple[str, str | None, int]) -> Reports:
    """Return reports of (text, issuer, year), called a, b, c … in this order."""
    return Reports(
        tuple(
            make_report(chr(ord("a") + number), text, **({"issuer": issuer} if issuer else {}), year_reviewed=year)
            for number, (text, issuer, year) in enumerate(texts)
        )
    )


def told(reports: Reports, report_id: str, **options: int) -> list[tuple[str, str, int]]:
    """Return the words, origin and issuers of each run of a report."""
    runs = trace_origins(reports, **options)
    own = runs[runs["report_id"] == report_id]
    raw = reports[report_id].raw
    return [(raw[row.start : row.end], row.origin, row.n_issuers) for row in own.itertuples()]


@pytest.fixture(scope="module")
def small() -> Reports:
    return make(
        (STOCK + COPIED + KEPT, "甲局", 2019),
        (STOCK + COPIED[:14] + "三位" + COPIED[14:] + KEPT.replace("果农", "茶农") + NEW, "甲局", 2020),
        (STOCK + COPIED, "乙局", 2018),
        (STOCK, "丙局", 2021),
    )


def test_the_first_rule_that_holds_is_the_origin(small: Reports) -> None:
    assert [(words, origin) for words, origin, _ in told(small, "b")] == [
        (STOCK, "formula"),
        (COPIED[:14] + "三位" + COPIED[14:], "shared"),
        (KEPT.replace("果农", "茶农"), "carried_over"),
        (NEW, "own"),
    ]
    assert told(small, "a") == [(STOCK, "formula", 3), (COPIED, "shared", 2), (KEPT, "own_or_carried", 1)]


def test_a_higher_threshold_makes_a_formula_shared(small: Reports) -> None:
    assert [row[1:] for row in told(small, "d", min_issuers=4)] == [("shared", 3)]
    assert [row[1] for row in told(small, "c", min_issuers=2)] == ["formula"]


def test_reports_of_one_issuer_count_once_and_unknown_issuers_each_for_themselves() -> None:
    same = make(*((STOCK, "甲局", year) for year in (2018, 2019, 2020)), (NEW, "乙局", 2020))
    assert told(same, "b") == [(STOCK, "carried_over", 1)]
    unknown = make(*((STOCK, None, 2020) for _ in range(3)))
    assert told(unknown, "b") == [(STOCK, "formula", 3)]


def test_what_an_issuer_had_two_years_before_is_own() -> None:
    reports = make((KEPT, "甲局", 2018), (NEW, "甲局", 2019), (KEPT + STOCK, "甲局", 2020))
    assert told(reports, "c") == [(KEPT + STOCK, "own", 1)]
    assert trace_origins(reports).query("report_id == 'c'")["n_reports"].tolist() == [1]


def test_a_short_rest_goes_with_the_stretch_beside_it_and_a_longer_one_stands_alone() -> None:
    stock = STOCK[:-1]
    reports = make(
        (f"二是{stock}，印发手册三千余册。", "甲局", 2020), (STOCK, "乙局", 2020), (f"我局{STOCK}", "丙局", 2020)
    )
    assert told(reports, "a") == [(f"二是{stock}，", "formula", 3), ("印发手册三千余册。", "own_or_carried", 1)]


def test_opening_quotes_go_with_the_words_behind_them() -> None:
    reports = make((f"{NEW}“{STOCK}”", "甲局", 2020), (STOCK, "乙局", 2020))
    assert [words for words, *_ in told(reports, "a")] == [NEW, f"“{STOCK}”"]


def test_prescribed_headings_are_skeleton_with_their_labels_and_so_is_what_announces_the_report() -> None:
    report = corpus.load_reports()["yiyuan-2022"]
    runs = trace_origins(corpus.load_reports()).query("report_id == 'yiyuan-2022' and origin == 'skeleton'")
    words = [report.quote(start, end).strip() for start, end in zip(runs["start"], runs["end"], strict=True)]
    assert words[0].startswith("现将相关工作情况总结汇报如下：") and words[0].endswith("的主要举措和成效")
    assert [line[:2] for line in words[1:]] == ["二、", "三、", "四、"]


PIECES = st.sampled_from([STOCK, COPIED, KEPT, NEW, "特此报告。", "　　\n", "——\n", "第3项工作，", STOCK[:9]])
REPORTS = st.lists(
    st.tuples(
        st.lists(PIECES, min_size=1, max_size=5).map("".join),
        st.sampled_from(["甲局", "乙局", "丙局", None]),
        st.integers(2018, 2020),
    ),
    min_size=1,
    max_size=6,
)


@given(REPORTS)
@settings(max_examples=25, deadline=None)
def test_runs_partition_every_body_and_shares_add_up_to_one(texts: list[tuple[str, str | None, int]]) -> None:
    reports = make(*texts)
    runs = trace_origins(reports)
    for report in reports:
        own = runs[runs["report_id"] == report.report_id]
        edges = [*own["start"], report.layout.body.end]
        assert edges[0] == report.layout.body.start and own["end"].tolist() == edges[1:]
        keys = [last - first for first, last in (report.key_span(*span) for span in pairwise(edges))]
        assert own["n_key_chars"].tolist() == keys
        assert all(one != other for one, other in pairwise(own["origin"]))
    table = trace_origins(reports, by="report", runs=runs)
    assert table["report_id"].tolist() == [report.report_id for report in reports]
    for row in table.itertuples(index=False):
        shares = list(row[2:])
        if row.n_key_chars:
            assert sum(shares) == sum(reversed(shares)) == 1
        else:
            assert np.isnan(shares).all()
    exact = runs.groupby(["report_id", "origin"])["n_key_chars"].sum()
    for (report_id, origin), n_chars in exact.items():
        row = table[table["report_id"] == report_id].iloc[0]
        if row["n_key_chars"]:
            assert abs(Fraction(row[f"share_{origin}"]) - Fraction(int(n_chars), int(row["n_key_chars"]))) < 2**-39


def test_a_passage_has_the_origin_of_most_of_its_characters(small: Reports) -> None:
    passages = trace_origins(small, by="passage", unit="paragraph")
    first = passages.iloc[0]
    lengths = [len(words) - 1 for words in (STOCK, COPIED, KEPT)]
    assert lengths[0] == lengths[1] > lengths[2], "a tie, which the rule named first wins"
    assert (first["origin"], first["n_issuers"], first["n_key_chars"]) == ("formula", 3, sum(lengths))
    assert first["share_origin"] == pytest.approx(lengths[0] / sum(lengths))
    sentences = trace_origins(small, by="passage")
    assert sentences.query("report_id == 'b'")["origin"].tolist() == ["formula", "shared", "carried_over", "own"]
    assert (sentences["share_origin"] == 1).all()


def test_no_reports_give_empty_tables_with_their_columns() -> None:
    runs = trace_origins(Reports(()))
    assert runs.empty and runs["start"].dtype == np.int64
    assert list(trace_origins(Reports(()), by="report"))[2:] == [f"share_{origin}" for origin in ORIGINS]
    assert trace_origins(Reports(()), by="passage", runs=runs).empty


def test_a_threshold_of_one_issuer_is_refused(small: Reports) -> None:
    with pytest.raises(CorpusError, match="min_issuers=1"):
        trace_origins(small, min_issuers=1)


def test_origins_are_found_in_a_simulated_panel() -> None:
    panel = corpus.validation.simulate_panel(7, 4, seed=31)
    runs = trace_origins(corpus.load_reports(panel.texts))
    score = corpus.validation.score_origins(runs, panel)
    assert score.macro_f1 >= 0.97, score.labels
    assert pd.Series(trace_origins(Reports(()), by="report", runs=runs).iloc[:, 2:].sum(axis=1) == 1).all()
