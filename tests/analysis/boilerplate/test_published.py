"""The published measures: by hand, against the boilerplate table, and below their least sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from corpus.analysis.boilerplate.measured_sentences import ContentSetting, DyerSetting, LangSetting, PublishedSettings
from making import make_report

import corpus
from corpus.analysis.boilerplate.definitions import BoilerplateSetting
from corpus.errors import CorpusError
from corpus.report.reports import Reports

BUNDLED = corpus.load_reports()
LANG, DYER = "boilerplate_lang_2015_adapted", "boilerplate_dyer_2017_adapted"


def panel(*texts: tuple[str, int, str]) -> Reports:
    """Return reports from (issuer, year, text)."""
    items = tuple(
        make_report(f"{issuer}-{year}", text, issuer=issuer, year_reviewed=year, level="county")
        for issuer, year, text in texts
    )
    return Reports(items, lexicon=BUNDLED.lexicon)


def values_of(reports: Reports, name: str, **settings: LangSetting | DyerSetting | ContentSetting) -> list[float]:
    table = corpus.measure_boilerplate(
        reports,
        by="measure",
        names=[name],
        published=PublishedSettings(**settings),  # type: ignore[arg-type]
        allow_small=True,
    )
    return [round(value, 9) for value in table["value"]]


def test_lang_takes_phrases_that_are_common_but_not_in_all() -> None:
    everywhere, common, own = "甲乙丙丁。", "子丑寅卯。", "天地玄黄。"
    texts = [everywhere + common, everywhere + common, everywhere + "宇宙洪荒。", everywhere + own * 21]
    reports = panel(*((f"局{n}", 2020, text) for n, text in enumerate(texts)))
    characters = LangSetting("character", 4)
    # 天地玄黄 stands 21 times in 4 reports, 5.25 times on average; 甲乙丙丁 in all of them.
    assert values_of(reports, LANG, lang=characters) == [0.5, 0.5, 0, round(21 / 22, 9)]
    assert values_of(reports, LANG, lang=replace(characters, max_share=1.1)) == [1, 1, 0.5, 1]
    assert values_of(reports, LANG, lang=replace(characters, min_mean_count=6)) == [0.5, 0.5, 0, 0]


def test_lang_with_a_number_of_reports_is_the_table_of_settings() -> None:
    plain = replace(BUNDLED, lexicon=replace(BUNDLED.lexicon, words=()))
    two_reports = LangSetting(min_share=0.4, min_mean_count=float("inf"), max_share=2)
    setting = BoilerplateSetting("word", 4, 2, "sentence")
    expected = corpus.measure_boilerplate(plain, by="setting", setting=[setting])["share_flagged"]
    assert values_of(plain, LANG, lang=two_reports) == pytest.approx(expected.tolist())


def test_dyer_counts_issuers_of_the_year_once() -> None:
    phrase = "甲乙丙丁。"
    reports = panel(
        ("局1", 2020, phrase), ("局2", 2020, phrase), ("局3", 2020, phrase + "天地玄黄。"), ("局4", 2020, "宇宙洪荒。"),
        ("局1", 2021, phrase), ("局2", 2021, "子丑寅卯。"), ("局3", 2021, "辰巳午未。"),
    )  # fmt: skip
    characters = DyerSetting("character", 4)
    assert values_of(reports, DYER, dyer=characters) == [1, 1, 0.5, 0, 0, 0, 0]
    # Over all years three of four issuers have it, however many of their reports do.
    assert values_of(reports, DYER, dyer=replace(characters, pool_years=True)) == [1, 1, 0.5, 0, 1, 0, 0]


def test_sticky_looks_at_the_issuer_s_report_on_the_year_before() -> None:
    long = "甲乙丙丁戊己庚辛"
    reports = panel(
        ("局1", 2019, f"{long}。"), ("局1", 2020, f"{long}。天地玄黄宇宙洪荒。"), ("局2", 2020, f"{long}。")
    )
    values = values_of(reports, "sticky_dyer_2017_adapted", dyer=DyerSetting("character"))
    assert values[1] == 0.5 and np.isnan([values[0], values[2]]).all()
    table = corpus.measure_boilerplate(reports, by="measure", names=["sticky_dyer_2017_adapted"])
    assert table["note"].str.contains("no report of the issuer on the year before").tolist() == [True, False, True]


def test_redundancy_counts_all_places_of_a_sentence() -> None:
    reports = panel(("局1", 2020, "甲乙丙。甲乙,丙！丁戊己。"), ("局2", 2020, "甲乙丙。"))
    assert values_of(reports, "redundancy_dyer_2017_adapted", dyer=DyerSetting("character")) == [round(6 / 9, 9), 0]


def test_entities_and_numbers_are_held_against_words() -> None:
    reports = panel(("局1", 2020, "召开会议3次，扶持20万元，于8月中旬公布。"))
    n_words = len(corpus.tabulate_words(reports))
    assert values_of(reports, "specificity_dyer_2017_adapted") == [round(2 / n_words, 9)]
    assert values_of(reports, "hard_information_dyer_2017_adapted") == [round(2 / n_words, 9)]


def test_content_of_a_report_like_its_peers_is_standard() -> None:
    texts = ["加强法治宣传教育。推进依法行政。"] * 3 + ["科技企业研发投入增长。"]
    reports = panel(*((f"局{n}", 2020, text) for n, text in enumerate(texts)))
    pooled = ContentSetting(pool_years=True)
    standard = values_of(reports, "standard_content_hanley_2010_adapted", content=pooled)
    informative = values_of(reports, "informative_content_hanley_2010_adapted", content=pooled)
    assert standard[3] == pytest.approx(0) and informative[3] == pytest.approx(1)
    assert informative[0] < 0.6 < standard[0]
    same = panel(*((f"局{n}", 2020, texts[0]) for n in range(3)))
    assert values_of(same, "standard_content_hanley_2010_adapted") == [1, 1, 1]
    assert values_of(same, "informative_content_hanley_2010_adapted") == pytest.approx([0, 0, 0])


def test_content_leaves_the_issuer_s_own_reports_out_of_its_peers() -> None:
    reports = panel(
        ("局1", 2020, "加强法治宣传教育。"), ("局1", 2021, "加强法治宣传教育。"), ("局2", 2020, "科技企业研发投入。")
    )
    pooled = ContentSetting(pool_years=True)
    assert values_of(reports, "standard_content_hanley_2010_adapted", content=pooled) == pytest.approx([0, 0, 0])


def test_five_reports_are_too_few_and_are_marked_where_it_is_allowed() -> None:
    with pytest.raises(CorpusError, match="needs 10 reports and there are 5"):
        corpus.measure_boilerplate(BUNDLED, by="measure")
    with pytest.raises(CorpusError, match="needs 5 issuers on 2019 and there are 1"):
        corpus.measure_boilerplate(BUNDLED, by="measure", names=[DYER])
    table = corpus.measure_boilerplate(BUNDLED, by="measure", allow_small=True)
    assert len(table) == 5 * 10 and table["name"].str.endswith("_adapted").all()
    notes = table.set_index(["name", "report_id"])["note"]
    assert notes[LANG, "qinan-2020"] == "below the least size: 5 of 10 reports; no interval: fewer than 20 issuers"
    assert "no other issuer" in notes[DYER, "yiyuan-2022"]
    assert table["low"].isna().all() and (table["denominator"] > 300).all()
    explained = table[table["value"].isna()]["note"]
    assert explained.str.contains("no other issuer|no report of the issuer").all()
    shares = table[table["segment"] == "sentence"]["value"].dropna()
    assert shares.between(0, 1).all()


def test_reports_that_cannot_be_measured_say_why() -> None:
    assert corpus.measure_boilerplate(Reports((), lexicon=BUNDLED.lexicon), by="measure", allow_small=True).empty
    unknown = Reports((make_report("a", "加强法治宣传教育。"), make_report("b", "")), lexicon=BUNDLED.lexicon)
    table = corpus.measure_boilerplate(unknown, by="measure", allow_small=True)
    assert table.loc[(table["name"] == DYER) & (table["report_id"] == "a"), "note"].item().startswith("year unknown")
    assert table.loc[table["report_id"] == "b", "value"].isna().all()


@pytest.mark.parametrize(
    ("call", "message"),
    [(lambda: corpus.measure_boilerplate(BUNDLED, by="measure", names=["fog"]), "no published measure is called 'fog'"),
     (lambda: LangSetting(n=0), "n=0"), (lambda: DyerSetting(min_share=0), "min_share=0"),
     (lambda: ContentSetting("size"), "group='size'")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(call: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        call()  # type: ignore[operator]
