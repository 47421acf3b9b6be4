"""Reports damaged in many ways: 20 of each here, 2,000 of each by ``python tests/bench/mutations.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import format_mutations, mutations


def test_no_damage_stops_loading_or_touches_another_report(tmp_path: Path) -> None:
    outcomes = list(mutations.run(tmp_path, 20, seed=1))
    assert len(outcomes) == 100
    assert {damage for damage, *_ in outcomes} == {damage.__name__.strip("_") for damage in mutations.DAMAGES}
    assert {"loaded", "damaged-encoding"} <= {outcome for _, outcome, _ in outcomes}


def test_the_run_sees_a_report_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(10**6))
    monkeypatch.setattr(mutations, "fingerprint", lambda report: next(turns))
    with pytest.raises(AssertionError, match="others changed"):
        next(mutations.run(tmp_path, 1, seed=1))


def test_no_damage_to_a_file_of_any_format_stops_loading(tmp_path: Path) -> None:
    files = format_mutations.seeds()
    outcomes = list(format_mutations.run(tmp_path, 12, 7, files))
    assert len(outcomes) == 12 * len(files)
    assert {name for name, outcome, _ in outcomes if outcome == "loaded"} >= {"word.docx", "page.html", "table.csv"}
    assert {"loaded", "damaged-encoding", "damaged-row", "damaged-archive"} <= {outcome for _, outcome, _ in outcomes}
