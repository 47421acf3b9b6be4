"""Does a command that cannot write end with one message that names the path, and lose nothing?

Run it as ``python tests/bench/refusals.py``. Each command that writes is tried where it cannot: in a copy of the
project that may only be read, into folders that may only be read, and where no file can grow beyond a few bytes (by the
system's limit of the size of files, which ends a write as a full disk does) or, for root on Linux, on a full disk of
2 MB. It must end with status 2 and one line on stderr that names a path at the place and what to do; what was there
before must be there still, byte for byte. Commands that need not write there must work as ever. The exit status is 1
where one does not. Root is not stopped by the modes of files: it is run without the rights that let it pass (setpriv).
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import copy_checkout, corpus_command, environment_of
from bench.machine import print_machine
from making_notebooks import snapshot

from corpus.publishing.writing.whole_files import write_manifest

WORD_OF_REMEDY = re.compile(r"choose another|make room|give leave|set TMPDIR", re.IGNORECASE)
_LIMIT_BYTES = 16
_DISK = "2m"


@dataclass(frozen=True, slots=True)
class Trial:
    """A command, where it is to fail, and whether it has to; ``place`` must be in its message."""

    arguments: tuple[str, ...]
    place: Path
    fails: bool = True


def trials(root: Path, place: Path, report: Path) -> Iterator[Trial]:
    """Yield the commands that write, each told to write to a place where it cannot."""
    for arguments in (
        ("reproduce", "--only", "01", "--out", str(place / "out")),
        ("export", "html", "--out", str(place / "pages")),
        ("figures", "--html", str(place / "figures.html")),
        ("compare", "zaozhuang-2019", "yiyuan-2022", "--html", str(place / "pair.html")),
        ("add", str(report), "--into", str(place / "mine")),
    ):
        yield Trial(arguments, place)
    if place == root:
        yield Trial(("reproduce", "--only", "01"), root)
        yield Trial(("manifest",), root)
        yield Trial(("verify", "--quick"), root, fails=False)
    yield Trial(("explain", "shared-passages"), place, fails=False)


def run_trial(trial: Trial, root: Path, *, limited: bool = False) -> list[str]:
    """Run a command of a copy of the project; return in what it does not end as it should."""
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if _is_root() else []

    def limit() -> None:
        if limited:
            resource.setrlimit(resource.RLIMIT_FSIZE, (_LIMIT_BYTES, _LIMIT_BYTES))

    done = subprocess.run(
        [*drop, *corpus_command(trial.arguments)],
        env=environment_of(root),
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        preexec_fn=limit,
    )
    said = [line for line in done.stderr.splitlines() if line.startswith("corpus: ")]
    if not trial.fails:
        return [] if done.returncode == 0 else [f"ends with {done.returncode}: {done.stderr[-200:]}"]
    faults = [] if done.returncode == 2 else [f"ends with {done.returncode}, not 2: {done.stderr[-300:]}"]
    if len(said) != 1 or str(trial.place) not in said[0] or not WORD_OF_REMEDY.search(said[0]):
        faults.append(f"does not name the place and the remedy in one line: {done.stderr[-300:]}")
    if "Traceback" in done.stderr:
        faults.append("ends in a traceback")
    return faults


def _is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def only_for_reading(folder: Path) -> Iterator[None]:
    """Take the leave to write from a folder and all in it, and give it back at the end."""
    paths = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in paths}
    for path, mode in modes.items():
        path.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@contextmanager
def full_disk(folder: Path) -> Iterator[Path | None]:
    """Give a folder on a disk on which nothing is left; None where no disk can be made."""
    made = _is_root() and shutil.which("mount") is not None
    folder.mkdir()
    if made:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]).returncode == 0
    if not made:
        yield None
        return
    try:
        (folder / "old.html").write_text("old")
        _fill(folder / "filling")
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass


def main(arguments: Sequence[str]) -> int:
    print_machine(("matplotlib",))
    n_trials = n_faults = 0

    def tell(kind: str, trial: Trial, faults: Sequence[str]) -> None:
        nonlocal n_trials, n_faults
        n_trials, n_faults = n_trials + 1, n_faults + bool(faults)
        print(f"{kind}: corpus {' '.join(trial.arguments[:2])}: {'; '.join(faults) or 'as it should'}", flush=True)

    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary).resolve()
        root = copy_checkout(base / "copy")
        write_manifest(root)
        report = base / "report.txt"
        shutil.copyfile(sorted((root / "data" / "raw").glob("*.txt"))[0], report)
        sealed = base / "sealed"
        sealed.mkdir()
        (sealed / "old.html").write_text("old")
        for kind, place in (("read-only checkout", root), ("read-only folder", sealed)):
            before = snapshot(place)
            with only_for_reading(place):
                for trial in trials(root, place, report):
                    tell(kind, trial, run_trial(trial, root))
            if snapshot(place) != before:
                n_faults += 1
                print(f"{kind}: files are not as they were")
        limited = base / "limited"
        limited.mkdir()
        for trial in trials(root, limited, report):
            # A kernel cannot live under such a limit: of the runner, its message about that is all there is to see.
            if trial.arguments[0] != "reproduce":
                tell("no file can grow", trial, run_trial(trial, root, limited=trial.fails))
        with full_disk(base / "full") as disk:
            if disk is None:
                print("full disk: cannot be made here")
            else:
                before = snapshot(disk)
                for trial in trials(root, disk, report):
                    tell("full disk", trial, run_trial(trial, root))
                after = snapshot(disk)
                if {file: content for file, content in after.items() if content} != before:
                    n_faults += 1
                    print(f"full disk: there are {sorted(after.keys() ^ before.keys())}")
    print(f"{n_trials} trials, {n_faults} with faults")
    return int(n_faults > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
