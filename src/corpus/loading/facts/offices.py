"""Names of offices in titles, signatures, metadata and leads, and how they are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.field.data_files import lexicon_rows, page_labels
from corpus.loading.facts.labelled import Labelled
from corpus.loading.page.layout import PageLayout, TextSpan
from corpus.report.values import Fact

_OFFICE = (
    r"(?:人民政府|管理委员会|管委会|委员会|办公室|办事处|管理局|分局|总局|[局厅部署院处办]|(?<![省市县区州旗盟镇乡党纪法工团常])委|中心|政府"
    r"|大队|支队|总队|集团|公司|海关|调查队|联合社|联合会|督导室|研究室|分行|支行|指挥部|兵团|司法所)"
)
ZONE = "开发区|经开区|高新区|示范区|度假区|园区|新区|合作区|保税区|试验区|实验区|风景区|经济区"
_OF_A_ZONE = re.compile(rf"(?:{ZONE})\Z")
# Some townships have in their name what else ends that of a place above them: 新市街道, 市中街道, 城区镇.
WITH_A_UNIT = "(?:[^省市县区州旗盟][市区州]|[市区州][^省市县区州旗盟])(?=街道|[镇乡])"
_PLACE = rf"(?:街道|{ZONE}|管理区|[省市县区州旗]|(?<!城)[镇乡])"
_VERBS = (
    r"(?:党组|党委|领导班子)?(?=[，,]?(?:坚持|全面|深入|认真|以(?![来上下及内外])|紧紧|在(?!全|编|岗|职)|始终|牢固|切实|严格|持续|"
    r"现[将就把]|聚焦|围绕|高度|坚决|扎实|根据|按照|积极|大力|不断|着力|自觉|主动|立足|突出|紧扣|贯彻|落实|高举|把|将|充分|结合|统筹|"
    r"依法|法治政府))"
)
_SUBJECTS = (
    "关于|法治|法制(?![办局科股])|年度|推进|依法|深入|贯彻|落实|全面|开展|建设|履行|报送|发布|的|近[两三四五]年|"
    '[“"]?十[一二三四五]五'
)
_HAN = "(?:[\u4e00-\u9fff]|12345|12315)"
_FOLLOWS_IN_TITLE = (
    r"(?=\s*(?:党组|党委|领导班子|主要负责(?:人|同志))?\s*"
    rf"(?:(?:19|20)\d\d|\d\d年度|[二一][〇○零O0九]"
    rf"[〇○零O0一二三四五六七八九]{{2}}|\*{{2,4}}|{_SUBJECTS}))"
)
_IN_TITLE = re.compile(
    r"\s*(?:关于)?\s*(?:报送)?\s*(?:(?:19|20)\d\d\s*年?度?)?\s*(?:中共)?"
    rf"(?P<name>{_HAN}{{1,30}}?(?:{_OFFICE}|{_PLACE})){_FOLLOWS_IN_TITLE}"
)
# A party committee and its government as one: 永丰镇党委、政府, 中共沅陵县委 沅陵县人民政府.
_JOINT_NAME = (
    r"(?:中共)?(?P<name>(?:(?![在局委]|坚持|落实|贯彻|按照|执行|认真)[\u4e00-\u9fff]){2,16}?(?:街道|[镇乡省市县区州旗盟]))"
    r"(?:党委|党工委|工委|委)(?:[、和与]|\s)?(?:[镇乡省市县区州旗盟]|街道)?"
    r"(?:人民政府|政府|办事处|行政公署|管委会)"
)
_JOINT_IN_LEAD = re.compile(rf"(?:\A|[,，。;；:：、\s]|年度?|以来){_JOINT_NAME}{_VERBS}")
_JOINT_IN_TITLE = re.compile(rf"(?:关于)?{_JOINT_NAME}{_FOLLOWS_IN_TITLE}")
_PARTY_BEFORE = re.compile(r"(?:关于)?(?:中共|中国共产党)[\u4e00-\u9fff]{2,20}?委(?:员会)?(?:[^\S\n]|[、和与]){1,3}")
_IN_LEAD = re.compile(
    r"(?:\A|[,，。;；:：、\s]|年度?|以来)(?:中共|原)?"
    rf"(?P<name>[\u4e00-\u9fff]{{1,30}}?(?:{_OFFICE}|{_PLACE})){_VERBS}"
)
# Whom it obeys: 党中央、国务院, and 落实区委、区政府法治政府建设的要求.
_OBEYED = re.compile(r"中央、国务院.{0,2}\Z|[省市县区州旗]委[、和][省市县区州旗](?:人民)?政府法治\Z")
_ANNOUNCED = re.compile(
    rf"现将(?P<name>[\u4e00-\u9fff]{{1,30}}?(?:{_OFFICE}|{_PLACE}))(?=(?:19|20)\d\d|\*{{2,4}}|年度|法治|依法|推进|上一?年度)"
)
_SPEAKER = re.compile(r"我代表(?P<name>[\u4e00-\u9fff]{1,16}?(?:人民政府|行政公署))")
_OF_CONGRESS = re.compile(
    r"(?m)^[ \u3000(（—―─-]*(?:20\d\d年\d{1,2}月\d{1,2}日)?在(?P<name>[\u4e00-\u9fff]{1,14}[省市县区州旗])"
    r"第[一二三四五六七八九十]{1,3}届人民代表大会(?:常务委员会)?第[一二三四五六七八九十]{1,3}次会议上?"
)
# Who speaks to a congress stands between the day and the salutation: 鄂州市财政局, 珠海市审计局局长 罗增庆.
_SPEAKER_LINE = re.compile(
    rf"在[^。]{{4,60}}会[议]?(?:上|通过)?[)）]?\s*\n\s*(?P<name>(?!自治){_HAN}{{1,30}}?{_OFFICE})"
    r"(?:党组书记[、 ]?)?(?:(?:局|厅|县|区|市|省|州|镇|乡)长|主任|主席)?[ \u3000]*(?:[\u4e00-\u9fff·][ \u3000]*){0,6}\n"
)
_ENDS_AS_OFFICE = re.compile(rf"{_OFFICE}\Z")
_LINE = re.compile(rf"(?:中共)?(?P<name>{_HAN}{{1,30}}?{_OFFICE})(?:党组|党委)?")
_IN_BODY = re.compile(r"[\u4e00-\u9fff]{0,14}?(?:人民政府|[局厅](?:[\u4e00-\u9fff]{1,6}?分局)?)")
GENERIC_PLACES = "省市县区州旗盟"
_BARE_GOVERNMENT = re.compile(r"(?<!人民)政府(?=(?:办公[厅室])?\Z)")
_DOUBLED = re.compile(r"([省县州旗])\1")  # not 市: 绍兴市|市场监督管理局
LEAD_CHARS = 260
BODY_CHARS = 4000
_NOT_AN_OFFICE = re.compile(
    r"^(?:我|本|各|全|该|上级|有关|相关|这|同|浅[析谈]|试?论)|[两三]级|我国|(?:乡镇|市县|县区|区县|镇街|街镇)$|"
    r"党委政府$|委和.{0,4}政府$|领导|指导|和[市县区]|、|各级|^(?:经济|高新)|部署|职责|负责|全[省市县区州旗镇乡]$|法治政府$|(?<!人民)(?:法院|检察院)$|主管部$|全部$|(?:市委|县委|区委|省委|州委)(?![\u4e00-\u9fff]{2,14}(?:办公室|委员会|部|局|校)$)"
)


_TO_CONGRESS = re.compile(
    r"代表国务院|政\s*府\s*工\s*作\s*报\s*告[^。]{0,150}?在(?:中华人民共和国)?第[一二三四五六七八九十]{1,3}届全国人民代表大会"
    r"第[一二三四五六七八九十]{1,2}次会议上"
)


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office, or a place that reports on itself, as a page prints it, with its place in the page."""

    name: str
    start: int
    end: int
    where: str


def find_offices(text: str, layout: PageLayout, title: Fact, values: Sequence[Labelled]) -> Iterator[NamedOffice]:
    """Yield the offices that a page may be a report of, the best evidence first.

    Looked at are the title, the signature, the labels of the page (发布机构), the subject of the lead, and 来源. The
    address of the page is never looked at: pages are copied to hosts that are not the issuer's.
    """
    titled = [] if title.evidence is None else [*_in_title(text, title.evidence)]
    speaker = _SPEAKER_LINE.search(text, 0, min(layout.body[1], layout.body[0] + LEAD_CHARS))
    if speaker is not None and not any(_ENDS_AS_OFFICE.search(office.name) for office in titled):
        yield NamedOffice(speaker["name"], *speaker.span("name"), "speaker")
    yield from titled
    if layout.signature is not None:
        yield from _named(_LINE.fullmatch(text, *layout.signature), "signature")
    yield from _labelled(text, values, "issuer")
    start, end = layout.body
    head = min(end, start + LEAD_CHARS)
    for match in filter(None, (_SPEAKER.search(text, start, head), _OF_CONGRESS.search(text, 0, head))):
        yield NamedOffice(match["name"], *match.span("name"), "lead")
    lead = text[start:head]
    for match in _JOINT_IN_LEAD.finditer(lead):
        yield from _named(match, "lead", start)
    for match in (*_IN_LEAD.finditer(lead), *_ANNOUNCED.finditer(text[start : min(end, start + 900)])):
        if not _OBEYED.search(match.string[: match.end("name") + 2]):
            yield from _named(match, "lead", start)
    yield from _labelled(text, values, "source")


def _in_title(text: str, span: TextSpan) -> Iterator[NamedOffice]:
    """Yield the office that a title names; its name is read without the spaces between its characters."""
    words = text[span[0] : span[1]]
    kept = [place for place, character in enumerate(words) if character == "\n" or not character.isspace()]
    tight = "".join(words[place] for place in kept)
    party = _PARTY_BEFORE.match(words)
    first = sum(place < party.end() for place in kept) if party else 0
    match = (None if party else _JOINT_IN_TITLE.match(tight)) or _IN_TITLE.match(tight, first)
    if match is not None and not _NOT_AN_OFFICE.search(match["name"]):
        start, end = match.span("name")
        yield NamedOffice(match["name"], span[0] + kept[start], span[0] + kept[end - 1] + 1, "title")


def find_state_council(text: str, layout: PageLayout) -> NamedOffice | None:
    """Return the State Council where an opening says 我代表国务院, or gives its report to a session of the congress."""
    match = _TO_CONGRESS.search(text, 0, min(len(text), layout.body[0] + BODY_CHARS // 4))
    return None if match is None else NamedOffice("国务院", *match.span(), "lead")


def find_offices_after(text: str, layout: PageLayout, place_end: int) -> NamedOffice | None:
    """Return the office whose name goes on where the name of a place in the body ends: 东莞市|人力资源局."""
    if not layout.body[0] <= place_end < min(layout.body[1], layout.body[0] + BODY_CHARS):
        return None
    match = _IN_BODY.match(text, place_end)
    return NamedOffice(match[0], place_end, match.end(), "body") if match else None


def _labelled(text: str, values: Sequence[Labelled], fact: str) -> Iterator[NamedOffice]:
    for label, start, end in values:
        if label in page_labels(fact):
            yield from _named(_LINE.fullmatch(text, start, end), "label")


def _named(match: re.Match[str] | None, where: str, offset: int = 0) -> Iterator[NamedOffice]:
    if match is not None and not _NOT_AN_OFFICE.search(match["name"]):
        yield NamedOffice(match["name"], offset + match.start("name"), offset + match.end("name"), where)


@cache
def _written_out() -> tuple[tuple[str, str], ...]:
    """Return usual short names of offices with the full ones; 科技创新局 is no short name and stays."""
    return tuple((row["name"], row["written_out"]) for row in lexicon_rows("office_names") if row["written_out"])


@cache
def national_organs() -> frozenset[str]:
    """Return national issuers, which have no place in their names, with names of before 2018."""
    return frozenset(row["name"] for row in lexicon_rows("office_names") if not row["written_out"])


def write_out(name: str) -> str:
    """Return the full name of an office that is printed in short, or of the office of a place that stands alone."""
    name = _DOUBLED.sub(r"\1", name)
    for short, written_out in _written_out():
        if name.endswith(short):
            return name[: -len(short)] + written_out
    name = _BARE_GOVERNMENT.sub("人民政府", name)
    if name.endswith("街道"):
        return name + "办事处"
    if _OF_A_ZONE.search(name):
        return name + "管理委员会"
    return name + "人民政府" if name[-1:] in "省市县区州旗镇乡" else name
