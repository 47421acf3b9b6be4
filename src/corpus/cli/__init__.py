"""The commands: what they take, whom they ask, and how they end."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from corpus.cli.asking import IMPOSSIBLE, complain
from corpus.cli.parsing import build_parser
from corpus.errors import CorpusError

_STOPPED = 130
_PIPE_CLOSED = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    0: done. 1: something was left out, failed or differs, and was named. 2: the request cannot be met.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        return _run(arguments)
    except CorpusError as error:
        complain(str(error))
        return IMPOSSIBLE
    except BrokenPipeError:
        _leave_output()
        return _PIPE_CLOSED
    except OSError as error:
        _leave_output()
        with suppress(OSError):
            where = error.filename if error.filename is not None else "the output"
            complain(
                f"{where}: cannot be written or read ({error.strerror or error}); make room, or choose another place"
            )
        return IMPOSSIBLE
    except KeyboardInterrupt:
        complain("stopped")
        return _STOPPED


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = build_parser().parse_args(arguments)
        status: int = options.run(options)
    finally:
        sys.stdout.flush()
    return status


def _leave_output() -> None:
    """Let what is still to be written go nowhere, so that Python does not fail once more when it ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
