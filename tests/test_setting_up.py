"""Killed set-ups, and two at once: a few here, 100 and 20 by ``python tests/bench/setting_up.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bench import setting_up

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return setting_up.small_project(tmp_path / "a 书 b")


def test_after_a_killed_set_up_the_next_run_succeeds(project: Path) -> None:
    outcomes = list(setting_up.run(project, 4, seed=5))
    assert [(told, fault) for told, faults in outcomes for fault in faults] == []


def test_two_first_runs_at_once_end_well(project: Path) -> None:
    assert setting_up.run_pair(project) == []


def test_the_bench_sees_what_is_left_and_what_does_not_work(project: Path) -> None:
    setting_up.prepare(project, "good")
    (project / ".venv-old-0123456789abcdef").mkdir()
    assert setting_up.beside(project) == [".venv-old-0123456789abcdef"]
    packages = next((project / ".venv").glob("lib/*/site-packages"))
    (packages / "file7.py").unlink()
    (packages / "_fazhi_workbook.py").unlink()
    faults = list(setting_up.unsound(project))
    assert faults[0] == "packages are missing" and ".venv does not work" in faults[1]
