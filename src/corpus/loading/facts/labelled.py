"""Dates as pages print them, and facts behind a label: when a page was put online, where it says it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from corpus.field.data_files import page_labels
from corpus.loading.page.layout import TextSpan
from corpus.loading.page.lines import LABELS
from corpus.report.values import Fact, Span

_NUMERALS = str.maketrans("〇零○ＯO一二三四五六七八九", "00000123456789")
_CHINESE_YEAR = r"[二一][〇○Ｏ零O九][〇○Ｏ零O一二三四五六七八九]{2}"
_SPLIT = re.compile(
    rf"(?P<year>(?:19|20)\d\d|{_CHINESE_YEAR})\s*[年/.\-]\s*"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月/.\-]\s*"
    r"(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})(?:\s*[日号])?"
)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>(?:19|20)\d\d)(?!\d)")
_RUN_TOGETHER = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<rest>\d{2,4})日?")
# ——2025年1月14日在安徽省第十四届人民代表大会第三次会议上; some print a space between all figures,
# or break the line in the middle.
_DELIVERED = re.compile(
    rf"(?P<day>(?:[12]\s?[09]\s?\d\s?\d|{_CHINESE_YEAR})\s{{0,2}}年\s?[\d\s一二三四五六七八九十]{{1,4}}月\s?"
    r"[\d\s一二三四五六七八九十]{1,4}日)(?:[至和][^在\n]{1,10})?[^\n。，,]{0,16}?"
    r"在[^\n。]{2,40}?(?:\n\s{0,8}[^\n。]{0,20}?)?(?:代表大会|人大)[^\n。]{0,14}?会议"
)
_DELIVERY_CHARS = 400
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
    tens, ten, units = words.translate(_NUMERALS).partition("十")
    if not ten:
        return int(tens) if digits or words.isascii() or len(words) == 1 else -1
    return int(tens or 1) * 10 + int(units or 0)


_LABEL_WORDS = "|".join(r"\s{0,2}".join(label) for label in sorted(LABELS, key=len, reverse=True))
# The last alternative is found where a value runs into it: no other word ends so.
_ANY_LABEL = re.compile(
    rf"(?:^|(?<=[\s|【\[(（*•;；,，:：]))({_LABEL_WORDS})\s{{0,4}}(?:[\]】]?\s{{0,4}}[:：|]|(?=(?:19|20)\d\d[-/.年]))"
    rf"|[\[【]\s{{0,4}}({_LABEL_WORDS})\s{{0,4}}[\]】]\s{{0,4}}[:：|]?"
    r"|(?P<glued>(?:发布|更新)(?:日期|时间)|(?:浏览|访问|阅读|点击)次数|字体大小)\s{0,2}[:：]"
)
_VALUE_END = re.compile(r"[|【】\[\]\n]|\s{2}|\s(?=T?浏览|T?字|打印|关闭|收藏|分享|下载)|字体|字号")
_NO_VALUE = frozenset(
    ("无", "暂无", "无文号", "暂无文号", "无编号", "未编号", "-", "--", "—", "——", "/", "空", "null", "None")
)
_NUMBER_LINE = re.compile(
    r"(?:(?:发文)?(?:文|字)号)?([\u4e00-\u9fff]{1,12}[〔\[（(【](?:19|20)\d\d[〕\])）】]\s?第?\d{1,4}号)(?:\s+签发人\s?[:：]?.{0,12})?"
)


class Labelled(NamedTuple):
    """A value behind a label of the page: the label without spaces, and where the value stands."""

    label: str
    start: int
    end: int


def labelled_values(text: str, spans: Iterable[TextSpan]) -> Iterator[Labelled]:
    """Yield label, start and end of each labelled value in the given spans of ``text``; empty values too."""
    for start, end in spans:
        matches = list(_ANY_LABEL.finditer(text, start, end))
        stops = [*(match.start() for match in matches[1:]), end]
        for match, stop in zip(matches, stops, strict=False):
            label = re.sub(r"\s", "", match[1] or match[2] or match["glued"])
            yield Labelled(label, *_value(text, match.end(), stop))


def _value(text: str, start: int, stop: int) -> tuple[int, int]:
    while start < stop and text[start] in " \t\u3000\xa0|\r\n":
        start += 1
    cut = _VALUE_END.search(text, start, stop)
    end = cut.start() if cut else stop
    while end > start and (text[end - 1].isspace() or text[end - 1] in "(（[【|;；,，"):
        end -= 1
    return start, end


def find_published(text: str, values: Sequence[Labelled], unlabelled: Iterable[TextSpan]) -> Fact:
    """Return the day a page was put online, by its labels in order of trust, else by a bare date in its head."""
    for label in page_labels("published"):
        for found, start, end in values:
            if found == label and any(map(str.isdecimal, text[start:end])):
                return date_fact(text, (start, end))
    for span in unlabelled:
        return date_fact(text, span)
    return Fact()


def opens_with_date(text: str, span: TextSpan) -> bool:
    """Tell whether a line begins with a date that no label announces: 2021-01-05 来源：…"""
    found = find_date(text, *span)
    return found is not None and found.start == span[0] and text[found.end : found.end + 1] not in ("在", "于")


def date_fact(text: str, span: TextSpan) -> Fact:
    """Return a date as a fact: inferred where characters were lost, ambiguous where several days fit or none."""
    found = find_date(text, *span)
    if found is None:
        return Fact(None, "ambiguous", Span(*span), (text[span[0] : span[1]],))
    evidence = Span(found.start, found.end)
    if len(found.readings) == 1:
        return Fact(found.readings[0], "inferred" if found.damaged else "stated", evidence)
    return Fact(None, "ambiguous", evidence, found.readings or (text[found.start : found.end],))


def find_delivered(text: str, body_start: int) -> Fact:
    """Return the day on which a report was given to a congress: ——2025年1月14日在…人民代表大会第三次会议上."""
    match = _DELIVERED.search(text, 0, body_start + _DELIVERY_CHARS)
    found = find_date("".join(match["day"].split())) if match is not None else None
    if match is None or found is None or len(found.readings) != 1:
        return Fact()
    return Fact(found.readings[0], "stated", Span(*match.span("day")))


def find_labelled(text: str, values: Iterable[Labelled], fact: str) -> Fact:
    """Return the first value, neither empty nor 无, that stands behind one of the labels of a fact."""
    wanted = page_labels(fact)
    for found, start, end in values:
        if found in wanted and start < end and text[start:end] not in _NO_VALUE:
            return Fact(text[start:end], "stated", Span(start, end))
    return Fact()


def find_document_number(text: str, values: Sequence[Labelled], head_end: int) -> Fact:
    """Return the document's own number: a labelled one, or one that stands alone on a line before the body."""
    labelled = find_labelled(text, values, "document_number")
    if labelled.value is not None:
        return labelled
    for line in re.finditer(r"[^\n]+", text[:head_end]):
        match = _NUMBER_LINE.fullmatch(line[0].strip())
        if match:
            start = line.start() + line[0].index(match[1])
            return Fact(match[1], "stated", Span(start, start + len(match[1])))
    return Fact()
