"""Places that do not belong: another district's account in a county's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.analysis.leftovers.stale_years import Sign, clause_around, enclosed_by, sign_in
from corpus.analysis.particulars.proper_names import find_stems, home_of
from corpus.field.data_files import rule_words
from corpus.field.divisions import Division, Divisions, Mention, find_places
from corpus.report.reports import Report

# Whoever says these words speaks of dealings with another place.
_PARTNERS = re.compile(rule_words("partner"))
_PARTNER_BEFORE = re.compile(
    "(?:与|和|同|跟|及|赴|到|去|往|至|来自|驻|援|学|、|除|沿|经|—|-|－|[东西南北]接|距|离|给|比)$"
)
_PARTNER_AFTER = re.compile(
    "(?:籍|人(?!民|大|社|力|口)|路|街|大道|港|镇|乡|村|大学|学院|医|律师|至|到|—|-|－|线|站|式|模式|经验|等[地市县区省]|、|段|和|与|及|地区|片区|方面|"
    "海关|海事|自贸|交易|股份|有限|科技有限|证券|铁路|高速|机场|银行|分|"
    "河(?!长制)|江|湖|湾|岛|峡|水利|水库|枢纽|大坝|水电|电站|核电|抽水|抽蓄|灌区|水系|水网|引水|调水|供水|岸线|湿地|干流|支流|河段|闸|泵站|航电|"
    "航道|大桥|隧道|码头|卫星|发射|航天|科技城|产业园|工业园|科创园|古城|石窟|会展|战役|起义|会议|宣言|峰会|论坛|奥运|亚运|世博|马拉松)"
)
# What happens at a place makes it no place of the report: 卫星在酒泉成功发射.
_EVENT_BEFORE = re.compile("(?:在|于)$")
_EVENT_AFTER = re.compile(
    "(?:[\u4e00-\u9fff]{2,6}(?:中心|基地|场|馆|港))?(?:成功|顺利|隆重|圆满|正式|胜利|盛大|再次|首次|同时|集中|联合)*"
    "(?:发射|升空|举|召开|开[幕赛馆展]|闭幕|落幕|首[发飞航展映]|亮相|签|揭|落[地户]|试[飞运航]|下[水线]|参[展赛]|演出|路演|"
    "发布|成立|设立|注册|布局|夺|摘|斩|展[出示演]|比赛|挂牌|上市|交付)"
)
_ZONE_AFTER = re.compile(
    "(?:国家级|省级)?(?:经济技术开发|经济开发|高新技术产业|高新区|经开区|工业集中区|开发区|新区|新城)"
)
_UNITS = ("省", "市", "县", "区", "州", "旗")
_ORGAN = re.compile(
    "(?:人民)?政府|[省市县区州旗]?(?:纪)?委(?!托|派|屈|员)|党[委组政]|人大|政协|(?!仲裁)[\u4e00-\u9fff]{2,9}?(?:局(?!面|部|势)|办公室|厅)|"
    "[\u4e00-\u9fff]{0,6}(?:政府网|门户网站|公众号|微信|微博|融媒|普法)"
)
_ACCOUNT = re.compile(rule_words("account"))
_CHANNEL = re.compile("公众号|微信|微博|抖音|客户端|平台|网站|APP|app|号|新媒体|头条|视频|专栏|电视|报")
_HEADS = re.compile(f"的?(?:{rule_words('own-matter')})")
_DOCUMENT_END = re.compile(
    "[^》]*(?:条例|办法|规定|方案|计划|细则|制度|意见|通知|规则|纲要|规划|清单|要点|规程|目录|标准|措施|报告|决定|指引|指南|预案)[^》]{0,12}》"
)
_TITLE_OPENS = re.compile(
    r"(?:\d{4}年度?)?(?:中共|(?:关于)?(?:印发|贯彻|落实|推动|促进|加快|推进)?|法治|平安|美丽|数字)?(?:[\u4e00-\u9fff]{2,7}[省市州盟区])?"
)
_TITLE = re.compile("《[^》]*》")
_OWN_BEFORE = re.compile(f"(?:[我全][省市县区州旗]|{rule_words('before-own')})$")
_SLOGAN = re.compile(
    "(?:法治|平安|数字|数智|美丽|智慧|信用|幸福|和谐|健康|创新型?|清廉|文明|活力|美好|食安|诚信|书香|绿色|大美|富饶|魅力|富裕)$"
)
# What is said of one's own place by its bare name, and hardly of another.
_OWN_AFTER = re.compile(
    "(?:的)?(?:高质量|发展(?!银行|研究|公司)|改革(?!委)|现代化|建设(?!银行|厅|局|集团)|工作(?:的?重要|$|、|，|一系列)|实践|新?篇章?|新实践|新局面|"
    "新征程|新时代|故事|力量|贡献|大地|企业家|人民|群众|市民|百姓|儿女|经济|社会|高新区|高新技术|经开区|经济技术开发|经济开发|城区|"
    "全[市县区省域]|入选|获评|荣获|跻身|成为|成功|首次|正式|进入|迈入|实现|更[加好]|担当|作为(?!全)|特色|优势|实力|形象|名片|品牌|"
    "体育健儿|科技创新|营商|生态|乡村|产业|教育|文旅|旅游|这[座片]|振兴|崛起|未来|明天|精神|影响|的?重要|的关心|的殷切|的重托|智造|制造|文化|是|将|从|正)"
)
_OWN_AHEAD = re.compile(f"(?:{rule_words('said-of-own')})[“‘]?$")
_SURELY_AFTER = re.compile(
    "(?:的)?(?:高质量|经济社会|建设发展|(?:改革)?发展(?:的|实际|大局|需要|和|稳定|进步|更加|新|步|腾飞|腾)|人民(?!医院|法院|检察|银行|路|公园)|新?篇章|实践|新实践|"
    "工作的?(?:系列|一系列)?(?:重要|重大|指示)|发展(?:系列|一系列)?重要|第[一二三四五六七八九十]+届人民代表大会)"
)
_DEALINGS_BEFORE = re.compile(
    "(?:(?<!参)与|和|同|跟|、)$|(?:(?<!参)与|同|跟|赴|学习|借鉴|对口|帮扶|协作|合作|支援|融入|承接|对接)[^，,。；;]{0,6}$"
)
_BESIDE_ORGAN = re.compile("(?:[省市县区州旗]委|政府)[、和及]$")
_STUDIED = re.compile("(?:学习|借鉴|参照|参考|对标|对口|协作|合作)[^，,。；;]{0,6}$")
_SPEAKS_FOR = re.compile("(?:代表|代)$")
_TAIWAN = "71"  # with Hong Kong and Macau behind it, which are never taken for one's own place
_FEW = 2
_LONGEST_BEFORE = 4
_SURELY_OWN = 5


class _Home(NamedTuple):
    """The divisions a report is of."""

    rows: tuple[Division, ...]

    def has(self, row: Division) -> bool:
        """Tell whether a division is the report's own, lies in it, or is one that it lies in."""
        return any(
            row.code == own.code
            or row.name == own.name
            or row.lies_in(own)
            or own.lies_in(row)
            or row.code in own.successor_codes
            or own.code in row.successor_codes
            or own.parent_code in row.successor_codes
            for own in self.rows
        )


def foreign_places(report: Report, table: Divisions) -> Iterator[Sign]:
    """Yield the places that a report names as if they were its own, though they are not.

    Left alone: the report's own place, what lies in it and above it; and other places where the sentence speaks of
    dealings with them (partners, visits, models, roads and railways, companies, schools, courts), lists them, or
    says nothing that would make them the report's own. Townships and zones are in no table and never judged.
    A report that names a foreign place more often than its own is not judged: its own place may be misread.
    """
    home = _Home(home_of(report, table))
    if not home.rows:
        return
    home = _Home((*home.rows, *_rather_above(report, home.rows, table)))
    found = [
        (passage.text, passage, mention)
        for passage in report.passages("sentence")
        for mention in _foreign(passage.text, table, home)
    ]
    names = {row.name for row in home.rows} | {row.stem for row in home.rows if row.stem}
    n_own = max(report.text.count(name) for name in names)
    roots = {_root(mention.text) for *_, mention in found}
    if any(report.text.count(root) > max(_SURELY_OWN, n_own) for root in roots):
        return
    for text, passage, mention in found:
        root = _root(mention.text)
        if report.text.count(root) > max(_FEW, n_own) or not _as_own(text, mention, home, table):
            continue
        start, end = _quoted(text, mention)
        own = report.place or home.rows[0].name
        names_of = " or ".join(dict.fromkeys(row.name for row in mention.divisions))
        why = f"{names_of} named as own place in a report of {own}"
        yield sign_in(report, passage, "foreign-place", (start, end), why)


def _root(name: str) -> str:
    return name.rstrip("省市县区州旗") if len(name) > 2 else name


def _rather_above(report: Report, own: tuple[Division, ...], table: Divisions) -> Iterator[Division]:
    """Yield the place above where it is named more often, and the issuer is only inferred: it may be the issuer's."""
    if report.facts["issuer"].basis in ("stated", "catalogue"):
        return
    n_own = max(report.text.count(_root(row.name)) for row in own)
    above = {row.parent_code for row in own}
    for row in table.rows:
        if row.code in above and report.text.count(_root(row.name)) > n_own:
            yield row


def _foreign(text: str, table: Divisions, home: _Home) -> Iterator[Mention]:
    mentions = find_places(text, table, short=True)
    taken = {place for mention in mentions for place in range(mention.start, mention.end)}
    mentions += [mention for mention in _bare_names(text, table, home) if mention.start not in taken]
    for mention in mentions:
        beyond = [row for row in mention.divisions if row.code < _TAIWAN and not home.has(row)]
        if len(beyond) < len(mention.divisions) or _lies_in_longer(text, mention, table):
            continue
        if mention.form == "stem" and any(
            home.has(row) for unit in _UNITS for row in table.names.get(mention.text + unit, ())
        ):  # 资阳 is a city, and a district of another
            continue
        yield mention


def _lies_in_longer(text: str, mention: Mention, table: Divisions) -> bool:
    """Tell whether a longer name that begins before it has it inside: 鞍山 in 马鞍山."""
    for start in range(max(0, mention.start - _LONGEST_BEFORE), mention.start):
        lengths = table.stem_starts.get(text[start : start + 2], ())
        if any(
            start + length >= mention.start + 2 and text[start : start + length] in table.stems for length in lengths
        ):
            return True
    return False


def _bare_names(text: str, table: Divisions, home: _Home) -> Iterator[Mention]:
    """Yield names without unit that an organ, account or slogan beside them shows to be places: “张店科技”."""
    parents = {own.parent_code for own in home.rows}
    for start, stem, rows in find_stems(text, table):
        end = start + len(stem)
        before, after = text[max(0, start - 8) : start], text[end:]
        near = any(row.parent_code in parents for row in rows)
        if (
            (before[-1:] in tuple('“"「『‘') and _ACCOUNT.match(after))
            or (near and (_ORGAN.match(after) or _SLOGAN.search(before)))
            or (
                (near or any(row.level != "county" and row.code < _TAIWAN for row in rows))
                and (_OWN_AFTER.match(after) or _OWN_AHEAD.search(before) or _SURELY_AFTER.match(after))
            )
        ):
            yield Mention(start, end, stem, "stem", rows)


def _as_own(text: str, mention: Mention, home: _Home, table: Divisions) -> bool:
    start, end = mention.start, mention.end
    first, last = clause_around(text, start, end)
    before, after = text[first:start], text[end:last]
    bracket = enclosed_by(text, start)
    if bracket == "《":
        title_start = text.rfind("《", 0, start) + 1
        opens = _TITLE_OPENS.fullmatch(text, title_start, start) is not None
        outside = _TITLE.sub("", text[first : title_start - 1]) if title_start > first else ""
        return opens and not _STUDIED.search(outside) and _DOCUMENT_END.match(text, end) is not None
    if bracket in ("“", "「") and _ACCOUNT.match(after):
        return _CHANNEL.search(text[max(0, start - 12) : end + 24]) is not None and not _PARTNERS.search(before + after)
    if _SLOGAN.search(before):
        return not _DEALINGS_BEFORE.search(before)
    if (_EVENT_BEFORE.search(before) and _EVENT_AFTER.match(after)) or _has_neighbour(text, mention, table, home):
        return False
    parents = {own.parent_code for own in home.rows}
    if mention.form == "stem" and _ZONE_AFTER.match(after):  # zones bear the names of townships, which no table has
        return any(row.level == "county" and row.parent_code in parents for row in mention.divisions)
    if _SPEAKS_FOR.search(before) and _ORGAN.match(after):
        return True
    if _SURELY_AFTER.match(after):
        return _DEALINGS_BEFORE.search(before) is None
    if bracket in ("“", "「"):  # a name or a title
        return False
    if _BESIDE_ORGAN.search(before) and _ORGAN.match(after):
        return _DEALINGS_BEFORE.search(before[:-1]) is None
    if _PARTNER_BEFORE.search(before) or _PARTNER_AFTER.match(after):
        return False
    if _PARTNERS.search(before) or _PARTNERS.search(after):
        return before.endswith(("我市", "我县", "我区", "我省"))
    if mention.form == "stem" and not (_ORGAN.match(after) or _ACCOUNT.match(after)):
        heads, leads = _OWN_AFTER.match(after) is not None, _OWN_AHEAD.search(before) is not None
        return heads and (leads or not before.strip())
    if _ORGAN.match(after):
        return True
    if any(row.stem and row.stem in after[:10] for row in home.rows):  # 上海市东方美谷亳州产业园
        return False
    if all(row.level == "county" and row.parent_code not in parents for row in mention.divisions):
        return _HEADS.match(after) is not None and (not before.strip() or _OWN_BEFORE.search(before) is not None)
    return True


def _has_neighbour(text: str, mention: Mention, table: Divisions, home: _Home) -> bool:
    """Tell whether the sentence says the same of a third place: 桃江获评…，资阳获评…."""
    said = text[mention.end : mention.end + 2]
    if len(said) < 2 or _ORGAN.match(text, mention.end):
        return False
    place = text.find(said)
    while place >= 0:
        if place != mention.end:
            for length in range(2, 5):
                name = text[max(0, place - length) : place]
                rows = table.named(name)
                if rows and name != mention.text and not any(row in home.rows for row in rows):
                    return True
        place = text.find(said, place + 1)
    return False


def _quoted(text: str, mention: Mention) -> tuple[int, int]:
    """Return the words that show it: the account, or the place with the organ behind it."""
    account = _ACCOUNT.match(text, mention.end) if mention.form == "stem" else None
    return mention.start, account.end() if account else mention.end


def unplaced(reports: Sequence[Report], table: Divisions) -> list[str]:
    """Return the ids of the reports whose place is not known, in which no place can be foreign."""
    return [report.report_id for report in reports if not home_of(report, table)]
