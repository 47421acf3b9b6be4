"""What each measure sees and misses: a report held against changed copies of itself and against other texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import pandas as pd

from corpus.analysis.bags import bag_words
from corpus.analysis.comparison import MIN_REFERENCE
from corpus.analysis.similarity import containment, cosine, grams, minimum_edit, resemblance, tfidf_weights
from corpus.analysis.tables import build_table
from corpus.analysis.words import tokenizer_for
from corpus.report import Report, Reports
from corpus.values import CorpusError

WEATHER = "今天上午多云转晴，气温比昨天高了三度，傍晚可能有小雨，出门的人最好带一把伞。"
"""A text that has nothing to do with any report."""
_EVERY = 10
_STRANGE = "某"
_COLUMNS = {
    "text": "",
    "containment": "float64",
    "resemblance": "float64",
    "minimum_edit": "float64",
    "cosine_characters": "float64",
    "cosine_words": "float64",
    "jaccard_words": "float64",
    "cosine_tfidf": "float64",
}


class _Probe(NamedTuple):
    name: str
    key: str
    sentences: list[str]


def tabulate_probes(reports: Reports, report_id: str, *, other_id: str, n: int = 8) -> pd.DataFrame:
    """Return every measure of a report held against texts whose likeness to it is known.

    Parameters
    ----------
    reports : Reports
        Also the reference collection of TF-IDF.
    report_id, other_id : str
        Ids of two of them.
    n : int
        Characters of a gram, for containment and resemblance.

    Returns
    -------
    DataFrame
        One row a text: the report itself; its sentences in reverse order; every tenth character exchanged for another
        (某); its first half and the other report's second half; its characters sorted, so that no word is left; the
        other report; a sentence about the weather. containment: of the report in the text; minimum_edit: over
        characters; cosine_characters: of counts of single characters; cosine_tfidf: NaN below 5 reports; all from 0
        to 1, over the body.

    Raises
    ------
    CorpusError
        If n is below 1, or one of the two is not there.
    """
    if n < 1:
        raise CorpusError(f"an n-gram of {n} characters does not exist; n is 1 or more")
    report, other = reports[report_id], reports[other_id]
    held = list({item.raw: item for item in reports}.values())
    n_holders = Counter(chain.from_iterable(bag_words(reports, held)))
    probes = list(_probes(report, other))
    tokenizer = tokenizer_for(reports, chain.from_iterable(probe.sentences for probe in probes))
    words = [_count_words(tokenizer, probe.sentences) for probe in probes]
    weights = [tfidf_weights(own, {word: n_holders[word] or 1 for word in own}, n_reports=len(held)) for own in words]
    first = probes[0]
    known = len(held) >= MIN_REFERENCE
    return build_table(
        (
            (
                probe.name,
                containment(grams(first.key, n), grams(probe.key, n)),
                resemblance(grams(first.key, n), grams(probe.key, n)),
                minimum_edit(first.key, probe.key),
                cosine(Counter(first.key), Counter(probe.key)),
                cosine(words[0], own),
                resemblance(words[0].keys(), own.keys()),
                cosine(weights[0], weighted) if known else float("nan"),
            )
            for probe, own, weighted in zip(probes, words, weights, strict=True)
        ),
        _COLUMNS,
    )


def _probes(report: Report, other: Report) -> Iterator[_Probe]:
    keys, sentences = _pieces(report)
    other_keys, other_sentences = _pieces(other)
    half, other_half = len(keys) // 2, len(other_keys) // 2
    yield _Probe("the report itself", "".join(keys), sentences)
    yield _Probe("its sentences in reverse order", "".join(keys[::-1]), sentences[::-1])
    yield _Probe("every tenth character another", _exchange("".join(keys)), [_exchange("".join(sentences))])
    mixed = sentences[:half] + other_sentences[other_half:]
    yield _Probe("its first half, the other's second", "".join(keys[:half] + other_keys[other_half:]), mixed)
    in_order = "".join(sorted("".join(keys)))
    yield _Probe("its characters sorted", in_order, [in_order])
    yield _Probe("the other report", "".join(other_keys), other_sentences)
    yield _Probe("a sentence about the weather", "".join(filter(str.isalnum, WEATHER)), [WEATHER])


def _pieces(report: Report) -> tuple[list[str], list[str]]:
    """Return the sentences of the body, for matching and for cutting into words."""
    passages = report.passages("sentence")
    keys = [report.key[slice(*report.key_span(passage.start, passage.end))] for passage in passages]
    return keys, [passage.text for passage in passages]


def _exchange(text: str) -> str:
    n_seen = 0
    characters = []
    for character in text:
        n_seen += character.isalnum()
        characters.append(_STRANGE if character.isalnum() and n_seen % _EVERY == 0 else character)
    return "".join(characters)


def _count_words(tokenizer: Any, sentences: Sequence[str]) -> Counter[str]:
    cut = chain.from_iterable(tokenizer.cut(sentence) for sentence in sentences)
    return Counter(word for word in cut if any(map(str.isalnum, word)))
