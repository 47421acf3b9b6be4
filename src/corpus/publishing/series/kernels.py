"""Notebooks run in processes of their own: sealed rooms whose outputs depend on notebook, library and data only.

One process of a fixed environment loads what the notebooks use, and runs each of them in a copy of itself (in a new
process where the system has no copies that are safe). What it tells goes to its standard output, a line of JSON each.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Generator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from operator import attrgetter
from pathlib import Path
from typing import Any

from corpus.field.data_files import NOTEBOOK, is_checkout

# What a Python process needs to find itself and its packages; nothing else of the caller's environment gets in.
_INHERITED = (
    *("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    "MPLCONFIGDIR",  # where matplotlib keeps its list of fonts; its settings come from elsewhere
    *("PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"),
    *("TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PATHEXT", "COMSPEC"),
)
FIXED = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "SOURCE_DATE_EPOCH": "1577836800",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
"""What outputs would else depend on, the same for every run."""
_SERVE = "from corpus.publishing.series.kernels import serve; serve()"
_IS_LINUX = sys.platform == "linux"
_PATIENCE_SECONDS = 5.0
_IN_LINES = ("text/", "application/javascript", "image/svg+xml")

_USED = re.compile(r"\bcorpus((?:\.[a-z]\w*)+)")


class KernelFailure(Exception):
    """The process that runs the notebooks ended before they did; the message is what it said last."""


Event = tuple[str, str, int]
"""``("cell", NAME, INDEX)``: a cell begins, counted from 0; ``("end", NAME, STATUS)``: a notebook's process ended with
this status, which is 0, an exit status or minus the number of a signal."""


def run_notebooks(names: Sequence[str], place: Path, *, jobs: int, timeout_s: float) -> Generator[Event, None, None]:
    """Run notebooks, so many at a time, and yield what happens.

    Parameters
    ----------
    names : sequence of str
    place : Path
        A private folder that holds ``NAME.ipynb`` of each. It runs in ``NAME/``; what it prints past its cells goes to
        ``NAME.txt``, and ``NAME.json`` gets ``notebook`` with its outputs, and ``raised``: nothing, or the place of the
        cell that raised, what it raised, and the traceback. Jupyter, IPython and matplotlib keep their settings there.
    jobs : int
        Notebooks that run at a time.
    timeout_s : float
        Seconds of CPU time that one cell may take, where the system can tell.

    Yields
    ------
    Event

    Raises
    ------
    KernelFailure
    """
    settings = place / "settings"
    settings.mkdir()
    asked = [str(place), list(names), max(1, jobs), timeout_s, os.getpid()]
    command = [sys.executable, "-P", "-c", _SERVE, json.dumps(asked)]
    log = settings / "said.txt"
    with log.open("wb") as said:
        streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": said}
        environment = _environment(settings)
        server = subprocess.Popen(command, env=environment, start_new_session=True, **streams)
        try:
            assert server.stdout is not None
            for line in server.stdout:
                kind, name, number = json.loads(line)
                yield kind, name, number
        finally:
            _end(server)
    if server.returncode:
        raise KernelFailure("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]))


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the process and those that it started, and wait for it; it does so itself unless it is stuck."""
    with suppress(subprocess.TimeoutExpired):
        server.terminate()
        server.wait(_PATIENCE_SECONDS)
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(server.pid, signal.SIGKILL)
    server.kill()
    server.communicate()


def _environment(settings: Path) -> dict[str, str]:
    matplotlibrc = settings / "matplotlibrc"
    matplotlibrc.touch()
    library = [str(Path(__file__).resolve().parents[3])] if is_checkout() else []
    paths = [os.path.abspath(path) for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    return {
        **{name: os.environ[name] for name in _INHERITED if name in os.environ},
        **FIXED,
        "PYTHONPATH": os.pathsep.join((*library, *paths)),
        "IPYTHONDIR": str(settings / "ipython"),
        "MATPLOTLIBRC": str(matplotlibrc),
    }


def serve() -> None:
    """Run the notebooks that the first argument names, and tell what happens; the whole of the process for it."""
    place, names, jobs, timeout_s, parent = json.loads(sys.argv[1])
    _end_with(parent, signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # What notebooks print to file number 1 goes where errors go, not among what is told.
    events = os.dup(1)
    os.dup2(2, 1)

    def tell(*event: str | int) -> None:
        os.write(events, f"{json.dumps(event)}\n".encode())

    if _IS_LINUX:
        _load([Path(place, f"{name}.ipynb") for name in names])
    context: Any = multiprocessing.get_context("fork" if _IS_LINUX else "spawn")
    waiting = list(names)
    running: dict[Connection, BaseProcess] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                name = waiting.pop(0)
                hears, tells = context.Pipe(duplex=False)
                args = (Path(place), name, timeout_s, os.getpid(), tells)
                running[hears] = context.Process(target=_run, name=name, args=args)
                running[hears].start()
                tells.close()
            wait([*running, *(process.sentinel for process in running.values())])
            for hears, process in list(running.items()):
                is_over = process.exitcode is not None  # asked first: what it told before its end is all there
                with suppress(EOFError):
                    while hears.poll():
                        tell("cell", process.name, hears.recv())
                if is_over:
                    del running[hears]
                    tell("end", process.name, process.exitcode or 0)
    finally:
        for process in running.values():
            process.kill()
            process.join()


def _load(paths: Sequence[Path]) -> None:
    """Import what the notebooks use, once for all of them."""
    import IPython.core.interactiveshell  # noqa: F401

    used = {name for path in paths for name in _USED.findall(path.read_text(encoding="utf-8"))}
    if used:
        import corpus

        for name in sorted(used):
            with suppress(AttributeError):
                attrgetter(name.removeprefix("."))(corpus)


def _run(place: Path, name: str, timeout_s: float, parent: int, tells: Connection) -> None:
    """Run one notebook in this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent, signal.SIGKILL)
    said = os.open(place / f"{name}.txt", os.O_WRONLY | os.O_CREAT)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(place / name)
    os.environ[NOTEBOOK] = name

    def on_cell(index: int) -> None:
        tells.send(index)
        if hasattr(signal, "setitimer"):  # the system ends the process where the time is over
            signal.setitimer(signal.ITIMER_PROF, timeout_s)

    notebook = json.loads((place / f"{name}.ipynb").read_text(encoding="utf-8"))
    raised = _run_cells(notebook, on_cell)
    (place / f"{name}.json").write_text(json.dumps({"notebook": notebook, "raised": raised}), encoding="utf-8")


def _end_with(parent: int, number: int) -> None:
    """Have this process get a signal when its parent ends, whatever ends that, where the system offers it."""
    if _IS_LINUX:
        import ctypes

        ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)


class _Stream(io.TextIOBase):
    """What cells print, all of one stream of a cell together."""

    def __init__(self, outputs: list[dict[str, Any]], name: str) -> None:
        super().__init__()
        self._outputs, self._name = outputs, name

    def write(self, text: str) -> int:
        printed = next((output for output in self._outputs if output.get("name") == self._name), None)
        if printed is not None:
            printed["text"] += text
        elif text:
            self._outputs.append({"name": self._name, "output_type": "stream", "text": text})
        return len(text)


def _run_cells(notebook: dict[str, Any], on_cell: Callable[[int], None]) -> tuple[int, str, str] | None:
    """Run the code cells of a notebook and put their outputs and numbers into it, as JupyterLab saves them.

    Returns
    -------
    (int, str, str) or None
        The cell that raised, what it raised, and the traceback. Cells behind it were not run.
    """
    from IPython.core.displayhook import CapturingDisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    told = {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor", "banner1": ""}}
    shell: Any = InteractiveShell.instance(config=Config(told))
    traces: list[str] = []
    request: dict[str, Any] = {}
    shell.display_pub = CapturingDisplayPublisher()  # type: ignore[no-untyped-call]
    outputs: list[dict[str, Any]] = shell.display_pub.outputs
    shell.display_trap.hook = CapturingDisplayHook(shell, outputs)  # type: ignore[no-untyped-call]
    shell._showtraceback = lambda _kind, _error, lines: traces.extend(lines)
    shell.get_parent = lambda: request  # as a kernel of Jupyter has it: `running_cell` reads it
    number = 0
    with redirect_stdout(_Stream(outputs, "stdout")), redirect_stderr(_Stream(outputs, "stderr")):
        for index, cell in enumerate(notebook["cells"]):
            on_cell(index)
            source = "".join(cell["source"])
            cell["source"] = source.splitlines(keepends=True)
            if cell["cell_type"] != "code":
                continue
            cell["outputs"], cell["execution_count"] = [], None
            if not source.strip():
                continue
            number += 1
            request.update({"metadata": {"cellId": cell["id"]}, "content": {"code": source}})
            result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            if error is not None:
                return index, f"{type(error).__name__}: {error}", "\n".join(traces)
            cell["execution_count"] = number
            cell["outputs"] = [_as_saved(output, number) for output in outputs]
            outputs.clear()
    return None


def _as_saved(output: dict[str, Any], number: int) -> dict[str, Any]:
    """Return an output in the form of a file: text in lines, bytes as base64."""
    if "text" in output:
        return {**output, "text": output["text"].splitlines(keepends=True)}
    is_result = "transient" not in output
    saved: dict[str, Any] = {"execution_count": number} if is_result else {}
    saved |= {"output_type": "execute_result" if is_result else "display_data", "metadata": output["metadata"] or {}}
    data = {}
    for kind, value in output["data"].items():
        plain = b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        in_lines = isinstance(plain, str) and kind.startswith(_IN_LINES)
        data[kind] = plain.splitlines(keepends=True) if in_lines else plain
    return {**saved, "data": data}
