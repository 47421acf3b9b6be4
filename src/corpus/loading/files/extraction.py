"""The text of pages, Word files and PDFs; heavy ones are read by a process of its own, within bounds.

PDFs are always read there, since a page of a few bytes can keep their reader busy for hours. The process is started for
the first of them and serves those that follow. No signals: Windows has none.
"""

from __future__ import annotations

import atexit
import io
import math
import os
import pickle
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

from corpus.loading.files import limits
from corpus.loading.files.decoding import Extraction, Fault, fault_of
from corpus.processes import end_process, start_process

ReadKind = Literal["page", "word", "pdf"]
_START_SECONDS = 60.0
_WATCH_SECONDS = 0.05
_READY = "ready"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".emf", ".wmf", ".bin", ".ttf", ".odttf", ".tiff")
_ENDING = ("too-slow", "too-large")
"""Codes of faults behind which a process does not go on."""


def extract(kind: ReadKind, content: bytes, *, encoding: str | None = None) -> Extraction:
    """Take the text out of a file, in this process if it is light, else in one of its own.

    Raises
    ------
    Fault
        If it cannot be read, or not within `limits`.
    """
    told = ask(__name__, kind, content, encoding) if _is_heavy(kind, content) else None
    if isinstance(told, Fault):
        raise told
    return told or extract_here(kind, content, encoding=encoding)


def extract_here(
    kind: ReadKind, content: bytes, *, encoding: str | None = None, alive: Callable[[], None] = lambda: None
) -> Extraction:
    """Take the text out of a file in this process; ``alive`` is called after each page of a PDF."""
    if kind == "page":
        from corpus.loading.files.webpages import read_webpage

        return read_webpage(content, encoding=encoding)
    if kind == "word":
        from corpus.loading.files.word import read_word

        return read_word(content)
    from corpus.loading.files.pdf import read_pdf

    return read_pdf(content, alive=alive)


def _is_heavy(kind: ReadKind, content: bytes) -> bool:
    if kind == "page":
        return len(content) > limits.HEAVY_BYTES or content.count(b"<") > limits.HEAVY_TAGS
    if kind == "word":
        with suppress(Exception), zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = (entry.file_size for entry in package.infolist() if not entry.filename.endswith(_PICTURES))
            return sum(parts) > limits.HEAVY_BYTES
        return False
    return True


class _Reader:
    """The process that reads, while it runs."""

    def __init__(self, module: str) -> None:
        self.owner = os.getpid()
        self.served = 0
        self.process = start_process(module, "serve_files", stderr=subprocess.DEVNULL)

    def answer(self, seconds: float, asked: object = None) -> Any:
        """Return what is answered, or what is at fault; None where the process ends without a word."""
        assert self.process.stdin is not None and self.process.stdout is not None
        end = threading.Timer(seconds, self.process.kill)
        end.daemon = True
        end.start()
        began = time.monotonic()
        try:
            if asked is not None:
                pickle.dump(asked, self.process.stdin)
                self.process.stdin.flush()
            told = pickle.load(self.process.stdout)
            self.served += 1
        except (OSError, EOFError, pickle.UnpicklingError):
            told = _too_slow(0) if time.monotonic() - began >= seconds else None
        end.cancel()
        return told


_running: _Reader | None = None
_lock = threading.Lock()


def ask(module: str, kind: ReadKind, content: bytes, encoding: str | None = None) -> Extraction | Fault | None:
    """Have a file read by the process that ``module.serve_files`` runs in; None where this system starts no process.

    A process that has served other files and ends without a word may have been ended from outside: then another one
    is asked.
    """
    global _running
    with _lock:
        for _ in range(2):
            # A process that this one was forked from keeps its own.
            if _running is None or _running.owner != os.getpid() or _running.process.poll() is not None:
                _end()
                _running = _started(module)
            if _running is None:
                return None
            is_new = _running.served == 1
            asked = (limits.MAX_STEP_SECONDS, kind, content, encoding)
            told: Extraction | Fault | None = _running.answer(limits.MAX_FILE_SECONDS, asked)
            if told is None or (isinstance(told, Fault) and told.code in _ENDING):
                _end()
            if told is not None:
                return told
            if is_new:
                break
    message = "its reader broke off: the file is damaged, or made to take more memory than there is"
    return Fault("unreadable", message, "obtain the file again, or save its text alone")


def _started(module: str) -> _Reader | None:
    if not sys.executable:
        return None
    try:
        reader = _Reader(module)
    except OSError:
        return None
    if reader.answer(_START_SECONDS) == _READY:
        return reader
    end_process(reader.process)
    return None


def _end() -> None:
    global _running
    if _running is not None and _running.owner == os.getpid():
        end_process(_running.process)
    _running = None


atexit.register(_end)


def serve_files(read: Callable[..., Extraction] = extract_here) -> None:
    """Read the files that `extract` hands on, in a process of its own, until there are no more."""
    watch = _Watch()
    _say(_READY)
    with suppress(EOFError):
        while watch.memory() < limits.MAX_READER_BYTES / 2:  # what a library keeps adds up
            seconds, kind, content, encoding = pickle.load(sys.stdin.buffer)
            watch.begin(seconds)
            try:
                told: Extraction | Fault = read(kind, content, encoding=encoding, alive=watch.next_page)
            except Exception as error:
                told = fault_of(error)
            watch.until = math.inf
            _say(told)


def _say(told: object) -> None:
    sys.stdout.buffer.write(pickle.dumps(told))
    sys.stdout.buffer.flush()


def _too_slow(pages: int) -> Fault:
    place = f"page {pages + 1}" if pages else ""
    message = f"reading takes more than {limits.MAX_STEP_SECONDS:g} seconds a page"
    return Fault("too-slow", message, "save it anew, or as text", place)


class _Watch:
    """Ends this process soon after it takes more memory or time of its own than it may, and says so.

    A thread looks twenty times a second; where the system itself can refuse memory, it refuses a third more at once.
    """

    def __init__(self) -> None:
        import psutil

        self._process = psutil.Process()
        self.until = math.inf
        self._seconds = math.inf
        self._pages = 0
        with suppress(ImportError, ValueError, OSError):
            import resource

            bound = self._process.memory_info().vms + limits.MAX_READER_BYTES * 4 // 3
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, seconds: float) -> None:
        """Allow as many seconds of the process's own time for each page of a file."""
        self._seconds, self._pages = seconds, 0
        self.until = time.process_time() + seconds

    def next_page(self) -> None:
        self._pages += 1
        self.until = time.process_time() + self._seconds

    def memory(self) -> int:
        """Return the bytes of memory that this process takes."""
        return int(self._process.memory_info().rss)

    def _look(self) -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            fault = None
            if self.until < math.inf and self.memory() > limits.MAX_READER_BYTES:
                message = f"reading takes more than {limits.MAX_READER_BYTES / limits.MIB:,.0f} MiB of memory"
                fault = Fault("too-large", message, "split the file, or save its text alone")
            elif time.process_time() > self.until:
                fault = _too_slow(self._pages)
            if fault is not None:
                with suppress(MemoryError):
                    _say(fault)
                os._exit(1)
