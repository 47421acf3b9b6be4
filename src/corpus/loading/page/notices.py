"""What a reader should know of a text's condition: flagged with its place, never repaired in ``text``.

Copies on other hosts carry pinyin behind characters (習(xí)近平) or are turned into traditional script. Patterns and
tables of names are written for plain simplified text, so facts, layout and headings are looked for in a legible form,
which is never quoted and never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.field.data_files import simplified_table, traditional_pattern
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
    runs: list[tuple[int, int, int]] = []
    pieces: list[str] = []
    written = read = 0
    for match in (*PINYIN.finditer(text), None):
        start = len(text) if match is None else match.start()
        if start > read:
            runs.append((written, read, 1))
            pieces.append(text[read:start])
            written += start - read
        read = start if match is None else match.end()
    legible = text if written == len(text) else "".join(pieces)
    return _simplified(legible), OffsetMap(runs, length=written, source_length=len(text))


def without_pinyin(words: str) -> str:
    """Return words without the pinyin in brackets that copies of pages carry."""
    return PINYIN.sub("", words)


def _simplified(text: str) -> str:
    pattern = traditional_pattern()
    if pattern.search(text) is None or len(pattern.findall(text)) < TRADITIONAL_SHARE * len(text):
        return text
    table = simplified_table()
    folded: dict[str, str | int | None] = {character: table.get(character, character) for character in set(text)}
    return text.translate(str.maketrans(folded))


_LEAST_MIXED = 3
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class _Sign:
    """A kind of damage: its code, what it is, how it is found, and, if it is rare, what it begins with or must hold.

    ``characters`` are those that every match begins with, ``core`` matches wherever ``pattern`` does and is quick.
    """

    code: str
    meaning: str
    pattern: re.Pattern[str]
    characters: str = ""
    core: re.Pattern[str] | None = None


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
)
_BEGINNINGS = {sign.code: re.compile(f"[{sign.characters}]") for sign in _RARE_SIGNS}
_BRANDS = "必威|凯发|亚博|开云|乐鱼|华体会|万博|爱游戏|三升|半岛|金沙|永利|皇冠"
_TRADES = "体育|国际|娱乐|平台|官网|登录"
_GAMES = "体育|娱乐|棋牌|彩票|博彩"
_DOORS = "平台|官网|登[录陆]|入口|投注|手机版"
_OTHER_SPAM = "国际登[录陆]|必威|体育(?<=[A-Za-z]体育)|无码|精品国产"
_SLOGANS = "全网资源|每日更新|转载请注明|收集整理|版权归|关注公众号"


def _each_before(words: str, following: str) -> str:
    """Return a pattern of some words, each before one of others, in which every branch begins with a character."""
    return "|".join(f"{word}(?:{following})" for word in words.split("|"))


_FOREIGN_SIGNS = (
    _Sign(
        "spam-words",
        "words of advertising, put in by whoever copied the page, often in place of a name",
        re.compile(
            rf"[A-Za-z0-9]{{0,10}}(?:{_BRANDS})(?:{_TRADES})+(?:平台)?"
            rf"|(?<!智慧)(?<!公共)(?<!数字)(?<!全民)(?<!服务)(?:{_GAMES})(?:{_DOORS})"
            r"|国际登[录陆]|必威|[A-Za-z]{2,8}体育(?=[\u4e00-\u9fff])|无码|精品国产"
        ),
        core=re.compile(f"{_each_before(_BRANDS, _TRADES)}|{_each_before(_GAMES, _DOORS)}|{_OTHER_SPAM}"),
    ),
    _Sign(
        "site-slogan",
        "slogans of the site that the text was copied to",
        re.compile(
            r"[^\s，。；、]{0,12}(?:全网资源|每日更新|转载请注明|收集整理|版权归[^。；\n]{0,6}(?:所有|作者)|关注公众号)[^\s，。；、]{0,24}"
        ),
        core=re.compile(_SLOGANS),
    ),
)
_RARE = re.compile("[" + "".join(sign.characters for sign in _RARE_SIGNS) + "]")


def text_notices(text: str) -> list[Notice]:
    """Return one notice for each kind of damage in a text, with the count and the first place."""
    rare = _RARE_SIGNS if _RARE.search(text) else ()
    foreign = [sign for sign in _FOREIGN_SIGNS if sign.core is None or sign.core.search(text)]
    notices = []
    for sign in (*rare, *_COMMON_SIGNS, *foreign):
        places = list(_places(sign, text))
        if places:
            times = "once" if len(places) == 1 else f"in {len(places):,} places"
            notices.append(Notice(sign.code, f"{sign.meaning} ({times})", Span(*places[0])))
    return [*notices, *_script_notices(text)]


def _places(sign: _Sign, text: str) -> Iterator[tuple[int, int]]:
    """Yield where a sign stands; one that begins with rare characters is looked for behind these alone."""
    if not sign.characters:
        yield from (match.span() for match in sign.pattern.finditer(text))
        return
    end = 0
    for beginning in _BEGINNINGS[sign.code].finditer(text):
        match = sign.pattern.match(text, beginning.start()) if beginning.start() >= end else None
        if match is not None:
            yield match.span()
            end = match.end()


def _script_notices(text: str) -> Iterator[Notice]:
    """Yield a notice on a text in traditional script, or one in which both scripts are mixed."""
    if traditional_pattern().search(text) is None:
        return
    traditional, simplified = _distinctive_characters(beyond=_BEYOND.search(text) is not None)
    opening, n_traditional = traditional.search(text), len(traditional.findall(text))
    if opening is None or n_traditional < _LEAST_MIXED:
        return
    n_simplified = len(simplified.findall(text))
    first = Span(*opening.span())
    if n_simplified >= _LEAST_MIXED:
        message = f"traditional and simplified characters mixed ({n_traditional:,} and {n_simplified:,})"
        yield Notice("mixed-script", message, first)
    elif n_traditional >= TRADITIONAL_SHARE * len(text):
        yield Notice("traditional-script", f"traditional characters ({n_traditional:,})", first)


@lru_cache(maxsize=2)
def _distinctive_characters(*, beyond: bool) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return patterns of the characters of traditional print alone, and of simplified print alone.

    A traditional character is one that GB 2312 lacks, a simplified one is one that Big5 lacks; 后 and 于 are in both.
    Those beyond the first 65,536 code points make a pattern fifty times as slow, and are in it only if asked for.
    """
    table = simplified_table()
    traditional = {character for character in table if not character.encode("gb2312", "ignore")}
    simplified = {character for character in table.values() if not character.encode("big5", "ignore")}
    used = [sorted(c for c in characters if beyond or c <= "\uffff") for characters in (traditional, simplified)]
    return re.compile(f"[{''.join(used[0])}]"), re.compile(f"[{''.join(used[1])}]")
