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


def left_behind(place: Path, name: str, *, mark: bool = True) -> Path:
    folder = place / name
    folder.mkdir()
    (folder / "notes").write_text("mine")
    if mark:
        (folder / whole_files._MARK).touch()
    return folder


def test_the_folder_is_gone_at_the_end(place: Path) -> None:
    with scratch_folder() as folder:
        (folder / "figure.png").write_text("1")
        assert folder.parent == place
    assert list(place.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_nothing_else(place: Path) -> None:
    gone = left_behind(place, "fazhi-run-abcd1234")
    empty = left_behind(place, "fazhi-run-empty_12", mark=False)
    (empty / "notes").unlink()
    kept = [
        left_behind(place, "fazhi-workbook"),
        left_behind(place, "fazhi-run-mine"),
        left_behind(place, "fazhi-run-nomark12", mark=False),
    ]
    target = left_behind(place, "elsewhere")
    link = place / "fazhi-run-link1234"
    link.symlink_to(target, target_is_directory=True)
    with scratch_folder():
        assert not gone.exists() and not empty.exists()
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


def test_a_folder_in_which_a_kernel_still_writes_keeps_its_mark(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = left_behind(place, "fazhi-run-abcd1234")
    (folder / "settings").mkdir()
    monkeypatch.setattr(whole_files.shutil, "rmtree", lambda *_, **__: None)  # as if what it removes came back at once
    with scratch_folder():
        assert {path.name for path in folder.iterdir()} == {"settings", whole_files._MARK}
    monkeypatch.undo()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    with scratch_folder():
        assert not folder.exists()


def test_two_runs_that_start_at_once_never_take_the_others_folder(place: Path) -> None:
    with scratch_folder() as one:
        unmarked = place / "fazhi-run-begins12"
        unmarked.mkdir()  # as if a third run were between its first two steps
        with scratch_folder() as other:
            assert one.is_dir() and other.is_dir() and one != other
            assert not unmarked.exists()


def test_a_run_whose_new_folder_was_swept_makes_another(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(prefix: str, dir: Path) -> str:
        folder = dir / f"{prefix}abcdefg{len(made)}"
        made.append(folder)
        if len(made) > 1:
            folder.mkdir()
        return str(folder)

    monkeypatch.setattr(whole_files, "mkdtemp", make)
    with scratch_folder() as folder:
        assert folder == made[1]
