"""The text of pages, Word files and PDFs; heavy ones are read by a process of its own, within bounds.

PDFs are always read there, since a page of a few bytes can keep their reader busy for hours. The process is started for
the first of them and serves those that follow. No signals: Windows has none.
"""

from __future__ import annotations

import atexit
import io
import json
import math
import os
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.loading.files import limits
from corpus.loading.files.decoding import UndecodableError, problem_of
from corpus.report.values import Notice

ReadKind = Literal["page", "word", "pdf"]
_NOT_SHOWN = "what Word does not show is left out: "
_START = "import sys; sys.path.insert(0, sys.argv[1]); from {module} import serve_files; sys.exit(serve_files())"
_START_SECONDS = 60.0
_WATCH_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a library took out of a file: paragraphs, each with its place in the file.

    Attributes
    ----------
    library : str
    paragraphs : list of (str, str)
        Place and words.
    encoding : str
    notices : tuple of Notice
    n_notes : int
        How many of the last paragraphs are notes at the foot of the pages or the end, and no part of the body.
    """

    library: str
    paragraphs: list[tuple[str, str]]
    encoding: str = "utf-8"
    notices: tuple[Notice, ...] = ()
    n_notes: int = 0


def extract(kind: ReadKind, content: bytes, *, encoding: str | None = None) -> Extraction:
    """Take the text out of a file, in this process if it is light, else in one of its own.

    Raises
    ------
    UndecodableError
        If it cannot be read, or not within `limits`.
    """
    answer = ask(__name__, {"kind": kind, "encoding": encoding}, content) if _is_heavy(kind, content) else None
    if answer is None:
        return extract_here(kind, content, encoding=encoding)
    if "fault" in answer:
        raise UndecodableError(*answer["fault"])
    notices = tuple(Notice(each["code"], each["message"]) for each in answer["notices"])
    paragraphs = [(place, words) for place, words in answer["paragraphs"]]
    return Extraction(answer["library"], paragraphs, answer["encoding"], notices, answer["n_notes"])


def extract_here(
    kind: ReadKind, content: bytes, *, encoding: str | None = None, alive: Callable[[], None] = lambda: None
) -> Extraction:
    """Take the text out of a file in this process; ``alive`` is called after each page of a PDF."""
    if kind == "page":
        from corpus.loading.files.webpages import read_webpage

        page = read_webpage(content, encoding=encoding)
        blocks = [(f"paragraph {number}", block) for number, block in enumerate(page.blocks, 1)]
        return Extraction("lxml", blocks, page.decoded.encoding, page.notices)
    if kind == "word":
        from corpus.loading.files.word import read_word

        word = read_word(content)
        paragraphs = [(f"paragraph {number}", words) for number, words in enumerate(word.paragraphs, 1)]
        notes = [(f"note {number}", words) for number, words in enumerate(word.notes, 1)]
        left_out = ", ".join(word.left_out)
        notices = (Notice("not-shown", f"{_NOT_SHOWN}{left_out}"),) if left_out else ()
        return Extraction("lxml", paragraphs + notes, notices=notices, n_notes=len(notes))
    from corpus.loading.files.pdf import read_pdf

    return Extraction("pypdfium2", [(f"page {page}", words) for page, words in read_pdf(content, alive=alive)])


def _is_heavy(kind: ReadKind, content: bytes) -> bool:
    if kind == "pdf":
        return True
    if kind == "page":
        return len(content) > limits.HEAVY_BYTES or content.count(b"<") > limits.HEAVY_TAGS
    with suppress(Exception), zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = (entry.file_size for entry in package.infolist() if entry.filename.endswith(".xml"))
        return sum(parts) > limits.HEAVY_BYTES
    return False


class _Reader:
    """The process that reads, while it runs; its answers are lines of JSON."""

    def __init__(self, module: str) -> None:
        import corpus

        self.owner = os.getpid()
        self.served = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START.format(module=module), str(Path(corpus.__file__).resolve().parents[1])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )

    def answer(self, seconds: float, asked: bytes = b"") -> dict[str, Any] | None:
        """Return the next answer, None where the process ends without one; it is ended when the time is over."""
        assert self.process.stdin is not None and self.process.stdout is not None
        end = threading.Timer(seconds, self.process.kill)
        end.daemon = True
        end.start()
        began = time.monotonic()
        try:
            self.process.stdin.write(asked)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = b""
        finally:
            end.cancel()
        if line.endswith(b"\n"):
            self.served += 1
            told: dict[str, Any] = json.loads(line)
            return told
        return _too_slow(0) if time.monotonic() - began >= seconds else None

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


_running: _Reader | None = None
_lock = threading.Lock()


def ask(module: str, header: dict[str, Any], content: bytes) -> dict[str, Any] | None:
    """Have a file read by the process that ``module.serve_files`` runs in; return its answer, or what is at fault.

    None is returned where this system starts no process. A process that has served other files and ends without a
    word may have been ended from outside: then another one is asked.
    """
    global _running
    told = json.dumps({**header, "length": len(content), "seconds": limits.MAX_STEP_SECONDS}).encode()
    with _lock:
        for _ in range(2):
            # A process that this one was forked from keeps its own.
            if _running is None or _running.owner != os.getpid() or _running.process.poll() is not None:
                _end()
                _running = _started(module)
            if _running is None:
                return None
            is_new = _running.served == 1
            answer = _running.answer(limits.MAX_FILE_SECONDS, told + b"\n" + content)
            if answer is not None and "fault" not in answer:
                return answer
            if answer is None or answer.get("ends"):
                _end()
            if answer is not None:
                return answer
            if is_new:
                break
    message = "its reader broke off: the file is damaged, or made to take more memory than there is"
    return {"fault": ("unreadable", "", message, "obtain the file again, or save its text alone")}


def _started(module: str) -> _Reader | None:
    if not sys.executable:
        return None
    try:
        reader = _Reader(module)
    except OSError:
        return None
    if reader.answer(_START_SECONDS) == {"ready": True}:
        return reader
    reader.close()
    return None


def _end() -> None:
    global _running
    if _running is not None and _running.owner == os.getpid():
        _running.close()
    _running = None


atexit.register(_end)


def serve_files() -> int:
    """Read the files that `extract` hands on, in a process of its own."""
    return serve(_answer)


def _answer(asked: dict[str, Any], content: bytes, alive: Callable[[], None]) -> dict[str, Any]:
    try:
        return asdict(extract_here(asked["kind"], content, encoding=asked["encoding"], alive=alive))
    except Exception as error:
        problem = problem_of(error, "")
        return {"fault": (problem.code, problem.place, problem.message, problem.remedy)}


def serve(answer: Callable[[dict[str, Any], bytes, Callable[[], None]], dict[str, Any]]) -> int:
    """Read files from standard input and answer on standard output, until there are no more.

    Parameters
    ----------
    answer : callable
        Gets what was asked, the file, and what to call after each page; returns the answer.
    """
    watch = _Watch()
    _say({"ready": True})
    while line := sys.stdin.buffer.readline():
        asked = json.loads(line)
        content = sys.stdin.buffer.read(asked["length"])
        watch.begin(asked["seconds"])
        told = answer(asked, content, watch.next_page)
        watch.rest()
        _say(told)
        # What a library keeps adds up; the next file then gets a process of its own.
        if _memory_used() > limits.MAX_READER_BYTES / 2:
            break
    return 0


def _say(told: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")
    sys.stdout.buffer.flush()


def _too_slow(pages: int) -> dict[str, Any]:
    place = f"page {pages + 1}" if pages else ""
    message = f"reading takes more than {limits.MAX_STEP_SECONDS:g} seconds a page"
    return {"fault": ("too-slow", place, message, "save it anew, or as text"), "ends": True}


def _too_large() -> dict[str, Any]:
    message = f"reading takes more than {limits.MAX_READER_BYTES / limits.MIB:,.0f} MiB of memory"
    return {"fault": ("too-large", "", message, "split the file, or save its text alone"), "ends": True}


class _Watch:
    """Ends this process soon after it takes more memory or time of its own than it may, and says so.

    A thread looks twenty times a second; where the system itself can refuse memory, it refuses a third more at once.
    """

    def __init__(self) -> None:
        self._until = math.inf
        self._seconds = math.inf
        self._pages = 0
        with suppress(ImportError, ValueError, OSError):
            import resource

            bound = _address_space() + limits.MAX_READER_BYTES + limits.MAX_READER_BYTES // 3
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        threading.Thread(target=self._look, daemon=True).start()

    def begin(self, seconds: float) -> None:
        """Allow as many seconds of the process's own time for each page of a file."""
        self._seconds, self._pages = seconds, 0
        self._until = time.process_time() + seconds

    def next_page(self) -> None:
        self._pages += 1
        self._until = time.process_time() + self._seconds

    def rest(self) -> None:
        self._until = math.inf

    def _look(self) -> None:
        while True:
            time.sleep(_WATCH_SECONDS)
            fault = None
            if self._until < math.inf and _memory_used() > limits.MAX_READER_BYTES:
                fault = _too_large()
            elif time.process_time() > self._until:
                fault = _too_slow(self._pages)
            if fault is not None:
                with suppress(MemoryError):
                    _say(fault)
                os._exit(1)


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
