"""The commands: what they take, whom they ask, and how they end."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType

from corpus.cli.parsing import build_parser
from corpus.errors import CorpusError

_IMPOSSIBLE = 2
# Objects that are made before Python looks for circles among them; ours have few, and looking costs a twentieth.
_GARBAGE = 50_000
_STOPPED = 128
_PIPE_CLOSED = 141
# Putting things in order takes less than a second, on a machine that is busy with other things a few.
_PATIENCE_SECONDS = 6.0
_STOPS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0: done. 1: something was left out, failed or differs, and was named. 2: the request cannot be met. 130, 143 and the
    like, 128 and the number of a signal: it was asked to stop, and left nothing half done.
    """
    gc.set_threshold(_GARBAGE)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return run_in_order(partial(_run, arguments))


def run_in_order(work: Callable[[], int]) -> int:
    """Run something that ends with a status; where it was asked to stop, that is 128 and the number of the signal.

    Every request to stop is taken as Ctrl-C, and only the first, so that what is put in order then is not cut short.
    What a library makes of it (an error of its own, a result that lacks something) does not count. Some library may
    lose an exception (in an import that may fail, in the end of an object): where this process goes on for long, it is
    asked again. What is to be ignored (nohup, a job of a script) stays so.
    """
    asked, is_over = 0, False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal asked
        if is_over:
            return
        asked = number
        for each in before:
            signal.signal(each, lambda *_: None)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, _ask_again)
            _repeat_in(_PATIENCE_SECONDS)
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    numbers = [getattr(signal, name) for name in _STOPS if is_main and hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    try:
        for number in before:
            signal.signal(number, stop)
        try:
            status = work()
            is_over = True
        except BaseException as error:
            asked = asked or (signal.SIGINT if isinstance(error, KeyboardInterrupt) else 0)
            if not asked:
                raise
        finally:
            _repeat_in(0)
        if asked:
            from corpus.publishing.writing.screen import say
            from corpus.publishing.writing.whole_files import sweep_scratch

            _complain(say("stopped"))
            status = _STOPPED + asked
            sweep_scratch()
        return status
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_again(*_: object) -> None:
    raise KeyboardInterrupt


def _repeat_in(seconds: float) -> None:
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)


def _run(arguments: Sequence[str] | None) -> int:
    try:
        try:
            words = sys.argv[1:] if arguments is None else arguments
            options = build_parser(words[0] if words else None).parse_args(words)
            status: int = options.run(options)
        finally:
            sys.stdout.flush()
        return status
    except CorpusError as error:
        _complain(str(error))
    except BrokenPipeError:
        _leave_output()
        return _PIPE_CLOSED
    except OSError as error:
        _leave_output()
        with suppress(OSError):
            where = error.filename if error.filename is not None else "the output"
            reason = error.strerror or error
            _complain(f"{where}: cannot be written or read ({reason}); make room, or choose another place")
    return _IMPOSSIBLE


def _complain(message: str) -> None:
    from corpus.cli.asking import complain  # not loaded where nothing is wrong and nothing is asked

    complain(message)


def _leave_output() -> None:
    """Let what is still to be written go nowhere, so that Python does not fail once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
