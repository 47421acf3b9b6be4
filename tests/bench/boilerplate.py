"""What the published measures and the specificity of reports cost: ``python tests/bench/boilerplate.py FOLDER``."""

from __future__ import annotations

import platform
import sys
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

import corpus


def main(folder: Path) -> None:
    print(f"{date.today()} {platform.processor() or platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}, pandas {pd.__version__}, corpus {corpus.__version__}")
    reports = corpus.load_reports(folder)
    n_chars = sum(len(report.text) for report in reports)
    print(f"{len(reports)} reports, {n_chars:,} characters")
    steps = {
        "measure_boilerplate": lambda: corpus.measure_boilerplate(reports, by="measure", allow_small=True),
        "find_particulars": lambda: corpus.find_particulars(reports),
        "specificity": lambda: corpus.find_particulars(reports, by="sentence"),
    }
    for name, step in steps.items():
        start = process_time()
        table = step()
        print(f"{name}: {process_time() - start:.2f} s of CPU, {len(table)} rows")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
