"""The labels that Word writes before the paragraphs of its automatic lists: 一、 （一） 1. ①."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand")
)
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_UNLABELLED = ("bullet", "none", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman")
_LEVEL = re.compile(r"%([1-9])")
_CLOSED = re.compile(r"[、.．。)）:：\s①-⑳]\Z")
_MOST = 9_999


class _Level(NamedTuple):
    start: int = 1
    kind: str = "decimal"
    text: str = ""


class WordNumbers:
    """The lists that the parts ``numbering`` and ``styles`` of a Word file define, and how far each has been counted.

    Either part may be empty. Lists of one kind go on counting, unless one says where it begins.
    """

    def __init__(self, numbering: Any, styles: Any) -> None:
        kinds = {
            kind.get("abstractNumId", ""): {_number(level.get("ilvl"), 0): _level(level) for level in kind.iter("lvl")}
            for kind in numbering
            if kind.tag == "abstractNum"
        }
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for own in numbering:
            if own.tag != "num":
                continue
            number, kind = own.get("numId", ""), value_of(own, "abstractNumId")
            self._levels[number] = dict(kinds.get(kind, {}))
            overrides = list(own.iterchildren("lvlOverride"))
            for override in overrides:
                at, start = _number(override.get("ilvl"), 0), value_of(override, "startOverride")
                if start and at in self._levels[number]:
                    self._levels[number][at] = self._levels[number][at]._replace(start=_number(start, 1))
            counted_as = number if overrides else f"kind {kind}"
            self._counts[number] = self._counts.setdefault(counted_as, {})
        self._by_style = {
            style.get("styleId", ""): (value_of(own, "numId"), _number(value_of(own, "ilvl"), 0))
            for style in styles
            for own in style.iterfind("pPr/numPr")
        }

    def label(self, number: str | None, level: int | None, style: str | None) -> str:
        """Count one paragraph on and return its label; empty for one that is in no list, or has a bullet or a letter.

        Parameters
        ----------
        number, level
            What the paragraph says of its list; None where it says nothing.
        style
            The paragraph's style, which counts where the paragraph says nothing.
        """
        if number is None:
            number, own = self._by_style.get(style or "", ("", 0))
            level = own if level is None else level
        if number not in self._levels:
            return ""
        levels, counts, at = self._levels[number], self._counts[number], level or 0
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        found = levels.get(at, _Level())
        counts[at] = counts.get(at, found.start - 1) + 1
        if found.kind in _UNLABELLED:
            return ""

        def shown(match: re.Match[str]) -> str:
            which = int(match[1]) - 1
            known = levels.get(which, _Level())
            return write_number(counts.get(which, known.start), known.kind)

        text = _LEVEL.sub(shown, found.text)
        return text if not text or _CLOSED.search(text) else f"{text} "


def write_number(number: int, kind: str) -> str:
    """Write a number as Word's format of that name does; as digits where the format is another.

    Examples
    --------
    >>> [write_number(number, "chineseCounting") for number in (3, 10, 12, 20, 35, 101)]
    ['三', '十', '十二', '二十', '三十五', '一百零一']
    >>> write_number(4, "chineseLegalSimplified"), write_number(2, "decimalEnclosedCircle")
    ('肆', '②')
    """
    if not 0 < number <= _MOST:
        return str(number)
    if kind in _CHINESE:
        return _in_chinese(number)
    if kind == "chineseLegalSimplified":
        return _in_chinese(number).translate(_LEGAL)
    if kind.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(ord("①") + number - 1)
    return f"{number:02}" if kind == "decimalZero" else str(number)


def _in_chinese(number: int) -> str:
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += _DIGITS[digit] + name
        elif written and number % unit and not written.endswith("零"):
            written += "零"
    return written.removeprefix("一") if written.startswith("一十") else written


def _level(level: Any) -> _Level:
    kind = value_of(level, "numFmt") or "decimal"
    return _Level(_number(value_of(level, "start"), 1), kind, value_of(level, "lvlText"))


def value_of(element: Any, path: str) -> str:
    """Return the value that an element below another gives; empty where there is none."""
    found = element.find(path)
    return "" if found is None else found.get("val") or ""


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,4}", value) else otherwise
