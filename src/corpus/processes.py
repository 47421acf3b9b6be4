"""Work that several processes share: each gets portions of it, and the answers come in the order of the portions.

The processes are started as programs of their own, not as copies of this one or of its script, so that a notebook, an
unguarded script and Windows are all alike; what is asked and answered goes through pipes between them and this process.
"""

from __future__ import annotations

import copyreg
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from corpus.errors import CorpusError

_T = TypeVar("_T")
_R = TypeVar("_R")
_AHEAD = 2
_START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import {function}; {function}()"


def _frozen(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


copyreg.pickle(MappingProxyType, lambda mapping: (_frozen, (dict(mapping),)))


def count_cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def share_out(
    function: Callable[[_T], _R], portions: Iterable[_T], *, jobs: int | None = None, least: int = 2
) -> Iterator[_R]:
    """Yield what a function makes of each portion, in their order.

    Parameters
    ----------
    function : callable
        A function of a module. It, each portion and each answer go from process to process.
    portions : iterable
        Taken a few ahead of what is asked for.
    jobs : int, optional
        How many processes. By default one a core, where there are at least so many portions as ``least``; with one,
        the work is done here.
    least : int
        Portions below which other processes do not pay.

    Raises
    ------
    CorpusError
        If ``jobs`` is below 1, or a process ends before its work is done.
    """
    if jobs is not None and jobs < 1:
        raise CorpusError(f"jobs={jobs}: at least one process has to do the work")
    portions = iter(portions)
    wanted = count_cores() if jobs is None else jobs
    first = list(islice(portions, least if jobs is None else 2))
    if wanted == 1 or len(first) < (least if jobs is None else 2):
        yield from map(function, chain(first, portions))
        return
    with keep_processes(wanted) as share:
        yield from share(function, chain(first, portions))


def start_process(module: str, function: str, *, stderr: int | None = None) -> subprocess.Popen[bytes]:
    """Start a process that calls a function of this library, as it lies on disk, with pipes to and from it."""
    import corpus

    code = _START.format(module=module, function=function)
    return subprocess.Popen(
        [sys.executable, "-P", "-c", code, str(Path(corpus.__file__).resolve().parents[1])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def end_process(process: subprocess.Popen[bytes]) -> None:
    """End a process and close what leads to it."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()


@contextmanager
def keep_processes(jobs: int) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[Any]]]:
    """Give what shares out work as `share_out` does, among so many processes that stay for more work of the kind."""
    if jobs == 1:
        yield map
        return
    workers = _Workers()
    waiting: deque[Future[Any]] = deque()

    def share(function: Callable[[Any], Any], portions: Iterable[Any]) -> Iterator[Any]:
        for portion in portions:
            waiting.append(threads.submit(workers.ask, function, portion))
            if len(waiting) >= _AHEAD * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    with ThreadPoolExecutor(jobs, initializer=workers.start) as threads:
        try:
            yield share
        finally:
            for future in waiting:
                future.cancel()
            workers.end()


class _Workers:
    """Processes, one for each thread that asks them."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        self._own.process = start_process(__name__, "serve")
        self._all.append(self._own.process)

    def ask(self, function: Callable[[_T], _R], portion: _T) -> _R:
        process = self._own.process
        try:
            pickle.dump((function, portion), process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            done, answer = pickle.load(process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise CorpusError("a process that did a part of the work was ended; ask for fewer with jobs=1") from error
        if not done:
            raise answer
        made: _R = answer
        return made

    def end(self) -> None:
        for process in self._all:
            end_process(process)


def serve() -> None:
    """Do what is asked on standard input and answer on standard output, until there is no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this process ends it
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    with suppress(EOFError, BrokenPipeError):
        while True:
            function, portion = pickle.load(asked)
            try:
                told = pickle.dumps((True, function(portion)), pickle.HIGHEST_PROTOCOL)
            except Exception as error:
                told = pickle.dumps((False, error), pickle.HIGHEST_PROTOCOL)
            answers.write(told)
            answers.flush()
