"""Proofreading of the series and of README.md: each number of the prose comes from the register, none is typed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from corpus.loading.resources import data_path, read_rows
from corpus.publishing.manifest import Difference
from corpus.publishing.prose import heads_named, shown_texts
from corpus.publishing.readme import README, check_readme, read_readme, without_tables
from corpus.publishing.series import read_notebook
from corpus.publishing.typed import Rule, Typed, find_typed, label_rule
from corpus.values import CorpusError

_AROUND = 24
_REMEDY = {
    "markdown": "register it with claims.add and write {name} in its place, in a code cell with claims.say(…)",
    "code": "register it with claims.add and write {name} in its place, within claims.say(…)",
    README: "write <!--NAME-->VALUE<!--/--> with the name of a claim",
}


def proofread(root: Path) -> list[Difference]:
    """Return the numbers that are typed by hand in the notebooks and the README.md of a checkout, and its wrong marks.

    Each names the file, the cell with its id, the line and the number, and says what to do. A file that cannot be read
    is named with the reason.
    """
    labels = label_rule(_labels())
    found: list[Difference] = []
    try:
        found += _proofread_readme(root, labels)
    except CorpusError as error:
        found.append(Difference(README, str(error)))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        file = path.relative_to(root).as_posix()
        try:
            found += [Difference(file, what) for what in proofread_notebook(path, labels)]
        except CorpusError as error:
            found.append(Difference(file, str(error)))
    return found


def _proofread_readme(root: Path, labels: Rule) -> Iterator[Difference]:
    yield from check_readme(root)
    text = without_tables(read_readme(root))
    for typed in find_typed(text, labels=labels):
        yield Difference(README, f"line {typed.line}: {_told(typed, text)}; {_REMEDY[README]}")


def proofread_notebook(path: Path, labels: Rule | None = None) -> Iterator[str]:
    """Yield where a notebook shows a number that is typed by hand, and what to do.

    Read are its Markdown, the text of ``claims.say``, captions and descriptions of figures, and the heads of columns.

    Parameters
    ----------
    path : Path
    labels : Rule, optional
        See `corpus.publishing.typed.label_rule`.

    Raises
    ------
    CorpusError
        If it is no notebook.
    """
    notebook = read_notebook(path)
    heads = heads_named(notebook.cells)
    for index, cell in enumerate(notebook.cells):
        for piece in shown_texts(cell, heads):
            for typed in find_typed(piece.text, labels=labels):
                line = piece.line_of(typed.start, typed.number)
                told = _told(typed, piece.text)
                yield f"{notebook.cell_name(index)}, line {line}: {told}; {_REMEDY[cell['cell_type']]}"


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
