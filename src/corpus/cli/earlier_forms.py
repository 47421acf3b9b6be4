"""What people typed before PATH came last, and what they should type now."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

_PLAIN = re.compile(r"[\w@%+=:,./\\~-]+")


def form_of_today(options: argparse.Namespace) -> str:
    """Return what to type in place of what was typed, or nothing where that is as it should be.

    Which of the words behind ``find`` are terms and which is the path is told apart here: afterwards they stand in
    ``options`` as ``terms`` and ``path``.
    """
    earlier: str | None = getattr(options, "earlier_path", None)
    if "words" in options:
        return _settle_find(options, earlier)
    if earlier is None:
        return ""
    kept = _without(options.typed, ("--reports",), [options.path] if options.path else [])
    return f"PATH comes last now, without --reports; write: {_line([*kept, earlier])}"


def _settle_find(options: argparse.Namespace, earlier: str | None) -> str:
    words: list[str] = options.words
    by_option: list[str] = options.terms or []
    there = [word for word in words if _is_path(word)]
    if earlier is not None:
        return f"PATH comes last now, without --in; write: {_find(options, [*by_option, *words], earlier)}"
    if not by_option and not words:
        return "which term? write: corpus find TERM, or corpus find TERM PATH, or corpus find -e TERM -e TERM PATH"
    terms, rest = (by_option, words) if by_option else (words[:1], words[1:])
    if len(rest) > 1:
        path = there[-1] if there else None
        others = [*by_option, *(word for word in words if word != path)]
        return f"several terms are given by -e; write: {_find(options, others, path)}"
    if rest and rest != there[-1:]:
        if there:
            return f"the term comes first, PATH last; write: {_find(options, rest, there[0])}"
        every = _find(options, [*terms, *rest], None)
        return f"{rest[0]}: there is no such file or folder; if it is a term too, write: {every}"
    if words and not by_option and not rest and there and _looks_like_a_path(words[0]):
        return (
            f"{words[0]} is a file or folder; to find a term in it, write: corpus find TERM {_quoted(words[0])}; to"
            f" find these words themselves: corpus find -e {_quoted(words[0])}"
        )
    options.terms, options.path = terms, rest[0] if rest else None
    return ""


def _find(options: argparse.Namespace, terms: Sequence[str], path: str | None) -> str:
    """Return the whole command, with the options that were typed."""
    asked = terms if len(terms) == 1 else [part for term in dict.fromkeys(terms) for part in ("-e", term)]
    kept = _without(options.typed[1:], ("--in", "-e"), options.words)
    return _line(["find", *asked, *kept, *([] if path is None else [path])])


def _without(typed: Iterable[str], options: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return what was typed without these options and what follows them, and without these words."""
    joined = tuple(f"{option}=" if option.startswith("--") else option for option in options)
    kept, left, value_follows = [], list(words), False
    for part in typed:
        if value_follows:
            value_follows = False
        elif part in options:
            value_follows = True
        elif part in left:
            left.remove(part)
        elif part != "--" and not part.startswith(joined):
            kept.append(part)
    return kept


def _is_path(word: str) -> bool:
    try:
        return Path(word).exists()
    except (OSError, ValueError):
        return False


def _looks_like_a_path(word: str) -> bool:
    return Path(word).is_dir() or bool(re.search(r"[./\\]", word))


def _line(parts: Iterable[str]) -> str:
    return " ".join(["corpus", *map(_quoted, parts)])


def _quoted(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else shlex.quote(word)
