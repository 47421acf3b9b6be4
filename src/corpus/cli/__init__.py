"""The commands: what they take, whom they ask, and how they end."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from types import FrameType

from corpus.cli.parsing import build_parser
from corpus.errors import CorpusError

_IMPOSSIBLE = 2
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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return run_in_order(partial(_run, arguments))


class Request:
    """A request to stop: the number of its signal, 0 as long as there is none; ``is_over`` where it comes too late."""

    number = 0
    is_over = False


def run_in_order(work: Callable[[], int]) -> int:
    """Run something that ends with a status; where it was asked to stop, that is 128 and the number of the signal.

    What a library makes of the request (an error of its own, a result that lacks something) does not count then.
    """
    with stopping_in_order() as request:
        status = 0
        try:
            status = work()
            request.is_over = True
        except BaseException as error:
            _repeat_in(0)
            if isinstance(error, KeyboardInterrupt):
                request.number = request.number or signal.SIGINT
            if not request.number:
                raise
        _repeat_in(0)
        if request.number:
            from corpus.publishing.writing.screen import say

            _complain(say("stopped"))
            status = _STOPPED + request.number
        from corpus.publishing.writing.whole_files import sweep_scratch

        sweep_scratch()
    return status


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


@contextmanager
def stopping_in_order() -> Iterator[Request]:
    """Take every request to stop as Ctrl-C, and only the first, so that what is put in order then is not cut short.

    What is given gets the number of its signal. What is to be ignored (nohup, a job of a script) stays so.
    Some library may lose an exception (in an import that may fail, in the end of an object): where this process goes on
    for long, it is asked again.
    """
    request = Request()
    if threading.current_thread() is not threading.main_thread():
        yield request
        return

    def stop(number: int, _: FrameType | None) -> None:
        if request.is_over:
            return
        request.number = number
        for each in before:
            signal.signal(each, lambda *_: None)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, _ask_again)
            _repeat_in(_PATIENCE_SECONDS)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _STOPS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    before = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}
    for number in before:
        signal.signal(number, stop)
    try:
        yield request
    finally:
        _repeat_in(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def _ask_again(*_: object) -> None:
    raise KeyboardInterrupt


def _repeat_in(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
