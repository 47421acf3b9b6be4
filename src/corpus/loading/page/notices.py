"""What a reader should know of a text's condition: flagged with its place, never repaired in ``text``.

Copies on other hosts carry pinyin behind characters (習(xí)近平) or are turned into traditional script. Patterns and
tables of names are written for plain simplified text, so facts, layout and headings are looked for in a legible form,
which is never quoted and never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from corpus.field.data_files import simplified_table
from corpus.loading.page.fixes import codes_of, rewrite, table_size
from corpus.report.values import Notice, OffsetMap, Span

# A pattern that begins with a set of characters is searched for many times faster than one with a look back.
PINYIN = re.compile(
    r"[(（](?<=[\u4e00-\u9fff].)[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[)）](?=[\u4e00-\u9fff，。、；：\s]|\Z)"
)
TRADITIONAL_SHARE = 0.02


def make_legible(text: str) -> tuple[str, OffsetMap]:
    """Return the text without pinyin in brackets, in simplified script if it is in traditional, and the way back.

    Most texts are returned as they are.
    """
    legible, legible_map = rewrite(text, ((*match.span(), "") for match in PINYIN.finditer(text)))
    return _simplified(legible, text), legible_map


def without_pinyin(words: str) -> str:
    """Return words without the pinyin in brackets that copies of pages carry."""
    return PINYIN.sub("", words)


def _simplified(legible: str, text: str) -> str:
    if np.count_nonzero(_kinds_of(text) & _TRADITIONAL) < max(TRADITIONAL_SHARE * len(text), 1):
        return legible
    table = simplified_table()
    return legible.translate({ord(character): table[character] for character in set(legible) & table.keys()})


_LEAST_MIXED = 3


@dataclass(frozen=True, slots=True)
class _Sign:
    """A kind of damage: its code, what it is, how it is found, and, if it is rare, what every match begins with."""

    code: str
    meaning: str
    pattern: re.Pattern[str]
    characters: str = ""


def _of(code: str, meaning: str, characters: str) -> _Sign:
    """Return the sign that consists of some characters."""
    return _Sign(code, meaning, re.compile(f"[{characters}]+"), characters)


_MOJIBAKE = re.compile(
    # U+FFFD as GBK, the fill of fresh memory, U+FFFD and UTF-8 as Latin-1, and the punctuation of UTF-8 as GBK.
    "(?:锟斤拷)+|烫烫烫+|屯屯屯+|(?:ï¿½)+"
    "|(?:[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{1,3}){2,}"
    "|[锛銆鈥][\u4e00-\u9fff\ue000-\uf8ff€?]"
)
_RARE_SIGNS = (
    _of(
        "private-use",
        "private-use characters, whose meaning only the original font knows",
        "\ue000-\uf8ff\U000f0000-\U0010fffd",
    ),
    _of("direction-control", "invisible controls of writing direction", "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"),
    _of(
        "replacement-character",
        "replacement characters, left by an earlier program that could not decode the text",
        "\ufffd",
    ),
    _of(
        "rare-character",
        "characters of the extension blocks, which common fonts lack and which often stand for another one",
        "\u3400-\u4dbf\U00020000-\U000323af",
    ),
    _Sign(
        "mojibake", "text that an earlier program decoded with a wrong encoding", _MOJIBAKE, "锟烫屯锛銆鈥\u00c2-\u00f4"
    ),
    _Sign(
        "masked-characters",
        "asterisks in place of digits or characters",
        re.compile(r"(?<![*＊])[*＊]{2,4}(?![*＊])"),
        "*＊",
    ),
)
_COMMON_SIGNS = (
    _Sign("pinyin", "pinyin in brackets behind characters, put in by whoever copied the page", PINYIN),
    _Sign(
        "lost-characters",
        "dates and periods that lost characters between their digits",
        re.compile(r"[12](?<!\d.)[09]\d\d(?:(?:19|20)\d\d年|\d{2,4}日)"),
    ),
    _Sign(
        "spaced-digits",
        "numbers printed with a space between their digits",
        re.compile(r"[0-9](?<![0-9A-Za-z.].)(?:[ \u00a0\u2002-\u200a\u3000][0-9]){3,}(?![0-9A-Za-z.])"),
    ),
    _Sign(
        "spam-words",
        "words of advertising, put in by whoever copied the page, often in place of a name",
        re.compile(
            # One list of what it begins with, which `re` looks for quickly; then what must follow each.
            r"(?:必威|凯发|亚博|开云|乐鱼|华体会|万博|爱游戏|三升|半岛|金沙|永利|皇冠|体育|娱乐|棋牌|彩票|博彩|国际|无码|精品国产)"
            r"(?:(?<!体育|娱乐|棋牌|彩票|博彩|国际)(?:体育|国际|娱乐|平台|官网|登录)+|(?<=国际)登[录陆]|(?<=必威|无码|国产)"
            r"|(?<=体育|娱乐|棋牌|彩票|博彩)(?<!(?:智慧|公共|数字|全民|服务)..)(?:平台|官网|登[录陆]|入口|投注|手机版)"
            r"|(?<=[A-Za-z]{2}体育)(?=[\u4e00-\u9fff]))"
        ),
    ),
    _Sign(
        "site-slogan",
        "slogans of the site that the text was copied to",
        re.compile(
            r"(?:全网资源|每日更新|转载请注明|收集整理|版权归(?=[^。；\n]{0,6}(?:所有|作者))|关注公众号)[^\s，。；、]{0,24}"
        ),
    ),
)
_MARKDOWN_HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)
_EMPHASIS = re.compile(r"(?<!\*)(\*{2,3})(?![\s*])[^*\n]+\1(?!\*)")
_TRADITIONAL, _TRADITIONAL_PRINT, _SIMPLIFIED_PRINT, _FIRST_RARE = 1, 2, 4, 8
_RANGE = re.compile("(.)(?:-(.))?")


def text_notices(text: str) -> list[Notice]:
    """Return one notice for each kind of damage in a text, with the count and the first place."""
    if "**" in text and _MARKDOWN_HEADING.search(text):
        text = _EMPHASIS.sub(lambda emphasis: emphasis[0].replace("*", " "), text)
    kinds = _kinds_of(text)
    held = int(np.bitwise_or.reduce(kinds))
    found = []
    for number, sign in enumerate(_RARE_SIGNS):
        if bit := held & _FIRST_RARE << number:
            found.append((sign, list(_matches(sign, text, np.flatnonzero(kinds & bit).tolist()))))
    found += [(sign, [match.span() for match in sign.pattern.finditer(text)]) for sign in _COMMON_SIGNS]
    notices = []
    for sign, places in found:
        if places:
            times = "once" if len(places) == 1 else f"in {len(places):,} places"
            notices.append(Notice(sign.code, f"{sign.meaning} ({times})", Span(*places[0])))
    return [*notices, *_script_notices(kinds)]


def _matches(sign: _Sign, text: str, beginnings: Iterable[int]) -> Iterator[tuple[int, int]]:
    end = 0
    for place in beginnings:
        match = sign.pattern.match(text, place) if place >= end else None
        if match is not None:
            yield match.span()
            end = match.end()


def _script_notices(kinds: npt.NDArray[np.uint16]) -> Iterator[Notice]:
    """Yield a notice on a text in traditional script, or one in which both scripts are mixed."""
    traditional = np.flatnonzero(kinds & _TRADITIONAL_PRINT)
    n_traditional, n_simplified = len(traditional), int(np.count_nonzero(kinds & _SIMPLIFIED_PRINT))
    if n_traditional < _LEAST_MIXED:
        return
    first = Span(int(traditional[0]), int(traditional[0]) + 1)
    if n_simplified >= _LEAST_MIXED:
        message = f"traditional and simplified characters mixed ({n_traditional:,} and {n_simplified:,})"
        yield Notice("mixed-script", message, first)
    elif n_traditional >= TRADITIONAL_SHARE * len(kinds):
        yield Notice("traditional-script", f"traditional characters ({n_traditional:,})", first)


@lru_cache(maxsize=1)
def _kinds_of(text: str) -> npt.NDArray[np.uint16]:
    codes = codes_of(text)
    return _character_kinds(table_size(codes))[codes]


@cache
def _character_kinds(size: int) -> npt.NDArray[np.uint16]:
    """Return for so many code points, as bits, which script it shows and which of the rare signs it may begin.

    A character of traditional print is one that GB 2312 lacks, one of simplified print is one that Big5 lacks; 后 and
    于 are in both.
    """
    table = np.zeros(size, dtype=np.uint16)
    simplified = simplified_table()
    prints = {
        _TRADITIONAL: simplified,
        _TRADITIONAL_PRINT: (character for character in simplified if not character.encode("gb2312", "ignore")),
        _SIMPLIFIED_PRINT: (other for other in set(simplified.values()) if not other.encode("big5", "ignore")),
    }
    for bit, characters in prints.items():
        table[[code for code in map(ord, characters) if code < size]] |= bit
    for number, sign in enumerate(_RARE_SIGNS):
        for first, last in _RANGE.findall(sign.characters):
            table[ord(first) : ord(last or first) + 1] |= _FIRST_RARE << number
    return table
