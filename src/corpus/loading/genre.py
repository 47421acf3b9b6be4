"""Whether a page is a report on law-based government at all, or one of its near neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.loading.layout import PageLayout, head_kind, split_lines
from corpus.values import Fact, Notice, Span

Where = Literal["title", "opening", "page"]

_OPENING_CHARS = 420
_PAGE_CHARS = 3000
_SUBJECT = re.compile(r"法\s*[治制]|依法行政|依法治|第一责任人")
_ANNOUNCED = re.compile(r"(?:报告|汇报|总结|通报|报送|说明)如下|如下[:：。]|予以公(?:布|开|示)")
_REPORT_TITLE = re.compile(
    r"(?:报\s*告|总\s*结|汇\s*报|情\s*况|小\s*结|自查)(?:\s*[\[(（【][^\])）】\n]{1,20}[\])）】])?\Z"
)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A turn of phrase by which a near neighbour is known, and where it is looked for.

    Of the signs in the opening only those that count ``always`` do so under the title of a report.
    """

    meaning: str
    where: Where
    pattern: re.Pattern[str]
    always: bool = False


_SIGNS = (
    _Sign(
        "an annual report on information disclosure (政府信息公开工作年度报告)",
        "title",
        re.compile(r"信息公开(?:工作)?(?:情况)?(?:的)?(?:年度|年报|报告|工作总结)"),
    ),
    _Sign(
        "an annual report on information disclosure (政府信息公开工作年度报告)",
        "opening",
        re.compile(
            r"\A(?:(?!一、)[\s\S]){0,400}?(信息公开工作年度报告|(?:编制|公布).{0,12}(?:政府)?信息公开(?:工作)?(?:年度)?报告)"
        ),
    ),
    _Sign("an explanation of a document (政策解读)", "title", re.compile(r"解读|一图读懂|问答")),
    _Sign(
        "a model essay or a page of a document exchange (范文)",
        "page",
        re.compile(
            # Not 规范文件, 规范文明执法, 示范文本.
            r"(?<![规示模])范文(?![明化件书本物])|文秘|网友投稿|小编|珍藏版|会员分享|立即下载|免费下载|加入V[iI][pP]|"
            r"资源ID|文库|在线阅读|投稿人|积分|"
            r"20(?:__|[xX×]{2}|\*\*)年|篇[1一][:：\s]|字数|开头部分已省略"
        ),
    ),
    _Sign(
        "a model essay with blanks for names (XX县, **区)",
        "opening",
        re.compile(r"(?:[xX×]{1,3}|\*{1,4}|__|某某?)(?:省|市|县|区|镇|乡|局|街道)|(?:省|市|县|区)[xX×]{2,3}局"),
        always=True,
    ),
    _Sign(
        "a plan, an order or a notice, not a report (要点, 方案, 意见, 通知)",
        "title",
        re.compile(
            r"(?:要点|计划|方案|意见|规划|纲要|分工|清单|办法|细则|规定|通知|批复|复函|目录|指南|任务|安排)(?:\s*[\[(（【].{1,20}[\])）】])?(?:的通知|的通报)?\Z"
            r"|印发.{2,60}(?:通知|通报)"
        ),
    ),
    _Sign(
        "a plan, an order or a notice, not a report (要点, 方案, 意见, 通知)",
        "opening",
        re.compile(
            r"(?:制定|提出)(?:本|如下|以下).{0,8}(?:方案|要点|计划|意见|措施|安排)|印发给你们|认真(?:组织实施|贯彻执行|抓好落实)。"
        ),
    ),
    _Sign("a speech (讲话)", "title", re.compile(r"讲话|致辞|发言")),
    _Sign("a speech (讲话)", "opening", re.compile(r"同志们\s*[:：,，!！]")),
    _Sign(
        "one person's account of duties (述法, 述职)",
        "opening",
        re.compile(r"将本人|[,，]我(?=坚持|始终|认真|严格|切实|带头|牢固|深入学习)"),
        always=True,
    ),
    _Sign(
        "a section of a yearbook (年鉴)",
        "opening",
        re.compile(r"\A[^\n。]{0,20}(?:\d{4}卷|年鉴)|\A\s*【[^】\n]{4,30}】"),
    ),
    _Sign("a translation (Japanese)", "page", re.compile(r"[\u3041-\u3096]{2}")),
    _Sign(
        "results of an assessment (考核, 通报)",
        "opening",
        re.compile(r"(?:考核|评估|评议|督察|检查)(?:的)?(?:结果|情况)(?:予以)?通报"),
    ),
    _Sign("results of an assessment (考核, 通报)", "title", re.compile(r"考核|通报|评议|督察|结果|名单|公告\Z|公示\Z")),
    _Sign(
        "news about a report or a meeting (新闻)",
        "title",
        re.compile(
            r"召开|举行|举办|出台|部署|推进会|调研|专题会|座谈会|培训会|常务会|推动|推出|启动|获评|通过|审议|听取|述法"
        ),
    ),
    _Sign(
        "news about a report or a meeting (新闻)",
        "opening",
        re.compile(
            r"\A\s*(?:[\u4e00-\u9fff]{0,12}讯|[^\n。]{0,20}(?:记者|通讯员)|近日|日前|近期|(?:\d{4}年)?\d{1,2}月\d{1,2}日"
            r"(?:上午|下午|晚)?[,，])"
        ),
    ),
    _Sign("a study of such reports (论文)", "page", re.compile(r"摘\s*要\s*[:：]|关键词\s*[:：]|参考文献|实证研究")),
    _Sign("a half-year or quarterly report (上半年)", "title", re.compile(r"上半年|下半年|[一二三四1-4]季度")),
    _Sign(
        "a half-year or quarterly report (上半年)",
        "opening",
        re.compile(r"\A[^\n。，,]{0,30}(?:上半年|下半年|[一二三四1-4]季度)"),
    ),
    _Sign("a report on the work of the government (政府工作报告)", "title", re.compile(r"政\s*府\s*工\s*作\s*报\s*告")),
)
_GOVERNMENT_REPORT = re.compile(r"我代表.{0,16}(?:政府|国务院).{0,8}(?:大会|会议)?.{0,6}(?:报告|作)")
_DATED_LINE = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\]?\Z|\A\[?(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
)
_LEAST_LISTED = 5


def near_neighbour(text: str, layout: PageLayout, title: Fact) -> Notice | None:
    """Return a notice if a page looks like something other than a report on law-based government.

    Titles count most: a page whose title ends in 报告, 总结 or 情况 and names 法治 or 依法行政 is taken for a report
    unless the title itself says otherwise, or blanks and download buttons show a model essay. A page without a title
    is taken for one if its opening names the subject and announces a report (…报告如下) or its headings do.
    """
    body = text[layout.body[0] : layout.body[1]]
    name = title.value if isinstance(title.value, str) else ""
    scopes = {"title": _title_line(text, layout, name), "opening": body[:_OPENING_CHARS], "page": text[:_PAGE_CHARS]}
    proper = bool(name and _REPORT_TITLE.search(name) and _SUBJECT.search(name))
    for sign in _SIGNS:
        if sign.where == "opening" and proper and not sign.always:
            continue
        match = sign.pattern.search(scopes[sign.where])
        if match is not None:
            return _notice(sign.meaning, match[match.lastindex or 0], text)
    if _is_list(text):
        return Notice("near-neighbour", "this looks like a list of pages, not a report")
    if _GOVERNMENT_REPORT.search(body[:_OPENING_CHARS]):
        return Notice("near-neighbour", "this looks like a report on the work of the government (政府工作报告)")
    if not proper and not _is_about_law(body):
        return Notice("near-neighbour", "neither title nor opening speak of law-based government (法治政府建设)")
    return None


def _title_line(text: str, layout: PageLayout, name: str) -> str:
    """Return the title, or, where none was recognised, the first short line of the page."""
    if name:
        return name
    head = text[: layout.body[0]] or text[:200]
    lines = [line.words for line in split_lines(head) if 8 <= len(line.words) <= 80 and "。" not in line.words]
    plain = [words for words in lines if head_kind(words) in ("unknown", "title")]
    return max(plain, key=lambda words: bool(_SUBJECT.search(words)), default="")


def _is_about_law(body: str) -> bool:
    opening = body[:_OPENING_CHARS]
    return bool(_SUBJECT.search(opening)) and bool(
        _ANNOUNCED.search(body[: 2 * _OPENING_CHARS]) or len(_SUBJECT.findall(body[:1000])) >= 3
    )


def _is_list(text: str) -> bool:
    lines = [line.words for line in split_lines(text[:_PAGE_CHARS])]
    dated = sum(bool(_DATED_LINE.search(words)) for words in lines if len(words) <= 90 and "。" not in words)
    return dated >= _LEAST_LISTED and dated >= 0.3 * len(lines)


def _notice(meaning: str, words: str, text: str) -> Notice:
    start = text.find(words.strip())
    evidence = Span(start, start + len(words.strip())) if start >= 0 and words.strip() else None
    return Notice("near-neighbour", f"this looks like {meaning}", evidence)
