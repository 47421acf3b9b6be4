"""How fast reports load, how much memory they take, and how each step grows with the length of a text.

Run it as ``python tests/bench/loading.py [reports] [steps]``: the first loads 5,000 plain-text reports of 4,000
characters in one process, the second runs every step of loading on texts of 1 to 64 MB, each twice as long as the one
before; a step that is linear in length prints a factor of about 2.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import corpus
from corpus.loading.facts.deciding import infer_facts
from corpus.loading.files.decoding import read_text
from corpus.loading.page.fixes import make_key, normalise
from corpus.loading.page.layout import locate_layout
from corpus.loading.page.notices import make_legible, text_notices
from corpus.loading.page.sections import locate_headings, locate_parts
from corpus.report.passages import split_text

N_REPORTS = 5000
REPORT_CHARS = 4000
MEGABYTES = (1, 2, 4, 8, 16, 32, 64)


def shuffled_text(n_chars: int, seed: int) -> str:
    """Return lines of the bundled reports in another order until there are that many characters."""
    lines = [line for report in corpus.load_reports() for line in report.raw.split("\n") if line.strip()]
    chance = random.Random(seed)
    taken: list[str] = []
    held = 0
    while held < n_chars:
        taken.append(chance.choice(lines))
        held += len(taken[-1]) + 1
    return "\n".join(taken)[:n_chars]


def measure_reports(folder: Path, number: int = N_REPORTS) -> tuple[float, int, int]:
    """Return seconds of loading that many reports, their bytes, and the bytes of memory that loading took at most."""
    size = 0
    for index in range(number):
        place = f"某某{index}县"
        text = f"{place}科学技术局2020年度法治政府建设工作报告\n{shuffled_text(REPORT_CHARS - 28, index)}"
        size += (folder / f"{index:05}.txt").write_bytes(text.encode("utf-8"))
    corpus.load_reports()
    before = _peak_bytes()
    began = process_time()
    reports = corpus.load_reports(folder, jobs=1)
    seconds = process_time() - began
    assert len(reports) == number, reports.problems[:3]
    return seconds, size, _peak_bytes() - before


def _peak_bytes() -> int:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def steps(text: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the steps that a report walks through, in order, each with what it works on already made."""
    content = text.encode("utf-8")
    yield "read", lambda: read_text(content)
    gbk = text.encode("gb18030")
    yield "read GBK", lambda: read_text(gbk)
    yield "normalise", lambda: normalise(text)
    clean = normalise(text)[0]
    yield "make_key", lambda: make_key(clean)
    yield "make_legible", lambda: make_legible(clean)
    legible = make_legible(clean)[0]
    yield "locate_layout", lambda: locate_layout(legible)
    layout = locate_layout(legible)
    yield "locate_headings", lambda: locate_headings(layout.lines)
    headings = locate_headings(layout.lines)
    yield "infer_facts", lambda: infer_facts(legible, layout, headings)
    yield "locate_parts", lambda: locate_parts(layout.lines, layout.body, headings, year_reviewed=2020)
    yield "text_notices", lambda: text_notices(clean)
    yield "split_text", lambda: sum(1 for _ in split_text(clean, "sentence"))


def measure_steps(text: str) -> dict[str, float]:
    """Return the seconds that each step takes on a text, the better of two runs."""
    seconds = {}
    for name, step in steps(text):
        runs = []
        for _ in range(2):
            began = process_time()
            step()
            runs.append(process_time() - began)
        seconds[name] = min(runs)
    return seconds


def main(wanted: list[str]) -> None:
    if not wanted or "reports" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            seconds, size, peak = measure_reports(Path(folder))
        rate = N_REPORTS / seconds
        room = 3 * size + 200 * 2**20
        print(f"{N_REPORTS} reports of {REPORT_CHARS} characters: {seconds:.1f} s, {rate:.0f} a second")
        print(
            f"{size / 2**20:.0f} MiB of UTF-8, {peak / 2**20:.0f} MiB of memory, {peak / room:.2f} of what is allowed"
        )
    if not wanted or "steps" in wanted:
        last: dict[str, float] = {}
        for megabytes in MEGABYTES:
            seconds_of = measure_steps(shuffled_text(megabytes * 2**20 // 3, megabytes))
            print(f"{megabytes} MB")
            for name, seconds in seconds_of.items():
                factor = f"{seconds / last[name]:6.2f}" if last.get(name) else ""
                print(f"  {name:16} {seconds:8.3f} s {factor}")
            last = seconds_of


if __name__ == "__main__":
    main(sys.argv[1:])
