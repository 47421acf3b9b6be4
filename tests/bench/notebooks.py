"""What each notebook of the series costs on the bundled reports: seconds of CPU, and the most memory.

Run it as ``python tests/bench/notebooks.py [--write]``. Each notebook runs alone, in a process of its own. ``--write``
puts the table into ``data/validation`` with the date, the machine and the versions; ``corpus reproduce`` tells what
stands there in ``notebooks/README.md``.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.checkout import ROOT, environment_of
from bench.machine import describe_machine

_RUN = """
import resource, sys
from pathlib import Path
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.running import reproduce
failures = reproduce(Series(Path(sys.argv[1]), only=sys.argv[3]), Path(sys.argv[2]), jobs=1).failures
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(sum(each.ru_utime + each.ru_stime for each in used), max(each.ru_maxrss for each in used) / 1024)
sys.exit("\\n".join(map(str, failures)) or 0)
"""


def measure(notebook: str) -> tuple[float, float]:
    """Return the seconds of CPU of a run of one notebook, and the most memory that one of its processes took, in MB."""
    with tempfile.TemporaryDirectory() as temporary:
        command = [sys.executable, "-c", _RUN, str(ROOT / "notebooks"), temporary, notebook]
        done = subprocess.run(command, env=environment_of(ROOT), check=True, capture_output=True, text=True)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def main() -> int:
    machine = describe_machine(("matplotlib", "numpy", "pandas"))
    rows = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        seconds, memory = measure(path.stem)
        rows.append({"notebook": path.stem, "cpu_seconds": f"{seconds:.0f}", "memory_mb": f"{memory:.0f}", **machine})
        print(f"{path.stem}: {seconds:.1f} CPU s, {memory:.0f} MB", flush=True)
    if "--write" in sys.argv:
        path = ROOT / "data" / "validation" / f"notebooks-{machine['date']}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
