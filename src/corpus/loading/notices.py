"""What a reader should know of a text's condition: flagged with its place, never repaired in ``text``."""

from __future__ import annotations

import re

from corpus.report import Notice, Span

_SIGNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "private-use",
        "private-use characters, whose meaning only the original font knows",
        re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]+"),
    ),
    (
        "direction-control",
        "invisible controls of writing direction",
        re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+"),
    ),
    (
        "replacement-character",
        "replacement characters, left by an earlier program that could not decode the text",
        re.compile("\ufffd+"),
    ),
)


def text_notices(text: str) -> list[Notice]:
    """Return one notice for each kind of damage in a text, with the count and the first place."""
    notices = []
    for code, meaning, pattern in _SIGNS:
        places = [match.span() for match in pattern.finditer(text)]
        if places:
            times = "once" if len(places) == 1 else f"in {len(places)} places"
            notices.append(Notice(code, f"{meaning} ({times})", Span(*places[0])))
    return notices
