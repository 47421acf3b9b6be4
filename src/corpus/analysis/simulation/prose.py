"""Sentences in the manner of the genre: patterns of clauses, filled with words at random.

The form is that of the reports (clauses with commas, counts, amounts, dates, named projects); they mean nothing. No
clause is taken from any report. Words are so many that 12 characters seldom agree by chance, while short set clauses
recur as they do in real prose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import lcm
from typing import Literal

import numpy as np

from corpus.analysis.simulation.randomness import FloatArray, IntArray, Stream
from corpus.analysis.simulation.vocabulary import (
    ADVERBS,
    AIMS,
    BUILDING_VERBS,
    HEADS,
    MEASURE_WORDS,
    NAME_CHARACTERS,
    NOUNS,
    SETTING_VERBS,
    SPENDING_VERBS,
    URGING_VERBS,
    VERBS,
)

Kind = Literal["own", "timeless", "stock"]

_SENTENCES_AT_ONCE = 4_096
_N_SET_CLAUSES = 480
_PLAIN = (
    "{adverb}{do}{noun}{noun}{head}",
    "{do}{noun}{verb}和{noun}{head}",
    "{aim}{noun}{noun}{do}{verb}{head}",
    "{aim}{noun}{verb}{do}{noun}{noun}",
    "{noun}{verb}纳入{noun}{head}",
    "{noun}{verb}带动{noun}{noun}",
    "{urge}{noun}{noun}{verb}{noun}",
    "{noun}{noun}{verb}{head}{adverb}{do}",
    "{noun}{noun}实行{noun}{verb}",
    "{do}{noun}、{noun}、{noun}{head}",
    "{verb}{noun}{noun}与{noun}{head}",
)
_PARTICULAR = (
    "{verb}{noun}{noun}{count}{measure}",
    "{verb}{noun}{count}{measure}、{noun}{count}{measure}",
    "{spend}{noun}{noun}资金{amount}万元",
    "{noun}{noun}{verb}率达到{percent}%",
    "{month}月{day}日{verb}{noun}{noun}",
    "{build}“{name}”{noun}{noun}基地",
    "{do}“{name}”{noun}工程",
    "{urge}{count}家{noun}企业{verb}{noun}{amount}万元",
    "{town}镇{verb}{noun}{noun}点{count}个",
)
_WITH_YEAR = ("{year}年{verb}{noun}{noun}{count}{measure}",)
_SET = (
    "{adverb}{do}{head}",
    "{adverb}{do}工作{head}",
    "{do}各项{head}",
    "做到{head}到位",
    "{head}{adverb}{do}",
    "形成工作{head}",
)
# A formula has a clause with a slot that each report fills in its own way, or has none.
_SLOTTED = (
    "{year}年以来",
    "按照{law}的要求",
    "在{organ}的指导下",
    "全年共开展{number}次",
    "结合{place}实际",
    "累计办理{number}件",
    "会同{organ}等部门",
    "组织学习{law}",
    "在{place}范围内",
    "制定{year}年度计划",
)
SLOTS = ("place", "year", "number", "law", "organ")
_PIECE = re.compile(r"\{(\w+)\}|([^{]+)")


class Prose:
    """An endless supply of sentences out of one stream of random numbers.

    A sentence has three to five clauses, some 30 to 60 characters, and ends with 。 or, one in seven, with ；.
    ``own`` sentences have a particular fact in every third clause and may name the year as ``{year}``; ``timeless``
    ones are like them without a year; ``stock`` ones have no particulars, but slots (``{place}``, ``{year}``,
    ``{number}``, ``{law}``, ``{organ}``) in half of them. Two of five end with a set clause.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._words = _words()
        self._menus = _menus()
        self._ready: dict[Kind, list[str]] = {kind: [] for kind in self._menus}

    def sentence(self, kind: Kind) -> str:
        """Return the next sentence of this kind."""
        ready = self._ready[kind]
        if not ready:
            ready.extend(self._write(kind))
        return ready.pop()

    def heading(self) -> str:
        """Return a heading: two clauses of some six characters, without a closing mark."""
        return "，".join(_fill("{do}{noun}{head}", _word_classes(), self._stream) for _ in range(2))

    def _write(self, kind: Kind) -> list[str]:
        openings, others, closings = self._menus[kind]
        n_clauses = 3 + (self._stream.uniform(_SENTENCES_AT_ONCE) * 3).astype(np.int64)
        last = np.cumsum(n_clauses) - 1
        patterns = others[_scaled(self._stream.uniform(int(last[-1]) + 1), len(others))]
        patterns[last - n_clauses + 1] = openings[_scaled(self._stream.uniform(len(last)), len(openings))]
        patterns[last] = closings[_scaled(self._stream.uniform(len(last)), len(closings))]
        closing = np.full(len(patterns), self._words.number["comma"])
        closing[last] = self._words.number["stop"]
        classes, ends = self._words.lay_out(patterns, closing)
        tokens = self._words.draw(classes, self._stream.uniform(len(classes)))
        return ["".join(tokens[start:end]) for start, end in pairwise((0, *ends[last].tolist()))]


class _Words:
    """Words by classes, and patterns as sequences of classes; what a pattern prints as it is, is a class of one."""

    def __init__(self, classes: Mapping[str, Sequence[str]], patterns: Sequence[str]) -> None:
        pieces = [[match[1] or match[2] for match in _PIECE.finditer(pattern)] for pattern in patterns]
        listed = {**{piece: [piece] for words in pieces for piece in words}, **classes}
        self.number = {name: number for number, name in enumerate(listed)}
        self._table = np.array([word for words in listed.values() for word in words], dtype=object)
        self._sizes = np.array([len(words) for words in listed.values()])
        self._offsets = np.cumsum(self._sizes) - self._sizes
        self._skewed = np.array([name == "set" for name in listed])
        self._slots = np.array([self.number[piece] for words in pieces for piece in words])
        self._n_slots = np.array([len(words) for words in pieces])
        self._first_slots = np.cumsum(self._n_slots) - self._n_slots

    def lay_out(self, patterns: IntArray, closing: IntArray) -> tuple[IntArray, IntArray]:
        """Return the classes of the words of clauses, each with its closing mark, and where each clause ends."""
        lengths = self._n_slots[patterns] + 1
        ends = np.cumsum(lengths)
        steps = np.arange(int(ends[-1])) - np.repeat(ends - lengths, lengths)
        places = np.repeat(self._first_slots[patterns], lengths) + steps
        classes = self._slots[np.minimum(places, len(self._slots) - 1)]
        classes[ends - 1] = closing
        return classes, ends

    def draw(self, classes: IntArray, numbers: FloatArray) -> list[str]:
        """Return a word of each class; those of set clauses become rarer down their list, the others are alike."""
        shares = np.where(self._skewed[classes], numbers * numbers, numbers)
        words: list[str] = self._table[self._offsets[classes] + _scaled(shares, self._sizes[classes])].tolist()
        return words


def _scaled(numbers: FloatArray, sizes: IntArray | int) -> IntArray:
    scaled: IntArray = (numbers * sizes).astype(np.int64)
    return scaled


_PATTERNS = {
    "plain": _PLAIN,
    "particular": _PARTICULAR,
    "with_year": _WITH_YEAR,
    "set": ("{set}",),
    "slotted": _SLOTTED,
}


@cache
def _words() -> _Words:
    classes = _word_classes()
    return _Words({**classes, "set": _set_clauses(classes)}, [one for group in _PATTERNS.values() for one in group])


@cache
def _word_classes() -> dict[str, Sequence[str]]:
    names = [first + second for first in NAME_CHARACTERS for second in NAME_CHARACTERS if first != second]
    return {
        "noun": NOUNS,
        "verb": VERBS,
        "do": SETTING_VERBS,
        "head": HEADS,
        "adverb": ADVERBS,
        "aim": AIMS,
        "urge": URGING_VERBS,
        "spend": SPENDING_VERBS,
        "build": BUILDING_VERBS,
        "measure": MEASURE_WORDS,
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


def _set_clauses(classes: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the short clauses that recur in every panel, the commonest first."""
    stream = Stream(0)
    return list(dict.fromkeys(_fill(stream.pick(_SET), classes, stream) for _ in range(_N_SET_CLAUSES)))


def _fill(pattern: str, classes: Mapping[str, Sequence[str]], stream: Stream) -> str:
    return _PIECE.sub(lambda piece: stream.pick(classes[piece[1]]) if piece[1] else piece[2], pattern)


@cache
def _menus() -> dict[Kind, tuple[IntArray, IntArray, IntArray]]:
    """Return for each kind the patterns of its first clause, of those between, and of its last.

    Set clauses stand last only, so that no two of them meet.
    """
    others = _menu(plain=1, particular=1)
    closings = _menu(plain=30, particular=30, set=40)
    return {
        "own": (_menu(plain=40, particular=20, with_year=4), others, closings),
        "timeless": (_menu(plain=40, particular=20), others, closings),
        "stock": (_menu(plain=1), _menu(plain=60, slotted=40), _menu(plain=60, set=40)),
    }


def _menu(**weights: int) -> IntArray:
    """Return numbers of patterns such that each group has its weight among them."""
    first = dict(zip(_PATTERNS, np.cumsum([0, *map(len, _PATTERNS.values())]).tolist(), strict=False))
    common = lcm(*(len(_PATTERNS[group]) for group in weights))
    return np.array(
        [
            first[group] + number
            for group, weight in weights.items()
            for number in range(len(_PATTERNS[group]))
            for _ in range(weight * common // len(_PATTERNS[group]))
        ]
    )
