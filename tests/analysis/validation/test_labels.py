"""Labels of sentences: the bundled ones, the form to code more, and the figures of agreement."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import BUNDLED

import corpus
from corpus.analysis.validation.coder_agreement import agreed_labels, area_under_curve, nominal_alpha
from corpus.errors import CorpusError
from corpus.report.passages import split_text
from corpus.report.values import Label

LABELS = corpus.validation.load_labels()
FOLDER = Path(__file__).parents[3] / "data" / "labels"


def test_labels_stand_on_sentences_of_the_raw_files() -> None:
    assert Counter(label.coder for label in LABELS) == {"reading 1": 137, "reading 2": 137}
    for report_id in {label.report_id for label in LABELS}:
        raw = BUNDLED[report_id].raw
        spans = sorted({(label.start, label.end) for label in LABELS if label.report_id == report_id})
        ours = list(split_text(raw, "sentence"))
        assert {start for start, _ in spans} <= {start for start, _ in ours}
        assert {end for _, end in spans} <= {end for _, end in ours}
        assert sum(end - start for start, end in spans) == sum(
            end - start for start, end in ours if any(a <= start < b for a, b in spans)
        )


def test_readme_of_the_labels_counts_them() -> None:
    readme = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    agreed = Counter(label.label for label in agreed_labels(LABELS))
    said = re.search(
        r"(\d+) sentences on which.*?specific \((\d+)\), a formula \((\d+)\) or a practice \((\d+)\)", readme
    )
    assert said and [int(number) for number in said.groups()] == [
        agreed.total(), agreed["specific"], agreed["formula"], agreed["practice"]
    ]  # fmt: skip
    alpha = corpus.validation.compare_coders(LABELS)["alpha"].item()
    assert f"alpha ({alpha:.2f})".replace("0.", ".") in readme and "not human coding" in readme


def test_the_form_is_the_sample_that_its_seed_draws() -> None:
    drawn = corpus.validation.tabulate_coding_form(BUNDLED)
    with (FOLDER / "coding_form.csv").open(encoding="utf-8", newline="") as stream:
        form = list(csv.DictReader(stream))
    assert [list(row.values()) for row in form] == drawn.astype(str).to_numpy().tolist()
    assert len(form) == 100 and {row["report_id"] for row in form} == {report.report_id for report in BUNDLED}
    for row in form:
        assert BUNDLED[row["report_id"]].quote(int(row["start"]), int(row["end"])) == row["text"]
        assert not row["label"] and not row["coder"]
    assert len(corpus.validation.tabulate_coding_form(BUNDLED, n=10)) == 10
    assert len(corpus.validation.tabulate_coding_form(BUNDLED, n=9999)) > 200
    assert not drawn.equals(corpus.validation.tabulate_coding_form(BUNDLED, seed=1))


def test_a_filled_form_is_held_against_the_labels(tmp_path: Path) -> None:
    form = corpus.validation.tabulate_coding_form(BUNDLED)
    # A reader who sees facts where the score does, and has not finished.
    scores = corpus.find_particulars(BUNDLED, by="sentence")
    by_place = scores.set_index(["report_id", "start"])["specificity"]
    places = zip(form["report_id"], form["start"], strict=True)
    form["label"] = [" Specific" if by_place[place] >= 0.5 else "formula" for place in places]
    form["coder"] = "甲"
    form.loc[90:, "label"] = ""
    read = []
    for codec in ("utf-8", "utf-8-sig", "gb18030"):
        form.to_csv(tmp_path / "mine.csv", index=False, encoding=codec, lineterminator="\r\n")
        read.append(corpus.validation.load_labels(tmp_path / "mine.csv"))
    mine = read[0]
    assert read == [mine] * 3 and len(mine) == 90 and {label.coder for label in mine} == {"甲"}
    table = corpus.validation.compare_coders([*LABELS, *mine]).set_index(["coder_1", "coder_2"])
    row = table.loc[("reading 1", "甲")]
    assert 30 < row["n_both"] < 90 and row["n_2_alone"] == 90 - row["n_both"]
    assert 0.2 < row["alpha_low"] <= row["alpha"] <= row["alpha_high"]
    assert corpus.validation.compare_with_labels(scores, mine)["n_reports"][0] == 5


@pytest.mark.parametrize(
    ("cells", "message"),
    [("a,0,5,甲,special\n", "row 2: 'special' is no label"), ("a,0,5,,formula\n", "row 2: the column 'coder' is empty"),
     ("a,x,5,甲,formula\n", "no whole numbers"), ("a,0,5,甲,\n", "no row has a label")],
)  # fmt: skip
def test_a_form_with_faults_says_where(tmp_path: Path, cells: str, message: str) -> None:
    (tmp_path / "form.csv").write_text("report_id,start,end,coder,label\n" + cells, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        corpus.validation.load_labels(tmp_path / "form.csv")


def test_a_table_that_is_no_form_is_refused(tmp_path: Path) -> None:
    (tmp_path / "form.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="the column 'report_id' is missing"):
        corpus.validation.load_labels(tmp_path / "form.csv")
    with pytest.raises(CorpusError, match="no such file"):
        corpus.validation.load_labels(tmp_path / "none.csv")


def test_coders_are_compared_where_their_sentences_overlap_by_more_than_half() -> None:
    ours = ["specific"] * 6 + ["formula"] * 4
    theirs = ["specific"] * 5 + ["formula"] * 5
    labels = [Label("a", 10 * n, 10 * n + 9, "1", label) for n, label in enumerate(ours)]  # type: ignore[arg-type]
    labels += [Label("a", 10 * n, 10 * n + 5, "2", label) for n, label in enumerate(theirs)]  # type: ignore[arg-type]
    row = corpus.validation.compare_coders(labels).iloc[0]
    # By hand: 18 of 20 labels agree, and of 11 and 9 labels 198 of 380 pairs do not; half agree by chance.
    assert row["kappa"] == pytest.approx((0.9 - 0.5) / 0.5)
    assert row["n_both"] == 10 and row["share_same"] == 0.9 and row["alpha"] == pytest.approx(1 - 2 / 20 * 380 / 198)
    with pytest.raises(CorpusError, match="one coder"):
        corpus.validation.compare_coders(labels[:10])


# The examples A to C of Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, with the values printed there.
@pytest.mark.parametrize(
    ("coders", "alpha"),
    [
        (["0100000010", "1110010000"], 0.095),
        (["aabbdcccedda", "babbbccceddd"], 0.692),
        (["123321412***", "1233224125*3", "*3332342251*", "12332441251*"], 0.743),
    ],
)
def test_alpha_is_that_of_published_examples(coders: list[str], alpha: float) -> None:
    values = sorted(set("".join(coders)) - {"*"})
    counts = np.array([[unit.count(value) for value in values] for unit in zip(*coders, strict=True)], dtype=float)
    assert nominal_alpha(counts, np.ones((1, len(counts))))[0] == pytest.approx(alpha, abs=0.0005)
    twice = nominal_alpha(np.repeat(counts, 2, axis=0), np.ones((1, 2 * len(counts))))
    assert nominal_alpha(counts, np.full((1, len(counts)), 2.0)) == pytest.approx(twice)


def test_alpha_of_several_coders_takes_what_two_of_them_have() -> None:
    def coded(coder: str, names: str, first: int = 0) -> list[Label]:
        known = {"s": "specific", "f": "formula", "p": "practice"}
        spans = ((10 * number, known[name]) for number, name in enumerate(names, first))
        return [Label("a", start, start + 9, coder, label) for start, label in spans]  # type: ignore[arg-type]

    labels = [*coded("1", "ssffp"), *coded("2", "ssffs"), *coded("3", "sfp", 3)]
    table = corpus.validation.compare_coders(labels).set_index(["coder_1", "coder_2"])
    assert table.loc[("1", "2"), "alpha"] == pytest.approx(1 - 9 * 2 / (100 - 25 - 16 - 1))
    row = table.loc[("all", "")]
    assert (row["n_both"], row["n_1_alone"]) == (5, 1) and pd.isna(row["share_same"])
    counts = np.array([[2, 0, 0], [2, 0, 0], [0, 2, 0], [1, 2, 0], [1, 1, 1]], dtype=float)
    assert row["alpha"] == pytest.approx(nominal_alpha(counts, np.ones((1, 5)))[0])
    assert row["alpha_low"] <= row["alpha"] <= row["alpha_high"]
    same = corpus.validation.compare_coders([*coded("1", "ss"), *coded("2", "ss")]).iloc[0]
    assert pd.isna(same["alpha"])


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=20))
def test_the_area_agrees_with_counting_pairs(cases: list[tuple[bool, int, int]]) -> None:
    positive, values, weights = (np.array(column) for column in zip(*cases, strict=True))
    drawn = [case[:2] for case in cases for _ in range(case[2])]
    hits, misses = ([value for is_hit, value in drawn if is_hit is wanted] for wanted in (True, False))
    area = area_under_curve(positive, values, weights=weights[None])[0]
    if not hits or not misses:
        assert math.isnan(area)
    else:
        pairs = [(a > b) + (a == b) / 2 for a in hits for b in misses]
        assert area == pytest.approx(sum(pairs) / len(pairs))


def test_a_measure_no_better_than_length_says_so() -> None:
    scores = corpus.tabulate_passages(BUNDLED).assign(constant=1.0, luck=lambda table: table["start"] * 7919 % 101)
    table = corpus.validation.compare_with_labels(scores, LABELS, columns=["constant", "luck"]).set_index("measure")
    assert table.loc["constant", "auroc"] == 0.5
    for name in ("constant", "luck"):
        assert not table.loc[name, "beats_length"]
    with pytest.raises(CorpusError, match="no column 'rarity'"):
        corpus.validation.compare_with_labels(scores, LABELS, columns=["rarity"])
    with pytest.raises(CorpusError, match="no sentence of one sort"):
        corpus.validation.compare_with_labels(pd.DataFrame(scores[:0]), LABELS, columns=["luck"])
