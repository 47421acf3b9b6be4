"""Sets up the workbook and runs it, with nothing but Python 3.11 to 3.14.

    python3 workbook.py reproduce [ARGS]   run every notebook, write every figure
    python3 workbook.py test [ARGS]        run the tests; ARGS go to pytest
    python3 workbook.py lab [ARGS]         read the notebooks in JupyterLab; ARGS go to JupyterLab
    python3 workbook.py lab --check        start JupyterLab, see that it answers, stop it
    python3 workbook.py COMMAND [ARGS]     any other command of corpus: check, show, compare, figures, explain, verify

The first run makes .venv beside this file and installs the pinned packages there, in about a minute; later runs start
at once. Outside this folder only pip's cache of downloads is written.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from pathlib import Path

# Python 3.6 and later can read this file, so they say this; Python 2 stops at this f-string, and so shows the line.
if not (3, 11) <= sys.version_info < (3, 15):
    sys.exit(f"workbook.py needs Python 3.11 to 3.14, this is {sys.version.split()[0]}: try python3.13 workbook.py")

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = ROOT / "notebooks"
REQUIREMENTS = ROOT / "requirements.txt"
VENV = ROOT / ".venv"
STAMP = VENV / "workbook.txt"
LAB_TIMEOUT_SECONDS = 90


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    python = str(set_up())
    command, rest = arguments[0], arguments[1:]
    if command == "test":
        return run([python, "-m", "pytest", "--numprocesses=2", "--dist=worksteal", *rest], own_settings(), ROOT)
    if command == "lab" and "--check" in rest:
        return check_lab(python)
    if command == "lab":
        return run([python, "-m", "jupyterlab", *rest], environment(), NOTEBOOKS)
    return run([python, "-m", "corpus", *arguments], own_settings())


def set_up() -> Path:
    """Return the Python of .venv, made anew unless the stamp says that it is whole, current and was not moved."""
    here = (sys.version.encode("ascii"), os.fsencode(sys.base_prefix), os.fsencode(ROOT))
    wanted = (REQUIREMENTS.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    stamp = hashlib.sha256(b"\0".join(here + wanted)).hexdigest()
    if STAMP.exists():
        if STAMP.read_text(encoding="ascii") == stamp and python_of(VENV).exists():
            return python_of(VENV)
        shutil.rmtree(VENV)
    elif VENV.exists() and any(VENV.iterdir()):
        sys.exit("workbook: .venv is there but workbook.py did not make it: rename or delete it, then run this again")
    began = time.monotonic()
    VENV.mkdir(exist_ok=True)
    STAMP.write_text("unfinished", encoding="ascii")
    python = make_environment(VENV)
    pip(python, "the project itself", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    # Python reads this file in the locale's encoding; the way there, unlike ROOT, is plain ASCII in any folder.
    way = Path(sysconfig.get_path("purelib", "venv", {"base": str(VENV)}), "_fazhi_workbook.pth")
    way.write_text(os.path.relpath(ROOT / "src", way.parent), encoding="ascii")
    STAMP.write_text(stamp, encoding="ascii")
    say(f"Ready after {time.monotonic() - began:.0f} s.")
    return python


def make_environment(folder: Path) -> Path:
    """Make a virtual environment with all pinned packages in it, and return its Python."""
    try:
        import venv  # noqa: F401
        from ensurepip import bootstrap  # noqa: F401
    except ImportError:  # Debian leaves these out, or an empty folder of that name
        name = f"python3.{sys.version_info.minor}-venv"
        sys.exit(
            f"workbook: this Python lacks venv: on Debian or Ubuntu 'sudo apt install {name}', then run this again"
        )
    say(f"Making {folder.name} with Python {sys.version.split()[0]} ...")
    step("making the virtual environment", [sys.executable, "-m", "venv", str(folder)])
    python = python_of(folder)
    pinned = REQUIREMENTS.read_text(encoding="utf-8")
    say(f"Installing {len(re.findall('^[^ #]+==', pinned, re.M))} pinned packages, once; this takes about a minute ...")
    # jieba comes as source only, and what builds it must stand there before it. Nothing is compiled here: Python does
    # that when a module is first imported, which takes 5 s less than compiling all of them.
    builder = folder / "builder.txt"
    builder.write_text("".join(re.findall(r"^setuptools==.*\n(?: +.*\n)+", pinned, re.M)), encoding="utf-8")
    options = ("--no-deps", "--no-compile", "--require-hashes", "--no-build-isolation", "--use-pep517", "--requirement")
    pip(python, "what builds jieba", *options, str(builder))
    pip(python, "the pinned packages", *options, str(REQUIREMENTS))
    return python


def python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def pip(python: Path, what: str, *arguments: str) -> None:
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
    step(f"installing {what}", [str(python), "-m", "pip", "install", *quiet, *arguments])


def step(what: str, command: list[str]) -> None:
    """Run one step of the set-up without its noise; where it fails, show its last lines and end."""
    done = subprocess.run(
        command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode == 0:
        return
    if b"Retrying (" in done.stdout:
        sys.exit(f"workbook: {what} failed, no package index answers: connect to the network, then run this again")
    say(last_lines(done.stdout))
    sys.exit(f"workbook: {what} failed for the reason above: mend it, then run this again")


def environment() -> dict[str, str]:
    """The caller's variables, less what would let another Python's packages or settings in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    if "PYTHONHASHSEED" in os.environ:
        kept["PYTHONHASHSEED"] = os.environ["PYTHONHASHSEED"]
    return kept | {"PYTHONUTF8": "1", "PYTHONNOUSERSITE": "1", "PIP_USER": "0"}


def own_settings() -> dict[str, str]:
    """The environment in which no setting of the reader's Jupyter, IPython or matplotlib can change a result."""
    others = ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "MATPLOTLIBRC", "MPLBACKEND")
    kept = {name: value for name, value in environment().items() if name not in others}
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "MPLCONFIGDIR")
    return kept | {name: str(VENV / "settings" / name.lower()) for name in folders} | {"JUPYTER_NO_CONFIG": "1"}


def run(command: list[str], variables: dict[str, str], folder: Path | None = None) -> int:
    process = subprocess.Popen(command, env=variables, cwd=folder)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the child had the same Ctrl-C, and ends in its own way


def check_lab(python: str) -> int:
    """Start JupyterLab on a free port, see that it shows the notebooks and has a kernel for them, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1"]
    command += [f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            command,
            env=own_settings() | {"JUPYTER_TOKEN": token},
            cwd=NOTEBOOKS,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
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
        sys.exit("workbook: JupyterLab lacks its page or the kernel python3: delete .venv, then run this again")
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
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(f"workbook: {error}")
