"""The figures of the series as calls: words, table and look of each, in both languages and widths; what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from drawn import OF_A_PANEL, OF_TRUTH, Drawn, colliding_words, cut_words, drawn_texts, english_left, use_look
from matplotlib.legend import Legend

import corpus
from corpus.errors import CorpusError
from corpus.field.data_files import NOTEBOOK
from corpus.publishing.figures.figure_to_cite import NoFigure
from corpus.publishing.figures.look import DOUBLE_MM, SINGLE_MM, Language
from corpus.publishing.figures.style import FAMILY, MM_PER_INCH, SIZES, TALLEST_MM, missing_glyphs
from corpus.publishing.figures.wording.word_clouds import STOP_WORDS
from corpus.report.reports import Reports

OF_THE_FIVE = (
    *("parts_of_reports", "shares_of_parts", "file_to_body"),
    *("shared_passages", "similarity_matrix", "passage_lengths", "longest_passage"),
    *("origins", "boilerplate_in_place", "formulas", "word_clouds", "boilerplate_settings", "boilerplate_by_peers"),
    *("chronology", "laws_by_year", "keyness", "borrowing"),
)
ALL = (*OF_THE_FIVE, *OF_A_PANEL, *OF_TRUTH)
FOLDED = (
    *("parts_of_reports", "shares_of_parts", "file_to_body", "shared_passages", "similarity_matrix", "origins"),
    *("boilerplate_in_place", "chronology", "laws_by_year", "least_length", "borrowing"),
)
"""Those whose English words have least room in one column of a page."""
WITH_FINDING = {"shared_passages", "similarity_matrix", "origins", "formulas", "chronology", "share_kept", "borrowing"}
QUOTED = ("[bookmark: _GoBack]", STOP_WORDS)
ALT = "Two bars, the longer one for 枣庄, the shorter one for 龙岗."


@pytest.mark.parametrize(
    ("name", "labels", "width_mm"),
    [
        *((name, "en", DOUBLE_MM) for name in ALL),
        *((name, "zh", SINGLE_MM) for name in ALL),
        *((name, "en", SINGLE_MM) for name in FOLDED),
    ],
)
def test_each_is_drawn_whole_in_its_language(name: str, width_mm: float, labels: Language, drawn: Drawn) -> None:
    figure = drawn(name, labels, width_mm)
    drawing = figure.drawing
    assert figure.name == name.replace("_", "-") and len(figure.table) and len(figure.alt.en) >= 40
    assert figure.width_mm == pytest.approx(width_mm)
    assert drawing.get_figheight() * MM_PER_INCH <= TALLEST_MM + 0.01
    texts = drawn_texts(drawing)
    assert cut_words(drawing) == [] and colliding_words(drawing) == []
    assert {family for text in texts for family in text.get_fontfamily()} == {FAMILY}
    assert name == "word_clouds" or {text.get_fontsize() for text in texts} <= set(SIZES.values())
    assert labels == "en" or english_left(drawing, QUOTED) == []
    frames = [line.get_window_extent() for line in drawing.findobj(Legend)]
    assert all(-1 <= frame.x0 <= frame.x1 <= drawing.bbox.x1 + 1 for frame in frames)


@pytest.mark.parametrize("name", ALL)
def test_each_tells_n_unit_and_what_was_left_out_in_both_languages(name: str, drawn: Drawn) -> None:
    figure = drawn(name)
    english, chinese = figure.caption
    assert re.search(r"n = \d", english) and re.search(r"n = \d", chinese)
    assert re.search(r"\bunit:|\bUnit:|denominator:|in characters of|bodies only", english)
    assert re.search(r"单位：|分母：|字数的比例|只计正文", chinese)
    assert re.search(r"left out|all were loaded", english) and re.search(r"未载入|全部载入", chinese)
    assert not re.search(r"[\u4e00-\u9fff]{8}", english)
    assert not re.search(r"\{|\}|nan|None\b", english + chinese)
    assert missing_glyphs(english + chinese + "".join(figure.finding)) == ""
    for one in (english, chinese, *figure.alt):
        assert one == one.strip() and one[-1] in ".。"
    assert re.search(r"[\u4e00-\u9fff]{8}", figure.alt.zh) and not re.search(r"[\u4e00-\u9fff]", figure.alt.en)


@pytest.mark.parametrize("name", ALL)
def test_findings_are_sentences_with_numbers_in_both_languages(name: str, drawn: Drawn) -> None:
    english, chinese = drawn(name).finding
    assert bool(english) == bool(chinese) and (english or name not in WITH_FINDING)
    assert re.findall(r"[\d.,]*\d%?", english) or not english
    numbers = [sorted(re.findall(r"\d+(?:\.\d+)?%?", words.replace(",", ""))) for words in (english, chinese)]
    assert numbers[0] == numbers[1]


def test_findings_say_what_the_tables_hold(bundled: Reports, drawn: Drawn) -> None:
    passages = corpus.find_reuse(bundled)
    shared = drawn("shared_passages").finding
    n_pairs = len(passages[["report_a", "report_b"]].drop_duplicates())
    assert (
        shared.en.startswith(f"{n_pairs} of 10 pairs") and f" {passages['matched_chars'].max()} characters" in shared.en
    )
    sides = corpus.trace_origins(bundled, by="report").set_index("report_id")
    others = sides["share_formula"] + sides["share_shared"]
    assert drawn("origins").finding.en.startswith(bundled[str(others.idxmax())].label)
    assert f"{others.max():.1%}" in drawn("origins").finding.zh
    phrases = corpus.find_formulas(bundled)
    assert phrases["template"].iloc[0] in drawn("formulas").finding.en
    kept = drawn("share_kept").table["share_kept"]
    assert (
        f"{kept.min():.1%}" in drawn("share_kept").finding.en and f"{kept.max():.1%}" in drawn("share_kept").finding.zh
    )
    highest = corpus.compare_reports(bundled)[["containment_a_in_b", "containment_b_in_a"]].max().max()
    assert f"{highest:.1%}" in drawn("similarity_matrix").finding.en


@pytest.mark.parametrize("labels", get_args(Language))
def test_it_shows_itself_with_description_name_caption_and_finding(labels: Language, drawn: Drawn) -> None:
    figure = drawn("shared_passages", labels, SINGLE_MM)
    place = ("en", "zh").index(labels)
    with use_look(figure.look):
        shown, metadata = figure._repr_mimebundle_()
        plain = repr(figure)
    assert "href" not in shown["text/html"] and f'alt="{figure.alt[place]}"' in shown["text/html"]
    assert metadata["image/png"]["alt"] == figure.alt[place]
    told = ("Figure shared-passages. ", "图 shared-passages. ")[place]
    assert told + figure.caption[place] in shown["text/html"] and figure.finding[place] in shown["text/html"]
    assert figure.finding[place] in plain


def test_a_run_saves_it_once_and_nothing_is_written_elsewhere(
    bundled: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    figure = corpus.figures.boilerplate_by_peers(bundled)
    figure._repr_mimebundle_()
    assert list(tmp_path.iterdir()) == []
    mine = figure.save("mine")
    names = ["boilerplate-by-peers.pdf", "boilerplate-by-peers.png", "boilerplate-by-peers.svg"]
    others = ["alt.txt", "caption.md", "cite.bib", "data.csv", "provenance.json"]
    assert sorted(path.name for path in mine.iterdir()) == sorted([*names, *others])
    assert (mine / "caption.md").read_text(encoding="utf-8") == "\n\n".join(figure.caption) + "\n"
    monkeypatch.setenv(NOTEBOOK, "A2-definitions")
    saved = corpus.figures.boilerplate_by_peers(bundled)
    assert 'href="figures/boilerplate-by-peers/data.csv"' in saved._repr_mimebundle_()[0]["text/html"]
    folder = tmp_path / "figures/boilerplate-by-peers"
    for name in [*names, "data.csv", "caption.md", "alt.txt"]:
        assert (folder / name).read_bytes() == (mine / name).read_bytes(), name
    told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    assert (told["figure"], told["notebook"]) == ("boilerplate-by-peers", "A2-definitions")
    assert corpus.figures.boilerplate_by_peers(bundled).name == "boilerplate-by-peers-2"
    assert corpus.figures.boilerplate_by_peers(bundled).name == "boilerplate-by-peers-3"
    assert (tmp_path / "figures/boilerplate-by-peers-2/boilerplate-by-peers-2.png").is_file()
    saved.name = "another"
    assert b"another" in (saved.save("mine") / "another.pdf").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in OF_THE_FIVE
        if name not in ("parts_of_reports", "shares_of_parts", "file_to_body", "chronology", "laws_by_year")
    ],
)
def test_one_report_gives_a_line_that_says_what_is_needed(bundled: Reports, name: str, tmp_path: Path) -> None:
    nothing = getattr(corpus.figures, name)(bundled[:1])
    assert isinstance(nothing, NoFigure)
    assert re.fullmatch(r"Figure [a-z-]+: [a-z].*\b(load|needs|smaller)\b.*\.", repr(nothing)), repr(nothing)
    assert nothing.told.zh.endswith("。")
    with pytest.raises(CorpusError, match="cannot be saved"):
        nothing.save(tmp_path)


@pytest.mark.parametrize("name", OF_A_PANEL)
def test_without_adjacent_years_it_says_so(bundled: Reports, name: str) -> None:
    assert "adjacent years" in repr(getattr(corpus.figures, name)(bundled))


def test_without_reports_there_is_nothing_to_draw(bundled: Reports) -> None:
    for name in (*OF_THE_FIVE, *OF_A_PANEL):
        assert isinstance(getattr(corpus.figures, name)(bundled[:0]), NoFigure), name


def test_a_passage_can_be_chosen(bundled: Reports) -> None:
    passages = corpus.find_reuse(bundled)
    row = passages.nlargest(1, "matched_chars")
    figure = corpus.figures.longest_passage(bundled, row)
    assert figure.caption.en.startswith("A passage that 龙岗 2020 and 沂源 2022 share")
    assert "57 characters, with edits" in figure.finding.en


def test_a_figure_of_ones_own_is_cited_by_her_name(tmp_path: Path) -> None:
    table = pd.DataFrame({"place": ["枣庄", "龙岗"], "n": [2, 1]})
    with corpus.figures.new_figure(
        "my-bars", caption="Bars.", caption_zh="条形。", by="Li {Wei} & Co", alt=ALT, table=table, width_mm=89
    ) as mine:
        mine.subplots().barh(table["place"], table["n"])
        with pytest.raises(CorpusError, match="not finished"):
            mine.save(tmp_path)
    folder = mine.save(tmp_path)
    cite = (folder / "cite.bib").read_text(encoding="utf-8")
    assert r"author = {Li Wei \& Co}" in cite and cite.count("{") == cite.count("}")
    assert "条形。" in (folder / "caption.md").read_text(encoding="utf-8")
    assert 'alt="Two bars' in mine._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"name": "My Bars"}, "no name for a figure"),
        ({"by": " "}, "say with by= who made it"),
        ({"alt": "Bars."}, "say in 40 characters or more"),
        ({"width_mm": 200}, "does not fit on a page"),
    ],
)
def test_a_figure_of_ones_own_needs_its_words(how: dict[str, object], told: str) -> None:
    wanted = {"name": "my-bars", "caption": "Bars.", "by": "Li Wei", "alt": ALT, **how}
    with pytest.raises(CorpusError, match=told), corpus.figures.new_figure(**wanted):
        pass


def test_a_character_that_the_font_lacks_is_marked_and_named_in_a_figure_of_ones_own() -> None:
    with corpus.figures.new_figure("mine", caption="Bars.", by="Li Wei", alt=ALT) as mine:
        axes = mine.subplots()
        axes.set_title("𠮷林")
    assert axes.get_title(loc="left") == "[U+20BB7]林"
    assert mine.caption.en == "Bars. Characters that the font does not have, drawn as [U+…]: 1 (𠮷)."


def test_two_reports_and_one_are_read_with_all_others_at_hand(bundled: Reports) -> None:
    pair = corpus.figures.side_by_side(bundled, "longgang-2020", "yiyuan-2022")
    assert set(pair.reference) == {report.report_id for report in bundled}
    assert "沂源 2022" in repr(corpus.figures.read_through(bundled, "yiyuan-2022"))


def test_names_of_the_namespace_are_there_and_say_what_they_are() -> None:
    for name in corpus.figures.__all__:
        assert getattr(corpus.figures, name).__doc__, name
    with pytest.raises(AttributeError, match="no_such_figure"):
        _ = corpus.figures.no_such_figure
