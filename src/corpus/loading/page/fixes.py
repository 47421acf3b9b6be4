"""The named faithful fixes that lead from ``raw`` to ``text``, and the matching form ``key``.

Each fix is a pattern and a replacement, applied in one pass; what it did is recorded as a `Change`. Nothing here
corrects what an author wrote: typos, old names, half-width punctuation and unusual characters stay in ``text``.
"""

from __future__ import annotations

import re
import sys
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from corpus.field.data_files import radical_table, simplified_table
from corpus.field.lexicon import fold_character
from corpus.loading.page.wrapping import find_wrapped_ends
from corpus.report.offsets import OffsetMap, offset_type
from corpus.report.values import Change


@dataclass(frozen=True, slots=True)
class Fix:
    """A faithful fix: its name, what it looks for, and what it writes instead (at most one character)."""

    name: str
    pattern: str
    write: Callable[[str], str]


def _line_feed(_: str) -> str:
    return "\n"


def _nothing(_: str) -> str:
    return ""


def _ideograph(radical: str) -> str:
    return radical_table()[radical]


FIXES: tuple[Fix, ...] = (
    # CR LF, CR, form feed and Unicode's separators become a line feed; spaces of any width stay.
    Fix("line-end", r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", _line_feed),
    # Characters without width or meaning; joiners and marks of direction are left, since they can carry meaning.
    Fix("zero-width", r"[\u00ad\u200b\u200c\u2060\ufeff]+", _nothing),
    # Control characters that no text format uses; tab and line ends are left.
    Fix("control-character", r"[\x01-\x08\x0e-\x1f\x7f]+", _nothing),
    # Radicals that PDF writers put for ideographs; U+2E80 and U+2E9A have no ideograph and stay.
    Fix("radical", r"[\u2e81-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5]", _ideograph),
    # What word processors leave in exported text; brackets with any other content stay.
    Fix(
        "word-debris",
        r"\[bookmark:[^\]\n]{0,80}\]|\[if ![^\]\n]{0,80}\]|\[endif\]|<!--\[(?:if|endif)[^>\n]{0,80}-->"
        r'|HYPERLINK "[^"\n]{0,300}"|PAGEREF _Toc\d{1,12}(?: \\h)?|(?:PAGE|SEQ|TOC) [^\n]{0,40}\\\* ?MERGEFORMAT',
        _nothing,
    ),
)
# The first characters of all patterns, looked at before any pattern is: most characters begin none.
_FIRST = re.compile(
    r"[\r\x01-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u00ad\u200b\u200c\u2028\u2029\u2060\u2e81-\u2fd5\ufeff\[<HPST]"
)
_ANY_FIX = re.compile(f"(?={_FIRST.pattern})(?:" + "|".join(f"({fix.pattern})" for fix in FIXES) + ")")
_DROPPED = re.compile(r"[\W_]+")
# Full-width letters and digits, and the two blocks of compatibility ideographs.
_VARIANTS = ((0xFF10, 0xFF5B), (0xF900, 0xFB00), (0x2F800, sys.maxunicode + 1))
_CODES = "utf-32-le"


def normalise(raw: str) -> tuple[str, tuple[Change, ...], OffsetMap]:
    """Apply the faithful fixes to a decoded file.

    Returns
    -------
    text : str
        What may be quoted.
    changes : tuple of Change
        Every fix that was applied, in order, with its span in ``raw``.
    text_map : OffsetMap
        From ``text`` to ``raw``.
    """
    found = [] if _FIRST.search(raw) is None else [*_find_fixes(raw)]
    wrapped = find_wrapped_ends(raw)
    if wrapped:
        joined = [Change("hard-wrap", start, end, raw[start:end], after) for start, end, after in wrapped]
        found = _merged(joined, found)
    if not found:
        return raw, (), OffsetMap.identity(len(raw))
    changes: list[Change] = []
    pieces: list[str] = []
    runs: list[tuple[int, int, int]] = []
    written = read = 0
    for change in found:
        start, end, after = change.start, change.end, change.after
        changes.append(change)
        if start > read:
            runs.append((written, read, 1))
            pieces.append(raw[read:start])
            written += start - read
        if after:
            runs.append((written, start, end - start))
            pieces.append(after)
            written += 1
        read = end
    if read < len(raw):
        runs.append((written, read, 1))
        pieces.append(raw[read:])
        written += len(raw) - read
    return "".join(pieces), tuple(changes), OffsetMap(runs, length=written, source_length=len(raw))


def _find_fixes(raw: str) -> Iterator[Change]:
    for match in _ANY_FIX.finditer(raw):
        fix = FIXES[(match.lastindex or 1) - 1]
        yield Change(fix.name, match.start(), match.end(), match[0], fix.write(match[0]))


def _merged(joined: list[Change], found: list[Change]) -> list[Change]:
    """Return all changes in order; where one lies in a line end that is joined, or overlaps it, the joint stands."""
    starts = [change.start for change in joined]
    kept = []
    for change in found:
        at = bisect_right(starts, change.start) - 1
        before, after = joined[at] if at >= 0 else None, joined[at + 1] if at + 1 < len(joined) else None
        if (before is None or before.end <= change.start) and (after is None or change.end <= after.start):
            kept.append(change)
    return sorted([*joined, *kept], key=lambda change: change.start)


def make_key(text: str) -> tuple[str, OffsetMap]:
    """Return the matching form of a text and its way back.

    The key holds the letters, digits and Han characters of the text; full-width letters and digits are narrowed,
    compatibility ideographs and traditional characters become the simplified ones, always one character for one.
    Case is kept. Punctuation, symbols and spaces are not in it.
    """
    written = _key_characters()[np.frombuffer(text.encode(_CODES, "surrogatepass"), dtype="<u4")]
    kept = written != 0
    framed = np.concatenate(([False], kept, [False]))
    edges = np.flatnonzero(framed[1:] != framed[:-1])
    starts, lengths = edges[::2], edges[1::2] - edges[::2]
    places = np.cumsum(lengths) - lengths
    key = written[kept].tobytes().decode(_CODES)
    code = offset_type(len(text))
    runs = (array(code, column.astype(code).tobytes()) for column in (places, starts))
    return key, OffsetMap.of_stretches(*runs, length=len(key), source_length=len(text))


@cache
def _key_characters() -> npt.NDArray[np.uint32]:
    """Return for every code point the one that stands for it in the key; 0 for those that are not in it."""
    table = np.arange(sys.maxunicode + 1, dtype="<u4")
    table[0xD800:0xE000] = 0  # surrogates are no characters
    for match in _DROPPED.finditer(table.tobytes().decode(_CODES)):
        table[match.start() : match.end()] = 0
    simplified = simplified_table()
    table[list(map(ord, simplified))] = list(map(ord, simplified.values()))
    for first, last in _VARIANTS:
        for code in first + np.flatnonzero(table[first:last]):
            table[code] = ord(fold_character(chr(code), simplified))
    return table
