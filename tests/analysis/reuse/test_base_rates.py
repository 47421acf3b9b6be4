"""Base rates of shared passages, where they end, what of them lies in others, sources, and who was first."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.reuse.base_rates import GRAM, least_of_many
from corpus.cli import main
from corpus.errors import CorpusError
from corpus.report.reports import Reports

OF_THE_TWO = ["report_a", "start_a", "end_a", "report_b", "start_b", "end_b", "matched_chars", "similarity", "moved"]
WORDS = "加强组织领导落实工作责任"


def grams(words: str, width: int) -> set[str]:
    return {words[place : place + width] for place in range(len(words) - width + 1)}


@pytest.mark.parametrize("min_chars", [8, 12])
def test_the_rarest_stretch_that_both_have_tells_how_common_a_passage_is(min_chars: int) -> None:
    table = corpus.find_reuse(BUNDLED, min_chars=min_chars)
    assert (table["n_reports"] > 2).any()
    for row in table.itertuples():
        a, b = BUNDLED[row.report_a], BUNDLED[row.report_b]
        sides = [
            one.key[slice(*one.key_span(*span))]
            for one, span in ((a, (row.start_a, row.end_a)), (b, (row.start_b, row.end_b)))
        ]
        both = grams(sides[0], min_chars) & grams(sides[1], min_chars)
        both = both or grams(sides[0], GRAM) & grams(sides[1], GRAM)
        bodies = [one.key[slice(*one.key_span(*one.layout.body))] for one in BUNDLED]
        fewest = min(sum(gram in body for body in bodies) for gram in both)
        assert row.n_reports == row.n_issuers == fewest
        assert row.weight == pytest.approx(np.log(len(BUNDLED) / fewest))
    assert table.attrs["n_reports"] == table.attrs["n_issuers"] == 5 and table.attrs["cap"] is None


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(alphabet="㐀㐁㐂，", max_size=40), min_size=3, max_size=4))
def test_rows_of_a_pair_are_the_same_in_any_company(texts: list[str]) -> None:
    reports = make_reports(*texts)
    whole = corpus.find_reuse(reports, min_chars=5)
    for a, b in combinations(reports, 2):
        own = whole[(whole["report_a"] == a.report_id) & (whole["report_b"] == b.report_id)]
        alone = corpus.find_reuse(Reports((a, b)), min_chars=5)
        asked = corpus.find_reuse(reports, min_chars=5, pairs=[(b.report_id, a.report_id)])
        for other in (alone, asked):
            pd.testing.assert_frame_equal(own[OF_THE_TWO].reset_index(drop=True), other[OF_THE_TWO])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="㐀㐁", max_size=60), min_size=2, max_size=3))
def test_rows_that_lie_in_no_larger_one_do_not_overlap(texts: list[str]) -> None:
    table = corpus.find_reuse(make_reports(*texts), min_chars=4)
    for _, own in table[table["inside"] < 0].groupby(["report_a", "report_b"]):
        for side in "ab":
            spans = sorted(zip(own[f"start_{side}"], own[f"end_{side}"], strict=True))
            assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for row in table[table["inside"] >= 0].itertuples():
        larger = table.loc[row.inside]
        assert (larger["report_a"], larger["report_b"]) == (row.report_a, row.report_b)
        assert larger["matched_chars"] >= row.matched_chars
        assert any(
            larger[f"start_{s}"] < getattr(row, f"end_{s}") and getattr(row, f"start_{s}") < larger[f"end_{s}"]
            for s in "ab"
        )


@pytest.mark.parametrize(
    ("a", "b", "shared"),
    [
        (f"{WORDS}增长10.5%", f"{WORDS}增长10.8%", f"{WORDS}增长"),
        (f"{WORDS}增长10%", f"{WORDS}增长10.8%", f"{WORDS}增长"),
        (f"{WORDS}增长10%左右", f"{WORDS}增长10%以上", f"{WORDS}增长10"),
        (f"{WORDS}共三十五项", f"{WORDS}共三十六项", f"{WORDS}共"),
        (f"{WORDS}促进发展", f"{WORDS}促进发放", f"{WORDS}促进"),
        # 发 is a word of its own in one of the two.
        (f"{WORDS}促进发展", f"{WORDS}促进发。", f"{WORDS}促进发"),
        (f"12{WORDS}", f"32{WORDS}", WORDS),
    ],
)
def test_passages_end_at_the_ends_of_words_and_numerals(a: str, b: str, shared: str) -> None:
    table = corpus.find_reuse(make_reports(a, b))
    assert table["text_a"].tolist() == table["text_b"].tolist() == [shared]
    assert table["matched_chars"].tolist() == [len(shared)]


def test_what_is_shared_but_for_a_piece_of_a_numeral_is_too_short() -> None:
    assert corpus.find_reuse(
        make_reports("加强组织领导落实工作增长15", "加强组织领导落实工作增长16"), min_chars=13
    ).empty


def test_kinds() -> None:
    title = "《某某省人民政府关于加强法治政府建设的实施意见》"
    reports = make_reports(f"印发{title}", f"落实{title}的要求", *[f"{WORDS}{char}" for char in "㐀㐁㐂㐃㐄㐅"])
    table = corpus.find_reuse(reports)
    assert least_of_many(8) == table.attrs["many_issuers"] == 6
    assert set(table.loc[table["n_reports"] == 2, "kind"]) == {"title"}
    phrases = table[table["n_reports"] == 6]
    assert len(phrases) == 15 and set(phrases["kind"]) == {"set phrase"} and (phrases["share_common"] == 1).all()


def test_what_few_issuers_of_different_provinces_share_is_a_set_phrase_unless_it_is_long() -> None:
    long = "".join(chr(0x3400 + n) for n in range(40))
    texts = [f"{WORDS}，{long}", f"{WORDS}。", f"{long}。", WORDS, *(chr(0x4E00 + n) * 9 for n in range(16))]
    provinces = ["甲省", "甲省", "乙省", *["丙省"] * 17]

    def kinds(n: int) -> dict[tuple[str, str], str]:
        items = (make_report(f"r{i:02}", texts[i], province=provinces[i], issuer=f"机构{i}") for i in range(n))
        table = corpus.find_reuse(Reports(tuple(items)))
        return dict(zip(zip(table["report_a"], table["report_b"], strict=True), table["kind"], strict=True))

    found = kinds(20)
    assert found["r00", "r01"] == found["r00", "r02"] == "running text"
    assert found["r00", "r03"] == found["r01", "r03"] == "set phrase"
    assert set(kinds(19).values()) == {"running text"}


def test_what_two_provinces_share_is_a_set_phrase_however_few_they_are() -> None:
    levels = "province", "province", "prefecture"
    items = [
        make_report(f"r{n}", f"{WORDS}{'㐀㐁㐂'[n]}", province=f"{'甲乙丙'[n]}省", level=level)
        for n, level in enumerate(levels)
    ]
    table = corpus.find_reuse(Reports(tuple(items)))
    kinds = dict(zip(zip(table["report_a"], table["report_b"], strict=True), table["kind"], strict=True))
    assert kinds == {("r0", "r1"): "set phrase", ("r0", "r2"): "running text", ("r1", "r2"): "running text"}


def test_a_background_is_counted_and_not_compared() -> None:
    reports = make_reports(f"{WORDS}㐀", f"{WORDS}㐁")
    background = Reports(tuple(make_report(f"x{n}", f"{WORDS}{'㐂㐃㐄'[n]}") for n in range(3)))
    table = corpus.find_reuse(reports, background=background)
    assert table[["n_reports", "n_background"]].to_numpy().tolist() == [[2, 3]]
    assert corpus.find_reuse(reports, background=Reports(()))["n_background"].tolist() == [0]
    assert corpus.find_reuse(reports, background=reports + background)["n_background"].tolist() == [3]


def test_sources() -> None:
    own = "㐀㐁㐂㐃㐄㐅㐆㐇㐈㐉㐊㐋"
    reports = make_reports(f"{WORDS}，{own}", f"{own}。{WORDS}", "无关")
    sources = Reports((make_report("source", f"要{WORDS}"), reports[0]))
    passages = corpus.find_reuse(reports, sources=sources)
    assert passages[["report_a", "report_b"]].to_numpy().tolist() == [["a", "source"], ["b", "source"]]
    shares = corpus.find_reuse(reports, sources=sources, by="report")
    assert shares["source_id"].tolist() == ["source", ""] * 3
    assert shares["share"].tolist() == [0.5, 0.5, 0.5, 0.5, 0, 0]
    assert set(shares["first"]) == {""}
    years = [make_report(name, f"{WORDS}{name}", year_reviewed=year) for name, year in (("x", 2020), ("y", 2022))]
    dated = Reports(tuple(years))
    plan = Reports((make_report("plan", WORDS, year_reviewed=2021),))
    assert corpus.find_reuse(dated, sources=plan, by="report")["first"].tolist() == ["report", "", "source", ""]
    shared = corpus.find_reuse(reports, sources=sources, by="shared")
    assert dict(zip(shared["source_id"], shared["share_in_sources"], strict=True)) == {"source": 1.0, "": 0.0}
    called_alike = Reports((make_report("a", f"要{WORDS}"),))
    assert corpus.find_reuse(reports, sources=called_alike)["report_b"].unique().tolist() == ["a (source)"]
    with pytest.raises(CorpusError, match="give the sources"):
        corpus.find_reuse(reports, by="report")


def test_who_was_first_and_from_whom_it_was_taken_up_at_the_latest() -> None:
    days = {"a": ("signed", "2021-03-01"), "b": ("signed", "2021-03-05"), "c": ("published", "2021-01-01")}
    days["d"] = ("signed", "2021-04-05")
    reports = Reports(tuple(make_report(name, WORDS, **{kind: day}) for name, (kind, day) in days.items()))
    table = corpus.find_reuse(reports).set_index(["report_a", "report_b"])
    assert table.loc[("a", "b"), ["first", "days_apart", "dated_by"]].tolist() == ["a", 4, "signed"]
    assert table.loc[("a", "c"), ["first", "dated_by"]].tolist() == ["", ""]
    uptake = corpus.find_reuse(reports, by="uptake")
    edges = {row.report_id: (row.other_id, row.decided_by) for row in uptake.itertuples()}
    assert edges["b"] == ("a", "signed") and edges["d"] == ("b", "signed")
    assert (uptake["taken_chars"] == len(WORDS)).all()


def test_pairs_carry_sums_and_what_the_two_are_to_each_other() -> None:
    table = corpus.compare_reports(BUNDLED, passages=True, dyads=True)
    passages = corpus.find_reuse(BUNDLED)
    outer = passages[passages["inside"] < 0]
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0])
    for row in outer.itertuples():
        sums[row.report_a, row.report_b][0] += row.matched_chars
        sums[row.report_a, row.report_b][1] += row.matched_chars * row.weight
    for row in table.itertuples():
        assert [row.shared_chars, row.weighted_chars] == pytest.approx(sums[row.report_a, row.report_b])
    assert table["same_province"].sum() == 1 and (table["unlisted_stretches"] == 0).all()


def test_the_command(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    csv, graph = tmp_path / "reuse.csv", tmp_path / "reuse.graphml"
    assert main(["reuse", "--csv", str(csv), "--graph", str(graph)]) == 0
    out = capsys.readouterr().out
    assert "longgang-2020" in out and "no third has" in out
    assert csv.read_bytes().startswith(b"\xef\xbb\xbf")
    nodes = [
        node for node in ElementTree.fromstring(graph.read_text(encoding="utf-8")).iter() if node.tag.endswith("node")
    ]
    assert {node.get("id") for node in nodes} == {report.report_id for report in BUNDLED}


def test_the_command_says_which_sources_are_later_and_what_a_background_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"a": "2020", "b": "2020", "later": "2021", "other": "2020"}
    own = "推动科技创新和产业深度融合发展走深走实。"
    for n, (name, year) in enumerate(texts.items()):
        words, filler = "" if name == "later" else own, chr(0x3400 + n) * 90
        folder = {"later": "sources", "other": "background"}.get(name, "reports")
        (tmp_path / folder).mkdir(exist_ok=True)
        page = f"{name}局{year}年法治政府建设年度报告\n{year}年，我局{WORDS}，{filler}。{words}\n"
        (tmp_path / folder / f"{name}.txt").write_text(page, encoding="utf-8")
    asked = ["reuse", str(tmp_path / "reports"), "--sources", str(tmp_path / "sources")]
    assert main(asked) == 0
    out = capsys.readouterr().out
    assert "later is later than 2 of 2 reports" in out and "1 passage of running text" in out
    assert main([*asked, "--background", str(tmp_path / "background")]) == 0
    out = capsys.readouterr().out
    assert "0 passages of running text that two reports share and no third and no source and no report of the" in out
    (tmp_path / "background" / "empty.txt").touch()
    assert main([*asked, "--background", str(tmp_path / "background")]) == 1
    assert "hence exit status 1" in capsys.readouterr().err


def test_the_command_tells_of_one_report_which_sources_hold_most_of_it_and_what_one_alone_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = "推动科技创新和产业深度融合发展走深走实，建成三个中试平台。"
    for n, name in enumerate(("mine", "s1", "s2", "s3", "s4")):
        folder = tmp_path / ("report" if name == "mine" else "sources")
        folder.mkdir(exist_ok=True)
        words, filler = own if name in ("mine", "s3") else "", chr(0x3400 + n) * 90
        page = f"{name}局2020年法治政府建设年度报告\n2020年，我局{WORDS}，{filler}。{words}\n"
        (folder / f"{name}.txt").write_text(page, encoding="utf-8")
    assert main(["reuse", str(tmp_path / "report"), "--sources", str(tmp_path / "sources")]) == 0
    out = capsys.readouterr().out
    sources, alone = out.split("The 4 sources in which most of it stands:")[1].split(
        "1 passage of running text that it"
    )
    assert sources.split()[5] == "s3" and "pair of reports" not in out
    assert "b s3 " in alone and own[:12] in alone
    assert f"corpus compare {tmp_path / 'report' / 'mine.txt'} {tmp_path / 'sources' / 's3.txt'} --html" in alone
