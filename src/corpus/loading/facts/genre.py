"""Whether a page is a report on law-based government at all, or one of its near neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.loading.page.layout import PageLayout
from corpus.loading.page.lines import OPENS_SECTION, head_kind, split_lines
from corpus.report.values import Fact, Notice, Span

Where = Literal["title", "opening", "page"]

_OPENING_CHARS = 420
_PAGE_CHARS = 3000
_SUBJECT = re.compile(r"法\s*[治制]|依法行政|依法治|第一责任人")
_ABOUT_GOVERNMENT = re.compile(
    r"法\s*[治制](?:政府|部门|建设|工作|[\u4e00-\u9fff]{2,4}建设)|依法行政|依法治|第一责任人"
)
_ACHIEVED = re.compile(
    r"\A\s*(?:19|20)\d\d年[\s\S]{0,400}?法治政府(?:部门)?建设[^。；]{0,40}(?:成效|成绩|进展|进步|任务)"
)
# What a report announces to report on, where that is something: 现将政务公开工作情况总结如下.
_OBJECT = re.compile(r"(?:现将|现就)([^。；;]{0,80}?)(?:报告|汇报|总结|通报|报送|说明|公布)?如下")
_ANY_OBJECT = re.compile(
    r"(?:19|20)\d\d年?|年度|本|全年|今年|一年来|以来|上年|我[局委厅县市区镇乡街道省部办]|[的度一下后来]"
    r"|(?:有关|相关|主要|具体|贯彻|落实|开展|推进|工作|完成|建设|总体|各项|情况|报告|总结|汇报|重点|任务|进展)"
)
# A body whose title and lead are lost: 一、2024年推进法治政府建设的主要举措和成效.
_FIRST_HEADING = re.compile(
    r"\s*(?:一、|[(（]一[)）])[^\n。]{0,24}(?:法治政府建设|依法行政)[^\n。]{0,16}(?:举措|成效|情况|做法|进展|工作)"
)
_ANNOUNCED = re.compile(r"(?:报告|汇报|总结|通报|报送|说明)如下|如下[:：。]|予以公(?:布|开|示)")
# 2024年工作总结及2025年工作计划 is a report with a plan behind it.
_AND_PLAN = (
    r"(?:报\s*告|总\s*结|情\s*况)\s?(?:以?及|和|与|暨|、)\s?(?:(?:19|20)\d\d年度?|下一?(?:年度?|步|阶段)|明年|今后)?"
    r"(?:的|法治政府建设|法治建设|重点)?(?:工作)?(?:计划|安排|打算|思路|要点|任务)(?:的?报告)?\Z"
)
_WITH_PLAN = re.compile(_AND_PLAN)
_REPORT_TITLE = re.compile(
    rf"{_AND_PLAN}|"
    r"(?:报\s*告|总\s*结|汇\s*报|情\s*况|小\s*结|自查)(?:\s*[\[(（【][^\])）】\n]{1,20}[\])）】])?\Z"
)


_IN_CHARGE = r"[。)）][(（][^()（）\n。]{1,30}(?:政府|[厅局委办]|各?部门|单位)(?:负责|牵头|配合|落实)?[)）]"


@dataclass(frozen=True, slots=True)
class _Sign:
    """A turn of phrase by which a near neighbour is known, and where it is looked for.

    Of the signs in the opening only those that count ``always`` do so under the title of a report; those of a plan do
    not count where a plan follows a report (工作总结及2025年工作计划).
    """

    meaning: str
    where: Where
    pattern: re.Pattern[str]
    always: bool = False
    is_plan: bool = False


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
    _Sign(
        "an annual report on information disclosure (政府信息公开工作年度报告)",
        "opening",
        re.compile(r"(?:现将|现就)[^。；]{0,60}政府信息公开[^。；《]{0,16}(?:报告|总结|公布|汇报)?如下"),
    ),
    _Sign("an explanation of a document (政策解读)", "title", re.compile(r"解读|一图读懂|问答")),
    _Sign(
        "a model essay or a page of a document exchange (范文)",
        "page",
        re.compile(
            # Not 规范文件, 规范文明执法, 示范文本.
            # Every alternative begins with a plain character, which lets `re` skip most of a text: five times as fast.
            r"范(?<![规示模]范)文(?![明化件书本物])|文秘(?:网|站|资源)|网友投稿|小(?<![缩最]小)编(?![制码组成队])|珍藏版|"
            # Not 提供合同文本免费下载服务, 公文库, 法规文库, 普法积分, 面积分别, 电子书在线阅读.
            r"会(?<!工会)员分享|立即下载|免费下载(?![\u4e00-\u9fff])|加入V[iI][pP]|资源ID|"
            r"百度文库|维基文库|豆丁文库|道客文库|人人文库|原创力文库|文库(?:网|吧|币|会员|首页)|"
            r"可在线阅读|在线阅读(?:全文|本文|下载)|投稿人|下载积分|所需积分|需要积分|积分下载|积分[:：]\s*\d|"
            r"20(?:__|[xX×]{2}|\*\*)年|篇(?<!首篇)[1一][:：\s]|字数(?:约|统计)?\s*[:：\d]|开头部分已省略"
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
        is_plan=True,
    ),
    _Sign(
        "a plan, an order or a notice, not a report (要点, 方案, 意见, 通知)",
        "opening",
        re.compile(
            r"(?:制定|提出)(?:本|如下|以下).{0,8}(?:方案|要点|计划|意见|措施|安排)|印发给你们|[请望][^。]{0,16}认真(?:组织实施|贯彻执行|抓好落实)。"
        ),
    ),
    _Sign("a speech (讲话)", "title", re.compile(r"讲话(?!精神)|致辞|发言(?!人)")),
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
    _Sign(
        "a plan, not a report (方案)",
        "opening",
        re.compile(r"\A\s*一、(?:指导思想|总体要求|总体目标|工作目标|目标任务)"),
    ),
    _Sign(
        "a study or a translation, with a passage in English", "page", re.compile(r"[A-Za-z][A-Za-z0-9 ,.;:'()-]{119}")
    ),
    _Sign("a section of a yearbook (年鉴)", "opening", re.compile(r"【概\s*况】|[二三]级目(?![录标])")),
    _Sign(
        "a law, regulation or rule (条例, 办法, 规则)",
        "opening",
        re.compile(r"(?:\A|\n)\s*第\s*[一1]\s*[章条](?![至、])"),
    ),
    _Sign(
        "a question of an examination (试题)",
        "opening",
        re.compile(r"结合材料|运用.{2,30}(?:知识|观点).{0,12}(?:谈谈|加以分析|分析说明|说明理由)"),
    ),
    _Sign("a book (内容简介)", "opening", re.compile(r"内容简介|(?<![基文版成样])本书(?![记面写])|本卷|(?<!白)皮书")),
    _Sign("a table, not a text (一览表)", "title", re.compile(r"(?:情况|任务|进展|统计|一览|明细|汇总)表\Z")),
    _Sign("a translation (Japanese)", "page", re.compile(r"[\u3041-\u3096][\u3041-\u3096]")),
    _Sign(
        "results of an assessment (考核, 通报)",
        "opening",
        re.compile(r"(?:考核|评估|评议|督察|检查)(?:的)?(?:结果|情况)(?:予以)?通报(?!制度|机制)"),
    ),
    _Sign("results of an assessment (考核, 通报)", "title", re.compile(r"考核|通报|评议|督察|结果|名单|公告\Z|公示\Z")),
    _Sign(
        "news about a report or a meeting (新闻)",
        "title",
        re.compile(
            # Not 贯彻中央决策部署、推动法治政府建设情况报告.
            r"召开|举行|举办|推进会|调研|专题会|座谈会|培训会|常务会|审议|听取|述法|"
            r"(?:出台|部署|推动|推出|启动|获评|通过)(?!.*(?:报\s*告|总\s*结|情\s*况)\Z)"
        ),
    ),
    _Sign(
        "news about a report or a meeting (新闻)",
        "opening",
        re.compile(
            r"\A\s*(?:[\u4e00-\u9fff]{0,12}讯|[^\n。]{0,20}(?:记者|通讯员)|近日|日前|近期|(?:\d{4}年)?\d{1,2}月\d{1,2}日"
            r"(?:上午|下午|晚|至\d{1,2}日)?[,，\u4e00-\u9fff]|(?:\d{4}年)?\d{1,2}月[,，])"
            r"|\A[^。]{0,160}\d{1,2}月\d{1,2}日[^。]{0,60}(?:召开|举行|举办)|\n\s*会上[,，]|[\u4e00-\u9fff]{2,3}摄\s*\n"
            r"|\n\s*文/[\u4e00-\u9fff]|\A[^。]{0,60}(?:新闻发布会|讯\s*[(（]|消息\s*[(（])|[(（](?:见习)?记者|本报讯|(?:\A|[。！；\n])\s*会议(?:强调|指出|听取了|要求)"
        ),
    ),
    _Sign(
        "an article of a magazine or a newspaper (文/…)", "page", re.compile(r"\n\s*文\s?[/／|｜]\s?[\u4e00-\u9fff]{2}")
    ),
    _Sign(
        "a report of an institute (研究院)",
        "opening",
        re.compile(
            r"(?:大学|学院|社会科学院|社科院)[^。\n]{0,20}研究(?:院|中心|所)[^。\n]{0,30}报告|博士生导师|总报告|课题组|本期推送"
        ),
    ),
    _Sign("a page of an opinion, torn from the one before (接上页)", "page", re.compile("接上页")),
    _Sign(
        "a page of an opinion, with the offices in charge in brackets (责任单位)",
        "page",
        re.compile(rf"{_IN_CHARGE}[^()（）]{{0,160}}{_IN_CHARGE}"),
    ),
    _Sign(
        "a study (论文)",
        "page",
        re.compile(
            r"为视角|理论(?:和|与)(?:现实|实践)意义|笔者|参考文献|实证研究|(?:大学|学院|研究院|党校)[^)）\n]{0,30}\d{6}[)）]"
            r"|——(?:基于|以)[^\n。]{2,40}(?:为例|(?:分析|实践|考察)[ \u3000]*(?:\n|\Z))"
        ),
    ),
    # Pages of governments have labels of these names too, which stand outside the body.
    _Sign(
        "a study (论文)",
        "opening",
        re.compile(r"摘\s*要\s*[:：]|【摘\s*要】|关键词\s*[:：]|(?:\A|\n)摘要\s*\n"),
        always=True,
    ),
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
_DAY = re.compile(r"[12]\d{3}[-/.年]\d{1,2}[-/.月]\d")
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
    with_plan = _WITH_PLAN.search(scopes["title"]) is not None
    for sign in _SIGNS:
        if (sign.where == "opening" and proper and not sign.always) or (sign.is_plan and with_plan):
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
    plain = []
    for line in split_lines(text[: layout.body[0] + _OPENING_CHARS]):
        if line.start >= layout.body[0] and not _may_be_title(line.words):
            break
        if _may_be_title(line.words) and head_kind(line.words) in ("unknown", "title"):
            plain.append(line.words)
    return max(plain, key=lambda words: bool(_SUBJECT.search(words)), default="")


def _may_be_title(words: str) -> bool:
    closed = "。" in words or words[-1] in "，,；;：:"
    return 8 <= len(words) <= 80 and not closed and not OPENS_SECTION.match(words) and not words.startswith("-")


def _is_about_law(body: str) -> bool:
    """Tell whether a body without a title reports on the subject: what it announces, or what it mostly speaks of."""
    opening = body[:_OPENING_CHARS]
    if _FIRST_HEADING.match(body):
        return True
    announced = _OBJECT.search(body[: 2 * _OPENING_CHARS])
    if announced is not None and _ABOUT_GOVERNMENT.search(announced[1]):
        return True
    if announced is not None and len(_ANY_OBJECT.sub("", announced[1])) > 6:
        return len(_ABOUT_GOVERNMENT.findall(body[:1000])) >= 3
    if not _ABOUT_GOVERNMENT.search(opening):
        return False
    if _ACHIEVED.match(opening):
        return True
    return bool(_ANNOUNCED.search(body[: 2 * _OPENING_CHARS]) or len(_SUBJECT.findall(body[:1000])) >= 3)


def _is_list(text: str) -> bool:
    if len(_DAY.findall(text, 0, _PAGE_CHARS)) < _LEAST_LISTED:
        return False
    lines = [line.words for line in split_lines(text, 0, _PAGE_CHARS)]
    dated = sum(bool(_DATED_LINE.search(words)) for words in lines if len(words) <= 90 and "。" not in words)
    return dated >= _LEAST_LISTED and dated >= 0.3 * len(lines)


def _notice(meaning: str, words: str, text: str) -> Notice:
    start = text.find(words.strip())
    evidence = Span(start, start + len(words.strip())) if start >= 0 and words.strip() else None
    return Notice("near-neighbour", f"this looks like {meaning}", evidence)
