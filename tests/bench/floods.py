"""Does loading take time in proportion to a text that is made to be slow: one sign or word, thousands of times?

Run it as ``python tests/bench/floods.py``. Each flood stands 10,000 and 40,000 times after a label in a report; the
quicker of five loads counts, in CPU time. Four times as long is linear, sixteen quadratic; from eight on the exit
status is 1.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from time import process_time

import corpus
from corpus.field.data_files import data_path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import print_machine
from making_files import FLOODS, flooded

SIZES = (10_000, 40_000)
_REPEATS = 5
_SUSPECT = 8.0


def measure(flood: str, number: int, folder: Path) -> float:
    """Return the seconds of CPU time that the quickest of some loads takes."""
    report = next(data_path("raw").glob("004_*.txt")).read_text(encoding="utf-8")
    path = folder / f"{number}.txt"
    path.write_text(flooded(report, flood, number), encoding="utf-8")
    times = []
    for _ in range(_REPEATS):
        began = process_time()
        (loaded,) = corpus.load_reports(path)
        loaded.passages("phrase")
        times.append(process_time() - began)
    return min(times)


def main() -> int:
    print_machine(("lxml",))
    worst = 0.0
    with tempfile.TemporaryDirectory() as temporary:
        for flood in FLOODS:
            few, many = (measure(flood, number, Path(temporary)) for number in SIZES)
            worst = max(worst, many / few)
            print(f"{flood!r:14} {few:8.4f} s {many:8.4f} s  {many / few:5.1f} times")
    print(f"at most {worst:.1f} times as long for a text four times as long")
    return int(worst >= _SUSPECT)


if __name__ == "__main__":
    sys.exit(main())
