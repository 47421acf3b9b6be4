"""Reports damaged in many ways: 50 of each here, 2,000 of each by ``python tests/bench/mutations.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import mutations


def test_no_damage_stops_loading_or_touches_another_report(tmp_path: Path) -> None:
    outcomes = list(mutations.run(tmp_path, 50, seed=1))
    assert len(outcomes) == 250
    assert {damage for damage, *_ in outcomes} == {damage.__name__.strip("_") for damage in mutations.DAMAGES}
    assert {"loaded", "damaged-encoding"} <= {outcome for _, outcome, _ in outcomes}


def test_the_run_sees_a_report_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(10**6))
    monkeypatch.setattr(mutations, "fingerprint", lambda report: next(turns))
    with pytest.raises(AssertionError, match="others changed"):
        next(mutations.run(tmp_path, 1, seed=1))
