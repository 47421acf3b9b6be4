"""Which signals carry the specificity score, and the sample of sentences that a person is asked to code."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

import pandas as pd

from corpus.analysis.boilerplate.definitions import BoilerplateSetting, TextUnit, score_boilerplate
from corpus.analysis.particulars.specificity import FAINT_SIGNALS, SIGNALS, measure_passages, score_specificity
from corpus.analysis.validation.coder_agreement import compare_with_labels
from corpus.errors import CorpusError
from corpus.field.lexicon import FACT_KINDS
from corpus.report.reports import Reports
from corpus.report.table_columns import build_table, tabulated
from corpus.report.values import Label

FORM_SEED = 20261123
_PHRASES: tuple[tuple[TextUnit, int], ...] = (("character", 4), ("character", 8), ("word", 4))
_ENTITIES = (
    "amount", "share", "time", "date", "document", "project", "place", "organisation", "person", "honour"
)  # fmt: skip
_FIGURES = ("amount", "count", "share", "measure")
_NUMBERS = ("amount", "count", "share", "measure", "time")


@tabulated
def compare_signals(reports: Reports, labels: Iterable[Label]) -> pd.DataFrame:
    """Return how well the specificity of sentences agrees with labels when signals are left out.

    Parameters
    ----------
    reports : Reports
    labels : iterable of Label
        As from `corpus.validation.load_labels`.

    Returns
    -------
    DataFrame
        One row a set of signals, as measure: ``all signals``; ``without`` each signal; ``numbers alone`` (amounts,
        counts, shares, measures and terms); ``documents alone``; ``facts alone`` and ``words alone`` (rare, plain and
        done); last, the length of the sentence. A signal that never occurs in the labelled sentences changes nothing
        there, which says nothing against it.

        {columns of compare_with_labels}

    Raises
    ------
    CorpusError
        As `corpus.validation.compare_with_labels` does.

    Examples
    --------
    >>> import corpus
    >>> signals = corpus.validation.compare_signals(corpus.load_reports(), corpus.validation.load_labels())
    >>> signals["measure"].head(2).tolist()
    ['all signals', 'without amount']
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
    return compare_with_labels(scores, labels, columns=list(variants))


@tabulated
def compare_measures(reports: Reports, labels: Iterable[Label]) -> pd.DataFrame:
    """Return how well each measure, taken sentence by sentence, tells specific sentences from the others.

    Parameters
    ----------
    reports : Reports
    labels : iterable of Label
        As from `corpus.validation.load_labels`.

    Returns
    -------
    DataFrame
        One row a measure: ``specificity``; ``number of facts``; ``counted number or long title``: the rule of two
        lines, whether there is a figure before a counting unit or a title of 10 characters or more in 《》;
        ``entities to a character`` and ``figures to a character``: specificity and hard information of Dyer, Lang &
        Stice-Lawrence (2017, see `corpus.measure_boilerplate`), of a sentence; ``rare words``: see rarity in
        `corpus.find_particulars`; ``little exhortation``; ``not in phrases of …``: the share of the sentence in no
        phrase of so many units that two reports or more have; last, the length of the sentence.

        {columns of compare_with_labels}

    Raises
    ------
    CorpusError
        As `corpus.validation.compare_with_labels` does.

    Examples
    --------
    >>> import corpus
    >>> measures = corpus.validation.compare_measures(corpus.load_reports(), corpus.validation.load_labels())
    >>> measures.loc[measures["beats_length"], "measure"].head(2).tolist()
    ['specificity', 'number of facts']
    """
    scores = score_specificity(reports)
    rule = _two_line_rule(reports)
    n_chars = scores["n_chars"].clip(lower=1)
    entities, figures = (scores[[f"n_{kind}" for kind in kinds]].sum(axis=1) for kinds in (_ENTITIES, _FIGURES))
    measures = {
        "specificity": scores["specificity"],
        "number of facts": scores["n_firm"] + scores["n_loose"],
        "counted number or long title": scores["text"].map(lambda text: float(rule.search(text) is not None)),
        "entities to a character": entities / n_chars,
        "figures to a character": figures / n_chars,
        "rare words": scores["rarity"],
        "little exhortation": 1 - scores["share_exhortation"],
    }
    table = scores[["report_id", "start", "end"]].assign(**measures)
    for unit, n in _PHRASES:
        setting = BoilerplateSetting(unit=unit, n=n, segment="sentence")
        shared = score_boilerplate(reports, setting=setting).set_index(["report_id", "start", "end"])["share_covered"]
        name = f"not in phrases of {n} {unit}s"
        table = table.join((1 - shared).rename(name), on=["report_id", "start", "end"])
    return compare_with_labels(table, labels, columns=list(table.columns[3:]))


def _two_line_rule(reports: Reports) -> re.Pattern[str]:
    units = "|".join(sorted((re.escape(unit.unit) for unit in reports.lexicon.units), key=len, reverse=True))
    return re.compile(rf"[0-9][0-9,.]*[万亿]?余?(?:{units})|《[^》]{{10,}}》")


@tabulated
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
        One row a sentence, in the order of the reports.

        {columns of tabulate_coding_form}

    Raises
    ------
    CorpusError
        If n is below 1.

    Examples
    --------
    >>> import corpus
    >>> form = corpus.validation.tabulate_coding_form(corpus.load_reports(), n=5)
    >>> list(form["report_id"])
    ['zaozhuang-2019', 'longgang-2020', 'qinan-2020', 'changchun-2021', 'yiyuan-2022']
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
    return build_table(((*places[number], "", "", "") for number in sorted(chosen)), "tabulate_coding_form")


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
