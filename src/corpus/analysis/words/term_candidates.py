"""Terms that a collection has and the dictionary has not: words that stand together more than chance would have it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from corpus.report.reports import Reports

_MOST_WORDS = 3
_FEWEST_CHARS, _MOST_CHARS = 3, 8
_LEAST_ISSUERS = 3
_LEAST_PLACES = 5
_LEAST_ASSOCIATION = 0.5
_INSIDE = 0.9
"""A candidate that so many of its places have inside one longer candidate is no term of its own."""

Place = tuple[int, int, str]
"""Where a word begins and ends, and the word."""
_Run = tuple[str, ...]


def propose_terms(
    reports: Reports, found: Iterable[Sequence[Place]], is_figure: Callable[[str], bool]
) -> list[tuple[Any, ...]]:
    """Return two or three words in a row that may be one term, the most promising first.

    Association is the normalised pointwise mutual information (Bouma 2009, Proc. GSCL 31-40, from the formula as it is
    commonly given) of the last word with those before it: ln(p(ab) / p(a) p(b)) / -ln p(ab), -1 to 1, 1 where none
    stands without the other. Candidates stand five times and with three issuers at least, have 3 to 8 characters and an
    association of .5, and hold no figure, stop word, or word that urges or tells of something done. They are ordered by
    association times the logarithm of the issuers, so that what one place says often does not come first.
    """
    lexicon = reports.lexicon
    left_out = frozenset((*lexicon.stop_words, *lexicon.exhortations, *lexicon.accomplishments))
    counts: Counter[_Run] = Counter()
    issuers: defaultdict[_Run, set[str]] = defaultdict(set)
    n_reports: Counter[_Run] = Counter()
    n_words = 0
    for report, words in zip(reports, found, strict=True):
        own = Counter(_runs(words, lambda word: word in left_out or is_figure(word)))
        counts.update(own)
        n_words += len(words)
        n_reports.update(own.keys())
        for run in own:
            if len(run) > 1:
                issuers[run].add(report.issuer_key)
    kept = {run: score for run in issuers if (score := _associate(run, counts, issuers[run], n_words)) is not None}
    inside = {
        part for run in kept for part in (run[1:], run[:-1]) if part in kept and counts[run] >= _INSIDE * counts[part]
    }
    rows = [
        ("".join(run), " ".join(run), counts[run], n_reports[run], len(issuers[run]), score)
        for run, score in kept.items()
        if run not in inside
    ]
    return sorted(rows, key=lambda row: (-row[-1] * math.log(row[-2]), row[0]))


def _runs(words: Sequence[Place], is_left_out: Callable[[str], bool]) -> Iterator[_Run]:
    """Yield each word, and the words in a row that begin with it, as far as they touch and may be of a term."""
    for place, (end, _, first) in enumerate(words):
        run: _Run = ()
        for start, stop, word in words[place : place + _MOST_WORDS]:
            if start != end or (run and (is_left_out(word) or is_left_out(first))):
                break
            run, end = (*run, word), stop
            yield run


def _associate(run: _Run, counts: Counter[_Run], issuers: set[str], n_words: int) -> float | None:
    """Return how strongly the last word goes with those before it, None where the run is no candidate."""
    n = counts[run]
    long_enough = _FEWEST_CHARS <= sum(map(len, run)) <= _MOST_CHARS
    if n < _LEAST_PLACES or len(issuers) < _LEAST_ISSUERS or not long_enough:
        return None
    score = math.log(n * n_words / (counts[run[:-1]] * counts[run[-1:]])) / math.log(n_words / n)
    return min(score, 1.0) if score >= _LEAST_ASSOCIATION else None
