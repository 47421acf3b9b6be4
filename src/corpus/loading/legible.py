"""The form of a text in which facts, layout and headings are looked for; never quoted, never kept.

Copies of reports on other hosts carry pinyin behind characters (習(xí)近平) or are turned into traditional script.
Patterns and tables of names are written for plain simplified text, so that they are tried on such a form, and what
they find is given its place in ``text``.
"""

from __future__ import annotations

import re

from corpus.loading.resources import simplified_table, traditional_pattern
from corpus.offsets import OffsetMap

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
    legible = text if len(pieces) == 1 else "".join(pieces)
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
