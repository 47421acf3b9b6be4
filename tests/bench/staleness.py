"""Does `corpus stale` miss a figure or a number that changes when a report is added or removed?

    python tests/bench/staleness.py [FOLDER] [--most N]

For each report of a folder (the bundled ones if none is given, of more than N the first N) the series runs on all
others, and what `find_stale` says beforehand is held against what the runs made, in both directions: removing the
report from all, adding it to the others. Changed: a figure whose data, pictures, caption or description differ; a claim
whose value, denominator, parameters or words differ. Ends with status 1 if anything that changed was not named.
"""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path
from shutil import copy2
from tempfile import TemporaryDirectory

import corpus
from corpus.field.data_files import data_path, notebooks_path
from corpus.publishing.evidence.claims import read_claims
from corpus.publishing.evidence.provenance import PROVENANCE
from corpus.publishing.results.staleness import find_stale
from corpus.publishing.series.bundled_series import Series
from corpus.publishing.series.running import FIGURES, reproduce

# What tells of the making and not of the result: it differs wherever an input does.
_OF_THE_MAKING = frozenset({PROVENANCE, "cite.bib"})


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=data_path("raw"))
    parser.add_argument("--most", type=int, default=5)
    options = parser.parse_args(arguments)
    files = sorted(path for path in options.folder.iterdir() if path.is_file())
    print(f"{platform.platform()}, Python {platform.python_version()}; {len(files)} reports of {options.folder.name}")
    n_missed = 0
    with TemporaryDirectory() as temporary:
        root = Path(temporary)
        everything = _run(root, "all", files)
        for left_out in files[: options.most]:
            others = _run(root, left_out.stem, [file for file in files if file != left_out])
            for change, before, after in (("removed", everything, others), ("added", others, everything)):
                missed = _compare(f"{left_out.stem} {change}", before, after)
                n_missed += missed
    print(f"missed: {n_missed}")
    return 1 if n_missed else 0


def _run(root: Path, name: str, files: list[Path]) -> tuple[Path, Path]:
    """Run the series on files and return their folder and that of what was made."""
    reports, out = root / name / "reports", root / name / "out"
    reports.mkdir(parents=True)
    for file in files:
        copy2(file, reports / file.name)
    run = reproduce(Series(notebooks_path(), reports), out)
    if run.failures:
        sys.exit(f"{name}: {run.failures[0]}")
    return reports, out


def _compare(change: str, before: tuple[Path, Path], after: tuple[Path, Path]) -> int:
    """Print how what is said to be stale agrees with what differs, and return how much was missed."""
    named = {(each.kind, each.name) for each in find_stale(before[1], reports=corpus.load_reports(after[0])).stale}
    old, new = _results(before[1]), _results(after[1])
    differing = {key for key in old if old[key] != new.get(key)}
    missed = differing - named
    for kind in ("figure", "claim"):
        n_named, n_differing = (sum(key[0] == kind for key in keys) for keys in (named, differing))
        n_all, n_both = sum(key[0] == kind for key in old), sum(key[0] == kind for key in named & differing)
        print(f"{change}: {kind}s {n_all}, said to be stale {n_named}, differing {n_differing}, both {n_both}")
    for key in sorted(missed):
        print(f"    missed: {' '.join(key)}")
    return len(missed)


def _results(out: Path) -> dict[tuple[str, str], object]:
    found: dict[tuple[str, str], object] = {
        ("figure", folder.name): {
            path.name: path.read_bytes() for path in folder.iterdir() if path.name not in _OF_THE_MAKING
        }
        for folder in (out / FIGURES).iterdir()
    }
    for name, claim in read_claims(out / "claims.json").items():
        found["claim", name] = (claim.value, claim.denominator, dict(claim.parameters), claim.spans)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
