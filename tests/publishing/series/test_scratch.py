"""Temporary folders of runs: gone at the end, and swept where a run was killed, and nothing else swept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from corpus.errors import CorpusError
from corpus.publishing.writing import whole_files
from corpus.publishing.writing.whole_files import scratch_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no lock on a folder there")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def left_behind(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    (folder / "notes").write_text("mine")
    return folder


def test_the_folder_is_gone_at_the_end(place: Path) -> None:
    with scratch_folder() as folder:
        (folder / "figure.png").write_text("1")
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(place: Path) -> None:
    gone = left_behind(place, "fazhi-run-abcd1234")
    kept = [
        left_behind(place, "fazhi-workbook"),
        left_behind(place, "fazhi-run-mine"),
        left_behind(place, "fazhi-new-begins12"),
    ]
    target = left_behind(place, "elsewhere")
    link = place / "fazhi-run-link1234"
    link.symlink_to(target, target_is_directory=True)
    with scratch_folder():
        assert not gone.exists()
        assert all((folder / "notes").is_file() for folder in (*kept, target, link))


def test_the_folder_of_a_run_that_lives_stays(place: Path) -> None:
    code = "from corpus.publishing.writing.whole_files import scratch_folder\n"
    code += "with scratch_folder() as folder: print(folder, flush=True); input()"
    environment = {**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(Path(whole_files.__file__).parents[3])}
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as other:
        assert other.stdout and other.stdin
        theirs = Path(other.stdout.readline().strip())
        with scratch_folder():
            assert theirs.is_dir()
        other.kill()
    with scratch_folder():
        assert not theirs.exists()


def test_no_place_for_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(CorpusError, match=r"nowhere.*no temporary files can be written.*TMPDIR"), scratch_folder():
        pass
