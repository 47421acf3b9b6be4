"""Which lines of a page are the report's own body, and what the others are.

A page is walked line by line, from the top until the body begins and from the end until the body ends. Whatever is
not recognised as furniture of the page, title, salutation, signature or date belongs to the body.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus.loading.files.limits import HEAD_LINES
from corpus.loading.page.lines import (
    ATTACHMENT_OPENS,
    DATE_LINE,
    GENRE,
    LISTED,
    MAX_FURNITURE_CHARS,
    MAX_TITLE_CHARS,
    ORGAN_LINE,
    OTHER_PAGES_OPEN,
    SENTENCE_STOP,
    Kind,
    Line,
    awaits_value,
    could_be_furniture,
    head_kind,
    is_cover_note,
    is_title,
    name_reason,
    split_lines,
    tail_kind,
)
from corpus.report.values import SetAside

TextSpan = tuple[int, int]

_SECOND_HALF = re.compile(r"(?:关于)?\s*(?:(?:19|20)\d\d|\*{2,4}|法[治制]|年度|依法|推进|上一?年)")
# Spaces that an earlier program could not write, the edges of tables, and the bullets of lists.
_LEADING_DEBRIS = re.compile(r"[?\ufffd|•●·◆■▪\s]+(?=\S)")
_GLUED = re.compile(
    r"(?P<before>.{0,60}?)(?P<title>[\u4e00-\u9fff]{2,30}?(?:关于)?(?:19|20)\d\d年?度?(?:推进)?法治政府建设[\u4e00-\u9fff]{0,8}?"
    r"(?:报告|总结))\s*(?=(?:19|20)\d\d年)"
)
# A signature with its day on one line, or behind the last sentence of a page that lost its line ends.
_SIGNED = re.compile(
    rf"(?:\A|[。！][”）)]?)\s*(?P<organ>{ORGAN_LINE.pattern})\s*"
    rf"(?P<date>{DATE_LINE.pattern}|[(（][盖公印签]\s?章[)）])\Z"
)
# What may follow a title on its own line: the office, the day, the edge of a table.
_AFTER_TITLE = re.compile(r"(?P<title>[^\s|｜]{8,70})\s*(?P<rest>[|｜]?(?:\s+\S+){1,3}|[|｜])\s*")
_HAS_GAP = re.compile(r"[\s|｜]")
# A report of a party committee and a government together, one below the other.
_JOINT = re.compile(r"(?:中共|中国共产党)[\u4e00-\u9fff]{2,24}委员?会?\Z")
_WORD = re.compile(r"\S+")
_QUOTED = re.compile(r"《([^》]{8,70})》")
# The label of an annex alone on its line, or the head of a list of terms explained; no list of attachments.
_ANNEX = re.compile(
    r"附件\s?[一二三四五六七八九十\d]{0,2}|(?:附[件录]?\s?[:：]?\s?)?[^，。；：:]{0,14}(?:名词|用语|术语|词语|[有相]关内容)[^，。；：:]{0,4}[解注]释|注释"
)
_ANNEX_FROM, _LEAST_ANNEX = 0.6, 300
MAX_SECOND_HALF = 20
_LEAST_REPEATED = 6


@dataclass(slots=True)
class PageLayout:
    """Where the parts of a page lie in ``text``, in the order of the page; ``lines`` are those of the body."""

    body: TextSpan
    lines: list[Line] = field(default_factory=list)
    titles: list[TextSpan] = field(default_factory=list)
    salutation: TextSpan | None = None
    signature: TextSpan | None = None
    dates: list[TextSpan] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)

    @property
    def clutter(self) -> list[TextSpan]:
        """The spans of what is set aside."""
        return [(stretch.start, stretch.end) for stretch in self.set_aside]


def locate_layout(text: str) -> PageLayout:
    """Find the body of a page and name what stands around it.

    Returns
    -------
    PageLayout
        Spans of ``text``, without the white space around each. The body is never empty unless the text is: where
        nothing looks like a report, all lines that are no page furniture are the body.
    """
    page = list(split_lines(text))
    if not page:
        return PageLayout(body=(0, 0))
    lines = list(_parted(page))
    head = _classify_head(lines)
    tail = _classify_tail(lines, len(head))
    first, last = lines[len(head)], lines[len(lines) - len(tail) - 1]
    debris = _LEADING_DEBRIS.match(first.words)
    body = (first.start + (debris.end() if debris else 0), last.end)
    layout = PageLayout(body, _lines_of_body(text, page, body))
    for line, kind in (*zip(lines, head, strict=False), *zip(lines[len(lines) - len(tail) :], tail, strict=True)):
        span = (line.start, line.end)
        if kind == "title":
            layout.titles.append(span)
        elif kind == "salutation":
            layout.salutation = span
        elif kind == "signature":
            layout.signature = layout.signature or span
        elif kind == "date":
            layout.dates.append(span)
        elif kind == "value":
            layout.set_aside[-1] = SetAside(layout.set_aside[-1].start, line.end, layout.set_aside[-1].reason)
        else:
            layout.set_aside.append(SetAside(*span, name_reason(kind, line.words)))
    return layout


def _parted(lines: list[Line]) -> Iterator[Line]:
    """Yield the lines of a page, with what stands together on one line apart, as on pages that lost their line ends.

    A title is parted from the body behind it, and from an office, a day or the edge of a table; a signature from its
    day and from the last sentence.
    """
    for index, line in enumerate(lines):
        spans = [(0, len(line.words))]
        if index == 0 and len(line.words) > MAX_TITLE_CHARS and (glued := _GLUED.match(line.words)):
            spans = [glued.span("before"), glued.span("title"), (glued.end(), spans[0][1])]
        elif index < HEAD_LINES and len(line.words) <= 2 * MAX_TITLE_CHARS and _HAS_GAP.search(line.words):
            titled = _AFTER_TITLE.fullmatch(line.words)
            if titled and is_title(titled["title"]) and all(map(_is_mark, titled["rest"].split())):
                spans = [
                    titled.span("title"),
                    *(word.span() for word in _WORD.finditer(line.words, titled.end("title"))),
                ]
        # No signature and no day ends with a full stop; most lines do.
        if len(spans) == 1 and index >= len(lines) - HEAD_LINES and not line.words.endswith("。"):
            first = len(line.words) - MAX_FURNITURE_CHARS
            signed = _SIGNED.search(line.words, max(0, first)) if first <= 0 or index == len(lines) - 1 else None
            if signed:
                spans = [(0, signed.start("organ")), signed.span("organ"), signed.span("date")]
        for start, end in spans:
            words = line.words[start:end].rstrip()
            if words:
                yield Line(line.start + start, line.start + start + len(words), words)


def _lines_of_body(text: str, page: list[Line], body: TextSpan) -> list[Line]:
    """Return the lines of a body; those that its edges cut off from the rest of the page are split anew."""
    start, end = body
    first_break, last_break = text.find("\n", start, end), text.rfind("\n", start, end)
    if first_break < 0:
        return list(split_lines(text, start, end))
    whole = page[bisect_left(page, first_break, key=_start) : bisect_left(page, last_break, key=_start)]
    return [*split_lines(text, start, first_break), *whole, *split_lines(text, last_break, end)]


def _start(line: Line) -> int:
    return line.start


def _is_mark(word: str) -> bool:
    return bool(word in "|｜" or ORGAN_LINE.fullmatch(word) or DATE_LINE.fullmatch(word))


def _classify_head(lines: list[Line]) -> list[Kind]:
    kinds = _cover_letter(lines)
    recognised = len(kinds)
    titles = ""
    last = min(HEAD_LINES, len(lines) - 1)
    for index, line in enumerate(lines[:last]):
        if len(kinds) > index:
            continue
        following = lines[index + 1].words if index + 1 < last else ""
        kind = head_kind(line.words)
        if _JOINT.match(line.words) and index + 2 < last and _is_title_in_halves(following, lines[index + 2].words):
            kind = "title"
        elif kind in ("unknown", "office") and _is_title_in_halves(line.words, following):
            kinds += ["title", "title"]
            recognised = len(kinds)
            titles += "".join((line.words + following).split())
            continue
        if kind == "unknown" and is_cover_note(line.words):
            kind = "cover"
        if kind == "unknown" and len(line.words) >= _LEAST_REPEATED and "".join(line.words.split()) in titles:
            kind = "title"
        if kind == "unknown" and not could_be_furniture(line.words):
            break
        kinds.append(kind)
        if kind == "metadata" and awaits_value(line.words, following):
            kinds.append("value")
        if kind != "unknown":
            recognised = len(kinds)
        if kind == "title":
            titles += "".join(line.words.split())
        if kind == "salutation":
            break
    return kinds[:recognised]


def _cover_letter(lines: list[Line]) -> list[Kind]:
    """Return the kinds of the lines of a letter that announces 《a report》 and is followed by it, title and all."""
    quoted: set[str] = set()
    for index, line in enumerate(lines[:HEAD_LINES]):
        if quoted and index + 2 < len(lines):
            words, following = ("".join(each.words.split()) for each in lines[index : index + 2])
            if {words, words + following} & quoted:
                kinds = [head_kind(before.words) for before in lines[:index]]
                return [kind if kind in ("breadcrumb", "metadata", "salutation") else "cover" for kind in kinds]
        if "《" in line.words:
            quoted |= {"".join(match.split()) for match in _QUOTED.findall(line.words) if is_title(match)}
    return []


def _is_title_in_halves(words: str, following: str) -> bool:
    """Tell whether a line and the next one together are a title: an office and what it reports, or a broken line."""
    if not following or len(words) > MAX_TITLE_CHARS or SENTENCE_STOP.search(words) or not is_title(words + following):
        return False
    if is_title(following):
        names_office = ORGAN_LINE.fullmatch(words) or re.fullmatch(r"(?:关于)?.{0,20}(?:19|20)\d\d年?度?.{0,12}", words)
        return bool(names_office and _SECOND_HALF.match(following))
    return bool(GENRE.search(words) and len(following) <= MAX_SECOND_HALF and head_kind(following) == "unknown")


def _classify_tail(lines: list[Line], n_head: int) -> list[Kind]:
    """Name the lines after the body, looking from the last line up; the result is in reading order."""
    stop = _end_of_document(lines, n_head)
    first = max(n_head + 1, min(stop, len(lines)) - HEAD_LINES)
    kinds: list[Kind] = []
    recognised = 0
    for line in reversed(lines[first:stop]):
        kind = tail_kind(line.words)
        if kind == "unknown" and (kinds or stop < len(lines)) and LISTED.fullmatch(line.words):
            kinds.append("unknown")
            continue
        if kind == "unknown" and not (could_be_furniture(line.words) and "，" not in line.words):
            break
        kinds.append(kind)
        if kind != "unknown":
            recognised = len(kinds)
    after: list[Kind] = []
    if stop < len(lines):
        is_footer = OTHER_PAGES_OPEN.match(lines[stop].words) is not None
        after = ["footer" if is_footer else "attachment"] * (len(lines) - stop)
    return kinds[:recognised][::-1] + after


def _end_of_document(lines: list[Line], n_head: int) -> int:
    """Return where an annex begins, attachments behind a signature or a day, or links; else the number of lines."""
    start, end = lines[0].start, lines[-1].end
    late = bisect_left(lines, start + _ANNEX_FROM * (end - start), lo=min(n_head + 1, len(lines)), key=_start)
    for index in range(late, len(lines)):
        if _ANNEX.fullmatch(lines[index].words) and end - lines[index].end >= _LEAST_ANNEX:
            return index
    first = max(n_head + 1, len(lines) - HEAD_LINES)
    for index in range(first, len(lines)):
        words = lines[index].words
        if OTHER_PAGES_OPEN.match(words):
            return index
        before = (tail_kind(line.words) for line in lines[max(first, index - 3) : index])
        if ATTACHMENT_OPENS.match(words) and any(kind in ("date", "signature") for kind in before):
            return index
    return len(lines)
