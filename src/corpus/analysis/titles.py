"""Titles in 《》 and numbers of documents: which are local and can tell one report from another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from corpus.values import FactKind

_HAN = "㐀-鿿"
_TITLE = re.compile(r"《([^《》\n]{2,120}(?:《[^《》\n]{1,80}》[^《》\n]{0,40})?)》")
_NUMBER = re.compile(rf"(?:(?![件和与及按照据关于的])[{_HAN}]){{1,8}}[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s*第?\d+号")
_NATIONAL_NUMBER = re.compile(r"[^，。]*(?:国发|国办发|国函|国办函|中发|中办发|国令)[〔\[【(（]")
_LAW = re.compile(r"(?:(?<![办方])法|法典|宪法修正案|党章)$")
_ACT = re.compile(
    r"(?:条例|规定|办法|准则|规则|章程|纲要|规划|计划|意见|决定|决议|通知|通告|公告|公报|方案|细则|要点|制度|规程|规范|"
    r"标准|指引|指南|解释|清单|目录|预案|措施|批复|报告|公约|宣言|讲话|论述|论述摘编|读本)$"
)
_REMARK = re.compile(r"(?:[(（〔\[][^()（）〔〕\[\]]*[)）〕\]])+$")
_INTRODUCTION = re.compile(r"^(?:关于|印发|修改|转发|实施|贯彻落实|的通知|[<〈])*(?:(?:19|20)\d\d年度?)?(?:中共)?")
_NATIONAL = re.compile(r"中华人民共和国|中共中央|中国|国务院|全国|国家|中央|党|习近平|宪法|最高人民")
_OF_A_PLACE = re.compile(
    rf"(?:[{_HAN}]{{2,7}}?(?<![城地园社辖山灾景矿牧林新小校片库军战特各])(?<!示范)(?<!开发)(?<!高新)(?<!保税)(?<!试验))?"
    r"(?:省|自治区|自治州|自治县|市(?![场民政])|区(?![域块间分别])|县(?![级域])|镇(?!域)|街道|州|盟|旗)"
)
_OF_AN_OFFICE = re.compile(rf"[{_HAN}]{{0,8}}?(?:局|委(?!员|托)|厅|党组|机关|我)")
_MAKING = re.compile(
    r"制定|出台|印发|修订|修改|起草|编制|拟定|拟订|草拟|形成|建立|完善|下发|下达|发布|编印|编写|推出|颁布|审议|公布|"
    r"报送|提交|上报|撰写|签订|签署"
)
_STUDYING = re.compile(
    r"学习|贯彻|落实|宣传|宣讲|解读|遵守|执行|根据|按照|依据|依照|遵照|对照|围绕|实施|适用|符合|对标|推进|深化|违反|"
    r"普及|领会|认识|了解|掌握|培训|严守|恪守"
)
_IN_A_LIST = re.compile(r"\s*(?:[、,，和及与]|以及)?\s*")
_CLAUSE = re.compile(r"[^，,。；;：:！!？?\n]*$")
_SHORTEST_NAME = 6
_LOOK_BACK = 40


class Title(NamedTuple):
    """A title or number of a document at ``start:end`` of a text; ``kind`` is None where it is national."""

    start: int
    end: int
    kind: FactKind | None
    is_firm: bool


def find_titles(text: str, *, acts: Collection[str], places: Collection[str]) -> Iterator[Title]:
    """Yield the titles in 《》 and the numbers of documents of a text.

    A title is national if it is that of a law (it ends in 法 or 法典, which only the national legislature makes), if
    it is one of ``acts``, or begins with 中华人民共和国, 国务院, 中共中央 and the like. It is local if it names one of
    ``places`` (full names of divisions) or begins with a division or an office. Of the rest, a rule or plan counts
    if it was made here (制定, 印发, 修订 … before it, or 出台 … behind), does not if it was studied or followed, and is
    loose if neither is said; what is no rule (a project, a book) counts if it is long enough to be a name.
    """
    titles = list(_TITLE.finditer(text))
    first = 0
    for number, match in enumerate(titles):
        between = text[titles[number - 1].end() : match.start()] if number else None
        if between is None or not _IN_A_LIST.fullmatch(between):
            first = match.start()
        yield Title(*match.span(), *_judge(text, match, first, acts=acts, places=places))
    for match in _NUMBER.finditer(text):
        yield Title(*match.span(), None if _NATIONAL_NUMBER.match(match[0]) else "document", True)


def _judge(
    text: str, match: re.Match[str], first: int, *, acts: Collection[str], places: Collection[str]
) -> tuple[FactKind | None, bool]:
    """Return the kind and firmness of a title that stands in a list of titles which begins at ``first``."""
    name = _REMARK.sub("", match[1].strip())
    start = _INTRODUCTION.match(name)
    core = name[start.end() :] if start else name
    # 西川市 is also 西川, but only where a title begins: 资源 inside one need not be 资源县.
    local = (
        any(place in name or (len(place) > 2 and core.startswith(place[:-1])) for place in places)
        or _OF_A_PLACE.match(core) is not None
    )
    if not local and (name in acts or core in acts or _LAW.search(name) or _NATIONAL.match(core)):
        return None, False
    is_rule = bool(_ACT.search(name) or _LAW.search(name))
    if local:
        return "document" if is_rule else "project", True
    clause = _CLAUSE.search(text, max(0, first - _LOOK_BACK), first)
    before = clause[0] if clause else ""
    made = max((verb.end() for verb in _MAKING.finditer(before)), default=-1)
    studied = max((verb.end() for verb in _STUDYING.finditer(before)), default=-1)
    behind = text[match.end() : match.end() + 10]
    if made > studied or (studied < 0 and _MAKING.search(behind)):
        return "document" if is_rule else "project", True
    if studied >= 0:
        return None, False
    if is_rule:
        return "document", bool(_OF_AN_OFFICE.match(core))
    return ("project", True) if len(name) >= _SHORTEST_NAME else (None, False)
