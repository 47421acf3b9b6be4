"""Shared passages: exact, edited and moved ones, their places, and what is left alone."""

from __future__ import annotations

import json
from itertools import combinations, product
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.index.exact_matches import find_matches, tile_stretches
from corpus.analysis.index.unit_row import lay_keys
from corpus.errors import CorpusError
from corpus.report.reports import Report, Reports

GOLDEN = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "cases" / "shared_passages.jsonl").read_text(encoding="utf-8").splitlines()
]
TEXTS = st.lists(st.text(alphabet="甲乙，", max_size=40), min_size=2, max_size=4)


def naive_matches(a: Report, b: Report, min_chars: int) -> set[tuple[int, int, int]]:
    """Return (key start in a, key start in b, length) of all maximal matches, by comparing each place with each."""
    found = set()
    for p in range(len(a.key)):
        for q in range(len(b.key)):
            if p and q and a.key[p - 1] == b.key[q - 1]:
                continue
            length = 0
            while p + length < len(a.key) and q + length < len(b.key) and a.key[p + length] == b.key[q + length]:
                length += 1
            if length >= min_chars:
                found.add((p, q, length))
    return found


def spans(reports: Reports, table: pd.DataFrame) -> list[tuple[str, int, int, str, int, int]]:
    """Return the rows as spans of ``key``."""
    return [
        (
            *(row.report_a, *reports[row.report_a].key_span(row.start_a, row.end_a)),
            *(row.report_b, *reports[row.report_b].key_span(row.start_b, row.end_b)),
        )
        for row in table.itertuples()
    ]


def naive_common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for left in one:
        before = row
        row = [0]
        for place, right in enumerate(other):
            row.append(before[place] + 1 if left == right else max(row[-1], before[place + 1]))
    return row[-1]


@settings(max_examples=60)
@given(TEXTS)
@example(["甲乙" * 20, "甲乙" * 15])
@example(["甲" * 40, "甲" * 40, "乙" + "甲" * 9 + "乙"])
def test_every_maximal_match_is_found_once_and_nothing_else(texts: list[str]) -> None:
    reports = make_reports(*texts)
    row = lay_keys(reports, [report.regions() for report in reports])
    found = [
        (
            pair // len(texts),
            pair % len(texts),
            p - row.starts[pair // len(texts)],
            q - row.starts[pair % len(texts)],
            n,
        )
        for matches in find_matches(row, 4, cap=50)
        for pair, p, q, n in zip(*(column.tolist() for column in matches), strict=True)
    ]
    assert len(found) == len(set(found))
    for a, b in combinations(range(len(texts)), 2):
        own = {(p, q, length) for one, other, p, q, length in found if (one, other) == (a, b)}
        assert own == naive_matches(reports[a], reports[b], 4)


@settings(max_examples=50)
@given(
    st.lists(st.text(alphabet="甲乙丙，。", max_size=40), min_size=2, max_size=5), st.integers(4, 9), st.integers(2, 4)
)
@example(["甲甲乙乙甲", "甲甲乙乙甲", "甲甲乙乙乙乙乙甲"], 4, 2)
@example(["丙甲甲乙", "丙甲甲乙", "丙甲甲。乙"], 4, 2)
@example(["甲乙乙甲甲", "乙乙甲甲乙乙甲甲", "甲乙乙甲甲"], 4, 2)
@example(["甲乙" * 20, "甲乙" * 15, "乙丙甲" * 9], 8, 2)
@example(["甲乙丙甲丙乙甲乙", "甲乙丙甲丙乙丙", "乙丙甲丙乙甲甲", "丙甲丙乙甲乙丙"], 7, 2)
@example(
    [
        "戊丙甲甲乙甲甲戊丁戊丁丙甲丁丙丙丙丙丙。",
        "戊丙甲甲乙甲甲戊丁戊丁丙甲丁丙丙丙丙丙。戊丙丙甲乙戊甲丙戊甲乙甲丁丙戊乙甲丙戊戊甲丙丙丙丙戊戊。"
        "戊丙丙甲乙戊甲丙戊甲乙甲丁丙戊乙丁丙戊戊丙甲丙丙丙丙戊戊。戊丙甲甲乙甲甲戊丁戊丁丙甲丁丙丙丙丙丙，",
        "戊丙丙甲乙戊甲丙戊甲甲丁丙戊乙丁丙戊戊甲丙丙丙丙戊戊。戊丙丙甲乙戊甲丙戊甲乙戊甲丁丙戊乙丁丙戊戊丙甲丙丙丙丙戊戊，"
        "戊丙甲乙甲甲戊丁戊丁丙甲丁丙丙丙丙，戊甲甲戊丁丁戊丁丙乙甲戊戊乙乙乙丙丁丁甲丙戊乙戊丙乙甲甲丙戊戊丙丙丙甲。"
        "戊丙甲甲乙甲甲戊丁戊丁丙甲丁丙丙丙丙丙",
    ],
    13,
    4,
)
def test_what_two_reports_have_is_in_a_row_or_in_a_formula(texts: list[str], min_chars: int, cap: int) -> None:
    reports = make_reports(*texts)
    rows = spans(reports, corpus.find_reuse(reports, min_chars=min_chars, cap=cap))
    formulas = corpus.find_formulas(reports, min_reports=cap + 1, min_chars=min_chars)
    places = [
        (report_id, *reports[report_id].key_span(start, end))
        for places in formulas["places"]
        for report_id, start, end in places
    ]

    def lies_in_formula(report_id: str, place: int) -> bool:
        return any(report_id == own and start <= place and place + min_chars <= end for own, start, end in places)

    for a, b in combinations(reports, 2):
        own = [row for row in rows if (row[0], row[3]) == (a.report_id, b.report_id)]
        for p, q in product(range(len(a.key) - min_chars + 1), range(len(b.key) - min_chars + 1)):
            words = a.key[p : p + min_chars]
            if words != b.key[q : q + min_chars]:
                continue
            if not any(
                p0 <= p and p + min_chars <= p1 and q0 <= q and q + min_chars <= q1 for _, p0, p1, _, q0, q1 in own
            ):
                assert sum(words in report.key for report in reports) > cap
                sentences = [part.replace("，", "") for report in reports for part in report.raw.split("。")]
                if any(words in sentence for sentence in sentences):
                    assert lies_in_formula(a.report_id, p) and lies_in_formula(b.report_id, q)


@settings(max_examples=60)
@given(st.lists(st.text(alphabet="甲乙丙丁，。", max_size=60), min_size=2, max_size=3))
def test_rows_count_no_more_than_both_sides_have_in_common(texts: list[str]) -> None:
    reports = make_reports(*texts)
    table = corpus.find_reuse(reports, min_chars=5)
    for row, (a, p0, p1, b, q0, q1) in zip(table.itertuples(), spans(reports, table), strict=True):
        one, other = reports[a].key[p0:p1], reports[b].key[q0:q1]
        assert 5 <= row.matched_chars <= naive_common(one, other)
        assert row.similarity == 2 * row.matched_chars / (len(one) + len(other))
        assert row.text_a == reports[a].raw[row.start_a : row.end_a]
        assert row.text_b == reports[b].raw[row.start_b : row.end_b]
        assert row.text_a[0].isalnum() and row.text_b[0].isalnum()
        signs = {row.text_a[-1], row.text_b[-1]} - set("甲乙丙丁")
        assert signs in (set(), {"。"})


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: f"{golden['a']}-{golden['b']}")
def test_golden_passages_come_out(golden: dict[str, str]) -> None:
    table = corpus.find_reuse(BUNDLED)
    own = table[(table["report_a"] == golden["a"]) & (table["report_b"] == golden["b"])]
    longest = own.loc[own["matched_chars"].idxmax()]
    for side in "ab":
        report = BUNDLED[golden[side]]
        words = report.key[slice(*report.key_span(longest[f"start_{side}"], longest[f"end_{side}"]))]
        assert golden["key"] in words
    assert longest["matched_chars"] >= golden["length_chars"]
    assert longest["text_a"] != longest["text_b"], "the two print punctuation of different width"


def test_moved_and_repeated_passages_are_all_found() -> None:
    one, two = "加强组织领导落实工作责任", "深入开展法治宣传教育活动"
    table = corpus.find_reuse(make_reports(f"{one}。甲{two}。", f"{two}；乙{one}，丙{one}！"))
    assert list(table["text_a"]) == [one, one + "。", two + "。"]
    assert list(table["start_b"]) == [14, 28, 0]
    assert list(table["moved"]) == [True, True, False]


def test_a_match_does_not_cross_the_end_of_the_region() -> None:
    words = "加强组织领导落实工作责任"
    reports = Reports(
        (
            make_report("a", "", parts=[("measures", words), ("plan", words)]),
            make_report("b", "", parts=[("measures", words), ("plan", words)]),
        )
    )
    # That the words come twice in either report lies inside the passage of 24.
    assert corpus.find_reuse(reports)["matched_chars"].tolist() == [24]
    plans = corpus.find_reuse(reports, role="plan")
    assert plans["matched_chars"].tolist() == [12] and plans["start_a"].tolist() == [12]


def test_a_report_is_not_compared_with_itself_and_short_matches_are_left() -> None:
    assert corpus.find_reuse(make_reports("加强组织领导落实工作责任" * 3, "甲")).empty
    words = "加强组织领导落实工作责任"
    assert corpus.find_reuse(make_reports(words[:11] + "甲", words[:11] + "乙")).empty
    assert len(corpus.find_reuse(make_reports(words + "甲", words + "乙"))) == 1


def test_later_report_stands_on_the_right_and_rows_are_in_order() -> None:
    table = corpus.find_reuse(BUNDLED, min_chars=8)
    number = {report.report_id: place for place, report in enumerate(BUNDLED)}
    keys = [(number[row.report_a], number[row.report_b], row.start_a, row.start_b) for row in table.itertuples()]
    assert keys == sorted(keys) and all(a < b for a, b, *_ in keys)


def test_work_in_small_portions_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = corpus.find_reuse(BUNDLED, min_chars=6)
    monkeypatch.setattr("corpus.analysis.index.unit_row._LOCATED_AT_ONCE", 9)
    for name, size in (("WORDS", 500), ("HASHED", 64), ("GROUPED", 7)):
        monkeypatch.setattr(f"corpus.analysis.index.shared_grams._{name}_AT_ONCE", size)
    for name, size in (("PAIRS", 5), ("MATCHED", 3)):
        monkeypatch.setattr(f"corpus.analysis.index.exact_matches._{name}_AT_ONCE", size)
    monkeypatch.setattr("corpus.analysis.alignment.exact_chains._EXTENDED_AT_ONCE", 4)
    pd.testing.assert_frame_equal(corpus.find_reuse(BUNDLED, min_chars=6), whole)


@pytest.mark.parametrize(("bits", "n_tiles"), [(26, 5), (27, 3), (28, 2)])
def test_what_does_not_fit_into_one_number_is_sorted_in_several(
    bits: int, n_tiles: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = corpus.find_reuse(BUNDLED, min_chars=6)
    monkeypatch.setattr("corpus.analysis.index.exact_matches._BITS", bits)
    row = lay_keys(BUNDLED, [report.regions() for report in BUNDLED])
    assert len(tile_stretches(row)) == n_tiles
    pd.testing.assert_frame_equal(corpus.find_reuse(BUNDLED[:], min_chars=6), whole)


@pytest.mark.parametrize("period", ["甲", "甲乙丙丁戊", "".join(map(chr, range(0x4E00, 0x4E00 + 90)))])
def test_what_repeats_itself_is_found_once_where_it_begins(period: str) -> None:
    words = "加强组织领导落实工作责任"
    texts = [f"{name}{words}。{(period * 3000)[:3000]}" for name in "子丑寅"]
    table = corpus.find_reuse(make_reports(*texts))
    assert table["matched_chars"].tolist() == [3012] * 3 and (table["n_reports"] == 3).all()


def test_nothing_to_find() -> None:
    columns = list(corpus.find_reuse(BUNDLED).columns)
    for reports in (Reports(()), BUNDLED[:1], make_reports("", ""), make_reports("法治", "科技")):
        table = corpus.find_reuse(reports)
        assert list(table.columns) == columns and table.empty
        assert list(table.dtypes) == list(corpus.find_reuse(BUNDLED).dtypes)


def test_settings_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CorpusError, match="min_chars=3"):
        corpus.find_reuse(BUNDLED, min_chars=3)
    with pytest.raises(CorpusError, match="cap=1"):
        corpus.find_reuse(BUNDLED, cap=1)


def test_passages_are_the_same_whichever_report_stands_first() -> None:
    edges = [f"{edge}_{side}" for side in "ab" for edge in ("start", "end")]
    for seed in range(20):
        chance = Random(seed)
        bank = [
            "".join(chr(0x4E00 + chance.randrange(3_000)) for _ in range(chance.randrange(6, 30))) for _ in range(8)
        ]

        def text(chance: Random = chance, bank: list[str] = bank) -> str:
            words = [list(chance.choice(bank)) for _ in range(25)]
            for own in words[::2]:
                own[chance.randrange(len(own))] = chr(0x7000 + chance.randrange(500))
            return "。".join(map("".join, words))

        reports = make_reports(text(), text())
        there = corpus.find_reuse(reports, quotes=False)
        back = corpus.find_reuse(Reports(tuple(reversed(list(reports)))), quotes=False)
        rows = there[edges].to_numpy().tolist(), back[[*edges[2:], *edges[:2]]].to_numpy().tolist()
        assert sorted(rows[0]) == sorted(rows[1])


def test_what_many_have_is_counted_in_both_texts_of_a_passage() -> None:
    own, phrase, edited = "天地玄黄宇宙洪荒日月盈昃", "辰宿列张寒来暑往", "辰宿列张寒去暑往"
    texts = [f"{own}{phrase}秋收冬藏闰余成岁", f"{own}{edited}秋收冬藏闰余成岁", *(f"{phrase}。" for _ in range(6))]
    [first] = corpus.find_reuse(make_reports(*texts), pairs=[("a", "b")]).to_dict("records")
    [turned] = corpus.find_reuse(make_reports(texts[1], texts[0], *texts[2:]), pairs=[("a", "b")]).to_dict("records")
    assert first["text_a"] == turned["text_b"] != first["text_b"]
    assert first["share_common"] == turned["share_common"] == len(phrase) / (2 * len(texts[0]))
