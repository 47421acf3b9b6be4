"""Text whose lines were broken at one width: where a line end is none of the report's own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

_LINE = re.compile(r"([^\r\n]*)(\r\n|\n|\r|\Z)")
_INDENT = re.compile(r"[ \t\u3000\xa0]+")
_LABEL = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}[部章]"
)
_PAGE_NUMBER = re.compile(r"[-—–－]{1,2}\s?\d{1,3}\s?[-—–－]{1,2}")
_WIDE = re.compile("[\u2e80-\U0010ffff“”‘’—…·]")
_PROSE = re.compile("[，。、；：]")
_PROSE_SHARE = 0.6
_SPACED_SHARE = 0.9
_ENDS = "。！？!?：:；;"
_FEWEST_LINES = 6
_FEWEST_FULL = 4
_NARROWEST, _WIDEST = 24, 120
"""Columns of a broken line: a character of Chinese takes two. Where characters are counted, half as many."""
_SLACK = 4
_INDENT_COLUMNS = 4
_FULL_SHARE = 0.5
_OPEN_SHARE = 0.5
_LONGER_SHARE = 0.05


class _Size(NamedTuple):
    columns: int
    characters: int


class _Line(NamedTuple):
    start: int
    end: int
    words: str
    size: _Size
    indent: int


def find_wrapped_ends(text: str) -> list[tuple[int, int, str]]:
    """Return the line ends that only a width has made: start and end of each, and what is written in its place.

    Lines are taken to be broken at a width, in columns or in characters, where nearly none is longer, half of those
    that could go on are about as long, and most of these end in the midst of a sentence. A line end stays where the
    line is short, the next one is empty, indented further or opens with the label of a section. The number of a page in
    the midst of a sentence goes with the line ends around it.

    Examples
    --------
    >>> line = "全年召开会议三次，研究依法行政工作，落实各项任务，"
    >>> text = f"{line}\\n" * 8 + "取得成效。"
    >>> find_wrapped_ends(text)[0]
    (25, 26, '')
    """
    # Hardly any report has no paragraph that is longer than a broken line.
    if any(len(line.rstrip()) > _WIDEST + _SLACK for line in text.splitlines()):
        return []
    lines = [line for line in _lines(text) if not _PAGE_NUMBER.fullmatch(line.words)]
    filled = [line for line in lines if line.words]
    # Where an empty line stands behind every line, it parts no paragraphs.
    gaps = sum(not line.words for line in lines[: lines.index(filled[-1])]) if filled else 0
    if gaps >= _SPACED_SHARE * (len(filled) - 1):
        lines = filled
    if len(filled) < _FEWEST_LINES or max(line.size.columns for line in filled) > _WIDEST + _SLACK:
        return []
    least = min(line.indent for line in filled)
    open_ends = [(line, following) for line, following in pairwise(lines) if _could_go_on(line, following, least)]
    full = _full_lines(filled, [line for line, _ in open_ends])
    joined = []
    for line, following in open_ends:
        if line.start not in full:
            continue
        start = line.start + len(text[line.start : line.end].rstrip())
        end = following.start + _indent_chars(text[following.start : following.end])
        letters = line.words[-1].isascii() and line.words[-1].isalpha() and following.words[0].isascii()
        joined.append((start, end, " " if letters and following.words[0].isalpha() else ""))
    return joined


def _could_go_on(line: _Line, following: _Line, least: int) -> bool:
    """Tell whether a line may go on in the next: both hold words, and the next begins no paragraph."""
    if not line.words or not following.words:
        return False
    if following.indent - least >= 2 and following.indent >= line.indent:
        return False
    if line.words[-1] not in _ENDS:
        return True
    # Behind the end of a sentence a heading or a signature stands for itself.
    is_prose = following.words[-1] in _ENDS or _PROSE.search(following.words) is not None
    return is_prose and not _LABEL.match(following.words)


def _lines(text: str) -> list[_Line]:
    lines = []
    for match in _LINE.finditer(text):
        if match.start() == len(text) and match.start() > 0:
            break
        words = match[1].strip()
        head = match[1][: _indent_chars(match[1])]
        shown = match[1].rstrip()
        lines.append(_Line(match.start(), match.end(1), words, _Size(_columns(shown), len(shown)), _columns(head)))
    return lines


def _indent_chars(line: str) -> int:
    match = _INDENT.match(line)
    return match.end() if match else 0


def _columns(words: str) -> int:
    return len(words) + len(_WIDE.findall(words))


def _full_lines(filled: list[_Line], open_lines: list[_Line]) -> set[int]:
    """Return the places of the lines that fill the width; none where lines end where the report ends them."""
    best: set[int] = set()
    for at, part in ((0, 1), (1, 2)):
        sizes = sorted(line.size[at] for line in filled)
        width, slack = sizes[-1 - int(_LONGER_SHARE * len(sizes))], _SLACK // part
        if not _NARROWEST // part <= width <= _WIDEST // part or sizes[-1] > width + slack:
            continue
        full = [line for line in open_lines if line.size[at] >= width - slack]
        inside = [line for line in full if line.words[-1] not in _ENDS]
        # Lists of titles are of one width too, but hardly hold a comma.
        if sum(_PROSE.search(line.words) is not None for line in full) < _PROSE_SHARE * len(full):
            continue
        if len(full) >= max(_FEWEST_FULL, _FULL_SHARE * len(open_lines)) and len(inside) >= _OPEN_SHARE * len(full):
            # The first line of a paragraph may have lost its indent.
            nearly = [line for line in open_lines if line.size[at] >= width - slack - _INDENT_COLUMNS // part]
            inside = [line for line in nearly if line.words[-1] not in _ENDS and _PROSE.search(line.words)]
            best = max(best, {line.start for line in (*full, *inside)}, key=len)
    return best
