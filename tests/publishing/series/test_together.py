"""Two runs at once: one turn here, more by ``python tests/bench/together.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench import together


@pytest.mark.skipif(sys.platform == "win32", reason="no lock on a folder there")
def test_two_runs_at_once_give_the_result_of_one(tmp_path: Path) -> None:
    series, alone = together.prepare(tmp_path, ["01-a"])
    assert list(together.run_turn(series, alone, tmp_path / "turn")) == []


def test_an_end_that_is_neither_well_nor_refused_is_told(tmp_path: Path) -> None:
    refused = (2, f"{tmp_path}: another run is writing here; wait, or choose another folder")
    assert list(together._refused_or_well([(0, ""), refused], tmp_path)) == []
    assert list(together._refused_or_well([(0, ""), (2, "no")], tmp_path)) == ["ends with 2: no"]
    assert len(list(together._refused_or_well([refused, (1, "bad")], tmp_path))) == 2
