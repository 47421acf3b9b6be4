"""workbook.py: whom it turns away, when it sets up again, and what it lets through to its children."""

from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

SOURCE = (Path(__file__).resolve().parents[1] / "workbook.py").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a copy of workbook.py and nothing to install."""
    folder = tmp_path / "a 书 b"
    (folder / "src").mkdir(parents=True)
    (folder / "workbook.py").write_text(SOURCE, encoding="utf-8")
    (folder / "pyproject.toml").touch()
    (folder / "requirements.txt").touch()
    return folder


def set_up(project: Path, *, breaks: bool = False) -> bool:
    """Set a project up without installing anything, and return whether its environment was made anew."""
    workbook = load(project)
    made = []

    def make_environment(folder: Path) -> Path:
        made.append(folder)
        packages_of(project).mkdir(parents=True)
        python: Path = workbook.python_of(folder)
        python.parent.mkdir(exist_ok=True)
        python.touch()
        return python

    def pip(*arguments: object) -> None:
        if breaks:
            raise KeyboardInterrupt

    workbook.make_environment, workbook.pip = make_environment, pip  # type: ignore[attr-defined]
    assert workbook.set_up() == workbook.python_of(project / ".venv")
    return bool(made)


def load(project: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("workbook", project / "workbook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packages_of(project: Path) -> Path:
    return Path(sysconfig.get_path("purelib", "venv", {"base": str(project / ".venv")}))


def test_the_second_start_finds_all_in_place(project: Path) -> None:
    assert set_up(project)
    assert not set_up(project)


@pytest.mark.parametrize("file", ["requirements.txt", "pyproject.toml"])
def test_other_requirements_are_installed_anew(project: Path, file: str) -> None:
    set_up(project)
    (project / file).write_text("# other\n", encoding="utf-8")
    assert set_up(project)


def test_a_moved_project_is_set_up_anew(project: Path) -> None:
    set_up(project)
    moved = project.rename(project.with_name("moved"))
    assert set_up(moved)


def test_an_interrupted_set_up_is_done_again(project: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        set_up(project, breaks=True)
    assert set_up(project)
    assert not set_up(project)


def test_an_environment_of_the_readers_own_is_left_alone(project: Path) -> None:
    kept = project / ".venv" / "kept"
    kept.parent.mkdir()
    kept.touch()
    with pytest.raises(SystemExit, match=r"^workbook: \.venv is there .*: rename or delete it, then run this again$"):
        set_up(project)
    assert kept.exists()


def test_the_way_to_the_library_is_ascii_in_any_folder(project: Path) -> None:
    set_up(project)
    way = (packages_of(project) / "_fazhi_workbook.pth").read_bytes().decode("ascii")
    assert (packages_of(project) / way).resolve() == project / "src"


def test_no_variable_lets_another_python_in(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONDONTWRITEBYTECODE", "MPLBACKEND", "JUPYTER_PATH"):
        monkeypatch.setenv(name, "other")
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    monkeypatch.setenv("HTTPS_PROXY", "kept")
    settings = load(project).own_settings()
    assert "other" not in settings.values()
    assert (settings["PYTHONHASHSEED"], settings["HTTPS_PROXY"], settings["PYTHONNOUSERSITE"]) == ("5", "kept", "1")
    assert Path(settings["JUPYTER_CONFIG_DIR"]).is_relative_to(project / ".venv")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("WARNING: Retrying (Retry(total=0", "connect to the network"),
        ("ERROR: no space left", "for the reason above"),
    ],
)
def test_a_step_that_fails_is_named_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str], output: str, message: str
) -> None:
    with pytest.raises(SystemExit, match=f"^workbook: boiling water failed.*{message}.*$"):
        load(project).step("boiling water", [sys.executable, "-c", f"raise SystemExit({output!r})"])
    assert ("no space left" in capsys.readouterr().err) == ("no space left" in output)


@pytest.mark.parametrize("version", ["3.6", "3.10", "3.15"])
def test_another_python_is_told_in_one_line_what_to_do(version: str) -> None:
    ast.parse(SOURCE, feature_version=(3, 6))
    numbers = tuple(map(int, version.split(".")))
    code = f"import sys; sys.version_info, sys.version = {numbers}, '{version}.0 (main)'; exec({SOURCE!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert (done.returncode, done.stdout) == (1, b"")
    line = rf"workbook\.py needs Python 3\.11 to 3\.14, this is {version}\.0: try .+\n"
    assert re.fullmatch(line, done.stderr.decode("ascii"))


def test_python_2_stops_at_the_line_that_says_what_to_do() -> None:
    before, refused, _ = SOURCE.partition('    sys.exit(f"workbook.py needs Python 3.11')
    assert refused
    assert before.isascii()
    assert 'f"' not in before
