"""Sets up the workbook and runs it, with nothing but Python 3.11 to 3.14.

    python3 workbook.py reproduce [ARGS]   run every notebook, write every figure
    python3 workbook.py test [ARGS]        run the tests; ARGS go to pytest
    python3 workbook.py lab [PATH] [ARGS]  read the notebooks in JupyterLab, on reports of your own where PATH is given;
                                           ARGS that corpus lab does not know go to JupyterLab
    python3 workbook.py lab --check        start JupyterLab, see that it answers, stop it
    python3 workbook.py COMMAND [ARGS]     any other command of corpus: check, show, compare, figures, explain, verify
    python3 workbook.py set-up [--anew]    only set up; with --anew put a new environment in the place of the old one
    python3 workbook.py set-up --here      install the pinned packages into the Python that runs this (conda, Binder)

The first run makes .venv beside this file and installs the pinned packages there, in about a minute; later runs start
at once. Outside this folder and the one for temporary files, only pip's cache of downloads is written.
"""

import os
import sys

# Python 3.6 and later can read this file, so they say this; Python 2 stops at this f-string, and so shows the line.
if not (3, 11) <= sys.version_info < (3, 15):
    sys.exit(f"workbook.py needs Python 3.11 to 3.14, this is {sys.version.split()[0]}: try python3.13 workbook.py")
# Whatever is called json.py beside this file, here or on PYTHONPATH: the standard library is imported.
try:
    FOREIGN = ["", os.path.dirname(os.path.realpath(__file__)), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    FOREIGN = list(map(os.path.realpath, FOREIGN))
except FileNotFoundError:
    sys.exit("workbook: the current folder is gone: go to another one, then run this again")
sys.path[:] = [path for path in sys.path if os.path.realpath(path) not in FOREIGN]

import hashlib
import json
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = ROOT / "notebooks"
REQUIREMENTS = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
STAMP = "workbook.txt"
ANEW = "python3 workbook.py set-up --anew"
LAB_TIMEOUT_SECONDS = 90

# What a set-up makes beside .venv, and what it takes away from there: left only where one was killed.
BESIDE = re.compile(r"\.venv-(?:new|old)-[0-9a-f]{16}")

# Every Python of .venv imports this when it starts, however it was started, and so keeps .venv from being replaced.
IN_USE = "_fazhi_workbook"
IN_USE_SOURCE = """import os
try:
    import fcntl
    fcntl.flock(os.open(os.path.join(os.path.dirname(__file__), {way!r}), os.O_RDONLY), fcntl.LOCK_SH | fcntl.LOCK_NB)
except (ImportError, OSError):
    pass
"""

STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    on_stop(stop)
    command, rest = arguments[0], arguments[1:]
    if command == "set-up":
        return set_up_only(rest)
    python = str(set_up())
    if command == "test":
        return run([python, "-m", "pytest", "--numprocesses=2", "--dist=worksteal", *rest], ROOT)
    return check_lab(python) if [command, *rest] == ["lab", "--check"] else run([python, "-m", "corpus", *arguments])


def set_up_only(options: list[str]) -> int:
    if options not in ([], ["--anew"], ["--here"]):
        sys.exit("workbook: set-up takes --anew, --here or nothing")
    if options == ["--here"]:
        with tempfile.TemporaryDirectory() as temporary:
            install(Path(sys.executable), Path(temporary), project=True)
    else:
        set_up(anew=bool(options))
        say(".venv is whole and current.")
    return 0


def set_up(anew: bool = False) -> Path:
    """Return the Python of .venv, made where there is none, or anew where that is asked for.

    A lock on this file says who is at work: many runs at a time, or one set-up alone. It lasts until this process ends.
    """
    wanted = (os.fsencode(ROOT), REQUIREMENTS.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    stamp = hashlib.sha256(b"\0".join(wanted)).hexdigest().encode("ascii")
    if anew and Path(sys.prefix).resolve() == VENV.resolve():
        sys.exit(f"workbook: this is the Python of .venv: run '{ANEW}' with the Python of the system (deactivate)")
    lock = os.open(__file__, os.O_RDWR if os.access(__file__, os.W_OK) else os.O_RDONLY)  # some drives want the first
    if any(BESIDE.fullmatch(name) for name in os.listdir(ROOT)) and can_lock(lock, alone=True):
        sweep()
    if not is_there() or anew:
        wait_for_lock(lock, alone=True)
        if not is_there() or anew:  # another run may have made it while this one waited
            make(stamp)
    wait_for_lock(lock, alone=False)
    fault = fault_of_venv(stamp)
    if fault:
        sys.exit(f"workbook: .venv {fault}: '{ANEW}' makes it anew")
    return python_of(VENV)


def is_there() -> bool:
    """Tell whether there is a .venv that workbook.py made, whole or not; end where it is something else."""
    other = ""
    if VENV.is_symlink() and not VENV.exists():
        other = "a link that leads nowhere"
    elif VENV.exists() and not VENV.is_dir():
        other = "a file"
    elif VENV.exists() and any(VENV.iterdir()) and not (VENV / STAMP).exists():
        other = "there, but workbook.py did not make it"
    if other:
        sys.exit(f"workbook: .venv is {other}: rename or delete it, then run this again")
    return (VENV / STAMP).exists()


def fault_of_venv(stamp: bytes) -> str:
    """Say why .venv cannot be used, whichever Python this is; empty where it can."""
    if not (VENV / STAMP).is_file() or (VENV / STAMP).read_bytes() != stamp:
        return "was made for other requirements or in another place, or is damaged"
    command = [str(python_of(VENV)), "-c", f"import {IN_USE}"]
    with suppress(OSError):
        if not subprocess.run(command, env=environment(), stdin=subprocess.DEVNULL, capture_output=True).returncode:
            return ""
    return "has a Python that does not work any more"


def make(stamp: bytes) -> None:
    """Make a new environment beside .venv and put it in its place; whenever this is stopped, .venv is old or new."""
    began = time.monotonic()
    new, old = (ROOT / f".venv-{kind}-{secrets.token_hex(8)}" for kind in ("new", "old"))
    try:
        python = make_environment(new, project=True)
        # Its own name stands in the scripts of the environment; they are to have the one that it gets.
        for path in (new / "pyvenv.cfg", *python.parent.iterdir()):
            if path.is_file() and not path.is_symlink() and os.fsencode(new.name) in path.read_bytes():
                path.write_bytes(path.read_bytes().replace(os.fsencode(new.name), os.fsencode(VENV.name)))
        # Python reads this file in the locale's encoding; the way there, unlike ROOT, is plain ASCII in any folder.
        way = Path(sysconfig.get_path("purelib", "venv", {"base": str(new)}), f"{IN_USE}.pth")
        up = os.path.relpath(ROOT, way.parent)
        way.write_text(os.path.join(up, "src") + f"\nimport {IN_USE}\n", encoding="ascii")
        way.with_suffix(".py").write_text(IN_USE_SOURCE.format(way=os.path.join(up, "workbook.py")), encoding="ascii")
        (new / STAMP).write_bytes(stamp)
        if VENV.exists():
            VENV.rename(old)
        new.rename(VENV)
    finally:
        try:
            sweep()
        except SystemExit:  # asked to stop just now, and from now on not again
            sweep()
            raise
    say(f"Ready after {time.monotonic() - began:.0f} s.")


def sweep() -> None:
    for path in ROOT.glob(".venv-*"):
        if BESIDE.fullmatch(path.name):
            path.unlink() if path.is_symlink() else shutil.rmtree(path, ignore_errors=True)


def wait_for_lock(lock: int, alone: bool) -> None:
    """Lock this file by one of its descriptors, for a set-up alone or together with other runs, as soon as one can."""
    if not can_lock(lock, alone):
        others = "what runs from .venv (JupyterLab?)" if alone and is_there() else "another set-up"
        say(f"Waiting for {others} to end ...")
    while not can_lock(lock, alone):
        time.sleep(0.2)


def can_lock(lock: int, alone: bool) -> bool:
    if sys.platform == "win32":  # only a set-up locks; a folder from which a process runs cannot be renamed there
        import msvcrt

        os.lseek(lock, 1 << 30, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(lock, msvcrt.LK_UNLCK, 1)
        try:
            return not alone or msvcrt.locking(lock, msvcrt.LK_NBLCK, 1) is None
        except OSError:
            return False
    import fcntl

    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        return not isinstance(error, BlockingIOError)  # but a drive without locks
    return True


def make_environment(folder: Path, project: bool) -> Path:
    """Make a virtual environment with all pinned packages in it, and return its Python."""
    try:
        import venv  # noqa: F401
        from ensurepip import bootstrap  # noqa: F401
    except ImportError:  # Debian leaves these out, or an empty folder of that name
        name = f"python3.{sys.version_info.minor}-venv"
        sys.exit(f"workbook: this Python lacks venv: on Debian, Ubuntu 'sudo apt install {name}', then run this again")
    temporary = folder / "temporary"  # where what a kill leaves goes the way of the folder
    temporary.mkdir(parents=True)
    say(f"Making .venv with Python {sys.version.split()[0]} ...")
    step("making the virtual environment", [sys.executable, "-m", "venv", str(folder)], temporary)
    install(python_of(folder), temporary, project)
    shutil.rmtree(temporary)
    return python_of(folder)


def install(python: Path, temporary: Path, project: bool) -> None:
    """Install the pinned packages for a Python, and the project itself as it lies here if that is wanted."""
    pinned = REQUIREMENTS.read_text(encoding="utf-8")
    say(f"Installing {len(re.findall('^[^ #]+==', pinned, re.M))} pinned packages, once; this takes about a minute ...")
    # jieba comes as source only, and what builds it must stand there before it. Nothing is compiled here: Python does
    # that when a module is first imported, which takes 5 s less than compiling all of them.
    builder = temporary / "builder.txt"
    builder.write_text("".join(re.findall(r"^setuptools==.*\n(?: +.*\n)+", pinned, re.M)), encoding="utf-8")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    pip += ["--no-warn-script-location", "--no-deps", "--no-build-isolation"]
    hashed = [*pip, "--no-compile", "--require-hashes", "--use-pep517", "--requirement"]
    step("installing what builds jieba", [*hashed, str(builder)], temporary)
    step("installing the pinned packages", [*hashed, str(REQUIREMENTS)], temporary)
    if project:
        step("installing the project itself", [*pip, "--editable", str(ROOT)], temporary)


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def step(what: str, command: list[str], temporary: Path) -> None:
    """Run one step of the set-up without its noise; where it fails, show its last lines and end."""
    variables = environment() | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = start(command, variables, None, **streams, start_new_session=True)
    try:
        output = process.communicate()[0]
    except BaseException:  # with what it started in turn
        os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
        process.wait()
        raise
    if process.returncode == 0:
        return
    if b"Retrying (" in output:
        sys.exit(f"workbook: {what} failed, no package index answers: connect to the network, then run this again")
    say(last_lines(output))
    is_full = b"No space left" in output or shutil.disk_usage(ROOT).free < 100 << 20
    reason = "there is no room left on its disk" if is_full else "for the reason above"
    sys.exit(f"workbook: {what} failed, {reason}: mend it, then run this again")


def environment() -> dict[str, str]:
    """The caller's variables, less what would let another Python's packages or settings in."""
    kept = {name: os.environ[name] for name in os.environ if name == "PYTHONHASHSEED" or not name.startswith("PYTHON")}
    return kept | {"PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1", "PYTHONSAFEPATH": "1", "PIP_USER": "0"}


def own_settings() -> dict[str, str]:
    """The environment in which no setting of the reader's Jupyter, IPython or matplotlib counts, or is written."""
    others = ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "MATPLOTLIBRC", "MPLBACKEND")
    kept = {name: value for name, value in environment().items() if name not in others}
    folders = ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR"]
    return kept | {name: str(VENV / "settings" / name.lower()) for name in [*folders, "NPM_CONFIG_CACHE"]}


def run(command: list[str], folder: Path | None = None) -> int:
    """Run a command to its end and return its exit status; what would stop this process stops that one."""
    process = None
    early = []

    def pass_on(number: int, _: object) -> None:
        if process is None:
            early.append(number)
        elif not (number == signal.SIGINT and has_terminal()):  # the terminal sends Ctrl-C to both
            process.send_signal(number)

    on_stop(pass_on)
    process = start(command, own_settings(), folder)
    for number in early:
        process.send_signal(number)
    status = process.wait()
    return 128 - status if status < 0 else status


def start(command: list[str], variables: dict[str, str], folder: Path | None, **how: Any) -> subprocess.Popen[bytes]:
    """Start a process that is asked to stop when this one ends, whatever ends it, where the system offers that."""
    tie = partial(tie_to, os.getpid()) if sys.platform == "linux" else None
    return subprocess.Popen(command, env=variables, cwd=folder, preexec_fn=tie, **how)


def tie_to(parent: int) -> None:
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
    if os.getppid() != parent:
        os._exit(1)


def on_stop(action: Callable[[int, Any], Any]) -> None:
    """Have something done when this process is asked to stop, unless that is to be ignored (nohup, a script's job)."""
    for number in STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, action)


def stop(number: int, _: object) -> None:
    """End in order; a second request to stop does not cut that short."""
    on_stop(lambda *_: None)
    sys.exit(128 + number)


def has_terminal() -> bool:
    """Tell whether Ctrl-C at a terminal reaches this process, and so those that it starts."""
    with suppress(OSError, AttributeError), open("/dev/tty", "rb") as terminal:
        return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    return os.name == "nt"


def check_lab(python: str) -> int:
    """Start JupyterLab on a free port, see that it shows the notebooks and has a kernel for them, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    with tempfile.TemporaryFile() as log:
        streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": subprocess.STDOUT}
        server = start(command, own_settings() | {"JUPYTER_TOKEN": token}, NOTEBOOKS, **streams)
        try:
            wait_for(server, port, token)
            page = ask(port, token, "lab")
            listed = {entry["name"] for entry in json.loads(ask(port, token, "api/contents"))["content"]}
            kernels = json.loads(ask(port, token, "api/kernelspecs"))["kernelspecs"]
        except (OSError, ValueError) as error:
            log.seek(0)
            say(last_lines(log.read()))
            sys.exit(f"workbook: JupyterLab does not answer: {error}")
        finally:
            server.terminate()
            server.wait(timeout=30)
    notebooks = {path.name for path in NOTEBOOKS.glob("*.ipynb")}
    if not notebooks or not notebooks <= listed:
        sys.exit(f"workbook: JupyterLab does not list {sorted(notebooks - listed) or 'any notebook'}")
    if "python3" not in kernels or b"JupyterLab" not in page:
        sys.exit(f"workbook: JupyterLab lacks its page or the kernel python3: '{ANEW}' makes .venv anew")
    print(f"JupyterLab answers, lists {len(notebooks)} notebooks, has the kernel python3, and was stopped.")
    return 0


def wait_for(server: "subprocess.Popen[bytes]", port: int, token: str) -> None:
    deadline = time.monotonic() + LAB_TIMEOUT_SECONDS
    while True:
        try:
            ask(port, token, "api/status")
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def ask(port: int, token: str, path: str) -> bytes:
    """Get one page of the server, never through a proxy."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/{path}", headers={"Authorization": f"token {token}"})
    answer: bytes = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30).read()
    return answer


def last_lines(output: bytes) -> str:
    return "\n".join(output.decode("utf-8", "replace").splitlines()[-12:])


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:
        place, reason = error.filename or "TMPDIR", error.strerror or type(error).__name__
        sys.exit(f"workbook: {place}: {reason}: give room and leave to read and write there, then run this again")
