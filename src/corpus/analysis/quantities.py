"""Numbers with units and dates in a text, in digits or in Chinese, less those that are names or ordinals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from corpus.values import CountingUnit, FactKind

_ONE_TO_NINE = "一二三四五六七八九"
_HUNDREDS = rf"[{_ONE_TO_NINE}两][百千][{_ONE_TO_NINE}十百千零〇]*"
_CHINESE = rf"{_HUNDREDS}|[二三四五六七八九]?十[{_ONE_TO_NINE}]?|[两二三四五六七八九]"
_NUMBER = rf"(?P<digits>(?:\d{{1,3}}(?:[,，]\d{{3}})+|\d+)(?:\.\d+)?)|(?P<chinese>{_CHINESE})"
_MAGNITUDE = r"(?P<magnitude>[余多]?(?:万亿|[十百千]?万|[亿千百])?[余多]?)"
_BY_HEAD = r"(?:[(（](?:人|次|人次|家)[)）])?"
_HUNDRED_PERCENT = re.compile(r"百分之百|100(?:\.0+)?\s*[%％]")
_PERCENT = re.compile(r"百分之[零〇一二三四五六七八九十百点]+")
_DATE = re.compile(
    r"(?:(?:19|20)\d\d年)?(?<!\d)(?:1[0-2]|0?[1-9])月(?P<day>[0-3]?\d[日号]|[上中下]旬)?"
    r"(?:[至到—–~～-](?:\d{1,2}月)?(?:\d{1,2}[日号])?)?(?P<part>[初底末份])?"
)
# A rule or a habit says how often or how much at least; what was done is another matter.
_NORM = re.compile(r"(?:每|不少于|不低于|不超过|不得超过|不高于|至少|最少|最多|不足|低于|超过|满)[^，,。；;、]{0,6}$")
_NUMERAL = re.compile("[0-9一二三四五六七八九十百千万两双零]")
_OPENING_QUOTES = '“‘「『"'
_LOOK_BACK = 12


class Quantity(NamedTuple):
    """A number with its unit, or a date, at ``start:end`` of a text."""

    start: int
    end: int
    kind: FactKind
    is_firm: bool


def find_quantities(text: str, units: Sequence[CountingUnit], set_numbers: Sequence[str]) -> Iterator[Quantity]:
    """Yield the quantities and dates of a text; they may overlap where a date begins with a count.

    Left out: ordinals (第三次), years by themselves, one of something in Chinese (一次, which is an article), figures
    in Chinese behind an opening quote (“三项制度”) or without a magnitude before what is no counting unit (二元, 三天),
    and whatever stands inside one of ``set_numbers``.

    A quantity is not firm if it is 0 or 1, up to nine in Chinese, a term in days or months, all of something (100%),
    or set by a rule (每年2次, 不少于3场). A date is firm if it has a day.
    """
    names = [match.span() for match in _names_pattern(tuple(set_numbers)).finditer(text)] if set_numbers else []
    hidden = bytearray(len(text))
    for start, end in names:
        hidden[start:end] = b"\1" * (end - start)
    for match in _DATE.finditer(text):
        if not any(hidden[match.start() : match.end()]):
            yield Quantity(*match.span(), "date", match["day"] is not None)
    for match in _quantity_pattern(tuple(units)).finditer(text):
        start, end = match.span()
        if any(hidden[start:end]) or (match["chinese"] and text[start - 1 : start] in tuple(_OPENING_QUOTES)):
            continue
        kind = _kinds(tuple(units))[match["unit"]]
        if match["chinese"] and kind != "count" and not match["magnitude"]:
            continue  # 二元, 三元, 两天: words rather than measures
        yield Quantity(start, end, kind, _is_firm(text, match, kind))
    for match in _PERCENT.finditer(text):
        yield Quantity(*match.span(), "share", match[0] != "百分之百")


def _is_firm(text: str, match: re.Match[str], kind: FactKind) -> bool:
    if kind == "time" or _HUNDRED_PERCENT.fullmatch(match[0]):
        return False
    if _NORM.search(text, max(0, match.start() - _LOOK_BACK), match.start()):
        return False
    if match["magnitude"]:
        return True
    if match["chinese"]:
        return len(match["chinese"]) > 1 or match["chinese"] == "十"
    return kind != "count" or float(match["digits"].replace(",", "").replace("，", "")) > 1


@lru_cache(maxsize=8)
def _names_pattern(set_numbers: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for the names that have a numeral; the others hide no quantity."""
    with_numerals = [name for name in set_numbers if _NUMERAL.search(name)]
    return re.compile("|".join(re.escape(name) for name in sorted(with_numerals, key=len, reverse=True)) or r"(?!)")


@lru_cache(maxsize=8)
def _quantity_pattern(units: tuple[CountingUnit, ...]) -> re.Pattern[str]:
    alternatives = "|".join(
        re.escape(unit.unit) + (f"(?![{re.escape(unit.not_before)}])" if unit.not_before else "")
        for unit in sorted(units, key=lambda unit: len(unit.unit), reverse=True)
    )
    # 2021起 is a year.
    return re.compile(
        rf"(?<![第\d.．一二三四五六七八九十百千万亿零〇])(?!(?:19|20)\d\d起)(?:{_NUMBER}){_MAGNITUDE}\s*(?P<unit>{alternatives}){_BY_HEAD}"
    )


@lru_cache(maxsize=8)
def _kinds(units: tuple[CountingUnit, ...]) -> dict[str, FactKind]:
    return {unit.unit: unit.kind for unit in units}
