"""workbook.py: whom it turns away, when it sets up again, and what it lets through to its children."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

OUTDATED = (
    r"\.venv was made for other requirements or in another place, or is damaged: 'python3 workbook\.py set-up --anew'"
)
MODULES = ["corpus", "json", "hashlib", "socket", "tempfile", "subprocess", "venv", "pip", "ensurepip", "numpy"]
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


def set_up(project: Path, *, anew: bool = False, breaks: bool = False) -> bool:
    """Set a project up without installing anything, and return whether its environment was made anew."""
    workbook = load(project)
    made = []

    def install(*_: object, **__: object) -> None:
        made.append(project)
        if breaks:
            raise KeyboardInterrupt

    workbook.install = install  # type: ignore[attr-defined]
    real = workbook.step
    workbook.step = lambda what, command, *rest: real(what, [*command, "--without-pip"], *rest)  # type: ignore[attr-defined]
    opened: list[int] = []
    wait = workbook.wait_for_lock
    workbook.wait_for_lock = lambda lock, alone: (opened.append(lock), wait(lock, alone))  # type: ignore[attr-defined]
    try:
        assert workbook.set_up(anew) == workbook.python_of(project / ".venv")
    finally:  # the lock lasts as long as a process
        for lock in set(opened):
            os.close(lock)
    return bool(made)


def left(project: Path) -> list[str]:
    return sorted(path.name for path in project.glob(".venv*"))


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
def test_other_requirements_are_named_and_installed_when_asked(project: Path, file: str) -> None:
    set_up(project)
    (project / file).write_text("# other\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=OUTDATED):
        set_up(project)
    assert set_up(project, anew=True)
    assert not set_up(project)


def test_a_moved_project_is_named_and_set_up_anew_when_asked(project: Path) -> None:
    set_up(project)
    moved = project.rename(project.with_name("moved"))
    with pytest.raises(SystemExit, match=OUTDATED):
        set_up(moved)
    assert set_up(moved, anew=True)


@pytest.mark.parametrize("stamp", [b"", b"\xff\xfe", None])
def test_a_damaged_stamp_is_named(project: Path, stamp: bytes | None) -> None:
    set_up(project)
    path = project / ".venv" / "workbook.txt"
    path.unlink()
    path.mkdir() if stamp is None else path.write_bytes(stamp)
    with pytest.raises(SystemExit, match=OUTDATED):
        set_up(project)
    assert set_up(project, anew=True)


def test_an_environment_whose_python_is_gone_is_named(project: Path) -> None:
    set_up(project)
    python = load(project).python_of(project / ".venv")
    python.unlink()
    with pytest.raises(
        SystemExit, match=r"has a Python that does not work any more: 'python3 workbook\.py set-up --anew'"
    ):
        set_up(project)
    assert set_up(project, anew=True)


def test_an_environment_serves_whichever_python_calls(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(project)
    monkeypatch.setattr(sys, "version", "3.13.99 (another)")
    monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    assert not set_up(project)


def test_an_interrupted_set_up_is_done_again(project: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        set_up(project, breaks=True)
    assert left(project) == []
    assert set_up(project)
    assert not set_up(project)


def test_a_set_up_that_fails_leaves_the_old_environment(project: Path) -> None:
    set_up(project)
    with pytest.raises(KeyboardInterrupt):
        set_up(project, anew=True, breaks=True)
    assert left(project) == [".venv"]
    assert not set_up(project)


def test_what_a_killed_set_up_left_is_swept_and_nothing_else(project: Path) -> None:
    set_up(project)
    for name in (".venv-new-0123456789abcdef", ".venv-old-0123456789abcdef", ".venv-312", ".venv-new-mine"):
        (project / name).mkdir()
        (project / name / "file").touch()
    assert not set_up(project)
    assert left(project) == [".venv", ".venv-312", ".venv-new-mine"]


def test_the_scripts_of_an_environment_name_its_place(project: Path) -> None:
    set_up(project)
    inside = [path for path in (project / ".venv").rglob("*") if path.is_file() and not path.is_symlink()]
    assert [path for path in inside if b".venv-new-" in path.read_bytes()] == []
    assert (project / ".venv" / "pyvenv.cfg") in inside


@pytest.mark.skipif(sys.platform == "win32", reason="Windows renames no folder from which a process runs")
def test_an_environment_is_not_replaced_under_a_running_process(project: Path) -> None:
    set_up(project)
    workbook = load(project)
    code = "print('runs', flush=True); input()"
    command = [workbook.python_of(project / ".venv"), "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdin
        process.stdout.readline()
        lock = os.open(project / "workbook.py", os.O_RDONLY)
        assert workbook.can_lock(lock, alone=False)
        assert not workbook.can_lock(lock, alone=True)
        process.stdin.close()
        process.wait(10)
        assert workbook.can_lock(lock, alone=True)
        os.close(lock)


def test_anew_is_refused_to_the_environment_itself(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_up(project)
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    with pytest.raises(SystemExit, match=r"this is the Python of \.venv"):
        set_up(project, anew=True)


@pytest.mark.parametrize("kind", ["a file", "a link that leads nowhere"])
def test_what_is_no_environment_is_named(project: Path, kind: str) -> None:
    if kind == "a file":
        (project / ".venv").touch()
    else:
        (project / ".venv").symlink_to(project / "nowhere")
    for anew in (False, True):
        with pytest.raises(
            SystemExit, match=rf"^workbook: \.venv is {kind}: rename or delete it, then run this again$"
        ):
            set_up(project, anew=anew)


def test_no_module_of_the_current_folder_or_of_the_projects_is_imported(project: Path) -> None:
    imported = project / "imported"
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    imported.mkdir()
    for folder in (project, elsewhere):
        for name in MODULES:
            (folder / f"{name}.py").write_text(f"open({str(imported / name)!r}, 'w').close()\n", encoding="utf-8")
    importing = "\n".join(f"try: import {name}\nexcept ImportError: pass" for name in MODULES)
    for folder in (project, elsewhere):
        command = [sys.executable, str(project / "workbook.py"), "set-up", "--other"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (1, "workbook: set-up takes --anew, --here or nothing\n")
        child = [sys.executable, "-c", importing]
        done = subprocess.run(
            child, cwd=folder, env=load(project).environment(), capture_output=True, stdin=subprocess.DEVNULL
        )
        assert (done.returncode, done.stderr) == (0, b"")
    assert list(imported.iterdir()) == []


def test_an_environment_of_the_readers_own_is_left_alone(project: Path) -> None:
    kept = project / ".venv" / "kept"
    kept.parent.mkdir()
    kept.touch()
    with pytest.raises(
        SystemExit, match=r"^workbook: \.venv is there, but .*: rename or delete it, then run this again$"
    ):
        set_up(project)
    assert kept.exists()


def test_the_way_to_the_library_is_ascii_in_any_folder(project: Path) -> None:
    set_up(project)
    way = (packages_of(project) / "_fazhi_workbook.pth").read_bytes().decode("ascii").splitlines()[0]
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
        ("OSError: [Errno 28] No space left on device", "no room left on its disk"),
    ],
)
def test_a_step_that_fails_is_named_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str], output: str, message: str
) -> None:
    with pytest.raises(SystemExit, match=f"^workbook: boiling water failed.*{message}.*$"):
        load(project).step("boiling water", [sys.executable, "-c", f"raise SystemExit({output!r})"], project)
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


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_stops_workbook_stops_what_it_runs(project: Path, number: signal.Signals) -> None:
    inner = "import signal, sys; signal.signal(%d, lambda *_: sys.exit(7)); print('runs', flush=True); signal.pause()"
    with run_inside(project, inner % number) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(10) == 7


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell no child of its parent's end")
def test_what_it_runs_ends_when_workbook_is_killed(project: Path) -> None:
    inner = "import signal; print('runs', flush=True); signal.pause()"
    with run_inside(project, inner) as process:
        assert process.stdout
        process.stdout.readline()
        process.kill()
        assert process.stdout.read() == b""  # which ends when the last who could write there is gone


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_job_that_ends_by_a_signal_ends_workbook_with_its_number(project: Path) -> None:
    with run_inside(project, "import os; os.kill(os.getpid(), 9)") as process:
        assert process.wait(10) == 137


def run_inside(project: Path, inner: str) -> subprocess.Popen[bytes]:
    """Start a process in which the ``run`` of workbook.py runs some code."""
    code = f"import sys; sys.path.insert(0, {str(project)!r}); import workbook\n"
    code += f"sys.exit(workbook.run([sys.executable, '-c', {inner!r}]))"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
