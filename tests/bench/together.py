"""Do two runs at once give the result of one?

Run it as ``python tests/bench/together.py [TURNS]`` (10 turns if not said). On a small series of notebooks, each turn

1. starts two runs into one folder: one must end well, and the other be refused with status 2 and a message that names
   the folder, or come after it and end well too; what is there is what one run alone gives;
2. and with them a third run into another folder, which must end well with the same files;
3. verifies the first folder while a run writes into it: whatever verify says, it must write nothing, and the run must
   end well.

The exit status is 1 where one does not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import ROOT, environment_of
from bench.machine import print_machine
from making_notebooks import DRAW, snapshot, write_notebook

from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.running import reproduce

# As the command does: 2 for what is refused, 1 for what fails.
_RUN = """
import sys
from pathlib import Path
from corpus.publishing.series.running import reproduce
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.verify import verify
from corpus.errors import CorpusError
try:
    if sys.argv[1] == "verify":
        verify(Series(Path(sys.argv[3])))
    else:
        sys.exit(1 if reproduce(Series(Path(sys.argv[2])), Path(sys.argv[3])).failures else 0)
except CorpusError as error:
    print(error, file=sys.stderr)
    sys.exit(2)
"""


def prepare(folder: Path, names: Sequence[str] = ("01-a", "02-b")) -> tuple[Path, dict[str, bytes]]:
    """Make a small series of notebooks with these names; return its folder and what one run alone gives."""
    series = folder / "series"
    for name in names:
        write_notebook(series, name, DRAW.replace("NAME", name), "print('done')")
    run = reproduce(Series(series), folder / "alone")
    assert not run.failures
    return series, snapshot(folder / "alone")


def run_turn(series: Path, alone: dict[str, bytes], folder: Path) -> Iterator[str]:
    """Yield what is not as it should be after each of the runs at once, in a folder that is empty."""
    one, other = folder / "one", folder / "other"
    *ends, beside = [_end(process) for process in [_start("reproduce", series, place) for place in (one, one, other)]]
    yield from (f"two into one folder: {fault}" for fault in _refused_or_well(ends, one))
    if snapshot(one) != alone:
        yield "two into one folder: the files are not those of one run"
    if beside[0] or snapshot(other) != alone:
        yield f"beside them, into another folder: {beside}"
    for file in one.glob("figures/*/data.csv"):
        file.write_text("old")
    process, verifying = _start("reproduce", series, one), _start("verify", series, one)
    (ended, said), (verified, told) = _end(process), _end(verifying)
    if ended or verified or snapshot(one) != alone:
        yield f"verify while a run writes: {said or told or 'the files are not those of one run'}"


def _refused_or_well(ends: Sequence[tuple[int, str]], place: Path) -> Iterator[str]:
    if 0 not in [status for status, _ in ends]:
        yield f"neither ends well: {ends}"
    for status, said in ends:
        if status not in (0, 2) or (status == 2 and not (str(place) in said and "another run is writing here" in said)):
            yield f"ends with {status}: {said}"


def _start(what: str, series: Path, place: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _RUN, what, str(series), str(place)]
    return subprocess.Popen(command, env=environment_of(ROOT), stderr=subprocess.PIPE, encoding="utf-8")


def _end(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, said = process.communicate()
    return process.returncode, said.strip()


def main(arguments: Sequence[str]) -> int:
    n_turns = int(arguments[0]) if arguments else 10
    print_machine(("ipython",))
    n_faults = 0
    with tempfile.TemporaryDirectory() as temporary:
        base = Path(temporary).resolve()
        series, alone = prepare(base)
        for turn in range(n_turns):
            for fault in run_turn(series, alone, base / f"turn-{turn}"):
                n_faults += 1
                print(f"turn {turn}: {fault}", flush=True)
    print(f"{n_turns} turns, {n_faults} faults")
    return int(n_faults > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
