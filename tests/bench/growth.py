"""What every analysis costs as collections grow: CPU, memory, and the exponent by which CPU grows.

Run it as ``python tests/bench/growth.py [COLLECTION …] [--sizes N …] [--only NAME …] [--limit SECONDS] [--write]``. It
measures the public analyses on collections of growing size: the tables that are named (each as `corpus.load_reports`
takes it, with the columns report_id, issuer, year_reviewed and text), or simulated panels of so many reports, 500 and
5,000 unless told otherwise. A collection is loaded once, and each analysis runs in a process of its own that inherits
it, on one core, so that what one has kept helps no other. An analysis that takes more CPU seconds than the limit on
one collection, or more memory than 8 GB, says so and is not tried on larger ones.

The exponent is log(CPU / CPU before) / log(characters / characters before): 1 where twice the text costs twice.
``--write`` puts the table into ``data/validation/growth-DATE.csv``.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import date
from math import log, nan
from pathlib import Path
from time import process_time
from typing import Any

import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import describe_machine

import corpus

N_YEARS = 10
MOST_BYTES = 8 << 30
ROOT = Path(__file__).resolve().parents[2]

ANALYSES: dict[str, Callable[[corpus.Reports], Any]] = {
    "tabulate_reports": corpus.tabulate_reports,
    "tabulate_facts": corpus.tabulate_facts,
    "tabulate_passages": corpus.tabulate_passages,
    "tabulate_words": corpus.tabulate_words,
    "tabulate_words, by word": lambda reports: corpus.tabulate_words(reports, by="word"),
    "find_terms": lambda reports: corpus.find_terms(reports, ["法治", "科技进步法"]),
    "find_reuse": lambda reports: corpus.find_reuse(reports, quotes=False),
    "find_formulas": corpus.find_formulas,
    "find_formulas, variants": lambda reports: corpus.find_formulas(reports, variants=True),
    "compare_reports, sharing": lambda reports: corpus.compare_reports(reports, pairs="sharing"),
    "measure_boilerplate": corpus.measure_boilerplate,
    "measure_boilerplate, intervals": lambda reports: corpus.measure_boilerplate(reports, intervals=True),
    "measure_boilerplate, by passage": lambda reports: corpus.measure_boilerplate(reports, by="passage"),
    "measure_boilerplate, by phrase": lambda reports: corpus.measure_boilerplate(reports, by="phrase"),
    "measure_boilerplate, by setting": lambda reports: corpus.measure_boilerplate(reports, by="setting"),
    "measure_boilerplate, by measure": lambda reports: corpus.measure_boilerplate(
        reports, by="measure", allow_small=True
    ),
    "trace_origins": corpus.trace_origins,
    "trace_origins, by passage": lambda reports: corpus.trace_origins(reports, by="passage"),
    "trace_origins, by report": lambda reports: corpus.trace_origins(reports, by="report"),
    "find_particulars": corpus.find_particulars,
    "find_particulars, by sentence": lambda reports: corpus.find_particulars(reports, by="sentence"),
    "find_particulars, by report": lambda reports: corpus.find_particulars(reports, by="report"),
    "align_years": corpus.align_years,
    "align_years, by report": lambda reports: corpus.align_years(reports, by="report"),
    "measure_years": corpus.measure_years,
    "compare_years": corpus.compare_years,
    "follow_plans": corpus.follow_plans,
    "find_leftovers": corpus.find_leftovers,
    "trace_chronology": corpus.trace_chronology,
}


def collections(paths: list[Path], sizes: list[int]) -> Iterator[pd.DataFrame]:
    """Yield the texts of each collection, the smallest first."""
    if not paths:
        for size in sorted(sizes):
            yield corpus.validation.simulate_panel(-(-size // N_YEARS), N_YEARS).texts
    columns = ["report_id", "issuer", "year_reviewed", "text"]
    for path in sorted(paths, key=lambda path: path.stat().st_size):
        yield pd.read_json(path, lines=True, dtype=False)[columns]


def measure(name: str, reports: corpus.Reports, limit: int) -> tuple[float, float, int] | str:
    """Return CPU seconds, MB above what was held and rows of an analysis run in its own process, or what ended it."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)

    def run() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        held = _held_mb()
        began = process_time()
        try:
            rows = len(ANALYSES[name](reports))
        except (MemoryError, corpus.CorpusError) as error:
            sender.send(" ".join(str(error).split())[:120] or "more than 8 GB")
        else:
            sender.send((process_time() - began, _peak_mb() - held, rows))

    process = context.Process(target=run)
    process.start()
    sender.close()
    try:
        found: tuple[float, float, int] | str = receiver.recv()
    except EOFError:
        found = f"not done in {limit} s"
    process.join()
    return found


def _held_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("collections", nargs="*", type=Path)
    parser.add_argument("--sizes", nargs="+", type=int, default=[500, 5_000], help="reports of simulated panels")
    parser.add_argument("--only", nargs="+", default=[], help="names of analyses, as they are printed")
    parser.add_argument("--limit", type=int, default=600, help="CPU seconds that an analysis may take")
    parser.add_argument("--write", action="store_true", help="write data/validation/growth-DATE.csv")
    options = parser.parse_args()
    names = [name for name in ANALYSES if not options.only or name in options.only]
    rows: list[dict[str, Any]] = []
    last: dict[str, tuple[float, int]] = {}
    failed: set[str] = set()
    for texts in collections(options.collections, options.sizes):
        began = process_time()
        reports = corpus.load_reports(texts)
        loading = process_time() - began
        n_chars = sum(len(report.key) for report in reports)
        known = {"n_reports": len(reports), "n_key_chars": n_chars}
        print(f"{len(reports)} reports, {n_chars:,} key characters, loading {loading:.1f} s of CPU", flush=True)
        for name in [name for name in names if name not in failed]:
            found = measure(name, reports, options.limit)
            row = {"analysis": name, **known, "cpu_seconds": nan, "memory_mb": nan, "n_rows": None, "exponent": nan}
            if isinstance(found, str):
                failed.add(name)
                row["note"] = found
            else:
                seconds, memory, n_rows = found
                row |= {"cpu_seconds": round(seconds, 2), "memory_mb": round(memory), "n_rows": n_rows, "note": ""}
                if name in last:
                    before, chars_before = last[name]
                    row["exponent"] = round(log(seconds / before) / log(n_chars / chars_before), 2)
                last[name] = max(seconds, 1e-3), n_chars
            rows.append(row)
            told = f"{row['cpu_seconds']:9} s  {row['memory_mb']:6} MB  {row['n_rows']} rows  {row['exponent']}"
            print(f"{name:34} {told}  {row['note']}", flush=True)
    if options.write:
        table = (
            pd.DataFrame(rows)
            .astype({"n_rows": "Int64", "memory_mb": "Int64"})
            .assign(**describe_machine(["numpy", "pandas"]))
        )
        path = ROOT / "data" / "validation" / f"growth-{date.today()}.csv"
        table.to_csv(path, index=False, lineterminator="\n")
        print(f"written: {os.path.relpath(path)}")


if __name__ == "__main__":
    main()
