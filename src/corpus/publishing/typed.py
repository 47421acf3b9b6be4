"""Numbers typed by hand into prose: found by form, once all that is no count and no result is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# How far a quotation, a title or a span of code is followed: an opening sign without its closing one costs no more.
_FAR = 400

_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen"
)
_COUNTED = (
    *("report", "issuer", "bureau", "year", "pair", "passage", "sentence", "clause", "phrase", "word", "character"),
    *(
        "notebook",
        "figure",
        "panel",
        "cell",
        "claim",
        "file",
        "part",
        "heading",
        "title",
        "place",
        "setting",
        "measure",
    ),
    *("formula", "law", "plan", "edit", "label", "county", "province", "district", "city"),
)
_PLURALS = "|".join(f"{noun[:-1]}ies" if noun.endswith(("nty", "ity")) else f"{noun}s" for noun in _COUNTED)
_HAN_NOUN = "份篇种个家对段部条项字词句"

_NUMBER = re.compile(
    r"(?P<digits>(?<![A-Za-z_.\d])[.]?\d[\d,]*(?:[.]\d+)?%?)"
    rf"|\b(?P<word>{_WORDS})(?=[\s-](?!and |or |of |to |in |that |which |who )"
    rf"(?:[a-z-]{{1,20}}\s)?(?:{_PLURALS})\b)"
    rf"|(?P<han>[两二三四五六七八九十百千]{{1,5}})(?=[{_HAN_NOUN}])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of words whose numbers are no results: how it is called, and a pattern for it."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Typed:
    """A number that stands in a text: ``start`` counts from 0 in the text, ``line`` from 1."""

    number: str
    start: int
    line: int


def _rule(name: str, pattern: str, flags: int = 0) -> Rule:
    return Rule(name, re.compile(pattern, flags))


_AUTHOR = r"[A-Z][\w'’.-]{0,30}"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_NO_AUTHOR = (
    r"(?!(?:In|On|Of|By|Since|From|Until|Before|After|And|The|Only)\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
)
_APOSTROPHE = "['’]?"

RULES: tuple[Rule, ...] = (
    # A mark of README.md with its value: the register wrote that number.
    _rule("claim", r"<!--[a-z0-9][a-z0-9.:%,-]{0,80}-->[^<\n]{0,120}<!--/-->"),
    _rule("comment", rf"<!--[^<>]{{0,{_FAR}}}-->"),
    _rule("code", rf"`(?:[^`\n]|\n(?!\n)){{1,{_FAR}}}`"),
    _rule("slot", r"\{[^{}\n]{0,120}\}"),
    _rule("link", rf"\]\([^()\s]{{1,{_FAR}}}\)|https?://[^\s<>）]{{1,{_FAR}}}"),
    _rule("address", r"\b[a-z0-9-]{1,40}\.(?:com|net|org|cn)\b(?:\.cn)?(?:/[^\s)]{0,200})?"),
    _rule("quotation", rf"“[^“”]{{0,{_FAR}}}”|「[^「」]{{0,{_FAR}}}」"),
    _rule("title of a law or document", rf"《[^《》]{{0,{_FAR}}}》|\d{{4}}\s?[-—–－~～至]{{1,2}}\s?\d{{4}}\s?年"),
    _rule("number of a document", r"[〔\[(（]\d{4}[〕\])）]\s?\d{1,5}\s?号"),
    _rule("place in a law", r"\barticles?\s\d{1,3}(?:\s?\(\d{1,2}\))?|第[\d一二三四五六七八九十百]{1,5}[条款章]"),
    _rule("notebook", r"\b[Nn]otebooks?\s\d\d\b|(?<!\d)\d\d-[a-z]+(?:-[a-z]+){0,5}\b"),
    _rule("version", r"\b[vV]?\d+\.\d+\.\d+\b|\b[vV]ersions? v?\d+(?:\.\d+)*|\bPython \d\.\d+"),
    _rule("licence", r"\b(?:CC(?:[ -][A-Z]{2}){0,4}|OFL|GPL|Licen[cs]e|Apache)[ -]v?\d\.\d"),
    _rule("rate", r"\bper (?:hundred|thousand|million)\b|每[十百千万](?=字|份|句|词)", re.IGNORECASE),
    _rule("name with digits", r"\b[A-Za-z]{1,20}-?\d[\dA-Za-z]{0,10}\b(?![.]\d)|\b\d{1,3}-[A-Z]\b"),
    _rule("volume and pages", r"(?<![\d.,])\d{1,4}(?:\(\d{1,3}\))?, \d{1,5}[-–]\d{1,5}\b|\*, \d{1,5}[-–]\d{1,5}\b"),
    _rule("author and year", rf"\b{_NO_AUTHOR}{_AUTHOR}(?: et al\.)?\s(?:\({_YEAR}\)|{_YEAR}(?=[);]))"),
    _rule("numbered list", r"^[ \t]{0,8}\d{1,3}[.)](?=\s)", re.MULTILINE),
    # What two reports have in common is asked of any two; that is no count of reports.
    _rule(
        "any two",
        rf"\b(?:any|that|which|what|often|between|by|than|joins|of|on)\stwo(?=\s(?:{_PLURALS})\b)"
        rf"|\btwo(?=\s(?:[a-z-]{{1,20}}\s)?(?:{_PLURALS})\sor\smore\b)|两(?=份报告间|份报告共有|份以上)",
        re.IGNORECASE,
    ),
    # Nearly every measure runs from 0 to 1; a bare 0 or 1 that counts nothing names an end of it.
    _rule(
        "end of a scale",
        r"(?<![\w.,/–-])(?:100%|[01](?![\w/–-]|[.,:]\d| ?%| of\b"
        rf"| (?:[a-z-]{{1,20}} )?(?:{_PLURALS}|{'|'.join(_COUNTED)})\b))",
    ),
)
"""What is no number typed by hand, in the order in which it is set aside."""


def label_rule(labels: Iterable[tuple[str, str]]) -> Rule:
    """Return the rule that sets aside the labels of reports, as in ``枣庄 2019`` and ``Zaozhuang's report on 2019``.

    Parameters
    ----------
    labels : iterable of (place, year)
        The place in Chinese or as ``zaozhuang``; an apostrophe in it is allowed anywhere.
    """
    known = sorted(set(labels))
    link = r"(?:['’]s (?:report|page|text))?(?: on)?\s?"
    forms = [f"{_APOSTROPHE.join(map(re.escape, place))}{link}{re.escape(year)}" for place, year in known]
    years = "|".join(sorted({re.escape(year) for _, year in known}))
    forms += [rf"\breport(?:s|ed)?\son\s(?:{years})"] if years else [r"(?!)"]
    return _rule("label of a report", rf"(?:{'|'.join(forms)})(?!\d)", re.IGNORECASE)


def find_typed(text: str, *, labels: Rule | None = None) -> Iterator[Typed]:
    """Yield the numbers of a text that are typed by hand: digits, and words that count something of the field.

    Number words count from two on, and only before a noun of what is counted here (``five reports``, ``四个年份``),
    with one word between them at most. `RULES` says what is left alone. The time is linear in the length of the text.

    Parameters
    ----------
    text : str
        Markdown or plain text.
    labels : Rule, optional
        See `label_rule`.
    """
    prose = _without_fences(text)
    for rule in (*RULES[:1], *([labels] if labels else []), *RULES[1:]):
        prose = rule.pattern.sub(_blank, prose)
    line, read = 1, 0
    for match in _NUMBER.finditer(prose):
        line += text.count("\n", read, match.start())
        read = match.start()
        yield Typed(text[match.start() : match.end()].rstrip(","), match.start(), line)


def _without_fences(text: str) -> str:
    inside, lines = False, []
    for line in text.splitlines(keepends=True):
        is_fence = line.lstrip().startswith("```")
        lines.append(_blanked(line) if inside or is_fence else line)
        inside ^= is_fence
    return "".join(lines)


def _blank(match: re.Match[str]) -> str:
    return _blanked(match[0])


def _blanked(text: str) -> str:
    """Return as many signs as the text has, in which no rule finds anything, on the same lines."""
    return "".join("\n" if character == "\n" else "■" for character in text)
