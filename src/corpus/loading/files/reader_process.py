"""A process that reads files which may be made to break, stall or fill their reader: it has bounds of time and memory.

It is started for the first such file and serves those that follow, with the function that `serve` is given. No signals:
Windows has none.
"""

from __future__ import annotations

import atexit
import json
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from corpus.loading.files import limits
from corpus.loading.files.decoding import UndecodableError

_START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import serve_files; sys.exit(serve_files())"
_START_SECONDS = 60.0
_OUT_OF_MEMORY, _OUT_OF_TIME = 77, 78
"""What a process that took too much ends with."""
_PATIENCE = 2.5
"""Seconds of the clock for each second of a process's own time: the machine may be busy with other things."""
_WATCH_SECONDS = 0.05
_SOON_SECONDS = 1.0


class NoProcessError(Exception):
    """This system starts no process."""


class _Process:
    """A process that reads one file after the other; its answers are lines of JSON."""

    def __init__(self, module: str) -> None:
        import corpus

        source = str(Path(corpus.__file__).resolve().parents[1])
        self.owner = os.getpid()
        try:
            self.process = self._started(source, module)
        except OSError as error:
            raise NoProcessError(str(error)) from error
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.served = 0
        with suppress(queue.Empty):
            if self._next(_START_SECONDS):
                return
        self.end()
        raise NoProcessError("it ended before it had begun")

    @staticmethod
    def _started(source: str, module: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-P", "-c", _START.format(module=module), source],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with suppress(OSError, ValueError):
            for line in self.process.stdout:
                self.answers.put(line)
        self.answers.put(b"")

    def _next(self, seconds: float) -> bytes:
        try:
            return self.answers.get(timeout=seconds)
        except queue.Empty:
            self.end()
            raise

    def send(self, header: bytes, content: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(header + b"\n" + content)
        self.process.stdin.flush()

    def wait(self) -> dict[str, Any]:
        """Return the answer; raise the fault that stands for none.

        A process that served other files and ends at once may have been ended from outside: then `OSError` is raised.
        """
        started = time.monotonic()
        pages, left = 0, limits.MAX_FILE_SECONDS
        while True:
            step = min(_PATIENCE * limits.MAX_STEP_SECONDS, left)
            began = time.monotonic()
            try:
                line = self._next(max(step, 0.0))
            except queue.Empty:
                raise self._too_slow(pages) from None
            left -= time.monotonic() - began
            if line == b"":
                self.process.wait()
                if self.served and time.monotonic() - started < _SOON_SECONDS:
                    raise BrokenPipeError
                raise self._too_slow(pages) if self.process.returncode == _OUT_OF_TIME else self._fault()
            answer: dict[str, Any] = json.loads(line)
            if "page" not in answer:
                self.served += 1
                return answer
            pages = answer["page"]

    def _too_slow(self, pages: int) -> UndecodableError:
        place = f"page {pages + 1}" if pages else ""
        message = f"reading takes more than {limits.MAX_STEP_SECONDS:g} seconds a page"
        return UndecodableError("too-slow", place, message, "save it anew, or as text")

    def _fault(self) -> UndecodableError:
        if self.process.returncode == _OUT_OF_MEMORY:
            message = f"reading takes more than {limits.MAX_READER_BYTES / limits.MIB:,.0f} MiB of memory"
            return UndecodableError("too-large", "", message, "split the file, or save its text alone")
        message = "its reader broke off: the file is damaged, or made to take more memory than there is"
        return UndecodableError("unreadable", "", message, "obtain the file again, or save its text alone")

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


_running: _Process | None = None
_lock = threading.Lock()


def ask(module: str, header: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Have a file read by the process that ``module.serve_files`` runs in; return its answer.

    Raises
    ------
    UndecodableError
        If reading takes too long or too much memory, or breaks off.
    NoProcessError
        If there can be no such process.
    """
    global _running
    told = json.dumps({**header, "length": len(content), "seconds": limits.MAX_STEP_SECONDS}).encode()
    with _lock:
        # A process that this one was forked from keeps its own.
        if _running is not None and _running.owner != os.getpid():
            _running = None
        for _ in range(2):
            if _running is None or _running.process.poll() is not None:
                _end()
                _running = _Process(module)
            is_new = _running.served == 0
            try:
                _running.send(told, content)
                return _running.wait()
            except OSError:
                _end()
                if is_new:
                    break
            except UndecodableError:
                _end()
                raise
        raise UndecodableError("unreadable", "", "its reader could not be started", "obtain the file again")


def _end() -> None:
    global _running
    if _running is not None and _running.owner == os.getpid():
        _running.end()
    _running = None


atexit.register(_end)


def serve(answer: Callable[[dict[str, Any], bytes, Callable[[], None]], dict[str, Any]]) -> int:
    """Read files from standard input and answer on standard output, until there are no more.

    Parameters
    ----------
    answer : callable
        Gets what was asked, the file, and what to call after each page; returns the answer.
    """
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    watch = _Watch(limits.MAX_READER_BYTES)
    _say(answers, {"ready": True})
    while line := source.readline():
        asked = json.loads(line)
        pages = iter(range(1, sys.maxsize))
        content = source.read(asked["length"])

        def alive(pages: Iterator[int] = pages, seconds: float = asked["seconds"]) -> None:
            watch.give(seconds)
            _say(answers, {"page": next(pages)})

        watch.give(asked["seconds"])
        told = answer(asked, content, alive)
        watch.give(math.inf)
        _say(answers, told)
        # What a library keeps adds up; the next file then gets a process of its own.
        if _memory_used() > limits.MAX_READER_BYTES / 2:
            break
    return 0


def _say(answers: BinaryIO, told: dict[str, Any]) -> None:
    answers.write(json.dumps(told).encode() + b"\n")
    answers.flush()


class _Watch:
    """Ends this process soon after it takes more memory or time of its own than it may.

    A thread looks twenty times a second; where the system itself can refuse memory, it refuses a third more at once.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._until = math.inf
        with suppress(ImportError, ValueError, OSError):
            import resource

            bound = _address_space() + most_bytes + most_bytes // 3
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        threading.Thread(target=self._look, daemon=True).start()

    def give(self, seconds: float) -> None:
        """Allow as many seconds of the process's own time from now on."""
        self._until = time.process_time() + seconds

    def _look(self) -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            if _memory_used() > self._most_bytes:
                os._exit(_OUT_OF_MEMORY)
            if time.process_time() > self._until:
                os._exit(_OUT_OF_TIME)


def _memory_used() -> int:
    """Return the bytes of memory that this process takes; 0 where the system does not say."""
    if sys.platform == "linux":
        return _statm(1)
    if sys.platform == "win32":
        return _windows_memory()
    with suppress(ImportError, OSError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return 0


def _address_space() -> int:
    """Return the bytes of addresses in use, which is what Linux counts against its bound; elsewhere it has none."""
    if sys.platform != "linux":
        raise OSError
    return _statm(0)


def _statm(column: int) -> int:
    with open("/proc/self/statm", encoding="ascii") as stream:
        return int(stream.read().split()[column]) * os.sysconf("SC_PAGE_SIZE")


def _windows_memory() -> int:
    import ctypes

    class Counters(ctypes.Structure):
        _fields_ = (
            ("size", ctypes.c_ulong),
            ("page_faults", ctypes.c_ulong),
            *((name, ctypes.c_size_t) for name in ("peak", "working_set", "q1", "q2", "q3", "q4", "pagefile", "top")),
        )

    found = Counters(size=ctypes.sizeof(Counters))
    library = ctypes.WinDLL("kernel32")  # type: ignore[attr-defined,unused-ignore]
    library.GetCurrentProcess.restype = ctypes.c_void_p
    own = ctypes.c_void_p(library.GetCurrentProcess())
    library.K32GetProcessMemoryInfo(own, ctypes.byref(found), found.size)
    return int(found.pagefile)
