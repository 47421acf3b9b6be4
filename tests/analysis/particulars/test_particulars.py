"""Facts in sentences: what is one, what only looks like one, and where they stand."""

from __future__ import annotations

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import BUNDLED, make_report, make_reports

import corpus
from corpus.analysis.words.segmentation import _jieba
from corpus.errors import CorpusError
from corpus.field.data_files import Lexicon
from corpus.report.reports import Reports

CASES = Path(__file__).parents[2] / "cases"
LEXICONS = Path(__file__).parents[3] / "data" / "lexicons"


def facts_in(text: str, **facts: str | int) -> list[tuple[str, str, bool]]:
    reports = Reports((make_report("a", text, **facts),), lexicon=BUNDLED.lexicon)
    table = corpus.find_particulars(reports)
    return list(zip(table["kind"], table["quote"], table["is_firm"], strict=True))


def cases(expected: str) -> list[dict[str, str]]:
    with (CASES / "particulars.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["expected"] == expected]


@pytest.mark.parametrize("case", cases("firm"), ids=lambda case: case["quote"])
def test_facts_are_found(case: dict[str, str]) -> None:
    assert (case["kind"], case["quote"], True) in facts_in(case["text"])


@pytest.mark.parametrize("case", cases("none"), ids=lambda case: case["text"])
def test_what_any_agency_writes_is_no_fact(case: dict[str, str]) -> None:
    assert facts_in(case["text"]) == []


@pytest.mark.parametrize("case", cases("loose"), ids=lambda case: case["text"])
def test_what_could_stand_elsewhere_is_loose(case: dict[str, str]) -> None:
    assert [firm for _, _, firm in facts_in(case["text"])] == [False]


def test_a_title_is_local_by_the_places_of_its_report() -> None:
    text = "学习《西川科学技术进步规定》。"
    assert facts_in(text) == []
    assert facts_in(text, county="西川市") == [("document", "《西川科学技术进步规定》", True)]


def test_what_stands_inside_a_title_is_part_of_it() -> None:
    assert facts_in("印发《2020年3项重点工作方案》。") == [("document", "《2020年3项重点工作方案》", True)]


def test_a_list_of_titles_has_one_verb() -> None:
    text = "先后制定《请销假管理暂行办法》、《差旅费管理暂行办法》,学习《信访工作条例》。"
    assert [quote for _, quote, _ in facts_in(text)] == ["《请销假管理暂行办法》", "《差旅费管理暂行办法》"]


def test_own_places_and_those_above_are_no_facts_and_what_lies_in_them_is() -> None:
    facts = {"prefecture": "淄博市", "province": "山东省", "adcode": "370300", "level": "prefecture"}
    text = "山东省淄博市推动沂源县发展，与临沂市合作。"
    assert [quote for kind, quote, _ in facts_in(text, **facts) if kind == "place"] == ["沂源县", "临沂市"]


def test_what_a_fact_added_is_what_the_score_loses_without_it() -> None:
    reports = Reports((make_report("a", "召开会议3次,扶持20万元。举办1场。"),), lexicon=BUNDLED.lexicon)
    table = corpus.find_particulars(reports)
    assert table["added"].tolist() == pytest.approx([0.2 * 0.8, 0.2 * 0.8, 0.4])


def test_facts_of_the_five_quote_their_places_and_do_not_overlap() -> None:
    table = corpus.find_particulars(BUNDLED)
    assert len(table) > 100
    for report in BUNDLED:
        own = table[table["report_id"] == report.report_id]
        assert (own["start"].to_numpy()[1:] >= own["end"].to_numpy()[:-1]).all()
        body = report.layout.body
        for fact in own.itertuples():
            assert body.start <= fact.start < fact.end <= body.end
            assert report.quote(fact.start, fact.end) == fact.quote


@settings(max_examples=50)
@given(st.text(alphabet="一二两三十百万余第每0123456789.,，%项个次家元月日年《》“”、。市县局王法学习制定", max_size=60))
def test_any_text_gives_facts_in_order(text: str) -> None:
    reports = Reports((make_report("a", text),), lexicon=BUNDLED.lexicon)
    table = corpus.find_particulars(reports)
    places = list(zip(table["start"], table["end"], strict=True))
    assert all(start < end for start, end in places)
    assert all(before[1] <= after[0] for before, after in pairwise(places))
    assert [text[start:end] for start, end in places] == table["quote"].tolist()


def test_reports_without_a_lexicon_are_refused() -> None:
    with pytest.raises(CorpusError, match="no counting units"):
        corpus.find_particulars(make_reports("会议3次。", lexicon=Lexicon()))
    assert corpus.find_particulars(Reports((), lexicon=BUNDLED.lexicon)).empty


@pytest.mark.parametrize("name", ["counting_units.csv", "set_numbers.csv", "cues.csv", "surnames.csv"])
def test_lexicons_are_sorted_unique_and_have_sources_that_say_so(name: str) -> None:
    with (LEXICONS / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    first = next(iter(rows[0]))
    terms = [row[first] for row in rows]
    assert terms == sorted(set(terms)) and all(row["source"].strip() for row in rows)
    for row in rows:
        for place in re.findall(r"([a-z]+-\d{4}):(\d+)-(\d+)", row["source"]):
            shown = BUNDLED[place[0]].raw[int(place[1]) : int(place[2])]
            assert shown.endswith(row[first]), row


def test_the_dictionary_calls_measure_words_what_is_said_to_stand_in_it() -> None:
    with _jieba().Tokenizer().get_dict_file() as file:
        tags = {word: tag for word, _, tag in (line.split() for line in file.read().decode("utf-8").splitlines())}
    with (LEXICONS / "counting_units.csv").open(encoding="utf-8", newline="") as stream:
        said = [row["unit"] for row in csv.DictReader(stream) if "dict.txt: q" in row["source"]]
    assert len(said) > 40 and {tags[unit] for unit in said} == {"q"}
