"""What becomes of a passage that is used again: a few characters differ, or only its figures."""

from __future__ import annotations

import re

from corpus.analysis.simulation.randomness import Stream
from corpus.analysis.simulation.vocabulary import NOUNS, VERBS

_HAN = re.compile(r"[\u4e00-\u9fa5]")
_FIGURE = re.compile(r"\d+")
_ALPHABET = "".join((*NOUNS, *VERBS))
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
        other = stream.pick(_ALPHABET)
        while other in (text[place], text[place + 1]):
            other = stream.pick(_ALPHABET)
        characters[place] = text[place] + other if way == 2 else other
    return "".join(characters)


def change_figures(text: str, stream: Stream) -> str:
    """Return a text with every figure changed: years by one, months and days within their bounds, others at random.

    A text without figures is returned as it is.
    """
    changed = []
    place = 0
    for match in _FIGURE.finditer(text):
        changed += [text[place : match.start()], _another(match, stream)]
        place = match.end()
    return "".join([*changed, text[place:]])


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
