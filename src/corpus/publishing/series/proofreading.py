"""Proofreading of the series and of README.md: each number of the prose is computed, none is typed by hand.

The numbers of README.md stand between marks (`corpus.publishing.evidence.marks`), as in the notebooks: a mark names a
cell of a table to cite, or a count of the project (``project.notebooks``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from corpus.errors import CorpusError
from corpus.field.data_files import data_path, read_rows
from corpus.publishing.evidence.cited_tables import look_up_in, table_folders
from corpus.publishing.evidence.marks import MARK, LookUp, Value, WrongMark, fill_marks, write_value, wrong_marks
from corpus.publishing.series.bundled_series import Notebook, read_notebook
from corpus.publishing.writing.whole_files import Difference, write_whole

README = "README.md"

_AROUND = 24
_MARKED = "write <!--TABLE.ROW.COLUMN-->VALUE<!--/--> with a cell of a table that is shown"
_REMEDY = "corpus reproduce writes the current values in"
_VERSION = re.compile(r"Programming Language :: Python :: 3\.(\d+)")

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


_AUTHOR = r"[A-Z][\w'’.-]{0,30}"
_YEAR = r"(?:19|20)\d\d[a-z]?"
_NO_AUTHOR = (
    r"(?!(?:In|On|Of|By|Since|From|Until|Before|After|And|The|Only)\b"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
)
_APOSTROPHE = "['’]?"

RULES: Mapping[str, re.Pattern[str]] = {
    # A mark with its value: a program wrote that number.
    "mark": MARK,
    "code": re.compile(rf"`(?:[^`\n]|\n(?!\n)){{1,{_FAR}}}`"),
    "link": re.compile(rf"\]\([^()\s]{{1,{_FAR}}}\)|https?://[^\s<>）]{{1,{_FAR}}}"),
    "quotation": re.compile(rf"“[^“”]{{0,{_FAR}}}”|「[^「」]{{0,{_FAR}}}」"),
    "title of a law or document": re.compile(rf"《[^《》]{{0,{_FAR}}}》|\d{{4}}\s?[-—–－~～至]{{1,2}}\s?\d{{4}}\s?年"),
    "number of a document": re.compile(r"[〔\[(（]\d{4}[〕\])）]\s?\d{1,5}\s?号"),
    "place in a law": re.compile(r"\barticles?\s\d{1,3}(?:\s?\(\d{1,2}\))?|第[\d一二三四五六七八九十百]{1,5}[条款章]"),
    "notebook": re.compile(r"\b[Nn]otebooks?\s\d\d\b|笔记本\s?\d\d|(?<!\d)\d\d-[a-z]+(?:-[a-z]+){0,5}\b"),
    "licence": re.compile(r"\b(?:CC(?:[ -][A-Z]{2}){0,4}|OFL|GPL|Licen[cs]e|Apache)[ -]v?\d\.\d"),
    "name with digits": re.compile(r"\b[A-Za-z]{1,20}-?\d[\dA-Za-z]{0,10}\b(?![.]\d)|\b\d{1,3}-[A-Z]\b"),
    "volume and pages": re.compile(
        r"(?<![\d.,])\d{1,4}(?:\(\d{1,3}\))?, \d{1,5}[-–]\d{1,5}\b|\*, \d{1,5}[-–]\d{1,5}\b"
    ),
    "author and year": re.compile(rf"\b{_NO_AUTHOR}{_AUTHOR}(?: et al\.)?\s(?:\({_YEAR}\)|{_YEAR}(?=[);]))"),
    "numbered list": re.compile(r"^[ \t]{0,8}\d{1,3}[.)](?=\s)", re.MULTILINE),
    # What two reports have in common is asked of any two; that is no count of reports.
    "any two": re.compile(
        rf"\b(?:any|that|which|what|often|between|by|than|joins|of|on)\stwo(?=\s(?:{_PLURALS})\b)"
        rf"|\btwo(?=\s(?:[a-z-]{{1,20}}\s)?(?:{_PLURALS})\sor\smore\b)|两(?=份报告间|份报告共有|份以上)",
        re.IGNORECASE,
    ),
    # Nearly every measure runs from 0 to 1; a bare 0 or 1 that counts nothing names an end of it.
    "end of a scale": re.compile(
        r"(?<![\w.,/–-])(?:100%|[01](?![\w/–-]|[.,:]\d| ?%| of\b"
        rf"| (?:[a-z-]{{1,20}} )?(?:{_PLURALS}|{_COUNTED}|county|city)\b))",
    ),
}
"""What is no number typed by hand, in the order in which it is set aside."""


def label_rule(labels: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    """Return what sets aside the labels of reports, as in ``枣庄 2019`` and ``Zaozhuang's report on 2019``.

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
    return re.compile(rf"(?:{'|'.join(forms)})(?!\d)", re.IGNORECASE)


def find_typed(text: str, *, labels: re.Pattern[str] | None = None) -> Iterator[tuple[int, str]]:
    """Yield the numbers of a text that are typed by hand, each with its place: digits, and words that count something.

    Number words count from two on, and only before a noun of what is counted here (``five reports``, ``四个年份``),
    with one word between them at most. `RULES` says what is left alone. The time is linear in the length of the text.

    Parameters
    ----------
    text : str
        Markdown or plain text.
    labels : pattern, optional
        See `label_rule`.
    """
    prose = re.sub(r"^[ \t]*```.*?(?:^[ \t]*```|\Z)", _blank, text, flags=re.MULTILINE | re.DOTALL)
    for name, pattern in RULES.items():
        prose = pattern.sub(_blank, prose)
        if name == "mark" and labels is not None:
            prose = labels.sub(_blank, prose)
    for match in _NUMBER.finditer(prose):
        yield match.start(), text[match.start() : match.end()].rstrip(",")


def _blank(match: re.Match[str]) -> str:
    """Return as many signs as the text has, in which no rule finds anything, on the same lines."""
    return re.sub(r"[^\n]", "■", match[0])


def proofread(root: Path) -> list[Difference]:
    """Return the numbers that are typed by hand in the notebooks and the README.md of a checkout, and its wrong marks.

    Each names the file, the cell with its id, the line and the number, and says what to do. A file that cannot be read
    is named with the reason.
    """
    labels = label_rule(_labels())
    look_up = look_up_in(table_folders(root / "notebooks"))
    found: list[Difference] = []
    try:
        found += check_readme(root)
        found += [Difference(README, told) for told in _typed(_read(root), labels, "")]
    except CorpusError as error:
        found.append(Difference(README, str(error)))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        file = path.relative_to(root).as_posix()
        try:
            found += [Difference(file, what) for what in proofread_notebook(path, labels, look_up)]
        except CorpusError as error:
            found.append(Difference(file, str(error)))
    return found


def proofread_notebook(
    path: Path, labels: re.Pattern[str] | None = None, look_up: LookUp | None = None
) -> Iterator[str]:
    """Yield where the Markdown of a notebook has a number that is typed by hand, or a mark that is wrong.

    Parameters
    ----------
    path : Path
    labels : pattern, optional
        See `label_rule`.
    look_up : callable, optional
        Says what stands where a mark leads; the tables beside the notebook if not given.

    Raises
    ------
    CorpusError
        If it is no notebook.
    """
    notebook = read_notebook(path)
    yield from _wrong_marks(notebook, look_up or look_up_in(table_folders(path.parent)))
    for index, text, _ in notebook.prose:
        for told in _typed(text, labels, f"{notebook.cell_name(index)}, "):
            yield f"{told}, in a cell tagged bundled"


def _wrong_marks(notebook: Notebook, look_up: LookUp) -> Iterator[str]:
    for index, text, is_bundled in notebook.prose:
        if is_bundled:
            found = list(wrong_marks(text, look_up, remedy=_REMEDY))
        else:
            told = "a mark stands in a cell that is not tagged bundled, so it would speak of any reports; tag the cell"
            found = [WrongMark(mark.start(), told) for mark in MARK.finditer(text)]
        for wrong in found:
            yield f"{notebook.cell_name(index)}, line {_line(text, wrong.start)}: {wrong.what}"


def _typed(text: str, labels: re.Pattern[str] | None, at: str) -> Iterator[str]:
    for start, number in find_typed(text, labels=labels):
        around = text[max(0, start - _AROUND) : start + len(number) + _AROUND].replace("\n", " ").strip()
        yield f"{at}line {_line(text, start)}: {number!r} is typed by hand (… {around} …); {_MARKED}"


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _labels() -> Iterator[tuple[str, str]]:
    """Yield place and year of the bundled reports, the place as in their labels and as in their report_id."""
    for row in read_rows(data_path("catalogue.csv")):
        place = row["county"] or row["prefecture"] or row["province"]
        if place and row["year_reviewed"]:
            yield (place[:-1] if len(place) > 2 else place), row["year_reviewed"]
            yield row["report_id"].rpartition("-")[0], row["year_reviewed"]


def check_readme(root: Path, *, tables_in: Path | None = None) -> Iterator[Difference]:
    """Yield the marks of a checkout's README.md that say something else than what they name.

    The tables are those of a folder of notebooks; of the checkout's own if not given.
    """
    if text := _read(root):
        for wrong in wrong_marks(text, _look_up(root, tables_in), remedy=_REMEDY):
            yield Difference(README, f"line {_line(text, wrong.start)}: {wrong.what}")


def write_readme(root: Path) -> bool:
    """Write the values of all marks into a checkout's README.md and return whether that changed it.

    Raises
    ------
    CorpusError
        If a mark names nothing that there is, or asks for a form that its value does not have.
    """
    text = _read(root)
    return bool(text) and write_whole(root / README, fill_marks(text, _look_up(root)).encode("utf-8"))


def _read(root: Path) -> str:
    """Return the text of a checkout's README.md, which is empty where there is none."""
    path = root / README
    try:
        return path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path}: cannot be read ({error}); restore the file") from None


def _counts(root: Path) -> dict[str, Value]:
    """Return what the project itself shows: its notebooks, and the versions of Python that packages are pinned for."""
    names = [path.stem for path in (root / "notebooks").glob("*.ipynb")]
    classifiers = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    versions = sorted(int(match[1]) for match in map(_VERSION.fullmatch, classifiers) if match)
    return {
        "project.notebooks": sum(name[0].isdigit() for name in names),
        "project.python-least": f"3.{versions[0]}",
        "project.python-most": f"3.{versions[-1]}",
    }


def _look_up(root: Path, tables_in: Path | None = None) -> LookUp:
    """Return what says for a mark of README.md what stands there."""
    counts = _counts(root)

    def look_up(name: str, form: str | None) -> str:
        if name not in counts:
            raise CorpusError(f"{name}: no table and no count of the project is called so; corpus tables lists them")
        return write_value(counts[name], "", form)

    return look_up_in(table_folders(root / "notebooks" if tables_in is None else tables_in), look_up)
