"""Simulated panels: the texts read as reports, and the truth on them is true."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from making import make_reports

import corpus
from corpus.analysis.resampling import Stream
from corpus.analysis.simulation.panel import Panel, simulate_panel
from corpus.analysis.simulation.planning import FIRST_YEAR, MIN_ISSUERS, PanelSetting, invent_places
from corpus.analysis.simulation.prose import Prose, change_figures, count_han, edit_characters
from corpus.errors import CorpusError
from corpus.field.data_files import data_path, load_divisions
from corpus.field.divisions import find_places
from corpus.publishing.figures.style import missing_glyphs
from corpus.report.reports import Reports

DIGITS = re.compile(r"\d+")
ROLES = ["preamble", "measures", "shortcomings", "first-responsible", "plan"]


@cache
def panel() -> Panel:
    return simulate_panel(10, 4, seed=3)


@cache
def texts() -> dict[str, str]:
    return dict(zip(panel().texts["report_id"], panel().texts["text"], strict=True))


@cache
def reports() -> Reports:
    """The panel, loaded from its bare texts."""
    return corpus.load_reports(panel().texts[["report_id", "text"]])


def wide(text: str) -> str:
    """Return a text with the punctuation that all passages of a panel are written with at first."""
    return text.translate(str.maketrans(",;:()", "，；：（）"))


def quote(report_id: str, start: int, end: int) -> str:
    return wide(texts()[report_id][start:end])


def test_the_same_seed_gives_the_same_bytes_on_every_machine() -> None:
    digest = sha256("\n".join(texts().values()).encode()).hexdigest()
    truth = sha256(panel().layers.to_csv(index=False).encode()).hexdigest()
    assert (digest[:16], truth[:16]) == ("ab891f240072b90b", "1931120a19f69a9e")
    assert texts() != dict(simulate_panel(10, 4, seed=4).texts[["report_id", "text"]].to_numpy())


def test_issuer_year_parts_and_signature_are_inferred_from_the_text_alone() -> None:
    truth = panel().texts.set_index("report_id")
    assert len(reports()) == len(truth) == 40
    for report in reports():
        row = truth.loc[report.report_id]
        assert (report.issuer, report.year_reviewed) == (row["issuer"], row["year_reviewed"])
        assert [part.role for part in report.parts] == ROLES
        assert report.layout.signature is not None and report.layout.salutation is not None
        assert report.value("signed").startswith(str(row["year_reviewed"] + 1))
        assert not report.warnings


def test_no_invented_place_is_a_real_one() -> None:
    table = load_divisions()
    real = {*table.names, *table.stems}
    names = {name for place in invent_places(2_000) for name in place if name}
    assert len(names) > 1_000
    assert not real & (names | {name[:-1] for name in names})
    assert not [mention for report in reports() for mention in find_places(report.text, table, short=True)]


def test_the_passages_of_the_truth_are_those_that_a_reader_of_the_report_finds() -> None:
    layers = panel().layers
    for report in reports():
        own = layers[layers["report_id"] == report.report_id]
        spans = {form: set(zip(rows["start"], rows["end"], strict=True)) for form, rows in own.groupby("form")}
        sentences = {(passage.start, passage.end) for passage in report.passages("sentence") if not passage.is_heading}
        assert spans["sentence"] | spans["lead"] == sentences
        assert spans["heading"] == {(heading.start, heading.end) for heading in report.headings}
        assert spans["title"] == {tuple(report.layout.title or ())}


def test_what_stands_between_passages_is_labels_and_line_ends_only() -> None:
    for report_id, rows in panel().layers.groupby("report_id"):
        text = texts()[report_id]
        places = list(zip(rows["start"], rows["end"], strict=True))
        assert places[0][0] == 0 and places[-1][1] == len(text)
        for (_, end), (start, _) in pairwise(places):
            assert re.fullmatch(r"\n?　*([一二三四]、|[(（][一二三四五六七八九十]+[)）]|\d+\.)?", text[end:start])


def test_layers_are_what_counting_issuers_and_years_gives() -> None:
    layers = panel().layers.merge(panel().texts[["report_id", "issuer", "year_reviewed"]], on="report_id")
    n_issuers = layers.groupby("unit")["issuer"].nunique()
    years = {(row.unit, row.issuer, row.year_reviewed) for row in layers.itertuples()}
    for row in layers[layers["layer"] != "skeleton"].itertuples():
        before = (row.unit, row.issuer, row.year_reviewed - 1) in years
        first = row.year_reviewed == FIRST_YEAR
        alone = "own_or_carried" if first else "carried_over" if before else "own"
        counted = {1: alone, 2: "shared"}.get(int(n_issuers[row.unit]), "formula")
        assert row.layer == counted
    shares = layers[layers["form"] == "sentence"].groupby("layer")["unit"].count() / len(layers)
    assert (shares[["formula", "shared", "carried_over", "own"]] > 0.04).all()


def test_both_sides_of_a_planted_pair_are_of_the_same_units() -> None:
    layers = panel().layers.set_index(["report_id", "start"])
    for row in panel().cases.itertuples():
        first = (layers.loc[(row.report_a, row.start_a)], layers.loc[(row.report_b, row.start_b)])
        assert first[0]["unit"] == first[1]["unit"] and first[0]["layer"] in (
            "shared",
            "own_or_carried",
            "own",
            "carried_over",
        )


def test_formulas_stand_in_as_many_issuers_as_they_say_and_match_their_template() -> None:
    layers = panel().layers.merge(panel().texts[["report_id", "issuer"]], on="report_id")
    layers = layers[layers["layer"] == "formula"]
    formulas = panel().formulas
    counted = layers.groupby("unit").agg(n_issuers=("issuer", "nunique"), n_reports=("report_id", "nunique"))
    pd.testing.assert_frame_equal(
        formulas.set_index("unit")[["n_issuers", "n_reports"]].sort_index(),
        counted,
        check_index_type=False,
    )
    assert formulas["n_issuers"].is_monotonic_decreasing and formulas["n_issuers"].min() >= MIN_ISSUERS
    pattern = {
        row.unit: re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(row.template))) for row in formulas.itertuples()
    }
    verbatim = [
        pattern[row.unit].fullmatch(quote(row.report_id, row.start, row.end)) is not None for row in layers.itertuples()
    ]
    assert 0.5 < sum(verbatim) / len(verbatim) < 0.9  # the others have a character or two of their own
    assert formulas["template"].str.contains("{", regex=False).mean() > 0.3


def test_changes_are_what_their_names_say() -> None:
    changes = panel().changes
    assert set(changes["change"]) == {"kept", "renumbered", "reworded", "new", "dropped"}
    for row in changes.itertuples():
        if row.change == "new":
            assert pd.isna(row.start_earlier)
            continue
        before = quote(row.earlier, row.start_earlier, row.end_earlier)
        if row.change == "dropped":
            assert pd.isna(row.start_later)
            continue
        after = quote(row.later, row.start_later, row.end_later)
        assert (before == after) == (row.change == "kept")
        assert (DIGITS.sub("0", before) == DIGITS.sub("0", after)) == (row.change in ("kept", "renumbered"))


def test_every_passage_of_two_adjacent_years_has_one_change() -> None:
    changes = panel().changes
    body = panel().layers[panel().layers["form"].isin(["lead", "heading", "sentence"])]
    years = body["report_id"].astype(str).str[-4:].astype(int)
    for side, stands in (("later", years > FIRST_YEAR), ("earlier", years < FIRST_YEAR + 3)):
        told = changes[changes[f"start_{side}"].notna()]
        assert sorted(zip(told[side], told[f"start_{side}"], strict=True)) == sorted(
            zip(body["report_id"][stands], body["start"][stands], strict=True)
        )


def test_what_was_not_moved_keeps_its_order_and_what_was_moved_stands_under_another_heading() -> None:
    changes = panel().changes.dropna()
    headings = panel().layers[panel().layers["form"] == "heading"].groupby("report_id")["start"].apply(list)
    for (earlier, later), rows in changes.groupby(["earlier", "later"]):
        assert rows.loc[~rows["moved"], "start_earlier"].is_monotonic_increasing
        for row in rows[rows["form"] == "sentence"].itertuples():
            above = [
                sum(start < at for start in headings[report_id])
                for report_id, at in ((earlier, row.start_earlier), (later, row.start_later))
            ]
            assert (above[0] != above[1]) == row.moved
    assert 0.05 < changes["moved"].mean() < 0.15


def test_planted_pairs_have_the_edits_that_they_say() -> None:
    cases = panel().cases
    assert set(cases["kind"]) == {"copied", "kept", "renumbered", "reworded"}
    for row in cases.itertuples():
        before, after = quote(row.report_a, row.start_a, row.end_a), quote(row.report_b, row.start_b, row.end_b)
        joined = [re.sub(r"\s", "", DIGITS.sub("0", words)) for words in (before, after)]
        assert (joined[0] == joined[1]) == (row.n_edits == 0)
        assert abs(len(joined[0]) - len(joined[1])) <= row.n_edits
        n_passages = 1 + before.count("。") + before.count("；")
        assert abs(row.n_edits - row.edit_rate * count_han(before)) <= 2 * n_passages
        is_own = row.report_a[:6] == row.report_b[:6]
        assert is_own == (row.kind != "copied")
        assert not is_own or int(row.report_b[-4:]) == int(row.report_a[-4:]) + 1


def test_every_copy_is_a_planted_pair_as_a_whole_unless_its_order_was_changed() -> None:
    cases = panel().cases
    copied = cases[cases["kind"] == "copied"]
    layers = panel().layers.merge(panel().texts[["report_id", "issuer"]], on="report_id")
    shared = layers[layers["layer"] == "shared"]
    # A passage is copied once, into one report of another issuer: of each unit the first at each of two issuers.
    first = shared.drop_duplicates(["unit", "issuer"])
    assert (first.groupby("unit")["issuer"].size() == 2).all()
    n_chars = sum(
        (rows["end"] - rows["start"]).sum()
        for (report_id, start, end), _ in copied.groupby(["report_b", "start_b", "end_b"], observed=True)
        for rows in [first[(first["report_id"] == report_id) & (first["start"] >= start) & (first["end"] <= end)]]
    )
    assert len(first) / 2 > 2 * len(copied[~copied["moved"]])
    # A pair has the line ends and indents inside it too.
    assert 0 < n_chars <= (copied["end_b"] - copied["start_b"]).sum() <= n_chars + 3 * len(first)


def test_own_sentences_seldom_share_twelve_characters_but_often_a_short_set_clause() -> None:
    one, other = ([prose.sentence("own") for _ in range(1_000)] for prose in (Prose(Stream(1)), Prose(Stream(2))))
    pair = make_reports("\n".join(one), "\n".join(other))
    n_chars = sum(len(report.key) for report in pair)
    found = corpus.find_reuse(pair, min_chars=12)
    assert found["matched_chars"].sum() < 0.002 * n_chars
    assert (found["matched_chars"] < 20).all()
    clauses = [set(re.split("[，。；]", "".join(sentences))) for sentences in (one, other)]
    assert len(clauses[0] & clauses[1]) > 100
    assert len(set(one)) == len(one)


def test_no_sentence_is_left_with_the_year_before() -> None:
    for row in panel().texts.itertuples():
        named = {int(year) for year in re.findall(r"(20\d\d)年", row.text)}
        assert named <= {row.year_reviewed, row.year_reviewed + 1}


@pytest.mark.parametrize(("n_issuers", "n_years"), [(1, 1), (1, 3), (2, 1)])
def test_the_smallest_panels_have_all_tables(n_issuers: int, n_years: int) -> None:
    small = simulate_panel(n_issuers, n_years)
    whole = panel()
    for name in ("texts", "layers", "cases", "changes", "formulas"):
        table, like = getattr(small, name), getattr(whole, name)
        assert list(table.columns) == list(like.columns)
        assert [str(kind) for kind in table.dtypes.drop(["report_id"], errors="ignore")] == [
            str(kind) for kind in like.dtypes.drop(["report_id"], errors="ignore")
        ]
    assert len(corpus.load_reports(small.texts)) == n_issuers * n_years


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: simulate_panel(0, 1), "one issuer or more"),
        (lambda: simulate_panel(1, 51), "1 to 50 years"),
        (lambda: simulate_panel(1, 1, seed=-1), "seed of 0 or more"),
        (lambda: simulate_panel(20_000, 1), "at most"),
        (lambda: PanelSetting(carried=(0.5, 0.2)), "the lower first"),
        (lambda: PanelSetting(edit_rates=(0.9,)), "0 to 0.5"),
        (lambda: PanelSetting(length_chars=10), "1,000 or more"),
        (lambda: PanelSetting(copies_per_report=60), "a hundredth of it"),
        (lambda: PanelSetting(formulas_per_report=-1), "go from 0 to"),
    ],
)
def test_a_panel_that_cannot_be_is_refused_with_a_remedy(call: object, words: str) -> None:
    with pytest.raises(CorpusError, match=words):
        call()  # type: ignore[operator]


def test_edits_touch_han_characters_only_and_as_many_as_asked() -> None:
    text = "甲乙丙丁，戊己庚辛壬癸12项；子丑寅卯"
    for n_edits in range(7):
        edited = edit_characters(text, n_edits, Stream(1, n_edits))
        assert re.sub(r"[\u4e00-\u9fa5]", "", edited) == "，12；"
        assert edited.startswith("甲乙") and edited.endswith("寅卯")
        assert (edited == text) == (n_edits == 0)
        assert abs(len(edited) - len(text)) <= n_edits


def test_figures_change_within_their_bounds() -> None:
    text = "2019年3月15日办理98.6%，10项、5件，共12000元"
    for seed in range(30):
        changed = change_figures(text, Stream(seed))
        match = re.fullmatch(r"2020年(\d+)月(\d+)日办理(\d\d)\.(\d)%，(\d\d)项、(\d)件，共(\d{5})元", changed)
        assert match is not None
        assert 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 28
        assert all(
            new != old for new, old in zip(match.groups(), ("3", "15", "98", "6", "10", "5", "12000"), strict=True)
        )
    assert change_figures("没有数字", Stream(1)) == "没有数字"


def test_a_stream_is_the_raw_output_of_pcg64() -> None:
    raw = np.random.PCG64((1, 2)).random_raw(3).tolist()
    assert Stream(1, 2).uniform(3).tolist() == [(number >> 11) / 2**53 for number in raw]
    assert sorted(Stream(5).order(6).tolist()) == list(range(6))
    assert Stream(5).sample(10, 4) == sorted(set(Stream(5).sample(10, 4)))


def test_the_font_of_the_figures_has_every_character_of_a_panel() -> None:
    with data_path("simulation", "prose.csv").open(encoding="utf-8") as stream:
        assert missing_glyphs(stream.read()) == ""
