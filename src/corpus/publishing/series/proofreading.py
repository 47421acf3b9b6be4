"""Proofreading of the series and of README.md: each number of the prose is computed, none is typed by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.evidence.cited_tables import look_up_in, table_folders
from corpus.publishing.evidence.marks import MARK, LookUp, WrongMark, wrong_marks
from corpus.publishing.series.bundled_series import Notebook, read_notebook
from corpus.publishing.series.readme import README, REMEDY, check_readme, read_readme
from corpus.publishing.writing.manifest import Difference

_NAMED = frozenset({"caption", "caption_zh", "alt"})


def shown_texts(cell: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield what a cell shows as it is written, and its first line: all of Markdown; of code captions, descriptions.

    In a text of code ``{}`` stands where a program fills something in.
    """
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source, 1
    elif cell["cell_type"] == "code":
        with suppress(SyntaxError):  # a magic of Jupyter, or a cell that does not run: running it tells
            for value in _told_in(ast.parse(source)):
                yield from ((_written(part), part.lineno) for part in _texts(value))


def _told_in(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what arguments, entries of dictionaries and names called caption and so on are given."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in _NAMED:
            yield node.value
        elif isinstance(node, ast.Dict):
            keys = (getattr(key, "value", None) for key in node.keys)
            yield from (value for key, value in zip(keys, node.values, strict=True) if key in _NAMED)
        elif isinstance(node, ast.Assign) and _NAMED & {getattr(target, "id", "") for target in node.targets}:
            yield node.value


def _texts(value: ast.expr) -> Iterator[ast.expr]:
    if isinstance(value, ast.JoinedStr) or (isinstance(value, ast.Constant) and isinstance(value.value, str)):
        yield value
    elif isinstance(value, ast.BinOp | ast.IfExp):
        yield from chain.from_iterable(
            _texts(part) for part in ast.iter_child_nodes(value) if isinstance(part, ast.expr)
        )


def _written(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(_written(part) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return str(getattr(node, "value", ""))


# How far a quotation, a title or a span of code is followed: an opening sign without its closing one costs no more.
_FAR = 400

_WORDS = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    "|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|dozen"
)
_COUNTED = (
    "report|issuer|bureau|year|pair|passage|sentence|clause|phrase|word|character|notebook|figure|panel|cell|file|part"
    "|heading|title|place|setting|measure|formula|law|plan|edit|label|province|district"
)
_PLURALS = f"(?:{_COUNTED})s|counties|cities"
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
    # A mark with its value: a program wrote that number.
    Rule("mark", MARK),
    _rule("comment", rf"<!--[^<>]{{0,{_FAR}}}-->"),
    _rule("code", rf"`(?:[^`\n]|\n(?!\n)){{1,{_FAR}}}`"),
    _rule("slot", r"\{[^{}\n]{0,120}\}"),
    _rule("link", rf"\]\([^()\s]{{1,{_FAR}}}\)|https?://[^\s<>）]{{1,{_FAR}}}"),
    _rule("address", r"\b[a-z0-9-]{1,40}\.(?:com|net|org|cn)\b(?:\.cn)?(?:/[^\s)]{0,200})?"),
    _rule("quotation", rf"“[^“”]{{0,{_FAR}}}”|「[^「」]{{0,{_FAR}}}」"),
    _rule("title of a law or document", rf"《[^《》]{{0,{_FAR}}}》|\d{{4}}\s?[-—–－~～至]{{1,2}}\s?\d{{4}}\s?年"),
    _rule("number of a document", r"[〔\[(（]\d{4}[〕\])）]\s?\d{1,5}\s?号"),
    _rule("place in a law", r"\barticles?\s\d{1,3}(?:\s?\(\d{1,2}\))?|第[\d一二三四五六七八九十百]{1,5}[条款章]"),
    _rule("notebook", r"\b[Nn]otebooks?\s\d\d\b|笔记本\s?\d\d|(?<!\d)\d\d-[a-z]+(?:-[a-z]+){0,5}\b"),
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
        rf"| (?:[a-z-]{{1,20}} )?(?:{_PLURALS}|{_COUNTED}|county|city)\b))",
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


_AROUND = 24
_MARKED = "write <!--TABLE.ROW.COLUMN-->VALUE<!--/--> with a cell of a table that is shown"
_REMEDY = {
    "markdown": f"{_MARKED}, in a cell tagged bundled",
    "code": "compute it, and write {name} in its place in a string with f in front",
}


def proofread(root: Path) -> list[Difference]:
    """Return the numbers that are typed by hand in the notebooks and the README.md of a checkout, and its wrong marks.

    Each names the file, the cell with its id, the line and the number, and says what to do. A file that cannot be read
    is named with the reason.
    """
    labels = label_rule(_labels())
    look_up = look_up_in(table_folders(root / "notebooks"))
    found: list[Difference] = []
    try:
        found += _proofread_readme(root, labels)
    except CorpusError as error:
        found.append(Difference(README, str(error)))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        file = path.relative_to(root).as_posix()
        try:
            found += [Difference(file, what) for what in proofread_notebook(path, labels, look_up)]
        except CorpusError as error:
            found.append(Difference(file, str(error)))
    return found


def _proofread_readme(root: Path, labels: Rule) -> Iterator[Difference]:
    yield from check_readme(root)
    text = read_readme(root)
    for typed in find_typed(text, labels=labels):
        yield Difference(README, f"line {typed.line}: {_told(typed, text)}; {_MARKED}")


def proofread_notebook(path: Path, labels: Rule | None = None, look_up: LookUp | None = None) -> Iterator[str]:
    """Yield where a notebook shows a number that is typed by hand, or a mark that is wrong, and what to do.

    Read are its Markdown, and captions and descriptions of figures and tables.

    Parameters
    ----------
    path : Path
    labels : Rule, optional
        See `corpus.publishing.series.proofreading.label_rule`.
    look_up : callable, optional
        Says what stands where a mark leads; the tables beside the notebook if not given.

    Raises
    ------
    CorpusError
        If it is no notebook.
    """
    notebook = read_notebook(path)
    yield from _wrong_marks(notebook, look_up or look_up_in(table_folders(path.parent)))
    for index, cell in enumerate(notebook.cells):
        for text, first in shown_texts(cell):
            for typed in find_typed(text, labels=labels):
                at = f"{notebook.cell_name(index)}, line {first + typed.line - 1}"
                yield f"{at}: {_told(typed, text)}; {_REMEDY[cell['cell_type']]}"


def _wrong_marks(notebook: Notebook, look_up: LookUp) -> Iterator[str]:
    for index, text, is_bundled in notebook.prose:
        if "<!--" not in text:
            continue
        if is_bundled:
            found = list(wrong_marks(text, look_up, remedy=REMEDY))
        else:
            told = "a mark stands in a cell that is not tagged bundled, so it would speak of any reports; tag the cell"
            found = [WrongMark(mark.start(), told) for mark in MARK.finditer(text)]
        for wrong in found:
            yield f"{notebook.cell_name(index)}, line {text.count(chr(10), 0, wrong.start) + 1}: {wrong.what}"


def _told(typed: Typed, text: str) -> str:
    start, end = typed.start, typed.start + len(typed.number)
    around = text[max(0, start - _AROUND) : end + _AROUND].replace("\n", " ")
    return f"{typed.number!r} is typed by hand (… {around.strip()} …)"


def _labels() -> Iterator[tuple[str, str]]:
    """Yield place and year of the bundled reports, the place as in their labels and as in their report_id."""
    for row in read_rows(data_path("catalogue.csv")):
        place = row["county"] or row["prefecture"] or row["province"]
        if place and row["year_reviewed"]:
            yield (place[:-1] if len(place) > 2 else place), row["year_reviewed"]
            yield row["report_id"].rpartition("-")[0], row["year_reviewed"]
