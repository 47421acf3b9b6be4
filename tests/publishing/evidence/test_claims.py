"""The register of claims: what it takes, what it prints, what it refuses, and the file it keeps."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import notebooks_path
from corpus.publishing.evidence.claims import CLAIMS_FILE, Claims, merge_claims, read_claims, save_claims


@pytest.fixture
def claims(tmp_path: Path) -> Claims:
    return corpus.open_claims("03-comparing-reports", folder=tmp_path)


@pytest.mark.parametrize(
    ("value", "unit", "printed"),
    [
        (34, "characters", "34"),
        (12_345, "characters", "12,345"),
        (np.int64(34), "characters", "34"),
        (2019, "year", "2019"),
        (0.123456, "share", "12.3%"),
        (0.98765, "score", "0.988"),
        (np.float64(1234.5), "score", "1.23e+03"),
        ("三重一大", "name", "三重一大"),
    ],
)
def test_a_value_is_printed_as_its_unit_asks(claims: Claims, value: Any, unit: str, printed: str) -> None:
    claims.add("a.b", value, unit=unit, denominator=7)
    assert str(claims.say("It is {a.b}.")) == f"It is {printed}."


def test_a_format_can_be_asked_for(claims: Claims) -> None:
    claims.add("a-b.share", 0.5, unit="share", denominator="characters of the body")
    assert str(claims.say("{a-b.share:.0%} or {a-b.share:.3f}")) == "50% or 0.500"


@pytest.mark.parametrize(
    ("value", "spec", "printed"),
    [
        (0, "word", "no"),
        (5, "word", "five"),
        (5, "Word", "Five"),
        (20, "word", "twenty"),
        (21, "Word", "21"),
        (-1, "word", "-1"),
    ],
)
def test_a_whole_number_can_be_written_as_a_word(claims: Claims, value: int, spec: str, printed: str) -> None:
    claims.add("n", value, unit="reports")
    assert str(claims.say(f"{{n:{spec}}}")) == printed


@pytest.mark.parametrize("value", [0.5, "five"])
def test_only_a_whole_number_is_written_as_a_word(claims: Claims, value: Any) -> None:
    claims.add("n", value, unit="score")
    with pytest.raises(CorpusError, match="cannot be written as 'word'"):
        claims.say("{n:word}")


def test_spans_may_be_the_rows_of_a_table(claims: Claims) -> None:
    table = pd.DataFrame({"text": ["x", "y"], "end": [3, 9], "start": np.array([1, 7]), "report_id": ["a", "b"]})
    claims.add("n", 2, unit="passages", spans=table)
    assert claims["n"].spans == (("a", 1, 3), ("b", 7, 9))
    assert [type(place) for place in claims["n"].spans[0][1:]] == [int, int]


def test_prose_is_markdown_and_stays_as_written_where_no_claim_stands(claims: Claims) -> None:
    claims.add("n", 3, unit="reports")
    said = claims.say("**费用**$100 在 {n} 份报告\n\n- 1 {n}")
    assert said._repr_markdown_() == repr(said) == "**费用**$100 在 3 份报告\n\n- 1 3"


@pytest.mark.parametrize("text", ["{nothing}", "{}", "{a.c}", "{A.b}", "{a.b:d}", "{a.b:nonsense}"])
def test_prose_with_an_unknown_claim_or_form_is_refused(claims: Claims, text: str) -> None:
    claims.add("a.b", 0.5, unit="score")
    with pytest.raises(CorpusError, match="claim"):
        claims.say(text)


def test_one_name_is_one_value(claims: Claims) -> None:
    claims.add("a", 34, unit="characters")
    claims.add("a", 34, unit="characters")
    for value, unit in ((35, "characters"), (34, "reports")):
        with pytest.raises(CorpusError, match="'a' is 34 characters already"):
            claims.add("a", value, unit=unit)
    assert claims["a"].value == 34


@pytest.mark.parametrize("name", ["", "A", "a b", "a_b", "-a", "a.", "一"])
def test_a_name_is_lower_case_words(claims: Claims, name: str) -> None:
    with pytest.raises(CorpusError, match="lower-case"):
        claims.add(name, 1, unit="reports")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, None, [1], np.bool_(True)])
def test_a_value_is_a_finite_number_or_a_word(claims: Claims, value: Any) -> None:
    with pytest.raises(CorpusError, match="claim 'a'"):
        claims.add("a", value, unit="reports")


def test_a_share_has_a_denominator_and_lies_between_0_and_1(claims: Claims) -> None:
    with pytest.raises(CorpusError, match="denominator"):
        claims.add("a", 0.5, unit="share")
    with pytest.raises(CorpusError, match="0 to 1"):
        claims.add("a", 50, unit="share", denominator=100)
    claims.add("a", 1, unit="share", denominator=100)


@pytest.mark.parametrize("span", [("a", 5, 5), ("a", 6, 5), ("a", -1, 5)])
def test_a_span_holds_something(claims: Claims, span: tuple[str, int, int]) -> None:
    with pytest.raises(CorpusError, match="no stretch"):
        claims.add("a", 1, unit="reports", spans=[span])


def test_the_file_is_sorted_and_plain_and_the_same_in_any_order(tmp_path: Path) -> None:
    entries = [("b", 0.1 + 0.2, "score"), ("a", np.int64(2), "reports")]
    contents = []
    for folder, order in ((tmp_path / "1", entries), (tmp_path / "2", entries[::-1])):
        claims = corpus.open_claims("01", folder=folder)
        for name, value, unit in order:
            claims.add(name, value, unit=unit, spans=[("x", np.int64(1), 2)], n=8, min_share=1 / 3)
        contents.append((folder / CLAIMS_FILE).read_bytes())
    assert contents[0] == contents[1]
    assert contents[0].endswith(b"\n}\n")
    read = json.loads(contents[0])
    assert list(read) == ["a", "b"]
    assert read["b"] == {
        "value": 0.3,
        "unit": "score",
        "denominator": None,
        "notebook": "01",
        "cell": None,
        "code": None,
        "parameters": {"n": 8, "min_share": 0.3333333333},
        "spans": [["x", 1, 2]],
    }


def test_opening_again_drops_what_this_notebook_claimed_and_nothing_else(tmp_path: Path) -> None:
    corpus.open_claims("01", folder=tmp_path).add("first", 1, unit="reports")
    corpus.open_claims("02", folder=tmp_path).add("second", 2, unit="reports")
    corpus.open_claims("02", folder=tmp_path).add("third", 3, unit="reports")
    assert list(read_claims(tmp_path / CLAIMS_FILE)) == ["first", "third"]


def test_two_notebooks_cannot_make_one_claim(tmp_path: Path) -> None:
    claims = {}
    for notebook in ("01", "02"):
        register = corpus.open_claims(notebook, folder=tmp_path / notebook)
        register.add("a", 1, unit="reports")
        claims[notebook] = read_claims(tmp_path / notebook / CLAIMS_FILE)
    with pytest.raises(CorpusError, match="'a' is made in 01 and in 02"):
        merge_claims({}, claims)
    assert merge_claims(claims["01"], {"02": claims["02"]}) == claims["02"]


def test_what_is_read_is_what_was_saved(tmp_path: Path, claims: Claims) -> None:
    claims.add("a", 0.25, unit="share", denominator=400, spans=[("x", 1, 2), ("y", 3, 4)], role=None, sizes=(1, 2))
    read = read_claims(claims.path)
    assert save_claims(tmp_path / "copy.json", read)
    assert (tmp_path / "copy.json").read_bytes() == claims.path.read_bytes()
    assert not save_claims(claims.path, read)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": {"value": 1}}', '{"a": 1}', '{"a": {"spans": [1]}}'])
def test_a_damaged_register_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / CLAIMS_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"claims\.json: no register"):
        corpus.open_claims("01", folder=tmp_path)


def test_each_claim_of_the_series_says_where_it_comes_from_and_of_what_it_is_a_share() -> None:
    claims = read_claims(notebooks_path(CLAIMS_FILE))
    assert claims
    for name, claim in claims.items():
        assert claim.notebook and claim.cell and claim.code and claim.unit, name
        assert claim.denominator is not None or claim.unit != "share", name


def test_claims_that_count_words_of_reports_have_their_places() -> None:
    counted = ("mention", "quotation", "edit", "numbers", "heading", "places that", "places where", "meetings")
    for name, claim in read_claims(notebooks_path(CLAIMS_FILE)).items():
        if claim.unit.startswith(counted) and claim.value != 0:
            assert claim.spans, name


def test_words_of_a_report_are_shown_as_they_are(tmp_path: Path) -> None:
    claims = corpus.open_claims("01-a", folder=tmp_path)
    printed = "甲县<script>alert(1)</script>**教育局** [x](javascript:1) $x$ `y` \x1b[31m\n局"
    claims.add("issuer", printed, unit="name")
    claims.add("n", 1200, unit="reports")
    said = claims.say("**Bold** {issuer}, {n}.").text
    assert said.startswith("**Bold** 甲县&#60;script&#62;alert(1)")
    assert said.endswith(", 1,200.")
    filled = said.removeprefix("**Bold** ")
    assert not set("<>*[]$`\x1b\n") & set(filled)
    shown = html.unescape(filled)
    assert shown.startswith("甲县<script>alert(1)</script>**教育局** [x](javascript:1) $x$ `y` ")
