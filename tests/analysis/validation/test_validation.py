"""Scores against planted truth, on cases small enough to be worked out by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pandas as pd
import pytest

import corpus
from corpus.analysis.simulation.panel import Panel, simulate_panel
from corpus.analysis.simulation.planning import PanelSetting
from corpus.analysis.validation.label_scores import MISALIGNED, NOT_FOUND
from corpus.analysis.validation.passage_scores import ReuseScore, score_thresholds
from corpus.errors import CorpusError

PAIR = ["report_a", "start_a", "end_a", "report_b", "start_b", "end_b"]
LAYER = ["report_id", "start", "end", "layer", "unit"]
CHANGE = ["earlier", "later", "start_earlier", "end_earlier", "start_later", "end_later", "change", "moved"]
# Reports of 100 characters: unit 1 was copied from a to b and carried over to c, unit 2 stands in b and c.
CASES = [("a", 0, 40, "b", 50, 90), ("b", 50, 90, "c", 10, 50)]
LAYERS = [
    *(("a", 0, 40, "shared", 1), ("a", 40, 100, "own", 3)),
    *(("b", 0, 30, "formula", 2), ("b", 30, 50, "own", 4), ("b", 50, 90, "shared", 1)),
    *(("c", 10, 50, "shared", 1), ("c", 60, 90, "formula", 2), ("c", 90, 100, "own", 5)),
]
CHANGES = [
    ("b", "c", 50, 90, 10, 50, "kept", True),
    ("b", "c", 0, 30, 60, 90, "renumbered", False),
    ("b", "c", None, None, 90, 100, "new", False),
    ("b", "c", 30, 50, None, None, "dropped", False),
]


def make_panel() -> Panel:
    texts = pd.DataFrame({"report_id": ["a", "b", "c"], "issuer": ["甲", "乙", "丙"], "text": ["字" * 100] * 3})
    layers = pd.DataFrame(LAYERS, columns=LAYER).assign(form="sentence")
    return Panel(
        texts=texts,
        layers=layers,
        cases=pd.DataFrame(CASES, columns=PAIR).assign(kind=["copied", "kept"]),
        changes=pd.DataFrame(CHANGES, columns=CHANGE).astype(dict.fromkeys(CHANGE[2:6], "Int64")),
        formulas=pd.DataFrame(
            {"unit": [2], "template": ["字" * 30], "form": ["sentence"], "n_issuers": [2], "n_reports": [2]}
        ),
        setting=PanelSetting(),
    )


def score(*rows: tuple[object, ...], min_chars: int = 0) -> ReuseScore:
    return corpus.validation.score_reuse(pd.DataFrame(list(rows), columns=PAIR), make_panel(), min_chars=min_chars)


def test_finding_the_planted_pairs_exactly_scores_one() -> None:
    found = score(*CASES)
    assert (found.coverage, found.share_one_origin, found.granularity) == (1, 1, 1)
    assert (found.precision, found.plagdet) == (1, 1)


def test_the_order_of_the_two_sides_does_not_matter() -> None:
    swapped = score(*(row[3:] + row[:3] for row in CASES))
    assert (swapped.coverage, swapped.share_one_origin, swapped.granularity, swapped.plagdet) == (1, 1, 1, 1)


def test_recall_counts_characters_and_pieces_lower_plagdet() -> None:
    found = score(("a", 0, 10, "b", 50, 60), ("a", 20, 40, "b", 70, 90))
    assert found.coverage == (30 + 30) / 160
    assert found.share_one_origin == 1
    assert found.granularity == 2
    f1 = 2 * found.coverage / (1 + found.coverage)
    assert found.plagdet == pytest.approx(f1 / log2(3))
    assert found.precision == 1
    assert found.cases["found_chars"].tolist() == [60, 0] and found.cases["n_found"].tolist() == [2, 0]


def test_a_character_found_twice_counts_once() -> None:
    assert score(("a", 0, 30, "b", 50, 80), ("a", 10, 40, "b", 60, 90)).coverage == 80 / 160


def test_a_row_that_meets_only_one_side_of_a_pair_does_not_find_it() -> None:
    found = score(("a", 0, 40, "b", 0, 30))
    assert found.coverage == 0 and np.isnan(found.granularity) and found.plagdet == 0
    assert found.share_one_origin == 0


def test_occurrences_of_one_passage_are_right_even_if_no_pair_of_them_was_planted() -> None:
    found = score(("a", 0, 40, "c", 10, 50), ("b", 0, 30, "c", 60, 90))
    assert found.coverage == 0 and found.share_one_origin == 1
    assert (found.precision, found.plagdet) == (0, 0)  # no planted pair, as Potthast et al. count


def test_precision_counts_the_characters_beside_the_passage_and_leaves_out_those_in_none() -> None:
    found = score(("a", 0, 50, "b", 40, 90))
    assert found.found["n_chars"].tolist() == [100] and found.found["right_chars"].tolist() == [80]
    assert found.share_one_origin == found.precision == 0.8
    # 50 to 60 of c lies in no passage.
    assert score(("b", 50, 90, "c", 10, 60)).found["n_chars"].tolist() == [80]


def test_short_rows_and_pairs_are_left_out_where_asked() -> None:
    found = score(("a", 0, 40, "b", 50, 90), ("a", 60, 80, "c", 90, 100), min_chars=30)
    assert found.share_one_origin == 1 and len(found.found) == 1
    assert score(*CASES, min_chars=41).cases.empty


def test_nothing_found_scores_nothing() -> None:
    found = score()
    assert (found.coverage, found.share_one_origin, found.plagdet) == (0, 0, 0)


def test_scores_name_what_they_lack() -> None:
    with pytest.raises(CorpusError, match="no report 'z'"):
        score(("z", 0, 40, "b", 50, 90))
    with pytest.raises(CorpusError, match="no column 'report_a'"):
        corpus.validation.score_reuse(pd.DataFrame({"x": []}), make_panel())
    spans = pd.DataFrame([("a", 0, 10, "own"), ("a", 5, 20, "own")], columns=["report_id", "start", "end", "origin"])
    with pytest.raises(CorpusError, match="overlap"):
        corpus.validation.score_origins(spans, make_panel())


def test_origins_are_scored_over_characters() -> None:
    rows = [("a", 0, 50, "shared"), ("a", 50, 100, "own"), ("b", 0, 100, "formula"), ("c", 0, 60, "shared")]
    scored = corpus.validation.score_origins(
        pd.DataFrame(rows, columns=["report_id", "start", "end", "origin"]), make_panel()
    )
    labels = scored.labels.set_index("label")
    # True shared: 120 characters, 80 of them found so, and 10 of own beside them.
    assert labels.loc["shared", ["precision", "recall", "n_true", "n_found"]].tolist() == [80 / 90, 80 / 120, 120, 90]
    assert labels.loc["own", ["precision", "recall", "n_true"]].tolist() == [1, 50 / 90, 90]
    assert labels.loc["formula", ["precision", "recall"]].tolist() == [30 / 90, 30 / 60]
    assert scored.confusion.loc["formula", NOT_FOUND] == 30
    f1 = [2 * p * r / (p + r) for p, r in ((80 / 90, 80 / 120), (1, 50 / 90), (30 / 90, 30 / 60))]
    assert scored.macro_f1 == pytest.approx(sum(f1) / 3)


def changes(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=CHANGE).astype(dict.fromkeys(CHANGE[2:6], "Int64"))


def test_changes_that_are_all_right_score_one() -> None:
    assert corpus.validation.score_changes(changes(*CHANGES), make_panel()).macro_f1 == 1


def test_a_passage_has_the_label_of_the_row_that_covers_most_of_it() -> None:
    found = changes(
        ("b", "c", 50, 90, 5, 55, "reworded", False),
        ("b", "c", 0, 30, 70, 90, "renumbered", False),
        ("b", "c", None, None, 55, 70, "new", False),
        ("b", "c", 30, 50, None, None, "dropped", False),
    )
    scored = corpus.validation.score_changes(found, make_panel())
    assert scored.confusion.loc["kept", "reworded"] == 1
    assert scored.confusion.loc["renumbered", "renumbered"] == 1
    assert scored.confusion.loc["new", NOT_FOUND] == 1
    assert scored.macro_f1 == 2 / 4


def test_the_right_label_with_the_wrong_partner_is_not_right() -> None:
    found = changes(("b", "c", 0, 30, 10, 50, "kept", True), ("b", "c", 30, 50, 90, 100, "reworded", False))
    confusion = corpus.validation.score_changes(found, make_panel()).confusion
    assert confusion.loc["kept", MISALIGNED] == 1
    assert confusion.loc["new", "reworded"] == 1
    assert confusion.loc["dropped", "reworded"] == 1
    assert corpus.validation.score_changes(changes(), make_panel()).macro_f1 == 0


def test_formulas_are_scored_by_the_characters_found() -> None:
    found = pd.DataFrame({"places": [[("b", 0, 10), ("c", 60, 70), ("a", 50, 60)], [("b", 5, 30), ("c", 65, 90)]]})
    (row,) = corpus.validation.score_formulas(found, make_panel()).itertuples()
    assert (row.n_chars, row.found_chars, row.n_issuers) == (60, 60, 2)
    (row,) = corpus.validation.score_formulas(found.iloc[:1], make_panel()).itertuples()
    assert row.found_chars == 20
    (row,) = corpus.validation.score_formulas(found.iloc[:0], make_panel()).itertuples()
    assert row.found_chars == 0


def test_the_truth_of_a_panel_scores_one_against_itself() -> None:
    panel = simulate_panel(6, 3, seed=9)
    scored = corpus.validation.score_reuse(panel.cases, panel)
    assert (scored.coverage, scored.granularity) == (1, 1) and scored.share_one_origin > 0.999
    origins = panel.layers.rename(columns={"layer": "origin"})
    assert corpus.validation.score_origins(origins, panel).macro_f1 == 1
    assert corpus.validation.score_changes(panel.changes, panel).macro_f1 == 1


def test_exact_copies_in_a_panel_are_found_as_planted_by_the_search_for_shared_passages() -> None:
    panel = simulate_panel(8, 2, setting=PanelSetting(copies_per_report=2, edit_rates=(0.0, 0.1)), seed=4)
    reports = corpus.load_reports(panel.texts)
    scored = corpus.validation.score_reuse(corpus.find_reuse(reports), panel)
    copied = scored.cases[(scored.cases["kind"] == "copied") & (scored.cases["edit_rate"] == 0)]
    assert len(copied) > 5
    assert copied["found_chars"].sum() > 0.98 * copied["n_chars"].sum()
    assert scored.share_one_origin > 0.97


def test_groups_add_up_to_the_score_of_a_panel() -> None:
    panel = simulate_panel(4, 3, seed=2)
    reports = corpus.load_reports(panel.texts)
    found = corpus.validation.score_reuse(corpus.find_reuse(reports, quotes=False), panel, min_chars=0)
    at = score_thresholds(reports, panel, (12, 30)).set_index("min_chars")
    assert at.loc[12, "coverage"] == found.coverage and at.loc[12, "n_rows"] == len(found.found)
    assert at.loc[30, "coverage_edited"] < at.loc[12, "coverage_edited"]
    assert at.loc[30, "share_one_origin"] >= at.loc[12, "share_one_origin"]
