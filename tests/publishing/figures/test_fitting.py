"""Names that keep to the room there is."""

from __future__ import annotations

import pytest

from corpus.publishing.figures.fitting import count_ems, shorten, shorten_name, widest_ems


@pytest.mark.parametrize(
    ("words", "ems"), [("", 0), ("依法行政", 4), ("2020", 2.2), ("枣庄 2019", 4.75), ("“三重一大”…", 7)]
)
def test_a_letter_is_half_as_wide_as_a_character(words: str, ems: float) -> None:
    assert count_ems(words) == pytest.approx(ems)


def test_words_are_cut_where_they_would_be_too_wide() -> None:
    assert shorten("依法行政工作", 6) == "依法行政工作"
    assert shorten("依法行政工作", 5) == "依法行政…"
    assert shorten("2022年度", 3.2) == "2022…"
    assert all(count_ems(shorten("推进2022年度法治 government建设", room)) <= room for room in range(1, 20))


def test_a_name_loses_of_its_place_not_of_its_year() -> None:
    assert shorten_name("枣庄 2019", 5) == "枣庄 2019"
    assert shorten_name("黔西南布依族苗族自治州 2023", 6.8) == "黔西南… 2023"
    assert shorten_name("黔西南布依族苗族自治州 2023", 1) == "黔… 2023"
    assert shorten_name("没有年份的报告", 4) == "没有年…"
    assert widest_ems(["枣庄\n2019", "沂源"]) == pytest.approx(2.2)
    assert widest_ems([]) == 0
