"""Commands that cannot write: the quick ones here, all by ``python tests/bench/refusals.py``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from bench import refusals
from bench.checkout import ROOT
from making_notebooks import snapshot

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or (refusals._is_root() and shutil.which("setpriv") is None),
    reason="modes of files and limits as Linux has them",
)


@pytest.mark.parametrize("limited", [False, True], ids=["only for reading", "no file can grow"])
def test_a_command_that_cannot_write_names_the_place_and_loses_nothing(tmp_path: Path, limited: bool) -> None:
    place = tmp_path / "sealed"
    place.mkdir()
    (place / "old.html").write_text("old")
    trial = refusals.Trial(("find", "三重一大", "--csv", str(place / "places.csv")), place)
    if limited:
        faults = refusals.run_trial(trial, ROOT, limited=True)
    else:
        with refusals.only_for_reading(place):
            faults = refusals.run_trial(trial, ROOT)
    assert (faults, snapshot(place)) == ([], {"old.html": b"old"})


def test_a_command_that_writes_after_all_is_told(tmp_path: Path) -> None:
    trial = refusals.Trial(("find", "三重一大", "--csv", str(tmp_path / "places.csv")), tmp_path)
    assert refusals.run_trial(trial, ROOT)[0].startswith("ends with 0, not 2")
