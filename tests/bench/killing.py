"""Is every file whole, old or new, when a run is killed or stopped at any moment?

Run it as ``python tests/bench/killing.py [KILLS] [--export KILLS] [--whole KILLS] [--seed SEED]``. A folder holds what
a series of notebooks made of older data; the series runs into it again, on newer data, and is killed: every other time
at a moment drawn uniformly over the whole run, else over the time in which the results are written. Two times of three
its process group gets SIGKILL, else it gets SIGINT or SIGTERM. KILLS (200) are made with a small series of two
notebooks and 24 figures; with ``--export`` some more of the making of pages of such notebooks, and with ``--whole`` of
the whole series of the project, one of whose reports differs. ``setting_up.py`` does the same with set-ups.

After each kill every file that existed must be the old one or the new one, byte for byte, and nothing new be there but
whole new files and parts with the name of one; no kernel may live longer than 10 seconds. A run that was asked to stop
ends with 128 and the number of the signal, and leaves neither part nor temporary folder. Where some files are old and
others new, now and then the series is verified, which must name a difference. Every ``--repair``th time (20) the run is
made again, at once, and must give what an uninterrupted run gives, with no part left and no temporary folder. The exit
status is 1 where that fails.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import ROOT, copy_checkout, environment_of
from bench.machine import print_machine
from making_notebooks import snapshot, write_notebook
from PIL import Image

from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.verify import verify

LONGEST_ORPHAN_SECONDS = 10.0
REPAIR_EVERY = 20

_PART = re.compile(r"\.(.+)\.\d+\.part")
_START = """
import sys
from pathlib import Path
from corpus.cli import run_in_order
sys.exit(run_in_order(lambda: run(*map(Path, sys.argv[1:]))))
"""
_REPRODUCE = """
def run(series, out):
    from corpus.publishing.series.running import reproduce
    from corpus.publishing.series.bundled_series import Series
    failures = reproduce(Series(series), out).failures
    if failures:
        raise RuntimeError("\\n".join(map(str, failures)))
    return 0
"""
_EXPORT = """
def run(folder, out):
    from corpus.publishing.results.contents import export_html
    export_html(folder, out)
    return 0
"""
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
_DRAW = """import json
from pathlib import Path
from PIL import Image
state = Path(STATE).read_text()
for number in range(12 if state == "new" else 13):
    name = f"NOTEBOOK-{number}"
    folder = Path("figures", name)
    folder.mkdir(parents=True)
    Image.new("RGB", (400, 300), (number, len(state), 99 if state == "new" else 0)).save(folder / f"{name}.png")
    (folder / "data.csv").write_text("mark,state\\n" + f"{number},{state}\\n" * 2000)
    (folder / "provenance.json").write_text(json.dumps({"state": state}))
print(state)"""
_SHOW = """import corpus, pandas
told = {"state": {"meaning": "The state.", "meaning_zh": "状态。"}}
corpus.show(pandas.DataFrame({"state": [state]}), "NOTEBOOK-state", columns=told)"""


@dataclass(frozen=True, slots=True)
class Scene:
    """Something made in two states: of what, how, in which environment, and the files of the old and the new state.

    ``before`` is how long an uninterrupted run lasts until the first file is written, ``after`` how long from then on.
    """

    series: Path
    out: Path
    temporary: Path
    environment: Mapping[str, str]
    old: Mapping[str, bytes]
    new: Mapping[str, bytes]
    before: float
    after: float
    code: str = _REPRODUCE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one kill left: how many files of the old and of the new state, and for how long a kernel lived on."""

    moment: str
    n_old: int
    n_new: int
    n_parts: int
    orphan_seconds: float
    faults: tuple[str, ...]

    @property
    def is_mixed(self) -> bool:
        return self.n_old > 0 and self.n_new > 0


def small_scene(folder: Path, names: Sequence[str] = ("01-a", "02-b")) -> Scene:
    """Make a small series whose notebooks draw another state once a file outside says so."""
    state = folder / "state.txt"
    for name in names:
        cells = (_DRAW, _SHOW) if name == "01-a" else (_DRAW,)
        sources = [cell.replace("NOTEBOOK", name).replace("STATE", repr(str(state))) for cell in cells]
        write_notebook(folder / "series", name, *sources)
    state.write_text("old")
    environment = environment_of(ROOT, {"TMPDIR": str(folder / "tmp"), "HOME": str(folder)})
    return _scene(folder, folder / "series", environment, lambda: state.write_text("new"))


def whole_scene(folder: Path) -> Scene:
    """Take the series of the project: the new state is that of a report in which a number is another."""
    root = copy_checkout(folder / "copy")
    report = sorted((root / "data" / "raw").glob("*.txt"))[0]
    environment = environment_of(root, {"TMPDIR": str(folder / "tmp"), "HOME": str(folder)})

    def change() -> None:
        content = report.read_bytes()
        after = content.replace("。".encode(), "，新增一项。".encode(), 40)
        report.write_bytes(after)
        catalogue = root / "data" / "catalogue.csv"
        sums = (sha256(each).hexdigest() for each in (content, after))
        catalogue.write_bytes(catalogue.read_bytes().replace(*(each.encode() for each in sums)))

    return _scene(folder, root / "notebooks", environment, change)


def export_scene(folder: Path) -> Scene:
    """Take pages of one notebook of the project and its figures: in the new state both say a little more."""
    source = folder / "notebooks"
    name = "02-from-file-to-text"
    source.mkdir()
    shutil.copyfile(ROOT / "notebooks" / f"{name}.ipynb", source / f"{name}.ipynb")
    for provenance in (ROOT / "notebooks" / "figures").glob("*/provenance.json"):
        if f'"{name}"' in provenance.read_text(encoding="utf-8"):
            shutil.copytree(provenance.parent, source / "figures" / provenance.parent.name)

    def change() -> None:
        path = source / f"{name}.ipynb"
        content = json.loads(path.read_text(encoding="utf-8"))
        content["cells"].append({"cell_type": "markdown", "id": "more", "metadata": {}, "source": "more"})
        path.write_text(json.dumps(content), encoding="utf-8")
        for table in source.glob("figures/*/data.csv"):
            lines = table.read_bytes().splitlines(keepends=True)
            table.write_bytes(b"".join((*lines, *lines[1:])))

    environment = environment_of(ROOT, {"TMPDIR": str(folder / "tmp"), "HOME": str(folder)})
    return _scene(folder, source, environment, change, _EXPORT)


def _scene(
    folder: Path, series: Path, environment: Mapping[str, str], change: Callable[[], object], code: str = _REPRODUCE
) -> Scene:
    out = folder / "out"
    (folder / "tmp").mkdir()
    _finish(_start(code, series, out, environment))
    old = snapshot(out)
    change()
    began = monotonic()
    process = _start(code, series, out, environment)
    written = _wait_for_change(out, old, process)
    _finish(process)
    ended = monotonic()
    return Scene(series, out, folder / "tmp", environment, old, snapshot(out), written - began, ended - written, code)


def _start(code: str, series: Path, out: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", f"{code}{_START}", str(series), str(out)]
    return subprocess.Popen(command, env=dict(environment), stderr=subprocess.PIPE, start_new_session=True)


def _finish(process: subprocess.Popen[bytes]) -> None:
    _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode("utf-8", "replace"))


def _wait_for_change(out: Path, old: Mapping[str, bytes], process: subprocess.Popen[bytes]) -> float:
    """Return the moment at which the first file of a folder is another, or the process ends."""
    times = {path: path.stat().st_mtime_ns for path in map(out.joinpath, old)}
    while process.poll() is None:
        for path, seen in times.items():
            try:
                if path.stat().st_mtime_ns != seen:
                    return monotonic()
            except FileNotFoundError:
                return monotonic()
        sleep(0.002)
    return monotonic()


def kill_once(scene: Scene, chance: random.Random, *, writing: bool) -> Outcome:
    """Put the old state back, run, kill at a random moment and look at what is left."""
    _put_back(scene)
    process = _start(scene.code, scene.series, scene.out, scene.environment)
    if writing:
        _wait_for_change(scene.out, scene.old, process)
    delay = chance.random() * (scene.after if writing else scene.before + scene.after)
    try:
        process.wait(delay)
        moment = "ended before"
    except subprocess.TimeoutExpired:
        moment = "writing" if writing else "any"
    number = chance.choice(_SIGNALS)
    if process.poll() is not None:
        number = None
    elif number == signal.SIGKILL:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    began = monotonic()
    _, said = process.communicate()
    while _alive(scene.temporary) and monotonic() - began < 3 * LONGEST_ORPHAN_SECONDS:
        sleep(0.05)
    lived = monotonic() - began
    faults = list(_faults(scene))
    if number in (signal.SIGINT, signal.SIGTERM):
        faults += _left_by_a_stop(scene, number, process.returncode, said.decode("utf-8", "replace"))
    if lived > LONGEST_ORPHAN_SECONDS:
        faults.append(f"a kernel lived for {lived:.0f} s")
    now = snapshot(scene.out)
    changed = {file for file in scene.old.keys() | scene.new.keys() if scene.old.get(file) != scene.new.get(file)}
    n_new = sum(now.get(file) == scene.new.get(file) for file in changed)
    n_parts = sum(_PART.fullmatch(Path(file).name) is not None for file in now)
    return Outcome(moment, len(changed) - n_new, n_new, n_parts, lived, tuple(faults))


def _left_by_a_stop(scene: Scene, number: int, status: int, said: str) -> Iterator[str]:
    """Yield what is wrong after a request to stop; in the first half second Python cannot answer it in order."""
    if status not in (0, 128 + number, -number):
        yield f"ends with {status} on signal {number}, having said:\n{said[-4000:]}"
    yield from (f"{path.name}: left by signal {number}" for path in scene.temporary.iterdir())
    yield from (f"{path.name}: left by signal {number}" for path in scene.out.rglob("*") if _PART.fullmatch(path.name))


def _put_back(scene: Scene) -> None:
    shutil.rmtree(scene.out)
    for file, content in scene.old.items():
        (scene.out / file).parent.mkdir(parents=True, exist_ok=True)
        (scene.out / file).write_bytes(content)


def _alive(temporary: Path) -> list[int]:
    """Return the processes that have this folder for temporary files in their environment."""
    wanted = f"TMPDIR={temporary}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (process / "environ").read_bytes() + b"\0":
                found.append(int(process.name))
        except OSError:  # it ended, or is not ours
            continue
    return found


def _faults(scene: Scene) -> Iterator[str]:
    now = snapshot(scene.out)
    for file in sorted(scene.old.keys() | now.keys()):
        old, new, found = scene.old.get(file), scene.new.get(file), now.get(file)
        part = _PART.fullmatch(Path(file).name)
        if part and found is not None:
            whole = (Path(file).parent / part[1]).as_posix()
            if whole not in scene.new:
                yield f"{file}: a part of no file of the series"
        elif found is None and new is not None:
            yield f"{file}: is gone"
        elif found is not None and found not in (old, new):
            yield f"{file}: is neither the old file nor the new one ({len(found)} bytes)"
        elif found is not None:
            yield from _unreadable(file, found)


def _unreadable(file: str, content: bytes) -> Iterator[str]:
    try:
        if file.endswith((".json", ".ipynb")):
            json.loads(content)
        elif file.endswith(".png"):
            Image.open(BytesIO(content)).load()
    except (ValueError, OSError) as error:
        yield f"{file}: cannot be read ({error})"


def repair(scene: Scene, *, verified: bool) -> Iterator[str]:
    """Verify what a kill left, where that is possible, run the series again, and yield what is not as it should be."""
    left = snapshot(scene.out)
    if verified and left != dict(scene.new) and not verify(Series(scene.out)).differences:
        yield "verify finds no difference in a mixed state"
    _finish(_start(scene.code, scene.series, scene.out, scene.environment))
    now = snapshot(scene.out)
    if now != dict(scene.new):
        names = sorted(file for file in now.keys() | scene.new.keys() if now.get(file) != scene.new.get(file))
        yield f"a second run does not repair {', '.join(names)}"
    yield from (f"{path}: is left behind" for path in scene.temporary.iterdir())


def run(scene: Scene, number: int, seed: int, *, verified: bool, every: int = REPAIR_EVERY) -> Iterator[Outcome]:
    """Kill a series ``number`` times; yield what each kill left, with what was not repaired every so many times.

    Runs that end before their moment has come are looked at too, and do not count.
    """
    waiting = killed = turn = 0
    while killed < number:
        if turn >= 5 * number:
            raise RuntimeError(f"of {turn} runs {killed} could be killed before they ended")
        outcome = kill_once(scene, random.Random(f"{seed} {turn}"), writing=turn % 2 == 1)
        turn += 1
        killed += outcome.moment != "ended before"
        waiting += 1
        if waiting >= every and (every == 1 or outcome.is_mixed or killed == number):
            waiting, faults = 0, (*outcome.faults, *repair(scene, verified=verified and outcome.is_mixed))
            outcome = replace(outcome, faults=faults)
        yield outcome


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="kill runs at random moments and look at what is left")
    parser.add_argument("kills", type=int, nargs="?", default=200, metavar="KILLS")
    parser.add_argument("--export", type=int, default=0, metavar="KILLS")
    parser.add_argument("--whole", type=int, default=0, metavar="KILLS")
    parser.add_argument("--repair", type=int, default=REPAIR_EVERY, metavar="TIMES")
    parser.add_argument("--seed", type=int, default=20261127)
    options = parser.parse_args(arguments)
    print_machine(("ipython",))
    failed = False
    scenes = (("small", small_scene, options.kills), ("exported", export_scene, options.export))
    for name, make, kills in (*scenes, ("whole", whole_scene, options.whole)):
        if not kills:
            continue
        with tempfile.TemporaryDirectory() as temporary:
            scene = make(Path(temporary).resolve())
            print(
                f"{name} series: {len(scene.new)} files,"
                f" the first after {scene.before:.1f} s, the others in {scene.after:.2f} s"
            )
            outcomes = []
            for outcome in run(scene, kills, options.seed, verified=name == "small", every=options.repair):
                outcomes.append(outcome)
                print(*(f"kill {len(outcomes)}: {fault}\n" for fault in outcome.faults), sep="", end="", flush=True)
            told = Counter(outcome.moment for outcome in outcomes)
            n_mixed = sum(outcome.is_mixed for outcome in outcomes)
            n_parts = sum(outcome.n_parts > 0 for outcome in outcomes)
            longest = max(outcome.orphan_seconds for outcome in outcomes)
            print(f"{len(outcomes)} runs ({', '.join(f'{told[each]} {each}' for each in sorted(told))}),", end=" ")
            print(f"{n_mixed} left old and new files, {n_parts} a part,", end=" ")
            print(f"the longest life of a kernel {longest:.1f} s,", end=" ")
            print(f"{sum(bool(outcome.faults) for outcome in outcomes)} with faults")
            failed |= any(outcome.faults for outcome in outcomes)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
