"""How often intervals hold what they promise, and how often chance alone seems to be more than chance.

Run it as ``python tests/bench/intervals.py [coverage] [kept] [FOLDER]``, the first two without an argument; with a
folder of real reports it asks of these, dealt out, what is more than chance. The figures stand in the docstrings of
`corpus.analysis.resampling` and of `corpus.analysis.comparison.pair_columns`.
"""

from __future__ import annotations

import platform
import sys
from datetime import date
from itertools import chain, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from making import make_report

from corpus.analysis.comparison.pair_columns import ChanceSetting, deal_out
from corpus.analysis.resampling import estimate_share, interval_of_difference
from corpus.analysis.simulation.panel import simulate_panel
from corpus.analysis.simulation.planning import PanelSetting
from corpus.analysis.years.change_measures import measure_years
from corpus.loading.load_reports import load_reports
from corpus.report.reports import Reports
from corpus.report.values import Unit

N_TEXTS = 500
SENTENCES = (60, 120, 150, 400)
SHARES = (0.05, 0.1, 0.3, 0.6)
RUNS = (1, 2, 4)
N_HEAPS = 3
UNITS: tuple[Unit, ...] = ("sentence", "paragraph")
PASSAGE_CHARS = (1, 400)
LEVELS = (0.01, 0.05, 0.1)


def draw_sentences(
    chance: np.random.Generator, n_sentences: int, share: float, run: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return what counts of each sentence and its length; copies run over ``run`` sentences on average."""
    lengths = np.maximum(8, chance.lognormal(3.4, 0.55, n_sentences)).astype(np.int64)
    draws = chance.random(n_sentences)
    enters = share / (1 - share) / run
    copied = np.empty(n_sentences, dtype=np.bool_)
    inside = bool(chance.random() < share)
    for place in range(n_sentences):
        inside = bool(draws[place] < (1 - 1 / run if inside else enters)) if place else inside
        copied[place] = inside
    whole = chance.random(n_sentences) < 0.6
    kept = np.where(whole, 1.0, chance.random(n_sentences)) * copied
    return np.round(kept * lengths).astype(np.int64), lengths


def measure_coverage() -> None:
    """Print how many intervals hold the share that the texts were drawn with, of those that are shown."""
    print("passages  share copied  mean run  texts with an interval  of them it held")
    total = np.zeros(2, dtype=np.int64)
    sides: list[tuple[float, tuple[float, float, float]]] = []
    for n_sentences in SENTENCES:
        for share in SHARES:
            for run in RUNS:
                mean_run = max(run, 1 / (1 - share))
                if run > 1 and mean_run > run:
                    continue
                chance = np.random.default_rng([n_sentences, int(100 * share), run])
                held = []
                for _ in range(N_TEXTS):
                    parts, wholes = draw_sentences(chance, n_sentences, share, mean_run)
                    _, low, high, *_ = estimate_share(parts, wholes)
                    if not np.isnan(low):
                        held.append(low <= share * 0.8 <= high)
                        sides.append((share * 0.8, (parts.sum() / wholes.sum(), low, high)))
                total += sum(held), len(held)
                if len(held) >= N_TEXTS / 10:
                    told = f"{len(held):22}  {np.mean(held):15.3f}"
                    print(f"{n_sentences:8}  {share:12}  {mean_run:8.1f}  {told}")
    print(f"all: {total[0] / total[1]:.3f} of {total[1]} intervals")
    chance = np.random.default_rng(3)
    pairs = [(sides[one], sides[other]) for one, other in chance.integers(0, len(sides), (20 * N_TEXTS, 2)).tolist()]
    ends = [interval_of_difference(first, second) for (_, first), (_, second) in pairs]
    held = [low <= two - one <= high for (low, high), ((one, _), (two, _)) in zip(ends, pairs, strict=True)]
    print(f"differences of two texts of any of these kinds: {np.mean(held):.3f} of {len(held)}")


def measure_kept() -> None:
    """Print how many 95% intervals of issuers that keep alike hold the mean of their shares kept."""
    print("carried over  issuers  mean share kept  intervals that held it")
    for carried in (0.3, 0.5, 0.8):
        panel = simulate_panel(150, 2, setting=PanelSetting(carried=(carried, carried)), seed=11)
        measured = measure_years(load_reports(panel.texts)).dropna(subset=["low"])
        mean = measured["share_kept"].mean()
        held = ((measured["low"] <= mean) & (mean <= measured["high"])).mean()
        print(f"{carried:12}  {len(measured):7}  {mean:15.3f}  {held:22.3f}")


def measure_null(folder: str) -> None:
    """Print which share of the pairs of real reports whose sentences, or paragraphs, were dealt out at random have a
    small share_at_least.
    """
    print("of a heap of  seed  passage_chars  share_at_least up to " + " ".join(f"{level:5}" for level in LEVELS))
    reports = load_reports(folder)
    for unit in UNITS:
        own = [[f"{passage.text}。" for passage in report.passages(unit)] for report in reports]
        for seed in range(N_HEAPS):
            heap = iter(np.random.default_rng(seed).permutation(list(chain.from_iterable(own))).tolist())
            dealt = ["\n".join(islice(heap, len(texts))) for texts in own]
            panel = Reports(tuple(make_report(f"r{number:03}", text) for number, text in enumerate(dealt)))
            for passage_chars in PASSAGE_CHARS:
                setting = ChanceSetting(passage_chars=passage_chars, n_permutations=199)
                shares = deal_out(panel, *np.triu_indices(len(panel), k=1), setting=setting).share_at_least
                found = " ".join(f"{(shares <= level).mean():5.3f}" for level in LEVELS)
                print(f"{unit:12}  {seed:4}  {passage_chars:13}  {'':20} {found}", flush=True)


if __name__ == "__main__":
    print(f"{date.today()}, {platform.platform()}, Python {platform.python_version()}, numpy {np.__version__}")
    measures = {"coverage": measure_coverage, "kept": measure_kept}
    for name in sys.argv[1:] or measures:
        measures[name]() if name in measures else measure_null(name)
