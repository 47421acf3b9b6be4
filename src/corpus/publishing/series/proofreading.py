"""Proofreading of the series and of README.md: each number of the prose is computed, none is typed by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.evidence.cited_tables import look_up_in, table_folders
from corpus.publishing.evidence.marks import MARK, LookUp, WrongMark, wrong_marks
from corpus.publishing.series.bundled_series import Notebook, read_notebook
from corpus.publishing.series.readme import README, REMEDY, check_readme, read_readme
from corpus.publishing.writing.manifest import Difference

_NAMED = ("caption", "caption_zh", "alt")


@dataclass(frozen=True, slots=True)
class Piece:
    """A text of a cell that is shown to readers, as written; ``{}`` stands where a program fills something in.

    ``first`` and ``last`` are the lines of the cell, from 1, between which it stands; ``source`` is the cell's.
    """

    text: str
    first: int
    last: int
    source: str

    def line_of(self, start: int, found: str) -> int:
        """Return the line of the cell on which what stands at a place of the text is written."""
        if self.text == self.source:
            return 1 + self.text.count("\n", 0, start)
        before = self.text[max(0, start - 12) : start].rpartition("\n")[2]
        lines = self.source.split("\n")
        for words in (before + found, before[-4:] + found, found):
            for number in range(self.first, self.last + 1):
                if words in lines[number - 1]:
                    return number
        return self.first


def shown_texts(cell: Mapping[str, Any], heads: frozenset[str]) -> Iterator[Piece]:
    """Yield what a cell shows: all of Markdown; of code what is said, captions, descriptions and heads of columns.

    Parameters
    ----------
    cell : mapping
        Of a notebook of format 4.
    heads : frozenset of str
        See `heads_named`.
    """
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield Piece(source, 1, source.count("\n") + 1, source)
    elif cell["cell_type"] == "code":
        for node in _literals(_parsed(source), heads):
            if node.end_lineno is not None:
                yield Piece(_written(node), node.lineno, node.end_lineno, source)


def heads_named(cells: list[dict[str, Any]]) -> frozenset[str]:
    """Return the names that a notebook gives to heads of columns: those that `show_table` is called with."""
    trees = (_parsed("".join(cell["source"])) for cell in cells if cell["cell_type"] == "code")
    calls = (call for tree in trees for call in _calls(tree, "show_table"))
    nodes = (node for call in calls for argument in call.args[1:] for node in ast.walk(argument))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic of Jupyter, or a cell that does not run: running it tells
        return ast.Module([], [])


def _literals(tree: ast.Module, heads: frozenset[str]) -> Iterator[ast.expr]:
    """Yield the strings of code that readers see, in the order of the code, each once."""
    found = {id(text): text for node in ast.walk(tree) for text in _shown(node, heads)}
    yield from sorted(found.values(), key=lambda node: (node.lineno, node.col_offset))


def _shown(node: ast.AST, heads: frozenset[str]) -> Iterator[ast.expr]:
    candidates: list[ast.expr] = []
    if isinstance(node, ast.Call) and _called(node) == "say":
        candidates = node.args[:1]
    elif isinstance(node, ast.Call) and _called(node) in ("new_figure", "show"):
        candidates = [keyword.value for keyword in node.keywords if keyword.arg in _NAMED]
        heads_given = (keyword.value for keyword in node.keywords if keyword.arg == "columns")
        candidates += [value for given in heads_given for value in _values(given)]
    elif isinstance(node, ast.Call) and _called(node) == "show_table":
        candidates = [value for argument in node.args[1:] for value in _values(argument)]
    elif isinstance(node, ast.Assign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        candidates = [node.value] if names & set(_NAMED) else _values(node.value) if names & heads else []
    for candidate in candidates:
        parts = ast.walk(candidate) if isinstance(candidate, ast.BinOp) else [candidate]
        yield from (part for part in parts if isinstance(part, ast.expr) and _is_text(part))


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == name)


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _values(tree: ast.AST) -> list[ast.expr]:
    return [value for node in ast.walk(tree) if isinstance(node, ast.Dict) for value in node.values]


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


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
    *("report", "issuer", "bureau", "year", "pair", "passage", "sentence", "clause", "phrase", "word", "character"),
    *(
        "notebook",
        "figure",
        "panel",
        "cell",
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

    Read are its Markdown, captions and descriptions of figures and tables, and the heads
    of columns.

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
    heads = heads_named(notebook.cells)
    for index, cell in enumerate(notebook.cells):
        for piece in shown_texts(cell, heads):
            for typed in find_typed(piece.text, labels=labels):
                line = piece.line_of(typed.start, typed.number)
                told = _told(typed, piece.text)
                yield f"{notebook.cell_name(index)}, line {line}: {told}; {_REMEDY[cell['cell_type']]}"


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
