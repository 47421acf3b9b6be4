"""Sentences in the manner of the genre: patterns of clauses, filled with words at random.

The form is that of the reports (clauses with commas, counts, amounts, dates, named projects); they mean nothing. No
clause is taken from any report. Words are so many that 12 characters seldom agree by chance, while short set clauses
recur as they do in real prose. Words and patterns stand in ``data/simulation/prose.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from corpus.analysis.resampling import Stream
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
_PLAIN, _FACT, _YEARLY, _SLOTTED = "plain clause", "particular clause", "clause with year", "clause with slot"
_SET = "set"
_CLOSINGS = (*[_PLAIN] * 3, *[_FACT] * 3, *[_SET] * 4)
_SHAPES: Mapping[Kind, tuple[Sequence[str], Sequence[str], Sequence[str]]] = {
    "own": ((*[_PLAIN] * 10, *[_FACT] * 5, _YEARLY), (_PLAIN, _FACT), _CLOSINGS),
    "timeless": ((_PLAIN, _PLAIN, _FACT), (_PLAIN, _FACT), _CLOSINGS),
    "stock": ((_PLAIN,), (*[_PLAIN] * 3, *[_SLOTTED] * 2), (*[_PLAIN] * 3, *[_SET] * 2)),
}
"""The sorts of clauses that begin a sentence of a kind, stand inside it, and end it, each as often as it is named.

Set clauses stand last only, so that no two of them meet."""
_N_SET_CLAUSES = 480
SLOTS = ("place", "year", "number", "law", "organ")
_PIECE = re.compile(r"\{(\w+)\}|([^{]+)")


class Prose:
    """An endless supply of sentences out of one stream of random numbers.

    A sentence has three to five clauses, some 30 to 60 characters, and ends with 。 or, one in seven, with ；.
    ``own`` sentences have a particular fact in every third clause and may name the year as ``{year}``; ``timeless``
    ones are like them without a year; ``stock`` ones have no particulars, but slots (``{place}``, ``{year}``,
    ``{number}``, ``{law}``, ``{organ}``) in two of five clauses. Two of five end with a set clause.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def sentence(self, kind: Kind) -> str:
        """Return the next sentence of this kind."""
        pick = self._stream.pick
        first, inside, last = _SHAPES[kind]
        sorts = [pick(first), *(pick(inside) for _ in range(1 + self._stream.below(3))), pick(last)]
        return "，".join(map(self._clause, sorts)) + pick("。。。。。。；")

    def heading(self) -> str:
        """Return a heading: two clauses of some six characters, without a closing mark."""
        return "，".join(_fill("{do}{noun}{head}", self._stream) for _ in range(2))

    def _clause(self, sort: str) -> str:
        if sort == _SET:
            # They become rarer down their list; other words are alike.
            number = self._stream.draw()
            return _set_clauses()[int(number * number * len(_set_clauses()))]
        return _fill(self._stream.pick(simulated_words(sort)), self._stream)


@cache
def _word_classes() -> dict[str, Sequence[str]]:
    characters = simulated_words("name character")
    names = [first + second for first in characters for second in characters if first != second]
    named = ("noun", "verb", "do", "head", "adverb", "aim", "urge", "spend", "build", "measure")
    return {
        **{name: simulated_words(name) for name in named},
        "count": [str(count) for count in range(2, 480)],
        "amount": [f"{amount / 10:.1f}".removesuffix(".0") for amount in range(105, 29_995, 7)],
        "percent": [f"{share / 10:.1f}" for share in range(601, 1_000)],
        "month": [str(month) for month in range(1, 13)],
        "day": [str(day) for day in range(1, 29)],
        "name": names,
        "town": names,
        **{slot: [f"{{{slot}}}"] for slot in SLOTS},
    }


@cache
def _set_clauses() -> list[str]:
    """Return the short clauses that recur in every panel, the commonest first."""
    stream = Stream(0)
    drawn = (_fill(stream.pick(simulated_words("set clause")), stream) for _ in range(_N_SET_CLAUSES))
    return list(dict.fromkeys(drawn))


def _fill(pattern: str, stream: Stream) -> str:
    return "".join(map(stream.pick, _pieces(pattern)))


@cache
def _pieces(pattern: str) -> list[Sequence[str]]:
    """Return for each piece of a pattern what may stand there: words, or the one that always does."""
    return [_word_classes().get(piece[1], (piece[2],)) for piece in _PIECE.finditer(pattern)]
