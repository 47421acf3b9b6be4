"""Which lines of a page are the report's own body, and what the others are.

A page is walked line by line, from the top until the body begins and from the end until the body ends. Whatever is
not recognised as furniture of the page, title, salutation, signature or date belongs to the body.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from corpus.loading.limits import HEAD_LINES
from corpus.passages import locate_paragraphs

Kind = Literal[
    "breadcrumb",
    "metadata",
    "widget",
    "office",
    "footer",
    "cover",
    "title",
    "salutation",
    "signature",
    "date",
    "unknown",
]
TextSpan = tuple[int, int]

SEPARATORS = r"[>»→·/|﹥＞]|-(?=\s)|&gt;"
LABELS = (
    "索引号|索取号|发文字号|文号|文件编号|主题分类|体裁分类|组配分类|主题词|公开类别|公开方式|公开时限|公开范围|公开形式|"
    "发布机构|发文机关|发文机构|发布单位|公开单位|公开主体|责任部门|来源|信息来源|文章来源|稿件来源|来自|发表单位|"
    "成文日期|成文时间|发布日期|发布时间|发文日期|发文时间|生成日期|生成时间|编辑日期|发表时间|更新时间|更新日期|公开日期|"
    "信息提供日期|印发日期|生效日期|废止日期|录入时间|时间|日期|有效性|效力状态|实施状态|信息名称|信息标题|标题|名称|"
    "作者|编辑|责任编辑|录入者|审核|供稿|浏览次数|浏览量|访问量|访问次数|阅读次数|阅读人次|浏览人次|访问人次|阅读量|点击数|点击率|点击量|点击|阅读|浏览|"
    "字号|字体|字体大小|浏览字号|关键词|关键字|内容概述|保存|打印|背景色|文件分类|所属机构|信息类别|信息分类|信息来源|"
    "制发机构|时效性|施行日期|效力级别|收藏|收藏本站|ArticleTitle|PubDate|ContentSource"
)
_LABEL = re.compile(
    r"[\[【(（]?\s*(?:" + r"|".join(r"\s{0,2}".join(label) for label in LABELS.split("|")) + r")\s*[\]】)）]?\s*[:：|]"
    r"|[\[【]\s*(?:" + r"|".join(r"\s{0,2}".join(label) for label in LABELS.split("|")) + r")\s*[\]】]"
)
_LATE_LABEL = re.compile(r"\s(?:发布|发文|更新|发表)(?:时间|日期)\s*[:：]\s*(?:19|20)\d\d|\s(?:信息|文章)?来源\s*[:：]")
_BREADCRUMB = re.compile(
    r"(?:您|你)?(?:当前|现在)?(?:所在|所处)?的?位置(?:是|为)?\s*[:：]"
    r"|(?:网站)?首\s*页\s*(?:" + SEPARATORS + r")"
)
_TRAIL = re.compile(r"(?:[^\s>»→]{2,20}\s*(?:>|»|→|﹥|＞|->)\s*){2,}")
_WIDGET = re.compile(
    r"字\s*[体号]\s*[:：]?\s*[\[【(（]?\s*大|【\s*字体|打\s*印|关\s*闭|收\s*藏|朗\s*读|下\s*载|分享(?:到|至)?|无障碍|长者|适老|语音播报|返回顶部"
)
_FOOTER = re.compile(
    r"扫一扫|分享(?:到|至)|上一[篇条]|下一[篇条]|版权所有|主办单位|承办单位|主办[:：]|网站标识码|ICP备|公网安备|网站地图|"
    r"联系我们|关于我们|相关链接|相关文章|友情链接|技术支持|打印本页|关闭窗口|返回顶部|访问量|浏览次数|责任编辑|网站声明|建议使用|本文链接|原文链接|^附件下载"
)
_BANNER = re.compile(r"今天是|欢迎(?:您|访问|光临)|设为首页|加入收藏|星期[一二三四五六日天]\b|站内搜索|网站支持IPv6")
_ORGAN = re.compile(
    r"[\u4e00-\u9fff]{2,30}?(?:局|委员会|厅|委|办公室|政府|部|院|中心|署|处|大队|支队|总队|办事处|公司|法制办|司法所|党组|党委|党工委)"
)
_ORGAN_LINE = re.compile(rf"(?:中共|中国共产党)?{_ORGAN.pattern}(?:[\s、]{{0,4}}(?:中共)?{_ORGAN.pattern}){{0,2}}")
_DATE_LINE = re.compile(
    r"[\[(（]?(?:(?:19|20)\d\d|[二一][〇○Ｏ零O九][〇○Ｏ零O一二三四五六七八九]{2})\s*[年/.\-]\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月/.\-]\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]?)?[\])）]?"
    r"(?:\s*\d{1,2}:\d\d(?::\d\d)?)?|(?:19|20)\d{4,6}日?"
)
_GENRE = re.compile(r"法[治制]|依法行政|依法治")
_TITLE_END = re.compile(
    r"(?:报\s*告|总\s*结|汇\s*报|情\s*况|小\s*结|公\s*告|述\s*职|要\s*点|计\s*划|方\s*案|通\s*知|公\s*示|自评|自查)"
    r"(?:\s*[\[(（【][^\])）】\n]{1,20}[\])）】])?(?:的公示|公示)?\Z"
)
_SALUTATION = re.compile(
    r"(?:(?:各|全体|尊敬的)?[\u4e00-\u9fff、,，\s·()（）]{1,40}?(?:政府|党委|[省市县区州旗]委|委员会|办公室|人大|人大常委会|局|厅|委|办|领导|同志|代表|委员))[:：]"
)
_OPENS_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、．]")
_SENTENCE_STOP = re.compile(r"[。；;！!？?]")
_SECOND_HALF = re.compile(r"(?:关于)?\s*(?:(?:19|20)\d\d|\*{2,4}|法[治制]|年度|依法|推进|上一?年)")
# Spaces that an earlier program could not write, and the edges of tables.
_LEADING_DEBRIS = re.compile(r"[?\ufffd|\s]+(?=\S)")
_RULER = re.compile(r"[\s|:\-—_=*]+")
# A note by whoever publishes the report, before the report itself.
_COVER = re.compile(
    r"现将.{0,40}《.{2,60}(?:报告|总结)》.{0,20}(?:公布|公开|公示|发布|刊登|印发)|(?:全文|具体内容|内容)(?:公布|刊登)?如下[:：。]?\Z"
)
_GLUED = re.compile(
    r"(?P<before>.{0,60}?)(?P<title>[\u4e00-\u9fff]{2,30}?(?:关于)?(?:19|20)\d\d年?度?(?:推进)?法治政府建设[\u4e00-\u9fff]{0,8}?"
    r"(?:报告|总结))\s*(?=(?:19|20)\d\d年)"
)
MAX_TITLE_CHARS = 70
MAX_SECOND_HALF = 20
MAX_COVER_CHARS = 200
MAX_FURNITURE_CHARS = 40


class Line(NamedTuple):
    """A line without the white space around it: its place in ``text`` and its words."""

    start: int
    end: int
    words: str


@dataclass(slots=True)
class PageLayout:
    """Where the parts of a page lie in ``text``; ``lines`` are those of the body."""

    body: TextSpan
    lines: list[Line] = field(default_factory=list)
    titles: list[TextSpan] = field(default_factory=list)
    salutation: TextSpan | None = None
    signature: TextSpan | None = None
    dates: list[TextSpan] = field(default_factory=list)
    clutter: list[TextSpan] = field(default_factory=list)


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
    lines = _part_glued_title(page)
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
        else:
            layout.clutter.append(span)
    _split_signed_date(text, layout)
    return layout


def _part_glued_title(lines: list[Line]) -> list[Line]:
    """Part a title from the body that follows it on one line, as on pages that lost their line ends."""
    match = _GLUED.match(lines[0].words) if len(lines[0].words) > MAX_TITLE_CHARS else None
    if match is None:
        return lines
    first = lines[0]
    cuts = [(match.start(name), match.end(name)) for name in ("before", "title")] + [(match.end(), len(first.words))]
    parts = [Line(first.start + low, first.start + high, first.words[low:high]) for low, high in cuts if low < high]
    return [*parts, *lines[1:]]


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the paragraphs of a stretch of text as lines: what `corpus.passages.locate_paragraphs` finds in it."""
    for first, last in locate_paragraphs(text[start:end]):
        yield Line(start + first, start + last, text[start + first : start + last])


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


def _classify_head(lines: list[Line]) -> list[Kind]:
    kinds: list[Kind] = []
    recognised = 0
    last = min(HEAD_LINES, len(lines) - 1)
    for index, line in enumerate(lines[:last]):
        if len(kinds) > index:
            continue
        following = lines[index + 1].words if index + 1 < last else ""
        kind = head_kind(line.words)
        if kind in ("unknown", "office") and _is_title_in_halves(line.words, following):
            kinds += ["title", "title"]
            recognised = len(kinds)
            continue
        if kind == "unknown" and len(line.words) <= MAX_COVER_CHARS and _COVER.search(line.words):
            kind = "cover"
        if kind == "unknown" and not _could_be_furniture(line.words):
            break
        kinds.append(kind)
        if kind != "unknown":
            recognised = len(kinds)
        if kind == "salutation":
            break
    return kinds[:recognised]


def _is_title_in_halves(words: str, following: str) -> bool:
    """Tell whether a line and the next one together are a title: an office and what it reports, or a broken line."""
    if not following or len(words) > MAX_TITLE_CHARS or _SENTENCE_STOP.search(words) or not is_title(words + following):
        return False
    if is_title(following):
        names_office = _ORGAN_LINE.fullmatch(words) or re.fullmatch(
            r"(?:关于)?.{0,20}(?:19|20)\d\d年?度?.{0,12}", words
        )
        return bool(names_office and _SECOND_HALF.match(following))
    return bool(_GENRE.search(words) and len(following) <= MAX_SECOND_HALF and head_kind(following) == "unknown")


def head_kind(words: str) -> Kind:
    """Return what a line before the body is, by its words alone."""
    plain = words.lstrip("|*-•·●—> \t\u3000")
    if not plain or _RULER.fullmatch(words):
        return "widget"
    if _BREADCRUMB.match(plain) or _BANNER.search(plain[:60]) or (len(plain) < 120 and _TRAIL.match(plain)):
        return "breadcrumb"
    if is_metadata(words):
        return "metadata"
    if is_title(words):
        return "title"
    if len(words) <= MAX_FURNITURE_CHARS:
        if _SALUTATION.fullmatch(words):
            return "salutation"
        if _DATE_LINE.fullmatch(words):
            return "date"
        if _ORGAN_LINE.fullmatch(words):
            return "office"
        if _WIDGET.search(words) and not _SENTENCE_STOP.search(words):
            return "widget"
    return "unknown"


def is_metadata(words: str) -> bool:
    """Tell whether a line is a block of labelled facts about the page, such as 发布时间: … 来源: …"""
    first = _LABEL.match(words.lstrip("|*-•·● \t　"))
    if first is None:
        return len(words) <= 80 and _LATE_LABEL.search(words) is not None
    if len(words) <= 60 and not words.endswith("。"):
        return True
    labels = len(_LABEL.findall(words))
    return labels >= 2 and len(words) <= 80 * labels


def is_title(words: str) -> bool:
    """Tell whether a line reads as the title of a report on law-based government or of a like document."""
    if len(words) > MAX_TITLE_CHARS or _SENTENCE_STOP.search(words) or "报告如下" in words:
        return False
    return bool(_TITLE_END.search(words) and (_GENRE.search(words) or re.search(r"(?:19|20)\d\d", words)))


def _could_be_furniture(words: str) -> bool:
    if len(words) > MAX_FURNITURE_CHARS or _SENTENCE_STOP.search(words):
        return False
    return not _OPENS_SECTION.match(words)


def _classify_tail(lines: list[Line], n_head: int) -> list[Kind]:
    """Name the lines after the body, looking from the last line up; the result is in reading order."""
    kinds: list[Kind] = []
    recognised = 0
    for line in reversed(lines[max(n_head + 1, len(lines) - HEAD_LINES) :]):
        kind = _tail_kind(line.words)
        if kind == "unknown" and not (_could_be_furniture(line.words) and "，" not in line.words):
            break
        kinds.append(kind)
        if kind != "unknown":
            recognised = len(kinds)
    return kinds[:recognised][::-1]


def _tail_kind(words: str) -> Kind:
    if _DATE_LINE.fullmatch(words):
        return "date"
    if len(words) <= MAX_FURNITURE_CHARS:
        if _ORGAN_LINE.fullmatch(words):
            return "signature"
        organ = _ORGAN_LINE.match(words)
        if organ and _DATE_LINE.fullmatch(words[organ.end() :].strip()):
            return "signature"
    if is_metadata(words):
        return "metadata"
    if len(words) <= 200 and _FOOTER.search(words) and not words.endswith("。"):
        return "footer"
    if len(words) <= MAX_FURNITURE_CHARS and _WIDGET.search(words) and not _SENTENCE_STOP.search(words):
        return "widget"
    return "unknown"


def _split_signed_date(text: str, layout: PageLayout) -> None:
    """Take a date that stands on the signature's own line out of the signature."""
    if layout.signature is None:
        return
    start, end = layout.signature
    organ = _ORGAN_LINE.match(text[start:end])
    rest = text[start + organ.end() : end].strip() if organ else ""
    if organ and rest:
        layout.signature = (start, start + organ.end())
        first = text.index(rest, start + organ.end())
        layout.dates.append((first, first + len(rest)))
