"""Is every file that a run makes the same, byte for byte, whatever surrounds it?

Run it as ``python tests/bench/identity.py [--processes N] [--python PATH …] [--way WAY …] [--series FOLDER]``. Each of
N fresh processes (20 if not said) runs the whole series of a copy of the project, in each of two ways:

sealed
    as ``corpus reproduce`` does, whose kernels have a fixed environment;
open
    as in JupyterLab: the kernels have the environment of the process, with its hash seed, locale, time zone, threads
    and settings of matplotlib.

The processes go through 5 hash seeds, 3 locales, 2 time zones, 2 folders (one with Chinese characters and spaces), a
fresh and a warm cache of matplotlib's fonts, and each Python that is named (this one if none is); the packages of each
must be the pinned ones. Of a file that is the same everywhere the hash is printed, as sha256sum does; of another each
hash with the settings that gave it, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from itertools import cycle, islice
from pathlib import Path
from time import monotonic
from typing import Literal

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import copy_checkout, environment_of
from bench.machine import print_machine

HASH_SEEDS = ("0", "1", "77", "4294967295", "random")
LOCALES = ("C", "de_DE.UTF-8", "zh_CN.GB18030")
TIME_ZONES = ("Asia/Kathmandu", "America/Caracas")
FOLDERS = ("plain", "法治 政府 (copy)")
CACHES = ("fresh", "warm")
Way = Literal["sealed", "open"]
WAYS: tuple[Way, ...] = ("sealed", "open")

_AT_ONCE = 2

# What a run of the series is in a process of its own: the folders of the notebooks and of the results are its
# arguments. In the open way the kernels get what the process has instead of what the library fixes for them.
_RUN = """
import os, sys
from pathlib import Path
from corpus.publishing.series import kernels
from corpus.publishing.series.running import reproduce
from corpus.publishing.series.bundled_series import Series

if sys.argv[3] == "open":
    own = ("PYTHONPATH", "IPYTHONDIR", "MATPLOTLIBRC")
    kernels.FIXED = {name: value for name, value in os.environ.items() if name not in own}
run = reproduce(Series(Path(sys.argv[1])), Path(sys.argv[2]), jobs=1)
sys.exit("\\n".join(f"{failure}\\n{failure.report}" for failure in run.failures) or 0)
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds one run."""

    way: Way
    python: str
    hash_seed: str
    locale: str
    time_zone: str
    folder: str
    cache: str

    def __str__(self) -> str:
        told = (self.way, self.python, self.hash_seed, self.locale, self.time_zone, repr(self.folder), self.cache)
        names = ("way", "python", "hash seed", "locale", "time zone", "folder", "font cache")
        return ", ".join(f"{name} {value}" for name, value in zip(names, told, strict=True))


Hashes = Mapping[str, list[Setting]]


def settings(number: int, pythons: Sequence[str], way: Way) -> Iterator[Setting]:
    """Yield settings in which each value of each list stands, from 12 on with each folder and each cache.

    Two lists whose lengths have a common factor are not walked in step: the one is held while the other goes round.
    """
    held = (folder for folder in cycle(FOLDERS) for _ in CACHES)
    later = (cache for cache in cycle(CACHES) for _ in range(len(CACHES) * len(FOLDERS)))
    rows = zip(cycle(HASH_SEEDS), cycle(LOCALES), cycle(TIME_ZONES), held, later, strict=False)
    for turn, (hash_seed, locale, time_zone, folder, cache) in enumerate(islice(rows, number)):
        yield Setting(way, pythons[turn % len(pythons)], hash_seed, locale, time_zone, folder, cache)


def run(
    number: int, pythons: Sequence[str], *, ways: Sequence[Way] = WAYS, series: Path | None = None
) -> dict[str, Hashes]:
    """Run a series ``number`` times in each way; return the hashes of each file with the settings that gave them.

    Parameters
    ----------
    number : int
    pythons : sequence of str
        Interpreters.
    ways : sequence of {"sealed", "open"}
    series : Path, optional
        Notebooks to run instead of the project's.

    Raises
    ------
    RuntimeError
        If a run fails, with its setting and what it said.
    """
    hashes: dict[str, Hashes] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as temporary:
        places = {name: copy_checkout(Path(temporary) / name) for name in FOLDERS}
        wanted = [setting for way in ways for setting in settings(number, pythons, way)]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            jobs = (
                pool.submit(_run_once, turn, setting, place=places[setting.folder], series=series)
                for turn, setting in enumerate(wanted)
            )
            for setting, job in zip(wanted, list(jobs), strict=True):
                for file, digest in job.result().items():
                    hashes[file][digest].append(setting)
    for file, found in hashes.items():
        absent = [setting for setting in wanted if not any(setting in given for given in found.values())]
        if absent:
            hashes[file] = {**found, "no such file": absent}
    return dict(sorted(hashes.items()))


def _run_once(turn: int, setting: Setting, *, place: Path, series: Path | None) -> dict[str, str]:
    out, temporary = place / f"out {turn}", place / f"tmp {turn}"
    cache = (place if setting.cache == "warm" else temporary) / "home"
    temporary.mkdir()
    cache.mkdir(exist_ok=True)
    variables = {
        "PYTHONHASHSEED": setting.hash_seed,
        "LC_ALL": setting.locale,
        "LANG": setting.locale,
        "TZ": setting.time_zone,
        "TMPDIR": str(temporary),
        "HOME": str(cache),
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    command = [setting.python, "-c", _RUN, str(series or place / "notebooks"), str(out), setting.way]
    done = subprocess.run(command, env=environment_of(place, variables), cwd=temporary, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"{setting}:\n{done.stderr.decode('utf-8', 'replace')}")
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}


def differing(hashes: Mapping[str, Hashes]) -> list[str]:
    """Return the files that are not the same everywhere."""
    return [file for file, found in hashes.items() if len(found) != 1]


def _told(file: str, found: Hashes) -> Iterator[str]:
    if len(found) == 1:
        yield f"{next(iter(found))}  {file}"
        return
    yield f"{len(found)} versions of {file}"
    for digest, given in found.items():
        yield from (f"    {digest}  {setting}" for setting in given)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="compare the files of many runs byte for byte")
    parser.add_argument("--processes", type=int, default=20, metavar="N", help="in each way")
    parser.add_argument("--python", nargs="+", type=os.path.abspath, default=[sys.executable], metavar="PATH")
    parser.add_argument("--way", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--series", type=Path, metavar="FOLDER")
    options = parser.parse_args(arguments)
    print_machine()
    for python in options.python:
        print(f"{python}: {_version(python)}")
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.lower().replace("-", "").split()
    lacking = [name for name in LOCALES if name.lower().replace("-", "") not in known]
    print(f"locales: {', '.join(LOCALES)}" + (f"; not on this machine: {', '.join(lacking)}" if lacking else ""))
    began = monotonic()
    hashes = run(options.processes, options.python, ways=options.way, series=options.series)
    for file, found in hashes.items():
        print("\n".join(_told(file, found)))
    different = differing(hashes)
    n_runs = options.processes * len(options.way)
    print(f"{n_runs} processes, {len(hashes)} files, {len(different)} differ, {monotonic() - began:.0f} s")
    return 1 if different or not hashes else 0


def _version(python: str) -> str:
    asked = "import sys; from importlib.metadata import version as v; print(sys.version.split()[0], v('matplotlib'))"
    told = subprocess.run([python, "-c", asked], capture_output=True, text=True, env={**os.environ}, check=True)
    return "Python {}, matplotlib {}".format(*told.stdout.split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
