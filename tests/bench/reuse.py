"""What finding shared passages costs and how much it finds, beside well-known libraries on the same reports.

Run it as ``python tests/bench/reuse.py N [N …] [--methods NAME …] [--seed SEED] [--write]``: for each N a panel of N
reports is simulated (`corpus.validation.simulate_panel`), each method runs on it in a process of its own on one core,
and what it finds is scored against the planted truth (`corpus.validation.score_reuse`). The libraries are those of the
extra ``bench``; one that is not installed is left out, and so is one that would take hours for so many reports.
``--write`` adds the table to ``data/validation``, with the date, the machine and the versions.

CPU seconds are of the process, without loading; MB what it held at most above the loaded reports or texts.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import pickle
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.machine import describe_machine

import corpus
from corpus.analysis.simulation.panel import Panel

N_YEARS = 8
SHINGLE = 4
N_HASHES = 64
LEAST_JACCARD = 0.5
LEAST_RATIO = 75
LEAST_SENTENCE = 15
LEAST_BLOCK, LONGEST_GAP, LEAST_PASSAGE = 8, 20, 30

_COLUMNS = ["report_a", "start_a", "end_a", "report_b", "start_b", "end_b"]
_SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
_VALIDATION = Path(__file__).parents[2] / "data" / "validation"

Spans = tuple[int, int, int, int, int, int]


def find_with_difflib(texts: Sequence[str]) -> Iterator[Spans]:
    """Compare every pair of reports; blocks of 8 characters no more than 20 apart are one passage."""
    from difflib import SequenceMatcher

    for b, later in enumerate(texts):
        matcher = SequenceMatcher(None, "", later, autojunk=False)
        for a, earlier in enumerate(texts[:b]):
            matcher.set_seq1(earlier)
            open_: list[int] = []
            for i, j, length in matcher.get_matching_blocks():
                if length < LEAST_BLOCK:
                    continue
                if open_ and i - open_[1] <= LONGEST_GAP and j - open_[3] <= LONGEST_GAP:
                    open_[1], open_[3] = i + length, j + length
                else:
                    if open_ and open_[1] - open_[0] >= LEAST_PASSAGE:
                        yield a, open_[0], open_[1], b, open_[2], open_[3]
                    open_ = [i, i + length, j, j + length]
            if open_ and open_[1] - open_[0] >= LEAST_PASSAGE:
                yield a, open_[0], open_[1], b, open_[2], open_[3]


class Sentences:
    """The sentences of all texts, with the text and the place that each stands at."""

    def __init__(self, texts: Sequence[str]) -> None:
        places = [
            (number, match.start(), match.end())
            for number, text in enumerate(texts)
            for match in _SENTENCE.finditer(text)
            if match.end() - match.start() >= LEAST_SENTENCE
        ]
        self.owners, self.starts, self.ends = np.array(places, dtype=np.int64).reshape(-1, 3).T
        self.words = [texts[number][start:end] for number, start, end in places]
        self.shingles = [
            sorted({words[at : at + SHINGLE] for at in range(len(words) - SHINGLE + 1)}) for words in self.words
        ]

    def join(self, pairs: Iterable[tuple[int, int]]) -> Iterator[Spans]:
        """Yield passages: pairs of like sentences that follow each other in both texts are one."""
        one, other = np.fromiter(chain.from_iterable(pairs), dtype=np.int64).reshape(-1, 2).T
        one, other = np.minimum(one, other), np.maximum(one, other)
        apart = self.owners[one] != self.owners[other]
        one, other = one[apart], other[apart]
        order = np.lexsort((one, other - one))
        one, other = one[order], other[order]
        follows = (np.diff(one) == 1) & (np.diff(other) == 1)
        follows &= (np.diff(self.owners[one]) == 0) & (np.diff(self.owners[other]) == 0)
        firsts = np.flatnonzero(np.append(True, ~follows)[: len(one)])
        lasts = np.append(firsts[1:], len(one)) - 1
        for i, j, k, m in zip(one[firsts], one[lasts], other[firsts], other[lasts], strict=True):
            yield (
                *(int(self.owners[i]), int(self.starts[i]), int(self.ends[j])),
                *(int(self.owners[k]), int(self.starts[k]), int(self.ends[m])),
            )


def find_with_rapidfuzz(texts: Sequence[str]) -> Iterator[Spans]:
    """Compare every pair of sentences by the normalised indel similarity."""
    from rapidfuzz import fuzz, process

    sentences = Sentences(texts)
    at_once = 2000

    def like() -> Iterator[tuple[int, int]]:
        for start in range(0, len(sentences.words), at_once):
            part = sentences.words[start : start + at_once]
            scores = process.cdist(
                part, sentences.words[: start + at_once], scorer=fuzz.ratio, score_cutoff=LEAST_RATIO, dtype=np.uint8
            )
            one, other = np.nonzero(scores)
            later = one + start > other
            yield from zip((one[later] + start).tolist(), other[later].tolist(), strict=True)

    return sentences.join(like())


def find_with_datasketch(texts: Sequence[str]) -> Iterator[Spans]:
    """Index the sentences by MinHash and LSH."""
    from datasketch import MinHash, MinHashLSH

    sentences = Sentences(texts)
    index = MinHashLSH(threshold=LEAST_JACCARD, num_perm=N_HASHES)
    hashes = MinHash.bulk([[gram.encode() for gram in grams] for grams in sentences.shingles], num_perm=N_HASHES)

    def like() -> Iterator[tuple[int, int]]:
        for number, minhash in enumerate(hashes):
            for other in index.query(minhash):
                yield other, number
            index.insert(number, minhash, check_duplication=False)

    return sentences.join(like())


def find_with_rensa(texts: Sequence[str]) -> Iterator[Spans]:
    """Index the sentences by MinHash and LSH, compiled."""
    import rensa

    sentences = Sentences(texts)
    index = rensa.RMinHashLSH(threshold=LEAST_JACCARD, num_perm=N_HASHES, num_bands=N_HASHES // 4)
    hashes = rensa.RMinHash.from_token_sets(sentences.shingles, num_perm=N_HASHES, seed=42)

    def like() -> Iterator[tuple[int, int]]:
        for number, minhash in enumerate(hashes):
            for other in index.query(minhash):
                yield other, number
            index.insert(number, minhash)

    return sentences.join(like())


PEERS: dict[str, tuple[Callable[[Sequence[str]], Iterator[Spans]], int]] = {
    "difflib": (find_with_difflib, 60),
    "rapidfuzz": (find_with_rapidfuzz, 120),
    "datasketch": (find_with_datasketch, 2_000),
    "rensa": (find_with_rensa, 2_000),
}
"""Each library and the number of reports up to which it is tried: a heading that all reports have is a pair of each two
of them."""


def measure(name: str, folder: Path) -> tuple[pd.DataFrame, float, float, float]:
    """Run one method on the texts in a folder and return what it found, CPU seconds, MB above, CPU of loading."""
    texts: pd.DataFrame = pickle.loads((folder / "texts.pickle").read_bytes())
    began = process_time()
    if name == "corpus":
        reports = corpus.load_reports(texts)
        corpus.find_reuse(reports[:2])
    loaded = process_time()
    held = _held_mb()
    if name == "corpus":
        found = corpus.find_reuse(reports, quotes=False)
        spent = process_time() - loaded
    else:
        rows = list(PEERS[name][0](texts["text"].tolist()))
        spent = process_time() - loaded
        found = pd.DataFrame(rows, columns=_COLUMNS)
        ids = texts["report_id"].to_numpy()
        found = found.assign(**{side: ids[found[side].to_numpy(dtype=np.int64)] for side in ("report_a", "report_b")})
    return found[_COLUMNS], spent, _peak_mb() - held, loaded - began


def _held_mb() -> float:
    status = Path("/proc/self/statm")
    if not status.is_file():
        return _peak_mb()
    return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def compare_methods(n_reports: int, methods: Sequence[str], *, seed: int) -> Iterator[dict[str, object]]:
    """Yield a row for each method: its cost and its scores on a panel of so many reports."""
    panel: Panel = corpus.validation.simulate_panel(-(-n_reports // N_YEARS), N_YEARS, seed=seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "texts.pickle").write_bytes(pickle.dumps(panel.texts))
        for method in methods:
            if method in PEERS and n_reports > PEERS[method][1]:
                continue
            if method != "difflib" and importlib.util.find_spec(method) is None:
                print(f"{method} is not installed", file=sys.stderr)
                continue
            one_core = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
            subprocess.run([sys.executable, __file__, "--run", method, str(folder)], check=True, env=one_core)
            found, spent, above, loading = pickle.loads((folder / "found.pickle").read_bytes())
            scored = corpus.validation.score_reuse(found, panel)
            edited = scored.cases[(scored.cases["kind"] == "copied") & (scored.cases["edit_rate"] >= 0.15)]
            yield {
                "method": method,
                "n_reports": len(panel.texts),
                "n_chars": int(panel.texts["text"].str.len().sum()),
                "n_found": len(found),
                "cpu_seconds": round(spent, 3),
                "memory_mb": round(above),
                "loading_cpu_seconds": round(loading, 2) if method == "corpus" else None,
                "coverage": round(scored.coverage, 4),
                "coverage_edited_15": round(edited["found_chars"].sum() / max(edited["n_chars"].sum(), 1), 4),
                "share_one_origin": round(scored.share_one_origin, 4),
                "granularity": round(scored.granularity, 3),
                "precision": round(scored.precision, 4),
                "plagdet": round(scored.plagdet, 4),
            }


def main(arguments: Sequence[str]) -> None:
    if arguments[:1] == ["--run"]:
        folder = Path(arguments[2])
        (folder / "found.pickle").write_bytes(pickle.dumps(measure(arguments[1], folder)))
        return
    parser = argparse.ArgumentParser(description="measure find_reuse beside other libraries")
    parser.add_argument("numbers", type=int, nargs="*", default=[48, 480, 1_600, 4_800], metavar="N")
    parser.add_argument("--methods", nargs="+", choices=["corpus", *PEERS], default=["corpus", *PEERS])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    described = describe_machine(("numpy", "pandas", "rapidfuzz", "datasketch", "rensa"))
    print("\n".join(f"{name}: {value}" for name, value in described.items()))
    rows = []
    for number in options.numbers:
        for row in compare_methods(number, options.methods, seed=options.seed):
            print(", ".join(f"{name} {value}" for name, value in row.items()), flush=True)
            rows.append(row)
    if options.write:
        path = _VALIDATION / f"reuse-{described['date']}.csv"
        path.parent.mkdir(exist_ok=True)
        pd.DataFrame(rows).assign(seed=options.seed, **described).to_csv(path, index=False, lineterminator="\n")
        print(path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
