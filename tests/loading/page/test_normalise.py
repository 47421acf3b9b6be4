"""Normalisation: what is fixed, what is left alone, and that every span leads back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.loading.page.fixes import make_key, normalise

FIXED = [
    ("line-end", "一\r\n二", "一\n二"),
    ("line-end", "一\r二", "一\n二"),
    ("line-end", "一\u2028二", "一\n二"),
    ("zero-width", "政\u200b府", "政府"),
    ("zero-width", "\ufeff政府", "政府"),
    ("control-character", "政\x07府", "政府"),
    ("radical", "提⾼⽔平", "提高水平"),
    ("radical", "⻓春", "长春"),
    ("word-debris", "[bookmark: _GoBack]（三）", "（三）"),
    ("word-debris", "一[if !supportLists]1.[endif]二", "一1.二"),
    ("word-debris", 'HYPERLINK "abc"见附件', "见附件"),
]
LEFT_ALONE = [
    "积积参与",
    "（一）①㎡“”",
    "ＡＢＣ１２３，；",
    "枣法办发[2019]9号",
    "[bookmark]",
    "a\tb\u3000c\xa0d",
    "家庭\u200d",
    "\u202e政府",
    "PAGE 3",
    "⺀",
    "麼著乾",
    "\ue004",
]


@pytest.mark.parametrize(("name", "raw", "expected"), FIXED)
def test_faithful_fix_is_applied_and_logged(name: str, raw: str, expected: str) -> None:
    text, changes, _ = normalise(raw)
    assert text == expected
    assert {change.name for change in changes} == {name}
    assert all(raw[change.start : change.end] == change.before for change in changes)


@pytest.mark.parametrize("raw", LEFT_ALONE)
def test_what_no_fix_touches(raw: str) -> None:
    text, changes, _ = normalise(raw)
    assert text == raw
    assert changes == ()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("“三重一大”事项,始终", "三重一大事项始终"),
        ("ＡＢ１２，ab", "AB12ab"),
        ("全面從嚴治黨", "全面从严治党"),
        ("12.4 国家宪法日", "124国家宪法日"),
        ("_下划线_", "下划线"),
        ("", ""),
        ("，。！", ""),
    ],
)
def test_key_holds_letters_digits_and_simplified_han(text: str, key: str) -> None:
    assert make_key(text)[0] == key


RAW = st.text(
    st.sampled_from("政府法治建设，。、 \r\n\u200b\u2028⾼⻓麼從[bookmark: _Go]1２a\x07\ue000𠘨"), max_size=60
)


@given(RAW)
def test_changes_rebuild_the_text(raw: str) -> None:
    text, changes, _ = normalise(raw)
    pieces, place = [], 0
    for change in changes:
        pieces += [raw[place : change.start], change.after]
        place = change.end
    assert "".join((*pieces, raw[place:])) == text


@given(RAW)
def test_every_text_character_leads_back_to_raw(raw: str) -> None:
    text, changes, text_map = normalise(raw)
    written = {change.start: change.after for change in changes if change.after}
    for place, character in enumerate(text):
        start, end = text_map.source_span(place, place + 1)
        assert written.get(start, raw[start:end]) == character
        assert text_map.derived_span(start, end) == (place, place + 1)


@given(RAW)
def test_every_key_character_leads_back_to_text(raw: str) -> None:
    text = normalise(raw)[0]
    key, key_map = make_key(text)
    for place, character in enumerate(key):
        start, end = key_map.source_span(place, place + 1)
        assert end == start + 1
        assert make_key(text[start:end])[0] == character


@given(RAW, st.data())
def test_spans_lead_there_and_back(raw: str, data: st.DataObject) -> None:
    text, _, text_map = normalise(raw)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end:
        assert text_map.derived_span(*text_map.source_span(start, end)) == (start, end)
    with pytest.raises(IndexError):
        text_map.source_span(0, len(text) + 1)
