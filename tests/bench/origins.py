"""How well origins are found in simulated panels, and what it costs: ``python tests/bench/origins.py [FOLDER …]``."""

from __future__ import annotations

import platform
import sys
from datetime import date
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

import corpus

# Issuers, years and seed: 50 reports, then 500. The seeds were not looked at while the rules were made.
PANELS = ((50, 1, 101), (25, 2, 102), (10, 5, 103), (5, 10, 104), (500, 1, 105), (100, 5, 106), (50, 10, 107))


def main(folders: list[Path]) -> None:
    print(f"{date.today()} {platform.processor() or platform.machine()}, Python {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}, pandas {pd.__version__}, corpus {corpus.__version__}")
    print("macro-F1 of the origin per character, against the planted layers")
    for n_issuers, n_years, seed in PANELS:
        panel = corpus.validation.simulate_panel(n_issuers, n_years, seed=seed)
        reports = corpus.load_reports(panel.texts)
        start = process_time()
        origins = corpus.trace_origins(reports)
        seconds = process_time() - start
        score = corpus.validation.score_origins(origins, panel)
        by_label = ", ".join(f"{row.label} {row.f1:.3f}" for row in score.labels.itertuples())
        print(f"{n_issuers} issuers, {n_years} years, seed {seed}: ", end="")
        print(f"{score.macro_f1:.4f} ({by_label}); {seconds:.1f} s of CPU")
    for folder in folders:
        reports = corpus.load_reports(folder)
        n_chars = sum(len(report.text) for report in reports)
        start = process_time()
        formulas = corpus.find_formulas(reports)
        middle = process_time()
        origins = corpus.trace_origins(reports)
        print(f"{folder.name}: {len(reports)} reports, {n_chars:,} characters: ", end="")
        print(f"find_formulas {middle - start:.1f} s of CPU, {len(formulas)} rows; ", end="")
        print(f"trace_origins {process_time() - middle:.1f} s of CPU, {len(origins)} rows")
        shares = corpus.trace_origins(reports, by="report", runs=origins).filter(like="share_").mean()
        print(", ".join(f"{name.removeprefix('share_')} {share:.3f}" for name, share in shares.items()))


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
