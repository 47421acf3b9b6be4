"""Sentences in the manner of the genre: patterns of clauses, filled with words at random.

The form is that of the reports (clauses with commas, counts, amounts, dates, named projects); they mean nothing. No
clause is taken from any report. Words are so many that 12 characters seldom agree by chance, while short set clauses
recur as they do in real prose. Words and patterns stand in ``data/simulation/prose.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from math import lcm
from typing import Literal

import numpy as np

from corpus.analysis.simulation.randomness import Stream
from corpus.field.data_files import simulated_words

_HAN = re.compile(r"[\u4e00-\u9fa5]")
_FIGURE = re.compile(r"\d+")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")


def count_han(text: str) -> int:
    """Return how many Han characters a text has: what can be edited."""
    return len(_HAN.findall(text))


def edit_characters(text: str, n_edits: int, stream: Stream) -> str:
    """Return a text with so many of its Han characters edited, each at a place of its own.

    Half of the edits put another character in place of one, a quarter add one behind it, a quarter drop it.
    Punctuation, figures and what stands in braces are left alone, and so are the first and the last two Han characters,
    so that an edited passage begins and ends where it did.
    """
    places = [match.start() for match in _HAN.finditer(text)][2:-2]
    characters = list(text)
    for number in stream.order(len(places))[:n_edits].tolist():
        place = places[number]
        way = stream.below(4)
        if way == 3:
            characters[place] = ""
            continue
        other = stream.pick(_alphabet())
        while other in (text[place], text[place + 1]):
            other = stream.pick(_alphabet())
        characters[place] = text[place] + other if way == 2 else other
    return "".join(characters)


@cache
def _alphabet() -> str:
    return "".join((*simulated_words("noun"), *simulated_words("verb")))


def change_figures(text: str, stream: Stream) -> str:
    """Return a text with every figure changed: years by one, months and days within their bounds, others at random.

    A text without figures is returned as it is.
    """
    return _FIGURE.sub(lambda match: _another(match, stream), text)


def next_year(text: str) -> str:
    """Return a text with every year (20XX年) one later."""
    return _YEAR.sub(lambda match: str(int(match[0]) + 1), text)


def _another(figure: re.Match[str], stream: Stream) -> str:
    """Return another figure with as many digits in place of one."""
    if _YEAR.match(figure.string, figure.start()):
        return str(int(figure[0]) + 1)
    unit = figure.string[figure.end() : figure.end() + 1]
    least = 0 if figure.string[figure.start() - 1 : figure.start()] == "." else 10 ** (len(figure[0]) - 1)
    most = 12 if unit == "月" else 28 if unit == "日" else 10 ** len(figure[0]) - 1
    least = 1 if unit in ("月", "日") and unit else least
    other = figure[0]
    while other == figure[0]:
        other = str(stream.between(least, most))
    return other


Kind = Literal["own", "timeless", "stock"]

_SENTENCES_AT_ONCE = 4_096
_N_SET_CLAUSES = 480
SLOTS = ("place", "year", "number", "law", "organ")
_PIECE = re.compile(r"\{(\w+)\}|([^{]+)")
_Pattern = tuple[Sequence[str], ...]
"""For each piece of a clause what may stand there: words, or the one that always does."""


class Prose:
    """An endless supply of sentences out of one stream of random numbers.

    A sentence has three to five clauses, some 30 to 60 characters, and ends with 。 or, one in seven, with ；.
    ``own`` sentences have a particular fact in every third clause and may name the year as ``{year}``; ``timeless``
    ones are like them without a year; ``stock`` ones have no particulars, but slots (``{place}``, ``{year}``,
    ``{number}``, ``{law}``, ``{organ}``) in half of them. Two of five end with a set clause.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._ready: dict[Kind, list[tuple[list[_Pattern], list[float]]]] = {"own": [], "timeless": [], "stock": []}

    def sentence(self, kind: Kind) -> str:
        """Return the next sentence of this kind."""
        ready = self._ready[kind]
        if not ready:
            ready.extend(self._draw(kind))
        clauses, drawn = ready.pop()
        comma, stop, recurring = (_word_classes()[name] for name in ("comma", "stop", "set"))
        closed = [(*clause, comma) for clause in clauses[:-1]] + [(*clauses[-1], stop)]
        # Set clauses become rarer down their list; other words are alike.
        return "".join(
            words[int((number * number if words is recurring else number) * len(words))]
            for words, number in zip(chain.from_iterable(closed), drawn, strict=True)
        )

    def heading(self) -> str:
        """Return a heading: two clauses of some six characters, without a closing mark."""
        return "，".join(_fill("{do}{noun}{head}", _word_classes(), self._stream) for _ in range(2))

    def _draw(self, kind: Kind) -> Iterator[tuple[list[_Pattern], list[float]]]:
        """Yield the clauses of many sentences with the random numbers that choose their words, a closing mark each."""
        openings, others, closings = _menus()[kind]
        n_clauses = 3 + (self._stream.uniform(_SENTENCES_AT_ONCE) * 3).astype(np.int64)
        ends = np.cumsum(n_clauses)
        clauses = self._choose(others, int(ends[-1]))
        for places, menu in ((ends - n_clauses, openings), (ends - 1, closings)):
            for place, clause in zip(places.tolist(), self._choose(menu, len(places)), strict=True):
                clauses[place] = clause
        last = np.cumsum([len(clause) + 1 for clause in clauses])[ends - 1].tolist()
        numbers = self._stream.uniform(last[-1]).tolist()
        for start, end, first, stop in zip((0, *ends[:-1].tolist()), ends.tolist(), (0, *last[:-1]), last, strict=True):
            yield clauses[start:end], numbers[first:stop]

    def _choose(self, menu: Sequence[_Pattern], n: int) -> list[_Pattern]:
        return [menu[int(number * len(menu))] for number in self._stream.uniform(n).tolist()]


@cache
def _word_classes() -> dict[str, Sequence[str]]:
    characters = simulated_words("name character")
    names = [first + second for first in characters for second in characters if first != second]
    named = ("noun", "verb", "do", "head", "adverb", "aim", "urge", "spend", "build", "measure")
    classes: dict[str, Sequence[str]] = {
        **{name: simulated_words(name) for name in named},
        "count": [str(count) for count in range(2, 480)],
        "amount": [f"{amount / 10:.1f}".removesuffix(".0") for amount in range(105, 29_995, 7)],
        "percent": [f"{share / 10:.1f}" for share in range(601, 1_000)],
        "month": [str(month) for month in range(1, 13)],
        "day": [str(day) for day in range(1, 29)],
        "name": names,
        "town": names,
        "comma": ["，"],
        "stop": [*"。" * 6, "；"],
        **{slot: [f"{{{slot}}}"] for slot in SLOTS},
    }
    stream, patterns = Stream(0), simulated_words("set clause")
    # The short clauses that recur in every panel, the commonest first.
    recurring = (_fill(stream.pick(patterns), classes, stream) for _ in range(_N_SET_CLAUSES))
    return classes | {"set": list(dict.fromkeys(recurring))}


def _fill(pattern: str, classes: Mapping[str, Sequence[str]], stream: Stream) -> str:
    return _PIECE.sub(lambda piece: stream.pick(classes[piece[1]]) if piece[1] else piece[2], pattern)


@cache
def _menus() -> dict[Kind, tuple[list[_Pattern], list[_Pattern], list[_Pattern]]]:
    """Return for each kind the patterns of its first clause, of those between, and of its last.

    Set clauses stand last only, so that no two of them meet.
    """
    plain, particular, slotted = map(simulated_words, ("plain clause", "particular clause", "clause with slot"))
    years, recurring = simulated_words("clause with year"), ("{set}",)
    others = _menu((plain, 1), (particular, 1))
    closings = _menu((plain, 30), (particular, 30), (recurring, 40))
    return {
        "own": (_menu((plain, 40), (particular, 20), (years, 4)), others, closings),
        "timeless": (_menu((plain, 40), (particular, 20)), others, closings),
        "stock": (_menu((plain, 1)), _menu((plain, 60), (slotted, 40)), _menu((plain, 60), (recurring, 40))),
    }


def _menu(*groups: tuple[Sequence[str], int]) -> list[_Pattern]:
    """Return patterns such that each group has its weight among them."""
    common = lcm(*(len(patterns) for patterns, _ in groups))
    return [
        tuple(_word_classes().get(piece[1], (piece[2],)) for piece in _PIECE.finditer(pattern))
        for patterns, weight in groups
        for pattern in patterns
        for _ in range(weight * common // len(patterns))
    ]
