"""From a figure or a number back to the sentences: on the committed notebooks, and where something does not fit."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from making import BUNDLED as REPORTS

from corpus.cli import main
from corpus.errors import CorpusError
from corpus.field.data_files import notebooks_path
from corpus.publishing.evidence.provenance import save_result
from corpus.publishing.results.explain import explain

# These draw reports that were made up, and rest on no other.
FIGURES = sorted(path.parent.name for path in notebooks_path("figures").glob("*/provenance.json"))


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with one notebook, and one of its figures."""
    shutil.copy(notebooks_path("03-comparing-reports.ipynb"), tmp_path)
    shutil.copytree(notebooks_path("figures", "shared-passages"), tmp_path / "figures" / "shared-passages")
    return tmp_path


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_explained(name: str) -> None:
    told = explain(name, notebooks_path(), reports=REPORTS)
    assert told.kind == "figure" and told.rows and told.code
    assert told.notes == ()
    collections = told.facts["inputs"]["collections"]
    listed = {report["sha256"] for collection in collections for report in collection["reports"]}
    assert (told.notebook == "A1-validation") != ({report.source.sha256 for report in REPORTS} <= listed)
    json.dumps(asdict(told))


def test_there_are_figures_to_explain() -> None:
    assert {"shared-passages", "formulas", "chronology"} <= set(FIGURES)


def test_rows_lead_to_their_words() -> None:
    told = explain("shared-passages", notebooks_path(), reports=REPORTS)
    quotes = {(item.report_id, item.start, item.end): item.quote for item in told.evidence}
    for row in told.rows:
        for side in "ab":
            place = row[f"report_{side}"], int(row[f"start_{side}"]), int(row[f"end_{side}"])
            assert quotes[place] == row[f"text_{side}"]


def test_lists_of_places_lead_to_their_words() -> None:
    told = explain("formulas", notebooks_path(), reports=REPORTS)
    assert {item.report_id for item in told.evidence} == {row["report_id"] for row in told.rows}
    assert all(item.quote for item in told.evidence)


def test_what_was_changed_afterwards_is_named(copied: Path) -> None:
    data = copied / "figures/shared-passages/data.csv"
    data.write_bytes(data.read_bytes().replace(b"running text", b"running  text", 1))
    notebook = copied / "03-comparing-reports.ipynb"
    notebook.write_text(
        notebook.read_text(encoding="utf-8").replace(
            "figures.shared_passages(reports)", "figures.shared_passages(reports )"
        ),
        encoding="utf-8",
    )
    told = explain("shared-passages", copied, reports=REPORTS[:4])
    assert sorted(told.notes) == [
        "03-comparing-reports.ipynb: cell 'where' was edited since",
        "shared-passages/data.csv: not the file that was saved (its sha256 differs)",
        "yiyuan-2022: not among the reports at hand, so its words cannot be shown",
    ]


def test_an_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(CorpusError, match="shared-passages"):
        explain("shared-passage", notebooks_path(), reports=REPORTS)


def test_the_command_tells_a_person_and_a_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "of-two.matched_chars.max"]) == 0
    told = capsys.readouterr().out
    assert "57" in told and "集体决策" in told and "bytes" in told
    assert main(["explain", "of-two.matched_chars.max", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["facts"]["value"] == 57


def test_provenance_lists_what_was_loaded_and_the_hash_of_each_file(tmp_path: Path) -> None:
    parameters = {"parameters": {"n": [4, 8]}}
    table = pd.DataFrame({"n": [4, 8]})
    place = save_result(tmp_path, "x", "figure", table=table, captions=["甲", ""], files={"a": b"1"}, told=parameters)
    told = json.loads((place / "provenance.json").read_text(encoding="utf-8"))
    assert told["files"]["a"] == sha256(b"1").hexdigest()
    assert sorted(told["files"]) == ["a", "caption.md", "cite.bib", "data.csv"]
    assert told["parameters"] == {"n": [4, 8]}
    listed = [reports for collection in told["inputs"]["collections"] for reports in collection.get("reports", ())]
    assert "yiyuan-2022" in {report["report_id"] for report in listed}
    assert told["inputs"]["data"]["fonts/FazhiSansSC-Regular.ttf"]
