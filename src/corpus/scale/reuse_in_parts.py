"""`find_reuse` in parts that are kept on disk, with the rows of one part.

Every step is done for one part at a time, by whichever process or machine is free, and leaves what it found in a folder
that all share. What was done is not done again: a run that was stopped goes on where it was. The rows do not depend on
how many parts there are, since grams are equal or not whatever part they are in, and all that is looked at in a
passage lies in its two reports.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import CorpusError
from corpus.loading.archived_reports import read_list, rules_of_today
from corpus.publishing.writing.whole_files import hold_folder, write_whole
from corpus.report.reports import Reports
from corpus.report.table_columns import codebook
from corpus.report.values import Role
from corpus.scale import reuse_steps as steps
from corpus.scale.reuse_ground import Plan, ground_of, lay, make_room, reports_of, survey

Engine = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""What has a function done for each of some parts, and gives the answers in their order."""

_BYTES_A_CHAR = 128
_SURVEYED_AT_ONCE = 512
_OWN_NAMES = ("scratch", "columns.csv", "about.json")


def find_reuse_in_parts(
    source: Path | Reports,
    out: Path,
    *,
    memory: int,
    engine: Engine,
    jobs: int = 1,
    min_chars: int = 12,
    cap: int | None = None,
    role: Role | None = None,
) -> int:
    """Write the rows of `corpus.find_reuse` to a folder, as many files of Parquet in their order; return their number.

    Parameters
    ----------
    source : Path or Reports
        An archive, which each process opens; reports in memory where one process does all.
    out : Path
        A folder of its own, made if it is not there. What was begun there for the same archive is gone on with.
    memory : int
        Bytes that all processes together may take beside what the library itself takes, about.
    engine : callable
        Who does the parts: `cluster`, or what `corpus.processes.keep_processes` gives.
    jobs : int
        How many processes share the memory.
    min_chars, cap, role
        As for `corpus.find_reuse`.

    Raises
    ------
    CorpusError
        If pyarrow is not installed, something else lies in the folder, or the archive is to be packed again.
    """
    require_pyarrow()
    chars_at_once = max(memory // jobs // _BYTES_A_CHAR, 1)
    plan = Plan(source, out / "scratch", out, min_chars, cap, role, chars_at_once)
    kept = read_list(source) if isinstance(source, Path) else None
    if kept is not None and kept.rules != rules_of_today():
        raise CorpusError(f"{source}: packed by other rules than those of today; corpus pack it again first")
    collection = None if kept is None else kept.collection
    about = dict(min_chars=min_chars, cap=cap, role=role, chars_at_once=chars_at_once, collection=collection)
    with hold_folder(out):
        _begin(plan, about)
        n_rows = _Run(plan, engine).whole()
        codebook("find_reuse").to_csv(out / "columns.csv", index=False, lineterminator="\n")
        shutil.rmtree(plan.scratch, ignore_errors=True)
    return n_rows


@contextmanager
def cluster(*, address: str | None = None, file: str | None = None, local: int | None = None) -> Iterator[Engine]:
    """Give an engine of Dask: workers that a scheduler knows, or so many started on this machine.

    A part whose worker is lost is done by another. All workers, and this process, must see the same folders.

    Parameters
    ----------
    address, file : str, optional
        The scheduler's address, or the file in which it says it.
    local : int, optional
        How many workers to start here, on loopback alone, for as long as the engine is used.

    Raises
    ------
    CorpusError
        If distributed is not installed, or there is no scheduler.
    """
    if find_spec("distributed") is None:
        raise CorpusError("work is shared with other machines by Dask: pip install 'fazhi-workbook[cluster]'")
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        try:
            if local is not None:
                started = LocalCluster(n_workers=local, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
                address = stack.enter_context(started)
            client = stack.enter_context(Client(address, scheduler_file=file))
        except OSError as error:
            raise CorpusError(f"{address or file}: no scheduler answers here ({error}); start one first") from error

        def ask(function: Callable[[Any], Any], parts: Sequence[Any]) -> Iterator[Any]:
            for future in client.map(function, parts, pure=False, retries=3):
                yield future.result()

        yield ask


def read_memory(told: str | None) -> int:
    """Return the bytes that ``4GB`` and the like stand for; half of what the machine has, where nothing is told.

    Raises
    ------
    CorpusError
        If it is no such size.

    Examples
    --------
    >>> read_memory("1.5GB")
    1500000000
    """
    if told is None:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2 if hasattr(os, "sysconf") else 4 * 10**9
    size = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?) ?([MGT])B", told)
    if size is None:
        raise CorpusError(f"{told!r} is no size of memory; write it as 500MB or 4GB")
    return int(float(size[1]) * 10 ** {"M": 6, "G": 9, "T": 12}[size[2]])


def require_pyarrow() -> None:
    """Say what to install where pyarrow is not there.

    Raises
    ------
    CorpusError
        If it is not.
    """
    if find_spec("pyarrow") is None:
        raise CorpusError("rows on disk are Parquet, which pyarrow writes: pip install 'fazhi-workbook[scale]'")


def _begin(plan: Plan, about: dict[str, Any]) -> None:
    """Make the scratch folder, or keep that of a run which asked for the same."""
    told = json.dumps(about, sort_keys=True).encode()
    known = plan.file("asked.json")
    if any(path.suffix != ".parquet" and path.name not in _OWN_NAMES for path in plan.out.iterdir()):
        raise CorpusError(f"{plan.out}: there is something else here; choose another folder")
    if about["collection"] is None or not known.is_file() or known.read_bytes() != told:
        shutil.rmtree(plan.scratch, ignore_errors=True)
        for path in plan.out.glob("*.parquet"):
            path.unlink()
    plan.scratch.mkdir(exist_ok=True)
    write_whole(known, told)


class _Run:
    """The steps in their order, each done for all its parts before the next; what was done before stays done."""

    def __init__(self, plan: Plan, engine: Engine) -> None:
        self._plan, self._engine = plan, engine

    def _step(self, function: Callable[..., Any], parts: Iterable[Any], *more: Any) -> list[Any]:
        answers, open_ = {}, []
        for part in parts:
            known = self._plan.file("done", function.__name__.strip("_"), *more, *np.atleast_1d(part), "json")
            answers[known] = json.loads(known.read_bytes()) if known.is_file() else None
            if not known.is_file():
                open_.append((known, part))
        made = self._engine(partial(function, self._plan, *more), [part for _, part in open_])
        for (known, _), answer in zip(open_, made, strict=True):
            part = known.with_suffix(".part")
            part.write_text(json.dumps(answer), encoding="utf-8")
            part.replace(known)
            answers[known] = answer
        return list(answers.values())

    def whole(self) -> int:
        plan = self._plan
        n_reports = len(reports_of(plan))
        surveyed = self._step(survey, range(0, n_reports, _SURVEYED_AT_ONCE), _SURVEYED_AT_ONCE)
        write_whole(plan.file("told.json"), json.dumps([one for part in surveyed for one in part]).encode())
        ground = ground_of(plan)
        write_whole(plan.out / "about.json", json.dumps(ground.about, indent=1).encode())
        make_room(plan, ground)
        texts, hashes, tiles = (
            range(len(some)) for some in (ground.blocks, range(1 << ground.bits.part), ground.tiles)
        )
        self._step(lay, texts)
        for n in dict.fromkeys((plan.n, plan.min_chars)):
            self._step(steps.hash_text, texts, n)
            self._step(steps.group, hashes, n)
            self._step(steps.mark, texts, n)
            self._step(steps.sow, hashes, n)
        self._step(steps.align, tiles)
        for n in dict.fromkeys((plan.n, plan.min_chars)):
            self._step(steps.count, hashes, n)
        counts = self._step(steps.rate, tiles)
        firsts = np.cumsum([0, *counts])[:-1].tolist()
        self._step(steps.tell, list(zip(tiles, firsts, strict=True)))
        return sum(counts)
