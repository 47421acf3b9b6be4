"""Marks in prose: a value between two comments that no reader sees, ``share <!--closest.n-->8<!--/--> passages``.

A mark names a cell of a table to cite (``closest.longgang-2020/yiyuan-2022.longest_chars``, see
`corpus.publishing.evidence.saved_results`), or a stretch of a report that is quoted (``yiyuan-2022:434-476``).
Behind a colon stands how a number is written: a format specification of Python (``:.0%``, ``:,``), or ``word`` or
``Word`` for a whole number in words, ``年月日`` for a day in Chinese. A program writes what stands between the marks,
and compares it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.errors import CorpusError

Value = int | float | str
LookUp = Callable[[str, str | None], str]
"""Gives what a mark of this name and form says; raises `CorpusError` where there is no such thing."""

_IN_WORDS = (
    *("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NAME = r"(?!/)[^\s<>:-](?:[^<>:\n-]|-(?!-)){0,160}"
_FORM = r"\d{1,9}-\d{1,9}|[^<>\n-]{1,20}"
MARK = re.compile(rf"<!--(?P<name>{_NAME})(?::(?P<form>{_FORM}))?-->(?P<shown>[^<\n]*)<!--/-->")
QUOTED = re.compile(r"(\d+)-(\d+)")
"""The form of a mark around a quotation: first character and the one behind the last, in ``report.raw``."""

_LIKE_A_MARK = re.compile(r"<!--(?!/-->)[^<>\n]{0,240}-->")
_NEVER_BETWEEN = re.compile(r"[<>\n\r]")


def write_value(value: Value, unit: str, form: str | None = None) -> str:
    """Return a value as prose writes it.

    Parameters
    ----------
    value : int, float or str
    unit : str
        ``share`` is written as 12.3%, ``year`` as it is; other whole numbers as 12,345, fractions with three digits.
    form : str, optional
        A format specification; ``word`` or ``Word`` asks for five or Five, up to twenty; ``年月日`` for a day
        or month in Chinese.

    Raises
    ------
    ValueError
        If the form does not fit the value.

    Examples
    --------
    >>> write_value(0.1234, "share"), write_value(0.1234, "share", ".0%"), write_value(5, "reports", "Word")
    ('12.3%', '12%', 'Five')
    >>> write_value("1999-10-01", "", "年月日"), write_value("2019-03", "", "年月日")
    ('1999年10月1日', '2019年3月')
    """
    if form is None:
        if isinstance(value, str) or unit == "year":
            return str(value)
        if unit == "share":
            return f"{value:.1%}"
        return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}"
    if form == "年月日" and isinstance(value, str):
        return "".join(f"{int(part)}{sign}" for part, sign in zip(value.split("-"), form, strict=False))
    if form not in ("word", "Word"):
        return format(value, form)
    if not isinstance(value, int):
        raise ValueError("no whole number")
    word = _IN_WORDS[value] if 0 <= value < len(_IN_WORDS) else write_value(value, unit)
    return word.capitalize() if form == "Word" else word


def fill_marks(text: str, look_up: LookUp) -> str:
    """Return a text with the current value between all marks.

    Raises
    ------
    CorpusError
        If a mark names nothing that there is, or what it names cannot stand between marks.
    """
    return MARK.sub(lambda mark: f"{_opening(mark)}{_value(mark, look_up)}<!--/-->", text)


def empty_marks(text: str) -> str:
    """Return a text with nothing between its marks: what its author wrote.

    Examples
    --------
    >>> empty_marks("share <!--closest.n-->8<!--/--> passages")
    'share <!--closest.n--><!--/--> passages'
    """
    return MARK.sub(lambda mark: f"{_opening(mark)}<!--/-->", text)


def wrong_marks(text: str, look_up: LookUp, *, remedy: str) -> Iterator[str]:
    """Yield the marks of a text that say something else than what they name, or are not of their form, with their line.

    Parameters
    ----------
    text : str
        Markdown.
    look_up : callable
    remedy : str
        What writes the current values in.
    """
    for found in _LIKE_A_MARK.finditer(text):
        mark, told = MARK.match(text, found.start()), ""
        if mark is None:
            told = f"{found[0]} is not of the form <!--NAME-->VALUE<!--/-->"
        else:
            try:
                value = _value(mark, look_up)
                if value != mark["shown"]:
                    told = f"{_opening(mark)[4:-3]} is {value!r}, not {mark['shown']!r}; {remedy}"
            except CorpusError as error:
                told = str(error)
        if told:
            yield f"line {text.count(chr(10), 0, found.start()) + 1}: {told}"


def _opening(mark: re.Match[str]) -> str:
    return f"<!--{mark['name']}{':' if mark['form'] else ''}{mark['form'] or ''}-->"


def _value(mark: re.Match[str], look_up: LookUp) -> str:
    value = look_up(mark["name"], mark["form"])
    if _NEVER_BETWEEN.search(value):
        raise CorpusError(f"{_opening(mark)[4:-3]} is {value!r}; with < > or an end of line it cannot stand in a mark")
    return value
