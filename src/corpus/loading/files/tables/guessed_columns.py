"""Which column of a table holds what: told by the caller, or guessed from the names that people give to columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from corpus.errors import CorpusError
from corpus.report.values import CATALOGUE_FACTS, FACTS, Notice

TEXT = "text"
YEAR = "year"
"""A year of which the table does not say whether it is the one reviewed or the one of delivery; the texts decide."""

KNOWN_COLUMNS = ("report_id", TEXT, YEAR, *FACTS, *CATALOGUE_FACTS)
_BODY = "正文|全文|原文|内容|文本"
_THING = "报告|文章|文件|公文|页面|网页|信息"
_ACT = "发布|发文|公布|公开|发表|制发|制定|颁布|印发|报告|编制|填报"
_NAMES: Mapping[str, tuple[str, ...]] = {
    "report_id": ("reportid", "id|docid|编号|(?:报告|文件|文章)编号|序号"),
    TEXT: (
        "text",
        f"(?:{_THING})?(?:正文|全文|原文)(?:{_BODY})?",
        "(?:full|body|main|report|article|document|doc|clean|raw)(?:text|content)(?:cn|zh|chinese)?",
        f"(?:{_THING}|主要)?(?:内容|文本)(?:{_BODY})?",
        "(?:text|contents?|body)(?:cn|zh|chinese)?",
    ),
    "title": (
        "title",
        f"(?:{_THING}|主)?(?:标题|题目|题名)(?:名称)?",
        "(?:report|article|document|doc|page)?(?:title|headline)(?:cn|zh|chinese)?",
        f"(?:{_THING})(?:名称|名)",
    ),
    "issuer": (
        "issuer",
        f"(?:{_ACT})(?:机构|机关|单位|部门|主体)(?:名称)?",
        "(?:issuing|publishing|reporting)(?:agency|organ|authority|department|institution|body)(?:name)?|agency(?:name)?",
        "(?:单位|机关|机构)(?:名称)?",
    ),
    "province": (
        "province",
        "(?:所在|所属)?省(?:份|名|级|市|区市|市区|级行政区)?(?:名称?)?",
        "(?:province|prov)(?:name)?(?:cn|zh)?",
    ),
    "prefecture": (
        "prefecture",
        "(?:所在|所属)?(?:地级市|地市|市州|市级|城市|市|州市)(?:名称?)?",
        "(?:prefecture|prefectural|city)(?:city)?(?:name)?(?:cn|zh)?",
    ),
    "county": (
        "county",
        "(?:所在|所属)?(?:区县|县区|县市区|区县市|县级|县|区)(?:名称?)?",
        "(?:county|district)(?:name)?(?:cn|zh)?",
    ),
    "adcode": (
        "adcode",
        "(?:区县|县区|县级|县|行政区划?|行政区域|区划)(?:代码|编码|码)",
        "(?:county|district|division|region|admin|area)code",
    ),
    "year_reviewed": ("yearreviewed|reviewyear|reviewedyear", "(?:报告|所属|工作|总结)?年度"),
    YEAR: ("(?:报告|所属|统计|数据)?年份?", "years?|(?:report|data)year"),
    "published": (
        "published",
        f"(?:{_ACT}|上网)(?:日期|时间|日)",
        "(?:publish(?:ed)?|publication|pub|post(?:ed)?|release(?:d)?)(?:date|time|day|at|on)",
    ),
    "signed": ("signed", "(?:成文|落款|签发|签署)(?:日期|时间|日)"),
    "url": (
        "url",
        "网址|链接|(?:原文|来源|网页|页面|文章|报告|文件|详情)(?:链接|网址|地址|url)",
        "(?:source|page|report|article|web|doc)?(?:url|link)",
    ),
    "source": ("source", "(?:信息|文章|内容|数据)?来源"),
    "document_number": ("documentnumber|docnumber", "(?:发文)?(?:文号|字号)|文件(?:编)?号"),
    **{name: (name.replace("_", ""),) for name in ("level", "township", *CATALOGUE_FACTS) if name != "url"},
}
_PATTERNS = {ours: tuple(map(re.compile, patterns)) for ours, patterns in _NAMES.items()}
_LEFT_OUT_OF_NAMES = re.compile(r"[\s_\-./·:：\ufeff]+|\([^()]*\)\Z")
_INDEX = re.compile(r"(?:unnamed\d+|index|level\d+)?")
_ALWAYS_SAID = 12


@dataclass(frozen=True, slots=True)
class Columns:
    """The table's column for each of our names, and those that nothing is read from."""

    by_name: Mapping[str, str]
    unused: tuple[str, ...]

    def notice(self, *, but: Sequence[str] = ()) -> Notice | None:
        """Return a notice of what is not used, where there is anything, with what is read from which column."""
        left = [name for name in self.unused if name not in but]
        if not left:
            return None
        read = ", ".join(f"{ours} from {theirs!r}" for ours, theirs in self.by_name.items())
        more = len(left) - _ALWAYS_SAID
        unused = ", ".join(map(repr, left[:_ALWAYS_SAID])) + (f" and {more} more" if more > 0 else "")
        return Notice("unused-columns", f"columns of the table that are not used: {unused}; read were {read}")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number from 1, its text and what its other columns say.

    ``year`` is what a column of bare years says, with the name of the column.
    """

    number: int
    report_id: str
    text: str
    facts: dict[str, str | int]
    year: tuple[str, int] | None = None
    notices: tuple[Notice, ...] = ()
    starts: tuple[tuple[int, str], ...] = field(default=(), repr=False)


def choose_columns(names: Iterable[str], columns: Mapping[str, str] | None, file: str) -> Columns:
    """Return which column holds what.

    A name is known by what people call such columns in Chinese and English, whatever its case, spaces and
    underscores, and a remark in brackets behind it; of several the more telling counts (正文 before 内容), then the
    first. A column without a name, as spreadsheets and pandas write the numbers of rows, holds nothing.

    Raises
    ------
    CorpusError
        If no column holds the text, or ``columns`` names one that is not there, or none of our names.
    """
    there = list(names)
    for ours, theirs in (columns or {}).items():
        if ours not in KNOWN_COLUMNS:
            raise CorpusError(f"columns: {ours!r} is none of {', '.join(KNOWN_COLUMNS)}")
        if theirs not in there:
            raise CorpusError(f"{file}: there is no column {theirs!r}; there are {', '.join(there)}")
    chosen = dict(columns or {})
    free = {name: _plain(name) for name in there if name not in chosen.values()}
    for ours, patterns in _PATTERNS.items():
        found = (name for pattern in patterns for name, plain in free.items() if pattern.fullmatch(plain))
        theirs = next(found, "") if ours not in chosen else ""
        if theirs:
            chosen[ours] = theirs
            del free[theirs]
    if TEXT not in chosen:
        raise CorpusError(
            f"{file}: no column is called text; name it: load_reports({file!r}, columns={{'text': …}}); "
            f"there are {', '.join(there)}"
        )
    unused = tuple(name for name, plain in free.items() if not _INDEX.fullmatch(plain))
    return Columns({ours: chosen[ours] for ours in KNOWN_COLUMNS if ours in chosen}, unused)


def _plain(name: str) -> str:
    return _LEFT_OUT_OF_NAMES.sub("", unicodedata.normalize("NFKC", name).strip().lower())


def read_row(number: int, record: Mapping[str, str], columns: Columns) -> Row | None:
    """Return what a row says, or None where it holds no text; a value that cannot be read is named in a notice."""
    values = {ours: record.get(theirs, "") for ours, theirs in columns.by_name.items()}
    text = values.pop(TEXT)
    if not text.strip():
        return None
    report_id = values.pop("report_id", "").strip()
    facts: dict[str, str | int] = {}
    notices = []
    for name, given in values.items():
        value = given.strip()
        typed = read_value(name, value) if value else None
        if typed is not None:
            facts[name] = typed
        elif value:
            shown = value if len(value) <= 40 else f"{value[:40]}…"
            message = f"{name}: {shown!r} in the column {columns.by_name[name]!r} is no {_WANTED[name]}"
            notices.append(Notice("unread-value", message))
    year = facts.pop(YEAR, None)
    told = (columns.by_name[YEAR], year) if isinstance(year, int) else None
    return Row(number, report_id, text, facts, told, tuple(notices))


_YEAR_DIGITS = re.compile(r"((?:19|20)\d\d)(?:\D.*)?", re.DOTALL)
_SEPARATED_DAY = re.compile(r"((?:19|20)\d\d)\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})(?!\d)")
_JOINED_DAY = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)(?:\.0)?(?!\d)")
_SECONDS = re.compile(r"(1\d{9})(?:\d{3})?(?:\.0)?")
_SHEET_DAY = re.compile(r"([3-5]\d{4})(?:\.\d+)?")
_SHEET_BEGAN = date(1899, 12, 30)
_BEIJING = timedelta(hours=8)
_CODE = re.compile(r"([1-9]\d{5})(?:0{6}|\.0)?")
_WANTED = {
    "year_reviewed": "year",
    YEAR: "year",
    "published": "day",
    "signed": "day",
    "adcode": "code of six digits",
}


def read_value(name: str, value: str) -> str | int | None:
    """Return a cell as a year, a day (YYYY-MM-DD), a code or as it stands; None where it is none of what it should be.

    Days are read as people and programs write them: 2020-03-24, 2020/3/24 9:30, 2020年3月24日, 20200324, the number of
    a day in Excel, and seconds since 1970, in Beijing's time.
    """
    plain = unicodedata.normalize("NFKC", value).strip() if name in _WANTED else value
    if name in ("year_reviewed", YEAR):
        year = _YEAR_DIGITS.fullmatch(plain)
        return int(year[1]) if year else None
    if name in ("published", "signed"):
        return _day(plain)
    if name == "adcode":
        code = _CODE.fullmatch(plain)
        return code[1] if code else None
    return value


def _day(value: str) -> str | None:
    written = _SEPARATED_DAY.match(value) or _JOINED_DAY.match(value)
    try:
        if written is not None:
            return date(int(written[1]), int(written[2]), int(written[3])).isoformat()
        if seconds := _SECONDS.fullmatch(value):
            return (datetime.fromtimestamp(int(seconds[1]), UTC) + _BEIJING).date().isoformat()
        if number := _SHEET_DAY.fullmatch(value):
            return (_SHEET_BEGAN + timedelta(days=int(number[1]))).isoformat()
    except ValueError:
        return None
    return None
