"""The series on reports of one's own: it runs whatever there is to load, and never speaks of the bundled five."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import corpus
from corpus.field.data_files import notebooks_path
from corpus.publishing.figures.look import SINGLE_MM, Look
from corpus.publishing.series.bundled_series import Series, read_notebook
from corpus.publishing.series.running import reproduce
from corpus.validation import PanelSetting

FIVE = re.compile(
    "枣庄|秦安|龙岗|长春|沂源|Zaozhuang|Qin'an|Longgang|Changchun|Yiyuan"
    "|zaozhuang-|qinan-|longgang-|changchun-|yiyuan-",
    re.IGNORECASE,
)


def _one_report() -> pd.DataFrame:
    return corpus.validation.simulate_panel(1, 1, seed=5).texts


def _two_years_of_one_issuer() -> pd.DataFrame:
    return corpus.validation.simulate_panel(1, 2, seed=6).texts


def _two_hundred_of_one_year() -> pd.DataFrame:
    return corpus.validation.simulate_panel(
        200, 1, setting=PanelSetting(length_chars=1_000, formulas_per_report=8), seed=7
    ).texts


LONG = pytest.mark.skipif(
    "CORPUS_LONG" not in os.environ, reason="takes half a minute or more; .ci/run sets CORPUS_LONG"
)


@pytest.mark.parametrize(
    "make",
    [
        _one_report,
        pytest.param(_two_years_of_one_issuer, marks=LONG),
        pytest.param(_two_hundred_of_one_year, marks=LONG),
    ],
)
def test_the_series_runs_on_reports_of_ones_own(make, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    # Small pictures, which nobody looks at here; .ci/run draws all in the usual look and with Chinese labels.
    look = Look(profile="screen", width_mm=SINGLE_MM)
    reports = tmp_path / "reports.jsonl"
    make().to_json(reports, orient="records", lines=True, force_ascii=False)
    # The appendices have panels of their own, whatever is loaded.
    run = reproduce(Series(notebooks_path(), reports, only="0", look=look), tmp_path / "out")
    assert [str(failure) for failure in run.failures] == []
    assert len(run.notebooks) == len(list(notebooks_path().glob("0*.ipynb"))) >= 5
    said = [(place, FIVE.search(text)) for place, text in _said(tmp_path / "out")]
    assert [(place, match[0]) for place, match in said if match] == []


def _said(out: Path) -> Iterator[tuple[str, str]]:
    """Yield what a reader of the results sees, with its place."""
    for path in sorted(out.glob("*.ipynb")):
        notebook = read_notebook(path)
        for index, cell in enumerate(notebook.cells):
            shown = "".join(cell["source"]) if cell["cell_type"] == "markdown" else ""
            outputs = json.dumps(cell.get("outputs", []), ensure_ascii=False)
            without_pictures = re.sub(r"(?:base64,|\"image/png\": \")[A-Za-z0-9+/=\\n]+", "", outputs)
            yield f"{path.stem}, {notebook.cell_name(index)}", shown + without_pictures
    for path in sorted([*out.rglob("figures/*/*"), *out.rglob("tables/*/*")]):
        if path.suffix in (".md", ".txt", ".csv"):
            yield path.relative_to(out).as_posix(), path.read_text(encoding="utf-8")
