"""What each measure sees, on texts whose likeness is known."""

from __future__ import annotations

import pytest
from making import make_reports

import corpus
from corpus.analysis.comparison.measures_explained import tabulate_probes
from corpus.errors import CorpusError

BUNDLED = corpus.load_reports()
PROBES = tabulate_probes(BUNDLED, "zaozhuang-2019", other_id="yiyuan-2022")


def test_probes_show_what_each_measure_sees() -> None:
    table = PROBES.set_index("text")
    assert table.loc["the report itself"].tolist() == pytest.approx([1] * 7)
    moved = table.loc["its sentences in reverse order"]
    assert moved["cosine_words"] == pytest.approx(1) and moved["containment"] > 0.8 and moved["minimum_edit"] < 0.2
    assert table.loc["every tenth character another", "minimum_edit"] == pytest.approx(0.9, abs=0.001)
    scrambled = table.loc["its characters sorted"]
    assert scrambled["cosine_characters"] == pytest.approx(1) and scrambled["containment"] == 0
    assert table.loc["the other report", "cosine_characters"] > 0.8
    assert table.loc["a sentence about the weather", "cosine_characters"] > 0.1


def test_the_other_report_has_the_values_of_the_table_of_pairs() -> None:
    probe = PROBES.iloc[5]
    listed = [("zaozhuang-2019", "yiyuan-2022")]
    pair = corpus.compare_reports(BUNDLED, pairs=listed).iloc[0]
    for name in ("resemblance", "cosine_words", "jaccard_words", "cosine_tfidf"):
        assert probe[name] == pytest.approx(pair[name])
    assert probe["containment"] == pair["containment_a_in_b"]
    edits = corpus.compare_reports(BUNDLED, pairs=listed, edits="character")
    assert probe["minimum_edit"] == edits.loc[0, "minimum_edit"]


def test_small_collections_and_wrong_lengths() -> None:
    table = tabulate_probes(make_reports("加强法治。建设政府。", "推进改革。"), "a", other_id="b", n=2)
    assert table["cosine_tfidf"].isna().all() and table.loc[0, "containment"] == 1
    with pytest.raises(CorpusError, match="0 characters does not exist"):
        tabulate_probes(BUNDLED, "zaozhuang-2019", other_id="yiyuan-2022", n=0)
