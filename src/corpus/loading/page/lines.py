"""What a line of a page is, by its words alone: furniture of the page, title, salutation, signature, date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.field.data_files import page_labels
from corpus.report.passages import locate_paragraphs

Kind = str
"""What a line is: title, salutation, signature, or one of the kinds that `name_reason` has words for."""

LABELS = page_labels()
SEPARATORS = r"[>»→·/|﹥＞]|-(?=\s)|&gt;"
_LABEL = re.compile(
    r"(?:(?P<boxed>[\[【])|[(（]?)\s*(?:" + "|".join(r"\s{0,2}".join(label) for label in LABELS) + r")\s*"
    r"(?:[\]】)）]?\s*[:：|]|(?(boxed)[\]】]|(?!)))"
)
_SPACED_LABELS = "|".join(r"\s{0,4}".join(label) for label in LABELS)
_LABELLED_WORD = re.compile(rf"(?:^|\s)(?:{_SPACED_LABELS})(?=\s|$)")
# Labels that no sentence begins with stand alone, or with one value behind them.
_SOLE_LABEL = re.compile(
    r"(?:索\s{0,4}引\s{0,4}号|发文字号|主题分类|体裁分类|组配分类|公开方式|公开时限|公开类别|成文日期|废止日期|有效性|效力状态)"
    r"(?:\s+[^\s。，,；;]{1,40})?"
)
# The head of a file of Markdown, and its marks before a line.
_FRONT_MATTER = re.compile(r"(?:title|date|source|author|url|link|tags|category|published|description)\s?:", re.I)
_MARKS = re.compile(
    r"#{1,6}\s+|>\s+|\*{2}(?=\S)"
    r"|[-*+]\s+(?=(?:\*\*)?(?:[(（][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、))"
)
# A label that waits for its value, which then stands on the next line.
OPEN_LABEL = re.compile(
    r"(?:\A|\s)(?:[^\s:：]{0,6}(?P<day>日期|时间)|[^\s:：]{0,4}(?:来源|机构|单位|机关|部门))\s*[:：]\Z"
)
_NUMBER_LINE = re.compile(r"[\u4e00-\u9fff]{1,12}[〔\[（(【](?:19|20)\d\d[〕\])）】]\s?第?\d{1,4}\s?号")
_LATE_LABEL = re.compile(r"\s(?:发布|发文|更新|发表)(?:时间|日期)\s*[:：]\s*(?:19|20)\d\d|\s(?:信息|文章)?来源\s*[:：]")
_BREADCRUMB = re.compile(
    r"(?:您|你)?(?:当前|现在)?(?:所在|所处)?的?位置(?:是|为)?\s*[:：]"
    r"|(?:网站)?首\s*页\s*(?:" + SEPARATORS + r")"
)
_TRAIL = re.compile(r"(?:[^\s>»→]{2,20}\s*(?:>|»|→|﹥|＞|->)\s*){2,}")
_WIDGET = re.compile(
    r"字\s*[体号]\s*[:：]?\s*[\[【(（]?\s*大|【\s*字体|字[体号]\s*[:：]?\s*(?:[\[【(（]\s*[\]】)）]?\s*)?\Z|打\s*印|关\s*闭|收\s*藏|朗\s*读|下\s*载|分享(?:到|至)?|无障碍|长者|适老|语音播报|返回顶部"
)
_FOOTER = re.compile(
    r"扫一扫|分享(?:到|至)|上一[篇条]|下一[篇条]|版权所有|主办单位|承办单位|主办[:：]|网站标识码|ICP备|公网安备|网站地图|"
    r"联系我们|关于我们|相关链接|相关文章|友情链接|技术支持|打印本页|关闭窗口|返回顶部|访问量|浏览次数|责任编辑|网站声明|建议使用|本文链接|原文链接|^附件下载"
)
_BANNER = re.compile(r"今天是|欢迎(?:您|访问|光临)|设为首页|加入收藏|星期[一二三四五六日天]\b|站内搜索|网站支持IPv6")
ORGAN = re.compile(
    r"(?:[\u4e00-\u9fff]|12345|12315){2,30}?(?:局|委员会|厅|委|办公室|政府|部|院|中心|署|处|大队|支队|总队|办事处|公司|法制办|"
    r"司法所|党组|党委|党工委|海关|联合社|联合会|督导室|调查队|分行|支行|兵团)"
)
ORGAN_LINE = re.compile(rf"(?:中共|中国共产党)?{ORGAN.pattern}(?:[\s、]{{0,4}}(?:中共)?{ORGAN.pattern}){{0,2}}")
DATE_LINE = re.compile(
    r"[\[(（]?(?:(?:19|20)\d\d|[二一][〇○Ｏ零O九][〇○Ｏ零O一二三四五六七八九]{2})\s*[年/.\-]\s*"
    r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[月/.\-]\s*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]?)?[\])）]?"
    r"(?:\s*\d{1,2}[:时]\d\d(?:[:分]\d\d)?[分秒]?)?|(?:19|20)\d{4,6}日?"
    r"|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?:\s+\d{1,2}:\d\d)?"
)
_SPACED_OUT = re.compile(r"(?:[\u4e00-\u9fff\d]\s){3}[\u4e00-\u9fff\d]")
GENRE = re.compile(r"法[治制]|依法行政|依法治")
_TITLE_END = re.compile(
    r"(?:报\s*告|总\s*结|汇\s*报|情\s*况|小\s*结|公\s*告|述\s*职|要\s*点|计\s*划|方\s*案|通\s*知|公\s*示|意\s*见|自评|自查|白皮书|的函"
    r"|(?:总\s*结|情\s*况|报\s*告).{0,4}(?:及|和|与|暨).{0,12}(?:安排|打算|思路))"
    r"(?:\s*[\[(（【][^\])）】\n]{1,20}[\])）】])?(?:的公示|公示)?(?:\.(?:docx?|pdf|wps|txt))?\Z"
)
SALUTATION = re.compile(
    r"(?:(?:各|全体|尊敬的)?[\u4e00-\u9fff、,，\s·()（）]{1,40}?(?:政府|党委|[省市县区州旗]委|委员会|办公室|人大|人大常委会|党工委|工委|管委会|局|厅|委|办|领导|同志|代表|委员))[:：]"
)
# What stands below a document: to whom copies go, whom to ask, when it was printed.
_BELOW = re.compile(
    r"(?:抄\s?送|抄\s?报|分\s?送|主\s?送)\s*[:：]|[(（]?\s*(?:联\s?系\s?人|联系电话|联系方式|经办人)(?:及电话)?\s*[:：]"
    r"|[(（]?\s*(?:此件|本件)[^。]{0,12}(?:公开|发布)|[(（]?\s*信息公开(?:选项|属性|形式)\s*[:：]"
    r"|[\u4e00-\u9fff\s]{0,30}(?:19|20)\d\d\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s?印发|共印\s?\d+\s?份"
    r"|[(（](?:完|此页无正文|[盖公印签]\s?章)[)）]\Z"
)
_ATTACHED = re.compile(r"附\s{0,2}[件表]\s?[\d一二三四五六七八九十]{0,2}\s*(?:[:：]|\Z)|附\s{0,2}[:：]")
ATTACHMENT_OPENS = re.compile(r"附\s{0,2}[件表]\s?[\d一二三四五六七八九十]{0,2}\s*(?:[:：]|\Z)")
OTHER_PAGES_OPEN = re.compile(
    r"[【\[■●▪◆]?\s*(?:相关|延伸|推荐|热门|更多|猜你)(?:阅读|文章|链接|新闻|报道|信息|推荐|稿件|内容|文件|资讯|喜欢)"
    r"\s*[】\]]?\s*[:：]?\Z"
)
LISTED = re.compile(r"\d{1,2}\s?[.．、]\s?[^。；;]{2,60}\Z")
OPENS_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、．]")
SENTENCE_STOP = re.compile(r"[。；;！!？?]")
_RULER = re.compile(r"[\s|:\-—_=*]+")
# A note by whoever publishes the report, before the report itself.
_COVER = re.compile(
    r"现将.{0,40}《.{2,60}(?:报告|总结)》.{0,20}(?:公布|公开|公示|发布|刊登|印发)|(?:全文|具体内容|内容)(?:公布|刊登)?如下[:：。]?\Z"
)
MAX_TITLE_CHARS = 70
MAX_BELOW_CHARS = 200
MAX_COVER_CHARS = 200
MAX_FURNITURE_CHARS = 40
MAX_VALUE_CHARS = 20
_SHARING = re.compile(r"扫一扫|分享")
_COUNTER = re.compile(r"\W*T?(?:浏览|访问|阅读|点击)(?:次数|量|人次|数|率)?\s*[:：|]?\s*[-\d]*\s*次?\Z")
_OTHER_PAGES = re.compile(r"上一[篇条]|下一[篇条]|相关|友情链接|链接")
_REASONS: dict[Kind, str] = {
    "breadcrumb": "breadcrumb",
    "banner": "banner",
    "metadata": "metadata",
    "value": "metadata",
    "widget": "page controls",
    "office": "name of an office",
    "cover": "note of the publisher",
    "title": "title again",
    "date": "date",
    "below": "note below the document",
    "attachment": "attachment",
    "unknown": "between page furniture",
}


class Line(NamedTuple):
    """A line without the white space around it: its place in ``text`` and its words."""

    start: int
    end: int
    words: str


def split_lines(text: str, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Yield the paragraphs of a stretch of text as lines: what `locate_paragraphs` finds, without marks of Markdown."""
    for first, last in locate_paragraphs(text[start:end]):
        words = text[start + first : start + last]
        if words[0] in "#>*-+" and (marks := _MARKS.match(words)):
            first, words = first + marks.end(), words[marks.end() :]
            if words.endswith("**") and words.count("**") == 1:
                last, words = last - 2, words[:-2]
        yield Line(start + first, start + last, words)


_WIDE_DIGIT = re.compile("[０-９]")
_ASCII_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


def fold_digits(text: str) -> str:
    """Return a text with its digits of full width as ASCII, character for character."""
    return text.translate(_ASCII_DIGITS) if _WIDE_DIGIT.search(text) else text


def head_kind(words: str) -> Kind:
    """Return what a line before the body is, by its words alone."""
    plain = words.lstrip("|*-•·●—> \t\u3000")
    if not plain or _RULER.fullmatch(words):
        return "widget"
    if _BREADCRUMB.match(plain) or (len(plain) < 120 and (_TRAIL.match(plain) or _BREADCRUMB.search(plain[:40]))):
        return "breadcrumb"
    if _BANNER.search(plain[:60]):
        return "banner"
    if is_metadata(words):
        return "metadata"
    if is_title(words):
        return "title"
    if len(words) <= MAX_FURNITURE_CHARS:
        if SALUTATION.fullmatch(words):
            return "salutation"
        if DATE_LINE.fullmatch(plain):
            return "date"
        if ORGAN_LINE.fullmatch(words):
            return "office"
        if _WIDGET.search(words) and not SENTENCE_STOP.search(words):
            return "widget"
    return "unknown"


def tail_kind(words: str) -> Kind:
    """Return what a line after the body is, by its words alone."""
    if DATE_LINE.fullmatch(words):
        return "date"
    if len(words) <= MAX_BELOW_CHARS and _BELOW.match(words):
        return "below"
    if len(words) <= MAX_TITLE_CHARS and _ATTACHED.match(words) and "。" not in words:
        return "attachment"
    if len(words) <= MAX_FURNITURE_CHARS and ORGAN_LINE.fullmatch(words):
        return "signature"
    if is_metadata(words):
        return "metadata"
    if len(words) <= 200 and _FOOTER.search(words) and not words.endswith("。"):
        return "footer"
    if len(words) <= MAX_FURNITURE_CHARS and _WIDGET.search(words) and not SENTENCE_STOP.search(words):
        return "widget"
    return "unknown"


def is_metadata(words: str) -> bool:
    """Tell whether a line is a block of labelled facts about the page, such as 发布时间: … 来源: …"""
    plain = words.lstrip("|*-•·● \t　")
    if _SOLE_LABEL.fullmatch(plain) or _FRONT_MATTER.match(plain):
        return True
    first = _LABEL.match(plain)
    if first is None:
        if len(words) <= 80 and (_LATE_LABEL.search(words) or _NUMBER_LINE.fullmatch(plain)):
            return True
        return bool(_LABELLED_WORD.match(plain)) and len(words) <= 80 * len(_LABELLED_WORD.findall(plain)[1:])
    if len(words) <= 60 and not words.endswith("。"):
        return True
    labels = len(_LABEL.findall(words))
    return labels >= 2 and len(words) <= 80 * labels


def is_title(words: str) -> bool:
    """Tell whether a line reads as the title of a report on law-based government or of a like document."""
    if len(words) > 2 * MAX_TITLE_CHARS:
        return False
    if (" " in words or "\u3000" in words) and _SPACED_OUT.search(words):
        words = "".join(words.split())
    if len(words) > MAX_TITLE_CHARS or not _TITLE_END.search(words):
        return False
    if SENTENCE_STOP.search(words) or "报告如下" in words or _TRAIL.search(words):
        return False
    return bool(GENRE.search(words) or re.search(r"(?:19|20)\d\d|政\s*府\s*工\s*作\s*(?:的\s*)?报\s*告", words))


def is_cover_note(words: str) -> bool:
    """Tell whether a line is a note by whoever publishes a report, before the report itself: 现将《…》予以公布."""
    return len(words) <= MAX_COVER_CHARS and _COVER.search(words) is not None


def awaits_value(words: str, following: str) -> bool:
    """Tell whether a line ends with a label whose value is the next line: 发布日期: over 2021-01-20."""
    label = OPEN_LABEL.search(words)
    if label is None or not following or len(following) > MAX_FURNITURE_CHARS or SENTENCE_STOP.search(following):
        return False
    if label["day"]:
        return DATE_LINE.fullmatch(following) is not None
    return (
        head_kind(following) in ("unknown", "office")
        and len(following) <= MAX_VALUE_CHARS
        and _LABEL.search(following) is None
    )


def could_be_furniture(words: str) -> bool:
    """Tell whether a line that nothing recognises may stand between lines of page furniture."""
    if len(words) > MAX_FURNITURE_CHARS or SENTENCE_STOP.search(words):
        return False
    return not OPENS_SECTION.match(words)


def name_reason(kind: Kind, words: str) -> str:
    """Return why a line is no part of the report, for a reader."""
    if kind in ("footer", "widget") and _SHARING.search(words):
        return "share buttons"
    if kind == "metadata" and _COUNTER.match(words):
        return "counter"
    if kind == "footer":
        return "links to other pages" if _OTHER_PAGES.search(words) else "foot of the site"
    return _REASONS[kind]
