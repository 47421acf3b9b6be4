"""Does the next set-up succeed, whenever one is killed or stopped, and do two first runs at once end well?

Run it as ``python tests/bench/setting_up.py [KILLS] [--pairs PAIRS] [--whole KILLS] [--seed SEED]``. KILLS (100) are
made of set-ups whose environment is real but holds a few hundred small files in place of the pinned packages: by turns
of a first one, of one that puts a new environment in the place of an outdated one (with its removal), and of one in
the place of a good one. At a moment drawn uniformly over the whole set-up, its process gets SIGINT, SIGTERM or SIGKILL.

After a stop, which ends with 128 and the number of the signal, nothing may be left beside .venv. After each kill the
next run must end well without help, .venv be whole, nothing be left beside it and no process of the killed one live.
PAIRS (20) of first runs are started at once: both must end well, one of them must make .venv and the other, if it has
to wait, say so. With ``--whole`` some more kills are made of set-ups of a copy of the project with all pinned
packages. The exit status is 1 where something fails.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import ROOT, copy_checkout
from bench.machine import print_machine

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
SCENES = ("first", "outdated", "good")

# The workbook.py of a project, with files and a child of its own in place of the packages, and without pip.
_RUN = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import workbook
def install(python, temporary, project):
    packages = next(python.parent.parent.glob("[lL]ib*/**/site-packages"))
    fill = "import pathlib, sys\\nfor n in range(400): pathlib.Path(sys.argv[1], f'file{n}.py').write_text('x = 1')"
    workbook.step("filling", [str(python), "-c", fill, str(packages)], temporary)
step = workbook.step
workbook.step = lambda what, command, *rest: step(
    what, [*command, "--without-pip"] if "venv" in command else command, *rest
)
workbook.install = install
sys.exit(workbook.main(["set-up", *sys.argv[2:]]))
"""


def small_project(folder: Path) -> Path:
    """Make a project with nothing to install, and return its folder."""
    (folder / "src").mkdir(parents=True)
    shutil.copyfile(ROOT / "workbook.py", folder / "workbook.py")
    for name in ("pyproject.toml", "requirements.txt"):
        (folder / name).touch()
    return folder


def start(project: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a set-up of a small project, or any run of a whole one."""
    whole = (project / "notebooks").exists()
    head = [str(project / "workbook.py")] if whole else ["-c", _RUN, str(project)]
    command = [sys.executable, *head, *(("check", *arguments) if whole and not arguments else arguments)]
    if whole and arguments:
        command = [sys.executable, *head, "set-up", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def kill_once(project: Path, scene: str, seconds: float, chance: random.Random) -> tuple[str, list[str]]:
    """Kill a set-up at some moment, run the next one, and return which signal it was and what went wrong.

    ``seconds`` is how long an uninterrupted one lasts. The project stands as the scene wants it before.
    """
    arguments = () if scene == "first" else ("--anew",)
    process = start(project, *arguments)
    number = chance.choice(SIGNALS)
    try:
        process.wait(chance.random() * seconds)
        told = "ended before"
    except subprocess.TimeoutExpired:
        told = number.name
        process.send_signal(number)
    process.communicate()
    faults = []
    if told in ("SIGINT", "SIGTERM"):
        # Python itself is still starting in the first moments, and has nothing to put in order then.
        if process.returncode not in (128 + number, -number, 0, 1 if number == signal.SIGINT else 0):
            faults.append(f"ends with {process.returncode} on {told}")
        faults += [f"{name}: left by {told}" for name in beside(project)]
    if scene != "first" and not (project / ".venv" / "workbook.txt").exists():
        told += ", .venv away"
    following = start(project, *(arguments if scene == "outdated" else ()))
    _, said = following.communicate()
    if following.returncode:
        faults.append(f"the next run ends with {following.returncode}: {said.decode('utf-8', 'replace').strip()}")
    faults += [f"{name}: left after the next run" for name in beside(project)]
    faults += [f"still runs: {line}" for line in alive(project)]
    faults += list(unsound(project))
    return told, faults


def beside(project: Path) -> list[str]:
    return sorted(path.name for path in project.glob(".venv-*"))


def alive(project: Path) -> list[str]:
    """Return the command lines of the processes that have the project's folder in theirs, and do not end in 2 s."""
    wanted = os.fsencode(project)
    until = monotonic() + 2
    while True:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                line = (process / "cmdline").read_bytes()
            except OSError:  # it ended, or is not ours
                continue
            if wanted in line and int(process.name) != os.getpid():
                found.append(line.replace(b"\0", b" ").decode("utf-8", "replace")[:200])
        if not found or monotonic() > until:
            return found
        sleep(0.05)


def unsound(project: Path) -> Iterator[str]:
    """Yield what is wrong with the environment of a project."""
    venv = project / ".venv"
    scripts = [path for path in (venv / "bin").iterdir() if path.is_file() and not path.is_symlink()]
    for path in (venv / "pyvenv.cfg", *scripts):
        if b".venv-new-" in path.read_bytes():
            yield f"{path.name}: names the place where it was made"
    packages = next(venv.glob("lib/*/site-packages"))
    if not (project / "notebooks").exists() and len(list(packages.glob("file*.py"))) != 400:
        yield "packages are missing"
    done = subprocess.run([venv / "bin" / "python", "-c", "import _fazhi_workbook"], capture_output=True)
    if done.returncode:
        yield f".venv does not work: {done.stderr.decode('utf-8', 'replace')}"


def prepare(project: Path, scene: str) -> None:
    """Put the project in the state from which a scene begins: without .venv, with an outdated or with a good one."""
    if scene == "first":
        shutil.rmtree(project / ".venv", ignore_errors=True)
        return
    if not (project / ".venv").exists():
        start(project).communicate()
    if scene == "outdated":
        with (project / "pyproject.toml").open("a", encoding="utf-8") as stream:
            stream.write("# changed\n")


def run(project: Path, number: int, seed: int) -> Iterator[tuple[str, list[str]]]:
    """Kill set-ups of a project ``number`` times, and yield what each left; those that ended before do not count."""
    began = monotonic()
    _, said = start(project).communicate()
    seconds = monotonic() - began
    if not (project / ".venv").exists():
        raise RuntimeError(said.decode("utf-8", "replace"))
    killed = turn = 0
    while killed < number:
        if turn > 5 * number + 20:
            raise RuntimeError(f"of {turn} set-ups {killed} could be killed before they ended")
        scene = SCENES[turn % len(SCENES)]
        prepare(project, scene)
        told, faults = kill_once(project, scene, seconds, random.Random(f"{seed} {turn}"))
        turn += 1
        killed += told != "ended before"
        yield f"{scene}: {told}", faults


def run_pair(project: Path) -> list[str]:
    """Start two first runs at once and return what went wrong."""
    prepare(project, "first")
    pair = [start(project) for _ in range(2)]
    ends = [(process.communicate()[1].decode("utf-8", "replace"), process.returncode) for process in pair]
    faults = [f"ends with {status}: {said}" for said, status in ends if status]
    n_made = sum("Ready after" in said for said, _ in ends)
    n_waited = sum("Waiting for another set-up to end" in said for said, _ in ends)
    if n_made != 1:
        faults.append(f"{n_made} of two made .venv")
    if n_waited > 1:
        faults.append("both say that they wait")
    return [*faults, *(f"{name}: left" for name in beside(project)), *unsound(project)]


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="kill set-ups at random moments and look at what is left")
    parser.add_argument("kills", type=int, nargs="?", default=100, metavar="KILLS")
    parser.add_argument("--pairs", type=int, default=20, metavar="PAIRS")
    parser.add_argument("--whole", type=int, default=0, metavar="KILLS")
    parser.add_argument("--seed", type=int, default=20261130)
    options = parser.parse_args(arguments)
    print_machine(())
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        small = small_project(folder / "small 书")
        for name, kills in (("small", options.kills), ("whole", options.whole)):
            if not kills:
                continue
            began = monotonic()
            outcomes = []
            for told, faults in run(small if name == "small" else copy_checkout(folder / "whole"), kills, options.seed):
                outcomes.append((told, faults))
                print(*(f"{told}: {fault}\n" for fault in faults), sep="", end="", flush=True)
            counts = Counter(told for told, _ in outcomes)
            n_faulty = sum(bool(faults) for _, faults in outcomes)
            print(f"{name}: {len(outcomes)} set-ups in {monotonic() - began:.0f} s, {n_faulty} with faults")
            print(*(f"  {told}: {n}\n" for told, n in sorted(counts.items())), sep="", end="", flush=True)
            failed |= n_faulty > 0
        n_faulty = 0
        for turn in range(options.pairs):
            faults = run_pair(small)
            n_faulty += bool(faults)
            print(*(f"pair {turn}: {fault}\n" for fault in faults), sep="", end="", flush=True)
        print(f"{options.pairs} pairs of first runs, {n_faulty} with faults")
    return int(failed or n_faulty > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
