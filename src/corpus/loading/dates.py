"""Dates as these pages print them, with every valid reading of a damaged one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_NUMERALS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "O": 0,
}
_CHINESE_YEAR = r"[二一][〇○Ｏ零O九][〇○Ｏ零O一二三四五六七八九]{2}"
_SPLIT = re.compile(
    rf"(?P<year>(?:19|20)\d\d|{_CHINESE_YEAR})\s*[年/.\-]\s*"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月/.\-]\s*"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})(?:\s*[日号])?"
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)(?!\d)")
_RUN_TOGETHER = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<rest>\d{2,4})日?")
EARLIEST_YEAR = 1949


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text: where it stands and all its valid readings as ISO strings, earliest first.

    ``damaged`` tells that 年, 月 and 日 were lost, so that the reading is an inference.
    """

    start: int
    end: int
    readings: tuple[str, ...]
    damaged: bool


def find_date(text: str, start: int = 0, end: int | None = None) -> FoundDate | None:
    """Return the first date in a stretch of text, or None where there is none.

    A date whose 年, 月 and 日 were lost is found only where it is all that the stretch holds; it is read in every way
    that gives a day of the calendar: ``2020312`` is 2020-03-12 alone, ``2020111`` is 2020-01-11 or 2020-11-01. An
    impossible date has no reading. Chinese numerals are read; two-digit years are not. 18.03.2015, the day first, is
    found where a stretch begins with it.
    """
    end = len(text) if end is None else end
    match = _SPLIT.search(text, start, end) or _DAY_FIRST.match(text, start, end)
    if match is not None:
        readings = [(_number(match["year"], digits=True), _number(match["month"]), _number(match["day"]))]
        return FoundDate(*match.span(), _days(readings), False)
    match = _RUN_TOGETHER.match(text, start, end)
    if match is None or match.end() != end:
        return None
    rest = match["rest"]
    cuts = (2,) if len(rest) == 4 else (1, 2)
    pairs = [(rest[:cut], rest[cut:]) for cut in cuts if rest[cut:]]
    readings = [(int(match["year"]), int(month), int(day)) for month, day in pairs if day[0] != "0" or len(rest) == 4]
    return FoundDate(*match.span(), _days(readings), len(rest) < 4)


def _days(readings: list[tuple[int, int, int]]) -> tuple[str, ...]:
    return tuple(sorted({day for reading in readings if (day := _day(*reading)) is not None}))


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year >= EARLIEST_YEAR else None
    except ValueError:
        return None


def _number(words: str, *, digits: bool = False) -> int:
    if words.isascii():
        return int(words)
    if digits:
        return int("".join(str(_NUMERALS[character]) for character in words))
    tens, ten, units = words.partition("十")
    if not ten:
        return _NUMERALS[words] if len(words) == 1 else -1
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[units] if units else 0)
