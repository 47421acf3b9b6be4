"""The commands: what they take, whom they ask, and how they end."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

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
    options = build_parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except CorpusError as error:
        complain(str(error))
        return IMPOSSIBLE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        complain("stopped")
        return _STOPPED
    return status
