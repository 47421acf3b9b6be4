"""The labels that Word writes before the paragraphs of its automatic lists: 一、 （一） 1. ①."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_DIGITS = "零一二三四五六七八九"
_CHINESE = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand")
)
_LEGAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVEL = re.compile(r"%([1-9])")
_CLOSED = re.compile(r"[、.．。)）:：\s①-⑳]\Z")
_MOST = 9_999


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""


@dataclass(slots=True)
class WordNumbers:
    """The lists of a document, and how far each has been counted.

    Attributes
    ----------
    levels : dict
        The levels of each list, by the list's number and the level's.
    by_style : dict
        List and level of the paragraphs of a style.
    counts : dict
        The number each level of a list has reached.
    """

    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _shared: dict[str, str] = field(default_factory=dict)

    def label(self, number: str | None, level: int | None, style: str | None) -> str:
        """Count one paragraph on and return its label; empty for one that is in no list, or has a bullet.

        Parameters
        ----------
        number, level
            What the paragraph says of its list; None where it says nothing.
        style
            The paragraph's style, which counts where the paragraph says nothing.
        """
        if number is None and style is not None and style in self.by_style:
            number, own = self.by_style[style]
            level = own if level is None else level
        levels = self.levels.get(number or "0")
        if levels is None or number is None:
            return ""
        at = level or 0
        counts = self.counts.setdefault(self._shared.get(number, number), {})
        for deeper in [each for each in counts if each > at]:
            del counts[deeper]
        found = levels.get(at, _Level())
        counts[at] = counts.get(at, found.start - 1) + 1
        if found.kind in ("bullet", "none"):
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
    >>> write_number(4, "upperRoman"), write_number(28, "lowerLetter"), write_number(2, "decimalEnclosedCircle")
    ('IV', 'bb', '②')
    """
    if not 0 < number <= _MOST:
        return str(number)
    if kind in _CHINESE:
        return _in_chinese(number)
    if kind == "chineseLegalSimplified":
        return _in_chinese(number).translate(_LEGAL)
    if kind in ("upperRoman", "lowerRoman") and number < 400:
        written = ""
        for value, letters in _ROMAN:
            written += letters * (number // value)
            number %= value
        return written.upper() if kind == "upperRoman" else written
    if kind in ("upperLetter", "lowerLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
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


def read_numbers(numbering: Any, styles: Any) -> WordNumbers:
    """Return the lists that the parts ``numbering`` and ``styles`` of a Word file define; either may be empty."""
    made = WordNumbers()
    abstract: dict[str, dict[int, _Level]] = {}
    for each in numbering:
        if each.tag == "abstractNum":
            abstract[each.get("abstractNumId", "")] = {
                _number(level.get("ilvl"), 0): _Level(
                    _number(value_of(level, "start"), 1),
                    value_of(level, "numFmt") or "decimal",
                    value_of(level, "lvlText"),
                )
                for level in each.iterchildren("lvl")
            }
    for each in numbering:
        if each.tag != "num":
            continue
        number, kind = each.get("numId", ""), value_of(each, "abstractNumId")
        levels = dict(abstract.get(kind, {}))
        overrides = list(each.iterchildren("lvlOverride"))
        for override in overrides:
            at, start = _number(override.get("ilvl"), 0), value_of(override, "startOverride")
            if start and at in levels:
                levels[at] = _Level(_number(start, 1), levels[at].kind, levels[at].text)
        made.levels[number] = levels
        # Lists of one kind go on counting, unless one says where it begins.
        made._shared[number] = number if overrides else f"kind {kind}"
    for style in styles:
        for own in style.iterfind("pPr/numPr"):
            made.by_style[style.get("styleId", "")] = (value_of(own, "numId"), _number(value_of(own, "ilvl"), 0))
    return made


def value_of(element: Any, path: str) -> str:
    """Return the value that an element below another gives; empty where there is none."""
    found = element.find(path)
    return "" if found is None else found.get("val") or ""


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,4}", value) else otherwise
