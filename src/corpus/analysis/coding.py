"""Which signals carry the specificity score, and the sample of sentences that a person is asked to code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

import pandas as pd

from corpus.analysis.agreement import compare_with_labels
from corpus.analysis.specificity import FAINT_SIGNALS, SIGNALS, measure_passages, score_specificity
from corpus.analysis.tables import build_table
from corpus.report import Reports
from corpus.values import FACT_KINDS, CorpusError, Label

FORM_SEED = 20261123
_FORM_COLUMNS = {
    "report_id": "",
    "start": "int64",
    "end": "int64",
    "text": "",
    "coder": "",
    "label": "",
    "note": "",
}
_NUMBERS = ("amount", "count", "share", "measure", "time")


def compare_signals(reports: Reports, labels: Iterable[Label]) -> pd.DataFrame:
    """Return how well the specificity of sentences agrees with labels when signals are left out.

    Parameters
    ----------
    reports : Reports
    labels : iterable of Label
        As from `corpus.load_labels`.

    Returns
    -------
    DataFrame
        The columns of `corpus.compare_with_labels` behind ``score``: ``all signals``; ``without`` each signal;
        ``numbers alone`` (amounts, counts, shares, measures and terms); ``documents alone``; ``facts alone`` and
        ``words alone`` (rare, plain and done); last, the length of the sentence. A signal that never occurs in the
        labelled sentences changes nothing there, which says nothing against it.

    Raises
    ------
    CorpusError
        As `corpus.compare_with_labels` does.
    """
    variants: dict[str, tuple[str, ...]] = {
        "all signals": (),
        **{f"without {signal}": (signal,) for signal in SIGNALS},
        "numbers alone": tuple(name for name in SIGNALS if name not in (*_NUMBERS, "loose")),
        "documents alone": tuple(name for name in SIGNALS if name not in ("document", "loose")),
        "facts alone": FAINT_SIGNALS,
        "words alone": FACT_KINDS,
    }
    scores = pd.DataFrame(
        [
            (
                one.report_id,
                one.passage.start,
                one.passage.end,
                *(one.score(left_out) for left_out in variants.values()),
            )
            for one in measure_passages(reports)
        ],
        columns=["report_id", "start", "end", *variants],
    )
    return compare_with_labels(scores, labels, columns=list(variants)).rename(columns={"measure": "score"})


def tabulate_coding_form(reports: Reports, *, n: int = 100, seed: int = FORM_SEED) -> pd.DataFrame:
    """Return an empty form on which a person codes a sample of sentences.

    The sentences that are no headings are divided by report, by part and by whether they have a fact; of each stratum
    the same share is drawn (largest remainders), so that the sample stands for all sentences as it is, without
    weights. Neither the part nor the facts are on the form, since they would tell the coder what to find. Within a
    stratum those sentences are drawn whose SHA-256 of seed, report and place comes first: the same on every machine
    and with every version of Python.

    Parameters
    ----------
    reports : Reports
    n : int
        Sentences to draw, 1 or more; all, if there are fewer.
    seed : int

    Returns
    -------
    DataFrame
        In the order of the reports: report_id; start, end: code points of ``raw``; text; coder, label and note: empty.

    Raises
    ------
    CorpusError
        If n is below 1.
    """
    if n < 1:
        raise CorpusError(f"n={n}: a form holds 1 sentence or more")
    scores = score_specificity(reports)
    scores = scores[~scores["is_heading"]]
    has_fact = scores["n_firm"] + scores["n_loose"] > 0
    strata: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
    for number, stratum in enumerate(zip(scores["report_id"], scores["role"].astype(str), has_fact, strict=True)):
        strata[stratum].append(number)
    places = list(zip(scores["report_id"], scores["start"], scores["end"], scores["text"], strict=True))
    quotas = _largest_remainders([len(members) for members in strata.values()], n)
    chosen = []
    for members, quota in zip(strata.values(), quotas, strict=True):
        ordered = sorted(members, key=lambda number: _lot(seed, *places[number][:2]))
        chosen += ordered[:quota]
    return build_table(((*places[number], "", "", "") for number in sorted(chosen)), _FORM_COLUMNS)


def _lot(seed: int, report_id: str, start: int) -> bytes:
    return sha256(f"{seed}:{report_id}:{start}".encode()).digest()


def _largest_remainders(sizes: list[int], n: int) -> list[int]:
    """Return how many of n fall to strata of these sizes, as nearly in proportion as whole numbers can."""
    total = sum(sizes)
    if n >= total:
        return sizes
    quotas = [size * n // total for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda number: (-(sizes[number] * n % total), number))
    for number in by_remainder[: n - sum(quotas)]:
        quotas[number] += 1
    return quotas
