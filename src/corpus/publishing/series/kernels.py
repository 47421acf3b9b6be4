"""Notebooks run in processes of their own: sealed rooms whose outputs depend on notebook, library and data only.

One process of a fixed environment loads what the notebooks use, and runs each of them in a copy of itself (a fork; in
a new process where the system has none that is safe). What it tells goes to its standard output, a line of JSON each.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import starmap
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from corpus.field.data_files import is_checkout
from corpus.publishing.evidence.provenance import NOTEBOOK

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
OWN_REPORTS = {"CORPUS_MISSING_GLYPHS": "mark"}
"""What is set besides for reports of one's own, of which nobody knows beforehand which characters they have."""
_SERVE = "from corpus.publishing.series.kernels import serve; serve()"
_FORKS = sys.platform == "linux"
_TURN_SECONDS, _TICK_SECONDS = 0.02, 4.0
_PATIENCE_SECONDS = 5.0
_STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]

_USED = re.compile(r"\bcorpus((?:\.[a-z]\w*)+)")


class KernelFailure(Exception):
    """The process that runs the notebooks ended before they did; the message is what it said last."""


class Task(NamedTuple):
    """A notebook to run: the file that holds it, the folder that it runs in, where the result and what it says are put.

    The folder is called as the notebook. The result is JSON: ``notebook`` with its outputs, and ``raised``: nothing, or
    the place of the cell that raised, what it raised, and the traceback.
    """

    source: str
    folder: str
    result: str
    log: str

    @property
    def name(self) -> str:
        return Path(self.folder).name


class Event(NamedTuple):
    """Something that happens in a run: what, to which notebook, and the place of a cell or a status."""

    kind: str
    name: str
    number: int


def run_notebooks(
    tasks: Sequence[Task], settings: Path, *, jobs: int, timeout_s: float, variables: Mapping[str, str]
) -> Generator[Event, None, None]:
    """Run notebooks, so many at a time, and yield what happens.

    Parameters
    ----------
    tasks : sequence of Task
    settings : Path
        A private folder for what Jupyter, IPython and matplotlib would else read from the user's home, or write there.
    jobs : int
        Notebooks that run at a time.
    timeout_s : float
        Seconds of CPU time that one cell may take, where the system can tell.
    variables : mapping
        What stands in their environment besides what is fixed.

    Yields
    ------
    Event
        ``("cell", NAME, INDEX)``: a cell begins, counted from 0; ``("end", NAME, STATUS)``: a notebook's process ended
        with this status, which is 0, an exit status or minus the number of a signal; ``("tick", "", 0)``: time goes by.

    Raises
    ------
    KernelFailure
    """
    asked = {"tasks": list(map(list, tasks)), "jobs": jobs, "timeout_s": timeout_s, "parent": os.getpid()}
    (settings / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    log = settings / "said.txt"
    command = [sys.executable, "-P", "-c", _SERVE, str(settings / "asked.json")]
    environment = _environment(settings, variables)
    server = None
    with log.open("wb") as said:
        try:
            with _undisturbed():
                streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": said}
                server = subprocess.Popen(command, env=environment, start_new_session=True, **streams)
            assert server.stdout is not None
            for line in server.stdout:
                yield Event(*json.loads(line))
        finally:
            if server is not None:
                _end(server)
    if server.returncode:
        raise KernelFailure("\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]))


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put off requests to stop until the block ends: a process that was started is known then."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the process and those that it started, and wait for it; it does so itself unless it is stuck."""
    with suppress(subprocess.TimeoutExpired):
        server.terminate()
        server.wait(_PATIENCE_SECONDS)
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(server.pid, signal.SIGKILL)
    server.kill()
    server.wait()
    if server.stdout is not None:
        server.stdout.close()


def _environment(settings: Path, variables: Mapping[str, str]) -> dict[str, str]:
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
        **variables,
    }


def serve() -> None:
    """Run the notebooks that a file names, told by the first argument; the whole of the process for it."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)  # put off by who started this
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    server = _Server(list(starmap(Task, asked["tasks"])), asked["timeout_s"])
    if len(sys.argv) > 2:
        server.run(int(sys.argv[2]), asked["parent"])
    _end_with(asked["parent"], signal.SIGTERM)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if _FORKS:
        _load(server.tasks)
    server.serve(max(1, asked["jobs"]))


def _load(tasks: Sequence[Task]) -> None:
    """Import what the notebooks use, once for all of them."""
    from corpus.publishing.series import notebook_shell  # noqa: F401

    used = {name for task in tasks for name in _USED.findall(Path(task.source).read_text(encoding="utf-8"))}
    if used:
        import corpus

        for name in sorted(used):
            with suppress(AttributeError):
                attrgetter(name.removeprefix("."))(corpus)


class _Server:
    """The process that runs notebooks, each in a copy of itself or in a process that it starts."""

    def __init__(self, tasks: list[Task], timeout_s: float) -> None:
        self.tasks = tasks
        self._timeout_s = timeout_s
        # What notebooks print to file number 1 goes where errors go, not among what is told.
        self._events = os.dup(1)
        os.dup2(2, 1)

    def serve(self, jobs: int) -> None:
        """Run all notebooks, so many at a time, and tell when each ends."""
        running: dict[Any, str] = {}
        waiting = list(enumerate(self.tasks))
        told = time.monotonic()
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    number, task = waiting.pop(0)
                    with _undisturbed():
                        running[self._start(number)] = task.name
                time.sleep(_TURN_SECONDS)
                for process in list(running):
                    status = _status(process)
                    if status is not None:
                        self._tell("end", running.pop(process), status)
                if time.monotonic() - told > _TICK_SECONDS:
                    told = time.monotonic()
                    self._tell("tick", "", 0)
        finally:
            for process in running:
                _kill(process)

    def _start(self, number: int) -> int | subprocess.Popen[bytes]:
        parent = os.getpid()
        if not _FORKS:
            command = [sys.executable, "-P", "-c", _SERVE, sys.argv[1], str(number)]
            return subprocess.Popen(command, stdout=self._events)
        process = os.fork()
        if not process:
            self.run(number, parent)
        return process

    def run(self, number: int, parent: int) -> NoReturn:
        """Run one notebook in this process, and end it."""
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            if _FORKS:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
                _end_with(parent, signal.SIGKILL)
            self._run(self.tasks[number])
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)

    def _run(self, task: Task) -> None:
        from corpus.publishing.series.notebook_shell import run_cells

        said = os.open(task.log, os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.chdir(task.folder)
        os.environ[NOTEBOOK] = task.name

        def on_cell(index: int) -> None:
            self._tell("cell", task.name, index)
            if hasattr(signal, "setitimer"):  # the system ends the process where the time is over
                signal.setitimer(signal.ITIMER_PROF, self._timeout_s)

        notebook = json.loads(Path(task.source).read_text(encoding="utf-8"))
        raised = run_cells(notebook, on_cell=on_cell)
        Path(task.result).write_text(json.dumps({"notebook": notebook, "raised": raised}), encoding="utf-8")

    def _tell(self, *words: str | int) -> None:
        os.write(self._events, f"{json.dumps(words)}\n".encode())


def _status(process: int | subprocess.Popen[bytes]) -> int | None:
    if isinstance(process, subprocess.Popen):
        return process.poll()
    ended, status = os.waitpid(process, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _kill(process: int | subprocess.Popen[bytes]) -> None:
    if isinstance(process, subprocess.Popen):
        process.kill()
        process.wait()
    else:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def _end_with(parent: int, number: int) -> None:
    """Have this process get a signal when its parent ends, whatever ends that, where the system offers it."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, number)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
