"""Killed runs: a few here, 200 by ``python tests/bench/killing.py``."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest
from bench import killing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> killing.Scene:
    return killing.small_scene(tmp_path_factory.mktemp("killing"), ["01-a"])


def test_every_file_is_old_or_new_and_the_next_run_repairs(scene: killing.Scene) -> None:
    outcomes = list(killing.run(scene, 2, seed=2, verified=False, every=2))
    assert [fault for outcome in outcomes for fault in outcome.faults] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing_and_says_so_by_its_status(
    scene: killing.Scene, number: signal.Signals
) -> None:
    killing._put_back(scene)
    process = killing._start(scene.code, scene.series, scene.out, scene.environment)
    until = monotonic() + 20
    while not list(scene.temporary.glob("fazhi-run-*/settings/*")) and monotonic() < until:
        sleep(0.05)
    process.send_signal(number)
    process.send_signal(number)  # a second one does not cut short what the first began
    process.communicate(timeout=20)
    assert process.returncode == 128 + number
    until = monotonic() + 5  # what was ended may take a moment to be gone
    while killing._alive(scene.temporary) and monotonic() < until:
        sleep(0.05)
    assert killing._alive(scene.temporary) == []
    assert list(scene.temporary.iterdir()) == []
    assert killing.snapshot(scene.out) == dict(scene.old)


def test_the_bench_sees_what_is_torn_or_gone(scene: killing.Scene) -> None:
    killing._put_back(scene)
    files = sorted(file for file in scene.new if file.endswith(".png") and file in scene.old)
    (scene.out / files[0]).write_bytes(scene.new[files[0]][:-9])
    (scene.out / files[1]).unlink()
    (scene.out / ".odd.txt.7.part").write_text("half")
    (scene.out / f".{Path(files[2]).name}.7.part").write_text("half")
    assert [fault.split(": ")[0] for fault in killing._faults(scene)] == [
        f".{Path(files[2]).name}.7.part",
        ".odd.txt.7.part",
        files[0],
        files[1],
    ]
