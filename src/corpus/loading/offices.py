"""Names of offices in titles, signatures, metadata and leads, and how they are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.loading.layout import PageLayout
from corpus.loading.metadata import SOURCE_LABELS, labelled_values
from corpus.report import Fact

_SUFFIX = r"(?:人民政府|管理委员会|管委会|委员会|办公室|办事处|[局厅委办部署院处所]|中心|政府|大队|支队|总队|集团|公司)"
_NAME = rf"[\u4e00-\u9fff]{{1,30}}?{_SUFFIX}"
_FOLLOWS_IN_TITLE = (
    r"(?=\s*(?:党组|党委)?\s*"
    r"(?:关于|(?:19|20)\d\d|法[治制]|年度|推进|依法|深入|贯彻|落实|全面|开展|建设|履行|的))"
)
_IN_TITLE = re.compile(rf"\s*(?:关于)?\s*(?:(?:19|20)\d\d\s*年?度?)?\s*(?:中共)?(?P<name>{_NAME}){_FOLLOWS_IN_TITLE}")
_IN_LEAD = re.compile(
    rf"(?:^|[,，。;；:：]|(?:19|20)\d\d年度?)\s*(?:以来)?(?P<name>{_NAME})"
    r"(?=在|认真|深入|紧紧|坚持|按照|以|全面|围绕|高度|积极|坚决|始终|严格|切实|扎实|根据|持续|聚焦|牢固|党组)"
)
_LINE = re.compile(rf"(?:中共)?(?P<name>{_NAME})(?:党组|党委)?")
GENERIC_PLACES = "省市县区州旗盟"
LEAD_CHARS = 160
WRITTEN_OUT = {"科技局": "科学技术局"}
"""Short names of offices that are written out; 科技创新局 is no short name and stays."""
_PUBLISHER_LABELS = "发布机构|发文机关|发文机构|发布单位|公开单位|公开主体"
_NOT_AN_OFFICE = re.compile(r"^(?:我|本|各|全|该|上级|有关|相关)|党委政府$|委和.{0,4}政府$")


@dataclass(frozen=True, slots=True)
class NamedOffice:
    """An office as a page prints it, with its place in ``text``; ``where`` it was printed."""

    name: str
    start: int
    end: int
    where: str


def find_offices(text: str, layout: PageLayout, title: Fact) -> Iterator[NamedOffice]:
    """Yield the offices that a page may be a report of, the best evidence first.

    Looked at are the title, the signature, the labels of the page (发布机构, 来源), and the subject of the lead. The
    address of the page is never looked at: pages are copied to hosts that are not the issuer's.
    """
    if title.evidence is not None:
        yield from _named(text, _IN_TITLE, title.evidence, "title")
    if layout.signature is not None:
        yield from _named(text, _LINE, layout.signature, "signature", whole=True)
    labels = (*_PUBLISHER_LABELS.split("|"), *SOURCE_LABELS.split("|"))
    for label, start, end in labelled_values(text, layout.clutter):
        if label in labels:
            yield from _named(text, _LINE, (start, end), "label", whole=True)
    start = layout.body[0]
    for match in _IN_LEAD.finditer(text, start, min(layout.body[1], start + LEAD_CHARS)):
        if not _NOT_AN_OFFICE.search(match["name"]):
            yield NamedOffice(match["name"], *match.span("name"), "lead")


def _named(
    text: str, pattern: re.Pattern[str], span: tuple[int, int], where: str, *, whole: bool = False
) -> Iterator[NamedOffice]:
    match = (pattern.fullmatch if whole else pattern.match)(text, *span)
    if match is not None and not _NOT_AN_OFFICE.search(match["name"]):
        yield NamedOffice(match["name"], *match.span("name"), where)


def write_out(name: str) -> str:
    """Return the full name of an office that is printed in short."""
    for short, full in WRITTEN_OUT.items():
        if name.endswith(short):
            return name[: -len(short)] + full
    return name
