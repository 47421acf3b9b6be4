"""In which language the commands speak: English, or Chinese by ``--lang zh`` or by the reader's locale."""

from __future__ import annotations

import os
from functools import cache

LANGUAGES = ("en", "zh")
_ASKED_BY = ("LC_ALL", "LC_MESSAGES", "LANG")

_spoken = "en"


def speak(language: str | None) -> None:
    """Have what is said from now on be in a language; in that of the reader's locale if none is named."""
    global _spoken
    _spoken = language or _language_of_the_locale()


def speaks_chinese() -> bool:
    """Tell whether Chinese is spoken."""
    return _spoken == "zh"


def say(phrase: str, **values: object) -> str:
    """Return a phrase in the language that is spoken, with these values at the places in braces.

    ``data/messages/phrases.csv`` has the Chinese of each.

    Examples
    --------
    >>> say("left out: {n}", n=2)
    'left out: 2'
    """
    spoken = _chinese().get(phrase, phrase) if speaks_chinese() else phrase
    return spoken.format(**values) if values else spoken


@cache
def _chinese() -> dict[str, str]:
    from corpus.field.data_files import data_path, read_rows

    return {row["phrase"]: row["phrase_zh"] for row in read_rows(data_path("messages", "phrases.csv"))}


def _language_of_the_locale() -> str:
    named = next(filter(None, map(os.environ.get, _ASKED_BY)), None)
    if named is None and os.name == "nt":
        import locale

        named = locale.getlocale()[0]
    return "zh" if (named or "").lower().startswith(("zh", "chinese")) else "en"
